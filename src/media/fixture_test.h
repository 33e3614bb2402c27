/* Pictures for the tests, made by the test's child: `media_child_test make DIR`. */
#ifndef MEDIA_FIXTURE_TEST_H
#define MEDIA_FIXTURE_TEST_H

/* Text hidden in the metadata of every picture whose format has room for it: in Exif (also its GPS part), XMP, comments. */
#define FIXTURE_SECRET "SECRETPLACE"
#define FIXTURE_GPS "GPSSECRET"

/* Writes the files into an existing directory; those no encoder is there for are left out.  Returns an exit code. */
int fixture_make(const char *dir);

#endif

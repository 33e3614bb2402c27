/* A directory for one test, removed with the test's arena. */
#ifndef MEDIA_TMP_TEST_H
#define MEDIA_TMP_TEST_H

struct arena;

const char *tmp_dir(struct arena *a);

#endif

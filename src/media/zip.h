/*
 * Writing a ZIP file as it goes: any number of bytes through a fixed amount of memory (a deflate state, a buffer, and about 80 bytes for
 * each entry).  Without ZIP64: less than 4 GB and 65,535 entries.  https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT
 */
#ifndef MEDIA_ZIP_H
#define MEDIA_ZIP_H

#include "base/err.h"
#include "base/str.h"

enum { ZIP_ENTRIES_MAX = 65000 };
#define ZIP_BYTES_MAX ((int64_t)4 << 30)

struct zip;

/*
 * fd is a file from its beginning, open for writing, and stays the caller's.  max: bytes of the whole, at most ZIP_BYTES_MAX.  now_ms: the time that
 * entries carry.  Errors: BUSY (no memory).  Every open is followed by zip_close.
 */
NODISCARD enum err zip_open(int fd, int64_t max, int64_t now_ms, struct zip **out);
/* Frees; the file is one only when zip_finish was OK before.  NULL is fine. */
void zip_close(struct zip *z);

/* Would an entry of so many bytes that are not packed still fit? */
bool zip_fits(const struct zip *z, struct str name, int64_t bytes);
/* An entry: begin, any number of writes, end.  name: UTF-8, relative, with '/'.  Errors: TOO_LARGE, INTERNAL (disk); then the file is of no use. */
NODISCARD enum err zip_begin(struct zip *z, struct str name, bool pack);
NODISCARD enum err zip_write(struct zip *z, struct str bytes);
NODISCARD enum err zip_end(struct zip *z);
/* All three, not packed: the first `bytes` of a file.  INTERNAL too when it has fewer. */
NODISCARD enum err zip_file(struct zip *z, struct str name, int fd, int64_t bytes);
/* The directory at the end.  *bytes: of the whole. */
NODISCARD enum err zip_finish(struct zip *z, int64_t *bytes);

#endif

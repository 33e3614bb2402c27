/* Files: whole reads, atomic durable writes, temporary files without a name, directories. */
#ifndef OS_FILE_H
#define OS_FILE_H

#include "base/err.h"
#include "base/str.h"

#include <sys/types.h>

struct arena;

/* The whole file.  Errors: NOT_FOUND, TOO_LARGE (more than max bytes), INTERNAL (errno). */
NODISCARD enum err file_read(struct arena *a, const char *path, size_t max, struct str *out);
/*
 * Replace or make a file so that after a crash either the old or the new content is there: temporary file beside it, fsync,
 * rename, fsync of the directory.  Errors: INTERNAL (errno; the old file is untouched).
 */
NODISCARD enum err file_write(const char *path, struct str bytes, mode_t mode);
/* Durable rename of a file that is already synced; both on one file system. */
NODISCARD enum err file_rename(const char *from, const char *to);
/* A read-write file without a name, gone with the last descriptor.  dir NULL: TMPDIR or /tmp.  -1 with errno on failure. */
int file_temp(const char *dir);
/* mkdir -p; directories made get mode.  Errors: INTERNAL (errno), CONFLICT (something else is in the way). */
NODISCARD enum err file_mkdirs(const char *path, mode_t mode);
/* All bytes, through short writes and EINTR.  Blocking descriptors. */
NODISCARD enum err file_write_all(int fd, struct str bytes);
/* pread until n bytes or the end; -1 on error. */
ssize_t file_pread(int fd, void *p, size_t n, int64_t off);
/* Remove a tree, not following symbolic links; a missing path is fine. */
NODISCARD enum err file_remove_tree(const char *path);

#endif

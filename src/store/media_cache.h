/* The cache of pictures of other servers, and which stored files somebody names. */
#ifndef STORE_MEDIA_CACHE_H
#define STORE_MEDIA_CACHE_H

#include "base/ctx.h"
#include "model/media.h"

struct cached_file {
    struct str file; /* storage key */
    enum media_cached kind;
    int64_t owner_id;
    int64_t bytes;
    int64_t used_ms;
};

struct cached_files {
    struct cached_file *v;
    size_t n;
};

NODISCARD enum err store_cached_put(struct ctx *c, const struct cached_file *f);
NODISCARD enum err store_cached_bytes(struct ctx *c, int64_t *out);
/* Those that nobody looked at for the longest time. */
NODISCARD enum err store_cached_oldest(struct ctx *c, int64_t limit, struct cached_files *out);
/* Pictures of an account and of its posts; of emoji of exactly this domain. */
NODISCARD enum err store_cached_of_account(struct ctx *c, int64_t account_id, int64_t limit, struct cached_files *out);
NODISCARD enum err store_cached_of_emoji(struct ctx *c, struct str domain, int64_t limit, struct cached_files *out);
NODISCARD enum err store_cached_touch(struct ctx *c, struct str file, int64_t used_ms);
/* Its owner forgets the file, so that it is remote again; all its sizes go to dead_file.  The row goes whatever the owner says. */
NODISCARD enum err store_cached_release(struct ctx *c, const struct cached_file *f);

/* Storage keys that begin with prefix (hex digits) and that a row names, in no order; twice is possible.  At most DB_ROWS_MAX a column. */
NODISCARD enum err store_files_named(struct ctx *c, struct str prefix, struct strs *out);
/* "table.column" of each column that names files, ends with NULL: a new one belongs here, or the sweeper deletes its files. */
extern const char *const store_file_columns[];

#endif

/* Files that are part of the binary: made by tools/embed.py from share/, put there with .incbin. */
#ifndef TEXT_EMBED_H
#define TEXT_EMBED_H

#include "base/str.h"

struct embed_file {
    struct str name;  /* "templates/status.html" */
    struct str bytes; /* static */
    struct str type;  /* Content-Type */
    struct str etag;  /* quoted, strong */
};

/* Sorted by name.  Static; any thread. */
struct embed_files {
    const struct embed_file *v;
    size_t n;
};

/* Everything under share/. */
struct embed_files text_embed_share(void);
/* The name of the first file that begins and ends so, where a hash of its content stands between; STR_NONE when there is none. */
struct str text_embed_hashed(struct embed_files files, struct str begin, struct str end);
/* NULL when absent. */
const struct embed_file *text_embed_find(struct embed_files files, struct str name);

#endif

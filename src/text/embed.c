/* Embedded files by name. */
#include "text/embed.h"

#include <stdlib.h>

static int
by_name(const void *key, const void *file)
{
    const struct str *name = key;
    const struct embed_file *f = file;

    return str_cmp(*name, f->name);
}

const struct embed_file *
text_embed_find(struct embed_files files, struct str name)
{
    return files.n == 0 ? NULL : bsearch(&name, files.v, files.n, sizeof(files.v[0]), by_name);
}

struct str
text_embed_hashed(struct embed_files files, struct str begin, struct str end)
{
    for (size_t i = 0; i < files.n; i++)
        if (str_starts(files.v[i].name, begin) && str_ends(files.v[i].name, end))
            return files.v[i].name;
    return STR_NONE;
}

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

/* The tags of html_tags.def, by name. */
#include "text/html_tags.h"

#include <stdlib.h>

static const struct row {
    struct str name;
    int flags;
} rows[TAG_COUNT] = {
#define TAG(name, flags) { { #name, sizeof(#name) - 1 }, flags },
    { { "", 0 }, 0 },
#include "text/html_tags.def"
#undef TAG
};

static int
by_name(const void *key, const void *row)
{
    const struct str *name = key;
    const struct row *r = row;

    return str_cmp(*name, r->name);
}

enum html_tag
html_tag_find(struct str name)
{
    char lower[16];
    struct str key = { lower, name.n };
    const struct row *r;

    if (name.n == 0 || name.n > sizeof(lower))
        return TAG_OTHER;
    for (size_t i = 0; i < name.n; i++)
        lower[i] = (char)(name.p[i] >= 'A' && name.p[i] <= 'Z' ? name.p[i] + 32 : name.p[i]);
    r = bsearch(&key, rows + 1, TAG_COUNT - 1, sizeof(rows[0]), by_name);
    return r == NULL ? TAG_OTHER : (enum html_tag)(r - rows);
}

struct str
html_tag_name(enum html_tag tag)
{
    return rows[tag].name;
}

int
html_tag_flags(enum html_tag tag)
{
    return rows[tag].flags;
}

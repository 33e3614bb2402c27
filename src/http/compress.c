/* gzip by zlib, at a level that costs about what sending the bytes plain would. */
#include "http/compress.h"

#include "base/arena.h"

#include <limits.h>
#include <stdlib.h>
#include <zlib.h>

enum { LEVEL = 1, WINDOW_BITS_GZIP = 15 + 16, MEM_LEVEL = 8 };

struct gzip {
    z_stream z;
};

struct gzip *
gzip_new(void)
{
    struct gzip *g = calloc(1, sizeof(*g));

    if (g == NULL || deflateInit2(&g->z, LEVEL, Z_DEFLATED, WINDOW_BITS_GZIP, MEM_LEVEL, Z_DEFAULT_STRATEGY) != Z_OK)
        BUG("out of memory");
    return g;
}

void
gzip_free(struct gzip *g)
{
    if (g == NULL)
        return;
    deflateEnd(&g->z);
    free(g);
}

bool
gzip_run(struct gzip *g, struct arena *a, struct str in, struct str *out)
{
    char *p;

    if (in.n < 2 || in.n > UINT_MAX)
        return false;
    p = arena_alloc(a, in.n, 1);
    CHECK(deflateReset(&g->z) == Z_OK);
    g->z.next_in = (Bytef *)(uintptr_t)in.p;
    g->z.avail_in = (uInt)in.n;
    g->z.next_out = (Bytef *)p;
    g->z.avail_out = (uInt)in.n - 1;
    if (deflate(&g->z, Z_FINISH) != Z_STREAM_END)
        return false;
    *out = (struct str){ p, in.n - 1 - g->z.avail_out };
    return true;
}

/* "q=0", "q=0.", "q=0.000": not acceptable. */
static bool
is_zero_quality(struct str params)
{
    struct str p;

    while (str_cut(&params, ';', &p)) {
        p = str_trim(p);
        if (!str_startsi(p, S("q=")))
            continue;
        for (size_t i = 2; i < p.n; i++)
            if (p.p[i] != '0' && p.p[i] != '.')
                return false;
        return true;
    }
    return false;
}

bool
gzip_accepted(struct str accept)
{
    struct str item, name;

    while (str_cut(&accept, ',', &item)) {
        if (str_cut(&item, ';', &name) && str_eqi(str_trim(name), S("gzip")))
            return !is_zero_quality(item);
    }
    return false;
}

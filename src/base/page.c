/* Sets of ids. */
#include "base/page.h"

#include "base/arena.h"

#include <stdlib.h>

struct ids
ids_new(struct arena *mem, size_t max)
{
    return (struct ids){ arena_vec(mem, int64_t, max), 0 };
}

void
ids_add(struct ids *ids, int64_t id)
{
    if (id != 0)
        ids->v[ids->n++] = id;
}

static int
by_value(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

    return (x > y) - (x < y);
}

void
ids_sort(struct ids *ids)
{
    size_t n = 0;

    if (ids->n == 0)
        return;
    qsort(ids->v, ids->n, sizeof(ids->v[0]), by_value);
    for (size_t i = 1; i < ids->n; i++)
        if (ids->v[i] != ids->v[n])
            ids->v[++n] = ids->v[i];
    ids->n = n + 1;
}

const int64_t *
ids_find(const struct ids *ids, int64_t id)
{
    return ids->n == 0 ? NULL : bsearch(&id, ids->v, ids->n, sizeof(id), by_value);
}

bool
ids_has(const struct ids *ids, int64_t id)
{
    return ids_find(ids, id) != NULL;
}

/*
 * The prepared statements of one connection, found by the address of their struct db_sql.  Those are static tables, so that an
 * address is a name; the text is compared too (by address), which catches one that was on the stack.
 */
#include "db/internal.h"

enum { CAP = DB_STATEMENTS_MAX * 2 };

static size_t
slot_of(const struct db_sql *sql)
{
    return (size_t)(((uintptr_t)sql >> 3) * UINT64_C(0x9e3779b97f4a7c15) >> 40) & (CAP - 1);
}

static struct db_cached *
find(struct db_cache *k, const struct db_sql *sql)
{
    size_t i = slot_of(sql);

    while (k->v[i].sql != NULL && k->v[i].sql != sql)
        i = (i + 1) & (CAP - 1);
    return &k->v[i];
}

void *
db_cache_get(struct db_cache *k, const struct db_sql *sql, const char *text)
{
    struct db_cached *e;

    if (k->v == NULL)
        return NULL;
    e = find(k, sql);
    if (e->sql == NULL)
        return NULL;
    if (e->text != text)
        BUG("a struct db_sql must be static: its text changed from \"%.60s\" to \"%.60s\"", e->text, text);
    e->used = ++k->clock;
    return e->stmt;
}

/* Take the entry out; the ones behind it in its run move up, so that none is lost. */
static void *
remove_entry(struct db_cache *k, size_t i)
{
    void *stmt = k->v[i].stmt;
    size_t hole = i;

    for (size_t j = (i + 1) & (CAP - 1); k->v[j].sql != NULL; j = (j + 1) & (CAP - 1)) {
        size_t home = slot_of(k->v[j].sql);

        if (((j - home) & (CAP - 1)) >= ((j - hole) & (CAP - 1))) {
            k->v[hole] = k->v[j];
            hole = j;
        }
    }
    k->v[hole] = (struct db_cached){ 0 };
    k->n--;
    return stmt;
}

static size_t
oldest(const struct db_cache *k)
{
    size_t best = CAP;

    for (size_t i = 0; i < CAP; i++)
        if (k->v[i].sql != NULL && (best == CAP || k->v[i].used < k->v[best].used))
            best = i;
    return best;
}

void *
db_cache_put(struct db_cache *k, const struct db_sql *sql, const char *text, void *stmt)
{
    void *out = NULL;
    struct db_cached *e;

    if (k->v == NULL) {
        k->v = calloc(CAP, sizeof(k->v[0]));
        if (k->v == NULL)
            BUG("out of memory");
    }
    if (k->n == DB_STATEMENTS_MAX)
        out = remove_entry(k, oldest(k));
    e = find(k, sql);
    CHECK(e->sql == NULL);
    *e = (struct db_cached){ .sql = sql, .text = text, .stmt = stmt, .used = ++k->clock };
    k->n++;
    return out;
}

void
db_cache_clear(struct db_cache *k, void (*drop)(void *arg, void *stmt), void *arg)
{
    for (size_t i = 0; k->v != NULL && i < CAP; i++)
        if (k->v[i].sql != NULL)
            drop(arg, k->v[i].stmt);
    free(k->v);
    *k = (struct db_cache){ 0 };
}

/* Hashtags that somebody shows on the own profile. */
#include "store/featured_tag.h"

#include "base/clock.h"
#include "base/id.h"
#include "store/internal.h"

enum { Q_PUT, Q_DELETE, Q_LIST, Q_NUMBERS, Q_HAS, Q_CANDIDATES, Q_COUNT };

static const struct db_sql sql[Q_COUNT] = {
    [Q_PUT] = SQL("INSERT INTO featured_tag (id, account_id, tag_id, display, created_ms) VALUES ($1, $2, $3, $4, $5) "
                  "ON CONFLICT DO NOTHING"),
    [Q_DELETE] = SQL("DELETE FROM featured_tag WHERE account_id = $1 AND tag_id = $2 RETURNING display"),
    [Q_LIST] = SQL("SELECT f.id, f.tag_id, t.name, f.display FROM featured_tag f JOIN tag t ON t.id = f.tag_id WHERE "
                   "f.account_id = $1 ORDER BY f.id"),
    /* Through the account's posts: those of a popular tag are many more. */
    [Q_NUMBERS] = SQL("SELECT st.tag_id, count(*), max(s.id) FROM status s JOIN status_tag st ON st.status_id = s.id "
                      "WHERE s.account_id = $1 AND s.visibility <= 1 AND s.reblog_of_id IS NULL AND st.tag_id IN "
                      "{ids:$2} GROUP BY st.tag_id"),
    [Q_HAS] = SQL("SELECT 1 FROM featured_tag WHERE account_id = $1 AND tag_id = $2"),
    [Q_CANDIDATES] = SQL(
        "SELECT t.id, t.name, t.display FROM (SELECT st.tag_id AS tag_id, count(*) AS k FROM (SELECT id FROM status "
        "WHERE account_id = $1 ORDER BY id DESC LIMIT 1000) s JOIN status_tag st ON st.status_id = s.id GROUP BY "
        "st.tag_id) x JOIN tag t ON t.id = x.tag_id WHERE NOT EXISTS (SELECT 1 FROM featured_tag f WHERE "
        "f.account_id = $1 AND f.tag_id = t.id) ORDER BY x.k DESC, t.id LIMIT $2"),
};
DB_STATEMENTS(store_featured_tag, sql);

enum err
store_featured_tag_put(struct ctx *c, int64_t account_id, const struct tag_ref *t)
{
    return db_exec(c, &sql[Q_PUT],
        DB_ARGS(D_INT(id_new()), D_INT(account_id), D_INT(t->id), D_STR(t->display), D_INT(clock_ms())), NULL);
}

enum err
store_featured_tag_delete(struct ctx *c, int64_t account_id, int64_t tag_id, struct str *name)
{
    const struct db_row *r;

    TRY(db_maybe(c, &sql[Q_DELETE], DB_ARGS(D_INT(account_id), D_INT(tag_id)), &r));
    *name = r == NULL ? S("") : db_str(r, 0);
    return ERR_OK;
}

enum err
store_featured_tag_list(struct ctx *c, int64_t account_id, struct featured_tags *out)
{
    struct db_rows r;
    struct ids tags;

    TRY(db_query(c, &sql[Q_LIST], DB_ARGS(D_INT(account_id)), &r));
    *out = (struct featured_tags){ arena_vec(c->mem, struct featured_tag, r.n), r.n };
    if (r.n == 0)
        return ERR_OK;
    tags = ids_new(c->mem, r.n);
    for (size_t i = 0; i < r.n; i++) {
        out->v[i] = (struct featured_tag){ .id = db_int(&r.v[i], 0),
            .tag_id = db_int(&r.v[i], 1),
            .name = db_str(&r.v[i], 2),
            .display = db_str(&r.v[i], 3) };
        ids_add(&tags, out->v[i].tag_id);
    }
    TRY(db_query(c, &sql[Q_NUMBERS], DB_ARGS(D_INT(account_id), D_IDS(tags.v, tags.n)), &r));
    for (size_t i = 0; i < r.n; i++)
        for (size_t k = 0; k < out->n; k++)
            if (out->v[k].tag_id == db_int(&r.v[i], 0)) {
                out->v[k].statuses = db_int(&r.v[i], 1);
                out->v[k].last_status_ms = id_ms(db_int(&r.v[i], 2));
            }
    return ERR_OK;
}

enum err
store_featured_tag_has(struct ctx *c, int64_t account_id, int64_t tag_id, bool *out)
{
    const struct db_row *r;

    TRY(db_maybe(c, &sql[Q_HAS], DB_ARGS(D_INT(account_id), D_INT(tag_id)), &r));
    *out = r != NULL;
    return ERR_OK;
}

enum err
store_featured_tag_candidates(struct ctx *c, int64_t account_id, int64_t limit, struct tag_ref **v, size_t *n)
{
    struct db_rows r;

    TRY(db_query(c, &sql[Q_CANDIDATES], DB_ARGS(D_INT(account_id), D_INT(limit)), &r));
    *v = arena_vec(c->mem, struct tag_ref, r.n);
    *n = r.n;
    for (size_t i = 0; i < r.n; i++)
        (*v)[i] = (struct tag_ref){ db_int(&r.v[i], 0), db_str(&r.v[i], 1), db_str(&r.v[i], 2) };
    return ERR_OK;
}

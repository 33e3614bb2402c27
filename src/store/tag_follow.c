/* Hashtags that accounts follow. */
#include "store/tag_follow.h"

#include "base/clock.h"
#include "base/id.h"
#include "store/internal.h"

#define FOLLOWED                                                                                                       \
    "SELECT t.id, t.name, t.display, f.id FROM tag_follow f JOIN tag t ON t.id = f.tag_id "                            \
    "WHERE f.account_id = $4 AND f.id < $1 AND f.id > $2 "

enum { Q_PUT, Q_DELETE, Q_RELATIONS, Q_NUMBER, Q_PAGE, Q_PAGE_UP, Q_COUNT };

static const struct db_sql sql[Q_COUNT] = {
    [Q_PUT] = SQL("INSERT INTO tag_follow (id, account_id, tag_id, created_ms) VALUES ($1, $2, $3, $4) "
                  "ON CONFLICT (account_id, tag_id) DO NOTHING"),
    [Q_DELETE] = SQL("DELETE FROM tag_follow WHERE account_id = $1 AND tag_id = $2"),
    [Q_RELATIONS] = SQL("SELECT tag_id, 0 FROM tag_follow WHERE account_id = $1 AND tag_id IN {ids:$2} UNION ALL "
                        "SELECT tag_id, 1 FROM featured_tag WHERE account_id = $1 AND tag_id IN {ids:$2}"),
    [Q_NUMBER] = SQL("SELECT count(*) FROM tag_follow WHERE account_id = $1"),
    [Q_PAGE] = SQL(FOLLOWED "ORDER BY f.id DESC LIMIT $3"),
    [Q_PAGE_UP] = SQL(FOLLOWED "ORDER BY f.id ASC LIMIT $3"),
};
DB_STATEMENTS(store_tag_follow, sql);

enum err
store_tag_follow_put(struct ctx *c, int64_t account_id, int64_t tag_id)
{
    return db_exec(c, &sql[Q_PUT], DB_ARGS(D_INT(id_new()), D_INT(account_id), D_INT(tag_id), D_INT(clock_ms())), NULL);
}

enum err
store_tag_follow_delete(struct ctx *c, int64_t account_id, int64_t tag_id)
{
    return db_exec(c, &sql[Q_DELETE], DB_ARGS(D_INT(account_id), D_INT(tag_id)), NULL);
}

enum err
store_tag_relations(struct ctx *c, int64_t account_id, struct tag_ref *v, size_t n)
{
    int64_t *ids = arena_vec(c->mem, int64_t, n);
    struct db_rows r;

    for (size_t i = 0; i < n; i++) {
        ids[i] = v[i].id;
        v[i].has_viewer = true;
        v[i].following = v[i].featuring = false;
    }
    TRY(db_query(c, &sql[Q_RELATIONS], DB_ARGS(D_INT(account_id), D_IDS(ids, n)), &r));
    for (size_t i = 0; i < r.n; i++)
        for (size_t k = 0; k < n; k++)
            if (v[k].id == db_int(&r.v[i], 0))
                *(db_int(&r.v[i], 1) == 0 ? &v[k].following : &v[k].featuring) = true;
    return ERR_OK;
}

enum err
store_tag_follow_count(struct ctx *c, int64_t account_id, int64_t *out)
{
    const struct db_row *r;

    TRY(db_one(c, &sql[Q_NUMBER], DB_ARGS(D_INT(account_id)), &r));
    *out = db_int(r, 0);
    return ERR_OK;
}

enum err
store_tag_follow_page(
    struct ctx *c, int64_t account_id, const struct page *p, struct tag_ref **tags, int64_t **cursors, size_t *n)
{
    int64_t below, above;
    struct db_rows r;

    page_bounds(p, &below, &above);
    TRY(db_query(c, &sql[page_is_up(p) ? Q_PAGE_UP : Q_PAGE],
        DB_ARGS(D_INT(below), D_INT(above), D_INT(p->limit), D_INT(account_id)), &r));
    *tags = arena_vec(c->mem, struct tag_ref, r.n);
    *cursors = arena_vec(c->mem, int64_t, r.n);
    *n = r.n;
    for (size_t i = 0; i < r.n; i++) {
        size_t at = page_is_up(p) ? r.n - 1 - i : i;

        (*tags)[at] = (struct tag_ref){ db_int(&r.v[i], 0), db_str(&r.v[i], 1), db_str(&r.v[i], 2) };
        (*cursors)[at] = db_int(&r.v[i], 3);
    }
    return ERR_OK;
}

/* Link previews. */
#include "store/card.h"

#include "base/clock.h"
#include "base/id.h"
#include "store/account.h"
#include "store/internal.h"
#include "store/media.h"
#include "store/status.h"

enum { PRUNE_PORTION = 500, COL_COUNT = 26 };

#define COLS                                                                                                           \
    "k.id, k.url, k.link, k.state, k.kind, k.title, k.description, k.language, k.author_name, k.author_url, "          \
    "k.provider_name, k.provider_url, k.html, k.embed_url, k.width, k.height, k.image, k.image_remote, k.image_text, " \
    "k.blurhash, k.published_ms, k.creator_id, k.creator_ok, k.fetched_ms, k.created_ms, k.host"
#define PAGE_WHERE                                                                                                     \
    " FROM status_card x JOIN status s ON s.id = x.status_id JOIN account a ON a.id = s.account_id "                   \
    "WHERE x.card_id = $4 AND x.status_id < $1 AND x.status_id > $2 AND s.visibility = 0 AND a.discoverable = TRUE "

enum {
    Q_BY_ID,
    Q_HOLD,
    Q_BY_URL,
    Q_OF,
    Q_SOME,
    Q_FILL,
    Q_MAKE,
    Q_SET,
    Q_ATTACH,
    Q_DETACH,
    Q_UNUSED,
    Q_DELETE,
    Q_LIST,
    Q_LIST_UP,
    Q_COUNT
};

static const struct db_sql sql[Q_COUNT] = {
    [Q_BY_ID] = SQL("SELECT " COLS " FROM card k WHERE k.id = $1"),
    [Q_HOLD] = SQL2(
        "SELECT " COLS " FROM card k WHERE k.id = $1", "SELECT " COLS " FROM card k WHERE k.id = $1 FOR NO KEY UPDATE"),
    [Q_BY_URL] = SQL("SELECT " COLS " FROM card k WHERE k.url = $1"),
    [Q_SOME] = SQL("SELECT " COLS " FROM card k WHERE k.id IN {ids:$1}"),
    [Q_OF] = SQL("SELECT card_id FROM status_card WHERE status_id = $1"),
    [Q_FILL] = SQL("SELECT " COLS ", x.status_id FROM {each:$1} status_card x JOIN card k ON k.id = x.card_id "
                   "WHERE x.status_id = each.value AND k.state = 1"),
    [Q_MAKE] = SQL("INSERT INTO card (id, url, created_ms) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING"),
    [Q_SET] =
        SQL("UPDATE card SET link = $2, state = $3, kind = $4, title = $5, description = $6, language = $7, "
            "author_name = $8, author_url = $9, provider_name = $10, provider_url = $11, html = $12, embed_url = $13, "
            "width = $14, height = $15, image = $16, image_remote = $17, image_text = $18, blurhash = $19, "
            "published_ms = $20, creator_id = $21, creator_ok = $22, fetched_ms = $23, host = $24 WHERE id = $1"),
    [Q_ATTACH] = SQL("INSERT INTO status_card (status_id, card_id) VALUES ($1, $2) "
                     "ON CONFLICT (status_id) DO UPDATE SET card_id = $2"),
    [Q_DETACH] = SQL("DELETE FROM status_card WHERE status_id = $1"),
    [Q_UNUSED] = SQL("SELECT k.id, k.image FROM card k WHERE k.fetched_ms < $1 AND k.created_ms < $1 AND "
                     "NOT EXISTS (SELECT 1 FROM status_card x WHERE x.card_id = k.id) ORDER BY k.fetched_ms LIMIT $2"),
    [Q_DELETE] = SQL("DELETE FROM card WHERE id = $1"),
    [Q_LIST] = SQL("SELECT x.status_id" PAGE_WHERE "ORDER BY x.status_id DESC LIMIT $3"),
    [Q_LIST_UP] = SQL("SELECT x.status_id" PAGE_WHERE "ORDER BY x.status_id ASC LIMIT $3"),
};
DB_STATEMENTS(store_card, sql);

static struct card *
read_row(struct ctx *c, const struct db_row *r)
{
    struct card *k = arena_new(c->mem, struct card);
    size_t i = 0;

    k->id = db_int(r, i++);
    k->url = db_str(r, i++);
    k->link = db_str(r, i++);
    k->state = (enum card_state)db_int(r, i++);
    k->kind = (enum card_kind)db_int(r, i++);
    k->title = db_str(r, i++);
    k->description = db_str(r, i++);
    k->language = db_str(r, i++);
    k->author_name = db_str(r, i++);
    k->author_url = db_str(r, i++);
    k->provider_name = db_str(r, i++);
    k->provider_url = db_str(r, i++);
    k->html = db_str(r, i++);
    k->embed_url = db_str(r, i++);
    k->width = db_int(r, i++);
    k->height = db_int(r, i++);
    k->image = db_str(r, i++);
    k->image_remote = db_str(r, i++);
    k->image_text = db_str(r, i++);
    k->blurhash = db_str(r, i++);
    k->published_ms = db_int(r, i++);
    k->creator_id = db_int(r, i++);
    k->creator_ok = db_bool(r, i++);
    k->fetched_ms = db_int(r, i++);
    k->created_ms = db_int(r, i++);
    k->host = db_str(r, i++);
    return k;
}

enum err
store_card_hold(struct ctx *c, int64_t id, struct card **out)
{
    const struct db_row *r;

    TRY(db_one(c, &sql[Q_HOLD], DB_ARGS(D_INT(id)), &r));
    *out = read_row(c, r);
    return ERR_OK;
}

enum err
store_card_get(struct ctx *c, int64_t id, struct card **out)
{
    const struct db_row *r;

    TRY(db_one(c, &sql[Q_BY_ID], DB_ARGS(D_INT(id)), &r));
    *out = read_row(c, r);
    return ERR_OK;
}

enum err
store_card_by_url(struct ctx *c, struct str url, struct card **out)
{
    const struct db_row *r;

    TRY(db_one(c, &sql[Q_BY_URL], DB_ARGS(D_STR(url)), &r));
    *out = read_row(c, r);
    return ERR_OK;
}

enum err
store_card_of(struct ctx *c, int64_t status_id, int64_t *out)
{
    const struct db_row *r;

    TRY(db_maybe(c, &sql[Q_OF], DB_ARGS(D_INT(status_id)), &r));
    *out = r == NULL ? 0 : db_int(r, 0);
    return ERR_OK;
}

/* ---- filling --------------------------------------------------------------------------------------------------- */

static enum err
fill_creators(struct ctx *c, struct card **v, size_t n)
{
    struct ids ids = ids_new(c->mem, n);
    struct accounts people;

    for (size_t i = 0; i < n; i++)
        if (v[i]->creator_ok)
            ids_add(&ids, v[i]->creator_id);
    if (ids.n == 0)
        return ERR_OK;
    ids_sort(&ids);
    TRY(store_account_list(c, &ids, &people));
    TRY(store_account_fill(c, people.v, people.n));
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < people.n && v[i]->creator_ok; k++)
            if (people.v[k]->id == v[i]->creator_id && people.v[k]->suspended_ms == 0)
                v[i]->creator = people.v[k];
    return ERR_OK;
}

enum err
store_card_fill(struct ctx *c, const struct ids *ids, struct status **v, size_t n)
{
    struct db_rows r;
    struct card **found;

    TRY(db_query(c, &sql[Q_FILL], DB_ARGS(D_IDS(ids->v, ids->n)), &r));
    found = arena_vec(c->mem, struct card *, r.n);
    for (size_t k = 0; k < r.n; k++) {
        int64_t id = db_int(&r.v[k], COL_COUNT);

        found[k] = read_row(c, &r.v[k]);
        for (size_t i = store_status_first(v, n, id); i < n && v[i]->id == id; i++)
            v[i]->card = found[k];
    }
    return fill_creators(c, found, r.n);
}

enum err
store_card_list(struct ctx *c, const struct ids *ids, struct cards *out)
{
    struct db_rows r;

    *out = (struct cards){ arena_vec(c->mem, struct card *, ids->n), 0 };
    if (ids->n == 0)
        return ERR_OK;
    TRY(db_query(c, &sql[Q_SOME], DB_ARGS(D_IDS(ids->v, ids->n)), &r));
    for (size_t i = 0; i < ids->n; i++)
        for (size_t k = 0; k < r.n; k++)
            if (db_int(&r.v[k], 0) == ids->v[i])
                out->v[out->n++] = read_row(c, &r.v[k]);
    return fill_creators(c, out->v, out->n);
}

/* ---- writing --------------------------------------------------------------------------------------------------- */

enum err
store_card_make(struct ctx *c, struct str url, struct card **out)
{
    TRY(db_exec(c, &sql[Q_MAKE], DB_ARGS(D_INT(id_new()), D_STR(url), D_INT(clock_ms())), NULL));
    return store_card_by_url(c, url, out);
}

enum err
store_card_set(struct ctx *c, const struct card *k)
{
    return db_exec(c, &sql[Q_SET],
        DB_ARGS(D_INT(k->id), D_STR(k->link), D_INT(k->state), D_INT(k->kind), D_STR(k->title), D_STR(k->description),
            D_STR(k->language), D_STR(k->author_name), D_STR(k->author_url), D_STR(k->provider_name),
            D_STR(k->provider_url), D_STR(k->html), D_STR(k->embed_url), D_INT(k->width), D_INT(k->height),
            D_STR(k->image), D_STR(k->image_remote), D_STR(k->image_text), D_STR(k->blurhash), D_INT(k->published_ms),
            D_INTN(k->creator_id), D_BOOL(k->creator_ok), D_INT(k->fetched_ms), D_STR(k->host)),
        NULL);
}

enum err
store_card_attach(struct ctx *c, int64_t status_id, int64_t card_id)
{
    return db_exec(c, &sql[Q_ATTACH], DB_ARGS(D_INT(status_id), D_INT(card_id)), NULL);
}

enum err
store_card_detach(struct ctx *c, int64_t status_id)
{
    return db_exec(c, &sql[Q_DETACH], DB_ARGS(D_INT(status_id)), NULL);
}

enum err
store_card_prune(struct ctx *c, int64_t before_ms)
{
    struct db_rows r;

    TRY(db_query(c, &sql[Q_UNUSED], DB_ARGS(D_INT(before_ms), D_INT(PRUNE_PORTION)), &r));
    for (size_t i = 0; i < r.n; i++) {
        if (db_str(&r.v[i], 1).n > 0)
            TRY(store_dead_file_put(c, db_str(&r.v[i], 1)));
        TRY(db_exec(c, &sql[Q_DELETE], DB_ARGS(D_INT(db_int(&r.v[i], 0))), NULL));
    }
    return ERR_OK;
}

enum err
store_card_page(struct ctx *c, int64_t card_id, const struct page *p, struct ids *out)
{
    int64_t below, above;
    struct db_rows r;

    page_bounds(p, &below, &above);
    TRY(db_query(c, &sql[Q_LIST + (page_is_up(p) ? 1 : 0)],
        DB_ARGS(D_INT(below), D_INT(above), D_INT(p->limit), D_INT(card_id)), &r));
    *out = rows_ids(c->mem, &r);
    PAGE_REVERSE(p, out->v, out->n, int64_t);
    return ERR_OK;
}

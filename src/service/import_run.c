/* Imports: the work, row by row, with the verbs that a person would use. */
#include "service/exchange.h"

#include "base/clock.h"
#include "db/db.h"
#include "queue/queue.h"
#include "service/account.h"
#include "service/domain_block.h"
#include "service/list.h"
#include "service/relation.h"
#include "service/resolve.h"
#include "service/status.h"
#include "store/account.h"
#include "store/exchange.h"
#include "store/user.h"

enum { PORTION = 100, LANGUAGES_MAX = 32, ROW_MS = 15 * SECOND_MS };

/* ---- one row ------------------------------------------------------------------------------------------------------- */

static enum err
find_person(struct ctx *c, struct str acct, struct account **out)
{
    struct budget b = budget_within(ROW_MS);
    struct str username, domain;

    if (!service_account_parse_handle(c, acct, &username, &domain))
        return ctx_fail_public(c, ERR_INVALID, "This is no address of an account");
    if (domain.n == 0)
        return service_account_lookup(c, username, out);
    return service_resolve_handle(c, &b, username, domain, out);
}

static bool
is_yes(struct str cell, bool otherwise)
{
    return cell.n == 0 ? otherwise : str_eqi(cell, S("true")) || str_eqz(cell, "1") || str_eqi(cell, S("yes"));
}

static enum err
follow(struct ctx *c, const struct strs *cells)
{
    struct follow_params p = { .reblogs = is_yes(cells->v[1], true), .notify = is_yes(cells->v[2], false) };
    struct str rest = cells->v[3], word;
    struct relation r;
    struct account *a;

    p.languages.v = arena_vec(c->mem, struct str, LANGUAGES_MAX);
    while (str_cut(&rest, ',', &word) && p.languages.n < LANGUAGES_MAX)
        if (str_trim(word).n > 0)
            p.languages.v[p.languages.n++] = str_trim(word);
    p.has_languages = p.languages.n > 0;
    TRY(find_person(c, cells->v[0], &a));
    return service_relation_follow(c, a->id, &p, &r);
}

static enum err
block(struct ctx *c, const struct strs *cells)
{
    struct relation r;
    struct account *a;

    TRY(find_person(c, cells->v[0], &a));
    return service_relation_block(c, a->id, true, &r);
}

static enum err
mute(struct ctx *c, const struct strs *cells)
{
    struct relation r;
    struct account *a;

    TRY(find_person(c, cells->v[0], &a));
    return service_relation_mute(c, a->id, is_yes(cells->v[1], true), 0, &r);
}

static enum err
bookmark(struct ctx *c, const struct strs *cells)
{
    struct budget b = budget_within(ROW_MS);
    struct status *s;

    TRY(service_resolve_status(c, &b, cells->v[0], &s));
    return service_status_bookmark(c, s->id, true, &s);
}

static enum err
block_domain(struct ctx *c, const struct strs *cells)
{
    return service_domain_block_put(c, cells->v[0]);
}

static enum err
find_list(struct ctx *c, struct str title, struct list **out)
{
    struct lists all;

    TRY(service_list_all(c, &all));
    for (size_t i = 0; i < all.n; i++)
        if (str_eq(all.v[i].title, title)) {
            *out = &all.v[i];
            return ERR_OK;
        }
    return service_list_create(c, &(struct list_params){ .title = title, .replies = -1, .exclusive = -1 }, out);
}

/* Members are people that one follows: whoever is not followed yet will be. */
static enum err
put_on_list(struct ctx *c, const struct strs *cells)
{
    struct follow_params p = { .reblogs = -1, .notify = -1 };
    struct relation r;
    struct account *a;
    struct list *l;
    enum err e;

    TRY(find_person(c, cells->v[1], &a));
    TRY(find_list(c, cells->v[0], &l));
    if (a->id != c->who.account_id)
        TRY(service_relation_follow(c, a->id, &p, &r));
    e = service_list_add(c, l->id, &(struct ids){ &a->id, 1 });
    if (e != ERR_INVALID) /* is there already */
        return e;
    db_rollback(c);
    ctx_ok(c);
    return ERR_OK;
}

/* How a row is done, and how what is surplus is undone: an id as text, or a domain. */
static int64_t
id_of(struct str text)
{
    int64_t id;

    return str_int(text, &id) ? id : 0;
}

static enum err
unfollow(struct ctx *c, struct str what)
{
    struct relation r;

    return service_relation_unfollow(c, id_of(what), &r);
}

static enum err
unblock(struct ctx *c, struct str what)
{
    struct relation r;

    return service_relation_block(c, id_of(what), false, &r);
}

static enum err
unmute(struct ctx *c, struct str what)
{
    struct relation r;

    return service_relation_unmute(c, id_of(what), &r);
}

static enum err
unbookmark(struct ctx *c, struct str what)
{
    struct status *s;

    return service_status_bookmark(c, id_of(what), false, &s);
}

static const struct {
    enum err (*apply)(struct ctx *c, const struct strs *cells);
    enum err (*undo)(struct ctx *c, struct str what);
} verbs[KIND_COUNT] = {
    [KIND_FOLLOWING] = { follow, unfollow },
    [KIND_BLOCKS] = { block, unblock },
    [KIND_MUTES] = { mute, unmute },
    [KIND_DOMAIN_BLOCKS] = { block_domain, service_domain_block_delete },
    [KIND_BOOKMARKS] = { bookmark, unbookmark },
    [KIND_LISTS] = { put_on_list, NULL },
};

/* ---- all of them --------------------------------------------------------------------------------------------------- */

/* Our own trouble is tried again by the queue; anything else is the row's. */
static bool
is_ours(const struct ctx *c, enum err e)
{
    return e == ERR_BUSY || e == ERR_INTERNAL || ctx_is_raced(c, e);
}

/* Why a row failed, in words for its owner. */
static struct str
reason(struct ctx *c, enum err e)
{
    if (c->fail.err == e && c->fail.public_text.n > 0)
        return c->fail.public_text;
    return e == ERR_NOT_FOUND || e == ERR_GONE ? ctx_tr(c, "Not found")
           : e == ERR_FORBIDDEN                ? ctx_tr(c, "Not allowed")
                                               : ctx_tr(c, "Not reachable");
}

static enum err
run_row(struct ctx *c, const struct import *i, const struct import_row *row)
{
    struct str error = S("");
    enum err e = verbs[i->kind].apply(c, &row->cells);

    if (is_ours(c, e))
        return e;
    db_rollback(c);
    if (e != ERR_OK)
        error = reason(c, e);
    ctx_ok(c);
    TRY(db_begin(c, DB_WRITE));
    TRY(store_import_row_done(c, i->id, row->position, error));
    return db_commit(c);
}

/* What the account has and the file has not; *more when there are others, and this time some went. */
static enum err
remove_surplus(struct ctx *c, const struct import *i, bool *more)
{
    struct strs what;
    size_t gone = 0;

    *more = false;
    if (!i->overwrite || verbs[i->kind].undo == NULL)
        return ERR_OK;
    TRY(store_import_surplus(c, i, PORTION, &what));
    for (size_t k = 0; k < what.n; k++) {
        struct arena_mark mark = arena_save(c->mem);
        enum err e = verbs[i->kind].undo(c, what.v[k]);

        if (is_ours(c, e))
            return e;
        gone += e == ERR_OK;
        db_rollback(c);
        ctx_ok(c);
        arena_restore(c->mem, mark);
    }
    *more = what.n == PORTION && gone > 0; /* what cannot go would be found again and again */
    return ERR_OK;
}

static enum err
go_on(struct ctx *c, int64_t id, enum import_state state)
{
    TRY(db_begin(c, DB_WRITE));
    TRY(store_import_state(c, id, state));
    if (state != IMPORT_FINISHED)
        TRY(queue_put_id(c, J_IMPORT, id));
    return db_commit(c);
}

static enum err
run(struct ctx *c, const struct import *i)
{
    struct import_rows rows;
    struct arena_mark mark;
    struct account *me;
    bool more;

    TRY(store_account_get(c, i->account_id, &me));
    if (me->suspended_ms != 0 || verbs[i->kind].apply == NULL)
        return go_on(c, i->id, IMPORT_FINISHED);
    TRY(store_import_rows_waiting(c, i->id, PORTION, &rows));
    for (size_t k = 0; k < rows.n; k++) {
        if (c->deadline_mono_ms != 0 && clock_mono_ms() + 2 * ROW_MS > c->deadline_mono_ms)
            return go_on(c, i->id, IMPORT_RUNNING);
        mark = arena_save(c->mem);
        TRY(run_row(c, i, &rows.v[k]));
        arena_restore(c->mem, mark);
    }
    if (rows.n == PORTION)
        return go_on(c, i->id, IMPORT_RUNNING);
    TRY(remove_surplus(c, i, &more));
    return go_on(c, i->id, more ? IMPORT_RUNNING : IMPORT_FINISHED);
}

enum err
service_import_run(struct ctx *c, int64_t id)
{
    struct import *i;
    struct user *u;
    enum err e = store_import_get(c, id, &i);

    if (e == ERR_NOT_FOUND) { /* cancelled */
        ctx_ok(c);
        return ERR_OK;
    }
    TRY(e);
    if (i->state == IMPORT_FINISHED)
        return ERR_OK;
    TRY(store_user_get(c, i->user_id, &u));
    c->who = (struct who){ .user_id = i->user_id, .account_id = i->account_id };
    c->locale = u->locale; /* of the reasons why rows failed */
    return run(c, i);
}

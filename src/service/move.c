/*
 * People of ours follow an account that moved.  Each is one transaction; an old follow ends only when the new one stands, so nobody
 * is lost to an account that is locked or does not answer.
 */
#include "service/move.h"

#include "ap/uri.h"
#include "base/clock.h"
#include "base/conf.h"
#include "base/id.h"
#include "base/json.h"
#include "base/log.h"
#include "db/db.h"
#include "queue/queue.h"
#include "service/federate.h"
#include "service/move_internal.h"
#include "service/notification.h"
#include "service/receive_internal.h"
#include "service/relation_internal.h"
#include "store/account.h"
#include "store/list.h"
#include "store/move.h"
#include "store/relation.h"
#include "store/user.h"
#include "text/i18n.h"
#include "text/unicode.h"

enum { PAUSE_MS = 7 * DAY_MS, PORTION = 100, NOTE_CHARS_MAX = 2000 };

bool
move_is_alias(const struct account *of, struct str uri)
{
    return strs_has(&of->also_known_as, uri);
}

/* ---- one follower -------------------------------------------------------------------------------------------------- */

/* The lists that have the old one have the new one too. */
static enum err
copy_lists(struct ctx *c, int64_t owner, int64_t from, int64_t to)
{
    struct lists old, now;

    TRY(store_list_with(c, owner, from, &old));
    TRY(store_list_with(c, owner, to, &now));
    for (size_t i = 0; i < old.n; i++) {
        bool there = false;

        for (size_t k = 0; k < now.n; k++)
            there |= now.v[k].id == old.v[i].id;
        if (!there)
            TRY(store_list_member_add(c, old.v[i].id, to));
    }
    return ERR_OK;
}

/* The new follow stands. */
static enum err
replace(struct ctx *c, struct account *me, struct account *from, const struct account *to)
{
    TRY(copy_lists(c, me->id, from->id, to->id));
    service_relation_changed(c, me);
    return service_relation_end_follow(c, me, from, END_TELLING);
}

enum err
service_relation_replaced(struct ctx *c, struct account *me, const struct account *to, int64_t moved_from_id)
{
    struct account *from;
    enum err e;

    if (moved_from_id == 0)
        return ERR_OK;
    e = store_account_get(c, moved_from_id, &from);
    if (e == ERR_NOT_FOUND) { /* deleted while the answer was awaited: there is nothing to replace */
        ctx_ok(c);
        return ERR_OK;
    }
    TRY(e);
    return replace(c, me, from, to);
}

static enum err
follow_instead(struct ctx *c, struct account *me, struct account *from, struct account *to, const struct follow *old)
{
    struct follow f = *old;
    bool added;

    f.id = id_new();
    f.target_id = to->id;
    f.uri = ap_uri(c->mem, c->env->conf->origin, AP_URI_FOLLOW, me->id, f.id);
    f.created_ms = clock_ms();
    if (account_is_local(to)) { /* it named the old one as its own: its followers need not ask */
        TRY(store_follow_put(c, &f, &added));
        service_relation_between(c, me, to);
        TRY(service_notify(c, to->id, NOTIFY_FOLLOW, me->id, 0));
        return replace(c, me, from, to);
    }
    TRY(store_follow_request_put(c, &f, &added));
    TRY(store_move_set_request(c, me->id, to->id, from->id));
    return service_federate(
        c, &(struct fed_action){ .kind = FED_FOLLOW, .account_id = me->id, .target_id = to->id, .uri = f.uri });
}

static enum err
move_follow(struct ctx *c, struct account *me, struct account *from, struct account *to, const struct move_row *row)
{
    struct follow *old;
    struct relation r;

    TRY(store_follow_get(c, me->id, from->id, &old));
    TRY(store_relation(c, me->id, to->id, &r));
    if (old == NULL || me->id == to->id || me->moved_to_id != 0 || r.blocking || r.blocked_by || r.domain_blocking)
        return ERR_OK;
    if (r.following)
        return replace(c, me, from, to);
    if (r.requested)
        return store_move_set_request(c, me->id, to->id, from->id);
    return follow_instead(c, me, from, to, old);
}

/* ---- what people did about the old one ---------------------------------------------------------------------------- */

/* In the language of its owner. */
static enum err
words(struct ctx *c, const struct account *me, const char *text, const struct account *from, struct str *out)
{
    const struct str mark = S("{acct}");
    struct str locale = c->locale, acct = account_acct(c->mem, from), said;
    struct user *u;
    ptrdiff_t at;
    enum err e = store_user_by_account(c, me->id, &u);

    if (e == ERR_OK)
        c->locale = u->locale;
    else if (e == ERR_NOT_FOUND)
        ctx_ok(c);
    else
        return e;
    said = ctx_tr(c, text);
    c->locale = locale;
    at = str_find(said, mark);
    *out = at < 0 ? said
                  : str_cat(c->mem, str_sub(said, 0, (size_t)at), acct, str_sub(said, (size_t)at + mark.n, said.n),
                        STR_NONE);
    return ERR_OK;
}

/* Behind what is there already, as far as there is room; twice is once. */
static enum err
add_note(struct ctx *c, const struct account *me, const struct account *to, struct str text)
{
    struct relation r;

    TRY(store_relation(c, me->id, to->id, &r));
    if (str_find(r.note, text) >= 0)
        return ERR_OK;
    if (r.note.n > 0)
        text = str_cat(c->mem, r.note, S("\n"), text, STR_NONE);
    return store_note_put(c, me->id, to->id, text_grapheme_cut(text, NOTE_CHARS_MAX));
}

static enum err
move_note(struct ctx *c, struct account *me, struct account *from, struct account *to, const struct move_row *row)
{
    struct str intro;

    TRY(words(c, me, N_("This account moved here from {acct}. Your notes about that one were:"), from, &intro));
    return add_note(c, me, to, str_cat(c->mem, intro, S("\n"), row->note, STR_NONE));
}

static enum err
move_block(struct ctx *c, struct account *me, struct account *from, struct account *to, const struct move_row *row)
{
    struct relation r;
    struct str text;

    TRY(store_relation(c, me->id, to->id, &r));
    if (me->id == to->id || r.blocking || r.following)
        return ERR_OK;
    TRY(service_relation_put_block(c, me, to));
    TRY(words(c, me, N_("This account moved here from {acct}, which you blocked."), from, &text));
    return add_note(c, me, to, text);
}

static enum err
move_mute(struct ctx *c, struct account *me, struct account *from, struct account *to, const struct move_row *row)
{
    struct relation r;
    struct str text;

    TRY(store_relation(c, me->id, to->id, &r));
    if (me->id == to->id || r.muting || r.following || (row->expires_ms != 0 && row->expires_ms <= clock_ms()))
        return ERR_OK;
    TRY(store_mute_put(c, me->id, to->id, row->hide_notifications, row->expires_ms));
    service_relation_changed(c, me);
    TRY(words(c, me, N_("This account moved here from {acct}, which you muted."), from, &text));
    return add_note(c, me, to, text);
}

/* ---- all of them --------------------------------------------------------------------------------------------------- */

/* Notes first: they are asked for before blocks and mutes add theirs. */
static const struct {
    enum move_part rows;
    enum err (*move)(
        struct ctx *c, struct account *me, struct account *from, struct account *to, const struct move_row *row);
} parts[] = {
    { MOVE_NOTES, move_note },
    { MOVE_BLOCKS, move_block },
    { MOVE_MUTES, move_mute },
    { MOVE_FOLLOWS, move_follow },
};

static enum err
put_job(struct ctx *c, int64_t from_id, int64_t to_id, int part, int64_t after)
{
    struct buf b;
    struct json j;

    buf_init(&b, c->mem, KB(1));
    json_init(&j, &b);
    json_obj(&j, NULL);
    json_id(&j, "from", from_id);
    json_id(&j, "to", to_id);
    json_int(&j, "part", part);
    json_id(&j, "after", after);
    json_end(&j);
    CHECK(json_done(&j));
    return queue_put(c, J_MOVE, buf_str(&b), NULL);
}

static enum err
in_transaction(struct ctx *c, int part, const struct move_row *row, struct account *from, struct account *to)
{
    const struct ids both = { (int64_t[]){ from->id, to->id }, 2 };
    struct account *me;

    TRY(db_begin(c, DB_WRITE));
    TRY(store_account_lock(c, row->account_id));
    TRY(store_relation_lock_all(c, row->account_id, &both));
    TRY(store_account_get(c, row->account_id, &me));
    if (me->suspended_ms == 0)
        TRY(parts[part].move(c, me, from, to, row));
    return db_commit(c);
}

static enum err
run_portion(struct ctx *c, struct account *from, struct account *to, int part, int64_t after)
{
    struct move_row *v;
    size_t n;

    TRY(store_move_rows(c, parts[part].rows, from->id, after, PORTION, &v, &n));
    for (size_t i = 0; i < n; i++) {
        enum err e = in_transaction(c, part, &v[i], from, to);

        if (e != ERR_OK)
            db_rollback(c);
        if (e == ERR_NOT_FOUND) /* the person is gone */
            ctx_ok(c);
        else
            TRY(e);
    }
    if (n < PORTION && part + 1 == (int)lengthof(parts))
        return ERR_OK;
    TRY(db_begin(c, DB_WRITE));
    TRY(put_job(c, from->id, to->id, n < PORTION ? part + 1 : part, n < PORTION ? 0 : v[n - 1].cursor));
    return db_commit(c);
}

enum err
service_move_run(struct ctx *c, int64_t from_id, int64_t to_id, int part, int64_t after)
{
    struct account *from, *to;

    if (part < 0 || part >= (int)lengthof(parts))
        return ctx_fail(c, ERR_INVALID, "no part %d of a move", part);
    TRY(store_account_get(c, from_id, &from));
    TRY(store_account_get(c, to_id, &to));
    if (to->suspended_ms != 0)
        return ERR_OK;
    return run_portion(c, from, to, part, after);
}

/* ---- beginnings ---------------------------------------------------------------------------------------------------- */

enum err
move_put(struct ctx *c, struct account *from, const struct account *to)
{
    from->moved_to_id = to->id;
    return store_account_update(c, from);
}

enum err
move_people(struct ctx *c, const struct account *from, const struct account *to)
{
    TRY(store_move_put(
        c, &(struct account_move){
               .id = id_new(), .account_id = from->id, .target_uri = to->uri, .created_ms = clock_ms() }));
    return put_job(c, from->id, to->id, 0, 0);
}

/* As it is now, and not as it was when somebody here last looked. */
static enum err
find_target(struct ctx *c, struct budget *b, struct str uri, struct account **out)
{
    enum err e = store_account_by_uri(c, uri, out);

    if (e == ERR_OK)
        return service_resolve_refresh(c, b, out);
    if (e != ERR_NOT_FOUND)
        return e;
    ctx_ok(c);
    return service_resolve_actor(c, b, uri, out);
}

static enum err
receive(struct ctx *c, int64_t from_id, const struct account *to)
{
    struct account *from;
    struct account_move *last;

    TRY(store_account_hold(c, from_id, &from));
    TRY(store_move_last(c, from_id, clock_ms() - PAUSE_MS, &last));
    if (last != NULL) {
        log_debug(c, "move.too_soon", LOG_STR("from", from->uri), LOG_STR("to", to->uri));
        return ERR_OK;
    }
    TRY(move_put(c, from, to));
    return move_people(c, from, to);
}

enum err
service_move_received(struct ctx *c, struct budget *b, struct account *from, struct str target)
{
    struct account *to;

    if (target.n == 0 || str_eq(target, from->uri))
        return ctx_fail(c, ERR_INVALID, "a move to nowhere");
    TRY(find_target(c, b, target, &to));
    if (to->suspended_ms != 0 || to->moved_to_id != 0 || to->id == from->id)
        return ctx_fail(c, ERR_INVALID, "%.*s cannot be moved to", STR_ARG(to->uri));
    if (!move_is_alias(to, from->uri))
        return ctx_fail(c, ERR_INVALID, "%.*s does not know %.*s", STR_ARG(to->uri), STR_ARG(from->uri));
    TRY(db_begin(c, DB_WRITE));
    return receive_finish(c, receive(c, from->id, to));
}

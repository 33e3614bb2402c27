/* The caller's own moves: aliases of accounts elsewhere, and leaving for one of them. */
#include "service/move.h"

#include "ap/uri.h"
#include "base/clock.h"
#include "base/conf.h"
#include "db/db.h"
#include "service/account.h"
#include "service/federate.h"
#include "service/internal.h"
#include "service/move_internal.h"
#include "service/user.h"
#include "store/account.h"
#include "store/move.h"

enum { PAUSE_DAYS = 30, LOOK_UP_MS = 15 * SECOND_MS };

static enum err
not_an_account(struct ctx *c, enum err e)
{
    if (e == ERR_NOT_FOUND || e == ERR_GONE || e == ERR_REMOTE || e == ERR_FORBIDDEN)
        return ctx_fail_public(c, ERR_INVALID, "Validation failed: The account could not be found");
    return e;
}

/* By its address; read again from its own server when fresh is asked. */
static enum err
find(struct ctx *c, struct str acct, bool fresh, struct account **out)
{
    struct budget b = budget_within(LOOK_UP_MS);
    struct str username, domain;
    enum err e;

    if (!service_account_parse_handle(c, acct, &username, &domain))
        return ctx_fail_public(c, ERR_INVALID, "Validation failed: The account could not be found");
    if (domain.n == 0)
        return not_an_account(c, service_account_lookup(c, username, out));
    e = service_resolve_handle(c, &b, username, domain, out);
    if (e == ERR_OK && fresh)
        e = service_resolve_refresh(c, &b, out);
    return not_an_account(c, e);
}

static enum err
tell(struct ctx *c, const struct account *me)
{
    return service_federate(c, &(struct fed_action){ .kind = FED_ACTOR_UPDATE, .account_id = me->id });
}

/* ---- aliases ------------------------------------------------------------------------------------------------------- */

static enum err
show_alias(struct ctx *c, struct str uri, struct alias *out)
{
    enum err e = store_account_by_uri(c, uri, &out->account);

    out->uri = uri;
    if (e == ERR_OK)
        return store_account_fill(c, &out->account, 1);
    if (e != ERR_NOT_FOUND)
        return e;
    ctx_ok(c);
    out->account = NULL;
    return ERR_OK;
}

enum err
service_alias_list(struct ctx *c, struct aliases *out)
{
    struct account *me;

    TRY(service_me(c, &me));
    *out = (struct aliases){ arena_vec(c->mem, struct alias, me->also_known_as.n), me->also_known_as.n };
    for (size_t i = 0; i < out->n; i++) /* ALIASES_MAX look-ups at most */
        TRY(show_alias(c, me->also_known_as.v[i], &out->v[i]));
    return ERR_OK;
}

static enum err
put_alias(struct ctx *c, const struct account *other)
{
    const struct strs one = { (struct str[]){ other->uri }, 1 };
    struct account *me;

    TRY(service_me_held(c, &me));
    if (other->id == me->id)
        return ctx_fail_public(c, ERR_INVALID, "Validation failed: This is your own account");
    if (move_is_alias(me, other->uri))
        return ERR_OK;
    if (me->also_known_as.n >= ALIASES_MAX)
        return ctx_fail_public(c, ERR_INVALID, "Validation failed: At most %d aliases", ALIASES_MAX);
    me->also_known_as = strs_cat(c->mem, &me->also_known_as, &one, NULL);
    TRY(store_account_update(c, me));
    return tell(c, me);
}

enum err
service_alias_add(struct ctx *c, struct str acct, struct alias *out)
{
    struct account *other;

    TRY(find(c, acct, false, &other));
    TRY(db_begin(c, DB_WRITE));
    TRY(put_alias(c, other));
    TRY(db_commit(c));
    *out = (struct alias){ other->uri, other };
    return ERR_OK;
}

static enum err
remove_alias(struct ctx *c, struct str uri)
{
    struct account *me;
    size_t n = 0;

    TRY(service_me_held(c, &me));
    if (!move_is_alias(me, uri))
        return ctx_fail(c, ERR_NOT_FOUND, "no alias %.*s", STR_ARG(str_sub(uri, 0, 200)));
    for (size_t i = 0; i < me->also_known_as.n; i++)
        if (!str_eq(me->also_known_as.v[i], uri))
            me->also_known_as.v[n++] = me->also_known_as.v[i];
    me->also_known_as.n = n;
    TRY(store_account_update(c, me));
    return tell(c, me);
}

enum err
service_alias_remove(struct ctx *c, struct str uri)
{
    TRY(db_begin(c, DB_WRITE));
    TRY(remove_alias(c, uri));
    return db_commit(c);
}

/* ---- leaving ------------------------------------------------------------------------------------------------------- */

enum err
service_move_refuse(struct ctx *c)
{
    return c->who.moved ? ctx_fail_public(c, ERR_FORBIDDEN, "Your account has moved; you can no longer act with it")
                        : ERR_OK;
}

static enum err
next_move(struct ctx *c, int64_t account_id, int64_t *out)
{
    int64_t pause_ms = PAUSE_DAYS * (int64_t)DAY_MS;
    struct account_move *last;

    TRY(store_move_last(c, account_id, clock_ms() - pause_ms, &last));
    *out = last == NULL ? 0 : last->created_ms + pause_ms;
    return ERR_OK;
}

enum err
service_move_state(struct ctx *c, struct move_state *out)
{
    TRY(service_me(c, &out->me));
    TRY(store_account_fill(c, &out->me, 1));
    return next_move(c, out->me->id, &out->next_ms);
}

static enum err
check_target(struct ctx *c, const struct account *me, const struct account *to, bool with_followers)
{
    int64_t next_ms;

    if (to->id == me->id)
        return ctx_fail_public(c, ERR_INVALID, "Validation failed: This is your own account");
    if (to->suspended_ms != 0 || to->moved_to_id != 0)
        return ctx_fail_public(c, ERR_INVALID, "Validation failed: That account is suspended or has moved itself");
    if (!with_followers)
        return ERR_OK;
    if (!move_is_alias(to, me->uri))
        return ctx_fail_public(
            c, ERR_INVALID, "Validation failed: That account does not name this one as an alias yet");
    TRY(next_move(c, me->id, &next_ms));
    if (next_ms != 0)
        return ctx_fail_public(c, ERR_INVALID, "Validation failed: You can move once in 30 days");
    return ERR_OK;
}

static enum err
start(struct ctx *c, const struct account *to, bool with_followers)
{
    struct account *me;

    TRY(service_me_held(c, &me));
    TRY(check_target(c, me, to, with_followers));
    TRY(move_put(c, me, to));
    TRY(tell(c, me));
    if (!with_followers)
        return ERR_OK;
    TRY(move_people(c, me, to));
    return service_federate(c, &(struct fed_action){ .kind = FED_MOVE, .account_id = me->id, .object_uri = to->uri });
}

enum err
service_move_start(struct ctx *c, struct str acct, struct str password, bool with_followers, struct move_state *out)
{
    struct account *to;

    TRY(service_user_check_password(c, c->who.user_id, password));
    TRY(find(c, acct, true, &to));
    TRY(db_begin(c, DB_WRITE));
    TRY(start(c, to, with_followers));
    TRY(db_commit(c));
    return service_move_state(c, out);
}

enum err
service_move_undo(struct ctx *c, struct move_state *out)
{
    struct account *me;

    TRY(db_begin(c, DB_WRITE));
    TRY(service_me_held(c, &me));
    if (me->moved_to_id != 0) {
        me->moved_to_id = 0;
        TRY(store_account_update(c, me));
        TRY(tell(c, me));
    }
    TRY(db_commit(c));
    return service_move_state(c, out);
}

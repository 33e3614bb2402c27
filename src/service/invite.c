/* Invites. */
#include "service/invite.h"

#include "base/clock.h"
#include "base/id.h"
#include "crypto/token.h"
#include "db/db.h"
#include "model/user.h"
#include "store/account.h"
#include "store/invite.h"
#include "store/user.h"
#include "text/unicode.h"

enum { CODE_GROUPS = 2 };

static bool
has_permission(int64_t permissions, enum role_permission p)
{
    return (permissions & (PERM_ADMINISTRATOR | (int64_t)p)) != 0;
}

static bool
is_live(const struct invite *i)
{
    return (i->expires_ms == 0 || i->expires_ms > clock_ms()) && (i->max_uses == 0 || i->uses < i->max_uses);
}

static enum err
check_params(struct ctx *c, const struct invite_params *p)
{
    if (!has_permission((int64_t)c->who.permissions, PERM_INVITE_USERS))
        return ctx_fail_public(c, ERR_FORBIDDEN, "Your role may not invite people");
    if (p->max_uses < 0 || p->max_uses > INVITE_USES_MAX)
        return ctx_fail_public(c, ERR_INVALID, "Validation failed: Max uses is at most %d", INVITE_USES_MAX);
    if (text_graphemes(p->comment) > INVITE_COMMENT_CHARS_MAX)
        return ctx_fail_public(c, ERR_INVALID, "Validation failed: Comment is too long (maximum is %d characters)",
            INVITE_COMMENT_CHARS_MAX);
    return ERR_OK;
}

static enum err
put(struct ctx *c, const struct invite *i)
{
    int64_t live;

    TRY(store_account_lock(c, i->account_id));
    TRY(store_invite_count(c, c->who.user_id, clock_ms(), &live));
    if (live >= INVITES_LIVE_MAX)
        return ctx_fail_public(c, ERR_INVALID, "Validation failed: At most %d invites at a time", INVITES_LIVE_MAX);
    return store_invite_put(c, i);
}

enum err
service_invite_make(struct ctx *c, const struct invite_params *p, struct invite **out)
{
    struct invite *i = arena_new(c->mem, struct invite);

    TRY(check_params(c, p));
    *i = (struct invite){ .id = id_new(),
        .code = token_new_code(c->mem, CODE_GROUPS),
        .user_id = c->who.user_id,
        .account_id = c->who.account_id,
        .comment = text_one_line(c->mem, p->comment),
        .max_uses = p->max_uses,
        .autofollow = p->autofollow,
        .expires_ms = p->expires_in_s > 0 ? clock_ms() + p->expires_in_s * SECOND_MS : 0,
        .created_ms = clock_ms() };
    TRY(db_begin(c, DB_WRITE));
    TRY(put(c, i));
    TRY(db_commit(c));
    *out = i;
    return ERR_OK;
}

enum err
service_invite_list(struct ctx *c, const struct page *p, struct invites *out)
{
    return store_invite_page(c, c->who.user_id, p, out);
}

enum err
service_invite_end(struct ctx *c, int64_t id)
{
    bool found;

    TRY(db_begin(c, DB_WRITE));
    TRY(store_invite_expire(c, c->who.user_id, id, clock_ms(), &found));
    if (!found)
        return ctx_fail(c, ERR_NOT_FOUND, "no live invite %lld", (long long)id);
    return db_commit(c);
}

/* Who made it: its role may have changed, and who may not log in may not invite. */
static enum err
inviter(struct ctx *c, const struct invite *i, struct user **out)
{
    TRY(store_user_get(c, i->user_id, out));
    if ((*out)->disabled || !has_permission((*out)->role.permissions, PERM_INVITE_USERS))
        return ctx_fail_public(c, ERR_UNAUTHORIZED, "This invite is no longer valid");
    return ERR_OK;
}

enum err
service_invite_find(struct ctx *c, struct str code, struct invite **out)
{
    struct user *u;
    enum err e = store_invite_by_code(c, str_lower(c->mem, str_trim(code)), out);

    if (e == ERR_NOT_FOUND || (e == ERR_OK && !is_live(*out)))
        return ctx_fail_public(c, ERR_UNAUTHORIZED, "This invite is no longer valid");
    TRY(e);
    return inviter(c, *out, &u);
}

enum err
service_invite_use(struct ctx *c, const struct invite *i, bool *approved)
{
    struct user *u;
    bool ok;

    TRY(inviter(c, i, &u));
    TRY(store_invite_use(c, i->id, clock_ms(), &ok));
    if (!ok)
        return ctx_fail_public(c, ERR_UNAUTHORIZED, "This invite is no longer valid");
    *approved = has_permission(u->role.permissions, PERM_INVITE_BYPASS_APPROVAL);
    return ERR_OK;
}

/* Accounts as others see them.  Profiles are changed in account_profile.c, keys live in account_key.c. */
#include "service/account.h"

#include "base/conf.h"
#include "service/backfill.h"
#include "service/internal.h"
#include "service/visibility.h"
#include "store/account.h"
#include "store/interaction.h"
#include "store/relation.h"
#include "store/status.h"
#include "text/idna.h"
#include "text/link.h"

enum { FAMILIAR_MAX = 40 };

enum err
service_account_open(struct ctx *c, int64_t id, struct account **out)
{
    TRY(service_account_get(c, id, out));
    return service_backfill_opened(c, *out);
}

enum err
service_account_get(struct ctx *c, int64_t id, struct account **out)
{
    TRY(store_account_get(c, id, out));
    return store_account_fill(c, out, 1);
}

enum err
service_account_get_many(struct ctx *c, const struct ids *ids, struct accounts *out)
{
    TRY(store_account_list(c, ids, out));
    return store_account_fill(c, out->v, out->n);
}

enum err
service_accounts_present(struct ctx *c, const struct ids *ids, struct accounts *out)
{
    size_t n = 0;

    TRY(store_account_list(c, ids, out));
    for (size_t i = 0; i < out->n; i++)
        if (out->v[i]->suspended_ms == 0)
            out->v[n++] = out->v[i];
    out->n = n;
    return store_account_fill(c, out->v, n);
}

enum err
service_me(struct ctx *c, struct account **out)
{
    if (c->who.account_id == 0)
        return ctx_fail_public(c, ERR_UNAUTHORIZED, "This method requires an authenticated user");
    return store_account_get(c, c->who.account_id, out);
}

enum err
service_me_held(struct ctx *c, struct account **out)
{
    if (c->who.account_id == 0)
        return ctx_fail_public(c, ERR_UNAUTHORIZED, "This method requires an authenticated user");
    return store_account_hold(c, c->who.account_id, out);
}

/* name, @name, name@domain: the parts, domain normal and empty for ours.  False when it cannot be a handle. */
bool
service_account_parse_handle(struct ctx *c, struct str acct, struct str *username, struct str *domain)
{
    const struct config *conf = c->env->conf;
    struct str rest = str_trim(acct);
    ptrdiff_t at;

    if (str_startsi(rest, S("acct:")))
        rest = str_sub(rest, 5, rest.n);
    if (str_starts(rest, S("@")))
        rest = str_sub(rest, 1, rest.n);
    at = str_chr(rest, '@');
    *username = at < 0 ? rest : str_sub(rest, 0, (size_t)at);
    *domain = S("");
    if (!account_remote_username_ok(*username))
        return false;
    if (at < 0)
        return true;
    if (!text_authority_normal(c->mem, str_sub(rest, (size_t)at + 1, rest.n), domain))
        return false;
    if (str_eq(*domain, conf->domain) || str_eq(*domain, conf->host))
        *domain = S("");
    return true;
}

enum err
service_account_lookup(struct ctx *c, struct str acct, struct account **out)
{
    struct str username, domain;
    enum err e;

    if (!service_account_parse_handle(c, acct, &username, &domain))
        return ctx_fail(c, ERR_NOT_FOUND, "not a handle");
    e = store_account_by_handle(c, username, domain, out);
    if (e == ERR_NOT_FOUND && domain.n == 0) {
        ctx_ok(c);
        e = store_account_by_old_name(c, username, out);
    }
    TRY(e);
    return store_account_fill(c, out, 1);
}

/* ---- statuses of one account -------------------------------------------------------------------------------------- */

static enum err
fetch_statuses(struct ctx *c, void *arg, const struct page *p, struct ids *out)
{
    return store_status_page_account(c, arg, p, out);
}

static bool
has_tag(const struct status *s, struct str key)
{
    for (size_t i = 0; i < s->n_tags; i++)
        if (str_eq(s->tags[i].name, key))
            return true;
    return false;
}

/* The few pins are filtered here; boosts cannot be pinned. */
static enum err
pinned(struct ctx *c, const struct status_filter *f, bool exclude_direct, struct statuses *out)
{
    struct ids ids;
    size_t n = 0;

    TRY(store_pin_list(c, f->account_id, &ids));
    TRY(service_status_load(c, c->who.account_id, VIEW_DIRECT, &ids, out));
    for (size_t i = 0; i < out->n; i++) {
        const struct status *s = out->v[i];
        bool is_answer =
            s->in_reply_to_uri.n > 0 || (s->in_reply_to_account_id != 0 && s->in_reply_to_account_id != f->account_id);

        if ((!f->only_media || s->has_media) && (!f->exclude_replies || !is_answer) &&
            (f->tag.n == 0 || has_tag(s, f->tag)) && (!exclude_direct || s->visibility <= VIS_PRIVATE))
            out->v[n++] = out->v[i];
    }
    out->n = n;
    return ERR_OK;
}

enum err
service_account_statuses(
    struct ctx *c, int64_t id, const struct account_statuses_params *f, const struct page *p, struct statuses *out)
{
    struct account *a;
    struct status_filter filter = { .account_id = id,
        .only_media = f->only_media,
        .exclude_replies = f->exclude_replies,
        .exclude_reblogs = f->exclude_reblogs,
        .tag = f->tagged.n == 0 ? f->tagged : text_tag_key(c->mem, f->tagged),
        .max_visibility = VIS_LIMITED };
    int64_t viewer = c->who.account_id;

    TRY(store_account_get(c, id, &a));
    if (a->suspended_ms != 0) {
        *out = (struct statuses){ 0 };
        return ERR_OK;
    }
    TRY(service_backfill_opened(c, a));
    if (f->pinned)
        return pinned(c, &filter, f->exclude_direct, out);
    if (viewer == 0) /* what nobody but the addressed may see is not even looked at */
        filter.max_visibility = VIS_UNLISTED;
    else if (f->exclude_direct)
        filter.max_visibility = VIS_PRIVATE;
    return service_status_page(c, viewer, VIEW_DIRECT, p, fetch_statuses, &filter, out);
}

/* ---- followers and following --------------------------------------------------------------------------------------- */

/* May the caller read the network of a?  Its owner always; nobody else when it is hidden or across a block. */
static enum err
may_read_network(struct ctx *c, const struct account *a, bool *out)
{
    struct relation r = { 0 };

    *out = a->id == c->who.account_id;
    if (*out)
        return ERR_OK;
    if (c->who.account_id != 0)
        TRY(store_relation(c, c->who.account_id, a->id, &r));
    *out = !a->hide_collections && a->suspended_ms == 0 && !r.blocked_by;
    return ERR_OK;
}

static enum err
network(struct ctx *c, enum relation_list which, int64_t id, const struct page *p, struct accounts *out,
    struct cursor_ids *cursors)
{
    struct account *a;
    struct ids ids;
    struct relations rel;
    bool ok;
    size_t n = 0;

    *out = (struct accounts){ 0 };
    *cursors = (struct cursor_ids){ 0 };
    TRY(store_account_get(c, id, &a));
    TRY(may_read_network(c, a, &ok));
    if (!ok)
        return ERR_OK;
    TRY(store_relation_page(c, which, id, p, cursors));
    ids = (struct ids){ cursors->id, cursors->n };
    TRY(service_account_get_many(c, &ids, out));
    for (size_t i = 0; i < out->n; i++)
        ids.v[i] = out->v[i]->id;
    ids.n = out->n;
    TRY(store_relations(c, c->who.account_id, &ids, &rel));
    for (size_t i = 0; i < out->n; i++)
        if (out->v[i]->suspended_ms == 0 && !rel.v[i].blocked_by && !rel.v[i].blocking)
            out->v[n++] = out->v[i];
    out->n = n;
    return ERR_OK;
}

enum err
service_account_followers(
    struct ctx *c, int64_t id, const struct page *p, struct accounts *out, struct cursor_ids *cursors)
{
    return network(c, LIST_FOLLOWERS, id, p, out, cursors);
}

enum err
service_account_following(
    struct ctx *c, int64_t id, const struct page *p, struct accounts *out, struct cursor_ids *cursors)
{
    return network(c, LIST_FOLLOWING, id, p, out, cursors);
}

enum err
service_account_familiar(struct ctx *c, const struct ids *ids, struct familiar **out, size_t *n)
{
    *out = arena_vec(c->mem, struct familiar, ids->n);
    *n = 0;
    for (size_t i = 0; i < ids->n; i++) {
        struct account *a;
        struct ids both;
        bool ok;
        enum err e = store_account_get(c, ids->v[i], &a);

        if (e == ERR_NOT_FOUND) {
            ctx_ok(c);
            continue;
        }
        TRY(e);
        (*out)[*n] = (struct familiar){ .id = a->id };
        TRY(may_read_network(c, a, &ok));
        if (ok && a->id != c->who.account_id) {
            TRY(store_followers_familiar(c, c->who.account_id, a->id, FAMILIAR_MAX, &both));
            TRY(service_account_get_many(c, &both, &(*out)[*n].accounts));
        }
        (*n)++;
    }
    return ERR_OK;
}

/* Reading statuses: one, many, threads, history. */
#include "service/status.h"

#include "ap/uri.h"
#include "base/conf.h"
#include "service/thread.h"
#include "service/visibility.h"
#include "store/account.h"
#include "store/emoji.h"
#include "store/interaction.h"
#include "store/relation.h"
#include "store/status.h"

enum {
    CONTEXT_MAX = 4096,
    CONTEXT_PORTION = 200,
    CONTEXT_BYTES_MAX = 2 * 1024 * 1024, /* of texts, in each direction; the portion that passes it is the last */
    CONTEXT_ANONYMOUS_UP = 40,
    CONTEXT_ANONYMOUS_DOWN = 60,
    CONTEXT_ANONYMOUS_DEPTH = 20,
};

enum err
service_status_get(struct ctx *c, int64_t id, struct status **out)
{
    struct statuses found;

    TRY(service_status_load(c, c->who.account_id, VIEW_DIRECT, &(struct ids){ &id, 1 }, &found));
    if (found.n == 0)
        return ctx_fail(c, ERR_NOT_FOUND, "status %lld is unknown or not visible", (long long)id);
    *out = found.v[0];
    return ERR_OK;
}

enum err
service_status_of_url(struct ctx *c, struct str url, struct status **out)
{
    int64_t id = ap_uri_local_status(c->mem, c->env->conf->origin, url);

    if (id == 0)
        return ctx_fail(c, ERR_NOT_FOUND, "no address of a post of ours");
    TRY(service_status_get(c, id, out));
    if (!(*out)->local || (*out)->reblog_of_id != 0 || (*out)->visibility > VIS_UNLISTED || (*out)->local_only)
        return ctx_fail(c, ERR_NOT_FOUND, "status %lld is not public, or not ours", (long long)id);
    return ERR_OK;
}

enum err
service_status_get_many(struct ctx *c, const struct ids *ids, struct statuses *out)
{
    return service_status_load(c, c->who.account_id, VIEW_DIRECT, ids, out);
}

/* Posts of a thread until their texts are too much for one answer; from the end: the last ones first.  In their order. */
static enum err
load_within(struct ctx *c, const struct ids *ids, bool from_end, struct statuses *out, bool *cut)
{
    struct status **v = arena_vec(c->mem, struct status *, ids->n);
    size_t at = from_end ? ids->n : 0, bytes = 0, done, n; /* of v: filled from where the first portion stands */

    for (done = 0; done < ids->n && bytes < CONTEXT_BYTES_MAX; done += n) {
        struct statuses some;

        n = MIN((size_t)CONTEXT_PORTION, ids->n - done);
        TRY(service_status_load(c, c->who.account_id, VIEW_DIRECT,
            &(struct ids){ ids->v + (from_end ? ids->n - done - n : done), n }, &some));
        at -= from_end ? some.n : 0;
        for (size_t i = 0; i < some.n; i++) {
            v[at + i] = some.v[i];
            bytes += some.v[i]->content.n;
        }
        at += from_end ? 0 : some.n;
    }
    *cut |= done < ids->n;
    *out = from_end ? (struct statuses){ v + at, ids->n - at } : (struct statuses){ v, at };
    return ERR_OK;
}

enum err
service_status_context(struct ctx *c, int64_t id, struct thread_context *out, struct async_refresh *refresh)
{
    bool anonymous = c->who.account_id == 0;
    struct status *s;
    struct ids up, down;

    TRY(service_status_get(c, id, &s));
    TRY(store_status_ancestors(c, id, anonymous ? CONTEXT_ANONYMOUS_UP : CONTEXT_MAX, &up, &out->cut_above));
    TRY(store_status_descendants(c, id, anonymous ? CONTEXT_ANONYMOUS_DOWN : CONTEXT_MAX,
        anonymous ? CONTEXT_ANONYMOUS_DEPTH : CONTEXT_MAX, &down, &out->cut_below));
    TRY(load_within(c, &up, true, &out->ancestors, &out->cut_above));
    TRY(load_within(c, &down, false, &out->descendants, &out->cut_below));
    return refresh == NULL ? ERR_OK : service_thread_opened(c, s, &out->ancestors, &out->descendants, refresh);
}

enum err
service_status_history(struct ctx *c, int64_t id, struct status **s, struct status_edits *out)
{
    struct status_edits old;

    TRY(service_status_get(c, id, s));
    TRY(store_status_edits(c, id, &old));
    out->v = arena_vec(c->mem, struct status_edit, old.n + 1);
    for (size_t i = 0; i < old.n; i++) {
        out->v[i] = old.v[i];
        TRY(store_emoji_by_codes(c, (*s)->account->domain, &old.v[i].emoji_codes, &out->v[i].emojis));
    }
    out->v[old.n] = (struct status_edit){ .status_id = id,
        .account_id = (*s)->account_id,
        .text = (*s)->text,
        .content = (*s)->content,
        .spoiler_text = (*s)->spoiler_text,
        .sensitive = (*s)->sensitive,
        .emojis = (*s)->emojis,
        .media = STR_NONE, /* the current ones */
        .poll = poll_titles(c->mem, (*s)->poll),
        .quote_id = (*s)->quote != NULL ? (*s)->quote->id : 0,
        .created_ms = (*s)->edited_ms != 0 ? (*s)->edited_ms : (*s)->created_ms };
    out->n = old.n + 1;
    return ERR_OK;
}

/* Accounts behind cursors, filled; suspended ones and those across a block are left out, their cursors too. */
static enum err
load_accounts(struct ctx *c, struct cursor_ids *cursors, struct accounts *out)
{
    struct ids ids = { cursors->id, cursors->n };
    struct relations rel;
    size_t n = 0, k = 0;

    TRY(store_account_list(c, &ids, out));
    TRY(store_account_fill(c, out->v, out->n));
    TRY(store_relations(c, c->who.account_id, &ids, &rel));
    for (size_t i = 0; i < cursors->n; i++) {
        if (k >= out->n || out->v[k]->id != cursors->id[i])
            continue;
        struct account *a = out->v[k++];

        if (a->suspended_ms != 0 || rel.v[i].blocked_by || rel.v[i].blocking)
            continue;
        out->v[n] = a;
        n++;
    }
    out->n = n;
    return ERR_OK;
}

enum err
service_status_reblogged_by(
    struct ctx *c, int64_t id, const struct page *p, struct accounts *out, struct cursor_ids *cursors)
{
    struct status *s;

    TRY(service_status_get(c, id, &s));
    TRY(store_status_reblogged_by(c, s->reblog_of_id != 0 ? s->reblog_of_id : id, p, cursors));
    return load_accounts(c, cursors, out);
}

enum err
service_status_favourited_by(
    struct ctx *c, int64_t id, const struct page *p, struct accounts *out, struct cursor_ids *cursors)
{
    struct status *s;

    TRY(service_status_get(c, id, &s));
    TRY(store_favourited_by_page(c, s->reblog_of_id != 0 ? s->reblog_of_id : id, p, cursors));
    return load_accounts(c, cursors, out);
}

enum err
service_status_favourites(struct ctx *c, const struct page *p, struct statuses *out, struct cursor_ids *cursors)
{
    TRY(store_favourite_page(c, c->who.account_id, p, cursors));
    return service_status_load(c, c->who.account_id, VIEW_DIRECT, &(struct ids){ cursors->id, cursors->n }, out);
}

enum err
service_status_bookmarks(struct ctx *c, const struct page *p, struct statuses *out, struct cursor_ids *cursors)
{
    TRY(store_bookmark_page(c, c->who.account_id, p, cursors));
    return service_status_load(c, c->who.account_id, VIEW_DIRECT, &(struct ids){ cursors->id, cursors->n }, out);
}

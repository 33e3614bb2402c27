/* Editing and deleting statuses of local accounts.  Publishing is in status_post.c, interactions in status_act.c, reading in status_read.c. */
#include "service/status.h"

#include "base/clock.h"
#include "base/id.h"
#include "base/json.h"
#include "db/db.h"
#include "queue/queue.h"
#include "service/collection.h"
#include "service/document.h"
#include "service/event.h"
#include "service/expiry.h"
#include "service/federate.h"
#include "service/homes.h"
#include "service/internal.h"
#include "service/media.h"
#include "service/poll.h"
#include "service/quote.h"
#include "service/search_index.h"
#include "service/status_internal.h"
#include "service/timeline.h"
#include "store/account.h"
#include "store/federation.h"
#include "store/media.h"
#include "store/quote.h"
#include "store/status.h"

enum {
    REBLOGS_TOLD_MAX = 1000, /* boosts that die with a post: streams hear of so many */
    QUOTERS_TOLD_MAX = 500   /* posts of ours that quote it: so many are updated elsewhere */
};

/* ---- editing ---------------------------------------------------------------------------------------------------- */

static enum err
own_status(struct ctx *c, int64_t id, struct status **out)
{
    if (c->who.account_id == 0)
        return ctx_fail_public(c, ERR_UNAUTHORIZED, "This method requires an authenticated user");
    TRY(service_status_get(c, id, out));
    if ((*out)->account_id != c->who.account_id)
        return ctx_fail(c, ERR_NOT_FOUND, "status %lld belongs to another account", (long long)id);
    return ERR_OK;
}

/* The media list as an edit remembers it. */
static struct str
media_json(struct ctx *c, const struct status *s)
{
    struct buf b;
    struct json j;

    buf_init(&b, c->mem, MB(1));
    json_init(&j, &b);
    json_arr(&j, NULL);
    for (size_t i = 0; i < s->n_media; i++) {
        json_obj(&j, NULL);
        json_id(&j, "id", s->media[i].id);
        json_str(&j, "description", s->media[i].description);
        json_end(&j);
    }
    json_end(&j);
    CHECK(json_done(&j));
    return buf_str(&b);
}

enum err
service_status_keep_version(struct ctx *c, const struct status *s)
{
    return store_status_edit_add(c, &(struct status_edit){ .id = id_new(),
                                        .status_id = s->id,
                                        .account_id = s->account_id,
                                        .user_id = s->user_id,
                                        .text = s->text,
                                        .content = s->content,
                                        .spoiler_text = s->spoiler_text,
                                        .sensitive = s->sensitive,
                                        .emoji_codes = s->emoji_codes,
                                        .media = media_json(c, s),
                                        .poll = poll_titles(c->mem, s->poll),
                                        .created_ms = s->edited_ms != 0 ? s->edited_ms : s->created_ms,
                                        .quote_id = s->quote != NULL ? s->quote->id : 0 });
}

/* Apply media_attributes to the rows of the draft; *changed when one differs. */
static enum err
apply_media(struct ctx *c, const struct post_params *p, struct draft *d, bool *changed)
{
    for (size_t i = 0; i < p->n_media_attributes; i++)
        for (size_t k = 0; k < d->s.n_media; k++) {
            struct media_row *m = &d->s.media[k], was = *m;
            const struct post_media *a = &p->media_attributes[i];

            if (m->id != a->id)
                continue;
            TRY(service_media_apply(c, &(struct media_params){ .description = a->description, .focus = a->focus }, m));
            if (a->thumb != NULL)
                TRY(service_media_thumb(c, a->thumb, m));
            *changed = *changed || a->thumb != NULL || !str_eq(m->description, was.description) ||
                       m->focus_x != was.focus_x || m->focus_y != was.focus_y;
        }
    return ERR_OK;
}

/* Who was mentioned and is no longer has the post already: they see and get what it becomes, without being named. */
static void
keep_addressed(struct ctx *c, const struct status *old, struct status *s)
{
    struct mention_ref *all = arena_vec(c->mem, struct mention_ref, s->n_mentions + old->n_mentions);
    size_t n = 0;

    for (size_t i = 0; i < s->n_mentions; i++)
        all[n++] = s->mentions[i];
    for (size_t i = 0; i < old->n_mentions; i++) {
        bool named = false;

        for (size_t k = 0; k < s->n_mentions && !named; k++)
            named = s->mentions[k].account_id == old->mentions[i].account_id;
        if (named)
            continue;
        all[n] = old->mentions[i];
        all[n++].silent = true;
    }
    s->mentions = all;
    s->n_mentions = n;
}

static bool
same_media(const struct status *a, const struct status *b)
{
    if (a->n_media != b->n_media)
        return false;
    for (size_t i = 0; i < a->n_media; i++)
        if (a->media[i].id != b->media[i].id)
            return false;
    return true;
}

/* With a new thumbnail the file of the old one goes. */
static enum err
store_edited_media(struct ctx *c, const struct media_row *m)
{
    struct media_row *was;

    TRY(store_media_lock(c, m->id, &was));
    TRY(store_media_update(c, m));
    return str_eq(was->thumb, m->thumb) ? ERR_OK : service_media_thumb_kept(c, was->thumb, m);
}

static enum err
store_edit(struct ctx *c, const struct status *old, struct draft *d)
{
    struct status *now;

    if (d->quoted != NULL)
        TRY(service_quote_hold(c, old->account_id, d->quoted));
    TRY(store_status_lock(c, old->id, &now));
    if (now->edited_ms != old->edited_ms)
        return ctx_fail_public(c, ERR_CONFLICT, "The post was edited by another request; read it again");
    for (size_t i = 0; i < d->s.n_media; i++)
        TRY(store_edited_media(c, &d->s.media[i]));
    TRY(service_status_keep_version(c, old));
    d->s.edited_ms = MAX(clock_ms(), MAX(old->edited_ms, old->created_ms) + 1); /* each version has a time of its own */
    TRY(store_status_update(c, &d->s));
    TRY(service_collection_tag(c, &d->s, &(struct strs){ 0 }));
    TRY(service_poll_store(c, &d->s, old->poll));
    if (d->s.expires_ms != old->expires_ms)
        TRY(service_expiry_put(c, &d->s));
    TRY(store_status_set_quote_policy(c, d->s.id, d->s.quote_policy));
    if (d->requote && old->quote != NULL)
        TRY(store_quote_delete(c, old->quote));
    if (d->quoted != NULL)
        TRY(service_quote_put(c, &d->s, d->quoted));
    TRY(service_index_edited(c, d->s.id));
    TRY(queue_put_id(c, J_FAN_OUT, d->s.id));
    return service_federate(
        c, &(struct fed_action){ .kind = FED_STATUS_UPDATE, .account_id = d->s.account_id, .status_id = d->s.id });
}

/* Parameters that an edit leaves out keep what the status has, but files and poll go, as clients know it from Mastodon. */
static struct post_params
edit_params(const struct status *old, const struct post_params *p)
{
    struct post_params q = *p;

    if (q.sensitive < 0) /* a new warning decides by being there or not */
        q.sensitive = q.spoiler_text.p == NULL ? old->sensitive : 0;
    if (q.status.p == NULL)
        q.status = old->text;
    if (q.spoiler_text.p == NULL)
        q.spoiler_text = old->spoiler_text;
    if (q.language.n == 0)
        q.language = old->language;
    if (q.content_type.n == 0)
        q.content_type = old->content_type;
    q.visibility = old->visibility;
    return q;
}

enum err
service_status_edit(struct ctx *c, int64_t id, const struct post_params *p, struct status **out)
{
    struct draft d = { 0 };
    struct status *old;
    struct account *me;
    struct post_params q;
    bool changed = false;

    TRY(service_me(c, &me));
    TRY(own_status(c, id, &old));
    if (old->reblog_of_id != 0)
        return ctx_fail_public(c, ERR_INVALID, "A boost cannot be edited");
    q = edit_params(old, p);
    TRY(status_draft_again(c, me, &q, old, &d));
    keep_addressed(c, old, &d.s);
    if (d.quoted != NULL)
        service_quote_address(c, d.quoted, &d.s);
    TRY(apply_media(c, &q, &d, &changed));
    changed = changed || d.requote || !str_eq(d.s.text, old->text) || !str_eq(d.s.spoiler_text, old->spoiler_text) ||
              d.s.sensitive != old->sensitive || !str_eq(d.s.content, old->content) || !same_media(&d.s, old) ||
              !str_eq(d.s.language, old->language) || d.s.poll != old->poll || d.s.expires_ms != old->expires_ms;
    if (changed) {
        TRY(db_begin(c, DB_WRITE));
        TRY(store_edit(c, old, &d));
        TRY(db_commit(c));
    } else if (q.quote_choice >= 0) {
        return service_quote_set_policy(c, id, (enum quote_choice)q.quote_choice, out);
    }
    return service_status_get(c, id, out);
}

/* ---- deleting --------------------------------------------------------------------------------------------------- */

static void
forget_in_rings(struct ctx *c, void *arg)
{
    service_homes_remove(c, arg);
}

static enum err
tell_gone(struct ctx *c, const struct status *s, bool slow)
{
    struct fed_action a = { .account_id = s->account_id, .status_id = s->id, .object_uri = s->uri, .slow = slow };

    if (!account_is_local(s->account) || s->local_only)
        return ERR_OK;
    if (s->reblog_of_id != 0 && s->reblog == NULL)
        return ctx_fail(c, ERR_NOT_FOUND, "boost %lld went with its post", (long long)s->id);
    TRY(service_audience_gone(c, s, &a.inboxes));
    a.kind = s->reblog_of_id != 0 ? FED_UNDO_REBLOG : FED_STATUS_DELETE;
    if (s->reblog_of_id != 0) {
        a.uri = s->uri;
        a.object_uri = s->reblog->uri;
    }
    TRY(service_document_audience(c, s, &a.to, &a.cc));
    TRY(store_delivery_cancel_status(c, s->id));
    return service_federate(c, &a);
}

enum err
service_status_tell_gone(struct ctx *c, const struct status *s)
{
    return tell_gone(c, s, false);
}

/* Who reads a post of ours that quotes this one need not have this one: that it is gone is said by an Update of ours. */
static enum err
tell_quoters(struct ctx *c, const struct status *s, bool own_too)
{
    struct quotes v;

    if (s->reblog_of_id != 0)
        return ERR_OK;
    TRY(store_quote_local(c, s->id, 0, QUOTERS_TOLD_MAX, &v));
    for (size_t i = 0; i < v.n; i++)
        if (own_too || v.v[i].account_id != s->account_id)
            TRY(service_federate(
                c, &(struct fed_action){
                       .kind = FED_QUOTE_UPDATE, .account_id = v.v[i].account_id, .status_id = v.v[i].status_id }));
    return ERR_OK;
}

enum err
service_status_remove(struct ctx *c, struct status *s, bool federate)
{
    struct ids *gone = arena_new(c->mem, struct ids);
    struct cursor_ids reblogs;

    TRY(tell_quoters(c, s, federate));
    if (federate)
        TRY(service_status_tell_gone(c, s));
    TRY(store_status_delete(c, s, &reblogs));
    TRY(store_tombstone_put(c, s->uri, s->account->uri, 0)); /* for good */
    gone->v = arena_vec(c->mem, int64_t, reblogs.n + 1);
    for (size_t i = 0; i < reblogs.n; i++) {
        gone->v[gone->n++] = reblogs.id[i];
        if (i < REBLOGS_TOLD_MAX)
            service_event_deleted(c, &(struct status){ .id = reblogs.id[i],
                                         .account_id = reblogs.cursor[i],
                                         .reblog_of_id = s->id,
                                         .visibility = s->visibility });
    }
    gone->v[gone->n++] = s->id;
    ctx_after_commit(c, forget_in_rings, gone);
    service_event_deleted(c, s);
    return ERR_OK;
}

enum err
service_status_remove_slowly(struct ctx *c, struct status *s)
{
    TRY(tell_gone(c, s, true));
    return service_status_remove(c, s, false);
}

enum err
service_status_delete(struct ctx *c, int64_t id, bool delete_media, struct status **out)
{
    TRY(own_status(c, id, out));
    TRY(db_begin(c, DB_WRITE));
    if (!delete_media) { /* kept for a redraft: they are loose again, and go after a day */
        struct status bare = { .id = id, .account_id = (*out)->account_id };

        TRY(store_media_attach(c, &bare));
    }
    TRY(service_status_remove(c, *out, true));
    return db_commit(c);
}

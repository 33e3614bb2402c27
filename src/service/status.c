/* Publishing, editing and deleting statuses of local accounts.  Interactions are in status_act.c, reading in status_read.c. */
#include "service/status.h"

#include "ap/uri.h"
#include "base/clock.h"
#include "base/id.h"
#include "base/json.h"
#include "db/db.h"
#include "queue/queue.h"
#include "service/document.h"
#include "service/event.h"
#include "service/federate.h"
#include "service/internal.h"
#include "service/media.h"
#include "service/quote.h"
#include "service/search_index.h"
#include "service/timeline.h"
#include "service/trend.h"
#include "service/visibility.h"
#include "store/account.h"
#include "store/federation.h"
#include "store/media.h"
#include "store/quote.h"
#include "store/status.h"
#include "text/i18n.h"
#include "text/link.h"
#include "text/unicode.h"

enum {
    IDEMPOTENCY_KEY_BYTES_MAX = 255,
    REBLOGS_TOLD_MAX = 1000, /* boosts that die with a post: streams hear of so many */
};

/* What is about to be stored. */
struct draft {
    struct status s;
    struct status *parent; /* filled, or NULL */
    struct status *quoted; /* as before */
    bool requote;          /* quoted, or nothing, instead of what was quoted until now */
};

static enum err
check_text(struct ctx *c, const struct post_params *p, bool has_more)
{
    if (text_is_blank(p->status) && text_is_blank(p->spoiler_text) && !has_more)
        return ctx_fail_public(c, ERR_INVALID, "Validation failed: Text can't be blank");
    if (text_count(c->mem, p->status, p->spoiler_text) > STATUS_CHARS_MAX)
        return ctx_fail_public(
            c, ERR_INVALID, "Validation failed: Text character limit of %d exceeded", STATUS_CHARS_MAX);
    return ERR_OK;
}

/* Visibility, language, warning: from the parameters, else from the account's defaults. */
static enum err
draft_settings(struct ctx *c, const struct post_params *p, const struct account *me, struct draft *d)
{
    struct preferences dflt;
    struct status *s = &d->s;

    TRY(service_preferences(c, &dflt));
    s->app_id = dflt.show_application ? c->who.app_id : 0;
    s->visibility = p->visibility >= 0 ? (enum visibility)p->visibility : (enum visibility)dflt.visibility;
    if (s->visibility == VIS_PUBLIC && me->silenced_ms != 0)
        s->visibility = VIS_UNLISTED;
    s->language = p->language.n > 0 ? p->language : dflt.language;
    if (p->language.n > 0 && !text_language_ok(p->language))
        return ctx_fail_public(c, ERR_INVALID, "Validation failed: Language is not supported");
    s->spoiler_text = text_is_blank(p->spoiler_text) ? S("") : text_one_line(c->mem, p->spoiler_text);
    s->text = text_lines(c->mem, p->status);
    if (text_is_blank(s->text) && s->spoiler_text.n > 0 && p->media_ids.n == 0 &&
        p->quoted_status_id == 0) { /* a lonely warning becomes the text */
        s->text = s->spoiler_text;
        s->spoiler_text = S("");
    }
    s->quote_policy = service_quote_policy(
        s->visibility, p->quote_choice >= 0 ? (enum quote_choice)p->quote_choice : (enum quote_choice)dflt.quote);
    s->sensitive = p->sensitive >= 0 ? p->sensitive > 0 : dflt.sensitive;
    s->sensitive = s->sensitive || s->spoiler_text.n > 0 || (me->sensitized_ms != 0 && p->media_ids.n > 0);
    s->content_type = str_eqz(p->content_type, "text/markdown") ? S("text/markdown") : S("text/plain");
    return ERR_OK;
}

/* The parent must be visible; a reply never has a wider audience by accident: the author chose its visibility. */
static enum err
draft_reply(struct ctx *c, const struct post_params *p, struct draft *d)
{
    enum err e;

    if (p->in_reply_to_id == 0)
        return ERR_OK;
    e = service_status_get(c, p->in_reply_to_id, &d->parent);
    if (e == ERR_NOT_FOUND)
        return ctx_fail_public(c, ERR_NOT_FOUND, "The post you are trying to reply to does not appear to exist.");
    TRY(e);
    if (d->parent->reblog != NULL)
        d->parent = d->parent->reblog;
    d->s.in_reply_to_id = d->parent->id;
    d->s.in_reply_to_account_id = d->parent->account_id;
    d->s.conversation_id = d->parent->conversation_id;
    return ERR_OK;
}

/* old: what is edited, or NULL. */
static enum err
draft_quote(struct ctx *c, const struct post_params *p, const struct status *old, struct draft *d)
{
    const struct quote *before = old != NULL ? old->quote : NULL;

    d->requote = p->drop_quote && before != NULL;
    if (p->drop_quote || p->quoted_status_id == 0 || (before != NULL && before->quoted_id == p->quoted_status_id))
        return ERR_OK;
    TRY(service_quote_draft(c, p->quoted_status_id, &d->s, &d->quoted));
    if (old != NULL && (d->quoted->id == old->id || d->s.visibility != old->visibility))
        return ctx_fail_public(c, ERR_INVALID, "Validation failed: This post cannot be quoted here");
    if (d->s.visibility > VIS_UNLISTED)
        d->s.quote_policy = 0;
    d->requote = true;
    return ERR_OK;
}

static enum err
draft_media(struct ctx *c, const struct post_params *p, int64_t status_id, struct draft *d)
{
    struct status *s = &d->s;

    if (p->media_ids.n > MEDIA_PER_STATUS_MAX)
        return ctx_fail_public(
            c, ERR_INVALID, "Validation failed: Cannot attach more than %d files", MEDIA_PER_STATUS_MAX);
    s->media = arena_vec(c->mem, struct media_row, p->media_ids.n);
    s->n_media = 0;
    for (size_t i = 0; i < p->media_ids.n; i++) {
        struct media_row *m;
        enum err e = store_media_get(c, p->media_ids.v[i], &m);

        if (e == ERR_NOT_FOUND ||
            (e == ERR_OK && (m->account_id != c->who.account_id || (m->status_id != 0 && m->status_id != status_id))))
            return ctx_fail_public(c, ERR_INVALID,
                "Validation failed: Media attachment %lld not found or already in use", (long long)p->media_ids.v[i]);
        TRY(e);
        if (m->state == MEDIA_PROCESSING)
            return ctx_fail_public(
                c, ERR_INVALID, "Cannot attach files that have not finished processing. Try again in a moment!");
        if (m->state == MEDIA_FAILED)
            return ctx_fail_public(c, ERR_INVALID, "Validation failed: Media attachment could not be processed");
        if (p->media_ids.n > 1 && (m->kind == MEDIA_VIDEO || m->kind == MEDIA_AUDIO))
            return ctx_fail_public(c, ERR_INVALID, "Cannot attach a video to a post that already contains images");
        for (size_t k = 0; k < s->n_media; k++)
            if (s->media[k].id == m->id)
                return ctx_fail_public(c, ERR_INVALID, "Validation failed: Media attachment is there twice");
        s->media[s->n_media++] = *m;
    }
    return ERR_OK;
}

/* Before the text is formatted: emoji of the options are emoji of the post. */
static enum err
draft_poll(struct ctx *c, const struct post_params *p, struct draft *d)
{
    d->s.poll = NULL;
    if (p->poll != NULL)
        TRY(service_poll_draft(c, p->poll, &d->s.poll));
    d->s.object_type = d->s.poll != NULL ? S("Question") : S("Note");
    return ERR_OK;
}

/* Shortcodes of the text (found before), the warning and the options. */
static void
put_shortcodes(struct ctx *c, const struct strs *of_text, struct status *s)
{
    struct str options = S("");
    struct strs lists[3] = { *of_text, text_shortcodes(c->mem, s->spoiler_text) };

    for (size_t i = 0; s->poll != NULL && i < s->poll->n; i++)
        options = str_cat(c->mem, options, S("\n"), s->poll->options[i].title, STR_NONE);
    lists[2] = text_shortcodes(c->mem, options);
    s->emoji_codes = (struct strs){ arena_vec(c->mem, struct str, lists[0].n + lists[1].n + lists[2].n), 0 };
    for (size_t k = 0; k < lengthof(lists); k++)
        for (size_t i = 0; i < lists[k].n; i++)
            s->emoji_codes.v[s->emoji_codes.n++] = lists[k].v[i];
}

/* A client says whom its user means: who else is mentioned was not meant. */
static enum err
check_mentions(struct ctx *c, const struct post_params *p, const struct status *s)
{
    struct ids unexpected = { arena_vec(c->mem, int64_t, s->n_mentions), 0 };

    for (size_t i = 0; i < s->n_mentions; i++) {
        bool allowed = false;

        for (size_t k = 0; k < p->allowed_mentions.n && !allowed; k++) {
            int64_t id;

            allowed = str_int(p->allowed_mentions.v[k], &id) && id == s->mentions[i].account_id;
        }
        if (!allowed)
            unexpected.v[unexpected.n++] = s->mentions[i].account_id;
    }
    if (unexpected.n == 0)
        return ERR_OK;
    if (p->unexpected != NULL) {
        TRY(store_account_list(c, &unexpected, p->unexpected));
        TRY(store_account_fill(c, p->unexpected->v, p->unexpected->n));
    }
    return ctx_fail_public(c, ERR_INVALID, "Post includes unexpected accounts");
}

static enum err
draft_format(struct ctx *c, const struct post_params *p, struct draft *d)
{
    struct formatted f;
    struct status *s = &d->s;

    TRY(service_compose(
        c, s->text, str_eqz(s->content_type, "text/markdown") ? COMPOSE_MARKDOWN : COMPOSE_PLAIN, true, &f));
    s->content = f.html;
    s->mentions = f.mentions;
    s->n_mentions = f.n_mentions;
    s->tags = f.tags;
    s->n_tags = f.n_tags;
    put_shortcodes(c, &f.shortcodes, s);
    return p->has_allowed_mentions ? check_mentions(c, p, s) : ERR_OK;
}

/* The status that was posted with this key; *stale is its id when it was deleted since: then it is posted again. */
static enum err
find_again(struct ctx *c, struct str key, int64_t *stale, struct status **out)
{
    int64_t id = 0;
    enum err e;

    *out = NULL;
    *stale = 0;
    if (key.n == 0 || c->who.account_id == 0)
        return ERR_OK;
    if (key.n > IDEMPOTENCY_KEY_BYTES_MAX)
        return ctx_fail_field(c, ERR_INVALID, "Idempotency-Key", "longer than %d bytes", IDEMPOTENCY_KEY_BYTES_MAX);
    TRY(store_idempotency_find(c, c->who.account_id, key, &id));
    if (id == 0)
        return ERR_OK;
    e = service_status_get(c, id, out);
    if (e == ERR_NOT_FOUND) {
        ctx_ok(c);
        *stale = id;
        return ERR_OK;
    }
    return e;
}

/* In the transaction: the row with its ids and URLs, and the jobs that follow from it. */
static enum err
store_draft(struct ctx *c, const struct account *me, struct draft *d, struct str key, int64_t stale)
{
    struct status *s = &d->s;
    struct str base = c->env->conf->origin;

    s->id = id_new();
    s->account_id = me->id;
    s->user_id = c->who.user_id;
    s->local = true;
    s->created_ms = clock_ms();
    s->uri = ap_uri(c->mem, base, AP_URI_STATUS, me->id, s->id);
    s->url = ap_uri_named(c->mem, base, AP_URI_PROFILE_STATUS, me->username, s->id);
    if (stale != 0)
        TRY(store_idempotency_forget(c, me->id, key, stale));
    if (key.n > 0) /* first: another request with the key waits here, and not behind half of the work */
        TRY(store_idempotency_put(c, me->id, key, s->id));
    if (s->conversation_id == 0)
        TRY(store_conversation_get(c, ap_uri(c->mem, base, AP_URI_CONTEXT, me->id, s->id), &s->conversation_id));
    TRY(store_status_insert(c, s));
    TRY(service_poll_store(c, s, NULL));
    if (d->quoted != NULL)
        TRY(service_quote_put(c, s, d->quoted));
    TRY(service_index_posted(c, s, me));
    TRY(service_trend_posted(c, s, me));
    TRY(queue_put_id(c, J_FAN_OUT, s->id));
    return service_federate(
        c, &(struct fed_action){ .kind = FED_STATUS_CREATE, .account_id = me->id, .status_id = s->id });
}

static enum err
post(struct ctx *c, const struct post_params *p, struct str key, int64_t stale, int64_t *id)
{
    struct draft d = { 0 };
    struct account *me;

    TRY(service_me(c, &me));
    if (me->moved_to_id != 0)
        return ctx_fail_public(c, ERR_FORBIDDEN, "Your account has moved; you can no longer post with it");
    TRY(check_text(c, p, p->media_ids.n > 0 || p->quoted_status_id != 0));
    TRY(draft_settings(c, p, me, &d));
    TRY(draft_reply(c, p, &d));
    TRY(draft_quote(c, p, NULL, &d));
    TRY(draft_media(c, p, 0, &d));
    TRY(draft_poll(c, p, &d));
    TRY(draft_format(c, p, &d));
    if (d.quoted != NULL)
        service_quote_address(c, d.quoted, &d.s);
    TRY(db_begin(c, DB_WRITE));
    TRY(store_draft(c, me, &d, key, stale));
    *id = d.s.id;
    return db_commit(c);
}

enum err
service_status_post(struct ctx *c, const struct post_params *p, struct str key, struct status **out)
{
    int64_t id = 0, stale;
    enum err e;

    TRY(find_again(c, key, &stale, out));
    if (*out != NULL)
        return ERR_OK;
    e = post(c, p, key, stale, &id);
    if (e == ERR_OK)
        return service_status_get(c, id, out);
    db_rollback(c);
    if (key.n > 0 &&
        (e == ERR_CONFLICT || e == ERR_INVALID)) { /* another request with this key was faster, and took the media */
        TRY(find_again(c, key, &stale, out));
        if (*out != NULL) {
            ctx_ok(c);
            return ERR_OK;
        }
    }
    return e;
}

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
            TRY(service_media_apply(
                c, &(struct media_params){ .fd = -1, .description = a->description, .focus = a->focus }, m));
            *changed = *changed || !str_eq(m->description, was.description) || m->focus_x != was.focus_x ||
                       m->focus_y != was.focus_y;
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

static enum err
store_edit(struct ctx *c, const struct status *old, struct draft *d)
{
    struct status *now;

    TRY(store_status_lock(c, old->id, &now));
    if (now->edited_ms != old->edited_ms)
        return ctx_fail_public(c, ERR_CONFLICT, "The post was edited by another request; read it again");
    for (size_t i = 0; i < d->s.n_media; i++)
        TRY(store_media_update(c, &d->s.media[i]));
    TRY(service_status_keep_version(c, old));
    d->s.edited_ms = MAX(clock_ms(), MAX(old->edited_ms, old->created_ms) + 1); /* each version has a time of its own */
    TRY(store_status_update(c, &d->s));
    TRY(service_poll_store(c, &d->s, old->poll));
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

/* Parameters that an edit leaves out keep what the status has. */
static struct post_params
edit_params(struct ctx *c, const struct status *old, const struct post_params *p)
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
    if (!q.has_media_ids) {
        q.media_ids.v = arena_vec(c->mem, int64_t, old->n_media);
        q.media_ids.n = old->n_media;
        for (size_t i = 0; i < old->n_media; i++)
            q.media_ids.v[i] = old->media[i].id;
    }
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
    q = edit_params(c, old, p);
    TRY(check_text(c, &q, q.media_ids.n > 0 || (q.drop_quote ? NULL : old->quote) != NULL));
    d.s = *old;
    TRY(draft_settings(c, &q, me, &d));
    d.s.visibility = old->visibility;
    d.s.quote_policy = q.quote_choice < 0 ? old->quote_policy
                                          : service_quote_policy(old->visibility, (enum quote_choice)q.quote_choice);
    TRY(draft_quote(c, &q, old, &d));
    TRY(draft_media(c, &q, id, &d));
    if (q.has_poll)
        TRY(draft_poll(c, &q, &d));
    TRY(draft_format(c, &q, &d));
    keep_addressed(c, old, &d.s);
    if (d.quoted != NULL)
        service_quote_address(c, d.quoted, &d.s);
    TRY(apply_media(c, &q, &d, &changed));
    changed = changed || d.requote || !str_eq(d.s.text, old->text) || !str_eq(d.s.spoiler_text, old->spoiler_text) ||
              d.s.sensitive != old->sensitive || !str_eq(d.s.content, old->content) || !same_media(&d.s, old) ||
              !str_eq(d.s.language, old->language) || d.s.poll != old->poll;
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
    const struct ids *ids = arg;

    for (size_t i = 0; i < ids->n; i++)
        if (c->env->ring != NULL)
            ring_remove(c->env->ring, ids->v[i]);
}

enum err
service_status_remove(struct ctx *c, struct status *s, bool federate)
{
    struct fed_action a = { .account_id = s->account_id, .status_id = s->id, .object_uri = s->uri };
    struct ids *gone = arena_new(c->mem, struct ids);
    struct cursor_ids reblogs;

    if (federate && account_is_local(s->account)) {
        TRY(service_audience_status(c, s, true, &a.inboxes));
        a.kind = s->reblog_of_id != 0 ? FED_UNDO_REBLOG : FED_STATUS_DELETE;
        if (s->reblog_of_id != 0) {
            a.uri = s->uri;
            a.object_uri = s->reblog->uri;
        }
        TRY(service_document_audience(c, s, &a.to, &a.cc));
        TRY(store_delivery_cancel_status(c, s->id));
        TRY(service_federate(c, &a));
    }
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

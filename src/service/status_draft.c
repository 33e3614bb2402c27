/* New and edited statuses before they are stored: each piece of what the author asks for is checked and made. */
#include "ap/uri.h"
#include "base/clock.h"
#include "base/id.h"
#include "db/db.h"
#include "queue/queue.h"
#include "service/expiry.h"
#include "service/collection.h"
#include "service/federate.h"
#include "service/interaction.h"
#include "service/internal.h"
#include "service/poll.h"
#include "service/quote.h"
#include "service/search_index.h"
#include "service/status.h"
#include "service/status_internal.h"
#include "service/trend.h"
#include "store/account.h"
#include "store/media.h"
#include "store/status.h"
#include "text/i18n.h"
#include "text/language.h"
#include "text/link.h"
#include "text/unicode.h"

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

enum err
service_status_preview(struct ctx *c, const struct post_params *p, struct status_preview *out)
{
    enum compose_kind kind = str_eqz(p->content_type, "text/markdown") ? COMPOSE_MARKDOWN : COMPOSE_PLAIN;
    struct formatted f;

    TRY(service_compose(c, text_lines(c->mem, p->status), kind, false, &f));
    *out = (struct status_preview){ .html = f.html, .characters = text_count(c->mem, p->status, p->spoiler_text) };
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
    s->language = text_language_of(c->mem, p->language);
    if (s->language.n == 0 && p->language.n > 0 && !text_language_ok(p->language))
        return ctx_fail_public(c, ERR_INVALID, "Validation failed: Language is not supported");
    if (s->language.n == 0) /* not named, or by a tag of none that is known */
        s->language = text_language_of(c->mem, dflt.language);
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
    bool ask;

    if (d->above != NULL && d->above->s.approval == APPROVAL_WAITING)
        return ctx_fail_public(
            c, ERR_INVALID, "Validation failed: A thread cannot begin with a post whose recipient is asked first");
    if (d->above != NULL)
        d->s.local_only = d->above->s.local_only;
    if (p->in_reply_to_id == 0 || d->above != NULL)
        return ERR_OK;
    e = service_status_get(c, p->in_reply_to_id, &d->parent);
    if (e == ERR_NOT_FOUND)
        return ctx_fail_public(c, ERR_NOT_FOUND, "The post you are trying to reply to does not appear to exist.");
    TRY(e);
    if (d->parent->reblog != NULL)
        d->parent = d->parent->reblog;
    TRY(service_interaction_check(c, d->parent, INTERACT_REPLY, &ask));
    d->s.approval = ask && !d->s.local_only ? APPROVAL_WAITING : APPROVAL_FREE;
    d->s.in_reply_to_id = d->parent->id;
    d->s.in_reply_to_account_id = d->parent->account_id;
    d->s.conversation_id = d->parent->conversation_id;
    d->s.local_only = d->s.local_only || d->parent->local_only; /* nobody elsewhere could see what it answers */
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
    if (d->quoted->local_only && old != NULL && !old->local_only)
        return ctx_fail_public(c, ERR_INVALID, "Validation failed: This post cannot be quoted here");
    d->s.local_only = d->s.local_only || d->quoted->local_only;
    if (d->s.local_only && !d->quoted->local) /* its author would have to be asked */
        return ctx_fail_public(
            c, ERR_INVALID, "Validation failed: A post for this server alone cannot quote one of another server");
    d->requote = true;
    return ERR_OK;
}

/* Free, or held by what is published now: the status that is edited, the draft. */
static bool
media_is_free(struct ctx *c, const struct media_row *m, int64_t status_id, int64_t draft_id)
{
    return m->account_id == c->who.account_id && (m->status_id == 0 || m->status_id == status_id) &&
           (m->draft_id == 0 || m->draft_id == draft_id);
}

static enum err
draft_media(struct ctx *c, const struct post_params *p, int64_t status_id, int64_t draft_id, struct draft *d)
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

        if (e == ERR_NOT_FOUND || (e == ERR_OK && !media_is_free(c, m, status_id, draft_id)))
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
    struct strs of_warning = text_shortcodes(c->mem, s->spoiler_text), of_options;

    for (size_t i = 0; s->poll != NULL && i < s->poll->n; i++)
        options = str_cat(c->mem, options, S("\n"), s->poll->options[i].title, STR_NONE);
    of_options = text_shortcodes(c->mem, options);
    s->emoji_codes = strs_cat(c->mem, of_text, &of_warning, &of_options, NULL);
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

/* ---- whole posts ------------------------------------------------------------------------------------------------- */

enum err
status_draft_new(
    struct ctx *c, const struct account *me, const struct post_params *p, int64_t draft_id, struct draft *d)
{
    d->s.local_only = p->local_only;
    TRY(check_text(c, p, p->media_ids.n > 0 || p->quoted_status_id != 0));
    TRY(draft_settings(c, p, me, d));
    TRY(draft_reply(c, p, d));
    TRY(draft_quote(c, p, NULL, d));
    TRY(draft_media(c, p, 0, draft_id, d));
    TRY(draft_poll(c, p, d));
    TRY(service_expiry_draft(c, p, &d->s.expires_ms));
    TRY(draft_format(c, p, d));
    if (d->quoted != NULL)
        service_quote_address(c, d->quoted, &d->s);
    return ERR_OK;
}

enum err
status_draft_again(
    struct ctx *c, const struct account *me, const struct post_params *q, const struct status *old, struct draft *d)
{
    TRY(check_text(c, q, q->media_ids.n > 0 || (q->drop_quote ? NULL : old->quote) != NULL));
    d->s = *old;
    TRY(draft_settings(c, q, me, d));
    d->s.visibility = old->visibility;
    d->s.quote_policy = q->quote_choice < 0 ? old->quote_policy
                                            : service_quote_policy(old->visibility, (enum quote_choice)q->quote_choice);
    TRY(draft_quote(c, q, old, d));
    TRY(draft_media(c, q, old->id, 0, d));
    TRY(draft_poll(c, q, d));
    if (q->has_expiry)
        TRY(service_expiry_draft(c, q, &d->s.expires_ms));
    return draft_format(c, q, d);
}

/* In the transaction: the row with its ids and URLs, and the jobs that follow from it. */
enum err
status_draft_store(struct ctx *c, const struct account *me, struct draft *d, int64_t now_ms)
{
    struct status *s = &d->s;
    struct str base = c->env->conf->origin;

    s->account_id = me->id;
    s->user_id = c->who.user_id;
    s->local = true;
    s->created_ms = now_ms;
    s->uri = ap_uri(c->mem, base, AP_URI_STATUS, me->id, s->id);
    s->url = ap_uri_named(c->mem, base, AP_URI_PROFILE_STATUS, me->username, s->id);
    if (d->above != NULL) {
        s->in_reply_to_id = d->above->s.id;
        s->in_reply_to_account_id = me->id;
        s->conversation_id = d->above->s.conversation_id;
    }
    if (s->conversation_id == 0)
        TRY(store_conversation_get(c, ap_uri(c->mem, base, AP_URI_CONTEXT, me->id, s->id), &s->conversation_id));
    TRY(store_status_insert(c, s));
    TRY(service_collection_tag(c, s, &(struct strs){ 0 }));
    TRY(service_poll_store(c, s, NULL));
    if (d->quoted != NULL)
        TRY(service_quote_put(c, s, d->quoted));
    TRY(service_expiry_put(c, s));
    TRY(service_index_posted(c, s, me));
    if (s->approval == APPROVAL_WAITING)
        return service_interaction_ask(c, INTERACT_REPLY, d->parent, s->id);
    TRY(service_trend_posted(c, s, me));
    TRY(queue_put_id(c, J_FAN_OUT, s->id));
    return service_federate(
        c, &(struct fed_action){ .kind = FED_STATUS_CREATE, .account_id = me->id, .status_id = s->id });
}

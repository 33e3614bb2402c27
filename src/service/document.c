/* From the model to the structs of ap/write_*. */
#include "service/document.h"

#include "base/clock.h"
#include "base/conf.h"
#include "base/page.h"
#include "crypto/sign.h"
#include "media/probe.h"
#include "media/store.h"
#include "service/account.h"
#include "service/collection.h"
#include "service/quote_internal.h"
#include "store/account.h"
#include "store/account_key.h"
#include "store/approval.h"
#include "store/receive.h"
#include "store/status.h"
#include "text/html.h"

enum { FIRST_REPLIES = 5 };

struct ap_site
service_site(const struct ctx *c)
{
    const struct config *conf = c->env->conf;

    return (struct ap_site){ conf->origin, conf->host, conf->domain };
}

struct str
service_document_file(struct ctx *c, struct str key)
{
    if (key.n == 0)
        return STR_NONE;
    return str_cat(c->mem, c->env->conf->origin, media_store_url(c->mem, key), STR_NONE);
}

struct str
service_document_file_type(struct str key)
{
    ptrdiff_t dot = str_rchr(key, '.');

    return dot < 0 ? STR_NONE : str_z(media_type_mime(media_type_by_ext(str_sub(key, (size_t)dot + 1, key.n))));
}

void
service_document_emoji(struct ctx *c, const struct emoji_ref *e, struct ap_emoji_out *out)
{
    *out = (struct ap_emoji_out){ .id = e->id,
        .shortcode = e->shortcode,
        .updated_ms = e->updated_ms,
        .url = service_document_file(c, e->file),
        .media_type = service_document_file_type(e->file) };
}

static void
put_emojis(struct ctx *c, const struct emoji_refs *v, const struct ap_emoji_out **out, size_t *n)
{
    struct ap_emoji_out *list = arena_vec(c->mem, struct ap_emoji_out, v->n);

    *n = 0;
    for (size_t i = 0; i < v->n; i++)
        if (v->v[i].file.n > 0)
            service_document_emoji(c, &v->v[i], &list[(*n)++]);
    *out = list;
}

/* ---- actors ---------------------------------------------------------------------------------------------------- */

static enum err
put_keys(struct ctx *c, const struct account *a, struct ap_actor_out *out)
{
    struct account_keys keys;

    TRY(service_account_own_keys(c, a->id, &keys));
    for (size_t i = 0; i < keys.n; i++) {
        struct public_key k;

        if (keys.v[i].revoked_ms != 0 || key_unpack(keys.v[i].public, &k) != ERR_OK)
            continue;
        if (k.kind == KEY_RSA) {
            out->rsa_pem = key_pem(c->mem, &k);
            out->rsa_id = keys.v[i].uri;
        } else if (k.kind == KEY_ED25519) {
            out->ed25519_multikey = key_multikey(c->mem, &k);
            out->ed25519_id = keys.v[i].uri;
        }
    }
    return ERR_OK;
}

static enum ap_type
actor_type(const struct account *a)
{
    enum ap_type t = ap_type_from(a->actor_type);

    if (a->bot)
        return AP_SERVICE;
    return t == AP_GROUP || t == AP_ORGANIZATION ? t : AP_PERSON;
}

static void
put_pictures(struct ctx *c, const struct account *a, struct ap_actor_out *out)
{
    out->icon_url = service_document_file(c, a->avatar);
    out->icon_type = service_document_file_type(a->avatar);
    out->icon_alt = a->avatar_text;
    out->image_url = service_document_file(c, a->header);
    out->image_type = service_document_file_type(a->header);
    out->image_alt = a->header_text;
}

enum err
service_document_actor(struct ctx *c, const struct account *a, struct ap_actor_out *out)
{
    struct ap_field_out *fields = arena_vec(c->mem, struct ap_field_out, a->n_fields);

    for (size_t i = 0; i < a->n_fields; i++)
        fields[i] = (struct ap_field_out){ a->fields[i].name, a->fields[i].value };
    *out = (struct ap_actor_out){ .id = a->id,
        .type = actor_type(a),
        .username = a->username,
        .name = a->display_name,
        .summary_html = a->note,
        .fields = fields,
        .n_fields = a->n_fields,
        .also_known_as = a->also_known_as,
        .moved_to = a->moved != NULL ? a->moved->uri : STR_NONE,
        .attribution_domains = a->attribution_domains,
        .created_ms = a->created_ms,
        .locked = a->locked,
        .discoverable = a->discoverable,
        .indexable = a->indexable,
        .memorial = a->memorial,
        .show_featured = a->show_featured,
        .show_media = a->show_media,
        .show_replies_in_media = a->show_media_replies,
        .suspended = a->suspended_ms != 0 };
    put_pictures(c, a, out);
    put_emojis(c, &a->emojis, &out->emojis, &out->n_emojis);
    return put_keys(c, a, out);
}

/* ---- statuses -------------------------------------------------------------------------------------------------- */

/* Groups among the mentioned get the post into their followers collection too: that is how they pass it on. */
static enum err
put_group_followers(struct ctx *c, const struct status *s, struct ap_mention_out *v, size_t n)
{
    struct ids ids = { arena_vec(c->mem, int64_t, s->n_mentions), 0 };
    struct accounts people;

    for (size_t i = 0; i < s->n_mentions; i++)
        if (s->mentions[i].domain.n > 0)
            ids.v[ids.n++] = s->mentions[i].account_id;
    if (ids.n == 0 || s->visibility > VIS_UNLISTED)
        return ERR_OK;
    TRY(store_account_list(c, &ids, &people));
    for (size_t i = 0; i < people.n; i++)
        for (size_t k = 0; k < n; k++)
            if (str_eq(v[k].id, people.v[i]->uri) && str_eq(people.v[i]->actor_type, S("Group")))
                v[k].followers = people.v[i]->followers_uri;
    return ERR_OK;
}

static enum err
put_mentions(struct ctx *c, const struct status *s, struct ap_note_out *out)
{
    struct ap_mention_out *v = arena_vec(c->mem, struct ap_mention_out, s->n_mentions);
    size_t n = 0;

    for (size_t i = 0; i < s->n_mentions; i++) {
        const struct mention_ref *m = &s->mentions[i];
        struct str domain = m->domain.n > 0 ? m->domain : c->env->conf->domain;

        if (!m->silent)
            v[n++] = (struct ap_mention_out){ .id = m->uri,
                .handle = str_cat(c->mem, S("@"), m->username, S("@"), domain, STR_NONE) };
    }
    out->mentions = v;
    out->n_mentions = n;
    return put_group_followers(c, s, v, n);
}

/* An answer in a group is read there when the group gets it too: it passes it on (FEP-1b12). */
static enum err
put_groups(struct ctx *c, const struct status *s, struct ap_note_out *out)
{
    struct ids ids;

    if (s->in_reply_to_id == 0 || s->visibility > VIS_UNLISTED)
        return ERR_OK;
    return store_status_groups(c, s->in_reply_to_id, &ids, &out->groups);
}

static void
put_attachments(struct ctx *c, const struct status *s, struct ap_note_out *out)
{
    struct ap_attachment_out *v = arena_vec(c->mem, struct ap_attachment_out, s->n_media);

    for (size_t i = 0; i < s->n_media; i++) {
        const struct media_row *m = &s->media[i];

        if (m->file.n == 0)
            continue;
        v[out->n_attachments++] = (struct ap_attachment_out){ .url = service_document_file(c, m->file),
            .media_type = m->mime,
            .alt = m->description,
            .blurhash = m->blurhash,
            .icon_url = m->kind == MEDIA_IMAGE ? STR_NONE : service_document_file(c, m->thumb),
            .width = m->width,
            .height = m->height,
            .duration_ms = m->duration_ms,
            .has_focus = m->focus_x != 0 || m->focus_y != 0,
            .focus_x = m->focus_x,
            .focus_y = m->focus_y };
    }
    out->attachments = v;
}

/* Hidden tallies are zeros until the end. */
static void
put_poll(struct ctx *c, const struct poll *p, struct ap_note_out *out)
{
    struct ap_option_out *options;
    struct ap_poll_out *x;
    bool over;

    if (p == NULL)
        return;
    over = poll_is_over(p, clock_ms());
    options = arena_vec(c->mem, struct ap_option_out, p->n);
    for (size_t i = 0; i < p->n; i++)
        options[i] = (struct ap_option_out){ p->options[i].title, p->hide_totals && !over ? 0 : p->options[i].votes };
    x = arena_new(c->mem, struct ap_poll_out);
    *x = (struct ap_poll_out){ .multiple = p->multiple,
        .end_ms = p->expires_ms,
        .closed_ms = over ? p->expires_ms : 0,
        .voters = MAX(p->voters, 0),
        .options = options,
        .n = p->n };
    out->poll = x;
}

static enum err
put_thread(struct ctx *c, const struct status *s, struct ap_note_out *out)
{
    struct statuses replies;
    struct status *parent;
    struct ids ids;

    out->in_reply_to = s->in_reply_to_uri;
    if (s->in_reply_to_id != 0) {
        enum err e = store_status_get(c, s->in_reply_to_id, &parent);

        if (e == ERR_NOT_FOUND) /* deleted with its author */
            ctx_ok(c);
        else
            TRY(e);
        if (e == ERR_OK)
            out->in_reply_to = parent->uri;
    }
    if (s->replies == 0)
        return ERR_OK;
    TRY(store_status_replies(c, s->id, s->account_id, false, 0, FIRST_REPLIES, &ids));
    TRY(store_status_list(c, &ids, &replies));
    out->first_replies = (struct strs){ arena_vec(c->mem, struct str, replies.n), replies.n };
    for (size_t i = 0; i < replies.n; i++)
        out->first_replies.v[i] = replies.v[i]->uri;
    return ERR_OK;
}

static enum ap_quote_policy
quote_policy_of(const struct status *s)
{
    if ((s->quote_policy & QUOTE_BY_PUBLIC) != 0)
        return AP_QUOTE_PUBLIC;
    if ((s->quote_policy & QUOTE_BY_FOLLOWERS) != 0)
        return AP_QUOTE_FOLLOWERS;
    return (s->quote_policy & QUOTE_BY_FOLLOWING) != 0 ? AP_QUOTE_FOLLOWING : AP_QUOTE_NOBODY;
}

/* What consent was refused for, or taken back from, is a link and no quote any more; what is deleted says so. */
static void
put_quote(struct ctx *c, const struct status *s, struct ap_note_out *out)
{
    const struct quote *q = s->quote;

    if (q == NULL)
        return;
    if (q->state == QUOTE_PENDING || q->state == QUOTE_ACCEPTED) {
        out->quote = q->quoted_uri;
        out->quote_authorization = service_quote_stamp_uri(c, q);
    } else if (q->state == QUOTE_DELETED) {
        out->quote_gone = q->quoted_uri;
    }
    out->html = str_cat(c->mem, text_html_quote_link(c->mem, q->quoted_url.n > 0 ? q->quoted_url : q->quoted_uri),
        s->content, STR_NONE);
}

enum err
service_document_note(struct ctx *c, const struct status *s, struct ap_note_out *out)
{
    *out = (struct ap_note_out){ .id = s->id,
        .account_id = s->account_id,
        .username = s->account->username,
        .visibility = s->visibility,
        .html = s->content,
        .lang = s->language,
        .summary = s->spoiler_text,
        .sensitive = s->sensitive,
        .created_ms = s->created_ms,
        .edited_ms = s->edited_ms,
        .quote_policy = quote_policy_of(s),
        .searchable = s->account->indexable && s->visibility == VIS_PUBLIC,
        .n_likes = s->favourites,
        .n_shares = s->reblogs };
    out->hashtags = (struct strs){ arena_vec(c->mem, struct str, s->n_tags), s->n_tags };
    for (size_t i = 0; i < s->n_tags; i++)
        out->hashtags.v[i] = s->tags[i].display;
    if (s->approval == APPROVAL_GIVEN)
        TRY(store_approval_stamp(c, s->id, &out->reply_authorization));
    put_quote(c, s, out);
    put_attachments(c, s, out);
    put_poll(c, s->poll, out);
    put_emojis(c, &s->emojis, &out->emojis, &out->n_emojis);
    TRY(put_mentions(c, s, out));
    TRY(put_groups(c, s, out));
    TRY(service_collection_tag_uris(c, s->id, &out->collections));
    TRY(store_conversation_uri(c, s->conversation_id, &out->context));
    return put_thread(c, s, out);
}

enum err
service_document_announce(struct ctx *c, const struct status *s, struct ap_announce_out *out)
{
    struct ap_note_out *note;
    bool own;

    if (s->reblog == NULL)
        return ctx_fail(c, ERR_NOT_FOUND, "boost %lld went with its post", (long long)s->id);
    own = s->reblog->account_id == s->account_id;
    *out = (struct ap_announce_out){ .id = s->id,
        .account_id = s->account_id,
        .object = s->reblog->uri,
        .author = own ? STR_NONE : s->reblog->account->uri,
        .visibility = s->visibility,
        .created_ms = s->created_ms };
    if (s->approval == APPROVAL_GIVEN)
        TRY(store_approval_stamp(c, s->id, &out->authorization));
    if (!own || s->reblog->visibility != VIS_PRIVATE)
        return ERR_OK;
    note = arena_new(c->mem, struct ap_note_out);
    TRY(service_document_note(c, s->reblog, note));
    out->inline_note = note;
    return ERR_OK;
}

enum err
service_document_audience(struct ctx *c, const struct status *s, struct strs *to, struct strs *cc)
{
    struct ap_site site = service_site(c);
    struct ap_announce_out announce;
    struct ap_activity_out act;
    struct ap_note_out note;

    if (s->reblog != NULL) {
        TRY(service_document_announce(c, s, &announce));
        ap_announce_of(c->mem, &site, &announce, &act);
        *to = act.to;
        *cc = act.cc;
        return ERR_OK;
    }
    note = (struct ap_note_out){ .id = s->id, .account_id = s->account_id, .visibility = s->visibility };
    TRY(put_mentions(c, s, &note));
    TRY(put_groups(c, s, &note));
    ap_note_audience(c->mem, &site, &note, to, cc);
    return ERR_OK;
}

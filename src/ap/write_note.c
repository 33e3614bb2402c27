/* Notes and Questions. */
#include "ap/write_note.h"

#include "ap/read.h"
#include "base/arena.h"
#include "base/buf.h"

/* ---- addressees -------------------------------------------------------------------------------------------------------- */

static void
add(struct strs *list, struct str id)
{
    if (id.n > 0)
        strs_add(list, id);
}

void
ap_note_audience(
    struct arena *a, const struct ap_site *site, const struct ap_note_out *x, struct strs *to, struct strs *cc)
{
    struct str followers = ap_uri(a, site->origin, AP_URI_FOLLOWERS, x->account_id, 0);
    struct strs *mentioned = x->visibility == VIS_DIRECT || x->visibility == VIS_LIMITED ? to : cc;
    size_t cap = x->n_mentions * 2 + x->groups.n + 2;
    bool open = x->visibility == VIS_PUBLIC || x->visibility == VIS_UNLISTED;

    *to = (struct strs){ arena_vec(a, struct str, cap), 0 };
    *cc = (struct strs){ arena_vec(a, struct str, cap), 0 };
    switch (x->visibility) {
    case VIS_PUBLIC:
        add(to, S(AP_PUBLIC_ID));
        add(cc, followers);
        break;
    case VIS_UNLISTED:
        add(to, followers);
        add(cc, S(AP_PUBLIC_ID));
        break;
    case VIS_PRIVATE:
        add(to, followers);
        break;
    default: /* nobody but those mentioned: whatever is not known here is direct */
        break;
    }
    for (size_t i = 0; i < x->n_mentions; i++) {
        add(mentioned, x->mentions[i].id);
        if (open)
            add(cc, x->mentions[i].followers); /* of a Group: it passes the post on */
    }
    for (size_t i = 0; open && i < x->groups.n; i++)
        add(cc, x->groups.v[i]);
}

/* ---- parts --------------------------------------------------------------------------------------------------------------- */

static void
put_tags(struct json *j, struct arena *a, const struct ap_site *site, const struct ap_note_out *x)
{
    json_arr(j, "tag");
    for (size_t i = 0; i < x->n_mentions; i++) {
        json_obj(j, NULL);
        json_str(j, "type", S("Mention"));
        json_str(j, "href", x->mentions[i].id);
        json_str(j, "name", x->mentions[i].handle);
        json_end(j);
    }
    for (size_t i = 0; i < x->hashtags.n; i++)
        ap_hashtag_write(j, a, site, x->hashtags.v[i]);
    for (size_t i = 0; i < x->n_emojis; i++)
        ap_emoji_write_in(j, a, site, &x->emojis[i], AP_CONTEXT_NONE);
    for (size_t i = 0; i < x->collections.n; i++) {
        json_obj(j, NULL);
        json_str(j, "type", S("FeaturedCollection"));
        json_str(j, "id", x->collections.v[i]);
        json_end(j);
    }
    if (x->quote.n > 0) { /* FEP-e232 */
        json_obj(j, NULL);
        json_str(j, "type", S("Link"));
        json_str(j, "mediaType", S("application/ld+json; profile=\"" AP_AS "\""));
        json_str(j, "rel", S("https://misskey-hub.net/ns#_misskey_quote"));
        json_str(j, "href", x->quote);
        json_str(j, "name", str_cat(a, S("RE: "), x->quote, STR_NONE));
        json_end(j);
    }
    json_end(j);
}

/* Seconds with at most three decimals: PT12.5S. */
static struct str
duration(struct arena *a, int64_t ms)
{
    struct buf b;

    buf_init(&b, a, 64);
    buf_putz(&b, "PT");
    buf_put_int(&b, ms / 1000);
    if (ms % 1000 != 0) {
        int64_t part = ms % 1000;

        buf_putc(&b, '.');
        for (int64_t scale = 100; part > 0; part %= scale, scale /= 10)
            buf_putc(&b, (char)('0' + part / scale));
    }
    buf_putc(&b, 'S');
    return buf_str(&b);
}

/* No empty blurhash and no zero sizes: Pixelfed drops the whole post for them. */
static void
put_attachment(struct json *j, struct arena *a, const struct ap_attachment_out *m)
{
    json_obj(j, NULL);
    json_str(j, "type", S("Document"));
    json_str(j, "mediaType", m->media_type);
    json_str(j, "url", m->url);
    json_str_or_null(j, "name", m->alt);
    if (m->blurhash.n > 0)
        json_str(j, "blurhash", m->blurhash);
    if (m->width > 0 && m->height > 0) {
        json_int(j, "width", m->width);
        json_int(j, "height", m->height);
    }
    if (m->has_focus) {
        json_arr(j, "focalPoint");
        json_num(j, NULL, m->focus_x);
        json_num(j, NULL, m->focus_y);
        json_end(j);
    }
    if (m->duration_ms > 0)
        json_str(j, "duration", duration(a, m->duration_ms));
    if (m->icon_url.n > 0) {
        json_obj(j, "icon");
        json_str(j, "type", S("Image"));
        json_str(j, "url", m->icon_url);
        json_end(j);
    }
    json_end(j);
}

static void
put_attachments(struct json *j, struct arena *a, const struct ap_note_out *x)
{
    json_arr(j, "attachment");
    for (size_t i = 0; i < x->n_attachments; i++)
        put_attachment(j, a, &x->attachments[i]);
    if (x->card_url.n > 0) {
        json_obj(j, NULL);
        json_str(j, "type", S("Link"));
        json_str(j, "href", x->card_url);
        json_end(j);
    }
    json_end(j);
}

static void
put_poll(struct json *j, struct arena *a, const struct ap_poll_out *p)
{
    if (p == NULL)
        return;
    json_arr(j, p->multiple ? "anyOf" : "oneOf");
    for (size_t i = 0; i < p->n; i++) {
        json_obj(j, NULL);
        json_str(j, "type", S("Note"));
        json_str(j, "name", p->options[i].title);
        json_obj(j, "replies");
        json_str(j, "type", S("Collection"));
        json_int(j, "totalItems", p->options[i].votes);
        json_end(j);
        json_end(j);
    }
    json_end(j);
    if (p->end_ms > 0)
        ap_time_write(j, a, "endTime", p->end_ms);
    if (p->closed_ms > 0)
        ap_time_write(j, a, "closed", p->closed_ms);
    json_int(j, "votersCount", p->voters);
}

static void
put_quote(struct json *j, const struct ap_note_out *x)
{
    if (x->quote_gone.n > 0) {
        json_obj(j, "quote");
        json_str(j, "type", S("Tombstone"));
        json_str(j, "id", x->quote_gone);
        json_end(j);
    }
    if (x->quote.n == 0)
        return;
    json_str(j, "quote", x->quote);
    json_str(j, "_misskey_quote", x->quote);
    json_str(j, "quoteUri", x->quote);
    json_str(j, "quoteUrl", x->quote);
    if (x->quote_authorization.n > 0)
        json_str(j, "quoteAuthorization", x->quote_authorization);
}

static void
put_authorization(struct json *j, const struct ap_note_out *x)
{
    if (x->reply_authorization.n == 0)
        return;
    json_str(j, "replyAuthorization", x->reply_authorization);
    json_str(j, "approvedBy", x->reply_authorization); /* what GoToSocial looked at before 0.20 */
}

static void
put_policy(struct json *j, struct arena *a, const struct ap_site *site, const struct ap_note_out *x)
{
    struct str who;

    switch (x->quote_policy) {
    case AP_QUOTE_PUBLIC:
        who = S(AP_PUBLIC_ID);
        break;
    case AP_QUOTE_FOLLOWERS:
        who = ap_uri(a, site->origin, AP_URI_FOLLOWERS, x->account_id, 0);
        break;
    case AP_QUOTE_FOLLOWING:
        who = ap_uri(a, site->origin, AP_URI_FOLLOWING, x->account_id, 0);
        break;
    default:
        who = ap_uri(a, site->origin, AP_URI_ACTOR, x->account_id, 0);
        break;
    }
    json_obj(j, "interactionPolicy");
    json_obj(j, "canQuote");
    ap_ids_write(j, "automaticApproval", (struct strs){ &who, 1 });
    json_end(j);
    json_end(j);
}

static void
put_counted(struct json *j, const char *key, struct str id, int64_t total)
{
    json_obj(j, key);
    json_str(j, "id", id);
    json_str(j, "type", S("Collection"));
    json_int(j, "totalItems", total);
    json_end(j);
}

static void
put_collections(struct json *j, struct arena *a, const struct ap_site *site, const struct ap_note_out *x)
{
    struct str replies = ap_uri(a, site->origin, AP_URI_STATUS_REPLIES, x->account_id, x->id);

    json_obj(j, "replies");
    json_str(j, "id", replies);
    json_str(j, "type", S("Collection"));
    json_obj(j, "first");
    json_str(j, "type", S("CollectionPage"));
    json_str(j, "partOf", replies);
    json_str(j, "next", str_cat(a, replies, S("?only_other_accounts=true&page=true"), STR_NONE));
    ap_ids_write(j, "items", x->first_replies);
    json_end(j);
    json_end(j);
    put_counted(j, "likes", ap_uri(a, site->origin, AP_URI_STATUS_LIKES, x->account_id, x->id), x->n_likes);
    put_counted(j, "shares", ap_uri(a, site->origin, AP_URI_STATUS_SHARES, x->account_id, x->id), x->n_shares);
}

static void
put_content(struct json *j, const struct ap_note_out *x)
{
    json_str_or_null(j, "summary", x->summary);
    json_bool(j, "sensitive", x->sensitive);
    if (x->title.n > 0)
        json_str(j, "name", x->title);
    json_str(j, "content", x->html);
    if (x->lang.n == 0)
        return;
    json_obj(j, "contentMap");
    json_member(j, x->lang);
    json_str(j, NULL, x->html);
    json_end(j);
}

/* ---- the post ------------------------------------------------------------------------------------------------------------ */

void
ap_note_write_in(struct json *j, struct arena *a, const struct ap_site *site, const char *key, enum ap_context context,
    const struct ap_note_out *x)
{
    struct str thread = x->context;
    struct strs to, cc;

    ap_note_audience(a, site, x, &to, &cc);
    if (thread.n == 0)
        thread = ap_uri(a, site->origin, AP_URI_CONTEXT, x->account_id, x->id);
    json_obj(j, key);
    ap_context_write(j, context);
    json_str(j, "id", ap_uri(a, site->origin, AP_URI_STATUS, x->account_id, x->id));
    json_str(j, "type", x->poll != NULL ? S("Question") : S("Note"));
    json_str(j, "attributedTo", ap_uri(a, site->origin, AP_URI_ACTOR, x->account_id, 0));
    ap_time_write(j, a, "published", x->created_ms);
    if (x->edited_ms > 0)
        ap_time_write(j, a, "updated", x->edited_ms);
    json_str(j, "url", ap_uri_named(a, site->origin, AP_URI_PROFILE_STATUS, x->username, x->id));
    ap_ids_write(j, "to", to);
    ap_ids_write(j, "cc", cc);
    json_str_or_null(j, "inReplyTo", x->in_reply_to);
    json_str(j, "conversation", thread);
    if (str_starts(thread, S("http")))
        json_str(j, "context", thread);
    if (x->visibility == VIS_DIRECT || x->visibility == VIS_LIMITED)
        json_bool(j, "directMessage", x->visibility == VIS_DIRECT);
    put_content(j, x);
    put_attachments(j, a, x);
    put_tags(j, a, site, x);
    put_poll(j, a, x->poll);
    put_quote(j, x);
    put_authorization(j, x);
    put_policy(j, a, site, x);
    ap_search_write(j, ap_uri(a, site->origin, AP_URI_ACTOR, x->account_id, 0), x->searchable);
    put_collections(j, a, site, x);
    json_end(j);
}

struct str
ap_note_write(struct arena *a, const struct ap_site *site, const struct ap_note_out *x)
{
    struct json j;
    struct buf b;

    buf_init(&b, a, AP_OUT_BYTES_MAX);
    json_init(&j, &b);
    ap_note_write_in(&j, a, site, NULL, AP_CONTEXT_NOTE, x);
    return ap_json_done(&j);
}

void
ap_vote_write_in(
    struct json *j, struct arena *a, const struct ap_site *site, const char *key, const struct ap_vote_out *v)
{
    struct str author = v->author;

    json_obj(j, key);
    json_str(j, "id", ap_uri(a, site->origin, AP_URI_VOTE, v->account_id, v->id));
    json_str(j, "type", S("Note"));
    json_str(j, "name", v->option);
    json_str(j, "attributedTo", ap_uri(a, site->origin, AP_URI_ACTOR, v->account_id, 0));
    ap_ids_write(j, "to", (struct strs){ &author, 1 });
    json_str(j, "inReplyTo", v->question);
    json_end(j);
}

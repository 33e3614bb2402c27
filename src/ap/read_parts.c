/* The lists inside a post: tags, attachments, poll options. */
#include "ap/internal.h"
#include "base/arena.h"
#include "base/utf8.h"

/* ---- tags -------------------------------------------------------------------------------------------------------------- */

static void
read_mention(struct arena *a, const struct val *tag, struct ap_note *x)
{
    struct ap_mention m = { ap_uri_or_none(val_str(val_get(tag, S("href")))), ap_as_text(a, tag, S("name")).text };

    if (m.href.n > 0 || m.name.n > 1)
        x->mentions[x->n_mentions++] = m;
}

static void
read_hashtag(struct arena *a, const struct val *tag, struct ap_note *x)
{
    struct ap_hashtag h = { ap_as_text(a, tag, S("name")).text, ap_as_url(a, tag) };

    if (str_starts(h.name, S("#")))
        h.name = str_sub(h.name, 1, h.name.n);
    else if (str_starts(h.name, S("\xef\xbc\x83"))) /* U+FF03, the full-width number sign */
        h.name = str_sub(h.name, 3, h.name.n);
    if (h.name.n > 0 && h.name.n <= AP_NAME_BYTES_MAX)
        x->hashtags[x->n_hashtags++] = h;
}

/* Mastodon gives an id, as in any object; who writes it like a Mention gives an href. */
static void
read_collection(const struct val *tag, struct ap_note *x)
{
    struct str id = ap_as_id(tag);

    if (id.n > 0 && x->collections.n < STATUS_COLLECTIONS_MAX)
        x->collections.v[x->collections.n++] = id;
}

void
ap_tags_read(struct arena *a, const struct val *tags, struct ap_note *x)
{
    size_t n = MIN(ap_as_count(tags), (size_t)AP_TAGS_MAX);

    x->mentions = arena_vec(a, struct ap_mention, AP_MENTIONS_MAX);
    x->hashtags = arena_vec(a, struct ap_hashtag, n);
    x->emojis = arena_vec(a, struct ap_emoji, n);
    x->collections.v = arena_vec(a, struct str, STATUS_COLLECTIONS_MAX);
    for (size_t i = 0; i < n; i++) {
        const struct val *tag = ap_as_at(tags, i);

        switch (ap_type_of(tag)) {
        case AP_MENTION:
            if (x->n_mentions < AP_MENTIONS_MAX)
                read_mention(a, tag, x);
            break;
        case AP_HASHTAG:
        case AP_COMMUNITY_POST_TAG:
            read_hashtag(a, tag, x);
            break;
        case AP_EMOJI:
            x->n_emojis += ap_as_emoji(a, tag, &x->emojis[x->n_emojis]) ? 1 : 0;
            break;
        case AP_FEATURED_COLLECTION:
            read_collection(tag, x);
            break;
        default:
            break; /* without a type, or of one we do not show */
        }
    }
}

/* ---- attachments --------------------------------------------------------------------------------------------------------- */

static enum media_kind
kind_of(const struct val *v, struct str media_type)
{
    if (str_startsi(media_type, S("image/")))
        return MEDIA_IMAGE;
    if (str_startsi(media_type, S("video/")))
        return MEDIA_VIDEO;
    if (str_startsi(media_type, S("audio/")))
        return MEDIA_AUDIO;
    switch (ap_type_of(v)) {
    case AP_IMAGE:
        return MEDIA_IMAGE;
    case AP_VIDEO:
        return MEDIA_VIDEO;
    case AP_AUDIO:
        return MEDIA_AUDIO;
    default:
        return MEDIA_UNKNOWN;
    }
}

static void
read_focus(const struct val *v, struct ap_attachment *m)
{
    const struct val *f = val_get(v, S("focalPoint"));
    double x = val_num(val_at(f, 0), 2), y = val_num(val_at(f, 1), 2);

    m->has_focus = f->n == 2 && x >= -1 && x <= 1 && y >= -1 && y <= 1;
    if (m->has_focus) {
        m->focus_x = x;
        m->focus_y = y;
    }
}

static struct str
text_or(struct str x, struct str otherwise)
{
    return x.n > 0 ? x : otherwise;
}

static bool
read_media(struct arena *a, const struct val *v, struct ap_attachment *m)
{
    const struct val *url = ap_as_one(val_get(v, S("url"))), *inner = ap_as_node(url);
    struct str type = val_str(val_get(v, S("mediaType")));

    *m = (struct ap_attachment){ .url = ap_as_url(a, val_is_null(url) ? v : url) };
    if (m->url.p == NULL)
        return false;
    m->media_type = str_trim(text_or(type, val_str(val_get(inner, S("mediaType")))));
    m->kind = kind_of(v, m->media_type);
    m->alt = utf8_cut(text_or(ap_as_text(a, v, S("summary")).text, ap_as_text(a, v, S("name")).text), AP_ALT_BYTES_MAX);
    m->blurhash = val_str(val_get(v, S("blurhash")));
    if (m->blurhash.n > 200)
        m->blurhash = STR_NONE;
    m->width = MAX(ap_as_number(val_get(v, S("width"))), 0);
    m->height = MAX(ap_as_number(val_get(v, S("height"))), 0);
    m->duration_ms = MAX(ap_as_duration_ms(val_get(v, S("duration"))), 0);
    m->icon_url = ap_as_image(a, val_get(v, S("icon"))).url;
    m->sensitive = ap_as_bool(val_get(v, S("sensitive"))) || ap_as_bool(val_get(v, S("isSensitive")));
    read_focus(v, m);
    return true;
}

/* The picture of a video, event or article that has no attachments. */
static void
read_cover(struct arena *a, const struct val *doc, struct ap_note *x)
{
    struct ap_image img = ap_as_image(a, val_get(doc, S("image")));

    if (img.url.p == NULL)
        img = ap_as_image(a, val_get(doc, S("icon")));
    if (img.url.p == NULL)
        return;
    x->attachments[x->n_attachments++] = (struct ap_attachment){ .kind = MEDIA_IMAGE,
        .url = img.url,
        .media_type = img.media_type,
        .alt = img.alt,
        .blurhash = img.blurhash,
        .width = img.width,
        .height = img.height };
}

/* Funkwhale, Castopod: the sound is one of the links of the post itself.  Films of PeerTube are links only: nobody asked for gigabytes. */
static void
read_sound(struct arena *a, const struct val *doc, struct ap_note *x)
{
    const struct val *urls = val_get(doc, S("url"));

    for (size_t i = 0; i < ap_as_count(urls) && i < 16 && x->n_attachments == 0; i++) {
        const struct val *v = ap_as_at(urls, i);
        struct str type = text_or(val_str(val_get(v, S("mediaType"))), val_str(val_get(v, S("mimeType"))));
        struct ap_attachment m = { .kind = MEDIA_AUDIO, .url = ap_as_url(a, v), .media_type = type };

        if (m.url.p == NULL || !str_startsi(type, S("audio/")))
            continue;
        m.duration_ms = MAX(ap_as_duration_ms(val_get(doc, S("duration"))), 0);
        m.icon_url = ap_as_image(a, val_get(doc, S("icon"))).url;
        x->attachments[x->n_attachments++] = m;
    }
}

void
ap_attachments_read(struct arena *a, const struct val *doc, struct ap_note *x)
{
    const struct val *list = val_get(doc, S("attachment"));

    x->attachments = arena_vec(a, struct ap_attachment, AP_ATTACHMENTS_MAX);
    for (size_t i = 0; i < MIN(ap_as_count(list), (size_t)128) && x->n_attachments < AP_ATTACHMENTS_MAX; i++) {
        const struct val *v = ap_as_at(list, i);

        switch (ap_type_of(v)) {
        case AP_DOCUMENT:
        case AP_IMAGE:
        case AP_VIDEO:
        case AP_AUDIO:
            x->n_attachments += read_media(a, v, &x->attachments[x->n_attachments]) ? 1 : 0;
            break;
        case AP_LINK:
        case AP_PAGE:
            if (x->link.p == NULL) {
                x->link = ap_as_url(a, v);
                if (x->link.p == NULL)
                    x->link = ap_as_url(a, ap_as_one(val_get(v, S("url"))));
            }
            break;
        default:
            break;
        }
    }
    if (x->type == AP_AUDIO)
        read_sound(a, doc, x);
    if (x->n_attachments == 0 && x->type != AP_NOTE && x->type != AP_QUESTION)
        read_cover(a, doc, x);
    if (x->type == AP_IMAGE && x->n_attachments == 0)
        x->n_attachments += read_media(a, doc, &x->attachments[0]) ? 1 : 0;
}

/* ---- polls --------------------------------------------------------------------------------------------------------------- */

static void
read_options(struct arena *a, const struct val *list, struct ap_poll *p)
{
    size_t n = MIN(ap_as_count(list), (size_t)AP_OPTIONS_MAX);

    p->options = arena_vec(a, struct ap_option, n);
    for (size_t i = 0; i < n; i++) {
        const struct val *v = ap_as_at(list, i);
        struct ap_option o = { text_or(ap_as_text(a, v, S("name")).text, ap_as_text(a, v, S("content")).text), -1 };
        size_t k = 0;

        o.title = utf8_cut(o.title, AP_NAME_BYTES_MAX);
        o.votes = ap_as_number(val_get(val_get(v, S("replies")), S("totalItems")));
        if (o.votes < 0)
            o.votes = ap_as_number(val_get(v, S("_misskey_votes")));
        while (k < p->n && !str_eq(p->options[k].title, o.title))
            k++;
        if (o.title.n > 0 && k == p->n)
            p->options[p->n++] = o;
    }
}

void
ap_poll_read(struct arena *a, const struct val *doc, int64_t now_ms, struct ap_note *x)
{
    const struct val *any = val_get(doc, S("anyOf")), *one = val_get(doc, S("oneOf")),
                     *closed = val_get(doc, S("closed"));
    struct ap_poll *p;

    if (x->type != AP_QUESTION || (ap_as_count(any) == 0 && ap_as_count(one) == 0))
        return;
    p = arena_new(a, struct ap_poll);
    p->multiple = ap_as_count(any) > 0;
    read_options(a, p->multiple ? any : one, p);
    /* The end may lie years ahead: only the past is cut. */
    p->end_ms = ap_as_time(val_get(doc, S("endTime")), INT64_MAX / 2, 0);
    p->closed_ms = ap_as_time(closed, now_ms, closed->kind == VAL_BOOL && closed->b ? now_ms : 0);
    if (p->closed_ms > 0 && p->end_ms == 0)
        p->end_ms = p->closed_ms;
    if (p->closed_ms > now_ms) /* Pleroma: closed is the future end */
        p->closed_ms = 0;
    p->voters = ap_as_number(val_get(doc, S("votersCount")));
    if (p->n > 0)
        x->poll = p;
}

/* Posts of all kinds.  The lists inside them (tags, attachments, polls) are in read_parts.c. */
#include "ap/read_note.h"

#include "ap/internal.h"
#include "base/arena.h"
#include "base/url.h"
#include "base/utf8.h"

enum { CONTENT_BYTES_MAX = 512 * 1024, FIRST_REPLIES_MAX = 5 };

/* ---- author ------------------------------------------------------------------------------------------------------------ */

/*
 * attributedTo: a string, {id, type}, or an array of them (PeerTube: Person and Group in either order).  The author is the first of
 * a personal type, else the first on the post's origin that is no Group, else the first.
 */
static void
read_author(struct arena *a, const struct val *doc, struct ap_note *x)
{
    const struct val *list = val_get(doc, S("attributedTo"));
    struct str same = STR_NONE, first = STR_NONE;

    if (val_is_null(list))
        list = val_get(doc, S("actor")); /* Mobilizon */
    for (size_t i = 0; i < ap_as_count(list) && i < 16; i++) {
        const struct val *v = ap_as_at(list, i);
        struct str id = ap_as_id(v);
        enum ap_type t = v->kind == VAL_OBJ ? ap_type_of(v) : AP_UNKNOWN;

        if (id.p == NULL)
            continue;
        if (t == AP_GROUP) {
            if (x->group.p == NULL)
                x->group = id;
            continue;
        }
        if (ap_type_class(t) == AP_CLASS_ACTOR && x->attributed_to.p == NULL)
            x->attributed_to = id;
        if (same.p == NULL && url_same_origin(a, id, x->id))
            same = id;
        if (first.p == NULL)
            first = id;
    }
    if (x->attributed_to.p == NULL)
        x->attributed_to = same.p != NULL ? same : first.p != NULL ? first : x->group;
    if (x->group.p == NULL && x->audience.n > 0 && !ap_is_public(x->audience.v[0]))
        x->group = x->audience.v[0];
}

/* ---- text -------------------------------------------------------------------------------------------------------------- */

static void
read_text(struct arena *a, const struct val *doc, struct ap_note *x)
{
    struct str lang = val_str(val_get(doc, S("language")));

    x->content = ap_as_text(a, doc, S("content"));
    x->content.text = utf8_cut(x->content.text, CONTENT_BYTES_MAX);
    x->content_text = x->content.text;
    x->source_media_type = val_str(val_get(doc, S("mediaType")));
    x->name = ap_as_text(a, doc, S("name"));
    x->name.text = utf8_cut(x->name.text, AP_NAME_BYTES_MAX);
    if (lang.n == 0) /* Lemmy, PeerTube: {identifier, name} */
        lang = val_str(val_get(val_get(doc, S("language")), S("identifier")));
    if (x->content.lang.p == NULL)
        x->content.lang = ap_lang(a, lang);
    if (x->type == AP_NOTE || x->type == AP_QUESTION || x->sensitive) {
        x->summary = ap_as_text(a, doc, S("summary"));
        x->summary.text = utf8_cut(x->summary.text, AP_SUMMARY_BYTES_MAX);
    }
    x->is_vote = x->type == AP_NOTE && x->name.text.n > 0 && x->content_text.n == 0 && x->in_reply_to.n > 0;
}

/* ---- addressees -------------------------------------------------------------------------------------------------------- */

static bool
has_public(struct strs ids)
{
    for (size_t i = 0; i < ids.n; i++)
        if (ap_is_public(ids.v[i]))
            return true;
    return false;
}

static bool
has_followers(struct strs ids, struct str author, struct str followers)
{
    for (size_t i = 0; i < ids.n; i++)
        if (ap_is_followers_of(ids.v[i], author, followers))
            return true;
    return false;
}

enum visibility
ap_visibility_of(
    struct strs to, struct strs cc, struct str author, struct str followers, int direct_message, bool untagged_local)
{
    if (has_public(to))
        return VIS_PUBLIC;
    if (has_public(cc))
        return VIS_UNLISTED;
    if (has_followers(to, author, followers) || has_followers(cc, author, followers))
        return VIS_PRIVATE;
    if (direct_message == 0 || (untagged_local && direct_message < 0))
        return VIS_LIMITED;
    return VIS_DIRECT;
}

static bool
has_untagged_local(const struct ap_note *x, struct str origin)
{
    const struct strs lists[] = { x->to, x->cc };

    for (size_t l = 0; l < lengthof(lists) && origin.n > 0; l++)
        for (size_t i = 0; i < lists[l].n; i++) {
            struct str id = lists[l].v[i];
            size_t m = 0;

            if (!str_starts(id, origin) || id.n == origin.n || id.p[origin.n] != '/')
                continue;
            while (m < x->n_mentions && !str_eq(x->mentions[m].href, id))
                m++;
            if (m == x->n_mentions)
                return true;
        }
    return false;
}

static void
read_addressees(struct arena *a, const struct val *doc, const struct ap_note_hints *h, struct ap_note *x)
{
    const struct val *dm = val_get(doc, S("directMessage"));
    const struct val *to = val_get(doc, S("to")), *cc = val_get(doc, S("cc"));
    int direct = dm->kind == VAL_BOOL ? dm->b : -1;

    x->to = ap_as_ids(a, to, AP_ADDRESSEES_MAX);
    x->cc = ap_as_ids(a, cc, AP_ADDRESSEES_MAX);
    x->addressees_cut = ap_as_count(to) > AP_ADDRESSEES_MAX || ap_as_count(cc) > AP_ADDRESSEES_MAX;
    if (x->to.n == 0 && x->cc.n == 0) {
        x->to = h->wrap_to;
        x->cc = h->wrap_cc;
    }
    x->visibility = x->type == AP_CHAT_MESSAGE ? VIS_DIRECT
                                               : ap_visibility_of(x->to, x->cc, x->attributed_to, h->followers, direct,
                                                     has_untagged_local(x, h->origin));
}

/* ---- quotes, policies, collections ------------------------------------------------------------------------------------- */

static bool
is_e232_quote(const struct val *tag)
{
    struct str type = val_str(val_get(tag, S("mediaType")));

    if (!ap_has_type(tag, AP_LINK))
        return false;
    if (str_eq(ap_as_id(val_get(tag, S("rel"))), S("https://misskey-hub.net/ns#_misskey_quote")))
        return true;
    return str_startsi(type, S("application/activity+json")) ||
           (str_startsi(type, S("application/ld+json")) && str_find(type, S(AP_AS)) >= 0);
}

static void
read_quote(const struct val *doc, struct ap_note *x)
{
    static const struct str legacy[] = { { "_misskey_quote", 14 }, { "quoteUrl", 8 }, { "quoteUri", 8 } };
    const struct val *quote = val_get(doc, S("quote")), *tags = val_get(doc, S("tag"));

    /* Bookwyrm quotes books: there `quote` is a text. */
    x->quote = x->type == AP_QUOTATION ? STR_NONE : ap_as_id(quote);
    x->quote_is_deleted = ap_has_type(ap_as_node(quote), AP_TOMBSTONE);
    x->quote_authorization = ap_as_id(val_get(doc, S("quoteAuthorization")));
    x->approved_by = ap_as_id(val_get(doc, S("replyAuthorization")));
    if (x->approved_by.n == 0)
        x->approved_by = ap_as_id(val_get(doc, S("approvedBy"))); /* GoToSocial before 0.20 */
    for (size_t i = 0; i < lengthof(legacy) && x->quote.p == NULL && !x->quote_is_deleted; i++) {
        x->quote = ap_as_id(val_get(doc, legacy[i]));
        x->quote_is_legacy = x->quote.p != NULL;
    }
    for (size_t i = 0; i < MIN(ap_as_count(tags), (size_t)AP_TAGS_MAX) && x->quote.p == NULL; i++)
        if (is_e232_quote(ap_as_at(tags, i))) {
            x->quote = ap_as_id(ap_as_at(tags, i));
            x->quote_is_legacy = x->quote.p != NULL;
        }
}

static int64_t
total_of(const struct val *doc, struct str name)
{
    const struct val *v = val_get(doc, name);

    return v->kind == VAL_OBJ ? ap_as_number(val_get(v, S("totalItems"))) : -1;
}

static void
read_replies(struct arena *a, const struct val *doc, struct ap_note *x)
{
    const struct val *replies = val_get(doc, S("replies")), *page = val_get(replies, S("first")), *items;

    x->replies = ap_as_id(replies);
    x->n_replies = total_of(doc, S("replies"));
    x->n_likes = total_of(doc, S("likes"));
    x->n_shares = total_of(doc, S("shares"));
    if (page->kind != VAL_OBJ)
        page = replies;
    items = val_get(page, S("items"));
    if (val_is_null(items))
        items = val_get(page, S("orderedItems"));
    x->likes = ap_as_id(val_get(doc, S("likes")));
    x->shares = ap_as_id(val_get(doc, S("shares")));
    x->first_replies.v = arena_vec(a, struct str, FIRST_REPLIES_MAX);
    for (size_t i = 0; i < MIN(ap_as_count(items), (size_t)50) && x->first_replies.n < FIRST_REPLIES_MAX; i++) {
        struct str id = ap_as_id(ap_as_at(items, i));

        if (id.p != NULL && url_same_origin(a, id, x->id)) /* others would make us knock at strangers' doors */
            x->first_replies.v[x->first_replies.n++] = id;
    }
    if (page != replies && x->first_replies.n == ap_as_count(items))
        x->replies_next = ap_as_id(val_get(page, S("next")));
}

/* ---- the post ------------------------------------------------------------------------------------------------------------ */

static void
read_times(const struct val *doc, int64_t now_ms, struct ap_note *x)
{
    x->published_ms = ap_as_time(val_get(doc, S("published")), now_ms, now_ms);
    x->published_ms = MIN(x->published_ms, now_ms);
    x->updated_ms = ap_as_time(val_get(doc, S("updated")), now_ms, 0);
    if (x->updated_ms <= x->published_ms) /* some send both, equal */
        x->updated_ms = 0;
}

enum err
ap_note_read(
    struct arena *a, const struct val *doc, const struct ap_note_hints *hints, struct ap_note *out, const char **why)
{
    struct ap_note x = { .id = ap_id_of(doc), .type = ap_type_of(doc) };
    struct ap_author by;

    *why = "the post has no id";
    if (x.id.n == 0 || x.id.n > URL_BYTES_MAX)
        return ERR_INVALID;
    *why = "the document is not a post";
    if (ap_type_class(x.type) != AP_CLASS_POST) {
        /* Albums, tracks, tasks and what else there may be: a title or a text is enough to show it. */
        if (x.type != AP_UNKNOWN || ap_type_text(doc).n == 0 || val_has(doc, S("inbox")) || val_has(doc, S("actor")) ||
            (ap_as_text(a, doc, S("content")).text.n == 0 && ap_as_text(a, doc, S("name")).text.n == 0))
            return ERR_INVALID;
        x.type = AP_ARTICLE;
    }
    x.audience = ap_as_ids(a, val_get(doc, S("audience")), 16);
    read_author(a, doc, &x);
    *why = "the post has no author";
    if (x.attributed_to.n == 0 || x.attributed_to.n > URL_BYTES_MAX)
        return ERR_INVALID;
    x.url = ap_page_url(a, val_get(doc, S("url")), x.id);
    x.in_reply_to = ap_as_id(val_get(doc, S("inReplyTo")));
    x.context = ap_as_id(val_get(doc, S("context")));
    x.conversation = ap_as_id(val_get(doc, S("conversation")));
    x.atom_uri = ap_as_id(val_get(doc, S("atomUri")));
    x.sensitive = ap_as_bool(val_get(doc, S("sensitive")));
    read_times(doc, hints->now_ms, &x);
    ap_tags_read(a, val_get(doc, S("tag")), &x);
    ap_attachments_read(a, doc, &x);
    for (size_t i = 0; i < x.n_attachments; i++) /* Misskey and Lemmy say it of each file; here it is one of the post */
        x.sensitive = x.sensitive || x.attachments[i].sensitive;
    ap_poll_read(a, doc, hints->now_ms, &x);
    read_addressees(a, doc, hints, &x);
    read_text(a, doc, &x);
    read_quote(doc, &x);
    by = (struct ap_author){ .id = x.attributed_to, .followers = hints->followers };
    x.can_quote = ap_policy_read(a, doc, S("canQuote"), &by);
    x.can_reply = ap_policy_read(a, doc, S("canReply"), &by);
    x.can_like = ap_policy_read(a, doc, S("canLike"), &by);
    x.can_announce = ap_policy_read(a, doc, S("canAnnounce"), &by);
    read_replies(a, doc, &x);
    x.content.text = ap_note_shown(a, doc, &x);
    *why = "";
    *out = x;
    return ERR_OK;
}

/* Remote posts: from a checked note to rows.  Everything over the network happens before the transaction. */
#include "service/receive.h"

#include "ap/read_note.h"
#include "ap/uri.h"
#include "ap/webfinger.h"
#include "base/clock.h"
#include "base/conf.h"
#include "base/id.h"
#include "base/metric.h"
#include "db/db.h"
#include "queue/queue.h"
#include "service/collection.h"
#include "service/internal.h"
#include "service/receive_interaction.h"
#include "service/receive_internal.h"
#include "service/resolve.h"
#include "service/search_index.h"
#include "service/timeline.h"
#include "service/trend.h"
#include "store/account.h"
#include "service/domain.h"
#include "store/media.h"
#include "store/quote.h"
#include "store/receive.h"
#include "store/status.h"
#include "text/link.h"
#include "text/unicode.h"

enum {
    WARNING_CHARS_MAX = 1000,
    TAGS_STORED_MAX = 64,
    UNKNOWN_MENTIONS_MAX = 5, /* fetched for one post */
    HISTORY_EMOJIS_MAX = 20,  /* of one of the many posts of a thread */
    ID_TRIES = 4,             /* ids of old posts are random within their millisecond */
};

static bool
is_history(const struct budget *b)
{
    return b != NULL && b->history;
}

/* ---- text ----------------------------------------------------------------------------------------------------------- */

static void
draft_text(struct ctx *c, const struct ap_note *x, const struct account *author, struct status *s)
{
    s->content = receive_content(c, x);
    s->text = S("");
    s->content_type = S("text/plain"); /* of the source, which nobody has told us */
    s->spoiler_text = text_grapheme_cut(text_one_line(c->mem, x->summary.text), WARNING_CHARS_MAX);
    s->sensitive = x->sensitive || s->spoiler_text.n > 0 || author->sensitized_ms != 0;
    s->language = x->content.lang.p != NULL ? x->content.lang : S("");
    s->object_type = x->type == AP_UNKNOWN ? S("Note") : ap_type_name(x->type);
}

/* ---- people --------------------------------------------------------------------------------------------------------- */

static bool
has_mention(const struct status *s, int64_t account_id)
{
    for (size_t i = 0; i < s->n_mentions; i++)
        if (s->mentions[i].account_id == account_id)
            return true;
    return false;
}

static void
add_mention(struct status *s, const struct account *a, bool silent)
{
    if (a->suspended_ms == 0 && !has_mention(s, a->id) && s->n_mentions < AP_MENTIONS_MAX)
        s->mentions[s->n_mentions++] = (struct mention_ref){ .account_id = a->id, .silent = silent };
}

/* A person by actor id: ours, known, or fetched when there is a budget.  NULL: nobody. */
static enum err
find_person(struct ctx *c, struct budget *b, int *unknown, struct str href, struct account **out)
{
    int64_t local = ap_uri_local_account(c->mem, c->env->conf->origin, href);
    enum err e = local != 0 ? store_account_get(c, local, out) : store_account_by_uri(c, href, out);

    if (e == ERR_NOT_FOUND && local == 0 && b != NULL && *unknown > 0) {
        ctx_ok(c);
        (*unknown)--;
        e = service_resolve_actor(c, b, href, out);
    }
    if (e == ERR_OK)
        return e;
    *out = NULL;
    if (e == ERR_BUSY || e == ERR_INTERNAL)
        return e;
    ctx_ok(c);
    return ERR_OK;
}

/* A mention that names nobody's id: people we know by that handle. */
static enum err
find_named(struct ctx *c, const struct account *author, struct str name, struct account **out)
{
    struct str user, domain;
    enum err e;

    *out = NULL;
    if (!ap_acct_parse(c->mem, name, &user, &domain)) {
        user = str_starts(name, S("@")) ? str_sub(name, 1, name.n) : name;
        domain = author->domain;
    }
    if (str_eq(domain, c->env->conf->domain) || str_eq(domain, c->env->conf->host))
        domain = S("");
    e = store_account_by_handle(c, user, domain, out);
    if (e != ERR_NOT_FOUND)
        return e;
    *out = NULL;
    ctx_ok(c);
    return ERR_OK;
}

/* People of ours among the addressees who stand nowhere in the text: they may see it, without a mention to show. */
static enum err
add_addressees(struct ctx *c, const struct strs *to, struct status *s)
{
    for (size_t i = 0; i < to->n; i++) {
        int64_t id = ap_uri_local_account(c->mem, c->env->conf->origin, to->v[i]);
        struct account *a;
        enum err e;

        if (id == 0 || has_mention(s, id))
            continue;
        e = store_account_get(c, id, &a);
        if (e == ERR_NOT_FOUND) {
            ctx_ok(c);
            continue;
        }
        TRY(e);
        add_mention(s, a, true);
    }
    return ERR_OK;
}

static enum err
draft_people(struct ctx *c, struct budget *b, const struct ap_note *x, const struct account *author, struct status *s)
{
    int unknown = is_history(b) ? 0 : UNKNOWN_MENTIONS_MAX;

    s->mentions = arena_vec(c->mem, struct mention_ref, AP_MENTIONS_MAX);
    s->n_mentions = 0;
    for (size_t i = 0; i < x->n_mentions; i++) {
        struct account *a = NULL;

        TRY(x->mentions[i].href.n > 0 ? find_person(c, b, &unknown, x->mentions[i].href, &a)
                                      : find_named(c, author, x->mentions[i].name, &a));
        if (a != NULL)
            add_mention(s, a, false);
    }
    TRY(add_addressees(c, &x->to, s));
    return add_addressees(c, &x->cc, s);
}

static void
draft_tags(struct ctx *c, const struct ap_note *x, struct status *s)
{
    s->tags = arena_vec(c->mem, struct tag_ref, x->n_hashtags);
    s->n_tags = 0;
    for (size_t i = 0; i < x->n_hashtags && s->n_tags < TAGS_STORED_MAX; i++) {
        struct tag_ref t = { .display = text_one_line(c->mem, x->hashtags[i].name) };
        bool seen = false;

        t.name = text_tag_key(c->mem, t.display);
        for (size_t k = 0; k < s->n_tags && !seen; k++)
            seen = str_eq(s->tags[k].name, t.name);
        if (t.name.n > 0 && !seen && text_tag_valid(t.display))
            s->tags[s->n_tags++] = t;
    }
}

/* ---- thread --------------------------------------------------------------------------------------------------------- */

static enum err
find_parent(struct ctx *c, struct str uri, struct status **out)
{
    int64_t local = ap_uri_local_status(c->mem, c->env->conf->origin, uri);
    enum err e = local != 0 ? store_status_get(c, local, out) : store_status_by_uri(c, uri, out);

    if (e == ERR_OK && (*out)->reblog_of_id == 0 && (*out)->local == (local != 0))
        return ERR_OK;
    *out = NULL;
    if (e != ERR_OK && e != ERR_NOT_FOUND)
        return e;
    ctx_ok(c);
    return ERR_OK;
}

/* In the transaction and under the lock, so that a parent that arrives meanwhile is either seen here or adopts this reply. */
static enum err
put_thread(struct ctx *c, const struct ap_note *x, struct status *s)
{
    struct str context = x->context.n > 0 ? x->context : x->conversation;
    struct status *parent = NULL;
    struct ap_uri at;

    if (x->in_reply_to.n > 0)
        TRY(find_parent(c, x->in_reply_to, &parent));
    if (parent != NULL) {
        s->in_reply_to_id = parent->id;
        s->in_reply_to_account_id = parent->account_id;
        s->conversation_id = parent->conversation_id;
    } else if (x->in_reply_to.n > 0 && !ap_uri_parse_local(c->mem, c->env->conf->origin, x->in_reply_to, &at)) {
        s->in_reply_to_uri = x->in_reply_to;
    }
    if (s->conversation_id != 0)
        return ERR_OK;
    if (ap_uri_parse_local(c->mem, c->env->conf->origin, context, &at)) /* ours begin with posts of ours */
        context = S("");
    return store_conversation_get(c, context, &s->conversation_id);
}

/* ---- media ---------------------------------------------------------------------------------------------------------- */

static struct media_row
media_of(struct ctx *c, const struct ap_attachment *a, int64_t account_id)
{
    return (struct media_row){ .id = id_new(),
        .account_id = account_id,
        .kind = a->kind,
        .state = MEDIA_REMOTE,
        .mime = a->media_type.p == NULL ? S("") : a->media_type,
        .remote_url = a->url,
        .description = text_lines(c->mem, a->alt),
        .focus_x = a->focus_x,
        .focus_y = a->focus_y,
        .width = a->width,
        .height = a->height,
        .duration_ms = a->duration_ms,
        .blurhash = a->blurhash.p == NULL ? S("") : a->blurhash,
        .created_ms = clock_ms() };
}

static const struct media_row *
media_by_url(const struct status *s, struct str url)
{
    for (size_t i = 0; s != NULL && i < s->n_media; i++)
        if (str_eq(s->media[i].remote_url, url))
            return &s->media[i];
    return NULL;
}

/* Rows for the attachments in s->media; those that the version before had stay, with their new description. */
static enum err
put_media(struct ctx *c, const struct budget *b, const struct ap_note *x, const struct account *author,
    const struct status *before, struct status *s)
{
    struct domain_rule rule;

    s->media = arena_vec(c->mem, struct media_row, MEDIA_PER_REMOTE_MAX);
    s->n_media = 0;
    TRY(service_domain_rule(c, author->domain, &rule));
    if (rule.reject_media)
        return ERR_OK;
    for (size_t i = 0; i < x->n_attachments && s->n_media < MEDIA_PER_REMOTE_MAX; i++) {
        const struct ap_attachment *a = &x->attachments[i];
        const struct media_row *old = media_by_url(before, a->url);
        struct media_row m;

        if (!receive_url_ok(c, a->url) || media_by_url(s, a->url) != NULL)
            continue;
        m = media_of(c, a, author->id);
        if (old != NULL) {
            struct str description = m.description;

            m = *old;
            m.description = description;
            TRY(store_media_update(c, &m));
        } else {
            TRY(store_media_insert(c, &m));
            if (!is_history(b)) /* else it is fetched when somebody looks at it */
                TRY(queue_put_id(c, J_FETCH_MEDIA, m.id));
        }
        s->media[s->n_media++] = m;
    }
    return ERR_OK;
}

/* ---- storing -------------------------------------------------------------------------------------------------------- */

static enum err
put_totals(struct ctx *c, const struct ap_note *x, int64_t status_id)
{
    const struct status_totals t = { .replies = x->n_replies, .reblogs = x->n_shares, .favourites = x->n_likes };

    return store_status_set_remote_totals(c, status_id, &t);
}

/* Without a budget nothing is fetched for this post, but a quote of a known post is still looked at. */
static int
quote_levels(const struct budget *b)
{
    return b == NULL ? 1 : b->quotes;
}

/* A thread may have hundreds of posts, and each may quote: the later ones are looked at when somebody opens them. */
static int
quote_levels_new(struct budget *b, const struct ap_note *x)
{
    if (is_history(b) && x->quote.n > 0 && b->history_quotes-- <= 0)
        return 0;
    return quote_levels(b);
}

static size_t
emojis_max(const struct budget *b, const struct ap_note *x)
{
    return is_history(b) ? MIN(x->n_emojis, (size_t)HISTORY_EMOJIS_MAX) : x->n_emojis;
}

/* What is news is spread by a job; history is only put where it belongs, once it is on disk. */
static enum err
publish(struct ctx *c, const struct budget *b, const struct status *s, const struct account *author)
{
    if (is_history(b))
        return ERR_OK;
    TRY(service_trend_posted(c, s, author));
    return queue_put_id(c, J_FAN_OUT, s->id);
}

static enum err
store_note(struct ctx *c, struct budget *b, const struct ap_note *x, const struct account *author, struct status *s)
{
    int64_t now = clock_ms();
    bool gone, poll_is_new;

    TRY(store_status_lock_thread(c, x->id, x->in_reply_to));
    TRY(store_tombstone_has(c, x->id, author->uri, &gone));
    if (gone)
        return ERR_GONE;
    s->created_ms = MIN(x->published_ms, now);
    s->id = s->created_ms > now - SECOND_MS ? id_new() : id_at(s->created_ms);
    s->edited_ms = x->updated_ms > s->created_ms ? MIN(x->updated_ms, now) : 0;
    s->fetched_ms = now;
    TRY(put_thread(c, x, s));
    TRY(receive_approval_draft(c, s));
    TRY(put_media(c, b, x, author, NULL, s));
    TRY(receive_emojis(c, author->domain, x->emojis, emojis_max(b, x), !is_history(b), &s->emoji_codes));
    TRY(store_status_insert(c, s));
    TRY(service_collection_tag(c, s, &x->collections));
    TRY(receive_poll(c, x, s->id, true, &poll_is_new));
    TRY(receive_quote(c, x, s, quote_levels_new(b, x)));
    TRY(service_index_posted(c, s, author));
    TRY(store_status_adopt(c, s));
    TRY(receive_approval_put(c, x, s));
    TRY(put_totals(c, x, s->id));
    return approval_is_open(s->approval) ? publish(c, b, s, author) : ERR_OK; /* to be seen comes with consent */
}

/* After the commit. */
static enum err
stored(struct ctx *c, const struct budget *b, int64_t id, struct status **out)
{
    TRY(store_status_get(c, id, out));
    if (!is_history(b))
        return ERR_OK;
    metric_add(METRIC_HISTORY_POSTS, 1);
    return service_timeline_fill_in(c, *out);
}

/* The row under that id; NULL in *out when there is none, and *other when it belongs to somebody else. */
static enum err
find_row(struct ctx *c, struct str uri, int64_t account_id, struct status **out, bool *other)
{
    enum err e = store_status_by_uri(c, uri, out);

    *other = false;
    if (e == ERR_OK) {
        *other = (*out)->account_id != account_id;
        if (*other)
            *out = NULL;
        return ERR_OK;
    }
    *out = NULL;
    if (e != ERR_NOT_FOUND)
        return e;
    ctx_ok(c);
    return ERR_OK;
}

/*
 * The post is here, and comes again to somebody whom its first delivery did not name: each inbox gets its own copy, and bto and bcc
 * stand in none of them.
 */
static enum err
add_readers(struct ctx *c, const struct ap_note *x, const struct account *author, struct status *s)
{
    struct mention_ref *all;
    size_t known;
    enum err e = ERR_OK;

    if (s->visibility < VIS_PRIVATE || s->reblog_of_id != 0)
        return ERR_OK;
    TRY(store_status_fill(c, &s, 1, 0));
    known = s->n_mentions;
    all = arena_vec(c->mem, struct mention_ref, known + AP_MENTIONS_MAX);
    for (size_t k = 0; k < known; k++)
        all[k] = s->mentions[k];
    s->mentions = all;
    TRY(add_addressees(c, &x->to, s));
    TRY(add_addressees(c, &x->cc, s));
    if (s->n_mentions == known)
        return ERR_OK;
    TRY(receive_begin(c, author));
    for (size_t i = known; i < s->n_mentions && e == ERR_OK; i++) {
        bool added;

        e = store_status_reader_add(c, s->id, s->mentions[i].account_id, &added);
    }
    if (e == ERR_OK)
        e = queue_put_id(c, J_FAN_OUT, s->id);
    return receive_finish(c, e);
}

enum err
service_receive_note(
    struct ctx *c, struct budget *b, const struct ap_note *x, struct account *author, struct status **out)
{
    struct status draft = { .uri = x->id,
        .url = receive_url_ok(c, x->url) ? x->url : x->id,
        .account_id = author->id,
        .visibility = x->visibility,
        .quote_policy = receive_quote_policy(x) };
    bool other;

    TRY(find_row(c, x->id, author->id, out, &other));
    if (*out != NULL || other)
        return *out == NULL ? ERR_OK : add_readers(c, x, author, *out);
    draft_text(c, x, author, &draft);
    draft_tags(c, x, &draft);
    TRY(draft_people(c, b, x, author, &draft));
    for (int i = 0; i < ID_TRIES; i++) {
        struct status s = draft;
        enum err e;

        TRY(receive_begin(c, author));
        e = db_end(c, store_note(c, b, x, author, &s));
        if (e == ERR_OK)
            return stored(c, b, s.id, out);
        if (e == ERR_GONE) {
            *out = NULL;
            return ERR_OK;
        }
        if (e != ERR_CONFLICT)
            return e;
        ctx_ok(c); /* somebody stored it at the same time, or the id is taken */
        TRY(find_row(c, x->id, author->id, out, &other));
        if (*out != NULL || other)
            return ERR_OK;
    }
    return ctx_fail(c, ERR_BUSY, "no id for %.*s", STR_ARG(x->id));
}

/* ---- edits ---------------------------------------------------------------------------------------------------------- */

static bool
differs(const struct status *old, const struct status *s)
{
    if (!str_eq(old->content, s->content) || !str_eq(old->spoiler_text, s->spoiler_text) ||
        old->sensitive != s->sensitive || old->n_media != s->n_media)
        return true;
    for (size_t i = 0; i < s->n_media; i++)
        if (old->media[i].id != s->media[i].id || !str_eq(old->media[i].description, s->media[i].description))
            return true;
    return false;
}

/* In the transaction.  Only a later `updated` is an edit: an older one is late mail, none is new numbers. */
static enum err
store_update(struct ctx *c, const struct budget *b, const struct ap_note *x, const struct account *author,
    const struct status *draft, struct status *old)
{
    int64_t now = clock_ms(), at = MIN(x->updated_ms, now);
    bool edited = at > old->created_ms && at != old->edited_ms, other_poll = false, changed;
    struct status s = *old;

    if (at != 0 && at < old->edited_ms)
        return ERR_OK;
    TRY(store_status_lock_thread(c, old->uri, S(""))); /* replies are judged by what is said of them here */
    TRY(put_totals(c, x, old->id));
    TRY(receive_poll(c, x, old->id, edited, &other_poll));
    TRY(receive_quote(c, x, old, quote_levels(b)));
    if (receive_quote_policy(x) != old->quote_policy)
        TRY(store_status_set_quote_policy(c, old->id, receive_quote_policy(x)));
    TRY(receive_approval_put(c, x, old));
    if (!edited)
        return ERR_OK;
    s.object_type = draft->object_type;
    s.content = draft->content;
    s.spoiler_text = draft->spoiler_text;
    s.sensitive = draft->sensitive;
    s.language = draft->language.n > 0 ? draft->language : old->language;
    s.mentions = draft->mentions;
    s.n_mentions = draft->n_mentions;
    s.tags = draft->tags;
    s.n_tags = draft->n_tags;
    s.fetched_ms = now;
    TRY(put_media(c, b, x, author, old, &s));
    TRY(receive_emojis(c, author->domain, x->emojis, x->n_emojis, !is_history(b), &s.emoji_codes));
    changed = differs(old, &s) || other_poll;
    if (changed) {
        TRY(service_status_keep_version(c, old));
        s.edited_ms = at;
    }
    TRY(store_status_update(c, &s));
    TRY(service_collection_tag(c, &s, &x->collections));
    TRY(service_index_edited(c, s.id));
    return changed ? queue_put_id(c, J_FAN_OUT, s.id) : ERR_OK;
}

enum err
service_receive_note_update(
    struct ctx *c, struct budget *b, const struct ap_note *x, struct account *author, struct status **out)
{
    struct status draft = { .account_id = author->id, .visibility = x->visibility };
    bool other;
    enum err e;

    TRY(find_row(c, x->id, author->id, out, &other));
    if (*out == NULL || (*out)->reblog_of_id != 0) {
        *out = NULL;
        return ERR_OK;
    }
    draft_text(c, x, author, &draft);
    draft_tags(c, x, &draft);
    TRY(draft_people(c, b, x, author, &draft));
    TRY(receive_begin(c, author));
    e = store_status_get(c, (*out)->id, out); /* again: another edit may have come first */
    if (e == ERR_OK)
        e = store_status_fill(c, out, 1, 0);
    if (e == ERR_OK)
        e = store_update(c, b, x, author, &draft, *out);
    e = db_end(c, e);
    if (e == ERR_NOT_FOUND) { /* deleted meanwhile */
        ctx_ok(c);
        *out = NULL;
        return ERR_OK;
    }
    TRY(e);
    return store_status_get(c, (*out)->id, out);
}

/*
 * What a post is found by.  Tokens are made outside of transactions and put in portions: one segment of the index for many posts
 * instead of one for each.
 */
#include "service/search_index.h"

#include "base/buf.h"
#include "base/clock.h"
#include "base/utf8.h"
#include "db/db.h"
#include "queue/queue.h"
#include "store/search.h"
#include "store/status.h"
#include "text/card.h"
#include "text/html.h"
#include "text/link.h"
#include "text/unicode.h"

enum {
    PORTION = 50,
    MEMORY_MAX = 64 * 1024 * 1024, /* of a portion; the longest posts have a megabyte */
    HTML_CUT = 128 * 1024,         /* more of a post is not indexed */
    ACCOUNT_PORTION = 500,
    CARD_POSTS = 1000, /* the newest that are indexed anew with their card */
    TEXT_BYTES_MAX = 192 * 1024,
    SPARE_MS = 5 * 1000, /* of a job's time, for what follows */
};

/* ---- in the transaction of the change --------------------------------------------------------------------------- */

bool
service_index_public(const struct status *s)
{
    return s->visibility == VIS_PUBLIC && s->reblog_of_id == 0 && s->account->indexable;
}

enum err
service_index_posted(struct ctx *c, const struct status *s, const struct account *author)
{
    if (s->reblog_of_id != 0)
        return ERR_OK;
    if (account_is_local(author) || s->n_mentions > 0 || (s->visibility == VIS_PUBLIC && author->indexable))
        return store_search_touch(c, s->id);
    return ERR_OK; /* nobody may find it */
}

enum err
service_index_edited(struct ctx *c, int64_t status_id)
{
    return store_search_renew(c, status_id);
}

enum err
service_index_joined(struct ctx *c, int64_t status_id)
{
    bool added;

    TRY(store_search_want(c, status_id, &added));
    return added ? queue_put(c, J_INDEX_STATUSES, S("{}"), NULL) : ERR_OK;
}

enum err
service_index_changed_card(struct ctx *c, int64_t card_id)
{
    TRY(store_search_touch_card(c, card_id, CARD_POSTS));
    return queue_put(c, J_INDEX_STATUSES, S("{}"), NULL);
}

enum err
service_index_changed_author(struct ctx *c, int64_t account_id)
{
    return queue_put_id(c, J_INDEX_ACCOUNT, account_id);
}

/* ---- the words of a post ---------------------------------------------------------------------------------------- */

static unsigned
property(const char *name)
{
    for (size_t i = 0; query_properties[i] != NULL; i++)
        if (strcmp(query_properties[i], name) == 0)
            return 1U << i;
    BUG("no property %s", name);
}

static unsigned
media_properties(const struct status *s)
{
    unsigned out = s->n_media > 0 ? property("media") : 0;

    for (size_t i = 0; i < s->n_media; i++)
        switch (s->media[i].kind) {
        case MEDIA_IMAGE:
            out |= property("image");
            break;
        case MEDIA_GIFV:
        case MEDIA_VIDEO:
            out |= property("video");
            break;
        case MEDIA_AUDIO:
            out |= property("audio");
            break;
        case MEDIA_UNKNOWN:
        case MEDIA_KIND_COUNT:
            break;
        }
    return out;
}

static unsigned
properties(struct ctx *c, const struct status *s, struct str text)
{
    struct links links = text_links(c->mem, text);
    unsigned out = media_properties(s);

    if (s->card != NULL && card_is_embed(s->card))
        out |= property("embed");
    if (s->poll != NULL)
        out |= property("poll");
    if (s->quote != NULL)
        out |= property("quote");
    if (s->sensitive)
        out |= property("sensitive");
    if (s->in_reply_to_account_id != 0 || s->in_reply_to_id != 0 || s->in_reply_to_uri.n > 0)
        out |= property("reply");
    for (size_t i = 0; i < links.n; i++)
        if (links.v[i].kind == LINK_URL)
            out |= property("link");
    if (text_html_links(c->mem, utf8_cut(s->content, HTML_CUT)).n > 0)
        out |= property("link"); /* with words of its own; so every post with a card */
    return out;
}

static struct str
text_of(struct ctx *c, const struct status *s, struct str plain)
{
    struct buf b;

    buf_init(&b, c->mem, TEXT_BYTES_MAX);
    buf_put(&b, s->spoiler_text);
    buf_putc(&b, '\n');
    buf_put(&b, utf8_cut(plain, TEXT_BYTES_MAX / 2));
    for (size_t i = 0; i < s->n_media; i++) {
        buf_putc(&b, '\n');
        buf_put(&b, s->media[i].description);
    }
    for (size_t i = 0; s->poll != NULL && i < s->poll->n; i++) {
        buf_putc(&b, '\n');
        buf_put(&b, s->poll->options[i].title);
    }
    return buf_str(&b); /* what is too long ends where it no longer fits */
}

struct document {
    int64_t status_id, stamp;
    bool wanted;
    struct strs words;
    struct search_marks marks;
};

static void
make_document(struct ctx *c, const struct status *s, struct document *d)
{
    struct str plain = text_html_to_plain(c->mem, utf8_cut(s->content, HTML_CUT));
    struct str *tags = arena_vec(c->mem, struct str, s->n_tags);

    for (size_t i = 0; i < s->n_tags; i++)
        tags[i] = s->tags[i].name;
    d->wanted = true;
    d->words = text_tokens(c->mem, text_of(c, s, plain));
    d->marks = (struct search_marks){ .account_id = s->account_id,
        .public = service_index_public(s),
        .properties = properties(c, s, plain),
        .language = s->language,
        .tags = tags,
        .n_tags = s->n_tags };
}

/* ---- portions --------------------------------------------------------------------------------------------------- */

static bool
has_id(const struct ids *sorted, int64_t id)
{
    size_t low = 0, high = sorted->n;

    while (low < high) {
        size_t mid = low + (high - low) / 2;

        if (sorted->v[mid] < id)
            low = mid + 1;
        else
            high = mid;
    }
    return low < sorted->n && sorted->v[low] == id;
}

/* *made: how many of them; the others are for the next portion. */
static enum err
make_documents(struct ctx *c, const struct search_pending *p, struct document *v, size_t *made)
{
    const struct ids ids = { p->status_id, p->n };
    struct statuses all;
    struct ids library;

    TRY(store_status_list(c, &ids, &all));
    TRY(store_status_fill(c, all.v, all.n, 0));
    TRY(store_search_in_library(c, &ids, &library));
    for (*made = 0; *made < p->n && (*made == 0 || arena_used(c->mem) < MEMORY_MAX); ++*made) {
        size_t i = *made;

        v[i] = (struct document){ .status_id = p->status_id[i], .stamp = p->stamp[i] };
        for (size_t k = 0; k < all.n; k++) {
            const struct status *s = all.v[k];

            if (s->id == p->status_id[i] && s->reblog_of_id == 0 &&
                (service_index_public(s) || has_id(&library, s->id)))
                make_document(c, s, &v[i]);
        }
    }
    return ERR_OK;
}

static enum err
put_documents(struct ctx *c, const struct search_pending *p, const struct document *v, size_t n)
{
    TRY(db_begin(c, DB_WRITE));
    TRY(store_status_hold(c, &(struct ids){ p->status_id, n }));
    for (size_t i = 0; i < n; i++)
        TRY(store_search_put(c, v[i].status_id, v[i].stamp, v[i].wanted ? &v[i].words : NULL, &v[i].marks));
    return db_commit(c);
}

static bool
late(const struct ctx *c)
{
    return c->deadline_mono_ms != 0 && clock_mono_ms() > c->deadline_mono_ms - SPARE_MS;
}

/* Another thread may do the same posts meanwhile: the stamp lets one of them win. */
enum err
service_index_pending(struct ctx *c)
{
    struct search_pending p;
    size_t made;

    do {
        struct arena_mark mark = arena_save(c->mem);
        struct document *v;

        TRY(store_search_pending(c, PORTION, &p));
        if (p.n == 0)
            return ERR_OK;
        v = arena_vec(c->mem, struct document, p.n);
        TRY(make_documents(c, &p, v, &made));
        TRY(put_documents(c, &p, v, made));
        arena_restore(c->mem, mark);
    } while ((made < p.n || p.n == PORTION) && !late(c));
    return ERR_OK;
}

enum err
service_index_account(struct ctx *c, int64_t account_id)
{
    int64_t below = INT64_MAX;

    do {
        TRY(db_begin(c, DB_WRITE));
        TRY(store_search_touch_account(c, account_id, below, ACCOUNT_PORTION, &below));
        TRY(db_commit(c));
        TRY(service_index_pending(c));
    } while (below != 0 && !late(c));
    return below == 0 ? ERR_OK : ctx_fail(c, ERR_BUSY, "more posts than fit into one run");
}

const char *const service_index_tables[] = { "status_search", NULL };

enum err
service_index_all(struct ctx *c)
{
    TRY(db_begin(c, DB_WRITE));
    TRY(store_search_touch_all(c));
    return db_commit(c);
}

/* Link previews. */
#include "service/card.h"

#include "base/clock.h"
#include "base/conf.h"
#include "base/date.h"
#include "base/rng.h"
#include "base/url.h"
#include "base/utf8.h"
#include "db/db.h"
#include "http/client.h"
#include "media/media.h"
#include "queue/queue.h"
#include "service/event.h"
#include "service/feed.h"
#include "service/resolve_internal.h"
#include "service/search_index.h"
#include "service/trend.h"
#include "service/visibility.h"
#include "store/account.h"
#include "store/card.h"
#include "store/media.h"
#include "store/status.h"
#include "text/card.h"
#include "text/html.h"
#include "text/idna.h"
#include "text/unicode.h"

enum {
    FRESH_MS = 14 * DAY_MS,
    FAILED_MS = DAY_MS, /* before a page that had nothing is read again */
    DELAY_MAX_S = 60,
    PAGE_TIMEOUT_MS = 10 * SECOND_MS,
    PICTURE_TIMEOUT_MS = 20 * SECOND_MS,
    TITLE_BYTES_MAX = 1000,
    DESCRIPTION_BYTES_MAX = 4000,
    NAME_BYTES_MAX = 300,
};

/* ---- which link -------------------------------------------------------------------------------------------------- */

bool
service_card_url(struct ctx *c, struct str href, struct str *out)
{
    struct str authority;
    struct url u;

    if (!url_parse(c->mem, href, &u) || !text_authority_normal(c->mem, u.authority, &authority))
        return false;
    *out = str_cat(c->mem, u.scheme, S("://"), authority, u.target, STR_NONE);
    return out->n <= URL_BYTES_MAX && !str_eqi(authority, c->env->conf->host);
}

static bool
is_of_post(const struct status *s, struct str href)
{
    for (size_t i = 0; i < s->n_mentions; i++)
        if (str_eq(href, s->mentions[i].url) || str_eq(href, s->mentions[i].uri))
            return true;
    for (size_t i = 0; i < s->n_media; i++)
        if (str_eq(href, s->media[i].remote_url))
            return true;
    return false;
}

/* The first link that may have a card; empty: none. */
static struct str
first_link(struct ctx *c, const struct status *s)
{
    struct strs links;
    struct str url;

    if (s->n_media > 0 || s->quote != NULL)
        return S("");
    links = text_html_links(c->mem, text_html_without_quote_link(c->mem, s->content));
    for (size_t i = 0; i < links.n; i++)
        if (!is_of_post(s, links.v[i]) && service_card_url(c, links.v[i], &url))
            return url;
    return S("");
}

static enum err
attach(struct ctx *c, const struct status *s, struct str url, int64_t before)
{
    struct job_opts opts = { .run_at_ms = clock_ms() };
    int64_t keep;
    struct card *k;

    if (url.n == 0)
        return store_card_detach(c, s->id);
    TRY(store_card_make(c, url, &k));
    TRY(store_card_attach(c, s->id, k->id));
    if (k->id != before)
        TRY(service_trend_linked(c, s, k->id));
    if (card_is_embed(k))
        TRY(service_index_posted(c, s, s->account)); /* by a thread that did not know the card, maybe */
    keep = k->state == CARD_READY ? FRESH_MS : FAILED_MS;
    if (k->state != CARD_WAITING && k->fetched_ms > clock_ms() - keep)
        return ERR_OK;
    if (!s->local)
        opts.run_at_ms += (int64_t)rng_below(DELAY_MAX_S * SECOND_MS);
    return queue_put(c, J_FETCH_CARD, str_fmt(c->mem, "{\"id\":\"%lld\"}", (long long)k->id), &opts);
}

enum err
service_card_attach(struct ctx *c, const struct status *s)
{
    struct str url = first_link(c, s);
    int64_t before;

    TRY(store_card_of(c, s->id, &before));
    if (url.n == 0 && before == 0)
        return ERR_OK;
    TRY(db_begin(c, DB_WRITE));
    TRY(attach(c, s, url, before));
    return db_commit(c);
}

/* ---- reading the page ---------------------------------------------------------------------------------------------- */

static enum err
get(struct ctx *c, struct str url, struct str accept, int64_t body_max, int64_t timeout_ms, struct fetch_response **out)
{
    const struct http_header headers[] = { { S("Accept"), accept } };

    return http_client_fetch(c,
        &(struct fetch_request){ .method = HTTP_GET,
            .url = url,
            .headers = headers,
            .n_headers = lengthof(headers),
            .body_max = (size_t)body_max,
            .timeout_ms = timeout_ms,
            .http_ok = true,
            .hop = resolve_hop },
        out);
}

static struct str
one_line(struct ctx *c, struct str s, size_t max)
{
    return utf8_cut(text_one_line(c->mem, s), max);
}

/* An address as the page wrote it, against the page's own; empty when it is no http(s) address. */
static struct str
address(struct ctx *c, struct str base, struct str written)
{
    struct url u;

    return written.n > 0 && http_client_location(c->mem, base, written, &u) ? u.text : S("");
}

/* "en" of "en-GB"; empty for what is no language. */
static struct str
language(struct ctx *c, struct str s)
{
    size_t n = 0;

    s = str_lower(c->mem, s);
    while (n < s.n && s.p[n] >= 'a' && s.p[n] <= 'z')
        n++;
    if (n < 2 || n > 3 || (n < s.n && s.p[n] != '-' && s.p[n] != '_'))
        return S("");
    return str_sub(s, 0, n);
}

static bool
is_host_of(struct str host, struct str domain)
{
    if (str_eq(host, domain))
        return true;
    return domain.n > 0 && host.n > domain.n + 1 && str_ends(host, domain) && host.p[host.n - domain.n - 1] == '.';
}

/* Frames only of the page's own domain, its parents or children: a page must not put others into our clients. */
static struct str
frame(struct ctx *c, const struct url *page, struct str src, int64_t width, int64_t height)
{
    struct str home = str_starts(page->host, S("www.")) ? str_sub(page->host, 4, page->host.n) : page->host;
    struct url u;

    if (!url_parse(c->mem, src, &u) || !str_eq(u.scheme, S("https")) || str_chr(u.host, '.') < 0 ||
        (!is_host_of(u.host, home) && !is_host_of(home, u.host)))
        return S("");
    return str_fmt(c->mem,
        "<iframe src=\"%.*s\" width=\"%lld\" height=\"%lld\" allowfullscreen=\"true\" sandbox=\"allow-scripts "
        "allow-same-origin allow-popups allow-popups-to-escape-sandbox allow-forms\"></iframe>",
        STR_ARG(text_html_escape(c->mem, u.text)), (long long)(width > 0 ? width : 480),
        (long long)(height > 0 ? height : 270));
}

static void
take_page(struct ctx *c, const struct url *at, const struct text_page *p, struct card *k)
{
    struct str canonical = address(c, at->text, p->canonical);
    struct url u;
    int64_t ms;

    /* A page may tidy its own address, not send people to another server. */
    k->link = canonical.n > 0 && url_parse(c->mem, canonical, &u) && str_eq(u.host, at->host) ? canonical : at->text;
    k->host = at->host;
    k->kind = CARD_LINK;
    k->title = one_line(c, p->title, TITLE_BYTES_MAX);
    k->description = one_line(c, p->description, DESCRIPTION_BYTES_MAX);
    k->language = language(c, p->language);
    k->provider_name = one_line(c, p->site, NAME_BYTES_MAX);
    k->provider_url = S("");
    k->author_name = one_line(c, p->author, NAME_BYTES_MAX);
    k->author_url = address(c, at->text, p->author_url);
    k->image_remote = address(c, at->text, p->image);
    k->image_text = one_line(c, p->image_text, DESCRIPTION_BYTES_MAX);
    k->published_ms = p->published.n > 0 && date_parse(p->published, &ms) && ms > 0 ? ms : 0;
    k->html = frame(c, at, p->player, p->player_width, p->player_height);
    k->embed_url = S("");
    k->width = k->height = 0;
    if (k->html.n > 0) {
        k->kind = CARD_VIDEO;
        k->width = p->player_width;
        k->height = p->player_height;
    }
}

static void
take_oembed(struct ctx *c, const struct url *at, const struct text_oembed *o, struct card *k)
{
    struct str html = frame(c, at, o->frame, o->width, o->height), photo = address(c, at->text, o->url);
    const struct {
        struct str *to, from;
    } texts[] = { { &k->title, o->title }, { &k->author_name, o->author }, { &k->provider_name, o->provider } };

    for (size_t i = 0; i < lengthof(texts); i++)
        if (texts[i].from.n > 0 && (i > 0 || k->title.n == 0))
            *texts[i].to = one_line(c, texts[i].from, NAME_BYTES_MAX);
    if (o->author_url.n > 0)
        k->author_url = address(c, at->text, o->author_url);
    if (o->provider_url.n > 0)
        k->provider_url = address(c, at->text, o->provider_url);
    if (k->image_remote.n == 0)
        k->image_remote = address(c, at->text, o->thumbnail);
    if (o->type == OEMBED_PHOTO && photo.n > 0) {
        k->kind = CARD_PHOTO;
        k->embed_url = k->image_remote = photo;
    } else if (html.n > 0) {
        k->kind = o->type == OEMBED_VIDEO ? CARD_VIDEO : CARD_RICH;
        k->html = html;
    } else {
        return;
    }
    k->width = o->width;
    k->height = o->height;
}

/* What only adds to a card does not spoil it. */
static enum err
optional(struct ctx *c, enum err e)
{
    if (e == ERR_OK || e == ERR_BUSY || e == ERR_INTERNAL)
        return e;
    ctx_ok(c);
    return ERR_OK;
}

static enum err
read_oembed(struct ctx *c, const struct url *at, struct str link, struct card *k)
{
    struct str url = address(c, at->text, link);
    struct fetch_response *r;
    struct text_oembed o;
    enum err e;

    if (url.n == 0)
        return ERR_OK;
    e = get(c, url, S("application/json"), KB(256), PAGE_TIMEOUT_MS, &r);
    if (e != ERR_OK)
        return optional(c, e);
    if (text_oembed_read(c->mem, r->body, &o))
        take_oembed(c, at, &o, k);
    return ERR_OK;
}

/* ---- who wrote it ---------------------------------------------------------------------------------------------------- */

static enum err
find_creator(struct ctx *c, struct str handle, struct account **out)
{
    struct budget b = budget_within(10 * SECOND_MS);
    struct str user, domain = handle;
    enum err e;

    *out = NULL;
    if (str_starts(domain, S("@")))
        domain = str_sub(domain, 1, domain.n);
    if (!str_cut(&domain, '@', &user) || user.n == 0 || !text_authority_normal(c->mem, domain, &domain))
        return ERR_OK;
    if (str_eq(domain, c->env->conf->domain) || str_eq(domain, c->env->conf->host))
        e = store_account_by_handle(c, user, S(""), out);
    else
        e = service_resolve_handle(c, &b, user, domain, out);
    if (e != ERR_OK)
        *out = NULL;
    return optional(c, e);
}

/* A page names its author; it is one when the author names the page's domain. */
static enum err
read_creator(struct ctx *c, const struct url *at, struct str handle, struct card *k)
{
    struct account *a;

    k->creator_id = 0;
    k->creator_ok = false;
    if (handle.n == 0)
        return ERR_OK;
    TRY(find_creator(c, handle, &a));
    if (a == NULL || a->suspended_ms != 0)
        return ERR_OK;
    k->creator_id = a->id;
    for (size_t i = 0; i < a->attribution_domains.n && !k->creator_ok; i++)
        k->creator_ok = is_host_of(at->host, a->attribution_domains.v[i]);
    return ERR_OK;
}

/* ---- the picture ------------------------------------------------------------------------------------------------------ */

static enum err
read_picture(struct ctx *c, struct card *k, struct media_result *made)
{
    struct fetch_response *r;
    enum err e = k->image_remote.n == 0 ? ERR_NOT_FOUND
                                        : get(c, k->image_remote, S("image/*"), media_rules[MEDIA_FOR_CARD].bytes_max,
                                              PICTURE_TIMEOUT_MS, &r);

    k->image = k->blurhash = S("");
    if (e == ERR_OK)
        e = media_process(c, (struct media_input){ .fd = -1, .bytes = r->body }, MEDIA_FOR_CARD, made);
    if (e != ERR_OK)
        return optional(c, e);
    k->image = made->file.key;
    k->blurhash = made->blurhash;
    if (k->kind == CARD_LINK || k->width == 0) {
        k->width = made->file.width;
        k->height = made->file.height;
    }
    return ERR_OK;
}

/* ---- the job ------------------------------------------------------------------------------------------------------------ */

/* In the transaction.  The picture that it had dies. */
static enum err
store(struct ctx *c, const struct card *k)
{
    struct card *now;

    TRY(store_card_hold(c, k->id, &now)); /* of two who fetched it, the picture of the first is seen to die */
    if (now->image.n > 0 && !str_eq(now->image, k->image))
        TRY(store_dead_file_put(c, now->image));
    if (card_is_embed(k) != card_is_embed(now))
        TRY(service_index_changed_card(c, k->id));
    return store_card_set(c, k);
}

static enum err
save(struct ctx *c, struct card *k)
{
    enum err e;

    k->fetched_ms = clock_ms();
    TRY(db_begin(c, DB_WRITE));
    e = store(c, k);
    return db_end(c, e);
}

/* Authors of ours who posted it a moment ago look at their post. */
static enum err
tell_authors(struct ctx *c, const struct card *k)
{
    struct statuses v;
    struct ids ids;

    TRY(store_card_page(c, k->id, &(struct page){ .limit = 20 }, &ids));
    TRY(store_status_list(c, &ids, &v));
    for (size_t i = 0; i < v.n; i++)
        if (v.v[i]->local && v.v[i]->created_ms > clock_ms() - HOUR_MS)
            service_event(c, &(struct event){ .kind = EVENT_STATUS_UPDATE,
                                 .id = v.v[i]->id,
                                 .account_id = v.v[i]->account_id,
                                 .readers = { &v.v[i]->account_id, 1 } });
    return ERR_OK;
}

static bool
is_html(struct str type)
{
    return str_startsi(type, S("text/html")) || str_startsi(type, S("application/xhtml+xml"));
}

static enum err
build(struct ctx *c, const struct fetch_response *r, struct card *k, struct media_result *made)
{
    struct text_page p;
    struct url at;

    k->state = CARD_NONE;
    if (!is_html(r->content_type) || !url_parse(c->mem, r->url, &at))
        return ERR_OK;
    text_page_read(c->mem, text_page_utf8(c->mem, r->body, r->content_type), &p);
    take_page(c, &at, &p, k);
    TRY(read_oembed(c, &at, p.oembed, k));
    if (k->title.n == 0)
        return ERR_OK;
    if (k->provider_url.n == 0 && k->provider_name.n > 0)
        k->provider_url = at.origin;
    TRY(read_creator(c, &at, p.creator, k));
    TRY(read_picture(c, k, made));
    k->state = CARD_READY;
    return ERR_OK;
}

enum err
service_card_fetch(struct ctx *c, int64_t id)
{
    struct media_result made = { 0 };
    struct fetch_response *r;
    struct card *k;
    enum err e;

    TRY(store_card_get(c, id, &k));
    if (k->state == CARD_READY && k->fetched_ms > clock_ms() - FRESH_MS)
        return ERR_OK;
    e = get(c, k->url, S("text/html, application/xhtml+xml"), MB(1), PAGE_TIMEOUT_MS, &r);
    if (e == ERR_OK) {
        e = build(c, r, k, &made);
    } else if (e == ERR_FORBIDDEN || (e == ERR_REMOTE && (r->fail != FETCH_STATUS || r->status < 500))) {
        ctx_ok(c);                  /* refused, or nothing there: for a day */
        if (k->state != CARD_READY) /* an old card is better than none */
            k->state = CARD_NONE;
        e = ERR_OK;
    }
    if (e == ERR_OK)
        e = save(c, k);
    if (e != ERR_OK && made.file.key.n > 0)
        media_discard(c, &made);
    TRY(e);
    return k->state == CARD_READY ? tell_authors(c, k) : ERR_OK;
}

/* ---- reading ------------------------------------------------------------------------------------------------------------ */

static enum err
fetch_page(struct ctx *c, void *arg, const struct page *p, struct ids *out)
{
    return store_card_page(c, *(const int64_t *)arg, p, out);
}

enum err
service_card_timeline(struct ctx *c, struct str url, const struct page *p, struct statuses *out)
{
    struct str key;
    struct card *k;
    size_t n = 0;
    int where = 0;
    bool nothing;

    if (!service_card_url(c, url, &key))
        return ctx_fail(c, ERR_NOT_FOUND, "no page of others");
    TRY(service_feed_open(c, FEED_TOPIC, &where, &nothing));
    TRY(store_card_by_url(c, key, &k));
    if (k->state != CARD_READY)
        return ctx_fail(c, ERR_NOT_FOUND, "no card of that page");
    TRY(service_status_page(c, c->who.account_id, VIEW_PUBLIC, p, fetch_page, &k->id, out));
    for (size_t i = 0; i < out->n;
         i++) /* a short page, where only posts from here, or only those from elsewhere, are read */
        if (!nothing && (where == 0 || out->v[i]->local == (where > 0)))
            out->v[n++] = out->v[i];
    out->n = n;
    return ERR_OK;
}

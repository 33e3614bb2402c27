/* What is used more than usual: the square of the surplus over what was expected, halved again and again as time passes. */
#include "service/trend.h"

#include "base/clock.h"
#include "db/db.h"
#include "service/card.h"
#include "service/visibility.h"
#include "store/account.h"
#include "store/card.h"
#include "store/setting.h"
#include "store/tag_follow.h"
#include "store/trend.h"
#include "text/idna.h"
#include "text/link.h"

enum {
    THRESHOLD = 5, /* accounts, or interactions: less is no trend */
    TAGS_KEPT = 200,
    LINKS_KEPT = 200,
    STATUSES_KEPT = 500,
    TAG_HALF_LIFE_MS = 4 * HOUR_MS,
    LINK_HALF_LIFE_MS = 8 * HOUR_MS,
    PEAK_MS = 2 * DAY_MS, /* a peak counts so long */
    STATUS_HALF_LIFE_MS = 1 * HOUR_MS,
    STATUS_AGE_MS = 2 * DAY_MS,
};

static const double use_least = 1, status_least = 0.3; /* a lower score is none */

/* ---- counting ---------------------------------------------------------------------------------------------------- */

/* Posts of others and for few; posts that arrive late or again: they count for nothing. */
static bool
counts(const struct status *s, const struct account *author)
{
    return s->visibility == VIS_PUBLIC && s->reblog_of_id == 0 && author->silenced_ms == 0 &&
           clock_ms() / DAY_MS <= s->created_ms / DAY_MS + 1;
}

enum err
service_trend_posted(struct ctx *c, const struct status *s, const struct account *author)
{
    int64_t day = s->created_ms / DAY_MS;

    for (size_t i = 0; i < s->n_tags && counts(s, author); i++)
        TRY(store_tag_used(c, s->tags[i].id, day, s->account_id));
    return ERR_OK;
}

enum err
service_trend_linked(struct ctx *c, const struct status *s, int64_t card_id)
{
    if (!counts(s, s->account) || !s->account->discoverable)
        return ERR_OK;
    return store_card_used(c, card_id, s->created_ms / DAY_MS, s->account_id);
}

/* ---- reckoning --------------------------------------------------------------------------------------------------- */

/* Half of it after each half-life, straight lines between. */
static double
decayed(double score, int64_t age_ms, int64_t half_life_ms)
{
    for (; age_ms >= half_life_ms && score > 0.001; age_ms -= half_life_ms)
        score /= 2;
    return score * (1 - (double)MIN(MAX(age_ms, 0), half_life_ms) / (double)half_life_ms / 2);
}

static double
surplus(int64_t observed, int64_t expected)
{
    double more = (double)(observed - expected);

    return observed < THRESHOLD || more <= 0 ? 0 : more * more / (double)expected;
}

static void
score_use(struct trend_use *t, int64_t now, int64_t half_life_ms)
{
    double fresh = surplus(t->today, MAX(t->yesterday, 1));

    if (now - t->peak_ms > PEAK_MS)
        t->peak = 0;
    if (fresh > t->peak) {
        t->peak = fresh;
        t->peak_ms = now;
    }
    t->score = decayed(t->peak, now - t->peak_ms, half_life_ms);
    if (t->score < use_least)
        t->score = 0;
}

static void
score_uses(struct trend_uses *v, int64_t now, int64_t half_life_ms)
{
    for (size_t i = 0; i < v->n; i++)
        score_use(&v->v[i], now, half_life_ms);
}

/* v comes with the most interactions first; of each account the best stays. */
static void
score_statuses(struct trend_statuses *v, int64_t now)
{
    for (size_t i = 0; i < v->n; i++) {
        struct trend_status *s = &v->v[i];

        s->score = decayed(surplus(s->interactions, 1), now - s->created_ms, STATUS_HALF_LIFE_MS);
        if (s->score < status_least)
            s->score = 0;
    }
    for (size_t i = 0; i < v->n; i++)
        for (size_t k = 0; k < i; k++)
            if (v->v[k].account_id == v->v[i].account_id) {
                struct trend_status *less = v->v[k].score < v->v[i].score ? &v->v[k] : &v->v[i];

                less->score = 0;
            }
}

enum err
service_trend_refresh(struct ctx *c)
{
    int64_t now = clock_ms();
    struct trend_statuses statuses;
    struct trend_uses tags, links;

    TRY(store_trend_tag_candidates(c, now / DAY_MS, THRESHOLD, TAGS_KEPT, &tags));
    score_uses(&tags, now, TAG_HALF_LIFE_MS);
    TRY(store_trend_card_candidates(c, now / DAY_MS, THRESHOLD, LINKS_KEPT, &links));
    score_uses(&links, now, LINK_HALF_LIFE_MS);
    TRY(store_trend_status_candidates(c, now - STATUS_AGE_MS, THRESHOLD, STATUSES_KEPT, &statuses));
    score_statuses(&statuses, now);
    TRY(db_begin(c, DB_WRITE));
    TRY(store_account_lock(c, 0)); /* another run waits for this one: each clears what was there and writes anew */
    TRY(store_trend_put(c, &tags, &links, &statuses));
    return db_commit(c);
}

/* ---- reading ----------------------------------------------------------------------------------------------------- */

static enum err
is_set(struct ctx *c, const char *name, struct str dflt, bool *out)
{
    struct str value;

    TRY(store_setting_get(c, name, dflt, &value));
    *out = str_eqz(value, "1");
    return ERR_OK;
}

static enum err
settings(struct ctx *c, bool *on, bool *by_default)
{
    TRY(is_set(c, "trends", S("1"), on));
    return is_set(c, "trendable_by_default", S("0"), by_default);
}

enum err
service_tag_fill(struct ctx *c, struct tag_ref *v, size_t n)
{
    TRY(store_tag_history(c, clock_ms() / DAY_MS, v, n));
    return n == 0 || c->who.account_id == 0 ? ERR_OK : store_tag_relations(c, c->who.account_id, v, n);
}

enum err
service_trend_tags(struct ctx *c, int64_t limit, int64_t offset, struct tag_ref **v, size_t *n)
{
    bool on, by_default;

    *n = 0;
    TRY(settings(c, &on, &by_default));
    if (!on)
        return ERR_OK;
    TRY(store_trend_tag_page(c, by_default, limit, offset, v, n));
    return service_tag_fill(c, *v, *n);
}

enum err
service_trend_links(struct ctx *c, int64_t limit, int64_t offset, struct cards *out)
{
    bool on, by_default;
    struct ids ids;

    *out = (struct cards){ 0 };
    TRY(settings(c, &on, &by_default));
    if (!on)
        return ERR_OK;
    TRY(store_trend_card_page(c, by_default, c->locale, limit, offset, &ids));
    TRY(store_card_list(c, &ids, out));
    return store_card_history(c, clock_ms() / DAY_MS, out);
}

enum err
service_trend_statuses(struct ctx *c, int64_t limit, int64_t offset, struct statuses *out, size_t *n)
{
    bool on, by_default;
    struct ids ids;

    *n = 0;
    *out = (struct statuses){ 0 };
    TRY(settings(c, &on, &by_default));
    if (!on)
        return ERR_OK;
    TRY(store_trend_status_page(c, by_default, c->locale, limit, offset, &ids));
    *n = ids.n;
    return service_status_load(c, c->who.account_id, VIEW_PUBLIC, &ids, out);
}

enum err
service_tag_allow(struct ctx *c, struct str name, bool on)
{
    TRY(db_begin(c, DB_WRITE));
    TRY(store_tag_allow(c, text_tag_key(c->mem, name), on));
    return db_commit(c);
}

enum err
service_link_allow(struct ctx *c, struct str url, bool on)
{
    struct str key;
    struct card *k;

    if (!service_card_url(c, url, &key))
        return ctx_fail(c, ERR_NOT_FOUND, "no page of others");
    TRY(db_begin(c, DB_WRITE));
    TRY(store_card_by_url(c, key, &k));
    TRY(store_card_allow(c, k->id, on));
    return db_commit(c);
}

enum err
service_publisher_allow(struct ctx *c, struct str domain, bool on)
{
    struct str host;

    if (!text_authority_normal(c->mem, domain, &host) || host.n > DOMAIN_BYTES_MAX)
        return ctx_fail_public(c, ERR_INVALID, "Validation failed: Domain is not a valid domain name");
    TRY(db_begin(c, DB_WRITE));
    TRY(store_provider_allow(c, host, on));
    return db_commit(c);
}

/*
 * Rate limits: a table of sets of eight counters.  A key lives in the set its hash names; when the set is full of running windows the
 * least used counter makes room, so a flood of new keys only ever forgets keys that were hardly used.  2 MB, whatever happens.
 */
#include "http/limit.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/conf.h"
#include "base/ip.h"
#include "base/metric.h"
#include "base/rng.h"

#include <pthread.h>
#include <stdatomic.h>
#include <string.h>

enum { SETS = 8192, WAYS = 8, LOCKS = 64, KEEP_FROM = 8 /* an eighth of a limit */, USED_MAX = 1000000 };

static const struct {
    int64_t requests, period_ms;
    bool kept;
} limits[LIMIT_COUNT] = {
#define X(name, requests, period, kept) { requests, (period)*SECOND_MS, kept },
    LIMIT_LIST(X)
#undef X
};

struct counter {
    uint64_t key;   /* hash of limit and key */
    int64_t end_ms; /* of the window; in the past: free */
    int64_t used;
    uint32_t untold; /* counted here since other processes were told */
    bool is_told;    /* full enough to be */
    bool changed;    /* since it was kept; only of limits that are */
};

static struct counter table[SETS][WAYS];
static pthread_mutex_t locks[LOCKS] = { [0 ... LOCKS - 1] = PTHREAD_MUTEX_INITIALIZER };
static uint64_t seed[2];
static bool is_seeded;
static atomic_bool any_changed, any_untold;

/* The running counter of a key, or the one that would make room for it: free, else the least used. */
static struct counter *
find_counter(struct counter set[WAYS], uint64_t key, int64_t now_ms, bool *found)
{
    struct counter *best = &set[0];

    *found = false;
    for (size_t i = 0; i < WAYS; i++) {
        struct counter *k = &set[i];

        if (k->end_ms <= now_ms)
            k->used = 0;
        else if (k->key == key) {
            *found = true;
            return k;
        }
        if (k->used < best->used)
            best = k;
    }
    return best;
}

static uint64_t
hash_key(enum limit l, struct str key)
{
    return str_hash_keyed(key, is_seeded ? seed : rng_hash_key()) ^ (uint64_t)(l + 1) * 0x9e3779b97f4a7c15u;
}

/* What is worth a row, and worth a message to other processes: counters that are an eighth full. */
static void
note(enum limit l, struct counter *k, int n)
{
    k->untold += (uint32_t)n;
    if (n == 0 || k->used * KEEP_FROM < limits[l].requests)
        return;
    k->is_told = true;
    atomic_store_explicit(&any_untold, true, memory_order_relaxed);
    if (!limits[l].kept)
        return;
    k->changed = true;
    atomic_store_explicit(&any_changed, true, memory_order_relaxed);
}

/* Count by n (0: look only); gives how many are counted now, these included. */
static int64_t
count(enum limit l, struct str key, int n, int64_t *end_ms)
{
    uint64_t hash = hash_key(l, key);
    size_t set = hash % SETS;
    int64_t now_ms = clock_ms(), period_ms = limits[l].period_ms, used = 0;
    struct counter *k;
    bool found;

    *end_ms = now_ms - now_ms % period_ms + period_ms;
    pthread_mutex_lock(&locks[set % LOCKS]);
    k = find_counter(table[set], hash, now_ms, &found);
    /* A clock that jumped back leaves windows in the future: they end as if they began now. */
    if (!found || k->end_ms > *end_ms) {
        if (n > 0)
            *k = (struct counter){ .key = hash, .end_ms = *end_ms };
        found = n > 0;
    }
    if (found) {
        k->used = MIN(k->used + n, limits[l].requests + 1);
        used = k->used;
        note(l, k, n);
    }
    pthread_mutex_unlock(&locks[set % LOCKS]);
    return used;
}

static enum err
judge(struct ctx *c, struct req *r, enum limit l, struct str key, int n)
{
    int64_t end_ms, used, left;
    enum err e;

    if (!c->env->conf->rate_limits)
        return ERR_OK;
    used = count(l, key, n, &end_ms);
    left = MAX(limits[l].requests - used, 0);
    if (n > 0 && (r->limit.limit == 0 || left < r->limit.remaining))
        r->limit = (struct req_limit){ limits[l].requests, left, end_ms };
    if (used + (n == 0) <= limits[l].requests)
        return ERR_OK;
    metric_add(METRIC_HTTP_LIMITED, 1);
    r->limit = (struct req_limit){ limits[l].requests, 0, end_ms };
    e = ctx_fail(c, ERR_RATE, "limit %d of %lld in %lld s", (int)l, (long long)limits[l].requests,
        (long long)(limits[l].period_ms / SECOND_MS));
    c->fail.retry_after_ms = MAX(end_ms - clock_ms(), 1);
    return e;
}

enum err
limit_take(struct ctx *c, struct req *r, enum limit l, struct str key)
{
    return judge(c, r, l, key, 1);
}

enum err
limit_take_id(struct ctx *c, struct req *r, enum limit l, int64_t id)
{
    return judge(c, r, l, (struct str){ (const char *)&id, sizeof(id) }, 1);
}

enum err
limit_peek(struct ctx *c, struct req *r, enum limit l, struct str key)
{
    return judge(c, r, l, key, 0);
}

struct str
limit_ip_key(struct ctx *c, const struct req *r)
{
    struct ip ip, net;

    if (!ip_parse(r->client_ip, &ip))
        return r->client_ip; /* "unix" */
    net = ip_client_network(&ip);
    return str_dup(c->mem, (struct str){ (const char *)net.b, sizeof(net.b) });
}

/* ---- what the dispatcher counts -------------------------------------------------------------------------------- */

/* Limits that count an address whoever asks. */
static const struct {
    enum rate_class rate;
    enum limit limit;
} by_address[] = {
    { RATE_SIGNUP, LIMIT_SIGNUP },
    { RATE_APPS, LIMIT_APPS },
    { RATE_LOGIN, LIMIT_LOGIN },
    { RATE_PROXY, LIMIT_PROXY },
};

static bool
has_credentials(struct ctx *c, const struct req *r)
{
    return req_header(c, r, S("Authorization")).n > 0 || req_header(c, r, S("Cookie")).n > 0 ||
           str_find(r->query, S("access_token=")) >= 0;
}

/* Is one of the cursors among the parameters of the query? */
static bool
is_paging(const struct req *r)
{
    static const char *const names[] = { "max_id", "min_id", "since_id", "page" };
    struct str rest = r->query, pair, name;

    while (str_cut(&rest, '&', &pair)) {
        if (!str_cut(&pair, '=', &name))
            continue;
        for (size_t i = 0; i < lengthof(names); i++)
            if (str_eqz(name, names[i]))
                return true;
    }
    return false;
}

/*
 * Without credentials the address pays.  With them the user will, once it is known who that is; but an address that tried many wrong
 * ones is refused before they cost a look into the database.
 */
enum err
limit_before(struct ctx *c, struct req *r)
{
    struct str address;

    if (r->route->rate == RATE_NONE)
        return ERR_OK;
    address = limit_ip_key(c, r);
    for (size_t i = 0; i < lengthof(by_address); i++)
        if (by_address[i].rate == r->route->rate)
            TRY(limit_take(c, r, by_address[i].limit, address));
    if (has_credentials(c, r))
        return limit_peek(c, r, LIMIT_BAD_TOKEN, address);
    if (is_paging(r))
        TRY(limit_take(c, r, LIMIT_PAGING, address));
    return limit_take(c, r, LIMIT_API_IP, address);
}

enum err
limit_after(struct ctx *c, struct req *r, enum err before)
{
    if (r->route->rate == RATE_NONE)
        return ERR_OK;
    if (before == ERR_UNAUTHORIZED && has_credentials(c, r))
        return limit_take(c, r, LIMIT_BAD_TOKEN, limit_ip_key(c, r));
    if (c->who.user_id == 0 && c->who.token_id == 0)
        /* A cookie that means nothing is no credential. */
        return has_credentials(c, r) ? limit_take(c, r, LIMIT_API_IP, limit_ip_key(c, r)) : ERR_OK;
    if (c->who.token_id != 0)
        TRY(limit_take_id(c, r, LIMIT_API_TOKEN, c->who.token_id));
    if (c->who.user_id == 0)
        return ERR_OK;
    TRY(limit_take_id(c, r, LIMIT_API_USER, c->who.user_id));
    if (is_paging(r))
        TRY(limit_take_id(c, r, LIMIT_PAGING, c->who.user_id));
    if (r->route->rate == RATE_MEDIA)
        TRY(limit_take_id(c, r, LIMIT_MEDIA, c->who.user_id));
    if (r->route->rate == RATE_DELETE)
        TRY(limit_take_id(c, r, LIMIT_DELETE, c->who.user_id));
    return ERR_OK;
}

/* ---- counts that outlive the process --------------------------------------------------------------------------- */

void
limit_seed(const uint64_t with[2])
{
    seed[0] = with[0];
    seed[1] = with[1];
    is_seeded = true;
}

void
limit_restore(const struct limit_count *v, size_t n)
{
    int64_t now_ms = clock_ms();

    for (size_t i = 0; i < n; i++) {
        size_t set = v[i].key % SETS;
        struct counter *k;
        bool found;

        pthread_mutex_lock(&locks[set % LOCKS]);
        k = find_counter(table[set], v[i].key, now_ms, &found);
        if (!found)
            *k = (struct counter){ .key = v[i].key, .end_ms = v[i].end_ms };
        k->used = MAX(k->used, v[i].used);
        pthread_mutex_unlock(&locks[set % LOCKS]);
    }
}

/* Those of one set. */
static size_t
changed_of_set(size_t set, int64_t now_ms, struct limit_count *out, size_t max)
{
    size_t n = 0;

    pthread_mutex_lock(&locks[set % LOCKS]);
    for (size_t i = 0; i < WAYS && n < max; i++) {
        const struct counter *k = &table[set][i];

        if (k->changed && k->end_ms > now_ms)
            out[n++] = (struct limit_count){ k->key, k->used, k->end_ms };
    }
    pthread_mutex_unlock(&locks[set % LOCKS]);
    return n;
}

size_t
limit_changed(struct limit_count *out, size_t max)
{
    int64_t now_ms = clock_ms();
    size_t n = 0;

    if (!atomic_exchange(&any_changed, false))
        return 0;
    for (size_t set = 0; set < SETS && n < max; set++)
        n += changed_of_set(set, now_ms, out + n, max - n);
    if (n > 0)
        atomic_store(&any_changed, true); /* until a look finds nothing */
    return n;
}

void
limit_kept(const struct limit_count *v, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        size_t set = v[i].key % SETS;

        pthread_mutex_lock(&locks[set % LOCKS]);
        for (size_t w = 0; w < WAYS; w++) {
            struct counter *k = &table[set][w];

            if (k->key == v[i].key && k->used == v[i].used && k->end_ms == v[i].end_ms)
                k->changed = false;
        }
        pthread_mutex_unlock(&locks[set % LOCKS]);
    }
}

/* ---- several processes ------------------------------------------------------------------------------------------- */

static size_t
untold_of_set(size_t set, int64_t now_ms, struct limit_count *out, size_t max)
{
    size_t n = 0;

    pthread_mutex_lock(&locks[set % LOCKS]);
    for (size_t i = 0; i < WAYS && n < max; i++) {
        struct counter *k = &table[set][i];

        if (!k->is_told || k->untold == 0 || k->end_ms <= now_ms)
            continue;
        out[n++] = (struct limit_count){ k->key, k->untold, k->end_ms };
        k->untold = 0;
    }
    pthread_mutex_unlock(&locks[set % LOCKS]);
    return n;
}

size_t
limit_untold(struct limit_count *out, size_t max)
{
    int64_t now_ms = clock_ms();
    size_t n = 0;

    if (!atomic_exchange(&any_untold, false))
        return 0;
    for (size_t set = 0; set < SETS && n < max; set++)
        n += untold_of_set(set, now_ms, out + n, max - n);
    if (n == max)
        atomic_store(&any_untold, true);
    return n;
}

void
limit_add(const struct limit_count *v, size_t n)
{
    int64_t now_ms = clock_ms();

    for (size_t i = 0; i < n; i++) {
        size_t set = v[i].key % SETS;
        struct counter *k;
        bool found;

        if (v[i].end_ms <= now_ms || v[i].used <= 0 || v[i].used > USED_MAX)
            continue;
        pthread_mutex_lock(&locks[set % LOCKS]);
        k = find_counter(table[set], v[i].key, now_ms, &found);
        if (!found)
            *k = (struct counter){ .key = v[i].key, .end_ms = v[i].end_ms };
        k->used = MIN(k->used + v[i].used, (int64_t)USED_MAX);
        pthread_mutex_unlock(&locks[set % LOCKS]);
    }
}

void
limit_reset(void)
{
    for (size_t i = 0; i < LOCKS; i++)
        pthread_mutex_lock(&locks[i]);
    memset(table, 0, sizeof(table));
    for (size_t i = 0; i < LOCKS; i++)
        pthread_mutex_unlock(&locks[i]);
}

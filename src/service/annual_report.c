/* Annual reports. */
#include "service/annual_report.h"

#include "base/clock.h"
#include "base/date.h"
#include "base/json.h"
#include "db/db.h"
#include "queue/queue.h"
#include "service/internal.h"
#include "service/visibility.h"
#include "store/account.h"
#include "store/annual_report.h"
#include "store/async_refresh.h"

enum { FIRST_YEAR = 2016, TAGS_MAX = 5, LURKER_POSTS = 12, BYTES_MAX = 64 * 1024 };

/* ---- years --------------------------------------------------------------------------------------------------------- */

static int64_t
day_ms(int64_t year, int month, int day)
{
    char text[16];
    int64_t ms = 0;

    snprintf(text, sizeof(text), "%04d-%02d-%02d", (int)year, month, day);
    if (!date_parse(str_z(text), &ms))
        BUG("a date that is none: %s", text);
    return ms;
}

/* Where month 0 to 12 of a year begins; 12 is the next January. */
static int64_t
month_ms(int64_t year, int month)
{
    return month < 12 ? day_ms(year, month + 1, 1) : day_ms(year + 1, 1, 1);
}

int64_t
service_annual_year(void)
{
    int64_t now = clock_ms(), year = FIRST_YEAR;

    while (day_ms(year + 1, 12, 1) <= now)
        year++;
    return year;
}

static struct str
topic(struct ctx *c, int64_t account_id, int64_t year)
{
    return str_fmt(c->mem, "annual_report:%lld:%lld", (long long)account_id, (long long)year);
}

/* ---- asking -------------------------------------------------------------------------------------------------------- */

enum err
service_annual_state(struct ctx *c, int64_t year, enum annual_state *out)
{
    struct annual_report *r;
    struct annual_counts n;
    enum err e;

    *out = ANNUAL_INELIGIBLE;
    if (year < FIRST_YEAR || year > service_annual_year())
        return ERR_OK;
    e = store_annual_get(c, c->who.account_id, year, &r);
    if (e == ERR_OK) {
        *out = r->data.n > 0 ? ANNUAL_AVAILABLE : ANNUAL_GENERATING;
        return ERR_OK;
    }
    if (e != ERR_NOT_FOUND)
        return e;
    ctx_ok(c);
    TRY(store_annual_counts(c, c->who.account_id, month_ms(year, 0), month_ms(year, 12), &n));
    if (n.standalone + n.replies + n.reblogs > 0)
        *out = ANNUAL_ELIGIBLE;
    return ERR_OK;
}

enum err
service_annual_generate(struct ctx *c, int64_t year, int64_t *refresh_id)
{
    struct str args = str_fmt(c->mem, "{\"id\":\"%lld\",\"year\":%lld}", (long long)c->who.account_id, (long long)year);
    enum annual_state state;
    bool added;

    *refresh_id = 0;
    TRY(service_annual_state(c, year, &state));
    if (state == ANNUAL_INELIGIBLE)
        return ctx_fail_public(c, ERR_INVALID, "There is no report of that year");
    if (state == ANNUAL_AVAILABLE)
        return ERR_OK;
    TRY(db_begin(c, DB_WRITE));
    TRY(store_annual_begin(c, c->who.account_id, year, &added));
    TRY(store_async_begin(c, c->who.account_id, topic(c, c->who.account_id, year), refresh_id));
    TRY(queue_put(c, J_ANNUAL_REPORT, args, NULL));
    return db_commit(c);
}

/* The ids of statuses that the data names. */
static void
read_data(struct ctx *c, struct annual_report *r)
{
    static const char *const names[] = { "by_reblogs", "by_favourites", "by_replies" };
    const struct val *data;

    r->status_ids = (struct ids){ arena_vec(c->mem, int64_t, lengthof(names)), 0 };
    if (json_parse(c->mem, r->data, NULL, &data) != ERR_OK)
        return;
    for (size_t i = 0; i < lengthof(names); i++) {
        int64_t id;

        if (str_int(val_str(val_get(val_get(data, S("top_statuses")), str_z(names[i]))), &id))
            r->status_ids.v[r->status_ids.n++] = id;
    }
}

enum err
service_annual_get(
    struct ctx *c, int64_t year, struct annual_reports *out, struct accounts *accounts, struct statuses *statuses)
{
    struct annual_report *one;
    struct ids ids;

    if (year == 0) {
        TRY(store_annual_list(c, c->who.account_id, out));
    } else {
        TRY(store_annual_get(c, c->who.account_id, year, &one));
        if (one->data.n == 0)
            return ctx_fail(c, ERR_NOT_FOUND, "the report is not finished");
        *out = (struct annual_reports){ one, 1 };
    }
    ids = (struct ids){ arena_vec(c->mem, int64_t, out->n * 3), 0 };
    for (size_t i = 0; i < out->n; i++) {
        read_data(c, &out->v[i]);
        for (size_t k = 0; k < out->v[i].status_ids.n; k++)
            ids.v[ids.n++] = out->v[i].status_ids.v[k];
    }
    TRY(service_status_load(c, c->who.account_id, VIEW_DIRECT, &ids, statuses));
    TRY(store_account_list(c, &(struct ids){ &c->who.account_id, out->n > 0 ? 1 : 0 }, accounts));
    return store_account_fill(c, accounts->v, accounts->n);
}

enum err
service_annual_view(struct ctx *c, int64_t year)
{
    bool found;

    TRY(db_begin(c, DB_WRITE));
    TRY(store_annual_view(c, c->who.account_id, year, &found));
    if (!found)
        return ctx_fail(c, ERR_NOT_FOUND, "no report of %lld", (long long)year);
    return db_commit(c);
}

/* ---- making -------------------------------------------------------------------------------------------------------- */

/* A playful word for what somebody mostly does. */
static struct str
archetype(const struct annual_counts *n)
{
    int64_t own = n->standalone + n->replies;

    if (own + n->reblogs < LURKER_POSTS)
        return S("lurker");
    if (n->reblogs > 2 * own)
        return S("booster");
    if (n->polls * 10 > own)
        return S("pollster");
    if (n->replies > n->standalone)
        return S("replier");
    return S("oracle");
}

static enum err
put_months(struct ctx *c, struct json *j, int64_t account_id, int64_t year)
{
    json_arr(j, "time_series");
    for (int month = 0; month < 12; month++) {
        int64_t from = month_ms(year, month), to = month_ms(year, month + 1), following, followers;
        struct annual_counts n;

        TRY(store_annual_counts(c, account_id, from, to, &n));
        TRY(store_annual_follows(c, account_id, from, to, &following, &followers));
        json_obj(j, NULL);
        json_int(j, "month", month + 1);
        json_int(j, "statuses", n.standalone + n.replies + n.reblogs);
        json_int(j, "following", following);
        json_int(j, "followers", followers);
        json_end(j);
    }
    json_end(j);
    return ERR_OK;
}

static enum err
put_top(struct ctx *c, struct json *j, int64_t account_id, int64_t from, int64_t to)
{
    struct annual_top top;
    struct annual_tag *tags;
    size_t n;

    TRY(store_annual_top(c, account_id, from, to, &top));
    json_obj(j, "top_statuses");
    json_id_or_null(j, "by_reblogs", top.by_reblogs);
    json_id_or_null(j, "by_favourites", top.by_favourites);
    json_id_or_null(j, "by_replies", top.by_replies);
    json_end(j);
    TRY(store_annual_tags(c, account_id, from, to, TAGS_MAX, &tags, &n));
    json_arr(j, "top_hashtags");
    for (size_t i = 0; i < n; i++) {
        json_obj(j, NULL);
        json_str(j, "name", tags[i].name);
        json_int(j, "count", tags[i].count);
        json_end(j);
    }
    json_end(j);
    return ERR_OK;
}

static enum err
make_data(struct ctx *c, int64_t account_id, int64_t year, struct str *out)
{
    int64_t from = month_ms(year, 0), to = month_ms(year, 12);
    struct annual_counts n;
    struct buf b;
    struct json j;

    buf_init(&b, c->mem, BYTES_MAX);
    json_init(&j, &b);
    TRY(store_annual_counts(c, account_id, from, to, &n));
    json_obj(&j, NULL);
    json_str(&j, "archetype", archetype(&n));
    json_obj(&j, "type_distribution");
    json_int(&j, "total", n.standalone + n.replies + n.reblogs);
    json_int(&j, "reblogs", n.reblogs);
    json_int(&j, "replies", n.replies);
    json_int(&j, "standalone", n.standalone);
    json_end(&j);
    TRY(put_top(c, &j, account_id, from, to));
    TRY(put_months(c, &j, account_id, year));
    json_end(&j);
    if (!json_done(&j))
        return ctx_fail(c, ERR_TOO_LARGE, "annual report of %lld", (long long)account_id);
    *out = buf_str(&b);
    return ERR_OK;
}

enum err
service_annual_make(struct ctx *c, int64_t account_id, int64_t year)
{
    struct str data;

    TRY(make_data(c, account_id, year, &data));
    TRY(db_begin(c, DB_WRITE));
    TRY(store_annual_finish(c, account_id, year, data));
    TRY(store_async_finish(c, topic(c, account_id, year), 1));
    return db_commit(c);
}

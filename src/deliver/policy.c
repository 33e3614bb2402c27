/* The tables. */
#include "deliver/policy.h"

#include "base/clock.h"

/* First match wins. */
static const struct {
    int from, to;
    enum deliver_fate fate;
    enum host_news news;
} by_status[] = {
    { 200, 299, ROW_OK, NEWS_GOOD },
    { 307, 308, ROW_FOLLOW, NEWS_GOOD },
    { 300, 399, ROW_RETRY_ONCE, NEWS_GOOD },
    { 400, 401, ROW_KNOCK, NEWS_GOOD },
    { 408, 408, ROW_RETRY, NEWS_NONE },
    { 425, 425, ROW_RETRY, NEWS_NONE },
    { 429, 429, ROW_RETRY, NEWS_NONE }, /* busy is not broken: Retry-After holds the host instead */
    { 400, 499, ROW_DROP, NEWS_GOOD },
    { 501, 501, ROW_DROP, NEWS_GOOD },
    { 500, 999, ROW_RETRY, NEWS_BAD },
};

static const struct {
    enum fetch_fail fail;
    enum deliver_fate fate;
    enum host_news news;
} by_fail[] = {
    { FETCH_URL, ROW_DROP, NEWS_NONE },
    { FETCH_SCHEME, ROW_DROP, NEWS_NONE },
    { FETCH_PORT, ROW_DROP, NEWS_NONE },
    { FETCH_OWN, ROW_DROP, NEWS_NONE },
    { FETCH_ADDRESS, ROW_DROP, NEWS_NONE },
    /* Names, certificates and closed ports are mended by people, not by waiting a minute. */
    { FETCH_DNS, ROW_RETRY_SLOW, NEWS_BAD },
    { FETCH_CERT, ROW_RETRY_SLOW, NEWS_BAD },
    { FETCH_REFUSED, ROW_RETRY_SLOW, NEWS_BAD },
    { FETCH_PARKED, ROW_GIVE_BACK, NEWS_NONE },
    { FETCH_BUSY, ROW_GIVE_BACK, NEWS_NONE },
    { FETCH_STOPPED, ROW_GIVE_BACK, NEWS_NONE },
};

static struct deliver_verdict
judge_status(int status, bool knocked, bool followed)
{
    struct deliver_verdict v = { ROW_RETRY, NEWS_BAD };

    for (size_t i = 0; i < lengthof(by_status); i++)
        if (status >= by_status[i].from && status <= by_status[i].to) {
            v = (struct deliver_verdict){ by_status[i].fate, by_status[i].news };
            break;
        }
    if (v.fate == ROW_KNOCK && knocked) /* 401: their copy of our key may be old */
        v.fate = status == 401 ? ROW_RETRY : ROW_DROP;
    if (v.fate == ROW_FOLLOW && followed)
        v.fate = ROW_RETRY_ONCE;
    return v;
}

struct deliver_verdict
deliver_judge(enum fetch_fail fail, int status, bool knocked, bool followed)
{
    /* Once the head is there, a body too long, cut or garbled changes nothing. */
    if (status >= 200 &&
        (fail == FETCH_NONE || fail == FETCH_STATUS || fail == FETCH_TOO_LARGE || fail == FETCH_PROTOCOL))
        return judge_status(status, knocked, followed);
    for (size_t i = 0; i < lengthof(by_fail); i++)
        if (by_fail[i].fail == fail)
            return (struct deliver_verdict){ by_fail[i].fate, by_fail[i].news };
    return (struct deliver_verdict){ ROW_RETRY, NEWS_BAD };
}

static const int64_t schedule_ms[] = {
    30 * SECOND_MS, 2 * MINUTE_MS, 10 * MINUTE_MS, 30 * MINUTE_MS, 2 * HOUR_MS, 6 * HOUR_MS, 12 * HOUR_MS,
    24 * HOUR_MS, /* and so on until the horizon */
};
enum { SLOW_FROM = 2 };

int64_t
deliver_delay_ms(int tries, bool slow, uint64_t random)
{
    int64_t i = tries - 1, ms;

    if (slow)
        i += SLOW_FROM;
    ms = schedule_ms[MIN(MAX(i, 0), (int64_t)lengthof(schedule_ms) - 1)];
    return ms * 3 / 4 + (int64_t)(random % (uint64_t)(ms / 2 + 1));
}

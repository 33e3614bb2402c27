#include "deliver/policy.h"

#include "base/clock.h"
#include "unit.h"

static const struct {
    enum fetch_fail fail;
    int status;
    bool knocked, followed;
    enum deliver_fate fate;
    enum host_news news;
} cases[] = {
    { FETCH_NONE, 200, 0, 0, ROW_OK, NEWS_GOOD },
    { FETCH_NONE, 202, 1, 1, ROW_OK, NEWS_GOOD },
    { FETCH_STATUS, 299, 0, 0, ROW_OK, NEWS_GOOD },
    { FETCH_TOO_LARGE, 202, 0, 0, ROW_OK, NEWS_GOOD }, /* accepted, with a page of HTML */
    { FETCH_PROTOCOL, 202, 0, 0, ROW_OK, NEWS_GOOD },  /* accepted, then cut */
    { FETCH_TIMEOUT, 202, 0, 0, ROW_RETRY, NEWS_BAD },
    { FETCH_STATUS, 301, 0, 0, ROW_RETRY_ONCE, NEWS_GOOD },
    { FETCH_STATUS, 303, 0, 0, ROW_RETRY_ONCE, NEWS_GOOD },
    { FETCH_STATUS, 307, 0, 0, ROW_FOLLOW, NEWS_GOOD },
    { FETCH_STATUS, 308, 0, 1, ROW_RETRY_ONCE, NEWS_GOOD },
    { FETCH_STATUS, 400, 0, 0, ROW_KNOCK, NEWS_GOOD },
    { FETCH_STATUS, 400, 1, 0, ROW_DROP, NEWS_GOOD },
    { FETCH_STATUS, 401, 0, 0, ROW_KNOCK, NEWS_GOOD },
    { FETCH_STATUS, 401, 1, 0, ROW_RETRY, NEWS_GOOD },
    { FETCH_STATUS, 403, 0, 0, ROW_DROP, NEWS_GOOD },
    { FETCH_STATUS, 404, 0, 0, ROW_DROP, NEWS_GOOD },
    { FETCH_STATUS, 405, 0, 0, ROW_DROP, NEWS_GOOD },
    { FETCH_STATUS, 408, 0, 0, ROW_RETRY, NEWS_NONE },
    { FETCH_STATUS, 410, 0, 0, ROW_DROP, NEWS_GOOD },
    { FETCH_STATUS, 413, 0, 0, ROW_DROP, NEWS_GOOD },
    { FETCH_STATUS, 422, 0, 0, ROW_DROP, NEWS_GOOD },
    { FETCH_STATUS, 425, 0, 0, ROW_RETRY, NEWS_NONE },
    { FETCH_STATUS, 429, 0, 0, ROW_RETRY, NEWS_NONE },
    { FETCH_STATUS, 451, 0, 0, ROW_DROP, NEWS_GOOD },
    { FETCH_STATUS, 500, 0, 0, ROW_RETRY, NEWS_BAD },
    { FETCH_STATUS, 501, 0, 0, ROW_DROP, NEWS_GOOD },
    { FETCH_STATUS, 503, 0, 0, ROW_RETRY, NEWS_BAD },
    { FETCH_STATUS, 530, 0, 0, ROW_RETRY, NEWS_BAD },
    { FETCH_STATUS, 999, 0, 0, ROW_RETRY, NEWS_BAD },
    { FETCH_PROTOCOL, 103, 0, 0, ROW_RETRY, NEWS_BAD },
    { FETCH_PROTOCOL, 0, 0, 0, ROW_RETRY, NEWS_BAD },
    { FETCH_CONNECT, 0, 0, 0, ROW_RETRY, NEWS_BAD },
    { FETCH_TLS, 0, 0, 0, ROW_RETRY, NEWS_BAD },
    { FETCH_TIMEOUT, 0, 0, 0, ROW_RETRY, NEWS_BAD },
    { FETCH_DNS, 0, 0, 0, ROW_RETRY_SLOW, NEWS_BAD },
    { FETCH_CERT, 0, 0, 0, ROW_RETRY_SLOW, NEWS_BAD },
    { FETCH_REFUSED, 0, 0, 0, ROW_RETRY_SLOW, NEWS_BAD },
    { FETCH_ADDRESS, 0, 0, 0, ROW_DROP, NEWS_NONE },
    { FETCH_STOPPED, 0, 0, 0, ROW_GIVE_BACK, NEWS_NONE },
};

UNIT(policy_follows_the_table)
{
    for (size_t i = 0; i < lengthof(cases); i++) {
        struct deliver_verdict v = deliver_judge(cases[i].fail, cases[i].status, cases[i].knocked, cases[i].followed);

        if (v.fate != cases[i].fate || v.news != cases[i].news)
            fail_msg(
                "%s %d: fate %d news %d", fetch_fail_name(cases[i].fail), cases[i].status, (int)v.fate, (int)v.news);
    }
}

UNIT(policy_schedule_grows_with_jitter)
{
    static const int64_t want[] = { 30 * SECOND_MS, 2 * MINUTE_MS, 10 * MINUTE_MS, 30 * MINUTE_MS, 2 * HOUR_MS,
        6 * HOUR_MS, 12 * HOUR_MS, DAY_MS, DAY_MS, DAY_MS };

    for (int t = 1; t <= (int)lengthof(want); t++)
        for (uint64_t r = 0; r < 1000; r++) {
            int64_t ms = deliver_delay_ms(t, false, r * 0x9e3779b97f4a7c15u);

            assert_in_range(ms, want[t - 1] * 3 / 4, want[t - 1] * 5 / 4);
        }
    assert_int_equal(deliver_delay_ms(1, false, 0), 22500);
    assert_true(deliver_delay_ms(1, true, 0) >= 7 * MINUTE_MS);
    assert_true(deliver_delay_ms(1000, true, UINT64_MAX) <= DAY_MS * 5 / 4);
}

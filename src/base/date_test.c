#include "base/date.h"

#include "base/clock.h"
#include "unit.h"

UNIT(date_prints)
{
    assert_str(date_iso(unit_mem(), 0), "1970-01-01T00:00:00.000Z");
    assert_str(date_iso(unit_mem(), -1), "1969-12-31T23:59:59.999Z");
    assert_str(date_iso_s(unit_mem(), 1767323045678), "2026-01-02T03:04:05Z");
    assert_str(date_day(unit_mem(), 951782400000), "2000-02-29");
    assert_str(date_http(unit_mem(), 784111777000), "Sun, 06 Nov 1994 08:49:37 GMT");
    assert_str(date_iso(unit_mem(), INT64_MIN), "0000-01-01T00:00:00.000Z");
    assert_str(date_iso(unit_mem(), INT64_MAX), "9999-12-31T23:59:59.999Z");
    assert_int_equal(date_midnight(1767323045678), 1767312000000);
    assert_int_equal(date_midnight(-1), -DAY_MS);
}

UNIT(date_agrees_with_libc)
{
    for (int64_t day = -719528; day <= 2932896; day += 97) { /* the years 0 to 9999 */
        int64_t ms = day * DAY_MS + (day * 7919 % DAY_MS + DAY_MS) % DAY_MS, back;
        time_t t = (time_t)((ms - ((ms % 1000) + 1000) % 1000) / 1000);
        struct tm tm;
        char want[64];

        assert_non_null(gmtime_r(&t, &tm));
        snprintf(want, sizeof(want), "%04d-%02d-%02dT%02d:%02d:%02dZ", tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday,
            tm.tm_hour, tm.tm_min, tm.tm_sec);
        assert_str(date_iso_s(unit_mem(), ms), want);
        assert_true(date_parse(date_iso(unit_mem(), ms), &back));
        assert_int_equal(back, ms);
        strftime(want, sizeof(want), "%a, %d %b %Y %H:%M:%S GMT", &tm);
        if (tm.tm_year + 1900 >= 1000) { /* strftime does not pad %Y */
            assert_str(date_http(unit_mem(), ms), want);
            assert_true(date_parse_http(str_z(want), &back));
            assert_int_equal(back, (int64_t)t * 1000);
        }
    }
}

UNIT(date_parse_is_lenient)
{
    static const struct {
        const char *text;
        int64_t ms;
    } cases[] = {
        { "2026-01-02", 1767312000000 },
        { "2026-01-02T03:04:05Z", 1767323045000 },
        { "2026-01-02t03:04:05.6z", 1767323045600 },
        { "2026-01-02 03:04:05.678999999999+00:00", 1767323045678 },
        { "2026-01-02T03:04:05.6789", 1767323045678 },
        { "2026-01-02T03:04", 1767323040000 },
        { "2026-01-02T05:04:05+02:00", 1767323045000 },
        { "2026-01-01T21:34:05-0530", 1767323045000 },
        { "2026-01-02T05:04:05+02", 1767323045000 },
        { "2016-12-31T23:59:60Z", 1483228800000 },
        { "0000-01-01T00:00:00Z", -62167219200000 },
        { "9999-12-31T23:59:59.999Z", 253402300799999 },
    };
    int64_t ms;

    for (size_t i = 0; i < lengthof(cases); i++) {
        assert_true(date_parse(str_z(cases[i].text), &ms));
        assert_int_equal(ms, cases[i].ms);
    }
}

UNIT(date_parse_refuses)
{
    static const char *const cases[] = { "", "2026", "2026-1-2", "2026-13-01", "2026-00-10", "2026-02-29", "1900-02-29",
        "2026-01-32", "2026-01-02T", "2026-01-02T24:00:00Z", "2026-01-02T03:60Z", "2026-01-02T03:04:61Z",
        "2026-01-02T03:04:05.Z", "2026-01-02T03:04:05ZZ", "2026-01-02T03:04:05+", "2026-01-02T03:04:05+2",
        "2026-01-02T03:04:05+24:00", "2026-01-02T03:04:05+02:", "-001-01-01", "+2026-01-02", "12026-01-02",
        " 2026-01-02", "2026-01-02 ", "9999-12-31T23:59:59-01:00", "0000-01-01T00:00:00+01:00",
        "2026-01-02T03:04:05 Z" };
    int64_t ms;

    for (size_t i = 0; i < lengthof(cases); i++)
        if (date_parse(str_z(cases[i]), &ms))
            fail_msg("taken: %s", cases[i]);
    assert_false(date_parse(S("2026-01-02\0"), &ms));
}

UNIT(date_parse_http_is_strict)
{
    static const char *const cases[] = { "Mon, 06 Nov 1994 08:49:37 GMT", "Sun, 06 nov 1994 08:49:37 GMT",
        "Sun, 6 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994",
        "Sun, 06 Nov 1994 08:49:37 UTC", "Sun, 06 Nov 1994 08:49:37 GMT ", "Sun, 31 Feb 1994 08:49:37 GMT",
        "Sun, 06 Nov 1994 08:49   GMT", "" };
    int64_t ms;

    assert_true(date_parse_http(S("Sun, 06 Nov 1994 08:49:37 GMT"), &ms));
    assert_int_equal(ms, 784111777000);
    for (size_t i = 0; i < lengthof(cases); i++)
        if (date_parse_http(str_z(cases[i]), &ms))
            fail_msg("taken: %s", cases[i]);
}

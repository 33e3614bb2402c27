/* Dates on the wire.  The calendar is the proleptic Gregorian one, computed in days since 1970, as POSIX counts them. */
#include "base/date.h"

#include "base/arena.h"
#include "base/clock.h"

#include <string.h>

/* 0000-01-01T00:00:00.000Z and 9999-12-31T23:59:59.999Z */
#define MS_MIN (-62167219200000)
#define MS_MAX 253402300799999

static const char day_names[] = "ThuFriSatSunMonTueWed"; /* 1970-01-01 was a Thursday */
static const char month_names[] = "JanFebMarAprMayJunJulAugSepOctNovDec";

struct parts {
    int year, month, day; /* month and day from 1 */
    int hour, minute, second, ms;
    int weekday; /* 0: Thursday */
};

static int64_t
div_floor(int64_t a, int64_t b)
{
    return a / b - (a % b < 0);
}

/* Years are counted from March here, so that the leap day is the last of its year; 400 years are 146097 days. */
static int64_t
days_of(int year, int month, int day)
{
    int64_t y = year - (month <= 2), m = (month + 9) % 12;
    int64_t era = div_floor(y, 400), of_era = y - era * 400;

    return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + (m * 153 + 2) / 5 + day - 1 - 719468;
}

static struct parts
split(int64_t ms)
{
    struct parts p;
    int64_t days, in_day, era, of_era, y, of_year, m;

    ms = MIN(MAX(ms, MS_MIN), MS_MAX);
    days = div_floor(ms, DAY_MS);
    in_day = ms - days * DAY_MS;
    p.weekday = (int)(days - div_floor(days, 7) * 7);
    days += 719468;
    era = div_floor(days, 146097);
    of_era = days - era * 146097;
    y = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    of_year = of_era - (y * 365 + y / 4 - y / 100);
    m = (of_year * 5 + 2) / 153;
    p.day = (int)(of_year - (m * 153 + 2) / 5 + 1);
    p.month = (int)(m < 10 ? m + 3 : m - 9);
    p.year = (int)(y + era * 400 + (p.month <= 2));
    p.hour = (int)(in_day / HOUR_MS);
    p.minute = (int)(in_day / MINUTE_MS % 60);
    p.second = (int)(in_day / SECOND_MS % 60);
    p.ms = (int)(in_day % SECOND_MS);
    return p;
}

/* v in `width` digits at p; gives the end. */
static char *
put(char *p, int v, int width)
{
    for (int i = width - 1; i >= 0; i--, v /= 10)
        p[i] = (char)('0' + v % 10);
    return p + width;
}

static char *
put_text(char *p, const char *text, size_t n)
{
    memcpy(p, text, n);
    return p + n;
}

void
date_iso_put(char *p, int64_t ms)
{
    struct parts t = split(ms);

    p = put(p, t.year, 4);
    *p++ = '-';
    p = put(p, t.month, 2);
    *p++ = '-';
    p = put(p, t.day, 2);
    *p++ = 'T';
    p = put(p, t.hour, 2);
    *p++ = ':';
    p = put(p, t.minute, 2);
    *p++ = ':';
    p = put(p, t.second, 2);
    *p++ = '.';
    p = put(p, t.ms, 3);
    *p = 'Z';
}

void
date_http_put(char *p, int64_t ms)
{
    struct parts t = split(ms);

    p = put_text(p, day_names + (ptrdiff_t)3 * t.weekday, 3);
    p = put_text(p, ", ", 2);
    p = put(p, t.day, 2);
    *p++ = ' ';
    p = put_text(p, month_names + (ptrdiff_t)3 * (t.month - 1), 3);
    *p++ = ' ';
    p = put(p, t.year, 4);
    *p++ = ' ';
    p = put(p, t.hour, 2);
    *p++ = ':';
    p = put(p, t.minute, 2);
    *p++ = ':';
    p = put(p, t.second, 2);
    put_text(p, " GMT", 4);
}

struct str
date_iso(struct arena *a, int64_t ms)
{
    char text[DATE_ISO_BYTES];

    date_iso_put(text, ms);
    return str_dup(a, (struct str){ text, sizeof(text) });
}

struct str
date_iso_s(struct arena *a, int64_t ms)
{
    char text[DATE_ISO_BYTES];

    date_iso_put(text, ms);
    text[19] = 'Z';
    return str_dup(a, (struct str){ text, 20 });
}

struct str
date_day(struct arena *a, int64_t ms)
{
    char text[DATE_ISO_BYTES];

    date_iso_put(text, ms);
    return str_dup(a, (struct str){ text, 10 });
}

struct str
date_http(struct arena *a, int64_t ms)
{
    char text[DATE_HTTP_BYTES];

    date_http_put(text, ms);
    return str_dup(a, (struct str){ text, sizeof(text) });
}

/* Exactly `width` digits off the front. */
static bool
take_digits(struct str *s, size_t width, int *out)
{
    *out = 0;
    if (s->n < width)
        return false;
    for (size_t i = 0; i < width; i++) {
        if (s->p[i] < '0' || s->p[i] > '9')
            return false;
        *out = *out * 10 + (s->p[i] - '0');
    }
    *s = str_sub(*s, width, s->n);
    return true;
}

static bool
take_char(struct str *s, const char *any)
{
    if (s->n == 0 || *s->p == '\0' || strchr(any, *s->p) == NULL)
        return false;
    *s = str_sub(*s, 1, s->n);
    return true;
}

static bool
is_day(int year, int month, int day)
{
    static const int lengths[] = { 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

    return month >= 1 && month <= 12 && day >= 1 && day <= lengths[month - 1] && !(month == 2 && day == 29 && !leap);
}

/* HH:MM[:SS[.fraction]] */
static bool
take_time(struct str *s, int64_t *ms)
{
    int hour, minute, second = 0, digit, unit = 100;

    if (!take_digits(s, 2, &hour) || !take_char(s, ":") || !take_digits(s, 2, &minute))
        return false;
    if (take_char(s, ":") && !take_digits(s, 2, &second))
        return false;
    if (hour > 23 || minute > 59 || second > 60)
        return false;
    *ms = (int64_t)hour * HOUR_MS + (int64_t)minute * MINUTE_MS + (int64_t)second * SECOND_MS;
    if (!take_char(s, "."))
        return true;
    if (!take_digits(s, 1, &digit))
        return false;
    do {
        *ms += (int64_t)digit * unit;
        unit /= 10;
    } while (take_digits(s, 1, &digit));
    return true;
}

/* Z, +HH:MM, +HHMM, +HH or nothing */
static bool
take_zone(struct str *s, int64_t *ms)
{
    int hour, minute = 0;
    bool east;

    *ms = 0;
    if (s->n == 0 || take_char(s, "Zz"))
        return true;
    east = *s->p == '+';
    if (!take_char(s, "+-") || !take_digits(s, 2, &hour))
        return false;
    if ((take_char(s, ":") || s->n > 0) && !take_digits(s, 2, &minute))
        return false;
    *ms = ((int64_t)hour * HOUR_MS + (int64_t)minute * MINUTE_MS) * (east ? 1 : -1);
    return hour <= 23 && minute <= 59;
}

bool
date_parse(struct str s, int64_t *out_ms)
{
    int year, month, day;
    int64_t in_day = 0, zone = 0, ms;

    if (!take_digits(&s, 4, &year) || !take_char(&s, "-") || !take_digits(&s, 2, &month) || !take_char(&s, "-") ||
        !take_digits(&s, 2, &day) || !is_day(year, month, day))
        return false;
    if (s.n > 0 && (!take_char(&s, "Tt ") || !take_time(&s, &in_day) || !take_zone(&s, &zone)))
        return false;
    ms = days_of(year, month, day) * DAY_MS + in_day - zone;
    if (s.n > 0 || ms < MS_MIN || ms > MS_MAX)
        return false;
    *out_ms = ms;
    return true;
}

bool
date_parse_http(struct str s, int64_t *out_ms)
{
    char again[DATE_HTTP_BYTES];
    struct str day_s = str_sub(s, 5, 7), year_s = str_sub(s, 12, 16), time_s = str_sub(s, 17, 25);
    int year, day, month = 1;
    int64_t in_day, ms;

    if (s.n != DATE_HTTP_BYTES)
        return false;
    while (month <= 12 && memcmp(month_names + (ptrdiff_t)3 * (month - 1), s.p + 8, 3) != 0)
        month++;
    if (!take_digits(&day_s, 2, &day) || !take_digits(&year_s, 4, &year) || !is_day(year, month, day) ||
        !take_time(&time_s, &in_day) || time_s.n > 0)
        return false;
    ms = days_of(year, month, day) * DAY_MS + in_day;
    /* Printing it again must give the same text: that checks the punctuation and the name of the day. */
    date_http_put(again, ms);
    if (memcmp(again, s.p, sizeof(again)) != 0)
        return false;
    *out_ms = ms;
    return true;
}

int64_t
date_midnight(int64_t ms)
{
    return div_floor(ms, DAY_MS) * DAY_MS;
}

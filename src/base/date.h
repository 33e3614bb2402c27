/* Dates on the wire: RFC 3339, IMF-fixdate, plain days.  Times are int64 milliseconds since 1970 UTC. */
#ifndef BASE_DATE_H
#define BASE_DATE_H

#include "base/str.h"

enum { DATE_ISO_BYTES = 24, DATE_HTTP_BYTES = 29 };

/* Times outside the years 0 to 9999 are printed as the nearest end of that range. */
/* 2026-01-02T03:04:05.678Z; date_iso_s without the fraction; date_day 2026-01-02. */
struct str date_iso(struct arena *a, int64_t ms);
struct str date_iso_s(struct arena *a, int64_t ms);
struct str date_day(struct arena *a, int64_t ms);
/* Sun, 06 Nov 1994 08:49:37 GMT (RFC 9110, 5.6.7) */
struct str date_http(struct arena *a, int64_t ms);
/* The same as date_iso and date_http into exactly DATE_ISO_BYTES or DATE_HTTP_BYTES bytes, not terminated. */
void date_iso_put(char *p, int64_t ms);
void date_http_put(char *p, int64_t ms);
/*
 * Lenient RFC 3339: any fraction (cut to milliseconds), no seconds, Z or offset, lower case, a space instead of T, no zone (taken as
 * UTC, as Mastodon does); also a plain day.  Years 0 to 9999; a leap second is the next second.
 */
bool date_parse(struct str s, int64_t *out_ms);
/* IMF-fixdate only, strict: also the name of the day must be right. */
bool date_parse_http(struct str s, int64_t *out_ms);
/* Midnight UTC of that day. */
int64_t date_midnight(int64_t ms);

#endif

/*
 * How a host is doing: up -> suspect -> down -> dead, and back to up by one success.  Plain data moved by results; no clock, no
 * locks, no memory.  Used for fetches (client.c) and, persisted, for deliveries (deliver/host.c).
 *
 *   suspect  3 failures in a row: one request at a time
 *   down     10 failures in a row over at least 10 minutes: one probe after 30 min, 1 h, 2 h … 12 h
 *   dead     failed on 7 different days, the first 7 days ago, with nothing good between: one probe a week
 */
#ifndef HTTP_CIRCUIT_H
#define HTTP_CIRCUIT_H

#include "base/def.h"

enum circuit_state { CIRCUIT_UP, CIRCUIT_SUSPECT, CIRCUIT_DOWN, CIRCUIT_DEAD };

enum {
    CIRCUIT_SUSPECT_FAILS = 3,
    CIRCUIT_DOWN_FAILS = 10,
    CIRCUIT_DOWN_AFTER_MS = 10 * 60 * 1000,
    CIRCUIT_PROBE_MS = 30 * 60 * 1000,
    CIRCUIT_PROBE_MAX_MS = 12 * 60 * 60 * 1000,
    CIRCUIT_DEAD_DAYS = 7,
    CIRCUIT_DEAD_PROBE_MS = 7 * 24 * 60 * 60 * 1000,
    CIRCUIT_HOLD_MAX_MS = 24 * 60 * 60 * 1000,
};

/* All zero is a host that is up.  Times are clock_ms(). */
struct circuit {
    enum circuit_state state;
    int fails;             /* in a row */
    int probes;            /* failed ones since it went down */
    int days;              /* different days with a failure since the last success */
    int64_t last_day;      /* day number of the last failure */
    int64_t first_fail_ms; /* of this row */
    int64_t next_ms;       /* down, dead: when the next probe may go */
    int64_t hold_ms;       /* the host asked for silence until then (Retry-After) */
};

/* Anything good was heard: a 2xx, any answer that shows a working server, a verified message from there. */
void circuit_ok(struct circuit *c);
/* A network error, a timeout or a 5xx. */
void circuit_fail(struct circuit *c, int64_t now_ms);
/* The host asked to be left alone until then; capped to a day from now.  Not a failure. */
void circuit_hold(struct circuit *c, int64_t now_ms, int64_t until_ms);
/*
 * The host has spoken to us, though nobody knows yet whether it was the host: a probe need not wait any longer, but for after_ms since the
 * last failure.  What the host asked for itself (hold) stays.
 */
void circuit_early(struct circuit *c, int64_t now_ms, int64_t after_ms);
/* How many requests may be in flight now; `most` when nothing is wrong. */
int circuit_slots(const struct circuit *c, int64_t now_ms, int most);
/* When circuit_slots() becomes positive; now_ms or earlier when it is. */
int64_t circuit_next_ms(const struct circuit *c);

#endif

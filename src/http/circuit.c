/* The transitions of struct circuit. */
#include "http/circuit.h"

#include "base/clock.h"

void
circuit_ok(struct circuit *c)
{
    *c = (struct circuit){ 0 };
}

static int64_t
probe_delay(int probes)
{
    int64_t ms = CIRCUIT_PROBE_MS;

    for (int i = 0; i < probes && ms < CIRCUIT_PROBE_MAX_MS; i++)
        ms *= 2;
    return MIN(ms, CIRCUIT_PROBE_MAX_MS);
}

void
circuit_fail(struct circuit *c, int64_t now_ms)
{
    int64_t day = now_ms / DAY_MS;

    if (c->fails == 0)
        c->first_fail_ms = now_ms;
    if (c->fails < INT16_MAX)
        c->fails++;
    if (c->days == 0 || day != c->last_day) {
        c->last_day = day;
        if (c->days < INT16_MAX)
            c->days++;
    }
    if (c->state >= CIRCUIT_DOWN) {
        if (c->probes < INT16_MAX)
            c->probes++;
    } else if (c->fails >= CIRCUIT_DOWN_FAILS && now_ms - c->first_fail_ms >= CIRCUIT_DOWN_AFTER_MS) {
        c->state = CIRCUIT_DOWN;
        c->probes = 0;
    } else if (c->fails >= CIRCUIT_SUSPECT_FAILS) {
        c->state = CIRCUIT_SUSPECT;
    }
    /* Seven dates can lie in six days; what is sent is tried for seven whole ones. */
    if (c->state >= CIRCUIT_SUSPECT && c->days >= CIRCUIT_DEAD_DAYS &&
        now_ms - c->first_fail_ms >= CIRCUIT_DEAD_DAYS * (int64_t)DAY_MS)
        c->state = CIRCUIT_DEAD;
    if (c->state == CIRCUIT_DOWN)
        c->next_ms = now_ms + probe_delay(c->probes);
    else if (c->state == CIRCUIT_DEAD)
        c->next_ms = now_ms + CIRCUIT_DEAD_PROBE_MS;
}

void
circuit_hold(struct circuit *c, int64_t now_ms, int64_t until_ms)
{
    int64_t until = MIN(until_ms, now_ms + CIRCUIT_HOLD_MAX_MS);

    if (until > c->hold_ms)
        c->hold_ms = until;
}

void
circuit_early(struct circuit *c, int64_t now_ms, int64_t after_ms)
{
    int64_t waits = c->state == CIRCUIT_DEAD ? CIRCUIT_DEAD_PROBE_MS : probe_delay(c->probes);

    if (c->state >= CIRCUIT_DOWN && now_ms >= c->next_ms - waits + after_ms)
        c->next_ms = MIN(c->next_ms, now_ms);
}

int
circuit_slots(const struct circuit *c, int64_t now_ms, int most)
{
    if (circuit_next_ms(c) > now_ms)
        return 0;
    return c->state == CIRCUIT_UP ? most : 1;
}

int64_t
circuit_next_ms(const struct circuit *c)
{
    return c->state >= CIRCUIT_DOWN ? MAX(c->next_ms, c->hold_ms) : c->hold_ms;
}

#include "http/circuit.h"

#include "base/clock.h"
#include "unit.h"

enum { T0 = 1000 * 1000 };

UNIT(circuit_goes_down_slowly_and_up_at_once)
{
    struct circuit c = { 0 };
    int64_t now = (int64_t)T0 * DAY_MS;

    assert_int_equal(circuit_slots(&c, now, 4), 4);
    for (int i = 0; i < 2; i++)
        circuit_fail(&c, now);
    assert_int_equal(circuit_slots(&c, now, 4), 4);
    circuit_fail(&c, now);
    assert_int_equal(c.state, CIRCUIT_SUSPECT);
    assert_int_equal(circuit_slots(&c, now, 4), 1);
    for (int i = 0; i < 20; i++) /* many failures in a moment are one incident */
        circuit_fail(&c, now + 1000);
    assert_int_equal(c.state, CIRCUIT_SUSPECT);
    now += 10 * MINUTE_MS;
    circuit_fail(&c, now);
    assert_int_equal(c.state, CIRCUIT_DOWN);
    assert_int_equal(circuit_slots(&c, now, 4), 0);
    assert_int_equal(circuit_next_ms(&c), now + 30 * MINUTE_MS);
    assert_int_equal(circuit_slots(&c, now + 30 * MINUTE_MS, 4), 1);
    circuit_ok(&c);
    assert_int_equal(circuit_slots(&c, now, 4), 4);
}

UNIT(circuit_probes_back_off_to_half_a_day)
{
    struct circuit c = { 0 };
    static const int want_min[] = { 30, 60, 120, 240, 480, 720, 720 };
    int64_t now = (int64_t)T0 * DAY_MS;

    for (int i = 0; i < 9; i++)
        circuit_fail(&c, now);
    now += 10 * MINUTE_MS;
    for (size_t i = 0; i < lengthof(want_min); i++) {
        circuit_fail(&c, now);
        assert_int_equal(c.state, CIRCUIT_DOWN);
        assert_int_equal(circuit_next_ms(&c) - now, (int64_t)want_min[i] * MINUTE_MS);
        now = circuit_next_ms(&c);
    }
}

UNIT(circuit_is_probed_early_when_the_host_spoke_but_not_at_once)
{
    struct circuit c = { 0 };
    int64_t now = (int64_t)T0 * DAY_MS;

    circuit_early(&c, now, 5 * MINUTE_MS);
    assert_int_equal(circuit_slots(&c, now, 4), 4); /* nothing to do */
    for (int d = 0; d < 9; d++) {
        circuit_fail(&c, now + d * DAY_MS);
        circuit_fail(&c, now + d * DAY_MS + 20 * MINUTE_MS);
    }
    now += 8 * DAY_MS + 20 * MINUTE_MS;
    assert_int_equal(c.state, CIRCUIT_DEAD);
    circuit_early(&c, now + 4 * MINUTE_MS, 5 * MINUTE_MS);
    assert_int_equal(circuit_slots(&c, now + 4 * MINUTE_MS, 4), 0);
    circuit_early(&c, now + 5 * MINUTE_MS, 5 * MINUTE_MS);
    assert_int_equal(circuit_slots(&c, now + 5 * MINUTE_MS, 4), 1);
    circuit_fail(&c, now + 5 * MINUTE_MS); /* nobody there */
    circuit_early(&c, now + 6 * MINUTE_MS, 5 * MINUTE_MS);
    assert_int_equal(circuit_slots(&c, now + 6 * MINUTE_MS, 4), 0);
    circuit_hold(&c, now + 6 * MINUTE_MS, now + HOUR_MS); /* it asked for silence */
    circuit_early(&c, now + 20 * MINUTE_MS, 5 * MINUTE_MS);
    assert_int_equal(circuit_slots(&c, now + 20 * MINUTE_MS, 4), 0);
    assert_int_equal(circuit_slots(&c, now + HOUR_MS, 4), 1);
}

UNIT(circuit_dies_after_seven_whole_days)
{
    struct circuit c = { 0 };
    int64_t now = (int64_t)T0 * DAY_MS;

    for (int d = 0; d < 7; d++) {
        assert_int_not_equal(c.state, CIRCUIT_DEAD);
        circuit_fail(&c, now + d * DAY_MS);
        circuit_fail(&c, now + d * DAY_MS + HOUR_MS);
    }
    assert_int_equal(c.state, CIRCUIT_DOWN); /* seven dates, six days */
    circuit_fail(&c, now + 7 * (int64_t)DAY_MS);
    assert_int_equal(c.state, CIRCUIT_DEAD);
    assert_int_equal(circuit_next_ms(&c) - now, 14 * (int64_t)DAY_MS);
    circuit_ok(&c);
    assert_int_equal(c.state, CIRCUIT_UP);
}

UNIT(circuit_hold_is_capped_and_no_failure)
{
    struct circuit c = { 0 };
    int64_t now = (int64_t)T0 * DAY_MS;

    circuit_hold(&c, now, INT64_MAX);
    assert_int_equal(c.fails, 0);
    assert_int_equal(circuit_next_ms(&c), now + DAY_MS);
    assert_int_equal(circuit_slots(&c, now + DAY_MS - 1, 4), 0);
    assert_int_equal(circuit_slots(&c, now + DAY_MS, 4), 4);
    circuit_hold(&c, now, now - 5); /* the past, or a shorter wish, changes nothing */
    assert_int_equal(circuit_next_ms(&c), now + DAY_MS);
}

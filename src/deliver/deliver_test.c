/* The loop: what is sent when, how it is signed, and what becomes of a row. */
#include "base/clock.h"
#include "base/metric.h"
#include "deliver/world_test.h"
#include "peer.h"
#include "unit.h"

UNIT(deliver_sends_each_row_once_within_limits)
{
    struct world *w = world_up();
    int64_t timed = metric_get(METRIC_DELIVERY_SECONDS);

    for (int i = 0; i < 2000; i++)
        world_add(w, i % HOSTS, i % 10 == 0 ? "/brief" : "/inbox");
    world_go(w, (struct deliver_options){ .total = 100 });
    world_wait_writes(w, 0, 2000, 2000);
    for (int i = 0; i < 2000; i++) {
        world_check(&w->rows[i], DELIVER_DONE, 0, 202);
        assert_int_equal(w->rows[i].writes, 1);
    }
    assert_int_equal(peer_requests(w->peer), 2000);
    assert_int_equal(metric_get(METRIC_DELIVERY_SECONDS) - timed, 2000);
    assert_in_range(w->most_per_host, 1, 4);
    assert_in_range(w->most_in_flight, 2, 100);
    assert_true(w->loads < 30); /* three documents, read again only when nobody needed them for a while */
    world_down(w);
}

UNIT(deliver_drains_one_host_without_giving_back)
{
    struct world *w = world_up();
    struct deliver_stats s;

    for (int i = 0; i < 500; i++)
        world_add(w, 0, "/inbox");
    world_go(w, (struct deliver_options){ 0 });
    world_wait_closed(w, 0, 500);
    for (int i = 0; i < 500; i++)
        assert_int_equal(w->rows[i].writes, 1);
    deliver_stats(w->d, &s);
    assert_int_equal(s.held, 0);
    assert_int_equal(s.claimed, 500);
    world_down(w);
}

/* A host that has not answered yet is skipped when two of its rows wait; its answer ends that, and nobody wakes the loop. */
UNIT(deliver_asks_for_more_when_a_host_has_room_again)
{
    struct world *w = world_up();

    for (int i = 0; i < 2000; i++)
        world_add(w, i % HOSTS, "/inbox");
    world_go(w, (struct deliver_options){ .poll_ms = FOREVER_MS });
    world_wait_closed(w, 0, 2000);
    world_down(w);
}

UNIT(deliver_signs_with_ed25519_where_it_is_understood)
{
    struct world *w = world_up();

    world_go(w, (struct deliver_options){ 0 });
    deliver_host_ok(w->d, S("h0.test"), true);
    deliver_host_ok(w->d, S("h1.test"), true);
    deliver_host_ok(w->d, S("h2.test"), false);
    WORLD_SEND(w, { 3, "/ok" }); /* once it has arrived, so have these news */
    world_wait_writes(w, 0, 1, 1);
    /* the second host was thought to, and does not */
    WORLD_SEND(w, { 0, "/ok" }, { 0, "/ok", .account_id = NO_ED25519 }, { 1, "/rfc-only" }, { 2, "/ok" });
    for (int i = 1; i < 5; i++) {
        world_wait_writes(w, i, i + 1, 1);
        world_check(&w->rows[i], DELIVER_DONE, 0, 202);
    }
    assert_int_equal(w->hits_ed25519, 2);
    assert_int_equal(w->hits_rfc, 2);
    assert_int_equal(w->hits_cavage, 2);

    deliver_host_ok(w->d, S("h1.test"), true); /* it has said no */
    WORLD_SEND(w, { 0, "/ok" }, { 1, "/rfc-only" });
    world_wait_writes(w, 5, 7, 2);
    assert_int_equal(w->hits_ed25519, 3);
    deliver_free(w->d, 1000);

    clock_shift((int64_t)31 * DAY_MS); /* known after a restart; a no is not for ever */
    world_go(w, (struct deliver_options){ 0 });
    deliver_host_ok(w->d, S("h1.test"), true);
    WORLD_SEND(w, { 0, "/ok" }, { 1, "/ok" });
    world_wait_writes(w, 7, 9, 2);
    assert_int_equal(w->hits_ed25519, 5);
    clock_shift(-(int64_t)31 * DAY_MS);
    world_down(w);
}

UNIT(deliver_knocks_twice_and_remembers)
{
    struct world *w = world_up();

    world_add(w, 0, "/rfc-only");
    world_go(w, (struct deliver_options){ 0 });
    world_wait_writes(w, 0, 1, 1);
    world_check(&w->rows[0], DELIVER_DONE, 0, 202);
    assert_int_equal(w->hits_cavage, 1);
    assert_int_equal(w->n_saved, 1);
    assert_int_equal(w->saved[0].dialect, DIALECT_RFC9421);
    WORLD_SEND(w, { 0, "/rfc-only" }, { 1, "/never" });
    world_wait_writes(w, 1, 3, 2);
    world_check(&w->rows[1], DELIVER_DONE, 0, 202);
    assert_int_equal(w->hits_cavage, 2); /* only the other host's */
    world_check(&w->rows[2], DELIVER_RETRY, 1, 401);
    assert_int_equal(w->hits_rfc, 3);
    deliver_free(w->d, 1000);
    world_add(w, 0, "/rfc-only"); /* known after a restart */
    world_go(w, (struct deliver_options){ 0 });
    world_wait_writes(w, 3, 4, 1);
    assert_int_equal(w->hits_cavage, 2);
    world_down(w);
}

UNIT(deliver_follows_a_redirect_on_the_same_host_only)
{
    struct world *w = world_up();

    world_add(w, 0, "/moved");
    world_add(w, 1, "/moved-away");
    world_go(w, (struct deliver_options){ 0 });
    world_wait_writes(w, 0, 2, 2);
    world_check(&w->rows[0], DELIVER_DONE, 0, 202);
    world_check(&w->rows[1], DELIVER_RETRY, 1, 307);
    world_down(w);
}

UNIT(deliver_retries_by_the_clock)
{
    struct world *w = world_up();
    int64_t now = clock_ms();

    world_add(w, 0, "/status");
    world_go(w, (struct deliver_options){ 0 });
    world_wait_writes(w, 0, 1, 1);
    world_check(&w->rows[0], DELIVER_RETRY, 1, 500);
    assert_string_equal(w->rows[0].error, "HTTP 500 as told");
    assert_in_range(w->rows[0].next_ms - now, 22500, 37500 + 5000);
    w->status = 202;
    clock_shift(MINUTE_MS); /* wakes the loop */
    world_wait_writes(w, 0, 1, 2);
    world_check(&w->rows[0], DELIVER_DONE, 1, 202);
    world_down(w);
}

UNIT(deliver_gives_up_at_the_horizon_and_on_final_answers)
{
    struct world *w = world_up();

    world_add(w, 0, "/status")->created_ms -= 7 * (int64_t)DAY_MS;
    world_add(w, 1, "/inbox")->account_id = 404;
    snprintf(world_add(w, 2, "/inbox")->inbox, 80, "http://10.0.0.1/inbox");
    snprintf(world_add(w, 3, "/inbox")->inbox, 80, "not a url");
    world_go(w, (struct deliver_options){ 0 });
    world_wait_writes(w, 0, 4, 4);
    world_check(&w->rows[0], DELIVER_DEAD, 1, 500);
    assert_string_equal(w->rows[0].error, "gave up after 7 days: HTTP 500 as told");
    world_check(&w->rows[1], DELIVER_DEAD, 1, 0);
    world_check(&w->rows[2], DELIVER_DEAD, 1, 0);
    assert_non_null(strstr(w->rows[2].error, "address refused"));
    world_check(&w->rows[3], DELIVER_DEAD, 1, 0);
    w->status = 410;
    WORLD_SEND(w, { 4, "/status" });
    world_wait_writes(w, 4, 5, 1);
    world_check(&w->rows[4], DELIVER_DEAD, 1, 410);
    world_down(w);
}

UNIT(deliver_does_not_wait_for_slow_hosts)
{
    struct world *w = world_up();

    w->one_host_floods = true;
    for (int i = 0; i < 500; i++)
        world_add(w, 0, "/hang");
    for (int i = 0; i < 300; i++)
        world_add(w, 1 + i % (HOSTS - 1), "/inbox");
    world_go(w, (struct deliver_options){ .total = 16, .queue_max = 256 });
    world_wait_closed(w, 500, 800); /* would take minutes behind the first host */
    assert_in_range(w->most_per_host, 1, 4);
    deliver_free(w->d, 0); /* cut: nothing is lost */
    for (int i = 0; i < 500; i++)
        assert_true(w->rows[i].open && w->rows[i].tries == 0);
    w->d = NULL;
    world_down(w);
}

UNIT(deliver_keeps_places_for_hosts_that_answer)
{
    struct world *w = world_up();

    for (int i = 0; i < 300; i++)
        world_add(w, i % 3, "/hang");
    for (int i = 0; i < 100; i++)
        world_add(w, 3 + i % 4, "/brief");
    world_go(w, (struct deliver_options){ .total = 8, .queue_max = 512 });
    world_wait_closed(w, 300, 400); /* three hosts with four requests each would have all places for ever */
    pthread_mutex_lock(&w->lock);
    for (int h = 0; h < 3; h++)
        assert_int_equal(w->per_host[h], 1);
    assert_in_range(w->most_per_host, 2, 4); /* one good answer ends the doubt */
    pthread_mutex_unlock(&w->lock);
    deliver_free(w->d, 0);
    for (int i = 0; i < 300; i++)
        assert_true(w->rows[i].open && w->rows[i].tries == 0);
    w->d = NULL;
    world_down(w);
}

UNIT(deliver_lets_the_rows_of_a_failing_host_wait_together)
{
    struct world *w = world_up();
    struct deliver_stats stats;
    int64_t now = clock_ms();

    for (int i = 0; i < 30; i++)
        world_add(w, 0, "/status");
    world_go(w, (struct deliver_options){ 0 });
    world_wait_writes(w, 0, 30, 30);
    deliver_stats(w->d, &stats);
    assert_int_equal(stats.retried, 3);
    for (int i = 3; i < 30; i++) {
        world_check(&w->rows[i], DELIVER_HELD, 0, 0);
        assert_true(w->rows[i].next_ms >= now + 30 * SECOND_MS);
    }
    w->status = 202;
    clock_shift(3 * MINUTE_MS);
    world_wait_closed(w, 0, 30);
    world_down(w);
}

UNIT(deliver_obeys_retry_after_for_the_host)
{
    struct world *w = world_up();
    int64_t now = clock_ms();

    world_add(w, 0, "/wait");
    world_go(w, (struct deliver_options){ 0 });
    world_wait_writes(w, 0, 1, 1);
    world_check(&w->rows[0], DELIVER_RETRY, 1, 429);
    assert_true(w->rows[0].next_ms >= now + HOUR_MS);
    WORLD_SEND(w, { 0, "/inbox" });
    world_wait_writes(w, 1, 2, 1);
    world_check(&w->rows[1], DELIVER_HELD, 0, 0);
    assert_true(w->rows[1].next_ms >= now + HOUR_MS);
    pthread_mutex_lock(&w->lock);
    w->rows[0].open = false; /* it would ask for another hour */
    pthread_mutex_unlock(&w->lock);
    clock_shift(HOUR_MS + MINUTE_MS);
    world_wait_writes(w, 1, 2, 2);
    world_check(&w->rows[1], DELIVER_DONE, 0, 202);
    world_down(w);
}

UNIT(deliver_parks_a_dead_host_and_wakes_it)
{
    struct world *w = world_up();
    struct deliver_stats before, after;

    for (int i = 0; i < 9; i++)
        world_add(w, 0, "/status");
    world_go(w, (struct deliver_options){ 0 });
    world_wait_writes(w, 0, 9, 9);
    clock_shift(11 * MINUTE_MS); /* all due; the first failure now makes ten in more than ten minutes */
    world_wait_writes(w, 0, 9, 18);
    assert_true(w->parks > 0);
    deliver_stats(w->d, &before);
    for (int i = 0; i < 9; i++)
        assert_true(w->rows[i].open);
    pthread_mutex_lock(&w->lock);
    for (int i = 0; i < 100; i++)
        world_add(w, 0, "/inbox");
    pthread_mutex_unlock(&w->lock);
    deliver_wake(w->d);
    world_wait_writes(w, 9, 109, 100);
    deliver_stats(w->d, &after);
    assert_int_equal(before.done, after.done); /* held, not tried */
    for (int i = 9; i < 109; i++)
        world_check(&w->rows[i], DELIVER_HELD, 0, 0);
    w->status = 202;
    deliver_host_ok(w->d, S("h0.test"), false);
    world_wait_closed(w, 9, 109);
    for (int i = 9; i < 109; i++) {
        world_check(&w->rows[i], DELIVER_DONE, 0, 202);
        assert_int_equal(w->rows[i].writes, 2); /* held once, then sent: claims bring no more than there is room for */
    }
    assert_true(w->releases > 0);
    world_down(w);
}

UNIT(deliver_survives_a_busy_source)
{
    struct world *w = world_up();

    for (int i = 0; i < 50; i++)
        world_add(w, i % HOSTS, "/inbox");
    w->write_errors = 1;
    world_go(w, (struct deliver_options){ 0 });
    world_wait_writes(w, 0, 50, 50);
    for (int i = 0; i < 50; i++)
        world_check(&w->rows[i], DELIVER_DONE, 0, 202);
    assert_int_equal(peer_requests(w->peer), 50);
    world_down(w);
}

/* ---- leases ------------------------------------------------------------------------------------------------------ */

/* The first stands still for longer than its lease, with one row at the door and one in memory; meanwhile the second sends both. */
UNIT(deliver_does_not_send_what_somebody_else_has_by_now)
{
    struct world *w = world_up();
    struct deliver *first;

    world_add(w, 0, "/inbox");
    world_add(w, 0, "/inbox");
    world_freeze(w);
    world_go(w, (struct deliver_options){ .poll_ms = FOREVER_MS });
    world_wait_frozen(w);
    first = w->d;
    world_go(w, (struct deliver_options){ .poll_ms = FOREVER_MS });
    clock_shift(20 * MINUTE_MS); /* wakes the second alone */
    world_wait_closed(w, 0, 2);
    world_thaw(w);
    deliver_free(first, 1000);
    assert_int_equal(peer_requests(w->peer), 2);
    assert_int_equal(w->strange, 2);
    for (int i = 0; i < 2; i++) {
        world_check(&w->rows[i], DELIVER_DONE, 0, 202);
        assert_int_equal(w->rows[i].writes, 1);
    }
    clock_shift(-20 * MINUTE_MS);
    world_down(w);
}

/* Nobody else took it: the lease is new, and the row goes out at once. */
UNIT(deliver_renews_its_own_lease)
{
    struct world *w = world_up();

    world_add(w, 0, "/inbox");
    world_freeze(w);
    world_go(w, (struct deliver_options){ .poll_ms = FOREVER_MS });
    world_wait_frozen(w);
    clock_shift(20 * MINUTE_MS);
    world_wait_granted(w, 2);
    world_thaw(w);
    world_wait_closed(w, 0, 1);
    world_check(&w->rows[0], DELIVER_DONE, 0, 202);
    assert_int_equal(w->rows[0].writes, 1);
    assert_int_equal(peer_requests(w->peer), 1);
    clock_shift(-20 * MINUTE_MS);
    world_down(w);
}

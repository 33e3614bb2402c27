/* Threads that are read because somebody looked, and documents that name each other: nobody waits for what does not come. */
#include "inbox/world_test.h"

#include "base/arena.h"
#include "base/clock.h"
#include "db/db.h"
#include "service/resolve_internal.h"
#include "service/thread.h"
#include "unit_db.h"

#include <pthread.h>

#define EVE "https://far.test/u/eve"
#define P(n) "https://far.test/p/" n
#define NOTE(n, more)                                                                                                  \
    "{\"@context\":\"https://www.w3.org/ns/activitystreams\",\"type\":\"Note\",\"id\":\"" P(                           \
        n) "\",\"attributedTo\":\"" EVE                                                                                \
           "\",\"content\":\"x\",\"to\":\"as:Public\",\"published\":\"2026-01-01T00:00:00Z\","                         \
           "\"replies\":\"" P(n) "/replies\"" more "}"
#define ANSWERS(n) ",\"inReplyTo\":\"" P(n) "\""

/* ---- threads ----------------------------------------------------------------------------------------------------------- */

/* Six posts, one below the other; the lower ones are here once 0 was looked for. */
static void
put_thread(void)
{
    web_put(S(EVE), web_person(EVE, "eve"));
    web_put(S(P("0")), S(NOTE("0", ANSWERS("1"))));
    web_put(S(P("1")), S(NOTE("1", ANSWERS("2"))));
    web_put(S(P("2")), S(NOTE("2", ANSWERS("3"))));
    web_put(S(P("3")), S(NOTE("3", ANSWERS("4"))));
    web_put(S(P("4")), S(NOTE("4", ANSWERS("5"))));
    web_put(S(P("5")), S(NOTE("5", "")));
    assert_int_equal(world_search(S(P("0"))).err, ERR_OK);
    assert_int_equal(world_int("SELECT count(*) FROM status WHERE uri LIKE 'https://far.test/p/_'"), 4);
}

#define BEGIN(uri, started, done)                                                                                      \
    "INSERT INTO thread_fetch (status_id, opened_id, started_ms, done_ms, portions, pages, found) SELECT id, "         \
    "id, " started ", " done ", 0, 0, 0 FROM status WHERE uri = '" uri "'"
#define WAIT(id, uri)                                                                                                  \
    "INSERT INTO async_refresh (id, account_id, topic, updated_ms) SELECT " id ", 1, 'context:' || id, 0 FROM status " \
    "WHERE uri = '" uri "'"
#define NOW "9000000000000"
#define DONE(id) "SELECT CASE WHEN done THEN 1 ELSE 0 END FROM async_refresh WHERE id = " id
#define IS_DONE(uri)                                                                                                   \
    "SELECT count(*) FROM thread_fetch t JOIN status s ON s.id = t.status_id WHERE s.uri = '" uri                      \
    "' AND t.done_ms IS NOT NULL"

static enum err
fetch(const struct env *env, int64_t status_id)
{
    struct arena *mem = arena_new_heap();
    struct ctx c;
    enum err e;

    ctx_begin(&c, mem, env);
    e = service_thread_fetch(&c, status_id);
    ctx_end(&c);
    arena_free(mem);
    return e;
}

static int64_t
post_id(const char *sql)
{
    int64_t id = world_int(sql);

    assert_true(id > 0);
    return id;
}
#define ID(uri) post_id("SELECT id FROM status WHERE uri = '" uri "'")

UNIT_DB(a_thread_that_was_read_ends_for_all_who_wait)
{
    struct ctx *c = world_new(db);

    put_thread();
    world_run(BEGIN(P("3"), NOW, "NULL"));
    world_run(WAIT("70", P("3")));
    assert_int_equal(fetch(c->env, ID(P("3"))), ERR_OK);
    assert_int_equal(world_int(DONE("70")), 1);
    assert_int_equal(world_int(IS_DONE(P("3"))), 1);
    assert_int_equal(world_int(IS_DONE(P("5"))), 1);
    world_run(WAIT("71", P("5"))); /* who comes at the moment of its end */
    assert_int_equal(fetch(c->env, ID(P("5"))), ERR_OK);
    assert_int_equal(world_int(DONE("71")), 1);
    world_end();
}

static bool is_open;

/* Somebody opens another branch by the new top while the job of the first reads on. */
static struct str
open_by_the_top(struct str url)
{
    if (str_eqz(url, P("5") "/replies") && !is_open) {
        is_open = true;
        world_run(BEGIN(P("5"), NOW, "NULL"));
        world_run(WAIT("70", P("5")));
    }
    return STR_NONE;
}

UNIT_DB(a_thread_that_another_job_reads_is_not_called_done)
{
    struct ctx *c = world_new(db);

    is_open = false;
    put_thread();
    web_other = open_by_the_top;
    world_run(BEGIN(P("3"), NOW, "NULL"));
    assert_int_equal(fetch(c->env, ID(P("3"))), ERR_OK);
    assert_true(is_open);
    assert_int_equal(world_int(DONE("70")), 0);
    assert_int_equal(world_int(IS_DONE(P("5"))), 0);
    assert_int_equal(fetch(c->env, ID(P("5"))), ERR_OK);
    assert_int_equal(world_int(DONE("70")), 1);
    web_other = NULL;
    world_end();
}

/* ---- flights ------------------------------------------------------------------------------------------------------------- */

/* A post that names itself as a person: its thread must not wait for itself. */
UNIT_DB(a_post_that_mentions_itself_holds_up_nobody)
{
    int64_t begin;

    (void)world_new(db);
    web_put(S(EVE), web_person(EVE, "eve"));
    web_put(S(P("9")), S(NOTE("9", ",\"tag\":{\"type\":\"Mention\",\"name\":\"@x\",\"href\":\"" P("9") "\"}")));
    begin = clock_mono_ms();
    world_knows(S(EVE));
    world_follows(S(EVE), false);
    (void)world_deliver(S(EVE), 0,
        S("{\"@context\":\"https://www.w3.org/ns/activitystreams\",\"type\":\"Announce\",\"id\":\"https://far.test/a/"
          "2\","
          "\"actor\":\"" EVE "\",\"to\":\"as:Public\",\"object\":\"" P("9") "\"}"));
    assert_int_equal(world_int("SELECT count(*) FROM status WHERE uri = '" P("9") "'"), 1);
    assert_true(clock_mono_ms() - begin < 10 * SECOND_MS);
    world_end();
}

struct turn {
    enum flight_kind first, then;
    struct str a, b;
    pthread_barrier_t *both;
    int64_t until_mono_ms;
};

static void *
take_turn(void *arg)
{
    const struct turn *t = arg;

    struct flight first, then;

    first = resolve_flight_enter(t->first, t->a, t->until_mono_ms);
    pthread_barrier_wait(t->both);
    then = resolve_flight_enter(t->then, t->b, t->until_mono_ms);
    resolve_flight_leave(then);
    resolve_flight_leave(first);
    return NULL;
}

/* Two posts that name each other as people, read by two threads at once. */
UNIT(flights_that_cross_do_not_wait_for_each_other)
{
    int64_t begin = clock_mono_ms(), until = begin + 60 * SECOND_MS;
    pthread_barrier_t both;
    struct turn turns[2] = { { FLIGHT_POST, FLIGHT_ACTOR, S(P("1")), S(P("2")), &both, until },
        { FLIGHT_POST, FLIGHT_ACTOR, S(P("2")), S(P("1")), &both, until } };
    pthread_t threads[2];

    pthread_barrier_init(&both, NULL, 2);
    for (int i = 0; i < 2; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, take_turn, &turns[i]), 0);
    for (int i = 0; i < 2; i++)
        pthread_join(threads[i], NULL);
    pthread_barrier_destroy(&both);
    assert_true(clock_mono_ms() - begin < 30 * SECOND_MS);
}

UNIT(flights_of_the_same_wait)
{
    int64_t begin = clock_mono_ms();
    struct flight first = resolve_flight_enter(FLIGHT_POST, S(P("1")), begin + SECOND_MS);
    struct flight again =
        resolve_flight_enter(FLIGHT_POST, S(P("1")), begin + 60 * SECOND_MS); /* nobody waits for himself */

    assert_false(first.waited || again.waited);
    assert_true(clock_mono_ms() - begin < 30 * SECOND_MS);
    resolve_flight_leave(again);
    resolve_flight_leave(first);
}

/* Who waited in vain leaves as well, and the next one must still find that somebody fetches. */
UNIT(flights_end_by_whoever_has_begun_them)
{
    struct flight first = resolve_flight_enter(FLIGHT_POST, S(P("1")), 0);
    struct flight late = resolve_flight_enter(FLIGHT_POST, S(P("1")), 0), next;

    assert_true(first.slot >= 0 && late.slot < 0);
    resolve_flight_leave(late);
    next = resolve_flight_enter(FLIGHT_POST, S(P("1")), 0);
    assert_true(next.slot < 0);
    resolve_flight_leave(next);
    resolve_flight_leave(first);
    next = resolve_flight_enter(FLIGHT_POST, S(P("1")), 0);
    assert_true(next.slot >= 0);
    resolve_flight_leave(next);
}

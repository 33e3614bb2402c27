/* Polls against a real database: what may be asked, and that a vote is counted whole or not at all, and once. */
#include "service/poll.h"

#include "base/clock.h"
#include "db/db.h"
#include "service/fixture_test.h"
#include "service/status.h"
#include "store/poll.h"
#include "unit_db.h"

#include <pthread.h>

struct world {
    struct ctx *c;
    int64_t alice, bob;
};

static struct world
world_new(struct db *db)
{
    struct world w = { .c = fixture_ctx(db) };

    w.alice = fixture_person(w.c, "alice");
    w.bob = fixture_person(w.c, "bob");
    return w;
}

/* A poll of alice's with three options; bob acts afterwards. */
static int64_t
ask(struct world *w, bool multiple)
{
    struct str titles[] = { S("a"), S("b"), S("c") };
    const struct post_poll poll = { .options = { titles, 3 }, .expires_in = 600, .multiple = multiple };
    const struct post_params p = { .status = S("Which?"), .visibility = VIS_PUBLIC, .sensitive = -1, .poll = &poll };
    struct status *s;

    w->c->who = (struct who){ .account_id = w->alice };
    assert_ok(w->c, fixture_post(w->c, &p, S(""), &s));
    w->c->who = (struct who){ .account_id = w->bob };
    return s->poll->id;
}

static enum err
vote(struct ctx *c, int64_t poll_id, const char *first, const char *second)
{
    struct str v[] = { str_z(first), str_z(second) };
    struct status *s;
    enum err e = service_poll_vote(c, poll_id, &(struct strs){ v, second == NULL ? 1 : 2 }, &s);

    db_rollback(c);
    return e;
}

/* ---- what may be asked ------------------------------------------------------------------------------------------- */

static const struct {
    const char *options[6];
    int64_t seconds;
    enum err want;
} asked[] = {
    { { "yes", "no" }, 300, ERR_OK },
    { { "1", "2", "3", "4" }, 2629746, ERR_OK },
    { { "yes", "no", "", "  " }, 300, ERR_OK },
    { { "Yes", "yes" }, 300, ERR_OK },
    { { "e\xcc\x81", "\xc3\xa9" }, 300, ERR_INVALID }, /* one letter, written in two ways */
    { { "yes", " yes" }, 300, ERR_INVALID },
    { { "yes" }, 300, ERR_INVALID },
    { { "yes", "\xe2\x80\x8b" }, 300, ERR_INVALID }, /* a space without width is nothing */
    { { "1", "2", "3", "4", "5" }, 300, ERR_INVALID },
    { { "yes", "no" }, 299, ERR_INVALID },
    { { "yes", "no" }, 2629747, ERR_INVALID },
    { { "yes", "no" }, INT64_MAX, ERR_INVALID },
    { { "yes", "no" }, INT64_MIN, ERR_INVALID },
    { { "yes", "no" }, 0, ERR_INVALID },
};

UNIT_DB(polls_have_two_to_four_distinct_options_and_an_end)
{
    struct world w = world_new(db);

    for (size_t i = 0; i < lengthof(asked); i++) {
        struct str v[lengthof(asked[0].options)];
        struct post_poll p = { .options = { v, 0 }, .expires_in = asked[i].seconds };
        struct poll *out;

        for (; asked[i].options[p.options.n] != NULL; p.options.n++)
            v[p.options.n] = str_z(asked[i].options[p.options.n]);
        assert_err(service_poll_draft(w.c, &p, &out), asked[i].want);
        assert_true((w.c->fail.public_text.n > 0) == (asked[i].want != ERR_OK));
        ctx_ok(w.c);
    }
}

/* ---- votes ------------------------------------------------------------------------------------------------------- */

/* Tallies, people, rows and jobs as one number; checks that they agree. */
static int64_t
counted(struct ctx *c, int64_t poll_id)
{
    static const struct db_sql sql =
        SQL("SELECT count(*), count(DISTINCT account_id) FROM poll_vote WHERE poll_id = $1");
    const struct db_row *r;
    struct poll *p;

    assert_ok(c, store_poll_get(c, poll_id, &p));
    assert_ok(c, db_one(c, &sql, DB_ARGS(D_INT(poll_id)), &r));
    assert_int_equal(poll_votes(p), db_int(r, 0));
    assert_int_equal(p->voters, db_int(r, 1));
    return poll_votes(p);
}

UNIT_DB(a_vote_that_fails_anywhere_counts_nothing)
{
    struct world w = world_new(db);
    enum err e = ERR_INTERNAL;
    int64_t n;

    for (n = 1; e != ERR_OK; n++) {
        int64_t id = ask(&w, true), got;

        assert_in_range(n, 1, 200);
        db_test_fail_at(db, n);
        e = vote(w.c, id, "0", "2");
        db_test_fail_at(db, 0);
        ctx_ok(w.c);
        got = counted(w.c, id);
        assert_true(got == 0 || got == 2);
        assert_true(e != ERR_OK || got == 2);
    }
    assert_true(n > 4);
}

enum { THREADS = 8 };

struct racer {
    struct world *w;
    pthread_barrier_t *start;
    int64_t poll_id;
    const char *choice;
    enum err got;
};

static void *
race_one(void *arg)
{
    struct racer *r = arg;
    struct arena *mem = arena_new_heap();
    struct ctx c;

    ctx_begin(&c, mem, r->w->c->env);
    c.who.account_id = r->w->bob;
    pthread_barrier_wait(r->start);
    r->got = vote(&c, r->poll_id, r->choice, NULL);
    ctx_end(&c);
    arena_free(mem);
    return NULL;
}

UNIT_DB(of_votes_at_the_same_time_one_counts)
{
    static const char *const choices[] = { "0", "1", "2" };
    struct world w = world_new(db);
    int64_t id = ask(&w, false);
    struct racer racers[THREADS];
    pthread_t threads[THREADS];
    pthread_barrier_t start;
    int won = 0;

    pthread_barrier_init(&start, NULL, THREADS);
    for (int i = 0; i < THREADS; i++) {
        racers[i] = (struct racer){ &w, &start, id, choices[i % 3], ERR_INTERNAL };
        assert_int_equal(pthread_create(&threads[i], NULL, race_one, &racers[i]), 0);
    }
    for (int i = 0; i < THREADS; i++) {
        pthread_join(threads[i], NULL);
        won += racers[i].got == ERR_OK ? 1 : 0;
        assert_true(racers[i].got == ERR_OK || racers[i].got == ERR_INVALID);
    }
    pthread_barrier_destroy(&start);
    assert_int_equal(won, 1);
    assert_int_equal(counted(w.c, id), 1);
}

UNIT_DB(the_end_is_announced_once)
{
    static const struct db_sql told = SQL("SELECT count(*) FROM notification WHERE kind = 6");
    struct world w = world_new(db);
    int64_t id = ask(&w, false);
    const struct db_row *r;

    assert_ok(w.c, vote(w.c, id, "1", NULL));
    for (int i = 0; i < 3; i++) {
        assert_ok(w.c, service_poll_close(w.c, id));
        assert_ok(w.c, db_one(w.c, &told, DB_NO_ARGS, &r));
        assert_int_equal(db_int(r, 0), i == 0 ? 0 : 2); /* not before its time; then the author and one voter */
        if (i == 0)
            clock_shift(601 * SECOND_MS);
    }
    clock_shift(-601 * SECOND_MS);
    assert_ok(w.c, service_poll_close(w.c, 1)); /* gone */
}

/* Drafts and scheduled threads against a real database: kept as they are, published whole and once. */
#include "service/draft.h"

#include "base/clock.h"
#include "base/id.h"
#include "db/db.h"
#include "service/fixture_test.h"
#include "service/prune.h"
#include "store/media.h"
#include "unit_db.h"

#include <pthread.h>

struct world {
    struct ctx *c;
    int64_t alice;
};

static struct world
world_new(struct db *db)
{
    struct world w = { .c = fixture_ctx(db) };

    w.alice = fixture_person(w.c, "alice");
    w.c->who = (struct who){ .account_id = w.alice };
    return w;
}

static int64_t
number(struct ctx *c, const struct db_sql *sql)
{
    const struct db_row *r;

    assert_ok(c, db_one(c, sql, DB_NO_ARGS, &r));
    return db_int(r, 0);
}

static const struct db_sql statuses = SQL("SELECT count(*) FROM status");
static const struct db_sql rows = SQL("SELECT count(*) FROM draft");

static struct post_params
text(const char *s)
{
    return (struct post_params){
        .status = str_z(s), .visibility = VIS_PUBLIC, .sensitive = -1, .quote_choice = -1, .language = S("en")
    };
}

/* A thread of two with a time that has come when the clock is moved on by an hour. */
static int64_t
plan(struct world *w)
{
    struct post_params v[] = { text("one"), text("two") };
    struct posted out;

    assert_ok(w->c, service_status_post_all(w->c, &(struct posts){ v, 2 }, clock_ms() + 30 * MINUTE_MS, S(""), &out));
    assert_non_null(out.later);
    return out.later->id;
}

UNIT_DB(a_draft_keeps_every_parameter)
{
    struct world w = world_new(db);
    struct str options[] = { S("yes"), S("\"no\"") }, allowed[] = { S("7") };
    const struct post_poll poll = {
        .options = { options, 2 }, .expires_in = 600, .multiple = true, .hide_totals = true
    };
    struct post_params p = { .status = S("a \\ \n b"),
        .spoiler_text = S("cw"),
        .language = S("de"),
        .content_type = S("text/markdown"),
        .sensitive = 1,
        .visibility = VIS_PRIVATE,
        .in_reply_to_id = 12345678901234567,
        .quoted_status_id = 5,
        .quote_choice = 2,
        .allowed_mentions = { allowed, 1 },
        .has_allowed_mentions = true,
        .poll = &poll,
        .expires_in = 600,
        .expires_ms = 1234567890123,
        .local_only = true };
    struct post_params v[] = { p, text("two") };
    struct draft_row *d;
    const struct post_params *q;

    assert_ok(w.c, service_draft_create(w.c, &(struct posts){ v, 2 }, &d));
    assert_int_equal(d->posts.n, 2);
    q = &d->posts.v[0];
    assert_true(
        str_eq(q->status, p.status) && str_eq(q->spoiler_text, p.spoiler_text) && str_eq(q->language, p.language));
    assert_true(str_eq(q->content_type, p.content_type) && q->sensitive == 1 && q->visibility == VIS_PRIVATE);
    assert_true(q->in_reply_to_id == p.in_reply_to_id && q->quoted_status_id == 5 && q->quote_choice == 2);
    assert_true(q->has_allowed_mentions && q->allowed_mentions.n == 1 && str_eqz(q->allowed_mentions.v[0], "7"));
    assert_true(q->poll->options.n == 2 && str_eq(q->poll->options.v[1], options[1]) && q->poll->expires_in == 600);
    assert_true(q->poll->multiple && q->poll->hide_totals && q->local_only);
    assert_true(q->expires_in == 600 && q->expires_ms == p.expires_ms);
    q = &d->posts.v[1];
    assert_true(q->poll == NULL && !q->has_allowed_mentions && q->sensitive == -1 && !q->local_only);
}

UNIT_DB(a_scheduled_thread_that_fails_anywhere_is_still_there)
{
    struct world w = world_new(db);
    enum err e = ERR_INTERNAL;
    int64_t n;

    for (n = 1; e != ERR_OK; n++) {
        int64_t id = plan(&w), before = number(w.c, &statuses), kept = number(w.c, &rows), now;

        assert_in_range(n, 1, 400);
        clock_shift(HOUR_MS);
        db_test_fail_at(db, n);
        e = service_scheduled_run(w.c, id, false);
        db_test_fail_at(db, 0);
        db_rollback(w.c);
        ctx_ok(w.c);
        now = number(w.c, &statuses);
        assert_true(now == before || now == before + 2);
        assert_int_equal(number(w.c, &rows), now == before ? kept : kept - 1);
        assert_true(e != ERR_OK || now == before + 2);
        if (now == before) { /* tried again it succeeds */
            assert_ok(w.c, service_scheduled_run(w.c, id, false));
            assert_int_equal(number(w.c, &statuses), before + 2);
        }
        assert_ok(w.c, service_scheduled_run(w.c, id, false)); /* and once more changes nothing */
        assert_int_equal(number(w.c, &statuses), before + 2);
        clock_shift(-HOUR_MS);
    }
    assert_true(n > 10);
}

enum { THREADS = 8 };

struct racer {
    struct world *w;
    pthread_barrier_t *start;
    int64_t id;
    enum err got;
};

static void *
race_one(void *arg)
{
    struct racer *r = arg;
    struct arena *mem = arena_new_heap();
    struct ctx c;

    ctx_begin(&c, mem, r->w->c->env);
    pthread_barrier_wait(r->start);
    r->got = service_scheduled_run(&c, r->id, false);
    ctx_end(&c);
    arena_free(mem);
    return NULL;
}

UNIT_DB(of_runs_at_the_same_time_one_publishes)
{
    struct world w = world_new(db);
    int64_t id = plan(&w);
    struct racer racers[THREADS];
    pthread_t threads[THREADS];
    pthread_barrier_t start;

    clock_shift(HOUR_MS);
    pthread_barrier_init(&start, NULL, THREADS);
    for (int i = 0; i < THREADS; i++) {
        racers[i] = (struct racer){ &w, &start, id, ERR_INTERNAL };
        assert_int_equal(pthread_create(&threads[i], NULL, race_one, &racers[i]), 0);
    }
    for (int i = 0; i < THREADS; i++) {
        pthread_join(threads[i], NULL);
        assert_true(racers[i].got == ERR_OK || racers[i].got == ERR_BUSY); /* BUSY: looks again */
    }
    pthread_barrier_destroy(&start);
    clock_shift(-HOUR_MS);
    assert_int_equal(number(w.c, &statuses), 2);
    assert_int_equal(number(w.c, &rows), 0);
}

/* Whatever fails on the last try is in the row, unless the row itself could not be read. */
UNIT_DB(the_last_try_tells_the_author)
{
    static const struct db_sql failed = SQL("SELECT count(*) FROM draft WHERE failed_ms IS NOT NULL AND failure <> ''");
    struct world w = world_new(db);
    int64_t published = 0, told = 0;

    for (int64_t n = 2; published == 0; n++) {
        int64_t id = plan(&w);

        assert_in_range(n, 2, 400);
        clock_shift(HOUR_MS);
        db_test_fail_at(db, n);
        assert_ok(w.c, service_scheduled_run(w.c, id, true));
        db_test_fail_at(db, 0);
        assert_ok(w.c, service_scheduled_run(w.c, id, true)); /* it is not tried again by itself */
        clock_shift(-HOUR_MS);
        published = number(w.c, &statuses);
        told = number(w.c, &failed);
        assert_int_equal(told + (published > 0 ? 1 : 0), n - 1);
        if (told == 10) /* more would not fit into one day */
            return;
    }
}

UNIT_DB(an_account_ends_with_its_drafts_and_the_files_that_they_hold)
{
    static const struct db_sql files = SQL("SELECT count(*) FROM media"),
                               told = SQL("SELECT count(*) FROM tombstone WHERE uri LIKE '%/alice'");
    struct world w = world_new(db);
    struct media_row m = { .id = id_new(), .account_id = w.alice, .state = MEDIA_READY, .created_ms = clock_ms() };
    struct post_params p = text("with a file");
    struct draft_row *d;
    int64_t later_ms;

    assert_ok(w.c, db_begin(w.c, DB_WRITE));
    assert_ok(w.c, store_media_insert(w.c, &m));
    assert_ok(w.c, db_commit(w.c));
    p.media_ids = (struct ids){ &m.id, 1 };
    assert_ok(w.c, service_draft_create(w.c, &(struct posts){ &p, 1 }, &d));
    plan(&w);
    assert_ok(w.c, service_account_erase(w.c, w.alice, &later_ms));
    assert_int_equal(number(w.c, &rows), 0);
    assert_int_equal(number(w.c, &files), 0);
    assert_int_equal(number(w.c, &told), 1); /* it came to its end */
}

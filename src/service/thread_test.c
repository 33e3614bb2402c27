/* Who begins the reading of a thread, who joins, and who gets nothing to wait for; without a network, as the job is only put. */
#include "service/thread.h"

#include "base/clock.h"
#include "base/id.h"
#include "service/fixture_test.h"
#include "store/async_refresh.h"
#include "store/status.h"
#include "store/thread.h"
#include "unit_db.h"

enum { WAITING_MAX = 20 };

struct world {
    struct ctx *c;
    int64_t alice, bob;
};

static struct world
begin(struct db *db)
{
    struct world w = { .c = fixture_ctx(db) };

    w.alice = fixture_person(w.c, "alice");
    w.bob = fixture_person(w.c, "bob");
    w.c->who.account_id = w.alice;
    return w;
}

/* A post of another server, an hour old. */
static struct status *
far_post(struct world *w)
{
    struct status *s = arena_new(w->c->mem, struct status);
    int64_t at = clock_ms() - HOUR_MS;

    *s = (struct status){ .id = id_at(at), .account_id = w->alice, .created_ms = at };
    s->uri = s->url = str_fmt(w->c->mem, "https://far.test/%lld", (long long)s->id);
    assert_ok(w->c, db_begin(w->c, DB_WRITE));
    assert_ok(w->c, store_status_insert(w->c, s));
    assert_ok(w->c, db_commit(w->c));
    return s;
}

static struct async_refresh
opened(struct world *w, const struct status *s, struct status *above)
{
    struct statuses up = { &above, above != NULL ? 1 : 0 }, down = { 0 };
    struct async_refresh a;

    assert_ok(w->c, service_thread_opened(w->c, s, &up, &down, &a));
    return a;
}

static int64_t
jobs(struct world *w)
{
    static const struct db_sql count = SQL("SELECT count(*) FROM job WHERE kind = 'fetch_thread'");
    const struct db_row *r;

    assert_ok(w->c, db_one(w->c, &count, DB_NO_ARGS, &r));
    return db_int(r, 0);
}

static void
end(struct world *w, const struct status *s, int64_t ago_ms)
{
    struct thread_fetch *t;

    assert_ok(w->c, db_begin(w->c, DB_WRITE));
    assert_ok(w->c, store_thread_get(w->c, s->id, &t));
    assert_non_null(t);
    t->started_ms = t->done_ms = clock_ms() - ago_ms;
    assert_ok(w->c, store_thread_put(w->c, t));
    assert_ok(w->c, store_async_finish(w->c, str_fmt(w->c->mem, "context:%lld", (long long)s->id), 7));
    assert_ok(w->c, db_commit(w->c));
}

UNIT_DB(thread_is_read_once_for_all_who_open_it)
{
    struct world w = begin(db);
    struct status *s = far_post(&w);
    struct async_refresh mine = opened(&w, s, NULL), theirs;

    assert_true(mine.id != 0 && mine.has_count && mine.result_count == 0);
    assert_int_equal(opened(&w, s, NULL).id, mine.id);
    w.c->who.account_id = w.bob;
    theirs = opened(&w, s, NULL);
    assert_true(theirs.id != 0 && theirs.id != mine.id);
    assert_int_equal(jobs(&w), 1);
    end(&w, s, 14 * MINUTE_MS);
    assert_int_equal(opened(&w, s, NULL).id, 0);
    assert_ok(w.c, store_async_get(w.c, w.alice, mine.id, &mine));
    assert_true(mine.done && mine.result_count == 7);
    end(&w, s, 16 * MINUTE_MS);
    assert_int_equal(opened(&w, s, NULL).id, theirs.id);
}

UNIT_DB(thread_whose_top_rises_is_the_same_thread)
{
    struct world w = begin(db);
    struct status *s = far_post(&w), *above = far_post(&w), *below = far_post(&w);
    struct async_refresh a = opened(&w, s, NULL);
    struct statuses up = { (struct status *[]){ above, s }, 2 }, down = { 0 };
    struct async_refresh b;

    assert_ok(w.c, service_thread_opened(w.c, below, &up, &down, &b));
    assert_int_equal(a.id, b.id);
    assert_int_equal(jobs(&w), 1);
}

UNIT_DB(thread_gives_nothing_to_wait_for_without_a_reason)
{
    struct world w = begin(db);
    struct status *s = far_post(&w), x = *s, *parent = far_post(&w);

    x.created_ms = clock_ms() - MINUTE_MS;
    assert_int_equal(opened(&w, &x, NULL).id, 0);
    x = *s;
    x.visibility = VIS_PRIVATE;
    assert_int_equal(opened(&w, &x, NULL).id, 0);
    x = *s;
    x.local = true;
    assert_int_equal(opened(&w, &x, NULL).id, 0);
    parent->visibility = VIS_PRIVATE;
    assert_int_equal(opened(&w, s, parent).id, 0);
    w.c->who.account_id = 0;
    assert_int_equal(opened(&w, s, NULL).id, 0);
    assert_int_equal(jobs(&w), 0);
}

UNIT_DB(thread_waiters_have_a_limit)
{
    struct world w = begin(db);

    for (int i = 0; i < WAITING_MAX; i++)
        assert_true(opened(&w, far_post(&w), NULL).id != 0);
    assert_int_equal(opened(&w, far_post(&w), NULL).id, 0);
    assert_int_equal(jobs(&w), WAITING_MAX);
    w.c->who.account_id = w.bob;
    assert_true(opened(&w, far_post(&w), NULL).id != 0);
}

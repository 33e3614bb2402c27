/*
 * The verbs of statuses against a real database: a failure of any statement leaves nothing half-written, and requests at the same
 * time count once.
 */
#include "service/status.h"

#include "base/clock.h"
#include "base/id.h"
#include "service/fixture_test.h"
#include "service/relation.h"
#include "store/interaction.h"
#include "store/media.h"
#include "store/status.h"
#include "unit_db.h"

#include <pthread.h>

/* Everything that the verbs of this file write, as numbers. */
static const struct db_sql numbers =
    SQL("SELECT (SELECT count(*) FROM status), (SELECT count(*) FROM status_stat), "
        "(SELECT coalesce(sum(replies * 1000000 + reblogs * 1000 + favourites), 0) "
        "FROM status_stat), (SELECT count(*) FROM status_edit), "
        "(SELECT count(*) FROM status WHERE edited_ms IS NOT NULL), "
        "(SELECT count(*) FROM mention), (SELECT count(*) FROM status_tag), "
        "(SELECT count(*) FROM tag), (SELECT count(*) FROM media), "
        "(SELECT count(*) FROM media WHERE status_id IS NOT NULL), "
        "(SELECT count(*) FROM favourite), (SELECT count(*) FROM bookmark), "
        "(SELECT count(*) FROM pin), (SELECT count(*) FROM conversation), "
        "(SELECT count(*) FROM conversation_mute), (SELECT count(*) FROM notification), "
        "(SELECT count(*) FROM idempotency), (SELECT count(*) FROM tombstone), "
        "(SELECT count(*) FROM job), (SELECT count(*) FROM follow), "
        "(SELECT count(*) FROM dead_file), "
        "(SELECT coalesce(sum(statuses * 1000000 + followers * 1000 + following), 0) "
        "FROM account_stat)");
enum { NUMBERS = 22 };

/* Each counts rows that must not be. */
static const struct db_sql wrong[] = {
    SQL("SELECT count(*) FROM account_stat a WHERE a.statuses <> "
        "(SELECT count(*) FROM status s WHERE s.account_id = a.account_id AND s.visibility < 3)"),
    SQL("SELECT count(*) FROM account_stat a WHERE a.followers <> "
        "(SELECT count(*) FROM follow f WHERE f.target_id = a.account_id)"),
    SQL("SELECT count(*) FROM account_stat a WHERE a.following <> "
        "(SELECT count(*) FROM follow f WHERE f.account_id = a.account_id)"),
    SQL("SELECT count(*) FROM status_stat t WHERE t.replies <> "
        "(SELECT count(*) FROM status s WHERE s.in_reply_to_id = t.status_id AND s.visibility < 2)"),
    SQL("SELECT count(*) FROM status_stat t WHERE t.reblogs <> "
        "(SELECT count(*) FROM status s WHERE s.reblog_of_id = t.status_id)"),
    SQL("SELECT count(*) FROM status_stat t WHERE t.favourites <> "
        "(SELECT count(*) FROM favourite f WHERE f.status_id = t.status_id)"),
    SQL("SELECT count(*) FROM status s WHERE NOT EXISTS (SELECT 1 FROM status_stat t WHERE t.status_id = s.id)"),
    SQL("SELECT count(*) FROM status s WHERE s.in_reply_to_id IS NOT NULL AND "
        "NOT EXISTS (SELECT 1 FROM status p WHERE p.id = s.in_reply_to_id)"),
    SQL("SELECT count(*) FROM status s WHERE s.conversation_id IS NOT NULL AND "
        "NOT EXISTS (SELECT 1 FROM conversation v WHERE v.id = s.conversation_id)"),
    SQL("SELECT count(*) FROM status s WHERE s.has_media <> "
        "EXISTS (SELECT 1 FROM media m WHERE m.status_id = s.id)"),
    SQL("SELECT count(*) FROM media m WHERE m.status_id IS NOT NULL AND m.account_id <> "
        "(SELECT s.account_id FROM status s WHERE s.id = m.status_id)"),
    SQL("SELECT count(*) FROM status s WHERE s.edited_ms IS NOT NULL AND "
        "NOT EXISTS (SELECT 1 FROM status_edit e WHERE e.status_id = s.id)"),
    SQL("SELECT count(*) FROM notification n WHERE n.status_id IS NOT NULL AND "
        "NOT EXISTS (SELECT 1 FROM status s WHERE s.id = n.status_id)"),
};

struct world {
    struct db *db;
    struct ctx *c;
    const struct env *env;
    int64_t alice, bob;
    int64_t target;   /* what the verb under test works on */
    int64_t media[2]; /* loose, of alice */
    int round;
};

static void
act_as(struct ctx *c, int64_t account_id)
{
    c->who = (struct who){ .account_id = account_id };
}

static struct world
world_new(struct db *db)
{
    struct world w = { .db = db, .c = fixture_ctx(db) };

    w.env = w.c->env;
    w.alice = fixture_person(w.c, "alice");
    w.bob = fixture_person(w.c, "bob");
    act_as(w.c, w.alice);
    return w;
}

static struct post_params
text(const char *s)
{
    return (struct post_params){ .status = str_z(s), .visibility = VIS_PUBLIC, .sensitive = -1 };
}

static int64_t
post(struct ctx *c, const char *s)
{
    struct post_params p = text(s);
    struct status *out;

    assert_ok(c, fixture_post(c, &p, S(""), &out));
    return out->id;
}

static int64_t
loose_media(struct ctx *c)
{
    struct media_row m = { .id = id_new(),
        .account_id = c->who.account_id,
        .kind = MEDIA_IMAGE,
        .state = MEDIA_READY,
        .created_ms = clock_ms() };

    m.file = str_fmt(unit_mem(), "file-%lld", (long long)m.id);
    assert_ok(c, db_begin(c, DB_WRITE));
    assert_ok(c, store_media_insert(c, &m));
    assert_ok(c, db_commit(c));
    return m.id;
}

/* ---- the verbs: what must be there before, and the call -------------------------------------------------------------- */

static void
prepare_post(struct world *w)
{
    act_as(w->c, w->bob);
    w->target = post(w->c, "What do you think?");
    act_as(w->c, w->alice);
    w->media[0] = loose_media(w->c);
    w->media[1] = loose_media(w->c);
}

static enum err
run_post(struct world *w)
{
    struct post_params p = text("Quite a lot, @bob #thinking");
    struct status *out;

    p.in_reply_to_id = w->target;
    p.media_ids = (struct ids){ w->media, 2 };
    return fixture_post(w->c, &p, str_fmt(w->c->mem, "key %lld", (long long)w->target), &out);
}

static void
prepare_edit(struct world *w)
{
    struct post_params p = text("Hello @bob #greeting");
    struct status *out;

    w->media[0] = loose_media(w->c);
    w->media[1] = loose_media(w->c);
    p.media_ids = (struct ids){ w->media, 2 };
    assert_ok(w->c, fixture_post(w->c, &p, S(""), &out));
    w->target = out->id;
}

static enum err
run_edit(struct world *w)
{
    const struct post_media described = { .id = w->media[1], .description = S("a cat") };
    struct post_params p = text("");
    struct status *out;

    p.status = str_fmt(w->c->mem, "Good evening %d #evening", w->round);
    p.media_ids = (struct ids){ &w->media[1], 1 };
    p.media_attributes = &described;
    p.n_media_attributes = 1;
    return service_status_edit(w->c, w->target, &p, &out);
}

static void
prepare_delete(struct world *w)
{
    struct post_params p = text("I agree");
    struct status *out;

    prepare_edit(w);
    act_as(w->c, w->bob);
    p.in_reply_to_id = w->target;
    assert_ok(w->c, fixture_post(w->c, &p, S(""), &out));
    assert_ok(w->c, service_status_favourite(w->c, w->target, true, &out));
    assert_ok(w->c, service_status_reblog(w->c, w->target, -1, &out));
    act_as(w->c, w->alice);
}

static enum err
run_delete(struct world *w)
{
    struct status *out;

    return service_status_delete(w->c, w->target, true, &out);
}

static void
prepare_target(struct world *w)
{
    act_as(w->c, w->bob);
    w->target = post(w->c, "like me");
    act_as(w->c, w->alice);
}

#define RUN(name, call)                                                                                                \
    static enum err run_##name(struct world *w)                                                                        \
    {                                                                                                                  \
        struct status *out;                                                                                            \
                                                                                                                       \
        return call;                                                                                                   \
    }
RUN(favourite, service_status_favourite(w->c, w->target, true, &out))
RUN(unfavourite, service_status_favourite(w->c, w->target, false, &out))
RUN(bookmark, service_status_bookmark(w->c, w->target, true, &out))
RUN(mute, service_status_mute(w->c, w->target, true, &out))
RUN(pin, service_status_pin(w->c, w->target, true, &out))
RUN(reblog, service_status_reblog(w->c, w->target, -1, &out))
RUN(unreblog, service_status_unreblog(w->c, w->target, &out))

static void
prepare_unfavourite(struct world *w)
{
    prepare_target(w);
    assert_ok(w->c, run_favourite(w));
}

static void
prepare_unreblog(struct world *w)
{
    prepare_target(w);
    assert_ok(w->c, run_reblog(w));
}

static void
prepare_pin(struct world *w)
{
    struct status *out;

    if (w->target != 0) /* at most five: the one of the round before goes */
        assert_ok(w->c, service_status_pin(w->c, w->target, false, &out));
    w->target = post(w->c, "the best of me");
}

static void
prepare_follow(struct world *w)
{
    struct relation r;

    w->target = w->bob;
    assert_ok(w->c, service_relation_unfollow(w->c, w->bob, &r));
}

static enum err
run_follow(struct world *w)
{
    struct relation r;

    return service_relation_follow(w->c, w->bob, &(struct follow_params){ .reblogs = -1, .notify = -1 }, &r);
}

static void
prepare_unfollow(struct world *w)
{
    assert_ok(w->c, run_follow(w));
}

static enum err
run_unfollow(struct world *w)
{
    struct relation r;

    return service_relation_unfollow(w->c, w->bob, &r);
}

/* ---- failures ------------------------------------------------------------------------------------------------------ */

static void
count(struct ctx *c, int64_t out[NUMBERS])
{
    const struct db_row *r;

    assert_ok(c, db_one(c, &numbers, DB_NO_ARGS, &r));
    assert_int_equal(r->n, NUMBERS);
    for (size_t i = 0; i < NUMBERS; i++)
        out[i] = db_int(r, i);
}

static void
check_consistent(struct ctx *c)
{
    for (size_t i = 0; i < lengthof(wrong); i++) {
        const struct db_row *r;

        assert_ok(c, db_one(c, &wrong[i], DB_NO_ARGS, &r));
        if (db_int(r, 0) != 0)
            fail_msg("%lld rows: %s", (long long)db_int(r, 0), wrong[i].sqlite);
    }
}

/* What the verb changed; a part of it only is a failure. */
static void
difference(struct world *w, const int64_t before[NUMBERS], int64_t out[NUMBERS])
{
    count(w->c, out);
    for (size_t i = 0; i < NUMBERS; i++)
        out[i] -= before[i];
    check_consistent(w->c);
}

static void
fail_everywhere(struct db *db, void (*prepare)(struct world *w), enum err (*run)(struct world *w))
{
    static const int64_t nothing[NUMBERS];
    struct world w = world_new(db);
    int64_t before[NUMBERS], whole[NUMBERS], part[NUMBERS];
    enum err e = ERR_INTERNAL;
    int64_t n;

    prepare(&w);
    count(w.c, before);
    assert_ok(w.c, run(&w));
    if (run == run_post || run == run_edit) { /* tags are made once: the second run is like all others */
        w.round++;
        prepare(&w);
        count(w.c, before);
        assert_ok(w.c, run(&w));
    }
    difference(&w, before, whole);
    assert_memory_not_equal(whole, nothing, sizeof(whole));
    for (n = 1; e != ERR_OK; n++) {
        assert_in_range(n, 1, 200);
        w.round++;
        if (run == run_follow || run == run_unfollow)
            assert_ok(w.c, run == run_follow ? run_unfollow(&w) : run_follow(&w));
        else
            prepare(&w);
        count(w.c, before);
        db_test_fail_at(w.db, n);
        e = run(&w);
        db_test_fail_at(w.db, 0);
        db_rollback(w.c);
        if (e != ERR_OK)
            assert_err(e, ERR_INTERNAL);
        ctx_ok(w.c);
        difference(&w, before, part);
        /* After the commit only the answer can fail: then everything was written. */
        if (e == ERR_OK || memcmp(part, nothing, sizeof(part)) != 0)
            assert_memory_equal(part, whole, sizeof(whole));
    }
    assert_true(n > 4); /* it did fail on the way */
}

#define FAILURES(name)                                                                                                 \
    UNIT_DB(status_failures_##name)                                                                                    \
    {                                                                                                                  \
        fail_everywhere(db, prepare_##name, run_##name);                                                               \
    }
#define prepare_favourite prepare_target
#define prepare_bookmark prepare_target
#define prepare_mute prepare_target
#define prepare_reblog prepare_target
FAILURES(post)
FAILURES(edit)
FAILURES(delete)
FAILURES(favourite)
FAILURES(unfavourite)
FAILURES(bookmark)
FAILURES(mute)
FAILURES(pin)
FAILURES(reblog)
FAILURES(unreblog)
FAILURES(follow)
FAILURES(unfollow)

/* ---- at the same time ------------------------------------------------------------------------------------------------ */

enum { THREADS = 8 };

struct racer {
    struct world w;
    pthread_barrier_t *start;
    enum err (*run)(struct world *w);
    enum err got;
};

static void *
race_one(void *arg)
{
    struct racer *r = arg;
    struct arena *mem = arena_new_heap();
    struct ctx c;

    ctx_begin(&c, mem, r->w.env);
    c.who = r->w.c->who;
    r->w.c = &c;
    pthread_barrier_wait(r->start);
    r->got = r->run(&r->w);
    ctx_end(&c);
    arena_free(mem);
    return NULL;
}

/* The same verb from all threads at once; how many were answered with OK. */
static int
race(struct world *w, const int64_t *targets, enum err (*run)(struct world *w))
{
    struct racer racers[THREADS];
    pthread_t threads[THREADS];
    pthread_barrier_t start;
    int ok = 0;

    pthread_barrier_init(&start, NULL, THREADS);
    for (int i = 0; i < THREADS; i++) {
        racers[i] = (struct racer){ .w = *w, .start = &start, .run = run };
        racers[i].w.round += i;
        if (targets != NULL)
            racers[i].w.target = targets[i];
        assert_int_equal(pthread_create(&threads[i], NULL, race_one, &racers[i]), 0);
    }
    for (int i = 0; i < THREADS; i++) {
        pthread_join(threads[i], NULL);
        ok += racers[i].got == ERR_OK;
    }
    pthread_barrier_destroy(&start);
    check_consistent(w->c);
    return ok;
}

static int64_t
one(struct ctx *c, const struct db_sql *sql)
{
    const struct db_row *r;

    assert_ok(c, db_one(c, sql, DB_NO_ARGS, &r));
    return db_int(r, 0);
}

UNIT_DB(status_races_count_once)
{
    struct world w = world_new(db);

    for (int i = 0; i < 5; i++) {
        prepare_target(&w);
        assert_int_equal(race(&w, NULL, run_favourite), THREADS);
        assert_int_equal(race(&w, NULL, run_unfavourite), THREADS);
        assert_int_equal(race(&w, NULL, run_bookmark), THREADS);
        assert_int_equal(race(&w, NULL, run_reblog), THREADS);
        assert_int_equal(race(&w, NULL, run_unreblog), THREADS);
        prepare_delete(&w);
        assert_int_equal(race(&w, NULL, run_delete), 1);
    }
}

UNIT_DB(status_race_with_one_key_posts_once)
{
    static const struct db_sql replies = SQL("SELECT count(*) FROM status WHERE in_reply_to_id IS NOT NULL");
    struct world w = world_new(db);

    prepare_post(&w);
    assert_int_equal(race(&w, NULL, run_post), THREADS);
    assert_int_equal(one(w.c, &replies), 1);
}

UNIT_DB(status_key_of_a_deleted_status_posts_again)
{
    struct world w = world_new(db);
    struct post_params p = text("once more");
    struct status *first, *second, *third, *gone;

    assert_ok(w.c, fixture_post(w.c, &p, S("key"), &first));
    assert_ok(w.c, service_status_delete(w.c, first->id, true, &gone));
    assert_ok(w.c, fixture_post(w.c, &p, S("key"), &second));
    assert_int_not_equal(first->id, second->id);
    assert_ok(w.c, fixture_post(w.c, &p, S("key"), &third));
    assert_int_equal(second->id, third->id);
}

UNIT_DB(status_race_of_pins_keeps_the_limit)
{
    static const struct db_sql pins = SQL("SELECT count(*) FROM pin");
    struct world w = world_new(db);
    int64_t targets[THREADS];

    for (int i = 0; i < THREADS; i++)
        targets[i] = post(w.c, "the best of me");
    assert_int_equal(race(&w, targets, run_pin), STATUS_PINS_MAX);
    assert_int_equal(one(w.c, &pins), STATUS_PINS_MAX);
}

UNIT_DB(status_race_of_edits_loses_none_silently)
{
    static const struct db_sql edits = SQL("SELECT count(*) FROM status_edit");
    struct world w = world_new(db);

    prepare_edit(&w);
    int edited = race(&w, NULL, run_edit);

    assert_true(edited > 0);
    assert_int_equal(one(w.c, &edits), edited);
}

/* ---- threads ---------------------------------------------------------------------------------------------------------- */

static void
answer(struct ctx *c, int64_t id, int64_t parent)
{
    static const struct db_sql set = SQL("UPDATE status SET in_reply_to_id = $2 WHERE id = $1");

    assert_ok(c, db_begin(c, DB_WRITE));
    assert_ok(c, db_exec(c, &set, DB_ARGS(D_INT(id), D_INT(parent)), NULL));
    assert_ok(c, db_commit(c));
}

UNIT_DB(status_thread_is_in_order)
{
    struct world w = world_new(db);
    int64_t v[7];
    static const int parent[7] = { -1, 0, 0, 1, 2, 1, 3 }, order[6] = { 1, 3, 6, 5, 2, 4 };
    struct thread_context t;

    for (int i = 0; i < 7; i++) {
        struct post_params p = text("thread");
        struct status *out;

        p.in_reply_to_id = parent[i] < 0 ? 0 : v[parent[i]];
        assert_ok(w.c, fixture_post(w.c, &p, S(""), &out));
        v[i] = out->id;
    }
    assert_ok(w.c, service_status_context(w.c, v[0], &t, NULL));
    assert_int_equal(t.ancestors.n, 0);
    assert_int_equal(t.descendants.n, 6);
    for (int i = 0; i < 6; i++)
        assert_int_equal(t.descendants.v[i]->id, v[order[i]]);
    assert_ok(w.c, service_status_context(w.c, v[6], &t, NULL));
    assert_int_equal(t.descendants.n, 0);
    assert_int_equal(t.ancestors.n, 3);
    assert_int_equal(t.ancestors.v[0]->id, v[0]);
    assert_int_equal(t.ancestors.v[1]->id, v[1]);
    assert_int_equal(t.ancestors.v[2]->id, v[3]);
}

/* Two remote posts that claim to answer each other, and one that answers itself, with people who answered them. */
UNIT_DB(status_thread_in_a_circle_ends)
{
    struct world w = world_new(db);
    int64_t v[6];
    struct thread_context t;

    for (int i = 0; i < 6; i++)
        v[i] = post(w.c, "round and round");
    answer(w.c, v[0], v[1]);
    answer(w.c, v[1], v[0]);
    answer(w.c, v[2], v[0]);
    answer(w.c, v[3], v[2]);
    answer(w.c, v[4], v[4]);
    answer(w.c, v[5], v[4]);
    assert_ok(w.c, service_status_context(w.c, v[0], &t, NULL));
    assert_int_equal(t.ancestors.n, 1);
    assert_int_equal(t.descendants.n, 3);
    assert_ok(w.c, service_status_context(w.c, v[3], &t, NULL));
    assert_int_equal(t.ancestors.n, 3);
    assert_int_equal(t.descendants.n, 0);
    assert_ok(w.c, service_status_context(w.c, v[4], &t, NULL));
    assert_int_equal(t.ancestors.n, 0);
    assert_int_equal(t.descendants.n, 1);
}

/* Who is not logged in gets 40 above and 60 below, 20 deep; that there is more is said, and not of a circle. */
UNIT_DB(status_thread_says_that_it_is_cut)
{
    struct world w = world_new(db);
    int64_t v[43], root = post(w.c, "wide"), last = 0, ring[2] = { post(w.c, "ring"), post(w.c, "ring") };
    struct thread_context t;

    for (int i = 0; i < 43; i++) {
        v[i] = post(w.c, "chain");
        if (i > 0)
            answer(w.c, v[i], v[i - 1]);
    }
    for (int i = 0; i < 60; i++)
        answer(w.c, last = post(w.c, "beside"), root);
    answer(w.c, ring[0], ring[1]);
    answer(w.c, ring[1], ring[0]);
    w.c->who = (struct who){ 0 };
    assert_ok(w.c, service_status_context(w.c, v[40], &t, NULL));
    assert_true(t.ancestors.n == 40 && !t.cut_above && t.descendants.n == 2 && !t.cut_below);
    assert_ok(w.c, service_status_context(w.c, v[41], &t, NULL));
    assert_true(t.ancestors.n == 40 && t.cut_above && t.ancestors.v[0]->id == v[1]);
    assert_ok(w.c, service_status_context(w.c, v[22], &t, NULL));
    assert_true(t.descendants.n == 20 && !t.cut_below);
    assert_ok(w.c, service_status_context(w.c, v[21], &t, NULL));
    assert_true(t.descendants.n == 20 && t.cut_below);
    assert_ok(w.c, service_status_context(w.c, root, &t, NULL));
    assert_true(t.descendants.n == 60 && !t.cut_below);
    assert_ok(w.c, service_status_context(w.c, ring[0], &t, NULL));
    assert_true(t.ancestors.n == 1 && t.descendants.n == 1 && !t.cut_above && !t.cut_below);
    act_as(w.c, w.alice);
    answer(w.c, post(w.c, "one more"), root);
    w.c->who = (struct who){ 0 };
    assert_ok(w.c, service_status_context(w.c, root, &t, NULL));
    assert_true(t.descendants.n == 60 && t.cut_below && t.descendants.v[59]->id == last);
}

/* A list that names a status twice, as the notifications of two favourites do. */
UNIT_DB(status_twice_in_a_list)
{
    struct world w = world_new(db);
    struct statuses v;
    int64_t ids[3];

    prepare_edit(&w);
    ids[0] = ids[2] = w.target;
    assert_ok(w.c, run_reblog(&w));
    assert_ok(w.c, service_status_get_many(w.c, &(struct ids){ ids, 3 }, &v));
    assert_int_equal(v.n, 1); /* and the list has it once */
    for (size_t i = 0; i < v.n; i++) {
        assert_int_equal(v.v[i]->n_media, 2);
        assert_int_equal(v.v[i]->n_mentions, 1);
        assert_int_equal(v.v[i]->n_tags, 1);
    }
}

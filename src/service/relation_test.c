/* Every statement of the verbs between accounts fails once: then all of it is there or nothing. */
#include "service/relation.h"

#include "base/clock.h"
#include "base/conf.h"
#include "base/id.h"
#include "service/account.h"
#include "service/notification.h"
#include "store/account.h"
#include "store/migrations.h"
#include "store/notification.h"
#include "store/user.h"
#include "unit_db.h"

#include <string.h>

/* What the verbs write, as numbers; equal numbers mean that nothing changed. */
static const struct db_sql numbers =
    SQL("SELECT (SELECT count(*) FROM follow), (SELECT count(*) FROM follow_request), (SELECT count(*) FROM block), "
        "(SELECT count(*) FROM mute), (SELECT count(*) FROM account_note), (SELECT count(*) FROM notification), "
        "(SELECT count(*) FROM job), (SELECT count(*) FROM dead_file), "
        "(SELECT coalesce(sum(followers * 1000 + following), 0) FROM account_stat), "
        "(SELECT count(*) FROM account WHERE locked = TRUE), (SELECT count(*) FROM account WHERE note_text <> ''), "
        "(SELECT count(*) FROM account WHERE suspended_ms IS NOT NULL), (SELECT count(*) FROM reserved_name), "
        "(SELECT coalesce(sum(length(settings)), 0) FROM users)");
enum { NUMBERS = 14 };

static const struct db_sql wrong =
    SQL("SELECT count(*) FROM account_stat s WHERE "
        "s.followers <> (SELECT count(*) FROM follow f WHERE f.target_id = s.account_id) "
        "OR s.following <> (SELECT count(*) FROM follow f WHERE f.account_id = s.account_id)");

struct world {
    struct db *db;
    struct ctx *c;
    int64_t alice, bob, remote, user;
};

static int64_t
person(struct ctx *c, const char *name, const char *domain)
{
    struct account a = { .id = id_new(),
        .username = str_z(name),
        .domain = str_z(domain),
        .uri = str_fmt(unit_mem(), "https://%s.test/%s", domain, name),
        .inbox = S("https://remote.test/inbox"),
        .handle_ok = true,
        .created_ms = clock_ms() };

    assert_ok(c, store_account_insert(c, &a));
    return a.id;
}

static struct world
world_new(struct db *db)
{
    static const struct config conf = {
        .origin = { "https://dassie.test", 19 }, .host = { "dassie.test", 11 }, .domain = { "dassie.test", 11 }
    };
    struct env *env = arena_new(unit_mem(), struct env);
    struct world w = { .db = db, .c = unit_db_ctx(db) };
    struct user u = { .id = id_new(),
        .email = S("a@mail.test"),
        .password = S("x"),
        .role_id = ROLE_EVERYONE,
        .created_ms = clock_ms() };
    struct str why;
    int applied;

    *env = (struct env){ .conf = &conf, .db = db };
    w.c->env = env;
    assert_ok(w.c, db_migrate(w.c, store_migrations, store_migrations_n, &applied, &why));
    assert_ok(w.c, db_begin(w.c, DB_WRITE));
    w.alice = person(w.c, "alice", "");
    w.bob = person(w.c, "bob", "");
    w.remote = person(w.c, "carol", "remote.test");
    w.user = u.id;
    assert_ok(w.c, store_user_insert(w.c, &u));
    assert_ok(w.c, store_membership_put(w.c, u.id, w.alice, MEMBER_OWNER, true));
    assert_ok(w.c, db_commit(w.c));
    w.c->who = (struct who){ .account_id = w.alice, .user_id = w.user };
    return w;
}

static void
as(struct world *w, int64_t account_id)
{
    w->c->who.account_id = account_id;
}

static const struct follow_params defaults = { .reblogs = -1, .notify = -1 };

/* ---- the verbs: prepare brings the world to the same state each time ----------------------------------------------- */

static void
prepare_nothing(struct world *w)
{
    struct relation r;

    as(w, w->bob);
    assert_ok(w->c, service_relation_block(w->c, w->alice, false, &r));
    assert_ok(w->c, service_relation_unfollow(w->c, w->alice, &r));
    as(w, w->alice);
    assert_ok(w->c, service_relation_block(w->c, w->bob, false, &r));
    assert_ok(w->c, service_relation_block(w->c, w->remote, false, &r));
    assert_ok(w->c, service_relation_unfollow(w->c, w->bob, &r));
    assert_ok(w->c, service_relation_unfollow(w->c, w->remote, &r));
    assert_ok(w->c, service_relation_unmute(w->c, w->bob, &r));
    assert_ok(w->c, service_relation_note(w->c, w->bob, S(""), &r));
    assert_ok(w->c, db_begin(w->c, DB_WRITE));
    assert_ok(w->c, store_account_asked(w->c, w->remote, 0, 0)); /* a follow asks for old posts again */
    assert_ok(w->c, db_commit(w->c));
}

static void
prepare_friends(struct world *w)
{
    struct relation r;

    prepare_nothing(w);
    assert_ok(w->c, service_relation_follow(w->c, w->bob, &defaults, &r));
    as(w, w->bob);
    assert_ok(w->c, service_relation_follow(w->c, w->alice, &defaults, &r));
    as(w, w->alice);
}

static enum err
update_locked(struct world *w, bool locked)
{
    struct profile_params p = profile_unchanged;
    struct account *a;

    p.locked = locked;
    p.note = locked ? S("") : S("open to all");
    p.has_fields = true;
    p.has_avatar = true;
    p.avatar = locked ? S("ab/one.png") : S("ab/another.png");
    p.sensitive = !locked;
    return service_account_update(w->c, &p, &a);
}

static void
prepare_request(struct world *w)
{
    struct relation r;

    prepare_nothing(w);
    assert_ok(w->c, update_locked(w, true));
    as(w, w->bob);
    assert_ok(w->c, service_relation_follow(w->c, w->alice, &defaults, &r));
    as(w, w->alice);
}

static enum err
run_follow(struct world *w)
{
    struct relation r;

    return service_relation_follow(w->c, w->bob, &defaults, &r);
}

static enum err
run_follow_remote(struct world *w)
{
    struct relation r;

    return service_relation_follow(w->c, w->remote, &defaults, &r);
}

static enum err
run_block(struct world *w)
{
    struct relation r;

    return service_relation_block(w->c, w->bob, true, &r);
}

static enum err
run_mute(struct world *w)
{
    struct relation r;

    return service_relation_mute(w->c, w->bob, true, 60, &r);
}

static enum err
run_note(struct world *w)
{
    struct relation r;

    return service_relation_note(w->c, w->bob, S("a note"), &r);
}

static enum err
run_remove_follower(struct world *w)
{
    struct relation r;

    return service_relation_remove_follower(w->c, w->bob, &r);
}

static enum err
run_accept(struct world *w)
{
    struct relation r;

    return service_relation_answer(w->c, w->bob, true, &r);
}

static enum err
run_reject(struct world *w)
{
    struct relation r;

    return service_relation_answer(w->c, w->bob, false, &r);
}

/* Unlocks, so that it accepts those who wait; a new picture, a new text, other posting defaults. */
static enum err
run_update(struct world *w)
{
    return update_locked(w, false);
}

static void
prepare_suspend(struct world *w)
{
    prepare_nothing(w);
    assert_ok(w->c, service_account_suspend(w->c, w->bob, false));
}

static enum err
run_suspend(struct world *w)
{
    return service_account_suspend(w->c, w->bob, true);
}

/* ---- failing ------------------------------------------------------------------------------------------------------- */

static void
count(struct ctx *c, int64_t out[NUMBERS])
{
    const struct db_row *r;

    assert_ok(c, db_one(c, &numbers, DB_NO_ARGS, &r));
    for (size_t i = 0; i < NUMBERS; i++)
        out[i] = db_int(r, i);
    assert_ok(c, db_one(c, &wrong, DB_NO_ARGS, &r));
    assert_int_equal(db_int(r, 0), 0);
}

static void
clear_jobs(struct ctx *c)
{
    static const struct db_sql clear = SQL("DELETE FROM job"), files = SQL("DELETE FROM dead_file");

    assert_ok(c, db_begin(c, DB_WRITE));
    assert_ok(c, db_exec(c, &clear, DB_NO_ARGS, NULL));
    assert_ok(c, db_exec(c, &files, DB_NO_ARGS, NULL));
    assert_ok(c, db_commit(c));
}

static void
fail_everywhere(struct db *db, void (*prepare)(struct world *w), enum err (*run)(struct world *w))
{
    struct world w = world_new(db);
    int64_t before[NUMBERS], whole[NUMBERS], part[NUMBERS];
    enum err e = ERR_INTERNAL;
    int64_t n;

    prepare(&w);
    clear_jobs(w.c);
    count(w.c, before);
    assert_ok(w.c, run(&w));
    count(w.c, whole);
    assert_memory_not_equal(before, whole, sizeof(whole));
    for (n = 1; e != ERR_OK; n++) {
        assert_in_range(n, 1, 200);
        prepare(&w);
        clear_jobs(w.c);
        db_test_fail_at(db, n);
        e = run(&w);
        db_test_fail_at(db, 0);
        db_rollback(w.c);
        if (e != ERR_OK)
            assert_err(e, ERR_INTERNAL);
        ctx_ok(w.c);
        count(w.c, part);
        /* After the commit only the answer can fail: then everything was written. */
        if (e == ERR_OK || memcmp(part, before, sizeof(part)) != 0)
            assert_memory_equal(part, whole, sizeof(whole));
    }
    assert_true(n > 4); /* it did fail on the way */
}

#define FAILURES(verb, prepare)                                                                                        \
    UNIT_DB(relation_failures_##verb)                                                                                  \
    {                                                                                                                  \
        fail_everywhere(db, prepare, run_##verb);                                                                      \
    }
FAILURES(follow, prepare_nothing)
FAILURES(follow_remote, prepare_nothing)
FAILURES(block, prepare_friends)
FAILURES(mute, prepare_friends)
FAILURES(note, prepare_nothing)
FAILURES(remove_follower, prepare_friends)
FAILURES(accept, prepare_request)
FAILURES(reject, prepare_request)
FAILURES(update, prepare_request)
FAILURES(suspend, prepare_suspend)

/*
 * Two verbs at the same moment, on both engines: a limit is not passed, what is good for once is taken by one, states that exclude each
 * other do not stand side by side, and neither undoes what the other wrote.  A verb that looks before its transaction, or that on
 * PostgreSQL looks in one beside the other's, would do so within a few rounds.
 */
#include "service/race_test.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/conf.h"
#include "base/id.h"
#include "base/json.h"
#include "crypto/secretbox.h"
#include "service/account.h"
#include "service/document.h"
#include "service/featured.h"
#include "service/fixture_test.h"
#include "service/list.h"
#include "service/poll.h"
#include "service/preferences.h"
#include "service/relation.h"
#include "service/status.h"
#include "service/user.h"
#include "store/account.h"
#include "store/interaction.h"
#include "store/status.h"
#include "store/user.h"
#include "unit_db.h"

#define FAR "https://far.test/"

struct race_world race_world;

static struct {
    int64_t post, poll, list;
} own;

/* ---- verbs ----------------------------------------------------------------------------------------------------- */

static void
by_bob(struct ctx *c)
{
    c->who.account_id = race_world.bob;
    c->who.user_id = 0;
}

static enum err
follow(struct ctx *c)
{
    struct relation r;

    return service_relation_follow(c, race_world.bob, &(struct follow_params){ .reblogs = -1, .notify = -1 }, &r);
}

static enum err
unfollow(struct ctx *c)
{
    struct relation r;

    return service_relation_unfollow(c, race_world.bob, &r);
}

static enum err
blocked(struct ctx *c)
{
    struct relation r;

    by_bob(c);
    return service_relation_block(c, race_world.alice, true, &r);
}

static enum err
accepted(struct ctx *c)
{
    struct relation r;

    by_bob(c);
    return service_relation_answer(c, race_world.alice, true, &r);
}

static enum err
follow_eve(struct ctx *c)
{
    struct relation r;

    return service_relation_follow(c, race_world.eve, &(struct follow_params){ .reblogs = -1, .notify = -1 }, &r);
}

static enum err
block_eve(struct ctx *c)
{
    struct relation r;

    return service_relation_block(c, race_world.eve, true, &r);
}

static enum err
blocked_by_eve(struct ctx *c)
{
    struct account *eve, *alice;

    TRY(store_account_get(c, race_world.eve, &eve));
    TRY(store_account_get(c, race_world.alice, &alice));
    return service_relation_block_received(c, eve, alice, str_cat(c->mem, S(FAR), race_name(c), STR_NONE));
}

static enum err
followed_by_eve(struct ctx *c)
{
    struct account *eve, *alice;

    TRY(store_account_get(c, race_world.eve, &eve));
    TRY(store_account_get(c, race_world.alice, &alice));
    return service_relation_follow_received(c, eve, alice, str_cat(c->mem, S(FAR), race_name(c), STR_NONE));
}

static enum err
accepted_by_eve(struct ctx *c)
{
    struct account *eve, *alice;

    TRY(store_account_get(c, race_world.eve, &eve));
    TRY(store_account_get(c, race_world.alice, &alice));
    return service_relation_answer_received(c, eve, alice, true);
}

static enum err
unfollow_eve(struct ctx *c)
{
    struct relation r;

    return service_relation_unfollow(c, race_world.eve, &r);
}

static enum err
list_bob(struct ctx *c)
{
    return service_list_add(c, own.list, &(struct ids){ &race_world.bob, 1 });
}

static enum err
endorse_bob(struct ctx *c)
{
    struct relation r;

    return service_endorse(c, race_world.bob, true, &r);
}

static enum err
quote(struct ctx *c)
{
    struct post_params p = { .status = S("see"), .visibility = VIS_PUBLIC, .sensitive = -1, .quote_choice = -1 };
    struct status *s;

    p.quoted_status_id = own.post;
    by_bob(c);
    return fixture_post(c, &p, S(""), &s);
}

static enum err
post_by_bob(struct ctx *c)
{
    struct post_params p = { .status = S("words"), .visibility = VIS_PUBLIC, .sensitive = -1, .quote_choice = -1 };
    struct status *s;

    by_bob(c);
    return fixture_post(c, &p, S(""), &s);
}

static enum err
block_bob(struct ctx *c)
{
    struct relation r;

    return service_relation_block(c, race_world.bob, true, &r);
}

static enum err
reblog_by_bob(struct ctx *c)
{
    struct status *s;

    by_bob(c);
    return service_status_reblog(c, own.post, -1, &s);
}

static enum err
unreblog_by_bob(struct ctx *c)
{
    struct status *s;

    by_bob(c);
    return service_status_unreblog(c, own.post, &s);
}

static enum err
delete_post(struct ctx *c)
{
    struct status *s;

    return service_status_delete(c, own.post, true, &s);
}

static enum err
vote(struct ctx *c)
{
    static struct str first = { "0", 1 };
    struct status *s;

    by_bob(c);
    return service_poll_vote(c, own.poll, &(struct strs){ &first, 1 }, &s);
}

/* ---- what is written over --------------------------------------------------------------------------------------- */

static enum err
disable(struct ctx *c)
{
    return service_user_change(c, race_world.user, &(struct user_change){ .disable = 1 });
}

static enum err
approve(struct ctx *c)
{
    return service_user_approve(c, race_world.user, true);
}

static enum err
prefer(struct ctx *c)
{
    struct preferences out;
    const struct val *v;

    TRY(json_parse(c->mem, S("{\"posting:default:sensitive\":true}"), NULL, &v));
    return service_preferences_change(c, v, &out);
}

static enum err
suspend(struct ctx *c)
{
    return service_account_suspend(c, race_world.alice, true);
}

static enum err
new_display_name(struct ctx *c)
{
    struct profile_params p = profile_unchanged;
    struct account *a;

    p.display_name = race_name(c);
    return service_account_update(c, &p, &a);
}

static enum err
lock(struct ctx *c)
{
    struct profile_params p = profile_unchanged;
    struct account *a;

    p.locked = 1;
    return service_account_update(c, &p, &a);
}

/* ---- both at once ------------------------------------------------------------------------------------------------ */

static int64_t
number(struct ctx *c, const struct db_sql *q)
{
    const struct db_row *r;

    assert_ok(c, db_one(c, q, DB_NO_ARGS, &r));
    return db_int(r, 0);
}

void
race_write(struct ctx *c, const struct db_sql *q)
{
    assert_ok(c, db_begin(c, DB_WRITE));
    assert_ok(c, db_exec(c, q, DB_NO_ARGS, NULL));
    assert_ok(c, db_commit(c));
}

enum err
race_once(enum err (*act)(struct ctx *c), bool wait)
{
    struct arena *mem = arena_new_heap();
    struct ctx c;
    enum err e;

    ctx_begin(&c, mem, &race_world.env);
    c.who = (struct who){ .account_id = race_world.alice, .user_id = race_world.user };
    if (wait)
        pthread_barrier_wait(&race_world.both);
    e = act(&c);
    if (e == ERR_INTERNAL || e == ERR_BUSY || (!wait && e != ERR_OK))
        print_error("%s: %.*s\n", err_name(e), STR_ARG(c.fail.detail));
    ctx_end(&c);
    arena_free(mem);
    return e;
}

struct side {
    enum err (*act)(struct ctx *c);
    enum err err;
};

static void *
run_side(void *arg)
{
    struct side *s = arg;

    s->err = race_once(s->act, true);
    return NULL;
}

/* Both verbs end; neither is a failure of ours. */
static bool
is_broken(enum err e)
{
    return e == ERR_INTERNAL || e == ERR_BUSY;
}

static bool
run_round(struct ctx *c, const struct race *r, int round)
{
    struct side a = { .act = r->a }, b = { .act = r->b };
    pthread_t other;
    int64_t n;

    for (size_t i = 0; i < RACE_SQL_MAX && r->before[i].sqlite != NULL; i++)
        race_write(c, &r->before[i]);
    if (r->begin != NULL)
        r->begin(c);
    ctx_release(c);
    assert_int_equal(pthread_create(&other, NULL, run_side, &b), 0);
    run_side(&a);
    pthread_join(other, NULL);
    n = r->wrong.sqlite == NULL ? 0 : number(c, &r->wrong);
    if (n == 0 && (a.err == ERR_OK) + (b.err == ERR_OK) <= r->most && !is_broken(a.err) && !is_broken(b.err))
        return true;
    print_error("%s, round %d: %s and %s, %lld rows are wrong\n", r->name, round, err_name(a.err), err_name(b.err),
        (long long)n);
    return false;
}

void
race_run(struct ctx *c, const struct race *v, size_t n)
{
    int n_bad = 0;

    pthread_barrier_init(&race_world.both, NULL, 2);
    for (size_t i = 0; i < n; i++) {
        bool ok = true;

        for (int k = 0; k < v[i].fill; k++)
            assert_int_equal(race_once(v[i].a, false), ERR_OK);
        for (int k = 0; k < RACE_ROUNDS && ok; k++)
            ok = run_round(c, &v[i], k);
        n_bad += !ok;
    }
    pthread_barrier_destroy(&race_world.both);
    assert_int_equal(n_bad, 0);
}

void
race_begin(struct db *db, struct ctx **out)
{
    static struct secret_box *box;
    static struct config conf;
    struct ctx *c = fixture_ctx(db);
    struct user u = { .id = id_new(), .email = S("alice@mail.test"), .approved = true, .created_ms = clock_ms() };

    if (box == NULL)
        assert_int_equal(secret_box_from_key(S("0123456789abcdef0123456789abcdef"), &box), ERR_OK);
    conf = *c->env->conf;
    conf.smtp = S("mail.test"); /* nothing is sent: the queue does not run */
    race_world.env = *c->env;
    race_world.env.conf = &conf;
    race_world.env.box = box;
    c->env = &race_world.env;
    race_world.alice = fixture_person(c, "alice");
    race_world.bob = fixture_person(c, "bob");
    race_world.eve = fixture_stranger(c, "eve");
    race_world.user = u.id;
    u.confirmed_ms = clock_ms();
    assert_ok(c, db_begin(c, DB_WRITE));
    assert_ok(c, store_user_insert(c, &u));
    assert_ok(c, store_membership_put(c, u.id, race_world.alice, MEMBER_OWNER, true));
    assert_ok(c, store_account_wants_subscribers(c, race_world.alice, true));
    assert_ok(c, db_commit(c));
    c->who = (struct who){ .account_id = race_world.alice, .user_id = race_world.user };
    *out = c;
}

struct str
race_name(struct ctx *c)
{
    return str_fmt(c->mem, "n%d", race_world.calls++);
}

static void
new_post(struct ctx *c)
{
    static struct str choices[] = { { "yes", 3 }, { "no", 2 } };
    struct post_poll poll = { .options = { choices, 2 }, .expires_in = 3600 };
    struct post_params p = {
        .status = S("words"), .visibility = VIS_PUBLIC, .sensitive = -1, .quote_choice = -1, .poll = &poll
    };
    struct status *s;

    assert_ok(c, fixture_post(c, &p, S(""), &s));
    own.post = s->id;
    own.poll = s->poll->id;
}

static void
new_post_with_reblog(struct ctx *c)
{
    new_post(c);
    assert_int_equal(race_once(reblog_by_bob, false), ERR_OK);
}

#define NO_RELATIONS SQL("DELETE FROM follow"), SQL("DELETE FROM follow_request"), SQL("DELETE FROM block")
#define EXCLUDED                                                                                                       \
    SQL("SELECT count(*) FROM block b JOIN (SELECT account_id, target_id FROM follow UNION ALL SELECT account_id, "    \
        "target_id FROM follow_request) f ON (f.account_id = b.account_id AND f.target_id = b.target_id) OR "          \
        "(f.account_id = b.target_id AND f.target_id = b.account_id)")
#define EITHER SQL("SELECT (SELECT count(*) FROM follow) + (SELECT count(*) FROM follow_request)")

static void
follow_first(struct ctx *c)
{
    assert_int_equal(race_once(follow, false), ERR_OK);
}

static void
lock_bob_and_ask(struct ctx *c)
{
    static const struct db_sql q = SQL("UPDATE account SET locked = TRUE WHERE username = 'bob'");

    race_write(c, &q);
    follow_first(c);
}

static void
ask_eve(struct ctx *c)
{
    assert_int_equal(race_once(follow_eve, false), ERR_OK);
}

UNIT_DB(relations_that_exclude_each_other_do_not_stand_side_by_side)
{
    static const struct race races[] = {
        { "a follow and a block", { NO_RELATIONS }, NULL, follow, blocked, 0, 2, EXCLUDED },
        { "a follow and a block from elsewhere", { NO_RELATIONS }, NULL, follow_eve, blocked_by_eve, 0, 2, EXCLUDED },
        { "a follow from elsewhere and a block", { NO_RELATIONS }, NULL, followed_by_eve, block_eve, 0, 2, EXCLUDED },
        { "an answer and its request taken back", { NO_RELATIONS }, ask_eve, accepted_by_eve, unfollow_eve, 0, 2,
            EITHER },
        { "a listed person who is left", { NO_RELATIONS }, follow_first, list_bob, unfollow, 0, 2,
            SQL("SELECT count(*) FROM list_member") },
        { "a recommended person who is left", { NO_RELATIONS }, follow_first, endorse_bob, unfollow, 0, 2,
            SQL("SELECT count(*) FROM endorsement") },
        { "a request accepted and taken back", { NO_RELATIONS }, lock_bob_and_ask, accepted, unfollow, 0, 2, EITHER },
        { "a request accepted twice", { NO_RELATIONS }, follow_first, accepted, accepted, 0, 1, SQL("SELECT 0") },
    };
    struct list *l;
    struct ctx *c;

    race_begin(db, &c);
    assert_ok(c, service_list_create(c, &(struct list_params){ .title = S("l"), .replies = -1, .exclusive = -1 }, &l));
    own.list = l->id;
    race_run(c, races, lengthof(races));
}

UNIT_DB(posts_and_what_hangs_on_them_end_together)
{
    static const struct race races[] = {
        { "a boost taken back while its post goes", { SQL("DELETE FROM block") }, new_post_with_reblog, unreblog_by_bob,
            delete_post, 0, 2,
            SQL("SELECT abs((SELECT count(*) FROM status r WHERE r.account_id = a.id) - s.statuses) FROM account a "
                "JOIN account_stat s ON s.account_id = a.id WHERE a.username = 'bob'") },
        { "two votes", { SQL("DELETE FROM status") }, new_post, vote, vote, 0, 1,
            SQL("SELECT count(*) - 1 FROM poll_vote") },
        { "a quote and a block", { SQL("DELETE FROM block") }, new_post, quote, block_bob, 0, 2,
            SQL("SELECT count(*) FROM quote WHERE state = 1") },
    };
    struct ctx *c;

    race_begin(db, &c);
    for (int i = 0; i < 3; i++) /* so that a counter that falls too far is seen */
        assert_int_equal(race_once(post_by_bob, false), ERR_OK);
    race_run(c, races, lengthof(races));
}

/* What a verb or a job has in its hands, when the post goes between its two looks. */
UNIT_DB(a_boost_that_went_with_its_post_is_not_found)
{
    struct ap_announce_out out;
    struct status *mine;
    struct ctx *c;

    race_begin(db, &c);
    new_post_with_reblog(c);
    assert_ok(c, store_status_reblog_by(c, race_world.bob, own.post, &mine));
    assert_int_equal(race_once(delete_post, false), ERR_OK);
    assert_ok(c, store_status_fill(c, &mine, 1, 0));
    assert_int_equal(service_document_announce(c, mine, &out), ERR_NOT_FOUND);
    ctx_ok(c);
    assert_ok(c, db_begin(c, DB_WRITE));
    assert_int_equal(db_end(c, service_status_remove(c, mine, true)), ERR_NOT_FOUND);
}

UNIT_DB(no_verb_writes_over_what_another_wrote)
{
    static const struct race races[] = {
        { "disabled while preferences change", { SQL("UPDATE users SET disabled = FALSE") }, NULL, prefer, disable, 0,
            2, SQL("SELECT count(*) FROM users WHERE disabled = FALSE") },
        { "disabled while approved", { SQL("UPDATE users SET disabled = FALSE, approved = FALSE") }, NULL, approve,
            disable, 0, 2, SQL("SELECT count(*) FROM users WHERE disabled = FALSE OR approved = FALSE") },
        { "suspended while the profile changes", { SQL("UPDATE account SET suspended_ms = NULL") }, NULL,
            new_display_name, suspend, 0, 2,
            SQL("SELECT count(*) FROM account WHERE username = 'alice' AND suspended_ms IS NULL") },
        { "two parts of a profile",
            { SQL("UPDATE account SET suspended_ms = NULL, locked = FALSE, display_name = ''") }, NULL,
            new_display_name, lock, 0, 2,
            SQL("SELECT count(*) FROM account WHERE username = 'alice' AND (locked = FALSE OR display_name = '')") },
    };
    struct ctx *c;

    race_begin(db, &c);
    race_run(c, races, lengthof(races));
}

/*
 * Two verbs at the same moment, on both engines: a limit is not passed, what is good for once is taken by one, states that exclude each
 * other do not stand side by side, and neither undoes what the other wrote.  A verb that looks before its transaction, or that on
 * PostgreSQL looks in one beside the other's, would do so within a few rounds.
 */
#include "base/arena.h"
#include "base/clock.h"
#include "base/conf.h"
#include "base/id.h"
#include "base/json.h"
#include "crypto/secretbox.h"
#include "crypto/token.h"
#include "crypto/totp.h"
#include "model/exchange.h"
#include "service/account.h"
#include "service/bookmark.h"
#include "service/collection.h"
#include "service/domain_block.h"
#include "service/draft.h"
#include "service/exchange.h"
#include "service/featured.h"
#include "service/filter.h"
#include "service/fixture_test.h"
#include "service/invite.h"
#include "service/list.h"
#include "service/move.h"
#include "service/poll.h"
#include "service/preferences.h"
#include "service/relation.h"
#include "service/status.h"
#include "service/subscription.h"
#include "service/tag.h"
#include "service/token.h"
#include "service/user.h"
#include "store/account.h"
#include "store/passkey.h"
#include "store/user.h"
#include "unit_db.h"

#include <pthread.h>

enum { ROUNDS = 30, SQL_MAX = 4 };
#define FAR "https://far.test/"

static struct {
    struct env env;
    pthread_barrier_t both;
    int64_t alice, bob, eve, user, post, poll, list, draft;
    int64_t draft_version;
    struct app app;
    struct str code, totp, backup, mail_token, spent;
    struct invite invite;
    _Atomic int calls;
} w;

/* ---- verbs ----------------------------------------------------------------------------------------------------- */

static void
by_bob(struct ctx *c)
{
    c->who.account_id = w.bob;
    c->who.user_id = 0;
}

static struct str
new_name(struct ctx *c)
{
    return str_fmt(c->mem, "n%d", w.calls++);
}

static enum err
follow(struct ctx *c)
{
    struct relation r;

    return service_relation_follow(c, w.bob, &(struct follow_params){ .reblogs = -1, .notify = -1 }, &r);
}

static enum err
unfollow(struct ctx *c)
{
    struct relation r;

    return service_relation_unfollow(c, w.bob, &r);
}

static enum err
blocked(struct ctx *c)
{
    struct relation r;

    by_bob(c);
    return service_relation_block(c, w.alice, true, &r);
}

static enum err
accepted(struct ctx *c)
{
    struct relation r;

    by_bob(c);
    return service_relation_answer(c, w.alice, true, &r);
}

static enum err
follow_eve(struct ctx *c)
{
    struct relation r;

    return service_relation_follow(c, w.eve, &(struct follow_params){ .reblogs = -1, .notify = -1 }, &r);
}

static enum err
block_eve(struct ctx *c)
{
    struct relation r;

    return service_relation_block(c, w.eve, true, &r);
}

static enum err
blocked_by_eve(struct ctx *c)
{
    struct account *eve, *alice;

    TRY(store_account_get(c, w.eve, &eve));
    TRY(store_account_get(c, w.alice, &alice));
    return service_relation_block_received(c, eve, alice, str_cat(c->mem, S(FAR), new_name(c), STR_NONE));
}

static enum err
followed_by_eve(struct ctx *c)
{
    struct account *eve, *alice;

    TRY(store_account_get(c, w.eve, &eve));
    TRY(store_account_get(c, w.alice, &alice));
    return service_relation_follow_received(c, eve, alice, str_cat(c->mem, S(FAR), new_name(c), STR_NONE));
}

static enum err
accepted_by_eve(struct ctx *c)
{
    struct account *eve, *alice;

    TRY(store_account_get(c, w.eve, &eve));
    TRY(store_account_get(c, w.alice, &alice));
    return service_relation_answer_received(c, eve, alice, true);
}

static enum err
unfollow_eve(struct ctx *c)
{
    struct relation r;

    return service_relation_unfollow(c, w.eve, &r);
}

static enum err
list_bob(struct ctx *c)
{
    return service_list_add(c, w.list, &(struct ids){ &w.bob, 1 });
}

static enum err
endorse_bob(struct ctx *c)
{
    struct relation r;

    return service_endorse(c, w.bob, true, &r);
}

static enum err
quote(struct ctx *c)
{
    struct post_params p = { .status = S("see"), .visibility = VIS_PUBLIC, .sensitive = -1, .quote_choice = -1 };
    struct status *s;

    p.quoted_status_id = w.post;
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

    return service_relation_block(c, w.bob, true, &r);
}

static enum err
reblog_by_bob(struct ctx *c)
{
    struct status *s;

    by_bob(c);
    return service_status_reblog(c, w.post, -1, &s);
}

static enum err
unreblog_by_bob(struct ctx *c)
{
    struct status *s;

    by_bob(c);
    return service_status_unreblog(c, w.post, &s);
}

static enum err
delete_post(struct ctx *c)
{
    struct status *s;

    return service_status_delete(c, w.post, true, &s);
}

static enum err
vote(struct ctx *c)
{
    static struct str first = { "0", 1 };
    struct status *s;

    by_bob(c);
    return service_poll_vote(c, w.poll, &(struct strs){ &first, 1 }, &s);
}

/* ---- what is written over --------------------------------------------------------------------------------------- */

static enum err
disable(struct ctx *c)
{
    return service_user_change(c, w.user, &(struct user_change){ .disable = 1 });
}

static enum err
approve(struct ctx *c)
{
    return service_user_approve(c, w.user, true);
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
    return service_account_suspend(c, w.alice, true);
}

static struct profile_params
no_change(void)
{
    return (struct profile_params){ .locked = -1,
        .bot = -1,
        .discoverable = -1,
        .indexable = -1,
        .hide_collections = -1,
        .show_media = -1,
        .show_media_replies = -1,
        .show_featured = -1,
        .privacy = -1,
        .sensitive = -1,
        .quote_policy = -1 };
}

static enum err
new_display_name(struct ctx *c)
{
    struct profile_params p = no_change();
    struct account *a;

    p.display_name = new_name(c);
    return service_account_update(c, &p, &a);
}

static enum err
lock(struct ctx *c)
{
    struct profile_params p = no_change();
    struct account *a;

    p.locked = 1;
    return service_account_update(c, &p, &a);
}

/* ---- what is good for once -------------------------------------------------------------------------------------- */

static enum err
exchange(struct ctx *c)
{
    struct token *t;
    struct str secret;

    return service_code_exchange(c, &w.app, w.code, S("https://app.test/"), STR_NONE, &t, &secret);
}

static enum err
use_code(struct ctx *c, struct str code)
{
    bool ok;

    TRY(service_user_use_code(c, w.user, code, &ok));
    return ok ? ERR_OK : ERR_INVALID;
}

static enum err
use_totp(struct ctx *c)
{
    return use_code(c, w.totp);
}

static enum err
use_backup(struct ctx *c)
{
    return use_code(c, w.backup);
}

static enum err
confirm_mail(struct ctx *c)
{
    struct user *u;

    return service_user_confirm(c, w.mail_token, 0, &u);
}

static enum err
use_invite(struct ctx *c)
{
    bool approved;
    enum err e;

    TRY(db_begin(c, DB_WRITE));
    e = service_invite_use(c, &w.invite, &approved);
    return db_end(c, e);
}

static enum err
spend_challenge(struct ctx *c)
{
    enum err e;

    TRY(db_begin(c, DB_WRITE));
    e = store_passkey_spend(c, w.spent, clock_ms() + MINUTE_MS);
    return db_end(c, e);
}

static enum err
publish_draft(struct ctx *c)
{
    struct posted out;

    return service_draft_publish(c, w.draft, 0, 0, &out);
}

static enum err
delete_draft(struct ctx *c)
{
    return service_draft_delete(c, w.draft);
}

static enum err
run_scheduled(struct ctx *c)
{
    enum err e = service_scheduled_run(c, w.draft, false);

    if (e != ERR_BUSY) /* its author was at it: the job comes again */
        return e;
    db_rollback(c);
    ctx_ok(c);
    return service_scheduled_run(c, w.draft, false);
}

static enum err
cancel_scheduled(struct ctx *c)
{
    return service_scheduled_delete(c, w.draft);
}

/* ---- what there may be so many of -------------------------------------------------------------------------------- */

static enum err
make_list(struct ctx *c)
{
    struct list *l;

    return service_list_create(c, &(struct list_params){ .title = new_name(c), .replies = -1, .exclusive = -1 }, &l);
}

static enum err
make_draft(struct ctx *c)
{
    struct post_params p = { .status = S("words"), .visibility = -1, .sensitive = -1, .quote_choice = -1 };
    struct draft_row *d;

    return service_draft_create(c, &(struct posts){ &p, 1 }, &d);
}

static enum err
make_folder(struct ctx *c)
{
    struct bookmark_folder *f;

    return service_bookmark_folder_create(c, new_name(c), &f);
}

static enum err
make_collection(struct ctx *c)
{
    struct collection *k;

    return service_collection_create(
        c, &(struct collection_params){ .name = new_name(c), .sensitive = -1, .discoverable = -1 }, &k);
}

static enum err
make_invite(struct ctx *c)
{
    struct invite *i;

    c->who.permissions = PERM_INVITE_USERS;
    return service_invite_make(c, &(struct invite_params){ .max_uses = 1 }, &i);
}

static enum err
make_import(struct ctx *c)
{
    struct import *i;

    return service_import_begin(c, KIND_DOMAIN_BLOCKS, false, S("far.test\n"), &i);
}

static enum err
feature_tag(struct ctx *c)
{
    struct tag_ref t;

    return service_featured_tag_set(c, new_name(c), true, &t);
}

static enum err
follow_tag(struct ctx *c)
{
    struct tag_ref t;

    return service_tag_follow(c, new_name(c), true, &t);
}

static enum err
block_domain(struct ctx *c)
{
    return service_domain_block_put(c, str_cat(c->mem, new_name(c), S(".test"), STR_NONE));
}

static enum err
subscribe(struct ctx *c)
{
    struct sign_up_problems why = { 0 };

    return service_subscription_ask(c, w.alice, str_cat(c->mem, new_name(c), S("@mail.test"), STR_NONE), &why);
}

static enum err
add_alias(struct ctx *c)
{
    struct alias a;

    return service_alias_add(c, str_fmt(c->mem, "other%d", w.calls++ % 2), &a);
}

/* ---- both at once ------------------------------------------------------------------------------------------------ */

struct race {
    const char *name;
    struct db_sql before[SQL_MAX]; /* of each round; $1 is never used */
    void (*begin)(struct ctx *c);  /* NULL: nothing more */
    enum err (*a)(struct ctx *c), (*b)(struct ctx *c);
    int fill;            /* so often a, before the first round */
    int most;            /* of both may succeed */
    struct db_sql wrong; /* rows that must not be there; NULL: none */
};

static int64_t
number(struct ctx *c, const struct db_sql *q)
{
    const struct db_row *r;

    assert_ok(c, db_one(c, q, DB_NO_ARGS, &r));
    return db_int(r, 0);
}

static void
write_sql(struct ctx *c, const struct db_sql *q)
{
    assert_ok(c, db_begin(c, DB_WRITE));
    assert_ok(c, db_exec(c, q, DB_NO_ARGS, NULL));
    assert_ok(c, db_commit(c));
}

static enum err
once(enum err (*act)(struct ctx *c), bool wait)
{
    struct arena *mem = arena_new_heap();
    struct ctx c;
    enum err e;

    ctx_begin(&c, mem, &w.env);
    c.who = (struct who){ .account_id = w.alice, .user_id = w.user };
    if (wait)
        pthread_barrier_wait(&w.both);
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

    s->err = once(s->act, true);
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

    for (size_t i = 0; i < SQL_MAX && r->before[i].sqlite != NULL; i++)
        write_sql(c, &r->before[i]);
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

static void
run_races(struct ctx *c, const struct race *v, size_t n)
{
    int n_bad = 0;

    pthread_barrier_init(&w.both, NULL, 2);
    for (size_t i = 0; i < n; i++) {
        bool ok = true;

        for (int k = 0; k < v[i].fill; k++)
            assert_int_equal(once(v[i].a, false), ERR_OK);
        for (int k = 0; k < ROUNDS && ok; k++)
            ok = run_round(c, &v[i], k);
        n_bad += !ok;
    }
    pthread_barrier_destroy(&w.both);
    assert_int_equal(n_bad, 0);
}

static void
begin(struct db *db, struct ctx **out)
{
    static struct secret_box *box;
    static struct config conf;
    struct ctx *c = fixture_ctx(db);
    struct account eve = { .id = id_new(),
        .username = S("eve"),
        .domain = S("far.test"),
        .uri = S(FAR "u/eve"),
        .actor_type = S("Person"),
        .inbox = S(FAR "u/eve/inbox"),
        .handle_ok = true,
        .created_ms = clock_ms() };
    struct user u = { .id = id_new(), .email = S("alice@mail.test"), .approved = true, .created_ms = clock_ms() };

    if (box == NULL)
        assert_int_equal(secret_box_from_key(S("0123456789abcdef0123456789abcdef"), &box), ERR_OK);
    conf = *c->env->conf;
    conf.smtp = S("mail.test"); /* nothing is sent: the queue does not run */
    w.env = *c->env;
    w.env.conf = &conf;
    w.env.box = box;
    c->env = &w.env;
    w.alice = fixture_person(c, "alice");
    w.bob = fixture_person(c, "bob");
    w.eve = eve.id;
    w.user = u.id;
    u.confirmed_ms = clock_ms();
    assert_ok(c, db_begin(c, DB_WRITE));
    assert_ok(c, store_account_insert(c, &eve));
    assert_ok(c, store_user_insert(c, &u));
    assert_ok(c, store_membership_put(c, u.id, w.alice, MEMBER_OWNER, true));
    assert_ok(c, store_account_wants_subscribers(c, w.alice, true));
    assert_ok(c, db_commit(c));
    c->who = (struct who){ .account_id = w.alice, .user_id = w.user };
    *out = c;
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
    w.post = s->id;
    w.poll = s->poll->id;
}

static void
new_post_with_reblog(struct ctx *c)
{
    new_post(c);
    assert_int_equal(once(reblog_by_bob, false), ERR_OK);
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
    assert_int_equal(once(follow, false), ERR_OK);
}

static void
lock_bob_and_ask(struct ctx *c)
{
    static const struct db_sql q = SQL("UPDATE account SET locked = TRUE WHERE username = 'bob'");

    write_sql(c, &q);
    follow_first(c);
}

static void
ask_eve(struct ctx *c)
{
    assert_int_equal(once(follow_eve, false), ERR_OK);
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

    begin(db, &c);
    assert_ok(c, service_list_create(c, &(struct list_params){ .title = S("l"), .replies = -1, .exclusive = -1 }, &l));
    w.list = l->id;
    run_races(c, races, lengthof(races));
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

    begin(db, &c);
    for (int i = 0; i < 3; i++) /* so that a counter that falls too far is seen */
        assert_int_equal(once(post_by_bob, false), ERR_OK);
    run_races(c, races, lengthof(races));
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

    begin(db, &c);
    run_races(c, races, lengthof(races));
}

/* ---- once -------------------------------------------------------------------------------------------------------- */

static void
new_code(struct ctx *c)
{
    const struct auth_code a = { .app_id = w.app.id,
        .user_id = w.user,
        .account_id = w.alice,
        .redirect_uri = S("https://app.test/"),
        .scopes = w.app.scopes,
        .scope_text = S("read"),
        .challenge = S("") };

    assert_ok(c, service_code_issue(c, &a, &w.code));
}

static void
new_factor(struct ctx *c)
{
    struct str secret = totp_secret_new(unit_mem());
    int64_t step = clock_ms() / 1000 / 30;
    struct strs codes;

    assert_ok(c, service_user_totp_enable(c, w.user, 0, 0, secret, totp_code(unit_mem(), secret, step), &codes));
    w.totp = totp_code(unit_mem(), secret, step + 1);
    w.backup = str_dup(unit_mem(), codes.v[0]);
}

static void
new_mail_token(struct ctx *c)
{
    w.mail_token = token_new(unit_mem());
    assert_ok(c, db_begin(c, DB_WRITE));
    assert_ok(c, store_mail_token_put(c, token_hash(unit_mem(), w.mail_token), w.user, MAIL_TOKEN_CONFIRM,
                     S("alice@mail.test"), clock_ms() + MINUTE_MS));
    assert_ok(c, db_commit(c));
}

static void
new_invite(struct ctx *c)
{
    struct invite *i;

    c->who.permissions = PERM_INVITE_USERS;
    assert_ok(c, service_invite_make(c, &(struct invite_params){ .max_uses = 1 }, &i));
    w.invite = *i;
}

static void
new_challenge(struct ctx *c)
{
    w.spent = str_dup(unit_mem(), token_new(c->mem));
}

static void
new_draft(struct ctx *c)
{
    struct post_params p = { .status = S("words"), .visibility = -1, .sensitive = -1, .quote_choice = -1 };
    struct draft_row *d;

    assert_ok(c, service_draft_create(c, &(struct posts){ &p, 1 }, &d));
    w.draft = d->id;
}

static void
new_scheduled(struct ctx *c)
{
    static const struct db_sql due = SQL("UPDATE draft SET scheduled_ms = 1");

    new_draft(c);
    write_sql(c, &due);
}

#define EMPTY                                                                                                          \
    {                                                                                                                  \
        SQL("DELETE FROM status"), SQL("DELETE FROM draft")                                                            \
    }
#define GONE_OR_OUT SQL("SELECT (SELECT count(*) FROM status) + (SELECT count(*) FROM draft) - 1")

UNIT_DB(what_is_good_for_once_is_taken_once)
{
    static const struct race races[] = {
        { "an authorization code", { SQL("DELETE FROM token") }, new_code, exchange, exchange, 0, 1,
            SQL("SELECT count(*) FROM token") }, /* a replay ends the token of the first too */
        { "a one-time code", { SQL("DELETE FROM backup_code") }, new_factor, use_totp, use_totp, 0, 1, { NULL, NULL } },
        { "a backup code", { SQL("DELETE FROM backup_code") }, new_factor, use_backup, use_backup, 0, 1,
            { NULL, NULL } },
        { "a link of a mail", { SQL("DELETE FROM mail_token") }, new_mail_token, confirm_mail, confirm_mail, 0, 1,
            { NULL, NULL } },
        { "an invite", { SQL("DELETE FROM invite") }, new_invite, use_invite, use_invite, 0, 1, { NULL, NULL } },
        { "the challenge of a passkey", { SQL("DELETE FROM passkey_spent") }, new_challenge, spend_challenge,
            spend_challenge, 0, 1, { NULL, NULL } },
        { "a draft published twice", EMPTY, new_draft, publish_draft, publish_draft, 0, 1, GONE_OR_OUT },
        { "a draft published and deleted", EMPTY, new_draft, publish_draft, delete_draft, 0, 1, { NULL, NULL } },
        { "a scheduled post due and cancelled", EMPTY, new_scheduled, run_scheduled, cancel_scheduled, 0, 2,
            { NULL, NULL } },
    };
    struct app_params p = { .client_name = S("app"), .scopes = S("read") };
    struct str uri = S("https://app.test/"), secret;
    static const struct db_sql everybody = SQL("UPDATE role SET permissions = permissions | 65536");
    struct app *app;
    struct ctx *c;

    begin(db, &c);
    write_sql(c, &everybody);
    p.redirect_uris = (struct strs){ &uri, 1 };
    assert_ok(c, service_app_register(c, &p, &app, &secret));
    w.app = *app;
    run_races(c, races, lengthof(races));
}

UNIT_DB(what_was_proven_with_one_password_does_not_outlive_it)
{
    static const struct db_sql set[] = { SQL("UPDATE users SET password = 'first hash'"),
        SQL("UPDATE users SET password = 'second hash'") };
    struct str ticket, first = S("first hash");
    struct user *u;
    struct ctx *c;

    begin(db, &c);
    write_sql(c, &set[0]);
    assert_ok(c, store_user_get(c, w.user, &u));
    assert_ok(c, service_user_ticket(c, u, &ticket));
    assert_ok(c, service_user_ticket_open(c, ticket, &u));
    write_sql(c, &set[1]);
    assert_err(service_user_ticket_open(c, ticket, &u), ERR_INVALID);
    ctx_ok(c);
    assert_ok(c, db_begin(c, DB_WRITE)); /* a log-in with the first password ends now, and has a better hash of it */
    assert_ok(c, store_user_rehash(c, w.user, first, S("better hash of the first")));
    assert_ok(c, db_commit(c));
    assert_ok(c, store_user_get(c, w.user, &u));
    assert_str(u->password, "second hash");
}

/* ---- so many ----------------------------------------------------------------------------------------------------- */

#define BEYOND(table, n)                                                                                               \
    {                                                                                                                  \
        SQL("DELETE FROM " table " WHERE id IN (SELECT id FROM " table " ORDER BY id LIMIT 100 OFFSET " n ")")         \
    }
#define FULL(table, n) SQL("SELECT count(*) - " n " FROM " table)
#define NUMBERS(n) "WITH RECURSIVE k (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM k WHERE i < " n ") "

UNIT_DB(two_at_once_pass_no_limit)
{
    static const struct db_sql fill[] = {
        SQL("INSERT INTO tag (id, name, display, created_ms) " NUMBERS("999") "SELECT i, 'f' || i, 'f' || i, 0 FROM k"),
        SQL("INSERT INTO tag_follow (id, account_id, tag_id, created_ms) " NUMBERS(
            "999") "SELECT i, (SELECT id FROM account WHERE username = 'alice'), i, 0 FROM k"),
        SQL("INSERT INTO user_domain_block (id, account_id, domain, created_ms) " NUMBERS(
            "4999") "SELECT i, (SELECT id FROM account WHERE username = 'alice'), 'd' || i || '.test', 0 FROM k"),
        SQL("INSERT INTO email_subscription (id, account_id, email, email_key, created_ms) " NUMBERS(
            "4999") "SELECT i, (SELECT id FROM account WHERE username = 'alice'), 'd' || i, 'd' || i, 0 FROM k"),
        SQL("INSERT INTO setting (name, value) VALUES ('email_subscriptions', '1')"),
        SQL("INSERT INTO invite (id, code, user_id, account_id, created_ms) " NUMBERS(
            "99") "SELECT i, 'c' || i, (SELECT id FROM users), (SELECT id FROM account WHERE username = 'alice'), 0 "
                  "FROM k"),
    };
    static const struct race races[] = {
        { "lists", BEYOND("list", "49"), NULL, make_list, make_list, LISTS_MAX - 1, 1, FULL("list", "50") },
        { "drafts", BEYOND("draft", "99"), NULL, make_draft, make_draft, DRAFTS_MAX - 1, 1, FULL("draft", "100") },
        { "folders", BEYOND("bookmark_folder", "99"), NULL, make_folder, make_folder, BOOKMARK_FOLDERS_MAX - 1, 1,
            FULL("bookmark_folder", "100") },
        { "collections", BEYOND("collection", "9"), NULL, make_collection, make_collection, COLLECTIONS_MAX - 1, 1,
            FULL("collection", "10") },
        { "featured hashtags", BEYOND("featured_tag", "9"), NULL, feature_tag, feature_tag, FEATURED_TAGS_MAX - 1, 1,
            FULL("featured_tag", "10") },
        { "imports", BEYOND("import", "2"), NULL, make_import, make_import, IMPORTS_RUNNING_MAX - 1, 1,
            FULL("import", "3") },
        { "invites", BEYOND("invite", "99"), NULL, make_invite, make_invite, 0, 1, FULL("invite", "100") },
        { "followed hashtags", BEYOND("tag_follow", "999"), NULL, follow_tag, follow_tag, 0, 1,
            FULL("tag_follow", "1000") },
        { "blocked domains", BEYOND("user_domain_block", "4999"), NULL, block_domain, block_domain, 0, 1,
            FULL("user_domain_block", "5000") },
        { "subscribers", BEYOND("email_subscription", "4999"), NULL, subscribe, subscribe, 0, 1,
            FULL("email_subscription", "5000") },
        { "aliases", { SQL("UPDATE account SET also_known_as = '[]'") }, NULL, add_alias, add_alias, 0, 2,
            SQL("SELECT count(*) FROM account WHERE username = 'alice' AND (also_known_as NOT LIKE '%other0%' OR "
                "also_known_as NOT LIKE '%other1%')") },
    };
    struct ctx *c;

    begin(db, &c);
    fixture_person(c, "other0");
    fixture_person(c, "other1");
    for (size_t i = 0; i < lengthof(fill); i++)
        write_sql(c, &fill[i]);
    run_races(c, races, lengthof(races));
}

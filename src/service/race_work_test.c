/*
 * As race_test.c: what jobs, operators and other servers do beside a verb.  A job may fail with what the queue tries again; what it must
 * not do is to end while somebody was not told.
 */
#include "service/race_test.h"

#include "ap/read_actor.h"
#include "service/announcement.h"
#include "service/domain_block.h"
#include "service/list.h"
#include "service/poll.h"
#include "service/prune.h"
#include "service/receive.h"
#include "service/status.h"
#include "service/timeline.h"
#include "service/trend.h"
#include "store/account.h"
#include "store/status.h"
#include "unit_db.h"

#define FAR "https://far.test/u/"

enum { READERS = 20, STRANGERS = 30, POSTS = 10, JOB_TRIES = 5 };

static struct {
    int64_t victim, posts[POSTS], post, poll, lists[2], announcement, far[STRANGERS];
} own;

/* ---- jobs ---------------------------------------------------------------------------------------------------------- */

/* As the queue would run it, without the pauses. */
static enum err
as_job(struct ctx *c, enum err (*fn)(struct ctx *c, int64_t id), int64_t id)
{
    enum err e = ERR_BUSY;

    for (int i = 0; i < JOB_TRIES && (err_fate(e) == FATE_RETRY || ctx_is_raced(c, e)); i++) {
        db_rollback(c);
        ctx_ok(c);
        e = fn(c, id);
    }
    return e;
}

static enum err
fan_out(struct ctx *c)
{
    return as_job(c, service_timeline_fan_out, own.post);
}

static enum err
close_poll(struct ctx *c)
{
    return as_job(c, service_poll_close, own.poll);
}

static enum err
erase_once(struct ctx *c, int64_t id)
{
    int64_t later_ms;

    return service_account_erase(c, id, &later_ms);
}

static enum err
erase(struct ctx *c)
{
    return as_job(c, erase_once, own.victim);
}

static enum err
posts_go(struct ctx *c)
{
    for (size_t i = 0; i < POSTS; i++) {
        struct status *s;
        enum err e = store_status_get(c, own.posts[i], &s);

        if (e == ERR_OK)
            e = store_status_fill(c, &s, 1, 0);
        if (e == ERR_OK)
            e = db_begin(c, DB_WRITE);
        if (e == ERR_OK)
            e = db_end(c, service_status_remove(c, s, false));
        if (e != ERR_NOT_FOUND)
            TRY(e);
        ctx_ok(c);
    }
    return ERR_OK;
}

static enum err
run(struct ctx *c, const struct db_sql *q)
{
    enum err e = db_begin(c, DB_WRITE);

    if (e == ERR_OK)
        e = db_exec(c, q, DB_NO_ARGS, NULL);
    return db_end(c, e);
}

static enum err
victim_goes(struct ctx *c)
{
    static const struct db_sql q = SQL("DELETE FROM account WHERE username = 'victim'");

    return run(c, &q);
}

static enum err
post_goes(struct ctx *c)
{
    static const struct db_sql q = SQL("DELETE FROM status");

    return run(c, &q);
}

static enum err
refresh_trends(struct ctx *c)
{
    return service_trend_refresh(c) == ERR_OK ? ERR_OK : ERR_INTERNAL;
}

/* ---- people and operators ------------------------------------------------------------------------------------------- */

static enum err
list_them(struct ctx *c)
{
    return service_list_add(c, own.lists[0], &(struct ids){ own.far, STRANGERS });
}

static enum err
list_them_backwards(struct ctx *c)
{
    struct ids v = { arena_vec(c->mem, int64_t, STRANGERS), STRANGERS };

    for (size_t i = 0; i < STRANGERS; i++)
        v.v[i] = own.far[STRANGERS - 1 - i];
    return service_list_add(c, own.lists[1], &v);
}

static enum err
sever(struct ctx *c)
{
    return service_domain_block_sever(c, race_world.alice, S("far.test"));
}

static enum err
announce(struct ctx *c, const char *text, int64_t published_ms)
{
    struct announcement_params p = { .text = str_z(text), .published_ms = published_ms };
    int64_t id;

    return service_announcement_put(c, own.announcement, &p, &id);
}

static enum err
edit_words(struct ctx *c)
{
    return announce(c, "other words", 0);
}

static enum err
edit_date(struct ctx *c)
{
    return announce(c, "later", 77);
}

static enum err
take_away(struct ctx *c)
{
    return service_announcement_remove(c, own.announcement);
}

static enum err
actor(struct ctx *c, const char *id, const char *username)
{
    struct ap_actor x = { .id = str_z(id), .type = AP_PERSON, .inbox = S(FAR "inbox"), .username = str_z(username) };
    struct account *a;

    return service_receive_actor(c, &x, str_z(username), S("far.test"), true, &a);
}

static enum err
eve_is_carol(struct ctx *c)
{
    return actor(c, FAR "eve", "carol");
}

static enum err
carol_is_eve(struct ctx *c)
{
    return actor(c, FAR "carol", "eve");
}

/* ---- before --------------------------------------------------------------------------------------------------------- */

#define ALICE "(SELECT id FROM account WHERE username = 'alice')"
#define FOLLOW(who)                                                                                                    \
    SQL("INSERT INTO follow (id, account_id, target_id, uri, reblogs, notify, languages, created_ms) " who)

/* Everybody here follows alice; the victim is neither the first nor the last of them. */
static void
new_readers(struct ctx *c)
{
    static const struct db_sql follow = FOLLOW("SELECT id, id, " ALICE ", 'f' || id, TRUE, TRUE, '', 0 FROM account "
                                               "WHERE domain = '' AND username <> 'alice'");
    struct post_params p = { .status = S("words"), .visibility = VIS_PUBLIC, .sensitive = -1, .quote_choice = -1 };
    struct status *s;

    fixture_person(c, "victim");
    fixture_person(c, "last");
    race_write(c, &follow);
    assert_ok(c, fixture_post(c, &p, S(""), &s));
    own.post = s->id;
}

static void
new_author(struct ctx *c)
{
    struct post_params p = { .status = S("words"), .visibility = VIS_PUBLIC, .sensitive = -1, .quote_choice = -1 };
    struct who who = c->who;
    struct status *s;

    own.victim = fixture_person(c, "victim");
    c->who = (struct who){ .account_id = own.victim };
    for (int i = 0; i < POSTS; i++) {
        assert_ok(c, fixture_post(c, &p, S(""), &s));
        own.posts[i] = s->id;
    }
    c->who = who;
}

/* Everybody has voted, and it is over. */
static void
new_poll(struct ctx *c)
{
    static const struct db_sql end = SQL("UPDATE poll SET expires_ms = 1"),
                               votes = SQL(
                                   "INSERT INTO poll_vote (id, poll_id, account_id, choice, created_ms) SELECT a.id, "
                                   "p.id, a.id, 0, 0 FROM account a, poll p WHERE a.domain = '' AND "
                                   "a.username <> 'alice'");
    static struct str choices[] = { { "yes", 3 }, { "no", 2 } };
    struct post_poll poll = { .options = { choices, 2 }, .expires_in = 3600 };
    struct post_params p = {
        .status = S("words"), .visibility = VIS_PUBLIC, .sensitive = -1, .quote_choice = -1, .poll = &poll
    };
    struct status *s;

    fixture_person(c, "victim");
    fixture_person(c, "last");
    assert_ok(c, fixture_post(c, &p, S(""), &s));
    own.poll = s->poll->id;
    race_write(c, &votes);
    race_write(c, &end);
}

static void
new_announcement(struct ctx *c)
{
    struct announcement_params p = { .text = S("words") };

    assert_ok(c, service_announcement_put(c, 0, &p, &own.announcement));
}

static void
new_lists(struct ctx *c)
{
    struct list *l;

    for (int i = 0; i < 2; i++) {
        assert_ok(
            c, service_list_create(c, &(struct list_params){ .title = S("l"), .replies = -1, .exclusive = -1 }, &l));
        own.lists[i] = l->id;
    }
}

#define NO_READERS                                                                                                     \
    SQL("DELETE FROM account WHERE username IN ('victim', 'last')"), SQL("DELETE FROM follow"),                        \
        SQL("DELETE FROM status")
#define NOT_TOLD(n)                                                                                                    \
    SQL("SELECT count(*) FROM account a WHERE a.domain = '' AND a.username NOT IN ('alice', 'victim') AND NOT EXISTS " \
        "(SELECT 1 FROM notification n WHERE n.account_id = a.id AND n.kind = " n ")")

UNIT_DB(a_job_ends_when_everybody_was_told_who_is_still_there)
{
    static const struct race races[] = {
        { "a reader goes while a post goes out", { NO_READERS }, new_readers, fan_out, victim_goes, 0, 2,
            NOT_TOLD("1") },
        { "a post goes while it goes out", { NO_READERS }, new_readers, fan_out, post_goes, 0, 2,
            SQL("SELECT count(*) FROM notification") },
        { "a voter goes while a poll ends", { NO_READERS }, new_poll, close_poll, victim_goes, 0, 2,
            SQL("SELECT count(*) FROM poll WHERE closed_told = FALSE") },
        { "posts go while their author ends",
            { SQL("DELETE FROM account WHERE username = 'victim'"), SQL("DELETE FROM tombstone") }, new_author, erase,
            posts_go, 0, 2,
            SQL("SELECT count(*) FROM account a WHERE a.username = 'victim' AND NOT EXISTS (SELECT 1 FROM tombstone t "
                "WHERE t.uri = a.uri)") },
    };
    struct ctx *c;

    race_begin(db, &c);
    for (int i = 0; i < READERS; i++)
        fixture_person(c, str_cz(unit_mem(), race_name(c)));
    race_run(c, races, lengthof(races));
}

UNIT_DB(what_is_written_anew_is_written_by_one_after_the_other)
{
    static const struct db_sql used = SQL("INSERT INTO tag (id, name, display, created_ms) VALUES (1, 'a', 'a', 0)");
    static const struct race races[] = {
        { "trends twice",
            { SQL("DELETE FROM trend_tag"),
                SQL("INSERT INTO trend_tag (tag_id, score, peak, peak_ms) VALUES (1, 1000, 1000, 9000000000000000)") },
            NULL, refresh_trends, refresh_trends, 0, 2, SQL("SELECT count(*) - 1 FROM trend_tag") },
        { "an announcement edited and taken away", { SQL("DELETE FROM announcement") }, new_announcement, edit_words,
            take_away, 0, 2, SQL("SELECT count(*) FROM announcement") },
        { "two parts of an announcement", { SQL("DELETE FROM announcement") }, new_announcement, edit_words, edit_date,
            0, 2, SQL("SELECT count(*) FROM announcement WHERE published_ms <> 77") },
    };
    struct ctx *c;

    race_begin(db, &c);
    race_write(c, &used);
    race_run(c, races, lengthof(races));
}

#define FOLLOWED                                                                                                       \
    SQL("DELETE FROM list"), SQL("DELETE FROM follow"),                                                                \
        FOLLOW("SELECT id, " ALICE ", id, 'f' || id, TRUE, FALSE, '', 0 FROM account WHERE domain = 'far.test'")

UNIT_DB(who_takes_several_does_not_wait_in_a_circle)
{
    static const struct db_sql block =
        SQL("INSERT INTO user_domain_block (id, account_id, domain, created_ms) SELECT 1, "
            "id, 'far.test', 0 FROM account WHERE username = 'alice'");
    static const struct race races[] = {
        { "two lists of the same people", { FOLLOWED }, new_lists, list_them, list_them_backwards, 0, 2,
            { NULL, NULL } },
        { "a list beside the end of all follows of a domain", { FOLLOWED }, new_lists, list_them, sever, 0, 2,
            SQL("SELECT count(*) FROM list_member") },
        { "two change their handles",
            { SQL("UPDATE account SET username = 'x' || id WHERE domain = 'far.test'"),
                SQL("UPDATE account SET username = 'eve' WHERE uri LIKE '%/eve'"),
                SQL("UPDATE account SET username = 'carol' WHERE uri LIKE '%/carol'") },
            NULL, eve_is_carol, carol_is_eve, 0, 2,
            SQL("SELECT count(*) - 2 FROM account WHERE username IN ('eve', 'carol')") },
    };
    struct ctx *c;

    race_begin(db, &c);
    own.far[0] = race_world.eve;
    own.far[1] = fixture_stranger(c, "carol");
    for (size_t i = 2; i < STRANGERS; i++)
        own.far[i] = fixture_stranger(c, str_cz(unit_mem(), race_name(c)));
    race_write(c, &block);
    race_run(c, races, lengthof(races));
}

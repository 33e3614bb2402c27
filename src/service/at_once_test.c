/*
 * What somebody does elsewhere and what takes it back, in two workers at the same moment: whichever is first, nothing is left.  Each
 * looks for the other before it writes, so that a look outside the transaction, or a transaction beside the other one, would leave it.
 * In the same way a post and its reply, of two servers, find each other.
 */
#include "service/receive.h"

#include "ap/read.h"
#include "ap/read_note.h"
#include "base/arena.h"
#include "base/clock.h"
#include "base/id.h"
#include "service/fixture_test.h"
#include "service/reaction.h"
#include "service/relation.h"
#include "store/account.h"
#include "store/status.h"
#include "unit_db.h"

#include <pthread.h>

enum { ROUNDS = 40 };
#define FAR "https://far.test/"

static struct {
    const struct env *env;
    pthread_barrier_t both;
    int64_t alice, eve, bob, post;
    struct str post_uri;
} w;

struct side {
    enum err (*act)(struct ctx *c, struct account *alice, struct account *eve, struct str id);
    enum err err;
};

static struct ap_activity
like_of(struct str id, const char *emoji)
{
    return (struct ap_activity){ .id = id, .object = w.post_uri, .reaction = str_z(emoji) };
}

static enum err
follow(struct ctx *c, struct account *alice, struct account *eve, struct str id)
{
    return service_relation_follow_received(c, eve, alice, id);
}

static enum err
unfollow(struct ctx *c, struct account *alice, struct account *eve, struct str id)
{
    return service_receive_unfollow(c, eve, alice, id);
}

static enum err
block(struct ctx *c, struct account *alice, struct account *eve, struct str id)
{
    return service_relation_block_received(c, eve, alice, id);
}

static enum err
unblock(struct ctx *c, struct account *alice, struct account *eve, struct str id)
{
    return service_receive_unblock(c, eve, alice, id);
}

static enum err
like(struct ctx *c, struct account *alice, struct account *eve, struct str id)
{
    return service_receive_like(c, eve, w.post_uri, id);
}

static enum err
unlike(struct ctx *c, struct account *alice, struct account *eve, struct str id)
{
    struct ap_activity a = like_of(id, "");

    return service_receive_unlike(c, eve, &a);
}

static enum err
react(struct ctx *c, struct account *alice, struct account *eve, struct str id)
{
    struct ap_activity a = like_of(id, "\xF0\x9F\x91\x8D");

    return service_reaction_received(c, eve, &a);
}

static enum err
unreact(struct ctx *c, struct account *alice, struct account *eve, struct str id)
{
    struct ap_activity a = like_of(id, "\xF0\x9F\x91\x8D");

    return service_receive_unlike(c, eve, &a);
}

static enum err
boost(struct ctx *c, struct account *alice, struct account *eve, struct str id)
{
    struct status *s;

    TRY(store_status_get(c, w.post, &s));
    TRY(store_status_fill(c, &s, 1, 0));
    return service_receive_announce(c, eve, s, &(struct boost){ .uri = id, .visibility = VIS_PUBLIC });
}

static enum err
unboost(struct ctx *c, struct account *alice, struct account *eve, struct str id)
{
    return service_receive_unannounce(c, eve, id, w.post_uri);
}

static enum err
undo(struct ctx *c, struct account *alice, struct account *eve, struct str id)
{
    return service_receive_undo(c, eve, id);
}

static enum err
take_note(struct ctx *c, struct account *author, struct str id, struct str parent)
{
    struct status *s;
    struct ap_note x = { .id = id,
        .type = AP_NOTE,
        .attributed_to = author->uri,
        .content = { .text = S("<p>words</p>") },
        .in_reply_to = parent,
        .published_ms = clock_ms(),
        .visibility = VIS_PUBLIC,
        .n_likes = -1,
        .n_shares = -1,
        .n_replies = -1 };

    return service_receive_note(c, NULL, &x, author, &s);
}

static enum err
note(struct ctx *c, struct account *alice, struct account *eve, struct str id)
{
    return take_note(c, eve, id, S(""));
}

static enum err
reply(struct ctx *c, struct account *alice, struct account *eve, struct str id)
{
    struct account *bob;

    TRY(store_account_get(c, w.bob, &bob));
    return take_note(c, bob, str_cat(c->mem, id, S("/reply"), STR_NONE), id);
}

static struct str
id_of_round(struct arena *mem, int round)
{
    return str_fmt(mem, FAR "a/%d", round);
}

static void *
live(void *arg)
{
    struct side *side = arg;

    for (int i = 0; i < ROUNDS; i++) {
        struct arena *mem = arena_new_heap();
        struct account *alice, *eve;
        struct ctx c;
        enum err e;

        ctx_begin(&c, mem, w.env);
        e = store_account_get(&c, w.alice, &alice);
        if (e == ERR_OK)
            e = store_account_get(&c, w.eve, &eve);
        pthread_barrier_wait(&w.both);
        if (e == ERR_OK)
            e = side->act(&c, alice, eve, id_of_round(mem, i));
        if (side->err == ERR_OK)
            side->err = e;
        ctx_end(&c);
        arena_free(mem);
    }
    return NULL;
}

static int64_t
left(struct ctx *c)
{
    static const struct db_sql all =
        SQL("SELECT (SELECT count(*) FROM follow) + (SELECT count(*) FROM block) + (SELECT count(*) FROM favourite) + "
            "(SELECT count(*) FROM status_reaction) + (SELECT count(*) FROM status WHERE reblog_of_id IS NOT NULL)");
    const struct db_row *r;

    assert_ok(c, db_one(c, &all, DB_NO_ARGS, &r));
    return db_int(r, 0);
}

static void
begin(struct ctx *c)
{
    struct post_params p = { .status = S("words"), .visibility = VIS_PUBLIC, .sensitive = -1, .quote_choice = -1 };
    struct status *s;

    w.env = c->env;
    w.alice = fixture_person(c, "alice");
    w.eve = fixture_stranger(c, "eve");
    w.bob = fixture_stranger(c, "bob");
    c->who = (struct who){ .account_id = w.alice };
    assert_ok(c, fixture_post(c, &p, S(""), &s));
    w.post = s->id;
    w.post_uri = s->uri;
}

static void
live_both(struct side *one, struct side *other)
{
    pthread_t thread;

    assert_int_equal(pthread_create(&thread, NULL, live, other), 0);
    live(one);
    pthread_join(thread, NULL);
    assert_int_equal(one->err, ERR_OK);
    assert_int_equal(other->err, ERR_OK);
}

UNIT_DB(what_is_taken_back_at_once_is_gone)
{
    struct side pairs[][2] = {
        { { follow }, { unfollow } },
        { { follow }, { undo } },
        { { block }, { unblock } },
        { { like }, { unlike } },
        { { like }, { undo } },
        { { react }, { unreact } },
        { { boost }, { unboost } },
        { { boost }, { undo } },
    };
    struct ctx *c = fixture_ctx(db);

    begin(c);
    pthread_barrier_init(&w.both, NULL, 2);
    for (size_t i = 0; i < lengthof(pairs); i++) {
        live_both(&pairs[i][0], &pairs[i][1]);
        if (left(c) != 0)
            fail_msg("%lld rows are left of pair %zu", (long long)left(c), i);
        assert_ok(c, db_begin(c, DB_WRITE));
        assert_ok(c, db_exec(c, &(struct db_sql)SQL("DELETE FROM tombstone"), DB_NO_ARGS, NULL));
        assert_ok(c, db_commit(c));
    }
    pthread_barrier_destroy(&w.both);
}

UNIT_DB(a_post_and_its_reply_that_come_at_once_are_tied)
{
    static const struct db_sql tied =
        SQL("SELECT count(*) FROM status r JOIN status p ON p.id = r.in_reply_to_id WHERE r.account_id = $1");
    struct side pair[] = { { note }, { reply } };
    struct ctx *c = fixture_ctx(db);
    const struct db_row *r;

    begin(c);
    pthread_barrier_init(&w.both, NULL, 2);
    live_both(&pair[0], &pair[1]);
    assert_ok(c, db_one(c, &tied, DB_ARGS(D_INT(w.bob)), &r));
    assert_int_equal(db_int(r, 0), ROUNDS);
    pthread_barrier_destroy(&w.both);
}

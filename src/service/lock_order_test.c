/*
 * Different verbs on the same few posts and people at once, on PostgreSQL: two that lock the same rows in a different order would end
 * in a deadlock, and one of them as a 503.  SQLite has one writer and no such end.  Afterwards every counter is the number of its rows,
 * and nothing stands beside what excludes it.
 */
#include "base/arena.h"
#include "service/draft.h"
#include "service/fixture_test.h"
#include "service/poll.h"
#include "service/reaction.h"
#include "service/relation.h"
#include "service/search_index.h"
#include "service/status.h"
#include "service/timeline.h"
#include "store/account.h"
#include "unit_db.h"

#include <pthread.h>
#include <stdio.h>

enum { THREADS = 8, PEOPLE = 3, POSTS = 4, ROUNDS = 60 };

static struct {
    const struct env *env;
    pthread_mutex_t lock;
    int64_t people[PEOPLE], posts[POSTS];
    int n_deadlocks;
    char first[400];
} w;

struct actor {
    struct ctx *c;
    uint64_t seed;
};

static int
any(struct actor *a, int below)
{
    a->seed ^= a->seed << 13;
    a->seed ^= a->seed >> 7;
    a->seed ^= a->seed << 17;
    return (int)(a->seed % (uint64_t)below);
}

static int64_t
any_post(struct actor *a, int *place)
{
    int64_t id;

    *place = any(a, POSTS);
    pthread_mutex_lock(&w.lock);
    id = w.posts[*place];
    pthread_mutex_unlock(&w.lock);
    return id;
}

static int64_t
somebody_else(struct actor *a)
{
    int64_t id = w.people[any(a, PEOPLE)];

    return id != a->c->who.account_id ? id : w.people[0] != id ? w.people[0] : w.people[1];
}

static struct post_params
text(const char *s)
{
    return (struct post_params){ .status = str_z(s), .visibility = VIS_PUBLIC, .sensitive = -1, .quote_choice = -1 };
}

/* A post in place of one, that all go on with. */
static enum err
put_post(struct actor *a, int place, bool with_poll)
{
    static struct str choices[] = { { "yes", 3 }, { "no", 2 } };
    struct post_poll poll = { .options = { choices, 2 }, .expires_in = 3600 };
    struct post_params p = text("words #tag");
    struct status *out;

    if (with_poll)
        p.poll = &poll;
    if (any(a, 2) == 0)
        p.in_reply_to_id = any_post(a, &(int){ 0 });
    TRY(fixture_post(a->c, &p, S(""), &out));
    pthread_mutex_lock(&w.lock);
    w.posts[place] = out->id;
    pthread_mutex_unlock(&w.lock);
    return ERR_OK;
}

static enum err
vote(struct actor *a, int64_t id)
{
    static struct str first = { "0", 1 };
    struct status *s;

    TRY(service_status_get(a->c, id, &s));
    return s->poll == NULL ? ERR_OK : service_poll_vote(a->c, s->poll->id, &(struct strs){ &first, 1 }, &s);
}

static enum err
act(struct actor *a)
{
    struct ctx *c = a->c;
    struct post_params p = text("other words #tag #tug");
    struct status *out;
    struct relation r;
    int place;
    int64_t id = any_post(a, &place);
    bool on = any(a, 3) > 0;

    switch (any(a, 24)) {
    case 0:
        return put_post(a, place, false);
    case 1:
        return put_post(a, place, true);
    case 2:
        return service_status_edit(c, id, &p, &out);
    case 3:
        TRY(service_status_delete(c, id, true, &out));
        return put_post(a, place, on);
    case 4:
        return service_status_favourite(c, id, on, &out);
    case 5:
        return service_status_bookmark(c, id, on, &out);
    case 6:
        return service_status_pin(c, id, on, &out);
    case 7:
        return service_status_mute(c, id, on, &out);
    case 8:
        return service_status_reblog(c, id, -1, &out);
    case 9:
        return service_status_unreblog(c, id, &out);
    case 10:
        return service_reaction_set(c, id, S("\xF0\x9F\x91\x8D"), on, &out);
    case 11:
        return vote(a, id);
    case 12:
        p.quoted_status_id = id;
        TRY(fixture_post(c, &p, S(""), &out));
        return service_timeline_fan_out(c, out->id);
    case 13:
        return service_relation_follow(c, somebody_else(a), &(struct follow_params){ .reblogs = -1, .notify = -1 }, &r);
    case 14:
        return service_relation_unfollow(c, somebody_else(a), &r);
    case 15:
        return service_relation_block(c, somebody_else(a), any(a, 4) == 0, &r);
    case 16:
        return service_timeline_fan_out(c, id);
    case 17:
    case 18:
    case 19:
    case 20: /* all three have the conversation; who writes is the first of the post's people */
        p = text("@alice @bob @carol among us");
        p.visibility = VIS_DIRECT;
        p.in_reply_to_id = id;
        TRY(fixture_post(c, &p, S(""), &out));
        TRY(service_timeline_fan_out(c, out->id));
        return on ? ERR_OK : service_status_delete(c, out->id, true, &out);
    case 21:
        return service_relation_answer(c, somebody_else(a), on, &r);
    case 22:
        return service_relation_mute(c, somebody_else(a), on, 0, &r);
    default:
        return service_index_pending(c);
    }
}

static void *
live(void *arg)
{
    struct actor a = { .seed = (uint64_t)(uintptr_t)arg };

    for (int i = 0; i < ROUNDS; i++) {
        struct arena *mem = arena_new_heap();
        struct ctx c;

        ctx_begin(&c, mem, w.env);
        a.c = &c;
        c.who = (struct who){ .account_id = w.people[any(&a, PEOPLE)] };
        /* What is not found, not allowed or there already is no matter here. */
        if (act(&a) == ERR_BUSY) {
            pthread_mutex_lock(&w.lock);
            if (w.n_deadlocks++ == 0)
                snprintf(w.first, sizeof(w.first), "%.*s", STR_ARG(c.fail.detail));
            pthread_mutex_unlock(&w.lock);
        }
        ctx_end(&c);
        arena_free(mem);
    }
    return NULL;
}

#define COUNTER(table, column, rows)                                                                                   \
    {                                                                                                                  \
#column, SQL("SELECT count(*) FROM " #table " s WHERE s." #column " <> (SELECT count(*) FROM " rows ")")       \
    }

static const struct {
    const char *what;
    struct db_sql wrong; /* how many */
} ends[] = {
    COUNTER(account_stat, statuses, "status p WHERE p.account_id = s.account_id AND p.visibility <= 2"),
    COUNTER(account_stat, followers, "follow f WHERE f.target_id = s.account_id"),
    COUNTER(account_stat, following, "follow f WHERE f.account_id = s.account_id"),
    COUNTER(status_stat, replies, "status p WHERE p.in_reply_to_id = s.status_id AND p.visibility <= 1"),
    COUNTER(status_stat, reblogs, "status p WHERE p.reblog_of_id = s.status_id"),
    COUNTER(status_stat, favourites, "favourite f WHERE f.status_id = s.status_id"),
    COUNTER(status_stat, reactions, "status_reaction f WHERE f.status_id = s.status_id"),
    COUNTER(status_stat, quotes, "quote q WHERE q.quoted_id = s.status_id AND q.state = 1"),
    { "votes",
        SQL("SELECT count(*) FROM poll p WHERE p.voters >= 0 AND p.voters <> (SELECT count(DISTINCT v.account_id) "
            "FROM poll_vote v WHERE v.poll_id = p.id)") },
    { "a follow beside a block",
        SQL("SELECT count(*) FROM block b JOIN (SELECT account_id, target_id FROM follow UNION ALL SELECT account_id, "
            "target_id FROM follow_request) f ON (f.account_id = b.account_id AND f.target_id = b.target_id) OR "
            "(f.account_id = b.target_id AND f.target_id = b.account_id)") },
    { "a follow beside its request",
        SQL("SELECT count(*) FROM follow f JOIN follow_request q ON q.account_id = f.account_id AND q.target_id = "
            "f.target_id") },
    { "a quote beside a block",
        SQL("SELECT count(*) FROM quote q JOIN block b ON b.account_id = q.quoted_account_id AND b.target_id = "
            "q.account_id WHERE q.state = 1 AND q.created_ms > b.created_ms") },
};

static void
check_end(struct ctx *c)
{
    int n_bad = 0;

    for (size_t i = 0; i < lengthof(ends); i++) {
        const struct db_row *r;

        assert_ok(c, db_one(c, &ends[i].wrong, DB_NO_ARGS, &r));
        if (db_int(r, 0) != 0)
            print_error("%s: %lld rows are wrong\n", ends[i].what, (long long)db_int(r, 0));
        n_bad += db_int(r, 0) != 0;
    }
    assert_int_equal(n_bad, 0);
}

UNIT(verbs_lock_in_one_order)
{
    struct db *db = unit_db_open(UNIT_POSTGRES, THREADS + 2);
    struct ctx *c = fixture_ctx(db);
    struct actor me = { .c = c, .seed = 1 };
    pthread_t threads[THREADS];
    struct account *carol;

    w.env = c->env;
    pthread_mutex_init(&w.lock, NULL);
    w.people[0] = fixture_person(c, "alice");
    w.people[1] = fixture_person(c, "bob");
    w.people[2] = fixture_person(c, "carol");
    c->who = (struct who){ .account_id = w.people[0] };
    assert_ok(c, db_begin(c, DB_WRITE)); /* who follows carol asks first */
    assert_ok(c, store_account_hold(c, w.people[2], &carol));
    carol->locked = true;
    assert_ok(c, store_account_update(c, carol));
    assert_ok(c, db_commit(c));
    for (int i = 0; i < POSTS; i++)
        assert_ok(c, put_post(&me, i, i % 2 == 0));
    for (int i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, live, (void *)(uintptr_t)(i * 7919 + 12345)), 0);
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    pthread_mutex_destroy(&w.lock);
    if (w.n_deadlocks > 0)
        fail_msg("%d verbs were in the way of another; first: %s", w.n_deadlocks, w.first);
    check_end(c);
}

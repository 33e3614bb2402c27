/*
 * Random histories of two people, delivered in any order and more than once: the end is the same as in order.  And whoever repeats them
 * in his own name, or undoes them, changes nothing of theirs.  Each effect is done once and undone at most once: what was toggled
 * several times cannot be told apart by anybody who hears it in another order.
 */
#include "inbox/world_test.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/date.h"
#include "base/log.h"
#include "unit_db.h"

enum { PEOPLE = 2, POSTS = 2, ACTS_MAX = 64, HISTORIES = 25 };
#define FAR "https://far.test/"
#define STRANGER "https://evil.test/u/mal"
#define NEIGHBOUR "https://far.test/u/oscar"

static const char *const names[PEOPLE] = { "eve", "nina" };
static const char *const visibilities[] = { "\"as:Public\"", "\"" WORLD_OUR "\"" };

struct act {
    int by;
    struct str id;   /* last part */
    struct str what; /* members beside actor and id */
};

struct history {
    struct act acts[ACTS_MAX];
    size_t n;
    int version[PEOPLE][POSTS]; /* of the text, -1: gone */
    struct str page[PEOPLE][POSTS];
    bool liked[PEOPLE], boosted[PEOPLE], follows[PEOPLE];
};

static uint64_t seed;

static int
any(int below)
{
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return (int)(seed % (uint64_t)below);
}

/* ---- histories ------------------------------------------------------------------------------------------------------- */

static void
put(struct history *h, int by, struct str id, struct str what)
{
    assert_true(h->n < ACTS_MAX);
    h->acts[h->n++] = (struct act){ by, id, what };
}

static struct str
note(int by, int post, int version, const char *to)
{
    int64_t at = clock_ms() - 3 * DAY_MS; /* deliveries were retried for days */
    struct str updated = version == 0 ? STR_NONE
                                      : str_fmt(unit_mem(), ",\"updated\":\"%.*s\"",
                                            STR_ARG(date_iso(unit_mem(), at + version * MINUTE_MS)));

    return str_fmt(unit_mem(),
        "{\"type\":\"Note\",\"id\":\"" FAR "p/%s%d\",\"attributedTo\":\"" FAR
        "u/%s\",\"content\":\"x\",\"summary\":\"v%d\",\"to\":[%s],"
        "\"inReplyTo\":\"" WORLD_PUBLIC "\",\"published\":\"%.*s\"%.*s}",
        names[by], post, names[by], version, to, STR_ARG(date_iso(unit_mem(), at)), STR_ARG(updated));
}

static void
add_post(struct history *h, int by, int post)
{
    const char *to = visibilities[any(lengthof(visibilities))];
    int edits = any(3);

    put(h, by, str_fmt(unit_mem(), "create-%s%d", names[by], post),
        str_fmt(unit_mem(), "\"type\":\"Create\",\"object\":%.*s", STR_ARG(note(by, post, 0, to))));
    for (int v = 1; v <= edits; v++)
        put(h, by, str_fmt(unit_mem(), "edit-%s%d-%d", names[by], post, v),
            str_fmt(unit_mem(), "\"type\":\"Update\",\"object\":%.*s", STR_ARG(note(by, post, v, to))));
    h->version[by][post] = edits;
    h->page[by][post] = str_fmt(unit_mem(), "{\"@context\":\"https://www.w3.org/ns/activitystreams\",%.*s",
        STR_ARG(str_sub(note(by, post, edits, to), 1, 100000)));
    if (any(3) == 0) {
        put(h, by, str_fmt(unit_mem(), "delete-%s%d", names[by], post),
            str_fmt(unit_mem(), "\"type\":\"Delete\",\"object\":\"" FAR "p/%s%d\"", names[by], post));
        h->version[by][post] = -1;
    }
}

/* Something that is there or not; true: it is. */
static bool
add_effect(struct history *h, int by, const char *type, const char *object, const char *to)
{
    int done = any(3); /* never, once, and undone */

    if (done == 0)
        return false;
    put(h, by, str_z(type), str_fmt(unit_mem(), "\"type\":\"%s\",\"object\":\"%s\",\"to\":\"%s\"", type, object, to));
    if (done == 1)
        return true;
    put(h, by, str_fmt(unit_mem(), "undo-%s", type),
        str_fmt(unit_mem(),
            "\"type\":\"Undo\",\"object\":{\"type\":\"%s\",\"id\":\"" FAR "a/%s/%s\",\"actor\":\"" FAR
            "u/%s\",\"object\":\"%s\"}",
            type, names[by], type, names[by], object));
    return false;
}

static struct history
make(void)
{
    struct history h = { 0 };

    for (int by = 0; by < PEOPLE; by++) {
        for (int post = 0; post < POSTS; post++)
            add_post(&h, by, post);
        h.liked[by] = add_effect(&h, by, "Like", WORLD_PUBLIC, WORLD_OUR);
        h.boosted[by] = add_effect(&h, by, "Announce", WORLD_PUBLIC, WORLD_PUBLIC_ID);
        h.follows[by] = add_effect(&h, by, "Follow", WORLD_OUR, WORLD_OUR);
    }
    return h;
}

/* ---- the world ------------------------------------------------------------------------------------------------------- */

static void
begin(void)
{
    static const char *const people[][2] = { { FAR "u/eve", "eve" }, { FAR "u/nina", "nina" }, { NEIGHBOUR, "oscar" },
        { STRANGER, "mal" } };

    for (size_t i = 0; i < lengthof(people); i++) {
        web_put(str_z(people[i][0]), web_person(people[i][0], people[i][1]));
        world_knows(str_z(people[i][0]));
    }
    world_run("UPDATE status_stat SET favourites = 0, reblogs = 0, replies = 0 WHERE status_id = 7");
}

/* Their server tells those who ask how it is in the end. */
static void
publish(const struct history *h)
{
    for (int by = 0; by < PEOPLE; by++)
        for (int post = 0; post < POSTS; post++)
            if (h->version[by][post] >= 0)
                web_put(str_fmt(unit_mem(), FAR "p/%s%d", names[by], post), h->page[by][post]);
}

/* By `who` in place of its author, with ids under `origin`, when these are given. */
static void
deliver(const struct act *a, const char *who, const char *origin)
{
    struct str actor = who != NULL ? str_z(who) : str_fmt(unit_mem(), FAR "u/%s", names[a->by]);

    (void)world_deliver(actor, 0,
        str_fmt(unit_mem(),
            "{\"@context\":\"https://www.w3.org/ns/activitystreams\",\"actor\":\"%.*s\",\"id\":\"%sa/%s/%.*s\",%.*s}",
            STR_ARG(actor), origin != NULL ? origin : FAR, names[a->by], STR_ARG(a->id), STR_ARG(a->what)));
}

#define POST_OF(x) "SELECT spoiler_text FROM status WHERE uri = '" FAR "p/" x "'"
#define OF(x, from)                                                                                                    \
    "SELECT count(*) FROM " from " AND account_id IN (SELECT id FROM account WHERE uri = '" FAR "u/" x "')"
#define EACH(of, from)                                                                                                 \
    {                                                                                                                  \
        of("eve", from), of("nina", from)                                                                              \
    }

static const char *const posts_sql[PEOPLE][POSTS] = { { POST_OF("eve0"), POST_OF("eve1") },
    { POST_OF("nina0"), POST_OF("nina1") } };
static const char *const likes_sql[PEOPLE] = EACH(OF, "favourite WHERE status_id = 7");
static const char *const boosts_sql[PEOPLE] = EACH(OF, "status WHERE reblog_of_id = 7");
static const char *const follows_sql[PEOPLE] = EACH(OF, "follow WHERE target_id = 1");

static int
differs(const char *what, int by, int64_t is, int64_t should)
{
    if (is != should)
        print_error("%s %s: %d, not %d\n", names[by], what, (int)is, (int)should);
    return is != should;
}

/* How many things are not as they should be. */
static int
differences(const struct history *h)
{
    int wrong = 0;

    for (int by = 0; by < PEOPLE; by++) {
        for (int post = 0; post < POSTS; post++) {
            struct str shown = world_text(posts_sql[by][post]);
            int version = h->version[by][post];
            struct str want = version < 0 ? STR_NONE : str_fmt(unit_mem(), "v%d", version);

            if (!str_eq(shown, want)) {
                print_error("post %s%d: %.*s, not %.*s\n", names[by], post, STR_ARG(shown), STR_ARG(want));
                wrong++;
            }
        }
        wrong += differs("likes", by, world_int(likes_sql[by]), h->liked[by]);
        wrong += differs("boosts", by, world_int(boosts_sql[by]), h->boosted[by]);
        wrong += differs("follows", by, world_int(follows_sql[by]), h->follows[by]);
    }
    wrong += differs("likes are counted", 0, world_int("SELECT favourites FROM status_stat WHERE status_id = 7"),
        world_int("SELECT count(*) FROM favourite WHERE status_id = 7"));
    wrong += differs("boosts are counted", 0, world_int("SELECT reblogs FROM status_stat WHERE status_id = 7"),
        world_int("SELECT count(*) FROM status WHERE reblog_of_id = 7"));
    wrong += differs("replies are counted", 0, world_int("SELECT replies FROM status_stat WHERE status_id = 7"),
        world_int("SELECT count(*) FROM status WHERE in_reply_to_id = 7 AND visibility <= 1"));
    return wrong;
}

static void
sow(uint64_t number)
{
    seed = 0x9e3779b97f4a7c15u * (number + 1);
}

UNIT_DB(a_history_in_any_order_ends_the_same)
{
    int wrong = 0;

    (void)world_new(db);
    log_set_level(LOG_LEVEL_ERROR);
    for (int run = 0; run < HISTORIES; run++) {
        struct history h;
        size_t order[2 * ACTS_MAX], n = 0;
        int bad;

        sow((uint64_t)run);
        begin();
        h = make();
        for (size_t i = 0; i < h.n; i++) {
            order[n++] = i;
            if (any(3) == 0)
                order[n++] = i;
        }
        for (size_t i = n; i > 1; i--) {
            size_t k = (size_t)any((int)i), x = order[k];

            order[k] = order[i - 1];
            order[i - 1] = x;
        }
        for (size_t i = 0; i < n; i++)
            deliver(&h.acts[order[i]], NULL, NULL);
        bad = differences(&h);
        if (bad > 0) {
            print_error("history %d ends in another state; it came as", run);
            for (size_t i = 0; i < n; i++)
                print_error(" %s/%.*s", names[h.acts[order[i]].by], STR_ARG(h.acts[order[i]].id));
            print_error("\n");
            wrong++;
        }
        world_reset();
    }
    log_set_level(LOG_LEVEL_INFO);
    world_end();
    assert_int_equal(wrong, 0);
}

UNIT_DB(nobody_changes_what_is_not_theirs)
{
    static const char *const ways[][2] = { { STRANGER, NULL }, { STRANGER, "https://evil.test/" },
        { NEIGHBOUR, NULL } };
    int wrong = 0;

    (void)world_new(db);
    log_set_level(LOG_LEVEL_ERROR);
    for (int run = 0; run < HISTORIES / 2; run++) {
        struct history h, other;

        sow(1000 + (uint64_t)run);
        begin();
        h = make();
        publish(&h);
        other = make(); /* other edits, deletions and undos of the same things */
        for (size_t i = 0; i < h.n; i++)
            deliver(&h.acts[i], NULL, NULL);
        for (size_t i = 0; i < other.n; i++)
            for (size_t w = 0; w < lengthof(ways); w++)
                deliver(&other.acts[i], ways[w][0], ways[w][1]);
        if (differences(&h) > 0) {
            print_error("history %d was changed by others\n", run);
            wrong++;
        }
        world_reset();
    }
    log_set_level(LOG_LEVEL_INFO);
    world_end();
    assert_int_equal(wrong, 0);
}

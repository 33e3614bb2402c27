/*
 * Whatever a stranger says about whatever there is: no row of anybody else is made, changed or goes.  Every table is looked at, also those
 * that no activity ever comes near (moderation, lists, filters, settings): a new table wants a row in seeds[].
 */
#include "inbox/world_test.h"

#include "base/arena.h"
#include "base/log.h"
#include "unit_db.h"

#include <stdlib.h>

enum { TABLES_MAX = 200 };

#define FAR "https://far.test/"
#define EVE FAR "u/eve"
#define NINA FAR "u/nina"
#define ID_OF(uri) "(SELECT id FROM account WHERE uri = '" uri "')"
#define EVES_ID ID_OF(EVE)
#define NINAS_ID ID_OF(NINA)
#define EVES_POST "(SELECT id FROM status WHERE uri = '" FAR "p/1')"
#define NINAS_POST "(SELECT id FROM status WHERE uri = '" FAR "p/2')"

struct stranger {
    const char *uri, *name, *origin;
};
static const struct stranger strangers[] = {
    { "https://evil.test/u/mal", "mal", "https://evil.test/" },
    { FAR "u/oscar", "oscar", FAR }, /* of their own server */
};

/* ---- what there is ---------------------------------------------------------------------------------------------------- */

#define NOTE(n, by, more)                                                                                              \
    "{\"@context\":\"https://www.w3.org/ns/activitystreams\",\"type\":\"Note\",\"id\":\"" FAR "p/" n                   \
    "\",\"attributedTo\":\"" by "\",\"content\":\"x\",\"published\":\"2026-01-01T00:00:00Z\",\"to\":[\"as:Public\","   \
    "\"" WORLD_OUR "\"]" more "}"
#define EVES_NOTE                                                                                                      \
    NOTE("1", EVE,                                                                                                     \
        ",\"inReplyTo\":\"" WORLD_PUBLIC "\",\"tag\":[{\"type\":\"Mention\",\"href\":\"" WORLD_OUR "\"},"              \
        "{\"type\":\"Hashtag\",\"name\":\"#cats\"}]")
#define NINAS_NOTE NOTE("2", NINA, ",\"inReplyTo\":\"" FAR "p/1\",\"quote\":\"" WORLD_PUBLIC "\"")
#define SAYS(who, type, id, object)                                                                                    \
    who, "\"type\":\"" type "\",\"id\":\"" FAR "a/" id "\",\"to\":\"as:Public\",\"object\":" object

/* By those whom it is about. */
static const char *const said[][2] = {
    { SAYS(EVE, "Create", "create", EVES_NOTE) },
    { SAYS(NINA, "Create", "create2", NINAS_NOTE) },
    { SAYS(NINA, "QuoteRequest", "quote", "\"" WORLD_PUBLIC "\"") ",\"instrument\":\"" FAR "p/2\"" },
    { SAYS(EVE, "Like", "like", "\"" WORLD_PUBLIC "\"") },
    { SAYS(EVE, "EmojiReact", "react", "\"" WORLD_PUBLIC "\"") ",\"content\":\"\xf0\x9f\xa6\x8a\"" },
    { SAYS(EVE, "Announce", "boost", "\"" WORLD_PUBLIC "\"") },
    { SAYS(EVE, "Follow", "follow", "\"" WORLD_OUR "\"") },
    { SAYS(NINA, "Block", "block", "\"" WORLD_BOBS "\"") },
    { SAYS(EVE, "Flag", "flag", "[\"" WORLD_BOBS "\"]") },
    { SAYS(EVE, "Add", "pin", "\"" FAR "p/1\"") ",\"target\":\"" EVE "/featured\"" },
    { SAYS(EVE, "Delete", "delete", "\"" FAR "p/gone\"") },
};

/* What is put as rows.  Numbers below 1000 are nobody's. */
static const char *const seeds[] = {
    "INSERT INTO report (id, account_id, target_id, category, comment, created_ms) VALUES (500, 2, " EVES_ID ", 0, "
    "'bad', 0)",
    "INSERT INTO domain_policy (domain, severity, created_ms, id) VALUES ('shut.test', 2, 0, 501)",
    "INSERT INTO domain_allow (domain, created_ms, id) VALUES ('fine.test', 0, 502)",
    "INSERT INTO severance (id, account_id, kind, target, followers, following, created_ms) VALUES (503, 1, 0, "
    "'shut.test', 1, 1, 0)",
    "INSERT INTO severed_follow (severance_id, follower, handle, reblogs, notify, languages) VALUES (503, TRUE, "
    "'x@shut.test', TRUE, TRUE, '')",
    "INSERT INTO host (name, state, failures, failed_days, created_ms) VALUES ('dead.test', 3, 9, 8, 0)",
    "INSERT INTO user_domain_block (id, account_id, domain, created_ms) VALUES (504, 1, 'shut.test', 0)",
    "INSERT INTO mute (id, account_id, target_id, created_ms) VALUES (505, 2, " EVES_ID ", 0)",
    "INSERT INTO block (id, account_id, target_id, uri, created_ms) VALUES (506, 1, " NINAS_ID ", '" WORLD_OUR
    "#blocks/506', 0)",
    "INSERT INTO notification_policy (account_id, not_following, not_followers, new_accounts, private_mentions, "
    "limited_accounts, bots) VALUES (2, 1, 1, 1, 1, 1, 1)",
    "INSERT INTO notification_request (id, account_id, from_account_id, created_ms, updated_ms) VALUES (507, "
    "2, " EVES_ID ", 0, 0)",
    "INSERT INTO notification_permission (account_id, from_account_id, created_ms) VALUES (2, " NINAS_ID ", 0)",
    "INSERT INTO filter (id, account_id, title, contexts, action, created_ms) VALUES (508, 1, 'x', 1, 0, 0)",
    "INSERT INTO filter_keyword (id, filter_id, keyword, whole_word) VALUES (509, 508, 'zzz', TRUE)",
    "INSERT INTO filter_status (id, filter_id, status_id) VALUES (510, 508, " EVES_POST ")",
    "INSERT INTO list (id, account_id, title, replies, exclusive, created_ms) VALUES (511, 1, 'friends', 0, FALSE, 0)",
    "INSERT INTO list_member (id, list_id, account_id) VALUES (512, 511, " EVES_ID ")",
    "INSERT INTO bookmark (id, account_id, status_id, created_ms) VALUES (513, 1, " EVES_POST ", 0)",
    "INSERT INTO bookmark_folder (id, account_id, title, created_ms) VALUES (514, 1, 'good', 0)",
    "INSERT INTO relay (id, kind, state, url, inbox, actor_uri, follow_uri, created_ms) VALUES (515, 0, 1, "
    "'https://relay.test/inbox', 'https://relay.test/inbox', 'https://relay.test/actor', '" WORLD_ORIGIN
    "/actor#follows/515', 0)",
    "INSERT INTO rule (id, position, text, created_ms) VALUES (516, 1, 'be kind', 0)",
    "INSERT INTO setting (name, value) VALUES ('title', 'x')",
    "INSERT INTO emoji (id, shortcode, uri, updated_ms, created_ms) VALUES (517, 'fox', '" WORLD_ORIGIN
    "/emojis/517', 0, 0)",
    "INSERT INTO collection (id, account_id, name, created_ms, updated_ms) VALUES (518, 1, 'people', 0, 0)",
    "INSERT INTO collection_item (id, collection_id, account_id, state, created_ms, approval_uri) VALUES (519, "
    "518, " EVES_ID ", 1, 0, '" FAR "stamp/1')",
    "INSERT INTO collection (id, account_id, name, created_ms, updated_ms, uri) VALUES (520, " EVES_ID
    ", 'theirs', 0, 0, '" FAR "k/1')",
    "INSERT INTO collection_item (id, collection_id, account_id, state, created_ms, uri) VALUES (521, 520, 1, 1, 0, "
    "'" FAR "k/1/1')",
    "INSERT INTO featured_tag (id, account_id, tag_id, display, created_ms) SELECT 522, " EVES_ID
    ", id, 'Cats', 0 FROM tag WHERE name = 'cats'",
    "INSERT INTO tag_follow (id, account_id, tag_id, created_ms) SELECT 523, 1, id, 0 FROM tag WHERE name = 'cats'",
    "INSERT INTO endorsement (id, account_id, target_id, created_ms) VALUES (524, 1, " EVES_ID ", 0)",
    "INSERT INTO poll_vote (id, poll_id, account_id, choice, created_ms) VALUES (525, 90, " EVES_ID ", 0, 0)",
    "INSERT INTO approval_stamp (status_id, uri) VALUES (" NINAS_POST ", '" FAR "stamp/2')",
    "INSERT INTO interaction_people (status_id, likers, repliers, boosters) VALUES (" EVES_POST ", '', '" WORLD_OUR
    "', '')",
    "INSERT INTO favourite (id, account_id, status_id, created_ms) VALUES (526, 1, " EVES_POST ", 0)",
    "INSERT INTO like_stamp (favourite_id, uri) VALUES (526, '" FAR "stamp/3')",
    "INSERT INTO status_copy (status_id, account_id) VALUES (7, " NINAS_ID ")",
    "INSERT INTO former_follower (target_id, account_id, until_ms) VALUES (2, " NINAS_ID ", 9)",
    "INSERT INTO follow (id, account_id, target_id, uri, created_ms) VALUES (527, 1, " EVES_ID ", '" WORLD_OUR
    "#follows/527', 0)",
    "INSERT INTO follow_request (id, account_id, target_id, uri, created_ms) VALUES (528, 2, " EVES_ID ", '" WORLD_BOBS
    "#follows/528', 0)",
    "INSERT INTO account_note (account_id, target_id, note) VALUES (1, " EVES_ID ", 'nice')",
    "INSERT INTO conversation_mute (account_id, conversation_id, created_ms) SELECT 2, conversation_id, 0 FROM status "
    "WHERE id = 7",
    "INSERT INTO marker (account_id, timeline, last_read_id, updated_ms) VALUES (1, 'home', 7, 0)",
    "INSERT INTO announcement (id, text, content, published_ms, created_ms, updated_ms) VALUES (529, 'x', 'x', 0, 0, "
    "0)",
    "INSERT INTO account_move (id, account_id, target_uri, created_ms) VALUES (530, " NINAS_ID
    ", 'https://new.test/u/nina', 0)",
    "INSERT INTO old_name (username_fold, account_id, created_ms) VALUES ('alicia', 1, 0)",
    "INSERT INTO suggestion_refused (account_id, target_id, created_ms) VALUES (1, " NINAS_ID ", 0)",
    "INSERT INTO email_subscription (id, account_id, email, email_key, created_ms) VALUES (531, 1, 'a@b.test', "
    "'a@b.test', 0)",
    "INSERT INTO follower_sync (account_id, checked_ms) VALUES (" EVES_ID ", 5)",
    "INSERT INTO draft (id, account_id, posts, n_posts, version, created_ms, updated_ms) VALUES (532, 1, '[]', 1, 1, "
    "0, "
    "0)",
    "INSERT INTO status_collection (status_id, collection_id, position) VALUES (" EVES_POST ", 518, 0)",
};

/* Counters, queues and what is remembered about requests: the rows of others that a stranger may change. */
static const char *const shared[] = { "status_stat", "status_reaction_count", "account_stat", "job", "inbound",
    "activity", "delivery", NULL };

static bool
is_named(struct str table, const char *const *list)
{
    while (*list != NULL && !str_eqz(table, *list))
        list++;
    return *list != NULL;
}

static void
begin(void)
{
    web_put(S(EVE), web_person(EVE, "eve"));
    web_put(S(NINA), web_person(NINA, "nina"));
    web_put(S(FAR "p/1"), S(EVES_NOTE));
    web_put(S(FAR "p/2"), S(NINAS_NOTE));
    for (size_t i = 0; i < lengthof(strangers); i++) {
        web_put(str_z(strangers[i].uri), web_person(strangers[i].uri, strangers[i].name));
        world_knows(str_z(strangers[i].uri));
    }
    for (size_t i = 0; i < lengthof(said); i++)
        (void)world_deliver(str_z(said[i][0]), 0,
            str_fmt(unit_mem(), "{\"@context\":\"https://www.w3.org/ns/activitystreams\",\"actor\":\"%s\",%s}",
                said[i][0], said[i][1]));
    for (size_t i = 0; i < lengthof(seeds); i++)
        world_run(seeds[i]);
}

/* ---- what is said ----------------------------------------------------------------------------------------------------- */

static const char *const types[] = {
#define ACTIVITY(type, handler, suspended) #type,
#include "inbox/activities.def"
#undef ACTIVITY
};

/* Ids, and what may stand in their place: whole, as its owner would write it. */
static const char *const things[][2] = {
    { WORLD_OUR, "\"type\":\"Person\",\"name\":\"forged\"" },
    { WORLD_PUBLIC, "\"type\":\"Note\",\"attributedTo\":\"" WORLD_OUR "\",\"content\":\"forged\"" },
    { WORLD_FOR_FOLLOWERS, "\"type\":\"Tombstone\"" },
    { WORLD_QUESTION, "\"type\":\"Question\",\"attributedTo\":\"" WORLD_OUR "\",\"oneOf\":[]" },
    { EVE, "\"type\":\"Person\",\"name\":\"forged\",\"preferredUsername\":\"eve\",\"inbox\":\"" EVE "/inbox\"" },
    { FAR "p/1", "\"type\":\"Note\",\"attributedTo\":\"" EVE "\",\"content\":\"forged\",\"to\":\"as:Public\","
                 "\"updated\":\"2026-06-01T00:00:00Z\"" },
    { FAR "p/2", "\"type\":\"Note\",\"attributedTo\":\"" NINA "\",\"content\":\"forged\",\"to\":\"" WORLD_BOBS "\"" },
    { FAR "p/gone", "\"type\":\"Note\",\"attributedTo\":\"" EVE "\",\"content\":\"forged\",\"to\":\"as:Public\"" },
    { FAR "a/like", "\"type\":\"Like\",\"actor\":\"" EVE "\",\"object\":\"" WORLD_PUBLIC "\"" },
    { FAR "a/react", "\"type\":\"EmojiReact\",\"actor\":\"" EVE "\",\"object\":\"" WORLD_PUBLIC "\"" },
    { FAR "a/boost", "\"type\":\"Announce\",\"actor\":\"" EVE "\",\"object\":\"" WORLD_PUBLIC "\"" },
    { FAR "a/follow", "\"type\":\"Follow\",\"actor\":\"" EVE "\",\"object\":\"" WORLD_OUR "\"" },
    { FAR "a/block", "\"type\":\"Block\",\"actor\":\"" NINA "\",\"object\":\"" WORLD_BOBS "\"" },
    { FAR "a/flag", "\"type\":\"Flag\",\"actor\":\"" EVE "\",\"object\":\"" WORLD_BOBS "\"" },
    { FAR "a/quote", "\"type\":\"QuoteRequest\",\"actor\":\"" NINA "\",\"object\":\"" WORLD_PUBLIC
                     "\",\"instrument\":\"" FAR "p/2\"" },
    { WORLD_OUR "#follows/527", "\"type\":\"Follow\",\"actor\":\"" WORLD_OUR "\",\"object\":\"" EVE "\"" },
    { WORLD_BOBS "#follows/528", "\"type\":\"Follow\",\"actor\":\"" WORLD_BOBS "\",\"object\":\"" EVE "\"" },
    { WORLD_OUR "#blocks/506", "\"type\":\"Block\",\"actor\":\"" WORLD_OUR "\",\"object\":\"" NINA "\"" },
    { WORLD_ORIGIN "/actor#follows/515",
        "\"type\":\"Follow\",\"actor\":\"" WORLD_ORIGIN "/actor\",\"object\":\"as:Public\"" },
    { FAR "stamp/1", "\"type\":\"FeatureAuthorization\",\"attributedTo\":\"" EVE "\"" },
    { FAR "stamp/2", "\"type\":\"ReplyAuthorization\",\"attributedTo\":\"" EVE "\"" },
    { FAR "stamp/3", "\"type\":\"LikeAuthorization\",\"attributedTo\":\"" EVE "\"" },
    { FAR "k/1", "\"type\":\"FeaturedCollection\",\"attributedTo\":\"" EVE "\",\"name\":\"forged\"" },
    { FAR "k/1/1", "\"type\":\"FeaturedItem\",\"featuredObject\":\"" WORLD_OUR "\"" },
    { WORLD_ORIGIN "/emojis/517", "\"type\":\"Emoji\",\"name\":\":fox:\"" },
};

/* "EMOJI_REACT" is written EmojiReact. */
static struct str
type_name(const char *upper)
{
    char *s = arena_alloc(unit_mem(), strlen(upper) + 1, 1), *p = s;

    for (bool first = true; *upper != '\0'; upper++) {
        if (*upper == '_') {
            first = true;
            continue;
        }
        *p++ = (char)(first ? *upper : *upper | 0x20);
        first = false;
    }
    return (struct str){ s, (size_t)(p - s) };
}

static void
say(const struct stranger *by, size_t type, size_t thing, bool whole)
{
    static int serial;
    static const char *const targets[] = { EVE "/featured", WORLD_OUR, FAR "k/1", WORLD_PUBLIC, "" };
    const char *id = things[thing][0];
    struct str object = whole ? str_fmt(unit_mem(), "{\"id\":\"%s\",%s}", id, things[thing][1])
                              : str_fmt(unit_mem(), "\"%s\"", id),
               name = type_name(types[type]);

    serial++;
    (void)world_deliver(str_z(by->uri), 0,
        str_fmt(unit_mem(),
            "{\"@context\":\"https://www.w3.org/ns/activitystreams\",\"actor\":\"%s\",\"type\":\"%.*s\",\"id\":\"%sa/"
            "%s/%d\","
            "\"to\":\"as:Public\",\"content\":\"\xf0\x9f\xa6\x8a\",\"object\":%.*s,\"target\":\"%s\",\"result\":\"" FAR
            "stamp/1\",\"instrument\":\"%s\"}",
            by->uri, STR_ARG(name), by->origin, by->name, serial, STR_ARG(object),
            targets[(size_t)serial % lengthof(targets)], things[(thing + 1) % lengthof(things)][0]));
}

/* ---- rows --------------------------------------------------------------------------------------------------------------- */

struct rows {
    struct str *v; /* "table|cell|cell", sorted */
    size_t n;
};

static const struct db_sql table_names =
    SQL2("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name NOT LIKE "
         "'status_search%' AND name NOT LIKE 'status_words%' ORDER BY name",
        "SELECT tablename FROM pg_tables WHERE schemaname = current_schema() AND tablename NOT LIKE 'status_search%' "
        "ORDER BY tablename");

/* Statements are known by their address: one for each table. */
static const struct db_sql *
all_of(struct str table)
{
    static struct db_sql made[TABLES_MAX];
    static char text[TABLES_MAX][80];
    static size_t n;
    char want[80];

    (void)snprintf(want, sizeof(want), "SELECT * FROM %.*s", STR_ARG(table));
    for (size_t i = 0; i < n; i++)
        if (strcmp(text[i], want) == 0)
            return &made[i];
    CHECK(n < TABLES_MAX);
    memcpy(text[n], want, sizeof(want));
    made[n] = (struct db_sql){ text[n], text[n] };
    return &made[n++];
}

static int
by_bytes(const void *a, const void *b)
{
    return str_cmp(*(const struct str *)a, *(const struct str *)b);
}

static struct str
line_of(struct arena *a, struct str table, const struct db_row *r)
{
    struct str s = table;

    for (size_t i = 0; i < r->n; i++) {
        const struct db_cell *cell = &r->v[i];
        struct str text = cell->kind == DB_STR   ? cell->s
                          : cell->kind == DB_INT ? str_fmt(a, "%lld", (long long)cell->i)
                                                 : (cell->kind == DB_NULL ? S("null") : str_fmt(a, "%f", cell->d));

        s = str_cat(a, s, S("|"), text, STR_NONE);
    }
    return s;
}

static void
rows_read(struct ctx *c, struct arena *a, struct rows *out)
{
    struct db_rows tables;

    *out = (struct rows){ arena_vec(a, struct str, DB_ROWS_MAX), 0 };
    assert_ok(c, db_query(c, &table_names, DB_NO_ARGS, &tables));
    for (size_t t = 0; t < tables.n; t++) {
        struct str table = str_dup(a, db_str(&tables.v[t], 0));
        struct db_rows r;

        assert_ok(c, db_query(c, all_of(table), DB_NO_ARGS, &r));
        for (size_t i = 0; i < r.n; i++) {
            CHECK(out->n < DB_ROWS_MAX);
            out->v[out->n++] = line_of(a, table, &r.v[i]);
        }
    }
    qsort(out->v, out->n, sizeof(*out->v), by_bytes);
}

static bool
is_shared(struct str line)
{
    return is_named(str_sub(line, 0, (size_t)str_find(line, S("|"))), shared);
}

static bool
is_theirs(struct str line, const struct stranger *by, struct str number)
{
    return !is_shared(line) && (str_find(line, number) >= 0 || str_find(line, str_z(by->uri)) >= 0);
}

/* Lines that are in one of both alone and are not the stranger's; *own: those that are. */
static int
compare(const struct rows *before, const struct rows *after, const struct stranger *by, const char *type, int *own)
{
    int64_t id = world_int(by == &strangers[0] ? "SELECT id FROM account WHERE uri = 'https://evil.test/u/mal'"
                                               : "SELECT id FROM account WHERE uri = '" FAR "u/oscar'");
    struct str number = str_fmt(unit_mem(), "|%lld", (long long)id);
    size_t i = 0, k = 0;
    int wrong = 0;

    while (i < before->n || k < after->n) {
        int d = i == before->n ? 1 : k == after->n ? -1 : str_cmp(before->v[i], after->v[k]);
        struct str line = d <= 0 ? before->v[i] : after->v[k];

        if (d != 0 && is_theirs(line, by, number)) {
            ++*own;
        } else if (d != 0 && !is_shared(line)) {
            print_error("%s by %s: %c %.*s\n", type, by->name, d < 0 ? '-' : '+', STR_ARG(line));
            wrong++;
        }
        i += d <= 0;
        k += d >= 0;
    }
    return wrong;
}

UNIT_DB(no_row_of_anybody_else)
{
    struct ctx *c = world_new(db);
    struct arena *a[2] = { arena_new_heap(), arena_new_heap() };
    struct rows before, after;
    int wrong = 0, own = 0;

    log_set_level(LOG_LEVEL_ERROR);
    begin();
    rows_read(c, a[0], &before);
    for (size_t by = 0; by < lengthof(strangers); by++)
        for (size_t type = 0; type < lengthof(types); type++) {
            struct arena *old = a[0];

            for (size_t thing = 0; thing < lengthof(things); thing++)
                say(&strangers[by], type, thing, (thing + type) % 2 == 0);
            rows_read(c, a[1], &after);
            wrong += compare(&before, &after, &strangers[by], types[type], &own);
            before = after;
            arena_reset(old);
            a[0] = a[1];
            a[1] = old;
        }
    log_set_level(LOG_LEVEL_INFO);
    arena_free(a[0]);
    arena_free(a[1]);
    world_reset();
    world_end();
    assert_int_equal(wrong, 0);
    assert_true(own > 50); /* they were heard */
}

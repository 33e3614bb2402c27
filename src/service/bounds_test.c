/* Lists whose length others choose: more than one result may hold is read in portions, and refused to nobody. */
#include "ap/sync.h"
#include "base/clock.h"
#include "service/collection.h"
#include "service/fixture_test.h"
#include "service/status.h"
#include "service/sync.h"
#include "store/account.h"
#include "store/collection.h"
#include "store/emoji.h"
#include "store/status.h"
#include "unit_db.h"

enum {
    MANY = DB_ROWS_MAX + 500,
    PEOPLE = 1000,   /* the first id of strangers */
    BOOSTS = 100000, /* of their boosts, */
    FOLLOWS = 200000,
    POSTS = 300000,
    ITEMS = 400000,
    TAGS = 500000,
};

static const struct db_sql put_people =
    SQL("INSERT INTO account (id, username, username_fold, domain, uri, created_ms, updated_ms) SELECT each.value, "
        "'p' || each.value, 'p' || each.value, $2, 'https://far' || (each.value % 3) || '.test/' || each.value, 1, 1 "
        "FROM {each:$1} (SELECT 1 AS one) o");
static const struct db_sql put_stats =
    SQL("INSERT INTO account_stat (account_id, statuses) SELECT each.value, 1 FROM {each:$1} (SELECT 1 AS one) o");
static const struct db_sql put_follows =
    SQL("INSERT INTO follow (id, account_id, target_id, uri, created_ms) SELECT each.value, each.value - 199000, $2, "
        "'f' || each.value, 1 FROM {each:$1} (SELECT 1 AS one) o");
static const struct db_sql put_boosts =
    SQL("INSERT INTO status (id, uri, account_id, local, visibility, reblog_of_id, created_ms) SELECT each.value, "
        "'b' || each.value, each.value - 99000, FALSE, 0, $2, 1 FROM {each:$1} (SELECT 1 AS one) o");
static const struct db_sql put_posts =
    SQL("INSERT INTO status (id, uri, account_id, local, visibility, created_ms) SELECT each.value, "
        "'s' || each.value, $2, TRUE, 0, 1 FROM {each:$1} (SELECT 1 AS one) o");
static const struct db_sql count_posts = SQL("SELECT count(*) FROM status");
static const struct db_sql count_counted = SQL("SELECT COALESCE(sum(statuses), 0) FROM account_stat");
static const struct db_sql count_jobs = SQL("SELECT count(*) FROM job WHERE kind = 'sync_followers'");

static struct ids
numbers(int64_t from, size_t n)
{
    struct ids ids = { arena_vec(unit_mem(), int64_t, n), n };

    for (size_t i = 0; i < n; i++)
        ids.v[i] = from + (int64_t)i;
    return ids;
}

static void
put(struct ctx *c, const struct db_sql *sql, int64_t from, size_t n, struct db_arg arg)
{
    struct ids ids = numbers(from, n);

    assert_ok(c, db_begin(c, DB_WRITE));
    if (arg.kind == DB_NULL)
        assert_ok(c, db_exec(c, sql, DB_ARGS(D_IDS(ids.v, ids.n)), NULL));
    else
        assert_ok(c, db_exec(c, sql, DB_ARGS(D_IDS(ids.v, ids.n), arg), NULL));
    assert_ok(c, db_commit(c));
}

static int64_t
number(struct ctx *c, const struct db_sql *sql)
{
    const struct db_row *r;
    int64_t n;

    assert_ok(c, db_one(c, sql, DB_NO_ARGS, &r));
    n = db_int(r, 0);
    db_rollback(c);
    return n;
}

/* ---- followers ------------------------------------------------------------------------------------------------------ */

UNIT_DB(sums_are_of_all_followers)
{
    struct ctx *c = fixture_ctx(db);
    int64_t alice = fixture_person(c, "alice");
    struct sha256 all = { 0 }, said = { 0 };
    struct sync_sums sums;

    put(c, &put_people, PEOPLE, MANY, D_STR(S("far.test")));
    put(c, &put_follows, FOLLOWS, MANY, D_INT(alice));
    for (int i = 0; i < MANY; i++)
        ap_sync_add(&all, str_fmt(unit_mem(), "https://far%d.test/%d", (PEOPLE + i) % 3, PEOPLE + i));
    assert_ok(c, service_sync_sums(c, alice, &sums));
    assert_int_equal(sums.n, 3);
    for (size_t i = 0; i < sums.n; i++)
        for (size_t k = 0; k < sizeof(said.b); k++)
            said.b[k] ^= sums.v[i].sum.b[k];
    assert_memory_equal(said.b, all.b, sizeof(all.b));
}

static enum err
told(struct ctx *c, const struct account *from)
{
    struct str header = str_fmt(unit_mem(),
        "collectionId=\"%.*s\", url=\"https://eve.test/sync\", "
        "digest=\"0000000000000000000000000000000000000000000000000000000000000001\"",
        STR_ARG(from->followers_uri));

    return service_sync_received(c, from, header);
}

UNIT_DB(lists_of_others_are_compared_up_to_a_limit)
{
    struct account eve = {
        .id = 900, .uri = S("https://eve.test/eve"), .followers_uri = S("https://eve.test/eve/followers")
    };
    struct ctx *c = fixture_ctx(db);

    put(c, &put_people, eve.id, 1, D_STR(S("eve.test")));
    put(c, &put_people, PEOPLE, SYNC_FOLLOWERS_MAX, D_STR(S("")));
    put(c, &put_follows, FOLLOWS, SYNC_FOLLOWERS_MAX - 1, D_INT(eve.id));
    assert_ok(c, told(c, &eve));
    assert_int_equal(number(c, &count_jobs), 1);
    put(c, &put_follows, FOLLOWS + SYNC_FOLLOWERS_MAX - 1, 1, D_INT(eve.id));
    assert_err(told(c, &eve), ERR_NOT_FOUND);
    ctx_ok(c);
}

/* ---- boosts --------------------------------------------------------------------------------------------------------- */

UNIT_DB(a_post_goes_with_all_its_boosts)
{
    struct ctx *c = fixture_ctx(db);
    int64_t alice = fixture_person(c, "alice");
    struct status *s;

    put(c, &put_people, PEOPLE, MANY, D_STR(S("far.test")));
    put(c, &put_stats, PEOPLE, MANY, D_NULL);
    put(c, &put_posts, POSTS, 1, D_INT(alice));
    put(c, &put_boosts, BOOSTS, MANY, D_INT(POSTS));
    c->who.account_id = alice;
    assert_ok(c, service_status_delete(c, POSTS, true, &s));
    assert_int_equal(number(c, &count_posts), 0);
    assert_int_equal(number(c, &count_counted), 0);
}

/* ---- what a page needs ---------------------------------------------------------------------------------------------- */

enum { THREAD = 330, TAGS_EACH = 64, DOMAINS = 150 };

UNIT_DB(a_long_thread_has_all_its_tags)
{
    static const struct db_sql tags = SQL("INSERT INTO tag (id, name, display, created_ms) SELECT each.value, 't' || "
                                          "each.value, 't', 1 FROM {each:$1} (SELECT 1 AS one) o");
    static const struct db_sql uses = SQL("INSERT INTO status_tag (status_id, tag_id) SELECT 300000 + each.value / 64, "
                                          "500000 + each.value % 64 FROM {each:$1} (SELECT 1 AS one) o");
    struct ctx *c = fixture_ctx(db);
    int64_t alice = fixture_person(c, "alice");
    struct ids ids = numbers(POSTS, THREAD);
    struct statuses v;

    put(c, &put_posts, POSTS, THREAD, D_INT(alice));
    put(c, &tags, TAGS, TAGS_EACH, D_NULL);
    put(c, &uses, 0, THREAD * TAGS_EACH, D_NULL);
    assert_true(THREAD * TAGS_EACH > DB_ROWS_MAX);
    assert_ok(c, store_status_list(c, &ids, &v));
    assert_ok(c, store_status_fill(c, v.v, v.n, 0));
    for (size_t i = 0; i < v.n; i++) {
        assert_int_equal(v.v[i]->n_tags, TAGS_EACH);
        assert_int_equal(v.v[i]->tags[TAGS_EACH - 1].id, TAGS + TAGS_EACH - 1);
        assert_non_null(v.v[i]->account);
    }
}

/* Each server has each code: a query for all of both would give all of them. */
UNIT_DB(emoji_of_many_servers_are_found)
{
    static const struct db_sql emoji = SQL(
        "INSERT INTO emoji (id, shortcode, domain, uri, created_ms, updated_ms) SELECT each.value + 1, 'c' || "
        "(each.value % 150), 'd' || (each.value / 150), 'e' || each.value, 1, 1 FROM {each:$1} (SELECT 1 AS one) o");
    struct account *people[DOMAINS];
    struct ctx *c = fixture_ctx(db);

    put(c, &emoji, 0, DOMAINS * DOMAINS, D_NULL);
    assert_true(DOMAINS * DOMAINS > DB_ROWS_MAX);
    for (int i = 0; i < DOMAINS; i++) {
        people[i] = arena_new(unit_mem(), struct account);
        people[i]->domain = str_fmt(unit_mem(), "d%d", i);
        people[i]->emoji_codes = (struct strs){ arena_vec(unit_mem(), struct str, 2), 2 };
        people[i]->emoji_codes.v[0] = str_fmt(unit_mem(), "c%d", i);
        people[i]->emoji_codes.v[1] = S("nobody_has_it");
    }
    assert_ok(c, store_emoji_fill_accounts(c, people, DOMAINS));
    for (int i = 0; i < DOMAINS; i++) {
        assert_int_equal(people[i]->emojis.n, 1);
        assert_int_equal(people[i]->emojis.v[0].id, i * DOMAINS + i + 1);
    }
}

/* ---- collections ---------------------------------------------------------------------------------------------------- */

enum { LISTS = 160, MEMBERS = 150, PAGE = LISTS / STATUS_COLLECTIONS_MAX };

UNIT_DB(long_collections_of_others_are_shown_by_their_first_members)
{
    static const struct db_sql lists =
        SQL("INSERT INTO collection (id, account_id, name, created_ms, updated_ms, uri) SELECT each.value, 1000, 'k', "
            "1, 1, 'k' || each.value FROM {each:$1} (SELECT 1 AS one) o");
    static const struct db_sql items = SQL(
        "INSERT INTO collection_item (id, collection_id, account_id, state, created_ms, position) SELECT each.value "
        "+ 1, 1 + each.value / 150, 1000 + each.value % 150, 0, 1, 200 - each.value % 150 "
        "FROM {each:$1} (SELECT 1 AS one) o");
    static const struct db_sql links =
        SQL("INSERT INTO status_collection (status_id, collection_id, position) SELECT 300000 + each.value / 4, "
            "1 + each.value, each.value % 4 FROM {each:$1} (SELECT 1 AS one) o");
    struct ctx *c = fixture_ctx(db);
    struct ids ids = numbers(POSTS, PAGE);
    struct collections all;
    struct statuses v;

    put(c, &put_people, PEOPLE, MEMBERS, D_STR(S("far.test")));
    put(c, &put_stats, PEOPLE, MEMBERS, D_NULL);
    put(c, &put_posts, POSTS, PAGE, D_INT(PEOPLE));
    put(c, &lists, 1, LISTS, D_NULL);
    put(c, &items, 0, LISTS * MEMBERS, D_NULL);
    put(c, &links, 0, LISTS, D_NULL);
    assert_ok(c, store_status_list(c, &ids, &v));
    assert_ok(c, service_collection_show_tagged(c, 0, v.v, v.n));
    for (size_t i = 0; i < v.n; i++) {
        assert_int_equal(v.v[i]->collections.n, STATUS_COLLECTIONS_MAX);
        for (size_t k = 0; k < STATUS_COLLECTIONS_MAX; k++) {
            const struct collection *x = &v.v[i]->collections.v[k];

            assert_int_equal(x->id, 1 + (int64_t)(i * STATUS_COLLECTIONS_MAX + k));
            assert_int_equal(x->n, COLLECTION_ITEMS_MAX);
            assert_int_equal(x->n_left_out, MEMBERS - COLLECTION_ITEMS_MAX);
            assert_int_equal(x->items[0].account_id, PEOPLE + MEMBERS - 1); /* the first by its position */
        }
    }
    ids = numbers(1, LISTS);
    assert_ok(c, store_collection_list(c, &ids, &all)); /* and whole, in portions */
    for (size_t i = 0; i < all.n; i++)
        assert_int_equal(all.v[i].n, MEMBERS);
}

/* Quotes against a real database: what a page of them costs, what policies mean, and that the counter is the number of rows. */
#include "service/quote.h"

#include "service/fixture_test.h"
#include "service/quote_internal.h"
#include "service/relation.h"
#include "service/status.h"
#include "service/visibility.h"
#include "store/quote.h"
#include "store/status.h"
#include "unit_db.h"

static const struct db_sql wrong =
    SQL("SELECT count(*) FROM status_stat t WHERE t.quotes <> "
        "(SELECT count(*) FROM quote q WHERE q.quoted_id = t.status_id AND q.state = 1)");

static struct ctx *
begin(struct db *db, int64_t *alice, int64_t *bob)
{
    struct ctx *c = fixture_ctx(db);

    *alice = fixture_person(c, "alice");
    *bob = fixture_person(c, "bob");
    c->who = (struct who){ .account_id = *alice };
    return c;
}

static int64_t
post(struct ctx *c, int64_t quoted)
{
    struct post_params p = { .status = S("words"),
        .visibility = VIS_PUBLIC,
        .sensitive = -1,
        .quote_choice = QUOTE_CHOICE_PUBLIC,
        .quoted_status_id = quoted };
    struct status *out;

    assert_ok(c, fixture_post(c, &p, S(""), &out));
    return out->id;
}

static void
assert_counter_is_right(struct ctx *c)
{
    const struct db_row *r;

    assert_ok(c, db_one(c, &wrong, DB_NO_ARGS, &r));
    assert_int_equal(db_int(r, 0), 0);
}

/* Statements for the first n of these posts, as somebody reads them. */
static int64_t
cost(struct ctx *c, struct db *db, int64_t viewer, struct ids ids, size_t n)
{
    struct statuses v;

    ids.n = n;
    (void)db_test_count(db);
    assert_ok(c, service_status_load(c, viewer, VIEW_DIRECT, &ids, &v));
    assert_int_equal(v.n, n);
    for (size_t i = 0; i < n; i++) {
        assert_non_null(v.v[i]->quote->quoted);
        assert_int_equal(v.v[i]->quote->shown, QUOTE_ACCEPTED);
        assert_int_equal(v.v[i]->quote->quoted->quote->shown, QUOTE_ACCEPTED);
    }
    return db_test_count(db);
}

UNIT_DB(a_page_of_quotes_costs_the_same_however_many)
{
    int64_t alice, bob, ids[12];
    struct ctx *c = begin(db, &alice, &bob);
    struct ids all = { ids, lengthof(ids) };

    for (size_t i = 0; i < lengthof(ids); i++) {
        c->who.account_id = bob;
        ids[i] = post(c, post(c, 0));
        c->who.account_id = alice;
        ids[i] = post(c, ids[i]);
    }
    assert_int_equal(cost(c, db, alice, all, 2), cost(c, db, alice, all, lengthof(ids)));
    assert_int_equal(cost(c, db, 0, all, 2), cost(c, db, 0, all, lengthof(ids)));
    assert_counter_is_right(c);
}

UNIT_DB(policies_mean_what_they_say)
{
    static const struct {
        int policy;
        enum visibility visibility;
        enum quote_answer stranger, follower, followee, author;
    } cases[] = {
        { 0, VIS_PUBLIC, QUOTE_ANSWER_DENIED, QUOTE_ANSWER_DENIED, QUOTE_ANSWER_DENIED, QUOTE_ANSWER_AUTOMATIC },
        { QUOTE_BY_PUBLIC, VIS_UNLISTED, QUOTE_ANSWER_AUTOMATIC, QUOTE_ANSWER_AUTOMATIC, QUOTE_ANSWER_AUTOMATIC,
            QUOTE_ANSWER_AUTOMATIC },
        { QUOTE_BY_PUBLIC, VIS_PRIVATE, QUOTE_ANSWER_DENIED, QUOTE_ANSWER_DENIED, QUOTE_ANSWER_DENIED,
            QUOTE_ANSWER_AUTOMATIC },
        { QUOTE_BY_PUBLIC, VIS_DIRECT, QUOTE_ANSWER_DENIED, QUOTE_ANSWER_DENIED, QUOTE_ANSWER_DENIED,
            QUOTE_ANSWER_DENIED },
        { QUOTE_BY_FOLLOWERS, VIS_PUBLIC, QUOTE_ANSWER_DENIED, QUOTE_ANSWER_AUTOMATIC, QUOTE_ANSWER_DENIED,
            QUOTE_ANSWER_AUTOMATIC },
        { QUOTE_BY_FOLLOWING, VIS_PUBLIC, QUOTE_ANSWER_DENIED, QUOTE_ANSWER_DENIED, QUOTE_ANSWER_AUTOMATIC,
            QUOTE_ANSWER_AUTOMATIC },
        { QUOTE_BY_FOLLOWERS | QUOTE_BY_PUBLIC << QUOTE_MANUAL_SHIFT, VIS_PUBLIC, QUOTE_ANSWER_MANUAL,
            QUOTE_ANSWER_AUTOMATIC, QUOTE_ANSWER_MANUAL, QUOTE_ANSWER_AUTOMATIC },
        { QUOTE_BY_OTHERS, VIS_PUBLIC, QUOTE_ANSWER_UNKNOWN, QUOTE_ANSWER_UNKNOWN, QUOTE_ANSWER_UNKNOWN,
            QUOTE_ANSWER_AUTOMATIC },
    };
    int64_t alice, bob, carol, dave;
    struct ctx *c = begin(db, &alice, &bob);
    const struct follow_params f = { .reblogs = -1, .notify = -1 };
    struct relation r;

    carol = fixture_person(c, "carol");
    dave = fixture_person(c, "dave");
    c->who.account_id = carol;
    assert_ok(c, service_relation_follow(c, alice, &f, &r));
    c->who.account_id = alice;
    assert_ok(c, service_relation_follow(c, dave, &f, &r));
    for (size_t i = 0; i < lengthof(cases); i++) {
        struct status s = { .account_id = alice, .visibility = cases[i].visibility, .quote_policy = cases[i].policy };
        const struct {
            int64_t who;
            enum quote_answer want;
        } people[] = { { bob, cases[i].stranger }, { carol, cases[i].follower }, { dave, cases[i].followee },
            { alice, cases[i].author }, { 0, QUOTE_ANSWER_DENIED } };

        for (size_t k = 0; k < lengthof(people); k++) {
            enum quote_answer got;

            assert_ok(c, service_quote_answer_for(c, people[k].who, &s, &got));
            if (got != people[k].want)
                fail_msg("case %zu, person %zu: %s", i, k, quote_answer_names[got]);
        }
    }
}

UNIT_DB(the_counter_follows_every_end_of_a_quote)
{
    int64_t alice, bob, target, quotes[4];
    struct ctx *c = begin(db, &alice, &bob);
    struct relation r;
    struct status *s;

    target = post(c, 0);
    c->who.account_id = bob;
    for (size_t i = 0; i < lengthof(quotes); i++)
        quotes[i] = post(c, target);
    assert_ok(c, service_status_delete(c, quotes[0], true, &s));
    assert_counter_is_right(c);
    c->who.account_id = alice;
    assert_ok(c, service_quote_revoke(c, target, quotes[1], &s));
    assert_ok(c, service_quote_revoke(c, target, quotes[1], &s));
    assert_int_equal(s->quote->shown, QUOTE_REVOKED);
    assert_counter_is_right(c);
    assert_ok(c, service_status_get(c, target, &s));
    assert_int_equal(s->quotes, 2);
    assert_ok(c, service_relation_block(c, bob, true, &r));
    assert_ok(c, service_status_get(c, target, &s));
    assert_int_equal(s->quotes, 0);
    assert_ok(c, service_status_delete(c, target, true, &s));
    c->who.account_id = bob;
    assert_ok(c, service_status_get(c, quotes[3], &s));
    assert_int_equal(s->quote->state, QUOTE_DELETED);
    assert_counter_is_right(c);
}

/* Conversations when posts are told side by side: the second may overtake the first. */
#include "service/conversation.h"

#include "service/fixture_test.h"
#include "service/timeline.h"
#include "unit_db.h"

static struct status *
message(struct ctx *c, int64_t from, const char *text, int64_t in_reply_to)
{
    struct post_params p = { .status = str_z(text),
        .visibility = VIS_DIRECT,
        .sensitive = -1,
        .quote_choice = -1,
        .in_reply_to_id = in_reply_to };
    struct status *out;

    c->who = (struct who){ .account_id = from };
    assert_ok(c, fixture_post(c, &p, S(""), &out));
    return out;
}

/* The only one that somebody has. */
static struct conversation
only(struct ctx *c, int64_t who)
{
    struct conversations v;

    c->who = (struct who){ .account_id = who };
    assert_ok(c, service_conversation_page(c, &(struct page){ .limit = 10 }, &v));
    assert_int_equal(v.n, 1);
    return v.v[0];
}

UNIT_DB(conversation_keeps_its_end_when_an_older_post_comes_late)
{
    struct ctx *c = fixture_ctx(db);
    int64_t alice = fixture_person(c, "alice"), bob = fixture_person(c, "bob");
    struct status *first = message(c, alice, "@bob are you there?", 0);
    struct status *answer = message(c, bob, "@alice yes", first->id);
    struct status *more = message(c, bob, "@alice and you?", answer->id);

    /* Alice's own question is told after the answer: what she has not read stays so. */
    assert_ok(c, service_timeline_fan_out(c, answer->id));
    assert_ok(c, service_timeline_fan_out(c, first->id));
    assert_int_equal(only(c, alice).last_status_id, answer->id);
    assert_true(only(c, alice).unread);
    /* What comes late to Bob he has not seen either. */
    assert_int_equal(only(c, bob).last_status_id, answer->id);
    assert_true(only(c, bob).unread);
    /* One's own newest post says that one has read. */
    assert_ok(c, service_timeline_fan_out(c, more->id));
    assert_int_equal(only(c, bob).last_status_id, more->id);
    assert_false(only(c, bob).unread);
    assert_true(only(c, alice).unread);
}

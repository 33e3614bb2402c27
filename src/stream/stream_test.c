/* Channels, topics, what clients say, and how payloads travel. */
#include "stream/internal.h"

#include "base/arena.h"
#include "service/fixture_test.h"
#include "unit_db.h"

#include <stdlib.h>
#include <string.h>

static struct ctx
somebody(uint64_t scopes)
{
    struct ctx c;

    ctx_begin(&c, unit_mem(), NULL);
    c.who = (struct who){ .user_id = 1, .account_id = 7, .token_id = 3, .scopes = scopes };
    return c;
}

static struct ctx *with_db; /* which feeds are open is a setting */

static void
assert_channel(struct channel_request q, const char *topic, const char *name)
{
    struct channel got;

    assert_ok(with_db, channel_find(with_db, &q, &got));
    assert_str(got.topic, topic);
    assert_str(got.name, name);
}

UNIT_DB(channels_have_topics_and_names)
{
    with_db = fixture_ctx(db);
    with_db->who = somebody(SCOPE(READ)).who;
    assert_channel((struct channel_request){ S("user") }, "user:7", "[\"user\"]");
    assert_channel(
        (struct channel_request){ S("user:notification") }, "user:notification:7", "[\"user:notification\"]");
    assert_channel((struct channel_request){ S("user:changes") }, "user:changes:7", "[\"user:changes\"]");
    assert_channel((struct channel_request){ S("direct") }, "direct:7", "[\"direct\"]");
    assert_channel((struct channel_request){ S("public") }, "public", "[\"public\"]");
    assert_channel(
        (struct channel_request){ S("public:local:media") }, "public:local:media", "[\"public:local:media\"]");
    assert_channel((struct channel_request){ S("public:remote"), .only_media = true }, "public:remote:media",
        "[\"public:remote:media\"]");
    assert_channel(
        (struct channel_request){ S("public:media"), .only_media = true }, "public:media", "[\"public:media\"]");
    assert_channel(
        (struct channel_request){ S("hashtag"), .tag = S("Cats") }, "hashtag:cats", "[\"hashtag\",\"Cats\"]");
    assert_channel((struct channel_request){ S("hashtag:local"), .tag = S("#C\"") }, "hashtag:local:c",
        "[\"hashtag:local\",\"#C\\\"\"]");
}

static void
assert_refused(uint64_t scopes, struct channel_request q, enum err want)
{
    struct channel got;

    with_db->who = somebody(scopes).who;
    assert_int_equal(channel_find(with_db, &q, &got), want);
    assert_true(with_db->fail.public_text.n > 0);
    ctx_ok(with_db);
}

UNIT_DB(channels_need_scopes_and_parameters)
{
    with_db = fixture_ctx(db);
    assert_refused(SCOPE(READ), (struct channel_request){ S("") }, ERR_BAD_REQUEST);
    assert_refused(SCOPE(READ), (struct channel_request){ S("users") }, ERR_BAD_REQUEST);
    assert_refused(SCOPE(READ), (struct channel_request){ S("user:7") }, ERR_BAD_REQUEST);
    assert_refused(SCOPE(READ), (struct channel_request){ S("hashtag") }, ERR_BAD_REQUEST);
    assert_refused(SCOPE(READ), (struct channel_request){ S("hashtag"), .tag = S(" # ") }, ERR_BAD_REQUEST);
    assert_refused(SCOPE(READ), (struct channel_request){ S("list") }, ERR_BAD_REQUEST);
    assert_refused(SCOPE(WRITE), (struct channel_request){ S("public") }, ERR_UNAUTHORIZED);
    assert_refused(SCOPE(READ_STATUSES), (struct channel_request){ S("user:notification") }, ERR_UNAUTHORIZED);
    assert_refused(SCOPE(READ_STATUSES), (struct channel_request){ S("user:changes") }, ERR_UNAUTHORIZED);
    assert_refused(SCOPE(READ_NOTIFICATIONS), (struct channel_request){ S("user") }, ERR_UNAUTHORIZED);
}

/* ---- what clients say --------------------------------------------------------------------------------------------------- */

UNIT(commands_are_read)
{
    struct stream_command got;
    const char *why;

    assert_int_equal(stream_command_read(unit_mem(),
                         S("{\"type\":\"subscribe\",\"stream\":\"hashtag\",\"tag\":\"cats\",\"x\":[1]}"), &got, &why),
        ERR_OK);
    assert_true(got.subscribe);
    assert_str(got.what.name, "hashtag");
    assert_str(got.what.tag, "cats");
    assert_int_equal(
        stream_command_read(unit_mem(), S("{\"type\":\"unsubscribe\",\"stream\":\"list\",\"list\":12}"), &got, &why),
        ERR_OK);
    assert_false(got.subscribe);
    assert_str(got.what.list, "12");
}

UNIT(what_is_no_command_is_refused_with_a_reason)
{
    static const char *const bad[] = { "", "hello", "[]", "{}", "null", "{\"type\":\"subscribe\"",
        "{\"type\":\"publish\"}", "{\"type\":[\"subscribe\"]}",
        "{\"type\":\"subscribe\",\"stream\":\"hashtag\",\"tag\":{}}", "{\"type\":\"subscribe\",\"list\":[1]}",
        "{\"type\":\"subscribe\",\"x\":[[[[[1]]]]]}" };
    struct stream_command got;
    char *big = memset(arena_vec(unit_mem(), char, STREAM_COMMAND_BYTES_MAX + 1), ' ', STREAM_COMMAND_BYTES_MAX + 1);

    for (size_t i = 0; i < lengthof(bad); i++) {
        const char *why = NULL;

        assert_int_equal(stream_command_read(unit_mem(), str_z(bad[i]), &got, &why), ERR_BAD_REQUEST);
        assert_non_null(why);
    }
    assert_int_equal(stream_command_read(
                         unit_mem(), (struct str){ big, STREAM_COMMAND_BYTES_MAX + 1 }, &got, &(const char *){ NULL }),
        ERR_TOO_LARGE);
}

/* ---- topics --------------------------------------------------------------------------------------------------------------- */

static void
count_topics(void *arg, const struct topic *topic)
{
    *(size_t *)arg += topic->n;
}

UNIT(topics_come_and_go_with_their_listeners)
{
    enum { N = 3000 };
    struct topics t = { 0 };
    struct sub *subs = arena_vec(unit_mem(), struct sub, N);
    size_t n = 0;

    assert_null(topics_find(&t, S("a")));
    for (int i = 0; i < N; i++) /* three to a topic */
        topics_join(&t, str_fmt(unit_mem(), "topic:%d", i / 3), &subs[i]);
    assert_int_equal(t.n, N / 3);
    assert_int_equal(topics_find(&t, S("topic:999"))->n, 3);
    assert_null(topics_find(&t, S("topic:1000")));
    topics_each(&t, count_topics, &n);
    assert_int_equal(n, N);
    for (int i = 0; i < N; i += 3)
        topics_leave(&t, &subs[i]);
    assert_int_equal(topics_find(&t, S("topic:0"))->n, 2);
    for (int i = 0; i < N; i++)
        if (i % 3 != 0)
            topics_leave(&t, &subs[i]);
    assert_int_equal(t.n, 0);
    assert_null(topics_find(&t, S("topic:0")));
    topics_free(&t);
}

/* ---- payloads --------------------------------------------------------------------------------------------------------------- */

static struct sub *
sub_of(struct client *x, const char *name)
{
    struct sub *s = arena_alloc(unit_mem(), sizeof(*s) + strlen(name), _Alignof(struct sub));

    *s = (struct sub){ .client = x, .name_n = strlen(name) };
    memcpy(s->name, name, strlen(name));
    return s;
}

UNIT(a_payload_is_made_once_for_each_form_and_name)
{
    struct client *sse = arena_alloc(unit_mem(), sizeof(*sse), _Alignof(struct client));
    struct client *ws = arena_alloc(unit_mem(), sizeof(*ws), _Alignof(struct client));
    struct payload *p = payload_new(unit_mem(), S("delete"), S("12"));
    struct sub *user = sub_of(ws, "[\"user\"]"), *tag = sub_of(ws, "[\"hashtag\",\"x\"]");
    struct blob *b;

    sse->kind = STREAM_SSE;
    ws->kind = STREAM_WEBSOCKET;
    assert_str(blob_str(payload_for(p, sub_of(sse, ""))), "event: delete\ndata: 12\n\n");
    b = payload_for(p, user);
    assert_str(
        str_sub(blob_str(b), 2, blob_str(b).n), "{\"stream\":[\"user\"],\"event\":\"delete\",\"payload\":\"12\"}");
    assert_ptr_equal(b, payload_for(p, sub_of(ws, "[\"user\"]")));
    assert_ptr_not_equal(b, payload_for(p, tag));
    assert_ptr_equal(b, payload_for(p, user));
    payload_done(p);
    p = payload_new(unit_mem(), S("filters_changed"), S(""));
    b = payload_for(p, user);
    assert_str(str_sub(blob_str(b), 2, blob_str(b).n), "{\"stream\":[\"user\"],\"event\":\"filters_changed\"}");
    payload_done(p);
}

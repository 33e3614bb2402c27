/* Events: what goes in comes out of the hub, and which streams a status belongs to. */
#include "service/event.h"

#include "base/arena.h"
#include "db/db.h"
#include "hub/hub.h"
#include "unit.h"

#include <string.h>

struct heard {
    struct arena *mem;
    struct event e;
    int n;
};

static void
hear(void *arg, const struct hub_message *m)
{
    struct heard *h = arg;

    assert_int_equal(service_event_read(h->mem, str_dup(h->mem, blob_str(m->blob)), &h->e), ERR_OK);
    h->n++;
}

UNIT(an_event_arrives_as_it_was_sent)
{
    struct arena *mem = unit_mem();
    struct env env = { .hub = hub_new() };
    int64_t readers[] = { 7, INT64_MAX }, tags[] = { 3 };
    struct str topics[] = { S("public"), S("hashtag:b\"c") };
    struct heard h = { .mem = mem };
    struct hub_sub *sub;
    struct ctx c;

    ctx_begin(&c, mem, &env);
    service_event_account(&c, EVENT_NOTIFICATION, 5, 6); /* nobody listens */
    assert_int_equal(hub_subscribe(env.hub, EVENT_TOPIC, hear, &h, &sub), ERR_OK);
    service_event(&c, &(struct event){ .kind = EVENT_DELETE,
                          .id = 9,
                          .account_id = 8,
                          .whole = true,
                          .readers = { readers, 2 },
                          .tags = { tags, 1 },
                          .topics = { topics, 2 } });
    assert_int_equal(h.n, 1);
    assert_int_equal(h.e.kind, EVENT_DELETE);
    assert_int_equal(h.e.id, 9);
    assert_int_equal(h.e.account_id, 8);
    assert_true(h.e.whole);
    assert_int_equal(h.e.readers.n, 2);
    assert_int_equal(h.e.readers.v[1], INT64_MAX);
    assert_int_equal(h.e.tags.v[0], 3);
    assert_int_equal(h.e.topics.n, 2);
    assert_true(str_eq(h.e.topics.v[1], S("hashtag:b\"c")));
    hub_unsubscribe(env.hub, sub);
    hub_free(env.hub);
}

UNIT(an_event_that_is_too_large_is_dropped)
{
    struct arena *mem = unit_mem();
    struct env env = { .hub = hub_new() };
    char *big = memset(arena_vec(mem, char, 200 * 1024), 'a', 200 * 1024);
    struct str topic = { big, 200 * 1024 }; /* many long hashtags of a post from elsewhere */
    struct heard h = { .mem = mem };
    struct hub_sub *sub;
    struct ctx c;

    ctx_begin(&c, mem, &env);
    assert_int_equal(hub_subscribe(env.hub, EVENT_TOPIC, hear, &h, &sub), ERR_OK);
    service_event(&c, &(struct event){ .kind = EVENT_DELETE, .id = 9, .topics = { &topic, 1 } });
    assert_int_equal(h.n, 0);
    hub_unsubscribe(env.hub, sub);
    hub_free(env.hub);
}

UNIT(an_event_of_a_transaction_waits_for_the_commit)
{
    struct arena *mem = unit_mem();
    struct env env = { .hub = hub_new() };
    struct heard h = { .mem = mem };
    struct hub_sub *sub;
    struct ctx c;

    ctx_begin(&c, mem, &env);
    assert_int_equal(hub_subscribe(env.hub, EVENT_TOPIC, hear, &h, &sub), ERR_OK);
    c.tx = DB_WRITE; /* as if a transaction were open */
    service_event_logins(&c);
    assert_int_equal(h.n, 0);
    c.tx = 0;
    ctx_run_after_commit(&c);
    assert_int_equal(h.n, 1);
    assert_int_equal(h.e.kind, EVENT_LOGINS);
    hub_unsubscribe(env.hub, sub);
    hub_free(env.hub);
}

UNIT(many_readers_go_in_portions_and_the_status_is_whole_once)
{
    struct arena *mem = unit_mem();
    struct env env = { .hub = hub_new() };
    struct heard h = { .mem = mem };
    struct status s = { .id = 1, .account_id = 2 };
    struct ids readers = { arena_vec(mem, int64_t, 2500), 2500 };
    struct hub_sub *sub;
    struct ctx c;

    for (size_t i = 0; i < readers.n; i++)
        readers.v[i] = (int64_t)i + 1;
    ctx_begin(&c, mem, &env);
    assert_int_equal(hub_subscribe(env.hub, EVENT_TOPIC, hear, &h, &sub), ERR_OK);
    service_event_home(&c, &s, &readers, true);
    assert_int_equal(h.n, 3);
    assert_false(h.e.whole);
    assert_int_equal(h.e.readers.n, 500);
    assert_int_equal(h.e.readers.v[499], 2500);
    service_event_home(&c, &s, &(struct ids){ 0 }, true);
    assert_int_equal(h.n, 4);
    assert_true(h.e.whole);
    hub_unsubscribe(env.hub, sub);
    hub_free(env.hub);
}

static bool
has(const struct strs *v, const char *topic)
{
    for (size_t i = 0; i < v->n; i++)
        if (str_eqz(v->v[i], topic))
            return true;
    return false;
}

UNIT(only_public_originals_are_in_streams_of_everybody)
{
    struct arena *mem = unit_mem();
    struct tag_ref tag = { .id = 1, .name = S("cats") };
    struct status s = { .id = 1, .account_id = 2, .local = true, .has_media = true, .tags = &tag, .n_tags = 1 };
    struct strs v = service_event_topics(mem, &s);

    assert_int_equal(v.n, 6);
    assert_true(
        has(&v, "public") && has(&v, "public:media") && has(&v, "public:local") && has(&v, "public:local:media"));
    assert_true(has(&v, "hashtag:cats") && has(&v, "hashtag:local:cats"));
    s.local = s.has_media = false;
    v = service_event_topics(mem, &s);
    assert_true(v.n == 3 && has(&v, "public:remote") && has(&v, "hashtag:cats"));
    s.in_reply_to_account_id = 3; /* a reply to somebody: only under its tags */
    v = service_event_topics(mem, &s);
    assert_true(v.n == 1 && has(&v, "hashtag:cats"));
    s.in_reply_to_account_id = 2; /* a thread */
    assert_int_equal(service_event_topics(mem, &s).n, 3);
    s.reblog_of_id = 4;
    assert_int_equal(service_event_topics(mem, &s).n, 0);
    s.reblog_of_id = 0;
    for (enum visibility vis = VIS_UNLISTED; vis < VIS_COUNT; vis++) {
        s.visibility = vis;
        assert_int_equal(service_event_topics(mem, &s).n, 0);
    }
}

UNIT(strange_bytes_are_no_event)
{
    static const char *const bad[] = { "", "x", "[]", "{}", "{\"kind\":\"nonsense\"}", "{\"kind\":1}" };
    struct arena *mem = unit_mem();
    struct event e;

    for (size_t i = 0; i < lengthof(bad); i++)
        assert_int_not_equal(service_event_read(mem, str_z(bad[i]), &e), ERR_OK);
}

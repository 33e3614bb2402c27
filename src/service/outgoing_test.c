/* Who gets what, and what it looks like: recipients by visibility, and the activity of each kind of action. */
#include "service/outgoing.h"

#include "base/clock.h"
#include "base/conf.h"
#include "base/id.h"
#include "base/json.h"
#include "service/delivery.h"
#include "service/delivery_queue.h"
#include "service/document.h"
#include "store/account.h"
#include "store/migrations.h"
#include "store/relation.h"
#include "store/status.h"
#include "unit_db.h"

struct world {
    struct db *db;
    struct ctx *c;
    int64_t alice, bob;                    /* ours; bob has a follower of his own */
    int64_t eve, ida, forger, loner, late; /* followers of alice; late follows bob, loner nobody */
};

static int64_t
person(struct ctx *c, const char *name, const char *host, const char *shared)
{
    int64_t id = id_new();
    struct account a = { .id = id,
        .username = str_z(name),
        .domain = str_z(host),
        .uri = *host == '\0' ? str_fmt(unit_mem(), "https://dassie.test/ap/users/%lld", (long long)id)
                             : str_fmt(unit_mem(), "https://%s/%s", host, name),
        .inbox = str_fmt(unit_mem(), "https://%s/%s/inbox", *host == '\0' ? "dassie.test" : host, name),
        .shared_inbox = str_z(shared),
        .actor_type = S("Person"),
        .handle_ok = true,
        .created_ms = clock_ms() };

    assert_ok(c, store_account_insert(c, &a));
    return id;
}

static void
follows(struct ctx *c, int64_t from, int64_t to)
{
    const struct follow f = {
        .id = id_new(), .account_id = from, .target_id = to, .uri = S("https://f.test/1"), .created_ms = clock_ms()
    };
    bool added;

    assert_ok(c, store_follow_put(c, &f, &added));
}

static struct world
world_new(struct db *db)
{
    static const struct config conf = {
        .origin = { "https://dassie.test", 19 }, .host = { "dassie.test", 11 }, .domain = { "dassie.test", 11 }
    };
    struct env *env = arena_new(unit_mem(), struct env);
    struct world w = { .db = db, .c = unit_db_ctx(db) };
    struct str why;
    int applied;

    *env = (struct env){ .db = db, .conf = &conf };
    w.c->env = env;
    assert_ok(w.c, db_migrate(w.c, store_migrations, store_migrations_n, &applied, &why));
    assert_ok(w.c, db_begin(w.c, DB_WRITE));
    w.alice = person(w.c, "alice", "", "");
    w.bob = person(w.c, "bob", "", "");
    w.eve = person(w.c, "eve", "a.test", "https://a.test/shared");
    w.ida = person(w.c, "ida", "a.test", "https://a.test/shared");
    w.forger = person(w.c, "forger", "b.test", "https://a.test/shared");
    w.loner = person(w.c, "loner", "c.test", "");
    w.late = person(w.c, "late", "d.test", "https://d.test/shared");
    follows(w.c, w.eve, w.alice);
    follows(w.c, w.ida, w.alice);
    follows(w.c, w.forger, w.alice);
    follows(w.c, w.bob, w.alice);
    follows(w.c, w.late, w.bob);
    assert_ok(w.c, db_commit(w.c));
    return w;
}

static struct status *
post(struct world *w, int64_t by, enum visibility v, int64_t mentioned, const struct status *parent, int64_t reblog_of)
{
    struct status s = { .id = id_new(),
        .account_id = by,
        .local = true,
        .visibility = v,
        .content = S("<p>words</p>"),
        .object_type = S("Note"),
        .language = S("de"),
        .reblog_of_id = reblog_of,
        .in_reply_to_id = parent == NULL ? 0 : parent->id,
        .in_reply_to_account_id = parent == NULL ? 0 : parent->account_id,
        .mentions = &(struct mention_ref){ .account_id = mentioned },
        .n_mentions = mentioned != 0,
        .created_ms = 1783425600000 };
    struct status *out;

    s.uri =
        ap_uri(unit_mem(), S("https://dassie.test"), reblog_of != 0 ? AP_URI_STATUS_ACTIVITY : AP_URI_STATUS, by, s.id);
    s.url = s.uri;
    assert_ok(w->c, db_begin(w->c, DB_WRITE));
    assert_ok(w->c, store_status_insert(w->c, &s));
    assert_ok(w->c, db_commit(w->c));
    assert_ok(w->c, store_status_get(w->c, s.id, &out));
    assert_ok(w->c, store_status_fill(w->c, &out, 1, 0));
    return out;
}

/* The inboxes in order of text, apart by a space. */
static struct str
inboxes(struct world *w, const struct status *s, bool wide)
{
    struct strs v;
    struct buf b;

    assert_ok(w->c, service_audience_status(w->c, s, wide, &v));
    buf_init(&b, unit_mem(), 4096);
    for (size_t i = 0; i < v.n; i++) {
        if (i > 0)
            buf_putc(&b, ' ');
        buf_put(&b, v.v[i]);
    }
    return buf_str(&b);
}

UNIT_DB(hosts_that_are_dead_get_what_somebody_waits_for)
{
    static const struct {
        struct str inbox, host;
        enum host_state state;
        int64_t days;
        int64_t rows[4]; /* by priority: urgent, normal, slow, farewell */
    } t[] = {
        { { "https://up.test/in", 18 }, { "up.test", 7 }, HOST_UP, 0, { 1, 1, 1, 1 } },
        { { "https://dead.test/in", 20 }, { "dead.test", 9 }, HOST_DEAD, 8, { 1, 0, 1, 1 } },
        { { "https://lost.test/in", 20 }, { "lost.test", 9 }, HOST_DEAD, 61, { 1, 0, 0, 1 } },
    };
    static const char *const names[lengthof(t)] = { "up", "dead", "lost" };
    struct world w = world_new(db);
    struct str to[lengthof(t)];
    int64_t sum[lengthof(t)] = { 0 }, n;

    assert_ok(w.c, db_begin(w.c, DB_WRITE));
    for (size_t i = 0; i < lengthof(t); i++) {
        const struct host_row h = {
            .name = t[i].host, .state = t[i].state, .first_failure_ms = clock_ms() - t[i].days * DAY_MS
        };

        to[i] = t[i].inbox;
        assert_ok(w.c, store_host_put(w.c, &h));
        assert_string_equal(service_host_state_name(&h), names[i]);
    }
    assert_ok(w.c, db_commit(w.c));
    for (int p = DELIVERY_URGENT; p <= DELIVERY_FAREWELL; p++) {
        const struct activity a = {
            .id = 900 + p, .uri = S("https://dassie.test/x"), .body = S("{}"), .created_ms = 1
        };

        assert_ok(w.c, service_delivery_send(w.c, &a, &(struct strs){ to, lengthof(t) }, (enum delivery_priority)p));
        for (size_t i = 0; i < lengthof(t); i++) {
            sum[i] += t[i].rows[p];
            assert_ok(w.c, store_delivery_count(w.c, t[i].host, &n));
            assert_int_equal(n, sum[i]);
        }
    }
}

UNIT_DB(audience_follows_visibility)
{
    struct world w = world_new(db);

    assert_str(inboxes(&w, post(&w, w.alice, VIS_PUBLIC, w.loner, NULL, 0), false),
        "https://a.test/shared https://b.test/forger/inbox https://c.test/loner/inbox");
    assert_str(inboxes(&w, post(&w, w.alice, VIS_UNLISTED, 0, NULL, 0), false),
        "https://a.test/shared https://b.test/forger/inbox");
    assert_str(inboxes(&w, post(&w, w.alice, VIS_PRIVATE, w.loner, NULL, 0), false),
        "https://a.test/shared https://b.test/forger/inbox https://c.test/loner/inbox");
    assert_str(inboxes(&w, post(&w, w.alice, VIS_DIRECT, w.eve, NULL, 0), false), "https://a.test/eve/inbox");
    assert_str(inboxes(&w, post(&w, w.alice, VIS_DIRECT, w.bob, NULL, 0), false), "");
    assert_str(inboxes(&w, post(&w, w.alice, VIS_LIMITED, w.ida, NULL, 0), false), "https://a.test/ida/inbox");
}

/* Bob's followers follow the thread; what was private stays so. */
UNIT_DB(audience_of_answers)
{
    struct world w = world_new(db);
    struct status *parent = post(&w, w.bob, VIS_PUBLIC, 0, NULL, 0);

    assert_str(inboxes(&w, post(&w, w.alice, VIS_PUBLIC, 0, parent, 0), false),
        "https://a.test/shared https://b.test/forger/inbox https://d.test/shared");
    assert_str(inboxes(&w, post(&w, w.alice, VIS_PRIVATE, 0, parent, 0), false),
        "https://a.test/shared https://b.test/forger/inbox");
    assert_str(inboxes(&w, post(&w, w.alice, VIS_DIRECT, w.loner, parent, 0), false), "https://c.test/loner/inbox");
}

UNIT_DB(audience_leaves_out_suspended_domains)
{
    struct world w = world_new(db);
    const struct domain_policy p = { .domain = S("test"), .severity = DOMAIN_SUSPEND };

    assert_ok(w.c, db_begin(w.c, DB_WRITE));
    assert_ok(w.c, store_domain_policy_put(w.c, &p));
    assert_ok(w.c, db_commit(w.c));
    assert_str(inboxes(&w, post(&w, w.alice, VIS_PUBLIC, w.loner, NULL, 0), false), "");
}

/* ---- activities -------------------------------------------------------------------------------------------------- */

static const struct val *
built(struct world *w, const struct fed_action *a, struct outgoing *out)
{
    const struct val *v;

    assert_ok(w->c, service_outgoing_build(w->c, a, 77, out));
    if (out->activity.body.n == 0)
        return NULL;
    assert_int_equal(json_parse(unit_mem(), out->activity.body, NULL, &v), ERR_OK);
    assert_int_equal(out->activity.id, 77);
    assert_str(val_str(val_get(v, S("id"))), str_cz(unit_mem(), out->activity.uri));
    return v;
}

UNIT_DB(actions_between_two_people_name_both)
{
    static const struct {
        enum fed_kind kind;
        const char *type, *inner, *id;
    } want[] = {
        { FED_FOLLOW, "Follow", NULL, "urn:x" },
        { FED_UNDO_FOLLOW, "Undo", "Follow", "urn:x/undo" },
        { FED_LIKE, "Like", NULL, "urn:x" },
        { FED_UNDO_LIKE, "Undo", "Like", "urn:x/undo" },
        { FED_BLOCK, "Block", NULL, "urn:x" },
        { FED_UNDO_BLOCK, "Undo", "Block", "urn:x/undo" },
        { FED_ACCEPT_FOLLOW, "Accept", "Follow", NULL },
        { FED_REJECT_FOLLOW, "Reject", "Follow", NULL },
    };
    struct world w = world_new(db);

    for (size_t i = 0; i < lengthof(want); i++) {
        struct fed_action a = { .kind = want[i].kind,
            .account_id = w.alice,
            .target_id = w.eve,
            .uri = S("urn:x"),
            .object_uri = S("urn:post") };
        struct outgoing out;
        const struct val *v = built(&w, &a, &out), *inner = val_get(v, S("object"));
        bool answer = a.kind == FED_ACCEPT_FOLLOW || a.kind == FED_REJECT_FOLLOW;

        assert_str(val_str(val_get(v, S("type"))), want[i].type);
        assert_str(val_str(val_get(v, S("actor"))),
            str_cz(unit_mem(), ap_uri(unit_mem(), S("https://dassie.test"), AP_URI_ACTOR, w.alice, 0)));
        if (want[i].id != NULL)
            assert_str(val_str(val_get(v, S("id"))), want[i].id);
        assert_int_equal(out.inboxes.n, 1);
        assert_str(out.inboxes.v[0], "https://a.test/eve/inbox");
        assert_int_equal(out.priority, DELIVERY_URGENT);
        if (want[i].inner == NULL)
            continue;
        assert_str(val_str(val_get(inner, S("type"))), want[i].inner);
        assert_str(val_str(val_get(inner, S("id"))), "urn:x");
        assert_str(val_str(val_get(inner, S("actor"))),
            answer ? "https://a.test/eve" : str_cz(unit_mem(), val_str(val_get(v, S("actor")))));
    }
}

/* Deletes win: what is gone meanwhile is not told of, and a suspended account only takes back. */
UNIT_DB(actions_on_what_is_gone_say_nothing)
{
    struct world w = world_new(db);
    struct status *s = post(&w, w.alice, VIS_PUBLIC, 0, NULL, 0);
    struct outgoing out;
    struct account *a;

    assert_null(built(&w, &(struct fed_action){ FED_STATUS_CREATE, w.alice, .status_id = 12 }, &out));
    assert_null(built(&w, &(struct fed_action){ FED_FOLLOW, w.alice, .target_id = 12 }, &out));
    assert_non_null(built(&w, &(struct fed_action){ FED_STATUS_CREATE, w.alice, .status_id = s->id }, &out));
    assert_int_equal(out.activity.status_id, s->id);
    assert_ok(w.c, db_begin(w.c, DB_WRITE));
    assert_ok(w.c, store_account_hold(w.c, w.alice, &a));
    a->suspended_ms = 1;
    assert_ok(w.c, store_account_update(w.c, a));
    assert_ok(w.c, db_commit(w.c));
    assert_null(built(&w, &(struct fed_action){ FED_STATUS_CREATE, w.alice, .status_id = s->id }, &out));
    assert_non_null(
        built(&w, &(struct fed_action){ FED_STATUS_DELETE, w.alice, .status_id = s->id, .object_uri = s->uri }, &out));
    assert_int_equal(out.activity.status_id, 0);
    assert_int_equal(out.priority, DELIVERY_NORMAL);
    built(&w, &(struct fed_action){ FED_STATUS_DELETE, w.alice, .object_uri = s->uri, .slow = true }, &out);
    assert_int_equal(out.priority, DELIVERY_SLOW);
}

/* A job that runs twice adds nothing; one that was cut adds what is missing. */
UNIT_DB(sending_again_adds_what_is_missing)
{
    struct world w = world_new(db);
    const struct activity a = { .id = 5, .uri = S("urn:a"), .body = S("{}"), .account_id = w.alice, .created_ms = 1 };
    struct strs v = { arena_vec(unit_mem(), struct str, 1200), 700 };
    const struct delivery_query q = {
        .now_ms = clock_ms() + DAY_MS, .lease_ms = 1000, .max = 5000, .max_per_host = 40
    };
    struct deliveries got;
    int64_t next;

    for (size_t i = 0; i < 1200; i++)
        v.v[i] = str_fmt(unit_mem(), "https://h%zu.test/%zu", i % 20, i);
    assert_ok(w.c, service_delivery_send(w.c, &a, &v, DELIVERY_NORMAL));
    v.n = 1200;
    assert_ok(w.c, service_delivery_send(w.c, &a, &v, DELIVERY_NORMAL));
    assert_ok(w.c, service_delivery_claim(w.c, &q, &got, &next));
    assert_int_equal(got.n, 20 * 40); /* a fair share of each host */
    assert_int_equal(got.v[0].account_id, w.alice);
    assert_true(next > 0 && next <= q.now_ms);
    assert_ok(w.c, service_delivery_claim(w.c, &q, &got, &next));
    assert_int_equal(got.n, 1200 - 20 * 40);
    assert_int_equal(next, 0);
    assert_ok(w.c, service_delivery_claim(w.c, &q, &got, &next));
    assert_int_equal(got.n, 0);
}

/* Whoever stood still for longer than his lease changes nothing of what another one has, or has done. */
UNIT_DB(a_delivery_is_settled_by_who_claimed_it_last)
{
    struct world w = world_new(db);
    const struct activity a = { .id = 5, .uri = S("urn:a"), .body = S("{}"), .account_id = w.alice, .created_ms = 1 };
    struct str inbox = S("https://a.test/in");
    struct delivery_query q = { .now_ms = clock_ms() + MINUTE_MS, .lease_ms = 1000, .max = 10, .max_per_host = 10 };
    struct deliveries first, second, got;
    struct delivery_report late = { .n_rows = 1 }, report = { .n_rows = 1 };
    int64_t next;

    assert_ok(w.c, service_delivery_send(w.c, &a, &(struct strs){ &inbox, 1 }, DELIVERY_NORMAL));
    assert_ok(w.c, service_delivery_claim(w.c, &q, &first, &next));
    q.now_ms += q.lease_ms;
    assert_ok(w.c, service_delivery_claim(w.c, &q, &second, &next));
    assert_int_equal(second.n, 1);

    late.rows = first.v; /* given back */
    assert_ok(w.c, service_delivery_report(w.c, &late));
    assert_ok(w.c, service_delivery_claim(w.c, &q, &got, &next));
    assert_int_equal(got.n, 0);

    second.v[0].state = DELIVERY_DONE;
    report.rows = second.v;
    assert_ok(w.c, service_delivery_report(w.c, &report));
    assert_ok(w.c, service_delivery_report(w.c, &late));
    q.now_ms += HOUR_MS;
    assert_ok(w.c, service_delivery_claim(w.c, &q, &got, &next));
    assert_int_equal(got.n, 0);
}

/* Send one of these to eve, or to her and another inbox too. */
static void
send(struct world *w, enum fed_kind kind, int64_t number, const char *also)
{
    struct fed_action a = { .kind = kind, .account_id = w->alice, .uri = S("urn:x") };
    struct strs inboxes = { arena_vec(unit_mem(), struct str, 2), 0 };
    struct outgoing out;

    if (kind == FED_LIKE || kind == FED_UNDO_LIKE || kind == FED_PIN || kind == FED_UNPIN)
        a.object_uri = S("urn:post");
    a.target_id = w->eve;
    assert_ok(w->c, service_outgoing_build(w->c, &a, number, &out));
    inboxes.v[inboxes.n++] = S("https://a.test/eve/inbox");
    if (also != NULL)
        inboxes.v[inboxes.n++] = str_z(also);
    assert_ok(w->c, service_delivery_send(w->c, &out.activity, &inboxes, DELIVERY_URGENT));
}

/* "activity>inbox" of all that is due, in order of the activities. */
static const char *
due(struct world *w)
{
    const struct delivery_query q = { .now_ms = clock_ms(), .lease_ms = 1000, .max = 50, .max_per_host = 40 };
    struct deliveries got;
    int64_t next, last = 0;
    struct buf b;

    buf_init(&b, unit_mem(), 4096);
    assert_ok(w->c, service_delivery_claim(w->c, &q, &got, &next));
    for (size_t n = 0; n < got.n; n++) {
        size_t k = got.n;

        for (size_t i = 0; i < got.n; i++)
            if (got.v[i].activity_id > last && (k == got.n || got.v[i].activity_id < got.v[k].activity_id))
                k = i;
        if (k == got.n)
            break;
        last = got.v[k].activity_id;
        for (size_t i = 0; i < got.n; i++)
            if (got.v[i].activity_id == last)
                buf_putf(&b, "%lld>%.*s ", (long long)last, STR_ARG(got.v[i].host));
    }
    return str_cz(unit_mem(), buf_str(&b));
}

/* Of what says how things are the newest goes out, whatever became of the others: put off, written late, or never sent. */
UNIT_DB(the_newest_of_a_topic_goes_out)
{
    struct world w = world_new(db);

    send(&w, FED_UNDO_FOLLOW, 12, NULL);
    send(&w, FED_FOLLOW, 11, NULL); /* its job was the later one */
    assert_string_equal(due(&w), "12>a.test ");
    send(&w, FED_FOLLOW, 13, NULL);
    send(&w, FED_LIKE, 14, NULL); /* of something else */
    send(&w, FED_BLOCK, 15, NULL);
    assert_string_equal(due(&w), "13>a.test 14>a.test 15>a.test ");
    send(&w, FED_PIN, 21, "https://b.test/in");
    send(&w, FED_UNPIN, 22, NULL); /* who does not hear the newer one keeps the older */
    assert_string_equal(due(&w), "21>b.test 22>a.test ");
    assert_string_equal(due(&w), "");
}

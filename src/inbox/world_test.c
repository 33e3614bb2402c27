/* The world of world_test.h. */
#include "inbox/world_test.h"

#include "ap/check.h"
#include "ap/httpsig.h"
#include "ap/webfinger.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/conf.h"
#include "base/json.h"
#include "base/url.h"
#include "crypto/secretbox.h"
#include "http/client.h"
#include "http/limit.h"
#include "inbox/activity.h"
#include "inbox/inbox.h"
#include "model/quote.h"
#include "queue/queue.h"
#include "service/receive_quote.h"
#include "service/resolve_internal.h"
#include "service/timeline.h"
#include "store/account.h"
#include "store/migrations.h"
#include "store/poll.h"
#include "store/relation.h"
#include "store/status.h"
#include "unit_db.h"

enum { AT_TOMBSTONE = WORLD_COUNTS - 2 };

static struct {
    struct ctx *c;
    struct env *env;
    struct router *router;
    struct private_key key;
} world;

/* ---- statements ----------------------------------------------------------------------------------------------------- */

/* Statements are known by their address: one for each literal. */
static const struct db_sql *
statement(const char *sql)
{
    static struct db_sql made[200];
    static size_t n;

    for (size_t i = 0; i < n; i++)
        if (made[i].sqlite == sql)
            return &made[i];
    CHECK(n < lengthof(made));
    made[n] = (struct db_sql)SQL(sql);
    return &made[n++];
}

void
world_run(const char *sql)
{
    assert_ok(world.c, db_begin(world.c, DB_WRITE));
    assert_ok(world.c, db_exec(world.c, statement(sql), DB_NO_ARGS, NULL));
    assert_ok(world.c, db_commit(world.c));
}

/* ---- people and posts of ours ------------------------------------------------------------------------------------------ */

static void
make_person(struct ctx *c, int64_t id, const char *name)
{
    struct account a = { .id = id,
        .username = str_z(name),
        .uri = str_fmt(unit_mem(), WORLD_ORIGIN "/ap/users/%d", (int)id),
        .actor_type = S("Person"),
        .handle_ok = true,
        .created_ms = clock_ms() };

    assert_ok(c, store_account_insert(c, &a));
}

static void
make_post(struct ctx *c, int64_t id, enum visibility v)
{
    struct status s = { .id = id,
        .uri = str_fmt(unit_mem(), WORLD_OUR "/statuses/%d", (int)id),
        .account_id = WORLD_ALICE,
        .local = true,
        .visibility = v,
        .quote_policy = quote_policy(QUOTE_CHOICE_PUBLIC),
        .object_type = id == WORLD_POLL ? S("Question") : S("Note"),
        .created_ms = clock_ms() };

    assert_ok(c, store_conversation_get(c, S(""), &s.conversation_id));
    assert_ok(c, store_status_insert(c, &s));
}

static void
make_ours(struct ctx *c)
{
    struct poll_option options[] = { { S("a"), 0 }, { S("b"), 0 } };
    struct poll p = { .id = 90,
        .status_id = WORLD_POLL,
        .expires_ms = clock_ms() + DAY_MS,
        .options = options,
        .n = lengthof(options),
        .created_ms = clock_ms() };

    assert_ok(c, db_begin(c, DB_WRITE));
    make_person(c, WORLD_ALICE, "alice");
    make_person(c, WORLD_BOB, "bob");
    make_post(c, WORLD_POST, VIS_PUBLIC);
    make_post(c, WORLD_SECRET, VIS_PRIVATE);
    make_post(c, WORLD_POLL, VIS_PUBLIC);
    assert_ok(c, store_poll_insert(c, &p));
    assert_ok(c, db_commit(c));
}

void
world_new_key(void)
{
    struct public_key pub;

    assert_int_equal(key_new(unit_mem(), KEY_RSA, &world.key, &pub), ERR_OK);
    web_key(key_pem(unit_mem(), &pub));
}

struct ctx *
world_new(struct db *db)
{
    static const struct config conf = { .origin = { "https://dassie.test", 19 },
        .host = { "dassie.test", 11 },
        .domain = { "dassie.test", 11 },
        .federation_http = true };
    const struct http_client_options o = { .own_origin = conf.origin };
    struct env *env = arena_new(unit_mem(), struct env);
    struct ctx *c = unit_db_ctx(db);
    struct str why;
    int applied;

    world.c = c;
    world.env = env;
    *env = (struct env){ .conf = &conf, .db = db };
    env->queue = queue_new(unit_mem(), env);
    assert_int_equal(http_client_new(&o, NULL, &env->client), ERR_OK);
    assert_int_equal(secret_box_from_key(S("0123456789abcdef0123456789abcdef"), &env->box), ERR_OK);
    web_clear();
    world_new_key();
    web_other = NULL;
    world.router = router_new();
    inbox_routes(world.router);
    c->env = env;
    assert_ok(c, db_migrate(c, store_migrations, store_migrations_n, &applied, &why));
    make_ours(c);
    resolve_cache_clear();
    limit_reset();
    return c;
}

void
world_end(void)
{
    http_client_free(world.env->client);
    secret_box_free(world.env->box);
    router_free(world.router);
}

void
world_reset(void)
{
    static const struct db_sql gone[] = { SQL("DELETE FROM status WHERE NOT local"),
        SQL("DELETE FROM account WHERE domain <> ''"), SQL("DELETE FROM tombstone"), SQL("DELETE FROM inbound"),
        SQL("DELETE FROM job"), SQL("DELETE FROM notification"), SQL("DELETE FROM emoji"), SQL("DELETE FROM report"),
        SQL("DELETE FROM poll_vote"), SQL("DELETE FROM activity"), SQL("DELETE FROM domain_policy"),
        SQL("DELETE FROM status_tag"), SQL("DELETE FROM status WHERE id > 9"),
        SQL("UPDATE poll SET options = '[{\"title\":\"a\",\"votes\":0},{\"title\":\"b\",\"votes\":0}]', voters = 0") };

    assert_ok(world.c, db_begin(world.c, DB_WRITE));
    for (size_t i = 0; i < lengthof(gone); i++)
        assert_ok(world.c, db_exec(world.c, &gone[i], DB_NO_ARGS, NULL));
    assert_ok(world.c, db_commit(world.c));
    web_clear();
    resolve_cache_clear();
}

/* ---- deliveries ------------------------------------------------------------------------------------------------------- */

static struct outcome
outcome_of(const struct ctx *c, enum err e)
{
    return (struct outcome){ .err = e,
        .why = e == ERR_OK            ? S("")
               : c->fail.detail.n > 0 ? str_dup(unit_mem(), c->fail.detail)
                                      : str_dup(unit_mem(), c->fail.public_text) };
}

/* The request as the other server would sign and send it. */
static enum err
post(struct ctx *c, struct str signer, int64_t inbox, struct str body)
{
    struct str path = inbox == 0 ? S("/inbox") : str_fmt(c->mem, "/ap/users/%d/inbox", (int)inbox), allow;
    struct sha256 sum = sha256(body);
    struct ap_sig_headers h;
    struct url u;
    struct req r = { .method = HTTP_POST,
        .method_text = S("POST"),
        .target = path,
        .path = path,
        .body = body,
        .body_fd = -1,
        .body_n = (int64_t)body.n,
        .client_ip = S("192.0.2.1"),
        .res = { .fd = -1 } };

    if (!url_parse(c->mem, signer, &u))
        return ctx_fail(c, ERR_INVALID, "nobody who could sign");
    TRY(ap_sig_make(c->mem,
        &(struct ap_sig_out){ .dialect = AP_SIG_CAVAGE,
            .method = S("POST"),
            .url = str_cat(c->mem, S(WORLD_ORIGIN), path, STR_NONE),
            .content_type = S("application/activity+json"),
            .body_sha256 = &sum,
            .keyid = str_cat(c->mem, signer, S("#k"), STR_NONE),
            .key = &world.key,
            .now_ms = clock_ms() },
        &h));
    r.headers = h.v;
    r.n_headers = h.n;
    TRY(router_find(world.router, c->mem, HTTP_POST, path, &r, &allow));
    TRY(r.route->fn(c, &r));
    if (r.wait != WAIT_ASKED)
        return ERR_OK;
    r.wait = WAIT_RUNS; /* on another thread of the server */
    return r.route->fn(c, &r);
}

static const struct db_sql next_inbound = SQL("SELECT id FROM inbound WHERE done = FALSE ORDER BY id LIMIT 1");
static const struct db_sql all_done = SQL("UPDATE inbound SET done = TRUE");
static const struct db_sql next_job = SQL("SELECT id, kind, args FROM job WHERE kind IN ('fan_out', 'verify_quote') "
                                          "ORDER BY id LIMIT 1");
static const struct db_sql drop_job = SQL("DELETE FROM job WHERE id = $1");

/* What the handlers put off: homes, notifications, consent to quotes. */
static void
run_jobs(struct ctx *c)
{
    const struct db_row *r;

    for (;;) {
        const struct val *args;
        int64_t id;
        enum err e;

        assert_ok(c, db_maybe(c, &next_job, DB_NO_ARGS, &r));
        if (r == NULL)
            return;
        assert_int_equal(json_parse(c->mem, db_str(r, 2), NULL, &args), ERR_OK);
        id = strtoll(str_cz(c->mem, val_str(val_get(args, S("id")))), NULL, 10);
        assert_ok(c, db_begin(c, DB_WRITE));
        assert_ok(c, db_exec(c, &drop_job, DB_ARGS(D_INT(db_int(r, 0))), NULL));
        assert_ok(c, db_commit(c));
        if (str_eq(db_str(r, 1), S("fan_out")))
            e = service_timeline_fan_out(c, id);
        else
            e = service_quote_verify(
                c, id, val_str(val_get(args, S("approval"))), (int)val_int(val_get(args, S("levels")), 1));
        if (e != ERR_OK && err_fate(e) != FATE_DROP && e != ERR_REMOTE && e != ERR_NOT_FOUND)
            fail_msg("job: %s %.*s", err_name(e), STR_ARG(c->fail.detail));
        ctx_ok(c);
    }
}

/* The job of the activity, and once more as after a crash: the second time changes nothing. */
static struct outcome
run_inbound(struct ctx *c)
{
    struct job job = { .kind = J_PROCESS_ACTIVITY, .tries = 1, .tries_max = 1 };
    const struct db_row *r;
    struct counts once, twice;
    struct outcome out;

    assert_ok(c, db_maybe(c, &next_inbound, DB_NO_ARGS, &r));
    if (r == NULL)
        return (struct outcome){ .ignored = true, .why = S("") };
    job.arg_id = db_int(r, 0);
    out = outcome_of(c, inbox_process(c, job.arg_id));
    db_rollback(c);
    ctx_ok(c);
    run_jobs(c);
    once = world_count();
    if (job_process_activity(c, &job) != ERR_OK) {
        assert_int_equal(err_fate(out.err), FATE_RETRY);
        assert_ok(c, db_begin(c, DB_WRITE));
        assert_ok(c, db_exec(c, &all_done, DB_NO_ARGS, NULL));
        assert_ok(c, db_commit(c));
    }
    ctx_ok(c);
    run_jobs(c);
    twice = world_count();
    once.v[AT_TOMBSTONE] = twice.v[AT_TOMBSTONE]; /* what is gone already is remembered */
    if (memcmp(&once, &twice, sizeof(once)) != 0)
        fail_msg("the second run changes: %.*s", STR_ARG(world_diff(&once, &twice)));
    return out;
}

/* Two deliveries of the same bytes within a second would be a replay. */
static struct str
unlike_before(struct arena *a, struct str body)
{
    static int serial;
    int n = serial++ % 1000;
    char *p = arena_alloc(a, body.n + 1000, 1);

    memcpy(p, body.p, body.n);
    memset(p + body.n, ' ', (size_t)n);
    return (struct str){ p, body.n + (size_t)n };
}

struct outcome
world_deliver(struct str signer, int64_t inbox, struct str body)
{
    struct outcome out;
    struct ctx c;
    enum err e;

    (void)web_requests();
    ctx_begin(&c, arena_new_heap(), world.env);
    e = post(&c, signer, inbox, unlike_before(c.mem, body));
    out = outcome_of(&c, e);
    ctx_release(&c);
    ctx_ok(&c);
    if (e == ERR_OK)
        out = run_inbound(&c);
    ctx_end(&c);
    arena_free(c.mem);
    return out;
}

struct outcome
world_search(struct str url)
{
    struct budget b = budget_new();
    struct resolved found;
    struct outcome out;
    struct ctx c;

    (void)web_requests();
    ctx_begin(&c, arena_new_heap(), world.env);
    out = outcome_of(&c, service_resolve_url(&c, &b, url, &found));
    db_rollback(&c);
    ctx_ok(&c);
    run_jobs(&c);
    ctx_end(&c);
    arena_free(c.mem);
    return out;
}

void
world_knows(struct str actor)
{
    struct budget b = budget_new();
    struct account *a;
    struct ctx c;

    ctx_begin(&c, arena_new_heap(), world.env);
    assert_ok(&c, service_resolve_actor(&c, &b, actor, &a));
    ctx_end(&c);
    arena_free(c.mem);
}

void
world_follows(struct str actor, bool request)
{
    struct follow f = { .id = 77, .account_id = WORLD_ALICE, .uri = S(WORLD_OUR "#follows/77"), .reblogs = true };
    struct budget b = budget_new();
    struct account *a;
    struct ctx c;
    bool added;

    ctx_begin(&c, arena_new_heap(), world.env);
    if (service_resolve_actor(&c, &b, actor, &a) == ERR_OK) {
        f.target_id = a->id;
        f.created_ms = clock_ms();
        assert_ok(&c, db_begin(&c, DB_WRITE));
        assert_ok(&c, request ? store_follow_request_put(&c, &f, &added) : store_follow_put(&c, &f, &added));
        assert_ok(&c, db_commit(&c));
    }
    ctx_end(&c);
    arena_free(c.mem);
}

/* ---- counts ----------------------------------------------------------------------------------------------------------- */

#define COUNTS(X)                                                                                                      \
    X("account", "account WHERE domain <> '' AND suspended_ms IS NULL")                                                \
    X("post", "status WHERE NOT local AND reblog_of_id IS NULL")                                                       \
    X("boost", "status WHERE NOT local AND reblog_of_id IS NOT NULL")                                                  \
    X("edit", "status_edit")                                                                                           \
    X("reply", "status WHERE in_reply_to_id IS NOT NULL")                                                              \
    X("mention", "mention")                                                                                            \
    X("tag", "status_tag")                                                                                             \
    X("media", "media WHERE status_id IS NOT NULL")                                                                    \
    X("poll", "poll")                                                                                                  \
    X("vote", "poll_vote")                                                                                             \
    X("quote", "quote WHERE state = 0")                                                                                \
    X("quoted", "quote WHERE state = 1")                                                                               \
    X("unquoted", "quote WHERE state > 1")                                                                             \
    X("like", "favourite")                                                                                             \
    X("reaction", "status_reaction")                                                                                   \
    X("follow", "follow")                                                                                              \
    X("request", "follow_request")                                                                                     \
    X("block", "block")                                                                                                \
    X("pin", "pin")                                                                                                    \
    X("featured_tag", "featured_tag")                                                                                  \
    X("report", "report")                                                                                              \
    X("notification", "notification")                                                                                  \
    X("tombstone", "tombstone")                                                                                        \
    X("emoji", "emoji")

#define X(name, from) ", (SELECT count(*) FROM " from ")"
static const struct db_sql count_all = SQL("SELECT 0" COUNTS(X));
#undef X

struct counts
world_count(void)
{
    struct counts n;
    const struct db_row *r;

    assert_ok(world.c, db_one(world.c, &count_all, DB_NO_ARGS, &r));
    assert_int_equal(r->n, WORLD_COUNTS + 1);
    for (size_t i = 0; i < WORLD_COUNTS; i++)
        n.v[i] = db_int(r, i + 1);
    return n;
}

struct str
world_diff(const struct counts *before, const struct counts *after)
{
#define X(name, from) name,
    static const char *const names[WORLD_COUNTS] = { COUNTS(X) };
#undef X
    struct buf b;

    buf_init(&b, unit_mem(), 4096);
    for (size_t i = 0; i < WORLD_COUNTS; i++)
        if (before->v[i] != after->v[i])
            buf_put(&b, str_fmt(unit_mem(), "%s%s%+d", buf_str(&b).n > 0 ? " " : "", names[i],
                            (int)(after->v[i] - before->v[i])));
    return buf_str(&b);
}

struct str
world_text(const char *sql)
{
    const struct db_row *r;

    assert_ok(world.c, db_maybe(world.c, statement(sql), DB_NO_ARGS, &r));
    return r == NULL ? STR_NONE : str_dup(unit_mem(), db_str(r, 0));
}

int64_t
world_int(const char *sql)
{
    const struct db_row *r;

    assert_ok(world.c, db_maybe(world.c, statement(sql), DB_NO_ARGS, &r));
    return r == NULL ? 0 : db_int(r, 0);
}

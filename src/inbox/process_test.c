/*
 * Number 52 of the list of what must not break, for the documents of other servers: each member of each kind of activity, at any depth,
 * is replaced by each JSON type, left out, and doubled.  The job ends in peace, whatever comes.
 */
#include "inbox/inbox.h"

#include "ap/check.h"
#include "ap/read_actor.h"
#include "base/arena.h"
#include "base/clock.h"
#include "base/conf.h"
#include "base/json.h"
#include "base/log.h"
#include "crypto/secretbox.h"
#include "http/client.h"
#include "service/receive.h"
#include "service/resolve.h"
#include "store/account.h"
#include "store/migrations.h"
#include "store/status.h"
#include "unit_db.h"

#define EVE "https://far.test/users/eve"
#define OUR "https://dassie.test/ap/users/1"
#define NOTE                                                                                                           \
    "{\"id\":\"https://far.test/notes/1\",\"type\":\"Note\",\"attributedTo\":\"" EVE                                   \
    "\",\"to\":[\"https://www.w3.org/ns/activitystreams#Public\"],\"cc\":[\"" OUR "\"],\"content\":\"<p>x</p>\","      \
    "\"contentMap\":{\"en\":\"<p>x</p>\"},\"summary\":\"s\",\"sensitive\":true,"                                       \
    "\"published\":\"2026-01-01T00:00:00Z\",\"updated\":\"2026-01-02T00:00:00Z\",\"inReplyTo\":\"" OUR                 \
    "/statuses/7\",\"url\":[{\"type\":\"Link\",\"href\":\"https://far.test/1\",\"mediaType\":\"text/html\"}],"         \
    "\"tag\":[{\"type\":\"Mention\",\"href\":\"" OUR "\",\"name\":\"@alice\"},"                                        \
    "{\"type\":\"Hashtag\",\"name\":\"#a\",\"href\":\"https://far.test/t/a\"},"                                        \
    "{\"type\":\"Emoji\",\"id\":\"https://far.test/e/1\",\"name\":\":e:\",\"updated\":\"2026-01-01T00:00:00Z\","       \
    "\"icon\":{\"type\":\"Image\",\"mediaType\":\"image/png\",\"url\":\"https://far.test/e.png\"}}],"                  \
    "\"attachment\":[{\"type\":\"Document\",\"mediaType\":\"image/png\",\"url\":\"https://far.test/1.png\","           \
    "\"name\":\"d\",\"blurhash\":\"UBL_:rOpGG-oBUNG,qRj2so|=eE1w^n4S5NH\",\"focalPoint\":[0.5,-0.5],\"width\":2,"      \
    "\"height\":3,\"duration\":\"PT5S\",\"icon\":{\"url\":\"https://far.test/t.png\"}}],"                              \
    "\"replies\":{\"id\":\"https://far.test/r\",\"type\":\"Collection\",\"first\":{\"items\":[]}},"                    \
    "\"likes\":{\"totalItems\":3},\"shares\":{\"totalItems\":4},\"conversation\":\"tag:far.test:1\","                  \
    "\"context\":\"https://far.test/c\",\"interactionPolicy\":{\"canQuote\":{\"automaticApproval\":[\"" EVE "\"]}}}"
#define ACTOR                                                                                                          \
    "{\"id\":\"" EVE "\",\"type\":\"Person\",\"preferredUsername\":\"eve\",\"name\":\"E\",\"summary\":\"<p>s</p>\","   \
    "\"inbox\":\"" EVE "/inbox\",\"outbox\":\"" EVE "/outbox\",\"followers\":\"" EVE "/followers\","                   \
    "\"following\":\"" EVE "/following\",\"featured\":\"" EVE "/featured\",\"url\":\"https://far.test/@eve\","         \
    "\"endpoints\":{\"sharedInbox\":\"https://far.test/inbox\"},\"manuallyApprovesFollowers\":true,"                   \
    "\"discoverable\":true,\"published\":\"2026-01-01T00:00:00Z\","                                                    \
    "\"icon\":{\"type\":\"Image\",\"mediaType\":\"image/png\",\"url\":\"https://far.test/i.png\",\"summary\":\"k\"},"  \
    "\"image\":{\"type\":\"Image\",\"url\":\"https://far.test/h.png\"},"                                               \
    "\"attachment\":[{\"type\":\"PropertyValue\",\"name\":\"n\",\"value\":\"v\"}],\"alsoKnownAs\":[\"" EVE             \
    "2\"],\"attributionDomains\":[\"far.test\"],\"publicKey\":{\"id\":\"" EVE "#main-key\",\"owner\":\"" EVE           \
    "\",\"publicKeyPem\":\"x\"},\"assertionMethod\":[{\"id\":\"" EVE                                                   \
    "#ed\",\"type\":\"Multikey\",\"controller\":\"" EVE "\",\"publicKeyMultibase\":\"z6Mk\"}]}"
#define SAYS(type, n, object)                                                                                          \
    "{\"@context\":[\"https://www.w3.org/ns/activitystreams\",{\"a\":\"b\"}],\"id\":\"https://far.test/a/" n           \
    "\",\"type\":\"" type "\",\"actor\":\"" EVE "\",\"to\":[\"" OUR "\"],\"cc\":\"" EVE                                \
    "/followers\",\"published\":\"2026-01-01T00:00:00Z\",\"object\":" object

/* One for each line of activities.def, some in two shapes, and types on which nobody acts. */
static const char *const documents[] = {
    SAYS("Create", "1", NOTE) "}",
    SAYS("Update", "2", NOTE) "}",
    SAYS("Update", "3", ACTOR) "}",
    SAYS("Announce", "4", "\"" OUR "/statuses/7\"") "}",
    SAYS("Announce", "5", NOTE) "}",
    SAYS("Like", "6", "\"" OUR "/statuses/7\"") ",\"content\":\":e:\",\"tag\":[{\"type\":\"Emoji\"}]}",
    SAYS("EmojiReact", "7", "\"" OUR "/statuses/7\"") ",\"content\":\"x\"}",
    SAYS("Follow", "8", "\"" OUR "\"") "}",
    SAYS("Accept", "9",
        "{\"id\":\"" OUR "/follows/1\",\"type\":\"Follow\",\"actor\":\"" OUR "\",\"object\":\"" EVE "\"}") "}",
    SAYS("Reject", "10",
        "{\"id\":\"" OUR "/follows/1\",\"type\":\"Follow\",\"actor\":\"" OUR "\",\"object\":\"" EVE "\"}") "}",
    SAYS("Undo", "11", SAYS("Like", "6", "\"" OUR "/statuses/7\"") "}") "}",
    SAYS("Undo", "12", SAYS("Follow", "8", "\"" OUR "\"") "}") "}",
    SAYS("Block", "13", "\"" OUR "\"") "}",
    SAYS("Add", "14", "\"https://far.test/notes/1\"") ",\"target\":\"" EVE "/featured\"}",
    SAYS("Remove", "15", "{\"id\":\"https://far.test/notes/1\",\"type\":\"Note\"}") ",\"target\":{\"id\":\"" EVE
                                                                                    "/featured\"}}",
    SAYS("Move", "16", "\"" EVE "\"") ",\"target\":\"" EVE "2\"}",
    SAYS("Flag", "17", "[\"" OUR "\",\"" OUR "/statuses/7\"]") ",\"content\":\"bad\"}",
    SAYS("QuoteRequest", "18", "\"" OUR "/statuses/7\"") ",\"instrument\":" NOTE "}",
    SAYS("Listen", "19", "{\"type\":\"Audio\"}") "}",
    SAYS("Delete", "20", "{\"id\":\"https://far.test/notes/1\",\"type\":\"Tombstone\",\"atomUri\":\"x\"}") "}",
};

/* NULL: the member is left out. */
static const char *const wrong[] = { NULL, "null", "true", "0", "-1", "1.5", "1e999", "99999999999999999999", "\"\"",
    "\"x\"", "\"https://far.test/other\"", "\"" EVE "\"", "\"" OUR "\"", "\"\\u0000\"", "[]", "[null]", "[[[\"x\"]]]",
    "[{}]", "{}", "{\"id\":{\"id\":1}}", "{\"@id\":\"x\",\"type\":[1]}", "[\"" EVE "\",\"" OUR "\",7]" };

struct cut {
    size_t at;      /* which value is replaced, in the order of the text; the document itself is 0 */
    size_t next;    /* while writing */
    const char *by; /* NULL: left out */
};

static void
write_cut(struct json *j, const char *key, const struct val *v, struct cut *cut)
{
    if (cut->next++ == cut->at) {
        if (cut->by != NULL)
            json_raw(j, key, str_z(cut->by));
        return;
    }
    if (v->kind != VAL_OBJ && v->kind != VAL_ARR) {
        json_val(j, key, v);
        return;
    }
    if (v->kind == VAL_OBJ)
        json_obj(j, key);
    else
        json_arr(j, key);
    for (size_t i = 0; i < v->n; i++)
        write_cut(j, v->kind == VAL_OBJ ? str_cz(unit_mem(), v->keys[i]) : NULL, &v->v[i], cut);
    json_end(j);
}

static struct str
document_cut(const struct val *doc, struct cut *cut)
{
    struct buf b;
    struct json j;

    buf_init(&b, unit_mem(), KB(64));
    json_init(&j, &b);
    write_cut(&j, NULL, doc, cut);
    assert_true(json_done(&j));
    return buf_str(&b);
}

/* ---- the world ----------------------------------------------------------------------------------------------------- */

static void
make_people(struct ctx *c)
{
    struct account a = { .id = 1,
        .username = S("alice"),
        .uri = S(OUR),
        .actor_type = S("Person"),
        .handle_ok = true,
        .created_ms = clock_ms() };
    struct status s = {
        .id = 7, .uri = S(OUR "/statuses/7"), .account_id = 1, .local = true, .created_ms = clock_ms()
    };
    const struct val *doc;
    const char *why = "";
    struct ap_actor eve;
    struct account *out;

    assert_ok(c, db_begin(c, DB_WRITE));
    assert_ok(c, store_account_insert(c, &a));
    assert_ok(c, store_status_insert(c, &s));
    assert_ok(c, db_commit(c));
    assert_int_equal(ap_doc_parse(unit_mem(), S(ACTOR), AP_DOC_ANY, &doc, &why), ERR_OK);
    assert_int_equal(ap_actor_read(unit_mem(), doc, clock_ms(), &eve, &why), ERR_OK);
    assert_ok(c, service_receive_actor(c, &eve, S("eve"), S("far.test"), true, &out));
}

static struct ctx *
world_new(struct db *db)
{
    static const struct config conf = {
        .origin = { "https://dassie.test", 19 }, .host = { "dassie.test", 11 }, .domain = { "dassie.test", 11 }
    };
    /* Whoever is asked for something has an address that is refused: nothing leaves this machine. */
    static struct str nowhere[] = { { "far.test:443:127.0.0.1", 22 } };
    const struct http_client_options o = { .own_origin = conf.origin, .resolve = { nowhere, 1 } };
    struct env *env = arena_new(unit_mem(), struct env);
    struct ctx *c = unit_db_ctx(db);
    struct str why;
    int applied;

    *env = (struct env){ .conf = &conf, .db = db };
    assert_int_equal(http_client_new(&o, NULL, &env->client), ERR_OK);
    assert_int_equal(secret_box_from_key(S("0123456789abcdef0123456789abcdef"), &env->box), ERR_OK);
    c->env = env;
    assert_ok(c, db_migrate(c, store_migrations, store_migrations_n, &applied, &why));
    make_people(c);
    return c;
}

static const struct db_sql last_inbound = SQL("SELECT max(id) FROM inbound WHERE done = FALSE");

/* What the gate and the job do with it; the job ends OK, as what others do wrong is dropped. */
static void
receive(struct ctx *c, struct str body, const char *label)
{
    static int serial;
    const struct db_row *r;
    struct job job = { .kind = J_PROCESS_ACTIVITY, .tries = 1, .tries_max = 1 };
    struct ctx inner;
    bool added;
    enum err e;

    ctx_begin(&inner, arena_new_heap(), c->env);
    assert_ok(&inner, service_receive_accept(&inner, S(EVE), str_fmt(inner.mem, "x:%d", serial++), 0, body, &added));
    assert_ok(&inner, db_one(&inner, &last_inbound, DB_NO_ARGS, &r));
    job.arg_id = db_int(r, 0);
    e = job_process_activity(&inner, &job);
    /* What cannot be fetched now is tried again; anything else of ours would be a fault. */
    if (e != ERR_OK && e != ERR_REMOTE)
        fail_msg("%s: %s %.*s: %.*s", label, err_name(e), STR_ARG(inner.fail.detail), STR_ARG(body));
    db_rollback(&inner);
    ctx_end(&inner);
    arena_free(inner.mem);
}

static void
each_document(struct ctx *c, const char *text, size_t *sent)
{
    const struct val *doc = NULL;
    const char *why = "";
    struct cut whole = { .at = SIZE_MAX };

    if (ap_doc_parse(unit_mem(), str_z(text), AP_DOC_OBJECT, &doc, &why) != ERR_OK)
        fail_msg("%s: %s", why, text);
    receive(c, document_cut(doc, &whole), "as it should be");
    for (size_t at = 1; at < whole.next; at++)
        for (size_t i = 0; i < lengthof(wrong); i++) {
            struct cut cut = { .at = at, .by = wrong[i] };

            if ((at * lengthof(wrong) + i) % 3 != 0) /* a third of all, and each type at each third member */
                continue;
            receive(c, document_cut(doc, &cut), "with another type");
            ++*sent;
        }
}

static const struct db_sql taken = SQL("SELECT count(*) FROM status WHERE uri = 'https://far.test/notes/1'");
static const struct db_sql foreign = SQL("SELECT count(*) FROM status WHERE account_id = 1 AND id <> 7");

UNIT(activities_of_wrong_types)
{
    struct ctx *c = world_new(unit_db_open(UNIT_SQLITE, 4));
    const struct db_row *r;
    size_t sent = 0;

    log_set_level(LOG_LEVEL_ERROR);
    for (size_t i = 0; i < lengthof(documents); i++) {
        each_document(c, documents[i], &sent);
        assert_ok(c, db_one(c, &taken, DB_NO_ARGS, &r));
        assert_int_equal(db_int(r, 0), i + 1 < lengthof(documents)); /* the whole ones have their effect */
    }
    log_set_level(LOG_LEVEL_INFO);
    assert_true(sent > 1000);
    assert_ok(c, db_one(c, &foreign, DB_NO_ARGS, &r));
    assert_int_equal(db_int(r, 0), 0); /* nobody wrote in the name of ours */
    http_client_free(c->env->client);
    secret_box_free(c->env->box);
}

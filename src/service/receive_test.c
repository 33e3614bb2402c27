/*
 * What comes from other servers, against a real database: every recorded document is stored or dropped; any order of messages ends in
 * the same state; several at once count once; a failure of any statement leaves nothing half-written.
 */
#include "service/receive.h"

#include "ap/check.h"
#include "base/clock.h"
#include "base/conf.h"
#include "base/id.h"
#include "service/resolve.h"
#include "store/account.h"
#include "store/interaction.h"
#include "store/migrations.h"
#include "store/relation.h"
#include "store/status.h"
#include "text/html.h"
#include "unit_db.h"

#include <dirent.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/stat.h>

#define EVE "https://far.test/users/eve"
#define NOTE "https://far.test/notes/1"

struct world {
    struct ctx *c;
    const struct env *env;
    struct account *alice; /* ours */
    struct account *eve;   /* of far.test */
    struct str post;       /* uri of a post of alice */
};

static const struct ap_rules rules = { .origin = { "https://dassie.test", 19 }, .allow_http = true };

/* ---- making documents ------------------------------------------------------------------------------------------------ */

static const struct val *
parse(struct str text)
{
    const struct val *doc = NULL;
    const char *why = "";

    if (ap_doc_parse(unit_mem(), text, AP_DOC_ANY, &doc, &why) != ERR_OK)
        fail_msg("%s: %.*s", why, STR_ARG(text));
    return doc;
}

static struct ap_actor
actor(const char *id, const char *name)
{
    struct ap_actor x;
    const char *why = "";

    if (ap_actor_read(unit_mem(),
            parse(str_fmt(unit_mem(),
                "{\"id\":\"%s\",\"type\":\"Person\",\"preferredUsername\":\"%s\",\"inbox\":\"%s/inbox\",\"followers\":"
                "\"%s/followers\"}",
                id, name, id, id)),
            clock_ms(), &x, &why) != ERR_OK)
        fail_msg("%s", why);
    return x;
}

static struct ap_note
note(const char *content, int64_t updated_ms)
{
    struct ap_note_hints hints = { .now_ms = clock_ms(), .origin = S("https://dassie.test") };
    struct ap_note x;
    const char *why = "";

    if (ap_note_read(unit_mem(),
            parse(str_fmt(unit_mem(),
                "{\"id\":\"" NOTE "\",\"type\":\"Note\",\"attributedTo\":\"" EVE
                "\",\"to\":\"Public\",\"content\":\"%s\",\"tag\":[{\"type\":\"Hashtag\",\"name\":\"#a\"},"
                "{\"type\":\"Mention\",\"href\":\"https://dassie.test/ap/users/1\"}],"
                "\"attachment\":{\"type\":\"Image\",\"mediaType\":\"image/png\",\"url\":\"https://far.test/1.png\"}}",
                content)),
            &hints, &x, &why) != ERR_OK)
        fail_msg("%s", why);
    x.published_ms = clock_ms() - HOUR_MS;
    x.updated_ms = updated_ms;
    return x;
}

/* ---- the world --------------------------------------------------------------------------------------------------------- */

static struct account *
ours(struct ctx *c)
{
    struct account a = { .id = 1,
        .username = S("alice"),
        .uri = S("https://dassie.test/ap/users/1"),
        .actor_type = S("Person"),
        .handle_ok = true,
        .created_ms = clock_ms() };
    struct account *out;

    assert_ok(c, db_begin(c, DB_WRITE));
    assert_ok(c, store_account_insert(c, &a));
    assert_ok(c, db_commit(c));
    assert_ok(c, store_account_get(c, 1, &out));
    return out;
}

static struct account *
theirs(struct ctx *c, const char *id, const char *name, const char *domain)
{
    struct ap_actor x = actor(id, name);
    struct account *out;

    assert_ok(c, service_receive_actor(c, &x, str_z(name), str_z(domain), true, &out));
    return out;
}

static struct world
world_new(struct db *db)
{
    static const struct config conf = {
        .origin = { "https://dassie.test", 19 }, .host = { "dassie.test", 11 }, .domain = { "dassie.test", 11 }
    };
    struct env *env = arena_new(unit_mem(), struct env);
    struct world w = { .c = unit_db_ctx(db), .env = env, .post = S("https://dassie.test/ap/users/1/statuses/7") };
    struct status s = { .id = 7, .uri = w.post, .account_id = 1, .local = true, .created_ms = clock_ms() };
    struct str why;
    int applied;

    *env = (struct env){ .conf = &conf, .db = db };
    w.c->env = env;
    assert_ok(w.c, db_migrate(w.c, store_migrations, store_migrations_n, &applied, &why));
    w.alice = ours(w.c);
    w.eve = theirs(w.c, EVE, "eve", "far.test");
    assert_ok(w.c, db_begin(w.c, DB_WRITE));
    assert_ok(w.c, store_status_insert(w.c, &s));
    assert_ok(w.c, db_commit(w.c));
    return w;
}

static const struct db_sql counts = SQL(
    "SELECT (SELECT count(*) FROM status), (SELECT count(*) FROM status_stat), (SELECT count(*) FROM mention), "
    "(SELECT count(*) FROM status_tag), (SELECT count(*) FROM media WHERE status_id IS NOT NULL), "
    "(SELECT count(*) FROM media), (SELECT count(*) FROM favourite), (SELECT count(*) FROM status_edit), "
    "(SELECT coalesce(sum(statuses), 0) FROM account_stat), (SELECT coalesce(sum(favourites * 1000 + reblogs), 0) FROM "
    "status_stat), (SELECT count(*) FROM notification), (SELECT count(*) FROM job WHERE kind = 'fetch_media')");
enum { COUNTS = 12 };

static void
count(struct ctx *c, int64_t out[COUNTS])
{
    const struct db_row *r;

    assert_ok(c, db_one(c, &counts, DB_NO_ARGS, &r));
    assert_int_equal(r->n, COUNTS);
    for (size_t i = 0; i < COUNTS; i++)
        out[i] = db_int(r, i);
}

/* ---- any order --------------------------------------------------------------------------------------------------------- */

static enum err
do_create(struct world *w)
{
    struct ap_note x = note("first", 0);
    struct status *s;

    return service_receive_note(w->c, NULL, &x, w->eve, &s);
}

static enum err
do_delete(struct world *w)
{
    return service_receive_delete(w->c, w->eve, S(NOTE));
}

static enum err
do_like(struct world *w)
{
    return service_receive_like(w->c, w->eve, w->post, S("https://far.test/likes/1"));
}

static enum err
do_unlike(struct world *w)
{
    return service_receive_unlike(
        w->c, w->eve, &(struct ap_activity){ .id = S("https://far.test/likes/1"), .object = w->post });
}

static enum err
do_boost(struct world *w)
{
    struct status *s;

    TRY(store_status_get(w->c, 7, &s));
    TRY(store_status_fill(w->c, &s, 1, 0));
    return service_receive_announce(
        w->c, w->eve, s, &(struct boost){ .uri = S("https://far.test/boosts/1"), .visibility = VIS_PUBLIC });
}

static enum err
do_unboost(struct world *w)
{
    return service_receive_unannounce(w->c, w->eve, S("https://far.test/boosts/1"), w->post);
}

/* Every order of these, each twice in a row, ends as if nothing had come. */
static void
all_orders(struct db *db)
{
    static enum err (*const step[])(
        struct world * w) = { do_create, do_delete, do_like, do_unlike, do_boost, do_unboost };
    enum { STEPS = lengthof(step) };
    static const int orders[][STEPS] = { { 0, 1, 2, 3, 4, 5 }, { 1, 0, 3, 2, 5, 4 }, { 5, 3, 1, 0, 2, 4 },
        { 4, 2, 0, 1, 3, 5 }, { 0, 3, 5, 1, 2, 4 }, { 1, 2, 4, 0, 3, 5 } };
    struct world w = world_new(db);
    int64_t before[COUNTS], after[COUNTS];

    count(w.c, before);
    for (size_t i = 0; i < lengthof(orders); i++) {
        for (int k = 0; k < STEPS; k++)
            for (int twice = 0; twice < 2; twice++)
                assert_ok(w.c, step[orders[i][k]](&w));
        count(w.c, after);
        assert_memory_equal(before, after, sizeof(before) - sizeof(before[0])); /* but for jobs, which find nothing */
        clock_shift(9 * DAY_MS); /* what is remembered about the wrong order ends */
        assert_ok(w.c, db_begin(w.c, DB_WRITE));
        assert_ok(w.c, db_exec(w.c, &(struct db_sql)SQL("DELETE FROM tombstone"), DB_NO_ARGS, NULL));
        assert_ok(w.c, db_commit(w.c));
    }
    clock_shift(-(int64_t)lengthof(orders) * 9 * DAY_MS);
}

UNIT_DB(receive_in_any_order)
{
    all_orders(db);
}

/* Edits: the newest wins, whatever the order. */
UNIT_DB(receive_edits_in_any_order)
{
    struct world w = world_new(db);
    int64_t t = clock_ms();
    struct ap_note first = note("first", 0), second = note("second", t - 40 * MINUTE_MS),
                   third = note("third", t - 20 * MINUTE_MS), undated = note("undated", 0);
    const struct ap_note *order[] = { &second, &third, &second, &undated, &third, &first };
    struct status_edits edits;
    struct status *s;

    assert_ok(w.c, service_receive_note_update(w.c, NULL, &second, w.eve, &s));
    assert_null(s); /* nothing to edit yet */
    assert_ok(w.c, service_receive_note(w.c, NULL, &first, w.eve, &s));
    assert_str(s->content, "first");
    for (size_t i = 0; i < lengthof(order); i++)
        assert_ok(w.c, service_receive_note_update(w.c, NULL, order[i], w.eve, &s));
    assert_str(s->content, "third");
    assert_int_equal(s->edited_ms, third.updated_ms);
    assert_ok(w.c, store_status_edits(w.c, s->id, &edits));
    assert_int_equal(edits.n, 2);
    assert_str(edits.v[0].content, "first");
    assert_str(edits.v[1].content, "second");
}

/* Whoever edits again and again: the first version and the newest stay. */
UNIT_DB(receive_many_edits)
{
    struct world w = world_new(db);
    struct ap_note first = note("first", 0);
    int64_t t = clock_ms() - HOUR_MS;
    struct status_edits edits;
    struct status *s;

    assert_ok(w.c, service_receive_note(w.c, NULL, &first, w.eve, &s));
    for (int i = 0; i < STATUS_EDITS_MAX + 20; i++) {
        struct ap_note next = note(str_fmt(w.c->mem, "edit %d", i).p, t + i);

        assert_ok(w.c, service_receive_note_update(w.c, NULL, &next, w.eve, &s));
    }
    assert_ok(w.c, store_status_edits(w.c, s->id, &edits));
    assert_int_equal(edits.n, STATUS_EDITS_MAX);
    assert_str(edits.v[0].content, "first");
    assert_str(edits.v[1].content, "edit 20");
    assert_str(edits.v[edits.n - 1].content, "edit 118");
}

/* A book in one post: its beginning, not cut in a tag, and where it goes on. */
UNIT_DB(receive_the_beginning_of_a_long_text)
{
    struct world w = world_new(db);
    struct ap_note x = note("", 0);
    struct status *s;
    struct buf b;

    buf_init(&b, w.c->mem, MB(1));
    while (b.n < KB(300))
        buf_putz(&b, "<p>word &gt; <a href=\"https://far.test/there\">there</a></p>");
    x.content.text = buf_str(&b);
    assert_ok(w.c, service_receive_note(w.c, NULL, &x, w.eve, &s));
    assert_true(s->content.n > KB(60) && s->content.n <= HTML_OUT_BYTES_MAX + KB(1));
    assert_true(str_ends(s->content, str_fmt(w.c->mem, "%.*s</a></p>", STR_ARG(x.id))));
    assert_true(str_find(s->content, S("\xe2\x80\xa6")) > 0);
    assert_int_equal(str_find(s->content, S("&lt;")), -1);
}

/* ---- who may what ------------------------------------------------------------------------------------------------------ */

UNIT_DB(receive_nothing_of_others)
{
    struct world w = world_new(db);
    struct account *mallory = theirs(w.c, "https://evil.test/users/m", "m", "evil.test");
    struct account *neighbour = theirs(w.c, "https://far.test/users/n", "n", "far.test");
    struct account *liars[] = { mallory, neighbour };
    struct ap_note x = note("mine", 0), forged = note("forged", clock_ms());
    struct status *s, *got;

    /* remembered deletions and undos of others' things bar nothing */
    assert_ok(w.c, service_receive_delete(w.c, mallory, S(NOTE)));
    assert_ok(w.c, service_receive_undo(w.c, mallory, S(NOTE)));
    assert_ok(w.c, service_receive_note(w.c, NULL, &x, w.eve, &s));
    assert_non_null(s);
    for (size_t i = 0; i < lengthof(liars); i++) {
        assert_ok(w.c, service_receive_delete(w.c, liars[i], S(NOTE)));
        assert_ok(w.c, service_receive_note(w.c, NULL, &forged, liars[i], &got));
        assert_null(got);
        assert_ok(w.c, service_receive_note_update(w.c, NULL, &forged, liars[i], &got));
        assert_null(got);
        assert_ok(w.c, service_receive_pin(w.c, liars[i], S(NOTE), true));
        assert_ok(w.c, service_receive_delete(w.c, liars[i], w.post));
    }
    assert_ok(w.c, store_status_get(w.c, s->id, &got));
    assert_str(got->content, "mine");
    assert_ok(w.c, store_status_get(w.c, 7, &got));
}

/* The newly proven owner of a name has it; the other one has none until it is read again. */
UNIT_DB(receive_a_name_that_moved)
{
    struct world w = world_new(db);
    struct account *second = theirs(w.c, "https://far.test/users/eve2", "eve", "far.test"), *got;

    assert_ok(w.c, store_account_by_handle(w.c, S("EVE"), S("far.test"), &got));
    assert_int_equal(got->id, second->id);
    assert_ok(w.c, store_account_get(w.c, w.eve->id, &got));
    assert_false(got->handle_ok);
    assert_str(got->uri, EVE);
}

UNIT_DB(receive_actors_clean)
{
    struct world w = world_new(db);
    struct ap_actor x = actor(EVE, "eve");
    struct account *a;

    x.name.text = S("a\xe2\x80\xae\nb");
    x.summary.text = S("<p onclick='x'>hi<script>1</script>");
    x.shared_inbox = S("javascript:alert(1)");
    x.followers = S("http://far.test/clear"); /* closed networks only */
    x.icon.url = S("file:///etc/passwd");
    x.suspended = true;
    assert_ok(w.c, service_receive_actor(w.c, &x, S("eve"), S("far.test"), true, &a));
    assert_str(a->display_name, "a b");
    assert_str(a->note, "<p>hi</p>");
    assert_str(a->shared_inbox, "");
    assert_str(a->followers_uri, "");
    assert_str(a->avatar_remote, "");
    assert_true(a->suspended_ms != 0 && a->suspended_by_origin);
    x.suspended = false;
    assert_ok(w.c, service_receive_actor(w.c, &x, S("eve"), S("far.test"), true, &a));
    assert_true(a->suspended_ms == 0);
    assert_ok(w.c, service_receive_actor_delete(w.c, a)); /* gone for good */
    assert_err(service_receive_actor(w.c, &x, S("eve"), S("far.test"), true, &a), ERR_GONE);
}

/* ---- failures ------------------------------------------------------------------------------------------------------------ */

static void
fail_everywhere(struct db *db, enum err (*run)(struct world *w), enum err (*back)(struct world *w))
{
    struct world w = world_new(db);
    int64_t before[COUNTS], now[COUNTS];
    enum err e = ERR_INTERNAL;
    int failed = 0;

    for (int64_t n = 1; e != ERR_OK; n++) {
        assert_in_range(n, 1, 200);
        count(w.c, before);
        db_test_fail_at(db, n);
        e = run(&w);
        db_test_fail_at(db, 0);
        db_rollback(w.c);
        ctx_ok(w.c);
        count(w.c, now);
        if (e == ERR_OK)
            break;
        assert_err(e, ERR_INTERNAL);
        failed++;
        if (memcmp(before, now, sizeof(before)) != 0) { /* after the commit only the answer can fail */
            assert_ok(w.c, run(&w));
            assert_ok(w.c, back(&w));
            assert_ok(w.c, db_begin(w.c, DB_WRITE));
            assert_ok(w.c, db_exec(w.c, &(struct db_sql)SQL("DELETE FROM tombstone"), DB_NO_ARGS, NULL));
            assert_ok(w.c, db_commit(w.c));
        }
    }
    assert_true(failed > 3);
    assert_memory_not_equal(before, now, sizeof(before));
}

UNIT_DB(receive_failures_create)
{
    fail_everywhere(db, do_create, do_delete);
}

UNIT_DB(receive_failures_like)
{
    fail_everywhere(db, do_like, do_unlike);
}

UNIT_DB(receive_failures_boost)
{
    fail_everywhere(db, do_boost, do_unboost);
}

/* ---- at the same time ------------------------------------------------------------------------------------------------------ */

enum { THREADS = 8 };

struct racer {
    struct world w;
    pthread_barrier_t *start;
    enum err (*run)(struct world *w);
    enum err got;
};

static enum err
run_actor(struct world *w)
{
    struct ap_actor x = { .id = S("https://far.test/users/new"),
        .type = AP_PERSON,
        .username = S("new"),
        .url = S("https://far.test/users/new"),
        .inbox = S("https://far.test/users/new/inbox") };
    struct account *a;

    return service_receive_actor(w->c, &x, S("new"), S("far.test"), true, &a);
}

static struct ap_note shared_note;

static enum err
run_note(struct world *w)
{
    struct status *s;

    return service_receive_note(w->c, NULL, &shared_note, w->eve, &s);
}

static void *
race_one(void *arg)
{
    struct racer *r = arg;

    pthread_barrier_wait(r->start);
    r->got = r->run(&r->w);
    return NULL;
}

static void
race(struct db *db, const struct world *w, enum err (*run)(struct world *w))
{
    pthread_barrier_t start;
    struct racer r[THREADS];
    pthread_t t[THREADS];

    pthread_barrier_init(&start, NULL, THREADS);
    for (int i = 0; i < THREADS; i++) {
        r[i] = (struct racer){ .w = *w, .start = &start, .run = run };
        r[i].w.c = unit_db_ctx(db);
        r[i].w.c->env = w->env;
    }
    for (int i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&t[i], NULL, race_one, &r[i]), 0);
    for (int i = 0; i < THREADS; i++)
        pthread_join(t[i], NULL);
    for (int i = 0; i < THREADS; i++)
        assert_ok(r[i].w.c, r[i].got);
    pthread_barrier_destroy(&start);
}

UNIT_DB(receive_at_the_same_time)
{
    struct world w = world_new(db);
    int64_t before[COUNTS], after[COUNTS];
    struct account *a;

    count(w.c, before);
    shared_note = note("once", 0);
    race(db, &w, run_note);
    race(db, &w, do_like);
    race(db, &w, do_boost);
    race(db, &w, run_actor);
    count(w.c, after);
    assert_int_equal(after[0] - before[0], 2); /* the note and the boost */
    assert_int_equal(after[2] - before[2], 1);
    assert_int_equal(after[4] - before[4], 1);
    assert_int_equal(after[5] - before[5], 1);
    assert_int_equal(after[6] - before[6], 1);
    assert_int_equal(after[8] - before[8], 2);
    assert_int_equal(after[9] - before[9], 1001);
    assert_int_equal(after[11] - before[11], 1);
    assert_ok(w.c, store_account_by_handle(w.c, S("new"), S("far.test"), &a));
}

/* ---- every recorded document -------------------------------------------------------------------------------------------------- */

struct tally {
    struct world w;
    int files, actors, posts;
};

static struct account *
author_of(struct world *w, struct str uri)
{
    struct account *a;
    enum err e = store_account_by_uri(w->c, uri, &a);

    if (e == ERR_OK)
        return a;
    ctx_ok(w->c);
    struct ap_actor x = { .id = uri,
        .type = AP_PERSON,
        .username = S("x"),
        .url = uri,
        .inbox = str_cat(w->c->mem, uri, S("/inbox"), STR_NONE) };

    assert_ok(w->c, service_receive_actor(w->c, &x, str_fmt(w->c->mem, "x%llx", (unsigned long long)str_hash(uri)),
                        S("recorded.test"), false, &a));
    return a;
}

static void
take_actor(struct tally *t, const struct val *doc)
{
    struct ctx *c = t->w.c;
    struct ap_actor x;
    struct account *a, *again;
    const char *why;

    if (ap_actor_read(c->mem, doc, clock_ms(), &x, &why) != ERR_OK ||
        ap_actor_check(c->mem, &rules, &x, &why) != ERR_OK)
        return;
    struct str name = str_fmt(c->mem, "a%llx", (unsigned long long)str_hash(x.id));

    assert_ok(c, service_receive_actor(c, &x, name, S("recorded.test"), true, &a));
    assert_ok(c, service_receive_actor(c, &x, name, S("recorded.test"), true, &again));
    assert_int_equal(a->id, again->id);
    assert_true(str_eq(a->note, text_html_clean(c->mem, a->note, HTML_POST)));
    t->actors++;
}

static void
take_post(struct tally *t, const struct val *doc)
{
    struct ap_note_hints hints = { .now_ms = clock_ms(), .origin = rules.origin };
    struct ctx *c = t->w.c;
    struct account *author;
    struct ap_note x;
    struct status *s, *again;
    const char *why;

    if (ap_note_read(c->mem, doc, &hints, &x, &why) != ERR_OK || ap_note_check(c->mem, &rules, &x, &why) != ERR_OK)
        return;
    author = author_of(&t->w, x.attributed_to);
    assert_ok(c, service_receive_note(c, NULL, &x, author, &s));
    if (s == NULL) /* the same id with another author, in another recording */
        return;
    assert_true(str_eq(s->content, text_html_clean(c->mem, s->content, HTML_POST)));
    assert_ok(c, service_receive_note(c, NULL, &x, author, &again));
    assert_int_equal(s->id, again->id);
    clock_shift(2); /* an edit in the millisecond of the post is none */
    x.updated_ms = clock_ms();
    x.content.text = S("<p>edited</p>");
    assert_ok(c, service_receive_note_update(c, NULL, &x, author, &again));
    assert_ok(c, store_status_fill(c, &again, 1, 0));
    assert_true(str_find(again->content, S("edited")) >= 0);
    t->posts++;
}

static void
take_file(const char *path, struct tally *t)
{
    struct str bytes = unit_file(path);
    const struct val *doc;
    const char *why;

    if (bytes.p == NULL || ap_doc_parse(t->w.c->mem, bytes, AP_DOC_ANY, &doc, &why) != ERR_OK)
        return;
    t->files++;
    take_actor(t, doc);
    take_post(t, doc);
    if (ap_as_node(val_get(doc, S("object")))->kind == VAL_OBJ) {
        take_actor(t, ap_as_node(val_get(doc, S("object"))));
        take_post(t, ap_as_node(val_get(doc, S("object"))));
    }
}

static void
walk(const char *dir, struct tally *t)
{
    DIR *d = opendir(dir);
    struct dirent *e;

    if (d == NULL)
        return;
    while ((e = readdir(d)) != NULL) {
        const char *path = str_fmt(unit_mem(), "%s/%s", dir, e->d_name).p;
        struct stat st;

        if (e->d_name[0] == '.' || stat(path, &st) != 0)
            continue;
        if (S_ISDIR(st.st_mode))
            walk(path, t);
        else
            take_file(path, t);
    }
    closedir(d);
}

UNIT_DB(receive_every_recorded_document)
{
    const char *root = getenv("DASSIE_SHARED");
    struct tally t = { .w = world_new(db) };

    int64_t moved = clock_ms() - clock_mono_ms();

    walk(str_fmt(unit_mem(), "%s/fixtures", root != NULL ? root : UNIT_SOURCE_ROOT "/../shared").p, &t);
    clock_shift(moved - (clock_ms() - clock_mono_ms()));
    if (t.files == 0)
        skip();
    print_message("%d documents: %d actors and %d posts stored\n", t.files, t.actors, t.posts);
    assert_true(t.actors > 50 && t.posts > 150);
}

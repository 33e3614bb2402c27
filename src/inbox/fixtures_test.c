/*
 * Every recorded document of other servers through the real door: what is an activity is delivered, signed as its actor; everything else
 * is looked up by its id.  What becomes of each one stands in fixtures.tsv; DASSIE_FIXTURES=write writes that file anew, to be read
 * line by line.  Nobody gets to see more than the addressees say, counted by an oracle of this file.
 */
#include "inbox/world_test.h"

#include "ap/check.h"
#include "ap/read_collection.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/json.h"
#include "base/log.h"
#include "base/url.h"
#include "model/status.h"
#include "unit_db.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#define TABLE UNIT_SOURCE_ROOT "/src/inbox/fixtures.tsv"

enum { DOCUMENTS_MAX = 4000 };

struct document {
    struct str path;       /* below fixtures/ */
    const struct val *doc; /* NULL: not readable */
    const char *why;
    struct str id, bytes;
    bool embedded; /* inside another one */
};

static struct document docs[DOCUMENTS_MAX];
static size_t n_docs, n_files;
static const struct document *current;
static struct str synthetic_author, synthetic_post;
static bool synthetic_featured, synthetic_group;

/* ---- reading them ------------------------------------------------------------------------------------------------------ */

static struct str write_doc(const struct val *v, struct str from, struct str to);

static void
add_document(struct document d)
{
    CHECK(n_docs < DOCUMENTS_MAX);
    docs[n_docs++] = d;
}

static void
add_embedded(struct str path, const struct val *v, int depth)
{
    if (depth > 6 || (v->kind != VAL_OBJ && v->kind != VAL_ARR))
        return;
    for (size_t i = 0; i < v->n; i++) {
        const struct val *x = &v->v[i];

        if (x->kind == VAL_OBJ && ap_id_of(x).n > 0 && ap_type_text(x).n > 0)
            add_document((struct document){ .path = path, .doc = x, .id = ap_id_of(x), .embedded = true });
        add_embedded(path, x, depth + 1);
    }
}

static void
add_file(struct str path, const char *file)
{
    struct document d = { .path = path, .bytes = unit_file(file), .why = "" };

    if (ap_doc_parse(unit_mem(), d.bytes, AP_DOC_ANY, &d.doc, &d.why) == ERR_OK)
        d.id = ap_id_of(d.doc);
    else
        d.doc = NULL;
    add_document(d);
    n_files++;
}

static void
walk(const char *root, struct str below)
{
    struct str dir = str_cat(unit_mem(), str_z(root), below, STR_NONE);
    struct dirent **names;
    int n = scandir(dir.p, &names, NULL, alphasort);

    for (int i = 0; i < n; i++) {
        struct str path = str_fmt(unit_mem(), "%.*s/%s", STR_ARG(below), names[i]->d_name);
        const char *file = str_fmt(unit_mem(), "%s%.*s", root, STR_ARG(path)).p;
        struct stat st;

        if (names[i]->d_name[0] != '.' && stat(file, &st) == 0) {
            if (S_ISDIR(st.st_mode))
                walk(root, path);
            else if (str_ends(path, S(".json")))
                add_file(str_sub(path, 1, path.n), file);
        }
        free(names[i]);
    }
    if (n >= 0)
        free(names);
}

static void
load(void)
{
    const char *root = getenv("DASSIE_SHARED");

    n_docs = n_files = 0;
    walk(str_fmt(unit_mem(), "%s/fixtures", root != NULL ? root : UNIT_SOURCE_ROOT "/../shared").p, S(""));
    if (n_files == 0)
        skip();
    for (size_t i = 0; i < n_files; i++)
        if (docs[i].doc != NULL)
            add_embedded(docs[i].path, docs[i].doc, 0);
}

/* ---- the web they came from --------------------------------------------------------------------------------------------- */

static size_t
common(struct str a, struct str b)
{
    size_t n = 0;

    while (n < a.n && n < b.n && a.p[n] == b.p[n])
        n++;
    return n;
}

/* The document with that id that was recorded nearest to the current one: whole files before what others embed. */
static const struct document *
find_document(struct str id, bool actor)
{
    const struct document *best = NULL;
    size_t best_score = 0;

    for (size_t i = 0; i < n_docs; i++) {
        size_t score;

        if (docs[i].doc == NULL || !str_eq(docs[i].id, id))
            continue;
        if (actor != (ap_type_class(ap_type_of(docs[i].doc)) == AP_CLASS_ACTOR && val_has(docs[i].doc, S("inbox"))))
            continue;
        score = 1 + 2 * common(docs[i].path, current->path) + (docs[i].embedded ? 0 : 1);
        if (&docs[i] == current)
            return current;
        if (score > best_score) {
            best = &docs[i];
            best_score = score;
        }
    }
    return best;
}

/* An actor nobody recorded. */
static struct str
person(struct str id)
{
    struct str name = id;
    ptrdiff_t slash;

    while (name.n > 0 && name.p[name.n - 1] == '/')
        name.n--;
    while ((slash = str_chr(name, '/')) >= 0)
        name = str_sub(name, (size_t)slash + 1, name.n);
    return str_fmt(unit_mem(),
        "{\"@context\":\"" AP_AS "\",\"id\":\"%.*s\",\"type\":\"%s\",\"preferredUsername\":\"u%llx\",\"inbox\":\"%.*s/"
        "inbox\",\"followers\":\"%.*s/followers\",\"featured\":\"%.*s\"}",
        STR_ARG(id), synthetic_group ? "Group" : "Person", (unsigned long long)str_hash(id) & 0xffffff, STR_ARG(id),
        STR_ARG(id),
        STR_ARG(synthetic_featured ? val_str(val_get(current->doc, S("target")))
                                   : str_cat(unit_mem(), id, S("/featured"), STR_NONE)));
}

static struct str
other(struct str url)
{
    const struct document *d = find_document(url, true);

    if (d == NULL && str_eq(url, synthetic_author))
        return person(url);
    if (d == NULL)
        d = find_document(url, false);
    if (d != NULL)
        return d->embedded || !val_has(d->doc, S("@context")) ? write_doc(d->doc, STR_NONE, STR_NONE) : d->bytes;
    if (synthetic_post.n > 0 && str_eq(url, synthetic_post))
        return str_fmt(unit_mem(),
            "{\"@context\":\"" AP_AS
            "\",\"id\":\"%.*s\",\"type\":\"Note\",\"attributedTo\":\"%.*s\",\"to\":\"" AP_PUBLIC_ID
            "\",\"content\":\"before\",\"published\":\"2010-01-01T00:00:00Z\"}",
            STR_ARG(synthetic_post), STR_ARG(synthetic_author));
    /* authors of what is fetched */
    for (size_t i = 0; i < n_docs; i++)
        if (docs[i].doc != NULL && str_starts(docs[i].path, str_sub(current->path, 0, 4)) &&
            str_eq(ap_as_id(val_get(docs[i].doc, S("attributedTo"))), url))
            return person(url);
    return STR_NONE;
}

/* ---- turning them to us ------------------------------------------------------------------------------------------------- */

static void
write_val(struct json *j, const struct val *v, struct str from, struct str to)
{
    if (v->kind == VAL_STR && from.n > 0 && str_eq(v->s, from)) {
        json_str(j, NULL, to);
        return;
    }
    if (v->kind != VAL_OBJ && v->kind != VAL_ARR) {
        json_val(j, NULL, v);
        return;
    }
    if (v->kind == VAL_OBJ)
        json_obj(j, NULL);
    else
        json_arr(j, NULL);
    for (size_t i = 0; i < v->n; i++) {
        if (v->kind == VAL_OBJ)
            json_member(j, v->keys[i]);
        write_val(j, &v->v[i], from, to);
    }
    json_end(j);
}

/* With the context that some recordings left out, and one text in the place of another. */
static struct str
write_doc(const struct val *v, struct str from, struct str to)
{
    struct buf b;
    struct json j;

    buf_init(&b, unit_mem(), MB(4));
    json_init(&j, &b);
    json_obj(&j, NULL);
    if (!val_has(v, S("@context")))
        json_str(&j, "@context", S(AP_AS));
    for (size_t i = 0; i < v->n; i++) {
        json_member(&j, v->keys[i]);
        write_val(&j, &v->v[i], from, to);
    }
    json_end(&j);
    CHECK(json_done(&j));
    return buf_str(&b);
}

/* The bytes themselves where they can be sent as they are: proofs are over them. */
static struct str
as_it_came(const struct val *doc)
{
    return doc == current->doc && val_has(doc, S("@context")) ? current->bytes : write_doc(doc, STR_NONE, STR_NONE);
}

static const struct val *
parse(struct str bytes)
{
    const struct val *doc;
    const char *why = "";

    if (ap_doc_parse(unit_mem(), bytes, AP_DOC_ANY, &doc, &why) != ERR_OK)
        fail_msg("%s: %.*s", why, STR_ARG(bytes));
    return doc;
}

static int told(const struct val *v);

/* Votes are in a poll of alice; what is for one person is for her. */
static struct str
created_for_us(const struct val *doc, const struct val *obj)
{
    struct str parent = ap_as_id(val_get(obj, S("inReplyTo"))), name = val_str(val_get(obj, S("name")));

    if (obj->kind == VAL_OBJ && name.n > 0 && parent.n > 0 && !val_has(obj, S("content"))) {
        struct str out = write_doc(doc, parent, S(WORLD_QUESTION));

        return write_doc(parse(out), name, S("a"));
    }
    if (told(doc) < 3 || (obj->kind == VAL_OBJ && told(obj) < 3))
        return as_it_came(doc);
    return write_doc(doc, ap_as_id(ap_as_one(val_get(doc, S("to")))), S(WORLD_OUR));
}

/* What the activity is about was on the server that recorded it: here it is alice, or a post of hers. */
static struct str
turned_to_us(const struct val *doc, struct str actor)
{
    const struct val *obj = ap_as_one(val_get(doc, S("object"))), *second = ap_as_at(val_get(doc, S("object")), 1);
    struct str id = ap_as_id(obj), out;

    switch (ap_type_of(doc)) {
    case AP_LIKE:
    case AP_EMOJI_REACT:
    case AP_EMOJI_REACTION:
    case AP_QUOTE_REQUEST:
    case AP_LIKE_REQUEST:
    case AP_REPLY_REQUEST:
    case AP_ANNOUNCE_REQUEST:
        return write_doc(doc, id, S(WORLD_PUBLIC));
    case AP_ANNOUNCE:
        if (obj->kind == VAL_OBJ || find_document(id, false) != NULL)
            return as_it_came(doc);
        return write_doc(doc, id, S(WORLD_PUBLIC));
    case AP_CREATE:
        return created_for_us(doc, obj);
    case AP_FOLLOW:
    case AP_BLOCK:
        return write_doc(doc, id, S(WORLD_OUR));
    case AP_FLAG:
        out = write_doc(doc, id, S(WORLD_OUR));
        return ap_as_id(second).n == 0 ? out : write_doc(parse(out), ap_as_id(second), S(WORLD_PUBLIC));
    case AP_ACCEPT:
    case AP_REJECT:
        if (obj->kind == VAL_OBJ && ap_type_of(obj) == AP_FOLLOW) {
            out = write_doc(doc, ap_as_id(val_get(obj, S("actor"))), S(WORLD_OUR));
            return write_doc(parse(out), ap_as_id(val_get(obj, S("object"))), actor);
        }
        return obj->kind == VAL_OBJ ? as_it_came(doc) : write_doc(doc, id, S(WORLD_OUR "#follows/77"));
    case AP_UNDO:
        if (obj->kind != VAL_OBJ)
            return as_it_came(doc);
        if (ap_type_of(obj) == AP_FOLLOW || ap_type_of(obj) == AP_BLOCK)
            return write_doc(doc, ap_as_id(val_get(obj, S("object"))), S(WORLD_OUR));
        if (ap_type_of(obj) == AP_ACCEPT)
            return write_doc(doc, ap_as_id(val_get(val_get(obj, S("object")), S("actor"))), S(WORLD_OUR));
        if (ap_type_of(obj) == AP_DELETE ||
            (ap_type_of(obj) == AP_ANNOUNCE && find_document(ap_as_id(val_get(obj, S("object"))), false) != NULL))
            return as_it_came(doc);
        return write_doc(doc, ap_as_id(val_get(obj, S("object"))), S(WORLD_PUBLIC));
    default:
        return as_it_came(doc);
    }
}

/* What must have been before: a follow, the post that is edited or deleted, the activity that is taken back. */
static void
prepare(const struct val *doc, struct str actor)
{
    const struct val *obj = ap_as_one(val_get(doc, S("object")));
    struct str id = ap_as_id(obj);
    enum ap_type t = ap_type_of(doc);

    synthetic_author = actor;
    synthetic_post = STR_NONE;
    synthetic_featured = t == AP_ADD || t == AP_REMOVE;
    synthetic_group = t == AP_ANNOUNCE && obj->kind == VAL_OBJ; /* only groups announce activities */
    world_follows(actor, t == AP_ACCEPT || t == AP_REJECT);
    if (t == AP_ADD || t == AP_REMOVE || t == AP_DELETE || t == AP_UPDATE)
        synthetic_post = id;
    if ((t == AP_UPDATE || t == AP_DELETE || t == AP_REMOVE) && !str_eq(id, actor) && id.n > 0 &&
        (obj->kind != VAL_OBJ || ap_type_class(ap_type_of(obj)) != AP_CLASS_ACTOR)) {
        struct str before = str_fmt(unit_mem(),
            "{\"@context\":\"" AP_AS
            "\",\"type\":\"Create\",\"id\":\"%.*s#c\",\"actor\":\"%.*s\",\"object\":{\"id\":\"%.*s\","
            "\"type\":\"Note\",\"attributedTo\":\"%.*s\",\"to\":\"" AP_PUBLIC_ID
            "\",\"content\":\"before\",\"published\":\"2010-01-01T00:00:00Z\"}}",
            STR_ARG(id), STR_ARG(actor), STR_ARG(id), STR_ARG(actor));

        (void)world_deliver(actor, 0, before);
        if (t == AP_REMOVE) {
            struct str add = str_fmt(unit_mem(),
                "{\"@context\":\"" AP_AS "\",\"type\":\"Add\",\"id\":\"%.*s#p\",\"actor\":\"%.*s\",\"object\":\"%.*s\","
                "\"target\":\"%.*s\"}",
                STR_ARG(id), STR_ARG(actor), STR_ARG(id), STR_ARG(ap_as_id(val_get(doc, S("target")))));

            (void)world_deliver(actor, 0, add);
        }
    }
    if (t == AP_UNDO && ap_type_of(obj) == AP_DELETE)
        synthetic_post = ap_as_id(val_get(obj, S("object")));
    if (t == AP_UNDO && obj->kind == VAL_OBJ)
        (void)world_deliver(actor, 0, write_doc(obj, STR_NONE, STR_NONE));
}

/* ---- the oracle ---------------------------------------------------------------------------------------------------------- */

/* 0 public, 1 unlisted, 2 followers, 3 people; nothing of the program's own reading. */
static int
widest(const struct val *list, int public_is)
{
    int best = 3;

    if (list->kind == VAL_STR) {
        if (str_ends(list->s, S("#Public")) || str_eq(list->s, S("Public")) || str_eq(list->s, S("as:Public")))
            return public_is;
        return str_find(list->s, S("follow")) >= 0 ? 2 : 3;
    }
    if (list->kind == VAL_OBJ)
        return widest(val_get(list, S("id")), public_is);
    if (list->kind == VAL_ARR)
        for (size_t i = 0; i < list->n; i++)
            best = MIN(best, widest(&list->v[i], public_is));
    return best;
}

static int
told(const struct val *v)
{
    return MIN(widest(val_get(v, S("to")), 0), widest(val_get(v, S("cc")), 1));
}

static void
widest_with_id(const struct val *v, struct str id, int around, int *best)
{
    if (v->kind != VAL_OBJ && v->kind != VAL_ARR)
        return;
    if (v->kind == VAL_OBJ && str_eq(ap_id_of(v), id)) {
        bool has = val_has(v, S("to")) || val_has(v, S("cc"));

        *best = MIN(*best, has ? told(v) : around);
        if (has && ap_as_count(val_get(v, S("to"))) == 0 && ap_as_count(val_get(v, S("cc"))) == 0)
            *best = MIN(*best, around);
    }
    if (v->kind == VAL_OBJ && (val_has(v, S("to")) || val_has(v, S("cc"))))
        around = told(v);
    for (size_t i = 0; i < v->n; i++)
        widest_with_id(&v->v[i], id, around, best);
}

static const char *
vis_name(int64_t v)
{
    return v == VIS_LIMITED ? "limited" : visibility_names[v];
}

/* No row is wider than any document says that has its id. */
static void
check_audience(struct ctx *c, const struct val *doc)
{
    static const struct db_sql all = SQL("SELECT uri, visibility FROM status WHERE NOT local ORDER BY uri");
    struct db_rows rows;

    assert_ok(c, db_query(c, &all, DB_NO_ARGS, &rows));
    for (size_t i = 0; i < rows.n; i++) {
        struct str uri = db_str(&rows.v[i], 0);
        int best = 3;

        widest_with_id(doc, uri, 3, &best);
        for (size_t k = 0; k < n_docs && best > 0; k++)
            if (docs[k].doc != NULL && !docs[k].embedded)
                widest_with_id(docs[k].doc, uri, 3, &best);
        if (str_eq(uri, synthetic_post))
            best = 0;
        if (db_int(&rows.v[i], 1) < best)
            fail_msg("%.*s is %s", STR_ARG(uri), vis_name(db_int(&rows.v[i], 1)));
    }
}

/* ---- one of them --------------------------------------------------------------------------------------------------------- */

static struct str
shown(struct ctx *c)
{
    static const struct db_sql posts =
        SQL("SELECT s.object_type, s.visibility, s.reblog_of_id IS NOT NULL, s.spoiler_text <> '', s.language "
            "FROM status s WHERE NOT s.local AND s.content <> '<p>before</p>' AND s.content <> 'before' ORDER BY s.uri "
            "LIMIT 4");
    struct db_rows rows;
    struct buf b;

    buf_init(&b, unit_mem(), 4096);
    assert_ok(c, db_query(c, &posts, DB_NO_ARGS, &rows));
    for (size_t i = 0; i < rows.n; i++) {
        struct str lang = db_str(&rows.v[i], 4);

        buf_put(&b,
            str_fmt(unit_mem(), " [%.*s %s%s%s%.*s]", STR_ARG(db_str(&rows.v[i], 0)), vis_name(db_int(&rows.v[i], 1)),
                db_bool(&rows.v[i], 3) ? " cw" : "", lang.n > 0 ? " " : "", STR_ARG(lang)));
    }
    return buf_str(&b);
}

static struct str
say(struct ctx *c, struct outcome o, const struct counts *before)
{
    struct counts after = world_count();
    struct str diff = world_diff(before, &after);

    if (o.ignored)
        return S("ignored");
    if (o.err != ERR_OK && diff.n == 0)
        return str_cat(unit_mem(), S("refused: "), o.why.n > 0 ? o.why : str_z(err_name(o.err)), STR_NONE);
    if (diff.n == 0)
        return str_cat(unit_mem(), S("nothing"), shown(c), STR_NONE);
    return str_cat(
        unit_mem(), diff, shown(c), o.err != ERR_OK ? S(" but ") : S(""), o.err != ERR_OK ? o.why : S(""), STR_NONE);
}

static struct str
try_activity(struct ctx *c, const struct document *d)
{
    struct str actor = ap_as_id(val_get(d->doc, S("actor"))), body;
    struct counts before;
    struct outcome o;

    synthetic_author = actor;
    synthetic_featured = synthetic_group = false;
    body = turned_to_us(d->doc, actor);
    prepare(parse(body), actor);
    before = world_count();
    o = world_deliver(actor, 0, body);
    check_audience(c, parse(body));
    return say(c, o, &before);
}

static struct str
try_lookup(struct ctx *c, const struct document *d)
{
    struct str url = d->id.n > 0 ? d->id : S("https://recorded.test/1");
    struct counts before;
    struct outcome o;

    synthetic_author = ap_as_id(val_get(d->doc, S("attributedTo")));
    synthetic_post = STR_NONE;
    synthetic_featured = synthetic_group = false;
    if (ap_type_class(ap_type_of(d->doc)) != AP_CLASS_ACTOR)
        web_put(url, write_doc(d->doc, STR_NONE, STR_NONE));
    else
        web_put(url, val_has(d->doc, S("@context")) ? d->bytes : write_doc(d->doc, STR_NONE, STR_NONE));
    before = world_count();
    o = world_search(url);
    check_audience(c, d->doc);
    return say(c, o, &before);
}

static struct str
try_collection(const struct document *d)
{
    struct ap_collection x;
    const char *why;

    if (ap_collection_read(unit_mem(), d->doc, &x, &why) != ERR_OK)
        return str_fmt(unit_mem(), "refused: %s", why);
    return str_fmt(unit_mem(), "%d items, total %d%s%s", (int)x.n, (int)x.total,
        x.first.p != NULL || x.first_val->kind == VAL_OBJ ? ", first" : "", x.next.p != NULL ? ", next" : "");
}

/* "way in\toutcome". */
static struct str
try_document(struct ctx *c, const struct document *d)
{
    bool activity;

    current = d;
    if (d->doc == NULL)
        return str_fmt(unit_mem(), "inbox\trefused: %s", d->why);
    if (ap_type_class(ap_type_of(d->doc)) == AP_CLASS_COLLECTION)
        return str_cat(unit_mem(), S("collection\t"), try_collection(d), STR_NONE);
    activity = ap_type_class(ap_type_of(d->doc)) == AP_CLASS_ACTIVITY ||
               (ap_type_class(ap_type_of(d->doc)) == AP_CLASS_OTHER && val_has(d->doc, S("actor")));
    return activity ? str_cat(unit_mem(), S("inbox\t"), try_activity(c, d), STR_NONE)
                    : str_cat(unit_mem(), S("lookup\t"), try_lookup(c, d), STR_NONE);
}

static struct str
one_line(struct str s)
{
    char *p = arena_alloc(unit_mem(), s.n + 1, 1);

    for (size_t i = 0; i < s.n; i++)
        p[i] = s.p[i] == '\n' || s.p[i] == '\r' ? ' ' : s.p[i];
    return (struct str){ p, s.n };
}

UNIT(what_other_servers_send)
{
    const char *mode = getenv("DASSIE_FIXTURES");
    bool writing = mode != NULL && str_eqz(str_z(mode), "write");
    struct str table = unit_file(TABLE), line;
    FILE *out = NULL;
    struct ctx *c;
    int wrong = 0;

    load();
    c = world_new(unit_db_open(UNIT_SQLITE, 4));
    log_set_level(LOG_LEVEL_ERROR);
    web_other = other;
    if (writing)
        assert_non_null(out = fopen(TABLE, "w"));
    for (size_t i = 0; i < n_files; i++) {
        struct arena_mark m = arena_save(unit_mem());
        struct str got = one_line(try_document(c, &docs[i]));

        got = str_cat(unit_mem(), docs[i].path, S("\t"), got, STR_NONE);

        if (writing)
            fprintf(out, "%.*s\n", STR_ARG(got));
        else if (!str_cut(&table, '\n', &line) || !str_eq(line, got)) {
            print_error("want %.*s\ngot  %.*s\n", STR_ARG(line), STR_ARG(got));
            wrong++;
        }
        world_reset();
        arena_restore(unit_mem(), m);
    }
    if (out != NULL)
        fclose(out);
    log_set_level(LOG_LEVEL_INFO);
    world_end();
    assert_int_equal(wrong, 0);
}

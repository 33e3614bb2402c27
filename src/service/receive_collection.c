/* Collections between servers: what owners say of theirs, and consent asked and given.  Who is in one: resolve_collection.c. */
#include "service/receive_collection.h"

#include "ap/check.h"
#include "ap/read_featured.h"
#include "ap/uri.h"
#include "base/clock.h"
#include "base/conf.h"
#include "base/id.h"
#include "base/json.h"
#include "base/url.h"
#include "db/db.h"
#include "queue/queue.h"
#include "service/collection.h"
#include "service/collection_internal.h"
#include "service/federate.h"
#include "service/notification.h"
#include "service/receive_internal.h"
#include "service/resolve_internal.h"
#include "store/account.h"
#include "store/collection.h"
#include "store/relation.h"
#include "text/html.h"
#include "text/link.h"
#include "text/unicode.h"

/* NULL in *out: not known. */
enum err
collection_find(struct ctx *c, struct str uri, struct collection **out)
{
    enum err e = store_collection_by_uri(c, uri, out);

    if (e != ERR_NOT_FOUND)
        return e;
    ctx_ok(c);
    *out = NULL;
    return ERR_OK;
}

/* The same, and of `from`. */
static enum err
find_of(struct ctx *c, const struct account *from, struct str uri, struct collection **out)
{
    TRY(collection_find(c, uri, out));
    if (*out != NULL && (*out)->account_id != from->id)
        *out = NULL;
    return ERR_OK;
}

bool
collection_is_theirs(enum err e)
{
    return e == ERR_NOT_FOUND || e == ERR_GONE || e == ERR_FORBIDDEN || e == ERR_INVALID;
}

/* Arguments of the job. */
enum err
collection_put_read(struct ctx *c, int64_t id, int64_t first, int64_t at_ms)
{
    struct job_opts opts = { .run_at_ms = at_ms };
    struct buf b;
    struct json j;

    buf_init(&b, c->mem, 256);
    json_init(&j, &b);
    json_obj(&j, NULL);
    json_id(&j, "id", id);
    if (first > 0)
        json_int(&j, "first", first);
    json_end(&j);
    CHECK(json_done(&j));
    return queue_put(c, J_READ_COLLECTION, buf_str(&b), &opts);
}

/* ---- what the owner says ------------------------------------------------------------------------------------------ */

enum err
service_receive_collection_doc(
    struct ctx *c, const struct account *from, const struct val *doc, struct ap_featured *out, bool *ok)
{
    struct ap_rules rules = resolve_rules(c);
    const char *why = "";

    *ok = doc->kind == VAL_OBJ && ap_featured_read(c->mem, doc, clock_ms(), out, &why) == ERR_OK &&
          ap_id_check(c->mem, &rules, out->id, &why) == ERR_OK && ap_id_eq(c->mem, out->attributed_to, from->uri) &&
          ap_owner_check(c->mem, out->id, from->uri, &why) == ERR_OK && receive_url_ok(c, out->id);
    return ERR_OK;
}

enum err
collection_put_fields(struct ctx *c, const struct ap_featured *x, struct collection *k)
{
    struct str clean = text_html_clean(c->mem, x->summary.text, HTML_LINE);

    k->name = text_grapheme_cut(text_one_line(c->mem, x->name.text), AP_FEATURED_NAME_CHARS_MAX);
    k->description = clean.n <= AP_FEATURED_TEXT_CHARS_MAX * 4 ? clean : S("");
    k->language = x->summary.lang.n <= 16 ? x->summary.lang : S("");
    k->sensitive = x->sensitive;
    k->discoverable = x->discoverable;
    k->url = receive_url_ok(c, x->url) ? x->url : S("");
    k->updated_ms = x->updated_ms;
    k->fetched_ms = clock_ms();
    k->tag_id = 0;
    k->tag = S("");
    return text_tag_valid(x->topic) ? collection_set_tag(c, x->topic, k) : ERR_OK;
}

bool
collection_same_words(const struct collection *a, const struct collection *b)
{
    return str_eq(a->name, b->name) && str_eq(a->description, b->description) && a->tag_id == b->tag_id &&
           a->sensitive == b->sensitive;
}

/* In a write transaction. */
static enum err
store(struct ctx *c, const struct account *from, const struct ap_featured *x, bool keep, int64_t *id)
{
    struct collection *known, old, k = { 0 };
    int64_t count;

    *id = 0;
    TRY(collection_find(c, x->id, &known));
    if (known == NULL) {
        TRY(store_collection_count(c, from->id, &count));
        if (!keep || count >= REMOTE_COLLECTIONS_MAX)
            return ERR_OK;
        k = (struct collection){
            .id = id_new(), .account_id = from->id, .uri = x->id, .created_ms = MIN(x->published_ms, clock_ms())
        };
    } else if (known->account_id != from->id) {
        return ERR_OK;
    } else {
        k = *known;
    }
    old = k;
    TRY(collection_put_fields(c, x, &k));
    TRY(store_collection_put(c, &k));
    if (known != NULL && !collection_same_words(&old, &k))
        TRY(collection_tell_members(c, &k));
    *id = k.id;
    return collection_put_read(c, k.id, 0, 0);
}

enum err
service_receive_collection(
    struct ctx *c, const struct account *from, const struct ap_featured *x, bool keep, int64_t *id)
{
    TRY(receive_begin(c, from));
    return receive_finish(c, store(c, from, x, keep, id));
}

static enum err
grew(struct ctx *c, const struct account *from, struct str uri)
{
    struct collection *k;

    TRY(find_of(c, from, uri, &k));
    return k == NULL ? ERR_OK : collection_put_read(c, k->id, 0, 0);
}

enum err
service_receive_collection_grew(struct ctx *c, const struct account *from, struct str uri)
{
    TRY(receive_begin(c, from));
    return receive_finish(c, grew(c, from, uri));
}

/* A member goes, and the notification with it. */
enum err
collection_drop_item(struct ctx *c, const struct collection *k, const struct collection_item *i)
{
    TRY(store_collection_item_delete(c, i->id));
    return service_unnotify(c, i->account_id, NOTIFY_ADDED_TO_COLLECTION, k->account_id, k->id);
}

static enum err
item_gone(struct ctx *c, const struct account *from, struct str uri, struct str item_uri)
{
    struct collection *k;

    TRY(find_of(c, from, uri, &k));
    for (size_t i = 0; k != NULL && i < k->n; i++)
        if (str_eq(k->items[i].uri, item_uri))
            return collection_drop_item(c, k, &k->items[i]);
    return ERR_OK;
}

enum err
service_receive_collection_item_gone(struct ctx *c, const struct account *from, struct str uri, struct str item_uri)
{
    TRY(receive_begin(c, from));
    return receive_finish(c, item_gone(c, from, uri, item_uri));
}

static enum err
gone(struct ctx *c, const struct account *from, struct str uri, bool *known)
{
    struct collection *k;

    TRY(find_of(c, from, uri, &k));
    *known = k != NULL;
    return k == NULL ? ERR_OK : store_collection_delete(c, k->id);
}

enum err
service_receive_collection_gone(struct ctx *c, const struct account *from, struct str uri, bool *known)
{
    TRY(receive_begin(c, from));
    return receive_finish(c, gone(c, from, uri, known));
}

/* ---- one of ours is put in ------------------------------------------------------------------------------------------- */

static enum err
answer(struct ctx *c, const struct feature_request *r, int64_t item_id)
{
    return service_federate(c, &(struct fed_action){ .kind = item_id != 0 ? FED_FEATURE_ACCEPT : FED_FEATURE_REJECT,
                                   .account_id = r->member->id,
                                   .target_id = r->from->id,
                                   .row_id = item_id,
                                   .uri = r->uri,
                                   .object_uri = r->member->uri,
                                   .instrument = r->collection });
}

/* In a write transaction. */
static enum err
decide(struct ctx *c, const struct feature_request *r, int64_t collection_id)
{
    struct collection_item item;
    struct collection *k;
    enum err e;

    TRY(store_collection_get(c, collection_id, &k));
    e = store_collection_item_of(c, k->id, r->member->id, &item);
    if (e == ERR_OK)
        return answer(c, r, item.state == ITEM_ACCEPTED ? item.id : 0); /* whoever left is not put in again */
    if (e != ERR_NOT_FOUND)
        return e;
    ctx_ok(c);
    if (k->n >= AP_FEATURED_ITEMS_MAX)
        return answer(c, r, 0);
    item = (struct collection_item){ .id = id_new(),
        .collection_id = k->id,
        .account_id = r->member->id,
        .state = ITEM_ACCEPTED,
        .created_ms = clock_ms() };
    TRY(store_collection_item_add(c, &item));
    TRY(service_notify_collection(c, r->member->id, NOTIFY_ADDED_TO_COLLECTION, r->from->id, k->id));
    return answer(c, r, item.id);
}

static enum err
refuse(struct ctx *c, const struct feature_request *r)
{
    TRY(receive_begin(c, r->from));
    return receive_finish(c, answer(c, r, 0));
}

enum err
service_receive_feature_request(struct ctx *c, struct budget *b, const struct feature_request *r)
{
    struct relation none = { 0 };
    struct relations rel;
    struct collection *k = NULL;
    enum err e = ERR_OK;
    bool wanted;

    TRY(receive_wanted_by(c, r->member->id, r->from, &wanted));
    TRY(store_relations(c, r->from->id, &(struct ids){ &r->member->id, 1 }, &rel));
    if (!wanted || !url_same_origin(c->mem, r->collection, r->from->uri) ||
        collection_may_feature(r->member, rel.n > 0 ? &rel.v[0] : &none) != QUOTE_ANSWER_AUTOMATIC)
        return refuse(c, r);
    e = service_resolve_collection(c, b, r->collection, &k);
    if (collection_is_theirs(e))
        ctx_ok(c);
    else
        TRY(e);
    if (e != ERR_OK || k->account_id != r->from->id)
        return refuse(c, r);
    TRY(receive_begin(c, r->from));
    return receive_finish(c, decide(c, r, k->id));
}

/* ---- one of ours asked -------------------------------------------------------------------------------------------------- */

static enum err
answered(struct ctx *c, const struct account *from, int64_t item_id, bool yes, struct str stamp)
{
    struct collection_item item;
    struct collection *k;

    TRY(store_collection_item_get(c, item_id, &item));
    TRY(store_collection_get(c, item.collection_id, &k));
    if (item.account_id != from->id || k->uri.n > 0 || item.state == ITEM_REVOKED)
        return ERR_OK;
    if (yes) {
        if (item.state != ITEM_PENDING || stamp.n == 0 || stamp.n > URL_BYTES_MAX || !receive_url_ok(c, stamp) ||
            !url_same_origin(c->mem, stamp, from->uri))
            return ERR_OK;
        item.state = ITEM_ACCEPTED;
        item.approval_uri = stamp;
        TRY(store_collection_item_set(c, &item));
        if (!k->discoverable)
            return ERR_OK;
        return service_federate(
            c, &(struct fed_action){ .kind = FED_ITEM_ADD, .account_id = k->account_id, .row_id = item.id });
    }
    if (item.state == ITEM_ACCEPTED)
        TRY(collection_tell_item_removed(c, k, &item));
    item.state = ITEM_REVOKED;
    item.approval_uri = S("");
    return store_collection_item_set(c, &item);
}

enum err
service_receive_feature_answer(
    struct ctx *c, const struct account *from, const struct ap_uri *request, bool yes, struct str stamp)
{
    TRY(receive_begin(c, from));
    return receive_finish(c, answered(c, from, request->b, yes, stamp));
}

static enum err
revoked(struct ctx *c, const struct account *from, struct str stamp, bool *known)
{
    struct collection_items v;

    TRY(store_collection_items_stamped(c, stamp, &v));
    for (size_t i = 0; i < v.n; i++) {
        struct collection *k;

        if (v.v[i].account_id != from->id)
            continue;
        *known = true;
        TRY(store_collection_get(c, v.v[i].collection_id, &k));
        if (k->uri.n > 0) {
            TRY(collection_drop_item(c, k, &v.v[i]));
            continue;
        }
        v.v[i].state = ITEM_REVOKED;
        v.v[i].approval_uri = S("");
        TRY(store_collection_item_set(c, &v.v[i]));
        TRY(collection_tell_item_removed(c, k, &v.v[i]));
    }
    return ERR_OK;
}

enum err
service_receive_feature_revoked(struct ctx *c, const struct account *from, struct str stamp, bool *known)
{
    *known = false;
    TRY(receive_begin(c, from));
    return receive_finish(c, revoked(c, from, stamp, known));
}

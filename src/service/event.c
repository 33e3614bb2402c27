/* What happened, for the hub: as JSON, so that a bridge may carry it. */
#include "service/event.h"

#include "base/blob.h"
#include "base/buf.h"
#include "base/json.h"
#include "base/log.h"
#include "db/db.h"
#include "hub/hub.h"

#include <string.h>

enum { EVENT_BYTES_MAX = 128 * 1024 }; /* EVENT_READERS_MAX ids and the rest */

const char *const event_names[] = {
#define X(id, word) word,
    EVENT_LIST(X)
#undef X
        NULL
};

/* ---- writing -------------------------------------------------------------------------------------------------------- */

static void
put_ids(struct json *j, const char *key, const struct ids *ids)
{
    if (ids->n == 0)
        return;
    json_arr(j, key);
    for (size_t i = 0; i < ids->n; i++)
        json_int(j, NULL, ids->v[i]);
    json_end(j);
}

static void
put_strs(struct json *j, const char *key, const struct strs *v)
{
    if (v->n > 0)
        json_strs(j, key, v);
}

/* STR_NONE: too large, as names of hashtags from elsewhere are long; then streams do not hear of it. */
static struct str
write_event(struct arena *mem, const struct event *e)
{
    struct buf b;
    struct json j;

    buf_init(&b, mem, EVENT_BYTES_MAX);
    json_init(&j, &b);
    json_obj(&j, NULL);
    json_str(&j, "kind", str_z(event_names[e->kind]));
    json_int(&j, "id", e->id);
    json_int(&j, "account", e->account_id);
    json_bool(&j, "whole", e->whole);
    put_ids(&j, "readers", &e->readers);
    put_ids(&j, "tags", &e->tags);
    put_strs(&j, "topics", &e->topics);
    if (e->name.n > 0) {
        json_str(&j, "name", e->name);
        json_int(&j, "count", e->count);
    }
    json_end(&j);
    return json_done(&j) ? buf_str(&b) : STR_NONE;
}

struct message {
    enum event_kind kind;
    struct str bytes;
};

static void
publish(struct ctx *c, void *arg)
{
    const struct message *m = arg;
    struct blob *b = blob_new(m->bytes);

    (void)hub_publish(c->env->hub, EVENT_TOPIC, str_z(event_names[m->kind]), b);
    blob_unref(b);
}

void
service_event(struct ctx *c, const struct event *e)
{
    struct message *m;

    CHECK(e->readers.n <= EVENT_READERS_MAX);
    if (c->env->hub == NULL || !hub_is_wanted(c->env->hub, EVENT_TOPIC))
        return; /* nobody streams */
    m = arena_new(c->mem, struct message);
    *m = (struct message){ e->kind, write_event(c->mem, e) };
    if (m->bytes.p == NULL) {
        log_warn(c, "event.large", LOG_STR("kind", str_z(event_names[e->kind])), LOG_INT("id", e->id));
        return;
    }
    if (c->tx == DB_WRITE)
        ctx_after_commit(c, publish, m);
    else
        publish(c, m);
}

void
service_event_home(struct ctx *c, const struct status *s, const struct ids *readers, bool whole)
{
    struct event e = { .kind = s->edited_ms != 0 ? EVENT_STATUS_UPDATE : EVENT_UPDATE,
        .id = s->id,
        .account_id = s->account_id,
        .whole = whole };
    size_t at = 0;

    do {
        e.readers = (struct ids){ readers->v + at, MIN(readers->n - at, (size_t)EVENT_READERS_MAX) };
        service_event(c, &e);
        e.whole = false;
        at += e.readers.n;
    } while (at < readers->n);
}

/* Direct ones were seen by those who are named; all others by the followers of the author too, whom the streams look up. */
void
service_event_deleted(struct ctx *c, const struct status *s)
{
    struct event e = { .kind = EVENT_DELETE,
        .id = s->id,
        .account_id = s->account_id,
        .whole = s->visibility < VIS_DIRECT,
        .topics = service_event_topics(c->mem, s) };
    size_t n = MIN(s->n_mentions, (size_t)EVENT_READERS_MAX - 1);

    e.readers.v = arena_vec(c->mem, int64_t, n + 1);
    e.readers.v[e.readers.n++] = s->account_id;
    for (size_t i = 0; i < n; i++)
        e.readers.v[e.readers.n++] = s->mentions[i].account_id;
    if (s->visibility == VIS_PUBLIC && s->reblog_of_id == 0 && s->n_tags > 0) {
        e.tags.v = arena_vec(c->mem, int64_t, s->n_tags);
        for (size_t i = 0; i < s->n_tags; i++)
            e.tags.v[e.tags.n++] = s->tags[i].id;
    }
    service_event(c, &e);
}

void
service_event_account(struct ctx *c, enum event_kind kind, int64_t account_id, int64_t id)
{
    service_event(c, &(struct event){ .kind = kind, .id = id, .account_id = account_id });
}

void
service_event_logins(struct ctx *c)
{
    service_event(c, &(struct event){ .kind = EVENT_LOGINS });
}

/* ---- reading -------------------------------------------------------------------------------------------------------- */

static struct ids
read_ids(struct arena *mem, const struct val *v)
{
    struct ids out = { arena_vec(mem, int64_t, v->n), 0 };

    for (size_t i = 0; v->kind == VAL_ARR && i < v->n; i++)
        out.v[out.n++] = val_int(val_at(v, i), 0);
    return out;
}

static struct strs
read_strs(struct arena *mem, const struct val *v)
{
    struct strs out = { arena_vec(mem, struct str, v->n), 0 };

    for (size_t i = 0; v->kind == VAL_ARR && i < v->n; i++)
        out.v[out.n++] = val_str(val_at(v, i));
    return out;
}

enum err
service_event_read(struct arena *mem, struct str bytes, struct event *out)
{
    const struct val *v;
    struct str kind;

    TRY(json_parse(mem, bytes, NULL, &v));
    kind = val_str(val_get(v, S("kind")));
    *out = (struct event){ .id = val_int(val_get(v, S("id")), 0),
        .account_id = val_int(val_get(v, S("account")), 0),
        .whole = val_bool(val_get(v, S("whole")), false),
        .readers = read_ids(mem, val_get(v, S("readers"))),
        .tags = read_ids(mem, val_get(v, S("tags"))),
        .topics = read_strs(mem, val_get(v, S("topics"))),
        .name = val_str(val_get(v, S("name"))),
        .count = val_int(val_get(v, S("count")), 0) };
    for (; out->kind < EVENT_COUNT; out->kind++)
        if (str_eqz(kind, event_names[out->kind]))
            return ERR_OK;
    return ERR_INVALID;
}

/* ---- streams of everybody --------------------------------------------------------------------------------------------- */

static void
add(struct arena *mem, struct strs *out, struct str topic, bool media)
{
    out->v[out->n++] = topic;
    if (media)
        out->v[out->n++] = str_cat(mem, topic, S(":media"), STR_NONE);
}

struct strs
service_event_topics(struct arena *mem, const struct status *s)
{
    struct strs out = { arena_vec(mem, struct str, 4 + 2 * s->n_tags), 0 };
    bool to_others =
        s->in_reply_to_uri.n > 0 || (s->in_reply_to_account_id != 0 && s->in_reply_to_account_id != s->account_id);

    if (s->visibility != VIS_PUBLIC || s->reblog_of_id != 0)
        return out;
    if (!to_others) {
        add(mem, &out, S("public"), s->has_media);
        add(mem, &out, s->local ? S("public:local") : S("public:remote"), s->has_media);
    }
    for (size_t i = 0; i < s->n_tags; i++) {
        out.v[out.n++] = str_cat(mem, S("hashtag:"), s->tags[i].name, STR_NONE);
        if (s->local)
            out.v[out.n++] = str_cat(mem, S("hashtag:local:"), s->tags[i].name, STR_NONE);
    }
    return out;
}

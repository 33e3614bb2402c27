/* The channels of the streaming API. */
#include "stream/channel.h"

#include "base/json.h"
#include "service/feed.h"
#include "service/list.h"
#include "service/tag.h"

enum need { NEED_NOTHING, NEED_TAG, NEED_LIST };
enum whose { EVERYBODYS, MINE };

static const struct {
    const char *name;
    uint64_t scope;
    enum need need;
    enum whose whose;
} channels[CHANNEL_COUNT] = {
#define X(id, name, scope, need, whose) [CHANNEL_##id] = { name, scope, NEED_##need, whose },
    CHANNEL_LIST(X)
#undef X
};

struct str
channel_topic_of(struct arena *mem, enum channel_id id, int64_t of)
{
    return str_fmt(mem, "%s:%lld", channels[id].name, (long long)of);
}

static struct str
shown_name(struct arena *mem, enum channel_id id, struct str param)
{
    struct buf b;
    struct json j;

    buf_init(&b, mem, KB(8));
    json_init(&j, &b);
    json_arr(&j, NULL);
    json_str(&j, NULL, str_z(channels[id].name));
    if (channels[id].need != NEED_NOTHING)
        json_str(&j, NULL, param);
    json_end(&j);
    CHECK(json_done(&j));
    return buf_str(&b);
}

static enum err
find_tag(struct ctx *c, const struct channel_request *q, enum channel_id asked, struct channel *out)
{
    struct str tag = str_trim(q->tag);

    if (str_starts(tag, S("#")))
        tag = str_sub(tag, 1, tag.n);
    if (tag.n == 0)
        return ctx_fail_public(c, ERR_BAD_REQUEST, "Missing tag name parameter");
    if (tag.n > CHANNEL_PARAM_BYTES_MAX)
        return ctx_fail_public(c, ERR_BAD_REQUEST, "Tag name parameter is too long");
    out->topic = str_cat(c->mem, str_z(channels[out->id].name), S(":"), service_tag_key(c->mem, tag), STR_NONE);
    out->name = shown_name(c->mem, asked, q->tag);
    return ERR_OK;
}

/* Nobody's list is told apart from somebody else's. */
static enum err
find_list(struct ctx *c, const struct channel_request *q, struct channel *out)
{
    struct list *list;
    enum err e;
    int64_t id;

    if (q->list.n == 0)
        return ctx_fail_public(c, ERR_BAD_REQUEST, "Missing list name parameter");
    e = str_int(q->list, &id) ? service_list_get(c, id, &list) : ERR_NOT_FOUND;
    if (e == ERR_NOT_FOUND)
        return ctx_fail_public(c, ERR_UNAUTHORIZED, "Not authorized to stream this list");
    TRY(e);
    out->topic = channel_topic_of(c->mem, out->id, id);
    out->name = shown_name(c->mem, out->id, q->list);
    return ERR_OK;
}

static enum err
find_id(struct ctx *c, const struct channel_request *q, enum channel_id *out)
{
    struct str name = q->name;

    if (q->only_media && str_starts(name, S("public")) && !str_ends(name, S(":media")))
        name = str_cat(c->mem, name, S(":media"), STR_NONE);
    for (*out = 0; *out < CHANNEL_COUNT; (*out)++)
        if (str_eqz(name, channels[*out].name))
            return ERR_OK;
    return ctx_fail_public(c, ERR_BAD_REQUEST, "Unknown stream type");
}

/* Of "public" somebody may be allowed one half: then they hear that one, under the name they asked for. */
static enum err
narrow(struct ctx *c, enum channel_id *id)
{
    static const enum channel_id halves[][3] = {
        /* remote, both, local */
        { CHANNEL_PUBLIC_REMOTE, CHANNEL_PUBLIC, CHANNEL_PUBLIC_LOCAL },
        { CHANNEL_PUBLIC_REMOTE_MEDIA, CHANNEL_PUBLIC_MEDIA, CHANNEL_PUBLIC_LOCAL_MEDIA },
        { CHANNEL_COUNT, CHANNEL_HASHTAG, CHANNEL_HASHTAG_LOCAL },
    };

    for (size_t i = 0; i < lengthof(halves); i++)
        for (int where = -1; where <= 1; where++) {
            int may = where;
            bool nothing;

            if (halves[i][where + 1] != *id || *id == CHANNEL_COUNT)
                continue;
            TRY(service_feed_open(c, channels[*id].need == NEED_TAG ? FEED_TOPIC : FEED_LIVE, &may, &nothing));
            if (nothing || halves[i][may + 1] == CHANNEL_COUNT)
                return ctx_fail_public(c, ERR_UNAUTHORIZED, "Not authorized to stream this feed");
            *id = halves[i][may + 1];
            return ERR_OK;
        }
    return ERR_OK;
}

enum err
channel_find(struct ctx *c, const struct channel_request *q, struct channel *out)
{
    enum channel_id asked;

    TRY(find_id(c, q, &out->id));
    if (!scope_allows(c->who.scopes, channels[out->id].scope))
        return ctx_fail_public(c, ERR_UNAUTHORIZED, "Access token does not have the required scopes");
    asked = out->id;
    TRY(narrow(c, &out->id));
    switch (channels[out->id].need) {
    case NEED_TAG:
        return find_tag(c, q, asked, out);
    case NEED_LIST:
        return find_list(c, q, out);
    case NEED_NOTHING:
        break;
    }
    out->topic = channels[out->id].whose == MINE ? channel_topic_of(c->mem, out->id, c->who.account_id)
                                                 : str_z(channels[out->id].name);
    out->name = shown_name(c->mem, asked, STR_NONE);
    return ERR_OK;
}

/* What a WebSocket client says. */
#include "stream/message.h"

#include "base/json.h"

static const struct json_limits limits = { .depth = 4, .nodes = 32, .string_bytes = STREAM_COMMAND_BYTES_MAX };

static enum err
refuse(const char **why, enum err e, const char *text)
{
    *why = text;
    return e;
}

/* Text, or a number as it is written; *ok false for anything else that is there. */
static struct str
word(const struct val *v, struct str key, bool *ok)
{
    const struct val *x = val_get(v, key);

    if (x->kind != VAL_NULL && x->kind != VAL_STR && x->kind != VAL_NUM)
        *ok = false;
    return x->kind == VAL_STR || x->kind == VAL_NUM ? x->s : STR_NONE;
}

enum err
stream_command_read(struct arena *mem, struct str text, struct stream_command *out, const char **why)
{
    const struct val *v;
    struct str type;
    bool ok = true;

    if (text.n > STREAM_COMMAND_BYTES_MAX)
        return refuse(why, ERR_TOO_LARGE, "The message is too long");
    if (json_parse(mem, text, &limits, &v) != ERR_OK || v->kind != VAL_OBJ)
        return refuse(why, ERR_BAD_REQUEST, "The message is not a JSON object");
    type = val_str(val_get(v, S("type")));
    *out = (struct stream_command){ .subscribe = str_eqz(type, "subscribe"),
        .what = { .name = val_str(val_get(v, S("stream"))),
            .tag = word(v, S("tag"), &ok),
            .list = word(v, S("list"), &ok) } };
    if (!out->subscribe && !str_eqz(type, "unsubscribe"))
        return refuse(why, ERR_BAD_REQUEST, "Unknown type of message");
    if (!ok)
        return refuse(why, ERR_BAD_REQUEST, "A parameter has the wrong type");
    return ERR_OK;
}

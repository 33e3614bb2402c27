/* Pictures of the server itself. */
#include "service/server_picture.h"

#include "base/utf8.h"
#include "db/db.h"
#include "media/media.h"
#include "store/server_picture.h"
#include "store/setting.h"
#include "text/unicode.h"

const char *const server_picture_names[] = { "thumbnail", "icon", NULL };

static enum err
find(struct ctx *c, struct str name, enum server_picture_kind *out)
{
    for (*out = 0; *out < SERVER_PICTURE_COUNT; (*out)++)
        if (str_eqz(name, server_picture_names[*out]))
            return ERR_OK;
    return ctx_fail_public(c, ERR_NOT_FOUND, "There is no picture %.*s: thumbnail or icon", STR_ARG(name));
}

static enum err
keep(struct ctx *c, struct str name, const struct server_picture *p)
{
    TRY(db_begin(c, DB_WRITE));
    TRY(store_server_picture_put(c, name, p));
    TRY(store_setting_touch(c));
    return db_commit(c);
}

/* Something still: neither a film nor what becomes one. */
static enum err
make(struct ctx *c, enum server_picture_kind kind, struct str bytes, struct media_result *made)
{
    const struct media_input in = { .fd = -1, .bytes = bytes };

    TRY(media_process(c, in, kind == SERVER_ICON ? MEDIA_FOR_AVATAR : MEDIA_FOR_POST, made));
    if (made->kind == MEDIA_IMAGE)
        return ERR_OK;
    media_discard(c, made);
    return ctx_fail_public(c, ERR_INVALID, "The picture of a server does not move");
}

enum err
service_server_picture_set(struct ctx *c, struct str name, struct str bytes, struct str description)
{
    struct server_picture p = { .description = text_one_line(c->mem, description) };
    enum server_picture_kind kind;
    struct media_result made;
    enum err e;

    TRY(find(c, name, &kind));
    if (!utf8_valid(description) || utf8_count(p.description) > SERVER_PICTURE_CHARS_MAX)
        return ctx_fail_public(
            c, ERR_INVALID, "The description has at most %d characters of UTF-8", SERVER_PICTURE_CHARS_MAX);
    if (bytes.n == 0)
        return keep(c, name, &p);
    db_rollback(c); /* no connection while it is decoded */
    TRY(make(c, kind, bytes, &made));
    p.file = made.file.key;
    p.small = made.small.key;
    p.width = made.file.width;
    p.height = made.file.height;
    p.blurhash = made.blurhash;
    e = keep(c, name, &p);
    if (e != ERR_OK) {
        db_rollback(c);
        media_discard(c, &made);
    }
    return e;
}

enum err
service_server_pictures(struct ctx *c, struct server_picture out[SERVER_PICTURE_COUNT])
{
    for (int i = 0; i < SERVER_PICTURE_COUNT; i++) {
        enum err e = store_server_picture_get(c, str_z(server_picture_names[i]), &out[i]);

        if (e == ERR_NOT_FOUND) {
            ctx_ok(c);
            out[i] = (struct server_picture){ 0 };
            continue;
        }
        TRY(e);
    }
    return ERR_OK;
}

/* Custom emoji.  The pictures of those of other servers are fetched by service/media.c. */
#include "service/emoji.h"

#include "base/clock.h"
#include "base/utf8.h"
#include "db/db.h"
#include "media/media.h"
#include "queue/queue.h"
#include "store/emoji.h"
#include "text/link.h"
#include "text/unicode.h"

/* The one with this code, or NULL. */
static enum err
find(struct ctx *c, struct str domain, struct str shortcode, struct emoji_ref **out)
{
    const struct strs codes = { &shortcode, 1 };
    struct emoji_refs found;

    TRY(store_emoji_by_codes(c, domain, &codes, &found));
    *out = found.n > 0 ? &found.v[0] : NULL;
    return ERR_OK;
}

static enum err
check_free(struct ctx *c, const struct emoji_params *p)
{
    struct emoji_ref *old;

    TRY(find(c, S(""), p->shortcode, &old));
    if (old != NULL && !p->replace)
        return ctx_fail_public(
            c, ERR_CONFLICT, "there is an emoji :%.*s: already; remove or replace it", STR_ARG(p->shortcode));
    return ERR_OK;
}

static enum err
check_names(struct ctx *c, const struct emoji_params *p, struct str *category)
{
    if (!text_shortcode_valid(p->shortcode))
        return ctx_fail_public(c, ERR_INVALID, "a shortcode has 2 to 128 letters a-z, digits or underscores");
    *category = text_one_line(c->mem, p->category);
    if (utf8_count(*category) > EMOJI_CATEGORY_CHARS_MAX)
        return ctx_fail_public(
            c, ERR_INVALID, "the category is longer than %d characters", (int)EMOJI_CATEGORY_CHARS_MAX);
    if (category->n == 0)
        *category = STR_NONE;
    return ERR_OK;
}

enum err
service_emoji_add(struct ctx *c, const struct emoji_params *p)
{
    struct emoji_ref e = { .shortcode = p->shortcode, .visible = true };
    struct media_result made;
    enum err err;

    TRY(check_names(c, p, &e.category));
    TRY(check_free(c, p));
    db_rollback(c); /* no connection while it is decoded */
    TRY(media_process(c, (struct media_input){ .fd = -1, .bytes = p->picture }, MEDIA_FOR_EMOJI, &made));
    e.file = made.file.key;
    e.file_static = made.small.key;
    err = db_begin(c, DB_WRITE);
    if (err == ERR_OK)
        err = check_free(c, p); /* again, as somebody may have been faster */
    if (err == ERR_OK)
        err = store_emoji_put(c, S(""), S(""), &e, clock_ms());
    if (err == ERR_OK)
        err = db_commit(c);
    if (err != ERR_OK) {
        db_rollback(c);
        media_discard(c, &made);
    }
    return err;
}

enum err
service_emoji_remove(struct ctx *c, struct str shortcode)
{
    enum err e;

    TRY(db_begin(c, DB_WRITE));
    e = store_emoji_delete(c, S(""), shortcode);
    if (e == ERR_NOT_FOUND)
        return ctx_fail_public(c, e, "there is no emoji :%.*s:", STR_ARG(shortcode));
    TRY(e);
    return db_commit(c);
}

enum err
service_emoji_list(struct ctx *c, struct emoji_refs *out)
{
    return store_emoji_list(c, out);
}

enum err
service_emoji_receive(struct ctx *c, struct str domain, struct str uri, struct str shortcode, struct str url,
    int64_t updated_ms, bool fetch)
{
    struct emoji_ref e = { .shortcode = shortcode, .remote_url = url, .visible = true }, *now;

    TRY(store_emoji_put(c, domain, uri, &e, updated_ms != 0 ? updated_ms : clock_ms()));
    TRY(find(c, domain, shortcode, &now)); /* NULL: a moderator disabled it */
    return fetch && now != NULL && now->file.n == 0 ? queue_put_id(c, J_FETCH_EMOJI, now->id) : ERR_OK;
}

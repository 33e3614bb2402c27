/* The parameters of posts: of a request, or of each post in a list. */
#include "api/post.h"

#include "base/date.h"
#include "http/params.h"
#include "http/respond.h"
#include "http/tree.h"
#include "service/media.h"
#include "view/view.h"

enum { TEXT_BYTES_MAX = 64 * 1024, ATTRIBUTES_MAX = 16, POLL_ITEMS_MAX = 100 };

struct status_request {
    struct post_params p;
    const struct val *poll, *media_attributes, *media_ids, *allowed_mentions;
    struct str quoted;
};

#define STATUS_FIELD(member, type, ...) FIELD_AS(status_request, p.member, #member, type, __VA_ARGS__)

static const struct field fields[] = {
    STATUS_FIELD(status, P_STR, .max = TEXT_BYTES_MAX),
    STATUS_FIELD(spoiler_text, P_STR, .max = TEXT_BYTES_MAX),
    STATUS_FIELD(language, P_STR, .max = 64), /* locales of telephones are long: en_US@calendar=gregorian */
    STATUS_FIELD(content_type, P_STR, .max = 64),
    STATUS_FIELD(sensitive, P_TRI),
    STATUS_FIELD(visibility, P_ENUM, .extra = visibility_names),
    STATUS_FIELD(in_reply_to_id, P_ID),
    STATUS_FIELD(media_ids, P_IDS, .max = 32),
    STATUS_FIELD(allowed_mentions, P_STRS, .max = 100),
    FIELD_AS(status_request, media_ids, "media_ids", P_VAL),
    FIELD_AS(status_request, allowed_mentions, "allowed_mentions", P_VAL),
    FIELD(status_request, media_attributes, P_VAL),
    FIELD(status_request, poll, P_VAL),
    STATUS_FIELD(expires_in, P_INT, .min = 0, .max = POST_SECONDS_MAX),
    STATUS_FIELD(local_only, P_BOOL),
    STATUS_FIELD(quoted_status_id, P_ID),
    FIELD_AS(status_request, quoted, "quoted_status_id", P_STR, .max = 32),
    FIELD_AS(status_request, p.quote_choice, "quote_approval_policy", P_ENUM, .extra = quote_choice_names),
};

static enum err
check_type(struct ctx *c, struct str type)
{
    if (type.n > 0 && !str_eqz(type, "text/plain") && !str_eqz(type, "text/markdown"))
        return ctx_fail_public(c, ERR_INVALID, "Validation failed: Content type is not text/plain or text/markdown");
    return ERR_OK;
}

static enum err
read_attributes(struct ctx *c, const struct val *list, struct post_params *p)
{
    struct post_media *v = arena_vec(c->mem, struct post_media, ATTRIBUTES_MAX);

    for (size_t i = 0; i < list->n && p->n_media_attributes < ATTRIBUTES_MAX; i++) {
        struct post_media *m = &v[p->n_media_attributes];
        static const struct field media_fields[] = {
            FIELD(post_media, id, P_ID, .required = true),
            FIELD(post_media, description, P_STR, .max = 40000),
            FIELD(post_media, focus, P_STR, .max = 64),
        };

        TRY(params_from_val(c, &list->v[i], media_fields, lengthof(media_fields), m));
        p->n_media_attributes++;
    }
    p->media_attributes = v;
    return ERR_OK;
}

enum err
api_post_thumbnails(struct ctx *c, const struct req *r, struct post_params *p)
{
    static const struct field thumb_field[] = { { .name = "thumbnail", .type = P_FILE } };
    const struct val *list = tree_arrays(c->mem, val_get(r->args, S("media_attributes")));
    struct post_media *v = arena_vec(c->mem, struct post_media, p->n_media_attributes);

    for (size_t i = 0; i < p->n_media_attributes; i++) {
        struct upload u = { .fd = -1 };
        struct media_given *thumb;

        v[i] = p->media_attributes[i];
        TRY(params_from_member(c, r, &list->v[i], thumb_field, lengthof(thumb_field), &u));
        if (u.n == 0)
            continue;
        thumb = arena_new(c->mem, struct media_given);
        api_media_file(&u, thumb);
        v[i].thumb = thumb;
    }
    p->media_attributes = v;
    return ERR_OK;
}

/* null, false and {} take the poll of an edited post away. */
static enum err
read_poll(struct ctx *c, const struct val *v, struct post_params *p)
{
    static const struct field poll_fields[] = {
        FIELD(post_poll, options, P_STRS, .min = 4096, .max = POLL_ITEMS_MAX),
        FIELD(post_poll, expires_in, P_INT),
        FIELD(post_poll, multiple, P_BOOL),
        FIELD(post_poll, hide_totals, P_BOOL),
    };
    struct post_poll *poll;

    if (val_is_null(v) || (v->kind == VAL_BOOL && !v->b) || (v->kind == VAL_STR && v->s.n == 0) ||
        ((v->kind == VAL_OBJ || v->kind == VAL_ARR) && v->n == 0))
        return ERR_OK;
    if (v->kind != VAL_OBJ)
        return ctx_fail_public(c, ERR_INVALID, "Validation failed: Poll is invalid");
    poll = arena_new(c->mem, struct post_poll);
    TRY(params_from_val(c, v, poll_fields, lengthof(poll_fields), poll));
    p->poll = poll;
    return ERR_OK;
}

enum err
api_time_read(struct ctx *c, const struct val *v, const char *name, int64_t *out)
{
    const struct val *t = val_get(v, str_z(name));

    *out = 0;
    if (val_is_null(t) || (t->kind == VAL_STR && t->s.n == 0))
        return ERR_OK;
    if (t->kind != VAL_STR || !date_parse(t->s, out) || *out <= 0)
        return ctx_fail_invalid(c, respond_field_name(c->mem, str_z(name)), "is not a date and time");
    return ERR_OK;
}

enum err
api_post_read(struct ctx *c, const struct val *v, struct post_params *out)
{
    struct status_request q = { .p = { .visibility = -1, .sensitive = -1, .quote_choice = -1 },
        .poll = &val_null,
        .media_attributes = &val_null,
        .media_ids = &val_null,
        .allowed_mentions = &val_null };

    TRY(params_from_val(c, v, fields, lengthof(fields), &q));
    TRY(check_type(c, q.p.content_type));
    TRY(api_time_read(c, v, "expires_at", &q.p.expires_ms));
    q.p.has_expiry = val_has(v, S("expires_at")) || val_has(v, S("expires_in"));
    q.p.drop_quote = q.quoted.p != NULL && q.quoted.n == 0;
    TRY(read_poll(c, q.poll, &q.p));
    q.p.has_allowed_mentions = !val_is_null(q.allowed_mentions);
    TRY(read_attributes(c, q.media_attributes, &q.p));
    *out = q.p;
    return ERR_OK;
}

enum err
api_posts_read(struct ctx *c, const struct val *v, struct posts *out)
{
    const struct val *list = val_get(v, S("posts"));

    *out = (struct posts){ 0 };
    if (list->kind != VAL_ARR || list->n == 0 || list->n > THREAD_POSTS_MAX)
        return ctx_fail_public(
            c, ERR_INVALID, "Validation failed: Posts must be a list of 1 to %d posts", THREAD_POSTS_MAX);
    out->v = arena_vec(c->mem, struct post_params, list->n);
    for (size_t i = 0; i < list->n; i++) {
        if (val_at(list, i)->kind != VAL_OBJ)
            return ctx_fail_public(c, ERR_INVALID, "Validation failed: Posts must be a list of objects");
        TRY(api_post_read(c, val_at(list, i), &out->v[out->n++]));
    }
    return ERR_OK;
}

enum err
api_answer_posted(struct ctx *c, struct req *r, const struct posted *p, bool list)
{
    if (p->later != NULL)
        view_scheduled(c, res_json(c, r, 200), p->later);
    else if (list)
        view_statuses(c, res_json(c, r, 200), NULL, &p->now);
    else if (p->now.n > 0)
        return api_answer_status(c, r, p->now.v[0]);
    return ERR_OK;
}

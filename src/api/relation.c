/* Follow, block, mute, notes, follow requests.  https://docs.joinmastodon.org/methods/accounts/#follow */
#include "service/relation.h"
#include "api/handlers.h"

#include "http/limit.h"
#include "http/params.h"
#include "http/respond.h"
#include "view/view.h"

enum { PEOPLE = 40, PEOPLE_MAX = 80, IDS_MAX = 100, DURATION_MAX_S = 10 * 366 * 24 * 3600 };

static enum err
answer(struct ctx *c, struct req *r, const struct relation *rel)
{
    view_relationship(c, res_json(c, r, 200), rel);
    return ERR_OK;
}

enum err
api_relationships(struct ctx *c, struct req *r)
{
    struct request {
        struct ids id;
        bool with_suspended;
    } q = { 0 };
    static const struct field fields[] = {
        FIELD(request, id, P_IDS, .max = IDS_MAX),
        FIELD(request, with_suspended, P_BOOL),
    };
    struct relations v;
    struct json *j;

    TRY(params_read(c, r, fields, lengthof(fields), &q));
    TRY(service_relation_list(c, &q.id, q.with_suspended, &v));
    j = res_json(c, r, 200);
    json_arr(j, NULL);
    for (size_t i = 0; i < v.n; i++)
        view_relationship(c, j, &v.v[i]);
    json_end(j);
    return ERR_OK;
}

enum err
api_follow(struct ctx *c, struct req *r)
{
    struct request {
        struct follow_params p;
        const struct val *languages;
    } q = { .p = { .reblogs = -1, .notify = -1 }, .languages = &val_null };
    static const struct field fields[] = {
        FIELD_AS(request, p.reblogs, "reblogs", P_TRI),
        FIELD_AS(request, p.notify, "notify", P_TRI),
        FIELD_AS(request, p.languages, "languages", P_STRS, .min = 16, .max = 50),
        FIELD(request, languages, P_VAL),
    };
    struct relation rel;

    TRY(params_read(c, r, fields, lengthof(fields), &q));
    q.p.has_languages = !val_is_null(q.languages);
    TRY(limit_take_id(c, r, LIMIT_FOLLOW, c->who.account_id));
    TRY(service_relation_follow(c, req_param_id(r, "id"), &q.p, &rel));
    return answer(c, r, &rel);
}

enum err
api_unfollow(struct ctx *c, struct req *r)
{
    struct relation rel;

    TRY(service_relation_unfollow(c, req_param_id(r, "id"), &rel));
    return answer(c, r, &rel);
}

enum err
api_block(struct ctx *c, struct req *r)
{
    struct relation rel;

    TRY(service_relation_block(c, req_param_id(r, "id"), true, &rel));
    return answer(c, r, &rel);
}

enum err
api_unblock(struct ctx *c, struct req *r)
{
    struct relation rel;

    TRY(service_relation_block(c, req_param_id(r, "id"), false, &rel));
    return answer(c, r, &rel);
}

enum err
api_mute(struct ctx *c, struct req *r)
{
    struct request {
        bool notifications;
        int64_t duration;
    } q = { .notifications = true };
    static const struct field fields[] = {
        FIELD(request, notifications, P_BOOL),
        FIELD(request, duration, P_INT, .max = DURATION_MAX_S),
    };
    struct relation rel;

    TRY(params_read(c, r, fields, lengthof(fields), &q));
    TRY(service_relation_mute(c, req_param_id(r, "id"), q.notifications, q.duration, &rel));
    return answer(c, r, &rel);
}

enum err
api_unmute(struct ctx *c, struct req *r)
{
    struct relation rel;

    TRY(service_relation_unmute(c, req_param_id(r, "id"), &rel));
    return answer(c, r, &rel);
}

enum err
api_account_note(struct ctx *c, struct req *r)
{
    struct request {
        struct str comment;
    } q = { S("") };
    static const struct field fields[] = { FIELD(request, comment, P_STR, .max = 64 * 1024) };
    struct relation rel;

    TRY(params_read(c, r, fields, lengthof(fields), &q));
    TRY(service_relation_note(c, req_param_id(r, "account_id"), q.comment, &rel));
    return answer(c, r, &rel);
}

enum err
api_remove_from_followers(struct ctx *c, struct req *r)
{
    struct relation rel;

    TRY(service_relation_remove_follower(c, req_param_id(r, "id"), &rel));
    return answer(c, r, &rel);
}

enum err
api_follow_request_authorize(struct ctx *c, struct req *r)
{
    struct relation rel;

    TRY(service_relation_answer(c, req_param_id(r, "id"), true, &rel));
    return answer(c, r, &rel);
}

enum err
api_follow_request_reject(struct ctx *c, struct req *r)
{
    struct relation rel;

    TRY(service_relation_answer(c, req_param_id(r, "id"), false, &rel));
    return answer(c, r, &rel);
}

/* ---- lists -------------------------------------------------------------------------------------------------------- */

typedef enum err (*list_fn)(struct ctx *c, const struct page *p, struct accounts *out, struct cursor_ids *cursors);

static enum err
list(struct ctx *c, struct req *r, list_fn fn)
{
    struct cursor_ids cursors;
    struct accounts v;
    struct page p;

    TRY(page_read(c, r, PEOPLE, PEOPLE_MAX, &p));
    TRY(fn(c, &p, &v, &cursors));
    api_page_cursors(c, r, &p, PAGE_SINCE_ID, &cursors, NULL);
    view_accounts(c, res_json(c, r, 200), NULL, &v);
    return ERR_OK;
}

enum err
api_follow_requests(struct ctx *c, struct req *r)
{
    return list(c, r, service_relation_requests);
}

enum err
api_blocks(struct ctx *c, struct req *r)
{
    return list(c, r, service_relation_blocks);
}

enum err
api_mutes(struct ctx *c, struct req *r)
{
    struct cursor_ids cursors;
    struct accounts v;
    struct json *j;
    struct page p;
    int64_t *expires_ms;

    TRY(page_read(c, r, PEOPLE, PEOPLE_MAX, &p));
    TRY(service_relation_mutes(c, &p, &v, &cursors, &expires_ms));
    api_page_cursors(c, r, &p, PAGE_SINCE_ID, &cursors, NULL);
    j = res_json(c, r, 200);
    json_arr(j, NULL);
    for (size_t i = 0; i < v.n; i++)
        view_muted_account(c, j, v.v[i], expires_ms[i]);
    json_end(j);
    return ERR_OK;
}

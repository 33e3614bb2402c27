#include "http/route.h"

#include "unit.h"

static enum err
handler(struct ctx *c, struct req *r)
{
    return ERR_OK;
}

static const struct route_group api = { .name = "api", .cors = true }, web = { .name = "web" };

#define R(m, p)                                                                                                        \
    {                                                                                                                  \
        .method = HTTP_##m, .pattern = (p), .fn = handler                                                              \
    }
static struct route api_routes[] = {
    R(GET, "/api/v1/accounts/:id"),
    R(PATCH, "/api/v1/accounts/update"),
    R(GET, "/api/v1/accounts/relationships"),
    R(POST, "/api/v1/accounts/:account_id/note"),
    R(DELETE, "/api/v1/accounts/:id"),
    R(GET, "/api/v1/tags/:name"),
    R(GET, "/api/v1/x/:a/y/:b"),
    R(GET, "/api/v1/x/fixed/z"),
};
static struct route web_routes[] = {
    R(GET, "/"),
    R(GET, "/@:acct"),
    R(GET, "/@:acct.rss"),
    R(GET, "/@:acct/:status_id"),
    R(GET, "/tags/:name"),
    R(GET, "/tags/:name.rss"),
    R(GET, "/assets/*path"),
    R(HEAD, "/head"),
    R(GET, "/head"),
};

static struct router *
make(void)
{
    struct router *r = router_new();

    router_add(r, &api, api_routes, lengthof(api_routes));
    router_add(r, &web, web_routes, lengthof(web_routes));
    router_set_fallback(r, &web);
    return r;
}

UNIT(router_finds)
{
    static const struct {
        enum http_method method;
        const char *path, *pattern, *name, *value;
        int64_t id;
    } cases[] = {
        { HTTP_GET, "/", "/", NULL, NULL, 0 },
        { HTTP_GET, "/api/v1/accounts/42", "/api/v1/accounts/:id", "id", "42", 42 },
        { HTTP_GET, "/api/v1/accounts/42/", "/api/v1/accounts/:id", "id", "42", 42 },
        { HTTP_HEAD, "/api/v1/accounts/42", "/api/v1/accounts/:id", "id", "42", 42 },
        { HTTP_GET, "/api/v1/accounts/relationships", "/api/v1/accounts/relationships", NULL, NULL, 0 },
        { HTTP_POST, "/api/v1/accounts/7/note", "/api/v1/accounts/:account_id/note", "account_id", "7", 7 },
        { HTTP_GET, "/api/v1/tags/caf%C3%A9%2Fx", "/api/v1/tags/:name", "name", "caf\xc3\xa9/x", 0 },
        { HTTP_GET, "/%61pi/v1/tags/a%2541", "/api/v1/tags/:name", "name", "a%41", 0 },
        { HTTP_GET, "/@alice", "/@:acct", "acct", "alice", 0 },
        { HTTP_GET, "/@alice@b.test", "/@:acct", "acct", "alice@b.test", 0 },
        { HTTP_GET, "/@alice.rss", "/@:acct.rss", "acct", "alice", 0 },
        { HTTP_GET, "/@alice/12", "/@:acct/:status_id", "status_id", "12", 12 },
        { HTTP_GET, "/tags/x.rss", "/tags/:name.rss", "name", "x", 0 },
        { HTTP_GET, "/tags/.rss", "/tags/:name", "name", ".rss", 0 },
        { HTTP_GET, "/assets/a/b%20c.js", "/assets/*path", "path", "a/b c.js", 0 },
        { HTTP_GET, "/api/v1/x/fixed/y/1", "/api/v1/x/:a/y/:b", "a", "fixed", 0 }, /* goes back from the literal */
        { HTTP_GET, "/api/v1/x/fixed/z", "/api/v1/x/fixed/z", NULL, NULL, 0 },
    };
    struct router *r = make();

    for (size_t i = 0; i < lengthof(cases); i++) {
        struct req q = { 0 };
        struct str allow;

        if (router_find(r, unit_mem(), cases[i].method, str_z(cases[i].path), &q, &allow) != ERR_OK)
            fail_msg("not found: %s", cases[i].path);
        assert_string_equal(q.route->pattern, cases[i].pattern);
        assert_ptr_equal(q.route_group, q.route->group);
        if (cases[i].name != NULL) {
            assert_str(req_param(&q, cases[i].name), cases[i].value);
            assert_int_equal(req_param_id(&q, cases[i].name), cases[i].id);
        }
    }
    router_free(r);
}

UNIT(router_refuses)
{
    static const struct {
        enum http_method method;
        const char *path;
        enum err err;
        const char *allow;
        const struct route_group *group;
    } cases[] = {
        { HTTP_GET, "/nothing", ERR_NOT_FOUND, NULL, &web },
        { HTTP_GET, "/api/v1/nothing", ERR_NOT_FOUND, NULL, &api },
        { HTTP_GET, "/api/v1/accounts/abc", ERR_NOT_FOUND, NULL, &api },
        { HTTP_GET, "/api/v1/accounts/-1", ERR_NOT_FOUND, NULL, &api },
        { HTTP_GET, "/api/v1/accounts/9223372036854775808", ERR_NOT_FOUND, NULL, &api },
        { HTTP_GET, "/api/v1/accounts", ERR_NOT_FOUND, NULL, &api },
        { HTTP_GET, "/api//v1/accounts/1", ERR_NOT_FOUND, NULL, &web },
        { HTTP_GET, "//evil", ERR_NOT_FOUND, NULL, &web },
        { HTTP_GET, "/tags/", ERR_NOT_FOUND, NULL, &web },
        { HTTP_GET, "/assets/", ERR_NOT_FOUND, NULL, &web },
        { HTTP_GET, "/@", ERR_NOT_FOUND, NULL, &web },
        { HTTP_POST, "/api/v1/accounts/1", ERR_METHOD, "GET, HEAD, DELETE, OPTIONS", &api },
        { HTTP_OPTIONS, "/api/v1/accounts/1/note", ERR_METHOD, "POST, OPTIONS", &api },
        { HTTP_DELETE, "/", ERR_METHOD, "GET, HEAD, OPTIONS", &web },
        { HTTP_GET, "", ERR_BAD_REQUEST, NULL, &web },
        { HTTP_GET, "tags/x", ERR_BAD_REQUEST, NULL, &web },
        { HTTP_GET, "/tags/%", ERR_BAD_REQUEST, NULL, NULL },
        { HTTP_GET, "/tags/%zz", ERR_BAD_REQUEST, NULL, NULL },
        { HTTP_GET, "/tags/%00", ERR_BAD_REQUEST, NULL, NULL },
        { HTTP_GET, "/tags/%0a", ERR_BAD_REQUEST, NULL, NULL },
        { HTTP_GET, "/tags/%ff", ERR_BAD_REQUEST, NULL, NULL },
        { HTTP_GET, "/tags/%c0%af", ERR_BAD_REQUEST, NULL, NULL },
        { HTTP_GET, "/tags/..", ERR_BAD_REQUEST, NULL, NULL },
        { HTTP_GET, "/tags/%2e%2E", ERR_BAD_REQUEST, NULL, NULL },
        { HTTP_GET, "/assets/../x", ERR_BAD_REQUEST, NULL, NULL },
        { HTTP_GET, "/assets/..%2fx", ERR_BAD_REQUEST, NULL, NULL },
        { HTTP_GET, "/assets/a%2f..%2f..%2fx", ERR_BAD_REQUEST, NULL, NULL },
        { HTTP_GET, "/assets/..%5cx", ERR_BAD_REQUEST, NULL, NULL },
        { HTTP_GET, "/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a", ERR_NOT_FOUND, NULL, &web },
    };
    struct router *r = make();

    for (size_t i = 0; i < lengthof(cases); i++) {
        struct req q = { 0 };
        struct str allow = STR_NONE;
        enum err e = router_find(r, unit_mem(), cases[i].method, str_z(cases[i].path), &q, &allow);

        if (e != cases[i].err)
            fail_msg("%s: %s", cases[i].path, err_name(e));
        assert_null(q.route);
        if (cases[i].allow != NULL)
            assert_str(allow, cases[i].allow);
        if (cases[i].group != NULL && q.route_group != cases[i].group)
            fail_msg("%s: group %s", cases[i].path, q.route_group->name);
    }
    router_free(r);
}

UNIT(router_prefers_own_method_over_other_patterns)
{
    struct router *r = make();
    struct req q = { 0 };
    struct str allow;

    /* GET and PATCH live on literals; DELETE of the same text is no id, so the path is known but the method is not. */
    assert_int_equal(router_find(r, unit_mem(), HTTP_DELETE, S("/api/v1/accounts/update"), &q, &allow), ERR_METHOD);
    assert_str(allow, "PATCH, OPTIONS");
    router_free(r);
}

static void
count(void *arg, const struct route *route)
{
    ++*(size_t *)arg;
}

UNIT(router_each_walks)
{
    struct router *r = make();
    size_t n = 0;

    router_each(r, count, &n);
    assert_int_equal(n, lengthof(api_routes) + lengthof(web_routes));
    router_free(r);
}

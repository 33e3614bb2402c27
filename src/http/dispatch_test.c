#include "http/dispatch.h"

#include "base/clock.h"
#include "base/log.h"
#include "http/fake_test.h"
#include "http/params.h"
#include "http/respond.h"

static enum err
ok_handler(struct ctx *c, struct req *r)
{
    struct json *j = res_json(c, r, 200);

    json_obj(j, NULL);
    json_end(j);
    return ERR_OK;
}

static enum err
cached_handler(struct ctx *c, struct req *r)
{
    res_empty_object(c, r);
    res_cache(c, r, "public, max-age=60");
    return ERR_OK;
}

static enum err
failing_handler(struct ctx *c, struct req *r)
{
    res_header(c, r, "Link", S("<x>"));
    json_arr(res_json(c, r, 200), NULL); /* left open: dropped with the rest */
    return ctx_fail_public(c, ERR_INVALID, "Validation failed: Text can't be blank");
}

static enum err
silent_handler(struct ctx *c, struct req *r)
{
    return ERR_OK;
}

static enum err
huge_handler(struct ctx *c, struct req *r)
{
    char *p = arena_alloc(c->mem, RES_BODY_BYTES_MAX, 1);

    memset(p, 'x', RES_BODY_BYTES_MAX);
    json_str(res_json(c, r, 200), NULL, (struct str){ p, RES_BODY_BYTES_MAX });
    return ERR_OK;
}

/* "Bearer u<n>" is token n of user n. */
static enum err
before_api(struct ctx *c, struct req *r)
{
    struct str token = req_header(c, r, S("Authorization"));

    if (token.p == NULL)
        return ERR_OK;
    if (!str_starts(token, S("Bearer u")) || !str_int(str_sub(token, 8, token.n), &c->who.user_id))
        return ctx_fail(c, ERR_UNAUTHORIZED, "no such token");
    c->who.token_id = c->who.user_id;
    return ERR_OK;
}

static void
page_on_error(struct ctx *c, struct req *r, enum err e)
{
    res_text(c, r, err_status(e), S("text/html; charset=utf-8"), S("<p>sorry"));
    res_header(c, r, "Content-Security-Policy", S("default-src 'self'"));
}

static const struct route_group api = { .name = "api", .before = before_api, .cors = true, .vary = "Authorization" };
static const struct route_group web = { .name = "web", .on_error = page_on_error };
#define R(m, p, f, c)                                                                                                  \
    {                                                                                                                  \
        .method = HTTP_##m, .pattern = (p), .fn = (f), .rate = (c)                                                     \
    }
static struct route api_routes[] = { R(GET, "/api/ok", ok_handler, RATE_API), R(POST, "/api/ok", ok_handler, RATE_API),
    R(GET, "/api/fail", failing_handler, RATE_API), R(GET, "/api/silent", silent_handler, RATE_NONE),
    R(GET, "/api/huge", huge_handler, RATE_NONE), R(GET, "/api/cached", cached_handler, RATE_NONE),
    R(POST, "/api/apps", ok_handler, RATE_APPS), R(POST, "/api/media", ok_handler, RATE_MEDIA) };
static struct route web_routes[] = { R(GET, "/page/:name", failing_handler, RATE_NONE) };

static void
run(struct fake *f, enum http_method m, const char *path)
{
    struct router *router = router_new();

    router_add(router, &api, api_routes, lengthof(api_routes));
    router_add(router, &web, web_routes, lengthof(web_routes));
    router_set_fallback(router, &web);
    f->r.method = m;
    f->r.path = str_z(path);
    f->r.begin_mono_ns = clock_mono_ns();
    f->r.res = (struct res){ 0 };
    f->r.limit = (struct req_limit){ 0 };
    ctx_ok(&f->c);
    f->c.who = (struct who){ 0 };
    f->r.route_err = router_find(router, unit_mem(), m, f->r.path, &f->r, &f->r.route_allow);
    log_set_level(LOG_LEVEL_ERROR);
    http_dispatch(&f->c, &f->r);
    log_set_level(LOG_LEVEL_INFO);
    router_free(router);
}

UNIT(dispatch_answers_with_headers)
{
    struct fake *f = fake_new(NULL);

    run(f, HTTP_GET, "/api/ok");
    assert_int_equal(f->r.res.status, 200);
    assert_str(buf_str(&f->r.res.body), "{}");
    assert_str(f->r.res.content_type, "application/json; charset=utf-8");
    assert_int_equal(fake_answer(f, "X-Request-Id").n, 24);
    assert_str(fake_answer(f, "X-Content-Type-Options"), "nosniff");
    assert_str(fake_answer(f, "Referrer-Policy"), "same-origin");
    assert_str(fake_answer(f, "Vary"), "Authorization");
    assert_str(fake_answer(f, "Cache-Control"), "private, no-store");
    assert_str(fake_answer(f, "Access-Control-Allow-Origin"), "*");
    assert_true(str_find(fake_answer(f, "Access-Control-Expose-Headers"), S("Link, Mastodon-Async-Refresh")) >= 0);
    assert_str(fake_answer(f, "X-RateLimit-Limit"), "300");
    assert_str(fake_answer(f, "X-RateLimit-Remaining"), "299");
    assert_true(str_ends(fake_answer(f, "X-RateLimit-Reset"), S(".000000Z")));
    assert_int_equal(fake_answer(f, "X-RateLimit-Reset").n, 27);
}

UNIT(dispatch_renders_errors_by_group)
{
    struct fake *f = fake_new(NULL);

    run(f, HTTP_GET, "/api/fail");
    assert_int_equal(f->r.res.status, 422);
    assert_str(buf_str(&f->r.res.body), "{\"error\":\"Validation failed: Text can't be blank\"}");
    assert_null(fake_answer(f, "Link").p);
    assert_str(fake_answer(f, "Access-Control-Allow-Origin"), "*");
    run(f, HTTP_GET, "/page/x");
    assert_int_equal(f->r.res.status, 422);
    assert_str(buf_str(&f->r.res.body), "<p>sorry");
    assert_str(fake_answer(f, "Content-Security-Policy"), "default-src 'self'");
    assert_null(fake_answer(f, "Access-Control-Allow-Origin").p);
    run(f, HTTP_GET, "/api/unknown");
    assert_int_equal(f->r.res.status, 404);
    assert_str(buf_str(&f->r.res.body), "{\"error\":\"Record not found\"}");
    assert_str(fake_answer(f, "Access-Control-Allow-Origin"), "*");
    run(f, HTTP_GET, "/unknown");
    assert_str(buf_str(&f->r.res.body), "<p>sorry");
    run(f, HTTP_GET, "/api/%00");
    assert_int_equal(f->r.res.status, 400);
    run(f, HTTP_DELETE, "/api/ok");
    assert_int_equal(f->r.res.status, 405);
    assert_str(fake_answer(f, "Allow"), "GET, HEAD, POST, OPTIONS");
    run(f, HTTP_GET, "/api/silent");
    assert_int_equal(f->r.res.status, 500);
    run(f, HTTP_GET, "/api/huge");
    assert_int_equal(f->r.res.status, 500);
}

UNIT(dispatch_preflight)
{
    struct fake *f = fake_new(NULL);

    fake_header(f, "Origin", "https://client.example");
    fake_header(f, "Access-Control-Request-Method", "POST");
    fake_header(f, "Access-Control-Request-Headers", "authorization, content-type");
    run(f, HTTP_OPTIONS, "/api/ok");
    assert_int_equal(f->r.res.status, 204);
    assert_str(fake_answer(f, "Access-Control-Allow-Origin"), "*");
    assert_str(fake_answer(f, "Access-Control-Allow-Methods"), "GET, HEAD, POST, OPTIONS");
    assert_str(fake_answer(f, "Access-Control-Allow-Headers"), "authorization, content-type");
    assert_null(fake_answer(f, "X-RateLimit-Limit").p);
    run(f, HTTP_OPTIONS, "/page/x");
    assert_int_equal(f->r.res.status, 204);
    assert_null(fake_answer(f, "Access-Control-Allow-Origin").p);
}

UNIT(dispatch_etag)
{
    struct fake *f = fake_new(NULL);
    struct str tag;

    run(f, HTTP_GET, "/api/cached");
    tag = fake_answer(f, "ETag");
    assert_int_equal(tag.n, 34);
    assert_str(fake_answer(f, "Cache-Control"), "public, max-age=60");
    fake_header(f, "If-None-Match", str_cz(unit_mem(), tag));
    run(f, HTTP_GET, "/api/cached");
    assert_int_equal(f->r.res.status, 304);
    assert_int_equal(f->r.res.body.n, 0);
    assert_str(fake_answer(f, "ETag"), str_cz(unit_mem(), tag));
}

/* How many of `tries` are answered without 429. */
static int
count_passed(struct fake *f, enum http_method m, const char *path, int tries)
{
    int passed = 0;

    for (int i = 0; i < tries; i++) {
        run(f, m, path);
        passed += f->r.res.status != 429;
    }
    return passed;
}

/* Not near the end of a window, whatever the wall clock says. */
static void
begin_window(void)
{
    clock_shift(10800000 - clock_ms() % 10800000 + 1000);
}

UNIT(limits_by_address)
{
    struct fake *f = fake_new(NULL);

    begin_window();
    assert_int_equal(count_passed(f, HTTP_POST, "/api/apps", 7), 5);
    assert_str(buf_str(&f->r.res.body), "{\"error\":\"Too many requests\"}");
    assert_str(fake_answer(f, "X-RateLimit-Limit"), "5");
    assert_str(fake_answer(f, "X-RateLimit-Remaining"), "0");
    assert_true(fake_answer(f, "Retry-After").n > 0);
    f->r.client_ip = S("192.0.2.2");
    assert_int_equal(count_passed(f, HTTP_POST, "/api/apps", 1), 1);
    f->r.client_ip = S("192.0.2.1");
    clock_shift(600 * 1000);
    assert_int_equal(count_passed(f, HTTP_POST, "/api/apps", 1), 1); /* the next window */
}

UNIT(limits_count_an_ipv6_network_once)
{
    struct fake *f = fake_new(NULL);
    int passed = 0;

    begin_window();
    for (int i = 0; i < 10; i++) {
        f->r.client_ip = str_fmt(unit_mem(), "2001:db8:1:2::%x", i + 1);
        passed += count_passed(f, HTTP_POST, "/api/apps", 1);
    }
    assert_int_equal(passed, 5);
    f->r.client_ip = S("2001:db8:1:3::1");
    assert_int_equal(count_passed(f, HTTP_POST, "/api/apps", 1), 1);
}

UNIT(limits_by_user_and_token)
{
    struct fake *f = fake_new(NULL);

    begin_window();
    fake_header(f, "Authorization", "Bearer u7");
    assert_int_equal(count_passed(f, HTTP_POST, "/api/media", 32), 30);
    assert_str(fake_answer(f, "X-RateLimit-Limit"), "30");
    assert_int_equal(count_passed(f, HTTP_GET, "/api/ok", 300 - 32 + 5), 300 - 32);
    f->headers[0].value = S("Bearer u8");
    assert_int_equal(count_passed(f, HTTP_POST, "/api/media", 1), 1);
}

UNIT(limits_stop_token_guessing)
{
    struct fake *f = fake_new(NULL);

    begin_window();
    fake_header(f, "Authorization", "Bearer wrong");
    run(f, HTTP_GET, "/api/ok");
    assert_int_equal(f->r.res.status, 401);
    assert_int_equal(count_passed(f, HTTP_GET, "/api/ok", 305), 299);
    f->headers[0].value = S("Bearer u9"); /* even a right one now: the address has used up its tries */
    run(f, HTTP_GET, "/api/ok");
    assert_int_equal(f->r.res.status, 429);
    f->r.client_ip = S("192.0.2.9");
    run(f, HTTP_GET, "/api/ok");
    assert_int_equal(f->r.res.status, 200);
}

UNIT(limits_paging)
{
    struct fake *f = fake_new("limit=1&max_id=5");

    begin_window();
    fake_header(f, "Authorization", "Bearer u7");
    for (int window = 0; window < 3; window++) { /* the token's windows are shorter */
        assert_int_equal(count_passed(f, HTTP_GET, "/api/ok", 110), window < 2 ? 110 : 80);
        clock_shift(300 * 1000 - (window == 2) * 300 * 1000);
    }
}

UNIT(limits_off)
{
    struct fake *f = fake_new(NULL);

    f->conf.rate_limits = false;
    assert_int_equal(count_passed(f, HTTP_POST, "/api/apps", 50), 50);
    assert_null(fake_answer(f, "X-RateLimit-Limit").p);
}

UNIT(limits_table_is_bounded)
{
    struct fake *f = fake_new(NULL);
    int passed = 0;

    begin_window();
    /* One busy key keeps its count while many more strangers come than the table has places. */
    for (int i = 0; i < 200000; i++) {
        struct str stranger = str_fmt(f->c.mem, "s%d", i);

        if (i % 20000 == 0)
            for (int n = 0; n < 10; n++)
                passed += limit_take(&f->c, &f->r, LIMIT_LOGIN, S("busy")) == ERR_OK;
        assert_int_equal(limit_take(&f->c, &f->r, LIMIT_LOGIN, stranger), ERR_OK);
    }
    assert_int_equal(passed, 25);
}

enum { FILL = 100 };

/* Counts of a new process that was given what the old one kept. */
static void
next_process(const struct limit_count *v, size_t n)
{
    limit_reset();
    limit_restore(v, n);
}

UNIT(limits_outlive_the_process)
{
    struct fake *f = fake_new(NULL);
    struct limit_count kept[FILL];
    size_t n;

    begin_window();
    assert_int_equal(limit_changed(kept, FILL), 0);
    for (int i = 0; i < 300; i++)
        assert_int_equal(limit_take_id(&f->c, &f->r, LIMIT_POST, 7), ERR_OK);
    assert_int_equal(limit_take_id(&f->c, &f->r, LIMIT_POST, 7), ERR_RATE);
    assert_int_equal(limit_take_id(&f->c, &f->r, LIMIT_POST, 8), ERR_OK);     /* too little to be worth a write */
    assert_int_equal(limit_take_id(&f->c, &f->r, LIMIT_API_USER, 7), ERR_OK); /* not of the kind that is kept */
    n = limit_changed(kept, FILL);
    assert_int_equal(n, 1);
    assert_int_equal(limit_changed(kept, FILL), 1); /* not durable yet */
    limit_kept(kept, n);
    assert_int_equal(limit_changed(&(struct limit_count){ 0 }, 1), 0);
    next_process(kept, n);
    assert_int_equal(limit_take_id(&f->c, &f->r, LIMIT_POST, 7), ERR_RATE);
    assert_int_equal(limit_take_id(&f->c, &f->r, LIMIT_POST, 8), ERR_OK);
    clock_shift(10800 * 1000); /* the window has ended while nobody ran */
    next_process(kept, n);
    assert_int_equal(limit_take_id(&f->c, &f->r, LIMIT_POST, 7), ERR_OK);
}

UNIT(limits_are_told_to_other_processes_once)
{
    struct fake *f = fake_new(NULL);
    struct limit_count told[FILL];
    size_t n;

    begin_window();
    assert_int_equal(limit_untold(told, FILL), 0);
    assert_int_equal(limit_take_id(&f->c, &f->r, LIMIT_POST, 8), ERR_OK); /* too little */
    for (int i = 0; i < 150; i++)
        assert_int_equal(limit_take_id(&f->c, &f->r, LIMIT_POST, 7), ERR_OK);
    n = limit_untold(told, FILL);
    assert_int_equal(n, 1);
    assert_int_equal(told[0].used, 150);
    assert_int_equal(limit_untold(&(struct limit_count){ 0 }, 1), 0);
    limit_add(told, n); /* as another process that counted as many */
    assert_int_equal(limit_untold(&(struct limit_count){ 0 }, 1), 0);
    assert_int_equal(limit_take_id(&f->c, &f->r, LIMIT_POST, 7), ERR_RATE);
    assert_int_equal(limit_untold(told, FILL), 1);
    assert_int_equal(told[0].used, 1);
    next_process(NULL, 0);
    told[0].used = 300;
    limit_add(told, 1); /* of somebody who was never here */
    assert_int_equal(limit_take_id(&f->c, &f->r, LIMIT_POST, 7), ERR_RATE);
    assert_int_equal(limit_take_id(&f->c, &f->r, LIMIT_POST, 8), ERR_OK);
    clock_shift(10800 * 1000);
    limit_add(told, 1); /* its window is over */
    assert_int_equal(limit_take_id(&f->c, &f->r, LIMIT_POST, 7), ERR_OK);
}

UNIT(limits_counted_while_keeping_are_kept_later)
{
    struct fake *f = fake_new(NULL);
    struct limit_count kept[FILL];

    begin_window();
    assert_int_equal(limit_take(&f->c, &f->r, LIMIT_MAIL, S("a@b.test")), ERR_OK);
    assert_int_equal(limit_changed(kept, FILL), 1);
    assert_int_equal(limit_take(&f->c, &f->r, LIMIT_MAIL, S("a@b.test")), ERR_OK);
    limit_kept(kept, 1);
    assert_int_equal(limit_changed(kept, FILL), 1);
    assert_int_equal(kept[0].used, 2);
    limit_kept(kept, 1);
    assert_int_equal(limit_changed(kept, FILL), 0);
}

/* A whole request: the first line chooses query, type and cookies, the rest is the body; then every kind of field is read. */
#include "base/arena.h"
#include "base/conf.h"
#include "base/utf8.h"
#include "http/params.h"
#include "http/respond.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static const char *const names[] = { "one", "two", NULL };

struct target {
    struct str s;
    bool b;
    int t, e;
    int64_t i, id;
    struct strs ss;
    struct ids ids;
    const struct val *v;
    struct upload f;
};

static const struct field fields[] = {
    FIELD(target, s, P_STR, .max = 100),
    FIELD(target, b, P_BOOL),
    FIELD(target, t, P_TRI),
    FIELD(target, e, P_ENUM, .extra = names),
    FIELD(target, i, P_INT, .min = -5, .max = 5),
    FIELD(target, id, P_ID),
    FIELD(target, ss, P_STRS, .max = 5, .min = 10),
    FIELD(target, ids, P_IDS, .max = 5, .junk_ok = true),
    FIELD(target, v, P_VAL),
    FIELD(target, f, P_FILE),
};

static void
check_fields(struct ctx *c, struct req *r)
{
    struct target t = { .t = -1, .e = -1 };

    for (size_t i = 0; i < lengthof(fields); i++) {
        if (params_read(c, r, &fields[i], 1, &t) != ERR_OK)
            CHECK(c->fail.err == ERR_INVALID && c->fail.public_text.n > 0 && utf8_valid(c->fail.public_text));
    }
    CHECK(t.s.n <= 100 && utf8_valid(t.s) && str_chr(t.s, '\0') < 0);
    CHECK(t.t >= -1 && t.t <= 1 && t.e >= -1 && t.e <= 1);
    CHECK(t.i >= -5 && t.i <= 5 && t.id >= 0);
    CHECK(t.ss.n <= 5 && t.ids.n <= 5);
    for (size_t i = 0; i < t.ss.n; i++)
        CHECK(t.ss.v[i].n <= 10);
}

static void
check_page(struct ctx *c, struct req *r)
{
    static const char *const keep[] = { "s", "ss", "v", NULL };
    struct page p;

    CHECK(page_read(c, r, 20, 40, &p) == ERR_OK);
    CHECK(p.limit >= 1 && p.limit <= 40 && p.max_id >= 0 && p.min_id >= 0 && p.since_id >= 0);
    page_link(c, r, &p, PAGE_MIN_ID, true, 1, 2, 1, keep);
    for (size_t i = 0; i < r->res.n_headers; i++)
        CHECK(str_chr(r->res.headers[i].value, '\n') < 0 && str_chr(r->res.headers[i].value, '\r') < 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct str body = { (const char *)data, n }, line = STR_NONE, query = STR_NONE, type = STR_NONE;
    struct config conf = { .origin = S("https://social.example") };
    struct env env = { .conf = &conf };
    struct arena *a = arena_new_heap();
    struct http_header headers[2];
    struct req r = { .path = S("/x"), .body_fd = -1, .headers = headers, .n_headers = 2 };
    struct ctx c;
    struct str cookie;

    ctx_begin(&c, a, &env);
    if (n > 0 && str_cut(&body, '\n', &line) && str_cut(&line, '\t', &query))
        (void)str_cut(&line, '\t', &type);
    headers[0] = (struct http_header){ S("Content-Type"), type };
    headers[1] = (struct http_header){ S("Cookie"), line };
    r.query = query;
    r.body = body;
    r.body_n = (int64_t)body.n;
    cookie = req_cookie(&c, &r, S("a"));
    if (cookie.p != NULL) {
        res_cookie(&c, &r, S("a"), str_sub(cookie, 0, 1000), 1);
        CHECK(str_find(r.res.headers[0].value, S("; Path=/; HttpOnly; SameSite=Lax; Max-Age=1")) >= 2);
    }
    if (params_tree(&c, &r) == ERR_OK) {
        check_fields(&c, &r);
        check_page(&c, &r);
    }
    arena_free(a);
    return 0;
}

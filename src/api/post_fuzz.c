/* A post as a client sends it: the first line is the content type, the rest the body.  Above all its poll, from form to draft. */
#include "api/post.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/conf.h"
#include "base/utf8.h"
#include "http/params.h"
#include "service/poll.h"
#include "text/unicode.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

/* Every refusal says why, in words that can be sent. */
static void
check_refusal(const struct ctx *c, enum err e)
{
    CHECK(e == ERR_INVALID && c->fail.public_text.n > 0 && utf8_valid(c->fail.public_text));
}

static void
check_same(const struct poll *x, const struct poll *y)
{
    CHECK(x->n == y->n);
    for (size_t i = 0; i < x->n; i++)
        CHECK(str_eq(x->options[i].title, y->options[i].title));
}

/* What is drafted keeps every rule, and what is shown of it could be sent again. */
static void
check_draft(struct ctx *c, const struct post_poll *p)
{
    struct post_poll again = *p;
    struct poll *x, *y;
    enum err e = service_poll_draft(c, p, &x);

    if (e != ERR_OK) {
        check_refusal(c, e);
        return;
    }
    CHECK(x->n >= POLL_OPTIONS_MIN && x->n <= POLL_OPTIONS_MAX && x->multiple == p->multiple);
    CHECK(x->expires_ms - x->created_ms == p->expires_in * SECOND_MS);
    CHECK(p->expires_in >= POLL_SECONDS_MIN && p->expires_in <= POLL_SECONDS_MAX);
    again.options = (struct strs){ arena_vec(c->mem, struct str, x->n), x->n };
    for (size_t i = 0; i < x->n; i++) {
        struct str title = x->options[i].title;

        CHECK(utf8_valid(title) && !text_is_blank(title) && text_graphemes(title) <= POLL_OPTION_CHARS_MAX);
        for (size_t k = 0; k < i; k++)
            CHECK(!str_eq(title, x->options[k].title));
        again.options.v[i] = title;
    }
    CHECK(service_poll_draft(c, &again, &y) == ERR_OK);
    check_same(x, y);
}

static void
check_post(struct ctx *c, const struct post_params *p)
{
    CHECK(p->visibility >= -1 && p->sensitive >= -1 && p->sensitive <= 1 && p->quote_choice >= -1);
    CHECK(utf8_valid(p->status) && utf8_valid(p->spoiler_text) && p->media_ids.n <= 32);
    if (p->poll != NULL)
        check_draft(c, p->poll);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct str body = { (const char *)data, n }, type = STR_NONE;
    struct config conf = { .origin = S("https://social.example") };
    struct env env = { .conf = &conf };
    struct arena *a = arena_new_heap();
    struct http_header header;
    struct req r = { .path = S("/api/v1/statuses"), .body_fd = -1, .headers = &header, .n_headers = 1 };
    struct post_params p;
    struct posts all;
    struct ctx c;
    enum err e;

    ctx_begin(&c, a, &env);
    (void)str_cut(&body, '\n', &type);
    header = (struct http_header){ S("Content-Type"), type };
    r.body = body;
    r.body_n = (int64_t)body.n;
    if (params_tree(&c, &r) == ERR_OK) {
        if ((e = api_post_read(&c, r.args, &p)) == ERR_OK)
            check_post(&c, &p);
        else
            check_refusal(&c, e);
        if ((e = api_posts_read(&c, r.args, &all)) == ERR_OK)
            for (size_t i = 0; i < all.n; i++)
                check_post(&c, &all.v[i]);
        else
            check_refusal(&c, e);
    }
    arena_free(a);
    return 0;
}

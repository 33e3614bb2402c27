#include "base/log.h"

#include "base/metric.h"
#include "unit.h"

#include <fcntl.h>
#include <unistd.h>

/* What fn writes to stderr. */
static struct str
capture(void (*fn)(void))
{
    int ends[2], saved = dup(STDERR_FILENO);
    char *p = arena_alloc(unit_mem(), 32768, 1);
    ssize_t n;

    assert_true(saved >= 0 && pipe(ends) == 0 && fcntl(ends[0], F_SETFL, O_NONBLOCK) == 0);
    dup2(ends[1], STDERR_FILENO);
    fn();
    dup2(saved, STDERR_FILENO);
    n = read(ends[0], p, 32768);
    close(ends[0]);
    close(ends[1]);
    close(saved);
    return (struct str){ p, n < 0 ? 0 : (size_t)n };
}

static void
write_typed(void)
{
    struct ctx c;

    ctx_begin(&c, unit_mem(), NULL);
    c.request_id = S("r-1");
    log_info(&c, "status.post", LOG_INT("id", -42), LOG_STR("acct", S("bob@b.test")),
        LOG_STR("text", S("a \"b\"\n=\\ \x1b[0m")), LOG_STR("empty", S("")), LOG_STR("bad", S("\xff x")),
        LOG_STR("bidi", S("\xe2\x80\xae\xc3\xa9")));
}

UNIT(log_writes_logfmt)
{
    struct str line = capture(write_typed);

    assert_true(str_starts(line, S("ts=20")) && line.p[27] == ' ');
    assert_str(str_sub(line, 27, line.n),
        " level=info req=r-1 ev=status.post id=-42 acct=bob@b.test text=\"a \\\"b\\\"\\n=\\\\ \\u001b[0m\" empty=\"\" "
        "bad=\"\\xff x\" bidi=\"\\u202e\xc3\xa9\"\n");
}

static void
write_levels(void)
{
    log_set_level(LOG_LEVEL_WARN);
    log_debug(NULL, "d");
    log_info(NULL, "i");
    log_warn(NULL, "w");
    log_error(NULL, "e");
    log_set_level(LOG_LEVEL_INFO);
}

UNIT(log_level_filters)
{
    struct str rest = capture(write_levels), line;
    enum log_level level;

    assert_true(str_cut(&rest, '\n', &line) && str_ends(line, S("level=warn ev=w")));
    assert_true(str_cut(&rest, '\n', &line) && str_ends(line, S("level=error ev=e")));
    assert_int_equal(rest.n, 0);
    assert_true(log_level_parse(S("debug"), &level) && level == LOG_LEVEL_DEBUG);
    assert_false(log_level_parse(S("Debug"), &level));
}

static void
write_long(void)
{
    char *p = arena_alloc(unit_mem(), 5000, 1);
    struct str s = { p, 5000 };

    memset(p, 'x', 5000);
    log_info(NULL, "long", LOG_STR("a", s), LOG_STR("b", s), LOG_STR("c", s), LOG_STR("d", s), LOG_STR("e", s));
}

UNIT(log_cuts_what_is_long)
{
    struct str line = capture(write_long);

    assert_true(line.n <= 8192 && str_ends(line, S("\n")));
    assert_true(str_find(line, S("xxx... b=xxx")) > 0);
}

static void
write_failures(void)
{
    struct ctx c;
    enum err e;

    ctx_begin(&c, unit_mem(), NULL);
    e = ctx_fail_field(&c, ERR_INVALID, "status", "too long: %d", 501);
    log_failure(&c, "http.request", e);
    log_failure(&c, "http.request", ERR_INTERNAL); /* the recorded failure is another one */
}

UNIT(log_failure_has_detail)
{
    struct str rest = capture(write_failures), line;

    assert_true(str_cut(&rest, '\n', &line));
    assert_true(str_ends(line, S("level=info ev=http.request err=INVALID field=status detail=\"too long: 501\"")));
    assert_true(str_cut(&rest, '\n', &line) && str_ends(line, S("level=warn ev=http.request err=INTERNAL")));
}

UNIT(metric_renders)
{
    struct buf b;
    struct str s;

    metric_add(METRIC_HTTP_2XX, 3);
    metric_add(METRIC_HTTP_5XX, 1);
    metric_add(METRIC_HTTP_CONNECTIONS, 5);
    metric_add(METRIC_HTTP_CONNECTIONS, -2);
    metric_observe(METRIC_HTTP_SECONDS, 100000);
    metric_observe(METRIC_HTTP_SECONDS, 2000000);
    metric_observe(METRIC_HTTP_SECONDS, 60000000000);
    assert_int_equal(metric_get(METRIC_HTTP_SECONDS), 3);
    buf_init(&b, unit_mem(), MB(1));
    metric_render(&b);
    s = buf_str(&b);
    assert_true(
        str_find(s, S("# TYPE dassie_http_responses_total counter\ndassie_http_responses_total{class=\"2xx\"} 3\n"
                      "dassie_http_responses_total{class=\"3xx\"} 0\n")) >= 0);
    assert_true(str_find(s, S("# TYPE dassie_http_connections gauge\ndassie_http_connections 3\n")) >= 0);
    assert_true(str_find(s, S("dassie_http_request_seconds_bucket{le=\"0.0001\"} 1\n")) >= 0);
    assert_true(str_find(s, S("dassie_http_request_seconds_bucket{le=\"0.001\"} 1\n")) >= 0);
    assert_true(str_find(s, S("dassie_http_request_seconds_bucket{le=\"0.003\"} 2\n")) >= 0);
    assert_true(str_find(s, S("dassie_http_request_seconds_bucket{le=\"30\"} 2\n")) >= 0);
    assert_true(str_find(s, S("dassie_http_request_seconds_bucket{le=\"+Inf\"} 3\n")) >= 0);
    assert_true(
        str_find(s, S("dassie_http_request_seconds_sum 60.002100000\ndassie_http_request_seconds_count 3\n")) >= 0);
}

#include "base/conf.h"

#include "base/buf.h"
#include "unit.h"

#include <fcntl.h>
#include <unistd.h>

/* A file that is gone from the disk when the test ends, even when it fails. */
static struct str
temp_file(struct str text)
{
    char path[] = "/tmp/dassie-unit-XXXXXX";
    int fd = mkstemp(path);

    assert_true(fd >= 0);
    unlink(path);
    assert_int_equal(write(fd, text.p, text.n), (ssize_t)text.n);
    return str_fmt(unit_mem(), "/dev/fd/%d", fd);
}

/* env and flags are separated by ';' and ' '. */
static enum err
load(const char *file_text, const char *env_text, const char *flags, struct config *out, struct conf_error *why)
{
    struct strs list = { arena_vec(unit_mem(), struct str, 20), 0 };
    char **env = arena_vec(unit_mem(), char *, 10);
    struct str rest = str_z(env_text), word;
    struct str path = file_text == NULL ? STR_NONE : temp_file(str_z(file_text));

    for (size_t i = 0; str_cut(&rest, ';', &word); i++) {
        env[i] = arena_alloc(unit_mem(), word.n + 1, 1);
        memcpy(env[i], word.p, word.n);
    }
    rest = str_z(flags);
    while (str_cut(&rest, ' ', &word))
        list.v[list.n++] = word;
    return conf_load(unit_mem(), path, env, &list, out, why);
}

static struct config
good(const char *file_text, const char *env, const char *flags)
{
    struct config c;
    struct conf_error why;

    if (load(file_text, env, flags, &c, &why) != ERR_OK)
        fail_msg("%.*s: %.*s", STR_ARG(why.key), STR_ARG(why.text));
    return c;
}

UNIT(conf_defaults)
{
    struct config c = good(NULL, NULL, NULL);

    assert_str(c.origin, "http://localhost:3000");
    assert_str(c.host, "localhost:3000");
    assert_str(c.domain, "localhost:3000");
    assert_false(c.https);
    assert_int_equal(c.listen.n, 1);
    assert_str(c.listen.v[0], "127.0.0.1:3000");
    assert_int_equal(c.trusted_proxies.n, 3);
    assert_str(c.database, "sqlite:data/dassie.db");
    assert_str(c.media, "dir:data/media");
    assert_str(c.server_key_file, "data/server.key");
    assert_str(c.mail_from, "dassie@localhost");
    assert_true(c.rate_limits);
    assert_false(c.test_clock);
}

UNIT(conf_later_sources_win)
{
    static const char env[] = "DASSIE_WORKERS=3;PATH=/bin;DASSIE_SOMETHING=x;DASSIE_LOG_LEVEL=warn";
    struct config c = good("# comment\n\n  url   https://Social.Example \r\nworkers 2\nloops 2\nlisten 127.0.0.1:1\n"
                           "listen [::1]:2 unix:/run/x\n",
        env, "--log-level debug --rate_limits=off --secure_mode --data-dir /srv");

    assert_str(c.origin, "https://social.example");
    assert_true(c.https);
    assert_int_equal(c.workers, 3);
    assert_int_equal(c.loops, 2);
    assert_str(c.log_level, "debug");
    assert_false(c.rate_limits);
    assert_true(c.secure_mode);
    assert_int_equal(c.listen.n, 3);
    assert_str(c.listen.v[2], "unix:/run/x");
    assert_str(c.database, "sqlite:/srv/dassie.db");
    c = good("listen 127.0.0.1:1\n", "DASSIE_LISTEN=127.0.0.1:5 127.0.0.1:6", NULL);
    assert_int_equal(c.listen.n, 2);
    assert_str(c.listen.v[0], "127.0.0.1:5");
}

UNIT(conf_handle_domain)
{
    struct config c = good("url https://social.example.org\nhandle_domain Example.org", NULL, NULL);

    assert_str(c.host, "social.example.org");
    assert_str(c.domain, "example.org");
}

UNIT(conf_secret_from_file)
{
    struct str path = temp_file(S("smtps://u:p@mail.example\n"));
    struct config c = good(str_fmt(unit_mem(), "smtp @%.*s", STR_ARG(path)).p, NULL, NULL);

    assert_str(c.smtp, "smtps://u:p@mail.example");
}

UNIT(conf_refuses_with_a_sentence)
{
    static const struct {
        const char *file, *flags, *key, *part;
    } cases[] = {
        { "colour blue", NULL, "colour", "line 1 of" },
        { "\nworkers many", NULL, "workers", "line 2 of" },
        { NULL, "--workers 257", "workers", "from 0 to 256" },
        { NULL, "--workers -1", "workers", "from 0 to 256" },
        { NULL, "--workers", "workers", "needs a value" },
        { NULL, "--url", "url", "needs a value" },
        { NULL, "workers 3", "", "is not an option" },
        { NULL, "--test_clock maybe", "test_clock", "neither yes nor no" },
        { "url https://a.example\nurl https://b.example", NULL, "url", "written twice" },
        { "url https://a.example/sub", NULL, "url", "without a path" },
        { "url ftp://a.example", NULL, "url", "http or https" },
        { "url", NULL, "url", "http or https" },
        { "url https://b\xc3\xbc"
          "cher.example",
            NULL, "url", "xn--" },
        { "url \xff", NULL, "url", "UTF-8" },
        { "listen 127.0.0.1:1 \x01 x", NULL, "listen", "one line" },
        { "handle_domain a/b", NULL, "handle_domain", "a domain" },
        { "listen localhost:3000", NULL, "listen", "address:port" },
        { "listen 127.0.0.1", NULL, "listen", "address:port" },
        { "listen ::1:3000", NULL, "listen", "address:port" },
        { "listen 127.0.0.1:65536", NULL, "listen", "address:port" },
        { "listen", NULL, "listen", "at least one" },
        { "data_dir", NULL, "data_dir", "a directory" },
        { "database mysql://x", NULL, "database", "sqlite:FILE" },
        { "media s4://x", NULL, "media", "dir:PATH" },
        { "bus http://x", NULL, "bus", "redis://" },
        { "bus redis://", NULL, "bus", "redis://" },
        { "bus redis://secret@host", NULL, "bus", "redis://" },
        { "bus redis://a:b@host:x", NULL, "bus", "redis://" },
        { "bus unix:relative", NULL, "bus", "redis://" },
        { "bus redis://localhost", NULL, "bus", "PostgreSQL" },
        { "trusted_proxies 10.0.0.1/8", NULL, "trusted_proxies", "a network" },
        { "allow_networks all", NULL, "allow_networks", "a network" },
        { "resolve a.test:443", NULL, "resolve", "host:port:address" },
        { "resolve a.test:443:b.test", NULL, "resolve", "host:port:address" },
        { "smtp mail.example", NULL, "smtp", "smtp://" },
        { "smtp @/nonexistent/file", NULL, "smtp", "cannot be read" },
        { "mail_from Me <me@a.example>", NULL, "mail_from", "display name" },
        { "registrations maybe", NULL, "registrations", "open, approval" },
        { "log_level loud", NULL, "log_level", "debug, info" },
        { "tls_cert /x.pem", NULL, "tls_key", "need each other" },
        { "tls_key /x.pem", NULL, "tls_cert", "need each other" },
        { "url http://social.example\nfederation_http yes", NULL, "federation_http", "refused" },
        { "url https://a.test\nfederation_http yes", NULL, "federation_http", "refused" },
        { "url http://localhost.example\nfederation_http yes", NULL, "federation_http", "refused" },
        { "url https://social.example\ntest_clock yes", NULL, "test_clock", "refused" },
    };

    for (size_t i = 0; i < lengthof(cases); i++) {
        struct config c;
        struct conf_error why = { 0 };
        enum err e = load(cases[i].file, NULL, cases[i].flags, &c, &why);

        if (e != ERR_INVALID || !str_eqz(why.key, cases[i].key) || str_find(why.text, str_z(cases[i].part)) < 0)
            fail_msg("%zu: %s, %.*s: %.*s", i, err_name(e), STR_ARG(why.key), STR_ARG(why.text));
    }
}

UNIT(conf_takes)
{
    static const char *const cases[] = { "url http://a.test:8080\nfederation_http yes",
        "url http://127.0.0.2\nfederation_http on", "url http://[::1]:3000\nfederation_http 1",
        "url https://a.test\ntest_clock yes", "url https://localhost\ntest_clock yes",
        "url http://social.example\ntest_clock yes",
        "resolve a.test:443:127.0.0.1:8443 b.test:443:[::1]:8443 c.test:80:10.0.0.1",
        "smtp smtp://user:p@ss@mail.example:587/", "smtp smtp://mail.example",
        "database postgresql://x/y\nbus redis://u:p@ss@[::1]:1/", "database postgresql://x/y\nbus redis://:p@host",
        "database postgresql://x/y\nbus unix:/run/redis.sock", "bus none", "bus", "tls_cert a\ntls_key b", "media",
        "trusted_proxies", "mail_from me@a.example", "allow_networks 10.0.0.0/8 fc00::/7 192.0.2.1" };

    for (size_t i = 0; i < lengthof(cases); i++)
        good(cases[i], NULL, NULL);
}

UNIT(conf_missing_file)
{
    struct config c;
    struct conf_error why;

    assert_int_equal(conf_load(unit_mem(), S("/nonexistent/dassie.conf"), NULL, NULL, &c, &why), ERR_NOT_FOUND);
    assert_true(str_find(why.text, S("/nonexistent/dassie.conf")) >= 0);
}

static void
collect(void *arg, const char *name, const char *type, const char *dflt, const char *unit, struct str value,
    const char *text)
{
    struct buf *b = arg;

    assert_true(text[0] != '\0' && type[0] != '\0' && dflt != NULL && unit != NULL);
    buf_putf(b, "%s=%.*s\n", name, STR_ARG(value));
}

UNIT(conf_each_hides_secrets)
{
    struct config c = good("smtp smtp://u:hunter2@mail.example\ndatabase postgresql://u:hunter2@db/x", NULL, NULL);
    struct buf b;

    buf_init(&b, unit_mem(), MB(1));
    conf_each(unit_mem(), &c, collect, &b);
    assert_true(str_find(buf_str(&b), S("smtp=(secret)\n")) >= 0);
    assert_true(str_find(buf_str(&b), S("database=(secret)\n")) >= 0);
    assert_true(str_find(buf_str(&b), S("hunter2")) < 0);
    assert_true(str_find(buf_str(&b), S("trusted_proxies=127.0.0.1/32 ::1/128 unix:\n")) >= 0);
    assert_true(str_find(buf_str(&b), S("rate_limits=yes\n")) >= 0);
    assert_true(str_find(buf_str(&b), S("connections_max=16384\n")) >= 0);
}

/* Messages byte by byte, and the way of one to a mail server in Python (test/lib/smtp_sink.py). */
#include "notify/mail.h"

#include "base/conf.h"
#include "base/json.h"
#include "base/val.h"
#include "peer.h"
#include "unit.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static struct ctx
ctx_of(const struct env *env)
{
    struct ctx c;

    ctx_begin(&c, unit_mem(), env);
    return c;
}

static struct str
build(const struct mail *m, const char *from, enum err want)
{
    struct ctx c = ctx_of(NULL);
    struct str out = S("");

    assert_int_equal(notify_mail_message(&c, m, str_z(from), S("me.example"), 784111777000, &out), want);
    return out;
}

/* ---- messages ------------------------------------------------------------------------------------------------- */

UNIT(message_is_plain_when_it_can_be)
{
    struct mail m = { .to = S("ines@a.example"), .subject = S("Hello"), .text = S("one\ntwo"), .key = S("k") };
    struct mail again = m;

    assert_str(build(&m, "dassie@me.example", ERR_OK), "Date: Sun, 06 Nov 1994 08:49:37 +0000\r\n"
                                                       "From: <dassie@me.example>\r\n"
                                                       "To: <ines@a.example>\r\n"
                                                       "Subject: Hello\r\n"
                                                       "Message-ID: <b268101405bb443bfcf834a3f0c388b9@me.example>\r\n"
                                                       "Auto-Submitted: auto-generated\r\n"
                                                       "MIME-Version: 1.0\r\n"
                                                       "Content-Type: text/plain; charset=utf-8\r\n"
                                                       "Content-Transfer-Encoding: quoted-printable\r\n"
                                                       "\r\n"
                                                       "one\r\ntwo\r\n");
    again.key = S("");
    assert_false(str_eq(build(&again, "dassie@me.example", ERR_OK), build(&again, "dassie@me.example", ERR_OK)));
}

UNIT(message_encodes_names_and_subjects)
{
    struct mail m = { .to = S("ines@b\xc3\xbc"
                              "cher.example"),
        .to_name = S("Ines \"R\" \\"),
        .subject = S("Gr\xc3\xbc\xc3\x9f"
                     "e aus Z\xc3\xbcrich, und noch viel l\xc3\xa4nger, damit es zwei Worte werden"),
        .text = S("x") };
    struct str s = build(&m, "The \xc3\xa4 server <dassie@me.example>", ERR_OK), rest = s, line;

    assert_true(str_find(s, S("From: =?utf-8?B?VGhlIMOkIHNlcnZlcg==?=\r\n <dassie@me.example>\r\n")) > 0);
    assert_true(str_find(s, S("To: \"Ines \\\"R\\\" \\\\\" <ines@xn--bcher-kva.example>\r\n")) > 0);
    assert_true(str_find(s, S("Subject: =?utf-8?B?R3LDvMOfZSBhdXMgWsO8cmljaCwgdW5kIG5vY2ggdmllbCBsw6RuZ2VyLCBk?=\r\n"
                              " =?utf-8?B?YW1pdCBlcyB6d2VpIFdvcnRlIHdlcmRlbg==?=\r\n")) > 0);
    while (str_cut(&rest, '\n', &line))
        assert_true(line.n <= 78 + 10);
    m.subject = S("=?utf-8?B?Zm9v?= is what I typed"); /* not to be decoded as something else */
    assert_true(str_find(build(&m, "dassie@me.example", ERR_OK), S("Subject: =?utf-8?B?PT91d")) > 0);
}

UNIT(message_refuses_injection)
{
    static const char *const bad[] = { "a\nBcc: x@y.example", "a\r\nBcc: x@y.example", "a\rb", "a\tb", "a\x7f",
        "\xff" };

    for (size_t i = 0; i < lengthof(bad); i++) {
        struct mail m = { .to = S("a@b.example"), .subject = S("s"), .text = S("t") };

        m.subject = str_z(bad[i]);
        build(&m, "d@me.example", ERR_INVALID);
        m.subject = S("s");
        m.to_name = str_z(bad[i]);
        build(&m, "d@me.example", ERR_INVALID);
        m.to_name = S("");
        m.unsubscribe_url = str_z(bad[i]);
        build(&m, "d@me.example", ERR_INVALID);
        m.unsubscribe_url = S("");
        m.to = str_fmt(unit_mem(), "a@b.example%s", bad[i]);
        build(&m, "d@me.example", ERR_INVALID);
    }
    struct mail m = { .to = S("a@b.example"), .subject = S("s"), .text = S("\xff") };

    build(&m, "d@me.example", ERR_INVALID);
    m.text = S("t");
    m.unsubscribe_url = S("https://x.example/> <y");
    build(&m, "d@me.example", ERR_INVALID);
    m.unsubscribe_url = S("https://x.example/u?t=1");
    assert_true(str_find(build(&m, "d@me.example", ERR_OK),
                    S("List-Unsubscribe: <https://x.example/u?t=1>\r\nList-Unsubscribe-Post: ")) > 0);
    build(&m, "not an address", ERR_INVALID);
    build(&m, "X <a@b.example", ERR_INVALID);
}

static struct str
body_of(struct str message)
{
    return str_sub(message, (size_t)str_find(message, S("\r\n\r\n")) + 4, message.n);
}

UNIT(message_body_is_quoted_printable)
{
    struct mail m = { .to = S("a@b.example"), .subject = S("s") };
    struct str rest, line;
    char big[4000];

    m.text = S("a=b \xc3\xa9\r\ntrailing \ntab\t\rbare cr\n.\n\nFrom me");
    assert_str(body_of(build(&m, "d@me.example", ERR_OK)),
        "a=3Db =C3=A9\r\ntrailing=20\r\ntab=09\r\nbare cr\r\n.\r\n\r\nFrom me\r\n");
    memset(big, 'x', sizeof(big));
    m.text = (struct str){ big, sizeof(big) };
    rest = build(&m, "d@me.example", ERR_OK);
    while (str_cut(&rest, '\n', &line))
        assert_true(line.n <= 77); /* with its CR */
    m.text = (struct str){ arena_alloc(unit_mem(), MAIL_BYTES_MAX, 1), MAIL_BYTES_MAX };
    build(&m, "d@me.example", ERR_TOO_LARGE);
}

UNIT(message_has_an_html_alternative)
{
    struct mail m = { .to = S("a@b.example"), .subject = S("s"), .text = S("plain"), .html = S("<p>rich</p>") };
    struct str s = build(&m, "d@me.example", ERR_OK);
    ptrdiff_t plain = str_find(s, S("text/plain; charset=utf-8")), rich = str_find(s, S("text/html; charset=utf-8"));

    assert_true(str_find(s, S("Content-Type: multipart/alternative; boundary=\"=_")) > 0);
    assert_true(plain > 0 && rich > plain);
    assert_true(str_ends(s, S("--\r\n")));
}

/* ---- sending -------------------------------------------------------------------------------------------------- */

struct sink {
    pid_t pid;
    int in;
    int port;
    char dir[32];
};

static void
sink_start(struct sink *s, const char *const *options)
{
    const char *argv[12] = { "python3", UNIT_SOURCE_ROOT "/test/lib/smtp_sink.py", s->dir };
    int in[2], out[2], n = 3;
    char line[32] = "";

    snprintf(s->dir, sizeof(s->dir), "/tmp/mail-test-XXXXXX");
    assert_non_null(mkdtemp(s->dir));
    for (; options != NULL && *options != NULL; options++)
        argv[n++] = *options;
    assert_true(pipe(in) == 0 && pipe(out) == 0);
    s->pid = fork();
    if (s->pid == 0) {
        dup2(in[0], 0);
        dup2(out[1], 1);
        close(in[1]);
        execvp("python3", (char *const *)(uintptr_t)argv);
        _exit(127);
    }
    close(in[0]);
    close(out[1]);
    s->in = in[1];
    for (size_t i = 0; i < sizeof(line) - 1 && read(out[0], line + i, 1) == 1 && line[i] != '\n'; i++)
        ;
    close(out[0]);
    s->port = (int)strtol(line, NULL, 10);
    assert_true(s->port > 0);
}

static const struct val *
sink_mail(struct sink *s, int n)
{
    struct str text = unit_file(str_fmt(unit_mem(), "%s/%04d.json", s->dir, n).p);
    const struct val *v;

    if (text.p == NULL)
        return NULL;
    assert_int_equal(json_parse(unit_mem(), text, NULL, &v), ERR_OK);
    return v;
}

static void
sink_stop(struct sink *s)
{
    close(s->in);
    waitpid(s->pid, NULL, 0);
    for (int n = 1; n < 10; n++)
        unlink(str_fmt(unit_mem(), "%s/%04d.json", s->dir, n).p);
    rmdir(s->dir);
}

static enum err
send_with(struct config conf, const char *smtp, const char *to)
{
    struct env env = { .conf = &conf };
    struct ctx c = ctx_of(&env);
    struct mail m = { .to = str_z(to), .subject = S("Hi"), .text = S(".dots\n..\n.\n\xc3\xa9nd") };

    conf.smtp = str_z(smtp);
    conf.host = S("me.example:3000");
    conf.mail_from = S("Me <me@me.example>");
    return notify_mail_send(&c, &m);
}

static enum err
send_to(const char *smtp, const char *to)
{
    return send_with((struct config){ 0 }, smtp, to);
}

UNIT(mail_arrives)
{
    static const char *const options[] = { "--auth", "us er:p:w%d", "--refuse", "gone@b.example", "--busy",
        "busy@b.example", NULL };
    struct sink s;
    const struct val *v;
    char url[128], wrong[128];

    sink_start(&s, options);
    snprintf(url, sizeof(url), "smtp://us%%20er:p%%3Aw%%25d@127.0.0.1:%d", s.port);
    snprintf(wrong, sizeof(wrong), "smtp://user:wrong@127.0.0.1:%d/", s.port);
    assert_int_equal(send_to(url, "ines@a.example"), ERR_OK);
    v = sink_mail(&s, 1);
    assert_non_null(v);
    assert_str(val_str(val_get(v, S("from"))), "me@me.example");
    assert_str(val_str(val_get(v, S("user"))), "us er");
    assert_str(body_of(val_str(val_get(v, S("data")))), ".dots\r\n..\r\n.\r\n=C3=A9nd\r\n");
    assert_int_equal(send_to(url, "gone@b.example"), ERR_INVALID);
    assert_int_equal(send_to(url, "busy@b.example"), ERR_REMOTE);
    assert_int_equal(send_to(wrong, "ines@a.example"), ERR_REMOTE);
    assert_int_equal(send_to(url, "a@b.example\r\nRCPT TO:<c@d.example>"), ERR_INVALID);
    assert_null(sink_mail(&s, 2));
    sink_stop(&s);
    assert_int_equal(send_to(url, "ines@a.example"), ERR_REMOTE); /* nobody listens */
    assert_int_equal(send_to("", "ines@a.example"), ERR_INVALID);
    assert_int_equal(send_to("smtp://", "ines@a.example"), ERR_INVALID);
    assert_int_equal(send_to("https://127.0.0.1/", "ines@a.example"), ERR_REMOTE);
}

UNIT(mail_gives_a_password_only_inside_verified_tls)
{
    static const char *const right[] = { "relay.test", NULL };
    const char *cert = str_fmt(unit_mem(), "/tmp/mail-test-%d-cert.pem", (int)getpid()).p;
    const char *key = str_fmt(unit_mem(), "/tmp/mail-test-%d-key.pem", (int)getpid()).p;
    const char *ca = str_fmt(unit_mem(), "/tmp/mail-test-%d-ca.pem", (int)getpid()).p;
    const char *const tls[] = { "--auth", "u:p", "--tls", cert, key, NULL };
    const char *const plain[] = { "--auth", "u:p", NULL };
    struct str resolve[2];
    struct config conf = { .resolve = { resolve, 2 } };
    struct sink s;

    peer_make_certificate(right, cert, key, ca);
    sink_start(&s, tls);
    resolve[0] = str_fmt(unit_mem(), "relay.test:587:127.0.0.1:%d", s.port);
    resolve[1] = str_fmt(unit_mem(), "other.test:587:127.0.0.1:%d", s.port);
    assert_int_equal(
        send_with(conf, "smtp://u:p@relay.test:587", "ines@a.example"), ERR_REMOTE); /* unknown authority */
    conf.ca_file = str_z(ca);
    assert_int_equal(send_with(conf, "smtp://u:p@other.test:587", "ines@a.example"), ERR_REMOTE); /* another name */
    assert_null(sink_mail(&s, 1));
    assert_int_equal(send_with(conf, "smtp://u:p@relay.test:587", "ines@a.example"), ERR_OK);
    assert_true(val_bool(val_get(sink_mail(&s, 1), S("tls")), false));
    sink_stop(&s);
    sink_start(&s, plain); /* somebody in between took STARTTLS away */
    resolve[0] = str_fmt(unit_mem(), "relay.test:587:127.0.0.1:%d", s.port);
    assert_int_equal(send_with(conf, "smtp://u:p@relay.test:587", "ines@a.example"), ERR_REMOTE);
    assert_null(sink_mail(&s, 1));
    sink_stop(&s);
    unlink(cert);
    unlink(key);
    unlink(ca);
}

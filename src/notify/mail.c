/* SMTP to the operator's relay, over libcurl: one connection a mail, on the job's thread.  The message comes from message.c. */
#include "notify/mail.h"

#include "base/clock.h"
#include "base/conf.h"
#include "http/client.h"
#include "text/email.h"

#include <curl/curl.h>
#include <pthread.h>
#include <string.h>

enum { SEND_MS = 60 * 1000, CONNECT_MS = 20 * 1000 };

bool
notify_mail_enabled(const struct ctx *c)
{
    return c->env->conf->smtp.n > 0;
}

static void
init_curl(void)
{
    if (curl_global_init(CURL_GLOBAL_DEFAULT) != 0)
        BUG("libcurl does not start");
}

/* ---- the relay ------------------------------------------------------------------------------------------------ */

struct relay {
    const char *url;  /* smtp://host:port/our-name, without user and password */
    const char *user; /* NULL: none */
    const char *password;
    bool loopback;
};

static bool
is_loopback(const char *host)
{
    return strcmp(host, "localhost") == 0 || strncmp(host, "127.", 4) == 0 || strcmp(host, "[::1]") == 0;
}

static const char *
take_part(struct ctx *c, CURLU *u, CURLUPart part, unsigned flags)
{
    char *v = NULL;
    const char *copy;

    if (curl_url_get(u, part, &v, flags) != CURLUE_OK || v == NULL)
        return NULL;
    copy = str_cz(c->mem, str_z(v));
    curl_free(v);
    return copy;
}

/* libcurl takes the name for EHLO from the path. */
static bool
read_relay(struct ctx *c, struct str smtp, struct str our_name, struct relay *out)
{
    CURLU *u = curl_url();
    const char *host;
    bool ok;

    if (u == NULL)
        BUG("out of memory");
    ok = curl_url_set(u, CURLUPART_URL, str_cz(c->mem, smtp), CURLU_NON_SUPPORT_SCHEME) == CURLUE_OK;
    host = ok ? take_part(c, u, CURLUPART_HOST, 0) : NULL;
    if (host != NULL) {
        out->loopback = is_loopback(host);
        out->user = take_part(c, u, CURLUPART_USER, CURLU_URLDECODE);
        out->password = take_part(c, u, CURLUPART_PASSWORD, CURLU_URLDECODE);
        ok = curl_url_set(u, CURLUPART_USER, NULL, 0) == CURLUE_OK &&
             curl_url_set(u, CURLUPART_PASSWORD, NULL, 0) == CURLUE_OK &&
             curl_url_set(u, CURLUPART_PATH, str_cz(c->mem, str_cat(c->mem, S("/"), our_name, STR_NONE)), 0) ==
                 CURLUE_OK;
        out->url = take_part(c, u, CURLUPART_URL, 0);
    }
    curl_url_cleanup(u);
    return ok && host != NULL && out->url != NULL;
}

/* ---- one mail ------------------------------------------------------------------------------------------------- */

static size_t
read_message(char *out, size_t size, size_t n, void *arg)
{
    struct str *rest = arg;
    size_t take = MIN(size * n, rest->n);

    memcpy(out, rest->p, take);
    *rest = str_sub(*rest, take, rest->n);
    return take;
}

static size_t
drop_answer(char *p, size_t size, size_t n, void *arg)
{
    return size * n;
}

static void
set_security(CURL *e, const struct config *conf, const struct relay *r, struct ctx *c)
{
    /* A mail server on this machine has a certificate nobody signed; others get a password only inside TLS. */
    curl_easy_setopt(e, CURLOPT_USE_SSL,
        (long)(r->loopback       ? CURLUSESSL_NONE
               : r->user != NULL ? CURLUSESSL_ALL
                                 : CURLUSESSL_TRY));
    curl_easy_setopt(e, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
    curl_easy_setopt(e, CURLOPT_SSL_VERIFYPEER, 1L);
    curl_easy_setopt(e, CURLOPT_SSL_VERIFYHOST, 2L);
    if (conf->ca_file.n > 0)
        curl_easy_setopt(e, CURLOPT_CAINFO, str_cz(c->mem, conf->ca_file));
    if (r->user != NULL) {
        curl_easy_setopt(e, CURLOPT_USERNAME, r->user);
        curl_easy_setopt(e, CURLOPT_PASSWORD, r->password != NULL ? r->password : "");
    }
}

/* A 5xx to sender, recipient or message is final; everything else, also a refused login, may be mended by the operator. */
static enum err
judge(struct ctx *c, CURL *e, CURLcode rc, const char *why)
{
    long code = 0;

    if (rc == CURLE_OK)
        return ERR_OK;
    curl_easy_getinfo(e, CURLINFO_RESPONSE_CODE, &code);
    if (code >= 550 && code <= 559 &&
        (rc == CURLE_SEND_ERROR || rc == CURLE_RECV_ERROR || rc == CURLE_WEIRD_SERVER_REPLY))
        return ctx_fail(c, ERR_INVALID, "the relay refuses this mail for good: %ld", code);
    return ctx_fail(c, ERR_REMOTE, "mail not sent: %s (SMTP %ld)", why[0] != '\0' ? why : curl_easy_strerror(rc), code);
}

/* Fixed addresses of the configuration, for closed networks. */
static struct curl_slist *
connect_to(struct ctx *c, const struct config *conf)
{
    struct curl_slist *all = NULL;

    for (size_t i = 0; i < conf->resolve.n; i++) {
        const char *line = http_client_connect_to(c->mem, conf->resolve.v[i]);
        struct curl_slist *l = line != NULL ? curl_slist_append(all, line) : all;

        if (l == NULL && line != NULL)
            BUG("out of memory");
        all = l;
    }
    return all;
}

static enum err
send_one(struct ctx *c, const struct relay *r, struct str from, struct str to, struct str message)
{
    const struct config *conf = c->env->conf;
    char why[CURL_ERROR_SIZE] = "";
    CURL *e = curl_easy_init();
    struct curl_slist *rcpt = curl_slist_append(NULL, str_cz(c->mem, to));
    struct curl_slist *fixed = connect_to(c, conf);
    CURLcode rc;
    enum err err;

    if (e == NULL || rcpt == NULL)
        BUG("out of memory");
    curl_easy_setopt(e, CURLOPT_ERRORBUFFER, why);
    curl_easy_setopt(e, CURLOPT_URL, r->url);
    curl_easy_setopt(e, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
    curl_easy_setopt(e, CURLOPT_PROXY, "");
    curl_easy_setopt(e, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(e, CURLOPT_CONNECT_TO, fixed);
    curl_easy_setopt(e, CURLOPT_CONNECTTIMEOUT_MS, (long)CONNECT_MS);
    curl_easy_setopt(e, CURLOPT_TIMEOUT_MS, (long)SEND_MS);
    set_security(e, conf, r, c);
    curl_easy_setopt(e, CURLOPT_MAIL_FROM, str_cz(c->mem, from));
    curl_easy_setopt(e, CURLOPT_MAIL_RCPT, rcpt);
    curl_easy_setopt(e, CURLOPT_UPLOAD, 1L);
    curl_easy_setopt(e, CURLOPT_READFUNCTION, read_message);
    curl_easy_setopt(e, CURLOPT_READDATA, &message);
    curl_easy_setopt(e, CURLOPT_WRITEFUNCTION, drop_answer);
    rc = curl_easy_perform(e);
    err = judge(c, e, rc, why);
    curl_slist_free_all(rcpt);
    curl_slist_free_all(fixed);
    curl_easy_cleanup(e);
    return err;
}

/* The bare host of our URL, for EHLO, Message-ID and the default sender. */
static struct str
our_name(const struct config *conf)
{
    struct str rest = conf->host, name;

    if (rest.n > 0 && rest.p[0] == '[')
        return S("localhost");
    str_cut(&rest, ':', &name);
    return name;
}

enum err
notify_mail_send(struct ctx *c, const struct mail *m)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    const struct config *conf = c->env->conf;
    struct str name = our_name(conf), from = conf->mail_from, message;
    struct email to, sender;
    struct relay r = { 0 };
    ptrdiff_t at;

    CHECK(c->tx == 0);
    pthread_once(&once, init_curl);
    if (!notify_mail_enabled(c))
        return ctx_fail(c, ERR_INVALID, "no relay is configured (smtp)");
    if (!read_relay(c, conf->smtp, name, &r))
        return ctx_fail(c, ERR_INVALID, "smtp is not a URL of a relay");
    if (from.n == 0)
        from = str_cat(c->mem, S("dassie@"), name, STR_NONE);
    TRY(notify_mail_message(c, m, from, name, clock_ms(), &message));
    at = str_rchr(from, '<');
    if (at >= 0)
        from = str_sub(from, (size_t)at + 1, from.n - 1);
    CHECK(email_parse(c->mem, m->to, &to) && email_parse(c->mem, from, &sender)); /* the message was made of them */
    return send_one(c, &r, sender.text, to.text, message);
}

/*
 * Handles: WebFinger (RFC 7033) in both directions.  A handle counts only when the host behind the @ names the actor and the actor's
 * own host agrees, so nobody takes another's name.  https://www.rfc-editor.org/rfc/rfc7033
 */
#include "service/resolve_internal.h"

#include "ap/webfinger.h"
#include "base/clock.h"
#include "base/conf.h"
#include "base/url.h"
#include "crypto/digest.h"
#include "text/idna.h"

enum { HANDLE_FRESH_MS = DAY_MS };

#define ACCEPT_JRD "application/jrd+json, application/json"

static bool
domain_is_ours(const struct ctx *c, struct str domain)
{
    return str_eq(domain, c->env->conf->domain) || str_eq(domain, c->env->conf->host);
}

/* https, unless this is a closed test network and only http answers there. */
static struct str
scheme_of(const struct ctx *c)
{
    return c->env->conf->federation_http ? S("http://") : S("https://");
}

static struct str
acct_of(struct ctx *c, const struct handle *h)
{
    return str_cat(c->mem, S("acct:"), h->username, S("@"), h->domain, STR_NONE);
}

/* The URL to ask when /.well-known/webfinger is not there: what host-meta says. */
static enum err
from_host_meta(struct ctx *c, struct budget *b, const struct handle *h, struct str *url)
{
    struct str xml, template;
    ptrdiff_t at;

    TRY(resolve_fetch_plain(c, b, str_cat(c->mem, scheme_of(c), h->domain, S("/.well-known/host-meta"), STR_NONE),
        S("application/xrd+xml"), &xml));
    if (!ap_host_meta_read(c->mem, xml, &template) || (at = str_find(template, S("{uri}"))) < 0)
        return ctx_fail(c, ERR_NOT_FOUND, "%.*s has no WebFinger", STR_ARG(h->domain));
    *url = str_cat(c->mem, str_sub(template, 0, (size_t)at), url_encode(c->mem, acct_of(c, h)),
        str_sub(template, (size_t)at + 5, template.n), STR_NONE);
    return ERR_OK;
}

static enum err
ask(struct ctx *c, struct budget *b, const struct handle *h, struct ap_jrd *out)
{
    struct str url = str_cat(c->mem, scheme_of(c), h->domain, S("/.well-known/webfinger?resource="),
        url_encode(c->mem, acct_of(c, h)), STR_NONE);
    struct str body;
    const char *why;
    enum err e;

    if (!url_is_host(h->domain) && str_chr(h->domain, ':') < 0)
        return ctx_fail(c, ERR_NOT_FOUND, "%.*s is no host", STR_ARG(h->domain));
    if (domain_is_ours(c, h->domain))
        return ctx_fail(c, ERR_FORBIDDEN, "a foreign actor with a handle of ours");
    e = resolve_fetch_plain(c, b, url, S(ACCEPT_JRD), &body);
    if (e == ERR_NOT_FOUND) {
        ctx_ok(c);
        TRY(from_host_meta(c, b, h, &url));
        e = resolve_fetch_plain(c, b, url, S(ACCEPT_JRD), &body);
    }
    TRY(e);
    e = ap_jrd_read(c->mem, body, out, &why);
    return e == ERR_OK ? e : ctx_fail(c, ERR_NOT_FOUND, "WebFinger of %.*s: %s", STR_ARG(acct_of(c, h)), why);
}

static bool
same_handle(const struct handle *h, struct str user, struct str domain)
{
    return str_eqi(h->username, user) && str_eq(h->domain, domain);
}

enum err
resolve_webfinger(
    struct ctx *c, struct budget *b, const struct handle *asked, struct handle *canonical, struct str *actor_id)
{
    struct ap_jrd jrd, again;

    TRY(ask(c, b, asked, &jrd));
    *canonical = *asked;
    *actor_id = jrd.self;
    if (jrd.user.p == NULL || same_handle(asked, jrd.user, jrd.domain))
        return ERR_OK;
    /* Another host speaks for this one: it must name itself and the same actor. */
    *canonical = (struct handle){ jrd.user, jrd.domain };
    TRY(ask(c, b, canonical, &again));
    if (!same_handle(canonical, again.user, again.domain) || !str_eq(again.self, jrd.self))
        return ctx_fail(c, ERR_NOT_FOUND, "WebFinger of %.*s changes its mind", STR_ARG(acct_of(c, asked)));
    return ERR_OK;
}

/* Ours need not be asked; a domain of "" is ours. */
static enum err
interaction_template(struct ctx *c, struct budget *b, struct handle *h, struct str *out)
{
    struct ap_jrd jrd;

    if (h->domain.n == 0 || domain_is_ours(c, h->domain)) {
        *out = str_cat(c->mem, c->env->conf->origin, S("/authorize_interaction?uri={uri}"), STR_NONE);
        return ERR_OK;
    }
    if (!text_authority_normal(c->mem, h->domain, &h->domain))
        return ctx_fail(c, ERR_NOT_FOUND, "no host");
    TRY(ask(c, b, h, &jrd));
    *out = jrd.subscribe;
    return ERR_OK;
}

enum err
service_resolve_interaction(
    struct ctx *c, struct budget *b, struct str username, struct str domain, struct str uri, struct str *url)
{
    struct handle h = { username, domain };
    struct str template;
    struct url u;
    ptrdiff_t at;

    TRY(interaction_template(c, b, &h, &template));
    at = str_find(template, S("{uri}"));
    if (at < 0)
        return ctx_fail(c, ERR_NOT_FOUND, "%.*s has no place for interactions", STR_ARG(h.domain));
    *url = str_cat(c->mem, str_sub(template, 0, (size_t)at), url_encode(c->mem, uri),
        str_sub(template, (size_t)at + 5, template.n), STR_NONE);
    if (!url_parse(c->mem, *url, &u) || (!str_eqz(u.scheme, "https") && !c->env->conf->federation_http))
        return ctx_fail(c, ERR_NOT_FOUND, "%.*s has no address of the web for interactions", STR_ARG(h.domain));
    return ERR_OK;
}

/* Nobody is shown under a name that was not proven: one that cannot clash stands in its place. */
static struct handle
placeholder(struct ctx *c, const struct ap_actor *x, struct str host)
{
    struct sha256 sum = sha256(x->id);
    struct buf b;

    buf_init(&b, c->mem, 64);
    buf_putc(&b, '_');
    buf_put_hex(&b, str_sub(sha256_str(&sum), 0, 8));
    return (struct handle){ buf_str(&b), host };
}

enum err
resolve_actor_handle(struct ctx *c, struct budget *b, const struct ap_actor *x, const struct account *before,
    struct handle *out, bool *ok)
{
    struct handle claim = { .username = x->username }, canonical;
    struct str actor_id, user, domain;
    struct url u;
    enum err e;

    *ok = false;
    CHECK(url_parse(c->mem, x->id, &u)); /* ap_actor_check took it */
    claim.domain = u.authority;
    if (x->webfinger.p != NULL && ap_acct_parse(c->mem, x->webfinger, &user, &domain))
        claim = (struct handle){ user, domain };
    if (before != NULL && before->handle_ok && before->fetched_ms > clock_ms() - HANDLE_FRESH_MS &&
        str_eqi(before->username, claim.username)) {
        *out = (struct handle){ before->username, before->domain };
        *ok = true;
        return ERR_OK;
    }
    *out = placeholder(c, x, u.authority);
    if (!account_remote_username_ok(claim.username) || !text_authority_normal(c->mem, claim.domain, &claim.domain))
        return ERR_OK;
    e = resolve_webfinger(c, b, &claim, &canonical, &actor_id);
    if (e == ERR_OK) {
        *ok = str_eq(actor_id, x->id) && account_remote_username_ok(canonical.username) &&
              text_authority_normal(c->mem, canonical.domain, &canonical.domain) &&
              !domain_is_ours(c, canonical.domain);
        if (*ok)
            *out = canonical;
        return ERR_OK;
    }
    if (e == ERR_BUSY || e == ERR_INTERNAL)
        return e;
    if (e != ERR_NOT_FOUND && e != ERR_GONE && before != NULL) { /* not reachable now: the name of yesterday */
        *out = (struct handle){ before->username, before->domain };
        *ok = before->handle_ok;
    }
    ctx_ok(c);
    return ERR_OK;
}

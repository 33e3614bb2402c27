/* OAuth applications: registering, recognising, and where they may be sent back to.  Codes and tokens are in token.c. */
#include "service/token.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/conf.h"
#include "base/id.h"
#include "base/ip.h"
#include "base/url.h"
#include "base/utf8.h"
#include "crypto/token.h"
#include "db/db.h"
#include "model/scope.h"
#include "store/app.h"

enum { APP_NAME_CHARS_MAX = 60, APP_URL_BYTES_MAX = 2000, APP_REDIRECTS_MAX = 50 };

/* Schemes by which a browser would run or show what the app says. */
static const char *const refused_schemes[] = { "javascript", "data", "vbscript", "blob", "file", "about" };

static bool
is_scheme_ok(struct str scheme)
{
    for (size_t i = 0; i < scheme.n; i++) {
        char ch = scheme.p[i];
        bool letter = (ch >= 'a' && ch <= 'z') || (ch >= 'A' && ch <= 'Z');

        if (!letter && (i == 0 || !((ch >= '0' && ch <= '9') || ch == '+' || ch == '-' || ch == '.')))
            return false;
    }
    for (size_t i = 0; i < lengthof(refused_schemes); i++)
        if (str_eqi(scheme, str_z(refused_schemes[i])))
            return false;
    return scheme.n > 0;
}

/* An absolute URI (RFC 6749, 3.1.2) without a fragment; of http(s) a proper URL; urn:ietf:wg:oauth:2.0:oob for "show the code". */
static bool
is_redirect_ok(struct arena *mem, struct str uri)
{
    struct str rest = uri, scheme;
    struct url u;

    if (uri.n == 0 || uri.n > APP_URL_BYTES_MAX || str_chr(uri, '#') >= 0)
        return false;
    for (size_t i = 0; i < uri.n; i++)
        if ((unsigned char)uri.p[i] <= ' ' || uri.p[i] == 0x7f || uri.p[i] == '\\')
            return false;
    if (!str_cut(&rest, ':', &scheme) || rest.n == 0 || !is_scheme_ok(scheme))
        return false;
    if (str_eqi(scheme, S("http")) || str_eqi(scheme, S("https")))
        return url_parse(mem, uri, &u);
    return true;
}

static enum err
check_app(struct ctx *c, const struct app_params *p, uint64_t *scopes)
{
    struct url u;

    if (str_trim(p->client_name).n == 0)
        return ctx_fail_public(c, ERR_INVALID, "Validation failed: Application name can't be blank");
    if (utf8_count(p->client_name) > APP_NAME_CHARS_MAX)
        return ctx_fail_public(c, ERR_INVALID,
            "Validation failed: Application name is too long (maximum is %d characters)", APP_NAME_CHARS_MAX);
    if (p->website.n > 0 && (p->website.n > APP_URL_BYTES_MAX || !url_parse(c->mem, p->website, &u)))
        return ctx_fail_public(c, ERR_INVALID, "Validation failed: Website must be a valid URL");
    if (p->redirect_uris.n == 0)
        return ctx_fail_public(c, ERR_INVALID, "Validation failed: Redirect URI can't be blank");
    if (p->redirect_uris.n > APP_REDIRECTS_MAX)
        return ctx_fail_public(c, ERR_INVALID, "Validation failed: too many redirect URIs");
    for (size_t i = 0; i < p->redirect_uris.n; i++)
        if (!is_redirect_ok(c->mem, p->redirect_uris.v[i]))
            return ctx_fail_public(c, ERR_INVALID, "Validation failed: Redirect URI must be an absolute URI.");
    if (!scope_parse(p->scopes, scopes) || *scopes == 0)
        return ctx_fail_public(c, ERR_INVALID, "Validation failed: Scopes doesn't match configured on the server.");
    return ERR_OK;
}

static struct str
join_lines(struct arena *mem, const struct strs *v)
{
    struct buf b;

    buf_init(&b, mem, (APP_URL_BYTES_MAX + 1) * APP_REDIRECTS_MAX);
    for (size_t i = 0; i < v->n; i++) {
        if (i > 0)
            buf_putc(&b, '\n');
        buf_put(&b, v->v[i]);
    }
    CHECK(buf_ok(&b));
    return buf_str(&b);
}

struct str
service_scope_words(struct arena *mem, struct str text)
{
    uint64_t seen = 0, bit;
    struct str word;
    struct buf b;

    buf_init(&b, mem, text.n + 1);
    while (str_cut(&text, ' ', &word)) {
        if (word.n == 0 || !scope_parse(word, &bit) || (seen & bit) != 0)
            continue;
        if (seen != 0)
            buf_putc(&b, ' ');
        seen |= bit;
        buf_put(&b, word);
    }
    return buf_str(&b);
}

enum err
service_app_register(struct ctx *c, const struct app_params *p, struct app **out, struct str *secret)
{
    struct app *a = arena_new(c->mem, struct app);
    struct app_params q = *p;

    if (str_trim(q.scopes).n == 0)
        q.scopes = S("read");
    TRY(check_app(c, &q, &a->scopes));
    a->id = id_new();
    a->client_id = token_new(c->mem);
    *secret = token_new(c->mem);
    a->secret_hash = token_hash(c->mem, *secret);
    a->name = str_trim(q.client_name);
    a->website = q.website.n > 0 ? q.website : STR_NONE;
    a->redirect_uris = join_lines(c->mem, &q.redirect_uris);
    a->scope_text = service_scope_words(c->mem, q.scopes);
    a->confidential = true;
    a->created_ms = clock_ms();
    TRY(db_begin(c, DB_WRITE));
    TRY(store_app_insert(c, a));
    TRY(db_commit(c));
    *out = a;
    return ERR_OK;
}

enum err
service_app_own(struct ctx *c)
{
    struct app a = { .id = id_new(),
        .client_id = S(APP_WEB_CLIENT),
        .secret_hash = S(""),
        .name = S("Web"),
        .redirect_uris = str_cat(c->mem, c->env->conf->origin, S("/signed-in"), STR_NONE),
        .scope_text = S("read write follow push admin:read admin:write"),
        .created_ms = clock_ms() };

    CHECK(scope_parse(a.scope_text, &a.scopes));
    TRY(db_begin(c, DB_WRITE));
    TRY(store_app_put(c, &a));
    return db_commit(c);
}

enum err
service_app_by_client(struct ctx *c, struct str client_id, struct app **out)
{
    return store_app_by_client(c, client_id, out);
}

enum err
service_app_get(struct ctx *c, int64_t id, struct app **out)
{
    return store_app_get(c, id, out);
}

enum err
service_app_authenticate(struct ctx *c, struct str client_id, struct str secret, struct app **out)
{
    enum err e = store_app_by_client(c, client_id, out);

    if (e == ERR_NOT_FOUND)
        return ctx_fail(c, ERR_UNAUTHORIZED, "no such client");
    TRY(e);
    if (!(*out)->confidential)
        return secret.n == 0 ? ERR_OK : ctx_fail(c, ERR_UNAUTHORIZED, "a public client has no secret");
    if (!str_eq_secret((*out)->secret_hash, token_hash(c->mem, secret)))
        return ctx_fail(c, ERR_UNAUTHORIZED, "wrong client secret");
    return ERR_OK;
}

static bool
is_loopback(struct str host)
{
    struct cidr net;
    struct ip ip;

    return str_eqz(host, "[::1]") || (ip_parse(host, &ip) && cidr_parse(S("127.0.0.0/8"), &net) && cidr_has(&net, &ip));
}

/* RFC 8252, 7.3: an app on the same machine takes whatever port is free. */
static bool
is_same_loopback(struct arena *mem, struct str registered, struct str asked)
{
    struct url x, y;

    return url_parse(mem, registered, &x) && url_parse(mem, asked, &y) && is_loopback(x.host) &&
           str_eqz(x.scheme, "http") && str_eqz(y.scheme, "http") && str_eq(x.host, y.host) &&
           str_eq(x.target, y.target) && y.fragment.p == NULL;
}

bool
service_app_redirect_ok(struct arena *mem, const struct app *a, struct str redirect_uri)
{
    struct str rest = a->redirect_uris, line;

    while (str_cut(&rest, '\n', &line))
        if (str_eq(line, redirect_uri) || is_same_loopback(mem, line, redirect_uri))
            return redirect_uri.n > 0;
    return false;
}

/*
 * The authorization endpoint: may this app act for me?  RFC 6749 4.1, RFC 7636 (S256 only), RFC 9700.  Before the app and its redirect
 * URI are known to be right nothing is ever sent there; after that, errors are.
 */
#include "base/arena.h"
#include "base/conf.h"
#include "base/url.h"
#include "http/respond.h"
#include "model/scope.h"
#include "oauth/internal.h"
#include "service/account.h"
#include "service/token.h"
#include "view/page.h"

#define OOB "urn:ietf:wg:oauth:2.0:oob"

enum { CHALLENGE_BYTES = 43, STATE_BYTES_MAX = 4096 };

struct request {
    struct app *app;
    struct str redirect_uri, state, scope_text, challenge;
    uint64_t scopes;
};

/* ---- going back to the app ------------------------------------------------------------------------------------- */

static void
add_param(struct buf *b, struct arena *mem, struct str name, struct str value)
{
    buf_putc(b, str_chr(buf_str(b), '?') >= 0 ? '&' : '?');
    buf_put(b, name);
    buf_putc(b, '=');
    buf_put(b, url_encode(mem, value));
}

static enum err
go_back(struct ctx *c, struct req *r, const struct request *q, struct str name, struct str value)
{
    bool oob = str_eqz(q->redirect_uri, OOB);
    struct buf b;

    if (oob && !str_eqz(name, "code"))
        return oauth_page_message(c, r, err_status(ERR_BAD_REQUEST), S("Access was not given"), value);
    buf_init(&b, c->mem, KB(32));
    buf_put(&b, oob ? S("/oauth/authorize/native") : q->redirect_uri);
    add_param(&b, c->mem, name, value);
    if (q->state.n > 0)
        add_param(&b, c->mem, S("state"), q->state);
    if (!buf_ok(&b))
        return ctx_fail(c, ERR_TOO_LARGE, "redirect");
    res_redirect(c, r, r->method == HTTP_GET ? 302 : 303, buf_str(&b));
    return ERR_OK;
}

/* ---- what is asked --------------------------------------------------------------------------------------------- */

/* The app and where it wants to be called back.  A failure is a page, never a redirect. */
static enum err
read_client(struct ctx *c, struct req *r, struct request *q)
{
    enum err e = service_app_by_client(c, oauth_arg(r, "client_id"), &q->app);

    if (e == ERR_NOT_FOUND)
        return ctx_fail_public(
            c, ERR_BAD_REQUEST, "This application is not known here. It may have to register again.");
    TRY(e);
    q->redirect_uri = oauth_arg(r, "redirect_uri");
    if (!service_app_redirect_ok(c->mem, q->app, q->redirect_uri))
        return ctx_fail_public(c, ERR_BAD_REQUEST, "The redirect URI is not one of those the application registered.");
    q->state = oauth_arg(r, "state");
    if (q->state.n > STATE_BYTES_MAX)
        return ctx_fail_public(c, ERR_BAD_REQUEST, "The parameter state is too long.");
    return ERR_OK;
}

static bool
is_challenge(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (!((s.p[i] >= 'a' && s.p[i] <= 'z') || (s.p[i] >= 'A' && s.p[i] <= 'Z') ||
                (s.p[i] >= '0' && s.p[i] <= '9') || s.p[i] == '-' || s.p[i] == '_'))
            return false;
    return s.n == CHALLENGE_BYTES; /* base64url of SHA-256 */
}

/* The rest; STR_NONE, or the OAuth error to go back with. */
static struct str
read_rest(struct ctx *c, struct req *r, struct request *q)
{
    struct str method = oauth_arg(r, "code_challenge_method");

    q->scope_text = str_trim(oauth_arg(r, "scope"));
    if (q->scope_text.n == 0)
        q->scope_text = S("read");
    if (!str_eqz(oauth_arg(r, "response_type"), "code"))
        return S("unsupported_response_type");
    if (!scope_parse(q->scope_text, &q->scopes) || q->scopes == 0 ||
        (scope_closure(q->scopes) & ~scope_closure(q->app->scopes)) != 0)
        return S("invalid_scope");
    q->scope_text = service_scope_words(c->mem, q->scope_text);
    q->challenge = oauth_arg(r, "code_challenge");
    if (q->challenge.n == 0 && !q->app->confidential)
        return S("invalid_request"); /* nothing else would show that the code comes to who asked for it */
    if (q->challenge.n > 0 ? !str_eqz(method, "S256") || !is_challenge(q->challenge) : method.n > 0)
        return S("invalid_request");
    return STR_NONE;
}

/* ---- pages ----------------------------------------------------------------------------------------------------- */

/* Chromium holds redirects after a form to form-action too: the app's origin, or its scheme. */
static struct str
form_source(struct arena *mem, struct str uri)
{
    struct url u;
    struct str scheme, rest = uri;

    if (url_parse(mem, uri, &u))
        return u.origin;
    if (str_eqz(uri, OOB) || !str_cut(&rest, ':', &scheme))
        return S("");
    return str_cat(mem, scheme, S(":"), STR_NONE);
}

static const struct {
    const char *scope, *text;
} scope_texts[] = {
    { "profile", N_("See your name and address") },
    { "read", N_("Read everything you can see") },
    { "write", N_("Post and change things in your name") },
    { "follow", N_("Follow, mute and block for you") },
    { "push", N_("Send you push notifications") },
    { "admin:read", N_("Read what moderators can see") },
    { "admin:write", N_("Moderate and administer this server") },
};

/* A word for each scope that people understand; the narrow ones by their parent's text and their own name. */
static void
put_scopes(struct ctx *c, struct json *j, struct str words)
{
    struct str word;

    json_arr(j, "scopes");
    while (str_cut(&words, ' ', &word)) {
        const char *text = NULL;

        for (size_t i = 0; i < lengthof(scope_texts); i++)
            if (str_starts(word, str_z(scope_texts[i].scope)))
                text = scope_texts[i].text;
        json_obj(j, NULL);
        json_str(j, "name", word);
        json_str(j, "text", text == NULL ? word : view_text(c, str_z(text)));
        json_end(j);
    }
    json_end(j);
}

static enum err
show_consent(struct ctx *c, struct req *r, const struct request *q)
{
    struct account *a;
    struct page_out p;

    TRY(service_account_get(c, c->who.account_id, &a));
    oauth_page_begin(c, r, &p);
    json_str(&p.j, "app", q->app->name);
    json_str_or_null(&p.j, "website", q->app->website);
    json_str(&p.j, "client_id", q->app->client_id);
    json_str(&p.j, "redirect_uri", q->redirect_uri);
    json_bool(&p.j, "oob", str_eqz(q->redirect_uri, OOB));
    json_str(&p.j, "state", q->state);
    json_str(&p.j, "scope", q->scope_text);
    json_str(&p.j, "challenge", q->challenge);
    json_str(&p.j, "account", account_handle(c->mem, a, c->env->conf->domain));
    put_scopes(c, &p.j, q->scope_text);
    oauth_page_allow_form(c, r, form_source(c->mem, q->redirect_uri));
    return oauth_page_send(c, r, &p, 200, "auth_authorize.html");
}

static enum err
give_code(struct ctx *c, struct req *r, const struct request *q)
{
    struct auth_code row;
    struct str code;

    row = (struct auth_code){ .app_id = q->app->id,
        .user_id = c->who.user_id,
        .account_id = c->who.account_id,
        .redirect_uri = q->redirect_uri,
        .scopes = q->scopes,
        .scope_text = q->scope_text,
        .challenge = q->challenge.n > 0 ? q->challenge : STR_NONE };
    TRY(service_code_issue(c, &row, &code));
    return go_back(c, r, q, S("code"), code);
}

/* The same address without force_login, so that it asks once. */
static struct str
without_force(struct ctx *c, const struct req *r)
{
    struct str rest = r->query, pair;
    struct buf b;

    buf_init(&b, c->mem, r->target.n + 2);
    buf_put(&b, r->path);
    while (str_cut(&rest, '&', &pair)) {
        if (pair.n == 0 || str_starts(pair, S("force_login=")))
            continue;
        buf_putc(&b, str_chr(buf_str(&b), '?') >= 0 ? '&' : '?');
        buf_put(&b, pair);
    }
    return buf_str(&b);
}

/* Somebody new, who is shown for what. */
static bool
is_waiting(const struct user *u)
{
    return (u->confirmed_ms == 0 || !u->approved) && !u->disabled;
}

enum err
oauth_authorize_get(struct ctx *c, struct req *r)
{
    struct web *w = oauth_web(r);
    struct request q = { 0 };
    struct str error, force = oauth_arg(r, "force_login"), why;

    TRY(read_client(c, r, &q));
    error = read_rest(c, r, &q);
    if (error.n > 0)
        return go_back(c, r, &q, S("error"), error);
    if (w->session == NULL || str_eqz(force, "true") || str_eqz(force, "1")) {
        struct str at = oauth_with_return(c, S("/auth/sign_in"), without_force(c, r));

        res_redirect(c, r, 302, str_cat(c->mem, at, w->session == NULL ? S("") : S("&again=1"), STR_NONE));
        return ERR_OK;
    }
    why = oauth_why_not(c, w->user);
    if (is_waiting(w->user) && str_eqz(q.app->client_id, APP_WEB_CLIENT)) {
        res_redirect(c, r, 302, S("/auth/welcome"));
        return ERR_OK;
    }
    if (why.n > 0)
        return oauth_page_message(c, r, err_status(ERR_FORBIDDEN), S("Access was not given"), why);
    if (str_eqz(q.app->client_id, APP_WEB_CLIENT))
        return give_code(c, r, &q); /* to a page of ours, which alone knows the verifier */
    return show_consent(c, r, &q);
}

enum err
oauth_authorize_post(struct ctx *c, struct req *r)
{
    struct web *w = oauth_web(r);
    struct request q = { 0 };
    struct str error, why;

    TRY(read_client(c, r, &q));
    error = read_rest(c, r, &q);
    if (error.n > 0)
        return go_back(c, r, &q, S("error"), error);
    if (!str_eqz(oauth_arg(r, "decision"), "allow"))
        return go_back(c, r, &q, S("error"), S("access_denied"));
    why = oauth_why_not(c, w->user);
    if (why.n > 0)
        return oauth_page_message(c, r, err_status(ERR_FORBIDDEN), S("Access was not given"), why);
    return give_code(c, r, &q);
}

/* No, as Mastodon's own form says it. */
enum err
oauth_authorize_delete(struct ctx *c, struct req *r)
{
    struct request q = { 0 };
    struct str error;

    TRY(read_client(c, r, &q));
    error = read_rest(c, r, &q);
    return go_back(c, r, &q, S("error"), error.n > 0 ? error : S("access_denied"));
}

/* For programs without a browser: the code, to be copied. */
enum err
oauth_native_get(struct ctx *c, struct req *r)
{
    struct page_out p;

    oauth_page_begin(c, r, &p);
    json_str(&p.j, "code", oauth_arg(r, "code"));
    return oauth_page_send(c, r, &p, 200, "auth_native.html");
}

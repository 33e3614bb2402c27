/* A page from its beginning to its answer: <head>, templates, headers, errors. */
#include "web/internal.h"

#include "ap/accept.h"
#include "base/arena.h"
#include "base/conf.h"
#include "http/respond.h"
#include "service/domain.h"
#include "text/embed.h"
#include "text/html.h"
#include "text/i18n.h"
#include "text/template.h"
#include "view/view.h"

enum { PAGE_BYTES_MAX = TEMPLATE_OUT_BYTES_MAX, PAGE_NODES_MAX = 400000 };

static const char page_cache[] = "public, max-age=15, stale-while-revalidate=30";
static const char feed_cache[] = "public, max-age=60, stale-while-revalidate=300";
static const char policy[] = "default-src 'none'; style-src 'self'; img-src 'self'; media-src 'self'; base-uri 'none'; "
                             "form-action 'none'; frame-ancestors 'none'";
/* With the client: its scripts, requests and streams of this origin, pictures that it makes itself (previews of what is being sent). */
static const char policy_client[] =
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self' %.*s; "
    "img-src 'self' data: blob:; media-src 'self' blob:; font-src 'self'; worker-src 'self'; "
    "manifest-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
static const char policy_framed[] = "default-src 'none'; style-src 'self'; img-src 'self'; media-src 'self'; "
                                    "base-uri 'none'; form-action 'none'; frame-ancestors *";

static struct templates *templates; /* of the process, made before the first request */

void
web_templates_load(void)
{
    static struct arena *mem; /* kept until the end of the process */
    struct str why = S("out of memory");

    if (templates != NULL)
        return;
    mem = arena_new_heap();
    if (mem == NULL || text_templates_load(mem, text_embed_share(), NULL, &templates, &why) != ERR_OK)
        BUG("templates: %.*s", STR_ARG(why));
}

static bool
wants_ap(struct ctx *c, struct req *r)
{
    return ap_accept(req_header(c, r, S("Accept")), AP_WANTS_HTML) == AP_WANTS_AP;
}

/* Where only allowed servers are exchanged with, strangers see nobody's pages; the client may still be drawn in their place. */
enum err
web_before(struct ctx *c, struct req *r)
{
    struct str pattern = str_z(r->route->pattern);
    bool people = str_starts(pattern, S("/@")) || str_starts(pattern, S("/tags/")) ||
                  str_starts(pattern, S("/collections/")),
         limited;

    c->locale = text_locale_match(req_header(c, r, S("Accept-Language")));
    if (!people || wants_ap(c, r)) /* that leads to documents, which have their own rule */
        return ERR_OK;
    TRY(service_domain_limited(c, &limited));
    return limited && r->route->fn != web_client ? ctx_fail(c, ERR_UNAUTHORIZED, "members only") : ERR_OK;
}

/* ---- head ------------------------------------------------------------------------------------------------------ */

static struct str
absolute(struct ctx *c, struct str path)
{
    return path.n == 0 ? STR_NONE : str_cat(c->mem, c->env->conf->origin, res_clean_url(c->mem, path), STR_NONE);
}

struct str
web_client_boot(void)
{
    return text_embed_hashed(text_embed_share(), S("static/client/boot-"), S(".js"));
}

/* "client": the paths of the script that puts the client in the page's place, of the client itself, and of its style. */
static void
put_client(struct web_page *w)
{
    static const char *const parts[][3] = { { "boot", "static/client/boot-", ".js" },
        { "main", "static/client/main-", ".js" }, { "style", "static/client/style-", ".css" } };

    if (w->framed || web_client_boot().p == NULL)
        return;
    json_obj(&w->j, "client");
    for (size_t i = 0; i < lengthof(parts); i++)
        json_str(&w->j, parts[i][0],
            str_cat(w->c->mem, S("/"), text_embed_hashed(text_embed_share(), str_z(parts[i][1]), str_z(parts[i][2])),
                STR_NONE));
    json_end(&w->j);
}

static void
put_site(struct web_page *w)
{
    const struct config *conf = w->c->env->conf;

    json_str(&w->j, "lang", w->c->locale);
    json_str(&w->j, "dir", text_locale_rtl(w->c->locale) ? S("rtl") : S("ltr"));
    json_obj(&w->j, "site");
    json_str(&w->j, "domain", conf->domain);
    json_str(&w->j, "origin", conf->origin);
    json_str(&w->j, "version", S(DASSIE_VERSION));
    json_end(&w->j);
}

static void
put_head(struct web_page *w, const struct web_head *h)
{
    struct ctx *c = w->c;
    struct json *j = &w->j;

    json_obj(j, "head");
    json_str(j, "title", h->title);
    json_str_or_null(j, "description", h->description);
    json_str(j, "description_html", text_html_escape(c->mem, h->description)); /* RSS: a description is HTML */
    json_str_or_null(j, "canonical", absolute(c, h->path));
    json_str(j, "og_type", h->og_type.n > 0 ? h->og_type : S("website"));
    json_str_or_null(j, "image", h->image);
    json_str_or_null(j, "image_alt", h->image_alt);
    json_str(j, "card", h->large_image ? S("summary_large_image") : S("summary"));
    json_str_or_null(j, "author", h->author);
    json_time_or_null(j, "published", h->published_ms);
    json_str_or_null(j, "ap_id", h->ap_id);
    json_str_or_null(j, "oembed", absolute(c, h->oembed));
    json_str_or_null(j, "feed", absolute(c, h->feed));
    json_str_or_null(j, "feed_title", h->feed_title);
    json_bool(j, "noindex", h->noindex);
    json_end(j);
}

static void
add_links(struct ctx *c, struct req *r, const struct web_head *h)
{
    if (h->ap_id.n > 0)
        res_header(c, r, "Link",
            str_cat(c->mem, S("<"), res_clean_url(c->mem, h->ap_id),
                S(">; rel=\"alternate\"; type=\"application/activity+json\""), STR_NONE));
    if (h->noindex)
        res_header(c, r, "X-Robots-Tag", S("noindex, noarchive"));
}

void
web_begin(struct ctx *c, struct req *r, const struct web_head *h, struct web_page *out)
{
    *out = (struct web_page){ .c = c, .r = r };
    buf_init(&out->text, c->mem, RES_BODY_BYTES_MAX);
    json_init(&out->j, &out->text);
    json_obj(&out->j, NULL);
    put_site(out);
    put_head(out, h);
    add_links(c, r, h);
}

/* ---- answering ------------------------------------------------------------------------------------------------- */

static enum err
render(struct web_page *w, struct str template, struct buf *out)
{
    static const struct json_limits limits = { .nodes = PAGE_NODES_MAX, .string_bytes = RES_BODY_BYTES_MAX };
    const struct template *t = text_templates_find(templates, template);
    const struct val *v;

    CHECK(t != NULL);
    put_client(w);
    json_end(&w->j);
    if (!json_done(&w->j))
        return ctx_fail(w->c, ERR_TOO_LARGE, "the page's data pass %d bytes", RES_BODY_BYTES_MAX);
    TRY(json_parse(w->c->mem, buf_str(&w->text), &limits, &v));
    buf_init(out, w->c->mem, PAGE_BYTES_MAX);
    return text_template_render(templates, t, v, w->c->locale, out);
}

/* Who sends credentials gets an answer that nobody keeps, although pages do not look at them. */
static void
set_cache(struct ctx *c, struct req *r, const char *how)
{
    static const char *const credentials[] = { "Cookie", "Authorization", "Signature", "Signature-Input" };

    for (size_t i = 0; i < lengthof(credentials); i++)
        if (req_header(c, r, str_z(credentials[i])).p != NULL)
            how = "private, no-store";
    res_cache(c, r, how);
}

static struct str
policy_of(const struct web_page *w)
{
    const struct config *conf = w->c->env->conf;
    struct str stream = str_cat(w->c->mem, conf->https ? S("wss://") : S("ws://"), conf->host, STR_NONE);

    if (w->framed)
        return str_z(policy_framed);
    return web_client_boot().p == NULL ? str_z(policy) : str_fmt(w->c->mem, policy_client, STR_ARG(stream));
}

static void
answer(struct web_page *w, int status, struct str content_type, struct str body)
{
    res_text(w->c, w->r, status, content_type, body);
    res_header(w->c, w->r, "Content-Security-Policy", policy_of(w));
    res_header(w->c, w->r, "Content-Language", w->c->locale);
}

enum err
web_end(struct web_page *w, int status, struct str template)
{
    struct buf out;

    TRY(render(w, template, &out));
    answer(w, status, S("text/html; charset=utf-8"), buf_str(&out));
    if (status == 200)
        set_cache(w->c, w->r, page_cache);
    return ERR_OK;
}

/* Control characters and the two non-characters of XML 1.0, 2.2; the rest is UTF-8 already.  In place. */
static struct str
keep_xml(struct buf *b)
{
    size_t n = 0;

    for (size_t i = 0; i < b->n; i++) {
        unsigned char ch = (unsigned char)b->p[i];
        struct str next = { b->p + i, MIN(b->n - i, 3) };

        if (str_eq(next, S("\xef\xbf\xbe")) || str_eq(next, S("\xef\xbf\xbf")))
            i += 2;
        else if (ch >= ' ' || ch == '\t' || ch == '\n' || ch == '\r')
            b->p[n++] = b->p[i];
    }
    b->n = n;
    return buf_str(b);
}

enum err
web_end_feed(struct web_page *w, struct str template, struct str content_type)
{
    struct buf out;

    TRY(render(w, template, &out));
    answer(w, 200, content_type, keep_xml(&out));
    set_cache(w->c, w->r, feed_cache);
    return ERR_OK;
}

bool
web_redirect_ap(struct ctx *c, struct req *r, struct str uri)
{
    if (!wants_ap(c, r))
        return false;
    res_redirect(c, r, 302, uri);
    return true;
}

enum err
web_answer_elsewhere(struct ctx *c, struct req *r, struct str url, struct str handle)
{
    struct web_head h = { .title = handle, .noindex = true };
    struct web_page w;

    if (!str_startsi(url, S("https://")) && !str_startsi(url, S("http://")))
        return ctx_fail(c, ERR_NOT_FOUND, "no address to show");
    web_begin(c, r, &h, &w);
    json_str(&w.j, "handle", handle);
    json_str(&w.j, "url", url);
    return web_end(&w, 200, S("elsewhere.html"));
}

/* ---- errors ---------------------------------------------------------------------------------------------------- */

struct error_text {
    int status;
    const char *title, *text;
};

/* Shown through the catalogues: keep them in share/locale. */
static const struct error_text error_texts[] = {
    { 400, N_("That address is not right"), N_("The server could not make sense of the request.") },
    { 401, N_("Please log in"), N_("This page is only for people who are logged in.") },
    { 403, N_("This page is not for everyone"), N_("You may not see it with the account you are using.") },
    { 404, N_("Nothing here"), N_("This page does not exist, or it is not public.") },
    { 405, N_("That does not work here"), N_("This page cannot be used in that way.") },
    { 410, N_("No longer here"), N_("What was here has been removed.") },
    { 429, N_("Too many requests"), N_("You were a little too fast. Please wait a moment and try again.") },
    { 503, N_("Back in a moment"), N_("The server is busy. Please try again shortly.") },
    { 500, N_("Something went wrong"), N_("This is our mistake, not yours. Please try again later.") },
};

static const struct error_text *
find_error(int status)
{
    for (size_t i = 0; i < lengthof(error_texts); i++)
        if (error_texts[i].status == status)
            return &error_texts[i];
    return status < 500 ? &error_texts[0] : &error_texts[lengthof(error_texts) - 1];
}

/*
 * The same bytes for everything of one kind: what is private cannot be told from what does not exist.  No I/O: it also tells of a broken
 * database.  When it cannot be rendered the dispatcher answers with JSON.
 */
void
web_on_error(struct ctx *c, struct req *r, enum err e)
{
    const struct error_text *t = find_error(err_status(e));
    struct str title, text;
    struct web_page w;

    if (wants_ap(c, r)) {
        respond_error(c, r, e);
        return;
    }
    c->locale = text_locale_match(req_header(c, r, S("Accept-Language"))); /* an unknown path had no `before` */
    title = text_tr(c->locale, str_z(t->title));
    text = text_tr(c->locale, str_z(t->text));
    web_begin(c, r, &(struct web_head){ .title = title, .noindex = true }, &w);
    json_str(&w.j, "title", title);
    json_str(&w.j, "text", text);
    if (web_end(&w, err_status(e), S("error.html")) == ERR_OK)
        respond_error_headers(c, r, e);
}

bool
web_redirect_renamed(struct ctx *c, struct req *r, const struct account *a, const char *rest)
{
    struct str name = req_param(r, "acct"), first;

    if (str_cut(&name, '@', &first) && !str_eqi(first, a->username)) {
        res_redirect(c, r, 301, str_cat(c->mem, view_url_account(c, a), str_z(rest), STR_NONE));
        return true;
    }
    return false;
}

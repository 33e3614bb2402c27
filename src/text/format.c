/* Plain text to the HTML that Mastodon makes of it. */
#include "text/internal.h"

#include "base/arena.h"
#include "base/url.h"
#include "base/utf8.h"
#include "text/format_run.h"
#include "text/unicode.h"

enum { SHOWN_POINTS = 30, HTML_PER_BYTE = 8, HTML_PER_LINK = 512 };

/* ---- what was found --------------------------------------------------------------------------------------------- */

static void
add_str(struct arena *a, struct strs *v, struct str s)
{
    v->v = arena_grow(a, v->v, v->n * sizeof(s), (v->n + 1) * sizeof(s), _Alignof(struct str));
    v->v[v->n++] = s;
}

static void
add_url(struct format_run *r, struct str url)
{
    if (!str_startsi(url, S("http")))
        return;
    if (!strs_has(&r->out->urls, url))
        add_str(r->mem, &r->out->urls, url);
}

static void
add_tag(struct format_run *r, struct str tag)
{
    struct str key = text_tag_key(r->mem, tag);

    if (strs_has(&r->tag_keys, key))
        return;
    add_str(r->mem, &r->tag_keys, key);
    add_str(r->mem, &r->out->tags, tag);
}

static void
add_person(struct format_run *r, const struct text_person *p)
{
    struct text_formatted *f = r->out;
    size_t size = sizeof(*p);

    for (size_t i = 0; i < f->n_mentions; i++)
        if (str_eq(f->mentions[i].url, p->url))
            return;
    f->mentions =
        arena_grow(r->mem, f->mentions, f->n_mentions * size, (f->n_mentions + 1) * size, _Alignof(struct text_person));
    f->mentions[f->n_mentions++] = *p;
}

/* ---- links ------------------------------------------------------------------------------------------------------ */

/* The first n code points. */
static struct str
head(struct str s, size_t n)
{
    struct str rest = s;
    uint32_t cp;

    while (n > 0 && utf8_next(&rest, &cp))
        n--;
    return str_sub(s, 0, s.n - rest.n);
}

static size_t
hidden_prefix(struct str url)
{
    static const struct str prefixes[] = { { "https://www.", 12 }, { "http://www.", 11 }, { "https://", 8 },
        { "http://", 7 }, { "xmpp:", 5 } };

    for (size_t i = 0; i < lengthof(prefixes); i++)
        if (str_starts(url, prefixes[i]))
            return prefixes[i].n;
    return 0;
}

static void
put_url(struct format_run *r, struct str url)
{
    struct str rest = str_sub(url, hidden_prefix(url), url.n), shown = head(rest, SHOWN_POINTS + 1);
    size_t host_end = html_host_end(url);
    struct buf *b = &r->b;

    if (shown.n < rest.n) /* an ellipsis in place of one character would gain nothing */
        shown = head(rest, SHOWN_POINTS);
    if (shown.n < rest.n && url.n - rest.n + shown.n < host_end) /* where it leads to is always said */
        shown = str_sub(rest, 0, host_end - (url.n - rest.n));
    buf_putz(b, "<a href=\"");
    text_html_put(b, url);
    buf_putz(b, "\" target=\"_blank\" rel=\"nofollow noopener");
    buf_putz(b, r->opts->rel_me ? " me" : "");
    buf_putz(b, "\" translate=\"no\"><span class=\"invisible\">");
    text_html_put(b, str_sub(url, 0, url.n - rest.n));
    buf_putz(b, "</span><span class=\"");
    buf_putz(b, shown.n < rest.n ? "ellipsis" : "");
    buf_putz(b, "\">");
    text_html_put(b, shown);
    buf_putz(b, "</span><span class=\"invisible\">");
    text_html_put(b, str_sub(rest, shown.n, rest.n));
    buf_putz(b, "</span></a>");
    add_url(r, url);
}

static void
put_tag(struct format_run *r, const struct link *l, struct str source)
{
    add_tag(r, l->text);
    if (r->opts->tag_base.n == 0) {
        text_html_put(&r->b, source);
        return;
    }
    buf_putz(&r->b, "<a href=\"");
    text_html_put(&r->b, r->opts->tag_base);
    buf_put(&r->b, url_encode(r->mem, l->text));
    buf_putz(&r->b, "\" class=\"mention hashtag\" rel=\"tag\">#<span>");
    text_html_put(&r->b, l->text);
    buf_putz(&r->b, "</span></a>");
}

/* Two people of one name: only the domain tells them apart. */
static bool
is_ambiguous(const struct format_run *r, const struct text_person *p)
{
    for (size_t i = 0; i < r->out->n_mentions; i++)
        if (str_eqi(r->out->mentions[i].username, p->username) && !str_eq(r->out->mentions[i].url, p->url))
            return true;
    return false;
}

static void
put_mention(struct format_run *r, const struct text_person *p, struct str source)
{
    if (p->url.n == 0) {
        text_html_put(&r->b, source);
        return;
    }
    buf_putz(&r->b, "<span class=\"h-card\" translate=\"no\"><a href=\"");
    text_html_put(&r->b, p->url);
    buf_putz(&r->b, "\" class=\"u-url mention\">@<span>");
    text_html_put(&r->b, r->opts->with_domains || is_ambiguous(r, p) ? p->acct : p->username);
    buf_putz(&r->b, "</span></a></span>");
}

/* ---- text ------------------------------------------------------------------------------------------------------- */

/* One line feed is a break, more are a new paragraph. */
static void
put_breaks(struct format_run *r, size_t n)
{
    if (r->opts->one_line || r->inline_only)
        buf_putc(&r->b, ' ');
    else if (n == 1)
        buf_putz(&r->b, "<br />");
    else
        buf_putz(&r->b, "</p><p>");
}

static void
put_text(struct format_run *r, struct str s)
{
    size_t from = 0, i = 0;

    while (i < s.n) {
        size_t at = i;

        if (s.p[i] != '\n') {
            i++;
            continue;
        }
        text_html_put(&r->b, str_sub(s, from, at));
        while (i < s.n && s.p[i] == '\n')
            i++;
        put_breaks(r, i - at);
        from = i;
    }
    text_html_put(&r->b, str_sub(s, from, s.n));
}

void
format_links(struct format_run *r, struct str text, struct links *links, struct text_person **people)
{
    *links = text_links(r->mem, text);
    *people = arena_vec(r->mem, struct text_person, links->n);
    for (size_t i = 0; i < links->n; i++) {
        const struct link *l = &links->v[i];

        if (l->kind == LINK_MENTION && r->opts->person != NULL &&
            r->opts->person(r->opts->person_arg, l->text, l->domain, &(*people)[i]))
            add_person(r, &(*people)[i]);
        else
            (*people)[i] = (struct text_person){ 0 };
    }
}

void
format_inline(struct format_run *r, struct str text, const struct links *links, const struct text_person *people)
{
    size_t from = 0;

    for (size_t i = 0; i < links->n; i++) {
        const struct link *l = &links->v[i];
        struct str source = str_sub(text, l->from, l->to);

        put_text(r, str_sub(text, from, l->from));
        if (l->kind == LINK_URL)
            put_url(r, source);
        else if (l->kind == LINK_TAG)
            put_tag(r, l, source);
        else
            put_mention(r, &people[i], source);
        from = l->to;
    }
    put_text(r, str_sub(text, from, text.n));
}

void
format_begin(struct format_run *r, struct arena *a, struct str text, const struct text_format_opts *opts,
    struct text_formatted *out)
{
    *out = (struct text_formatted){ .html = S("") };
    *r = (struct format_run){ .mem = a, .opts = opts, .out = out };
    /* Only the caller's own names and addresses come on top of what the text holds. */
    buf_init(&r->b, a, text.n * HTML_PER_BYTE + LINKS_MAX * (HTML_PER_LINK + 6 * URL_BYTES_MAX) + 64);
}

void
text_format(struct arena *a, struct str text, const struct text_format_opts *opts, struct text_formatted *out)
{
    struct text_person *people;
    struct format_run r;
    struct links links;

    text = text_lines(a, text);
    while (text.n > 0 && text.p[0] == '\n')
        text = str_sub(text, 1, text.n);
    while (text.n > 0 && text.p[text.n - 1] == '\n')
        text.n--;
    format_begin(&r, a, text, opts, out);
    if (text_is_blank(text))
        return;
    format_links(&r, text, &links, &people);
    buf_putz(&r.b, opts->one_line ? "" : "<p>");
    format_inline(&r, text, &links, people);
    buf_putz(&r.b, opts->one_line ? "" : "</p>");
    out->shortcodes = text_shortcodes(a, text);
    out->html = buf_str(&r.b);
}

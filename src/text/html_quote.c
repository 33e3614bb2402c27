/* The link that stands in a post for what it quotes, for readers that know no quotes: put in, and taken out again. */
#include "text/html.h"

#include "base/arena.h"

static const struct str class_name = { "quote-inline", 12 };

struct str
text_html_quote_link(struct arena *a, struct str url)
{
    struct str safe = text_html_escape(a, url);

    return str_cat(a, S("<p class=\"quote-inline\">RE: <a href=\""), safe, S("\">"), safe, S("</a></p>"), STR_NONE);
}

/* The tag at html[at] up to its '>', which stands in no attribute of clean HTML; empty when it is not closed. */
static struct str
tag_at(struct str html, size_t at)
{
    struct str rest = str_sub(html, at, html.n);
    ptrdiff_t end = str_chr(rest, '>');

    return end < 0 ? S("") : str_sub(rest, 0, (size_t)end + 1);
}

/* "p" of <p class="…">, "/p" of </p>. */
static struct str
tag_name(struct str tag)
{
    size_t n = 1;

    while (n < tag.n && tag.p[n] != ' ' && tag.p[n] != '>')
        n++;
    return str_sub(tag, 1, n);
}

static bool
is_quote_link(struct str tag)
{
    ptrdiff_t from = str_find(tag, S(" class=\"")), to;
    struct str classes, one;

    if (from < 0)
        return false;
    classes = str_sub(tag, (size_t)from + 8, tag.n);
    to = str_chr(classes, '"');
    classes = str_sub(classes, 0, to < 0 ? 0 : (size_t)to);
    while (str_cut(&classes, ' ', &one))
        if (str_eq(one, class_name))
            return true;
    return false;
}

/* Behind the end of the element whose start tag is at html[at]. */
static size_t
element_end(struct str html, size_t at)
{
    struct str name = tag_name(tag_at(html, at));
    size_t depth = 0;

    while (at < html.n) {
        struct str tag = html.p[at] == '<' ? tag_at(html, at) : S(""), here = tag.n > 0 ? tag_name(tag) : S("");

        if (str_eq(here, name))
            depth++;
        else if (here.n == name.n + 1 && here.p[0] == '/' && str_eq(str_sub(here, 1, here.n), name) && --depth == 0)
            return at + tag.n;
        at += MAX(tag.n, (size_t)1);
    }
    return html.n;
}

struct str
text_html_without_quote_link(struct arena *a, struct str html)
{
    struct buf b;
    size_t from = 0;

    if (str_find(html, class_name) < 0)
        return html;
    buf_init(&b, a, html.n + 1);
    for (size_t i = 0; i < html.n;) {
        struct str tag = html.p[i] == '<' ? tag_at(html, i) : S("");

        if (tag.n == 0 || !is_quote_link(tag)) {
            i += MAX(tag.n, (size_t)1);
            continue;
        }
        buf_put(&b, str_sub(html, from, i));
        from = i = element_end(html, i);
    }
    buf_put(&b, str_sub(html, from, html.n));
    return buf_str(&b);
}

/* CommonMark by cmark.  Its tree is edited before it is written: HTML becomes text, text gets its links.  Then the cleaner. */
#include "text/internal.h"

#include "base/arena.h"
#include "base/utf8.h"
#include "text/format_run.h"
#include "text/unicode.h"

#include <cmark.h>

enum { MARKDOWN_BYTES_MAX = 64 * 1024 }; /* longer ones are plain text: cmark has input that costs more than linear */

static bool
is_inside_link(cmark_node *node)
{
    for (node = cmark_node_parent(node); node != NULL; node = cmark_node_parent(node))
        if (cmark_node_get_type(node) == CMARK_NODE_LINK || cmark_node_get_type(node) == CMARK_NODE_IMAGE)
            return true;
    return false;
}

static void
replace(cmark_node *old, cmark_node *with)
{
    cmark_node_replace(old, with);
    cmark_node_free(old);
}

/* Raw HTML is what somebody typed, so it is shown. */
static void
show_html(struct format_run *r, cmark_node *node)
{
    cmark_node *text = cmark_node_new(CMARK_NODE_TEXT), *paragraph;

    cmark_node_set_literal(text, str_cz(r->mem, str_trim(str_z(cmark_node_get_literal(node)))));
    if (cmark_node_get_type(node) == CMARK_NODE_HTML_INLINE) {
        replace(node, text);
        return;
    }
    paragraph = cmark_node_new(CMARK_NODE_PARAGRAPH);
    cmark_node_append_child(paragraph, text);
    replace(node, paragraph);
}

/* Posts show images as attachments, not inside the text: here one becomes a link with its description. */
static void
link_image(cmark_node *node)
{
    cmark_node *link = cmark_node_new(CMARK_NODE_LINK), *child;

    cmark_node_set_url(link, cmark_node_get_url(node));
    while ((child = cmark_node_first_child(node)) != NULL)
        cmark_node_append_child(link, child);
    replace(node, link);
}

static void
link_text(struct format_run *r, cmark_node *node)
{
    struct str text = str_dup(r->mem, str_z(cmark_node_get_literal(node)));
    struct text_person *people;
    struct links links;
    cmark_node *html;

    format_links(r, text, &links, &people);
    if (links.n == 0)
        return;
    buf_clear(&r->b);
    format_inline(r, text, &links, people);
    html = cmark_node_new(CMARK_NODE_CUSTOM_INLINE);
    cmark_node_set_on_enter(html, str_cz(r->mem, buf_str(&r->b)));
    replace(node, html);
}

/* Nodes are collected first: the tree must not change under its iterator. */
static size_t
collect(cmark_node *doc, struct arena *a, cmark_node ***out)
{
    cmark_iter *it = cmark_iter_new(doc);
    size_t n = 0, cap = 0;
    cmark_node **v = NULL;

    while (cmark_iter_next(it) != CMARK_EVENT_DONE) {
        cmark_node *node = cmark_iter_get_node(it);
        cmark_node_type type = cmark_node_get_type(node);
        bool html = type == CMARK_NODE_HTML_BLOCK || type == CMARK_NODE_HTML_INLINE;

        /* An image comes twice, when it is entered and when it is left with all its children done. */
        if (!html && type != CMARK_NODE_TEXT &&
            !(type == CMARK_NODE_IMAGE && cmark_iter_get_event_type(it) == CMARK_EVENT_EXIT))
            continue;
        if (n == cap) {
            v = arena_grow(a, v, cap * sizeof(*v), (cap * 2 + 64) * sizeof(*v), _Alignof(cmark_node *));
            cap = cap * 2 + 64;
        }
        v[n++] = node;
    }
    cmark_iter_free(it);
    *out = v;
    return n;
}

static void
edit(struct format_run *r, cmark_node *doc)
{
    cmark_node **v;
    size_t n;

    cmark_consolidate_text_nodes(doc);
    n = collect(doc, r->mem, &v);
    for (size_t i = 0; i < n; i++) {
        if (cmark_node_get_type(v[i]) == CMARK_NODE_IMAGE)
            link_image(v[i]);
        else if (cmark_node_get_type(v[i]) != CMARK_NODE_TEXT)
            show_html(r, v[i]);
        else if (!is_inside_link(v[i]))
            link_text(r, v[i]);
    }
}

void
text_format_markdown(struct arena *a, struct str text, const struct text_format_opts *opts, struct text_formatted *out)
{
    struct format_run r;
    cmark_node *doc;
    char *html;

    text = text_lines(a, text);
    if (text.n > MARKDOWN_BYTES_MAX) {
        text_format(a, text, opts, out);
        return;
    }
    format_begin(&r, a, text, opts, out);
    if (text_is_blank(text))
        return;
    r.inline_only = true;
    doc = cmark_parse_document(text.p, text.n, CMARK_OPT_DEFAULT);
    edit(&r, doc);
    html = cmark_render_html(doc, CMARK_OPT_HARDBREAKS);
    cmark_node_free(doc);
    out->html = text_html_clean(a, str_trim(str_dup(a, str_z(html))), opts->one_line ? HTML_LINE : HTML_OWN);
    cmark_get_default_mem_allocator()->free(html);
    out->shortcodes = text_shortcodes(a, text);
}

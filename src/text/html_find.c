/* What a fetched page says about itself: links back, alternates, meta elements.  One pass over at most 1 MiB. */
#include "text/internal.h"

#include "base/arena.h"
#include "base/url.h"
#include "base/utf8.h"

enum { PAGE_BYTES_MAX = 1024 * 1024, META_BYTES_MAX = 8 * 1024 };

static struct html_lexer
lexer(struct str page)
{
    return (struct html_lexer){ .in = str_sub(page, 0, PAGE_BYTES_MAX) };
}

bool
html_has_word(struct str words, struct str word)
{
    for (size_t i = 0, from = 0; i <= words.n; i++) {
        if (i < words.n && !html_is_space(words.p[i]))
            continue;
        if (str_eqi(str_sub(words, from, i), word))
            return true;
        from = i + 1;
    }
    return false;
}

/* Scheme and host are compared in lower case; fragment and one final slash do not matter. */
static struct str
comparable(struct arena *a, struct str url)
{
    struct url u;

    if (!url_parse(a, str_trim(url), &u))
        return STR_NONE;
    if (str_ends(u.path, S("/")) && u.query.p == NULL)
        u.path.n--;
    return str_cat(
        a, u.origin, u.path, u.query.p != NULL ? S("?") : S(""), u.query.p != NULL ? u.query : S(""), STR_NONE);
}

bool
text_find_rel_me(struct arena *a, struct str page, struct str profile_url)
{
    struct str want = comparable(a, profile_url), href;
    struct html_lexer lex = lexer(page);
    struct html_token t;

    if (want.p == NULL)
        return false;
    while (html_next(&lex, &t)) {
        if (t.kind != HTML_TOKEN_START || (!str_eqi(t.name, S("a")) && !str_eqi(t.name, S("link"))))
            continue;
        if (!html_has_word(html_attr(a, t.attrs, S("rel")), S("me")))
            continue;
        href = html_attr(a, t.attrs, S("href"));
        if (href.n <= URL_BYTES_MAX && str_eq(comparable(a, href), want))
            return true;
    }
    return false;
}

static bool
is_activity_type(struct str type)
{
    ptrdiff_t semicolon = str_chr(type, ';');
    struct str bare = str_trim(semicolon < 0 ? type : str_sub(type, 0, (size_t)semicolon));

    if (str_eqi(bare, S("application/activity+json")))
        return true;
    return str_eqi(bare, S("application/ld+json")) && str_find(type, S("https://www.w3.org/ns/activitystreams")) >= 0;
}

struct str
text_find_alternate(struct arena *a, struct str page)
{
    struct html_lexer lex = lexer(page);
    struct html_token t;

    while (html_next(&lex, &t)) {
        struct str href;

        if (t.kind != HTML_TOKEN_START || !str_eqi(t.name, S("link")))
            continue;
        if (!html_has_word(html_attr(a, t.attrs, S("rel")), S("alternate")) ||
            !is_activity_type(html_attr(a, t.attrs, S("type"))))
            continue;
        href = str_trim(html_attr(a, t.attrs, S("href")));
        if (href.n > 0)
            return href;
    }
    return STR_NONE;
}

struct str
text_meta(const struct text_metas *m, struct str name)
{
    for (size_t i = 0; i < m->n; i++)
        if (str_eq(m->v[i].name, name))
            return m->v[i].content;
    return STR_NONE;
}

static void
add_meta(struct arena *a, struct text_metas *m, struct str name, struct str content)
{
    name = str_lower(a, str_trim(utf8_clean(a, name, true)));
    content = str_trim(utf8_clean(a, utf8_cut(content, META_BYTES_MAX), true));
    if (m->n < TEXT_METAS_MAX && name.n > 0 && name.n <= 64 && content.n > 0 && text_meta(m, name).p == NULL)
        m->v[m->n++] = (struct text_meta){ name, content };
}

struct text_metas
text_find_metas(struct arena *a, struct str page)
{
    struct text_metas m = { .v = arena_vec(a, struct text_meta, TEXT_METAS_MAX) };
    struct html_lexer lex = lexer(page);
    bool title = false;
    struct html_token t;

    while (m.n < TEXT_METAS_MAX && html_next(&lex, &t)) {
        if (t.kind == HTML_TOKEN_TEXT) {
            if (title)
                add_meta(a, &m, S("title"), html_decode(a, str_sub(t.text, 0, META_BYTES_MAX), false));
            title = false;
            continue;
        }
        title = t.kind == HTML_TOKEN_START && str_eqi(t.name, S("title"));
        if (t.kind == HTML_TOKEN_START && str_eqi(t.name, S("meta"))) {
            struct str name = html_attr(a, t.attrs, S("property"));

            if (name.p == NULL)
                name = html_attr(a, t.attrs, S("name"));
            if (name.n <= 64)
                add_meta(a, &m, name, html_attr(a, t.attrs, S("content")));
        } else if (t.kind == HTML_TOKEN_START && str_eqi(t.name, S("link")) &&
                   html_has_word(html_attr(a, t.attrs, S("rel")), S("canonical"))) {
            add_meta(a, &m, S("canonical"), html_attr(a, t.attrs, S("href")));
        }
    }
    return m;
}

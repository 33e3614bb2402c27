/* The HTML tokeniser: a browser's cuts, without its tree. */
#include "text/internal.h"

#include "base/arena.h"

#include <string.h>

bool
html_is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\f' || c == '\r';
}

static bool
is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* What a browser does not parse inside; shown: it displays the text. */
static const struct {
    struct str name;
    bool shown;
} raw_elements[] = {
    { { "script", 6 }, false },
    { { "style", 5 }, false },
    { { "xmp", 3 }, false },
    { { "iframe", 6 }, false },
    { { "noembed", 7 }, false },
    { { "noframes", 8 }, false },
    { { "noscript", 8 }, false },
    { { "template", 8 }, false },
    { { "plaintext", 9 }, false },
    { { "textarea", 8 }, true },
    { { "title", 5 }, true },
};

static int
raw_index(struct str name)
{
    for (size_t i = 0; i < lengthof(raw_elements); i++)
        if (str_eqi(name, raw_elements[i].name))
            return (int)i;
    return -1;
}

/* Index of the first c at or after from, or the end. */
static size_t
find_char(struct html_lexer *l, size_t from, char c)
{
    ptrdiff_t at = str_chr(str_sub(l->in, from, l->in.n), c);
    size_t end = at < 0 ? l->in.n : from + (size_t)at;

    l->steps += end - from;
    return end;
}

/* One attribute of s from *at on.  False at '>' and at the end; *at stays there. */
static bool
scan_attr(struct str s, size_t *at, struct str *name, struct str *value)
{
    size_t i = *at, from;

    while (i < s.n && (html_is_space(s.p[i]) || s.p[i] == '/'))
        i++;
    if (i == s.n || s.p[i] == '>') {
        *at = i;
        return false;
    }
    from = i++; /* an '=' in front belongs to the name */
    while (i < s.n && !html_is_space(s.p[i]) && s.p[i] != '/' && s.p[i] != '>' && s.p[i] != '=')
        i++;
    *name = str_sub(s, from, i);
    *value = S("");
    from = i;
    while (i < s.n && html_is_space(s.p[i]))
        i++;
    if (i == s.n || s.p[i] != '=') {
        *at = from;
        return true;
    }
    i++;
    while (i < s.n && html_is_space(s.p[i]))
        i++;
    if (i < s.n && (s.p[i] == '"' || s.p[i] == '\'')) {
        char quote = s.p[i++];

        from = i;
        while (i < s.n && s.p[i] != quote)
            i++;
        *value = str_sub(s, from, i);
        *at = MIN(i + 1, s.n);
        return true;
    }
    from = i;
    while (i < s.n && !html_is_space(s.p[i]) && s.p[i] != '>')
        i++;
    *value = str_sub(s, from, i);
    *at = i;
    return true;
}

bool
html_attr_next(struct str *rest, struct str *name, struct str *value)
{
    size_t at = 0;
    bool more = scan_attr(*rest, &at, name, value);

    *rest = str_sub(*rest, at, rest->n);
    return more;
}

struct str
html_attr(struct arena *a, struct str attrs, struct str name)
{
    struct str n, v;

    while (html_attr_next(&attrs, &n, &v))
        if (str_eqi(n, name))
            return html_decode(a, v, true);
    return STR_NONE;
}

/* After "<!", "<?" or "</" before no letter: skip what a browser takes for a comment. */
static void
skip_comment(struct html_lexer *l)
{
    struct str s = l->in;
    size_t at = l->at + 4;

    if (!str_starts(str_sub(s, l->at, s.n), S("<!--"))) {
        l->at = MIN(find_char(l, l->at, '>') + 1, s.n);
        return;
    }
    if (at < s.n && s.p[at] == '>') {
        l->at = at + 1;
        return;
    }
    if (str_starts(str_sub(s, at, s.n), S("->"))) {
        l->at = at + 2;
        return;
    }
    for (; at < s.n; at++) {
        at = find_char(l, at, '>');
        if (at >= l->at + 6 && s.p[at - 1] == '-' && s.p[at - 2] == '-')
            break;
        if (at >= l->at + 7 && s.p[at - 1] == '!' && s.p[at - 2] == '-' && s.p[at - 3] == '-')
            break;
    }
    l->at = MIN(at + 1, s.n);
}

/* A tag at l->at ("<a…" or "</a…").  False: it is never closed, so there is nothing more. */
static bool
scan_tag(struct html_lexer *l, struct html_token *t)
{
    struct str s = l->in, name, value;
    bool end = s.p[l->at + 1] == '/';
    size_t from = l->at + (end ? 2 : 1), i = from;

    while (i < s.n && !html_is_space(s.p[i]) && s.p[i] != '/' && s.p[i] != '>')
        i++;
    *t = (struct html_token){ .kind = end ? HTML_TOKEN_END : HTML_TOKEN_START, .name = str_sub(s, from, i) };
    from = i;
    while (scan_attr(s, &i, &name, &value))
        ;
    l->steps += i - l->at;
    if (i == s.n) {
        l->at = s.n;
        return false;
    }
    t->attrs = str_sub(s, from, i);
    l->at = i + 1;
    if (!end && raw_index(t->name) >= 0)
        l->raw = t->name;
    return true;
}

/* All until "</name" of the raw element. */
static bool
scan_raw(struct html_lexer *l, struct html_token *t)
{
    struct str s = l->in, name = l->raw;
    size_t from = l->at, i = from;
    int which = raw_index(name);

    l->raw = STR_NONE;
    for (;; i++) {
        size_t after;

        i = find_char(l, i, '<');
        if (i == s.n)
            break;
        after = i + 2 + name.n;
        if (str_startsi(str_sub(s, i, s.n), S("</")) && str_eqi(str_sub(s, i + 2, after), name) &&
            (after >= s.n || html_is_space(s.p[after]) || s.p[after] == '/' || s.p[after] == '>') &&
            !str_eqi(name, S("plaintext")))
            break;
    }
    l->at = i;
    *t = (struct html_token){
        .kind = HTML_TOKEN_TEXT, .text = str_sub(s, from, i), .hidden = !raw_elements[which].shown
    };
    return t->text.n > 0;
}

bool
html_next(struct html_lexer *l, struct html_token *t)
{
    struct str s = l->in;

    if (l->raw.p != NULL && scan_raw(l, t))
        return true;
    while (l->at < s.n) {
        size_t from = l->at, i = from;
        char next;

        for (;; i++) { /* text runs on over a '<' that opens nothing */
            i = find_char(l, i, '<');
            if (i == s.n)
                break;
            next = i + 1 < s.n ? s.p[i + 1] : '\0';
            if (is_letter(next) || next == '!' || next == '?' || (next == '/' && i + 2 < s.n))
                break;
        }
        if (i > from) {
            l->at = i;
            *t = (struct html_token){ .kind = HTML_TOKEN_TEXT, .text = str_sub(s, from, i) };
            return true;
        }
        next = s.p[i + 1];
        if (is_letter(next) || (next == '/' && is_letter(s.p[i + 2])))
            return scan_tag(l, t);
        skip_comment(l);
    }
    return false;
}

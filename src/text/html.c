/*
 * The cleaner.  A stack of the tags that are open in the output stands in for a tree; it follows the browser's rules for what
 * closes what (a new block ends a paragraph, an item ends an item, a link ends a link), so that the browser builds from the
 * output just what the output says.  That makes cleaning idempotent, and leaves nothing for mutation tricks.
 */
#include "text/internal.h"

#include "base/arena.h"
#include "base/utf8.h"
#include "text/html_tags.h"
#include "text/unicode.h"

enum {
    HREF_BYTES_MAX = 4096,
    CLASSES_MAX = 16,
    CLASS_BYTES_MAX = 64,
    LANG_BYTES_MAX = 35,
    /* What one tag with its attributes and all end tags can add after the limit was looked at. */
    TAIL_BYTES = 6 * HREF_BYTES_MAX + CLASSES_MAX * CLASS_BYTES_MAX + HTML_DEPTH_MAX * 16 + HTML_TURN_BYTES_MAX + 1024
};

struct open_tag {
    enum html_tag tag;
    bool heading; /* one of the two that stand for h1 to h6 */
};

struct cleaner {
    struct arena *mem;
    struct html_lexer lex;
    struct buf out;
    enum html_kind kind;
    struct open_tag stack[HTML_DEPTH_MAX];
    size_t depth;
    int open[TAG_COUNT];
    bool bad_link; /* inside <a> with a link we refuse: only its text stays */
    bool space;    /* something vanished here that kept words apart */
    bool word;     /* the last thing written is part of a word, whatever inline tags came after it */
    struct html_hide hide;
    struct html_turn turn;
    bool pre_start; /* right after <pre>, where browsers drop a line feed */
};

/* ---- writing ---------------------------------------------------------------------------------------------------- */

static bool
is_full(const struct cleaner *c)
{
    return c->out.n + TAIL_BYTES >= c->out.max;
}

static void
put_space(struct cleaner *c)
{
    if (c->space && c->word) {
        buf_putc(&c->out, ' ');
        c->word = false;
    }
    c->space = false;
}

/* After a block or a break words are apart anyway, and a direction that was opened before it is closed: readers may join lines. */
static void
set_apart(struct cleaner *c)
{
    c->space = c->word = false;
    html_turn_close(&c->turn, &c->out);
}

static void
put_char(struct cleaner *c, char ch)
{
    struct buf *b = &c->out;
    bool line = c->kind == HTML_LINE || c->kind == HTML_NONE;

    if (ch == '\r' || ch == '\f')
        ch = '\n';
    if ((unsigned char)ch < ' ' && ch != '\n' && ch != '\t')
        return;
    if (c->pre_start && ch == '\n')
        return;
    c->pre_start = false;
    if (line && html_is_space(ch)) {
        c->space = true;
        return;
    }
    put_space(c);
    c->word = !html_is_space(ch);
    switch (ch) {
    case '&':
        buf_putz(b, "&amp;");
        break;
    case '<':
        buf_putz(b, "&lt;");
        break;
    case '>':
        buf_putz(b, "&gt;");
        break;
    default:
        buf_putc(b, ch);
        html_turn_note(&c->turn, &c->out);
    }
}

/* decode: references count; raw text of script and its like has none. */
static void
put_text(struct cleaner *c, struct str s)
{
    for (size_t i = 0; i < s.n && !is_full(c); i++) {
        char text[8];
        size_t n = 0, used;

        if (s.p[i] == '\r' && i + 1 < s.n && s.p[i + 1] == '\n')
            continue;
        if (s.p[i] != '&' || (used = html_ref(str_sub(s, i, s.n), false, text, &n)) == 0) {
            put_char(c, s.p[i]);
            continue;
        }
        for (size_t k = 0; k < n; k++)
            put_char(c, text[k]);
        i += used - 1;
    }
}

static void
put_attr(struct cleaner *c, const char *name, struct str value)
{
    buf_putc(&c->out, ' ');
    buf_putz(&c->out, name);
    buf_putz(&c->out, "=\"");
    text_html_put(&c->out, value);
    buf_putc(&c->out, '"');
}

static void
pop(struct cleaner *c)
{
    struct open_tag *t = &c->stack[--c->depth];

    c->open[t->tag]--;
    if (t->tag == TAG_a)
        c->hide = (struct html_hide){ 0 };
    c->pre_start = false;
    if ((html_tag_flags(t->tag) & BLOCK) != 0)
        set_apart(c);
    buf_putz(&c->out, "</");
    buf_put(&c->out, html_tag_name(t->tag));
    buf_putc(&c->out, '>');
}

static void
close_to(struct cleaner *c, size_t depth)
{
    while (c->depth > depth)
        pop(c);
}

/* ---- attributes ------------------------------------------------------------------------------------------------- */

bool
text_href_ok(struct str href)
{
    static const struct str schemes[] = { { "https", 5 }, { "http", 4 }, { "dat", 3 }, { "dweb", 4 }, { "ipfs", 4 },
        { "ipns", 4 }, { "ssb", 3 }, { "gopher", 6 }, { "xmpp", 4 }, { "magnet", 6 }, { "gemini", 6 } };
    ptrdiff_t colon = str_chr(href, ':');
    struct str scheme = str_sub(href, 0, colon < 0 ? 0 : (size_t)colon);

    if (href.n > HREF_BYTES_MAX)
        return false;
    for (size_t i = 0; i < href.n; i++)
        if ((unsigned char)href.p[i] < ' ' || href.p[i] == 0x7f)
            return false;
    for (size_t i = 0; i < lengthof(schemes); i++)
        if (str_eqi(scheme, schemes[i]))
            return i > 1 || str_starts(str_sub(href, (size_t)colon, href.n), S("://"));
    return false;
}

static bool
is_plain_class(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (!((s.p[i] >= 'a' && s.p[i] <= 'z') || (s.p[i] >= 'A' && s.p[i] <= 'Z') ||
                (s.p[i] >= '0' && s.p[i] <= '9') || s.p[i] == '-' || s.p[i] == '_'))
            return false;
    return s.n > 0 && s.n <= CLASS_BYTES_MAX;
}

/* Microformats, and the five that Mastodon's clients style. */
static bool
is_kept_class(struct str s)
{
    static const struct str names[] = { { "mention", 7 }, { "hashtag", 7 }, { "ellipsis", 8 }, { "invisible", 9 },
        { "quote-inline", 12 } };
    static const struct str prefixes[] = { { "h-", 2 }, { "p-", 2 }, { "u-", 2 }, { "dt-", 3 }, { "e-", 2 } };

    for (size_t i = 0; i < lengthof(names); i++)
        if (str_eq(s, names[i]))
            return true;
    for (size_t i = 0; i < lengthof(prefixes); i++)
        if (str_starts(s, prefixes[i]))
            return is_plain_class(s);
    return false;
}

static bool
may_keep_class(struct cleaner *c, struct str s)
{
    struct str in = c->lex.in;

    if (!is_kept_class(s))
        return false;
    return c->kind == HTML_OWN || !str_eqz(s, "invisible") ||
           html_may_hide(&c->hide, buf_str(&c->out), str_sub(in, c->lex.at, in.n));
}

static struct str
keep_classes(struct cleaner *c, struct str value)
{
    struct buf b;
    size_t kept = 0;

    buf_init(&b, c->mem, CLASSES_MAX * (CLASS_BYTES_MAX + 1));
    for (size_t i = 0, from = 0; i <= value.n && kept < CLASSES_MAX; i++) {
        if (i < value.n && !html_is_space(value.p[i]))
            continue;
        if (may_keep_class(c, str_sub(value, from, i))) {
            if (kept++ > 0)
                buf_putc(&b, ' ');
            buf_put(&b, str_sub(value, from, i));
        }
        from = i + 1;
    }
    return buf_str(&b);
}

static bool
has_class(struct str classes, struct str name)
{
    struct str one;

    while (str_cut(&classes, ' ', &one))
        if (str_eq(one, name))
            return true;
    return false;
}

static bool
is_lang(struct str s)
{
    return is_plain_class(s) && s.n <= LANG_BYTES_MAX && str_chr(s, '_') < 0;
}

static struct str
attr(struct cleaner *c, const struct html_token *t, struct str name)
{
    c->lex.steps += t->attrs.n;
    return html_attr(c->mem, t->attrs, name);
}

static void
put_number_attr(struct cleaner *c, const struct html_token *t, const char *name)
{
    struct str v = attr(c, t, str_z(name));
    int64_t n;

    if (v.p != NULL && str_int(str_trim(v), &n) && n >= INT32_MIN && n <= INT32_MAX) {
        buf_putc(&c->out, ' ');
        buf_putz(&c->out, name);
        buf_putz(&c->out, "=\"");
        buf_put_int(&c->out, n);
        buf_putc(&c->out, '"');
    }
}

static void
put_link_attrs(struct cleaner *c, const struct html_token *t, struct str classes)
{
    if (c->kind == HTML_OWN && has_class(classes, S("mention"))) {
        if (str_eq(attr(c, t, S("rel")), S("tag")))
            buf_putz(&c->out, " rel=\"tag\"");
        return;
    }
    buf_putz(&c->out, " rel=\"nofollow noopener\" target=\"_blank\"");
}

static void
put_attrs(struct cleaner *c, enum html_tag tag, const struct html_token *t, struct str href)
{
    struct str lang = attr(c, t, S("lang")), classes = S("");

    if (tag == TAG_a)
        put_attr(c, "href", href);
    if (is_lang(lang))
        put_attr(c, "lang", lang);
    if (tag == TAG_a || tag == TAG_span || tag == TAG_p)
        classes = keep_classes(c, attr(c, t, S("class")));
    if (classes.n > 0)
        put_attr(c, "class", classes);
    if ((tag == TAG_a || tag == TAG_span) && str_eqi(attr(c, t, S("translate")), S("no")))
        put_attr(c, "translate", S("no"));
    if (tag == TAG_a)
        put_link_attrs(c, t, classes);
    if (tag == TAG_ol) {
        put_number_attr(c, t, "start");
        if (attr(c, t, S("reversed")).p != NULL)
            put_attr(c, "reversed", S(""));
    }
    if (tag == TAG_li)
        put_number_attr(c, t, "value");
}

/* ---- tags ------------------------------------------------------------------------------------------------------- */

/* Depth below the innermost open tag, or SIZE_MAX.  stop: flags of tags that hide what is outside of them. */
static size_t
find_open(const struct cleaner *c, enum html_tag tag, int stop)
{
    if (c->open[tag] == 0)
        return SIZE_MAX;
    for (size_t i = c->depth; i > 0; i--) {
        if (c->stack[i - 1].tag == tag)
            return i - 1;
        if ((html_tag_flags(c->stack[i - 1].tag) & stop) != 0)
            return SIZE_MAX;
    }
    return SIZE_MAX;
}

static void
close_open(struct cleaner *c, enum html_tag tag)
{
    size_t at = find_open(c, tag, 0);

    if (at != SIZE_MAX)
        close_to(c, at);
}

/* The item that a new <li> ends: not one of an outer list. */
static void
close_item(struct cleaner *c)
{
    for (size_t i = c->depth; i > 0; i--) {
        enum html_tag tag = c->stack[i - 1].tag;

        if (tag == TAG_li) {
            close_to(c, i - 1);
            return;
        }
        if (tag == TAG_ul || tag == TAG_ol || tag == TAG_blockquote || tag == TAG_pre)
            return;
    }
}

static void
push(struct cleaner *c, enum html_tag tag, bool heading)
{
    c->stack[c->depth++] = (struct open_tag){ tag, heading };
    c->open[tag]++;
    buf_putc(&c->out, '<');
    buf_put(&c->out, html_tag_name(tag));
}

/* What a browser would close before it opens the tag. */
static void
close_before(struct cleaner *c, enum html_tag tag, int flags)
{
    if (tag == TAG_li)
        close_item(c);
    if ((flags & BLOCK) != 0)
        close_open(c, TAG_p);
    if (tag == TAG_a)
        close_open(c, TAG_a);
    while ((tag == TAG_rt || tag == TAG_rp) && c->depth > 0) {
        enum html_tag top = c->stack[c->depth - 1].tag;

        if (top != TAG_rt && top != TAG_rp && top != TAG_p && top != TAG_li)
            break;
        pop(c);
    }
}

static void
open_tag(struct cleaner *c, enum html_tag tag, int flags, const struct html_token *t)
{
    bool heading = (flags & HEADING) != 0;
    struct str href = STR_NONE;

    if (tag == TAG_a) {
        href = attr(c, t, S("href"));
        if (!text_href_ok(href)) {
            close_open(c, TAG_a);
            c->bad_link = true;
            return;
        }
    }
    if ((tag == TAG_rt || tag == TAG_rp) && c->open[TAG_ruby] == 0)
        return;
    close_before(c, tag, flags);
    if (c->depth + (heading ? 2 : 1) > HTML_DEPTH_MAX)
        return;
    if ((flags & BLOCK) != 0)
        set_apart(c);
    put_space(c);
    if (heading) {
        push(c, TAG_p, true);
        buf_putc(&c->out, '>');
        push(c, TAG_strong, true);
    } else {
        push(c, tag, false);
        put_attrs(c, tag, t, href);
    }
    buf_putc(&c->out, '>');
    if (tag == TAG_a)
        html_hide_begin(&c->hide, href, c->out.n);
    c->pre_start = tag == TAG_pre;
}

static bool
is_kept(const struct cleaner *c, int flags)
{
    switch (c->kind) {
    case HTML_NONE:
        return false;
    case HTML_LINE:
        return (flags & LINE) != 0;
    default:
        return (flags & (KEEP | HEADING)) != 0;
    }
}

static void
start_tag(struct cleaner *c, enum html_tag tag, const struct html_token *t)
{
    int flags = html_tag_flags(tag);

    if ((flags & (BLOCK | SPACE)) != 0 || tag == TAG_a)
        c->bad_link = false;
    if (!is_kept(c, flags) || (tag == TAG_br && c->bad_link)) {
        c->space = c->space || (flags & (BLOCK | SPACE)) != 0 || tag == TAG_br;
        return;
    }
    if (c->bad_link)
        return;
    if (tag == TAG_br) {
        set_apart(c);
        c->pre_start = false;
        buf_putz(&c->out, "<br />");
        return;
    }
    open_tag(c, tag, flags, t);
}

/* A heading's end tag may be of another size than its start. */
static void
end_heading(struct cleaner *c)
{
    for (size_t i = c->depth; i > 0; i--)
        if (c->stack[i - 1].heading && c->stack[i - 1].tag == TAG_p) {
            close_to(c, i - 1);
            return;
        }
}

static void
end_tag(struct cleaner *c, enum html_tag tag)
{
    int flags = html_tag_flags(tag);
    size_t at;

    if ((flags & (BLOCK | SPACE)) != 0 || tag == TAG_a) {
        bool was_bad = c->bad_link;

        c->bad_link = false;
        if (was_bad && tag == TAG_a)
            return;
    }
    if (!is_kept(c, flags)) {
        c->space = c->space || (flags & (BLOCK | SPACE)) != 0;
        return;
    }
    if (c->bad_link)
        return;
    if ((flags & HEADING) != 0) {
        end_heading(c);
        return;
    }
    if (tag == TAG_li) {
        at = find_open(c, TAG_ul, 0);
        size_t ol = find_open(c, TAG_ol, 0), list = MAX(at == SIZE_MAX ? 0 : at, ol == SIZE_MAX ? 0 : ol);

        at = find_open(c, TAG_li, 0);
        if (at != SIZE_MAX && at >= list)
            close_to(c, at);
        return;
    }
    at = find_open(c, tag, (flags & (BLOCK | FORMAT)) != 0 ? 0 : BLOCK);
    if (at != SIZE_MAX && !c->stack[at].heading)
        close_to(c, at);
}

/*
 * <svg> and <math> with all inside.  Of math its own plain form stays (FEP-dc88): the TeX annotation between dollars, or the
 * text one.  A tag that a browser would not let stay inside ends it too.
 */
static void
skip_foreign(struct cleaner *c, enum html_tag which, const struct html_token *start)
{
    bool block = which == TAG_math && str_eqi(attr(c, start, S("display")), S("block")), semantics = false;
    struct str tex = STR_NONE, plain = STR_NONE, *into = NULL;
    struct html_token t;
    size_t before = c->lex.at;

    for (; html_next(&c->lex, &t); before = c->lex.at) {
        if (t.kind == HTML_TOKEN_TEXT) {
            if (into != NULL && into->n == 0 && !t.hidden)
                *into = t.text;
            continue;
        }
        enum html_tag tag = html_tag_find(t.name);

        into = NULL;
        if (t.kind == HTML_TOKEN_END) {
            if (tag == which)
                break;
            continue;
        }
        if ((html_tag_flags(tag) & BLOCK) != 0 || tag == TAG_br || tag == TAG_div) {
            c->lex.at = before;
            c->lex.raw = STR_NONE;
            break;
        }
        semantics = semantics || str_eqi(t.name, S("semantics"));
        if (semantics && str_eqi(t.name, S("annotation"))) {
            struct str encoding = attr(c, &t, S("encoding"));

            into = str_eqi(encoding, S("application/x-tex")) ? &tex
                   : str_eqi(encoding, S("text/plain"))      ? &plain
                                                             : NULL;
        }
    }
    if (which != TAG_math || (tex.n == 0 && plain.n == 0))
        return;
    struct str dollars = tex.n == 0 ? S("") : block ? S("$$") : S("$");

    put_text(c, dollars);
    put_text(c, tex.n > 0 ? tex : plain);
    put_text(c, dollars);
}

struct str
html_clean_counted(struct arena *a, struct str html, enum html_kind kind, size_t *steps)
{
    struct cleaner c = { .mem = a, .kind = kind };
    struct html_token t;

    c.lex.in = utf8_clean(a, utf8_cut(html, HTML_BYTES_MAX), true);
    buf_init(&c.out, a, MIN(c.lex.in.n * 8 + 256 + TAIL_BYTES, HTML_OUT_BYTES_MAX));
    while (!is_full(&c) && html_next(&c.lex, &t)) {
        if (t.kind == HTML_TOKEN_TEXT) {
            c.lex.steps += t.text.n;
            if (!t.hidden)
                put_text(&c, t.text);
            continue;
        }
        enum html_tag tag = html_tag_find(t.name);

        c.lex.steps += c.depth;
        if ((html_tag_flags(tag) & FOREIGN) != 0) {
            if (t.kind == HTML_TOKEN_START)
                skip_foreign(&c, tag, &t);
        } else if (t.kind == HTML_TOKEN_START) {
            start_tag(&c, tag, &t);
        } else {
            end_tag(&c, tag);
        }
    }
    close_to(&c, 0);
    set_apart(&c);
    CHECK(buf_ok(&c.out));
    if (steps != NULL)
        *steps = c.lex.steps;
    return buf_str(&c.out);
}

struct str
text_html_clean(struct arena *a, struct str html, enum html_kind kind)
{
    return html_clean_counted(a, html, kind, NULL);
}

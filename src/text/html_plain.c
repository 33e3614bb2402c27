/* HTML to the text a reader sees. */
#include "text/internal.h"

#include "base/arena.h"
#include "base/utf8.h"
#include "text/html_tags.h"

struct plain {
    struct buf out;
    int breaks; /* line feeds owed before the next text: 0 to 2 */
    bool space; /* white space owed before the next text */
    int pre;
};

static void
owe(struct plain *p, int breaks)
{
    p->breaks = MAX(p->breaks, breaks);
}

static void
put(struct plain *p, char c)
{
    if (p->pre == 0 && html_is_space(c)) {
        p->space = true;
        return;
    }
    if (p->breaks > 0 && p->out.n > 0)
        buf_put(&p->out, str_sub(S("\n\n"), 0, (size_t)p->breaks));
    else if (p->space && p->out.n > 0 && !html_is_space(p->out.p[p->out.n - 1]))
        buf_putc(&p->out, ' ');
    p->breaks = 0;
    p->space = false;
    buf_putc(&p->out, c);
}

static void
put_text(struct plain *p, struct str s)
{
    for (size_t i = 0; i < s.n; i++) {
        char text[8];
        size_t n = 0, used;

        if (s.p[i] != '&' || (used = html_ref(str_sub(s, i, s.n), false, text, &n)) == 0) {
            put(p, s.p[i]);
            continue;
        }
        for (size_t k = 0; k < n; k++)
            put(p, text[k]);
        i += used - 1;
    }
}

static void
tag(struct plain *p, const struct html_token *t)
{
    enum html_tag tag = html_tag_find(t->name);
    int flags = html_tag_flags(tag);

    if (tag == TAG_br && t->kind == HTML_TOKEN_START) {
        if (p->breaks > 0 && p->out.n > 0)
            buf_put(&p->out, str_sub(S("\n\n"), 0, (size_t)p->breaks));
        p->breaks = 0;
        p->space = false;
        if (p->out.n > 0)
            buf_putc(&p->out, '\n');
        return;
    }
    if (tag == TAG_li || tag == TAG_tr || tag == TAG_div || tag == TAG_dt || tag == TAG_dd || tag == TAG_option)
        owe(p, 1);
    else if ((flags & (BLOCK | SPACE)) != 0 && tag != TAG_td && tag != TAG_th)
        owe(p, 2);
    else if ((flags & SPACE) != 0)
        p->space = true;
    if (tag == TAG_pre)
        p->pre = MAX(0, p->pre + (t->kind == HTML_TOKEN_START ? 1 : -1));
}

struct str
text_html_to_plain(struct arena *a, struct str html)
{
    struct html_lexer lex = { .in = utf8_clean(a, utf8_cut(html, HTML_BYTES_MAX), true) };
    struct plain p = { 0 };
    struct html_token t;

    buf_init(&p.out, a, lex.in.n * 3 + 8);
    while (html_next(&lex, &t)) {
        if (t.kind != HTML_TOKEN_TEXT)
            tag(&p, &t);
        else if (!t.hidden)
            put_text(&p, t.text);
    }
    return str_trim(buf_str(&p.out));
}

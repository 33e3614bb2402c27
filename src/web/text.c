/* Names, dates and excerpts as pages show them. */
#include "web/internal.h"

#include "base/arena.h"
#include "base/date.h"
#include "text/html.h"
#include "text/i18n.h"
#include "text/unicode.h"
#include "view/view.h"

enum { HTML_BYTES = 2 * 1024 * 1024 };

/* ---- emoji ----------------------------------------------------------------------------------------------------- */

static bool
is_code(char ch)
{
    return (ch >= 'a' && ch <= 'z') || (ch >= 'A' && ch <= 'Z') || (ch >= '0' && ch <= '9') || ch == '_';
}

/* ":name:" at the front of s: the emoji, or NULL.  Its pictures are ours only when they were fetched. */
static const struct emoji_ref *
emoji_at(struct str s, const struct emoji_refs *emojis)
{
    size_t n = 1;

    while (n < s.n && is_code(s.p[n]))
        n++;
    if (n == 1 || n == s.n || s.p[n] != ':')
        return NULL;
    for (size_t i = 0; i < emojis->n; i++)
        if (str_eq(emojis->v[i].shortcode, str_sub(s, 1, n)) &&
            (emojis->v[i].file.n > 0 || emojis->v[i].file_static.n > 0))
            return &emojis->v[i];
    return NULL;
}

/* The still picture: nothing moves on a page by itself. */
static void
put_emoji(struct ctx *c, struct buf *b, const struct emoji_ref *e)
{
    buf_putz(b, "<img class=\"emoji\" draggable=\"false\" width=\"20\" height=\"20\" src=\"");
    text_html_put(b, view_url_file(c, e->file_static.n > 0 ? e->file_static : e->file, S("")));
    buf_putz(b, "\" alt=\":");
    text_html_put(b, e->shortcode);
    buf_putz(b, ":\" title=\":");
    text_html_put(b, e->shortcode);
    buf_putz(b, ":\">");
}

struct str
web_emojify(struct ctx *c, struct str html, const struct emoji_refs *emojis)
{
    bool in_tag = false;
    struct buf b;

    if (emojis->n == 0 || str_chr(html, ':') < 0)
        return html;
    buf_init(&b, c->mem, HTML_BYTES);
    for (size_t i = 0; i < html.n; i++) {
        const struct emoji_ref *e = html.p[i] == ':' && !in_tag ? emoji_at(str_sub(html, i, html.n), emojis) : NULL;

        if (e != NULL) {
            put_emoji(c, &b, e);
            i += e->shortcode.n + 1;
            continue;
        }
        if (html.p[i] == '<' || html.p[i] == '>')
            in_tag = html.p[i] == '<'; /* cleaned HTML has neither in attributes nor in text */
        buf_putc(&b, html.p[i]);
    }
    return buf_ok(&b) ? buf_str(&b) : html;
}

struct str
web_name(const struct account *a)
{
    return text_is_blank(a->display_name) ? a->username : a->display_name;
}

struct str
web_name_html(struct ctx *c, const struct account *a)
{
    return web_emojify(c, text_html_escape(c->mem, web_name(a)), &a->emojis);
}

/* ---- dates ----------------------------------------------------------------------------------------------------- */

static const char *const months[] = { N_("January"), N_("February"), N_("March"), N_("April"), N_("May"), N_("June"),
    N_("July"), N_("August"), N_("September"), N_("October"), N_("November"), N_("December") };

struct str
web_date(struct ctx *c, int64_t ms)
{
    struct str iso = date_iso(c->mem, ms), day = str_sub(iso, 8, 10), args[3];
    int64_t month = 1;

    (void)str_int(str_sub(iso, 5, 7), &month);
    args[0] = day.p[0] == '0' ? str_sub(day, 1, 2) : day;
    args[1] = text_tr(c->locale, str_z(months[month - 1]));
    args[2] = str_sub(iso, 0, 4);
    return text_tr_fill(c->mem, text_tr(c->locale, S("{1} {0}, {2}")), args, lengthof(args));
}

struct str
web_date_time(struct ctx *c, int64_t ms)
{
    struct str args[2] = { web_date(c, ms), str_sub(date_iso(c->mem, ms), 11, 16) };

    return text_tr_fill(c->mem, text_tr(c->locale, S("{0} at {1} UTC")), args, lengthof(args));
}

/* ---- others ---------------------------------------------------------------------------------------------------- */

struct str
web_excerpt(struct ctx *c, struct str text, size_t graphemes)
{
    struct str line = text_one_line(c->mem, text), cut = text_grapheme_cut(line, graphemes);

    return cut.n == line.n ? line : str_cat(c->mem, str_trim(cut), S("…"), STR_NONE);
}

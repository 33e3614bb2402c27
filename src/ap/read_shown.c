/* What is shown of a post: notes as they are; everything else with its title, its facts and a link. */
#include "ap/internal.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/date.h"
#include "base/url.h"

enum { LONG_CONTENT_BYTES = 4000, STARS_MAX = 5, ADDRESS_PARTS = 4 };

static bool
is_html(struct str media_type)
{
    return media_type.n == 0 || str_startsi(media_type, S("text/html"));
}

/* Text of another kind, as HTML: paragraphs and line breaks, nothing interpreted. */
static void
put_plain(struct buf *b, struct str text)
{
    struct str line;
    bool open = false;

    while (str_cut(&text, '\n', &line)) {
        line = str_trim(line);
        if (line.n == 0) {
            if (open)
                buf_putz(b, "</p>");
            open = false;
            continue;
        }
        buf_putz(b, open ? "<br>" : "<p>");
        ap_html_put(b, line);
        open = true;
    }
    if (open)
        buf_putz(b, "</p>");
}

static void
put_content(struct buf *b, const struct ap_note *x)
{
    if (is_html(x->source_media_type))
        buf_put(b, x->content_text);
    else
        put_plain(b, x->content_text);
}

static void
put_title(struct buf *b, struct str title)
{
    buf_putz(b, "<h2>");
    ap_html_put(b, title);
    buf_putz(b, "</h2>");
}

static void
put_link(struct buf *b, struct str url)
{
    buf_putz(b, "<p><a href=\"");
    ap_html_put(b, url);
    buf_putz(b, "\">");
    ap_html_put(b, url);
    buf_putz(b, "</a></p>");
}

/* ---- notes ------------------------------------------------------------------------------------------------------------- */

/* Forums and Friendica give notes a title too; some say it again at the beginning of the text. */
static bool
has_title(const struct ap_note *x)
{
    return x->type == AP_NOTE && x->name.text.n > 0 && x->content_text.n > 0 &&
           str_find(x->content_text, x->name.text) < 0;
}

static void
put_note(struct buf *b, const struct ap_note *x)
{
    if (x->type == AP_QUESTION && x->content_text.n == 0) /* Smithereen: the question is the title */
        put_plain(b, x->name.text);
    if (has_title(x))
        put_title(b, x->name.text);
    put_content(b, x);
}

/* ---- events ------------------------------------------------------------------------------------------------------------ */

/* 2026-05-01 19:00 UTC; "" when it is no time. */
static struct str
time_of(struct arena *a, const struct val *v)
{
    struct str text;
    int64_t ms;

    if (!date_parse(val_str(v), &ms))
        return S("");
    text = date_iso_s(a, ms);
    return str_cat(a, str_sub(text, 0, 10), S(" "), str_sub(text, 11, 16), S(" UTC"), STR_NONE);
}

static void
put_part(struct buf *b, bool *first, struct str part)
{
    if (part.n == 0)
        return;
    buf_putz(b, *first ? "<p>" : ", ");
    ap_html_put(b, part);
    *first = false;
}

/* A place: its name, and its address as a text or in parts. */
static void
put_place(struct arena *a, struct buf *b, const struct val *v)
{
    static const struct str parts[ADDRESS_PARTS] = { { "streetAddress", 13 }, { "postalCode", 10 },
        { "addressLocality", 15 }, { "addressCountry", 14 } };
    const struct val *address = val_get(v, S("address"));
    bool first = true;

    put_part(b, &first, v->kind == VAL_STR ? v->s : ap_as_text(a, v, S("name")).text);
    put_part(b, &first, val_str(address));
    for (size_t i = 0; i < lengthof(parts); i++)
        put_part(b, &first, val_str(val_get(address, parts[i])));
    if (!first)
        buf_putz(b, "</p>");
}

static void
put_event(struct arena *a, struct buf *b, const struct val *doc)
{
    struct str from = time_of(a, val_get(doc, S("startTime"))), to = time_of(a, val_get(doc, S("endTime")));

    if (from.n > 0) {
        buf_putz(b, "<p>");
        buf_put(b, from);
        if (to.n > 0)
            buf_putz(b, " \xe2\x80\x93 "); /* en dash */
        buf_put(b, to);
        buf_putz(b, "</p>");
    }
    put_place(a, b, ap_as_one(val_get(doc, S("location"))));
}

/* ---- books (Bookwyrm) -------------------------------------------------------------------------------------------------- */

static void
put_rating(struct buf *b, const struct val *rating)
{
    double stars = val_num(rating, 0);

    if (!(stars > 0) || stars > STARS_MAX)
        return;
    buf_putz(b, "<p>");
    for (int i = 1; i <= STARS_MAX; i++)
        buf_putz(b, stars >= i ? "\xe2\x98\x85" : stars >= i - 0.5 ? "\xc2\xbd" : "\xe2\x98\x86");
    buf_putz(b, "</p>");
}

static void
put_quotation(struct arena *a, struct buf *b, const struct ap_note *x, const struct val *doc)
{
    struct str quote = ap_as_text(a, doc, S("quote")).text;

    if (x->type != AP_QUOTATION || quote.n == 0)
        return;
    buf_putz(b, "<blockquote>");
    buf_put(b, quote);
    buf_putz(b, "</blockquote>");
}

/* ---- all others -------------------------------------------------------------------------------------------------------- */

/* A long article is shown by its preview or excerpt (WordPress and Ghost put the excerpt into summary). */
static void
put_article(struct arena *a, struct buf *b, const struct ap_note *x, const struct val *doc)
{
    struct str preview = ap_as_text(a, ap_as_node(val_get(doc, S("preview"))), S("content")).text;
    struct str summary = ap_as_text(a, doc, S("summary")).text;
    bool is_long = x->content_text.n > LONG_CONTENT_BYTES;

    if (is_long && preview.n > 0)
        buf_put(b, preview);
    else if ((is_long || x->content_text.n == 0) && summary.n > 0)
        buf_put(b, summary);
    else
        put_content(b, x);
}

static void
put_converted(struct arena *a, struct buf *b, const struct ap_note *x, const struct val *doc)
{
    struct str book = ap_as_url(a, ap_as_one(val_get(doc, S("inReplyToBook"))));

    if (x->name.text.n > 0)
        put_title(b, x->name.text);
    if (x->type == AP_EVENT)
        put_event(a, b, doc);
    put_rating(b, val_get(doc, S("rating")));
    put_quotation(a, b, x, doc);
    put_article(a, b, x, doc);
    put_link(b, book.p != NULL ? book : x->link.p != NULL ? x->link : x->url);
}

struct str
ap_note_shown(struct arena *a, const struct val *doc, const struct ap_note *x)
{
    struct buf b;

    buf_init(&b, a, 3 * MB(1));
    if (x->type == AP_NOTE || x->type == AP_QUESTION || x->type == AP_CHAT_MESSAGE)
        put_note(&b, x);
    else
        put_converted(a, &b, x, doc);
    return buf_ok(&b) ? buf_str(&b) : S("");
}

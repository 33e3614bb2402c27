/* The text of a remote post, as it is kept and shown. */
#include "service/receive_internal.h"

#include "ap/read_note.h"
#include "base/utf8.h"
#include "text/html.h"

/* Of longer ones a beginning and a link: a page of 40 with their quotes stays below what an answer may be. */
enum { CONTENT_BYTES_MAX = 64 * 1024 };

static void
put_link(struct buf *b, struct str url)
{
    buf_putz(b, "<a href=\"");
    text_html_put(b, url);
    buf_putz(b, "\">");
    text_html_put(b, url);
    buf_putz(b, "</a></p>");
}

/* Other servers put the link of a quote into the text; those that do not would show a post that answers to nothing. */
static void
put_quote(struct ctx *c, struct buf *b, const struct ap_note *x)
{
    if (x->quote.n == 0 || !receive_url_ok(c, x->quote) || str_find(x->content.text, x->quote) >= 0 ||
        str_find(x->content.text, S("quote-inline")) >= 0)
        return;
    buf_putz(b, "<p class=\"quote-inline\">RE: ");
    put_link(b, x->quote);
}

/* The beginning of a text that is too long, not cut inside a tag. */
static struct str
beginning(struct str text)
{
    struct str s = utf8_cut(text, CONTENT_BYTES_MAX);
    const char *open = memrchr(s.p, '<', s.n), *closed = memrchr(s.p, '>', s.n);

    return open != NULL && (closed == NULL || closed < open) ? str_sub(s, 0, (size_t)(open - s.p)) : s;
}

static void
put_rest(struct ctx *c, struct buf *b, const struct ap_note *x)
{
    buf_putz(b, "<p>… ");
    put_link(b, x->url.n > 0 && receive_url_ok(c, x->url) ? x->url : x->id);
}

/* Of a long text the link to the rest is cleaned by itself: cleaning makes a text longer, and it is cut again then. */
struct str
receive_content(struct ctx *c, const struct ap_note *x)
{
    struct str text = x->content.text, start = S("");
    struct buf b;

    buf_init(&b, c->mem, CONTENT_BYTES_MAX + KB(16));
    if (text.n > CONTENT_BYTES_MAX) {
        start = text_html_clean(c->mem, beginning(text), HTML_POST);
        put_rest(c, &b, x);
    } else {
        buf_put(&b, text);
    }
    put_quote(c, &b, x);
    return str_cat(c->mem, start, text_html_clean(c->mem, buf_str(&b), HTML_POST), STR_NONE);
}

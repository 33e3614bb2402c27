/* The text of a message: headers that nobody can inject into, and a body every relay passes unchanged.  Sending is in mail.c. */
#include "notify/mail.h"

#include "base/b64.h"
#include "base/buf.h"
#include "base/date.h"
#include "base/rng.h"
#include "base/utf8.h"
#include "crypto/digest.h"
#include "text/email.h"

#include <string.h>

/* ---- header values -------------------------------------------------------------------------------------------- */

static bool
is_clean(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if ((unsigned char)s.p[i] < ' ' || s.p[i] == 0x7f)
            return false;
    return s.n <= MAIL_HEADER_BYTES_MAX && utf8_valid(s);
}

/* Encoded words of at most 75 characters, each whole code points, one a line (RFC 2047, 2). */
static void
put_words(struct arena *a, struct buf *b, struct str s)
{
    enum { BYTES_A_WORD = 45 }; /* 60 in base64, and 12 around */

    while (s.n > 0) {
        struct str part = utf8_cut(s, BYTES_A_WORD);

        buf_putz(b, "=?utf-8?B?");
        buf_put(b, b64_encode(a, part));
        buf_putz(b, "?=");
        s = str_sub(s, part.n, s.n);
        if (s.n > 0)
            buf_putz(b, "\r\n ");
    }
}

/* Plain when short ASCII that cannot be taken for an encoded word, else encoded. */
static void
put_unstructured(struct arena *a, struct buf *b, struct str s)
{
    if (str_is_ascii(s) && s.n <= 65 && str_find(s, S("=?")) < 0)
        buf_put(b, s);
    else
        put_words(a, b, s);
}

static void
put_mailbox(struct arena *a, struct buf *b, struct str name, struct str addr)
{
    if (name.n > 0 && (!str_is_ascii(name) || name.n > 50 || str_find(name, S("=?")) >= 0)) {
        put_words(a, b, name);
        buf_putz(b, "\r\n ");
    } else if (name.n > 0) {
        buf_putc(b, '"');
        for (size_t i = 0; i < name.n; i++) {
            if (name.p[i] == '"' || name.p[i] == '\\')
                buf_putc(b, '\\');
            buf_putc(b, name.p[i]);
        }
        buf_putz(b, "\" ");
    }
    buf_putc(b, '<');
    buf_put(b, addr);
    buf_putz(b, ">\r\n");
}

/* ---- bodies --------------------------------------------------------------------------------------------------- */

enum { QP_LINE = 76 };

/* Bytes of the next quoted-printable unit, and whether a soft break must stand before it. */
static void
put_qp_byte(struct buf *b, size_t *column, unsigned char ch, bool last_of_line)
{
    bool literal = (ch > ' ' && ch < 0x7f && ch != '=') || ((ch == ' ' || ch == '\t') && !last_of_line);
    size_t n = literal ? 1 : 3;

    if (*column + n > QP_LINE - 1) {
        buf_putz(b, "=\r\n");
        *column = 0;
    }
    if (literal) {
        buf_putc(b, (char)ch);
    } else {
        buf_putc(b, '=');
        buf_putc(b, "0123456789ABCDEF"[ch >> 4]);
        buf_putc(b, "0123456789ABCDEF"[ch & 15]);
    }
    *column += n;
}

/* RFC 2045, 6.7.  Any of LF, CRLF, CR ends a line; the last line gets an end too. */
static void
put_quoted_printable(struct buf *b, struct str s)
{
    size_t column = 0;

    for (size_t i = 0; i < s.n; i++) {
        char ch = s.p[i];

        if (ch == '\r' && i + 1 < s.n && s.p[i + 1] == '\n')
            continue;
        if (ch == '\n' || ch == '\r') {
            buf_putz(b, "\r\n");
            column = 0;
            continue;
        }
        put_qp_byte(b, &column, (unsigned char)ch, i + 1 == s.n || s.p[i + 1] == '\n' || s.p[i + 1] == '\r');
    }
    if (column > 0)
        buf_putz(b, "\r\n");
}

static void
put_part(struct buf *b, const char *type, struct str s)
{
    buf_putz(b, "Content-Type: ");
    buf_putz(b, type);
    buf_putz(b, "; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n");
    put_quoted_printable(b, s);
}

static void
put_body(struct arena *a, struct buf *b, const struct mail *m)
{
    struct str boundary;

    if (m->html.n == 0) {
        put_part(b, "text/plain", m->text);
        return;
    }
    boundary = str_cat(a, S("=_"), rng_hex(a, 16), STR_NONE); /* "=_" cannot stand in quoted-printable */
    buf_putz(b, "Content-Type: multipart/alternative; boundary=\"");
    buf_put(b, boundary);
    buf_putz(b, "\"\r\n");
    for (int i = 0; i < 2; i++) {
        buf_putz(b, "\r\n--");
        buf_put(b, boundary);
        buf_putz(b, "\r\n");
        put_part(b, i == 0 ? "text/plain" : "text/html", i == 0 ? m->text : m->html);
    }
    buf_putz(b, "\r\n--");
    buf_put(b, boundary);
    buf_putz(b, "--\r\n");
}

/* ---- the whole ------------------------------------------------------------------------------------------------ */

/* "addr" or "Name <addr>". */
static bool
split_from(struct arena *a, struct str from, struct str *name, struct email *e)
{
    ptrdiff_t at = str_rchr(from, '<');

    *name = S("");
    from = str_trim(from);
    if (at < 0)
        return email_parse(a, from, e);
    if (!str_ends(from, S(">")))
        return false;
    *name = str_trim(str_sub(from, 0, (size_t)at));
    if (name->n >= 2 && name->p[0] == '"' && name->p[name->n - 1] == '"')
        *name = str_sub(*name, 1, name->n - 1);
    return is_clean(*name) && email_parse(a, str_sub(from, (size_t)at + 1, from.n - 1), e);
}

static struct str
message_id(struct ctx *c, const struct mail *m, struct str to)
{
    struct sha256 d;
    struct buf b;

    if (m->key.n == 0)
        return rng_hex(c->mem, 16);
    d = sha256(str_cat(c->mem, m->key, S("\n"), to, STR_NONE));
    buf_init(&b, c->mem, 64);
    buf_put_hex(&b, (struct str){ (const char *)d.b, 16 });
    return buf_str(&b);
}

static void
put_headers(struct ctx *c, struct buf *b, const struct mail *m, struct str from_name, const struct email *from,
    const struct email *to, struct str domain, int64_t now_ms)
{
    struct str date = date_http(c->mem, now_ms);

    buf_putz(b, "Date: ");
    buf_put(b, str_sub(date, 0, date.n - 3)); /* "GMT" is obsolete in mail */
    buf_putz(b, "+0000\r\nFrom: ");
    put_mailbox(c->mem, b, from_name, from->text);
    buf_putz(b, "To: ");
    put_mailbox(c->mem, b, m->to_name, to->text);
    buf_putz(b, "Subject: ");
    put_unstructured(c->mem, b, m->subject);
    buf_putz(b, "\r\nMessage-ID: <");
    buf_put(b, message_id(c, m, to->text));
    buf_putc(b, '@');
    buf_put(b, domain);
    buf_putz(b, ">\r\nAuto-Submitted: auto-generated\r\nMIME-Version: 1.0\r\n");
    if (m->unsubscribe_url.n > 0) {
        buf_putz(b, "List-Unsubscribe: <");
        buf_put(b, m->unsubscribe_url);
        buf_putz(b, ">\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n");
    }
}

enum err
notify_mail_message(
    struct ctx *c, const struct mail *m, struct str from, struct str domain, int64_t now_ms, struct str *out)
{
    struct email to, sender;
    struct str from_name;
    struct buf b;

    if (!email_parse(c->mem, m->to, &to))
        return ctx_fail(c, ERR_INVALID, "not an e-mail address to send to");
    if (!split_from(c->mem, from, &from_name, &sender))
        return ctx_fail(c, ERR_INVALID, "mail_from is not an e-mail address");
    if (!is_clean(m->subject) || !is_clean(m->to_name) || !is_clean(domain) || !is_clean(m->unsubscribe_url) ||
        !str_is_ascii(m->unsubscribe_url) || str_chr(m->unsubscribe_url, ' ') >= 0 ||
        str_chr(m->unsubscribe_url, '>') >= 0)
        return ctx_fail(c, ERR_INVALID, "a mail header would hold control characters or is too long");
    if (!utf8_valid(m->text) || !utf8_valid(m->html))
        return ctx_fail(c, ERR_INVALID, "mail text is not UTF-8");
    buf_init(&b, c->mem, MAIL_BYTES_MAX);
    put_headers(c, &b, m, from_name, &sender, &to, domain, now_ms);
    put_body(c->mem, &b, m);
    if (!buf_ok(&b))
        return ctx_fail(c, ERR_TOO_LARGE, "mail of more than %d bytes", MAIL_BYTES_MAX);
    *out = buf_str(&b);
    return ERR_OK;
}

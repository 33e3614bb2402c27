/*
 * Chunked decoder: a state for each place between two bytes.  Refused: LF without CR, white space around the size, sizes with
 * more than 15 digits, controls in extensions, trailers that would change how the request is read.
 */
#include "http/chunked.h"

#include <string.h>

enum {
    AT_SIZE,
    AT_EXT_BEGIN, /* behind ';' */
    AT_EXT_NAME,
    AT_EXT_EQUALS, /* behind '=' */
    AT_EXT_VALUE,
    AT_EXT_QUOTED,
    AT_EXT_ESCAPED,
    AT_EXT_END, /* behind the closing quote */
    AT_SIZE_LF,
    AT_DATA,
    AT_DATA_CR,
    AT_DATA_LF,
    AT_TRAILER,
    AT_NAME,
    AT_VALUE,
    AT_VALUE_LF,
    AT_END_LF,
    AT_DONE
};

enum { DIGITS_MAX = 15 };

/* A trailer must not decide framing, routing or who asks (RFC 9110, 6.5.1). */
static const char *const forbidden[] = { "host", "content-length", "transfer-encoding", "authorization", "cookie",
    "content-type", "content-encoding", "content-range", "trailer", "te", "connection", "expect", "upgrade",
    "signature", "signature-input", "digest", "content-digest", "date", "x-forwarded-for" };

static int
hex_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

static bool
is_token_char(char c)
{
    return c > ' ' && c < 0x7f && strchr("\"(),/:;<=>?@[\\]{}", c) == NULL;
}

static bool
is_value_char(char c)
{
    return c == '\t' || (unsigned char)c >= 0x80 || (c >= ' ' && c < 0x7f);
}

static bool
name_forbidden(const struct chunked *c)
{
    for (size_t i = 0; i < lengthof(forbidden); i++)
        if (strlen(forbidden[i]) == c->name_n && memcmp(forbidden[i], c->name, c->name_n) == 0)
            return true;
    return false;
}

static bool
step_size(struct chunked *c, char b)
{
    int v = hex_value(b);

    if (v >= 0) {
        c->left = c->left * 16 + (unsigned)v;
        return ++c->digits <= DIGITS_MAX;
    }
    if (c->digits == 0)
        return false;
    c->line_n = 0;
    c->at = b == '\r' ? AT_SIZE_LF : AT_EXT_BEGIN;
    return b == '\r' || b == ';';
}

/* name, name=token, name="quoted": ignored, but read in the one way everybody reads them, without white space. */
static bool
step_extension(struct chunked *c, char b)
{
    bool ends = c->at == AT_EXT_NAME || c->at == AT_EXT_VALUE || c->at == AT_EXT_END;

    if (c->at == AT_EXT_ESCAPED) {
        c->at = AT_EXT_QUOTED;
        return is_value_char(b);
    }
    if (c->at == AT_EXT_QUOTED) {
        c->at = b == '"' ? AT_EXT_END : b == '\\' ? AT_EXT_ESCAPED : AT_EXT_QUOTED;
        return is_value_char(b);
    }
    if (ends && (b == '\r' || b == ';')) {
        c->at = b == ';' ? AT_EXT_BEGIN : AT_SIZE_LF;
        return true;
    }
    if (c->at == AT_EXT_NAME && b == '=') {
        c->at = AT_EXT_EQUALS;
        return true;
    }
    if (c->at == AT_EXT_EQUALS && b == '"') {
        c->at = AT_EXT_QUOTED;
        return true;
    }
    if (c->at == AT_EXT_BEGIN)
        c->at = AT_EXT_NAME;
    else if (c->at == AT_EXT_EQUALS)
        c->at = AT_EXT_VALUE;
    return c->at != AT_EXT_END && is_token_char(b);
}

static bool
step_trailer(struct chunked *c, char b)
{
    if (++c->trailer_n > CHUNK_TRAILERS_MAX)
        return false;
    if (c->at == AT_TRAILER) { /* the start of a line */
        if (b == '\r') {
            c->at = AT_END_LF;
            return true;
        }
        c->name_n = 0;
        c->at = AT_NAME;
    }
    if (c->at == AT_NAME) {
        if (b == ':') {
            c->at = AT_VALUE;
            return c->name_n > 0 && !name_forbidden(c);
        }
        if (c->name_n < sizeof(c->name))
            c->name[c->name_n] = b >= 'A' && b <= 'Z' ? (char)(b + 32) : b;
        c->name_n++;
        return is_token_char(b);
    }
    if (b == '\r') {
        c->at = AT_VALUE_LF;
        return true;
    }
    return is_value_char(b);
}

/* One byte that is not content; false refuses it. */
static bool
step(struct chunked *c, char b)
{
    switch (c->at) {
    case AT_SIZE:
        return step_size(c, b);
    case AT_EXT_BEGIN:
    case AT_EXT_NAME:
    case AT_EXT_EQUALS:
    case AT_EXT_VALUE:
    case AT_EXT_QUOTED:
    case AT_EXT_ESCAPED:
    case AT_EXT_END:
        return ++c->line_n <= CHUNK_LINE_MAX && ++c->overhead <= CHUNK_EXTENSIONS_MAX && step_extension(c, b);
    case AT_SIZE_LF:
        c->at = c->left > 0 ? AT_DATA : AT_TRAILER;
        return b == '\n';
    case AT_DATA_CR:
        c->at = AT_DATA_LF;
        return b == '\r';
    case AT_DATA_LF:
        c->at = AT_SIZE;
        c->digits = 0;
        return b == '\n';
    case AT_VALUE_LF:
        c->at = AT_TRAILER;
        return b == '\n';
    case AT_END_LF:
        c->at = AT_DONE;
        return b == '\n';
    default:
        return step_trailer(c, b);
    }
}

enum chunked_state
chunked_decode(struct chunked *c, char *p, size_t n, size_t *used, size_t *out_n)
{
    size_t i = 0, out = 0;

    *out_n = 0;
    while (i < n && c->at != AT_DONE) {
        if (c->at == AT_DATA) {
            size_t k = (size_t)MIN(c->left, (uint64_t)(n - i));

            memmove(p + out, p + i, k);
            out += k;
            i += k;
            c->left -= k;
            if (c->left == 0)
                c->at = AT_DATA_CR;
        } else if (!step(c, p[i++])) {
            *used = i;
            return CHUNKED_ERROR;
        }
    }
    *used = i;
    *out_n = out;
    return c->at == AT_DONE ? CHUNKED_DONE : CHUNKED_MORE;
}

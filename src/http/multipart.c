/*
 * Multipart bodies.  One pass over bytes that lie in memory or are mapped from the spool file, so that an upload of any size costs no
 * memory and no copy: a file part is an offset and a length.
 */
#include "http/multipart.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/url.h"
#include "base/utf8.h"

#include <string.h>

enum { BOUNDARY_MAX = 70, PART_HEAD_MAX = 8192, PART_FIELDS_MAX = 16, FILENAME_BYTES_MAX = 255 };

struct part {
    struct str disposition, type, encoding;
    struct str name, filename; /* filename.p NULL: text */
};

/* ---- header parameters ----------------------------------------------------------------------------------------- */

/* A quoted string at the front of *rest.  Browsers do not escape backslashes, so only \" is an escape. */
static bool
take_quoted(struct arena *a, struct str *rest, struct str *out)
{
    struct buf b;
    size_t i = 1;

    buf_init(&b, a, rest->n);
    for (; i < rest->n && rest->p[i] != '"'; i++) {
        if (rest->p[i] == '\\' && i + 1 < rest->n && rest->p[i + 1] == '"')
            i++;
        buf_putc(&b, rest->p[i]);
    }
    if (i == rest->n)
        return false;
    *rest = str_sub(*rest, i + 1, rest->n);
    *out = buf_str(&b);
    return true;
}

static bool
take_param(struct arena *a, struct str *rest, struct str *key, struct str *value)
{
    size_t n = 0;

    *rest = str_trim(*rest);
    if (rest->n == 0 || rest->p[0] != ';')
        return false;
    *rest = str_trim(str_sub(*rest, 1, rest->n));
    while (n < rest->n && strchr("=;\" \t", rest->p[n]) == NULL)
        n++;
    *key = str_sub(*rest, 0, n);
    *rest = str_trim(str_sub(*rest, n, rest->n));
    if (rest->n == 0 || rest->p[0] != '=')
        return false;
    *rest = str_trim(str_sub(*rest, 1, rest->n));
    if (rest->n > 0 && rest->p[0] == '"')
        return take_quoted(a, rest, value);
    for (n = 0; n < rest->n && rest->p[n] != ';';)
        n++;
    *value = str_trim(str_sub(*rest, 0, n));
    *rest = str_sub(*rest, n, rest->n);
    return true;
}

/* How many times the parameter is there; -1 when the header is malformed. */
static int
count_params(struct arena *a, struct str header, struct str name, struct str *out)
{
    ptrdiff_t semicolon = str_chr(header, ';');
    struct str rest = semicolon < 0 ? STR_NONE : str_sub(header, (size_t)semicolon, header.n), key, value;
    int found = 0;

    while (str_trim(rest).n > 0) {
        if (str_eqz(str_trim(rest), ";"))
            break;
        if (!take_param(a, &rest, &key, &value))
            return -1;
        if (str_eqi(key, name)) {
            *out = value;
            found++;
        }
    }
    return found;
}

bool
multipart_param(struct arena *a, struct str header, struct str name, struct str *out)
{
    return count_params(a, header, name, out) == 1;
}

/* ---- one part -------------------------------------------------------------------------------------------------- */

/* The header fields of a part, up to and with the empty line; *rest moves behind it. */
static enum err
read_head(struct str *rest, struct part *p)
{
    struct str *slots[] = { &p->disposition, &p->type, &p->encoding };
    static const char *const names[] = { "Content-Disposition", "Content-Type", "Content-Transfer-Encoding" };
    size_t used = 0;

    for (int fields = 0;; fields++) {
        ptrdiff_t end = str_find(str_sub(*rest, 0, PART_HEAD_MAX - used), S("\r\n")), colon;
        struct str line, key;

        if (end < 0)
            return rest->n > PART_HEAD_MAX - used ? ERR_TOO_LARGE : ERR_BAD_REQUEST;
        line = str_sub(*rest, 0, (size_t)end);
        used += line.n + 2;
        *rest = str_sub(*rest, line.n + 2, rest->n);
        if (line.n == 0)
            return ERR_OK;
        colon = str_chr(line, ':');
        if (colon <= 0 || fields == PART_FIELDS_MAX || line.p[0] == ' ' || line.p[0] == '\t' ||
            str_chr(line, '\0') >= 0 || str_chr(line, '\r') >= 0 || str_chr(line, '\n') >= 0)
            return ERR_BAD_REQUEST;
        key = str_sub(line, 0, (size_t)colon);
        for (size_t i = 0; i < lengthof(names); i++) {
            if (!str_eqi(key, str_z(names[i])))
                continue;
            if (slots[i]->p != NULL)
                return ERR_BAD_REQUEST;
            *slots[i] = str_trim(str_sub(line, (size_t)colon + 1, line.n));
        }
    }
}

/* UTF-8''na%C3%AFve.png (RFC 8187); other charsets are not read. */
static bool
decode_extended(struct arena *a, struct str s, struct str *out)
{
    struct str charset, language;

    return str_cut(&s, '\'', &charset) && str_eqi(charset, S("UTF-8")) && str_cut(&s, '\'', &language) && s.p != NULL &&
           url_decode(a, s, false, out);
}

static enum err
read_disposition(struct arena *a, struct part *p)
{
    struct str extended;
    int names, files, more;

    if (!str_eqi(str_trim(str_sub(p->disposition, 0, 9)), S("form-data")) ||
        (p->disposition.n > 9 && strchr("; \t", p->disposition.p[9]) == NULL))
        return ERR_BAD_REQUEST;
    names = count_params(a, p->disposition, S("name"), &p->name);
    files = count_params(a, p->disposition, S("filename"), &p->filename);
    more = count_params(a, p->disposition, S("filename*"), &extended);
    if (names != 1 || files > 1 || more > 1 || (more == 1 && !decode_extended(a, extended, &p->filename)))
        return ERR_BAD_REQUEST;
    return utf8_valid(p->name) && str_chr(p->name, '\0') < 0 ? ERR_OK : ERR_BAD_REQUEST;
}

static enum err
check_part(struct arena *a, const struct part *p)
{
    struct str charset;

    if (str_startsi(p->type, S("multipart/")))
        return ERR_BAD_REQUEST;
    if (p->encoding.n > 0 && !str_eqi(p->encoding, S("binary")) && !str_eqi(p->encoding, S("8bit")) &&
        !str_eqi(p->encoding, S("7bit")))
        return ERR_BAD_REQUEST;
    if (p->filename.p == NULL && multipart_param(a, p->type, S("charset"), &charset) && !str_eqi(charset, S("utf-8")) &&
        !str_eqi(charset, S("us-ascii")))
        return ERR_MEDIA_TYPE;
    return ERR_OK;
}

/* Marks that make "gpj.exe" read as "exe.jpg". */
static bool
is_bidi(uint32_t cp)
{
    return cp == 0x61c || cp == 0x200e || cp == 0x200f || (cp >= 0x202a && cp <= 0x202e) ||
           (cp >= 0x2066 && cp <= 0x2069);
}

/* The base name, without controls and bidirectional marks. */
static struct str
clean_filename(struct arena *a, struct str s)
{
    struct buf b;
    uint32_t cp;

    for (size_t i = s.n; i > 0; i--) {
        if (s.p[i - 1] == '/' || s.p[i - 1] == '\\') {
            s = str_sub(s, i, s.n);
            break;
        }
    }
    buf_init(&b, a, 3 * s.n + 1);
    while (utf8_next(&s, &cp))
        if (cp >= 0x20 && (cp < 0x7f || cp > 0x9f) && !is_bidi(cp))
            buf_put_utf8(&b, cp);
    return utf8_cut(buf_str(&b), FILENAME_BYTES_MAX);
}

static enum err
add_part(struct tree *t, const struct part *p, struct str content, struct str body, int fd, size_t *text_n,
    struct uploads *out)
{
    struct upload *u;
    struct str place = STR_NONE;

    if (p->filename.p == NULL) {
        *text_n += content.n;
        return *text_n > PARAMS_TEXT_BYTES_MAX ? ERR_TOO_LARGE : tree_add(t, p->name, content);
    }
    if (p->filename.n == 0 && content.n == 0)
        return ERR_OK;               /* what browsers send for a file field where nothing was chosen */
    if (str_chr(p->name, '[') > 0) { /* inside a list: its text holds the place, told by its address */
        place = str_dup(t->mem, S("file"));
        TRY(tree_add(t, p->name, place));
    } else if (++t->n_keys > PARAMS_KEYS_MAX) {
        return ERR_TOO_LARGE;
    }
    out->v = arena_grow(t->mem, out->v, out->n * sizeof(*u), (out->n + 1) * sizeof(*u), _Alignof(struct upload));
    u = &out->v[out->n++];
    *u = (struct upload){
        .name = p->name,
        .filename = clean_filename(t->mem, p->filename),
        .content_type = p->type,
        .fd = fd,
        .off = content.p - body.p,
        .n = (int64_t)content.n,
        .place = place,
    };
    if (fd < 0)
        u->bytes = content;
    return ERR_OK;
}

/* ---- the body -------------------------------------------------------------------------------------------------- */

static bool
is_boundary(struct str s)
{
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i] | 0x20;

        if (!(c >= 'a' && c <= 'z') && (s.p[i] < '0' || s.p[i] > '9') && strchr("'()+_,-./:=? ", s.p[i]) == NULL)
            return false;
    }
    return s.n > 0 && s.n <= BOUNDARY_MAX && s.p[s.n - 1] != ' ';
}

/* Behind a boundary: "--" ends the body; white space and a line end begin a part. */
static enum err
read_delimiter_end(struct str *rest, bool *last)
{
    size_t n = 0;

    *last = str_starts(*rest, S("--"));
    if (*last)
        return ERR_OK;
    while (n < rest->n && (rest->p[n] == ' ' || rest->p[n] == '\t'))
        n++;
    *rest = str_sub(*rest, n, rest->n);
    if (!str_starts(*rest, S("\r\n")))
        return ERR_BAD_REQUEST;
    *rest = str_sub(*rest, 2, rest->n);
    return ERR_OK;
}

enum err
multipart_parse(struct tree *t, struct str body, int fd, struct str boundary, struct uploads *out)
{
    struct str delimiter = str_cat(t->mem, S("\r\n--"), boundary, STR_NONE), rest = body;
    size_t text_n = 0;
    bool last;

    if (!is_boundary(boundary))
        return ERR_BAD_REQUEST;
    if (str_starts(rest, S("\r\n")))
        rest = str_sub(rest, 2, rest.n);
    if (!str_starts(rest, str_sub(delimiter, 2, delimiter.n)))
        return ERR_BAD_REQUEST;
    rest = str_sub(rest, delimiter.n - 2, rest.n);
    TRY(read_delimiter_end(&rest, &last));
    while (!last) {
        struct part p = { 0 };
        struct str content;
        ptrdiff_t end;

        TRY(read_head(&rest, &p));
        TRY(read_disposition(t->mem, &p));
        TRY(check_part(t->mem, &p));
        /* The line end before the boundary belongs to it; an empty part may have only that of its head. */
        rest = (struct str){ rest.p - 2, rest.n + 2 };
        end = str_find(rest, delimiter);
        if (end < 0)
            return ERR_BAD_REQUEST;
        content = str_sub(rest, 2, (size_t)end);
        TRY(add_part(t, &p, content, body, fd, &text_n, out));
        rest = str_sub(rest, (size_t)end + delimiter.n, rest.n);
        TRY(read_delimiter_end(&rest, &last));
    }
    return ERR_OK;
}

/* The normaliser helpers: every shape that servers send for one thing, to one form. */
#include "ap/read.h"

#include "ap/internal.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/date.h"
#include "base/url.h"
#include "base/utf8.h"

#include <math.h>

/* ---- one, many, references ------------------------------------------------------------------------------------------- */

size_t
ap_as_count(const struct val *v)
{
    if (v->kind == VAL_NULL)
        return 0;
    return v->kind == VAL_ARR ? v->n : 1;
}

const struct val *
ap_as_at(const struct val *v, size_t i)
{
    if (v->kind == VAL_ARR)
        return val_at(v, i);
    return i == 0 ? v : &val_null;
}

const struct val *
ap_as_one(const struct val *v)
{
    return v->kind == VAL_ARR ? val_at(v, 0) : v;
}

struct str
ap_id_of(const struct val *obj)
{
    struct str id = val_str(val_get(obj, S("id")));

    return id.n > 0 ? id : val_str(val_get(obj, S("@id")));
}

struct str
ap_uri_or_none(struct str uri)
{
    return uri.n > 0 && uri.n <= URL_BYTES_MAX ? uri : STR_NONE;
}

struct str
ap_as_id(const struct val *v)
{
    struct str id;

    v = ap_as_one(v);
    if (v->kind == VAL_STR)
        return ap_uri_or_none(v->s);
    id = ap_id_of(v);
    if (id.n == 0)
        id = val_str(val_get(v, S("href")));
    return ap_uri_or_none(id);
}

const struct val *
ap_as_node(const struct val *v)
{
    v = ap_as_one(v);
    return v->kind == VAL_OBJ ? v : &val_null;
}

struct strs
ap_as_ids(struct arena *a, const struct val *v, size_t max)
{
    size_t n = MIN(ap_as_count(v), max);
    struct strs out = { n == 0 ? NULL : arena_vec(a, struct str, n), 0 };

    for (size_t i = 0; i < ap_as_count(v) && out.n < n; i++) {
        struct str id = ap_as_id(ap_as_at(v, i));
        size_t k = 0;

        while (k < out.n && k < 64 && !str_eq(out.v[k], id)) /* doubles matter to nobody beyond the first few */
            k++;
        if (id.p != NULL && (k == out.n || k == 64))
            out.v[out.n++] = id;
    }
    return out;
}

static const struct val *
types_of(const struct val *obj)
{
    return val_has(obj, S("type")) ? val_get(obj, S("type")) : val_get(obj, S("@type"));
}

enum ap_type
ap_type_of(const struct val *obj)
{
    const struct val *types = types_of(obj);

    for (size_t i = 0; i < ap_as_count(types) && i < 16; i++) {
        enum ap_type t = ap_type_from(val_str(ap_as_at(types, i)));

        if (t != AP_UNKNOWN)
            return t;
    }
    return AP_UNKNOWN;
}

bool
ap_has_type(const struct val *obj, enum ap_type t)
{
    const struct val *types = types_of(obj);

    for (size_t i = 0; i < ap_as_count(types) && i < 16; i++)
        if (ap_type_from(val_str(ap_as_at(types, i))) == t)
            return true;
    return false;
}

struct str
ap_type_text(const struct val *obj)
{
    return val_str(ap_as_one(types_of(obj)));
}

/* ---- text ------------------------------------------------------------------------------------------------------------- */

/* "zh-cn" is zh-CN, "SR-latn" is sr-Latn. */
struct str
ap_lang(struct arena *a, struct str tag)
{
    struct str out = str_lower(a, tag), rest = out, part;
    char *p = arena_alloc(a, tag.n + 1, 1);
    size_t at = 0;

    if (tag.n < 2 || tag.n > 35 || str_eq(out, S("und")))
        return STR_NONE;
    while (str_cut(&rest, '-', &part)) {
        if (part.n == 0 || part.n > 8)
            return STR_NONE;
        for (size_t i = 0; i < part.n; i++) {
            char c = part.p[i];
            bool upper = at > 0 && (part.n == 2 || (part.n == 4 && i == 0));

            if (!((c >= 'a' && c <= 'z') || (at > 0 && c >= '0' && c <= '9')))
                return STR_NONE;
            p[at + i] = upper && c >= 'a' ? (char)(c - 32) : c;
        }
        at += part.n;
        if (at < tag.n)
            p[at++] = '-';
    }
    return (struct str){ p, at };
}

struct ap_text
ap_as_text(struct arena *a, const struct val *obj, struct str name)
{
    const struct val *v = ap_as_one(val_get(obj, name));
    const struct val *map = val_get(obj, str_cat(a, name, S("Map"), STR_NONE));
    struct ap_text out = { val_str(v), STR_NONE };
    ptrdiff_t use = -1;

    if (v->kind == VAL_OBJ) {
        out.text = val_str(val_get(v, S("@value")));
        out.lang = ap_lang(a, val_str(val_get(v, S("@language"))));
    }
    for (size_t i = 0; map->kind == VAL_OBJ && i < map->n && i < 64; i++) {
        if (map->v[i].kind != VAL_STR || (out.text.p != NULL && !str_eq(map->v[i].s, out.text)))
            continue;
        if (use < 0)
            use = (ptrdiff_t)i;
    }
    if (use < 0 && map->kind == VAL_OBJ && map->n == 1)
        use = 0;
    if (use >= 0) {
        if (out.text.p == NULL)
            out.text = val_str(&map->v[use]);
        if (out.lang.p == NULL)
            out.lang = ap_lang(a, map->keys[use]);
    }
    if (out.text.p != NULL)
        out.text = utf8_clean(a, out.text, true);
    return out;
}

/* ---- times and numbers ------------------------------------------------------------------------------------------------ */

int64_t
ap_as_time(const struct val *v, int64_t now_ms, int64_t otherwise)
{
    int64_t ms;

    if (!date_parse(val_str(ap_as_one(v)), &ms))
        return otherwise;
    return ms > now_ms + DAY_MS ? now_ms : ms;
}

int64_t
ap_as_number(const struct val *v)
{
    struct str s = v->kind == VAL_NUM || v->kind == VAL_STR ? v->s : STR_NONE;
    const double max = 9007199254740992.0;
    char text[64], *end;
    double d;

    if (s.n == 0 || s.n >= sizeof(text) || (s.p[0] != '-' && (s.p[0] < '0' || s.p[0] > '9')))
        return -1;
    memcpy(text, s.p, s.n);
    text[s.n] = '\0';
    d = strtod(text, &end);
    if (*end != '\0' || !isfinite(d) || memchr(text, 'x', s.n) != NULL || memchr(text, 'X', s.n) != NULL)
        return -1;
    return d <= 0 ? 0 : d >= max ? (int64_t)max : (int64_t)d;
}

bool
ap_as_bool(const struct val *v)
{
    v = ap_as_one(v);
    return (v->kind == VAL_BOOL && v->b) || str_eqi(val_str(v), S("true")) || str_eqz(v->s, "1");
}

/* Digits with an optional fraction, and the letter after them. */
static bool
take_amount(struct str *rest, double *amount, char *unit)
{
    double scale = 1;
    size_t i = 0;

    *amount = 0;
    for (; i < rest->n && i < 18; i++) {
        char c = rest->p[i];

        if (c == '.' && scale == 1) {
            scale = 0.1;
        } else if (c >= '0' && c <= '9') {
            *amount = scale == 1 ? *amount * 10 + (c - '0') : *amount + scale * (c - '0');
            scale = scale == 1 ? 1 : scale / 10;
        } else {
            break;
        }
    }
    if (i == 0 || i >= rest->n)
        return false;
    *unit = rest->p[i];
    *rest = str_sub(*rest, i + 1, rest->n);
    return true;
}

int64_t
ap_as_duration_ms(const struct val *v)
{
    struct str s = val_str(v);
    double seconds = 0, amount;
    bool time = false;
    char unit;

    if (v->kind == VAL_NUM) {
        int64_t n = ap_as_number(v);

        return n < 0 || n > INT64_C(1) << 40 ? -1 : n * SECOND_MS;
    }
    if (s.n < 2 || s.p[0] != 'P')
        return -1;
    s = str_sub(s, 1, s.n);
    while (s.n > 0) {
        if (s.p[0] == 'T' && !time) {
            time = true;
            s = str_sub(s, 1, s.n);
            continue;
        }
        if (!take_amount(&s, &amount, &unit))
            return -1;
        if (unit == 'D' && !time)
            seconds += amount * 86400;
        else if (time && (unit == 'H' || unit == 'M' || unit == 'S'))
            seconds += amount * (unit == 'H' ? 3600 : unit == 'M' ? 60 : 1);
        else
            return -1;
    }
    return seconds > 1e12 ? -1 : (int64_t)(seconds * SECOND_MS + 0.5);
}

/* ---- URLs and images -------------------------------------------------------------------------------------------------- */

struct str
ap_as_url(struct arena *a, const struct val *v)
{
    static const struct str entities[] = { { "&#038;", 6 }, { "&#38;", 5 }, { "&amp;", 5 } };
    struct str s = v->kind == VAL_OBJ ? val_str(val_get(v, S("href"))) : val_str(v);
    struct url u;
    struct buf b;

    s = str_trim(s);
    if (s.n == 0 || s.n > URL_BYTES_MAX * 2)
        return STR_NONE;
    if (str_chr(s, '&') >= 0) { /* WordPress escapes them as if JSON were HTML */
        buf_init(&b, a, s.n);
        for (size_t i = 0; i < s.n;) {
            size_t k = 0;

            while (k < lengthof(entities) && !str_starts(str_sub(s, i, s.n), entities[k]))
                k++;
            buf_putc(&b, k < lengthof(entities) ? '&' : s.p[i]);
            i += k < lengthof(entities) ? entities[k].n : 1;
        }
        s = buf_str(&b);
    }
    return url_parse(a, s, &u) ? u.text : STR_NONE;
}

static struct str
media_type_of(const struct val *v)
{
    struct str t = val_str(val_get(v, S("mediaType")));
    ptrdiff_t end;

    if (t.n == 0)
        t = val_str(val_get(v, S("mimeType")));
    end = str_chr(t, ';');
    return str_trim(end < 0 ? t : str_sub(t, 0, (size_t)end));
}

/* The first http(s) page: text/html, or without a type. */
static struct str
page_url(struct arena *a, const struct val *urls, int depth)
{
    struct str found = STR_NONE;

    for (size_t i = 0; i < ap_as_count(urls) && i < 32 && found.p == NULL; i++) {
        const struct val *v = ap_as_at(urls, i);
        struct str type = media_type_of(v);

        if (v->kind == VAL_ARR && depth < 2)
            found = page_url(a, v, depth + 1);
        else if (type.n == 0 || str_startsi(type, S("text/html")))
            found = ap_as_url(a, v);
    }
    return found;
}

struct str
ap_page_url(struct arena *a, const struct val *urls, struct str id)
{
    struct str url = page_url(a, urls, 0);
    struct url u, i;

    if (url.p != NULL && url_parse(a, url, &u) && url_parse(a, id, &i) && str_eq(u.host, i.host))
        return url;
    return id;
}

void
ap_html_put(struct buf *b, struct str text)
{
    for (size_t i = 0; i < text.n; i++) {
        char c = text.p[i];

        if (c == '&')
            buf_putz(b, "&amp;");
        else if (c == '<')
            buf_putz(b, "&lt;");
        else if (c == '>')
            buf_putz(b, "&gt;");
        else if (c == '"')
            buf_putz(b, "&quot;");
        else if (c == '\'')
            buf_putz(b, "&#39;");
        else
            buf_putc(b, c);
    }
}

static int64_t
size_of(const struct val *v, struct str name)
{
    return MAX(ap_as_number(val_get(v, name)), 0);
}

static struct ap_image
read_image(struct arena *a, const struct val *v)
{
    struct ap_image img = { 0 };
    const struct val *url;
    struct str alt;

    if (v->kind != VAL_OBJ) {
        img.url = ap_as_url(a, v);
        return img;
    }
    url = ap_as_one(val_get(v, S("url")));
    img.url = ap_as_url(a, val_is_null(url) ? v : url);
    img.media_type = media_type_of(v);
    if (img.media_type.n == 0 && url->kind == VAL_OBJ)
        img.media_type = media_type_of(url);
    img.width = size_of(v, S("width"));
    img.height = size_of(v, S("height"));
    img.blurhash = val_str(val_get(v, S("blurhash")));
    alt = ap_as_text(a, v, S("summary")).text;
    img.alt = utf8_cut(alt.n > 0 ? alt : ap_as_text(a, v, S("name")).text, AP_ALT_BYTES_MAX);
    return img;
}

struct ap_image
ap_as_image(struct arena *a, const struct val *v)
{
    struct ap_image best = { 0 };

    for (size_t i = 0; i < ap_as_count(v) && i < 16; i++) {
        struct ap_image img = read_image(a, ap_as_at(v, i));

        if (img.url.p == NULL || (img.media_type.n > 0 && !str_startsi(img.media_type, S("image/"))))
            continue;
        if (best.url.p == NULL || img.width > best.width)
            best = img;
    }
    return best;
}

/* ---- emoji -------------------------------------------------------------------------------------------------------------- */

bool
ap_as_emoji(struct arena *a, const struct val *tag, struct ap_emoji *out)
{
    struct str name = ap_as_text(a, tag, S("name")).text;
    struct ap_image icon = ap_as_image(a, val_get(tag, S("icon")));
    ptrdiff_t host;

    if (name.n >= 2 && name.p[0] == ':' && name.p[name.n - 1] == ':')
        name = str_sub(name, 1, name.n - 1);
    host = str_chr(name, '@'); /* ":name@host:" of a third server */
    if (host > 0)
        name = str_sub(name, 0, (size_t)host);
    if (name.n == 0 || name.n > AP_NAME_BYTES_MAX || icon.url.p == NULL)
        return false;
    for (size_t i = 0; i < name.n; i++)
        if ((unsigned char)name.p[i] <= 0x20 || strchr(":<>&\"'", name.p[i]) != NULL)
            return false;
    *out = (struct ap_emoji){
        .shortcode = name, .id = ap_uri_or_none(ap_id_of(tag)), .url = icon.url, .media_type = icon.media_type
    };
    if (!date_parse(val_str(val_get(tag, S("updated"))), &out->updated_ms))
        out->updated_ms = 0;
    return true;
}

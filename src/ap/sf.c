/* Structured fields: the parsing and serialising algorithms of RFC 8941, section 4, step by step. */
#include "ap/sf.h"

#include "base/arena.h"
#include "base/b64.h"
#include "base/buf.h"

struct reader {
    struct arena *a;
    struct str rest;
};

static bool
at_end(const struct reader *r)
{
    return r->rest.n == 0;
}

static char
peek(const struct reader *r)
{
    return r->rest.n > 0 ? r->rest.p[0] : '\0';
}

static void
skip(struct reader *r, size_t n)
{
    r->rest = str_sub(r->rest, n, r->rest.n);
}

static bool
eat(struct reader *r, char c)
{
    if (at_end(r) || peek(r) != c)
        return false;
    skip(r, 1);
    return true;
}

static void
skip_sp(struct reader *r)
{
    while (peek(r) == ' ')
        skip(r, 1);
}

static void
skip_ows(struct reader *r)
{
    while (peek(r) == ' ' || peek(r) == '\t')
        skip(r, 1);
}

static bool
is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool
is_lower(char c)
{
    return c >= 'a' && c <= 'z';
}

static bool
is_alpha(char c)
{
    return is_lower(c) || (c >= 'A' && c <= 'Z');
}

static bool
is_key_char(char c)
{
    return is_lower(c) || is_digit(c) || c == '_' || c == '-' || c == '.' || c == '*';
}

static bool
is_token_char(char c)
{
    return is_alpha(c) || is_digit(c) || (c != '\0' && strchr("!#$%&'*+-.^_`|~:/", c) != NULL);
}

/* A prefix of the rest, all of whose characters satisfy is(). */
static struct str
take_while(struct reader *r, bool (*is)(char))
{
    struct str s = r->rest;
    size_t n = 0;

    while (n < s.n && is(s.p[n]))
        n++;
    skip(r, n);
    return str_sub(s, 0, n);
}

static bool
read_key(struct reader *r, struct str *out)
{
    if (!is_lower(peek(r)) && peek(r) != '*')
        return false;
    *out = take_while(r, is_key_char);
    return true;
}

static bool
read_number(struct reader *r, struct sf_item *out)
{
    bool negative = eat(r, '-');
    struct str whole = take_while(r, is_digit), part = STR_NONE;

    if (whole.n == 0)
        return false;
    out->kind = SF_INT;
    if (eat(r, '.')) {
        part = take_while(r, is_digit);
        if (whole.n > 12 || part.n == 0 || part.n > 3)
            return false;
        out->kind = SF_DECIMAL;
    } else if (whole.n > 15) {
        return false;
    }
    out->i = 0;
    for (size_t i = 0; i < whole.n; i++)
        out->i = out->i * 10 + (whole.p[i] - '0');
    if (out->kind == SF_DECIMAL)
        for (size_t i = 0; i < 3; i++)
            out->i = out->i * 10 + (i < part.n ? part.p[i] - '0' : 0);
    if (negative)
        out->i = -out->i;
    return true;
}

static bool
read_string(struct reader *r, struct sf_item *out)
{
    char *p = arena_alloc(r->a, r->rest.n, 1);
    size_t n = 0;

    skip(r, 1);
    while (!at_end(r)) {
        char c = peek(r);

        skip(r, 1);
        if (c == '"') {
            *out = (struct sf_item){ .kind = SF_STRING, .s = { p, n } };
            return true;
        }
        if (c == '\\') {
            c = peek(r);
            if (c != '"' && c != '\\')
                return false;
            skip(r, 1);
        } else if (c < 0x20 || c > 0x7e) {
            return false;
        }
        p[n++] = c;
    }
    return false;
}

static bool
read_bytes(struct reader *r, struct sf_item *out)
{
    struct str b64, pad;
    ptrdiff_t end;

    skip(r, 1);
    end = str_chr(r->rest, ':');
    if (end < 0)
        return false;
    b64 = str_sub(r->rest, 0, (size_t)end);
    skip(r, (size_t)end + 1);
    pad = str_sub(S("==="), 0, (4 - b64.n % 4) % 4); /* senders may leave it out */
    out->kind = SF_BYTES;
    return b64_decode(r->a, str_cat(r->a, b64, pad, STR_NONE), &out->s);
}

static bool
read_bare(struct reader *r, struct sf_item *out)
{
    char c = peek(r);

    *out = (struct sf_item){ 0 };
    if (c == '-' || is_digit(c))
        return read_number(r, out);
    if (c == '"')
        return read_string(r, out);
    if (c == '*' || is_alpha(c)) {
        *out = (struct sf_item){ .kind = SF_TOKEN, .s = take_while(r, is_token_char) };
        return true;
    }
    if (c == ':')
        return read_bytes(r, out);
    if (c != '?' || r->rest.n < 2 || (r->rest.p[1] != '0' && r->rest.p[1] != '1'))
        return false;
    *out = (struct sf_item){ .kind = SF_BOOL, .i = r->rest.p[1] - '0' };
    skip(r, 2);
    return true;
}

static bool
read_params(struct reader *r, struct sf_item *out)
{
    struct sf_param *v = NULL;
    size_t n = 0, cap = 0;

    while (eat(r, ';')) {
        struct sf_param p = { .value = { .kind = SF_BOOL, .i = 1 } };
        size_t at = 0;

        skip_sp(r);
        if (!read_key(r, &p.key) || (eat(r, '=') && !read_bare(r, &p.value)))
            return false;
        while (at < n && !str_eq(v[at].key, p.key))
            at++;
        if (at == n) {
            if (n == SF_PARAMS_MAX)
                return false;
            if (n == cap) {
                v = arena_grow(r->a, v, cap * sizeof(*v), (cap + 8) * sizeof(*v), _Alignof(struct sf_param));
                cap += 8;
            }
            n++;
        }
        v[at] = p;
    }
    out->params = v;
    out->n_params = n;
    return true;
}

static bool
read_item(struct reader *r, struct sf_item *out)
{
    return read_bare(r, out) && read_params(r, out);
}

struct items {
    struct sf_item *v;
    size_t n, cap;
};

static bool
push(struct arena *a, struct items *l, struct sf_item item)
{
    if (l->n == SF_MEMBERS_MAX)
        return false;
    if (l->n == l->cap) {
        size_t cap = l->cap == 0 ? 8 : l->cap * 2;

        l->v = arena_grow(a, l->v, l->cap * sizeof(item), cap * sizeof(item), _Alignof(struct sf_item));
        l->cap = cap;
    }
    l->v[l->n++] = item;
    return true;
}

static bool
read_inner_list(struct reader *r, struct sf_item *out)
{
    struct items l = { 0 };

    skip(r, 1);
    for (;;) {
        struct sf_item item;

        skip_sp(r);
        if (eat(r, ')')) {
            *out = (struct sf_item){ .kind = SF_LIST, .items = l.v, .n = l.n };
            return read_params(r, out);
        }
        if (!read_item(r, &item) || (peek(r) != ' ' && peek(r) != ')') || !push(r->a, &l, item))
            return false;
    }
}

static bool
read_member(struct reader *r, struct sf_item *out)
{
    return peek(r) == '(' ? read_inner_list(r, out) : read_item(r, out);
}

/* Between members: false at a malformed place; *done at the end. */
static bool
next_member(struct reader *r, bool *done)
{
    skip_ows(r);
    *done = at_end(r);
    if (*done)
        return true;
    if (!eat(r, ','))
        return false;
    skip_ows(r);
    return !at_end(r);
}

static bool
begin(struct reader *r, struct arena *a, struct str field)
{
    if (field.n > SF_FIELD_BYTES_MAX)
        return false;
    while (field.n > 0 && field.p[field.n - 1] == ' ')
        field.n--;
    *r = (struct reader){ a, field };
    skip_sp(r);
    return true;
}

bool
sf_dict_parse(struct arena *a, struct str field, struct sf_dict *out)
{
    struct sf_member *v = NULL;
    size_t n = 0, cap = 0;
    struct reader r;
    bool done;

    if (!begin(&r, a, field))
        return false;
    for (done = at_end(&r); !done;) {
        struct sf_member m = { .value = { .kind = SF_BOOL, .i = 1 } };
        size_t at = 0;

        if (!read_key(&r, &m.key) || !(eat(&r, '=') ? read_member(&r, &m.value) : read_params(&r, &m.value)))
            return false;
        while (at < n && !str_eq(v[at].key, m.key))
            at++;
        if (at == n) {
            if (n == SF_MEMBERS_MAX)
                return false;
            if (n == cap) {
                v = arena_grow(a, v, cap * sizeof(*v), (cap + 16) * sizeof(*v), _Alignof(struct sf_member));
                cap += 16;
            }
            n++;
        }
        v[at] = m; /* the last one counts, at the place of the first */
        if (!next_member(&r, &done))
            return false;
    }
    *out = (struct sf_dict){ v, n };
    return true;
}

bool
sf_list_parse(struct arena *a, struct str field, const struct sf_item **out, size_t *n)
{
    struct items l = { 0 };
    struct reader r;
    bool done;

    if (!begin(&r, a, field))
        return false;
    for (done = at_end(&r); !done;) {
        struct sf_item item;

        if (!read_member(&r, &item) || !push(a, &l, item) || !next_member(&r, &done))
            return false;
    }
    *out = l.v;
    *n = l.n;
    return true;
}

bool
sf_item_parse(struct arena *a, struct str field, struct sf_item *out)
{
    struct reader r;

    return begin(&r, a, field) && read_item(&r, out) && at_end(&r);
}

const struct sf_item *
sf_get(const struct sf_dict *d, struct str key)
{
    for (size_t i = 0; i < d->n; i++)
        if (str_eq(d->v[i].key, key))
            return &d->v[i].value;
    return NULL;
}

const struct sf_item *
sf_param(const struct sf_item *item, struct str key)
{
    for (size_t i = 0; i < item->n_params; i++)
        if (str_eq(item->params[i].key, key))
            return &item->params[i].value;
    return NULL;
}

/* ---- serialising ----------------------------------------------------------------------------------------------------- */

bool
sf_put_string(struct buf *b, struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] < 0x20 || s.p[i] > 0x7e)
            return false;
    buf_putc(b, '"');
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] == '"' || s.p[i] == '\\')
            buf_putc(b, '\\');
        buf_putc(b, s.p[i]);
    }
    buf_putc(b, '"');
    return true;
}

void
sf_put_bytes(struct buf *b, struct str bytes)
{
    buf_putc(b, ':');
    buf_put(b, b64_encode(b->mem, bytes));
    buf_putc(b, ':');
}

static void
put_decimal(struct buf *b, int64_t thousandths)
{
    int64_t part = thousandths < 0 ? -thousandths : thousandths;
    char digits[3] = { (char)('0' + part / 100 % 10), (char)('0' + part / 10 % 10), (char)('0' + part % 10) };
    size_t n = 3;

    while (n > 1 && digits[n - 1] == '0')
        n--;
    if (thousandths < 0)
        buf_putc(b, '-');
    buf_put_int(b, part / 1000);
    buf_putc(b, '.');
    buf_put(b, (struct str){ digits, n });
}

void
sf_put(struct buf *b, const struct sf_item *item)
{
    switch (item->kind) {
    case SF_INT:
        buf_put_int(b, item->i);
        break;
    case SF_DECIMAL:
        put_decimal(b, item->i);
        break;
    case SF_STRING:
        (void)sf_put_string(b, item->s); /* what was parsed can be written */
        break;
    case SF_TOKEN:
        buf_put(b, item->s);
        break;
    case SF_BYTES:
        sf_put_bytes(b, item->s);
        break;
    case SF_BOOL:
        buf_putz(b, item->i != 0 ? "?1" : "?0");
        break;
    case SF_LIST:
        buf_putc(b, '(');
        for (size_t i = 0; i < item->n; i++) {
            if (i > 0)
                buf_putc(b, ' ');
            sf_put(b, &item->items[i]);
        }
        buf_putc(b, ')');
        break;
    }
    for (size_t i = 0; i < item->n_params; i++) {
        const struct sf_param *p = &item->params[i];

        buf_putc(b, ';');
        buf_put(b, p->key);
        if (p->value.kind != SF_BOOL || p->value.i == 0) {
            buf_putc(b, '=');
            sf_put(b, &p->value);
        }
    }
}

/*
 * The router: a tree of path segments, built once, read by all loops.  A path is decoded once, segment by segment, and only the decoded
 * text is matched, so that no handler sees another path than the one that chose it.
 */
#include "http/route.h"

#include "base/arena.h"
#include "base/url.h"
#include "base/utf8.h"

#include <stdlib.h>
#include <string.h>

enum { SEGMENTS_MAX = 32, ALLOW_BYTES_MAX = 64 };

static const char *const method_names[HTTP_METHOD_COUNT] = { "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE",
    "OPTIONS" };

enum seg_kind { SEG_LITERAL, SEG_ID, SEG_NAME, SEG_REST };

/* A segment of a pattern, as views into it. */
struct seg {
    enum seg_kind kind;
    struct str before, name, after; /* LITERAL: all of it is before */
};

struct node {
    struct seg seg;
    struct node **children; /* in the order of trying: sorted literals first */
    size_t n_children, n_literals;
    const struct route *routes[HTTP_METHOD_COUNT];
    const struct route_group *group; /* of the first route here or below */
};

struct added {
    const struct route *routes;
    size_t n;
};

struct router {
    struct node root;
    const struct route_group *fallback;
    struct added *tables;
    size_t n_tables;
};

static void *
must(void *p)
{
    if (p == NULL)
        BUG("out of memory");
    return p;
}

struct router *
router_new(void)
{
    return must(calloc(1, sizeof(struct router)));
}

static void
free_children(struct node *n)
{
    for (size_t i = 0; i < n->n_children; i++) {
        free_children(n->children[i]);
        free(n->children[i]);
    }
    free(n->children);
}

void
router_free(struct router *r)
{
    if (r == NULL)
        return;
    free_children(&r->root);
    free(r->tables);
    free(r);
}

void
router_set_fallback(struct router *r, const struct route_group *g)
{
    r->fallback = g;
}

/* ---- building -------------------------------------------------------------------------------------------------- */

static bool
is_name_char(char c)
{
    return (c >= 'a' && c <= 'z') || c == '_';
}

/* "@:acct" and ":name.rss" have text around the name; ":id" and ":x_id" are numbers. */
static struct seg
parse_segment(struct str s)
{
    struct seg seg = { .kind = SEG_LITERAL, .before = s };
    ptrdiff_t colon = str_chr(s, ':');
    size_t end;

    if (str_starts(s, S("*"))) {
        seg.kind = SEG_REST;
        seg.before = STR_NONE;
        seg.name = str_sub(s, 1, s.n);
        return seg;
    }
    if (colon < 0)
        return seg;
    end = (size_t)colon + 1;
    while (end < s.n && is_name_char(s.p[end]))
        end++;
    seg.before = str_sub(s, 0, (size_t)colon);
    seg.name = str_sub(s, (size_t)colon + 1, end);
    seg.after = str_sub(s, end, s.n);
    CHECK(seg.name.n > 0);
    seg.kind = str_eqz(seg.name, "id") || str_ends(seg.name, S("_id")) ? SEG_ID : SEG_NAME;
    return seg;
}

/* Take the first segment off a pattern or path that begins with a slash; false when nothing is left. */
static bool
cut_segment(struct str *rest, struct str *out)
{
    ptrdiff_t slash;

    if (rest->n <= 1)
        return false;
    *rest = str_sub(*rest, 1, rest->n);
    slash = str_chr(*rest, '/');
    *out = str_sub(*rest, 0, slash < 0 ? rest->n : (size_t)slash);
    *rest = str_sub(*rest, out->n, rest->n);
    return true;
}

/* < 0: a is tried before b. */
static int
compare_segs(const struct seg *a, const struct seg *b)
{
    size_t around_a = a->before.n + a->after.n, around_b = b->before.n + b->after.n;
    int order;

    if (a->kind == SEG_LITERAL || b->kind == SEG_LITERAL || a->kind == SEG_REST || b->kind == SEG_REST)
        order = (int)a->kind - (int)b->kind;
    else if (around_a != around_b)
        order = around_a > around_b ? -1 : 1;
    else
        order = (int)a->kind - (int)b->kind;
    if (order == 0)
        order = str_cmp(a->before, b->before);
    return order != 0 ? order : str_cmp(a->after, b->after);
}

static struct node *
child_for(struct node *parent, const struct seg *seg)
{
    struct node *n;
    size_t at = 0;
    int order = -1;

    while (at < parent->n_children && (order = compare_segs(&parent->children[at]->seg, seg)) < 0)
        at++;
    if (at < parent->n_children && order == 0)
        return parent->children[at];
    n = must(calloc(1, sizeof(*n)));
    n->seg = *seg;
    parent->children = must(realloc(parent->children, (parent->n_children + 1) * sizeof(struct node *)));
    memmove(&parent->children[at + 1], &parent->children[at], (parent->n_children - at) * sizeof(struct node *));
    parent->children[at] = n;
    parent->n_children++;
    parent->n_literals += seg->kind == SEG_LITERAL;
    return n;
}

static void
add_route(struct router *r, const struct route *route)
{
    struct str rest = str_z(route->pattern), part;
    struct node *n = &r->root;
    int params = 0;

    CHECK(str_starts(rest, S("/")) && route->method < HTTP_METHOD_COUNT && route->fn != NULL);
    while (cut_segment(&rest, &part)) {
        struct seg seg = parse_segment(part);

        CHECK(part.n > 0 && n->seg.kind != SEG_REST);
        params += seg.kind != SEG_LITERAL;
        n = child_for(n, &seg);
        if (n->group == NULL)
            n->group = route->group;
    }
    CHECK(rest.n == 0 || route->pattern[1] == '\0');
    CHECK(params <= HTTP_PARAMS_MAX);
    if (n->routes[route->method] != NULL)
        BUG("two routes for %s %s", method_names[route->method], route->pattern);
    n->routes[route->method] = route;
}

void
router_add(struct router *r, const struct route_group *g, struct route *routes, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        routes[i].group = g;
        add_route(r, &routes[i]);
    }
    r->tables = must(realloc(r->tables, (r->n_tables + 1) * sizeof(*r->tables)));
    r->tables[r->n_tables++] = (struct added){ routes, n };
}

void
router_each(const struct router *r, void (*fn)(void *arg, const struct route *route), void *arg)
{
    for (size_t t = 0; t < r->n_tables; t++)
        for (size_t i = 0; i < r->tables[t].n; i++)
            fn(arg, &r->tables[t].routes[i]);
}

/* ---- finding --------------------------------------------------------------------------------------------------- */

struct search {
    enum http_method method;
    struct str segs[SEGMENTS_MAX]; /* decoded */
    size_t n;
    struct str tail[SEGMENTS_MAX]; /* the path from that segment on, undecoded */
    unsigned allow;                /* bit of each method that some match has */
    const struct route *found;
    const struct route_group *group; /* of the deepest literal on the way */
    size_t group_depth;
};

static bool
is_number(struct str s, int64_t *id)
{
    return s.n > 0 && s.p[0] != '-' && str_int(s, id);
}

/* Does the text match a segment with a name, and which part of it is the value? */
static bool
match_name(const struct seg *seg, struct str text, struct str *value)
{
    int64_t id;

    if (text.n <= seg->before.n + seg->after.n || !str_starts(text, seg->before) || !str_ends(text, seg->after))
        return false;
    *value = str_sub(text, seg->before.n, text.n - seg->after.n);
    return seg->kind == SEG_NAME || is_number(*value, &id);
}

static const struct node *
find_literal(const struct node *n, struct str text)
{
    size_t from = 0, to = n->n_literals;

    while (from < to) {
        size_t mid = (from + to) / 2;
        int order = str_cmp(n->children[mid]->seg.before, text);

        if (order == 0)
            return n->children[mid];
        if (order < 0)
            from = mid + 1;
        else
            to = mid;
    }
    return NULL;
}

static bool
match_node(struct search *s, const struct node *n)
{
    for (unsigned m = 0; m < HTTP_METHOD_COUNT; m++)
        if (n->routes[m] != NULL)
            s->allow |= 1u << m;
    s->found = n->routes[s->method];
    if (s->found == NULL && s->method == HTTP_HEAD)
        s->found = n->routes[HTTP_GET];
    return s->found != NULL;
}

static bool
match_from(struct search *s, const struct node *n, size_t at)
{
    const struct node *literal;
    struct str value;

    if (at == s->n)
        return match_node(s, n);
    literal = find_literal(n, s->segs[at]);
    if (literal != NULL) {
        if (at + 1 > s->group_depth) {
            s->group = literal->group;
            s->group_depth = at + 1;
        }
        if (match_from(s, literal, at + 1))
            return true;
    }
    for (size_t i = n->n_literals; i < n->n_children; i++) {
        const struct node *child = n->children[i];

        if (child->seg.kind == SEG_REST ? match_node(s, child)
                                        : match_name(&child->seg, s->segs[at], &value) && match_from(s, child, at + 1))
            return true;
    }
    return false;
}

static bool
is_safe_text(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if ((unsigned char)s.p[i] < ' ' || s.p[i] == 0x7f)
            return false;
    return !str_eqz(s, ".") && !str_eqz(s, "..") && utf8_valid(s);
}

static enum err
split_path(struct arena *mem, struct str path, struct search *s)
{
    struct str rest = path, raw, tail = path;

    if (!str_starts(path, S("/")))
        return ERR_BAD_REQUEST;
    while (cut_segment(&rest, &raw)) {
        if (s->n == SEGMENTS_MAX)
            return ERR_NOT_FOUND;
        if (!url_decode(mem, raw, false, &s->segs[s->n]) || !is_safe_text(s->segs[s->n]))
            return ERR_BAD_REQUEST;
        if (raw.n == 0)
            return ERR_NOT_FOUND; /* two slashes in a row name nothing */
        s->tail[s->n++] = str_sub(tail, 1, tail.n);
        tail = rest;
    }
    return ERR_OK;
}

/* The tail of "/a/b%20c": every segment was checked, but a decoded slash would make it another path. */
static enum err
decode_tail(struct arena *mem, const struct search *s, size_t at, struct str *out)
{
    for (size_t i = at; i < s->n; i++)
        if (str_chr(s->segs[i], '/') >= 0 || str_chr(s->segs[i], '\\') >= 0)
            return ERR_BAD_REQUEST;
    return url_decode(mem, s->tail[at], false, out) ? ERR_OK : ERR_BAD_REQUEST;
}

/* Patterns name their own parameters, so they are read from the route that was found. */
static enum err
fill_params(struct arena *mem, const struct search *s, struct req *out)
{
    struct str rest = str_z(s->found->pattern), part;

    out->n_params = 0;
    for (size_t at = 0; cut_segment(&rest, &part); at++) {
        struct seg seg = parse_segment(part);
        struct path_param *p = &out->params[out->n_params];

        if (seg.kind == SEG_LITERAL)
            continue;
        *p = (struct path_param){ .name = seg.name };
        if (seg.kind == SEG_REST)
            TRY(decode_tail(mem, s, at, &p->value));
        else
            CHECK(match_name(&seg, s->segs[at], &p->value));
        if (seg.kind == SEG_ID)
            CHECK(is_number(p->value, &p->id));
        out->n_params++;
    }
    return ERR_OK;
}

static struct str
allow_text(struct arena *mem, unsigned allow)
{
    struct buf b;

    if ((allow & 1u << HTTP_GET) != 0)
        allow |= 1u << HTTP_HEAD;
    allow |= 1u << HTTP_OPTIONS;
    buf_init(&b, mem, ALLOW_BYTES_MAX);
    for (unsigned m = 0; m < HTTP_METHOD_COUNT; m++) {
        if ((allow & 1u << m) == 0)
            continue;
        if (b.n > 0)
            buf_put(&b, S(", "));
        buf_putz(&b, method_names[m]);
    }
    return buf_str(&b);
}

enum err
router_find(
    const struct router *r, struct arena *mem, enum http_method m, struct str path, struct req *out, struct str *allow)
{
    struct search s = { .method = m, .group = r->fallback };
    enum err e;

    out->route = NULL;
    out->route_group = r->fallback;
    e = split_path(mem, path, &s);
    if (e == ERR_OK && !match_from(&s, &r->root, 0))
        e = s.allow != 0 ? ERR_METHOD : ERR_NOT_FOUND;
    out->route_group = s.group;
    if (e == ERR_METHOD)
        *allow = allow_text(mem, s.allow);
    if (e != ERR_OK)
        return e;
    TRY(fill_params(mem, &s, out));
    out->route = s.found;
    out->route_group = s.found->group;
    return ERR_OK;
}

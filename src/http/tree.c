/* Growing a tree from bracketed names, and turning it into plain values. */
#include "http/tree.h"

#include "base/arena.h"
#include "base/utf8.h"
#include "http/params.h"

#include <stdlib.h>

struct tree_node {
    enum val_kind kind; /* STR, ARR, OBJ; NULL: not yet known */
    struct str key, text;
    struct tree_node *next, *first, *last;
    size_t n;
};

/* A name cut into its steps: "a[b][]" is a, b, "". */
struct path {
    struct str steps[PARAMS_DEPTH_MAX + 1];
    size_t n;
};

void
tree_init(struct tree *t, struct arena *a)
{
    *t = (struct tree){ .mem = a, .root = arena_new(a, struct tree_node) };
    t->root->kind = VAL_OBJ;
}

static enum err
split_name(struct str name, struct path *p)
{
    ptrdiff_t open = str_chr(name, '[');
    struct str rest = open <= 0 ? STR_NONE : str_sub(name, (size_t)open, name.n);
    enum err e = ERR_OK;

    p->n = 1;
    p->steps[0] = open <= 0 ? name : str_sub(name, 0, (size_t)open);
    while (rest.n > 0) {
        ptrdiff_t close = str_chr(rest, ']');

        if (rest.p[0] != '[' || close < 0) { /* brackets that do not match: the name is taken as it is */
            p->n = 1;
            p->steps[0] = name;
            return ERR_OK;
        }
        if (p->n == lengthof(p->steps))
            e = ERR_TOO_LARGE;
        else
            p->steps[p->n++] = str_sub(rest, 1, (size_t)close);
        rest = str_sub(rest, (size_t)close + 1, rest.n);
    }
    return e;
}

static struct tree_node *
append(struct tree *t, struct tree_node *parent, struct str key)
{
    struct tree_node *n = arena_new(t->mem, struct tree_node);

    n->key = key;
    if (parent->last == NULL)
        parent->first = n;
    else
        parent->last->next = n;
    parent->last = n;
    parent->n++;
    return n;
}

static struct tree_node *
find(const struct tree_node *parent, struct str key)
{
    for (struct tree_node *n = parent->first; n != NULL; n = n->next)
        if (str_eq(n->key, key))
            return n;
    return NULL;
}

/* Would the rest of the path find a text where it wants to put one?  Then a list of objects has reached its next item. */
static bool
is_taken(const struct tree_node *item, const struct path *p, size_t at)
{
    for (; item != NULL && at < p->n; at++) {
        if (p->steps[at].n == 0)
            return false;
        item = item->kind == VAL_OBJ ? find(item, p->steps[at]) : NULL;
    }
    return item != NULL;
}

static bool
become(struct tree_node *n, enum val_kind kind)
{
    if (n->kind == VAL_NULL)
        n->kind = kind;
    return n->kind == kind;
}

/* The child of n that step `at` leads to, made when missing; NULL when n is something else already. */
static struct tree_node *
descend(struct tree *t, struct tree_node *n, const struct path *p, size_t at)
{
    struct str step = p->steps[at];
    struct tree_node *child;
    bool last = at + 1 == p->n;

    if (at > 0 && step.n == 0) {
        if (!become(n, VAL_ARR))
            return NULL;
        if (last || n->last == NULL || is_taken(n->last, p, at + 1))
            return append(t, n, STR_NONE);
        return n->last;
    }
    if (!become(n, VAL_OBJ))
        return NULL;
    child = find(n, step);
    if (child == NULL ||
        (last && child->kind == VAL_STR)) /* the same name again: reading takes the last, lists take all */
        return append(t, n, step);
    return child;
}

enum err
tree_add(struct tree *t, struct str name, struct str value)
{
    struct tree_node *n = t->root;
    struct path p;

    if (!utf8_valid(name) || !utf8_valid(value))
        return ERR_BAD_REQUEST;
    if (++t->n_keys > PARAMS_KEYS_MAX)
        return ERR_TOO_LARGE;
    TRY(split_name(name, &p));
    for (size_t at = 0; at < p.n; at++) {
        n = descend(t, n, &p, at);
        if (n == NULL)
            return ERR_BAD_REQUEST;
    }
    if (!become(n, VAL_STR))
        return ERR_BAD_REQUEST;
    n->text = value;
    return ERR_OK;
}

static void
fill_val(struct arena *a, const struct tree_node *n, struct val *out)
{
    struct val *v = NULL;
    struct str *keys = NULL;
    size_t i = 0;

    out->kind = n->kind;
    out->s = n->text;
    out->n = n->n;
    if (n->kind == VAL_STR)
        return;
    v = arena_vec(a, struct val, n->n);
    if (n->kind == VAL_OBJ)
        keys = arena_vec(a, struct str, n->n);
    for (const struct tree_node *child = n->first; child != NULL; child = child->next, i++) {
        fill_val(a, child, &v[i]);
        if (keys != NULL)
            keys[i] = child->key;
    }
    out->v = v;
    out->keys = keys;
}

const struct val *
tree_val(const struct tree *t)
{
    struct val *v = arena_new(t->mem, struct val);

    fill_val(t->mem, t->root, v);
    return v;
}

/* ---- objects with numbers for names ---------------------------------------------------------------------------- */

struct numbered {
    int64_t number;
    size_t i;
};

static int
by_number(const void *a, const void *b)
{
    const struct numbered *x = a, *y = b;

    return (x->number > y->number) - (x->number < y->number);
}

static bool
is_numbered(const struct val *v)
{
    int64_t number;

    if (v->kind != VAL_OBJ || v->n == 0)
        return false;
    for (size_t i = 0; i < v->n; i++)
        if (!str_int(v->keys[i], &number) || number < 0)
            return false;
    return true;
}

const struct val *
tree_arrays(struct arena *a, const struct val *v)
{
    bool numbered = is_numbered(v);
    struct val *out, *items;
    struct numbered *order;

    if (v->n == 0 || (v->kind != VAL_ARR && v->kind != VAL_OBJ))
        return v;
    out = arena_new(a, struct val);
    *out = *v;
    items = arena_vec(a, struct val, v->n);
    order = arena_vec(a, struct numbered, v->n);
    for (size_t i = 0; i < v->n; i++) {
        order[i].i = i;
        if (numbered)
            CHECK(str_int(v->keys[i], &order[i].number));
    }
    if (numbered) {
        qsort(order, v->n, sizeof(*order), by_number);
        out->kind = VAL_ARR;
        out->keys = NULL;
    }
    for (size_t i = 0; i < v->n; i++)
        items[i] = *tree_arrays(a, &v->v[order[i].i]);
    out->v = items;
    return out;
}

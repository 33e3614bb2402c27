/*
 * The tree that form-like parameters grow into: "a[b][]=c" one at a time, then a struct val.  Rules as Rack's, with refusals:
 * https://www.w3.org/TR/html401/interact/forms.html knows only flat names; the brackets are a convention.
 */
#ifndef HTTP_TREE_H
#define HTTP_TREE_H

#include "base/err.h"
#include "base/val.h"

struct arena;
struct tree_node;

struct tree {
    struct arena *mem;
    struct tree_node *root;
    size_t n_keys;
};

void tree_init(struct tree *t, struct arena *a);
/*
 * Add one pair; name and value are decoded text and must live as long as the tree.  A name whose brackets do not match stands for itself.
 * Errors: BAD_REQUEST (text here, list or object there; not UTF-8), TOO_LARGE (more than PARAMS_KEYS_MAX, deeper than PARAMS_DEPTH_MAX).
 */
NODISCARD enum err tree_add(struct tree *t, struct str name, struct str value);
/* An object; a flat name that was given several times stands in it several times. */
const struct val *tree_val(const struct tree *t);
/* The same value with every object whose names are all numbers turned into an array in their order. */
const struct val *tree_arrays(struct arena *a, const struct val *v);

#endif

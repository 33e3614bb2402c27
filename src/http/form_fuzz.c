/* Queries and forms: no crash, all text is UTF-8, lists of objects stay within their limits. */
#include "base/arena.h"
#include "base/utf8.h"
#include "http/form.h"
#include "http/params.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static size_t
check(const struct val *v, int depth)
{
    size_t n = 1;

    CHECK(depth <= PARAMS_DEPTH_MAX + 1);
    if (v->kind == VAL_STR)
        CHECK(utf8_valid(v->s));
    for (size_t i = 0; i < v->n; i++) {
        if (v->kind == VAL_OBJ)
            CHECK(utf8_valid(v->keys[i]));
        n += check(&v->v[i], depth + 1);
    }
    return n;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct arena *a = arena_new_heap();
    struct tree t;

    tree_init(&t, a);
    if (form_parse(&t, (struct str){ (const char *)data, n }) == ERR_OK) {
        const struct val *v = tree_val(&t);
        size_t nodes = check(v, 0);

        CHECK(nodes <= 1 + PARAMS_KEYS_MAX * (PARAMS_DEPTH_MAX + 1));
        CHECK(check(tree_arrays(a, v), 0) == nodes);
    }
    arena_free(a);
    return 0;
}

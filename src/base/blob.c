/* Immutable bytes with a reference count. */
#include "base/blob.h"

#include <stdatomic.h>

struct blob {
    atomic_size_t refs;
    size_t n;
    char p[];
};

struct blob *
blob_new(struct str bytes)
{
    return blob_new_parts(&bytes, 1);
}

struct blob *
blob_new_parts(const struct str *parts, size_t n)
{
    struct blob *b;
    size_t total = 0;
    char *at;

    for (size_t i = 0; i < n; i++)
        if (__builtin_add_overflow(total, parts[i].n, &total))
            BUG("blob too large");
    b = total < SIZE_MAX / 2 ? malloc(sizeof(*b) + total + 1) : NULL;
    if (b == NULL)
        BUG("out of memory for a blob of %zu bytes", total);
    atomic_init(&b->refs, 1);
    b->n = total;
    at = b->p;
    for (size_t i = 0; i < n; i++) {
        if (parts[i].n > 0)
            memcpy(at, parts[i].p, parts[i].n);
        at += parts[i].n;
    }
    *at = '\0';
    return b;
}

struct blob *
blob_ref(struct blob *b)
{
    /* Relaxed is enough: whoever calls has a reference already. */
    size_t before = atomic_fetch_add_explicit(&b->refs, 1, memory_order_relaxed);

    CHECK(before > 0 && before < SIZE_MAX);
    return b;
}

void
blob_unref(struct blob *b)
{
    size_t before;

    if (b == NULL)
        return;
    before = atomic_fetch_sub_explicit(&b->refs, 1, memory_order_acq_rel);
    CHECK(before > 0);
    if (before == 1)
        free(b);
}

struct str
blob_str(const struct blob *b)
{
    return (struct str){ b->p, b->n };
}

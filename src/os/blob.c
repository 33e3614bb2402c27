/* Reference-counted immutable bytes. */
#include "os/blob.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

struct blob *
blob_new_n(size_t n)
{
    struct blob *b = malloc(sizeof(*b) + n);

    if (b == NULL)
        BUG("out of memory");
    atomic_init(&b->refs, 1);
    b->n = n;
    return b;
}

struct blob *
blob_new(struct str bytes)
{
    struct blob *b = blob_new_n(bytes.n);

    if (bytes.n > 0)
        memcpy(b->p, bytes.p, bytes.n);
    return b;
}

struct blob *
blob_ref(struct blob *b)
{
    atomic_fetch_add_explicit(&b->refs, 1, memory_order_relaxed);
    return b;
}

void
blob_unref(struct blob *b)
{
    /* Acquire-release: the last owner must see what the others did before it frees. */
    if (b != NULL && atomic_fetch_sub_explicit(&b->refs, 1, memory_order_acq_rel) == 1)
        free(b);
}

struct str
blob_str(const struct blob *b)
{
    return (struct str){ b->p, b->n };
}

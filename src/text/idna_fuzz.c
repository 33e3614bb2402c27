/* A normal name is normal again. */
#include "text/idna.h"

#include "base/arena.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct arena *a = arena_new_heap();
    struct str in = { (const char *)data, n }, out, again;

    if (text_domain_normal(a, in, &out)) {
        CHECK(text_domain_normal(a, out, &again) && str_eq(out, again));
        CHECK(text_domain_within(out, out));
    }
    text_authority_normal(a, in, &out);
    arena_free(a);
    return 0;
}

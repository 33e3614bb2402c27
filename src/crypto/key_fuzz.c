/* Strangers' keys in all their forms.  What reads must survive its own forms. */
#include "base/arena.h"
#include "crypto/sign.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void
check(struct arena *a, const struct public_key *k)
{
    struct public_key back;

    CHECK(key_read_pem(a, key_pem(a, k), &back) == ERR_OK && key_eq(k, &back));
    CHECK(key_unpack(key_pack(a, k), &back) == ERR_OK && key_eq(k, &back));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct arena *a = arena_new_heap();
    struct str text = { (const char *)data, n };
    struct public_key k;

    if (key_read_pem(a, text, &k) == ERR_OK)
        check(a, &k);
    if (key_read_der(a, text, &k) == ERR_OK)
        check(a, &k);
    if (key_read_multikey(a, text, &k) == ERR_OK)
        check(a, &k);
    if (key_unpack(text, &k) == ERR_OK)
        check(a, &k);
    arena_free(a);
    return 0;
}

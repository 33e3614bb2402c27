#include "crypto/digest.h"

#include "vectors.h"

UNIT(sha256_of_nothing_and_in_pieces)
{
    struct sha256_run *run = sha256_new();
    struct sha256 whole = sha256(S("abcdef")), d;

    sha256_put(run, S("abc"));
    sha256_put(run, S("def"));
    d = sha256_done(run);
    assert_true(str_eq(sha256_str(&d), sha256_str(&whole)));
    d = sha256(STR_NONE);
    assert_true(str_eq(sha256_str(&d), unhex(S("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"))));
}

UNIT(hmac_wycheproof)
{
    const struct val *groups = val_get(vectors("vectors/wycheproof/hmac_sha256_test.json"), S("testGroups"));
    size_t n = 0;

    for (size_t g = 0; g < groups->n; g++) {
        const struct val *tests = val_get(&groups->v[g], S("tests"));
        size_t tag_n = (size_t)val_int(val_get(&groups->v[g], S("tagSize")), 0) / 8;

        for (size_t i = 0; i < tests->n; i++, n++) {
            const struct val *t = &tests->v[i];
            struct sha256 d = hmac_sha256(unhex(member(t, "key")), unhex(member(t, "msg")));
            bool same = str_eq(str_sub(sha256_str(&d), 0, tag_n), unhex(member(t, "tag")));

            assert_int_equal(same, str_eqz(member(t, "result"), "valid"));
        }
    }
    assert_true(n > 100);
}

/* What strangers' browsers and authenticators send, as each of the parts that it could be. */
#include "base/arena.h"
#include "crypto/webauthn.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct webauthn_site site = { S("social.example"), S("https://social.example") };
    struct arena *a = arena_new_heap();
    struct str in = { (const char *)data, n }, challenge;
    struct webauthn_answer answer = { S("{}"), in, in };
    struct webauthn_key k;
    const char *why;
    int64_t count;

    (void)!webauthn_client_data(a, &site, WEBAUTHN_GET, in, &challenge, &why);
    if (webauthn_register(a, &site, S("{}"), in, &k, &why) == ERR_OK) {
        CHECK(k.id.n > 0 && k.id.n <= WEBAUTHN_ID_MAX && k.key.n > 0);
        CHECK(webauthn_verify(&site, &k, &answer, true, &count, &why) != ERR_OK);
    }
    k = (struct webauthn_key){ .key = in, .alg = n > 64 ? -257 : n > 32 ? -7 : -8 };
    CHECK(webauthn_verify(&site, &k, &answer, true, &count, &why) != ERR_OK);
    arena_free(a);
    return 0;
}

/* A URL that is taken is taken again in its normal form, and means the same; coding and decoding are inverse. */
#include "base/arena.h"
#include "base/ip.h"
#include "base/url.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct str s = { (const char *)data, n }, out;
    struct arena *a = arena_new_heap();
    struct url u, again;
    struct cidr net;

    if (url_parse(a, s, &u)) {
        CHECK(url_parse(a, u.text, &again));
        CHECK(str_eq(u.text, again.text) && str_eq(u.origin, again.origin) && str_eq(u.target, again.target));
        CHECK(u.port == again.port && url_is_host(u.host));
        CHECK(url_same_origin(a, s, u.text));
    }
    CHECK(url_decode(a, url_encode(a, s), false, &out) && str_eq(out, s));
    if (!url_decode(a, s, true, &out))
        CHECK(str_chr(s, '%') >= 0);
    if (cidr_parse(s, &net))
        CHECK(cidr_has(&net, &net.ip) && net.bits <= 128);
    arena_free(a);
    return 0;
}

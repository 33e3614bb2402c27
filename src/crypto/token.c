/* Random tokens and what the database keeps of them. */
#include "crypto/token.h"

#include "base/arena.h"
#include "base/b64.h"
#include "base/rng.h"
#include "crypto/digest.h"

struct str
token_new(struct arena *a)
{
    return rng_base64url(a, 32);
}

struct str
token_hash(struct arena *a, struct str token)
{
    struct sha256 d = sha256(token);

    return b64url_encode(a, sha256_str(&d));
}

struct str
token_new_code(struct arena *a, size_t groups)
{
    static const char letters[] = "23456789abcdefghjkmnpqrstuvwxyz"; /* no 0 o 1 l i */
    char *p = arena_alloc(a, groups * 5 + 1, 1);
    size_t n = 0;

    for (size_t g = 0; g < groups; g++) {
        if (g > 0)
            p[n++] = '-';
        for (int i = 0; i < 4; i++)
            p[n++] = letters[rng_below(sizeof(letters) - 1)];
    }
    return (struct str){ p, n };
}

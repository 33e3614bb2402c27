/* Base58btc by long division, base 2^8 to base 58 and back. */
#include "crypto/b58.h"

#include "base/arena.h"

static const char alphabet[] = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";

struct str
b58_encode(struct arena *a, struct str bytes)
{
    size_t zeros = 0, n = 0, cap = bytes.n * 138 / 100 + 1;
    unsigned char *digits;
    char *out;

    CHECK(bytes.n <= B58_BYTES_MAX);
    while (zeros < bytes.n && bytes.p[zeros] == 0)
        zeros++;
    digits = arena_alloc(a, cap, 1); /* least significant first */
    for (size_t i = zeros; i < bytes.n; i++) {
        unsigned carry = (unsigned char)bytes.p[i];

        for (size_t k = 0; k < n || carry > 0; k++) {
            CHECK(k < cap);
            if (k == n)
                n++;
            carry += (unsigned)digits[k] << 8;
            digits[k] = (unsigned char)(carry % 58);
            carry /= 58;
        }
    }
    out = arena_alloc(a, zeros + n + 1, 1);
    memset(out, alphabet[0], zeros);
    for (size_t k = 0; k < n; k++)
        out[zeros + k] = alphabet[digits[n - 1 - k]];
    return (struct str){ out, zeros + n };
}

static int
value(char c)
{
    const char *at = c == '\0' ? NULL : strchr(alphabet, c);

    return at == NULL ? -1 : (int)(at - alphabet);
}

bool
b58_decode(struct arena *a, struct str text, struct str *out)
{
    size_t ones = 0, n = 0;
    unsigned char *bytes;
    char *p;

    while (ones < text.n && text.p[ones] == alphabet[0])
        ones++;
    if (ones > B58_BYTES_MAX || text.n - ones > (size_t)B58_BYTES_MAX * 138 / 100)
        return false;
    bytes = arena_alloc(a, text.n - ones + 1, 1); /* least significant first */
    for (size_t i = ones; i < text.n; i++) {
        int carry = value(text.p[i]);

        if (carry < 0)
            return false;
        for (size_t k = 0; k < n || carry > 0; k++) {
            if (k == n)
                n++;
            carry += bytes[k] * 58;
            bytes[k] = (unsigned char)(carry & 0xff);
            carry >>= 8;
        }
    }
    if (ones + n > B58_BYTES_MAX)
        return false;
    p = arena_alloc(a, ones + n + 1, 1);
    for (size_t k = 0; k < n; k++)
        p[ones + k] = (char)bytes[n - 1 - k];
    *out = (struct str){ p, ones + n };
    return true;
}

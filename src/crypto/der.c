/*
 * Reading and writing the DER of public keys.  OpenSSL's decoder would do, but costs 400 µs for a key; this is 60 lines and one
 * microsecond.  Private keys, which are ours, go through OpenSSL.
 */
#include "crypto/internal.h"

#include "base/arena.h"

bool
der_take(struct str *rest, unsigned char tag, struct str *out)
{
    size_t at = 2, n;

    if (rest->n < 2 || (unsigned char)rest->p[0] != tag)
        return false;
    n = (unsigned char)rest->p[1];
    if (n >= 0x80) {
        size_t more = n & 0x7f;

        if (more == 0 || more > 3 || rest->n < 2 + more)
            return false;
        n = 0;
        for (size_t i = 0; i < more; i++)
            n = n << 8 | (unsigned char)rest->p[at++];
        if (n < 0x80 || n >> (8 * (more - 1)) == 0) /* a shorter form existed */
            return false;
    }
    if (n > rest->n - at)
        return false;
    *out = (struct str){ rest->p + at, n };
    *rest = (struct str){ rest->p + at + n, rest->n - at - n };
    return true;
}

bool
der_take_uint(struct str *rest, struct str *out)
{
    struct str v;

    if (!der_take(rest, DER_INTEGER, &v) || v.n == 0 || (unsigned char)v.p[0] >= 0x80)
        return false;
    if (v.p[0] == 0) {
        if (v.n > 1 && (unsigned char)v.p[1] < 0x80) /* a sign byte without need */
            return false;
        v = str_sub(v, 1, v.n);
    }
    *out = v;
    return true;
}

struct str
der_put(struct arena *a, unsigned char tag, struct str content)
{
    char head[5] = { (char)tag };
    size_t n = 1;

    CHECK(content.n < 1u << 24);
    if (content.n < 0x80) {
        head[n++] = (char)content.n;
    } else {
        int bytes = content.n < 0x100 ? 1 : content.n < 0x10000 ? 2 : 3;

        head[n++] = (char)(0x80 | bytes);
        for (int i = bytes - 1; i >= 0; i--)
            head[n++] = (char)(content.n >> (8 * i));
    }
    return str_cat(a, (struct str){ head, n }, content.p == NULL ? S("") : content, STR_NONE);
}

struct str
der_put_uint(struct arena *a, struct str bytes)
{
    if (bytes.n == 0 || (unsigned char)bytes.p[0] >= 0x80)
        bytes = str_cat(a, (struct str){ "\0", 1 }, bytes, STR_NONE);
    return der_put(a, DER_INTEGER, bytes);
}

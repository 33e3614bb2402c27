/* Base64 and base64url, strict. */
#include "base/b64.h"

#include "base/arena.h"

static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
static const char url[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

static struct str
encode(struct arena *a, struct str s, const char *alphabet, bool pad)
{
    char *p = arena_alloc(a, (s.n + 2) / 3 * 4 + 1, 1);
    size_t n = 0;

    for (size_t i = 0; i < s.n; i += 3) {
        size_t left = s.n - i;
        uint32_t v = (uint32_t)(unsigned char)s.p[i] << 16;

        if (left > 1)
            v |= (uint32_t)(unsigned char)s.p[i + 1] << 8;
        if (left > 2)
            v |= (unsigned char)s.p[i + 2];
        p[n++] = alphabet[v >> 18];
        p[n++] = alphabet[(v >> 12) & 63];
        if (left > 1)
            p[n++] = alphabet[(v >> 6) & 63];
        else if (pad)
            p[n++] = '=';
        if (left > 2)
            p[n++] = alphabet[v & 63];
        else if (pad)
            p[n++] = '=';
    }
    return (struct str){ p, n };
}

static int
value(char c, bool is_url)
{
    if (c >= 'A' && c <= 'Z')
        return c - 'A';
    if (c >= 'a' && c <= 'z')
        return c - 'a' + 26;
    if (c >= '0' && c <= '9')
        return c - '0' + 52;
    if (c == (is_url ? '-' : '+'))
        return 62;
    if (c == (is_url ? '_' : '/'))
        return 63;
    return -1;
}

static bool
decode(struct arena *a, struct str s, bool is_url, struct str *out)
{
    size_t pad = 0, n = 0;
    uint32_t acc = 0;
    int bits = 0;
    char *p;

    while (pad < 2 && s.n > 0 && s.p[s.n - 1] == '=') {
        s.n--;
        pad++;
    }
    if (s.n % 4 == 1 || (pad > 0 && (s.n + pad) % 4 != 0) || (!is_url && (s.n + pad) % 4 != 0))
        return false;
    p = arena_alloc(a, s.n / 4 * 3 + 3, 1);
    for (size_t i = 0; i < s.n; i++) {
        int v = value(s.p[i], is_url);

        if (v < 0)
            return false;
        acc = acc << 6 | (uint32_t)v;
        bits += 6;
        if (bits >= 8) {
            bits -= 8;
            p[n++] = (char)(acc >> bits);
            acc &= (1u << bits) - 1;
        }
    }
    if (acc != 0)
        return false;
    *out = (struct str){ p, n };
    return true;
}

struct str
b64_encode(struct arena *a, struct str bytes)
{
    return encode(a, bytes, plain, true);
}

struct str
b64url_encode(struct arena *a, struct str bytes)
{
    return encode(a, bytes, url, false);
}

bool
b64_decode(struct arena *a, struct str text, struct str *out)
{
    return decode(a, text, false, out);
}

bool
b64url_decode(struct arena *a, struct str text, struct str *out)
{
    return decode(a, text, true, out);
}

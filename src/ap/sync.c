/* Digest of a follower list, and the header that carries it. */
#include "ap/sync.h"

#include "base/arena.h"
#include "base/buf.h"

enum { HEADER_BYTES_MAX = 4096 };

void
ap_sync_add(struct sha256 *sum, struct str follower_id)
{
    struct sha256 d = sha256(follower_id);

    for (size_t i = 0; i < sizeof(d.b); i++)
        sum->b[i] ^= d.b[i];
}

bool
ap_sync_is_of(struct str follower_id, struct str origin)
{
    return str_starts(follower_id, origin) && follower_id.n > origin.n && follower_id.p[origin.n] == '/';
}

static struct str
hex(struct arena *a, const struct sha256 *sum)
{
    struct buf b;

    buf_init(&b, a, 64);
    buf_put_hex(&b, sha256_str(sum));
    return buf_str(&b);
}

struct str
ap_sync_header(struct arena *a, struct str collection, struct str url, const struct sha256 *sum)
{
    return str_cat(
        a, S("collectionId=\""), collection, S("\", digest=\""), hex(a, sum), S("\", url=\""), url, S("\""), STR_NONE);
}

bool
ap_sync_parse(struct arena *a, struct str header, struct ap_sync *out)
{
    struct ap_sync s = { 0 };
    struct str part;

    if (header.n > HEADER_BYTES_MAX)
        return false;
    while (str_cut(&header, ',', &part)) {
        struct str value = part, name, *into;

        if (!str_cut(&value, '=', &name) || value.p == NULL)
            return false;
        name = str_trim(name);
        value = str_trim(value);
        if (value.n < 2 || value.p[0] != '"' || value.p[value.n - 1] != '"')
            return false;
        into = str_eqi(name, S("collectionId")) ? &s.collection
               : str_eqi(name, S("digest"))     ? &s.digest
               : str_eqi(name, S("url"))        ? &s.url
                                                : NULL;
        if (into == NULL)
            continue;
        if (into->p != NULL)
            return false;
        *into = str_sub(value, 1, value.n - 1);
    }
    if (s.collection.n == 0 || s.url.n == 0 || s.digest.n != 64)
        return false;
    s.digest = str_lower(a, s.digest);
    *out = s;
    return true;
}

bool
ap_sync_eq(const struct ap_sync *s, const struct sha256 *sum)
{
    static const char digits[] = "0123456789abcdef";
    char text[64];

    for (size_t i = 0; i < sizeof(sum->b); i++) {
        text[2 * i] = digits[sum->b[i] >> 4];
        text[2 * i + 1] = digits[sum->b[i] & 15];
    }
    return str_eq(s->digest, (struct str){ text, sizeof(text) });
}

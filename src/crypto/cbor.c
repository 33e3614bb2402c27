#include "crypto/cbor.h"

enum { CBOR_BYTES = 2, CBOR_TEXT = 3, CBOR_ARRAY = 4, CBOR_MAP = 5, CBOR_TAG = 6, CBOR_SIMPLE = 7, DEPTH_MAX = 8 };

/* Major type and argument of the next item. */
static bool
take_head(struct str *rest, int *major, uint64_t *value)
{
    size_t more;

    if (rest->n == 0)
        return false;
    *major = (unsigned char)rest->p[0] >> 5;
    *value = (unsigned char)rest->p[0] & 31;
    *rest = str_sub(*rest, 1, rest->n);
    if (*value < 24)
        return true;
    if (*value > 27)
        return false;
    more = (size_t)1 << (*value - 24);
    if (rest->n < more)
        return false;
    *value = 0;
    for (size_t i = 0; i < more; i++)
        *value = *value << 8 | (unsigned char)rest->p[i];
    *rest = str_sub(*rest, more, rest->n);
    return true;
}

static bool
skip(struct str *rest, int depth)
{
    uint64_t value;
    int major;

    if (depth > DEPTH_MAX || !take_head(rest, &major, &value))
        return false;
    if (major == CBOR_BYTES || major == CBOR_TEXT) {
        if (value > rest->n)
            return false;
        *rest = str_sub(*rest, (size_t)value, rest->n);
        return true;
    }
    if (major != CBOR_ARRAY && major != CBOR_MAP && major != CBOR_TAG)
        return true;
    if (value > rest->n && major != CBOR_TAG) /* each member has a byte at least */
        return false;
    value = major == CBOR_TAG ? 1 : major == CBOR_MAP ? value * 2 : value;
    for (uint64_t i = 0; i < value; i++)
        if (!skip(rest, depth + 1))
            return false;
    return true;
}

bool
cbor_item(struct str *rest, struct str *item)
{
    struct str from = *rest;

    if (!skip(rest, 0))
        return false;
    *item = str_sub(from, 0, from.n - rest->n);
    return true;
}

bool
cbor_map(struct str *rest, size_t *n)
{
    uint64_t value;
    int major;

    if (!take_head(rest, &major, &value) || major != CBOR_MAP || value > rest->n)
        return false;
    *n = (size_t)value;
    return true;
}

static bool
content(struct str item, int wanted, struct str *out)
{
    uint64_t value;
    int major;

    if (!take_head(&item, &major, &value) || major != wanted || value != item.n)
        return false;
    *out = item;
    return true;
}

bool
cbor_text(struct str item, struct str *out)
{
    return content(item, CBOR_TEXT, out);
}

bool
cbor_bytes(struct str item, struct str *out)
{
    return content(item, CBOR_BYTES, out);
}

/* Eight bytes of JSON text at a time, for json.c and json_write.c. */
#ifndef BASE_JSON_SCAN_H
#define BASE_JSON_SCAN_H

#include "base/def.h"

/*
 * A set high bit for each byte that is a quote, backslash, control or not ASCII.  Higher bytes than the first such one may be set by a
 * borrow; the first is always right.
 */
static inline uint64_t
json_stops(uint64_t w)
{
    const uint64_t ones = 0x0101010101010101u, high = ones * 0x80;

    return (w | (w - ones * 0x20) | ((w ^ ones * '"') - ones) | ((w ^ ones * '\\') - ones)) & high;
}

/* Index in memory of the first byte that json_stops() marked; stops is not 0. */
static inline size_t
json_first_stop(uint64_t stops)
{
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    return (size_t)__builtin_ctzll(stops) / 8;
#else
    return 0 * stops; /* the borrow runs the other way: look at each byte */
#endif
}

#endif

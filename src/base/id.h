/*
 * Time-ordered 64-bit ids: 48 bits of milliseconds since 1970, 16 bits that make them unique within one.  Strings in JSON.
 * https://docs.joinmastodon.org/api/guidelines/#id
 */
#ifndef BASE_ID_H
#define BASE_ID_H

#include "base/def.h"

/* A new id for now; unique in this process and ascending; between processes a random start makes a clash unlikely. */
int64_t id_new(void);
/* An id for a moment in the past, e.g. `published` of a remote post; the low bits are random. */
int64_t id_at(int64_t ms);
/* The moment an id was made for. */
int64_t id_ms(int64_t id);

#endif

/*
 * Time-ordered 64-bit ids: 48 bits of milliseconds since 1970, 10 bits that count within one, 6 bits with the number of the process among
 * those on one database.  Strings in JSON.  https://docs.joinmastodon.org/api/guidelines/#id
 */
#ifndef BASE_ID_H
#define BASE_ID_H

#include "base/def.h"

enum { ID_NODES = 64 }; /* numbers of processes; 0 is shared by all that have none */

/*
 * A new id for now; unique in this process and ascending, and unlike those of processes with another number.  Processes without one
 * begin at a random place in each millisecond, so that a clash among them is unlikely.
 */
int64_t id_new(void);
/* An id for a moment in the past, e.g. `published` of a remote post; the low bits are random. */
int64_t id_at(int64_t ms);
/* The moment an id was made for. */
int64_t id_ms(int64_t id);
/* This process alone has that number until then (clock_mono_ms), and none afterwards; service/node.h.  Any thread. */
void id_node(int number, int64_t until_mono_ms);

#endif

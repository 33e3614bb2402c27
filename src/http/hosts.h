/*
 * A bounded table of hosts.  Strangers name hosts, so the table never grows past its maximum: the entry that was not asked for the
 * longest goes, unless it is pinned.  Owners embed struct host as the first member of their own entry.  No locks: the owner's.
 */
#ifndef HTTP_HOSTS_H
#define HTTP_HOSTS_H

#include "base/str.h"
#include "http/circuit.h"

struct hosts;

struct host {
    struct str name; /* lower case, with ":port" when not the default */
    struct circuit circuit;
    int pins;
    /* the table's own */
    uint64_t hash;
    struct host *chain;
    struct host *newer, *older;
};

/* entry_bytes >= sizeof(struct host); new entries are zeroed behind it. */
NODISCARD struct hosts *hosts_new(size_t max, size_t entry_bytes);
void hosts_free(struct hosts *t);
/* Find or add.  NULL when it is new and every entry is pinned. */
struct host *hosts_get(struct hosts *t, struct str name);
/* Find only, NULL when unknown. */
struct host *hosts_find(struct hosts *t, struct str name);
/* A pinned entry stays, e.g. while requests are in flight.  Calls nest. */
void hosts_pin(struct hosts *t, struct host *h);
void hosts_unpin(struct hosts *t, struct host *h);
size_t hosts_count(const struct hosts *t);
/* Every entry, in no order.  fn must not add. */
void hosts_each(struct hosts *t, void (*fn)(void *arg, struct host *h), void *arg);

#endif

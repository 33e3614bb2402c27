/*
 * The hub of this process joined with those of the others on the same database, over a bus: LISTEN and NOTIFY of PostgreSQL, or Redis.
 * What is published here reaches everybody who listens there, in the order of one publishing thread, usually within a few milliseconds.
 *
 * Nothing waits for the bus and nothing fails because of it.  Messages wait in memory (bounded) while the link is down.  When any from
 * others may have been lost, `lost` is called: whoever keeps something in memory by what others say forgets it.  A process that is alone
 * sends nothing but its beat.  doc/design/growing.md
 */
#ifndef HUB_BRIDGE_H
#define HUB_BRIDGE_H

#include "hub/hub.h"

struct db;
struct bridge;

struct bridge_options {
    struct hub *hub;
    struct str bus;  /* redis://…, unix:/path; empty: the database */
    struct str name; /* of the server; the same in all its processes */
    struct db *db;   /* PostgreSQL when bus is empty */
    /* On the bridge's thread.  A message of another process, before this one's subscribers get it. */
    void (*heard)(void *arg, const struct hub_message *m);
    void (*lost)(void *arg);
    void *arg;
    /* For tests; 0: as usual. */
    int beat_ms;   /* between two signs of life */
    int queue_max; /* messages that wait */
};

/* Starts its thread and joins the hub, which nobody may use yet.  NULL: no thread or descriptor.  It connects when it can. */
NODISCARD struct bridge *bridge_start(const struct bridge_options *o);
/* Sends what waits, if the link is up, and leaves the hub, which nobody may use any more.  Accepts NULL. */
void bridge_stop(struct bridge *b);

/* Does everything that others publish arrive here?  False from some seconds after the link broke until it is mended.  Any thread. */
bool bridge_is_whole(const struct bridge *b);
/* Other processes, as far as known.  Any thread. */
int bridge_others(const struct bridge *b);

#endif

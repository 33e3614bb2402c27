/* The delivery loop joined with the services: rows from the database, keys of our accounts. */
#ifndef DELIVER_SOURCE_H
#define DELIVER_SOURCE_H

#include "deliver/deliver.h"

/*
 * Start the loop on env's database and client, and let the services wake it.  NULL: no threads.  env must outlive it;
 * end it with deliver_stop.
 */
NODISCARD struct deliver *deliver_start(const struct env *env);
/* Accepts NULL. */
void deliver_stop(struct deliver *d, int grace_ms);

#endif

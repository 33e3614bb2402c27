/* Collection-Synchronization headers for the signing threads: the sums of an account's followers are kept half a minute. */
#ifndef DELIVER_SYNC_H
#define DELIVER_SYNC_H

#include "base/ctx.h"

enum { SYNC_PLACES = 16 };

/* The header of a delivery by that account to that inbox, in mem; empty: none, or not to be had: the delivery goes anyway.  Any thread. */
struct str sync_header_get(const struct env *env, struct arena *mem, int64_t account_id, struct str inbox);
/* Forget all: at the end. */
void sync_forget(void);

#endif

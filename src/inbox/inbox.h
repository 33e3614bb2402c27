/*
 * Where other servers knock: POST to the inboxes.  The gate (gate.c) decides in the order of doc/design/inbox.md and answers 202 only when
 * the activity and its job are on disk; the job (process.c) checks who says what and calls the handler of activities.def.
 */
#ifndef INBOX_INBOX_H
#define INBOX_INBOX_H

#include "http/route.h"
#include "queue/queue.h"

void inbox_routes(struct router *r);
/* Handler of J_PROCESS_ACTIVITY.  Again: every effect is a set operation. */
NODISCARD enum err job_process_activity(struct ctx *c, const struct job *job);

#endif

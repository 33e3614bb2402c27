/* What report.c and report_in.c share. */
#ifndef SERVICE_REPORT_INTERNAL_H
#define SERVICE_REPORT_INTERNAL_H

#include "base/ctx.h"
#include "model/report.h"

/* In a write transaction: keep it (gives id and time) and tell the staff.  CONFLICT: it is there. */
NODISCARD enum err service_report_store(struct ctx *c, struct report *r);

#endif

/*
 * A year of an account in numbers ("Wrapstodon").  Made by a job when its owner asks, from the first of December of that year on.
 * https://docs.joinmastodon.org/entities/AnnualReport/
 */
#ifndef SERVICE_ANNUAL_REPORT_H
#define SERVICE_ANNUAL_REPORT_H

#include "base/ctx.h"
#include "model/annual_report.h"

/* The newest year that may be reported; 0 before the first December of this server's time. */
int64_t service_annual_year(void);
NODISCARD enum err service_annual_state(struct ctx *c, int64_t year, enum annual_state *out);
/* Queue it; *refresh_id is what the client may ask by, 0 when it is there already.  INVALID: not eligible (public text). */
NODISCARD enum err service_annual_generate(struct ctx *c, int64_t year, int64_t *refresh_id);
/* The job: idempotent, the same numbers again. */
NODISCARD enum err service_annual_make(struct ctx *c, int64_t account_id, int64_t year);
/* With the accounts and statuses that the reports name.  year 0: all that the caller has not viewed; else one, or NOT_FOUND. */
NODISCARD enum err service_annual_get(
    struct ctx *c, int64_t year, struct annual_reports *out, struct accounts *accounts, struct statuses *statuses);
NODISCARD enum err service_annual_view(struct ctx *c, int64_t year); /* NOT_FOUND */

#endif

/* Follows of the caller that others ended: by blocking a domain, or by a suspension. */
#ifndef SERVICE_SEVERANCE_H
#define SERVICE_SEVERANCE_H

#include "base/ctx.h"
#include "base/page.h"
#include "model/notification.h"

/* Newest first; kept for a year. */
NODISCARD enum err service_severance_list(struct ctx *c, const struct page *p, struct severance **v, size_t *n);
/* The accounts of one, as the CSV of an export, so that they can be followed again from elsewhere.  NOT_FOUND. */
NODISCARD enum err service_severance_csv(struct ctx *c, int64_t id, bool followers, struct str *csv);

#endif

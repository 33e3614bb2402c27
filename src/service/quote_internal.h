/* What the parts of quotes share. */
#ifndef SERVICE_QUOTE_INTERNAL_H
#define SERVICE_QUOTE_INTERNAL_H

#include "base/ctx.h"
#include "model/quote.h"

/* The stamp that shows the consent: ours by number, another server's as verified.  Empty: none, or none needed. */
struct str service_quote_stamp_uri(struct ctx *c, const struct quote *q);

#endif

/* What machines around the server ask for: health, metrics, the clock of tests; and files that need no database. */
#ifndef OPS_OPS_H
#define OPS_OPS_H

#include "http/route.h"

/* /health, /metrics, /media/…, /static/…, pictures for those who have none. */
void ops_routes(struct router *r);
/* POST /test/clock: only when the configuration says test_clock. */
void ops_test_routes(struct router *r);

#endif

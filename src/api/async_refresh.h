/* The header that tells a client that better results are on the way. */
#ifndef API_ASYNC_REFRESH_H
#define API_ASYNC_REFRESH_H

#include "http/http.h"
#include "model/async_refresh.h"

/* Nothing without an id.  retry_s: when it is worth asking. */
void api_async_refresh_header(struct ctx *c, struct req *r, const struct async_refresh *a, int retry_s);

#endif

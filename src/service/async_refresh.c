/* Work that goes on after an answer. */
#include "service/async_refresh.h"

#include "store/async_refresh.h"

enum err
service_async_get(struct ctx *c, int64_t id, struct async_refresh *out)
{
    return store_async_get(c, c->who.account_id, id, out);
}

/* Actors behind an inbox that is gone. */
#include "service/refresh.h"

#include "base/page.h"
#include "db/db.h"
#include "service/receive.h"
#include "service/resolve.h"
#include "store/account.h"
#include "store/federation.h"

enum { ACTORS_MAX = 20 };

static enum err
refresh(struct ctx *c, int64_t id)
{
    struct budget budget = budget_new();
    struct account *a;
    enum err e;

    TRY(store_account_get(c, id, &a));
    e = service_resolve_refresh(c, &budget, &a);
    if (e != ERR_OK)
        ctx_ok(c);
    if (e == ERR_GONE) {
        TRY(store_account_get(c, id, &a));
        return service_receive_actor_delete(c, a);
    }
    return e == ERR_REMOTE ? e : ERR_OK;
}

enum err
service_refresh_inbox(struct ctx *c, struct str inbox)
{
    enum err worst = ERR_OK;
    struct ids ids;

    TRY(store_accounts_of_inbox(c, inbox, ACTORS_MAX, &ids));
    for (size_t i = 0; i < ids.n; i++) {
        enum err e = refresh(c, ids.v[i]);

        if (e != ERR_OK)
            worst = e;
    }
    return worst == ERR_OK ? ERR_OK : ctx_fail(c, worst, "an actor of %.*s", STR_ARG(inbox));
}

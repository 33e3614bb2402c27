/* Follows of the caller that others ended. */
#include "service/severance.h"

#include "service/exchange.h"
#include "store/severance.h"
#include "text/csv.h"

enum { PORTION = 1000, CELLS = 4 };

enum err
service_severance_list(struct ctx *c, const struct page *p, struct severance **v, size_t *n)
{
    return store_severance_page(c, c->who.account_id, p, v, n);
}

static enum err
own(struct ctx *c, int64_t id)
{
    struct severance *v;
    size_t n;

    TRY(store_severance_list(c, &(struct ids){ &id, 1 }, &v, &n));
    if (n == 0 || v[0].account_id != c->who.account_id)
        return ctx_fail(c, ERR_NOT_FOUND, "no such event");
    return ERR_OK;
}

enum err
service_severance_csv(struct ctx *c, int64_t id, bool followers, struct str *csv)
{
    const struct str head[CELLS] = { S("Account address"), S("Show boosts"), S("Notify on new posts"), S("Languages") };
    size_t width = followers ? 1 : CELLS, n;
    struct severed_follow *v;
    struct str after = S("");
    struct buf b;

    TRY(own(c, id));
    buf_init(&b, c->mem, EXPORT_BYTES_MAX);
    csv_put(&b, head, width);
    do {
        TRY(store_severed_page(c, id, followers, after, PORTION, &v, &n));
        for (size_t i = 0; i < n; i++) {
            const struct str cells[CELLS] = { v[i].handle, v[i].reblogs ? S("true") : S("false"),
                v[i].notify ? S("true") : S("false"), v[i].languages };

            csv_put(&b, cells, width);
            after = v[i].handle;
        }
    } while (n == PORTION);
    if (b.full)
        return ctx_fail(c, ERR_TOO_LARGE, "list of ended follows");
    *csv = buf_str(&b);
    return ERR_OK;
}

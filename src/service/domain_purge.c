/* Everything of a domain goes. */
#include "service/domain_internal.h"

#include "db/db.h"
#include "service/prune.h"
#include "store/emoji.h"
#include "text/idna.h"

enum { PORTION = 500 };

static enum err
erase(struct ctx *c, void *arg, const struct domain_accounts *some)
{
    struct domain_purged *out = arg;

    for (size_t i = 0; i < some->n; i++) {
        struct arena_mark m = arena_save(c->mem);
        int64_t later_ms;

        do
            TRY(service_account_erase(c, some->v[i].id, &later_ms));
        while (later_ms > 0);
        out->accounts++;
        arena_restore(c->mem, m);
    }
    return ERR_OK;
}

/* ---- emoji and hosts: names in portions ---------------------------------------------------------------------------- */

static enum err
delete_emoji(struct ctx *c, struct str domain, struct domain_purged *out)
{
    struct strs codes;

    do {
        TRY(store_domain_emoji_codes(c, domain, PORTION, &codes));
        TRY(db_begin(c, DB_WRITE));
        for (size_t i = 0; i < codes.n; i++)
            TRY(store_emoji_delete(c, domain, codes.v[i]));
        TRY(db_commit(c));
        out->emoji += (int64_t)codes.n;
    } while (codes.n == PORTION);
    return ERR_OK;
}

static enum err
forget_host(struct ctx *c, struct str host, struct domain_purged *out)
{
    TRY(db_begin(c, DB_WRITE));
    TRY(store_domain_forget_host(c, host));
    out->hosts++;
    return db_commit(c);
}

typedef enum err (*names_fn)(struct ctx *c, struct str after, int64_t limit, struct strs *out);
typedef enum err (*name_fn)(struct ctx *c, struct str name, struct domain_purged *out);

static enum err
each_name(struct ctx *c, struct str domain, names_fn page, name_fn fn, struct domain_purged *out)
{
    struct str after = S("");
    struct strs some;

    do {
        TRY(page(c, after, PORTION, &some));
        for (size_t i = 0; i < some.n; i++)
            if (text_domain_within(domain_without_port(some.v[i]), domain))
                TRY(fn(c, some.v[i], out));
        if (some.n > 0)
            after = some.v[some.n - 1];
    } while (some.n == PORTION);
    return ERR_OK;
}

enum err
service_domain_purge(struct ctx *c, struct str domain, struct domain_purged *out)
{
    struct str name;

    *out = (struct domain_purged){ 0 };
    TRY(domain_normal(c, domain, &name));
    TRY(domain_each_account(c, name, erase, out));
    TRY(each_name(c, name, store_domain_emoji, delete_emoji, out));
    return each_name(c, name, store_domain_hosts, forget_host, out);
}

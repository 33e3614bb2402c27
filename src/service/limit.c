/* What a process that counts rate limits leaves to the next one. */
#include "service/limit.h"

#include "base/b64.h"
#include "base/clock.h"
#include "base/rng.h"
#include "crypto/secretbox.h"
#include "db/db.h"
#include "store/limit.h"
#include "store/setting.h"

#include <string.h>

enum { SEED_BYTES = 16 };

static const char seed_name[] = "limit_seed";
#define SEED_CONTEXT S("limit.seed")

static bool
open_seed(struct ctx *c, struct str text, uint64_t seed[2])
{
    struct str sealed, plain;

    if (text.n == 0 || !b64_decode(c->mem, text, &sealed) ||
        secret_box_unseal(c->env->box, c->mem, SEED_CONTEXT, sealed, &plain) != ERR_OK || plain.n != SEED_BYTES)
        return false;
    memcpy(seed, plain.p, SEED_BYTES);
    return true;
}

/* Two processes that start at once on a new database: the one that comes second takes what the first has made. */
static enum err
make_seed(struct ctx *c, uint64_t seed[2])
{
    struct str text;

    TRY(db_begin(c, DB_WRITE));
    TRY(store_setting_get(c, seed_name, STR_NONE, &text));
    if (!open_seed(c, text, seed)) {
        struct str plain = { (const char *)seed, SEED_BYTES };

        rng_bytes(seed, SEED_BYTES);
        TRY(store_setting_put(
            c, seed_name, b64_encode(c->mem, secret_box_seal(c->env->box, c->mem, SEED_CONTEXT, plain))));
    }
    return db_commit(c);
}

enum err
service_limit_load(struct ctx *c, uint64_t seed[2], struct limit_count **out, size_t *n)
{
    struct str text;

    TRY(store_setting_get(c, seed_name, STR_NONE, &text));
    if (!open_seed(c, text, seed))
        TRY(make_seed(c, seed));
    return store_limit_list(c, clock_ms(), out, n);
}

enum err
service_limit_keep(struct ctx *c, const struct limit_count *v, size_t n)
{
    TRY(db_begin(c, DB_WRITE));
    for (size_t i = 0; i < n; i++)
        TRY(store_limit_put(c, &v[i]));
    return db_commit(c);
}

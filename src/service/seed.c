/* Keys of hashes that outlive a process. */
#include "service/seed.h"

#include "base/b64.h"
#include "base/rng.h"
#include "crypto/secretbox.h"
#include "db/db.h"
#include "store/setting.h"

#include <string.h>

enum { SEED_BYTES = 16 };

static bool
open_seed(struct ctx *c, const char *name, struct str text, uint64_t seed[2])
{
    struct str sealed, plain;

    if (text.n == 0 || !b64_decode(c->mem, text, &sealed) ||
        secret_box_unseal(c->env->box, c->mem, str_z(name), sealed, &plain) != ERR_OK || plain.n != SEED_BYTES)
        return false;
    memcpy(seed, plain.p, SEED_BYTES);
    return true;
}

/* Two processes that start at once on a new database: the one that comes second takes what the first has made. */
static enum err
make_seed(struct ctx *c, const char *name, uint64_t seed[2])
{
    struct str text;

    TRY(db_begin(c, DB_WRITE));
    TRY(store_setting_get(c, name, STR_NONE, &text));
    if (!open_seed(c, name, text, seed)) {
        struct str plain = { (const char *)seed, SEED_BYTES };

        rng_bytes(seed, SEED_BYTES);
        TRY(store_setting_put(c, name, b64_encode(c->mem, secret_box_seal(c->env->box, c->mem, str_z(name), plain))));
    }
    return db_commit(c);
}

enum err
service_seed(struct ctx *c, const char *name, uint64_t seed[2])
{
    struct str text;

    TRY(store_setting_get(c, name, STR_NONE, &text));
    return open_seed(c, name, text, seed) ? ERR_OK : make_seed(c, name, seed);
}

/* A table with one place for each hash value: two accounts that clash take turns, which costs a read and no more. */
#include "deliver/keys.h"

#include "base/clock.h"
#include "db/db.h"
#include "service/account.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

enum { KEEP_MS = MINUTE_MS };

struct place {
    bool used;
    int64_t account_id, until_mono_ms;
    enum key_kind kind;
    char *bytes; /* key, then id */
    size_t n_key, n_id;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct place places[SIGNING_KEYS_MAX];

static struct place *
place_of(int64_t account_id, enum key_kind kind)
{
    return &places[((uint64_t)account_id << 1 | (kind == KEY_ED25519)) * 0x9e3779b97f4a7c15u >> 54];
}

_Static_assert(SIGNING_KEYS_MAX == 1 << 10, "the shift above leaves ten bits");

static void
empty(struct place *p)
{
    if (p->bytes != NULL)
        explicit_bzero(p->bytes, p->n_key + p->n_id);
    free(p->bytes);
    *p = (struct place){ 0 };
}

static bool
find(struct arena *mem, int64_t account_id, enum key_kind kind, struct signing_key *out)
{
    struct place *p = place_of(account_id, kind);
    bool found;

    pthread_mutex_lock(&lock);
    found = p->used && p->account_id == account_id && p->kind == kind && clock_mono_ms() < p->until_mono_ms;
    if (found) {
        out->key = (struct private_key){ p->kind, str_dup(mem, (struct str){ p->bytes, p->n_key }) };
        out->id = str_dup(mem, (struct str){ p->bytes + p->n_key, p->n_id });
    }
    pthread_mutex_unlock(&lock);
    return found;
}

static void
keep(int64_t account_id, const struct private_key *key, struct str id)
{
    struct place *p = place_of(account_id, key->kind);
    char *bytes = malloc(key->der.n + id.n);

    if (bytes == NULL)
        return;
    memcpy(bytes, key->der.p, key->der.n);
    memcpy(bytes + key->der.n, id.p, id.n);
    pthread_mutex_lock(&lock);
    empty(p);
    *p = (struct place){ true, account_id, clock_mono_ms() + KEEP_MS, key->kind, bytes, key->der.n, id.n };
    pthread_mutex_unlock(&lock);
}

enum err
signing_key_get(
    const struct env *env, struct arena *mem, int64_t account_id, enum key_kind kind, struct signing_key *out)
{
    struct private_key *key;
    struct ctx c;
    enum err e;

    if (find(mem, account_id, kind, out))
        return ERR_OK;
    ctx_begin(&c, mem, env);
    e = kind == KEY_ED25519 ? service_account_proof_key(&c, account_id, &key, &out->id)
                            : service_account_signing_key(&c, account_id, &key, &out->id);
    db_rollback(&c); /* gives the connection back; what was read stays in mem */
    if (e != ERR_OK)
        return e;
    out->key = *key;
    keep(account_id, key, out->id);
    return ERR_OK;
}

enum err
signing_key_old(const struct env *env, struct arena *mem, int64_t account_id, struct signing_key *out)
{
    struct private_key *key;
    struct ctx c;
    enum err e;

    ctx_begin(&c, mem, env);
    e = service_account_old_key(&c, account_id, &key, &out->id);
    db_rollback(&c);
    if (e == ERR_OK)
        out->key = *key;
    return e;
}

void
signing_keys_forget(void)
{
    pthread_mutex_lock(&lock);
    for (size_t i = 0; i < lengthof(places); i++)
        empty(&places[i]);
    pthread_mutex_unlock(&lock);
}

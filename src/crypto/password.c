/*
 * Password hashes and the threads that compute them.  One job lies on its caller's stack; the caller sleeps on the job's own
 * condition until a worker has answered.  Sleeping callers are bounded by queue_max, so that a flood of logins cannot
 * occupy every request worker.
 */
#include "crypto/password.h"

#include "base/arena.h"
#include "base/cond.h"
#include "base/metric.h"
#include "base/rng.h"
#include "crypto/digest.h"

#include <argon2.h>
#include <crypt.h>
#include <pthread.h>

enum { SALT_BYTES = 16, HASH_BYTES = 32, PHC_BYTES_MAX = 160, STORED_BYTES_MAX = 512 };

/* ---- the two kinds of hashes ---------------------------------------------------------------------------------------- */

/* Set once at the start, before any thread hashes. */
static uint32_t memory_kib = PW_MEMORY_KIB, passes = PW_PASSES;

void
password_cheap(void)
{
    memory_kib = 8; /* the least that argon2 takes */
    passes = 1;
}

static bool
argon2_make(struct str password, char phc[PHC_BYTES_MAX])
{
    unsigned char salt[SALT_BYTES];

    rng_bytes(salt, sizeof(salt));
    return argon2id_hash_encoded(passes, memory_kib, PW_LANES, password.p, password.n, salt, sizeof(salt), HASH_BYTES,
               phc, PHC_BYTES_MAX) == ARGON2_OK;
}

static bool
is_current(struct str hash)
{
    char want[64];

    snprintf(want, sizeof(want), "$argon2id$v=19$m=%u,t=%u,p=%d$", memory_kib, passes, PW_LANES);
    return str_starts(hash, str_z(want));
}

static bool
is_bcrypt(struct str hash)
{
    return hash.n == 60 && (str_starts(hash, S("$2a$")) || str_starts(hash, S("$2b$")) || str_starts(hash, S("$2y$")));
}

static bool
bcrypt_fits(const char *password, struct str hash)
{
    struct crypt_data *data = calloc(1, sizeof(*data)); /* 32 KB: too much for a stack */
    char setting[STORED_BYTES_MAX];
    const char *got;
    bool ok;

    CHECK(data != NULL);
    snprintf(setting, sizeof(setting), "%.*s", STR_ARG(hash));
    got = crypt_rn(password, setting, data, (int)sizeof(*data));
    ok = got != NULL && str_eq_secret(str_z(got), hash);
    crypto_wipe(data, sizeof(*data));
    free(data);
    return ok;
}

/* What an unknown user's password is compared with: made once, of random bytes. */
static char nobody[PHC_BYTES_MAX];
static pthread_once_t nobody_once = PTHREAD_ONCE_INIT;

static void
make_nobody(void)
{
    unsigned char random[24];

    rng_bytes(random, sizeof(random));
    CHECK(argon2_make((struct str){ (char *)random, sizeof(random) }, nobody));
}

static enum err
verify_here(struct str password, struct str hash, bool *ok, bool *rehash)
{
    char text[PASSWORD_BYTES_MAX + 1], stored[STORED_BYTES_MAX];

    *ok = false;
    if (hash.n == 0 || hash.n >= sizeof(stored) || password.n == 0 || password.n > PASSWORD_BYTES_MAX) {
        pthread_once(&nobody_once, make_nobody);
        argon2id_verify(nobody, password.p, MIN(password.n, (size_t)PASSWORD_BYTES_MAX));
        return ERR_OK;
    }
    if (is_bcrypt(hash)) {
        memcpy(text, password.p, password.n);
        text[password.n] = '\0';
        *ok = strlen(text) == password.n && bcrypt_fits(text, hash); /* bcrypt ends at a NUL byte */
        crypto_wipe(text, sizeof(text));
    } else {
        int rc;

        snprintf(stored, sizeof(stored), "%.*s", STR_ARG(hash));
        rc = argon2id_verify(stored, password.p, password.n);
        if (rc == ARGON2_MEMORY_ALLOCATION_ERROR || rc == ARGON2_THREAD_FAIL)
            return ERR_INTERNAL;
        *ok = rc == ARGON2_OK;
    }
    *rehash = *ok && !is_current(hash);
    return ERR_OK;
}

/* ---- the pool -------------------------------------------------------------------------------------------------------- */

struct job {
    struct str password, hash;
    bool is_hash;
    char phc[PHC_BYTES_MAX];
    bool ok, rehash, done;
    enum err err;
    pthread_cond_t wake;
    struct job *next;
};

struct pwpool {
    pthread_mutex_t lock;
    struct cond_queue idle;
    struct job *first, **last;
    int waiting, queue_max, n_threads;
    bool stop;
    pthread_t threads[];
};

static void
run(struct job *j)
{
    metric_add(METRIC_PASSWORDS, 1);
    if (j->is_hash)
        j->err = argon2_make(j->password, j->phc) ? ERR_OK : ERR_INTERNAL;
    else
        j->err = verify_here(j->password, j->hash, &j->ok, &j->rehash);
}

static void *
work(void *arg)
{
    struct pwpool *p = arg;

    pthread_mutex_lock(&p->lock);
    for (;;) {
        struct job *j;

        while (p->first == NULL && !p->stop)
            cond_queue_wait(&p->idle, &p->lock, COND_FOREVER);
        if (p->first == NULL)
            break;
        j = p->first;
        p->first = j->next;
        if (p->first == NULL)
            p->last = &p->first;
        p->waiting--;
        pthread_mutex_unlock(&p->lock);
        run(j);
        pthread_mutex_lock(&p->lock);
        j->done = true;
        pthread_cond_signal(&j->wake);
    }
    pthread_mutex_unlock(&p->lock);
    return NULL;
}

enum err
pwpool_new(int threads, int queue_max, struct pwpool **out)
{
    struct pwpool *p;

    CHECK(threads > 0 && queue_max > 0);
    p = calloc(1, sizeof(*p) + sizeof(p->threads[0]) * (size_t)threads);
    CHECK(p != NULL);
    p->last = &p->first;
    p->queue_max = queue_max;
    CHECK(pthread_mutex_init(&p->lock, NULL) == 0);
    for (; p->n_threads < threads; p->n_threads++)
        if (pthread_create(&p->threads[p->n_threads], NULL, work, p) != 0) {
            pwpool_free(p);
            return ERR_INTERNAL;
        }
    *out = p;
    return ERR_OK;
}

void
pwpool_free(struct pwpool *p)
{
    if (p == NULL)
        return;
    pthread_mutex_lock(&p->lock);
    p->stop = true;
    cond_queue_call_all(&p->idle);
    pthread_mutex_unlock(&p->lock);
    for (int i = 0; i < p->n_threads; i++)
        pthread_join(p->threads[i], NULL);
    pthread_mutex_destroy(&p->lock);
    free(p);
}

static enum err
submit(struct pwpool *p, struct job *j)
{
    if (p == NULL) {
        run(j);
        return j->err;
    }
    pthread_mutex_lock(&p->lock);
    if (p->waiting >= p->queue_max || p->stop) {
        pthread_mutex_unlock(&p->lock);
        return ERR_BUSY;
    }
    CHECK(pthread_cond_init(&j->wake, NULL) == 0);
    *p->last = j;
    p->last = &j->next;
    p->waiting++;
    cond_queue_call(&p->idle);
    while (!j->done)
        pthread_cond_wait(&j->wake, &p->lock);
    pthread_mutex_unlock(&p->lock);
    pthread_cond_destroy(&j->wake);
    return j->err;
}

enum err
password_hash(struct pwpool *p, struct arena *a, struct str password, struct str *out)
{
    struct job j = { .password = password, .is_hash = true };

    if (password.n == 0 || password.n > PASSWORD_BYTES_MAX)
        return ERR_INVALID;
    TRY(submit(p, &j));
    *out = str_dup(a, str_z(j.phc));
    return ERR_OK;
}

enum err
password_verify(struct pwpool *p, struct str password, struct str hash, bool *ok, bool *rehash)
{
    struct job j = { .password = password, .hash = hash };

    *ok = false;
    if (rehash != NULL)
        *rehash = false;
    TRY(submit(p, &j));
    *ok = j.ok;
    if (rehash != NULL)
        *rehash = j.rehash;
    return ERR_OK;
}

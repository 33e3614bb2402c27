#include "crypto/password.h"

#include "base/clock.h"
#include "unit.h"

#include <crypt.h>
#include <pthread.h>

UNIT(a_hash_fits_its_password_only)
{
    struct str hash, other;
    bool ok, rehash;

    assert_int_equal(password_hash(NULL, unit_mem(), S("correct horse"), &hash), ERR_OK);
    assert_true(str_starts(hash, S("$argon2id$v=19$m=19456,t=2,p=1$")));
    assert_int_equal(password_verify(NULL, S("correct horse"), hash, &ok, &rehash), ERR_OK);
    assert_true(ok);
    assert_false(rehash);
    assert_int_equal(password_verify(NULL, S("correct horsf"), hash, &ok, &rehash), ERR_OK);
    assert_false(ok);
    assert_int_equal(password_hash(NULL, unit_mem(), S("correct horse"), &other), ERR_OK);
    assert_false(str_eq(hash, other)); /* salted */
}

UNIT(imported_bcrypt_is_verified_and_wants_a_new_hash)
{
    struct crypt_data *data = calloc(1, sizeof(*data));
    struct str hash;
    bool ok, rehash;

    /* cost 4 keeps the test quick; Mastodon's are cost 10 */
    hash =
        str_dup(unit_mem(), str_z(crypt_rn("s3cret pass", "$2a$04$abcdefghijklmnopqrstuu", data, (int)sizeof(*data))));
    free(data);
    assert_int_equal(hash.n, 60);
    assert_int_equal(password_verify(NULL, S("s3cret pass"), hash, &ok, &rehash), ERR_OK);
    assert_true(ok && rehash);
    assert_int_equal(password_verify(NULL, S("s3cret pasS"), hash, &ok, &rehash), ERR_OK);
    assert_true(!ok && !rehash);
    assert_int_equal(password_verify(NULL, S("s3cret pass\0x"), hash, &ok, NULL), ERR_OK);
    assert_false(ok); /* bytes after a NUL count */
}

UNIT(weaker_argon2_settings_want_a_new_hash)
{
    /* argon2id of "password", 64 KiB, 2 passes: the reference implementation's own example values */
    struct str weak = S("$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4");
    bool ok, rehash;

    assert_int_equal(password_verify(NULL, S("password"), weak, &ok, &rehash), ERR_OK);
    assert_true(ok && rehash);
}

UNIT(unknown_users_and_junk_never_fit)
{
    static const struct str junk[] = { { NULL, 0 }, { "x", 1 }, { "$argon2id$v=19$m=19456,t=2,p=1$", 31 }, { "!", 1 } };
    struct str out;
    bool ok = true;

    for (size_t i = 0; i < lengthof(junk); i++) {
        assert_int_equal(password_verify(NULL, S("anything"), junk[i], &ok, NULL), ERR_OK);
        assert_false(ok);
    }
    assert_int_equal(password_verify(NULL, S(""), S(""), &ok, NULL), ERR_OK);
    assert_false(ok);
    assert_int_equal(password_hash(NULL, unit_mem(), S(""), &out), ERR_INVALID);
}

struct caller {
    struct pwpool *pool;
    enum err err;
    bool ok;
};

static void *
call(void *arg)
{
    struct caller *c = arg;

    c->err = password_verify(c->pool, S("x"), S(""), &c->ok, NULL);
    return NULL;
}

UNIT(the_pool_answers_all_or_says_busy)
{
    enum { CALLERS = 12 };
    struct caller callers[CALLERS];
    pthread_t threads[CALLERS];
    int done = 0, busy = 0;
    struct pwpool *pool;
    struct str hash;
    bool ok;

    assert_int_equal(pwpool_new(1, 2, &pool), ERR_OK);
    for (int i = 0; i < CALLERS; i++) {
        callers[i] = (struct caller){ .pool = pool };
        assert_int_equal(pthread_create(&threads[i], NULL, call, &callers[i]), 0);
    }
    for (int i = 0; i < CALLERS; i++) {
        pthread_join(threads[i], NULL);
        done += callers[i].err == ERR_OK;
        busy += callers[i].err == ERR_BUSY;
    }
    assert_int_equal(done + busy, CALLERS);
    assert_true(done >= 1);
    assert_int_equal(password_hash(pool, unit_mem(), S("after"), &hash), ERR_OK);
    assert_int_equal(password_verify(pool, S("after"), hash, &ok, NULL), ERR_OK);
    assert_true(ok);
    pwpool_free(pool);
    pwpool_free(NULL);
}

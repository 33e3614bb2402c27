#include "crypto/secretbox.h"

#include "vectors.h"

#include <sys/stat.h>
#include <unistd.h>

static struct secret_box *
box_of(char fill)
{
    struct secret_box *b;
    char key[32];

    memset(key, fill, sizeof(key));
    assert_int_equal(secret_box_from_key((struct str){ key, sizeof(key) }, &b), ERR_OK);
    return b;
}

UNIT(sealed_opens_with_same_key_and_context_only)
{
    struct secret_box *b = box_of(1), *other = box_of(2);
    struct str sealed = secret_box_seal(b, unit_mem(), S("user.totp:7"), S("secret")), plain;

    assert_int_equal(sealed.n, 1 + 12 + 6 + 16);
    assert_int_equal(secret_box_unseal(b, unit_mem(), S("user.totp:7"), sealed, &plain), ERR_OK);
    assert_str(plain, "secret");
    assert_int_equal(secret_box_unseal(b, unit_mem(), S("user.totp:8"), sealed, &plain), ERR_INVALID);
    assert_int_equal(secret_box_unseal(other, unit_mem(), S("user.totp:7"), sealed, &plain), ERR_INVALID);
    assert_false(str_eq(sealed, secret_box_seal(b, unit_mem(), S("user.totp:7"), S("secret")))); /* new nonce */
    sealed = secret_box_seal(b, unit_mem(), S(""), S(""));
    assert_int_equal(secret_box_unseal(b, unit_mem(), S(""), sealed, &plain), ERR_OK);
    assert_int_equal(plain.n, 0);
    secret_box_free(b);
    secret_box_free(other);
    secret_box_free(NULL);
}

UNIT(every_damaged_byte_is_noticed)
{
    struct secret_box *b = box_of(3);
    struct str sealed = secret_box_seal(b, unit_mem(), S("x"), S("abc")), plain;

    for (size_t i = 0; i < sealed.n; i++) {
        char *p = arena_alloc(unit_mem(), sealed.n, 1);

        memcpy(p, sealed.p, sealed.n);
        p[i] = (char)(p[i] ^ 0x40);
        assert_int_equal(secret_box_unseal(b, unit_mem(), S("x"), (struct str){ p, sealed.n }, &plain), ERR_INVALID);
        assert_int_equal(secret_box_unseal(b, unit_mem(), S("x"), str_sub(sealed, 0, i), &plain), ERR_INVALID);
    }
    secret_box_free(b);
}

/* Our layout around foreign ciphertexts: version, nonce, ciphertext, tag. */
UNIT(aes_gcm_wycheproof)
{
    const struct val *groups = val_get(vectors("vectors/wycheproof/aes_gcm_test.json"), S("testGroups"));
    size_t n = 0;

    for (size_t g = 0; g < groups->n; g++) {
        const struct val *tests = val_get(&groups->v[g], S("tests"));

        if (val_int(val_get(&groups->v[g], S("ivSize")), 0) != 96 ||
            val_int(val_get(&groups->v[g], S("keySize")), 0) != 256)
            continue;
        for (size_t i = 0; i < tests->n; i++, n++) {
            const struct val *t = &tests->v[i];
            struct str plain, sealed = str_cat(unit_mem(), S("\x01"), unhex(member(t, "iv")), unhex(member(t, "ct")),
                                  unhex(member(t, "tag")), STR_NONE);
            struct secret_box *b;
            enum err e;

            assert_int_equal(secret_box_from_key(unhex(member(t, "key")), &b), ERR_OK);
            e = secret_box_unseal(b, unit_mem(), unhex(member(t, "aad")), sealed, &plain);
            assert_int_equal(e == ERR_OK, str_eqz(member(t, "result"), "valid"));
            if (e == ERR_OK)
                assert_true(str_eq(plain, unhex(member(t, "msg"))));
            secret_box_free(b);
        }
    }
    assert_true(n > 30);
}

UNIT(the_key_file_is_made_once_and_kept_private)
{
    char dir[] = "/tmp/secretbox-XXXXXX", file[64];
    struct secret_box *b, *again;
    struct str sealed, plain;
    const char *why;
    struct stat st;
    FILE *f;

    assert_non_null(mkdtemp(dir));
    snprintf(file, sizeof(file), "%s/server.key", dir);
    assert_int_equal(secret_box_open(file, &b, &why), ERR_OK);
    assert_int_equal(stat(file, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    assert_int_equal(st.st_size, 65);
    assert_int_equal(st.st_nlink, 1);
    assert_int_equal(secret_box_open(file, &again, &why), ERR_OK);
    sealed = secret_box_seal(b, unit_mem(), S("c"), S("p"));
    assert_int_equal(secret_box_unseal(again, unit_mem(), S("c"), sealed, &plain), ERR_OK);
    secret_box_free(b);
    secret_box_free(again);

    assert_int_equal(chmod(file, 0644), 0);
    assert_int_equal(secret_box_open(file, &b, &why), ERR_INVALID);
    assert_non_null(strstr(why, "0600"));
    assert_int_equal(chmod(file, 0600), 0);
    f = fopen(file, "w");
    fputs("not a key\n", f);
    fclose(f);
    assert_int_equal(secret_box_open(file, &b, &why), ERR_INVALID);
    unlink(file);
    assert_int_equal(secret_box_open("/nonexistent/dir/server.key", &b, &why), ERR_INTERNAL);
    rmdir(dir);
}

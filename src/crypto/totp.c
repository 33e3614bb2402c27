/* One-time passwords through liboath. */
#include "crypto/totp.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/rng.h"
#include "base/url.h"
#include "crypto/digest.h"

#include <liboath/oath.h>
#include <pthread.h>

enum { DIGITS = 6, SECRET_BYTES_MAX = 64 };

static pthread_once_t once = PTHREAD_ONCE_INIT;

static void
init(void)
{
    CHECK(oath_init() == OATH_OK);
}

static bool
decode(struct str secret, unsigned char out[SECRET_BYTES_MAX], size_t *n)
{
    char *raw = NULL;
    bool ok;

    pthread_once(&once, init);
    ok = secret.n > 0 && secret.n <= SECRET_BYTES_MAX * 8 / 5 &&
         oath_base32_decode(secret.p, secret.n, &raw, n) == OATH_OK && *n > 0 && *n <= SECRET_BYTES_MAX;
    if (ok)
        memcpy(out, raw, *n);
    if (raw != NULL) {
        crypto_wipe(raw, *n);
        free(raw);
    }
    return ok;
}

static void
generate(const unsigned char *key, size_t n, int64_t step, char out[DIGITS + 1])
{
    CHECK(oath_hotp_generate((const char *)key, n, (uint64_t)step, DIGITS, false, OATH_HOTP_DYNAMIC_TRUNCATION, out) ==
          OATH_OK);
}

struct str
totp_secret_new(struct arena *a)
{
    char raw[TOTP_SECRET_BYTES], *text = NULL;
    size_t n = 0;
    struct str out;

    pthread_once(&once, init);
    rng_bytes(raw, sizeof(raw));
    CHECK(oath_base32_encode(raw, sizeof(raw), &text, &n) == OATH_OK && n == 32);
    out = str_dup(a, (struct str){ text, n });
    crypto_wipe(raw, sizeof(raw));
    crypto_wipe(text, n);
    free(text);
    return out;
}

struct str
totp_url(struct arena *a, struct str secret, struct str issuer, struct str account)
{
    struct str i = url_encode(a, issuer);

    return str_cat(
        a, S("otpauth://totp/"), i, S(":"), url_encode(a, account), S("?secret="), secret, S("&issuer="), i, STR_NONE);
}

bool
totp_verify(struct str secret, struct str code, int64_t now_ms, int64_t last_step, int64_t *step)
{
    unsigned char key[SECRET_BYTES_MAX];
    int64_t now_step = now_ms / 1000 / TOTP_STEP_S, found = -1;
    char want[DIGITS + 1], got[DIGITS];
    size_t n = 0, digits = 0;

    for (size_t i = 0; i < code.n; i++) { /* people type "123 456" */
        if (code.p[i] == ' ')
            continue;
        if (code.p[i] < '0' || code.p[i] > '9' || digits == DIGITS)
            return false;
        got[digits++] = code.p[i];
    }
    if (digits != DIGITS || now_step < 1 || !decode(secret, key, &n))
        return false;
    for (int64_t s = now_step - 1; s <= now_step + 1; s++) {
        generate(key, n, s, want);
        if (str_eq_secret((struct str){ want, DIGITS }, (struct str){ got, DIGITS }) && s > last_step && found < 0)
            found = s;
    }
    crypto_wipe(key, sizeof(key));
    crypto_wipe(want, sizeof(want));
    if (found < 0)
        return false;
    *step = found;
    return true;
}

struct str
totp_code(struct arena *a, struct str secret, int64_t step)
{
    unsigned char key[SECRET_BYTES_MAX];
    char code[DIGITS + 1];
    size_t n = 0;

    if (!decode(secret, key, &n))
        return STR_NONE;
    generate(key, n, step, code);
    crypto_wipe(key, sizeof(key));
    return str_dup(a, (struct str){ code, DIGITS });
}

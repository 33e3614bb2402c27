#include "crypto/totp.h"

#include "crypto/token.h"
#include "unit.h"

/* RFC 6238 appendix B gives 8 digits of SHA-1; the last 6 are ours.  Secret: "12345678901234567890". */
UNIT(totp_rfc6238)
{
    static const struct {
        int64_t time_s;
        const char *code;
    } rows[] = { { 59, "287082" }, { 1111111109, "081804" }, { 1111111111, "050471" }, { 1234567890, "005924" },
        { 2000000000, "279037" }, { 20000000000, "353130" } };
    struct str secret = S("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
    int64_t step;

    for (size_t i = 0; i < lengthof(rows); i++) {
        assert_str(totp_code(unit_mem(), secret, rows[i].time_s / 30), rows[i].code);
        assert_true(totp_verify(secret, str_z(rows[i].code), rows[i].time_s * 1000, -1, &step));
        assert_int_equal(step, rows[i].time_s / 30);
    }
}

UNIT(totp_window_and_reuse)
{
    struct str secret = totp_secret_new(unit_mem());
    int64_t now_ms = INT64_C(1700000000000), s = now_ms / 30000, step = 0;

    assert_int_equal(secret.n, 32);
    for (int64_t d = -2; d <= 2; d++) {
        bool ok = totp_verify(secret, totp_code(unit_mem(), secret, s + d), now_ms, -1, &step);

        assert_int_equal(ok, d >= -1 && d <= 1);
        if (ok)
            assert_int_equal(step, s + d);
    }
    assert_true(totp_verify(secret, totp_code(unit_mem(), secret, s), now_ms, s - 1, &step));
    assert_false(totp_verify(secret, totp_code(unit_mem(), secret, s), now_ms, s, &step)); /* used already */
    assert_false(totp_verify(secret, totp_code(unit_mem(), secret, s - 1), now_ms, s, &step));
}

UNIT(totp_junk)
{
    struct str secret = S("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
    int64_t step;

    assert_true(totp_verify(secret, S("287 082"), 59000, -1, &step));
    assert_false(totp_verify(secret, S("28708"), 59000, -1, &step));
    assert_false(totp_verify(secret, S("2870822"), 59000, -1, &step));
    assert_false(totp_verify(secret, S("28708x"), 59000, -1, &step));
    assert_false(totp_verify(S("!!!"), S("287082"), 59000, -1, &step));
    assert_false(totp_verify(S(""), S("287082"), 59000, -1, &step));
}

UNIT(totp_url_is_encoded)
{
    assert_str(totp_url(unit_mem(), S("ABC"), S("Social Example"), S("ines@social.example")),
        "otpauth://totp/Social%20Example:ines%40social.example?secret=ABC&issuer=Social%20Example");
}

UNIT(tokens_differ_and_hash_alike)
{
    struct str t = token_new(unit_mem()), code = token_new_code(unit_mem(), 3);

    assert_int_equal(t.n, 43);
    assert_false(str_eq(t, token_new(unit_mem())));
    assert_str(token_hash(unit_mem(), S("abc")), "ungWv48Bz-pBQUDeXa4iI7ADYaOWF3qctBD_YfIAFa0");
    assert_int_equal(code.n, 14);
    assert_true(code.p[4] == '-' && code.p[9] == '-');
}

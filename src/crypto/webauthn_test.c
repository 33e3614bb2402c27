#include "crypto/webauthn.h"

#include "base/arena.h"
#include "base/b64.h"
#include "crypto/cbor.h"
#include "unit.h"

#include <string.h>

static const struct webauthn_site site = { { "social.example", 14 }, { "https://social.example", 22 } };
#define CHALLENGE "a challenge of ours"

/* Made with test/lib/passkey.py: a key without and one with an attestation of its own, and the other algorithms. */
static const struct vector {
    int alg, counter;
    const char *created, *attestation, *client_data, *auth_data, *signature;
} vectors[] = {
    { .alg = -7,
        .counter = 0,
        .created =
            "eyJ0eXBlIjogIndlYmF1dGhuLmNyZWF0ZSIsICJjaGFsbGVuZ2UiOiAiWVNCamFHRnNiR1Z1WjJVZ2IyWWdiM1Z5Y3ciLCAib3Jp"
            "Z2luIjogImh0dHBzOi8vc29jaWFsLmV4YW1wbGUiLCAiY3Jvc3NPcmlnaW4iOiBmYWxzZX0",
        .attestation =
            "o2NmbXRkbm9uZWdhdHRTdG10oGhhdXRoRGF0YVikuYgIuCW_XV4Lst6kl6ld3mFcxCvfH96QG5eyz8k9qTRFAAAAAAAAAAAAAAAA"
            "AAAAAAAAAAAAIFbbv826vWahOylSnFisvjN5P4rVwaVSrAtHTOErXggupQECAyYgASFYIJLRs0Wq6O3MgH-WcpExbWQOa0LO-sjt"
            "ZVcfZt_M-kAIIlggdb08kGMMY3ltmEuCyCwhJ6L7CXEabvkwvUaZz1sDiK4",
        .client_data =
            "eyJ0eXBlIjogIndlYmF1dGhuLmdldCIsICJjaGFsbGVuZ2UiOiAiWVNCamFHRnNiR1Z1WjJVZ2IyWWdiM1Z5Y3ciLCAib3JpZ2lu"
            "IjogImh0dHBzOi8vc29jaWFsLmV4YW1wbGUiLCAiY3Jvc3NPcmlnaW4iOiBmYWxzZX0",
        .auth_data = "uYgIuCW_XV4Lst6kl6ld3mFcxCvfH96QG5eyz8k9qTQFAAAAAQ",
        .signature =
            "MEUCIQCWScX2JnB6tzccunfSBGILuZF9tLWxblfJYy21TmDcaAIgMoym5hLkJWYaqPA7LmHPMA6CpLi0nH_ZkXsXxAjlBqs" },
    { .alg = -7,
        .counter = 7,
        .created =
            "eyJ0eXBlIjogIndlYmF1dGhuLmNyZWF0ZSIsICJjaGFsbGVuZ2UiOiAiWVNCamFHRnNiR1Z1WjJVZ2IyWWdiM1Z5Y3ciLCAib3Jp"
            "Z2luIjogImh0dHBzOi8vc29jaWFsLmV4YW1wbGUiLCAiY3Jvc3NPcmlnaW4iOiBmYWxzZX0",
        .attestation =
            "o2NmbXRmcGFja2VkZ2F0dFN0bXSiY2FsZyZjc2lnWEcwRQIgZ0BnF4GkaZrZbpiIRutyQUN0SN9Tne86-_Xgatr4Lf8CIQCpzOyf"
            "O6WGxv3D4QmiMbVOz3Ze0171IE05VclkWLyO7mhhdXRoRGF0YVikuYgIuCW_XV4Lst6kl6ld3mFcxCvfH96QG5eyz8k9qTRFAAAA"
            "BwAAAAAAAAAAAAAAAAAAAAAAIAXgF4XOAYTICBHg_pBRH1SJbDT3sC-zRRkgfN1xO8yWpQECAyYgASFYIKkQ-2xA-QAIE2uZC3ps"
            "jCppj0QgejYaAx0diZ-umMeaIlggIRG9pPkIuFjgeEtLnRatyfyDEIxKVumyv4zVW3ho5FE",
        .client_data =
            "eyJ0eXBlIjogIndlYmF1dGhuLmdldCIsICJjaGFsbGVuZ2UiOiAiWVNCamFHRnNiR1Z1WjJVZ2IyWWdiM1Z5Y3ciLCAib3JpZ2lu"
            "IjogImh0dHBzOi8vc29jaWFsLmV4YW1wbGUiLCAiY3Jvc3NPcmlnaW4iOiBmYWxzZX0",
        .auth_data = "uYgIuCW_XV4Lst6kl6ld3mFcxCvfH96QG5eyz8k9qTQFAAAACA",
        .signature = "MEQCIAleswfWN_4ueLoIbS4ZoghG-cqyJXnMthJl8DAFDAIbAiAK9abg0NOsrpqmCWXlvuJF3xPnMkeQwyC6fOHGw7RYWQ" },
    { .alg = -8,
        .counter = 1,
        .created =
            "eyJ0eXBlIjogIndlYmF1dGhuLmNyZWF0ZSIsICJjaGFsbGVuZ2UiOiAiWVNCamFHRnNiR1Z1WjJVZ2IyWWdiM1Z5Y3ciLCAib3Jp"
            "Z2luIjogImh0dHBzOi8vc29jaWFsLmV4YW1wbGUiLCAiY3Jvc3NPcmlnaW4iOiBmYWxzZX0",
        .attestation =
            "o2NmbXRkbm9uZWdhdHRTdG10oGhhdXRoRGF0YViBuYgIuCW_XV4Lst6kl6ld3mFcxCvfH96QG5eyz8k9qTRFAAAAAQAAAAAAAAAA"
            "AAAAAAAAAAAAIEf1ItC8PHBFz-9sND7auI-ud67PDNohJt1W6TeHzQyZpAEBAycgBiFYIFb5opDBWsBf4wiaHyoWkqAxlLDP05qH"
            "wOEiM5NLbGO6",
        .client_data =
            "eyJ0eXBlIjogIndlYmF1dGhuLmdldCIsICJjaGFsbGVuZ2UiOiAiWVNCamFHRnNiR1Z1WjJVZ2IyWWdiM1Z5Y3ciLCAib3JpZ2lu"
            "IjogImh0dHBzOi8vc29jaWFsLmV4YW1wbGUiLCAiY3Jvc3NPcmlnaW4iOiBmYWxzZX0",
        .auth_data = "uYgIuCW_XV4Lst6kl6ld3mFcxCvfH96QG5eyz8k9qTQFAAAAAg",
        .signature = "fl1drm8WeWJxXVQDY7yqHv1mfhy1I7x77f4UettDUPPaERdZZ5wFHTZ32pJ1ZLgLT6bYvp2c66BuiGMvHquZDQ" },
    { .alg = -257,
        .counter = 3,
        .created =
            "eyJ0eXBlIjogIndlYmF1dGhuLmNyZWF0ZSIsICJjaGFsbGVuZ2UiOiAiWVNCamFHRnNiR1Z1WjJVZ2IyWWdiM1Z5Y3ciLCAib3Jp"
            "Z2luIjogImh0dHBzOi8vc29jaWFsLmV4YW1wbGUiLCAiY3Jvc3NPcmlnaW4iOiBmYWxzZX0",
        .attestation =
            "o2NmbXRkbm9uZWdhdHRTdG10oGhhdXRoRGF0YVkBZ7mICLglv11eC7LepJepXd5hXMQr3x_ekBuXss_JPak0RQAAAAMAAAAAAAAA"
            "AAAAAAAAAAAAACAl1bTuYOu1Ua6qBVWd3kqIQjxxAt-3lqZJYxkrjugdBqQBAwM5AQAgWQEApifW6Egia8akyusZVm0Tw17Av6eH"
            "dLlQO5NzmVKA7ROOGHWQNSuMSWxZGLJy-t7_rrDyeacT186OpR5iKxuWIFGFGRYuxSIBGrn6ikpMSSOQK5pH3ZWv4y6-yOYI2q58"
            "OBPyIf6Q8jwlxeQZnbdpi5GMEtN3bNIuLwQUBwrDx3dh28u1d_3SlBQBVcSgWBhMR2QwHYAwyiio-RW2kJLueenk2EF4EChePgbX"
            "xvvXVdaMoltLL8qWNAfs54dAnV_jAaJJXmIBBTr0nyVnmfes-XQuaLd2L6CGeu-bsUcQuvTSefwkY1bRUXwdLtL8RSp9_ztgL2p3"
            "Fh_sZaQtntJdSSFDAQAB",
        .client_data =
            "eyJ0eXBlIjogIndlYmF1dGhuLmdldCIsICJjaGFsbGVuZ2UiOiAiWVNCamFHRnNiR1Z1WjJVZ2IyWWdiM1Z5Y3ciLCAib3JpZ2lu"
            "IjogImh0dHBzOi8vc29jaWFsLmV4YW1wbGUiLCAiY3Jvc3NPcmlnaW4iOiBmYWxzZX0",
        .auth_data = "uYgIuCW_XV4Lst6kl6ld3mFcxCvfH96QG5eyz8k9qTQFAAAABA",
        .signature =
            "bT9BznnItaiw6d076jTwKSddPsVdOBaIUDzm4u6mQOIl4Y06YSHjKH0cdp1qnBUgRrGmC1vJ0Jzi4VUiDnsPiLKFjzA0Jf_4d0EB"
            "QRx3E-cV2F7AD-8KwXvf6PagYY7Ki7PJHLiD1G4USz1mZ1iqO7WEKhjtZgKjRlUKLH0wcs7EFycO1BZhcPxuxzIeEVgM0o94h52N"
            "5ruJc895lHL83tWxTGQZpJlrtX1XNZHaPaD6nCgs8peuGfqoxwz4TcrHV56beKjSUkWotViqK2NWsna-0ygXG3WWEeA6URjT7pyE"
            "GkGs50qN9X-XnNFhvZXRUCr-VCvZuMdxnBXG3vhCAw" },
};

static struct str
decode(const char *text)
{
    struct str out;

    assert_true(b64url_decode(unit_mem(), str_z(text), &out));
    return str_dup(unit_mem(), out);
}

static struct webauthn_key
make(const struct vector *v)
{
    struct webauthn_key k;
    const char *why = "";

    assert_int_equal(
        webauthn_register(unit_mem(), &site, decode(v->created), decode(v->attestation), &k, &why), ERR_OK);
    return k;
}

static struct webauthn_answer
answer(const struct vector *v)
{
    return (struct webauthn_answer){ decode(v->client_data), decode(v->auth_data), decode(v->signature) };
}

UNIT(webauthn_keys_of_each_kind)
{
    for (size_t i = 0; i < lengthof(vectors); i++) {
        struct webauthn_key k = make(&vectors[i]);
        struct webauthn_answer a = answer(&vectors[i]);
        const char *why = "";
        int64_t count;

        assert_int_equal(k.alg, vectors[i].alg);
        assert_int_equal(k.id.n, 32);
        assert_int_equal(k.sign_count, vectors[i].counter);
        assert_int_equal(webauthn_verify(&site, &k, &a, true, &count, &why), ERR_OK);
        assert_int_equal(count, vectors[i].counter + 1);
    }
}

UNIT(webauthn_another_key_did_not_sign_that)
{
    for (size_t i = 0; i < lengthof(vectors); i++)
        for (size_t n = 0; n < lengthof(vectors); n++) {
            struct webauthn_key k = make(&vectors[i]);
            struct webauthn_answer a = answer(&vectors[n]);
            const char *why = "";
            int64_t count;

            assert_int_equal(webauthn_verify(&site, &k, &a, false, &count, &why), i == n ? ERR_OK : ERR_INVALID);
        }
}

/* One bit anywhere, one byte less anywhere, one byte more: refused, whichever part it is. */
UNIT(webauthn_a_changed_answer_is_refused)
{
    struct webauthn_key k = make(&vectors[0]);
    struct webauthn_answer right = answer(&vectors[0]), a;
    struct str *part[] = { &a.client_data, &a.auth_data, &a.signature };
    const char *why;
    int64_t count;

    for (size_t i = 0; i < lengthof(part); i++) {
        a = right;
        for (size_t at = 0; at < part[i]->n; at++) {
            char *copy = arena_alloc(unit_mem(), part[i]->n, 1);

            a = right;
            memcpy(copy, part[i]->p, part[i]->n);
            copy[at] ^= 1;
            part[i]->p = copy;
            assert_int_equal(webauthn_verify(&site, &k, &a, false, &count, &why), ERR_INVALID);
            a = right;
            part[i]->n = at;
            assert_int_equal(webauthn_verify(&site, &k, &a, false, &count, &why), ERR_INVALID);
        }
        a = right;
        *part[i] = str_cat(unit_mem(), *part[i], S("x"), STR_NONE);
        assert_int_equal(webauthn_verify(&site, &k, &a, false, &count, &why), ERR_INVALID);
    }
}

/* The flags and the site of a new key, which nothing signs when there is no attestation. */
UNIT(webauthn_a_new_key_must_be_for_us_and_of_its_owner)
{
    struct str created = decode(vectors[0].created), whole = decode(vectors[0].attestation);
    struct webauthn_site other = { S("other.example"), S("https://other.example") };
    size_t flags = whole.n;
    struct webauthn_key k;
    const char *why;
    char *copy;

    assert_int_equal(webauthn_register(unit_mem(), &other, created, whole, &k, &why), ERR_INVALID);
    assert_true(strcmp(why, "made for another site") == 0);
    for (size_t n = 0; n < whole.n; n++)
        assert_int_equal(webauthn_register(unit_mem(), &site, created, str_sub(whole, 0, n), &k, &why), ERR_INVALID);
    for (size_t i = 0; i + 5 < whole.n && flags == whole.n; i++) /* the only 0x45: present, verified, with a key */
        if (whole.p[i] == 0x45 && memcmp(whole.p + i + 1, "\0\0\0\0", 4) == 0)
            flags = i;
    assert_true(flags < whole.n);
    copy = arena_alloc(unit_mem(), whole.n, 1);
    memcpy(copy, whole.p, whole.n);
    static const struct {
        char flags;
        const char *why;
    } rows[] = { { 0x44, "nobody was there" }, { 0x41, "the owner was not verified" },
        { 0x05, "authenticator data with something behind it" } };
    for (size_t i = 0; i < lengthof(rows); i++) {
        copy[flags] = rows[i].flags;
        assert_int_equal(
            webauthn_register(unit_mem(), &site, created, (struct str){ copy, whole.n }, &k, &why), ERR_INVALID);
        assert_true(strcmp(why, rows[i].why) == 0);
    }
}

UNIT(webauthn_an_attestation_that_signs_must_sign_right)
{
    struct str whole = decode(vectors[1].attestation), created = decode(vectors[1].created);
    struct webauthn_key k;
    const char *why;

    assert_int_equal(webauthn_register(unit_mem(), &site, created, whole, &k, &why), ERR_OK);
    assert_int_equal(
        webauthn_register(unit_mem(), &site, decode(vectors[1].client_data), whole, &k, &why), ERR_INVALID);
    assert_true(strcmp(why, "the attestation is not signed right") == 0);
}

UNIT(webauthn_client_data_says_where_and_what)
{
    static const struct {
        const char *text, *why; /* NULL: taken */
    } rows[] = {
        { "{\"type\":\"webauthn.get\",\"challenge\":\"YQ\",\"origin\":\"https://social.example\",\"more\":1}", NULL },
        { "{\"type\":\"webauthn.create\",\"challenge\":\"YQ\",\"origin\":\"https://social.example\"}",
            "client data of another type" },
        { "{\"type\":\"webauthn.get\",\"challenge\":\"YQ\",\"origin\":\"https://evil.example\"}",
            "said to another origin" },
        { "{\"type\":\"webauthn.get\",\"challenge\":\"YQ\",\"origin\":\"http://social.example\"}",
            "said to another origin" },
        { "{\"type\":\"webauthn.get\",\"challenge\":\"YQ\",\"origin\":\"https://social.example:444\"}",
            "said to another origin" },
        { "{\"type\":\"webauthn.get\",\"challenge\":\"YQ\",\"origin\":\"https://social.example\",\"crossOrigin\":true}",
            "said in a frame of another origin" },
        { "{\"type\":\"webauthn.get\",\"challenge\":\"!\",\"origin\":\"https://social.example\"}", "no challenge" },
        { "{\"type\":\"webauthn.get\",\"type\":\"webauthn.get\"}", "client data is not JSON" },
        { "", "client data is not JSON" },
    };

    for (size_t i = 0; i < lengthof(rows); i++) {
        struct str challenge;
        const char *why = NULL;
        enum err e = webauthn_client_data(unit_mem(), &site, WEBAUTHN_GET, str_z(rows[i].text), &challenge, &why);

        assert_int_equal(e, rows[i].why == NULL ? ERR_OK : ERR_INVALID);
        if (rows[i].why == NULL)
            assert_str(challenge, "a");
        else
            assert_string_equal(why, rows[i].why);
    }
}

UNIT(cbor_items)
{
    static const struct {
        const char *hex;
        bool whole;
    } rows[] = { { "00", true }, { "1818", true }, { "1903e8", true }, { "40", true }, { "4101", true },
        { "6161", true }, { "80", true }, { "83010203", true }, { "a1616101", true }, { "c11a514b67b0", true },
        { "f5", true }, { "fb3ff199999999999a", true }, { "", false }, { "18", false }, { "1b00", false },
        { "42ff", false }, { "83 0102", false }, { "5f4101ff", false }, { "9fff", false }, { "1f", false },
        { "9b7fffffffffffffff", false }, { "bb8000000000000000", false }, { "5bffffffffffffffff", false },
        { "8181818181818181818100", false } };

    for (size_t i = 0; i < lengthof(rows); i++) {
        struct str rest, item;
        size_t n = 0;
        char b[32];

        for (const char *p = rows[i].hex; *p != '\0'; p++)
            if (*p != ' ') {
                int digit = *p <= '9' ? *p - '0' : *p - 'a' + 10;

                b[n / 2] = (char)(n % 2 == 0 ? digit << 4 : b[n / 2] | digit);
                n++;
            }
        rest = (struct str){ b, n / 2 };
        assert_int_equal(cbor_item(&rest, &item), rows[i].whole);
        if (rows[i].whole)
            assert_int_equal(item.n, n / 2);
    }
}

#include "ap/httpsig.h"

#include "ap/httpsig_internal.h"
#include "base/b64.h"
#include "base/clock.h"
#include "base/date.h"
#include "vectors.h"

/* A request under construction. */
struct fix {
    struct http_header headers[24];
    struct ap_sig_request r;
    struct str origin[2];
};

static void
fix_init(struct fix *f, const char *method, struct str target, const char *origin, int64_t now_ms)
{
    *f = (struct fix){ .origin = { str_z(origin), S("https://alias.example") } };
    f->r = (struct ap_sig_request){
        .method = str_z(method), .target = target, .headers = f->headers, .origins = { f->origin, 2 }, .now_ms = now_ms
    };
}

static void
fix_add(struct fix *f, struct str name, struct str value)
{
    f->headers[f->r.n_headers++] = (struct http_header){ name, value };
}

static struct http_header *
fix_find(struct fix *f, const char *name)
{
    for (size_t i = 0; i < f->r.n_headers; i++)
        if (str_eqi(f->headers[i].name, str_z(name)))
            return &f->headers[i];
    fail_msg("no header %s", name);
    return NULL;
}

static enum err
whole(struct fix *f, const struct public_key *key, const char **why)
{
    struct ap_sig s;

    TRY(ap_sig_parse(unit_mem(), &f->r, &s, why));
    TRY(ap_sig_check(unit_mem(), &f->r, &s, why));
    return ap_sig_verify(unit_mem(), &f->r, &s, key, why);
}

static int64_t
now_of_vectors(void)
{
    int64_t ms;

    assert_true(date_parse_http(S("Tue, 07 Jul 2026 12:00:00 GMT"), &ms));
    return ms;
}

static void
read_keys(const struct val *doc, struct private_key *rsa, struct public_key *rsa_pub, struct private_key *ed,
    struct public_key *ed_pub)
{
    struct str der;

    assert_true(b64_decode(unit_mem(), member(doc, "rsa_private_pkcs8_der_base64"), &der));
    assert_int_equal(key_private_read(unit_mem(), der, rsa, rsa_pub), ERR_OK);
    assert_int_equal(key_ed25519_from_seed(unit_mem(), unhex(member(doc, "ed25519_seed_hex")), ed, ed_pub), ERR_OK);
    assert_true(str_eq(key_multikey(unit_mem(), ed_pub), member(doc, "ed25519_multikey")));
    assert_true(str_eq(key_pem(unit_mem(), rsa_pub), member(doc, "rsa_public_spki_pem")));
}

static void
from_case(const struct val *c, struct str body, struct fix *f)
{
    struct str target = member(c, "path"), uri = member(c, "target_uri");
    const struct val *headers = val_get(c, S("headers"));

    if (uri.n > 0)
        target = str_sub(uri, sizeof("https://b.example") - 1, uri.n);
    fix_init(f, str_cz(unit_mem(), member(c, "method")), target, "https://b.example", now_of_vectors());
    for (size_t i = 0; i < headers->n; i++)
        fix_add(f, headers->keys[i], val_str(&headers->v[i]));
    if (uri.n > 0)
        fix_add(f, S("Host"), S("b.example"));
    if (member(c, "content-digest").n > 0)
        fix_add(f, S("Content-Digest"), member(c, "content-digest"));
    if (member(c, "Signature-Input").n > 0)
        fix_add(f, S("Signature-Input"), member(c, "Signature-Input"));
    fix_add(f, S("Signature"), member(c, "Signature"));
    f->r.has_body = str_eqz(member(c, "method"), "POST");
    f->r.body_sha256 = sha256(body);
}

UNIT(both_dialects_verify_and_any_change_spoils_them)
{
    const struct val *doc = vectors("vectors/signatures.json"), *cases = val_get(doc, S("cases"));
    struct private_key rsa, ed;
    struct public_key rsa_pub, ed_pub;

    read_keys(doc, &rsa, &rsa_pub, &ed, &ed_pub);
    for (size_t i = 0; i < cases->n; i++) {
        const struct val *c = &cases->v[i];
        bool is_ed = str_find(member(c, "name"), S("ed25519")) >= 0;
        const char *why = "";
        struct ap_sig s;
        struct str base;
        struct fix f;

        from_case(c, member(doc, "body"), &f);
        if (whole(&f, is_ed ? &ed_pub : &rsa_pub, &why) != ERR_OK)
            fail_msg("%.*s: %s", STR_ARG(member(c, "name")), why);
        assert_int_equal(whole(&f, is_ed ? &rsa_pub : &ed_pub, &why), ERR_UNAUTHORIZED);
        assert_int_equal(ap_sig_parse(unit_mem(), &f.r, &s, &why), ERR_OK);
        assert_true(httpsig_base(unit_mem(), &f.r, &s, false, &base));
        assert_true(str_eq(
            base, member(c, "signing_string").n > 0 ? member(c, "signing_string") : member(c, "signature_base")));
        assert_true(str_find(s.keyid, S("https://a.example/ap/users/1#")) == 0);

        f.r.target = S("/other");
        assert_int_equal(whole(&f, is_ed ? &ed_pub : &rsa_pub, &why), ERR_UNAUTHORIZED);
        from_case(c, S("another body"), &f);
        assert_int_equal(whole(&f, is_ed ? &ed_pub : &rsa_pub, &why),
            str_eqz(member(c, "method"), "POST") ? ERR_UNAUTHORIZED : ERR_OK);
        from_case(c, member(doc, "body"), &f);
        f.r.method = S("PUT");
        assert_int_equal(whole(&f, is_ed ? &ed_pub : &rsa_pub, &why), ERR_UNAUTHORIZED);
        from_case(c, member(doc, "body"), &f);
        f.origin[0] = S("https://c.example");
        assert_int_equal(whole(&f, is_ed ? &ed_pub : &rsa_pub, &why), ERR_UNAUTHORIZED);
    }
    assert_true(cases->n >= 6);
}

/* What we send is, byte for byte, what the vectors have; and it verifies. */
UNIT(making_reproduces_the_vectors)
{
    const struct val *doc = vectors("vectors/signatures.json"), *cases = val_get(doc, S("cases"));
    struct private_key rsa, ed;
    struct public_key rsa_pub, ed_pub;
    size_t n = 0;

    read_keys(doc, &rsa, &rsa_pub, &ed, &ed_pub);
    for (size_t i = 0; i < cases->n; i++) {
        const struct val *c = &cases->v[i];
        struct str target = member(c, "path"), uri = member(c, "target_uri"), name = member(c, "name");
        bool is_ed = str_find(name, S("ed25519")) >= 0, post = str_eqz(member(c, "method"), "POST");
        struct sha256 digest = sha256(member(doc, "body"));
        struct ap_sig_out o = { .dialect = uri.n > 0 ? AP_SIG_RFC9421 : AP_SIG_CAVAGE,
            .method = member(c, "method"),
            .url = uri.n > 0 ? uri : str_cat(unit_mem(), S("https://b.example"), target, STR_NONE),
            .content_type = S("application/activity+json"),
            .body_sha256 = post ? &digest : NULL,
            .keyid = is_ed ? S("https://a.example/ap/users/1#ed25519-key") : S("https://a.example/ap/users/1#main-key"),
            .key = is_ed ? &ed : &rsa,
            .now_ms = now_of_vectors() };
        struct ap_sig_headers h;
        struct fix f;
        const char *why;

        assert_int_equal(ap_sig_make(unit_mem(), &o, &h), ERR_OK);
        if (str_find(member(c, "Signature-Input"), S("alg=")) < 0) { /* we leave alg out */
            assert_true(str_eq(h.v[h.n - 1].value, member(c, "Signature")));
            n++;
        }
        fix_init(&f, str_cz(unit_mem(), o.method), uri.n > 0 ? str_sub(uri, 17, uri.n) : target, "https://b.example",
            o.now_ms);
        for (size_t k = 0; k < h.n; k++)
            fix_add(&f, h.v[k].name, h.v[k].value);
        f.r.has_body = post;
        f.r.body_sha256 = digest;
        assert_int_equal(whole(&f, is_ed ? &ed_pub : &rsa_pub, &why), ERR_OK);
    }
    assert_true(n >= 5);
}

UNIT(get_signed_without_its_query_is_accepted)
{
    struct private_key priv;
    struct public_key pub;
    struct ap_sig_headers h;
    struct ap_sig_out o = { .method = S("GET"),
        .url = S("https://b.example/outbox?page=1"),
        .keyid = S("https://a.example/k"),
        .key = &priv,
        .omit_query = true,
        .now_ms = 1000000 };
    const char *why;
    struct fix f;

    assert_int_equal(key_new(unit_mem(), KEY_ED25519, &priv, &pub), ERR_OK);
    assert_int_equal(ap_sig_make(unit_mem(), &o, &h), ERR_OK);
    fix_init(&f, "GET", S("/outbox?page=1"), "https://b.example", o.now_ms);
    for (size_t k = 0; k < h.n; k++)
        fix_add(&f, h.v[k].name, h.v[k].value);
    assert_int_equal(whole(&f, &pub, &why), ERR_OK);
    f.r.target = S("/outbox2?page=1");
    assert_int_equal(whole(&f, &pub, &why), ERR_UNAUTHORIZED);
}

static struct ap_sig_headers
signed_post(enum ap_sig_dialect dialect, const struct private_key *key, int64_t now_ms)
{
    struct sha256 digest = sha256(S("{}"));
    struct ap_sig_out o = { .dialect = dialect,
        .method = S("POST"),
        .url = S("https://b.example/inbox"),
        .content_type = S("application/activity+json"),
        .body_sha256 = &digest,
        .keyid = S("https://a.example/k"),
        .key = key,
        .extra = { S("Collection-Synchronization"), S("x=\"y\"") },
        .now_ms = now_ms };
    struct ap_sig_headers h;

    assert_int_equal(ap_sig_make(unit_mem(), &o, &h), ERR_OK);
    return h;
}

static void
post_of(struct fix *f, const struct ap_sig_headers *h, int64_t now_ms)
{
    fix_init(f, "POST", S("/inbox"), "https://b.example", now_ms);
    for (size_t k = 0; k < h->n; k++)
        fix_add(f, h->v[k].name, h->v[k].value);
    f->r.has_body = true;
    f->r.body_sha256 = sha256(S("{}"));
}

UNIT(the_time_window_is_an_hour_wide)
{
    const int64_t base_ms = INT64_C(1700000000000);
    struct private_key priv;
    struct public_key pub;

    assert_int_equal(key_new(unit_mem(), KEY_ED25519, &priv, &pub), ERR_OK);
    for (int d = 0; d < 2; d++) {
        struct ap_sig_headers h = signed_post(d == 0 ? AP_SIG_CAVAGE : AP_SIG_RFC9421, &priv, base_ms);
        const struct {
            int64_t by_ms;
            enum err want;
        } rows[] = { { 0, ERR_OK }, { -HOUR_MS, ERR_OK }, { -HOUR_MS - 1000, ERR_UNAUTHORIZED },
            { 65 * MINUTE_MS, ERR_OK }, { 65 * MINUTE_MS + 1000, ERR_UNAUTHORIZED } };

        for (size_t i = 0; i < lengthof(rows); i++) {
            const char *why;
            struct fix f;

            post_of(&f, &h, base_ms + rows[i].by_ms);
            assert_int_equal(whole(&f, &pub, &why), rows[i].want);
        }
    }
}

UNIT(a_host_that_is_not_ours_is_refused_whatever_the_request_says)
{
    struct private_key priv;
    struct public_key pub;
    const char *why;
    struct fix f;
    struct ap_sig_headers h;

    assert_int_equal(key_new(unit_mem(), KEY_ED25519, &priv, &pub), ERR_OK);
    h = signed_post(AP_SIG_CAVAGE, &priv, 1000000);
    post_of(&f, &h, 1000000);
    f.origin[0] = S("https://c.example");
    assert_int_equal(whole(&f, &pub, &why), ERR_UNAUTHORIZED);
    assert_string_equal(why, "signed for another host");
    f.origin[1] = S("https://b.example"); /* an alternate of ours */
    assert_int_equal(whole(&f, &pub, &why), ERR_OK);
    post_of(&f, &h, 1000000);
    fix_find(&f, "host")->value = S("B.EXAMPLE");
    assert_int_equal(whole(&f, &pub, &why), ERR_UNAUTHORIZED); /* other bytes were signed */
    post_of(&f, &h, 1000000);
    fix_add(&f, S("Host"), S("b.example"));
    assert_int_equal(whole(&f, &pub, &why), ERR_UNAUTHORIZED);
}

UNIT(cavage_headers_good_and_bad)
{
    static const struct {
        const char *text;
        enum err parse, check;
    } rows[] = {
        { "keyId=\"k\",headers=\"(request-target) host date digest\",signature=\"YQ==\"", ERR_OK, ERR_OK },
        { "Signature keyId=\"k\" , algorithm=\"hs2019\", headers=\"(Request-Target) Host Date Digest\",signature=YQ==",
            ERR_OK, ERR_OK },
        { "keyId=\"k\",unknown=\"x\",headers=\"(request-target) host date digest\",signature=\"YQ==\"", ERR_OK,
            ERR_OK },
        { "keyId=\"k\",headers=\"(request-target) host date\",signature=\"YQ==\"", ERR_OK, ERR_UNAUTHORIZED },
        { "keyId=\"k\",headers=\"(request-target) date digest\",signature=\"YQ==\"", ERR_OK, ERR_UNAUTHORIZED },
        { "keyId=\"k\",headers=\"host date digest\",signature=\"YQ==\"", ERR_OK, ERR_UNAUTHORIZED },
        { "keyId=\"k\",headers=\"(request-target) host digest\",signature=\"YQ==\"", ERR_OK, ERR_UNAUTHORIZED },
        { "keyId=\"k\",signature=\"YQ==\"", ERR_OK, ERR_UNAUTHORIZED },
        { "keyId=\"k\",algorithm=\"hs2019\",created=1000,headers=\"(request-target) host (created) "
          "digest\",signature=\"YQ==\"",
            ERR_OK, ERR_OK },
        { "keyId=\"k\",algorithm=\"rsa-sha256\",created=1000,headers=\"(request-target) host (created) "
          "digest\",signature=\"YQ==\"",
            ERR_OK, ERR_UNAUTHORIZED },
        { "keyId=\"k\",algorithm=\"hs2019\",headers=\"(request-target) host (created) digest\",signature=\"YQ==\"",
            ERR_OK, ERR_UNAUTHORIZED },
        { "keyId=\"k\",algorithm=\"hs2019\",created=1.5,headers=\"(created)\",signature=\"YQ==\"", ERR_BAD_REQUEST, 0 },
        { "keyId=\"k\",keyId=\"l\",signature=\"YQ==\"", ERR_BAD_REQUEST, 0 },
        { "keyId=\"k\",headers=\"date date\",signature=\"YQ==\"", ERR_BAD_REQUEST, 0 },
        { "keyId=\"k\",headers=\"\",signature=\"YQ==\"", ERR_BAD_REQUEST, 0 },
        { "keyId=\"k\",headers=\"a b c d e f g h i j k l m n o p q r s t u\",signature=\"YQ==\"", ERR_BAD_REQUEST, 0 },
        { "keyId=\"k\",signature=\"YR==\"", ERR_BAD_REQUEST, 0 },
        { "keyId=\"k\",signature=\"Y Q==\"", ERR_BAD_REQUEST, 0 },
        { "keyId=\"k\",signature=\"YQ==", ERR_BAD_REQUEST, 0 },
        { "keyId=\"k\",signature=\"YQ==\",", ERR_BAD_REQUEST, 0 },
        { "keyId=\"k\" signature=\"YQ==\"", ERR_BAD_REQUEST, 0 },
        { "keyId=\"\",signature=\"YQ==\"", ERR_BAD_REQUEST, 0 },
        { "keyId=\"k\",algorithm=\"hmac-sha256\",signature=\"YQ==\"", ERR_UNAUTHORIZED, 0 },
        { "keyId=\"k\",algorithm=\"none\",signature=\"YQ==\"", ERR_UNAUTHORIZED, 0 },
        { "", ERR_BAD_REQUEST, 0 },
    };

    for (size_t i = 0; i < lengthof(rows); i++) {
        const char *why = "";
        struct ap_sig s;
        struct fix f;

        fix_init(&f, "POST", S("/inbox"), "https://b.example", 1000000);
        fix_add(&f, S("Host"), S("b.example"));
        fix_add(&f, S("Date"), date_http(unit_mem(), 1000000));
        fix_add(&f, S("Digest"),
            str_cat(
                unit_mem(), S("md5=x, sha-256="), b64_encode(unit_mem(), sha256_str(&(struct sha256){ 0 })), STR_NONE));
        fix_add(&f, S("Signature"), str_z(rows[i].text));
        f.r.has_body = true;
        if (ap_sig_parse(unit_mem(), &f.r, &s, &why) != rows[i].parse)
            fail_msg("%s: %s", rows[i].text, why);
        if (rows[i].parse == ERR_OK && ap_sig_check(unit_mem(), &f.r, &s, &why) != rows[i].check)
            fail_msg("%s: %s", rows[i].text, why);
    }
}

UNIT(rfc9421_headers_good_and_bad)
{
#define ALL "(\"@method\" \"@target-uri\" \"content-digest\")"
    static const struct {
        const char *input, *signature;
        enum err parse, check;
    } rows[] = {
        { "a=" ALL ";created=1000;keyid=\"k\"", "a=:YQ==:", ERR_OK, ERR_OK },
        { "a=(\"@method\" \"@authority\" \"@path\" \"@query\" \"content-digest\");created=1000;keyid=\"k\"",
            "a=:YQ==:", ERR_OK, ERR_OK },
        { "a=(\"@method\" \"@authority\" \"@path\" \"content-digest\");created=1000;keyid=\"k\"", "a=:YQ==:", ERR_OK,
            ERR_UNAUTHORIZED }, /* the query is not covered */
        { "a=(\"@method\" \"content-digest\");created=1000;keyid=\"k\"", "a=:YQ==:", ERR_OK, ERR_UNAUTHORIZED },
        { "a=(\"@target-uri\" \"content-digest\");created=1000;keyid=\"k\"", "a=:YQ==:", ERR_OK, ERR_UNAUTHORIZED },
        { "a=(\"@method\" \"@target-uri\");created=1000;keyid=\"k\"", "a=:YQ==:", ERR_OK, ERR_UNAUTHORIZED },
        { "a=" ALL ";created=1000;keyid=\"k\";alg=\"ed25519\"", "a=:YQ==:", ERR_OK, ERR_OK },
        { "a=" ALL ";created=1000;keyid=\"k\";alg=\"hmac-sha256\"", "a=:YQ==:", ERR_UNAUTHORIZED, 0 },
        { "a=" ALL ";created=1000;keyid=\"k\";alg=rsa", "a=:YQ==:", ERR_UNAUTHORIZED, 0 },
        { "a=" ALL ";created=1000", "a=:YQ==:", ERR_BAD_REQUEST, 0 },
        { "a=" ALL ";keyid=\"k\"", "a=:YQ==:", ERR_BAD_REQUEST, 0 },
        { "a=" ALL ";created=\"1000\";keyid=\"k\"", "a=:YQ==:", ERR_BAD_REQUEST, 0 },
        { "a=(\"@method\" \"@method\");created=1000;keyid=\"k\"", "a=:YQ==:", ERR_BAD_REQUEST, 0 },
        { "a=(\"@method\";req);created=1000;keyid=\"k\"", "a=:YQ==:", ERR_UNAUTHORIZED, 0 },
        { "a=(\"@query-param\";name=\"x\");created=1000;keyid=\"k\"", "a=:YQ==:", ERR_UNAUTHORIZED, 0 },
        { "a=(@method);created=1000;keyid=\"k\"", "a=:YQ==:", ERR_BAD_REQUEST, 0 },
        { "a=" ALL ";created=1000;keyid=\"k\"", "b=:YQ==:", ERR_BAD_REQUEST, 0 },
        { "a=" ALL ";created=1000;keyid=\"k\", b=" ALL ";created=1000;keyid=\"k\"",
            "a=:YQ==:, b=:YQ==:", ERR_BAD_REQUEST, 0 },
        { "a=" ALL ";created=1000;keyid=\"k\"", "keyId=\"k\",signature=\"YQ==\"", ERR_BAD_REQUEST,
            0 },                                                                          /* no way down */
        { "a=" ALL ";created=1000;expires=999;keyid=\"k\"", "a=:YQ==:", ERR_OK, ERR_OK }, /* within the hour */
        { "", "a=:YQ==:", ERR_BAD_REQUEST, 0 },
    };
#undef ALL

    for (size_t i = 0; i < lengthof(rows); i++) {
        const char *why = "";
        struct ap_sig s;
        struct fix f;

        fix_init(&f, "POST", S("/inbox?x=1"), "https://b.example", 1000000);
        fix_add(&f, S("Host"), S("b.example"));
        fix_add(&f, S("Content-Digest"),
            str_cat(unit_mem(), S("sha-512=:YQ==:, sha-256=:"),
                b64_encode(unit_mem(), sha256_str(&(struct sha256){ 0 })), S(":"), STR_NONE));
        fix_add(&f, S("Signature-Input"), str_z(rows[i].input));
        fix_add(&f, S("Signature"), str_z(rows[i].signature));
        f.r.has_body = true;
        if (ap_sig_parse(unit_mem(), &f.r, &s, &why) != rows[i].parse)
            fail_msg("%s: %s", rows[i].input, why);
        if (rows[i].parse == ERR_OK && ap_sig_check(unit_mem(), &f.r, &s, &why) != rows[i].check)
            fail_msg("%s: %s", rows[i].input, why);
    }
}

/* RFC 9421, B.4: which transformations of a message by others keep the signature good. */
UNIT(rfc9421_transformations)
{
    const struct val *doc = vectors("vectors/rfc9421.json"),
                     *cases = val_get(val_get(doc, S("transformations")), S("cases"));
    struct public_key key;

    assert_int_equal(
        key_read_pem(unit_mem(), member(val_get(val_get(doc, S("keys")), S("test-key-ed25519")), "public_pem"), &key),
        ERR_OK);
    for (size_t i = 0; i < cases->n; i++) {
        const struct val *m = val_get(&cases->v[i], S("message")), *headers = val_get(m, S("headers"));
        struct str line = member(m, "start_line"), method, target;
        const char *why;
        struct ap_sig s;
        struct fix f;
        enum err e;

        assert_true(str_cut(&line, ' ', &method));
        assert_true(str_cut(&line, ' ', &target));
        fix_init(&f, str_cz(unit_mem(), method), target, "https://example.org", 0);
        f.origin[1] = S("https://example.com");
        for (size_t k = 0; k < headers->n; k++)
            fix_add(&f, val_str(val_at(&headers->v[k], 0)), val_str(val_at(&headers->v[k], 1)));
        assert_int_equal(ap_sig_parse(unit_mem(), &f.r, &s, &why), ERR_OK);
        e = ap_sig_verify(unit_mem(), &f.r, &s, &key, &why);
        assert_int_equal(e == ERR_OK, val_bool(val_get(&cases->v[i], S("verifies")), false));
    }
    assert_int_equal(cases->n, 6);
}

/* The other signatures of RFC 9421 use schemes that we refuse, but their bases must come out as printed. */
UNIT(rfc9421_signature_bases)
{
    const struct val *doc = vectors("vectors/rfc9421.json"), *all = val_get(doc, S("vectors"));
    const struct val *request = val_get(val_get(doc, S("test_request")), S("headers"));
    size_t n = 0;

    for (size_t i = 0; i < all->n; i++) {
        const char *why;
        struct ap_sig s;
        struct str base;
        struct fix f;

        if (!str_eqz(member(&all->v[i], "alg"), "ed25519"))
            continue;
        fix_init(&f, "POST", S("/foo?param=Value&Pet=dog"), "https://example.com", 0);
        for (size_t k = 0; k < request->n; k++)
            fix_add(&f, val_str(val_at(&request->v[k], 0)), val_str(val_at(&request->v[k], 1)));
        fix_add(&f, S("Signature-Input"), member(&all->v[i], "signature_input"));
        fix_add(&f, S("Signature"), member(&all->v[i], "signature"));
        assert_int_equal(ap_sig_parse(unit_mem(), &f.r, &s, &why), ERR_OK);
        assert_true(httpsig_base(unit_mem(), &f.r, &s, false, &base));
        assert_true(str_eq(base, member(&all->v[i], "signature_base")));
        n++;
    }
    assert_true(n >= 1);
}

UNIT(cavage_appendix_signing_strings)
{
    const struct val *doc = vectors("vectors/draft-cavage-12.json"), *all = val_get(doc, S("vectors"));
    const struct val *m = val_get(doc, S("message")), *headers = val_get(m, S("headers"));

    for (size_t i = 0; i < all->n; i++) {
        const char *why;
        struct ap_sig s;
        struct str base;
        struct fix f;

        fix_init(&f, "POST", member(m, "target"), "https://example.com", 0);
        for (size_t k = 0; k < headers->n; k++)
            fix_add(&f, val_str(val_at(&headers->v[k], 0)), val_str(val_at(&headers->v[k], 1)));
        fix_add(&f, S("Signature"),
            str_cat(unit_mem(), S("keyId=\"Test\",algorithm=\"rsa-sha256\",headers=\""), member(&all->v[i], "headers"),
                S("\",signature=\""), member(&all->v[i], "signature"), S("\""), STR_NONE));
        assert_int_equal(ap_sig_parse(unit_mem(), &f.r, &s, &why), ERR_OK);
        assert_true(httpsig_base(unit_mem(), &f.r, &s, false, &base));
        assert_true(str_eq(base, member(&all->v[i], "signing_string")));
    }
    assert_true(all->n >= 3);
}

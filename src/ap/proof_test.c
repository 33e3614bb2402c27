#include "ap/proof.h"

#include "base/clock.h"
#include "base/date.h"
#include "base/json.h"
#include "crypto/b58.h"
#include "vectors.h"

static int64_t
ms_of(const char *iso)
{
    int64_t ms;

    assert_true(date_parse(str_z(iso), &ms));
    return ms;
}

static struct str
text_of(const struct val *v)
{
    struct json j;
    struct buf b;

    buf_init(&b, unit_mem(), 1 << 20);
    json_init(&j, &b);
    json_val(&j, NULL, v);
    assert_true(json_done(&j));
    return buf_str(&b);
}

static bool
verifies(const struct val *doc, const struct public_key *key)
{
    struct ap_proof p;
    const char *why;

    return ap_proof_read(unit_mem(), doc, ms_of("2026-07-08T00:00:00Z"), &p, &why) == AP_PROOF_PRESENT &&
           ap_proof_verify(unit_mem(), &p, key);
}

UNIT(proof_of_our_vectors_verifies_and_is_reproduced)
{
    const struct val *doc = vectors("vectors/signatures.json"), *ip = val_get(doc, S("integrity_proof"));
    const struct val *signed_doc = val_get(ip, S("signed"));
    struct private_key priv;
    struct public_key pub;
    struct ap_proof p;
    const char *why;
    struct str made;
    const struct val *again;

    assert_int_equal(key_ed25519_from_seed(unit_mem(), unhex(member(doc, "ed25519_seed_hex")), &priv, &pub), ERR_OK);
    assert_int_equal(ap_proof_read(unit_mem(), signed_doc, ms_of("2026-07-07T12:00:00Z"), &p, &why), AP_PROOF_PRESENT);
    assert_true(str_eq(unhex(member(ip, "hash_data_hex")),
        str_cat(unit_mem(), sha256_str(&p.options_hash), sha256_str(&p.document_hash), STR_NONE)));
    assert_true(ap_proof_verify(unit_mem(), &p, &pub));
    assert_str(p.method, "https://a.example/ap/users/1#ed25519-key");
    assert_int_equal(ap_proof_add(unit_mem(), member(ip, "jcs_document"), S("https://a.example/ap/users/1#ed25519-key"),
                         &priv, ms_of("2026-07-07T12:00:00Z"), &made),
        ERR_OK);
    assert_int_equal(json_parse(unit_mem(), made, NULL, &again), ERR_OK);
    assert_true(verifies(again, &pub));
    assert_true(str_eq(
        member(val_get(again, S("proof")), "proofValue"), member(val_get(signed_doc, S("proof")), "proofValue")));
}

UNIT(proof_of_fep_8b32_verifies)
{
    const struct val *f =
        val_get(val_get(vectors("vectors/fep-features.json"), S("features")), S("fep/8b32/fep-8b32.feature"));
    const struct val *docs = val_get(val_at(f, 1), S("documents_in_order"));
    struct public_key key;

    assert_int_equal(key_read_multikey(unit_mem(),
                         member(val_at(val_get(val_at(docs, 1), S("assertionMethod")), 0), "publicKeyMultibase"), &key),
        ERR_OK);
    assert_true(verifies(val_at(docs, 0), &key));
}

UNIT(proof_of_w3c_verifies)
{
    const struct val *files = val_get(vectors("vectors/vc-di-eddsa-jcs-2022.json"), S("files"));
    struct public_key key;
    struct ap_proof p;
    const char *why;

    assert_int_equal(
        key_read_multikey(unit_mem(), member(val_get(files, S("keyPair.json")), "publicKeyMultibase"), &key), ERR_OK);
    assert_int_equal(ap_proof_read(unit_mem(), val_get(files, S("eddsa-jcs-2022/signedJCS.json")),
                         ms_of("2026-01-01T00:00:00Z"), &p, &why),
        AP_PROOF_PRESENT);
    assert_true(str_eq(sha256_str(&p.document_hash), unhex(member(files, "eddsa-jcs-2022/docHashJCS.txt"))));
    assert_true(str_eq(sha256_str(&p.options_hash), unhex(member(files, "eddsa-jcs-2022/proofHashJCS.txt"))));
    assert_true(ap_proof_verify(unit_mem(), &p, &key));
}

UNIT(any_change_to_a_document_with_proof_is_noticed)
{
    const struct val *doc = vectors("vectors/signatures.json");
    const struct val *signed_doc = val_get(val_get(doc, S("integrity_proof")), S("signed"));
    struct private_key priv;
    struct public_key pub;
    struct str text = text_of(signed_doc);
    static const char *const changes[][2] = { { "Like", "Love" }, { "likes/7", "likes/8" },
        { "activitystreams\"", "x\"" }, { "statuses/9", "statuses/8" },
        { "2026-07-07T12:00:00Z", "2026-07-07T12:00:01Z" } };

    assert_int_equal(key_ed25519_from_seed(unit_mem(), unhex(member(doc, "ed25519_seed_hex")), &priv, &pub), ERR_OK);
    for (size_t i = 0; i < lengthof(changes); i++) {
        struct str from = str_z(changes[i][0]);
        ptrdiff_t at = str_find(text, from);
        const struct val *v;

        assert_true(at >= 0);
        assert_int_equal(json_parse(unit_mem(),
                             str_cat(unit_mem(), str_sub(text, 0, (size_t)at), str_z(changes[i][1]),
                                 str_sub(text, (size_t)at + from.n, text.n), STR_NONE),
                             NULL, &v),
            ERR_OK);
        assert_false(verifies(v, &pub));
    }
}

UNIT(proofs_that_are_none_or_broken)
{
    static const struct {
        const char *json;
        enum ap_proof_state want;
    } rows[] = {
        { "{\"a\":1}", AP_PROOF_NONE },
        { "{\"proof\":{\"type\":\"DataIntegrityProof\",\"cryptosuite\":\"mldsa44-jcs-2024\"}}",
            AP_PROOF_UNKNOWN_SUITE },
        { "{\"proof\":{\"type\":\"DataIntegrityProof\",\"cryptosuite\":\"eddsa-jcs-2022\"}}", AP_PROOF_MALFORMED },
        { "{\"proof\":[{},{}]}", AP_PROOF_MALFORMED },
        { "{\"proof\":\"x\"}", AP_PROOF_MALFORMED },
        { "{\"proof\":{\"type\":\"DataIntegrityProof\",\"cryptosuite\":\"eddsa-jcs-2022\",\"proofPurpose\":"
          "\"assertionMethod\","
          "\"verificationMethod\":\"k\",\"proofValue\":\"z1111\"}}",
            AP_PROOF_MALFORMED },
    };

    for (size_t i = 0; i < lengthof(rows); i++) {
        const struct val *v;
        struct ap_proof p;
        const char *why;

        assert_int_equal(json_parse(unit_mem(), str_z(rows[i].json), NULL, &v), ERR_OK);
        assert_int_equal(ap_proof_read(unit_mem(), v, 0, &p, &why), rows[i].want);
    }
}

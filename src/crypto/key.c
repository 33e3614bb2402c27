/* Keys as texts: PEM, DER, Multikey, and the blob of a database column. */
#include "crypto/sign.h"

#include "base/arena.h"
#include "base/b64.h"
#include "base/buf.h"
#include "crypto/b58.h"
#include "crypto/internal.h"

#define OID_RSA "\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01" /* 1.2.840.113549.1.1.1 */
#define OID_ED25519 "\x2b\x65\x70"                     /* 1.3.101.112 */
#define PREFIX_ED25519 "\xed\x01"                      /* multicodec ed25519-pub as varint */
#define PREFIX_RSA "\x85\x24"                          /* multicodec rsa-pub */

/* ---- reading ------------------------------------------------------------------------------------------------------- */

static unsigned
bits_of(struct str n)
{
    unsigned bits = (unsigned)n.n * 8;

    for (unsigned char top = (unsigned char)n.p[0]; (top & 0x80) == 0; top = (unsigned char)(top << 1))
        bits--;
    return bits;
}

static enum err
check_rsa(struct public_key *k)
{
    uint64_t e = 0;
    unsigned bits;

    if (k->n.n == 0 || k->n.p[0] == 0 || k->n.n > RSA_BITS_MAX / 8 || k->e.n == 0 || k->e.p[0] == 0 || k->e.n > 5)
        return ERR_INVALID;
    for (size_t i = 0; i < k->e.n; i++)
        e = e << 8 | (unsigned char)k->e.p[i];
    bits = bits_of(k->n);
    if (bits < RSA_BITS_MIN || bits > RSA_BITS_MAX || e < 3 || e > (uint64_t)1 << 32 || (e & 1) == 0 ||
        ((unsigned char)k->n.p[k->n.n - 1] & 1) == 0)
        return ERR_INVALID;
    return ERR_OK;
}

static enum err
read_pkcs1(struct str der, struct public_key *out)
{
    struct public_key k = { .kind = KEY_RSA };
    struct str seq;

    if (!der_take(&der, DER_SEQUENCE, &seq) || der.n != 0 || !der_take_uint(&seq, &k.n) || !der_take_uint(&seq, &k.e) ||
        seq.n != 0)
        return ERR_INVALID;
    TRY(check_rsa(&k));
    *out = k;
    return ERR_OK;
}

static enum err
read_spki(struct str der, struct public_key *out)
{
    struct str seq, alg, oid, bits, none;

    if (!der_take(&der, DER_SEQUENCE, &seq) || der.n != 0 || !der_take(&seq, DER_SEQUENCE, &alg) ||
        !der_take(&alg, DER_OID, &oid) || !der_take(&seq, DER_BIT_STRING, &bits) || seq.n != 0 || bits.n < 2 ||
        bits.p[0] != 0)
        return ERR_INVALID;
    bits = str_sub(bits, 1, bits.n);
    if (str_eq(oid, S(OID_RSA))) {
        if (alg.n != 0 && (!der_take(&alg, DER_NULL, &none) || none.n != 0 || alg.n != 0))
            return ERR_INVALID;
        return read_pkcs1(bits, out);
    }
    if (!str_eq(oid, S(OID_ED25519)) || alg.n != 0 || bits.n != 32)
        return ERR_INVALID;
    *out = (struct public_key){ .kind = KEY_ED25519, .ed = bits };
    return ERR_OK;
}

enum err
key_read_der(struct arena *a, struct str der, struct public_key *out)
{
    if (der.n > KEY_TEXT_BYTES_MAX)
        return ERR_TOO_LARGE;
    der = str_dup(a, der);
    return read_spki(der, out) == ERR_OK ? ERR_OK : read_pkcs1(der, out);
}

/* The bytes between "-----BEGIN label-----" and its end; white space anywhere in them is dropped. */
static bool
pem_body(struct arena *a, struct str pem, struct str label, struct str *der)
{
    struct str begin = str_cat(a, S("-----BEGIN "), label, S("-----"), STR_NONE);
    struct str end = str_cat(a, S("-----END "), label, S("-----"), STR_NONE);
    ptrdiff_t from = str_find(pem, begin), to;
    char *b64;
    size_t n = 0;

    if (from < 0)
        return false;
    pem = str_sub(pem, (size_t)from + begin.n, pem.n);
    to = str_find(pem, end);
    if (to < 0)
        return false;
    pem = str_sub(pem, 0, (size_t)to);
    b64 = arena_alloc(a, pem.n + 1, 1);
    for (size_t i = 0; i < pem.n; i++)
        if (strchr(" \t\r\n", pem.p[i]) == NULL || pem.p[i] == '\0')
            b64[n++] = pem.p[i];
    return b64_decode(a, (struct str){ b64, n }, der);
}

enum err
key_read_pem(struct arena *a, struct str pem, struct public_key *out)
{
    struct str der;

    if (pem.n > KEY_TEXT_BYTES_MAX)
        return ERR_TOO_LARGE;
    if (pem_body(a, pem, S("PUBLIC KEY"), &der))
        return read_spki(der, out);
    if (pem_body(a, pem, S("RSA PUBLIC KEY"), &der))
        return read_pkcs1(der, out);
    return ERR_INVALID;
}

enum err
key_read_multikey(struct arena *a, struct str text, struct public_key *out)
{
    struct str bytes;

    if (text.n > KEY_TEXT_BYTES_MAX)
        return ERR_TOO_LARGE;
    if (text.n < 2 || text.p[0] != 'z' || !b58_decode(a, str_sub(text, 1, text.n), &bytes))
        return ERR_INVALID;
    if (str_starts(bytes, S(PREFIX_ED25519)) && bytes.n == 2 + 32) {
        *out = (struct public_key){ .kind = KEY_ED25519, .ed = str_sub(bytes, 2, bytes.n) };
        return ERR_OK;
    }
    if (str_starts(bytes, S(PREFIX_RSA)))
        return read_pkcs1(str_sub(bytes, 2, bytes.n), out);
    return ERR_INVALID;
}

/* ---- writing ------------------------------------------------------------------------------------------------------- */

static struct str
pkcs1(struct arena *a, const struct public_key *k)
{
    return der_put(a, DER_SEQUENCE, str_cat(a, der_put_uint(a, k->n), der_put_uint(a, k->e), STR_NONE));
}

struct str
key_pem(struct arena *a, const struct public_key *k)
{
    struct str zero = { "\0", 1 }, alg, b64;
    struct buf b;

    CHECK(k->kind != KEY_NONE);
    alg = k->kind == KEY_RSA ? str_cat(a, der_put(a, DER_OID, S(OID_RSA)), der_put(a, DER_NULL, S("")), STR_NONE)
                             : der_put(a, DER_OID, S(OID_ED25519));
    b64 = b64_encode(
        a, der_put(a, DER_SEQUENCE,
               str_cat(a, der_put(a, DER_SEQUENCE, alg),
                   der_put(a, DER_BIT_STRING, str_cat(a, zero, k->kind == KEY_RSA ? pkcs1(a, k) : k->ed, STR_NONE)),
                   STR_NONE)));
    buf_init(&b, a, KEY_TEXT_BYTES_MAX);
    buf_putz(&b, "-----BEGIN PUBLIC KEY-----\n");
    for (size_t i = 0; i < b64.n; i += 64) {
        buf_put(&b, str_sub(b64, i, i + 64));
        buf_putc(&b, '\n');
    }
    buf_putz(&b, "-----END PUBLIC KEY-----\n");
    CHECK(buf_ok(&b));
    return buf_str(&b);
}

struct str
key_multikey(struct arena *a, const struct public_key *k)
{
    struct str bytes;

    CHECK(k->kind != KEY_NONE);
    bytes = k->kind == KEY_RSA ? str_cat(a, S(PREFIX_RSA), pkcs1(a, k), STR_NONE)
                               : str_cat(a, S(PREFIX_ED25519), k->ed, STR_NONE);
    return str_cat(a, S("z"), b58_encode(a, bytes), STR_NONE);
}

/* One byte of kind; RSA: one byte length of e, e, n; Ed25519: the 32 bytes. */
struct str
key_pack(struct arena *a, const struct public_key *k)
{
    char head[2] = { (char)k->kind, (char)k->e.n };

    CHECK(k->kind != KEY_NONE);
    if (k->kind == KEY_ED25519)
        return str_cat(a, (struct str){ head, 1 }, k->ed, STR_NONE);
    return str_cat(a, (struct str){ head, 2 }, k->e, k->n, STR_NONE);
}

enum err
key_unpack(struct str blob, struct public_key *out)
{
    struct public_key k = { .kind = KEY_RSA };
    size_t e_n;

    if (blob.n == 33 && blob.p[0] == KEY_ED25519) {
        *out = (struct public_key){ .kind = KEY_ED25519, .ed = str_sub(blob, 1, 33) };
        return ERR_OK;
    }
    if (blob.n < 4 || blob.p[0] != KEY_RSA || (e_n = (unsigned char)blob.p[1]) > blob.n - 3)
        return ERR_INVALID;
    k.e = str_sub(blob, 2, 2 + e_n);
    k.n = str_sub(blob, 2 + e_n, blob.n);
    TRY(check_rsa(&k));
    *out = k;
    return ERR_OK;
}

bool
key_eq(const struct public_key *x, const struct public_key *y)
{
    return x->kind == y->kind && str_eq(x->n, y->n) && str_eq(x->e, y->e) && str_eq(x->ed, y->ed);
}

/* Headers of a request that we sign. */
#include "ap/httpsig_internal.h"
#include "ap/sf.h"
#include "base/arena.h"
#include "base/b64.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/date.h"
#include "base/url.h"

static void
put(struct ap_sig_headers *h, struct str name, struct str value)
{
    CHECK(h->n < AP_SIG_HEADERS_OUT);
    h->v[h->n++] = (struct http_header){ name, value };
}

static void
cover(struct ap_sig *s, struct str name)
{
    CHECK(s->components.n < AP_SIG_COMPONENTS_MAX);
    s->components.v[s->components.n++] = name;
}

static struct str
digest_value(struct arena *a, const struct ap_sig_out *o)
{
    struct buf b;

    buf_init(&b, a, 128);
    if (o->dialect == AP_SIG_CAVAGE) {
        buf_putz(&b, "SHA-256="); /* capitals: Misskey and Threads refuse "sha-256=" */
        buf_put(&b, b64_encode(a, sha256_str(o->body_sha256)));
    } else {
        buf_putz(&b, "sha-256=");
        sf_put_bytes(&b, sha256_str(o->body_sha256));
    }
    return buf_str(&b);
}

/* The fields that do not depend on the signature, and which of them it covers. */
static void
prepare(struct arena *a, const struct ap_sig_out *o, const struct url *u, struct ap_sig *s, struct ap_sig_headers *h)
{
    bool cavage = o->dialect == AP_SIG_CAVAGE;

    put(h, S("Host"), u->authority);
    put(h, S("Date"), date_http(a, o->now_ms));
    cover(s, cavage ? S("(request-target)") : S("@method"));
    cover(s, cavage ? S("host") : S("@target-uri"));
    if (cavage)
        cover(s, S("date"));
    if (o->body_sha256 != NULL) {
        put(h, cavage ? S("Digest") : S("Content-Digest"), digest_value(a, o));
        put(h, S("Content-Type"), o->content_type);
        cover(s, cavage ? S("digest") : S("content-digest"));
        if (cavage)
            cover(s, S("content-type"));
    }
    if (o->extra.name.p != NULL) {
        put(h, o->extra.name, o->extra.value);
        cover(s, str_lower(a, o->extra.name));
    }
}

static bool
is_quotable(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] <= 0x20 || s.p[i] > 0x7e || s.p[i] == '"' || s.p[i] == '\\')
            return false;
    return s.n > 0;
}

static struct str
params_of(struct arena *a, const struct ap_sig_out *o, const struct ap_sig *s)
{
    struct buf b;

    buf_init(&b, a, 2 * AP_SIG_HEADER_BYTES_MAX);
    buf_putc(&b, '(');
    for (size_t i = 0; i < s->components.n; i++) {
        if (i > 0)
            buf_putc(&b, ' ');
        CHECK(sf_put_string(&b, s->components.v[i]));
    }
    buf_putz(&b, ");created=");
    buf_put_int(&b, o->now_ms / SECOND_MS);
    buf_putz(&b, ";keyid=");
    CHECK(sf_put_string(&b, o->keyid));
    CHECK(buf_ok(&b));
    return buf_str(&b);
}

static struct str
cavage_value(struct arena *a, const struct ap_sig_out *o, const struct ap_sig *s, struct str signature)
{
    struct buf b;

    buf_init(&b, a, 2 * AP_SIG_HEADER_BYTES_MAX);
    buf_putz(&b, "keyId=\"");
    buf_put(&b, o->keyid);
    buf_putz(
        &b, o->key->kind == KEY_RSA ? "\",algorithm=\"rsa-sha256\",headers=\"" : "\",algorithm=\"hs2019\",headers=\"");
    for (size_t i = 0; i < s->components.n; i++) {
        if (i > 0)
            buf_putc(&b, ' ');
        buf_put(&b, s->components.v[i]);
    }
    buf_putz(&b, "\",signature=\"");
    buf_put(&b, b64_encode(a, signature));
    buf_putc(&b, '"');
    CHECK(buf_ok(&b));
    return buf_str(&b);
}

enum err
ap_sig_make(struct arena *a, const struct ap_sig_out *o, struct ap_sig_headers *out)
{
    struct ap_sig s = { .dialect = o->dialect, .components.v = arena_vec(a, struct str, AP_SIG_COMPONENTS_MAX) };
    struct ap_sig_request r;
    struct ap_sig_headers h = { 0 };
    struct str base, signature;
    struct url u;

    if (!url_parse(a, o->url, &u) || !is_quotable(o->keyid))
        return ERR_INVALID;
    prepare(a, o, &u, &s, &h);
    r = (struct ap_sig_request){
        .method = o->method, .target = u.target, .headers = h.v, .n_headers = h.n, .origins = { &u.origin, 1 }
    };
    if (o->dialect == AP_SIG_RFC9421)
        s.params = params_of(a, o, &s);
    CHECK(httpsig_base(a, &r, &s, o->omit_query, &base));
    TRY(key_sign(a, o->key, base, &signature));
    if (o->dialect == AP_SIG_CAVAGE) {
        put(&h, S("Signature"), cavage_value(a, o, &s, signature));
    } else {
        struct buf b;

        buf_init(&b, a, AP_SIG_HEADER_BYTES_MAX);
        buf_putz(&b, "sig1=");
        sf_put_bytes(&b, signature);
        put(&h, S("Signature-Input"), str_cat(a, S("sig1="), s.params, STR_NONE));
        put(&h, S("Signature"), buf_str(&b));
    }
    *out = h;
    return ERR_OK;
}

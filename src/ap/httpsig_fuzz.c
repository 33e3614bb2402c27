/* Lines of header fields, as a signed request. */
#include "ap/httpsig.h"
#include "ap/sf.h"
#include "ap/sync.h"
#include "base/arena.h"
#include "base/buf.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void
check_sf(struct arena *a, struct str field)
{
    struct sf_dict d;
    struct buf b;

    if (!sf_dict_parse(a, field, &d))
        return;
    for (size_t i = 0; i < d.n; i++) { /* the canonical form reads back as itself */
        const struct sf_item *items;
        struct buf again;
        size_t n;

        buf_init(&b, a, 1 << 20);
        sf_put(&b, &d.v[i].value);
        if (!buf_ok(&b) || b.n > SF_FIELD_BYTES_MAX)
            continue;
        CHECK(sf_list_parse(a, buf_str(&b), &items, &n) && n == 1);
        buf_init(&again, a, 1 << 20);
        sf_put(&again, &items[0]);
        CHECK(str_eq(buf_str(&b), buf_str(&again)));
    }
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    static const struct public_key key = { .kind = KEY_ED25519, .ed = { "0123456789abcdef0123456789abcdef", 32 } };
    struct arena *a = arena_new_heap();
    struct str rest = { (const char *)data, n }, line, origin = S("https://b.example");
    struct http_header headers[HTTP_HEADERS_MAX];
    struct ap_sig_request r = { .method = S("POST"),
        .target = S("/inbox?x=1"),
        .headers = headers,
        .has_body = true,
        .origins = { &origin, 1 },
        .now_ms = 1000000 };
    struct ap_sync sync;
    struct ap_sig s;
    const char *why;

    while (r.n_headers < HTTP_HEADERS_MAX && str_cut(&rest, '\n', &line)) {
        struct str value = line, name;

        if (!str_cut(&value, ':', &name) || value.p == NULL)
            continue;
        headers[r.n_headers++] = (struct http_header){ name, value };
        check_sf(a, value);
        (void)ap_sync_parse(a, value, &sync);
    }
    if (ap_sig_parse(a, &r, &s, &why) == ERR_OK) {
        CHECK(s.keyid.n > 0);
        (void)!ap_sig_check(a, &r, &s, &why);
        CHECK(ap_sig_verify(a, &r, &s, &key, &why) != ERR_OK);
    }
    arena_free(a);
    return 0;
}

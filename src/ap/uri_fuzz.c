/* Texts as one of our URIs, as a WebFinger resource, as an Accept header. */
#include "ap/accept.h"
#include "ap/webfinger.h"
#include "base/arena.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    static const struct ap_site site = { { "https://social.example", 22 }, { "social.example", 14 },
        { "social.example", 14 } };
    struct arena *a = arena_new_heap();
    struct str text = { (const char *)data, n };
    struct ap_uri u, again;
    struct ap_wf wf;

    if (ap_uri_parse_local(a, site.origin, text, &u) && u.kind != AP_URI_NONE) {
        struct str made = u.name.p != NULL ? ap_uri_named(a, site.origin, u.kind, u.name, u.b)
                                           : ap_uri3(a, site.origin, u.kind, u.a, u.b, u.c);

        if (made.n <= 2048) /* escaping may make a name longer than an address may be */
            CHECK(ap_uri_parse_local(a, site.origin, made, &again) && again.kind == u.kind && again.a == u.a &&
                  again.b == u.b && str_eq(again.name, u.name));
    }
    ap_wf_resource(a, &site, (struct strs){ 0 }, text, &wf);
    (void)ap_accept(text, AP_WANTS_AP);
    arena_free(a);
    return 0;
}

/* A parsed address is an address again, and nothing in it breaks a header or an SMTP command. */
#include "text/email.h"

#include "base/arena.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct arena *a = arena_new_heap();
    struct email e, again;

    if (email_parse(a, (struct str){ (const char *)data, n }, &e)) {
        CHECK(email_parse(a, e.text, &again) && str_eq(e.text, again.text) && str_eq(e.key, again.key));
        for (size_t i = 0; i < e.text.n; i++)
            CHECK(e.text.p[i] > ' ' && e.text.p[i] < 0x7f && e.text.p[i] != '<' && e.text.p[i] != '>' &&
                  e.text.p[i] != ',');
        CHECK(e.text.n <= EMAIL_BYTES_MAX);
    }
    arena_free(a);
    return 0;
}

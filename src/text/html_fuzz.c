/* Cleaning twice changes nothing; the other readers survive. */
#include "text/html.h"

#include "base/arena.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct arena *a = arena_new_heap();
    struct str in = { (const char *)data, n };

    for (int kind = HTML_POST; kind <= HTML_OWN; kind++) {
        struct str out = text_html_clean(a, in, (enum html_kind)kind);

        CHECK(str_eq(out, text_html_clean(a, out, (enum html_kind)kind)));
        CHECK(str_find(out, S("<script")) < 0);
    }
    text_html_to_plain(a, in);
    text_find_rel_me(a, in, S("https://a.example/@a"));
    text_find_alternate(a, in);
    text_find_metas(a, in);
    arena_free(a);
    return 0;
}

/* Any bytes as a page, as an oEmbed document, and as a post with links. */
#include "text/card.h"

#include "base/arena.h"
#include "base/utf8.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    static const char *const types[] = { "text/html", "text/html; charset=shift_jis", "text/html; charset=gbk" };
    struct arena *a = arena_new_heap();
    struct str in = { (const char *)data, n };
    struct text_oembed o;
    struct text_page p;

    for (size_t i = 0; i < lengthof(types); i++) {
        struct str page = text_page_utf8(a, in, str_z(types[i]));

        CHECK(utf8_valid(page));
        text_page_read(a, page, &p);
        CHECK(utf8_valid(p.title) && utf8_valid(p.description) && utf8_valid(p.author));
    }
    if (text_oembed_read(a, in, &o))
        CHECK(o.width >= 0 && o.height >= 0 && utf8_valid(o.title));
    CHECK(text_html_links(a, in).n <= PAGE_LINKS_MAX);
    arena_free(a);
    return 0;
}

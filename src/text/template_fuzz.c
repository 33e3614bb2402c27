/* Any template compiles or is refused; no value brings markup into what a template shows. */
#include "text/template.h"

#include "base/arena.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    static const struct str keys[] = { { "a", 1 }, { "b", 1 } };
    struct arena *a = arena_new_heap();
    struct str source = { (const char *)data, n };
    struct val text = { .kind = VAL_STR, .s = S("\x01<\">&'\x02") };
    struct val items[] = { text, text };
    struct val list = { .kind = VAL_ARR, .n = 2, .v = items };
    struct val both[] = { text, list };
    struct val root = { .kind = VAL_OBJ, .n = 2, .v = both, .keys = keys };
    struct template *t;
    const char *why;
    struct buf b;

    if (text_template_compile(a, source, TEMPLATE_HTML, &t, &why) == ERR_OK) {
        enum err e;

        buf_init(&b, a, 65536);
        e = text_template_render(NULL, t, &root, S("de"), &b);
        CHECK(e == ERR_OK || e == ERR_NOT_FOUND || e == ERR_TOO_LARGE);
        CHECK(str_find(buf_str(&b), S("\x01<\"")) < 0 || str_chr(source, 1) >= 0);
    }
    arena_free(a);
    return 0;
}

/* Cleans documents for tests in a browser: NUL-terminated documents on stdin, their cleaned forms on stdout. */
#include "text/html.h"

#include "base/arena.h"

enum { INPUT_BYTES_MAX = 32 * 1024 * 1024 };

int
main(void)
{
    struct arena *a = arena_new_heap();
    char *p = arena_alloc(a, INPUT_BYTES_MAX, 1);
    struct str rest = { p, fread(p, 1, INPUT_BYTES_MAX, stdin) }, one;

    while (str_cut(&rest, '\0', &one) && rest.p != NULL) {
        struct arena_mark m = arena_save(a);
        struct str out = text_html_clean(a, one, HTML_POST);

        fwrite(out.p, 1, out.n, stdout);
        fputc('\0', stdout);
        arena_restore(a, m);
    }
    arena_free(a);
    return 0;
}

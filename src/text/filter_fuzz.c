/* Keywords in lines, then an empty line, then the text: what is found is there, and what is there is found. */
#include "text/filter.h"

#include "base/arena.h"
#include "base/utf8.h"
#include "text/unicode.h"

enum { KEYWORDS_MAX = 64, INPUT_MAX = 4096 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct arena *a = arena_new_heap();
    struct str rest = utf8_clean(a, (struct str){ (const char *)data, MIN(n, (size_t)INPUT_MAX) }, true), line;
    struct text_keyword plain[KEYWORDS_MAX], whole[KEYWORDS_MAX];
    bool hit[KEYWORDS_MAX] = { false }, hit_whole[KEYWORDS_MAX] = { false };
    size_t keywords = 0;

    while (keywords < KEYWORDS_MAX && str_cut(&rest, '\n', &line) && line.n > 0) {
        plain[keywords] = (struct text_keyword){ line, false };
        whole[keywords++] = (struct text_keyword){ line, true };
    }
    rest = text_casefold(a, rest);
    text_filter_match(text_filter_new(a, a, plain, keywords), rest, hit);
    text_filter_match(text_filter_new(a, a, whole, keywords), rest, hit_whole);
    for (size_t i = 0; i < keywords; i++) {
        struct str folded = text_casefold(a, plain[i].text);

        CHECK(hit[i] == (folded.n > 0 && str_find(rest, folded) >= 0));
        CHECK(hit[i] || !hit_whole[i]);
    }
    arena_free(a);
    return 0;
}

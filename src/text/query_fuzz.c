/* Whatever is typed: terms within their bounds, and nothing in them that an index would read as its own syntax. */
#include "text/query.h"

#include "base/arena.h"
#include "base/utf8.h"
#include "text/unicode.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void
check_word(struct str w)
{
    uint32_t cp;

    CHECK(w.n > 0 && w.n <= TEXT_TOKEN_BYTES_MAX && utf8_valid(w));
    while (utf8_next(&w, &cp))
        CHECK(text_is_word(cp) && cp != '_');
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct arena *a = arena_new_heap();
    struct text_query q;

    text_query_parse(a, (struct str){ (const char *)data, n }, &q);
    CHECK(q.n <= QUERY_TERMS_MAX);
    for (size_t i = 0; i < q.n; i++) {
        const struct query_term *t = &q.v[i];

        CHECK(t->words.n <= QUERY_WORDS_MAX && (t->words.n > 0) == (t->kind == QUERY_WORDS || t->kind == QUERY_PREFIX));
        for (size_t k = 0; k < t->words.n; k++)
            check_word(t->words.v[k]);
    }
    CHECK(q.nothing || q.from_ms < q.to_ms);
    arena_free(a);
    return 0;
}

/* Entities stay in order and inside; formatted text survives the cleaner unchanged in what is read. */
#include "text/format.h"

#include "base/arena.h"
#include "text/html.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static bool
anybody(void *arg, struct str user, struct str domain, struct text_person *out)
{
    *out = (struct text_person){ .url = S("https://a.example/@x"), .username = user, .acct = user };
    return domain.n % 2 == 0;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct text_format_opts opts = { .person = anybody, .tag_base = S("https://a.example/tags/") };
    struct str text = { (const char *)data, n };
    struct arena *a = arena_new_heap();
    struct links l = text_links(a, text);
    struct text_formatted f;

    for (size_t i = 0; i < l.n; i++)
        CHECK(l.v[i].from < l.v[i].to && l.v[i].to <= n && (i == 0 || l.v[i].from >= l.v[i - 1].to));
    text_format(a, text, &opts, &f);
    CHECK(str_eq(text_html_to_plain(a, f.html), text_html_to_plain(a, text_html_clean(a, f.html, HTML_OWN))));
    text_format_markdown(a, text, &opts, &f);
    CHECK(str_eq(text_html_clean(a, f.html, HTML_OWN), f.html));
    text_count(a, text, STR_NONE);
    arena_free(a);
    return 0;
}

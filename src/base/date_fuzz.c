/* A date that is taken prints as a date that means the same. */
#include "base/arena.h"
#include "base/date.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct str s = { (const char *)data, n };
    struct arena *a = arena_new_heap();
    int64_t ms, again;

    if (date_parse(s, &ms))
        CHECK(date_parse(date_iso(a, ms), &again) && again == ms);
    if (date_parse_http(s, &ms))
        CHECK(str_eq(date_http(a, ms), s));
    arena_free(a);
    return 0;
}

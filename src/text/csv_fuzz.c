/* Whatever was read, written and read again is the same. */
#include "text/csv.h"

#include "base/arena.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct str rest = csv_begin((struct str){ (const char *)data, n });
    struct arena *a = arena_new_heap();
    struct csv_row row, again;

    while (csv_next(a, &rest, &row)) {
        struct str text;
        struct buf b;

        buf_init(&b, a, 4 * n + 64);
        csv_put(&b, row.v, row.n);
        text = buf_str(&b);
        if (row.n == 1 && row.v[0].n == 0) /* an empty line: rows without anything are left out */
            continue;
        CHECK(csv_next(a, &text, &again) && again.n == row.n && text.n <= 2);
        for (size_t i = 0; i < row.n; i++)
            CHECK(str_eq(row.v[i], again.v[i]));
    }
    arena_free(a);
    return 0;
}

#include "text/csv.h"

#include "base/arena.h"
#include "unit.h"

UNIT(csv_reads_what_spreadsheets_write)
{
    static const struct {
        const char *in;
        size_t rows, cells;
        const char *first, *last; /* of the last row */
    } good[] = {
        { "", 0, 0, NULL, NULL },
        { "\r\n\n", 0, 0, NULL, NULL },
        { "a", 1, 1, "a", "a" },
        { "a,b\r\nc,d\r\n", 2, 2, "c", "d" },
        { "a\n\nb\n", 2, 1, "b", "b" },
        { "\"a,\"\"b\"\"\",c", 1, 2, "a,\"b\"", "c" },
        { "\"two\r\nlines\",x\n", 1, 2, "two\r\nlines", "x" },
        { "a,", 1, 2, "a", "" },
        { ",,", 1, 3, "", "" },
        { "\"never ends,\nx", 1, 1, "never ends,\nx", "never ends,\nx" },
        { "\"a\" b,c", 1, 2, "a", "c" },
        { "a\"b,c", 1, 2, "a\"b", "c" },
        { "1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18", 1, 16, "1", "16" },
    };

    for (size_t i = 0; i < lengthof(good); i++) {
        struct str rest = str_z(good[i].in);
        struct csv_row row, last = { .n = 0 };
        size_t n = 0;

        while (csv_next(unit_mem(), &rest, &row)) {
            last = row;
            n++;
        }
        assert_int_equal(n, good[i].rows);
        assert_int_equal(last.n, good[i].cells);
        if (n > 0) {
            assert_str(last.v[0], good[i].first);
            assert_str(last.v[last.n - 1], good[i].last);
        }
    }
}

UNIT(csv_reads_back_what_it_wrote)
{
    const struct str cells[] = { S("plain"), S("a, b"), S("say \"hi\""), S("two\nlines"), S(""), S("\r") };
    struct csv_row row;
    struct str rest;
    struct buf b;

    buf_init(&b, unit_mem(), 4096);
    csv_put(&b, cells, lengthof(cells));
    rest = buf_str(&b);
    assert_true(csv_next(unit_mem(), &rest, &row));
    assert_int_equal(row.n, lengthof(cells));
    for (size_t i = 0; i < lengthof(cells); i++)
        assert_true(str_eq(row.v[i], cells[i]));
    assert_false(csv_next(unit_mem(), &rest, &row));
}

UNIT(csv_leaves_out_the_byte_order_mark)
{
    assert_str(csv_begin(S("\xef\xbb\xbf"
                           "a,b")),
        "a,b");
    assert_str(csv_begin(S("a,b")), "a,b");
}

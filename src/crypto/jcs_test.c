#include "crypto/jcs.h"

#include "vectors.h"

#include <math.h>

UNIT(jcs_rfc8785)
{
    const struct val *cases = val_get(vectors("vectors/rfc8785-jcs.json"), S("cases"));

    for (size_t i = 0; i < cases->n; i++) {
        const struct val *v;
        struct str out;

        assert_int_equal(json_parse(unit_mem(), unhex(member(&cases->v[i], "input_hex")), NULL, &v), ERR_OK);
        assert_int_equal(jcs_write(unit_mem(), v, &out), ERR_OK);
        assert_true(str_eq(out, unhex(member(&cases->v[i], "output_hex"))));
    }
    assert_true(cases->n >= 6);
}

UNIT(jcs_numbers_of_the_rfc)
{
    const struct val *rows = val_get(vectors("vectors/rfc8785-jcs.json"), S("numbers_ieee754_hex_to_text"));

    for (size_t i = 0; i < rows->n; i++) {
        struct str bytes = unhex(val_str(val_at(&rows->v[i], 0))), want = val_str(val_at(&rows->v[i], 1));
        uint64_t bits = 0;
        double d;

        for (size_t k = 0; k < 8; k++)
            bits = bits << 8 | (unsigned char)bytes.p[k];
        memcpy(&d, &bits, sizeof(d));
        if (!isfinite(d)) { /* the RFC: an error */
            assert_true(want.p == NULL || !strchr("0123456789-", want.p[0]));
            continue;
        }
        assert_true(str_eq(jcs_number(unit_mem(), d), want));
    }
    assert_true(rows->n > 20);
}

/* Powers of two are where the nearest decimal of a length may lie outside the interval that reads back. */
UNIT(jcs_numbers_are_shortest_at_powers_of_two)
{
    assert_str(jcs_number(unit_mem(), 0x1p-44), "5.684341886080802e-14");
    assert_str(jcs_number(unit_mem(), 0x1p-1074), "5e-324");
    assert_str(jcs_number(unit_mem(), 1e21), "1e+21");
    assert_str(jcs_number(unit_mem(), 123456789012345680000.0), "123456789012345680000");
    assert_str(jcs_number(unit_mem(), 0.000001), "0.000001");
    assert_str(jcs_number(unit_mem(), 1e-7), "1e-7");
    assert_str(jcs_number(unit_mem(), -71.184902), "-71.184902");
    assert_str(jcs_number(unit_mem(), 0.1 + 0.2), "0.30000000000000004");
}

UNIT(jcs_refuses_what_has_no_canonical_form)
{
    const struct val *v;
    struct str out;

    assert_int_equal(json_parse(unit_mem(), S("{\"a\":1,\"a\":2}"), NULL, &v), ERR_OK);
    assert_int_equal(jcs_write(unit_mem(), v, &out), ERR_INVALID);
    assert_int_equal(json_parse(unit_mem(), S("[1e999]"), NULL, &v), ERR_OK);
    assert_int_equal(jcs_write(unit_mem(), v, &out), ERR_INVALID);
    assert_int_equal(json_parse(unit_mem(), S("{\"b\":{\"proof\":1},\"proof\":2,\"a\":0}"), NULL, &v), ERR_OK);
    assert_int_equal(jcs_write_without(unit_mem(), v, &S("proof"), 1, &out), ERR_OK);
    assert_str(out, "{\"a\":0,\"b\":{\"proof\":1}}");
}

/* Helpers of unit tests that read vectors of the shared reference data. */
#ifndef TEST_VECTORS_H
#define TEST_VECTORS_H

#include "base/json.h"
#include "unit.h"

/* A JSON file of the shared reference data; the limits of strangers' documents do not hold for it. */
static inline const struct val *
vectors(const char *path)
{
    static const struct json_limits wide = { .nodes = 1000000, .string_bytes = 1 << 24 };
    const struct val *v = NULL;

    assert_int_equal(json_parse(unit_mem(), unit_shared(path), &wide, &v), ERR_OK);
    return v;
}

static inline struct str
unhex(struct str hex)
{
    char *p = arena_alloc(unit_mem(), hex.n / 2 + 1, 1);

    for (size_t i = 0; i + 1 < hex.n; i += 2) {
        char digits[3] = { hex.p[i], hex.p[i + 1], '\0' };

        p[i / 2] = (char)strtol(digits, NULL, 16);
    }
    return (struct str){ p, hex.n / 2 };
}

static inline struct str
member(const struct val *v, const char *name)
{
    return val_str(val_get(v, str_z(name)));
}

#endif

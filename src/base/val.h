/*
 * Untyped data: what JSON, forms, queries and job arguments decode into.  Plain, immutable, in somebody's arena.
 * Reading never fails: a missing member is the null value, so that val_get(val_get(v, S("a")), S("b")) is always safe.
 */
#ifndef BASE_VAL_H
#define BASE_VAL_H

#include "base/str.h"

enum val_kind { VAL_NULL, VAL_BOOL, VAL_NUM, VAL_STR, VAL_ARR, VAL_OBJ };

struct val {
    enum val_kind kind;
    bool b;                 /* VAL_BOOL */
    struct str s;           /* VAL_STR: decoded text; VAL_NUM: its text as written */
    size_t n;               /* VAL_ARR, VAL_OBJ: how many */
    const struct val *v;    /* VAL_ARR: items; VAL_OBJ: values */
    const struct str *keys; /* VAL_OBJ: names, in the order of the text */
};

extern const struct val val_null;

/* Member by name; the last one when a name stands twice.  Never NULL: &val_null when absent or not an object. */
const struct val *val_get(const struct val *obj, struct str key);
/* Item i of an array, or &val_null. */
const struct val *val_at(const struct val *arr, size_t i);
bool val_has(const struct val *obj, struct str key);
bool val_is_null(const struct val *v);
/* Text of a string; STR_NONE for any other kind. */
struct str val_str(const struct val *v);
/* Integer of a number without fraction or exponent, or `otherwise`. */
int64_t val_int(const struct val *v, int64_t otherwise);
/* A number that stands as text under key, as ids do; 0 when there is none. */
int64_t val_id(const struct val *v, struct str key);
bool val_bool(const struct val *v, bool otherwise);
double val_num(const struct val *v, double otherwise);

#endif

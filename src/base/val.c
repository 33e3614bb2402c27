/* Untyped data: reading it. */
#include "base/val.h"

#include "base/arena.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

const struct val val_null = { .kind = VAL_NULL };

const struct val *
val_get(const struct val *obj, struct str key)
{
    if (obj->kind != VAL_OBJ)
        return &val_null;
    for (size_t i = obj->n; i > 0; i--)
        if (str_eq(obj->keys[i - 1], key))
            return &obj->v[i - 1];
    return &val_null;
}

const struct val *
val_at(const struct val *arr, size_t i)
{
    return arr->kind == VAL_ARR && i < arr->n ? &arr->v[i] : &val_null;
}

bool
val_has(const struct val *obj, struct str key)
{
    return val_get(obj, key) != &val_null;
}

bool
val_is_null(const struct val *v)
{
    return v->kind == VAL_NULL;
}

struct str
val_str(const struct val *v)
{
    return v->kind == VAL_STR ? v->s : STR_NONE;
}

int64_t
val_int(const struct val *v, int64_t otherwise)
{
    int64_t i;

    return v->kind == VAL_NUM && str_int(v->s, &i) ? i : otherwise;
}

bool
val_bool(const struct val *v, bool otherwise)
{
    return v->kind == VAL_BOOL ? v->b : otherwise;
}

double
val_num(const struct val *v, double otherwise)
{
    char small[64], *z = small;
    double d;

    if (v->kind != VAL_NUM)
        return otherwise;
    if (v->s.n >= sizeof(small)) {
        z = malloc(v->s.n + 1);
        if (z == NULL)
            BUG("out of memory");
    }
    memcpy(z, v->s.p, v->s.n);
    z[v->s.n] = '\0';
    d = strtod(z, NULL);
    if (z != small)
        free(z);
    return isfinite(d) ? d : otherwise;
}

int64_t
val_id(const struct val *v, struct str key)
{
    int64_t id;

    return str_int(val_str(val_get(v, key)), &id) ? id : 0;
}

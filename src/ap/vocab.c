/* The table of types behind vocab.h. */
#include "ap/vocab.h"

struct row {
    struct str name;
    enum ap_class cls;
};

#define X(name, text, cls) [AP_##name] = { { text, sizeof(text) - 1 }, AP_CLASS_##cls },
static const struct row rows[AP_TYPE_COUNT] = { [AP_UNKNOWN] = { { "", 0 }, AP_CLASS_OTHER }, AP_TYPES(X) };
#undef X

enum ap_type
ap_type_from(struct str name)
{
    static const struct str prefixes[] = { { AP_AS "#", sizeof(AP_AS) }, { "as:", 3 }, { "toot:", 5 },
        { "litepub:", 8 } };

    for (size_t i = 0; i < lengthof(prefixes); i++)
        if (str_starts(name, prefixes[i]))
            name = str_sub(name, prefixes[i].n, name.n);
    for (size_t t = 1; t < AP_TYPE_COUNT; t++)
        if (str_eq(rows[t].name, name))
            return (enum ap_type)t;
    return AP_UNKNOWN;
}

struct str
ap_type_name(enum ap_type t)
{
    return rows[t].name;
}

enum ap_class
ap_type_class(enum ap_type t)
{
    return rows[t].cls;
}

bool
ap_is_public(struct str id)
{
    return str_eq(id, S(AP_PUBLIC_ID)) || str_eq(id, S("as:Public")) || str_eq(id, S("Public"));
}

/* OAuth scopes: the table and its hierarchy. */
#include "model/scope.h"

static const struct {
    const char *name;
    int family; /* 0: none or a parent; 1 read, 2 write, 3 admin:read, 4 admin:write */
} table[SCOPE_COUNT] = {
#define X(name, text, family) { text, family },
    SCOPE_LIST(X)
#undef X
};

static const enum scope_index parents[] = { 0, SCOPE_I_READ, SCOPE_I_WRITE, SCOPE_I_ADMIN_READ, SCOPE_I_ADMIN_WRITE };

#define FOLLOW_COVERS                                                                                                  \
    (SCOPE(READ_BLOCKS) | SCOPE(READ_FOLLOWS) | SCOPE(READ_MUTES) | SCOPE(WRITE_BLOCKS) | SCOPE(WRITE_FOLLOWS) |       \
        SCOPE(WRITE_MUTES))

const char *
scope_name(enum scope_index i)
{
    return table[i].name;
}

bool
scope_parse(struct str text, uint64_t *out)
{
    struct str word;

    *out = 0;
    while (str_cut(&text, ' ', &word)) {
        size_t i;

        if (word.n == 0)
            continue;
        for (i = 0; i < SCOPE_COUNT && !str_eqz(word, table[i].name); i++)
            ;
        if (i == SCOPE_COUNT)
            return false;
        *out |= UINT64_C(1) << i;
    }
    return true;
}

void
scope_put(struct buf *b, uint64_t scopes, char sep)
{
    bool first = true;

    for (size_t i = 0; i < SCOPE_COUNT; i++) {
        if ((scopes >> i & 1) == 0)
            continue;
        if (!first)
            buf_putc(b, sep);
        first = false;
        buf_putz(b, table[i].name);
    }
}

uint64_t
scope_closure(uint64_t scopes)
{
    for (size_t i = 0; i < SCOPE_COUNT; i++)
        if (table[i].family != 0 && (scopes >> parents[table[i].family] & 1) != 0)
            scopes |= UINT64_C(1) << i;
    if ((scopes & SCOPE(FOLLOW)) != 0)
        scopes |= FOLLOW_COVERS;
    return scopes;
}

bool
scope_allows(uint64_t have, uint64_t any_of)
{
    return any_of == 0 || (scope_closure(have) & any_of) != 0;
}

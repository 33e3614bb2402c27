/* Finding accounts by what people type or paste. */
#include "service/account.h"

#include "base/clock.h"
#include "base/url.h"
#include "service/resolve.h"
#include "store/account.h"
#include "store/relation.h"

enum { QUERY_BYTES_MAX = 512 };

static bool
is_url(struct str q)
{
    return str_startsi(q, S("https://")) || str_startsi(q, S("http://"));
}

/* "server/@user", with or without scheme, to "user@server": how profiles look in an address bar. */
static struct str
handle_of_address(struct ctx *c, struct str q)
{
    struct str rest = q, host, tail;
    ptrdiff_t slash;

    if (is_url(rest))
        rest = str_sub(rest, (size_t)str_chr(rest, ':') + 3, rest.n);
    slash = str_chr(rest, '/');
    if (slash <= 0)
        return q;
    host = str_sub(rest, 0, (size_t)slash);
    tail = str_sub(rest, (size_t)slash + 1, rest.n);
    if (!str_starts(tail, S("@")) || str_chr(tail, '/') >= 0)
        return q;
    tail = str_sub(tail, 1, tail.n);
    return str_chr(tail, '@') >= 0 ? tail : str_cat(c->mem, tail, S("@"), host, STR_NONE);
}

/* The one account that q names exactly, or NULL. */
static enum err
known(struct ctx *c, struct str q, struct account **out)
{
    enum err e = is_url(q) ? store_account_by_uri(c, q, out) : ERR_NOT_FOUND;

    if (e == ERR_NOT_FOUND)
        e = service_account_lookup(c, handle_of_address(c, q), out);
    if (e == ERR_NOT_FOUND) {
        *out = NULL;
        ctx_ok(c);
        return ERR_OK;
    }
    return e;
}

/* Ask its server.  What cannot be found or reached is not a failure of the search. */
static enum err
ask(struct ctx *c, struct str q, struct account **out)
{
    struct str handle = handle_of_address(c, q), username, domain;
    struct budget b = budget_within(10 * SECOND_MS);
    struct resolved found = { 0 };
    enum err e = ERR_NOT_FOUND;

    if (service_account_parse_handle(c, handle, &username, &domain)) {
        if (domain.n > 0)
            e = service_resolve_handle(c, &b, username, domain, out);
    } else if (is_url(q)) {
        e = service_resolve_url(c, &b, q, &found);
        *out = found.account;
    }
    if (e == ERR_BUSY || e == ERR_INTERNAL)
        return e;
    if (e != ERR_OK) {
        *out = NULL;
        ctx_ok(c);
    }
    return ERR_OK;
}

static enum err
exact(struct ctx *c, struct str q, bool resolve, struct account **out)
{
    TRY(known(c, q, out));
    if (*out == NULL && resolve && c->who.account_id != 0)
        TRY(ask(c, q, out));
    if (*out != NULL && (*out)->suspended_ms != 0)
        *out = NULL;
    return ERR_OK;
}

/* The text for a search by pieces: a handle without the leading @ or acct:. */
static struct str
pattern(struct ctx *c, struct str q)
{
    struct str s = handle_of_address(c, q);

    if (str_startsi(s, S("acct:")))
        s = str_sub(s, 5, s.n);
    if (str_starts(s, S("@")))
        s = str_sub(s, 1, s.n);
    return s;
}

/* Who is limited is found by name and address, and by pieces of them only by who follows there. */
static enum err
drop_limited(struct ctx *c, struct accounts *v)
{
    struct ids limited = { arena_vec(c->mem, int64_t, v->n), 0 };
    struct relations r = { 0 };
    size_t n = 0, k = 0;

    for (size_t i = 0; i < v->n; i++)
        if (v->v[i]->silenced_ms != 0 && v->v[i]->id != c->who.account_id)
            limited.v[limited.n++] = v->v[i]->id;
    if (limited.n == 0)
        return ERR_OK;
    if (c->who.account_id != 0)
        TRY(store_relations(c, c->who.account_id, &limited, &r));
    for (size_t i = 0; i < v->n; i++) {
        bool is_limited = k < limited.n && v->v[i]->id == limited.v[k];

        if (!is_limited || (k < r.n && r.v[k].following))
            v->v[n++] = v->v[i];
        k += is_limited;
    }
    v->n = n;
    return ERR_OK;
}

enum err
service_account_search(
    struct ctx *c, struct str q, bool resolve, bool following, int64_t limit, int64_t offset, struct accounts *out)
{
    struct account *first = NULL;
    struct accounts rest = { 0 };

    q = str_trim(q);
    *out = (struct accounts){ 0 };
    if (q.n == 0 || q.n > QUERY_BYTES_MAX || limit <= 0)
        return ERR_OK;
    if (offset == 0 && !following)
        TRY(exact(c, q, resolve, &first));
    if (!is_url(q) || !str_eq(handle_of_address(c, q), q))
        TRY(store_account_search(c, c->who.account_id, pattern(c, q), following, limit, offset, &rest));
    TRY(drop_limited(c, &rest));
    out->v = arena_vec(c->mem, struct account *, rest.n + 1);
    if (first != NULL)
        out->v[out->n++] = first;
    for (size_t i = 0; i < rest.n && out->n < (size_t)limit; i++)
        if (first == NULL || rest.v[i]->id != first->id)
            out->v[out->n++] = rest.v[i];
    return store_account_fill(c, out->v, out->n);
}

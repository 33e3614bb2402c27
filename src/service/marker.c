/* How far the caller has read. */
#include "service/marker.h"

#include "db/db.h"
#include "store/account.h"
#include "store/list.h"
#include "text/link.h"

static const char *const plain_names[] = { "home", "notifications", "public", "local", "conversations" };

static bool
list_id(struct str name, int64_t *id)
{
    return str_starts(name, S("list:")) && str_int(str_sub(name, 5, name.n), id) && *id > 0;
}

bool
service_marker_name(struct ctx *c, struct str name, struct str *out)
{
    struct str tag = str_sub(name, 4, name.n);
    int64_t id;

    *out = name;
    for (size_t i = 0; i < lengthof(plain_names); i++)
        if (str_eqz(name, plain_names[i]))
            return true;
    if (list_id(name, &id)) {
        *out = str_fmt(c->mem, "list:%lld", (long long)id);
        return true;
    }
    if (!str_starts(name, S("tag:")) || str_starts(tag, S("#")) || !text_tag_valid(tag))
        return false;
    *out = str_cat(c->mem, S("tag:"), text_tag_key(c->mem, tag), STR_NONE);
    return true;
}

enum err
service_marker_get(struct ctx *c, const struct strs *names, struct markers *out)
{
    *out = (struct markers){ arena_vec(c->mem, struct marker, names->n), 0 };
    for (size_t i = 0; i < names->n; i++) {
        struct marker *m;

        TRY(store_marker_get(c, c->who.account_id, names->v[i], &m));
        if (m != NULL)
            out->v[out->n++] = *m;
    }
    return ERR_OK;
}

static enum err
check(struct ctx *c, const struct marker_change *v)
{
    struct marker *now;
    struct list *l;
    int64_t id;

    if (list_id(v->timeline, &id))
        TRY(store_list_get(c, c->who.account_id, id, &l));
    if (v->version < 0)
        return ERR_OK;
    TRY(store_marker_get(c, c->who.account_id, v->timeline, &now));
    if (v->version != (now == NULL ? 0 : now->version))
        return ctx_fail_public(c, ERR_CONFLICT, "Conflict during update, please try again");
    return ERR_OK;
}

/* With the lock of the account neither versions nor numbers change between the check and the end. */
enum err
service_marker_put(struct ctx *c, const struct marker_change *v, size_t n, struct markers *out)
{
    int64_t count;

    *out = (struct markers){ arena_vec(c->mem, struct marker, n), n };
    TRY(db_begin(c, DB_WRITE));
    TRY(store_account_lock(c, c->who.account_id));
    for (size_t i = 0; i < n; i++) {
        TRY(check(c, &v[i]));
        TRY(store_marker_put(c, c->who.account_id, v[i].timeline, v[i].last_read_id, &out->v[i]));
    }
    TRY(store_marker_count(c, c->who.account_id, &count));
    if (count > MARKERS_MAX)
        return ctx_fail_public(
            c, ERR_INVALID, "Validation failed: You cannot mark more than %d timelines", MARKERS_MAX);
    return db_commit(c);
}

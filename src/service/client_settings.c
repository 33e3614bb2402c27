/* What the web client keeps for its person. */
#include "service/client_settings.h"

#include "base/buf.h"
#include "base/json.h"
#include "db/db.h"
#include "service/event.h"
#include "store/client_settings.h"

enum err
service_client_settings(struct ctx *c, struct str *out)
{
    TRY(store_client_settings_get(c, c->who.user_id, out));
    if (out->p == NULL)
        *out = S("{}");
    return ERR_OK;
}

static void
put_member(struct json *j, size_t *n, struct str name, const struct val *v)
{
    if (val_is_null(v))
        return;
    json_member(j, name);
    json_val(j, NULL, v);
    ++*n;
}

/* Both in the order of their texts, what is new behind. */
static enum err
merge(struct ctx *c, const struct val *old, const struct val *change, struct str *out)
{
    struct buf b;
    struct json j;
    size_t n = 0;

    buf_init(&b, c->mem, CLIENT_SETTINGS_BYTES_MAX);
    json_init(&j, &b);
    json_obj(&j, NULL);
    for (size_t i = 0; i < old->n; i++)
        if (!val_has(change, old->keys[i]))
            put_member(&j, &n, old->keys[i], &old->v[i]);
    for (size_t i = 0; i < change->n; i++)
        if (val_get(change, change->keys[i]) == &change->v[i]) /* the last of those with one name */
            put_member(&j, &n, change->keys[i], &change->v[i]);
    json_end(&j);
    if (!json_done(&j) || n > CLIENT_SETTINGS_MAX)
        return ctx_fail_public(c, ERR_INVALID, "Validation failed: Settings have at most %d members and %d bytes",
            CLIENT_SETTINGS_MAX, CLIENT_SETTINGS_BYTES_MAX);
    *out = buf_str(&b);
    return ERR_OK;
}

static size_t
depth_of(const struct val *v)
{
    size_t most = 0;

    for (size_t i = 0; i < v->n; i++) /* the reader has bounded how deep this goes */
        most = MAX(most, depth_of(&v->v[i]));
    return v->kind == VAL_ARR || v->kind == VAL_OBJ ? most + 1 : 0;
}

static enum err
check(struct ctx *c, const struct val *change)
{
    if (change->kind != VAL_OBJ)
        return ctx_fail_public(c, ERR_INVALID, "Validation failed: Settings must be an object");
    if (depth_of(change) > CLIENT_SETTINGS_DEPTH_MAX)
        return ctx_fail_public(c, ERR_INVALID, "Validation failed: Settings are nested too deeply");
    for (size_t i = 0; i < change->n; i++)
        if (change->keys[i].n == 0 || change->keys[i].n > CLIENT_SETTINGS_NAME_BYTES_MAX)
            return ctx_fail_public(c, ERR_INVALID, "Validation failed: The name of a setting has from 1 to %d bytes",
                CLIENT_SETTINGS_NAME_BYTES_MAX);
    return ERR_OK;
}

static enum err
change_held(struct ctx *c, const struct val *change, struct str *out)
{
    const struct val *old;
    struct str data;

    TRY(store_client_settings_hold(c, c->who.user_id, &data));
    TRY(json_parse(c->mem, data, NULL, &old));
    TRY(merge(c, old, change, out));
    TRY(store_client_settings_put(c, c->who.user_id, *out));
    service_event_account(c, EVENT_SETTINGS_CHANGED, c->who.account_id, 0);
    return ERR_OK;
}

enum err
service_client_settings_change(struct ctx *c, const struct val *change, struct str *out)
{
    TRY(check(c, change));
    TRY(db_begin(c, DB_WRITE));
    TRY(change_held(c, change, out));
    return db_commit(c);
}

/* From a key id to a key and its owner: what counts is that the owner's own document lists the key. */
#include "service/resolve_internal.h"

#include "ap/uri.h"
#include "base/clock.h"
#include "base/conf.h"
#include "base/url.h"
#include "store/account.h"
#include "store/account_key.h"

enum { KEY_REFETCH_MS = 5 * MINUTE_MS };

enum err
service_resolve_key_known(struct ctx *c, struct str key_id, bool *found, struct remote_key *out)
{
    struct account_key *k;
    enum err e = store_account_key_get(c, key_id, &k);

    *found = false;
    if (e == ERR_NOT_FOUND) {
        ctx_ok(c);
        return ERR_OK;
    }
    TRY(e);
    if (k->revoked_ms != 0)
        return ctx_fail(c, ERR_FORBIDDEN, "key %.*s is revoked", STR_ARG(key_id));
    *out = (struct remote_key){ .id = k->uri, .kind = k->kind, .public = k->public };
    if (key_unpack(out->public, &out->key) != ERR_OK)
        return ctx_fail(c, ERR_INTERNAL, "key %.*s does not unpack", STR_ARG(key_id));
    *found = true;
    return store_account_get(c, k->account_id, &out->owner);
}

static struct str
without_fragment(struct str id)
{
    ptrdiff_t hash = str_chr(id, '#');

    return hash < 0 ? id : str_sub(id, 0, (size_t)hash);
}

/* A document that holds only the key names its owner; the owner's document, fetched now, must name the key. */
static enum err
owner_of(struct ctx *c, const struct fetched *f, struct str key_id, struct str *owner)
{
    struct ap_key *keys;
    const char *why = "it does not have this key";
    size_t n;
    enum err e = ap_keys_read(c->mem, f->doc, &keys, &n, &why);

    for (size_t i = 0; e == ERR_OK && i < n; i++)
        if (str_eq(keys[i].id, key_id) && url_same_origin(c->mem, key_id, keys[i].owner)) {
            *owner = keys[i].owner;
            return ERR_OK;
        }
    return ctx_fail(c, ERR_NOT_FOUND, "key document %.*s: %s", STR_ARG(f->id), why);
}

static enum err
fetch_key(struct ctx *c, struct budget *b, struct str key_id, unsigned flags)
{
    struct account *a;
    struct fetched f;
    struct str owner;

    TRY(resolve_fetch(c, b, without_fragment(key_id), AP_DOC_KEY, flags, &f));
    if (!val_has(f.doc, S("inbox"))) {
        TRY(owner_of(c, &f, key_id, &owner));
        TRY(resolve_fetch(c, b, owner, AP_DOC_OBJECT, flags, &f));
        if (!ap_id_eq(c->mem, f.id, owner))
            return ctx_fail(c, ERR_NOT_FOUND, "%.*s gave another actor", STR_ARG(owner));
    }
    return resolve_take_actor(c, b, f.doc, NULL, &a);
}

enum err
service_resolve_key(struct ctx *c, struct budget *b, struct str key_id, bool fresh, struct remote_key *out)
{
    struct flight flight;
    struct ap_uri at;
    bool found;
    enum err e;

    if (ap_uri_parse_local(c->mem, c->env->conf->origin, key_id, &at))
        return ctx_fail(c, ERR_FORBIDDEN, "a key of ours");
    TRY(service_resolve_key_known(c, key_id, &found, out));
    if (found && (!fresh || out->owner->fetched_ms > clock_ms() - KEY_REFETCH_MS))
        return ERR_OK;
    flight = resolve_flight_of(c, b, FLIGHT_KEY, key_id);
    if (flight.waited) { /* somebody else has just asked */
        e = service_resolve_key_known(c, key_id, &found, out);
        if (e != ERR_OK || found) {
            resolve_flight_leave(flight);
            return e;
        }
    }
    e = fetch_key(c, b, key_id, fresh ? FETCH_AGAIN : 0);
    resolve_flight_leave(flight);
    TRY(e);
    TRY(service_resolve_key_known(c, key_id, &found, out));
    return found ? ERR_OK : ctx_fail(c, ERR_NOT_FOUND, "the owner does not list the key %.*s", STR_ARG(key_id));
}

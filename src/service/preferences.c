/* Preferences. */
#include "service/preferences.h"

#include "db/db.h"
#include "store/account.h"
#include "store/user.h"
#include "text/i18n.h"

enum err
service_preferences(struct ctx *c, struct preferences *out)
{
    struct user *u;

    preferences_read(c->mem, S(""), out);
    if (c->who.user_id == 0)
        return ERR_OK;
    TRY(store_user_get(c, c->who.user_id, &u));
    preferences_read(c->mem, u->settings, out);
    return ERR_OK;
}

enum err
service_preferences_put(struct ctx *c, const struct preferences *p)
{
    struct user *u;

    TRY(store_user_hold(c, c->who.user_id, &u));
    u->settings = preferences_put(c->mem, u->settings, p);
    if (u->settings.p == NULL)
        return ctx_fail(c, ERR_TOO_LARGE, "settings");
    return store_user_update(c, u);
}

/* One that there is a catalogue for. */
static enum err
change_locale(struct ctx *c, struct str locale)
{
    struct strs all = text_locales();
    struct user *u;

    for (size_t i = 0; i < all.n; i++)
        if (str_eqi(locale, all.v[i])) {
            TRY(store_user_hold(c, c->who.user_id, &u));
            u->locale = all.v[i];
            return store_user_update(c, u);
        }
    return ctx_fail_public(c, ERR_INVALID, "Validation failed: Locale is not one of this server");
}

static enum err
change(struct ctx *c, const struct val *v, struct preferences *p)
{
    struct account *a;
    struct user *u;

    TRY(store_account_hold(c, c->who.account_id, &a)); /* what is read here is what is changed */
    TRY(store_user_hold(c, c->who.user_id, &u));
    preferences_read(c->mem, u->settings, p);
    for (const struct preference *d = preference_table; d->name != NULL; d++)
        if (val_has(v, str_z(d->name)) && !preference_set(p, d, val_get(v, str_z(d->name))))
            return ctx_fail_public(c, ERR_INVALID, "Validation failed: %s has a value that it cannot have", d->name);
    TRY(service_preferences_put(c, p));
    TRY(store_account_wants_subscribers(c, c->who.account_id, p->email_subscriptions)); /* where readers look */
    return val_has(v, S("locale")) ? change_locale(c, val_str(val_get(v, S("locale")))) : ERR_OK;
}

enum err
service_preferences_change(struct ctx *c, const struct val *v, struct preferences *out)
{
    TRY(db_begin(c, DB_WRITE));
    TRY(change(c, v, out));
    return db_commit(c);
}

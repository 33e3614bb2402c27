/* Who may read the timelines of everybody's posts. */
#include "service/feed.h"

#include "model/role.h"
#include "service/domain.h"
#include "store/setting.h"

enum err
service_feed_access(struct ctx *c, enum feed f, struct feed_access *out)
{
    static const struct {
        const char *local, *remote;
    } names[FEED_COUNT] = {
        [FEED_LIVE] = { "local_live_feed_access", "remote_live_feed_access" },
        [FEED_TOPIC] = { "local_topic_feed_access", "remote_topic_feed_access" },
    };

    bool limited;

    TRY(store_setting_get(c, names[f].local, S("public"), &out->local));
    TRY(store_setting_get(c, names[f].remote, S("public"), &out->remote));
    TRY(service_domain_limited(c, &limited));
    if (limited && str_eqz(out->local, "public"))
        out->local = S("authenticated");
    if (limited && str_eqz(out->remote, "public"))
        out->remote = S("authenticated");
    return ERR_OK;
}

static bool
may_read(const struct ctx *c, struct str access)
{
    if (str_eqz(access, "disabled"))
        return (c->who.permissions & (PERM_VIEW_FEEDS | PERM_ADMINISTRATOR)) != 0;
    return str_eqz(access, "public") || c->who.user_id != 0;
}

enum err
service_feed_open(struct ctx *c, enum feed f, int *where, bool *nothing)
{
    struct feed_access a;
    bool local, remote;

    TRY(service_feed_access(c, f, &a));
    local = *where >= 0 && may_read(c, a.local);
    remote = *where <= 0 && may_read(c, a.remote);
    if (c->who.user_id == 0 && (local != (*where >= 0) || remote != (*where <= 0)))
        return ctx_fail_public(c, ERR_UNAUTHORIZED, "This method requires an authenticated user");
    *where = local - remote;
    *nothing = !local && !remote;
    return ERR_OK;
}

/* The history of log-ins. */
#include "service/login.h"

#include "base/clock.h"
#include "base/id.h"
#include "base/ip.h"
#include "base/utf8.h"
#include "db/db.h"
#include "service/user_internal.h"
#include "store/login.h"
#include "store/user.h"

#include <string.h>

enum { AGENT_BYTES_MAX = 250, FRESH_MS = 7 * DAY_MS };

static bool
same_network(struct str a, struct str b)
{
    struct ip x, y;

    if (!ip_parse(a, &x) || !ip_parse(b, &y))
        return str_eq(a, b);
    return memcmp(x.b, y.b, ip_is_v4(&x) ? 14 : 6) == 0;
}

/* The next character that says what a browser is; its version does not. */
static char
next_letter(struct str *s)
{
    while (s->n > 0) {
        char ch = s->p[0];

        *s = str_sub(*s, 1, s->n);
        if ((ch < '0' || ch > '9') && ch != '.' && ch != '_')
            return ch;
    }
    return 0;
}

static bool
same_browser(struct str a, struct str b)
{
    char x, y;

    do {
        x = next_letter(&a);
        y = next_letter(&b);
    } while (x == y && x != 0);
    return x == y;
}

bool
service_login_is_known(const struct login *l, const struct logins *before)
{
    for (size_t i = 0; i < before->n; i++)
        if (same_network(l->ip, before->v[i].ip) && same_browser(l->user_agent, before->v[i].user_agent))
            return true;
    return false;
}

/* In a write transaction, before l is among them.  Where somebody new comes from at first is no news. */
static enum err
warn(struct ctx *c, const struct login *l)
{
    struct logins before;
    struct user *u;

    TRY(store_login_successes(c, l->user_id, LOGINS_MAX, &before));
    TRY(store_user_get(c, l->user_id, &u));
    if (service_login_is_known(l, &before) || (before.n == 0 && u->created_ms > l->created_ms - FRESH_MS))
        return ERR_OK;
    return service_user_mail_login(c, u, l->id);
}

enum err
service_login_note(struct ctx *c, const struct login *l)
{
    struct login row = *l;

    row.id = id_new();
    row.created_ms = clock_ms();
    row.user_agent = utf8_cut(utf8_clean(c->mem, l->user_agent, true), AGENT_BYTES_MAX);
    TRY(db_begin(c, DB_WRITE));
    if (row.user_id != 0 && row.success && row.method == LOGIN_PASSWORD)
        TRY(warn(c, &row));
    TRY(store_login_put(c, &row, LOGINS_MAX));
    return db_commit(c);
}

enum err
service_login_list(struct ctx *c, struct logins *out)
{
    return store_login_list(c, c->who.user_id, 2 * LOGINS_MAX, out);
}

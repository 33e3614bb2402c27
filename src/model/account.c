/* Accounts: what their names may be. */
#include "model/account.h"

#include "base/arena.h"

static const char *const reserved[] = { "abuse", "about", "account", "accounts", "activity", "actor", "admin",
    "administrator", "ap", "api", "app", "apps", "auth", "autoconfig", "dassie", "everyone", "explore", "favicon",
    "followers", "following", "health", "help", "here", "home", "hostmaster", "inbox", "info", "instance", "is",
    "login", "logout", "mail", "mailer_daemon", "mastodon", "me", "media", "moderator", "moderators", "nobody",
    "nodeinfo", "noreply", "no_reply", "oauth", "official", "owner", "postmaster", "public", "register", "relay",
    "root", "security", "server", "settings", "share", "signup", "ssladmin", "static", "support", "sysadmin", "system",
    "tags", "team", "undefined", "user", "users", "webmaster", "well_known", "www" };

struct str
account_acct(struct arena *mem, const struct account *a)
{
    return a->domain.n == 0 ? a->username : str_cat(mem, a->username, S("@"), a->domain, STR_NONE);
}

struct str
account_handle(struct arena *mem, const struct account *a, struct str our_domain)
{
    return str_cat(mem, a->username, S("@"), a->domain.n == 0 ? our_domain : a->domain, STR_NONE);
}

static bool
is_word(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

bool
account_username_ok(struct str name)
{
    if (name.n == 0 || name.n > 30)
        return false;
    for (size_t i = 0; i < name.n; i++)
        if (!is_word(name.p[i]))
            return false;
    return true;
}

bool
account_remote_username_ok(struct str name)
{
    if (name.n == 0 || name.n > 2048 || !is_word(name.p[0]) || !is_word(name.p[name.n - 1]))
        return false;
    for (size_t i = 0; i < name.n; i++)
        if (!is_word(name.p[i]) && name.p[i] != '.' && name.p[i] != '-')
            return false;
    return true;
}

bool
account_username_reserved(struct str name)
{
    for (size_t i = 0; i < lengthof(reserved); i++)
        if (str_eqi(name, str_z(reserved[i])))
            return true;
    return false;
}

/* `dassie user …` and `dassie token create`: what an operator does with people. */
#include "base/arena.h"
#include "base/date.h"
#include "base/rng.h"
#include "cli/cli.h"
#include "service/account.h"
#include "service/passkey.h"
#include "service/token.h"
#include "service/user.h"

enum { NEW_PASSWORD_BYTES = 12, LIST_PAGE = 500 };

static enum err
find(struct cli *cli, struct user **u, struct account **a)
{
    return service_user_find(cli->c, cli->words.v[0], u, a);
}

/* --password P, "-" for a line of stdin; else a new one, which is printed in the end. */
static enum err
take_password(struct cli *cli, struct str *out, bool *made)
{
    char line[1100];

    *made = !cli_option(cli, "password", out);
    if (*made) {
        *out = rng_base64url(cli->c->mem, NEW_PASSWORD_BYTES);
    } else if (str_eqz(*out, "-")) {
        if (fgets(line, sizeof(line), stdin) == NULL)
            return ctx_fail_public(cli->c, ERR_BAD_REQUEST, "no password on standard input");
        *out = str_dup(cli->c->mem, str_z(line));
        while (out->n > 0 && (out->p[out->n - 1] == '\n' || out->p[out->n - 1] == '\r'))
            out->n--;
    }
    return ERR_OK;
}

/* Every problem in one sentence. */
static enum err
explain(struct cli *cli, const struct sign_up_problems *why)
{
    struct buf b;

    buf_init(&b, cli->c->mem, KB(8));
    for (size_t i = 0; i < why->n; i++)
        buf_putf(&b, "%s%s %s", i > 0 ? ", " : "", why->v[i].field, why->v[i].text);
    return ctx_fail_public(cli->c, ERR_INVALID, "%.*s", STR_ARG(buf_str(&b)));
}

enum err
cli_user_create(struct cli *cli)
{
    struct sign_up s = { .username = cli->words.v[0], .agreement = true, .by_admin = true };
    struct sign_up_problems why = { 0 };
    struct user *u;
    struct str role;
    bool made;
    enum err e;

    if (!cli_option(cli, "email", &s.email))
        return ctx_fail_public(cli->c, ERR_BAD_REQUEST, "--email is needed");
    TRY(take_password(cli, &s.password, &made));
    s.confirmed = cli_option(cli, "confirmed", NULL);
    s.approved = cli_option(cli, "approved", NULL);
    (void)cli_option(cli, "locale", &s.locale);
    if (cli_option(cli, "role", &role))
        TRY(service_role_find(cli->c, role, &s.role_id));
    e = service_user_sign_up(cli->c, &s, &why, &u);
    if (e == ERR_INVALID && why.n > 0)
        return explain(cli, &why);
    TRY(e);
    cli_print("created %.*s", STR_ARG(s.username));
    if (made)
        cli_print("password: %.*s", STR_ARG(s.password));
    return ERR_OK;
}

/* ---- showing --------------------------------------------------------------------------------------------------- */

static void
put_user(struct json *j, const struct user *u, const struct account *a)
{
    json_obj(j, NULL);
    json_id(j, "id", u->id);
    json_id(j, "account_id", a->id);
    json_str(j, "username", a->username);
    json_str(j, "email", u->email);
    json_str(j, "role", u->role.name);
    json_bool(j, "confirmed", u->confirmed_ms != 0);
    json_bool(j, "approved", u->approved);
    json_bool(j, "disabled", u->disabled);
    json_bool(j, "suspended", a->suspended_ms != 0);
    json_bool(j, "second_factor", u->totp_secret.n > 0);
    json_str(j, "locale", u->locale);
    json_str(j, "reason", u->reason);
    json_time(j, "created_at", u->created_ms);
    json_time_or_null(j, "last_active_at", u->last_active_ms);
    json_end(j);
}

static void
put_passkey(struct json *j, const struct passkey *p)
{
    json_obj(j, NULL);
    json_id(j, "id", p->id);
    json_str(j, "name", p->name);
    json_time(j, "created_at", p->created_ms);
    json_time_or_null(j, "last_used_at", p->used_ms);
    json_end(j);
}

static const char *
state(const struct user *u, const struct account *a)
{
    return a->suspended_ms != 0   ? "suspended"
           : u->disabled          ? "disabled"
           : u->confirmed_ms == 0 ? "unconfirmed"
           : !u->approved         ? "pending"
                                  : "active";
}

static void
print_user(const struct user *u, const struct account *a)
{
    cli_print(
        "%-30.*s %-12s %-10.*s %.*s", STR_ARG(a->username), state(u, a), STR_ARG(u->role.name), STR_ARG(u->email));
}

static const struct account *
account_of(const struct accounts *v, int64_t id)
{
    for (size_t i = 0; i < v->n; i++)
        if (v->v[i]->id == id)
            return v->v[i];
    return NULL;
}

enum err
cli_user_list(struct cli *cli)
{
    bool as_json = cli_option(cli, "json", NULL);
    int64_t after_id = INT64_MIN;
    struct accounts accounts;
    struct users page;
    struct buf b;
    struct json j;

    cli_json(cli, &b, &j);
    json_arr(&j, NULL);
    do {
        TRY(service_user_list(cli->c, after_id, LIST_PAGE, &page, &accounts));
        for (size_t i = 0; i < page.n; i++) {
            const struct account *a = account_of(&accounts, page.v[i].account_id);

            after_id = page.v[i].id;
            if (a != NULL && as_json)
                put_user(&j, &page.v[i], a);
            else if (a != NULL)
                print_user(&page.v[i], a);
        }
    } while (page.n == LIST_PAGE);
    json_end(&j);
    return as_json ? cli_json_print(cli, &b, &j) : ERR_OK;
}

enum err
cli_user_show(struct cli *cli)
{
    struct account *a;
    struct user *u;
    struct buf b;
    struct json j;

    TRY(find(cli, &u, &a));
    if (!cli_option(cli, "json", NULL)) {
        print_user(u, a);
        return ERR_OK;
    }
    cli_json(cli, &b, &j);
    put_user(&j, u, a);
    return cli_json_print(cli, &b, &j);
}

/* ---- changing -------------------------------------------------------------------------------------------------- */

enum err
cli_user_modify(struct cli *cli)
{
    struct user_change ch = { .disable = -1 };
    struct account *a;
    struct user *u;

    TRY(find(cli, &u, &a));
    (void)cli_option(cli, "email", &ch.email);
    (void)cli_option(cli, "role", &ch.role);
    ch.confirm = cli_option(cli, "confirm", NULL);
    ch.no_totp = cli_option(cli, "disable-2fa", NULL);
    if (cli_option(cli, "disable", NULL))
        ch.disable = 1;
    if (cli_option(cli, "enable", NULL))
        ch.disable = 0;
    TRY(service_user_change(cli->c, u->id, &ch));
    return cli_option(cli, "approve", NULL) ? service_user_approve(cli->c, u->id, true) : ERR_OK;
}

enum err
cli_user_reset_password(struct cli *cli)
{
    struct account *a;
    struct user *u;
    struct str password;
    bool made;

    TRY(find(cli, &u, &a));
    TRY(take_password(cli, &password, &made));
    TRY(service_user_set_password(cli->c, u->id, password, 0, 0));
    if (made)
        cli_print("password: %.*s", STR_ARG(password));
    return ERR_OK;
}

enum err
cli_user_end_sessions(struct cli *cli)
{
    struct account *a;
    struct user *u;

    TRY(find(cli, &u, &a));
    return service_session_end_all(cli->c, u->id);
}

enum err
cli_user_passkeys(struct cli *cli)
{
    bool as_json = cli_option(cli, "json", NULL);
    struct passkeys all;
    struct account *a;
    struct str remove;
    struct user *u;
    struct buf b;
    struct json j;
    int64_t id;

    TRY(find(cli, &u, &a));
    if (cli_option(cli, "remove", &remove)) {
        if (!str_int(remove, &id))
            return ctx_fail_public(cli->c, ERR_BAD_REQUEST, "--remove takes the number of a passkey");
        return service_passkey_remove(cli->c, u->id, id, 0);
    }
    TRY(service_passkey_list(cli->c, u->id, &all));
    cli_json(cli, &b, &j);
    json_arr(&j, NULL);
    for (size_t i = 0; i < all.n; i++)
        if (as_json)
            put_passkey(&j, &all.v[i]);
        else
            cli_print("%-20lld %.10s %.*s", (long long)all.v[i].id, date_iso_s(cli->c->mem, all.v[i].created_ms).p,
                STR_ARG(all.v[i].name));
    json_end(&j);
    return as_json ? cli_json_print(cli, &b, &j) : ERR_OK;
}

enum err
cli_user_suspend(struct cli *cli)
{
    struct account *a;
    struct user *u;

    TRY(find(cli, &u, &a));
    return service_account_suspend(cli->c, a->id, !cli_option(cli, "undo", NULL));
}

enum err
cli_user_rename(struct cli *cli)
{
    struct account *a;
    struct user *u;

    TRY(find(cli, &u, &a));
    return service_account_rename(cli->c, a->id, cli->words.v[1]);
}

enum err
cli_user_delete(struct cli *cli)
{
    struct account *a;
    struct user *u;

    TRY(find(cli, &u, &a));
    if (!cli_option(cli, "yes", NULL))
        return ctx_fail_public(
            cli->c, ERR_BAD_REQUEST, "this deletes %.*s for good, with all posts: add --yes", STR_ARG(a->username));
    return service_account_delete(cli->c, a->id);
}

/* ---- keys ------------------------------------------------------------------------------------------------------ */

enum err
cli_keys_rotate(struct cli *cli)
{
    bool all = cli_option(cli, "all", NULL), server = cli_option(cli, "server", NULL);
    struct account *a;
    struct user *u;
    int64_t n = 1;

    if (all + server + (cli->words.n > 0) != 1)
        return ctx_fail_public(cli->c, ERR_BAD_REQUEST, "name a user, or say --all, or --server");
    if (server) {
        TRY(service_instance_rotate_key(cli->c));
    } else if (all) {
        TRY(service_account_rotate_all(cli->c, &n));
    } else {
        TRY(find(cli, &u, &a));
        TRY(service_account_rotate_keys(cli->c, a->id));
    }
    cli_print("new keys for %lld", (long long)n);
    return ERR_OK;
}

/* ---- tokens ---------------------------------------------------------------------------------------------------- */

enum err
cli_token_create(struct cli *cli)
{
    struct app_params p = { .client_name = S("dassie token create"), .scopes = S("read") };
    struct str redirect = S("urn:ietf:wg:oauth:2.0:oob"), value = STR_NONE, secret;
    struct account *a;
    struct token *t;
    struct user *u;
    struct app *app;

    (void)cli_option(cli, "scopes", &p.scopes);
    (void)cli_option(cli, "app", &p.client_name);
    (void)cli_option(cli, "value", &value);
    p.redirect_uris = (struct strs){ &redirect, 1 };
    TRY(find(cli, &u, &a));
    TRY(service_app_register(cli->c, &p, &app, &secret));
    TRY(service_token_issue(cli->c, app, u->id, a->id, app->scope_text, value, &t, &secret));
    cli_print("%.*s", STR_ARG(secret));
    return ERR_OK;
}

/* `dassie migrate`, `check`, `config`: the state of an installation. */
#include "base/arena.h"
#include "base/clock.h"
#include "base/conf.h"
#include "base/date.h"
#include "cli/cli.h"
#include "db/db.h"
#include "os/file.h"

#include <errno.h>
#include <netdb.h>
#include <unistd.h>

/* The schema was brought up to date when the data was opened. */
enum err
cli_migrate(struct cli *cli)
{
    int version;

    TRY(db_schema_version(cli->c, &version));
    cli_print("the database has schema %d", version);
    return ERR_OK;
}

/* ---- config ---------------------------------------------------------------------------------------------------- */

struct print {
    struct json *j; /* NULL: as lines of a configuration file */
};

static void
print_key(void *arg, const char *name, const char *type, const char *dflt, const char *unit, struct str value,
    const char *text)
{
    struct print *p = arg;

    (void)type, (void)dflt, (void)unit, (void)text;
    if (p->j != NULL) {
        json_member(p->j, str_z(name));
        json_str(p->j, NULL, value);
    } else {
        cli_print("%s %.*s", name, STR_ARG(value));
    }
}

enum err
cli_config(struct cli *cli)
{
    struct print p = { 0 };
    struct buf b;
    struct json j;

    if (!cli_option(cli, "json", NULL)) {
        conf_each(cli->c->mem, cli->conf, print_key, &p);
        return ERR_OK;
    }
    p.j = &j;
    cli_json(cli, &b, &j);
    json_obj(&j, NULL);
    conf_each(cli->c->mem, cli->conf, print_key, &p);
    json_end(&j);
    return cli_json_print(cli, &b, &j);
}

/* ---- check ----------------------------------------------------------------------------------------------------- */

static enum err
check_database(struct cli *cli, struct str *report)
{
    return db_check(cli->c, report);
}

/* That the key opens what it sealed was proved when the data was opened; here: is it there for a restart? */
static enum err
check_key(struct cli *cli, struct str *report)
{
    const char *path = str_cz(cli->c->mem, cli->conf->server_key_file);

    if (access(path, R_OK) != 0) {
        *report = str_fmt(cli->c->mem, "%s: %s", path, strerror(errno));
        return ERR_INTERNAL;
    }
    *report = cli->conf->server_key_file;
    return ERR_OK;
}

static enum err
check_storage(struct cli *cli, struct str *report)
{
    struct arena *mem = cli->c->mem;
    const char *dir = str_cz(mem, str_sub(cli->conf->media, 4, cli->conf->media.n)); /* behind "dir:" */
    const char *probe = str_cz(mem, str_fmt(mem, "%s/.check", dir));
    enum err e = file_mkdirs(dir, 0750);

    if (e == ERR_OK)
        e = file_write(probe, S("dassie check\n"), 0600);
    *report = e == ERR_OK ? str_fmt(mem, "%s is writable", dir) : str_fmt(mem, "%s: %s", dir, strerror(errno));
    if (e == ERR_OK)
        unlink(probe);
    return e;
}

static enum err
check_name(struct cli *cli, struct str *report)
{
    struct str rest = cli->conf->host, host;
    struct addrinfo hints = { .ai_socktype = SOCK_STREAM }, *found = NULL;
    int rc;

    if (str_starts(rest, S("["))) {
        *report = S("the host of url is an address");
        return ERR_OK;
    }
    (void)str_cut(&rest, ':', &host);
    rc = getaddrinfo(str_cz(cli->c->mem, host), NULL, &hints, &found);
    if (rc != 0) {
        *report = str_fmt(cli->c->mem, "%.*s does not resolve: %s", STR_ARG(host), gai_strerror(rc));
        return ERR_REMOTE;
    }
    freeaddrinfo(found);
    *report = str_fmt(cli->c->mem, "%.*s resolves", STR_ARG(host));
    return ERR_OK;
}

/* Signatures of others are refused when the clock is off by an hour; what can be seen without asking anybody is a clock that was never set. */
static enum err
check_clock(struct cli *cli, struct str *report)
{
    static const int64_t written_ms = INT64_C(1767225600000); /* 2026: this program is not older */

    *report = date_iso_s(cli->c->mem, clock_ms());
    return clock_ms() < written_ms ? ERR_INVALID : ERR_OK;
}

static const struct {
    const char *name;
    enum err (*run)(struct cli *cli, struct str *report);
    bool warns; /* a failure here does not stop the server from working */
} checks[] = {
    { "database", check_database, false },
    { "server key", check_key, false },
    { "storage", check_storage, false },
    { "name", check_name, true },
    { "clock", check_clock, false },
};

enum err
cli_check(struct cli *cli)
{
    bool as_json = cli_option(cli, "json", NULL);
    enum err worst = ERR_OK;
    struct buf b;
    struct json j;

    cli_json(cli, &b, &j);
    json_arr(&j, NULL);
    for (size_t i = 0; i < lengthof(checks); i++) {
        struct str report = STR_NONE;
        enum err e = checks[i].run(cli, &report);
        const char *word = e == ERR_OK ? "ok" : checks[i].warns ? "warning" : "failed";

        if (e != ERR_OK && report.n == 0)
            report = cli->c->fail.detail;
        if (e != ERR_OK && !checks[i].warns)
            worst = e;
        if (!as_json)
            cli_print("%-10s %-8s %.*s", checks[i].name, word, STR_ARG(report));
        json_obj(&j, NULL);
        json_str(&j, "name", str_z(checks[i].name));
        json_str(&j, "result", str_z(word));
        json_str(&j, "text", report);
        json_end(&j);
    }
    json_end(&j);
    if (as_json)
        TRY(cli_json_print(cli, &b, &j));
    return worst == ERR_OK ? ERR_OK : ctx_fail_public(cli->c, worst, "at least one check failed");
}

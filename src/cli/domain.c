/* `dassie domain …`: what holds for other servers. */
#include "service/domain.h"

#include "base/date.h"
#include "cli/cli.h"
#include "os/file.h"

#include <stdio.h>

enum { FILE_BYTES_MAX = 32 * 1024 * 1024 };

static void
put_policy(struct json *j, const struct domain_policy *p)
{
    json_obj(j, NULL);
    json_id(j, "id", p->id);
    json_str(j, "domain", p->domain);
    json_str(j, "severity", str_z(domain_severity_names[p->severity]));
    json_bool(j, "reject_media", p->reject_media);
    json_bool(j, "reject_reports", p->reject_reports);
    json_bool(j, "obfuscate", p->obfuscate);
    json_str(j, "public_comment", p->public_comment);
    json_str(j, "private_comment", p->private_comment);
    json_time(j, "created_at", p->created_ms);
    json_end(j);
}

static enum err
list_allowed(struct cli *cli)
{
    bool as_json = cli_option(cli, "json", NULL);
    struct domain_allows v;
    struct buf b;
    struct json j;

    TRY(service_domain_allowed(cli->c, &v));
    cli_json(cli, &b, &j);
    json_arr(&j, NULL);
    for (size_t i = 0; i < v.n; i++) {
        json_obj(&j, NULL);
        json_str(&j, "domain", v.v[i].domain);
        json_time(&j, "created_at", v.v[i].created_ms);
        json_end(&j);
        if (!as_json)
            cli_print("%.*s", STR_ARG(v.v[i].domain));
    }
    json_end(&j);
    return as_json ? cli_json_print(cli, &b, &j) : ERR_OK;
}

enum err
cli_domain_list(struct cli *cli)
{
    bool as_json = cli_option(cli, "json", NULL);
    struct domain_policies v;
    struct buf b;
    struct json j;

    if (cli_option(cli, "allowed", NULL))
        return list_allowed(cli);
    TRY(service_domain_list(cli->c, &v));
    cli_json(cli, &b, &j);
    json_arr(&j, NULL);
    for (size_t i = 0; i < v.n; i++) {
        const struct domain_policy *p = &v.v[i];

        put_policy(&j, p);
        if (!as_json)
            cli_print("%-40.*s %-8s%s%s  %.*s", STR_ARG(p->domain), domain_severity_names[p->severity],
                p->reject_media ? " no media" : "", p->reject_reports ? " no reports" : "",
                STR_ARG(p->private_comment));
    }
    json_end(&j);
    return as_json ? cli_json_print(cli, &b, &j) : ERR_OK;
}

static enum err
set(struct cli *cli, enum domain_severity severity)
{
    struct domain_policy p = {
        .domain = cli->words.v[0], .severity = severity, .private_comment = S(""), .public_comment = S("")
    };

    (void)cli_option(cli, "public-comment", &p.public_comment);
    (void)cli_option(cli, "private-comment", &p.private_comment);
    p.reject_media = cli_option(cli, "reject-media", NULL);
    p.reject_reports = cli_option(cli, "reject-reports", NULL);
    p.obfuscate = cli_option(cli, "obfuscate", NULL);
    return service_domain_set(cli->c, &p, DOMAIN_NOW);
}

static enum err
preview(struct cli *cli, const char *what)
{
    struct domain_preview p;

    TRY(service_domain_preview(cli->c, cli->words.v[0], &p));
    cli_print("%s %lld accounts and end %lld follows.", what, (long long)p.accounts, (long long)p.follows);
    return ERR_OK;
}

enum err
cli_domain_block(struct cli *cli)
{
    return cli_option(cli, "dry-run", NULL) ? preview(cli, "It would suspend") : set(cli, DOMAIN_SUSPEND);
}

enum err
cli_domain_limit(struct cli *cli)
{
    return set(cli, cli_option(cli, "noop", NULL) ? DOMAIN_NOOP : DOMAIN_SILENCE);
}

enum err
cli_domain_unblock(struct cli *cli)
{
    return service_domain_unset(cli->c, cli->words.v[0], DOMAIN_NOW);
}

enum err
cli_domain_allow(struct cli *cli)
{
    return service_domain_allow(cli->c, cli->words.v[0], DOMAIN_NOW);
}

enum err
cli_domain_disallow(struct cli *cli)
{
    return service_domain_disallow(cli->c, cli->words.v[0], DOMAIN_NOW);
}

enum err
cli_domain_purge(struct cli *cli)
{
    struct domain_purged p;

    if (!cli_option(cli, "yes", NULL))
        return preview(cli, "With --yes it would delete");
    TRY(service_domain_purge(cli->c, cli->words.v[0], &p));
    cli_print("Deleted %lld accounts and %lld emoji; forgot %lld hosts.", (long long)p.accounts, (long long)p.emoji,
        (long long)p.hosts);
    return ERR_OK;
}

enum err
cli_domain_import(struct cli *cli)
{
    bool dry_run = cli_option(cli, "dry-run", NULL);
    struct domain_import done;
    struct str csv;
    enum err e;

    e = file_read(cli->c->mem, str_cz(cli->c->mem, cli->words.v[0]), FILE_BYTES_MAX, &csv);
    if (e != ERR_OK)
        return ctx_fail_public(cli->c, e, "%.*s cannot be read", STR_ARG(cli->words.v[0]));
    TRY(service_domain_import(cli->c, csv, dry_run, &done));
    for (size_t i = 0; i < done.why.n; i++)
        cli_print("left out: %.*s", STR_ARG(done.why.v[i]));
    cli_print("%lld new, %lld stricter than before, %lld as they were, %lld left out%s.", (long long)done.added,
        (long long)done.changed, (long long)done.same, (long long)done.refused, dry_run ? "; nothing was changed" : "");
    return ERR_OK;
}

enum err
cli_domain_export(struct cli *cli)
{
    struct str csv;

    TRY(service_domain_export(cli->c, &csv));
    return fwrite(csv.p, 1, csv.n, stdout) == csv.n ? ERR_OK : ctx_fail(cli->c, ERR_INTERNAL, "cannot write");
}

/* `dassie domain …`: what holds for other servers. */
#include "service/domain.h"

#include "base/date.h"
#include "cli/cli.h"

static void
put_policy(struct json *j, const struct domain_policy *p)
{
    json_obj(j, NULL);
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

enum err
cli_domain_list(struct cli *cli)
{
    bool as_json = cli_option(cli, "json", NULL);
    struct domain_policies v;
    struct buf b;
    struct json j;

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
    return service_domain_set(cli->c, &p);
}

enum err
cli_domain_block(struct cli *cli)
{
    return set(cli, DOMAIN_SUSPEND);
}

enum err
cli_domain_limit(struct cli *cli)
{
    return set(cli, cli_option(cli, "noop", NULL) ? DOMAIN_NOOP : DOMAIN_SILENCE);
}

enum err
cli_domain_allow(struct cli *cli)
{
    return service_domain_allow(cli->c, cli->words.v[0]);
}

/* `dassie jobs …`: jobs that were given up after all their tries. */
#include "service/dead_job.h"

#include "base/date.h"
#include "cli/cli.h"

enum err
cli_jobs_list(struct cli *cli)
{
    bool as_json = cli_option(cli, "json", NULL);
    struct dead_job *v;
    struct buf b;
    struct json j;
    size_t n;

    TRY(service_dead_job_list(cli->c, &v, &n));
    cli_json(cli, &b, &j);
    json_arr(&j, NULL);
    for (size_t i = 0; i < n; i++) {
        json_obj(&j, NULL);
        json_id(&j, "id", v[i].id);
        json_str(&j, "kind", v[i].kind);
        json_str(&j, "args", v[i].args);
        json_int(&j, "tries", v[i].tries);
        json_str(&j, "error", v[i].last_error);
        json_time(&j, "created_at", v[i].created_ms);
        json_time(&j, "died_at", v[i].died_ms);
        json_end(&j);
        if (!as_json)
            cli_print("%lld  %.*s  %.*s  %.*s", (long long)v[i].id, STR_ARG(date_iso_s(cli->c->mem, v[i].died_ms)),
                STR_ARG(v[i].kind), STR_ARG(v[i].last_error));
    }
    json_end(&j);
    return as_json ? cli_json_print(cli, &b, &j) : ERR_OK;
}

/* One by its number, or all there are. */
static enum err
each(struct cli *cli, enum err (*fn)(struct ctx *c, int64_t id))
{
    struct dead_job *v;
    int64_t id;
    size_t n;

    if (str_int(cli->words.v[0], &id))
        return fn(cli->c, id);
    if (!str_eqz(cli->words.v[0], "all"))
        return ctx_fail_public(cli->c, ERR_BAD_REQUEST, "A job is named by its number, or all: see `dassie jobs list`");
    TRY(service_dead_job_list(cli->c, &v, &n));
    for (size_t i = 0; i < n; i++)
        TRY(fn(cli->c, v[i].id));
    return ERR_OK;
}

enum err
cli_jobs_retry(struct cli *cli)
{
    return each(cli, service_dead_job_retry);
}

enum err
cli_jobs_drop(struct cli *cli)
{
    return each(cli, service_dead_job_drop);
}

/* `dassie deliveries …` and `dassie federation …`: what leaves, what is known of other servers, and why something does not come in. */
#include "service/delivery_queue.h"

#include "base/date.h"
#include "cli/cli.h"
#include "service/inspect.h"

static struct str
host_option(struct cli *cli)
{
    struct str host = S("");

    (void)cli_option(cli, "host", &host);
    return str_lower(cli->c->mem, host);
}

enum err
cli_deliveries_list(struct cli *cli)
{
    bool as_json = cli_option(cli, "json", NULL);
    struct deliveries v;
    struct buf b;
    struct json j;

    TRY(service_delivery_list(cli->c, host_option(cli), cli_option(cli, "failed", NULL), &v));
    cli_json(cli, &b, &j);
    json_arr(&j, NULL);
    for (size_t i = 0; i < v.n; i++) {
        const struct delivery *d = &v.v[i];

        json_obj(&j, NULL);
        json_id(&j, "id", d->id);
        json_str(&j, "inbox", d->inbox);
        json_str(&j, "host", d->host);
        json_int(&j, "tries", d->tries);
        json_int(&j, "status", d->http_status);
        json_str(&j, "error", d->last_error);
        json_time_or_null(&j, "next_at", d->state == DELIVERY_DUE ? d->next_ms : 0);
        json_time(&j, "created_at", d->created_ms);
        json_end(&j);
        if (!as_json)
            cli_print("%.*s  %d tries  %.*s  %.*s", STR_ARG(date_iso_s(cli->c->mem, d->next_ms)), d->tries,
                STR_ARG(d->inbox), STR_ARG(d->last_error));
    }
    json_end(&j);
    return as_json ? cli_json_print(cli, &b, &j) : ERR_OK;
}

enum err
cli_deliveries_retry(struct cli *cli)
{
    int64_t n;

    TRY(service_delivery_retry(cli->c, host_option(cli), &n));
    cli_print("%lld deliveries are due now.", (long long)n);
    return ERR_OK;
}

enum err
cli_deliveries_drop(struct cli *cli)
{
    struct str host = host_option(cli);
    int64_t n;

    if (host.n == 0 && !cli_option(cli, "all", NULL))
        return ctx_fail_public(cli->c, ERR_BAD_REQUEST, "Name a host, or --all");
    TRY(service_delivery_drop(cli->c, host, &n));
    cli_print("%lld deliveries are forgotten.", (long long)n);
    return ERR_OK;
}

static void
put_host(struct json *j, const struct host_view *h)
{
    json_obj(j, NULL);
    json_str(j, "host", h->host.name);
    json_str(j, "state", str_z(service_host_state_name(&h->host)));
    json_int(j, "failures", h->host.failures);
    json_int(j, "failed_days", h->host.failed_days);
    json_time_or_null(j, "since", h->host.first_failure_ms);
    json_time_or_null(j, "last_failure_at", h->host.last_failure_ms);
    json_time_or_null(j, "last_success_at", h->host.last_success_ms);
    json_int(j, "waiting", h->waiting);
    json_str(j, "error", h->last_error);
    json_end(j);
}

enum err
cli_federation_hosts(struct cli *cli)
{
    bool as_json = cli_option(cli, "json", NULL);
    struct host_views v;
    struct str host;
    struct buf b;
    struct json j;

    if (cli_option(cli, "reset", &host))
        return service_delivery_host_reset(cli->c, str_lower(cli->c->mem, host));
    TRY(service_delivery_host_views(cli->c, cli_option(cli, "all", NULL), &v));
    cli_json(cli, &b, &j);
    json_arr(&j, NULL);
    for (size_t i = 0; i < v.n; i++) {
        const struct host_view *h = &v.v[i];

        put_host(&j, h);
        if (!as_json)
            cli_print("%-30.*s %-7s since %.*s  %lld waiting  %.*s", STR_ARG(h->host.name),
                service_host_state_name(&h->host), STR_ARG(date_iso_s(cli->c->mem, h->host.first_failure_ms)),
                (long long)h->waiting, STR_ARG(h->last_error));
    }
    json_end(&j);
    return as_json ? cli_json_print(cli, &b, &j) : ERR_OK;
}

enum err
cli_federation_inspect(struct cli *cli)
{
    static const char *const results[] = { "ok", "FAIL", "" };
    bool as_json = cli_option(cli, "json", NULL);
    struct inspection in;
    struct buf b;
    struct json j;

    TRY(service_inspect(cli->c, cli->words.v[0], &in));
    cli_json(cli, &b, &j);
    json_obj(&j, NULL);
    json_bool(&j, "accepted", in.accepted);
    json_arr(&j, "steps");
    for (size_t i = 0; i < in.n; i++) {
        const struct inspect_step *s = &in.v[i];

        json_obj(&j, NULL);
        json_str(&j, "step", str_z(s->name));
        if (s->result == INSPECT_NOTE)
            json_null(&j, "ok");
        else
            json_bool(&j, "ok", s->result == INSPECT_OK);
        json_str(&j, "text", s->text);
        json_end(&j);
        if (!as_json)
            cli_print("%-4s %-12s %.*s", results[s->result], s->name, STR_ARG(s->text));
    }
    json_end(&j);
    json_end(&j);
    return as_json ? cli_json_print(cli, &b, &j) : ERR_OK;
}

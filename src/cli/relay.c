/* `dassie relay …`: servers that pass on the public posts of many. */
#include "service/relay.h"

#include "base/date.h"
#include "cli/cli.h"

enum err
cli_relay_add(struct cli *cli)
{
    enum relay_kind kind = cli_option(cli, "litepub", NULL) ? RELAY_LITEPUB : RELAY_MASTODON;

    return service_relay_add(cli->c, cli->words.v[0], kind);
}

enum err
cli_relay_list(struct cli *cli)
{
    bool as_json = cli_option(cli, "json", NULL);
    struct relays v;
    struct buf b;
    struct json j;

    TRY(service_relay_list(cli->c, &v));
    cli_json(cli, &b, &j);
    json_arr(&j, NULL);
    for (size_t i = 0; i < v.n; i++) {
        const struct relay *r = &v.v[i];

        json_obj(&j, NULL);
        json_str(&j, "url", r->url);
        json_str(&j, "kind", str_z(relay_kind_names[r->kind]));
        json_str(&j, "state", str_z(relay_state_names[r->state]));
        json_int(&j, "posts", r->posts);
        json_time_or_null(&j, "heard_at", r->heard_ms);
        json_str(&j, "error", r->last_error);
        json_time(&j, "created_at", r->created_ms);
        json_end(&j);
        if (!as_json)
            cli_print("%-8s %-8s %8lld posts  %.*s  %.*s", relay_state_names[r->state], relay_kind_names[r->kind],
                (long long)r->posts, STR_ARG(r->url), STR_ARG(r->last_error));
    }
    json_end(&j);
    return as_json ? cli_json_print(cli, &b, &j) : ERR_OK;
}

enum err
cli_relay_remove(struct cli *cli)
{
    return service_relay_remove(cli->c, cli->words.v[0]);
}

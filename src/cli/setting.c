/* `dassie settings …` and `dassie rule …`: what an operator changes while the server runs. */
#include "service/setting.h"

#include "cli/cli.h"

enum err
cli_settings_list(struct cli *cli)
{
    bool as_json = cli_option(cli, "json", NULL);
    struct buf b;
    struct json j;

    cli_json(cli, &b, &j);
    json_obj(&j, NULL);
    for (const struct setting *s = service_settings; s->name != NULL; s++) {
        struct str value;

        TRY(service_setting_get(cli->c, s, &value));
        json_str_or_null(&j, s->name, value);
        if (!as_json)
            cli_print(
                "%-22s %.*s%s  %s", s->name, STR_ARG(value), value.n == 0 ? "-" : "", value.n == 0 ? s->text : "");
    }
    json_end(&j);
    return as_json ? cli_json_print(cli, &b, &j) : ERR_OK;
}

enum err
cli_settings_set(struct cli *cli)
{
    return service_setting_set(cli->c, cli->words.v[0], cli->words.v[1]);
}

enum err
cli_rule_add(struct cli *cli)
{
    struct str hint = S("");

    (void)cli_option(cli, "hint", &hint);
    return service_rule_add(cli->c, cli->words.v[0], hint);
}

enum err
cli_rule_remove(struct cli *cli)
{
    int64_t id;

    if (!str_int(cli->words.v[0], &id))
        return ctx_fail_public(cli->c, ERR_BAD_REQUEST, "A rule is named by its number: see `dassie rule list`");
    return service_rule_remove(cli->c, id);
}

enum err
cli_rule_list(struct cli *cli)
{
    bool as_json = cli_option(cli, "json", NULL);
    struct rules v;
    struct buf b;
    struct json j;

    TRY(service_rule_list(cli->c, &v));
    cli_json(cli, &b, &j);
    json_arr(&j, NULL);
    for (size_t i = 0; i < v.n; i++) {
        json_obj(&j, NULL);
        json_id(&j, "id", v.v[i].id);
        json_str(&j, "text", v.v[i].text);
        json_str(&j, "hint", v.v[i].hint);
        json_end(&j);
        if (!as_json)
            cli_print("%lld  %.*s", (long long)v.v[i].id, STR_ARG(v.v[i].text));
    }
    json_end(&j);
    return as_json ? cli_json_print(cli, &b, &j) : ERR_OK;
}

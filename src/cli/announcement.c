/* `dassie announcement …`: what the operators say to everybody. */
#include "service/announcement.h"

#include "base/date.h"
#include "cli/cli.h"

static enum err
read_time(struct cli *cli, const char *option, int64_t *out)
{
    struct str text;

    if (!cli_option(cli, option, &text))
        return ERR_OK;
    if (!date_parse(text, out))
        return ctx_fail_public(
            cli->c, ERR_BAD_REQUEST, "--%s is a date such as 2026-05-01 or 2026-05-01T18:00:00Z", option);
    return ERR_OK;
}

static enum err
put(struct cli *cli, int64_t id, struct str text)
{
    struct announcement_params p = { .text = text, .all_day = cli_option(cli, "all-day", NULL) };

    TRY(read_time(cli, "starts", &p.starts_ms));
    TRY(read_time(cli, "ends", &p.ends_ms));
    TRY(read_time(cli, "at", &p.published_ms));
    TRY(service_announcement_put(cli->c, id, &p, &id));
    cli_print("%lld", (long long)id);
    return ERR_OK;
}

static enum err
read_id(struct cli *cli, int64_t *out)
{
    if (!str_int(cli->words.v[0], out))
        return ctx_fail_public(
            cli->c, ERR_BAD_REQUEST, "An announcement is named by its number: see `dassie announcement list`");
    return ERR_OK;
}

enum err
cli_announcement_add(struct cli *cli)
{
    return put(cli, 0, cli->words.v[0]);
}

enum err
cli_announcement_edit(struct cli *cli)
{
    int64_t id;

    TRY(read_id(cli, &id));
    return put(cli, id, cli->words.v[1]);
}

enum err
cli_announcement_remove(struct cli *cli)
{
    int64_t id;

    TRY(read_id(cli, &id));
    return service_announcement_remove(cli->c, id);
}

enum err
cli_announcement_list(struct cli *cli)
{
    bool as_json = cli_option(cli, "json", NULL);
    struct announcements v;
    struct buf b;
    struct json j;

    TRY(service_announcement_list_all(cli->c, &v));
    cli_json(cli, &b, &j);
    json_arr(&j, NULL);
    for (size_t i = 0; i < v.n; i++) {
        const struct announcement *a = &v.v[i];

        json_obj(&j, NULL);
        json_id(&j, "id", a->id);
        json_str(&j, "text", a->text);
        json_time(&j, "published_at", a->published_ms);
        json_time_or_null(&j, "starts_at", a->starts_ms);
        json_time_or_null(&j, "ends_at", a->ends_ms);
        json_bool(&j, "all_day", a->all_day);
        json_end(&j);
        if (!as_json)
            cli_print("%lld  %.*s  %.*s", (long long)a->id, STR_ARG(date_iso_s(cli->c->mem, a->published_ms)),
                STR_ARG(a->text));
    }
    json_end(&j);
    return as_json ? cli_json_print(cli, &b, &j) : ERR_OK;
}

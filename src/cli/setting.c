/* `dassie settings …`, `dassie rule …`, `dassie terms …`: what an operator changes while the server runs. */
#include "service/server_picture.h"
#include "service/setting.h"

#include "base/date.h"
#include "cli/cli.h"
#include "os/file.h"

#include <errno.h>
#include <stdio.h>

enum { PICTURE_BYTES_MAX = 16 << 20 }; /* the exact limit is the service's */

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
cli_settings_picture(struct cli *cli)
{
    struct str bytes = STR_NONE, description = S("");

    (void)cli_option(cli, "description", &description);
    if (cli->words.n > 1) {
        const char *path = str_cz(cli->c->mem, cli->words.v[1]);
        enum err e = file_read(cli->c->mem, path, PICTURE_BYTES_MAX, &bytes);

        if (e != ERR_OK)
            return ctx_fail_public(
                cli->c, e, "%s: %s", path, e == ERR_TOO_LARGE ? "too large" : strerrordesc_np(errno));
        if (bytes.n == 0)
            return ctx_fail_public(cli->c, ERR_INVALID, "%s is empty", path);
    }
    return service_server_picture_set(cli->c, cli->words.v[0], bytes, description);
}

enum err
cli_rule_add(struct cli *cli)
{
    struct str hint = S("");

    (void)cli_option(cli, "hint", &hint);
    return service_rule_add(cli->c, cli->words.v[0], hint);
}

static enum err
read_rule(struct cli *cli, int64_t *id)
{
    if (!str_int(cli->words.v[0], id))
        return ctx_fail_public(cli->c, ERR_BAD_REQUEST, "A rule is named by its number: see `dassie rule list`");
    return ERR_OK;
}

enum err
cli_rule_remove(struct cli *cli)
{
    int64_t id;

    TRY(read_rule(cli, &id));
    return service_rule_remove(cli->c, id);
}

enum err
cli_rule_translate(struct cli *cli)
{
    struct str hint = S("");
    int64_t id;

    TRY(read_rule(cli, &id));
    (void)cli_option(cli, "hint", &hint);
    return service_rule_translate(cli->c, id, cli->words.v[1], cli->words.v[2], hint);
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

/* ---- terms of service ---------------------------------------------------------------------------------------------- */

enum { TERMS_BYTES_MAX = MB(1) };

static enum err
read_day(struct cli *cli, int64_t *day_ms)
{
    if (!date_parse(cli->words.v[0], day_ms))
        return ctx_fail_public(cli->c, ERR_BAD_REQUEST, "A day is written as 2026-05-01");
    return ERR_OK;
}

static enum err
read_stdin(struct arena *mem, struct str *out)
{
    char *p = arena_vec(mem, char, TERMS_BYTES_MAX + 1);
    size_t n = fread(p, 1, TERMS_BYTES_MAX + 1, stdin);

    *out = (struct str){ p, n };
    return n > TERMS_BYTES_MAX ? ERR_TOO_LARGE : ERR_OK;
}

enum err
cli_terms_set(struct cli *cli)
{
    struct str file = cli->words.v[1], text;
    struct arena *mem = cli->c->mem;
    int64_t day_ms;
    enum err e;

    TRY(read_day(cli, &day_ms));
    e = str_eqz(file, "-") ? read_stdin(mem, &text) : file_read(mem, str_cz(mem, file), TERMS_BYTES_MAX, &text);
    if (e != ERR_OK)
        return ctx_fail_public(
            cli->c, ERR_INVALID, "Cannot read %.*s, or it has more than %d bytes", STR_ARG(file), TERMS_BYTES_MAX);
    return service_terms_put(cli->c, day_ms, text);
}

enum err
cli_terms_remove(struct cli *cli)
{
    int64_t day_ms;

    TRY(read_day(cli, &day_ms));
    return service_terms_remove(cli->c, day_ms);
}

enum err
cli_terms_list(struct cli *cli)
{
    bool as_json = cli_option(cli, "json", NULL);
    struct terms_list v;
    struct buf b;
    struct json j;

    TRY(service_terms_list(cli->c, &v));
    cli_json(cli, &b, &j);
    json_arr(&j, NULL);
    for (size_t i = 0; i < v.n; i++) {
        struct str day = date_day(cli->c->mem, v.v[i].effective_ms);

        json_obj(&j, NULL);
        json_str(&j, "effective_date", day);
        json_str(&j, "content", v.v[i].content);
        json_end(&j);
        if (!as_json)
            cli_print("%.*s  %zu bytes", STR_ARG(day), v.v[i].content.n);
    }
    json_end(&j);
    return as_json ? cli_json_print(cli, &b, &j) : ERR_OK;
}

/* `dassie emoji …`: the custom emoji of this server. */
#include "service/emoji.h"

#include "base/conf.h"
#include "cli/cli.h"
#include "os/file.h"

#include <errno.h>

enum { FILE_BYTES_MAX = 16 << 20 }; /* the exact limit is the service's, which says it in words */

enum err
cli_emoji_add(struct cli *cli)
{
    struct emoji_params p = { .shortcode = cli->words.v[0] };
    const char *path = str_cz(cli->c->mem, cli->words.v[1]);
    enum err e = file_read(cli->c->mem, path, FILE_BYTES_MAX, &p.picture);

    if (e != ERR_OK)
        return ctx_fail_public(cli->c, e, "%s: %s", path, e == ERR_TOO_LARGE ? "too large" : strerrordesc_np(errno));
    (void)cli_option(cli, "category", &p.category);
    p.replace = cli_option(cli, "replace", NULL);
    TRY(service_emoji_add(cli->c, &p));
    cli_print("added :%.*s:", STR_ARG(p.shortcode));
    return ERR_OK;
}

enum err
cli_emoji_remove(struct cli *cli)
{
    TRY(service_emoji_remove(cli->c, cli->words.v[0]));
    cli_print("removed :%.*s:", STR_ARG(cli->words.v[0]));
    return ERR_OK;
}

static struct str
file_url(const struct cli *cli, struct str key)
{
    return key.n == 0 ? STR_NONE : str_cat(cli->c->mem, cli->conf->origin, S("/media/"), key, STR_NONE);
}

static void
put_emoji(const struct cli *cli, struct json *j, const struct emoji_ref *e)
{
    json_obj(j, NULL);
    json_str(j, "shortcode", e->shortcode);
    json_str_or_null(j, "category", e->category);
    json_str(j, "url", file_url(cli, e->file));
    json_str(j, "static_url", file_url(cli, e->file_static));
    json_end(j);
}

enum err
cli_emoji_list(struct cli *cli)
{
    bool as_json = cli_option(cli, "json", NULL);
    struct emoji_refs v;
    struct buf b;
    struct json j;

    TRY(service_emoji_list(cli->c, &v));
    cli_json(cli, &b, &j);
    json_arr(&j, NULL);
    for (size_t i = 0; i < v.n; i++) {
        if (as_json)
            put_emoji(cli, &j, &v.v[i]);
        else
            cli_print(":%.*s:%*s %-20.*s %.*s", STR_ARG(v.v[i].shortcode), (int)MAX(0, 24 - (int)v.v[i].shortcode.n),
                "", STR_ARG(v.v[i].category), STR_ARG(file_url(cli, v.v[i].file)));
    }
    json_end(&j);
    return as_json ? cli_json_print(cli, &b, &j) : ERR_OK;
}

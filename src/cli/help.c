/* `dassie help` and `dassie version`. */
#include "cli/cli.h"

void
cli_explain(const struct command *cmd)
{
    cli_print("dassie %s%s%s\n    %s", cmd->name, cmd->args[0] == '\0' ? "" : " ", cmd->args, cmd->text);
}

static void
list(void)
{
    cli_print("dassie %s, a microblogging server for the fediverse\n\nusage: dassie COMMAND [--config FILE] [--KEY "
              "VALUE ...]\n",
        DASSIE_VERSION);
    for (size_t i = 0; i < cli_commands_n; i++)
        cli_explain(&cli_commands[i]);
    cli_print("\nEvery key of dassie.conf(5) is an option too.  DASSIE_CONFIG names the file when --config does not.");
}

/* A group, such as "user", explains all its commands. */
enum err
cli_help(struct cli *cli)
{
    size_t found = 0;
    struct str group = cli->words.n > 0 ? cli->words.v[0] : STR_NONE;

    if (group.n == 0) {
        list();
        return ERR_OK;
    }
    if (cli->words.n > 1)
        group = str_cat(cli->c->mem, group, S(" "), cli->words.v[1], STR_NONE);
    for (size_t i = 0; i < cli_commands_n; i++) {
        struct str name = str_z(cli_commands[i].name);

        if (!str_eq(name, group) && !str_starts(name, str_cat(cli->c->mem, group, S(" "), STR_NONE)))
            continue;
        cli_explain(&cli_commands[i]);
        found++;
    }
    if (found == 0)
        return ctx_fail_public(
            cli->c, ERR_BAD_REQUEST, "there is no command \"%.*s\": see dassie help", STR_ARG(group));
    return ERR_OK;
}

enum err
cli_version(struct cli *cli)
{
    (void)cli;
    cli_print("dassie %s", DASSIE_VERSION);
    return ERR_OK;
}

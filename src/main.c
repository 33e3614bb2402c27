/* The program: find the command, read the configuration, open what the command needs, run it, make its error the exit code. */
#include "base/arena.h"
#include "base/conf.h"
#include "base/log.h"
#include "cli/cli.h"
#include "cli/env.h"
#include "media/child.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* One line: what libraries say may have several. */
static void
print_line(struct str text)
{
    text = str_trim(text);
    fputs("dassie: ", stderr);
    for (size_t i = 0; i < text.n; i++)
        if ((unsigned char)text.p[i] >= ' ')
            fputc(text.p[i], stderr);
        else if (i > 0 && (unsigned char)text.p[i - 1] >= ' ')
            fputc(' ', stderr);
    fputc('\n', stderr);
}

/* What went wrong, for the person at the terminal. */
static int
report(const struct cli *cli, enum err e)
{
    struct str text = cli->c->fail.err == e ? cli->c->fail.public_text : STR_NONE;

    if (e == ERR_OK)
        return fflush(stdout) == 0 ? 0 : err_exit(ERR_INTERNAL);
    if (text.n == 0)
        text = cli->c->fail.err == e && cli->c->fail.detail.n > 0 ? cli->c->fail.detail : str_z(err_text(e));
    print_line(text);
    return err_exit(e);
}

/* --config FILE, else $DASSIE_CONFIG, else none; the option is taken out of flags. */
static struct str
config_file(struct strs *flags)
{
    struct str file = str_z(getenv("DASSIE_CONFIG"));
    size_t kept = 0;

    for (size_t i = 0; i < flags->n; i++) {
        if (str_eqz(flags->v[i], "--config") && i + 1 < flags->n)
            file = flags->v[++i];
        else if (str_starts(flags->v[i], S("--config=")))
            file = str_sub(flags->v[i], 9, flags->v[i].n);
        else
            flags->v[kept++] = flags->v[i];
    }
    flags->n = kept;
    return file;
}

static enum err
read_config(struct cli *cli, struct strs *flags, struct config *conf)
{
    struct conf_error why = { 0 };
    struct str file = config_file(flags);
    enum log_level level;
    enum err e = conf_load(cli->c->mem, file, environ, flags, conf, &why);

    if (e != ERR_OK)
        return ctx_fail_public(cli->c, e, "%.*s%s%.*s%s%.*s", STR_ARG(file), file.n > 0 ? ": " : "", STR_ARG(why.key),
            why.key.n > 0 ? ": " : "", STR_ARG(why.text));
    if (log_level_parse(conf->log_level, &level))
        log_set_level(level);
    cli->conf = conf;
    return ERR_OK;
}

static enum err
run_with_data(struct cli *cli, const struct command *cmd)
{
    struct arena *process = arena_new_heap(), *mem = arena_new_heap();
    struct ctx *outer = cli->c, c;
    struct env env = { .conf = cli->conf };
    struct str why;
    enum err e = cmd->needs == NEED_NEW ? ERR_OK : env_there(process, cli->conf, &why);

    if (e == ERR_OK)
        e = env_open(process, cli->conf, cmd->needs == NEED_NETWORK ? ENV_NETWORK : ENV_DATA, &env, &why);
    if (e != ERR_OK) {
        (void)ctx_fail_public(cli->c, e, "%.*s", STR_ARG(why));
    } else {
        ctx_begin(&c, mem, &env);
        cli->c = &c;
        e = cmd->run(cli);
        outer->fail = (struct failure){ .err = c.fail.err,
            .public_text = str_dup(outer->mem, c.fail.public_text),
            .detail = str_dup(outer->mem, c.fail.detail) };
        ctx_end(&c);
        cli->c = outer;
    }
    env_close(&env);
    arena_free(mem);
    arena_free(process);
    return e;
}

static enum err
run(struct cli *cli, int argc, char **argv, struct config *conf)
{
    size_t used, n = (size_t)argc - 1;
    const struct command *cmd = cli_find(argv + 1, n, &used);
    struct strs flags;

    if (cmd == NULL && n > 0 && (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0))
        return cli_help(cli);
    if (cmd == NULL && n > 0 && strcmp(argv[1], "--version") == 0)
        return cli_version(cli);
    if (cmd == NULL)
        return ctx_fail_public(cli->c, ERR_BAD_REQUEST, "%s%s%s: see dassie help",
            n == 0 ? "a command is needed" : "there is no command \"", n == 0 ? "" : argv[1], n == 0 ? "" : "\"");
    for (size_t i = 1 + used; i < (size_t)argc; i++) {
        if (strcmp(argv[i], "--help") != 0 && strcmp(argv[i], "-h") != 0)
            continue;
        cli_explain(cmd);
        return ERR_OK;
    }
    TRY(cli_parse(cli, cmd, argv + 1 + used, n - used, &flags));
    if (cmd->needs == NEED_NOTHING)
        return flags.n == 0 ? cmd->run(cli)
                            : ctx_fail_public(cli->c, ERR_BAD_REQUEST, "%.*s is not an option of dassie %s",
                                  STR_ARG(flags.v[0]), cmd->name);
    TRY(read_config(cli, &flags, conf));
    return cmd->needs >= NEED_NEW ? run_with_data(cli, cmd) : cmd->run(cli);
}

int
main(int argc, char **argv)
{
    struct arena *mem;
    struct config conf;
    struct ctx c;
    struct cli cli = { .c = &c };
    int code;

    if (argc == 2 && strcmp(argv[1], "media-child") == 0)
        return media_child_main();
    umask(027);
    mem = arena_new_heap();
    ctx_begin(&c, mem, NULL);
    code = report(&cli, run(&cli, argc, argv, &conf));
    arena_free(mem);
    return code;
}

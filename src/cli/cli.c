/* The table of commands and the reader of their arguments.  What each command does is in the other files of this directory. */
#include "cli/cli.h"

#include "base/arena.h"

#include <ctype.h>
#include <stdarg.h>

const struct command cli_commands[] = {
#define COMMAND(name, fn, args, text, needs) { name, args, text, needs, fn },
#include "cli/commands.def"
#undef COMMAND
};
const size_t cli_commands_n = lengthof(cli_commands);

const struct command *
cli_find(char *const *words, size_t n, size_t *used)
{
    const struct command *best = NULL;

    *used = 0;
    for (size_t i = 0; i < cli_commands_n; i++) {
        struct str rest = str_z(cli_commands[i].name), word;
        size_t k = 0;
        bool same = true;

        while (same && str_cut(&rest, ' ', &word))
            same = k < n && str_eqz(word, words[k++]);
        if (same && k > *used) {
            best = &cli_commands[i];
            *used = k;
        }
    }
    return best;
}

enum takes { TAKES_UNKNOWN, TAKES_NOTHING, TAKES_VALUE };

/* What the usage text says of an option. */
static enum takes
option_takes(const char *usage, struct str name)
{
    struct str text = str_z(usage), word;

    while (str_cut(&text, ' ', &word)) {
        bool closed;

        if (str_starts(word, S("[")))
            word = str_sub(word, 1, word.n);
        closed = str_ends(word, S("]"));
        if (closed)
            word.n--;
        if (!str_starts(word, S("--")) || !str_eq(str_sub(word, 2, word.n), name))
            continue;
        return closed || text.n == 0 || !isupper((unsigned char)text.p[0]) ? TAKES_NOTHING : TAKES_VALUE;
    }
    return TAKES_UNKNOWN;
}

/* How many words the usage text asks for, and how many it allows. */
static void
count_words(const char *usage, size_t *least, size_t *most)
{
    struct str text = str_z(usage), word;
    bool value = false;

    *least = *most = 0;
    while (str_cut(&text, ' ', &word)) {
        bool optional = str_starts(word, S("["));
        struct str bare = optional ? str_sub(word, 1, word.n) : word;

        if (!value && bare.n > 0 && isupper((unsigned char)bare.p[0])) {
            *most += 1;
            *least += optional ? 0 : 1;
        }
        value = str_starts(bare, S("--")) && !str_ends(bare, S("]"));
    }
}

static void
add_flag(struct strs *flags, struct str s)
{
    flags->v[flags->n++] = s;
}

static enum err
take_option(struct cli *cli, const struct command *cmd, char *const *argv, size_t n, size_t *i, struct strs *conf_flags)
{
    struct str whole = str_z(argv[*i]), rest = str_sub(whole, 2, whole.n), name;
    bool has_next = *i + 1 < n && !str_starts(str_z(argv[*i + 1]), S("--"));
    enum takes takes;

    (void)str_cut(&rest, '=', &name); /* rest.p is NULL when there is no '=' */
    takes = option_takes(cmd->args, name);
    if (takes == TAKES_UNKNOWN) {
        add_flag(conf_flags, whole);
        if (rest.p == NULL && has_next)
            add_flag(conf_flags, str_z(argv[++*i]));
        return ERR_OK;
    }
    if (takes == TAKES_VALUE && rest.p == NULL) {
        if (*i + 1 >= n)
            return ctx_fail_public(cli->c, ERR_BAD_REQUEST, "--%.*s needs a value", STR_ARG(name));
        rest = str_z(argv[++*i]);
    } else if (takes == TAKES_NOTHING && rest.p != NULL) {
        return ctx_fail_public(cli->c, ERR_BAD_REQUEST, "--%.*s takes no value", STR_ARG(name));
    }
    if (cli->n_options == CLI_OPTIONS_MAX)
        return ctx_fail_public(cli->c, ERR_BAD_REQUEST, "too many options");
    cli->options[cli->n_options++] = (struct cli_option){ name, rest };
    return ERR_OK;
}

enum err
cli_parse(struct cli *cli, const struct command *cmd, char *const *argv, size_t n, struct strs *conf_flags)
{
    size_t least, most;
    bool only_words = false;

    cli->words = (struct strs){ .v = arena_vec(cli->c->mem, struct str, n + 1) };
    *conf_flags = (struct strs){ .v = arena_vec(cli->c->mem, struct str, n + 1) };
    for (size_t i = 0; i < n; i++) {
        struct str arg = str_z(argv[i]);

        if (only_words || !str_starts(arg, S("--")))
            cli->words.v[cli->words.n++] = arg;
        else if (arg.n == 2)
            only_words = true;
        else
            TRY(take_option(cli, cmd, argv, n, &i, conf_flags));
    }
    count_words(cmd->args, &least, &most);
    if (cli->words.n < least || cli->words.n > most)
        return ctx_fail_public(cli->c, ERR_BAD_REQUEST, "usage: dassie %s %s", cmd->name, cmd->args);
    return ERR_OK;
}

bool
cli_option(const struct cli *cli, const char *name, struct str *value)
{
    for (size_t i = cli->n_options; i > 0; i--) {
        if (!str_eqz(cli->options[i - 1].name, name))
            continue;
        if (value != NULL)
            *value = cli->options[i - 1].value;
        return true;
    }
    return false;
}

void
cli_print(const char *fmt, ...)
{
    va_list ap;

    va_start(ap, fmt);
    vprintf(fmt, ap);
    va_end(ap);
    putchar('\n');
}

void
cli_json(struct cli *cli, struct buf *b, struct json *j)
{
    buf_init(b, cli->c->mem, MB(64));
    json_init(j, b);
}

enum err
cli_json_print(struct cli *cli, struct buf *b, struct json *j)
{
    if (!json_done(j))
        return ctx_fail(cli->c, ERR_TOO_LARGE, "the list is too long");
    printf("%.*s\n", STR_ARG(buf_str(b)));
    return ERR_OK;
}

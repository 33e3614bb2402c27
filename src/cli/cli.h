/*
 * The command line: a table of commands (commands.def), what each may be given, and what is opened for it before it runs.  Option
 * names are read from the usage text, so that help, manual page and parser cannot differ.  doc/dassie.1
 *
 * A command prints its result on stdout and returns an error code; main.c prints why on stderr and makes it the exit code.
 */
#ifndef CLI_CLI_H
#define CLI_CLI_H

#include "base/ctx.h"
#include "base/json.h"

struct config;

enum cli_needs {
    NEED_NOTHING,
    NEED_CONFIG,  /* the configuration was read */
    NEED_NEW,     /* and the database is open and migrated, with the server key; all made when missing */
    NEED_DATA,    /* and these were there */
    NEED_NETWORK, /* and requests can be made */
};

enum { CLI_OPTIONS_MAX = 16 };

struct cli_option {
    struct str name;  /* without "--" */
    struct str value; /* p NULL: given without one */
};

struct cli {
    struct ctx *c;             /* mem always; env as the command needs */
    const struct config *conf; /* NULL for NEED_NOTHING */
    struct strs words;         /* what is left after the command's own words and the options */
    struct cli_option options[CLI_OPTIONS_MAX];
    size_t n_options;
};

struct command {
    const char *name; /* "user create" */
    const char *args; /* "NAME --email E [--confirmed]" */
    const char *text;
    enum cli_needs needs;
    enum err (*run)(struct cli *cli);
};
extern const struct command cli_commands[];
extern const size_t cli_commands_n;

#define COMMAND(name, fn, args, text, needs) enum err fn(struct cli *cli);
#include "cli/commands.def"
#undef COMMAND

/* The command that the first words name, the longest; *used is how many.  NULL: none. */
const struct command *cli_find(char *const *words, size_t n, size_t *used);
/*
 * Split what follows the command into words and options of the command; every other option goes to *conf_flags, for conf_load.
 * BAD_REQUEST with a public text: an option without its value, too few or too many words.
 */
NODISCARD enum err cli_parse(
    struct cli *cli, const struct command *cmd, char *const *argv, size_t n, struct strs *conf_flags);
/* Was the option given?  *value may be NULL for options without one. */
bool cli_option(const struct cli *cli, const char *name, struct str *value);

/* What --help says of a command. */
void cli_explain(const struct command *cmd);
/* One line on stdout. */
void cli_print(const char *fmt, ...) PRINTF(1, 2);
/* JSON on stdout: begin with cli_json, end with cli_json_print. */
void cli_json(struct cli *cli, struct buf *b, struct json *j);
NODISCARD enum err cli_json_print(struct cli *cli, struct buf *b, struct json *j);

#endif

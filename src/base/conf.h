/*
 * Configuration: one table (conf.def) gives the struct, the parser, the manual page and the commented example.  Sources, later
 * wins: defaults, the file, DASSIE_KEY in the environment, --key on the command line.
 */
#ifndef BASE_CONF_H
#define BASE_CONF_H

#include "base/err.h"
#include "base/str.h"

#define CONF_STR(name) struct str name;
#define CONF_STRS(name) struct strs name;
#define CONF_INT(name) int64_t name;
#define CONF_BOOL(name) bool name;

/* Immutable after conf_load; all strings live as long as its arena: the process.  Empty database, media, server_key_file and mail_from
 * are filled with what their text in the table says. */
struct config {
#define CONF(name, type, dflt, min, max, unit, secret, text) CONF_##type(name)
#include "base/conf.def"
#undef CONF
    /* derived by conf_load from url and handle_domain */
    struct str origin; /* https://social.example, no slash at the end */
    struct str host;   /* authority of url: social.example or localhost:3000 */
    struct str domain; /* after the @ of handles */
    bool https;        /* url is https */
};

struct conf_error {
    struct str key;
    struct str text; /* a sentence for the operator: what is wrong and what would be right */
};

/*
 * Read everything.  file may be empty (no file).  env is environ; other DASSIE_ names than keys are ignored there.  flags are the
 * "--key value" pairs left over by the command line ("--key=value", and "--key" alone for yes, too).  Lists are split at white space;
 * within one source a list key adds up and any other key may stand once; a later source replaces the earlier.  A secret "@/path" is read
 * from that file.  Errors: INVALID (unknown key, bad value, wrong combination), NOT_FOUND (file); *why is filled in both cases.
 */
NODISCARD enum err conf_load(
    struct arena *a, struct str file, char **env, const struct strs *flags, struct config *out, struct conf_error *why);

/* Walk the table: for `dassie config`, the manual page and the example. value is the current text ("(secret)" for secrets). */
void conf_each(struct arena *a, const struct config *c,
    void (*fn)(void *arg, const char *name, const char *type, const char *dflt, const char *unit, struct str value,
        const char *text),
    void *arg);

#endif

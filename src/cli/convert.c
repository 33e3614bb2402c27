/* `dassie convert`: from SQLite to PostgreSQL, and back. */
#include "base/arena.h"
#include "base/conf.h"
#include "cli/cli.h"
#include "cli/env.h"
#include "db/copy.h"
#include "service/search_index.h"

static enum err
copy_into(struct cli *cli, struct arena *mem, struct db *db)
{
    struct env env = *cli->c->env;
    struct db_copied done;
    struct ctx to;
    enum err e;

    env.db = db;
    ctx_begin(&to, mem, &env);
    e = db_copy(cli->c, &to, service_index_tables, &done);
    if (e == ERR_OK)
        e = service_index_all(&to);
    if (e != ERR_OK)
        e = to.fail.public_text.n > 0 ? ctx_fail_public(cli->c, e, "%.*s", STR_ARG(to.fail.public_text))
                                      : ctx_fail_public(cli->c, e, "The copy failed: %.*s", STR_ARG(to.fail.detail));
    else
        cli_print("copied %lld rows of %lld tables", (long long)done.rows, (long long)done.tables);
    for (size_t i = 0; e == ERR_OK && i < done.left_out.n; i++)
        cli_print("left out, as the other engine has none: %.*s", STR_ARG(done.left_out.v[i]));
    ctx_end(&to);
    return e;
}

enum err
cli_convert(struct cli *cli)
{
    struct arena *a, *mem;
    struct db *db = NULL;
    struct str url, why;
    enum err e;

    if (!cli_option(cli, "to", &url))
        return ctx_fail_public(cli->c, ERR_BAD_REQUEST, "--to is needed");
    if (str_eq(url, cli->conf->database))
        return ctx_fail_public(cli->c, ERR_BAD_REQUEST, "That is the database in use");
    a = arena_new_heap();
    mem = arena_new_heap();
    e = env_open_other(a, cli->conf, url, &db, &why);
    if (e != ERR_OK)
        (void)ctx_fail_public(cli->c, e, "The target cannot be opened: %.*s", STR_ARG(why));
    else
        e = copy_into(cli, mem, db);
    db_close(db);
    arena_free(mem);
    arena_free(a);
    return e;
}

/*
 * `dassie backup` and `dassie restore`: the database, the server key and the media as plain files in one directory.  A backup may be
 * taken while the server runs: the database is copied first, as of one moment; a file that a post of that moment needs is only missing
 * when it was deleted meanwhile.
 */
#include "base/arena.h"
#include "base/conf.h"
#include "cli/cli.h"
#include "cli/env.h"
#include "db/db.h"
#include "os/file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

enum { COPY_BYTES = 1 << 20, DEPTH_MAX = 8 };

#define DB_NAME "dassie.db"
#define KEY_NAME "server.key"
#define MEDIA_NAME "media"

static const char *
join(struct arena *mem, struct str dir, const char *name)
{
    return str_cz(mem, str_fmt(mem, "%.*s/%s", STR_ARG(dir), name));
}

static enum err
fail_errno(struct cli *cli, const char *path)
{
    return ctx_fail_public(cli->c,
        errno == EEXIST   ? ERR_CONFLICT
        : errno == ENOENT ? ERR_NOT_FOUND
                          : ERR_INTERNAL,
        "%s: %s", path, strerror(errno));
}

/* ---- copying --------------------------------------------------------------------------------------------------- */

static enum err
copy_bytes(struct cli *cli, int in, int out, const char *from, const char *to)
{
    char *p = arena_alloc(cli->c->mem, COPY_BYTES, 1);
    ssize_t n;

    while ((n = read(in, p, COPY_BYTES)) > 0)
        if (file_write_all(out, (struct str){ p, (size_t)n }) != ERR_OK)
            return fail_errno(cli, to);
    if (n < 0)
        return fail_errno(cli, from);
    return fsync(out) == 0 ? ERR_OK : fail_errno(cli, to);
}

/* Never over an existing file. */
static enum err
copy_file(struct cli *cli, const char *from, const char *to)
{
    struct arena_mark mark = arena_save(cli->c->mem);
    int in = open(from, O_RDONLY | O_CLOEXEC | O_NOFOLLOW), out;
    enum err e;

    if (in < 0)
        return fail_errno(cli, from);
    out = open(to, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (out < 0) {
        e = fail_errno(cli, to);
        close(in);
        return e;
    }
    e = copy_bytes(cli, in, out, from, to);
    close(in);
    close(out);
    if (e == ERR_OK)
        arena_restore(cli->c->mem, mark);
    return e;
}

static enum err copy_tree(struct cli *cli, const char *from, const char *to, int depth, int64_t *files);

static enum err
copy_entry(struct cli *cli, const char *from, const char *to, int depth, int64_t *files)
{
    struct stat st;

    if (lstat(from, &st) != 0)
        return errno == ENOENT ? ERR_OK : fail_errno(cli, from); /* deleted meanwhile */
    if (S_ISDIR(st.st_mode))
        return copy_tree(cli, from, to, depth + 1, files);
    if (!S_ISREG(st.st_mode))
        return ERR_OK;
    *files += 1;
    return copy_file(cli, from, to);
}

static enum err
copy_tree(struct cli *cli, const char *from, const char *to, int depth, int64_t *files)
{
    DIR *dir = opendir(from);
    struct dirent *d;
    enum err e = ERR_OK;

    if (dir == NULL)
        return errno == ENOENT ? ERR_OK : fail_errno(cli, from); /* nothing was uploaded yet */
    if (depth > DEPTH_MAX)
        e = ctx_fail_public(cli->c, ERR_TOO_LARGE, "%s: too deep", from);
    else if (file_mkdirs(to, 0700) != ERR_OK)
        e = fail_errno(cli, to);
    while (e == ERR_OK && (d = readdir(dir)) != NULL)
        if (d->d_name[0] != '.') /* names with a dot are files being written */
            e = copy_entry(
                cli, join(cli->c->mem, str_z(from), d->d_name), join(cli->c->mem, str_z(to), d->d_name), depth, files);
    closedir(dir);
    return e;
}

static bool
is_empty_or_missing(const char *path)
{
    DIR *dir = opendir(path);
    struct dirent *d;
    bool empty = true;

    if (dir == NULL)
        return errno == ENOENT;
    while (empty && (d = readdir(dir)) != NULL)
        empty = strcmp(d->d_name, ".") == 0 || strcmp(d->d_name, "..") == 0;
    closedir(dir);
    return empty;
}

/* What stands behind "dir:" and "sqlite:". */
static struct str
behind_colon(struct str s)
{
    ptrdiff_t at = str_chr(s, ':');

    return str_sub(s, (size_t)(at + 1), s.n);
}

/* ---- the commands ---------------------------------------------------------------------------------------------- */

enum err
cli_backup(struct cli *cli)
{
    struct arena *mem = cli->c->mem;
    struct str dir = cli->words.v[0];
    const char *path = str_cz(mem, dir);
    int64_t files = 0;

    if (!db_is_sqlite(cli->c->env->db))
        return ctx_fail_public(cli->c, ERR_FORBIDDEN,
            "the database is PostgreSQL: dump it with pg_dump, and copy %.*s and %.*s", STR_ARG(cli->conf->media),
            STR_ARG(cli->conf->server_key_file));
    if (!is_empty_or_missing(path))
        return ctx_fail_public(cli->c, ERR_CONFLICT, "%s is not empty", path);
    if (file_mkdirs(path, 0700) != ERR_OK)
        return fail_errno(cli, path);
    TRY(db_backup(cli->c, str_z(join(mem, dir, DB_NAME))));
    TRY(copy_file(cli, str_cz(mem, cli->conf->server_key_file), join(mem, dir, KEY_NAME)));
    TRY(copy_tree(cli, str_cz(mem, behind_colon(cli->conf->media)), join(mem, dir, MEDIA_NAME), 0, &files));
    cli_print("database, server key and %lld media files are in %s", (long long)files, path);
    return ERR_OK;
}

/* Opening it is the proof: the schema is known, the key opens. */
static enum err
check_restored(struct cli *cli)
{
    struct arena *a = arena_new_heap(), *mem = arena_new_heap();
    struct env env;
    struct ctx c;
    struct str why, report;
    enum err e = env_open(a, cli->conf, ENV_DATA, &env, &why);

    if (e != ERR_OK) {
        (void)ctx_fail_public(cli->c, e, "what was restored does not open: %.*s", STR_ARG(why));
    } else {
        ctx_begin(&c, mem, &env);
        e = db_check(&c, &report);
        if (e != ERR_OK)
            (void)ctx_fail_public(cli->c, e, "what was restored is damaged: %.*s", STR_ARG(c.fail.detail));
        ctx_end(&c);
    }
    env_close(&env);
    arena_free(mem);
    arena_free(a);
    return e;
}

enum err
cli_restore(struct cli *cli)
{
    struct arena *mem = cli->c->mem;
    struct str dir = cli->words.v[0];
    const char *data = str_cz(mem, cli->conf->data_dir);
    int64_t files = 0;

    if (!str_starts(cli->conf->database, S("sqlite:")))
        return ctx_fail_public(
            cli->c, ERR_FORBIDDEN, "the database is PostgreSQL: restore it with pg_restore, and copy the files back");
    if (!is_empty_or_missing(data))
        return ctx_fail_public(cli->c, ERR_CONFLICT, "data_dir %s is not empty", data);
    if (access(join(mem, dir, DB_NAME), R_OK) != 0)
        return fail_errno(cli, join(mem, dir, DB_NAME));
    if (file_mkdirs(data, 0700) != ERR_OK)
        return fail_errno(cli, data);
    TRY(copy_file(cli, join(mem, dir, KEY_NAME), str_cz(mem, cli->conf->server_key_file)));
    TRY(copy_tree(cli, join(mem, dir, MEDIA_NAME), str_cz(mem, behind_colon(cli->conf->media)), 0, &files));
    TRY(copy_file(cli, join(mem, dir, DB_NAME), str_cz(mem, behind_colon(cli->conf->database))));
    TRY(check_restored(cli));
    cli_print("restored from %.*s: database, server key and %lld media files", STR_ARG(dir), (long long)files);
    return ERR_OK;
}

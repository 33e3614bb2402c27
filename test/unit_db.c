/* Databases for unit tests. */
#include "unit_db.h"

#include <errno.h>
#include <ftw.h>
#include <glob.h>
#include <grp.h>
#include <libpq-fe.h>
#include <pwd.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static struct server {
    char dir[64]; /* of the private one */
    char url[512];
    pid_t pid;
    bool tried;
} server;
static int serial;
static struct str current_url;

static int
remove_one(const char *path, const struct stat *st UNUSED, int flag UNUSED, struct FTW *ftw UNUSED)
{
    return remove(path);
}

static void
remove_tree(const char *dir)
{
    nftw(dir, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

/* ---- a private PostgreSQL ------------------------------------------------------------------------------------ */

/* In a child: never as root, which PostgreSQL refuses. */
static void
become_postgres(void)
{
    const struct passwd *pw;

    if (geteuid() != 0)
        return;
    pw = getpwnam("postgres");
    if (pw == NULL)
        pw = getpwnam("nobody");
    if (pw == NULL || setgroups(0, NULL) != 0 || setgid(pw->pw_gid) != 0 || setuid(pw->pw_uid) != 0)
        _exit(126);
}

static pid_t
spawn(char *const argv[], int *out_stderr)
{
    int fds[2];
    pid_t pid;

    CHECK(pipe(fds) == 0);
    pid = fork();
    CHECK(pid >= 0);
    if (pid == 0) {
        become_postgres();
        prctl(PR_SET_PDEATHSIG, SIGQUIT);
        CHECK(chdir("/") == 0);
        dup2(fds[1], 1);
        dup2(fds[1], 2);
        close(fds[0]);
        close(fds[1]);
        execv(argv[0], argv);
        _exit(127);
    }
    close(fds[1]);
    *out_stderr = fds[0];
    return pid;
}

static void
stop_server(void)
{
    kill(server.pid, SIGQUIT);
    waitpid(server.pid, NULL, 0);
    remove_tree(server.dir);
}

/* Reads until the line that says so, or the end. */
static bool
wait_ready(int fd)
{
    FILE *f = fdopen(fd, "r");
    char line[1024];

    CHECK(f != NULL);
    while (fgets(line, sizeof(line), f) != NULL)
        if (strstr(line, "ready to accept connections") != NULL)
            return true; /* f stays open: the server goes on writing to it */
    fclose(f);
    return false;
}

static bool
run_initdb(const char *bin, const char *data)
{
    char program[512], buf[4096];
    int fd, status;
    pid_t pid;

    snprintf(program, sizeof(program), "%s/initdb", bin);
    pid = spawn((char *const[]){ program, (char[]){ "-A" }, (char[]){ "trust" }, (char[]){ "-U" }, (char[]){ "dassie" },
                    (char[]){ "-E" }, (char[]){ "UTF8" }, (char[]){ "--locale=C.UTF-8" }, (char[]){ "--no-sync" },
                    (char[]){ "-D" }, (char *)(uintptr_t)data, NULL },
        &fd);
    while (read(fd, buf, sizeof(buf)) > 0)
        continue;
    close(fd);
    return waitpid(pid, &status, 0) == pid && status == 0;
}

static bool
start_server(void)
{
    char program[512], data[128], sockets[128];
    const struct passwd *pw = getpwnam("postgres");
    const char *bin;
    glob_t g;
    int fd;

    if (glob("/usr/lib/postgresql/*/bin", 0, NULL, &g) != 0)
        return false;
    bin = str_cz(unit_mem(), str_z(g.gl_pathv[g.gl_pathc - 1]));
    globfree(&g);
    snprintf(server.dir, sizeof(server.dir), "/tmp/unit-pg.XXXXXX");
    CHECK(mkdtemp(server.dir) != NULL);
    if (geteuid() == 0 && (pw == NULL || chown(server.dir, pw->pw_uid, pw->pw_gid) != 0))
        CHECK(chmod(server.dir, 0777) == 0);
    snprintf(data, sizeof(data), "%s/data", server.dir);
    snprintf(sockets, sizeof(sockets), "-k%s", server.dir);
    if (!run_initdb(bin, data)) {
        remove_tree(server.dir);
        return false;
    }
    snprintf(program, sizeof(program), "%s/postgres", bin);
    server.pid = spawn((char *const[]){ program, (char[]){ "-D" }, data, sockets, (char[]){ "-clisten_addresses=" },
                           (char[]){ "-F" }, (char[]){ "-cmax_connections=60" }, (char[]){ "-cshared_buffers=16MB" },
                           (char[]){ "-clog_min_messages=log" }, (char[]){ "-clog_checkpoints=off" },
                           (char[]){ "-cdeadlock_timeout=20ms" }, NULL },
        &fd);
    if (!wait_ready(fd)) {
        waitpid(server.pid, NULL, 0);
        remove_tree(server.dir);
        return false;
    }
    atexit(stop_server);
    snprintf(server.url, sizeof(server.url), "postgresql://dassie@/postgres?host=%s", server.dir);
    return true;
}

static const char *
server_url(void)
{
    const char *given = getenv("DASSIE_TEST_POSTGRES");

    if (given != NULL && given[0] != '\0')
        return given;
    if (!server.tried) {
        server.tried = true;
        start_server();
    }
    return server.url[0] != '\0' ? server.url : NULL;
}

static void
run_on_server(const char *url, const char *sql)
{
    PGconn *pg = PQconnectdb(url);
    PGresult *r = PQexec(pg, sql);

    if (PQresultStatus(r) != PGRES_COMMAND_OK)
        BUG("%s: %s", sql, PQerrorMessage(pg));
    PQclear(r);
    PQfinish(pg);
}

/* ---- fresh databases ----------------------------------------------------------------------------------------- */

struct fresh {
    struct db *db;
    const char *dir;        /* SQLite */
    const char *drop, *url; /* PostgreSQL */
};

static void
discard(void *arg)
{
    struct fresh *f = arg;

    db_close(f->db);
    if (f->dir != NULL)
        remove_tree(f->dir);
    if (f->drop != NULL)
        run_on_server(f->url, f->drop);
}

static void
fresh_sqlite(struct fresh *f)
{
    const char *base = getenv("TMPDIR");
    struct str dir = str_fmt(unit_mem(), "%s/unit-db.XXXXXX", base != NULL ? base : "/tmp");
    char *name = arena_alloc(unit_mem(), dir.n + 1, 1);

    memcpy(name, dir.p, dir.n);
    CHECK(mkdtemp(name) != NULL);
    f->dir = name;
    current_url = str_fmt(unit_mem(), "sqlite:%s/test.db", name);
}

static void
fresh_postgres(struct fresh *f)
{
    const char *url = server_url();
    struct str name;

    if (url == NULL) {
        print_message("skipped: no PostgreSQL here; set DASSIE_TEST_POSTGRES or install the server\n");
        skip();
        return;
    }
    name = str_fmt(unit_mem(), "unit_%d_%d", (int)getpid(), ++serial);
    f->url = str_cz(unit_mem(), str_z(url));
    run_on_server(url, str_fmt(unit_mem(), "CREATE SCHEMA %.*s", STR_ARG(name)).p);
    f->drop = str_fmt(unit_mem(), "SET client_min_messages = error; DROP SCHEMA %.*s CASCADE", STR_ARG(name)).p;
    current_url = str_fmt(
        unit_mem(), "%s%coptions=-csearch_path%%3D%.*s", url, strchr(url, '?') != NULL ? '&' : '?', STR_ARG(name));
}

struct db *
unit_db_open(enum unit_engine engine, int connections)
{
    struct fresh *f = arena_new(unit_mem(), struct fresh);
    struct str why;

    if (engine == UNIT_SQLITE)
        fresh_sqlite(f);
    else
        fresh_postgres(f);
    if (db_open(unit_mem(), current_url, connections, &f->db, &why) != ERR_OK)
        BUG("%.*s: %.*s", STR_ARG(current_url), STR_ARG(why));
    arena_defer(unit_mem(), discard, f);
    return f->db;
}

struct str
unit_db_url(void)
{
    return current_url;
}

static void
end_ctx(void *arg)
{
    struct ctx *c = arg;
    struct arena *mem = c->mem;

    ctx_end(c);
    arena_free(mem);
}

struct ctx *
unit_db_ctx(struct db *db)
{
    struct ctx *c = arena_new(unit_mem(), struct ctx);
    struct env *env = arena_new(unit_mem(), struct env);

    env->db = db;
    ctx_begin(c, arena_new_heap(), env);
    arena_defer(unit_mem(), end_ctx, c);
    return c;
}

void
unit_db_schema(struct db *db, const char *sql)
{
    struct ctx *c = unit_db_ctx(db);
    struct str why;
    int applied;

    assert_ok(c, db_migrate(c, &(struct db_migration){ .version = 1, .name = "test", .sql = sql }, 1, &applied, &why));
    assert_int_equal(applied, 1);
}

/* What a command or the server works with, opened in order and closed in reverse.  Starting the server itself is in serve.c. */
#include "cli/env.h"

#include "base/arena.h"
#include "base/conf.h"
#include "crypto/password.h"
#include "crypto/secretbox.h"
#include "crypto/sign.h"
#include "db/db.h"
#include "http/client.h"
#include "hub/hub.h"
#include "media/media.h"
#include "os/file.h"
#include "queue/queue.h"
#include "service/ring.h"
#include "store/migrations.h"
#include "text/i18n.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

enum {
    PASSWORDS_WAITING_MAX = 64,
    RING_USERS_MAX = 10000, /* homes in memory, 6.5 KB each, made when they are read */
    SPARE_CONNECTIONS = 7,  /* delivery, streams, the queue's own look-ups, self-checks */
};

static unsigned
cores(void)
{
    long n = sysconf(_SC_NPROCESSORS_ONLN);

    return n > 0 ? (unsigned)n : 1;
}

/* One for each thread that may talk to the database at the same time. */
static int
connections(const struct config *conf, enum env_parts parts)
{
    int n = SPARE_CONNECTIONS;

    if (parts != ENV_SERVER)
        return 2;
#define LANE(id, name, threads, batch) n += (threads);
#include "queue/lanes.def"
#undef LANE
    return n + (conf->workers > 0 ? (int)conf->workers : 4 * (int)cores());
}

/* A command that names no configuration, or a wrong one, must not make a server beside the real one. */
enum err
env_there(struct arena *a, const struct config *conf, struct str *why)
{
    struct str files[] = { conf->server_key_file,
        str_starts(conf->database, S("sqlite:")) ? str_sub(conf->database, 7, conf->database.n) : STR_NONE };

    for (size_t i = 0; i < lengthof(files); i++) {
        if (files[i].n == 0 || access(str_cz(a, files[i]), F_OK) == 0)
            continue;
        *why = str_fmt(a,
            "no server is here: %.*s: %s. Name its configuration with --config or DASSIE_CONFIG, or make a new "
            "one with dassie migrate.",
            STR_ARG(files[i]), strerror(errno));
        return ERR_NOT_FOUND;
    }
    return ERR_OK;
}

static enum err
open_data_dir(struct arena *a, const struct config *conf, struct str *why)
{
    enum err e = file_mkdirs(str_cz(a, conf->data_dir), 0700);

    if (e != ERR_OK)
        *why = str_fmt(a, "data_dir %.*s: %s", STR_ARG(conf->data_dir), strerror(errno));
    return e;
}

static enum err
open_key(struct arena *a, const struct config *conf, struct secret_box **out, struct str *why)
{
    const char *text = NULL;
    enum err e = secret_box_open(str_cz(a, conf->server_key_file), out, &text);

    if (e != ERR_OK)
        *why = str_fmt(a, "server_key_file %.*s: %s", STR_ARG(conf->server_key_file), text);
    return e;
}

static enum err
migrate(struct arena *a, const struct env *env, struct str *why)
{
    struct arena *mem = arena_new_heap();
    struct ctx c;
    int applied;
    enum err e;

    ctx_begin(&c, mem, env);
    e = db_migrate(&c, store_migrations, store_migrations_n, &applied, why);
    *why = str_dup(a, *why); /* from the ctx's memory to the caller's */
    ctx_end(&c);
    arena_free(mem);
    return e;
}

static enum err
open_client(struct arena *a, const struct config *conf, struct http_client **out, struct str *why)
{
    struct http_client_options o = http_client_options_from(a, conf);
    struct conf_error bad = { 0 };
    enum err e = http_client_new(&o, &bad, out);

    if (e != ERR_OK)
        *why = str_fmt(a, "%.*s: %.*s", STR_ARG(bad.key), STR_ARG(bad.text));
    return e;
}

static enum err
open_database(struct arena *a, struct env *env, enum env_parts parts, struct str *why)
{
    ctx_set_translate(text_tr);
    TRY(db_open(a, env->conf->database, connections(env->conf, parts), &env->db, why));
    return migrate(a, env, why);
}

enum err
env_open_other(struct arena *a, const struct config *conf, struct str url, struct db **out, struct str *why)
{
    struct env env = { .conf = conf };
    enum err e;

    *why = STR_NONE;
    TRY(db_open(a, url, connections(conf, ENV_DATA), &env.db, why));
    e = migrate(a, &env, why);
    if (e != ERR_OK)
        db_close(env.db);
    else
        *out = env.db;
    return e;
}

static enum err
open_server_parts(struct arena *a, struct env *env, struct str *why)
{
    *why = S("no threads for passwords");
    TRY(pwpool_new((int)cores(), PASSWORDS_WAITING_MAX, &env->passwords));
    TRY(open_client(a, env->conf, &env->client, why));
    env->hub = hub_new();
    env->ring = ring_new(RING_USERS_MAX);
    env->queue = queue_new(a, env);
    return ERR_OK;
}

enum err
env_open(struct arena *a, const struct config *conf, enum env_parts parts, struct env *out, struct str *why)
{
    *out = (struct env){ .conf = conf };
    *why = STR_NONE;
    if (conf->test_clock)
        password_cheap();
    TRY(open_data_dir(a, conf, why));
    TRY(open_key(a, conf, &out->box, why));
    TRY(open_database(a, out, parts, why));
    TRY(media_open(a, conf, why, &out->media));
    if (parts == ENV_NETWORK)
        return open_client(a, conf, &out->client, why);
    return parts == ENV_SERVER ? open_server_parts(a, out, why) : ERR_OK;
}

void
env_close(struct env *env)
{
    media_close(env->media);
    hub_free(env->hub);
    ring_free(env->ring);
    http_client_free(env->client);
    pwpool_free(env->passwords);
    db_close(env->db);
    secret_box_free(env->box);
    key_cache_clear();
    *env = (struct env){ .conf = env->conf };
}

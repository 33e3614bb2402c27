/* Checks before the child, and what is believed of it afterwards.  The work itself is in image.c, in another process. */
#include "media/media.h"

#include <errno.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/conf.h"
#include "media/pool.h"

enum { IMAGE_WALL_MS = 30 * 1000 };

struct media {
    struct media_store *store;
    struct media_pool *pool;
};

enum err
media_open_with(struct arena *a, struct str store_spec, const char *child_exe, struct str *why, struct media **out)
{
    struct media *m = arena_new(a, struct media);

    TRY(media_store_open(a, store_spec, why, &m->store));
    m->pool = media_pool_open(a, child_exe);
    *out = m;
    return ERR_OK;
}

enum err
media_open(struct arena *a, const struct config *conf, struct str *why, struct media **out)
{
    struct str spec = conf->media.n > 0 ? conf->media : str_cat(a, S("dir:"), conf->data_dir, S("/media"), STR_NONE);

    return media_open_with(a, spec, NULL, why, out);
}

void
media_close(struct media *m)
{
    if (m == NULL)
        return;
    media_pool_close(m->pool);
    media_store_close(m->store);
}

struct media_store *
media_store_of(struct media *m)
{
    return m->store;
}

/* What one call holds open. */
struct job {
    int in; /* ours only when made from bytes */
    bool own_in;
    struct wire_job wire;
    struct media_put file, small;
    struct wire_reply reply;
};

/* Bytes in memory become a file without a name, so that the child gets a descriptor either way. */
static enum err
open_input(struct ctx *c, struct media_input in, struct job *j)
{
    struct stat st;
    char head[MEDIA_PROBE_BYTES];
    ssize_t n;

    j->in = in.fd;
    if (in.fd < 0) {
        j->in = memfd_create("media-input", MFD_CLOEXEC);
        j->own_in = true;
        if (j->in < 0)
            return ctx_fail(c, ERR_INTERNAL, "memfd: %s", strerrordesc_np(errno));
        while (in.bytes.n > 0) {
            n = write(j->in, in.bytes.p, in.bytes.n);
            if (n < 0 && errno == EINTR)
                continue;
            if (n <= 0)
                return ctx_fail(c, ERR_INTERNAL, "memfd: %s", strerrordesc_np(errno));
            in.bytes = str_sub(in.bytes, (size_t)n, in.bytes.n);
        }
    }
    n = pread(j->in, head, sizeof(head), 0);
    if (n < 0 || fstat(j->in, &st) != 0)
        return ctx_fail(c, ERR_INTERNAL, "media input: %s", strerrordesc_np(errno));
    j->wire.type = media_probe((struct str){ head, (size_t)n });
    j->wire.bytes = (uint64_t)st.st_size;
    return ERR_OK;
}

static enum err
check_input(struct ctx *c, const struct job *j)
{
    size_t max = media_rules[j->wire.purpose].bytes_max;

    if (j->wire.bytes == 0)
        return ctx_fail_public(c, ERR_INVALID, "Validation failed: File can't be blank");
    if (media_type_kind((enum media_type)j->wire.type) != MEDIA_IMAGE)
        return ctx_fail_public(c, ERR_INVALID, "Validation failed: File content type is invalid");
    if (j->wire.bytes > max)
        return ctx_fail_public(c, ERR_INVALID, "Validation failed: File size must be less than %zu KB", max >> 10);
    return ERR_OK;
}

/* A client reads the same sentence for everything that is the file's fault; the log says which. */
static enum err
judge(struct ctx *c, const struct wire_reply *r)
{
    static const char *const what[] = {
        [WIRE_REFUSED] = "refused",
        [WIRE_TIMEOUT] = "took too long",
        [WIRE_CRASHED] = "decoder died",
    };

    if (r->verdict == WIRE_DONE)
        return ERR_OK;
    if (r->verdict >= lengthof(what) || what[r->verdict] == NULL)
        return ctx_fail(c, ERR_INTERNAL, "media child: %s", r->cause);
    enum err e = ctx_fail_public(c, ERR_INVALID, "Validation failed: File could not be processed");

    c->fail.detail = str_fmt(c->mem, "%s: signal %d: %s", what[r->verdict], r->signal, r->cause);
    return e;
}

/* The worker wrote this; it must at least be what it was said to be. */
static enum err
keep(struct ctx *c, struct media_put *p, const struct wire_picture *w, struct media_made *out)
{
    enum media_type t = (enum media_type)w->type;
    char head[MEDIA_PROBE_BYTES];
    ssize_t n;

    if (t == MT_NONE)
        return ERR_OK;
    n = pread(p->fd, head, sizeof(head), 0);
    if (n <= 0 || media_probe((struct str){ head, (size_t)n }) != t)
        return ctx_fail(c, ERR_INTERNAL, "media child wrote something else than %s", media_type_mime(t));
    if (media_store_commit(c->env->media->store, p, t, c->mem, &out->key, &out->bytes) != ERR_OK)
        return ctx_fail(c, ERR_INTERNAL, "cannot store media: %s", strerrordesc_np(errno));
    out->type = t;
    out->width = (int)w->width;
    out->height = (int)w->height;
    return ERR_OK;
}

static enum err
process(struct ctx *c, struct media_input in, struct job *j, struct media_result *out)
{
    struct media *m = c->env->media;
    struct media_result made = { 0 };
    enum err e;

    TRY(open_input(c, in, j));
    TRY(check_input(c, j));
    if (media_store_begin(m->store, &j->file) != ERR_OK || media_store_begin(m->store, &j->small) != ERR_OK)
        return ctx_fail(c, ERR_INTERNAL, "cannot write into the media directory: %s", strerrordesc_np(errno));
    e = media_pool_run(m->pool, &j->wire, j->in, j->file.fd, j->small.fd, c->deadline_mono_ms, &j->reply);
    if (e != ERR_OK)
        return ctx_fail(c, e, "no media decoder");
    TRY(judge(c, &j->reply));
    e = keep(c, &j->file, &j->reply.file, &made.file);
    if (e == ERR_OK)
        e = keep(c, &j->small, &j->reply.small, &made.small);
    if (e != ERR_OK) {
        media_discard(c, &made);
        return e;
    }
    made.kind = (enum media_kind)j->reply.kind;
    made.blurhash = str_dup(c->mem, str_z(j->reply.blurhash));
    made.colour = j->reply.colour;
    made.duration_ms = j->reply.duration_ms;
    *out = made;
    return ERR_OK;
}

enum err
media_process(struct ctx *c, struct media_input in, enum media_purpose purpose, struct media_result *out)
{
    struct job j = {
        .in = -1,
        .wire = { .purpose = purpose, .wall_ms = IMAGE_WALL_MS },
        .file.fd = -1,
        .small.fd = -1,
    };
    enum err e;

    CHECK(purpose < MEDIA_PURPOSE_COUNT);
    e = process(c, in, &j, out);
    media_store_abort(c->env->media->store, &j.file);
    media_store_abort(c->env->media->store, &j.small);
    if (j.own_in && j.in >= 0)
        close(j.in);
    return e;
}

void
media_discard(struct ctx *c, const struct media_result *r)
{
    const struct media_made *both[] = { &r->file, &r->small };

    /* One that cannot be deleted now is found by the sweeper, as no row has its key. */
    for (size_t i = 0; i < lengthof(both); i++)
        if (both[i]->key.n > 0 && media_store_delete(c->env->media->store, both[i]->key) != ERR_OK)
            continue;
}

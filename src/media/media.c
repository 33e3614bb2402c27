/* Checks before the child, and what is believed of it afterwards.  The work itself is in image.c, in another process. */
#include "media/media.h"

#include <errno.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/conf.h"
#include "media/pool.h"

enum { IMAGE_WALL_MS = 30 * 1000, GIFV_WALL_MS = 60 * 1000, TOOL_WALL_MS = 300 * 1000 };

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
media_stop(struct media *m)
{
    media_pool_stop(m->pool);
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
check_input(struct ctx *c, enum media_type type, uint64_t bytes, enum media_purpose purpose)
{
    enum media_kind kind = media_type_kind(type);
    size_t max = kind == MEDIA_IMAGE ? media_rules[purpose].bytes_max : MEDIA_AV_BYTES_MAX;

    if (bytes == 0)
        return ctx_fail_public(c, ERR_INVALID, "Validation failed: File can't be blank");
    if (kind == MEDIA_UNKNOWN || (kind != MEDIA_IMAGE && purpose != MEDIA_FOR_POST))
        return ctx_fail_public(c, ERR_INVALID, "Validation failed: File content type is invalid");
    if (bytes > max)
        return ctx_fail_public(c, ERR_INVALID, "Validation failed: File size must be less than %zu KB", max >> 10);
    return ERR_OK;
}

enum err
media_check(struct ctx *c, struct str head, int64_t bytes, enum media_purpose purpose, enum media_type *out)
{
    CHECK(purpose < MEDIA_PURPOSE_COUNT && bytes >= 0);
    *out = media_probe(str_sub(head, 0, MIN(head.n, (size_t)MEDIA_PROBE_BYTES)));
    return check_input(c, *out, (uint64_t)bytes, purpose);
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
run(struct ctx *c, const struct wire_job *wire, int in, int file, int small, struct wire_reply *out)
{
    enum err e = media_pool_run(c->env->media->pool, wire, in, file, small, c->deadline_mono_ms, out);

    if (e != ERR_OK)
        return ctx_fail(c, e, "no media decoder");
    return judge(c, out);
}

static void
take_looks(struct ctx *c, const struct wire_reply *r, struct media_result *out)
{
    out->blurhash = str_dup(c->mem, str_z(r->blurhash));
    out->colour = r->colour;
}

/* Picture: file and small by one worker.  A moving GIF: only what goes with it, and kind is GIFV. */
static enum err
make_image(struct ctx *c, struct job *j, struct media_result *out)
{
    TRY(run(c, &j->wire, j->in, j->file.fd, j->small.fd, &j->reply));
    if (j->reply.kind != MEDIA_GIFV)
        TRY(keep(c, &j->file, &j->reply.file, &out->file));
    TRY(keep(c, &j->small, &j->reply.small, &out->small));
    out->kind = (enum media_kind)j->reply.kind;
    out->duration_ms = j->reply.duration_ms;
    take_looks(c, &j->reply, out);
    return ERR_OK;
}

/* The tool's frame through the image decoder, as somebody's own thumbnail would go.  Without one the file is as good. */
static void
make_poster(struct ctx *c, struct job *j, int frame, struct media_result *out)
{
    struct wire_job wire = { .purpose = MEDIA_FOR_THUMB, .type = MT_JPEG, .wall_ms = IMAGE_WALL_MS };
    struct wire_reply reply;
    struct stat st;

    if (fstat(frame, &st) != 0 || st.st_size == 0)
        return;
    wire.bytes = (uint64_t)st.st_size;
    if (run(c, &wire, frame, j->small.fd, j->small.fd, &reply) == ERR_OK &&
        keep(c, &j->small, &reply.file, &out->small) == ERR_OK)
        take_looks(c, &reply, out);
    ctx_ok(c);
}

static enum err
convert(struct ctx *c, struct job *j, int frame, struct media_result *out)
{
    struct wire_job wire = j->wire;

    wire.mode = WIRE_TOOL;
    wire.wall_ms = wire.type == MT_GIF ? GIFV_WALL_MS : TOOL_WALL_MS;
    TRY(run(c, &wire, j->in, j->file.fd, frame, &j->reply));
    TRY(keep(c, &j->file, &j->reply.file, &out->file));
    out->kind = (enum media_kind)j->reply.kind;
    out->duration_ms = j->reply.duration_ms;
    return ERR_OK;
}

static enum err
make_av(struct ctx *c, struct job *j, struct media_result *out)
{
    int frame = memfd_create("media-frame", MFD_CLOEXEC);
    enum err e;

    if (frame < 0)
        return ctx_fail(c, ERR_INTERNAL, "memfd: %s", strerrordesc_np(errno));
    e = convert(c, j, frame, out);
    if (e == ERR_OK && j->wire.type != MT_GIF)
        make_poster(c, j, frame, out);
    close(frame);
    /* The header of a film that was held upright says the size before it is turned; the frame is turned. */
    if (out->small.key.n > 0 && (out->small.width < out->small.height) != (out->file.width < out->file.height)) {
        int w = out->file.width;

        out->file.width = out->file.height;
        out->file.height = w;
    }
    return e;
}

static enum err
make(struct ctx *c, struct job *j, struct media_result *out)
{
    enum media_kind kind = media_type_kind((enum media_type)j->wire.type);

    if (kind != MEDIA_IMAGE)
        return make_av(c, j, out);
    if (j->wire.type != MT_GIF || j->wire.purpose != MEDIA_FOR_POST)
        return make_image(c, j, out);
    j->wire.mode = WIRE_STILL;
    TRY(make_image(c, j, out));
    if (out->kind != MEDIA_GIFV || make_av(c, j, out) == ERR_OK)
        return ERR_OK;
    /* No ffmpeg, or it does not like the file: a GIF it stays. */
    ctx_ok(c);
    media_discard(c, out);
    *out = (struct media_result){ 0 };
    media_store_abort(c->env->media->store, &j->file);
    if (media_store_begin(c->env->media->store, &j->file) != ERR_OK ||
        media_store_begin(c->env->media->store, &j->small) != ERR_OK)
        return ctx_fail(c, ERR_INTERNAL, "cannot write into the media directory: %s", strerrordesc_np(errno));
    j->wire.mode = WIRE_IMAGE;
    return make_image(c, j, out);
}

static enum err
process(struct ctx *c, struct media_input in, struct job *j, struct media_result *out)
{
    struct media *m = c->env->media;
    struct media_result made = { 0 };
    enum err e;

    TRY(open_input(c, in, j));
    TRY(check_input(c, (enum media_type)j->wire.type, j->wire.bytes, (enum media_purpose)j->wire.purpose));
    if (media_store_begin(m->store, &j->file) != ERR_OK || media_store_begin(m->store, &j->small) != ERR_OK)
        return ctx_fail(c, ERR_INTERNAL, "cannot write into the media directory: %s", strerrordesc_np(errno));
    e = make(c, j, &made);
    if (e != ERR_OK)
        media_discard(c, &made);
    else
        *out = made;
    return e;
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

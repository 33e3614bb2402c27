/*
 * dir:PATH — PATH/ab/abcdef….jpg, sharded by the first two digits; PATH/tmp holds files being written, PATH/wait uploads that were not
 * decoded yet.  All paths are built from
 * validated keys relative to one directory descriptor, so no stranger's text reaches a path.
 */
#include "media/store.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/rng.h"

enum { KEY_DIGITS = 32, PATH_BYTES = 3 + MEDIA_KEY_BYTES_MAX + 1 };

static const char wait_dir[] = "wait";

struct media_store {
    int dir;
    int tmp;
    int wait;
};

/* "<digits>.<something>"; *ext is the something. */
static bool
has_digits(struct str key, struct str *ext)
{
    if (key.n < KEY_DIGITS + 2 || key.n > MEDIA_KEY_BYTES_MAX || key.p[KEY_DIGITS] != '.')
        return false;
    for (size_t i = 0; i < KEY_DIGITS; i++)
        if (!(key.p[i] >= '0' && key.p[i] <= '9') && !(key.p[i] >= 'a' && key.p[i] <= 'f'))
            return false;
    *ext = str_sub(key, KEY_DIGITS + 1, key.n);
    return true;
}

bool
media_key_valid(struct str key)
{
    struct str ext;

    return has_digits(key, &ext) && media_type_by_ext(ext) != MT_NONE;
}

static bool
is_wait_key(struct str key)
{
    struct str ext;

    return has_digits(key, &ext) && str_eqz(ext, "wait");
}

struct str
media_store_url(struct arena *a, struct str key)
{
    if (key.n == 0)
        return STR_NONE;
    CHECK(media_key_valid(key));
    return str_cat(a, S("/media/"), key, STR_NONE);
}

/* "ab/abcdef….jpg" */
static const char *
key_path(struct str key, char out[PATH_BYTES])
{
    snprintf(out, PATH_BYTES, "%.2s/%.*s", key.p, STR_ARG(key));
    return out;
}

/* "wait/abcdef…": the directory says what the extension says in the key. */
static const char *
wait_path(struct str key, char out[PATH_BYTES])
{
    snprintf(out, PATH_BYTES, "%s/%.*s", wait_dir, KEY_DIGITS, key.p);
    return out;
}

static enum err
fail(struct arena *a, struct str *why, const char *what, const char *path)
{
    if (why != NULL)
        *why = str_fmt(a, "cannot %s the media directory %s: %s", what, path, strerrordesc_np(errno));
    return ERR_INTERNAL;
}

/* A file still being written by another server is younger than a day; an upload's row lives a day without a post. */
static void
sweep(int dir, int64_t age_ms)
{
    int fd = openat(dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *d = fd < 0 ? NULL : fdopendir(fd);
    struct dirent *e;
    struct stat st;

    if (d == NULL) {
        if (fd >= 0)
            close(fd);
        return;
    }
    while ((e = readdir(d)) != NULL)
        if (e->d_name[0] != '.' && fstatat(dir, e->d_name, &st, AT_SYMLINK_NOFOLLOW) == 0 && S_ISREG(st.st_mode) &&
            (int64_t)st.st_mtime * SECOND_MS + age_ms < clock_ms())
            unlinkat(dir, e->d_name, 0);
    closedir(d);
}

static int
open_below(int dir, const char *name)
{
    if (mkdirat(dir, name, 0700) != 0 && errno != EEXIST)
        return -1;
    return openat(dir, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
}

enum err
media_store_open(struct arena *a, struct str spec, struct str *why, struct media_store **out)
{
    struct media_store *s = arena_new(a, struct media_store);
    const char *path;

    if (!str_starts(spec, S("dir:")) || spec.n == 4) {
        if (why != NULL)
            *why = str_fmt(a, "media storage \"%.*s\" is not dir:PATH", STR_ARG(spec));
        return ERR_INVALID;
    }
    path = str_cz(a, str_sub(spec, 4, spec.n));
    if (mkdir(path, 0700) != 0 && errno != EEXIST)
        return fail(a, why, "make", path);
    s->dir = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (s->dir < 0)
        return fail(a, why, "open", path);
    s->tmp = open_below(s->dir, "tmp");
    s->wait = s->tmp < 0 ? -1 : open_below(s->dir, wait_dir);
    if (s->wait < 0) {
        enum err e = fail(a, why, "write into", path);

        media_store_close(s);
        return e;
    }
    sweep(s->tmp, MEDIA_TMP_AGE_MS);
    sweep(s->wait, MEDIA_WAIT_AGE_MS);
    *out = s;
    return ERR_OK;
}

void
media_store_close(struct media_store *s)
{
    if (s == NULL)
        return;
    if (s->tmp >= 0)
        close(s->tmp);
    if (s->wait >= 0)
        close(s->wait);
    close(s->dir);
    s->wait = s->tmp = s->dir = -1;
}

static void
random_name(char out[KEY_DIGITS + 1])
{
    uint8_t bytes[KEY_DIGITS / 2];

    rng_bytes(bytes, sizeof(bytes));
    for (size_t i = 0; i < sizeof(bytes); i++)
        snprintf(out + 2 * i, 3, "%02x", bytes[i]);
}

enum err
media_store_begin(struct media_store *s, struct media_put *out)
{
    random_name(out->name);
    out->fd = openat(s->tmp, out->name, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    return out->fd < 0 ? ERR_INTERNAL : ERR_OK;
}

void
media_store_abort(struct media_store *s, struct media_put *p)
{
    if (p->fd < 0)
        return;
    close(p->fd);
    p->fd = -1;
    unlinkat(s->tmp, p->name, 0);
}

static bool
sync_dir(int dir, const char *name)
{
    int fd = openat(dir, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool ok = fd >= 0 && fsync(fd) == 0;

    if (fd >= 0)
        close(fd);
    return ok;
}

/* Bytes, then name, then directory: after a crash there is a whole file or a left-over in tmp. */
static bool
publish(struct media_store *s, const struct media_put *p, const char *path)
{
    char shard[3] = { path[0], path[1], '\0' };
    bool made;

    if (fsync(p->fd) != 0)
        return false;
    made = mkdirat(s->dir, shard, 0700) == 0;
    if (!made && errno != EEXIST)
        return false;
    if (made && fsync(s->dir) != 0)
        return false;
    /* 128 random bits do not clash; renameat would replace, and the name is new. */
    return renameat(s->tmp, p->name, s->dir, path) == 0 && sync_dir(s->dir, shard);
}

enum err
media_store_commit(struct media_store *s, struct media_put *p, enum media_type t, struct arena *a, struct str *out_key,
    int64_t *out_bytes)
{
    char digits[KEY_DIGITS + 1], path[PATH_BYTES];
    struct stat st;
    struct str key;

    CHECK(p->fd >= 0 && t != MT_NONE);
    random_name(digits);
    key = str_fmt(a, "%s.%s", digits, media_type_ext(t));
    key_path(key, path);
    if (fstat(p->fd, &st) != 0 || !publish(s, p, path)) {
        unlinkat(s->dir, path, 0);
        media_store_abort(s, p);
        return ERR_INTERNAL;
    }
    close(p->fd);
    p->fd = -1;
    if (out_bytes != NULL)
        *out_bytes = st.st_size;
    *out_key = key;
    return ERR_OK;
}

static bool
write_all(int fd, struct str bytes)
{
    while (bytes.n > 0) {
        ssize_t n = write(fd, bytes.p, bytes.n);

        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return false;
        bytes = str_sub(bytes, (size_t)n, bytes.n);
    }
    return true;
}

enum err
media_store_keep(struct media_store *s, struct media_put *p, struct arena *a, struct str *out_key, int64_t *out_bytes)
{
    char digits[KEY_DIGITS + 1], path[PATH_BYTES];
    struct stat st;
    struct str key;

    random_name(digits);
    key = str_fmt(a, "%s.%s", digits, wait_dir);
    wait_path(key, path);
    if (fstat(p->fd, &st) != 0 || fsync(p->fd) != 0 || renameat(s->tmp, p->name, s->dir, path) != 0) {
        media_store_abort(s, p);
        return ERR_INTERNAL;
    }
    close(p->fd);
    p->fd = -1;
    if (fsync(s->wait) != 0) {
        unlinkat(s->dir, path, 0);
        return ERR_INTERNAL;
    }
    *out_bytes = st.st_size;
    *out_key = key;
    return ERR_OK;
}

enum err
media_store_wait(struct media_store *s, struct str bytes, struct arena *a, struct str *out_key)
{
    struct media_put p;
    int64_t n;

    TRY(media_store_begin(s, &p));
    if (!write_all(p.fd, bytes)) {
        media_store_abort(s, &p);
        return ERR_INTERNAL;
    }
    return media_store_keep(s, &p, a, out_key, &n);
}

enum err
media_store_waiting(struct media_store *s, struct str key, int *out_fd)
{
    char path[PATH_BYTES];
    int fd;

    if (!is_wait_key(key))
        return ERR_NOT_FOUND;
    fd = openat(s->dir, wait_path(key, path), O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
    if (fd < 0)
        return errno == ENOENT ? ERR_NOT_FOUND : ERR_INTERNAL;
    *out_fd = fd;
    return ERR_OK;
}

enum { USE_MS = 10 * MINUTE_MS };

/* The access time says when somebody looked; to ten minutes, so that most reads write nothing. */
static void
note_use(int fd, const struct stat *st)
{
    int64_t now_ms = clock_ms(), age_ms = now_ms - (int64_t)st->st_atime * SECOND_MS;
    struct timespec times[2] = { { .tv_sec = now_ms / SECOND_MS }, { .tv_nsec = UTIME_OMIT } };

    if (age_ms >= USE_MS || age_ms <= -USE_MS)
        (void)!futimens(fd, times); /* a directory that cannot be written to: the cache forgets the wrong ones */
}

enum err
media_store_used(struct media_store *s, struct str key, int64_t *used_ms)
{
    char path[PATH_BYTES];
    struct stat st;

    if (!media_key_valid(key))
        return ERR_NOT_FOUND;
    if (fstatat(s->dir, key_path(key, path), &st, AT_SYMLINK_NOFOLLOW) != 0)
        return errno == ENOENT ? ERR_NOT_FOUND : ERR_INTERNAL;
    *used_ms = (int64_t)st.st_atime * SECOND_MS;
    return ERR_OK;
}

enum err
media_store_get(struct media_store *s, struct str key, struct media_file *out)
{
    char path[PATH_BYTES];
    struct stat st;
    int fd;

    if (!media_key_valid(key))
        return ERR_NOT_FOUND;
    fd = openat(s->dir, key_path(key, path), O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
    if (fd < 0)
        return errno == ENOENT || errno == ELOOP ? ERR_NOT_FOUND : ERR_INTERNAL;
    if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode)) {
        close(fd);
        return ERR_NOT_FOUND;
    }
    note_use(fd, &st);
    *out = (struct media_file){
        .fd = fd,
        .bytes = st.st_size,
        .modified_ms = (int64_t)st.st_mtime * SECOND_MS,
        .type = media_type_by_ext(str_sub(key, KEY_DIGITS + 1, key.n)),
    };
    return ERR_OK;
}

enum err
media_store_delete(struct media_store *s, struct str key)
{
    char path[PATH_BYTES];

    if (!media_key_valid(key) && !is_wait_key(key))
        return ERR_NOT_FOUND;
    if (is_wait_key(key))
        wait_path(key, path);
    else
        key_path(key, path);
    if (unlinkat(s->dir, path, 0) != 0 && errno != ENOENT)
        return ERR_INTERNAL;
    return ERR_OK;
}

typedef bool (*walk_fn)(void *arg, struct str key, int64_t bytes, int64_t modified_ms);

static bool
walk_shard(int shard, walk_fn fn, void *arg)
{
    bool more = true;
    DIR *d = fdopendir(shard);
    struct dirent *e;
    struct stat st;

    if (d == NULL) {
        close(shard);
        return false;
    }
    while (more && (e = readdir(d)) != NULL)
        if (media_key_valid(str_z(e->d_name)) && fstatat(shard, e->d_name, &st, AT_SYMLINK_NOFOLLOW) == 0)
            more = fn(arg, str_z(e->d_name), st.st_size, (int64_t)st.st_mtime * SECOND_MS);
    closedir(d);
    return true;
}

enum err
media_store_walk_shard(struct media_store *s, unsigned number, walk_fn fn, void *arg)
{
    char name[3];
    int shard;

    snprintf(name, sizeof(name), "%02x", (uint8_t)number);
    shard = openat(s->dir, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (shard < 0)
        return errno == ENOENT ? ERR_OK : ERR_INTERNAL;
    return walk_shard(shard, fn, arg) ? ERR_OK : ERR_INTERNAL;
}

/* Files.  Durability follows one rule: sync the data, then the name, then the directory that holds the name. */
#include "os/file.h"

#include "base/arena.h"
#include "base/rng.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int
open_retry(const char *path, int flags, mode_t mode)
{
    int fd;

    do
        fd = open(path, flags | O_CLOEXEC, mode);
    while (fd < 0 && errno == EINTR);
    return fd;
}

ssize_t
file_pread(int fd, void *p, size_t n, int64_t off)
{
    size_t done = 0;

    while (done < n) {
        ssize_t k = pread(fd, (char *)p + done, n - done, off + (int64_t)done);

        if (k < 0 && errno == EINTR)
            continue;
        if (k < 0)
            return -1;
        if (k == 0)
            break;
        done += (size_t)k;
    }
    return (ssize_t)done;
}

enum err
file_read(struct arena *a, const char *path, size_t max, struct str *out)
{
    int fd = open_retry(path, O_RDONLY, 0);
    enum err e = ERR_INTERNAL;
    struct stat st;
    size_t cap, n = 0;
    char *p;

    if (fd < 0)
        return errno == ENOENT || errno == ENOTDIR ? ERR_NOT_FOUND : ERR_INTERNAL;
    if (fstat(fd, &st) != 0)
        goto out;
    /* Files of /proc say 0: read on until the end in any case. */
    cap = st.st_size > 0 ? (size_t)st.st_size + 1 : 4096;
    if (cap > max + 1)
        cap = max + 1;
    p = arena_alloc(a, cap, 1);
    for (;;) {
        ssize_t k = file_pread(fd, p + n, cap - n, (int64_t)n);

        if (k < 0)
            goto out;
        n += (size_t)k;
        if (n > max) {
            e = ERR_TOO_LARGE;
            goto out;
        }
        if (n < cap)
            break;
        p = arena_grow(a, p, cap, MIN(cap * 2, max + 1), 1);
        cap = MIN(cap * 2, max + 1);
    }
    *out = (struct str){ p, n };
    e = ERR_OK;
out:
    close(fd);
    return e;
}

enum err
file_write_all(int fd, struct str bytes)
{
    while (bytes.n > 0) {
        ssize_t k = write(fd, bytes.p, bytes.n);

        if (k < 0 && errno == EINTR)
            continue;
        if (k < 0)
            return ERR_INTERNAL;
        bytes = str_sub(bytes, (size_t)k, bytes.n);
    }
    return ERR_OK;
}

/* The directory part of path in out (PATH_MAX bytes); false when too long. */
static bool
parent_of(const char *path, char *out)
{
    const char *slash = strrchr(path, '/');
    size_t n = slash == NULL ? 0 : (size_t)(slash - path);

    if (n >= PATH_MAX)
        return false;
    if (slash == NULL)
        return snprintf(out, PATH_MAX, ".") > 0;
    if (n == 0)
        return snprintf(out, PATH_MAX, "/") > 0;
    memcpy(out, path, n);
    out[n] = '\0';
    return true;
}

static enum err
sync_parent(const char *path)
{
    char dir[PATH_MAX];
    int fd, failed;

    if (!parent_of(path, dir))
        return ERR_INTERNAL;
    fd = open_retry(dir, O_RDONLY | O_DIRECTORY, 0);
    if (fd < 0)
        return ERR_INTERNAL;
    failed = fsync(fd);
    close(fd);
    return failed == 0 ? ERR_OK : ERR_INTERNAL;
}

enum err
file_rename(const char *from, const char *to)
{
    if (rename(from, to) != 0)
        return ERR_INTERNAL;
    return sync_parent(to);
}

enum err
file_write(const char *path, struct str bytes, mode_t mode)
{
    char temp[PATH_MAX];
    unsigned long long salt;
    enum err e;
    int fd, n;

    rng_bytes(&salt, sizeof(salt));
    n = snprintf(temp, sizeof(temp), "%s.%016llx.tmp", path, salt);
    if (n < 0 || (size_t)n >= sizeof(temp)) {
        errno = ENAMETOOLONG;
        return ERR_INTERNAL;
    }
    fd = open_retry(temp, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, mode);
    if (fd < 0)
        return ERR_INTERNAL;
    e = file_write_all(fd, bytes);
    if (e == ERR_OK && (fchmod(fd, mode) != 0 || fsync(fd) != 0))
        e = ERR_INTERNAL;
    if (close(fd) != 0)
        e = ERR_INTERNAL;
    if (e == ERR_OK)
        e = file_rename(temp, path);
    if (e != ERR_OK)
        unlink(temp);
    return e;
}

int
file_temp(const char *dir)
{
    char name[PATH_MAX];
    int fd, n;

    if (dir == NULL)
        dir = getenv("TMPDIR");
    if (dir == NULL || dir[0] == '\0')
        dir = "/tmp";
    fd = open_retry(dir, O_TMPFILE | O_RDWR, 0600);
    if (fd >= 0 || (errno != EOPNOTSUPP && errno != EISDIR && errno != EINVAL))
        return fd;
    /* Some file systems (overlayfs on old kernels, NFS) have no O_TMPFILE. */
    n = snprintf(name, sizeof(name), "%s/dassie.XXXXXX", dir);
    if (n < 0 || (size_t)n >= sizeof(name)) {
        errno = ENAMETOOLONG;
        return -1;
    }
    fd = mkostemp(name, O_CLOEXEC);
    if (fd >= 0)
        unlink(name);
    return fd;
}

static enum err
make_dir(const char *path, mode_t mode)
{
    struct stat st;

    if (mkdir(path, mode) == 0)
        return ERR_OK;
    if (errno != EEXIST)
        return errno == ENOTDIR ? ERR_CONFLICT : ERR_INTERNAL;
    if (stat(path, &st) != 0)
        return ERR_INTERNAL;
    return S_ISDIR(st.st_mode) ? ERR_OK : ERR_CONFLICT;
}

enum err
file_mkdirs(const char *path, mode_t mode)
{
    char part[PATH_MAX];
    size_t n = strlen(path);

    if (n == 0 || n >= sizeof(part)) {
        errno = ENAMETOOLONG;
        return ERR_INTERNAL;
    }
    for (size_t i = 1; i <= n; i++) {
        if (path[i] != '/' && path[i] != '\0')
            continue;
        memcpy(part, path, i);
        part[i] = '\0';
        TRY(make_dir(part, mode));
    }
    return ERR_OK;
}

enum { TREE_DEPTH_MAX = 64 };

static enum err
remove_entries(int dir_fd, int depth)
{
    DIR *d = fdopendir(dir_fd);
    enum err e = ERR_OK;
    struct dirent *entry;

    if (d == NULL) {
        close(dir_fd);
        return ERR_INTERNAL;
    }
    while (e == ERR_OK && (errno = 0, entry = readdir(d)) != NULL) {
        int sub;

        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
            continue;
        if (unlinkat(dirfd(d), entry->d_name, 0) == 0 || errno == ENOENT)
            continue;
        if (errno != EISDIR && errno != EPERM) {
            e = ERR_INTERNAL;
            break;
        }
        sub = openat(dirfd(d), entry->d_name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
        if (sub < 0 || depth == 0) {
            if (sub >= 0)
                close(sub);
            e = ERR_INTERNAL;
        } else {
            e = remove_entries(sub, depth - 1);
            if (e == ERR_OK && unlinkat(dirfd(d), entry->d_name, AT_REMOVEDIR) != 0)
                e = ERR_INTERNAL;
        }
    }
    closedir(d);
    return e;
}

enum err
file_remove_tree(const char *path)
{
    int fd;

    if (unlink(path) == 0 || errno == ENOENT)
        return ERR_OK;
    fd = open_retry(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW, 0);
    if (fd < 0)
        return ERR_INTERNAL;
    TRY(remove_entries(fd, TREE_DEPTH_MAX));
    return rmdir(path) == 0 ? ERR_OK : ERR_INTERNAL;
}

#include "media/store.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/clock.h"
#include "media/tmp_test.h"

#include "unit.h"

static struct media_store *
open_store(const char *dir)
{
    struct media_store *s;

    assert_int_equal(media_store_open(unit_mem(), str_fmt(unit_mem(), "dir:%s/store", dir), NULL, &s), ERR_OK);
    return s;
}

static int
count_entries(const char *path)
{
    DIR *d = opendir(path);
    int n = 0;

    assert_non_null(d);
    for (struct dirent *e; (e = readdir(d)) != NULL;)
        n += e->d_name[0] != '.';
    closedir(d);
    return n;
}

static enum err
put(struct media_store *s, enum media_type t, struct str bytes, struct str *key)
{
    struct media_put p;

    TRY(media_store_begin(s, &p));
    assert_int_equal(write(p.fd, bytes.p, bytes.n), bytes.n);
    return media_store_commit(s, &p, t, unit_mem(), key, NULL);
}

UNIT(store_keeps_gives_and_deletes)
{
    const char *dir = tmp_dir(unit_mem());
    struct media_store *s = open_store(dir);
    struct media_file f;
    struct str key, other;
    char back[8];

    assert_int_equal(put(s, MT_PNG, S("pixels"), &key), ERR_OK);
    assert_int_equal(put(s, MT_PNG, S("pixels"), &other), ERR_OK);
    assert_false(str_eq(key, other));
    assert_true(media_key_valid(key));
    assert_true(str_ends(key, S(".png")));
    assert_str(media_store_url(unit_mem(), key), str_fmt(unit_mem(), "/media/%.*s", STR_ARG(key)).p);
    assert_int_equal(media_store_get(s, key, &f), ERR_OK);
    assert_int_equal(f.bytes, 6);
    assert_int_equal(f.type, MT_PNG);
    assert_true(f.modified_ms > 0);
    assert_int_equal(read(f.fd, back, sizeof(back)), 6);
    assert_memory_equal(back, "pixels", 6);
    close(f.fd);
    assert_int_equal(media_store_delete(s, key), ERR_OK);
    assert_int_equal(media_store_delete(s, key), ERR_OK);
    assert_int_equal(media_store_get(s, key, &f), ERR_NOT_FOUND);
    assert_int_equal(media_store_get(s, other, &f), ERR_OK);
    close(f.fd);
    assert_int_equal(count_entries(str_fmt(unit_mem(), "%s/store/tmp", dir).p), 0);
    media_store_close(s);
}

UNIT(store_takes_only_its_own_keys)
{
    static const char *const bad[] = { "", "a.png", "../../../../../../etc/passwd",
        "tmp/00000000000000000000000000000.png", "0123456789abcdef0123456789abcdef",
        "0123456789abcdef0123456789abcdef.", "0123456789abcdef0123456789abcdef.svg",
        "0123456789ABCDEF0123456789abcdef.png", "0123456789abcdef0123456789abcdef.png/",
        "0123456789abcdef0123456789abcde/.png", "0123456789abcdef0123456789abcdef.html" };
    const char *dir = tmp_dir(unit_mem());
    struct media_store *s = open_store(dir);
    struct media_file f;

    for (size_t i = 0; i < lengthof(bad); i++) {
        assert_false(media_key_valid(str_z(bad[i])));
        assert_int_equal(media_store_get(s, str_z(bad[i]), &f), ERR_NOT_FOUND);
        assert_int_equal(media_store_delete(s, str_z(bad[i])), ERR_NOT_FOUND);
    }
    assert_false(media_key_valid((struct str){ "0123456789abcdef0123456789abcdef.png\0", 37 }));
    assert_true(media_key_valid(S("0123456789abcdef0123456789abcdef.png")));
    media_store_close(s);
}

/* A link planted in the tree is not followed. */
UNIT(store_follows_no_links)
{
    const char *dir = tmp_dir(unit_mem());
    struct media_store *s = open_store(dir);
    struct media_file f;
    struct str key;

    assert_int_equal(put(s, MT_GIF, S("x"), &key), ERR_OK);
    const char *path = str_fmt(unit_mem(), "%s/store/%.2s/%.*s", dir, key.p, STR_ARG(key)).p;

    assert_int_equal(unlink(path), 0);
    assert_int_equal(symlink("/etc/passwd", path), 0);
    assert_int_equal(media_store_get(s, key, &f), ERR_NOT_FOUND);
    media_store_close(s);
}

UNIT(store_abort_and_old_leftovers_vanish)
{
    const char *dir = tmp_dir(unit_mem());
    struct media_store *s = open_store(dir);
    const char *tmp = str_fmt(unit_mem(), "%s/store/tmp", dir).p;
    struct timespec old[2] = { { .tv_sec = 1000000 }, { .tv_sec = 1000000 } };
    struct media_put a, b;

    assert_int_equal(media_store_begin(s, &a), ERR_OK);
    assert_int_equal(count_entries(tmp), 1);
    media_store_abort(s, &a);
    media_store_abort(s, &a);
    assert_int_equal(count_entries(tmp), 0);

    assert_int_equal(media_store_begin(s, &a), ERR_OK);
    assert_int_equal(media_store_begin(s, &b), ERR_OK);
    assert_int_equal(futimens(a.fd, old), 0);
    close(a.fd);
    close(b.fd);
    media_store_close(s);
    s = open_store(dir);
    assert_int_equal(count_entries(tmp), 1);
    assert_int_equal(access(str_fmt(unit_mem(), "%s/%s", tmp, b.name).p, F_OK), 0);
    media_store_close(s);
}

struct tally {
    int files;
    int64_t bytes;
    int stop_after;
};

static bool
add_up(void *arg, struct str key, int64_t bytes, int64_t modified_ms)
{
    struct tally *t = arg;

    assert_true(media_key_valid(key));
    assert_true(modified_ms > 0);
    t->files++;
    t->bytes += bytes;
    return t->files != t->stop_after;
}

static void
walk(struct media_store *s, struct tally *t)
{
    for (unsigned i = 0; i < 256; i++)
        assert_int_equal(media_store_walk_shard(s, i, add_up, t), ERR_OK);
}

UNIT(store_walk_sees_every_file)
{
    const char *dir = tmp_dir(unit_mem());
    struct media_store *s = open_store(dir);
    struct tally t = { 0 }, first = { .stop_after = 1 };
    struct str key;

    for (int i = 0; i < 40; i++)
        assert_int_equal(put(s, MT_JPEG, S("12345"), &key), ERR_OK);
    walk(s, &t);
    assert_int_equal(t.files, 40);
    assert_int_equal(t.bytes, 200);
    for (unsigned i = 0; i < 256 && first.files == 0; i++)
        assert_int_equal(media_store_walk_shard(s, i, add_up, &first), ERR_OK);
    assert_int_equal(first.files, 1);
    media_store_close(s);
}

UNIT(store_open_says_what_is_wrong)
{
    const char *dir = tmp_dir(unit_mem());
    struct media_store *s;
    struct str why;

    assert_int_equal(media_store_open(unit_mem(), S("s4:bucket"), &why, &s), ERR_INVALID);
    assert_str(why, "media storage \"s4:bucket\" is not dir:PATH");
    assert_int_equal(media_store_open(unit_mem(), str_fmt(unit_mem(), "dir:%s/no/such", dir), &why, &s), ERR_INTERNAL);
    assert_true(str_ends(why, S("No such file or directory")));
}

/* An upload waits where the web cannot see it. */
UNIT(store_uploads_wait_unseen)
{
    const char *dir = tmp_dir(unit_mem());
    struct media_store *s = open_store(dir);
    struct media_file f;
    int fd;
    struct str key, none = S("00000000000000000000000000000000.wait");
    char back[16];

    assert_int_equal(media_store_wait(s, S("GIF89a!"), unit_mem(), &key), ERR_OK);
    assert_int_equal(media_store_waiting(s, key, &fd), ERR_OK);
    assert_int_equal(read(fd, back, sizeof(back)), 7);
    assert_memory_equal(back, "GIF89a!", 7);
    close(fd);
    assert_false(media_key_valid(key));
    assert_int_equal(media_store_get(s, key, &f), ERR_NOT_FOUND);
    assert_int_equal(media_store_waiting(s, none, &fd), ERR_NOT_FOUND);
    assert_int_equal(media_store_waiting(s, S("../tmp/x.wait"), &fd), ERR_NOT_FOUND);
    assert_int_equal(count_entries(str_fmt(unit_mem(), "%s/store/tmp", dir).p), 0);
    assert_int_equal(count_entries(str_fmt(unit_mem(), "%s/store/wait", dir).p), 1);
    assert_int_equal(media_store_delete(s, key), ERR_OK);
    assert_int_equal(media_store_delete(s, key), ERR_OK);
    assert_int_equal(media_store_waiting(s, key, &fd), ERR_NOT_FOUND);
    media_store_close(s);
}

/* What a crash left behind goes at the next start, but not before its time. */
UNIT(store_sweeps_old_uploads)
{
    const char *dir = tmp_dir(unit_mem());
    struct media_store *s = open_store(dir);
    int fd;
    struct timespec old[2] = { { .tv_sec = clock_ms() / 1000 - 8 * 24 * 3600 } };
    struct str young, dead;

    old[1] = old[0];
    assert_int_equal(media_store_wait(s, S("x"), unit_mem(), &young), ERR_OK);
    assert_int_equal(media_store_wait(s, S("x"), unit_mem(), &dead), ERR_OK);
    assert_int_equal(media_store_waiting(s, dead, &fd), ERR_OK);
    assert_int_equal(futimens(fd, old), 0);
    close(fd);
    media_store_close(s);
    s = open_store(dir);
    assert_int_equal(media_store_waiting(s, dead, &fd), ERR_NOT_FOUND);
    assert_int_equal(media_store_waiting(s, young, &fd), ERR_OK);
    close(fd);
    media_store_close(s);
}

UNIT(store_notes_when_somebody_looked)
{
    const char *dir = tmp_dir(unit_mem());
    struct media_store *s = open_store(dir);
    int64_t began_ms, used_ms;
    struct media_file f;
    struct str key;

    assert_int_equal(put(s, MT_PNG, S("pixels"), &key), ERR_OK);
    assert_int_equal(media_store_used(s, key, &began_ms), ERR_OK);
    clock_shift(DAY_MS);
    assert_int_equal(media_store_used(s, key, &used_ms), ERR_OK);
    assert_int_equal(used_ms, began_ms);
    assert_int_equal(media_store_get(s, key, &f), ERR_OK);
    close(f.fd);
    assert_int_equal(media_store_used(s, key, &used_ms), ERR_OK);
    assert_true(used_ms > clock_ms() - MINUTE_MS && used_ms <= clock_ms());
    assert_int_equal(media_store_get(s, key, &f), ERR_OK);
    assert_true(f.modified_ms < clock_ms() - DAY_MS / 2); /* looking is no change */
    close(f.fd);
    assert_int_equal(media_store_used(s, S("nothing"), &used_ms), ERR_NOT_FOUND);
    media_store_close(s);
}

#include "os/file.h"

#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *
temp_dir(void)
{
    char name[] = "/tmp/dassie-unit-XXXXXX";

    assert_non_null(mkdtemp(name));
    return str_cz(unit_mem(), str_z(name));
}

UNIT(file_write_replaces_whole)
{
    const char *dir = temp_dir(), *path = str_fmt(unit_mem(), "%s/f", dir).p;
    struct stat st;
    struct str got;

    assert_int_equal(file_write(path, S("one two three"), 0600), ERR_OK);
    assert_int_equal(file_write(path, S("four"), 0640), ERR_OK);
    assert_int_equal(file_read(unit_mem(), path, 100, &got), ERR_OK);
    assert_str(got, "four");
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0640);
    assert_int_equal(file_remove_tree(dir), ERR_OK);
    assert_int_equal(access(dir, F_OK), -1);
}

UNIT(file_write_leaves_nothing_behind_on_failure)
{
    const char *dir = temp_dir(), *path = str_fmt(unit_mem(), "%s/d", dir).p;

    /* A directory that is not empty cannot be replaced: rename fails, the temporary file must go. */
    assert_int_equal(file_mkdirs(str_fmt(unit_mem(), "%s/sub", path).p, 0700), ERR_OK);
    assert_int_equal(file_write(path, S("x"), 0600), ERR_INTERNAL);
    assert_int_equal(rmdir(str_fmt(unit_mem(), "%s/sub", path).p), 0);
    assert_int_equal(rmdir(path), 0);
    assert_int_equal(rmdir(dir), 0);
}

UNIT(file_read_has_a_limit)
{
    const char *dir = temp_dir(), *path = str_fmt(unit_mem(), "%s/f", dir).p;
    struct str got;

    assert_int_equal(file_write(path, S("12345678"), 0600), ERR_OK);
    assert_int_equal(file_read(unit_mem(), path, 7, &got), ERR_TOO_LARGE);
    assert_int_equal(file_read(unit_mem(), path, 8, &got), ERR_OK);
    assert_int_equal(file_read(unit_mem(), str_fmt(unit_mem(), "%s/none", dir).p, 8, &got), ERR_NOT_FOUND);
    assert_int_equal(file_read(unit_mem(), "/proc/self/status", 1 << 20, &got), ERR_OK);
    assert_true(str_find(got, S("VmRSS")) > 0);
    assert_int_equal(file_remove_tree(dir), ERR_OK);
}

UNIT(file_mkdirs_stops_at_files)
{
    const char *dir = temp_dir();

    assert_int_equal(file_mkdirs(str_fmt(unit_mem(), "%s/a/b//c/", dir).p, 0700), ERR_OK);
    assert_int_equal(file_mkdirs(str_fmt(unit_mem(), "%s/a/b/c", dir).p, 0700), ERR_OK);
    assert_int_equal(file_write(str_fmt(unit_mem(), "%s/a/f", dir).p, S(""), 0600), ERR_OK);
    assert_int_equal(file_mkdirs(str_fmt(unit_mem(), "%s/a/f", dir).p, 0700), ERR_CONFLICT);
    assert_int_equal(file_mkdirs(str_fmt(unit_mem(), "%s/a/f/g", dir).p, 0700), ERR_CONFLICT);
    assert_int_equal(file_remove_tree(dir), ERR_OK);
}

UNIT(file_remove_tree_does_not_follow_links)
{
    const char *keep = temp_dir(), *dir = temp_dir();

    assert_int_equal(file_write(str_fmt(unit_mem(), "%s/f", keep).p, S("x"), 0600), ERR_OK);
    assert_int_equal(symlink(keep, str_fmt(unit_mem(), "%s/link", dir).p), 0);
    assert_int_equal(file_remove_tree(dir), ERR_OK);
    assert_int_equal(access(str_fmt(unit_mem(), "%s/f", keep).p, F_OK), 0);
    assert_int_equal(file_remove_tree(keep), ERR_OK);
    assert_int_equal(file_remove_tree(keep), ERR_OK);
}

UNIT(file_temp_has_no_name)
{
    int fd = file_temp(NULL);
    char got[4] = "";
    struct stat st;

    assert_true(fd >= 0);
    assert_int_equal(file_write_all(fd, S("abc")), ERR_OK);
    assert_int_equal(file_pread(fd, got, 4, 0), 3);
    assert_string_equal(got, "abc");
    assert_int_equal(fstat(fd, &st), 0);
    assert_int_equal(st.st_nlink, 0);
    close(fd);
}

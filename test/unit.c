/* The main of every unit-test binary: unit_x [filter]. */
#include "unit.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TESTS_MAX = 2000 };

static struct CMUnitTest tests[TESTS_MAX];
static size_t n_tests;
static struct arena *mem;

void
unit_add(const char *name, void (*fn)(void **state))
{
    CHECK(n_tests < TESTS_MAX);
    tests[n_tests].name = name;
    tests[n_tests].test_func = fn;
    n_tests++;
}

struct arena *
unit_mem(void)
{
    return mem;
}

void
unit_assert_str(struct str got, const char *want, const char *file, int line)
{
    if (str_eqz(got, want))
        return;
    print_error("got  \"%.*s\"\nwant \"%s\"\n", STR_ARG(got), want);
    _fail(file, line);
}

struct str
unit_file(const char *path)
{
    FILE *f = fopen(path, "rb");
    char *p;
    long n;

    if (f == NULL)
        return STR_NONE;
    if (fseek(f, 0, SEEK_END) != 0 || (n = ftell(f)) < 0) {
        fclose(f);
        return STR_NONE;
    }
    rewind(f);
    p = arena_alloc(mem, (size_t)n + 1, 1);
    CHECK(fread(p, 1, (size_t)n, f) == (size_t)n);
    fclose(f);
    return (struct str){ p, (size_t)n };
}

static const char *
shared_path(const char *path)
{
    const char *root = getenv("DASSIE_SHARED");

    return str_fmt(mem, "%s/%s", root != NULL ? root : UNIT_SOURCE_ROOT "/../shared", path).p;
}

struct str
unit_shared(const char *path)
{
    struct str s = unit_file(shared_path(path));

    if (s.p == NULL) {
        print_message("skipped: shared/%s is not here\n", path);
        skip();
    }
    return s;
}

static int
by_name(const void *a, const void *b)
{
    const struct str *x = a, *y = b;

    return str_cmp(*x, *y);
}

struct strs
unit_shared_dir(const char *path)
{
    DIR *d = opendir(shared_path(path));
    struct strs out = { 0 };
    struct dirent *e;

    if (d == NULL) {
        print_message("skipped: shared/%s is not here\n", path);
        skip();
        return out;
    }
    out.v = arena_vec(mem, struct str, 10000);
    while ((e = readdir(d)) != NULL)
        if (e->d_name[0] != '.' && out.n < 10000)
            out.v[out.n++] = str_dup(mem, str_z(e->d_name));
    closedir(d);
    qsort(out.v, out.n, sizeof(out.v[0]), by_name);
    return out;
}

static int
reset_mem(void **state UNUSED)
{
    arena_reset(mem);
    return 0;
}

int
main(int argc, char **argv)
{
    if (argc > 1)
        cmocka_set_test_filter(argv[1]);
    mem = arena_new_heap();
    for (size_t i = 0; i < n_tests; i++)
        tests[i].teardown_func = reset_mem;
    int failed = _cmocka_run_group_tests("unit", tests, n_tests, NULL, NULL);
    arena_free(mem);
    return failed == 0 ? 0 : 1;
}

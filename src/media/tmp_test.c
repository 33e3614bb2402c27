#include "media/tmp_test.h"

#include <ftw.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/str.h"

static int
remove_one(const char *path, const struct stat *st UNUSED, int type UNUSED, struct FTW *at UNUSED)
{
    return remove(path);
}

static void
remove_tree(void *path)
{
    nftw(path, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

const char *
tmp_dir(struct arena *a)
{
    const char *base = getenv("TMPDIR");
    char *path = arena_alloc(a, 200, 1);

    snprintf(path, 200, "%s/dassie-media-XXXXXX", base != NULL ? base : "/tmp");
    CHECK(mkdtemp(path) != NULL);
    arena_defer(a, remove_tree, path);
    return path;
}

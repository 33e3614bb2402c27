/* Any file gives a configuration or a sentence. */
#include "base/arena.h"
#include "base/conf.h"

#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct arena *a = arena_new_heap();
    int fd = memfd_create("conf", MFD_CLOEXEC);
    struct config c;
    struct conf_error why;

    CHECK(fd >= 0 && write(fd, data, n) == (ssize_t)n);
    if (conf_load(a, str_fmt(a, "/proc/self/fd/%d", fd), NULL, NULL, &c, &why) == ERR_OK)
        CHECK(c.origin.n > 0 && c.host.n > 0 && c.domain.n > 0 && c.listen.n > 0);
    else
        CHECK(why.text.n > 0);
    close(fd);
    arena_free(a);
    return 0;
}

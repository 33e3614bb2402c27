/* What a WebSocket client says: any bytes give a command or a reason. */
#include "stream/message.h"

#include "base/arena.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct arena *mem = arena_new_heap();
    struct stream_command got;
    const char *why = NULL;
    enum err e = stream_command_read(mem, (struct str){ (const char *)data, n }, &got, &why);

    if ((e == ERR_OK) != (why == NULL))
        abort(); /* a refusal says why */
    if (e == ERR_OK && (got.what.name.n > n || got.what.tag.n > n || got.what.list.n > n))
        abort();
    arena_free(mem);
    return 0;
}

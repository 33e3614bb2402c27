/* Client frames: a frame lies inside the input, the result of a prefix only changes from MORE, and masking twice is nothing. */
#include "http/websocket.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct ws_frame f, part;
    enum ws_result whole, some;
    size_t split;
    char *p, *q;

    if (n < 2)
        return 0;
    split = data[0] % n;
    data++;
    n--;
    split = MIN(split, n);
    p = malloc(n);
    q = malloc(n);
    CHECK(p != NULL && q != NULL);
    memcpy(p, data, n);
    memcpy(q, data, n);
    whole = ws_parse(p, n, 4096, &f);
    some = ws_parse(q, split, 4096, &part);
    CHECK(some == WS_MORE || some == whole);
    if (whole == WS_FRAME) {
        CHECK(f.bytes <= n && f.payload.n <= 4096 && f.payload.p + f.payload.n == p + f.bytes);
        for (size_t i = 0; i < f.payload.n; i++)
            CHECK(
                (char)(f.payload.p[i] ^ f.payload.p[(ptrdiff_t)(i % 4) - 4]) == (char)data[f.bytes - f.payload.n + i]);
        if (f.op == WS_CLOSE) {
            unsigned code;

            (void)ws_close_valid(f.payload, &code);
        }
    }
    free(p);
    free(q);
    return 0;
}

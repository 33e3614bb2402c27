/* Any bytes as a foreign hash; and as pixels, whose hash must be valid. */
#include "media/blurhash.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    char out[BLURHASH_BYTES_MAX + 1];

    blurhash_valid((struct str){ (const char *)data, n });
    if (n >= 4) {
        int w = data[0] % 16 + 1, h = data[1] % 16 + 1, nx = data[2] % 9 + 1, ny = data[3] % 9 + 1;
        uint8_t rgb[16 * 16 * 3] = { 0 };

        memcpy(rgb, data + 4, MIN(n - 4, sizeof(rgb)));
        CHECK(blurhash_valid((struct str){ out, blurhash_encode(rgb, w, h, nx, ny, out) }));
    }
    return 0;
}

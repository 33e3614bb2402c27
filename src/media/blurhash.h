/* BlurHash: a picture in about 30 characters (https://github.com/woltapp/blurhash/blob/master/Algorithm.md).  Pure, any thread. */
#ifndef MEDIA_BLURHASH_H
#define MEDIA_BLURHASH_H

#include "base/str.h"

enum { BLURHASH_BYTES_MAX = 4 + 2 * 9 * 9, BLURHASH_SIDE_MAX = 128 };

/*
 * blurhash_encode — hash of w × h pixels, 3 bytes each (sRGB), rows of w * 3 bytes.
 *
 * Give a picture that was scaled down to about 32 × 32: more pixels change nothing that can be seen.
 * w, h   1 to BLURHASH_SIDE_MAX      nx, ny   components, 1 to 9
 * out    at least BLURHASH_BYTES_MAX + 1 bytes; terminated
 * returns the length, 4 + 2 * nx * ny
 */
size_t blurhash_encode(const uint8_t *rgb, int w, int h, int nx, int ny, char *out);

/* Whether a stranger's string is one: alphabet, and the length its first character announces. */
bool blurhash_valid(struct str s);

#endif

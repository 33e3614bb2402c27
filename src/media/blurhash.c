/*
 * The transform is separable, so each row is first folded into nx sums for each colour and those are folded over the rows: nx + ny
 * multiplications for a pixel's colour instead of nx * ny.
 */
#include "media/blurhash.h"

#include <math.h>
#include <pthread.h>

static const char digits[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz#$%*+,-.:;=?@[]^_{|}~";

static float linear[256];
static pthread_once_t linear_once = PTHREAD_ONCE_INIT;

/* IEC 61966-2-1 */
static void
fill_linear(void)
{
    for (int i = 0; i < 256; i++) {
        double v = i / 255.0;

        linear[i] = (float)(v <= 0.04045 ? v / 12.92 : pow((v + 0.055) / 1.055, 2.4));
    }
}

static int
to_srgb(float v)
{
    double x = v < 0 ? 0 : v > 1 ? 1 : (double)v;

    return (int)(x <= 0.0031308 ? x * 12.92 * 255 + 0.5 : (1.055 * pow(x, 1 / 2.4) - 0.055) * 255 + 0.5);
}

static char *
put83(char *out, unsigned v, int n)
{
    for (int i = n - 1; i >= 0; i--) {
        out[i] = digits[v % 83];
        v /= 83;
    }
    return out + n;
}

/* sum[j][i][colour] of cos(pi i x / w) cos(pi j y / h) over all pixels.  The algorithm samples at x, not x + 1/2. */
static void
transform(const uint8_t *rgb, int w, int h, int nx, int ny, float sum[9][9][3])
{
    float cosx[9][BLURHASH_SIDE_MAX], line[9][3];

    for (int i = 0; i < nx; i++)
        for (int x = 0; x < w; x++)
            cosx[i][x] = cosf((float)M_PI * (float)(i * x) / (float)w);
    for (int y = 0; y < h; y++) {
        memset(line, 0, sizeof(line));
        for (int x = 0; x < w; x++, rgb += 3) {
            float r = linear[rgb[0]], g = linear[rgb[1]], b = linear[rgb[2]];

            for (int i = 0; i < nx; i++) {
                line[i][0] += cosx[i][x] * r;
                line[i][1] += cosx[i][x] * g;
                line[i][2] += cosx[i][x] * b;
            }
        }
        for (int j = 0; j < ny; j++) {
            float c = cosf((float)M_PI * (float)(j * y) / (float)h);

            for (int i = 0; i < nx; i++)
                for (int k = 0; k < 3; k++)
                    sum[j][i][k] += c * line[i][k];
        }
    }
}

/* Signed square root into 19 steps. */
static unsigned
quantise(float v, float max)
{
    float q = floorf(copysignf(sqrtf(fabsf(v / max)), v) * 9 + 9.5f);

    return q < 0 ? 0 : q > 18 ? 18 : (unsigned)q;
}

size_t
blurhash_encode(const uint8_t *rgb, int w, int h, int nx, int ny, char *out)
{
    float sum[9][9][3] = { 0 };
    float most = 0, max = 1;
    char *p = out;

    CHECK(w >= 1 && w <= BLURHASH_SIDE_MAX && h >= 1 && h <= BLURHASH_SIDE_MAX);
    CHECK(nx >= 1 && nx <= 9 && ny >= 1 && ny <= 9);
    pthread_once(&linear_once, fill_linear);
    transform(rgb, w, h, nx, ny, sum);
    for (int j = 0; j < ny; j++)
        for (int i = 0; i < nx; i++)
            for (int k = 0; k < 3; k++) {
                sum[j][i][k] *= (i == 0 && j == 0 ? 1.0f : 2.0f) / (float)(w * h);
                if (i != 0 || j != 0)
                    most = fmaxf(most, fabsf(sum[j][i][k]));
            }

    p = put83(p, (unsigned)(nx - 1 + (ny - 1) * 9), 1);
    if (nx * ny > 1) {
        float step = floorf(most * 166 - 0.5f);
        unsigned q = step < 0 ? 0 : step > 82 ? 82 : (unsigned)step;

        p = put83(p, q, 1);
        max = (float)(q + 1) / 166;
    } else {
        p = put83(p, 0, 1);
    }
    p = put83(p, (unsigned)(to_srgb(sum[0][0][0]) << 16 | to_srgb(sum[0][0][1]) << 8 | to_srgb(sum[0][0][2])), 4);
    for (int j = 0; j < ny; j++)
        for (int i = 0; i < nx; i++) {
            const float *v = sum[j][i];

            if (i != 0 || j != 0)
                p = put83(p, quantise(v[0], max) * 361 + quantise(v[1], max) * 19 + quantise(v[2], max), 2);
        }
    *p = '\0';
    return (size_t)(p - out);
}

static int
digit(char c)
{
    const char *at = c == '\0' ? NULL : strchr(digits, c);

    return at == NULL ? -1 : (int)(at - digits);
}

bool
blurhash_valid(struct str s)
{
    int flag;

    if (s.n < 6 || s.n > BLURHASH_BYTES_MAX)
        return false;
    flag = digit(s.p[0]);
    if (flag < 0 || flag > 80 || s.n != (size_t)(4 + 2 * (flag % 9 + 1) * (flag / 9 + 1)))
        return false;
    for (size_t i = 1; i < s.n; i++)
        if (digit(s.p[i]) < 0)
            return false;
    return true;
}

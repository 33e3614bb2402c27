#include "media/blurhash.h"

#include <math.h>

#include "unit.h"

/* The algorithm as its paper describes it, pixel by pixel in double, as an oracle. */
static const char alphabet[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz#$%*+,-.:;=?@[]^_{|}~";

static double
lin(int v)
{
    double x = v / 255.0;

    return x <= 0.04045 ? x / 12.92 : pow((x + 0.055) / 1.055, 2.4);
}

static void
component(const uint8_t *rgb, int w, int h, int i, int j, double out[3])
{
    out[0] = out[1] = out[2] = 0;
    for (int y = 0; y < h; y++)
        for (int x = 0; x < w; x++)
            for (int k = 0; k < 3; k++)
                out[k] += (i + j == 0 ? 1.0 : 2.0) / (w * h) * cos(M_PI * i * x / w) * cos(M_PI * j * y / h) *
                          lin(rgb[(y * w + x) * 3 + k]);
}

static int
value83(const char *p, int n)
{
    int v = 0;

    for (int i = 0; i < n; i++)
        v = v * 83 + (int)(strchr(alphabet, p[i]) - alphabet);
    return v;
}

/* Every component of the hash must be within half a quantisation step of the true one. */
static void
check_against_oracle(const uint8_t *rgb, int w, int h, int nx, int ny, const char *hash)
{
    double c[3], max = (value83(hash + 1, 1) + 1) / 166.0;
    int dc = value83(hash + 2, 4);
    const char *p = hash + 6;

    component(rgb, w, h, 0, 0, c);
    for (int k = 0; k < 3; k++)
        assert_true(fabs(lin(dc >> (16 - 8 * k) & 255) - c[k]) < 0.005);
    for (int j = 0; j < ny; j++)
        for (int i = 0; i < nx; i++) {
            if (i + j == 0)
                continue;
            int v = value83(p, 2), q[3] = { v / 361, v / 19 % 19, v % 19 };

            component(rgb, w, h, i, j, c);
            for (int k = 0; k < 3; k++) {
                double exact = copysign(sqrt(fabs(c[k] / max)), c[k]) * 9 + 9;

                assert_true(fabs(MIN(MAX(exact, 0), 18) - q[k]) < 0.51);
            }
            p += 2;
        }
}

UNIT(blurhash_of_plain_colours)
{
    uint8_t rgb[8 * 8 * 3];
    char out[BLURHASH_BYTES_MAX + 1];

    memset(rgb, 255, sizeof(rgb));
    assert_int_equal(blurhash_encode(rgb, 8, 8, 1, 1, out), 6);
    assert_string_equal(out, "00TSUA");
    memset(rgb, 0, sizeof(rgb));
    assert_int_equal(blurhash_encode(rgb, 8, 8, 4, 3, out), 28);
    assert_string_equal(out, "L00000fQfQfQfQfQfQfQfQfQfQfQ");
}

UNIT(blurhash_agrees_with_the_definition)
{
    uint8_t rgb[32 * 32 * 3];
    char out[BLURHASH_BYTES_MAX + 1];
    uint32_t seed = 1;

    for (int round = 0; round < 60; round++) {
        int w = 1 + round % 32, h = 1 + round * 7 % 32, nx = 1 + round % 9, ny = 1 + round / 9 % 9;

        for (int i = 0; i < w * h * 3; i++) {
            seed = seed * 1664525 + 1013904223;
            rgb[i] = (uint8_t)(seed >> 24);
        }
        size_t n = blurhash_encode(rgb, w, h, nx, ny, out);

        assert_int_equal(n, 4 + 2 * nx * ny);
        assert_true(blurhash_valid((struct str){ out, n }));
        check_against_oracle(rgb, w, h, nx, ny, out);
    }
}

UNIT(blurhash_valid_takes_what_others_send)
{
    static const char *const good[] = { "LEHV6nWB2yk8pyo0adR*.7kCMdnj", "LIIE|gRj00WB-;j[t7j[4nWBj[Rj",
        "USQv:h-W-qI-^,W;RPs=^-R%NZxbo#sDobSc", "b15#-6_3~l%eDkNraAM#HYMf", "00TSUA" };
    static const char *const bad[] = { "", "0", "00TSU", "00TSUAA", "LEHV6nWB2yk8pyo0adR*.7kCMdn",
        "LEHV6nWB2yk8pyo0adR*.7kCMdn\"", "~EHV6nWB2yk8pyo0adR*.7kCMdnj", "00TS A", "00TS\xc3\xa4", "<script>",
        "00TS&A" };

    for (size_t i = 0; i < lengthof(good); i++)
        assert_true(blurhash_valid(str_z(good[i])));
    for (size_t i = 0; i < lengthof(bad); i++)
        assert_false(blurhash_valid(str_z(bad[i])));
    assert_false(blurhash_valid((struct str){ "00TS\0A", 6 }));
    assert_false(blurhash_valid(STR_NONE));
}

/* See fixture_test.h.  A separate program, as libvips does not belong into the unit-test binary. */
#include "media/fixture_test.h"

#include <dlfcn.h>
#include <sysexits.h>

#include "media/vipslib.h"

#define FUNCTIONS(X)                                                                                                   \
    X(vips_image_new_from_memory_copy)                                                                                 \
    X(vips_image_set_blob_copy)                                                                                        \
    X(vips_image_set_string)                                                                                           \
    X(vips_jpegsave)                                                                                                   \
    X(vips_pngsave)                                                                                                    \
    X(vips_webpsave)                                                                                                   \
    X(vips_gifsave)                                                                                                    \
    X(vips_heifsave)

static struct {
#define X(name) __typeof__(&(name)) name;
    FUNCTIONS(X)
#undef X
} F;

/* TIFF, little endian: IFD0 with description, orientation 6 (turn clockwise) and a GPS directory with a latitude. */
static const char exif[] = "Exif\0\0II*\0\x08\0\0\0"
                           "\x03\0"
                           "\x0e\x01\x02\0\x0c\0\0\0\x60\0\0\0"
                           "\x12\x01\x03\0\x01\0\0\0\x06\0\0\0"
                           "\x25\x88\x04\0\x01\0\0\0\x32\0\0\0"
                           "\0\0\0\0"
                           "\x03\0"
                           "\x01\0\x02\0\x02\0\0\0N\0\0\0"
                           "\x02\0\x05\0\x03\0\0\0\x6c\0\0\0"
                           "\x1c\0\x07\0\x09\0\0\0\x84\0\0\0"
                           "\0\0\0\0"
                           "\0\0\0\0" FIXTURE_SECRET "\0"
                           "\x2f\0\0\0\x01\0\0\0\x16\0\0\0\x01\0\0\0\x09\0\0\0\x01\0\0\0" FIXTURE_GPS;

static const char xmp[] = "<x:xmpmeta xmlns:x=\"adobe:ns:meta/\">" FIXTURE_SECRET "</x:xmpmeta>";

/* w × h × frames of a gradient that moves with the frame; bands 1, 3 or 4; bytes 1 or 2 for each sample. */
static VipsImage *
picture(int w, int h, int frames, int bands, int bytes)
{
    size_t n = (size_t)w * (size_t)h * (size_t)frames * (size_t)bands * (size_t)bytes;
    uint8_t *p = calloc(1, n), *at = p;
    VipsImage *im;

    CHECK(p != NULL);
    for (int y = 0; y < h * frames; y++)
        for (int x = 0; x < w; x++)
            for (int b = 0; b < bands; b++) {
                int v = b == 0      ? 255 * x / w
                        : b == 1    ? 255 * (y % h) / h
                        : b == 2    ? (y / h) * 40 % 256
                        : x < w / 2 ? 255
                                    : 0;

                memset(at, v, (size_t)bytes);
                at += bytes;
            }
    im = F.vips_image_new_from_memory_copy(
        p, n, w, h * frames, bands, bytes == 2 ? VIPS_FORMAT_USHORT : VIPS_FORMAT_UCHAR);
    CHECK(im != NULL);
    free(p);
    im->Type = bytes == 2 ? VIPS_INTERPRETATION_RGB16 : bands == 1 ? VIPS_INTERPRETATION_B_W : VIPS_INTERPRETATION_sRGB;
    F.vips_image_set_blob_copy(im, VIPS_META_EXIF_NAME, exif, sizeof(exif) - 1);
    F.vips_image_set_blob_copy(im, VIPS_META_XMP_NAME, xmp, sizeof(xmp) - 1);
    F.vips_image_set_string(im, "png-comment-0-Location", FIXTURE_SECRET);
    V.vips_image_set_int(im, VIPS_META_ORIENTATION, 6);
    if (frames > 1) {
        int delay[64];

        for (int i = 0; i < frames; i++)
            delay[i] = 100;
        V.vips_image_set_int(im, VIPS_META_PAGE_HEIGHT, h);
        V.vips_image_set_array_int(im, "delay", delay, frames);
    }
    return im;
}

static const char *
path(const char *dir, const char *name)
{
    static char out[4096];

    snprintf(out, sizeof(out), "%s/%s", dir, name);
    return out;
}

int
fixture_make(const char *dir)
{
    void *h = dlopen("libvips.so.42", RTLD_NOW);
    int e = 0;

    if (h == NULL || vipslib_open() != NULL)
        return EX_UNAVAILABLE;
#define X(name)                                                                                                        \
    if ((*(void **)&F.name = dlsym(h, #name)) == NULL)                                                                 \
        return EX_UNAVAILABLE;
    FUNCTIONS(X)
#undef X
    e |= F.vips_jpegsave(picture(120, 80, 1, 3, 1), path(dir, "photo.jpg"), NULL);
    e |= F.vips_jpegsave(picture(120, 80, 1, 1, 1), path(dir, "grey.jpg"), NULL);
    e |= F.vips_jpegsave(picture(120, 80, 1, 4, 1), path(dir, "progressive.jpg"), "interlace", TRUE, NULL);
    e |= F.vips_jpegsave(picture(4000, 3000, 1, 3, 1), path(dir, "large.jpg"), NULL);
    e |= F.vips_pngsave(picture(120, 80, 1, 3, 1), path(dir, "photo.png"), NULL);
    e |= F.vips_pngsave(picture(120, 80, 1, 4, 1), path(dir, "alpha.png"), NULL);
    e |= F.vips_pngsave(picture(120, 80, 1, 3, 2), path(dir, "deep.png"), NULL);
    e |= F.vips_webpsave(picture(120, 80, 1, 3, 1), path(dir, "photo.webp"), NULL);
    e |= F.vips_webpsave(picture(120, 80, 1, 4, 1), path(dir, "alpha.webp"), NULL);
    e |= F.vips_webpsave(picture(60, 40, 5, 4, 1), path(dir, "moving.webp"), NULL);
    e |= F.vips_gifsave(picture(60, 40, 1, 3, 1), path(dir, "photo.gif"), NULL);
    e |= F.vips_gifsave(picture(60, 40, 5, 3, 1), path(dir, "moving.gif"), NULL);
    /* Encoders of these are optional. */
    F.vips_heifsave(
        picture(128, 96, 1, 3, 1), path(dir, "photo.heic"), "compression", VIPS_FOREIGN_HEIF_COMPRESSION_HEVC, NULL);
    F.vips_heifsave(
        picture(128, 96, 1, 3, 1), path(dir, "photo.avif"), "compression", VIPS_FOREIGN_HEIF_COMPRESSION_AV1, NULL);
    F.vips_heifsave(
        picture(128, 96, 1, 4, 1), path(dir, "alpha.avif"), "compression", VIPS_FOREIGN_HEIF_COMPRESSION_AV1, NULL);
    return e == 0 ? 0 : EX_SOFTWARE;
}

/*
 * Nothing of the input survives but pixels (and the timing of animations): every file is encoded anew, which also ends files that are
 * two formats at once.  Loaders are called by name from the type the server probed; libvips never chooses one.
 */
#include "media/image.h"

#include <errno.h>
#include <math.h>
#include <unistd.h>

#include "media/vipslib.h"

enum { SAMPLE_SIDE = 32, THUMB_SIDE_MAX = 2048, WEBP_SIDE_MAX = 16383 };

struct run {
    const struct wire_job *job;
    const struct media_rule *rule;
    const void *in;
    int file_fd, small_fd;
    struct wire_reply *r;
    int frames;
    bool gifv; /* somebody else makes the file; we make what goes with it */
};

static bool
refuse(struct run *x, const char *cause)
{
    x->r->verdict = WIRE_REFUSED;
    snprintf(x->r->cause, sizeof(x->r->cause), "%s", cause);
    return false;
}

/* The decoder says why; its first line is enough. */
static bool
refuse_vips(struct run *x)
{
    const char *text = V.vips_error_buffer();

    snprintf(x->r->cause, sizeof(x->r->cause), "%.*s", (int)strcspn(text, "\n"), text);
    x->r->verdict = WIRE_REFUSED;
    return false;
}

static VipsImage *
load(struct run *x, int pages, int shrink)
{
    void *in = (void *)(uintptr_t)x->in;
    size_t n = x->job->bytes;
    VipsAccess access = pages == 1 ? VIPS_ACCESS_SEQUENTIAL : VIPS_ACCESS_RANDOM;
    VipsFailOn fail_on = VIPS_FAIL_ON_ERROR;
    VipsImage *im = NULL;

    switch (x->job->type) {
    case MT_JPEG:
        V.vips_jpegload_buffer(in, n, &im, "access", access, "fail_on", fail_on, "shrink", shrink, NULL);
        break;
    case MT_PNG:
        V.vips_pngload_buffer(in, n, &im, "access", access, "fail_on", fail_on, NULL);
        break;
    case MT_WEBP:
        V.vips_webpload_buffer(in, n, &im, "access", access, "fail_on", fail_on, "n", pages, NULL);
        break;
    case MT_GIF:
        V.vips_gifload_buffer(in, n, &im, "access", access, "fail_on", fail_on, "n", pages, NULL);
        break;
    case MT_HEIC:
    case MT_AVIF:
        V.vips_heifload_buffer(in, n, &im, "access", access, "fail_on", fail_on, NULL);
        break;
    default:
        break;
    }
    return im;
}

/* As the file says: vips_image_get_n_pages takes a number that it thinks absurd for 1. */
static int
pages_of(VipsImage *im)
{
    int n;

    return V.vips_image_get_typeof(im, VIPS_META_N_PAGES) && V.vips_image_get_int(im, VIPS_META_N_PAGES, &n) == 0 ? n
                                                                                                                  : 1;
}

static bool
check_size(struct run *x, VipsImage *im)
{
    int w = V.vips_image_get_width(im), h = V.vips_image_get_page_height(im), n = pages_of(im);

    if (w < 1 || h < 1 || w > MEDIA_SIDE_MAX || h > MEDIA_SIDE_MAX || (int64_t)w * h > MEDIA_IMAGE_PIXELS_MAX)
        return refuse(x, "too many pixels");
    x->frames = x->rule->moving && (x->job->type == MT_GIF || x->job->type == MT_WEBP) ? MAX(n, 1) : 1;
    x->gifv = x->job->mode == WIRE_STILL && x->job->type == MT_GIF && x->frames > 1;
    if (x->gifv) {
        bool ok = x->frames <= MEDIA_GIFV_FRAMES_MAX;

        x->frames = 1;
        return ok ? true : refuse(x, "too many frames");
    }
    /* A long avatar or emoji stands still; a long attachment would lose what it shows. */
    if (x->rule->fit != FIT_AREA &&
        (int64_t)x->rule->width * x->rule->height * x->frames > MEDIA_MOVING_SMALL_PIXELS_MAX)
        x->frames = 1;
    if (x->frames > MEDIA_FRAMES_MAX || (x->frames > 1 && (int64_t)w * h * x->frames > MEDIA_MOVING_PIXELS_MAX))
        return refuse(x, "too many frames");
    return true;
}

/* The largest size of the same shape with at most so many pixels. */
static void
fit_area(int w, int h, int pixels, int *out_w, int *out_h)
{
    double s = sqrt((double)pixels / ((double)w * h));

    *out_w = s < 1 ? MAX((int)(w * s), 1) : w;
    *out_h = s < 1 ? MAX((int)(h * s), 1) : h;
}

/* Size of the result for an upright w × h. */
static void
target(const struct run *x, int w, int h, int scale_down, int *out_w, int *out_h)
{
    int pixels = x->frames > 1 ? MIN(x->rule->pixels, MEDIA_GIFV_PIXELS_MAX) : x->rule->pixels;

    if (x->rule->fit == FIT_AREA) {
        fit_area(w, h, pixels / (scale_down * scale_down), out_w, out_h);
    } else {
        *out_w = x->rule->width / scale_down;
        *out_h = x->rule->height / scale_down;
    }
}

/* Scale into (or for crops, to) w × h, upright, in sRGB.  A broken colour profile is no reason to refuse a picture. */
static VipsImage *
scale(VipsImage *in, int w, int h, bool crop)
{
    VipsSize size = crop ? VIPS_SIZE_BOTH : VIPS_SIZE_DOWN;
    VipsInteresting how = crop ? VIPS_INTERESTING_CENTRE : VIPS_INTERESTING_NONE;
    VipsImage *out = NULL, *plain = NULL;

    if (V.vips_thumbnail_image(in, &out, w, "height", h, "size", size, "crop", how, "export_profile", "srgb", NULL) ==
        0)
        return out;
    if (!V.vips_image_get_typeof(in, VIPS_META_ICC_NAME) || V.vips_copy(in, &plain, NULL) != 0)
        return NULL;
    V.vips_error_clear();
    V.vips_image_remove(plain, VIPS_META_ICC_NAME);
    return V.vips_thumbnail_image(plain, &out, w, "height", h, "size", size, "crop", how, NULL) == 0 ? out : NULL;
}

/* 8 bits, RGB or RGBA. */
static VipsImage *
to_rgb8(VipsImage *im)
{
    VipsImage *out = im;

    if (V.vips_image_get_interpretation(out) != VIPS_INTERPRETATION_sRGB &&
        V.vips_colourspace(out, &out, VIPS_INTERPRETATION_sRGB, NULL) != 0)
        return NULL;
    if (V.vips_image_get_format(out) != VIPS_FORMAT_UCHAR && V.vips_cast(out, &out, VIPS_FORMAT_UCHAR, NULL) != 0)
        return NULL;
    return V.vips_image_get_bands(out) == 3 || V.vips_image_get_bands(out) == 4 ? out : NULL;
}

/* Drop every field but the timing of animations; the fixed ones (width, …) cannot be removed. */
static VipsImage *
strip(VipsImage *im)
{
    static const char *const keep[] = { "delay", "loop", "n-pages", VIPS_META_PAGE_HEIGHT };
    VipsImage *out = NULL;
    char **fields;

    if (V.vips_copy(im, &out, NULL) != 0)
        return NULL;
    fields = V.vips_image_get_fields(out);
    for (char **f = fields; *f != NULL; f++) {
        bool kept = false;

        for (size_t i = 0; i < lengthof(keep); i++)
            kept |= strcmp(*f, keep[i]) == 0;
        if (!kept)
            V.vips_image_remove(out, *f);
    }
    V.g_strfreev(fields);
    return out;
}

static VipsImage *
one_frame(VipsImage *all, int i, int w, int h)
{
    VipsImage *out = NULL;

    return V.vips_extract_area(all, &out, 0, i * h, w, h, NULL) == 0 ? out : NULL;
}

/* Decoded, scaled, in memory. */
static VipsImage *
make_still(struct run *x, VipsImage *first, int scale_down)
{
    int w = V.vips_image_get_width(first), h = V.vips_image_get_height(first), tw, th, shrink = 1;
    bool swap = V.vips_image_get_orientation(first) >= 5;

    target(x, swap ? h : w, swap ? w : h, scale_down, &tw, &th);
    /* JPEG scales by 2, 4, 8 while decoding, for less than nothing. */
    for (int s = 8; x->job->type == MT_JPEG && s > 1; s /= 2)
        if (MIN(w, h) / s >= MAX(tw, th)) {
            shrink = s;
            break;
        }
    if ((first = load(x, 1, shrink)) == NULL || (first = scale(first, tw, th, x->rule->fit == FIT_CROP)) == NULL ||
        (first = to_rgb8(first)) == NULL)
        return NULL;
    return V.vips_image_copy_memory(first);
}

/* Timing of an animation; the rest of the fields stays behind. */
static void
copy_timing(VipsImage *from, VipsImage *to)
{
    int *delay, n, loop;

    if (V.vips_image_get_typeof(from, "delay") && V.vips_image_get_array_int(from, "delay", &delay, &n) == 0)
        V.vips_image_set_array_int(to, "delay", delay, n);
    if (V.vips_image_get_typeof(from, "loop") && V.vips_image_get_int(from, "loop", &loop) == 0)
        V.vips_image_set_int(to, "loop", loop);
}

/* Frame by frame into one block: a single pipeline of many frames costs libvips the square of their number. */
static VipsImage *
scale_frames(struct run *x, VipsImage *all, int w, int h, int tw, int th)
{
    uint8_t *block = NULL;
    size_t each = 0, n;
    VipsImage *out, *im = NULL;

    for (int i = 0; i < x->frames; i++) {
        void *pixels;

        if ((im = one_frame(all, i, w, h)) == NULL || (im = scale(im, tw, th, x->rule->fit == FIT_CROP)) == NULL ||
            (im = to_rgb8(im)) == NULL || (pixels = V.vips_image_write_to_memory(im, &n)) == NULL)
            return NULL;
        if (block == NULL) {
            each = n;
            block = malloc(each * (size_t)x->frames);
        }
        if (block == NULL || n != each)
            return NULL;
        memcpy(block + each * (size_t)i, pixels, n);
        V.g_free(pixels);
    }
    out = V.vips_image_new_from_memory(block, each * (size_t)x->frames, V.vips_image_get_width(im),
        V.vips_image_get_height(im) * x->frames, V.vips_image_get_bands(im), VIPS_FORMAT_UCHAR);
    if (out == NULL || V.vips_copy(out, &out, "interpretation", VIPS_INTERPRETATION_sRGB, NULL) != 0)
        return NULL;
    copy_timing(all, out);
    V.vips_image_set_int(out, VIPS_META_PAGE_HEIGHT, V.vips_image_get_height(im));
    return out;
}

/* Decoded, scaled, in memory; frames below one another. */
static VipsImage *
make_moving(struct run *x, VipsImage *first, int scale_down)
{
    int w = V.vips_image_get_width(first), h = V.vips_image_get_page_height(first), tw, th;
    VipsImage *all;

    target(x, w, h, scale_down, &tw, &th);
    if ((all = load(x, -1, 1)) == NULL || V.vips_image_get_height(all) != h * x->frames ||
        (all = V.vips_image_copy_memory(all)) == NULL)
        return NULL;
    if (x->rule->fit != FIT_CROP && tw >= w && th >= h)
        return to_rgb8(all);
    return scale_frames(x, all, w, h, tw, th);
}

static bool
write_all(int fd, const char *p, size_t n)
{
    while (n > 0) {
        ssize_t done = write(fd, p, n);

        if (done < 0 && errno == EINTR)
            continue;
        if (done <= 0)
            return false;
        p += done;
        n -= (size_t)done;
    }
    return true;
}

/*
 * libvips makes up an Exif chunk for WebP even when told to strip.  Drop it from our own output: RIFF header, chunks of a tag, a
 * length and padding to even; VP8X announces Exif (8), XMP (4) and ICC (32) in its first byte.
 */
static size_t
strip_webp(uint8_t *p, size_t n)
{
    size_t to = 12, riff;

    for (size_t at = 12, len; at + 8 <= n; at += len) {
        len = 8 + (p[at + 4] | (size_t)p[at + 5] << 8 | (size_t)p[at + 6] << 16 | (size_t)p[at + 7] << 24);
        len = MIN(len + (len & 1), n - at);
        if (memcmp(p + at, "EXIF", 4) == 0 || memcmp(p + at, "XMP ", 4) == 0 || memcmp(p + at, "ICCP", 4) == 0)
            continue;
        memmove(p + to, p + at, len);
        if (memcmp(p + to, "VP8X", 4) == 0 && len > 8)
            p[to + 8] &= (uint8_t) ~(8 | 4 | 32);
        to += len;
    }
    riff = to - 8;
    for (int i = 0; i < 4; i++)
        p[4 + i] = (uint8_t)(riff >> (8 * i));
    return to;
}

static int
encode(VipsImage *im, enum media_type t, int quality, void **buf, size_t *n)
{
    switch (t) {
    case MT_JPEG:
        return V.vips_jpegsave_buffer(im, buf, n, "Q", quality, "optimize_coding", TRUE, "strip", TRUE, NULL);
    case MT_PNG:
        return V.vips_pngsave_buffer(im, buf, n, "strip", TRUE, NULL);
    case MT_WEBP:
        return V.vips_webpsave_buffer(im, buf, n, "Q", quality, "effort", 2, "strip", TRUE, NULL);
    case MT_GIF:
        return V.vips_gifsave_buffer(im, buf, n, "effort", 3, "strip", TRUE, NULL);
    default:
        return -1;
    }
}

/* *too_big is set instead of writing when the result passes the limit (bytes; 0: none). */
static bool
save(struct run *x, VipsImage *im, enum media_type t, int quality, size_t limit, int fd, struct wire_picture *out,
    bool *too_big)
{
    void *buf = NULL;
    size_t n = 0;

    if ((im = strip(im)) == NULL || encode(im, t, quality, &buf, &n) != 0)
        return refuse_vips(x);
    if (t == MT_WEBP && n > 12)
        n = strip_webp(buf, n);
    if (limit > 0 && n > limit) {
        *too_big = true;
        V.g_free(buf);
        return true;
    }
    if (!write_all(fd, buf, n)) {
        x->r->verdict = WIRE_INTERNAL;
        snprintf(x->r->cause, sizeof(x->r->cause), "cannot write: %s", strerrordesc_np(errno));
        return false;
    }
    V.g_free(buf);
    *out = (struct wire_picture){
        .type = t,
        .width = (uint32_t)V.vips_image_get_width(im),
        .height = (uint32_t)V.vips_image_get_page_height(im),
    };
    return true;
}

/* Formats that not everybody can show become ones that everybody can. */
static enum media_type
file_type(const struct run *x, VipsImage *im)
{
    enum media_type t = (enum media_type)x->job->type;
    int side = MAX(V.vips_image_get_width(im), V.vips_image_get_height(im));

    if (t == MT_HEIC || t == MT_AVIF)
        return !V.vips_image_hasalpha(im) ? MT_JPEG : side <= WEBP_SIDE_MAX ? MT_WEBP : MT_PNG;
    return t;
}

static bool
save_file(struct run *x, VipsImage *first, VipsImage **out)
{
    if (x->gifv) {
        *out = make_still(x, first, 1);
        return *out != NULL ? true : refuse_vips(x);
    }
    for (int down = 1; down <= 4; down *= 2) {
        VipsImage *im = x->frames > 1 ? make_moving(x, first, down) : make_still(x, first, down);
        bool too_big = false;

        if (im == NULL)
            return refuse_vips(x);
        if (!save(x, im, file_type(x, im), 90, x->rule->out_bytes_max, x->file_fd, &x->r->file, &too_big))
            return false;
        if (!too_big) {
            *out = im;
            return true;
        }
    }
    return refuse(x, "too many bytes when encoded");
}

/* Colour and blurhash from a small copy over white. */
static bool
sample(struct run *x, VipsImage *still)
{
    uint8_t rgb[SAMPLE_SIDE * SAMPLE_SIDE * 3];
    uint64_t sum[3] = { 0 };
    VipsImage *im = NULL;
    const uint8_t *p;
    size_t n, bands;

    if (V.vips_thumbnail_image(still, &im, SAMPLE_SIDE, "height", SAMPLE_SIDE, "size", VIPS_SIZE_FORCE, NULL) != 0 ||
        (im = to_rgb8(im)) == NULL || (p = V.vips_image_write_to_memory(im, &n)) == NULL)
        return refuse_vips(x);
    bands = (size_t)V.vips_image_get_bands(im);
    if (n != SAMPLE_SIDE * SAMPLE_SIDE * bands)
        return refuse(x, "sample has another size");
    for (size_t i = 0; i < SAMPLE_SIDE * SAMPLE_SIDE; i++, p += bands)
        for (size_t k = 0; k < 3; k++) {
            unsigned alpha = bands == 4 ? p[3] : 255;

            rgb[i * 3 + k] = (uint8_t)((p[k] * alpha + 255 * (255 - alpha)) / 255);
            sum[k] += rgb[i * 3 + k];
        }
    for (size_t k = 0; k < 3; k++)
        x->r->colour = x->r->colour << 8 | (uint32_t)(sum[k] / (SAMPLE_SIDE * SAMPLE_SIDE));
    blurhash_encode(rgb, SAMPLE_SIDE, SAMPLE_SIDE, 4, 4, x->r->blurhash);
    return true;
}

static bool
save_small(struct run *x, VipsImage *still)
{
    bool still_wanted = x->rule->small == SMALL_STILL_ALWAYS || (x->rule->small == SMALL_STILL && x->frames > 1);
    VipsImage *im = NULL;
    int w, h;

    if (still_wanted)
        return save(x, still, MT_PNG, 0, 0, x->small_fd, &x->r->small, NULL);
    if (x->rule->small != SMALL_THUMB)
        return true;
    fit_area(V.vips_image_get_width(still), V.vips_image_get_height(still), MEDIA_THUMB_PIXELS_MAX, &w, &h);
    if (V.vips_thumbnail_image(
            still, &im, MIN(w, THUMB_SIDE_MAX), "height", MIN(h, THUMB_SIDE_MAX), "size", VIPS_SIZE_DOWN, NULL) != 0 ||
        (im = to_rgb8(im)) == NULL)
        return refuse_vips(x);
    return save(x, im, V.vips_image_hasalpha(im) ? MT_WEBP : MT_JPEG, 85, 0, x->small_fd, &x->r->small, NULL);
}

/* GIF and WebP give milliseconds for each frame. */
static int64_t
duration_ms(const struct run *x, VipsImage *im)
{
    int64_t sum = 0;
    int *delay, n;

    if (x->frames < 2 || V.vips_image_get_array_int(im, "delay", &delay, &n) != 0)
        return 0;
    for (int i = 0; i < MIN(n, x->frames); i++)
        sum += MIN(MAX(delay[i], 0), 1000000);
    return sum;
}

void
image_run(const struct wire_job *job, const void *in, int file_fd, int small_fd, struct wire_reply *r)
{
    struct run x = {
        .job = job,
        .rule = &media_rules[job->purpose],
        .in = in,
        .file_fd = file_fd,
        .small_fd = small_fd,
        .r = r,
    };
    VipsImage *first, *im, *still;

    if ((first = load(&x, 1, 1)) == NULL) {
        refuse_vips(&x);
        return;
    }
    if (!check_size(&x, first) || !save_file(&x, first, &im))
        return;
    still =
        one_frame(im, 0, V.vips_image_get_width(im), x.frames > 1 ? (int)r->file.height : V.vips_image_get_height(im));
    if (still == NULL) {
        refuse_vips(&x);
        return;
    }
    r->frames = (uint32_t)x.frames;
    r->duration_ms = duration_ms(&x, im);
    if (sample(&x, still) && save_small(&x, still)) {
        r->kind = x.gifv ? MEDIA_GIFV : MEDIA_IMAGE;
        r->verdict = WIRE_DONE;
    }
}

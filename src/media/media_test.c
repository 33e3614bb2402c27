/* Whole way of a picture: probe, child, store.  Pictures come from fixture_test.c; the bombs are built here. */
#include "media/media.h"

#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buf.h"
#include "media/blurhash.h"
#include "media/fixture_test.h"
#include "media/tmp_test.h"

#include "unit.h"

struct rig {
    const char *dir;
    struct media *media;
    struct env env;
    struct ctx ctx;
};

static void
close_rig(void *media)
{
    media_close(media);
}

static void
make_fixtures(const char *dir)
{
    char exe[] = MEDIA_CHILD_EXE, make[] = "make";
    char *argv[] = { exe, make, (char *)(uintptr_t)dir, NULL }, *envp[] = { NULL };
    pid_t pid;
    int status;

    assert_int_equal(posix_spawn(&pid, exe, NULL, NULL, argv, envp), 0);
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_int_equal(status, 0);
}

static void
open_rig(struct rig *r)
{
    struct str why = STR_NONE;

    r->dir = tmp_dir(unit_mem());
    make_fixtures(r->dir);
    assert_int_equal(
        media_open_with(unit_mem(), str_fmt(unit_mem(), "dir:%s/store", r->dir), MEDIA_CHILD_EXE, &why, &r->media),
        ERR_OK);
    arena_defer(unit_mem(), close_rig, r->media);
    r->env = (struct env){ .media = r->media };
    r->ctx = (struct ctx){ .mem = unit_mem(), .env = &r->env };
}

static struct str
fixture(struct rig *r, const char *name)
{
    return unit_file(str_fmt(unit_mem(), "%s/%s", r->dir, name).p);
}

static struct str
stored(struct rig *r, struct str key)
{
    struct media_file f;
    char *p;

    assert_int_equal(media_store_get(media_store_of(r->media), key, &f), ERR_OK);
    p = arena_alloc(unit_mem(), (size_t)f.bytes + 1, 1);
    assert_int_equal(read(f.fd, p, (size_t)f.bytes), f.bytes);
    close(f.fd);
    return (struct str){ p, (size_t)f.bytes };
}

static enum err
process(struct rig *r, struct str bytes, enum media_purpose purpose, struct media_result *out)
{
    return media_process(&r->ctx, (struct media_input){ .fd = -1, .bytes = bytes }, purpose, out);
}

static void
check_no_metadata(struct rig *r, struct str key)
{
    static const char *const traces[] = { FIXTURE_SECRET, FIXTURE_GPS, "Exif", "EXIF", "eXIf", "xmpmeta", "XMP ",
        "tEXt", "iTXt", "zTXt", "ICCP", "iCCP", "ICC_PROFILE" };
    struct str bytes = stored(r, key);

    for (size_t i = 0; i < lengthof(traces); i++) {
        if (str_find(bytes, str_z(traces[i])) >= 0)
            print_error("%.*s has %s\n", STR_ARG(key), traces[i]);
        assert_true(str_find(bytes, str_z(traces[i])) < 0);
    }
}

static const struct {
    const char *name;
    bool optional, has_secret;
    enum media_type file, small;
    int width, height; /* orientation 6 turns what has Exif */
} posts[] = {
    { "photo.jpg", false, true, MT_JPEG, MT_JPEG, 80, 120 },
    { "grey.jpg", false, true, MT_JPEG, MT_JPEG, 80, 120 },
    { "progressive.jpg", false, true, MT_JPEG, MT_JPEG, 80, 120 },
    { "photo.png", false, true, MT_PNG, MT_JPEG, 80, 120 },
    { "alpha.png", false, true, MT_PNG, MT_WEBP, 80, 120 },
    { "deep.png", false, true, MT_PNG, MT_JPEG, 80, 120 },
    { "photo.webp", false, true, MT_WEBP, MT_JPEG, 80, 120 },
    { "alpha.webp", false, true, MT_WEBP, MT_WEBP, 80, 120 },
    { "photo.gif", false, false, MT_GIF, MT_JPEG, 60, 40 },
    { "photo.heic", true, true, MT_JPEG, MT_JPEG, 128, 96 },
    { "photo.avif", true, true, MT_JPEG, MT_JPEG, 128, 96 },
    { "alpha.avif", true, true, MT_WEBP, MT_WEBP, 128, 96 },
};

UNIT(media_every_format_becomes_clean)
{
    struct rig r;

    open_rig(&r);
    for (size_t i = 0; i < lengthof(posts); i++) {
        struct str bytes = fixture(&r, posts[i].name);
        struct media_result m, again;

        if (bytes.n == 0 && posts[i].optional) {
            print_message("no encoder for %s\n", posts[i].name);
            continue;
        }
        if (posts[i].has_secret)
            assert_true(str_find(bytes, S(FIXTURE_SECRET)) >= 0);
        enum err e = process(&r, bytes, MEDIA_FOR_POST, &m);

        if (e != ERR_OK || m.file.type != posts[i].file || m.file.width != posts[i].width)
            print_error("%s: %s type %d %d x %d: %.*s\n", posts[i].name, err_name(e), m.file.type, m.file.width,
                m.file.height, STR_ARG(r.ctx.fail.detail));
        assert_int_equal(e, ERR_OK);
        assert_int_equal(m.kind, MEDIA_IMAGE);
        assert_int_equal(m.file.type, posts[i].file);
        assert_int_equal(m.small.type, posts[i].small);
        assert_int_equal(m.file.width, posts[i].width);
        assert_int_equal(m.file.height, posts[i].height);
        assert_int_equal(m.file.bytes, stored(&r, m.file.key).n);
        assert_int_equal(m.duration_ms, 0);
        assert_true(blurhash_valid(m.blurhash));
        assert_int_equal(m.blurhash.n, 36);
        check_no_metadata(&r, m.file.key);
        check_no_metadata(&r, m.small.key);
        /* What we wrote we can read. */
        assert_int_equal(process(&r, stored(&r, m.file.key), MEDIA_FOR_POST, &again), ERR_OK);
        assert_int_equal(again.file.width, m.file.width);
        assert_int_equal(again.file.height, m.file.height);
        media_discard(&r.ctx, &m);
        assert_int_equal(
            media_store_get(media_store_of(r.media), m.file.key, &(struct media_file){ 0 }), ERR_NOT_FOUND);
    }
}

UNIT(media_sizes_follow_the_purpose)
{
    struct rig r;
    struct media_result m;

    open_rig(&r);
    struct str large = fixture(&r, "large.jpg"), moving = fixture(&r, "moving.gif");

    assert_int_equal(process(&r, large, MEDIA_FOR_POST, &m), ERR_OK);
    assert_true(m.file.width * m.file.height <= MEDIA_STORED_PIXELS_MAX);
    assert_true(m.file.width * m.file.height > MEDIA_STORED_PIXELS_MAX * 99 / 100);
    assert_true(m.file.height > m.file.width);
    assert_true(m.small.width * m.small.height <= MEDIA_THUMB_PIXELS_MAX);
    assert_true(m.small.width * m.small.height > MEDIA_THUMB_PIXELS_MAX * 98 / 100);

    assert_int_equal(process(&r, large, MEDIA_FOR_AVATAR, &m), ERR_OK);
    assert_int_equal(m.file.width, 400);
    assert_int_equal(m.file.height, 400);
    assert_int_equal(m.small.key.n, 0);

    assert_int_equal(process(&r, large, MEDIA_FOR_HEADER, &m), ERR_OK);
    assert_int_equal(m.file.width, 1500);
    assert_int_equal(m.file.height, 500);

    assert_int_equal(process(&r, moving, MEDIA_FOR_AVATAR, &m), ERR_OK);
    assert_int_equal(m.file.type, MT_GIF);
    assert_int_equal(m.file.height, 400);
    assert_int_equal(m.duration_ms, 500);
    assert_int_equal(m.small.type, MT_PNG);

    assert_int_equal(process(&r, moving, MEDIA_FOR_EMOJI, &m), ERR_OK);
    assert_int_equal(m.file.type, MT_GIF);
    assert_int_equal(m.file.width, 60);
    assert_int_equal(m.duration_ms, 500);
    assert_int_equal(m.small.type, MT_PNG);
    assert_int_equal(m.small.height, 40);

    assert_int_equal(process(&r, fixture(&r, "moving.webp"), MEDIA_FOR_POST, &m), ERR_OK);
    assert_int_equal(m.file.type, MT_WEBP);
    assert_int_equal(m.duration_ms, 500);
    check_no_metadata(&r, m.file.key);
    /* Still moving: read again it has the same length. */
    assert_int_equal(process(&r, stored(&r, m.file.key), MEDIA_FOR_POST, &m), ERR_OK);
    assert_int_equal(m.duration_ms, 500);

    assert_int_equal(process(&r, moving, MEDIA_FOR_CARD, &m), ERR_OK);
    assert_int_equal(m.duration_ms, 0);
    assert_int_equal(m.small.key.n, 0);
}

static void
refused(struct rig *r, const char *what, struct str bytes, enum media_purpose purpose)
{
    struct media_result m;
    enum err e = process(r, bytes, purpose, &m);

    if (e != ERR_INVALID)
        print_error("%s: %s %.*s\n", what, err_name(e), STR_ARG(r->ctx.fail.detail));
    assert_int_equal(e, ERR_INVALID);
    assert_true(r->ctx.fail.public_text.n > 0);
}

/* Files of ffmpeg's own test sources, with a place in their metadata. */
static bool
film(struct rig *r, const char *name, const char *const *options)
{
    const char *path = str_fmt(unit_mem(), "%s/%s", r->dir, name).p;
    const char *argv[40] = { "ffmpeg", "-v", "quiet", "-nostdin", "-y" };
    char home[] = "HOME=/nonexistent", where[] = "PATH=/usr/bin:/bin", *envp[] = { home, where, NULL };
    size_t n = 5;
    pid_t pid;
    int status;

    while (*options != NULL)
        argv[n++] = *options++;
    argv[n++] = "-metadata";
    argv[n++] = "location=+47.3769+008.5417/";
    argv[n++] = "-metadata";
    argv[n++] = "title=" FIXTURE_SECRET;
    argv[n++] = "-metadata:s";
    argv[n++] = "title=" FIXTURE_SECRET;
    argv[n++] = path;
    return posix_spawnp(&pid, "ffmpeg", NULL, NULL, (char *const *)(uintptr_t)argv, envp) == 0 &&
           waitpid(pid, &status, 0) == pid && status == 0;
}
#define FILM(r, name, ...) film((r), (name), (const char *const[]){ __VA_ARGS__, NULL })

static const struct {
    const char *name;
    enum media_kind kind;
    enum media_type type;
    int width;
    bool small;
} films[] = {
    { "h264.mp4", MEDIA_VIDEO, MT_MP4, 128, true },
    { "h264.mov", MEDIA_VIDEO, MT_MP4, 128, true },
    { "mpeg4.mp4", MEDIA_VIDEO, MT_MP4, 128, true },
    { "vp8.webm", MEDIA_VIDEO, MT_WEBM, 128, true },
    { "tone.mp3", MEDIA_AUDIO, MT_MP3, 0, false },
    { "tone.wav", MEDIA_AUDIO, MT_MP3, 0, false },
    { "tone.flac", MEDIA_AUDIO, MT_MP3, 0, false },
    { "tone.ogg", MEDIA_AUDIO, MT_MP3, 0, false },
    { "tone.m4a", MEDIA_AUDIO, MT_MP3, 0, false },
};

static bool
make_films(struct rig *r)
{
    const char *video = "testsrc=size=128x96:rate=10:duration=1", *tone = "sine=frequency=440:duration=1";

    return FILM(r, "h264.mp4", "-f", "lavfi", "-i", video, "-f", "lavfi", "-i", tone, "-c:v", "libx264", "-pix_fmt",
               "yuv420p") &&
           FILM(r, "h264.mov", "-f", "lavfi", "-i", video, "-c:v", "libx264", "-pix_fmt", "yuv420p") &&
           FILM(r, "mpeg4.mp4", "-f", "lavfi", "-i", video, "-c:v", "mpeg4") &&
           FILM(r, "vp8.webm", "-f", "lavfi", "-i", video, "-c:v", "libvpx") &&
           FILM(r, "tone.mp3", "-f", "lavfi", "-i", tone) && FILM(r, "tone.wav", "-f", "lavfi", "-i", tone) &&
           FILM(r, "tone.flac", "-f", "lavfi", "-i", tone) &&
           FILM(r, "tone.ogg", "-f", "lavfi", "-i", tone, "-c:a", "libvorbis") &&
           FILM(r, "tone.m4a", "-f", "lavfi", "-i", tone);
}

UNIT(media_films_and_sound)
{
    struct media_result m;
    struct rig r;

    open_rig(&r);
    if (!make_films(&r)) {
        print_message("skipped: no ffmpeg with these encoders\n");
        skip();
    }
    for (size_t i = 0; i < lengthof(films); i++) {
        struct str bytes = fixture(&r, films[i].name);
        enum err e = process(&r, bytes, MEDIA_FOR_POST, &m);

        if (e != ERR_OK || m.kind != films[i].kind || m.file.type != films[i].type)
            print_error("%s: %s kind %d type %d: %.*s\n", films[i].name, err_name(e), m.kind, m.file.type,
                STR_ARG(r.ctx.fail.detail));
        assert_int_equal(e, ERR_OK);
        assert_int_equal(m.kind, films[i].kind);
        assert_int_equal(m.file.type, films[i].type);
        assert_int_equal(m.file.width, films[i].width);
        assert_true(m.duration_ms >= 950 && m.duration_ms <= 1200);
        assert_int_equal(m.small.key.n > 0, films[i].small);
        assert_int_equal(blurhash_valid(m.blurhash), films[i].small);
        bytes = stored(&r, m.file.key);
        assert_true(str_find(bytes, S(FIXTURE_SECRET)) < 0);
        assert_true(str_find(bytes, S("47.3769")) < 0);
    }
    assert_true(str_find(fixture(&r, "h264.mov"), S("47.3769")) >= 0);
    assert_true(str_find(fixture(&r, "h264.mp4"), S(FIXTURE_SECRET)) >= 0);
    assert_true(str_find(fixture(&r, "tone.mp3"), S(FIXTURE_SECRET)) >= 0);

    assert_int_equal(process(&r, fixture(&r, "moving.gif"), MEDIA_FOR_POST, &m), ERR_OK);
    assert_int_equal(m.kind, MEDIA_GIFV);
    assert_int_equal(m.file.type, MT_MP4);
    assert_int_equal(m.file.width, 60);
    assert_int_equal(m.small.width, 60);
    assert_true(m.duration_ms > 300);
    refused(&r, "film as avatar", fixture(&r, "h264.mp4"), MEDIA_FOR_AVATAR);
    refused(&r, "half a film", str_sub(fixture(&r, "h264.mp4"), 0, 3000), MEDIA_FOR_POST);
}

/* A list of other files under the name and first bytes of a film must not be followed. */
UNIT(media_films_name_no_other_files)
{
    struct media_result m;
    struct rig r;

    open_rig(&r);
    refused(&r, "playlist", S("#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n"), MEDIA_FOR_POST);
    refused(&r, "concat", S("ffconcat version 1.0\nfile /etc/passwd\n"), MEDIA_FOR_POST);
    refused(&r, "playlist after ID3", (struct str){ "ID3\4\0\0\0\0\0\0#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n", 48 },
        MEDIA_FOR_POST);
    refused(&r, "empty film",
        (struct str){ "\0\0\0\x14"
                      "ftypisom\0\0\2\0isom",
            20 },
        MEDIA_FOR_POST);
    assert_int_equal(process(&r, fixture(&r, "photo.png"), MEDIA_FOR_POST, &m), ERR_OK);
}

static void
be32(struct buf *b, uint32_t v)
{
    for (int i = 24; i >= 0; i -= 8)
        buf_putc(b, (char)(v >> i));
}

static uint32_t
crc32_of(struct str s)
{
    uint32_t c = 0xffffffff;

    for (size_t i = 0; i < s.n; i++) {
        c ^= (uint8_t)s.p[i];
        for (int k = 0; k < 8; k++)
            c = c >> 1 ^ (c & 1 ? 0xedb88320 : 0);
    }
    return ~c;
}

static void
chunk(struct buf *b, const char *type, struct str data)
{
    size_t at = b->n + 4;

    be32(b, (uint32_t)data.n);
    buf_putz(b, type);
    buf_put(b, data);
    be32(b, crc32_of(str_sub(buf_str(b), at, b->n)));
}

static void
png_header(struct buf *b, uint32_t w, uint32_t h)
{
    struct buf head;

    buf_init(&head, unit_mem(), 64);
    be32(&head, w);
    be32(&head, h);
    buf_put(&head, (struct str){ "\x08\x06\0\0\0", 5 });
    buf_put(b, (struct str){ "\x89PNG\r\n\x1a\n", 8 });
    chunk(b, "IHDR", buf_str(&head));
}

/* A picture of 50000 × 50000 in 80 bytes. */
static struct str
png_bomb(uint32_t w, uint32_t h)
{
    struct buf b;

    buf_init(&b, unit_mem(), MB(1));
    png_header(&b, w, h);
    chunk(&b, "IDAT", (struct str){ "\x78\x9c\x63\x60\x60\x60\x60\0\0\0\5\0\1", 13 });
    chunk(&b, "IEND", STR_NONE);
    return buf_str(&b);
}

/* Text chunks of stored blocks of a run that deflate packs 1000:1: one fixed-Huffman block of length-258 copies. */
static struct str
png_text_bomb(void)
{
    struct buf b, text;

    buf_init(&b, unit_mem(), MB(12));
    buf_init(&text, unit_mem(), MB(2));
    png_header(&b, 16, 16);
    buf_put(&text, (struct str){ "Comment\0\0\x78\x9c", 11 });
    /* 'a' once, then bytes 0xff-ish filler: code 285 (length 258), distance 1, over and over: 8 + 5 bits each. */
    buf_put(&text, (struct str){ "\x4b\x1c\x05\xa3\x60\x14\x0c", 7 });
    for (int i = 0; i < 1000000; i++)
        buf_putc(&text, "\x51\x30\x0a\x46\xc1\x28\x18\x05\xa3\x60\x14\x8c\x82"[i % 13]);
    for (int i = 0; i < 2; i++)
        chunk(&b, "zTXt", buf_str(&text));
    chunk(&b, "IDAT", (struct str){ "\x78\x9c\x63\x60\x60\x60\x60\0\0\0\5\0\1", 13 });
    chunk(&b, "IEND", STR_NONE);
    return buf_str(&b);
}

/* So many frames of one pixel. */
static struct str
gif_bomb(int frames, int side)
{
    struct buf b;

    buf_init(&b, unit_mem(), MB(64));
    buf_put(&b, S("GIF89a"));
    for (int i = 0; i < 2; i++) {
        buf_putc(&b, (char)side);
        buf_putc(&b, (char)(side >> 8));
    }
    buf_put(&b, (struct str){ "\x80\0\0\0\0\0\xff\xff\xff", 9 });
    for (int i = 0; i < frames; i++)
        buf_put(&b, (struct str){ "\x2c\0\0\0\0\1\0\1\0\0\2\2\x44\1\0", 15 });
    buf_putc(&b, ';');
    return buf_str(&b);
}

static struct str
jpeg_bomb(void)
{
    return (struct str){ "\xff\xd8\xff\xc0\0\x11\x08\xff\xff\xff\xff\3\1\x22\0\2\x11\1\3\x11\1\xff\xda\0\x0c\3\1\0\2\0"
                         "\3\0\0\x3f\0\xff\xd9",
        38 };
}

UNIT(media_bombs_are_refused_and_the_next_picture_works)
{
    struct rig r;
    struct media_result m;

    open_rig(&r);
    struct str good = fixture(&r, "photo.png");

    refused(&r, "png 50000 x 50000", png_bomb(50000, 50000), MEDIA_FOR_POST);
    refused(&r, "png 32767 x 32767", png_bomb(32767, 32767), MEDIA_FOR_POST);
    refused(&r, "png 2^31", png_bomb(0x7fffffff, 1), MEDIA_FOR_POST);
    refused(&r, "png 0 x 0", png_bomb(0, 0), MEDIA_FOR_POST);
    refused(&r, "png 7000 x 4000 of nothing", png_bomb(7000, 4000), MEDIA_FOR_POST);
    refused(&r, "png zTXt", png_text_bomb(), MEDIA_FOR_POST);
    refused(&r, "gif 1000000 frames", gif_bomb(1000000, 1), MEDIA_FOR_POST);
    refused(&r, "gif 1001 frames", gif_bomb(MEDIA_FRAMES_MAX + 1, 8000), MEDIA_FOR_POST);
    assert_int_equal(process(&r, gif_bomb(100000, 1), MEDIA_FOR_AVATAR, &m), ERR_OK);
    assert_int_equal(m.duration_ms, 0);
    refused(&r, "jpeg 65535 x 65535", jpeg_bomb(), MEDIA_FOR_POST);
    refused(&r, "svg", S("<svg xmlns=\"http://www.w3.org/2000/svg\"><script/></svg>"), MEDIA_FOR_POST);
    refused(&r, "html", S("<!DOCTYPE html><script>alert(1)</script>"), MEDIA_FOR_POST);
    refused(&r, "nothing", S(""), MEDIA_FOR_POST);
    refused(&r, "magic alone", (struct str){ "\x89PNG\r\n\x1a\n", 8 }, MEDIA_FOR_POST);
    refused(&r, "sound as avatar", S("fLaC\0\0\0\x22"), MEDIA_FOR_AVATAR);
    refused(&r, "emoji of 300 KB",
        str_cat(unit_mem(), good, (struct str){ arena_alloc(unit_mem(), KB(300), 1), KB(300) }, STR_NONE),
        MEDIA_FOR_EMOJI);
    assert_int_equal(process(&r, good, MEDIA_FOR_POST, &m), ERR_OK);
}

/* Something after the end of the picture does not reach the file we keep. */
UNIT(media_two_formats_in_one_end)
{
    struct rig r;
    struct media_result m;

    open_rig(&r);
    struct str both = str_cat(unit_mem(), fixture(&r, "photo.gif"), S("PK\3\4<script>alert(1)</script>"), STR_NONE);

    assert_int_equal(process(&r, both, MEDIA_FOR_POST, &m), ERR_OK);
    assert_true(str_find(stored(&r, m.file.key), S("<script>")) < 0);
}

UNIT(media_truncated_and_damaged_files)
{
    static const char *const names[] = { "photo.jpg", "photo.png", "photo.webp", "moving.gif", "moving.webp",
        "photo.avif", "photo.heic" };
    struct rig r;
    struct media_result m;
    uint32_t seed = 7;

    open_rig(&r);
    for (size_t i = 0; i < lengthof(names); i++) {
        struct str whole = fixture(&r, names[i]);

        if (whole.n == 0)
            continue;
        /* A moving picture that ends early has fewer frames, and a GIF says nothing of their number. */
        if (!str_eqz(S("moving.gif"), names[i]))
            refused(&r, names[i], str_sub(whole, 0, whole.n / 2), MEDIA_FOR_POST);
        for (size_t k = 1; k < 8; k++) {
            struct arena_mark save = arena_save(unit_mem());
            enum err e = process(&r, str_sub(whole, 0, whole.n * k / 8), MEDIA_FOR_POST, &m);

            assert_true(e == ERR_INVALID || e == ERR_OK);
            arena_restore(unit_mem(), save);
        }
        for (int k = 0; k < 20; k++) {
            struct arena_mark save = arena_save(unit_mem());
            char *p = (char *)(uintptr_t)str_dup(unit_mem(), whole).p;

            for (int flips = 0; flips < 4; flips++) {
                seed = seed * 1664525 + 1013904223;
                p[(seed >> 8) % whole.n] ^= (char)(1 << (seed >> 5 & 7));
            }
            enum err e = process(&r, (struct str){ p, whole.n }, MEDIA_FOR_POST, &m);

            if (e != ERR_INVALID && e != ERR_OK)
                print_error("%s: %s %.*s\n", names[i], err_name(e), STR_ARG(r.ctx.fail.detail));
            assert_true(e == ERR_INVALID || e == ERR_OK);
            arena_restore(unit_mem(), save);
        }
    }
}

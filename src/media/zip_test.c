#include "media/zip.h"

#include "base/date.h"
#include "os/file.h"
#include "unit.h"

#include <string.h>
#include <unistd.h>
#include <zlib.h>

enum { NOW_DAY = (2026 - 1980) << 9 | 1 << 5 | 2, NOW_TIME = 3 << 11 | 4 << 5 | 6 / 2 };

static uint32_t
le(const char *p, size_t n)
{
    uint32_t v = 0;

    for (size_t i = 0; i < n; i++)
        v |= (uint32_t)(unsigned char)p[i] << 8 * i;
    return v;
}

static struct str
whole(int fd)
{
    char *p = arena_vec(unit_mem(), char, MB(1));
    ssize_t n = file_pread(fd, p, MB(1), 0);

    assert_true(n >= 0);
    return (struct str){ p, (size_t)n };
}

static struct zip *
new_zip(int *fd, int64_t max)
{
    struct zip *z;
    int64_t ms = 0;

    *fd = file_temp(NULL);
    assert_true(*fd >= 0 && date_parse(S("2026-01-02T03:04:06Z"), &ms));
    assert_int_equal(zip_open(*fd, max, ms, &z), ERR_OK);
    return z;
}

static enum err
put(struct zip *z, struct str name, struct str bytes, bool pack)
{
    TRY(zip_begin(z, name, pack));
    TRY(zip_write(z, bytes));
    return zip_end(z);
}

/* The entry of the directory at *p against what it must be; its bytes, unpacked. */
static struct str
next_entry(struct str file, const char **p, struct str name)
{
    const char *d = *p, *local = file.p + le(d + 42, 4), *data = local + 30 + name.n;
    size_t packed = le(d + 20, 4), raw = le(d + 24, 4);
    char *out = arena_vec(unit_mem(), char, raw + 1);

    assert_int_equal(le(d, 4), 0x02014b50);
    assert_int_equal(le(local, 4), 0x04034b50);
    assert_memory_equal(local + 4, d + 6, 26); /* version to length of the name: the same in both */
    assert_int_equal(le(d + 14, 2), NOW_DAY);
    assert_int_equal(le(d + 12, 2), NOW_TIME);
    assert_str(((struct str){ d + 46, le(d + 28, 2) }), name.p);
    assert_memory_equal(local + 30, name.p, name.n);
    if (le(d + 10, 2) == 0) {
        assert_int_equal(packed, raw);
        memcpy(out, data, raw);
    } else {
        z_stream s = { .next_in = (unsigned char *)(uintptr_t)data,
            .avail_in = (unsigned)packed,
            .next_out = (unsigned char *)out,
            .avail_out = (unsigned)raw + 1 };

        assert_int_equal(inflateInit2(&s, -MAX_WBITS), Z_OK);
        assert_int_equal(inflate(&s, Z_FINISH), Z_STREAM_END);
        assert_int_equal(s.total_out, raw);
        assert_int_equal(inflateEnd(&s), Z_OK);
    }
    assert_int_equal(le(d + 16, 4), crc32(0, (const unsigned char *)out, (unsigned)raw));
    *p = d + 46 + name.n;
    return (struct str){ out, raw };
}

UNIT(entries_come_out_as_they_went_in)
{
    int fd, from;
    struct zip *z = new_zip(&fd, MB(1));
    char *big = arena_vec(unit_mem(), char, 300000);
    const char *p, *end;
    int64_t bytes;
    struct str file;

    for (size_t i = 0; i < 300000; i++)
        big[i] = (char)(i * i >> 7);
    assert_int_equal(put(z, S("a.json"), S("{\"a\": [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]}"), true), ERR_OK);
    assert_int_equal(zip_begin(z, S("media/f\xc3\xbcr.bin"), true), ERR_OK);
    for (size_t i = 0; i < 300000; i += 30000)
        assert_int_equal(zip_write(z, (struct str){ big + i, 30000 }), ERR_OK);
    assert_int_equal(zip_end(z), ERR_OK);
    assert_int_equal(put(z, S("plain"), S("xyz"), false), ERR_OK);
    assert_int_equal(put(z, S("empty"), S(""), true), ERR_OK);
    from = file_temp(NULL);
    assert_int_equal(file_write_all(from, (struct str){ big, 300000 }), ERR_OK);
    assert_int_equal(zip_file(z, S("copy"), from, 200000), ERR_OK);
    assert_int_equal(zip_finish(z, &bytes), ERR_OK);
    zip_close(z);
    close(from);
    file = whole(fd);
    assert_int_equal(file.n, bytes);
    end = file.p + file.n - 22;
    assert_int_equal(le(end, 4), 0x06054b50);
    assert_int_equal(le(end + 10, 2), 5);
    assert_int_equal(le(end + 12, 4) + le(end + 16, 4) + 22, file.n);
    p = file.p + le(end + 16, 4);
    assert_str(next_entry(file, &p, S("a.json")), "{\"a\": [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]}");
    assert_true(str_eq(next_entry(file, &p, S("media/f\xc3\xbcr.bin")), (struct str){ big, 300000 }));
    assert_str(next_entry(file, &p, S("plain")), "xyz");
    assert_str(next_entry(file, &p, S("empty")), "");
    assert_true(str_eq(next_entry(file, &p, S("copy")), (struct str){ big, 200000 }));
    assert_ptr_equal(p, end);
    close(fd);
}

UNIT(nothing_is_written_beyond_the_limit)
{
    int fd, from;
    struct zip *z = new_zip(&fd, 250);
    int64_t bytes;

    assert_true(zip_fits(z, S("a"), 150) && !zip_fits(z, S("a"), 151));
    assert_int_equal(put(z, S("a"), (struct str){ arena_vec(unit_mem(), char, 150), 150 }, false), ERR_OK);
    assert_false(zip_fits(z, S("b"), 0));
    assert_int_equal(zip_begin(z, S("b"), false), ERR_TOO_LARGE);
    assert_int_equal(zip_finish(z, &bytes), ERR_OK);
    assert_int_equal(bytes, 250);
    zip_close(z);
    z = new_zip(&fd, 250);
    assert_int_equal(zip_begin(z, S("a"), false), ERR_OK);
    assert_int_equal(zip_write(z, (struct str){ arena_vec(unit_mem(), char, 300), 300 }), ERR_TOO_LARGE);
    zip_close(z);
    z = new_zip(&from, 250);
    assert_int_equal(zip_file(z, S("a"), fd, 100), ERR_INTERNAL); /* it has fewer */
    close(from);
    zip_close(z);
    close(fd);
}

/* A disk that takes nothing. */
UNIT(a_file_that_cannot_be_written_is_an_error)
{
    int fd[2];
    struct zip *z;

    assert_int_equal(pipe(fd), 0); /* no pwrite there */
    assert_int_equal(zip_open(fd[1], MB(1), 0, &z), ERR_OK);
    assert_int_equal(zip_begin(z, S("a"), false), ERR_INTERNAL);
    zip_close(z);
    close(fd[0]);
    close(fd[1]);
}

/* ZIP files.  Sizes and checksum of an entry are known at its end, and then written into its header. */
#include "media/zip.h"

#include "base/date.h"
#include "os/file.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

enum {
    LOCAL_BYTES = 30,
    CENTRAL_BYTES = 46,
    END_BYTES = 22,
    SUMS_AT = 14, /* of the checksum and both sizes in a local header */
    NAME_BYTES_MAX = 1000,
    BUFFER_BYTES = 64 * 1024,
    VERSION = 20,
    FLAG_UTF8 = 0x0800,
    STORED = 0,
    DEFLATED = 8,
};

struct entry {
    int64_t at; /* of its local header */
    uint32_t crc;
    int64_t raw, packed;
    bool deflate;
    char name[NAME_BYTES_MAX];
    size_t name_n;
};

struct zip {
    int fd;
    int64_t at, max;
    uint16_t time, day;
    z_stream stream;
    bool in_entry;
    struct entry e;
    unsigned entries;
    char *dir; /* the directory so far */
    size_t dir_n, dir_size;
    unsigned char out[BUFFER_BYTES];
};

static char *
le16(char *p, unsigned v)
{
    p[0] = (char)(v & 0xff);
    p[1] = (char)(v >> 8 & 0xff);
    return p + 2;
}

static char *
le32(char *p, uint64_t v)
{
    return le16(le16(p, (unsigned)(v & 0xffff)), (unsigned)(v >> 16 & 0xffff));
}

static enum err
put_at(const struct zip *z, struct str bytes, int64_t at)
{
    while (bytes.n > 0) {
        ssize_t n = pwrite(z->fd, bytes.p, bytes.n, at);

        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return ERR_INTERNAL;
        bytes = str_sub(bytes, (size_t)n, bytes.n);
        at += n;
    }
    return ERR_OK;
}

static enum err
append(struct zip *z, struct str bytes)
{
    if (z->at + (int64_t)bytes.n + (int64_t)z->dir_n + END_BYTES > z->max)
        return ERR_TOO_LARGE;
    TRY(put_at(z, bytes, z->at));
    z->at += (int64_t)bytes.n;
    return ERR_OK;
}

/* As DOS kept time: two seconds, and years from 1980. */
static void
set_time(struct zip *z, int64_t now_ms)
{
    char iso[DATE_ISO_BYTES];
    int64_t v[6] = { 0 };
    static const unsigned char from[] = { 0, 5, 8, 11, 14, 17 }, to[] = { 4, 7, 10, 13, 16, 19 };

    date_iso_put(iso, now_ms);
    for (size_t i = 0; i < lengthof(v); i++)
        (void)str_int(str_sub((struct str){ iso, sizeof iso }, from[i], to[i]), &v[i]);
    z->time = (uint16_t)(v[3] << 11 | v[4] << 5 | v[5] / 2);
    z->day = (uint16_t)((v[0] < 1980 ? 0 : v[0] - 1980) << 9 | v[1] << 5 | v[2]);
}

enum err
zip_open(int fd, int64_t max, int64_t now_ms, struct zip **out)
{
    struct zip *z = calloc(1, sizeof *z);

    if (z == NULL)
        return ERR_BUSY;
    z->fd = fd;
    z->max = MIN(max, ZIP_BYTES_MAX - 1);
    set_time(z, now_ms);
    if (deflateInit2(&z->stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, -MAX_WBITS, 8, Z_DEFAULT_STRATEGY) != Z_OK) {
        free(z);
        return ERR_BUSY;
    }
    *out = z;
    return ERR_OK;
}

void
zip_close(struct zip *z)
{
    if (z == NULL)
        return;
    (void)deflateEnd(&z->stream);
    free(z->dir);
    free(z);
}

bool
zip_fits(const struct zip *z, struct str name, int64_t bytes)
{
    int64_t heads = LOCAL_BYTES + CENTRAL_BYTES + 2 * (int64_t)name.n + END_BYTES;

    return z->entries < ZIP_ENTRIES_MAX && bytes >= 0 && z->at + (int64_t)z->dir_n + heads + bytes <= z->max;
}

/* What both headers say of an entry, from the flags on. */
static char *
put_common(const struct zip *z, char *p)
{
    const struct entry *e = &z->e;

    p = le16(p, FLAG_UTF8);
    p = le16(p, e->deflate ? DEFLATED : STORED);
    p = le16(p, z->time);
    p = le16(p, z->day);
    p = le32(p, e->crc);
    p = le32(p, (uint64_t)e->packed);
    p = le32(p, (uint64_t)e->raw);
    return le16(p, (unsigned)e->name_n);
}

enum err
zip_begin(struct zip *z, struct str name, bool pack)
{
    char head[LOCAL_BYTES], *p = head;

    CHECK(!z->in_entry && name.n > 0 && name.n <= NAME_BYTES_MAX);
    if (!zip_fits(z, name, 0))
        return ERR_TOO_LARGE;
    z->e = (struct entry){ .at = z->at, .crc = (uint32_t)crc32(0, NULL, 0), .deflate = pack, .name_n = name.n };
    memcpy(z->e.name, name.p, name.n);
    if (deflateReset(&z->stream) != Z_OK)
        return ERR_INTERNAL;
    p = le32(p, 0x04034b50);
    p = le16(p, VERSION);
    p = put_common(z, p);
    le16(p, 0); /* no more fields */
    TRY(append(z, (struct str){ head, sizeof head }));
    TRY(append(z, name));
    z->in_entry = true;
    return ERR_OK;
}

static enum err
pack(struct zip *z, struct str bytes, int flush)
{
    z_stream *s = &z->stream;

    s->next_in = (unsigned char *)(uintptr_t)bytes.p; /* zlib does not write there */
    s->avail_in = (unsigned)bytes.n;
    do {
        struct str got;

        s->next_out = z->out;
        s->avail_out = sizeof z->out;
        if (deflate(s, flush) == Z_STREAM_ERROR)
            return ERR_INTERNAL;
        got = (struct str){ (const char *)z->out, sizeof z->out - s->avail_out };
        z->e.packed += (int64_t)got.n;
        TRY(append(z, got));
    } while (s->avail_out == 0);
    return ERR_OK;
}

enum err
zip_write(struct zip *z, struct str bytes)
{
    CHECK(z->in_entry && bytes.n <= INT32_MAX);
    z->e.crc = (uint32_t)crc32_z(z->e.crc, (const unsigned char *)bytes.p, bytes.n);
    z->e.raw += (int64_t)bytes.n;
    if (z->e.raw >= ZIP_BYTES_MAX)
        return ERR_TOO_LARGE;
    if (z->e.deflate)
        return pack(z, bytes, Z_NO_FLUSH);
    z->e.packed += (int64_t)bytes.n;
    return append(z, bytes);
}

static enum err
add_to_dir(struct zip *z)
{
    size_t need = CENTRAL_BYTES + z->e.name_n;
    char *p;

    if (z->dir_n + need > z->dir_size) {
        size_t size = MAX(z->dir_size * 2, z->dir_n + need + 4096);

        p = realloc(z->dir, size);
        if (p == NULL)
            return ERR_BUSY;
        z->dir = p;
        z->dir_size = size;
    }
    p = z->dir + z->dir_n;
    p = le32(p, 0x02014b50);
    p = le16(p, VERSION);
    p = le16(p, VERSION);
    p = put_common(z, p);
    memset(p, 0, 12); /* no more fields, no comment, first disk, no attributes */
    p = le32(p + 12, (uint64_t)z->e.at);
    memcpy(p, z->e.name, z->e.name_n);
    z->dir_n += need;
    z->entries++;
    return ERR_OK;
}

enum err
zip_end(struct zip *z)
{
    char sums[12];

    CHECK(z->in_entry);
    if (z->e.deflate)
        TRY(pack(z, S(""), Z_FINISH));
    le32(le32(le32(sums, z->e.crc), (uint64_t)z->e.packed), (uint64_t)z->e.raw);
    TRY(put_at(z, (struct str){ sums, sizeof sums }, z->e.at + SUMS_AT));
    z->in_entry = false;
    return add_to_dir(z);
}

enum err
zip_file(struct zip *z, struct str name, int fd, int64_t bytes)
{
    TRY(zip_begin(z, name, false));
    for (int64_t at = 0; at < bytes;) {
        ssize_t n = file_pread(fd, z->out, (size_t)MIN(bytes - at, BUFFER_BYTES), at);

        if (n <= 0)
            return ERR_INTERNAL;
        TRY(zip_write(z, (struct str){ (const char *)z->out, (size_t)n }));
        at += n;
    }
    return zip_end(z);
}

enum err
zip_finish(struct zip *z, int64_t *bytes)
{
    char end[END_BYTES], *p = end;
    int64_t dir_at = z->at;

    CHECK(!z->in_entry);
    p = le32(p, 0x06054b50);
    p = le32(p, 0); /* one disk */
    p = le16(p, z->entries);
    p = le16(p, z->entries);
    p = le32(p, z->dir_n);
    p = le32(p, (uint64_t)dir_at);
    le16(p, 0); /* no comment */
    if (dir_at + (int64_t)z->dir_n + END_BYTES > z->max)
        return ERR_TOO_LARGE;
    TRY(put_at(z, (struct str){ z->dir, z->dir_n }, dir_at));
    TRY(put_at(z, (struct str){ end, sizeof end }, dir_at + (int64_t)z->dir_n));
    z->at += (int64_t)z->dir_n + END_BYTES;
    *bytes = z->at;
    return ERR_OK;
}

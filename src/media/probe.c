/* Magic numbers and the few container headers that need a second look: ISO base media brands, EBML, Ogg.  See probe.h. */
#include "media/probe.h"

struct type_row {
    const char *mime, *ext;
    enum media_kind kind;
};

static const struct type_row types[MT_COUNT] = {
    [MT_JPEG] = { "image/jpeg", "jpg", MEDIA_IMAGE },
    [MT_PNG] = { "image/png", "png", MEDIA_IMAGE },
    [MT_WEBP] = { "image/webp", "webp", MEDIA_IMAGE },
    [MT_GIF] = { "image/gif", "gif", MEDIA_IMAGE },
    [MT_HEIC] = { "image/heic", "heic", MEDIA_IMAGE },
    [MT_AVIF] = { "image/avif", "avif", MEDIA_IMAGE },
    [MT_MP4] = { "video/mp4", "mp4", MEDIA_VIDEO },
    [MT_MOV] = { "video/quicktime", "mov", MEDIA_VIDEO },
    [MT_3GP] = { "video/3gpp", "3gp", MEDIA_VIDEO },
    [MT_WEBM] = { "video/webm", "webm", MEDIA_VIDEO },
    [MT_OGV] = { "video/ogg", "ogv", MEDIA_VIDEO },
    [MT_OGG] = { "audio/ogg", "ogg", MEDIA_AUDIO },
    [MT_MP3] = { "audio/mpeg", "mp3", MEDIA_AUDIO },
    [MT_WAV] = { "audio/wav", "wav", MEDIA_AUDIO },
    [MT_FLAC] = { "audio/flac", "flac", MEDIA_AUDIO },
    [MT_M4A] = { "audio/mp4", "m4a", MEDIA_AUDIO },
    [MT_AAC] = { "audio/aac", "aac", MEDIA_AUDIO },
};

/* What clients may ask for in their file pickers; the aliases are other names of the same formats. */
static const char *const accepted[] = {
    "image/jpeg",
    "image/png",
    "image/gif",
    "image/heic",
    "image/heif",
    "image/webp",
    "image/avif",
    "video/webm",
    "video/mp4",
    "video/quicktime",
    "video/ogg",
    "audio/wave",
    "audio/wav",
    "audio/x-wav",
    "audio/ogg",
    "audio/vorbis",
    "audio/mpeg",
    "audio/mp3",
    "audio/webm",
    "audio/flac",
    "audio/aac",
    "audio/m4a",
    "audio/x-m4a",
    "audio/mp4",
    "audio/3gpp",
};

static const struct {
    const char *at0;
    size_t n0;
    const char *at8; /* RIFF kind, or NULL */
    enum media_type type;
} magic[] = {
    { "\xff\xd8\xff", 3, NULL, MT_JPEG },
    { "\x89PNG\r\n\x1a\n", 8, NULL, MT_PNG },
    { "GIF87a", 6, NULL, MT_GIF },
    { "GIF89a", 6, NULL, MT_GIF },
    { "RIFF", 4, "WEBP", MT_WEBP },
    { "RIFF", 4, "WAVE", MT_WAV },
    { "fLaC", 4, NULL, MT_FLAC },
    { "ID3", 3, NULL, MT_MP3 },
};

static const struct {
    char brand[5];
    enum media_type type;
} brands[] = {
    { "avif", MT_AVIF },
    { "avis", MT_AVIF },
    { "heic", MT_HEIC },
    { "heix", MT_HEIC },
    { "heim", MT_HEIC },
    { "heis", MT_HEIC },
    { "hevc", MT_HEIC },
    { "hevx", MT_HEIC },
    { "mif1", MT_HEIC },
    { "msf1", MT_HEIC },
    { "qt  ", MT_MOV },
    { "M4A ", MT_M4A },
    { "M4B ", MT_M4A },
    { "3gp4", MT_3GP },
    { "3gp5", MT_3GP },
    { "3gp6", MT_3GP },
    { "isom", MT_MP4 },
    { "iso2", MT_MP4 },
    { "iso4", MT_MP4 },
    { "iso5", MT_MP4 },
    { "iso6", MT_MP4 },
    { "mp41", MT_MP4 },
    { "mp42", MT_MP4 },
    { "avc1", MT_MP4 },
    { "dash", MT_MP4 },
    { "M4V ", MT_MP4 },
    { "M4VH", MT_MP4 },
    { "M4VP", MT_MP4 },
    { "MSNV", MT_MP4 },
};

static enum media_type
brand_type(const char *four)
{
    for (size_t i = 0; i < lengthof(brands); i++)
        if (memcmp(four, brands[i].brand, 4) == 0)
            return brands[i].type;
    return MT_NONE;
}

/* ISO/IEC 14496-12, 4.3: size, "ftyp", major brand, minor version, compatible brands. */
static enum media_type
probe_iso(struct str h)
{
    const uint8_t *p = (const uint8_t *)h.p;
    enum media_type t;
    size_t n;

    if (h.n < 16 || memcmp(h.p + 4, "ftyp", 4) != 0)
        return MT_NONE;
    n = (size_t)p[0] << 24 | (size_t)p[1] << 16 | (size_t)p[2] << 8 | p[3];
    if (n < 16)
        return MT_NONE;
    n = MIN(n, h.n);
    t = brand_type(h.p + 8);
    /* mif1 says only "some still image"; the codec stands among the compatible brands.  An unknown major brand is decided there
     * as well. */
    if (t != MT_NONE && memcmp(h.p + 8, "mif1", 4) != 0 && memcmp(h.p + 8, "msf1", 4) != 0)
        return t;
    for (size_t i = 16; i + 4 <= n; i += 4) {
        enum media_type other = brand_type(h.p + i);

        if (other != MT_NONE && memcmp(h.p + i, "mif1", 4) != 0 && memcmp(h.p + i, "msf1", 4) != 0 &&
            (t == MT_NONE || other == MT_AVIF))
            return other;
    }
    return t;
}

/* RFC 8794: the header element's children; DocType (0x4282) must be "webm", as Matroska may hold any codec. */
static enum media_type
probe_ebml(struct str h)
{
    const uint8_t *p = (const uint8_t *)h.p;

    if (h.n < 12 || memcmp(h.p, "\x1a\x45\xdf\xa3", 4) != 0)
        return MT_NONE;
    for (size_t i = 5; i + 7 <= h.n; i++)
        if (p[i] == 0x42 && p[i + 1] == 0x82 && p[i + 2] == 0x84)
            return memcmp(h.p + i + 3, "webm", 4) == 0 ? MT_WEBM : MT_NONE;
    return MT_NONE;
}

/* RFC 3533: one page header of 27 bytes and a segment table, then the first packet, which names the codec. */
static enum media_type
probe_ogg(struct str h)
{
    static const char *const audio[] = { "\x01vorbis", "OpusHead", "\177FLAC", "Speex   " };
    size_t at;

    if (h.n < 28 || memcmp(h.p, "OggS", 4) != 0)
        return MT_NONE;
    at = 27 + (size_t)(uint8_t)h.p[26];
    if (at >= h.n)
        return MT_NONE;
    struct str packet = str_sub(h, at, h.n);

    if (str_starts(packet, S("\x80theora")) || str_starts(packet, S("fishead")))
        return MT_OGV;
    for (size_t i = 0; i < lengthof(audio); i++)
        if (str_starts(packet, str_z(audio[i])))
            return MT_OGG;
    return MT_NONE;
}

/* ISO/IEC 11172-3 frame header (layer III) and ADTS: no magic number, so every reserved value counts against it. */
static enum media_type
probe_mpeg_audio(struct str h)
{
    const uint8_t *p = (const uint8_t *)h.p;

    if (h.n < 4 || p[0] != 0xff)
        return MT_NONE;
    if ((p[1] & 0xf6) == 0xf0) /* ADTS: layer 0; sampling index 13 to 15 are reserved */
        return (p[2] >> 2 & 15) < 13 ? MT_AAC : MT_NONE;
    if ((p[1] & 0xe0) != 0xe0 || (p[1] >> 3 & 3) == 1 || (p[1] >> 1 & 3) != 1)
        return MT_NONE;
    if (p[2] >> 4 == 15 || p[2] >> 4 == 0 || (p[2] >> 2 & 3) == 3)
        return MT_NONE;
    return MT_MP3;
}

enum media_type
media_probe(struct str head)
{
    static enum media_type (*const deeper[])(struct str) = { probe_iso, probe_ebml, probe_ogg, probe_mpeg_audio };

    head.n = MIN(head.n, (size_t)MEDIA_PROBE_BYTES);
    for (size_t i = 0; i < lengthof(magic); i++) {
        if (head.n < magic[i].n0 || memcmp(head.p, magic[i].at0, magic[i].n0) != 0)
            continue;
        if (magic[i].at8 == NULL || (head.n >= 12 && memcmp(head.p + 8, magic[i].at8, 4) == 0))
            return magic[i].type;
    }
    for (size_t i = 0; i < lengthof(deeper); i++) {
        enum media_type t = deeper[i](head);

        if (t != MT_NONE)
            return t;
    }
    return MT_NONE;
}

static const struct type_row *
row(enum media_type t)
{
    return (unsigned)t < MT_COUNT ? &types[t] : &types[MT_NONE];
}

const char *
media_type_mime(enum media_type t)
{
    return row(t)->mime;
}

const char *
media_type_ext(enum media_type t)
{
    return row(t)->ext;
}

enum media_kind
media_type_kind(enum media_type t)
{
    return row(t)->kind;
}

enum media_type
media_type_by_ext(struct str ext)
{
    for (enum media_type t = MT_NONE + 1; t < MT_COUNT; t++)
        if (str_eqz(ext, types[t].ext))
            return t;
    return MT_NONE;
}

const char *
media_mime_accepted(size_t i)
{
    return i < lengthof(accepted) ? accepted[i] : NULL;
}

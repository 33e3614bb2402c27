#include "media/probe.h"

#include "unit.h"

static const struct {
    struct str head;
    enum media_type type;
} heads[] = {
    { { "\xff\xd8\xff\xe0\0\x10JFIF", 10 }, MT_JPEG },
    { { "\x89PNG\r\n\x1a\n\0\0\0\rIHDR", 16 }, MT_PNG },
    { { "GIF89a\1\0\1\0", 10 }, MT_GIF },
    { { "GIF87a\1\0\1\0", 10 }, MT_GIF },
    { { "RIFF\x24\0\0\0WEBPVP8 ", 16 }, MT_WEBP },
    { { "RIFF\x24\0\0\0WAVEfmt ", 16 }, MT_WAV },
    { { "\0\0\0\x18"
        "ftypheic\0\0\0\0mif1heic",
          24 },
        MT_HEIC },
    { { "\0\0\0\x1c"
        "ftypmif1\0\0\0\0mif1avifmiaf",
          28 },
        MT_AVIF },
    { { "\0\0\0\x18"
        "ftypmif1\0\0\0\0mif1heic",
          24 },
        MT_HEIC },
    { { "\0\0\0\x14"
        "ftypavif\0\0\0\0avif",
          20 },
        MT_AVIF },
    { { "\0\0\0\x18"
        "ftypisom\0\0\2\0isomavc1",
          24 },
        MT_MP4 },
    { { "\0\0\0\x14"
        "ftypXXXX\0\0\2\0mp42",
          20 },
        MT_MP4 },
    { { "\0\0\0\x14"
        "ftypqt  \0\0\2\0qt  ",
          20 },
        MT_MOV },
    { { "\0\0\0\x14"
        "ftypM4A \0\0\2\0M4A ",
          20 },
        MT_M4A },
    { { "\0\0\0\x14"
        "ftyp3gp4\0\0\2\0isom",
          20 },
        MT_3GP },
    { { "\x1a\x45\xdf\xa3\x9f\x42\x86\x81\x01\x42\x82\x84webm", 16 }, MT_WEBM },
    { { "fLaC\0\0\0\x22", 8 }, MT_FLAC },
    { { "ID3\x04\0\0\0\0\0\0", 10 }, MT_MP3 },
    { { "\xff\xfb\x90\x64", 4 }, MT_MP3 },
    { { "\xff\xf1\x50\x80", 4 }, MT_AAC },
    { { "OggS\0\2\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\1\x1eOpusHead", 36 }, MT_OGG },
    { { "OggS\0\2\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\1\x1e\1vorbis", 35 }, MT_OGG },
    { { "OggS\0\2\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\1\x2a\x80theora", 35 }, MT_OGV },
    /* what must stay outside */
    { { "", 0 }, MT_NONE },
    { { "<svg xmlns=\"http://www.w3.org/2000/svg\"/>", 41 }, MT_NONE },
    { { "<!DOCTYPE html><script>", 23 }, MT_NONE },
    { { "%PDF-1.7", 8 }, MT_NONE },
    { { "%!PS-Adobe", 10 }, MT_NONE },
    { { "push graphic-context", 20 }, MT_NONE },
    { { "II*\0\x08\0\0\0", 8 }, MT_NONE },
    { { "BM\x46\0\0\0", 6 }, MT_NONE },
    { { "\0\0\1\0\1\0", 6 }, MT_NONE },
    { { "#EXTM3U\n#EXT-X-VERSION:3", 24 }, MT_NONE },
    { { "PK\3\4", 4 }, MT_NONE },
    { { "\x1a\x45\xdf\xa3\xa3\x42\x86\x81\x01\x42\x82\x88matroska", 20 }, MT_NONE },
    { { "\0\0\0\x14"
        "ftypjp2 \0\0\0\0jp2 ",
          20 },
        MT_NONE },
    { { "\0\0\0\x08"
        "ftypisomisomisom",
          20 },
        MT_NONE },
    { { "RIFF\x24\0\0\0AVI LIST", 16 }, MT_NONE },
    { { "\xff\xff\xff\xff", 4 }, MT_NONE },
    { { "\xff\xd8", 2 }, MT_NONE },
};

UNIT(probe_knows_the_table_and_nothing_else)
{
    for (size_t i = 0; i < lengthof(heads); i++) {
        enum media_type got = media_probe(heads[i].head);

        if (got != heads[i].type)
            print_error("row %zu: got %d, want %d\n", i, got, heads[i].type);
        assert_int_equal(got, heads[i].type);
    }
}

/* Each prefix in a block of its exact size, so that a read past the end is seen. */
UNIT(probe_survives_every_truncation)
{
    for (size_t i = 0; i < lengthof(heads); i++)
        for (size_t n = 0; n <= heads[i].head.n; n++) {
            struct str cut = str_dup(unit_mem(), str_sub(heads[i].head, 0, n));
            enum media_type t = media_probe(cut);

            assert_true(t == MT_NONE || t < MT_COUNT);
        }
}

UNIT(probe_rows_are_complete)
{
    for (enum media_type t = MT_NONE + 1; t < MT_COUNT; t++) {
        assert_non_null(media_type_mime(t));
        assert_int_equal(media_type_by_ext(str_z(media_type_ext(t))), t);
        assert_int_not_equal(media_type_kind(t), MEDIA_UNKNOWN);
    }
    assert_null(media_type_mime(MT_NONE));
    assert_null(media_type_mime((enum media_type)999));
    assert_int_equal(media_type_by_ext(S("svg")), MT_NONE);
    assert_int_equal(media_type_by_ext(S("")), MT_NONE);
    assert_string_equal(media_mime_accepted(0), "image/jpeg");
    assert_null(media_mime_accepted(1000));
}

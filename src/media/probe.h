/*
 * What a file is, by its first bytes.  Names, extensions and Content-Type of strangers are never asked.  The table is an
 * allow-list: what is not in it (SVG, PDF, HTML, TIFF, Matroska, …) is MT_NONE and reaches no decoder.
 */
#ifndef MEDIA_PROBE_H
#define MEDIA_PROBE_H

#include "base/str.h"
#include "model/media.h"

enum media_type {
    MT_NONE,
    MT_JPEG,
    MT_PNG,
    MT_WEBP,
    MT_GIF,
    MT_HEIC,
    MT_AVIF,
    MT_MP4,
    MT_MOV,
    MT_3GP,
    MT_WEBM,
    MT_OGV,
    MT_OGG,
    MT_MP3,
    MT_WAV,
    MT_FLAC,
    MT_M4A,
    MT_AAC,
    MT_COUNT
};

/* Enough of a file's beginning to tell. */
enum { MEDIA_PROBE_BYTES = 256 };

/* head: the first MEDIA_PROBE_BYTES of the file, or all of it when shorter; never NULL with n > 0.  Pure. */
enum media_type media_probe(struct str head);

/* Content type ("image/jpeg"), file extension ("jpg") and kind of a type; NULL, NULL, MEDIA_UNKNOWN for MT_NONE and junk. */
const char *media_type_mime(enum media_type t);
const char *media_type_ext(enum media_type t);
enum media_kind media_type_kind(enum media_type t);
/* The type of an extension without dot, as media_type_ext gives it; MT_NONE for all others. */
enum media_type media_type_by_ext(struct str ext);
/* Every content type we accept, for `supported_mime_types`: index from 0; NULL ends. */
const char *media_mime_accepted(size_t i);

#endif

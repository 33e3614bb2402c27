/*
 * Foreign ActivityPub documents as plain JSON: limits, refusals, and the normaliser helpers that the read_*.c are made of.
 * Nothing here trusts anything: see check.h for who may say what.  Rules: FEDERATION.md, "JSON-LD without a processor".
 * Strings of results are views into the document or copies in the arena.  Any thread.
 */
#ifndef AP_READ_H
#define AP_READ_H

#include "ap/vocab.h"
#include "base/err.h"
#include "base/val.h"

struct arena;

enum {
    AP_BODY_BYTES_MAX = 1024 * 1024,
    AP_ADDRESSEES_MAX = 2000,
    AP_TAGS_MAX = 512,
    AP_MENTIONS_MAX = 100,
    AP_ATTACHMENTS_MAX = 16,
    AP_OPTIONS_MAX = 500,
    AP_FIELDS_MAX = 50,
    AP_FIELD_BYTES_MAX = 2047,
    AP_NAME_BYTES_MAX = 2048, /* preferredUsername, name, shortcode */
    AP_SUMMARY_BYTES_MAX = 20 * 1024,
    AP_ALT_BYTES_MAX = 10000,
    AP_ALIASES_MAX = 256,
    AP_KEYS_MAX = 10,
    AP_ITEMS_MAX = 1000, /* of one collection page */
    AP_FLAG_BYTES_MAX = 5000,
};

/* Which @context a document needs. */
enum ap_doc_kind {
    AP_DOC_OBJECT, /* ActivityStreams */
    AP_DOC_KEY,    /* or the contexts of bare keys */
    AP_DOC_ANY,    /* none: parts that came inside another document */
};

/*
 * Bytes to document: size, JSON limits, no member twice, one object at the top, no JSON-LD restructuring anywhere, no core term
 * redefined, the right @context.  *why gets a literal.  Errors: BAD_REQUEST, TOO_LARGE.
 */
NODISCARD enum err ap_doc_parse(
    struct arena *a, struct str bytes, enum ap_doc_kind kind, const struct val **out, const char **why);

/* T, [T] or nothing: how many, and item i (nested arrays are not opened). */
size_t ap_as_count(const struct val *v);
const struct val *ap_as_at(const struct val *v, size_t i);
/* The first item, or the thing itself; &val_null when there is none. */
const struct val *ap_as_one(const struct val *v);
/* STR_NONE when it is empty or longer than URL_BYTES_MAX: strangers fill our tables with what is read here. */
struct str ap_uri_or_none(struct str uri);
/* Id of a reference: string, {id}, {@id}, Link{href}; the first of an array.  STR_NONE when there is none, or a longer one than that. */
struct str ap_as_id(const struct val *v);
/* The embedded object of a reference, or &val_null when it is only an id. */
const struct val *ap_as_node(const struct val *v);
/* Ids of all items, at most max; items without id are left out, doubles too. */
struct strs ap_as_ids(struct arena *a, const struct val *v, size_t max);
/* id or @id of an object. */
struct str ap_id_of(const struct val *obj);
/* First known type of an object ("type" or "@type"). */
enum ap_type ap_type_of(const struct val *obj);
bool ap_has_type(const struct val *obj, enum ap_type t);
/* The type as written when it is not known. */
struct str ap_type_text(const struct val *obj);

struct ap_text {
    struct str text; /* p NULL: absent */
    struct str lang; /* BCP 47, lower-case primary tag; p NULL: unknown */
};
/* Natural-language member: string, {@value}, array, or `name`Map.  Cleaned to valid UTF-8 without NUL. */
struct ap_text ap_as_text(struct arena *a, const struct val *obj, struct str name);
/* Milliseconds; `otherwise` when absent or unreadable.  More than a day in the future of now_ms becomes now_ms. */
int64_t ap_as_time(const struct val *v, int64_t now_ms, int64_t otherwise);
/* 0 … 2^53 from integers, floats and digits in a string; -1 for anything else. */
int64_t ap_as_number(const struct val *v);
/* true, "true", 1. */
bool ap_as_bool(const struct val *v);
/* PT1H2M3.5S in milliseconds, or a plain number of seconds; -1 when unreadable. */
int64_t ap_as_duration_ms(const struct val *v);
/* Absolute http(s) URL of a string or Link, entities of sloppy writers undone; STR_NONE otherwise. */
struct str ap_as_url(struct arena *a, const struct val *v);

/* The html page among urls, when it is on the host of id; else the id. */
struct str ap_page_url(struct arena *a, const struct val *urls, struct str id);
struct buf;
/* Text as HTML: escapes & < > " '. */
void ap_html_put(struct buf *b, struct str text);

struct ap_image {
    struct str url, media_type, alt, blurhash;
    int64_t width, height; /* 0: unknown */
};
/* icon, image: string, Image, Link, arrays of them; the largest one that is an image.  url.p NULL when none. */
struct ap_image ap_as_image(struct arena *a, const struct val *v);

struct ap_emoji {
    struct str shortcode; /* without colons and host */
    struct str id;        /* may be absent */
    struct str url, media_type;
    int64_t updated_ms; /* 0: unknown */
};
/* One tag entry of type Emoji; false when it is unusable. */
bool ap_as_emoji(struct arena *a, const struct val *tag, struct ap_emoji *out);

#endif

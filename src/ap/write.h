/* What every outgoing document needs to know of this server, and the contexts.  Rules: FEDERATION.md, "Documents we serve". */
#ifndef AP_WRITE_H
#define AP_WRITE_H

#include "ap/uri.h"
#include "ap/vocab.h"
#include "base/json.h"

enum { AP_OUT_BYTES_MAX = 4 * 1024 * 1024 };

struct ap_site {
    struct str origin; /* "https://social.example" */
    struct str host;   /* authority of origin */
    struct str domain; /* after the @ of handles */
};

/* "@context" blocks.  Each top-level document begins with one; embedded objects have none. */
enum ap_context {
    AP_CONTEXT_NONE,
    AP_CONTEXT_PLAIN,
    AP_CONTEXT_ACTOR,
    AP_CONTEXT_NOTE,
    AP_CONTEXT_QUOTE,
    AP_CONTEXT_REQUEST,
    AP_CONTEXT_STAMP,
    AP_CONTEXT_FEATURED,
    AP_CONTEXT_SITE,
    AP_CONTEXT_TAG,
    AP_CONTEXT_REACTION,
};
void ap_context_write(struct json *j, enum ap_context which);
/* The same with the terms of an integrity proof. */
void ap_context_write_proof(struct json *j, struct arena *a, enum ap_context which);
/* "to": [], always an array. */
void ap_ids_write(struct json *j, const char *key, struct strs ids);
/* searchableBy (FEP-268d): everybody, or nobody but the author. */
void ap_search_write(struct json *j, struct str author, bool by_all);
/* 2026-01-02T03:04:05.678Z: posts and edits within one second stay in order elsewhere. */
void ap_time_write(struct json *j, struct arena *a, const char *key, int64_t ms);

struct ap_emoji_out {
    int64_t id;
    struct str shortcode, url, media_type;
    int64_t updated_ms;
};
void ap_emoji_write_in(
    struct json *j, struct arena *a, const struct ap_site *site, const struct ap_emoji_out *e, enum ap_context context);
/* Hashtag object; name without #. */
void ap_hashtag_write(struct json *j, struct arena *a, const struct ap_site *site, struct str name);
/* The same as JSON text. */
struct str ap_hashtag_json(struct arena *a, const struct ap_site *site, struct str name);
/* The finished bytes; aborts when something is not closed or AP_OUT_BYTES_MAX was passed. */
struct str ap_json_done(const struct json *j);

#endif

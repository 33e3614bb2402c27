/*
 * JSON (RFC 8259): a strict reader of whole documents into the arena, and an append writer on a buf.
 * https://www.rfc-editor.org/rfc/rfc8259
 */
#ifndef BASE_JSON_H
#define BASE_JSON_H

#include "base/buf.h"
#include "base/err.h"
#include "base/val.h"

/* ---- reading ------------------------------------------------------------------------------------------------- */

enum { JSON_DEPTH_MAX = 32, JSON_NODES_MAX = 50000, JSON_STRING_BYTES_MAX = 512 * 1024 };

struct json_limits { /* 0: the default above */
    size_t depth, nodes, string_bytes;
    bool refuse_duplicates;      /* a member name twice in one object is an error (signed documents) */
    bool refuse_lone_surrogates; /* else each becomes U+FFFD */
};

/*
 * Parse a whole document.  Strings without escapes are views into text; others are decoded into the arena.  Numbers keep
 * their text.  The document must be UTF-8 without a byte order mark, so every string is valid UTF-8; \u0000 gives a NUL byte.
 * depth counts nested arrays and objects, at most 48; nodes counts values; string_bytes bounds each string after decoding.
 * Errors: BAD_REQUEST (not JSON), TOO_LARGE (a limit).  lim may be NULL.  text must live as long as the result.
 */
NODISCARD enum err json_parse(struct arena *a, struct str text, const struct json_limits *lim, const struct val **out);

/* ---- writing ------------------------------------------------------------------------------------------------- */

/* key is NULL inside arrays and for the top value.  Keys are literals of the program.  Nesting is checked by json_done(). */
struct ids; /* base/page.h */

struct json {
    struct buf *b;
    int depth;
    bool member;            /* after json_member(): the next value has its name */
    uint64_t comma, is_obj; /* one bit a level */
};

void json_init(struct json *j, struct buf *b);
void json_obj(struct json *j, const char *key);
void json_arr(struct json *j, const char *key);
void json_end(struct json *j);
/* A string; escapes quotes, backslash, control characters; bytes that are not UTF-8 become U+FFFD. */
void json_str(struct json *j, const char *key, struct str s);
void json_str_or_null(struct json *j, const char *key, struct str s); /* null when s.p is NULL or s.n is 0 */
void json_int(struct json *j, const char *key, int64_t v);
void json_num(struct json *j, const char *key, double v); /* shortest text that reads back; not finite: null */
void json_bool(struct json *j, const char *key, bool v);
void json_null(struct json *j, const char *key);
void json_id(struct json *j, const char *key, int64_t id);         /* as a string */
void json_id_or_null(struct json *j, const char *key, int64_t id); /* null for 0 */
void json_time(struct json *j, const char *key, int64_t ms);       /* 2026-01-02T03:04:05.678Z */
void json_time_or_null(struct json *j, const char *key, int64_t ms);
void json_strs(struct json *j, const char *key, const struct strs *v); /* an array */
void json_ids(struct json *j, const char *key, const struct ids *v);   /* an array, as json_id */
void json_raw(struct json *j, const char *key, struct str json_text);  /* trusted, already JSON */
void json_val(struct json *j, const char *key, const struct val *v);
/* A member whose name is data: the next value is written with a NULL key. */
void json_member(struct json *j, struct str key);
/* Everything closed?  Aborts otherwise.  Returns false when the buffer was full. */
bool json_done(const struct json *j);

#endif

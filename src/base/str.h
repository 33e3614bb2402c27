/* String views: a pointer and a length, not terminated, not owned.  The life time is that of the bytes. */
#ifndef BASE_STR_H
#define BASE_STR_H

#include "base/def.h"

struct arena;

struct str {
    const char *p;
    size_t n;
};

#define N_(text) text /* a text that is translated when it is shown; tools/messages looks for the mark */
#define S(lit) ((struct str){ "" lit "", sizeof(lit) - 1 })
#define STR_ARG(s) (int)(s).n, (s).p /* for "%.*s" */
#define STR_NONE ((struct str){ NULL, 0 })

struct strs { /* a list in somebody's arena */
    struct str *v;
    size_t n;
};

/* Lists: of a few, and those in the order of str_cmp that strs_sort makes. */
bool strs_has(const struct strs *v, struct str s);
void strs_add(struct strs *v, struct str s); /* unless it is there; the caller made room */
void strs_sort(struct strs *v);
bool strs_has_sorted(const struct strs *v, struct str s);
/* One list after the other, up to NULL. */
struct strs strs_cat(struct arena *a, const struct strs *first, ...) SENTINEL;

/* z may be NULL: gives the empty view. */
struct str str_z(const char *z);
/* The bytes [from, to) of s; both are clamped. */
struct str str_sub(struct str s, size_t from, size_t to);

bool str_eq(struct str a, struct str b);
bool str_eqi(struct str a, struct str b); /* ASCII case-insensitive */
bool str_eqz(struct str a, const char *z);
bool str_is_ascii(struct str s);
int str_cmp(struct str a, struct str b); /* by bytes, as memcmp */
bool str_starts(struct str s, struct str prefix);
bool str_startsi(struct str s, struct str prefix);
bool str_ends(struct str s, struct str suffix);
/* Index of the first match, or -1. */
ptrdiff_t str_chr(struct str s, char c);
ptrdiff_t str_rchr(struct str s, char c);
ptrdiff_t str_find(struct str s, struct str needle);
/* Without ASCII white space at both ends. */
struct str str_trim(struct str s);
/* Take the part before the first sep off the front of *rest; false when *rest was used up (p NULL).  "a,,b" gives a, "", b. */
bool str_cut(struct str *rest, char sep, struct str *out);
/* Strict decimal int64 (optional '-'), nothing else around it; false on overflow or junk. */
bool str_int(struct str s, int64_t *out);
/* Seeded hash (SipHash-1-3 with a key drawn at start), safe for tables filled by strangers. */
uint64_t str_hash(struct str s);
/* The same with the two words of a given key: for sums that must not change between processes, such as ETags. */
uint64_t str_hash_keyed(struct str s, const uint64_t key[2]);
/* Constant time in the bytes; for tokens and digests. */
bool str_eq_secret(struct str a, struct str b);

/* Copies into the arena.  str_cz is terminated; an inner NUL byte ends it early, so only for text known to have none. */
struct str str_dup(struct arena *a, struct str s);
const char *str_cz(struct arena *a, struct str s);
struct str str_lower(struct arena *a, struct str s); /* ASCII */
/* printf into the arena.  Not for JSON, HTML, SQL or URLs: those have writers. */
struct str str_fmt(struct arena *a, const char *fmt, ...) PRINTF(2, 3);
/* Concatenate a STR_NONE-terminated list: str_cat(a, x, S("/"), y, STR_NONE). */
struct str str_cat(struct arena *a, ...);

#endif

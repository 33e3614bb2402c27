/*
 * One reader for parameters.  Query, form, multipart and JSON bodies decode into one tree (r->args); a field table fills a struct.
 * `x[]=a&x[]=b`, `x=a&x=b` (when the field is a list), `p[options][]=a`, `f[0][name]=a` and the JSON forms mean the same.
 */
#ifndef HTTP_PARAMS_H
#define HTTP_PARAMS_H

#include "base/page.h"
#include "http/http.h"

enum param_type {
    P_STR, /* struct str; text is valid UTF-8, NUL refused; absent leaves the struct's value (STR_NONE), "" is present and empty */
    P_BOOL, /* bool: true 1 on yes t / false 0 off no f, JSON booleans; anything else INVALID; absent leaves the struct's value */
    P_TRI,  /* int: as P_BOOL, and -1 stays when absent: initialise to -1 */
    P_INT,  /* int64_t within [min, max] */
    P_ID,   /* int64_t: decimal id; junk gives 0 with `junk_ok`, else INVALID */
    P_ENUM, /* int: index in the NULL-terminated list of names in extra; unknown is INVALID */
    P_STRS, /* struct strs, at most max items */
    P_IDS,  /* struct ids, at most max items */
    P_VAL,  /* const struct val *: the untyped member, &val_null when absent */
    P_FILE, /* struct upload: a multipart file part; fd -1 when absent */
};

struct upload {
    struct str name;         /* of the form field */
    struct str filename;     /* base name, cleaned of control and bidi characters, at most 255 bytes */
    struct str content_type; /* as claimed; never trusted */
    struct str bytes;        /* when in memory */
    int fd;                  /* or a temporary file, -1 when not; closed with the request */
    int64_t off, n;          /* where the part lies in fd */
    struct str
        place; /* of a name with brackets: the text in the tree that stands where the file would; else STR_NONE */
};

struct field {
    const char *name;
    enum param_type type;
    size_t offset;
    int64_t min,
        max; /* P_STR: max bytes; P_INT: range; lists: max items, and of P_STRS min is the most bytes of each; 0 and 0: any */
    const char *const *extra;
    bool required; /* absent or empty: INVALID "x can't be blank" */
    bool junk_ok;
};

/* FIELD(post_params, status, P_STR, .max = 5000): the parameter has the member's name; FIELD_AS gives another name. */
#define FIELD(T, member, t, ...)                                                                                       \
    {                                                                                                                  \
        .name = #member, .type = (t), .offset = offsetof(struct T, member), __VA_ARGS__                                \
    }
#define FIELD_AS(T, member, pname, t, ...)                                                                             \
    {                                                                                                                  \
        .name = (pname), .type = (t), .offset = offsetof(struct T, member), __VA_ARGS__                                \
    }

enum { PARAMS_KEYS_MAX = 1000, PARAMS_DEPTH_MAX = 8, PARAMS_TEXT_BYTES_MAX = 4 * 1024 * 1024 };

/*
 * Decode all sources into r->args and r->files, once.  JSON body and form members win over the query.  At most PARAMS_KEYS_MAX keys in
 * query and form, brackets at most PARAMS_DEPTH_MAX deep, PARAMS_TEXT_BYTES_MAX of text; a member that is text here and a list or an
 * object there is refused.  Errors: BAD_REQUEST, TOO_LARGE, MEDIA_TYPE (neither form, multipart nor JSON, or not UTF-8).
 */
NODISCARD enum err params_tree(struct ctx *c, struct req *r);
/*
 * params_tree, then fill *out.  What is absent, null or (all but P_STR, P_STRS) empty leaves the struct's value; a list that is present
 * and empty has v not NULL.  Members of lists and P_VAL may be given as {"0": …, "1": …}.  Errors: INVALID naming the field (422, "Validation
 * failed: Status can't be blank"), as above.
 */
NODISCARD enum err params_read(struct ctx *c, struct req *r, const struct field *fields, size_t n, void *out);
/* The same from any value: job arguments, nested objects. */
NODISCARD enum err params_from_val(struct ctx *c, const struct val *v, const struct field *fields, size_t n, void *out);
/* The same from an object inside r->args, where files may have been sent: "list[0][picture]", "list[][picture]". */
NODISCARD enum err params_from_member(
    struct ctx *c, const struct req *r, const struct val *v, const struct field *fields, size_t n, void *out);

/* Paging: max_id, since_id, min_id (junk is 0), limit (absolute value, clamped to [1, max]; junk is dflt).  Errors as params_tree. */
NODISCARD enum err page_read(struct ctx *c, struct req *r, int64_t dflt, int64_t max, struct page *out);

enum page_style { PAGE_MIN_ID, PAGE_SINCE_ID };
/*
 * The Link header (RFC 8288).  newest and oldest are the cursors of the page's ends, 0 when the page is empty (no header).
 * style says whether prev carries min_id or since_id.  next is sent when always_next or count == limit.  keep: NULL-terminated
 * names of parameters that survive, besides limit.
 */
void page_link(struct ctx *c, struct req *r, const struct page *p, enum page_style style, bool always_next,
    size_t count, int64_t newest, int64_t oldest, const char *const *keep);

/* The same for lists that are paged by offset: next when the page is full, prev when it is not the first. */
void page_link_offset(struct ctx *c, struct req *r, int64_t limit, int64_t offset, size_t count);

#endif

/*
 * Structured field values (RFC 8941): dictionaries, lists, inner lists, items.  Dates and display strings of RFC 9651 are refused.
 * https://www.rfc-editor.org/rfc/rfc8941
 */
#ifndef AP_SF_H
#define AP_SF_H

#include "base/str.h"

enum sf_kind { SF_INT, SF_DECIMAL, SF_STRING, SF_TOKEN, SF_BYTES, SF_BOOL, SF_LIST };

enum { SF_MEMBERS_MAX = 1024, SF_PARAMS_MAX = 256, SF_FIELD_BYTES_MAX = 64 * 1024 };

struct sf_param;

struct sf_item {
    enum sf_kind kind;
    int64_t i;                   /* SF_INT; SF_DECIMAL in thousandths; SF_BOOL */
    struct str s;                /* SF_STRING decoded, SF_TOKEN, SF_BYTES decoded */
    const struct sf_item *items; /* SF_LIST: an inner list */
    size_t n;
    const struct sf_param *params;
    size_t n_params;
};

struct sf_param {
    struct str key;
    struct sf_item value; /* no inner list, no parameters */
};

struct sf_member {
    struct str key;
    struct sf_item value;
};

struct sf_dict {
    const struct sf_member *v;
    size_t n;
};

/* Several fields of one name are joined with ", " before.  false: malformed. */
bool sf_dict_parse(struct arena *a, struct str field, struct sf_dict *out);
bool sf_list_parse(struct arena *a, struct str field, const struct sf_item **out, size_t *n);
bool sf_item_parse(struct arena *a, struct str field, struct sf_item *out);
/* NULL when absent. */
const struct sf_item *sf_get(const struct sf_dict *d, struct str key);
const struct sf_item *sf_param(const struct sf_item *item, struct str key);

struct buf;
/* "…" with escapes; false when s has characters that a string cannot carry. */
bool sf_put_string(struct buf *b, struct str s);
void sf_put_bytes(struct buf *b, struct str bytes);
/* Canonical form of a parsed item or inner list with its parameters. */
void sf_put(struct buf *b, const struct sf_item *item);

#endif

/* Collections and their pages. */
#ifndef AP_READ_COLLECTION_H
#define AP_READ_COLLECTION_H

#include "ap/read.h"

struct ap_collection {
    struct str id;
    enum ap_type type;
    int64_t total;               /* claim; -1: not told */
    struct str first;            /* id of the first page; may be absent: hidden, or items are here */
    const struct val *first_val; /* embedded first page, or &val_null */
    struct str next, part_of, attributed_to;
    const struct val **items; /* as they stand, at most AP_ITEMS_MAX */
    size_t n;
    bool is_page;
};

/* Errors: INVALID with *why (not a collection). */
NODISCARD enum err ap_collection_read(
    struct arena *a, const struct val *doc, struct ap_collection *out, const char **why);

/* QuoteAuthorization and its kin (FEP-044f, FEP-7aa9, GoToSocial). */
struct ap_stamp {
    struct str id, attributed_to, interacting_object, interaction_target;
    enum ap_type type;
};
NODISCARD enum err ap_stamp_read(struct arena *a, const struct val *doc, struct ap_stamp *out, const char **why);

#endif

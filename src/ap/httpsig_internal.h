/* Between the httpsig_*.c only. */
#ifndef AP_HTTPSIG_INTERNAL_H
#define AP_HTTPSIG_INTERNAL_H

#include "ap/httpsig.h"

/* How often the field stands in the request; *out: its values joined with ", ". */
size_t httpsig_header(struct arena *a, const struct ap_sig_request *r, struct str name, struct str *out);
bool httpsig_covers(const struct ap_sig *s, struct str component);
/* The text that is signed; false when a covered field is absent or unknown.  omit_query: (request-target) without it. */
bool httpsig_base(
    struct arena *a, const struct ap_sig_request *r, const struct ap_sig *s, bool omit_query, struct str *out);

#endif

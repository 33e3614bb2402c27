/* Content negotiation of ActivityPub and HTML (RFC 9110, 12.5.1). */
#ifndef AP_ACCEPT_H
#define AP_ACCEPT_H

#include "base/str.h"

enum ap_wants { AP_WANTS_HTML, AP_WANTS_AP };

/* accept may be empty or junk: both count as any type, which gives otherwise. */
enum ap_wants ap_accept(struct str accept, enum ap_wants otherwise);

#endif

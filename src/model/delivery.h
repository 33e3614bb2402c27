/* Where a post went: what its author may know of its deliveries. */
#ifndef MODEL_DELIVERY_H
#define MODEL_DELIVERY_H

#include "base/str.h"

struct host_report { /* all inboxes of one host together */
    int64_t id;      /* of the first row, for paging */
    struct str host;
    int64_t done, waiting, failed; /* messages */
    int64_t tries;                 /* the most of one */
    int64_t next_ms, done_ms;      /* the next try; the last success; 0: none */
    int64_t http_status;           /* the last answer of a failure, 0: none */
    struct str last_error;
};

struct host_reports {
    struct host_report *v;
    size_t n;
};

#endif

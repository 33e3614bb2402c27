/* What export and import share: the columns of each kind. */
#ifndef SERVICE_EXCHANGE_INTERNAL_H
#define SERVICE_EXCHANGE_INTERNAL_H

#include "model/exchange.h"
#include "store/exchange.h"

struct exchange_columns {
    const char *names[EXPORT_CELLS + 1]; /* as Mastodon heads them; NULL ends */
    bool has_head;                       /* does the file begin with the names? */
};
extern const struct exchange_columns exchange_columns[KIND_COUNT];

#endif

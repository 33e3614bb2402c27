/* How much something that may trend was used on one day.  doc/design/trends.md */
#ifndef MODEL_USE_H
#define MODEL_USE_H

#include <stdint.h>

struct use_day {
    int64_t day; /* since 1970, UTC */
    int64_t uses, accounts;
};
enum { USE_DAYS = 7 }; /* that are shown, today first */

#endif

/* Work that goes on after an answer, and that clients ask about. */
#ifndef MODEL_ASYNC_REFRESH_H
#define MODEL_ASYNC_REFRESH_H

#include "base/def.h"

struct async_refresh {
    int64_t id; /* 0: there is none */
    bool done, has_count;
    int64_t result_count;
};

#endif

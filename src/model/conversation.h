/* Direct posts of a thread between the same people, as one of them sees it. */
#ifndef MODEL_CONVERSATION_H
#define MODEL_CONVERSATION_H

#include "base/page.h"
#include "model/status.h"

struct conversation {
    int64_t id, account_id;
    int64_t conversation_id; /* the thread */
    struct ids participants; /* without the account itself */
    struct str participants_key;
    int64_t last_status_id;
    bool unread;
    /* filled */
    struct accounts accounts;
    struct status *last; /* NULL: not visible any more */
};

struct conversations {
    struct conversation *v;
    size_t n;
};

#endif

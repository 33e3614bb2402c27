/* How far people were told of their notifications by mail. */
#ifndef STORE_NOTIFICATION_MAIL_H
#define STORE_NOTIFICATION_MAIL_H

#include "base/ctx.h"
#include "base/page.h"

struct mail_progress {
    int64_t upto_id; /* notifications up to this one need no mail */
    int64_t sent_ms; /* the last mail; 0: never */
    int64_t day;     /* since 1970, of sent_today */
    int64_t sent_today;
};

/* All 0 for who never got one. */
NODISCARD enum err store_mail_progress(struct ctx *c, int64_t user_id, struct mail_progress *out);
NODISCARD enum err store_mail_progress_put(struct ctx *c, int64_t user_id, const struct mail_progress *p);
/* Of these accounts, those whose user waits for approval. */
NODISCARD enum err store_accounts_waiting(struct ctx *c, const struct ids *accounts, struct ids *out);

#endif

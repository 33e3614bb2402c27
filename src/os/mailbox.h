/*
 * Mailbox: many threads send, one thread takes.  Messages are intrusive (a struct mail inside the sender's struct), so
 * sending never allocates and never fails; a send passes ownership.  The reader polls fd, which is readable while mail waits.
 */
#ifndef OS_MAILBOX_H
#define OS_MAILBOX_H

#include "base/err.h"

#include <stdatomic.h>

struct mail {
    struct mail *next; /* owned by the mailbox between send and take */
};

struct mailbox {
    _Atomic(struct mail *) head; /* newest first */
    int fd;                      /* eventfd */
};

/* Errors: INTERNAL (no descriptor). */
NODISCARD enum err mailbox_init(struct mailbox *m);
/* No sender may be left.  Mail still inside is the owner's to take first. */
void mailbox_done(struct mailbox *m);
/* Any thread. */
void mailbox_send_take(struct mailbox *m, struct mail *mail);
/* The one reader: all waiting mail, oldest first, linked by next; NULL when none.  Clears fd. */
struct mail *mailbox_take_all(struct mailbox *m);

#endif

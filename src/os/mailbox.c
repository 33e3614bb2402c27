/* A stack that is pushed with compare-and-swap and emptied as a whole, so that the ABA problem cannot arise. */
#include "os/mailbox.h"

#include <errno.h>
#include <sys/eventfd.h>
#include <unistd.h>

enum err
mailbox_init(struct mailbox *m)
{
    atomic_init(&m->head, NULL);
    m->fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    return m->fd < 0 ? ERR_INTERNAL : ERR_OK;
}

void
mailbox_done(struct mailbox *m)
{
    CHECK(atomic_load(&m->head) == NULL);
    if (m->fd >= 0)
        close(m->fd);
    m->fd = -1;
}

void
mailbox_send_take(struct mailbox *m, struct mail *mail)
{
    struct mail *old = atomic_load_explicit(&m->head, memory_order_relaxed);
    uint64_t one = 1;

    do
        mail->next = old;
    while (!atomic_compare_exchange_weak_explicit(&m->head, &old, mail, memory_order_acq_rel, memory_order_relaxed));
    /* Only the first message into an empty box wakes the reader: it clears fd before it takes everything. */
    if (old == NULL)
        while (write(m->fd, &one, sizeof(one)) < 0 && errno == EINTR)
            ;
}

struct mail *
mailbox_take_all(struct mailbox *m)
{
    struct mail *newest, *oldest = NULL;
    uint64_t n;

    while (read(m->fd, &n, sizeof(n)) < 0 && errno == EINTR)
        ;
    newest = atomic_exchange_explicit(&m->head, NULL, memory_order_acq_rel);
    while (newest != NULL) {
        struct mail *next = newest->next;

        newest->next = oldest;
        oldest = newest;
        newest = next;
    }
    return oldest;
}

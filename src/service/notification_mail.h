/*
 * Notifications by mail, for people who are away.  What happens while somebody may still be looking waits; then one mail tells of all
 * of it that was not read, at most one an hour and MAILS_A_DAY a day.  doc/design/mail.md
 */
#ifndef SERVICE_NOTIFICATION_MAIL_H
#define SERVICE_NOTIFICATION_MAIL_H

#include "base/ctx.h"
#include "model/notification.h"

enum {
    MAILS_A_DAY = 12,             /* to one person, by UTC */
    NOTIFICATION_MAIL_LINES = 20, /* in one mail, the oldest; the rest is counted */
};

/* In a write transaction, of what the policy lets through: a job when the reader wants mail about that kind. */
NODISCARD enum err service_notification_mail_put(struct ctx *c, const struct notification *n);

/*
 * The job J_MAIL_NOTIFICATIONS, in two steps around the view: open makes the reader c->who, and puts the job again when it is too early;
 * sent notes that the mail went out, or that the relay does not take it.  NOT_FOUND: this user gets no mail.
 */
NODISCARD enum err service_notification_mail_open(struct ctx *c, int64_t user_id, struct notification_mail *out);
NODISCARD enum err service_notification_mail_sent(struct ctx *c, int64_t user_id, int64_t upto_id);

/* With the token of any mail: none about notifications any more.  Again is fine.  NOT_FOUND: no such token. */
NODISCARD enum err service_notification_mail_end(struct ctx *c, struct str token);

#endif

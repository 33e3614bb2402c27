/*
 * Subscriptions by mail: people without an account get the public posts of somebody who wants that, on a server that permits it (setting
 * email_subscriptions, and a relay).  An address gets nothing but one question before it has said yes, and no more than a mail an hour.
 * doc/design/mail.md
 */
#ifndef SERVICE_SUBSCRIPTION_H
#define SERVICE_SUBSCRIPTION_H

#include "base/ctx.h"
#include "model/status.h"
#include "service/user.h"

enum {
    WAITING_MAX = 5000,          /* asked, and not yet forgotten */
    SUBSCRIBERS_MAX = 1000,      /* of one account, who said yes */
    SUBSCRIPTION_POSTS_MAX = 20, /* in one mail, the newest */
};

/*
 * Ask the address whether it wants the posts of that account.  The same for one that gets them already, so that nobody learns who does.
 * errors  NOT_FOUND: no account of ours that wants subscribers; INVALID with *why (n > 0), or with a public text: there are too many
 */
NODISCARD enum err service_subscription_ask(
    struct ctx *c, int64_t account_id, struct str email, struct sign_up_problems *why);
/* With the token of the mail; again is fine.  NOT_FOUND: no such token, or it was not used for a week. */
NODISCARD enum err service_subscription_confirm(struct ctx *c, struct str token);
/* With the token of any mail; again is fine.  NOT_FOUND: no such token. */
NODISCARD enum err service_subscription_end(struct ctx *c, struct str token);

/* A filled post of ours was published: put J_MAIL_POSTS when subscribers get it.  Opens a transaction. */
NODISCARD enum err service_subscription_published(struct ctx *c, const struct status *s);
/* The job J_MAIL_POSTS: put a mail for everybody whose turn it is, and the job again for those who wait for their hour. */
NODISCARD enum err service_subscription_send(struct ctx *c, int64_t account_id);

/* What a mail says.  NOT_FOUND: it is not wanted any more, or nothing of it is there. */
struct subscription_mail {
    struct str to, locale, acct; /* acct: "alice@a.test" */
    struct str link;             /* to confirm; empty in a mail with posts */
    struct str unsubscribe;
    struct statuses posts; /* oldest first */
    struct str *texts;     /* of each in plain; its content warning instead when it has one */
};
/* upto 0: the question; else the posts with after < id <= upto, as anybody may read them now. */
NODISCARD enum err service_subscription_mail(
    struct ctx *c, int64_t id, int64_t after, int64_t upto, struct subscription_mail *out);

#endif

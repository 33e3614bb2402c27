/* What the files about users share. */
#ifndef SERVICE_USER_INTERNAL_H
#define SERVICE_USER_INTERNAL_H

#include "base/ctx.h"
#include "model/account.h"
#include "model/user.h"

/* Must e-mail addresses be confirmed?  Not without a relay to send mail through. */
bool service_user_confirms(const struct ctx *c);
/* In a write transaction: queue a mail; its one-time token is made when it is sent, so that no secret waits in the table of jobs. */
NODISCARD enum err service_user_mail(struct ctx *c, const struct user *u, const char *template, struct str to);
/* The same to somebody whose row is deleted in this transaction. */
NODISCARD enum err service_user_mail_last(
    struct ctx *c, const struct user *u, const char *template, struct str username);
#define USER_MAIL_CONFIRM "confirm"
#define USER_MAIL_RESET "reset"
#define USER_MAIL_APPROVED "approved"
#define USER_MAIL_PASSWORD "password_changed"
#define USER_MAIL_EMAIL "email_new"         /* to the new address: confirm it */
#define USER_MAIL_EMAIL_OLD "email_old"     /* to the old one: somebody wants another */
#define USER_MAIL_EMAIL_TAKEN "email_taken" /* to who has it already: somebody wanted it */
#define USER_MAIL_ARCHIVE "archive_ready"
#define USER_MAIL_DELETED "account_deleted"
#define USER_MAIL_PASSKEY "passkey_added"
#define USER_MAIL_LOGIN "new_login"
/* The same about a log-in. */
NODISCARD enum err service_user_mail_login(struct ctx *c, const struct user *u, int64_t login_id);
/* In a write transaction: those who look after people hear of somebody new, once the address is known to be theirs. */
NODISCARD enum err service_user_announce(struct ctx *c, const struct user *u);
/* In a write transaction: every session and every token but one (0: none stays) of a user whose secret changed. */
NODISCARD enum err service_user_end_all(struct ctx *c, int64_t user_id, int64_t but_session, int64_t but_token);
/* The same for the user whose account that is; nothing for accounts of others. */
NODISCARD enum err service_user_end_account(struct ctx *c, const struct account *a);

#endif

/* Users: sign-up, log-in, passwords, second factor, sessions, e-mail. */
#ifndef SERVICE_USER_H
#define SERVICE_USER_H

#include "base/ctx.h"
#include "model/account.h"
#include "model/login.h"
#include "model/user.h"

struct val;

struct sign_up {
    struct str username, email, password, reason, locale, date_of_birth;
    struct str invite; /* a code; one that is no longer valid counts as none */
    bool agreement;
    struct str ip;
    int64_t app_id;
    /* for the command line */
    bool confirmed, approved, by_admin;
    int64_t role_id;
};
/* Why each field is refused: field, code (ERR_TAKEN …), text; at most 16. */
struct sign_up_problem {
    const char *field, *code, *text;
};
struct sign_up_problems {
    struct sign_up_problem v[16];
    size_t n;
};
/*
 * Check, make user, account and membership, queue the confirmation mail, tell the admins.  Errors: INVALID with *why filled
 * (n > 0), FORBIDDEN (registrations are closed), BUSY (passwords).
 */
NODISCARD enum err service_user_sign_up(
    struct ctx *c, const struct sign_up *s, struct sign_up_problems *why, struct user **out);
/* What is wrong with a new password, as in sign_up_problem, and its code; NULL when nothing is. */
const char *service_user_password_problem(struct str password, const char **code);
/* Args of the job J_SEND_MAIL to what the mail says.  Makes the one-time token of its link.  NOT_FOUND: the user is gone. */
struct user_mail {
    struct str template, to, locale, username, link;
    struct login login; /* that it is about; id 0: about none */
};
NODISCARD enum err service_user_mail_open(struct ctx *c, const struct val *args, struct user_mail *out);

/* A new address of somebody who had one ends all sessions but keep_session, and all tokens.  NOT_FOUND. */
NODISCARD enum err service_user_confirm(struct ctx *c, struct str token, int64_t keep_session, struct user **out);
NODISCARD enum err service_user_confirm_again(struct ctx *c, struct str new_email);
/* no: the account is deleted. */
NODISCARD enum err service_user_approve(struct ctx *c, int64_t id, bool yes);

/* For operators: by id; by name or e-mail (NOT_FOUND with a public text); pages of users and the accounts they speak through. */
NODISCARD enum err service_user_get(struct ctx *c, int64_t id, struct user **out);
NODISCARD enum err service_user_find(struct ctx *c, struct str name, struct user **out, struct account **account);
NODISCARD enum err service_user_list(
    struct ctx *c, int64_t after_id, int64_t limit, struct users *out, struct accounts *accounts);
struct user_change {
    struct str email, role; /* empty: unchanged; role "none" takes it away */
    bool confirm, approve, no_totp;
    int disable;                      /* -1: unchanged */
    int64_t keep_session, keep_token; /* what does not end with the others */
};
/* A new address, a login that is disabled and a second factor that is removed end all sessions and tokens. */
NODISCARD enum err service_user_change(struct ctx *c, int64_t id, const struct user_change *ch);
NODISCARD enum err service_role_find(struct ctx *c, struct str name, int64_t *id);

/* Same time for unknown e-mails.  UNAUTHORIZED, *out NULL when the e-mail is unknown; *needs_totp when the password is right and a code is missing or wrong. */
NODISCARD enum err service_user_log_in(
    struct ctx *c, struct str email, struct str password, struct str code, bool *needs_totp, struct user **out);
/*
 * Log-in in two steps: the ticket says "the password of this user was right", for ten minutes and as long as it is that password; INVALID
 * when it is too old or no ticket.  use_code takes a one-time or a backup code, once.
 */
NODISCARD enum err service_user_ticket(struct ctx *c, const struct user *u, struct str *out);
NODISCARD enum err service_user_ticket_open(struct ctx *c, struct str ticket, struct user **out);
NODISCARD enum err service_user_use_code(struct ctx *c, int64_t id, struct str code, bool *ok);
/* Ends all sessions but keep_session, and all tokens but keep_token.  INVALID with a public text. */
NODISCARD enum err service_user_set_password(
    struct ctx *c, int64_t id, struct str password, int64_t keep_session, int64_t keep_token);
NODISCARD enum err service_user_request_reset(struct ctx *c, struct str email); /* always OK */
NODISCARD enum err service_user_reset(struct ctx *c, struct str token, struct str password);

/* ---- user_own.c: what people do about their own log-in; c->who is who acts ---- */

/*
 * Another address.  With a relay for mail it waits for the link that is sent there (true in *waits) and the old address is told; without
 * one it counts at once, ends all sessions and all tokens but the caller's, and must be free (CONFLICT).  Otherwise nothing says that an
 * address is somebody else's: who has it gets a mail instead.  FORBIDDEN (password), INVALID with public texts.
 */
NODISCARD enum err service_user_email_change(struct ctx *c, struct str email, struct str password, bool *waits);
NODISCARD enum err service_user_email_again(struct ctx *c); /* the link once more; NOT_FOUND: none waits */
NODISCARD enum err service_user_email_cancel(struct ctx *c);
/*
 * Leave: the log-in is gone with the commit, the account is hidden, and a job deletes all of it and asks other servers to do so.  code: of
 * the second factor, when there is one.  FORBIDDEN with public texts.
 */
NODISCARD enum err service_user_leave(struct ctx *c, struct str password, struct str code);

/* Is that the password of this user?  FORBIDDEN with a public text. */
NODISCARD enum err service_user_check_password(struct ctx *c, int64_t id, struct str password);
NODISCARD enum err service_user_totp_begin(struct ctx *c, int64_t id, struct str *secret, struct str *uri);
/* Ends all sessions but keep_session, and all tokens but keep_token. */
NODISCARD enum err service_user_totp_enable(struct ctx *c, int64_t id, int64_t keep_session, int64_t keep_token,
    struct str secret, struct str code, struct strs *backup_codes);
NODISCARD enum err service_user_backup_codes_left(struct ctx *c, int64_t id, int64_t *n);
NODISCARD enum err service_user_totp_disable(struct ctx *c, int64_t id, int64_t keep_session, int64_t keep_token);

/* Web sessions: the cookie's value is the token; only its hash is stored. */
/* u: as it was when it was proven; UNAUTHORIZED when it has another password, or was disabled, since. */
NODISCARD enum err service_session_begin(
    struct ctx *c, const struct user *u, struct str user_agent, struct str ip, struct str *token);
NODISCARD enum err service_session_use(
    struct ctx *c, struct str token, struct str ip, struct session **s, struct user **u); /* NOT_FOUND */
NODISCARD enum err service_session_list(struct ctx *c, int64_t user_id, struct sessions *out);
NODISCARD enum err service_session_end(struct ctx *c, int64_t user_id, int64_t id);
/* All sessions and tokens. */
NODISCARD enum err service_session_end_all(struct ctx *c, int64_t user_id);

#endif

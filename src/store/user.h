/* Users, memberships, web sessions, mail tokens, backup codes. */
#ifndef STORE_USER_H
#define STORE_USER_H

#include "base/ctx.h"
#include "base/page.h"
#include "model/user.h"

/* With role and default account.  NOT_FOUND. */
NODISCARD enum err store_user_get(struct ctx *c, int64_t id, struct user **out);
NODISCARD enum err store_user_by_email(struct ctx *c, struct str email, struct user **out);
/* The user whose default account it is. */
NODISCARD enum err store_user_by_account(struct ctx *c, int64_t account_id, struct user **out);
NODISCARD enum err store_user_list(struct ctx *c, int64_t after_id, int64_t limit, struct users *out);
NODISCARD enum err store_user_insert(struct ctx *c, const struct user *u); /* CONFLICT: e-mail taken */
/* One by id, to write it: as store_account_hold, and after that. */
NODISCARD enum err store_user_hold(struct ctx *c, int64_t id, struct user **out);
/* Everything but id and created_ms.  The row is held by this transaction; INTERNAL otherwise.  CONFLICT: e-mail taken. */
NODISCARD enum err store_user_update(struct ctx *c, const struct user *u);
/* The same password with a better hash; *done false when the old one is not its hash any more. */
NODISCARD enum err store_user_rehash(struct ctx *c, int64_t id, struct str old, struct str hash, bool *done);
/* Note a one-time code as used; *first is false when it or a later one was used before. */
NODISCARD enum err store_user_totp_step(struct ctx *c, int64_t id, int64_t step, bool *first);
/* Of the time from begin_ms to end_ms: who signed up, who was last seen then, and posts of ours. */
NODISCARD enum err store_user_activity(
    struct ctx *c, int64_t begin_ms, int64_t end_ms, int64_t *registrations, int64_t *logins, int64_t *statuses);
/* Accounts of administrators and of whoever has that permission (enum role_permission). */
NODISCARD enum err store_user_staff(struct ctx *c, int64_t permission, struct ids *out);
NODISCARD enum err store_user_delete(struct ctx *c, int64_t id);
NODISCARD enum err store_user_touch(struct ctx *c, int64_t id, int64_t ms);
NODISCARD enum err store_role_by_name(struct ctx *c, struct str name, struct role *out); /* NOT_FOUND; any case */
NODISCARD enum err store_membership_put(
    struct ctx *c, int64_t user_id, int64_t account_id, enum member_role role, bool is_default);
/* Users waiting for confirmation since before ms, and their accounts. */
NODISCARD enum err store_user_unconfirmed(struct ctx *c, int64_t before_ms, int64_t limit, struct ids *out);

NODISCARD enum err store_mail_token_put(
    struct ctx *c, struct str hash, int64_t user_id, enum mail_token_purpose p, struct str email, int64_t expires_ms);
/* Those that ended before so. */
NODISCARD enum err store_mail_token_prune(struct ctx *c, int64_t before_ms);
/* Takes it: works once.  NOT_FOUND when unknown, used or expired. */
NODISCARD enum err store_mail_token_take(
    struct ctx *c, struct str hash, enum mail_token_purpose p, int64_t *user_id, struct str *email);

NODISCARD enum err store_session_insert(struct ctx *c, const struct session *s, struct str hash);
NODISCARD enum err store_session_by_hash(
    struct ctx *c, struct str hash, int64_t used_after_ms, struct session **out); /* NOT_FOUND */
NODISCARD enum err store_session_touch(struct ctx *c, int64_t id, int64_t ms, struct str ip);
NODISCARD enum err store_session_list(struct ctx *c, int64_t user_id, struct sessions *out);
NODISCARD enum err store_session_delete(struct ctx *c, int64_t user_id, int64_t id, bool *removed);
NODISCARD enum err store_session_delete_all(struct ctx *c, int64_t user_id, int64_t but_id);
NODISCARD enum err store_session_prune(struct ctx *c, int64_t before_ms);

NODISCARD enum err store_backup_codes_set(struct ctx *c, int64_t user_id, const struct strs *hashes);
NODISCARD enum err store_backup_codes_left(struct ctx *c, int64_t user_id, int64_t *n);
NODISCARD enum err store_backup_code_take(struct ctx *c, int64_t user_id, struct str hash, bool *ok);

#endif

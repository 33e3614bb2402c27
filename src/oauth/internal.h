/*
 * What the pages share: the session behind the cookie, the token that proves that a form is ours, and how a page is sent.
 *
 * The session's cookie is HttpOnly and SameSite=Lax; every POST carries the CSRF token in `csrf_token` besides.  Without a session the
 * token lives in a cookie of its own, so that logging in is protected too.
 */
#ifndef OAUTH_INTERNAL_H
#define OAUTH_INTERNAL_H

#include "http/params.h"
#include "http/route.h"
#include "model/login.h"
#include "model/user.h"

/* In r->group, made by the group's before hook. */
struct web {
    struct session *session; /* NULL: nobody is logged in */
    struct user *user;       /* with session */
    struct str csrf;
    bool csrf_is_new; /* goes into the cookie with the next page */
};

extern const struct route_group oauth_pages; /* HTML; WHO_USER asks for a session and sends others to the log-in */
struct web *oauth_web(const struct req *r);

/* Log a user in: a new session, never one from before. */
NODISCARD enum err oauth_session_begin(struct ctx *c, struct req *r, const struct user *u);
void oauth_session_forget(struct ctx *c, struct req *r);
/*
 * The rest of a log-in that proved right: a session and the way on, or why not.  The pages of it: the first form, and the one that asks
 * for the second factor of the user of a ticket.
 */
NODISCARD enum err oauth_sign_in_finish(struct ctx *c, struct req *r, const struct user *u, enum login_method how);
/* For the history of this user's log-ins; user_id 0: nobody has that address, and it takes as long. */
NODISCARD enum err oauth_sign_in_note(
    struct ctx *c, struct req *r, int64_t user_id, enum login_method how, bool success);
NODISCARD enum err oauth_sign_in_form(struct ctx *c, struct req *r, int status, struct str error);
NODISCARD enum err oauth_sign_in_code_form(
    struct ctx *c, struct req *r, int status, const struct user *u, struct str ticket, struct str error);
/* What somebody new waits for; also without a session, after the address was confirmed in another browser. */
NODISCARD enum err oauth_welcome_page(struct ctx *c, struct req *r, const struct user *u);
/* Why this user may not act, as the page says it; STR_NONE when nothing stands against it. */
struct str oauth_why_not(struct ctx *c, const struct user *u);

/* A page: begin, add members to j, send.  The text of a member is escaped by the template. */
struct page_out {
    struct buf b;
    struct json j;
};
void oauth_page_begin(struct ctx *c, struct req *r, struct page_out *p);
NODISCARD enum err oauth_page_send(struct ctx *c, struct req *r, struct page_out *p, int status, const char *template);
/* The same for a page that may post to and come back from somebody else's address. */
void oauth_page_allow_form(struct ctx *c, struct req *r, struct str source);
/* The same for a page that asks for a passkey: it runs static/passkey.js. */
void oauth_page_allow_passkey(struct ctx *c, struct req *r);
/* A page with a heading and one sentence (both in English, translated here). */
NODISCARD enum err oauth_page_message(struct ctx *c, struct req *r, int status, struct str heading, struct str text);
/* What went wrong, as such a page; whoever is asked for a log-in that is not there goes to it. */
void oauth_on_error(struct ctx *c, struct req *r, enum err e);

/* A parameter of query or form as text; "" when absent or not text.  After params_tree. */
struct str oauth_arg(const struct req *r, const char *name);
/* path?return_to=… */
struct str oauth_with_return(struct ctx *c, struct str path, struct str return_to);

enum err oauth_authorize_get(struct ctx *c, struct req *r);
enum err oauth_invite_get(struct ctx *c, struct req *r);
enum err oauth_authorize_delete(struct ctx *c, struct req *r);
enum err oauth_moving_get(struct ctx *c, struct req *r);
enum err oauth_alias_post(struct ctx *c, struct req *r);
enum err oauth_alias_end_post(struct ctx *c, struct req *r);
enum err oauth_move_post(struct ctx *c, struct req *r);
enum err oauth_move_undo_post(struct ctx *c, struct req *r);
enum err oauth_interact_get(struct ctx *c, struct req *r);
enum err oauth_interact_post(struct ctx *c, struct req *r);
enum err oauth_change_password_get(struct ctx *c, struct req *r);
enum err oauth_authorize_post(struct ctx *c, struct req *r);
enum err oauth_native_get(struct ctx *c, struct req *r);
enum err oauth_token_post(struct ctx *c, struct req *r);
enum err oauth_revoke_post(struct ctx *c, struct req *r);
enum err oauth_metadata_get(struct ctx *c, struct req *r);
enum err oauth_sign_in_get(struct ctx *c, struct req *r);
enum err oauth_sign_in_post(struct ctx *c, struct req *r);
enum err oauth_sign_in_code_post(struct ctx *c, struct req *r);
enum err oauth_passkey_post(struct ctx *c, struct req *r);
enum err oauth_sign_in_passkey_post(struct ctx *c, struct req *r);
enum err oauth_sign_out_post(struct ctx *c, struct req *r);
enum err oauth_sign_up_get(struct ctx *c, struct req *r);
enum err oauth_sign_up_post(struct ctx *c, struct req *r);
enum err oauth_confirmation_get(struct ctx *c, struct req *r);
enum err oauth_confirmation_post(struct ctx *c, struct req *r);
enum err oauth_subscription_get(struct ctx *c, struct req *r);
enum err oauth_subscription_post(struct ctx *c, struct req *r);
extern const struct route_group
    oauth_one_click; /* HTML without session, cookie or proof: the token in the address is one */
enum err oauth_unsubscribe_get(struct ctx *c, struct req *r);
enum err oauth_unsubscribe_post(struct ctx *c, struct req *r);
enum err oauth_no_mails_get(struct ctx *c, struct req *r);
enum err oauth_no_mails_post(struct ctx *c, struct req *r);
enum err oauth_remote_follow_get(struct ctx *c, struct req *r);
enum err oauth_remote_follow_post(struct ctx *c, struct req *r);
enum err oauth_welcome_get(struct ctx *c, struct req *r);
enum err oauth_welcome_again_post(struct ctx *c, struct req *r);
enum err oauth_forgot_get(struct ctx *c, struct req *r);
enum err oauth_forgot_post(struct ctx *c, struct req *r);
enum err oauth_reset_get(struct ctx *c, struct req *r);
enum err oauth_reset_post(struct ctx *c, struct req *r);
enum err oauth_sessions_get(struct ctx *c, struct req *r);
enum err oauth_session_end_post(struct ctx *c, struct req *r);
enum err oauth_app_end_post(struct ctx *c, struct req *r);
enum err oauth_security_get(struct ctx *c, struct req *r);
enum err oauth_totp_post(struct ctx *c, struct req *r);
enum err oauth_totp_off_post(struct ctx *c, struct req *r);
enum err oauth_password_post(struct ctx *c, struct req *r);
enum err oauth_email_post(struct ctx *c, struct req *r);
enum err oauth_email_again_post(struct ctx *c, struct req *r);
enum err oauth_email_cancel_post(struct ctx *c, struct req *r);
enum err oauth_archive_get(struct ctx *c, struct req *r);
enum err oauth_leave_get(struct ctx *c, struct req *r);
enum err oauth_leave_post(struct ctx *c, struct req *r);

#endif

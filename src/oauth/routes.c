/* The tables: pages with a session, and endpoints for programs. */
#include "oauth/internal.h"
#include "oauth/oauth.h"

enum { FORM = 64 * 1024, SIGN_UP_FORM = 2 * 1024 * 1024 };

#define PAGE(path, handler, who_may)                                                                                   \
    {                                                                                                                  \
        .method = HTTP_GET, .pattern = path, .fn = handler, .who = who_may, .rate = RATE_API                           \
    }
#define POST(path, handler, who_may, class)                                                                            \
    {                                                                                                                  \
        .method = HTTP_POST, .pattern = path, .fn = handler, .who = who_may, .rate = class, .body_max = FORM           \
    }

static struct route pages[] = {
    PAGE("/oauth/authorize", oauth_authorize_get, WHO_ANYONE),
    POST("/oauth/authorize", oauth_authorize_post, WHO_USER, RATE_API),
    { .method = HTTP_DELETE,
        .pattern = "/oauth/authorize",
        .fn = oauth_authorize_delete,
        .who = WHO_USER,
        .rate = RATE_API,
        .body_max = FORM },
    PAGE("/oauth/authorized_applications", oauth_sessions_get, WHO_USER),
    { .method = HTTP_DELETE,
        .pattern = "/oauth/authorized_applications/:id",
        .fn = oauth_app_end_post,
        .who = WHO_USER,
        .rate = RATE_API,
        .body_max = FORM },
    PAGE("/oauth/authorize/native", oauth_native_get, WHO_USER),
    PAGE("/authorize_interaction", oauth_interact_get, WHO_USER),
    POST("/authorize_interaction", oauth_interact_post, WHO_USER, RATE_API),
    PAGE("/remote_follow/@:name", oauth_remote_follow_get, WHO_ANYONE),
    POST("/remote_follow/@:name", oauth_remote_follow_post, WHO_ANYONE, RATE_PROXY),
    PAGE("/auth/sign_in", oauth_sign_in_get, WHO_ANYONE),
    POST("/auth/sign_in", oauth_sign_in_post, WHO_ANYONE, RATE_LOGIN),
    POST("/auth/sign_in/code", oauth_sign_in_code_post, WHO_ANYONE, RATE_LOGIN),
    POST("/auth/sign_in/passkey", oauth_sign_in_passkey_post, WHO_ANYONE, RATE_LOGIN),
    POST("/auth/passkey", oauth_passkey_post, WHO_ANYONE, RATE_API),
    POST("/auth/sign_out", oauth_sign_out_post, WHO_ANYONE, RATE_API),
    PAGE("/auth/sign_up", oauth_sign_up_get, WHO_ANYONE),
    { .method = HTTP_POST,
        .pattern = "/auth/sign_up",
        .fn = oauth_sign_up_post,
        .rate = RATE_SIGNUP,
        .body_max = SIGN_UP_FORM },
    PAGE("/auth/welcome", oauth_welcome_get, WHO_USER),
    POST("/auth/welcome/again", oauth_welcome_again_post, WHO_USER, RATE_LOGIN),
    PAGE("/auth/confirmation", oauth_confirmation_get, WHO_ANYONE),
    POST("/auth/confirmation", oauth_confirmation_post, WHO_ANYONE, RATE_LOGIN),
    PAGE("/email_subscriptions/confirmation", oauth_subscription_get, WHO_ANYONE),
    POST("/email_subscriptions/confirmation", oauth_subscription_post, WHO_ANYONE, RATE_LOGIN),
    PAGE("/auth/password/new", oauth_forgot_get, WHO_ANYONE),
    POST("/auth/password/new", oauth_forgot_post, WHO_ANYONE, RATE_LOGIN),
    PAGE("/auth/password/edit", oauth_reset_get, WHO_ANYONE),
    POST("/auth/password/edit", oauth_reset_post, WHO_ANYONE, RATE_LOGIN),
    PAGE("/settings/sessions", oauth_sessions_get, WHO_USER),
    POST("/settings/sessions/:id/end", oauth_session_end_post, WHO_USER, RATE_API),
    POST("/settings/apps/:id/end", oauth_app_end_post, WHO_USER, RATE_API),
    PAGE("/settings/security", oauth_security_get, WHO_USER),
    POST("/settings/security/password", oauth_password_post, WHO_USER, RATE_LOGIN),
    POST("/settings/security/totp", oauth_totp_post, WHO_USER, RATE_LOGIN),
    POST("/settings/security/totp/off", oauth_totp_off_post, WHO_USER, RATE_LOGIN),
    POST("/settings/security/email", oauth_email_post, WHO_USER, RATE_LOGIN),
    POST("/settings/security/email/again", oauth_email_again_post, WHO_USER, RATE_LOGIN),
    POST("/settings/security/email/cancel", oauth_email_cancel_post, WHO_USER, RATE_API),
    PAGE("/settings/archive", oauth_archive_get, WHO_USER),
    PAGE("/settings/delete", oauth_leave_get, WHO_USER),
    POST("/settings/delete", oauth_leave_post, WHO_USER, RATE_LOGIN),
    PAGE("/settings/moving", oauth_moving_get, WHO_USER),
    POST("/settings/moving", oauth_move_post, WHO_USER, RATE_LOGIN),
    POST("/settings/moving/undo", oauth_move_undo_post, WHO_USER, RATE_API),
    POST("/settings/moving/aliases", oauth_alias_post, WHO_USER, RATE_API),
    POST("/settings/moving/aliases/end", oauth_alias_end_post, WHO_USER, RATE_API),
};

static struct route endpoints[] = {
    POST("/oauth/token", oauth_token_post, WHO_ANYONE, RATE_LOGIN),
    POST("/oauth/revoke", oauth_revoke_post, WHO_ANYONE, RATE_API),
    { .method = HTTP_GET, .pattern = "/.well-known/oauth-authorization-server", .fn = oauth_metadata_get },
    { .method = HTTP_GET, .pattern = "/invite/:code", .fn = oauth_invite_get, .rate = RATE_LOGIN },
    { .method = HTTP_GET, .pattern = "/.well-known/change-password", .fn = oauth_change_password_get },
};

static struct route one_click[] = {
    PAGE("/unsubscribe", oauth_unsubscribe_get, WHO_ANYONE),
    POST("/unsubscribe", oauth_unsubscribe_post, WHO_ANYONE, RATE_API),
    PAGE("/unsubscribe/notifications", oauth_no_mails_get, WHO_ANYONE),
    POST("/unsubscribe/notifications", oauth_no_mails_post, WHO_ANYONE, RATE_API),
};

static const struct route_group machines = { .name = "oauth", .cors = true };

void
oauth_routes(struct router *r)
{
    router_add(r, &oauth_pages, pages, lengthof(pages));
    router_add(r, &oauth_one_click, one_click, lengthof(one_click));
    router_add(r, &machines, endpoints, lengthof(endpoints));
}

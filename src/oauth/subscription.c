/* The links in mails to subscribers, and in those about notifications.  They show a page with a button: scanners of mail open links too. */
#include "http/respond.h"
#include "oauth/internal.h"
#include "service/notification_mail.h"
#include "service/subscription.h"
#include "view/page.h"

static enum err
show(struct ctx *c, struct req *r, const char *template)
{
    struct page_out p;

    oauth_page_begin(c, r, &p);
    json_str(&p.j, "token", oauth_arg(r, "token"));
    return oauth_page_send(c, r, &p, 200, template);
}

enum err
oauth_subscription_get(struct ctx *c, struct req *r)
{
    return show(c, r, "auth_subscription.html");
}

enum err
oauth_subscription_post(struct ctx *c, struct req *r)
{
    enum err e = service_subscription_confirm(c, oauth_arg(r, "token"));

    if (e == ERR_NOT_FOUND)
        return oauth_page_message(c, r, err_status(ERR_INVALID), S("Confirm your subscription"),
            S("This link is too old. Subscribe once more to get a new one."));
    TRY(e);
    return oauth_page_message(c, r, 200, S("Thank you"), S("You will get new posts by mail."));
}

/* No session and no cookie here: programs of mail providers press this button too (RFC 8058), and the token says it all. */
static enum err
before(struct ctx *c, struct req *r)
{
    c->locale = view_locale(req_header(c, r, S("Accept-Language")));
    return params_tree(c, r);
}

const struct route_group oauth_one_click = {
    .name = "oauth", .before = before, .on_error = oauth_on_error, .vary = "Accept-Language"
};

enum err
oauth_unsubscribe_get(struct ctx *c, struct req *r)
{
    return show(c, r, "auth_unsubscribe.html");
}

enum err
oauth_unsubscribe_post(struct ctx *c, struct req *r)
{
    TRY(service_subscription_end(c, oauth_arg(r, "token")));
    return oauth_page_message(
        c, r, 200, S("Get no more posts by mail"), S("You will get no more posts of this account."));
}

enum err
oauth_no_mails_get(struct ctx *c, struct req *r)
{
    return show(c, r, "auth_no_mails.html");
}

enum err
oauth_no_mails_post(struct ctx *c, struct req *r)
{
    TRY(service_notification_mail_end(c, oauth_arg(r, "token")));
    return oauth_page_message(
        c, r, 200, S("Get no more mails about notifications"), S("You will get no more mails about notifications."));
}

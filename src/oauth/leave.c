/* /settings/archive: what one takes along, as the mail links to it.  /settings/delete: the end of an account, by its owner. */
#include "http/limit.h"
#include "http/respond.h"
#include "oauth/internal.h"
#include "service/archive.h"
#include "service/user.h"
#include "view/page.h"

enum err
oauth_archive_get(struct ctx *c, struct req *r)
{
    struct str name;
    int64_t bytes;
    int fd;
    enum err e = service_archive_open(c, 0, &fd, &bytes, &name);

    if (e == ERR_NOT_FOUND)
        return oauth_page_message(
            c, r, 404, S("Your archive"), S("There is none that is ready. You can ask for one in the settings."));
    TRY(e);
    res_header(c, r, "Cache-Control", S("private, no-store"));
    res_attachment(c, r, name);
    res_file_take(c, r, fd, bytes, S("application/zip"));
    return ERR_OK;
}

static enum err
show(struct ctx *c, struct req *r, int status, struct str error)
{
    struct page_out p;

    oauth_page_begin(c, r, &p);
    json_bool(&p.j, "has_totp", oauth_web(r)->user->totp_secret.n > 0);
    if (error.n > 0)
        json_str(&p.j, "error", error);
    return oauth_page_send(c, r, &p, status, "auth_delete.html");
}

enum err
oauth_leave_get(struct ctx *c, struct req *r)
{
    return show(c, r, 200, STR_NONE);
}

enum err
oauth_leave_post(struct ctx *c, struct req *r)
{
    struct web *w = oauth_web(r);
    enum err e;

    TRY(limit_take_id(c, r, LIMIT_PASSWORD, w->user->id));
    e = service_user_leave(c, oauth_arg(r, "current_password"), oauth_arg(r, "code"));
    if (e == ERR_FORBIDDEN) {
        struct str text = respond_error_text(c, e);

        ctx_ok(c);
        return show(c, r, err_status(e), text);
    }
    TRY(e);
    oauth_session_forget(c, r);
    w->session = NULL; /* the page is one for strangers */
    w->user = NULL;
    return oauth_page_message(c, r, 200, S("Your account is deleted"),
        S("Your posts are being removed here, and other servers are asked to remove theirs."));
}

/*
 * MAIL_NOTIFICATIONS: one mail about what happened while somebody was away.  Again: what was mailed is noted, so that only a relay that
 * took the mail and did not say so gets it twice, with the same Message-ID.
 */
#include "base/json.h"
#include "job/job.h"
#include "notify/mail.h"
#include "service/notification_mail.h"
#include "view/page.h"
#include "view/view.h"

static enum err
read_values(struct ctx *c, const struct notification_mail *m, const struct val **out)
{
    struct buf b;
    struct json j;

    buf_init(&b, c->mem, MAIL_BYTES_MAX / 4);
    json_init(&j, &b);
    view_notification_mail(c, &j, m);
    if (!json_done(&j))
        return ctx_fail(c, ERR_TOO_LARGE, "mail");
    return view_page_val(c, buf_str(&b), out);
}

static enum err
render(struct ctx *c, const char *template, const struct val *v, struct str *out)
{
    struct buf b;

    buf_init(&b, c->mem, MAIL_BYTES_MAX / 2);
    TRY(view_page(c, str_z(template), v, &b));
    *out = buf_str(&b);
    return ERR_OK;
}

enum err
job_mail_notifications(struct ctx *c, const struct job *job)
{
    struct notification_mail m;
    struct mail mail = { 0 };
    const struct val *v;
    enum err e;

    TRY(service_notification_mail_open(c, job->arg_id, &m));
    if (m.lines.n == 0)
        return ERR_OK;
    c->locale = m.locale;
    mail.to = m.to;
    mail.to_name = m.username;
    mail.subject = view_notification_mail_subject(c, &m);
    mail.unsubscribe_url = m.unsubscribe;
    mail.key = str_fmt(c->mem, "notifications-%lld-%lld", (long long)m.lines.v[0].id, (long long)m.upto_id);
    TRY(read_values(c, &m, &v));
    TRY(render(c, "mail_notifications.txt", v, &mail.text));
    TRY(render(c, "mail_notifications.html", v, &mail.html));
    e = notify_mail_send(c, &mail);
    if (e != ERR_OK && e != ERR_INVALID)
        return e;
    ctx_ok(c);
    TRY(service_notification_mail_sent(c, job->arg_id, m.upto_id)); /* what is refused once is so again */
    return e == ERR_OK ? ERR_OK : ctx_fail(c, e, "the relay does not take mail for user %lld", (long long)job->arg_id);
}

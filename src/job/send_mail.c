/*
 * SEND_MAIL: one mail to one person.  Runs twice: the mail has the same Message-ID, so that it is shown once; a link in it has another
 * token, and both work.
 */
#include "base/arena.h"
#include "base/conf.h"
#include "base/date.h"
#include "base/json.h"
#include "job/job.h"
#include "notify/mail.h"
#include "service/user.h"
#include "view/page.h"

static const struct {
    const char *template, *subject;
} mails[] = {
    { "confirm", N_("Confirm your e-mail address") },
    { "reset", N_("Choose a new password") },
    { "approved", N_("Welcome") },
    { "password_changed", N_("Your password was changed") },
    { "email_new", N_("Confirm your new e-mail address") },
    { "email_old", N_("Your e-mail address is being changed") },
    { "email_taken", N_("Your e-mail address was given for another account") },
    { "archive_ready", N_("Your archive is ready") },
    { "account_deleted", N_("Your account is deleted") },
    { "passkey_added", N_("A passkey was added") },
    { "new_login", N_("New log-in") },
};

static enum err
render(struct ctx *c, const struct user_mail *m, struct str *text)
{
    struct str name = str_cat(c->mem, S("mail_"), m->template, S(".txt"), STR_NONE);
    const struct val *v;
    struct buf b;
    struct json j;

    buf_init(&b, c->mem, KB(16));
    json_init(&j, &b);
    json_obj(&j, NULL);
    json_str(&j, "site", c->env->conf->domain);
    json_str(&j, "username", m->username);
    json_str(&j, "link", m->link);
    if (m->login.id != 0) {
        struct str at = date_iso_s(c->mem, m->login.created_ms);

        json_str(&j, "time", str_cat(c->mem, str_sub(at, 0, 10), S(" "), str_sub(at, 11, 16), S(" UTC"), STR_NONE));
        json_str(&j, "ip", m->login.ip);
        json_str(&j, "browser", m->login.user_agent);
    }
    json_end(&j);
    if (!json_done(&j))
        return ctx_fail(c, ERR_TOO_LARGE, "mail");
    TRY(view_page_val(c, buf_str(&b), &v));
    buf_init(&b, c->mem, KB(64));
    TRY(view_page(c, name, v, &b));
    *text = buf_str(&b);
    return ERR_OK;
}

enum err
job_send_mail(struct ctx *c, const struct job *job)
{
    struct user_mail m;
    struct mail mail = { 0 };

    TRY(service_user_mail_open(c, job->args, &m));
    c->locale = m.locale;
    mail.to = m.to;
    mail.to_name = m.username;
    mail.key = str_fmt(c->mem, "job-%lld", (long long)job->id);
    for (size_t i = 0; i < lengthof(mails); i++)
        if (str_eqz(m.template, mails[i].template))
            mail.subject =
                str_cat(c->mem, view_text(c, str_z(mails[i].subject)), S(" - "), c->env->conf->domain, STR_NONE);
    TRY(render(c, &m, &mail.text));
    return notify_mail_send(c, &mail);
}

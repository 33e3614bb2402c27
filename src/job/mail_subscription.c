/*
 * MAIL_POSTS: who gets the new posts of an account by mail; again, nobody is taken twice for the same posts.  MAIL_SUBSCRIPTION: one such
 * mail, or the question whether somebody wants them; again it has the same Message-ID, and all of its links work.
 */
#include "base/arena.h"
#include "base/conf.h"
#include "base/json.h"
#include "job/job.h"
#include "notify/mail.h"
#include "service/subscription.h"
#include "view/page.h"
#include "view/view.h"

enum err
job_mail_posts(struct ctx *c, const struct job *job)
{
    return service_subscription_send(c, job->arg_id);
}

static void
put_post(struct ctx *c, struct json *j, const struct status *s, struct str text)
{
    json_obj(j, NULL);
    json_bool(j, "warned", s->spoiler_text.n > 0);
    json_str(j, "text", text);
    json_str(j, "link", view_url_status(c, s));
    json_end(j);
}

static enum err
render(struct ctx *c, const struct subscription_mail *m, struct str template, struct str *text)
{
    const struct val *v;
    struct buf b;
    struct json j;

    buf_init(&b, c->mem, MAIL_BYTES_MAX / 2);
    json_init(&j, &b);
    json_obj(&j, NULL);
    json_str(&j, "site", c->env->conf->domain);
    json_str(&j, "acct", m->acct);
    json_str(&j, "link", m->link);
    json_str(&j, "unsubscribe", m->unsubscribe);
    json_arr(&j, "posts");
    for (size_t i = 0; i < m->posts.n; i++)
        put_post(c, &j, m->posts.v[i], m->texts[i]);
    json_end(&j);
    json_end(&j);
    if (!json_done(&j))
        return ctx_fail(c, ERR_TOO_LARGE, "mail");
    TRY(view_page_val(c, buf_str(&b), &v));
    buf_init(&b, c->mem, MAIL_BYTES_MAX / 2);
    TRY(view_page(c, template, v, &b));
    *text = buf_str(&b);
    return ERR_OK;
}

enum err
job_mail_subscription(struct ctx *c, const struct job *job)
{
    struct subscription_mail m;
    struct mail mail = { 0 };
    struct str subject;
    int64_t after = 0, upto = 0;

    if (!str_int(val_str(val_get(job->args, S("after"))), &after) ||
        !str_int(val_str(val_get(job->args, S("upto"))), &upto))
        return ctx_fail(c, ERR_INVALID, "mail job without posts");
    TRY(service_subscription_mail(c, job->arg_id, after, upto, &m));
    c->locale = m.locale;
    subject = upto == 0 ? view_text(c, S("Confirm your subscription")) : view_text(c, S("New posts"));
    mail.to = m.to;
    mail.subject = str_cat(c->mem, subject, S(" - "), m.acct, STR_NONE);
    mail.unsubscribe_url = m.unsubscribe;
    mail.key = str_fmt(c->mem, "job-%lld", (long long)job->id);
    TRY(render(c, &m, upto == 0 ? S("mail_subscription.txt") : S("mail_posts.txt"), &mail.text));
    return notify_mail_send(c, &mail);
}

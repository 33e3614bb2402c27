/* A mail about notifications: what its templates and its subject say. */
#include "base/buf.h"
#include "base/conf.h"
#include "base/ctx.h"
#include "text/i18n.h"
#include "text/unicode.h"
#include "view/view.h"

enum { SUBJECT_CHARS_MAX = 120 };

/* Where the reader looks at it: on this server, whoever wrote it. */
static struct str
link_to(struct ctx *c, const struct notification *n)
{
    struct str page = str_cat(c->mem, c->env->conf->origin, S("/@"), account_acct(c->mem, n->from), STR_NONE);

    if (n->status != NULL)
        return str_cat(c->mem, c->env->conf->origin, S("/@"), account_acct(c->mem, n->status->account), S("/"),
            str_fmt(c->mem, "%lld", (long long)n->status->id), STR_NONE);
    if (n->kind == NOTIFY_FOLLOW_REQUEST)
        return str_cat(c->mem, c->env->conf->origin, S("/follow_requests"), STR_NONE);
    return page;
}

static void
put_line(struct ctx *c, struct json *j, const struct notification *n, struct str text)
{
    json_obj(j, NULL);
    json_str(j, "title", text_one_line(c->mem, view_notification_title(c, n)));
    json_str(j, "acct", account_acct(c->mem, n->from));
    json_str(j, "text", text);
    json_bool(j, "warned", text.n > 0 && n->status->spoiler_text.n > 0);
    json_str(j, "link", link_to(c, n));
    json_end(j);
}

void
view_notification_mail(struct ctx *c, struct json *j, const struct notification_mail *m)
{
    struct str more = str_fmt(c->mem, "%lld", (long long)m->more);

    json_obj(j, NULL);
    json_str(j, "site", c->env->conf->domain);
    json_str(j, "locale", c->locale);
    json_str(j, "username", m->username);
    json_str(j, "settings", str_cat(c->mem, c->env->conf->origin, S("/notifications/settings"), STR_NONE));
    json_str(j, "unsubscribe", m->unsubscribe);
    json_arr(j, "lines");
    for (size_t i = 0; i < m->lines.n; i++)
        put_line(c, j, &m->lines.v[i], m->texts[i]);
    json_end(j);
    if (m->more > 0)
        json_str(j, "more", text_tr_fill(c->mem, text_tr(c->locale, S("And {0} more.")), &more, 1));
    json_end(j);
}

struct str
view_notification_mail_subject(struct ctx *c, const struct notification_mail *m)
{
    int64_t n = (int64_t)m->lines.n + m->more;
    struct str count = str_fmt(c->mem, "%lld", (long long)n), text, clean;
    struct buf b;

    if (n == 1)
        text = text_one_line(c->mem, view_notification_title(c, &m->lines.v[0]));
    else
        text = text_tr_fill(
            c->mem, text_tr_n(c->locale, S("{0} new notification"), S("{0} new notifications"), n), &count, 1);
    buf_init(&b, c->mem, KB(4));
    text = text_grapheme_cut(text, SUBJECT_CHARS_MAX);
    for (size_t i = 0; i < text.n; i++)
        buf_putc(&b, (unsigned char)text.p[i] < ' ' || text.p[i] == 0x7f ? ' ' : text.p[i]);
    clean = buf_ok(&b) ? buf_str(&b) : count;
    return str_cat(c->mem, clean, S(" - "), c->env->conf->domain, STR_NONE);
}

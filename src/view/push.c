/* WebPushSubscription, and what a push message says. */
#include "view/view.h"

#include "base/ctx.h"
#include "text/html.h"
#include "text/unicode.h"

enum { TITLE_CHARS = 100, BODY_CHARS = 140 };

void
view_push_subscription(struct ctx *c, struct json *j, const struct push_subscription *p)
{
    json_obj(j, NULL);
    json_int(j, "id", p->id & INT32_MAX); /* apps decode a number of 32 bits; nothing is found by it */
    json_str(j, "endpoint", p->endpoint);
    json_bool(j, "standard", p->standard);
    json_obj(j, "alerts");
    for (unsigned k = 0; k < NOTIFY_KIND_COUNT; k++)
        json_bool(j, notification_kind_names[k], (p->alerts >> k & 1) != 0);
    json_end(j);
    json_str(j, "policy", str_z(push_policy_names[p->policy]));
    json_str(j, "server_key", c->env->push_key);
    json_end(j);
}

static struct str
shorten(struct ctx *c, struct str s, size_t chars)
{
    struct str cut = text_grapheme_cut(s, chars);

    if (cut.n == s.n)
        return s;
    return str_cat(c->mem, text_grapheme_cut(s, chars - 1), S("…"), STR_NONE);
}

/* What was written, or who it is: the warning stands for what it covers. */
static struct str
body_of(struct ctx *c, const struct notification *n)
{
    struct str text;

    if (n->status == NULL)
        text = text_html_to_plain(c->mem, n->from->note);
    else if (n->status->spoiler_text.n > 0)
        text = n->status->spoiler_text;
    else
        text = text_html_to_plain(c->mem, n->status->content);
    return shorten(c, text_one_line(c->mem, text), BODY_CHARS);
}

void
view_push_message(struct ctx *c, struct json *j, const struct push_message *m)
{
    const struct notification *n = m->notification;

    json_obj(j, NULL);
    json_str(j, "access_token", m->secret);
    json_str(j, "preferred_locale", m->locale);
    json_int(j, "notification_id", n->id); /* a number, as apps read it */
    json_str(j, "notification_type", str_z(notification_kind_names[n->kind]));
    json_str(j, "icon", view_url_avatar(c, n->from));
    json_str(j, "title", shorten(c, view_notification_title(c, n), TITLE_CHARS));
    json_str(j, "body", body_of(c, n));
    json_end(j);
}

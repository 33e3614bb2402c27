#include "model/preferences.h"

enum { SETTINGS_BYTES_MAX = 64 * 1024, LANGUAGE_BYTES_MAX = 16 };

static const char *const privacy_words[] = { "public", "unlisted", "private", NULL };
static const char *const media_words[] = { "default", "show_all", "hide_all", NULL };

#define P(name, key, kind, member, otherwise, words, ours)                                                             \
    {                                                                                                                  \
        name, key, PREFERENCE_##kind, offsetof(struct preferences, member), otherwise, words, ours, false              \
    }
#define MAIL(what, member, otherwise)                                                                                  \
    {                                                                                                                  \
        "notification_emails:" what, "mail_" what, PREFERENCE_BOOL, offsetof(struct preferences, member), otherwise,   \
            NULL, true, true                                                                                           \
    }

const struct preference preference_table[] = {
    P("posting:default:visibility", "default_privacy", WORD, visibility, VIS_PUBLIC, privacy_words, false),
    P("posting:default:sensitive", "default_sensitive", BOOL, sensitive, false, NULL, false),
    P("posting:default:language", "default_language", LANGUAGE, language, 0, NULL, false),
    P("posting:default:quote_policy", "default_quote_policy", WORD, quote, QUOTE_CHOICE_PUBLIC, quote_choice_names,
        false),
    P("posting:show_application", "show_application", BOOL, show_application, true, NULL, true),
    P("reading:expand:media", "expand_media", WORD, expand_media, 0, media_words, false),
    P("reading:expand:spoilers", "expand_spoilers", BOOL, expand_spoilers, false, NULL, false),
    P("reading:autoplay:gifs", "autoplay_gifs", BOOL, autoplay_gifs, false, NULL, false),
    P("account:email_subscriptions", "email_subscriptions", BOOL, email_subscriptions, false, NULL, true),
    MAIL("mention", mail[NOTIFY_MENTION], true),
    MAIL("quote", mail[NOTIFY_QUOTE], true),
    MAIL("follow", mail[NOTIFY_FOLLOW], true),
    MAIL("follow_request", mail[NOTIFY_FOLLOW_REQUEST], true),
    MAIL("reblog", mail[NOTIFY_REBLOG], false),
    MAIL("favourite", mail[NOTIFY_FAVOURITE], false),
    MAIL("report", mail[NOTIFY_ADMIN_REPORT], true),
    MAIL("pending_account", mail[NOTIFY_ADMIN_SIGN_UP], true),
    MAIL("always", mail_always, false),
    { NULL, NULL, PREFERENCE_BOOL, 0, 0, NULL, false, false },
};

static void *
member(struct preferences *p, const struct preference *d)
{
    return (char *)p + d->offset;
}

static bool
language_ok(struct str s)
{
    if (s.n == 1 || s.n > LANGUAGE_BYTES_MAX)
        return false;
    for (size_t i = 0; i < s.n; i++)
        if (!((s.p[i] >= 'a' && s.p[i] <= 'z') || (s.p[i] >= 'A' && s.p[i] <= 'Z') || s.p[i] == '-'))
            return false;
    return true;
}

bool
preference_set(struct preferences *p, const struct preference *d, const struct val *v)
{
    struct str text = val_str(v);

    switch (d->kind) {
    case PREFERENCE_BOOL: /* forms send text */
        if (v->kind != VAL_BOOL && !str_eqz(text, "true") && !str_eqz(text, "false") && !str_eqz(text, "1") &&
            !str_eqz(text, "0"))
            return false;
        *(bool *)member(p, d) = v->kind == VAL_BOOL ? val_bool(v, false) : str_eqz(text, "true") || str_eqz(text, "1");
        return true;
    case PREFERENCE_WORD:
        for (int i = 0; d->words[i] != NULL; i++)
            if (str_eqz(text, d->words[i])) {
                *(int *)member(p, d) = i;
                return true;
            }
        return false;
    case PREFERENCE_LANGUAGE:
        if ((v->kind != VAL_STR && !val_is_null(v)) || !language_ok(text))
            return false;
        *(struct str *)member(p, d) = text;
        return true;
    }
    return false;
}

void
preferences_read(struct arena *mem, struct str settings, struct preferences *out)
{
    const struct val *v = &val_null;

    if (settings.n > 0 && json_parse(mem, settings, NULL, &v) != ERR_OK)
        v = &val_null;
    *out = (struct preferences){ 0 };
    for (const struct preference *d = preference_table; d->name != NULL; d++) {
        if (d->kind == PREFERENCE_BOOL)
            *(bool *)member(out, d) = d->otherwise != 0;
        else if (d->kind == PREFERENCE_WORD)
            *(int *)member(out, d) = d->otherwise;
        (void)preference_set(out, d, val_get(v, str_z(d->key)));
    }
}

static void
put(struct json *j, const char *key, const struct preferences *p, const struct preference *d)
{
    const char *at = (const char *)p + d->offset;

    if (d->kind == PREFERENCE_BOOL)
        json_bool(j, key, *(const bool *)at);
    else if (d->kind == PREFERENCE_WORD)
        json_str(j, key, str_z(d->words[*(const int *)at]));
    else
        json_str_or_null(j, key, *(const struct str *)at);
}

static bool
is_ours(struct str key)
{
    for (const struct preference *d = preference_table; d->name != NULL; d++)
        if (str_eqz(key, d->key))
            return true;
    return false;
}

struct str
preferences_put(struct arena *mem, struct str settings, const struct preferences *p)
{
    const struct val *old = &val_null;
    struct buf b;
    struct json j;

    if (settings.n > 0 && json_parse(mem, settings, NULL, &old) != ERR_OK)
        old = &val_null;
    buf_init(&b, mem, SETTINGS_BYTES_MAX);
    json_init(&j, &b);
    json_obj(&j, NULL);
    for (size_t i = 0; old->kind == VAL_OBJ && i < old->n; i++)
        if (!is_ours(old->keys[i])) {
            json_member(&j, old->keys[i]);
            json_val(&j, NULL, &old->v[i]);
        }
    for (const struct preference *d = preference_table; d->name != NULL; d++)
        put(&j, d->key, p, d);
    json_end(&j);
    return json_done(&j) ? buf_str(&b) : STR_NONE;
}

void
preferences_show(struct json *j, const struct preferences *p, bool with_ours, bool with_mail)
{
    for (const struct preference *d = preference_table; d->name != NULL; d++)
        if ((with_ours || !d->ours) && (with_mail || !d->mail))
            put(j, d->name, p, d);
}

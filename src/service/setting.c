/* Settings and rules: one table says which there are and what they may be. */
#include "service/setting.h"

#include "base/clock.h"
#include "base/conf.h"
#include "base/date.h"
#include "base/utf8.h"
#include "db/db.h"
#include "store/account.h"
#include "text/format.h"
#include "text/i18n.h"
#include "text/unicode.h"

const struct setting service_settings[] = {
    { "title", SETTING_LINE, 100, "Name of the server. Without it, its domain." },
    { "short_description", SETTING_LINE, 200, "One sentence on what this server is." },
    { "description", SETTING_LINE, 1000, "What this server is, for lists of servers." },
    { "extended_description", SETTING_MARKDOWN, 20000, "The text of the about page, in Markdown." },
    { "privacy_policy", SETTING_MARKDOWN, 50000, "The privacy policy, in Markdown." },
    { "contact_email", SETTING_LINE, 320, "Address of the people who run this server." },
    { "contact_username", SETTING_LINE, 30, "Account of the people who run this server." },
    { "languages", SETTING_LINE, 100, "Languages spoken here: en de." },
    { "registrations", SETTING_MODE, 0, "Who may sign up: open, approval or closed." },
    { "registrations_message", SETTING_MARKDOWN, 2000, "What people read who cannot sign up, in Markdown." },
    { "min_age", SETTING_NUMBER, 120, "Least age of new people in years; 0 does not ask." },
    { "reason_required", SETTING_SWITCH, 0, "Ask in approval mode why somebody wants to join: yes or no." },
    { "donation_url", SETTING_LINE, 2000, "Where people can give money for this server; apps show it." },
    { "donation_message", SETTING_LINE, 500, "Why they might: shown with donation_url." },
    { "status_url", SETTING_LINE, 2000, "Page that says whether the server works, elsewhere." },
    { "local_live_feed_access", SETTING_READERS, 0,
        "Who reads all posts from here: public, authenticated or disabled." },
    { "remote_live_feed_access", SETTING_READERS, 0,
        "Who reads all posts from elsewhere: public, authenticated or disabled." },
    { "local_topic_feed_access", SETTING_OPEN, 0,
        "Who reads posts from here by hashtag and link: public or authenticated." },
    { "remote_topic_feed_access", SETTING_READERS, 0,
        "Who reads posts from elsewhere by hashtag and link: public, authenticated or disabled." },
    { "limited_federation", SETTING_SWITCH, 0,
        "Exchange only with servers that `dassie domain allow` names, and show documents to no others: yes or no." },
    { "show_domain_blocks", SETTING_AUDIENCE, 0, "Who reads which servers are blocked: nobody, users or everybody." },
    { "show_domain_blocks_rationale", SETTING_AUDIENCE, 0, "Who also reads why: nobody, users or everybody." },
    { "featured_accounts", SETTING_ACCOUNTS, FEATURED_ACCOUNTS_MAX,
        "Accounts that are suggested to everybody, with blanks between them: anna tom@b.example." },
    { "email_subscriptions", SETTING_SWITCH, 0,
        "People without an account may get the posts of those who permit it by mail: yes or no." },
    { "trends", SETTING_SWITCH, 0, "Show hashtags, links and posts that are used more than usual: yes or no." },
    { "trendable_by_default", SETTING_SWITCH, 0, "What nobody has reviewed may trend: yes or no." },
    { NULL, SETTING_LINE, 0, NULL },
};

static const struct setting *
find(struct str name)
{
    for (const struct setting *s = service_settings; s->name != NULL; s++)
        if (str_eqz(name, s->name))
            return s;
    return NULL;
}

enum err
service_setting_get(struct ctx *c, const struct setting *s, struct str *out)
{
    return store_setting_get(c, s->name, S(""), out);
}

static enum err
check_text(struct ctx *c, const struct setting *s, struct str *value)
{
    struct text_formatted f;

    if (utf8_count(*value) > s->max)
        return ctx_fail_public(c, ERR_INVALID, "%s has at most %zu characters", s->name, s->max);
    if (s->kind == SETTING_LINE) {
        *value = text_one_line(c->mem, *value);
        return ERR_OK;
    }
    text_format_markdown(c->mem, *value, &(struct text_format_opts){ .person = NULL }, &f);
    *value = f.html;
    return ERR_OK;
}

static enum err
check_choice(struct ctx *c, const struct setting *s, struct str value)
{
    static const char *const choices[][4] = {
        [SETTING_MODE] = { "open", "approval", "closed" },
        [SETTING_READERS] = { "public", "authenticated", "disabled" },
        [SETTING_OPEN] = { "public", "authenticated" },
        [SETTING_AUDIENCE] = { "nobody", "users", "everybody" },
    };
    const char *const *v = choices[s->kind];

    for (size_t i = 0; v[i] != NULL; i++)
        if (str_eqz(value, v[i]))
            return ERR_OK;
    return v[2] == NULL ? ctx_fail_public(c, ERR_INVALID, "%s is %s or %s", s->name, v[0], v[1])
                        : ctx_fail_public(c, ERR_INVALID, "%s is %s, %s or %s", s->name, v[0], v[1], v[2]);
}

/* handle: name, @name or name@domain of an account that is known here. */
static enum err
find_account(struct ctx *c, struct str handle, struct account **out)
{
    struct str domain = str_sub(handle, str_starts(handle, S("@")) ? 1 : 0, handle.n), name;
    enum err e;

    (void)str_cut(&domain, '@', &name);
    if (domain.p == NULL || str_eq(domain, c->env->conf->domain))
        domain = S("");
    e = store_account_by_handle(c, name, str_lower(c->mem, domain), out);
    return e == ERR_NOT_FOUND ? ctx_fail_public(c, ERR_INVALID, "There is no account %.*s here", STR_ARG(handle)) : e;
}

/* Where the ids are kept, so that readers ask for no names. */
static const char *
ids_name(struct ctx *c, const char *name)
{
    return str_cz(c->mem, str_fmt(c->mem, "%s_ids", name));
}

static enum err
check_accounts(struct ctx *c, const struct setting *s, struct str value)
{
    struct str ids = S(""), one;
    struct account *a;
    size_t n = 0;

    while (str_cut(&value, ' ', &one)) {
        if (one.n == 0)
            continue;
        if (++n > s->max)
            return ctx_fail_public(c, ERR_INVALID, "%s names at most %zu accounts", s->name, s->max);
        TRY(find_account(c, one, &a));
        ids = str_fmt(c->mem, "%.*s %lld", STR_ARG(ids), (long long)a->id);
    }
    return store_setting_put(c, ids_name(c, s->name), ids);
}

enum err
service_setting_featured(struct ctx *c, struct ids *out)
{
    struct str text, one;
    int64_t id;

    *out = (struct ids){ arena_vec(c->mem, int64_t, FEATURED_ACCOUNTS_MAX), 0 };
    TRY(store_setting_get(c, ids_name(c, "featured_accounts"), S(""), &text));
    while (out->n < FEATURED_ACCOUNTS_MAX && str_cut(&text, ' ', &one))
        if (str_int(one, &id))
            out->v[out->n++] = id;
    return ERR_OK;
}

/* From what was typed to what is kept. */
static enum err
check(struct ctx *c, const struct setting *s, struct str *value)
{
    int64_t n;

    switch (s->kind) {
    case SETTING_LINE:
    case SETTING_MARKDOWN:
        return check_text(c, s, value);
    case SETTING_NUMBER:
        if (!str_int(*value, &n) || n < 0 || n > (int64_t)s->max)
            return ctx_fail_public(c, ERR_INVALID, "%s is a number from 0 to %zu", s->name, s->max);
        return ERR_OK;
    case SETTING_SWITCH:
        if (!str_eqz(*value, "yes") && !str_eqz(*value, "no"))
            return ctx_fail_public(c, ERR_INVALID, "%s is yes or no", s->name);
        *value = str_eqz(*value, "yes") ? S("1") : S("0");
        return ERR_OK;
    case SETTING_MODE:
    case SETTING_READERS:
    case SETTING_OPEN:
    case SETTING_AUDIENCE:
        return check_choice(c, s, *value);
    case SETTING_ACCOUNTS:
        return check_accounts(c, s, *value);
    }
    return ERR_OK;
}

static enum err
check_contact(struct ctx *c, struct str name)
{
    struct account *a;

    return find_account(c, name, &a);
}

/* Where it is kept when a text was changed: readers of a policy want to know. */
static const char *
changed_name(struct ctx *c, const char *name)
{
    return str_cz(c->mem, str_fmt(c->mem, "%s_ms", name));
}

enum err
service_setting_changed(struct ctx *c, const char *name, int64_t *ms)
{
    struct str text;

    TRY(store_setting_get(c, changed_name(c, name), S(""), &text));
    if (!str_int(text, ms))
        *ms = 0;
    return ERR_OK;
}

enum err
service_setting_set(struct ctx *c, struct str name, struct str value)
{
    const struct setting *s = find(name);

    if (s == NULL)
        return ctx_fail_public(c, ERR_NOT_FOUND, "There is no setting %.*s", STR_ARG(name));
    if (!utf8_valid(value))
        return ctx_fail_public(c, ERR_INVALID, "%s is not UTF-8", s->name);
    if (value.n > 0 && str_eqz(name, "contact_username"))
        TRY(check_contact(c, value));
    if (value.n > 0 && str_ends(name, S("_url")) && !str_starts(value, S("https://")))
        return ctx_fail_public(c, ERR_INVALID, "%s begins with https://", s->name);
    TRY(db_begin(c, DB_WRITE));
    if (value.n == 0) {
        TRY(store_setting_delete(c, s->name));
        TRY(store_setting_delete(c, ids_name(c, s->name)));
    } else {
        TRY(check(c, s, &value));
        TRY(store_setting_put(c, s->name, value));
    }
    if (s->kind == SETTING_MARKDOWN)
        TRY(store_setting_put(c, changed_name(c, s->name), str_fmt(c->mem, "%lld", (long long)clock_ms())));
    return db_commit(c);
}

/* The text of a rule and its hint, checked. */
static enum err
check_rule(struct ctx *c, struct str *text, struct str *hint)
{
    if (!utf8_valid(*text) || !utf8_valid(*hint))
        return ctx_fail_public(c, ERR_INVALID, "A rule is UTF-8");
    *text = text_one_line(c->mem, *text);
    *hint = text_one_line(c->mem, *hint);
    if (utf8_count(*text) > RULE_CHARS_MAX || utf8_count(*hint) > RULE_CHARS_MAX)
        return ctx_fail_public(c, ERR_INVALID, "A rule and its hint have at most %d characters", RULE_CHARS_MAX);
    return ERR_OK;
}

enum err
service_rule_add(struct ctx *c, struct str text, struct str hint)
{
    TRY(check_rule(c, &text, &hint));
    if (text_is_blank(text))
        return ctx_fail_public(c, ERR_INVALID, "A rule needs a text");
    TRY(db_begin(c, DB_WRITE));
    TRY(store_rule_put(c, text, hint));
    return db_commit(c);
}

enum err
service_rule_translate(struct ctx *c, int64_t id, struct str language, struct str text, struct str hint)
{
    struct rules v;
    bool found = false;

    TRY(check_rule(c, &text, &hint));
    if (!text_language_ok(language))
        return ctx_fail_public(c, ERR_INVALID, "A language is written as en or pt-BR");
    TRY(store_rule_list(c, &v));
    for (size_t i = 0; i < v.n; i++)
        found |= v.v[i].id == id;
    if (!found)
        return ctx_fail_public(c, ERR_NOT_FOUND, "There is no rule %lld", (long long)id);
    TRY(db_begin(c, DB_WRITE));
    TRY(store_rule_translate(c, id, &(struct rule_text){ language, text_is_blank(text) ? S("") : text, hint }));
    return db_commit(c);
}

enum err
service_rule_remove(struct ctx *c, int64_t id)
{
    bool removed;

    TRY(db_begin(c, DB_WRITE));
    TRY(store_rule_delete(c, id, &removed));
    if (!removed)
        return ctx_fail_public(c, ERR_NOT_FOUND, "There is no rule %lld", (long long)id);
    return db_commit(c);
}

enum err
service_rule_list(struct ctx *c, struct rules *out)
{
    return store_rule_list(c, out);
}

/* ---- terms of service ---------------------------------------------------------------------------------------------- */

enum err
service_terms_put(struct ctx *c, int64_t day_ms, struct str text)
{
    struct text_formatted f;
    struct terms_list all;

    if (!utf8_valid(text) || text_is_blank(text) || utf8_count(text) > TERMS_CHARS_MAX)
        return ctx_fail_public(c, ERR_INVALID, "Terms have from 1 to %d characters of UTF-8", TERMS_CHARS_MAX);
    text_format_markdown(c->mem, text, &(struct text_format_opts){ .person = NULL }, &f);
    TRY(db_begin(c, DB_WRITE));
    TRY(store_account_lock(c, 0));
    TRY(store_terms_list(c, &all));
    if (all.n >= TERMS_MAX)
        return ctx_fail_public(c, ERR_INVALID, "There are %d versions already", TERMS_MAX);
    TRY(store_terms_put(c, &(struct terms){ .effective_ms = date_midnight(day_ms), .content = f.html }));
    return db_commit(c);
}

enum err
service_terms_remove(struct ctx *c, int64_t day_ms)
{
    bool removed;

    TRY(db_begin(c, DB_WRITE));
    TRY(store_terms_delete(c, date_midnight(day_ms), &removed));
    if (!removed)
        return ctx_fail_public(c, ERR_NOT_FOUND, "There are no terms of that day");
    return db_commit(c);
}

enum err
service_terms_list(struct ctx *c, struct terms_list *out)
{
    return store_terms_list(c, out);
}

enum err
service_terms_get(struct ctx *c, int64_t day_ms, struct terms *out)
{
    struct terms_list v;
    const struct terms *found = NULL;

    TRY(store_terms_list(c, &v));
    for (size_t i = 0; i < v.n; i++)
        if (day_ms != 0 ? v.v[i].effective_ms == day_ms : (found == NULL || v.v[i].effective_ms <= clock_ms()))
            found = &v.v[i];
    if (found == NULL)
        return ctx_fail(c, ERR_NOT_FOUND, "there are no terms of service");
    *out = *found;
    return ERR_OK;
}

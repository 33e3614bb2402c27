/* Account, CredentialAccount, MutedAccount, Relationship, CustomEmoji. */
#include "view/view.h"

#include "base/conf.h"
#include "base/ctx.h"
#include "base/date.h"
#include "model/preferences.h"
#include "model/status.h"

static const char *const empty_pictures[] = { /* avatar, header */ "/avatars/original/missing.png",
    "/headers/original/missing.png" };

struct str
view_url_file(struct ctx *c, struct str key, struct str fallback)
{
    struct str origin = c->env->conf->origin;

    if (key.n == 0)
        return str_cat(c->mem, origin, fallback, STR_NONE);
    return str_cat(c->mem, origin, S("/media/"), key, STR_NONE);
}

struct str
view_url_cached(struct ctx *c, enum media_cached kind, int64_t id, struct str key, bool small)
{
    if (key.n > 0)
        return view_url_file(c, key, S(""));
    return str_cat(c->mem, c->env->conf->origin, media_proxy_path(c->mem, kind, id, small), STR_NONE);
}

struct str
view_url_account(struct ctx *c, const struct account *a)
{
    if (account_is_local(a))
        return str_cat(c->mem, c->env->conf->origin, S("/@"), a->username, STR_NONE);
    return a->url.n > 0 ? a->url : a->uri;
}

void
view_emojis(struct ctx *c, struct json *j, const char *key, const struct emoji_refs *v)
{
    json_arr(j, key);
    for (size_t i = 0; i < v->n; i++) {
        const struct emoji_ref *e = &v->v[i];
        struct str file = view_url_cached(c, MEDIA_CACHED_EMOJI, e->id, e->file, false);
        struct str still = e->file_static.n > 0 ? view_url_file(c, e->file_static, S("")) : file;

        if (e->file.n == 0 && e->remote_url.n == 0)
            continue;
        json_obj(j, NULL);
        json_str(j, "shortcode", e->shortcode);
        json_str(j, "url", file);
        json_str(j, "static_url", still);
        json_bool(j, "visible_in_picker", e->visible);
        json_str_or_null(j, "category", e->category);
        json_end(j);
    }
    json_end(j);
}

static void
put_picture(struct ctx *c, struct json *j, const struct account *a, enum media_cached kind)
{
    bool header = kind == MEDIA_CACHED_HEADER;
    const char *name = header ? "header" : "avatar", *name_static = header ? "header_static" : "avatar_static";
    struct str key = header ? a->header : a->avatar, key_static = header ? a->header_static : a->avatar_static;
    struct str remote = header ? a->header_remote : a->avatar_remote, dflt = str_z(empty_pictures[header]);
    struct str url =
        key.n == 0 && remote.n > 0 ? view_url_cached(c, kind, a->id, key, false) : view_url_file(c, key, dflt);

    json_str(j, name, url);
    json_str(j, name_static, key_static.n > 0 ? view_url_file(c, key_static, dflt) : url);
}

struct str
view_url_avatar(struct ctx *c, const struct account *a)
{
    if (a->avatar.n == 0 && a->avatar_remote.n > 0)
        return view_url_cached(c, MEDIA_CACHED_AVATAR, a->id, a->avatar, false);
    return view_url_file(c, a->avatar_static.n > 0 ? a->avatar_static : a->avatar, str_z(empty_pictures[0]));
}

void
view_account_avatar(struct ctx *c, struct json *j, const struct account *a)
{
    put_picture(c, j, a, MEDIA_CACHED_AVATAR);
    json_str(j, "avatar_description", a->avatar_text);
}

static void
put_fields(struct json *j, const char *key, const struct account *a, bool source)
{
    json_arr(j, key);
    for (size_t i = 0; i < a->n_fields; i++) {
        json_obj(j, NULL);
        json_str(j, "name", a->fields[i].name);
        json_str(j, "value", source ? a->fields[i].text : a->fields[i].value);
        json_time_or_null(j, "verified_at", a->fields[i].verified_ms);
        json_end(j);
    }
    json_end(j);
}

static void
put_roles(struct json *j, const struct account *a)
{
    json_arr(j, "roles");
    if (a->role != NULL && a->suspended_ms == 0) {
        json_obj(j, NULL);
        json_id(j, "id", a->role->id);
        json_str(j, "name", a->role->name);
        json_str(j, "color", a->role->color);
        json_end(j);
    }
    json_end(j);
}

static void
put_groups(struct json *j, const char *key, int bits)
{
    static const struct {
        int bit;
        const char *name;
    } groups[] = { { QUOTE_BY_PUBLIC, "public" }, { QUOTE_BY_FOLLOWERS, "followers" },
        { QUOTE_BY_FOLLOWING, "following" }, { QUOTE_BY_OTHERS, "unsupported_policy" } };

    json_arr(j, key);
    for (size_t i = 0; i < lengthof(groups); i++)
        if ((bits & groups[i].bit) != 0)
            json_str(j, NULL, str_z(groups[i].name));
    json_end(j);
}

/* What the policy says to somebody of whom nothing else is known: who follows whom is looked up when it counts. */
static struct str
answer_of(const struct ctx *c, const struct account *a, int automatic, int manual)
{
    if (c->who.account_id == 0 || c->who.account_id == a->id || (automatic | manual) == 0)
        return S("denied");
    if (automatic & QUOTE_BY_PUBLIC)
        return S("automatic");
    return (manual & QUOTE_BY_PUBLIC) != 0 ? S("manual") : S("unknown");
}

/* People of ours may be put into a collection when they are discoverable; of others their server says it. */
static void
put_feature_approval(struct ctx *c, struct json *j, const struct account *a)
{
    int automatic = a->feature_policy & QUOTE_BY_ALL, manual = a->feature_policy >> QUOTE_MANUAL_SHIFT & QUOTE_BY_ALL;

    if (account_is_local(a))
        automatic = a->discoverable ? QUOTE_BY_PUBLIC : 0;
    json_obj(j, "feature_approval");
    put_groups(j, "automatic", automatic);
    put_groups(j, "manual", manual);
    json_str(j, "current_user", answer_of(c, a, automatic, manual));
    json_end(j);
}

/* The members of Account without the braces, so that others can add theirs. */
static void
put_account(struct ctx *c, struct json *j, const struct account *a)
{
    static const struct account nothing = { 0 };
    bool suspended = a->suspended_ms != 0;
    const struct account *shown = suspended ? &nothing : a;

    json_id(j, "id", a->id);
    json_str(j, "username", a->username);
    json_str(j, "acct", account_acct(c->mem, a));
    json_str(j, "display_name", shown->display_name);
    json_bool(j, "locked", a->locked);
    json_bool(j, "bot", a->bot);
    json_bool(j, "discoverable", shown->discoverable);
    json_bool(j, "indexable", shown->indexable);
    json_bool(j, "group", str_eqz(a->actor_type, "Group"));
    json_time(j, "created_at", date_midnight(a->created_ms));
    json_str(j, "note", shown->note);
    json_str(j, "url", view_url_account(c, a));
    json_str(j, "uri", a->uri);
    view_account_avatar(c, j, shown);
    put_picture(c, j, shown, MEDIA_CACHED_HEADER);
    json_str(j, "header_description", shown->header_text);
    json_int(j, "followers_count", a->followers);
    json_int(j, "following_count", a->following);
    json_int(j, "statuses_count", a->statuses);
    if (a->last_status_ms != 0)
        json_str(j, "last_status_at", date_day(c->mem, a->last_status_ms));
    else
        json_null(j, "last_status_at");
    json_bool(j, "hide_collections", a->hide_collections);
    json_bool(j, "show_media", a->show_media);
    json_bool(j, "show_media_replies", a->show_media_replies);
    json_bool(j, "show_featured", a->show_featured);
    json_bool(j, "noindex", !shown->indexable);
    if (a->memorial)
        json_bool(j, "memorial", true);
    if (shown->takes_subscribers && c->env->conf->smtp.n > 0)
        json_bool(j, "email_subscriptions", true);
    if (suspended)
        json_bool(j, "suspended", true);
    if (a->silenced_ms != 0)
        json_bool(j, "limited", true);
    if (!a->handle_ok)
        json_bool(j, "invalid_handle", true);
    view_emojis(c, j, "emojis", &shown->emojis);
    put_roles(j, a);
    put_fields(j, "fields", shown, false);
    put_feature_approval(c, j, shown);
    if (a->moved != NULL && a->moved->moved == NULL)
        view_account(c, j, "moved", a->moved);
}

void
view_account(struct ctx *c, struct json *j, const char *key, const struct account *a)
{
    json_obj(j, key);
    put_account(c, j, a);
    json_end(j);
}

void
view_accounts(struct ctx *c, struct json *j, const char *key, const struct accounts *v)
{
    json_arr(j, key);
    for (size_t i = 0; i < v->n; i++)
        view_account(c, j, NULL, v->v[i]);
    json_end(j);
}

/* Posting defaults are kept in the user's settings. */
static void
put_source(struct ctx *c, struct json *j, const struct account *a, const struct user *u, int64_t follow_requests)
{
    struct preferences p;

    preferences_read(c->mem, u->settings, &p);
    json_obj(j, "source");
    json_int(j, "follow_requests_count", follow_requests);
    json_bool(j, "hide_collections", a->hide_collections);
    json_bool(j, "discoverable", a->discoverable);
    json_bool(j, "indexable", a->indexable);
    json_str(j, "privacy", str_z(visibility_names[p.visibility]));
    json_bool(j, "sensitive", p.sensitive);
    json_str_or_null(j, "language", p.language);
    json_str(j, "quote_policy", str_z(quote_choice_names[p.quote]));
    json_str(j, "note", a->note_text);
    put_fields(j, "fields", a, true);
    json_strs(j, "attribution_domains", &a->attribution_domains);
    json_end(j);
}

void
view_credential_account(
    struct ctx *c, struct json *j, const struct account *a, const struct user *u, int64_t follow_requests)
{
    json_obj(j, NULL);
    put_account(c, j, a);
    put_source(c, j, a, u, follow_requests);
    json_obj(j, "role");
    json_id(j, "id", u->role.id);
    json_str(j, "name", u->role.name);
    json_str(j, "color", u->role.color);
    json_id(j, "permissions", u->role.permissions);
    json_bool(j, "highlighted", u->role.highlighted);
    json_int(j, "collection_limit", COLLECTIONS_MAX);
    json_end(j);
    json_end(j);
}

static void
put_own_picture(
    struct ctx *c, struct json *j, const char *name, const char *name_static, struct str key, struct str key_static)
{
    struct str url = key.n == 0 ? STR_NONE : view_url_file(c, key, S(""));

    json_str_or_null(j, name, url);
    json_str_or_null(j, name_static, key_static.n > 0 ? view_url_file(c, key_static, S("")) : url);
}

void
view_profile(struct ctx *c, struct json *j, const struct account *a, const struct featured_tags *tags)
{
    json_obj(j, NULL);
    json_id(j, "id", a->id);
    json_str(j, "display_name", a->display_name);
    json_str(j, "note", a->note_text);
    json_str(j, "formatted_note", a->note);
    put_fields(j, "fields", a, true);
    put_fields(j, "formatted_fields", a, false);
    put_own_picture(c, j, "avatar", "avatar_static", a->avatar, a->avatar_static);
    json_str(j, "avatar_description", a->avatar_text);
    put_own_picture(c, j, "header", "header_static", a->header, a->header_static);
    json_str(j, "header_description", a->header_text);
    json_bool(j, "locked", a->locked);
    json_bool(j, "bot", a->bot);
    json_bool(j, "hide_collections", a->hide_collections);
    json_bool(j, "discoverable", a->discoverable);
    json_bool(j, "indexable", a->indexable);
    json_bool(j, "show_media", a->show_media);
    json_bool(j, "show_media_replies", a->show_media_replies);
    json_bool(j, "show_featured", a->show_featured);
    json_strs(j, "attribution_domains", &a->attribution_domains);
    json_arr(j, "featured_tags");
    for (size_t i = 0; i < tags->n; i++)
        view_featured_tag(c, j, a, &tags->v[i]);
    json_end(j);
    json_end(j);
}

/* `source` is what `sources` was before there were several. */
void
view_suggestion(struct ctx *c, struct json *j, const struct suggestion *s)
{
    bool personal = (s->sources & (1U << SUGGEST_FRIENDS_OF_FRIENDS | 1U << SUGGEST_SIMILAR)) != 0;

    json_obj(j, NULL);
    json_str(j, "source",
        (s->sources & 1U << SUGGEST_FEATURED) != 0 ? S("staff")
        : personal                                 ? S("past_interactions")
                                                   : S("global"));
    json_arr(j, "sources");
    for (unsigned i = 0; i < SUGGEST_COUNT; i++)
        if ((s->sources >> i & 1) != 0)
            json_str(j, NULL, str_z(suggestion_source_names[i]));
    json_end(j);
    view_account(c, j, "account", s->account);
    json_end(j);
}

void
view_muted_account(struct ctx *c, struct json *j, const struct account *a, int64_t expires_ms)
{
    json_obj(j, NULL);
    put_account(c, j, a);
    json_time_or_null(j, "mute_expires_at", expires_ms);
    json_end(j);
}

void
view_relationship(struct ctx *c, struct json *j, const struct relation *r)
{
    struct str rest = r->languages, word;

    (void)c;
    json_obj(j, NULL);
    json_id(j, "id", r->target_id);
    json_bool(j, "following", r->following);
    json_bool(j, "showing_reblogs", r->showing_reblogs);
    json_bool(j, "notifying", r->notifying);
    if (r->languages.n > 0) {
        json_arr(j, "languages");
        while (str_cut(&rest, ' ', &word))
            json_str(j, NULL, word);
        json_end(j);
    } else {
        json_null(j, "languages");
    }
    json_bool(j, "followed_by", r->followed_by);
    json_bool(j, "blocking", r->blocking);
    json_bool(j, "blocked_by", r->blocked_by);
    json_bool(j, "muting", r->muting);
    json_bool(j, "muting_notifications", r->muting_notifications);
    json_time_or_null(j, "muting_expires_at", r->mute_expires_ms);
    json_bool(j, "requested", r->requested);
    json_bool(j, "requested_by", r->requested_by);
    json_bool(j, "domain_blocking", r->domain_blocking);
    json_bool(j, "endorsed", r->endorsed);
    json_str(j, "note", r->note);
    json_end(j);
}

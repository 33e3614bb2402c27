/* Changing a profile, and the end of an account. */
#include "service/account.h"

#include "ap/uri.h"
#include "base/clock.h"
#include "base/conf.h"
#include "db/db.h"
#include "queue/queue.h"
#include "service/federate.h"
#include "service/internal.h"
#include "service/relation_internal.h"
#include "service/search_index.h"
#include "service/user_internal.h"
#include "store/account.h"
#include "store/media.h"
#include "store/relation.h"
#include "store/user.h"
#include "text/i18n.h"
#include "text/idna.h"
#include "text/link.h"
#include "text/unicode.h"

enum {
    NAME_MAX_CHARS = 40,
    NOTE_MAX_CHARS = 500,
    FIELDS_MAX = 4,
    FIELD_MAX_CHARS = 255,
    ATTRIBUTION_DOMAINS_MAX = 100,
    CODES_MAX = 200,
};

const struct profile_params profile_unchanged = { .locked = -1,
    .bot = -1,
    .discoverable = -1,
    .indexable = -1,
    .hide_collections = -1,
    .show_media = -1,
    .show_media_replies = -1,
    .show_featured = -1,
    .privacy = -1,
    .sensitive = -1,
    .quote_policy = -1 };

/* ---- texts: checked and formatted before the transaction, as mentions may need the network ------------------------- */

static void
add_codes(struct arena *mem, struct account *a, struct str text)
{
    struct strs codes = text_shortcodes(mem, text);

    for (size_t i = 0; i < codes.n && a->emoji_codes.n < CODES_MAX; i++)
        strs_add(&a->emoji_codes, codes.v[i]);
}

static void
put_codes(struct arena *mem, struct account *a)
{
    a->emoji_codes = (struct strs){ arena_vec(mem, struct str, CODES_MAX), 0 };
    add_codes(mem, a, a->display_name);
    add_codes(mem, a, a->note_text);
    for (size_t i = 0; i < a->n_fields; i++) {
        add_codes(mem, a, a->fields[i].name);
        add_codes(mem, a, a->fields[i].text);
    }
}

static enum err
check_length(struct ctx *c, const char *what, size_t chars, size_t max)
{
    if (chars > max)
        return ctx_fail_public(
            c, ERR_INVALID, "Validation failed: %s is too long (maximum is %zu characters)", ctx_tr(c, what).p, max);
    return ERR_OK;
}

static enum err
set_fields(struct ctx *c, const struct profile_params *p, struct account *a)
{
    const struct account_field *old = a->fields;
    size_t n_old = a->n_fields, n = 0;

    a->fields = arena_vec(c->mem, struct account_field, FIELDS_MAX);
    for (size_t i = 0; i < p->n_fields; i++) {
        struct account_field f = { .name = text_one_line(c->mem, p->fields[i].name),
            .text = text_one_line(c->mem, p->fields[i].text) };
        struct formatted value;

        if (text_is_blank(f.name) && text_is_blank(f.text)) /* how a client deletes one */
            continue;
        if (text_is_blank(f.name))
            return ctx_fail_public(c, ERR_INVALID, "Validation failed: Profile fields need a label");
        if (n == FIELDS_MAX)
            return ctx_fail_public(c, ERR_INVALID, "Validation failed: At most %d profile fields", FIELDS_MAX);
        TRY(check_length(c, N_("Profile field label"), text_graphemes(f.name), FIELD_MAX_CHARS));
        TRY(check_length(c, N_("Profile field"), text_graphemes(f.text), FIELD_MAX_CHARS));
        TRY(service_compose(c, f.text, COMPOSE_LINE, true, &value));
        f.value = value.html;
        for (size_t k = 0; k < n_old; k++)
            if (str_eq(old[k].text, f.text))
                f.verified_ms = old[k].verified_ms;
        a->fields[n++] = f;
    }
    a->n_fields = n;
    return ERR_OK;
}

static enum err
set_texts(struct ctx *c, const struct profile_params *p, struct account *a)
{
    struct formatted note;

    if (p->display_name.p != NULL)
        a->display_name = text_one_line(c->mem, p->display_name);
    TRY(check_length(c, N_("Display name"), text_graphemes(a->display_name), NAME_MAX_CHARS));
    if (p->note.p != NULL)
        a->note_text = text_lines(c->mem, p->note);
    TRY(check_length(c, N_("Note"), text_count(c->mem, a->note_text, S("")), NOTE_MAX_CHARS));
    TRY(service_compose(c, a->note_text, COMPOSE_PLAIN, true, &note));
    a->note = text_is_blank(a->note_text) ? S("") : note.html;
    return p->has_fields ? set_fields(c, p, a) : ERR_OK;
}

static enum err
set_attribution(struct ctx *c, const struct profile_params *p, struct account *a)
{
    if (!p->has_attribution_domains)
        return ERR_OK;
    if (p->attribution_domains.n > ATTRIBUTION_DOMAINS_MAX)
        return ctx_fail_public(
            c, ERR_INVALID, "Validation failed: At most %d attribution domains", ATTRIBUTION_DOMAINS_MAX);
    a->attribution_domains = (struct strs){ arena_vec(c->mem, struct str, p->attribution_domains.n), 0 };
    for (size_t i = 0; i < p->attribution_domains.n; i++) {
        struct str domain = str_trim(p->attribution_domains.v[i]);

        if (domain.n == 0)
            continue;
        if (!text_authority_normal(c->mem, domain, &domain))
            return ctx_fail_public(c, ERR_INVALID, "Validation failed: Attribution domains has a name that is none");
        a->attribution_domains.v[a->attribution_domains.n++] = domain;
    }
    return ERR_OK;
}

static void
set_flags(const struct profile_params *p, struct account *a)
{
    const struct {
        int wanted;
        bool *flag;
    } flags[] = {
        { p->locked, &a->locked },
        { p->bot, &a->bot },
        { p->discoverable, &a->discoverable },
        { p->indexable, &a->indexable },
        { p->hide_collections, &a->hide_collections },
        { p->show_media, &a->show_media },
        { p->show_media_replies, &a->show_media_replies },
        { p->show_featured, &a->show_featured },
    };

    for (size_t i = 0; i < lengthof(flags); i++)
        if (flags[i].wanted >= 0)
            *flags[i].flag = flags[i].wanted > 0;
    if (p->bot >= 0)
        a->actor_type = a->bot ? S("Service") : S("Person");
}

static enum err
set_picture_texts(struct ctx *c, const struct profile_params *p, struct account *a)
{
    if (p->avatar_text.p != NULL)
        a->avatar_text = text_one_line(c->mem, p->avatar_text);
    if (p->header_text.p != NULL)
        a->header_text = text_one_line(c->mem, p->header_text);
    TRY(check_length(c, N_("Avatar description"), text_graphemes(a->avatar_text), ACCOUNT_PICTURE_CHARS_MAX));
    return check_length(c, N_("Header description"), text_graphemes(a->header_text), ACCOUNT_PICTURE_CHARS_MAX);
}

/* ---- the transaction ----------------------------------------------------------------------------------------------- */

/* The new keys; what they replace is deleted from storage later, as pages of others may still name it. */
static enum err
set_picture(struct ctx *c, struct str *file, struct str *file_static, struct str new_file, struct str new_static)
{
    if (file->n > 0 && !str_eq(*file, new_file))
        TRY(store_dead_file_put(c, *file));
    if (file_static->n > 0 && !str_eq(*file_static, *file) && !str_eq(*file_static, new_static))
        TRY(store_dead_file_put(c, *file_static));
    if (new_file.n > 0)
        TRY(store_dead_file_forget(c, new_file)); /* service_media_picture registered both */
    if (new_static.n > 0)
        TRY(store_dead_file_forget(c, new_static));
    *file = new_file;
    *file_static = new_static;
    return ERR_OK;
}

static enum err
set_defaults(struct ctx *c, const struct profile_params *p)
{
    struct preferences d;

    if (p->privacy < 0 && p->sensitive < 0 && p->quote_policy < 0 && p->language.p == NULL)
        return ERR_OK;
    if (p->privacy > VIS_PRIVATE)
        return ctx_fail_public(c, ERR_INVALID, "Validation failed: Privacy is not public, unlisted or private");
    if (p->language.n > 0 && !text_language_ok(p->language))
        return ctx_fail_public(c, ERR_INVALID, "Validation failed: Language is not supported");
    TRY(service_preferences(c, &d));
    if (p->privacy >= 0)
        d.visibility = p->privacy;
    if (p->sensitive >= 0)
        d.sensitive = p->sensitive > 0;
    if (p->quote_policy >= 0)
        d.quote = p->quote_policy;
    if (p->language.p != NULL)
        d.language = p->language;
    return service_preferences_put(c, &d);
}

/* What the parameters name, and what was made of it, goes into the row as it is by now. */
static void
take_over(struct arena *mem, const struct profile_params *p, const struct account *made, struct account *a)
{
    if (p->display_name.p != NULL)
        a->display_name = made->display_name;
    if (p->note.p != NULL)
        a->note_text = made->note_text;
    if (str_eq(a->note_text, made->note_text)) /* its links may mean others by now */
        a->note = made->note;
    if (p->has_fields) {
        a->fields = made->fields;
        a->n_fields = made->n_fields;
    }
    put_codes(mem, a);
    if (p->has_attribution_domains)
        a->attribution_domains = made->attribution_domains;
    if (p->avatar_text.p != NULL)
        a->avatar_text = made->avatar_text;
    if (p->header_text.p != NULL)
        a->header_text = made->header_text;
    set_flags(p, a);
}

static enum err
store_profile(struct ctx *c, const struct profile_params *p, const struct account *made)
{
    struct account *a;
    bool indexable, locked;

    TRY(store_account_hold(c, made->id, &a));
    indexable = a->indexable;
    locked = a->locked;
    take_over(c->mem, p, made, a);
    if (p->has_avatar)
        TRY(set_picture(c, &a->avatar, &a->avatar_static, p->avatar, p->avatar_static));
    if (p->has_header)
        TRY(set_picture(c, &a->header, &a->header_static, p->header, p->header_static));
    if (a->avatar.n == 0)
        a->avatar_text = S("");
    if (a->header.n == 0)
        a->header_text = S("");
    TRY(store_account_update(c, a));
    TRY(set_defaults(c, p));
    if (indexable != a->indexable)
        TRY(service_index_changed_author(c, a->id));
    if (locked && !a->locked)
        TRY(service_relation_accept_all(c, a));
    if (p->has_fields)
        TRY(queue_put_id(c, J_VERIFY_LINKS, a->id));
    return service_federate(c, &(struct fed_action){ .kind = FED_ACTOR_UPDATE, .account_id = a->id });
}

enum err
service_account_update(struct ctx *c, const struct profile_params *p, struct account **out)
{
    struct account *a;

    TRY(service_me(c, &a));
    TRY(set_texts(c, p, a));
    TRY(set_attribution(c, p, a));
    TRY(set_picture_texts(c, p, a));
    TRY(db_begin(c, DB_WRITE));
    TRY(store_profile(c, p, a));
    TRY(db_commit(c));
    return service_account_get(c, a->id, out);
}

enum err
service_account_credentials(struct ctx *c, struct account **a, struct user **u, int64_t *follow_requests)
{
    TRY(service_me(c, a));
    TRY(store_account_fill(c, a, 1));
    TRY(store_user_get(c, c->who.user_id, u));
    return store_follow_request_count(c, (*a)->id, follow_requests);
}

/* ---- the end ------------------------------------------------------------------------------------------------------- */

static enum err
suspend(struct ctx *c, struct account *a, bool on)
{
    if ((a->suspended_ms != 0) == on)
        return ERR_OK;
    a->suspended_ms = on ? clock_ms() : 0;
    a->suspended_by_origin = false;
    TRY(store_account_update(c, a));
    service_relation_changed(c, a);
    return account_is_local(a)
               ? service_federate(c, &(struct fed_action){ .kind = FED_ACTOR_UPDATE, .account_id = a->id })
               : ERR_OK;
}

enum err
service_account_suspend(struct ctx *c, int64_t id, bool on)
{
    struct account *a;

    TRY(db_begin(c, DB_WRITE));
    TRY(store_account_hold(c, id, &a));
    TRY(suspend(c, a, on));
    if (on)
        TRY(service_user_end_account(c, a));
    return db_commit(c);
}

/* Hidden at once; the job takes away what there is in portions, tells other servers and removes the row. */
enum err
service_account_delete_in(struct ctx *c, struct account *a)
{
    a->suspended_ms = a->suspended_ms != 0 ? a->suspended_ms : clock_ms();
    TRY(store_account_update(c, a));
    service_relation_changed(c, a);
    if (account_is_local(a))
        TRY(store_account_reserve_names(c, a->id, a->username));
    TRY(service_user_end_account(c, a));
    return queue_put_id(c, J_DELETE_ACCOUNT, a->id);
}

enum err
service_account_delete(struct ctx *c, int64_t id)
{
    struct account *a;

    TRY(db_begin(c, DB_WRITE));
    TRY(store_account_hold(c, id, &a));
    TRY(service_account_delete_in(c, a));
    return db_commit(c);
}

/* ---- another name -------------------------------------------------------------------------------------------------- */

static enum err
check_new_name(struct ctx *c, const struct account *a, struct str name)
{
    struct account *other;
    bool reserved;
    enum err e;

    if (!account_username_ok(name))
        return ctx_fail_public(c, ERR_INVALID, "The name has 1 to 30 letters, numbers and underscores");
    if (str_eqi(name, a->username))
        return ERR_OK;
    TRY(store_account_old_name_delete(c, name, a->id)); /* back to a name of before */
    TRY(store_account_name_reserved(c, name, &reserved));
    e = store_account_by_handle(c, name, S(""), &other);
    if (reserved || e == ERR_OK)
        return ctx_fail_public(c, ERR_CONFLICT, "The name is taken, or was somebody's");
    if (e != ERR_NOT_FOUND)
        return e;
    ctx_ok(c);
    return ERR_OK;
}

static enum err
rename_account(struct ctx *c, int64_t id, struct str name)
{
    struct account *a;

    TRY(store_account_hold(c, id, &a));
    if (!account_is_local(a))
        return ctx_fail(c, ERR_NOT_FOUND, "account %lld is not ours", (long long)id);
    TRY(check_new_name(c, a, name));
    if (!str_eqi(name, a->username))
        TRY(store_account_old_name_put(c, a->username, id));
    a->username = name;
    a->url = ap_uri_named(c->mem, c->env->conf->origin, AP_URI_PROFILE, name, 0);
    TRY(store_account_update(c, a));
    return service_federate(c, &(struct fed_action){ .kind = FED_ACTOR_UPDATE, .account_id = id });
}

enum err
service_account_rename(struct ctx *c, int64_t id, struct str name)
{
    TRY(db_begin(c, DB_WRITE));
    TRY(rename_account(c, id, name));
    return db_commit(c);
}

/* The caller's own profile.  https://docs.joinmastodon.org/methods/accounts/#update_credentials */
#include "api/handlers.h"

#include "http/params.h"
#include "http/respond.h"
#include "model/status.h"
#include "model/user.h"
#include "service/account.h"
#include "service/featured.h"
#include "service/media.h"
#include "view/view.h"

enum { TEXT_BYTES_MAX = 64 * 1024, FIELDS_READ_MAX = 16, LANGUAGE_BYTES_MAX = 16 };

struct profile_request {
    struct profile_params p;
    struct upload avatar, header;
    const struct val *fields_attributes, *source, *attribution_domains;
};

static const struct field fields[] = {
    FIELD_AS(profile_request, p.display_name, "display_name", P_STR, .max = TEXT_BYTES_MAX),
    FIELD_AS(profile_request, p.note, "note", P_STR, .max = TEXT_BYTES_MAX),
    FIELD_AS(profile_request, p.locked, "locked", P_TRI),
    FIELD_AS(profile_request, p.bot, "bot", P_TRI),
    FIELD_AS(profile_request, p.discoverable, "discoverable", P_TRI),
    FIELD_AS(profile_request, p.indexable, "indexable", P_TRI),
    FIELD_AS(profile_request, p.hide_collections, "hide_collections", P_TRI),
    FIELD_AS(profile_request, p.show_media, "show_media", P_TRI),
    FIELD_AS(profile_request, p.show_media_replies, "show_media_replies", P_TRI),
    FIELD_AS(profile_request, p.show_featured, "show_featured", P_TRI),
    FIELD_AS(profile_request, p.avatar_text, "avatar_description", P_STR, .max = TEXT_BYTES_MAX),
    FIELD_AS(profile_request, p.header_text, "header_description", P_STR, .max = TEXT_BYTES_MAX),
    FIELD_AS(profile_request, p.attribution_domains, "attribution_domains", P_STRS, .min = 255, .max = 1000),
    FIELD(profile_request, attribution_domains, P_VAL),
    FIELD(profile_request, avatar, P_FILE),
    FIELD(profile_request, header, P_FILE),
    FIELD(profile_request, fields_attributes, P_VAL),
    FIELD(profile_request, source, P_VAL),
};

static enum err
read_profile_fields(struct ctx *c, const struct val *list, struct profile_params *p)
{
    struct one {
        struct str name, value;
    };
    static const struct field one_fields[] = {
        FIELD(one, name, P_STR, .max = TEXT_BYTES_MAX),
        FIELD(one, value, P_STR, .max = TEXT_BYTES_MAX),
    };

    p->has_fields = !val_is_null(list);
    p->fields = arena_vec(c->mem, struct account_field, FIELDS_READ_MAX);
    for (size_t i = 0; i < list->n && p->n_fields < FIELDS_READ_MAX; i++) {
        struct one one = { S(""), S("") };

        TRY(params_from_val(c, &list->v[i], one_fields, lengthof(one_fields), &one));
        p->fields[p->n_fields++] = (struct account_field){ .name = one.name, .text = one.value };
    }
    return ERR_OK;
}

static enum err
read_source(struct ctx *c, const struct val *source, struct profile_params *p)
{
    static const struct field source_fields[] = {
        FIELD(profile_params, privacy, P_ENUM, .extra = visibility_names),
        FIELD(profile_params, sensitive, P_TRI),
        FIELD(profile_params, quote_policy, P_ENUM, .extra = quote_choice_names),
        FIELD(profile_params, language, P_STR, .max = LANGUAGE_BYTES_MAX),
    };

    return val_is_null(source) ? ERR_OK : params_from_val(c, source, source_fields, lengthof(source_fields), p);
}

/* Decoded and stored before the profile changes; nothing happens when no file was sent. */
static enum err
read_picture(struct ctx *c, const struct upload *u, bool header, bool *has, struct str *file, struct str *file_static)
{
    struct media_given in;

    if (u->fd < 0 && u->bytes.n == 0)
        return ERR_OK;
    *has = true;
    api_media_file(u, &in);
    return service_media_picture(c, &in, header, file, file_static);
}

static enum err
update(struct ctx *c, struct req *r, const struct profile_params *p)
{
    struct account *a;
    struct user *u;
    int64_t requests;

    TRY(service_account_update(c, p, &a));
    TRY(service_account_credentials(c, &a, &u, &requests));
    view_credential_account(c, res_json(c, r, 200), a, u, requests);
    return ERR_OK;
}

/* The parameters, with the pictures stored. */
static enum err
read_profile(struct ctx *c, struct req *r, struct profile_params *out)
{
    struct profile_request q = { .p = profile_unchanged,
        .avatar.fd = -1,
        .header.fd = -1,
        .fields_attributes = &val_null,
        .source = &val_null,
        .attribution_domains = &val_null };

    TRY(params_read(c, r, fields, lengthof(fields), &q));
    q.p.has_attribution_domains = !val_is_null(q.attribution_domains);
    TRY(read_profile_fields(c, q.fields_attributes, &q.p));
    TRY(read_source(c, q.source, &q.p));
    TRY(read_picture(c, &q.avatar, false, &q.p.has_avatar, &q.p.avatar, &q.p.avatar_static));
    TRY(read_picture(c, &q.header, true, &q.p.has_header, &q.p.header, &q.p.header_static));
    *out = q.p;
    return ERR_OK;
}

enum err
api_profile_update(struct ctx *c, struct req *r)
{
    struct profile_params p;

    TRY(read_profile(c, r, &p));
    return update(c, r, &p);
}

/* The same as a Profile: what its owner typed, and nothing that others see only. */
enum err
api_profile_show(struct ctx *c, struct req *r)
{
    struct featured_tags tags;
    struct account *a;

    TRY(service_featured_tags(c, 0, &a, &tags));
    view_profile(c, res_json(c, r, 200), a, &tags);
    return ERR_OK;
}

enum err
api_profile_edit(struct ctx *c, struct req *r)
{
    struct profile_params p;
    struct account *a;

    TRY(read_profile(c, r, &p));
    TRY(service_account_update(c, &p, &a));
    return api_profile_show(c, r);
}

enum err
api_profile_avatar_delete(struct ctx *c, struct req *r)
{
    struct profile_params p = profile_unchanged;

    p.has_avatar = true;
    return update(c, r, &p);
}

enum err
api_profile_header_delete(struct ctx *c, struct req *r)
{
    struct profile_params p = profile_unchanged;

    p.has_header = true;
    return update(c, r, &p);
}

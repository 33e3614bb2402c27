/* The ground rules as functions. */
#include "ap/check.h"

#include "base/url.h"

static enum err
fail(enum err e, const char **why, const char *reason)
{
    *why = reason;
    return e;
}

enum err
ap_id_check(struct arena *a, const struct ap_rules *r, struct str id, const char **why)
{
    struct url u;

    if (!url_parse(a, id, &u))
        return fail(ERR_INVALID, why, "the id is not a web address");
    for (size_t i = 0; i < u.host.n; i++)
        if ((unsigned char)u.host.p[i] >= 0x80)
            return fail(ERR_INVALID, why, "the host of the id is not in its ASCII form");
    if (!str_eq(u.scheme, S("https")) && !r->allow_http && !str_ends(u.host, S(".onion")) &&
        !str_ends(u.host, S(".i2p")))
        return fail(ERR_INVALID, why, "the id is not https (G1)");
    if (str_eqi(u.origin, r->origin))
        return fail(ERR_FORBIDDEN, why, "a foreign document with an id of ours (G5)");
    *why = "";
    return ERR_OK;
}

bool
ap_id_eq(struct arena *a, struct str x, struct str y)
{
    struct url ux, uy;

    if (str_eq(x, y))
        return true;
    return url_parse(a, x, &ux) && url_parse(a, y, &uy) && str_eq(ux.text, uy.text);
}

enum err
ap_owner_check(struct arena *a, struct str id, struct str owner, const char **why)
{
    if (!url_same_origin(a, id, owner))
        return fail(ERR_INVALID, why, "id and owner are of different origins (G3)");
    *why = "";
    return ERR_OK;
}

enum ap_fetched
ap_fetched_check(struct arena *a, const struct ap_rules *r, struct str requested, struct str final, struct str doc_id,
    bool first, const char **why)
{
    if (ap_id_check(a, r, doc_id, why) != ERR_OK)
        return AP_FETCHED_REFUSE;
    if (!url_same_origin(a, final, doc_id)) {
        *why = "the document came from another origin than its id (G4)";
        return AP_FETCHED_REFUSE;
    }
    if (ap_id_eq(a, requested, doc_id) || ap_id_eq(a, final, doc_id))
        return AP_FETCHED_OK;
    *why = "the document has another id than the one asked for (G4)";
    return first ? AP_FETCHED_REFETCH : AP_FETCHED_REFUSE;
}

/* ---- media types --------------------------------------------------------------------------------------------------------- */

static struct str
bare_type(struct str content_type)
{
    ptrdiff_t end = str_chr(content_type, ';');

    return str_trim(end < 0 ? content_type : str_sub(content_type, 0, (size_t)end));
}

bool
ap_media_type_is_ap_post(struct str content_type)
{
    struct str t = bare_type(content_type);

    return str_eqi(t, S("application/activity+json")) || str_eqi(t, S("application/ld+json"));
}

/* profile is a list of addresses between blanks, usually in quotes. */
static bool
has_as_profile(struct str content_type)
{
    struct str params = content_type, part, word;

    while (str_cut(&params, ';', &part)) {
        part = str_trim(part);
        if (!str_startsi(part, S("profile=")))
            continue;
        part = str_sub(part, 8, part.n);
        if (part.n >= 2 && part.p[0] == '"' && part.p[part.n - 1] == '"')
            part = str_sub(part, 1, part.n - 1);
        while (str_cut(&part, ' ', &word))
            if (str_eq(word, S(AP_AS)))
                return true;
    }
    return false;
}

bool
ap_media_type_is_ap(struct str content_type)
{
    struct str t = bare_type(content_type);

    return str_eqi(t, S("application/activity+json")) ||
           (str_eqi(t, S("application/ld+json")) && has_as_profile(content_type));
}

/* ---- documents ----------------------------------------------------------------------------------------------------------- */

enum err
ap_actor_check(struct arena *a, const struct ap_rules *r, struct ap_actor *x, const char **why)
{
    size_t n = 0;

    TRY(ap_id_check(a, r, x->id, why));
    TRY(ap_id_check(a, r, x->inbox, why));
    for (size_t i = 0; i < x->n_keys; i++)
        if (str_eq(x->keys[i].owner, x->id) && url_same_origin(a, x->keys[i].id, x->id))
            x->keys[n++] = x->keys[i];
    x->n_keys = n;
    return ERR_OK;
}

enum err
ap_note_check(struct arena *a, const struct ap_rules *r, const struct ap_note *x, const char **why)
{
    TRY(ap_id_check(a, r, x->id, why));
    TRY(ap_id_check(a, r, x->attributed_to, why));
    return ap_owner_check(a, x->id, x->attributed_to, why);
}

enum err
ap_activity_check(struct arena *a, const struct ap_rules *r, const struct ap_activity *x, const char **why)
{
    TRY(ap_id_check(a, r, x->actor, why));
    if (x->id.n == 0) {
        /* Mastodon sends Add and Remove without, GoToSocial Delete: doing them twice changes nothing. */
        if (x->type != AP_ADD && x->type != AP_REMOVE && x->type != AP_DELETE)
            return fail(ERR_INVALID, why, "the activity has no id");
        return ERR_OK;
    }
    TRY(ap_id_check(a, r, x->id, why));
    return ap_owner_check(a, x->id, x->actor, why);
}

bool
ap_embedded_is_trusted(struct arena *a, const struct val *obj, struct str owner)
{
    struct str id = ap_id_of(obj), of;

    if (obj->kind != VAL_OBJ)
        return false;
    if (id.n == 0)
        return true;
    if (!url_same_origin(a, id, owner))
        return false;
    if (ap_type_class(ap_type_of(obj)) == AP_CLASS_ACTOR)
        return str_eq(id, owner);
    if (ap_type_class(ap_type_of(obj)) == AP_CLASS_ACTIVITY)
        return str_eq(ap_as_id(val_get(obj, S("actor"))), owner);
    for (size_t i = 0; i < ap_as_count(val_get(obj, S("attributedTo"))); i++) {
        of = ap_as_id(ap_as_at(val_get(obj, S("attributedTo")), i));
        if (str_eq(of, owner))
            return true;
    }
    return false;
}

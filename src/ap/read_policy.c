/* interactionPolicy. */
#include "ap/read_policy.h"

#include "ap/read.h"
#include "base/arena.h"

bool
ap_is_below(struct str id, struct str parent)
{
    if (parent.n == 0 || !str_starts(id, parent) || id.n == parent.n)
        return false;
    return parent.p[parent.n - 1] == '/' || id.p[parent.n] == '/';
}

bool
ap_is_followers_of(struct str id, struct str author, struct str followers)
{
    if (followers.n > 0)
        return str_eq(id, followers);
    /* Not known yet: the usual shape, below the author's own id. */
    return ap_is_below(id, author) && str_ends(id, S("/followers"));
}

static bool
is_following_of(struct str id, const struct ap_author *by)
{
    if (by->following.n > 0)
        return str_eq(id, by->following);
    return ap_is_below(id, by->id) && str_ends(id, S("/following"));
}

static unsigned
who_of(struct arena *a, const struct val *list, const struct ap_author *by, struct strs *others)
{
    size_t n = MIN(ap_as_count(list), (size_t)AP_POLICY_IDS_MAX);
    unsigned bits = 0;

    *others = (struct strs){ arena_vec(a, struct str, n), 0 };
    for (size_t i = 0; i < n; i++) {
        struct str id = ap_as_id(ap_as_at(list, i));

        if (ap_is_public(id)) {
            bits |= AP_WHO_PUBLIC;
        } else if (str_eq(id, by->id)) {
            bits |= AP_WHO_AUTHOR;
        } else if (ap_is_followers_of(id, by->id, by->followers)) {
            bits |= AP_WHO_FOLLOWERS;
        } else if (is_following_of(id, by)) {
            bits |= AP_WHO_FOLLOWING;
        } else if (id.n > 0) {
            bits |= AP_WHO_OTHER;
            others->v[others->n++] = id;
        }
    }
    return bits;
}

struct ap_policy
ap_policy_read(struct arena *a, const struct val *doc, struct str name, const struct ap_author *by)
{
    const struct val *p = val_get(val_get(doc, S("interactionPolicy")), name);
    const struct val *automatic = val_get(p, S("automaticApproval")), *manual = val_get(p, S("manualApproval"));
    struct ap_policy out = { 0 };

    if (p->kind != VAL_OBJ)
        return out;
    if (val_is_null(automatic))
        automatic = val_get(p, S("always")); /* GoToSocial before 0.20 */
    if (val_is_null(manual))
        manual = val_get(p, S("approvalRequired"));
    out.present = !val_is_null(automatic) || !val_is_null(manual); /* {} says nothing */
    out.automatic = who_of(a, automatic, by, &out.automatic_ids);
    out.manual = who_of(a, manual, by, &out.manual_ids);
    return out;
}

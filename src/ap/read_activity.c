/* Activities. */
#include "ap/read_activity.h"

#include "base/arena.h"
#include "base/url.h"
#include "base/utf8.h"

enum { REACTION_BYTES_MAX = 128 };

static bool
is_heart(struct str s)
{
    static const struct str variation = { "\xef\xb8\x8f", 3 };

    if (str_ends(s, variation))
        s = str_sub(s, 0, s.n - variation.n);
    return str_eq(s, S("\xe2\x9d\xa4"));
}

/*
 * Misskey's order: _misskey_reaction, content, name.  A heart in a Like is Misskey's plain favourite.  ":name@host:" is an emoji
 * of a third host; its picture is in the tag.
 */
static void
read_reaction(struct arena *a, const struct val *doc, struct ap_activity *x)
{
    static const struct str names[] = { { "_misskey_reaction", 17 }, { "content", 7 }, { "name", 4 } };
    const struct val *tags = val_get(doc, S("tag"));
    struct str text = STR_NONE, code;
    ptrdiff_t host;

    for (size_t i = 0; i < lengthof(names) && text.n == 0; i++)
        text = str_trim(ap_as_text(a, doc, names[i]).text);
    if (text.n == 0 || text.n > REACTION_BYTES_MAX || (x->type == AP_LIKE && is_heart(text)))
        return;
    if (text.p[0] != ':' || text.n < 3 || text.p[text.n - 1] != ':') {
        x->reaction = text;
        return;
    }
    code = str_sub(text, 1, text.n - 1);
    host = str_chr(code, '@');
    if (host > 0)
        code = str_sub(code, 0, (size_t)host);
    for (size_t i = 0; i < MIN(ap_as_count(tags), (size_t)AP_TAGS_MAX); i++) {
        struct ap_emoji e;

        if (!ap_has_type(ap_as_at(tags, i), AP_EMOJI) || !ap_as_emoji(a, ap_as_at(tags, i), &e) ||
            !str_eq(e.shortcode, code))
            continue;
        x->reaction_emoji = e;
        x->reaction = str_cat(a, S(":"), code, S(":"), STR_NONE);
        return;
    }
}

static void
read_objects(struct arena *a, const struct val *doc, struct ap_activity *x)
{
    const struct val *list = val_get(doc, S("object"));
    size_t n = MIN(ap_as_count(list), (size_t)AP_OBJECTS_MAX);

    x->objects = arena_vec(a, const struct val *, n);
    for (size_t i = 0; i < n; i++)
        x->objects[x->n_objects++] = ap_as_at(list, i);
    x->object = ap_as_id(list);
    x->object_val = ap_as_node(list);
    x->object_type = ap_type_of(x->object_val);
}

enum err
ap_activity_read(struct arena *a, const struct val *doc, int64_t now_ms, struct ap_activity *out, const char **why)
{
    struct ap_activity x = { .doc = doc, .id = ap_id_of(doc), .type = ap_type_of(doc), .type_text = ap_type_text(doc) };
    const struct val *actors = val_get(doc, S("actor"));
    const struct str approvals[] = { S("likeAuthorization"), S("announceAuthorization"), S("approvedBy") };

    *why = "the activity has no type";
    if (x.type_text.n == 0)
        return ERR_INVALID;
    if (x.type == AP_EMOJI_REACTION)
        x.type = AP_EMOJI_REACT;
    *why = "the activity has no actor, or several";
    x.actor = ap_as_id(actors);
    if (x.actor.n == 0 || x.actor.n > URL_BYTES_MAX || ap_as_count(actors) != 1)
        return ERR_INVALID;
    *why = "the activity's id is too long";
    if (x.id.n > URL_BYTES_MAX)
        return ERR_INVALID;
    read_objects(a, doc, &x);
    x.target = ap_as_id(val_get(doc, S("target")));
    x.target_val = ap_as_node(val_get(doc, S("target")));
    x.instrument = ap_as_id(val_get(doc, S("instrument")));
    x.instrument_val = ap_as_node(val_get(doc, S("instrument")));
    x.result = ap_as_id(val_get(doc, S("result")));
    for (size_t i = 0; i < lengthof(approvals) && x.approved_by.n == 0; i++)
        x.approved_by = ap_as_id(val_get(doc, approvals[i]));
    x.to = ap_as_ids(a, val_get(doc, S("to")), AP_ADDRESSEES_MAX);
    x.cc = ap_as_ids(a, val_get(doc, S("cc")), AP_ADDRESSEES_MAX);
    x.audience = ap_as_ids(a, val_get(doc, S("audience")), 16);
    x.published_ms = ap_as_time(val_get(doc, S("published")), now_ms, 0);
    x.updated_ms = ap_as_time(val_get(doc, S("updated")), now_ms, 0);
    x.content = ap_as_text(a, doc, S("content"));
    x.content.text = utf8_cut(x.content.text, AP_FLAG_BYTES_MAX);
    x.summary = ap_as_text(a, doc, S("summary"));
    x.summary.text = utf8_cut(x.summary.text, AP_FLAG_BYTES_MAX);
    x.name = ap_as_text(a, doc, S("name"));
    x.name.text = utf8_cut(x.name.text, AP_FLAG_BYTES_MAX);
    if (x.type == AP_LIKE || x.type == AP_EMOJI_REACT)
        read_reaction(a, doc, &x);
    x.has_proof = !val_is_null(val_get(doc, S("proof")));
    x.has_ld_signature = !val_is_null(val_get(doc, S("signature")));
    x.is_actor_delete = x.type == AP_DELETE && str_eq(x.object, x.actor);
    *why = "";
    *out = x;
    return ERR_OK;
}

/* ---- Flag ---------------------------------------------------------------------------------------------------------------- */

static void
add_target(struct strs *out, struct str id, size_t max)
{
    if (id.n > 0 && out->n < max)
        strs_add(out, id);
}

struct strs
ap_flag_targets(struct arena *a, const struct ap_activity *flag, size_t max)
{
    struct strs out = { arena_vec(a, struct str, max), 0 };
    struct str text = flag->content.text, word;

    for (size_t i = 0; i < flag->n_objects; i++)
        add_target(&out, ap_as_id(flag->objects[i]), max);
    while (str_cut(&text, '\n', &word)) { /* Misskey: "Note: https://…" lines in the text */
        struct str rest = word, part;

        while (str_cut(&rest, ' ', &part)) {
            struct url u;

            part = str_trim(part);
            if ((str_starts(part, S("https://")) || str_starts(part, S("http://"))) && url_parse(a, part, &u))
                add_target(&out, part, max);
        }
    }
    return out;
}

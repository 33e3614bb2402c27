/* Reactions to posts. */
#include "service/reaction.h"

#include "ap/uri.h"
#include "base/conf.h"
#include "base/id.h"
#include "db/db.h"
#include "service/emoji.h"
#include "service/federate.h"
#include "service/internal.h"
#include "service/move.h"
#include "service/notification.h"
#include "service/receive.h"
#include "service/receive_internal.h"
#include "service/status.h"
#include "service/visibility.h"
#include "store/account.h"
#include "store/emoji.h"
#include "store/reaction.h"
#include "store/relation.h"
#include "store/status.h"
#include "text/link.h"
#include "text/unicode.h"

enum { NAME_BYTES_MAX = 512 };

/* ---- names ------------------------------------------------------------------------------------------------------- */

/* False: nothing that can be a reaction. */
static bool
read_name(struct arena *mem, struct str text, struct reaction_name *out)
{
    ptrdiff_t at;

    if (text.n == 0 || text.n > NAME_BYTES_MAX)
        return false;
    if (text_is_emoji(text)) {
        *out = (struct reaction_name){ text_emoji_key(mem, text), S(""), text };
        return true;
    }
    if (text.n > 2 && text.p[0] == ':' && text.p[text.n - 1] == ':')
        text = str_sub(text, 1, text.n - 1);
    at = str_chr(text, '@');
    *out = (struct reaction_name){ text, S(""), text };
    if (at > 0) {
        out->name = out->shown = str_sub(text, 0, (size_t)at);
        out->domain = str_lower(mem, str_sub(text, (size_t)at + 1, text.n));
    }
    return text_shortcode_valid(out->name);
}

/* As clients and jobs name it. */
static struct str
write_name(struct arena *mem, const struct reaction_name *w)
{
    return w->domain.n > 0 ? str_cat(mem, w->shown, S("@"), w->domain, STR_NONE) : w->shown;
}

/* ---- the caller -------------------------------------------------------------------------------------------------- */

static enum err
is_known(struct ctx *c, const struct reaction_name *w, bool has_it, bool *out)
{
    struct emoji_refs found;

    *out = has_it || text_is_emoji(w->shown);
    if (*out || w->domain.n > 0)
        return ERR_OK;
    TRY(store_emoji_by_codes(c, S(""), &(struct strs){ (struct str[]){ w->name }, 1 }, &found));
    *out = found.n > 0;
    return ERR_OK;
}

static enum err
federate(struct ctx *c, const struct status *s, const struct reaction_name *w, int64_t id, bool on)
{
    int64_t me = c->who.account_id;

    return service_federate(c, &(struct fed_action){ .kind = on ? FED_REACTION : FED_UNDO_REACTION,
                                   .account_id = me,
                                   .target_id = s->account_id,
                                   .object_uri = s->uri,
                                   .reaction = write_name(c->mem, w),
                                   .uri = ap_uri(c->mem, c->env->conf->origin, AP_URI_LIKE, me, id) });
}

/* The row of the post is locked: the limits hold. */
static enum err
react(struct ctx *c, const struct status *s, const struct reaction_name *w)
{
    struct reaction_row r = { .id = id_new(), .status_id = s->id, .account_id = c->who.account_id, .what = *w };
    int64_t on_status, of_account;
    bool has_it, known, added;
    struct status *now;

    TRY(store_status_lock(c, s->id, &now));
    TRY(store_reaction_numbers(c, s->id, r.account_id, w, &on_status, &of_account, &has_it));
    TRY(is_known(c, w, has_it, &known));
    if (!known)
        return ctx_fail_public(c, ERR_INVALID, "Validation failed: Name is not a recognized emoji");
    TRY(store_reaction_put(c, &r, STR_NONE, &added));
    if (!added)
        return ERR_OK;
    if (of_account >= REACTIONS_OF_ACCOUNT_MAX || (!has_it && on_status >= REACTIONS_MAX))
        return ctx_fail_public(c, ERR_INVALID, "Validation failed: Limit of different reactions reached");
    TRY(service_notify(c, s->account_id, NOTIFY_FAVOURITE, r.account_id, s->id));
    return federate(c, s, w, r.id, true);
}

enum err
service_reaction_unnotify(struct ctx *c, const struct status *s, int64_t from)
{
    bool likes;

    TRY(store_reaction_likes(c, s->id, from, &likes));
    return likes ? ERR_OK : service_unnotify(c, s->account_id, NOTIFY_FAVOURITE, from, s->id);
}

static enum err
unreact(struct ctx *c, const struct status *s, const struct reaction_name *w)
{
    int64_t id;
    bool removed;

    TRY(store_reaction_delete(c, s->id, c->who.account_id, w, &id, &removed));
    if (!removed)
        return ERR_OK;
    TRY(service_reaction_unnotify(c, s, c->who.account_id));
    return federate(c, s, w, id, false);
}

static bool
did_react(const struct status *s)
{
    for (size_t i = 0; i < s->reactions.n; i++)
        if (s->reactions.v[i].me)
            return true;
    return false;
}

enum err
service_reaction_set(struct ctx *c, int64_t id, struct str name, bool on, struct status **out)
{
    struct reaction_name w;
    bool hidden = false;

    if (on)
        TRY(service_move_refuse(c));
    if (on)
        TRY(service_act_target(c, id, out));
    else
        TRY(service_act_target_of_own(c, id, did_react, &hidden, out));
    if (!read_name(c->mem, name, &w))
        return ctx_fail_public(c, ERR_INVALID, "Validation failed: Name is not a recognized emoji");
    TRY(db_begin(c, DB_WRITE));
    TRY(on ? react(c, *out, &w) : unreact(c, *out, &w));
    TRY(db_commit(c));
    return hidden ? ERR_OK : service_status_get(c, (*out)->id, out);
}

/* Accounts behind the rows that the caller may see; sorted as they come. */
static enum err
load_people(struct ctx *c, const struct reaction_rows *rows, struct accounts *out)
{
    struct ids ids = { arena_vec(c->mem, int64_t, rows->n), 0 };
    struct relations rel;
    size_t n = 0;

    for (size_t i = 0; i < rows->n; i++) {
        size_t k = 0;

        while (k < ids.n && ids.v[k] != rows->v[i].account_id)
            k++;
        if (k == ids.n)
            ids.v[ids.n++] = rows->v[i].account_id;
    }
    TRY(store_account_list(c, &ids, out));
    TRY(store_account_fill(c, out->v, out->n));
    TRY(store_relations(c, c->who.account_id, &ids, &rel));
    for (size_t i = 0; i < out->n; i++) {
        bool hidden = out->v[i]->suspended_ms != 0;

        for (size_t k = 0; k < rel.n && !hidden; k++)
            hidden = rel.v[k].target_id == out->v[i]->id && (rel.v[k].blocking || rel.v[k].blocked_by);
        if (!hidden)
            out->v[n++] = out->v[i];
    }
    out->n = n;
    return ERR_OK;
}

enum err
service_reaction_list(struct ctx *c, int64_t id, struct status **s, struct reactors *out)
{
    struct reaction_rows rows;
    struct accounts people;

    TRY(service_status_get(c, id, s));
    if ((*s)->reblog != NULL)
        *s = (*s)->reblog;
    TRY(store_reaction_of_status(c, (*s)->id, REACTORS_MAX, &rows));
    TRY(load_people(c, &rows, &people));
    *out = (struct reactors){ arena_vec(c->mem, struct reactor, rows.n), 0 };
    for (size_t i = 0; i < rows.n; i++)
        for (size_t k = 0; k < people.n; k++)
            if (people.v[k]->id == rows.v[i].account_id)
                out->v[out->n++] = (struct reactor){ write_name(c->mem, &rows.v[i].what), people.v[k] };
    return ERR_OK;
}

/* ---- other servers ----------------------------------------------------------------------------------------------- */

/* What a remote account means: an emoji, or one of its server's own. */
static bool
read_received(struct ctx *c, const struct account *from, const struct ap_activity *a, struct reaction_name *out)
{
    if (!read_name(c->mem, a->reaction, out) || out->domain.n > 0)
        return false;
    if (text_is_emoji(out->shown))
        return true;
    out->domain = from->domain;
    return receive_url_ok(c, a->reaction_emoji.url);
}

static enum err
receive(struct ctx *c, struct account *from, const struct status *s, const struct reaction_name *w,
    const struct ap_activity *a)
{
    struct reaction_row r = { .id = id_new(), .status_id = s->id, .account_id = from->id, .what = *w };
    const struct ap_emoji *e = &a->reaction_emoji;
    int64_t on_status, of_account;
    struct status *now;
    bool undone, has_it, added;
    struct str had;

    TRY(receive_undone(c, from, a->id, &undone));
    TRY(store_status_lock(c, s->id, &now));
    TRY(store_reaction_numbers(c, s->id, from->id, w, &on_status, &of_account, &has_it));
    if (undone || of_account >= REACTIONS_OF_ACCOUNT_MAX || (!has_it && on_status >= REACTIONS_MAX))
        return ERR_OK;
    if (w->domain.n > 0)
        TRY(service_emoji_receive(c, w->domain, e->id, e->shortcode, e->url, e->updated_ms, true));
    TRY(store_reaction_put(c, &r, a->id, &added));
    if (added)
        return service_notify(c, s->account_id, NOTIFY_FAVOURITE, from->id, s->id);
    TRY(store_reaction_uri(c, s->id, from->id, w, &had));
    TRY(receive_replaces(c, from, had, a->id));
    return store_reaction_set_uri(c, s->id, from->id, w, a->id);
}

enum err
service_reaction_received(struct ctx *c, struct account *from, const struct ap_activity *a)
{
    struct reaction_name w;
    struct status *s;

    if (!read_received(c, from, a, &w)) /* words instead of an emoji: a favourite all the same */
        return service_receive_like(c, from, a->object, a->id);
    TRY(receive_our_status(c, from, a->object, &s));
    if (s == NULL || s->reblog_of_id != 0)
        return ERR_OK;
    TRY(receive_begin(c, from));
    return receive_finish(c, receive(c, from, s, &w, a));
}

static enum err
find_row(struct ctx *c, struct account *from, const struct ap_activity *inner, struct reaction_row *out, bool *found)
{
    struct reaction_row *r;
    enum err e = ERR_NOT_FOUND;

    *found = false;
    if (inner->id.n > 0)
        e = store_reaction_by_uri(c, inner->id, &r);
    if (e == ERR_OK && r->account_id == from->id) {
        *out = *r;
        *found = true;
    }
    if (e != ERR_NOT_FOUND)
        return e;
    ctx_ok(c);
    if (inner->reaction.n == 0 || !read_received(c, from, inner, &out->what))
        return ERR_OK;
    out->status_id = ap_uri_local_status(c->mem, c->env->conf->origin, inner->object);
    *found = out->status_id != 0;
    return ERR_OK;
}

enum err
service_reaction_undone(struct ctx *c, struct account *from, const struct ap_activity *inner, bool *done)
{
    struct reaction_row r;
    struct status *s;
    struct str has;
    int64_t id;
    bool ends;

    TRY(find_row(c, from, inner, &r, done));
    if (!*done)
        return ERR_OK;
    TRY(store_reaction_uri(c, r.status_id, from->id, &r.what, &has));
    if (has.n > 0)
        TRY(receive_ends(c, from, has, inner->id, &ends));
    if (has.n > 0 && !ends)
        return ERR_OK;
    TRY(store_reaction_delete(c, r.status_id, from->id, &r.what, &id, done));
    if (!*done)
        return ERR_OK;
    TRY(store_status_get(c, r.status_id, &s));
    return service_reaction_unnotify(c, s, from->id);
}

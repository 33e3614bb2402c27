/* Announcements. */
#include "service/announcement.h"

#include "base/clock.h"
#include "base/id.h"
#include "base/utf8.h"
#include "db/db.h"
#include "queue/queue.h"
#include "service/event.h"
#include "service/internal.h"
#include "service/visibility.h"
#include "store/account.h"
#include "store/announcement.h"
#include "store/emoji.h"
#include "text/link.h"
#include "text/unicode.h"

enum { STATUSES_MAX = 10, EMOJI_BYTES_MAX = 128 };

/* ---- reading ------------------------------------------------------------------------------------------------------- */

static enum err
fill_reactions(struct ctx *c, struct reactions *v)
{
    struct strs codes = { arena_vec(c->mem, struct str, v->n), 0 };
    struct emoji_refs found;

    for (size_t i = 0; i < v->n; i++)
        if (text_shortcode_valid(v->v[i].name))
            codes.v[codes.n++] = v->v[i].name;
    TRY(store_emoji_by_codes(c, S(""), &codes, &found));
    for (size_t i = 0; i < v->n; i++)
        for (size_t k = 0; k < found.n; k++)
            if (str_eq(found.v[k].shortcode, v->v[i].name))
                v->v[i].emoji = &found.v[k];
    return ERR_OK;
}

static bool
has(const struct ids *v, int64_t id)
{
    for (size_t i = 0; i < v->n; i++)
        if (v->v[i] == id)
            return true;
    return false;
}

/* Announcements are few and short: each is filled on its own. */
static enum err
fill(struct ctx *c, struct announcement *a, const struct ids *read)
{
    a->has_viewer = c->who.account_id != 0;
    a->read = has(read, a->id);
    TRY(store_account_list(c, &a->mention_ids, &a->mentions));
    TRY(service_status_load(c, c->who.account_id, VIEW_DIRECT, &a->status_ids, &a->statuses));
    TRY(store_emoji_by_codes(c, S(""), &a->emoji_codes, &a->emojis));
    TRY(store_announcement_reactions(c, a->id, c->who.account_id, &a->reactions));
    return fill_reactions(c, &a->reactions);
}

enum err
service_announcement_list(struct ctx *c, struct announcements *out)
{
    struct ids read;

    TRY(store_announcement_list(c, clock_ms(), out));
    TRY(store_announcement_read_list(c, c->who.account_id, &read));
    for (size_t i = 0; i < out->n; i++)
        TRY(fill(c, &out->v[i], &read));
    return ERR_OK;
}

enum err
service_announcement_list_all(struct ctx *c, struct announcements *out)
{
    return store_announcement_list(c, 0, out);
}

/* One that is shown now. */
static enum err
get_shown(struct ctx *c, int64_t id)
{
    struct announcement *a;

    TRY(store_announcement_get(c, id, &a));
    if (a->published_ms > clock_ms() || (a->ends_ms != 0 && a->ends_ms <= clock_ms()))
        return ctx_fail(c, ERR_NOT_FOUND, "announcement %lld is not shown", (long long)id);
    return ERR_OK;
}

/* ---- people -------------------------------------------------------------------------------------------------------- */

enum err
service_announcement_dismiss(struct ctx *c, int64_t id)
{
    TRY(get_shown(c, id));
    TRY(db_begin(c, DB_WRITE));
    TRY(store_announcement_read_put(c, c->who.account_id, id));
    return db_commit(c);
}

/* An emoji of Unicode, or one that this server has. */
static enum err
check_name(struct ctx *c, struct str name)
{
    struct emoji_refs found;

    if (name.n == 0 || name.n > EMOJI_BYTES_MAX)
        return ctx_fail_public(c, ERR_INVALID, "Validation failed: Name is not a recognized emoji");
    if (text_is_emoji(name))
        return ERR_OK;
    if (text_shortcode_valid(name)) {
        TRY(store_emoji_by_codes(c, S(""), &(struct strs){ &name, 1 }, &found));
        if (found.n > 0)
            return ERR_OK;
    }
    return ctx_fail_public(c, ERR_INVALID, "Validation failed: Name is not a recognized emoji");
}

static enum err
check_room(struct ctx *c, int64_t id, struct str name)
{
    struct reactions v;

    TRY(store_account_lock(c, 0));
    TRY(store_announcement_reactions(c, id, 0, &v));
    for (size_t i = 0; i < v.n; i++)
        if (str_eq(v.v[i].name, name))
            return ERR_OK;
    if (v.n >= ANNOUNCEMENT_REACTIONS_MAX)
        return ctx_fail_public(c, ERR_INVALID, "Validation failed: Limit of different reactions reached");
    return ERR_OK;
}

/* How many it has now. */
static enum err
tell_reaction(struct ctx *c, int64_t id, struct str name)
{
    struct event e = { .kind = EVENT_ANNOUNCEMENT_REACTION, .id = id, .name = name };
    struct reactions v;

    TRY(store_announcement_reactions(c, id, 0, &v));
    for (size_t i = 0; i < v.n; i++)
        if (str_eq(v.v[i].name, name))
            e.count = v.v[i].count;
    service_event(c, &e);
    return ERR_OK;
}

enum err
service_announcement_react(struct ctx *c, int64_t id, struct str name, bool on)
{
    bool changed;

    TRY(get_shown(c, id));
    if (on)
        TRY(check_name(c, name));
    TRY(db_begin(c, DB_WRITE));
    if (on) {
        TRY(check_room(c, id, name));
        TRY(store_announcement_react(c, id, c->who.account_id, name, &changed));
    } else {
        TRY(store_announcement_unreact(c, id, c->who.account_id, name, &changed));
    }
    if (changed)
        TRY(tell_reaction(c, id, name));
    return db_commit(c);
}

/* ---- operators ----------------------------------------------------------------------------------------------------- */

/* Posts of ours that the text links to are shown with it: https://here/@name/ID. */
static struct ids
linked_statuses(struct ctx *c, struct str text)
{
    struct str base = str_cat(c->mem, c->env->conf->origin, S("/@"), STR_NONE);
    struct links links = text_links(c->mem, text);
    struct ids out = { arena_vec(c->mem, int64_t, STATUSES_MAX), 0 };

    for (size_t i = 0; i < links.n && out.n < STATUSES_MAX; i++) {
        struct str rest = links.v[i].text, name;
        int64_t id;

        if (links.v[i].kind != LINK_URL || !str_starts(rest, base))
            continue;
        rest = str_sub(rest, base.n, rest.n);
        if (str_cut(&rest, '/', &name) && str_int(rest, &id) && !has(&out, id))
            out.v[out.n++] = id;
    }
    return out;
}

static enum err
compose(struct ctx *c, struct str text, struct announcement *a)
{
    struct formatted f;

    TRY(service_compose(c, text, COMPOSE_MARKDOWN, true, &f));
    a->text = text;
    a->content = f.html;
    a->emoji_codes = f.shortcodes;
    a->status_ids = linked_statuses(c, text);
    a->mention_ids = (struct ids){ arena_vec(c->mem, int64_t, f.n_mentions), 0 };
    for (size_t i = 0; i < f.n_mentions; i++)
        a->mention_ids.v[a->mention_ids.n++] = f.mentions[i].account_id;
    a->tags = (struct strs){ arena_vec(c->mem, struct str, f.n_tags), 0 };
    for (size_t i = 0; i < f.n_tags; i++)
        a->tags.v[a->tags.n++] = f.tags[i].name;
    return ERR_OK;
}

static enum err
check_params(struct ctx *c, const struct announcement_params *p)
{
    if (!utf8_valid(p->text) || text_is_blank(p->text))
        return ctx_fail_public(c, ERR_INVALID, "An announcement needs a text");
    if (text_graphemes(p->text) > ANNOUNCEMENT_CHARS_MAX)
        return ctx_fail_public(c, ERR_INVALID, "An announcement has at most %d characters", ANNOUNCEMENT_CHARS_MAX);
    if (p->ends_ms != 0 && p->ends_ms <= p->starts_ms)
        return ctx_fail_public(c, ERR_INVALID, "An announcement ends after it starts");
    return ERR_OK;
}

/* Replaces what waits: a date that was moved counts as it is now. */
static enum err
queue_put_tell(struct ctx *c, int64_t id, int64_t at_ms)
{
    struct str args = str_fmt(c->mem, "{\"id\":\"%lld\"}", (long long)id);

    return queue_put(c, J_ANNOUNCE, args, &(struct job_opts){ .run_at_ms = at_ms, .replace = true });
}

/* In the transaction.  An edit keeps what it does not name as it is by now; one that was removed does not come back. */
static enum err
store(struct ctx *c, bool is_new, bool keeps_date, struct announcement *a)
{
    struct announcements all;
    struct announcement *now;

    TRY(store_account_lock(c, 0));
    if (is_new) {
        TRY(store_announcement_list(c, 0, &all));
        if (all.n >= ANNOUNCEMENTS_MAX)
            return ctx_fail_public(c, ERR_INVALID, "There are %d announcements: remove one first", ANNOUNCEMENTS_MAX);
    } else {
        TRY(store_announcement_get(c, a->id, &now));
        a->created_ms = now->created_ms;
        if (keeps_date)
            a->published_ms = now->published_ms;
    }
    TRY(store_announcement_put(c, a));
    return queue_put_tell(c, a->id, a->published_ms);
}

enum err
service_announcement_put(struct ctx *c, int64_t id, const struct announcement_params *p, int64_t *out_id)
{
    int64_t now = clock_ms();
    struct announcement a = {
        .id = id != 0 ? id : id_new(), .created_ms = now, .updated_ms = now, .published_ms = p->published_ms
    };
    struct announcement *old;

    TRY(check_params(c, p));
    if (id != 0)
        TRY(store_announcement_get(c, id, &old));
    else if (p->published_ms == 0)
        a.published_ms = now;
    TRY(compose(c, text_lines(c->mem, p->text), &a));
    a.starts_ms = p->starts_ms;
    a.ends_ms = p->ends_ms;
    a.all_day = p->all_day;
    TRY(db_begin(c, DB_WRITE));
    TRY(store(c, id == 0, p->published_ms == 0, &a));
    TRY(db_commit(c));
    *out_id = a.id;
    return ERR_OK;
}

enum err
service_announcement_remove(struct ctx *c, int64_t id)
{
    bool removed;

    TRY(db_begin(c, DB_WRITE));
    TRY(store_account_lock(c, 0)); /* not beside an edit, which would bring it back */
    TRY(store_announcement_delete(c, id, &removed));
    if (!removed)
        return ctx_fail_public(c, ERR_NOT_FOUND, "There is no announcement %lld", (long long)id);
    TRY(queue_put_tell(c, id, 0));
    return db_commit(c);
}

enum err
service_announcement_tell(struct ctx *c, int64_t id)
{
    enum err e = get_shown(c, id);

    if (e != ERR_OK && e != ERR_NOT_FOUND)
        return e;
    ctx_ok(c);
    service_event(c, &(struct event){ .kind = e == ERR_OK ? EVENT_ANNOUNCEMENT : EVENT_ANNOUNCEMENT_DELETE, .id = id });
    return ERR_OK;
}

/* People the caller might want to follow. */
#include "service/suggestion.h"

#include "db/db.h"
#include "model/relation.h"
#include "service/setting.h"
#include "store/account.h"
#include "store/relation.h"
#include "store/suggestion.h"

enum { CANDIDATES_MAX = 100, REFUSED_MAX = 1000 };

static struct suggestion *
find(struct suggestion *v, const struct ids *ids, int64_t id)
{
    for (size_t i = 0; i < ids->n; i++)
        if (ids->v[i] == id)
            return &v[i];
    return NULL;
}

static void
add(struct ids *all, struct suggestion *v, const struct ids *some, int64_t me, enum suggestion_source source)
{
    for (size_t i = 0; i < some->n; i++) {
        struct suggestion *s = find(v, all, some->v[i]);

        if (some->v[i] == me)
            continue;
        if (s == NULL) {
            all->v[all->n] = some->v[i];
            s = &v[all->n++];
        }
        s->sources |= 1U << source;
    }
}

/* Every source's best, each account once, with all sources that name it. */
static enum err
gather(struct ctx *c, struct ids *all, struct suggestion *v)
{
    int64_t me = c->who.account_id;
    struct ids some;

    TRY(service_setting_featured(c, &some));
    add(all, v, &some, me, SUGGEST_FEATURED);
    for (int source = 0; source < SUGGEST_FEATURED; source++) {
        TRY(store_suggestion_candidates(c, (enum suggestion_source)source, me, CANDIDATES_MAX, &some));
        add(all, v, &some, me, (enum suggestion_source)source);
    }
    return ERR_OK;
}

/* Whom the operator names need not be in the directory. */
static bool
is_wanted(const struct account *a, unsigned sources, const struct relation *r, const struct ids *refused)
{
    bool may_be_shown = a->discoverable || (sources & 1U << SUGGEST_FEATURED) != 0;

    for (size_t i = 0; i < refused->n; i++)
        if (refused->v[i] == a->id)
            return false;
    return may_be_shown && a->suspended_ms == 0 && a->silenced_ms == 0 && a->moved_to_id == 0 && !a->memorial &&
           !r->following && !r->requested && !r->blocking && !r->blocked_by && !r->muting && !r->domain_blocking;
}

enum err
service_suggestions(struct ctx *c, int64_t limit, int64_t offset, struct suggestions *out)
{
    struct suggestion *v = arena_vec(c->mem, struct suggestion, SUGGEST_COUNT * CANDIDATES_MAX);
    struct ids all = { arena_vec(c->mem, int64_t, SUGGEST_COUNT * CANDIDATES_MAX), 0 }, known, refused;
    struct accounts people, shown;
    struct relations rel;
    int64_t wanted = 0;

    *out = (struct suggestions){ arena_vec(c->mem, struct suggestion, (size_t)limit), 0 };
    TRY(gather(c, &all, v));
    TRY(store_account_list(c, &all, &people));
    known = (struct ids){ arena_vec(c->mem, int64_t, people.n), people.n };
    for (size_t i = 0; i < people.n; i++)
        known.v[i] = people.v[i]->id;
    TRY(store_relations(c, c->who.account_id, &known, &rel));
    TRY(store_suggestion_refused(c, c->who.account_id, &known, &refused));
    shown = (struct accounts){ arena_vec(c->mem, struct account *, (size_t)limit), 0 };
    for (size_t i = 0; i < people.n && out->n < (size_t)limit; i++) {
        unsigned sources = find(v, &all, people.v[i]->id)->sources;

        if (is_wanted(people.v[i], sources, &rel.v[i], &refused) && wanted++ >= offset) {
            out->v[out->n++] = (struct suggestion){ people.v[i], sources };
            shown.v[shown.n++] = people.v[i];
        }
    }
    return store_account_fill(c, shown.v, shown.n);
}

enum err
service_suggestion_refuse(struct ctx *c, int64_t id)
{
    struct account *a;

    TRY(store_account_get(c, id, &a));
    TRY(db_begin(c, DB_WRITE));
    TRY(store_suggestion_refuse(c, c->who.account_id, a->id, REFUSED_MAX));
    return db_commit(c);
}

/* Whom the viewer does not want to see is left out; so a page may be short. */
enum err
service_directory(struct ctx *c, bool local, bool by_new, int64_t limit, int64_t offset, struct accounts *out)
{
    struct relations rel;
    struct ids ids;
    size_t n = 0;

    TRY(store_account_directory(c, local, by_new, limit, offset, out));
    ids = (struct ids){ arena_vec(c->mem, int64_t, out->n), out->n };
    for (size_t i = 0; i < out->n; i++)
        ids.v[i] = out->v[i]->id;
    TRY(store_relations_visible(c, c->who.account_id, &ids, &rel));
    for (size_t i = 0; i < out->n; i++)
        if (!rel.v[i].blocking && !rel.v[i].blocked_by && !rel.v[i].muting && !rel.v[i].domain_blocking)
            out->v[n++] = out->v[i];
    out->n = n;
    return store_account_fill(c, out->v, out->n);
}

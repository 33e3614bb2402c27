/* Questions of the streams, in portions of people. */
#include "store/live.h"

#include "base/clock.h"
#include "store/internal.h"

enum { PORTION = 5000 };

enum {
    Q_FOLLOWERS,
    Q_BLOCKERS,
    Q_BLOCKED,
    Q_MUTERS,
    Q_DOMAIN_BLOCKERS,
    Q_UNWANTING,
    Q_CONVERSATION_MUTERS,
    Q_FAVOURITERS,
    Q_REBLOGGERS,
    Q_BOOKMARKERS,
    Q_VOTERS,
    Q_REACTED,
    Q_TAG_FOLLOWERS,
    Q_FILTER_VERSIONS,
    Q_TOKENS,
    Q_COUNT
};

static const struct db_sql sql[Q_COUNT] = {
    [Q_FOLLOWERS] = SQL("SELECT account_id FROM follow WHERE target_id = $1 AND account_id IN {ids:$2}"),
    [Q_BLOCKERS] = SQL("SELECT account_id FROM block WHERE target_id = $1 AND account_id IN {ids:$2}"),
    [Q_BLOCKED] = SQL("SELECT target_id FROM block WHERE account_id = $1 AND target_id IN {ids:$2}"),
    [Q_MUTERS] = SQL("SELECT account_id FROM mute WHERE target_id = $1 AND account_id IN {ids:$2} AND "
                     "(expires_ms IS NULL OR expires_ms > $3)"),
    [Q_DOMAIN_BLOCKERS] = SQL("SELECT account_id FROM user_domain_block WHERE account_id IN {ids:$2} AND "
                              "domain = (SELECT domain FROM account WHERE id = $1)"),
    [Q_UNWANTING] = SQL("SELECT account_id FROM block WHERE target_id IN {ids:$1} AND account_id IN {ids:$2} UNION "
                        "SELECT account_id FROM mute WHERE target_id IN {ids:$1} AND account_id IN {ids:$2} AND "
                        "(expires_ms IS NULL OR expires_ms > $3)"),
    [Q_CONVERSATION_MUTERS] =
        SQL("SELECT account_id FROM conversation_mute WHERE conversation_id = $1 AND account_id IN {ids:$2}"),
    [Q_FAVOURITERS] = SQL("SELECT account_id FROM favourite WHERE status_id = $1 AND account_id IN {ids:$2}"),
    [Q_REBLOGGERS] = SQL("SELECT account_id FROM status WHERE reblog_of_id = $1 AND account_id IN {ids:$2}"),
    [Q_BOOKMARKERS] = SQL("SELECT account_id FROM bookmark WHERE status_id = $1 AND account_id IN {ids:$2}"),
    [Q_VOTERS] = SQL("SELECT v.account_id FROM poll p JOIN poll_vote v ON v.poll_id = p.id WHERE p.status_id = $1 "
                     "AND v.account_id IN {ids:$2}"),
    [Q_REACTED] = SQL("SELECT account_id FROM status_reaction WHERE status_id = $1 AND account_id IN {ids:$2}"),
    [Q_TAG_FOLLOWERS] = SQL("SELECT account_id FROM tag_follow WHERE tag_id IN {ids:$1} AND account_id IN {ids:$2}"),
    [Q_FILTER_VERSIONS] = SQL("SELECT account_id, version FROM filter_version WHERE account_id IN {ids:$1}"),
    [Q_TOKENS] = SQL("SELECT t.id FROM token t JOIN users u ON u.id = t.user_id JOIN account a ON a.id = t.account_id "
                     "WHERE t.id IN {ids:$1} AND u.confirmed_ms IS NOT NULL AND u.approved = TRUE AND "
                     "u.disabled = FALSE AND a.suspended_ms IS NULL"),
};
DB_STATEMENTS(store_live, sql);

static struct ids
portion(const struct ids *all, size_t at)
{
    return (struct ids){ all->v + at, MIN(all->n - at, (size_t)PORTION) };
}

/* The answer of a statement about $1 and the people $2, as places in `people`. */
typedef void (*found_fn)(void *arg, size_t place);

static enum err
each_found(struct ctx *c, int q, int64_t about, const struct ids *people, found_fn fn, void *arg)
{
    for (size_t at = 0; at < people->n; at += PORTION) {
        struct ids some = portion(people, at);
        const struct db_arg args[] = { D_INT(about), D_IDS(some.v, some.n), D_INT(clock_ms()) };
        struct db_rows r;

        TRY(db_query(c, &sql[q], (struct db_args){ args, q == Q_MUTERS ? 3 : 2 }, &r));
        for (size_t i = 0; i < r.n; i++) {
            int64_t id = db_int(&r.v[i], 0);
            const int64_t *found = ids_find(&some, id);

            if (found != NULL)
                fn(arg, at + (size_t)(found - some.v));
        }
    }
    return ERR_OK;
}

/* One boolean member of each relation. */
struct member {
    struct relations *all;
    size_t offset;
};

static void
set_member(void *arg, size_t place)
{
    const struct member *m = arg;

    *(bool *)((char *)&m->all->v[place] + m->offset) = true;
}

enum err
store_live_relations(struct ctx *c, const struct ids *viewers, int64_t target, struct relations *out)
{
    static const struct {
        int q;
        size_t member;
    } parts[] = {
        { Q_FOLLOWERS, offsetof(struct relation, following) },
        { Q_BLOCKERS, offsetof(struct relation, blocking) },
        { Q_BLOCKED, offsetof(struct relation, blocked_by) },
        { Q_MUTERS, offsetof(struct relation, muting) },
        { Q_DOMAIN_BLOCKERS, offsetof(struct relation, domain_blocking) },
    };

    *out = (struct relations){ arena_vec(c->mem, struct relation, viewers->n), viewers->n };
    for (size_t i = 0; i < viewers->n; i++)
        out->v[i].target_id = target;
    for (size_t k = 0; k < lengthof(parts); k++)
        TRY(each_found(c, parts[k].q, target, viewers, set_member, &(struct member){ out, parts[k].member }));
    return ERR_OK;
}

static void
set_flag(void *arg, size_t place)
{
    ((bool *)arg)[place] = true;
}

enum err
store_live_unwanting(struct ctx *c, const struct ids *viewers, const struct ids *targets, bool *unwanting)
{
    for (size_t at = 0; targets->n > 0 && at < viewers->n; at += PORTION) {
        struct ids some = portion(viewers, at);
        struct db_rows r;

        TRY(db_query(c, &sql[Q_UNWANTING],
            DB_ARGS(D_IDS(targets->v, targets->n), D_IDS(some.v, some.n), D_INT(clock_ms())), &r));
        for (size_t i = 0; i < r.n; i++) {
            int64_t id = db_int(&r.v[i], 0);
            const int64_t *found = ids_find(&some, id);

            if (found != NULL)
                unwanting[at + (size_t)(found - some.v)] = true;
        }
    }
    return ERR_OK;
}

enum err
store_live_special(
    struct ctx *c, const struct ids *viewers, int64_t status_id, int64_t conversation_id, bool known, bool *special)
{
    static const int marks[] = { Q_FAVOURITERS, Q_REBLOGGERS, Q_BOOKMARKERS, Q_VOTERS, Q_REACTED };

    if (conversation_id != 0)
        TRY(each_found(c, Q_CONVERSATION_MUTERS, conversation_id, viewers, set_flag, special));
    for (size_t k = 0; known && k < lengthof(marks); k++)
        TRY(each_found(c, marks[k], status_id, viewers, set_flag, special));
    return ERR_OK;
}

enum err
store_live_filter_versions(struct ctx *c, const struct ids *viewers, int64_t *versions)
{
    for (size_t at = 0; at < viewers->n; at += PORTION) {
        struct ids some = portion(viewers, at);
        struct db_rows r;

        TRY(db_query(c, &sql[Q_FILTER_VERSIONS], DB_ARGS(D_IDS(some.v, some.n)), &r));
        for (size_t i = 0; i < r.n; i++) {
            int64_t id = db_int(&r.v[i], 0);
            const int64_t *found = ids_find(viewers, id);

            if (found != NULL)
                versions[found - viewers->v] = db_int(&r.v[i], 1);
        }
    }
    return ERR_OK;
}

enum err
store_live_followers(
    struct ctx *c, const struct ids *readers, int64_t account_id, const struct ids *tags, struct ids *out)
{
    bool *found = arena_vec(c->mem, bool, readers->n);

    TRY(each_found(c, Q_FOLLOWERS, account_id, readers, set_flag, found));
    for (size_t at = 0; tags->n > 0 && at < readers->n; at += PORTION) {
        struct ids some = portion(readers, at);
        struct db_rows r;

        TRY(db_query(c, &sql[Q_TAG_FOLLOWERS], DB_ARGS(D_IDS(tags->v, tags->n), D_IDS(some.v, some.n)), &r));
        for (size_t i = 0; i < r.n; i++) {
            int64_t id = db_int(&r.v[i], 0);
            const int64_t *place = ids_find(readers, id);

            if (place != NULL)
                found[place - readers->v] = true;
        }
    }
    *out = ids_new(c->mem, readers->n);
    for (size_t i = 0; i < readers->n; i++)
        if (found[i])
            ids_add(out, readers->v[i]);
    return ERR_OK;
}

enum err
store_live_tokens(struct ctx *c, const struct ids *tokens, struct ids *out)
{
    *out = ids_new(c->mem, tokens->n);
    for (size_t at = 0; at < tokens->n; at += PORTION) {
        struct ids some = portion(tokens, at);
        struct db_rows r;

        TRY(db_query(c, &sql[Q_TOKENS], DB_ARGS(D_IDS(some.v, some.n)), &r));
        for (size_t i = 0; i < r.n; i++)
            ids_add(out, db_int(&r.v[i], 0));
    }
    ids_sort(out);
    return ERR_OK;
}

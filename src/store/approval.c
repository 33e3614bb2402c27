/* Policies and consent. */
#include "store/approval.h"

#include "store/count.h"
#include "store/internal.h"

enum {
    Q_POLICY,
    Q_PEOPLE,
    Q_PEOPLE_PUT,
    Q_PEOPLE_DELETE,
    Q_APPROVAL,
    Q_STAMP,
    Q_STAMP_PUT,
    Q_REPLIES,
    Q_BY_STAMP,
    Q_LIKE_STAMP,
    Q_LIKE_STAMP_PUT,
    Q_COUNT
};

static const struct db_sql sql[Q_COUNT] = {
    [Q_POLICY] = SQL("UPDATE status SET interaction_policy = $2 WHERE id = $1"),
    [Q_PEOPLE] = SQL("SELECT likers, repliers, boosters FROM interaction_people WHERE status_id = $1"),
    [Q_PEOPLE_PUT] = SQL("INSERT INTO interaction_people (status_id, likers, repliers, boosters) "
                         "VALUES ($1, $2, $3, $4) ON CONFLICT (status_id) DO UPDATE "
                         "SET likers = $2, repliers = $3, boosters = $4"),
    [Q_PEOPLE_DELETE] = SQL("DELETE FROM interaction_people WHERE status_id = $1"),
    [Q_APPROVAL] = SQL("UPDATE status SET approval = $2 WHERE id = $1"),
    [Q_STAMP] = SQL("SELECT uri FROM approval_stamp WHERE status_id = $1"),
    [Q_STAMP_PUT] = SQL("INSERT INTO approval_stamp (status_id, uri) VALUES ($1, $2) "
                        "ON CONFLICT (status_id) DO UPDATE SET uri = $2"),
    [Q_REPLIES] = SQL("SELECT id FROM status WHERE in_reply_to_id = $1 AND id > $2 AND local = FALSE "
                      "ORDER BY id LIMIT $3"),
    /* Many may claim a stamp; one that was looked at names a single thing.  Boosts are here only when they were permitted. */
    [Q_BY_STAMP] = SQL("SELECT s.id FROM approval_stamp a JOIN status s ON s.id = a.status_id WHERE a.uri = $1 AND "
                       "(s.approval = 3 OR s.reblog_of_id IS NOT NULL) LIMIT 1"),
    [Q_LIKE_STAMP] = SQL("SELECT favourite_id FROM like_stamp WHERE uri = $1 LIMIT 1"),
    [Q_LIKE_STAMP_PUT] = SQL("INSERT INTO like_stamp (favourite_id, uri) VALUES ($1, $2) "
                             "ON CONFLICT (favourite_id) DO UPDATE SET uri = $2"),
};
DB_STATEMENTS(store_approval, sql);

enum err
store_interaction_policy_set(struct ctx *c, int64_t status_id, int64_t policy, const struct interaction_people *people)
{
    bool any = false;

    for (size_t i = 0; i < INTERACT_COUNT; i++)
        any |= people->v[i].n > 0;
    TRY(db_exec(c, &sql[Q_POLICY], DB_ARGS(D_INT(status_id), D_INT(policy)), NULL));
    if (!any)
        return db_exec(c, &sql[Q_PEOPLE_DELETE], DB_ARGS(D_INT(status_id)), NULL);
    return db_exec(c, &sql[Q_PEOPLE_PUT],
        DB_ARGS(D_INT(status_id), D_STR(column_put_strs(c->mem, &people->v[INTERACT_LIKE])),
            D_STR(column_put_strs(c->mem, &people->v[INTERACT_REPLY])),
            D_STR(column_put_strs(c->mem, &people->v[INTERACT_ANNOUNCE]))),
        NULL);
}

enum err
store_interaction_people(struct ctx *c, int64_t status_id, struct interaction_people *out)
{
    const struct db_row *r;

    *out = (struct interaction_people){ 0 };
    TRY(db_maybe(c, &sql[Q_PEOPLE], DB_ARGS(D_INT(status_id)), &r));
    for (size_t i = 0; r != NULL && i < INTERACT_COUNT; i++)
        out->v[i] = column_strs(c->mem, db_str(r, i));
    return ERR_OK;
}

enum err
store_approval_set(struct ctx *c, const struct status *s, enum approval a)
{
    int by = (int)approval_is_open(a) - (int)approval_is_open(s->approval);

    TRY(db_exec(c, &sql[Q_APPROVAL], DB_ARGS(D_INT(s->id), D_INT(a)), NULL));
    if (by != 0 && s->reblog_of_id != 0)
        store_count_status(c, s->reblog_of_id, (struct status_counts){ .reblogs = by });
    else if (by != 0 && s->in_reply_to_id != 0 && s->visibility <= VIS_UNLISTED)
        store_count_status(c, s->in_reply_to_id, (struct status_counts){ .replies = by });
    return ERR_OK;
}

enum err
store_approval_stamp_put(struct ctx *c, int64_t status_id, struct str uri)
{
    return db_exec(c, &sql[Q_STAMP_PUT], DB_ARGS(D_INT(status_id), D_STR(uri)), NULL);
}

enum err
store_approval_stamp(struct ctx *c, int64_t status_id, struct str *out)
{
    const struct db_row *r;

    TRY(db_maybe(c, &sql[Q_STAMP], DB_ARGS(D_INT(status_id)), &r));
    *out = r != NULL ? db_str(r, 0) : S("");
    return ERR_OK;
}

enum err
store_approval_by_stamp(struct ctx *c, struct str uri, int64_t *status_id, int64_t *favourite_id)
{
    const struct db_row *r;

    *favourite_id = 0;
    TRY(db_maybe(c, &sql[Q_BY_STAMP], DB_ARGS(D_STR(uri)), &r));
    *status_id = r != NULL ? db_int(r, 0) : 0;
    if (r != NULL)
        return ERR_OK;
    TRY(db_maybe(c, &sql[Q_LIKE_STAMP], DB_ARGS(D_STR(uri)), &r));
    *favourite_id = r != NULL ? db_int(r, 0) : 0;
    return ERR_OK;
}

enum err
store_like_stamp_put(struct ctx *c, int64_t favourite_id, struct str uri)
{
    return db_exec(c, &sql[Q_LIKE_STAMP_PUT], DB_ARGS(D_INT(favourite_id), D_STR(uri)), NULL);
}

enum err
store_approval_replies(struct ctx *c, int64_t status_id, int64_t after, int64_t limit, struct ids *out)
{
    struct db_rows r;

    TRY(db_query(c, &sql[Q_REPLIES], DB_ARGS(D_INT(status_id), D_INT(after), D_INT(limit)), &r));
    *out = rows_ids(c->mem, &r);
    return ERR_OK;
}

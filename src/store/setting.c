/* Settings and rules. */
#include "store/setting.h"

#include "base/clock.h"
#include "base/id.h"
#include "db/db.h"

enum { Q_GET, Q_PUT, Q_RULES, Q_RULE_PUT, Q_DELETE, Q_RULE_DELETE, Q_COUNT };

static const struct db_sql sql[Q_COUNT] = {
    [Q_GET] = SQL("SELECT value FROM setting WHERE name = $1"),
    [Q_PUT] = SQL("INSERT INTO setting (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = $2"),
    [Q_RULES] = SQL("SELECT id, text, hint FROM rule ORDER BY position, id LIMIT 1000"),
    [Q_RULE_PUT] = SQL("INSERT INTO rule (id, position, text, hint, created_ms) "
                       "VALUES ($1, (SELECT coalesce(max(position), 0) + 1 FROM rule), $2, $3, $4)"),
    [Q_DELETE] = SQL("DELETE FROM setting WHERE name = $1"),
    [Q_RULE_DELETE] = SQL("DELETE FROM rule WHERE id = $1"),
};
DB_STATEMENTS(store_setting, sql);

enum err
store_setting_get(struct ctx *c, const char *name, struct str dflt, struct str *out)
{
    const struct db_row *r;

    TRY(db_maybe(c, &sql[Q_GET], DB_ARGS(D_STR(str_z(name))), &r));
    *out = r == NULL ? dflt : db_str(r, 0);
    return ERR_OK;
}

enum err
store_setting_put(struct ctx *c, const char *name, struct str value)
{
    return db_exec(c, &sql[Q_PUT], DB_ARGS(D_STR(str_z(name)), D_STR(value)), NULL);
}

enum err
store_rule_list(struct ctx *c, struct rules *out)
{
    struct db_rows r;

    TRY(db_query(c, &sql[Q_RULES], DB_NO_ARGS, &r));
    out->v = arena_vec(c->mem, struct rule, r.n);
    out->n = r.n;
    for (size_t i = 0; i < r.n; i++)
        out->v[i] = (struct rule){ db_int(&r.v[i], 0), db_str(&r.v[i], 1), db_str(&r.v[i], 2) };
    return ERR_OK;
}

enum err
store_rule_put(struct ctx *c, struct str text, struct str hint)
{
    return db_exec(c, &sql[Q_RULE_PUT], DB_ARGS(D_INT(id_new()), D_STR(text), D_STR(hint), D_INT(clock_ms())), NULL);
}

enum err
store_setting_delete(struct ctx *c, const char *name)
{
    return db_exec(c, &sql[Q_DELETE], DB_ARGS(D_STR(str_z(name))), NULL);
}

enum err
store_rule_delete(struct ctx *c, int64_t id, bool *removed)
{
    int64_t n;

    TRY(db_exec(c, &sql[Q_RULE_DELETE], DB_ARGS(D_INT(id)), &n));
    *removed = n > 0;
    return ERR_OK;
}

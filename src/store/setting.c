/* Settings and rules. */
#include "store/setting.h"

#include "base/clock.h"
#include "base/id.h"
#include "db/db.h"

#define VERSION "settings_version"

enum {
    Q_GET,
    Q_PUT,
    Q_CHANGED,
    Q_RULES,
    Q_RULE_PUT,
    Q_DELETE,
    Q_RULE_DELETE,
    Q_TRANSLATIONS,
    Q_TRANSLATE,
    Q_UNTRANSLATE,
    Q_TERMS,
    Q_TERMS_PUT,
    Q_TERMS_DELETE,
    Q_COUNT
};

static const struct db_sql sql[Q_COUNT] = {
    [Q_GET] = SQL("SELECT value FROM setting WHERE name = $1"),
    [Q_PUT] = SQL("INSERT INTO setting (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = $2"),
    [Q_CHANGED] = SQL("INSERT INTO setting (name, value) VALUES ('" VERSION "', '1') ON CONFLICT (name) DO UPDATE "
                      "SET value = CAST(CAST(setting.value AS BIGINT) + 1 AS TEXT)"),
    [Q_RULES] = SQL("SELECT id, text, hint FROM rule ORDER BY position, id LIMIT 1000"),
    [Q_RULE_PUT] = SQL("INSERT INTO rule (id, position, text, hint, created_ms) "
                       "VALUES ($1, (SELECT coalesce(max(position), 0) + 1 FROM rule), $2, $3, $4)"),
    [Q_DELETE] = SQL("DELETE FROM setting WHERE name = $1"),
    [Q_RULE_DELETE] = SQL("DELETE FROM rule WHERE id = $1"),
    [Q_TRANSLATIONS] =
        SQL("SELECT rule_id, language, text, hint FROM rule_translation ORDER BY rule_id, language LIMIT 10000"),
    [Q_TRANSLATE] = SQL("INSERT INTO rule_translation (rule_id, language, text, hint) VALUES ($1, $2, $3, $4) "
                        "ON CONFLICT (rule_id, language) DO UPDATE SET text = $3, hint = $4"),
    [Q_UNTRANSLATE] = SQL("DELETE FROM rule_translation WHERE rule_id = $1 AND language = $2"),
    [Q_TERMS] = SQL("SELECT effective_ms, content FROM terms ORDER BY effective_ms LIMIT 1000"),
    [Q_TERMS_PUT] = SQL("INSERT INTO terms (effective_ms, content, created_ms) VALUES ($1, $2, $3) "
                        "ON CONFLICT (effective_ms) DO UPDATE SET content = $2"),
    [Q_TERMS_DELETE] = SQL("DELETE FROM terms WHERE effective_ms = $1"),
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
store_setting_version(struct ctx *c, int64_t *out)
{
    struct str text;

    TRY(store_setting_get(c, VERSION, S("0"), &text));
    return str_int(text, out) ? ERR_OK : ctx_fail(c, ERR_INTERNAL, VERSION " is not a number");
}

enum err
store_setting_touch(struct ctx *c)
{
    return db_exec(c, &sql[Q_CHANGED], DB_NO_ARGS, NULL);
}

/* Run a statement that changes something, and count the version up. */
static enum err
change(struct ctx *c, int q, struct db_args args, int64_t *changed)
{
    TRY(db_exec(c, &sql[q], args, changed));
    return store_setting_touch(c);
}

enum err
store_setting_put(struct ctx *c, const char *name, struct str value)
{
    return change(c, Q_PUT, DB_ARGS(D_STR(str_z(name)), D_STR(value)), NULL);
}

static enum err
fill_translations(struct ctx *c, struct rules *rules)
{
    struct db_rows r;

    TRY(db_query(c, &sql[Q_TRANSLATIONS], DB_NO_ARGS, &r));
    for (size_t i = 0; i < rules->n; i++) {
        struct rule *rule = &rules->v[i];

        rule->translations = arena_vec(c->mem, struct rule_text, r.n);
        for (size_t k = 0; k < r.n; k++)
            if (db_int(&r.v[k], 0) == rule->id)
                rule->translations[rule->n_translations++] =
                    (struct rule_text){ db_str(&r.v[k], 1), db_str(&r.v[k], 2), db_str(&r.v[k], 3) };
    }
    return ERR_OK;
}

enum err
store_rule_list(struct ctx *c, struct rules *out)
{
    struct db_rows r;

    TRY(db_query(c, &sql[Q_RULES], DB_NO_ARGS, &r));
    out->v = arena_vec(c->mem, struct rule, r.n);
    out->n = r.n;
    for (size_t i = 0; i < r.n; i++)
        out->v[i] = (struct rule){ .id = db_int(&r.v[i], 0), .text = db_str(&r.v[i], 1), .hint = db_str(&r.v[i], 2) };
    return r.n == 0 ? ERR_OK : fill_translations(c, out);
}

enum err
store_rule_translate(struct ctx *c, int64_t id, const struct rule_text *t)
{
    if (t->text.n == 0)
        return change(c, Q_UNTRANSLATE, DB_ARGS(D_INT(id), D_STR(t->language)), NULL);
    return change(c, Q_TRANSLATE, DB_ARGS(D_INT(id), D_STR(t->language), D_STR(t->text), D_STR(t->hint)), NULL);
}

enum err
store_rule_put(struct ctx *c, struct str text, struct str hint)
{
    return change(c, Q_RULE_PUT, DB_ARGS(D_INT(id_new()), D_STR(text), D_STR(hint), D_INT(clock_ms())), NULL);
}

enum err
store_setting_delete(struct ctx *c, const char *name)
{
    return change(c, Q_DELETE, DB_ARGS(D_STR(str_z(name))), NULL);
}

enum err
store_rule_delete(struct ctx *c, int64_t id, bool *removed)
{
    int64_t n;

    TRY(change(c, Q_RULE_DELETE, DB_ARGS(D_INT(id)), &n));
    *removed = n > 0;
    return ERR_OK;
}

enum err
store_terms_list(struct ctx *c, struct terms_list *out)
{
    struct db_rows r;

    TRY(db_query(c, &sql[Q_TERMS], DB_NO_ARGS, &r));
    *out = (struct terms_list){ arena_vec(c->mem, struct terms, r.n), r.n };
    for (size_t i = 0; i < r.n; i++)
        out->v[i] = (struct terms){ .effective_ms = db_int(&r.v[i], 0),
            .next_ms = i + 1 < r.n ? db_int(&r.v[i + 1], 0) : 0,
            .content = db_str(&r.v[i], 1) };
    return ERR_OK;
}

enum err
store_terms_put(struct ctx *c, const struct terms *t)
{
    return change(c, Q_TERMS_PUT, DB_ARGS(D_INT(t->effective_ms), D_STR(t->content), D_INT(clock_ms())), NULL);
}

enum err
store_terms_delete(struct ctx *c, int64_t effective_ms, bool *removed)
{
    int64_t n;

    TRY(change(c, Q_TERMS_DELETE, DB_ARGS(D_INT(effective_ms)), &n));
    *removed = n > 0;
    return ERR_OK;
}

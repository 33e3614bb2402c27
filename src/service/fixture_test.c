#include "service/fixture_test.h"

#include "base/clock.h"
#include "base/conf.h"
#include "base/id.h"
#include "service/status.h"
#include "store/account.h"
#include "store/migrations.h"
#include "unit_db.h"

struct ctx *
fixture_ctx(struct db *db)
{
    static const struct config conf = {
        .origin = { "https://dassie.test", 19 }, .host = { "dassie.test", 11 }, .domain = { "dassie.test", 11 }
    };
    struct env *env = arena_new(unit_mem(), struct env);
    struct ctx *c = unit_db_ctx(db);
    struct str why;
    int applied;

    *env = (struct env){ .conf = &conf, .db = db };
    c->env = env;
    assert_ok(c, db_migrate(c, store_migrations, store_migrations_n, &applied, &why));
    return c;
}

static int64_t
person(struct ctx *c, struct account a)
{
    a.id = id_new();
    a.actor_type = S("Person");
    a.handle_ok = true;
    a.created_ms = clock_ms();
    assert_ok(c, db_begin(c, DB_WRITE));
    assert_ok(c, store_account_insert(c, &a));
    assert_ok(c, db_commit(c));
    return a.id;
}

int64_t
fixture_person(struct ctx *c, const char *name)
{
    return person(c, (struct account){ .username = str_z(name),
                         .uri = str_fmt(unit_mem(), "https://dassie.test/ap/users/%s", name) });
}

int64_t
fixture_stranger(struct ctx *c, const char *name)
{
    return person(c, (struct account){ .username = str_z(name),
                         .domain = S("far.test"),
                         .uri = str_fmt(unit_mem(), "https://far.test/u/%s", name),
                         .inbox = str_fmt(unit_mem(), "https://far.test/u/%s/inbox", name) });
}

enum err
fixture_post(struct ctx *c, const struct post_params *p, struct str key, struct status **out)
{
    struct post_params one = *p;
    struct posted got;

    TRY(service_status_post_all(c, &(struct posts){ &one, 1 }, 0, key, &got));
    assert_int_equal(got.now.n, 1);
    *out = got.now.v[0];
    return ERR_OK;
}

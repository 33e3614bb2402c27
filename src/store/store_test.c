/* Every statement of the stores prepares on a fresh schema. */
#include "db/db.h"
#include "store/migrations.h"
#include "unit.h"

#include <stdlib.h>
#include <unistd.h>

UNIT(store_statements_prepare_on_sqlite)
{
    char dir[] = "/tmp/dassie-store-XXXXXX";
    struct db *db;
    struct str why = S(""), file;
    struct env env = { 0 };
    struct ctx c;
    int applied;

    assert_non_null(mkdtemp(dir));
    file = str_fmt(unit_mem(), "sqlite:%s/x.db", dir);
    assert_int_equal(db_open(unit_mem(), file, 2, &db, &why), ERR_OK);
    env.db = db;
    struct arena *mem = arena_new_heap();
    ctx_begin(&c, mem, &env);
    if (db_migrate(&c, store_migrations, store_migrations_n, &applied, &why) != ERR_OK)
        fail_msg("%.*s", STR_ARG(why));
    assert_int_equal(applied, (int)store_migrations_n);
    if (db_test_prepare_all(&c, &why) != ERR_OK)
        fail_msg("%.*s", STR_ARG(why));
    ctx_end(&c);
    arena_free(mem);
    db_close(db);
}

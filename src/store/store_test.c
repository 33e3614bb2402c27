/* Every statement of the stores prepares on a fresh schema, on both engines. */
#include "db/db.h"
#include "store/migrations.h"
#include "unit_db.h"

UNIT_DB(store_statements_prepare)
{
    struct ctx *c = unit_db_ctx(db);
    struct str why = STR_NONE;
    int applied;

    if (db_migrate(c, store_migrations, store_migrations_n, &applied, &why) != ERR_OK)
        fail_msg("%.*s", STR_ARG(why));
    assert_int_equal(applied, (int)store_migrations_n);
    if (db_test_prepare_all(c, &why) != ERR_OK)
        fail_msg("%.*s", STR_ARG(why));
}

#include "db/internal.h"
const struct db_engine db_postgres;

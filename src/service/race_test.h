/* Two verbs at the same moment: what the tests of race_test.c and race_once_test.c have in common. */
#ifndef SERVICE_RACE_TEST_H
#define SERVICE_RACE_TEST_H

#include "service/fixture_test.h"

#include <pthread.h>

enum { RACE_ROUNDS = 20, RACE_SQL_MAX = 4 };

/* Alice has a user, and is the caller where a verb does not say another one; eve lives elsewhere. */
struct race_world {
    struct env env;
    pthread_barrier_t both;
    int64_t alice, bob, eve, user;
    _Atomic int calls;
};
extern struct race_world race_world;

struct race {
    const char *name;
    struct db_sql before[RACE_SQL_MAX]; /* of each round; $1 is never used */
    void (*begin)(struct ctx *c);       /* NULL: nothing more */
    enum err (*a)(struct ctx *c), (*b)(struct ctx *c);
    int fill;            /* so often a, before the first round */
    int most;            /* of both may succeed */
    struct db_sql wrong; /* rows that must not be there; NULL: none */
};

/* A new database with them in it. */
void race_begin(struct db *db, struct ctx **out);
/* Each pair RACE_ROUNDS times; all of them run, and one that went wrong fails the test. */
void race_run(struct ctx *c, const struct race *v, size_t n);
/* One verb by alice, on this thread, which should succeed; wait: at the moment when the other thread begins too. */
enum err race_once(enum err (*act)(struct ctx *c), bool wait);
void race_write(struct ctx *c, const struct db_sql *q);
/* One that nobody had. */
struct str race_name(struct ctx *c);

#endif

/* What tests of services begin with: an empty database of the newest schema behind a ctx, and people of ours in it. */
#ifndef SERVICE_FIXTURE_TEST_H
#define SERVICE_FIXTURE_TEST_H

#include "base/ctx.h"
#include "db/db.h"
#include "model/post.h"
#include "model/status.h"

/* Migrates; the server is https://dassie.test and has nothing but its database. */
struct ctx *fixture_ctx(struct db *db);
/* The id of a new local account, without a user. */
int64_t fixture_person(struct ctx *c, const char *name);
/* The same of somebody at https://far.test, whose inbox lies below /u/NAME. */
int64_t fixture_stranger(struct ctx *c, const char *name);
/* c->who posts; with a key (S("") none) of a post that exists, that one. */
NODISCARD enum err fixture_post(struct ctx *c, const struct post_params *p, struct str key, struct status **out);

#endif

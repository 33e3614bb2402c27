/*
 * The door of a server of ours for tests: deliveries pass the real gate, the real fetcher and the real jobs, on a database.  Only the
 * wire is missing: the web of the other servers is a table of pages (http_client_fetch is wrapped by the linker), and actors on it
 * get a key of the test, so that everybody can sign.
 */
#ifndef INBOX_WORLD_TEST_H
#define INBOX_WORLD_TEST_H

#include "base/ctx.h"
#include "base/val.h"

enum { WORLD_ALICE = 1, WORLD_BOB = 2, WORLD_POST = 7, WORLD_SECRET = 8, WORLD_POLL = 9 };
#define WORLD_ORIGIN "https://dassie.test"
#define WORLD_OUR WORLD_ORIGIN "/ap/users/1"        /* alice */
#define WORLD_BOBS WORLD_ORIGIN "/ap/users/2"       /* bob */
#define WORLD_PUBLIC WORLD_OUR "/statuses/7"        /* alice's, public, everybody may quote it */
#define WORLD_FOR_FOLLOWERS WORLD_OUR "/statuses/8" /* alice's */
#define WORLD_QUESTION WORLD_OUR "/statuses/9"      /* alice's poll: one of a, b */
#define WORLD_PUBLIC_ID "https://www.w3.org/ns/activitystreams#Public"

/* An empty database with alice and bob in it; on the engine of the running test. */
struct db;
struct ctx *world_new(struct db *db);
void world_end(void);
/* Everything that others sent, said or keep goes; also the pages. */
void world_reset(void);

/* ---- the web --------------------------------------------------------------------------------------------------------- */

/* All pages go. */
void web_clear(void);
/* The public key that every actor has. */
void web_key(struct str pem);
/* body NULL: 404 again.  Actors (documents with an inbox) get the test's key; WebFinger answers for them. */
void web_put(struct str url, struct str body);
/* A status other than 200 for that URL. */
void web_status(struct str url, int status);
/* The same for signed requests alone; 0: like the others. */
void web_status_signed(struct str url, int status);
/* Asked when no page was put; p NULL: 404.  The answer may live in unit_mem(). */
extern struct str (*web_other)(struct str url);
/* How many requests were made since this was asked last. */
int web_requests(void);
/* A Person with that id, name and host; its collections lie below the id. */
struct str web_person(const char *id, const char *name);

/* ---- what happens ----------------------------------------------------------------------------------------------------- */

struct outcome {
    enum err err;   /* of the gate, or of the job before it drops */
    bool ignored;   /* 202 without looking at it */
    struct str why; /* in unit_mem() */
};
/* POST by that actor to the shared inbox (0) or a personal one; then its jobs, twice. */
struct outcome world_deliver(struct str signer, int64_t inbox, struct str body);
/* A person of ours pastes a URL. */
struct outcome world_search(struct str url);
/* Fetch that actor, so that it has a row. */
void world_knows(struct str actor);
/* Another key for everybody from now on. */
void world_new_key(void);
/* Run one statement. */
void world_run(const char *sql);
/* Alice follows that actor, or asks to (id of the Follow: WORLD_OUR "#follows/77"). */
void world_follows(struct str actor, bool request);

/* ---- what is there ---------------------------------------------------------------------------------------------------- */

enum { WORLD_COUNTS = 24 };
struct counts {
    int64_t v[WORLD_COUNTS];
};
struct counts world_count(void);
/* "post+1 mention+1", in unit_mem(); "" when nothing changed. */
struct str world_diff(const struct counts *before, const struct counts *after);
/* One value of one row by SQL; p NULL when there is no row. */
struct str world_text(const char *sql);
int64_t world_int(const char *sql);

#endif

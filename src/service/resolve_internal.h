/* What the parts of resolve share: one fetch, its memory of failures, and WebFinger. */
#ifndef SERVICE_RESOLVE_INTERNAL_H
#define SERVICE_RESOLVE_INTERNAL_H

#include "ap/check.h"
#include "ap/read.h"
#include "http/client.h"
#include "service/resolve.h"

/* ---- resolve_cache.c: what this process remembers between fetches; bounded, any thread ---------------------------- */

/* ERR_OK, or how the last fetch of that URL failed, while that is remembered; again_ms: no longer than that (0: as long as it is). */
enum err resolve_failed_before(struct str url, int64_t again_ms);
/* Remember e: GONE a day, NOT_FOUND an hour, FORBIDDEN and REMOTE a minute, doubled each time up to a day. */
void resolve_note_failure(struct str url, enum err e);
void resolve_note_success(struct str url);
/*
 * May the first actor of a host that nobody here knows come in?  False after ten hosts below one domain within an hour: names below a
 * domain cost nothing, and each would get rows here.  host: lower case, without port.
 */
bool resolve_new_host(struct str host);
/* For tests. */
void resolve_cache_clear(void);

/*
 * One fetch of a URL at a time: waits while another thread has it, at most until that monotonic time.  waited: the caller looks in the
 * store again.  Every enter has its leave with what it gave; who got no slot (time was up, the thread has it itself, or the table is full)
 * frees nobody else's.
 *
 * Strangers choose what a document names, so two threads could wait for each other.  Therefore there is an order: while a flight of one kind
 * is open, its thread enters only those of later kinds, and nobody waits for what he fetches himself.
 */
enum flight_kind { FLIGHT_POST, FLIGHT_KEY, FLIGHT_ACTOR, FLIGHT_FILE };
struct flight {
    bool waited;
    int slot; /* < 0: none */
};
NODISCARD struct flight resolve_flight_enter(enum flight_kind kind, struct str url, int64_t until_mono_ms);
/* The same for this cause: a job in turn waits a second, and for a slow host not at all. */
NODISCARD struct flight resolve_flight_of(struct ctx *c, const struct budget *b, enum flight_kind kind, struct str url);
void resolve_flight_leave(struct flight f);

/* ---- turn_cache.c: hosts share the threads of jobs; any thread ----------------------------------------------------- */

/*
 * May a job fetch from this host now?  Waits a second for a host that is quick, and for a slow one not at all.  Each true has its leave.
 * host: lower case, without port; all below what somebody registers are one.
 */
struct host_turn {
    uint64_t key;
    int64_t since_mono_ms;
};
bool resolve_turn_enter(struct str host, struct host_turn *out);
void resolve_turn_leave(struct host_turn t);
bool resolve_turn_is_slow(struct str host);
void resolve_turns_clear(void); /* for tests: nobody was slow */

/* ---- resolve_fetch.c ------------------------------------------------------------------------------------------------ */

struct fetched {
    const struct val *doc; /* NULL: an HTML page (FETCH_HTML_OK) */
    struct str id;         /* of the document, checked against where it came from; empty for keys without one */
    struct str final;      /* after redirects */
    struct str link;       /* FETCH_HTML_OK: where the page says its ActivityPub form is; p NULL: nowhere */
};

enum { FETCH_HTML_OK = 1, FETCH_AGAIN = 2 /* although it failed before */ };

/* The rules of ids for this server. */
struct ap_rules resolve_rules(const struct ctx *c);
/* For fetches without a signature: no closed domain on the way (fetch_hop_fn).  FORBIDDEN. */
NODISCARD enum err resolve_hop(
    struct ctx *c, void *arg, const struct url *u, struct http_header *out, size_t max, size_t *n);
/*
 * GET an ActivityPub document, signed by the instance actor, with all checks of resolve_fetch.c.  Takes from the budget.
 * Errors: FORBIDDEN (policy, budget, 401, 403), NOT_FOUND (404, or not what was asked for), GONE (410), REMOTE (not now).
 */
NODISCARD enum err resolve_fetch(
    struct ctx *c, struct budget *b, struct str url, enum ap_doc_kind kind, unsigned flags, struct fetched *out);
/* One signed GET with the checks of the address at each step; *out has any status.  FORBIDDEN, NOT_FOUND, REMOTE: no answer came. */
NODISCARD enum err resolve_get(struct ctx *c, struct budget *b, struct str url, struct fetch_response **out);
/* GET anything else, unsigned, as bytes.  The same errors. */
NODISCARD enum err resolve_fetch_plain(
    struct ctx *c, struct budget *b, struct str url, struct str accept, struct str *body);

/* ---- resolve_handle.c ----------------------------------------------------------------------------------------------- */

struct handle {
    struct str username, domain; /* domain normal, with its port when it has one */
};

/* Who is user@domain, by WebFinger: the actor id and the handle that the server itself uses.  Errors of resolve_fetch. */
NODISCARD enum err resolve_webfinger(
    struct ctx *c, struct budget *b, const struct handle *asked, struct handle *canonical, struct str *actor_id);
/*
 * The handle of an actor whose document was checked, and whether WebFinger agrees.  before: as it is stored, NULL
 * when new.  A stored and agreed handle that did not change is believed for a day.
 */
NODISCARD enum err resolve_actor_handle(struct ctx *c, struct budget *b, const struct ap_actor *x,
    const struct account *before, struct handle *out, bool *ok);

/* ---- resolve.c ------------------------------------------------------------------------------------------------------ */

/* Store the actor of a checked document that came from its own id. */
NODISCARD enum err resolve_take_actor(
    struct ctx *c, struct budget *b, const struct val *doc, const struct account *before, struct account **out);

/* Failures after which the caller goes on with what is known; the others are ours and end the work. */
bool resolve_is_theirs(enum err e);
/*
 * A post embedded in a document that its author's actor names (outbox, featured), stored for that author; one that is here already is
 * given as it is.  FORBIDDEN: it belongs to somebody else, or to another origin.
 */
NODISCARD enum err resolve_take_own(
    struct ctx *c, struct budget *b, const struct val *doc, struct account *author, struct status **out);
/* service_resolve_status_again, and the note as it is now. */
NODISCARD enum err resolve_status_note(
    struct ctx *c, struct budget *b, struct str uri, struct status **out, struct ap_note *x);
/*
 * A post by its id, not filled; one that is not here is fetched, and stored when wanted says so, else *out is NULL.  x is the note when
 * it was fetched, else empty.  The id must not be ours.
 */
typedef enum err (*resolve_wanted)(struct ctx *c, void *arg, const struct ap_note *x, bool *yes);
NODISCARD enum err resolve_status_wanted(struct ctx *c, struct budget *b, struct str uri, resolve_wanted wanted,
    void *arg, struct status **out, struct ap_note *x);

/* ---- resolve_pages.c ------------------------------------------------------------------------------------------------ */

/* Each item as it stands: an id or an object, not to be believed.  *stop ends the reading.  Its memory is given back afterwards. */
typedef enum err (*resolve_item)(struct ctx *c, void *arg, const struct val *item, bool *stop);
struct pages_limits {
    int pages, items; /* how many may still be read; counted down, shared by several collections */
    int64_t total;    /* out: what the collection claims, -1: nothing */
    struct str owner; /* what it must share its origin with, all pages too */
};
/*
 * Read a collection, or go on with one of its pages.  Pages elsewhere, pages seen before and a second empty page end it.  Errors: those
 * of resolve_fetch for the first document, of `item`; later pages that fail end it.
 */
NODISCARD enum err resolve_pages(
    struct ctx *c, struct budget *b, struct str uri, struct pages_limits *l, resolve_item item, void *arg);

#endif

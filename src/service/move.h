/*
 * Accounts that move (doc/design/moving.md).  The new account names the old one in alsoKnownAs, the old one says Move, and whoever
 * follows the old one here follows the new one.  Both directions use the same work: J_MOVE, in portions.
 */
#ifndef SERVICE_MOVE_H
#define SERVICE_MOVE_H

#include "service/resolve.h"

enum { ALIASES_MAX = 10 };

/* ---- of the caller --------------------------------------------------------------------------------------------- */

struct alias {
    struct str uri;
    struct account *account; /* filled; NULL: not known here (any more) */
};
struct aliases {
    struct alias *v;
    size_t n;
};
/* Accounts that the caller had elsewhere, and that may move here. */
NODISCARD enum err service_alias_list(struct ctx *c, struct aliases *out);
/* acct: name@domain, or name of somebody here; may use the network.  NOT_FOUND; INVALID (oneself, more than ALIASES_MAX). */
NODISCARD enum err service_alias_add(struct ctx *c, struct str acct, struct alias *out);
/* NOT_FOUND: no such alias. */
NODISCARD enum err service_alias_remove(struct ctx *c, struct str uri);

struct move_state {
    struct account *me; /* filled: me->moved is where it went */
    int64_t next_ms;    /* when another move with followers is possible, 0: now */
};
NODISCARD enum err service_move_state(struct ctx *c, struct move_state *out);
/*
 * The caller's account becomes a pointer to another.  with_followers: they are told to follow that one, which must name the caller's
 * account as an alias, at most once in 30 days.  FORBIDDEN: the password; NOT_FOUND; INVALID with a public text.
 */
NODISCARD enum err service_move_start(
    struct ctx *c, struct str acct, struct str password, bool with_followers, struct move_state *out);
/* The account is one like any other again; followers that left stay away. */
NODISCARD enum err service_move_undo(struct ctx *c, struct move_state *out);
/* FORBIDDEN with a public text when the caller's account has moved: what speaks to others is over. */
NODISCARD enum err service_move_refuse(struct ctx *c);

/* ---- for the inbox and the job ---------------------------------------------------------------------------------- */

/* A Move of the verified sender to `target`.  What is not proven or comes too soon does nothing. */
NODISCARD enum err service_move_received(struct ctx *c, struct budget *b, struct account *from, struct str target);
/* A portion of the people here: part is an enum move_part of store/move.h.  Puts the next portion. */
NODISCARD enum err service_move_run(struct ctx *c, int64_t from_id, int64_t to_id, int part, int64_t after);

#endif

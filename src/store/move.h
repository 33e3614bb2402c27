/* Moves of accounts: the pauses between them, and whom a move concerns here. */
#ifndef STORE_MOVE_H
#define STORE_MOVE_H

#include "base/ctx.h"
#include "base/page.h"

struct account_move {
    int64_t id, account_id;
    struct str target_uri;
    int64_t created_ms;
};

/* The newest one of an account that is not older than since_ms; NULL: none. */
NODISCARD enum err store_move_last(struct ctx *c, int64_t account_id, int64_t since_ms, struct account_move **out);
NODISCARD enum err store_move_put(struct ctx *c, const struct account_move *m);
NODISCARD enum err store_move_prune(struct ctx *c, int64_t before_ms);

/* People of ours who follow, block, mute or have a note about an account: in order of the cursor, above `after`. */
enum move_part { MOVE_FOLLOWS, MOVE_BLOCKS, MOVE_MUTES, MOVE_NOTES, MOVE_PARTS };
struct move_row {
    int64_t cursor, account_id;
    bool hide_notifications; /* of a mute */
    int64_t expires_ms;
    struct str note;
};
NODISCARD enum err store_move_rows(
    struct ctx *c, enum move_part part, int64_t from_id, int64_t after, int64_t limit, struct move_row **v, size_t *n);

/* The follow that a request will replace; 0: none. */
NODISCARD enum err store_move_of_request(struct ctx *c, int64_t account_id, int64_t target_id, int64_t *from_id);
NODISCARD enum err store_move_set_request(struct ctx *c, int64_t account_id, int64_t target_id, int64_t from_id);
/* Inboxes of remote accounts that block this one. */
NODISCARD enum err store_move_blockers(struct ctx *c, int64_t account_id, struct ids *out);

#endif

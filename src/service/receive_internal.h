/* What the parts of receive share. */
#ifndef SERVICE_RECEIVE_INTERNAL_H
#define SERVICE_RECEIVE_INTERNAL_H

#include "ap/read.h"
#include "base/ctx.h"

/* May a stranger's URL be kept for showing or fetching: https, or http in closed networks. */
bool receive_url_ok(const struct ctx *c, struct str url);
/* In a write transaction: custom emoji of that domain that are new or changed; *codes: the usable shortcodes.  fetch: pictures too. */
NODISCARD enum err receive_emojis(
    struct ctx *c, struct str domain, const struct ap_emoji *v, size_t n, bool fetch, struct strs *codes);

struct account;
struct ap_note;
/* Its text, cleaned: the beginning and a link when it is long, and a link to what it quotes when it has none. */
struct str receive_content(struct ctx *c, const struct ap_note *x);
struct status;
/*
 * Begin of every verb of a remote account: a write transaction, and no other activity of that account is under way, so that what is
 * looked for (an Undo, or what it undoes) does not come meanwhile.
 */
NODISCARD enum err receive_begin(struct ctx *c, const struct account *from);
/* End of every verb: commit, or roll back; a row that is there already, or has gone, is what was wanted, unless it came or went since the look. */
NODISCARD enum err receive_finish(struct ctx *c, enum err e);
/* In a write transaction: an Undo by id that came before what it undoes; of an id that is not the sender's, nothing. */
NODISCARD enum err receive_remember_undo(struct ctx *c, const struct account *from, struct str uri);
/* Was it undone before it came? */
NODISCARD enum err receive_undone(struct ctx *c, const struct account *from, struct str uri, bool *out);
/* In a write transaction: what is here goes by the id `uri` from now on, not `had`; an Undo of that, which may come late, ends nothing. */
NODISCARD enum err receive_replaces(struct ctx *c, const struct account *from, struct str had, struct str uri);
/* In a write transaction: does what is here by the id `has` end when `uri` is undone? */
NODISCARD enum err receive_ends(struct ctx *c, const struct account *from, struct str has, struct str uri, bool *out);
/* False when the account of ours blocks the sender or, without following it, the sender's domain. */
NODISCARD enum err receive_wanted_by(struct ctx *c, int64_t account_id, const struct account *from, bool *out);
/* A status of ours that the sender may see and whose author wants to hear of it; NULL otherwise. */
NODISCARD enum err receive_our_status(struct ctx *c, const struct account *from, struct str uri, struct status **out);

/*
 * In a write transaction: the quote of a stored post of somebody else, as its author tells it now; a job finds out whether consent
 * was given, when levels of quotes inside quotes are left.
 */
NODISCARD enum err receive_quote(struct ctx *c, const struct ap_note *x, const struct status *s, int levels);
/* Who may quote it, in our bits. */
int receive_quote_policy(const struct ap_note *x);

/*
 * In a write transaction: tallies and end of the poll of a stored post, as its author tells them; *changed (else left) when it asks
 * something else now.  Without edited a poll that is not mentioned stays.
 */
NODISCARD enum err receive_poll(struct ctx *c, const struct ap_note *x, int64_t status_id, bool edited, bool *changed);

#endif

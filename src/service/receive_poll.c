/* Polls and votes of other servers: tallies are believed to the author of the poll alone, votes to the voter. */
#include "ap/read_note.h"
#include "ap/uri.h"
#include "base/clock.h"
#include "base/conf.h"
#include "base/id.h"
#include "db/db.h"
#include "queue/queue.h"
#include "service/federate.h"
#include "service/poll.h"
#include "service/receive.h"
#include "service/receive_internal.h"
#include "service/visibility.h"
#include "store/poll.h"
#include "store/status.h"
#include "text/unicode.h"

enum { LATE_MS = 5 * SECOND_MS };

/* ---- votes in polls of ours -------------------------------------------------------------------------------------- */

/* The filled status with the poll, when `from` may vote in it; NULL otherwise. */
static enum err
find_poll(struct ctx *c, const struct account *from, int64_t status_id, struct status **out)
{
    struct status *s;
    bool visible;
    enum err e = store_status_get(c, status_id, &s);

    *out = NULL;
    if (e == ERR_NOT_FOUND) {
        ctx_ok(c);
        return ERR_OK;
    }
    TRY(e);
    TRY(store_status_fill(c, &s, 1, 0));
    if (!s->local || s->poll == NULL || s->account_id == from->id)
        return ERR_OK;
    TRY(service_visible(c, from->id, VIEW_DIRECT, &s, 1, &visible));
    *out = visible ? s : NULL;
    return ERR_OK;
}

/* In the transaction.  What does not count is no failure: nobody waits for an answer. */
static enum err
count_vote(struct ctx *c, const struct account *from, const struct status *s, struct str title)
{
    int64_t choice = 0;
    struct ids votes;
    struct poll *p;

    TRY(store_poll_lock(c, s->poll->id, &p));
    while (choice < (int64_t)p->n && !str_eq(p->options[choice].title, title))
        choice++;
    if (choice == (int64_t)p->n || poll_is_over(p, clock_ms() - LATE_MS))
        return ERR_CONFLICT;
    TRY(service_poll_count(c, p, from->id, &(struct ids){ &choice, 1 }, &votes));
    return service_federate(
        c, &(struct fed_action){ .kind = FED_POLL_UPDATE, .account_id = s->account_id, .status_id = s->id });
}

enum err
service_receive_vote(struct ctx *c, const struct account *from, const struct ap_note *x)
{
    int64_t id = ap_uri_local_status(c->mem, c->env->conf->origin, x->in_reply_to);
    struct status *s;

    TRY(find_poll(c, from, id, &s));
    if (s == NULL)
        return ERR_OK;
    TRY(receive_begin(c, from));
    return receive_finish(c, count_vote(c, from, s, x->name.text));
}

/* ---- polls of others --------------------------------------------------------------------------------------------- */

/* Titles stay as they are but for what no text may hold: a vote names one exactly. */
static void
read_poll(struct ctx *c, const struct ap_poll *x, struct poll *p)
{
    p->multiple = x->multiple;
    p->voters = x->voters;
    p->expires_ms = x->closed_ms != 0 && (x->end_ms == 0 || x->closed_ms < x->end_ms) ? x->closed_ms : x->end_ms;
    p->options = arena_vec(c->mem, struct poll_option, x->n);
    for (size_t i = 0; i < x->n; i++)
        p->options[p->n++] =
            (struct poll_option){ text_lines(c->mem, x->options[i].title), MAX(x->options[i].votes, 0) };
    p->checked_ms = clock_ms();
}

static enum err
replace(struct ctx *c, struct poll *p, const struct poll *old, bool *changed)
{
    bool moved = p->expires_ms != old->expires_ms;

    p->id = old->id;
    p->status_id = old->status_id;
    p->created_ms = old->created_ms;
    p->closed_told = old->closed_told;
    if (!poll_same_question(p, old)) {
        *changed = true;
        p->closed_told = false;
        TRY(store_poll_votes_clear(c, p->id));
    }
    TRY(store_poll_update(c, p));
    return moved ? service_poll_schedule_remote(c, p) : ERR_OK;
}

enum err
receive_poll(struct ctx *c, const struct ap_note *x, int64_t status_id, bool edited, bool *changed)
{
    struct poll p = { 0 }, *old;

    TRY(store_poll_of_status(c, status_id, &old));
    if (x->poll == NULL) {
        if (old == NULL || !edited)
            return ERR_OK;
        *changed = true;
        return store_poll_delete(c, old->id);
    }
    read_poll(c, x->poll, &p);
    if (old != NULL) {
        TRY(store_poll_lock(c, old->id, &old));
        return replace(c, &p, old, changed);
    }
    p.id = id_new();
    p.status_id = status_id;
    p.created_ms = clock_ms();
    *changed = true;
    return store_poll_insert(c, &p);
}

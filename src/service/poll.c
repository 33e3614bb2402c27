/* Polls of local authors and votes of local people.  What comes from other servers is in receive_poll.c. */
#include "service/poll.h"

#include "base/clock.h"
#include "base/id.h"
#include "db/db.h"
#include "queue/queue.h"
#include "service/federate.h"
#include "service/move.h"
#include "service/notification.h"
#include "service/resolve.h"
#include "service/search_index.h"
#include "service/status.h"
#include "store/poll.h"
#include "store/status.h"
#include "text/unicode.h"

enum {
    REFRESH_MS = MINUTE_MS,
    REMOTE_GRACE_MS = 5 * MINUTE_MS, /* the origin counts late votes first */
    VOTERS_BATCH = 500,
};

/* ---- drafting ---------------------------------------------------------------------------------------------------- */

static enum err
draft_options(struct ctx *c, const struct strs *titles, struct poll *p)
{
    p->options = arena_vec(c->mem, struct poll_option, titles->n);
    for (size_t i = 0; i < titles->n; i++) {
        struct str title = text_nfc(c->mem, str_trim(text_one_line(c->mem, titles->v[i])));

        if (text_is_blank(title))
            continue; /* the empty line below the others in a form */
        if (text_graphemes(title) > POLL_OPTION_CHARS_MAX)
            return ctx_fail_public(c, ERR_INVALID,
                "Validation failed: Poll options cannot be longer than %d characters each", POLL_OPTION_CHARS_MAX);
        for (size_t k = 0; k < p->n; k++)
            if (str_eq(p->options[k].title, title))
                return ctx_fail_public(c, ERR_INVALID, "Validation failed: Poll options contain duplicate items");
        p->options[p->n++].title = title;
    }
    if (p->n < POLL_OPTIONS_MIN)
        return ctx_fail_public(c, ERR_INVALID, "Validation failed: Poll options must have more than one item");
    if (p->n > POLL_OPTIONS_MAX)
        return ctx_fail_public(
            c, ERR_INVALID, "Validation failed: Poll options can't contain more than %d items", POLL_OPTIONS_MAX);
    return ERR_OK;
}

enum err
service_poll_draft(struct ctx *c, const struct post_poll *p, struct poll **out)
{
    struct poll *x = arena_new(c->mem, struct poll);

    TRY(draft_options(c, &p->options, x));
    if (p->expires_in == 0)
        return ctx_fail_public(c, ERR_INVALID, "Validation failed: Poll expires at can't be blank");
    if (p->expires_in < POLL_SECONDS_MIN)
        return ctx_fail_public(c, ERR_INVALID, "Validation failed: Poll expires at is too soon");
    if (p->expires_in > POLL_SECONDS_MAX)
        return ctx_fail_public(c, ERR_INVALID, "Validation failed: Poll expires at is too far into the future");
    x->multiple = p->multiple;
    x->hide_totals = p->hide_totals;
    x->created_ms = clock_ms();
    x->expires_ms = x->created_ms + p->expires_in * SECOND_MS;
    *out = x;
    return ERR_OK;
}

/* ---- storing ----------------------------------------------------------------------------------------------------- */

static struct str
args_of(struct ctx *c, int64_t id)
{
    return str_fmt(c->mem, "{\"id\":\"%lld\"}", (long long)id);
}

static struct str
close_key(struct ctx *c, int64_t id)
{
    return str_fmt(c->mem, "%lld", (long long)id);
}

/* One waiting job for each poll, which moves when the end moves. */
static enum err
schedule(struct ctx *c, int64_t id, int64_t at_ms)
{
    return queue_put(c, J_CLOSE_POLL, args_of(c, id),
        &(struct job_opts){ .run_at_ms = at_ms, .unique_key = close_key(c, id), .replace = true });
}

static enum err
change(struct ctx *c, struct poll *p, const struct poll *old)
{
    struct poll *now;

    TRY(store_poll_lock(c, old->id, &now)); /* votes may have come since the edit began */
    p->id = now->id;
    p->status_id = now->status_id;
    p->created_ms = now->created_ms;
    if (poll_same_question(p, now)) {
        p->options = now->options;
        p->voters = now->voters;
    } else {
        TRY(store_poll_votes_clear(c, p->id));
    }
    return store_poll_update(c, p);
}

enum err
service_poll_store(struct ctx *c, struct status *s, const struct poll *old)
{
    struct poll *p = s->poll;

    if (p == old)
        return ERR_OK;
    if (p == NULL) {
        TRY(queue_cancel(c, J_CLOSE_POLL, close_key(c, old->id)));
        return store_poll_delete(c, old->id);
    }
    if (old != NULL) {
        TRY(change(c, p, old));
    } else {
        p->id = id_new();
        p->status_id = s->id;
        TRY(store_poll_insert(c, p));
    }
    return schedule(c, p->id, p->expires_ms);
}

/* ---- reading ----------------------------------------------------------------------------------------------------- */

static enum err
load(struct ctx *c, int64_t id, struct status **out)
{
    struct poll *p;

    TRY(store_poll_get(c, id, &p));
    TRY(service_status_get(c, p->status_id, out));
    return (*out)->poll != NULL ? ERR_OK : ctx_fail(c, ERR_NOT_FOUND, "poll %lld is gone", (long long)id);
}

static bool
is_stale(const struct status *s)
{
    const struct poll *p = s->poll;
    int64_t now = clock_ms();
    bool final = poll_is_over(p, now) && p->checked_ms > p->expires_ms + REMOTE_GRACE_MS;

    return !s->local && !final && p->checked_ms < now - REFRESH_MS;
}

/* The time of asking is kept, not that of an answer: an origin that is away is not asked by each reader. */
static enum err
ask_again(struct ctx *c, int64_t id)
{
    struct poll *p;

    TRY(db_begin(c, DB_WRITE));
    TRY(store_poll_lock(c, id, &p));
    p->checked_ms = clock_ms();
    TRY(store_poll_update(c, p));
    TRY(queue_put_id(c, J_REFRESH_POLL, id));
    return db_commit(c);
}

enum err
service_poll_get(struct ctx *c, int64_t id, struct status **out)
{
    TRY(load(c, id, out));
    return c->who.account_id != 0 && is_stale(*out) ? ask_again(c, id) : ERR_OK;
}

/* ---- voting ------------------------------------------------------------------------------------------------------ */

static bool
has(const struct ids *v, int64_t x)
{
    for (size_t i = 0; i < v->n; i++)
        if (v->v[i] == x)
            return true;
    return false;
}

enum err
service_poll_count(struct ctx *c, struct poll *p, int64_t account_id, const struct ids *choices, struct ids *votes)
{
    struct ids before;

    TRY(store_poll_choices(c, p->id, account_id, &before));
    if (!p->multiple && before.n + choices->n > 1)
        return ERR_CONFLICT;
    *votes = (struct ids){ arena_vec(c->mem, int64_t, choices->n), 0 };
    for (size_t i = 0; i < choices->n; i++) {
        struct poll_vote v = { id_new(), p->id, account_id, choices->v[i], clock_ms() };

        if (has(&before, v.choice) || has(&(struct ids){ choices->v, i }, v.choice))
            return ERR_CONFLICT;
        TRY(store_poll_vote_add(c, &v));
        p->options[v.choice].votes++;
        votes->v[votes->n++] = v.id;
    }
    if (before.n == 0 && p->voters >= 0)
        p->voters++;
    return store_poll_update(c, p);
}

static enum err
no_such_option(struct ctx *c)
{
    return ctx_fail_public(c, ERR_INVALID, "Validation failed: The chosen vote option does not exist");
}

static enum err
read_choices(struct ctx *c, const struct poll *p, const struct strs *choices, struct ids *out)
{
    *out = (struct ids){ arena_vec(c->mem, int64_t, choices->n), 0 };
    if (choices->n == 0)
        return ctx_fail_public(c, ERR_INVALID, "Validation failed: Choices can't be blank");
    for (size_t i = 0; i < choices->n; i++) {
        int64_t k;

        if (!str_int(choices->v[i], &k) || k < 0 || k >= (int64_t)p->n)
            return no_such_option(c);
        out->v[out->n++] = k;
    }
    return ERR_OK;
}

enum err
service_poll_schedule_remote(struct ctx *c, const struct poll *p)
{
    struct ids one;

    if (p->expires_ms == 0 || p->closed_told)
        return ERR_OK;
    TRY(store_poll_voters(c, p->id, true, 0, 1, &one));
    return one.n == 0 ? ERR_OK : schedule(c, p->id, p->expires_ms + REMOTE_GRACE_MS);
}

/* To the servers concerned: of our polls the new tallies, a while later; to the author of another one each vote by itself. */
static enum err
tell_votes(struct ctx *c, const struct status *s, const struct poll *p, const struct ids *votes)
{
    if (s->local)
        return service_federate(
            c, &(struct fed_action){ .kind = FED_POLL_UPDATE, .account_id = s->account_id, .status_id = s->id });
    for (size_t i = 0; i < votes->n; i++)
        TRY(service_federate(c, &(struct fed_action){ .kind = FED_VOTE,
                                    .account_id = c->who.account_id,
                                    .target_id = s->account_id,
                                    .row_id = votes->v[i],
                                    .object_uri = s->uri }));
    return service_poll_schedule_remote(c, p);
}

static enum err
has_ended(struct ctx *c)
{
    return ctx_fail_public(c, ERR_INVALID, "Validation failed: The poll has already ended");
}

static enum err
vote(struct ctx *c, const struct status *s, const struct ids *choices)
{
    struct ids votes;
    struct poll *p;
    enum err e;

    TRY(store_poll_lock(c, s->poll->id, &p));
    if (poll_is_over(p, clock_ms())) /* since it was read: it is counted */
        return has_ended(c);
    if (!poll_same_question(p, s->poll)) /* edited since it was read: the places mean something else */
        return ctx_fail_public(c, ERR_CONFLICT, "The poll was changed; read it again");
    e = service_poll_count(c, p, c->who.account_id, choices, &votes);
    if (e == ERR_CONFLICT)
        return ctx_fail_public(c, ERR_INVALID, "Validation failed: You have already voted on this poll");
    TRY(e);
    TRY(service_index_joined(c, s->id));
    return tell_votes(c, s, p, &votes);
}

enum err
service_poll_vote(struct ctx *c, int64_t id, const struct strs *choices, struct status **out)
{
    struct ids places;

    TRY(service_move_refuse(c));
    TRY(load(c, id, out));
    TRY(read_choices(c, (*out)->poll, choices, &places));
    if (poll_is_over((*out)->poll, clock_ms()))
        return has_ended(c);
    if ((*out)->account_id == c->who.account_id)
        return ctx_fail_public(c, ERR_INVALID, "Validation failed: You cannot vote in your own polls");
    TRY(db_begin(c, DB_WRITE));
    TRY(vote(c, *out, &places));
    TRY(db_commit(c));
    return load(c, id, out);
}

/* ---- the end ----------------------------------------------------------------------------------------------------- */

/* What others could not or would not say is no failure of ours. */
static enum err
look_again(struct ctx *c, const struct status *s)
{
    struct budget budget = budget_new();
    struct status *fresh;
    enum err e = service_resolve_status_again(c, &budget, s->uri, &fresh);

    if (e == ERR_BUSY || e == ERR_INTERNAL)
        return e;
    ctx_ok(c);
    return ERR_OK;
}

/* Once more after a crash: whoever was told is not told again (the notification remembers its cause). */
static enum err
tell_voters(struct ctx *c, const struct poll *p, const struct status *s)
{
    int64_t after = 0;

    for (;;) {
        struct arena_mark mark = arena_save(c->mem);
        struct ids who;

        TRY(store_poll_voters(c, p->id, true, after, VOTERS_BATCH, &who));
        if (who.n == 0)
            return ERR_OK;
        TRY(db_begin(c, DB_WRITE));
        for (size_t i = 0; i < who.n; i++)
            TRY(service_notify(c, who.v[i], NOTIFY_POLL, s->account_id, s->id));
        TRY(db_commit(c));
        after = who.v[who.n - 1];
        arena_restore(c->mem, mark);
    }
}

static enum err
finish(struct ctx *c, int64_t id, const struct status *s)
{
    struct poll *p;

    TRY(db_begin(c, DB_WRITE));
    TRY(store_poll_lock(c, id, &p));
    if (!poll_is_over(p, clock_ms())) /* edited in between: there is a job for the new end */
        return db_commit(c);
    p->closed_told = true;
    TRY(store_poll_update(c, p));
    TRY(service_notify(c, s->account_id, NOTIFY_POLL, s->account_id, s->id));
    TRY(service_federate(
        c, &(struct fed_action){ .kind = FED_POLL_CLOSE, .account_id = s->account_id, .status_id = s->id }));
    return db_commit(c);
}

static enum err
close_poll(struct ctx *c, int64_t id)
{
    struct status *s;
    struct poll *p;

    TRY(store_poll_get(c, id, &p));
    TRY(store_status_get(c, p->status_id, &s));
    if (p->closed_told || p->expires_ms == 0)
        return ERR_OK;
    if (!s->local) {
        TRY(look_again(c, s));
        TRY(store_poll_get(c, id, &p));
    }
    if (!poll_is_over(p, clock_ms())) {
        TRY(db_begin(c, DB_WRITE));
        TRY(store_poll_lock(c, id, &p)); /* an edit may be moving it */
        if (p->expires_ms != 0)
            TRY(schedule(c, id, p->expires_ms));
        return db_commit(c);
    }
    TRY(tell_voters(c, p, s));
    return finish(c, id, s);
}

enum err
service_poll_close(struct ctx *c, int64_t id)
{
    enum err e = close_poll(c, id);

    if (e != ERR_NOT_FOUND)
        return e;
    db_rollback(c);
    ctx_ok(c); /* deleted meanwhile */
    return ERR_OK;
}

enum err
service_poll_refresh(struct ctx *c, int64_t id)
{
    struct status *s;
    struct poll *p;
    enum err e = store_poll_get(c, id, &p);

    if (e == ERR_OK)
        e = store_status_get(c, p->status_id, &s);
    if (e == ERR_NOT_FOUND) {
        ctx_ok(c);
        return ERR_OK;
    }
    TRY(e);
    return s->local ? ERR_OK : look_again(c, s);
}

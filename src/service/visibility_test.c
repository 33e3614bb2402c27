/*
 * Who may see what after a random history, by every way of reading, compared with a model (visibility_model_test.h).
 *
 * Four people of ours and three of two other servers follow, block, mute and block servers, post, answer, boost and delete, are suspended and
 * silenced.  The verbs are the real ones; posts are put as rows, and spread.  A history is known by its
 * number: DASSIE_HISTORY=n runs that one alone.
 */
#include "service/visibility.h"

#include "base/clock.h"
#include "base/log.h"
#include "service/account.h"
#include "service/conversation.h"
#include "service/fixture_test.h"
#include "service/live.h"
#include "service/notification.h"
#include "service/published.h"
#include "service/search.h"
#include "service/status.h"
#include "service/timeline.h"
#include "service/visibility_model_test.h"
#include "unit_db.h"

#include <stdlib.h>

enum { STEPS = 60, HISTORIES = 150, HISTORIES_POSTGRES = 2, PAGE = 40 };

/* ---- reading ------------------------------------------------------------------------------------------------------------- */

static const struct post *
post_of(int64_t id)
{
    for (int i = 0; i < model.n; i++)
        if (model.posts[i].id == id)
            return &model.posts[i];
    return NULL;
}

static void
complain(const char *way, int viewer, const struct post *p, const char *what)
{
    print_error("history %d: %s of %d %s post %d of %d (visibility %d%s%s)\n", model.number, way, viewer, what,
        (int)(p - model.posts), p->author, (int)p->visibility, p->original >= 0 ? ", a boost" : "",
        p->gone ? ", deleted" : "");
    model.wrong++;
}

static void
compare(const char *way, int viewer, const struct post *p, bool is, bool should)
{
    if (is != should)
        complain(way, viewer, p, is ? "shows" : "lacks");
}

static bool
has(const struct statuses *v, int64_t id)
{
    for (size_t i = 0; i < v->n; i++)
        if (v->v[i]->id == id)
            return true;
    return false;
}

/* Nothing that may not be there. */
static void
check_list(const char *way, int viewer, const struct statuses *v, bool is_timeline, bool is_public)
{
    for (size_t i = 0; i < v->n; i++) {
        const struct post *p = post_of(v->v[i]->id);

        assert_non_null(p);
        if (is_timeline ? !model_wants(viewer, p, is_public) : !model_sees(viewer, p))
            complain(way, viewer, p, "shows");
        if (v->v[i]->reblog != NULL && !model_sees(viewer, post_of(v->v[i]->reblog->id)))
            complain(way, viewer, p, "shows the original of");
    }
}

static void
check_one(int viewer, const struct post *p)
{
    struct thread_context t;
    struct statuses some;
    struct status *s;
    struct ids one = { (int64_t *)(uintptr_t)&p->id, 1 };
    enum err e = service_status_get(model.c, p->id, &s);
    bool should = model_sees(viewer, p);

    model.seen += should;
    model.hidden += !should;
    compare("the status", viewer, p, e == ERR_OK, should);
    ctx_ok(model.c);
    assert_ok(model.c, service_status_get_many(model.c, &one, &some));
    compare("many statuses", viewer, p, some.n == 1, should);
    e = service_status_context(model.c, p->id, &t, NULL);
    compare("the context", viewer, p, e == ERR_OK, should);
    ctx_ok(model.c);
    if (e != ERR_OK)
        return;
    check_list("what stands above", viewer, &t.ancestors, false, false);
    check_list("what stands below", viewer, &t.descendants, false, false);
    for (int i = 0; i < model.n; i++) {
        const struct post *q = &model.posts[i];

        compare(
            "what stands above", viewer, q, has(&t.ancestors, q->id), model_is_above(q, p) && model_sees(viewer, q));
        if (p->original < 0)
            compare("what stands below", viewer, q, has(&t.descendants, q->id),
                model_is_above(p, q) && model_sees(viewer, q));
    }
}

/* By its address; people of ours only. */
static void
check_search(int viewer, const struct post *p)
{
    struct search_params q = { .q = p->uri, .type = SEARCH_ALL, .limit = PAGE };
    struct search_result r;

    if (viewer == NOBODY || p->original >= 0)
        return;
    assert_ok(model.c, service_search(model.c, &q, &r));
    check_list("the search", viewer, &r.statuses, false, false);
    compare("the search", viewer, p, has(&r.statuses, p->id), model_sees(viewer, p));
}

static void
check_profiles(int viewer)
{
    static const struct account_statuses_params everything;
    const struct page page = { .limit = PAGE };
    struct statuses v;

    for (int author = 0; author < PEOPLE; author++) {
        assert_ok(model.c, service_account_statuses(model.c, model.people[author]->id, &everything, &page, &v));
        check_list("the profile", viewer, &v, false, false);
        for (int i = 0; i < model.n && !model.suspended[author]; i++)
            if (model.posts[i].author == author)
                compare("the profile", viewer, &model.posts[i], has(&v, model.posts[i].id),
                    model_sees(viewer, &model.posts[i]));
    }
}

static void
check_timelines(int viewer)
{
    static const struct tag_query tag = { .tag = S("play") };
    const struct page page = { .limit = PAGE };
    struct statuses all, local, tagged;

    assert_ok(model.c, service_timeline_public(model.c, 0, false, &page, &all));
    assert_ok(model.c, service_timeline_public(model.c, 1, false, &page, &local));
    assert_ok(model.c, service_timeline_tag(model.c, &tag, &page, &tagged));
    check_list("the public timeline", viewer, &all, true, true);
    check_list("the local timeline", viewer, &local, true, true);
    check_list("the timeline of a hashtag", viewer, &tagged, true, true);
    for (int i = 0; i < model.n; i++) {
        const struct post *p = &model.posts[i];
        bool must = p->original < 0 && p->parent < 0 && p->visibility == VIS_PUBLIC && model_wants(viewer, p, true);

        if (must) {
            compare("the public timeline", viewer, p, has(&all, p->id), true);
            compare("the local timeline", viewer, p, has(&local, p->id), model_is_ours(p->author));
            compare("the timeline of a hashtag", viewer, p, has(&tagged, p->id), true);
        }
    }
}

static void
check_own(int viewer)
{
    const struct page page = { .limit = PAGE };
    const struct notification_filter every = { .kinds = ~UINT64_C(0), .with_filtered = true };
    struct notifications told;
    struct conversations talks;
    struct cursor_ids cursors;
    struct statuses v;

    assert_ok(model.c, service_timeline_home(model.c, &page, &v));
    check_list("the home", viewer, &v, true, false);
    assert_ok(model.c, service_status_favourites(model.c, &page, &v, &cursors));
    check_list("favourites", viewer, &v, false, false);
    assert_ok(model.c, service_status_bookmarks(model.c, &page, &v, &cursors));
    check_list("bookmarks", viewer, &v, false, false);
    assert_ok(model.c, service_notification_page(model.c, &every, &page, &told));
    for (size_t i = 0; i < told.n; i++)
        if (told.v[i].status != NULL)
            check_list("notifications", viewer, &(struct statuses){ &told.v[i].status, 1 }, false, false);
    assert_ok(model.c, service_conversation_page(model.c, &page, &talks));
    for (size_t i = 0; i < talks.n; i++)
        if (talks.v[i].last != NULL)
            check_list("conversations", viewer, &(struct statuses){ &talks.v[i].last, 1 }, false, false);
}

/* What pages and documents of ours give to whoever signed the request. */
static void
check_published(int viewer)
{
    const struct page page = { .limit = PAGE };
    struct statuses v;

    for (int i = 0; i < model.n; i++) {
        const struct post *p = &model.posts[i];
        bool shut_out =
            viewer != NOBODY && model.shuts[p->author][model_home_of[viewer]] && !model.follows[p->author][viewer];
        struct status *s;
        enum err e;

        if (!model_is_ours(p->author))
            continue;
        e = service_published_status(model.c, model.people[p->author]->id, p->id, model_viewer_id(viewer), &s);
        compare(
            "the document", viewer, p, e == ERR_OK, model_sees(viewer, p) && !shut_out && !model.suspended[p->author]);
        ctx_ok(model.c);
    }
    for (int author = 0; author < OURS; author++) {
        assert_ok(
            model.c, service_published_outbox(model.c, model.people[author]->id, model_viewer_id(viewer), &page, &v));
        check_list("the outbox", viewer, &v, false, false);
        for (int i = 0; i < model.n; i++) {
            const struct post *p = &model.posts[i];
            bool must = p->author == author && p->visibility <= VIS_UNLISTED && model_sees(viewer, p);

            compare("the outbox", viewer, p, has(&v, p->id), must);
        }
    }
}

/* Ids in the collection of replies are for everybody. */
static void
check_replies(const struct post *p)
{
    struct status *s;
    struct strs uris;
    int64_t last;

    if (p->gone || !model_sees(NOBODY, p) || !model_is_ours(p->author))
        return;
    assert_ok(model.c, store_status_get(model.c, p->id, &s));
    for (int others = 0; others < 2; others++) {
        assert_ok(model.c, service_published_replies(model.c, s, others == 1, 0, PAGE, &uris, &last));
        for (size_t k = 0; k < uris.n; k++)
            for (int i = 0; i < model.n; i++)
                if (str_eq(model.posts[i].uri, uris.v[k]) && !model_sees(NOBODY, &model.posts[i]))
                    complain("the replies", NOBODY, &model.posts[i], "show");
    }
}

static void
check_streams(const struct post *p)
{
    int64_t ids[OURS];
    enum live_look look[OURS];
    struct status *s;

    if (p->gone)
        return;
    for (int i = 0; i < OURS; i++)
        ids[i] = model.people[i]->id; /* ascending, as they were made in this order */
    assert_ok(model.c, service_live_status(model.c, p->id, &s));
    assert_ok(model.c, service_live_audience(model.c, s, VIEW_DIRECT, &(struct ids){ ids, OURS }, look));
    for (int i = 0; i < OURS; i++)
        compare("the stream", i, p, look[i] != LOOK_HIDDEN, model_sees(i, p));
}

static void
check(void)
{
    for (int viewer = 0; viewer <= PEOPLE; viewer++) {
        if (viewer == NOBODY || !model_is_ours(viewer))
            check_published(viewer);
        if (viewer != NOBODY && !model_is_ours(viewer))
            continue;
        model_act_as(viewer);
        model.c->who.user_id = viewer == NOBODY ? 0 : 1;
        for (int i = 0; i < model.n; i++) {
            struct arena_mark mark = arena_save(model.c->mem);

            check_one(viewer, &model.posts[i]);
            check_search(viewer, &model.posts[i]);
            db_rollback(model.c);
            arena_restore(model.c->mem, mark);
        }
        check_profiles(viewer);
        check_timelines(viewer);
        if (viewer != NOBODY)
            check_own(viewer);
    }
    for (int i = 0; i < model.n; i++) {
        check_replies(&model.posts[i]);
        check_streams(&model.posts[i]);
    }
}

/* ---- histories ------------------------------------------------------------------------------------------------------------- */

static void
clear(void)
{
    static const struct db_sql gone[] = { SQL("DELETE FROM job"), SQL("DELETE FROM status"),
        SQL("DELETE FROM account WHERE id > 0"), SQL("DELETE FROM conversation") };

    assert_ok(model.c, db_begin(model.c, DB_WRITE));
    for (size_t i = 0; i < lengthof(gone); i++)
        assert_ok(model.c, db_exec(model.c, &gone[i], DB_NO_ARGS, NULL));
    assert_ok(model.c, db_commit(model.c));
}

static void
run(struct ctx *c, int number)
{
    int seen = model.seen, hidden = model.hidden, wrong = model.wrong;

    memset(&model, 0, sizeof(model));
    model.c = c;
    model.mem = arena_new_heap();
    model.seen = seen;
    model.hidden = hidden;
    model.wrong = wrong;
    model.number = number;
    model.seed = UINT64_C(0x9e3779b97f4a7c15) * (uint64_t)(number + 1);
    for (int i = 0; i < PEOPLE; i++)
        model_add_person(i);
    for (int i = 0; i < STEPS; i++)
        model_step();
    check();
    clear();
    arena_free(model.mem);
}

UNIT_DB(visibility_after_a_random_history_is_that_of_the_model)
{
    struct ctx *c = fixture_ctx(db);
    const char *only = getenv("DASSIE_HISTORY");
    int histories = db_is_sqlite(db) ? HISTORIES : HISTORIES_POSTGRES;
    int64_t begin = clock_mono_ms(), n;

    model.seen = model.hidden = model.wrong = 0;
    log_set_level(LOG_LEVEL_ERROR);
    if (only != NULL && str_int(str_z(only), &n))
        run(c, (int)n);
    for (int i = 0; only == NULL && i < histories; i++) {
        struct arena_mark mark = arena_save(c->mem);

        run(c, i);
        arena_restore(c->mem, mark);
    }
    log_set_level(LOG_LEVEL_INFO);
    print_message("%d things seen and %d hidden in %d ms\n", model.seen, model.hidden, (int)(clock_mono_ms() - begin));
    assert_int_equal(model.wrong, 0);
    assert_true(only != NULL || (model.seen > 20 && model.hidden > 20));
}

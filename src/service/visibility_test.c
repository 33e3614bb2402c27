/*
 * Who may see what after a random history, by every way of reading, compared with a model that is written here a second time.
 *
 * Four people of ours and three of two other servers follow, block, mute and block servers, post, answer, boost and delete, are suspended and
 * silenced.  The verbs are the real ones; posts are put as rows, and spread.  The model knows nothing of the database.  A history is
 * known by its number: DASSIE_HISTORY=n runs that one alone.
 */
#include "service/visibility.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/id.h"
#include "base/log.h"
#include "service/account.h"
#include "service/conversation.h"
#include "service/fixture_test.h"
#include "service/live.h"
#include "service/notification.h"
#include "service/published.h"
#include "service/relation.h"
#include "service/search.h"
#include "service/status.h"
#include "service/timeline.h"
#include "store/account.h"
#include "store/domain_block.h"
#include "store/interaction.h"
#include "store/status.h"
#include "unit_db.h"

#include <stdlib.h>

enum {
    OURS = 4,
    PEOPLE = 7,
    SERVERS = 3,
    NOBODY = PEOPLE,
    POSTS_MAX = 24,
    STEPS = 60,
    HISTORIES = 150,
    HISTORIES_POSTGRES = 2,
    PAGE = 40
};

static const char *const domains[SERVERS] = { "", "far.test", "other.test" };
static const int home_of[PEOPLE] = { 0, 0, 0, 0, 1, 1, 2 };

struct post {
    int64_t id;
    struct str uri;
    int author, parent, original; /* posts; -1: none */
    enum visibility visibility;
    bool mentions[PEOPLE], local_only, gone;
};

static struct {
    struct ctx *c;
    struct arena *mem; /* of one history */
    uint64_t seed;
    int number;
    bool follows[PEOPLE][PEOPLE], blocks[PEOPLE][PEOPLE], mutes[PEOPLE][PEOPLE], shuts[PEOPLE][SERVERS];
    bool suspended[PEOPLE], silenced[PEOPLE];
    struct account *people[PEOPLE];
    struct post posts[POSTS_MAX];
    int n;
    int wrong, seen, hidden;
} m;

static int
any(int below)
{
    m.seed ^= m.seed << 13;
    m.seed ^= m.seed >> 7;
    m.seed ^= m.seed << 17;
    return (int)(m.seed % (uint64_t)below);
}

static bool
is_ours(int who)
{
    return who < OURS;
}

static int64_t
viewer_id(int viewer)
{
    return viewer == NOBODY ? 0 : m.people[viewer]->id;
}

/* ---- the model --------------------------------------------------------------------------------------------------------- */

static bool
apart(int a, int b)
{
    return m.blocks[a][b] || m.blocks[b][a];
}

static bool
sees_alone(int viewer, const struct post *p)
{
    if (viewer == p->author)
        return true;
    if (p->gone || m.suspended[p->author])
        return false;
    if (viewer == NOBODY)
        return p->visibility <= VIS_UNLISTED && !p->local_only;
    if (apart(viewer, p->author) || (p->local_only && !is_ours(viewer)))
        return false;
    return p->visibility <= VIS_UNLISTED || p->mentions[viewer] ||
           (p->visibility == VIS_PRIVATE && m.follows[viewer][p->author]);
}

static bool
sees(int viewer, const struct post *p)
{
    return !p->gone && sees_alone(viewer, p) &&
           (p->original < 0 || (!m.posts[p->original].gone && sees_alone(viewer, &m.posts[p->original])));
}

static bool
wants_author(int viewer, int author, bool is_public)
{
    if (viewer != NOBODY && viewer != author && (m.mutes[viewer][author] || m.shuts[viewer][home_of[author]]))
        return false;
    return !is_public || viewer == author || !m.silenced[author] || (viewer != NOBODY && m.follows[viewer][author]);
}

/* What timelines show of what is seen. */
static bool
wants(int viewer, const struct post *p, bool is_public)
{
    return sees(viewer, p) && wants_author(viewer, p->author, is_public) &&
           (p->original < 0 || wants_author(viewer, m.posts[p->original].author, is_public));
}

/* What answers a post that was deleted is the beginning of a thread. */
static bool
is_above(const struct post *above, const struct post *p)
{
    for (int at = p->parent; at >= 0 && !m.posts[at].gone; at = m.posts[at].parent)
        if (&m.posts[at] == above)
            return true;
    return false;
}

/* ---- what happens -------------------------------------------------------------------------------------------------------- */

static void
act_as(int who)
{
    m.c->who.account_id = viewer_id(who);
}

static void
add_person(int i)
{
    struct account *a = m.people[i] = arena_new(m.mem, struct account);
    int64_t id = id_new();
    const char *host = home_of[i] == 0 ? "dassie.test" : domains[home_of[i]];

    *a = (struct account){ .id = id,
        .username = str_fmt(m.mem, "p%d", i),
        .domain = str_z(domains[home_of[i]]),
        .uri = str_fmt(m.mem, "https://%s/ap/users/%lld", host, (long long)id),
        .actor_type = S("Person"),
        .handle_ok = true,
        .created_ms = clock_ms(),
        .fetched_ms = is_ours(i) ? 0 : clock_ms() };
    if (!is_ours(i))
        a->inbox = str_fmt(m.mem, "https://%s/inbox", host);
    assert_ok(m.c, db_begin(m.c, DB_WRITE));
    assert_ok(m.c, store_account_insert(m.c, a));
    assert_ok(m.c, db_commit(m.c));
}

static void
follow(int a, int b)
{
    struct follow_params p = { .reblogs = -1, .notify = -1 };
    struct relation r;

    if (apart(a, b) || m.suspended[a] || m.suspended[b] || m.silenced[a] || (!is_ours(a) && !is_ours(b)))
        return;
    if (m.shuts[a][home_of[b]] || m.shuts[b][home_of[a]])
        return;
    act_as(a);
    if (!is_ours(a)) {
        assert_ok(m.c, service_relation_follow_received(m.c, m.people[a], m.people[b],
                           str_fmt(m.mem, "%.*s#f%d", STR_ARG(m.people[a]->uri), any(1 << 30))));
    } else {
        assert_ok(m.c, service_relation_follow(m.c, m.people[b]->id, &p, &r));
        if (!is_ours(b))
            assert_ok(m.c, service_relation_answer_received(m.c, m.people[b], m.people[a], true));
    }
    m.follows[a][b] = true;
}

static void
unfollow(int a, int b)
{
    struct relation r;

    if (!is_ours(a) && !is_ours(b))
        return;
    act_as(a);
    if (is_ours(a))
        assert_ok(m.c, service_relation_unfollow(m.c, m.people[b]->id, &r));
    else
        assert_ok(m.c, service_relation_unfollow_received(m.c, m.people[a], m.people[b]));
    m.follows[a][b] = false;
}

static void
block(int a, int b, bool on)
{
    struct relation r;

    if (!is_ours(a) && !is_ours(b))
        return;
    act_as(a);
    if (is_ours(a))
        assert_ok(m.c, service_relation_block(m.c, m.people[b]->id, on, &r));
    else
        assert_ok(m.c, service_relation_block_received(m.c, m.people[a], m.people[b],
                           str_fmt(m.mem, "%.*s#b%d", STR_ARG(m.people[a]->uri), b), on));
    m.blocks[a][b] = on;
    if (on)
        m.follows[a][b] = m.follows[b][a] = false;
}

static void
mute(int a, int b, bool on)
{
    struct relation r;

    if (!is_ours(a))
        return;
    act_as(a);
    assert_ok(m.c, on ? service_relation_mute(m.c, m.people[b]->id, true, 0, &r)
                      : service_relation_unmute(m.c, m.people[b]->id, &r));
    m.mutes[a][b] = on;
}

/* Only the row: that it ends follows is a matter of its own. */
static void
shut(int a, int server, bool on)
{
    bool changed;

    if (!is_ours(a) || server == 0)
        return;
    assert_ok(m.c, db_begin(m.c, DB_WRITE));
    assert_ok(m.c, on ? store_domain_block_put(m.c, m.people[a]->id, str_z(domains[server]), &changed)
                      : store_domain_block_delete(m.c, m.people[a]->id, str_z(domains[server]), &changed));
    assert_ok(m.c, db_commit(m.c));
    m.shuts[a][server] = on;
}

static void
judge(int who, bool suspend, bool on)
{
    static const struct db_sql suspended = SQL("UPDATE account SET suspended_ms = $2 WHERE id = $1");
    static const struct db_sql silenced = SQL("UPDATE account SET silenced_ms = $2 WHERE id = $1");

    assert_ok(m.c, db_begin(m.c, DB_WRITE));
    assert_ok(m.c, db_exec(m.c, suspend ? &suspended : &silenced,
                       DB_ARGS(D_INT(m.people[who]->id), D_INTN(on ? clock_ms() : 0)), NULL));
    assert_ok(m.c, db_commit(m.c));
    *(suspend ? &m.people[who]->suspended_ms : &m.people[who]->silenced_ms) = on ? clock_ms() : 0;
    (suspend ? m.suspended : m.silenced)[who] = on;
}

/* A row, spread; everybody who sees it keeps it. */
static void
put(struct post *p)
{
    struct mention_ref mentions[PEOPLE];
    struct tag_ref tag = { .name = S("play"), .display = S("play") };
    const struct account *a = m.people[p->author];
    struct status s = { .id = p->id = id_new(),
        .account_id = a->id,
        .local = is_ours(p->author),
        .visibility = p->visibility,
        .local_only = p->local_only,
        .created_ms = clock_ms(),
        .reblog_of_id = p->original >= 0 ? m.posts[p->original].id : 0,
        .object_type = S("Note"),
        .mentions = mentions,
        .tags = &tag,
        .n_tags = p->original < 0 };
    bool added;

    s.uri = s.url = p->uri = str_fmt(m.mem, "%.*s/statuses/%lld", STR_ARG(a->uri), (long long)s.id);
    for (int i = 0; i < PEOPLE; i++)
        if (p->mentions[i])
            mentions[s.n_mentions++] = (struct mention_ref){ .account_id = m.people[i]->id };
    assert_ok(m.c, db_begin(m.c, DB_WRITE));
    if (p->parent >= 0) {
        struct status *parent;

        assert_ok(m.c, store_status_get(m.c, m.posts[p->parent].id, &parent));
        s.in_reply_to_id = parent->id;
        s.in_reply_to_account_id = parent->account_id;
        s.conversation_id = parent->conversation_id;
    } else if (p->original < 0) {
        assert_ok(m.c, store_conversation_get(m.c, S(""), &s.conversation_id));
    }
    assert_ok(m.c, store_status_insert(m.c, &s));
    for (int i = 0; i < OURS; i++)
        if (p->original < 0 && sees(i, p)) {
            assert_ok(m.c, store_favourite_put(m.c, id_new(), m.people[i]->id, s.id, STR_NONE, &added));
            assert_ok(m.c, store_bookmark_put(m.c, m.people[i]->id, s.id));
        }
    assert_ok(m.c, db_commit(m.c));
    assert_ok(m.c, service_timeline_fan_out(m.c, s.id));
}

/* A post that the author sees, or -1. */
static int
any_seen(int author)
{
    int at = m.n > 0 ? any(m.n) : -1;

    return at >= 0 && m.posts[at].original < 0 && sees(author, &m.posts[at]) ? at : -1;
}

static bool
has_boosted(int who, int original)
{
    for (int i = 0; i < m.n; i++)
        if (m.posts[i].author == who && m.posts[i].original == original)
            return true;
    return false;
}

static void
post(bool boost)
{
    struct post *p = &m.posts[m.n];
    int author = any(PEOPLE), other = any_seen(author);

    if (m.n == POSTS_MAX || m.suspended[author])
        return;
    *p = (struct post){
        .author = author, .parent = -1, .original = -1, .visibility = (enum visibility)any(VIS_LIMITED)
    };
    if (boost && (other < 0 || m.posts[other].visibility > VIS_UNLISTED || m.posts[other].local_only ||
                     has_boosted(author, other)))
        return;
    if (boost) {
        p->original = other;
        p->visibility = (enum visibility)any(VIS_DIRECT);
    } else {
        p->parent = any(2) == 0 ? other : -1;
        p->local_only = is_ours(author) && any(6) == 0;
        for (int i = 0; i < PEOPLE; i++)
            p->mentions[i] = i != author && any(6) == 0;
    }
    m.n++;
    put(p);
}

static void delete (void)
{
    struct post *p;
    struct status *s;

    if (m.n == 0)
        return;
    p = &m.posts[any(m.n)];
    if (p->gone || p->original >= 0)
        return;
    assert_ok(m.c, store_status_get(m.c, p->id, &s));
    assert_ok(m.c, store_status_fill(m.c, &s, 1, 0));
    assert_ok(m.c, db_begin(m.c, DB_WRITE));
    assert_ok(m.c, service_status_remove(m.c, s, false));
    assert_ok(m.c, db_commit(m.c));
    p->gone = true;
    for (int i = 0; i < m.n; i++)
        if (m.posts[i].original >= 0 && &m.posts[m.posts[i].original] == p)
            m.posts[i].gone = true;
}

static void
step(void)
{
    int what = any(40), a = any(PEOPLE), b = (a + 1 + any(PEOPLE - 1)) % PEOPLE;

    if (what < 12)
        follow(a, b);
    else if (what < 14)
        unfollow(a, b);
    else if (what < 17)
        block(a, b, any(3) > 0);
    else if (what < 19)
        mute(a, b, any(3) > 0);
    else if (what < 20)
        shut(a, any(SERVERS), any(3) > 0);
    else if (what < 22)
        judge(a, any(2) == 0, any(2) == 0);
    else if (what < 35)
        post(false);
    else if (what < 38)
        post(true);
    else
        delete ();
}

/* ---- reading ------------------------------------------------------------------------------------------------------------- */

static const struct post *
post_of(int64_t id)
{
    for (int i = 0; i < m.n; i++)
        if (m.posts[i].id == id)
            return &m.posts[i];
    return NULL;
}

static void
complain(const char *way, int viewer, const struct post *p, const char *what)
{
    print_error("history %d: %s of %d %s post %d of %d (visibility %d%s%s)\n", m.number, way, viewer, what,
        (int)(p - m.posts), p->author, (int)p->visibility, p->original >= 0 ? ", a boost" : "",
        p->gone ? ", deleted" : "");
    m.wrong++;
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
        if (is_timeline ? !wants(viewer, p, is_public) : !sees(viewer, p))
            complain(way, viewer, p, "shows");
        if (v->v[i]->reblog != NULL && !sees(viewer, post_of(v->v[i]->reblog->id)))
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
    enum err e = service_status_get(m.c, p->id, &s);
    bool should = sees(viewer, p);

    m.seen += should;
    m.hidden += !should;
    compare("the status", viewer, p, e == ERR_OK, should);
    ctx_ok(m.c);
    assert_ok(m.c, service_status_get_many(m.c, &one, &some));
    compare("many statuses", viewer, p, some.n == 1, should);
    e = service_status_context(m.c, p->id, &t, NULL);
    compare("the context", viewer, p, e == ERR_OK, should);
    ctx_ok(m.c);
    if (e != ERR_OK)
        return;
    check_list("what stands above", viewer, &t.ancestors, false, false);
    check_list("what stands below", viewer, &t.descendants, false, false);
    for (int i = 0; i < m.n; i++) {
        const struct post *q = &m.posts[i];

        compare("what stands above", viewer, q, has(&t.ancestors, q->id), is_above(q, p) && sees(viewer, q));
        if (p->original < 0)
            compare("what stands below", viewer, q, has(&t.descendants, q->id), is_above(p, q) && sees(viewer, q));
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
    assert_ok(m.c, service_search(m.c, &q, &r));
    check_list("the search", viewer, &r.statuses, false, false);
    compare("the search", viewer, p, has(&r.statuses, p->id), sees(viewer, p));
}

static void
check_profiles(int viewer)
{
    static const struct account_statuses_params everything;
    const struct page page = { .limit = PAGE };
    struct statuses v;

    for (int author = 0; author < PEOPLE; author++) {
        assert_ok(m.c, service_account_statuses(m.c, m.people[author]->id, &everything, &page, &v));
        check_list("the profile", viewer, &v, false, false);
        for (int i = 0; i < m.n && !m.suspended[author]; i++)
            if (m.posts[i].author == author)
                compare("the profile", viewer, &m.posts[i], has(&v, m.posts[i].id), sees(viewer, &m.posts[i]));
    }
}

static void
check_timelines(int viewer)
{
    static const struct tag_query tag = { .tag = S("play") };
    const struct page page = { .limit = PAGE };
    struct statuses all, local, tagged;

    assert_ok(m.c, service_timeline_public(m.c, 0, false, &page, &all));
    assert_ok(m.c, service_timeline_public(m.c, 1, false, &page, &local));
    assert_ok(m.c, service_timeline_tag(m.c, &tag, &page, &tagged));
    check_list("the public timeline", viewer, &all, true, true);
    check_list("the local timeline", viewer, &local, true, true);
    check_list("the timeline of a hashtag", viewer, &tagged, true, true);
    for (int i = 0; i < m.n; i++) {
        const struct post *p = &m.posts[i];
        bool must = p->original < 0 && p->parent < 0 && p->visibility == VIS_PUBLIC && wants(viewer, p, true);

        if (must) {
            compare("the public timeline", viewer, p, has(&all, p->id), true);
            compare("the local timeline", viewer, p, has(&local, p->id), is_ours(p->author));
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

    assert_ok(m.c, service_timeline_home(m.c, &page, &v));
    check_list("the home", viewer, &v, true, false);
    assert_ok(m.c, service_status_favourites(m.c, &page, &v, &cursors));
    check_list("favourites", viewer, &v, false, false);
    assert_ok(m.c, service_status_bookmarks(m.c, &page, &v, &cursors));
    check_list("bookmarks", viewer, &v, false, false);
    assert_ok(m.c, service_notification_page(m.c, &every, &page, &told));
    for (size_t i = 0; i < told.n; i++)
        if (told.v[i].status != NULL)
            check_list("notifications", viewer, &(struct statuses){ &told.v[i].status, 1 }, false, false);
    assert_ok(m.c, service_conversation_page(m.c, &page, &talks));
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

    for (int i = 0; i < m.n; i++) {
        const struct post *p = &m.posts[i];
        bool shut_out = viewer != NOBODY && m.shuts[p->author][home_of[viewer]] && !m.follows[p->author][viewer];
        struct status *s;
        enum err e;

        if (!is_ours(p->author))
            continue;
        e = service_published_status(m.c, m.people[p->author]->id, p->id, viewer_id(viewer), &s);
        compare("the document", viewer, p, e == ERR_OK, sees(viewer, p) && !shut_out && !m.suspended[p->author]);
        ctx_ok(m.c);
    }
    for (int author = 0; author < OURS; author++) {
        assert_ok(m.c, service_published_outbox(m.c, m.people[author]->id, viewer_id(viewer), &page, &v));
        check_list("the outbox", viewer, &v, false, false);
        for (int i = 0; i < m.n; i++) {
            const struct post *p = &m.posts[i];
            bool must = p->author == author && p->visibility <= VIS_UNLISTED && sees(viewer, p);

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

    if (p->gone || !sees(NOBODY, p) || !is_ours(p->author))
        return;
    assert_ok(m.c, store_status_get(m.c, p->id, &s));
    for (int others = 0; others < 2; others++) {
        assert_ok(m.c, service_published_replies(m.c, s, others == 1, 0, PAGE, &uris, &last));
        for (size_t k = 0; k < uris.n; k++)
            for (int i = 0; i < m.n; i++)
                if (str_eq(m.posts[i].uri, uris.v[k]) && !sees(NOBODY, &m.posts[i]))
                    complain("the replies", NOBODY, &m.posts[i], "show");
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
        ids[i] = m.people[i]->id; /* ascending, as they were made in this order */
    assert_ok(m.c, service_live_status(m.c, p->id, &s));
    assert_ok(m.c, service_live_audience(m.c, s, VIEW_DIRECT, &(struct ids){ ids, OURS }, look));
    for (int i = 0; i < OURS; i++)
        compare("the stream", i, p, look[i] != LOOK_HIDDEN, sees(i, p));
}

static void
check(void)
{
    for (int viewer = 0; viewer <= PEOPLE; viewer++) {
        if (viewer == NOBODY || !is_ours(viewer))
            check_published(viewer);
        if (viewer != NOBODY && !is_ours(viewer))
            continue;
        act_as(viewer);
        m.c->who.user_id = viewer == NOBODY ? 0 : 1;
        for (int i = 0; i < m.n; i++) {
            struct arena_mark mark = arena_save(m.c->mem);

            check_one(viewer, &m.posts[i]);
            check_search(viewer, &m.posts[i]);
            db_rollback(m.c);
            arena_restore(m.c->mem, mark);
        }
        check_profiles(viewer);
        check_timelines(viewer);
        if (viewer != NOBODY)
            check_own(viewer);
    }
    for (int i = 0; i < m.n; i++) {
        check_replies(&m.posts[i]);
        check_streams(&m.posts[i]);
    }
}

/* ---- histories ------------------------------------------------------------------------------------------------------------- */

static void
clear(void)
{
    static const struct db_sql gone[] = { SQL("DELETE FROM job"), SQL("DELETE FROM status"),
        SQL("DELETE FROM account WHERE id > 0"), SQL("DELETE FROM conversation") };

    assert_ok(m.c, db_begin(m.c, DB_WRITE));
    for (size_t i = 0; i < lengthof(gone); i++)
        assert_ok(m.c, db_exec(m.c, &gone[i], DB_NO_ARGS, NULL));
    assert_ok(m.c, db_commit(m.c));
}

static void
run(struct ctx *c, int number)
{
    int seen = m.seen, hidden = m.hidden, wrong = m.wrong;

    memset(&m, 0, sizeof(m));
    m.c = c;
    m.mem = arena_new_heap();
    m.seen = seen;
    m.hidden = hidden;
    m.wrong = wrong;
    m.number = number;
    m.seed = UINT64_C(0x9e3779b97f4a7c15) * (uint64_t)(number + 1);
    for (int i = 0; i < PEOPLE; i++)
        add_person(i);
    for (int i = 0; i < STEPS; i++)
        step();
    check();
    clear();
    arena_free(m.mem);
}

UNIT_DB(visibility_after_a_random_history_is_that_of_the_model)
{
    struct ctx *c = fixture_ctx(db);
    const char *only = getenv("DASSIE_HISTORY");
    int histories = db_is_sqlite(db) ? HISTORIES : HISTORIES_POSTGRES;
    int64_t begin = clock_mono_ms(), n;

    m.seen = m.hidden = m.wrong = 0;
    log_set_level(LOG_LEVEL_ERROR);
    if (only != NULL && str_int(str_z(only), &n))
        run(c, (int)n);
    for (int i = 0; only == NULL && i < histories; i++) {
        struct arena_mark mark = arena_save(c->mem);

        run(c, i);
        arena_restore(c->mem, mark);
    }
    log_set_level(LOG_LEVEL_INFO);
    print_message("%d things seen and %d hidden in %d ms\n", m.seen, m.hidden, (int)(clock_mono_ms() - begin));
    assert_int_equal(m.wrong, 0);
    assert_true(only != NULL || (m.seen > 20 && m.hidden > 20));
}

/* Home and list timelines against a model that looks at every status: random people, follows, posts; every way of paging. */
#include "service/timeline.h"

#include "base/buf.h"
#include "base/clock.h"
#include "base/conf.h"
#include "base/id.h"
#include "service/relation.h"
#include "service/tag.h"
#include "store/account.h"
#include "store/list.h"
#include "store/migrations.h"
#include "store/relation.h"
#include "unit_db.h"

#include <stdlib.h>
#include <string.h>

enum { PEOPLE = 9, POSTS = 620, LATER = 60, TAG_COUNT = 2, REPEAT = 40, LISTS = 3, HOME = -1 };
static const char *const languages[] = { "", "en", "de", "fr" };
static const char *const follow_languages[] = { "", "", "en", "de fr" };

struct post {
    int64_t id;
    int author, reblog_of, reply_to; /* index of a post, person replied to; -1: none */
    enum visibility visibility;
    const char *language;
    int mentioned, tag; /* -1: none */
};

static struct model {
    int64_t people[PEOPLE];
    struct {
        bool on, reblogs;
        const char *languages;
    } follow[PEOPLE][PEOPLE];
    bool mutes[PEOPLE][PEOPLE], follows_tag[PEOPLE][TAG_COUNT];
    struct model_list {
        int64_t id;
        enum list_replies replies;
        bool exclusive, member[PEOPLE];
    } lists[PEOPLE][LISTS]; /* one for each policy; some exclusive */
    struct post posts[POSTS + LATER];
    int n;
} m;

/* Random, but the same in every run: DASSIE_SEED gives another. */
static uint64_t seed;

static int
dice(int sides)
{
    seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (int)((seed >> 33) % (uint64_t)sides);
}

/* ---- making the world ----------------------------------------------------------------------------------------------- */

static void
add_person(struct ctx *c, int i)
{
    struct account a = { .id = id_new(),
        .username = str_fmt(c->mem, "p%d", i),
        .uri = str_fmt(c->mem, "http://a.test/p%d", i),
        .created_ms = clock_ms() };

    assert_ok(c, store_account_insert(c, &a));
    m.people[i] = a.id;
}

static void
add_follow(struct ctx *c, int from, int to)
{
    struct follow f = { .id = id_new(),
        .account_id = m.people[from],
        .target_id = m.people[to],
        .uri = str_fmt(c->mem, "http://a.test/f/%d/%d", from, to),
        .reblogs = dice(3) != 0,
        .languages = str_z(follow_languages[dice((int)lengthof(follow_languages))]) };
    bool added;

    assert_ok(c, store_follow_put(c, &f, &added));
    m.follow[from][to].on = true;
    m.follow[from][to].reblogs = f.reblogs;
    m.follow[from][to].languages = f.languages.p;
}

/* Of those that this person follows, and perhaps itself.  Nobody muted: a list of little else has short pages. */
static void
add_list(struct ctx *c, int owner, int which)
{
    struct model_list *x = &m.lists[owner][which];
    struct list l = { .id = id_new(),
        .account_id = m.people[owner],
        .title = S("list"),
        .replies = (enum list_replies)which,
        .exclusive = dice(4) == 0 };

    *x = (struct model_list){ .id = l.id, .replies = l.replies, .exclusive = l.exclusive };
    assert_ok(c, store_list_put(c, &l));
    for (int i = 0; i < PEOPLE; i++) {
        if ((i != owner && !m.follow[owner][i].on) || m.mutes[owner][i] || dice(l.exclusive ? 4 : 2) != 0)
            continue;
        assert_ok(c, store_list_member_add(c, l.id, m.people[i]));
        x->member[i] = true;
    }
}

static bool
was_reblogged(int by, int post)
{
    for (int i = 0; i < m.n; i++)
        if (m.posts[i].author == by && m.posts[i].reblog_of == post)
            return true;
    return false;
}

static void
choose(struct post *p)
{
    int other = m.n > 0 ? dice(m.n) : -1;

    *p = (struct post){ .author = dice(PEOPLE), .reblog_of = -1, .reply_to = -1, .mentioned = -1, .tag = -1 };
    if (m.n > 60 && dice(2) != 0) /* many threads about the same few posts, so that reblogs repeat */
        other = m.n - 1 - dice(60);
    if (other >= 0 && dice(3) == 0 && m.posts[other].reblog_of < 0 && m.posts[other].visibility <= VIS_UNLISTED &&
        !was_reblogged(p->author, other)) {
        p->reblog_of = other;
        p->language = "";
        return;
    }
    p->language = languages[dice((int)lengthof(languages))];
    p->visibility = (enum visibility)dice(VIS_LIMITED);
    if (other >= 0 && dice(3) == 0)
        p->reply_to = m.posts[other].author;
    if (dice(3) == 0)
        p->mentioned = dice(PEOPLE);
    if (dice(4) == 0)
        p->tag = dice(TAG_COUNT);
}

static void
add_post(struct ctx *c)
{
    struct post *p = &m.posts[m.n];
    struct mention_ref mention;
    struct tag_ref tag;
    struct status s = { 0 };

    choose(p);
    p->id = s.id = id_new();
    s.uri = str_fmt(c->mem, "http://a.test/s/%lld", (long long)s.id);
    s.account_id = m.people[p->author];
    s.local = true;
    s.visibility = p->visibility;
    s.language = str_z(p->language);
    s.created_ms = clock_ms();
    s.reblog_of_id = p->reblog_of >= 0 ? m.posts[p->reblog_of].id : 0;
    s.in_reply_to_account_id = p->reply_to >= 0 ? m.people[p->reply_to] : 0;
    if (p->mentioned >= 0) {
        mention = (struct mention_ref){ .account_id = m.people[p->mentioned] };
        s.mentions = &mention;
        s.n_mentions = 1;
    }
    if (p->tag >= 0) {
        tag.name = tag.display = str_fmt(c->mem, "tag%d", p->tag);
        s.tags = &tag;
        s.n_tags = 1;
    }
    assert_ok(c, store_status_insert(c, &s));
    m.n++;
}

static struct ctx *
world(struct db *db, bool with_ring)
{
    struct ctx *c = unit_db_ctx(db);
    struct env *env = arena_new(unit_mem(), struct env);
    struct config *conf = arena_new(unit_mem(), struct config);
    struct str why;
    int applied;

    conf->origin = S("http://a.test");
    conf->host = conf->domain = S("a.test");
    *env = (struct env){ .db = db, .conf = conf, .ring = with_ring ? ring_new(100) : NULL };
    if (with_ring)
        arena_defer(unit_mem(), (void (*)(void *))(void (*)(void))ring_free, env->ring);
    c->env = env;
    assert_ok(c, db_migrate(c, store_migrations, store_migrations_n, &applied, &why));
    m = (struct model){ 0 };
    seed = getenv("DASSIE_SEED") != NULL ? strtoull(getenv("DASSIE_SEED"), NULL, 10) : 1;
    assert_ok(c, db_begin(c, DB_WRITE));
    for (int i = 0; i < PEOPLE; i++)
        add_person(c, i);
    for (int i = 0; i < PEOPLE; i++)
        for (int k = 0; k < PEOPLE; k++) {
            if (i == k)
                continue;
            if (dice(3) != 0)
                add_follow(c, i, k);
            if (dice(10) == 0) {
                assert_ok(c, store_mute_put(c, m.people[i], m.people[k], true, 0));
                m.mutes[i][k] = true;
            }
        }
    for (int i = 0; i < PEOPLE; i++)
        for (int k = 0; k < LISTS; k++)
            add_list(c, i, k);
    for (int i = 0; i < POSTS; i++)
        add_post(c);
    assert_ok(c, db_commit(c));
    for (int i = 0; i < PEOPLE; i++)
        for (int t = 0; t < TAG_COUNT; t++)
            if (dice(3) == 0) {
                struct tag_ref ref;

                c->who.account_id = m.people[i];
                assert_ok(c, service_tag_follow(c, str_fmt(c->mem, "tag%d", t), true, &ref));
                m.follows_tag[i][t] = true;
            }
    return c;
}

/* ---- the model ------------------------------------------------------------------------------------------------------- */

static bool
has_word(const char *list, const char *word)
{
    struct str rest = str_z(list), one;

    while (str_cut(&rest, ' ', &one))
        if (str_eqz(one, word))
            return true;
    return false;
}

static bool
is_exclusive(int me, int author)
{
    for (int k = 0; k < LISTS; k++)
        if (m.lists[me][k].exclusive && m.lists[me][k].member[author])
            return true;
    return false;
}

static bool
belongs_to_list(int me, const struct model_list *list, const struct post *p)
{
    int to = p->reply_to;

    if (!list->member[p->author] || p->visibility >= VIS_DIRECT)
        return false;
    if (to >= 0 && to != p->author && to != me && !(list->replies == REPLIES_LIST && list->member[to]) &&
        !(list->replies == REPLIES_FOLLOWED && m.follow[me][to].on))
        return false;
    if (p->author == me)
        return true;
    if (!m.follow[me][p->author].on || (p->reblog_of >= 0 && !m.follow[me][p->author].reblogs))
        return false;
    return m.follow[me][p->author].languages[0] == '\0' || p->language[0] == '\0' ||
           has_word(m.follow[me][p->author].languages, p->language);
}

static bool
belongs(int me, int which, const struct post *p)
{
    if (which != HOME)
        return belongs_to_list(me, &m.lists[me][which], p);
    if (p->author == me)
        return true;
    if (p->tag >= 0 && m.follows_tag[me][p->tag] && p->visibility == VIS_PUBLIC && p->reblog_of < 0)
        return true;
    if (!m.follow[me][p->author].on || (p->reblog_of >= 0 && !m.follow[me][p->author].reblogs) ||
        is_exclusive(me, p->author))
        return false;
    if (p->visibility >= VIS_DIRECT && p->mentioned != me)
        return false;
    if (p->reply_to >= 0 && p->reply_to != p->author && p->reply_to != me && !m.follow[me][p->reply_to].on)
        return false;
    return m.follow[me][p->author].languages[0] == '\0' || p->language[0] == '\0' ||
           has_word(m.follow[me][p->author].languages, p->language);
}

static int64_t
original(const struct post *p)
{
    return p->reblog_of >= 0 ? m.posts[p->reblog_of].id : p->id;
}

/* It names somebody whom the reader muted, and is not the reader's own. */
static bool
names_muted(int me, const struct post *p)
{
    if (p->author == me)
        return false;
    return (p->mentioned >= 0 && m.mutes[me][p->mentioned]) ||
           (p->reblog_of >= 0 && m.posts[p->reblog_of].mentioned >= 0 && m.mutes[me][m.posts[p->reblog_of].mentioned]);
}

static bool
is_shown(int me, const struct post *const *home, int i, int n)
{
    const struct post *p = home[i];

    for (int k = i + 1; p->reblog_of >= 0 && k < n && k <= i + REPEAT; k++)
        if (original(home[k]) == original(p))
            return false;
    return !names_muted(me, p) && !m.mutes[me][p->author] &&
           (p->reblog_of < 0 || !m.mutes[me][m.posts[p->reblog_of].author]);
}

/* Everything, newest first. */
static struct ids
expected(struct ctx *c, int me, int which)
{
    const struct post **home = arena_vec(c->mem, const struct post *, (size_t)m.n);
    struct ids out = { arena_vec(c->mem, int64_t, (size_t)m.n), 0 };
    int n = 0;

    for (int i = m.n - 1; i >= 0; i--)
        if (m.posts[i].id != 0 && belongs(me, which, &m.posts[i]))
            home[n++] = &m.posts[i];
    for (int i = 0; i < n; i++)
        if (is_shown(me, home, i, n))
            out.v[out.n++] = home[i]->id;
    return out;
}

/* ---- comparing ------------------------------------------------------------------------------------------------------- */

static void
assert_page(const struct statuses *got, const struct ids *want, size_t from, size_t n)
{
    assert_int_equal(got->n, n);
    for (size_t i = 0; i < n; i++)
        assert_int_equal(got->v[i]->id, want->v[from + i]);
}

/* list 0: the home. */
static enum err
read_page(struct ctx *c, int64_t list, const struct page *p, struct statuses *out)
{
    return list == 0 ? service_timeline_home(c, p, out) : service_timeline_list(c, list, p, out);
}

static void
compare_down(struct ctx *c, int64_t list, const struct ids *want, int64_t limit)
{
    struct page p = { .limit = limit };
    struct statuses got;

    for (size_t at = 0;; at += (size_t)limit) {
        size_t n = at < want->n ? MIN((size_t)limit, want->n - at) : 0;

        assert_ok(c, read_page(c, list, &p, &got));
        assert_page(&got, want, at, n);
        if (n == 0)
            return;
        p.max_id = got.v[got.n - 1]->id;
    }
}

static void
compare_up(struct ctx *c, int64_t list, const struct ids *want, int64_t limit)
{
    struct page p = { .limit = limit, .min_id = 1 };
    struct statuses got;

    for (size_t left = want->n;;) {
        size_t n = MIN((size_t)limit, left);

        assert_ok(c, read_page(c, list, &p, &got));
        assert_page(&got, want, left - n, n);
        if (n == 0)
            return;
        left -= n;
        p.min_id = got.v[0]->id;
    }
}

static void
compare_since(struct ctx *c, int64_t list, const struct ids *want)
{
    struct statuses got;

    for (size_t at = 1; at < want->n; at += 17) {
        assert_ok(c, read_page(c, list, &(struct page){ .limit = 20, .since_id = want->v[at] }, &got));
        assert_page(&got, want, 0, MIN(at, (size_t)20));
    }
}

static size_t
compare_one(struct ctx *c, int me, int which)
{
    struct arena_mark mark = arena_save(c->mem);
    int64_t list = which == HOME ? 0 : m.lists[me][which].id;
    struct ids want = expected(c, me, which);

    compare_down(c, list, &want, 20);
    compare_down(c, list, &want, 1 + dice(39));
    compare_up(c, list, &want, 13);
    compare_since(c, list, &want);
    arena_restore(c->mem, mark);
    return want.n;
}

static void
compare(struct ctx *c)
{
    size_t in_lists = 0;

    for (int me = 0; me < PEOPLE; me++) {
        c->who.account_id = m.people[me];
        assert_true(compare_one(c, me, HOME) > 40);
        for (int k = 0; k < LISTS; k++)
            in_lists += compare_one(c, me, k);
    }
    assert_true(in_lists > PEOPLE * LISTS * 20);
}

UNIT_DB(home_without_rings_is_the_full_query)
{
    compare(world(db, false));
}

UNIT_DB(home_with_rings_is_the_full_query)
{
    struct ctx *c = world(db, true);

    compare(c);
    for (int i = 0; i < LATER; i++) { /* the rings are there: now they live from pushes */
        assert_ok(c, db_begin(c, DB_WRITE));
        add_post(c);
        assert_ok(c, db_commit(c));
        assert_ok(c, service_timeline_fan_out(c, m.posts[m.n - 1].id));
        assert_ok(c, service_timeline_fan_out(c, m.posts[m.n - 1].id)); /* a job may run twice */
    }
    compare(c);
}

UNIT_DB(home_changes_with_follows)
{
    struct ctx *c = world(db, true);
    struct relation rel;

    compare(c);
    c->who.account_id = m.people[0];
    for (int k = 1; k < PEOPLE; k++) {
        if (m.follow[0][k].on)
            assert_ok(c, service_relation_unfollow(c, m.people[k], &rel));
        else
            assert_ok(c, service_relation_follow(c, m.people[k], &(struct follow_params){ 0, 0 }, &rel));
        m.follow[0][k].on = !m.follow[0][k].on;
        for (int l = 0; l < LISTS; l++) /* nobody new is in a list; who is not followed any more left it */
            m.lists[0][l].member[k] = false;
        m.follow[0][k].reblogs = false;
        m.follow[0][k].languages = "";
    }
    compare(c);
    for (int k = 1; k < PEOPLE; k++) /* only the options change */
        if (m.follow[0][k].on) {
            c->who.account_id = m.people[0];
            assert_ok(c, service_relation_follow(c, m.people[k], &(struct follow_params){ 1, -1 }, &rel));
            m.follow[0][k].reblogs = true;
        }
    compare(c);
}

/* An author sees a post of its own at once, before the fan-out ran. */
UNIT_DB(home_shows_own_posts_at_once)
{
    struct ctx *c = world(db, true);
    struct statuses got;

    for (int i = 0; i < 20; i++) {
        int author;

        assert_ok(c, db_begin(c, DB_WRITE));
        add_post(c);
        assert_ok(c, db_commit(c));
        author = m.posts[m.n - 1].author;
        if (m.posts[m.n - 1].reblog_of >= 0)
            continue;
        c->who.account_id = m.people[author];
        assert_ok(c, service_timeline_home(c, &(struct page){ .limit = 1 }, &got));
        assert_int_equal(got.n, 1);
        assert_int_equal(got.v[0]->id, m.posts[m.n - 1].id);
    }
}

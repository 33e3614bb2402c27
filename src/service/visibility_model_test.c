#include "service/visibility_model_test.h"

#include "base/clock.h"
#include "base/id.h"
#include "service/receive.h"
#include "service/relation.h"
#include "service/status.h"
#include "service/timeline.h"
#include "store/account.h"
#include "store/domain_block.h"
#include "store/interaction.h"
#include "unit_db.h"

static const char *const domains[SERVERS] = { "", "far.test", "other.test" };
const int model_home_of[PEOPLE] = { 0, 0, 0, 0, 1, 1, 2 };

struct model model;

static int
any(int below)
{
    model.seed ^= model.seed << 13;
    model.seed ^= model.seed >> 7;
    model.seed ^= model.seed << 17;
    return (int)(model.seed % (uint64_t)below);
}

bool
model_is_ours(int who)
{
    return who < OURS;
}

int64_t
model_viewer_id(int viewer)
{
    return viewer == NOBODY ? 0 : model.people[viewer]->id;
}

/* ---- the model --------------------------------------------------------------------------------------------------------- */

static bool
apart(int a, int b)
{
    return model.blocks[a][b] || model.blocks[b][a];
}

static bool
sees_alone(int viewer, const struct post *p)
{
    if (viewer == p->author)
        return true;
    if (p->gone || model.suspended[p->author])
        return false;
    if (viewer == NOBODY)
        return p->visibility <= VIS_UNLISTED && !p->local_only;
    if (apart(viewer, p->author) || (p->local_only && !model_is_ours(viewer)))
        return false;
    return p->visibility <= VIS_UNLISTED || p->mentions[viewer] ||
           (p->visibility == VIS_PRIVATE && model.follows[viewer][p->author]);
}

bool
model_sees(int viewer, const struct post *p)
{
    return !p->gone && sees_alone(viewer, p) &&
           (p->original < 0 || (!model.posts[p->original].gone && sees_alone(viewer, &model.posts[p->original])));
}

static bool
wants_author(int viewer, int author, bool is_public)
{
    if (viewer != NOBODY && viewer != author &&
        (model.mutes[viewer][author] || model.shuts[viewer][model_home_of[author]]))
        return false;
    return !is_public || viewer == author || !model.silenced[author] ||
           (viewer != NOBODY && model.follows[viewer][author]);
}

/* What timelines show of what is seen. */
bool
model_wants(int viewer, const struct post *p, bool is_public)
{
    return model_sees(viewer, p) && wants_author(viewer, p->author, is_public) &&
           (p->original < 0 || wants_author(viewer, model.posts[p->original].author, is_public));
}

/* What answers a post that was deleted is the beginning of a thread. */
bool
model_is_above(const struct post *above, const struct post *p)
{
    for (int at = p->parent; at >= 0 && !model.posts[at].gone; at = model.posts[at].parent)
        if (&model.posts[at] == above)
            return true;
    return false;
}

/* ---- what happens -------------------------------------------------------------------------------------------------------- */

void
model_act_as(int who)
{
    model.c->who.account_id = model_viewer_id(who);
}

void
model_add_person(int i)
{
    struct account *a = model.people[i] = arena_new(model.mem, struct account);
    int64_t id = id_new();
    const char *host = model_home_of[i] == 0 ? "dassie.test" : domains[model_home_of[i]];

    *a = (struct account){ .id = id,
        .username = str_fmt(model.mem, "p%d", i),
        .domain = str_z(domains[model_home_of[i]]),
        .uri = str_fmt(model.mem, "https://%s/ap/users/%lld", host, (long long)id),
        .actor_type = S("Person"),
        .handle_ok = true,
        .created_ms = clock_ms(),
        .fetched_ms = model_is_ours(i) ? 0 : clock_ms() };
    if (!model_is_ours(i))
        a->inbox = str_fmt(model.mem, "https://%s/inbox", host);
    assert_ok(model.c, db_begin(model.c, DB_WRITE));
    assert_ok(model.c, store_account_insert(model.c, a));
    assert_ok(model.c, db_commit(model.c));
}

static void
follow(int a, int b)
{
    struct follow_params p = { .reblogs = -1, .notify = -1 };
    struct relation r;

    if (apart(a, b) || model.suspended[a] || model.suspended[b] || model.silenced[a] ||
        (!model_is_ours(a) && !model_is_ours(b)))
        return;
    if (model.shuts[a][model_home_of[b]] || model.shuts[b][model_home_of[a]])
        return;
    model_act_as(a);
    if (!model_is_ours(a)) {
        assert_ok(model.c, service_relation_follow_received(model.c, model.people[a], model.people[b],
                               str_fmt(model.mem, "%.*s#f%d", STR_ARG(model.people[a]->uri), any(1 << 30))));
    } else {
        assert_ok(model.c, service_relation_follow(model.c, model.people[b]->id, &p, &r));
        if (!model_is_ours(b))
            assert_ok(model.c, service_relation_answer_received(model.c, model.people[b], model.people[a], true));
    }
    model.follows[a][b] = true;
}

static void
unfollow(int a, int b)
{
    struct relation r;

    if (!model_is_ours(a) && !model_is_ours(b))
        return;
    model_act_as(a);
    if (model_is_ours(a))
        assert_ok(model.c, service_relation_unfollow(model.c, model.people[b]->id, &r));
    else
        assert_ok(model.c, service_receive_unfollow(model.c, model.people[a], model.people[b], S("")));
    model.follows[a][b] = false;
}

static void
block(int a, int b, bool on)
{
    struct relation r;

    if (!model_is_ours(a) && !model_is_ours(b))
        return;
    model_act_as(a);
    if (model_is_ours(a))
        assert_ok(model.c, service_relation_block(model.c, model.people[b]->id, on, &r));
    else if (on)
        assert_ok(model.c, service_relation_block_received(model.c, model.people[a], model.people[b],
                               str_fmt(model.mem, "%.*s#b%d", STR_ARG(model.people[a]->uri), b)));
    else
        assert_ok(model.c, service_receive_unblock(model.c, model.people[a], model.people[b], S("")));
    model.blocks[a][b] = on;
    if (on)
        model.follows[a][b] = model.follows[b][a] = false;
}

static void
mute(int a, int b, bool on)
{
    struct relation r;

    if (!model_is_ours(a))
        return;
    model_act_as(a);
    assert_ok(model.c, on ? service_relation_mute(model.c, model.people[b]->id, true, 0, &r)
                          : service_relation_unmute(model.c, model.people[b]->id, &r));
    model.mutes[a][b] = on;
}

/* Only the row: that it ends follows is a matter of its own. */
static void
shut(int a, int server, bool on)
{
    bool changed;

    if (!model_is_ours(a) || server == 0)
        return;
    assert_ok(model.c, db_begin(model.c, DB_WRITE));
    assert_ok(model.c, on ? store_domain_block_put(model.c, model.people[a]->id, str_z(domains[server]), &changed)
                          : store_domain_block_delete(model.c, model.people[a]->id, str_z(domains[server]), &changed));
    assert_ok(model.c, db_commit(model.c));
    model.shuts[a][server] = on;
}

static void
judge(int who, bool suspend, bool on)
{
    static const struct db_sql suspended = SQL("UPDATE account SET suspended_ms = $2 WHERE id = $1");
    static const struct db_sql silenced = SQL("UPDATE account SET silenced_ms = $2 WHERE id = $1");

    assert_ok(model.c, db_begin(model.c, DB_WRITE));
    assert_ok(model.c, db_exec(model.c, suspend ? &suspended : &silenced,
                           DB_ARGS(D_INT(model.people[who]->id), D_INTN(on ? clock_ms() : 0)), NULL));
    assert_ok(model.c, db_commit(model.c));
    *(suspend ? &model.people[who]->suspended_ms : &model.people[who]->silenced_ms) = on ? clock_ms() : 0;
    (suspend ? model.suspended : model.silenced)[who] = on;
}

/* A row, spread; everybody who sees it keeps it. */
static void
put(struct post *p)
{
    struct mention_ref mentions[PEOPLE];
    struct tag_ref tag = { .name = S("play"), .display = S("play") };
    const struct account *a = model.people[p->author];
    struct status s = { .id = p->id = id_new(),
        .account_id = a->id,
        .local = model_is_ours(p->author),
        .visibility = p->visibility,
        .local_only = p->local_only,
        .created_ms = clock_ms(),
        .reblog_of_id = p->original >= 0 ? model.posts[p->original].id : 0,
        .object_type = S("Note"),
        .mentions = mentions,
        .tags = &tag,
        .n_tags = p->original < 0 };
    bool added;

    s.uri = s.url = p->uri = str_fmt(model.mem, "%.*s/statuses/%lld", STR_ARG(a->uri), (long long)s.id);
    for (int i = 0; i < PEOPLE; i++)
        if (p->mentions[i])
            mentions[s.n_mentions++] = (struct mention_ref){ .account_id = model.people[i]->id };
    assert_ok(model.c, db_begin(model.c, DB_WRITE));
    if (p->parent >= 0) {
        struct status *parent;

        assert_ok(model.c, store_status_get(model.c, model.posts[p->parent].id, &parent));
        s.in_reply_to_id = parent->id;
        s.in_reply_to_account_id = parent->account_id;
        s.conversation_id = parent->conversation_id;
    } else if (p->original < 0) {
        assert_ok(model.c, store_conversation_get(model.c, S(""), &s.conversation_id));
    }
    assert_ok(model.c, store_status_insert(model.c, &s));
    for (int i = 0; i < OURS; i++)
        if (p->original < 0 && model_sees(i, p)) {
            assert_ok(model.c, store_favourite_put(model.c, id_new(), model.people[i]->id, s.id, STR_NONE, &added));
            assert_ok(model.c, store_bookmark_put(model.c, model.people[i]->id, s.id));
        }
    assert_ok(model.c, db_commit(model.c));
    assert_ok(model.c, service_timeline_fan_out(model.c, s.id));
}

/* A post that the author sees, or -1. */
static int
any_seen(int author)
{
    int at = model.n > 0 ? any(model.n) : -1;

    return at >= 0 && model.posts[at].original < 0 && model_sees(author, &model.posts[at]) ? at : -1;
}

static bool
has_boosted(int who, int original)
{
    for (int i = 0; i < model.n; i++)
        if (model.posts[i].author == who && model.posts[i].original == original)
            return true;
    return false;
}

static void
post(bool boost)
{
    struct post *p = &model.posts[model.n];
    int author = any(PEOPLE), other = any_seen(author);

    if (model.n == POSTS_MAX || model.suspended[author])
        return;
    *p = (struct post){
        .author = author, .parent = -1, .original = -1, .visibility = (enum visibility)any(VIS_LIMITED)
    };
    if (boost && (other < 0 || model.posts[other].visibility > VIS_UNLISTED || model.posts[other].local_only ||
                     has_boosted(author, other)))
        return;
    if (boost) {
        p->original = other;
        p->visibility = (enum visibility)any(VIS_DIRECT);
    } else {
        p->parent = any(2) == 0 ? other : -1;
        p->local_only = model_is_ours(author) && any(6) == 0;
        for (int i = 0; i < PEOPLE; i++)
            p->mentions[i] = i != author && any(6) == 0;
    }
    model.n++;
    put(p);
}

static void delete (void)
{
    struct post *p;
    struct status *s;

    if (model.n == 0)
        return;
    p = &model.posts[any(model.n)];
    if (p->gone || p->original >= 0)
        return;
    assert_ok(model.c, store_status_get(model.c, p->id, &s));
    assert_ok(model.c, store_status_fill(model.c, &s, 1, 0));
    assert_ok(model.c, db_begin(model.c, DB_WRITE));
    assert_ok(model.c, service_status_remove(model.c, s, false));
    assert_ok(model.c, db_commit(model.c));
    p->gone = true;
    for (int i = 0; i < model.n; i++)
        if (model.posts[i].original >= 0 && &model.posts[model.posts[i].original] == p)
            model.posts[i].gone = true;
}

void
model_step(void)
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

/* Two hubs joined by a bus: a real Redis, and PostgreSQL.  Skipped where the program is not installed. */
#include "hub/bridge.h"

#include "base/clock.h"
#include "unit_db.h"

#include <poll.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PATIENCE_MS = 90 * SECOND_MS, QUICK_BEAT_MS = 40 };

struct node {
    struct hub *hub;
    struct bridge *bridge;
    struct hub_sub *sub;
    atomic_int lost, heard, told;
    atomic_size_t bytes; /* of the last payload */
    atomic_bool in_order;
    atomic_int last;
};

static void
on_heard(void *arg, const struct hub_message *m UNUSED)
{
    ((struct node *)arg)->heard++;
}

static void
on_lost(void *arg)
{
    ((struct node *)arg)->lost++;
}

/* Payloads that are numbers must grow. */
static void
on_message(void *arg, const struct hub_message *m)
{
    struct node *n = arg;
    int64_t i;

    n->bytes = blob_str(m->blob).n;
    if (str_int(blob_str(m->blob), &i)) {
        if (i <= n->last)
            n->in_order = false;
        n->last = (int)i;
    }
    n->told++;
}

static void
node_start(struct node *n, struct bridge_options o)
{
    *n = (struct node){ .hub = hub_new(), .in_order = true };
    o.hub = n->hub;
    o.name = S("a.test");
    o.heard = on_heard;
    o.lost = on_lost;
    o.arg = n;
    o.beat_ms = QUICK_BEAT_MS;
    assert_int_equal(hub_subscribe(n->hub, S("topic"), on_message, n, &n->sub), ERR_OK);
    n->bridge = bridge_start(&o);
    assert_non_null(n->bridge);
}

static void
node_stop(struct node *n)
{
    bridge_stop(n->bridge);
    hub_unsubscribe(n->hub, n->sub);
    hub_free(n->hub);
}

static void
say(struct node *n, const char *text)
{
    struct blob *b = blob_new(str_z(text));

    (void)hub_publish(n->hub, S("topic"), S("update"), b);
    blob_unref(b);
}

/* Until the expression is true: threads of the bridges make it so. */
#define wait_for(what)                                                                                                 \
    do {                                                                                                               \
        int64_t until = clock_mono_ms() + PATIENCE_MS;                                                                 \
        while (!(what)) {                                                                                              \
            if (clock_mono_ms() > until)                                                                               \
                fail_msg("never: %s", #what);                                                                          \
            (void)poll(NULL, 0, 2);                                                                                    \
        }                                                                                                              \
    } while (0)

static void
meet(struct node *a, struct node *b)
{
    wait_for(bridge_is_whole(a->bridge) && bridge_is_whole(b->bridge));
    wait_for(bridge_others(a->bridge) == 1 && bridge_others(b->bridge) == 1);
}

/*
 * Say numbers, each one more, until one is heard.  A process that stood still for some beats gives up its link; what is said until it is
 * back is lost, and told so.
 */
static void
say_until_heard(struct node *a, struct node *b, int n)
{
    int lost;

    for (n--; b->last != n;) {
        char text[16];

        lost = a->lost + b->lost;
        snprintf(text, sizeof(text), "%d", ++n);
        say(a, text);
        wait_for(b->last == n || a->lost + b->lost > lost);
    }
}

/* ---- a Redis of the test -------------------------------------------------------------------------------------------- */

struct redis {
    char dir[32], bus[80];
    pid_t pid;
};

static void
redis_start(struct redis *r)
{
    char socket[64];

    snprintf(socket, sizeof(socket), "%s/s", r->dir);
    (void)unlink(socket);
    r->pid = fork();
    assert_true(r->pid >= 0);
    if (r->pid == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        if (freopen("/dev/null", "w", stdout) == NULL || chdir(r->dir) != 0)
            _exit(126);
        execlp("redis-server", "redis-server", "--port", "0", "--unixsocket", socket, "--save", "", (char *)NULL);
        _exit(127);
    }
    snprintf(r->bus, sizeof(r->bus), "unix:%s", socket);
}

static void
redis_kill(struct redis *r)
{
    assert_int_equal(kill(r->pid, SIGKILL), 0);
    assert_int_equal(waitpid(r->pid, NULL, 0), r->pid);
}

static struct redis
redis_new(void)
{
    struct redis r = { .dir = "/tmp/dassie-redis-XXXXXX" };

    if (access("/usr/bin/redis-server", X_OK) != 0) {
        print_message("redis-server is not installed\n");
        skip();
    }
    assert_non_null(mkdtemp(r.dir));
    redis_start(&r);
    return r;
}

static void
redis_free(struct redis *r)
{
    redis_kill(r);
    (void)unlink(r->bus + 5);
    (void)rmdir(r->dir);
}

/* ---- what holds for each bus ------------------------------------------------------------------------------------------ */

/* False when a link was given up meanwhile: not all was heard. */
static bool
all_is_heard(struct node *a, struct node *b)
{
    static char long_text[200 * 1000 + 1]; /* more than a frame of either */
    int lost = a->lost + b->lost;

#define wait_unless_lost(what)                                                                                         \
    do {                                                                                                               \
        wait_for((what) || a->lost + b->lost > lost);                                                                  \
        if (a->lost + b->lost > lost)                                                                                  \
            return false;                                                                                              \
    } while (0)

    say(a, "\"quoted\" \\ h\xc3\xa9");
    wait_unless_lost(b->told == 1);
    assert_int_equal(b->bytes, 14);
    assert_int_equal(a->told, 1); /* once, by ourselves */
    memset(long_text, 'x', sizeof(long_text) - 1);
    say(b, long_text);
    wait_unless_lost(a->told == 2);
    assert_int_equal(a->bytes, sizeof(long_text) - 1);
    for (int i = 1; i <= 1000; i++) {
        char text[16];

        snprintf(text, sizeof(text), "%d", i);
        say(a, text);
    }
    wait_unless_lost(b->last == 1000);
    assert_true(b->in_order);
    assert_int_equal(a->heard, 1);
    assert_int_equal(b->heard, 1001);
    return true;
}

static void
tell_each_other(const struct bridge_options *o)
{
    struct node a, b;
    bool done;

    do {
        node_start(&a, *o);
        assert_true(hub_is_wanted(a.hub, S("nobody's")) || a.lost > 0); /* nobody knows yet who is there */
        wait_for(bridge_is_whole(a.bridge));
        assert_true(a.lost > 0);
        wait_for(!hub_is_wanted(a.hub, S("nobody's")));
        node_start(&b, *o);
        meet(&a, &b);
        assert_true(hub_is_wanted(a.hub, S("nobody's")));
        done = all_is_heard(&a, &b);
        node_stop(&a);
        wait_for(bridge_others(b.bridge) == 0);
        node_stop(&b);
    } while (!done);
}

UNIT(bridges_over_redis_tell_each_other)
{
    struct redis r = redis_new();

    tell_each_other(&(struct bridge_options){ .bus = str_z(r.bus) });
    redis_free(&r);
}

UNIT(bridges_over_postgres_tell_each_other)
{
    tell_each_other(&(struct bridge_options){ .db = unit_db_open(UNIT_POSTGRES, 2) });
}

UNIT(bridges_of_two_servers_share_a_redis)
{
    struct redis r = redis_new();
    struct bridge_options o = { .bus = str_z(r.bus) };
    struct node a, b;

    node_start(&a, o);
    node_start(&b, o);
    meet(&a, &b);
    bridge_stop(b.bridge);
    o = (struct bridge_options){ .hub = b.hub,
        .bus = str_z(r.bus),
        .name = S("b.test"),
        .heard = on_heard,
        .lost = on_lost,
        .arg = &b,
        .beat_ms = QUICK_BEAT_MS };
    b.bridge = bridge_start(&o);
    wait_for(bridge_is_whole(b.bridge));
    wait_for(bridge_others(a.bridge) == 0);
    assert_int_equal(bridge_others(b.bridge), 0);
    node_stop(&a);
    node_stop(&b);
    redis_free(&r);
}

/* ---- broken links ------------------------------------------------------------------------------------------------------- */

UNIT(bridges_make_good_what_a_dead_redis_has_lost)
{
    struct redis r = redis_new();
    struct bridge_options o = { .bus = str_z(r.bus) };
    struct node a, b;
    int lost;

    node_start(&a, o);
    node_start(&b, o);
    meet(&a, &b);
    redis_kill(&r);
    wait_for(!bridge_is_whole(a.bridge) && !bridge_is_whole(b.bridge));
    say(&a, "1"); /* waits */
    lost = b.lost;
    redis_start(&r);
    meet(&a, &b);
    wait_for(b.last == 1 || b.lost > lost);
    assert_true(b.lost > lost);
    say_until_heard(&a, &b, 2);
    assert_true(b.in_order);
    node_stop(&a);
    node_stop(&b);
    redis_free(&r);
}

UNIT(bridges_that_leave_messages_out_say_so)
{
    struct redis r = redis_new();
    struct bridge_options o = { .bus = str_z(r.bus), .queue_max = 5 };
    struct node a, b;
    int lost;

    node_start(&b, o);
    wait_for(bridge_is_whole(b.bridge));
    o.bus = S("unix:/nonexistent/socket");
    node_start(&a, o); /* never whole: all that it says waits */
    for (int i = 0; i < 20; i++)
        say(&a, "text");
    assert_int_equal(a.told, 20);
    node_stop(&a);
    o.bus = str_z(r.bus);
    node_start(&a, o);
    meet(&a, &b);
    lost = b.lost;
    assert_int_equal(kill(r.pid, SIGSTOP), 0); /* the link stands still, what is said meanwhile is too much */
    for (int i = 0; i < 5000; i++)
        say(&a, "text");
    assert_int_equal(kill(r.pid, SIGCONT), 0);
    wait_for(b.lost > lost);
    say_until_heard(&a, &b, 7);
    node_stop(&a);
    node_stop(&b);
    redis_free(&r);
}

static const struct db_sql cut[] = {
    SQL2("SELECT 1",
        "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE application_name = 'dassie bus'"),
};

UNIT(bridges_come_back_after_postgres_has_cut_them_off)
{
    struct db *db = unit_db_open(UNIT_POSTGRES, 2);
    struct bridge_options o = { .db = db };
    struct ctx *c = unit_db_ctx(db);
    const struct db_row *row;
    struct node a, b;
    int lost_a, lost_b;

    node_start(&a, o);
    node_start(&b, o);
    meet(&a, &b);
    lost_a = a.lost;
    lost_b = b.lost;
    assert_ok(c, db_one(c, &cut[0], DB_NO_ARGS, &row));
    assert_int_equal(db_int(row, 0), 2);
    for (int i = 1; i <= 100; i++) {
        char text[16];

        snprintf(text, sizeof(text), "%d", i);
        say(&a, text);
    }
    wait_for(a.lost > lost_a && b.lost > lost_b);
    meet(&a, &b);
    say_until_heard(&a, &b, 101);
    assert_true(b.in_order);
    node_stop(&a);
    node_stop(&b);
}

UNIT(bridges_without_a_bus_harm_nobody)
{
    struct node a;

    node_start(&a, (struct bridge_options){ .bus = S("redis://127.0.0.1:1") });
    say(&a, "1");
    assert_int_equal(a.told, 1);
    assert_false(bridge_is_whole(a.bridge));
    node_stop(&a);
}

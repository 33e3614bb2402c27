/*
 * Uploads that wait for a job, against a real database and a real directory: a failure of any statement leaves nothing half-written,
 * and whatever happens while a file is decoded happens once.  Nothing is decoded here.
 */
#include "service/media.h"

#include "base/clock.h"
#include "base/conf.h"
#include "base/id.h"
#include "media/media.h"
#include "media/tmp_test.h"
#include "store/account.h"
#include "store/media.h"
#include "store/migrations.h"
#include "unit_db.h"

#include <dirent.h>

static const struct db_sql numbers = SQL("SELECT (SELECT count(*) FROM media), (SELECT count(*) FROM job), "
                                         "(SELECT count(*) FROM dead_file)");

struct world {
    struct db *db;
    struct ctx *c;
    const char *wait; /* the directory of waiting uploads */
};

struct count {
    int rows, jobs, dead, files;
};

static int
files_in(const char *path)
{
    DIR *d = opendir(path);
    int n = 0;

    assert_non_null(d);
    for (struct dirent *e; (e = readdir(d)) != NULL;)
        n += e->d_name[0] != '.';
    closedir(d);
    return n;
}

static struct count
count(const struct world *w)
{
    const struct db_row *r;

    assert_ok(w->c, db_one(w->c, &numbers, DB_NO_ARGS, &r));
    return (struct count){ (int)db_int(r, 0), (int)db_int(r, 1), (int)db_int(r, 2), files_in(w->wait) };
}

#define assert_count(w, rows_, jobs_, dead_, files_)                                                                   \
    do {                                                                                                               \
        struct count n_ = count(w);                                                                                    \
        assert_int_equal(n_.rows, rows_);                                                                              \
        assert_int_equal(n_.jobs, jobs_);                                                                              \
        assert_int_equal(n_.dead, dead_);                                                                              \
        assert_int_equal(n_.files, files_);                                                                            \
    } while (0)

static struct world
world_new(struct db *db)
{
    static const struct config conf = { .origin = { "https://dassie.test", 19 } };
    struct account a = { .id = id_new(),
        .username = S("alice"),
        .uri = S("https://dassie.test/ap/users/1"),
        .actor_type = S("Person"),
        .created_ms = clock_ms() };
    const char *dir = tmp_dir(unit_mem());
    struct world w = { .db = db, .c = unit_db_ctx(db) };
    struct env *env = arena_new(unit_mem(), struct env);
    struct str why;
    int applied;

    *env = (struct env){ .conf = &conf, .db = db };
    w.c->env = env;
    w.wait = str_fmt(unit_mem(), "%s/wait", dir).p;
    assert_int_equal(
        media_open_with(unit_mem(), str_fmt(unit_mem(), "dir:%s", dir), "/bin/false", &why, &env->media), ERR_OK);
    assert_ok(w.c, db_migrate(w.c, store_migrations, store_migrations_n, &applied, &why));
    assert_ok(w.c, db_begin(w.c, DB_WRITE));
    assert_ok(w.c, store_account_insert(w.c, &a));
    assert_ok(w.c, db_commit(w.c));
    w.c->who = (struct who){ .account_id = a.id };
    return w;
}

static enum err
upload(struct world *w, struct media_row **out)
{
    struct media_params p = { .file = { .bytes = S("GIF89a\x01\0\x01\0"), .fd = -1 }, .description = S("a dot") };

    return service_media_upload(w->c, &p, out);
}

UNIT_DB(media_a_failed_upload_leaves_nothing)
{
    struct world w = world_new(db);
    struct media_row *m;
    enum err e = ERR_INTERNAL;
    int at = 0;

    while (e != ERR_OK) {
        assert_count(&w, 0, 0, 0, 0);
        db_test_fail_at(db, ++at);
        e = upload(&w, &m);
        db_test_fail_at(db, 0);
        db_rollback(w.c);
        ctx_ok(w.c);
    }
    assert_true(at > 4); /* account, begin, row, job, commit */
    assert_count(&w, 1, 1, 0, 1);
    assert_int_equal(m->state, MEDIA_PROCESSING);
    assert_str(m->description, "a dot");
}

/* Its file is lost: it fails for good, once, and says so to whoever asks. */
UNIT_DB(media_what_cannot_be_decoded_fails_whatever_breaks_meanwhile)
{
    struct world w = world_new(db);
    struct media_row *m, *now;
    enum err e = ERR_INTERNAL;
    int at = 0;

    assert_ok(w.c, upload(&w, &m));
    assert_int_equal(media_store_delete(media_store_of(w.c->env->media), m->file), ERR_OK);
    while (e != ERR_OK) {
        assert_ok(w.c, store_media_get(w.c, m->id, &now));
        assert_int_equal(now->state, MEDIA_PROCESSING);
        assert_str(now->file, m->file.p);
        db_test_fail_at(db, ++at);
        e = service_media_process(w.c, m->id, false);
        db_test_fail_at(db, 0);
        db_rollback(w.c);
        ctx_ok(w.c);
    }
    assert_ok(w.c, store_media_get(w.c, m->id, &now));
    assert_int_equal(now->state, MEDIA_FAILED);
    assert_int_equal(now->file.n, 0);
    assert_str(now->description, "a dot");
    assert_count(&w, 1, 1, 1, 0);
    assert_ok(w.c, service_media_process(w.c, m->id, false)); /* again: nothing to do */
    assert_count(&w, 1, 1, 1, 0);
}

/* The decoder does not start: that may be better later, until the last try. */
UNIT_DB(media_our_own_trouble_is_tried_again)
{
    struct world w = world_new(db);
    struct media_row *m, *now;

    assert_ok(w.c, upload(&w, &m));
    assert_int_not_equal(service_media_process(w.c, m->id, false), ERR_OK);
    ctx_ok(w.c);
    assert_ok(w.c, store_media_get(w.c, m->id, &now));
    assert_int_equal(now->state, MEDIA_PROCESSING);
    assert_count(&w, 1, 1, 0, 1);
    assert_ok(w.c, service_media_process(w.c, m->id, true));
    assert_ok(w.c, store_media_get(w.c, m->id, &now));
    assert_int_equal(now->state, MEDIA_FAILED);
    assert_count(&w, 1, 1, 1, 0);
}

UNIT_DB(media_the_first_result_counts_and_words_stay)
{
    struct world w = world_new(db);
    struct media_params words = { .description = S("meanwhile") };
    struct media_row *m, *now, first, second;
    bool won;

    assert_ok(w.c, upload(&w, &m));
    first = second = *m;
    first.state = second.state = MEDIA_READY;
    first.file = S("0123456789abcdef0123456789abcdef.mp4");
    second.file = S("fedcba9876543210fedcba9876543210.mp4");
    assert_ok(w.c, service_media_update(w.c, m->id, &words, &now));
    assert_ok(w.c, db_begin(w.c, DB_WRITE));
    assert_ok(w.c, store_media_finish(w.c, &first, m->file, &won));
    assert_true(won);
    assert_ok(w.c, store_media_finish(w.c, &second, m->file, &won));
    assert_false(won);
    assert_ok(w.c, db_commit(w.c));
    assert_ok(w.c, service_media_update(w.c, m->id, &words, &now));
    assert_ok(w.c, store_media_get(w.c, m->id, &now));
    assert_int_equal(now->state, MEDIA_READY);
    assert_str(now->file, first.file.p);
    assert_str(now->description, "meanwhile");
    assert_count(&w, 1, 1, 1, 1); /* the upload dies with the next prune */
}

UNIT_DB(media_deleted_while_it_waits)
{
    struct world w = world_new(db);
    struct media_row *m;

    assert_ok(w.c, upload(&w, &m));
    assert_ok(w.c, service_media_delete(w.c, m->id));
    assert_count(&w, 0, 1, 1, 1);
    assert_ok(w.c, service_media_process(w.c, m->id, false));
    assert_ok(w.c, service_media_prune(w.c, clock_ms() - DAY_MS));
    assert_count(&w, 0, 1, 0, 0);
}

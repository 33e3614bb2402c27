/* As race_test.c: what is good for once, and what there may be so many of. */
#include "service/race_test.h"

#include "base/clock.h"
#include "crypto/token.h"
#include "crypto/totp.h"
#include "model/exchange.h"
#include "service/bookmark.h"
#include "service/collection.h"
#include "service/domain_block.h"
#include "service/draft.h"
#include "service/exchange.h"
#include "service/featured.h"
#include "service/fixture_test.h"
#include "service/invite.h"
#include "service/list.h"
#include "service/move.h"
#include "service/subscription.h"
#include "service/tag.h"
#include "service/token.h"
#include "service/user.h"
#include "store/passkey.h"
#include "store/user.h"
#include "unit_db.h"

static struct {
    struct app app;
    struct str code, totp, backup, mail_token, spent;
    struct invite invite;
    int64_t draft;
} own;

/* ---- what is good for once -------------------------------------------------------------------------------------- */

static enum err
exchange(struct ctx *c)
{
    struct token *t;
    struct str secret;

    return service_code_exchange(c, &own.app, own.code, S("https://app.test/"), STR_NONE, &t, &secret);
}

static enum err
use_code(struct ctx *c, struct str code)
{
    bool ok;

    TRY(service_user_use_code(c, race_world.user, code, &ok));
    return ok ? ERR_OK : ERR_INVALID;
}

static enum err
use_totp(struct ctx *c)
{
    return use_code(c, own.totp);
}

static enum err
use_backup(struct ctx *c)
{
    return use_code(c, own.backup);
}

static enum err
confirm_mail(struct ctx *c)
{
    struct user *u;

    return service_user_confirm(c, own.mail_token, 0, &u);
}

static enum err
use_invite(struct ctx *c)
{
    bool approved;
    enum err e;

    TRY(db_begin(c, DB_WRITE));
    e = service_invite_use(c, &own.invite, &approved);
    return db_end(c, e);
}

static enum err
spend_challenge(struct ctx *c)
{
    enum err e;

    TRY(db_begin(c, DB_WRITE));
    e = store_passkey_spend(c, own.spent, clock_ms() + MINUTE_MS);
    return db_end(c, e);
}

static enum err
publish_draft(struct ctx *c)
{
    struct posted out;

    return service_draft_publish(c, own.draft, 0, 0, &out);
}

static enum err
delete_draft(struct ctx *c)
{
    return service_draft_delete(c, own.draft);
}

static enum err
run_scheduled(struct ctx *c)
{
    enum err e = service_scheduled_run(c, own.draft, false);

    if (e != ERR_BUSY) /* its author was at it: the job comes again */
        return e;
    db_rollback(c);
    ctx_ok(c);
    return service_scheduled_run(c, own.draft, false);
}

static enum err
cancel_scheduled(struct ctx *c)
{
    return service_scheduled_delete(c, own.draft);
}

/* ---- what there may be so many of -------------------------------------------------------------------------------- */

static enum err
make_list(struct ctx *c)
{
    struct list *l;

    return service_list_create(c, &(struct list_params){ .title = race_name(c), .replies = -1, .exclusive = -1 }, &l);
}

static enum err
make_draft(struct ctx *c)
{
    struct post_params p = { .status = S("words"), .visibility = -1, .sensitive = -1, .quote_choice = -1 };
    struct draft_row *d;

    return service_draft_create(c, &(struct posts){ &p, 1 }, &d);
}

static enum err
make_folder(struct ctx *c)
{
    struct bookmark_folder *f;

    return service_bookmark_folder_create(c, race_name(c), &f);
}

static enum err
make_collection(struct ctx *c)
{
    struct collection *k;

    return service_collection_create(
        c, &(struct collection_params){ .name = race_name(c), .sensitive = -1, .discoverable = -1 }, &k);
}

static enum err
make_invite(struct ctx *c)
{
    struct invite *i;

    c->who.permissions = PERM_INVITE_USERS;
    return service_invite_make(c, &(struct invite_params){ .max_uses = 1 }, &i);
}

static enum err
make_import(struct ctx *c)
{
    struct import *i;

    return service_import_begin(c, KIND_DOMAIN_BLOCKS, false, S("far.test\n"), &i);
}

static enum err
feature_tag(struct ctx *c)
{
    struct tag_ref t;

    return service_featured_tag_set(c, race_name(c), true, &t);
}

static enum err
follow_tag(struct ctx *c)
{
    struct tag_ref t;

    return service_tag_follow(c, race_name(c), true, &t);
}

static enum err
block_domain(struct ctx *c)
{
    return service_domain_block_put(c, str_cat(c->mem, race_name(c), S(".test"), STR_NONE));
}

static enum err
subscribe(struct ctx *c)
{
    struct sign_up_problems why = { 0 };

    return service_subscription_ask(
        c, race_world.alice, str_cat(c->mem, race_name(c), S("@mail.test"), STR_NONE), &why);
}

static enum err
add_alias(struct ctx *c)
{
    struct alias a;

    return service_alias_add(c, str_fmt(c->mem, "other%d", race_world.calls++ % 2), &a);
}

/* ---- once -------------------------------------------------------------------------------------------------------- */

static void
new_code(struct ctx *c)
{
    const struct auth_code a = { .app_id = own.app.id,
        .user_id = race_world.user,
        .account_id = race_world.alice,
        .redirect_uri = S("https://app.test/"),
        .scopes = own.app.scopes,
        .scope_text = S("read"),
        .challenge = S("") };

    assert_ok(c, service_code_issue(c, &a, &own.code));
}

static void
new_factor(struct ctx *c)
{
    struct str secret = totp_secret_new(unit_mem());
    int64_t step = clock_ms() / 1000 / 30;
    struct strs codes;

    assert_ok(
        c, service_user_totp_enable(c, race_world.user, 0, 0, secret, totp_code(unit_mem(), secret, step), &codes));
    own.totp = totp_code(unit_mem(), secret, step + 1);
    own.backup = str_dup(unit_mem(), codes.v[0]);
}

static void
new_mail_token(struct ctx *c)
{
    own.mail_token = token_new(unit_mem());
    assert_ok(c, db_begin(c, DB_WRITE));
    assert_ok(c, store_mail_token_put(c, token_hash(unit_mem(), own.mail_token), race_world.user, MAIL_TOKEN_CONFIRM,
                     S("alice@mail.test"), clock_ms() + MINUTE_MS));
    assert_ok(c, db_commit(c));
}

static void
new_invite(struct ctx *c)
{
    struct invite *i;

    c->who.permissions = PERM_INVITE_USERS;
    assert_ok(c, service_invite_make(c, &(struct invite_params){ .max_uses = 1 }, &i));
    own.invite = *i;
}

static void
new_challenge(struct ctx *c)
{
    own.spent = str_dup(unit_mem(), token_new(c->mem));
}

static void
new_draft(struct ctx *c)
{
    struct post_params p = { .status = S("words"), .visibility = -1, .sensitive = -1, .quote_choice = -1 };
    struct draft_row *d;

    assert_ok(c, service_draft_create(c, &(struct posts){ &p, 1 }, &d));
    own.draft = d->id;
}

static void
new_scheduled(struct ctx *c)
{
    static const struct db_sql due = SQL("UPDATE draft SET scheduled_ms = 1");

    new_draft(c);
    race_write(c, &due);
}

#define EMPTY                                                                                                          \
    {                                                                                                                  \
        SQL("DELETE FROM status"), SQL("DELETE FROM draft")                                                            \
    }
#define GONE_OR_OUT SQL("SELECT (SELECT count(*) FROM status) + (SELECT count(*) FROM draft) - 1")

UNIT_DB(what_is_good_for_once_is_taken_once)
{
    static const struct race races[] = {
        { "an authorization code", { SQL("DELETE FROM token") }, new_code, exchange, exchange, 0, 1,
            SQL("SELECT count(*) FROM token") }, /* a replay ends the token of the first too */
        { "a one-time code", { SQL("DELETE FROM backup_code") }, new_factor, use_totp, use_totp, 0, 1, { NULL, NULL } },
        { "a backup code", { SQL("DELETE FROM backup_code") }, new_factor, use_backup, use_backup, 0, 1,
            { NULL, NULL } },
        { "a link of a mail", { SQL("DELETE FROM mail_token") }, new_mail_token, confirm_mail, confirm_mail, 0, 1,
            { NULL, NULL } },
        { "an invite", { SQL("DELETE FROM invite") }, new_invite, use_invite, use_invite, 0, 1, { NULL, NULL } },
        { "the challenge of a passkey", { SQL("DELETE FROM passkey_spent") }, new_challenge, spend_challenge,
            spend_challenge, 0, 1, { NULL, NULL } },
        { "a draft published twice", EMPTY, new_draft, publish_draft, publish_draft, 0, 1, GONE_OR_OUT },
        { "a draft published and deleted", EMPTY, new_draft, publish_draft, delete_draft, 0, 1, { NULL, NULL } },
        { "a scheduled post due and cancelled", EMPTY, new_scheduled, run_scheduled, cancel_scheduled, 0, 2,
            { NULL, NULL } },
    };
    struct app_params p = { .client_name = S("app"), .scopes = S("read") };
    struct str uri = S("https://app.test/"), secret;
    static const struct db_sql everybody = SQL("UPDATE role SET permissions = permissions | 65536");
    struct app *app;
    struct ctx *c;

    race_begin(db, &c);
    race_write(c, &everybody);
    p.redirect_uris = (struct strs){ &uri, 1 };
    assert_ok(c, service_app_register(c, &p, &app, &secret));
    own.app = *app;
    race_run(c, races, lengthof(races));
}

UNIT_DB(what_was_proven_with_one_password_does_not_outlive_it)
{
    static const struct db_sql set[] = { SQL("UPDATE users SET password = 'first hash'"),
        SQL("UPDATE users SET password = 'second hash'"), SQL("UPDATE users SET disabled = TRUE") };
    struct str ticket, token, first = S("first hash");
    struct user *u, old;
    bool done;
    struct ctx *c;

    race_begin(db, &c);
    race_write(c, &set[0]);
    assert_ok(c, store_user_get(c, race_world.user, &u));
    assert_ok(c, service_user_ticket(c, u, &ticket));
    assert_ok(c, service_user_ticket_open(c, ticket, &u));
    race_write(c, &set[1]);
    assert_err(service_user_ticket_open(c, ticket, &u), ERR_INVALID);
    ctx_ok(c);
    assert_ok(c, db_begin(c, DB_WRITE)); /* a log-in with the first password ends now, and has a better hash of it */
    assert_ok(c, store_user_rehash(c, race_world.user, first, S("better hash of the first"), &done));
    assert_ok(c, db_commit(c));
    assert_false(done);
    assert_ok(c, store_user_get(c, race_world.user, &u));
    assert_str(u->password, "second hash");
    old = *u;
    old.password = first;
    assert_err(service_session_begin(c, &old, S(""), S("127.0.0.1"), &token), ERR_UNAUTHORIZED);
    db_rollback(c);
    ctx_ok(c);
    old = *u;
    race_write(c, &set[2]);
    assert_err(service_session_begin(c, &old, S(""), S("127.0.0.1"), &token), ERR_UNAUTHORIZED);
    db_rollback(c);
    ctx_ok(c);
    assert_ok(c, store_user_get(c, race_world.user, &u));
    assert_ok(c, service_session_begin(c, u, S(""), S("127.0.0.1"), &token));
}

/* ---- so many ----------------------------------------------------------------------------------------------------- */

#define BEYOND(table, n)                                                                                               \
    {                                                                                                                  \
        SQL("DELETE FROM " table " WHERE id IN (SELECT id FROM " table " ORDER BY id LIMIT 100 OFFSET " n ")")         \
    }
#define FULL(table, n) SQL("SELECT count(*) - " n " FROM " table)
#define NUMBERS(n) "WITH RECURSIVE k (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM k WHERE i < " n ") "

#define FILL(table, columns, n, values)                                                                                \
    SQL("INSERT INTO " table " (id, account_id, created_ms, " columns                                                  \
        ") " NUMBERS(n) "SELECT i, (SELECT id FROM account WHERE username = 'alice'), 0, " values " FROM k")

UNIT_DB(two_at_once_pass_no_limit)
{
    static const struct db_sql fill[] = {
        SQL("INSERT INTO tag (id, name, display, created_ms) " NUMBERS("999") "SELECT i, 'f' || i, 'f' || i, 0 FROM k"),
        FILL("tag_follow", "tag_id", "999", "i"),
        FILL("user_domain_block", "domain", "4999", "'d' || i || '.test'"),
        FILL("email_subscription", "email, email_key", "4999", "'d' || i, 'd' || i"),
        SQL("INSERT INTO setting (name, value) VALUES ('email_subscriptions', '1')"),
        FILL("invite", "code, user_id", "99", "'c' || i, (SELECT id FROM users)"),
        FILL("list", "title, replies, exclusive", "49", "'l', 0, FALSE"),
        FILL("draft", "posts, n_posts, version, updated_ms", "99", "'[]', 0, 1, 0"),
        FILL("bookmark_folder", "title", "99", "'f'"),
    };
    static const struct race races[] = {
        { "lists", BEYOND("list", "49"), NULL, make_list, make_list, 0, 1, FULL("list", "50") },
        { "drafts", BEYOND("draft", "99"), NULL, make_draft, make_draft, 0, 1, FULL("draft", "100") },
        { "folders", BEYOND("bookmark_folder", "99"), NULL, make_folder, make_folder, 0, 1,
            FULL("bookmark_folder", "100") },
        { "collections", BEYOND("collection", "9"), NULL, make_collection, make_collection, COLLECTIONS_MAX - 1, 1,
            FULL("collection", "10") },
        { "featured hashtags", BEYOND("featured_tag", "9"), NULL, feature_tag, feature_tag, FEATURED_TAGS_MAX - 1, 1,
            FULL("featured_tag", "10") },
        { "imports", BEYOND("import", "2"), NULL, make_import, make_import, IMPORTS_RUNNING_MAX - 1, 1,
            FULL("import", "3") },
        { "invites", BEYOND("invite", "99"), NULL, make_invite, make_invite, 0, 1, FULL("invite", "100") },
        { "followed hashtags", BEYOND("tag_follow", "999"), NULL, follow_tag, follow_tag, 0, 1,
            FULL("tag_follow", "1000") },
        { "blocked domains", BEYOND("user_domain_block", "4999"), NULL, block_domain, block_domain, 0, 1,
            FULL("user_domain_block", "5000") },
        { "subscribers", BEYOND("email_subscription", "4999"), NULL, subscribe, subscribe, 0, 1,
            FULL("email_subscription", "5000") },
        { "aliases", { SQL("UPDATE account SET also_known_as = '[]'") }, NULL, add_alias, add_alias, 0, 2,
            SQL("SELECT count(*) FROM account WHERE username = 'alice' AND (also_known_as NOT LIKE '%other0%' OR "
                "also_known_as NOT LIKE '%other1%')") },
    };
    struct ctx *c;

    race_begin(db, &c);
    fixture_person(c, "other0");
    fixture_person(c, "other1");
    for (size_t i = 0; i < lengthof(fill); i++)
        race_write(c, &fill[i]);
    race_run(c, races, lengthof(races));
}

/* What expires, one line each. */
#include "service/prune.h"

#include "base/clock.h"
#include "base/log.h"
#include "db/db.h"
#include "service/media.h"
#include "service/notification.h"
#include "service/published.h"
#include "store/account.h"
#include "store/account_key.h"
#include "store/archive.h"
#include "store/announcement.h"
#include "store/async_refresh.h"
#include "store/app.h"
#include "store/card.h"
#include "store/collection.h"
#include "store/copy.h"
#include "store/exchange.h"
#include "store/federation.h"
#include "store/notification_request.h"
#include "store/limit.h"
#include "store/login.h"
#include "store/move.h"
#include "store/invite.h"
#include "store/passkey.h"
#include "store/relation.h"
#include "store/severance.h"
#include "store/status.h"
#include "store/subscription.h"
#include "store/trend.h"
#include "store/thread.h"
#include "store/translation.h"
#include "store/user.h"

enum { UNCONFIRMED_MAX = 100 };

static enum err
mutes(struct ctx *c, int64_t before_ms)
{
    return store_mute_prune(c, before_ms);
}

/* Each keeps what is younger than keep_ms. */
static const struct {
    const char *name;
    enum err (*prune)(struct ctx *c, int64_t before_ms);
    int64_t keep_ms;
} rules[] = {
    { "idempotency", store_idempotency_prune, HOUR_MS },
    { "tombstone", store_tombstone_prune, 0 },
    { "mute", mutes, 0 },
    { "limit", store_limit_prune, 0 },
    { "code", store_code_prune, 0 },
    { "mail_token", store_mail_token_prune, 0 },
    { "passkey_spent", store_passkey_prune, 0 },
    { "login", store_login_prune, 365 * (int64_t)DAY_MS },
    { "session", store_session_prune, 30 * (int64_t)DAY_MS },
    { "activity", store_activity_prune, 8 * (int64_t)DAY_MS }, /* deliveries are tried for seven days */
    { "tag_use", store_tag_use_prune, 8 * (int64_t)DAY_MS },
    { "card_use", store_card_use_prune, 8 * (int64_t)DAY_MS },
    { "inbound", store_inbound_prune, 7 * (int64_t)DAY_MS },
    { "announcement", store_announcement_prune, 90 * (int64_t)DAY_MS },
    { "async_refresh", store_async_prune, 0 },
    { "invite", store_invite_prune, 30 * (int64_t)DAY_MS },
    { "filtered notification", store_notification_filtered_prune, 90 * (int64_t)DAY_MS },
    { "archive", store_archive_prune, 0 },
    { "import", store_import_prune, 30 * (int64_t)DAY_MS },
    { "translation", store_translation_prune, 7 * (int64_t)DAY_MS },
    { "collection", store_collection_prune, 60 * (int64_t)DAY_MS },
    { "collection_item", store_collection_pending_prune, 8 * (int64_t)DAY_MS }, /* nobody answered */
    { "subscription", store_subscription_prune, 7 * (int64_t)DAY_MS },
    { "card", store_card_prune, 30 * (int64_t)DAY_MS },
    { "severance", store_severance_prune, 365 * (int64_t)DAY_MS },
    { "thread_fetch", store_thread_prune, DAY_MS },
    { "host", store_host_prune, 90 * (int64_t)DAY_MS },
    { "old key", store_account_key_old_prune, 2 * (int64_t)DAY_MS },
    { "move", store_move_prune, 30 * (int64_t)DAY_MS },
    { "copy", store_copy_prune, COPY_KEPT_MS },
};

static enum err
cache(struct ctx *c, int64_t before_ms UNUSED)
{
    return service_media_evict(c);
}

/* With files, and so with transactions of their own; what is evicted goes with what is dead. */
static const struct {
    const char *name;
    enum err (*prune)(struct ctx *c, int64_t before_ms);
} files[] = {
    { "media_cache", cache },
    { "media", service_media_prune },
    { "media_sweep", service_media_sweep },
};

static enum err
in_transaction(struct ctx *c, enum err (*fn)(struct ctx *c, int64_t before_ms), int64_t before_ms)
{
    TRY(db_begin(c, DB_WRITE));
    TRY(fn(c, before_ms));
    return db_commit(c);
}

/* Sign-ups whose address was never confirmed free their name and address. */
static enum err
forget_user(struct ctx *c, int64_t id)
{
    struct user *u;

    TRY(db_begin(c, DB_WRITE));
    TRY(store_user_get(c, id, &u));
    TRY(store_user_delete(c, id));
    if (u->account_id != 0)
        TRY(store_account_delete(c, u->account_id)); /* nobody could ever act with it */
    return db_commit(c);
}

static enum err
unconfirmed(struct ctx *c)
{
    struct ids ids;

    TRY(store_user_unconfirmed(c, clock_ms() - 7 * (int64_t)DAY_MS, UNCONFIRMED_MAX, &ids));
    for (size_t i = 0; i < ids.n; i++)
        TRY(forget_user(c, ids.v[i]));
    return ERR_OK;
}

static void
failed(struct ctx *c, const char *what, enum err e, enum err *first)
{
    log_warn(c, "prune.fail", LOG_STR("what", str_z(what)), LOG_STR("err", str_z(err_name(e))));
    db_rollback(c);
    if (*first == ERR_OK)
        *first = e;
}

enum err
service_prune(struct ctx *c)
{
    enum err first = ERR_OK, e;

    for (size_t i = 0; i < lengthof(rules); i++) {
        e = in_transaction(c, rules[i].prune, clock_ms() - rules[i].keep_ms);
        if (e != ERR_OK)
            failed(c, rules[i].name, e, &first);
    }
    e = service_notification_prune(c);
    if (e != ERR_OK)
        failed(c, "notification", e, &first);
    for (size_t i = 0; i < lengthof(files); i++) {
        e = files[i].prune(c, clock_ms() - DAY_MS);
        if (e != ERR_OK)
            failed(c, files[i].name, e, &first);
    }
    e = unconfirmed(c);
    if (e != ERR_OK)
        failed(c, "unconfirmed", e, &first);
    return first;
}

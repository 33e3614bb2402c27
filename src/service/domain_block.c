/* Domains that the caller does not want to see. */
#include "service/domain_block.h"

#include "base/buf.h"
#include "base/conf.h"
#include "base/json.h"
#include "db/db.h"
#include "queue/queue.h"
#include "service/internal.h"
#include "service/notification.h"
#include "service/relation_internal.h"
#include "store/account.h"
#include "store/domain_block.h"
#include "store/relation.h"
#include "store/severance.h"
#include "text/idna.h"

enum { PEOPLE_BATCH = 100, NOTIFICATIONS_BATCH = 1000 };

enum err
service_domain_block_list(struct ctx *c, const struct page *p, struct strs *out, struct cursor_ids *cursors)
{
    return store_domain_block_page(c, c->who.account_id, p, out, cursors);
}

static enum err
normal(struct ctx *c, struct str domain, struct str *out)
{
    domain = str_trim(domain);
    if (domain.n == 0)
        return ctx_fail_public(c, ERR_INVALID, "Validation failed: Domain can't be blank");
    if (!text_authority_normal(c->mem, domain, out))
        return ctx_fail_public(c, ERR_INVALID, "Validation failed: Domain is not a valid domain name");
    if (str_eq(*out, c->env->conf->domain) || str_eq(*out, c->env->conf->host))
        return ctx_fail_public(c, ERR_INVALID, "Validation failed: Your own server cannot be blocked");
    return ERR_OK;
}

enum err
service_domain_block_preview(struct ctx *c, struct str domain, int64_t *followers, int64_t *following)
{
    TRY(normal(c, domain, &domain));
    return store_domain_follows(c, c->who.account_id, domain, followers, following);
}

static enum err
put_job(struct ctx *c, int64_t account_id, struct str domain)
{
    struct buf b;
    struct json j;

    buf_init(&b, c->mem, KB(4));
    json_init(&j, &b);
    json_obj(&j, NULL);
    json_id(&j, "id", account_id);
    json_str(&j, "domain", domain);
    json_end(&j);
    CHECK(json_done(&j));
    return queue_put(c, J_SEVER_DOMAIN, buf_str(&b), NULL);
}

static enum err
put(struct ctx *c, struct account *me, struct str domain)
{
    struct severance s = { .account_id = me->id, .kind = SEVERED_BY_USER_DOMAIN_BLOCK, .target = domain };
    int64_t count;
    bool added;

    TRY(store_account_lock(c, me->id));
    TRY(store_domain_block_put(c, me->id, domain, &added));
    if (!added)
        return ERR_OK;
    TRY(store_domain_block_count(c, me->id, &count));
    if (count > DOMAIN_BLOCKS_MAX)
        return ctx_fail_public(
            c, ERR_INVALID, "Validation failed: You cannot block more than %d domains", DOMAIN_BLOCKS_MAX);
    TRY(store_domain_follows(c, me->id, domain, &s.followers, &s.following));
    if (s.followers + s.following > 0)
        TRY(service_notify_severed(c, &s));
    service_relation_changed(c, me);
    return put_job(c, me->id, domain);
}

enum err
service_domain_block_put(struct ctx *c, struct str domain)
{
    struct account *me;

    TRY(service_me(c, &me));
    TRY(normal(c, domain, &domain));
    TRY(db_begin(c, DB_WRITE));
    TRY(put(c, me, domain));
    return db_commit(c);
}

enum err
service_domain_block_delete(struct ctx *c, struct str domain)
{
    struct account *me;
    bool removed;

    TRY(service_me(c, &me));
    TRY(normal(c, domain, &domain));
    TRY(db_begin(c, DB_WRITE));
    TRY(store_domain_block_delete(c, me->id, domain, &removed));
    service_relation_changed(c, me);
    return db_commit(c);
}

static enum err
sever_some(struct ctx *c, struct account *me, struct str domain, size_t *n)
{
    int64_t event, ignored;
    struct ids people;

    TRY(store_severance_find(c, me->id, SEVERED_BY_USER_DOMAIN_BLOCK, domain, 0, &event));
    TRY(store_domain_related(c, me->id, domain, PEOPLE_BATCH, &people));
    TRY(store_relation_lock_all(c, me->id, &people));
    for (size_t i = 0; i < people.n; i++) {
        struct account *other;

        TRY(store_account_get(c, people.v[i], &other));
        if (event != 0)
            TRY(store_severed_keep(c, event, me->id, other->id, &ignored, &ignored));
        TRY(service_relation_end_follow(c, me, other, END_TELLING));
        TRY(service_relation_end_follow(c, other, me, END_TELLING));
    }
    *n = people.n;
    return ERR_OK;
}

enum err
service_domain_block_sever(struct ctx *c, int64_t account_id, struct str domain)
{
    struct account *me;
    int64_t removed = 0;
    size_t n;

    TRY(store_account_get(c, account_id, &me));
    do {
        bool blocked;

        TRY(db_begin(c, DB_WRITE));
        TRY(store_domain_block_has(c, account_id, domain, &blocked));
        if (!blocked) {
            db_rollback(c);
            return ERR_OK;
        }
        TRY(sever_some(c, me, domain, &n));
        TRY(store_domain_notifications_delete(c, account_id, domain, NOTIFICATIONS_BATCH, &removed));
        TRY(db_commit(c));
    } while (n == PEOPLE_BATCH || removed == NOTIFICATIONS_BATCH);
    return ERR_OK;
}

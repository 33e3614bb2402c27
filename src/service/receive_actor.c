/* Remote accounts as their servers describe them: everything cleaned, capped, and nothing believed that somebody else must say. */
#include "service/receive.h"

#include "ap/read_actor.h"
#include "base/clock.h"
#include "base/conf.h"
#include "base/id.h"
#include "base/url.h"
#include "db/db.h"
#include "queue/queue.h"
#include "service/domain.h"
#include "service/emoji.h"
#include "service/receive_internal.h"
#include "service/search_index.h"
#include "model/quote.h"
#include "store/account.h"
#include "store/account_key.h"
#include "store/collection.h"
#include "store/emoji.h"
#include "store/federation.h"
#include "store/status.h"
#include "text/html.h"
#include "text/unicode.h"

enum {
    EMOJI_FETCHED_MAX = 16, /* pictures that one document makes us ask for */
    DISPLAY_NAME_CHARS_MAX = 200,
    CONFLICTS_MAX = 3, /* another request stored the same actor, or took the handle, in between */
};

bool
receive_url_ok(const struct ctx *c, struct str url)
{
    struct url u;

    return url.n > 0 && url_parse(c->mem, url, &u) &&
           (str_eq(u.scheme, S("https")) || c->env->conf->federation_http || str_ends(u.host, S(".onion")) ||
               str_ends(u.host, S(".i2p")));
}

static struct str
url_or_empty(const struct ctx *c, struct str url)
{
    return receive_url_ok(c, url) ? url : S("");
}

enum err
receive_emojis(struct ctx *c, struct str domain, const struct ap_emoji *v, size_t n, bool fetch, struct strs *codes)
{
    struct emoji_refs known;
    struct domain_rule rule;
    int fetched = 0;

    TRY(service_domain_rule(c, domain, &rule));
    if (rule.reject_media)
        n = 0;
    codes->v = arena_vec(c->mem, struct str, n);
    codes->n = 0;
    for (size_t i = 0; i < n; i++)
        if (receive_url_ok(c, v[i].url))
            codes->v[codes->n++] = v[i].shortcode;
    TRY(store_emoji_by_codes(c, domain, codes, &known));
    for (size_t i = 0; i < n; i++) {
        bool same = !receive_url_ok(c, v[i].url);

        for (size_t k = 0; k < known.n && !same; k++)
            same = str_eq(known.v[k].shortcode, v[i].shortcode) && str_eq(known.v[k].remote_url, v[i].url);
        if (same)
            continue;
        /* One document is no reason to ask hundreds of hosts: beyond these, pictures come when somebody looks at them. */
        TRY(service_emoji_receive(
            c, domain, v[i].id, v[i].shortcode, v[i].url, v[i].updated_ms, fetch && fetched++ < EMOJI_FETCHED_MAX));
    }
    return ERR_OK;
}

/* Fields; one that did not change keeps that it was verified. */
static void
put_fields(struct ctx *c, const struct ap_actor *x, struct account *a)
{
    struct account_field *old = a->fields;
    size_t n_old = a->n_fields;

    a->fields = arena_vec(c->mem, struct account_field, x->n_fields);
    a->n_fields = 0;
    for (size_t i = 0; i < x->n_fields; i++) {
        struct account_field f = { .name = text_one_line(c->mem, x->fields[i].name),
            .text = S(""),
            .value = text_html_clean(c->mem, x->fields[i].value, HTML_LINE) };

        for (size_t k = 0; k < n_old; k++)
            if (str_eq(old[k].name, f.name) && str_eq(old[k].value, f.value))
                f.verified_ms = old[k].verified_ms;
        a->fields[a->n_fields++] = f;
    }
}

/* Another picture than before: the cached one goes, the new one is fetched by the job.  True when there is something to fetch. */
static bool
put_picture(struct ctx *c, const struct ap_image *x, bool refused, struct str *remote, struct str *file,
    struct str *file_static, struct str *text)
{
    struct str url = refused ? S("") : url_or_empty(c, x->url);

    *text = text_one_line(c->mem, x->alt);
    if (str_eq(*remote, url))
        return url.n > 0 && file->n == 0;
    *remote = url;
    *file = *file_static = S("");
    return url.n > 0;
}

/* What the origin says about suspension counts only for suspensions by the origin. */
static void
put_suspension(const struct ap_actor *x, struct account *a)
{
    if (x->suspended && a->suspended_ms == 0) {
        a->suspended_ms = clock_ms();
        a->suspended_by_origin = true;
    } else if (!x->suspended && a->suspended_by_origin) {
        a->suspended_ms = 0;
        a->suspended_by_origin = false;
    }
}

static enum err
put_moved_to(struct ctx *c, const struct ap_actor *x, struct account *a)
{
    struct account *to;
    enum err e;

    a->moved_to_id = 0;
    if (x->moved_to.n == 0 || str_eq(x->moved_to, x->id))
        return ERR_OK;
    e = store_account_by_uri(c, x->moved_to, &to);
    if (e == ERR_OK)
        a->moved_to_id = to->id;
    else if (e == ERR_NOT_FOUND)
        ctx_ok(c);
    else
        return e;
    return ERR_OK;
}

static void
put_urls(struct ctx *c, const struct ap_actor *x, struct account *a)
{
    a->uri = x->id;
    a->url = receive_url_ok(c, x->url) ? x->url : x->id;
    a->inbox = x->inbox;
    a->shared_inbox = url_or_empty(c, x->shared_inbox);
    a->outbox = url_or_empty(c, x->outbox);
    a->followers_uri = url_or_empty(c, x->followers);
    a->following_uri = url_or_empty(c, x->following);
    a->featured_uri = url_or_empty(c, x->featured);
}

/* Document to row.  *fetch: there are pictures to fetch. */
static enum err
put_profile(struct ctx *c, const struct ap_actor *x, const struct domain_rule *rule, struct account *a, bool *fetch)
{
    bool no_media = rule->reject_media, avatar, header;

    put_urls(c, x, a);
    a->actor_type = ap_type_name(x->type);
    a->bot = x->is_bot;
    a->display_name = text_grapheme_cut(text_one_line(c->mem, x->name.text), DISPLAY_NAME_CHARS_MAX);
    a->note = text_html_clean(c->mem, x->summary.text, HTML_POST);
    put_fields(c, x, a);
    avatar = put_picture(c, &x->icon, no_media, &a->avatar_remote, &a->avatar, &a->avatar_static, &a->avatar_text);
    header = put_picture(c, &x->image, no_media, &a->header_remote, &a->header, &a->header_static, &a->header_text);
    *fetch = avatar || header;
    a->locked = x->locked;
    a->discoverable = x->discoverable;
    a->indexable = x->has_indexable && x->indexable;
    a->memorial = x->memorial;
    a->also_known_as = x->also_known_as;
    a->attribution_domains = x->attribution_domains;
    a->fetched_ms = clock_ms();
    a->feature_policy = quote_policy_bits(x->can_feature.automatic, x->can_feature.manual);
    put_suspension(x, a);
    TRY(put_moved_to(c, x, a));
    return receive_emojis(c, a->domain, x->emojis, x->n_emojis, true, &a->emoji_codes);
}

/* The name was proven for another actor: whoever had it before has none until it is read again. */
static enum err
take_handle(struct ctx *c, struct str username, struct str domain, struct str uri)
{
    struct account *other;
    enum err e = store_account_by_handle(c, username, domain, &other);

    if (e == ERR_NOT_FOUND) {
        ctx_ok(c);
        return ERR_OK;
    }
    TRY(e);
    if (str_eq(other->uri, uri))
        return ERR_OK;
    TRY(store_account_hold(c, other->id, &other));
    other->username = str_fmt(c->mem, "_%llx", (unsigned long long)other->id);
    other->handle_ok = false;
    other->fetched_ms = 0;
    return store_account_update(c, other);
}

/* Its row, after that of who has its handle now when that one is older: two who change theirs with each other do not wait in a circle. */
static enum err
hold_row(struct ctx *c, struct str username, struct str domain, struct account **a)
{
    struct account *other;
    enum err e = store_account_by_handle(c, username, domain, &other);

    if (e == ERR_OK && other->id < (*a)->id)
        e = store_account_hold(c, other->id, &other);
    if (e == ERR_NOT_FOUND)
        ctx_ok(c);
    else
        TRY(e);
    return store_account_hold(c, (*a)->id, a);
}

/* Not one key of before is left: the server has lost its memory, and with it who follows and what was deleted. */
static enum err
check_lost_memory(struct ctx *c, const struct account *a, const struct account_key *v, size_t n)
{
    struct account_keys old;

    TRY(store_account_keys(c, a->id, &old));
    for (size_t i = 0; i < old.n; i++)
        for (size_t k = 0; k < n; k++)
            if (str_eq(old.v[i].public, v[k].public))
                return ERR_OK;
    if (old.n == 0 || n == 0)
        return ERR_OK;
    TRY(store_tombstone_forget(c, a->uri));
    return queue_put_id(c, J_REFOLLOW, a->id);
}

static enum err
put_keys(struct ctx *c, const struct ap_actor *x, const struct account *a)
{
    struct account_key *v = arena_vec(c->mem, struct account_key, x->n_keys);
    size_t n = 0;

    for (size_t i = 0; i < x->n_keys; i++) {
        if (x->keys[i].expires_ms != 0 && x->keys[i].expires_ms <= clock_ms())
            continue;
        v[n++] = (struct account_key){ .uri = x->keys[i].id,
            .account_id = a->id,
            .kind = (int)x->keys[i].key.kind,
            .public = key_pack(c->mem, &x->keys[i].key),
            .private = S("") };
    }
    TRY(check_lost_memory(c, a, v, n));
    return store_account_keys_set(c, a->id, v, n);
}

static enum err
new_account(struct ctx *c, const struct ap_actor *x, const struct domain_rule *rule, struct account *a)
{
    int64_t now = clock_ms();

    *a = (struct account){ .id = id_new(), .uri = x->id, .avatar = S(""), .header = S("") };
    a->created_ms = x->published_ms != 0 ? MIN(x->published_ms, now) : now;
    a->show_media = a->show_media_replies = a->show_featured = true;
    if (rule->silenced)
        a->silenced_ms = rule->since_ms; /* so that taking the policy back finds it */
    return ERR_OK;
}

/* In a write transaction. */
static enum err
store_actor(struct ctx *c, const struct ap_actor *x, struct str username, struct str domain, bool handle_ok,
    struct account **out)
{
    struct domain_rule rule, of_id;
    struct account *a;
    bool is_new, gone, fetch, indexable;
    enum err e;

    TRY(store_tombstone_has(c, x->id, x->id, &gone));
    if (gone)
        return ctx_fail(c, ERR_GONE, "%.*s was deleted", STR_ARG(x->id));
    TRY(service_domain_rule(c, domain, &rule));
    TRY(service_domain_rule_of(c, x->id, &of_id));
    if (of_id.silenced)
        rule = of_id;
    if (rule.closed || of_id.closed) /* the handle may name another host than the document */
        return ctx_fail(c, ERR_FORBIDDEN, "nothing is exchanged with %.*s", STR_ARG(domain));
    e = store_account_by_uri(c, x->id, &a);
    is_new = e == ERR_NOT_FOUND;
    if (e != ERR_OK && !is_new)
        return e;
    if (is_new) {
        ctx_ok(c);
        a = arena_new(c->mem, struct account);
        TRY(new_account(c, x, &rule, a));
    } else {
        TRY(hold_row(c, username, domain, &a));
    }
    TRY(take_handle(c, username, domain, x->id));
    a->username = username;
    a->domain = domain;
    a->handle_ok = handle_ok;
    indexable = a->indexable;
    TRY(put_profile(c, x, &rule, a, &fetch));
    TRY(is_new ? store_account_insert(c, a) : store_account_update(c, a));
    if (is_new && rule.silenced)
        TRY(store_domain_marked(c, a->id, rule.since_ms));
    TRY(put_keys(c, x, a));
    TRY(store_collection_source_put(c, a->id, url_or_empty(c, x->featured_collections)));
    if (!is_new && indexable != a->indexable)
        TRY(service_index_changed_author(c, a->id));
    if (fetch)
        TRY(queue_put_id(c, J_FETCH_ACCOUNT, a->id));
    return store_account_get(c, a->id, out);
}

enum err
service_receive_actor(struct ctx *c, const struct ap_actor *x, struct str username, struct str domain, bool handle_ok,
    struct account **out)
{
    enum err e = ERR_CONFLICT;

    CHECK(domain.n > 0 && username.n > 0);
    for (int i = 0; i < CONFLICTS_MAX && e == ERR_CONFLICT; i++) {
        ctx_ok(c);
        TRY(db_begin(c, DB_WRITE));
        e = store_actor(c, x, username, domain, handle_ok, out);
        e = db_end(c, e);
    }
    return e;
}

/* Hidden at once, never to come back under this id; what hangs on it goes in portions, by the job. */
static enum err
delete_actor(struct ctx *c, struct account *from)
{
    TRY(store_account_hold(c, from->id, &from));
    TRY(store_tombstone_put(c, from->uri, from->uri, 0));
    from->suspended_ms = clock_ms();
    from->suspended_by_origin = true;
    TRY(store_account_update(c, from));
    return queue_put_id(c, J_DELETE_ACCOUNT, from->id);
}

enum err
service_receive_actor_delete(struct ctx *c, struct account *from)
{
    enum err e;

    TRY(db_begin(c, DB_WRITE));
    e = delete_actor(c, from);
    return db_end(c, e);
}

/* The caller's filters.  Matching is in filter_match.c. */
#include "service/filter.h"

#include "base/clock.h"
#include "base/id.h"
#include "db/db.h"
#include "service/event.h"
#include "service/status.h"
#include "store/filter.h"
#include "text/unicode.h"

enum { EXPIRES_MAX_S = 10 * 365 * 86400 };

/* ---- rules ------------------------------------------------------------------------------------------------------- */

static enum err
set_title(struct ctx *c, struct str title, struct filter *f)
{
    if (title.p == NULL)
        return ERR_OK;
    if (text_is_blank(title))
        return ctx_fail_public(c, ERR_INVALID, "Validation failed: Title can't be blank");
    if (text_graphemes(title) > FILTER_TITLE_CHARS_MAX)
        return ctx_fail_public(
            c, ERR_INVALID, "Validation failed: Title is too long (maximum is %d characters)", FILTER_TITLE_CHARS_MAX);
    f->title = title;
    return ERR_OK;
}

static enum err
set_contexts(struct ctx *c, const struct strs *names, struct filter *f)
{
    f->contexts = 0;
    for (size_t i = 0; i < names->n; i++) {
        struct str name = str_trim(names->v[i]);
        unsigned k = 0;

        while (k < FILTER_CONTEXTS && !str_eqz(name, filter_context_names[k]))
            k++;
        if (k == FILTER_CONTEXTS && name.n > 0)
            return ctx_fail_public(c, ERR_INVALID, "Validation failed: Context None or invalid context supplied");
        f->contexts |= k < FILTER_CONTEXTS ? 1U << k : 0;
    }
    return ERR_OK;
}

static enum err
set_fields(struct ctx *c, const struct filter_params *p, struct filter *f)
{
    TRY(set_title(c, p->title, f));
    if (p->has_contexts)
        TRY(set_contexts(c, &p->contexts, f));
    if (p->action >= 0)
        f->action = (enum filter_action)p->action;
    if (p->expires_in_s > EXPIRES_MAX_S)
        return ctx_fail_public(c, ERR_INVALID, "Validation failed: Expires in is too long");
    if (p->has_expires)
        f->expires_ms = p->expires_in_s > 0 ? clock_ms() + p->expires_in_s * SECOND_MS : 0;
    if (f->title.n == 0)
        return ctx_fail_public(c, ERR_INVALID, "Validation failed: Title can't be blank");
    if (f->contexts == 0)
        return ctx_fail_public(c, ERR_INVALID, "Validation failed: Context None or invalid context supplied");
    return ERR_OK;
}

static enum err
set_keyword(struct ctx *c, const struct filter_keyword_params *p, struct filter_keyword *k)
{
    if (p->keyword.p != NULL)
        k->keyword = p->keyword;
    if (p->whole_word >= 0)
        k->whole_word = p->whole_word > 0;
    if (text_is_blank(k->keyword))
        return ctx_fail_public(c, ERR_INVALID, "Validation failed: Keyword can't be blank");
    if (text_graphemes(k->keyword) > FILTER_KEYWORD_CHARS_MAX)
        return ctx_fail_public(c, ERR_INVALID, "Validation failed: Keyword is too long (maximum is %d characters)",
            FILTER_KEYWORD_CHARS_MAX);
    return ERR_OK;
}

/* After a change, in its transaction: nobody else changes the filters of this account until its end. */
static enum err
check_limits(struct ctx *c)
{
    size_t keywords = 0, bytes = 0, statuses = 0;
    struct filters all;

    TRY(store_filter_list(c, c->who.account_id, &all));
    for (size_t i = 0; i < all.n; i++) {
        keywords += all.v[i].n_keywords;
        statuses += all.v[i].n_statuses;
        for (size_t k = 0; k < all.v[i].n_keywords; k++)
            bytes += all.v[i].keywords[k].keyword.n;
    }
    if (all.n > FILTERS_MAX)
        return ctx_fail_public(c, ERR_INVALID, "Validation failed: You cannot have more than %d filters", FILTERS_MAX);
    if (keywords > FILTER_KEYWORDS_MAX || bytes > FILTER_KEYWORD_BYTES_MAX)
        return ctx_fail_public(c, ERR_INVALID,
            "Validation failed: You cannot have more than %d keywords, or %d bytes of them", FILTER_KEYWORDS_MAX,
            FILTER_KEYWORD_BYTES_MAX);
    if (statuses > FILTER_STATUSES_MAX)
        return ctx_fail_public(
            c, ERR_INVALID, "Validation failed: You cannot filter more than %d posts", FILTER_STATUSES_MAX);
    return ERR_OK;
}

static enum err
begin(struct ctx *c)
{
    TRY(db_begin(c, DB_WRITE));
    TRY(store_filter_touch(c, c->who.account_id));
    service_event_account(c, EVENT_FILTERS_CHANGED, c->who.account_id, 0);
    return ERR_OK;
}

static enum err
commit(struct ctx *c)
{
    TRY(check_limits(c));
    return db_commit(c);
}

/* ---- filters ----------------------------------------------------------------------------------------------------- */

enum err
service_filter_list(struct ctx *c, struct filters *out)
{
    return store_filter_list(c, c->who.account_id, out);
}

enum err
service_filter_get(struct ctx *c, int64_t id, struct filter **out)
{
    return store_filter_get(c, c->who.account_id, id, out);
}

/* One of keywords_attributes. */
static enum err
put_keyword(struct ctx *c, const struct filter *f, const struct filter_keyword_params *p)
{
    struct filter_keyword k = { .id = id_new(), .filter_id = f->id, .whole_word = true };
    size_t i = 0;

    if (p->id == 0 && p->destroy)
        return ERR_OK;
    while (p->id != 0 && i < f->n_keywords && f->keywords[i].id != p->id)
        i++;
    if (p->id != 0 && i == f->n_keywords)
        return ctx_fail(c, ERR_NOT_FOUND, "keyword %lld of this filter", (long long)p->id);
    if (p->destroy)
        return store_filter_keyword_delete(c, p->id);
    if (p->id != 0)
        k = f->keywords[i];
    TRY(set_keyword(c, p, &k));
    return store_filter_keyword_put(c, &k);
}

static enum err
put(struct ctx *c, const struct filter_params *p, struct filter *f)
{
    TRY(set_fields(c, p, f));
    TRY(store_filter_put(c, f));
    for (size_t i = 0; i < p->n_keywords; i++)
        TRY(put_keyword(c, f, &p->keywords[i]));
    return ERR_OK;
}

enum err
service_filter_create(struct ctx *c, const struct filter_params *p, struct filter **out)
{
    struct filter f = { .id = id_new(), .account_id = c->who.account_id, .created_ms = clock_ms() };

    TRY(begin(c));
    TRY(put(c, p, &f));
    TRY(commit(c));
    return service_filter_get(c, f.id, out);
}

enum err
service_filter_update(struct ctx *c, int64_t id, const struct filter_params *p, struct filter **out)
{
    TRY(begin(c));
    TRY(service_filter_get(c, id, out));
    TRY(put(c, p, *out));
    TRY(commit(c));
    return service_filter_get(c, id, out);
}

enum err
service_filter_delete(struct ctx *c, int64_t id)
{
    TRY(begin(c));
    TRY(store_filter_delete(c, c->who.account_id, id));
    return db_commit(c);
}

/* ---- keywords ---------------------------------------------------------------------------------------------------- */

enum err
service_filter_keyword_get(struct ctx *c, int64_t id, struct filter_keyword **out)
{
    return store_filter_keyword_get(c, c->who.account_id, id, out);
}

enum err
service_filter_keyword_add(
    struct ctx *c, int64_t filter_id, const struct filter_keyword_params *p, struct filter_keyword **out)
{
    struct filter *f;

    *out = arena_new(c->mem, struct filter_keyword);
    **out = (struct filter_keyword){ .id = id_new(), .filter_id = filter_id, .whole_word = true };
    TRY(begin(c));
    TRY(service_filter_get(c, filter_id, &f));
    TRY(set_keyword(c, p, *out));
    TRY(store_filter_keyword_put(c, *out));
    return commit(c);
}

enum err
service_filter_keyword_update(
    struct ctx *c, int64_t id, const struct filter_keyword_params *p, struct filter_keyword **out)
{
    TRY(begin(c));
    TRY(service_filter_keyword_get(c, id, out));
    TRY(set_keyword(c, p, *out));
    TRY(store_filter_keyword_put(c, *out));
    return commit(c);
}

enum err
service_filter_keyword_delete(struct ctx *c, int64_t id)
{
    struct filter_keyword *k;

    TRY(begin(c));
    TRY(service_filter_keyword_get(c, id, &k));
    TRY(store_filter_keyword_delete(c, id));
    return db_commit(c);
}

/* ---- statuses ---------------------------------------------------------------------------------------------------- */

enum err
service_filter_status_get(struct ctx *c, int64_t id, struct filter_status **out)
{
    return store_filter_status_get(c, c->who.account_id, id, out);
}

enum err
service_filter_status_add(struct ctx *c, int64_t filter_id, int64_t status_id, struct filter_status **out)
{
    struct status *s;
    struct filter *f;

    TRY(service_filter_get(c, filter_id, &f));
    TRY(service_status_get(c, status_id, &s));
    for (size_t i = 0; i < f->n_statuses; i++)
        if (f->statuses[i].status_id == status_id)
            return ctx_fail_public(c, ERR_INVALID, "Validation failed: Status has already been taken");
    *out = arena_new(c->mem, struct filter_status);
    **out = (struct filter_status){ id_new(), filter_id, status_id };
    TRY(begin(c));
    TRY(store_filter_status_add(c, *out));
    return commit(c);
}

enum err
service_filter_status_delete(struct ctx *c, int64_t id, struct filter_status **out)
{
    TRY(begin(c));
    TRY(service_filter_status_get(c, id, out));
    TRY(store_filter_status_delete(c, id));
    return db_commit(c);
}

/* ---- the first version of the API -------------------------------------------------------------------------------- */

enum err
service_filter_v1_get(struct ctx *c, int64_t keyword_id, struct filter **out, size_t *keyword)
{
    struct filter_keyword *k;

    TRY(service_filter_keyword_get(c, keyword_id, &k));
    TRY(service_filter_get(c, k->filter_id, out));
    for (*keyword = 0; *keyword < (*out)->n_keywords; (*keyword)++)
        if ((*out)->keywords[*keyword].id == keyword_id)
            return ERR_OK;
    return ctx_fail(c, ERR_NOT_FOUND, "keyword %lld was deleted meanwhile", (long long)keyword_id);
}

/* Of a filter with several keywords, the rest belongs to all of them. */
static enum err
check_v1_update(struct ctx *c, const struct filter *old, const struct filter *f)
{
    if (old->n_keywords > 1 &&
        (f->contexts != old->contexts || f->action != old->action || f->expires_ms != old->expires_ms))
        return ctx_fail_public(c, ERR_INVALID,
            "These parameters cannot be changed from this application because they apply to more than one filter "
            "keyword. Use a more recent application or the web interface.");
    return ERR_OK;
}

static enum err
v1_update(struct ctx *c, int64_t keyword_id, const struct filter_params *p)
{
    struct filter_params q = *p;
    struct filter f, *old;
    struct filter_keyword k;
    size_t at;

    TRY(service_filter_v1_get(c, keyword_id, &old, &at));
    if (old->n_keywords > 1)
        q.title = STR_NONE;
    f = *old;
    k = old->keywords[at];
    TRY(set_fields(c, &q, &f));
    TRY(check_v1_update(c, old, &f));
    TRY(set_keyword(c, &p->keywords[0], &k));
    TRY(store_filter_put(c, &f));
    return store_filter_keyword_put(c, &k);
}

enum err
service_filter_v1_update(
    struct ctx *c, int64_t keyword_id, const struct filter_params *p, struct filter **out, size_t *keyword)
{
    TRY(begin(c));
    TRY(v1_update(c, keyword_id, p));
    TRY(commit(c));
    return service_filter_v1_get(c, keyword_id, out, keyword);
}

enum err
service_filter_v1_delete(struct ctx *c, int64_t keyword_id)
{
    struct filter *f;
    size_t at;

    TRY(begin(c));
    TRY(service_filter_v1_get(c, keyword_id, &f, &at));
    if (f->n_keywords == 1 && f->n_statuses == 0)
        TRY(store_filter_delete(c, c->who.account_id, f->id));
    else
        TRY(store_filter_keyword_delete(c, keyword_id));
    return db_commit(c);
}

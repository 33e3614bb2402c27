/* rel="me". */
#include "service/links.h"

#include "base/clock.h"
#include "base/url.h"
#include "db/db.h"
#include "service/federate.h"
#include "service/resolve.h"
#include "service/resolve_internal.h"
#include "store/account.h"
#include "text/html.h"

enum found { FOUND_UNKNOWN, FOUND_NO, FOUND_YES };

/* The field is one URL and nothing else. */
static bool
is_link(struct ctx *c, const struct account_field *f)
{
    struct url u;

    return url_parse(c->mem, str_trim(f->text), &u);
}

static enum found
look(struct ctx *c, struct budget *budget, const struct account *a, struct str link)
{
    struct str page;
    enum err e = resolve_fetch_plain(c, budget, link, S("text/html, application/xhtml+xml"), &page);

    if (e != ERR_OK) {
        ctx_ok(c);
        return e == ERR_NOT_FOUND || e == ERR_GONE ? FOUND_NO : FOUND_UNKNOWN;
    }
    return text_find_rel_me(c->mem, page, a->url) || text_find_rel_me(c->mem, page, a->uri) ? FOUND_YES : FOUND_NO;
}

/* The profile may have been changed meanwhile: only fields that are still the same take the answer. */
static enum err
store_found(struct ctx *c, const struct account *seen, const enum found *found)
{
    bool changed = false;
    struct account *a;

    TRY(db_begin(c, DB_WRITE));
    TRY(store_account_hold(c, seen->id, &a));
    for (size_t i = 0; i < MIN(a->n_fields, seen->n_fields); i++) {
        struct account_field *f = &a->fields[i];
        bool was = f->verified_ms != 0;

        if (found[i] == FOUND_UNKNOWN || !str_eq(f->text, seen->fields[i].text) || was == (found[i] == FOUND_YES))
            continue;
        f->verified_ms = was ? 0 : clock_ms();
        changed = true;
    }
    if (changed) {
        TRY(store_account_update(c, a));
        TRY(service_federate(c, &(struct fed_action){ .kind = FED_ACTOR_UPDATE, .account_id = a->id }));
    }
    return db_commit(c);
}

enum err
service_account_verify_links(struct ctx *c, int64_t id)
{
    struct budget budget = budget_new();
    enum found *found;
    struct account *a;

    TRY(store_account_get(c, id, &a));
    if (!account_is_local(a) || a->suspended_ms != 0)
        return ERR_OK;
    found = arena_vec(c->mem, enum found, a->n_fields);
    for (size_t i = 0; i < a->n_fields; i++)
        if (is_link(c, &a->fields[i]))
            found[i] = look(c, &budget, a, str_trim(a->fields[i].text));
        else
            found[i] = FOUND_NO;
    return store_found(c, a, found);
}

/* Text of local people made into HTML: finds who is meant, then formats. */
#include "service/internal.h"

#include "base/clock.h"
#include "base/val.h"
#include "service/resolve.h"
#include "store/account.h"
#include "store/emoji.h"
#include "text/idna.h"
#include "text/link.h"

struct people { /* everybody the text names who could be found */
    struct account **v;
    size_t n;
    struct str our_domain;
    struct arena *mem;
};

static bool
is_ours(const struct config *conf, struct str domain)
{
    return domain.n == 0 || str_eq(domain, conf->domain) || str_eq(domain, conf->host);
}

/* The domain part as an A-label, empty for ours; false when it is no domain. */
static bool
normal_domain(struct ctx *c, struct str domain, struct str *out)
{
    if (domain.n > 0 && !text_authority_normal(c->mem, domain, &domain))
        return false;
    *out = is_ours(c->env->conf, domain) ? S("") : domain;
    return true;
}

static enum err
find_person(struct ctx *c, const struct link *l, bool resolve, struct budget *b, struct account **out)
{
    struct str domain;
    enum err e;

    *out = NULL;
    if (!normal_domain(c, l->domain, &domain))
        return ERR_OK;
    e = store_account_by_handle(c, l->text, domain, out);
    if (e == ERR_NOT_FOUND && resolve && domain.n > 0)
        e = service_resolve_handle(c, b, l->text, domain, out);
    if (e == ERR_OK && (*out)->suspended_ms != 0)
        *out = NULL;
    if (e == ERR_BUSY || e == ERR_INTERNAL)
        return e;
    if (e != ERR_OK) { /* nobody, or not reachable now: stays text */
        *out = NULL;
        ctx_ok(c);
    }
    return ERR_OK;
}

static enum err
find_people(struct ctx *c, struct str text, bool resolve, struct people *out)
{
    struct links links = text_links(c->mem, text);
    struct budget b = budget_within(5 * SECOND_MS);

    out->v = arena_vec(c->mem, struct account *, links.n);
    for (size_t i = 0; i < links.n && out->n < STATUS_MENTIONS_MAX; i++) {
        struct account *a;

        if (links.v[i].kind != LINK_MENTION)
            continue;
        TRY(find_person(c, &links.v[i], resolve, &b, &a));
        if (a != NULL)
            out->v[out->n++] = a;
    }
    return ERR_OK;
}

static bool
person(void *arg, struct str user, struct str domain, struct text_person *out)
{
    const struct people *all = arg;
    struct str normal = domain;

    if (domain.n > 0 && !text_authority_normal(all->mem, domain, &normal))
        return false;
    if (str_eq(normal, all->our_domain))
        normal = S("");
    for (size_t i = 0; i < all->n; i++) {
        const struct account *a = all->v[i];

        if (str_eqi(a->username, user) && str_eq(a->domain, normal)) {
            *out = (struct text_person){ .url = a->url.n > 0 ? a->url : a->uri,
                .username = a->username,
                .acct = account_handle(all->mem, a, all->our_domain),
                .account_id = a->id };
            return true;
        }
    }
    return false;
}

static void
put_mentions(struct ctx *c, const struct people *all, const struct text_formatted *f, struct formatted *out)
{
    out->mentions = arena_vec(c->mem, struct mention_ref, f->n_mentions);
    for (size_t i = 0; i < f->n_mentions; i++)
        for (size_t k = 0; k < all->n; k++)
            if (all->v[k]->id == f->mentions[i].account_id) {
                const struct account *a = all->v[k];

                out->mentions[out->n_mentions++] = (struct mention_ref){ .account_id = a->id,
                    .username = a->username,
                    .domain = a->domain,
                    .url = a->url,
                    .uri = a->uri,
                    .inbox = a->inbox,
                    .shared_inbox = a->shared_inbox };
                break;
            }
}

enum err
service_compose(struct ctx *c, struct str text, enum compose_kind kind, bool resolve, struct formatted *out)
{
    struct people all = { .our_domain = c->env->conf->domain, .mem = c->mem };
    struct text_formatted f;
    struct text_format_opts opts = { .person = person,
        .person_arg = &all,
        .tag_base = str_cat(c->mem, c->env->conf->origin, S("/tags/"), STR_NONE),
        .one_line = kind == COMPOSE_LINE,
        .rel_me = kind == COMPOSE_LINE };

    *out = (struct formatted){ 0 };
    TRY(find_people(c, text, resolve, &all));
    if (kind == COMPOSE_MARKDOWN)
        text_format_markdown(c->mem, text, &opts, &f);
    else
        text_format(c->mem, text, &opts, &f);
    out->html = f.html;
    out->shortcodes = f.shortcodes;
    put_mentions(c, &all, &f, out);
    out->tags = arena_vec(c->mem, struct tag_ref, f.tags.n);
    for (size_t i = 0; i < f.tags.n; i++)
        out->tags[out->n_tags++] =
            (struct tag_ref){ .name = text_tag_key(c->mem, f.tags.v[i]), .display = f.tags.v[i] };
    return ERR_OK;
}

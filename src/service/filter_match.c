/* Which filters a status matches. */
#include "service/filter.h"

#include "base/clock.h"
#include "service/filter_cache.h"
#include "store/filter.h"
#include "store/live.h"
#include "text/html.h"
#include "text/unicode.h"

/* Deep copies, so that the set lives on when the request ends. */
static void
copy_filters(struct arena *mem, const struct filters *from, struct filters *to)
{
    *to = (struct filters){ arena_vec(mem, struct filter, from->n), from->n };
    for (size_t i = 0; i < from->n; i++) {
        struct filter *f = &to->v[i];

        *f = from->v[i];
        f->title = str_dup(mem, f->title);
        f->keywords = arena_vec(mem, struct filter_keyword, f->n_keywords);
        f->statuses = arena_vec(mem, struct filter_status, f->n_statuses);
        for (size_t k = 0; k < f->n_keywords; k++) {
            f->keywords[k] = from->v[i].keywords[k];
            f->keywords[k].keyword = str_dup(mem, f->keywords[k].keyword);
        }
        for (size_t k = 0; k < f->n_statuses; k++)
            f->statuses[k] = from->v[i].statuses[k];
    }
}

static struct filter_set *
compile(struct arena *scratch, int64_t account_id, int64_t version, const struct filters *filters)
{
    struct arena *mem = arena_new_heap();
    struct filter_set *s = arena_new(mem, struct filter_set);
    struct text_keyword *words;
    size_t n = 0;

    *s = (struct filter_set){ .mem = mem, .account_id = account_id, .version = version, .refs = 1 };
    copy_filters(mem, filters, &s->filters);
    for (size_t i = 0; i < s->filters.n; i++)
        s->n_words += s->filters.v[i].n_keywords;
    words = arena_vec(scratch, struct text_keyword, s->n_words);
    for (size_t i = 0; i < s->filters.n; i++)
        for (size_t k = 0; k < s->filters.v[i].n_keywords; k++) {
            const struct filter_keyword *w = &s->filters.v[i].keywords[k];

            words[n++] = (struct text_keyword){ w->keyword, w->whole_word };
        }
    s->words = text_filter_new(mem, scratch, words, n);
    return s;
}

static enum err
set_of(struct ctx *c, int64_t account_id, int64_t version, const struct filter_set **out)
{
    struct filter_set *s;
    struct filters filters;

    *out = NULL;
    if (version == 0)
        return ERR_OK;
    s = filter_cache_get(account_id, version);
    if (s == NULL) {
        TRY(store_filter_list(c, account_id, &filters));
        s = compile(c->mem, account_id, version, &filters);
        filter_cache_put(s);
    }
    arena_defer(c->mem, filter_cache_release, s);
    *out = s->filters.n > 0 ? s : NULL;
    return ERR_OK;
}

enum err
service_filter_set(struct ctx *c, int64_t account_id, const struct filter_set **out)
{
    int64_t version;

    TRY(store_filter_version(c, account_id, &version)); /* before the filters: what changes meanwhile is read again */
    return set_of(c, account_id, version, out);
}

struct strs
service_filter_texts(struct arena *mem, const struct status *s)
{
    size_t options = s->poll != NULL ? s->poll->n : 0;
    struct strs out = { arena_vec(mem, struct str, 2 + s->n_media + options), 0 };

    if (s->spoiler_text.n > 0)
        out.v[out.n++] = text_casefold(mem, s->spoiler_text);
    out.v[out.n++] = text_casefold(mem, text_html_to_plain(mem, s->content));
    for (size_t i = 0; i < s->n_media; i++)
        if (s->media[i].description.n > 0)
            out.v[out.n++] = text_casefold(mem, s->media[i].description);
    for (size_t i = 0; i < options; i++)
        out.v[out.n++] = text_casefold(mem, s->poll->options[i].title);
    return out;
}

static bool
is_meant(const struct status *s, int64_t id)
{
    return id == s->id || (s->reblog_of_id != 0 && id == s->reblog_of_id);
}

/* The matches of one filter; words holds what was found. */
static struct filter_match
match_one(struct arena *mem, const struct filter *f, const struct status *s, const bool *words)
{
    struct filter_match m = { .filter = f };

    for (size_t k = 0; k < f->n_keywords; k++) {
        if (!words[k])
            continue;
        if (m.keywords.v == NULL)
            m.keywords.v = arena_vec(mem, struct str, f->n_keywords);
        m.keywords.v[m.keywords.n++] = f->keywords[k].keyword;
    }
    for (size_t k = 0; k < f->n_statuses; k++) {
        if (!is_meant(s, f->statuses[k].status_id))
            continue;
        if (m.statuses.v == NULL)
            m.statuses.v = arena_vec(mem, int64_t, 2);
        m.statuses.v[m.statuses.n++] = f->statuses[k].status_id;
    }
    return m;
}

struct filter_matches
service_filter_match(struct arena *mem, const struct filter_set *set, const struct status *s, const struct strs *texts)
{
    struct filter_matches out = { NULL, 0 };
    bool *words = arena_vec(mem, bool, set->n_words);
    int64_t now_ms = clock_ms();
    size_t at = 0;

    for (size_t i = 0; i < texts->n; i++)
        text_filter_match(set->words, texts->v[i], words);
    for (size_t i = 0; i < set->filters.n; at += set->filters.v[i++].n_keywords) {
        const struct filter *f = &set->filters.v[i];
        struct filter_match m;

        if (f->expires_ms != 0 && f->expires_ms <= now_ms)
            continue;
        m = match_one(mem, f, s, words + at);
        if (m.keywords.n == 0 && m.statuses.n == 0)
            continue;
        if (out.v == NULL)
            out.v = arena_vec(mem, struct filter_match, set->filters.n);
        out.v[out.n++] = m;
    }
    return out;
}

static struct filter_matches
match(struct arena *mem, const struct filter_set *set, const struct status *s, const struct status *inner)
{
    struct strs texts = service_filter_texts(mem, inner);

    return service_filter_match(mem, set, s, &texts);
}

enum err
service_filter_apply(struct ctx *c, int64_t viewer, struct status **v, size_t n)
{
    const struct filter_set *set;

    if (viewer == 0 || n == 0)
        return ERR_OK;
    TRY(service_filter_set(c, viewer, &set));
    for (size_t i = 0; set != NULL && i < n; i++) {
        struct status *inner = v[i]->reblog != NULL ? v[i]->reblog : v[i];

        v[i]->filtered = match(c->mem, set, v[i], inner);
        inner->filtered = v[i]->filtered;
        if (inner->quote != NULL && inner->quote->quoted != NULL)
            inner->quote->quoted->filtered = match(c->mem, set, inner->quote->quoted, inner->quote->quoted);
    }
    return ERR_OK;
}

enum err
service_filter_viewers(struct ctx *c, const struct ids *viewers, const struct status *s, bool *match)
{
    const struct status *inner = s->reblog != NULL ? s->reblog : s;
    struct strs texts = service_filter_texts(c->mem, inner);
    int64_t *versions = arena_vec(c->mem, int64_t, viewers->n);

    TRY(store_live_filter_versions(c, viewers, versions));
    for (size_t i = 0; i < viewers->n; i++) {
        struct arena_mark mark;
        const struct filter_set *set;

        if (versions[i] == 0)
            continue;
        mark = arena_save(c->mem);
        TRY(set_of(c, viewers->v[i], versions[i], &set));
        if (set != NULL && service_filter_match(c->mem, set, s, &texts).n > 0)
            match[i] = true;
        arena_restore(c->mem, mark);
    }
    return ERR_OK;
}

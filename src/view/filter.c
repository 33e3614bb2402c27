/* Filter, FilterKeyword, FilterStatus, FilterResult, and the first version of the API's Filter. */
#include "view/view.h"

#include "base/ctx.h"
#include "model/filter.h"

void
view_filter_keyword(struct json *j, const struct filter_keyword *k)
{
    json_obj(j, NULL);
    json_id(j, "id", k->id);
    json_str(j, "keyword", k->keyword);
    json_bool(j, "whole_word", k->whole_word);
    json_end(j);
}

void
view_filter_status(struct json *j, const struct filter_status *s)
{
    json_obj(j, NULL);
    json_id(j, "id", s->id);
    json_id(j, "status_id", s->status_id);
    json_end(j);
}

static void
put_contexts(struct json *j, const struct filter *f)
{
    json_arr(j, "context");
    for (unsigned k = 0; k < FILTER_CONTEXTS; k++)
        if ((f->contexts & 1U << k) != 0)
            json_str(j, NULL, str_z(filter_context_names[k]));
    json_end(j);
}

/* Without what it matches by. */
static void
put_filter(struct json *j, const struct filter *f)
{
    json_id(j, "id", f->id);
    json_str(j, "title", f->title);
    put_contexts(j, f);
    json_time_or_null(j, "expires_at", f->expires_ms);
    json_str(j, "filter_action", str_z(filter_action_names[f->action]));
}

void
view_filter(struct json *j, const struct filter *f)
{
    json_obj(j, NULL);
    put_filter(j, f);
    json_arr(j, "keywords");
    for (size_t i = 0; i < f->n_keywords; i++)
        view_filter_keyword(j, &f->keywords[i]);
    json_end(j);
    json_arr(j, "statuses");
    for (size_t i = 0; i < f->n_statuses; i++)
        view_filter_status(j, &f->statuses[i]);
    json_end(j);
    json_end(j);
}

void
view_filter_v1(struct json *j, const struct filter *f, size_t keyword)
{
    json_obj(j, NULL);
    json_id(j, "id", f->keywords[keyword].id);
    json_str(j, "phrase", f->keywords[keyword].keyword);
    put_contexts(j, f);
    json_bool(j, "whole_word", f->keywords[keyword].whole_word);
    json_time_or_null(j, "expires_at", f->expires_ms);
    json_bool(j, "irreversible", f->action == FILTER_HIDE);
    json_end(j);
}

static void
put_match(struct json *j, const struct filter_match *m)
{
    json_obj(j, NULL);
    json_obj(j, "filter");
    put_filter(j, m->filter);
    json_end(j);
    if (m->keywords.n == 0)
        json_null(j, "keyword_matches");
    else
        json_strs(j, "keyword_matches", &m->keywords);
    if (m->statuses.n == 0)
        json_null(j, "status_matches");
    else
        json_ids(j, "status_matches", &m->statuses);
    json_end(j);
}

void
view_filter_matches(struct json *j, const char *key, const struct filter_matches *v)
{
    json_arr(j, key);
    for (size_t i = 0; i < v->n; i++)
        put_match(j, &v->v[i]);
    json_end(j);
}

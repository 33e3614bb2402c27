#include "model/poll.h"

#include "base/arena.h"

bool
poll_is_over(const struct poll *p, int64_t now_ms)
{
    return p->expires_ms != 0 && p->expires_ms <= now_ms;
}

int64_t
poll_votes(const struct poll *p)
{
    int64_t sum = 0;

    for (size_t i = 0; i < p->n; i++)
        sum += p->options[i].votes;
    return sum;
}

bool
poll_same_question(const struct poll *a, const struct poll *b)
{
    if (a->multiple != b->multiple || a->n != b->n)
        return false;
    for (size_t i = 0; i < a->n; i++)
        if (!str_eq(a->options[i].title, b->options[i].title))
            return false;
    return true;
}

struct strs
poll_titles(struct arena *mem, const struct poll *p)
{
    struct strs v = { 0 };

    if (p == NULL)
        return v;
    v.v = arena_vec(mem, struct str, p->n);
    for (size_t i = 0; i < p->n; i++)
        v.v[v.n++] = p->options[i].title;
    return v;
}

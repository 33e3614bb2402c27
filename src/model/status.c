#include "model/status.h"

const char *const visibility_names[] = { "public", "unlisted", "private", "direct", NULL };

const char *
visibility_shown(enum visibility v)
{
    return visibility_names[v == VIS_LIMITED ? VIS_PRIVATE : v];
}

bool
statuses_any_remote(const struct statuses *v)
{
    for (size_t i = 0; i < v->n; i++)
        if (!v->v[i]->local)
            return true;
    return false;
}

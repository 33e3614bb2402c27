#include "model/status.h"

const char *const visibility_names[] = { "public", "unlisted", "private", "direct", NULL };

const char *
visibility_shown(enum visibility v)
{
    return visibility_names[v == VIS_LIMITED ? VIS_PRIVATE : v];
}

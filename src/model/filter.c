#include "model/filter.h"

const char *const filter_context_names[] = { "home", "notifications", "public", "thread", "account", NULL };
const char *const filter_action_names[] = { "warn", "hide", "blur", NULL };

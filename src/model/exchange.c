#include "model/exchange.h"

const char *const list_kind_names[] = { "following", "blocks", "mutes", "domain_blocks", "bookmarks", "lists",
    "followers", NULL };
const char *const import_state_names[] = { "waiting", "running", "finished", NULL };

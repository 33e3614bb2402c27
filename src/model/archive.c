#include "model/archive.h"

const char *const archive_state_names[] = { "waiting", "ready", "failed", NULL };

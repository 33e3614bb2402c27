#include "model/list.h"

const char *const list_replies_names[] = { "list", "followed", "none", NULL };

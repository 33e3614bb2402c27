#include "model/card.h"

#include <stddef.h>

const char *const card_kind_names[] = { "link", "photo", "video", "rich", NULL };

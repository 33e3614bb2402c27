#include "model/card.h"

#include <stddef.h>

const char *const card_kind_names[] = { "link", "photo", "video", "rich", NULL };

bool
card_is_embed(const struct card *k)
{
    return k->state == CARD_READY && (k->kind == CARD_VIDEO || k->kind == CARD_RICH);
}

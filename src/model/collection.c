#include "model/collection.h"

const char *const collection_item_state_names[] = { "accepted", "revoked", "pending", NULL };

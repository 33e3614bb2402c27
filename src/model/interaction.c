#include "model/interaction.h"

const char *const interaction_names[] = { "favourite", "reply", "reblog", NULL };
const char *const approval_names[] = { "free", "pending", "rejected", "accepted", NULL };

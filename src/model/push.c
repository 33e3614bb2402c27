#include "model/push.h"

const char *const push_policy_names[] = { "all", "followed", "follower", "none", NULL };

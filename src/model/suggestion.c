#include "model/suggestion.h"

const char *const suggestion_source_names[] = { "friends_of_friends", "similar_to_recently_followed", "most_followed",
    "most_interactions", "featured", NULL };

/* Emoji with which people react to something, and how many did. */
#ifndef MODEL_REACTION_H
#define MODEL_REACTION_H

#include "model/account.h"

struct reaction {
    struct str name; /* an emoji, or a shortcode */
    int64_t count;
    bool me;
    struct emoji_ref *emoji; /* the custom emoji behind a shortcode, or NULL */
};

struct reactions {
    struct reaction *v;
    size_t n;
};

#endif

/* People somebody might want to follow. */
#ifndef MODEL_SUGGESTION_H
#define MODEL_SUGGESTION_H

#include "model/account.h"

/* Why; the first ones count more. */
enum suggestion_source {
    SUGGEST_FRIENDS_OF_FRIENDS, /* followed by those one follows */
    SUGGEST_SIMILAR,            /* followed by those who follow whom one followed lately */
    SUGGEST_MOST_FOLLOWED,      /* lately, by anybody known here */
    SUGGEST_MOST_INTERACTIONS,  /* the same of favourites */
    SUGGEST_FEATURED,           /* named by the operator: before all others */
    SUGGEST_COUNT
};
extern const char *const suggestion_source_names[];

struct suggestion {
    struct account *account;
    unsigned sources; /* bits of enum suggestion_source */
};

struct suggestions {
    struct suggestion *v;
    size_t n;
};

#endif

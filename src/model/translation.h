/* A post in another language, as a translation service made it. */
#ifndef MODEL_TRANSLATION_H
#define MODEL_TRANSLATION_H

#include "model/status.h"

struct translation {
    const struct status *status;
    struct str content, spoiler_text;
    struct strs options;      /* of the poll, in its order */
    struct strs descriptions; /* of the files, in their order */
    struct str language, detected, provider;
};

#endif

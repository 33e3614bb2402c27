/* The languages of ISO 639-1, each by the name that its speakers give it. */
#ifndef TEXT_LANGUAGE_H
#define TEXT_LANGUAGE_H

#include "base/str.h"

/* Code ("de") and name ("Deutsch") of the i-th, by code; NULL behind the last one. */
const char *text_language_at(size_t i, const char **name);

#endif

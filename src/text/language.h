/* The languages of ISO 639-1, each by the name that its speakers give it; and which of them a tag of an app means. */
#ifndef TEXT_LANGUAGE_H
#define TEXT_LANGUAGE_H

#include "base/str.h"

struct arena;

/* Code ("de") and name ("Deutsch") of the i-th, by code; NULL behind the last one. */
const char *text_language_at(size_t i, const char **name);

/*
 * The language of a text that an app names by a language tag or a locale: "de" of "de-AT", "de_AT.UTF-8" and "DE".  Chinese keeps the regions
 * that write it differently (zh-CN, zh-HK, zh-TW), and three letters stay what they are.  Else empty: no language.
 */
struct str text_language_of(struct arena *a, struct str tag);

#endif

/*
 * Which of many keywords stand in a text: the words that people filter.  All are searched at once (Aho and Corasick, 1975), so the time
 * depends on the length of the text and not on how many keywords there are or what they look like.
 *
 * Texts and keywords are compared folded (text_casefold): "Straße" is "STRASSE".  A keyword with whole_word must not touch another word
 * character with those of its ends that are word characters themselves: "cat" is not in "cats", but "#cat" is in "a#cat" and ":)" is
 * anywhere.
 */
#ifndef TEXT_FILTER_H
#define TEXT_FILTER_H

#include "base/str.h"

struct arena;

struct text_keyword {
    struct str text; /* as typed; nothing is found by an empty one */
    bool whole_word;
};

enum { TEXT_FILTER_BYTES_MAX = 8 * 1024 * 1024 }; /* of all keywords, folded */

/* Compiled, in a; never changed again: any thread may search with it.  scratch is for memory that is not kept. */
struct text_filter *text_filter_new(struct arena *a, struct arena *scratch, const struct text_keyword *v, size_t n)
    __attribute__((returns_nonnull));
/* hit[i] becomes true for each keyword i that the text contains; others keep what they are.  folded: by text_casefold. */
void text_filter_match(const struct text_filter *f, struct str folded, bool *hit);

#endif

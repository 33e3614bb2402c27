/* UTF-8: validity and walking.  Graphemes, folding and normal forms live in text/unicode.h. */
#ifndef BASE_UTF8_H
#define BASE_UTF8_H

#include "base/str.h"

bool utf8_valid(struct str s);
/* Length of the longest valid prefix. */
size_t utf8_prefix(struct str s);
/* Take one code point off the front; an invalid byte gives U+FFFD and moves by one.  False at the end. */
bool utf8_next(struct str *rest, uint32_t *cp);
/* s itself when valid, else a copy with U+FFFD for each bad byte.  NUL bytes become U+FFFD too when no_nul. */
struct str utf8_clean(struct arena *a, struct str s, bool no_nul);
/* Number of code points. */
size_t utf8_count(struct str s);
/* The longest prefix of at most n bytes that ends between code points. */
struct str utf8_cut(struct str s, size_t n);

#endif

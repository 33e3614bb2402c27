/* Unicode beyond validity: normal forms, folding, graphemes, search tokens (UAX 15, 29; data of utf8proc).  Pure; any thread. */
#ifndef TEXT_UNICODE_H
#define TEXT_UNICODE_H

#include "base/str.h"

struct arena;

/* NFC.  Bytes that are not UTF-8 become U+FFFD first, so that the result is always valid. */
struct str text_nfc(struct arena *a, struct str s);
/* Full case folding on NFKC, for comparing tags and words: "STRASSE" and "straße" give the same. */
struct str text_casefold(struct arena *a, struct str s);
/* text_casefold without marks and default-ignorable characters: what search compares.  "Crème" gives "creme". */
struct str text_fold(struct arena *a, struct str s);
/* NFKC and case folding, Latin letters without marks, and nothing but word characters and the separators of tags (· ・ ZWNJ). */
struct str text_tag_fold(struct arena *a, struct str s);

/* Extended grapheme clusters: what a reader counts as characters. */
size_t text_graphemes(struct str s);
/* Take one cluster off the front of *rest; false at the end. */
bool text_grapheme_next(struct str *rest, struct str *out);
/* The longest prefix of at most n clusters. */
struct str text_grapheme_cut(struct str s, size_t n);

/* True when nothing of it can be seen: white space, controls, format characters, fillers, or marks without a base. */
bool text_is_blank(struct str s);
/*
 * For names and other single lines of strangers: controls and line breaks become spaces, bidirectional overrides and isolates
 * are dropped, at most 8 marks follow a base, white space at both ends is cut.
 */
struct str text_one_line(struct arena *a, struct str s);
/* For longer texts: CR LF and CR become LF; NUL and other controls are dropped but tab and LF; open bidi controls are closed. */
struct str text_lines(struct arena *a, struct str s);

/* Exactly one grapheme cluster, and it is an emoji (keycaps, flags, joined sequences too). */
bool text_is_emoji(struct str s);
/* The form in which two reactions are compared: without variation selector 16. */
struct str text_emoji_key(struct arena *a, struct str s);

bool text_is_letter(uint32_t cp); /* L*, Nl, Mc: what may make a hashtag a word */
bool text_is_word(uint32_t cp);   /* letters, marks, decimal digits, connector punctuation */
bool text_is_space(uint32_t cp);  /* White_Space */

enum { TEXT_TOKENS_MAX = 4096, TEXT_TOKEN_BYTES_MAX = 64 };

/*
 * Search tokens in the order of the text, folded.  A word is one token; runs of scripts written without spaces (Han, kana, Hangul,
 * Thai, Lao, Khmer, Myanmar) become overlapping pairs, a single such character stands alone.  The same function makes the
 * index and the query, so both engines agree.  Long tokens are cut; at most TEXT_TOKENS_MAX.
 */
struct strs text_tokens(struct arena *a, struct str s);

#endif

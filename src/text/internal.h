/* What the files of text/ share: the HTML tokeniser and references.  Not for others. */
#ifndef TEXT_INTERNAL_H
#define TEXT_INTERNAL_H

#include "base/buf.h"
#include "text/format.h"
#include "text/html.h"

/*
 * Tokens of HTML as a browser cuts them (WHATWG 13.2.5): comments and declarations vanish, a tag that is never closed ends the
 * document, the insides of script, style and their like come as one raw text.  No tree; each byte is looked at a bounded number
 * of times, which steps counts.
 */
enum html_token_kind { HTML_TOKEN_TEXT, HTML_TOKEN_START, HTML_TOKEN_END };

struct html_token {
    enum html_token_kind kind;
    struct str text;  /* of a text: source bytes, references not decoded */
    struct str name;  /* of a tag, as written */
    struct str attrs; /* of a start tag: walk with html_attr_next */
    bool hidden;      /* text that is never shown: inside script, style, … */
};

struct html_lexer {
    struct str in;
    size_t at;
    size_t steps;
    struct str raw; /* name of the element whose raw text comes next */
};

bool html_next(struct html_lexer *l, struct html_token *t);

/* Next attribute of *rest; name and value are source bytes.  Of two with one name the first counts. */
bool html_attr_next(struct str *rest, struct str *name, struct str *value);
/* Decoded value of the attribute, or STR_NONE when absent. */
struct str html_attr(struct arena *a, struct str attrs, struct str name);
bool html_is_space(char c);

/*
 * Character reference at the '&' that s begins with: how many bytes it takes, 0 when it is none.  *out (at most 8 bytes, not
 * terminated) gets its text.
 */
size_t html_ref(struct str s, bool in_attr, char out[8], size_t *out_n);
/* The text with all references decoded. */
struct str html_decode(struct arena *a, struct str s, bool in_attr);

/* text_html_clean, which also says how much work it was. */
struct str html_clean_counted(struct arena *a, struct str html, enum html_kind kind, size_t *steps);

/* What class "invisible" may hide in the link that is open. */
struct html_hide {
    struct str host; /* of its address; empty: none, or no link is open */
    size_t looked;   /* so far the output was searched for it */
    bool said;
};
/* href: of a link whose text begins at `at` of the output. */
void html_hide_begin(struct html_hide *h, struct str href, size_t at);
/* out: the output so far; rest: the source after the start tag in question. */
bool html_may_hide(struct html_hide *h, struct str out, struct str rest);
/* Where the host (and port) of an address ends; 0 when it has none. */
size_t html_host_end(struct str href);

/* Directions that were opened in this line. */
struct html_turn {
    int embeddings, isolates;
};
enum { HTML_TURN_BYTES_MAX = 96 }; /* what closing all of them takes */
/* Something was written: count it when it turns.  What closes nothing, and one too many, is taken back. */
void html_turn_note(struct html_turn *t, struct buf *out);
void html_turn_close(struct html_turn *t, struct buf *out);

/* Is word one of the space-separated words, in any case? */
bool html_has_word(struct str words, struct str word);
/* Schemes that links of strangers may have; rest is what stands after the colon. */
bool text_href_ok(struct str href);

#endif

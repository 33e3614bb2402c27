/* One run of the formatter, shared by plain text and Markdown. */
#ifndef TEXT_FORMAT_RUN_H
#define TEXT_FORMAT_RUN_H

#include "base/buf.h"
#include "text/format.h"

struct format_run {
    struct arena *mem;
    const struct text_format_opts *opts;
    struct text_formatted *out;
    struct strs tag_keys; /* of out->tags */
    struct buf b;
    bool inline_only; /* inside a Markdown block: no paragraphs of its own */
};

void format_begin(struct format_run *r, struct arena *a, struct str text, const struct text_format_opts *opts,
    struct text_formatted *out);
/* First find all people, so that two of one name can be told apart; then write.  people has one entry for each link. */
void format_links(struct format_run *r, struct str text, struct links *links, struct text_person **people);
void format_inline(struct format_run *r, struct str text, const struct links *links, const struct text_person *people);

#endif

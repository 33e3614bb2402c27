/* The tags of html_tags.def. */
#ifndef TEXT_HTML_TAGS_H
#define TEXT_HTML_TAGS_H

#include "base/str.h"

enum { KEEP = 1, LINE = 2, BLOCK = 4, FORMAT = 8, SPACE = 16, HEADING = 32, FOREIGN = 64 };

enum html_tag {
    TAG_OTHER,
#define TAG(name, flags) TAG_##name,
#include "text/html_tags.def"
#undef TAG
    TAG_COUNT
};

/* By name in any case; TAG_OTHER when not in the table. */
enum html_tag html_tag_find(struct str name);
struct str html_tag_name(enum html_tag tag);
int html_tag_flags(enum html_tag tag);

#endif

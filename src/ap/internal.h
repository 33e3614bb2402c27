/* Between the files of ap/ only. */
#ifndef AP_INTERNAL_H
#define AP_INTERNAL_H

#include "ap/read_note.h"

/* read_parts.c: the lists of a post. */
void ap_tags_read(struct arena *a, const struct val *tags, struct ap_note *x);
void ap_attachments_read(struct arena *a, const struct val *doc, struct ap_note *x);
void ap_poll_read(struct arena *a, const struct val *doc, int64_t now_ms, struct ap_note *x);

/* read_shown.c: the HTML of a stranger to show, from the members of x that are read already. */
struct str ap_note_shown(struct arena *a, const struct val *doc, const struct ap_note *x);

/* read.c: BCP 47 in its usual case; STR_NONE for what is no tag. */
struct str ap_lang(struct arena *a, struct str tag);

#endif

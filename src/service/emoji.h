/* Custom emoji: ours, which the operator adds, and those of other servers, which come with their posts and people. */
#ifndef SERVICE_EMOJI_H
#define SERVICE_EMOJI_H

#include "base/ctx.h"
#include "model/account.h"

enum { EMOJI_CATEGORY_CHARS_MAX = 64 };

struct emoji_params {
    struct str shortcode; /* without colons */
    struct str picture;   /* the bytes of a file: PNG, GIF, WebP, … of at most MEDIA_EMOJI_BYTES_MAX */
    struct str category;  /* empty: none */
    bool replace;         /* else CONFLICT when there is one with this code */
};
/*
 * Decode, strip and store; whoever wrote the code before is shown with it from now on.  Errors: INVALID (code, category, picture),
 * CONFLICT, BUSY, all with a public text.  No transaction open; blocks for a picture.
 */
NODISCARD enum err service_emoji_add(struct ctx *c, const struct emoji_params *p);
/* Ours by its code; posts show the code again.  NOT_FOUND. */
NODISCARD enum err service_emoji_remove(struct ctx *c, struct str shortcode);
/* All of ours, by category and code. */
NODISCARD enum err service_emoji_list(struct ctx *c, struct emoji_refs *out);

/*
 * One of another server, in the caller's write transaction: stored under (domain, shortcode), and the job FETCH_EMOJI is queued when its
 * picture is not here and fetch is set; else it is fetched when somebody looks at it.  uri and updated_ms as its document says (empty, 0: unknown).
 */
NODISCARD enum err service_emoji_receive(struct ctx *c, struct str domain, struct str uri, struct str shortcode,
    struct str url, int64_t updated_ms, bool fetch);

#endif

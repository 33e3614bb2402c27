/*
 * Pages and mails: the templates of share/templates, loaded once, rendered in the reader's language.  No I/O after start; any thread.
 */
#ifndef VIEW_PAGE_H
#define VIEW_PAGE_H

#include "base/buf.h"
#include "base/ctx.h"
#include "base/val.h"

/* At start, before the first request; a lives as long as the process.  INVALID with a sentence in *why: a template does not compile. */
NODISCARD enum err view_pages_load(struct arena *a, struct str *why);
/* Render templates/<name> with v in c->locale and append to b.  NOT_FOUND: no such template; TOO_LARGE. */
NODISCARD enum err view_page(struct ctx *c, struct str name, const struct val *v, struct buf *b);
/* A JSON text, as the views write it, to values for a template; members as the client API names them. */
NODISCARD enum err view_page_val(struct ctx *c, struct str json_text, const struct val **out);
/* A text in c->locale. */
struct str view_text(struct ctx *c, struct str msgid);
/* The language of the interface for an Accept-Language header; and the names of all of them. */
struct str view_locale(struct str accept_language);

#endif

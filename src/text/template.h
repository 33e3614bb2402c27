/*
 * Logic-less templates for HTML and mail, in the manner of mustache(5), rendered from struct val.
 *
 *   {{name}} {{a.b}} {{.}}   the value as text, always escaped
 *   {{{name}}}               as it is; only content, note, value (profile fields) and names that end in "_html": what was cleaned
 *   {{#name}}…{{/name}}      for each item of an array; once for any other value that is not null, false, "" or 0
 *   {{^name}}…{{/name}}      when there is nothing
 *   {{>name}}                another template, with the same values
 *   {{_Sign in}}             the text in the reader's language, escaped
 *   {{!comment}}
 *
 * Names are looked up in the innermost value first, then outwards.  Compiled once, then read-only: any thread.
 */
#ifndef TEXT_TEMPLATE_H
#define TEXT_TEMPLATE_H

#include "base/buf.h"
#include "base/err.h"
#include "base/val.h"
#include "text/embed.h"

struct template;
struct templates;

enum { TEMPLATE_DEPTH_MAX = 32, TEMPLATE_OUT_BYTES_MAX = 4 * 1024 * 1024 };

enum template_kind {
    TEMPLATE_HTML,
    TEMPLATE_PLAIN, /* mail and feeds' plain parts: nothing is escaped; files that end in ".txt" */
};

/*
 * Views into source, which must outlive it.  A line that holds nothing but a section, partial or comment tag vanishes.
 * INVALID: unclosed or misnested, a raw name that is not allowed; *why says which (static).
 */
NODISCARD enum err text_template_compile(
    struct arena *a, struct str source, enum template_kind kind, struct template **out, const char **why);

/*
 * All "templates/…" of files, by the name without the directory; a file of that name in dir (may be NULL) wins.  The arena
 * must outlive the set.  INVALID: one does not compile, or a partial is missing or of the other kind; *why names it.
 */
NODISCARD enum err text_templates_load(
    struct arena *a, struct embed_files files, const char *dir, struct templates **out, struct str *why);
const struct template *text_templates_find(const struct templates *set, struct str name);

/*
 * Append to b.  set may be NULL when there are no partials.  NOT_FOUND: a partial is missing; TOO_LARGE: nested deeper than
 * TEMPLATE_DEPTH_MAX, or b is full.
 */
NODISCARD enum err text_template_render(
    const struct templates *set, const struct template *t, const struct val *v, struct str locale, struct buf *b);

#endif

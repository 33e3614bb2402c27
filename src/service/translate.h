/* Translation by a service that speaks the protocol of LibreTranslate.  doc/design/translation.md */
#ifndef SERVICE_TRANSLATE_H
#define SERVICE_TRANSLATE_H

#include "model/translation.h"

struct ctx;
struct val;

/* Pairs as the service tells them: [{code, targets: […]}]; the null value without a service.  Kept for a day.  Network.  Errors: REMOTE. */
NODISCARD enum err service_translate_languages(struct ctx *c, const struct val **out);
/*
 * The texts of a public or unlisted post in that language: text, warning, options, descriptions.  Kept for a week.  Network.
 * Errors: NOT_FOUND (not visible, or no service), FORBIDDEN (not public, or no such pair), REMOTE (the service does not answer).
 */
NODISCARD enum err service_translate(struct ctx *c, int64_t status_id, struct str language, struct translation *out);

#endif

/*
 * Texts in the reader's language: GNU gettext catalogues (share/locale), compiled by msgfmt and embedded.  English is the
 * source.  Read-only after start; any thread.
 */
#ifndef TEXT_I18N_H
#define TEXT_I18N_H

#include "base/str.h"

struct arena;

/* The translation, or msgid itself.  locale: "de", "de-AT", "de_AT"; unknown ones give msgid. */
struct str text_tr(struct str locale, struct str msgid);
/* With a number: chooses the plural form of the language.  The number itself is put in by the caller. */
struct str text_tr_n(struct str locale, struct str one, struct str many, int64_t n);
/* The text of an error or other message with {0} … {9} replaced. */
struct str text_tr_fill(struct arena *a, struct str pattern, const struct str *args, size_t n_args);

/* Best catalogue for an Accept-Language header (RFC 9110 12.5.4); "en" when none fits.  Static. */
struct str text_locale_match(struct str accept_language);
/* "en", "de", "fr", …: what the interface speaks. */
struct strs text_locales(void);
/* Is it written from right to left? */
bool text_locale_rtl(struct str locale);

/* Does it look like a language tag (BCP 47): "en", "pt-BR"?  At most 16 bytes. */
bool text_language_ok(struct str s);

#endif

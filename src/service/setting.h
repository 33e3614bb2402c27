/* What an operator changes while the server runs: settings and rules. */
#ifndef SERVICE_SETTING_H
#define SERVICE_SETTING_H

#include "base/ctx.h"
#include "base/page.h"
#include "store/setting.h"

enum setting_kind {
    SETTING_LINE,     /* one line of text */
    SETTING_MARKDOWN, /* kept as HTML */
    SETTING_NUMBER,
    SETTING_SWITCH,   /* yes or no */
    SETTING_MODE,     /* open, approval, closed */
    SETTING_READERS,  /* public, authenticated, disabled */
    SETTING_OPEN,     /* public, authenticated */
    SETTING_AUDIENCE, /* nobody, users, everybody */
    SETTING_ACCOUNTS, /* handles */
};

struct setting {
    const char *name;
    enum setting_kind kind;
    size_t max; /* characters; of a number its greatest value; of accounts how many */
    const char *text;
};
extern const struct setting service_settings[]; /* ends with a name of NULL */

/* The value in force as it is kept; empty when it was not set. */
NODISCARD enum err service_setting_get(struct ctx *c, const struct setting *s, struct str *out);
/* Check and keep; an empty value takes the setting back.  NOT_FOUND: no such setting; INVALID: both with a public text. */
NODISCARD enum err service_setting_set(struct ctx *c, struct str name, struct str value);
/* When a Markdown text was changed; 0: never. */
NODISCARD enum err service_setting_changed(struct ctx *c, const char *name, int64_t *ms);

enum { FEATURED_ACCOUNTS_MAX = 20 };
/* The accounts that the operator suggests to everybody, in that order. */
NODISCARD enum err service_setting_featured(struct ctx *c, struct ids *out);

enum { RULE_CHARS_MAX = 300 };
NODISCARD enum err service_rule_add(struct ctx *c, struct str text, struct str hint);
NODISCARD enum err service_rule_remove(struct ctx *c, int64_t id); /* NOT_FOUND */
/* language: en, de, pt-BR; text empty takes the translation back.  NOT_FOUND: no such rule; INVALID: both with a public text. */
NODISCARD enum err service_rule_translate(
    struct ctx *c, int64_t id, struct str language, struct str text, struct str hint);
NODISCARD enum err service_rule_list(struct ctx *c, struct rules *out);

enum { TERMS_CHARS_MAX = 100000, TERMS_MAX = 100 };
/* Terms of service in Markdown, in force from the midnight (UTC) of that day on; replaces those of the same day.  INVALID. */
NODISCARD enum err service_terms_put(struct ctx *c, int64_t day_ms, struct str text);
NODISCARD enum err service_terms_remove(struct ctx *c, int64_t day_ms); /* NOT_FOUND */
NODISCARD enum err service_terms_list(struct ctx *c, struct terms_list *out);
/* day_ms 0: those in force now, or the first that will be; else those of that day.  NOT_FOUND. */
NODISCARD enum err service_terms_get(struct ctx *c, int64_t day_ms, struct terms *out);

#endif

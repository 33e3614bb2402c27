/*
 * What a user chose: for new posts, for reading, for privacy.  One table says what there is; the column `settings` of a user, the
 * API's Preferences and the account's source are read from it and written by it.
 */
#ifndef MODEL_PREFERENCES_H
#define MODEL_PREFERENCES_H

#include "base/json.h"
#include "model/notification.h"
#include "model/quote.h"
#include "model/status.h"

struct preferences {
    int visibility; /* enum visibility, up to private */
    int quote;      /* enum quote_choice */
    int expand_media;
    bool sensitive, expand_spoilers, autoplay_gifs, show_application, email_subscriptions;
    struct str language;          /* empty: that of the reader's browser, or unknown */
    bool mail[NOTIFY_KIND_COUNT]; /* told by mail while away; always false for kinds that no mail is sent about */
    bool mail_always;             /* also while here */
};

enum preference_kind { PREFERENCE_BOOL, PREFERENCE_WORD, PREFERENCE_LANGUAGE };

struct preference {
    const char *name; /* in the API: "posting:default:visibility" */
    const char *key;  /* in the column */
    enum preference_kind kind;
    size_t offset;
    int otherwise;
    const char *const *words; /* NULL-terminated; of a WORD */
    bool ours;                /* not among Mastodon's */
    bool mail;                /* makes no sense without a relay */
};
extern const struct preference preference_table[]; /* ends with a name of NULL */

/* From the column's JSON; what is missing or makes no sense has its default. */
void preferences_read(struct arena *mem, struct str settings, struct preferences *out);
/* The column with p in it; other members stay.  STR_NONE when it would be too large. */
struct str preferences_put(struct arena *mem, struct str settings, const struct preferences *p);
/* One value of the API into p; false: not what this preference may be. */
bool preference_set(struct preferences *p, const struct preference *d, const struct val *v);
/* As members of an open object; with_ours: also those that Mastodon has not; with_mail: also those about mail. */
void preferences_show(struct json *j, const struct preferences *p, bool with_ours, bool with_mail);

#endif

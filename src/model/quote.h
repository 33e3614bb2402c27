/* A quote: a post that shows another one inside, and who may do that (FEP-044f).  doc/design/quotes.md */
#ifndef MODEL_QUOTE_H
#define MODEL_QUOTE_H

#include "base/str.h"

struct status;

/* Stored as numbers up to DELETED; the others are what a viewer gets instead of ACCEPTED. */
enum quote_state {
    QUOTE_PENDING,
    QUOTE_ACCEPTED,
    QUOTE_REJECTED,
    QUOTE_REVOKED,
    QUOTE_DELETED,
    QUOTE_UNAUTHORIZED,
    QUOTE_BLOCKED_ACCOUNT,
    QUOTE_BLOCKED_DOMAIN,
    QUOTE_MUTED_ACCOUNT,
    QUOTE_STATE_COUNT
};
extern const char *const quote_state_names[]; /* NULL-terminated */

/* Who may quote a post: bits, for whom it is allowed at once and, shifted, for whom the author is asked. */
enum {
    QUOTE_BY_PUBLIC = 1,
    QUOTE_BY_FOLLOWERS = 2,
    QUOTE_BY_FOLLOWING = 4,
    QUOTE_BY_OTHERS = 16, /* a group that is unknown here */
    QUOTE_BY_ALL = 23,
    QUOTE_MANUAL_SHIFT = 8,
};

/* What our people choose from. */
enum quote_choice { QUOTE_CHOICE_PUBLIC, QUOTE_CHOICE_FOLLOWERS, QUOTE_CHOICE_NOBODY };
extern const char *const quote_choice_names[]; /* NULL-terminated */
int quote_policy(enum quote_choice choice);
/* Of groups that are read from a document. */
int quote_policy_bits(unsigned automatic, unsigned manual);

/* What the policy of a post means for one account. */
enum quote_answer { QUOTE_ANSWER_DENIED, QUOTE_ANSWER_UNKNOWN, QUOTE_ANSWER_MANUAL, QUOTE_ANSWER_AUTOMATIC };
extern const char *const quote_answer_names[]; /* NULL-terminated */

struct quote {
    int64_t id; /* also the number of its request and of its stamp */
    int64_t status_id, account_id;
    int64_t quoted_id, quoted_account_id; /* 0: not known, or deleted */
    struct str quoted_uri;
    enum quote_state state;
    bool legacy;             /* without consent in mind: not shown unless accepted */
    struct str approval_uri; /* a stamp of others that was verified; empty: none, or ours */
    struct str request_uri;  /* of the request that was answered with our stamp */
    int64_t checked_ms, created_ms;

    /* filled by store_quote_fill */
    struct str quoted_url, quoted_author_uri; /* empty: not known */
    bool quoted_local;

    /* for a viewer: service_quote_show */
    enum quote_state shown;
    struct status *quoted; /* NULL: not to be shown */
};

#endif

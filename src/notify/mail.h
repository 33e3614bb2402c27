/*
 * E-mail out: builds a message (RFC 5322, MIME) and hands it to the operator's relay over SMTP.  Whether and what to send is the
 * caller's; this is how a message leaves.
 */
#ifndef NOTIFY_MAIL_H
#define NOTIFY_MAIL_H

#include "base/ctx.h"

struct mail {
    struct str to;              /* one address, see text/email.h */
    struct str to_name;         /* may be empty */
    struct str subject;         /* UTF-8, one line */
    struct str text;            /* UTF-8, any line ends */
    struct str html;            /* alternative, may be empty */
    struct str unsubscribe_url; /* https; adds List-Unsubscribe with one click (RFC 8058); may be empty */
    struct str key; /* the same key gives the same Message-ID, so that a repeated job is one mail; empty: random */
};

enum { MAIL_BYTES_MAX = 1024 * 1024, MAIL_HEADER_BYTES_MAX = 900 };

/*
 * notify_mail_message — the whole message with CRLF line ends.
 *
 * from is "addr" or "Name <addr>"; domain is the right side of the Message-ID; now_ms the Date.
 * errors  INVALID: an address that is none, control characters in a header (injection), not UTF-8; TOO_LARGE
 */
NODISCARD enum err notify_mail_message(
    struct ctx *c, const struct mail *m, struct str from, struct str domain, int64_t now_ms, struct str *out);

/* Is a relay configured? */
bool notify_mail_enabled(const struct ctx *c);

/*
 * notify_mail_send — build and send through conf->smtp, from conf->mail_from.
 *
 * STARTTLS is used when offered and demanded when there is a password; on loopback neither.
 * errors  as notify_mail_message; INVALID: no relay configured, or it refuses this mail for good (5xx); REMOTE: try again
 * thread  job; no transaction open (checked); at most 60 s
 */
NODISCARD enum err notify_mail_send(struct ctx *c, const struct mail *m);

#endif

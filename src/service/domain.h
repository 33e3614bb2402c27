/*
 * What an operator thinks of other servers (doc/design/domain-policy.md).  service_domain_rule is the one place where it is decided;
 * the inbox, every fetch, every delivery and every signed request ask it.
 */
#ifndef SERVICE_DOMAIN_H
#define SERVICE_DOMAIN_H

#include "base/ctx.h"
#include "model/instance.h"
#include "store/federation.h"

extern const char *const domain_severity_names[]; /* noop, silence, suspend; ends with NULL */

enum { DOMAIN_POLICIES_MAX = 100000, DOMAIN_COMMENT_CHARS_MAX = 2000 };

/* ---- the decision (domain_rule.c) -------------------------------------------------------------------------------- */

struct domain_rule {
    bool closed;   /* nothing is exchanged: suspended, or not among the allowed where only those are */
    bool unlisted; /* closed for the second reason alone */
    bool silenced, reject_media, reject_reports;
    int64_t since_ms; /* of the policy, 0: none */
};
/*
 * What holds for a host, with or without a port, in any spelling.  The nearest name decides, and a policy covers all names below.  An
 * allowed name is not suspended, unless a longer one is; where only allowed names are exchanged with, a suspension wins.  Our own
 * names are always open.  One query.
 */
NODISCARD enum err service_domain_rule(struct ctx *c, struct str authority, struct domain_rule *out);
/* The same for the host of a web address; what is none is closed. */
NODISCARD enum err service_domain_rule_of(struct ctx *c, struct str uri, struct domain_rule *out);
/* FORBIDDEN when it is closed. */
NODISCARD enum err service_domain_check(struct ctx *c, struct str authority);
/* Are only allowed names exchanged with? */
NODISCARD enum err service_domain_limited(struct ctx *c, bool *out);

/* ---- lists --------------------------------------------------------------------------------------------------------- */

NODISCARD enum err service_domain_list(struct ctx *c, struct domain_policies *out);
NODISCARD enum err service_domain_allowed(struct ctx *c, struct domain_allows *out);
/* What is limited or suspended, as the settings let the caller see it.  NOT_FOUND: nothing is, UNAUTHORIZED: our people only. */
NODISCARD enum err service_domain_published(struct ctx *c, struct published_blocks *out);

/* ---- changes: each returns when what follows from it is done, except with DOMAIN_LATER: then a job does it ------------ */

enum domain_when { DOMAIN_NOW, DOMAIN_LATER };
/*
 * Put a policy in the place of what held for the domain and those below it.  Accounts that are here are limited or suspended, or are no
 * longer when only the policy did that; with a suspension follows end, which both sides are told first; pictures go with a suspension
 * and with reject_media.  Posts stay until a purge.  INVALID with a public text: no domain, a whole top-level domain, or our own.
 */
NODISCARD enum err service_domain_set(struct ctx *c, const struct domain_policy *p, enum domain_when when);
/* No policy any more.  Ended follows do not come back.  NOT_FOUND with a public text. */
NODISCARD enum err service_domain_unset(struct ctx *c, struct str domain, enum domain_when when);
NODISCARD enum err service_domain_allow(struct ctx *c, struct str domain, enum domain_when when);
NODISCARD enum err service_domain_disallow(struct ctx *c, struct str domain, enum domain_when when); /* NOT_FOUND */
/* What a suspension would concern. */
struct domain_preview {
    int64_t accounts, follows; /* follows: in both directions */
};
NODISCARD enum err service_domain_preview(struct ctx *c, struct str domain, struct domain_preview *out);
/* The job, and what the calls above do with DOMAIN_NOW: make accounts, follows and pictures fit the policies.  domain empty: of all. */
NODISCARD enum err service_domain_apply(struct ctx *c, struct str domain);

/* ---- the end of a domain (domain_purge.c) ------------------------------------------------------------------------- */

struct domain_purged {
    int64_t accounts, emoji, hosts;
};
/*
 * Delete every account of the domain and below, with posts and files, its emoji, its waiting deliveries and what is known of its hosts;
 * in portions.  What it sends afterwards comes in again unless a policy refuses it.
 */
NODISCARD enum err service_domain_purge(struct ctx *c, struct str domain, struct domain_purged *out);

/* ---- lists of others (domain_csv.c) ------------------------------------------------------------------------------- */

struct domain_import {
    int64_t added, changed, same, refused;
    struct strs why; /* a line for each of the first 100 that were refused */
};
/*
 * Policies as Mastodon exports them (#domain,#severity,#reject_media,#reject_reports,#public_comment,#obfuscate), or one domain a line.
 * What is here already is changed only to something stricter.  INVALID: not such a file, or too many.
 */
NODISCARD enum err service_domain_import(struct ctx *c, struct str csv, bool dry_run, struct domain_import *out);
NODISCARD enum err service_domain_export(struct ctx *c, struct str *csv);

#endif

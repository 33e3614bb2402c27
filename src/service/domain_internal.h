/* What the files about domains share. */
#ifndef SERVICE_DOMAIN_INTERNAL_H
#define SERVICE_DOMAIN_INTERNAL_H

#include "service/domain.h"

/* A name that a policy may have.  INVALID with a public text: none, a whole top-level domain, or one with this server in it. */
NODISCARD enum err domain_normal(struct ctx *c, struct str domain, struct str *out);
/* The name of an authority. */
struct str domain_without_port(struct str authority);
/* Commits the change, with the job that makes it felt; with DOMAIN_NOW does that job's work. */
NODISCARD enum err domain_finish(struct ctx *c, struct str domain, enum domain_when when);
/* Is the account of the domain or below it, by its handle or by its id?  domain empty: always. */
bool domain_covers(struct ctx *c, struct str domain, const struct domain_account *a);

/* Remote accounts in portions; fn gets those that domain covers, outside of any transaction. */
typedef enum err (*domain_account_fn)(struct ctx *c, void *arg, const struct domain_accounts *some);
NODISCARD enum err domain_each_account(struct ctx *c, struct str domain, domain_account_fn fn, void *arg);

#endif

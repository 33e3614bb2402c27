/* The words by which accounts are found. */
#ifndef STORE_ACCOUNT_SEARCH_H
#define STORE_ACCOUNT_SEARCH_H

#include "base/ctx.h"
#include "model/account.h"

/* For store/account: renew the words of an account in its write transaction. */
NODISCARD enum err store_account_index(struct ctx *c, const struct account *a);

#endif

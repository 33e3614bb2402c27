#include "model/quote.h"

const char *const quote_state_names[] = { "pending", "accepted", "rejected", "revoked", "deleted", "unauthorized",
    "blocked_account", "blocked_domain", "muted_account", NULL };
const char *const quote_choice_names[] = { "public", "followers", "nobody", NULL };
const char *const quote_answer_names[] = { "denied", "unknown", "manual", "automatic", NULL };

int
quote_policy_bits(unsigned automatic, unsigned manual)
{
    return (int)((automatic & QUOTE_BY_ALL) | (manual & QUOTE_BY_ALL) << QUOTE_MANUAL_SHIFT);
}

int
quote_policy(enum quote_choice choice)
{
    switch (choice) {
    case QUOTE_CHOICE_PUBLIC:
        return QUOTE_BY_PUBLIC;
    case QUOTE_CHOICE_FOLLOWERS:
        return QUOTE_BY_FOLLOWERS;
    case QUOTE_CHOICE_NOBODY:
        break;
    }
    return 0;
}

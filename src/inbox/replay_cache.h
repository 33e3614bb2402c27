/* Has this signature been accepted lately?  Any thread. */
#ifndef INBOX_REPLAY_CACHE_H
#define INBOX_REPLAY_CACHE_H

#include "base/str.h"

bool replay_seen(struct str signature);
void replay_note(struct str signature);

#endif

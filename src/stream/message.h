/* What a WebSocket client says: {"type": "subscribe", "stream": "hashtag", "tag": "cats"}. */
#ifndef STREAM_MESSAGE_H
#define STREAM_MESSAGE_H

#include "base/err.h"
#include "stream/channel.h"

enum { STREAM_COMMAND_BYTES_MAX = 4096 };

struct stream_command {
    bool subscribe; /* else unsubscribe */
    struct channel_request what;
};

/*
 * tag and list may be text or, list, a number.  *why is a sentence for the client.  Errors: BAD_REQUEST (not JSON, not an object, an unknown type,
 * members of the wrong type), TOO_LARGE.  Pure; any thread.
 */
NODISCARD enum err stream_command_read(
    struct arena *mem, struct str text, struct stream_command *out, const char **why);

#endif

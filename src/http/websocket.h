/* WebSocket framing and handshake (RFC 6455), server side: pure functions over bytes.  No extensions. */
#ifndef HTTP_WEBSOCKET_H
#define HTTP_WEBSOCKET_H

#include "base/str.h"

enum ws_op { WS_CONTINUATION = 0, WS_TEXT = 1, WS_BINARY = 2, WS_CLOSE = 8, WS_PING = 9, WS_PONG = 10 };

enum { WS_HEAD_MAX = 14, WS_CONTROL_MAX = 125 };

enum ws_result { WS_MORE, WS_FRAME, WS_ERROR };

struct ws_frame {
    enum ws_op op;
    bool fin;
    struct str payload;  /* unmasked, inside the input */
    size_t bytes;        /* of the whole frame */
    unsigned close_code; /* WS_ERROR: 1002 protocol, 1009 too big */
};

/*
 * One client frame from the start of p; the payload is unmasked in place once the frame is complete.  Refused: reserved bits and
 * opcodes, no mask, control frames that are long or fragmented, lengths not in their shortest form, payloads above max.
 */
enum ws_result ws_parse(char *p, size_t n, size_t max, struct ws_frame *out);
/* The head of an unmasked final frame with n bytes; returns its length. */
size_t ws_head(char out[WS_HEAD_MAX], enum ws_op op, uint64_t n);
/* Is a Close payload well formed?  *code gets its status, 1005 when empty. */
bool ws_close_valid(struct str payload, unsigned *code);
/* Sec-WebSocket-Accept for a Sec-WebSocket-Key; false when the key is not 16 bytes in base64. */
bool ws_accept(struct arena *a, struct str key, struct str *out);

#endif

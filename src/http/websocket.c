/* WebSocket frames. */
#include "http/websocket.h"

#include "base/arena.h"
#include "base/b64.h"
#include "base/utf8.h"

#include <openssl/evp.h>
#include <string.h>

enum { FIN = 0x80, RESERVED = 0x70, OPCODE = 0x0f, MASKED = 0x80, LENGTH_16 = 126, LENGTH_64 = 127, MASK_BYTES = 4 };
enum { CODE_PROTOCOL = 1002, CODE_NO_STATUS = 1005, CODE_TOO_BIG = 1009 };

static enum ws_result
refuse(struct ws_frame *out, unsigned code)
{
    out->close_code = code;
    return WS_ERROR;
}

static bool
op_known(unsigned op)
{
    return op <= WS_BINARY || (op >= WS_CLOSE && op <= WS_PONG);
}

static uint64_t
read_be(const unsigned char *p, size_t n)
{
    uint64_t v = 0;

    for (size_t i = 0; i < n; i++)
        v = v << 8 | p[i];
    return v;
}

enum ws_result
ws_parse(char *p, size_t n, size_t max, struct ws_frame *out)
{
    const unsigned char *b = (const unsigned char *)p;
    size_t extra, head;
    uint64_t len;
    bool control;

    *out = (struct ws_frame){ 0 };
    if (n < 1)
        return WS_MORE;
    if ((b[0] & RESERVED) != 0 || !op_known(b[0] & OPCODE))
        return refuse(out, CODE_PROTOCOL);
    out->op = (enum ws_op)(b[0] & OPCODE);
    out->fin = (b[0] & FIN) != 0;
    control = out->op >= WS_CLOSE;
    if (control && !out->fin)
        return refuse(out, CODE_PROTOCOL);
    if (n < 2)
        return WS_MORE;
    len = b[1] & ~MASKED;
    if ((b[1] & MASKED) == 0 || (control && len > WS_CONTROL_MAX))
        return refuse(out, CODE_PROTOCOL);
    extra = len == LENGTH_16 ? 2 : len == LENGTH_64 ? 8 : 0;
    head = 2 + extra + MASK_BYTES;
    if (n < 2 + extra)
        return WS_MORE;
    if (extra > 0) {
        len = read_be(b + 2, extra);
        if (len < (extra == 2 ? (uint64_t)LENGTH_16 : 65536))
            return refuse(out, CODE_PROTOCOL);
    }
    if (len > max)
        return refuse(out, CODE_TOO_BIG);
    if (n < head + len)
        return WS_MORE;
    for (size_t i = 0; i < len; i++)
        p[head + i] ^= p[head - MASK_BYTES + i % MASK_BYTES];
    out->payload = (struct str){ p + head, (size_t)len };
    out->bytes = head + (size_t)len;
    return WS_FRAME;
}

size_t
ws_head(char out[WS_HEAD_MAX], enum ws_op op, uint64_t n)
{
    size_t extra = n < LENGTH_16 ? 0 : n < 65536 ? 2 : 8;

    out[0] = (char)(FIN | op);
    out[1] = (char)(extra == 0 ? n : extra == 2 ? LENGTH_16 : LENGTH_64);
    for (size_t i = 0; i < extra; i++)
        out[2 + i] = (char)(n >> (8 * (extra - 1 - i)));
    return 2 + extra;
}

bool
ws_close_valid(struct str payload, unsigned *code)
{
    *code = CODE_NO_STATUS;
    if (payload.n == 0)
        return true;
    if (payload.n < 2)
        return false;
    *code = (unsigned)read_be((const unsigned char *)payload.p, 2);
    /* 1004 to 1006 and 1015 are names for what is never sent; below 3000 only registered ones may come (7.4). */
    if (!((*code >= 1000 && *code <= 1003) || (*code >= 1007 && *code <= 1014) || (*code >= 3000 && *code <= 4999)))
        return false;
    return utf8_valid(str_sub(payload, 2, payload.n));
}

bool
ws_accept(struct arena *a, struct str key, struct str *out)
{
    unsigned char digest[EVP_MAX_MD_SIZE];
    struct str raw, text;
    size_t n;

    if (!b64_decode(a, key, &raw) || raw.n != 16)
        return false;
    text = str_cat(a, key, S("258EAFA5-E914-47DA-95CA-C5AB0DC85B11"), STR_NONE);
    CHECK(EVP_Q_digest(NULL, "SHA1", NULL, text.p, text.n, digest, &n) == 1);
    *out = b64_encode(a, (struct str){ (const char *)digest, n });
    return true;
}

#include "model/media.h"

#include "base/arena.h"

#include <stdio.h>

const char *const media_kind_names[] = { "unknown", "image", "gifv", "video", "audio", NULL };
const char *const media_cached_names[] = { "attachment", "avatar", "header", "emoji", NULL };

enum { CODE_BYTES = 16 };

static uint64_t proxy_seed[2]; /* written before there is a second thread */

void
media_proxy_seed(const uint64_t seed[2])
{
    proxy_seed[0] = seed[0];
    proxy_seed[1] = seed[1];
}

static void
make_code(enum media_cached kind, int64_t id, char out[CODE_BYTES + 1])
{
    int64_t what[2] = { kind, id };
    struct str bytes = { (const char *)what, sizeof(what) };

    snprintf(out, CODE_BYTES + 1, "%016llx", (unsigned long long)str_hash_keyed(bytes, proxy_seed));
}

struct str
media_proxy_path(struct arena *a, enum media_cached kind, int64_t id, bool small)
{
    char code[CODE_BYTES + 1];

    make_code(kind, id, code);
    return str_fmt(
        a, "/media_proxy/%s/%lld/%s/%s", media_cached_names[kind], (long long)id, code, small ? "small" : "original");
}

bool
media_proxy_code_ok(enum media_cached kind, int64_t id, struct str code)
{
    char want[CODE_BYTES + 1];

    make_code(kind, id, want);
    return str_eq_secret(code, str_z(want));
}

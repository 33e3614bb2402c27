/* The reader never crashes, and what it reads is written so that it reads the same again. */
#include "base/arena.h"
#include "base/json.h"
#include "base/utf8.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static struct str
write_again(struct arena *a, const struct val *v)
{
    struct buf b;
    struct json j;

    buf_init(&b, a, MB(64));
    json_init(&j, &b);
    json_val(&j, NULL, v);
    CHECK(json_done(&j));
    CHECK(utf8_valid(buf_str(&b)));
    return buf_str(&b);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct arena *a = arena_new_heap();
    const struct val *v, *again;

    if (json_parse(a, (struct str){ (const char *)data, n }, NULL, &v) == ERR_OK) {
        struct str once = write_again(a, v);

        CHECK(json_parse(a, once, NULL, &again) == ERR_OK);
        CHECK(str_eq(write_again(a, again), once));
    }
    arena_free(a);
    return 0;
}

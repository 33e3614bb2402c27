/* Multipart bodies: the first line is the Content-Type, the rest the body.  What is taken lies inside the body. */
#include "base/arena.h"
#include "base/utf8.h"
#include "http/multipart.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct str body = { (const char *)data, n }, type, boundary;
    struct arena *a = arena_new_heap();
    struct uploads u = { 0 };
    struct tree t;

    tree_init(&t, a);
    if (n > 0 && str_cut(&body, '\n', &type) && body.p != NULL && multipart_param(a, type, S("boundary"), &boundary) &&
        multipart_parse(&t, body, -1, boundary, &u) == ERR_OK) {
        CHECK(t.n_keys <= PARAMS_KEYS_MAX);
        for (size_t i = 0; i < u.n; i++) {
            CHECK(u.v[i].off >= 0 && u.v[i].n >= 0 && (size_t)(u.v[i].off + u.v[i].n) <= body.n);
            CHECK(u.v[i].bytes.p == body.p + u.v[i].off);
            CHECK(u.v[i].filename.n <= 255 && utf8_valid(u.v[i].filename));
            CHECK(str_chr(u.v[i].filename, '/') < 0 && str_chr(u.v[i].filename, '\0') < 0);
        }
        (void)tree_val(&t);
    }
    arena_free(a);
    return 0;
}

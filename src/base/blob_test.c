#include "base/blob.h"

#include <pthread.h>

#include "unit.h"

UNIT(blob_copies_its_bytes)
{
    char bytes[] = "a\0b";
    struct blob *b = blob_new((struct str){ bytes, 3 });

    bytes[0] = 'x';
    assert_int_equal(blob_str(b).n, 3);
    assert_memory_equal(blob_str(b).p, "a\0b", 4); /* and the NUL behind it */
    blob_unref(b);
    blob_unref(NULL);
}

UNIT(blob_joins_parts)
{
    struct blob *b = blob_new_parts((const struct str[]){ S("ab"), STR_NONE, S("c") }, 3);

    assert_str(blob_str(b), "abc");
    blob_unref(b);
    b = blob_new(STR_NONE);
    assert_int_equal(blob_str(b).n, 0);
    blob_unref(b);
}

static void *
ref_and_unref(void *arg)
{
    for (int i = 0; i < 100000; i++)
        blob_unref(blob_ref(arg));
    blob_unref(arg);
    return NULL;
}

UNIT(blob_lives_until_the_last_thread_lets_go)
{
    struct blob *b = blob_new(S("shared"));
    pthread_t t[4];

    for (size_t i = 0; i < lengthof(t); i++)
        assert_int_equal(pthread_create(&t[i], NULL, ref_and_unref, blob_ref(b)), 0);
    for (size_t i = 0; i < lengthof(t); i++)
        assert_int_equal(pthread_join(t[i], NULL), 0);
    assert_str(blob_str(b), "shared");
    blob_unref(b);
}

/* What filters cost a page: 40 posts of a person with many keywords.  CPU time of the thread in µs, median of 25. */
#include "base/arena.h"
#include "base/clock.h"
#include "model/status.h"
#include "service/filter.h"
#include "service/filter_cache.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { ROUNDS = 25, POSTS = 40 };

static int64_t
cpu_ns(void)
{
    struct timespec t;

    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static int
by_value(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

    return (x > y) - (x < y);
}

static struct str
words(struct arena *a, uint32_t *seed, int n)
{
    struct str out = S("");

    for (int i = 0; i < n; i++) {
        char w[12];
        int len = 3 + (int)((*seed = *seed * 1664525 + 1013904223) >> 28) % 8;

        for (int k = 0; k < len; k++)
            w[k] = (char)('a' + ((*seed = *seed * 1664525 + 1013904223) >> 16) % 26);
        out = str_cat(a, out, i > 0 ? S(" ") : S(""), (struct str){ w, (size_t)len }, STR_NONE);
    }
    return out;
}

static void
measure(struct arena *a, size_t keywords, int post_words)
{
    struct arena *mem = arena_new_heap();
    struct text_keyword *v = arena_vec(a, struct text_keyword, keywords);
    struct filter f = { .id = 1, .keywords = arena_vec(a, struct filter_keyword, keywords), .n_keywords = keywords };
    struct filter_set set = { .filters = { &f, 1 }, .n_words = keywords };
    struct status posts[POSTS] = { 0 };
    int64_t took[ROUNDS], begin;
    uint32_t seed = 1;

    for (size_t i = 0; i < keywords; i++) {
        v[i] = (struct text_keyword){ words(a, &seed, 1), true };
        f.keywords[i].keyword = v[i].text;
    }
    for (int i = 0; i < POSTS; i++)
        posts[i].content = str_cat(a, S("<p>"), words(a, &seed, post_words), S("</p>"), STR_NONE);
    begin = cpu_ns();
    set.words = text_filter_new(a, mem, v, keywords);
    begin = cpu_ns() - begin;
    for (int r = 0; r < ROUNDS; r++) {
        int64_t from = cpu_ns();

        for (int i = 0; i < POSTS; i++) {
            struct strs texts = service_filter_texts(mem, &posts[i]);

            posts[i].filtered = service_filter_match(mem, &set, &posts[i], &texts);
        }
        took[r] = cpu_ns() - from;
        arena_reset(mem);
    }
    qsort(took, ROUNDS, sizeof(took[0]), by_value);
    printf("%6zu keywords, %4zu bytes a post: compile %7.1f, 40 posts %7.1f\n", keywords, posts[0].content.n,
        (double)begin / 1000, (double)took[ROUNDS / 2] / 1000);
    arena_free(mem);
}

int
main(void)
{
    struct arena *a = arena_new_heap();

    measure(a, 1, 40);
    measure(a, 100, 40);
    measure(a, 100, 400);
    measure(a, 2000, 40);
    arena_free(a);
    return 0;
}

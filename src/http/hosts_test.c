#include "http/hosts.h"

#include "base/arena.h"
#include "unit.h"

UNIT(hosts_stay_bounded_against_invented_names)
{
    struct hosts *t = hosts_new(100, sizeof(struct host));
    struct host *kept = hosts_get(t, S("real.example"));

    hosts_pin(t, kept);
    for (int i = 0; i < 100000; i++) {
        char name[32];
        int n = snprintf(name, sizeof(name), "h%d.evil.example", i);

        assert_non_null(hosts_get(t, (struct str){ name, (size_t)n }));
    }
    assert_int_equal(hosts_count(t), 100);
    assert_ptr_equal(hosts_find(t, S("real.example")), kept);
    assert_non_null(hosts_find(t, S("h99999.evil.example")));
    assert_null(hosts_find(t, S("h99900.evil.example")));
    hosts_unpin(t, kept);
    hosts_free(t);
}

UNIT(hosts_evict_the_least_recently_used)
{
    struct hosts *t = hosts_new(3, sizeof(struct host));

    hosts_get(t, S("a"));
    hosts_get(t, S("b"));
    hosts_get(t, S("c"));
    assert_non_null(hosts_find(t, S("a")));
    hosts_get(t, S("d"));
    assert_null(hosts_find(t, S("b")));
    assert_non_null(hosts_find(t, S("a")));
    hosts_free(t);
}

UNIT(hosts_full_of_pinned_refuses)
{
    struct hosts *t = hosts_new(2, sizeof(struct host));

    hosts_pin(t, hosts_get(t, S("a")));
    hosts_pin(t, hosts_get(t, S("b")));
    assert_null(hosts_get(t, S("c")));
    hosts_unpin(t, hosts_find(t, S("a")));
    assert_non_null(hosts_get(t, S("c")));
    assert_null(hosts_find(t, S("a")));
    hosts_free(t);
}

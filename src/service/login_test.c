/* Where a log-in came from: what counts as the same place. */
#include "service/login.h"

#include "unit.h"

#define FIREFOX "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"

UNIT(a_place_is_a_network_and_a_browser_of_any_version)
{
    static const struct {
        const char *ip, *agent;
        bool known;
    } rows[] = {
        { "192.0.2.7", FIREFOX, true },
        { "192.0.200.1", "Mozilla/5.0 (X11; Linux x86_64; rv:151.0) Gecko/20100101 Firefox/151.0.2", true },
        { "192.1.2.7", FIREFOX, false },
        { "192.0.2.7", "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0 more", false },
        { "192.0.2.7", "", false },
        { "2001:db8:1:ffff::1", "curl/8.1", true },
        { "2001:db8:2::1", "curl/8.1", false },
        { "192.0.2.7", "curl/8.1", false },
        { "", "curl/8.1", false },
        { "unix:", "", true },
    };
    struct login before[] = { { .ip = S("192.0.2.7"), .user_agent = S(FIREFOX) },
        { .ip = S("2001:db8:1::1"), .user_agent = S("curl/7.88.1") }, { .ip = S("unix:"), .user_agent = S("") } };
    struct logins all = { before, lengthof(before) };

    for (size_t i = 0; i < lengthof(rows); i++) {
        struct login l = { .ip = str_z(rows[i].ip), .user_agent = str_z(rows[i].agent) };

        assert_int_equal(service_login_is_known(&l, &all), rows[i].known);
    }
    assert_false(service_login_is_known(&before[0], &(struct logins){ 0 }));
}

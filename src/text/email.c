/* The local part is atoms between dots (RFC 5322, 3.2.3) without the two characters that relays once took for routes. */
#include "text/email.h"

#include "base/arena.h"
#include "text/idna.h"

#include <string.h>

static bool
is_atom(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           (c != '\0' && strchr("#$&'*+-/=?^_`{|}~", c) != NULL);
}

static bool
is_local(struct str s)
{
    char before = '.';

    if (s.n == 0 || s.n > EMAIL_LOCAL_BYTES_MAX)
        return false;
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] == '.' ? before == '.' : !is_atom(s.p[i]))
            return false;
        before = s.p[i];
    }
    return before != '.';
}

/* Mail goes to host names (RFC 5321, 2.3.5): no label begins or ends with a hyphen. */
static bool
is_host_name(struct str domain)
{
    struct str label;

    while (str_cut(&domain, '.', &label))
        if (str_starts(label, S("-")) || str_ends(label, S("-")))
            return false;
    return true;
}

bool
email_parse(struct arena *a, struct str s, struct email *out)
{
    ptrdiff_t at;

    s = str_trim(s);
    at = str_chr(s, '@');
    if (at < 0 || s.n > 4 * EMAIL_BYTES_MAX || s.p[s.n - 1] == '.')
        return false;
    out->local = str_dup(a, str_sub(s, 0, (size_t)at));
    if (!is_local(out->local) || !text_domain_normal(a, str_sub(s, (size_t)at + 1, s.n), &out->domain) ||
        !is_host_name(out->domain))
        return false;
    out->text = str_cat(a, out->local, S("@"), out->domain, STR_NONE);
    out->key = str_lower(a, out->text);
    return out->text.n <= EMAIL_BYTES_MAX;
}

/* Domain names through libidn2, with stricter rules around it. */
#include "text/idna.h"

#include "base/arena.h"
#include "base/utf8.h"

#include <idn2.h>

enum { LABEL_BYTES_MAX = 63, SOURCE_BYTES_MAX = 1024 };

static bool
is_host_char(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.';
}

/* Takes what libidn2 allocated into the arena; z may be NULL. */
static struct str
take(struct arena *a, char *z)
{
    struct str s = z == NULL ? STR_NONE : str_dup(a, str_z(z));

    idn2_free(z);
    return s;
}

static bool
encode(struct arena *a, struct str utf8, struct str *out)
{
    int flags = IDN2_NONTRANSITIONAL | IDN2_NFC_INPUT;
    uint8_t *z = NULL;

    if (idn2_lookup_u8((const uint8_t *)str_cz(a, utf8), &z, flags) != IDN2_OK)
        return false;
    *out = take(a, (char *)z);
    return out->n > 0;
}

static bool
decode_label(struct arena *a, struct str label, struct str *out)
{
    char *z = NULL;

    if (idn2_to_unicode_8z8z(str_cz(a, label), &z, IDN2_NONTRANSITIONAL) != IDN2_OK)
        return false;
    *out = take(a, z);
    return true;
}

static bool
has_non_ascii(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if ((unsigned char)s.p[i] >= 0x80)
            return true;
    return false;
}

/* An A-label must stand for something that is not ASCII, and be the only way to write it (RUSTSEC-2024-0421). */
static bool
check_label(struct arena *a, struct str label)
{
    struct str unicode, again;

    if (label.n == 0 || label.n > LABEL_BYTES_MAX)
        return false;
    if (!str_starts(label, S("xn--")))
        return true;
    return decode_label(a, label, &unicode) && has_non_ascii(unicode) && encode(a, unicode, &again) &&
           str_eq(label, again);
}

static bool
is_number(struct str label)
{
    for (size_t i = 0; i < label.n; i++)
        if (label.p[i] < '0' || label.p[i] > '9')
            return str_starts(label, S("0x"));
    return label.n > 0;
}

bool
text_domain_normal(struct arena *a, struct str host, struct str *out)
{
    struct str name = host, rest, label = STR_NONE;

    if (host.n == 0 || host.n > SOURCE_BYTES_MAX || !utf8_valid(host) || memchr(host.p, '\0', host.n) != NULL)
        return false;
    if (has_non_ascii(host)) {
        if (!encode(a, host, &name))
            return false;
    }
    name = str_lower(a, name);
    if (str_ends(name, S(".")))
        name.n--;
    if (name.n == 0 || name.n > DOMAIN_BYTES_MAX)
        return false;
    for (size_t i = 0; i < name.n; i++)
        if (!is_host_char(name.p[i]))
            return false;
    for (rest = name; str_cut(&rest, '.', &label);)
        if (!check_label(a, label))
            return false;
    if (is_number(label))
        return false;
    *out = name;
    return true;
}

bool
text_authority_normal(struct arena *a, struct str authority, struct str *out)
{
    ptrdiff_t colon = str_rchr(authority, ':');
    struct str host = colon < 0 ? authority : str_sub(authority, 0, (size_t)colon);
    struct str port = colon < 0 ? STR_NONE : str_sub(authority, (size_t)colon + 1, authority.n);
    int64_t number;

    if (colon >= 0 && (port.n > 5 || !str_int(port, &number) || number < 1 || number > 65535))
        return false;
    if (!text_domain_normal(a, host, &host))
        return false;
    *out = colon < 0 ? host : str_fmt(a, "%.*s:%d", STR_ARG(host), (int)number);
    return true;
}

bool
text_domain_within(struct str domain, struct str parent)
{
    if (parent.n == 0 || !str_ends(domain, parent))
        return false;
    return domain.n == parent.n || domain.p[domain.n - parent.n - 1] == '.';
}

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

enum { SCRIPT_LATIN = 1, SCRIPT_GREEK = 2, SCRIPT_CYRILLIC = 4, SCRIPT_ARMENIAN = 8 };

/* Only scripts whose letters look like each other's. */
static int
script_bit(uint32_t cp)
{
    static const struct {
        uint32_t first, last;
        int bit;
    } v[] = { { 'a', 'z', SCRIPT_LATIN }, { 0xdf, 0x24f, SCRIPT_LATIN }, { 0x1e00, 0x1eff, SCRIPT_LATIN },
        { 0x370, 0x3ff, SCRIPT_GREEK }, { 0x1f00, 0x1fff, SCRIPT_GREEK }, { 0x400, 0x52f, SCRIPT_CYRILLIC },
        { 0x531, 0x58f, SCRIPT_ARMENIAN } };

    for (size_t i = 0; i < lengthof(v); i++)
        if (cp >= v[i].first && cp <= v[i].last)
            return v[i].bit;
    return 0;
}

/* Cyrillic letters that exist in Latin type: a label of nothing else is a Latin word in disguise. */
static bool
looks_latin(uint32_t cp)
{
    static const uint32_t v[] = { 0x430, 0x435, 0x43e, 0x440, 0x441, 0x443, 0x445, 0x455, 0x456, 0x458, 0x4bb, 0x4cf,
        0x501, 0x51b, 0x51d };

    for (size_t i = 0; i < lengthof(v); i++)
        if (v[i] == cp)
            return true;
    return (cp >= '0' && cp <= '9') || cp == '-';
}

static bool
is_safe_to_show(struct str label)
{
    bool disguise = true;
    int scripts = 0;
    uint32_t cp;

    while (utf8_next(&label, &cp)) {
        scripts |= script_bit(cp);
        disguise = disguise && looks_latin(cp);
    }
    return (scripts & (scripts - 1)) == 0 && !disguise;
}

struct str
text_domain_unicode(struct arena *a, struct str domain)
{
    struct str rest = domain, label, unicode, out = S("");

    if (str_find(domain, S("xn--")) < 0)
        return domain;
    while (str_cut(&rest, '.', &label)) {
        bool plain = !str_starts(label, S("xn--")) || !decode_label(a, label, &unicode) || !is_safe_to_show(unicode);

        out = str_cat(a, out, out.n > 0 ? S(".") : S(""), plain ? label : unicode, STR_NONE);
    }
    return out;
}

bool
text_domain_within(struct str domain, struct str parent)
{
    if (parent.n == 0 || !str_ends(domain, parent))
        return false;
    return domain.n == parent.n || domain.p[domain.n - parent.n - 1] == '.';
}

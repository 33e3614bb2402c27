/* GNU .mo catalogues: two sorted tables of strings, read in place. */
#include "text/i18n.h"

#include "base/arena.h"
#include "base/buf.h"
#include "text/embed.h"

#include <string.h>

enum { MO_HEADER_BYTES = 20, RANGES_MAX = 32 };

static const uint32_t MO_MAGIC = 0x950412de;

/* "en" has no catalogue: it is the source. */
static struct str locales[] = { { "en", 2 }, { "de", 2 }, { "fr", 2 } };

struct catalogue {
    struct str bytes;
    uint32_t n, originals, translations;
};

static uint32_t
word_at(struct str s, size_t at)
{
    uint32_t v;

    if (at + 4 > s.n)
        return 0;
    memcpy(&v, s.p + at, 4); /* msgfmt was told the byte order of this machine */
    return v;
}

static bool
open_catalogue(struct str locale, struct catalogue *c)
{
    struct str language = locale;
    const struct embed_file *f;
    char path[32];

    for (size_t i = 0; i < locale.n; i++)
        if (locale.p[i] == '-' || locale.p[i] == '_') {
            language.n = i;
            break;
        }
    if (language.n == 0 || language.n > 8 || str_eq(language, S("en")))
        return false;
    snprintf(path, sizeof(path), "locale/%.*s.mo", STR_ARG(language));
    f = text_embed_find(text_embed_share(), str_z(path));
    if (f == NULL || f->bytes.n < MO_HEADER_BYTES || word_at(f->bytes, 0) != MO_MAGIC)
        return false;
    *c = (struct catalogue){ .bytes = f->bytes,
        .n = word_at(f->bytes, 8),
        .originals = word_at(f->bytes, 12),
        .translations = word_at(f->bytes, 16) };
    return true;
}

/* String i of a table.  A plural has its forms in one string with NUL bytes between. */
static struct str
string_at(const struct catalogue *c, uint32_t table, uint32_t i)
{
    uint32_t n = word_at(c->bytes, table + 8u * i), at = word_at(c->bytes, table + 8u * i + 4);

    return (uint64_t)at + n <= c->bytes.n ? str_sub(c->bytes, at, (size_t)at + n) : S("");
}

static struct str
first_form(struct str s)
{
    ptrdiff_t nul = str_chr(s, '\0');

    return nul < 0 ? s : str_sub(s, 0, (size_t)nul);
}

/* All forms of the translation, or STR_NONE. */
static struct str
look_up(const struct catalogue *c, struct str msgid)
{
    uint32_t low = 0, high = c->n;

    while (low < high) {
        uint32_t mid = low + (high - low) / 2;
        int order = str_cmp(msgid, first_form(string_at(c, c->originals, mid)));

        if (order == 0)
            return string_at(c, c->translations, mid);
        if (order < 0)
            high = mid;
        else
            low = mid + 1;
    }
    return STR_NONE;
}

struct str
text_tr(struct str locale, struct str msgid)
{
    struct catalogue c;
    struct str found;

    if (msgid.n == 0 || !open_catalogue(locale, &c))
        return msgid;
    found = first_form(look_up(&c, msgid));
    return found.n > 0 ? found : msgid;
}

/* The plural rules of the languages there are; msgfmt and a test see to it that no other is used. */
static size_t
plural_form(const struct catalogue *c, int64_t n)
{
    struct str header = look_up(c, S(""));

    if (str_find(header, S("plural=(n > 1)")) >= 0)
        return n > 1;
    return n != 1;
}

struct str
text_tr_n(struct str locale, struct str one, struct str many, int64_t n)
{
    struct str forms, form = STR_NONE;
    struct catalogue c;

    n = n < 0 ? -n : n;
    if (open_catalogue(locale, &c) && (forms = look_up(&c, one)).n > 0) {
        for (size_t i = 0, k = plural_form(&c, n); i <= k; i++)
            if (!str_cut(&forms, '\0', &form))
                break;
        if (form.n > 0)
            return form;
    }
    return n == 1 ? one : many;
}

struct str
text_tr_fill(struct arena *a, struct str pattern, const struct str *args, size_t n_args)
{
    size_t max = pattern.n + 1;
    struct buf b;

    for (size_t i = 0; i < n_args; i++)
        max += args[i].n * (pattern.n / 3 + 1);
    buf_init(&b, a, max);
    for (size_t i = 0; i < pattern.n; i++) {
        bool is_arg = pattern.p[i] == '{' && i + 2 < pattern.n && pattern.p[i + 1] >= '0' && pattern.p[i + 1] <= '9' &&
                      pattern.p[i + 2] == '}';

        if (is_arg && (size_t)(pattern.p[i + 1] - '0') < n_args) {
            buf_put(&b, args[pattern.p[i + 1] - '0']);
            i += 2;
        } else {
            buf_putc(&b, pattern.p[i]);
        }
    }
    return buf_str(&b);
}

/* q-value in thousandths: "0", "0.5", "1.000"; 1000 when absent, 0 when bad. */
static int
quality(struct str params)
{
    struct str p = str_trim(params);
    int q = 0, digit = 100;

    if (p.n == 0)
        return 1000;
    if (!str_startsi(p, S("q=")) || p.n < 3)
        return 0;
    p = str_sub(p, 2, p.n);
    if (p.p[0] == '1')
        return 1000;
    for (size_t i = 2; p.p[0] == '0' && i < p.n && digit > 0 && p.p[i] >= '0' && p.p[i] <= '9'; i++, digit /= 10)
        q += (p.p[i] - '0') * digit;
    return q;
}

struct str
text_locale_match(struct str accept_language)
{
    struct str rest = accept_language, range, best = locales[0];
    int best_q = 0;

    for (int n = 0; n < RANGES_MAX && str_cut(&rest, ',', &range); n++) {
        ptrdiff_t semicolon = str_chr(range, ';');
        struct str tag = str_trim(str_sub(range, 0, semicolon < 0 ? range.n : (size_t)semicolon));
        int q = quality(semicolon < 0 ? S("") : str_sub(range, (size_t)semicolon + 1, range.n));

        for (size_t i = 0; i < lengthof(locales) && q > best_q; i++)
            if (str_startsi(tag, locales[i]) && (tag.n == locales[i].n || tag.p[locales[i].n] == '-')) {
                best = locales[i];
                best_q = q;
            }
    }
    return best;
}

struct strs
text_locales(void)
{
    return (struct strs){ locales, lengthof(locales) };
}

bool
text_locale_rtl(struct str locale)
{
    static const struct str rtl[] = { { "ar", 2 }, { "ckb", 3 }, { "dv", 2 }, { "fa", 2 }, { "he", 2 }, { "ps", 2 },
        { "sd", 2 }, { "ug", 2 }, { "ur", 2 }, { "yi", 2 } };

    for (size_t i = 0; i < lengthof(rtl); i++)
        if (str_startsi(locale, rtl[i]) &&
            (locale.n == rtl[i].n || locale.p[rtl[i].n] == '-' || locale.p[rtl[i].n] == '_'))
            return true;
    return false;
}

bool
text_language_ok(struct str s)
{
    enum { BYTES_MAX = 16 };

    if (s.n < 2 || s.n > BYTES_MAX)
        return false;
    for (size_t i = 0; i < s.n; i++)
        if (!((s.p[i] >= 'a' && s.p[i] <= 'z') || (s.p[i] >= 'A' && s.p[i] <= 'Z') ||
                (s.p[i] >= '0' && s.p[i] <= '9') || s.p[i] == '-'))
            return false;
    return true;
}

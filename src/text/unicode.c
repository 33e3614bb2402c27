/* Unicode beyond validity, on utf8proc's data. */
#include "text/unicode.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/utf8.h"

#include <utf8proc.h>

enum {
    MARKS_MAX = 8,     /* on one base, in names: more is meant to cover the lines around it */
    EMOJI_CPS_MAX = 16 /* the longest real ones have 10 */
};

struct range {
    uint32_t first, last;
};

static bool
in_ranges(uint32_t cp, const struct range *v, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (cp >= v[i].first && cp <= v[i].last)
            return true;
    return false;
}

/* Marks that readers leave out when they search.  Indic vowel signs and the kana voicing marks are not among them: those
 * make another word. */
static const struct range search_marks[] = {
    { 0x0300, 0x036f },
    { 0x0483, 0x0487 },
    { 0x0591, 0x05bd },
    { 0x05bf, 0x05bf },
    { 0x05c1, 0x05c2 },
    { 0x05c4, 0x05c5 },
    { 0x0610, 0x061a },
    { 0x064b, 0x065f },
    { 0x0670, 0x0670 },
    { 0x06d6, 0x06dc },
    { 0x1ab0, 0x1aff },
    { 0x1dc0, 0x1dff },
    { 0x20d0, 0x20ff },
    { 0xfe00, 0xfe2f },
};

/* Scripts written without spaces between words. */
static const struct range unspaced[] = {
    { 0x0e00, 0x0eff },   /* Thai, Lao */
    { 0x1000, 0x109f },   /* Myanmar */
    { 0x1100, 0x11ff },   /* Hangul jamo */
    { 0x1780, 0x17ff },   /* Khmer */
    { 0x3005, 0x3007 },   /* iteration marks */
    { 0x3040, 0x30ff },   /* kana */
    { 0x31f0, 0x31ff },   /* kana extensions */
    { 0x3400, 0x4dbf },   /* Han */
    { 0x4e00, 0x9fff },   /* Han */
    { 0xac00, 0xd7af },   /* Hangul */
    { 0xf900, 0xfaff },   /* Han */
    { 0x1b000, 0x1b16f }, /* kana */
    { 0x20000, 0x3ffff }, /* Han */
};

/* ---- normal forms ---------------------------------------------------------------------------------------------- */

/* keep may be NULL; it sees each decomposed code point with the one before it that was kept. */
static struct str
transform(struct arena *a, struct str s, int options, bool (*keep)(int32_t cp, int32_t before))
{
    utf8proc_ssize_t n, kept = 0;
    utf8proc_int32_t *cps;

    s = utf8_clean(a, s, false);
    n = utf8proc_decompose((const utf8proc_uint8_t *)s.p, (utf8proc_ssize_t)s.n, NULL, 0, (utf8proc_option_t)options);
    CHECK(n >= 0); /* the text is valid and short of what overflows */
    cps = arena_vec(a, utf8proc_int32_t, (size_t)n + 1);
    utf8proc_decompose((const utf8proc_uint8_t *)s.p, (utf8proc_ssize_t)s.n, cps, n, (utf8proc_option_t)options);
    for (utf8proc_ssize_t i = 0; keep != NULL && i < n; i++)
        if (keep(cps[i], kept > 0 ? cps[kept - 1] : 0))
            cps[kept++] = cps[i];
    n = utf8proc_reencode(cps, keep != NULL ? kept : n, (utf8proc_option_t)options);
    CHECK(n >= 0);
    return (struct str){ (const char *)cps, (size_t)n };
}

struct str
text_nfc(struct arena *a, struct str s)
{
    return str_is_ascii(s) ? s : transform(a, s, UTF8PROC_STABLE | UTF8PROC_COMPOSE, NULL);
}

struct str
text_casefold(struct arena *a, struct str s)
{
    if (str_is_ascii(s))
        return str_lower(a, s);
    return transform(a, s, UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_COMPAT | UTF8PROC_CASEFOLD, NULL);
}

static bool
is_searched(int32_t cp, int32_t before UNUSED)
{
    return !in_ranges((uint32_t)cp, search_marks, lengthof(search_marks));
}

struct str
text_fold(struct arena *a, struct str s)
{
    if (str_is_ascii(s))
        return str_lower(a, s);
    return transform(
        a, s, UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_COMPAT | UTF8PROC_CASEFOLD | UTF8PROC_IGNORE, is_searched);
}

/* Latin letters lose their marks; others (й, が) are other letters without them. */
static bool
is_in_tag_key(int32_t cp, int32_t before)
{
    if (cp >= 0x0300 && cp <= 0x036f)
        return before >= 0x80;
    return text_is_word((uint32_t)cp) || cp == 0xb7 || cp == 0x30fb || cp == 0x200c;
}

struct str
text_tag_fold(struct arena *a, struct str s)
{
    return transform(a, s, UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_COMPAT | UTF8PROC_CASEFOLD, is_in_tag_key);
}

/* ---- graphemes ------------------------------------------------------------------------------------------------- */

bool
text_grapheme_next(struct str *rest, struct str *out)
{
    struct str at = *rest, next;
    utf8proc_int32_t state = 0;
    uint32_t cp, after;

    if (!utf8_next(&at, &cp))
        return false;
    for (next = at; utf8_next(&next, &after); at = next, cp = after)
        if (utf8proc_grapheme_break_stateful((utf8proc_int32_t)cp, (utf8proc_int32_t)after, &state))
            break;
    *out = (struct str){ rest->p, rest->n - at.n };
    *rest = at;
    return true;
}

size_t
text_graphemes(struct str s)
{
    struct str cluster;
    size_t n = 0;

    while (text_grapheme_next(&s, &cluster))
        n++;
    return n;
}

struct str
text_grapheme_cut(struct str s, size_t n)
{
    struct str rest = s, cluster;

    while (n > 0 && text_grapheme_next(&rest, &cluster))
        n--;
    return str_sub(s, 0, s.n - rest.n);
}

/* ---- classes --------------------------------------------------------------------------------------------------- */

bool
text_is_letter(uint32_t cp)
{
    switch (utf8proc_category((utf8proc_int32_t)cp)) {
    case UTF8PROC_CATEGORY_LU:
    case UTF8PROC_CATEGORY_LL:
    case UTF8PROC_CATEGORY_LT:
    case UTF8PROC_CATEGORY_LM:
    case UTF8PROC_CATEGORY_LO:
    case UTF8PROC_CATEGORY_NL:
    case UTF8PROC_CATEGORY_MC:
        return true;
    default:
        return false;
    }
}

bool
text_is_word(uint32_t cp)
{
    switch (utf8proc_category((utf8proc_int32_t)cp)) {
    case UTF8PROC_CATEGORY_MN:
    case UTF8PROC_CATEGORY_ME:
    case UTF8PROC_CATEGORY_ND:
    case UTF8PROC_CATEGORY_PC:
        return true;
    default:
        return text_is_letter(cp);
    }
}

bool
text_is_space(uint32_t cp)
{
    static const struct range spaces[] = { { 0x09, 0x0d }, { 0x20, 0x20 }, { 0x85, 0x85 }, { 0xa0, 0xa0 },
        { 0x1680, 0x1680 }, { 0x2000, 0x200a }, { 0x2028, 0x2029 }, { 0x202f, 0x202f }, { 0x205f, 0x205f },
        { 0x3000, 0x3000 } };

    return in_ranges(cp, spaces, lengthof(spaces));
}

static bool
is_mark(uint32_t cp)
{
    utf8proc_category_t c = utf8proc_category((utf8proc_int32_t)cp);

    return c == UTF8PROC_CATEGORY_MN || c == UTF8PROC_CATEGORY_MC || c == UTF8PROC_CATEGORY_ME;
}

/* Unassigned code points count as visible: they may be newer than our tables. */
static bool
is_visible(uint32_t cp)
{
    utf8proc_category_t c = utf8proc_category((utf8proc_int32_t)cp);
    static const struct range fillers[] = { { 0x115f, 0x1160 }, { 0x2800, 0x2800 }, { 0x3164, 0x3164 },
        { 0xffa0, 0xffa0 }, { 0xfff0, 0xfffb }, { 0xe0000, 0xe0fff } };

    return !text_is_space(cp) && !is_mark(cp) && c != UTF8PROC_CATEGORY_CC && c != UTF8PROC_CATEGORY_CF &&
           !in_ranges(cp, fillers, lengthof(fillers));
}

bool
text_is_blank(struct str s)
{
    uint32_t cp;

    while (utf8_next(&s, &cp))
        if (is_visible(cp))
            return false;
    return true;
}

/* ---- tidying strangers' text ------------------------------------------------------------------------------------ */

static bool
is_bidi_control(uint32_t cp)
{
    return (cp >= 0x202a && cp <= 0x202e) || (cp >= 0x2066 && cp <= 0x2069);
}

struct str
text_one_line(struct arena *a, struct str s)
{
    struct buf b;
    uint32_t cp;
    int marks = 0;

    buf_init(&b, a, s.n * 3 + 1); /* a bad byte becomes three */
    while (utf8_next(&s, &cp)) {
        if (is_bidi_control(cp))
            continue;
        if (cp < 0x20 || (cp >= 0x7f && cp < 0xa0) || cp == 0x2028 || cp == 0x2029)
            cp = ' ';
        marks = is_mark(cp) ? marks + 1 : 0;
        if (marks <= MARKS_MAX)
            buf_put_utf8(&b, cp);
    }
    return str_trim(buf_str(&b));
}

/* Bidi controls left open would turn what stands after the text; PDF and PDI close them. */
static void
close_bidi(struct buf *b, int *embeddings, int *isolates)
{
    for (; *isolates > 0; (*isolates)--)
        buf_put_utf8(b, 0x2069);
    for (; *embeddings > 0; (*embeddings)--)
        buf_put_utf8(b, 0x202c);
}

struct str
text_lines(struct arena *a, struct str s)
{
    int embeddings = 0, isolates = 0;
    struct buf b;
    uint32_t cp;

    buf_init(&b, a, s.n * 3 + 3);
    while (utf8_next(&s, &cp)) {
        if (cp == '\r') {
            if (s.n > 0 && s.p[0] == '\n')
                continue;
            cp = '\n';
        }
        if ((cp < 0x20 && cp != '\n' && cp != '\t') || cp == 0x7f)
            continue;
        if (cp == 0x202c || cp == 0x2069) {
            int *open = cp == 0x202c ? &embeddings : &isolates;

            if (*open == 0)
                continue;
            (*open)--;
        } else if (is_bidi_control(cp)) {
            (*(cp < 0x2066 ? &embeddings : &isolates))++;
        }
        if (cp == '\n')
            close_bidi(&b, &embeddings, &isolates);
        buf_put_utf8(&b, cp);
    }
    close_bidi(&b, &embeddings, &isolates);
    return buf_str(&b);
}

/* ---- emoji ------------------------------------------------------------------------------------------------------ */

static int
boundclass(uint32_t cp)
{
    return (int)utf8proc_get_property((utf8proc_int32_t)cp)->boundclass;
}

bool
text_is_emoji(struct str s)
{
    uint32_t cps[EMOJI_CPS_MAX], cp;
    struct str rest = s, cluster;
    size_t n = 0;

    if (!utf8_valid(s) || !text_grapheme_next(&rest, &cluster) || rest.n > 0)
        return false;
    while (utf8_next(&cluster, &cp)) {
        if (n == EMOJI_CPS_MAX)
            return false;
        cps[n++] = cp;
    }
    if (boundclass(cps[0]) == UTF8PROC_BOUNDCLASS_REGIONAL_INDICATOR)
        return n == 2;
    if ((cps[0] >= '0' && cps[0] <= '9') || cps[0] == '#' || cps[0] == '*')
        return (n == 2 && cps[1] == 0x20e3) || (n == 3 && cps[1] == 0xfe0f && cps[2] == 0x20e3);
    return boundclass(cps[0]) == UTF8PROC_BOUNDCLASS_EXTENDED_PICTOGRAPHIC && cps[n - 1] != 0x200d;
}

struct str
text_emoji_key(struct arena *a, struct str s)
{
    struct buf b;
    uint32_t cp;

    buf_init(&b, a, s.n * 3 + 1);
    while (utf8_next(&s, &cp))
        if (cp != 0xfe0f)
            buf_put_utf8(&b, cp);
    return buf_str(&b);
}

/* ---- search tokens ---------------------------------------------------------------------------------------------- */

static void
add_token(struct strs *out, struct str token)
{
    if (token.n > 0 && out->n < TEXT_TOKENS_MAX)
        out->v[out->n++] = utf8_cut(token, TEXT_TOKEN_BYTES_MAX);
}

/* Overlapping pairs of the characters of a run; marks belong to the character before them. */
static void
add_pairs(struct strs *out, struct str run)
{
    struct str rest = run, one, two;
    const char *from;

    if (!text_grapheme_next(&rest, &one))
        return;
    if (rest.n == 0)
        add_token(out, one);
    for (from = one.p; text_grapheme_next(&rest, &two); from = two.p)
        add_token(out, (struct str){ from, (size_t)(two.p + two.n - from) });
}

enum token_class { TOKEN_NONE, TOKEN_WORD, TOKEN_PAIRS };

static enum token_class
classify(uint32_t cp)
{
    if (cp == '_' || !text_is_word(cp))
        return TOKEN_NONE;
    return in_ranges(cp, unspaced, lengthof(unspaced)) ? TOKEN_PAIRS : TOKEN_WORD;
}

struct strs
text_tokens(struct arena *a, struct str s)
{
    struct str folded = text_fold(a, s), rest = folded;
    enum token_class now = TOKEN_NONE;
    const char *start = folded.p;
    struct strs out = { 0 };
    uint32_t cp;

    out.v = arena_vec(a, struct str, MIN(folded.n + 1, TEXT_TOKENS_MAX));
    for (;;) {
        const char *at = rest.p;
        bool more = utf8_next(&rest, &cp);
        enum token_class next = more ? classify(cp) : TOKEN_NONE;

        if (more && next == now)
            continue;
        if (now == TOKEN_WORD)
            add_token(&out, (struct str){ start, (size_t)(at - start) });
        else if (now == TOKEN_PAIRS)
            add_pairs(&out, (struct str){ start, (size_t)(at - start) });
        if (!more)
            return out;
        now = next;
        start = at;
    }
}

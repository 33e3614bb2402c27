/* Mentions, hashtags, URLs and shortcodes in plain text: one pass, each kind starts at its own character. */
#include "text/internal.h"

#include "base/arena.h"
#include "base/utf8.h"
#include "text/idna.h"
#include "text/unicode.h"

enum { URL_SCAN_BYTES_MAX = 4096, LABELS_MAX = 127, LABEL_POINTS_MAX = 59, SHORTCODES_MAX = 500 };

struct scan {
    struct arena *mem;
    struct str s;
    bool ascii_query; /* as the clients count: their query characters are ASCII only */
    struct links out;
};

static bool
is_alnum(uint32_t cp)
{
    return (cp >= '0' && cp <= '9') || (cp >= 'a' && cp <= 'z') || (cp >= 'A' && cp <= 'Z');
}

static bool
is_one_of(uint32_t cp, const char *set)
{
    return cp != 0 && cp < 0x80 && strchr(set, (int)cp) != NULL;
}

/* The code point at byte i and the byte after it; false at the end. */
static bool
peek(struct str s, size_t i, uint32_t *cp, size_t *next)
{
    struct str rest = str_sub(s, i, s.n);

    if (!utf8_next(&rest, cp))
        return false;
    *next = s.n - rest.n;
    return true;
}

static char
byte_at(struct str s, size_t i)
{
    return i < s.n ? s.p[i] : '\0';
}

/* ---- hosts ------------------------------------------------------------------------------------------------------ */

/* Letters, digits, marks and symbols: what a label may begin and end with.  Emoji domains exist. */
static bool
is_label_char(uint32_t cp)
{
    if (cp < 0x80)
        return is_alnum(cp);
    return !text_is_space(cp) && (text_is_word(cp) || (cp >= 0x2190 && cp <= 0x2bff) || cp >= 0x1f000);
}

struct label {
    size_t from, to;
    size_t points;
    bool ascii, underscore, digits;
};

/* One label at byte i.  Hyphens and underscores stand inside only; a hyphen at the end makes the label bad. */
static bool
scan_label(struct str s, size_t i, bool first, struct label *l)
{
    uint32_t cp, before = 0;
    size_t next;

    *l = (struct label){ .from = i, .to = i, .ascii = true, .digits = true };
    while (peek(s, i, &cp, &next) && (is_label_char(cp) || cp == '-' || cp == '_')) {
        /* After the first label Latin letters that turn into another script have ended: "example.comです". */
        if (!first && cp >= 0x80 && l->ascii && l->points >= 2)
            break;
        l->ascii = l->ascii && cp < 0x80;
        l->underscore = l->underscore || cp == '_';
        l->digits = l->digits && cp >= '0' && cp <= '9';
        l->points++;
        before = cp;
        l->to = i = next;
    }
    return l->points > 0 && before != '-' && before != '_' && s.p[l->from] != '-' && s.p[l->from] != '_' &&
           (l->ascii || !str_startsi(str_sub(s, l->from, l->to), S("xn--"))) &&
           (l->ascii ? 63 : LABEL_POINTS_MAX) >= l->points;
}

static bool
is_top_label(struct str s, const struct label *l)
{
    struct str text = str_sub(s, l->from, l->to);
    char after = byte_at(s, l->to);

    if (l->underscore || is_alnum((unsigned char)after) || is_one_of((unsigned char)after, "@+-_"))
        return false;
    if (!l->ascii)
        return true;
    if (str_startsi(text, S("xn--")))
        return true;
    for (size_t i = 0; i < text.n; i++)
        if (!is_alnum((unsigned char)text.p[i]) || (text.p[i] >= '0' && text.p[i] <= '9'))
            return false;
    return text.n >= 2;
}

/* End of the host at byte i, or 0: the longest run of labels whose last one can be a top-level domain. */
static size_t
scan_host(struct scan *c, size_t i)
{
    struct label l, before = { 0 };
    size_t end = 0, from = i;

    for (int n = 0; n < LABELS_MAX && scan_label(c->s, i, n == 0, &l); n++) {
        if (n > 0 && !before.underscore && is_top_label(c->s, &l))
            end = l.to;
        before = l;
        i = l.to + 1;
        if (byte_at(c->s, l.to) != '.')
            break;
    }
    if (end != 0 && str_find(str_sub(c->s, from, end), S("xn--")) >= 0) {
        struct str normal;

        if (!text_domain_normal(c->mem, str_sub(c->s, from, end), &normal))
            return 0;
    }
    return end;
}

/* ---- URLs ------------------------------------------------------------------------------------------------------- */

static bool
is_path_char(uint32_t cp)
{
    return !text_is_space(cp) && !is_one_of(cp, "<>()?") && cp >= ' ';
}

static bool
is_path_end(uint32_t cp)
{
    return is_path_char(cp) && !is_one_of(cp, "!*\"';:=,.$%[]~&|") && cp != 0x300c && cp != 0x300d;
}

/* A balanced group at byte i, one more group may stand inside; its end, or 0. */
static size_t
scan_parens(struct str s, size_t i, int depth)
{
    bool inner = false, some = false;
    uint32_t cp;
    size_t next;

    for (i++; peek(s, i, &cp, &next); i = next) {
        if (is_path_char(cp)) {
            some = true;
        } else if (cp == ')') {
            return some ? next : 0;
        } else if (cp == '(' && depth == 0 && !inner) {
            next = scan_parens(s, i, 1);
            if (next == 0)
                return 0;
            inner = some = true;
        } else {
            return 0;
        }
    }
    return 0;
}

/* End of the path that begins with the '/' at byte i: trailing punctuation is not part of it. */
static size_t
scan_path(struct str s, size_t i)
{
    size_t end = i + 1, next;
    uint32_t cp;

    for (i++; peek(s, i, &cp, &next); i = next) {
        if (cp == '(') {
            next = scan_parens(s, i, 0);
            if (next == 0)
                break;
            end = next;
        } else if (!is_path_char(cp)) {
            break;
        } else if (is_path_end(cp)) {
            end = next;
        }
    }
    return end;
}

/* End of the query that begins with the '?' at byte i; i itself when there is nothing after the '?'. */
static size_t
scan_query(const struct scan *c, size_t i)
{
    size_t end = i, next;
    uint32_t cp;

    for (i++; peek(c->s, i, &cp, &next); i = next) {
        bool wide = cp >= 0xa0 && !c->ascii_query && !text_is_space(cp);

        if (!is_alnum(cp) && !wide && !is_one_of(cp, "!?*'();:&=+$/%#[]-_.,~|@^"))
            break;
        if (is_alnum(cp) || wide || is_one_of(cp, "_&=#/-"))
            end = next;
    }
    return end;
}

static size_t
scan_path_and_query(const struct scan *c, size_t i)
{
    if (byte_at(c->s, i) == '/')
        i = scan_path(c->s, i);
    return byte_at(c->s, i) == '?' ? scan_query(c, i) : i;
}

/* "xmpp:node@host/resource?query" after the colon. */
static size_t
scan_xmpp(struct scan *c, size_t i)
{
    size_t at = i, end;

    while (is_alnum((unsigned char)byte_at(c->s, at)) || is_one_of((unsigned char)byte_at(c->s, at), "-._~%!$()*+,;="))
        at++;
    end = scan_host(c, at > i && byte_at(c->s, at) == '@' ? at + 1 : i);
    return end == 0 ? 0 : scan_path_and_query(c, end);
}

static size_t
scan_hier(struct scan *c, size_t i)
{
    size_t end = scan_host(c, i), at;

    if (end == 0)
        return 0;
    if (byte_at(c->s, end) == ':') {
        for (at = end + 1; byte_at(c->s, at) >= '0' && byte_at(c->s, at) <= '9';)
            at++;
        end = at > end + 1 ? at : end;
    }
    return scan_path_and_query(c, end);
}

static size_t
scan_magnet(struct scan *c, size_t i)
{
    size_t end = byte_at(c->s, i) == '?' ? scan_query(c, i) : i;

    return end > i ? end : 0;
}

static const struct {
    struct str prefix;
    size_t (*scan)(struct scan *c, size_t i);
} schemes[] = {
    { { "https://", 8 }, scan_hier },
    { { "http://", 7 }, scan_hier },
    { { "gemini://", 9 }, scan_hier },
    { { "gopher://", 9 }, scan_hier },
    { { "ipfs://", 7 }, scan_hier },
    { { "ipns://", 7 }, scan_hier },
    { { "dweb://", 7 }, scan_hier },
    { { "dat://", 6 }, scan_hier },
    { { "ssb://", 6 }, scan_hier },
    { { "xmpp:", 5 }, scan_xmpp },
    { { "magnet:", 7 }, scan_magnet },
};

static void
add(struct scan *c, struct link link)
{
    c->out.v =
        arena_grow(c->mem, c->out.v, c->out.n * sizeof(link), (c->out.n + 1) * sizeof(link), _Alignof(struct link));
    c->out.v[c->out.n++] = link;
}

/* Each of these adds a link that begins at byte i and gives its end, or gives 0. */
static size_t
try_url(struct scan *c, size_t i, uint32_t before)
{
    struct str rest = str_sub(c->s, i, c->s.n);

    if (is_alnum(before) || is_one_of(before, "@$#") || before == 0xff20 || before == 0xff03)
        return 0;
    for (size_t k = 0; k < lengthof(schemes); k++) {
        size_t end;

        if (!str_startsi(rest, schemes[k].prefix))
            continue;
        end = schemes[k].scan(c, i + schemes[k].prefix.n);
        if (end == 0)
            return 0;
        if (end - i > URL_SCAN_BYTES_MAX)
            return end; /* stays text as a whole, so that nothing inside is looked at again */
        add(c, (struct link){ .kind = LINK_URL, .from = i, .to = end, .text = str_sub(c->s, i, end) });
        return end;
    }
    return 0;
}

/* ---- mentions --------------------------------------------------------------------------------------------------- */

static bool
is_user_char(char c)
{
    return is_alnum((unsigned char)c) || c == '_';
}

/* Letters, digits and _; dots and hyphens between them. */
static size_t
scan_user(struct str s, size_t i)
{
    size_t end = i;

    while (is_user_char(byte_at(s, i)) || (end > 0 && is_one_of((unsigned char)byte_at(s, i), ".-") && i >= end)) {
        i++;
        if (is_user_char(s.p[i - 1]))
            end = i;
    }
    return end;
}

static size_t
scan_mention_domain(struct str s, size_t i)
{
    size_t end = i, from = i, next;
    uint32_t cp;

    for (; peek(s, i, &cp, &next) && (text_is_word(cp) || cp == '.' || cp == '-'); i = next)
        if (text_is_word(cp))
            end = next;
    return end - from >= 2 ? end : from;
}

static size_t
try_mention(struct scan *c, size_t i, uint32_t before)
{
    size_t user, end, next;
    uint32_t cp;

    if (before == '=' || before == '/' || (before != 0 && text_is_word(before)) || !is_user_char(byte_at(c->s, i + 1)))
        return 0;
    end = user = scan_user(c->s, i + 1);
    if (byte_at(c->s, user) == '@') {
        end = scan_mention_domain(c->s, user + 1);
        end = end == user + 1 ? user : end;
    }
    if (peek(c->s, end, &cp, &next) && (cp == '@' || (cp >= 0xc0 && cp <= 0x24f && text_is_letter(cp)) ||
                                           str_starts(str_sub(c->s, end, c->s.n), S("://"))))
        return 0;
    add(c, (struct link){ .kind = LINK_MENTION,
               .from = i,
               .to = end,
               .text = str_sub(c->s, i + 1, user),
               .domain = str_sub(c->s, user + 1, end) });
    return end;
}

/* ---- hashtags --------------------------------------------------------------------------------------------------- */

static bool
is_separator(uint32_t cp)
{
    return cp == '_' || cp == 0xb7 || cp == 0x30fb || cp == 0x200c;
}

/*
 * End of the tag name at byte i, or i.  Word characters with separators between them; it must hold a letter, or a separator
 * that is neither first nor last.
 */
static size_t
scan_tag(struct str s, size_t i)
{
    size_t from = i, end = i, plain_end = i, next, n = 0, inner_at = 0, count = 0;
    bool letter = false, plain = true;
    uint32_t cp;

    for (; peek(s, i, &cp, &next) && (text_is_word(cp) || is_separator(cp)); i = next) {
        if (n == 0 && !text_is_word(cp))
            return from;
        plain = plain && text_is_word(cp);
        if (plain) {
            letter = letter || text_is_letter(cp);
            plain_end = next;
        }
        if (text_is_word(cp)) {
            end = next;
            count = n + 1; /* characters up to the last word character */
        }
        if (n > 0 && inner_at == 0 && (text_is_letter(cp) || is_separator(cp)))
            inner_at = n;
        n++;
    }
    if (inner_at > 0 && inner_at + 1 < count)
        return end;
    return letter ? plain_end : from;
}

static size_t
try_tag(struct scan *c, size_t i, size_t name, uint32_t before)
{
    size_t end = scan_tag(c->s, name);
    struct str text;

    if (end == name || before == '=' || before == '/' || before == ')' ||
        (before != 0 && text_is_word(before) && before != '_'))
        return 0;
    text = str_sub(c->s, name, end);
    if (str_starts(str_sub(c->s, end, c->s.n), S("://"))) {
        size_t cut = str_ends(text, S("https")) ? 5 : str_ends(text, S("http")) ? 4 : 0;

        text.n -= cut < text.n ? cut : 0;
    }
    add(c, (struct link){ .kind = LINK_TAG, .from = i, .to = (size_t)(text.p + text.n - c->s.p), .text = text });
    return c->out.v[c->out.n - 1].to;
}

/* ---- the pass --------------------------------------------------------------------------------------------------- */

static void
scan_all(struct scan *c)
{
    uint32_t cp, before = 0;
    size_t next;

    for (size_t i = 0; c->out.n < LINKS_MAX && peek(c->s, i, &cp, &next);) {
        size_t end = 0;

        if (cp == '@')
            end = try_mention(c, i, before);
        else if (cp == '#' || cp == 0xff03)
            end = try_tag(c, i, next, before);
        else if (is_one_of(cp, "hHgGiIdDsSxXmM"))
            end = try_url(c, i, before);
        before = end != 0 ? (unsigned char)c->s.p[end - 1] : cp;
        /* What ends in a letter outside ASCII counts as a word before the next thing. */
        if (before >= 0x80 && end != 0)
            before = 'x';
        i = end != 0 ? end : next;
    }
}

struct links
text_links(struct arena *a, struct str text)
{
    struct scan c = { .mem = a, .s = text };

    scan_all(&c);
    return c.out;
}

bool
text_tag_valid(struct str name)
{
    if (str_starts(name, S("#")))
        name = str_sub(name, 1, name.n);
    return name.n > 0 && scan_tag(name, 0) == name.n;
}

struct str
text_tag_key(struct arena *a, struct str name)
{
    if (str_starts(name, S("#")))
        name = str_sub(name, 1, name.n);
    return text_tag_fold(a, name);
}

size_t
text_count(struct arena *a, struct str text, struct str spoiler)
{
    static const char placeholder[TEXT_URL_LENGTH + 1] = "xxxxxxxxxxxxxxxxxxxxxxx";
    struct scan c = { .mem = a, .s = text, .ascii_query = true };
    size_t from = 0;
    struct buf b;

    scan_all(&c);
    buf_init(&b, a, text.n + c.out.n * TEXT_URL_LENGTH + 1);
    for (size_t i = 0; i < c.out.n; i++) {
        const struct link *l = &c.out.v[i];

        buf_put(&b, str_sub(text, from, l->from));
        if (l->kind == LINK_URL && str_startsi(l->text, S("http")))
            buf_putz(&b, placeholder);
        else if (l->kind == LINK_MENTION)
            buf_put(&b, str_sub(text, l->from, (size_t)(l->text.p + l->text.n - text.p)));
        else
            buf_put(&b, str_sub(text, l->from, l->to));
        from = l->to;
    }
    buf_put(&b, str_sub(text, from, text.n));
    return text_graphemes(buf_str(&b)) + text_graphemes(spoiler);
}

/* ---- shortcodes ------------------------------------------------------------------------------------------------- */

bool
text_shortcode_valid(struct str name)
{
    for (size_t i = 0; i < name.n; i++)
        if (!is_user_char(name.p[i]))
            return false;
    return name.n >= 2 && name.n <= 128;
}

/* Letters, digits and colons may not stand next to the colons of a shortcode. */
static bool
is_bound(uint32_t cp)
{
    return cp == ':' || is_alnum(cp) || (cp >= 0x80 && text_is_word(cp));
}

struct strs
text_shortcodes(struct arena *a, struct str text)
{
    struct strs out = { .v = arena_vec(a, struct str, MIN(text.n / 4 + 1, SHORTCODES_MAX)) };
    uint32_t cp, before = 0, after;
    size_t next, end, over;

    for (size_t i = 0; peek(text, i, &cp, &next) && out.n < SHORTCODES_MAX; before = cp, i = next) {
        if (cp != ':' || (before != 0 && is_bound(before)))
            continue;
        for (end = next; is_user_char(byte_at(text, end));)
            end++;
        struct str name = str_sub(text, next, end);

        if (byte_at(text, end) == ':' && (!peek(text, end + 1, &after, &over) || !is_bound(after)) &&
            text_shortcode_valid(name)) {
            if (!strs_has(&out, name))
                out.v[out.n++] = name;
            next = end + 1;
        }
    }
    return out;
}

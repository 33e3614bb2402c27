/* The words and operators of a search for posts. */
#include "text/query.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/date.h"
#include "base/utf8.h"
#include "text/language.h"
#include "text/link.h"
#include "text/unicode.h"

#include <ctype.h>

enum { PREFIX_CHARS_MIN = 2, LANGUAGE_BYTES_MAX = 16 };

const char *const query_properties[] = { "media", "image", "video", "audio", "poll", "link", "embed", "quote", "reply",
    "sensitive", NULL };

/* One piece of the query as it was typed. */
struct piece {
    bool exclude, quoted;
    struct str name; /* of "name:value"; empty */
    struct str text;
};

/* ---- cutting ---------------------------------------------------------------------------------------------------- */

static void
skip_spaces(struct str *rest)
{
    struct str at = *rest;
    uint32_t cp;

    while (utf8_next(&at, &cp) && text_is_space(cp))
        *rest = at;
}

/* Up to the next space, or up to the closing quote when one opens here. */
static struct str
take_value(struct str *rest, bool *quoted)
{
    struct str at, out;
    ptrdiff_t end;
    uint32_t cp;

    *quoted = str_starts(*rest, S("\""));
    if (*quoted) {
        *rest = str_sub(*rest, 1, rest->n);
        end = str_chr(*rest, '"');
        out = str_sub(*rest, 0, end < 0 ? rest->n : (size_t)end);
        *rest = str_sub(*rest, out.n + 1, rest->n);
        return out;
    }
    for (at = *rest, out = *rest; utf8_next(&at, &cp) && !text_is_space(cp);)
        *rest = at;
    return str_sub(out, 0, out.n - rest->n);
}

static bool
is_name(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (!isalpha((unsigned char)s.p[i]))
            return false;
    return s.n > 0;
}

static bool
take_piece(struct str *rest, struct piece *out)
{
    struct str from;
    ptrdiff_t colon;

    *out = (struct piece){ 0 };
    skip_spaces(rest);
    if (rest->n == 0)
        return false;
    if (rest->n > 1 && (rest->p[0] == '-' || rest->p[0] == '+')) {
        out->exclude = rest->p[0] == '-';
        *rest = str_sub(*rest, 1, rest->n);
    }
    from = *rest;
    out->text = take_value(rest, &out->quoted);
    colon = str_chr(out->text, ':');
    if (out->quoted || colon <= 0 || !is_name(str_sub(out->text, 0, (size_t)colon)))
        return true;
    out->name = str_sub(out->text, 0, (size_t)colon);
    out->text = str_sub(out->text, (size_t)colon + 1, out->text.n);
    if (str_starts(out->text, S("\""))) { /* name:"a value with spaces" */
        *rest = str_sub(from, (size_t)colon + 1, from.n);
        out->text = take_value(rest, &out->quoted);
    }
    return true;
}

/* ---- terms ------------------------------------------------------------------------------------------------------ */

/* Each piece gives at most one term, and none is taken when there is no more room. */
static struct query_term *
add_term(struct text_query *q, enum query_kind kind, const struct piece *p)
{
    struct query_term *t = &q->v[q->n++];

    *t = (struct query_term){ .kind = kind, .exclude = p->exclude };
    return t;
}

/* Scripts without spaces are kept as pairs of characters: one alone is the beginning of pairs.  Thrice the same makes two pairs. */
static bool
is_lone_character(struct arena *a, struct strs words)
{
    return words.n == 1 && text_tokens(a, str_cat(a, words.v[0], words.v[0], words.v[0], STR_NONE)).n == 2;
}

static void
add_words(struct arena *a, struct text_query *q, const struct piece *p, struct str text)
{
    struct strs words = text_tokens(a, text);
    struct query_term *t;

    if (words.n == 0)
        return;
    words.n = MIN(words.n, QUERY_WORDS_MAX);
    t = add_term(q, QUERY_WORDS, p);
    t->words = words;
    if (words.n == 1 && !p->quoted && str_ends(text, S("*")) && utf8_count(words.v[0]) >= PREFIX_CHARS_MIN)
        t->kind = QUERY_PREFIX;
    else if (is_lone_character(a, words))
        t->kind = QUERY_PREFIX;
}

static void
add_property(struct arena *a UNUSED, struct text_query *q, const struct piece *p)
{
    for (size_t i = 0; query_properties[i] != NULL; i++)
        if (str_eqi(p->text, str_z(query_properties[i]))) {
            add_term(q, QUERY_PROPERTY, p)->text = str_z(query_properties[i]);
            return;
        }
    q->nothing = q->nothing || !p->exclude;
}

static void
add_language(struct arena *a, struct text_query *q, const struct piece *p)
{
    bool ok = p->text.n > 0 && p->text.n <= LANGUAGE_BYTES_MAX;
    struct str known = text_language_of(a, p->text);

    for (size_t i = 0; i < p->text.n && ok; i++)
        ok = isalnum((unsigned char)p->text.p[i]) || p->text.p[i] == '-';
    if (ok)
        add_term(q, QUERY_LANGUAGE, p)->text = str_lower(a, known.n > 0 ? known : p->text);
    else
        q->nothing = q->nothing || !p->exclude;
}

static void
add_from(struct arena *a, struct text_query *q, const struct piece *p)
{
    struct str handle = str_starts(p->text, S("@")) ? str_sub(p->text, 1, p->text.n) : p->text;

    if (handle.n > 0)
        add_term(q, QUERY_FROM, p)->text = str_lower(a, handle);
}

static void
set_scope(struct arena *a UNUSED, struct text_query *q, const struct piece *p)
{
    if (p->exclude)
        return;
    if (str_eqi(p->text, S("library")))
        q->scope = QUERY_LIBRARY;
    else if (str_eqi(p->text, S("public")))
        q->scope = QUERY_PUBLIC;
    else if (str_eqi(p->text, S("all")))
        q->scope = QUERY_ALL;
}

/* ---- days ------------------------------------------------------------------------------------------------------- */

/* "2026-01-02" is a whole day, anything longer a moment.  What is no date is words. */
static bool
read_day(struct arena *a, struct text_query *q, const struct piece *p, int64_t *begin, int64_t *end)
{
    if (!date_parse(p->text, begin)) {
        add_words(a, q, p, str_cat(a, p->name, S(" "), p->text, STR_NONE));
        return false;
    }
    *end = p->text.n <= 10 ? *begin + DAY_MS : *begin + 1;
    return true;
}

static void
set_before(struct arena *a, struct text_query *q, const struct piece *p)
{
    int64_t begin, end;

    if (!read_day(a, q, p, &begin, &end))
        return;
    if (p->exclude)
        q->from_ms = MAX(q->from_ms, begin);
    else
        q->to_ms = MIN(q->to_ms, begin);
}

static void
set_after(struct arena *a, struct text_query *q, const struct piece *p)
{
    int64_t begin, end;

    if (!read_day(a, q, p, &begin, &end))
        return;
    if (p->exclude)
        q->to_ms = MIN(q->to_ms, end);
    else
        q->from_ms = MAX(q->from_ms, end);
}

static void
set_during(struct arena *a, struct text_query *q, const struct piece *p)
{
    int64_t begin, end;

    if (!read_day(a, q, p, &begin, &end) || p->exclude)
        return;
    q->from_ms = MAX(q->from_ms, begin);
    q->to_ms = MIN(q->to_ms, end);
}

/* ----------------------------------------------------------------------------------------------------------------- */

static const struct {
    const char *name;
    void (*take)(struct arena *a, struct text_query *q, const struct piece *p);
} operators[] = {
    { "has", add_property },
    { "is", add_property },
    { "language", add_language },
    { "from", add_from },
    { "in", set_scope },
    { "before", set_before },
    { "after", set_after },
    { "during", set_during },
};

static void
take(struct arena *a, struct text_query *q, const struct piece *p)
{
    struct str tag = str_starts(p->text, S("#")) ? str_sub(p->text, 1, p->text.n) : STR_NONE;

    if (p->name.n > 0) {
        for (size_t i = 0; i < lengthof(operators); i++)
            if (str_eqi(p->name, str_z(operators[i].name))) {
                if (p->text.n > 0)
                    operators[i].take(a, q, p);
                return;
            }
        add_words(a, q, p, str_cat(a, p->name, S(":"), p->text, STR_NONE));
    } else if (!p->quoted && tag.n > 0 && text_tag_valid(tag)) {
        add_term(q, QUERY_TAG, p)->text = text_tag_key(a, tag);
    } else {
        add_words(a, q, p, p->text);
    }
}

void
text_query_parse(struct arena *a, struct str q, struct text_query *out)
{
    struct str rest = utf8_clean(a, q, false);
    bool limited;
    struct piece p;

    *out = (struct text_query){ .to_ms = INT64_MAX };
    while (out->n < QUERY_TERMS_MAX && take_piece(&rest, &p))
        take(a, out, &p);
    limited = out->from_ms > 0 || out->to_ms < INT64_MAX || out->scope != QUERY_ALL;
    if (out->from_ms >= out->to_ms || (out->n == 0 && !limited))
        out->nothing = true;
}

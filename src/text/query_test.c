#include "text/query.h"

#include "base/buf.h"
#include "base/clock.h"

#include "unit.h"

/* A query as one line: its terms, then what limits it. */
static struct str
shown(const char *text)
{
    static const char *const kinds[] = { "words", "prefix", "tag", "property", "language", "from" };
    static const char *const scopes[] = { "", " in:public", " in:library" };
    struct text_query q;
    struct buf b;

    text_query_parse(unit_mem(), str_z(text), &q);
    buf_init(&b, unit_mem(), KB(16));
    for (size_t i = 0; i < q.n; i++) {
        buf_putf(&b, "%s%s%s(", i > 0 ? " " : "", q.v[i].exclude ? "-" : "", kinds[q.v[i].kind]);
        for (size_t k = 0; k < q.v[i].words.n; k++)
            buf_putf(&b, "%s%.*s", k > 0 ? "|" : "", STR_ARG(q.v[i].words.v[k]));
        buf_put(&b, q.v[i].text);
        buf_putc(&b, ')');
    }
    buf_putz(&b, scopes[q.scope]);
    if (q.from_ms > 0)
        buf_putf(&b, " from:%lld", (long long)(q.from_ms / DAY_MS));
    if (q.to_ms < INT64_MAX)
        buf_putf(&b, " to:%lld", (long long)(q.to_ms / DAY_MS));
    if (q.nothing)
        buf_putz(&b, " nothing");
    return buf_str(&b);
}

UNIT(words_and_phrases)
{
    assert_str(shown("Crème brûlée"), "words(creme) words(brulee)");
    assert_str(shown("\"crème brûlée\" +now -then"), "words(creme|brulee) words(now) -words(then)");
    assert_str(shown("-\"not this\""), "-words(not|this)");
    assert_str(shown("foo-bar it's"), "words(foo|bar) words(it|s)");
    assert_str(shown("\"never closed"), "words(never|closed)");
    assert_str(shown("  \xe3\x80\x80 spaced  "), "words(spaced)");
    assert_str(shown("日本語"), "words(日本|本語)");
    assert_str(shown("https://a.test/b"), "words(https|a|test|b)");
}

UNIT(beginnings_of_words)
{
    assert_str(shown("foo* \"foo*\" f* foo-ba*"), "prefix(foo) words(foo) words(f) words(foo|ba)");
    assert_str(shown("東"), "prefix(東)");
    assert_str(shown("a"), "words(a)");
}

UNIT(tags)
{
    assert_str(shown("#Café -#b c#d"), "tag(cafe) -tag(b) words(c|d)");
    assert_str(shown("#1"), "words(1)"); /* no tag: digits alone */
}

UNIT(operators)
{
    assert_str(shown("has:media is:REPLY -has:poll"), "property(media) property(reply) -property(poll)");
    assert_str(shown("language:DE -language:pt-BR"), "language(de) -language(pt)");
    assert_str(shown("from:me from:@Bob@B.test"), "from(me) from(bob@b.test)");
    assert_str(shown("in:library cat"), "words(cat) in:library");
    assert_str(shown("in:public in:nowhere cat"), "words(cat) in:public");
    assert_str(shown("has: cat"), "words(cat)");
    assert_str(shown("note:this"), "words(note|this)");
    assert_str(shown("has:\"media\" language:\"d e\""), "property(media) nothing");
    assert_str(shown("has:cheese"), " nothing");
    assert_str(shown("cat -has:cheese"), "words(cat)");
}

UNIT(days)
{
    assert_str(shown("before:1970-01-11"), " to:10");
    assert_str(shown("after:1970-01-11"), " from:11");
    assert_str(shown("during:1970-01-11 cat"), "words(cat) from:10 to:11");
    assert_str(shown("-before:1970-01-11"), " from:10");
    assert_str(shown("-after:1970-01-11"), " to:11");
    assert_str(shown("after:1970-01-11 before:1970-02-01 after:1970-01-02"), " from:11 to:31");
    assert_str(shown("after:1970-01-11 before:1970-01-02"), " from:11 to:1 nothing");
    assert_str(shown("before:lunch"), "words(before|lunch)");
}

UNIT(what_says_nothing_finds_nothing)
{
    assert_str(shown(""), " nothing");
    assert_str(shown("🎉 - + \" ::"), " nothing");
    assert_str(shown("party 🎉"), "words(party)");
    assert_str(shown("\xff\xfe"), " nothing");
    assert_str(shown("in:library"), " in:library");
}

UNIT(a_query_is_bounded)
{
    struct text_query q;
    struct buf b;

    buf_init(&b, unit_mem(), KB(64));
    for (int i = 0; i < 1000; i++)
        buf_putz(&b, "a b\xc2\xa0");
    text_query_parse(unit_mem(), buf_str(&b), &q);
    assert_int_equal(q.n, QUERY_TERMS_MAX);
    buf_clear(&b);
    buf_putc(&b, '"');
    for (int i = 0; i < 1000; i++)
        buf_putz(&b, "a ");
    text_query_parse(unit_mem(), buf_str(&b), &q);
    assert_int_equal(q.n, 1);
    assert_int_equal(q.v[0].words.n, QUERY_WORDS_MAX);
}

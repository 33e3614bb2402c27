#include "text/unicode.h"

#include "unit.h"

static void
assert_tokens(const char *text, const char *joined)
{
    struct strs t = text_tokens(unit_mem(), str_z(text));
    struct str all = S("");

    for (size_t i = 0; i < t.n; i++)
        all = str_cat(unit_mem(), all, i > 0 ? S("|") : S(""), t.v[i], STR_NONE);
    assert_str(all, joined);
}

UNIT(folding_finds_the_same_word)
{
    assert_str(text_fold(unit_mem(), S("Crème BRÛLÉE")), "creme brulee");
    assert_str(text_fold(unit_mem(), S("Straße")), "strasse");
    assert_str(text_fold(unit_mem(), S("ﬁne ＦＵＬＬ")), "fine full");
    assert_str(text_fold(unit_mem(), S("e\xcc\x81\xc2\xadx")), "ex"); /* combining accent, soft hyphen */
    assert_str(text_fold(unit_mem(), S("が")), "が");                 /* voicing makes another letter */
    assert_str(text_fold(unit_mem(), S("मराठी")), "मराठी");
    assert_str(text_casefold(unit_mem(), S("É")), "é");
    assert_str(text_tag_fold(unit_mem(), S("CaféЙ·x!")), "cafeй·x");
    assert_str(text_nfc(unit_mem(), S("e\xcc\x81")), "é");
    assert_str(text_nfc(unit_mem(), S("\xff")), "\xef\xbf\xbd");
}

UNIT(graphemes_are_what_readers_count)
{
    assert_int_equal(text_graphemes(S("")), 0);
    assert_int_equal(text_graphemes(S("a\r\nb")), 3);
    assert_int_equal(text_graphemes(S("👨‍👩‍👧‍👦🇪🇪✊🏿f́")), 4);
    assert_str(text_grapheme_cut(S("🇩🇪🇫🇷x"), 2), "🇩🇪🇫🇷");
    assert_str(text_grapheme_cut(S("ab"), 5), "ab");
}

UNIT(blank_is_what_cannot_be_seen)
{
    assert_true(text_is_blank(S("")));
    assert_true(text_is_blank(S(" \t\n\xc2\xa0\xe2\x80\x8b\xe2\x80\x8d\xef\xbb\xbf\xe3\x85\xa4\xe2\xa0\x80")));
    assert_true(text_is_blank(S("\xcc\x81\xcc\x81"))); /* marks alone */
    assert_false(text_is_blank(S(" . ")));
    assert_false(text_is_blank(S("🙂")));
}

UNIT(one_line_tames_names)
{
    assert_str(text_one_line(unit_mem(), S("  a\nb\t\xe2\x80\xae"
                                           "c\x01 ")),
        "a b c");
    struct str zalgo = S("a\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81"
                         "b");
    assert_int_equal(text_one_line(unit_mem(), zalgo).n, 1 + 16 + 1);
}

UNIT(lines_close_what_turns_the_text)
{
    assert_str(text_lines(unit_mem(), S("a\r\nb\rc\x07")), "a\nb\nc");
    assert_str(text_lines(unit_mem(), S("\xe2\x80\xae"
                                        "a\nb\xe2\x80\xac")),
        "\xe2\x80\xae"
        "a\xe2\x80\xac\nb");
}

UNIT(emoji_are_single)
{
    assert_true(text_is_emoji(S("❤")));
    assert_true(text_is_emoji(S("❤️")));
    assert_true(text_is_emoji(S("👩🏽‍💻")));
    assert_true(text_is_emoji(S("🇪🇪")));
    assert_true(text_is_emoji(S("1️⃣")));
    assert_true(text_is_emoji(S("🏴󠁧󠁢󠁥󠁮󠁧󠁿")));
    assert_false(text_is_emoji(S("")));
    assert_false(text_is_emoji(S("1")));
    assert_false(text_is_emoji(S("a")));
    assert_false(text_is_emoji(S("🇪")));
    assert_false(text_is_emoji(S("❤❤")));
    assert_false(text_is_emoji(S("👩‍")));
    assert_false(text_is_emoji(S("\xf0\x9f")));
    assert_str(text_emoji_key(unit_mem(), S("❤️")), "❤");
}

UNIT(tokens_are_words_and_pairs)
{
    assert_tokens("", "");
    assert_tokens("Hello, WORLD_wide 42!", "hello|world|wide|42");
    assert_tokens("東京タワーへgo", "東京|京タ|タワ|ワー|ーへ|go");
    assert_tokens("私", "私");
    assert_tokens("서울 x", "서울|x");
    assert_tokens("Ünïcode №5", "unicode|no5");
}

UNIT(tokens_are_bounded)
{
    char *p = arena_alloc(unit_mem(), 40000, 1);

    for (int i = 0; i < 40000; i++)
        p[i] = i % 2 ? ' ' : 'a';
    assert_int_equal(text_tokens(unit_mem(), (struct str){ p, 40000 }).n, TEXT_TOKENS_MAX);
    for (int i = 0; i < 40000; i++)
        p[i] = 'a';
    struct strs t = text_tokens(unit_mem(), (struct str){ p, 40000 });
    assert_int_equal(t.n, 1);
    assert_int_equal(t.v[0].n, TEXT_TOKEN_BYTES_MAX);
}

#include "text/filter.h"

#include "text/unicode.h"
#include "unit.h"

static uint32_t seed = 7;

/* Below n; the same in every run. */
static size_t
below(size_t n)
{
    seed = seed * 1664525 + 1013904223;
    return (seed >> 8) % n;
}

static bool
found(const char *keyword, bool whole_word, const char *text)
{
    const struct text_keyword k = { str_z(keyword), whole_word };
    struct text_filter *f = text_filter_new(unit_mem(), unit_mem(), &k, 1);
    bool hit = false;

    text_filter_match(f, text_casefold(unit_mem(), str_z(text)), &hit);
    return hit;
}

UNIT(keywords_are_found_in_any_case)
{
    assert_true(found("spoiler", false, "No SPOILERS please"));
    assert_true(found("STRASSE", false, "Hauptstraße 3"));
    assert_true(found("été", false, "L'E\xcc\x81TE\xcc\x81 en ville")); /* decomposed */
    assert_true(found("ＦＵＬＬ", true, "a full width"));
    assert_true(found("猫", false, "これは猫です"));
    assert_true(found("Привет", true, "ПРИВЕТ, мир"));
    assert_true(found("multi word", true, "a Multi Word phrase"));
    assert_false(found("ete", false, "été")); /* marks make another word */
    assert_false(found("", false, "anything"));
    assert_false(found("x", false, ""));
}

UNIT(whole_words_end_at_boundaries)
{
    assert_true(found("cat", true, "a cat."));
    assert_true(found("cat", true, "cat"));
    assert_false(found("cat", true, "cats and concatenation"));
    assert_true(found("cat", true, "concat cat"));
    assert_true(found("cat", false, "concatenation"));
    assert_false(found("cat", true, "cat_food")); /* _ connects */
    assert_true(found("cat", true, "cat-food"));
    assert_false(found("кот", true, "котик"));
    assert_false(found("猫", true, "これは猫です")); /* no boundaries inside such writing */
    assert_false(found("cafe", true, "cafe\xcc\x81"));
}

UNIT(a_boundary_is_only_asked_for_at_a_word_character)
{
    assert_true(found("#cat", true, "a#cat"));
    assert_false(found("#cat", true, "#cats"));
    assert_true(found(":)", true, "fine:)x"));
    assert_true(found("cat!", true, "a cat!x"));
    assert_false(found("cat!", true, "acat!"));
}

UNIT(every_keyword_is_reported)
{
    static const struct text_keyword k[] = { { { "he", 2 }, false }, { { "she", 3 }, false }, { { "hers", 4 }, false },
        { { "his", 3 }, false }, { { "HE", 2 }, false }, { { "he", 2 }, true }, { { "ushe", 4 }, false } };
    struct text_filter *f = text_filter_new(unit_mem(), unit_mem(), k, lengthof(k));
    bool hit[lengthof(k)] = { false };

    text_filter_match(f, S("ushers"), hit);
    assert_true(hit[0] && hit[1] && hit[2] && hit[4] && hit[6]);
    assert_false(hit[3] || hit[5]);
    text_filter_match(f, S("he"), hit);
    assert_true(hit[5]);
    f = text_filter_new(unit_mem(), unit_mem(), NULL, 0);
    text_filter_match(f, S("nothing to find"), NULL);
}

/* Texts of few letters, so that keywords overlap in every way; the slow way finds the same. */
UNIT(the_same_is_found_as_by_looking_for_each)
{
    for (int round = 0; round < 300; round++) {
        char bytes[40][8], text[64];
        struct text_keyword k[40];
        bool hit[40] = { false };
        size_t n = below(40), len = below(sizeof(text));

        for (size_t i = 0; i < n; i++) {
            k[i] = (struct text_keyword){ { bytes[i], 1 + below(7) }, false };
            for (size_t b = 0; b < k[i].text.n; b++)
                bytes[i][b] = (char)('a' + (int)below(2));
        }
        for (size_t b = 0; b < len; b++)
            text[b] = (char)('a' + (int)below(2));
        text_filter_match(text_filter_new(unit_mem(), unit_mem(), k, n), (struct str){ text, len }, hit);
        for (size_t i = 0; i < n; i++)
            assert_int_equal(hit[i], str_find((struct str){ text, len }, k[i].text) >= 0);
    }
}

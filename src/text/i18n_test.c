#include "text/i18n.h"

#include "base/err.h"
#include "text/embed.h"
#include "text/language.h"
#include "unit.h"

UNIT(every_error_has_its_text_in_every_language)
{
    struct strs all = text_locales();

    for (size_t i = 0; i < all.n; i++)
        for (int e = ERR_BAD_REQUEST; e < ERR_COUNT; e++) {
            struct str text = str_z(err_text((enum err)e)), got = text_tr(all.v[i], text);

            if (str_eq(got, text) != str_eq(all.v[i], S("en")))
                fail_msg("%.*s: \"%.*s\"", STR_ARG(all.v[i]), STR_ARG(text));
        }
}

UNIT(texts_are_translated)
{
    assert_str(text_tr(S("de"), S("Record not found")), "Nicht gefunden");
    assert_str(text_tr(S("de-AT"), S("Record not found")), "Nicht gefunden");
    assert_str(text_tr(S("fr_FR"), S("Record not found")), "Introuvable");
    assert_str(text_tr(S("en"), S("Record not found")), "Record not found");
    assert_str(text_tr(S("xx"), S("Record not found")), "Record not found");
    assert_str(text_tr(S("../de"), S("Record not found")), "Record not found");
    assert_str(text_tr(S("de"), S("no such text")), "no such text");
    assert_str(text_tr(S("de"), S("")), ""); /* not the catalogue's header */
}

UNIT(plurals_follow_the_language)
{
    struct str one = S("{0} person"), many = S("{0} people"), n = S("7");

    assert_str(text_tr_n(S("en"), one, many, 1), "{0} person");
    assert_str(text_tr_n(S("en"), one, many, 0), "{0} people");
    assert_str(text_tr_n(S("de"), one, many, 1), "{0} Person");
    assert_str(text_tr_n(S("de"), one, many, 0), "{0} Personen");
    assert_str(text_tr_n(S("fr"), one, many, 0), "{0} personne");
    assert_str(text_tr_n(S("fr"), one, many, 2), "{0} personnes");
    assert_str(text_tr_fill(unit_mem(), text_tr_n(S("de"), one, many, 7), &n, 1), "7 Personen");
    assert_str(text_tr_fill(unit_mem(), S("{1}{0}{a}{0"), &n, 1), "{1}7{a}{0");
}

UNIT(best_language_is_chosen)
{
    assert_str(text_locale_match(S("")), "en");
    assert_str(text_locale_match(S("de-CH, en;q=0.5")), "de");
    assert_str(text_locale_match(S("ja, fr;q=0.3, de;q=0.7")), "de");
    assert_str(text_locale_match(S("de;q=0, fr;q=0.001")), "fr");
    assert_str(text_locale_match(S("deu, *")), "en");
    assert_str(text_locale_match(S("de;q=x, ,;,fr")), "fr");
    assert_true(text_locale_rtl(S("ar-EG")));
    assert_false(text_locale_rtl(S("de")));
}

UNIT(apps_name_a_language_by_a_tag_or_a_locale)
{
    static const char *const cases[][2] = {
        { "de", "de" },
        { "DE", "de" },
        { "de-AT", "de" },
        { "en_US", "en" },
        { "en_US.UTF-8", "en" },
        { "pt-BR", "pt" },
        { "sr-Latn-RS", "sr" },
        { "zh", "zh" },
        { "zh-TW", "zh-TW" },
        { "zh_tw", "zh-TW" },
        { "zh-TWX", "zh" },
        { "zh-Hant", "zh" },
        { "ast", "ast" },
        { "KAB-dz", "kab" },
        { "xx", "" },
        { "", "" },
        { "-", "" },
        { "e", "" },
        { "english", "" },
        { "English!", "" },
        { "de AT", "" },
    };

    for (size_t i = 0; i < lengthof(cases); i++)
        assert_str(text_language_of(unit_mem(), str_z(cases[i][0])), cases[i][1]);
}

UNIT(shared_files_are_embedded)
{
    struct embed_files files = text_embed_share();
    const struct embed_file *f = text_embed_find(files, S("locale/de.mo"));

    assert_non_null(f);
    assert_true(f->bytes.n > 100 && f->etag.n == 22 && f->etag.p[0] == '"');
    assert_null(text_embed_find(files, S("locale/de.po")));
    for (size_t i = 1; i < files.n; i++)
        assert_true(str_cmp(files.v[i - 1].name, files.v[i].name) < 0);
}

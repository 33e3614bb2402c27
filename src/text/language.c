/* The table of languages. */
#include "text/language.h"

/* clang-format off */
static const struct {
    const char *code, *name;
} languages[] = {
    { "aa", "Afaraf" },
    { "ab", "аҧсуа бызшәа" },
    { "ae", "avesta" },
    { "af", "Afrikaans" },
    { "ak", "Akan" },
    { "am", "አማርኛ" },
    { "an", "aragonés" },
    { "ar", "اَلْعَرَبِيَّةُ" },
    { "as", "অসমীয়া" },
    { "av", "авар мацӀ" },
    { "ay", "aymar aru" },
    { "az", "azərbaycan dili" },
    { "ba", "башҡорт теле" },
    { "be", "беларуская мова" },
    { "bg", "български език" },
    { "bi", "Bislama" },
    { "bm", "bamanankan" },
    { "bn", "বাংলা" },
    { "bo", "བོད་ཡིག" },
    { "br", "brezhoneg" },
    { "bs", "bosanski jezik" },
    { "ca", "Català" },
    { "ce", "нохчийн мотт" },
    { "ch", "Chamoru" },
    { "co", "corsu" },
    { "cr", "ᓀᐦᐃᔭᐍᐏᐣ" },
    { "cs", "čeština" },
    { "cu", "ѩзыкъ словѣньскъ" },
    { "cv", "чӑваш чӗлхи" },
    { "cy", "Cymraeg" },
    { "da", "dansk" },
    { "de", "Deutsch" },
    { "dv", "ދިވެހި" },
    { "dz", "རྫོང་ཁ" },
    { "ee", "Eʋegbe" },
    { "el", "Ελληνικά" },
    { "en", "English" },
    { "eo", "Esperanto" },
    { "es", "Español" },
    { "et", "eesti" },
    { "eu", "euskara" },
    { "fa", "فارسی" },
    { "ff", "Fulfulde" },
    { "fi", "suomi" },
    { "fj", "Vakaviti" },
    { "fo", "føroyskt" },
    { "fr", "Français" },
    { "fy", "Frysk" },
    { "ga", "Gaeilge" },
    { "gd", "Gàidhlig" },
    { "gl", "galego" },
    { "gn", "Avañe'ẽ" },
    { "gu", "ગુજરાતી" },
    { "gv", "Gaelg" },
    { "ha", "Hausa" },
    { "he", "עברית" },
    { "hi", "हिन्दी" },
    { "ho", "Hiri Motu" },
    { "hr", "hrvatski" },
    { "ht", "Kreyòl ayisyen" },
    { "hu", "magyar" },
    { "hy", "Հայերեն" },
    { "hz", "Otjiherero" },
    { "ia", "Interlingua" },
    { "id", "Bahasa Indonesia" },
    { "ie", "Interlingue" },
    { "ig", "Asụsụ Igbo" },
    { "ii", "ꆈꌠ꒿" },
    { "ik", "Iñupiaq" },
    { "io", "Ido" },
    { "is", "Íslenska" },
    { "it", "Italiano" },
    { "iu", "ᐃᓄᒃᑎᑐᑦ" },
    { "ja", "日本語" },
    { "jv", "basa Jawa" },
    { "ka", "ქართული" },
    { "kg", "Kikongo" },
    { "ki", "Gĩkũyũ" },
    { "kj", "Kuanyama" },
    { "kk", "қазақ тілі" },
    { "kl", "kalaallisut" },
    { "km", "ខ្មែរ" },
    { "kn", "ಕನ್ನಡ" },
    { "ko", "한국어" },
    { "kr", "Kanuri" },
    { "ks", "कॉशुर" },
    { "ku", "Kurmancî" },
    { "kv", "коми кыв" },
    { "kw", "Kernewek" },
    { "ky", "Кыргызча" },
    { "la", "latine" },
    { "lb", "Lëtzebuergesch" },
    { "lg", "Luganda" },
    { "li", "Limburgs" },
    { "ln", "Lingála" },
    { "lo", "ລາວ" },
    { "lt", "lietuvių" },
    { "lu", "Tshiluba" },
    { "lv", "latviešu" },
    { "mg", "malagasy" },
    { "mh", "Kajin M̧ajeļ" },
    { "mi", "te reo Māori" },
    { "mk", "македонски" },
    { "ml", "മലയാളം" },
    { "mn", "Монгол" },
    { "mr", "मराठी" },
    { "ms", "Bahasa Melayu" },
    { "mt", "Malti" },
    { "my", "ဗမာစာ" },
    { "na", "Dorerin Naoero" },
    { "nb", "norsk bokmål" },
    { "nd", "isiNdebele" },
    { "ne", "नेपाली" },
    { "ng", "Owambo" },
    { "nl", "Nederlands" },
    { "nn", "norsk nynorsk" },
    { "no", "norsk" },
    { "nr", "isiNdebele sa Sewula" },
    { "nv", "Diné bizaad" },
    { "ny", "Chichewa" },
    { "oc", "occitan" },
    { "oj", "ᐊᓂᔑᓈᐯᒧᐎᓐ" },
    { "om", "Afaan Oromoo" },
    { "or", "ଓଡ଼ିଆ" },
    { "os", "ирон æвзаг" },
    { "pa", "ਪੰਜਾਬੀ" },
    { "pi", "पाऴि" },
    { "pl", "polski" },
    { "ps", "پښتو" },
    { "pt", "Português" },
    { "qu", "Runa Simi" },
    { "rm", "rumantsch" },
    { "rn", "Ikirundi" },
    { "ro", "Română" },
    { "ru", "русский" },
    { "rw", "Ikinyarwanda" },
    { "sa", "संस्कृतम्" },
    { "sc", "sardu" },
    { "sd", "سنڌي" },
    { "se", "davvisámegiella" },
    { "sg", "yângâ tî sängö" },
    { "si", "සිංහල" },
    { "sk", "slovenčina" },
    { "sl", "slovenščina" },
    { "sm", "gagana Samoa" },
    { "sn", "chiShona" },
    { "so", "Soomaaliga" },
    { "sq", "Shqip" },
    { "sr", "српски" },
    { "ss", "SiSwati" },
    { "st", "Sesotho" },
    { "su", "Basa Sunda" },
    { "sv", "svenska" },
    { "sw", "Kiswahili" },
    { "ta", "தமிழ்" },
    { "te", "తెలుగు" },
    { "tg", "тоҷикӣ" },
    { "th", "ไทย" },
    { "ti", "ትግርኛ" },
    { "tk", "Türkmen" },
    { "tl", "Tagalog" },
    { "tn", "Setswana" },
    { "to", "faka Tonga" },
    { "tr", "Türkçe" },
    { "ts", "Xitsonga" },
    { "tt", "татар теле" },
    { "tw", "Twi" },
    { "ty", "Reo Tahiti" },
    { "ug", "ئۇيغۇرچە" },
    { "uk", "українська" },
    { "ur", "اردو" },
    { "uz", "Oʻzbek" },
    { "ve", "Tshivenḓa" },
    { "vi", "Tiếng Việt" },
    { "vo", "Volapük" },
    { "wa", "walon" },
    { "wo", "Wolof" },
    { "xh", "isiXhosa" },
    { "yi", "ייִדיש" },
    { "yo", "Yorùbá" },
    { "za", "Saɯ cueŋƅ" },
    { "zh", "中文" },
    { "zu", "isiZulu" },
};
/* clang-format on */

const char *
text_language_at(size_t i, const char **name)
{
    if (i >= lengthof(languages))
        return NULL;
    *name = languages[i].name;
    return languages[i].code;
}

static bool
is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

struct str
text_language_of(struct arena *a, struct str tag)
{
    static const char *const regional[] = { "zh-CN", "zh-HK", "zh-TW" };
    enum { REGION = 3, REGIONAL = 5 }; /* where its letters begin and end */
    size_t n = 0;

    while (n < tag.n && is_letter(tag.p[n]))
        n++;
    if (n < tag.n && tag.p[n] != '-' && tag.p[n] != '_')
        return S("");
    if (n == 3)
        return str_lower(a, str_sub(tag, 0, n));
    if (n != 2)
        return S("");
    for (size_t i = 0; i < lengthof(regional) && tag.n >= REGIONAL; i++)
        if (str_eqi(str_sub(tag, 0, n), str_sub(str_z(regional[i]), 0, n)) &&
            str_eqi(str_sub(tag, REGION, REGIONAL), str_sub(str_z(regional[i]), REGION, REGIONAL)) &&
            (tag.n == REGIONAL || !is_letter(tag.p[REGIONAL])))
            return str_z(regional[i]);
    for (size_t i = 0; i < lengthof(languages); i++)
        if (str_eqi(str_sub(tag, 0, n), str_z(languages[i].code)))
            return str_z(languages[i].code);
    return S("");
}

/* Pages in the encodings of the web, as UTF-8.  https://encoding.spec.whatwg.org/#names-and-labels */
#include "text/card.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/utf8.h"
#include "text/internal.h"

#include <iconv.h>

enum { META_BYTES = 1024, LABEL_BYTES_MAX = 32 };

/* Labels as pages write them, and what the C library calls the encoding; a list, as names of strangers load modules. */
static const struct {
    const char *label, *name;
} encodings[] = {
    { "iso-8859-1", "WINDOWS-1252" },
    { "latin1", "WINDOWS-1252" },
    { "us-ascii", "WINDOWS-1252" },
    { "windows-1252", "WINDOWS-1252" },
    { "cp1252", "WINDOWS-1252" },
    { "iso-8859-2", "ISO-8859-2" },
    { "iso-8859-5", "ISO-8859-5" },
    { "iso-8859-7", "ISO-8859-7" },
    { "iso-8859-9", "WINDOWS-1254" },
    { "iso-8859-15", "ISO-8859-15" },
    { "windows-1250", "WINDOWS-1250" },
    { "windows-1251", "WINDOWS-1251" },
    { "windows-1253", "WINDOWS-1253" },
    { "windows-1254", "WINDOWS-1254" },
    { "windows-1255", "WINDOWS-1255" },
    { "windows-1256", "WINDOWS-1256" },
    { "windows-1257", "WINDOWS-1257" },
    { "windows-1258", "WINDOWS-1258" },
    { "koi8-r", "KOI8-R" },
    { "koi8-u", "KOI8-U" },
    { "shift_jis", "CP932" },
    { "shift-jis", "CP932" },
    { "sjis", "CP932" },
    { "windows-31j", "CP932" },
    { "euc-jp", "EUC-JP" },
    { "iso-2022-jp", "ISO-2022-JP" },
    { "gb2312", "GB18030" },
    { "gbk", "GB18030" },
    { "gb18030", "GB18030" },
    { "big5", "BIG5" },
    { "euc-kr", "UHC" },
    { "ks_c_5601-1987", "UHC" },
};

static const char *
find_name(struct str label)
{
    if (label.n > LABEL_BYTES_MAX)
        return NULL;
    for (size_t i = 0; i < lengthof(encodings); i++)
        if (str_eqi(label, str_z(encodings[i].label)))
            return encodings[i].name;
    return NULL;
}

/* charset=… of a media type; empty when there is none. */
static struct str
charset_of(struct str type)
{
    ptrdiff_t semicolon = str_chr(type, ';');
    struct str params = semicolon < 0 ? S("") : str_sub(type, (size_t)semicolon + 1, type.n), one;

    while (str_cut(&params, ';', &one)) {
        one = str_trim(one);
        if (!str_startsi(one, S("charset=")))
            continue;
        one = str_trim(str_sub(one, 8, one.n));
        if (one.n >= 2 && (one.p[0] == '"' || one.p[0] == '\'') && one.p[one.n - 1] == one.p[0])
            one = str_sub(one, 1, one.n - 1);
        return one;
    }
    return S("");
}

static struct str
charset_in(struct arena *a, struct str page)
{
    struct html_lexer lex = { .in = str_sub(page, 0, META_BYTES) };
    struct html_token t;

    while (html_next(&lex, &t)) {
        struct str charset;

        if (t.kind != HTML_TOKEN_START || !str_eqi(t.name, S("meta")))
            continue;
        charset = html_attr(a, t.attrs, S("charset"));
        if (charset.n == 0 && str_eqi(html_attr(a, t.attrs, S("http-equiv")), S("content-type")))
            charset = charset_of(html_attr(a, t.attrs, S("content")));
        if (charset.n > 0)
            return str_trim(charset);
    }
    return S("");
}

/* What does not decode becomes U+FFFD, a byte at a time. */
static struct str
convert(struct arena *a, struct str page, const char *from)
{
    iconv_t cd = iconv_open("UTF-8", from);
    char *in = (char *)(uintptr_t)page.p, chunk[4096];
    size_t left = page.n;
    struct buf b;

    if (cd == (iconv_t)-1)
        return utf8_clean(a, page, true);
    buf_init(&b, a, page.n * 4 + 16);
    while (left > 0) {
        char *out = chunk;
        size_t room = sizeof(chunk), before = left;

        (void)iconv(cd, &in, &left, &out, &room);
        buf_put(&b, (struct str){ chunk, sizeof(chunk) - room });
        if (left == before && room == sizeof(chunk)) { /* stuck at a byte that means nothing */
            buf_putz(&b, "\xef\xbf\xbd");
            in++;
            left--;
        }
    }
    iconv_close(cd);
    return utf8_clean(a, buf_str(&b), true);
}

struct str
text_page_utf8(struct arena *a, struct str page, struct str content_type)
{
    struct str label = charset_of(content_type);
    const char *name;

    if (str_starts(page, S("\xef\xbb\xbf")))
        return utf8_clean(a, str_sub(page, 3, page.n), true);
    if (label.n == 0)
        label = charset_in(a, page);
    name = find_name(label);
    return name == NULL ? utf8_clean(a, page, true) : convert(a, page, name);
}

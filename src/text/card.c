/* Link previews: the page of a stranger, and its oEmbed document. */
#include "text/card.h"

#include "base/arena.h"
#include "base/json.h"
#include "base/utf8.h"
#include "text/internal.h"

enum {
    PAGE_BYTES_MAX = 1024 * 1024,
    LD_BYTES_MAX = 256 * 1024,
    LD_SCRIPTS_MAX = 8,
    LD_NODES_MAX = 64,
    VALUE_BYTES_MAX = 8 * 1024,
    SIZE_MAX_PIXELS = 10000,
};

static struct str
clean(struct arena *a, struct str s)
{
    return s.p == NULL ? S("") : str_trim(utf8_clean(a, utf8_cut(s, VALUE_BYTES_MAX), true));
}

/* ---- links of a post -------------------------------------------------------------------------------------------- */

struct strs
text_html_links(struct arena *a, struct str html)
{
    struct strs out = { arena_vec(a, struct str, PAGE_LINKS_MAX), 0 };
    struct html_lexer lex = { .in = html };
    struct html_token t;

    while (out.n < PAGE_LINKS_MAX && html_next(&lex, &t)) {
        struct str classes, href;

        if (t.kind != HTML_TOKEN_START || !str_eqi(t.name, S("a")))
            continue;
        classes = html_attr(a, t.attrs, S("class"));
        if (html_has_word(classes, S("mention")) || html_has_word(classes, S("hashtag")) ||
            html_has_word(classes, S("u-url")) || html_has_word(html_attr(a, t.attrs, S("rel")), S("tag")))
            continue;
        href = str_trim(html_attr(a, t.attrs, S("href")));
        if (href.n > 0)
            out.v[out.n++] = href;
    }
    return out;
}

/* ---- the page ---------------------------------------------------------------------------------------------------- */

static void
take(struct arena *a, struct str *to, struct str value)
{
    if (to->n == 0)
        *to = clean(a, value);
}

static int64_t
pixels(struct str s)
{
    int64_t n;

    return str_int(str_trim(s), &n) && n > 0 && n <= SIZE_MAX_PIXELS ? n : 0;
}

static void
take_metas(struct arena *a, struct str page, struct text_page *p)
{
    const struct text_metas m = text_find_metas(a, page);
    const struct {
        struct str *to;
        const char *names[6];
    } rows[] = {
        { &p->title, { "og:title", "twitter:title", "title" } },
        { &p->description, { "og:description", "twitter:description", "description" } },
        { &p->image, { "og:image:secure_url", "og:image", "og:image:url", "twitter:image", "twitter:image:src" } },
        { &p->image_text, { "og:image:alt", "twitter:image:alt" } },
        { &p->site, { "og:site_name", "application-name" } },
        { &p->canonical, { "canonical", "og:url" } },
        { &p->author, { "author", "article:author", "og:author" } },
        { &p->creator, { "fediverse:creator" } },
        { &p->published, { "article:published_time", "og:article:published_time" } },
        { &p->language, { "content-language" } },
        { &p->player, { "twitter:player", "og:video:secure_url" } },
    };

    for (size_t i = 0; i < lengthof(rows); i++)
        for (size_t k = 0; k < lengthof(rows[i].names) && rows[i].names[k] != NULL; k++)
            take(a, rows[i].to, text_meta(&m, str_z(rows[i].names[k])));
    p->player_width = pixels(text_meta(&m, S("twitter:player:width")));
    p->player_height = pixels(text_meta(&m, S("twitter:player:height")));
    if (p->player_width == 0)
        p->player_width = pixels(text_meta(&m, S("og:video:width")));
    if (p->player_height == 0)
        p->player_height = pixels(text_meta(&m, S("og:video:height")));
    if (str_startsi(p->author, S("http"))) { /* Facebook's way: a page instead of a name */
        p->author_url = p->author;
        p->author = S("");
    }
}

/* A string, the first of a list, or the member of an object. */
static struct str
ld_text(const struct val *v, struct str member)
{
    if (v->kind == VAL_ARR)
        v = val_at(v, 0);
    return v->kind == VAL_OBJ ? val_str(val_get(v, member)) : val_str(v);
}

static bool
ld_is_article(const struct val *v)
{
    static const char *const types[] = { "Article", "NewsArticle", "BlogPosting", "Report", "ReportageNewsArticle",
        "OpinionNewsArticle", "AnalysisNewsArticle", "TechArticle", "SocialMediaPosting", "VideoObject",
        "PodcastEpisode" };
    const struct val *type = val_get(v, S("@type"));

    for (size_t k = 0; k < MAX(type->n, (size_t)1) && k < 8; k++) {
        struct str t = val_str(type->kind == VAL_ARR ? val_at(type, k) : type);

        for (size_t i = 0; i < lengthof(types); i++)
            if (str_eqz(t, types[i]))
                return true;
    }
    return false;
}

static void
take_article(struct arena *a, const struct val *v, struct text_page *p)
{
    const struct val *author = val_get(v, S("author"));

    take(a, &p->title, html_decode(a, val_str(val_get(v, S("headline"))), false));
    take(a, &p->title, html_decode(a, val_str(val_get(v, S("name"))), false));
    take(a, &p->description, html_decode(a, val_str(val_get(v, S("description"))), false));
    take(a, &p->image, ld_text(val_get(v, S("image")), S("url")));
    take(a, &p->published, val_str(val_get(v, S("datePublished"))));
    take(a, &p->language, ld_text(val_get(v, S("inLanguage")), S("alternateName")));
    take(a, &p->site, ld_text(val_get(v, S("publisher")), S("name")));
    take(a, &p->author, ld_text(author, S("name")));
    if (author->kind == VAL_OBJ || (author->kind == VAL_ARR && val_at(author, 0)->kind == VAL_OBJ))
        take(a, &p->author_url, ld_text(author, S("url")));
}

/* JSON-LD as pages write it, without a processor: an object, a list of them, or @graph. */
static void
take_ld(struct arena *a, struct str json, struct text_page *p)
{
    const struct json_limits limits = { .depth = 20, .nodes = 5000 };
    const struct val *doc, *list;

    if (json.n > LD_BYTES_MAX || json_parse(a, str_trim(json), &limits, &doc) != ERR_OK)
        return;
    list = doc->kind == VAL_OBJ && val_get(doc, S("@graph"))->kind == VAL_ARR ? val_get(doc, S("@graph")) : doc;
    if (list->kind == VAL_OBJ && ld_is_article(list))
        take_article(a, list, p);
    for (size_t i = 0; list->kind == VAL_ARR && i < list->n && i < LD_NODES_MAX; i++)
        if (ld_is_article(val_at(list, i))) {
            take_article(a, val_at(list, i), p);
            return;
        }
}

static void
take_link(struct arena *a, struct str attrs, struct text_page *p)
{
    if (html_has_word(html_attr(a, attrs, S("rel")), S("alternate")) &&
        str_eqi(str_trim(html_attr(a, attrs, S("type"))), S("application/json+oembed")))
        take(a, &p->oembed, html_attr(a, attrs, S("href")));
}

void
text_page_read(struct arena *a, struct str page, struct text_page *out)
{
    struct html_lexer lex = { .in = str_sub(page, 0, PAGE_BYTES_MAX) };
    struct str ld[LD_SCRIPTS_MAX];
    bool in_ld = false;
    size_t n = 0;
    struct html_token t;

    *out = (struct text_page){ .title = S(""),
        .description = S(""),
        .language = S(""),
        .canonical = S(""),
        .site = S(""),
        .author = S(""),
        .author_url = S(""),
        .creator = S(""),
        .image = S(""),
        .image_text = S(""),
        .published = S(""),
        .player = S(""),
        .oembed = S("") };
    while (html_next(&lex, &t)) {
        if (t.kind == HTML_TOKEN_TEXT) {
            if (in_ld && n < LD_SCRIPTS_MAX)
                ld[n++] = t.text;
            in_ld = false;
            continue;
        }
        in_ld = t.kind == HTML_TOKEN_START && str_eqi(t.name, S("script")) &&
                str_eqi(str_trim(html_attr(a, t.attrs, S("type"))), S("application/ld+json"));
        if (t.kind != HTML_TOKEN_START)
            continue;
        if (str_eqi(t.name, S("link")))
            take_link(a, t.attrs, out);
        else if (str_eqi(t.name, S("html")))
            take(a, &out->language, html_attr(a, t.attrs, S("lang")));
    }
    take_metas(a, page, out);
    for (size_t i = 0; i < n; i++)
        take_ld(a, ld[i], out);
}

/* ---- oEmbed ------------------------------------------------------------------------------------------------------ */

static struct str
frame_src(struct arena *a, struct str html)
{
    struct html_lexer lex = { .in = str_sub(html, 0, PAGE_BYTES_MAX) };
    struct html_token t;

    while (html_next(&lex, &t))
        if (t.kind == HTML_TOKEN_START && str_eqi(t.name, S("iframe")))
            return clean(a, html_attr(a, t.attrs, S("src")));
    return S("");
}

/* Numbers are often texts: "480", sometimes "100%". */
static int64_t
size_of(const struct val *v)
{
    return pixels(v->kind == VAL_NUM ? v->s : val_str(v));
}

bool
text_oembed_read(struct arena *a, struct str json, struct text_oembed *out)
{
    static const char *const types[] = { "link", "photo", "video", "rich" };
    const struct json_limits limits = { .depth = 8, .nodes = 500 };
    const struct val *v;
    size_t type = 0;

    if (json_parse(a, json, &limits, &v) != ERR_OK || v->kind != VAL_OBJ)
        return false;
    while (type < lengthof(types) && !str_eqz(val_str(val_get(v, S("type"))), types[type]))
        type++;
    if (type == lengthof(types))
        return false;
    *out = (struct text_oembed){ .type = (enum oembed_type)type,
        .title = clean(a, html_decode(a, val_str(val_get(v, S("title"))), false)),
        .author = clean(a, html_decode(a, val_str(val_get(v, S("author_name"))), false)),
        .author_url = clean(a, val_str(val_get(v, S("author_url")))),
        .provider = clean(a, html_decode(a, val_str(val_get(v, S("provider_name"))), false)),
        .provider_url = clean(a, val_str(val_get(v, S("provider_url")))),
        .thumbnail = clean(a, val_str(val_get(v, S("thumbnail_url")))),
        .url = type == OEMBED_PHOTO ? clean(a, val_str(val_get(v, S("url")))) : S(""),
        .frame = type == OEMBED_VIDEO || type == OEMBED_RICH ? frame_src(a, val_str(val_get(v, S("html")))) : S(""),
        .width = size_of(val_get(v, S("width"))),
        .height = size_of(val_get(v, S("height"))) };
    return true;
}

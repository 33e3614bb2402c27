/* The set of templates of the process. */
#include "view/page.h"

#include "base/json.h"
#include "text/i18n.h"
#include "text/template.h"

static struct templates *set; /* written once, at start */

enum err
view_pages_load(struct arena *a, struct str *why)
{
    return text_templates_load(a, text_embed_share(), NULL, &set, why);
}

enum err
view_page(struct ctx *c, struct str name, const struct val *v, struct buf *b)
{
    const struct template *t = set == NULL ? NULL : text_templates_find(set, name);
    enum err e;

    if (t == NULL)
        return ctx_fail(c, ERR_NOT_FOUND, "no template %.*s", STR_ARG(name));
    e = text_template_render(set, t, v, c->locale, b);
    return e == ERR_OK ? ERR_OK : ctx_fail(c, e, "template %.*s", STR_ARG(name));
}

enum err
view_page_val(struct ctx *c, struct str json_text, const struct val **out)
{
    static const struct json_limits limits = { .nodes = 500000, .string_bytes = 4 * 1024 * 1024 };

    if (json_parse(c->mem, json_text, &limits, out) != ERR_OK)
        return ctx_fail(c, ERR_INTERNAL, "a view wrote no JSON, or too much");
    return ERR_OK;
}

struct str
view_text(struct ctx *c, struct str msgid)
{
    return text_tr(c->locale, msgid);
}

struct str
view_locale(struct str accept_language)
{
    return text_locale_match(accept_language);
}

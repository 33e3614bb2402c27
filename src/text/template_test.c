#include "text/template.h"

#include "base/json.h"
#include "unit.h"

static const struct val *
values(const char *json)
{
    const struct val *v;

    assert_int_equal(json_parse(unit_mem(), str_z(json), NULL, &v), ERR_OK);
    return v;
}

static void
assert_render(const char *source, const char *json, const char *want)
{
    struct template *t;
    const char *why;
    struct buf b;

    assert_int_equal(text_template_compile(unit_mem(), str_z(source), TEMPLATE_HTML, &t, &why), ERR_OK);
    buf_init(&b, unit_mem(), 10000);
    assert_int_equal(text_template_render(NULL, t, values(json), S("de"), &b), ERR_OK);
    assert_str(buf_str(&b), want);
}

static void
assert_refused(const char *source)
{
    struct template *t;
    const char *why = NULL;

    assert_int_equal(text_template_compile(unit_mem(), str_z(source), TEMPLATE_HTML, &t, &why), ERR_INVALID);
    assert_non_null(why);
}

UNIT(values_are_escaped)
{
    assert_render("<a href=\"{{u}}\">{{ n }}</a>{{no}}", "{\"u\":\"\\\"><script>\",\"n\":5}",
        "<a href=\"&quot;&gt;&lt;script&gt;\">5</a>");
    assert_render("{{a.b.c}}{{a.x.y}}", "{\"a\":{\"b\":{\"c\":\"'\"}}}", "&#39;");
    assert_render("{{{content}}}{{{s.extra_html}}}", "{\"content\":\"<p>\",\"s\":{\"extra_html\":\"<b>\"}}", "<p><b>");
    assert_render("{{_Not a text anybody has}}{{! {{ }}x", "{}", "Not a text anybody hasx");
}

UNIT(sections_follow_their_value)
{
    assert_render("{{#v}}[{{x}}{{.}}]{{/v}}{{^v}}none{{/v}}", "{\"v\":[1,\"a\"],\"x\":\"o\"}", "[o1][oa]");
    assert_render("{{#v}}{{x}}{{/v}}{{^v}}none{{/v}}", "{\"v\":[]}", "none");
    assert_render("{{#v}}{{x}}{{/v}}", "{\"v\":{\"x\":\"in\"},\"x\":\"out\"}", "in");
    assert_render(
        "{{#a}}1{{/a}}{{#b}}2{{/b}}{{#c}}3{{/c}}{{#d}}4{{/d}}", "{\"a\":true,\"b\":false,\"c\":0,\"d\":\"\"}", "1");
    assert_render("{{#a}}{{#b}}{{x}}{{/b}}{{/a}}", "{\"a\":[{\"x\":1},{\"x\":2}],\"b\":[1,2]}", "1122");
}

UNIT(tags_alone_on_a_line_take_it_with_them)
{
    assert_render(
        "a\n  {{#v}}\n  <li>{{.}}</li>\n  {{/v}}\nb\n", "{\"v\":[1,2]}", "a\n  <li>1</li>\n  <li>2</li>\nb\n");
    assert_render("{{#v}} x {{/v}}", "{\"v\":1}", " x ");
}

UNIT(bad_templates_are_refused)
{
    assert_refused("{{a");
    assert_refused("{{}}");
    assert_refused("{{#a}}");
    assert_refused("{{/a}}");
    assert_refused("{{#a}}{{#b}}{{/a}}{{/b}}");
    assert_refused("{{{name}}}");
    assert_refused("{{{content}}");
    assert_refused("{{a b}}");
    assert_refused("{{_}}");
}

UNIT(sets_have_partials)
{
    static const struct embed_file files[] = {
        { .name = { "css/x.css", 9 }, .bytes = { "{{#", 3 } },
        { .name = { "templates/item.html", 19 }, .bytes = { "<{{x}}>", 7 } },
        { .name = { "templates/loop.html", 19 }, .bytes = { "{{>loop.html}}", 14 } },
        { .name = { "templates/mail.txt", 18 }, .bytes = { "{{x}}", 5 } },
        { .name = { "templates/page.html", 19 }, .bytes = { "{{#v}}{{>item.html}}{{/v}}", 26 } },
        { .name = { "templates/wrong.html", 20 }, .bytes = { "{{>mail.txt}}", 13 } },
    };
    const struct val *v = values("{\"v\":[{\"x\":\"&\"}],\"x\":\"&\"}");
    struct templates *set;
    struct str why;
    struct buf b;

    assert_int_equal(text_templates_load(unit_mem(), (struct embed_files){ files, 6 }, NULL, &set, &why), ERR_INVALID);
    assert_str(why, "wrong.html: a partial is missing");
    assert_int_equal(text_templates_load(unit_mem(), (struct embed_files){ files, 5 }, "/nowhere", &set, &why), ERR_OK);
    buf_init(&b, unit_mem(), 1000);
    assert_int_equal(text_template_render(set, text_templates_find(set, S("page.html")), v, S("en"), &b), ERR_OK);
    assert_int_equal(text_template_render(set, text_templates_find(set, S("mail.txt")), v, S("en"), &b), ERR_OK);
    assert_str(buf_str(&b), "<&amp;>&");
    assert_int_equal(
        text_template_render(set, text_templates_find(set, S("loop.html")), v, S("en"), &b), ERR_TOO_LARGE);
    assert_null(text_templates_find(set, S("none")));
}

UNIT(output_of_templates_is_bounded)
{
    struct template *t;
    const char *why;
    struct buf b;

    assert_int_equal(text_template_compile(unit_mem(), S("{{#v}}0123456789{{/v}}"), TEMPLATE_HTML, &t, &why), ERR_OK);
    buf_init(&b, unit_mem(), 15);
    assert_int_equal(text_template_render(NULL, t, values("{\"v\":[1,2,3]}"), S("en"), &b), ERR_TOO_LARGE);
}

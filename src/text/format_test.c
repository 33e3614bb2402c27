#include "text/format.h"

#include "base/json.h"
#include "text/html.h"
#include "unit.h"

static bool
find_person(void *arg, struct str user, struct str domain, struct text_person *out)
{
    bool local = domain.n == 0 || str_eqi(domain, S("social.example"));

    if (!str_eqi(user, S("alice")) && !str_eqi(user, S("bob")))
        return false;
    *out = (struct text_person){ .username = user,
        .url = str_cat(unit_mem(), S("https://"), local ? S("social.example") : domain, S("/@"), user, STR_NONE),
        .acct = local ? user : str_cat(unit_mem(), user, S("@"), domain, STR_NONE),
        .account_id = (int64_t)user.n };
    return true;
}

static const struct text_format_opts opts = { .person = find_person,
    .tag_base = { "https://social.example/tags/", 28 } };

static void
assert_format(const char *text, const char *want)
{
    struct text_formatted f;

    text_format(unit_mem(), str_z(text), &opts, &f);
    assert_str(f.html, want);
}

/* Links of a kind, joined by '|'. */
static struct str
found(struct str text, enum link_kind kind)
{
    struct links l = text_links(unit_mem(), text);
    struct str all = S("");

    for (size_t i = 0; i < l.n; i++) {
        assert_true(l.v[i].from < l.v[i].to && l.v[i].to <= text.n && (i == 0 || l.v[i].from >= l.v[i - 1].to));
        if (l.v[i].kind != kind)
            continue;
        all = str_cat(unit_mem(), all, all.n > 0 ? S("|") : S(""), l.v[i].text, STR_NONE);
        if (l.v[i].domain.n > 0)
            all = str_cat(unit_mem(), all, S("@"), l.v[i].domain, STR_NONE);
    }
    return all;
}

static const struct val *
rules(const char *list)
{
    struct str text = unit_shared("corpora/text/mastodon-text-rules.json");
    struct json_limits lim = { .nodes = 100000, .string_bytes = text.n };
    const struct val *root;

    assert_int_equal(json_parse(unit_mem(), text, &lim, &root), ERR_OK);
    if (list == NULL)
        return val_get(val_get(root, S("status_length_vectors")), S("cases"));
    return val_get(val_get(val_get(root, S("repos")), S("glitch-soc/mastodon")), str_z(list));
}

UNIT(mastodon_formats)
{
    const struct val *cases = rules("text_formatter");
    size_t seen = 0;

    for (size_t i = 0; i < cases->n; i++) {
        const struct val *c = val_at(cases, i);
        struct str text = val_str(val_get(c, S("text"))), want = val_str(val_get(c, S("value")));
        struct str check = val_str(val_get(c, S("check"))), context = val_str(val_get(c, S("context")));
        struct text_formatted f;

        if (str_find(context, S("HTML (XSS attack)")) >= 0) /* the recorded text is of another case */
            continue;
        text_format(unit_mem(), text, &opts, &f);
        bool in = str_find(f.html, want) >= 0;
        if (str_eq(check, S("eq")) ? !str_eq(f.html, want) : str_eq(check, S("not_include")) ? in : !in)
            fail_msg("%.*s\n%.*s\n%.*s", STR_ARG(text), STR_ARG(f.html), STR_ARG(want));
        seen++;
    }
    assert_true(seen > 40);
}

UNIT(mastodon_hashtags)
{
    const struct val *cases = rules("hashtag_regex_first_match");

    for (size_t i = 0; i < cases->n; i++) {
        struct str text = val_str(val_get(val_at(cases, i), S("text")));
        struct str want = val_str(val_get(val_at(cases, i), S("match"))), got = found(text, LINK_TAG);

        if (want.n > 0)
            want = str_sub(want, str_starts(want, S("#")) ? 1 : 3, want.n);
        if (!str_eq(got, want))
            fail_msg("%.*s: got %.*s, want %.*s", STR_ARG(text), STR_ARG(got), STR_ARG(want));
    }
    assert_true(cases->n > 20);
}

UNIT(mastodon_mentions)
{
    const struct val *cases = rules("mention_regex");

    for (size_t i = 0; i < cases->n; i++) {
        struct str text = val_str(val_get(val_at(cases, i), S("text")));
        struct str want = val_str(val_get(val_at(cases, i), S("match"))), got = found(text, LINK_MENTION);

        if (!str_eq(got, want))
            fail_msg("%.*s: got %.*s, want %.*s", STR_ARG(text), STR_ARG(got), STR_ARG(want));
    }
    assert_true(cases->n >= 10);
}

UNIT(mastodon_lengths)
{
    const struct val *cases = rules(NULL);

    for (size_t i = 0; i < cases->n; i++) {
        struct str text = val_str(val_get(val_at(cases, i), S("text")));
        int64_t want = val_int(val_get(val_at(cases, i), S("length")), -1);
        size_t got = text_count(unit_mem(), text, STR_NONE);

        if (got != (size_t)want)
            fail_msg("%.*s: got %zu, want %d", STR_ARG(text), got, (int)want);
    }
    assert_true(cases->n > 30);
    assert_int_equal(text_count(unit_mem(), S("ab"), S("🇪🇪 x")), 5);
}

/* A double-quoted YAML scalar or a list of them, which is what the twitter-text files hold; JSON reads both. */
static bool
yaml_value(struct str line, const char *key, const struct val **out)
{
    struct str name = str_cat(unit_mem(), str_z(key), S(": "), STR_NONE);

    line = str_trim(line);
    return str_starts(line, name) && json_parse(unit_mem(), str_sub(line, name.n, line.n), NULL, out) == ERR_OK;
}

/* Where Mastodon's rules, or ours without a list of top-level domains, differ on purpose. */
static bool
is_other_rule(struct str description)
{
    static const char *const names[] = {
        "t.co",                      /* no special rules for one shortener */
        "with and without protocol", /* paths may hold any script */
    };

    for (size_t i = 0; i < lengthof(names); i++)
        if (str_find(description, str_z(names[i])) >= 0)
            return true;
    return false;
}

UNIT(twitter_urls_with_protocol)
{
    struct str file = unit_shared("corpora/text/twitter-text/extract.yml"), line, section = S(""), description = S("");
    const struct val *text = NULL, *want = NULL;
    size_t seen = 0, bad = 0;

    while (str_cut(&file, '\n', &line)) {
        if (str_starts(line, S("  ")) && line.n > 2 && line.p[2] != ' ')
            section = str_trim(line);
        if (str_find(line, S("- description:")) >= 0)
            description = line;
        if (yaml_value(line, "text", &text) || !str_eq(section, S("urls:")) || !yaml_value(line, "expected", &want))
            continue;
        struct str expected = S("");
        for (size_t i = 0; i < want->n; i++)
            if (str_starts(val_str(val_at(want, i)), S("http")))
                expected =
                    str_cat(unit_mem(), expected, expected.n > 0 ? S("|") : S(""), val_str(val_at(want, i)), STR_NONE);
        seen++;
        if (is_other_rule(description) || str_eq(found(val_str(text), LINK_URL), expected))
            continue;
        bad++;
        print_message("%.*s\n  got  %.*s\n  want %.*s\n", STR_ARG(description), STR_ARG(found(val_str(text), LINK_URL)),
            STR_ARG(expected));
    }
    assert_true(seen > 60);
    assert_int_equal(bad, 0);
}

UNIT(formatted_as_mastodon_does)
{
    assert_format("", "");
    assert_format(" \n\t ", "");
    assert_format("a\nb\r\n\r\n\nc\n", "<p>a<br />b</p><p>c</p>");
    assert_format("Hi @alice & @Bob@remote.example, @carol!",
        "<p>Hi <span class=\"h-card\" translate=\"no\"><a href=\"https://social.example/@alice\" class=\"u-url "
        "mention\">@<span>alice"
        "</span></a></span> &amp; <span class=\"h-card\" translate=\"no\"><a href=\"https://remote.example/@Bob\" "
        "class=\"u-url mention\">@<span>Bob</span></a></span>, @carol!</p>");
    assert_format("https://www.example.com/",
        "<p><a href=\"https://www.example.com/\" target=\"_blank\" rel=\"nofollow noopener\" translate=\"no\"><span "
        "class=\"invisible\">https://www.</span><span class=\"\">example.com/</span><span "
        "class=\"invisible\"></span></a></p>");
    assert_format("https://a-rather-long-name.of-a-host.example/path", /* here Mastodon cuts the host */
        "<p><a href=\"https://a-rather-long-name.of-a-host.example/path\" target=\"_blank\" rel=\"nofollow noopener\" "
        "translate=\"no\"><span class=\"invisible\">https://</span><span "
        "class=\"ellipsis\">a-rather-long-name.of-a-host.example</span><span class=\"invisible\">/path</span></a></p>");
    assert_format("gemini://x.example/a",
        "<p><a href=\"gemini://x.example/a\" target=\"_blank\" rel=\"nofollow noopener\" "
        "translate=\"no\"><span class=\"invisible\"></span><span class=\"\">gemini://x.example/a"
        "</span><span class=\"invisible\"></span></a></p>");
}

/* A megabyte of each: were any of them not linear, this would not end. */
UNIT(scanning_is_linear)
{
    static const char *const units[] = { "http://a.bc/", "http://a.bc/(x", "http://a.bc/((", "@a@", "@a.-", "@a@.",
        "#a\xc2\xb7", "#1", "##", ":aa", "::", "http://a.", "http://a.bc?.", "xmpp:a", "\xf0", "a\n" };
    size_t n = 1024 * 1024;
    char *p = arena_alloc(unit_mem(), n, 1);

    for (size_t i = 0; i < lengthof(units); i++) {
        struct arena_mark m = arena_save(unit_mem());

        for (size_t k = 0; k < n; k++)
            p[k] = units[i][k % strlen(units[i])];
        assert_true(text_links(unit_mem(), (struct str){ p, n }).n <= LINKS_MAX);
        assert_true(text_shortcodes(unit_mem(), (struct str){ p, n }).n <= 500);
        arena_restore(unit_mem(), m);
    }
}

UNIT(two_of_one_name_show_their_domain)
{
    struct text_formatted f;

    text_format(unit_mem(), S("@alice @alice@remote.example @alice"), &opts, &f);
    assert_int_equal(f.n_mentions, 2);
    assert_str(f.mentions[1].acct, "alice@remote.example");
    assert_true(str_find(f.html, S("@<span>alice@remote.example</span>")) > 0);
}

UNIT(finds_are_listed_once)
{
    struct text_formatted f;

    text_format(
        unit_mem(), S("#Café #cafe #x :smile: http://a.example :smile: http://a.example a:no:b :ok_1:"), &opts, &f);
    assert_int_equal(f.tags.n, 2);
    assert_str(f.tags.v[0], "Café");
    assert_int_equal(f.urls.n, 1);
    assert_int_equal(f.shortcodes.n, 2);
    assert_str(f.shortcodes.v[1], "ok_1");
}

UNIT(profile_fields_are_one_line)
{
    struct text_format_opts field = opts;
    struct text_formatted f;

    field.one_line = field.rel_me = true;
    text_format(unit_mem(), S("https://a.example\nx"), &field, &f);
    assert_str(f.html,
        "<a href=\"https://a.example\" target=\"_blank\" rel=\"nofollow noopener me\" translate=\"no\"><span "
        "class=\"invisible\">https://</span><span class=\"\">a.example</span><span class=\"invisible\"></span></a> x");
}

UNIT(tags_are_checked_and_keyed)
{
    assert_true(text_tag_valid(S("#one_two")));
    assert_true(text_tag_valid(S("タグ")));
    assert_false(text_tag_valid(S("123")));
    assert_false(text_tag_valid(S("a b")));
    assert_false(text_tag_valid(S("")));
    assert_false(text_tag_valid(S("a·")));
    assert_str(text_tag_key(unit_mem(), S("#ÜberＴag")), "ubertag");
}

UNIT(shortcodes_stand_apart)
{
    struct strs v = text_shortcodes(unit_mem(), S(":a: :aa::bb: x:cc: :dd:x (:ee:) :ff:é :gg:\n:hh:"));

    assert_int_equal(v.n, 3);
    assert_str(v.v[0], "ee");
    assert_str(v.v[2], "hh");
    assert_false(text_shortcode_valid(S("a")));
    assert_false(text_shortcode_valid(S("a-b")));
}

static void
assert_markdown(const char *text, const char *want)
{
    struct text_formatted f;

    text_format_markdown(unit_mem(), str_z(text), &opts, &f);
    assert_str(f.html, want);
}

UNIT(markdown_is_cleaned_and_linked)
{
    assert_markdown("", "");
    assert_markdown("*a* **b** `c @alice`", "<p><em>a</em> <strong>b</strong> <code>c @alice</code></p>");
    assert_markdown("# T\n\n- x\n- y", "<p><strong>T</strong></p>\n<ul>\n<li>x</li>\n<li>y</li>\n</ul>");
    assert_markdown("hi @alice",
        "<p>hi <span class=\"h-card\" translate=\"no\"><a href=\"https://social.example/@alice\" "
        "class=\"u-url mention\">@<span>alice</span></a></span></p>");
}

UNIT(markdown_hides_nothing)
{
    assert_markdown("<script>x</script>", "<p>&lt;script&gt;x&lt;/script&gt;</p>");
    assert_markdown("a <b onclick=x>c</b>", "<p>a &lt;b onclick=x&gt;c&lt;/b&gt;</p>");
    assert_markdown("[x](javascript:alert(1))", "<p>x</p>");
    assert_markdown("![alt](https://a.example/p.png)",
        "<p><a href=\"https://a.example/p.png\" rel=\"nofollow noopener\" target=\"_blank\">alt</a></p>");
    assert_markdown("a\nb", "<p>a<br />\nb</p>");
    assert_markdown("#tag", "<p><a href=\"https://social.example/tags/tag\" class=\"mention hashtag\" "
                            "rel=\"tag\">#<span>tag</span></a></p>");
}

/* The cleaner finds nothing to remove in what the formatter makes. */
UNIT(formatted_text_is_clean)
{
    struct str text = unit_shared("corpora/text/blns/blns.json");
    const struct val *v;

    assert_int_equal(json_parse(unit_mem(), text, NULL, &v), ERR_OK);
    for (size_t i = 0; i < v->n; i++) {
        struct text_formatted f;
        struct str clean;

        text_format(unit_mem(), val_str(val_at(v, i)), &opts, &f);
        clean = text_html_clean(unit_mem(), f.html, HTML_OWN);
        assert_true(str_eq(text_html_to_plain(unit_mem(), clean), text_html_to_plain(unit_mem(), f.html)));
        text_format_markdown(unit_mem(), val_str(val_at(v, i)), &opts, &f);
        assert_true(str_eq(text_html_clean(unit_mem(), f.html, HTML_OWN), f.html));
    }
}

/* Posts in the shapes of other programs, one row each: what they become here.  The documents are ours, the shapes are theirs. */
#include "inbox/world_test.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/log.h"
#include "unit_db.h"

#define EVE "https://far.test/u/eve"
#define POST "https://far.test/p/1"
#define GROUP "https://group.test/c/cats"

struct shape {
    const char *from, *object; /* members beside id, attributedTo and, unless they are there, to and cc */
    const char *effect;        /* of the Create, in the words of world_diff */
    const char *content;       /* all of it, as it is shown; NULL: not compared */
    const char *sql, *is;      /* one more value; may be NULL */
};

#define SPOILER "SELECT spoiler_text FROM status WHERE uri = '" POST "'"
#define LANGUAGE "SELECT language FROM status WHERE uri = '" POST "'"
#define QUOTED "SELECT quoted_uri FROM quote"
#define LINKED(url) "<p><a href=\"" url "\" rel=\"nofollow noopener\" target=\"_blank\">" url "</a></p>"

static const struct shape shapes[] = {
    /* ---- text ---- */
    { "Mastodon",
        "\"type\":\"Note\",\"summary\":\"careful\",\"content\":\"<p>x</p>\",\"contentMap\":{\"de\":\"<p>x</p>\"}",
        "post+1", "<p>x</p>", LANGUAGE, "de" },
    { "a content warning is text", "\"type\":\"Note\",\"summary\":\"a <b>\",\"content\":\"x\"", "post+1", "x", SPOILER,
        "a <b>" },
    { "only a map of contents", "\"type\":\"Note\",\"contentMap\":{\"fr\":\"<p>oui</p>\"}", "post+1", "<p>oui</p>",
        LANGUAGE, "fr" },
    { "Misskey: MFM is the source, not the text",
        "\"type\":\"Note\",\"content\":\"<p><b>a</b></p>\",\"_misskey_content\":\"$[x a]\","
        "\"source\":{\"content\":\"$[x a]\",\"mediaType\":\"text/x.misskeymarkdown\"}",
        "post+1", "<p><b>a</b></p>" },
    { "Markdown is shown as it was typed",
        "\"type\":\"Note\",\"mediaType\":\"text/markdown\",\"content\":\"*a*\\n<script>\"", "post+1",
        "<p>*a*<br />&lt;script&gt;</p>" },
    { "Friendica, forums: a note with a title", "\"type\":\"Note\",\"name\":\"T\",\"content\":\"<p>x</p>\"", "post+1",
        "<p><strong>T</strong></p><p>x</p>" },
    { "a title that the text begins with stands once", "\"type\":\"Note\",\"name\":\"T\",\"content\":\"<p>T: x</p>\"",
        "post+1", "<p>T: x</p>" },
    /* ---- other kinds ---- */
    { "WordPress: the summary of an article is an excerpt",
        "\"type\":\"Article\",\"name\":\"T\",\"summary\":\"short\",\"content\":\"<p>long</p>\",\"url\":\"https://"
        "far.test/?p=1\"",
        "post+1", NULL, SPOILER, "" },
    { "Lemmy: a page with a link",
        "\"type\":\"Page\",\"name\":\"T\",\"content\":\"<p>x</p>\",\"mediaType\":\"text/html\",\"audience\":\"" GROUP
        "\",\"attachment\":[{\"type\":\"Link\",\"href\":\"https://news.test/1\"}],"
        "\"image\":{\"type\":\"Image\",\"url\":\"https://far.test/"
        "1.png\"},\"language\":{\"identifier\":\"fr\",\"name\":\"F\"}",
        "post+1 media+1", NULL, LANGUAGE, "fr" },
    { "PeerTube: Markdown, a picture, no film",
        "\"type\":\"Video\",\"name\":\"T\",\"mediaType\":\"text/markdown\",\"content\":\"**x**\",\"duration\":\"PT5S\","
        "\"attributedTo\":[{\"type\":\"Group\",\"id\":\"https://far.test/g\"},{\"type\":\"Person\",\"id\":\"" EVE
        "\"}],"
        "\"icon\":[{\"type\":\"Image\",\"url\":\"https://far.test/s.jpg\",\"width\":1},"
        "{\"type\":\"Image\",\"url\":\"https://far.test/l.jpg\",\"width\":9}],"
        "\"url\":[{\"type\":\"Link\",\"mediaType\":\"text/html\",\"href\":\"https://far.test/w/1\"},"
        "{\"type\":\"Link\",\"mediaType\":\"video/mp4\",\"href\":\"https://far.test/1.mp4\",\"height\":720}]",
        "post+1 media+1", NULL, "SELECT remote_url FROM media", "https://far.test/l.jpg" },
    { "Funkwhale: the sound among the links, with its own name for media types",
        "\"type\":\"Audio\",\"name\":\"T\",\"content\":\"x\",\"url\":[{\"type\":\"Link\",\"mimeType\":\"audio/ogg\","
        "\"href\":\"https://far.test/1.ogg\"},{\"type\":\"Link\",\"mimeType\":\"text/html\",\"href\":\"https://"
        "far.test/t/1\"}]",
        "post+1 media+1", NULL, "SELECT url FROM status WHERE uri = '" POST "'", "https://far.test/t/1" },
    { "Mobilizon: an event with its time and place",
        "\"type\":\"Event\",\"name\":\"T\",\"content\":\"<p>x</p>\",\"startTime\":\"2026-05-01T19:00:00+02:00\","
        "\"endTime\":\"2026-05-01T21:00:00+02:00\",\"location\":{\"type\":\"Place\",\"name\":\"Hall\","
        "\"address\":{\"type\":\"PostalAddress\",\"streetAddress\":\"Way 1\",\"addressLocality\":\"Town\"}}",
        "post+1",
        "<p><strong>T</strong></p><p>2026-05-01 17:00 UTC \xe2\x80\x93 2026-05-01 19:00 UTC</p><p>Hall, Way 1, "
        "Town</p><p>x</p>" LINKED(POST) },
    { "Gancio: a place that is a text",
        "\"type\":\"Event\",\"name\":\"T\",\"startTime\":\"junk\",\"location\":\"Hall <b>\"", "post+1",
        "<p><strong>T</strong></p><p>Hall &lt;b&gt;</p>" LINKED(POST) },
    { "Bookwyrm: a review with stars, about a book",
        "\"type\":\"Review\",\"name\":\"T\",\"content\":\"<p>x</p>\",\"rating\":3.5,\"inReplyToBook\":\"https://"
        "far.test/b/1\"",
        "post+1",
        "<p><strong>T</strong></p><p>\xe2\x98\x85\xe2\x98\x85\xe2\x98\x85\xc2\xbd\xe2\x98\x86</p><p>x</p>" LINKED(
            "https://far.test/b/1") },
    { "Bookwyrm: a quotation quotes a book, not a post",
        "\"type\":\"Quotation\",\"quote\":\"<p>they "
        "say</p>\",\"content\":\"<p>x</p>\",\"inReplyToBook\":\"https://far.test/b/1\"",
        "post+1", "<blockquote><p>they say</p></blockquote><p>x</p>" LINKED("https://far.test/b/1") },
    { "a type nobody knows, with a title", "\"type\":\"Album\",\"name\":\"T\",\"url\":\"https://far.test/a/1\"",
        "post+1", "<p><strong>T</strong></p>" LINKED("https://far.test/a/1"),
        "SELECT object_type FROM status WHERE uri = '" POST "'", "Article" },
    { "a type nobody knows, with nothing to show", "\"type\":\"Track\",\"duration\":3", "" },
    { "Pixelfed: a picture is the post",
        "\"type\":\"Image\",\"url\":\"https://far.test/1.jpg\",\"mediaType\":\"image/jpeg\",\"name\":\"T\"",
        "post+1 media+1" },
    /* ---- files ---- */
    { "text in summary before name, focus and size",
        "\"type\":\"Note\",\"content\":\"x\",\"attachment\":{\"type\":\"Image\",\"mediaType\":\"image/"
        "png\",\"summary\":\"a cat\","
        "\"name\":\"1.png\",\"focalPoint\":[0.5,-0.5],\"width\":10,\"height\":0,\"blurhash\":\"\",\"url\":\"https://"
        "far.test/1.png\"}",
        "post+1 media+1", "x", "SELECT description || ' ' || focus_x || ' ' || width FROM media", "a cat 0.5 10" },
    { "Misskey: one sensitive file makes the post so",
        "\"type\":\"Note\",\"content\":\"x\",\"attachment\":[{\"type\":\"Document\",\"mediaType\":\"image/"
        "png\",\"isSensitive\":true,"
        "\"url\":\"https://far.test/1.png\"}]",
        "post+1 media+1", "x", "SELECT CAST(sensitive AS INTEGER) || '' FROM status WHERE uri = '" POST "'", "1" },
    { "an address of a file that nobody may fetch",
        "\"type\":\"Note\",\"content\":\"x\",\"attachment\":[{\"type\":\"Image\",\"url\":\"file:///etc/passwd\"}]",
        "post+1" },
    /* ---- tags ---- */
    { "GoToSocial: one tag without a list",
        "\"type\":\"Note\",\"content\":\"x\",\"tag\":{\"type\":\"Hashtag\",\"name\":\"#Cats\"}", "post+1 tag+1" },
    { "a hashtag of full width, without sign, and twice",
        "\"type\":\"Note\",\"content\":\"x\",\"tag\":[{\"type\":\"Hashtag\",\"name\":\"\xef\xbc\x83"
        "cats\"},{\"type\":\"Hashtag\",\"name\":\"CATS\"},{\"type\":\"Hashtag\",\"name\":\"#\"}]",
        "post+1 tag+1" },
    { "Pleroma: an emoji without id, its picture as a text",
        "\"type\":\"Note\",\"content\":\":a:\",\"tag\":[{\"type\":\"Emoji\",\"id\":null,\"name\":\":a:\",\"icon\":"
        "\"https://far.test/a.png\"}]",
        "post+1 emoji+1" },
    { "a mention by name alone",
        "\"type\":\"Note\",\"content\":\"x\",\"tag\":[{\"type\":\"Mention\",\"name\":\"@alice@dassie.test\"}]",
        "post+1 mention+1 notification+1" },
    { "somebody addressed without a mention", "\"type\":\"Note\",\"content\":\"x\",\"to\":[\"" WORLD_OUR "\"]",
        "post+1 mention+1", "x", "SELECT visibility || '' FROM status WHERE uri = '" POST "'", "4" },
    /* ---- quotes ---- */
    { "a quote with consent to ask for", "\"type\":\"Note\",\"content\":\"x\",\"quote\":\"" WORLD_PUBLIC "\"",
        "post+1 quote+1", NULL, QUOTED, WORLD_PUBLIC },
    { "Misskey's quote",
        "\"type\":\"Note\",\"content\":\"x\",\"_misskey_quote\":\"" WORLD_PUBLIC "\",\"quoteUrl\":\"" WORLD_PUBLIC "\"",
        "post+1 quote+1", NULL, QUOTED, WORLD_PUBLIC },
    { "Fedibird's quote", "\"type\":\"Note\",\"content\":\"x\",\"quoteUri\":\"" WORLD_PUBLIC "\"", "post+1 quote+1",
        NULL, QUOTED, WORLD_PUBLIC },
    { "an object link (FEP-e232)",
        "\"type\":\"Note\",\"content\":\"x\",\"tag\":[{\"type\":\"Link\",\"mediaType\":\"application/ld+json; "
        "profile=\\\"https://www.w3.org/ns/activitystreams\\\"\",\"href\":\"" WORLD_PUBLIC "\"}]",
        "post+1 quote+1", NULL, QUOTED, WORLD_PUBLIC },
    { "a quote of what is gone",
        "\"type\":\"Note\",\"content\":\"x\",\"quote\":{\"type\":\"Tombstone\",\"id\":\"https://far.test/p/0\"}",
        "post+1 unquoted+1" },
    /* ---- polls ---- */
    { "a poll",
        "\"type\":\"Question\",\"content\":\"x\",\"oneOf\":[{\"type\":\"Note\",\"name\":\"a\",\"replies\":{"
        "\"totalItems\":2}},"
        "{\"type\":\"Note\",\"name\":\"b\",\"replies\":{\"type\":\"Collection\",\"totalItems\":1}},{\"name\":\"a\"}]",
        "post+1 poll+1", "x", "SELECT options FROM poll WHERE status_id <> 9",
        "[{\"title\":\"a\",\"votes\":2},{\"title\":\"b\",\"votes\":1}]" },
    { "Misskey: an open poll and its own counts",
        "\"type\":\"Question\",\"content\":\"x\",\"anyOf\":[{\"type\":\"Note\",\"name\":\"a\",\"_misskey_votes\":5}]",
        "post+1 poll+1", "x", "SELECT options FROM poll WHERE status_id <> 9", "[{\"title\":\"a\",\"votes\":5}]" },
    { "Smithereen: the question is the title",
        "\"type\":\"Question\",\"name\":\"a?\",\"oneOf\":[{\"name\":\"y\"},{\"name\":\"n\"}]", "post+1 poll+1",
        "<p>a?</p>" },
    { "GoToSocial: votes for a poll of ours, in a list",
        "\"type\":\"Note\",\"name\":\"b\",\"inReplyTo\":\"" WORLD_QUESTION "\",\"to\":\"" WORLD_OUR "\"", "vote+1" },
    { "a vote for what is no option",
        "\"type\":\"Note\",\"name\":\"c\",\"inReplyTo\":\"" WORLD_QUESTION "\",\"to\":\"" WORLD_OUR "\"", "" },
    /* ---- who may see it ---- */
    { "unlisted", "\"type\":\"Note\",\"content\":\"x\",\"to\":\"" EVE "/followers\",\"cc\":\"as:Public\"", "post+1",
        "x", "SELECT visibility || '' FROM status WHERE uri = '" POST "'", "1" },
    { "followers only", "\"type\":\"Note\",\"content\":\"x\",\"to\":[\"" EVE "/followers\"]", "post+1", "x",
        "SELECT visibility || '' FROM status WHERE uri = '" POST "'", "2" },
    { "Akkoma: this server only is not public",
        "\"type\":\"Note\",\"content\":\"x\",\"to\":[\"https://far.test/#Public\"]", "" },
    { "Pleroma: a chat message", "\"type\":\"ChatMessage\",\"content\":\"x\",\"to\":[\"" WORLD_OUR "\"]",
        "post+1 mention+1", "x", "SELECT visibility || '' FROM status WHERE uri = '" POST "'", "3" },
    { "an audience does not widen",
        "\"type\":\"Note\",\"content\":\"x\",\"to\":[\"" EVE
        "/followers\"],\"audience\":\"as:Public\",\"bto\":\"as:Public\"",
        "post+1", "x", "SELECT visibility || '' FROM status WHERE uri = '" POST "'", "2" },
};

static struct str
create_of(const char *members)
{
    bool addressed = strstr(members, "\"to\":") != NULL, attributed = strstr(members, "\"attributedTo\":") != NULL;

    return str_fmt(unit_mem(),
        "{\"@context\":\"https://www.w3.org/ns/activitystreams\",\"id\":\"" POST
        "/create\",\"type\":\"Create\",\"actor\":\"" EVE "\",\"object\":{\"id\":\"" POST "\",%s%s%s}}",
        attributed ? "" : "\"attributedTo\":\"" EVE "\",",
        addressed ? "" : "\"to\":\"" WORLD_PUBLIC_ID "\",\"cc\":[\"" EVE "/followers\"],", members);
}

/* All rows are tried before the test fails. */
static int
differs(const struct shape *s, const char *what, struct str got, const char *want)
{
    if (str_eqz(got, want))
        return 0;
    print_error("%s: %s\n  got  %.*s\n  want %s\n", s->from, what, STR_ARG(got), want);
    return 1;
}

UNIT_DB(posts_of_other_programs)
{
    struct counts before, after;
    int wrong = 0;

    (void)world_new(db);
    log_set_level(LOG_LEVEL_ERROR);
    for (size_t i = 0; i < lengthof(shapes); i++) {
        const struct shape *s = &shapes[i];
        struct str content;

        web_put(S(EVE), web_person(EVE, "eve"));
        world_follows(S(EVE), false);
        before = world_count();
        (void)world_deliver(S(EVE), 0, create_of(s->object));
        after = world_count();
        wrong += differs(s, "effect", world_diff(&before, &after), s->effect);
        content = world_text("SELECT content FROM status WHERE uri = '" POST "'");
        if (s->content != NULL)
            wrong += differs(s, "content", content, s->content);
        if (s->sql != NULL)
            wrong += differs(s, s->sql, world_text(s->sql), s->is);
        world_reset();
    }
    log_set_level(LOG_LEVEL_INFO);
    world_end();
    assert_int_equal(wrong, 0);
}

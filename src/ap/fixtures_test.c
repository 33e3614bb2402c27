/* Recorded documents of other servers: all of them are read or refused, and of some we know what they say. */
#include "ap/read_activity.h"
#include "ap/read_actor.h"
#include "ap/read_collection.h"
#include "ap/read_note.h"
#include "base/buf.h"
#include "unit.h"

#include <dirent.h>
#include <sys/stat.h>

#define LEMMY "lemmy/crates/apub/apub/assets/"
#define AKKOMA "akkoma/test/fixtures/"
#define PLEROMA "pleroma/test/fixtures/"

static const struct ap_note_hints hints = { .now_ms = INT64_C(1800000000000) };

static const struct val *
document(const char *file)
{
    const struct val *doc = NULL;
    const char *why = "";

    if (ap_doc_parse(unit_mem(), unit_shared(str_fmt(unit_mem(), "fixtures/%s", file).p), AP_DOC_ANY, &doc, &why) !=
        ERR_OK)
        fail_msg("%s: %s", file, why);
    return doc;
}

/* The post itself, or the one in a Create. */
static struct ap_note
note_of(const char *file)
{
    const struct val *doc = document(file);
    const char *why = "";
    struct ap_note x;

    if (ap_type_class(ap_type_of(doc)) == AP_CLASS_ACTIVITY)
        doc = ap_as_node(val_get(doc, S("object")));
    if (ap_note_read(unit_mem(), doc, &hints, &x, &why) != ERR_OK)
        fail_msg("%s: %s", file, why);
    return x;
}

UNIT(posts_of_other_servers)
{
    static const struct {
        const char *file;
        enum ap_type type;
        enum visibility vis;
        const char *author, *url, *quote, *lang;
        size_t media, mentions, tags, emojis, options;
    } rows[] = {
        { LEMMY "mastodon/objects/note_1.json", AP_NOTE, VIS_UNLISTED, "https://mastodon.madrid/users/felix",
            "https://mastodon.madrid/@felix/107224289116410645", NULL, "en", .mentions = 1 },
        { AKKOMA "mastodon-question-activity.json", AP_QUESTION, VIS_PUBLIC, "https://mastodon.sdf.org/users/rinpatch",
            "https://mastodon.sdf.org/@rinpatch/102070944809637304", NULL, "en", .options = 4 },
        { AKKOMA "mastodon-post-activity-hashtag.json", AP_NOTE, VIS_PUBLIC, "http://mastodon.example.org/users/admin",
            "http://mastodon.example.org/@admin/99512778738411822", NULL, NULL, .mentions = 1, .tags = 1 },
        { AKKOMA "misskey/quote.json", AP_NOTE, VIS_PUBLIC, "https://misskey.io/users/93492q0ip0",
            "https://misskey.io/notes/934gok3482", "https://example.com/objects/43479e20-c0f8-4f49-bf7f-13fab8234924",
            NULL },
        { AKKOMA "tesla_mock/misskey_poll_no_end_date.json", AP_QUESTION, VIS_PUBLIC,
            "https://skippers-bin.com/users/7v1w1r8ce6", "https://skippers-bin.com/notes/7x9tmrp97i", NULL, NULL,
            .mentions = 1, .options = 2 },
        { AKKOMA "quote_post/fedibird_quote_post.json", AP_NOTE, VIS_PUBLIC, "https://fedibird.com/users/noellabo",
            "https://fedibird.com/@noellabo/107663670404015196", "https://misskey.io/notes/8vsn2izjwh", "ja" },
        { PLEROMA "fep-e232.json", AP_NOTE, VIS_PUBLIC, "https://example.org/users/alice",
            "https://example.org/objects/10", "https://example.org/objects/9", NULL, .mentions = 1 },
        { AKKOMA "tesla_mock/emoji-in-summary.json", AP_NOTE, VIS_PUBLIC, "https://patch.cx/users/rin",
            "https://patch.cx/objects/a399c28e-c821-4820-bc3e-4afeb044c16f", NULL, NULL, .emojis = 2 },
        { AKKOMA "kroeg-array-less-emoji.json", AP_NOTE, VIS_PUBLIC, "https://puckipedia.com/",
            "https://puckipedia.com/1jjx-ob5r/note", NULL, NULL, .emojis = 1 },
        { AKKOMA "create-chat-message.json", AP_CHAT_MESSAGE, VIS_DIRECT, "http://2hu.gensokyo/users/raymoo",
            "http://2hu.gensokyo/objects/2", NULL, NULL, .emojis = 1 },
        { "gotosocial/internal_ap_resolve_test.go.02.json", AP_ARTICLE, VIS_PUBLIC,
            "https://bandwagon.fm/@67a0a0808121f77ed3466870", "https://bandwagon.fm/67a0a219f050061c8b4ce427", NULL,
            NULL, .media = 1 },
        { LEMMY "lemmy/objects/page.json", AP_PAGE, VIS_PUBLIC, "https://enterprise.lemmy.ml/u/picard",
            "https://enterprise.lemmy.ml/post/55143", NULL, "fr", .media = 1, .mentions = 1 },
        { LEMMY "peertube/objects/video.json", AP_VIDEO, VIS_PUBLIC, "https://tilvids.com/accounts/thelinuxexperiment",
            "https://tilvids.com/videos/watch/e7946124-7b72-4ad7-9d22-844a84bb2de1", NULL, "en", .media = 1 },
        { AKKOMA "peertube/video-object-mpegURL-only.json", AP_VIDEO, VIS_PUBLIC,
            "https://peertube.stream/accounts/createurs",
            "https://peertube.stream/videos/watch/abece3c3-b9c6-47f4-8040-f3eed8c602e6", NULL, "fr", .media = 1,
            .tags = 2 },
        { LEMMY "wordpress/objects/page.json", AP_ARTICLE, VIS_PUBLIC, "https://dbzer0.com/blog/author/db0/",
            "https://dbzer0.com/blog/an-epic-3d-printed-fan-expansion-for-last-light/", NULL, "en", .media = 4,
            .tags = 5 },
        { AKKOMA "tesla_mock/mobilizon.org-event.json", AP_EVENT, VIS_PUBLIC, "https://mobilizon.org/@tcit",
            "https://mobilizon.org/events/252d5816-00a3-4a89-a66f-15bf65c33e39", NULL, NULL, .tags = 4 },
        { AKKOMA "bookwyrm-article.json", AP_ARTICLE, VIS_PUBLIC, "https://bookwyrm.com/user/TestUser",
            "https://bookwyrm.com/user/TestUser/review/17", NULL, NULL, .media = 1 },
        { LEMMY "friendica/objects/page_1.json", AP_PAGE, VIS_UNLISTED, "https://pirati.ca/profile/heluecht",
            "https://pirati.ca/objects/ec054ce7-8062-3c1b-016c-910426317080", NULL, "de", .mentions = 1 },
        { LEMMY "smithereen/objects/note.json", AP_NOTE, VIS_PUBLIC, "https://friends.grishka.me/users/1",
            "https://friends.grishka.me/posts/66561", NULL, NULL, .mentions = 1 },
        { LEMMY "mitra/activities/create_post.json", AP_NOTE, VIS_PUBLIC, "https://mitra.social/users/test",
            "https://mitra.social/objects/019f57cf-693a-77f2-b006-c4c76338956a", NULL, "da" },
        { AKKOMA "owncast-note-with-attachment.json", AP_NOTE, VIS_PUBLIC,
            "https://owncast.localhost.localdomain/federation/user/streamer",
            "https://owncast.localhost.localdomain/federation/KjBNuq8ng", NULL, NULL, .media = 1, .tags = 3 },
    };

    for (size_t i = 0; i < lengthof(rows); i++) {
        struct ap_note x = note_of(rows[i].file);
        size_t options = x.poll == NULL ? 0 : x.poll->n;

        print_message("%s\n", rows[i].file);
        assert_int_equal(x.type, rows[i].type);
        assert_int_equal(x.visibility, rows[i].vis);
        assert_str(x.attributed_to, rows[i].author);
        assert_str(x.url, rows[i].url);
        assert_str(x.quote, rows[i].quote == NULL ? "" : rows[i].quote);
        assert_str(x.content.lang, rows[i].lang == NULL ? "" : rows[i].lang);
        assert_int_equal(x.n_attachments, rows[i].media);
        assert_int_equal(x.n_mentions, rows[i].mentions);
        assert_int_equal(x.n_hashtags, rows[i].tags);
        assert_int_equal(x.n_emojis, rows[i].emojis);
        assert_int_equal(options, rows[i].options);
    }
}

UNIT(details_of_posts)
{
    struct ap_note lemmy = note_of(LEMMY "lemmy/objects/page.json"),
                   tube = note_of(LEMMY "peertube/objects/video.json");
    struct ap_note vote = note_of(AKKOMA "mastodon-vote.json");

    assert_str(lemmy.group, "https://enterprise.lemmy.ml/c/tenforward");
    assert_str(lemmy.link, "https://enterprise.lemmy.ml/pictrs/image/eOtYb9iEiB.png");
    assert_true(str_starts(lemmy.content.text, S("<h2>Post title</h2>")));
    assert_str(tube.group, "https://tilvids.com/video-channels/thelinuxexperiment_channel");
    assert_true(str_find(tube.content.text, S("Wayland &amp; X.org")) > 0); /* Markdown is shown as text */
    assert_true(vote.is_vote);
    assert_str(vote.in_reply_to, "https://testing.uguu.ltd/objects/9d300947-2dcb-445d-8978-9a3b4b84fa14");
    assert_true(note_of(AKKOMA "misskey/quote.json").quote_is_legacy);
    assert_str(note_of(AKKOMA "mastodon-post-activity-hashtag.json").summary.text, "cw");
}

UNIT(actors_of_other_servers)
{
    static const struct {
        const char *file;
        enum ap_type type;
        const char *username, *url, *shared_inbox;
        size_t keys, fields;
        bool locked;
    } rows[] = {
        { LEMMY "mastodon/objects/person.json", AP_PERSON, "mastodon", "https://masto.qa.urbanwildlife.biz/@mastodon",
            "https://masto.qa.urbanwildlife.biz/inbox", 1, 0 },
        { AKKOMA "tesla_mock/aimu@misskey.io.json", AP_PERSON, "aimu", "https://misskey.io/@aimu",
            "https://misskey.io/inbox", 1, 0 },
        { AKKOMA "guppe-actor.json", AP_GROUP, "Bernie2020", "https://gup.pe/u/bernie2020", "", 1, 0 },
        { AKKOMA "users_mock/takahe_user.json", AP_PERSON, "vote", "https://fedi.vision/@vote/",
            "https://fedi.vision/inbox/", 1, 1 },
        { AKKOMA "bridgy/actor.json", AP_PERSON, "jk.nipponalba.scot",
            "https://fed.brid.gy/r/https://jk.nipponalba.scot", "", 0, 0 },
        { AKKOMA "fetch_mocks/tuxcrafting.json", AP_PERSON, "tuxcrafting", "https://busshi.moe/@tuxcrafting",
            "https://busshi.moe/inbox", 1, 0, true },
        { LEMMY "lemmy/objects/group.json", AP_GROUP, "tenforward", "https://enterprise.lemmy.ml/c/tenforward",
            "https://enterprise.lemmy.ml/inbox", 1, 0 },
        { LEMMY "peertube/objects/group.json", AP_GROUP, "thelinuxexperiment_channel",
            "https://tilvids.com/video-channels/thelinuxexperiment_channel", "https://tilvids.com/inbox", 1, 0 },
        { LEMMY "wordpress/objects/person.json", AP_PERSON, "matthias", "https://pfefferle.org/author/pfefferle/",
            "https://pfefferle.org/wp-json/activitypub/1.0/inbox", 1, 2 },
        { LEMMY "mobilizon/objects/group.json", AP_GROUP, "contribateliers", "https://mobilizon.fr/@contribateliers",
            "https://mobilizon.fr/inbox", 1, 0 },
        { PLEROMA "hubzilla-actor.json", AP_PERSON, "testc6", "https://hub.somaton.com/channel/testc6",
            "https://hub.somaton.com/inbox", 1, 0 },
    };

    for (size_t i = 0; i < lengthof(rows); i++) {
        const char *why = "";
        struct ap_actor x;

        if (ap_actor_read(unit_mem(), document(rows[i].file), hints.now_ms, &x, &why) != ERR_OK)
            fail_msg("%s: %s", rows[i].file, why);
        print_message("%s\n", rows[i].file);
        assert_int_equal(x.type, rows[i].type);
        assert_str(x.username, rows[i].username);
        assert_str(x.url, rows[i].url);
        assert_str(x.shared_inbox, rows[i].shared_inbox);
        assert_int_equal(x.n_keys, rows[i].keys);
        assert_int_equal(x.n_fields, rows[i].fields);
        assert_int_equal(x.locked, rows[i].locked);
    }
}

UNIT(activities_of_other_servers)
{
    static const struct {
        const char *file;
        enum ap_type type;
        const char *actor, *object, *target, *reaction;
        size_t objects;
    } rows[] = {
        { AKKOMA "custom-emoji-reaction.json", AP_LIKE, "https://misskey.local.live/users/8x8yep20u2",
            "https://pleroma.local.live/objects/89937a53-2692-4631-bb62-770091267391", "", ":hanapog:", 1 },
        { AKKOMA "misskey-like.json", AP_LIKE, "http://mastodon.example.org/users/admin",
            "https://testing.pleroma.lol/objects/c331bbf7-2eb9-4801-a709-2a6103492a5a", "", ":pudding:", 1 },
        { AKKOMA "mastodon-delete-user.json", AP_DELETE, "http://mastodon.example.org/users/admin",
            "http://mastodon.example.org/users/admin", "", "", 1 },
        { "gotosocial/internal_federation_federatingdb_move_test.go.01.json", AP_MOVE,
            "http://fossbros-anonymous.io/users/foss_satan", "http://fossbros-anonymous.io/users/foss_satan",
            "https://turnip.farm/users/turniplover6969", "", 1 },
        { LEMMY "lemmy/activities/block/block_user.json", AP_BLOCK, "http://enterprise.lemmy.ml/u/lemmy_beta",
            "http://ds9.lemmy.ml/u/lemmy_alpha", "http://enterprise.lemmy.ml/c/main", "", 1 },
        { LEMMY "lemmy/activities/community/report_page.json", AP_FLAG, "http://ds9.lemmy.ml/u/lemmy_alpha",
            "http://enterprise.lemmy.ml/post/7", "", "", 1 },
        { LEMMY "mbin/activities/flag.json", AP_FLAG, "https://mbin-test1/u/BentiGorlich", "https://lemmy-test/post/4",
            "", "", 2 },
        { LEMMY "lemmy/activities/community/announce_create_page.json", AP_ANNOUNCE,
            "http://enterprise.lemmy.ml/c/main",
            "http://enterprise.lemmy.ml/activities/create/2807c9ec-3ad8-4859-a9e0-28b59b6e499f", "", "", 1 },
        { LEMMY "peertube/activities/announce_video.json", AP_ANNOUNCE,
            "https://tilvids.com/video-channels/thelinuxexperiment_channel",
            "https://tilvids.com/videos/watch/e7946124-7b72-4ad7-9d22-844a84bb2de1", "", "", 1 },
    };

    for (size_t i = 0; i < lengthof(rows); i++) {
        const char *why = "";
        struct ap_activity x;

        if (ap_activity_read(unit_mem(), document(rows[i].file), hints.now_ms, &x, &why) != ERR_OK)
            fail_msg("%s: %s", rows[i].file, why);
        print_message("%s\n", rows[i].file);
        assert_int_equal(x.type, rows[i].type);
        assert_str(x.actor, rows[i].actor);
        assert_str(x.object, rows[i].object);
        assert_str(x.target, rows[i].target);
        assert_str(x.reaction, rows[i].reaction);
        assert_int_equal(x.n_objects, rows[i].objects);
        assert_int_equal(x.is_actor_delete, i == 2);
    }
}

/* ---- all of them ---------------------------------------------------------------------------------------------------------- */

struct tally {
    int files, actors, notes, activities, collections;
};

static void
read_any(const struct val *doc, struct tally *t, int depth)
{
    const char *why;
    struct ap_actor actor;
    struct ap_note note;
    struct ap_activity act;
    struct ap_collection coll;

    t->actors += ap_actor_read(unit_mem(), doc, hints.now_ms, &actor, &why) == ERR_OK;
    t->notes += ap_note_read(unit_mem(), doc, &hints, &note, &why) == ERR_OK;
    t->collections += ap_collection_read(unit_mem(), doc, &coll, &why) == ERR_OK;
    if (ap_activity_read(unit_mem(), doc, hints.now_ms, &act, &why) != ERR_OK)
        return;
    t->activities++;
    (void)ap_flag_targets(unit_mem(), &act, 20);
    if (act.object_val->kind == VAL_OBJ && depth < 3)
        read_any(act.object_val, t, depth + 1);
}

static void
walk(const char *path, struct tally *t)
{
    struct stat st;
    struct dirent *e;
    DIR *d;

    if (stat(path, &st) != 0)
        return;
    if (!S_ISDIR(st.st_mode)) {
        struct arena_mark m = arena_save(unit_mem());
        const struct val *doc;
        const char *why;

        t->files++;
        if (ap_doc_parse(unit_mem(), unit_file(path), AP_DOC_ANY, &doc, &why) == ERR_OK)
            read_any(doc, t, 0);
        arena_restore(unit_mem(), m);
        return;
    }
    d = opendir(path);
    while (d != NULL && (e = readdir(d)) != NULL)
        if (e->d_name[0] != '.')
            walk(str_fmt(unit_mem(), "%s/%s", path, e->d_name).p, t);
    if (d != NULL)
        closedir(d);
}

UNIT(every_fixture_is_read_or_refused)
{
    const char *root = getenv("DASSIE_SHARED");
    struct tally t = { 0 };

    walk(str_fmt(unit_mem(), "%s/fixtures", root != NULL ? root : UNIT_SOURCE_ROOT "/../shared").p, &t);
    if (t.files == 0)
        skip();
    print_message("%d files: %d actors, %d posts, %d activities, %d collections\n", t.files, t.actors, t.notes,
        t.activities, t.collections);
    assert_true(t.actors > 100 && t.notes > 200 && t.activities > 250 && t.collections > 30);
}

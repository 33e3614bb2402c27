#include "ap/write_activity.h"

#include "ap/check.h"
#include "ap/read_collection.h"
#include "ap/read_featured.h"
#include "ap/webfinger.h"
#include "ap/write_collection.h"
#include "ap/write_featured.h"
#include "base/date.h"
#include "unit.h"

static const struct ap_site site = { { "https://social.example", 22 }, { "social.example", 14 },
    { "example.org", 11 } };
static const int64_t now_ms = INT64_C(1783425600000); /* 2026-07-07T12:00:00Z */

/* Terms of https://www.w3.org/ns/activitystreams, security/v1, cid/v1 and webfinger that we write. */
static const char *const known[] = { "@context", "id", "type", "actor", "object", "target", "instrument", "result",
    "to", "cc", "attributedTo", "published", "updated", "url", "inReplyTo", "summary", "content", "contentMap", "name",
    "attachment", "tag", "replies", "likes", "shares", "first", "last", "next", "prev", "partOf", "items",
    "orderedItems", "totalItems", "mediaType", "href", "rel", "width", "height", "duration", "icon", "image", "oneOf",
    "anyOf", "endTime", "closed", "context", "preferredUsername", "inbox", "outbox", "followers", "following",
    "endpoints", "sharedInbox", "publicKey", "owner", "publicKeyPem", "assertionMethod", "controller",
    "publicKeyMultibase", "webfinger", "generator", "formerType", "deleted" };

static bool
is_known(struct str key)
{
    for (size_t i = 0; i < lengthof(known); i++)
        if (str_eqz(key, known[i]))
            return true;
    return false;
}

/* Every member and type has a meaning in the document's own context. */
static void
check_terms(const struct val *v, struct str context)
{
    for (size_t i = 0; (v->kind == VAL_OBJ || v->kind == VAL_ARR) && i < v->n; i++) {
        if (v->kind == VAL_OBJ) {
            struct str key = v->keys[i], quoted = str_cat(unit_mem(), S("\""), key, S("\":"), STR_NONE);

            if (str_eq(key, S("@context")) || str_eq(key, S("contentMap")) || str_eq(key, S("summaryMap")))
                continue;
            if (!is_known(key) && str_find(context, quoted) < 0)
                fail_msg("\"%.*s\" is not in the context", STR_ARG(key));
        }
        check_terms(&v->v[i], context);
    }
}

static const struct val *
parse(struct str bytes)
{
    const struct val *doc = NULL;
    const char *why = "";
    ptrdiff_t from, to;

    if (ap_doc_parse(unit_mem(), bytes, AP_DOC_OBJECT, &doc, &why) != ERR_OK)
        fail_msg("%s: %.*s", why, STR_ARG(bytes));
    from = str_find(bytes, S("\"@context\":"));
    to = str_find(bytes, S("\"id\":"));
    assert_true(from == 1 && to > 0);
    assert_true(str_find(str_sub(bytes, 2, bytes.n), S("\"@context\"")) < 0); /* only at the top */
    check_terms(doc, str_sub(bytes, 0, (size_t)to));
    return doc;
}

static struct ap_note_out
sample(struct arena *a)
{
    static const struct ap_mention_out mentions[] = { { { "https://b.example/u/tom", 23 }, { "@tom@b.example", 14 },
        { NULL, 0 } } };
    static const struct ap_attachment_out media[] = { { .url = { "https://media.example/m/77.jpg", 30 },
        .media_type = { "image/jpeg", 10 },
        .alt = { "dry \"bed\"", 9 },
        .width = 1600,
        .height = 1200,
        .has_focus = true,
        .focus_y = 0.2,
        .duration_ms = 12050 } };
    static const struct ap_emoji_out emojis[] = { { 9, { "leaf", 4 }, { "https://media.example/e/leaf.png", 32 },
        { "image/png", 9 }, INT64_C(1767323045000) } };
    static struct str tags[] = { { "rivers", 6 } },
                      replies[] = { { "https://social.example/ap/users/114/statuses/9", 46 } };

    return (struct ap_note_out){ .id = 9001,
        .account_id = 114,
        .username = S("ines"),
        .html = S("<p>low \"water\"</p>"),
        .lang = S("pt-BR"),
        .summary = S("rivers"),
        .sensitive = true,
        .created_ms = now_ms,
        .mentions = mentions,
        .n_mentions = 1,
        .hashtags = { tags, 1 },
        .emojis = emojis,
        .n_emojis = 1,
        .attachments = media,
        .n_attachments = 1,
        .card_url = S("https://news.example/a?b=1&c=2"),
        .first_replies = { replies, 1 },
        .n_likes = 3 };
}

UNIT(a_note_reads_back_as_it_was_written)
{
    struct ap_note_hints h = { .now_ms = now_ms + 1000 };
    struct ap_note_out out = sample(unit_mem());
    const char *why;
    struct ap_note x;

    out.quote = S("https://b.example/notes/1");
    out.quote_authorization = S("https://b.example/auth/1");
    out.quote_policy = AP_QUOTE_FOLLOWERS;
    out.edited_ms = now_ms + 500000;
    h.now_ms = out.edited_ms;
    assert_int_equal(ap_note_read(unit_mem(), parse(ap_note_write(unit_mem(), &site, &out)), &h, &x, &why), ERR_OK);
    assert_str(x.id, "https://social.example/ap/users/114/statuses/9001");
    assert_str(x.url, "https://social.example/@ines/9001");
    assert_str(x.attributed_to, "https://social.example/ap/users/114");
    assert_str(x.context, "https://social.example/contexts/114-9001");
    assert_str(x.content.text, "<p>low \"water\"</p>");
    assert_str(x.content.lang, "pt-BR");
    assert_str(x.summary.text, "rivers");
    assert_true(x.sensitive);
    assert_int_equal(x.type, AP_NOTE);
    assert_int_equal(x.visibility, VIS_PUBLIC);
    assert_int_equal(x.published_ms, now_ms);
    assert_int_equal(x.updated_ms, out.edited_ms);
    assert_int_equal(x.n_mentions, 1);
    assert_str(x.mentions[0].href, "https://b.example/u/tom");
    assert_int_equal(x.n_hashtags, 1);
    assert_str(x.hashtags[0].name, "rivers");
    assert_int_equal(x.n_emojis, 1);
    assert_str(x.emojis[0].shortcode, "leaf");
    assert_int_equal(x.n_attachments, 1);
    assert_str(x.attachments[0].alt, "dry \"bed\"");
    assert_int_equal(x.attachments[0].width, 1600);
    assert_int_equal(x.attachments[0].duration_ms, 12050);
    assert_true(x.attachments[0].has_focus && x.attachments[0].focus_y > 0.19);
    assert_str(x.link, "https://news.example/a?b=1&c=2");
    assert_str(x.quote, "https://b.example/notes/1");
    assert_false(x.quote_is_legacy);
    assert_str(x.quote_authorization, "https://b.example/auth/1");
    assert_true(x.can_quote.present && x.can_quote.automatic == AP_WHO_FOLLOWERS);
    assert_int_equal(x.n_likes, 3);
    assert_int_equal(x.first_replies.n, 1);
    assert_false(x.is_vote);
}

UNIT(visibility_survives_the_way_out_and_in)
{
    static const enum visibility all[] = { VIS_PUBLIC, VIS_UNLISTED, VIS_PRIVATE, VIS_DIRECT, VIS_LIMITED };

    for (size_t i = 0; i < lengthof(all); i++) {
        struct ap_note_hints h = { .now_ms = now_ms };
        struct ap_note_out out = sample(unit_mem());
        const char *why;
        struct ap_note x;

        out.visibility = all[i];
        assert_int_equal(ap_note_read(unit_mem(), parse(ap_note_write(unit_mem(), &site, &out)), &h, &x, &why), ERR_OK);
        assert_int_equal(x.visibility, all[i]);
        if (all[i] >= VIS_PRIVATE)
            for (size_t k = 0; k < x.to.n + x.cc.n; k++)
                assert_false(ap_is_public(k < x.to.n ? x.to.v[k] : x.cc.v[k - x.to.n]));
    }
}

UNIT(a_poll_reads_back)
{
    static const struct ap_option_out options[] = { { { "yes", 3 }, 4 }, { { "no", 2 }, 0 } };
    struct ap_poll_out poll = { .multiple = true, .end_ms = now_ms + 1000, .voters = 4, .options = options, .n = 2 };
    struct ap_note_hints h = { .now_ms = now_ms };
    struct ap_note_out out = sample(unit_mem());
    const char *why;
    struct ap_note x;

    out.poll = &poll;
    assert_int_equal(ap_note_read(unit_mem(), parse(ap_note_write(unit_mem(), &site, &out)), &h, &x, &why), ERR_OK);
    assert_int_equal(x.type, AP_QUESTION);
    assert_non_null(x.poll);
    assert_true(x.poll->multiple);
    assert_int_equal(x.poll->n, 2);
    assert_str(x.poll->options[0].title, "yes");
    assert_int_equal(x.poll->options[0].votes, 4);
    assert_int_equal(x.poll->voters, 4);
    assert_int_equal(x.poll->end_ms, now_ms + 1000);
    assert_int_equal(x.poll->closed_ms, 0);
    poll.closed_ms = poll.end_ms;
    h.now_ms = poll.end_ms;
    assert_int_equal(ap_note_read(unit_mem(), parse(ap_note_write(unit_mem(), &site, &out)), &h, &x, &why), ERR_OK);
    assert_int_equal(x.poll->closed_ms, now_ms + 1000);
}

UNIT(an_actor_reads_back_and_an_emptied_one_is_empty)
{
    static const struct ap_field_out fields[] = { { { "Site", 4 }, { "<a href=\"https://ines.example\">x</a>", 36 } } };
    struct private_key priv;
    struct public_key rsa, ed;
    struct ap_actor_out out = { .id = 114,
        .type = AP_PERSON,
        .username = S("ines"),
        .name = S("In\xc3\xaas"),
        .summary_html = S("<p>hi</p>"),
        .icon_url = S("https://media.example/a.webp"),
        .icon_type = S("image/webp"),
        .icon_alt = S("a bird"),
        .fields = fields,
        .n_fields = 1,
        .created_ms = now_ms,
        .locked = true,
        .discoverable = true };
    struct ap_actor x;
    const char *why;

    assert_int_equal(key_new(unit_mem(), KEY_RSA, &priv, &rsa), ERR_OK);
    assert_int_equal(key_new(unit_mem(), KEY_ED25519, &priv, &ed), ERR_OK);
    out.rsa_pem = key_pem(unit_mem(), &rsa);
    out.ed25519_multikey = key_multikey(unit_mem(), &ed);
    assert_int_equal(
        ap_actor_read(unit_mem(), parse(ap_actor_write(unit_mem(), &site, &out)), now_ms, &x, &why), ERR_OK);
    assert_str(x.id, "https://social.example/ap/users/114");
    assert_str(x.webfinger, "ines@example.org");
    assert_str(x.url, "https://social.example/@ines");
    assert_str(x.shared_inbox, "https://social.example/inbox");
    assert_str(x.name.text, "In\xc3\xaas");
    assert_str(x.icon.alt, "a bird");
    assert_true(x.locked && x.discoverable && !x.indexable && x.has_indexable);
    assert_int_equal(x.published_ms, date_midnight(now_ms));
    assert_int_equal(x.n_fields, 1);
    assert_int_equal(x.n_keys, 2);
    assert_true(key_eq(&x.keys[0].key, &rsa) && !x.keys[0].assertion);
    assert_true(key_eq(&x.keys[1].key, &ed) && x.keys[1].assertion);

    out.suspended = true;
    assert_int_equal(
        ap_actor_read(unit_mem(), parse(ap_actor_write(unit_mem(), &site, &out)), now_ms, &x, &why), ERR_OK);
    assert_true(x.suspended && !x.discoverable && x.n_fields == 0 && x.icon.url.p == NULL);
    assert_str(x.name.text, "ines");
    assert_str(x.summary.text, "");
    assert_int_equal(x.n_keys, 2); /* its Deletes must still verify */

    assert_int_equal(
        ap_actor_read(unit_mem(),
            parse(ap_site_actor_write(unit_mem(), &site, S("https://social.example/actor#main-key"), out.rsa_pem)),
            now_ms, &x, &why),
        ERR_OK);
    assert_int_equal(x.type, AP_APPLICATION);
    assert_int_equal(x.n_keys, 1);
}

UNIT(activities_read_back)
{
    struct ap_note_out note = sample(unit_mem());
    struct ap_announce_out boost = { .id = 5,
        .account_id = 114,
        .object = S("https://b.example/n/1"),
        .author = S("https://b.example/u/tom"),
        .created_ms = now_ms };
    struct ap_activity_out follow = { .type = AP_FOLLOW,
        .id = S("https://b.example/f/1"),
        .actor = S("https://b.example/u/tom"),
        .object = S("https://social.example/ap/users/114") };
    struct ap_activity_out accept = {
        .type = AP_ACCEPT, .actor = S("https://social.example/ap/users/114"), .inner = &follow
    };
    struct ap_activity_out gone = { .type = AP_DELETE,
        .id = S("https://social.example/x#delete"),
        .addressed = true,
        .actor = S("https://social.example/ap/users/114"),
        .tombstone = S("https://social.example/x") };
    struct ap_activity x, inner;
    const char *why;

    assert_int_equal(
        ap_activity_read(unit_mem(), parse(ap_create_write(unit_mem(), &site, &note)), now_ms, &x, &why), ERR_OK);
    assert_int_equal(x.type, AP_CREATE);
    assert_int_equal(x.object_type, AP_NOTE);
    assert_str(x.id, "https://social.example/ap/users/114/statuses/9001/activity");
    assert_str(x.object, "https://social.example/ap/users/114/statuses/9001");
    assert_true(ap_is_public(x.to.v[0]));
    assert_true(ap_embedded_is_trusted(unit_mem(), x.object_val, x.actor));

    assert_int_equal(
        ap_activity_read(unit_mem(), parse(ap_announce_write(unit_mem(), &site, &boost, true)), now_ms, &x, &why),
        ERR_OK);
    assert_int_equal(x.type, AP_UNDO);
    assert_int_equal(ap_activity_read(unit_mem(), x.object_val, now_ms, &inner, &why), ERR_OK);
    assert_int_equal(inner.type, AP_ANNOUNCE);
    assert_str(inner.object, "https://b.example/n/1");
    assert_int_equal(x.cc.n, 2); /* followers and the author */

    accept.id = ap_uri(unit_mem(), site.origin, AP_URI_FOLLOW_ACCEPT, 114, 3);
    assert_int_equal(
        ap_activity_read(unit_mem(), parse(ap_activity_write(unit_mem(), &site, &accept)), now_ms, &x, &why), ERR_OK);
    assert_str(x.object, "https://b.example/f/1");
    assert_int_equal(ap_activity_read(unit_mem(), x.object_val, now_ms, &inner, &why), ERR_OK);
    assert_str(inner.actor, "https://b.example/u/tom");

    assert_int_equal(
        ap_activity_read(unit_mem(), parse(ap_activity_write(unit_mem(), &site, &gone)), now_ms, &x, &why), ERR_OK);
    assert_int_equal(x.object_type, AP_TOMBSTONE);
    assert_str(x.object, "https://social.example/x");
}

UNIT(reactions_quote_requests_and_votes_read_back)
{
    struct ap_note_out note = sample(unit_mem());
    struct ap_emoji_out leaf = note.emojis[0];
    struct ap_activity_out like = { .type = AP_LIKE,
        .id = S("https://social.example/l"),
        .actor = S("https://social.example/ap/users/114"),
        .object = S("https://b.example/n/1"),
        .content = S(":leaf:"),
        .reaction = &leaf };
    struct ap_activity_out ask = { .type = AP_QUOTE_REQUEST,
        .id = S("https://social.example/q"),
        .actor = like.actor,
        .object = like.object,
        .instrument_note = &note };
    struct ap_vote_out vote = { .id = 1,
        .account_id = 114,
        .option = S("yes"),
        .question = S("https://b.example/q"),
        .author = S("https://b.example/u/tom") };
    struct ap_activity_out cast = {
        .type = AP_CREATE, .id = S("https://social.example/v"), .actor = like.actor, .vote = &vote
    };
    struct ap_note_hints h = { .now_ms = now_ms };
    struct ap_activity x;
    struct ap_note n;
    const char *why;

    assert_int_equal(
        ap_activity_read(unit_mem(), parse(ap_activity_write(unit_mem(), &site, &like)), now_ms, &x, &why), ERR_OK);
    assert_str(x.reaction, ":leaf:");
    assert_str(x.reaction_emoji.url, "https://media.example/e/leaf.png");
    assert_int_equal(
        ap_activity_read(unit_mem(), parse(ap_activity_write(unit_mem(), &site, &ask)), now_ms, &x, &why), ERR_OK);
    assert_int_equal(x.type, AP_QUOTE_REQUEST);
    assert_str(x.instrument, "https://social.example/ap/users/114/statuses/9001");
    assert_int_equal(
        ap_activity_read(unit_mem(), parse(ap_activity_write(unit_mem(), &site, &cast)), now_ms, &x, &why), ERR_OK);
    assert_int_equal(ap_note_read(unit_mem(), x.object_val, &h, &n, &why), ERR_OK);
    assert_true(n.is_vote);
    assert_int_equal(n.visibility, VIS_DIRECT);
    assert_str(n.name.text, "yes");
}

UNIT(collections_and_small_documents_read_back)
{
    struct ap_note_out note = sample(unit_mem());
    struct ap_item_out items[] = { { .kind = AP_ITEM_CREATE, .note = &note },
        { .kind = AP_ITEM_ID, .id = S("https://b.example/1") }, { .kind = AP_ITEM_HASHTAG, .id = S("caf\xc3\xa9") } };
    struct ap_collection_out page = { .id = S("https://social.example/c?page=1"),
        .type = AP_ORDERED_COLLECTION_PAGE,
        .total = -1,
        .part_of = S("https://social.example/c"),
        .next = S("https://social.example/c?page=2"),
        .items = items,
        .n = 3,
        .has_items = true };
    struct ap_stamp_out stamp = { AP_QUOTE_AUTHORIZATION, S("https://social.example/s"), S("https://social.example/a"),
        S("https://b.example/q"), S("https://social.example/n") };
    struct ap_collection x;
    struct ap_stamp s;
    const char *why;

    assert_int_equal(
        ap_collection_read(unit_mem(), parse(ap_collection_write(unit_mem(), &site, &page)), &x, &why), ERR_OK);
    assert_true(x.is_page && x.n == 3 && x.total == -1);
    assert_str(x.next, "https://social.example/c?page=2");
    assert_str(ap_as_id(x.items[1]), "https://b.example/1");
    assert_int_equal(ap_stamp_read(unit_mem(), parse(ap_stamp_write(unit_mem(), &stamp)), &s, &why), ERR_OK);
    assert_str(s.interacting_object, "https://b.example/q");
    assert_str(s.interaction_target, "https://social.example/n");
    assert_true(ap_has_type(parse(ap_emoji_write(unit_mem(), &site, &note.emojis[0])), AP_EMOJI));
}

UNIT(collections_of_accounts_read_back)
{
    const struct ap_featured_item_out items[] = {
        { 7, S("https://b.example/u/1"), AP_SERVICE, S("https://b.example/s/1") },
        { 8, S("https://social.example/ap/users/2"), AP_PERSON, S("") },
    };
    const struct ap_featured_out k = { .id = 5,
        .account_id = 114,
        .name = S("People & more"),
        .summary = S("a &lt; b"),
        .language = S("de"),
        .topic = S("rocks"),
        .sensitive = true,
        .created_ms = now_ms - 1000,
        .updated_ms = now_ms,
        .items = items,
        .n = lengthof(items) };
    struct ap_featured x;
    const char *why;

    assert_int_equal(
        ap_featured_read(unit_mem(), parse(ap_featured_write(unit_mem(), &site, &k)), now_ms, &x, &why), ERR_OK);
    assert_str(x.id, "https://social.example/ap/users/114/featured_collections/5");
    assert_str(x.attributed_to, "https://social.example/ap/users/114");
    assert_str(x.name.text, "People & more");
    assert_str(x.summary.text, "a &lt; b");
    assert_str(x.summary.lang, "de");
    assert_str(x.topic, "rocks");
    assert_true(x.sensitive && !x.discoverable && x.updated_ms == now_ms && x.n == 2);
    assert_str(x.items[0].id, "https://social.example/ap/users/114/featured_items/7");
    assert_str(x.items[0].object, "https://b.example/u/1");
    assert_str(x.items[0].authorization, "https://b.example/s/1");
    assert_int_equal(x.items[1].authorization.n, 0);
}

UNIT(webfinger_both_ways)
{
    struct ap_jrd_out o = { .name = S("ines"),
        .account_id = 114,
        .avatar_url = S("https://media.example/a.webp"),
        .avatar_type = S("image/webp") };
    static const struct {
        const char *resource;
        enum ap_wf_kind kind;
        const char *name;
    } rows[] = { { "acct:ines@example.org", AP_WF_NAME, "ines" }, { "acct:Ines@EXAMPLE.org", AP_WF_NAME, "Ines" },
        { "ines@social.example", AP_WF_NAME, "ines" }, { "acct:ines@alt.example", AP_WF_NAME, "ines" },
        { "acct:@ines@example.org", AP_WF_NAME, "ines" }, { "acct:ines@other.example", AP_WF_NONE, NULL },
        { "acct:in.es@example.org", AP_WF_NONE, NULL }, { "acct:ines", AP_WF_NONE, NULL }, { "", AP_WF_NONE, NULL },
        { "https://social.example/@ines", AP_WF_NAME, "ines" },
        { "https://social.example/ap/users/114", AP_WF_ACCOUNT, NULL }, { "https://social.example/", AP_WF_SITE, NULL },
        { "https://social.example", AP_WF_SITE, NULL }, { "acct:example.org@example.org", AP_WF_SITE, NULL },
        { "https://social.example/about", AP_WF_NONE, NULL }, { "acct:a@b@example.org", AP_WF_NONE, NULL } };
    struct str alternates[] = { { "alt.example", 11 } }, template;
    struct ap_jrd j;
    const char *why;

    assert_int_equal(ap_jrd_read(unit_mem(), ap_jrd_write(unit_mem(), &site, &o), &j, &why), ERR_OK);
    assert_str(j.self, "https://social.example/ap/users/114");
    assert_str(j.user, "ines");
    assert_str(j.domain, "example.org");
    assert_str(j.subscribe, "https://social.example/authorize_interaction?uri={uri}");
    o.account_id = 0;
    assert_int_equal(ap_jrd_read(unit_mem(), ap_jrd_write(unit_mem(), &site, &o), &j, &why), ERR_OK);
    assert_str(j.self, "https://social.example/actor");
    assert_int_equal(
        ap_jrd_read(unit_mem(), S("{\"links\":[{\"rel\":\"self\",\"type\":\"text/html\",\"href\":\"x\"}]}"), &j, &why),
        ERR_INVALID);
    assert_int_equal(ap_jrd_read(unit_mem(), S("<XRD/>"), &j, &why), ERR_BAD_REQUEST);
    for (size_t i = 0; i < lengthof(rows); i++) {
        struct ap_wf wf;

        ap_wf_resource(unit_mem(), &site, (struct strs){ alternates, 1 }, str_z(rows[i].resource), &wf);
        if (wf.kind != rows[i].kind || (rows[i].name != NULL && !str_eqz(wf.name, rows[i].name)))
            fail_msg("%s: %d", rows[i].resource, wf.kind);
    }
    assert_true(ap_host_meta_read(unit_mem(), ap_host_meta_xml(unit_mem(), &site), &template));
    assert_str(template, "https://social.example/.well-known/webfinger?resource={uri}");
    assert_false(ap_host_meta_read(unit_mem(), S("<Link rel=\"other\" template=\"x{uri}\"/>"), &template));
}

UNIT(nodeinfo_hides_numbers_rather_than_lying)
{
    struct ap_nodeinfo n = { .name = S("Social"), .users = 12, .posts = 4120 };
    const struct val *v;

    assert_int_equal(json_parse(unit_mem(), ap_nodeinfo_write(unit_mem(), &site, S("2.0"), &n), NULL, &v), ERR_OK);
    assert_int_equal(val_int(val_get(val_get(val_get(v, S("usage")), S("users")), S("total")), -1), 12);
    assert_str(val_str(val_get(val_get(v, S("software")), S("name"))), "dassie");
    n.users = -1;
    assert_int_equal(json_parse(unit_mem(), ap_nodeinfo_write(unit_mem(), &site, S("2.1"), &n), NULL, &v), ERR_OK);
    assert_int_equal(val_get(val_get(v, S("usage")), S("users"))->kind, VAL_OBJ);
    assert_false(val_has(val_get(val_get(v, S("usage")), S("users")), S("total")));
}

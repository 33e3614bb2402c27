/*
 * Contexts and small parts that several documents share.  The contexts are fixed texts: a receiver that processes JSON-LD must find
 * every term of ours in them, and one that does not must find the names it expects.
 */
#include "ap/write.h"

#include "base/date.h"

/* "schema" is wrong on purpose: every reader expects http and a number sign. */
static const char actor_context[] =
    "[\"" AP_AS "\",\"https://w3id.org/security/v1\",\"https://www.w3.org/ns/cid/v1\","
    "\"https://purl.archive.org/socialweb/webfinger\",{\"toot\":\"http://joinmastodon.org/ns#\","
    "\"discoverable\":\"toot:discoverable\",\"indexable\":\"toot:indexable\",\"memorial\":\"toot:memorial\","
    "\"suspended\":\"toot:suspended\",\"schema\":\"http://"
    "schema.org#\",\"PropertyValue\":\"schema:PropertyValue\",\"value\":\"schema:value\","
    "\"Hashtag\":\"as:Hashtag\",\"Emoji\":\"toot:Emoji\",\"manuallyApprovesFollowers\":\"as:"
    "manuallyApprovesFollowers\","
    "\"featured\":{\"@id\":\"toot:featured\",\"@type\":\"@id\"},"
    "\"featuredTags\":{\"@id\":\"toot:featuredTags\",\"@type\":\"@id\"},"
    "\"featuredCollections\":{\"@id\":\"https://w3id.org/fep/7aa9#featuredCollections\",\"@type\":\"@id\"},"
    "\"attributionDomains\":{\"@id\":\"toot:attributionDomains\",\"@container\":\"@set\"},"
    "\"showFeatured\":\"toot:showFeatured\",\"showMedia\":\"toot:showMedia\","
    "\"showRepliesInMedia\":\"toot:showRepliesInMedia\","
    "\"gts\":\"https://gotosocial.org/"
    "ns#\",\"interactionPolicy\":{\"@id\":\"gts:interactionPolicy\",\"@type\":\"@id\"},"
    "\"canFeature\":{\"@id\":\"https://w3id.org/fep/7aa9#canFeature\",\"@type\":\"@id\"},"
    "\"automaticApproval\":{\"@id\":\"gts:automaticApproval\",\"@type\":\"@id\"},"
    "\"alsoKnownAs\":{\"@id\":\"as:alsoKnownAs\",\"@type\":\"@id\"},"
    "\"searchableBy\":{\"@id\":\"http://fedibird.com/ns#searchableBy\",\"@type\":\"@id\"},"
    "\"movedTo\":{\"@id\":\"as:movedTo\",\"@type\":\"@id\"},"
    "\"implements\":{\"@id\":\"https://w3id.org/fep/844e#implements\",\"@type\":\"@id\"}}]";

/* What posts use; the request to quote has a whole post in it. */
#define NOTE_TERMS                                                                                                     \
    "\"ostatus\":\"http://ostatus.org#\",\"toot\":\"http://joinmastodon.org/ns#\",\"gts\":\"https://gotosocial.org/"   \
    "ns#\","                                                                                                           \
    "\"litepub\":\"http://litepub.social/ns#\",\"sensitive\":\"as:sensitive\",\"Hashtag\":\"as:Hashtag\","             \
    "\"Emoji\":\"toot:Emoji\",\"conversation\":\"ostatus:conversation\",\"directMessage\":\"litepub:directMessage\","  \
    "\"blurhash\":\"toot:blurhash\",\"focalPoint\":{\"@container\":\"@list\",\"@id\":\"toot:focalPoint\"},"            \
    "\"votersCount\":\"toot:votersCount\",\"quote\":{\"@id\":\"https://w3id.org/fep/044f#quote\",\"@type\":\"@id\"},"  \
    "\"searchableBy\":{\"@id\":\"http://fedibird.com/ns#searchableBy\",\"@type\":\"@id\"},"                            \
    "\"quoteUri\":\"http://fedibird.com/ns#quoteUri\",\"quoteUrl\":\"as:quoteUrl\","                                   \
    "\"_misskey_quote\":\"https://misskey-hub.net/ns#_misskey_quote\","                                                \
    "\"quoteAuthorization\":{\"@id\":\"https://w3id.org/fep/044f#quoteAuthorization\",\"@type\":\"@id\"},"             \
    "\"FeaturedCollection\":\"https://w3id.org/fep/7aa9#FeaturedCollection\","                                         \
    "\"interactionPolicy\":{\"@id\":\"gts:interactionPolicy\",\"@type\":\"@id\"},"                                     \
    "\"canQuote\":{\"@id\":\"gts:canQuote\",\"@type\":\"@id\"},"                                                       \
    "\"automaticApproval\":{\"@id\":\"gts:automaticApproval\",\"@type\":\"@id\"},"                                     \
    "\"manualApproval\":{\"@id\":\"gts:manualApproval\",\"@type\":\"@id\"},"                                           \
    "\"approvedBy\":{\"@id\":\"gts:approvedBy\",\"@type\":\"@id\"},"                                                   \
    "\"replyAuthorization\":{\"@id\":\"gts:replyAuthorization\",\"@type\":\"@id\"},"                                   \
    "\"announceAuthorization\":{\"@id\":\"gts:announceAuthorization\",\"@type\":\"@id\"}"

static const char note_context[] = "[\"" AP_AS "\",{" NOTE_TERMS "}]";

static const char quote_context[] =
    "[\"" AP_AS "\",{\"QuoteRequest\":\"https://w3id.org/fep/044f#QuoteRequest\"," NOTE_TERMS "}]";

static const char request_context[] =
    "[\"" AP_AS "\",{\"LikeRequest\":\"gts:LikeRequest\",\"ReplyRequest\":\"gts:ReplyRequest\","
    "\"AnnounceRequest\":\"gts:AnnounceRequest\"," NOTE_TERMS "}]";

static const char stamp_context[] =
    "[\"" AP_AS "\",{\"QuoteAuthorization\":\"https://w3id.org/fep/044f#QuoteAuthorization\","
    "\"FeatureAuthorization\":\"https://w3id.org/fep/7aa9#FeatureAuthorization\","
    "\"LikeAuthorization\":\"gts:LikeAuthorization\",\"ReplyAuthorization\":\"gts:ReplyAuthorization\","
    "\"AnnounceAuthorization\":\"gts:AnnounceAuthorization\","
    "\"gts\":\"https://gotosocial.org/"
    "ns#\",\"interactingObject\":{\"@id\":\"gts:interactingObject\",\"@type\":\"@id\"},"
    "\"interactionTarget\":{\"@id\":\"gts:interactionTarget\",\"@type\":\"@id\"}}]";

static const char featured_context[] =
    "[\"" AP_AS "\",{\"toot\":\"http://joinmastodon.org/ns#\",\"discoverable\":\"toot:discoverable\","
    "\"sensitive\":\"as:sensitive\",\"Hashtag\":\"as:Hashtag\","
    "\"FeaturedCollection\":\"https://w3id.org/fep/7aa9#FeaturedCollection\","
    "\"FeaturedItem\":\"https://w3id.org/fep/7aa9#FeaturedItem\","
    "\"FeatureRequest\":\"https://w3id.org/fep/7aa9#FeatureRequest\","
    "\"topic\":{\"@id\":\"https://w3id.org/fep/7aa9#topic\",\"@type\":\"@id\"},"
    "\"featuredObject\":{\"@id\":\"https://w3id.org/fep/7aa9#featuredObject\",\"@type\":\"@id\"},"
    "\"featuredObjectType\":{\"@id\":\"https://w3id.org/fep/7aa9#featuredObjectType\",\"@type\":\"@vocab\"},"
    "\"featureAuthorization\":{\"@id\":\"https://w3id.org/fep/7aa9#featureAuthorization\",\"@type\":\"@id\"}}]";

static const char site_context[] =
    "[\"" AP_AS "\",\"https://w3id.org/security/v1\",{\"manuallyApprovesFollowers\":\"as:manuallyApprovesFollowers\","
    "\"implements\":{\"@id\":\"https://w3id.org/fep/844e#implements\",\"@type\":\"@id\"}}]";

static const char tag_context[] =
    "[\"" AP_AS "\",{\"toot\":\"http://joinmastodon.org/ns#\",\"Emoji\":\"toot:Emoji\",\"Hashtag\":\"as:Hashtag\"}]";

static const char reaction_context[] =
    "[\"" AP_AS "\",{\"toot\":\"http://joinmastodon.org/ns#\",\"Emoji\":\"toot:Emoji\","
    "\"_misskey_reaction\":\"https://misskey-hub.net/ns#_misskey_reaction\"}]";

/* By enum ap_context. */
static const struct str texts[] = {
    [AP_CONTEXT_PLAIN] = { "\"" AP_AS "\"", sizeof(AP_AS) + 1 },
    [AP_CONTEXT_ACTOR] = { actor_context, sizeof(actor_context) - 1 },
    [AP_CONTEXT_NOTE] = { note_context, sizeof(note_context) - 1 },
    [AP_CONTEXT_QUOTE] = { quote_context, sizeof(quote_context) - 1 },
    [AP_CONTEXT_REQUEST] = { request_context, sizeof(request_context) - 1 },
    [AP_CONTEXT_STAMP] = { stamp_context, sizeof(stamp_context) - 1 },
    [AP_CONTEXT_FEATURED] = { featured_context, sizeof(featured_context) - 1 },
    [AP_CONTEXT_SITE] = { site_context, sizeof(site_context) - 1 },
    [AP_CONTEXT_REACTION] = { reaction_context, sizeof(reaction_context) - 1 },
    [AP_CONTEXT_TAG] = { tag_context, sizeof(tag_context) - 1 },
};

void
ap_context_write(struct json *j, enum ap_context which)
{
    if (which != AP_CONTEXT_NONE)
        json_raw(j, "@context", texts[which]);
}

/* ["AS", "data integrity", …]: every context of ours begins with that of ActivityStreams, alone or in a list. */
void
ap_context_write_proof(struct json *j, struct arena *a, enum ap_context which)
{
    static const struct str first = S("\"" AP_AS "\"");
    struct str text = texts[which], rest = S("]");

    CHECK(which != AP_CONTEXT_NONE);
    if (text.p[0] == '[')
        rest = str_sub(text, first.n + 1, text.n);
    json_raw(j, "@context",
        str_cat(a, S("["), first, S(",\"https://w3id.org/security/data-integrity/v1\""), rest, STR_NONE));
}

void
ap_ids_write(struct json *j, const char *key, struct strs ids)
{
    json_strs(j, key, &ids);
}

void
ap_search_write(struct json *j, struct str author, bool by_all)
{
    struct str who = by_all ? S(AP_PUBLIC_ID) : author;

    ap_ids_write(j, "searchableBy", (struct strs){ &who, 1 });
}

void
ap_time_write(struct json *j, struct arena *a, const char *key, int64_t ms)
{
    json_str(j, key, date_iso(a, ms));
}

void
ap_emoji_write_in(
    struct json *j, struct arena *a, const struct ap_site *site, const struct ap_emoji_out *e, enum ap_context context)
{
    json_obj(j, NULL);
    ap_context_write(j, context);
    json_str(j, "id", ap_uri(a, site->origin, AP_URI_EMOJI, 0, e->id));
    json_str(j, "type", S("Emoji"));
    json_str(j, "name", str_cat(a, S(":"), e->shortcode, S(":"), STR_NONE));
    if (e->updated_ms > 0)
        ap_time_write(j, a, "updated", e->updated_ms);
    json_obj(j, "icon");
    json_str(j, "type", S("Image"));
    json_str(j, "mediaType", e->media_type);
    json_str(j, "url", e->url);
    json_end(j);
    json_end(j);
}

void
ap_hashtag_write(struct json *j, struct arena *a, const struct ap_site *site, struct str name)
{
    json_obj(j, NULL);
    json_str(j, "type", S("Hashtag"));
    json_str(j, "href", ap_uri_named(a, site->origin, AP_URI_TAG, name, 0));
    json_str(j, "name", str_cat(a, S("#"), name, STR_NONE));
    json_end(j);
}

struct str
ap_hashtag_json(struct arena *a, const struct ap_site *site, struct str name)
{
    struct buf b;
    struct json j;

    buf_init(&b, a, KB(16));
    json_init(&j, &b);
    ap_hashtag_write(&j, a, site, name);
    return json_done(&j) ? buf_str(&b) : S("");
}

struct str
ap_json_done(const struct json *j)
{
    /* Our own documents are bounded by the limits of what people may post; passing the cap is a bug of those. */
    CHECK(json_done(j));
    return buf_str(j->b);
}

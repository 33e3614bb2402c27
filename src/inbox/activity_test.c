/*
 * Every activity that we act on: what it does, and what it does not do in the name of another owner, from another origin, to what its
 * sender may not see, and in another state.
 */
#include "inbox/world_test.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/metric.h"
#include "unit_db.h"

#define EVE "https://far.test/u/eve"
#define NINA "https://far.test/u/nina" /* of eve's server */
#define MAL "https://evil.test/u/mal"
#define CLUB "https://club.test/c/cats" /* a group */
#define POST "https://far.test/p/1"
#define CLUB_POST "https://club.test/p/1"

/* type, last part of the id, object and whatever follows */
#define ACT(type, n, object) "\"type\":\"" type "\",\"id\":\"https://far.test/a/" n "\",\"object\":" object
#define EVIL(type, n, object) "\"type\":\"" type "\",\"id\":\"https://evil.test/a/" n "\",\"object\":" object
#define CLUBS(type, n, object) "\"type\":\"" type "\",\"id\":\"https://club.test/a/" n "\",\"object\":" object
#define ID(x) "\"" x "\""
#define NOTE_OF(id, author, more)                                                                                      \
    "{\"type\":\"Note\",\"id\":\"" id "\",\"attributedTo\":\"" author                                                  \
    "\",\"content\":\"x\",\"published\":\"2026-01-01T00:00:00Z\"" more "}"
#define PUBLIC ",\"to\":\"as:Public\""
#define NOTE NOTE_OF(POST, EVE, PUBLIC)
#define EDIT(when) NOTE_OF(POST, EVE, PUBLIC ",\"updated\":\"" when "\",\"summary\":\"edited\"")
#define OURS(id) NOTE_OF(POST, EVE, PUBLIC ",\"inReplyTo\":\"" id "\"")
#define VOTE(name)                                                                                                     \
    "{\"type\":\"Note\",\"id\":\"https://far.test/v/" name "\",\"attributedTo\":\"" EVE "\",\"name\":\"" name          \
    "\",\"inReplyTo\":\"" WORLD_QUESTION "\",\"to\":\"" WORLD_OUR "\"}"
#define FOLLOW_BY(who, whom)                                                                                           \
    "{\"type\":\"Follow\",\"id\":\"https://far.test/f/1\",\"actor\":\"" who "\",\"object\":\"" whom "\"}"
#define INNER(type, n, who, object)                                                                                    \
    "{\"type\":\"" type "\",\"id\":\"https://far.test/a/" n "\",\"actor\":\"" who "\",\"object\":" object "}"
#define SMILE "\xf0\x9f\x98\x80"

#define BY_EVE(type, n, object)                                                                                        \
    {                                                                                                                  \
        EVE, ACT(type, n, object)                                                                                      \
    }
#define UNDONE(type, n, object) BY_EVE("Undo", n "/undo", INNER(type, n, EVE, object))
#define LIKE(n) BY_EVE("Like", n, ID(WORLD_PUBLIC))
#define UNLIKE(n) UNDONE("Like", n, ID(WORLD_PUBLIC))
#define REACT(n)                                                                                                       \
    {                                                                                                                  \
        EVE, ACT("EmojiReact", n, ID(WORLD_PUBLIC)) ",\"content\":\"" SMILE "\""                                       \
    }
#define UNREACT(n) UNDONE("EmojiReact", n, ID(WORLD_PUBLIC) ",\"content\":\"" SMILE "\"")
#define BOOST(n)                                                                                                       \
    {                                                                                                                  \
        EVE, ACT("Announce", n, ID(WORLD_PUBLIC)) PUBLIC                                                               \
    }
#define UNBOOST(n) UNDONE("Announce", n, ID(WORLD_PUBLIC))
#define FOLLOW(n) BY_EVE("Follow", n, ID(WORLD_OUR))
#define UNFOLLOW(n) UNDONE("Follow", n, ID(WORLD_OUR))
#define BLOCK(n) BY_EVE("Block", n, ID(WORLD_OUR))
#define UNBLOCK(n) UNDONE("Block", n, ID(WORLD_OUR))

#define LOCKED "UPDATE account SET locked = TRUE WHERE id = 1"
#define SUSPENDED "UPDATE account SET suspended_ms = 1 WHERE uri = '" EVE "'"
#define BLOCKED                                                                                                        \
    "INSERT INTO block (id, account_id, target_id, uri, created_ms) SELECT 500, 1, id, '', 0 FROM account WHERE uri "  \
    "= '" EVE "'"
#define POLL_OVER "UPDATE poll SET expires_ms = 1 WHERE id = 90"
#define NO_QUOTES "UPDATE status SET quote_policy = 0 WHERE id = 7"

struct said {
    const char *who, *what; /* members beside @context and actor */
};

enum { NOT_ASKED, ASKED, FOLLOWED }; /* alice and eve */

struct row {
    const char *what;
    int follow;
    const char *sql; /* before everything */
    struct said given[2];
    struct said act;
    const char *effect;
};

static const struct row rows[] = {
    /* ---- Create ---- */
    { "a post of somebody who is followed", FOLLOWED, .act = { EVE, ACT("Create", "1", NOTE) }, "post+1" },
    { "of somebody else: what its server says about it", FOLLOWED,
        .act = { EVE, ACT("Create", "1", NOTE_OF(POST, NINA, PUBLIC ",\"summary\":\"forged\"")) }, "post+1" },
    { "with an id of another origin", FOLLOWED,
        .act = { EVE, ACT("Create", "1", NOTE_OF("https://evil.test/p/1", EVE, PUBLIC)) }, "" },
    { "with an id of ours", FOLLOWED,
        .act = { EVE, ACT("Create", "1", NOTE_OF(WORLD_OUR "/statuses/99", EVE, PUBLIC)) }, "" },
    { "of nobody who is followed", .act = { EVE, ACT("Create", "1", NOTE) }, "" },
    { "that answers us", .act = { EVE, ACT("Create", "1", OURS(WORLD_PUBLIC)) }, "post+1 reply+1" },
    { "for followers, of nobody who is followed",
        .act = { EVE, ACT("Create", "1", NOTE_OF(POST, EVE, ",\"to\":\"" EVE "/followers\"")) }, "" },
    { "quicker than the Accept", ASKED, .act = { EVE, ACT("Create", "1", NOTE) }, "post+1" },
    { "for followers, quicker than the Accept", ASKED,
        .act = { EVE, ACT("Create", "1", NOTE_OF(POST, EVE, ",\"to\":\"" EVE "/followers\"")) }, "post+1" },
    { "for somebody else", FOLLOWED, .act = { EVE, ACT("Create", "1", NOTE_OF(POST, EVE, ",\"to\":\"" MAL "\"")) },
        "" },
    { "that was deleted before it came", FOLLOWED, .given = { { EVE, ACT("Delete", "2", ID(POST)) } },
        .act = { EVE, ACT("Create", "1", NOTE) }, "" },
    { "that a neighbour deleted before it came", FOLLOWED, .given = { { NINA, ACT("Delete", "2", ID(POST)) } },
        .act = { EVE, ACT("Create", "1", NOTE) }, "post+1" },
    { "that was deleted before it came, by a neighbour first", FOLLOWED,
        .given = { { NINA, ACT("Delete", "2", ID(POST)) }, { EVE, ACT("Delete", "3", ID(POST)) } },
        .act = { EVE, ACT("Create", "1", NOTE) }, "" },
    { "of somebody who is suspended", FOLLOWED, SUSPENDED, .act = { EVE, ACT("Create", "1", NOTE) }, "" },
    { "twice", FOLLOWED, .given = { { EVE, ACT("Create", "1", NOTE) } }, .act = { EVE, ACT("Create", "2", NOTE) }, "" },
    { "by the id of the neighbour's post", FOLLOWED,
        .given = { { NINA, ACT("Create", "1", NOTE_OF(POST, NINA, PUBLIC ",\"cc\":\"" WORLD_OUR "\"")) } },
        .act = { EVE, ACT("Create", "2", NOTE) }, "" },
    /* ---- votes ---- */
    { "a vote", .act = { EVE, ACT("Create", "1", VOTE("a")) }, "vote+1" },
    { "votes in a list", .act = { EVE, ACT("Create", "1", "[" VOTE("a") "," VOTE("b") "]") },
        "vote+1" }, /* one choice each */
    { "a second vote", .given = { { EVE, ACT("Create", "1", VOTE("a")) } },
        .act = { EVE, ACT("Create", "2", VOTE("b")) }, "" },
    { "in a poll that is over", .sql = POLL_OVER, .act = { EVE, ACT("Create", "1", VOTE("a")) }, "" },
    { "of a name that is no option", .act = { EVE, ACT("Create", "1", VOTE("c")) }, "" },
    { "in the name of a neighbour", .act = { NINA, ACT("Create", "1", VOTE("a")) }, "" },
    { "in a poll of somebody who blocks", .sql = BLOCKED, .act = { EVE, ACT("Create", "1", VOTE("a")) }, "" },
    /* ---- Update ---- */
    { "an edit", FOLLOWED, .given = { { EVE, ACT("Create", "1", NOTE) } },
        .act = { EVE, ACT("Update", "2", EDIT("2026-02-01T00:00:00Z")) }, "edit+1" },
    { "an edit by a neighbour", FOLLOWED, .given = { { EVE, ACT("Create", "1", NOTE) } },
        .act = { NINA, ACT("Update", "2", EDIT("2026-02-01T00:00:00Z")) }, "" },
    { "an edit from another origin", FOLLOWED, .given = { { EVE, ACT("Create", "1", NOTE) } },
        .act = { MAL, EVIL("Update", "2", EDIT("2026-02-01T00:00:00Z")) }, "" },
    { "an edit without a date is none", FOLLOWED, .given = { { EVE, ACT("Create", "1", NOTE) } },
        .act = { EVE, ACT("Update", "2", NOTE_OF(POST, EVE, PUBLIC ",\"summary\":\"y\"")) }, "" },
    { "an edit that is older than the last", FOLLOWED,
        .given = { { EVE, ACT("Create", "1", NOTE) }, { EVE, ACT("Update", "2", EDIT("2026-03-01T00:00:00Z")) } },
        .act = { EVE, ACT("Update", "3", EDIT("2026-02-01T00:00:00Z")) }, "" },
    { "an edit of an old post that is not here", FOLLOWED,
        .act = { EVE, ACT("Update", "2", EDIT("2026-02-01T00:00:00Z")) }, "" },
    { "an edit of a young post that is not here", FOLLOWED,
        .act = { EVE, ACT("Update", "2",
                          "{\"type\":\"Note\",\"id\":\"" POST "\",\"attributedTo\":\"" EVE
                          "\",\"content\":\"x\",\"to\":\"as:Public\"}") },
        "post+1" },
    { "an edit makes nothing wider", FOLLOWED,
        .given = { { EVE, ACT("Create", "1", NOTE_OF(POST, EVE, ",\"to\":\"" EVE "/followers\"")) } },
        .act = { EVE, ACT("Update", "2", EDIT("2026-02-01T00:00:00Z")) }, "edit+1" },
    /* ---- Delete ---- */
    { "a deletion", FOLLOWED, .given = { { EVE, ACT("Create", "1", NOTE) } },
        .act = { EVE, ACT("Delete", "2", ID(POST)) }, "post-1 tombstone+1" },
    { "a deletion without an id", FOLLOWED, .given = { { EVE, ACT("Create", "1", NOTE) } },
        .act = { EVE, "\"type\":\"Delete\",\"object\":{\"type\":\"Tombstone\",\"id\":\"" POST "\"}" },
        "post-1 tombstone+1" },
    { "a deletion by a neighbour", FOLLOWED, .given = { { EVE, ACT("Create", "1", NOTE) } },
        .act = { NINA, ACT("Delete", "2", ID(POST)) }, "" },
    { "a deletion from another origin", FOLLOWED, .given = { { EVE, ACT("Create", "1", NOTE) } },
        .act = { MAL, EVIL("Delete", "2", ID(POST)) }, "" },
    { "a deletion of a post of ours", .act = { EVE, ACT("Delete", "2", ID(WORLD_PUBLIC)) }, "" },
    { "a deletion by somebody who is suspended", FOLLOWED, SUSPENDED, .act = { EVE, ACT("Delete", "2", ID(POST)) },
        "tombstone+1" },
    { "an actor deletes itself", FOLLOWED, .act = { EVE, ACT("Delete", "2", ID(EVE)) }, "account-1 tombstone+1" },
    { "an actor deletes another", FOLLOWED, .act = { MAL, EVIL("Delete", "2", ID(EVE)) }, "" },
    /* ---- Announce ---- */
    { "a boost", .act = { EVE, ACT("Announce", "1", ID(WORLD_PUBLIC)) PUBLIC }, "boost+1 notification+1" },
    { "a boost whose id is of another origin", .act = { EVE, EVIL("Announce", "1", ID(WORLD_PUBLIC)) PUBLIC }, "" },
    { "a boost of a post for followers", .act = { EVE, ACT("Announce", "1", ID(WORLD_FOR_FOLLOWERS)) PUBLIC }, "" },
    { "a boost for one person", .act = { EVE, ACT("Announce", "1", ID(WORLD_PUBLIC)) ",\"to\":\"" WORLD_OUR "\"" },
        "" },
    { "a boost by somebody who is blocked", .sql = BLOCKED,
        .act = { EVE, ACT("Announce", "1", ID(WORLD_PUBLIC)) PUBLIC }, "" },
    { "a boost that was undone before",
        .given = { { EVE, ACT("Undo", "2", INNER("Announce", "1", EVE, ID(WORLD_PUBLIC))) } },
        .act = { EVE, ACT("Announce", "1", ID(WORLD_PUBLIC)) PUBLIC }, "" },
    { "a boost twice", .given = { { EVE, ACT("Announce", "1", ID(WORLD_PUBLIC)) PUBLIC } },
        .act = { EVE, ACT("Announce", "2", ID(WORLD_PUBLIC)) PUBLIC }, "tombstone+1" },
    { "a boost of nothing of ours by nobody who is followed",
        .act = { EVE, ACT("Announce", "1", ID(CLUB_POST)) PUBLIC }, "" },
    { "a boost of what is not there", FOLLOWED,
        .act = { EVE, ACT("Announce", "1", ID("https://evil.test/p/404")) PUBLIC }, "" },
    { "a boost of a forged copy is one of what its server says", FOLLOWED,
        .act = { EVE, ACT("Announce", "1", NOTE_OF(CLUB_POST, CLUB, PUBLIC ",\"summary\":\"forged\"")) PUBLIC },
        "post+1 boost+1" },
    { "only groups announce activities", FOLLOWED,
        .act = { EVE, ACT("Announce", "1", INNER("Create", "2", CLUB, ID(CLUB_POST))) PUBLIC }, "" },
    /* ---- Like ---- */
    { "a like", .act = { EVE, ACT("Like", "1", ID(WORLD_PUBLIC)) }, "like+1 notification+1" },
    { "a like whose id is of another origin", .act = { EVE, EVIL("Like", "1", ID(WORLD_PUBLIC)) }, "" },
    { "a like of what they may not see", .act = { EVE, ACT("Like", "1", ID(WORLD_FOR_FOLLOWERS)) }, "" },
    { "a like of nothing of ours", .act = { EVE, ACT("Like", "1", ID(CLUB_POST)) }, "" },
    { "a like by somebody who is blocked", .sql = BLOCKED, .act = { EVE, ACT("Like", "1", ID(WORLD_PUBLIC)) }, "" },
    { "a like that was undone before",
        .given = { { EVE, ACT("Undo", "2", INNER("Like", "1", EVE, ID(WORLD_PUBLIC))) } },
        .act = { EVE, ACT("Like", "1", ID(WORLD_PUBLIC)) }, "" },
    { "a like by somebody who is suspended", .sql = SUSPENDED, .act = { EVE, ACT("Like", "1", ID(WORLD_PUBLIC)) }, "" },
    { "a reaction", .act = { EVE, ACT("EmojiReact", "1", ID(WORLD_PUBLIC)) ",\"content\":\"" SMILE "\"" },
        "reaction+1 notification+1" },
    { "a reaction by its old name",
        .act = { EVE, ACT("EmojiReaction", "1", ID(WORLD_PUBLIC)) ",\"content\":\"" SMILE "\"" },
        "reaction+1 notification+1" },
    { "a like with an emoji is a reaction",
        .act = { EVE, ACT("Like", "1", ID(WORLD_PUBLIC)) ",\"_misskey_reaction\":\"" SMILE "\"" },
        "reaction+1 notification+1" },
    { "Misskey's heart is a like",
        .act = { EVE, ACT("Like", "1", ID(WORLD_PUBLIC)) ",\"_misskey_reaction\":\"\xe2\x9d\xa4\"" },
        "like+1 notification+1" },
    { "a reaction to what they may not see",
        .act = { EVE, ACT("EmojiReact", "1", ID(WORLD_FOR_FOLLOWERS)) ",\"content\":\"" SMILE "\"" }, "" },
    { "a reaction by somebody who is blocked", .sql = BLOCKED,
        .act = { EVE, ACT("EmojiReact", "1", ID(WORLD_PUBLIC)) ",\"content\":\"" SMILE "\"" }, "" },
    { "a reaction that was undone before",
        .given = { { EVE, ACT("Undo", "2", INNER("EmojiReact", "1", EVE, ID(WORLD_PUBLIC))) } },
        .act = { EVE, ACT("EmojiReact", "1", ID(WORLD_PUBLIC)) ",\"content\":\"" SMILE "\"" }, "" },
    /* ---- Follow, Block ---- */
    { "a follow", .act = { EVE, ACT("Follow", "1", ID(WORLD_OUR)) }, "follow+1 notification+1" },
    { "a follow of a locked account", .sql = LOCKED, .act = { EVE, ACT("Follow", "1", ID(WORLD_OUR)) },
        "request+1 notification+1" },
    { "a follow by somebody who is blocked", .sql = BLOCKED, .act = { EVE, ACT("Follow", "1", ID(WORLD_OUR)) }, "" },
    { "a follow of somebody elsewhere", .act = { EVE, ACT("Follow", "1", ID(MAL)) }, "" },
    { "a follow of a post", .act = { EVE, ACT("Follow", "1", ID(WORLD_PUBLIC)) }, "" },
    { "a follow whose id is of another origin", .act = { EVE, EVIL("Follow", "1", ID(WORLD_OUR)) }, "" },
    { "a follow that was undone before",
        .given = { { EVE, ACT("Undo", "2", INNER("Follow", "1", EVE, ID(WORLD_OUR))) } },
        .act = { EVE, ACT("Follow", "1", ID(WORLD_OUR)) }, "" },
    { "a follow by somebody who is suspended", .sql = SUSPENDED, .act = { EVE, ACT("Follow", "1", ID(WORLD_OUR)) },
        "" },
    { "a block", FOLLOWED, .act = { EVE, ACT("Block", "1", ID(WORLD_OUR)) }, "follow-1 block+1" },
    { "a ban from a group is no block", FOLLOWED,
        .act = { EVE, ACT("Block", "1", ID(WORLD_OUR)) ",\"target\":\"" CLUB "\"" }, "" },
    { "a block of somebody elsewhere", FOLLOWED, .act = { EVE, ACT("Block", "1", ID(MAL)) }, "" },
    { "a block that was undone before", .given = { { EVE, ACT("Undo", "2", INNER("Block", "1", EVE, ID(WORLD_OUR))) } },
        .act = { EVE, ACT("Block", "1", ID(WORLD_OUR)) }, "" },
    { "a block whose id is of another origin", .act = { EVE, EVIL("Block", "1", ID(WORLD_OUR)) }, "" },
    /* ---- Accept, Reject ---- */
    { "an Accept", ASKED, .act = { EVE, ACT("Accept", "1", FOLLOW_BY(WORLD_OUR, EVE)) }, "follow+1 request-1" },
    { "an Accept of the id", ASKED, .act = { EVE, ACT("Accept", "1", ID(WORLD_OUR "#follows/77")) },
        "follow+1 request-1" },
    { "an Accept by somebody else", ASKED, .act = { MAL, EVIL("Accept", "1", FOLLOW_BY(WORLD_OUR, EVE)) }, "" },
    { "an Accept by a neighbour, as if asked", ASKED, .act = { NINA, ACT("Accept", "1", FOLLOW_BY(WORLD_OUR, NINA)) },
        "" },
    { "an Accept of what nobody asked", .act = { EVE, ACT("Accept", "1", FOLLOW_BY(WORLD_OUR, EVE)) }, "" },
    { "an Accept for somebody who did not ask", ASKED, .act = { EVE, ACT("Accept", "1", FOLLOW_BY(WORLD_BOBS, EVE)) },
        "" },
    { "an Accept of something else with the id of the follow", ASKED,
        .act = { EVE, ACT("Accept", "1", "{\"type\":\"QuoteRequest\",\"id\":\"" WORLD_OUR "#follows/77\"}") }, "" },
    { "a Reject", ASKED, .act = { EVE, ACT("Reject", "1", FOLLOW_BY(WORLD_OUR, EVE)) }, "request-1" },
    { "a Reject later", FOLLOWED, .act = { EVE, ACT("Reject", "1", FOLLOW_BY(WORLD_OUR, EVE)) }, "follow-1" },
    { "a Reject by somebody else", FOLLOWED, .act = { MAL, EVIL("Reject", "1", FOLLOW_BY(WORLD_OUR, EVE)) }, "" },
    { "a Reject by a neighbour", FOLLOWED, .act = { NINA, ACT("Reject", "1", FOLLOW_BY(WORLD_OUR, NINA)) }, "" },
    { "a Reject by somebody who is suspended", FOLLOWED, SUSPENDED,
        .act = { EVE, ACT("Reject", "1", FOLLOW_BY(WORLD_OUR, EVE)) }, "follow-1" },
    /* ---- Undo ---- */
    { "undoing a like", .given = { { EVE, ACT("Like", "1", ID(WORLD_PUBLIC)) } },
        .act = { EVE, ACT("Undo", "2", INNER("Like", "1", EVE, ID(WORLD_PUBLIC))) },
        "like-1 notification-1 tombstone+1" },
    { "undoing a like by its id", .given = { { EVE, ACT("Like", "1", ID(WORLD_PUBLIC)) } },
        .act = { EVE, ACT("Undo", "2", ID("https://far.test/a/1")) }, "like-1 notification-1 tombstone+1" },
    { "undoing a like of a neighbour", .given = { { EVE, ACT("Like", "1", ID(WORLD_PUBLIC)) } },
        .act = { NINA, ACT("Undo", "2", INNER("Like", "1", EVE, ID(WORLD_PUBLIC))) }, "" },
    { "undoing a like of a neighbour by its id", .given = { { EVE, ACT("Like", "1", ID(WORLD_PUBLIC)) } },
        .act = { NINA, ACT("Undo", "2", ID("https://far.test/a/1")) }, "tombstone+1" },
    { "undoing a like from another origin", .given = { { EVE, ACT("Like", "1", ID(WORLD_PUBLIC)) } },
        .act = { MAL, EVIL("Undo", "2", ID("https://far.test/a/1")) }, "" },
    { "undoing a reaction", .given = { { EVE, ACT("EmojiReact", "1", ID(WORLD_PUBLIC)) ",\"content\":\"" SMILE "\"" } },
        .act = { EVE, ACT("Undo", "2", INNER("EmojiReact", "1", EVE, ID(WORLD_PUBLIC))) },
        "reaction-1 notification-1 tombstone+1" },
    { "undoing a follow", .given = { { EVE, ACT("Follow", "1", ID(WORLD_OUR)) } },
        .act = { EVE, ACT("Undo", "2", INNER("Follow", "1", EVE, ID(WORLD_OUR))) },
        "follow-1 notification-1 tombstone+1" },
    { "undoing a follow by its id", .given = { { EVE, ACT("Follow", "1", ID(WORLD_OUR)) } },
        .act = { EVE, ACT("Undo", "2", ID("https://far.test/a/1")) }, "follow-1 notification-1 tombstone+1" },
    { "undoing a request", .sql = LOCKED, .given = { { EVE, ACT("Follow", "1", ID(WORLD_OUR)) } },
        .act = { EVE, ACT("Undo", "2", ID("https://far.test/a/1")) }, "request-1 notification-1 tombstone+1" },
    { "undoing a follow of a neighbour", .given = { { EVE, ACT("Follow", "1", ID(WORLD_OUR)) } },
        .act = { NINA, ACT("Undo", "2", INNER("Follow", "1", EVE, ID(WORLD_OUR))) }, "" },
    { "undoing a follow of somebody else", .given = { { EVE, ACT("Follow", "1", ID(WORLD_OUR)) } },
        .act = { MAL, EVIL("Undo", "2", INNER("Follow", "1", MAL, ID(WORLD_OUR))) }, "" },
    { "undoing a boost", .given = { { EVE, ACT("Announce", "1", ID(WORLD_PUBLIC)) PUBLIC } },
        .act = { EVE, ACT("Undo", "2", INNER("Announce", "1", EVE, ID(WORLD_PUBLIC))) },
        "boost-1 notification-1 tombstone+1" },
    { "undoing a boost of a neighbour", .given = { { EVE, ACT("Announce", "1", ID(WORLD_PUBLIC)) PUBLIC } },
        .act = { NINA, ACT("Undo", "2", ID("https://far.test/a/1")) }, "tombstone+1" },
    { "undoing a block", .given = { { EVE, ACT("Block", "1", ID(WORLD_OUR)) } },
        .act = { EVE, ACT("Undo", "2", INNER("Block", "1", EVE, ID(WORLD_OUR))) }, "block-1 tombstone+1" },
    { "undoing a block of somebody else", .given = { { EVE, ACT("Block", "1", ID(WORLD_OUR)) } },
        .act = { MAL, EVIL("Undo", "2", INNER("Block", "1", MAL, ID(WORLD_OUR))) }, "" },
    /* ---- Undo of one of two, which came before the other or after it ---- */
    { "undoing the like before this one", .given = { LIKE("1"), LIKE("2") }, .act = UNLIKE("1"), "" },
    { "a like that was undone while another was here", .given = { LIKE("1"), UNLIKE("2") }, .act = LIKE("2"), "" },
    { "the like after that one", .given = { LIKE("1"), UNLIKE("1") }, .act = LIKE("3"), "like+1 notification+1" },
    { "undoing the reaction before this one", .given = { REACT("1"), REACT("2") }, .act = UNREACT("1"), "" },
    { "a reaction that was undone while another was here", .given = { REACT("1"), UNREACT("2") }, .act = REACT("2"),
        "" },
    { "undoing the boost before this one", .given = { BOOST("1"), BOOST("2") }, .act = UNBOOST("1"), "" },
    { "undoing this boost", .given = { BOOST("1"), BOOST("2") }, .act = UNBOOST("2"),
        "boost-1 notification-1 tombstone+1" },
    { "a boost that was undone while another was here", .given = { BOOST("1"), UNBOOST("2") }, .act = BOOST("2"), "" },
    { "undoing the follow before this one", .given = { FOLLOW("1"), FOLLOW("2") }, .act = UNFOLLOW("1"), "" },
    { "undoing this follow", .given = { FOLLOW("1"), FOLLOW("2") }, .act = UNFOLLOW("2"),
        "follow-1 notification-1 tombstone+1" },
    { "a follow that was undone while another was here", .given = { FOLLOW("1"), UNFOLLOW("2") }, .act = FOLLOW("2"),
        "" },
    { "undoing the request before this one", .sql = LOCKED, .given = { FOLLOW("1"), FOLLOW("2") }, .act = UNFOLLOW("1"),
        "" },
    { "undoing the block before this one", .given = { BLOCK("1"), BLOCK("2") }, .act = UNBLOCK("1"), "" },
    { "a block that was undone while another was here", .given = { BLOCK("1"), UNBLOCK("2") }, .act = BLOCK("2"), "" },
    { "undoing an Accept", FOLLOWED,
        .act = { EVE, ACT("Undo", "2", INNER("Accept", "1", EVE, FOLLOW_BY(WORLD_OUR, EVE))) }, "follow-1" },
    { "undoing an Accept of somebody else", FOLLOWED,
        .act = { MAL, EVIL("Undo", "2", INNER("Accept", "1", EVE, FOLLOW_BY(WORLD_OUR, EVE))) }, "" },
    /* ---- Flag ---- */
    { "a report", .act = { EVE, ACT("Flag", "1", "[" ID(WORLD_OUR) "," ID(WORLD_PUBLIC) "]") ",\"content\":\"bad\"" },
        "report+1" },
    { "a report of a post alone", .act = { EVE, ACT("Flag", "1", ID(WORLD_PUBLIC)) ",\"summary\":\"bad\"" },
        "report+1" },
    { "a report of nobody of ours", .act = { EVE, ACT("Flag", "1", ID(MAL)) }, "" },
    { "a report twice", .given = { { EVE, ACT("Flag", "1", ID(WORLD_OUR)) } },
        .act = { EVE, ACT("Flag", "1", ID(WORLD_OUR)) ",\"name\":\"again\"" }, "" },
    { "a report whose id is of another origin", .act = { EVE, EVIL("Flag", "1", ID(WORLD_OUR)) }, "" },
    { "a report by somebody who is suspended", .sql = SUSPENDED, .act = { EVE, ACT("Flag", "1", ID(WORLD_OUR)) }, "" },
    /* ---- Add, Remove ---- */
    { "a pinned post", FOLLOWED, .given = { { EVE, ACT("Create", "1", NOTE) } },
        .act = { EVE, ACT("Add", "2", ID(POST)) ",\"target\":\"" EVE "/featured\"" }, "pin+1" },
    { "a post pinned by a neighbour", FOLLOWED, .given = { { EVE, ACT("Create", "1", NOTE) } },
        .act = { NINA, ACT("Add", "2", ID(POST)) ",\"target\":\"" EVE "/featured\"" }, "" },
    { "a post pinned to the neighbour's profile", FOLLOWED, .given = { { EVE, ACT("Create", "1", NOTE) } },
        .act = { NINA, ACT("Add", "2", ID(POST)) ",\"target\":\"" NINA "/featured\"" }, "" },
    { "a post pinned from another origin", FOLLOWED, .given = { { EVE, ACT("Create", "1", NOTE) } },
        .act = { MAL, EVIL("Add", "2", ID(POST)) ",\"target\":\"" MAL "/featured\"" }, "" },
    { "a post pinned somewhere else", FOLLOWED, .given = { { EVE, ACT("Create", "1", NOTE) } },
        .act = { EVE, ACT("Add", "2", ID(POST)) ",\"target\":\"" EVE "/liked\"" }, "" },
    { "a post unpinned", FOLLOWED,
        .given = { { EVE, ACT("Create", "1", NOTE) },
            { EVE, ACT("Add", "2", ID(POST)) ",\"target\":\"" EVE "/featured\"" } },
        .act = { EVE, ACT("Remove", "3", ID(POST)) ",\"target\":\"" EVE "/featured\"" }, "pin-1" },
    { "a post unpinned by a neighbour", FOLLOWED,
        .given = { { EVE, ACT("Create", "1", NOTE) },
            { EVE, ACT("Add", "2", ID(POST)) ",\"target\":\"" EVE "/featured\"" } },
        .act = { NINA, ACT("Remove", "3", ID(POST)) ",\"target\":\"" EVE "/featured\"" }, "" },
    { "a hashtag on a profile", FOLLOWED,
        .act = { EVE, ACT("Add", "1", "{\"type\":\"Hashtag\",\"name\":\"#cats\"}") ",\"target\":\"" EVE "/tags\"" },
        "featured_tag+1" },
    { "a hashtag that is none", FOLLOWED,
        .act = { EVE, ACT("Add", "1", "{\"type\":\"Hashtag\",\"name\":\"!!\"}") ",\"target\":\"" EVE "/tags\"" }, "" },
    { "a hashtag that is none, taken away", FOLLOWED,
        .act = { EVE, ACT("Remove", "1", "{\"type\":\"Hashtag\",\"name\":\"!!\"}") ",\"target\":\"" EVE "/tags\"" },
        "" },
    { "a hashtag on somebody's profile elsewhere", FOLLOWED,
        .act = { EVE, ACT("Add", "1", "{\"type\":\"Hashtag\",\"name\":\"#cats\"}") ",\"target\":\"" MAL "/tags\"" },
        "" },
    { "an activity of a conversation: its post is asked for where it belongs", FOLLOWED,
        .act = { EVE, ACT("Add", "1",
                          INNER("Create", "2", NINA,
                              NOTE_OF("https://far.test/p/2", NINA,
                                  PUBLIC ",\"inReplyTo\":\"" WORLD_PUBLIC
                                         "\",\"summary\":\"forged\""))) ",\"target\":\"" EVE "/history\"" },
        "post+1" },
    { "an activity added to a conversation of somebody else", FOLLOWED,
        .act = { EVE, ACT("Add", "1",
                          INNER("Create", "2", NINA,
                              NOTE_OF("https://far.test/p/2", NINA,
                                  PUBLIC ",\"inReplyTo\":\"" WORLD_PUBLIC "\""))) ",\"target\":\"" MAL "/history\"" },
        "" },
    /* ---- QuoteRequest ---- */
    { "a request to quote",
        .act = { EVE, ACT("QuoteRequest", "1", ID(WORLD_PUBLIC)) ",\"instrument\":" NOTE_OF(
                          POST, EVE, PUBLIC ",\"quote\":\"" WORLD_PUBLIC "\"") },
        "post+1 quoted+1 notification+1" },
    { "a request for a post that does not quote",
        .act = { EVE, ACT("QuoteRequest", "1", ID(WORLD_PUBLIC)) ",\"instrument\":" NOTE_OF(
                          POST, NINA, PUBLIC ",\"quote\":\"" WORLD_PUBLIC "\"") },
        "post+1" },
    { "a request to quote what they may not see",
        .act = { EVE, ACT("QuoteRequest", "1", ID(WORLD_FOR_FOLLOWERS)) ",\"instrument\":" NOTE_OF(
                          POST, EVE, PUBLIC ",\"quote\":\"" WORLD_FOR_FOLLOWERS "\"") },
        "" },
    { "a request to quote what nobody may quote", .sql = NO_QUOTES,
        .act = { EVE, ACT("QuoteRequest", "1", ID(WORLD_PUBLIC)) ",\"instrument\":" NOTE_OF(
                          POST, EVE, PUBLIC ",\"quote\":\"" WORLD_PUBLIC "\"") },
        "" },
    { "a request by somebody who is blocked", .sql = BLOCKED,
        .act = { EVE, ACT("QuoteRequest", "1", ID(WORLD_PUBLIC)) ",\"instrument\":" NOTE_OF(
                          POST, EVE, PUBLIC ",\"quote\":\"" WORLD_PUBLIC "\"") },
        "" },
    /* ---- groups ---- */
    { "a group passes on a post", FOLLOWED,
        "INSERT INTO follow (id, account_id, target_id, uri, created_ms) SELECT 600, 1, id, 'x', 0 FROM account WHERE "
        "uri = '" CLUB "'",
        .act = { CLUB, CLUBS("Announce", "1", INNER("Create", "2", CLUB, ID(CLUB_POST))) PUBLIC }, "post+1 boost+1" },
    { "a group passes on the post alone, too", FOLLOWED,
        "INSERT INTO follow (id, account_id, target_id, uri, created_ms) SELECT 600, 1, id, 'x', 0 FROM account WHERE "
        "uri = '" CLUB "'",
        .given = { { CLUB, CLUBS("Announce", "1", INNER("Create", "2", CLUB, ID(CLUB_POST))) PUBLIC } },
        .act = { CLUB, CLUBS("Announce", "3", ID(CLUB_POST)) PUBLIC }, "tombstone+1" },
    { "a group passes on likes", FOLLOWED,
        .act = { CLUB, CLUBS("Announce", "1", INNER("Like", "2", EVE, ID(WORLD_PUBLIC))) PUBLIC }, "" },
    { "a group passes on a deletion of what lives", FOLLOWED, .given = { { EVE, ACT("Create", "1", NOTE) } },
        .act = { CLUB, CLUBS("Announce", "1", INNER("Delete", "2", EVE, ID(POST))) PUBLIC }, "" },
    /* ---- what nobody acts on ---- */
    { "a dislike", .act = { EVE, ACT("Dislike", "1", ID(WORLD_PUBLIC)) }, "" },
    { "a view", .act = { EVE, ACT("View", "1", ID(WORLD_PUBLIC)) }, "" },
};

static struct str
body_of(const struct said *s)
{
    return str_fmt(
        unit_mem(), "{\"@context\":\"https://www.w3.org/ns/activitystreams\",\"actor\":\"%s\",%s}", s->who, s->what);
}

/* Everybody, their posts as their own servers tell them, and nothing else. */
static void
begin(const struct row *r)
{
    static const char *const people[][2] = { { EVE, "eve" }, { NINA, "nina" }, { MAL, "mal" }, { CLUB, "cats" } };

    for (size_t i = 0; i < lengthof(people); i++)
        web_put(str_z(people[i][0]), web_person(people[i][0], people[i][1]));
    web_put(S(CLUB), S("{\"@context\":\"https://www.w3.org/ns/activitystreams\",\"id\":\"" CLUB
                       "\",\"type\":\"Group\",\"preferredUsername\":\"cats\",\"inbox\":\"" CLUB "/inbox\"}"));
    web_put(S(POST), S("{\"@context\":\"https://www.w3.org/ns/activitystreams\","
                       "\"type\":\"Note\",\"id\":\"" POST "\",\"attributedTo\":\"" EVE
                       "\",\"content\":\"x\",\"to\":\"as:Public\",\"published\":\"2026-01-01T00:00:00Z\"}"));
    web_put(
        S(CLUB_POST), S("{\"@context\":\"https://www.w3.org/ns/activitystreams\",\"type\":\"Page\",\"id\":\"" CLUB_POST
                        "\",\"attributedTo\":\"" CLUB "\",\"name\":\"T\",\"to\":\"as:Public\"}"));
    web_put(S("https://far.test/p/2"),
        S("{\"@context\":\"https://www.w3.org/ns/activitystreams\",\"type\":\"Note\",\"id\":\"https://far.test/p/"
          "2\",\"attributedTo\":\"" NINA "\",\"content\":\"y\",\"to\":\"as:Public\"}"));
    for (size_t i = 0; i < lengthof(people); i++)
        world_knows(str_z(people[i][0]));
    if (r->follow != NOT_ASKED)
        world_follows(S(EVE), r->follow == ASKED);
    if (r->sql != NULL)
        world_run(r->sql);
    for (size_t i = 0; i < lengthof(r->given) && r->given[i].who != NULL; i++)
        (void)world_deliver(str_z(r->given[i].who), 0, body_of(&r->given[i]));
}

static void
end(void)
{
    world_reset();
    world_run("UPDATE account SET locked = FALSE WHERE id = 1");
    world_run("UPDATE poll SET expires_ms = 9000000000000 WHERE id = 90");
    world_run("UPDATE status SET quote_policy = 1 WHERE id = 7");
}

static bool
forged(void)
{
    return world_int("SELECT count(*) FROM status WHERE spoiler_text = 'forged'") > 0 ||
           world_int(
               "SELECT count(*) FROM status WHERE NOT local AND edited_ms IS NOT NULL AND visibility = 0 AND id IN "
               "(SELECT status_id FROM status_edit) AND uri NOT LIKE 'https://far.test/%'") > 0 ||
           world_int("SELECT count(*) FROM status WHERE local") != 3;
}

UNIT_DB(what_activities_do)
{
    struct counts before, after;
    int wrong = 0;

    (void)world_new(db);
    log_set_level(LOG_LEVEL_ERROR);
    for (size_t i = 0; i < lengthof(rows); i++) {
        const struct row *r = &rows[i];
        struct str diff;

        begin(r);
        before = world_count();
        (void)world_deliver(str_z(r->act.who), 0, body_of(&r->act));
        after = world_count();
        diff = world_diff(&before, &after);
        if (!str_eqz(diff, r->effect) || forged()) {
            print_error("%s\n  got  %.*s\n  want %s\n", r->what, STR_ARG(diff), r->effect);
            wrong++;
        }
        end();
    }
    log_set_level(LOG_LEVEL_INFO);
    world_end();
    assert_int_equal(wrong, 0);
}

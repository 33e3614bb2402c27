"""What each state of a sender means for each activity, on each way by which it can reach us."""
import collections

import pytest
from remote import CONTEXT, PUBLIC
from server import Server

STATES = ["suspended", "silenced", "domain_blocked", "blocked", "muted", "welcome"]
NAMES = [s.replace("_", "-") + ".test" for s in STATES]

# What happens to a direct delivery: 403, or the effects that can be seen.  "told": a notification, "held": one that waits for consent.
STORED, LIKED, BOOSTED = "stored", "liked", "boosted"
TABLE = {
    #            suspended  silenced               domain_blocked   blocked         muted            welcome
    "Create":        (403, {STORED, "held"},       {STORED},        {STORED},       {STORED},        {STORED, "told"}),
    "Update":        (403, {"edited", "held"},     {"edited"},      {"edited"},     {"edited"},      {"edited", "told"}),
    "Delete":        (403, {"deleted"},            {"deleted"},     {"deleted"},    {"deleted"},     {"deleted"}),
    "Like":          (403, {LIKED, "held"},        set(),           set(),          {LIKED},         {LIKED, "told"}),
    "EmojiReact":    (403, {"reacted", "held"},    set(),           set(),          {"reacted"},     {"reacted", "told"}),
    "Announce":      (403, {BOOSTED, "held"},      set(),           set(),          {BOOSTED},       {BOOSTED, "told"}),
    "Follow":        (403, {"asked", "held"},      {"rejected"},    {"rejected"},   {"follows"},     {"follows", "told"}),
    "QuoteRequest":  (403, {"answered", "held"},   set(),           set(),          {"answered"},    {"answered", "told"}),
    "Flag":          (403, {"reported"},           {"reported"},    {"reported"},   {"reported"},    {"reported"}),
    "Undo":          (403, {"undone"},             {"undone"},      {"undone"},     {"undone"},      {"undone"}),
    "Block":         (403, {"blocks"},             {"blocks"},      {"blocks"},     {"blocks"},      {"blocks"}),
    "Update actor":  (403, {"renamed"},            {"renamed"},     {"renamed"},    {"renamed"},     {"renamed"}),
}
# What a friend, whom alice follows, brings of theirs: the note of the other is fetched, or not even asked for.
WAYS = {
    "forwarded":     (set(), {STORED},             {STORED},        {STORED},       {STORED},        {STORED}),
    "announced":     (set(), {STORED, "passed"},   {STORED, "passed"}, {STORED, "passed"}, {STORED, "passed"}, {STORED, "passed"}),
    "quoted":        ({"passed"}, {STORED, "passed"}, {STORED, "passed"}, {STORED, "passed"}, {STORED, "passed"}, {STORED, "passed"}),
    "reply tree":    (set(), {STORED, "passed"},   {STORED, "passed"}, {STORED, "passed"}, {STORED, "passed"}, {STORED, "passed"}),
}


HOSTS = ["friend.test", *NAMES]


Scene = collections.namedtuple("Scene", "here far alice uri friend people")


def settled(here):
    here.wait_until(lambda: here.query("SELECT count(*) FROM inbound WHERE done = FALSE") == [(0,)] and not here.query(
        "SELECT 1 FROM job WHERE state < 2 AND tries = 0 AND kind IN ('process_activity', 'fan_out', 'federate', 'verify_quote')"))


def known(api, actor):
    return api.get("/api/v2/search", q=actor.acct, resolve=True, type="accounts")["accounts"][0]


@pytest.fixture(scope="module")
def scene(tmp_path_factory, new_database, far):
    """alice, a friend whom she follows, and somebody in each state, who liked and wrote to her while all were welcome."""
    with Server(tmp_path_factory.mktemp("policy"), database=new_database(), **far.keys()) as here:
        alice = here.user()
        uri = alice.get("/api/v1/accounts/verify_credentials")["uri"]
        friend = far.actor("friend")
        alice.follow(known(alice, friend)["id"])
        asked = far.wait_kind("Follow")
        friend.send(here, friend.activity("Accept", asked.json))
        people = {}
        for state, name in zip(STATES, NAMES):
            who = people[state] = far.actor("x", host=name)
            who.account = known(alice, who)["id"]
            who.posts = {k: who.note(f"<p>{k} before</p>", cc=[uri], tag=[{"type": "Mention", "href": uri}]) for k in ("Update", "Delete")}
            for note in who.posts.values():
                who.send(here, who.create(note))
            who.liked = alice.toot("liked before")
            who.like = who.activity("Like", who.liked["uri"])
            who.send(here, who.like)
        settled(here)
        here.cli("domain", "block", "suspended.test")
        here.cli("domain", "limit", "silenced.test")
        alice.post("/api/v1/domain_blocks", {"domain": "domain-blocked.test"})
        alice.post(f"/api/v1/accounts/{people['blocked'].account}/block")
        alice.post(f"/api/v1/accounts/{people['muted'].account}/mute")
        alice.post("/api/v1/notifications/clear")
        settled(here)
        yield Scene(here, far, alice, uri, friend, people)


def stored(here, note):
    return bool(here.query("SELECT 1 FROM status WHERE uri = ?", note["id"]))


def notified(s, who):
    rows = s.here.query("SELECT n.filtered FROM notification n JOIN account a ON a.id = n.from_account_id WHERE a.uri = ?", who.id)
    return {"held" if f in (True, 1, "t") else "told" for (f,) in rows}


def send(s, kind, who):
    """Send one activity of the kind; a function that says what can be seen of it."""
    post = s.alice.toot(f"about {kind}")
    here, row = s.here, None
    mention = {"cc": [s.uri], "tag": [{"type": "Mention", "href": s.uri}]}

    def count(field):
        return s.alice.get(f"/api/v1/statuses/{post['id']}")[field] > 0

    if kind == "Create":
        row = who.note("<p>new</p>", **mention)
        activity, seen = who.create(row), lambda: {STORED} if stored(here, row) else set()
    elif kind == "Update":
        note = who.posts["Update"] | {"content": "<p>edited</p>", "updated": s.far.now()}
        here.shift_clock(seconds=2)
        activity = who.activity("Update", note, to=note["to"], cc=note["cc"])
        note["updated"] = note["updated"].replace("Z", ".900Z")
        seen = lambda: {"edited"} if here.query("SELECT 1 FROM status WHERE uri = ? AND content LIKE '%edited%'", note["id"]) else set()
    elif kind == "Delete":
        activity = who.activity("Delete", who.posts["Delete"]["id"])
        seen = lambda: set() if stored(here, who.posts["Delete"]) else {"deleted"}
    elif kind == "Like":
        activity, seen = who.activity("Like", post["uri"]), lambda: {LIKED} if count("favourites_count") else set()
    elif kind == "EmojiReact":
        activity = who.activity("EmojiReact", post["uri"], content="🦊")
        seen = lambda: {"reacted"} if here.query("SELECT 1 FROM status_reaction r JOIN account a ON a.id = r.account_id WHERE a.uri = ?", who.id) else set()
    elif kind == "Announce":
        activity = who.activity("Announce", post["uri"], to=[PUBLIC], cc=[s.uri])
        seen = lambda: {BOOSTED} if count("reblogs_count") else set()
    elif kind == "Follow":
        activity = who.activity("Follow", s.uri)

        def seen():
            relation = s.alice.get("/api/v1/accounts/relationships", id=[who.account])[0]
            rejected = any(a.json.get("object", {}).get("id") == activity["id"] for a in s.far.got("Reject") if isinstance(a.json.get("object"), dict))
            return {word for word, is_so in (("follows", relation["followed_by"]), ("asked", relation["requested_by"]), ("rejected", rejected)) if is_so}
    elif kind == "QuoteRequest":
        note = who.note("<p>look</p>", quote=post["uri"], **{"_misskey_quote": post["uri"]})
        activity = who.activity("QuoteRequest", post["uri"], instrument=note)
        seen = lambda: {"answered"} if any(a.json["object"].get("id") == activity["id"] for a in s.far.got("Accept") + s.far.got("Reject")
                                            if isinstance(a.json.get("object"), dict)) else set()
    elif kind == "Flag":
        activity = who.activity("Flag", [s.uri], content="no good")
        seen = lambda: {"reported"} if here.query("SELECT 1 FROM report r JOIN account a ON a.id = r.account_id WHERE a.uri = ?", who.id) else set()
    elif kind == "Block":
        activity = who.activity("Block", s.uri)
        seen = lambda: {"blocks"} if here.query("SELECT 1 FROM block b JOIN account a ON a.id = b.account_id WHERE a.uri = ?", who.id) else set()
    elif kind == "Undo":
        activity = who.activity("Undo", who.like)
        seen = lambda: set() if s.alice.get(f"/api/v1/statuses/{who.liked['id']}")["favourites_count"] else {"undone"}
    else:
        who.doc = who.doc | {"name": "another name"}
        activity = who.activity("Update", who.doc)
        seen = lambda: {"renamed"} if here.query("SELECT 1 FROM account WHERE uri = ? AND display_name = 'another name'", who.id) else set()
    return activity, seen


@pytest.mark.parametrize("kind", TABLE)
def test_direct(scene, kind):
    s, seen, sent = scene, {}, {}
    s.alice.post("/api/v1/notifications/clear")
    for state, wanted in zip(STATES, TABLE[kind]):
        activity, seen[state] = send(s, kind, s.people[state])
        sent[state] = activity
        s.people[state].send(s.here, activity, expect=403 if wanted == 403 else 202)
    settled(s.here)
    for state, wanted in zip(STATES, TABLE[kind]):
        if wanted == 403:
            assert not notified(s, s.people[state])
            continue
        s.here.wait_until(lambda: seen[state]() >= wanted - {"told", "held"})
        assert seen[state]() | notified(s, s.people[state]) == wanted, state
        if kind == "Block":
            s.people[state].send(s.here, s.people[state].activity("Undo", sent[state]))
            s.here.wait_until(lambda: not seen[state]())


@pytest.mark.parametrize("way", WAYS)
def test_by_others(scene, way):
    s, sent = scene, {}
    for state in STATES:
        sent[state] = bring(s, way, s.people[state])
    settled(s.here)
    for state, wanted in zip(STATES, WAYS[way]):
        note, brought = sent[state]
        seen = lambda: ({STORED} if stored(s.here, note) else set()) | ({"passed"} if brought and stored(s.here, brought) else set())
        s.here.wait_until(lambda: seen() >= wanted)
        assert seen() == wanted, state
    assert s.far.asked[sent["suspended"][0]["id"]] == 0
    if way == "announced":
        shown = {p["reblog"]["account"]["acct"] for p in s.alice.get("/api/v1/timelines/home", limit=40) if p["reblog"]}
        assert shown == {s.people[state].acct for state in ("silenced", "welcome")}


def bring(s, way, who):
    """Let the friend bring a note of somebody; the note, and what brings it."""
    note, public = who.note(f"<p>{way}</p>"), {"to": [PUBLIC], "cc": [s.friend.id + "/followers"]}
    if way == "forwarded":
        note["inReplyTo"] = s.far.documents[note["id"]]["inReplyTo"] = s.alice.toot("a thread")["uri"]
        s.friend.send(s.here, who.create(note))
        return note, None
    if way == "announced":
        brought = s.friend.activity("Announce", note["id"], **public)
        s.friend.send(s.here, brought)
        return note, brought
    brought = s.friend.note("<p>see</p>")
    if way == "quoted":
        stamp = s.far.new_id(who.origin, "stamps")
        brought |= {"quote": note["id"], "quoteAuthorization": stamp}
        s.far.documents[stamp] = {"@context": CONTEXT, "id": stamp, "type": "QuoteAuthorization", "attributedTo": who.id,
                                  "interactingObject": brought["id"], "interactionTarget": note["id"]}
    else:
        brought["inReplyTo"] = note["id"]
    s.friend.send(s.here, s.friend.create(brought))
    return note, brought

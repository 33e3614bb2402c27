"""What each state of a sender means for each activity, on each way by which it can reach us."""
import collections
import re

import pytest
from remote import CONTEXT, PUBLIC
from server import ROOT, Server

# "suspended" and "silenced" are servers for everybody here; the others are so for alice.
STATES = ["suspended", "silenced", "domain_blocked", "blocked", "muted", "welcome"]
NAMES = [s.replace("_", "-") + ".test" for s in STATES]

# What happens to a direct delivery: 403, or the effects that can be seen.  "told": a notification, "held": one that waits for consent.
STORED, LIKED, BOOSTED, REFUSED = "stored", "liked", "boosted", "refused"
TABLE = {
    #                  suspended  silenced               domain_blocked   blocked         muted            welcome
    "Create":          (403, {STORED, "held"},      {STORED},        {STORED},       {STORED},        {STORED, "told"}),
    "Update":          (403, {"edited", "held"},    {"edited"},      {"edited"},     {"edited"},      {"edited", "told"}),
    "Delete":          (403, {"deleted"},           {"deleted"},     {"deleted"},    {"deleted"},     {"deleted"}),
    "Like":            (403, {LIKED, "held"},       set(),           set(),          {LIKED},         {LIKED, "told"}),
    "EmojiReact":      (403, {"reacted", "held"},   set(),           set(),          {"reacted"},     {"reacted", "told"}),
    "EmojiReaction":   (403, {"reacted", "held"},   set(),           set(),          {"reacted"},     {"reacted", "told"}),
    "Announce":        (403, {BOOSTED, "held"},     set(),           set(),          {BOOSTED},       {BOOSTED, "told"}),
    "Follow":          (403, {"asked", "held"},     {REFUSED},       {REFUSED},      {"follows"},     {"follows", "told"}),
    "QuoteRequest":    (403, {"granted", "held"},   set(),           set(),          {"granted"},     {"granted", "told"}),
    "LikeRequest":     (403, {"granted", "held"},   set(),           set(),          {"granted"},     {"granted", "told"}),
    "ReplyRequest":    (403, {"granted", "held"},   set(),           set(),          {"granted"},     {"granted", "told"}),
    "AnnounceRequest": (403, {"granted", "held"},   set(),           set(),          {"granted"},     {"granted", "told"}),
    "FeatureRequest":  (403, {"granted", "held"},   {REFUSED},       {REFUSED},      {"granted"},     {"granted", "told"}),
    "Accept":          (403, {"followed"},          set(),           set(),          {"followed"},    {"followed"}),
    "Flag":            (403, {"reported"},          {"reported"},    {"reported"},   {"reported"},    {"reported"}),
    "Undo":            (403, {"undone"},            {"undone"},      {"undone"},     {"undone"},      {"undone"}),
    "Block":           (403, {"blocks"},            {"blocks"},      {"blocks"},     {"blocks"},      {"blocks"}),
    "Add":             (403, {"pinned"},            {"pinned"},      {"pinned"},     {"pinned"},      {"pinned"}),
    "Remove":          (403, {"unpinned"},          {"unpinned"},    {"unpinned"},   {"unpinned"},    {"unpinned"}),
    "Update actor":    (403, {"renamed"},           {"renamed"},     {"renamed"},    {"renamed"},     {"renamed"}),
    "Move":            (403, {"moved"},             {"moved"},       {"moved"},      {"moved"},       {"moved"}),
    "Reject":          (403, {"let go"},            {"let go"},      {"let go"},     {"let go"},      {"let go"}),
    "Delete actor":    (403, {"gone"},              {"gone"},        {"gone"},       {"gone"},        {"gone"}),
}
# What a friend, whom alice follows, brings of theirs: the note of the other is fetched, or not even asked for.
WAYS = {
    #              suspended    silenced            domain_blocked      blocked             muted               welcome
    "forwarded":  (set(),      {STORED},           {STORED},           {STORED},           {STORED},           {STORED}),
    "announced":  (set(),      {STORED, "passed"}, {STORED, "passed"}, {STORED, "passed"}, {STORED, "passed"}, {STORED, "passed"}),
    "quoted":     ({"passed"}, {STORED, "passed"}, {STORED, "passed"}, {STORED, "passed"}, {STORED, "passed"}, {STORED, "passed"}),
    "reply tree": (set(),      {STORED, "passed"}, {STORED, "passed"}, {STORED, "passed"}, {STORED, "passed"}, {STORED, "passed"}),
}


def test_every_activity_has_a_row():
    kinds = re.findall(r"^ACTIVITY\((\w+),", (ROOT / "src/inbox/activities.def").read_text(), re.M)
    assert {row.split()[0] for row in TABLE} == {kind.title().replace("_", "") for kind in kinds}
    assert set(MAKE) == set(TABLE) and all(len(cells) == len(STATES) for cells in [*TABLE.values(), *WAYS.values()])


HOSTS = ["friend.test", *NAMES]


class Scene(collections.namedtuple("Scene", "here far alice uri bob friend people")):
    """alice, whom all know, and a friend whom she follows; bob, who follows all; people: somebody in each state."""

    def row(self, sql, *args):
        return bool(self.here.query(sql, *args))

    def of(self, table, who, more="", *args):
        """Whether there is a row of theirs."""
        return self.row(f"SELECT 1 FROM {table} t JOIN account a ON a.id = t.account_id WHERE a.uri = ? {more}", who.id, *args)

    def stored(self, note):
        return self.row("SELECT 1 FROM status WHERE uri = ?", note["id"])

    def follows(self, local, who, table="follow"):
        return self.row(f"SELECT 1 FROM {table} f JOIN account a ON a.id = f.target_id WHERE f.account_id = ? AND a.uri = ?", int(local.id), who.id)

    def answers(self, activity):
        """Which of Accept and Reject came for an activity."""
        return {kind for kind in ("Accept", "Reject") for a in self.far.got(kind)
                if isinstance(a.json.get("object"), dict) and a.json["object"].get("id") == activity["id"]}

    def notified(self, who):
        rows = self.here.query("SELECT n.filtered FROM notification n JOIN account a ON a.id = n.from_account_id WHERE a.uri = ?", who.id)
        return {"held" if f in (True, 1, "t") else "told" for (f,) in rows}


def settled(here):
    here.wait_until(lambda: here.query("SELECT count(*) FROM inbound WHERE done = FALSE") == [(0,)] and not here.query(
        "SELECT 1 FROM job WHERE state < 2 AND tries = 0 AND kind IN ('process_activity', 'fan_out', 'federate', 'verify_quote', 'move_followers')"
    ) and not here.query("SELECT 1 FROM delivery WHERE state = 0 AND tries = 0"))


def known(api, actor):
    return api.find(actor.acct)["id"]


def asked(far, local, actor):
    """The Follow that somebody of ours sent."""
    return far.wait(lambda d: d.json and d.json["type"] == "Follow" and d.json["object"] == actor.id and d.json["actor"].endswith("/" + local.id)).json


def befriend(here, far, local, actor):
    local.follow(known(local, actor))
    actor.send(here, actor.activity("Accept", asked(far, local, actor)))


@pytest.fixture(scope="module")
def scene(tmp_path_factory, new_database, far):
    """All were welcome when they liked and wrote; alice had asked to follow them, bob follows them."""
    with Server(tmp_path_factory.mktemp("policy"), database=new_database(), **far.keys()) as here:
        alice, bob = here.user(), here.user()
        alice.patch("/api/v1/accounts/update_credentials", {"discoverable": True})
        uri = alice.get("/api/v1/accounts/verify_credentials")["uri"]
        s = Scene(here, far, alice, uri, bob, far.actor("friend"), {})
        befriend(here, far, alice, s.friend)
        for state, name in zip(STATES, NAMES):
            who = s.people[state] = far.actor("x", host=name)
            who.doc["featured"] = who.id + "/featured"
            who.account = known(alice, who)
            alice.follow(who.account)
            befriend(here, far, bob, who)
            who.posts = {k: who.note(f"<p>{k} before</p>", cc=[uri], tag=[{"type": "Mention", "href": uri}]) for k in ("Update", "Delete", "Remove")}
            for note in who.posts.values():
                who.send(here, who.create(note))
            who.liked = alice.toot("liked before")
            who.like = who.activity("Like", who.liked["uri"])
            who.send(here, who.like)
        settled(here)
        for who in s.people.values():
            who.send(here, who.activity("Add", who.posts["Remove"]["id"], target=who.doc["featured"]))
        settled(here)
        here.cli("domain", "block", "suspended.test")
        here.cli("domain", "limit", "silenced.test")
        alice.post("/api/v1/domain_blocks", {"domain": "domain-blocked.test"})
        alice.post(f"/api/v1/accounts/{s.people['blocked'].account}/block")
        alice.post(f"/api/v1/accounts/{s.people['muted'].account}/mute")
        alice.post("/api/v1/notifications/clear")
        settled(here)
        yield s


def test_where_only_some_are_allowed_the_others_are_refused(scene):
    """Whatever it is, and however welcome they were; who is on the list is heard."""
    s, who = scene, scene.people["welcome"]
    s.here.cli("settings", "set", "limited_federation", "yes")
    s.here.cli("domain", "allow", s.friend.host)
    came = lambda: s.here.query("SELECT count(*) FROM inbound")
    before = came()
    for kind in TABLE:
        who.send(s.here, who.activity(kind.split()[0], s.uri), expect=403)
    assert came() == before
    note = s.friend.note("<p>listed</p>")
    s.friend.send(s.here, s.friend.create(note))
    s.here.wait_until(lambda: s.stored(note))
    s.here.cli("settings", "set", "limited_federation", "no")


# ---- by others ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("way", WAYS)
def test_by_others(scene, way):
    s, sent = scene, {}
    for state in STATES:
        sent[state] = bring(s, way, s.people[state])
    settled(s.here)
    for state, wanted in zip(STATES, WAYS[way]):
        note, brought = sent[state]
        seen = lambda: ({STORED} if s.stored(note) else set()) | ({"passed"} if brought and s.stored(brought) else set())
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


# ---- each makes one activity and says what of it is to be seen --------------------------------------------------------------


def create(s, who, kind):
    note = who.note("<p>new</p>", cc=[s.uri], tag=[{"type": "Mention", "href": s.uri}])
    return who.create(note), {STORED: lambda: s.stored(note)}


def update(s, who, kind):
    s.here.shift_clock(seconds=2)
    note = who.posts["Update"] | {"content": "<p>edited</p>", "updated": s.far.now().replace("Z", ".900Z")}
    return who.activity("Update", note, to=note["to"], cc=note["cc"]), {
        "edited": lambda: s.row("SELECT 1 FROM status WHERE uri = ? AND content LIKE '%edited%'", note["id"])}


def delete(s, who, kind):
    return who.activity("Delete", who.posts["Delete"]["id"]), {"deleted": lambda: not s.stored(who.posts["Delete"])}


def counted(s, field, word):
    """A new post of alice, and whether its count has grown."""
    post = s.alice.toot(f"to be {word}")
    return post["uri"], {word: lambda: s.alice.get(f"/api/v1/statuses/{post['id']}")[field] > 0}


def like(s, who, kind):
    uri, seen = counted(s, "favourites_count", LIKED)
    return who.activity("Like", uri), seen


def react(s, who, kind):
    post = s.alice.toot("about feelings")
    return who.activity(kind, post["uri"], content="🦊"), {
        "reacted": lambda: s.of("status_reaction", who, "AND t.status_id = ?", int(post["id"]))}


def announce(s, who, kind):
    uri, seen = counted(s, "reblogs_count", BOOSTED)
    return who.activity("Announce", uri, to=[PUBLIC], cc=[s.uri]), seen


def follow(s, who, kind):
    activity = who.activity("Follow", s.uri)
    relation = lambda: s.alice.get("/api/v1/accounts/relationships", id=[who.account])[0]
    return activity, {"follows": lambda: relation()["followed_by"], "asked": lambda: relation()["requested_by"],
                      REFUSED: lambda: "Reject" in s.answers(activity)}


def answered(s, activity):
    return activity, {"granted": lambda: "Accept" in s.answers(activity), REFUSED: lambda: "Reject" in s.answers(activity)}


def request(s, who, kind):
    uri = s.alice.toot("ask me")["uri"]
    thing = {"QuoteRequest": lambda: who.note("<p>look</p>", quote=uri), "LikeRequest": lambda: who.activity("Like", uri),
             "ReplyRequest": lambda: who.note("<p>well</p>", inReplyTo=uri, cc=[s.uri], tag=[{"type": "Mention", "href": s.uri}]),
             "AnnounceRequest": lambda: who.activity("Announce", uri, to=[PUBLIC], cc=[s.uri])}[kind]()
    return answered(s, who.activity(kind, uri, instrument=thing))


def feature_request(s, who, kind):
    collection = {"@context": CONTEXT, "id": s.far.new_id(who.origin, "collections"), "type": "FeaturedCollection", "attributedTo": who.id, "name": "Good",
                  "discoverable": True, "totalItems": 0, "published": s.far.now(), "updated": s.far.now(), "orderedItems": []}
    s.far.documents[collection["id"]] = collection
    return answered(s, who.activity("FeatureRequest", s.uri, instrument=collection["id"]))


def flag(s, who, kind):
    return who.activity("Flag", [s.uri], content="no good"), {"reported": lambda: s.of("report", who)}


def undo(s, who, kind):
    return who.activity("Undo", who.like), {"undone": lambda: not s.of("favourite", who, "AND t.status_id = ?", int(who.liked["id"]))}


def block(s, who, kind):
    return who.activity("Block", s.uri), {"blocks": lambda: s.of("block", who)}


def pinned(s, who, note):
    return s.of("pin", who, "AND t.status_id = (SELECT id FROM status WHERE uri = ?)", note["id"])


def add(s, who, kind):
    return who.activity("Add", who.posts["Update"]["id"], target=who.doc["featured"]), {"pinned": lambda: pinned(s, who, who.posts["Update"])}


def remove(s, who, kind):
    return who.activity("Remove", who.posts["Remove"]["id"], target=who.doc["featured"]), {
        "unpinned": lambda: not pinned(s, who, who.posts["Remove"])}


def accept(s, who, kind):
    return who.activity("Accept", asked(s.far, s.alice, who)), {"followed": lambda: s.follows(s.alice, who)}


def reject(s, who, kind):
    return who.activity("Reject", asked(s.far, s.bob, who)), {"let go": lambda: not s.follows(s.bob, who)}


def rename(s, who, kind):
    who.doc = who.doc | {"name": "another name"}
    return who.activity("Update", who.doc), {
        "renamed": lambda: s.row("SELECT 1 FROM account WHERE uri = ? AND display_name = 'another name'", who.id)}


def move(s, who, kind):
    new = s.far.actor("new-" + who.host.split(".")[0])
    new.doc["alsoKnownAs"] = [who.id]
    return who.activity("Move", who.id, target=new.id), {"moved": lambda: s.follows(s.bob, new, "follow_request")}


def leave(s, who, kind):
    return who.activity("Delete", who.id), {"gone": lambda: not s.row("SELECT 1 FROM account WHERE uri = ?", who.id)}


MAKE = {"Create": create, "Update": update, "Delete": delete, "Like": like, "EmojiReact": react, "EmojiReaction": react, "Announce": announce,
        "Follow": follow, "QuoteRequest": request, "LikeRequest": request, "ReplyRequest": request, "AnnounceRequest": request,
        "FeatureRequest": feature_request, "Flag": flag, "Undo": undo, "Block": block, "Add": add, "Remove": remove, "Accept": accept,
        "Reject": reject, "Update actor": rename, "Move": move, "Delete actor": leave}


@pytest.mark.parametrize("kind", TABLE)
def test_direct(scene, kind):
    s, sent, looks = scene, {}, {}
    s.alice.post("/api/v1/notifications/clear")
    for state, wanted in zip(STATES, TABLE[kind]):
        who = s.people[state]
        sent[state], looks[state] = MAKE[kind](s, who, kind)
        who.send(s.here, sent[state], expect=403 if wanted == 403 else 202)
    seen = lambda state: {word for word, is_so in looks[state].items() if is_so()}
    settled(s.here)
    for state, wanted in zip(STATES, TABLE[kind]):
        who = s.people[state]
        if wanted == 403:
            assert not s.notified(who)
            continue
        s.here.wait_until(lambda: seen(state) >= wanted - {"told", "held"})
        assert seen(state) | s.notified(who) == wanted, state
        if kind == "Block":
            who.send(s.here, who.activity("Undo", sent[state]))
            s.here.wait_until(lambda: not seen(state))

"""Relays of both kinds: subscribing, what they bring, what they get, and what they may not do."""
import json

import pytest
from remote import PUBLIC
from server import Server


HOSTS = ["relay.test", "lite.test", "peer.test", "evil.test"]


class Relays:
    """A server with a relay of each kind that has said yes; the relays are actors of scripted servers."""

    def __init__(self, here, far):
        self.here, self.far = here, far
        self.mastodon, self.litepub = far.actor("relay", "relay.test"), far.actor("relay", "lite.test")
        for actor in (self.mastodon, self.litepub):
            actor.doc |= {"type": "Application", "inbox": actor.origin + "/inbox", "endpoints": {}}
        here.cli("relay", "add", "http://relay.test/inbox")
        here.cli("relay", "add", self.litepub.id, "--litepub")
        self.asked = far.wait(lambda a: a.host == "relay.test" and a.json["type"] == "Follow")
        self.asked_lite = far.wait(lambda a: a.host == "lite.test" and a.json["type"] == "Follow")

    def accept(self):
        self.mastodon.send(self.here, self.mastodon.activity("Accept", self.asked.json["id"]))
        self.litepub.send(self.here, self.litepub.activity("Accept", self.asked_lite.json))
        back = self.litepub.activity("Follow", self.here.url + "/actor")
        self.litepub.send(self.here, back)
        self.far.wait(lambda a: a.host == "lite.test" and a.json["type"] == "Accept" and a.json["object"]["id"] == back["id"])
        self.here.wait_until(lambda: {r["state"] for r in self.list()} == {"on"})
        return self

    def list(self):
        return json.loads(self.here.cli("relay", "list", "--json"))


@pytest.fixture(scope="module")
def relays(tmp_path_factory, new_database, far):
    with Server(tmp_path_factory.mktemp("relays"), database=new_database(), **far.keys()) as here:
        r = Relays(here, far)
        check_asking(r)
        yield r.accept()


def check_asking(r):
    """Before they answered: the Follows, what others answer in their place, and what they bring too early."""
    here, actor = r.here, r.here.url + "/actor"
    assert (r.asked.json["actor"], r.asked.json["object"], r.asked.path) == (actor, PUBLIC, "/inbox")
    assert (r.asked_lite.json["actor"], r.asked_lite.json["object"]) == (actor, r.litepub.id)
    evil, early = r.far.actor("evil", "evil.test"), r.far.actor("early", "peer.test").note("<p>too early</p>")
    evil.send(here, evil.activity("Accept", r.asked.json["id"]))
    r.litepub.send(here, announce(r.litepub, early))
    follow = evil.activity("Follow", actor)
    evil.send(here, follow)
    r.far.wait(lambda a: a.host == "evil.test" and a.json["type"] == "Reject" and a.json["object"]["id"] == follow["id"])
    here.wait_until(lambda: here.query("SELECT count(*) FROM inbound WHERE done = FALSE") == [(0,)])
    assert {x["state"] for x in r.list()} == {"asked"} and r.far.asked[early["id"]] == 0
    for url in ("http://relay.test/inbox", "nonsense", "ftp://relay.test/"):
        here.cli("relay", "add", url, status=65)


def announce(actor, note):
    return actor.activity("Announce", note["id"], to=[actor.id + "/followers"], published=actor.remote.now())


def public(here, **kw):
    return [s["uri"] for s in here.user().get("/api/v1/timelines/public", **kw)]


@pytest.mark.parametrize("kind", ["mastodon", "litepub"])
def test_what_a_relay_announces_stands_in_the_federated_timeline_only(relays, far, kind):
    here, relay, eve = relays.here, getattr(relays, kind), far.actor("author" + kind, "peer.test")
    alice, note = here.user(), eve.note("<p>hello all</p>")
    relay.send(here, announce(relay, note))
    here.wait_until(lambda: note["id"] in public(here, remote=True))
    assert here.query("SELECT count(*) FROM status WHERE reblog_of_id IS NOT NULL AND local = FALSE") == [(0,)]
    assert alice.get("/api/v1/timelines/home") == []
    relay.send(here, announce(relay, note))  # again: nothing is fetched
    own = alice.toot("mine")
    relay.send(here, announce(relay, {"id": own["uri"]}))  # and ours come back unboosted
    here.wait_until(lambda: here.query("SELECT count(*) FROM inbound WHERE done = FALSE") == [(0,)])
    assert far.asked[note["id"]] == 1 and alice.get(f"/api/v1/statuses/{own['id']}")["reblogs_count"] == 0
    assert alice.notifications() == []


def test_what_a_relay_passes_on_is_fetched_from_its_author(relays, far):
    here, relay, eve = relays.here, relays.mastodon, far.actor("passed", "peer.test")
    note = eve.note("<p>what eve says</p>")
    forged = note | {"content": "<p>what the relay says</p>"}
    relay.send(here, eve.create(forged) | {"signature": {"type": "RsaSignature2017", "creator": eve.id, "signatureValue": "eA=="}})
    here.wait_until(lambda: note["id"] in public(here, remote=True))
    shown = next(s for s in here.user().get("/api/v1/timelines/public", remote=True) if s["uri"] == note["id"])
    assert "eve says" in shown["content"]
    relay.send(here, eve.activity("Delete", note["id"]))  # it is still there, says its server
    far.documents[note["id"]] |= {"content": "<p>edited</p>", "updated": "2099-01-01T00:00:00Z"}
    here.wait_until(lambda: here.query("SELECT count(*) FROM inbound WHERE done = FALSE") == [(0,)])
    assert note["id"] in public(here, remote=True)
    del far.documents[note["id"]]
    relay.send(here, eve.activity("Delete", note["id"]))
    here.wait_until(lambda: note["id"] not in public(here, remote=True))


def test_what_a_litepub_relay_says_to_be_changed_is_read_again(relays, far):
    here, relay, eve = relays.here, relays.litepub, far.actor("changing", "peer.test")
    note, unknown = eve.note("<p>first</p>", published="2026-01-01T00:00:00Z"), eve.note("<p>never heard of</p>")
    relay.send(here, announce(relay, note))
    here.wait_until(lambda: note["id"] in public(here, remote=True))

    def wrapped(kind, obj):
        return relay.activity("Announce", eve.activity(kind, obj), to=[relay.id + "/followers"], published=far.now())

    def shown():
        return next(s for s in here.user().get("/api/v1/timelines/public", remote=True) if s["uri"] == note["id"])["content"]

    far.documents[note["id"]] |= {"content": "<p>second</p>", "updated": far.now()}
    relay.send(here, wrapped("Update", note | {"content": "<p>forged</p>", "updated": far.now()}))
    here.wait_until(lambda: shown() == "<p>second</p>")
    relay.send(here, wrapped("Update", unknown))
    relay.send(here, wrapped("Delete", note["id"]))  # not so, says its server
    here.wait_until(lambda: here.query("SELECT count(*) FROM inbound WHERE done = FALSE") == [(0,)])
    assert shown() == "<p>second</p>" and far.asked[unknown["id"]] == 0
    del far.documents[note["id"]]
    relay.send(here, wrapped("Delete", {"type": "Tombstone", "id": note["id"]}))
    here.wait_until(lambda: note["id"] not in public(here, remote=True))


def test_a_relay_has_no_authority_and_no_flood(relays, far):
    here, relay, eve = relays.here, relays.mastodon, far.actor("victim", "peer.test")
    note = eve.note("<p>x</p>")
    relay.send(here, announce(relay, note))
    here.wait_until(lambda: note["id"] in public(here, remote=True))
    relay.send(here, relay.activity("Delete", eve.id))
    relay.send(here, relay.activity("Update", eve.doc | {"name": "not eve"}))
    here.wait_until(lambda: here.query("SELECT count(*) FROM inbound WHERE done = FALSE") == [(0,)])
    assert here.query("SELECT display_name FROM account WHERE uri = ? AND suspended_ms IS NULL", eve.id) == [("victim",)]
    here.cli("domain", "block", "evil.test")
    bad = far.actor("bad", "evil.test").note("<p>no</p>")
    relay.send(here, announce(relay, bad))
    here.wait_until(lambda: here.query("SELECT count(*) FROM inbound WHERE done = FALSE") == [(0,)])
    assert far.asked[bad["id"]] == 0


def test_our_public_posts_go_to_each_in_its_way(relays, far):
    alice, before = relays.here.user(), len(far.arrived)
    post = alice.toot("for everybody")
    alice.toot("quiet", visibility="unlisted")
    alice.toot("followers", visibility="private")
    create = far.wait(lambda a: a.host == "relay.test" and a.json["type"] == "Create" and a.json["object"]["id"] == post["uri"])
    assert create.path == "/inbox" and create.json["actor"] == alice.get("/api/v1/accounts/verify_credentials")["uri"]
    got = far.wait(lambda a: a.host == "lite.test" and a.json["type"] == "Announce" and a.json["object"] == post["uri"]).json
    actor = relays.here.url + "/actor"
    assert (got["actor"], got["to"], got["id"]) == (actor, [actor + "/followers"], f"{actor}#announces/{post['id']}") and got["published"]
    alice.put(f"/api/v1/statuses/{post['id']}", {"status": "edited"})
    for host in ("relay.test", "lite.test"):
        far.wait(lambda a: a.host == host and a.json["type"] == "Update" and a.json["object"]["id"] == post["uri"])
    boosted = far.actor("boosted", "peer.test").note("<p>b</p>")
    found = alice.find(boosted["id"], "statuses")
    alice.post(f"/api/v1/statuses/{found['id']}/reblog")
    alice.delete(f"/api/v1/statuses/{post['id']}")
    for host in ("relay.test", "lite.test"):
        far.wait(lambda a: a.host == host and a.json["type"] == "Delete" and a.json["object"]["id"] == post["uri"])
    undone = far.wait(lambda a: a.host == "lite.test" and a.json["type"] == "Undo" and a.json["object"]["type"] == "Announce").json
    assert undone["object"]["id"] == got["id"] and undone["actor"] == actor
    far.wait(lambda a: a.host == "peer.test" and a.json["type"] == "Announce")
    sent = [(a.host, a.json["type"]) for a in far.arrived[before:] if a.host != "peer.test"]
    assert sorted(sent) == [("lite.test", "Announce"), ("lite.test", "Delete"), ("lite.test", "Undo"), ("lite.test", "Update"), ("relay.test", "Create"), ("relay.test", "Delete"), ("relay.test", "Update")]


def test_leaving(relays, far):
    here = relays.here
    here.cli("relay", "remove", "http://nowhere.test/inbox", status=66)
    assert "posts" in here.cli("relay", "list") and all(r["posts"] > 0 for r in relays.list())
    for url in ("http://relay.test/inbox", relays.litepub.id):
        here.cli("relay", "remove", url)
    for asked in (relays.asked, relays.asked_lite):
        undo = far.wait(lambda a, asked=asked: a.host == asked.host and a.json["type"] == "Undo" and a.json["object"]["type"] == "Follow").json
        assert undo["object"] == {k: v for k, v in asked.json.items() if k != "@context"}
    here.wait_until(lambda: relays.list() == [])
    note = far.actor("late", "peer.test").note("<p>late</p>")
    relays.mastodon.send(here, announce(relays.mastodon, note))
    here.wait_until(lambda: here.query("SELECT count(*) FROM inbound WHERE done = FALSE") == [(0,)])
    assert far.asked[note["id"]] == 0

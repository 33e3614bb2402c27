"""Profiles are not empty: old posts, pins and numbers of an account come when somebody follows it or opens its profile, and nobody is told."""
import re

import pytest
from past import Past, ago
from remote import CONTEXT, PUBLIC


HOSTS = ["peer.test", "other.test"]


@pytest.fixture
def past(far):
    return Past(far)


names = iter(f"q{i}" for i in range(1000))


@pytest.fixture
def eve(far, past):
    """An author with a thousand followers, 25 posts, of which one is private, and two pins."""
    eve = far.actor(next(names))
    eve.doc["featured"] = eve.id + "/featured"
    eve.notes = [past.post(eve, f"number {i}", minutes=3000 - i) for i in range(24)]
    eve.notes.append(past.post(eve, "for some", to=[eve.id + "/followers"], cc=[], minutes=100))
    far.answer(eve.doc["outbox"], {"@context": CONTEXT, "id": eve.doc["outbox"], "type": "OrderedCollection", "totalItems": 4321, "first": eve.doc["outbox"] + "?page=true"})
    past.collection(eve.doc["featured"], [eve.notes[2], eve.notes[5]["id"]])
    for kind, n in (("followers", 1234), ("following", 56)):
        far.answer(eve.doc[kind], {"@context": CONTEXT, "id": eve.doc[kind], "type": "OrderedCollection", "totalItems": n})
    set_outbox(far, eve, [eve.create(n) for n in reversed(eve.notes)])
    return eve


def set_outbox(far, eve, items):
    uri = eve.doc["outbox"] + "?page=true"
    half = len(items) // 2
    pages = [items[:half], items[half:]]
    for i, part in enumerate(pages):
        at = uri if i == 0 else f"{uri}&n={i}"
        far.answer(at, {"@context": CONTEXT, "id": at, "type": "OrderedCollectionPage", "partOf": eve.doc["outbox"], "orderedItems": part}
                   | ({"next": f"{uri}&n=1"} if i == 0 else {}))


def find(api, who):
    return api.find("@" + who.acct)["id"]


def texts(statuses):
    return [re.sub("<.*?>", "", s["content"] or s["reblog"]["content"]) for s in statuses]


def posts(api, account_id, **kw):
    return api.get(f"/api/v1/accounts/{account_id}/statuses", limit=40, **kw)


def settled(here, api, account_id):
    """Open the profile; wait until the job is done."""
    api.get(f"/api/v1/accounts/{account_id}")
    here.wait_until(lambda: here.query("SELECT count(*) FROM job WHERE kind IN ('backfill', 'refresh_status') AND state < 2 AND run_at_ms < created_ms + 60000") == [(0,)])
    return api.get(f"/api/v1/accounts/{account_id}")


def accept(here, far, who, api, account_id):
    api.follow(account_id)
    far.wait(lambda a: a.json and a.json.get("type") == "Follow" and a.json["object"] == who.id)
    who.send(here, who.activity("Accept", far.got("Follow")[-1].json))
    here.wait_until(lambda: api.get("/api/v1/accounts/relationships", id=[account_id])[0]["following"])


def test_a_profile_that_nobody_opened_before_has_its_last_posts(here, far, past, alice, eve):
    anon, account_id = here.api(), find(alice, eve)
    assert posts(anon, account_id) == [] and far.asked[eve.doc["outbox"]] == 0, "those who are not logged in cause nothing"
    with alice.stream("public") as public:
        a = settled(here, alice, account_id)
        got = posts(alice, account_id)
        last = alice.toot("after")
        assert public.all(lambda e, d: e == "update" and d["id"] == last["id"]) == []
    assert texts(got) == [f"number {i}" for i in [*range(23, 4, -1), 2]], "20 were looked at, one of them is not for everybody; and the pins"
    assert [s["created_at"][:19] for s in got[:3]] == [n["published"][:19] for n in (eve.notes[23], eve.notes[22], eve.notes[21])]
    assert (a["followers_count"], a["following_count"], a["statuses_count"]) == (1234, 56, 4321)
    assert texts(posts(alice, account_id, pinned=True)) == ["number 2", "number 5"]
    assert [far.asked[n["id"]] for n in eve.notes[6:]] == [0] * 19, "what an outbox embeds of its own is not fetched again"
    assert far.asked[eve.doc["outbox"]] == 1
    settled(here, alice, account_id)
    here.user().get(f"/api/v1/accounts/{account_id}")
    assert far.asked[eve.doc["outbox"]] == 1 and alice.notifications() == []


def test_who_follows_has_old_posts_at_home_at_their_time(here, far, past, alice, eve):
    account_id = find(alice, eve)
    own = alice.toot("mine")
    assert texts(alice.home()) == ["mine"]
    accept(here, far, eve, alice, account_id)
    here.wait_until(lambda: len(alice.home(limit=40)) == 21)
    home = alice.home(limit=40)
    assert texts(home) == ["mine"] + [f"number {i}" for i in [*range(23, 4, -1), 2]]
    assert alice.home(since_id=own["id"]) == [] and alice.notifications() == []


def test_boosts_are_boosts_when_their_originals_can_be_had(here, far, past, alice, eve):
    dan, bob = far.actor(next(names), host="other.test"), here.user()
    original = past.post(dan, "the original", minutes=5000)
    ours = bob.toot("boosted long ago")
    hidden = past.post(dan, "not for all", to=[dan.id + "/followers"], cc=[])
    stolen = past.post(dan, "of another author")
    boost = lambda uri, **kw: eve.activity("Announce", uri, to=[PUBLIC], cc=[eve.id + "/followers"], published=ago(minutes=2000)) | kw
    lie = eve.create(stolen)
    lie["object"] = stolen | {"content": "<p>never said</p>"}
    other = boost(original["id"], actor=dan.id)
    set_outbox(far, eve, [boost(original["id"]), boost(ours["uri"]), boost(hidden["id"]), boost("http://other.test/gone"), lie, other, 7,
                          boost(original["id"], id="http://other.test/announce/1", to=[PUBLIC]), eve.activity("Like", original["id"])])
    account_id = find(alice, eve)
    settled(here, alice, account_id)
    got = posts(alice, account_id)
    assert {s["reblog"]["uri"] for s in got if s["reblog"]} == {original["id"], ours["uri"]} and len(got) == 4, "and two pins"
    assert bob.notifications(include_filtered=True) == []
    assert here.query("SELECT count(*) FROM status WHERE content LIKE '%never said%'") == [(0,)]


def test_pins_follow_the_list(here, far, past, alice, eve):
    account_id = find(alice, eve)
    settled(here, alice, account_id)
    past.collection(eve.doc["featured"], [eve.notes[5], eve.notes[7]])
    out = here.cli("account", "refetch", eve.acct)
    assert out == f"{eve.acct}: 4321 posts, 1234 followers, 56 followed\n"
    assert texts(posts(alice, account_id, pinned=True)) == ["number 5", "number 7"]
    here.cli("account", "refetch", "nobody@peer.test", status=66)
    here.cli("account", "refetch", alice.name, status=65)


def test_refetch_takes_over_profile_and_keys(here, far, past, alice, eve):
    account_id = find(alice, eve)
    settled(here, alice, account_id)
    eve.new_key()
    eve.doc |= {"name": "Another name", "featured": eve.id + "/featured"}
    here.cli("account", "refetch", "@" + eve.acct)
    assert alice.get(f"/api/v1/accounts/{account_id}")["display_name"] == "Another name"
    asked = far.asked[eve.id]
    accept(here, far, eve, alice, account_id)
    assert far.asked[eve.id] == asked, "the new key was known"


def test_numbers_of_a_post_are_asked_for_when_somebody_looks(here, far, past, alice, eve):
    note = eve.notes[0]
    for kind, n in (("likes", 40), ("shares", 30), ("replies", 20)):
        note[kind] = f"{note['id']}/{kind}"
        far.answer(note[kind], {"@context": CONTEXT, "id": note[kind], "type": "Collection", "totalItems": n})
    far.documents[note["id"]] = {"@context": CONTEXT} | note
    post = alice.find(note["id"], "statuses")

    def numbers():
        s = alice.get(f"/api/v1/statuses/{post['id']}")
        return s["favourites_count"], s["reblogs_count"], s["replies_count"]

    assert numbers() == (0, 0, 0)
    here.shift_clock(minutes=6)
    here.api().get(f"/api/v1/statuses/{post['id']}")
    numbers()
    here.shift_clock(seconds=6)
    here.wait_until(lambda: numbers() == (40, 30, 20))
    asked = far.asked[note["id"]]
    far.answer(note["likes"], {"@context": CONTEXT, "id": note["likes"], "type": "Collection", "totalItems": 41})
    numbers()
    here.shift_clock(seconds=20)
    assert numbers() == (40, 30, 20) and far.asked[note["id"]] == asked, "a post of two days rests for six hours"
    here.shift_clock(hours=7)
    numbers()
    here.shift_clock(seconds=6)
    here.wait_until(lambda: numbers() == (41, 30, 20))


def test_daily_while_followed_else_once(here, far, past, alice, eve):
    account_id = find(alice, eve)
    settled(here, alice, account_id)
    here.shift_clock(days=2)
    settled(here, alice, account_id)
    assert far.asked[eve.doc["outbox"]] == 2, "again, but only for its number"
    assert far.asked[eve.doc["outbox"] + "?page=true"] == 1
    late = past.post(eve, "late", minutes=-1000)
    set_outbox(far, eve, [eve.create(late)] * 2)
    alice.follow(account_id)
    here.wait_until(lambda: "late" in texts(posts(alice, account_id)))

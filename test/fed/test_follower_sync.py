"""Followers synchronisation (FEP-8fcf): what we say about who follows, and what we believe of what others say."""
import hashlib
import itertools

import pytest
import requests
from remote import AP, signature_is_good
from pair import settle
from test_two_servers import relation
from timing import PATIENCE

HEADER = "Collection-Synchronization"


HOSTS = ["peer.test", "other.test"]


numbers = itertools.count(1)


def uri(here, api):
    return f"{here.url}/ap/users/{api.id}"


def digest(*ids):
    total = 0
    for x in ids:
        total ^= int.from_bytes(hashlib.sha256(x.encode()).digest(), "big")
    return f"{total:064x}"


def test_the_digest_is_that_of_the_proposal():
    assert digest("https://testing.example.org/users/1", "https://testing.example.org/users/2") == \
        "c33f48cd341ef046a206b8a72ec97af65079f9a3a9b90eef79c5920dce45c61f"


def follows(here, actor, api):
    """The remote actor follows somebody here."""
    actor.send(here, actor.activity("Follow", uri(here, api)))
    here.wait_until(lambda: [f for f in api.get(f"/api/v1/accounts/{api.id}/followers") if f["acct"] == actor.acct])


def followed(here, api, actor):
    """Somebody here follows the remote actor; the id of it here."""
    there = api.find(actor.acct)["id"]
    api.follow(there)
    asked = actor.remote.wait(lambda x: x.json and x.json["type"] == "Follow" and x.json["object"] == actor.id and x.json["actor"] == uri(here, api))
    actor.send(here, actor.activity("Accept", asked.json))
    here.wait_until(lambda: relation(api, there)["following"])
    return there


# --- what we say ------------------------------------------------------------------------------------------------------------------


def fields(arrival):
    text = {k.lower(): v for k, v in arrival.headers.items()}.get(HEADER.lower())
    return text and dict((part.split("=", 1)[0].strip(), part.split("=", 1)[1].strip('"')) for part in text.split(","))


def test_followers_only_posts_carry_the_digest_of_the_receivers_people(here, far):
    alice = here.user()
    one, two, three = far.actor(f"f{next(numbers)}"), far.actor(f"f{next(numbers)}"), far.actor(f"f{next(numbers)}", "other.test")
    for actor in (one, two, three):
        follows(here, actor, alice)
    public, private = alice.toot("to all"), alice.toot("to followers", visibility="private")
    direct = alice.toot(f"@{one.acct} psst", visibility="direct")
    for host, ids in (("peer.test", (one.id, two.id)), ("other.test", (three.id,))):
        got = far.wait(lambda a: a.host == host and a.json["type"] == "Create" and a.json["object"]["id"] == private["uri"])
        assert fields(got) == {"collectionId": uri(here, alice) + "/followers", "digest": digest(*ids),
                               "url": uri(here, alice) + "/followers_synchronization"}
        key = here.api().get(f"/ap/users/{alice.id}", headers={"Accept": AP})["publicKey"]["publicKeyPem"]
        assert signature_is_good(got, key) and HEADER.lower() in got.headers["Signature"]
    for post in (public, direct):
        assert fields(far.wait(lambda a: a.json["type"] == "Create" and a.json["object"]["id"] == post["uri"])) is None


def signed_get(here, actor, path):
    return requests.get(here.base + path, headers=actor.sign("GET", here.url + path), timeout=PATIENCE)


def test_the_list_is_for_the_signer_and_about_its_own_people(here, far):
    alice = here.user()
    one, three = far.actor(f"f{next(numbers)}"), far.actor(f"f{next(numbers)}", "other.test")
    follows(here, one, alice), follows(here, three, alice)
    path = f"/ap/users/{alice.id}/followers_synchronization"
    for actor in (one, three):
        r = signed_get(here, actor, path)
        assert r.status_code == 200 and r.headers["Cache-Control"] == "private, no-store"
        assert r.json()["orderedItems"] == [actor.id] and r.json()["type"] == "OrderedCollection" and r.json()["id"].endswith(path)
    here.api().get(path, expect=401, headers={"Accept": AP})
    assert signed_get(here, one, "/ap/users/12345/followers_synchronization").status_code == 404


# --- what we believe --------------------------------------------------------------------------------------------------------------


def says(here, eve, ids, served=None, **change):
    """A signed post of eve for her followers, with a digest of ids, and the list behind it; the post's id."""
    url = eve.id + "/sync"
    items = list(ids if served is None else served)
    eve.remote.answer(url, {"@context": "https://www.w3.org/ns/activitystreams", "id": url, "type": "OrderedCollection", "orderedItems": items})
    value = {"collectionId": eve.id + "/followers", "digest": digest(*ids), "url": url} | change
    note = eve.note("for followers", to=[eve.id + "/followers"], cc=[])
    note["cc"] = []
    eve.send(here, eve.create(note), **{HEADER: ", ".join(f'{k}="{v}"' for k, v in value.items())})
    settle(here)
    return note["id"]


def test_what_the_other_side_no_longer_knows_ends(here, far, eve):
    alice, bob = here.user(), here.user()
    there, too = followed(here, alice, eve), followed(here, bob, eve)
    says(here, eve, [uri(here, alice), uri(here, bob)])
    assert far.asked[eve.id + "/sync"] == 0, "equal lists are not read"
    says(here, eve, [uri(here, alice)])
    assert relation(alice, there)["following"] and not relation(bob, too)["following"]
    assert not [a for a in far.got("Undo") if a.json["actor"] == uri(here, bob)], "they know"
    says(here, eve, [])
    assert relation(alice, there)["following"], "once an hour"


def test_nobody_follows_any_more(here, eve):
    alice = here.user()
    there = followed(here, alice, eve)
    says(here, eve, [])
    assert not relation(alice, there)["following"]


def test_a_lost_accept_is_made_up_for(here, far, eve):
    alice, bob = here.user(), here.user()
    there = followed(here, bob, eve)
    alice.follow(there)
    far.wait(lambda x: x.json and x.json["type"] == "Follow" and x.json["actor"] == uri(here, alice))
    assert relation(alice, there)["requested"]
    says(here, eve, [uri(here, alice), uri(here, bob)])
    assert relation(alice, there)["following"] and relation(bob, there)["following"]


def test_who_never_followed_says_so(here, far, eve):
    alice, bob = here.user(), here.user()
    there = followed(here, bob, eve)
    ids = [uri(here, alice), uri(here, bob), f"{here.url}/ap/users/4711", f"{here.url}/@{alice.name}", "http://other.test/users/x"]
    says(here, eve, ids)
    undo = far.wait_kind("Undo", actor=uri(here, alice))
    assert undo.json["object"]["type"] == "Follow" and undo.json["object"]["object"] == eve.id
    assert relation(bob, there)["following"] and not relation(alice, there)["following"]


def test_a_list_that_names_somebody_twice_is_none(here, far, eve):
    """Twice the same is nothing in the digest, so it could be made to fit any list."""
    alice, bob = here.user(), here.user()
    there = followed(here, bob, eve)
    says(here, eve, [uri(here, alice)], served=[uri(here, alice)] + 2 * [uri(here, bob)])
    assert far.asked[eve.id + "/sync"] == 1 and relation(bob, there)["following"]
    assert not [a for a in far.got("Undo") if a.json["actor"] == uri(here, alice)]


def test_long_lists_are_worked_through(here, far, eve):
    """More who end than one transaction takes."""
    people = [here.user() for _ in range(52)]
    there = people[0].find(eve.acct)["id"]
    for p in people:
        p.follow(there)
    for p in people:
        asked = far.wait(lambda x: x.json and x.json["type"] == "Follow" and x.json["actor"] == uri(here, p))
        eve.send(here, eve.activity("Accept", asked.json))
    following = lambda: [n for n, p in enumerate(people) if relation(p, there)["following"]]
    here.wait_until(lambda: here.query("SELECT count(*) FROM follow WHERE target_id = ?", int(there)) == [(52,)])
    says(here, eve, [uri(here, people[0])])
    assert following() == [0]


def test_doubtful_lists_change_nothing(here, far, eve):
    alice, bob = here.user(), here.user()
    there = followed(here, bob, eve)
    followed(here, alice, eve)
    mine = uri(here, alice)
    other = far.actor(f"o{next(numbers)}", "other.test")
    far.answer(other.id + "/sync", {"@context": "https://www.w3.org/ns/activitystreams", "id": other.id + "/sync", "type": "OrderedCollection", "orderedItems": [mine]})

    def still():
        return relation(bob, there)["following"] and relation(alice, there)["following"]
    for change in ({"url": other.id + "/sync"}, {"collectionId": other.id + "/followers"}, {"digest": "zz"}, {"digest": digest(mine)[:-2]}):
        says(here, eve, [mine], **change)
        assert still() and far.asked[eve.id + "/sync"] == 0 and far.asked[other.id + "/sync"] == 0


@pytest.mark.parametrize("served", ["empty", "more", "failing", "foreign page", "missing page", "broken"])
def test_a_list_that_is_not_the_announced_one_changes_nothing(here, far, eve, served):
    alice, bob = here.user(), here.user()
    there, mine, url = followed(here, bob, eve), uri(here, alice), eve.id + "/sync"
    elsewhere = f"http://other.test/list/{eve.name}"
    head = {"@context": "https://www.w3.org/ns/activitystreams", "type": "OrderedCollection"}
    far.answer(elsewhere, head | {"id": elsewhere, "type": "OrderedCollectionPage", "orderedItems": [mine]})
    far.answer(url, {
        "empty": head | {"id": url, "orderedItems": []}, "more": head | {"id": url, "orderedItems": [mine, "http://other.test/x"]},
        "failing": (500, {}, b""), "broken": (200, {"Content-Type": AP}, b"{"),
        "foreign page": head | {"id": url, "orderedItems": [], "first": elsewhere},
        "missing page": head | {"id": url, "orderedItems": [], "first": url + "?page=1"}}[served])
    note = eve.note("x", to=[eve.id + "/followers"])
    eve.send(here, eve.create(note), **{HEADER: f'collectionId="{eve.id}/followers", digest="{digest(mine)}", url="{url}"'})
    here.wait_until(lambda: far.asked[url] > 0)
    assert far.asked[elsewhere] == 0 and relation(bob, there)["following"] and not relation(alice, there)["following"]


def test_a_list_in_pages_is_read_to_its_end(here, far, eve):
    alice, bob = here.user(), here.user()
    there, url = followed(here, bob, eve), eve.id + "/sync"
    alice.follow(there)
    far.wait(lambda x: x.json and x.json["type"] == "Follow" and x.json["actor"] == uri(here, alice))
    head = {"@context": "https://www.w3.org/ns/activitystreams", "type": "OrderedCollectionPage", "partOf": url}
    far.answer(url + "?page=1", head | {"id": url + "?page=1", "orderedItems": [uri(here, bob)], "next": url + "?page=2"})
    far.answer(url + "?page=2", head | {"id": url + "?page=2", "orderedItems": [uri(here, alice)]})
    far.answer(url, {"@context": head["@context"], "id": url, "type": "OrderedCollection", "first": url + "?page=1"})
    both = digest(uri(here, alice), uri(here, bob))
    eve.send(here, eve.create(eve.note("x", to=[eve.id + "/followers"])), **{HEADER: f'collectionId="{eve.id}/followers", digest="{both}", url="{url}"'})
    here.wait_until(lambda: relation(alice, there)["following"])
    assert relation(bob, there)["following"]

"""What people do about each other across servers, beside following: blocking a whole server, reporting, showing hashtags."""
import pytest
from pair import Pair, settle
from test_two_servers import find, follow, relation


@pytest.fixture(scope="module")
def towns(tmp_path_factory, new_database):
    names = ("a.test", "b.test")
    with Pair(tmp_path_factory.mktemp("people"), names, [new_database() for _ in names]) as servers:
        yield servers


# --- blocking a domain ------------------------------------------------------------------------------------------------------------


def test_blocking_a_domain_ends_follows_and_hides(towns):
    a, b = towns
    alice, bob, dave = a.user(), b.user(), b.user()
    there = follow(a, alice, bob)
    follow(b, bob, alice), follow(b, dave, alice)
    post = alice.toot("hello")
    b.wait_until(lambda: [s for s in bob.home() if s["uri"] == post["uri"]])
    bob.post(f"/api/v1/statuses/{bob.home()[0]['id']}/favourite")
    public = bob.toot("from over there")
    a.wait_until(lambda: [s for s in alice.home() if s["uri"] == public["uri"]])
    a.wait_notification(alice, "favourite", bob.acct)
    assert alice.get("/api/v1/domain_blocks/preview", domain="B.test") == {"following_count": 1, "followers_count": 2}

    assert alice.post("/api/v1/domain_blocks", {"domain": "B.test"}) == {}
    assert alice.get("/api/v1/domain_blocks") == ["b.test"]
    assert [s["uri"] for s in alice.home()] == [post["uri"]]
    assert public["uri"] not in [s["uri"] for s in alice.get("/api/v1/timelines/public")]
    a.wait_until(lambda: not relation(alice, there)["following"])
    settle(a, b)
    assert relation(alice, there)["domain_blocking"] and alice.get(f"/api/v1/accounts/{alice.id}/followers") == []
    mine = find(bob, alice.acct)
    assert not relation(bob, mine)["following"] and not relation(dave, mine)["following"] and not relation(bob, mine)["followed_by"]
    told, = alice.notifications()
    assert told["type"] == "severed_relationships" and told["account"]["id"] == alice.id
    assert told["event"] == told["event"] | {"type": "user_domain_block", "target_name": "b.test", "followers_count": 2, "following_count": 1}
    assert alice.get("/api/v2/notifications")["notification_groups"][0]["event"] == told["event"]

    bob.toot(f"@{alice.acct} can you hear me?")
    bob.follow(mine)
    settle(a, b)
    assert len(alice.notifications()) == 1 and not relation(bob, mine)["following"]

    assert alice.delete("/api/v1/domain_blocks", json={"domain": "b.test"}) == {}
    assert alice.get("/api/v1/domain_blocks") == [] and not relation(alice, there)["domain_blocking"]
    assert public["uri"] in [s["uri"] for s in alice.get("/api/v1/timelines/public")]


def test_domains_that_cannot_be_blocked(towns):
    a, _ = towns
    alice, other = a.user(), a.user()
    for bad in ({}, {"domain": ""}, {"domain": "a.test"}, {"domain": "two words"}):
        alice.post("/api/v1/domain_blocks", bad, expect=422)
    for name in ("one.test", "two.test", "three.test", "two.test"):
        alice.post("/api/v1/domain_blocks", {"domain": name})
    assert list(alice.pages("/api/v1/domain_blocks", limit=2)) == ["three.test", "two.test", "one.test"]
    assert alice.notifications() == [], "nothing ended"
    assert other.get("/api/v1/domain_blocks") == []
    alice.delete("/api/v1/domain_blocks", json={"domain": "unknown.test"})
    a.api().get("/api/v1/domain_blocks", expect=401)
    reader = a.api(a.token(alice.name, "read:blocks"))
    reader.post("/api/v1/domain_blocks", {"domain": "x.test"}, expect=403)
    reader.get("/api/v1/domain_blocks/preview", domain="x.test", expect=403)


# --- reports ----------------------------------------------------------------------------------------------------------------------


def reports(moderator):
    return [n for n in moderator.notifications(types=["admin.report"])]


def test_a_report_goes_on_without_the_name_of_who_reports(towns):
    a, b = towns
    alice, bob = a.user(), b.user()
    here, there = a.user(role="Moderator"), b.user(role="Moderator")
    follow(a, alice, bob)
    posts = [bob.toot("rude"), bob.toot("only for my followers", visibility="private")]
    a.wait_until(lambda: len([s for s in alice.home() if s["account"]["acct"] == bob.acct]) == 2)
    ids = [s["id"] for s in alice.home() if s["account"]["acct"] == bob.acct]
    target = find(alice, bob.acct)
    kept = alice.post("/api/v1/reports", {"account_id": target, "status_ids": ids, "comment": "for us only"})
    assert not kept["forwarded"]
    gathered = bob.post("/api/v1/collections", {"name": "Rude too"})["collection"]
    copy = alice.find(gathered["uri"], "collections")["id"]
    sent = alice.post("/api/v1/reports", {"account_id": target, "status_ids": ids, "collection_ids": [copy], "comment": "please look", "forward": True})
    assert sent["collection_ids"] == [copy]
    assert sent["forwarded"]
    assert a.api().get("/api/v1/peers/search", q="B.te") == ["b.test"]
    told = b.wait_until(lambda: reports(there))
    settle(a, b)
    assert len(reports(there)) == 1 and len(reports(here)) == 2
    got = told[0]["report"]
    assert (got["comment"], got["category"], got["target_account"]["id"]) == ("please look", "other", bob.id)
    assert sorted(got["status_ids"]) == sorted(p["id"] for p in posts)
    flag, = b.query("SELECT body FROM inbound WHERE uri LIKE '%reports%'")[0]
    flag = flag if isinstance(flag, bytes) else bytes.fromhex(flag.removeprefix("\\x"))  # as PostgreSQL prints bytes
    assert gathered["uri"].encode() in flag, "the Flag names the collection too"
    assert told[0]["account"]["acct"] != alice.acct and alice.name.encode() not in flag
    assert bob.notifications(types=["admin.report"]) == []


def test_a_report_of_one_of_ours_stays(towns):
    a, _ = towns
    alice, eve = a.user(), a.user()
    assert not alice.post("/api/v1/reports", {"account_id": eve.id, "forward": True})["forwarded"]


# --- hashtags of a profile --------------------------------------------------------------------------------------------------------


def test_hashtags_of_a_profile_travel(towns):
    a, b = towns
    alice, bob = a.user(), b.user()
    there = follow(a, alice, bob)
    bob.post("/api/v1/featured_tags", {"name": "Gardens"})
    theirs = f"/api/v1/accounts/{there}/featured_tags"
    got = a.wait_until(lambda: alice.get(theirs))
    assert [t["name"] for t in got] == ["Gardens"] and got[0]["url"].startswith("https://b.test/")
    doc = b.api().get(f"/ap/users/{bob.id}/collections/tags", headers={"Accept": "application/activity+json"})
    assert [(t["type"], t["name"]) for t in doc["items"]] == [("Hashtag", "#Gardens")] and doc["totalItems"] == 1
    bob.delete(f"/api/v1/featured_tags/{bob.get('/api/v1/featured_tags')[0]['id']}")
    a.wait_until(lambda: alice.get(theirs) == [])

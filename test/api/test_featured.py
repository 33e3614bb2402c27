"""What people show on their profiles beside posts: other people and hashtags."""
import pytest


def act(api, verb, other, expect=200):
    return api.post(f"/api/v1/accounts/{other.id}/{verb}", expect=expect)


def ids(v):
    return [a["id"] for a in v]


def names(v):
    return [t["name"] for t in v]


def test_endorsements(alice, bob, carol, anon):
    act(alice, "endorse", bob, 422)
    act(alice, "follow", bob), act(alice, "follow", carol)
    assert act(alice, "endorse", bob)["endorsed"] and act(alice, "pin", carol)["endorsed"] and act(alice, "endorse", bob)["endorsed"]
    assert alice.get("/api/v1/accounts/relationships", id=[bob.id])[0]["endorsed"]
    assert ids(alice.get("/api/v1/endorsements")) == [carol.id, bob.id]
    assert ids(alice.pages("/api/v1/endorsements", limit=1)) == [carol.id, bob.id]
    theirs = f"/api/v1/accounts/{alice.id}/endorsements"
    assert ids(anon.get(theirs)) == ids(bob.get(theirs)) == [carol.id, bob.id]
    assert bob.get("/api/v1/endorsements") == []
    assert not act(alice, "unpin", carol)["endorsed"]
    act(alice, "unfollow", bob)
    assert anon.get(theirs) == [], "an endorsement ends with the follow"


def test_who_sees_what_is_featured(alice, bob, anon):
    act(alice, "follow", bob), act(alice, "endorse", bob)
    alice.post("/api/v1/featured_tags", {"name": "gardens"})
    people, tags = f"/api/v1/accounts/{alice.id}/endorsements", f"/api/v1/accounts/{alice.id}/featured_tags"
    assert len(anon.get(people)) == len(anon.get(tags)) == 1
    alice.patch("/api/v1/accounts/update_credentials", {"show_featured": False})
    assert anon.get(people) == anon.get(tags) == []
    assert len(alice.get("/api/v1/endorsements")) == len(alice.get(tags)) == 1
    anon.get("/api/v1/accounts/1/endorsements", expect=404)
    anon.get("/api/v1/accounts/1/featured_tags", expect=404)


def test_featured_tags(alice, anon):
    alice.toot("#Gardens are nice"), alice.toot("more #gardens"), alice.toot("secret #gardens", visibility="private")
    alice.toot("and #trees")
    assert [n.lower() for n in names(alice.get("/api/v1/featured_tags/suggestions"))] == ["gardens", "trees"]
    one = alice.post("/api/v1/featured_tags", {"name": "Gardens"})
    assert (one["name"], one["statuses_count"]) == ("Gardens", "2") and one["last_status_at"] and one["url"].endswith("/tags/gardens")
    assert alice.post("/api/v1/featured_tags", {"name": "#GARDENS"}) == one, "the same hashtag"
    assert names(alice.get("/api/v1/featured_tags/suggestions")) == ["trees"]
    assert anon.get(f"/api/v1/accounts/{alice.id}/featured_tags") == alice.get("/api/v1/featured_tags") == [one]
    unused = alice.post("/api/v1/featured_tags", {"name": "unused"})
    assert (unused["statuses_count"], unused["last_status_at"]) == ("0", None)
    assert alice.delete(f"/api/v1/featured_tags/{one['id']}") == {}
    alice.delete(f"/api/v1/featured_tags/{one['id']}", expect=404)
    assert names(alice.get("/api/v1/featured_tags")) == ["unused"]
    for bad in ({}, {"name": ""}, {"name": "two words"}, {"name": "123"}):
        alice.post("/api/v1/featured_tags", bad, expect=422)


def test_featuring_by_the_name_of_a_tag(alice, anon):
    assert alice.get("/api/v1/tags/rivers")["featuring"] is False
    got = alice.post("/api/v1/tags/rivers/feature")
    assert (got["name"], got["featuring"], got["following"]) == ("rivers", True, False)
    assert alice.get("/api/v1/tags/rivers")["featuring"] is True and "featuring" not in anon.get("/api/v1/tags/rivers")
    assert alice.post("/api/v1/tags/rivers/follow")["featuring"] is True
    assert alice.post("/api/v1/tags/Rivers/unfeature")["featuring"] is False
    assert alice.post("/api/v1/tags/rivers/unfeature")["featuring"] is False
    assert alice.get("/api/v1/featured_tags") == []


def test_ten_hashtags_are_enough(alice, bob):
    entries = [alice.post("/api/v1/featured_tags", {"name": f"tag{i}"}) for i in range(10)]
    alice.post("/api/v1/featured_tags", {"name": "tag10"}, expect=422)
    alice.post("/api/v1/tags/tag10/feature", expect=422)
    bob.delete(f"/api/v1/featured_tags/{entries[0]['id']}", expect=404)
    assert len(alice.get("/api/v1/featured_tags")) == 10


@pytest.mark.parametrize("method, path", [
    ("GET", "/api/v1/endorsements"), ("POST", "/api/v1/accounts/1/endorse"), ("POST", "/api/v1/accounts/1/unendorse"), ("GET", "/api/v1/featured_tags"),
    ("POST", "/api/v1/featured_tags"), ("DELETE", "/api/v1/featured_tags/1"), ("GET", "/api/v1/featured_tags/suggestions"),
    ("POST", "/api/v1/tags/x/feature"), ("POST", "/api/v1/tags/x/unfeature")])
def test_scopes(alice, anon, server, method, path):
    anon.request(method, path, 401)
    server.api(server.token(alice.name, "read:statuses write:statuses")).request(method, path, 403)

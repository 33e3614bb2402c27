"""Suggestions, the directory, known servers; and the profile as its owner edits it."""
import pytest
from pictures import png
from server import Server


def shown(api):
    return api.patch("/api/v1/accounts/update_credentials", {"discoverable": True})


def ids(v):
    return [a["id"] for a in v]


def suggested(api, **kw):
    return {s["account"]["id"]: s for s in api.get("/api/v2/suggestions", limit=80, **kw)}


@pytest.fixture(scope="module")
def town(tmp_path_factory, new_database):
    """A server where nobody else is."""
    with Server(tmp_path_factory.mktemp("town"), database=new_database()) as s:
        yield s


def test_suggestions_and_why(town):
    alice, friend, peer, far, liked, hidden = [town.user() for _ in range(6)]
    for p in (friend, peer, far, liked):
        shown(p)
    alice.follow(friend), friend.follow(far), friend.follow(hidden), friend.follow(alice)
    peer.follow(friend), peer.follow(far)
    post = liked.toot("hello")["id"]
    friend.post(f"/api/v1/statuses/{post}/favourite")
    got = suggested(alice)
    assert set(got[far.id]["sources"]) == {"friends_of_friends", "similar_to_recently_followed", "most_followed"}
    assert got[far.id]["source"] == "past_interactions" and got[far.id]["account"]["username"] == far.name
    assert (got[liked.id]["sources"], got[liked.id]["source"]) == (["most_interactions"], "global")
    for nobody in (alice, friend, hidden):
        assert nobody.id not in got
    assert ids(alice.get("/api/v1/suggestions")) == [s["account"]["id"] for s in alice.get("/api/v2/suggestions")]
    first, *rest = [s["account"]["id"] for s in alice.get("/api/v2/suggestions")]
    assert first == far.id, "the best comes first"
    assert [s["account"]["id"] for s in alice.get("/api/v2/suggestions", offset=1)] == rest
    assert ids(alice.get("/api/v1/suggestions", limit=1)) == [first]

    assert alice.delete(f"/api/v1/suggestions/{far.id}") == {}
    assert far.id not in suggested(alice) and far.id in suggested(town.user())
    alice.delete("/api/v1/suggestions/1", expect=404)
    alice.post(f"/api/v1/accounts/{liked.id}/mute")
    assert liked.id not in suggested(alice)


def test_whom_the_operator_names_comes_first(town):
    alice, picked, shy = town.user(), town.user(), town.user()
    shown(picked)
    town.cli("settings", "set", "featured_accounts", f"{shy.name} @{picked.name}@{town.host}")
    try:
        got = alice.get("/api/v2/suggestions")
        assert [(s["account"]["id"], s["source"]) for s in got[:2]] == [(shy.id, "staff"), (picked.id, "staff")], "in that order, in the directory or not"
        assert "featured" in got[0]["sources"]
        alice.follow(shy)
        alice.delete(f"/api/v1/suggestions/{picked.id}")
        assert not {shy.id, picked.id} & set(suggested(alice))
        assert shy.id not in suggested(shy), "nobody is suggested to themselves"
        town.cli("settings", "set", "featured_accounts", "nobody_at_all", status=65)
        town.cli("settings", "set", "featured_accounts", " ".join([shy.name] * 21), status=65)
        assert suggested(town.user())[picked.id]["source"] == "staff", "what was refused changed nothing"
    finally:
        town.cli("settings", "set", "featured_accounts", "")
    assert all("featured" not in s["sources"] for s in town.user().get("/api/v2/suggestions"))


def test_the_directory(town):
    anon, alice = town.api(), town.user()
    people = [town.user() for _ in range(3)]
    for p in people[:2]:
        shown(p)
    people[0].toot("newest")
    newest = ids(anon.get("/api/v1/directory", order="new"))
    active = ids(anon.get("/api/v1/directory", order="active", local=True))
    assert newest[:2] == [people[1].id, people[0].id] and active[0] == people[0].id
    assert people[2].id not in newest + active, "only who wants to be found"
    assert ids(anon.get("/api/v1/directory", order="new", limit=1, offset=1)) == [people[0].id]
    assert ids(anon.get("/api/v1/directory")) == ids(anon.get("/api/v1/directory", order="active"))
    anon.get("/api/v1/directory", order="best", expect=422)
    alice.post(f"/api/v1/accounts/{people[0].id}/block")
    assert people[0].id not in ids(alice.get("/api/v1/directory", order="new"))


def test_peers_by_their_beginning(town):
    anon = town.api()
    assert anon.get("/api/v1/peers/search", q="nowhere") == [] == anon.get("/api/v1/peers/search", q="") == anon.get("/api/v1/peers/search")


def test_identity_proofs_are_nobodys(alice, bob):
    assert alice.get(f"/api/v1/accounts/{bob.id}/identity_proofs") == []
    assert "Deprecation" in alice.last.headers


def test_a_profile_as_its_owner_edits_it(alice, anon, server):
    p = alice.get("/api/v1/profile")
    assert (p["id"], p["note"], p["avatar"], p["header_static"], p["fields"], p["featured_tags"]) == (alice.id, "", None, None, [], [])
    alice.post("/api/v1/featured_tags", {"name": "Hills"})
    p = alice.patch("/api/v1/profile", {"display_name": "Alice", "note": "hello\n\n#hills", "fields_attributes": [{"name": "a", "value": "b&c"}],
                                        "show_featured": False, "attribution_domains": ["news.example"]})
    assert p == alice.get("/api/v1/profile")
    assert (p["display_name"], p["note"], p["show_featured"], p["attribution_domains"]) == ("Alice", "hello\n\n#hills", False, ["news.example"])
    assert p["fields"] == [{"name": "a", "value": "b&c", "verified_at": None}] and p["formatted_fields"][0]["value"] == "b&amp;c"
    assert p["formatted_note"].startswith("<p>hello") and [t["name"] for t in p["featured_tags"]] == ["Hills"]
    p = alice.request("PUT", "/api/v1/profile", files={"avatar": ("a.png", png(40, 40), "image/png")}, data={"avatar_description": "a square"})
    assert p["avatar"] and p["avatar_static"] and p["avatar_description"] == "a square" and p["header"] is None
    assert p["display_name"] == "Alice", "what is not said stays"
    alice.patch("/api/v1/profile", {"display_name": "x" * 41}, expect=422)
    anon.get("/api/v1/profile", expect=401)
    server.api(server.token(alice.name, "profile")).get("/api/v1/profile")
    server.api(server.token(alice.name, "read:statuses")).get("/api/v1/profile", expect=403)
    server.api(server.token(alice.name, "read")).patch("/api/v1/profile", {"display_name": "y"}, expect=403)


@pytest.mark.parametrize("method, path", [("GET", "/api/v1/suggestions"), ("GET", "/api/v2/suggestions"), ("DELETE", "/api/v1/suggestions/1")])
def test_scopes(alice, anon, server, method, path):
    anon.request(method, path, 401)
    server.api(server.token(alice.name, "read:statuses write:statuses")).request(method, path, 403)

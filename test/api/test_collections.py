"""Collections: people whom somebody recommends, and who may say no."""
import pytest


@pytest.fixture(scope="module")
def people(server):
    """Four who may be recommended."""
    v = [server.user() for _ in range(4)]
    for p in v:
        p.patch("/api/v1/accounts/update_credentials", {"discoverable": True})
    return v


@pytest.fixture
def owner(server):
    return server.user()


def make(api, *members, **kw):
    return api.post("/api/v1/collections", {"name": "Good people", "account_ids": [m.id for m in members]} | kw)["collection"]


def members(collection):
    return [i["account_id"] for i in collection["items"]]


def told(server, api, kind):
    server.wait_until(lambda: kind in [n["type"] for n in api.notifications()])
    return next(n for n in api.notifications() if n["type"] == kind)


def test_a_collection_and_what_it_says(owner, people, anon, server):
    a, b = people[:2]
    k = make(owner, a, b, description="<b> & co", language="de", tag_name="#Rocks", sensitive=True)
    assert (k["name"], k["description"], k["language"], k["sensitive"], k["discoverable"], k["local"]) == (
        "Good people", "&lt;b&gt; &amp; co", "de", True, True, True)
    assert k["tag"] == {"name": "rocks", "url": f"{server.url}/tags/rocks"} and k["item_count"] == 2
    assert members(k) == [a.id, b.id] and all(i["state"] == "accepted" for i in k["items"])
    seen = anon.get(f"/api/v1/collections/{k['id']}")
    assert seen["collection"] == k and {x["id"] for x in seen["accounts"]} == {owner.id, a.id, b.id}
    assert anon.get(f"/api/v1/accounts/{owner.id}/collections")["collections"] == [k]
    assert anon.get(f"/api/v1_alpha/collections/{k['id']}") == seen and "Deprecation" in anon.last.headers


def test_whoever_is_put_in_is_told_and_may_leave_for_good(owner, people, server):
    a = people[0]
    k = make(owner, a)
    n = told(server, a, "added_to_collection")
    assert n["account"]["id"] == owner.id and n["collection"]["id"] == k["id"]
    assert k["id"] in [x["id"] for x in a.get(f"/api/v1/accounts/{a.id}/in_collections")["collections"]]
    item = k["items"][0]["id"]
    owner.post(f"/api/v1/collections/{k['id']}/items/{item}/revoke", expect=403)
    people[1].post(f"/api/v1/collections/{k['id']}/items/{item}/revoke", expect=403)
    assert a.post(f"/api/v1/collections/{k['id']}/items/{item}/revoke") == {}
    assert owner.get(f"/api/v1/collections/{k['id']}")["collection"]["items"] == []
    assert k["id"] not in [x["id"] for x in a.get(f"/api/v1/accounts/{a.id}/in_collections")["collections"]]
    owner.post(f"/api/v1/collections/{k['id']}/items", {"account_id": a.id}, expect=422)
    a.post(f"/api/v1/collections/{k['id']}/items/{item}/revoke", expect=404)


def test_adding_and_removing(owner, people, server):
    a, b = people[:2]
    k = make(owner)
    item = owner.post(f"/api/v1/collections/{k['id']}/items", {"account_id": a.id})["collection_item"]
    assert (item["account_id"], item["state"]) == (a.id, "accepted")
    owner.post(f"/api/v1/collections/{k['id']}/items", {"account_id": a.id}, expect=422)
    owner.post(f"/api/v1/collections/{k['id']}/items", {"account_id": "1"}, expect=404)
    owner.post(f"/api/v1/collections/{k['id']}/items", {}, expect=422)
    b.post(f"/api/v1/collections/{k['id']}/items", {"account_id": b.id}, expect=403)
    b.delete(f"/api/v1/collections/{k['id']}/items/{item['id']}", expect=403)
    assert owner.delete(f"/api/v1/collections/{k['id']}/items/{item['id']}") == {}
    owner.delete(f"/api/v1/collections/{k['id']}/items/{item['id']}", expect=404)
    owner.post(f"/api/v1/collections/{k['id']}/items", {"account_id": a.id})  # removed by the owner, not by themselves


def test_nobody_is_put_in_who_is_not_discoverable_or_across_a_block(owner, people, server):
    shy, a = server.user(), people[2]
    k = make(owner)
    assert owner.get(f"/api/v1/accounts/{shy.id}")["feature_approval"] == {"automatic": [], "manual": [], "current_user": "denied"}
    assert owner.get(f"/api/v1/accounts/{a.id}")["feature_approval"] == {"automatic": ["public"], "manual": [], "current_user": "automatic"}
    owner.post(f"/api/v1/collections/{k['id']}/items", {"account_id": shy.id}, expect=403)
    owner.post(f"/api/v1/collections/{k['id']}/items", {"account_id": owner.id}, expect=403)
    owner.post("/api/v1/collections", {"name": "x", "account_ids": [shy.id]}, expect=403)
    a.post(f"/api/v1/accounts/{owner.id}/block")
    owner.post(f"/api/v1/collections/{k['id']}/items", {"account_id": a.id}, expect=403)
    a.get(f"/api/v1/collections/{k['id']}", expect=404)
    a.post(f"/api/v1/accounts/{owner.id}/unblock")
    assert len(owner.get(f"/api/v1/accounts/{owner.id}/collections")["collections"]) == 1  # the refused one was not made


def test_a_change_is_told_once(owner, people, server):
    a = people[3]
    k = make(owner, a)
    for name in ("One", "Two"):
        changed = owner.patch(f"/api/v1/collections/{k['id']}", {"name": name})["collection"]
        assert changed["name"] == name and changed["updated_at"] >= k["updated_at"] and members(changed) == [a.id]
    told(server, a, "collection_update")
    assert len([n for n in a.notifications() if n["type"] == "collection_update"]) == 1
    owner.put(f"/api/v1/collections/{k['id']}", {"tag_name": "", "language": ""})
    people[0].put(f"/api/v1/collections/{k['id']}", {"name": "mine"}, expect=403)
    people[0].delete(f"/api/v1/collections/{k['id']}", expect=403)
    assert owner.delete(f"/api/v1/collections/{k['id']}") == {}
    owner.get(f"/api/v1/collections/{k['id']}", expect=404)
    assert "collection_update" not in [n["type"] for n in a.notifications()]


def test_what_is_refused(owner, anon, server):
    for bad in ({"name": ""}, {"name": "x" * 41}, {"name": "x", "description": "y" * 101}, {"name": "x", "tag_name": "a b"},
                {"name": "x", "language": "no such language at all"}, {"name": "x", "account_ids": [str(i) for i in range(1, 27)]}):
        owner.post("/api/v1/collections", bad, expect=422)
    anon.post("/api/v1/collections", {"name": "x"}, expect=401)
    server.api(server.token(owner.name, "read")).post("/api/v1/collections", {"name": "x"}, expect=403)
    owner.get("/api/v1/collections/1", expect=404)
    owner.get("/api/v1/accounts/1/collections", expect=404)


def test_limits_and_pages(owner, people, anon):
    made = [make(owner, name=f"n{i}", discoverable=i > 0)["id"] for i in range(10)][::-1]
    owner.post("/api/v1/collections", {"name": "one more"}, expect=422)
    path = f"/api/v1/accounts/{owner.id}/collections"
    ids = lambda api, **kw: [k["id"] for k in api.get(path, **kw)["collections"]]  # noqa: E731
    assert ids(owner) == made and ids(anon) == made[:-1]  # what is not discoverable is listed for its owner only
    assert ids(anon, limit=4) == made[:4] and "offset=4" in anon.last.links["next"]["url"]
    assert ids(anon, limit=4, offset=4) == made[4:8]
    anon.get(f"/api/v1/collections/{made[-1]}")
    people[0].get(f"/api/v1/accounts/{owner.id}/in_collections", expect=403)


def test_people_who_are_suspended_are_not_shown(owner, server, anon):
    gone = server.user()
    gone.patch("/api/v1/accounts/update_credentials", {"discoverable": True})
    k = make(owner, gone)
    server.cli("user", "suspend", gone.name)
    assert anon.get(f"/api/v1/collections/{k['id']}")["collection"]["items"] == []
    server.cli("user", "suspend", owner.name)
    anon.get(f"/api/v1/collections/{k['id']}", expect=404)

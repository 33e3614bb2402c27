"""Collections: people whom somebody recommends, and who may say no."""
import requests
import pytest
from timing import PATIENCE


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


# ---- posts that link to them -----------------------------------------------------------------------------------------


def tagged(api, post):
    return [k["name"] for k in api.get(f"/api/v1/statuses/{post['id']}")["tagged_collections"]]


def test_a_post_tells_the_collections_that_it_links_to(owner, people, anon, server):
    reader = server.user()
    k = [make(owner, *people[:2], name=f"K{i}") for i in range(6)]
    assert k[0]["url"] == f"{server.url}/collections/{k[0]['id']}"
    text = f"Look: {k[1]['url']} and {k[0]['uri']}, again {k[1]['url']}; not {server.url}/collections/1 nor https://elsewhere.test/x"
    post = reader.toot(text)
    assert [x["name"] for x in post["tagged_collections"]] == ["K1", "K0"]
    assert anon.get(f"/api/v1/statuses/{post['id']}")["tagged_collections"] == [
        anon.get(f"/api/v1/collections/{x['id']}")["collection"] for x in (k[1], k[0])]
    note = document(server, post["uri"])
    assert [t for t in note["tag"] if t["type"] == "FeaturedCollection"] == [{"type": "FeaturedCollection", "id": x["uri"]} for x in (k[1], k[0])]
    boost = owner.post(f"/api/v1/statuses/{post['id']}/reblog")
    assert [x["name"] for x in boost["reblog"]["tagged_collections"]] == ["K1", "K0"] and boost["tagged_collections"] == []
    page = reader.get(f"/api/v1/accounts/{reader.id}/statuses") + reader.get("/api/v1/timelines/home")
    assert all(len(s["tagged_collections"]) == 2 for s in page if s["id"] == post["id"])
    reader.put(f"/api/v1/statuses/{post['id']}", {"status": " ".join(x["url"] for x in k)})
    assert tagged(anon, post) == ["K0", "K1", "K2", "K3"]
    owner.delete(f"/api/v1/collections/{k[0]['id']}")
    assert tagged(anon, post) == ["K1", "K2", "K3"]
    assert len(server.query("SELECT collection_id FROM status_collection")) == 3
    reader.put(f"/api/v1/statuses/{post['id']}", {"status": "nothing"})
    assert tagged(anon, post) == []
    assert [x["id"] for x in reader.get("/api/v2/search", q=k[1]["url"])["collections"]] == [k[1]["id"]]


def test_who_may_not_see_a_collection_does_not_find_it_in_posts(owner, people, anon, server):
    a, reader = people[1], server.user()
    k = make(owner, a, people[2])
    post = reader.toot(k["url"])
    quote = people[0].toot("see", quoted_status_id=post["id"])
    assert tagged(anon, post) == ["Good people"]
    a.post(f"/api/v1/accounts/{owner.id}/block")
    assert tagged(a, post) == [] and len(a.get(f"/api/v1/statuses/{post['id']}")["content"]) > 0
    assert a.get(f"/api/v1/statuses/{quote['id']}")["quote"]["quoted_status"]["tagged_collections"] == []
    assert len(anon.get(f"/api/v1/statuses/{quote['id']}")["quote"]["quoted_status"]["tagged_collections"]) == 1
    a.post(f"/api/v1/accounts/{owner.id}/unblock")
    reader.post(f"/api/v1/accounts/{people[2].id}/block")
    seen = reader.get(f"/api/v1/statuses/{post['id']}")["tagged_collections"][0]
    assert people[2].id not in members(seen)
    owner.patch(f"/api/v1/collections/{k['id']}", {"discoverable": False})
    assert (tagged(anon, post), tagged(reader, post), tagged(owner, post)) == ([], [], ["Good people"])
    owner.patch(f"/api/v1/collections/{k['id']}", {"discoverable": True})
    server.cli("user", "suspend", owner.name)
    assert tagged(anon, post) == []


# ---- the page --------------------------------------------------------------------------------------------------------


AP = "application/activity+json"


def page_of(server, path, accept="text/html"):
    return requests.get(server.base + path, headers={"Host": server.host, "Accept": accept}, allow_redirects=False, timeout=PATIENCE)


def document(server, uri):
    return page_of(server, uri.removeprefix(server.url), AP).json()


def test_a_collection_has_a_page_for_everybody(owner, people, server):
    a = people[0]
    k = make(owner, a, name="Rocks <&>", description="They know <stones>", tag_name="rocks")
    path = f"/collections/{k['id']}"
    page = page_of(server, path)
    assert page.status_code == 200 and "Accept" in page.headers["Vary"] and "X-Robots-Tag" not in page.headers
    for part in ("Rocks &lt;&amp;&gt;", "They know &lt;stones&gt;", f"@{owner.acct}", f"@{a.acct}", "/tags/rocks", 'rel="canonical" href="' + k["url"]):
        assert part in page.text, part
    to = page_of(server, path, AP)
    assert (to.status_code, to.headers["Location"]) == (302, k["uri"])
    assert document(server, k["uri"])["url"] == k["url"]
    owner.patch(f"/api/v1/collections/{k['id']}", {"discoverable": False})
    assert "noindex" in page_of(server, path).headers["X-Robots-Tag"]
    assert page_of(server, "/collections/1").status_code == 404
    server.cli("user", "suspend", owner.name)
    assert page_of(server, path).content == page_of(server, "/collections/1").content
    assert page_of(server, path, AP).status_code == 404

"""Collections of accounts between servers: documents, consent asked, given, refused, forged and taken back."""
import pytest
import requests
from pair import Pair, settle
from remote import AP, CONTEXT, PUBLIC
from timing import PATIENCE

numbers = iter(range(1, 10000))


@pytest.fixture(scope="module")
def towns(tmp_path_factory, new_database):
    names = ("a.test", "b.test", "c.test")
    with Pair(tmp_path_factory.mktemp("towns"), names, [new_database() for _ in names]) as servers:
        yield servers


HOSTS = ["peer.test", "evil.test"]


@pytest.fixture
def alice(here):
    return discoverable(here.user())


@pytest.fixture
def eve(far):
    return willing(far.actor(f"eve{next(numbers)}"))


def discoverable(api):
    api.patch("/api/v1/accounts/update_credentials", {"discoverable": True})
    return api


def willing(actor):
    """Whoever asks may put this one into collections."""
    actor.doc |= {"discoverable": True, "featuredCollections": actor.id + "/lists",
                  "interactionPolicy": {"canFeature": {"automaticApproval": [PUBLIC]}}}
    return actor


def known(api, actor):
    """The account here; read from its server first."""
    return api.find("@" + actor.acct)


def find(api, uri):
    found = api.get("/api/v2/search", q=uri, resolve=True)["collections"]
    return found[0] if found else None


def look(api, collection):
    return api.get(f"/api/v1/collections/{collection['id']}")["collection"]


def make(api, *members, **kw):
    return api.post("/api/v1/collections", {"name": "Good people", "account_ids": [m["id"] for m in members]} | kw)["collection"]


def document(server, uri, expect=200):
    r = requests.get(server.base + uri[uri.index("/", 8):], headers={"Host": server.host, "Accept": AP}, timeout=PATIENCE)
    assert r.status_code == expect, r.text
    return r.json() if expect == 200 else None


def collection_of(actor, *items, **more):
    doc = {"@context": CONTEXT, "id": actor.remote.new_id(actor.origin, "collections"), "type": "FeaturedCollection", "attributedTo": actor.id,
           "name": "People of eve", "summary": "<p>good <script>x</script>ones</p>", "sensitive": False, "discoverable": True, "totalItems": len(items),
           "published": actor.remote.now(), "updated": actor.remote.now(), "orderedItems": list(items)} | more
    actor.remote.documents[doc["id"]] = doc
    return doc


def item_of(owner, member, stamp=None):
    return {"id": owner.remote.new_id(owner.origin, "items"), "type": "FeaturedItem", "featuredObject": member, "featuredObjectType": "Person"} | (
        {"featureAuthorization": stamp} if stamp else {})


def stamp_of(author, collection, **change):
    """A consent as Mastodon writes it: without attributedTo."""
    stamp = {"@context": CONTEXT, "id": author.remote.new_id(author.origin, "stamps"), "type": "FeatureAuthorization",
             "interactingObject": collection, "interactionTarget": author.id} | change
    author.remote.documents[stamp["id"]] = stamp
    return stamp["id"]


def asks(actor, api, collection):
    return actor.activity("FeatureRequest", f"{api_uri(api)}", instrument=collection["id"])


def api_uri(api):
    return api.get(f"/api/v1/accounts/{api.id}")["uri"]


def answer(far, request):
    return far.wait(lambda d: d.json and d.json["type"] in ("Accept", "Reject") and d.json["object"].get("id") == request["id"]).json


def send(actor, here, activity):
    actor.send(here, activity)
    return activity


# ---- servers of ours -------------------------------------------------------------------------------------------------------


def test_somebody_elsewhere_is_asked_agrees_is_shown_to_third_servers_and_leaves(towns):
    a, b, c = towns
    alice, bob, carol = a.user(), discoverable(b.user()), c.user()
    carol.follow(carol.find("@" + alice.acct)["id"])
    there = alice.find("@" + bob.acct)
    assert there["feature_approval"] == {"automatic": ["public"], "manual": [], "current_user": "automatic"}
    settle(a, b, c)
    k = make(alice, there, description="all <good>", language="en", tag_name="rocks")
    assert [i["state"] for i in k["items"]] == ["pending"]
    told = b.wait_notification(bob, "added_to_collection", alice.acct)
    assert told["collection"]["name"] == "Good people" and not told["collection"]["local"] and told["collection"]["uri"] == k["uri"]
    a.wait_until(lambda: [i["state"] for i in look(alice, k)["items"]] == ["accepted"])
    doc = document(a, k["uri"])
    assert (doc["type"], doc["name"], doc["summaryMap"], doc["totalItems"]) == ("FeaturedCollection", "Good people", {"en": "all &lt;good&gt;"}, 1)
    assert doc["topic"]["name"] == "#rocks" and doc["attributedTo"] == api_uri(alice)
    item = doc["orderedItems"][0]
    stamp = document(b, item["featureAuthorization"])
    assert (stamp["type"], stamp["interactingObject"], stamp["interactionTarget"]) == ("FeatureAuthorization", k["uri"], there["uri"])
    assert document(a, item["id"]) | {"@context": 0} == item | {"@context": 0}
    settle(a, b, c)
    c.wait_until(lambda: find(carol, k["uri"]) is not None)
    c.wait_until(lambda: len(look(carol, find(carol, k["uri"]))["items"]) == 1)
    copy = look(carol, find(carol, k["uri"]))
    assert (copy["name"], copy["description"], copy["tag"]["name"], copy["local"]) == ("Good people", "all &lt;good&gt;", "rocks", False)
    owner = copy["account_id"]
    assert [x["id"] for x in carol.get(f"/api/v1/accounts/{owner}/collections")["collections"]] == [copy["id"]]
    alice.put(f"/api/v1/collections/{k['id']}", {"name": "Better people"})
    c.wait_until(lambda: look(carol, copy)["name"] == "Better people")
    b.wait_notification(bob, "collection_update", alice.acct)
    mine = bob.get(f"/api/v1/accounts/{bob.id}/in_collections")["collections"][0]
    bob.post(f"/api/v1/collections/{mine['id']}/items/{[i['id'] for i in mine['items'] if i['account_id'] == bob.id][0]}/revoke")
    document(b, item["featureAuthorization"], expect=404)
    a.wait_until(lambda: look(alice, k)["items"] == [])
    c.wait_until(lambda: look(carol, copy)["items"] == [])
    alice.post(f"/api/v1/collections/{k['id']}/items", {"account_id": there["id"]}, expect=422)
    alice.delete(f"/api/v1/collections/{k['id']}")
    c.wait_until(lambda: find(carol, k["uri"]) is None)
    document(a, k["uri"], expect=404)


def test_a_post_tells_other_servers_which_collections_it_links_to(towns):
    a, b, _ = towns
    alice, bob = a.user(), b.user()
    bob.follow(bob.find("@" + alice.acct)["id"])
    settle(a, b)
    k, hidden = make(alice, name="Shown"), make(alice, name="Hidden", discoverable=False)
    b.wait_until(lambda: find_known(bob, k["uri"]))
    post = alice.toot(f"whom to follow: {k['url']} {hidden['url']}")
    assert document(a, post["uri"])["tag"] == [{"type": "FeaturedCollection", "id": k["uri"]}]
    b.wait_until(lambda: [s for s in bob.home() if s["uri"] == post["uri"]])
    copy = next(s for s in bob.home() if s["uri"] == post["uri"])
    assert [(x["name"], x["url"], x["local"]) for x in copy["tagged_collections"]] == [("Shown", k["url"], False)]
    answer = bob.toot(f"@{alice.acct} thanks for {k['url']}", in_reply_to_id=copy["id"])
    assert [x["uri"] for x in answer["tagged_collections"]] == [k["uri"]]
    a.wait_until(lambda: [n for n in alice.notifications() if n["type"] == "mention"])
    heard = next(n for n in alice.notifications() if n["type"] == "mention")["status"]
    assert [x["id"] for x in heard["tagged_collections"]] == [k["id"]]
    alice.put(f"/api/v1/statuses/{post['id']}", {"status": "nobody"})
    b.wait_until(lambda: "nobody" in bob.get(f"/api/v1/statuses/{copy['id']}")["content"])
    assert bob.get(f"/api/v1/statuses/{copy['id']}")["tagged_collections"] == []


def test_the_list_of_an_actor_holds_what_everybody_may_find(towns):
    a, b, _ = towns
    alice, bob = a.user(), b.user()
    names = [make(alice, name=f"No {i}", discoverable=i != 3)["name"] for i in range(7)]
    actor = document(a, api_uri(alice))
    root = document(a, actor["featuredCollections"])
    first = document(a, root["first"])
    second = document(a, first["next"])
    assert root["totalItems"] == 6 and (len(first["items"]), len(second["items"])) == (5, 1) and "next" not in second
    assert {k["name"] for k in first["items"] + second["items"]} == set(names) - {"No 3"}
    there = bob.find("@" + alice.acct)["id"]
    b.wait_until(lambda: len(bob.get(f"/api/v1/accounts/{there}/collections")["collections"]) == 6)


# ---- they ask ours -----------------------------------------------------------------------------------------------------------


def test_a_request_is_answered_by_who_may_find_the_person(here, far, alice, eve):
    k = collection_of(eve)
    request = asks(eve, alice, k)
    eve.send(here, request)
    yes = answer(far, request)
    assert yes["type"] == "Accept" and yes["object"]["type"] == "FeatureRequest" and yes["object"]["instrument"] == k["id"]
    stamp = document(here, yes["result"])
    assert (stamp["interactingObject"], stamp["interactionTarget"]) == (k["id"], api_uri(alice))
    told = here.wait_notification(alice, "added_to_collection", eve.acct)["collection"]
    assert (told["name"], told["description"]) == ("People of eve", "good ones")
    shy = here.user()
    assert answer(far, send(eve, here, asks(eve, shy, k)))["type"] == "Reject"
    assert shy.notifications() == []
    alice.post(f"/api/v1/accounts/{known(alice, eve)['id']}/block")
    far.wait(lambda d: d.json and d.json["type"] == "Delete" and d.json["object"].get("type") == "FeatureAuthorization" and d.json["object"]["id"] == yes["result"])
    assert answer(far, send(eve, here, asks(eve, alice, k)))["type"] == "Reject"


def test_whoever_left_is_refused_for_good(here, far, alice, eve):
    k = collection_of(eve)
    answer(far, send(eve, here, asks(eve, alice, k)))
    mine = alice.get(f"/api/v1/accounts/{alice.id}/in_collections")["collections"][0]
    alice.post(f"/api/v1/collections/{mine['id']}/items/{mine['items'][0]['id']}/revoke")
    assert answer(far, send(eve, here, asks(eve, alice, k)))["type"] == "Reject"
    assert alice.get(f"/api/v1/accounts/{alice.id}/in_collections")["collections"] == []


def test_a_request_about_the_collection_of_somebody_else_is_refused(here, far, alice, eve):
    mallory = far.actor(f"mallory{next(numbers)}", host="evil.test")
    k = collection_of(eve)
    assert answer(far, send(mallory, here, asks(mallory, alice, k)))["type"] == "Reject"
    neighbour = far.actor(f"neighbour{next(numbers)}")
    assert answer(far, send(neighbour, here, asks(neighbour, alice, k)))["type"] == "Reject"
    stolen = collection_of(mallory, attributedTo=eve.id)
    assert answer(far, send(mallory, here, asks(mallory, alice, stolen)))["type"] == "Reject"
    assert alice.get(f"/api/v1/accounts/{alice.id}/in_collections")["collections"] == []


# ---- we read theirs ------------------------------------------------------------------------------------------------------------


def test_only_who_agreed_is_shown(here, far, alice, eve):
    names = ("good", "unstamped", "borrowed", "elsewhere", "otherwise", "quote")
    who = {n: far.actor(f"{n}{next(numbers)}") for n in names}
    for actor in who.values():
        known(alice, actor)
    mallory = far.actor(f"mallory{next(numbers)}", host="evil.test")
    k = collection_of(eve)
    k["orderedItems"] = [
        item_of(eve, who["unstamped"].id),
        item_of(eve, who["borrowed"].id, stamp_of(who["good"], k["id"])),
        item_of(eve, who["elsewhere"].id, stamp_of(mallory, k["id"], interactionTarget=who["elsewhere"].id)),
        item_of(eve, who["otherwise"].id, stamp_of(who["otherwise"], eve.id + "/another")),
        item_of(eve, who["quote"].id, stamp_of(who["quote"], k["id"], type="QuoteAuthorization", attributedTo=who["quote"].id)),
        item_of(eve, api_uri(alice), stamp_of(eve, k["id"])),  # of ours only our own word counts
        item_of(mallory, who["quote"].id, stamp_of(who["quote"], k["id"])),  # an item of somebody else's server
        item_of(eve, eve.id),
        item_of(eve, who["good"].id, stamp_of(who["good"], k["id"]))]
    found = alice.find(k["id"], "collections")
    here.wait_until(lambda: len(look(alice, found)["items"]) == 2)
    seen = alice.get(f"/api/v1/collections/{found['id']}")
    assert {a["uri"] for a in seen["accounts"]} == {eve.id, who["good"].id}
    eve_here = known(alice, eve)["id"]
    assert [i["account_id"] for i in seen["collection"]["items"]] == [eve_here, known(alice, who["good"])["id"]]
    alice.post(f"/api/v1/accounts/{known(alice, who['good'])['id']}/block")
    assert [i["account_id"] for i in look(alice, found)["items"]] == [eve_here]


def test_consent_that_is_taken_back_ends_it_and_only_its_author_can(here, far, alice, eve):
    member, mallory = far.actor(f"member{next(numbers)}"), far.actor(f"mallory{next(numbers)}", host="evil.test")
    known(alice, member)
    k = collection_of(eve)
    stamp = stamp_of(member, k["id"])
    k["orderedItems"] = [item_of(eve, member.id, stamp)]
    found = alice.find(k["id"], "collections")
    here.wait_until(lambda: len(look(alice, found)["items"]) == 1)
    mallory.send(here, mallory.activity("Delete", {"id": stamp, "type": "FeatureAuthorization"}))
    eve.send(here, eve.activity("Delete", {"id": stamp, "type": "FeatureAuthorization"}))
    here.wait_until(lambda: not here.unfinished())
    assert len(look(alice, found)["items"]) == 1
    member.send(here, member.activity("Delete", {"id": stamp, "type": "FeatureAuthorization"}))
    here.wait_until(lambda: look(alice, found)["items"] == [])


def test_the_owner_adds_changes_removes_and_nobody_else(here, far, alice, eve):
    member, mallory = far.actor(f"member{next(numbers)}"), far.actor(f"mallory{next(numbers)}")
    known(alice, member)
    alice.follow(known(alice, eve)["id"])
    follow = far.wait(lambda d: d.json and d.json["type"] == "Follow" and d.json["object"] == eve.id).json
    eve.send(here, eve.activity("Accept", follow))
    here.wait_until(lambda: alice.get("/api/v1/accounts/relationships", id=[known(alice, eve)["id"]])[0]["following"])
    k = collection_of(eve)
    mallory.send(here, mallory.activity("Add", k, target=mallory.id + "/lists"))
    eve.send(here, eve.activity("Add", k, target=eve.id + "/lists"))
    here.wait_until(lambda: alice.get(f"/api/v1/accounts/{known(alice, eve)['id']}/collections")["collections"])
    found = alice.get(f"/api/v1/accounts/{known(alice, eve)['id']}/collections")["collections"][0]
    item = item_of(eve, member.id, stamp_of(member, k["id"]))
    k["orderedItems"] = [item]
    eve.send(here, eve.activity("Add", item, target=k["id"]))
    here.wait_until(lambda: len(look(alice, found)["items"]) == 1)
    mallory.send(here, mallory.activity("Update", k | {"name": "stolen"}))
    mallory.send(here, mallory.activity("Remove", item["id"], target=k["id"]))
    mallory.send(here, mallory.activity("Remove", k["id"], target=mallory.id + "/lists"))
    mallory.send(here, mallory.activity("Delete", k["id"]))
    here.wait_until(lambda: not here.unfinished())
    assert look(alice, found)["name"] == "People of eve" and len(look(alice, found)["items"]) == 1
    k["name"] = "New name"
    eve.send(here, eve.activity("Update", k))
    here.wait_until(lambda: look(alice, found)["name"] == "New name")
    eve.send(here, eve.activity("Remove", item["id"], target=k["id"]))
    here.wait_until(lambda: look(alice, found)["items"] == [])
    eve.send(here, eve.activity("Remove", k["id"], target=eve.id + "/lists"))
    here.wait_until(lambda: find_known(alice, k["id"]) is None)


def find_known(api, uri):
    found = api.get("/api/v2/search", q=uri, resolve=False)["collections"]
    return found[0] if found else None


def test_a_tag_of_a_post_from_elsewhere_names_only_what_is_known_and_fetches_nothing(here, far, alice, eve):
    k, unknown = collection_of(eve), collection_of(eve)
    found = alice.find(k["id"], "collections")
    note = eve.note("no link", to=[PUBLIC], tag=[{"type": "FeaturedCollection", "id": i} for i in (unknown["id"], k["id"], k["id"])] + [
        {"type": "FeaturedCollection"}, {"type": "FeaturedCollection", "href": 7}])
    status = alice.find(note["id"], "statuses")
    assert [x["id"] for x in status["tagged_collections"]] == [found["id"]]
    assert far.asked[unknown["id"]] == 0


def test_there_is_an_end_to_how_many_collections_one_account_may_have(here, far, alice, eve):
    for i in range(50):
        assert alice.find(collection_of(eve, name=f"k{i}")["id"], "collections")
    assert find(alice, collection_of(eve)["id"]) is None


# ---- ours ask them -------------------------------------------------------------------------------------------------------------


def test_nobody_is_asked_who_said_no_and_nobody_is_shown_before_the_answer(here, far, alice, eve):
    closed = far.actor(f"closed{next(numbers)}")
    there = known(alice, closed)
    assert there["feature_approval"] == {"automatic": [], "manual": [], "current_user": "denied"}
    k = make(alice)
    alice.post(f"/api/v1/collections/{k['id']}/items", {"account_id": there["id"]}, expect=403)
    alice.post(f"/api/v1/collections/{k['id']}/items", {"account_id": known(alice, eve)["id"]})
    request = far.wait(lambda d: d.json and d.json["type"] == "FeatureRequest" and d.json["object"] == eve.id).json
    assert request["instrument"] == k["uri"] and request["actor"] == api_uri(alice)
    assert [i["state"] for i in look(alice, k)["items"]] == ["pending"] and look(here.user(), k)["items"] == []
    assert document(here, k["uri"])["orderedItems"] == []
    mallory = far.actor(f"mallory{next(numbers)}", host="evil.test")
    mallory.send(here, mallory.activity("Accept", request, result=mallory.origin + "/stamps/1"))
    eve.send(here, eve.activity("Accept", request, result=mallory.origin + "/stamps/2"))
    here.wait_until(lambda: not here.unfinished())
    assert [i["state"] for i in look(alice, k)["items"]] == ["pending"]
    eve.send(here, eve.activity("Accept", request["id"], result=eve.origin + "/stamps/mine"))
    here.wait_until(lambda: [i["state"] for i in look(here.user(), k)["items"]] == ["accepted"])
    assert document(here, k["uri"])["orderedItems"][0]["featureAuthorization"] == eve.origin + "/stamps/mine"
    eve.send(here, eve.activity("Delete", eve.origin + "/stamps/mine"))
    here.wait_until(lambda: look(alice, k)["items"] == [])


def test_a_refusal_is_remembered(here, far, alice, eve):
    k = make(alice, known(alice, eve))
    request = far.wait(lambda d: d.json and d.json["type"] == "FeatureRequest" and d.json["object"] == eve.id).json
    eve.send(here, eve.activity("Reject", request))
    here.wait_until(lambda: look(alice, k)["items"] == [])
    alice.post(f"/api/v1/collections/{k['id']}/items", {"account_id": known(alice, eve)["id"]}, expect=422)


# last: what it leaves behind waits
def test_a_thousand_members_are_looked_at_a_few_at_a_time(here, far, alice, eve):
    k = collection_of(eve)
    strangers = [f"{eve.origin}/users/nobody{next(numbers)}" for _ in range(1000)]
    k["orderedItems"] = [item_of(eve, s, s + "/stamp") for s in strangers]
    found = alice.find(k["id"], "collections")
    here.wait_until(lambda: here.query("SELECT args FROM job WHERE kind = 'read_collection' AND args LIKE '%first%'"))
    assert 0 < sum(far.asked[s] > 0 for s in strangers) <= 6 and look(alice, found)["items"] == []

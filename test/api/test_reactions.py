"""Emoji reactions to posts: ours, in the form that announcements have."""
import urllib.parse

import pytest

HEART, THUMB = "\u2764\ufe0f", "\U0001f44d"
TEN = [chr(0x1f600 + i) for i in range(10)]


def path(post, name=None):
    return f"/api/v1/statuses/{post['id']}/reactions" + ("" if name is None else "/" + urllib.parse.quote(name))


def counts(status):
    return [(r["name"], r["count"], r.get("me")) for r in status["reactions"]]


def show(api, post):
    return api.get(f"/api/v1/statuses/{post['id']}")


def test_react_and_take_back(alice, bob, anon):
    post = alice.toot("react!")
    assert post["reactions"] == []
    assert counts(bob.put(path(post, HEART))) == [(HEART, 1, True)]
    assert counts(bob.put(path(post, HEART))) == [(HEART, 1, True)]
    assert counts(alice.put(path(post, "\u2764"))) == [(HEART, 2, True)]  # the same without the selector
    assert counts(alice.put(path(post, THUMB))) == [(HEART, 2, True), (THUMB, 1, True)]
    assert counts(show(bob, post)) == [(HEART, 2, True), (THUMB, 1, False)]
    assert counts(show(anon, post)) == [(HEART, 2, None), (THUMB, 1, None)]
    assert counts(alice.delete(path(post, HEART))) == [(HEART, 1, False), (THUMB, 1, True)]
    alice.delete(path(post, HEART))
    bob.delete(path(post, HEART))
    assert counts(show(bob, post)) == [(THUMB, 1, False)]
    assert show(bob, post)["favourites_count"] == 0


def test_who_reacted(alice, bob, carol, anon):
    post = alice.toot("who?")
    bob.put(path(post, THUMB))
    carol.put(path(post, THUMB))
    bob.put(path(post, HEART))
    got = {r["name"]: (r["count"], [a["id"] for a in r["accounts"]]) for r in anon.get(path(post))}
    assert got == {THUMB: (2, [carol.id, bob.id]), HEART: (1, [bob.id])}
    bob.post(f"/api/v1/accounts/{carol.id}/block")
    assert [a["id"] for a in bob.get(path(post))[0]["accounts"]] == [bob.id]


def test_the_author_is_told_as_of_a_favourite(alice, bob, server):
    post = alice.toot("tell me")
    bob.put(path(post, THUMB))
    bob.put(path(post, HEART))
    bob.post(f"/api/v1/statuses/{post['id']}/favourite")
    assert [(n["type"], n["status"]["id"]) for n in alice.notifications()] == [("favourite", post["id"])]
    bob.post(f"/api/v1/statuses/{post['id']}/unfavourite")
    bob.delete(path(post, THUMB))
    assert len(alice.notifications()) == 1
    bob.delete(path(post, HEART))
    assert alice.notifications() == []


def test_boosts_mean_what_they_boost(alice, bob):
    post = alice.toot("boosted")
    boost = bob.post(f"/api/v1/statuses/{post['id']}/reblog")
    assert counts(bob.put(path(boost, THUMB))) == [(THUMB, 1, True)]
    assert counts(show(alice, post)) == [(THUMB, 1, False)]


@pytest.mark.parametrize("name", ["x", "word", THUMB + THUMB, ":nosuch:", "nosuch@elsewhere.test", "a b"])
def test_refuses_what_is_no_emoji(alice, name):
    post = alice.toot("no")
    alice.put(path(post, name), expect=422)
    assert show(alice, post)["reactions"] == []


def test_limits(alice, bob):
    post = alice.toot("many")
    for e in TEN:
        bob.put(path(post, e))
    assert "Limit" in bob.put(path(post, THUMB), expect=422)["error"]
    bob.put(path(post, TEN[0]))  # again is no new one
    assert len(show(alice, post)["reactions"]) == 10
    bob.delete(path(post, TEN[0]))
    assert len(bob.put(path(post, THUMB))["reactions"]) == 10


def test_only_what_can_be_seen(alice, bob, anon):
    secret = alice.toot("secret", visibility="private")
    bob.put(path(secret, THUMB), expect=404)
    bob.get(path(secret), expect=404)
    bob.delete(path(secret, THUMB), expect=404)
    post = alice.toot("seen")
    anon.put(path(post, THUMB), expect=401)
    bob.put(path(post, THUMB))
    alice.post(f"/api/v1/accounts/{bob.id}/block")
    bob.put(path(post, HEART), expect=404)
    bob.delete(path(post, THUMB))  # one's own goes back unseen
    assert show(alice, post)["reactions"] == []


def test_die_with_the_post_and_leave_with_the_account(alice, bob, server):
    post = alice.toot("mortal")
    bob.put(path(post, THUMB))
    alice.delete(f"/api/v1/statuses/{post['id']}")
    bob.get(path(post), expect=404)
    assert bob.put(path(alice.toot("another"), THUMB))["reactions"][0]["count"] == 1


def test_announced_beside_the_version(anon):
    assert anon.get("/api/v2/instance")["api_versions"]["dassie"] == 1


# --- folders of bookmarks ----------------------------------------------------------------------------------------------------

def folder(api, title="later"):
    return api.post("/api/v1/bookmark_folders", {"title": title})


def ids(posts):
    return [s["id"] for s in posts]


def test_folders(alice, bob, anon):
    one = folder(alice)
    assert (one["title"], one["statuses_count"]) == ("later", 0)
    where = f"/api/v1/bookmark_folders/{one['id']}"
    assert alice.get(where) == one and alice.get("/api/v1/bookmark_folders") == [one]
    assert alice.put(where, {"title": "read"})["title"] == "read"
    for body in ({}, {"title": " "}, {"title": "x" * 257}):
        alice.post("/api/v1/bookmark_folders", body, expect=422)
    bob.get(where, expect=404)
    bob.put(where, {"title": "x"}, expect=404)
    bob.delete(where, expect=404)
    assert bob.get("/api/v1/bookmark_folders") == []
    anon.get("/api/v1/bookmark_folders", expect=401)
    assert alice.delete(where) == {} and alice.get("/api/v1/bookmark_folders") == []


def test_bookmarks_in_folders(alice, bob):
    one, two = folder(alice), folder(alice, "two")
    posts = [bob.toot(str(i)) for i in range(4)]
    secret = bob.toot("secret", visibility="private")
    into = f"/api/v1/bookmark_folders/{one['id']}/statuses"
    alice.post(f"/api/v1/statuses/{posts[3]['id']}/bookmark")
    alice.post(into, {"status_ids": [posts[0]["id"], secret["id"]]}, expect=404)  # all or none
    assert ids(alice.get("/api/v1/bookmarks")) == [posts[3]["id"]]
    for p in posts[:3]:
        assert alice.post(into, {"status_ids": [p["id"]]}) == {}
    alice.post(f"/api/v1/bookmark_folders/{two['id']}/statuses", {"status_ids": [posts[0]["id"]]})
    want = [posts[2]["id"], posts[1]["id"], posts[0]["id"]]
    assert ids(alice.pages("/api/v1/bookmarks", folder_id=one["id"], limit=2)) == want
    assert ids(alice.get("/api/v1/bookmarks", folder_id=two["id"])) == [posts[0]["id"]]
    assert len(alice.get("/api/v1/bookmarks")) == 4
    assert alice.get("/api/v1/bookmark_folders")[0]["statuses_count"] == 3
    bob.get("/api/v1/bookmarks", folder_id=one["id"], expect=404)
    bob.post(into, {"status_ids": [posts[0]["id"]]}, expect=404)
    alice.post(into, {"status_ids": []}, expect=422)
    alice.request("DELETE", into, params={"status_ids[]": [posts[2]["id"]]})
    assert ids(alice.get("/api/v1/bookmarks", folder_id=one["id"])) == want[1:] and len(alice.get("/api/v1/bookmarks")) == 4
    alice.post(f"/api/v1/statuses/{posts[1]['id']}/unbookmark")
    assert ids(alice.get("/api/v1/bookmarks", folder_id=one["id"])) == want[2:]
    alice.delete(f"/api/v1/bookmark_folders/{one['id']}")
    assert len(alice.get("/api/v1/bookmarks")) == 3
    alice.get("/api/v1/bookmarks", folder_id=one["id"], expect=404)


def test_a_hundred_folders(alice):
    for i in range(100):
        folder(alice, str(i))
    alice.post("/api/v1/bookmark_folders", {"title": "one more"}, expect=422)

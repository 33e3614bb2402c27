"""Conversations: direct posts of a thread between the same people, as each of them sees it."""
import pytest


def listed(api, **kw):
    return api.get("/api/v1/conversations", **kw)


def dm(sender, *to, text="psst", **kw):
    return sender.toot(" ".join(f"@{t.name}" for t in to) + " " + text, visibility="direct", **kw)


def until(server, api, post):
    """Until this post is the last one of the newest conversation; gives it."""
    server.wait_until(lambda: [v["last_status"]["id"] for v in listed(api, limit=1)] == [post["id"]])
    return listed(api)[0]


def names(v):
    return {a["username"] for a in v["accounts"]}


def test_both_sides(alice, bob, carol, server):
    first = dm(alice, bob)
    mine, theirs = until(server, alice, first), until(server, bob, first)
    assert (mine["unread"], names(mine)) == (False, {bob.name}) and (theirs["unread"], names(theirs)) == (True, {alice.name})
    assert mine["id"] != theirs["id"] and listed(carol) == []
    reply = dm(bob, alice, in_reply_to_id=first["id"])
    got = until(server, alice, reply)
    assert (got["id"], got["unread"]) == (mine["id"], True)
    assert until(server, bob, reply)["unread"] is False and len(listed(bob)) == 1
    dm(alice, bob)  # another thread
    server.wait_until(lambda: len(listed(bob)) == 2)


def test_who_takes_part_makes_the_conversation(alice, bob, carol, server):
    first = dm(alice, bob)
    until(server, bob, first)
    wider = dm(bob, alice, carol, in_reply_to_id=first["id"])
    assert names(until(server, alice, wider)) == {bob.name, carol.name}
    assert [v["last_status"]["id"] for v in listed(alice)] == [wider["id"], first["id"]]
    assert names(until(server, carol, wider)) == {alice.name, bob.name} and len(listed(carol)) == 1
    alone = alice.toot("a note to myself", visibility="direct")
    assert until(server, alice, alone)["accounts"] == []
    alice.toot(f"@{bob.name} not direct", visibility="private")
    last = dm(carol, alice)
    until(server, alice, last)
    assert len(listed(alice)) == 4


def test_read_unread_delete(alice, bob, server):
    v = until(server, bob, dm(alice, bob))
    path = f"/api/v1/conversations/{v['id']}"
    assert bob.post(path + "/read") == v | {"unread": False} and listed(bob)[0]["unread"] is False
    assert bob.post(path + "/unread")["unread"] is True and listed(bob)[0]["unread"] is True
    for call in (lambda: alice.post(path + "/read", expect=404), lambda: alice.post(path + "/unread", expect=404),
                 lambda: alice.delete(path, expect=404)):
        call()
    assert bob.delete(path) == {} and listed(bob) == []
    bob.delete(path, expect=404)
    assert len(listed(alice)) == 1
    bob.get(f"/api/v1/statuses/{v['last_status']['id']}")  # the post stays
    again = dm(alice, bob, in_reply_to_id=v["last_status"]["id"])
    until(server, bob, again)


def test_deleted_posts_fall_back_to_the_one_before(alice, bob, server):
    first = dm(alice, bob)
    until(server, bob, first)  # two posts are told at the same time, and the second may be faster
    second = dm(alice, bob, in_reply_to_id=first["id"])
    until(server, bob, second)
    alice.delete(f"/api/v1/statuses/{second['id']}")
    assert [v["last_status"]["id"] for v in listed(bob)] == [v["last_status"]["id"] for v in listed(alice)] == [first["id"]]
    alice.delete(f"/api/v1/statuses/{first['id']}")
    assert listed(bob) == [] and listed(alice) == []


def test_edits_stay_in_their_place(alice, bob, carol, server):
    first = dm(alice, bob)
    v = until(server, bob, first)
    bob.post(f"/api/v1/conversations/{v['id']}/read")
    alice.put(f"/api/v1/statuses/{first['id']}", {"status": f"@{bob.name} @{carol.name} edited"})
    until(server, carol, first)  # who is new in the post gets it
    assert "edited" in listed(bob)[0]["last_status"]["content"] and listed(bob)[0]["unread"] is False


def test_blocked_and_muted_are_not_delivered(alice, bob, carol, server):
    first = dm(alice, carol)
    until(server, carol, first)
    carol.post(f"/api/v1/statuses/{first['id']}/mute")
    bob.post(f"/api/v1/accounts/{alice.id}/mute")
    to_bob, in_muted = dm(alice, bob), dm(alice, carol, in_reply_to_id=first["id"])
    until(server, alice, in_muted)
    server.wait_until(lambda: to_bob["id"] in [v["last_status"]["id"] for v in listed(alice)])
    assert listed(bob) == [] and [v["last_status"]["id"] for v in listed(carol)] == [first["id"]]
    carol.post(f"/api/v1/accounts/{alice.id}/block")
    assert [v["last_status"] for v in listed(carol)] == [None]


def test_pages(alice, bob, server):
    posts = [dm(alice, bob)["id"] for _ in range(5)][::-1]
    server.wait_until(lambda: len(listed(bob)) == 5)
    assert [v["last_status"]["id"] for v in bob.pages("/api/v1/conversations", limit=2)] == posts
    listed(bob, limit=2)
    assert f"min_id={posts[0]}" in bob.last.links["prev"]["url"] and f"max_id={posts[1]}" in bob.last.links["next"]["url"]
    assert [v["last_status"]["id"] for v in listed(bob, min_id=posts[4], limit=2)] == posts[2:4]
    assert listed(bob, max_id=posts[4]) == [] and "Link" not in bob.last.headers


@pytest.mark.parametrize("method,path", [("GET", ""), ("DELETE", "/1"), ("POST", "/1/read"), ("POST", "/1/unread")])
def test_anonymous(anon, method, path):
    anon.request(method, "/api/v1/conversations" + path, expect=401)

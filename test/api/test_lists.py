"""Lists: who may be in them, what their timelines show, what exclusive ones take out of the home."""
import pytest


def ids(things):
    return [x["id"] for x in things]


def make(api, *members, **kw):
    made = api.post("/api/v1/lists", {"title": "a list"} | kw)
    if members:
        api.post(f"/api/v1/lists/{made['id']}/accounts", {"account_ids": [m.id for m in members]})
    return made["id"]


def timeline(api, list_id, **kw):
    return api.get(f"/api/v1/timelines/list/{list_id}", **kw)


# --- lists -------------------------------------------------------------------------------------------------------------------

def test_create_show_change_delete(alice, bob):
    made = alice.post("/api/v1/lists", {"title": "Friends"})
    assert made == {"id": made["id"], "title": "Friends", "replies_policy": "list", "exclusive": False}
    path = f"/api/v1/lists/{made['id']}"
    assert alice.get(path) == made and alice.get("/api/v1/lists") == [made] and bob.get("/api/v1/lists") == []
    got = alice.put(path, {"replies_policy": "none", "exclusive": True})
    assert got == made | {"replies_policy": "none", "exclusive": True}
    assert alice.patch(path, {"title": "Renamed"})["title"] == "Renamed"
    for call in (bob.get, bob.delete):
        call(path, expect=404)
    bob.put(path, {"title": "x"}, expect=404)
    timeline(bob, made["id"], expect=404)
    assert alice.delete(path) == {}
    alice.get(path, expect=404)
    assert alice.get("/api/v1/lists") == []


@pytest.mark.parametrize("body", [{}, {"title": " "}, {"title": "x" * 257}, {"title": "x", "replies_policy": "some"}])
def test_what_is_refused(alice, body):
    alice.post("/api/v1/lists", body, expect=422)
    assert alice.get("/api/v1/lists") == []


def test_fifty_lists(alice):
    for i in range(50):
        make(alice, title=str(i))
    assert "maximum" in alice.post("/api/v1/lists", {"title": "one more"}, expect=422)["error"]
    assert len(alice.get("/api/v1/lists")) == 50


def test_anonymous(anon):
    for path in ("/api/v1/lists", "/api/v1/lists/1", "/api/v1/lists/1/accounts", "/api/v1/timelines/list/1"):
        anon.get(path, expect=401)


# --- members -----------------------------------------------------------------------------------------------------------------

def test_members_are_followed_requested_or_myself(alice, bob, carol, server):
    locked = server.user()
    locked.patch("/api/v1/accounts/update_credentials", {"locked": True})
    alice.follow(bob)
    alice.follow(locked)
    one = make(alice)
    path = f"/api/v1/lists/{one}/accounts"
    alice.post(path, {"account_ids": [bob.id, carol.id]}, expect=404)  # carol is not followed: all or none
    assert alice.get(path) == []
    assert alice.post(path, {"account_ids": [bob.id, locked.id, alice.id]}) == {}
    alice.post(path, {"account_ids": [bob.id]}, expect=422)
    alice.post(path, {"account_ids": []}, expect=422)
    carol.post(path, {"account_ids": [bob.id]}, expect=404)
    carol.get(path, expect=404)
    assert set(ids(alice.get(path))) == {bob.id, locked.id, alice.id}
    assert ids(alice.get(f"/api/v1/accounts/{bob.id}/lists")) == [one]
    assert alice.get(f"/api/v1/accounts/{carol.id}/lists") == [] and carol.get(f"/api/v1/accounts/{bob.id}/lists") == []
    alice.get("/api/v1/accounts/1/lists", expect=404)
    assert alice.request("DELETE", path, params={"account_ids[]": [locked.id, carol.id]}) == {}
    assert set(ids(alice.get(path))) == {bob.id, alice.id}


def test_members_leave_with_the_follow(alice, bob, carol, server):
    locked = server.user()
    locked.patch("/api/v1/accounts/update_credentials", {"locked": True})
    for who in (bob, carol, locked):
        alice.follow(who)
    path = f"/api/v1/lists/{make(alice, bob, carol, locked)}/accounts"
    alice.post(f"/api/v1/accounts/{bob.id}/unfollow")
    carol.post(f"/api/v1/accounts/{alice.id}/block")
    locked.post(f"/api/v1/follow_requests/{alice.id}/reject")
    assert alice.get(path) == []


def test_members_page(alice, server):
    people = [server.user() for _ in range(5)]
    for p in people:
        alice.follow(p)
    path = f"/api/v1/lists/{make(alice, *people)}/accounts"
    newest_first = [p.id for p in reversed(people)]
    assert ids(alice.pages(path, limit=2)) == newest_first
    alice.get(path, limit=2)
    assert "since_id=" in alice.last.links["prev"]["url"]
    assert ids(alice.get(path, limit=0)) == newest_first and "Link" not in alice.last.headers


# --- timelines ---------------------------------------------------------------------------------------------------------------

def test_shows_members_only_and_what_they_wrote_before(alice, bob, carol):
    alice.follow(bob)
    alice.follow(carol)
    old = bob.toot("before")["id"]
    carol.toot("not in the list")
    one = make(alice, bob)
    private, direct = bob.toot("private", visibility="private")["id"], bob.toot(f"@{alice.name} direct", visibility="direct")["id"]
    alice.toot("my own")
    assert ids(timeline(alice, one)) == [private, old] and direct not in ids(timeline(alice, one))
    boost = bob.post(f"/api/v1/statuses/{carol.toot('to boost')['id']}/reblog")["id"]
    assert ids(timeline(alice, one))[0] == boost
    alice.post(f"/api/v1/accounts/{bob.id}/follow", {"reblogs": False})
    assert ids(timeline(alice, one)) == [private, old]
    alice.post(f"/api/v1/accounts/{bob.id}/mute")
    assert timeline(alice, one) == []
    alice.post(f"/api/v1/accounts/{bob.id}/unmute")
    alice.post(f"/api/v1/lists/{one}/accounts", {"account_ids": [alice.id]})
    assert ids(timeline(alice, one))[1:] == [private, old]


def test_requested_members_show_nothing_yet(alice, server):
    locked = server.user()
    locked.patch("/api/v1/accounts/update_credentials", {"locked": True})
    post = locked.toot("public all the same")["id"]
    alice.follow(locked)
    one = make(alice, locked)
    assert timeline(alice, one) == []
    locked.post(f"/api/v1/follow_requests/{alice.id}/authorize")
    assert ids(timeline(alice, one)) == [post]


def test_replies_policies(alice, bob, carol, server):
    followed, stranger = server.user(), server.user()
    for who in (bob, carol, followed):
        alice.follow(who)
    one = make(alice, bob, carol)
    roots = {who.name: who.toot("root")["id"] for who in (alice, bob, carol, followed, stranger)}
    reply = {name: bob.toot("reply", in_reply_to_id=root)["id"] for name, root in roots.items()}
    always = {roots[bob.name], roots[carol.name], reply[alice.name], reply[bob.name]}
    for policy, more in (("list", {carol.name}), ("followed", {carol.name, followed.name}), ("none", set())):
        alice.put(f"/api/v1/lists/{one}", {"replies_policy": policy})
        assert set(ids(timeline(alice, one))) == always | {reply[name] for name in more}, policy


def test_pages(alice, bob, carol):
    alice.follow(bob)
    alice.follow(carol)
    one = make(alice, bob, carol)
    made = [(carol if i % 3 else bob).toot(str(i))["id"] for i in range(12)][::-1]
    assert ids(alice.pages(f"/api/v1/timelines/list/{one}", limit=5)) == made
    timeline(alice, one, limit=5)
    assert f"min_id={made[0]}" in alice.last.links["prev"]["url"] and f"max_id={made[4]}" in alice.last.links["next"]["url"]
    assert ids(timeline(alice, one, min_id=made[11], limit=4)) == made[7:11]
    assert ids(timeline(alice, one, since_id=made[11], limit=4)) == made[:4]
    assert timeline(alice, one, max_id=made[11]) == [] and "Link" not in alice.last.headers


# --- exclusive lists ---------------------------------------------------------------------------------------------------------

def test_exclusive_lists_take_their_members_out_of_the_home(alice, bob, carol, server):
    alice.follow(bob)
    alice.follow(carol)
    first, other = bob.toot("bob")["id"], carol.toot("carol")["id"]
    server.wait_until(lambda: ids(alice.home()) == [other, first])
    one = make(alice, bob)
    assert ids(alice.home()) == [other, first]
    alice.put(f"/api/v1/lists/{one}", {"exclusive": True})
    assert ids(alice.home()) == [other] and ids(timeline(alice, one)) == [first]
    second, last = bob.toot("bob again")["id"], carol.toot("carol again")["id"]
    server.wait_until(lambda: ids(alice.home())[0] == last)
    assert ids(alice.home()) == [last, other] and ids(timeline(alice, one)) == [second, first]
    alice.request("DELETE", f"/api/v1/lists/{one}/accounts", params={"account_ids[]": [bob.id]})
    assert ids(alice.home()) == [last, second, other, first]
    alice.post(f"/api/v1/lists/{one}/accounts", {"account_ids": [bob.id, alice.id]})
    mine = alice.toot("own posts stay")["id"]
    assert ids(alice.home()) == [mine, last, other]
    alice.delete(f"/api/v1/lists/{one}")
    assert ids(alice.home()) == [mine, last, second, other, first]


def test_members_of_exclusive_lists_still_notify(alice, bob, server):
    alice.post(f"/api/v1/accounts/{bob.id}/follow", {"notify": True})
    make(alice, bob, exclusive=True)
    assert alice.home() == []
    post = bob.toot("tell me")["id"]
    server.wait_until(lambda: [n["status"]["id"] for n in alice.notifications(types=["status"])] == [post])
    assert alice.home() == []

"""Our servers among themselves, each with its own name and certificate: everything arrives once, where it may, and nowhere else."""
import pytest
from pair import Pair, settle
from pictures import png


@pytest.fixture(scope="module")
def towns(tmp_path_factory, new_database):
    """a.test, b.test and c.test."""
    names = ("a.test", "b.test", "c.test")
    with Pair(tmp_path_factory.mktemp("towns"), names, [new_database() for _ in names]) as servers:
        yield servers


def find(api, acct):
    found = api.find("@" + acct)
    assert found["acct"] == acct
    return found["id"]


def to(api, other):
    """How to mention somebody elsewhere, who is known from now on: who writes waits for a few seconds only."""
    find(api, other.acct)
    return "@" + other.acct


def relation(api, account_id):
    return api.get("/api/v1/accounts/relationships", id=[account_id])[0]


def follow(here, api, other):
    """Follow somebody elsewhere and wait for the answer; the id of the other here."""
    there = find(api, other.acct)
    api.follow(there)
    here.wait_until(lambda: relation(api, there)["following"])
    return there


def copies(server, uri):
    """Ids of the rows that a server keeps for a post."""
    return [str(i) for i, in server.query("SELECT id FROM status WHERE uri = ?", uri)]


def copy(server, uri):
    """The one copy of a post, waited for."""
    found = server.wait_until(lambda: copies(server, uri))
    assert len(found) == 1
    return found[0]


def at_home(server, api, uri):
    """A post in somebody's home timeline, waited for, and there once."""
    server.wait_until(lambda: [s for s in api.home() if s["uri"] == uri])
    found = [s for s in api.home(limit=40) if s["uri"] == uri]
    assert len(found) == 1
    return found[0]


def later(*servers, **time):
    """Time passes for all alike, last for who sends what has waited: what one signs in the other's future is refused, and waits again."""
    for server in servers:
        server.shift_clock(**time)


def told(api, kind, acct):
    return [n for n in api.notifications(include_filtered=True) if n["type"] == kind and n["account"]["acct"] == acct]


# --- following --------------------------------------------------------------------------------------------------------------------


def test_follow_and_unfollow(towns):
    a, b, _ = towns
    alice, bob = a.user(), b.user()
    there = follow(a, alice, bob)
    b.wait_notification(bob, "follow", alice.acct)
    settle(a, b)
    assert len(told(bob, "follow", alice.acct)) == 1
    assert [x["acct"] for x in bob.get(f"/api/v1/accounts/{bob.id}/followers")] == [alice.acct]
    assert [x["acct"] for x in alice.get(f"/api/v1/accounts/{alice.id}/following")] == [bob.acct]
    assert bob.lookup(bob.name)["followers_count"] == 1 and alice.lookup(alice.name)["following_count"] == 1
    alice.follow(there)  # again changes nothing
    settle(a, b)
    assert len(told(bob, "follow", alice.acct)) == 1 and bob.lookup(bob.name)["followers_count"] == 1

    alice.post(f"/api/v1/accounts/{there}/unfollow")
    settle(a, b)
    assert bob.get(f"/api/v1/accounts/{bob.id}/followers") == [] and bob.lookup(bob.name)["followers_count"] == 0
    post = bob.toot("nobody over there reads me")
    settle(a, b)
    assert copies(a, post["uri"]) == []


def test_a_locked_account_decides(towns):
    a, b, _ = towns
    alice, eve, bob = a.user(), a.user(), b.user()
    bob.patch("/api/v1/accounts/update_credentials", {"locked": True})
    there = find(alice, bob.acct)
    for api in (alice, eve):
        assert api.follow(there)["requested"]
    b.wait_until(lambda: len(bob.get("/api/v1/follow_requests")) == 2)
    ids = {x["acct"]: x["id"] for x in bob.get("/api/v1/follow_requests")}
    assert len(told(bob, "follow_request", alice.acct)) == 1
    bob.post(f"/api/v1/follow_requests/{ids[alice.acct]}/authorize")
    bob.post(f"/api/v1/follow_requests/{ids[eve.acct]}/reject")
    a.wait_until(lambda: relation(alice, there)["following"])
    a.wait_until(lambda: not relation(eve, there)["requested"])
    assert not relation(eve, there)["following"] and not relation(alice, there)["requested"]
    post = bob.toot("for my followers", visibility="private")
    at_home(a, alice, post["uri"])
    settle(a, b)
    assert [s for s in eve.home() if s["uri"] == post["uri"]] == []
    eve.get(f"/api/v1/statuses/{copy(a, post['uri'])}", expect=404)

    bob.post(f"/api/v1/accounts/{ids[alice.acct]}/remove_from_followers")
    a.wait_until(lambda: not relation(alice, there)["following"])
    assert alice.lookup(alice.name)["following_count"] == 0


# --- posts ------------------------------------------------------------------------------------------------------------------------


def test_each_visibility_reaches_whom_it_may(towns):
    a, b, c = towns
    alice, bob, dave, carol = a.user(), b.user(), b.user(), c.user()
    follow(b, bob, alice)
    find(carol, alice.acct)  # known there, but nobody follows
    posts = {v: alice.toot(f"a {v} post", visibility=v) for v in ("public", "unlisted", "private")}
    posts["direct"] = alice.toot(f"{to(alice, dave)} a direct post", visibility="direct")
    for v in ("public", "unlisted", "private"):
        seen = at_home(b, bob, posts[v]["uri"])
        assert (seen["visibility"], seen["content"], seen["created_at"]) == (v, posts[v]["content"], posts[v]["created_at"])
    b.wait_notification(dave, "mention", alice.acct)
    settle(a, b, c)
    assert len(told(dave, "mention", alice.acct)) == 1
    here = {v: copy(b, p["uri"]) for v, p in posts.items()}
    assert posts["direct"]["uri"] not in [s["uri"] for s in bob.home()]
    readers = {"bob": (bob, {"public", "unlisted", "private"}), "dave": (dave, {"public", "unlisted", "direct"}), "anyone": (b.api(), {"public", "unlisted"})}
    for name, (api, may) in readers.items():
        for v in posts:
            api.get(f"/api/v1/statuses/{here[v]}", expect=200 if v in may else 404)
        listed = {s["uri"] for s in api.get("/api/v1/timelines/public", limit=40)}
        assert {v for v, p in posts.items() if p["uri"] in listed} == {"public"}, name
    assert c.query("SELECT count(*) FROM status WHERE uri LIKE ?", f"%/users/{alice.id}/%") == [(0,)]


def test_a_mention_takes_a_post_to_its_server_alone(towns):
    a, b, c = towns
    alice, bob, carol = a.user(), b.user(), c.user()
    post = alice.toot(f"@{carol.acct} come and see #hills", spoiler_text="a view", sensitive=True, language="fr")
    mention = c.wait_notification(carol, "mention", alice.acct)["status"]
    assert (mention["spoiler_text"], mention["sensitive"], mention["language"]) == ("a view", True, "fr")
    assert [t["name"] for t in mention["tags"]] == ["hills"] and [m["acct"] for m in mention["mentions"]] == [carol.name]
    assert mention["url"] == post["url"] and mention["uri"] == post["uri"]
    settle(a, b, c)
    assert len(told(carol, "mention", alice.acct)) == 1 and copies(b, post["uri"]) == []
    assert [s["uri"] for s in carol.get("/api/v1/timelines/tag/hills")] == [post["uri"]]


def test_a_conversation_across(towns):
    a, b, _ = towns
    alice, bob = a.user(), b.user()
    follow(a, alice, bob)
    post = bob.toot("shall we talk?")
    first = alice.toot(f"@{bob.acct} gladly", in_reply_to_id=at_home(a, alice, post["uri"])["id"])
    answer = b.wait_notification(bob, "mention", alice.acct)["status"]
    assert answer["uri"] == first["uri"] and answer["in_reply_to_id"] == post["id"] and answer["in_reply_to_account_id"] == bob.id
    second = bob.toot(f"@{alice.acct} well then", in_reply_to_id=answer["id"])
    a.wait_notification(alice, "mention", bob.acct)
    settle(a, b)
    for server, api in ((a, alice), (b, bob)):
        thread = api.get(f"/api/v1/statuses/{copy(server, post['uri'])}/context")
        assert [s["uri"] for s in thread["descendants"]] == [first["uri"], second["uri"]]
        thread = api.get(f"/api/v1/statuses/{copy(server, second['uri'])}/context")
        assert [s["uri"] for s in thread["ancestors"]] == [post["uri"], first["uri"]]
    assert bob.get(f"/api/v1/statuses/{post['id']}")["replies_count"] == 1


def test_a_picture_travels_with_its_words(towns):
    a, b, _ = towns
    alice, bob = a.user(), b.user()
    follow(b, bob, alice)
    media = alice.post("/api/v2/media", expect=(200, 202), files={"file": ("red.png", png(320, 200), "image/png")},
                       data={"description": "a red wall", "focus": "0.5,-0.25"})
    a.wait_until(lambda: alice.get(f"/api/v1/media/{media['id']}", expect=(200, 206)).get("url"))
    post = alice.toot("a wall", media_ids=[media["id"]])
    seen = at_home(b, bob, post["uri"])
    assert len(seen["media_attachments"]) == 1
    there = seen["media_attachments"][0]
    assert (there["type"], there["description"]) == ("image", "a red wall") and there["blurhash"]
    assert (there["meta"]["original"]["width"], there["meta"]["focus"]) == (320, {"x": 0.5, "y": -0.25})
    # b shows its own copy, so that its people are not seen by a.
    b.wait_until(lambda: bob.get(f"/api/v1/statuses/{seen['id']}")["media_attachments"][0]["url"].startswith(b.url + "/"))
    url = bob.get(f"/api/v1/statuses/{seen['id']}")["media_attachments"][0]["url"]
    r = bob.http.get(b.base + url.removeprefix(b.url))
    assert r.status_code == 200 and r.headers["Content-Type"].startswith("image/")


def test_an_edit_replaces(towns):
    a, b, c = towns
    alice, bob, carol = a.user(), b.user(), c.user()
    follow(b, bob, alice)
    post = alice.toot("before", spoiler_text="x")
    seen = at_home(b, bob, post["uri"])
    bob.post(f"/api/v1/statuses/{seen['id']}/reblog")
    edited = alice.put(f"/api/v1/statuses/{post['id']}", {"status": f"after, with {to(alice, carol)}", "spoiler_text": ""})
    b.wait_until(lambda: "after" in bob.get(f"/api/v1/statuses/{seen['id']}")["content"])
    now = bob.get(f"/api/v1/statuses/{seen['id']}")
    assert (now["edited_at"], now["spoiler_text"]) == (edited["edited_at"], "") and [m["acct"] for m in now["mentions"]] == [carol.acct]
    settle(a, b, c)
    assert len(copies(b, post["uri"])) == 1
    assert [("before" in e["content"], "after" in e["content"]) for e in bob.get(f"/api/v1/statuses/{seen['id']}/history")] == [(True, False), (False, True)]
    assert len(told(bob, "update", alice.acct)) == 1, "who boosted it is told of the edit"
    assert len(told(carol, "mention", alice.acct)) == 1, "who is mentioned by the edit is told, and has the post"
    assert "after" in carol.get(f"/api/v1/statuses/{copy(c, post['uri'])}")["content"]


def test_a_delete_goes_where_the_post_went(towns):
    a, b, c = towns
    alice, bob, carol, dora = a.user(), b.user(), c.user(), c.user()
    follow(b, bob, alice)
    follow(c, dora, bob)
    post = alice.toot(f"{to(alice, carol)} soon gone")
    seen = at_home(b, bob, post["uri"])
    bob.post(f"/api/v1/statuses/{seen['id']}/reblog")
    c.wait_notification(carol, "mention", alice.acct)
    c.wait_until(lambda: [s for s in dora.home() if s["reblog"] and s["reblog"]["uri"] == post["uri"]])
    settle(a, b, c)
    alice.delete(f"/api/v1/statuses/{post['id']}")
    for server in (b, c):
        server.wait_until(lambda: not copies(server, post["uri"]))
    settle(a, b, c)
    bob.get(f"/api/v1/statuses/{seen['id']}", expect=404)
    assert told(carol, "mention", alice.acct) == [] and dora.home() == []
    assert bob.lookup(bob.name)["statuses_count"] == 0, "the boost is gone with the post"


def test_a_server_that_was_away_gets_everything_once(tmp_path, new_database):
    pair = Pair(tmp_path, databases=[new_database(), new_database()])
    with pair as (a, b):
        alice, bob = a.user(), b.user()
        follow(b, bob, alice)
        settle(a, b)
        b.stop()
        posts = [alice.toot(f"number {i}") for i in range(5)]
        gone = alice.toot("never seen")
        a.wait_until(lambda: a.query("SELECT count(*) FROM delivery WHERE state = 0 AND tries > 0")[0][0] > 0)
        alice.delete(f"/api/v1/statuses/{gone['id']}")
        pair.start(b)
        bob.base = b.base
        later(b, a, days=2)
        for post in posts:
            at_home(b, bob, post["uri"])
        b.wait_until(lambda: later(b, a, hours=6) or not a.unfinished())
        settle(b)
        assert [s["uri"] for s in bob.home()] == [p["uri"] for p in reversed(posts)]


# --- reactions --------------------------------------------------------------------------------------------------------------------


def test_like_and_unlike(towns):
    a, b, _ = towns
    alice, bob = a.user(), b.user()
    follow(b, bob, alice)
    post = alice.toot("like me")
    seen = at_home(b, bob, post["uri"])
    for _ in range(2):
        bob.post(f"/api/v1/statuses/{seen['id']}/favourite")
    a.wait_notification(alice, "favourite", bob.acct)
    settle(a, b)
    assert len(told(alice, "favourite", bob.acct)) == 1
    assert alice.get(f"/api/v1/statuses/{post['id']}")["favourites_count"] == 1
    assert [x["acct"] for x in alice.get(f"/api/v1/statuses/{post['id']}/favourited_by")] == [bob.acct]
    bob.post(f"/api/v1/statuses/{seen['id']}/unfavourite")
    a.wait_until(lambda: alice.get(f"/api/v1/statuses/{post['id']}")["favourites_count"] == 0)
    settle(a, b)
    assert alice.get(f"/api/v1/statuses/{post['id']}/favourited_by") == []


def test_react_and_take_back(towns):
    a, b, _ = towns
    alice, bob = a.user(), b.user()
    follow(b, bob, alice)
    post = alice.toot("react to me")
    seen = at_home(b, bob, post["uri"])
    bob.put(f"/api/v1/statuses/{seen['id']}/reactions/%F0%9F%91%8D")
    a.wait_notification(alice, "favourite", bob.acct)

    def there():
        return [(r["name"], r["count"], r["me"]) for r in alice.get(f"/api/v1/statuses/{post['id']}")["reactions"]]

    a.wait_until(lambda: there() == [("\U0001f44d", 1, False)])
    assert alice.get(f"/api/v1/statuses/{post['id']}")["favourites_count"] == 0
    assert [[x["acct"] for x in r["accounts"]] for r in alice.get(f"/api/v1/statuses/{post['id']}/reactions")] == [[bob.acct]]
    bob.delete(f"/api/v1/statuses/{seen['id']}/reactions/%F0%9F%91%8D")
    a.wait_until(lambda: there() == [])
    settle(a, b)
    assert told(alice, "favourite", bob.acct) == []


def test_boost_and_unboost(towns):
    a, b, c = towns
    alice, bob, carol = a.user(), b.user(), c.user()
    follow(b, bob, alice)
    follow(c, carol, bob)
    post, closed = alice.toot("pass it on"), alice.toot("stays here", visibility="private")
    seen, kept = at_home(b, bob, post["uri"]), at_home(b, bob, closed["uri"])
    bob.post(f"/api/v1/statuses/{kept['id']}/reblog", expect=(403, 404, 422))
    boost = bob.post(f"/api/v1/statuses/{seen['id']}/reblog")
    a.wait_notification(alice, "reblog", bob.acct)
    c.wait_until(lambda: carol.home())
    settle(a, b, c)
    assert [(s["account"]["acct"], s["reblog"]["uri"], s["reblog"]["account"]["acct"]) for s in carol.home()] == [(bob.acct, post["uri"], alice.acct)]
    assert carol.home()[0]["reblog"]["content"] == post["content"]
    assert len(told(alice, "reblog", bob.acct)) == 1 and alice.get(f"/api/v1/statuses/{post['id']}")["reblogs_count"] == 1
    assert copies(c, closed["uri"]) == []
    bob.post(f"/api/v1/statuses/{seen['id']}/unreblog")
    a.wait_until(lambda: alice.get(f"/api/v1/statuses/{post['id']}")["reblogs_count"] == 0)
    c.wait_until(lambda: carol.home() == [])
    settle(a, b, c)
    assert copies(c, boost["uri"]) == [] and len(copies(c, post["uri"])) == 1


# --- people -----------------------------------------------------------------------------------------------------------------------


def test_a_block_cuts_both_ways(towns):
    a, b, _ = towns
    alice, bob = a.user(), b.user()
    there = follow(b, bob, alice)
    back = follow(a, alice, bob)
    before = alice.toot("before the block")
    seen = at_home(b, bob, before["uri"])
    assert alice.post(f"/api/v1/accounts/{back}/block")["blocking"]
    b.wait_until(lambda: not relation(bob, there)["following"])
    settle(a, b)
    assert not relation(alice, back)["following"] and not relation(alice, back)["followed_by"]
    assert alice.get(f"/api/v1/accounts/{alice.id}/followers") == []
    after = alice.toot("after the block")
    bob.toot(f"@{alice.acct} hello?")
    bob.post(f"/api/v1/statuses/{seen['id']}/favourite", expect=(200, 403, 404))
    bob.follow(there) if relation(bob, there)["blocked_by"] is False else None
    settle(a, b)
    assert copies(b, after["uri"]) == []
    assert not told(alice, "mention", bob.acct) and not told(alice, "favourite", bob.acct)
    assert not relation(alice, back)["followed_by"] and not relation(bob, there)["following"]

    alice.post(f"/api/v1/accounts/{back}/unblock")
    settle(a, b)
    bob.follow(there)
    b.wait_until(lambda: relation(bob, there)["following"])


def test_a_changed_profile_with_its_picture(towns):
    a, b, _ = towns
    alice, bob = a.user(), b.user()
    there = follow(b, bob, alice)
    before = bob.get(f"/api/v1/accounts/{there}")
    alice.patch("/api/v1/accounts/update_credentials", data={
        "display_name": "Alice of the hills", "note": "I walk.", "bot": "true", "fields_attributes[0][name]": "home", "fields_attributes[0][value]": "a hut"},
        files={"avatar": ("a.png", png(400, 400), "image/png"), "header": ("h.png", png(900, 300, (9, 9, 90)), "image/png")})
    later(*towns, minutes=1)  # changes are gathered for some seconds
    b.wait_until(lambda: bob.get(f"/api/v1/accounts/{there}")["display_name"] == "Alice of the hills")
    settle(a, b)
    now = bob.get(f"/api/v1/accounts/{there}")
    assert "I walk." in now["note"] and now["bot"] and [(f["name"], f["value"]) for f in now["fields"]] == [("home", "a hut")]
    for picture in ("avatar", "header"):
        assert now[picture] != before[picture] and now[picture].startswith(b.url + "/"), now[picture]
        r = bob.http.get(b.base + now[picture].removeprefix(b.url))
        assert r.status_code == 200 and r.headers["Content-Type"].startswith("image/")
    assert relation(bob, there)["following"]


def test_a_deleted_account_is_gone_everywhere(towns):
    a, b, c = towns
    alice, bob, carol = a.user(), b.user(), c.user()
    there = follow(b, bob, alice)
    back = follow(a, alice, bob)
    post = alice.toot(f"{to(alice, carol)} a last word")
    at_home(b, bob, post["uri"])
    c.wait_notification(carol, "mention", alice.acct)
    settle(a, b, c)
    assert back and bob.lookup(bob.name)["followers_count"] == 1
    a.cli("user", "delete", alice.name, "--yes")
    b.wait_until(lambda: not copies(b, post["uri"]))
    c.wait_until(lambda: not copies(c, post["uri"]))
    a.wait_until(lambda: later(b, c, a, hours=1) or not a.unfinished())  # what is left of it stays until everybody has been told
    settle(a, b, c)
    assert bob.home() == [] and told(carol, "mention", alice.acct) == []
    assert bob.get(f"/api/v1/accounts/{bob.id}/following") == [] and bob.get(f"/api/v1/accounts/{bob.id}/followers") == []
    assert bob.lookup(bob.name)["followers_count"] == 0
    assert bob.get(f"/api/v1/accounts/{there}", expect=(200, 404, 410)) is not None and bob.last.status_code != 200 or bob.last.json()["suspended"]
    a.api().get(f"/api/v1/accounts/{alice.id}", expect=(404, 410))
    assert b.api().get("/api/v2/search", q=alice.acct)["accounts"] == []

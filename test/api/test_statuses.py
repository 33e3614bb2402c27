"""A post from its beginning to its end."""
import uuid

import pytest


def test_post_and_read(alice, anon):
    post = alice.toot("Hello world")
    assert post["content"] == "<p>Hello world</p>"
    assert post["visibility"] == "public" and post["sensitive"] is False
    assert post["account"]["id"] == alice.id
    assert (post["replies_count"], post["reblogs_count"], post["favourites_count"]) == (0, 0, 0)
    seen = anon.get(f"/api/v1/statuses/{post['id']}")
    assert seen["content"] == post["content"] and seen["uri"] == post["uri"]
    assert "favourited" not in seen or seen["favourited"] is False


def test_form_bodies_are_taken_too(alice):
    post = alice.request("POST", "/api/v1/statuses", data={"status": "from a form", "visibility": "unlisted", "sensitive": "true",
                                                           "spoiler_text": "careful", "language": "fr"})
    assert (post["visibility"], post["sensitive"], post["spoiler_text"], post["language"]) == ("unlisted", True, "careful", "fr")


def test_text_is_escaped_and_linked(alice, bob, server):
    post = alice.toot(f"<b>&amp; @{bob.name} #Tag https://example.com/a?b=1&c=2")
    assert "<b>" not in post["content"] and "&lt;b&gt;" in post["content"]
    assert [m["id"] for m in post["mentions"]] == [bob.id]
    assert [t["name"].lower() for t in post["tags"]] == ["tag"]
    assert 'href="https://example.com/a?b=1&amp;c=2"' in post["content"]


@pytest.mark.parametrize("body", [
    {}, {"status": ""}, {"status": "   "}, {"status": "x", "visibility": "secret"}, {"status": "x", "in_reply_to_id": "1"},
    {"status": "x" * 100_000}, {"status": "x", "media_ids": ["1"]}, {"status": "x", "poll": {"options": ["only one"], "expires_in": 600}},
])
def test_posts_that_are_refused(alice, body):
    before = alice.get(f"/api/v1/accounts/{alice.id}/statuses")
    error = alice.post("/api/v1/statuses", body, expect=(404, 422))
    assert error["error"]
    assert alice.get(f"/api/v1/accounts/{alice.id}/statuses") == before == []


def test_idempotency_key_posts_once(alice):
    key = {"Idempotency-Key": str(uuid.uuid4())}
    first = alice.post("/api/v1/statuses", {"status": "once"}, headers=key)
    again = alice.post("/api/v1/statuses", {"status": "once"}, headers=key)
    assert first["id"] == again["id"]
    assert len(alice.get(f"/api/v1/accounts/{alice.id}/statuses")) == 1


def test_replies_make_a_thread(alice, bob):
    root = alice.toot("root")
    reply = bob.toot(f"@{alice.name} reply", in_reply_to_id=root["id"])
    assert (reply["in_reply_to_id"], reply["in_reply_to_account_id"]) == (root["id"], alice.id)
    thread = alice.get(f"/api/v1/statuses/{root['id']}/context")
    assert [s["id"] for s in thread["descendants"]] == [reply["id"]] and thread["ancestors"] == []
    thread = alice.get(f"/api/v1/statuses/{reply['id']}/context")
    assert [s["id"] for s in thread["ancestors"]] == [root["id"]]
    assert alice.get(f"/api/v1/statuses/{root['id']}")["replies_count"] == 1


@pytest.mark.parametrize("visibility, stranger, follower, mentioned", [
    ("public", 200, 200, 200), ("unlisted", 200, 200, 200), ("private", 404, 200, 200), ("direct", 404, 404, 200),
])
def test_who_sees_what(alice, bob, carol, anon, visibility, stranger, follower, mentioned):
    bob.follow(alice)
    post = alice.toot(f"for @{carol.name}", visibility=visibility)
    path = f"/api/v1/statuses/{post['id']}"
    anon.get(path, expect=stranger)
    bob.get(path, expect=follower)
    carol.get(path, expect=mentioned)
    alice.get(path)


def test_favourite_boost_bookmark_pin_and_back(alice, bob):
    post = alice.toot("like me")
    path = f"/api/v1/statuses/{post['id']}"
    for verb, undo, flag, count in [("favourite", "unfavourite", "favourited", "favourites_count"),
                                    ("reblog", "unreblog", "reblogged", "reblogs_count"),
                                    ("bookmark", "unbookmark", "bookmarked", None)]:
        done = bob.post(f"{path}/{verb}")
        done = done["reblog"] or done
        assert done[flag] is True, verb
        if count:
            assert alice.get(path)[count] == 1, verb
        bob.post(f"{path}/{verb}")  # twice is once
        if count:
            assert alice.get(path)[count] == 1, verb
        assert bob.post(f"{path}/{undo}")[flag] is False, undo
        if count:
            assert alice.get(path)[count] == 0, undo
    assert alice.post(f"{path}/pin")["pinned"] is True
    assert [s["id"] for s in bob.get(f"/api/v1/accounts/{alice.id}/statuses", pinned=True)] == [post["id"]]
    bob.post(f"{path}/pin", expect=422)


def test_edit_keeps_history(alice):
    post = alice.toot("first")
    path = f"/api/v1/statuses/{post['id']}"
    edited = alice.put(path, {"status": "second"})
    assert edited["content"] == "<p>second</p>" and edited["edited_at"]
    assert [h["content"] for h in alice.get(f"{path}/history")] == ["<p>first</p>", "<p>second</p>"]
    assert alice.get(f"{path}/source")["text"] == "second"


def test_only_the_author_edits_and_deletes(alice, bob):
    path = f"/api/v1/statuses/{alice.toot('mine')['id']}"
    bob.put(path, {"status": "yours"}, expect=(403, 404))
    bob.delete(path, expect=(403, 404))
    assert alice.get(path)["content"] == "<p>mine</p>"


def test_delete_gives_back_the_source_and_is_final(alice, bob, anon):
    post = alice.toot("gone soon #x")
    bob.post(f"/api/v1/statuses/{post['id']}/reblog")
    path = f"/api/v1/statuses/{post['id']}"
    assert alice.delete(path)["text"] == "gone soon #x"
    for api in (alice, bob, anon):
        api.get(path, expect=404)
    assert bob.get(f"/api/v1/accounts/{bob.id}/statuses") == []
    alice.delete(path, expect=404)


def test_pages_link_to_each_other(alice):
    made = [alice.toot(f"post {i}")["id"] for i in range(7)]
    path = f"/api/v1/accounts/{alice.id}/statuses"
    assert [s["id"] for s in alice.get(path, limit=3)] == made[:-4:-1]
    assert [s["id"] for s in alice.pages(path, limit=3)] == made[::-1]
    assert [s["id"] for s in alice.get(path, limit=2, min_id=made[0])] == [made[2], made[1]]
    assert [s["id"] for s in alice.get(path, limit=2, since_id=made[0])] == [made[6], made[5]]

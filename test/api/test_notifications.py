"""Who is told what, once, and how the list is read."""
import secrets


def kinds(api, **kw):
    return [n["type"] for n in api.notifications(**kw)]


def of(api, other):
    return [n for n in api.notifications() if n["account"]["id"] == other.id]


def test_every_kind(alice, bob, server):
    post = alice.toot("hello")
    bob.follow(alice)
    bob.post(f"/api/v1/statuses/{post['id']}/favourite")
    bob.post(f"/api/v1/statuses/{post['id']}/reblog")
    mention = bob.toot(f"@{alice.name} hi")
    server.wait_notification(alice, "mention", bob.name)
    seen = {n["type"]: n for n in alice.notifications()}
    assert set(seen) == {"follow", "favourite", "reblog", "mention"}
    assert seen["favourite"]["status"]["id"] == seen["reblog"]["status"]["id"] == post["id"]
    assert seen["mention"]["status"]["id"] == mention["id"]
    assert all(n["account"]["id"] == bob.id and n["filtered"] is False for n in seen.values())
    assert "status" not in seen["follow"]
    assert bob.notifications() == []


def test_undone_causes_take_theirs_along(alice, bob, server):
    post = alice.toot("hello")["id"]
    for do, undo in (("favourite", "unfavourite"), ("reblog", "unreblog")):
        bob.post(f"/api/v1/statuses/{post}/{do}")
        server.wait_until(lambda: len(of(alice, bob)) == 1)
        bob.post(f"/api/v1/statuses/{post}/{undo}")
        assert of(alice, bob) == []
    bob.follow(alice)
    assert kinds(alice) == ["follow"]
    bob.post(f"/api/v1/accounts/{alice.id}/unfollow")
    assert alice.notifications() == []
    mention = bob.toot(f"@{alice.name} hi")["id"]
    server.wait_notification(alice, "mention", bob.name)
    bob.delete(f"/api/v1/statuses/{mention}")
    assert alice.notifications() == []


def test_repeating_a_cause_tells_once(alice, bob):
    post = alice.toot("hello")["id"]
    for _ in range(3):
        bob.post(f"/api/v1/statuses/{post}/favourite")
        bob.follow(alice)
    assert sorted(kinds(alice)) == ["favourite", "follow"]


def test_edits_tell_new_mentions_and_boosters(alice, bob, carol, server):
    post = alice.toot(f"hello @{bob.name}")["id"]
    server.wait_notification(bob, "mention", alice.name)
    carol.post(f"/api/v1/statuses/{post}/reblog")
    for text in (f"hello @{bob.name} and @{carol.name}", f"hello again @{bob.name} and @{carol.name}"):
        alice.put(f"/api/v1/statuses/{post}", {"status": text})
        server.wait_notification(carol, "update", alice.name)
    server.wait_notification(carol, "mention", alice.name)
    assert kinds(bob) == ["mention"]
    assert sorted(kinds(carol)) == ["mention", "update"]


def test_a_post_asked_for_twice_is_there_once(alice, bob):
    post = alice.toot(f"hello @{bob.name}")
    assert alice.get("/api/v1/statuses", id=[post["id"]] * 3) == [alice.get(f"/api/v1/statuses/{post['id']}")]


def test_bells_ring_for_posts(alice, bob, carol, server):
    alice.post(f"/api/v1/accounts/{bob.id}/follow", {"notify": True})
    carol.follow(bob)
    other = carol.toot("something")["id"]
    bob.post(f"/api/v1/statuses/{other}/reblog")
    bob.toot("a reply", in_reply_to_id=other)
    post = bob.toot("news")["id"]
    got = server.wait_notification(alice, "status", bob.name)
    assert got["status"]["id"] == post
    assert kinds(alice) == ["status"]
    assert "status" not in kinds(carol)


def test_nobody_is_told_across_a_block_or_mute(alice, bob, carol, server):
    post = alice.toot("hello")["id"]
    alice.post(f"/api/v1/accounts/{bob.id}/mute")
    bob.post(f"/api/v1/statuses/{post}/favourite")
    bob.toot(f"@{alice.name} psst")
    alice.post(f"/api/v1/accounts/{carol.id}/block")
    carol.toot(f"@{alice.name} psst")
    witness = server.user()
    bob.toot(f"@{witness.name} afterwards")
    server.wait_notification(witness, "mention", bob.name)
    assert alice.notifications() == []


def test_muted_conversations_are_silent(alice, bob, server):
    post = alice.toot("hello")["id"]
    first = bob.toot(f"@{alice.name} one", in_reply_to_id=post)["id"]
    server.wait_notification(alice, "mention", bob.name)
    alice.post(f"/api/v1/statuses/{post}/mute")
    bob.toot(f"@{alice.name} two", in_reply_to_id=first)
    witness = server.user()
    bob.toot(f"@{witness.name} afterwards")
    server.wait_notification(witness, "mention", bob.name)
    assert [n["status"]["id"] for n in alice.notifications()] == [first]


def test_reading_the_list(alice, server):
    people = [server.user() for _ in range(5)]
    for p in people:
        p.follow(alice)
    people[0].toot(f"@{alice.name} hi")
    server.wait_notification(alice, "mention", people[0].name)
    everything = [n["id"] for n in alice.notifications()]
    assert len(everything) == 6
    assert [n["id"] for n in alice.pages("/api/v1/notifications", limit=2)] == everything
    assert kinds(alice, types=["mention"]) == ["mention"]
    assert kinds(alice, exclude_types=["mention"]) == ["follow"] * 5
    assert kinds(alice, types=["mention", "follow"], exclude_types=["follow"]) == ["mention"]
    assert kinds(alice, types=["of_tomorrow"]) == []
    assert [n["account"]["id"] for n in alice.notifications(account_id=people[1].id)] == [people[1].id]
    assert [n["id"] for n in alice.notifications(min_id=everything[5], limit=2)] == everything[3:5]
    assert [n["id"] for n in alice.notifications(since_id=everything[3])] == everything[:3]
    assert "min_id=" in alice.last.links["prev"]["url"]
    assert alice.get("/api/v1/notifications/unread_count") == {"count": 6}
    assert alice.get("/api/v1/notifications/unread_count", limit=4) == {"count": 4}
    alice.post("/api/v1/markers", {"notifications": {"last_read_id": everything[2]}})
    assert alice.get("/api/v1/notifications/unread_count") == {"count": 2}


def test_one_dismissed_all_cleared(alice, bob, carol):
    bob.follow(alice), carol.follow(alice)
    first, second = alice.notifications()
    assert alice.get(f"/api/v1/notifications/{first['id']}") == first
    bob.get(f"/api/v1/notifications/{first['id']}", expect=404)
    bob.post(f"/api/v1/notifications/{first['id']}/dismiss", expect=404)
    assert alice.post(f"/api/v1/notifications/{first['id']}/dismiss") == {}
    alice.get(f"/api/v1/notifications/{first['id']}", expect=404)
    alice.post(f"/api/v1/notifications/{first['id']}/dismiss", expect=404)
    assert [n["id"] for n in alice.notifications()] == [second["id"]]
    assert alice.post("/api/v1/notifications/clear") == {}
    assert alice.notifications() == [] and alice.get("/api/v1/notifications/unread_count") == {"count": 0}


def test_pages_are_full_although_some_are_hidden(alice, bob, server):
    fans = [server.user(secrets.token_hex(6)) for _ in range(3)]
    fans[0].follow(alice)
    for _ in range(6):
        bob.toot(f"@{alice.name} soon hidden")
    server.wait_until(lambda: len(alice.notifications()) == 7)
    fans[1].follow(alice), fans[2].follow(alice)
    bob.post(f"/api/v1/accounts/{alice.id}/block")
    assert [n["account"]["id"] for n in alice.notifications(limit=3)] == [f.id for f in fans[::-1]]

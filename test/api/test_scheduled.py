"""Posts with a date: kept, moved, published once, and what happens when they cannot be."""
import datetime
import uuid

import pytest

PATH = "/api/v1/scheduled_statuses"


def at(**ahead):
    return (datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(**ahead)).strftime("%Y-%m-%dT%H:%M:%S.000Z")


def plan(api, text="later", when=None, expect=200, headers=None, **kw):
    return api.post("/api/v1/statuses", {"status": text, "scheduled_at": when or at(hours=1)} | kw, expect=expect, headers=headers)


def texts(api, of=None):
    return [s["content"] for s in api.get(f"/api/v1/accounts/{(of or api).id}/statuses")]


@pytest.fixture
def later(own_server):
    """A server whose clock the test moves, and a person on it."""
    server = own_server()
    return server, server.user()


def upload(api):
    from pictures import png
    return api.request("POST", "/api/v2/media", expect=(200, 202), files={"file": ("a.png", png(), "image/png")})["id"]


def test_what_is_planned_is_kept_and_not_published(alice, bob, anon):
    media = upload(alice)
    when = at(days=2)
    row = plan(alice, "see you", when, visibility="unlisted", spoiler_text="cw", language="de", media_ids=[media])
    assert row["scheduled_at"] == when and [m["id"] for m in row["media_attachments"]] == [media]
    params = row["params"]
    assert (params["text"], params["visibility"], params["spoiler_text"], params["language"], params["media_ids"]) == \
        ("see you", "unlisted", "cw", "de", [media])
    assert (params["sensitive"], params["poll"], params["in_reply_to_id"], params["scheduled_at"]) == (True, None, None, None)
    assert row["failed_at"] is None and row["error"] is None and row["thread"] == []
    assert texts(alice) == []
    assert alice.get(PATH) == [row] and alice.get(f"{PATH}/{row['id']}") == row
    assert bob.get(PATH) == []
    bob.get(f"{PATH}/{row['id']}", expect=404)
    bob.put(f"{PATH}/{row['id']}", {"scheduled_at": at(days=3)}, expect=404)
    bob.delete(f"{PATH}/{row['id']}", expect=404)
    for method in ("GET", "PUT", "DELETE"):
        anon.request(method, f"{PATH}/{row['id']}", expect=401)
    alice.get(PATH + "/1", expect=404)


def test_the_file_is_bound_until_the_row_goes(alice):
    media = upload(alice)
    row = plan(alice, media_ids=[media])
    assert "used" in alice.delete(f"/api/v1/media/{media}", expect=422)["error"]
    alice.post("/api/v1/statuses", {"status": "x", "media_ids": [media]}, expect=422)
    plan(alice, media_ids=[media], expect=422)
    alice.delete(f"{PATH}/{row['id']}")
    alice.get(f"{PATH}/{row['id']}", expect=404)
    post = alice.post("/api/v1/statuses", {"status": "x", "media_ids": [media]})
    assert [m["id"] for m in post["media_attachments"]] == [media]


@pytest.mark.parametrize("body", [
    {"scheduled_at": "soon"}, {"scheduled_at": 17}, {"scheduled_at": 4}, {"status": ""}, {"status": "x" * 501}, {"in_reply_to_id": "1"},
    {"poll": {"options": ["a"], "expires_in": 300}}, {"media_ids": ["1"]}, {"visibility": "secret"},
])
def test_what_cannot_be_posted_cannot_be_planned(alice, body):
    if body.get("scheduled_at") == 4:  # minutes from when the test runs
        body = {"scheduled_at": at(minutes=4)}
    error = alice.post("/api/v1/statuses", {"status": "x", "scheduled_at": at(hours=1)} | body, expect=(404, 422))
    assert error["error"] and alice.get(PATH) == [] and texts(alice) == []


def test_a_date_in_the_past_is_now(alice):
    post = alice.post("/api/v1/statuses", {"status": "late", "scheduled_at": at(minutes=-1)})
    assert post["content"] == "<p>late</p>"


def test_it_can_be_moved_but_not_to_the_past(alice):
    row = plan(alice)
    when = at(days=5)
    assert alice.put(f"{PATH}/{row['id']}", {"scheduled_at": when})["scheduled_at"] == when
    for bad in (at(minutes=-1), at(minutes=4), "soon", ""):
        alice.put(f"{PATH}/{row['id']}", {"scheduled_at": bad}, expect=422)
    assert alice.get(f"{PATH}/{row['id']}")["scheduled_at"] == when


def test_no_more_than_25_on_one_day(alice):
    day = at(days=30)
    rows = [plan(alice, f"n{i}", day) for i in range(25)]
    assert "exceeded" in plan(alice, "one more", day, expect=422)["error"]
    other = plan(alice, "elsewhen", at(days=32))
    alice.put(f"{PATH}/{other['id']}", {"scheduled_at": day}, expect=422)
    alice.put(f"{PATH}/{rows[0]['id']}", {"scheduled_at": day})
    pages = list(alice.pages(PATH, limit=10))
    assert [r["params"]["text"] for r in pages] == ["elsewhen"] + [f"n{i}" for i in reversed(range(25))]


def test_a_key_plans_once(alice):
    key = {"Idempotency-Key": str(uuid.uuid4())}
    first, again = plan(alice, headers=key), plan(alice, headers=key)
    assert first["id"] == again["id"] and len(alice.get(PATH)) == 1 and first["params"]["idempotency"] == key["Idempotency-Key"]


def test_it_is_published_at_its_time_with_all_it_has(later):
    server, alice = later
    bob = server.user()
    bob.follow(alice)
    media, parent = upload(alice), bob.toot("parent")
    row = plan(alice, f"hello @{bob.name} #tag", at(minutes=10), media_ids=[media], in_reply_to_id=parent["id"], visibility="private",
               poll={"options": ["a", "b"], "expires_in": 600})
    server.shift_clock(minutes=9)
    assert texts(alice) == [] and len(alice.get(PATH)) == 1
    server.shift_clock(minutes=1, seconds=1)
    told = server.wait_notification(bob, "mention", alice.name)
    post = told["status"]
    assert post["visibility"] == "private" and post["in_reply_to_id"] == parent["id"] and [m["id"] for m in post["media_attachments"]] == [media]
    assert post["created_at"] >= row["scheduled_at"] and [o["title"] for o in post["poll"]["options"]] == ["a", "b"]
    assert [t["name"] for t in post["tags"]] == ["tag"] and alice.get(PATH) == []
    alice.get(f"{PATH}/{row['id']}", expect=404)


def test_it_is_published_once_whatever_happens(later):
    server, alice = later
    key = {"Idempotency-Key": str(uuid.uuid4())}
    plan(alice, "once", at(minutes=10), headers=key)
    deleted = plan(alice, "never", at(minutes=10))
    alice.delete(f"{PATH}/{deleted['id']}")
    server.kill()  # a power cut before its time
    server.start()
    alice.base = server.base
    server.shift_clock(minutes=11)
    server.wait_until(lambda: texts(alice))
    server.kill()
    server.start()
    alice.base = server.base
    server.shift_clock(minutes=12)
    server.wait_until(lambda: not server.unfinished())
    assert texts(alice) == ["<p>once</p>"]
    again = plan(alice, "once", at(minutes=30), headers=key)
    assert again["content"] == "<p>once</p>" and alice.get(PATH) == [], "the key still means the post"


def test_a_failure_is_shown_and_can_be_repaired(later):
    server, alice = later
    bob = server.user()
    parent = bob.toot("parent")
    row = plan(alice, "reply", at(minutes=10), in_reply_to_id=parent["id"])
    bob.delete(f"/api/v1/statuses/{parent['id']}")
    server.shift_clock(minutes=11)
    failed = server.wait_until(lambda: [r for r in alice.get(PATH) if r["failed_at"]])[0]
    assert failed["id"] == row["id"] and "reply" in failed["error"] and texts(alice) == []
    moved = alice.put(f"{PATH}/{row['id']}", {"scheduled_at": at(minutes=30)})
    assert moved["failed_at"] is None and moved["error"] is None
    alice.delete(f"{PATH}/{row['id']}")
    assert alice.get(PATH) == []


def test_a_suspended_author_publishes_nothing(later):
    server, alice = later
    plan(alice, "no", at(minutes=10))
    server.cli("user", "suspend", alice.name)
    server.shift_clock(minutes=11)
    server.wait_log("scheduled.failed")
    assert server.query("SELECT count(*) FROM status") == [(0,)]


def test_unbound_files_go_and_bound_ones_stay(later):
    server, alice = later
    bound, loose = upload(alice), upload(alice)
    plan(alice, "with a file", at(days=3), media_ids=[bound])
    server.shift_clock(days=2)
    server.wait_until(lambda: server.query("SELECT count(*) FROM media WHERE id = ?", int(loose)) == [(0,)])
    server.shift_clock(days=1, minutes=1)
    server.wait_until(lambda: texts(alice))
    post = alice.get(f"/api/v1/accounts/{alice.id}/statuses")[0]
    assert [m["id"] for m in post["media_attachments"]] == [bound]

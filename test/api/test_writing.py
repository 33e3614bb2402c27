"""Writing beyond one post: threads, drafts, posts that end by themselves, posts for this server alone, where a post went."""
import datetime
import uuid

import pytest

DRAFTS = "/api/v1/drafts"


def at(**ahead):
    return (datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(**ahead)).strftime("%Y-%m-%dT%H:%M:%S.000Z")


def upload(api):
    from pictures import png
    return api.request("POST", "/api/v2/media", expect=(200, 202), files={"file": ("a.png", png(), "image/png")})["id"]


def posts_of(api):
    return api.get(f"/api/v1/accounts/{api.id}/statuses")


# ---- the look of a text --------------------------------------------------------------------------------------------------


def test_a_preview_is_what_the_post_will_be_and_keeps_nothing(alice, bob, anon):
    before = len(posts_of(alice))
    for body in [{"status": f"**bold** @{bob.name} #tag <script>"}, {"status": f"**bold** @{bob.name} `code`", "content_type": "text/markdown"}]:
        shown = alice.post("/api/v1/statuses/preview", body | {"spoiler_text": "cw"})
        assert shown["content"] == alice.post("/api/v1/statuses", body | {"visibility": "unlisted"})["content"]
        assert shown["characters"] == len(body["status"]) + 2
    assert len(posts_of(alice)) == before + 2
    assert alice.post("/api/v1/statuses/preview", {"status": ""}) == {"content": "", "characters": 0}
    alice.post("/api/v1/statuses/preview", {"status": "x", "content_type": "text/html"}, expect=422)
    alice.post("/api/v1/statuses/preview", {"status": "x" * 70000}, expect=422)
    anon.post("/api/v1/statuses/preview", {"status": "x"}, expect=401)


# ---- threads -----------------------------------------------------------------------------------------------------------


def thread(api, *posts, expect=200, headers=None, **kw):
    body = {"posts": [p if isinstance(p, dict) else {"status": p} for p in posts]} | kw
    return api.post("/api/v1/statuses/thread", body, expect=expect, headers=headers)


def test_a_thread_is_posted_at_once(alice, bob):
    root, media = bob.toot("root"), upload(alice)
    made = thread(alice, {"status": "one", "in_reply_to_id": root["id"], "visibility": "unlisted"},
                  {"status": "two", "media_ids": [media], "visibility": "unlisted"},
                  {"status": "three", "poll": {"options": ["a", "b"], "expires_in": 300}, "spoiler_text": "cw"})
    assert [s["content"] for s in made] == ["<p>one</p>", "<p>two</p>", "<p>three</p>"]
    assert [s["in_reply_to_id"] for s in made] == [root["id"], made[0]["id"], made[1]["id"]]
    assert [s["in_reply_to_account_id"] for s in made] == [bob.id, alice.id, alice.id]
    assert [m["id"] for m in made[1]["media_attachments"]] == [media] and made[2]["poll"] and made[2]["spoiler_text"] == "cw"
    below = bob.get(f"/api/v1/statuses/{root['id']}/context")["descendants"]
    assert [s["id"] for s in below] == [s["id"] for s in made]
    assert made[0]["id"] < made[1]["id"] < made[2]["id"]


@pytest.mark.parametrize("bad", [
    {"status": ""}, {"status": "x" * 501}, {"status": "x", "media_ids": ["1"]}, {"status": "x", "poll": {"options": ["a"], "expires_in": 300}},
    {"status": "x", "visibility": "secret"}, "text", 7,
])
def test_a_thread_is_posted_whole_or_not_at_all(alice, bad):
    alice.post("/api/v1/statuses/thread", {"posts": [{"status": "good"}, bad]}, expect=422)
    assert posts_of(alice) == []


@pytest.mark.parametrize("body", [{}, {"posts": []}, {"posts": "x"}, {"posts": [{"status": "x"}] * 26}, {"status": "x"}])
def test_a_thread_has_one_to_25_posts(alice, body):
    alice.post("/api/v1/statuses/thread", body, expect=422)
    assert posts_of(alice) == []


def test_one_file_stands_in_one_post(alice):
    media = upload(alice)
    thread(alice, {"status": "a", "media_ids": [media]}, {"status": "b", "media_ids": [media]}, expect=422)
    assert posts_of(alice) == [] and alice.get(f"/api/v1/media/{media}")["id"] == media


def test_a_key_posts_a_thread_once(alice):
    key = {"Idempotency-Key": str(uuid.uuid4())}
    first, again = thread(alice, "one", "two", headers=key), thread(alice, "one", "two", headers=key)
    assert [s["id"] for s in first] == [s["id"] for s in again] and len(posts_of(alice)) == 2


def test_a_thread_can_have_a_date(own_server):
    server = own_server()
    alice = server.user()
    row = thread(alice, "one", {"status": "two", "visibility": "unlisted"}, scheduled_at=at(minutes=10))
    assert row["params"]["text"] == "one" and [t["text"] for t in row["thread"]] == ["two"]
    server.shift_clock(minutes=11)
    server.wait_until(lambda: len(posts_of(alice)) == 2)
    two, one = posts_of(alice)
    assert two["in_reply_to_id"] == one["id"] and one["content"] == "<p>one</p>" and two["visibility"] == "unlisted"


# ---- drafts ------------------------------------------------------------------------------------------------------------


def test_drafts_are_kept_as_they_are(alice, bob, anon):
    media = upload(alice)
    draft = alice.post(DRAFTS, {"posts": [{"status": "x" * 900, "visibility": "private", "media_ids": [media]}, {"status": "", "spoiler_text": "cw"}]})
    assert draft["version"] == 1 and [p["text"] for p in draft["posts"]] == ["x" * 900, ""]
    assert [p["visibility"] for p in draft["posts"]] == ["private", None] and [m["id"] for m in draft["media_attachments"]] == [media]
    path = f"{DRAFTS}/{draft['id']}"
    assert alice.get(path) == draft and alice.get(DRAFTS) == [draft] and bob.get(DRAFTS) == []
    for method in ("GET", "DELETE"):
        bob.request(method, path, expect=404)
        anon.request(method, path, expect=401)
    alice.get(f"/api/v1/scheduled_statuses/{draft['id']}", expect=404)
    changed = alice.put(path, {"version": 1, "posts": [{"status": "short"}]})
    assert changed["version"] == 2 and changed["media_attachments"] == [] and changed["updated_at"] >= draft["updated_at"]
    assert "changed" in alice.put(path, {"version": 1, "posts": [{"status": "old"}]}, expect=409)["error"]
    alice.put(path, {"posts": [{"status": "no version"}]}, expect=422)
    assert alice.get(path)["posts"][0]["text"] == "short"
    alice.post("/api/v1/statuses", {"status": "the file is free", "media_ids": [media]})
    alice.delete(path)
    alice.get(path, expect=404)


def test_publishing_a_draft_takes_it_away(alice):
    media = upload(alice)
    draft = alice.post(DRAFTS, {"posts": [{"status": "one", "media_ids": [media]}, {"status": "two"}]})
    path = f"{DRAFTS}/{draft['id']}"
    alice.post(path + "/publish", {"version": 7}, expect=409)
    made = alice.post(path + "/publish", {"version": 1})
    assert [s["content"] for s in made] == ["<p>one</p>", "<p>two</p>"] and made[1]["in_reply_to_id"] == made[0]["id"]
    assert [m["id"] for m in made[0]["media_attachments"]] == [media]
    alice.get(path, expect=404)
    alice.post(path + "/publish", expect=404)
    assert len(posts_of(alice)) == 2


def test_a_draft_that_is_not_ready_stays(alice):
    draft = alice.post(DRAFTS, {"posts": [{"status": "one"}, {"status": "x" * 501}]})
    assert "limit" in alice.post(f"{DRAFTS}/{draft['id']}/publish", expect=422)["error"]
    assert posts_of(alice) == [] and alice.get(f"{DRAFTS}/{draft['id']}") == draft


def test_a_draft_becomes_a_scheduled_post(alice):
    draft = alice.post(DRAFTS, {"posts": [{"status": "one"}]})
    when = at(days=1)
    row = alice.post(f"{DRAFTS}/{draft['id']}/publish", {"scheduled_at": when})
    assert row["id"] == draft["id"] and row["scheduled_at"] == when
    alice.get(f"{DRAFTS}/{draft['id']}", expect=404)
    assert alice.get("/api/v1/scheduled_statuses")[0]["id"] == draft["id"] and alice.get(DRAFTS) == []


def test_drafts_are_bounded_and_paged(alice):
    made = [alice.post(DRAFTS, {"posts": [{"status": f"d{i}"}]})["id"] for i in range(100)]
    assert "maximum" in alice.post(DRAFTS, {"posts": [{"status": "one more"}]}, expect=422)["error"]
    assert [d["id"] for d in alice.pages(DRAFTS, limit=40)] == made[::-1]
    alice.delete(f"{DRAFTS}/{made[0]}")
    alice.post(DRAFTS, {"posts": [{"status": "fits again"}]})
    alice.post(DRAFTS, {"posts": [{"status": "x" * 60000}] * 2}, expect=422)


# ---- posts that end ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("body", [{"expires_in": 299}, {"expires_in": "soon"}, {"expires_at": at(minutes=1)}, {"expires_at": "x"},
                                  {"expires_in": 10 ** 12}, {"expires_at": at(days=3000)}])
def test_lives_that_are_too_short_or_too_long(alice, body):
    alice.post("/api/v1/statuses", {"status": "x"} | body, expect=422)


def test_a_post_deletes_itself(own_server):
    server = own_server()
    alice, bob = server.user(), server.user()
    short, longer = alice.toot("short", expires_in=600), alice.toot("longer", expires_at=at(minutes=20))
    kept, moved = alice.toot("kept"), alice.toot("kept too", expires_in=600)
    assert short["expires_at"] and longer["expires_at"] == alice.get(f"/api/v1/statuses/{longer['id']}")["expires_at"]
    assert "expires_at" not in kept
    assert "expires_at" not in alice.put(f"/api/v1/statuses/{moved['id']}", {"status": "kept too", "expires_in": None})
    alice.put(f"/api/v1/statuses/{longer['id']}", {"status": "longer yet"})
    bob.post(f"/api/v1/statuses/{short['id']}/reblog")
    server.shift_clock(minutes=11)
    server.wait_until(lambda: bob.get(f"/api/v1/statuses/{short['id']}", expect=None).get("error"))
    assert [s["id"] for s in posts_of(alice)] == [moved["id"], kept["id"], longer["id"]] and posts_of(bob) == []
    server.shift_clock(minutes=10)
    server.wait_until(lambda: len(posts_of(alice)) == 2)


# ---- posts for this server alone ---------------------------------------------------------------------------------------


def test_local_posts_are_for_those_who_are_logged_in(alice, bob, anon):
    bob.follow(alice)
    post = alice.toot("between us #neighbours", local_only=True)
    path = f"/api/v1/statuses/{post['id']}"
    assert post["local_only"] is True and post["visibility"] == "public" and alice.toot("everybody")["local_only"] is False
    assert bob.get(path)["local_only"] is True and bob.home()[1]["id"] == post["id"]
    anon.get(path, expect=404)
    anon.get(path + "/context", expect=404)
    for timeline in ("public?local=true", "tag/neighbours", "public"):
        assert post["id"] in [s["id"] for s in bob.get(f"/api/v1/timelines/{timeline}")]
        assert post["id"] not in [s["id"] for s in anon.get(f"/api/v1/timelines/{timeline}")]
    assert post["id"] not in [s["id"] for s in anon.get(f"/api/v1/accounts/{alice.id}/statuses")]
    anon.request("GET", "/" + post["uri"].split("/", 3)[3], expect=404, headers={"Accept": "application/activity+json"})
    anon.request("GET", f"/@{alice.name}/{post['id']}", expect=404)
    assert "between us" not in anon.request("GET", f"/@{alice.name}")


def test_what_answers_or_boosts_a_local_post_is_local(alice, bob, anon):
    post = alice.toot("between us", local_only=True)
    reply = bob.toot(f"@{alice.name} yes", in_reply_to_id=post["id"])
    boost = bob.post(f"/api/v1/statuses/{post['id']}/reblog")
    assert reply["local_only"] is True and boost["local_only"] is True
    anon.get(f"/api/v1/statuses/{reply['id']}", expect=404)
    assert anon.get(f"/api/v1/accounts/{bob.id}/statuses") == []
    edited = alice.put(f"/api/v1/statuses/{post['id']}", {"status": "between us two", "local_only": False})
    assert edited["local_only"] is True


# ---- what the instance says --------------------------------------------------------------------------------------------


def test_the_instance_announces_it(anon):
    instance = anon.get("/api/v2/instance")
    assert instance["api_versions"]["dassie"] >= 1
    assert instance["configuration"]["statuses"]["supported_mime_types"] == ["text/plain", "text/markdown"]


# ---- where a post went -------------------------------------------------------------------------------------------------


def test_the_report_is_for_the_author(alice, bob, anon):
    post = alice.toot("nobody elsewhere reads me")
    path = f"/api/v1/statuses/{post['id']}/deliveries"
    assert alice.get(path) == [] and alice.post(path + "/retry") == {"retried": 0}
    bob.get(path, expect=404)
    bob.post(path + "/retry", expect=404)
    anon.get(path, expect=401)
    alice.get("/api/v1/statuses/1/deliveries", expect=404)

"""Statuses at their limits: counting, junk, the same request twice or fifty times, answers that tell nothing.  Numbers are those of
the list of bad input that every handler is checked against."""
import concurrent.futures
import json
import uuid

import pytest
import requests
from timing import PATIENCE

FAMILY = "👨‍👩‍👧‍👦"
URL = "https://example.com/" + "a" * 300


def posts_of(api):
    return [s["id"] for s in api.pages(f"/api/v1/accounts/{api.id}/statuses")]


@pytest.fixture(scope="module")
def dora(server):
    """Somebody for tests that do not mind what else she has posted."""
    return server.user()


def refused(api, status, **request):
    before = posts_of(api)
    assert api.request("POST", "/api/v1/statuses", status, **request)
    assert posts_of(api) == before


# --- counting ---

@pytest.mark.parametrize("text, spoiler, fits", [
    ("x" * 500, "", True), ("x" * 501, "", False), ("x" * 300, "y" * 200, True), ("x" * 300, "y" * 201, False),
    (FAMILY * 500, "", True), (FAMILY * 501, "", False), ("e\u0301" * 500, "", True),
    ("x" * 476 + " " + URL, "", True), ("x" * 477 + " " + URL, "", False), ("x" * 476 + " HTTPS" + URL[5:], "", True),
])
def test_42_length_is_counted_in_what_people_see(dora, text, spoiler, fits):
    if fits:
        assert dora.toot(text, spoiler_text=spoiler)["spoiler_text"] == spoiler
    else:
        assert "500" in dora.post("/api/v1/statuses", {"status": text, "spoiler_text": spoiler}, expect=422)["error"]


def test_mentions_count_without_their_server(alice, bob, server):
    name = f"@{bob.name}"
    alice.toot("x" * (500 - len(name) - 1) + f" {name}@{server.host}")
    alice.post("/api/v1/statuses", {"status": "x" * (500 - len(name)) + f" {name}@{server.host}"}, expect=422)


def test_a_lonely_warning_is_the_text(alice):
    post = alice.toot("", spoiler_text="Only this")
    assert (post["content"], post["spoiler_text"]) == ("<p>Only this</p>", "")


# --- languages ---

def test_a_language_is_named_as_apps_do_it(dora):
    dora.put("/api/v1/settings", {"posting:default:language": "fr"})
    for said, shown in (("en-US", "en"), ("en_US@calendar=gregorian", "en"), ("DE", "de"), ("zh_TW", "zh-TW"), ("zh-Hant", "zh"), ("ast", "ast"),
                        ("xx", "fr"), ("", "fr"), (None, "fr")):
        assert dora.toot("words", language=said)["language"] == shown, said
    post = dora.toot("words", language="de")
    assert dora.put(f"/api/v1/statuses/{post['id']}", {"status": "mots", "language": "fr-CA"})["language"] == "fr"
    dora.put("/api/v1/settings", {"posting:default:language": None})


# --- junk ---

@pytest.mark.parametrize("body", [
    {"status": "a\0b"}, {"status": "\u200b\u2060 \n"}, {"status": "x", "language": "English!"}, {"status": "x", "in_reply_to_id": "abc"},
    {"status": "x", "visibility": "limited"}, {"status": "x", "content_type": "text/html"},
    {"status": "x", "poll": {"options": ["a", "b"], "expires_in": 600}, "visibility": "nobody"},
    {"status": "x", "scheduled_at": "yesterday"}, {"status": ["x"]}, {"status": {"a": "b"}}, {"status": "x", "media_ids": {"a": ["b"]}},
])
def test_42_bodies_that_are_refused(dora, body):
    refused(dora, (400, 404, 422), json=body)


@pytest.mark.parametrize("data, kind", [
    (b'{"status":"x"', "application/json"), (b'{"status":"x"}junk', "application/json"), (b'{"status":NaN}', "application/json"),
    (b"[" * 10_000, "application/json"), (b'{"status":"\xff"}', "application/json"),
    (b"status=%FF%FE", "application/x-www-form-urlencoded"), (b"status=%00", "application/x-www-form-urlencoded"),
    (b"--b\r\nnonsense", "multipart/form-data; boundary=b"),
], ids=range(8))
def test_44_broken_bodies(dora, data, kind):
    refused(dora, (400, 413, 422), data=data, headers={"Content-Type": kind})


def test_44_one_meaning_in_every_form(alice):
    fields = {"status": "in every form", "visibility": "unlisted", "sensitive": "true", "spoiler_text": "w"}
    made = [alice.post("/api/v1/statuses", fields | {"sensitive": True}), alice.request("POST", "/api/v1/statuses", data=fields),
            alice.request("POST", "/api/v1/statuses", files={k: (None, v) for k, v in fields.items()}),
            alice.request("POST", "/api/v1/statuses", params=fields)]
    assert len({json.dumps([s[k] for k in ("content", "visibility", "sensitive", "spoiler_text")]) for s in made}) == 1


@pytest.mark.parametrize("text", ["' OR 1=1 --", '"; DROP TABLE status; --', "\\ % _ * NEAR( MATCH", "{{7*7}} ${x} %s %n", "]]> <!-- -->"])
def test_43_special_characters_stay_text(dora, text):
    path = f"/api/v1/statuses/{dora.toot(text)['id']}"
    assert dora.get(path + "/source")["text"] == text
    dora.get("/api/v2/search", q=text)


@pytest.mark.parametrize("path", ["/api/v1/favourites", "/api/v1/bookmarks", "/api/v1/statuses/{}/favourited_by", "/api/v1/statuses/{}/reblogged_by"])
def test_41_paging_takes_any_junk(dora, path):
    path = path.format(dora.toot("x")["id"])
    for name in ("limit", "max_id", "since_id", "min_id"):
        for value in ("0", "-1", "1000000000", "NaN", "1e3", "abc", str(2**64), "-" + str(2**63), "", "0x10", "１２"):
            dora.request("GET", path, params={name: value})
    dora.get(path, max_id=1, min_id=2**62)


@pytest.mark.parametrize("id", ["0", "-1", "abc", str(2**63), str(2**64), "1e3", "%00", "..%2f1", "9" * 400])
def test_41_ids_that_are_none(dora, id):
    for method, tail in (("GET", ""), ("GET", "/context"), ("POST", "/favourite"), ("DELETE", ""), ("GET", "/history")):
        dora.request(method, f"/api/v1/statuses/{id}{tail}", (400, 404))


def test_48_mentions_are_bounded_and_text_stays_text(alice, bob, server):
    post = alice.toot(f"@{alice.name} @{bob.name} @{bob.name}@{server.host} @a@b@c @{bob.name}@{server.host}:81 `x` https://example.com/@{bob.name}")
    assert {m["id"] for m in post["mentions"]} <= {alice.id, bob.id} and bob.id in {m["id"] for m in post["mentions"]}
    assert len(post["mentions"]) == len({m["id"] for m in post["mentions"]})
    assert alice.toot("@" + " @".join("abcdefghij"))["mentions"] == []
    only_in_url = alice.toot(f"https://example.com/@{bob.name}")
    assert only_in_url["mentions"] == []


# --- the same again ---

def test_45_fifty_requests_with_one_key_post_once(alice, bob):
    key = {"Idempotency-Key": str(uuid.uuid4())}
    api = alice

    def post(i):
        r = requests.post(api.base + "/api/v1/statuses", headers={**api.http.headers, **key}, json={"status": f"number {i}"}, timeout=PATIENCE)
        assert r.status_code == 200, r.text
        return r.json()["id"]

    with concurrent.futures.ThreadPoolExecutor(25) as pool:
        ids = set(pool.map(post, range(50)))
    assert len(ids) == 1 and posts_of(alice) == list(ids)
    other = bob.post("/api/v1/statuses", {"status": "mine"}, headers=key)  # somebody else's key is another key
    assert other["id"] not in ids
    alice.post("/api/v1/statuses", {"status": "x"}, headers={"Idempotency-Key": "k" * 300}, expect=422)


def test_45_a_key_outlives_a_restart_and_ends_after_an_hour(own_server):
    server = own_server()
    alice = server.user()
    key = {"Idempotency-Key": "once"}
    first = alice.post("/api/v1/statuses", {"status": "once"}, headers=key)["id"]
    server.restart()
    alice.base = server.base
    assert alice.post("/api/v1/statuses", {"status": "once"}, headers=key)["id"] == first
    server.shift_clock(minutes=61)
    assert alice.post("/api/v1/statuses", {"status": "once"}, headers=key)["id"] != first


def test_interactions_at_the_same_time_count_once(alice, server):
    people = [server.user() for _ in range(6)]
    path = f"/api/v1/statuses/{alice.toot('everybody at once')['id']}"

    def act(deed):
        api, verb = deed
        return requests.post(api.base + path + verb, headers=api.http.headers, timeout=PATIENCE).status_code

    with concurrent.futures.ThreadPoolExecutor(12) as pool:
        assert set(pool.map(act, [(p, verb) for p in people for verb in ("/favourite", "/reblog")] * 3)) == {200}
    post = alice.get(path)
    assert (post["favourites_count"], post["reblogs_count"]) == (6, 6)
    assert len(alice.get(path + "/favourited_by")) == len(alice.get(path + "/reblogged_by")) == 6


# --- editing ---

def test_edits_with_history(alice, bob, carol):
    post = alice.toot(f"one @{bob.name} #first", visibility="direct", language="de")
    path = f"/api/v1/statuses/{post['id']}"
    assert alice.put(path, {"status": f"one @{bob.name} #first"})["edited_at"] is None  # nothing changed
    edited = alice.put(path, {"status": f"two @{carol.name} #second", "spoiler_text": "careful", "visibility": "public"})
    assert (edited["visibility"], edited["spoiler_text"], edited["sensitive"], edited["language"]) == ("direct", "careful", True, "de")
    assert [m["id"] for m in edited["mentions"]] == [carol.id] and [t["name"] for t in edited["tags"]] == ["second"]
    for api in (bob, carol):  # who had it keeps it, and sees what it became
        assert api.get(path)["content"] == edited["content"]
    versions = alice.get(path + "/history")
    assert [v["spoiler_text"] for v in versions] == ["", "careful"] and versions[0]["created_at"] < versions[1]["created_at"]
    edited = alice.put(path, {"status": "three", "spoiler_text": ""})
    assert (edited["spoiler_text"], edited["sensitive"]) == ("", False)
    alice.put(path, {"status": ""}, expect=422)
    alice.put(path, {"status": "x" * 501}, expect=422)
    assert len(alice.get(path + "/history")) == 3


def test_47_an_edit_never_widens_the_audience(alice, bob, anon):
    path = f"/api/v1/statuses/{alice.toot('for followers', visibility='private')['id']}"
    assert alice.put(path, {"status": "for all?", "visibility": "public"})["visibility"] == "private"
    for api in (bob, anon):
        api.get(path, expect=404)


def test_allowed_mentions(alice, bob, carol):
    text = {"status": f"@{bob.name} and @{carol.name}"}
    refused = alice.post("/api/v1/statuses", text | {"allowed_mentions": [bob.id]}, expect=422)
    assert [a["id"] for a in refused["unexpected_accounts"]] == [carol.id] and refused["error"]
    assert len(alice.post("/api/v1/statuses", text | {"allowed_mentions": []}, expect=422)["unexpected_accounts"]) == 2
    assert len(alice.post("/api/v1/statuses", text | {"allowed_mentions": [bob.id, carol.id]})["mentions"]) == 2


# --- one's own acts on posts that went out of sight ---

@pytest.mark.parametrize("act", ["favourite", "bookmark", "reblog"])
def test_an_act_is_taken_back_when_the_post_is_out_of_sight(alice, bob, act):
    """The author blocks: the reader takes the act back, and learns nothing of what was written."""
    post, other = alice.toot("secret words")["id"], alice.toot("more words")["id"]
    bob.post(f"/api/v1/statuses/{post}/{act}")
    alice.post(f"/api/v1/accounts/{bob.id}/block")
    bob.get(f"/api/v1/statuses/{post}", expect=404)
    bob.post(f"/api/v1/statuses/{post}/{act}", expect=404)  # doing it needs to see
    left = bob.post(f"/api/v1/statuses/{post}/un{act}")
    assert left["id"] == post and left[{"favourite": "favourited", "bookmark": "bookmarked", "reblog": "reblogged"}[act]] is False
    assert "secret words" not in json.dumps(left) and left["content"] == ""
    bob.post(f"/api/v1/statuses/{post}/un{act}", expect=404)  # nothing to take back: as unknown as any
    bob.post(f"/api/v1/statuses/{other}/un{act}", expect=404)
    alice.post(f"/api/v1/accounts/{bob.id}/unblock")
    seen = alice.get(f"/api/v1/statuses/{post}")
    assert seen["favourites_count"] == seen["reblogs_count"] == 0


# --- lists ---

def test_own_lists_are_in_the_order_of_the_deed(alice, bob):
    made = [alice.toot(f"post {i}")["id"] for i in range(7)]
    for verb, path in (("favourite", "/api/v1/favourites"), ("bookmark", "/api/v1/bookmarks")):
        order = [made[i] for i in (3, 1, 6, 0, 5, 2, 4)]
        for id in order:
            bob.post(f"/api/v1/statuses/{id}/{verb}")
        assert [s["id"] for s in bob.pages(path, limit=3)] == order[::-1]
        bob.get(path, limit=3)
        assert "min_id=" in bob.last.links["prev"]["url"] and "limit=3" in bob.last.links["next"]["url"]
        assert bob.request("GET", path + "?" + bob.last.links["prev"]["url"].split("?")[1]) == []


def test_lists_of_people(alice, server):
    people = [server.user() for _ in range(3)]
    path = f"/api/v1/statuses/{alice.toot('liked')['id']}"
    for p in people:
        p.post(path + "/favourite")
        p.post(path + "/reblog")
    for part in ("/favourited_by", "/reblogged_by"):
        assert [a["id"] for a in alice.pages(path + part, limit=2)] == [p.id for p in people[::-1]]
        alice.get(path + part, limit=2)
        assert "since_id=" in alice.last.links["prev"]["url"]


def test_many_at_once(alice):
    ids = [alice.toot(f"{i}")["id"] for i in range(3)]
    assert [s["id"] for s in alice.get("/api/v1/statuses", id=[ids[2], ids[0], "1", ids[2]])] == [ids[2], ids[0]]
    assert alice.get("/api/v1/statuses") == []
    alice.get("/api/v1/statuses", id=[str(n) for n in range(1, 21)])
    alice.get("/api/v1/statuses", id=[str(n) for n in range(1, 22)], expect=422)


def test_boosts(alice, bob, carol):
    private = alice.toot("for followers", visibility="private")["id"]
    bob.follow(alice)
    bob.post(f"/api/v1/statuses/{private}/reblog", expect=403)
    assert alice.post(f"/api/v1/statuses/{private}/reblog")["visibility"] == "private"
    direct = alice.toot(f"@{bob.name}", visibility="direct")["id"]
    bob.post(f"/api/v1/statuses/{direct}/reblog", expect=403)
    public = alice.toot("for all")["id"]
    boost = bob.post(f"/api/v1/statuses/{public}/reblog", {"visibility": "unlisted"})
    assert (boost["visibility"], boost["reblog"]["id"], boost["reblog"]["reblogged"]) == ("unlisted", public, True)
    again = carol.post(f"/api/v1/statuses/{boost['id']}/reblog")  # a boost of a boost is one of the original
    assert again["reblog"]["id"] == public and again["reblog"]["reblogs_count"] == 2
    bob.put(f"/api/v1/statuses/{boost['id']}", {"status": "x"}, expect=422)


def test_pins_have_a_limit(alice):
    ids = [alice.toot(f"{i}")["id"] for i in range(6)]
    for id in ids[:5]:
        alice.post(f"/api/v1/statuses/{id}/pin")
    alice.post(f"/api/v1/statuses/{ids[5]}/pin", expect=422)
    alice.post(f"/api/v1/statuses/{ids[0]}/unpin")
    alice.post(f"/api/v1/statuses/{ids[5]}/pin")
    alice.post(f"/api/v1/statuses/{alice.toot('secret', visibility='direct')['id']}/pin", expect=422)


# --- who may ---

ROUTES = [("GET", ""), ("GET", "/context"), ("GET", "/history"), ("GET", "/source"), ("GET", "/favourited_by"), ("GET", "/reblogged_by"),
          ("PUT", ""), ("DELETE", ""), *[("POST", "/" + verb) for verb in (
              "favourite", "unfavourite", "bookmark", "unbookmark", "pin", "unpin", "mute", "unmute", "reblog", "unreblog")]]


def test_58_what_is_hidden_looks_like_what_never_was(alice, bob, carol):
    deleted = alice.toot("gone")["id"]
    alice.delete(f"/api/v1/statuses/{deleted}")
    behind_block = carol.toot("not for bob")["id"]
    carol.post(f"/api/v1/accounts/{bob.id}/block")
    ids = [str(int(deleted) + 1), deleted, behind_block, alice.toot("for followers", visibility="private")["id"],
           alice.toot("for nobody else", visibility="direct")["id"]]
    for method, tail in ROUTES:
        answers = set()
        for id in ids:
            body = {"json": {"status": "x"}} if method == "PUT" else {}
            bob.request(method, f"/api/v1/statuses/{id}{tail}", 404, **body)
            headers = {k: v for k, v in bob.last.headers.items() if k not in ("Date", "X-Request-Id", "X-Runtime") and "RateLimit" not in k}
            answers.add((bob.last.content, json.dumps(headers, sort_keys=True)))
        assert len(answers) == 1, (method, tail, answers)


def test_58_replies_to_what_is_hidden(alice, bob):
    hidden = alice.toot("for followers", visibility="private")["id"]
    errors = {json.dumps(bob.post("/api/v1/statuses", {"status": "x", "in_reply_to_id": id}, expect=404)) for id in (hidden, "12345")}
    assert len(errors) == 1


@pytest.mark.parametrize("method, path, scope", [
    ("POST", "/api/v1/statuses", "write:favourites"), ("POST", "/api/v1/statuses/{}/favourite", "write:statuses"),
    ("POST", "/api/v1/statuses/{}/bookmark", "write:favourites"), ("POST", "/api/v1/statuses/{}/reblog", "write:favourites"),
    ("POST", "/api/v1/statuses/{}/pin", "write:statuses"), ("POST", "/api/v1/statuses/{}/mute", "write:statuses"),
    ("GET", "/api/v1/favourites", "read:bookmarks"), ("GET", "/api/v1/bookmarks", "read:favourites"),
    ("GET", "/api/v1/statuses/{}", "write:statuses"), ("POST", "/api/v2/media", "write:statuses"), ("GET", "/api/v2/search?q=x", "read:statuses"),
])
def test_scopes(dora, anon, server, method, path, scope):
    path = path.format(dora.toot("x")["id"])
    wrong = server.api(server.token(dora.name, scope))
    wrong.request(method, path, 403)
    if method == "POST" or "statuses" not in path and "search" not in path:
        anon.request(method, path, 401)


# --- search ---

def test_search(alice, anon, server):
    post = alice.toot("#Findable")
    assert [s["id"] for s in anon.get("/api/v2/search", q=post["url"])["statuses"]] == [post["id"]]
    assert [a["id"] for a in alice.get("/api/v2/search", q=f"{server.url}/@{alice.name}")["accounts"]] == [alice.id]
    assert [a["id"] for a in alice.get("/api/v2/search", q=f"@{alice.name}@{server.host}", type="accounts")["accounts"]] == [alice.id]
    assert "findable" in [t["name"].lower() for t in alice.get("/api/v2/search", q="#findab", type="hashtags")["hashtags"]]
    assert alice.get("/api/v2/search", q=post["url"], type="accounts")["statuses"] == []
    for params in ({"resolve": True}, {"offset": 1}):
        anon.get("/api/v2/search", q="x", expect=401, **params)
    for params in ({"limit": -1}, {"offset": -1}, {"offset": 10**9}):
        alice.get("/api/v2/search", q="x", expect=400, **params)
    alice.get("/api/v2/search", expect=(400, 422))
    assert alice.get("/api/v2/search", q="no#such@thing") == {"accounts": [], "statuses": [], "hashtags": [], "collections": []}

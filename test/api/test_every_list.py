"""What holds for every list: odd limits, cursors and ids; the filters of an account's posts in every combination; limits by class and their headers."""
import itertools
import re
import secrets

import pytest
from pictures import png
from timing import PATIENCE

ODD = ["-1", "0", "1", "99999", "9223372036854775807", "9223372036854775808", "-9223372036854775808", "1.5", "1e3", "x", "", " ", "٣", "0x10", "1;DROP TABLE status", "%00", "null",
       "[]", "1" * 500]


def ids(v):
    return [x["id"] for x in v]


@pytest.fixture(scope="module")
def lists(server):
    """A person with something in the common lists, and every GET of the API as a path for that person."""
    alice, bob = server.user(scopes="read write follow push profile"), server.user()
    post = alice.toot("hello #word", poll={"options": ["a", "b"], "expires_in": 600})
    number = alice.post("/api/v1/lists", {"title": "l"})["id"]
    alice.follow(bob), bob.follow(alice)
    for i in range(3):
        bob.toot(f"@{alice.name} {i} #word")
    known = {"accounts": alice.id, "statuses": post["id"], "polls": post["poll"]["id"], "tags": "word", "tag": "word", "lists": number, "list": number}
    paths = []
    for route in server.routes():
        if route["method"] == "GET" and route["group"] == "api":
            path = re.sub(r"/(\w+)/:\w+", lambda m: f"/{m[1]}/{known.get(m[1], '1')}", route["path"])
            paths.append((route["path"], path))
    return alice, paths


@pytest.mark.parametrize("name", ["limit", "max_id", "since_id", "min_id", "offset"])
def test_odd_numbers_are_refused_or_mean_something(server, lists, name):
    """Never a fault, never more than the most that a list gives, and the links that come with a page work."""
    alice, paths = lists
    for pattern, path in paths:
        for value in ODD:
            r = alice.http.get(alice.base + path, params={name: value}, timeout=PATIENCE)
            assert r.status_code < 500, f"{path}?{name}={value}: {r.status_code} {r.text[:300]}"
            if r.status_code == 200 and r.headers["Content-Type"].startswith("application/json") and isinstance(r.json(), list):
                assert len(r.json()) <= 1000 and (name != "limit" or value not in ("-1", "0", "1") or len(r.json()) <= 1 or "limit" not in str(r.links)), f"{path}?{name}={value}"
    assert not server.log.faults()


def test_odd_ids_in_paths_are_not_found(server, lists):
    alice, _ = lists
    for route in server.routes():
        if route["method"] == "GET" and route["group"] == "api" and re.search(r":(\w+_)?id\b", route["path"]):
            for value in ("0", "-1", "9223372036854775808", "1" * 500, "x", "1.0", "1%00", "%2e%2e", "٣", "+1", "01x"):
                path = re.sub(r":\w+", value, route["path"])
                r = alice.http.get(alice.base + path, timeout=PATIENCE)
                assert r.status_code in (400, 404, 414) or r.status_code in (200, 422) and (r.text in ("[]", "{}") or "annual" in path), f"{path}: {r.status_code} {r.text[:200]}"


# --- the posts of an account ---


def test_posts_of_an_account_by_every_combination(server, alice, bob):
    """Each combination of the filters is what a plain reading of every post gives, whole and page by page."""
    tag = "t" + secrets.token_hex(4)
    other = bob.toot("elsewhere")

    def picture():
        return alice.request("POST", "/api/v2/media", 200, files={"file": ("x.png", png(8, 8))})["id"]
    made = [alice.toot("plain"), alice.toot(f"#{tag}"), alice.toot("with a picture", media_ids=[picture()]), alice.toot(f"picture #{tag.upper()}", media_ids=[picture()]),
            alice.toot("answer", in_reply_to_id=other["id"]), alice.toot(f"answer #{tag}", in_reply_to_id=other["id"], media_ids=[picture()])]
    made.append(alice.toot("to myself", in_reply_to_id=made[0]["id"]))
    made.append(alice.post(f"/api/v1/statuses/{other['id']}/reblog"))
    for i in (1, 3):
        alice.post(f"/api/v1/statuses/{made[i]['id']}/pin")

    def fits(s, only_media, exclude_replies, exclude_reblogs, pinned, tagged):
        return ((not only_media or s["media_attachments"] and not s["reblog"]) and (not exclude_replies or s["in_reply_to_account_id"] in (None, alice.id))
                and (not exclude_reblogs or not s["reblog"]) and (not pinned or s["id"] in (made[1]["id"], made[3]["id"]))
                and (not tagged or tagged in [t["name"].lower() for t in s["tags"]]))
    path = f"/api/v1/accounts/{alice.id}/statuses"
    whole = bob.get(path)
    assert ids(whole) == [s["id"] for s in made[::-1]]
    for combination in itertools.product((None, True), (None, True), (None, True), (None, True), (None, tag)):
        names = dict(zip(("only_media", "exclude_replies", "exclude_reblogs", "pinned", "tagged"), combination))
        want = [s["id"] for s in whole if fits(s, *combination)]
        got = ids(bob.get(path, **names))
        assert (sorted(got), sorted(want)) == (sorted(want), sorted(got)) if names["pinned"] else got == want, f"{names}: {got} instead of {want}; made {[s['id'] for s in made]}"
        if not names["pinned"]:
            assert ids(bob.pages(path, limit=2, **names)) == want, f"page by page {names}"


# --- limits ---


def hit(api, method, path, times, **kw):
    """The statuses of so many calls, and the last answer."""
    seen = [api.http.request(method, api.base + path, timeout=PATIENCE, allow_redirects=False, **kw) for _ in range(times)]
    return [r.status_code for r in seen], seen


@pytest.fixture(scope="module")
def limited(tmp_path_factory, new_database):
    from server import Server
    with Server(tmp_path_factory.mktemp("limited"), database=new_database(), rate_limits="on") as s:
        yield s


@pytest.mark.parametrize("what, method, path, most", [("media", "POST", "/api/v2/media", 30), ("delete", "DELETE", "/api/v1/statuses/1", 30), ("api", "GET", "/api/v1/preferences", 300)])
def test_limits_of_people_by_class(limited, what, method, path, most):
    limited.shift_to_midnight()
    user = limited.user()
    codes, seen = hit(user, method, path, most + 2)
    passed = [c for c in codes if c != 429]
    assert most - 2 <= len(passed) <= most and set(codes[-2:]) == {429}, codes
    first, last = seen[0].headers, seen[-1].headers
    assert int(first["X-RateLimit-Limit"]) == most and int(first["X-RateLimit-Remaining"]) in (most - 1, most - 2)
    assert int(seen[1].headers["X-RateLimit-Remaining"]) == int(first["X-RateLimit-Remaining"]) - 1
    assert last["X-RateLimit-Remaining"] == "0" and 0 < int(last["Retry-After"]) <= 1800 and re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z", last["X-RateLimit-Reset"])
    assert seen[-1].json()["error"] == "Too many requests" and last["Cache-Control"] == "private, no-store"
    assert hit(limited.user(), method, path, 1)[0] != [429], "of one person, not of all"


def test_limits_of_addresses_without_a_token(limited):
    def ask(address):
        r = limited.api().http.get(limited.base + "/api/v1/timelines/public", headers={"Host": limited.host, "X-Forwarded-For": address}, timeout=PATIENCE)
        return r
    limited.shift_to_midnight()
    codes = [ask("203.0.113.9").status_code for _ in range(302)]
    assert codes[:300] == [200] * 300 and codes[300:] == [429] * 2
    assert ask("203.0.113.10").status_code == 200
    network = [ask(f"2001:db8:1:2::{i:x}").status_code for i in range(301)]
    assert network[-1] == 429, "the addresses of one network are one"
    assert ask("2001:db8:1:3::1").status_code == 200
    assert limited.api().get("/health") == "OK"

"""What whoever stands between may keep: answers to nobody in particular, for seconds, and never one to a token."""
import re

import pytest
from timing import PATIENCE

PRIVATE = "private, no-store"
BRIEFLY = "public, max-age=15, stale-while-revalidate=30, stale-if-error=86400"
A_WHILE = "public, max-age=300, stale-while-revalidate=30, stale-if-error=86400"


@pytest.fixture(scope="module")
def paths(server):
    """Every GET of the API with ids that exist, where we know what the noun is: [(path, what the table says)]."""
    alice = server.user()
    post = alice.toot("to be kept #kept", poll={"options": ["a", "b"], "expires_in": 600})
    number = {"accounts": alice.id, "statuses": post["id"], "polls": post["poll"]["id"], "tags": "kept", "tag": "kept"}
    made = []
    for route in server.routes():
        if route["method"] == "GET" and route["group"] == "api":
            path = re.sub(r"/(\w+)/:\w+", lambda m: f"/{m[1]}/{number.get(m[1], '1')}", route["path"])
            path += {"/api/v1/accounts/lookup": "?acct=" + alice.name, "/api/v1/timelines/link": "?url=https://a.example/"}.get(route["path"], "")
            made.append((path, route["shared"]))
    assert len(made) > 80
    return made


def headers(api, path, **more):
    r = api.http.get(api.base + path, headers=more, timeout=PATIENCE)
    assert "/streaming" in path or r.status_code < 500, f"{path}: {r.status_code}"
    return r


def test_the_table_is_that_of_mastodon(paths):
    brief = {p.split("?")[0] for p, how in paths if how == BRIEFLY}
    longer = {p for p, how in paths if how == A_WHILE}
    assert {how for _, how in paths} == {None, BRIEFLY, A_WHILE}
    assert {"/api/v1/timelines/public", "/api/v1/timelines/tag/kept", "/api/v1/trends/statuses", "/api/v1/directory"} <= brief
    assert {"/api/v2/instance", "/api/v1/custom_emojis", "/api/v1/instance/peers"} <= longer
    assert not [p for p, how in paths if how and re.search("home|notifications|verify_credentials|search$|lists|streaming", p) and "peers" not in p]


def test_answers_to_nobody_are_kept_where_the_table_says_so(anon, paths):
    kept = 0
    for path, shared in paths:
        r = headers(anon, path)
        assert r.headers["Cache-Control"] == (shared if r.status_code == 200 and shared else PRIVATE), f"{path}: {r.status_code}"
        assert {"Authorization", "Cookie", "Accept-Language"} <= set(r.headers["Vary"].split(", ")), path
        kept += r.headers["Cache-Control"] != PRIVATE
        if r.headers["Cache-Control"] != PRIVATE:
            assert "Set-Cookie" not in r.headers
    assert kept >= 30


def test_no_answer_to_a_token_or_cookie_is_ever_public(server, paths):
    alice = server.user(scopes="read write follow push profile")
    for path, _ in paths:
        if "/streaming" in path:
            continue
        join = "&" if "?" in path else "?"
        assert headers(alice, path).headers["Cache-Control"] == PRIVATE, path
        for more in ({"Authorization": "Bearer nonsense"}, {"Authorization": "Basic x"}, {"Cookie": "_session_id=x"}):
            assert headers(server.api(), path, **more).headers["Cache-Control"] == PRIVATE, f"{path} {more}"
        for token in (alice.token, "nonsense", ""):
            assert headers(server.api(), f"{path}{join}access_token={token}").headers["Cache-Control"] == PRIVATE, f"{path} {token}"


def test_what_was_kept_is_asked_for_again_by_its_tag(anon, alice):
    path = f"/api/v1/statuses/{alice.toot('one')['id']}"
    tag = headers(anon, path).headers["ETag"]
    again = headers(anon, path, **{"If-None-Match": tag})
    assert again.status_code == 304 and again.content == b"" and again.headers["Cache-Control"] == BRIEFLY
    alice.post(path + "/favourite")
    assert headers(anon, path, **{"If-None-Match": tag}).status_code == 200
    assert headers(alice, path, **{"If-None-Match": tag}).status_code == 200


def test_what_is_not_for_everybody_is_not_kept(anon, alice):
    for visibility in ("private", "direct"):
        r = headers(anon, f"/api/v1/statuses/{alice.toot('not for all', visibility=visibility)['id']}")
        assert (r.status_code, r.headers["Cache-Control"]) == (404, PRIVATE)
    assert headers(anon, "/api/v1/timelines/home").headers["Cache-Control"] == PRIVATE
    assert anon.http.post(anon.base + "/api/v1/statuses", timeout=PATIENCE).headers["Cache-Control"] == PRIVATE

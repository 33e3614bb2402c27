"""Trends: what many use, only when it was allowed, and never from who does not want to be found; use of hashtags by day."""
import secrets

import pytest

MANY = 6


@pytest.fixture(scope="module")
def here(tmp_path_factory, new_database):
    from server import Server
    with Server(tmp_path_factory.mktemp("here"), database=new_database(), test_clock=True) as s:
        s.cli("settings", "set", "trendable_by_default", "yes")
        yield s


@pytest.fixture(scope="module")
def crowd(here):
    people = [here.user() for _ in range(MANY)]
    for p in people:
        p.patch("/api/v1/accounts/update_credentials", {"discoverable": True})
    return people


@pytest.fixture
def word():
    return "t" + secrets.token_hex(5)


def later(here):
    """So much later that trends were reckoned anew; the tests wait for what came of it."""
    here.shift_clock(minutes=6)


def names(api, **kw):
    return [t["name"] for t in api.get("/api/v1/trends/tags", **kw)]


def trending(api, **kw):
    return [s["id"] for s in api.get("/api/v1/trends/statuses", **kw)]


def test_the_days_of_a_hashtag(here, crowd, word):
    for p in crowd[:3]:
        p.toot(f"#{word} one")
    crowd[0].toot(f"#{word} two")
    crowd[0].toot(f"#{word} for few", visibility="unlisted")
    t = crowd[0].get(f"/api/v1/tags/{word}")
    assert len(t["history"]) == 7 and all(set(d) == {"day", "uses", "accounts"} for d in t["history"])
    assert (t["history"][0]["uses"], t["history"][0]["accounts"]) == ("4", "3")
    assert int(t["history"][0]["day"]) - int(t["history"][1]["day"]) == 86400 and t["history"][1]["uses"] == "0"
    unused = crowd[0].get(f"/api/v1/tags/{word}x")
    assert [d["uses"] for d in unused["history"]] == ["0"] * 7
    found, = crowd[0].get("/api/v2/search", q=f"#{word}", type="hashtags")["hashtags"]
    assert found["history"] == t["history"]


def test_hashtags_that_were_used_lately_are_found_first(crowd, word):
    for i, n in enumerate((1, 3, 2)):
        for p in crowd[:n]:
            p.toot(f"#{word}{'abc'[i]}")
    found = lambda **kw: [t["name"][-1] for t in crowd[0].get("/api/v2/search", q=word, type="hashtags", **kw)["hashtags"]]  # noqa: E731
    assert found() == ["b", "c", "a"]
    assert found(limit=1, offset=1) == ["c"]
    assert found(exclude_unreviewed="true") == []


def test_a_hashtag_of_many_trends(here, crowd, word):
    for p in crowd:
        p.toot(f"#{word} is all the rage")
    for p in crowd[:2]:
        p.toot(f"#{word}few")
    later(here)
    here.wait_until(lambda: word in names(crowd[0]))
    assert word + "few" not in names(crowd[0])
    assert names(here.api()) == [t["name"] for t in here.api().get("/api/v1/trends")]
    t = next(t for t in here.api().get("/api/v1/trends/tags") if t["name"] == word)
    assert t["history"][0]["accounts"] == str(MANY)
    assert names(crowd[0], limit=1, offset=50) == []
    here.cli("settings", "set", "trends", "no")
    assert names(crowd[0]) == []
    here.cli("settings", "set", "trends", "")
    here.cli("settings", "set", "trendable_by_default", "no")
    assert names(crowd[0]) == []
    here.cli("settings", "set", "trendable_by_default", "yes")
    assert word in names(crowd[0])


def test_a_post_that_many_like_trends(here, crowd, word):
    author, *others = crowd
    posts = {k: author.toot(f"{word} {k}", **kw)["id"] for k, kw in {
        "liked": {}, "warned": {"spoiler_text": "careful"}, "sensitive": {"sensitive": True}, "unlisted": {"visibility": "unlisted"}}.items()}
    posts["reply"] = author.toot("reply", in_reply_to_id=posts["liked"])["id"]
    shy = here.user()
    posts["shy"] = shy.toot(f"{word} not discoverable")["id"]
    for p in others:
        for s in posts.values():
            p.post(f"/api/v1/statuses/{s}/favourite")
    later(here)
    here.wait_until(lambda: trending(here.api()) == [posts["liked"]])
    others[0].post(f"/api/v1/accounts/{author.id}/block")
    assert trending(others[0]) == []
    others[0].post(f"/api/v1/accounts/{author.id}/unblock")
    assert trending(here.api(), offset=1) == []
    author.put(f"/api/v1/statuses/{posts['liked']}", {"status": "now sensitive", "sensitive": True})
    assert trending(here.api()) == []
    author.patch("/api/v1/accounts/update_credentials", {"discoverable": False})
    assert trending(here.api()) == []


def test_trends_fade(here, crowd, word):
    for p in crowd:
        p.toot(f"#{word}")
    later(here)
    here.wait_until(lambda: word in names(crowd[0]))
    here.shift_clock(days=3)
    here.wait_until(lambda: names(crowd[0]) == [])


def test_pages(here, crowd, word):
    for i in range(3):
        for p in crowd:
            p.toot(f"#{word}{'abc'[i]}")
    later(here)
    here.wait_until(lambda: len(names(crowd[0])) >= 3)
    api, everything = here.api(), names(crowd[0])
    assert names(api, limit=1) + names(api, limit=1, offset=1) + names(api, limit=1, offset=2) == everything[:3]
    assert "offset=2" in api.last.links["next"]["url"] or "offset=3" in api.last.links["next"]["url"]
    assert "offset=1" in api.last.links["prev"]["url"]
    assert names(api, limit=1, offset=-5) == everything[:1]

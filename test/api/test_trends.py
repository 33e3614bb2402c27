"""Trends: what many use, only when it was allowed, and never from who does not want to be found; use of hashtags by day."""
import secrets

import pytest

from remote import Remote

MANY = 6
HTML = {"Content-Type": "text/html; charset=utf-8"}


@pytest.fixture(scope="module")
def far():
    with Remote(["peer.test", "www.site.test", "other.test"]) as r:
        yield r


@pytest.fixture(scope="module")
def here(tmp_path_factory, new_database, far):
    from server import Server
    with Server(tmp_path_factory.mktemp("here"), database=new_database(), **far.keys()) as s:
        s.cli("settings", "set", "trendable_by_default", "yes")
        s.shift_to_midnight()  # uses are counted by day
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
    crowd[0].post(f"/api/v1/tags/{word}/follow")
    for found in crowd[0].get("/api/v1/trends/tags"), crowd[0].get("/api/v2/search", q=word, type="hashtags")["hashtags"]:
        t = next(t for t in found if t["name"] == word)
        assert (t["following"], t["featuring"]) == (True, False), "apps show a button to follow it there"
    assert "following" not in next(t for t in here.api().get("/api/v1/trends/tags") if t["name"] == word)
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
    author.patch("/api/v1/accounts/update_credentials", {"discoverable": True})


# --- links ----------------------------------------------------------------------------------------------------------------

def page(far, host="www.site.test", lang="en"):
    """A page; its address and its title, which no other has."""
    title = "p" + secrets.token_hex(5)
    url = f"http://{host}/{title}"
    far.answer(url, (200, HTML, f"<!doctype html><html lang={lang}><head><title>{title}</title></head><body>x</body></html>".encode()))
    return url, title


def links(api, **kw):
    return [k["title"] for k in api.get("/api/v1/trends/links", **kw)]


def post(here, people, *urls, **kw):
    """Each posts each of them; returns when all have their cards."""
    made = [p.toot(f"see {url}", **kw)["id"] for url in urls for p in people]
    here.wait_until(lambda: not [j for j in here.unfinished() if "fetch_card" in j or "fan_out" in j])
    return made


def test_a_link_that_many_post_trends(here, far, crowd):
    url, title = page(far)
    few, few_title = page(far)
    post(here, crowd, url)
    post(here, crowd[:1], url)
    post(here, crowd[:4], few)
    later(here)
    here.wait_until(lambda: title in links(here.api()))
    assert few_title not in links(here.api())
    k = next(k for k in here.api().get("/api/v1/trends/links") if k["title"] == title)
    assert (k["url"], k["type"], k["authors"]) == (url, "link", [])
    assert len(k["history"]) == 7 and (k["history"][0]["accounts"], k["history"][0]["uses"]) == (str(MANY), str(MANY + 1))
    assert int(k["history"][0]["day"]) % 86400 == 0 and k["history"][1] == {
        "day": str(int(k["history"][0]["day"]) - 86400), "accounts": "0", "uses": "0"}
    here.cli("settings", "set", "trends", "no")
    assert links(here.api()) == []
    here.cli("settings", "set", "trends", "")
    assert title in links(crowd[0])


def test_what_does_not_count_for_a_link(here, far, crowd):
    """Posts that are not public, boosts, and those of people who do not want to be discovered; a post counts once."""
    shy = [here.user() for _ in range(MANY)]
    (one, t1), (two, t2), (three, t3), (good, t4) = [page(far) for _ in range(4)]
    post(here, crowd, one, visibility="unlisted")
    post(here, shy, two)
    shared, = post(here, crowd[:1], three)
    for p in crowd[1:]:
        p.post(f"/api/v1/statuses/{shared}/reblog")
    for i in range(6):
        crowd[0].put(f"/api/v1/statuses/{shared}", {"status": f"{three} {i}"})
    post(here, crowd, good)
    later(here)
    here.wait_until(lambda: t4 in links(here.api()))
    assert {t1, t2, t3}.isdisjoint(links(here.api()))
    assert here.query("SELECT sum(uses) FROM card_use u JOIN card k ON k.id = u.card_id WHERE k.url = " + f"'{three}'") == [(1,)]


def test_links_are_reviewed_by_page_and_by_publisher(here, far, crowd):
    (one, t1), (two, t2), (other, t3) = page(far), page(far), page(far, "other.test")
    post(here, crowd, one, two, other)
    later(here)
    here.wait_until(lambda: {t1, t2, t3} <= set(links(here.api())))
    here.cli("settings", "set", "trendable_by_default", "no")
    assert links(here.api()) == []
    here.cli("trend", "allow", "publisher", "WWW.site.test")
    assert {t1, t2} <= set(links(here.api())) and t3 not in links(here.api())
    here.cli("trend", "refuse", "link", one)
    assert t1 not in links(here.api()) and t2 in links(here.api())
    here.cli("trend", "allow", "link", one + "#part")
    here.cli("trend", "refuse", "publisher", "www.site.test")
    assert t1 in links(here.api()) and t2 not in links(here.api())
    here.cli("settings", "set", "trendable_by_default", "yes")
    assert {t1, t3} <= set(links(here.api())) and t2 not in links(here.api())
    here.cli("trend", "allow", "publisher", "www.site.test")
    here.cli("trend", "allow", "link", "http://other.test/nobody-posted-it", status=66)
    here.cli("trend", "allow", "publisher", "no domain", status=65)
    here.cli("trend", "allow", "person", "x", status=64)


def test_pages_of_links(here, far, crowd):
    (one, _), (two, _), (de, german) = page(far), page(far), page(far, lang="de")
    post(here, crowd, one, two, de)
    later(here)
    here.wait_until(lambda: german in links(here.api()) and len(links(here.api())) >= 3)
    api = here.api()
    everything = links(api)
    assert links(api, limit=1) + links(api, limit=1, offset=1) + links(api, limit=1, offset=2) == everything[:3]
    assert "offset=3" in api.last.links["next"]["url"] and "offset=1" in api.last.links["prev"]["url"]
    assert links(api, limit=1, offset=-5) == everything[:1]
    assert links(api, offset=900) == [] and "next" not in api.last.links
    assert everything.index(german) == len(everything) - 1, "those in the language of the reader first"


def test_uses_of_links_are_pruned_and_go_with_the_account(here, far, crowd):
    url, _ = page(far)
    gone = here.user()
    gone.patch("/api/v1/accounts/update_credentials", {"discoverable": True})
    post(here, [gone, crowd[0]], url)
    uses = f"SELECT count(*) FROM card_use u JOIN card k ON k.id = u.card_id WHERE k.url = '{url}'"
    assert here.query(uses) == [(2,)]
    stands = "SELECT max(run_at_ms), (SELECT count(*) FROM account WHERE id = ?) FROM job WHERE kind = 'delete_account'"
    here.cli("user", "delete", gone.name, "--yes")
    while (at := here.query(stands, gone.id))[0][1] == 1:  # others are told, and an hour later it goes
        here.shift_clock(hours=2)
        here.wait_until(lambda: here.query(stands, gone.id) != at)
    here.wait_until(lambda: here.query(uses) == [(1,)])
    here.shift_clock(days=9)
    here.wait_until(lambda: here.query(uses) == [(0,)])


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

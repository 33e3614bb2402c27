"""Home, public and hashtag timelines, followed hashtags, markers.  Homes are compared with a model in src/service/home_test.c."""
import secrets

import pytest


def ids(posts):
    return [s["id"] for s in posts]


def until_home(server, api, want, **kw):
    """Until the home begins with these ids; the fan-out runs beside the request."""
    server.wait_until(lambda: ids(api.home(**kw))[:len(want)] == want)


# --- home ------------------------------------------------------------------------------------------------------------------

def test_home_is_what_i_follow(alice, bob, carol, server):
    alice.follow(bob)
    assert alice.home() == []
    mine = alice.toot("mine")["id"]
    assert ids(alice.home()) == [mine]  # at once
    theirs = bob.toot("theirs")["id"]
    carol.toot("a stranger's")
    private = bob.toot("private", visibility="private")["id"]
    bob.toot("direct to somebody else", visibility="direct")
    direct = bob.toot(f"@{alice.name} direct", visibility="direct")["id"]
    until_home(server, alice, [direct, private, theirs, mine])
    assert ids(alice.home()) == [direct, private, theirs, mine]
    alice.post(f"/api/v1/accounts/{bob.id}/unfollow")
    assert ids(alice.home()) == [mine]


def test_home_replies_only_between_those_i_follow(alice, bob, carol, server):
    alice.follow(bob)
    root = carol.toot("root")
    bob.toot("reply to a stranger", in_reply_to_id=root["id"])
    mine = alice.toot("mine")
    to_me = bob.toot("reply to me", in_reply_to_id=mine["id"])["id"]
    thread = bob.toot("thread 1")
    more = bob.toot("thread 2", in_reply_to_id=thread["id"])["id"]
    until_home(server, alice, [more, thread["id"], to_me, mine["id"]])
    assert len(alice.home()) == 4
    alice.follow(carol)
    assert len(alice.home()) == 6  # now the root and the reply to it


def test_home_boosts(alice, bob, carol, server):
    alice.follow(bob)
    original = carol.toot("worth a boost")["id"]
    boost = bob.post(f"/api/v1/statuses/{original}/reblog")["id"]
    until_home(server, alice, [boost])
    assert alice.home()[0]["reblog"]["id"] == original
    alice.follow(carol)  # now the original is there itself, and the boost repeats it
    assert ids(alice.home()) == [original]
    alice.post(f"/api/v1/accounts/{carol.id}/unfollow")
    alice.post(f"/api/v1/accounts/{bob.id}/follow", {"reblogs": False})
    assert alice.home() == []
    alice.post(f"/api/v1/accounts/{bob.id}/follow", {"reblogs": True})
    assert ids(alice.home()) == [boost]
    bob.post(f"/api/v1/statuses/{original}/unreblog")
    assert alice.home() == []


@pytest.mark.parametrize("verb, back", [("mute", "unmute"), ("block", "unblock")])
def test_home_and_lists_hide_posts_that_name_whom_i_muted_or_blocked(alice, bob, carol, server, verb, back):
    alice.follow(bob)
    a_list = alice.post("/api/v1/lists", {"title": "bob"})["id"]
    alice.post(f"/api/v1/lists/{a_list}/accounts", {"account_ids": [bob.id]})
    plain = bob.toot("about nobody")["id"]
    named = bob.toot(f"@{carol.name} and you?")["id"]
    boost = bob.post(f"/api/v1/statuses/{bob.toot(f'for @{carol.name}')['id']}/reblog")
    mine = alice.toot(f"@{carol.name} by me")["id"]
    everything = [mine, boost["reblog"]["id"], named, plain]
    until_home(server, alice, everything)
    alice.post(f"/api/v1/accounts/{carol.id}/{verb}")
    assert ids(alice.home()) == [mine, plain]  # one's own stay
    assert ids(alice.get(f"/api/v1/timelines/list/{a_list}")) == [plain]
    assert alice.get(f"/api/v1/statuses/{named}")["id"] == named  # asked for by id they are there
    assert named in ids(alice.get(f"/api/v1/accounts/{bob.id}/statuses")) and named in ids(alice.get("/api/v1/timelines/public"))
    alice.post(f"/api/v1/accounts/{carol.id}/{back}")
    assert ids(alice.home()) == everything


def test_home_languages_of_a_follow(alice, bob, server):
    alice.post(f"/api/v1/accounts/{bob.id}/follow", {"languages": ["de"]})
    assert alice.home() == []
    bob.toot("English", language="en")
    german = bob.toot("Deutsch", language="de")["id"]
    until_home(server, alice, [german])
    assert ids(alice.home()) == [german]


def test_home_forgets_deleted_and_shows_edited(alice, bob, server):
    alice.follow(bob)
    first, second = bob.toot("first")["id"], bob.toot("second")["id"]
    until_home(server, alice, [second, first])
    bob.delete(f"/api/v1/statuses/{second}")
    assert ids(alice.home()) == [first]
    bob.put(f"/api/v1/statuses/{first}", {"status": "first, edited"})
    assert "edited" in alice.home()[0]["content"]


def test_home_pages(alice, bob, server):
    alice.follow(bob)
    made = [(alice if i % 3 else bob).toot(str(i))["id"] for i in range(12)][::-1]
    until_home(server, alice, made)
    assert ids(alice.pages("/api/v1/timelines/home", limit=5)) == made
    alice.home(limit=5)
    assert f"min_id={made[0]}" in alice.last.links["prev"]["url"] and f"max_id={made[4]}" in alice.last.links["next"]["url"]
    assert ids(alice.home(min_id=made[11], limit=4)) == made[7:11]
    assert ids(alice.home(since_id=made[11], limit=4)) == made[:4]
    assert ids(alice.home(max_id=made[3], since_id=made[6])) == made[4:6]
    assert alice.home(max_id=made[11]) == [] and "Link" not in alice.last.headers
    assert ids(alice.home(limit=100)) == made


def test_home_survives_a_restart(own_server):
    s = own_server()
    alice, bob = s.user(), s.user()
    alice.follow(bob)
    post = bob.toot("kept")["id"]
    until_home(s, alice, [post])
    s.restart()
    alice.base = s.base
    assert ids(alice.home()) == [post]


# --- public and hashtags -----------------------------------------------------------------------------------------------------

def test_public_shows_originals_only(alice, bob, anon):
    post = alice.toot("for everybody")["id"]
    hidden = [alice.toot("quiet", visibility="unlisted")["id"], alice.toot("private", visibility="private")["id"],
              bob.post(f"/api/v1/statuses/{post}/reblog")["id"]]
    for query in ({}, {"local": "true"}):
        seen = ids(anon.get("/api/v1/timelines/public", limit=40, **query))
        assert post in seen and not set(hidden) & set(seen)
    assert post not in ids(anon.get("/api/v1/timelines/public", remote="true"))
    assert post not in ids(anon.get("/api/v1/timelines/public", only_media="true"))
    anon.get("/api/v1/timelines/public", local="true", limit=1)
    assert "local=true" in anon.last.links["next"]["url"]


def test_public_hides_whom_i_muted_or_blocked(alice, bob, carol):
    posts = {bob.toot("muted")["id"], carol.toot("blocked")["id"]}
    alice.post(f"/api/v1/accounts/{bob.id}/mute")
    alice.post(f"/api/v1/accounts/{carol.id}/block")
    assert not posts & set(ids(alice.get("/api/v1/timelines/public", limit=40)))
    assert posts <= set(ids(alice.get("/api/v1/timelines/public", limit=40))) | set(ids(bob.get("/api/v1/timelines/public", limit=40)))


def test_hashtag_timelines(alice, anon):
    a, b = "a" + secrets.token_hex(4), "b" + secrets.token_hex(4)
    only_a, both, only_b = alice.toot(f"#{a}")["id"], alice.toot(f"#{a.upper()} #{b}")["id"], alice.toot(f"#{b}")["id"]
    alice.toot(f"#{a} quiet", visibility="unlisted")
    path = f"/api/v1/timelines/tag/{a}"
    assert ids(anon.get(path)) == [both, only_a]
    assert ids(anon.get(f"/api/v1/timelines/tag/{a.upper()}")) == [both, only_a]
    assert ids(anon.get(path, any=[b])) == [only_b, both, only_a]
    assert ids(anon.get(path, all=[b])) == [both]
    assert ids(anon.get(path, none=[b])) == [only_a]
    assert ids(anon.pages(path, limit=1)) == [both, only_a]
    assert anon.get(path, remote="true") == [] and ids(anon.get(path, local="true")) == [both, only_a]
    assert anon.get("/api/v1/timelines/tag/" + secrets.token_hex(5)) == []


def post_tags(api, post):
    return [t["name"] for t in api.get(f"/api/v1/statuses/{post}")["tags"]]


def test_followed_hashtags(alice, bob, anon, server):
    name = "Tag" + secrets.token_hex(4)
    assert alice.get(f"/api/v1/tags/{name}")["following"] is False
    assert "following" not in anon.get(f"/api/v1/tags/{name}")
    assert alice.home() == []
    assert alice.post(f"/api/v1/tags/{name}/follow")["following"] is True
    again = alice.post(f"/api/v1/tags/{name.lower()}/follow")
    assert again["following"] is True and again == alice.get(f"/api/v1/tags/{name.lower()}") and len(again["history"]) == 7
    post = bob.toot(f"about #{name}")["id"]
    bob.toot(f"quietly about #{name}", visibility="unlisted")
    until_home(server, alice, [post])
    assert ids(alice.home()) == [post]
    alice.post(f"/api/v1/tags/{name}/feature")
    followed, = alice.get("/api/v1/followed_tags")
    assert (followed["name"], followed["url"].rsplit("/")[-1], followed["following"], followed["featuring"]) == (name, name.lower(), True, True)
    assert post_tags(alice, post) == [name.lower()], "in posts the name is that of its timeline"
    assert alice.post(f"/api/v1/tags/{name}/unfollow")["following"] is False
    assert alice.get("/api/v1/followed_tags") == [] and alice.home() == []
    for bad in ("123", "a%20b", "%23"):
        alice.post(f"/api/v1/tags/{bad}/follow", expect=404)


def test_followed_hashtags_page_by_their_rows(alice):
    names = ["p" + secrets.token_hex(4) for _ in range(5)]
    for n in names:
        alice.post(f"/api/v1/tags/{n}/follow")
    assert [t["name"] for t in alice.pages("/api/v1/followed_tags", limit=2)] == names[::-1]
    alice.get("/api/v1/followed_tags", limit=2)
    assert "since_id=" in alice.last.links["prev"]["url"]


# --- markers -----------------------------------------------------------------------------------------------------------------

def test_markers(alice, bob):
    assert alice.get("/api/v1/markers", timeline=["home", "notifications"]) == {}
    got = alice.post("/api/v1/markers", {"home": {"last_read_id": "100"}})
    assert list(got) == ["home"] and (got["home"]["last_read_id"], got["home"]["version"]) == ("100", 1)
    got = alice.request("POST", "/api/v1/markers", data={"home[last_read_id]": "200", "notifications[last_read_id]": "7"})
    assert got["home"]["version"] == 2 and got["notifications"]["version"] == 1
    assert alice.get("/api/v1/markers", timeline=["home"])["home"]["last_read_id"] == "200"
    assert set(alice.get("/api/v1/markers", timeline=["home", "notifications", "x"])) == {"home", "notifications"}
    assert alice.get("/api/v1/markers") == {}
    assert bob.get("/api/v1/markers", timeline=["home", "notifications"]) == {}


@pytest.mark.parametrize("body", [{"home": {"last_read_id": "x"}}, {"home": "5"}, {"home": {"last_read_id": "-5"}}])
def test_markers_refuse_junk(alice, body):
    alice.post("/api/v1/markers", body, expect=(400, 422))
    assert alice.get("/api/v1/markers", timeline=["home"]) == {}


def test_markers_of_other_timelines(alice, bob, server):
    one = alice.post("/api/v1/lists", {"title": "x"})["id"]
    names = ["public", "local", "conversations", f"list:{one}", "tag:caf\u00e9"]
    got = alice.post("/api/v1/markers", {n: {"last_read_id": "5"} for n in names} | {"nowhere": {"last_read_id": "5"}, "tag:": {"last_read_id": "5"}})
    assert set(got) == set(names[:4]) | {"tag:cafe"}
    assert set(alice.get("/api/v1/markers", timeline=names + ["list:x", "tag:Cafe"])) == set(got)
    bob.post("/api/v1/markers", {f"list:{one}": {"last_read_id": "5"}}, expect=404)
    alice.delete(f"/api/v1/lists/{one}")
    assert f"list:{one}" not in alice.get("/api/v1/markers", timeline=names)


def test_markers_refuse_an_old_version(alice):
    marker = alice.post("/api/v1/markers", {"home": {"last_read_id": "5", "version": 0}, "notifications": {"last_read_id": "5"}})["home"]
    assert alice.post("/api/v1/markers", {"home": {"last_read_id": "6", "version": marker["version"]}})["home"]["version"] == 2
    alice.post("/api/v1/markers", {"notifications": {"last_read_id": "9"}, "home": {"last_read_id": "9", "version": 1}}, expect=409)
    got = alice.get("/api/v1/markers", timeline=["home", "notifications"])
    assert (got["home"]["last_read_id"], got["notifications"]["last_read_id"]) == ("6", "5")  # all or nothing


def test_markers_are_bounded(alice):
    for start in range(0, 250, 50):
        alice.post("/api/v1/markers", {f"tag:t{i}x": {"last_read_id": "1"} for i in range(start, start + 50)})
    alice.post("/api/v1/markers", {"home": {"last_read_id": "1"}}, expect=422)
    alice.post("/api/v1/markers", {f"tag:t{i}x": {"last_read_id": "1"} for i in range(51)}, expect=422)

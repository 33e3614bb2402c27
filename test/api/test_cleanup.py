"""Old posts that go by themselves: what is kept, what goes, when, and what is shown before."""
import pytest
from pictures import png
from server import Server

PATH = "/api/v1/status_cleanup"
OFF = {"enabled": False, "min_status_age": 14 * 86400, "keep_direct": True, "keep_pinned": True, "keep_polls": False, "keep_media": False,
       "keep_self_fav": True, "keep_self_bookmark": True, "min_favs": 0, "min_reblogs": 0, "would_delete": 0, "would_delete_more": False}
NOTHING_KEPT = {k: False for k in OFF if k.startswith("keep_")}


def test_what_is_wanted_is_kept_and_checked(server, anon):
    me = server.user()
    assert me.get(PATH) == OFF
    for bad in ({"min_status_age": 86400}, {"min_status_age": 0}, {"min_status_age": "two weeks"}, {"enabled": "perhaps"}, {"min_favs": -1},
                {"min_reblogs": 10**9}):
        me.put(PATH, {"keep_media": True, **bad}, expect=422)
        me.post(PATH + "/preview", bad, expect=422)
    assert me.get(PATH) == OFF
    wish = {"enabled": True, "min_status_age": 31556952, "keep_polls": True, "min_favs": 3}
    assert me.patch(PATH, wish) == OFF | wish == me.get(PATH)
    assert me.post(PATH + "/preview", {"enabled": False})["enabled"] is False and me.get(PATH)["enabled"] is True
    assert me.put(PATH, data={"enabled": "false", "keep_polls": "0"})["keep_polls"] is False
    anon.get(PATH, expect=401)
    server.api(server.token(me.name, "read")).put(PATH, {"enabled": False}, expect=403)
    server.api(server.token(me.name, "write")).post(PATH + "/preview", {}, expect=403)


@pytest.fixture(scope="module")
def aged(tmp_path_factory, new_database):
    """A server of its own, as its clock moves; two people whose posts are of one day, and two weeks later one more of each."""
    with Server(tmp_path_factory.mktemp("aged"), database=new_database()) as s:
        me, friend = s.user(), s.user()
        posts = {"plain": me.toot("plain"), "direct": me.toot(f"@{friend.name} direct", visibility="direct"), "pinned": me.toot("pinned"),
                 "poll": me.toot("poll", poll={"options": ["a", "b"], "expires_in": 300}), "liked": me.toot("liked"), "marked": me.toot("marked"),
                 "popular": me.toot("popular"), "boosted": me.toot("boosted")}
        media = me.post("/api/v2/media", files={"file": ("x.png", png(), "image/png")})
        posts["media"] = me.toot("media", media_ids=[media["id"]])
        posts["boost"] = me.post(f"/api/v1/statuses/{friend.toot('theirs')['id']}/reblog")
        for act, name in (("pin", "pinned"), ("favourite", "liked"), ("bookmark", "marked")):
            me.post(f"/api/v1/statuses/{posts[name]['id']}/{act}")
        friend.post(f"/api/v1/statuses/{posts['popular']['id']}/favourite")
        friend.post(f"/api/v1/statuses/{posts['boosted']['id']}/reblog")
        s.shift_clock(days=14, hours=1)
        posts["young"] = me.toot("young")
        me.posts, me.friend = posts, friend
        yield s, me


def left(me):
    ids = {s["id"]: name for name, s in me.posts.items()}
    return {ids[s["id"]] for s in me.get(f"/api/v1/accounts/{me.id}/statuses", limit=40)}


@pytest.mark.parametrize("wish, goes", [
    ({}, 6),                                                                    # plain, poll, popular, boosted, media, boost
    ({"keep_polls": True}, 5), ({"keep_media": True}, 5), ({"keep_direct": False}, 7), ({"keep_pinned": False}, 7),
    ({"keep_self_fav": False}, 7), ({"keep_self_bookmark": False}, 7), ({"min_favs": 1}, 5), ({"min_reblogs": 1}, 5), ({"min_favs": 2}, 6),
    (NOTHING_KEPT, 10), ({"min_status_age": 2629746, **NOTHING_KEPT}, 0),
])
def test_a_preview_says_how_many_would_go(aged, wish, goes):
    _, me = aged
    assert me.post(PATH + "/preview", wish)["would_delete"] == goes
    assert len(left(me)) == 11, "nothing has gone"


def test_old_posts_go_and_what_is_to_be_kept_stays(aged):
    s, me = aged
    with me.stream() as stream:
        me.put(PATH, {"enabled": True, "keep_polls": True, "keep_media": True, "min_favs": 1, "min_reblogs": 1})
        s.shift_clock(minutes=6)
        gone = {stream.wait("delete") for _ in range(2)}
    assert gone == {me.posts["plain"]["id"], me.posts["boost"]["id"]}
    kept = set(me.posts) - {"plain", "boost"}
    assert left(me) == kept and me.get(PATH)["would_delete"] == 0
    me.get(f"/api/v1/statuses/{me.posts['plain']['id']}", expect=404)
    assert len(me.friend.get(f"/api/v1/accounts/{me.friend.id}/statuses")) == 2, "what was boosted is its author's"
    # what kept them ends: the search begins anew
    me.put(PATH, NOTHING_KEPT | {"min_favs": 0, "min_reblogs": 0})
    s.shift_clock(minutes=6)
    s.wait_until(lambda: left(me) == {"young"})
    # switched off: nothing goes any more
    me.put(PATH, {"enabled": False})
    me.friend.put(PATH, {"enabled": True})
    s.shift_clock(days=15)
    s.wait_until(lambda: not me.friend.get(f"/api/v1/accounts/{me.friend.id}/statuses"))
    assert left(me) == {"young"}

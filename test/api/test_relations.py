"""Follow, block, mute and what they do to each other, on one server; between servers is in test/fed."""
import concurrent.futures

import pytest


def rel(api, other):
    return api.get("/api/v1/accounts/relationships", id=[other.id])[0]


def act(api, verb, other, expect=200, **body):
    return api.post(f"/api/v1/accounts/{other.id}/{verb}", body, expect)


def counts(api, who):
    a = api.get(f"/api/v1/accounts/{who.id}")
    return a["followers_count"], a["following_count"]


def lock(api):
    api.patch("/api/v1/accounts/update_credentials", {"locked": True})


# --- following -----------------------------------------------------------------------------------------------------------

def test_follow_and_unfollow(alice, bob):
    r = act(alice, "follow", bob)
    assert r == r | {"id": bob.id, "following": True, "showing_reblogs": True, "notifying": False, "languages": None, "requested": False}
    assert rel(bob, alice)["followed_by"] and not rel(bob, alice)["following"]
    assert counts(alice, alice) == (0, 1) and counts(alice, bob) == (1, 0)
    again = act(alice, "follow", bob, reblogs=False, notify=True, languages=["de-AT", "fr"])
    assert (again["showing_reblogs"], again["notifying"], again["languages"]) == (False, True, ["de", "fr"])
    kept = act(alice, "follow", bob)
    assert (kept["showing_reblogs"], kept["notifying"], kept["languages"]) == (False, True, ["de", "fr"])
    assert counts(alice, bob) == (1, 0)
    assert not act(alice, "unfollow", bob)["following"]
    assert not act(alice, "unfollow", bob)["following"]
    assert counts(alice, alice) == (0, 0) and counts(alice, bob) == (0, 0)


def test_nobody_follows_itself_or_the_unknown(alice):
    act(alice, "follow", alice, expect=403)
    alice.post("/api/v1/accounts/1/follow", expect=404)
    alice.post("/api/v1/accounts/x/follow", expect=404)


def test_follow_at_once_from_many_threads_counts_once(alice, bob, server):
    def one(_):
        return server.api(alice.token).post(f"/api/v1/accounts/{bob.id}/follow")["following"]

    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        assert all(pool.map(one, range(24)))
    assert counts(alice, bob) == (1, 0)
    assert len(bob.notifications(types=["follow"])) == 1


def test_locked_accounts_answer(alice, bob, carol):
    lock(alice)
    assert act(bob, "follow", alice)["requested"] and act(carol, "follow", alice)["requested"]
    assert rel(alice, bob)["requested_by"]
    assert [a["id"] for a in alice.get("/api/v1/follow_requests")] == [carol.id, bob.id]
    assert [n["account"]["id"] for n in alice.notifications(types=["follow_request"])] == [carol.id, bob.id]
    assert counts(alice, alice) == (0, 0)
    r = alice.post(f"/api/v1/follow_requests/{bob.id}/authorize")
    assert r["followed_by"] and not r["requested_by"]
    assert not alice.post(f"/api/v1/follow_requests/{carol.id}/reject")["followed_by"]
    assert alice.get("/api/v1/follow_requests") == []
    assert alice.notifications(types=["follow_request"]) == []
    assert rel(bob, alice)["following"] and not rel(carol, alice)["requested"]
    assert counts(alice, alice) == (1, 0)
    alice.post(f"/api/v1/follow_requests/{carol.id}/authorize", expect=404)


def test_a_request_can_be_taken_back(alice, bob):
    lock(alice)
    act(bob, "follow", alice)
    assert not act(bob, "unfollow", alice)["requested"]
    assert alice.get("/api/v1/follow_requests") == [] and alice.notifications(types=["follow_request"]) == []


def test_remove_from_followers(alice, bob):
    act(bob, "follow", alice)
    assert not act(alice, "remove_from_followers", bob)["followed_by"]
    assert not rel(bob, alice)["following"] and counts(alice, alice) == (0, 0)


# --- blocking ------------------------------------------------------------------------------------------------------------

def test_block_ends_everything_between_two(alice, bob, server):
    act(alice, "follow", bob), act(bob, "follow", alice)
    post = alice.toot("before")
    bob.post(f"/api/v1/statuses/{post['id']}/favourite")
    server.wait_notification(alice, "favourite", bob.name)
    r = act(alice, "block", bob)
    assert r["blocking"] and not r["following"] and not r["followed_by"]
    assert rel(bob, alice)["blocked_by"] and not rel(bob, alice)["following"]
    assert counts(alice, alice) == (0, 0) and counts(alice, bob) == (0, 0)
    assert [n for n in alice.notifications() if n["account"]["id"] == bob.id] == []
    act(bob, "follow", alice, expect=403)
    act(alice, "follow", bob, expect=403)
    bob.get(f"/api/v1/statuses/{post['id']}", expect=404)
    assert bob.get(f"/api/v1/accounts/{alice.id}/statuses") == []
    assert bob.get(f"/api/v1/accounts/{alice.id}/followers") == []
    assert [a["id"] for a in alice.get("/api/v1/blocks")] == [bob.id]
    assert not act(alice, "unblock", bob)["blocking"]
    assert alice.get("/api/v1/blocks") == []
    assert bob.get(f"/api/v1/statuses/{post['id']}")["id"] == post["id"]
    assert act(bob, "follow", alice)["following"]


def test_block_ends_a_request(alice, bob):
    lock(alice)
    act(bob, "follow", alice)
    act(alice, "block", bob)
    assert alice.get("/api/v1/follow_requests") == [] and not rel(bob, alice)["requested"]


# --- muting, notes ---------------------------------------------------------------------------------------------------------

def test_mute_hides_and_ends_by_itself(own_server):
    server = own_server()  # its clock is moved
    alice, bob = server.user(), server.user()
    act(alice, "follow", bob)
    r = act(alice, "mute", bob, duration=3600)
    assert r["muting"] and r["muting_notifications"] and r["muting_expires_at"] and r["following"]
    assert not rel(bob, alice)["blocked_by"]
    muted = alice.get("/api/v1/mutes")
    assert [a["id"] for a in muted] == [bob.id] and muted[0]["mute_expires_at"]
    post = bob.toot(f"@{alice.name} can you hear me?")
    assert alice.get(f"/api/v1/statuses/{post['id']}")["id"] == post["id"]
    assert post["id"] not in [s["id"] for s in alice.home()]
    server.shift_clock(hours=2)
    assert not rel(alice, bob)["muting"]
    server.wait_until(lambda: post["id"] in [s["id"] for s in alice.home()])
    assert alice.notifications(types=["mention"]) == []


def test_mute_without_notifications(alice, bob, server):
    assert not act(alice, "mute", bob, notifications=False)["muting_notifications"]
    bob.toot(f"@{alice.name} hello")
    server.wait_notification(alice, "mention", bob.name)
    assert not act(alice, "unmute", bob)["muting"]


def test_notes_are_mine_alone(alice, bob, carol):
    assert act(alice, "note", bob, comment="met in <Paris>")["note"] == "met in <Paris>"
    assert rel(alice, bob)["note"] == "met in <Paris>"
    assert rel(carol, bob)["note"] == "" and rel(bob, alice)["note"] == ""
    assert act(alice, "note", bob, comment="")["note"] == ""
    act(alice, "note", bob, comment="x" * 2001, expect=422)
    assert len(act(alice, "note", bob, comment="\u00e9" * 2000)["note"]) == 2000


# --- lists -------------------------------------------------------------------------------------------------------------------

def test_relationships_keep_the_order_and_skip_the_unknown(alice, bob, carol):
    got = alice.get("/api/v1/accounts/relationships", id=[carol.id, "1", bob.id])
    assert [r["id"] for r in got] == [carol.id, bob.id]
    assert alice.get("/api/v1/accounts/relationships") == []


@pytest.fixture(scope="module")
def crowd(server):
    """One person whom five others follow."""
    star, fans = server.user(), [server.user() for _ in range(5)]
    for f in fans:
        act(f, "follow", star)
    return star, fans


def test_followers_page_by_the_rows_of_follows(crowd, anon):
    star, fans = crowd
    path = f"/api/v1/accounts/{star.id}/followers"
    want = [f.id for f in fans][::-1]
    assert [a["id"] for a in anon.pages(path, limit=2)] == want
    first = anon.get(path, limit=2)
    links = anon.last.links
    assert "since_id=" in links["prev"]["url"] and "max_id=" in links["next"]["url"]
    assert first[-1]["id"] not in links["next"]["url"]  # the cursor is the follow, not the account
    assert anon.get(path, limit=10) and "next" not in anon.last.links and "prev" in anon.last.links
    assert anon.get(f"/api/v1/accounts/{star.id}/following") == [] and "Link" not in anon.last.headers
    assert [a["id"] for a in anon.get(f"/api/v1/accounts/{fans[0].id}/following")] == [star.id]


def test_hidden_networks(crowd, anon, alice):
    star, fans = crowd
    star.patch("/api/v1/accounts/update_credentials", {"hide_collections": True})
    path = f"/api/v1/accounts/{star.id}/followers"
    assert anon.get(path) == [] and alice.get(path) == []
    assert len(star.get(path)) == 5
    alice.follow(fans[0])
    assert alice.get("/api/v1/accounts/familiar_followers", id=[star.id])[0]["accounts"] == []
    star.patch("/api/v1/accounts/update_credentials", {"hide_collections": False})
    assert [a["id"] for a in alice.get("/api/v1/accounts/familiar_followers", id=[star.id])[0]["accounts"]] == [fans[0].id]


def test_strangers_may_do_nothing(anon, alice, server):
    readonly = server.api(server.token(alice.name, "read"))
    for verb in ("follow", "unfollow", "block", "unblock", "mute", "unmute", "note", "remove_from_followers"):
        act(anon, verb, alice, expect=401)
        act(readonly, verb, alice, expect=403)
    for path in ("/api/v1/blocks", "/api/v1/mutes", "/api/v1/follow_requests", "/api/v1/timelines/home", "/api/v1/notifications",
                 "/api/v1/accounts/relationships", "/api/v1/accounts/verify_credentials", "/api/v1/markers"):
        anon.get(path, expect=401)

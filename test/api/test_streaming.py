"""The streaming API with its ordinary clients: server-sent events, WebSockets, every channel and event, who gets what, and the end of a stream."""
import secrets

import pytest
from forms import Browser
from socket_client import Refused


def word():
    return "t" + secrets.token_hex(6)


def app_token(api):
    app = api.post("/api/v1/apps", {"client_name": "a", "redirect_uris": "urn:ietf:wg:oauth:2.0:oob", "scopes": "read"})
    secret = {"client_id": app["client_id"], "client_secret": app["client_secret"]}
    return api.post("/oauth/token", {"grant_type": "client_credentials", "scope": "read"} | secret)["access_token"]


@pytest.fixture
def as_alice(server, alice):
    """The API as alice with a token of other scopes."""
    return lambda scopes: server.api(server.token(alice.name, scopes))


# --- events ------------------------------------------------------------------------------------------------------------------------


def test_a_home_hears_of_new_edited_and_deleted_posts(alice, bob):
    alice.follow(bob)
    with alice.stream() as home:
        post = bob.toot("first", visibility="private")
        got = home.wait("update")
        assert (got["id"], got["content"], got["favourited"], got["filtered"]) == (post["id"], "<p>first</p>", False, [])
        bob.put(f"/api/v1/statuses/{post['id']}", {"status": "second"})
        got = home.wait("status.update")
        assert (got["id"], got["content"]) == (post["id"], "<p>second</p>")
        bob.delete(f"/api/v1/statuses/{post['id']}")
        assert home.wait("delete") == post["id"]


def test_the_update_is_what_the_timeline_says(alice, bob, server):
    alice.follow(bob)
    with alice.stream() as home, bob.stream() as own:
        bob.toot("the same", spoiler_text="cw", language="de")
        mine, theirs = own.wait("update"), home.wait("update")
    assert theirs == server.wait_until(lambda: alice.home())[0]
    assert mine == bob.home()[0] and mine["pinned"] is False and "pinned" not in theirs


def test_a_boost_carries_the_marks_of_its_reader_and_dies_with_the_post(alice, bob, carol):
    alice.follow(bob)
    original = carol.toot("worth it")["id"]
    alice.post(f"/api/v1/statuses/{original}/favourite")
    with alice.stream() as home:
        boost = bob.post(f"/api/v1/statuses/{original}/reblog")["id"]
        got = home.wait("update")
        assert (got["id"], got["reblog"]["id"], got["reblog"]["favourited"]) == (boost, original, True)
        carol.delete(f"/api/v1/statuses/{original}")
        assert home.wait("delete") == boost


def test_notifications_need_their_scope(alice, bob, as_alice):
    with alice.stream() as both, as_alice("read:statuses").stream() as posts, as_alice("read:notifications").stream("user/notification") as told:
        bob.toot(f"@{alice.name} hello")
        want = both.wait("notification")
        assert (want["type"], want["account"]["id"]) == ("mention", bob.id)
        assert told.wait("notification") == want
        alice.toot("end")
        for event, _ in posts.all(lambda event, p: event == "update" and "end" in p["content"]):
            assert event == "update"
        bob.follow(alice)
        kinds = [p["type"] for e, p in told.all(lambda e, p: e == "notification" and p["type"] == "follow")]
        assert kinds == []  # and no update


def test_a_tag_that_is_followed_comes_home_and_leaves(alice, bob):
    tag = word()
    alice.post(f"/api/v1/tags/{tag}/follow")
    with alice.stream() as home:
        post = bob.toot(f"#{tag}")["id"]
        assert home.wait("update")["id"] == post
        bob.delete(f"/api/v1/statuses/{post}")
        assert home.wait("delete") == post


def test_changed_filters_are_told_and_used(alice, bob, carol):
    secret = word()
    for reader in (alice, carol):
        reader.follow(bob)
    with alice.stream() as home, carol.stream() as other, alice.stream("public") as public:
        alice.post("/api/v2/filters", {"title": "no", "context": ["home"], "filter_action": "warn", "keywords_attributes": [{"keyword": secret}]})
        home.wait("filters_changed")
        bob.toot(f"the {secret} word")
        for mine in (home.wait("update"), public.wait("update")):
            assert [f["keyword_matches"] for f in mine["filtered"]] == [[secret]]
        assert other.wait("update")["filtered"] == []


def test_what_changes_between_two_people_is_told_to_both(alice, bob):
    """On a channel of our own, so that apps need not know it: an answered request, a mute on another device; nobody's else."""
    bob.patch("/api/v1/accounts/update_credentials", {"locked": True})

    def told(*streams):
        return [s.wait("relationship") for s in streams]

    with alice.socket("user:changes") as a, bob.socket("user:changes") as b, alice.socket("user") as app:
        for act in (lambda: alice.follow(bob), lambda: bob.post(f"/api/v1/follow_requests/{alice.id}/authorize"),
                    lambda: bob.post(f"/api/v1/accounts/{alice.id}/remove_from_followers"), lambda: alice.follow(bob),
                    lambda: bob.post(f"/api/v1/follow_requests/{alice.id}/reject"), lambda: bob.post(f"/api/v1/accounts/{alice.id}/block"),
                    lambda: bob.post(f"/api/v1/accounts/{alice.id}/unblock")):
            act()
            assert told(a, b) == [bob.id, alice.id]
        for path in ("mute", "unmute", "note"):
            alice.post(f"/api/v1/accounts/{bob.id}/{path}", {"comment": "met in Graz"})
            assert told(a) == [bob.id]
        alice.put("/api/v1/client_settings", {"settings": {"theme": "dark"}})
        a.wait("settings_changed")
        bob.follow(alice)
        assert b.all(lambda stream, event, _: event == "relationship") == []  # of what only alice knows came nothing
        alice.toot("end")
        assert {event for _, event, _ in app.all(lambda s, event, p: event == "update")} <= {"update", "notification"}


def test_announcements_go_to_everybody(server, alice, bob):
    with alice.stream() as a, bob.socket("user") as b:
        number = server.cli("announcement", "add", "The cake is ready").strip()
        assert a.wait("announcement")["id"] == number
        assert "cake" in b.wait("announcement")["content"]
        bob.put(f"/api/v1/announcements/{number}/reactions/🎂")
        got = a.wait("announcement.reaction")
        assert (got["name"], got["count"], got["announcement_id"]) == ("🎂", 1, number)
        server.cli("announcement", "remove", number)
        assert a.wait("announcement.delete") == number


# --- which stream, and who -----------------------------------------------------------------------------------------------------------


def test_streams_of_everybody(server, alice, bob):
    tag = word()
    with alice.socket() as s:
        for stream in ("public", "public:local", "public:remote", "public:media", "public:local:media"):
            s.subscribe(stream)
        s.subscribe("hashtag", tag=tag.upper()).subscribe("hashtag:local", tag=tag).sync()
        plain = bob.toot(f"plain #{tag}")
        reply = bob.toot(f"@{alice.name} a reply #{tag}", in_reply_to_id=alice.toot("root")["id"])
        bob.toot(f"unlisted #{tag}", visibility="unlisted")
        server.wait_told()
        last = bob.toot(f"end #{tag}")
        got = s.all(lambda stream, e, p: e == "update" and p["id"] == last["id"] and stream.startswith("hashtag:local"))
        mine = sorted((stream, p["id"]) for stream, e, p in got if p["account"]["id"] == bob.id and p["id"] != last["id"])
        assert mine == sorted([
            ("public", plain["id"]), ("public:local", plain["id"]), (f"hashtag:{tag.upper()}", plain["id"]), (f"hashtag:local:{tag}", plain["id"]),
            (f"hashtag:{tag.upper()}", reply["id"]), (f"hashtag:local:{tag}", reply["id"])])
        bob.delete(f"/api/v1/statuses/{plain['id']}")
        deleted = s.all(lambda stream, e, p: e == "delete" and stream == "hashtag:local:" + tag)
        assert {stream for stream, e, p in deleted if e == "delete" and p == plain["id"]} >= {"public", "public:local"}


RELATIONS = ["follower", "stranger", "mentioned", "blocker", "blocked", "muter", "fan who mutes whom it names"]


def test_every_stream_gives_what_its_timeline_gives(server):
    """Six kinds of readers, four visibilities and a boost: each stream against the timeline of the same reader."""
    author, booster = server.user(), server.user()
    readers = {name: server.user() for name in RELATIONS}
    tag = word()
    for name, reader in readers.items():
        reader.follow(booster)
        if name in ("follower", "muter", "fan who mutes whom it names"):
            reader.follow(author)
    readers["blocker"].post(f"/api/v1/accounts/{author.id}/block")
    author.post(f"/api/v1/accounts/{readers['blocked'].id}/block")
    readers["muter"].post(f"/api/v1/accounts/{author.id}/mute")
    readers["fan who mutes whom it names"].post(f"/api/v1/accounts/{readers['mentioned'].id}/mute")
    sockets = {name: reader.socket("user").__enter__() for name, reader in readers.items()}
    try:
        for s in sockets.values():
            s.subscribe("public").subscribe("public:local").subscribe("hashtag", tag=tag).sync()
        posts = [author.toot(f"@{readers['mentioned'].name} {v} #{tag}", visibility=v)["id"] for v in ("public", "unlisted", "private", "direct")]
        posts += [author.toot(f"{v} #{tag}", visibility=v)["id"] for v in ("public", "private", "direct")]
        posts.append(booster.post(f"/api/v1/statuses/{posts[0]}/reblog")["id"])
        end = booster.toot(f"end #{tag}")["id"]
        known = set(posts) | {end}
        for name, reader in readers.items():
            want = {"user": reader.home(), "public": reader.get("/api/v1/timelines/public"), "public:local": reader.get("/api/v1/timelines/public", local=True),
                    f"hashtag:{tag}": reader.get(f"/api/v1/timelines/tag/{tag}")}
            want = {stream: {p["id"] for p in page} & known for stream, page in want.items()}
            got, ends = {stream: set() for stream in want}, set()
            # Two posts spread at the same time: the end may come before what was posted before it.
            while ends != set(want) or any(want[stream] - got[stream] for stream in want):
                event, frame = sockets[name].get()
                stream = ":".join(frame["stream"])
                if event == "update":
                    status = __import__("json").loads(frame["payload"])
                    got[stream].add(status["id"])
                    if status["id"] == end:
                        ends.add(stream)
            got = {stream: found & known for stream, found in got.items()}
            if name == "follower":  # a timeline shows one of a post and its boost, a stream both
                got["user"].discard(posts[-1])
                want["user"].discard(posts[-1])
            assert got == want, name
    finally:
        for s in sockets.values():
            s.__exit__()


def test_lists_hear_of_their_members(server, alice, bob, carol):
    for who in (bob, carol):
        alice.follow(who)
    number = alice.post("/api/v1/lists", {"title": "l", "exclusive": True})["id"]
    alice.post(f"/api/v1/lists/{number}/accounts", {"account_ids": [bob.id]})
    with alice.socket("user") as s, alice.stream("list", list=number) as events:
        s.subscribe("list", list=number).sync()
        carol.toot("not in the list")
        server.wait_told()
        post = bob.toot("in the list")["id"]
        assert events.wait("update")["id"] == post  # the first it hears of
        got = s.all(lambda stream, e, p: stream == f"list:{number}")
        assert [p["content"] for _, e, p in got if e == "update"] == ["<p>not in the list</p>"]  # the list is exclusive
        bob.put(f"/api/v1/statuses/{post}", {"status": "edited"})
        assert events.wait("status.update")["content"] == "<p>edited</p>"
        bob.delete(f"/api/v1/statuses/{post}")
        assert events.wait("delete") == post
        bob.toot(f"@{alice.name} direct", visibility="direct")
        server.wait_told()
        last = bob.toot("last")["id"]
        assert events.wait("update")["id"] == last
    with bob.socket("list", list=number) as s:
        assert s.wait("error") == {"error": "Not authorized to stream this list", "status": 401}
    bob.get("/api/v1/streaming/list", list=number, expect=401)


def test_direct_posts_are_conversations(alice, bob, carol):
    with alice.stream("direct") as mine, carol.stream("direct") as others:
        post = bob.toot(f"@{alice.name} between us", visibility="direct")["id"]
        got = mine.wait("conversation")
        assert (got["last_status"]["id"], got["unread"], [a["id"] for a in got["accounts"]]) == (post, True, [bob.id])
        assert got == alice.get("/api/v1/conversations")[0]
        to_carol = bob.toot(f"@{carol.name} another", visibility="direct")["id"]
        assert others.wait("conversation")["last_status"]["id"] == to_carol  # the first it hears of


def test_a_quote_is_what_its_reader_may_see_of_it(alice, bob, carol, server):
    dora = server.user()
    for reader in (alice, dora):
        reader.follow(bob)
    quoted = carol.toot("to be quoted", quote_approval_policy="public")
    alice.post(f"/api/v1/accounts/{carol.id}/block")
    with alice.stream() as blocked, dora.stream() as other:
        post = bob.toot("look", quoted_status_id=quoted["id"])["id"]
        a, d = blocked.wait("update"), other.wait("update")
        assert a["id"] == d["id"] == post
        assert d["quote"]["state"] == "accepted" and d["quote"]["quoted_status"]["id"] == quoted["id"]
        assert a["quote"]["state"] == "blocked_account"
        assert (a, d) == (alice.get(f"/api/v1/statuses/{post}"), dora.get(f"/api/v1/statuses/{post}"))


def test_followers_may_quote_what_strangers_may_not(alice, bob, carol):
    alice.follow(bob)
    with alice.stream("public") as follower, carol.stream("public") as stranger:
        post = bob.toot("for followers", quote_approval_policy="followers")["id"]
        for api, events, answer in ((alice, follower, "automatic"), (carol, stranger, "denied")):
            while (got := events.wait("update"))["id"] != post:
                pass
            assert got["quote_approval"]["current_user"] == answer
            assert got == api.get(f"/api/v1/statuses/{post}")


def test_conversations_that_are_muted_say_so(alice, bob):
    alice.follow(bob)
    root = bob.toot("root")["id"]
    alice.post(f"/api/v1/statuses/{root}/mute")
    with alice.stream() as home:
        bob.toot("more", in_reply_to_id=root)
        assert home.wait("update")["muted"] is True


# --- WebSocket -------------------------------------------------------------------------------------------------------------------------


def test_one_socket_carries_many_streams(alice, bob):
    tag = word()
    with alice.socket("user") as s:
        s.subscribe("hashtag", tag=tag).subscribe("hashtag", tag=tag).sync()
        alice.toot(f"#{tag}")
        got = {":".join(s.get()[1]["stream"]) for _ in range(2)}
        assert got == {"user", f"hashtag:{tag}"}  # twice subscribed is once
        s.unsubscribe("user")
        s.unsubscribe("direct")  # never subscribed: nothing happens
        s.sync()
        bob.toot(f"for everybody #{tag}")
        assert s.get()[1]["stream"] == ["hashtag", tag]
        s.unsubscribe("hashtag", tag=tag)
        s.subscribe("user").sync()
        last = alice.toot(f"#{tag} again")
        event, frame = s.get()
        assert frame["stream"] == ["user"] and last["id"] in frame["payload"]
        assert isinstance(frame["payload"], str)


@pytest.mark.parametrize("place", ["header", "query", "protocol"])
def test_the_token_may_stand_in_three_places(alice, place):
    with alice.socket("user", token=place) as s:
        assert s.protocol == (alice.token if place == "protocol" else None)
        s.sync()
        post = alice.toot("hello")
        assert s.wait("update")["id"] == post["id"]


def test_a_socket_says_what_is_wrong_and_goes_on(alice, as_alice):
    with as_alice("read:statuses").socket("nonsense") as s:
        assert s.wait("error") == {"error": "Unknown stream type", "status": 400}
        for wrong, status in [("hello", 400), ("[]", 400), ({"type": "publish"}, 400), ({"type": "subscribe", "stream": "users"}, 400),
                              ({"type": "subscribe", "stream": "hashtag"}, 400), ({"type": "subscribe", "stream": "hashtag", "tag": {}}, 400),
                              ({"type": "subscribe", "stream": "list"}, 400), ({"type": "subscribe", "stream": "list", "list": "1"}, 401),
                              ({"type": "subscribe", "stream": "user:notification"}, 401), ({"type": "subscribe", "stream": "x" * 5000}, 413)]:
            s.send(wrong)
            got = s.wait("error")
            assert got["status"] == status and got["error"], (wrong, got)
        s.subscribe("user").sync()
        alice.toot("still here")
        assert s.wait("update")["content"] == "<p>still here</p>"


def test_binary_frames_close_with_1003(alice):
    with alice.socket("user") as s:
        s.send(b"\x00\x01")
        assert s.wait_end() == 1003


def test_subscriptions_of_a_socket_are_limited(alice):
    with alice.socket() as s:
        for i in range(100):
            s.subscribe("hashtag", tag=f"tag{i}")
            if i % 20 == 19:
                s.sync()
        s.subscribe("hashtag", tag="onemore")
        assert s.wait("error")["status"] == 422


def test_streams_of_an_account_are_limited(alice):
    sockets = [alice.socket().__enter__() for _ in range(101)]
    try:
        assert sockets[-1].wait("error")["status"] == 429
        assert sockets[-1].wait_end() == 1013
        sockets[0].sync()
    finally:
        for s in sockets:
            s.__exit__()


# --- who may listen ----------------------------------------------------------------------------------------------------------------------

STREAMS = ["user", "user/notification", "public", "public/local", "public/remote", "hashtag?tag=x", "hashtag/local?tag=x", "list?list=1", "direct"]


@pytest.mark.parametrize("stream", STREAMS)
def test_every_stream_needs_a_user(server, anon, as_alice, stream):
    path = "/api/v1/streaming/" + stream
    anon.get(path, expect=401)
    server.api("nonsense").get(path, expect=401)
    server.api(app_token(anon)).get(path, expect=401)
    as_alice("write push").get(path, expect=403)
    server.api().get(path, expect=401, access_token="nonsense")


def test_sockets_need_a_user(server, anon, alice):
    for api in (anon, server.api("nonsense"), server.api(app_token(anon))):
        with pytest.raises(Refused) as e, api.socket("user"):
            pass
        assert e.value.status == 401


def test_parameters_that_are_missing(alice):
    alice.get("/api/v1/streaming/hashtag", expect=400)
    alice.get("/api/v1/streaming/hashtag/local", expect=400)
    alice.get("/api/v1/streaming/list", expect=400)
    alice.get("/api/v1/streaming/list", list="1", expect=401)
    alice.get("/api/v1/streaming/nonsense", expect=404)


def test_health_and_what_is_not_here(anon, alice):
    assert anon.get("/api/v1/streaming/health") == "OK"
    anon.get("/api/v1/streaming", expect=404)
    alice.get("/api/v1/streaming", stream="user", expect=404)


# --- the end of a stream -------------------------------------------------------------------------------------------------------------------




def ends(server, user, act):
    """Two streams of a user end when act() is done, another person's does not; new ones are refused."""
    other = server.user()
    with user.stream() as events, user.socket("public") as s, other.stream() as stays:
        s.sync()
        act()
        events.wait_end()
        assert s.wait_end() == 1008
        other.toot("here")
        assert stays.wait("update")["content"] == "<p>here</p>"
    user.get("/api/v1/streaming/user", expect=(401, 403))


def test_a_password_that_changes_ends_them(server, alice):
    def change():
        server.cli("user", "reset-password", alice.name)
    ends(server, alice, change)


def test_a_login_that_is_disabled_ends_them(server, alice):
    ends(server, alice, lambda: server.cli("user", "modify", alice.name, "--disable"))


def test_an_account_that_is_suspended_ends_them(server, alice):
    ends(server, alice, lambda: server.cli("user", "suspend", alice.name))


def test_an_account_that_is_deleted_ends_them(server, alice):
    ends(server, alice, lambda: server.cli("user", "delete", alice.name, "--yes"))


def test_a_token_that_is_revoked_ends_its_streams_and_no_other(server, alice):
    app = alice.post("/api/v1/apps", {"client_name": "r", "redirect_uris": "urn:ietf:wg:oauth:2.0:oob", "scopes": "read"})
    browser = Browser(server.api())
    browser.open(f"/oauth/authorize?response_type=code&client_id={app['client_id']}&redirect_uri=urn:ietf:wg:oauth:2.0:oob&scope=read")
    browser.log_in(alice)
    browser.press("allow|authori[sz]e")
    code = browser.path.split("code=")[1].split("&")[0]
    secret = {"client_id": app["client_id"], "client_secret": app["client_secret"]}
    token = server.api().post("/oauth/token", {"grant_type": "authorization_code", "code": code, "redirect_uri": "urn:ietf:wg:oauth:2.0:oob"} | secret)["access_token"]
    with server.api(token).stream() as ending, alice.stream() as stays:
        server.api().post("/oauth/revoke", {"token": token} | secret)
        ending.wait_end()
        alice.toot("still")
        assert stays.wait("update")["content"] == "<p>still</p>"


def test_a_server_that_stops_says_goodbye(own_server):
    server = own_server()
    user = server.user()
    with user.stream() as events, user.socket("user") as s:
        s.sync()
        server.stop()
        events.wait_end()
        assert s.wait_end() == 1001


def test_nothing_is_missed_over_a_power_cut(own_server):
    server = own_server()
    alice, bob = server.user(), server.user()
    alice.follow(bob)
    with alice.socket("user") as s:
        s.sync()
        seen = bob.toot("before")["id"]
        assert s.wait("update")["id"] == seen
        server.kill()
        assert s.wait_end() in (1006, 1005)
    server.start()
    for api in (alice, bob):
        api.base = server.base
    meanwhile = [bob.toot(f"meanwhile {i}")["id"] for i in range(3)]
    with alice.socket("user") as s:
        s.sync()
        after = bob.toot("after")["id"]
        live = s.all(lambda stream, event, p: event == "update" and p["id"] == after)
        missed = server.wait_until(lambda: [p["id"] for p in alice.home(since_id=seen)] if after in [p["id"] for p in alice.home()] else None)
        assert [i for i in reversed(missed) if i != after] == meanwhile
        assert {p["id"] for _, e, p in live if e == "update"} <= set(meanwhile)

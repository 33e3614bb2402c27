"""What we send to others: shapes, signatures, recipients, and what happens when they are slow, away or gone."""
import datetime
import threading

import pytest
import requests
from remote import PUBLIC, Remote, signature_is_good
from timing import PATIENCE, prune


@pytest.fixture
def remote():
    with Remote(["peer.test", "other.test"]) as r:
        yield r


@pytest.fixture
def here(own_server, remote):
    return own_server(**remote.keys())


def account_of(api, actor):
    found = api.find("@" + actor.acct)
    assert found["acct"] == actor.acct
    return found["id"]


def path_of(here, url):
    assert url.startswith(here.url + "/")
    return url[len(here.url):]


def document(here, url):
    return here.api().get(path_of(here, url), headers={"Accept": "application/activity+json"})


def read_as(here, actor, url):
    path = path_of(here, url)
    return requests.get(here.base + path, headers=actor.sign("GET", here.url + path), timeout=PATIENCE)


def public_key(here, api):
    actor = document(here, api.get("/api/v1/accounts/verify_credentials")["uri"])
    return actor["publicKey"]["publicKeyPem"]


def uri(api):
    return api.get("/api/v1/accounts/verify_credentials")["uri"]


def looked(remote, api, ada):
    """Until the loop has looked at what is due now: a later post to ada, who takes everything, has arrived."""
    post = api.toot(f"for @{ada.acct}", visibility="direct")["uri"]
    remote.wait(lambda a: a.host == ada.host and a.json["object"]["id"] == post)


def test_mention_arrives_signed_with_the_post_inside(here, remote):
    alice, eve = here.user("alice"), remote.actor("eve")
    account_of(alice, eve)  # who writes waits for a few seconds only
    post = alice.toot(f"hello @{eve.acct} #rivers", spoiler_text="a warning", language="de")
    got = remote.wait_kind("Create")
    assert got.path == "/inbox" and got.host == "peer.test"
    assert signature_is_good(got, public_key(here, alice))
    assert got.headers["Content-Type"] == "application/activity+json"
    note = got.json["object"]
    assert got.json["id"] == post["uri"] + "/activity" and got.json["actor"] == note["attributedTo"] == uri(alice)
    assert note["id"] == post["uri"] and note["url"] == post["url"] and note["content"] == post["content"]
    assert note["to"] == got.json["to"] == [PUBLIC]
    assert note["cc"] == got.json["cc"] == [uri(alice) + "/followers", eve.id]
    assert note["summary"] == "a warning" and note["sensitive"] is True and note["contentMap"] == {"de": post["content"]}
    assert {"type": "Mention", "href": eve.id, "name": "@" + eve.acct} in note["tag"]
    assert {"type": "Hashtag", "href": here.url + "/tags/rivers", "name": "#rivers"} in note["tag"]
    assert note["context"] == note["conversation"] and document(here, note["context"])["attributedTo"] == uri(alice)


@pytest.mark.parametrize("visibility, to, cc", [
    ("public", ["public"], ["followers", "eve"]), ("unlisted", ["followers"], ["public", "eve"]),
    ("private", ["followers"], ["eve"]), ("direct", ["eve"], [])])
def test_addresses_and_deletes_by_visibility(here, remote, visibility, to, cc):
    alice, eve = here.user("alice"), remote.actor("eve")
    names = {"public": PUBLIC, "followers": uri(alice) + "/followers", "eve": eve.id}
    account_of(alice, eve)  # who writes waits for a few seconds only
    post = alice.toot(f"hello @{eve.acct}", visibility=visibility)
    got = remote.wait_kind("Create")
    assert got.json["object"]["to"] == [names[n] for n in to] and got.json["object"]["cc"] == [names[n] for n in cc]
    assert got.path == ("/users/eve/inbox" if visibility == "direct" else "/inbox")
    assert got.json["object"]["directMessage"] is True if visibility == "direct" else "directMessage" not in got.json["object"]
    alice.delete(f"/api/v1/statuses/{post['id']}")
    gone = remote.wait_kind("Delete")
    assert gone.json["object"] == {"id": post["uri"], "type": "Tombstone"} and gone.json["id"] == post["uri"] + "#delete"
    assert gone.json["to"] == [names[n] for n in to] and gone.json["cc"] == [names[n] for n in cc]
    assert (PUBLIC in gone.json["to"] + gone.json["cc"]) == (visibility in ("public", "unlisted"))


def test_a_delete_reaches_who_followed_when_it_was_posted(here, remote):
    alice, eve = here.user("alice"), remote.actor("eve")
    follow = eve.activity("Follow", uri(alice))
    eve.send(here, follow)
    remote.wait_kind("Accept")
    post = alice.toot("for those who follow", visibility="private")
    remote.wait_kind("Create")
    eve.send(here, eve.activity("Undo", follow))
    here.wait_until(lambda: alice.get("/api/v1/accounts/verify_credentials")["followers_count"] == 0)
    alice.put(f"/api/v1/statuses/{post['id']}", {"status": "for those who follow now"})
    alice.delete(f"/api/v1/statuses/{post['id']}")
    assert remote.wait_kind("Delete").json["object"]["id"] == post["uri"]
    assert not remote.got("Update")  # what is new is not theirs to know


def test_a_delete_reaches_who_has_a_copy_long_after_deliveries_are_forgotten(here, remote):
    alice, eve, ada = here.user("alice"), remote.actor("eve"), remote.actor("ada", "other.test")
    follow = eve.activity("Follow", uri(alice))
    eve.send(here, follow)
    remote.wait_kind("Accept")
    sent = alice.toot("for those who follow", visibility="private")
    remote.wait_kind("Create")
    eve.send(here, eve.activity("Undo", follow))
    here.wait_until(lambda: alice.get("/api/v1/accounts/verify_credentials")["followers_count"] == 0)
    later, read, unread = alice.toot("eve is gone", visibility="private"), alice.toot("ada reads this"), alice.toot("nobody reads this")
    hidden = read_as(here, ada, later["uri"])  # she may not see it
    assert hidden.status_code == 404 and read_as(here, ada, read["uri"]).status_code == read_as(here, ada, read["uri"]).status_code == 200
    prune(here, days=10)
    assert here.query("SELECT id FROM activity") == []
    for post in (later, unread, sent, read):
        alice.delete(f"/api/v1/statuses/{post['id']}")
    remote.wait(lambda a: a.host == "other.test" and a.json["object"]["id"] == read["uri"])
    remote.wait(lambda a: a.host == "peer.test" and a.json["type"] == "Delete" and a.json["object"]["id"] == sent["uri"])
    here.wait_until(lambda: not here.unfinished())
    assert sorted(a.json["object"]["id"] for a in remote.got("Delete")) == sorted([sent["uri"], read["uri"]])


def test_local_posts_go_nowhere(here, remote):
    alice, bob = here.user("alice"), here.user("bob")
    eve = remote.actor("eve")
    account_of(bob, eve)
    alice.toot("hello @bob")
    bob.toot(f"hello @{eve.acct}")
    remote.wait_kind("Create")
    assert len(remote.got()) == 1


def test_edit_is_an_update_of_the_same_post(here, remote):
    alice, eve = here.user("alice"), remote.actor("eve")
    account_of(alice, eve)  # who writes waits for a few seconds only
    post = alice.toot(f"first @{eve.acct}")
    remote.wait_kind("Create")
    alice.put(f"/api/v1/statuses/{post['id']}", {"status": f"second @{eve.acct}"})
    got = remote.wait_kind("Update").json
    assert got["object"]["id"] == post["uri"] and "second" in got["object"]["content"] and got["object"]["updated"]
    assert got["id"].startswith(post["uri"] + "#updates/")


def test_follow_and_undo(here, remote):
    alice, eve = here.user("alice"), remote.actor("eve")
    there = account_of(alice, eve)
    assert alice.follow(there)["requested"] is True
    follow = remote.wait_kind("Follow")
    assert follow.path == "/users/eve/inbox" and follow.json["actor"] == uri(alice) and follow.json["object"] == eve.id
    assert signature_is_good(follow, public_key(here, alice))
    alice.post(f"/api/v1/accounts/{there}/unfollow")
    undo = remote.wait_kind("Undo").json
    assert undo["object"]["id"] == follow.json["id"] and undo["object"]["type"] == "Follow" and undo["id"] == follow.json["id"] + "/undo"


def test_block_and_undo(here, remote):
    alice, eve = here.user("alice"), remote.actor("eve")
    there = account_of(alice, eve)
    alice.post(f"/api/v1/accounts/{there}/block")
    block = remote.wait_kind("Block").json
    assert block["object"] == eve.id and block["to"] == [eve.id]
    alice.post(f"/api/v1/accounts/{there}/unblock")
    assert remote.wait_kind("Undo").json["object"] == {k: v for k, v in block.items() if k != "@context"}


def test_likes_and_boosts_of_remote_posts(here, remote):
    alice, eve = here.user("alice"), remote.actor("eve")
    note = eve.note("<p>mine</p>")
    seen = alice.find(note["id"], "statuses")
    alice.post(f"/api/v1/statuses/{seen['id']}/favourite")
    like = remote.wait_kind("Like")
    assert like.json["object"] == note["id"] and like.path == "/users/eve/inbox"
    alice.post(f"/api/v1/statuses/{seen['id']}/unfavourite")
    assert remote.wait(lambda a: a.json["type"] == "Undo" and a.json["object"]["type"] == "Like").json["object"]["id"] == like.json["id"]
    boost = alice.post(f"/api/v1/statuses/{seen['id']}/reblog")
    announce = remote.wait_kind("Announce").json
    assert announce["object"] == note["id"] and announce["id"] == boost["uri"] and announce["to"] == [PUBLIC]
    assert set(announce["cc"]) == {uri(alice) + "/followers", eve.id}
    alice.post(f"/api/v1/statuses/{seen['id']}/unreblog")
    undo = remote.wait(lambda a: a.json["type"] == "Undo" and a.json["object"]["type"] == "Announce").json
    assert undo["object"]["id"] == announce["id"] and undo["object"]["object"] == note["id"]


# --- when they are away ---

def test_six_days_away_and_then_everything_arrives(here, remote):
    alice, eve, ada = here.user("alice"), remote.actor("eve"), remote.actor("ada", "other.test")
    account_of(alice, eve), account_of(alice, ada)
    remote.down.add("peer.test")
    sent = [alice.toot(f"{i} for @{eve.acct}")["uri"] for i in range(5)]
    here.wait_log("http", path="/api/v1/statuses")
    for _ in range(12):
        here.shift_clock(hours=12)
        sent.append(alice.toot(f"later for @{eve.acct}")["uri"])
        looked(remote, alice, ada)
    got = lambda: [a.json["object"]["id"] for a in remote.got("Create") if a.host == "peer.test"]
    assert not got()
    remote.down.clear()
    here.shift_clock(hours=30)  # the longest pause between two tries; behind the first that is taken the others come a few seconds spread out
    here.wait_until(lambda: here.shift_clock(seconds=6) or set(got()) == set(sent))
    assert len(got()) == len(sent), "nothing arrives twice when every answer came"


def test_after_a_week_it_is_given_up(here, remote):
    alice, eve = here.user("alice"), remote.actor("eve")
    account_of(alice, eve)
    remote.down.add("peer.test")
    alice.toot(f"old news for @{eve.acct}")
    here.wait_until(lambda: here.query("SELECT 1 FROM delivery"))
    here.wait_until(lambda: here.shift_clock(hours=12) or not here.query("SELECT 1 FROM delivery WHERE state = 0"))
    remote.down.clear()
    here.shift_clock(days=8)
    fresh = alice.toot(f"fresh for @{eve.acct}", visibility="direct")  # nothing else is kept for the dead
    got = remote.wait_kind("Create")
    assert got.json["object"]["id"] == fresh["uri"]


def test_stop_and_start_lose_nothing(here, remote):
    alice, eve = here.user("alice"), remote.actor("eve")
    account_of(alice, eve)
    remote.down.add("peer.test")
    post = alice.toot(f"hold on @{eve.acct}")
    here.kill()
    remote.down.clear()
    here.start()
    here.shift_clock(minutes=30)
    assert remote.wait_kind("Create").json["object"]["id"] == post["uri"]


def test_retry_after_holds_the_host(here, remote):
    alice, eve, ada = here.user("alice"), remote.actor("eve"), remote.actor("ada", "other.test")
    account_of(alice, eve), account_of(alice, ada)
    asked = []

    def later(h):
        asked.append(1)
        h.send_response(429)
        h.send_header("Retry-After", "7200")
        h.send_header("Content-Length", "0")
        h.end_headers()

    remote.answer("http://peer.test/inbox", later)
    first = alice.toot(f"one @{eve.acct}")
    here.wait_until(lambda: here.query("SELECT tries FROM delivery") == [(1,)])  # the answer was heard
    second = alice.toot(f"two @{eve.acct}")
    here.shift_clock(minutes=90)
    looked(remote, alice, ada)
    assert len(asked) == 1, "the host asked for two hours of silence"
    remote.answers.clear()
    here.shift_clock(minutes=60)
    remote.wait(lambda a: a.json["object"]["id"] == first["uri"])
    remote.wait(lambda a: a.json["object"]["id"] == second["uri"])


def test_a_slow_host_does_not_hold_up_others(here, remote):
    alice, eve, ada = here.user("alice"), remote.actor("eve"), remote.actor("ada", "other.test")
    account_of(alice, eve), account_of(alice, ada)
    waiting, ended = [], threading.Event()

    def dripping(h):
        waiting.append(1)
        for byte in b"HTTP/1.1 202 Accepted\r\n":
            if ended.wait(9):
                h.close_connection = True
                return
            h.wfile.write(bytes([byte]))

    remote.answer("http://peer.test/inbox", dripping)
    given_up = lambda: here.query("SELECT sum(tries) FROM delivery WHERE inbox LIKE 'http://peer.test/%'")
    for _ in range(3):  # a busy machine may need longer for a post than a slow host is given
        begun = len(waiting)
        for _ in range(10):
            alice.toot(f"slow @{eve.acct}")
        here.wait_until(lambda: len(waiting) > begun)
        before = given_up()
        looked(remote, alice, ada)
        if overtaken := given_up() == before:
            break
        here.shift_clock(hours=1)
    assert overtaken
    ended.set()


def test_dialect_is_tried_and_remembered(here, remote):
    alice, eve = here.user("alice"), remote.actor("eve")
    account_of(alice, eve)
    seen = []

    def only_new(h):
        new = "Signature-Input" in h.headers
        seen.append(new)
        h.send_response(202 if new else 401)
        h.send_header("Content-Length", "0")
        h.end_headers()

    remote.answer("http://peer.test/inbox", only_new)
    alice.toot(f"one @{eve.acct}")
    here.wait_until(lambda: len(seen) == 2)
    here.restart()
    alice = here.api(alice.token)
    alice.toot(f"two @{eve.acct}")
    here.wait_until(lambda: len(seen) == 3)
    assert seen == [False, True, True]


def test_deleted_before_it_was_sent_is_not_sent(here, remote):
    alice, eve = here.user("alice"), remote.actor("eve")
    account_of(alice, eve)
    remote.down.add("peer.test")
    post = alice.toot(f"oops @{eve.acct}", visibility="direct")
    here.wait_until(lambda: here.query("SELECT tries FROM delivery WHERE state = 0") == [(1,)])  # and waits for its next try
    alice.delete(f"/api/v1/statuses/{post['id']}")
    remote.down.clear()
    here.shift_clock(minutes=30)
    remote.wait_kind("Delete")
    assert not remote.got("Create")


def test_gone_actor_is_looked_at_and_deleted(here, remote):
    alice, eve = here.user("alice"), remote.actor("eve")
    there = account_of(alice, eve)
    remote.answer("http://peer.test/users/eve/inbox", (410, {}, b""))
    remote.answer(eve.id, (410, {}, b""))
    alice.toot(f"are you there @{eve.acct}", visibility="direct")
    here.wait_until(lambda: (here.shift_clock(minutes=1), alice.get(f"/api/v1/accounts/{there}", expect=None) and alice.last.status_code in (404, 410))[1])


def test_a_shared_inbox_that_is_gone_gives_way_to_personal_ones(here, remote):
    alice, eve = here.user("alice"), remote.actor("eve")
    account_of(alice, eve)
    remote.answer("http://peer.test/inbox", (410, {}, b""))
    alice.toot(f"one @{eve.acct}")
    here.wait_until(lambda: here.query("SELECT shared_inbox FROM account WHERE uri = ?", eve.id) == [("",)])
    alice.toot(f"two @{eve.acct}")
    assert "two" in remote.wait(lambda a: a.path == "/users/eve/inbox" and a.json["type"] == "Create").json["object"]["content"]


def test_a_host_that_can_be_read_is_written_to_again(here, remote):
    alice, eve = here.user("alice"), remote.actor("eve")
    account_of(alice, eve)
    remote.down.add("peer.test")
    post = alice.toot(f"one @{eve.acct}")
    while not here.query("SELECT 1 FROM host WHERE name = 'peer.test' AND state >= 2"):
        alice.toot(f"more @{eve.acct}")
        tried = here.query("SELECT sum(tries) FROM delivery")
        here.shift_clock(hours=1)
        here.wait_until(lambda: here.query("SELECT sum(tries) FROM delivery") != tried or here.query("SELECT 1 FROM host WHERE state >= 2"))
    remote.down.clear()
    note = eve.note("<p>I am here</p>")
    assert alice.find(note["id"], "statuses")
    assert remote.wait(lambda a: a.json["type"] == "Create" and a.json["object"]["id"] == post["uri"])


# --- followers, and the end ---

def followed(here, remote, api, name="eve", host=None):
    actor = remote.actor(name, host)
    actor.send(here, actor.activity("Follow", uri(api)))
    remote.wait(lambda a: a.json["type"] == "Accept" and a.json["object"]["actor"] == actor.id)
    return actor


def test_followers_share_one_delivery(here, remote):
    alice = here.user("alice")
    for name in ("eve", "ida", "uma"):
        followed(here, remote, alice, name)
    followed(here, remote, alice, "ada", "other.test")
    post = alice.toot("to all of you", visibility="private")
    remote.wait(lambda a: a.json["type"] == "Create" and a.host == "peer.test")
    remote.wait(lambda a: a.json["type"] == "Create" and a.host == "other.test")
    here.shift_clock(minutes=5)
    got = [(a.host, a.path) for a in remote.got("Create") if a.json["object"]["id"] == post["uri"]]
    assert sorted(got) == [("other.test", "/inbox"), ("peer.test", "/inbox")]


def test_accept_carries_the_follow(here, remote):
    alice, eve = here.user("alice"), remote.actor("eve")
    follow = eve.activity("Follow", uri(alice))
    eve.send(here, follow)
    got = remote.wait_kind("Accept")
    assert got.path == "/users/eve/inbox" and got.json["object"] == {"id": follow["id"], "type": "Follow", "actor": eve.id, "object": uri(alice)}


def test_shared_inbox_of_another_origin_is_not_used(here, remote):
    alice, eve = here.user("alice"), remote.actor("eve")
    eve.doc["endpoints"]["sharedInbox"] = "http://other.test/inbox"
    eve.send(here, eve.activity("Follow", uri(alice)))
    remote.wait_kind("Accept")
    alice.toot("only for followers", visibility="private")
    got = remote.wait_kind("Create")
    assert (got.host, got.path) == ("peer.test", "/users/eve/inbox")


def test_profile_changes_are_told_once(here, remote):
    alice = here.user("alice")
    followed(here, remote, alice)
    now = here.now()
    for i in range(5):
        alice.patch("/api/v1/accounts/update_credentials", {"display_name": f"Alice {i}"})
        here.shift_clock((now - here.now()) / datetime.timedelta(milliseconds=1))  # all in one moment, however long it takes
    here.shift_clock(seconds=10)
    got = remote.wait_kind("Update").json
    assert got["object"]["id"] == uri(alice) and got["object"]["name"] == "Alice 4" and got["to"] == [PUBLIC]
    here.shift_clock(minutes=2)
    assert len(remote.got("Update")) == 1


def test_deleted_account_says_good_bye_and_is_gone(here, remote):
    alice = here.user("alice")
    eve = followed(here, remote, alice)
    me, key = uri(alice), public_key(here, alice)
    post = alice.toot("soon gone")
    remote.wait_kind("Create")
    here.cli("user", "delete", "alice", "--yes")
    got = here.wait_until(lambda: (here.shift_clock(seconds=30), remote.got("Delete"))[1])[0]
    assert got.json["object"] == me and got.json["actor"] == me and signature_is_good(got, key)
    here.wait_until(lambda: (here.shift_clock(hours=1), here.api().get(path_of(here, me), expect=None))
                    and here.api().http.get(here.base + path_of(here, me), headers={"Host": here.host}).status_code == 410)
    assert here.api().http.get(here.base + path_of(here, post["uri"]), headers={"Host": here.host}).status_code == 410
    here.api().get("/.well-known/webfinger", resource="acct:alice@a.test", expect=410)
    assert eve

"""What a reader wants of strangers: the policy, and the requests of those it keeps back."""
import contextlib
import sqlite3

import pytest
from postgres import query

POLICY, REQUESTS = "/api/v2/notifications/policy", "/api/v1/notifications/requests"
ACCEPT = {"for_not_following": "accept", "for_not_followers": "accept", "for_new_accounts": "accept", "for_private_mentions": "filter",
          "for_limited_accounts": "filter", "for_bots": "accept"}


def kinds(api, **kw):
    return [n["type"] for n in api.notifications(**kw)]


def told(server):
    """Whatever was posted has been told to everybody."""
    server.wait_until(lambda: not server.unfinished())


def requests_of(api):
    return api.get(REQUESTS)


def test_the_policy_is_kept(alice):
    assert alice.get(POLICY) == ACCEPT | {"summary": {"pending_requests_count": 0, "pending_notifications_count": 0}}
    changed = alice.patch(POLICY, {"for_not_following": "filter", "for_bots": "drop"})
    assert changed == alice.get(POLICY)
    assert (changed["for_not_following"], changed["for_bots"], changed["for_private_mentions"]) == ("filter", "drop", "filter")
    alice.patch(POLICY, {"for_bots": "whatever"}, expect=422)
    assert alice.get(POLICY) == changed
    old = alice.get("/api/v1/notifications/policy")
    assert (old["filter_not_following"], old["filter_bots"], old["filter_new_accounts"], old["filter_private_mentions"]) == (True, True, False, True)
    assert old["summary"] == changed["summary"]
    old = alice.put("/api/v1/notifications/policy", {"filter_not_following": False, "filter_new_accounts": True})
    assert (old["filter_not_following"], old["filter_new_accounts"]) == (False, True)
    assert (alice.get(POLICY)["for_not_following"], alice.get(POLICY)["for_new_accounts"]) == ("accept", "filter")


def test_strangers_wait(alice, bob, server):
    alice.patch(POLICY, {"for_not_following": "filter"})
    post = alice.toot("hello")["id"]
    bob.post(f"/api/v1/statuses/{post}/favourite")
    for i in range(2):
        last = bob.toot(f"@{alice.name} {i}")
    told(server)
    assert kinds(alice) == [] and alice.get("/api/v2/notifications")["notification_groups"] == []
    assert alice.get("/api/v1/notifications/unread_count") == {"count": 0}
    assert sorted(kinds(alice, include_filtered=True)) == ["favourite", "mention", "mention"]
    assert all(n["filtered"] and n["group_key"].startswith("ungrouped-") for n in alice.notifications(account_id=bob.id))
    assert len(alice.get("/api/v2/notifications", include_filtered=True)["notification_groups"]) == 3
    request, = requests_of(alice)
    assert (request["account"]["id"], request["notifications_count"], request["last_status"]["id"]) == (bob.id, "2", last["id"])
    assert alice.get(f"{REQUESTS}/{request['id']}") == request
    assert alice.get(POLICY)["summary"] == {"pending_requests_count": 1, "pending_notifications_count": 2}
    bob.delete(f"/api/v1/statuses/{last['id']}")
    assert requests_of(alice)[0]["notifications_count"] == "1"
    assert requests_of(alice)[0]["last_status"]["id"] != last["id"]


def test_dropping_leaves_nothing(alice, bob, server):
    alice.patch(POLICY, {"for_new_accounts": "drop"})
    bob.toot(f"@{alice.name} hi"), bob.follow(alice)
    told(server)
    assert kinds(alice, include_filtered=True) == [] and requests_of(alice) == []
    assert bob.get("/api/v1/accounts/relationships", id=[alice.id])[0]["following"], "only the notification is dropped"


def test_those_one_follows_are_no_strangers(alice, bob, server):
    alice.patch(POLICY, {k: "drop" for k in ACCEPT if k != "for_not_followers"})
    alice.follow(bob)
    bob.toot(f"@{alice.name} hi"), bob.toot(f"@{alice.name} psst", visibility="direct")
    server.wait_until(lambda: kinds(alice) == ["mention", "mention"])


def test_new_followers_are_strangers_for_three_days(own_server):
    server = own_server()
    alice, bob, carol = [server.user() for _ in range(3)]
    alice.patch(POLICY, {"for_not_followers": "filter"})
    bob.follow(alice)
    server.shift_clock(days=2)
    bob.toot(f"@{alice.name} early")
    told(server)
    assert kinds(alice) == []
    server.shift_clock(days=2)
    bob.toot(f"@{alice.name} later"), carol.toot(f"@{alice.name} from outside")
    told(server)
    server.wait_until(lambda: kinds(alice) == ["mention"])
    server.shift_clock(days=31)
    alice.patch(POLICY, {"for_not_followers": "accept", "for_new_accounts": "filter"})
    carol.toot(f"@{alice.name} no newcomer any more")
    server.wait_until(lambda: kinds(alice) == ["mention", "mention"])
    server.shift_clock(days=95)
    server.wait_until(lambda: kinds(alice, include_filtered=True) == ["mention", "mention"])
    server.wait_until(lambda: server.query("SELECT count(*) FROM notification_request")[0][0] == 0)


def test_private_messages_out_of_the_blue_wait_and_answers_do_not(alice, bob, carol, server):
    mine = alice.toot(f"@{bob.name} shall we talk?", visibility="direct")["id"]
    answer = bob.toot(f"@{alice.name} gladly", visibility="direct", in_reply_to_id=mine)["id"]
    server.wait_notification(alice, "mention", bob.name)
    bob.toot(f"@{alice.name} and more", visibility="direct", in_reply_to_id=answer)
    server.wait_until(lambda: len(kinds(alice)) == 2)
    bob.toot(f"@{alice.name} something else", visibility="direct")
    public = alice.toot("hello")["id"]
    carol.toot(f"@{alice.name} in private, please", visibility="direct", in_reply_to_id=public)
    told(server)
    assert len(kinds(alice)) == 2
    assert {r["account"]["id"] for r in requests_of(alice)} == {bob.id, carol.id}


def test_bots(alice, bob, server):
    bob.patch("/api/v1/accounts/update_credentials", {"bot": True})
    alice.patch(POLICY, {"for_bots": "filter"})
    bob.toot(f"@{alice.name} beep")
    told(server)
    assert kinds(alice) == [] and len(requests_of(alice)) == 1


def test_what_nobody_filters(alice, bob, carol, server):
    alice.patch(POLICY, {k: "drop" for k in ACCEPT})
    alice.post(f"/api/v1/accounts/{bob.id}/follow", {"notify": True})
    bob.toot("news")
    assert server.wait_notification(alice, "status", bob.name)
    post = carol.toot("before")["id"]
    alice.post(f"/api/v1/statuses/{post}/reblog")
    carol.put(f"/api/v1/statuses/{post}", {"status": "after"})
    assert server.wait_notification(alice, "update", carol.name), "edits of what one boosted come from strangers too"
    assert sorted(kinds(alice)) == ["status", "update"]


def test_moderators_are_heard(alice, server):
    alice.patch(POLICY, {"for_not_following": "drop"})
    moderator = server.user(role="Moderator")
    alice.post(f"/api/v1/accounts/{moderator.id}/mute")
    moderator.toot(f"@{alice.name} please read the rules")
    assert server.wait_notification(alice, "mention", moderator.name)
    moderator.follow(alice)
    assert kinds(alice) == ["mention"], "only messages of moderators get through"


def test_messages_in_bad_company_are_dropped(alice, bob, carol, server):
    alice.post(f"/api/v1/accounts/{carol.id}/block")
    bob.toot(f"@{alice.name} @{carol.name} you two should talk")
    told(server)
    assert kinds(alice, include_filtered=True) == []


def test_accepting_shows_what_waited(alice, bob, server):
    alice.patch(POLICY, {"for_not_following": "filter"})
    post = alice.toot("hello")["id"]
    bob.toot(f"@{alice.name} one"), bob.post(f"/api/v1/statuses/{post}/favourite")
    told(server)
    request = requests_of(alice)[0]["id"]
    bob.post(f"{REQUESTS}/{request}/accept", expect=404)
    bob.get(f"{REQUESTS}/{request}", expect=404)
    assert alice.post(f"{REQUESTS}/{request}/accept") == {}
    server.wait_until(lambda: alice.get(f"{REQUESTS}/merged") == {"merged": True})
    assert sorted(kinds(alice)) == ["favourite", "mention"] and not any(n["filtered"] for n in alice.notifications())
    assert requests_of(alice) == []
    alice.post(f"{REQUESTS}/{request}/accept", expect=404)
    bob.toot(f"@{alice.name} two")
    server.wait_until(lambda: sorted(kinds(alice)) == ["favourite", "mention", "mention"])


def test_dismissing_removes_what_waited_but_not_for_ever(alice, bob, server):
    alice.patch(POLICY, {"for_not_following": "filter"})
    bob.toot(f"@{alice.name} one")
    told(server)
    request = requests_of(alice)[0]["id"]
    bob.post(f"{REQUESTS}/{request}/dismiss", expect=404)
    assert alice.post(f"{REQUESTS}/{request}/dismiss") == {}
    assert requests_of(alice) == [] and kinds(alice, include_filtered=True) == []
    alice.post(f"{REQUESTS}/{request}/dismiss", expect=404)
    bob.toot(f"@{alice.name} two")
    server.wait_until(lambda: len(requests_of(alice)) == 1)


def test_many_at_once(alice, bob, server):
    alice.patch(POLICY, {"for_not_following": "filter"})
    people = [server.user() for _ in range(5)]
    for p in people:
        p.toot(f"@{alice.name} hi")
    server.wait_until(lambda: len(requests_of(alice)) == 5)
    listed = [r["id"] for r in requests_of(alice)]
    assert [r["id"] for r in alice.pages(REQUESTS, limit=2)] == listed == sorted(listed, key=int, reverse=True)
    assert [r["id"] for r in alice.get(REQUESTS, min_id=listed[-1], limit=2)] == listed[2:4]
    bob.post(f"{REQUESTS}/accept", {"id": listed})
    assert len(requests_of(alice)) == 5, "others' requests are passed over"
    assert alice.post(f"{REQUESTS}/accept", {"id": listed[:2]}) == {}
    server.wait_until(lambda: alice.get(f"{REQUESTS}/merged") == {"merged": True})
    assert len(kinds(alice)) == 2
    assert alice.post(f"{REQUESTS}/dismiss", {"id": listed[2:] + ["1"]}) == {}
    assert requests_of(alice) == [] and len(kinds(alice, include_filtered=True)) == 2


def test_a_blocked_stranger_takes_the_request_along(alice, bob, server):
    alice.patch(POLICY, {"for_not_following": "filter"})
    bob.toot(f"@{alice.name} hi")
    told(server)
    alice.post(f"/api/v1/accounts/{bob.id}/block")
    assert requests_of(alice) == []
    assert alice.get(POLICY)["summary"] == {"pending_requests_count": 0, "pending_notifications_count": 0}


def test_limited_accounts_wait_unless_followed(own_server):
    server = own_server()
    alice, bob, carol = [server.user() for _ in range(3)]
    carol.follow(bob)
    server.stop()
    change = f"UPDATE account SET silenced_ms = 1 WHERE id = {bob.id}"
    if server.config["database"]:
        query(server.config["database"], change)
    else:
        with contextlib.closing(sqlite3.connect(f"{server.config['data_dir']}/dassie.db")) as db, db:
            db.execute(change)
    server.start()
    for api in (alice, bob, carol):
        api.base = server.base
    bob.toot(f"@{alice.name} @{carol.name} hi")
    assert server.wait_notification(carol, "mention", bob.name)
    server.wait_until(lambda: len(requests_of(alice)) == 1)
    assert kinds(alice) == [] and kinds(carol) == ["mention"] and requests_of(carol) == []


@pytest.mark.parametrize("method, path", [
    ("GET", POLICY), ("PATCH", POLICY), ("GET", "/api/v1/notifications/policy"), ("PUT", "/api/v1/notifications/policy"), ("GET", REQUESTS),
    ("GET", f"{REQUESTS}/1"), ("GET", f"{REQUESTS}/merged"), ("POST", f"{REQUESTS}/1/accept"), ("POST", f"{REQUESTS}/1/dismiss"),
    ("POST", f"{REQUESTS}/accept"), ("POST", f"{REQUESTS}/dismiss")])
def test_scopes(alice, anon, server, method, path):
    anon.request(method, path, 401)
    server.api(server.token(alice.name, "read:statuses write:statuses")).request(method, path, 403)

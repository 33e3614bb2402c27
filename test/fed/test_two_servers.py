"""Two of our servers, each with its own name and certificate, as the rest of the world sees them."""


def find(api, acct):
    found = api.get("/api/v2/search", q="@" + acct, resolve=True, type="accounts")["accounts"]
    assert [a["acct"] for a in found] == [acct]
    return found[0]["id"]


def test_follow_post_and_reply_across(pair):
    a, b = pair
    alice, bob = a.user("alice"), b.user("bob")

    bob_there = find(alice, "bob@b.test")
    alice.follow(bob_there)
    b.wait_notification(bob, "follow", "alice@a.test")
    a.wait_until(lambda: alice.get("/api/v1/accounts/relationships", id=[bob_there])[0]["following"])

    post = bob.toot("hello from b")
    arrived = a.wait_until(lambda: [s for s in alice.home() if s["uri"] == post["uri"]])[0]
    assert arrived["content"] == post["content"] and arrived["account"]["acct"] == "bob@b.test"

    alice.toot("@bob@b.test hello back", in_reply_to_id=arrived["id"])
    b.wait_notification(bob, "mention", "alice@a.test")
    thread = bob.get(f"/api/v1/statuses/{post['id']}/context")["descendants"]
    assert [s["account"]["acct"] for s in thread] == ["alice@a.test"]


def test_deletes_arrive(pair):
    a, b = pair
    alice, bob = a.user("alice"), b.user("bob")
    alice.follow(find(alice, "bob@b.test"))
    b.wait_notification(bob, "follow", "alice@a.test")
    post = bob.toot("soon gone")
    copy = a.wait_until(lambda: [s for s in alice.home() if s["uri"] == post["uri"]])[0]
    bob.delete(f"/api/v1/statuses/{post['id']}")
    a.wait_until(lambda: not [s for s in alice.home() if s["id"] == copy["id"]])
    alice.get(f"/api/v1/statuses/{copy['id']}", expect=404)

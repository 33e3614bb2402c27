"""Speaking with snac2, a server by others: follows, posts, edits, replies, favourites and boosts both ways; deletions it only hears."""
import re

import pytest
import snac
from server import Server, free_port
from test_two_servers import relation

pytestmark = pytest.mark.skipif(snac.BINARY is None, reason="snac2 is not installed (it is in Debian 13 and in the backports of Debian 12)")


@pytest.fixture(scope="module")
def far(tmp_path_factory):
    with snac.Snac(tmp_path_factory.mktemp("far") / "snac") as s:
        yield s


@pytest.fixture(scope="module")
def here(tmp_path_factory, new_database):
    """At a port of localhost, as snac2 has no list of names of its own."""
    port = free_port()
    with Server(tmp_path_factory.mktemp("here"), database=new_database(), url=f"http://localhost:{port}", listen=f"127.0.0.1:{port}") as s:
        yield s


@pytest.fixture(scope="module")
def alice(here):
    return here.user("alice")


@pytest.fixture(scope="module")
def eve(here, far, alice):
    """The person of snac2 as she is here; alice and she follow each other."""
    here.wait_until(lambda: far.up())
    found = alice.find(far.acct)
    assert (found["acct"], found["uri"]) == (far.acct, far.actor)
    alice.follow(found["id"])
    here.wait_until(lambda: relation(alice, found["id"])["following"])
    far("follow", f"{here.url}/@alice")
    here.wait_until(lambda: relation(alice, found["id"])["followed_by"])
    return found


def uri(here, alice):
    return f"{here.url}/ap/users/{alice.id}"


def at_home(here, api, what):
    return here.wait_until(lambda: [s for s in api.home() if s["uri"] == what])[0]


def plain(status):
    return re.sub("<[^>]*>", "", status["content"])


def test_both_know_who_follows(here, far, alice, eve):
    assert far.actor in [a["uri"] for a in alice.get(f"/api/v1/accounts/{alice.id}/followers")]
    here.wait_until(lambda: far.followers() == 1)


def test_posts_edits_and_deletions_arrive_there(here, far, alice, eve):
    post = alice.toot("Hello <snac>")
    there = here.wait_until(lambda: far.has(post["uri"]))[0]
    assert there["attributedTo"] == uri(here, alice) and there["content"] == "<p>Hello &lt;snac&gt;</p>"
    alice.put(f"/api/v1/statuses/{post['id']}", {"status": "Hello again"})
    here.wait_until(lambda: [o for o in far.has(post["uri"]) if "Hello again" in o["content"]])
    alice.delete(f"/api/v1/statuses/{post['id']}")
    here.wait_until(lambda: not far.has(post["uri"]))


def test_posts_and_edits_arrive_here(here, far, alice, eve):
    post = far.post("/api/v1/statuses", status="Hello *dassie*")
    seen = at_home(here, alice, post["uri"])
    assert plain(seen) == "Hello dassie" and "<i>" in seen["content"] and seen["account"]["uri"] == far.actor
    far.put(f"/api/v1/statuses/{post['id']}", status="Hello again")
    here.wait_until(lambda: "Hello again" in alice.get(f"/api/v1/statuses/{seen['id']}")["content"])


def test_a_conversation(here, far, alice, eve):
    post = alice.toot("Who is there?")
    here.wait_until(lambda: far.has(post["uri"]))
    answer = far.post("/api/v1/statuses", status=f"@alice@{here.host} me", in_reply_to_id=far.find(post["uri"])["id"])
    told = here.wait_until(lambda: [n for n in alice.notifications() if n["type"] == "mention" and n["status"]["uri"] == answer["uri"]])[0]
    assert told["status"]["in_reply_to_id"] == post["id"]
    more = alice.toot(f"@{far.acct} come in", in_reply_to_id=told["status"]["id"], visibility="unlisted")
    there = here.wait_until(lambda: far.has(more["uri"]))[0]
    assert there["inReplyTo"] == answer["uri"]
    assert [s["uri"] for s in alice.get(f"/api/v1/statuses/{post['id']}/context")["descendants"]] == [answer["uri"], more["uri"]]


def test_favourites_and_boosts(here, far, alice, eve):
    mine, hers = alice.toot("like me"), far.post("/api/v1/statuses", status="like me too")
    seen = at_home(here, alice, hers["uri"])
    here.wait_until(lambda: far.has(mine["uri"]))
    there = far.find(mine["uri"])["id"]
    for verb, kind in (("favourite", "favourite"), ("reblog", "reblog")):
        far.post(f"/api/v1/statuses/{there}/{verb}")
        here.wait_notification(alice, kind, far.acct)
        alice.post(f"/api/v1/statuses/{seen['id']}/{verb}")
    counts = alice.get(f"/api/v1/statuses/{mine['id']}")
    assert (counts["favourites_count"], counts["reblogs_count"]) == (1, 1)

    def counted():
        s = far.get(f"/api/v1/statuses/{hers['id']}")
        return (s["favourites_count"], s["reblogs_count"])
    here.wait_until(lambda: counted() == (1, 1))
    for verb in ("unfavourite", "unreblog"):
        alice.post(f"/api/v1/statuses/{seen['id']}/{verb}")
    here.wait_until(lambda: counted()[0] == 0 and f"Unboost for {hers['uri']} 200" in far.log())  # it takes note, and counts the boost on


def test_leaving(here, far, alice, eve):
    alice.post(f"/api/v1/accounts/{eve['id']}/unfollow")
    here.wait_until(lambda: far.followers() == 0)
    far("unfollow", uri(here, alice))
    here.wait_until(lambda: not relation(alice, eve["id"])["followed_by"])

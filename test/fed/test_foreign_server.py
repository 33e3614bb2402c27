"""A server that others wrote (npm's fedify) follows, posts and is followed."""
import pytest
from server import Server, free_port


@pytest.fixture
def here(tmp_path, new_database):
    """A server that the peer can reach under its own URL, on plain http."""
    port = free_port()
    with Server(tmp_path / "here", database=new_database(), url=f"http://localhost:{port}", listen=f"127.0.0.1:{port}") as s:
        yield s


def uri(api):
    return api.get("/api/v1/accounts/verify_credentials")["uri"]


def test_peer_reads_our_actor(here, peer):
    alice = here.user("alice")
    seen = peer.call("lookup", url=uri(alice))
    assert seen["id"] == uri(alice) and seen["preferredUsername"] == "alice"


def test_peer_follows_and_gets_posts(here, peer):
    alice = here.user("alice")
    peer.call("follow", actor=uri(alice))
    here.wait_notification(alice, "follow", peer.acct)
    peer.wait("Accept")
    post = alice.toot("to my followers")
    got = peer.wait("Create")["json"]
    assert got["object"]["id"] == post["uri"] and got["object"]["content"] == post["content"]
    alice.delete(f"/api/v1/statuses/{post['id']}")
    peer.wait("Delete", lambda e: post["uri"] in str(e["json"]["object"]))


def test_we_follow_the_peer_and_get_posts(here, peer):
    alice = here.user("alice")
    bot = alice.get("/api/v2/search", q=peer.acct, resolve=True, type="accounts")["accounts"][0]
    alice.follow(bot["id"])
    here.wait_until(lambda: alice.get("/api/v1/accounts/relationships", id=[bot["id"]])[0]["following"])
    note = peer.call("note", to=uri(alice), content="<p>hi <script>alert(1)</script><b>there</b></p>")
    told = here.wait_notification(alice, "mention", peer.acct)
    assert told["status"]["uri"] == note["id"]
    assert "script" not in told["status"]["content"] and "there" in told["status"]["content"]


def test_likes_and_boosts_count(here, peer):
    alice = here.user("alice")
    post = alice.toot("like me")
    peer.call("like", object=post["uri"], to=uri(alice))
    peer.call("announce", object=post["uri"], to=uri(alice))
    here.wait_notification(alice, "favourite", peer.acct)
    here.wait_notification(alice, "reblog", peer.acct)
    seen = alice.get(f"/api/v1/statuses/{post['id']}")
    assert (seen["favourites_count"], seen["reblogs_count"]) == (1, 1)

"""A server that others wrote (npm's fedify, with all its checks) and ours: everything both ways, in both dialects of signatures."""
import base64
import json

import pytest
import requests
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from fedpeer import FedPeer
from remote import CONTEXT, signed_9421
from server import Server, free_port
from timing import PATIENCE


DIALECTS = {"rfc9421": "new.test", "draft-cavage-http-signatures-12": "old.test"}


@pytest.fixture(scope="module")
def ports():
    return {host: free_port() for host in DIALECTS.values()}


@pytest.fixture(scope="module")
def here(tmp_path_factory, new_database, ports):
    """A server that the peers can reach under its own URL, on plain http."""
    port = free_port()
    with Server(tmp_path_factory.mktemp("here"), database=new_database(), url=f"http://localhost:{port}", listen=f"127.0.0.1:{port}",
                resolve=[f"{host}:80:127.0.0.1:{p}" for host, p in ports.items()]) as s:
        yield s


@pytest.fixture(scope="module")
def folders(tmp_path_factory):
    """A peer that comes again has the keys that it had."""
    return {host: tmp_path_factory.mktemp("peer") for host in DIALECTS.values()}


@pytest.fixture(scope="module", params=list(DIALECTS))
def peer(request, folders, ports):
    host = DIALECTS[request.param]
    p = FedPeer(folders[host], knock=request.param, host=host, port=ports[host])
    yield p
    p.stop()


@pytest.fixture
def alice(here):
    api = here.user()
    api.uri = api.get("/api/v1/accounts/verify_credentials")["uri"]
    return api


def find(api, acct):
    return api.find(acct)["id"]


def relation(api, account_id):
    return api.get("/api/v1/accounts/relationships", id=[account_id])[0]


def follow(here, api, peer):
    there = find(api, peer.acct)
    api.follow(there)
    here.wait_until(lambda: relation(api, there)["following"])
    return there


def about(uri):
    """A test for the log of the peer: an activity whose object is or contains this URI."""
    return lambda entry: uri in str(entry["json"].get("object"))


def seen_once(peer, kind, uri):
    found = [e for e in peer.log(kind) if about(uri)(e)]
    assert len(found) == 1, f"{len(found)} of {kind}"
    return found[0]["json"]


def test_it_reads_our_actor_and_posts(alice, peer):
    alice.patch("/api/v1/accounts/update_credentials", {"display_name": "Alice", "note": "hello"})
    seen = peer.call("lookup", url=alice.uri)
    assert (seen["id"], seen["preferredUsername"], seen["name"]) == (alice.uri, alice.name, "Alice")
    post = alice.toot("public words #tag")
    note = peer.call("lookup", url=post["uri"])
    assert (note["id"], note["type"], note["content"], note["attributedTo"]) == (post["uri"], "Note", post["content"], alice.uri)


def test_it_follows_us(here, alice, peer):
    peer.call("follow", actor=alice.uri)
    here.wait_notification(alice, "follow", peer.acct)
    accept = peer.wait("Accept", about(alice.uri))["json"]
    assert accept["actor"] == alice.uri
    post = alice.toot("to my followers", visibility="private")
    got = peer.wait("Create", about(post["uri"]))["json"]
    assert got["object"]["content"] == post["content"] and got["object"]["attributedTo"] == alice.uri
    edited = alice.put(f"/api/v1/statuses/{post['id']}", {"status": "to my dear followers"})
    assert peer.wait("Update", about(post["uri"]))["json"]["object"]["content"] == edited["content"]
    alice.delete(f"/api/v1/statuses/{post['id']}")
    peer.wait("Delete", about(post["uri"]))
    seen_once(peer, "Create", post["uri"])
    peer.call("undo-follow", actor=alice.uri)
    here.wait_until(lambda: alice.lookup(alice.name)["followers_count"] == 0)


def test_we_follow_it(here, alice, peer):
    there = follow(here, alice, peer)
    note = peer.call("note", to=alice.uri, content="<p>news <script>alert(1)</script><b>today</b></p>", mention=False)
    here.wait_until(lambda: [s for s in alice.home() if s["uri"] == note["id"]])
    copy = alice.home()[0]
    assert "script" not in copy["content"] and "today" in copy["content"] and copy["visibility"] == "public"
    peer.call("update", id=note["id"], to=alice.uri, content="<p>newer news</p>")
    here.wait_until(lambda: "newer news" in alice.get(f"/api/v1/statuses/{copy['id']}")["content"])
    assert alice.get(f"/api/v1/statuses/{copy['id']}")["edited_at"]
    peer.call("delete", id=note["id"], to=alice.uri)
    here.wait_until(lambda: alice.home() == [])
    alice.get(f"/api/v1/statuses/{copy['id']}", expect=404)
    alice.post(f"/api/v1/accounts/{there}/unfollow")
    undo = peer.wait("Undo", lambda e: e["json"]["actor"] == alice.uri)["json"]
    assert undo["object"]["type"] == "Follow"


def test_mentions_both_ways(here, alice, peer):
    note = peer.call("note", to=alice.uri, content="<p>hello you</p>", visibility="direct")
    told = here.wait_notification(alice, "mention", peer.acct)["status"]
    assert told["uri"] == note["id"] and told["visibility"] == "direct"
    reply = alice.toot(f"@{peer.acct} hello yourself", in_reply_to_id=told["id"], visibility="direct")
    got = peer.wait("Create", about(reply["uri"]))["json"]["object"]
    assert got["inReplyTo"] == note["id"] and peer.actor in str(got["to"])
    assert "https://www.w3.org/ns/activitystreams#Public" not in str(got) and "as:Public" not in str(got)
    answer = peer.call("note", to=alice.uri, content="<p>fine</p>", inReplyTo=reply["uri"], visibility="direct")
    here.wait_until(lambda: [s for s in alice.get(f"/api/v1/statuses/{told['id']}/context")["descendants"] if s["uri"] == answer["id"]])


def test_its_likes_and_boosts_count(here, alice, peer):
    post = alice.toot("like me")
    for _ in range(2):
        peer.call("like", object=post["uri"], to=alice.uri)
        peer.call("announce", object=post["uri"], to=alice.uri)
    here.wait_notification(alice, "favourite", peer.acct)
    here.wait_notification(alice, "reblog", peer.acct)
    here.wait_until(lambda: not [x for x in here.unfinished() if x.startswith("job process_activity")])
    seen = alice.get(f"/api/v1/statuses/{post['id']}")
    assert (seen["favourites_count"], seen["reblogs_count"]) == (1, 1)
    assert sorted(n["type"] for n in alice.notifications()) == ["favourite", "reblog"]


def test_our_likes_and_boosts_arrive(here, alice, peer):
    follow(here, alice, peer)
    note = peer.call("note", to=alice.uri, content="<p>like me too</p>", mention=False)
    here_id = here.wait_until(lambda: [s["id"] for s in alice.home() if s["uri"] == note["id"]])[0]
    for act, undo, kind in (("favourite", "unfavourite", "Like"), ("reblog", "unreblog", "Announce")):
        alice.post(f"/api/v1/statuses/{here_id}/{act}")
        done = peer.wait(kind, lambda e: e["json"]["actor"] == alice.uri and e["json"]["object"] == note["id"])["json"]
        alice.post(f"/api/v1/statuses/{here_id}/{undo}")
        peer.wait("Undo", lambda e: e["json"]["actor"] == alice.uri and done["id"] in str(e["json"]["object"]))
    assert [e for e in peer.log("ERROR")] == []


@pytest.mark.parametrize("peer", ["rfc9421"], indirect=True)
def test_it_verifies_ed25519(here, alice, peer):
    """The peer signs with RSA; its Ed25519 key, used once in its name, tells that ours will do."""
    there = follow(here, alice, peer)
    jwk = json.loads((peer.root / "keys.json").read_text())[1]["privateKey"]
    key = Ed25519PrivateKey.from_private_bytes(base64.urlsafe_b64decode(jwk["d"] + "=="))
    (key_id,), = here.query("SELECT k.uri FROM account_key k JOIN account a ON a.id = k.account_id WHERE k.kind = 2 AND a.uri = ?", peer.actor)
    like = {"@context": CONTEXT, "id": peer.actor + "#like", "type": "Like", "actor": peer.actor, "object": alice.toot("one")["uri"]}
    body = json.dumps(like).encode()
    r = requests.post(here.base + "/inbox", data=body, headers=signed_9421(key, key_id, here.url + "/inbox", body), timeout=PATIENCE)
    assert r.status_code == 202, r.text
    post = alice.toot(f"@{peer.acct} signed otherwise")
    peer.wait("Create", about(post["uri"]))
    assert f'keyid="{alice.uri}#ed25519-key"' in peer.log("HTTP")[-1]["headers"]["signature-input"]
    assert relation(alice, there)["following"]


def test_a_changed_profile_arrives(here, alice, peer):
    peer.call("follow", actor=alice.uri)
    here.wait_notification(alice, "follow", peer.acct)
    alice.patch("/api/v1/accounts/update_credentials", {"display_name": "Alice the second"})
    here.shift_clock(minutes=1)
    got = peer.wait("Update", lambda e: e["json"]["actor"] == alice.uri)["json"]
    assert got["object"]["name"] == "Alice the second"
    here.shift_clock(minutes=-1)


def test_a_deleted_account_says_so(here, alice, peer):
    peer.call("follow", actor=alice.uri)
    here.wait_notification(alice, "follow", peer.acct)
    here.cli("user", "delete", alice.name, "--yes")
    gone = peer.wait("Delete", lambda e: e["json"]["actor"] == alice.uri and about(alice.uri)(e))["json"]
    assert gone["object"] == alice.uri or gone["object"]["id"] == alice.uri

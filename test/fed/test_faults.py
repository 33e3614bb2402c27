"""What the world does to a server: it is killed at any moment, and others drip, redirect, flood and lie."""
import collections
import contextlib
import json
import os
import pathlib
import random
import re
import socket
import threading
import time
import zlib

import pytest
import requests
from remote import AP, Remote
from server import Server, free_port
from timing import PATIENCE

KILLS = 20
SEED = int(os.environ.get("DASSIE_SEED") or time.time())


# --- killed at any moment ---------------------------------------------------------------------------------------------------------


class Storm:
    """Clients that post and strangers that send, each again and again with the same key until the server has said yes."""

    def __init__(self, server, alice, senders, to):
        self.server, self.alice, self.to = server, alice, to
        self.ended, self.server_is_up = threading.Event(), threading.Event()
        self.server_is_up.set()
        self.posted, self.sent, self.refused = {}, [], []
        self.threads = [threading.Thread(target=self.post, args=(i,), daemon=True) for i in range(16)]
        self.threads += [threading.Thread(target=self.send, args=(eve,), daemon=True) for eve in senders]
        for t in self.threads:
            t.start()

    def insist(self, session, what):
        """Ask until it is answered with 200 or 202; 503 and cut connections are part of the game."""
        while True:
            try:
                r = what(session)
                if r.status_code in (200, 202):
                    return r
                if r.status_code != 503:
                    self.refused.append(f"{r.status_code} {r.text[:300]}")
                    return None
            except requests.RequestException:
                pass
            self.server_is_up.wait(20)

    def post(self, number):
        session = requests.Session()
        session.trust_env = False
        head = {"Authorization": f"Bearer {self.alice.token}", "Host": self.server.host}
        for n in range(1_000_000):
            if self.ended.is_set():
                return
            key = f"client {number} post {n}"
            r = self.insist(session, lambda s: s.post(self.alice.base + "/api/v1/statuses", json={"status": key}, timeout=PATIENCE,
                                                      headers=head | {"Idempotency-Key": key}))
            if r is not None:
                self.posted[key] = r.json()

    def send(self, eve):
        session = requests.Session()
        session.trust_env = False
        for n in range(1_000_000):
            if self.ended.is_set():
                return
            note = eve.note(f"<p>letter {n}</p>", cc=[self.to], tag=[{"type": "Mention", "href": self.to, "name": "@alice"}])
            body = json.dumps(eve.create(note)).encode()
            head = eve.sign("POST", self.server.url + "/inbox", body)
            if self.insist(session, lambda s: s.post(self.server.base + "/inbox", data=body, headers=head, timeout=PATIENCE)) is not None:
                self.sent.append(note["id"])

    def end(self):
        self.ended.set()
        for t in self.threads:
            t.join(2 * PATIENCE)
            assert not t.is_alive()


def test_nothing_is_lost_and_nothing_happens_twice(tmp_path, new_database):
    print(f"DASSIE_SEED={SEED}")
    dice = random.Random(SEED)
    hosts = [f"h{i}.test" for i in range(12)]
    port = free_port()
    with Remote(hosts) as remote, Server(tmp_path / "here", database=new_database(), listen=f"127.0.0.1:{port}", **remote.keys()) as here:
        alice = here.user("alice")
        uri = alice.get("/api/v1/accounts/verify_credentials")["uri"]
        followers = [remote.actor(f"f{i}", host) for i, host in enumerate(hosts)]
        for f in followers:
            f.send(here, f.activity("Follow", uri))
        here.wait_until(lambda: alice.lookup("alice")["followers_count"] == len(hosts))
        storm = Storm(here, alice, [remote.actor(f"eve{i}", hosts[i]) for i in range(4)], uri)
        for n in range(KILLS):
            had = len(storm.posted)
            here.wait_until(lambda: len(storm.posted) > had + 20, PATIENCE)  # it works between the kills
            storm.ended.wait(dice.uniform(0, 0.3))
            storm.server_is_up.clear()
            here.kill()
            here.check_faults()
            here.start()
            if n % 5 == 4:  # once more while it has only begun to take up what the last one left
                here.kill()
                here.check_faults()
                here.start()
            storm.server_is_up.set()
        storm.end()
        assert storm.refused == []
        # What a killed process had in hand waits for its lease to end; what was refused then, for its next try.
        while left := here.unfinished():  # thousands of deliveries: patience is for each step
            here.wait_until(lambda left=left: here.shift_clock(minutes=20) or here.unfinished() != left)

        rows = here.query("SELECT id, uri FROM status WHERE local")
        assert {str(i) for i, _ in rows} == {s["id"] for s in storm.posted.values()}, "exactly one post for each key, all that were answered"
        assert len(rows) == len(storm.posted) and alice.lookup("alice")["statuses_count"] == len(rows)
        creates = collections.defaultdict(set)
        for got in remote.got("Create"):
            creates[got.host, got.json["object"]["id"]].add(got.json["id"])
        missing = [(h, u) for h in hosts for _, u in rows if (h, u) not in creates]
        assert not missing, f"{len(missing)} of {len(rows) * len(hosts)} did not arrive, the first: {missing[:5]}"
        assert all(len(ids) == 1 for ids in creates.values()), "a post delivered again has the same id, so that it has no effect"

        kept = collections.Counter(u for u, in here.query("SELECT uri FROM status WHERE NOT local"))
        assert set(storm.sent) - set(kept) == set() and set(kept.values()) <= {1}
        told = collections.Counter(i for i, in here.query("SELECT status_id FROM notification WHERE account_id = ?", int(alice.id)) if i)
        letters = [i for i, in here.query("SELECT id FROM status WHERE NOT local")]
        assert [told[i] for i in letters] == [1] * len(letters), "each letter is told once"
        if not here.config["database"]:
            assert here.query("PRAGMA integrity_check") == [("ok",)] and here.query("PRAGMA foreign_key_check") == []
        assert len(rows) > 20 * KILLS and len(storm.sent) > 0
        print(f"{KILLS} kills, {len(rows)} posts, {len(creates)} deliveries, {len(storm.sent)} letters")


# --- strangers that misbehave -----------------------------------------------------------------------------------------------------


@pytest.fixture
def remote():
    with Remote(["peer.test", "victim.test"]) as r:
        yield r


@pytest.fixture
def here(tmp_path, new_database, remote):
    """Reaches the peers on 127.0.0.1 and may reach no other address of this machine."""
    with Server(tmp_path / "here", database=new_database(), **remote.keys() | {"allow_networks": "127.0.0.1/32", "workers": 12}) as s:
        yield s


def search(api, what):
    found = api.get("/api/v2/search", q=what, resolve=True, expect=(200, 503))
    return found.get("accounts", []) + found.get("statuses", [])


def memory(server):
    return int(re.search(r"VmRSS:\s+(\d+)", pathlib.Path(f"/proc/{server.process.pid}/status").read_text()).group(1)) / 1024


def test_a_good_peer_is_found(here, remote):
    """Without this the others prove nothing."""
    eve = remote.actor("eve")
    note = eve.note("<p>hello</p>")
    alice = here.user()
    assert alice.find(eve.acct)["acct"] == eve.acct and alice.find(note["id"], "statuses")["uri"] == note["id"]
    assert [a["acct"] for a in search(alice, eve.acct)] == [eve.acct]
    assert [s["uri"] for s in search(alice, note["id"])] == [note["id"]]


def test_a_drip_of_bytes_holds_up_nobody(here, remote):
    eve, alice = remote.actor("eve"), here.user()
    dripping = threading.Semaphore(0)
    ended = threading.Event()

    def drip(h):
        dripping.release()
        h.close_connection = True
        with contextlib.suppress(OSError):
            h.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/activity+json\r\nContent-Length: 100000\r\n\r\n")
            while not ended.is_set():
                h.wfile.write(b"{")
                h.wfile.flush()
                ended.wait(0.2)

    urls = [f"{eve.origin}/drip/{i}" for i in range(3)]
    for url in urls:
        remote.answer(url, drip)
    found = []
    threads = [threading.Thread(target=lambda u=u: found.append(search(here.api(alice.token), u))) for u in urls]
    for t in threads:
        t.start()
    assert dripping.acquire(timeout=PATIENCE)
    # Meanwhile the server has time for everybody else.
    alice.toot("still here")
    alice.home()
    assert found == [], "all of them wait still"
    for t in threads:
        t.join(PATIENCE)
    assert found == [[]] * len(urls)
    ended.set()


def test_a_redirect_into_the_machine_is_not_followed(here, remote):
    eve, alice = remote.actor("eve"), here.user()
    touched = []
    with socket.create_server(("127.0.0.2", 0)) as inner:
        inner.settimeout(0.2)
        port = inner.getsockname()[1]
        for i, target in enumerate((f"http://127.0.0.2:{port}/x", f"http://[::ffff:127.0.0.2]:{port}/x", f"http://2130706434:{port}/x",
                                    "file:///etc/passwd", f"gopher://127.0.0.2:{port}/x", "//127.0.0.2/x")):
            url = f"{eve.origin}/away/{i}"
            remote.answer(url, (302, {"Location": target}, b""))
            assert search(alice, url) == [], target
        # A name of the peer's own that points into the machine, in documents that we believe otherwise.
        note = eve.note("<p>see</p>", attachment=[{"type": "Image", "mediaType": "image/png", "url": f"http://127.0.0.2:{port}/a.png"}])
        eve.doc["icon"] = {"type": "Image", "mediaType": "image/png", "url": f"http://127.0.0.2:{port}/b.png"}
        eve.doc["inbox"] = f"http://127.0.0.2:{port}/inbox"
        search(alice, note["id"])
        here.wait_until(lambda: here.log.count("job.retry") >= 2)  # they tried, and were stopped at the door
        with contextlib.suppress(TimeoutError):
            touched.append(inner.accept())
    assert touched == []


def test_redirects_end(here, remote):
    eve, alice = remote.actor("eve"), here.user()
    for i in range(30):
        remote.answer(f"{eve.origin}/hop/{i}", (302, {"Location": f"/hop/{i + 1}"}, b""))
    assert search(alice, f"{eve.origin}/hop/0") == []
    assert sum(n for url, n in remote.asked.items() if "/hop/" in url) <= 8


@pytest.mark.parametrize("kind", ["endless", "bomb"])
def test_huge_bodies_are_cut(here, remote, kind):
    eve, alice = remote.actor("eve"), here.user()
    written = []

    def endless(h):
        h.close_connection = True
        h.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/activity+json\r\n\r\n{\"x\":\"")
        with contextlib.suppress(OSError):
            for _ in range(1024):
                h.wfile.write(b"x" * 1_000_000)
                written.append(1)

    packer = zlib.compressobj(9, wbits=31)
    bomb = b"".join(packer.compress(b" " * 1_000_000) for _ in range(300)) + packer.flush() if kind == "bomb" else b""
    url = f"{eve.origin}/huge"
    remote.answer(url, endless if kind == "endless" else (200, {"Content-Type": AP, "Content-Encoding": "gzip"}, bomb))
    before = memory(here)
    assert search(alice, url) == []
    assert memory(here) < before + 60, "a sanitizer keeps what was freed; 300 MB would show"
    assert len(written) < 20
    alice.toot("still here")


def note_of(eve, **change):
    """A document at a URL of eve's own with something in it changed; the URL."""
    note = eve.note("<p>a lie</p>")
    eve.remote.documents[note["id"]] |= change
    return note["id"]


def test_lies_about_ids_are_not_believed(here, remote):
    eve, bob, alice = remote.actor("eve"), remote.actor("bob", "victim.test"), here.user()
    assert alice.find(bob.acct)
    lies = {
        "somebody else's post": note_of(eve, attributedTo=bob.id),
        "an id on another server": note_of(eve, id="http://victim.test/notes/999"),
        "no author": note_of(eve, attributedTo=None),
        "an id that is not http": note_of(eve, id="javascript:alert(1)"),
        "no id": note_of(eve, id=None),
    }
    for name, url in lies.items():
        assert search(alice, url) == [], name
    html = eve.note("<p>not activity</p>")
    remote.answer(html["id"], (200, {"Content-Type": "text/html"}, b"<p>{}</p>"))
    upload = eve.note("<p>uploaded by a user of an honest server</p>")
    remote.answer(upload["id"], (200, {"Content-Type": "application/json"}, json.dumps(remote.documents[upload["id"]]).encode()))
    assert search(alice, html["id"]) == [] and search(alice, upload["id"]) == []
    assert here.query("SELECT count(*) FROM status WHERE NOT local") == [(0,)]


def test_an_actor_that_claims_to_be_another(here, remote):
    eve, bob, alice = remote.actor("eve"), remote.actor("bob", "victim.test"), here.user()
    alice.find(bob.acct)
    eve.doc["id"] = bob.id
    eve.doc["preferredUsername"] = "bob"
    assert search(alice, f"{eve.origin}/users/eve") == []
    mallory = remote.actor("mallory")
    mallory.doc["preferredUsername"] = "bob"
    remote.answer(f"{mallory.origin}/.well-known/webfinger?resource=acct:mallory@peer.test",
                  {"subject": "acct:bob@victim.test", "links": [{"rel": "self", "type": AP, "href": mallory.id}]})
    search(alice, "mallory@peer.test")
    assert here.query("SELECT uri FROM account WHERE domain = 'victim.test'") == [(bob.id,)]


def test_activities_only_about_what_is_theirs(here, remote):
    """eve signs properly, and says things about bob's posts and in bob's name."""
    eve, bob, alice = remote.actor("eve"), remote.actor("bob", "victim.test"), here.user()
    alice.follow(alice.find(bob.acct)["id"])
    bob.send(here, bob.activity("Accept", remote.wait_kind("Follow").json))
    note = bob.note("<p>bob's own words</p>")
    bob.send(here, bob.create(note))
    here.wait_until(lambda: alice.home())
    copy = alice.home()[0]["id"]
    forged = dict(note, content="<p>forged</p>", updated="2099-01-01T00:00:00Z")
    for activity in (
            eve.activity("Update", forged), eve.activity("Delete", note["id"]), eve.activity("Delete", {"type": "Tombstone", "id": note["id"]}),
            eve.activity("Delete", bob.id), eve.activity("Update", dict(bob.doc, name="forged")),
            eve.activity("Create", dict(note, id="http://victim.test/notes/forged", content="<p>forged</p>")),
            eve.activity("Create", dict(note, id="http://peer.test/notes/forged", content="<p>forged</p>")),
            dict(eve.activity("Create", dict(note, content="<p>forged</p>")), actor=bob.id),
            eve.activity("Undo", dict(remote.wait_kind("Follow").json)), eve.activity("Accept", {"type": "Follow", "actor": bob.id, "object": eve.id})):
        eve.send(here, activity, expect=(202, 400, 401, 403))
    # An Announce may carry a whole post: what counts is what its own server says.
    eve.send(here, eve.activity("Announce", dict(note, content="<p>forged</p>")), expect=(202, 400))
    here.wait_until(lambda: not here.unfinished())
    seen = alice.get(f"/api/v1/statuses/{copy}")
    assert "own words" in seen["content"] and seen["account"]["display_name"] == "bob" and not seen["edited_at"]
    assert here.query("SELECT count(*) FROM status WHERE NOT local AND content LIKE '%forged%'") == [(0,)]
    assert alice.get("/api/v1/accounts/relationships", id=[seen["account"]["id"]])[0]["following"]

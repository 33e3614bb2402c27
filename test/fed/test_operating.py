"""What an operator sees and moves of federation: what waits, which servers do not answer, and why something does not come in."""
import json
import re

import pytest
import requests
from server import Server
from timing import PATIENCE


HOSTS = ["peer.test", "ill.test", "evil.test"]


@pytest.fixture(scope="module")
def here(tmp_path_factory, new_database, far):
    with Server(tmp_path_factory.mktemp("operating"), database=new_database(), **far.keys()) as s:
        yield s


@pytest.fixture(scope="module")
def alice(here):
    return here.user()


def listed(here, *args):
    return json.loads(here.cli(*args, "--json"))


def test_deliveries_and_hosts(here, far, alice):
    ill, well = far.actor("ill", "ill.test"), far.actor("well")
    for actor in (ill, well):
        assert alice.find(actor.acct)
    far.down.add("ill.test")
    assert listed(here, "deliveries", "list") == []
    post = alice.toot(f"hello @{ill.acct} and @{well.acct}")
    far.wait(lambda a: a.host == "peer.test" and a.json["type"] == "Create")
    waiting = lambda: [d for d in listed(here, "deliveries", "list", "--host", "ILL.test") if d["tries"]]
    [row] = here.wait_until(waiting)
    assert (row["inbox"], row["status"], row["host"]) == ("http://ill.test/inbox", 503, "ill.test") and row["next_at"] and row["error"]
    assert listed(here, "deliveries", "list", "--host", "peer.test") == [] and "ill.test" in here.cli("deliveries", "list")
    is_down = lambda: here.query("SELECT 1 FROM host WHERE name = 'ill.test' AND state >= 2")
    while not is_down():
        alice.toot(f"again @{ill.acct}")
        tries = here.query("SELECT sum(tries) FROM delivery")
        here.shift_clock(hours=1)
        here.wait_until(lambda: is_down() or here.query("SELECT sum(tries) FROM delivery") != tries)
    [host] = here.wait_until(lambda: [h for h in listed(here, "federation", "hosts") if h["state"] == "down"])
    assert host["host"] == "ill.test" and host["waiting"] > 0 and host["since"] and "503" in host["error"]
    assert re.search(r"ill\.test +down", here.cli("federation", "hosts"))
    here.cli("federation", "hosts", "--reset", "nobody.test", status=66)
    far.down.clear()
    here.cli("deliveries", "retry", "--host", "ill.test")
    far.wait(lambda a: a.host == "ill.test" and a.json["type"] == "Create" and a.json["object"]["id"] == post["uri"])
    here.wait_until(lambda: listed(here, "deliveries", "list") == [] and listed(here, "federation", "hosts") == [])
    far.down.add("ill.test")
    alice.toot(f"to be forgotten @{ill.acct}")
    here.wait_until(waiting)
    here.cli("deliveries", "drop", status=64)
    assert here.cli("deliveries", "drop", "--host", "ill.test") == "1 deliveries are forgotten.\n"
    assert listed(here, "deliveries", "list", "--host", "ill.test") == []
    text = requests.get(here.base + "/metrics", timeout=PATIENCE).text
    numbers = dict(re.findall(r'dassie_deliveries_total\{result="(\w+)"\} (\d+)', text))
    assert int(numbers["delivered"]) > 1 and int(numbers["retry"]) > 0
    assert 'dassie_deliveries_by_host_total{host="other",result="delivered"}' in text


def steps(here, what):
    answer = listed(here, "federation", "inspect", what)
    return answer["accepted"], {s["step"]: (s["ok"], s["text"]) for s in answer["steps"]}


def test_inspecting_says_what_would_be_accepted_and_keeps_nothing(here, far):
    eve = far.actor("inspected")
    note = eve.note("<p>x</p>", inReplyTo="http://peer.test/notes/0")
    before = here.query("SELECT (SELECT count(*) FROM account), (SELECT count(*) FROM status)")
    accepted, found = steps(here, f"@{eve.acct}")
    assert accepted and found["webfinger"][0] and found["name"] == (True, eve.acct) and found["keys"][0] and found["known"][1] == "not known here"
    assert found["becomes"] == (True, "an account") and "shared" in found["inbox"][1]
    accepted, found = steps(here, note["id"])
    assert accepted and found["owner"] == (True, eve.id) and found["visibility"][1] == "public" and "notes/0" in found["thread"][1]
    assert "FAIL" not in here.cli("federation", "inspect", note["id"])
    assert here.query("SELECT (SELECT count(*) FROM account), (SELECT count(*) FROM status)") == before


@pytest.mark.parametrize("what, step, words", [
    ("gone", "request", "410"), ("html", "type", "text/html"), ("junk", "document", ""), ("stranger", "id", ""), ("forged", "owner", ""),
    ("tombstone", "becomes", "gone"), ("nowhere", "request", ""), ("ours", "address", ""), ("blocked", "policy", "suspended"),
    ("redirect", "request", "evil.test"), ("liar", "name", "not proven"), ("nobody", "webfinger", "")])
def test_inspecting_says_why_not(here, far, what, step, words):
    eve, mallory = far.actor("honest"), far.actor("mallory", "evil.test")
    ap = {"Content-Type": "application/activity+json"}
    note, url = eve.note("<p>x</p>"), f"http://peer.test/odd/{what}"
    here.cli("domain", "block", "evil.test") if what in ("blocked", "redirect") else None
    far.answers |= {
        "http://peer.test/odd/gone": (410, {}, b""),
        "http://peer.test/odd/html": (200, {"Content-Type": "text/html"}, b"<p>"),
        "http://peer.test/odd/junk": (200, ap, b"{"),
        "http://peer.test/odd/stranger": far.documents[note["id"]] | {"id": "http://ill.test/notes/1"},
        "http://peer.test/odd/forged": far.documents[note["id"]] | {"id": url, "attributedTo": mallory.id},
        "http://peer.test/odd/tombstone": {"@context": "https://www.w3.org/ns/activitystreams", "id": url, "type": "Tombstone"},
        "http://peer.test/odd/redirect": (302, {"Location": "http://evil.test/x"}, b""),
        "http://peer.test/odd/liar": eve.doc | {"id": url, "preferredUsername": "somebody", "publicKey": None},
    }
    accepted, found = steps(here, {"nowhere": "http://nowhere.test/x", "ours": here.url + "/actor", "blocked": mallory.id,
                                   "nobody": "@nobody@peer.test"}.get(what, url))
    assert found[step][0] is False and words in found[step][1] and accepted == (what == "liar")
    if what in ("blocked", "redirect"):
        here.cli("domain", "unblock", "evil.test")


def test_inspecting_needs_a_name(here):
    here.cli("federation", "inspect", "nonsense", status=64)

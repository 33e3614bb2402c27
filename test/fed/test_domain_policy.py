"""What an operator says about other servers on the command line, and about jobs that were given up."""
import json

import pytest
from remote import Remote
from samples import picture
from server import Server


@pytest.fixture(scope="module")
def far():
    with Remote(["peer.test", "sub.peer.test", "other.test"]) as r:
        yield r


@pytest.fixture
def here(tmp_path, new_database, far):
    with Server(tmp_path / "here", database=new_database(), **far.keys()) as s:
        yield s


def meet(server, alice, actor):
    actor.send(server, actor.activity("Follow", alice.get("/api/v1/accounts/verify_credentials")["uri"]))
    server.wait_notification(alice, "follow", actor.acct)
    return alice.lookup(actor.acct)


def test_block_and_allow(here, far):
    alice = here.user()
    eve, below, other = far.actor("eve"), far.actor("below", "sub.peer.test"), far.actor("other", "other.test")
    for actor in (eve, below, other):
        meet(here, alice, actor)
    here.cli("domain", "block", "PEER.test", "--private-comment", "spam", "--public-comment", "unwanted", "--obfuscate", "--reject-reports")
    listed = json.loads(here.cli("domain", "list", "--json"))
    assert [(p["domain"], p["severity"], p["private_comment"], p["public_comment"], p["obfuscate"], p["reject_reports"], p["reject_media"]) for p in listed] == [
        ("peer.test", "suspend", "spam", "unwanted", True, True, False)]
    assert "peer.test" in here.cli("domain", "list")
    eve.send(here, eve.create(eve.note("hello")), expect=403)
    below.send(here, below.create(below.note("hello")), expect=403)
    other.send(here, other.create(other.note("hello")))
    assert here.query("SELECT count(*) FROM account WHERE suspended_ms IS NOT NULL") == [(2,)]
    here.cli("domain", "allow", "peer.test")
    assert json.loads(here.cli("domain", "list", "--json")) == []
    assert here.query("SELECT count(*) FROM account WHERE suspended_ms IS NOT NULL") == [(0,)]
    eve.send(here, eve.create(eve.note("hello again")))
    here.cli("domain", "allow", "peer.test", status=66)


def test_limit_concerns_those_who_are_here_and_those_who_come(here, far):
    alice, first, second = here.user(), far.actor("first"), far.actor("second")
    meet(here, alice, first)
    here.cli("domain", "limit", "peer.test", "--reject-media")
    assert alice.lookup(first.acct)["limited"] is True
    here.shift_clock(seconds=5)
    second.send(here, second.activity("Follow", alice.get("/api/v1/accounts/verify_credentials")["uri"]))
    here.wait_until(lambda: here.query("SELECT count(*) FROM account WHERE silenced_ms IS NOT NULL") == [(2,)])
    here.cli("domain", "block", "peer.test")  # another severity takes the place of the first
    assert here.query("SELECT count(*) FROM account WHERE silenced_ms IS NOT NULL") == [(0,)]
    assert here.query("SELECT count(*) FROM account WHERE suspended_ms IS NOT NULL") == [(2,)]
    here.cli("domain", "limit", "peer.test", "--noop", "--reject-media")
    assert here.query("SELECT count(*) FROM account WHERE suspended_ms IS NOT NULL") == [(0,)]


@pytest.mark.parametrize("name", ["a.test", "nonsense with blanks", "x..test", "http://peer.test", ""])
def test_what_is_no_domain_of_others(here, name):
    here.cli("domain", "block", name, status=65)
    assert json.loads(here.cli("domain", "list", "--json")) == []


def test_jobs_that_were_given_up(tmp_path, new_database, far):
    """A picture whose server is ill for days: its job dies, the operator wakes it, and now it succeeds."""
    with Server(tmp_path / "jobs", database=new_database(), **far.keys()) as server:
        alice, eve = server.user(), far.actor("jobs")
        uri, url = alice.get("/api/v1/accounts/verify_credentials")["uri"], "http://peer.test/ill.png"
        far.answer(url, (503, {}, b""))
        eve.send(server, eve.create(eve.note("x", cc=[uri], tag=[{"type": "Mention", "href": uri}],
                                             attachment=[{"type": "Image", "mediaType": "image/png", "url": url}])))

        def jobs(state):
            return server.query("SELECT tries FROM job WHERE kind = 'fetch_media' AND state = ?", state)

        server.wait_until(lambda: jobs(0))
        for tries in range(1, 5):
            server.wait_until(lambda: jobs(0) == [(tries,)])
            server.shift_clock(days=1)
        server.wait_until(lambda: jobs(2))
        server.expected_faults = 1  # a job that died is a line for the operator
        [job] = json.loads(server.cli("jobs", "list", "--json"))
        assert job["kind"] == "fetch_media" and job["tries"] == 5 and job["error"] and job["args"]
        assert job["id"] in server.cli("jobs", "list")
        server.cli("jobs", "retry", "4711", status=66)
        server.cli("jobs", "retry", "nonsense", status=64)
        far.answer(url, (200, {"Content-Type": "image/png"}, picture("png")))
        server.cli("jobs", "retry", job["id"])
        assert json.loads(server.cli("jobs", "list", "--json")) == []
        server.restart()  # a command wakes nobody in another process
        server.wait_until(lambda: server.query("SELECT 1 FROM cached_file WHERE kind = 0"))
        server.cli("jobs", "drop", job["id"], status=66)
        server.cli("jobs", "drop", "all")

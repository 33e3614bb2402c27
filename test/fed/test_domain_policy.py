"""What an operator says about other servers on the command line, and about jobs that were given up."""
import json

import pytest
import requests
from samples import picture
from server import Server
from timing import PATIENCE


HOSTS = ["peer.test", "sub.peer.test", "other.test"]


@pytest.fixture
def here(tmp_path, new_database, far):
    with Server(tmp_path / "here", database=new_database(), **far.keys()) as s:
        yield s


def application_of(server):
    """The API as an application that speaks for nobody."""
    redirect = "urn:ietf:wg:oauth:2.0:oob"
    app = server.api().post("/api/v1/apps", {"client_name": "Nobody", "redirect_uris": redirect})
    return server.api(server.api().post("/oauth/token", {"grant_type": "client_credentials", "client_id": app["client_id"],
                                                         "client_secret": app["client_secret"]})["access_token"])


def meet(server, alice, actor):
    actor.send(server, actor.activity("Follow", alice.get("/api/v1/accounts/verify_credentials")["uri"]))
    server.wait_notification(alice, "follow", actor.acct)
    return alice.lookup(actor.acct)


def read_as(here, actor, url):
    headers = actor.sign("GET", url) if actor else {"Host": here.host, "Accept": "application/activity+json"}
    return requests.get(here.base + url.removeprefix(here.url), headers=headers, timeout=PATIENCE).status_code


def test_block_and_allow(here, far):
    alice = here.user()
    eve, below, other = far.actor("eve"), far.actor("below", "sub.peer.test"), far.actor("other", "other.test")
    for actor in (eve, below, other):
        meet(here, alice, actor)
    here.cli("domain", "block", "PEER.test", "--private-comment", "spam", "--public-comment", "unwanted", "--obfuscate", "--reject-reports")
    listed = json.loads(here.cli("domain", "list", "--json"))
    assert len({int(p.pop("id")) for p in listed} - {0}) == len(listed)
    assert [(p["domain"], p["severity"], p["private_comment"], p["public_comment"], p["obfuscate"], p["reject_reports"], p["reject_media"]) for p in listed] == [
        ("peer.test", "suspend", "spam", "unwanted", True, True, False)]
    assert "peer.test" in here.cli("domain", "list")
    eve.send(here, eve.create(eve.note("hello")), expect=403)
    below.send(here, below.create(below.note("hello")), expect=403)
    other.send(here, other.create(other.note("hello")))
    post = alice.toot("for all but one server")["uri"]
    urls = [post, post + "/activity", post[:post.index("/statuses")], post[:post.index("/statuses")] + "/outbox?page=true"]
    for url in urls:  # whoever signs for a blocked server is refused, also where nobody must sign
        assert [read_as(here, who, url) for who in (eve, below, other, None)] == [403, 403, 200, 200], url
    assert read_as(here, eve, here.url + "/actor") == 200
    assert here.query("SELECT count(*) FROM account WHERE suspended_ms IS NOT NULL") == [(2,)]
    here.cli("domain", "unblock", "peer.test")
    assert json.loads(here.cli("domain", "list", "--json")) == []
    assert here.query("SELECT count(*) FROM account WHERE suspended_ms IS NOT NULL") == [(0,)]
    eve.send(here, eve.create(eve.note("hello again")))
    assert read_as(here, eve, post) == 200
    here.cli("domain", "unblock", "peer.test", status=66)


def test_limit_concerns_those_who_are_here_and_those_who_come(here, far):
    alice, first, second = here.user(), far.actor("first"), far.actor("second")
    meet(here, alice, first)
    here.cli("domain", "limit", "peer.test", "--reject-media")
    assert alice.lookup(first.acct)["limited"] is True
    found = lambda q: [a["acct"] for a in alice.get("/api/v2/search", q=q, type="accounts")["accounts"]]
    assert found("firs") == [] and found(first.acct) == [first.acct]
    here.shift_clock(seconds=5)
    second.send(here, second.activity("Follow", alice.get("/api/v1/accounts/verify_credentials")["uri"]))
    here.wait_until(lambda: here.query("SELECT count(*) FROM account WHERE silenced_ms IS NOT NULL") == [(2,)])
    here.cli("domain", "block", "peer.test")  # another severity takes the place of the first
    assert here.query("SELECT count(*) FROM account WHERE silenced_ms IS NOT NULL") == [(0,)]
    assert here.query("SELECT count(*) FROM account WHERE suspended_ms IS NOT NULL") == [(2,)]
    here.cli("domain", "limit", "peer.test", "--noop", "--reject-media")
    assert here.query("SELECT count(*) FROM account WHERE suspended_ms IS NOT NULL") == [(0,)]


@pytest.mark.parametrize("name", ["a.test", "test", "nonsense with blanks", "x..test", "http://peer.test", ""])
def test_what_is_no_domain_of_others(here, name):
    here.cli("domain", "block", name, status=65)
    assert json.loads(here.cli("domain", "list", "--json")) == []


def uri_of(api):
    return api.get("/api/v1/accounts/verify_credentials")["uri"]


def follow(server, alice, actor):
    account = alice.find(actor.acct)
    alice.follow(account["id"])
    asked = actor.remote.wait(lambda a: a.json and a.json["type"] == "Follow" and a.json["object"] == actor.id)
    actor.send(server, actor.activity("Accept", asked.json))
    server.wait_until(lambda: alice.get("/api/v1/accounts/relationships", id=[account["id"]])[0]["following"])
    return asked.json["id"]


def test_follows_end_and_both_sides_hear_of_it(here, far):
    alice, bob = here.user(), here.user()
    eve, fan, other = far.actor("friend"), far.actor("fan", "sub.peer.test"), far.actor("other", "other.test")
    meet(here, bob, other)
    bob.post("/api/v1/domain_blocks", {"domain": "other.test"})  # what a person blocks is kept as a list too
    far.wait(lambda a: a.json["type"] == "Reject" and a.json["object"]["actor"] == other.id)
    [event] = bob.get("/api/v1/severed_relationships")
    assert (event["type"], event["target_name"], event["followers_count"]) == ("user_domain_block", "other.test", 1)
    assert other.acct in bob.get(f"/api/v1/severed_relationships/{event['id']}/followers.csv")
    followed = follow(here, alice, eve)
    meet(here, alice, fan)
    meet(here, bob, fan)
    assert here.cli("domain", "block", "peer.test", "--dry-run") == "It would suspend 2 accounts and end 3 follows.\n"
    here.cli("domain", "block", "peer.test")
    assert far.wait(lambda a: a.json["type"] == "Undo" and a.json["object"]["id"] == followed).path == "/users/friend/inbox"
    far.wait(lambda a: a.json["type"] == "Reject" and a.json["actor"] == uri_of(alice) and a.json["object"]["actor"] == fan.id)
    far.wait(lambda a: a.json["type"] == "Reject" and a.json["actor"] == uri_of(bob) and a.json["object"]["actor"] == fan.id)
    [told] = alice.notifications(types=["severed_relationships"])
    event = told["event"]
    assert (event["type"], event["target_name"], event["followers_count"], event["following_count"], event["purged"]) == ("domain_block", "peer.test", 1, 1, False)
    assert alice.get("/api/v1/severed_relationships") == [event]
    base = f"/api/v1/severed_relationships/{event['id']}"
    assert alice.get(base + "/followers.csv") == f"Account address\r\n{fan.acct}\r\n"
    assert alice.get(base + "/following.csv") == ("Account address,Show boosts,Notify on new posts,Languages\r\n"
                                                                 f"{eve.acct},true,false,\r\n")
    bob.get(base + "/followers.csv", expect=404)
    bob.get("/api/v1/severed_relationships/4711/following.csv", expect=404)
    assert alice.get("/api/v1/accounts/verify_credentials")["followers_count"] == 0
    here.cli("domain", "block", "peer.test")  # again: nothing is left to end
    assert len(alice.notifications(types=["severed_relationships"])) == 1
    before = len(far.got())
    alice.toot(f"hello @{eve.acct}")
    here.wait_until(lambda: not here.query("SELECT 1 FROM job WHERE state < 2 AND kind = 'federate'"))
    assert len(far.got()) == before
    here.cli("domain", "unblock", "peer.test")
    assert alice.get(base + "/followers.csv").endswith(fan.acct + "\r\n")


def test_only_allowed_servers(here, far):
    alice, eve, other, below = here.user(), far.actor("in"), far.actor("out", "other.test"), far.actor("below", "sub.peer.test")
    meet(here, alice, other)
    here.cli("settings", "set", "limited_federation", "yes")
    here.cli("domain", "allow", "Peer.Test.")
    assert json.loads(here.cli("domain", "list", "--allowed", "--json"))[0]["domain"] == "peer.test"
    asked = dict(far.asked)
    other.send(here, other.create(other.note("hello")), expect=403)
    note = other.note("a secret of others")
    assert alice.get("/api/v2/search", q=note["id"], resolve=True)["statuses"] == [] and far.asked[note["id"]] == 0
    assert alice.get("/api/v2/search", q="@new@other.test", resolve=True)["accounts"] == [] and dict(far.asked) == asked
    eve.send(here, eve.create(eve.note("hello")))
    below.send(here, below.create(below.note("hello")))
    meet(here, alice, eve)
    anybody, application, post = here.api(), application_of(here), alice.toot("for the few")
    for closed in ("/api/v1/timelines/public", f"/api/v1/statuses/{post['id']}", "/api/v1/instance/peers"):
        anybody.get(closed, expect=401)
        application.get(closed, expect=401)
    anybody.get("/api/v2/instance")
    for page in (f"/@{alice.name}", f"/@{alice.name}/{post['id']}", f"/@{alice.name}.rss", "/tags/few", "/tags/few.atom"):
        assert "for the few" not in anybody.request("GET", page, 401, headers={"Accept": "text/html"})
    for page in ("/", "/about"):
        assert "for the few" not in anybody.request("GET", page, 200, headers={"Accept": "text/html"})
    path = post["uri"].removeprefix(here.url)
    anybody.get(path, headers={"Accept": "application/activity+json"}, expect=401)
    for public in ("/actor", "/nodeinfo/2.0", f"/.well-known/webfinger?resource=acct:{alice.acct}"):
        anybody.get(public, headers={"Accept": "application/activity+json"})

    def signed(actor, status):
        assert requests.get(here.base + path, headers=actor.sign("GET", post["uri"]), timeout=PATIENCE).status_code == status

    signed(eve, 200)
    signed(other, 403)
    assert alice.lookup(other.acct)["id"]  # what is here stays
    here.cli("domain", "block", "sub.peer.test")  # a block wins here
    below.send(here, below.create(below.note("hello")), expect=403)
    here.cli("domain", "allow", "sub.peer.test")
    below.send(here, below.create(below.note("hello")), expect=403)
    here.cli("domain", "disallow", "peer.test")
    here.cli("domain", "disallow", "peer.test", status=66)
    eve.send(here, eve.create(eve.note("hello")), expect=403)
    here.cli("settings", "set", "limited_federation", "no")
    eve.send(here, eve.create(eve.note("hello")))
    below.send(here, below.create(below.note("hello")))  # and here the allowed name does


def test_no_signed_request_of_a_suspended_domain(here, far):
    alice, eve = here.user(), far.actor("reader")
    meet(here, alice, eve)
    post = alice.toot("for followers", visibility="private")
    path = post["uri"].removeprefix(here.url)
    assert requests.get(here.base + path, headers=eve.sign("GET", post["uri"]), timeout=PATIENCE).status_code == 200
    here.cli("domain", "block", "peer.test")
    assert requests.get(here.base + path, headers=eve.sign("GET", post["uri"]), timeout=PATIENCE).status_code == 403
    assert requests.get(here.base + path + "0", headers=eve.sign("GET", post["uri"] + "0"), timeout=PATIENCE).status_code == 403, "not even what is there"


def test_media_of_refused_hosts(here, far):
    alice, eve, other = here.user(), far.actor("painter"), far.actor("other", "other.test")
    uri = uri_of(alice)
    for name in ("peer.test", "other.test", "sub.peer.test"):
        far.answer(f"http://{name}/a.png", (200, {"Content-Type": "image/png"}, picture("png")))

    def post(actor, host, text):
        note = actor.note(text, cc=[uri], tag=[{"type": "Mention", "href": uri}],
                          attachment=[{"type": "Image", "mediaType": "image/png", "url": f"http://{host}/a.png"}])
        actor.send(here, actor.create(note))
        return here.wait_until(lambda: here.query("SELECT id FROM status WHERE uri = ?", note["id"]))[0][0]

    def files(status_id):
        return here.query("SELECT m.file <> '' FROM media m WHERE m.status_id = ?", status_id)

    first = post(eve, "peer.test", "<p>kept for now</p>")
    here.wait_until(lambda: files(first) in ([(1,)], [(True,)], [("t",)]))
    here.cli("domain", "limit", "peer.test", "--noop", "--reject-media")
    assert here.query("SELECT count(*) FROM cached_file WHERE kind = 0") == [(0,)]
    second, third = post(eve, "peer.test", "<p>none</p>"), post(other, "sub.peer.test", "<p>elsewhere</p>")
    here.wait_until(lambda: not here.unfinished())
    assert files(second) == [] and here.query("SELECT count(*) FROM cached_file WHERE kind = 0") == [(0,)]
    assert len(files(third)) == 1 and far.asked["http://sub.peer.test/a.png"] == 0


def test_purge(here, far):
    alice, eve, other = here.user(), far.actor("spam", "sub.peer.test"), far.actor("other", "other.test")
    for actor in (eve, other):
        note = actor.note("hello :duck:", cc=[uri_of(alice)], tag=[{"type": "Mention", "href": uri_of(alice)}, {
            "type": "Emoji", "id": actor.origin + "/e", "name": ":duck:", "icon": {"type": "Image", "url": actor.origin + "/duck.png"}}])
        actor.send(here, actor.create(note))
        here.wait_notification(alice, "mention", actor.acct)
    here.wait_until(lambda: here.query("SELECT count(*) FROM emoji") == [(2,)])
    assert here.cli("domain", "purge", "peer.test").startswith("With --yes it would delete 1 accounts")
    here.cli("domain", "block", "peer.test")
    assert here.cli("domain", "purge", "peer.test", "--yes").startswith("Deleted 1 accounts and 1 emoji")
    assert here.query("SELECT domain FROM account WHERE domain <> ''") == [("other.test",)] == here.query("SELECT domain FROM emoji")
    assert [n["account"]["acct"] for n in alice.notifications(types=["mention"])] == [other.acct]
    assert here.query("SELECT count(*) FROM status WHERE local = FALSE") == [(1,)]


def test_lists_of_others(here, far, tmp_path):
    alice, eve = here.user(), far.actor("listed")
    meet(here, alice, eve)
    here.cli("domain", "limit", "mild.test", "--private-comment", "ours")
    listed = tmp_path / "blocks.csv"
    listed.write_text("#domain,#severity,#reject_media,#reject_reports,#public_comment,#obfuscate\r\n"
                      'peer.test,suspend,true,False,"spam, mostly",True\r\nmild.test,suspend,false,true,theirs,false\r\n'
                      "mild.test,noop,false,false,,false\r\nb\u00fccher.test,silence,false,false,,false\r\n"
                      "a.test,suspend,false,false,,false\r\n*.test,suspend,,,,\r\ncom,suspend,,,,\r\nodd.test,worse,,,,\r\n")
    said = here.cli("domain", "import", listed, "--dry-run")
    assert "2 new, 1 stricter than before, 1 as they were, 4 left out; nothing was changed." in said
    assert here.query("SELECT count(*) FROM domain_policy") == [(1,)]
    here.cli("domain", "import", listed)
    rows = {p["domain"]: p for p in json.loads(here.cli("domain", "list", "--json"))}
    assert sorted(rows) == ["mild.test", "peer.test", "xn--bcher-kva.test"]
    assert (rows["mild.test"]["severity"], rows["mild.test"]["reject_reports"], rows["mild.test"]["private_comment"]) == ("suspend", True, "ours")
    assert rows["peer.test"]["public_comment"] == "spam, mostly" and rows["peer.test"]["obfuscate"] and rows["peer.test"]["reject_media"]
    assert here.query("SELECT count(*) FROM account WHERE suspended_ms IS NOT NULL") == [(1,)]
    assert len(alice.notifications(types=["severed_relationships"])) == 1
    again = tmp_path / "again.csv"
    again.write_text(here.cli("domain", "export"))
    assert "0 new, 0 stricter than before, 3 as they were, 0 left out." in here.cli("domain", "import", again)
    names = tmp_path / "names.txt"
    names.write_text("".join(f"n{i}.spam.test\n" for i in range(20500)))  # more than one query gives
    assert "20500 new" in here.cli("domain", "import", names)
    assert "20500 as they were" in here.cli("domain", "import", names) and here.cli("domain", "export").count("\n") == 20504
    here.cli("domain", "import", tmp_path / "missing", status=66)


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

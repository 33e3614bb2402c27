"""Two processes of one server: one PostgreSQL database, one folder, two ports.  Joined over the database itself, or over Redis."""
import shutil

import pytest
from logfmt import parse
from redis import Redis
from remote import Remote
from server import Server

# While the bus is whole, a ring that nobody tells anything is trusted for ever: what is seen there at all was heard.


class Nodes:
    def __init__(self, root, database, bus, **keys):
        self.bus = bus
        keys = {"data_dir": root / "data", "bus": bus.bus if bus else None} | keys
        self.a, self.b = (Server(root / name, database=database, **keys) for name in ("a", "b"))

    def start(self):
        self.a.start()
        self.b.start()
        for node in (self.a, self.b):
            node.wait_log("bus.others", n="1")
            node.wait_log("bus.up")
        return self

    def stop(self):
        self.a.stop()
        self.b.stop()

    def on_b(self, api):
        """The same person at the other node."""
        other = self.b.api(api.http.headers["Authorization"].split()[1])
        other.name, other.id, other.acct = api.name, api.id, api.acct
        return other

    def cut(self):
        """End what joins the nodes, and let it come back."""
        marks = self.a.mark(), self.b.mark()
        if self.bus:
            self.bus.kill()
            self.bus.start()
        else:
            self.a.query("SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE application_name = 'dassie bus'")
        return marks


@pytest.fixture(scope="module", params=["database", "redis"])
def new_nodes(request, tmp_path_factory, postgres):
    """Call it with configuration keys for two nodes and a bus of their own."""
    if postgres is None:
        pytest.skip("several processes need PostgreSQL")
    if request.param == "redis" and shutil.which("redis-server") is None:
        pytest.skip("redis-server is not installed")
    buses, made = [], []

    def make(**keys):
        buses.append(Redis() if request.param == "redis" else None)
        made.append(Nodes(tmp_path_factory.mktemp("nodes"), postgres.database(), buses[-1], **keys))
        return made[-1].start()

    yield make
    for n in made:  # after a test that failed
        n.a.kill()
        n.b.kill()
    for b in buses:
        if b:
            b.stop()


@pytest.fixture(scope="module")
def nodes(new_nodes):
    n = new_nodes()
    yield n
    n.stop()


@pytest.fixture
def alice(nodes):
    return nodes.a.user()


@pytest.fixture
def bob(nodes):
    return nodes.b.user()


def contents(api):
    return [p["content"] for p in api.home()]


def test_a_post_is_heard_at_the_other_node_at_once(nodes, alice, bob):
    bob.follow(alice)
    assert bob.home() == []  # its ring is in the memory of b
    with bob.stream() as events:
        post = alice.toot(f"hello @{bob.name}")
        assert events.wait("update")["id"] == post["id"]
        nodes.b.wait_until(lambda: [p["id"] for p in bob.home()] == [post["id"]])
        assert events.wait("notification")["type"] == "mention"
        alice.delete(f"/api/v1/statuses/{post['id']}")
        assert events.wait("delete") == post["id"]
    assert bob.home() == []


def test_ids_of_the_nodes_differ(nodes, alice):
    """Whatever the moment: each node has a number, which stands in its ids."""
    numbers = {node.wait_log("node.number")["number"] for node in (nodes.a, nodes.b)}
    assert len(numbers) == 2
    at_b = nodes.on_b(alice)
    made = [{int(api.toot(f"post {i}")["id"]) % 64 for i in range(5)} for api in (alice, at_b)]
    assert [len(m) for m in made] == [1, 1] and {str(n) for m in made for n in m} == numbers


def test_each_event_is_told_once(nodes, alice, bob):
    bob.follow(alice)
    with bob.stream() as events:
        at_b = nodes.on_b(alice)
        ids = [api.toot(f"post {i}")["id"] for i in range(5) for api in (alice, at_b)]
        assert sorted(events.wait("update")["id"] for _ in ids) == sorted(ids)  # jobs are done side by side, in no order
        last = alice.toot("last")["id"]
        assert events.wait("update")["id"] == last


def test_a_follow_at_one_node_changes_the_home_at_the_other(nodes, alice, bob):
    alice.toot("before")
    there = nodes.on_b(alice)
    bob.toot("seen from afar")
    assert contents(there) == ["<p>before</p>"]
    alice.follow(bob)
    nodes.b.wait_until(lambda: contents(there) == ["<p>seen from afar</p>", "<p>before</p>"])
    alice.post(f"/api/v1/accounts/{bob.id}/unfollow")
    nodes.b.wait_until(lambda: contents(there) == ["<p>before</p>"])


def test_a_token_revoked_at_one_node_ends_its_streams_at_the_other(nodes):
    user = nodes.a.user()
    with nodes.on_b(user).stream() as events:
        nodes.a.cli("user", "modify", user.name, "--disable")
        events.wait_end()


def test_a_filter_made_at_one_node_holds_at_the_other(nodes, alice, bob):
    bob.follow(alice)
    alice.toot("about a spoiler")
    nodes.b.wait_until(lambda: len(bob.home()) == 1)
    at_a = nodes.a.api(bob.http.headers["Authorization"].split()[1])
    at_a.post("/api/v2/filters", {"title": "no", "context": ["home"], "filter_action": "warn", "keywords_attributes": [{"keyword": "spoiler"}]})
    nodes.b.wait_until(lambda: bob.home()[0]["filtered"])


def test_a_bus_that_breaks_comes_back_and_nothing_stays_wrong(nodes, alice, bob):
    bob.follow(alice)
    assert bob.home() == []
    since_a, since_b = nodes.cut()
    lost = alice.toot("meanwhile")["id"]
    nodes.b.wait_until(lambda: [p["id"] for p in bob.home()] == [lost])
    nodes.a.wait_log("bus.up", since=since_a)
    nodes.b.wait_log("bus.up", since=since_b)
    with bob.stream() as events:
        found = alice.toot("after")["id"]
        assert events.wait("update")["id"] == found
    nodes.b.wait_until(lambda: [p["id"] for p in bob.home()] == [found, lost])


@pytest.mark.parametrize("new_nodes", ["database"], indirect=True)
def test_both_nodes_speak_with_other_servers(new_nodes):
    with Remote() as peer:
        eve = peer.actor()
        nodes = new_nodes(**peer.keys())
        carol = nodes.b.user("carol")
        at_a = nodes.a.api(carol.http.headers["Authorization"].split()[1])
        account = at_a.find(eve.acct)
        carol.post(f"/api/v1/accounts/{account['id']}/follow")
        follow = peer.wait_kind("Follow").json
        eve.send(nodes.a, eve.activity("Accept", follow))
        nodes.b.wait_until(lambda: carol.get("/api/v1/accounts/relationships", id=[account["id"]])[0]["following"])
        me = follow["actor"]
        create = eve.create(eve.note("<p>hello</p>", cc=[me], tag=[{"type": "Mention", "href": me, "name": "@carol"}]))
        with carol.stream() as events:
            for node in (nodes.a, nodes.b, nodes.a):  # as a sender that has lost our answer does
                eve.send(node, create)
            assert events.wait("notification")["type"] == "mention"
        nodes.b.wait_until(lambda: not nodes.b.unfinished())
        assert len(carol.home()) == 1
        assert [n["type"] for n in carol.notifications() if n["type"] == "mention"] == ["mention"]
        for api in (carol, at_a):
            api.toot("to my followers")
        nodes.stop()


@pytest.mark.parametrize("new_nodes", ["database"], indirect=True)
def test_the_other_node_takes_over_the_work_of_one_that_was_killed(new_nodes):
    """Jobs and deliveries of a dead process are leased: what it had begun is done when the leases end."""
    with Remote() as peer, Remote() as silent:
        eve = peer.actor()
        nodes = new_nodes(**peer.keys())
        carol = nodes.a.user("carol")
        me = carol.get("/api/v1/accounts/verify_credentials")["uri"]
        eve.send(nodes.a, eve.activity("Follow", me))
        peer.wait_kind("Accept")
        nodes.b.wait_until(lambda: not nodes.b.unfinished())
        # From now on one of the nodes finds there somebody who takes everything and never answers: what it sent last is not counted.
        nodes.a.stop()
        nodes.a.config |= silent.keys()
        nodes.a.start()
        carol.base = nodes.a.base
        hold, ids = [], []
        for inbox in (eve.origin + "/inbox", eve.id + "/inbox"):
            silent.answer(inbox, hold.append)
        while len(ids) < 8 or not hold:
            ids.append(carol.toot(f"post {len(ids)}")["uri"])
        nodes.a.kill()
        nodes.b.shift_clock(minutes=20)
        for uri in ids:
            peer.wait(lambda a, uri=uri: a.json["type"] == "Create" and a.json["object"]["id"] == uri)
        nodes.b.wait_until(lambda: not nodes.b.unfinished())
        got = [a.json["object"]["id"] for a in peer.got("Create")]
        assert sorted(set(got)) == sorted(got), "the survivor sends each once"
        nodes.b.stop()


@pytest.mark.parametrize("new_nodes", ["database"], indirect=True)
def test_rate_limits_hold_for_both_together(new_nodes):
    nodes = new_nodes(rate_limits="on")
    app = {"client_name": "one", "redirect_uris": "urn:ietf:wg:oauth:2.0:oob"}
    mark = nodes.b.mark()
    for _ in range(5):
        nodes.a.api().post("/api/v1/apps", app)
    heard = lambda: [int(x["requests"]) for x in map(parse, nodes.b.log.lines[mark:]) if x.get("ev") == "limits.heard"]  # noqa: E731
    nodes.b.wait_until(lambda: sum(heard()) == 5)
    nodes.b.api().post("/api/v1/apps", app, expect=429)
    nodes.stop()

"""A week of three servers and one that others wrote, over bad wires: afterwards all know the same."""
import os
import random
import re
import time

import pytest
from fedpeer import FedPeer
from links import Exit, Link
from pair import unfinished
from server import Server, free_port

SEED = int(os.environ.get("DASSIE_SEED", "4"))
LONG = os.environ.get("DASSIE_LONG") == "1"
NAMES = ("a.test", "b.test", "c.test")
DAYS = 7
BAD = ("slow", "shut", "dumb", "lost", "torn")


class World:
    """Servers of ours with a wire from each to each and to the foreign one, whose name is f.test."""

    def __init__(self, root, new_database):
        self.ports = {name: free_port() for name in NAMES + ("f.test",)}
        self.links = {(here, there): Link(lambda there=there: self.ports[there]) for here in NAMES for there in self.ports if there != here}
        self.ways = {name: Link(lambda name=name: self.ports[name]) for name in NAMES}  # of the foreign one
        self.exit, self.foreign = Exit(self.ways), None
        self.servers = {name: Server(root / name, database=new_database(), url=f"http://{name}", listen=f"127.0.0.1:{self.ports[name]}", resolve=[
            f"{there}:80:127.0.0.1:{link.port}" for (here, there), link in self.links.items() if here == name]) for name in NAMES}
        self.shifted = dict.fromkeys(NAMES, 0)

    def later(self, name, **span):
        """Time passes for one server; it keeps it when it is started again."""
        ms = 1000 * (span.get("seconds", 0) + 60 * (span.get("minutes", 0) + 60 * span.get("hours", 0)))
        self.shifted[name] += ms
        if self.servers[name].process:
            self.servers[name].shift_clock(ms=ms)

    def all_later(self, **span):
        for name in NAMES:
            self.later(name, **span)
        if self.foreign:
            self.foreign.set_clock(self.shifted["a.test"])

    def start(self, name):
        self.servers[name].start()
        if self.shifted[name]:
            self.servers[name].shift_clock(ms=self.shifted[name])

    def end(self):
        self.exit.stop()
        for link in list(self.links.values()) + list(self.ways.values()):
            link.stop()
        for server in self.servers.values():
            server.kill()

    def mend(self):
        for link in self.links.values():
            link.set("good")

    def left(self):
        """What is still to be done."""
        return unfinished(self.servers.values())


@pytest.fixture(scope="module")
def world(tmp_path_factory, new_database):
    w = World(tmp_path_factory.mktemp("world"), new_database)
    try:
        for name in NAMES:
            w.start(name)
        yield w
        for server in w.servers.values():
            server.stop()
    finally:
        w.end()


def find(api, acct):
    return api.find("@" + acct)["id"]


def relation(api, account):
    return api.get("/api/v1/accounts/relationships", id=[account])[0]


class Week:
    """What people do, and what must be so in the end."""

    def __init__(self, world, dice):
        self.world, self.dice = world, dice
        self.people = {name: world.servers[name].user(name[0] + "lice") for name in NAMES}
        self.ids = {(here, there): find(self.people[here], self.people[there].acct) for here in NAMES for there in NAMES if here != there}
        self.follows = set()  # (here, there): here follows there
        self.posts = {}  # uri: [author's server, text or None when deleted, who favourites it, who boosts it, who must have it]
        for pair in self.ids:
            self.follow(*pair)

    def follow(self, here, there):
        self.people[here].follow(self.ids[here, there])
        self.follows.add((here, there))

    def unfollow(self, here, there):
        self.people[here].post(f"/api/v1/accounts/{self.ids[here, there]}/unfollow")
        self.follows.discard((here, there))
        for author, *_, readers in self.posts.values():  # what is under way may be refused now, and edits are not told any more
            if author == there:
                readers.discard(here)

    def post(self, name, text):
        """Whoever follows when it is written must have it in the end."""
        me = self.people[name]
        followers = {a["acct"] for a in me.get(f"/api/v1/accounts/{me.id}/followers")}
        uri = me.toot(text)["uri"]
        self.posts[uri] = [name, text, set(), set(), {
            n for n in NAMES if self.people[n].acct in followers and (n, name) in self.follows}]  # the Undo of some is still under way
        return uri

    def running(self):
        return [n for n in NAMES if self.world.servers[n].process]

    def local(self, name, uri):
        """The id of a post at a server, or None while it does not know it."""
        found = self.world.servers[name].query("SELECT id FROM status WHERE uri = ?", uri)
        return str(found[0][0]) if found else None

    def act(self):
        """One thing that somebody does at a server that runs."""
        name = self.dice.choice(self.running())
        me, alive = self.people[name], [u for u, p in self.posts.items() if p[1]]
        own = [u for u in alive if self.posts[u][0] == name]
        others = [u for u in alive if self.posts[u][0] != name and self.local(name, u)]
        what = self.dice.choice(("post", "post", "edit", "delete", "like", "like", "unlike", "boost", "unboost", "follow"))
        if what == "post":
            text = f"post {len(self.posts)} of {name}"
            self.post(name, text)
        elif what == "edit" and own:
            uri = self.dice.choice(own)
            self.posts[uri][1] += "!"
            me.put(f"/api/v1/statuses/{self.local(name, uri)}", {"status": self.posts[uri][1]})
        elif what == "delete" and len(own) > 2:
            uri = self.dice.choice(own)
            me.delete(f"/api/v1/statuses/{self.local(name, uri)}")
            self.posts[uri][1] = None
        elif what in ("like", "unlike", "boost", "unboost") and others:
            uri = self.dice.choice(others)
            call = {"like": "favourite", "unlike": "unfavourite", "boost": "reblog", "unboost": "unreblog"}[what]
            me.post(f"/api/v1/statuses/{self.local(name, uri)}/{call}")
            who = self.posts[uri][2 if "like" in what else 3]
            who.discard(name) if what.startswith("un") else who.add(name)
        elif what == "follow":
            there = self.dice.choice([n for n in NAMES if n != name])
            self.unfollow(name, there) if (name, there) in self.follows and self.dice.random() < 0.5 else self.follow(name, there)

    # --- what is so ---

    def disagreements(self):
        """In words: everything that is not as it must be, at any server."""
        wrong = []

        def expect(what, seen, wanted):
            if seen != wanted:
                wrong.append(f"{what}: {seen} instead of {wanted}")

        for (here, there), account in self.ids.items():
            them = relation(self.people[here], account)
            expect(f"{here} follows {there}, at home", them["following"], (here, there) in self.follows)
            expect(f"{here} asked {there}", them["requested"], False)
            followed = relation(self.people[there], self.ids[there, here])["followed_by"]
            expect(f"{here} follows {there}, over there", followed, (here, there) in self.follows)
        for name in NAMES:
            seen = {a["acct"] for a in self.people[name].get(f"/api/v1/accounts/{self.people[name].id}/followers")}
            expect(f"ours who follow {name}", {a for a in seen if a.endswith(NAMES)}, {self.people[h].acct for h, t in self.follows if t == name})
        for uri, (author, text, likes, boosts, readers) in self.posts.items():
            for name in NAMES:
                local = self.local(name, uri)
                if text is None:  # also where it was only read
                    expect(f"deleted {uri} at {name}", local, None)
                    continue
                if name == author:
                    status = self.people[name].get(f"/api/v1/statuses/{local}")
                    by = {a["acct"].rpartition("@")[2] for a in self.people[name].get(f"/api/v1/statuses/{local}/favourited_by")}
                    expect(f"who likes {uri}", by, likes)
                    by = {a["acct"].rpartition("@")[2] for a in self.people[name].get(f"/api/v1/statuses/{local}/reblogged_by")}
                    expect(f"who boosts {uri}", by, boosts)
                    expect(f"counts of {uri}", (status["favourites_count"], status["reblogs_count"]), (len(likes), len(boosts)))
                elif local:
                    status = self.people[name].get(f"/api/v1/statuses/{local}")
                if name in readers:
                    expect(f"{uri} is at {name}", local is not None, True)
                if local and name in readers | {author}:
                    expect(f"text of {uri} at {name}", re.sub("<[^>]*>", "", status["content"]), text)
        return wrong


def agree(world, week, hours=50):
    """Time passes, with good wires, until everything that was put off was tried again."""
    world.mend()
    for name in NAMES:
        if not world.servers[name].process:
            world.start(name)
    for _ in range(hours):
        end = time.monotonic() + 15
        while (left := world.left()) and time.monotonic() < end:
            waiting = all(re.match(r"delivery .* [1-9]\d* |job \S+ [1-9]", entry) for entries in left.values() for entry in entries)
            if waiting:  # everything that is left was tried: only time helps
                break
            world.servers["a.test"].log.wait_line(world.servers["a.test"].mark(), 0.1)
        if not left:
            break
        world.all_later(hours=1)
    assert not left
    wrong = week.disagreements()
    assert not wrong, "\n".join(wrong)


@pytest.fixture(scope="module")
def foreign(world, tmp_path_factory):
    p = world.foreign = FedPeer(tmp_path_factory.mktemp("peer"), host="f.test", port=world.ports["f.test"], proxy=world.exit.port)
    yield p
    p.stop()


def test_a_week_of_bad_wires_and_everybody_agrees(world, foreign):
    print(f"DASSIE_SEED={SEED}")
    dice = random.Random(SEED)
    week = Week(world, dice)
    a, alice = world.servers["a.test"], week.people["a.test"]
    a.wait_until(lambda: not week.disagreements())
    alice.follow(find(alice, foreign.acct))
    foreign.call("follow", actor=alice.get("/api/v1/accounts/verify_credentials")["uri"])
    a.wait_until(lambda: any(f["acct"] == foreign.acct for f in alice.get(f"/api/v1/accounts/{alice.id}/followers")))
    world.later("b.test", minutes=7)  # clocks are never the same
    world.later("c.test", seconds=-90)
    down = None
    for day in range(DAYS):
        world.mend()
        for key in dice.sample(sorted(world.links), 3):
            world.links[key].set(dice.choice(BAD))
        if down:
            world.start(down)
        down = dice.choice(NAMES) if dice.random() < 0.6 else None
        for step in range(40 if LONG else 8):
            week.act()
            if down and step == 2:
                world.servers[down].kill()
        if down != "a.test":
            text = f"for those elsewhere, day {day}"
            post = week.post("a.test", text)
            foreign.call("like", object=post, to=alice.get("/api/v1/accounts/verify_credentials")["uri"])  # its way to us is good
            week.posts[post][2].add("f.test")
        world.all_later(hours=24)
    assert sum(link.hurt for link in world.links.values()) > 10, "the wires were not bad at all"
    agree(world, week)
    for name, server in world.servers.items():
        assert server.query("SELECT uri FROM status GROUP BY uri HAVING count(*) > 1") == [], name
    heard = {e["json"]["object"]["id"] if isinstance(e["json"]["object"], dict) else e["json"]["object"] for e in foreign.log("Create")}
    assert {u for u, p in week.posts.items() if p[0] == "a.test" and p[1]} <= heard, "the foreign one has all that was not deleted"

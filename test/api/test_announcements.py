"""Announcements: what operators say, what people see of it, and how they react."""
import json

import pytest


@pytest.fixture
def said(server):
    """Announce a text on the command line; all are taken back in the end."""
    ids = []

    def announce(text, *options):
        ids.append(server.cli("announcement", "add", text, *options).strip())
        return ids[-1]

    yield announce
    for number in {a["id"] for a in json.loads(server.cli("announcement", "list", "--json"))} & set(ids):
        server.cli("announcement", "remove", number)


def shown(api):
    return {a["id"]: a for a in api.get("/api/v1/announcements")}


def test_what_is_announced_is_shown_until_it_is_read_or_taken_back(server, alice, bob, said):
    post = alice.toot("The program of the evening")
    number = said(f"Hello **everybody**, ask @{alice.name}: {post['url']} #party",
                  "--starts", "2030-05-01T18:00:00Z", "--ends", "2030-05-01T22:00:00Z")
    a = shown(bob)[number]
    assert "<strong>everybody</strong>" in a["content"] and a["read"] is False and a["all_day"] is False
    assert a["starts_at"] == "2030-05-01T18:00:00.000Z" and a["ends_at"] == "2030-05-01T22:00:00.000Z"
    assert [m["acct"] for m in a["mentions"]] == [alice.name]
    assert [s["id"] for s in a["statuses"]] == [post["id"]]
    assert [t["name"] for t in a["tags"]] == ["party"] and a["tags"][0]["url"].endswith("/tags/party")
    bob.post(f"/api/v1/announcements/{number}/dismiss")
    bob.post(f"/api/v1/announcements/{number}/dismiss")
    assert shown(bob)[number]["read"] is True and shown(alice)[number]["read"] is False
    server.cli("announcement", "edit", number, "Moved to Monday")
    assert "Moved to Monday" in shown(bob)[number]["content"]
    assert shown(bob)[number]["mentions"] == [] and shown(bob)[number]["read"] is True
    server.cli("announcement", "remove", number)
    assert number not in shown(bob)
    bob.post(f"/api/v1/announcements/{number}/dismiss", expect=404)
    server.cli("announcement", "remove", number, status=66)


def test_a_scheduled_or_ended_one_is_not_shown(server, bob, said):
    later = said("Not yet", "--at", "2099-01-01")
    over = said("Over", "--ends", "2020-01-01")
    assert not shown(bob).keys() & {later, over}
    for number in later, over:
        bob.post(f"/api/v1/announcements/{number}/dismiss", expect=404)
        bob.put(f"/api/v1/announcements/{number}/reactions/%F0%9F%91%8D", expect=404)


def test_reactions_are_counted_once_for_each_person(alice, bob, said):
    number = said("What do you think?")
    path = f"/api/v1/announcements/{number}/reactions/"
    for _ in range(2):
        alice.put(path + "%F0%9F%91%8D")
    bob.put(path + "%F0%9F%91%8D")
    bob.put(path + "%F0%9F%8E%89")
    assert shown(alice)[number]["reactions"] == [
        {"name": "\U0001f44d", "count": 2, "me": True}, {"name": "\U0001f389", "count": 1, "me": False}]
    alice.delete(path + "%F0%9F%91%8D")
    alice.delete(path + "%F0%9F%91%8D")
    assert shown(alice)[number]["reactions"][0] == {"name": "\U0001f44d", "count": 1, "me": False}


def test_only_emoji_and_at_most_eight_different_ones(alice, bob, said):
    number = said("Count")
    path = f"/api/v1/announcements/{number}/reactions/"
    for bad in "hello", "ab", "%F0%9F%91%8D%F0%9F%91%8D", "nosuchcode", "%20":
        alice.put(path + bad, expect=422)
    for i in range(8):
        alice.put(path + "%F0%9F%8D" + "%%%02X" % (0x87 + i))
    alice.put(path + "%F0%9F%91%8D", expect=422)
    bob.put(path + "%F0%9F%8D%87")


def test_who_may_read_and_react(anon, server, alice, said):
    number = said("For people of this server")
    anon.get("/api/v1/announcements", expect=401)
    anon.post(f"/api/v1/announcements/{number}/dismiss", expect=401)
    reader = server.api(server.token(alice.name, "read"))
    assert number in shown(reader)
    reader.post(f"/api/v1/announcements/{number}/dismiss", expect=403)
    reader.put(f"/api/v1/announcements/{number}/reactions/%F0%9F%91%8D", expect=403)


def test_what_an_operator_may_not_announce(server):
    server.cli("announcement", "add", "  ", status=65)
    server.cli("announcement", "add", "x" * 5001, status=65)
    server.cli("announcement", "add", "x", "--starts", "2030-01-02", "--ends", "2030-01-01", status=65)
    server.cli("announcement", "add", "x", "--at", "tomorrow", status=64)

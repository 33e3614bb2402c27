"""Polls between servers: votes go to the author alone, tallies come from the author alone."""
import datetime

import pytest
from pair import Pair, settle
from remote import CONTEXT, PUBLIC

numbers = iter(range(1, 10000))


def vote(api, poll_id, *choices, expect=200):
    return api.post(f"/api/v1/polls/{poll_id}/votes", {"choices": list(choices)}, expect=expect)


def tallies(poll):
    return [o["votes_count"] for o in poll["options"]]


def find(api, acct):
    return api.find("@" + acct)["id"]


def following(api, account_id):
    return api.get("/api/v1/accounts/relationships", id=[account_id])[0]["following"]


# ---- two of ours -------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def towns(tmp_path_factory, new_database):
    names = ("a.test", "b.test")
    with Pair(tmp_path_factory.mktemp("towns"), names, [new_database() for _ in names]) as servers:
        yield servers


@pytest.mark.parametrize("visibility", ["public", "private"])
def test_votes_there_count_here_and_come_back(towns, visibility):
    a, b = towns
    alice, bob, carol = a.user(), b.user(), b.user()
    for api in (bob, carol):
        there = find(api, alice.acct)
        api.follow(there)
        b.wait_until(lambda api=api, there=there: following(api, there))
    post = alice.toot("Which?", visibility=visibility, poll={"options": ["red", "blue", "green"], "expires_in": 1800, "multiple": True})
    b.wait_until(lambda: [s for s in bob.home() if s["uri"] == post["uri"]])
    seen = [s for s in bob.home() if s["uri"] == post["uri"]][0]
    poll = seen["poll"]
    assert [o["title"] for o in poll["options"]] == ["red", "blue", "green"] and poll["multiple"] is True
    assert poll["expires_at"][:19] == post["poll"]["expires_at"][:19] and poll["voted"] is False and "<li>" not in seen["content"]
    after = vote(bob, poll["id"], 0, 2)
    assert (tallies(after), after["voters_count"], after["own_votes"]) == ([1, 0, 1], 1, [0, 2])
    a.wait_until(lambda: tallies(alice.get(f"/api/v1/polls/{post['poll']['id']}")) == [1, 0, 1])
    assert alice.get(f"/api/v1/polls/{post['poll']['id']}")["voters_count"] == 1
    dave = a.user()
    if visibility == "public":
        vote(dave, post["poll"]["id"], 1)
        for server in (b, a):  # who sends comes last
            server.shift_clock(minutes=4)
        b.wait_until(lambda: tallies(carol.get(f"/api/v1/polls/{poll['id']}")) == [1, 1, 1])
        assert carol.get(f"/api/v1/statuses/{seen['id']}")["edited_at"] is None
    for server in (b, a):
        server.shift_clock(minutes=40)
    a.wait_until(lambda: alice.notifications(types=["poll"]))
    b.wait_until(lambda: bob.notifications(types=["poll"]))
    told = bob.notifications(types=["poll"])
    assert [n["account"]["acct"] for n in told] == [alice.acct] and told[0]["status"]["poll"]["expired"] is True
    assert carol.notifications(types=["poll"]) == []
    settle(a, b)
    assert a.query("SELECT count(*) FROM status WHERE account_id <> ? AND in_reply_to_id = ?", int(alice.id), int(post["id"])) == [(0,)]
    vote(carol, poll["id"], 0, expect=422)


def test_other_options_reach_those_who_read_them(towns):
    a, b = towns
    alice, bob = a.user(), b.user()
    there = find(bob, alice.acct)
    bob.follow(there)
    b.wait_until(lambda: following(bob, there))
    post = alice.toot("Which?", poll={"options": ["red", "blue"], "expires_in": 1800})
    b.wait_until(lambda: bob.home() and bob.home()[0]["uri"] == post["uri"])
    here = bob.home()[0]
    vote(bob, here["poll"]["id"], 0)
    a.wait_until(lambda: tallies(alice.get(f"/api/v1/polls/{post['poll']['id']}")) == [1, 0])
    alice.put(f"/api/v1/statuses/{post['id']}", {"status": "Which?", "poll": {"options": ["red", "green"], "expires_in": 1800}})
    path = f"/api/v1/statuses/{here['id']}"
    b.wait_until(lambda: bob.get(path)["poll"]["options"][1]["title"] == "green")
    seen = bob.get(path)
    assert tallies(seen["poll"]) == [0, 0] and seen["poll"]["voted"] is False and seen["edited_at"]
    assert [[o["title"] for o in v["poll"]["options"]] for v in bob.get(path + "/history")] == [["red", "blue"], ["red", "green"]]
    alice.put(f"/api/v1/statuses/{post['id']}", {"status": "Which?", "poll": None})
    b.wait_until(lambda: bob.get(path)["poll"] is None)


# ---- others ------------------------------------------------------------------------------------------------------------


HOSTS = ["peer.test", "evil.test"]


def uri(api):
    return api.get("/api/v1/accounts/verify_credentials")["uri"]


def later(**time):
    return (datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(**time)).strftime("%Y-%m-%dT%H:%M:%SZ")


def option(name, votes=0, **more):
    return {"type": "Note", "name": name, "replies": {"type": "Collection", "totalItems": votes}} | more


def question(eve, api, *options, key="oneOf", **more):
    """A poll of eve's that mentions somebody here."""
    mention = {"tag": [{"type": "Mention", "href": uri(api), "name": "@" + api.name}], "cc": [uri(api)]}
    fields = {"type": "Question", key: list(options) or [option("red", 3), option("blue", 4)], "endTime": later(hours=1), "votersCount": 7}
    return eve.note("<p>Which?</p>", **mention | fields | more)


def arrived(here, api, eve, note):
    eve.send(here, eve.create(note))
    return here.wait_notification(api, "mention", eve.acct)["status"]


SPELLINGS = {
    "mastodon": ({"endTime": "E", "votersCount": 7}, [option("a", 3), option("b", 4)], (7, False)),
    "pleroma": ({"endTime": None, "votersCount": None, "closed": "E"}, [option("a", 3), option("b", 4)], (None, False)),
    "misskey": ({"endTime": None, "votersCount": None, "_misskey_content": "x"},
                [{"type": "Note", "name": "a", "_misskey_votes": 3, "replies": {"type": "Collection"}}, option("b", 4)], (None, False)),
    "closed": ({"endTime": "P", "closed": "P"}, [option("a", 3), option("b", 4)], (7, True)),
    "ended early": ({"endTime": "E", "closed": "P"}, [option("a", 3), option("b", 4)], (7, True)),
}


@pytest.mark.parametrize("spelling", SPELLINGS)
@pytest.mark.parametrize("key", ["oneOf", "anyOf"])
def test_polls_of_every_kind_of_server(here, alice, eve, spelling, key):
    more, options, (voters, over) = SPELLINGS[spelling]
    times = {"E": later(hours=2), "P": later(minutes=-1)}
    note = question(eve, alice, *options, key=key, **{k: times.get(v, v) for k, v in more.items()})
    poll = arrived(here, alice, eve, {k: v for k, v in note.items() if v is not None})["poll"]
    assert [o["title"] for o in poll["options"]] == ["a", "b"] and tallies(poll) == [3, 4]
    assert (poll["multiple"], poll["voters_count"], poll["expired"], poll["votes_count"]) == (key == "anyOf", voters, over, 7)
    assert (poll["expires_at"] is None) == (spelling == "misskey")
    vote(alice, poll["id"], 0, expect=422 if over else 200)


def test_a_vote_is_a_note_for_the_author_alone(here, alice, eve, far):
    note = question(eve, alice, key="anyOf")
    poll = arrived(here, alice, eve, note)["poll"]
    vote(alice, poll["id"], 1, 0)
    for name in ("red", "blue"):
        sent = far.wait(lambda a, name=name: a.json and a.json["type"] == "Create" and a.json["object"].get("name") == name
                        and a.json["object"]["inReplyTo"] == note["id"])
        obj = sent.json["object"]
        assert sent.path == f"/users/{eve.name}/inbox" and obj["type"] == "Note" and "content" not in obj
        assert obj["attributedTo"] == sent.json["actor"] == uri(alice) and obj["to"] == sent.json["to"] == [eve.id]
        assert not obj.get("cc") and not sent.json.get("cc") and obj["id"].startswith(uri(alice))


def test_tallies_are_the_authors_to_tell(here, alice, eve, far):
    note = question(eve, alice)
    status = arrived(here, alice, eve, note)
    path = f"/api/v1/polls/{status['poll']['id']}"
    vote(alice, status["poll"]["id"], 0)
    mallory = far.actor(f"mallory{next(numbers)}", host="evil.test")
    new = note | {"oneOf": [option("red", 10), option("blue", 20)], "votersCount": 30}
    far.documents[note["id"]] = {"@context": CONTEXT} | new  # whom nobody believes makes us ask the author's server
    eve.send(here, eve.activity("Update", new, to=[PUBLIC]))
    here.wait_until(lambda: tallies(alice.get(path)) == [10, 20])
    seen = alice.get(f"/api/v1/statuses/{status['id']}")
    assert seen["edited_at"] is None and seen["poll"]["own_votes"] == [0] and seen["poll"]["voters_count"] == 30
    forged = new | {"oneOf": [option("red", 999), option("blue", 0)]}
    mallory.send(here, mallory.activity("Update", forged, to=[PUBLIC]))
    negative = new | {"oneOf": [option("red", -5), option("blue", 21)], "closed": later(seconds=-1)}
    settled(here, eve, alice)
    assert tallies(alice.get(path)) == [10, 20]
    far.documents[note["id"]] = {"@context": CONTEXT} | negative
    eve.send(here, eve.activity("Update", negative, to=[PUBLIC]))
    here.wait_until(lambda: alice.get(path)["expired"])
    assert tallies(alice.get(path)) == [0, 21]
    assert "already ended" in vote(alice, status["poll"]["id"], 1, expect=422)["error"]


def test_who_looks_makes_us_ask_again_but_not_each_time(here, alice, eve, far):
    note = question(eve, alice)
    status = arrived(here, alice, eve, note)
    path = f"/api/v1/polls/{status['poll']['id']}"
    far.documents[note["id"]] = {"@context": CONTEXT} | note | {"oneOf": [option("red", 5), option("blue", 6)]}
    alice.get(path)
    assert far.asked[note["id"]] == 0  # it has just come
    here.shift_clock(minutes=2)
    here.api().get(path)
    assert far.asked[note["id"]] == 0  # strangers do not make us knock
    for _ in range(5):
        alice.get(path)
    here.wait_until(lambda: tallies(alice.get(path)) == [5, 6])
    assert far.asked[note["id"]] == 1


# ---- votes of others in polls of ours ----------------------------------------------------------------------------------


def ballot(actor, post, name, **more):
    """A vote as Mastodon sends it."""
    to = post["account"]["uri"]
    note = {"id": actor.remote.new_id(actor.origin, "votes"), "type": "Note", "name": name, "attributedTo": actor.id, "to": [to],
            "inReplyTo": post["uri"]} | more
    return actor.activity("Create", note, to=[to])


def ask(api, *options, **kw):
    status = {"visibility": kw.pop("visibility", "public")}
    return api.toot("Which?", poll={"options": list(options) or ["red", "blue"], "expires_in": 600} | kw, **status)


def settled(here, eve, alice):
    """Everything that eve sent before has been worked through."""
    note = eve.note("marker", tag=[{"type": "Mention", "href": uri(alice)}], cc=[uri(alice)])
    eve.send(here, eve.create(note))
    here.wait_until(lambda: [n for n in alice.notifications(types=["mention"]) if n["status"]["uri"] == note["id"]])
    here.wait_until(lambda: not here.unfinished())


def test_a_vote_counts_once_and_is_never_a_post(here, alice, eve, far):
    post = ask(alice)
    path = f"/api/v1/polls/{post['poll']['id']}"
    first = ballot(eve, post, "blue")
    eve.send(here, first)
    here.wait_until(lambda: tallies(alice.get(path)) == [0, 1])
    eve.send(here, first)
    eve.send(here, ballot(eve, post, "blue"))
    eve.send(here, ballot(eve, post, "red"))  # a second choice of a single one
    eve.send(here, ballot(eve, post, "violet"))
    eve.send(here, ballot(eve, post, "Blue "))
    settled(here, eve, alice)
    poll = alice.get(path)
    assert (tallies(poll), poll["voters_count"]) == ([0, 1], 1)
    assert alice.get(f"/api/v1/statuses/{post['id']}/context")["descendants"] == []
    assert [n["status"]["content"] for n in alice.notifications(types=["mention"])] == ["<p>marker</p>"] or \
        [n["status"]["content"] for n in alice.notifications(types=["mention"])] == ["marker"]
    here.shift_clock(minutes=4)
    update = far.wait(lambda a: a.json and a.json["type"] == "Update" and a.json["object"].get("id") == post["uri"])
    obj = update.json["object"]
    assert obj["type"] == "Question" and [o["replies"]["totalItems"] for o in obj["oneOf"]] == [0, 1] and obj["votersCount"] == 1
    assert "updated" not in obj and "closed" not in obj and obj["endTime"]


def test_several_votes_in_one_activity(here, alice, eve):
    post = ask(alice, "a", "b", "c", multiple=True)
    votes = [ballot(eve, post, name)["object"] for name in ("a", "c", "c")]
    eve.send(here, eve.activity("Create", votes, to=[post["account"]["uri"]]))
    path = f"/api/v1/polls/{post['poll']['id']}"
    here.wait_until(lambda: tallies(alice.get(path)) == [1, 0, 1])
    assert alice.get(path)["voters_count"] == 1


def test_votes_that_do_not_count(here, alice, eve):
    private, plain = ask(alice, visibility="private"), alice.toot("no poll")
    eve.send(here, ballot(eve, private, "red"))  # eve cannot see it
    eve.send(here, ballot(eve, plain, "red"))
    late = ask(alice)
    here.shift_clock(seconds=611)
    eve.send(here, ballot(eve, late, "red"))
    settled(here, eve, alice)
    for post in (private, late):
        assert alice.get(f"/api/v1/polls/{post['poll']['id']}")["votes_count"] == 0
    assert alice.get(f"/api/v1/statuses/{plain['id']}/context")["descendants"] == []


def test_hidden_totals_are_zeros_for_other_servers(here, alice, eve, far):
    post = ask(alice, hide_totals=True)
    eve.send(here, ballot(eve, post, "red"))
    here.wait_until(lambda: alice.get(f"/api/v1/polls/{post['poll']['id']}")["votes_count"] == 1)
    doc = here.api().get("/" + post["uri"].split("/", 3)[3], headers={"Accept": "application/activity+json"})
    assert [o["replies"]["totalItems"] for o in doc["oneOf"]] == [0, 0] and "closed" not in doc
    here.shift_clock(seconds=601)
    update = far.wait(lambda a: a.json and a.json["type"] == "Update" and a.json["object"].get("id") == post["uri"]
                      and "closed" in a.json["object"])
    assert [o["replies"]["totalItems"] for o in update.json["object"]["oneOf"]] == [1, 0]
    assert update.json["object"]["closed"] == update.json["object"]["endTime"]

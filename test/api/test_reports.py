"""Reports to the moderators: what may be reported, and who is told."""
import json

import pytest

REPORTS = "/api/v1/reports"


@pytest.fixture(scope="module")
def moderator(server):
    return server.user(role="Moderator")


def report(api, target, expect=200, **kw):
    return api.post(REPORTS, {"account_id": getattr(target, "id", target)} | kw, expect=expect)


def test_a_report_and_who_hears_of_it(alice, bob, carol, moderator):
    posts = [bob.toot(f"rude {i}")["id"] for i in range(2)]
    got = report(alice, bob, status_ids=posts, comment="please look", category="spam")
    assert got == got | {"action_taken": False, "action_taken_at": None, "category": "spam", "comment": "please look", "forwarded": False,
                         "status_ids": posts, "rule_ids": []}
    assert got["target_account"]["id"] == bob.id
    told, = moderator.notifications(types=["admin.report"], account_id=alice.id)
    assert told["report"] == got
    group = next(g for g in moderator.get("/api/v2/notifications", types=["admin.report"])["notification_groups"]
                 if g["page_max_id"] == told["id"])
    assert group["report"] == got
    for nobody in (bob, carol):
        assert nobody.notifications(types=["admin.report"]) == []
    second = report(alice, bob, comment="again")
    assert [n["report"]["id"] for n in moderator.notifications(types=["admin.report"], account_id=alice.id)] == [second["id"], got["id"]]
    assert second["category"] == "other" and second["status_ids"] == []


def test_collections(alice, bob, carol, moderator):
    made, theirs = (api.post("/api/v1/collections", {"name": "Not nice"})["collection"]["id"] for api in (bob, carol))
    got = report(alice, bob, collection_ids=[made])
    assert (got["collection_ids"], got["status_ids"]) == ([made], [])
    assert moderator.notifications(types=["admin.report"], account_id=alice.id)[0]["report"] == got
    assert report(alice, bob)["collection_ids"] == []
    report(alice, bob, 404, collection_ids=[theirs])
    report(alice, bob, 404, collection_ids=["1"])


def test_rules(alice, bob, server):
    server.cli("rule", "add", "Be kind")
    rule = str(json.loads(server.cli("rule", "list", "--json"))[-1]["id"])
    got = report(alice, bob, rule_ids=[rule])
    assert (got["category"], got["rule_ids"]) == ("violation", [rule])
    assert report(alice, bob, rule_ids=[rule], category="spam")["rule_ids"] == []
    report(alice, bob, 422, rule_ids=["1"], category="violation")


def test_what_cannot_be_reported(alice, bob, carol):
    theirs, hidden = carol.toot("hello")["id"], bob.toot("for friends", visibility="private")["id"]
    report(alice, "1", 404)
    alice.post(REPORTS, {}, expect=404)
    report(alice, alice, 422)
    report(alice, bob, 404, status_ids=[theirs])
    report(alice, bob, 404, status_ids=[hidden])
    report(alice, bob, 404, status_ids=["1"])
    report(alice, bob, 422, category="boredom")
    report(alice, bob, 422, comment="x" * 1001)
    assert report(alice, bob, comment="é" * 1000)["comment"] == "é" * 1000


def test_what_was_reported_stays_when_it_is_deleted(alice, bob, moderator):
    post = bob.toot("rude")["id"]
    report(alice, bob, status_ids=[post])
    bob.delete(f"/api/v1/statuses/{post}")
    told, = moderator.notifications(types=["admin.report"], account_id=alice.id)
    assert told["report"]["status_ids"] == [post]


def test_four_hundred_a_day(own_server):
    server = own_server(rate_limits="on")
    server.shift_to_midnight()
    alice, bob = server.user(), server.user()
    for some in (250, 150):
        for _ in range(some):
            report(alice, bob)
        server.shift_clock(minutes=6)
    report(alice, bob, 429)


def test_scopes(alice, anon, server):
    anon.post(REPORTS, {}, expect=401)
    server.api(server.token(alice.name, "read write:statuses")).post(REPORTS, {"account_id": alice.id}, expect=403)

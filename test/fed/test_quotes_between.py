"""Quotes between servers: consent asked for, given, shown to third servers, refused, forged and taken back."""
import pytest
import requests
from pair import Pair, settle
from remote import AP, CONTEXT, PUBLIC
from timing import PATIENCE

numbers = iter(range(1, 10000))


@pytest.fixture(scope="module")
def towns(tmp_path_factory, new_database):
    """a.test, b.test and c.test."""
    names = ("a.test", "b.test", "c.test")
    with Pair(tmp_path_factory.mktemp("towns"), names, [new_database() for _ in names]) as servers:
        yield servers


HOSTS = ["peer.test", "evil.test"]


@pytest.fixture
def mallory(far):
    return far.actor(f"mallory{next(numbers)}", host="evil.test")


def find(api, uri):
    """The post with that URI, fetched when need be."""
    return api.find(uri, "statuses")


def state(api, post_id):
    quote = api.get(f"/api/v1/statuses/{post_id}")["quote"]
    return quote and quote["state"]


def document(server, uri, expect=200):
    path = uri[uri.index("/", 8):]
    r = requests.get(server.base + path, headers={"Host": server.host, "Accept": AP}, timeout=PATIENCE)
    assert r.status_code == expect, r.text
    return r.json() if expect == 200 else None


def follow(server, api, acct):
    found = api.find("@" + acct)["id"]
    api.follow(found)
    server.wait_until(lambda: api.get("/api/v1/accounts/relationships", id=[found])[0]["following"])


OPEN = {"interactionPolicy": {"canQuote": {"automaticApproval": [PUBLIC]}}}


def asks(actor, post_uri, note):
    return actor.activity("QuoteRequest", post_uri, instrument=note)


def stamp_of(author, note, post_uri, **change):
    """A consent of author, served."""
    stamp = {"@context": CONTEXT, "id": author.remote.new_id(author.origin, "stamps"), "type": "QuoteAuthorization", "attributedTo": author.id,
             "interactingObject": note["id"], "interactionTarget": post_uri} | change
    author.remote.documents[stamp["id"]] = stamp
    return stamp["id"]


def moved(far, uri):
    """The same document at another address, and no more at its own."""
    far.documents[uri + "/elsewhere"] = far.documents.pop(uri)
    return uri + "/elsewhere"


# ---- three servers of ours ------------------------------------------------------------------------------------------------


def test_consent_travels_to_the_third_server_and_back(towns):
    a, b, c = towns
    alice, bob, carol = a.user(), b.user(), c.user()
    follow(c, carol, bob.acct)
    post = alice.toot("quote me")
    there = find(bob, post["uri"])
    assert there["quote_approval"] == {"automatic": ["public"], "manual": [], "current_user": "automatic"}
    mine = bob.toot("look", quoted_status_id=there["id"])
    assert mine["quote"]["state"] == "pending" and mine["quote"]["quoted_status"] is None
    b.wait_until(lambda: state(bob, mine["id"]) == "accepted")
    told = a.wait_notification(alice, "quote", bob.acct)
    assert told["status"]["quote"]["quoted_status"]["id"] == post["id"] and told["status"]["content"] == "<p>look</p>"
    assert [s["uri"] for s in alice.get(f"/api/v1/statuses/{post['id']}/quotes")] == [mine["uri"]]
    assert alice.get(f"/api/v1/statuses/{post['id']}")["quotes_count"] == 1
    copy = find(carol, mine["uri"])["id"]
    c.wait_until(lambda: state(carol, copy) == "accepted")
    seen = carol.get(f"/api/v1/statuses/{copy}")
    assert seen["content"] == "<p>look</p>" and seen["quote"]["quoted_status"]["content"] == "<p>quote me</p>" and seen["edited_at"] is None
    settle(a, b, c)
    alice.post(f"/api/v1/statuses/{post['id']}/quotes/{told['status']['id']}/revoke")
    b.wait_until(lambda: state(bob, mine["id"]) == "revoked")
    c.wait_until(lambda: state(carol, copy) == "revoked")
    note = document(b, mine["uri"])
    assert "quote" not in note and "quote-inline" in note["content"]


def test_edits_of_what_is_quoted_reach_who_quotes(towns):
    a, b, _ = towns
    alice, bob = a.user(), b.user()
    post = alice.toot("before")
    mine = bob.toot("look", quoted_status_id=find(bob, post["uri"])["id"])
    b.wait_until(lambda: state(bob, mine["id"]) == "accepted")
    settle(a, b)
    alice.put(f"/api/v1/statuses/{post['id']}", {"status": "after"})
    told = b.wait_notification(bob, "quoted_update", alice.acct)
    assert told["status"]["id"] == mine["id"] and told["status"]["quote"]["quoted_status"]["content"] == "<p>after</p>"
    alice.delete(f"/api/v1/statuses/{post['id']}")
    b.wait_until(lambda: state(bob, mine["id"]) == "deleted")


def quoted_everywhere(towns):
    """A post of alice that bob quotes, with her consent, and carol's copy of that; and the stamp."""
    a, b, c = towns
    alice, bob, carol = a.user(), b.user(), c.user()
    follow(c, carol, bob.acct)
    post = alice.toot("quote me")
    mine = bob.toot("look", quoted_status_id=find(bob, post["uri"])["id"])
    b.wait_until(lambda: state(bob, mine["id"]) == "accepted")
    copy = find(carol, mine["uri"])["id"]
    c.wait_until(lambda: state(carol, copy) == "accepted")
    stamp = document(b, mine["uri"])["quoteAuthorization"]
    assert document(a, stamp)["interactingObject"] == mine["uri"]
    settle(a, b, c)
    return alice, bob, carol, post, mine, copy, stamp


def test_consent_ends_with_what_is_quoted(towns):
    a, b, c = towns
    alice, bob, carol, post, mine, copy, stamp = quoted_everywhere(towns)
    alice.delete(f"/api/v1/statuses/{post['id']}")
    b.wait_until(lambda: state(bob, mine["id"]) == "deleted")
    document(a, stamp, expect=404)
    c.wait_until(lambda: state(carol, copy) in ("deleted", "revoked"))


def test_who_is_blocked_loses_consent_everywhere(towns):
    a, b, c = towns
    alice, bob, carol, post, mine, copy, stamp = quoted_everywhere(towns)
    alice.post(f"/api/v1/accounts/{find(alice, mine['uri'])['account']['id']}/block")
    b.wait_until(lambda: state(bob, mine["id"]) == "revoked")
    document(a, stamp, expect=404)
    c.wait_until(lambda: state(carol, copy) == "revoked")


# ---- they quote us --------------------------------------------------------------------------------------------------------


def test_a_request_is_answered_with_a_stamp_and_the_answer_stays_the_same(here, far, alice, eve):
    post = alice.toot("quote me")
    note = eve.note("<p>look</p>", quote=post["uri"])
    eve.send(here, asks(eve, post["uri"], note))
    yes = eve.remote.wait(lambda d: d.json and d.json["type"] == "Accept" and d.json["object"].get("instrument") == note["id"]).json
    assert yes["object"]["type"] == "QuoteRequest" and yes["to"] == [eve.id]
    stamp = document(here, yes["result"])
    assert (stamp["type"], stamp["interactingObject"], stamp["interactionTarget"]) == ("QuoteAuthorization", note["id"], post["uri"])
    assert stamp["attributedTo"] == yes["actor"] and stamp["id"] == yes["result"]
    told = here.wait_notification(alice, "quote", eve.acct)
    assert told["status"]["quote"]["quoted_status"]["id"] == post["id"]
    eve.send(here, asks(eve, post["uri"], note["id"]))
    here.wait_until(lambda: len([d for d in far.got("Accept") if d.json["object"].get("instrument") == note["id"]]) == 2)
    assert {d.json["result"] for d in far.got("Accept") if d.json["object"].get("instrument") == note["id"]} == {yes["result"]}
    alice.post(f"/api/v1/statuses/{post['id']}/quotes/{told['status']['id']}/revoke")
    gone = eve.remote.wait(lambda d: d.json and d.json["type"] == "Delete" and d.json["object"] and d.json["object"].get("id") == stamp["id"]).json
    assert gone["object"]["type"] == "QuoteAuthorization" and gone["object"]["interactingObject"] == note["id"]
    document(here, yes["result"], expect=404)
    eve.send(here, asks(eve, post["uri"], note))
    eve.remote.wait(lambda d: d.json and d.json["type"] == "Reject" and d.json["object"].get("instrument") == note["id"])


@pytest.mark.parametrize("policy", ["nobody", "followers"])
def test_who_may_not_is_refused_and_its_post_is_not_kept(here, far, alice, eve, policy):
    post = alice.toot("not for you", quote_approval_policy=policy)
    note = eve.note("<p>look</p>", quote=post["uri"])
    eve.send(here, asks(eve, post["uri"], note))
    no = eve.remote.wait(lambda d: d.json and d.json["type"] == "Reject" and d.json["object"].get("instrument") == note["id"]).json
    assert "result" not in no and here.query("SELECT count(*) FROM status WHERE uri = ?", note["id"])[0][0] == 0


def test_a_post_that_quotes_something_else_gets_no_stamp(here, far, alice, eve):
    post, other = alice.toot("one"), alice.toot("two")
    note = eve.note("<p>look</p>", quote=other["uri"])
    eve.send(here, asks(eve, post["uri"], note))
    eve.remote.wait(lambda d: d.json and d.json["type"] == "Reject" and d.json["object"].get("instrument") == note["id"])


def test_nobody_asks_with_the_post_of_somebody_else(here, far, alice, eve, mallory):
    post = alice.toot("one")
    note = eve.note("<p>look</p>", quote=post["uri"])
    mallory.send(here, asks(mallory, post["uri"], note))
    mallory.remote.wait(lambda d: d.json and d.json["type"] == "Reject" and d.json["object"].get("instrument") == note["id"])
    assert alice.get(f"/api/v1/statuses/{post['id']}")["quotes_count"] == 0


def test_without_a_request_a_quote_of_ours_is_not_shown(here, far, alice, eve):
    post = alice.toot("quote me")
    note = eve.note("<p>look</p>", quote=post["uri"], quoteAuthorization=eve.origin + "/stamps/none")
    eve.send(here, eve.create(note))
    copy = here.wait_until(lambda: find(alice, note["id"]))
    assert copy["quote"] == {"state": "pending", "quoted_status": None}
    eve.send(here, asks(eve, post["uri"], note))
    here.wait_until(lambda: state(alice, copy["id"]) == "accepted")


@pytest.mark.parametrize("spelling", ["_misskey_quote", "quoteUrl", "quoteUri"])
def test_other_spellings_stay_links(here, far, alice, eve, spelling):
    post = alice.toot("quote me")
    note = eve.note("<p>look</p>", **{spelling: post["uri"]})
    eve.send(here, eve.create(note))
    copy = here.wait_until(lambda: find(alice, note["id"]))
    assert copy["quote"] is None and post["uri"] in copy["content"]


# ---- we quote them --------------------------------------------------------------------------------------------------------


def pending(here, far, alice, eve):
    """A post of alice that waits for eve's consent: it and the request."""
    note = eve.note("<p>quote me</p>", **OPEN)
    mine = alice.toot("look", quoted_status_id=find(alice, note["id"])["id"])
    assert mine["quote"]["state"] == "pending"
    asked = far.wait(lambda d: d.json and d.json["type"] == "QuoteRequest" and d.json["object"] == note["id"])
    return note, mine, asked


def test_we_ask_and_show_the_consent_that_we_get(here, far, alice, eve):
    note, mine, asked = pending(here, far, alice, eve)
    assert asked.path == f"/users/{eve.name}/inbox"
    instrument = asked.json["instrument"]
    assert instrument["id"] == mine["uri"] and instrument["attributedTo"] == asked.json["actor"]
    assert instrument["quote"] == instrument["quoteUri"] == instrument["_misskey_quote"] == note["id"]
    assert instrument["content"].startswith('<p class="quote-inline">RE: <a href="') and "quoteAuthorization" not in instrument
    stamp = stamp_of(eve, mine | {"id": mine["uri"]}, note["id"])
    eve.send(here, eve.activity("Accept", asked.json, result=stamp))
    here.wait_until(lambda: state(alice, mine["id"]) == "accepted")
    told = far.wait(lambda d: d.json and d.json["type"] == "Update" and d.json["object"].get("id") == mine["uri"]).json
    assert told["object"]["quoteAuthorization"] == stamp and "updated" not in told["object"]
    eve.send(here, eve.activity("Delete", {"id": stamp, "type": "QuoteAuthorization"}))
    here.wait_until(lambda: state(alice, mine["id"]) == "revoked")


def test_only_who_is_quoted_answers_and_only_with_its_own_stamp(here, far, alice, eve, mallory):
    _, mine, asked = pending(here, far, alice, eve)
    mallory.send(here, mallory.activity("Accept", asked.json, result=mallory.origin + "/stamps/1"))
    eve.send(here, eve.activity("Accept", asked.json, result=mallory.origin + "/stamps/1"))
    eve.send(here, eve.activity("Accept", asked.json))
    mallory.send(here, mallory.activity("Reject", asked.json))
    settle(here)
    assert state(alice, mine["id"]) == "pending"
    eve.send(here, eve.activity("Reject", asked.json))
    here.wait_until(lambda: state(alice, mine["id"]) == "rejected")
    assert alice.get(f"/api/v1/statuses/{mine['id']}")["content"] == "<p>look</p>"


def test_what_their_policy_forbids_we_do_not_even_ask(here, far, alice, eve):
    note = eve.note("<p>quote me not</p>")
    there = find(alice, note["id"])
    assert there["quote_approval"] == {"automatic": [], "manual": [], "current_user": "denied"}
    alice.post("/api/v1/statuses", {"status": "x", "quoted_status_id": there["id"]}, expect=404)
    manual = eve.note("<p>ask me</p>", interactionPolicy={"canQuote": {"automaticApproval": [eve.id + "/followers"], "manualApproval": [PUBLIC]}})
    assert find(alice, manual["id"])["quote_approval"] == {"automatic": ["followers"], "manual": ["public"], "current_user": "manual"}
    odd = eve.note("<p>friends</p>", interactionPolicy={"canQuote": {"automaticApproval": [eve.origin + "/circles/1"]}})
    assert find(alice, odd["id"])["quote_approval"] == {"automatic": ["unsupported_policy"], "manual": [], "current_user": "unknown"}


# ---- they quote each other ----------------------------------------------------------------------------------------------


def test_a_stamp_is_fetched_and_believed_only_when_it_says_so(here, far, alice, eve, mallory):
    post = mallory.note("<p>inside</p>", **OPEN)
    good = eve.note("<p>good</p>", quote=post["id"])
    good["quoteAuthorization"] = stamp_of(mallory, good, post["id"])
    far.documents[good["id"]]["quoteAuthorization"] = good["quoteAuthorization"]
    shown = find(alice, good["id"])
    here.wait_until(lambda: state(alice, shown["id"]) == "accepted")
    assert alice.get(f"/api/v1/statuses/{shown['id']}")["quote"]["quoted_status"]["content"] == "<p>inside</p>"
    forged = [
        lambda n: stamp_of(mallory, {"id": eve.origin + "/other"}, post["id"]),
        lambda n: stamp_of(mallory, n, mallory.origin + "/other"),
        lambda n: stamp_of(mallory, n, post["id"], attributedTo=mallory.origin + "/users/other"),
        lambda n: stamp_of(mallory, n, post["id"], type="Note"),
        lambda n: moved(far, stamp_of(mallory, n, post["id"])),
        lambda n: stamp_of(eve, n, post["id"]),
        lambda n: mallory.origin + "/stamps/nowhere",
        lambda n: good["quoteAuthorization"],
    ]
    copies = []
    for make in forged:
        n = eve.note("<p>forged</p>", quote=post["id"])
        far.documents[n["id"]]["quoteAuthorization"] = make(n)
        copies.append(find(alice, n["id"])["id"])
    settle(here)
    assert [state(alice, i) for i in copies] == ["pending"] * len(forged)
    assert state(alice, shown["id"]) == "accepted"  # the claim of somebody else took nothing away


def test_quoting_oneself_needs_no_stamp_and_an_update_may_bring_one(here, far, alice, eve, mallory):
    post, other = eve.note("<p>first</p>"), mallory.note("<p>other</p>")
    own = eve.note("<p>second</p>", quote=post["id"])
    shown = find(alice, own["id"])["id"]
    here.wait_until(lambda: state(alice, shown) == "accepted")
    note = eve.note("<p>third</p>", quote=other["id"])
    shown = find(alice, note["id"])["id"]
    assert state(alice, shown) == "pending"
    stamp = stamp_of(mallory, note, other["id"])
    eve.send(here, eve.activity("Update", note | {"quoteAuthorization": stamp}))
    here.wait_until(lambda: state(alice, shown) == "accepted")
    eve.send(here, eve.activity("Update", note))
    here.wait_until(lambda: state(alice, shown) == "pending")
    assert alice.get(f"/api/v1/statuses/{shown}")["edited_at"] is None


def test_consent_that_ended_in_silence_is_noticed_after_a_week(own_server, far, eve, mallory):
    here = own_server(**far.keys())
    alice = here.user()
    post = mallory.note("<p>inside</p>")
    note = eve.note("<p>look</p>", quote=post["id"])
    stamp = stamp_of(mallory, note, post["id"])
    far.documents[note["id"]]["quoteAuthorization"] = stamp
    shown = find(alice, note["id"])["id"]
    here.wait_until(lambda: state(alice, shown) == "accepted")
    del far.documents[stamp]
    assert state(alice, shown) == "accepted"
    here.shift_clock(days=8)
    here.wait_until(lambda: state(alice, shown) == "revoked")


def test_a_chain_of_quotes_is_followed_two_levels(here, far, alice, eve):
    chain = [eve.note("<p>0</p>")]
    for i in range(1, 6):
        chain.append(eve.note(f"<p>{i}</p>", quote=chain[-1]["id"]))
    top = find(alice, chain[-1]["id"])["id"]
    here.wait_until(lambda: state(alice, top) == "accepted")
    settle(here)
    assert [here.query("SELECT count(*) FROM status WHERE uri = ?", n["id"])[0][0] for n in chain] == [0, 0, 0, 1, 1, 1]

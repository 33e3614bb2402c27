"""Who may favourite, answer and boost posts elsewhere: asked first, told after, and nothing is shown that was not permitted."""
import pytest
import requests
from remote import AP, CONTEXT, PUBLIC
from timing import PATIENCE

numbers = iter(range(1, 10000))


HOSTS = ["peer.test", "third.test"]
GIVEN = 3  # enum approval


@pytest.fixture
def eve(far):
    """Who limits her posts."""
    return far.actor(f"eve{next(numbers)}")


@pytest.fixture
def tom(far):
    """Somebody of a third server."""
    return far.actor(f"tom{next(numbers)}", host="third.test")


@pytest.fixture
def reader(here, far, tom):
    """Somebody here who reads tom."""
    api = here.user()
    account = api.find("@" + tom.acct)["id"]
    api.follow(account)
    follow = far.wait(lambda d: d.json and d.json["type"] == "Follow" and d.json["object"] == tom.id).json
    tom.send(here, tom.activity("Accept", follow))
    here.wait_until(lambda: api.get("/api/v1/accounts/relationships", id=[account])[0]["following"])
    return api


def rule(automatic, manual=()):
    return {"automaticApproval": list(automatic), "manualApproval": list(manual)}


def asking(author):
    """Everybody has to ask, for everything."""
    return {k: rule([author.id], [PUBLIC]) for k in ("canLike", "canReply", "canAnnounce")}


def closed(author):
    return {k: rule([author.id]) for k in ("canLike", "canReply", "canAnnounce")}


def note(author, policy, **more):
    return author.note("<p>limited</p>", interactionPolicy=policy, **more)


def find(api, uri):
    return api.find(uri, "statuses")


def look(api, uri):
    """None when it may not be seen."""
    found = api.get("/api/v2/search", q=uri, resolve=True, type="statuses")["statuses"]
    return found[0] if found else None


def asked(far, kind, post):
    return far.wait(lambda d: d.json and d.json["type"] == kind and d.json["object"] == post["id"]).json


def stamp(author, kind, thing, post, **change):
    doc = {"@context": CONTEXT, "id": author.remote.new_id(author.origin, "stamps"), "type": kind, "attributedTo": author.id,
           "interactingObject": thing, "interactionTarget": post["id"]} | change
    author.remote.documents[doc["id"]] = doc
    return doc["id"]


def fetch(here, uri, expect=200):
    r = requests.get(here.base + uri[uri.index("/", 8):], headers={"Host": here.host, "Accept": AP}, timeout=PATIENCE)
    assert r.status_code == expect, r.text
    return r.json() if expect == 200 else None


def told(far, kind, test=lambda j: True):
    return [a.json for a in far.got(kind) if test(a.json)]


def show(api, post_id, expect=200):
    return api.request("GET", f"/api/v1/statuses/{post_id}", expect)


def settled(here):
    here.wait_until(lambda: not here.unfinished())


# ---- ours ------------------------------------------------------------------------------------------------------------------


def test_clients_can_warn(here, alice, eve):
    policy = {"canReply": rule([eve.id + "/followers"], [PUBLIC]), "canLike": {"always": [PUBLIC]}, "canAnnounce": {"always": [], "approvalRequired": []}}
    seen = find(alice, note(eve, policy)["id"])
    assert seen["interaction_policy"] == {
        "can_favourite": {"automatic_approval": ["public"], "manual_approval": []},
        "can_reply": {"automatic_approval": ["followers"], "manual_approval": ["public"]},
        "can_reblog": {"automatic_approval": [], "manual_approval": []}}
    assert "interaction_policy" not in find(alice, eve.note("<p>open</p>")["id"]) and "interaction_policy" not in find(alice, note(eve, {})["id"])


def test_a_reply_waits_for_the_author_and_is_told_to_everybody_after_that(here, far, alice, eve, tom):
    tom.send(here, tom.activity("Follow", alice.get(f"/api/v1/accounts/{alice.id}")["uri"]))
    far.wait(lambda d: d.json and d.json["type"] == "Accept" and d.json["object"].get("actor") == tom.id)
    post = note(eve, asking(eve))
    parent = find(alice, post["id"])
    mine = alice.toot("may I?", in_reply_to_id=parent["id"])
    assert mine["approval"] == "pending"
    request = asked(far, "ReplyRequest", post)
    assert request["to"] == [eve.id] and request["instrument"]["id"] == mine["uri"] and request["instrument"]["inReplyTo"] == post["id"]
    settled(here)
    assert not told(far, "Create", lambda j: j["object"]["id"] == mine["uri"])
    other = here.user()
    show(other, mine["id"], 404)
    fetch(here, mine["uri"], 404)
    assert other.get(f"/api/v1/statuses/{parent['id']}/context")["descendants"] == [] and show(other, parent["id"])["replies_count"] == 0
    assert mine["id"] not in [s["id"] for s in other.get("/api/v1/timelines/public", local=True)]
    alice.post("/api/v1/statuses", {"status": "x", "in_reply_to_id": mine["id"]}, expect=403)
    tom.send(here, tom.activity("Accept", request, result=tom.origin + "/stamp"))
    eve.send(here, eve.activity("Accept", request, result=tom.origin + "/stamp"))
    settled(here)
    assert show(alice, mine["id"])["approval"] == "pending"
    consent = stamp(eve, "ReplyAuthorization", mine["uri"], post)
    eve.send(here, eve.activity("Accept", request, result=consent))
    create = far.wait(lambda d: d.json and d.json["type"] == "Create" and d.json["object"]["id"] == mine["uri"] and d.host == "third.test").json
    assert create["object"]["replyAuthorization"] == consent == create["object"]["approvedBy"]
    here.wait_until(lambda: "approval" not in show(alice, mine["id"]))
    assert [s["id"] for s in other.get(f"/api/v1/statuses/{parent['id']}/context")["descendants"]] == [mine["id"]]
    assert show(other, parent["id"])["replies_count"] == 1 and fetch(here, mine["uri"])["replyAuthorization"] == consent


def test_a_refused_reply_stays_with_its_author(here, far, alice, eve):
    post = note(eve, asking(eve))
    mine = alice.toot("may I?", in_reply_to_id=find(alice, post["id"])["id"])
    eve.send(here, eve.activity("Reject", asked(far, "ReplyRequest", post)))
    here.wait_until(lambda: show(alice, mine["id"]).get("approval") == "rejected")
    show(here.user(), mine["id"], 404)
    eve.send(here, eve.activity("Accept", mine["uri"], result=eve.origin + "/late"))
    settled(here)
    assert show(alice, mine["id"])["approval"] == "rejected"
    alice.delete(f"/api/v1/statuses/{mine['id']}")


def test_boosts_and_favourites_ask_and_a_refusal_undoes_them(here, far, alice, eve):
    yes, no = note(eve, asking(eve)), note(eve, asking(eve))
    for post in (yes, no):
        seen = find(alice, post["id"])
        alice.post(f"/api/v1/statuses/{seen['id']}/reblog")
        alice.post(f"/api/v1/statuses/{seen['id']}/favourite")
    requests_ = {(k, p["id"]): asked(far, k, p) for k in ("AnnounceRequest", "LikeRequest") for p in (yes, no)}
    boost, like = requests_["AnnounceRequest", yes["id"]], requests_["LikeRequest", yes["id"]]
    assert boost["instrument"]["type"] == "Announce" and boost["instrument"]["object"] == yes["id"] and like["instrument"]["type"] == "Like"
    settled(here)
    assert not told(far, "Announce", lambda j: j["object"] in (yes["id"], no["id"])) and not told(far, "Like", lambda j: j["object"] == yes["id"])
    other = here.user()
    assert other.get(f"/api/v1/statuses/{find(other, yes['id'])['id']}")["reblogs_count"] == 0
    for (kind, post), request in requests_.items():
        if post == no["id"]:
            eve.send(here, eve.activity("Reject", request))
        else:
            eve.send(here, eve.activity("Accept", request, result=stamp(eve, kind.replace("Request", "Authorization"), request["instrument"]["id"], yes)))
    shared = far.wait(lambda d: d.json and d.json["type"] == "Announce" and d.json["object"] == yes["id"]).json
    assert shared["announceAuthorization"].startswith(eve.origin)
    here.wait_until(lambda: not find(alice, no["id"])["reblogged"] and not find(alice, no["id"])["favourited"])
    seen = find(alice, yes["id"])
    assert seen["reblogged"] and seen["favourited"] and seen["reblogs_count"] == 1


def test_what_nobody_may_is_refused_and_who_is_named_needs_no_word(here, far, alice, eve):
    seen = find(alice, note(eve, closed(eve))["id"])
    for act in ("reblog", "favourite"):
        alice.post(f"/api/v1/statuses/{seen['id']}/{act}", expect=403)
    alice.post("/api/v1/statuses", {"status": "x", "in_reply_to_id": seen["id"]}, expect=403)
    me = alice.get(f"/api/v1/accounts/{alice.id}")["uri"]
    mention = {"tag": [{"type": "Mention", "href": me, "name": "@" + alice.acct}]}
    named = find(alice, note(eve, closed(eve), cc=[me], **mention)["id"])
    assert "approval" not in alice.toot("thanks", in_reply_to_id=named["id"])
    alice.post(f"/api/v1/statuses/{named['id']}/reblog", expect=403)
    listed = find(alice, note(eve, {"canAnnounce": rule([eve.id, me])})["id"])
    alice.post(f"/api/v1/statuses/{listed['id']}/reblog")
    far.wait(lambda d: d.json and d.json["type"] == "Announce" and d.json["object"] == listed["uri"])


# ---- others of others --------------------------------------------------------------------------------------------------------


def reply_of(tom, post, **more):
    return tom.note("<p>me too</p>", inReplyTo=post["id"], **more)


def test_a_reply_of_a_third_person_is_shown_with_consent_only(here, far, eve, tom, reader):
    post = note(eve, asking(eve))
    parent = find(reader, post["id"])
    bare = reply_of(tom, post)
    good = reply_of(tom, post)
    good["replyAuthorization"] = far.documents[good["id"]]["replyAuthorization"] = stamp(eve, "ReplyAuthorization", good["id"], post)
    forged = []
    for bad in (lambda n: stamp(tom, "ReplyAuthorization", n["id"], post, attributedTo=eve.id),  # on another server
                lambda n: stamp(eve, "ReplyAuthorization", good["id"], post),                    # of another reply
                lambda n: stamp(eve, "LikeAuthorization", n["id"], post),                        # of another kind
                lambda n: stamp(eve, "ReplyAuthorization", n["id"], bare),                       # about another post
                lambda n: stamp(eve, "ReplyAuthorization", n["id"], post, attributedTo=tom.id)):
        n = reply_of(tom, post)
        n["approvedBy"] = bad(n)
        forged.append(n)
    for n in [bare, *forged, good]:
        tom.send(here, tom.create(n))
    here.wait_until(lambda: look(reader, good["id"]) is not None)
    settled(here)
    shown = [s["uri"] for s in reader.get(f"/api/v1/statuses/{parent['id']}/context")["descendants"]]
    assert shown == [good["id"]] and show(reader, parent["id"])["replies_count"] == 1
    assert [look(reader, n["id"]) for n in [bare, *forged]] == [None] * 6
    eve.send(here, eve.activity("Accept", bare["id"], target=post["id"], result=stamp(eve, "ReplyAuthorization", bare["id"], post)))
    here.wait_until(lambda: look(reader, bare["id"]) is not None)
    assert show(reader, parent["id"])["replies_count"] == 2


def test_a_reply_that_came_before_what_it_answers_is_judged_when_that_comes(here, far, eve, tom, reader):
    post = note(eve, closed(eve))
    n = reply_of(tom, post)
    tom.send(here, tom.create(n))
    here.wait_until(lambda: far.asked[post["id"]] > 0)
    settled(here)
    assert look(reader, n["id"]) is None and find(reader, post["id"])["replies_count"] == 0
    after = tom.note("<p>to my own</p>", inReplyTo=n["id"])
    tom.send(here, tom.create(after))
    settled(here)
    assert look(reader, after["id"]) is None  # what hangs on it waits too


def test_a_boost_of_a_third_person_needs_consent(here, far, eve, tom, reader):
    post, free = note(eve, asking(eve)), note(eve, {"canReply": rule([eve.id])})
    boosts = [tom.activity("Announce", p["id"], to=[PUBLIC], cc=[tom.id + "/followers"], published=far.now()) for p in (post, post, free)]
    boosts[1]["announceAuthorization"] = stamp(eve, "AnnounceAuthorization", boosts[0]["id"], post)  # of the other boost
    for b in boosts:
        tom.send(here, b)
    here.wait_until(lambda: free["id"] in [s["reblog"]["uri"] for s in reader.home() if s["reblog"]])
    settled(here)
    assert post["id"] not in [s["reblog"]["uri"] for s in reader.home() if s["reblog"]]
    good = tom.activity("Announce", post["id"], to=[PUBLIC], cc=[tom.id + "/followers"], published=far.now())
    good["announceAuthorization"] = stamp(eve, "AnnounceAuthorization", good["id"], post)
    tom.send(here, good)
    here.wait_until(lambda: post["id"] in [s["reblog"]["uri"] for s in reader.home() if s["reblog"]])


# ---- taken back ------------------------------------------------------------------------------------------------------------------


def permitted(here, far, eve, kind, post):
    """The request about this post is granted; it and the stamp."""
    request = asked(far, kind + "Request", post)
    consent = stamp(eve, kind + "Authorization", request["instrument"]["id"], post)
    eve.send(here, eve.activity("Accept", request, result=consent))
    return request, consent


WAYS = {
    "the stamp is deleted": lambda eve, request, consent: eve.activity("Delete", {"type": "Tombstone", "id": consent}),
    "the thing is refused": lambda eve, request, consent: eve.activity("Reject", request["instrument"]["id"]),
    "the Accept is undone": lambda eve, request, consent: eve.activity("Undo", eve.activity("Accept", request, result=consent)),
}


@pytest.mark.parametrize("way", WAYS)
def test_consent_for_ours_that_is_taken_back(here, far, alice, eve, tom, way):
    """A reply stays with its author, and other servers hear that it is gone; a boost and a favourite go."""
    tom.send(here, tom.activity("Follow", alice.get(f"/api/v1/accounts/{alice.id}")["uri"]))
    far.wait(lambda d: d.json and d.json["type"] == "Accept" and d.json["object"].get("actor") == tom.id)
    post = note(eve, asking(eve))
    parent = find(alice, post["id"])
    mine = alice.toot("may I?", in_reply_to_id=parent["id"])
    alice.post(f"/api/v1/statuses/{parent['id']}/reblog")
    alice.post(f"/api/v1/statuses/{parent['id']}/favourite")
    given = {kind: permitted(here, far, eve, kind, post) for kind in ("Reply", "Announce", "Like")}
    other = here.user()
    here.wait_until(lambda: (lambda s: (s["replies_count"], s["reblogs_count"], s["favourites_count"]))(show(other, parent["id"])) == (1, 1, 1))
    far.wait(lambda d: d.json and d.json["type"] == "Announce" and d.json["object"] == post["id"])
    settled(here)
    for request, consent in given.values():
        tom.send(here, WAYS[way](tom, request, consent))  # not his to take back
    settled(here)
    assert show(other, mine["id"])["id"] == mine["id"] and show(alice, parent["id"])["favourited"]
    for request, consent in given.values():
        del far.documents[consent]
        eve.send(here, WAYS[way](eve, request, consent))
    here.wait_until(lambda: show(alice, mine["id"]).get("approval") == "rejected")
    here.wait_until(lambda: (lambda s: (s["replies_count"], s["reblogs_count"], s["favourites_count"]))(show(other, parent["id"])) == (0, 0, 0))
    show(other, mine["id"], 404), fetch(here, mine["uri"], 404)
    seen = show(alice, parent["id"])
    assert not seen["reblogged"] and not seen["favourited"]
    far.wait(lambda d: d.json and d.host == "third.test" and d.json["type"] == "Delete" and d.json["object"]["id"] == mine["uri"])
    far.wait(lambda d: d.json and d.host == "third.test" and d.json["type"] == "Undo" and d.json["object"]["id"] == given["Announce"][0]["instrument"]["id"])


@pytest.mark.parametrize("way", WAYS)
def test_consent_for_a_third_person_that_is_taken_back(here, far, eve, tom, reader, way):
    post = note(eve, asking(eve))
    reply = reply_of(tom, post)
    consent = {"reply": stamp(eve, "ReplyAuthorization", reply["id"], post)}
    reply["replyAuthorization"] = far.documents[reply["id"]]["replyAuthorization"] = consent["reply"]
    boost = tom.activity("Announce", post["id"], to=[PUBLIC], cc=[tom.id + "/followers"], published=far.now())
    consent["boost"] = boost["announceAuthorization"] = stamp(eve, "AnnounceAuthorization", boost["id"], post)
    tom.send(here, tom.create(reply)), tom.send(here, boost)
    here.wait_until(lambda: boost["id"] in [s["uri"] for s in reader.home()] and look(reader, reply["id"]))
    # It can be seen before its consent is looked at, when it is here before what it answers; what is taken back must have been given.
    here.wait_until(lambda: here.query("SELECT approval FROM status WHERE uri = ?", reply["id"]) == [(GIVEN,)])
    things = [({"id": None, "type": "Request", "instrument": x}, consent[k]) for k, x in (("reply", reply), ("boost", boost))]

    def act(request, stamp_id):
        if way == "the Accept is undone":
            return eve.activity("Undo", eve.activity("Accept", request["instrument"]["id"], result=stamp_id))
        return WAYS[way](eve, request, stamp_id)

    for request, stamp_id in things:
        eve.send(here, act(request, stamp_id))
    here.wait_until(lambda: boost["id"] not in [s["uri"] for s in reader.home()] and look(reader, reply["id"]) is None)
    parent = find(reader, post["id"])
    assert (parent["replies_count"], parent["reblogs_count"]) == (0, 0)
    # The same stamp counts no more, though it is still served; another does.
    tom.send(here, tom.activity("Update", reply | {"updated": far.now()}, to=reply["to"]))
    settled(here)
    assert look(reader, reply["id"]) is None
    eve.send(here, eve.activity("Accept", reply["id"], target=post["id"], result=stamp(eve, "ReplyAuthorization", reply["id"], post)))
    here.wait_until(lambda: look(reader, reply["id"]) is not None)


def test_a_consent_lasts_while_it_cannot_be_asked_for_and_no_other_takes_its_place(here, far, eve, tom, reader):
    post = note(eve, asking(eve))
    reply = reply_of(tom, post)
    consent = stamp(eve, "ReplyAuthorization", reply["id"], post)
    reply["replyAuthorization"] = far.documents[reply["id"]]["replyAuthorization"] = consent
    find(reader, post["id"])
    tom.send(here, tom.create(reply))
    given = lambda: here.query("SELECT approval FROM status WHERE uri = ?", reply["id"]) == [(GIVEN,)]
    here.wait_until(given)
    settled(here)
    far.answer(consent, (500, {}, b""))
    eve.send(here, eve.activity("Update", post, to=post["to"]))
    here.wait_until(lambda: here.query("SELECT 1 FROM job WHERE kind = 'verify_approval' AND state = 0 AND tries = 1"))
    assert given()
    del far.answers[consent]
    here.wait_until(lambda: here.shift_clock(minutes=1) or not here.unfinished())
    assert given()
    tom.send(here, tom.activity("Update", reply | {"replyAuthorization": stamp(tom, "ReplyAuthorization", reply["id"], post)}, to=reply["to"]))
    here.wait_until(lambda: look(reader, reply["id"]) is None)


# ---- they ask ours ---------------------------------------------------------------------------------------------------------------


def test_requests_about_our_posts_are_taken_and_answered_with_a_stamp(here, far, alice, eve):
    post = alice.toot("open to all")
    thing = {
        "LikeRequest": eve.activity("Like", post["uri"]),
        "ReplyRequest": eve.note("<p>hello</p>", inReplyTo=post["uri"]),
        "AnnounceRequest": eve.activity("Announce", post["uri"], to=[PUBLIC], cc=[eve.id + "/followers"])}
    stamps = []
    for kind, what in thing.items():
        request = eve.activity(kind, post["uri"], instrument=what)
        eve.send(here, request)
        yes = far.wait(lambda d: d.json and d.json["type"] in ("Accept", "Reject") and d.json["object"].get("id") == request["id"]).json
        assert yes["type"] == "Accept" and yes["object"]["type"] == kind
        doc = fetch(here, yes["result"])
        stamps.append(yes["result"])
        assert (doc["type"], doc["interactingObject"], doc["interactionTarget"], doc["attributedTo"]) == (
            kind.replace("Request", "Authorization"), what["id"], post["uri"], yes["actor"])
    seen = show(alice, post["id"])
    assert (seen["favourites_count"], seen["replies_count"], seen["reblogs_count"]) == (1, 1, 1)
    eves = alice.get("/api/v2/search", q="@" + eve.acct, type="accounts")["accounts"][0]["id"]
    for act, status in (("block", 404), ("unblock", 200)):
        alice.post(f"/api/v1/accounts/{eves}/{act}")
        for stamp in stamps:
            fetch(here, stamp, status)
    eve.send(here, eve.activity("Undo", thing["LikeRequest"]))
    here.wait_until(lambda: show(alice, post["id"])["favourites_count"] == 0)


def test_requests_of_who_is_blocked_or_about_what_is_hidden_get_no_consent(here, far, alice, eve, tom):
    post, secret = alice.toot("for some"), alice.toot("hidden", visibility="private")
    eve.send(here, eve.activity("LikeRequest", secret["uri"], instrument=eve.activity("Like", secret["uri"])))
    stolen = eve.activity("LikeRequest", post["uri"], instrument=tom.activity("Like", post["uri"]))
    eve.send(here, stolen)
    far.wait(lambda d: d.json and d.json["type"] == "Reject" and d.json["object"].get("id") == stolen["id"])
    wrong = eve.activity("ReplyRequest", post["uri"], instrument=eve.note("<p>x</p>", inReplyTo=secret["uri"]))
    eve.send(here, wrong)
    far.wait(lambda d: d.json and d.json["type"] == "Reject" and d.json["object"].get("id") == wrong["id"])
    settled(here)
    assert show(alice, post["id"])["favourites_count"] == 0 and show(alice, secret["id"])["favourites_count"] == 0
    assert not told(far, "Accept", lambda j: j["object"].get("object") == secret["uri"])

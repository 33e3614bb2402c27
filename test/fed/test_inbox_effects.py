"""What activities of other servers do here: each effect, again, in the wrong order, and by the wrong people."""
import datetime
import email.utils
import json
import time

import pytest
import requests
from remote import CONTEXT, PUBLIC
from timing import PATIENCE


HOSTS = ["peer.test", "evil.test", "w.split.test", "split.test"]


@pytest.fixture(scope="module")
def here(tmp_path_factory, new_database, far):
    from server import Server
    with Server(tmp_path_factory.mktemp("here"), database=new_database(), **far.keys()) as s:
        yield s


numbers = iter(range(1, 10000))


@pytest.fixture
def mallory(far):
    return far.actor(f"mallory{next(numbers)}", host="evil.test")


def uri(api):
    return api.get("/api/v1/accounts/verify_credentials")["uri"]


def known(alice, actor):
    return alice.find(actor.acct)


def follow(here, alice, actor):
    account = known(alice, actor)
    alice.follow(account["id"])
    asked = actor.remote.wait(lambda a: a.json and a.json["type"] == "Follow" and a.json["object"] == actor.id)
    actor.send(here, actor.activity("Accept", asked.json))
    here.wait_until(lambda: alice.get("/api/v1/accounts/relationships", id=[account["id"]])[0]["following"])
    return account


def mention(api, **more):
    return {"tag": [{"type": "Mention", "href": uri(api), "name": "@" + api.name}], "cc": [uri(api)]} | more


def home(api):
    return [s["uri"] for s in api.get("/api/v1/timelines/home")]


def status_of(api, post_uri):
    found = api.get("/api/v2/search", q=post_uri, resolve=True, type="statuses")["statuses"]
    return found[0] if found else None


# ---- posts ------------------------------------------------------------------------------------------------------------


def test_a_mention_arrives_clean(here, alice, eve):
    note = eve.note('<p>hi <script>alert(1)</script><b onclick="x()">you</b></p>', **mention(alice, summary="careful"))
    eve.send(here, eve.create(note))
    told = here.wait_notification(alice, "mention", eve.acct)
    status = told["status"]
    assert status["uri"] == note["id"] and status["visibility"] == "public" and status["spoiler_text"] == "careful"
    assert status["sensitive"] is True
    assert "script" not in status["content"] and "onclick" not in status["content"] and "<b>you</b>" in status["content"]
    assert [m["acct"] for m in status["mentions"]] == [alice.name]


def test_the_same_post_twice_is_one(here, alice, eve):
    follow(here, alice, eve)
    note = eve.note("once")
    first, second = eve.create(note), eve.create(note)
    eve.send(here, first)
    eve.send(here, second)
    eve.send(here, first)  # the same activity, signed again
    marker = eve.note("marker")
    eve.send(here, eve.create(marker))
    here.wait_until(lambda: marker["id"] in home(alice))
    assert home(alice).count(note["id"]) == 1


@pytest.mark.parametrize("to, cc, wanted", [
    ([PUBLIC], ["F"], "public"), (["as:Public"], [], "public"), (["F"], [PUBLIC], "unlisted"), (["F"], ["A"], "private"), (["A"], ["F"], "private"),
    (["A"], [], "direct"), ([], ["A"], "direct"),
])
def test_visibility_is_what_the_addresses_say(here, alice, eve, to, cc, wanted):
    names = {"F": eve.id + "/followers", "A": uri(alice)}
    note = eve.note("x") | {"to": [names.get(x, x) for x in to], "cc": [names.get(x, x) for x in cc],
                            "tag": [{"type": "Mention", "href": uri(alice)}]}
    eve.send(here, eve.create(note))
    assert here.wait_notification(alice, "mention", eve.acct)["status"]["visibility"] == wanted


def test_a_direct_post_is_for_its_addressees_only(here, alice, eve):
    bob = here.user()
    note = eve.note("psst", to=[uri(alice)], cc=[]) | {"cc": [], "tag": [{"type": "Mention", "href": uri(alice)}]}
    eve.send(here, eve.create(note))
    status = here.wait_notification(alice, "mention", eve.acct)["status"]
    bob.get(f"/api/v1/statuses/{status['id']}", expect=404)
    here.api().get(f"/api/v1/statuses/{status['id']}", expect=404)


def test_posts_of_nobodys_friends_are_not_kept(here, far, alice, eve):
    note = eve.note("does anybody read me")
    eve.send(here, eve.create(note))
    answer = eve.note("now to you", **mention(alice))
    eve.send(here, eve.create(answer))
    here.wait_notification(alice, "mention", eve.acct)
    asked = far.asked[note["id"]]
    assert status_of(alice, note["id"]) is not None and far.asked[note["id"]] == asked + 1, "it had been stored"


def test_a_late_parent_ties_its_reply(here, alice, eve):
    follow(here, alice, eve)
    parent = eve.note("parent", **mention(alice))
    parent["id"] = "http://peer.test/not-served-yet/" + parent["id"].split("/")[-1]
    reply = eve.note("reply", **mention(alice, inReplyTo=parent["id"]))

    def arrived():
        return {n["status"]["uri"]: n["status"] for n in alice.notifications(types=["mention"])}
    eve.send(here, eve.create(reply))
    here.wait_until(lambda: reply["id"] in arrived())
    assert arrived()[reply["id"]]["in_reply_to_id"] is None
    eve.send(here, eve.create(parent))
    here.wait_until(lambda: parent["id"] in arrived())
    both = arrived()
    assert both[reply["id"]]["in_reply_to_id"] == both[parent["id"]]["id"]
    assert both[parent["id"]]["replies_count"] == 1


def test_ancestors_are_fetched(here, alice, eve):
    grand = eve.note("grandparent")
    parent = eve.note("parent", inReplyTo=grand["id"])
    reply = eve.note("reply", **mention(alice, inReplyTo=parent["id"]))
    eve.send(here, eve.create(reply))
    status = here.wait_notification(alice, "mention", eve.acct)["status"]
    above = here.wait_until(lambda: [c for c in [alice.get(f"/api/v1/statuses/{status['id']}/context")] if len(c["ancestors"]) == 2])
    assert [s["uri"] for s in above[0]["ancestors"]] == [grand["id"], parent["id"]]


def test_attachments_tags_and_emoji(here, far, alice, eve):
    note = eve.note("look :blob:", **mention(alice, attachment=[
        {"type": "Document", "mediaType": "image/png", "url": "http://peer.test/m/1.png", "name": "a dog", "width": 20, "height": 10, "blurhash": "LEHV6nWB2yk8pyo0adR*.7kCMdnj"},
        {"type": "Document", "mediaType": "image/png", "url": "javascript:alert(1)", "name": "no"}]))
    note["tag"] += [{"type": "Hashtag", "name": "#Caf\u00e9", "href": "http://peer.test/tags/cafe"},
                    {"type": "Emoji", "name": ":blob:", "id": None, "icon": {"type": "Image", "url": "http://peer.test/e/blob.png"}}]
    eve.send(here, eve.create(note))
    status = here.wait_notification(alice, "mention", eve.acct)["status"]
    assert [m["description"] for m in status["media_attachments"]] == ["a dog"]
    assert [t["name"].lower() for t in status["tags"]] in (["caf\u00e9"], ["cafe"])
    assert [e["shortcode"] for e in status["emojis"]] == ["blob"]


# ---- edits and deletions ------------------------------------------------------------------------------------------------


def stored(here, alice, eve, text="first", **more):
    note = eve.note(text, **mention(alice, **more))
    eve.send(here, eve.create(note))
    here.wait_until(lambda: [n for n in alice.notifications(types=["mention"]) if n["status"]["uri"] == note["id"]])
    return note, alice.find(note["id"], "statuses")["id"]


def test_edits_go_forwards_only(here, alice, eve):
    now = datetime.datetime.now(datetime.timezone.utc)

    def ago(hours):
        return (now - datetime.timedelta(hours=hours)).strftime("%Y-%m-%dT%H:%M:%SZ")
    note, sid = stored(here, alice, eve, published=ago(9))

    def update(text, hours):
        changed = note | {"content": text} | ({"updated": ago(hours)} if hours else {})
        eve.send(here, eve.activity("Update", changed, to=note["to"]))

    update("second", 5)
    here.wait_until(lambda: alice.get(f"/api/v1/statuses/{sid}")["content"] == "second")
    update("too late", 7)
    update("no date", None)
    update("third", 3)
    here.wait_until(lambda: alice.get(f"/api/v1/statuses/{sid}")["content"] == "third")
    history = [v["content"] for v in alice.get(f"/api/v1/statuses/{sid}/history")]
    assert history == ["first", "second", "third"]
    assert alice.get(f"/api/v1/statuses/{sid}")["edited_at"][:19] == ago(3)[:19]


def test_nobody_edits_or_deletes_what_others_wrote(here, far, alice, eve, mallory):
    note, sid = stored(here, alice, eve)
    neighbour = far.actor(f"neighbour{next(numbers)}")  # on the same server
    for liar in (mallory, neighbour):
        liar.send(here, liar.activity("Update", note | {"content": "owned", "updated": far.now()}, to=note["to"]))
        liar.send(here, liar.activity("Delete", note["id"]))
        liar.send(here, liar.activity("Delete", {"type": "Tombstone", "id": note["id"]}))
        liar.send(here, liar.create(note | {"content": "owned", "attributedTo": liar.id}))
        liar.send(here, liar.activity("Undo", liar.activity("Create", note["id"]) | {"actor": eve.id}))
        stored(here, alice, liar, "done with that")
    assert alice.get(f"/api/v1/statuses/{sid}")["content"] == "first"


def test_deleted_posts_go_and_stay_away(here, far, alice, eve):
    note, sid = stored(here, alice, eve)
    eve.send(here, eve.activity("Delete", {"type": "Tombstone", "id": note["id"]}, to=[PUBLIC]))
    here.wait_until(lambda: here.api().get(f"/api/v1/statuses/{sid}", expect=None) and here.api().http and alice.request("GET", f"/api/v1/statuses/{sid}", None) and alice.last.status_code == 404)
    eve.send(here, eve.create(note))
    stored(here, alice, eve, "after it")
    assert note["id"] not in [n["status"]["uri"] for n in alice.notifications(types=["mention"])]


def test_a_deletion_before_its_post(here, alice, eve):
    note = eve.note("too late", **mention(alice))
    stored(here, alice, eve, "so that she is known")
    eve.send(here, eve.activity("Delete", note["id"], to=[PUBLIC]))
    stored(here, alice, eve, "between")
    eve.send(here, eve.create(note))
    stored(here, alice, eve, "after it")
    assert note["id"] not in [n["status"]["uri"] for n in alice.notifications(types=["mention"])]


def test_an_actor_deletes_itself(here, alice, eve):
    follow(here, alice, eve)
    note = eve.note("still here")
    eve.send(here, eve.create(note))
    here.wait_until(lambda: note["id"] in home(alice))
    eve.send(here, eve.activity("Delete", eve.id, to=[PUBLIC]))
    here.wait_until(lambda: note["id"] not in home(alice))


# ---- boosts, likes --------------------------------------------------------------------------------------------------------


def test_likes_and_boosts_are_sets(here, alice, eve):
    post = alice.toot("like me")
    like, boost = eve.activity("Like", post["uri"]), eve.activity("Announce", post["uri"], to=[PUBLIC], cc=[eve.id + "/followers"])
    second = eve.activity("Like", post["uri"])
    for again in (like, boost, second, like):
        eve.send(here, again)
    here.wait_notification(alice, "favourite", eve.acct)
    here.wait_notification(alice, "reblog", eve.acct)
    stored(here, alice, eve, "after it")

    def counts():
        s = alice.get(f"/api/v1/statuses/{post['id']}")
        return s["favourites_count"], s["reblogs_count"]
    assert counts() == (1, 1)
    for done in (like, second):  # of two the one that was heard last is the one to undo
        eve.send(here, eve.activity("Undo", done))
    eve.send(here, eve.activity("Undo", boost["id"]))
    here.wait_until(lambda: counts() == (0, 0))


def test_undone_before_it_was_done(here, alice, eve):
    post = alice.toot("not for you")
    stored(here, alice, eve, "so that she is known")
    like, boost = eve.activity("Like", post["uri"]), eve.activity("Announce", post["uri"], to=[PUBLIC])
    for a in (like, boost):
        eve.send(here, eve.activity("Undo", a))
    stored(here, alice, eve, "between")
    for a in (like, boost):
        eve.send(here, a)
    stored(here, alice, eve, "after it")
    s = alice.get(f"/api/v1/statuses/{post['id']}")
    assert (s["favourites_count"], s["reblogs_count"]) == (0, 0)


def test_what_one_cannot_see_one_cannot_like(here, alice, eve):
    post = alice.toot("for followers", visibility="private")
    eve.send(here, eve.activity("Like", post["uri"]))
    eve.send(here, eve.activity("Announce", post["uri"], to=[PUBLIC]))
    stored(here, alice, eve, "after it")
    s = alice.get(f"/api/v1/statuses/{post['id']}")
    assert (s["favourites_count"], s["reblogs_count"]) == (0, 0)


def reactions(api, post):
    s = api.get(f"/api/v1/statuses/{post['id']}")
    return [(r["name"], r["count"]) for r in s["reactions"]], s["favourites_count"]


@pytest.mark.parametrize("kind, member", [("EmojiReact", "content"), ("Like", "content"), ("Like", "_misskey_reaction")])
def test_reactions_come_and_go(here, alice, eve, kind, member):
    post = alice.toot("react")
    first, second = (eve.activity(kind, post["uri"], **{member: e}) for e in ("\U0001f600", "\u2764\ufe0f\u200d\U0001f525"))
    for a in (first, first, second):
        eve.send(here, a)
    here.wait_notification(alice, "favourite", eve.acct)
    here.wait_until(lambda: len(reactions(alice, post)[0]) == 2)
    seen, likes = reactions(alice, post)  # two jobs at once: either may be the first
    assert (sorted(seen), likes) == (sorted([("\U0001f600", 1), ("\u2764\ufe0f\u200d\U0001f525", 1)]), 0)
    eve.send(here, eve.activity("Undo", first))
    here.wait_until(lambda: reactions(alice, post)[0] == [("\u2764\ufe0f\u200d\U0001f525", 1)])
    eve.send(here, eve.activity("Undo", second["id"]))  # only named
    here.wait_until(lambda: reactions(alice, post) == ([], 0))
    assert not [n for n in alice.notifications() if n["type"] == "favourite"]


def test_a_reaction_that_was_undone_before_it_came(here, alice, eve):
    post = alice.toot("react")
    like = eve.activity("Like", post["uri"])
    react = eve.activity("EmojiReact", post["uri"], content="\U0001f600")
    for a in (like, eve.activity("Undo", react), react):
        eve.send(here, a)
    stored(here, alice, eve, "after it")
    here.wait_until(lambda: reactions(alice, post) == ([], 1))  # in any order; the plain like is another one


def test_reactions_with_a_picture(here, alice, eve):
    post = alice.toot("react")
    emoji = {"type": "Emoji", "id": eve.origin + "/emoji/blob", "name": ":blob:", "icon": {"type": "Image", "mediaType": "image/png",
             "url": eve.origin + "/blob.png"}}
    eve.send(here, eve.activity("Like", post["uri"], content=":blob:", tag=[emoji]))
    host = eve.acct.split("@")[-1]
    here.wait_until(lambda: reactions(alice, post)[0] == [(f"blob@{host}", 1)])
    got, = alice.get(f"/api/v1/statuses/{post['id']}")["reactions"]
    assert got["url"] and got["static_url"] and got["me"] is False
    joined = alice.put(f"/api/v1/statuses/{post['id']}/reactions/blob@{host}")["reactions"]  # what is there may be joined
    assert [(r["name"], r["count"], r["me"]) for r in joined] == [(f"blob@{host}", 2, True)]


def test_words_instead_of_an_emoji_are_a_favourite(here, alice, eve):
    post = alice.toot("react")
    eve.send(here, eve.activity("EmojiReact", post["uri"], content="well said"))
    here.wait_notification(alice, "favourite", eve.acct)
    assert reactions(alice, post) == ([], 1)


def test_reactions_to_what_one_cannot_see(here, alice, eve):
    post = alice.toot("for followers", visibility="private")
    eve.send(here, eve.activity("EmojiReact", post["uri"], content="\U0001f600"))
    stored(here, alice, eve, "after it")
    assert reactions(alice, post) == ([], 0)


def test_a_boosted_post_is_believed_only_from_its_own_server(here, far, alice, eve):
    author = far.actor(f"author{next(numbers)}", host="evil.test")
    follow(here, alice, eve)
    note = author.note("what I said")
    lie = {"@context": CONTEXT} | note | {"content": "what I never said"}
    eve.send(here, eve.activity("Announce", lie, to=[PUBLIC], cc=[eve.id + "/followers"]))
    here.wait_until(lambda: [s for s in alice.get("/api/v1/timelines/home") if (s["reblog"] or {}).get("uri") == note["id"]])
    boost = [s for s in alice.get("/api/v1/timelines/home") if s["reblog"]][0]
    assert boost["reblog"]["content"] == "what I said" and boost["reblog"]["account"]["acct"] == author.acct


# ---- follows --------------------------------------------------------------------------------------------------------------


def test_a_follow_is_accepted_as_often_as_it_comes(here, far, alice, eve):
    ask = eve.activity("Follow", uri(alice))
    for n in (1, 2):  # the same bytes, signed at another time
        body = json.dumps(ask).encode()
        headers = eve.sign("POST", here.url + "/inbox", body, date=email.utils.formatdate(time.time() - 10 * n, usegmt=True))
        assert requests.post(here.base + "/inbox", data=body, headers=headers, timeout=PATIENCE).status_code == 202
        far.wait(lambda a: len([b for b in far.got("Accept") if ask["id"] in str(b.json)]) == n)
    here.wait_notification(alice, "follow", eve.acct)
    assert alice.get(f"/api/v1/accounts/{alice.id}")["followers_count"] == 1
    post = alice.toot("for my followers", visibility="private")
    far.wait(lambda a: a.json and a.json.get("type") == "Create" and a.json["object"]["id"] == post["uri"])
    eve.send(here, eve.activity("Undo", ask))
    here.wait_until(lambda: alice.get(f"/api/v1/accounts/{alice.id}")["followers_count"] == 0)


def test_a_locked_account_decides(here, far, alice, eve):
    alice.patch("/api/v1/accounts/update_credentials", {"locked": True})
    ask = eve.activity("Follow", uri(alice))
    eve.send(here, ask)
    here.wait_notification(alice, "follow_request", eve.acct)
    asking = alice.get("/api/v1/follow_requests")[0]
    alice.post(f"/api/v1/follow_requests/{asking['id']}/reject")
    far.wait(lambda a: a.json and a.json.get("type") == "Reject" and ask["id"] in str(a.json))
    assert alice.get(f"/api/v1/accounts/{alice.id}")["followers_count"] == 0


def test_only_the_followed_one_can_accept(here, far, alice, eve, mallory):
    account = known(alice, eve)
    alice.follow(account["id"])
    asked = far.wait(lambda a: a.json and a.json["type"] == "Follow" and a.json["object"] == eve.id)
    mallory.send(here, mallory.activity("Accept", asked.json))
    mallory.send(here, mallory.activity("Accept", asked.json["id"]))
    stored(here, alice, mallory, "after it")
    assert not alice.get("/api/v1/accounts/relationships", id=[account["id"]])[0]["following"]
    eve.send(here, eve.activity("Accept", asked.json["id"]))
    here.wait_until(lambda: alice.get("/api/v1/accounts/relationships", id=[account["id"]])[0]["following"])
    eve.send(here, eve.activity("Reject", asked.json))
    here.wait_until(lambda: not alice.get("/api/v1/accounts/relationships", id=[account["id"]])[0]["following"])


def test_a_block_cuts_both_ways(here, far, alice, eve):
    account = follow(here, alice, eve)
    eve.send(here, eve.activity("Follow", uri(alice)))
    here.wait_notification(alice, "follow", eve.acct)
    block = eve.activity("Block", uri(alice))
    eve.send(here, block)
    here.wait_until(lambda: alice.get("/api/v1/accounts/relationships", id=[account["id"]])[0]["blocked_by"])
    rel = alice.get("/api/v1/accounts/relationships", id=[account["id"]])[0]
    assert not rel["following"] and not rel["followed_by"]
    eve.send(here, eve.activity("Undo", block))
    here.wait_until(lambda: not alice.get("/api/v1/accounts/relationships", id=[account["id"]])[0]["blocked_by"])


def test_what_is_quicker_than_the_yes_is_not_lost(here, far, alice, eve):
    account = known(alice, eve)
    alice.follow(account["id"])
    asked = far.wait(lambda a: a.json and a.json["type"] == "Follow" and a.json["object"] == eve.id)
    notes = [eve.note("to all"), eve.note("to you who follow", to=[eve.id + "/followers"])]
    notes[1]["cc"] = []
    for note in notes:
        eve.send(here, eve.create(note))
    here.wait_until(lambda: not here.query("SELECT 1 FROM job WHERE kind = 'process_activity' AND state < 2"))
    assert home(alice) == []
    eve.send(here, eve.activity("Accept", asked.json))
    here.wait_until(lambda: sorted(home(alice)) == sorted(n["id"] for n in notes))


# ---- profiles -------------------------------------------------------------------------------------------------------------


def test_a_profile_changes(here, alice, eve):
    account = known(alice, eve)
    doc = eve.doc | {"name": "New \u202ename", "summary": "<p>I <img src=x onerror=alert(1)>am</p>",
                     "attachment": [{"type": "PropertyValue", "name": "site", "value": "<a href='javascript:x'>x</a>"}]}
    eve.send(here, eve.activity("Update", doc, to=[PUBLIC]))
    seen = here.wait_until(lambda: [a for a in [alice.get(f"/api/v1/accounts/{account['id']}")] if a["display_name"].startswith("New")])[0]
    assert "\u202e" not in seen["display_name"] and "<img" not in seen["note"] and "javascript" not in seen["fields"][0]["value"]


def test_an_actor_cannot_describe_another(here, alice, eve, mallory):
    account = known(alice, eve)
    mallory.send(here, mallory.activity("Update", eve.doc | {"name": "owned"}))
    stored(here, alice, mallory, "after it")
    assert alice.get(f"/api/v1/accounts/{account['id']}")["display_name"] == eve.name


def test_a_pin_is_ones_own(here, alice, eve, mallory):
    note, sid = stored(here, alice, eve)
    eve.doc["featured"] = eve.id + "/featured"
    eve.send(here, eve.activity("Update", eve.doc, to=[PUBLIC]))
    stored(here, alice, eve, "after the update")
    eve.send(here, {"@context": CONTEXT, "type": "Add", "actor": eve.id, "object": note["id"], "target": eve.id + "/featured"})
    account = known(alice, eve)
    here.wait_until(lambda: [s["id"] for s in alice.get(f"/api/v1/accounts/{account['id']}/statuses", pinned=True)] == [sid])
    mallory.send(here, mallory.activity("Remove", note["id"], target=eve.id + "/featured"))
    stored(here, alice, mallory, "after it")
    assert alice.get(f"/api/v1/accounts/{account['id']}/statuses", pinned=True)
    eve.send(here, eve.activity("Remove", note["id"], target=eve.id + "/featured"))
    here.wait_until(lambda: not alice.get(f"/api/v1/accounts/{account['id']}/statuses", pinned=True))


# ---- groups and what is passed on -------------------------------------------------------------------------------------------


def test_a_group_passes_on_posts(here, far, alice):
    group, author = far.actor(f"group{next(numbers)}"), far.actor(f"poster{next(numbers)}", host="evil.test")
    group.doc["type"] = "Group"
    follow(here, alice, group)
    page = author.note("<p>text</p>", type="Page", name="A title", attachment=[{"type": "Link", "href": "https://news.example/1"}])
    group.send(here, group.activity("Announce", author.create(page | {"content": "forged"}), to=[PUBLIC], cc=[group.id + "/followers"]))
    found = here.wait_until(lambda: [s for s in alice.get("/api/v1/timelines/home") if s["reblog"]])[0]["reblog"]
    assert found["uri"] == page["id"] and "forged" not in found["content"]
    assert "A title" in found["content"] and "https://news.example/1" in found["content"]


def test_an_answer_in_a_group_goes_to_the_group(here, far, alice):
    group, author = far.actor(f"group{next(numbers)}"), far.actor(f"poster{next(numbers)}", host="evil.test")
    group.doc["type"] = "Group"
    group.doc["endpoints"] = {}
    follow(here, alice, group)
    page = author.note("<p>text</p>", type="Page", name="A title")
    group.send(here, group.activity("Announce", author.create(page), to=[PUBLIC], cc=[group.id + "/followers"]))
    found = here.wait_until(lambda: [s for s in alice.get("/api/v1/timelines/home") if s["reblog"] and s["reblog"]["uri"] == page["id"]])[0]["reblog"]
    post = alice.toot("an answer", in_reply_to_id=found["id"])
    secret = alice.toot("not for the group", in_reply_to_id=found["id"], visibility="private")
    inbox = lambda kind: far.wait(lambda a: a.path == f"/users/{group.name}/inbox" and a.json["type"] == kind).json
    got = inbox("Create")
    assert got["object"]["id"] == post["uri"] and got["cc"] == got["object"]["cc"] == [uri(alice) + "/followers", group.id]
    alice.put(f"/api/v1/statuses/{post['id']}", {"status": "a better answer"})
    assert inbox("Update")["object"]["content"] == "<p>a better answer</p>"
    alice.delete(f"/api/v1/statuses/{secret['id']}")
    alice.delete(f"/api/v1/statuses/{post['id']}")
    gone = inbox("Delete")
    assert gone["object"]["id"] == post["uri"] and gone["cc"] == [uri(alice) + "/followers", group.id]
    assert not [a for a in far.arrived if a.host == group.host and a.json and secret["uri"] in json.dumps(a.json)]


def test_what_others_pass_on_is_fetched(here, far, alice, eve, mallory):
    post = alice.toot("a thread")
    note = eve.note("the real answer", **mention(alice, inReplyTo=post["uri"]))
    mallory.send(here, eve.create(note | {"content": "a forged answer"}))
    told = here.wait_notification(alice, "mention", eve.acct)
    assert told["status"]["content"] == "the real answer" and told["status"]["in_reply_to_id"] == post["id"]
    mallory.send(here, eve.activity("Delete", note["id"]))  # it still lives
    stored(here, alice, mallory, "after it")
    assert alice.get(f"/api/v1/statuses/{told['status']['id']}")
    del far.documents[note["id"]]
    mallory.send(here, eve.activity("Delete", note["id"]))
    here.wait_until(lambda: alice.request("GET", f"/api/v1/statuses/{told['status']['id']}", None) and alice.last.status_code == 404)


# ---- what is passed on ------------------------------------------------------------------------------------------------


def test_a_reply_goes_on_to_who_follows_the_thread(here, far, alice, eve):
    carol = far.actor(f"carol{next(numbers)}", host="evil.test")
    carol.send(here, carol.activity("Follow", uri(alice)))
    far.wait(lambda a: a.host == carol.host and a.json and a.json["type"] == "Accept" and a.json["object"]["actor"] == carol.id)
    post = alice.post("/api/v1/statuses", data={"status": "a thread"})
    reply = eve.note("an answer", inReplyTo=post["uri"])
    body = json.dumps(eve.create(reply) | {"signature": {"type": "RsaSignature2017", "signatureValue": "x"}}, indent=1).encode()
    eve.send(here, body)
    got = far.wait(lambda a: a.host == carol.host and a.json and a.json.get("actor") == eve.id)
    assert got.body == body  # byte by byte, or its signature is worth nothing
    assert f'keyId="{uri(alice)}#' in got.headers["Signature"]
    assert not [a for a in far.arrived if a.host == eve.host and a.body == body]  # never back to where it came from

"""Accounts that move: to another server, from one, on one server; who is taken along, and what is refused."""
import pytest
from forms import Browser
from pair import Pair, settle
from test_two_servers import find, follow, relation

MOVE, ALIASES = "/api/v1/profile/move", "/api/v1/profile/aliases"


@pytest.fixture(scope="module")
def towns(tmp_path_factory, new_database):
    """a.test: where the fans are; b.test: the old home; c.test: the new one."""
    names = ("a.test", "b.test", "c.test")
    with Pair(tmp_path_factory.mktemp("towns"), names, [new_database() for _ in names]) as servers:
        yield servers


def notes(api, account_id):
    return relation(api, account_id)["note"]


def move(old, new, expect=200, **more):
    return old.post(MOVE, {"acct": new.acct, "password": old.password, **more}, expect=expect)


def test_followers_here_and_there_go_along_with_all_they_had(towns):
    a, b, c = towns
    fan, foe, quiet, neighbour, old, new = a.user(), a.user(), a.user(), b.user(), b.user(), c.user()
    was = follow(a, fan, old)
    neighbour.follow(old.id)
    box = fan.post("/api/v1/lists", {"title": "friends"})["id"]
    fan.post(f"/api/v1/lists/{box}/accounts", {"account_ids": [was]})
    fan.post(f"/api/v1/accounts/{was}/note", {"comment": "likes rivers"})
    fan.post(f"/api/v1/accounts/{was}/follow", {"notify": True, "reblogs": False})
    foe.post(f"/api/v1/accounts/{find(foe, old.acct)}/block")
    quiet.post(f"/api/v1/accounts/{find(quiet, old.acct)}/mute", {"notifications": False})
    settle(a, b, c)

    alias = new.post(ALIASES, {"acct": "@" + old.acct})
    assert alias["account"]["acct"] == old.acct and alias["uri"].startswith("https://b.test/")
    assert new.get(ALIASES) == [alias] and new.post(ALIASES, {"acct": old.acct}) == alias, "twice is once"
    state = move(old, new)
    assert state["moved"]["acct"] == new.acct and state["next_move_at"] is not None
    assert old.get(MOVE) == state

    to = find(fan, new.acct)
    a.wait_until(lambda: relation(fan, to)["following"] and not relation(fan, was)["following"])
    b.wait_until(lambda: relation(neighbour, find(neighbour, new.acct))["following"])
    settle(a, b, c)
    now = relation(fan, to)
    assert now["notifying"] and not now["showing_reblogs"] and "likes rivers" in now["note"] and old.acct in now["note"]
    assert [m["acct"] for m in fan.get(f"/api/v1/lists/{box}/accounts")] == [new.acct]
    blocked, muted = relation(foe, find(foe, new.acct)), relation(quiet, find(quiet, new.acct))
    assert blocked["blocking"] and old.acct in blocked["note"]
    assert muted["muting"] and not muted["muting_notifications"] and old.acct in muted["note"]
    assert {f["acct"] for f in new.get(f"/api/v1/accounts/{new.id}/followers")} == {fan.acct, neighbour.acct}
    assert old.get(f"/api/v1/accounts/{old.id}/followers") == []
    assert fan.get(f"/api/v1/accounts/{was}")["moved"]["acct"] == new.acct
    document = b.api().get(f"/ap/users/{old.id}", headers={"Accept": "application/activity+json"})
    assert document["movedTo"] == state["moved"]["uri"]
    assert c.api().get(f"/ap/users/{new.id}", headers={"Accept": "application/activity+json"})["alsoKnownAs"] == [alias["uri"]]
    post = new.toot("I live here now", visibility="private")
    a.wait_until(lambda: [s for s in fan.home() if s["uri"] == post["uri"]])
    assert not [line for line in a.log.lines if "sync.differs" in line], "both sides know the same followers"


def test_nobody_is_lost_when_the_new_account_is_locked(towns):
    a, b, c = towns
    fan, other, old, new = a.user(), a.user(), b.user(), c.user()
    was = follow(a, fan, old)
    follow(a, other, old)
    new.patch("/api/v1/accounts/update_credentials", {"locked": True})
    new.post(ALIASES, {"acct": old.acct})
    move(old, new)
    c.wait_until(lambda: len(new.get("/api/v1/follow_requests")) == 2)
    settle(a, b, c)
    to = find(fan, new.acct)
    assert relation(fan, to)["requested"] and relation(fan, was)["following"]
    asked = {r["acct"]: r["id"] for r in new.get("/api/v1/follow_requests")}
    new.post(f"/api/v1/follow_requests/{asked[fan.acct]}/authorize")
    new.post(f"/api/v1/follow_requests/{asked[other.acct]}/reject")
    a.wait_until(lambda: relation(fan, to)["following"] and not relation(fan, was)["following"])
    settle(a, b, c)
    assert relation(other, was)["following"] and not relation(other, to)["following"]


def test_a_moved_account_points_on_and_speaks_no_more_until_it_comes_back(towns):
    a, b, c = towns
    fan, old, new, reader = b.user(), b.user(), b.user(), a.user()
    there = follow(a, reader, old)
    find(reader, new.acct)
    post = fan.toot("hello")["id"]
    poll = fan.toot("which?", poll={"options": ["x", "y"], "expires_in": 600})["poll"]["id"]
    old.post(f"/api/v1/statuses/{post}/favourite")
    state = old.post(MOVE, {"acct": new.name, "password": old.password, "redirect_only": True})
    assert state["moved"]["id"] == new.id and state["next_move_at"] is None, "who only points on may move later"
    for path, body in [("/api/v1/statuses", {"status": "x"}), (f"/api/v1/statuses/{post}/favourite", None), (f"/api/v1/statuses/{post}/reblog", None),
                       (f"/api/v1/accounts/{fan.id}/follow", None), (f"/api/v1/polls/{poll}/votes", {"choices": [0]})]:
        assert old.post(path, body, expect=403)["error"]
    old.put(f"/api/v1/statuses/{post}/reactions/👍", expect=403)
    fan.post(f"/api/v1/accounts/{old.id}/follow", expect=403)
    old.get("/api/v1/timelines/home"), old.post(f"/api/v1/statuses/{post}/unfavourite"), old.post(f"/api/v1/statuses/{post}/bookmark")
    assert old.id not in [x["id"] for x in fan.get("/api/v1/directory", local=True, limit=80)]
    a.wait_until(lambda: a.api().get(f"/api/v1/accounts/{there}").get("moved"))
    assert a.api().get(f"/api/v1/accounts/{there}")["moved"]["acct"] == new.acct and relation(reader, there)["following"]
    assert old.delete(MOVE) == {"moved": None, "next_move_at": None}
    old.toot("here again"), fan.follow(old.id)
    a.wait_until(lambda: not a.api().get(f"/api/v1/accounts/{there}").get("moved"))


def test_moves_on_one_server_and_their_pause(towns):
    _, b, _ = towns
    fan, old, new, third = b.user(), b.user(), b.user(), b.user()
    fan.follow(old.id)
    assert "alias" in move(old, new, expect=422)["error"]
    new.post(ALIASES, {"acct": old.name}), third.post(ALIASES, {"acct": old.name})
    old.post(MOVE, {"acct": new.acct, "password": "wrong"}, expect=403)
    move(old, old, expect=422), old.post(MOVE, {"acct": "nobody", "password": old.password}, expect=422)
    old.post(MOVE, {"password": old.password}, expect=422), old.post(MOVE, {"acct": "two words", "password": old.password}, expect=422)
    move(old, new)
    b.wait_until(lambda: relation(fan, new.id)["following"])
    assert not relation(fan, old.id)["following"] and [n["type"] for n in new.notifications()] == ["follow"]
    old.post(ALIASES, {"acct": new.name})
    assert "moved" in move(new, old, expect=422)["error"], "no ring"
    old.delete(MOVE)
    assert "30" in move(old, third, expect=422)["error"]
    assert old.delete(ALIASES, json={"uri": old.get(ALIASES)[0]["uri"]}) == {} and old.get(ALIASES) == []
    old.delete(ALIASES, json={"uri": "https://b.test/x"}, expect=404), old.delete(ALIASES, expect=422)
    old.post(ALIASES, {"acct": old.name}, expect=422), old.post(ALIASES, {"acct": "x@nowhere.test"}, expect=422)
    b.api().get(ALIASES, expect=401), b.api().post(MOVE, {"acct": "x", "password": "y"}, expect=401)
    reader = b.api(b.token(old.name, "read"))
    assert reader.get(ALIASES) == []
    reader.post(ALIASES, {"acct": new.name}, expect=403), reader.post(MOVE, {}, expect=403), reader.delete(MOVE, expect=403)


def test_aliases_have_a_limit(towns):
    _, b, _ = towns
    me = b.user()
    for name in [b.user().name for _ in range(10)]:
        me.post(ALIASES, {"acct": name})
    assert "10" in me.post(ALIASES, {"acct": b.user().name}, expect=422)["error"]


# --- what others send -------------------------------------------------------------------------------------------------------------


HOSTS = ["old.test", "new.test", "evil.test"]


names = iter(f"p{n}" for n in range(1, 1000))


def known(api, actor):
    return api.find(actor.acct)["id"]


def followed(here, api, actor):
    there = known(api, actor)
    api.follow(there)
    asked = actor.remote.wait(lambda x: x.json and x.json["type"] == "Follow" and x.json["object"] == actor.id)
    actor.send(here, actor.activity("Accept", asked.json))
    here.wait_until(lambda: relation(api, there)["following"])
    return there


def people(far, aka=True):
    old, new = far.actor(next(names), "old.test"), far.actor(next(names), "new.test")
    if aka:
        new.doc["alsoKnownAs"] = [old.id]
    return old, new


def asked_to_follow(far, actor):
    return [x for x in far.got("Follow") if x.json["object"] == actor.id]


def after(here, api, actor):
    """Whatever the actor sent before has been worked on: a post of it has arrived."""
    note = actor.note("marker")
    actor.send(here, actor.create(note))
    here.wait_until(lambda: note["id"] in [s["uri"] for s in api.get("/api/v1/timelines/home")])
    settle(here)


def test_what_is_not_proven_moves_nobody(here, far):
    fan = here.user()
    old, new = people(far, aka=False)
    there = followed(here, fan, old)
    moved, gone = far.actor(next(names), "new.test"), far.actor(next(names), "new.test")
    moved.doc |= {"alsoKnownAs": [old.id], "movedTo": new.id}
    gone.doc |= {"alsoKnownAs": [old.id], "suspended": True}
    mallory = far.actor(next(names), "evil.test")
    for by, activity in [
        (old, old.activity("Move", old.id, target=new.id)),  # the new one does not know it
        (old, old.activity("Move", old.id, target=old.id)),
        (old, old.activity("Move", old.id)),
        (old, old.activity("Move", old.id, target="http://new.test/users/nobody")),
        (old, old.activity("Move", old.id, target=moved.id)),  # a chain
        (old, old.activity("Move", old.id, target=gone.id)),
        (mallory, mallory.activity("Move", old.id, target=mallory.id)),  # of somebody else
        (mallory, old.activity("Move", old.id, target=new.id)),  # in somebody else's name
    ]:
        by.send(here, activity)
    after(here, fan, old)
    assert relation(fan, there)["following"] and not fan.get(f"/api/v1/accounts/{there}").get("moved")
    assert not any(asked_to_follow(far, x) for x in (new, moved, gone, mallory))

    # The same Move counts as soon as the new account says so: what failed did not begin a pause.
    new.doc["alsoKnownAs"] = [old.id]
    old.send(here, old.activity("Move", old.id, target=new.id))
    asked = far.wait(lambda x: x.json and x.json["type"] == "Follow" and x.json["object"] == new.id)
    assert relation(fan, there)["following"], "until it is granted"
    new.send(here, new.activity("Accept", asked.json))
    undone = far.wait_kind("Undo", actor=asked.json["actor"])
    assert undone.json["object"]["object"] == old.id
    settle(here)
    assert not relation(fan, there)["following"]


def test_one_move_in_seven_days(here, far):
    fan = here.user()
    old, new = people(far)
    followed(here, fan, old)
    third = far.actor(next(names), "new.test")
    third.doc["alsoKnownAs"] = [old.id]
    old.send(here, old.activity("Move", old.id, target=new.id))
    far.wait(lambda x: x.json and x.json["type"] == "Follow" and x.json["object"] == new.id)
    old.send(here, old.activity("Move", old.id, target=third.id))
    after(here, fan, old)
    assert not asked_to_follow(far, third)
    assert len(asked_to_follow(far, new)) == 1


def test_somebody_from_elsewhere_moves_here(here, far):
    fan, new = here.user(), here.user()
    new.patch("/api/v1/accounts/update_credentials", {"locked": True})
    old, _ = people(far)
    there = followed(here, fan, old)
    new.post(ALIASES, {"acct": old.acct})
    old.send(here, old.activity("Move", old.id, target=f"{here.url}/ap/users/{new.id}"))
    here.wait_until(lambda: relation(fan, new.id)["following"])
    settle(here)
    assert not relation(fan, there)["following"], "the alias says that it is the same person: nobody has to ask again"


def test_the_page_of_settings_does_the_same(here):
    old, new = here.user(), here.user()

    def page(user):
        browser = Browser(here.api())
        browser.open("/auth/sign_in")
        browser.log_in(user)
        browser.open("/settings/moving")
        return browser

    browser = page(new)
    browser.press("^Add$", acct="nobody_there", expect=422)
    assert "could not be found" in browser.page
    browser.press("^Add$", acct=old.acct)
    assert old.acct in browser.page and len(new.get(ALIASES)) == 1
    browser = page(old)
    browser.press("Move with", acct=new.acct, current_password="wrong", expect=403)
    assert old.get(MOVE)["moved"] is None
    browser.press("Move with", acct=new.acct, current_password=old.password)
    assert new.acct in browser.page and old.get(MOVE)["moved"]["id"] == new.id
    browser.press("Use this account")
    assert old.get(MOVE)["moved"] is None and "30 days" in browser.page
    browser = page(new)
    browser.press("Remove")
    assert new.get(ALIASES) == []

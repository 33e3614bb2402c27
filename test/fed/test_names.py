"""Names: handles in another domain than the server, names that change, names that two want, and pages elsewhere that send people here."""
import itertools

import pytest
from forms import Browser
from remote import AP, PUBLIC
from server import Server
from test_follower_sync import followed, follows, uri
from test_two_servers import relation


HOSTS = ["peer.test", "w.split.test", "split.test"]


@pytest.fixture(scope="module")
def here(tmp_path_factory, new_database, far):
    """https://w.home.test in spirit: the server is web.home.test, its handles are in home.test."""
    with Server(tmp_path_factory.mktemp("here"), database=new_database(), url="http://web.home.test", handle_domain="home.test", **far.keys()) as s:
        yield s


numbers = itertools.count(1)


def webfinger(here, resource, expect=200):
    return here.api().get("/.well-known/webfinger", resource=resource, expect=expect)


def self_of(jrd):
    return [x["href"] for x in jrd["links"] if x["rel"] == "self"]


# --- a domain of its own for handles ----------------------------------------------------------------------------------------------


def test_both_domains_lead_to_the_handle_of_ours(here, far, eve):
    alice = here.user()
    for resource in (f"acct:{alice.name}@home.test", f"acct:{alice.name}@web.home.test", f"{alice.name}@HOME.test", uri(here, alice)):
        found = webfinger(here, resource)
        assert found["subject"] == f"acct:{alice.name}@home.test" and self_of(found) == [uri(here, alice)]
    webfinger(here, f"acct:{alice.name}@other.test", expect=404)
    doc = here.api().get(f"/ap/users/{alice.id}", headers={"Accept": AP})
    assert doc["webfinger"] == f"{alice.name}@home.test" and doc["url"].startswith("http://web.home.test/@")
    for acct in (f"{alice.name}@home.test", f"{alice.name}@web.home.test", alice.name):
        assert alice.lookup(acct)["id"] == alice.id
    follows(here, eve, alice)
    bob = here.user()
    post = bob.toot(f"@{alice.name}@home.test and @{eve.acct}")
    got = far.wait(lambda a: a.json["type"] == "Create" and a.json["object"]["id"] == post["uri"])
    assert f"@{alice.name}@home.test" in [t["name"] for t in got.json["object"]["tag"]]


def test_a_redirect_from_the_domain_of_handles_is_followed(here, far):
    alice = here.user()
    sue = far.actor(f"sue{next(numbers)}", host="w.split.test")
    named = f"{sue.name}@split.test"
    jrd = {"subject": f"acct:{named}", "links": [{"rel": "self", "type": AP, "href": sue.id}]}
    query = f"/.well-known/webfinger?resource=acct%3A{named.replace('@', '%40')}"
    far.answer("http://split.test" + query, (301, {"Location": "http://w.split.test" + query}, b""))
    far.answer("http://w.split.test" + query, jrd)
    far.answer(f"http://w.split.test/.well-known/webfinger?resource=acct%3A{sue.name}%40w.split.test", jrd)
    for q in (named, sue.acct, sue.id):
        assert alice.find(q)["acct"] == named


# --- names that change ------------------------------------------------------------------------------------------------------------


def test_an_actor_that_changes_its_name_stays_the_same(here, far, eve):
    alice = here.user()
    there = followed(here, alice, eve)
    old, eve.name = eve.acct, f"renamed{next(numbers)}"
    eve.acct = f"{eve.name}@{eve.host}"
    eve.doc |= {"preferredUsername": eve.name, "url": f"{eve.origin}/@{eve.name}"}
    eve.send(here, eve.activity("Update", eve.doc, to=[PUBLIC]))
    here.wait_until(lambda: alice.get(f"/api/v1/accounts/{there}")["acct"] == eve.acct)
    assert alice.get("/api/v1/accounts/relationships", id=[there])[0]["following"]
    alice.get("/api/v1/accounts/lookup", acct=old, expect=404)


def test_of_two_who_want_a_name_the_one_has_it_whom_the_server_names(here, far, eve):
    alice = here.user()
    there = followed(here, alice, eve)
    other = far.actor(f"other{next(numbers)}")
    other.doc["preferredUsername"] = eve.name
    note = other.note("hello", cc=[uri(here, alice)], tag=[{"type": "Mention", "href": uri(here, alice)}])
    other.send(here, other.create(note))
    here.wait_until(lambda: [n for n in alice.notifications(include_filtered=True) if n["type"] == "mention"])
    seen = [n for n in alice.notifications(include_filtered=True) if n["type"] == "mention"][0]["account"]["acct"]
    assert seen != eve.acct and alice.get(f"/api/v1/accounts/{there}")["acct"] == eve.acct


def test_the_operator_gives_somebody_another_name(here, far, eve):
    alice, bob = here.user(), here.user()
    follows(here, eve, alice)
    old, new = alice.name, f"new{next(numbers)}"
    post = alice.toot("under the old name")
    here.cli("user", "rename", old, new)
    assert alice.get("/api/v1/accounts/verify_credentials")["username"] == new
    here.shift_clock(seconds=6)
    told = far.wait(lambda a: a.json["type"] == "Update" and a.json["actor"] == uri(here, alice))
    assert (told.json["object"]["preferredUsername"], told.json["object"]["webfinger"]) == (new, f"{new}@home.test")
    found = webfinger(here, f"acct:{old}@home.test")
    assert found["subject"] == f"acct:{new}@home.test" and self_of(found) == [uri(here, alice)]
    api = here.api()
    for path, to in ((f"/@{old}", f"/@{new}"), (f"/@{old}/media", f"/@{new}/media"), (f"/@{old}/{post['id']}", f"/@{new}/{post['id']}")):
        api.get(path, expect=(301, 302), headers={"Accept": "text/html"})
        assert api.last.headers["Location"].endswith(to)
    assert alice.get(f"/api/v1/statuses/{post['id']}")["url"].endswith(f"/@{new}/{post['id']}")
    for bad in (old, new, "no spaces"):
        with pytest.raises(AssertionError):
            here.cli("user", "rename", bob.name, bad)
    assert bob.get("/api/v1/accounts/verify_credentials")["username"] == bob.name
    with pytest.raises(AssertionError):
        here.cli("user", "create", old, "--email", "x@mail.test")
    here.cli("user", "rename", new, old)  # back
    assert webfinger(here, f"acct:{new}@home.test")["subject"] == f"acct:{old}@home.test"
    here.cli("user", "delete", old, "--yes")
    for gone in (old, new):
        here.wait_until(lambda: here.query("SELECT count(*) FROM reserved_name WHERE username_fold = ?", gone)[0][0])


# --- pages elsewhere --------------------------------------------------------------------------------------------------------------


def test_a_page_elsewhere_sends_people_here_to_act(here, far, eve):
    alice = here.user()
    links = {x["rel"]: x["template"] for x in webfinger(here, f"acct:{alice.name}@home.test")["links"] if "template" in x}
    assert links["https://w3id.org/fep/3b86/Create"] == "http://web.home.test/share?text={content}"
    assert links["http://ostatus.org/schema/1.0/subscribe"] == "http://web.home.test/authorize_interaction?uri={uri}"
    browser = Browser(here.api())
    browser.open("/auth/sign_in")
    browser.log_in(alice)
    there = alice.find(eve.acct)["id"]
    for spelled in (f"acct:{eve.acct}", eve.id, "%40" + eve.acct):
        browser.open("/authorize_interaction?uri=" + spelled)
        assert eve.acct in browser.page and not relation(alice, there)["requested"], "nothing happens by looking"
    browser.press("follow")
    assert relation(alice, there)["requested"] and 'value="follow"' not in browser.page
    note = eve.note("<p>boost <b>me</b></p>")
    browser.open("/authorize_interaction?uri=" + note["id"])
    assert "boost me" in browser.page
    browser.press("favourite")
    far.wait_kind("Like", object=note["id"])
    browser.press("reblog")
    far.wait_kind("Announce", object=note["id"])
    for wrong in ("", "http://peer.test/nothing", "two words", "acct:nobody@peer.test"):
        browser.open("/authorize_interaction?uri=" + wrong.replace(" ", "%20"), expect=404)
    private = here.user().toot("psst", visibility="private")
    browser.open("/authorize_interaction?uri=" + private["uri"], expect=404)
    stranger = here.api()
    stranger.get("/authorize_interaction", uri=eve.id, expect=302)
    assert "/auth/sign_in?return_to=" in stranger.last.headers["Location"]
    stranger.post("/authorize_interaction", expect=(302, 401, 403), data={"uri": eve.id, "act": "follow"})


def test_a_visitor_is_sent_to_their_own_server_to_follow(here, far, eve):
    alice, browser = here.user(), Browser(here.api())
    browser.open(f"/@{alice.name}")
    assert f'href="/remote_follow/@{alice.name}"' in browser.page
    browser.open(f"/remote_follow/@{alice.name}")
    for wrong, said in (("two words", "no address like"), (alice.name, "no address like"), ("@" + alice.name, "no address like"), ("@x@nowhere.invalid", "does not say"), ("@" + eve.acct, "does not say")):
        browser.press("go on", expect=422, handle=wrong)
        assert said in browser.page and "Refresh" not in browser.api.last.headers, wrong
    browser.press("go on", handle=f"@{here.user().name}@home.test")
    refresh = browser.api.last.headers["Refresh"]
    assert refresh.startswith("0; url=http://web.home.test/authorize_interaction?uri=http") and "no-referrer" in browser.api.last.headers["Referrer-Policy"]
    browser.open("/remote_follow/@nobody", expect=404)
    browser.open("/remote_follow/@" + eve.acct, expect=404)
    here.api().post(f"/remote_follow/@{alice.name}", data={"handle": "@x@y.test"}, expect=403)  # no proof that the form is ours


def test_who_may_be_found_by_words_is_said_and_read(here, far, eve):
    alice = here.user()
    follows(here, eve, alice)
    me = uri(here, alice)
    assert here.api().get(f"/ap/users/{alice.id}", headers={"Accept": AP})["searchableBy"] == [me]
    alice.patch("/api/v1/accounts/update_credentials", {"indexable": True})
    assert here.api().get(f"/ap/users/{alice.id}", headers={"Accept": AP})["searchableBy"] == [PUBLIC]
    for visibility, who in (("public", [PUBLIC]), ("unlisted", [me])):
        post = alice.toot(f"so {visibility}", visibility=visibility)
        assert far.wait(lambda a: a.json["type"] == "Create" and a.json["object"]["id"] == post["uri"]).json["object"]["searchableBy"] == who
    for said, wanted in (({"searchableBy": [PUBLIC]}, True), ({"searchableBy": [eve.id]}, False), ({"searchableBy": PUBLIC, "indexable": False}, False)):
        other = far.actor(f"s{next(numbers)}")
        other.doc |= said
        alice.get("/api/v2/search", q=other.acct, resolve=True, type="accounts")
        assert (str(here.query("SELECT indexable FROM account WHERE uri = ?", other.id)[0][0]) in ("1", "t")) == wanted, said

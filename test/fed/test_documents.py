"""The documents that other servers read: shapes, headers, who may see what, and answers that tell nothing."""
import pytest
import requests
from remote import PUBLIC, Remote
from timing import PATIENCE

AP = "application/activity+json"


@pytest.fixture
def remote():
    with Remote(["peer.test"]) as r:
        yield r


@pytest.fixture
def here(own_server, remote):
    return own_server(**remote.keys())


def ask(server, path, signer=None, method="GET", **headers):
    """One request without following redirects; the path may be one of our URLs."""
    path = path.removeprefix(server.url)
    if signer:
        headers = signer.sign(method, server.url + path) | headers
    return requests.request(method, server.base + path, headers={"Host": server.host, "Accept": AP} | headers, allow_redirects=False, timeout=PATIENCE)


def uri(api):
    return api.get("/api/v1/accounts/verify_credentials")["uri"]


def vary(r):
    return {v.strip() for v in r.headers["Vary"].split(",")}


def test_actor(server, alice):
    alice.patch("/api/v1/accounts/update_credentials", {"display_name": "Al <ice>", "note": "likes #rivers", "locked": True,
                "fields_attributes": {"0": {"name": "Site", "value": "https://alice.test"}}})
    r = ask(server, uri(alice))
    doc = r.json()
    assert r.headers["Content-Type"] == AP + "; charset=utf-8" and r.headers["Cache-Control"] == "public, max-age=180" and vary(r) == {"Accept"}
    assert r.headers["Access-Control-Allow-Origin"] == "*" and r.headers["X-Content-Type-Options"] == "nosniff"
    assert doc["id"] == uri(alice) and doc["type"] == "Person" and doc["preferredUsername"] == alice.name and doc["name"] == "Al <ice>"
    assert doc["webfinger"] == f"{alice.name}@{server.host}" and doc["url"] == f"{server.url}/@{alice.name}"
    assert doc["manuallyApprovesFollowers"] is True and doc["published"].endswith("T00:00:00Z")
    assert doc["attachment"][0]["type"] == "PropertyValue" and "https://alice.test" in doc["attachment"][0]["value"]
    assert doc["publicKey"]["owner"] == doc["id"] and doc["publicKey"]["publicKeyPem"].startswith("-----BEGIN PUBLIC KEY-----\n")
    assert doc["assertionMethod"][0]["controller"] == doc["id"] and doc["endpoints"]["sharedInbox"] == server.url + "/inbox"
    for name in ("inbox", "outbox", "followers", "following", "featured", "featuredTags"):
        assert doc[name].startswith(doc["id"] + "/")


def test_negotiation(server, alice):
    post = alice.toot("hello")
    for url, page in ((uri(alice), f"{server.url}/@{alice.name}"), (post["uri"], post["url"])):
        for accept in (AP, "application/ld+json", 'application/ld+json; profile="https://www.w3.org/ns/activitystreams"', "*/*", "junk;;q=,", "application/json"):
            r = ask(server, url, Accept=accept)
            assert (r.status_code, r.headers["Content-Type"].split(";")[0]) == (200, AP), accept
        for accept in ("text/html", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", f"text/html, {AP};q=0.5"):
            r = ask(server, url, Accept=accept)
            assert (r.status_code, r.headers["Location"]) == (302, page) and "Accept" in vary(r), accept


def test_etag_and_head(server, alice):
    r = ask(server, uri(alice))
    again = ask(server, uri(alice), **{"If-None-Match": r.headers["ETag"]})
    assert again.status_code == 304 and not again.content
    head = ask(server, uri(alice), method="HEAD")
    assert head.status_code == 200 and not head.content and head.headers["ETag"] == r.headers["ETag"]


def test_note_and_activity(server, alice, bob):
    post = alice.toot(f"@{bob.name} #Rivers are low")
    note = ask(server, post["uri"]).json()
    assert note["type"] == "Note" and note["attributedTo"] == uri(alice) and note["content"] == post["content"]
    assert note["to"] == [PUBLIC] and note["cc"] == [uri(alice) + "/followers", uri(bob)]
    assert {t["type"] for t in note["tag"]} == {"Mention", "Hashtag"} and note["inReplyTo"] is None and note["attachment"] == []
    assert note["likes"]["totalItems"] == 0 and note["replies"]["type"] == "Collection"
    create = ask(server, post["uri"] + "/activity").json()
    assert create["type"] == "Create" and create["id"] == post["uri"] + "/activity" and create["object"] == {k: v for k, v in note.items() if k != "@context"}
    bob.post(f"/api/v1/statuses/{post['id']}/favourite")
    assert ask(server, note["likes"]["id"]).json()["totalItems"] == 1
    boost = bob.post(f"/api/v1/statuses/{post['id']}/reblog")
    assert ask(server, note["shares"]["id"]).json()["totalItems"] == 1
    announce = ask(server, boost["uri"]).json()
    assert announce["type"] == "Announce" and announce["object"] == post["uri"] and announce["id"] == boost["uri"]


def test_replies_and_context(server, alice, bob):
    post = alice.toot("first")
    own = alice.toot("second", in_reply_to_id=post["id"])
    other = bob.toot("third", in_reply_to_id=post["id"])
    alice.toot("hidden", in_reply_to_id=post["id"], visibility="private")
    note = ask(server, post["uri"]).json()
    page = ask(server, ask(server, note["replies"]["id"]).json()["first"]).json()
    assert page["type"] == "CollectionPage" and page["items"] == [own["uri"]]
    assert ask(server, page["next"]).json()["items"] == [other["uri"]]
    assert ask(server, own["uri"]).json()["inReplyTo"] == post["uri"]
    context = ask(server, note["context"]).json()
    assert context["attributedTo"] == uri(alice)
    assert ask(server, context["first"]).json()["orderedItems"] == [post["uri"], own["uri"], other["uri"]]


def test_outbox_pages(server, alice, bob):
    posts = [alice.toot(f"post {i}")["uri"] for i in range(45)]
    alice.toot("hidden", visibility="private")
    alice.toot(f"@{bob.name} hidden", visibility="direct")
    root = ask(server, uri(alice) + "/outbox").json()
    seen, url = [], root["first"]
    while url:
        r = ask(server, url)
        page = r.json()
        assert r.headers["Cache-Control"] == "public, max-age=60" and "Signature" in vary(r) and page["partOf"] == root["id"]
        assert len(page["orderedItems"]) <= 20 and all(i["type"] == "Create" for i in page["orderedItems"])
        seen += [i["object"]["id"] for i in page["orderedItems"]]
        url = page.get("next")
    assert seen == posts[::-1]
    last = ask(server, root["last"]).json()["orderedItems"]
    assert [i["object"]["id"] for i in last] == posts[:20][::-1]
    assert ask(server, uri(alice) + "/outbox?page=9999999999999&max_id=1").json()["orderedItems"] == []
    assert ask(server, uri(alice) + "/outbox?page=true&max_id=junk&other=%22").status_code == 200


def test_followers_and_hidden_network(server, alice, bob, carol):
    bob.follow(alice), carol.follow(alice)
    root = ask(server, uri(alice) + "/followers").json()
    assert root["totalItems"] == 2
    assert set(ask(server, root["first"]).json()["orderedItems"]) == {uri(bob), uri(carol)}
    assert ask(server, ask(server, uri(bob) + "/following").json()["first"]).json()["orderedItems"] == [uri(alice)]
    alice.patch("/api/v1/accounts/update_credentials", {"hide_collections": True})
    root = ask(server, uri(alice) + "/followers").json()
    assert root["totalItems"] == 2 and "first" not in root
    assert ask(server, uri(alice) + "/followers?page=true").status_code == 403


def test_featured(server, alice):
    post = alice.toot("pin me")
    alice.post(f"/api/v1/statuses/{post['id']}/pin")
    featured = ask(server, uri(alice) + "/collections/featured").json()
    assert [i["id"] for i in featured["orderedItems"]] == [post["uri"]] and featured["orderedItems"][0]["content"] == post["content"]
    assert ask(server, uri(alice) + "/collections/tags").json()["items"] == []


def test_unknown_and_invisible_are_the_same_404(server, alice, bob):
    hidden = alice.toot("for followers", visibility="private")["uri"]
    direct = alice.toot(f"@{bob.name} psst", visibility="direct")["uri"]
    foreign = bob.toot("not hers")["uri"].rsplit("/", 1)[1]
    urls = [uri(alice) + "/statuses/123456", hidden, direct, hidden + "/activity", hidden + "/replies", hidden + "/likes", uri(alice) + "/statuses/" + foreign]

    def shape(r):
        return r.status_code, r.content, {k: v for k, v in r.headers.items() if k not in ("Date", "X-Request-Id")}

    for accept in (AP, "text/html"):
        answers = [shape(ask(server, u, Accept=accept)) for u in urls]
        assert answers[0][0] == 404 and all(a == answers[0] for a in answers)


def test_webfinger(server, alice):
    def finger(resource, **kw):
        return ask(server, "/.well-known/webfinger?" + "&".join(f"{k}={v}" for k, v in ({"resource": resource} | kw).items()))

    r = finger(f"acct:{alice.name}@{server.host}")
    assert r.headers["Content-Type"].startswith("application/jrd+json") and r.headers["Cache-Control"] == "public, max-age=259200"
    assert r.headers["Access-Control-Allow-Origin"] == "*"
    assert r.json()["subject"] == f"acct:{alice.name}@{server.host}"
    assert [link["href"] for link in r.json()["links"] if link["rel"] == "self"] == [uri(alice)]
    for other in (f"acct:{alice.name.upper()}@{server.host.upper()}", f"{alice.name}@{server.host}", uri(alice), f"{server.url}/@{alice.name}",
                  f"acct%3A{alice.name}%40{server.host}"):
        assert finger(other).json() == r.json(), other
    for site in (server.url, server.url + "/", f"acct:{server.host}@{server.host}"):
        assert server.url + "/actor" in [link.get("href") for link in finger(site).json()["links"]]
    for resource, status in (("acct:nobody@" + server.host, 404), (f"acct:{alice.name}@elsewhere.test", 404), ("http://elsewhere.test/@x", 404), ("", 400)):
        bad = finger(resource)
        assert bad.status_code == status and bad.headers["Cache-Control"] == "public, max-age=180", resource


def test_host_meta_and_nodeinfo(server, alice):
    alice.toot("counted")
    assert f'template="{server.url}/.well-known/webfinger?resource={{uri}}"' in ask(server, "/.well-known/host-meta").text
    assert ask(server, "/.well-known/host-meta.json").json()["links"][0]["template"].endswith("resource={uri}")
    links = {link["rel"].rsplit("/", 1)[1]: link["href"] for link in ask(server, "/.well-known/nodeinfo").json()["links"]}
    for version in ("2.0", "2.1"):
        r = ask(server, links[version])
        info = r.json()
        assert info["version"] == version and info["software"]["name"] == "dassie" and info["protocols"] == ["activitypub"]
        assert r.headers["Cache-Control"] == "public, max-age=1800" and f"schema/{version}#" in r.headers["Content-Type"]
    assert ask(server, "/nodeinfo/9.9").status_code == 404


def test_site_actor(server):
    doc = ask(server, "/actor").json()
    assert doc["type"] == "Application" and doc["publicKey"]["owner"] == doc["id"] == server.url + "/actor"
    assert ask(server, doc["outbox"]).json()["orderedItems"] == []
    assert ask(server, "/actor", Accept="text/html").status_code == 200


def test_signed_reader_sees_what_is_for_it(here, remote):
    alice, eve, ada = here.user("alice"), remote.actor("eve"), remote.actor("ada")
    eve.send(here, eve.activity("Follow", uri(alice)))
    remote.wait_kind("Accept")
    private = alice.toot("for followers", visibility="private")["uri"]
    direct = alice.toot(f"psst @{ada.acct}", visibility="direct")["uri"]
    for url, may in ((private, eve), (direct, ada)):
        for who in (eve, ada, None):
            r = ask(here, url, signer=who)
            assert r.status_code == (200 if who is may else 404)
            assert r.headers["Cache-Control"] == "private, no-store"
    public = alice.toot("for all")["uri"]
    assert ask(here, public).headers["Cache-Control"] == "public, max-age=180"
    assert ask(here, public, signer=eve).headers["Cache-Control"] == "private, no-store", "no cache may keep what a signer got"
    assert ask(here, private, signer=eve, Signature='keyId="http://peer.test/users/eve#main-key",headers="date",signature="AAAA"').status_code == 404


def test_blocked_reader_sees_nothing(here, remote):
    alice, eve = here.user("alice"), remote.actor("eve")
    post = alice.toot("for all but one")
    alice.post(f"/api/v1/statuses/{post['id']}/pin")
    found = alice.find("@" + eve.acct)
    assert ask(here, post["uri"], signer=eve).status_code == 200
    alice.post(f"/api/v1/accounts/{found['id']}/block")
    assert ask(here, post["uri"], signer=eve).status_code == 404
    assert ask(here, uri(alice) + "/outbox?page=true", signer=eve).json()["orderedItems"] == []
    assert ask(here, uri(alice) + "/collections/featured", signer=eve).json()["orderedItems"] == []
    assert ask(here, uri(alice) + "/collections/featured").json()["totalItems"] == 1, "the block was not cached for others"
    assert ask(here, uri(alice), signer=eve).status_code == 200


def test_secure_mode(own_server, remote):
    here = own_server(secure_mode="yes", **remote.keys())
    alice, eve = here.user("alice"), remote.actor("eve")
    post = alice.toot("for those who say who they are")["uri"]
    here.wait_until(lambda: ask(here, post, signer=eve).status_code != 503)  # a key that does not come within five seconds is asked for again
    for url in (uri(alice), post, uri(alice) + "/outbox?page=true", uri(alice) + "/followers", post + "/replies"):
        refused = ask(here, url)
        assert refused.status_code == 401 and refused.json()["error"]
        r = ask(here, url, signer=eve)
        assert r.status_code == 200 and r.headers["Cache-Control"] == "private, no-store" and {"Signature", "Signature-Input"} <= vary(r)
    for url in ("/actor", "/.well-known/webfinger?resource=acct:alice@a.test", "/.well-known/nodeinfo", "/nodeinfo/2.0", "/.well-known/host-meta"):
        assert ask(here, url).status_code == 200
    stranger = remote.actor("uma")
    key, stranger.doc = stranger.key, dict(stranger.doc)
    stranger.new_key()
    stranger.key, _ = key, None  # signs with a key that its document does not show
    assert ask(here, post, signer=stranger).status_code == 401
    remote.answer("http://peer.test/users/late", (503, {}, b""))
    late = remote.actor("late")
    assert ask(here, post, signer=late).status_code == 503


def test_suspended_account(here):
    alice = here.user("alice")
    alice.patch("/api/v1/accounts/update_credentials", {"display_name": "Alice", "note": "words"})
    me, post = uri(alice), alice.toot("hello")["uri"]
    here.cli("user", "suspend", "alice")
    doc = ask(here, me).json()
    assert doc["suspended"] is True and doc["name"] == "alice" and doc["summary"] == "" and doc["publicKey"]["publicKeyPem"]
    assert ask(here, post).status_code == 403
    assert ask(here, me + "/outbox?page=true").status_code == 403

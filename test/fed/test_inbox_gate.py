"""The door: who is let in, who is sent away, and that nothing happens before a signature is good."""
import base64
import hashlib
import json
import re
import socket
import time
import email.utils

import pytest
import requests
from remote import AP, CONTEXT
from server import Server
from timing import PATIENCE

AP_LD = 'application/ld+json; profile="https://www.w3.org/ns/activitystreams"'


HOSTS = ["peer.test", "evil.test", "down.test", "split.test", "w.split.test"]


@pytest.fixture(scope="module")
def here(tmp_path_factory, new_database, far):
    with Server(tmp_path_factory.mktemp("gate"), database=new_database(), **(far.keys() | {"allow_networks": "127.0.0.1/32"})) as s:
        yield s


numbers = iter(range(1, 10000))


@pytest.fixture
def eve(far):
    return far.actor(f"gina{next(numbers)}")


def uri(api):
    return api.get("/api/v1/accounts/verify_credentials")["uri"]


def hello(alice, actor, text="hello"):
    return actor.create(actor.note(text, cc=[uri(alice)], tag=[{"type": "Mention", "href": uri(alice)}]))


def heard(alice):
    return [n["status"]["uri"] for n in alice.notifications(types=["mention"])]


def arrives(here, alice, activity):
    here.wait_until(lambda: activity["object"]["id"] in heard(alice))


def metric(here, result):
    text = requests.get(here.base + "/metrics", timeout=PATIENCE).text
    return int(float(re.search(r'dassie_inbox_activities_total\{result="%s"\} (\S+)' % result, text).group(1)))


def sign_with(key, headers_to_sign, values, key_id):
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import padding
    text = "\n".join(f"{k}: {values[k]}" for k in headers_to_sign).encode()
    signature = base64.b64encode(key.sign(text, padding.PKCS1v15(), hashes.SHA256())).decode()
    return f'keyId="{key_id}",algorithm="rsa-sha256",headers="{" ".join(headers_to_sign)}",signature="{signature}"'


# ---- who is let in ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", [AP, AP_LD, "application/ld+json", AP + "; charset=utf-8"])
def test_content_types_that_are_taken(here, alice, eve, kind):
    a = hello(alice, eve)
    body = json.dumps(a).encode()
    headers = eve.sign("POST", here.url + "/inbox", body)
    del headers["Content-Type"]
    values = {"(request-target)": "post /inbox", "host": here.host, "date": headers["Date"], "digest": headers["Digest"]}
    headers |= {"Signature": sign_with(eve.key, list(values), values, eve.id + "#main-key"), "Content-Type": kind}
    assert requests.post(here.base + "/inbox", data=body, headers=headers, timeout=PATIENCE).status_code == 202
    arrives(here, alice, a)


def test_all_inboxes(here, alice, eve):
    for path in ("/inbox", uri(alice)[len(here.url):] + "/inbox", "/actor/inbox"):
        a = hello(alice, eve)
        eve.send(here, a, path=path)
        arrives(here, alice, a)
    eve.send(here, hello(alice, eve), path="/ap/users/4711/inbox", expect=404)
    for path in ("/inbox", "/actor/inbox", uri(alice)[len(here.url):] + "/inbox"):
        r = requests.get(here.base + path, headers={"Host": here.host, "Accept": AP}, timeout=PATIENCE)
        assert r.status_code == 405 and "POST" in r.headers["Allow"]


# ---- who is not -----------------------------------------------------------------------------------------------------------


def test_bad_deliveries_are_refused_and_do_nothing(here, far, alice, eve):
    other = far.actor(f"other{next(numbers)}")
    old = email.utils.formatdate(time.time() - 2 * 3600, usegmt=True)
    future = email.utils.formatdate(time.time() + 2 * 3600, usegmt=True)
    a = hello(alice, eve)
    eve.send(here, a, expect=401, Signature=None)
    eve.send(here, a, expect=400, Signature="not a signature")
    eve.send(here, a, expect=401, Digest="SHA-256=" + base64.b64encode(hashlib.sha256(b"other").digest()).decode())
    eve.send(here, a, expect=401, Digest=None)
    eve.send(here, a, expect=401, Date=old)
    eve.send(here, a, expect=415, **{"Content-Type": "application/json"})
    eve.send(here, a, expect=415, **{"Content-Encoding": "gzip"})
    eve.send(here, b"{", expect=400)
    eve.send(here, b"[1]", expect=400)
    eve.send(here, {"@context": CONTEXT, "type": "Create"}, expect=400)
    eve.send(here, a | {"actor": [eve.id, other.id]}, expect=400)
    body = json.dumps(a).encode()
    for date in (old, future):  # well signed, at another time
        r = requests.post(here.base + "/inbox", data=body, headers=eve.sign("POST", here.url + "/inbox", body, date=date), timeout=PATIENCE)
        assert r.status_code == 401
    r = requests.post(here.base + "/inbox", data=body, headers=eve.sign("POST", here.url + "/actor/inbox", body), timeout=PATIENCE)
    assert r.status_code == 401, "a signature for another path"
    headers = eve.sign("POST", "http://b.test/inbox", body) | {"Host": here.host}
    assert requests.post(here.base + "/inbox", data=body, headers=headers, timeout=PATIENCE).status_code == 401, "for another server"
    headers = other.sign("POST", here.url + "/inbox", body, key_id=eve.id + "#main-key")
    assert requests.post(here.base + "/inbox", data=body, headers=headers, timeout=PATIENCE).status_code == 401, "by another key"
    values = {"(request-target)": "post /inbox", "host": here.host, "date": email.utils.formatdate(usegmt=True)}
    headers = {"Host": here.host, "Date": values["date"], "Content-Type": AP, "Signature": sign_with(eve.key, list(values), values, eve.id + "#main-key")}
    assert requests.post(here.base + "/inbox", data=body, headers=headers, timeout=PATIENCE).status_code == 401, "the body is not covered"
    assert heard(alice) == []
    eve.send(here, a)
    arrives(here, alice, a)


def test_keys_of_ours_and_of_odd_places(here, alice, eve):
    body = json.dumps(hello(alice, eve)).encode()
    for key_id in (uri(alice) + "#main-key", here.url + "/actor#main-key", "ftp://peer.test/key", "http://127.0.0.1/key", "acct:eve@peer.test", "http://[::1]/key"):
        headers = eve.sign("POST", here.url + "/inbox", body, key_id=key_id)
        r = requests.post(here.base + "/inbox", data=body, headers=headers, timeout=PATIENCE)
        assert r.status_code in (401, 503), (key_id, r.status_code)
    assert heard(alice) == []


def test_a_key_that_its_owner_does_not_list(here, far, alice, eve):
    mallory = far.actor(f"mallory{next(numbers)}", host="evil.test")
    mallory.doc["publicKey"] |= {"owner": eve.id}
    mallory.send(here, hello(alice, eve), expect=(401, 503))  # his key says that it is hers
    key = f"http://evil.test/keys/{next(numbers)}"
    far.documents[key] = {"@context": CONTEXT, "id": key, "owner": eve.id, "publicKeyPem": mallory.public}
    body = json.dumps(hello(alice, eve)).encode()
    r = requests.post(here.base + "/inbox", data=body, headers=mallory.sign("POST", here.url + "/inbox", body, key_id=key), timeout=PATIENCE)
    assert r.status_code in (401, 503)
    assert heard(alice) == []


def test_a_forged_sender(here, far, alice, eve):
    """Well signed by mallory, said to be by eve: only what eve's own server has is believed, and it has nothing."""
    mallory = far.actor(f"mallory{next(numbers)}", host="evil.test")
    lie = hello(alice, eve)
    del far.documents[lie["object"]["id"]]
    mallory.send(here, lie)
    mallory.send(here, eve.activity("Follow", uri(alice)))
    mallory.send(here, mallory.create(eve.note("not mine", cc=[uri(alice)], tag=[{"type": "Mention", "href": uri(alice)}])))
    mine = hello(alice, mallory)
    mallory.send(here, mine | {"id": "http://peer.test/somebody-elses-id"})
    mallory.send(here, mine | {"object": mine["object"] | {"id": here.url + "/ap/users/1/statuses/2"}})
    mallory.send(here, mine | {"id": here.url + "/fake", "actor": uri(alice)})
    last = hello(alice, mallory)
    mallory.send(here, last)
    arrives(here, alice, last)
    assert heard(alice) == [last["object"]["id"]]
    assert alice.get(f"/api/v1/accounts/{alice.id}")["followers_count"] == 0


def test_a_document_that_claims_another_id(here, far, alice, eve):
    """What lies on one server is not what it says it is of another; a file with the wrong type is no document."""
    mallory = far.actor(f"mallory{next(numbers)}", host="evil.test")
    real = eve.note("real")
    copy = f"http://evil.test/copy/{next(numbers)}"
    far.documents[copy] = {"@context": CONTEXT} | real | {"content": "forged"}
    upload = f"http://evil.test/uploads/{next(numbers)}"
    far.answer(upload, (200, {"Content-Type": "text/plain"}, json.dumps({"@context": CONTEXT} | mallory.note("x") | {"id": upload}).encode()))
    moved = f"http://evil.test/moved/{next(numbers)}"
    far.answer(moved, (302, {"Location": real["id"]}, b""))
    for url in (copy, upload):
        assert alice.get("/api/v2/search", q=url, resolve=True)["statuses"] == []
    found = alice.get("/api/v2/search", q=moved, resolve=True)["statuses"]
    assert [s["content"] for s in found] in ([], ["real"]), "a redirect may lead to the truth, never to a lie"


def test_redirects_into_the_house(here, far, alice):
    with socket.socket() as s:
        s.bind(("127.0.0.2", 0))  # a private address that the configuration does not open
        s.listen()
        s.setblocking(False)
        port = s.getsockname()[1]
        for target in (f"http://127.0.0.2:{port}/x", f"http://[::ffff:127.0.0.2]:{port}/x", f"http://2130706434:{port}/x", here.url + "/actor",
                       "file:///etc/passwd", "gopher://peer.test/x"):
            url = f"http://evil.test/redirect/{next(numbers)}"
            far.answer(url, (302, {"Location": target}, b""))
            found = alice.get("/api/v2/search", q=url, resolve=True)
            assert found["statuses"] == [] and found["accounts"] == [], target
        with pytest.raises(BlockingIOError):
            s.accept()


def test_answers_without_end(here, far, alice):
    taken = []

    def drip(h):
        h.send_response(200)
        h.send_header("Content-Type", AP)
        h.end_headers()
        h.wfile.write(b'{"@context":"https://www.w3.org/ns/activitystreams","id":"')
        try:
            for _ in range(1024):
                h.wfile.write(b"x" * 1024 * 1024)
                taken.append(1)
        except OSError:
            h.close_connection = True
    url = f"http://evil.test/huge/{next(numbers)}"
    far.answer(url, drip)
    assert alice.get("/api/v2/search", q=url, resolve=True)["statuses"] == []
    assert len(taken) < 100, "megabytes"


def test_bodies_that_are_too_large(here, alice, eve):
    eve.send(here, hello(alice, eve) | {"junk": "x" * 1024 * 1024}, expect=413)
    a = hello(alice, eve)
    a["junk"] = "x" * 500000  # large, but permitted
    eve.send(here, a)
    arrives(here, alice, a)


# ---- answered without a look ------------------------------------------------------------------------------------------------


def test_deletes_of_strangers_fetch_nothing(here, far, eve):
    for kind, obj in (("Delete", eve.id), ("Delete", {"type": "Tombstone", "id": eve.id}), ("Update", eve.doc)):
        eve.send(here, eve.activity(kind, obj))
    assert far.asked[eve.id] == 0


def test_what_we_do_not_know_is_not_an_error(here, far, eve):
    before = metric(here, "ignored")
    for kind in ("View", "Read", "Listen", "Join", "Offer", "Quux"):
        eve.send(here, eve.activity(kind, "http://peer.test/x"))
    assert far.asked[eve.id] == 0 and metric(here, "ignored") == before + 6


def test_the_same_bytes_again(here, alice, eve):
    a = hello(alice, eve)
    body = json.dumps(a).encode()
    headers = eve.sign("POST", here.url + "/inbox", body)
    accepted = None
    for _ in range(3):
        assert requests.post(here.base + "/inbox", data=body, headers=headers, timeout=PATIENCE).status_code == 202
        accepted = accepted or metric(here, "accepted")
    assert metric(here, "accepted") == accepted
    arrives(here, alice, a)


# ---- keys -------------------------------------------------------------------------------------------------------------------


def test_key_servers_that_do_not_answer(here, far, alice):
    ghost = far.actor(f"ghost{next(numbers)}")
    far.answer(ghost.id, (500, {}, b""))
    r = ghost.send(here, hello(alice, ghost), expect=503)
    assert int(r.headers["Retry-After"]) >= 60
    far.answer(ghost.id, (410, {}, b""))
    here.shift_clock(days=1)
    ghost_again = email.utils.formatdate(time.time() + 86400, usegmt=True)
    body = json.dumps(hello(alice, ghost)).encode()
    r = requests.post(here.base + "/inbox", data=body, headers=ghost.sign("POST", here.url + "/inbox", body, date=ghost_again), timeout=PATIENCE)
    here.shift_clock(days=-1)
    assert r.status_code == 202 and heard(alice) == []


def test_a_host_that_was_in_trouble_for_long_is_heard_again_in_minutes(here, far, alice):
    ghost = far.actor(f"ghost{next(numbers)}")
    a = hello(alice, ghost)

    def send(expect):
        date = email.utils.format_datetime(here.now(), usegmt=True)
        ghost.send(here, a, expect=expect, **ghost.sign("POST", here.url + "/inbox", json.dumps(a).encode(), date=date))

    far.answer(ghost.id, (503, {}, b""))
    for _ in range(12):  # each is remembered twice as long, and the host is left alone for longer and longer
        send(503)
        here.shift_clock(minutes=6)
    far.answers.pop(ghost.id)
    send(202)
    arrives(here, alice, a)  # before the clock goes back, or what is still to be done is not due for an hour
    here.shift_clock(minutes=-12 * 6)


def test_a_new_key(here, far, alice, eve):
    a = hello(alice, eve)
    eve.send(here, a)
    arrives(here, alice, a)
    asked = far.asked[eve.id]
    eve.send(here, hello(alice, eve))
    assert far.asked[eve.id] == asked, "a known key is not fetched again"
    eve.new_key()
    eve.send(here, hello(alice, eve), expect=401)  # read a moment ago: not again so soon
    here.shift_clock(minutes=6)
    b = hello(alice, eve)
    eve.send(here, b)
    arrives(here, alice, b)
    here.shift_clock(minutes=-6)


def test_a_key_in_a_document_of_its_own(here, far, alice, eve):
    key = eve.id + "/main-key"
    eve.doc["publicKey"]["id"] = key
    far.documents[key] = {"@context": CONTEXT, "id": key, "type": "Key", "owner": eve.id, "publicKeyPem": eve.public}
    body = json.dumps(a := hello(alice, eve)).encode()
    r = requests.post(here.base + "/inbox", data=body, headers=eve.sign("POST", here.url + "/inbox", body, key_id=key), timeout=PATIENCE)
    assert r.status_code == 202
    arrives(here, alice, a)


# ---- names ------------------------------------------------------------------------------------------------------------------


def jrd(subject, actor_id):
    return {"subject": "acct:" + subject, "links": [{"rel": "self", "type": AP, "href": actor_id}]}


def webfinger(far, host, acct, what):
    far.answer(f"http://{host}/.well-known/webfinger?resource=acct%3A{acct.replace('@', '%40')}", what)


def test_a_name_of_another_domain(here, far, alice):
    who = far.actor(f"sue{next(numbers)}", host="w.split.test")
    named = f"{who.name}@split.test"
    webfinger(far, "w.split.test", who.acct, jrd(named, who.id))
    webfinger(far, "split.test", named, jrd(named, who.id))
    assert alice.find(named)["acct"] == named


def test_nobody_takes_the_name_of_another(here, far, alice, eve):
    """evil.test says that its actor is eve of peer.test; peer.test knows better."""
    thief = far.actor(f"thief{next(numbers)}", host="evil.test")
    thief.doc["webfinger"] = eve.acct
    a = hello(alice, thief)
    thief.send(here, a)
    arrives(here, alice, a)
    told = [n for n in alice.notifications(types=["mention"])][0]
    assert told["account"]["acct"] != eve.acct
    webfinger(far, "evil.test", f"alias@evil.test", jrd("alias@evil.test", eve.id))
    assert alice.get("/api/v2/search", q="alias@evil.test", resolve=True, type="accounts")["accounts"] == []


def test_pages_lead_to_what_they_show(here, far, alice, eve):
    note = eve.note("shown on a page")
    page = f"http://peer.test/@{eve.name}/{next(numbers)}"
    far.answer(page, (200, {"Content-Type": "text/html"}, f'<html><head><link rel="alternate" type="{AP}" href="{note["id"]}"></head></html>'.encode()))
    assert alice.find(page, "statuses")["uri"] == note["id"]


# ---- how much -------------------------------------------------------------------------------------------------------------


def within(server, seconds, calls):
    """Do all within one window of so many seconds, however long it takes: the clock goes back to its beginning again and again."""
    window = server.now().timestamp() // seconds + 1
    answers = []
    for n, call in enumerate(calls):
        if n % 10 == 0:
            server.shift_clock(ms=1000 * (window * seconds - server.now().timestamp()) + 20)
        answers.append(call())
    return answers


def test_one_sender_may_not_fill_the_queue(own_server, far):
    server = own_server(**far.keys() | {"rate_limits": "on"})
    alice = server.user()
    loud, quiet = far.actor(f"loud{next(numbers)}"), far.actor(f"quiet{next(numbers)}")
    for actor in (loud, quiet):
        actor.send(server, hello(alice, actor))
    post = alice.toot("like me")["uri"]
    requests_ready = [(body, loud.sign("POST", server.url + "/inbox", body)) for body in (
        json.dumps(loud.activity("Like", post)).encode() for _ in range(302))]
    session = requests.Session()
    seen = within(server, 10, [lambda body=body, headers=headers: session.post(server.base + "/inbox", data=body, headers=headers, timeout=PATIENCE)
                               for body, headers in requests_ready])
    assert [r.status_code for r in seen] == [202] * 300 + [503] * 2
    assert 0 < int(seen[-1].headers["Retry-After"]) <= 10 and "X-RateLimit-Limit" not in seen[-1].headers
    quiet.send(server, quiet.activity("Like", post))
    server.shift_clock(seconds=10)
    loud.send(server, loud.activity("Like", post))


def test_an_address_that_only_sends_bad_signatures_is_turned_away(own_server, far):
    server = own_server(**far.keys() | {"rate_limits": "on"})
    alice, eve = server.user(), far.actor(f"bad{next(numbers)}")
    a = hello(alice, eve)
    eve.send(server, hello(alice, eve))
    session = requests.Session()
    headers = eve.sign("POST", server.url + "/inbox", json.dumps(a).encode())
    bad = headers | {"Digest": "SHA-256=" + base64.b64encode(bytes(32)).decode()}
    seen = within(server, 300, [lambda: session.post(server.base + "/inbox", data=json.dumps(a), headers=bad, timeout=PATIENCE).status_code] * 302)
    assert seen == [401] * 300 + [429] * 2
    eve.send(server, a, expect=429)

"""Passkeys: made through the API, used on the pages of the log-in; an authenticator in software says what a browser would."""
import re

import passkey
import pytest
import requests
import totp
from forms import Browser
from passkey import PRESENT, VERIFIED, Passkey, b64
from smtp_sink import Sink
from timing import PATIENCE

PATH = "/api/v1/passkeys"


@pytest.fixture
def person(server):
    return server.user()


def options(me):
    return me.post(PATH + "/new", {"password": me.password})


def add(server, me, name="Phone", key=None, **how):
    key = key or Passkey(server.url, **how)
    key.entity = me.post(PATH, {"name": name} | key.create(options(me)))
    return key


class Login(Browser):
    """The page of the log-in, and the script on it."""

    def __init__(self, server):
        super().__init__(server.api())
        self.open("/auth/sign_in")

    def hidden(self, name):
        return re.findall(rf'name="{name}" value="([^"]*)"', self.page)[-1]

    def challenge(self, **more):
        return self.api.post("/auth/passkey", data={"csrf_token": self.hidden("csrf_token")} | more)

    def use(self, key, expect=200, challenge=None, change=None, **how):
        ticket = {"ticket": self.hidden("ticket")} if 'name="ticket"' in self.page else {}
        asked = self.challenge(**ticket)
        fields = key.get(challenge or asked["challenge"], **how) | (change or {})
        self._load("POST", "/auth/sign_in/passkey", expect, {"csrf_token": self.hidden("csrf_token")} | ticket | fields)
        return asked

    @property
    def is_in(self):
        return self.path == "/settings/sessions" and self.api.last.status_code == 200


@pytest.mark.parametrize("alg", [passkey.ES256, passkey.EDDSA, passkey.RS256])
def test_a_passkey_is_made_named_used_and_removed(server, person, alg):
    other = server.user()
    asked = options(person)
    assert asked["rp"]["id"] == Passkey(server.url).rp_id and asked["attestation"] == "none" and asked["excludeCredentials"] == []
    assert {p["alg"] for p in asked["pubKeyCredParams"]} == {-7, -8, -257}
    assert asked["authenticatorSelection"]["userVerification"] == "required"
    key = add(server, person, alg=alg)
    assert person.get(PATH) == [key.entity] and key.entity["last_used_at"] is None
    assert [x["id"] for x in options(person)["excludeCredentials"]] == [b64(key.id)]
    login = Login(server)
    asked = login.use(key)
    assert login.is_in and asked["allowCredentials"] == [] and asked["userVerification"] == "required"
    assert person.get(PATH)[0]["last_used_at"]
    one = f"{PATH}/{key.entity['id']}"
    assert person.patch(one, {"name": "  My\nphone "})["name"] == "My phone"
    for who, status in ((other, 404), (server.api(), 401)):
        who.patch(one, json={"name": "x"}, expect=status)
        who.delete(one, json={"password": other.password}, expect=status)
    person.delete(one, json={"password": "wrong"}, expect=403)
    person.delete(one, expect=422)
    person.delete(one, json={"password": person.password})
    assert person.get(PATH) == []
    login.open("/settings/sessions")
    assert "<h1>Log in</h1>" in login.page  # who had the key may have been logged in with it
    login.use(key, expect=401)
    person.delete(one, json={"password": person.password}, expect=404)


def test_what_a_new_passkey_must_be(server, person):
    right = Passkey(server.url)
    person.post(PATH + "/new", {}, expect=422)
    person.post(PATH + "/new", {"password": "wrong"}, expect=403)
    person.post(PATH, {"name": " "} | right.create(options(person)), expect=422)
    person.post(PATH, {"name": "x" * 61} | right.create(options(person)), expect=422)
    person.post(PATH, {"name": "x", "client_data": "!", "attestation": "!"}, expect=422)
    evil = Passkey("https://evil.example", rp_id=right.rp_id)
    elsewhere = Passkey(server.url, rp_id="evil.example")
    stranger = server.user()
    for body in (evil.create(options(person)), elsewhere.create(options(person)), right.create(options(person), flags=PRESENT),
                 right.create(options(person), flags=VERIFIED), right.create(options(person), kind="webauthn.get"),
                 right.create(options(person), crossOrigin=True), right.create(options(stranger)),
                 right.create(options(person) | {"challenge": b64(b"mine")})):
        assert person.post(PATH, {"name": "x"} | body, expect=422)["error"]
    asked = options(person)
    body = {"name": "x"} | right.create(asked, self_signed=True)
    person.post(PATH, body)
    person.post(PATH, {"name": "x"} | Passkey(server.url).create(asked), expect=422)  # the challenge is spent
    assert "known" in stranger.post(PATH, {"name": "x"} | right.create(options(stranger)), expect=422)["error"]
    assert len(person.get(PATH)) == 1


def test_at_most_twenty(server, person):
    for n in range(20):
        add(server, person, name=f"Key {n}")
    assert "20" in person.post(PATH + "/new", {"password": person.password}, expect=422)["error"]
    assert [p["name"] for p in person.get(PATH)] == [f"Key {n}" for n in range(20)]


def test_an_answer_that_is_not_right_lets_nobody_in(server, person):
    key, other = add(server, person, count=5), server.user()
    theirs = add(server, other)
    key.count += 1
    login = Login(server)
    evil = {"origin": "https://evil.example"}
    elsewhere = Login(server).challenge()["challenge"]  # of another browser
    for how in ({"client": evil}, {"client": {"kind": "webauthn.create"}}, {"client": {"crossOrigin": True}}, {"flags": PRESENT},
                {"flags": VERIFIED}, {"challenge": b64(b"mine")}, {"challenge": elsewhere}, {"challenge": options(person)["challenge"]},
                {"change": {"user_handle": b64(theirs.user_handle)}}, {"change": {"user_handle": ""}},
                {"change": {"credential": b64(theirs.id)}}, {"change": {"credential": b64(b"unknown")}},
                {"change": {"signature": b64(b"0" * 64)}}, {"change": {"client_data": "!"}}, {"change": {"auth_data": "A" * 7000}}):
        login.use(key, expect=401, change=how.get("change"), challenge=how.get("challenge"), **how.get("client", {}),
                  **({"flags": how["flags"]} if "flags" in how else {}))
        assert "<h1>Log in</h1>" in login.page and "The passkey was not accepted" in login.page, how
    login._load("POST", "/auth/sign_in/passkey", 403, key.get(login.challenge()["challenge"]))  # no proof that the form is ours
    login.open("/auth/sign_in")
    login.use(key)
    assert login.is_in


def test_an_answer_counts_once(server, person):
    key, login = add(server, person), Login(server)
    cookies = {"csrf": login.hidden("csrf_token")}  # kept by whoever saw the answer go by
    fields = {"csrf_token": cookies["csrf"]} | key.get(login.challenge()["challenge"])
    assert [requests.post(server.base + "/auth/sign_in/passkey", fields, cookies=cookies, headers={"Host": server.host},
                          allow_redirects=False, timeout=PATIENCE).status_code for _ in range(2)] == [303, 401]
    login.use(key)  # which does not count
    assert login.is_in


def test_a_counter_goes_up(server, person):
    key = add(server, person, count=5)
    for count, status in ((6, 200), (6, 401), (4, 401), (0, 401), (7, 200)):
        key.count = count
        login = Login(server)
        login.use(key, expect=status)
        assert login.is_in == (status == 200)


def test_a_challenge_is_good_for_five_minutes_and_mail_tells_of_a_new_key(own_server, tmp_path):
    with Sink(tmp_path / "mail") as sink:
        server = own_server(smtp=f"smtp://127.0.0.1:{sink.port}")
        me = server.user()
        key = add(server, me)
        server.wait_until(lambda: [m["to"] for m in sink.mails()] == [[me.email]])
        assert "/settings/access" in sink.mails()[0]["data"] and "passkey" in sink.mails()[0]["data"]
    old = options(me)
    login = Login(server)
    asked = login.challenge()["challenge"]
    server.shift_clock(minutes=6)
    me.post(PATH, {"name": "x"} | Passkey(server.url).create(old), expect=422)
    login.use(key, expect=401, challenge=asked)
    login.use(key)
    assert login.is_in and server.query("SELECT count(*) FROM passkey_spent")[0][0] <= 2


def test_a_passkey_is_the_second_factor_after_the_password(server, person):
    key, stranger = add(server, person), server.user()
    theirs = add(server, stranger)
    secret = person.post("/api/v1/two_factor/totp/new", {"password": person.password})["secret"]
    person.post("/api/v1/two_factor/totp", {"password": person.password, "secret": secret, "code": totp.code(secret)})
    assert len(person.get(PATH)) == 1
    login = Login(server)
    login.press("Log in", email=person.email, password=person.password)
    assert "Second factor" in login.page and 'id="passkey"' in login.page
    asked = login.challenge(ticket=login.hidden("ticket"))
    assert asked["allowCredentials"] == [b64(key.id)]
    login.use(theirs, expect=401)
    assert "Second factor" in login.page
    login.use(key, expect=401, challenge=login.challenge()["challenge"])  # of the first step
    login.use(key, flags=PRESENT)  # the password said who it is
    assert login.is_in
    alone = Login(server)
    alone.use(key)  # it stands for both
    assert alone.is_in
    alone.use(key, expect=401, challenge=asked["challenge"])
    # Somebody without passkeys is not offered one.
    plain = server.user()
    secret = plain.post("/api/v1/two_factor/totp/new", {"password": plain.password})["secret"]
    plain.post("/api/v1/two_factor/totp", {"password": plain.password, "secret": secret, "code": totp.code(secret)})
    login = Login(server)
    login.press("Log in", email=plain.email, password=plain.password)
    assert "Second factor" in login.page and 'id="passkey"' not in login.page


def test_a_disabled_login_stays_out(server, person):
    key = add(server, person)
    server.cli("user", "modify", person.name, "--disable")
    login = Login(server)
    login.use(key, expect=403)
    assert "disabled" in login.page


def test_the_operator_removes_what_was_lost(server, person):
    key = add(server, person, name="Lost phone")
    assert "Lost phone" in server.cli("user", "passkeys", person.name)
    server.cli("user", "passkeys", person.name, "--remove", "1", status=66)
    server.cli("user", "passkeys", person.name, "--remove", key.entity["id"])
    assert server.cli("user", "passkeys", person.name, "--json").strip() == "[]"
    person.get(PATH, expect=401)
    Login(server).use(key, expect=401)


def test_the_page_runs_one_script_and_no_other(server):
    api = server.api()
    api.request("GET", "/auth/sign_in", 200)
    policy = api.last.headers["Content-Security-Policy"]
    assert "script-src 'self'" in policy and "unsafe" not in policy and "default-src 'none'" in policy
    api.request("GET", "/auth/password/new", 200)
    assert "script-src" not in api.last.headers["Content-Security-Policy"]

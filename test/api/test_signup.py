"""Signing up by the API and on the web, confirming, approving, forgotten passwords."""
import email
import re
import secrets
from urllib.parse import quote

import pytest
from forms import Browser
from postgres import query
from smtp_sink import Sink

REDIRECT = "urn:ietf:wg:oauth:2.0:oob"


def app_api(server, scopes="read write follow push"):
    """An app that may sign people up, and its registration."""
    return server.api(server.api().app_token("Sign-up", scopes))


def person(**change):
    name = "n" + secrets.token_hex(5)
    return {"username": name, "email": f"{name}@mail.test", "password": "correct horse", "agreement": True, "locale": "en"} | change


def set_setting(server, postgres, name, value):
    """There is no page for it yet: behind the server's back."""
    sql = f"INSERT INTO setting (name, value) VALUES ('{name}', '{value}') ON CONFLICT (name) DO UPDATE SET value = '{value}'"
    if postgres:
        query(server.config["database"], sql)
    else:
        import sqlite3
        with sqlite3.connect(server.root / "data/dassie.db") as db:
            db.execute(sql)


@pytest.fixture
def sink(tmp_path):
    with Sink(tmp_path / "mail") as s:
        yield s


def mail_to(server, sink, address, n=1):
    """The n-th mail to this address: subject, text, link."""
    found = server.wait_until(lambda: (m := [m for m in sink.mails() if m["to"] == [address]]) and len(m) >= n and m)[n - 1]
    m = email.message_from_string(found["data"])
    text = m.get_payload(decode=True).decode()
    link = re.search(r"http://a\.test(/\S+)", text)
    return str(email.header.make_header(email.header.decode_header(m["Subject"]))), text, link and link.group(1)


# --- by an app ---

def test_sign_up_gives_a_token_that_works(server):
    who = person()
    token = app_api(server).post("/api/v1/accounts", who)
    assert token["token_type"] == "Bearer" and set(token["scope"].split()) == {"read", "write", "follow", "push"}
    api = server.api(token["access_token"])
    assert api.get("/api/v1/accounts/verify_credentials")["username"] == who["username"]
    assert api.get("/api/v1/emails/check_confirmation") is True


def test_those_who_look_after_people_are_told(server, admin, alice):
    token = app_api(server).post("/api/v1/accounts", person())
    new = server.api(token["access_token"]).get("/api/v1/accounts/verify_credentials")
    assert new["id"] in [n["account"]["id"] for n in admin.notifications(types=["admin.sign_up"])]
    assert not alice.notifications(types=["admin.sign_up"])


@pytest.mark.parametrize("change, field, code", [
    ({"username": ""}, "username", "ERR_BLANK"),
    ({"username": "a b"}, "username", "ERR_INVALID"),
    ({"username": "ünïcode"}, "username", "ERR_INVALID"),
    ({"username": "x" * 31}, "username", "ERR_TOO_LONG"),
    ({"username": "admin"}, "username", "ERR_RESERVED"),
    ({"email": ""}, "email", "ERR_BLANK"),
    ({"email": "nowhere"}, "email", "ERR_INVALID"),
    ({"password": ""}, "password", "ERR_BLANK"),
    ({"password": "seven77"}, "password", "ERR_TOO_SHORT"),
    ({"password": "x" * 1025}, "password", "ERR_TOO_LONG"),
    ({"agreement": False}, "agreement", "ERR_ACCEPTED"),
])
def test_each_problem_has_its_code(server, change, field, code):
    body = app_api(server).post("/api/v1/accounts", person(**change), expect=422)
    assert body["error"].startswith("Validation failed: ")
    assert list(body["details"]) == [field]
    assert body["details"][field][0]["error"] == code and body["details"][field][0]["description"]


def test_all_problems_at_once(server):
    body = app_api(server).post("/api/v1/accounts", {}, expect=422)
    assert set(body["details"]) == {"username", "email", "password", "agreement"}


def test_problems_of_a_sign_up_are_explained_in_the_language_that_was_asked_for(server):
    form = {"username": "a b", "email": "nowhere", "password": "x" * 20, "agreement": True}
    app = app_api(server)
    german = app.post("/api/v1/accounts", form, expect=422, headers={"Accept-Language": "de"})
    english = app.post("/api/v1/accounts", form, expect=422)
    assert german["error"] == ("Prüfung fehlgeschlagen: Benutzername darf nur Buchstaben, Ziffern und Unterstriche enthalten, "
                               "E-Mail-Adresse ist keine gültige E-Mail-Adresse")
    assert german["details"]["email"] == [{"error": "ERR_INVALID", "description": "ist keine gültige E-Mail-Adresse"}]
    assert english["error"] == ("Validation failed: Username must contain only letters, numbers and underscores, "
                                "Email is not a valid e-mail address")


def test_taken_names_in_any_case(server, alice):
    body = app_api(server).post("/api/v1/accounts", person(username=alice.name.upper(), email=alice.email.upper()), expect=422)
    assert body["details"]["username"][0]["error"] == body["details"]["email"][0]["error"] == "ERR_TAKEN"


def test_only_apps_with_the_scope_sign_people_up(server):
    server.api().post("/api/v1/accounts", person(), expect=401)
    app_api(server, "read").post("/api/v1/accounts", person(), expect=403)
    somebody = server.api(app_api(server).post("/api/v1/accounts", person())["access_token"])
    assert "application" in somebody.post("/api/v1/accounts", person(), expect=403)["error"], "nobody makes others"


def test_closed(own_server):
    server = own_server(registrations="closed")
    assert "closed" in app_api(server).post("/api/v1/accounts", person(), expect=403)["error"]
    browser = Browser(server.api())
    browser.open("/auth/sign_up", expect=403)
    assert server.api().get("/api/v2/instance")["registrations"]["enabled"] is False


def test_confirmation_by_mail(own_server, sink):
    server = own_server(confirm_email="yes", smtp=f"smtp://127.0.0.1:{sink.port}")
    who = person(locale="de")
    app = app_api(server)
    token = app.post("/api/v1/accounts", who)["access_token"]
    api = server.api(token)
    assert api.get("/api/v1/emails/check_confirmation") is False
    for path in ("/api/v1/accounts/verify_credentials", "/api/v1/timelines/home", "/api/v1/preferences"):
        assert api.get(path, expect=403)["error"] == "Your login is missing a confirmed e-mail address"
    assert isinstance(api.get("/api/v1/timelines/public"), list), "what is public is theirs to read"
    subject, text, link = mail_to(server, sink, who["email"])
    assert "Bestätige" in subject and who["username"] in text and link.startswith("/auth/confirmation?confirmation_token=")
    # another address, another mail; the first link is of no use then
    new = "new-" + who["email"]
    api.post("/api/v1/emails/confirmations", {"email": new})
    old_link, (_, _, link) = link, mail_to(server, sink, new)
    browser = Browser(server.api())
    browser.open(old_link)
    browser.press("confirm", expect=422)
    browser.open(link)
    assert api.get("/api/v1/emails/check_confirmation") is False, "to open the link is not enough: scanners do"
    browser.press("confirm")
    assert api.get("/api/v1/accounts/verify_credentials")["username"] == who["username"]
    browser.open(link)
    browser.press("confirm", expect=422)
    api.post("/api/v1/emails/confirmations", {"email": "third@mail.test"}, expect=403)


def test_who_never_confirms_is_forgotten(own_server, sink):
    server = own_server(confirm_email="yes", smtp=f"smtp://127.0.0.1:{sink.port}")
    who = person()
    api = server.api(app_api(server).post("/api/v1/accounts", who)["access_token"])
    _, _, link = mail_to(server, sink, who["email"])
    server.shift_clock(days=7, hours=2)
    server.wait_until(lambda: api.get("/api/v1/emails/check_confirmation", expect=None) is not False)
    api.get("/api/v1/emails/check_confirmation", expect=401)
    browser = Browser(server.api())
    browser.open(link)
    browser.press("confirm", expect=422)


def test_only_the_app_of_the_sign_up_may_ask_again(own_server, sink):
    server = own_server(confirm_email="yes", smtp=f"smtp://127.0.0.1:{sink.port}")
    server.cli("user", "create", "eve", "--email", "eve@mail.test")
    api = server.api(server.token("eve"))
    assert "application" in api.post("/api/v1/emails/confirmations", {}, expect=403)["error"]


def test_approval(own_server, sink):
    server = own_server(registrations="approval", smtp=f"smtp://127.0.0.1:{sink.port}", confirm_email="no")
    app = app_api(server)
    assert app.post("/api/v1/accounts", person(), expect=422)["details"]["reason"][0]["error"] == "ERR_BLANK"
    assert app.post("/api/v1/accounts", person(reason="x" * 421), expect=422)["details"]["reason"][0]["error"] == "ERR_TOO_LONG"
    who = person(reason="Cats")
    api = server.api(app.post("/api/v1/accounts", who)["access_token"])
    assert api.get("/api/v1/accounts/verify_credentials", expect=403)["error"] == "Your login is currently pending approval"
    assert server.api().get("/api/v2/instance")["registrations"]["approval_required"] is True
    server.cli("user", "modify", who["username"], "--approve")
    assert api.get("/api/v1/accounts/verify_credentials")["username"] == who["username"]
    assert "accepted" in mail_to(server, sink, who["email"])[1]


def test_age(own_server, postgres):
    server = own_server()
    set_setting(server, postgres, "min_age", "16")
    app = app_api(server)
    for birth, code in ((None, "ERR_BLANK"), ("yesterday", "ERR_INVALID"), ("2999-01-01", "ERR_INVALID"), ("2020-01-01", "ERR_BELOW_LIMIT")):
        assert app.post("/api/v1/accounts", person(date_of_birth=birth), expect=422)["details"]["date_of_birth"][0]["error"] == code
    app.post("/api/v1/accounts", person(date_of_birth="1990-02-28"))
    assert server.api().get("/api/v2/instance")["registrations"]["min_age"] == 16


# --- on the web ---

def test_sign_up_on_the_web(server):
    who = person()
    browser = Browser(server.api())
    browser.open("/auth/sign_up")
    browser.press("sign up", username=who["username"], email=who["email"], password=who["password"], agreement="1")
    assert browser.path in (f"/start?as={who['username']}", "/settings/sessions"), "logged in"
    browser.open("/settings/sessions")
    assert "This session" in browser.page


def sign_up_on_the_web(server, **more):
    who = person(**more)
    browser = Browser(server.api())
    browser.open("/auth/sign_up")
    browser.press("sign up", username=who["username"], email=who["email"], password=who["password"], agreement="1", **more)
    return who, browser


def now(browser):
    """The step that somebody new stands at, as the page says."""
    return re.findall(r'<li aria-current="step">([^<]*)', browser.page)


def test_the_web_leads_through_confirmation_and_decision_to_the_first_steps(own_server, sink):
    server = own_server(registrations="approval", smtp=f"smtp://127.0.0.1:{sink.port}", confirm_email="yes")
    who, browser = sign_up_on_the_web(server, reason="Cats")
    assert browser.path == "/auth/welcome" and now(browser) == ["You confirm your e-mail address"] and who["email"] in browser.page
    _, _, link = mail_to(server, sink, who["email"])
    browser.press("send the link again")
    assert "A new link is on its way" in browser.page
    mail_to(server, sink, who["email"], 2)
    # The web client asks for access, and the person is told what is waited for.
    browser.open("/oauth/authorize?response_type=code&client_id=dassie-web&redirect_uri=" + quote(server.url + "/signed-in") +
                 "&scope=read&code_challenge=" + "a" * 43 + "&code_challenge_method=S256")
    assert browser.path == "/auth/welcome"
    browser.open(link)
    browser.press("confirm")
    assert browser.path == "/auth/welcome" and now(browser) == ["A moderator looks at your application"]
    server.cli("user", "modify", who["username"], "--approve")
    subject, text, accepted = mail_to(server, sink, who["email"], 3)
    assert accepted == "/auth/welcome" and "accepted" in text
    browser.open(accepted)
    assert browser.path in (f"/start?as={who['username']}", "/settings/sessions")  # with the web client, and built without it
    stranger = Browser(server.api())
    stranger.open(accepted)
    assert "<h1>Log in</h1>" in stranger.page and "welcome" in stranger.path


def test_a_link_opened_in_another_browser_confirms_and_logs_nobody_in(own_server, sink):
    server = own_server(smtp=f"smtp://127.0.0.1:{sink.port}", confirm_email="yes")
    who, here = sign_up_on_the_web(server)
    _, _, link = mail_to(server, sink, who["email"])
    there = Browser(server.api())
    there.open(link)
    there.press("confirm")
    assert "You can log in now" in there.page and now(there) == ["Your first steps"]
    there.open("/settings/sessions")
    assert "<h1>Log in</h1>" in there.page
    here.open("/auth/welcome")
    assert here.path in (f"/start?as={who['username']}", "/settings/sessions")
    there.open("/auth/welcome")
    there.press("log in", email=who["email"], password=who["password"])
    assert there.path == here.path


def test_problems_stand_beside_the_fields(server, alice):
    browser = Browser(server.api())
    browser.open("/auth/sign_up")
    browser.press("sign up", expect=422, username=alice.name, email="no <b>where</b>", password="short")
    assert "has already been taken" in browser.page and "is not a valid e-mail address" in browser.page
    assert "is too short" in browser.page and "must be accepted" in browser.page
    assert "<b>where" not in browser.page and "no &lt;b&gt;where" in browser.page and "short" not in browser.page.replace("too short", "")


def test_who_fills_the_hidden_field_is_a_program(server):
    browser = Browser(server.api())
    browser.open("/auth/sign_up")
    who = person()
    browser.press("sign up", expect=403, username=who["username"], email=who["email"], password=who["password"], agreement="1", website="x")


def test_pages_in_german_and_french(server):
    for language, word in (("de-AT,de;q=0.9", "Anmelden"), ("fr", "Se connecter"), ("tlh", "Log in")):
        assert word in server.api().get("/auth/sign_in", headers={"Accept-Language": language})


def test_forgotten_password(own_server, sink):
    server = own_server(smtp=f"smtp://127.0.0.1:{sink.port}")
    user = server.user()
    browser = Browser(server.api())
    browser.open("/auth/password/new")
    browser.press("send", email="nobody@mail.test")
    unknown = browser.page
    browser.open("/auth/password/new")
    browser.press("send", email=user.email.upper())
    assert browser.page == unknown, "nothing says whether an address is known"
    _, _, link = mail_to(server, sink, user.email)
    assert not [m for m in sink.mails() if m["to"] == ["nobody@mail.test"]]
    browser.open(link)
    assert "no-referrer" in browser.api.last.headers["Referrer-Policy"]
    browser.press("save", expect=422, password="short")
    browser.press("save", password="a new password")
    user.get("/api/v1/accounts/verify_credentials", expect=401)
    browser.open(link)
    browser.press("save", expect=422, password="another password")
    browser.open("/auth/sign_in")
    browser.log_in(user, expect=401)
    user.password = "a new password"
    browser.log_in(user)
    assert user.email in browser.page
    assert "changed" in mail_to(server, sink, user.email, 2)[1]


def test_links_for_a_new_password_work_for_six_hours(own_server, sink):
    server = own_server(smtp=f"smtp://127.0.0.1:{sink.port}")
    user = server.user()
    browser = Browser(server.api())
    links = []
    for n in (1, 2):
        browser.open("/auth/password/new")
        browser.press("send", email=user.email)
        links.append(mail_to(server, sink, user.email, n)[2])
        server.shift_clock(hours=4)
    for link, status in zip(links, (422, 200)):
        browser.open(link)
        browser.press("save", expect=status, password="a new password")

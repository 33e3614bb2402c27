"""OAuth through the real pages: sessions, consent, second factor, and what a token may do.  The basics are in test_apps_oauth.py."""
import base64
import re
import urllib.parse

import pytest
import totp
from forms import Browser, Forms

REDIRECT = "https://client.example/cb"
OOB = "urn:ietf:wg:oauth:2.0:oob"


def register(anon, redirect=REDIRECT, scopes="read write follow push"):
    return anon.post("/api/v1/apps", {"client_name": "Test <client>", "redirect_uris": redirect, "scopes": scopes, "website": "https://client.example"})


def address(app, **params):
    query = {"response_type": "code", "client_id": app["client_id"], "redirect_uri": app["redirect_uri"], "scope": "read write"} | params
    return "/oauth/authorize?" + urllib.parse.urlencode({k: v for k, v in query.items() if v is not None})


def answer(url):
    return dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(url).query))


def logged_in(server, user):
    browser = Browser(server.api())
    browser.open("/auth/sign_in")
    browser.log_in(user)
    return browser


def exchange(anon, app, code, expect=200, **more):
    return anon.post("/oauth/token", {"grant_type": "authorization_code", "code": code, "redirect_uri": app["redirect_uri"],
                                      "client_id": app["client_id"], "client_secret": app["client_secret"]} | more, expect=expect)


# --- consent ---

def test_consent_says_who_asks_for_what(server, anon, alice):
    app = register(anon)
    browser = logged_in(server, alice)
    browser.open(address(app, state="a b&c"))
    assert "Test &lt;client&gt;" in browser.page and f"@{alice.acct}" in browser.page and REDIRECT in browser.page
    assert "Read everything you can see" in browser.page and "Moderate" not in browser.page
    got = answer(browser.press("allow"))
    assert got["state"] == "a b&c" and got["code"]


def test_denied(server, anon, alice):
    browser = logged_in(server, alice)
    browser.open(address(register(anon), state="s"))
    assert answer(browser.press("deny")) == {"error": "access_denied", "state": "s"}


def test_code_page_for_programs_without_a_browser(server, anon, alice):
    app = register(anon, OOB)
    browser = logged_in(server, alice)
    browser.open(address(app))
    assert browser.press("allow") is None and browser.path.startswith("/oauth/authorize/native?")
    code = re.search(r'class="copy">([^<]+)<', browser.page).group(1)
    assert exchange(anon, app, code)["access_token"]


def test_redirect_keeps_its_query_and_own_scheme(server, anon, alice):
    browser = logged_in(server, alice)
    app = register(anon, "https://client.example/cb?x=1")
    browser.open(address(app))
    assert re.fullmatch(r"https://client\.example/cb\?x=1&code=[\w-]+", browser.press("allow"))
    app = register(anon, "my.app://callback")
    browser.open(address(app))
    assert "form-action 'self' my.app:" in browser.api.last.headers["Content-Security-Policy"]
    assert re.fullmatch(r"my\.app://callback\?code=[\w-]+", browser.press("allow"))


@pytest.mark.parametrize("change, error", [
    ({"response_type": "token"}, "unsupported_response_type"),
    ({"response_type": None}, "unsupported_response_type"),
    ({"scope": "read root"}, "invalid_scope"),
    ({"scope": "admin:read"}, "invalid_scope"),
    ({"code_challenge": "x" * 43, "code_challenge_method": "plain"}, "invalid_request"),
    ({"code_challenge": "x" * 43}, "invalid_request"),
    ({"code_challenge": "x", "code_challenge_method": "S256"}, "invalid_request"),
    ({"code_challenge_method": "S256"}, "invalid_request"),
])
def test_errors_go_back_to_the_app(server, anon, change, error):
    browser = Browser(server.api())
    assert answer(browser.open(address(register(anon), state="s", **change))) == {"error": error, "state": "s"}


def test_default_scope_is_read(server, anon, alice):
    app = register(anon)
    browser = logged_in(server, alice)
    browser.open(address(app, scope=None))
    assert exchange(anon, app, answer(browser.press("allow"))["code"])["scope"] == "read"


def test_force_login_asks_again_even_for_somebody_else(server, anon, alice, bob):
    app = register(anon)
    browser = logged_in(server, alice)
    browser.open(address(app, force_login="true"))
    browser.log_in(bob)
    assert f"@{bob.acct}" in browser.page
    api = server.api(exchange(anon, app, answer(browser.press("allow"))["code"])["access_token"])
    assert api.get("/api/v1/accounts/verify_credentials")["username"] == bob.name


def test_who_may_not_act_gives_no_access(server, anon):
    server.cli("user", "create", "pending1", "--email", "pending1@mail.test", "--password", "correct horse", "--confirmed")
    user = type("U", (), {"email": "pending1@mail.test", "password": "correct horse"})
    browser = logged_in(server, user)
    browser.open(address(register(anon)), expect=403)
    assert "pending approval" in browser.page


# --- tokens ---

def test_client_secret_in_the_header(anon):
    app = register(anon)
    basic = base64.b64encode(f"{app['client_id']}:{app['client_secret']}".encode()).decode()
    body = anon.request("POST", "/oauth/token", data={"grant_type": "client_credentials", "scope": "read"}, headers={"Authorization": f"Basic {basic}"})
    assert body["scope"] == "read" and isinstance(body["created_at"], int)
    assert "no-store" in anon.last.headers["Cache-Control"]


@pytest.mark.parametrize("change, status, error", [
    ({"client_id": "x"}, 401, "invalid_client"),
    ({"client_secret": ""}, 401, "invalid_client"),
    ({"grant_type": "implicit"}, 400, "unsupported_grant_type"),
    ({"grant_type": ""}, 400, "invalid_request"),
    ({"grant_type": "password", "username": "a@b.c", "password": "x"}, 400, "unsupported_grant_type"),
    ({"scope": "admin:write"}, 400, "invalid_scope"),
    ({"scope": "nonsense"}, 400, "invalid_scope"),
])
def test_token_errors(anon, change, status, error):
    app = register(anon)
    body = {"grant_type": "client_credentials", "client_id": app["client_id"], "client_secret": app["client_secret"]} | change
    got = anon.post("/oauth/token", body, expect=status)
    assert got["error"] == error and got["error_description"]


def test_password_grant_when_permitted(own_server):
    server = own_server(password_grant="yes")
    user, anon = server.user(), server.api()
    app = register(anon)
    body = {"grant_type": "password", "username": user.email, "password": user.password, "client_id": app["client_id"],
            "client_secret": app["client_secret"], "scope": "read"}
    api = server.api(anon.post("/oauth/token", body)["access_token"])
    assert api.get("/api/v1/accounts/verify_credentials")["username"] == user.name
    assert anon.post("/oauth/token", body | {"password": "wrong"}, expect=400)["error"] == "invalid_grant"


def test_metadata(anon, server):
    meta = anon.get("/.well-known/oauth-authorization-server")
    assert meta["issuer"] == server.url + "/" and meta["code_challenge_methods_supported"] == ["S256"]
    assert meta["token_endpoint"] == server.url + "/oauth/token" and "write:statuses" in meta["scopes_supported"]
    assert anon.last.headers["Access-Control-Allow-Origin"] == "*"


def test_userinfo(server, alice):
    info = server.api(server.token(alice.name, "profile")).get("/oauth/userinfo")
    assert info["preferred_username"] == alice.name and info["sub"].startswith(server.url)
    server.api(server.token(alice.name, "read")).get("/oauth/userinfo", expect=403)


def test_another_apps_token_is_not_revoked(server, anon, alice):
    one, other = register(anon), register(anon)
    browser = logged_in(server, alice)
    browser.open(address(one))
    token = exchange(anon, one, answer(browser.press("allow"))["code"])["access_token"]
    anon.post("/oauth/revoke", {"token": token, "client_id": other["client_id"], "client_secret": other["client_secret"]}, expect=403)
    server.api(token).get("/api/v1/accounts/verify_credentials")
    anon.post("/oauth/revoke", {"token": "unknown", "client_id": other["client_id"], "client_secret": other["client_secret"]})


def test_token_as_parameter(server, alice):
    anon = server.api()
    anon.get("/api/v1/accounts/verify_credentials", access_token=alice.token)
    anon.request("POST", "/api/v1/statuses", data={"status": "hi", "access_token": alice.token})


# --- sessions and apps ---

def test_sessions_can_be_ended(server, alice):
    here, there = logged_in(server, alice), logged_in(server, alice)
    here.open("/settings/sessions")
    forms = [f for f in Forms(here.page).forms if "/settings/sessions/" in f["action"]]
    assert len(forms) == 2
    for form in forms:
        at = here.page.index(form["action"])
        if "This session" not in here.page[here.page.rindex("<li>", 0, at):at]:
            here.api.request("POST", form["action"], 303, data={f["name"]: f["value"] for f in form["fields"]})
    there.open("/settings/sessions")
    assert "/auth/sign_in" in there.path
    here.open("/settings/sessions")
    assert "This session" in here.page


def test_access_of_an_app_can_be_taken_away(server, anon, alice):
    app = register(anon)
    browser = logged_in(server, alice)
    browser.open(address(app))
    api = server.api(exchange(anon, app, answer(browser.press("allow"))["code"])["access_token"])
    api.get("/api/v1/accounts/verify_credentials")
    browser.open("/settings/sessions")
    assert "Test &lt;client&gt;" in browser.page
    for form in [f for f in Forms(browser.page).forms if "/settings/apps/" in f["action"]]:
        browser.api.request("POST", form["action"], 303, data={f["name"]: f["value"] for f in form["fields"]})
    api.get("/api/v1/accounts/verify_credentials", expect=401)


def test_others_sessions_are_not_mine_to_end(server, alice, bob):
    mine, theirs = logged_in(server, alice), logged_in(server, bob)
    theirs.open("/settings/sessions")
    action = next(f["action"] for f in Forms(theirs.page).forms if "/settings/sessions/" in f["action"])
    mine.open("/settings/sessions")
    csrf = next(f["value"] for f in Forms(mine.page).forms[0]["fields"] if f["name"] == "csrf_token")
    mine.api.request("POST", action, 404, data={"csrf_token": csrf})
    theirs.open("/settings/sessions")
    assert theirs.path == "/settings/sessions"


def test_at_most_ten_sessions(server, alice):
    first = logged_in(server, alice)
    for _ in range(10):
        last = logged_in(server, alice)
    first.open("/settings/sessions")
    assert "/auth/sign_in" in first.path
    last.open("/settings/sessions")
    assert last.path == "/settings/sessions"


# --- second factor ---

def switch_on(browser, user):
    browser.open("/settings/security")
    secret = re.search(r'name="secret" value="(\w+)"', browser.page).group(1)
    assert f"secret={secret}" in browser.page
    browser.press("switch on", expect=422, code="000000", current_password=user.password)
    assert secret in browser.page, "the same secret stands there for another try"
    browser.press("switch on", expect=403, code=totp.code(secret), current_password="wrong")
    browser.press("switch on", code=totp.code(secret), current_password=user.password)
    codes = re.findall(r"<li><code>([\w-]+)</code>", browser.page)
    assert len(set(codes)) == 10
    return secret, codes


def test_second_factor(server, alice):
    browser = logged_in(server, alice)
    secret, codes = switch_on(browser, alice)
    browser.open("/settings/security")
    assert "switch off" in browser.page.lower() and secret not in browser.page
    other = Browser(server.api())
    other.open("/auth/sign_in")
    other.log_in(alice)
    assert alice.password not in other.page and alice.email not in other.page, "not in yet"
    other.press("log in", expect=401, code="12345")
    other.press("log in", expect=401, code=totp.code(secret, -3600))
    other.press("log in", code=codes[0].upper().replace("-", " "))
    assert alice.email in other.page
    again = Browser(server.api())
    again.open("/auth/sign_in")
    again.log_in(alice)
    again.press("log in", expect=401, code=codes[0])
    again.press("log in", code=totp.code(secret, 30))
    browser.open("/settings/security")
    browser.press("switch off", current_password=alice.password)
    assert "/auth/sign_in" in browser.path
    logged_in(server, alice).open("/settings/security")


def test_operator_takes_a_lost_second_factor_away(server, alice):
    switch_on(logged_in(server, alice), alice)
    server.cli("user", "modify", alice.name, "--disable-2fa")
    browser = logged_in(server, alice)
    assert alice.email in browser.page


def test_change_of_password(server, alice):
    browser = logged_in(server, alice)
    browser.open("/settings/security")
    form = {"current_password": alice.password, "password": "a new password"}
    browser.press("save", expect=403, **form | {"current_password": "wrong"})
    browser.press("save", expect=422, **form | {"password": "short"})
    browser.press("save", **form)
    assert "/auth/sign_in" in browser.path
    alice.password = "a new password"
    assert alice.email in logged_in(server, alice).page

"""What the server does for its built-in web client: files, shell, log-in without a consent page.  The client itself: test/browser/client*."""
import base64
import hashlib
import re
import secrets
import urllib.parse

import pytest
import requests
from forms import Browser
from timing import PATIENCE

CLIENT = "dassie-web"


def page(server, path, **headers):
    return requests.get(server.base + path, headers={"Host": server.host, "Accept": "text/html"} | headers, timeout=PATIENCE, allow_redirects=False)


@pytest.fixture(scope="module", autouse=True)
def built_with_it(server):
    if page(server, "/home").status_code == 404:
        pytest.skip("built without the web client")


def redirect(server):
    return server.url + "/signed-in"


def address(server, verifier, **more):
    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")
    query = {"response_type": "code", "client_id": CLIENT, "redirect_uri": redirect(server), "scope": "read write follow push", "state": "s",
             "code_challenge": challenge, "code_challenge_method": "S256"} | more
    return "/oauth/authorize?" + urllib.parse.urlencode({k: v for k, v in query.items() if v is not None})


def logged_in(server, user):
    browser = Browser(server.api())
    browser.open("/auth/sign_in")
    browser.log_in(user)
    return browser


def answer(browser):
    return dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(browser.path).query))


def exchange(server, code, verifier, expect=200, **more):
    return server.api().post("/oauth/token", {"grant_type": "authorization_code", "client_id": CLIENT, "redirect_uri": redirect(server), "code": code,
                                              "code_verifier": verifier} | more, expect=expect)


def token(server, browser):
    verifier = secrets.token_urlsafe(32)
    browser.open(address(server, verifier))
    return exchange(server, answer(browser)["code"], verifier)["access_token"]


# --- files and shell ---

def test_the_shell_is_one_page_for_everybody_and_loads_only_named_files(server):
    bodies = {page(server, path, **{"Accept-Language": "de"}).text for path in ("/home", "/notifications", "/lists/1", "/settings/privacy", "/@x/followers")}
    assert len(bodies) == 1
    body = bodies.pop()
    assert 'lang="de"' in body and "noindex" in body and "<script>" not in body and "style=" not in body.replace("data-style=", "")
    for path in re.findall(r'(?:href|src|data-style)="(/static/client/[^"]+)"', body):
        plain, small = page(server, path), page(server, path, **{"Accept-Encoding": "br"})
        assert plain.headers["Cache-Control"] == "public, max-age=31536000, immutable", path
        assert small.headers["Content-Encoding"] == "br" and int(small.headers["Content-Length"]) < len(plain.content)
        assert small.headers["ETag"] != plain.headers["ETag"] and "Accept-Encoding" in plain.headers["Vary"]
    assert page(server, "/static/client/boot.js.br").status_code == 404


def test_scripts_and_requests_stay_on_this_origin(server):
    policy = dict(part.strip().split(" ", 1) for part in page(server, "/home").headers["Content-Security-Policy"].split(";"))
    assert policy["default-src"] == "'none'" and policy["script-src"] == "'self'" and policy["style-src"] == "'self'"
    assert policy["connect-src"] == f"'self' ws://{server.host}" and policy["frame-ancestors"] == "'none'"


def test_public_pages_load_one_small_script_and_frames_none(server, alice):
    post = alice.toot("to be framed")
    found = page(server, "/@" + alice.name).text
    scripts = re.findall(r"<script[^>]*>", found)
    assert len(scripts) == 1 and 'type="module"' in scripts[0]
    assert len(page(server, re.search(r'src="([^"]+)"', scripts[0])[1]).content) < 1000
    assert "<script" not in page(server, f"/@{alice.name}/{post['id']}/embed").text


# --- signing in ---

def test_no_consent_is_asked_and_the_code_needs_its_verifier(server, alice):
    browser, verifier = logged_in(server, alice), secrets.token_urlsafe(32)
    browser.open(address(server, verifier))
    got = answer(browser)
    assert browser.path.startswith("/signed-in?") and got["state"] == "s"
    assert exchange(server, got["code"], "x" * 43, expect=400)["error"] == "invalid_grant"
    browser.open(address(server, verifier))
    found = exchange(server, answer(browser)["code"], verifier)
    assert server.api(found["access_token"]).get("/api/v1/accounts/verify_credentials")["id"] == alice.id


@pytest.mark.parametrize("change", [{"code_challenge": None, "code_challenge_method": None}, {"code_challenge_method": "plain"}])
def test_without_a_challenge_there_is_no_code(server, alice, change):
    browser = logged_in(server, alice)
    browser.open(address(server, "v", **change))
    assert answer(browser) == {"error": "invalid_request", "state": "s"}


def test_the_code_goes_to_our_own_page_alone(server, alice):
    browser = logged_in(server, alice)
    browser.open(address(server, "v", redirect_uri="https://evil.example/signed-in"), expect=400)
    browser.open(address(server, "v", redirect_uri=redirect(server) + "?x=1"), expect=400)


@pytest.mark.parametrize("form", [{"grant_type": "client_credentials"}, {"grant_type": "password", "username": "a", "password": "b"}])
def test_it_has_no_other_grant_and_no_secret(server, form):
    assert server.api().post("/oauth/token", {"client_id": CLIENT, "scope": "read"} | form, expect=400)["error"] == "unauthorized_client"
    assert server.api().post("/oauth/token", {"client_id": CLIENT, "client_secret": "guess"} | form, expect=401)["error"] == "invalid_client"


def test_who_is_not_confirmed_gets_no_code(server):
    server.cli("user", "create", "unsure", "--email", "unsure@mail.test", "--password", "a long password")
    browser = Browser(server.api())
    browser.open("/auth/sign_in")
    browser.press("log in|sign in", email="unsure@mail.test", password="a long password")
    assert browser.open(address(server, "v")) is None and browser.path == "/auth/welcome"


# --- signing out ---

def test_signing_out_ends_the_session_of_the_browser(server, alice):
    browser = logged_in(server, alice)
    mine = token(server, browser)
    browser.api.post("/oauth/revoke", {"client_id": CLIENT, "token": mine})
    server.api(mine).get("/api/v1/accounts/verify_credentials", expect=401)
    browser.open("/settings/sessions")
    assert browser.path.startswith("/auth/sign_in")


def test_a_token_alone_or_of_somebody_else_ends_no_session(server, alice, bob):
    browser, other = logged_in(server, alice), logged_in(server, bob)
    theirs, mine = token(server, other), token(server, browser)
    browser.api.post("/oauth/revoke", {"client_id": CLIENT, "token": theirs})
    browser.api.post("/oauth/revoke", {"client_id": CLIENT, "token": "nothing like a token"})
    server.api().post("/oauth/revoke", {"client_id": CLIENT, "token": mine})
    for b in (browser, other):
        b.open("/settings/sessions")
        assert b.path == "/settings/sessions"


def test_signing_in_again_replaces_the_token_and_keeps_the_session(server, alice):
    browser = logged_in(server, alice)
    browser.api.post("/oauth/revoke", {"client_id": CLIENT, "token": token(server, browser), "keep_session": "true"})
    browser.open("/settings/sessions")
    assert browser.path == "/settings/sessions"

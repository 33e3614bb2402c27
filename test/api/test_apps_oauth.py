"""Registering an app and getting a token, as every client does on the first day."""
import base64
import hashlib
import secrets
import urllib.parse

import pytest
from forms import Browser

REDIRECT = "https://client.example/done"


def register(api, **kw):
    return api.post("/api/v1/apps", {"client_name": "Test client", "redirect_uris": REDIRECT, "scopes": "read write follow push"} | kw)


def authorize(server, user, app, **params):
    """Log in, agree; the query of the redirect that carries the code."""
    browser = Browser(server.api())
    query = {"response_type": "code", "client_id": app["client_id"], "redirect_uri": REDIRECT, "scope": "read write"} | params
    browser.open("/oauth/authorize?" + urllib.parse.urlencode(query))
    done = browser.log_in(user) or browser.press("allow|authori[sz]e")
    assert done and done.startswith(REDIRECT + "?"), browser.page[:2000]
    return dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(done).query))


def test_register_an_app(anon):
    app = register(anon)
    assert app["name"] == "Test client"
    assert app["client_id"] and app["client_secret"]
    assert app["redirect_uri"] == REDIRECT


@pytest.mark.parametrize("change", [{"client_name": ""}, {"redirect_uris": ""}, {"redirect_uris": "javascript:alert(1)"}, {"scopes": "root"}])
def test_apps_that_are_refused(anon, change):
    body = {"client_name": "x", "redirect_uris": REDIRECT, "scopes": "read"} | change
    assert anon.post("/api/v1/apps", body, expect=422)["error"]


def test_client_credentials_know_the_app_and_no_user(server, anon):
    app = register(anon)
    token = anon.post("/oauth/token", {"grant_type": "client_credentials", "client_id": app["client_id"],
                                       "client_secret": app["client_secret"], "scope": "read"})
    assert token["token_type"] == "Bearer" and token["scope"] == "read"
    api = server.api(token["access_token"])
    assert api.get("/api/v1/apps/verify_credentials")["name"] == "Test client"
    api.get("/api/v1/timelines/home", expect=(401, 403, 422))


def test_wrong_secret(anon):
    app = register(anon)
    body = anon.post("/oauth/token", {"grant_type": "client_credentials", "client_id": app["client_id"], "client_secret": "wrong"}, expect=401)
    assert body["error"] == "invalid_client"


def test_code_gives_a_token_once(server, anon, alice):
    app = register(anon)
    got = authorize(server, alice, app, state="s&t")
    assert got["state"] == "s&t"
    body = {"grant_type": "authorization_code", "code": got["code"], "redirect_uri": REDIRECT, "client_id": app["client_id"],
            "client_secret": app["client_secret"]}
    token = anon.post("/oauth/token", body)
    assert set(token["scope"].split()) == {"read", "write"}
    api = server.api(token["access_token"])
    assert api.get("/api/v1/accounts/verify_credentials")["username"] == alice.name
    assert anon.post("/oauth/token", body, expect=400)["error"] == "invalid_grant"


def test_proof_key_is_required_once_given(server, anon, alice):
    app = register(anon)
    verifier = secrets.token_urlsafe(48)
    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    body = {"grant_type": "authorization_code", "redirect_uri": REDIRECT, "client_id": app["client_id"], "client_secret": app["client_secret"]}
    for extra in ({}, {"code_verifier": "wrong" * 10}):
        code = authorize(server, alice, app, code_challenge=challenge, code_challenge_method="S256")["code"]
        assert anon.post("/oauth/token", body | {"code": code} | extra, expect=400)["error"] == "invalid_grant"
    code = authorize(server, alice, app, code_challenge=challenge, code_challenge_method="S256")["code"]
    assert anon.post("/oauth/token", body | {"code": code, "code_verifier": verifier})["access_token"]


def test_a_foreign_redirect_is_never_followed(anon):
    app = register(anon)
    anon.request("GET", "/oauth/authorize", (400, 422), params={
        "response_type": "code", "client_id": app["client_id"], "redirect_uri": "https://evil.example/", "scope": "read"})
    assert "Location" not in anon.last.headers


def test_revoked_tokens_end(server, anon, alice):
    app = register(anon)
    code = authorize(server, alice, app)["code"]
    secret = {"client_id": app["client_id"], "client_secret": app["client_secret"]}
    token = anon.post("/oauth/token", {"grant_type": "authorization_code", "code": code, "redirect_uri": REDIRECT} | secret)["access_token"]
    api = server.api(token)
    api.get("/api/v1/accounts/verify_credentials")
    anon.post("/oauth/revoke", {"token": token} | secret)
    api.get("/api/v1/accounts/verify_credentials", expect=401)


def test_scopes_bound_a_token(server, alice):
    reader = server.api(server.token(alice.name, "read"))
    reader.get("/api/v1/accounts/verify_credentials")
    assert reader.post("/api/v1/statuses", {"status": "no"}, expect=403)["error"]

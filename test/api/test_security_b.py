"""Authentication, sessions, OAuth: attacks that worked on others, numbered as in the list of what must not break (23 to 40)."""
import base64
import concurrent.futures
import csv
import hashlib
import json
import pathlib
import re
import secrets
import time
import urllib.parse

import pytest
import totp
from forms import Browser, Forms
from postgres import query
from smtp_sink import Sink
from test_oauth import OOB, address, answer, exchange, logged_in, register, switch_on
from test_signup import app_api, mail_to, person

ROUTES_TSV = pathlib.Path(__file__).resolve().parents[3] / "shared/api/routes.tsv"


def code_for(server, user, app, **params):
    browser = logged_in(server, user)
    browser.open(address(app, **params))
    return answer(browser.press("allow"))["code"]


def challenge(verifier):
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()


# --- 23 redirect URIs ---

@pytest.mark.parametrize("asked", [
    "https://client.example/", "https://client.example/cb/", "https://client.example/cb?x=1", "https://client.example/cb#x", "https://client.example/cb/../cb",
    "https://client.example:444/cb", "http://client.example/cb", "https://CLIENT.example/cb", "https://client.example/%63b", "https://client.example/CB",
    "https://me@client.example/cb", "https://client.example.evil.example/cb", "https://evil.example/cb", "//client.example/cb", "/cb", "", None,
    "https://client.example/cb https://evil.example/", "https://client.example/cb\nhttps://evil.example/", OOB, "javascript:alert(1)",
])
def test_23_redirect_uri_is_compared_exactly(server, anon, alice, asked):
    app = register(anon)
    browser = logged_in(server, alice)
    browser.api.request("GET", address(app, redirect_uri=asked), 400)
    assert "Location" not in browser.api.last.headers


def test_23_any_of_several_and_loopback_by_port_only(server, anon, alice):
    app = register(anon, ["https://one.example/", "https://two.example/", "http://127.0.0.1:5000/cb"])
    browser = logged_in(server, alice)
    for uri, status in (("https://two.example/", 200), ("http://127.0.0.1:6000/cb", 200), ("http://127.0.0.1/cb", 200), ("https://127.0.0.1:6000/cb", 400),
                        ("http://127.0.0.1:6000/other", 400), ("http://127.0.0.2:6000/cb", 400), ("http://localhost:6000/cb", 400), ("https://two.example:1/", 400)):
        browser.api.request("GET", address(app, redirect_uri=uri), status)


@pytest.mark.parametrize("uri", ["javascript:alert(1)", "JavaScript:alert(1)", "data:text/html,x", "vbscript:x", "file:///etc/passwd", "https://*.example/", "cb",
                                 "//x.example/", "https://x.example/#f", "https://", "https://x.example\\@y/", "a b:c", " javascript:x", ":x", "x:"])
def test_23_bad_redirect_uris_are_not_registered(anon, uri):
    anon.post("/api/v1/apps", {"client_name": "x", "redirect_uris": [uri], "scopes": "read"}, expect=422)


# --- 24, 25 who may call what ---

def test_24_kinds_of_tokens(server, anon, alice):
    app = app_api(server, "read write")
    assert app.get("/api/v1/timelines/home", expect=422)["error"] == "This method requires an authenticated user"
    assert app.get("/api/v1/apps/verify_credentials")["name"]
    reader = server.api(server.token(alice.name, "read"))
    assert reader.post("/api/v1/statuses", {"status": "x"}, expect=403)["error"] == "This action is outside the authorized scopes"
    narrow = server.api(server.token(alice.name, "read:statuses"))
    narrow.get("/api/v1/statuses/1", expect=404)
    narrow.get("/api/v1/accounts/verify_credentials", expect=403)
    narrow.get("/api/v1/blocks", expect=403)
    writer = server.api(server.token(alice.name, "write:statuses"))
    writer.toot("narrow")
    writer.get("/api/v1/timelines/home", expect=403)


def test_24_no_more_than_the_app_registered(server, anon, alice):
    app = register(anon, scopes="read:statuses")
    browser = Browser(server.api())
    for scope in ("read", "write", "read:statuses write:statuses", "nonsense"):
        assert answer(browser.open(address(app, scope=scope)))["error"] == "invalid_scope"
    code = code_for(server, alice, register(anon, scopes="read write"), scope="read:statuses")
    assert code


def call(api, route):
    """The status of a call with made-up parameters; the path parameters name nothing that exists."""
    path = re.sub(r":(\w+)", lambda m: "1" if m.group(1) == "id" or m.group(1).endswith("_id") else "nothing", route["path"])
    path = re.sub(r"\*\w+", "nothing", path)
    api.request(route["method"], path, None)
    return api.last.status_code


def people(server):
    """One API for each state in which a login can be; all with every scope."""
    every = "read write follow push profile admin:read admin:write"
    made = {}
    for name, args in (("unconfirmed", ["--approved"]), ("pending", ["--confirmed"]), ("disabled", ["--confirmed", "--approved"]),
                       ("suspended", ["--confirmed", "--approved"]), ("user", ["--confirmed", "--approved"])):
        user = f"{name}{secrets.token_hex(3)}"
        server.cli("user", "create", user, "--email", f"{user}@mail.test", *args)
        if name == "disabled":
            server.cli("user", "modify", user, "--disable")
        if name == "suspended":
            server.cli("user", "suspend", user)
        made[name] = server.api(server.token(user, every))
        made[name].name = user
    return made


def test_25_every_route_by_everybody(own_server, sink_smtp):
    """The door of each route of the API, by each state of a login, is what its line in the table says."""
    server = own_server(confirm_email="yes", smtp=sink_smtp)
    who = people(server)
    nobody, app = server.api(), app_api(server, "read write follow push profile admin:read admin:write")
    refused = {"unconfirmed": "confirmed e-mail", "pending": "pending approval", "disabled": "disabled", "suspended": "disabled"}
    routes = [r for r in server.routes() if r["group"] == "api"]
    assert len(routes) > 60
    for route in routes:
        line = f"{route['method']} {route['path']}"
        status = call(nobody, route)
        assert (status == 401) == (route["who"] != "anyone") or "search" in route["path"], f"{line}: anonymous {status}"
        status = call(app, route)
        body = app.last.json() if "json" in app.last.headers.get("Content-Type", "") else {}
        is_refused = isinstance(body, dict) and body.get("error") == "This method requires an authenticated user"
        if route["who"] in ("user", "any_user"):
            assert status == 422 and is_refused, f"{line}: app {status} {body}"
        elif route["who"] == "app":
            assert not is_refused and status != 401, f"{line}: app {status} {body}"
        for name, text in refused.items():
            status = call(who[name], route)
            if route["who"] == "user":
                assert status == 403 and text in who[name].last.json()["error"], f"{line}: {name} {status}"
            elif route["who"] == "any_user":
                assert status not in (401,), f"{line}: {name} {status}"
        if route["scope"] and route["who"] != "anyone" and "write" in route["scope"]:
            assert call(server_reader(server, who), route) == 403, f"{line}: a token without the scope"


def server_reader(server, who):
    if "reader" not in who:
        who["reader"] = server.api(server.token(who["user"].name, "push"))
    return who["reader"]


@pytest.mark.skipif(not ROUTES_TSV.exists(), reason="no reference data beside the repository")
def test_25_scopes_are_those_of_mastodon(server):
    """Our table against the published one."""
    theirs = {}
    with open(ROUTES_TSV, encoding="utf-8") as f:
        for row in csv.DictReader(f, delimiter="\t"):
            for method in row["method"].split("/"):
                theirs[method, re.sub(r":\w+", ":x", row["path"])] = row["auth"]
    wrong = []
    for r in server.routes():
        auth = theirs.get((r["method"], re.sub(r":\w+", ":x", r["path"])))
        if r["group"] != "api" or auth is None:
            continue
        scopes = set(re.findall(r"\b(?:read|write|admin)(?::\w+)+|\bprofile\b|\bfollow\b|\bpush\b", auth))
        ours = set(r["scope"].split())
        if auth.startswith("user") and r["who"] == "anyone" and "optional" not in auth:
            wrong.append(f"{r['method']} {r['path']}: anybody may call it; Mastodon: {auth}")
        if scopes and not ours & scopes:
            wrong.append(f"{r['method']} {r['path']}: {r['scope']!r}; Mastodon: {auth}")
    assert not wrong, "\n".join(wrong)


# --- 26 other people's ids ---

def test_26_ids_of_others_are_as_unknown(server, alice, bob):
    private = alice.toot("mine", visibility="private")["id"]
    for method, path in (("GET", "/api/v1/statuses/%s"), ("PUT", "/api/v1/statuses/%s"), ("DELETE", "/api/v1/statuses/%s"), ("GET", "/api/v1/statuses/%s/source"),
                         ("POST", "/api/v1/statuses/%s/favourite"), ("POST", "/api/v1/statuses/%s/reblog"), ("GET", "/api/v1/statuses/%s/history"),
                         ("GET", "/api/v1/statuses/%s/context"), ("POST", "/api/v1/statuses/%s/pin"), ("POST", "/api/v1/statuses/%s/bookmark")):
        body = {"status": "x"} if method == "PUT" else None
        theirs = bob.request(method, path % private, 404, json=body)
        assert theirs == bob.request(method, path % "1", 404, json=body), path


# --- 27, 28 codes ---

def test_27_a_replayed_code_takes_the_token_back(server, anon, alice):
    app = register(anon)
    code = code_for(server, alice, app)
    api = server.api(exchange(anon, app, code)["access_token"])
    api.get("/api/v1/accounts/verify_credentials")
    assert exchange(anon, app, code, 400)["error"] == "invalid_grant"
    api.get("/api/v1/accounts/verify_credentials", expect=401)


def test_27_codes_belong_to_one_app_and_one_address(server, anon, alice):
    app, other = register(anon, ["https://client.example/cb", "https://client.example/cb2"]), register(anon)
    app["redirect_uri"] = "https://client.example/cb"
    code = code_for(server, alice, app)
    exchange(anon, other, code, 400)
    exchange(anon, app, code, 400, redirect_uri="https://client.example/cb2")
    exchange(anon, app, code, 400, redirect_uri="")
    exchange(anon, app, code, 400, client_id=other["client_id"], client_secret=other["client_secret"])
    assert exchange(anon, app, code)["access_token"], "the attempts of others did not use it up"


def test_27_codes_end_after_ten_minutes(own_server):
    server = own_server()
    anon, user = server.api(), server.user()
    app = register(anon)
    code, late = code_for(server, user, app), code_for(server, user, app)
    server.shift_clock(minutes=9)
    exchange(anon, app, code)
    server.shift_clock(minutes=2)
    assert exchange(anon, app, late, 400)["error"] == "invalid_grant"


def test_27_two_exchanges_at_once(server, anon, alice):
    app = register(anon)
    for _ in range(5):
        code = code_for(server, alice, app)
        with concurrent.futures.ThreadPoolExecutor(8) as pool:
            got = list(pool.map(lambda _: exchange(server.api(), app, code, (200, 400)), range(8)))
        tokens = [t["access_token"] for t in got if "access_token" in t]
        assert len(tokens) <= 1
        for token in tokens:
            server.api(token).get("/api/v1/accounts/verify_credentials", expect=401)


def test_28_proof_keys(server, anon, alice):
    app = register(anon)
    verifier = secrets.token_urlsafe(48)
    code = code_for(server, alice, app, code_challenge=challenge(verifier), code_challenge_method="S256")
    for wrong in ({}, {"code_verifier": ""}, {"code_verifier": "x" * 64}, {"code_verifier": challenge(verifier)}, {"code_verifier": verifier + "x"}, {"code_verifier": verifier[:-1]}):
        exchange(anon, app, code, 400, **wrong)
    exchange(anon, app, code, 200, code_verifier=verifier)
    code = code_for(server, alice, app)
    exchange(anon, app, code, 400, code_verifier=verifier)
    exchange(anon, app, code, 200)


# --- 29 forms of others ---

def test_29_forms_need_their_token(server, anon, alice):
    app = register(anon)
    browser = logged_in(server, alice)
    browser.open(address(app))
    assert "frame-ancestors 'none'" in browser.api.last.headers["Content-Security-Policy"]
    form = next(f for f in Forms(browser.page).forms if f["action"] == "/oauth/authorize")
    data = {f["name"]: f["value"] for f in form["fields"]} | {"decision": "allow"}
    other = logged_in(server, alice)
    other.open("/settings/security")
    foreign = next(f["value"] for f in Forms(other.page).forms[0]["fields"] if f["name"] == "csrf_token")
    for token in ("", "x", foreign):
        browser.api.request("POST", "/oauth/authorize", 403, data=data | {"csrf_token": token})
    browser.api.request("POST", "/oauth/authorize", 403, data={k: v for k, v in data.items() if k != "csrf_token"})
    browser.api.request("POST", "/oauth/authorize", 400, data=data | {"redirect_uri": "https://evil.example/"})
    browser.api.request("POST", "/oauth/authorize", 303, data=data | {"scope": "read write admin:write"})
    assert "error=invalid_scope" in browser.api.last.headers["Location"]
    browser.api.request("POST", "/oauth/authorize", 303, data=data)
    assert "code=" in browser.api.last.headers["Location"]


def test_29_every_form_of_the_pages_needs_its_token(server, alice):
    browser = logged_in(server, alice)
    machines = ("/oauth/token", "/oauth/revoke", "/unsubscribe", "/unsubscribe/notifications")  # by RFC 8058: the token is in the mail, and there is no session
    for route in server.routes():
        if route["group"] == "oauth" and route["method"] == "POST" and route["path"] not in machines:
            path = route["path"].replace(":id", "1")
            browser.api.request("POST", path, 403, data={"csrf_token": "x", "email": alice.email, "password": alice.password})
            server.api().request("POST", path, 403, data={})


def test_29_logging_in_needs_the_token_too(server, alice):
    """Or a page of somebody else could log a visitor in as somebody else."""
    api = server.api()
    api.request("POST", "/auth/sign_in", 403, data={"email": alice.email, "password": alice.password})
    api.request("POST", "/auth/sign_in", 403, data={"email": alice.email, "password": alice.password, "csrf_token": "y" * 43},
                headers={"Cookie": "csrf=" + "x" * 43})
    assert "session=" not in api.last.headers.get("Set-Cookie", "")


@pytest.mark.parametrize("to", ["https://evil.example/", "//evil.example/", "/\\evil.example/", "javascript:alert(1)", "/\t/evil.example"])
def test_29_logging_in_never_leads_away(server, alice, to):
    browser = Browser(server.api())
    browser.open("/auth/sign_in?" + urllib.parse.urlencode({"return_to": to}))
    form = Forms(browser.page).forms[0]
    data = {f["name"]: f["value"] for f in form["fields"]} | {"email": alice.email, "password": alice.password, "return_to": to}
    browser.api.request("POST", "/auth/sign_in", 303, data=data)
    target = urllib.parse.urljoin(server.url, browser.api.last.headers["Location"].replace("\\", "/"))
    assert urllib.parse.urlsplit(target).netloc == server.host


# --- 30 links in mails ---

def test_30_links_come_from_the_configuration(own_server, tmp_path):
    with Sink(tmp_path / "mail") as sink:
        server = own_server(smtp=f"smtp://127.0.0.1:{sink.port}")
        user = server.user()
        browser = Browser(server.api())
        browser.open("/auth/password/new")
        form = Forms(browser.page).forms[0]
        data = {f["name"]: f["value"] for f in form["fields"]} | {"email": user.email}
        browser.api.request("POST", "/auth/password/new", None, data=data, headers={"Host": "evil.example", "X-Forwarded-Host": "evil.example"})
        assert browser.api.last.status_code in (200, 400, 403, 421)
        browser.api.request("POST", "/auth/password/new", 200, data=data, headers={"X-Forwarded-Host": "evil.example"})
        _, text, link = mail_to(server, sink, user.email)
        assert "evil" not in text and len(link.split("=")[1]) >= 43
        assert link.split("=")[1] not in "\n".join(server.log.lines), "the token is not in the log"


# --- 31 addresses ---

@pytest.mark.parametrize("address_", ["a%b@mail.test", "a,b@mail.test", '"x y"@mail.test', "<a@mail.test>", "a@mail.test (x)", "a@b@mail.test", "a@mail.test\r\nBcc: x@mail.test",
                                      "a\n@mail.test", "@mail.test", "a@", "a@[127.0.0.1]", "x" * 65 + "@mail.test", "a@" + "x" * 320 + ".test", "a..b@mail.test", ".a@mail.test"])
def test_31_odd_addresses_are_refused(server, address_):
    body = app_api(server).post("/api/v1/accounts", person(email=address_), expect=422)
    assert body["details"]["email"][0]["error"] == "ERR_INVALID"


# --- 32, 33 limits ---

def sign_in_status(server, email_, password, forwarded=None):
    browser = Browser(server.api())
    browser.api.get("/auth/sign_in")
    data = {"email": email_, "password": password, "csrf_token": Forms(browser.api.last.text).forms[0]["fields"][0]["value"]}
    browser.api.request("POST", "/auth/sign_in", None, data=data, headers=forwarded or {})
    return browser.api.last


def test_32_forged_addresses_are_not_believed(own_server):
    server = own_server(rate_limits="on", trusted_proxies="192.0.2.1/32")
    server.shift_to_midnight()
    user = server.user()
    seen = []
    for n in range(27):
        ip = f"203.0.113.{n}"
        seen.append(sign_in_status(server, user.email + str(n), "wrong", {
            "X-Forwarded-For": f"{ip}, 127.0.0.1", "Forwarded": f"for={ip}", "Client-Ip": ip, "X-Real-IP": ip}).status_code)
    assert seen[:25] == [401] * 25 and seen[25:] == [429] * 2


def test_32_the_proxy_is_believed_for_its_last_hop(own_server):
    server = own_server(rate_limits="on")
    server.shift_to_midnight()
    for n in range(27):
        assert sign_in_status(server, f"x{n}@mail.test", "wrong", {"X-Forwarded-For": f"1.1.1.1, 203.0.113.{n}"}).status_code == 401
    seen = [sign_in_status(server, f"y{n}@mail.test", "wrong", {"X-Forwarded-For": f"203.0.113.{n}, 198.51.100.7"}).status_code for n in range(27)]
    assert seen.count(429) == 2, "what a client wrote before the proxy's own entry counts nothing"


def test_33_logging_in_is_limited_by_name_too(own_server):
    server = own_server(rate_limits="on")
    server.shift_to_midnight()
    user = server.user()
    for n in range(25):
        r = sign_in_status(server, user.email, "wrong", {"X-Forwarded-For": f"203.0.113.{n}"})
        assert r.status_code == 401
    r = sign_in_status(server, user.email.upper(), user.password, {"X-Forwarded-For": "198.51.100.1"})
    assert r.status_code == 429 and int(r.headers["Retry-After"]) > 0 and r.headers["X-RateLimit-Remaining"] == "0"
    server.shift_clock(minutes=61)
    assert sign_in_status(server, user.email, user.password, {"X-Forwarded-For": "198.51.100.1"}).status_code == 303


def test_33_success_does_not_refill_the_attackers_bucket(own_server):
    server = own_server(rate_limits="on")
    server.shift_to_midnight()
    user = server.user()
    for n in range(24):
        assert sign_in_status(server, f"x{n}@mail.test", "wrong").status_code == 401
    assert sign_in_status(server, user.email, user.password).status_code == 303
    assert sign_in_status(server, "x@mail.test", "wrong").status_code == 429


def test_33_apps_sign_ups_mails_and_tokens_are_limited(own_server):
    server = own_server(rate_limits="on")
    server.shift_to_midnight()
    anon = server.api()
    app = app_api(server)  # the first of the five apps
    for _ in range(4):
        register(anon)
    assert anon.post("/api/v1/apps", {"client_name": "x", "redirect_uris": OOB}, expect=429)["error"]
    for _ in range(5):
        app.post("/api/v1/accounts", {}, expect=422)
    app.post("/api/v1/accounts", {}, expect=429)
    browser = Browser(server.api())
    for n in range(6):
        browser.open("/auth/password/new")
        browser.press("send", expect=200 if n < 5 else 429, email="nobody@mail.test")
    for n in range(301):
        anon.get("/api/v1/preferences", headers={"Authorization": f"Bearer {n}"}, expect=(401, 429))
    assert anon.last.status_code == 429


def test_33_guessing_second_factors_is_limited(own_server):
    server = own_server(rate_limits="on")
    user = server.user()
    browser = logged_in(server, user)
    secret, _ = switch_on_quietly(browser, user)
    server.shift_to_midnight()
    other = Browser(server.api())
    other.open("/auth/sign_in")
    other.log_in(user)
    for n in range(10):
        other.press("log in", expect=401, code="000000")
    other.press("log in", expect=429, code=totp.code(secret, 30))


@pytest.mark.parametrize("how", ["stop", "power cut"])
def test_33_limits_survive_a_restart(own_server, how):
    server = own_server(rate_limits="on")
    user = server.user()
    window = (int(time.time()) // 3600 + 1) * 3600
    server.shift_clock(seconds=window + 1 - time.time())
    for n in range(25):
        r = sign_in_status(server, user.email, "wrong", {"X-Forwarded-For": f"203.0.113.{n}"})
        assert r.status_code == 401
    if how == "power cut":
        server.wait_until(lambda: server.query("SELECT 1 FROM limit_count WHERE used >= 25"))
        server.kill()
    else:
        server.stop()
    server.start()
    server.shift_clock(seconds=window + 10 - time.time())
    r = sign_in_status(server, user.email, user.password, {"X-Forwarded-For": "198.51.100.1"})
    assert r.status_code == 429 and int(r.headers["Retry-After"]) > 0
    assert sign_in_status(server, "somebody@mail.test", "x", {"X-Forwarded-For": "198.51.100.1"}).status_code == 401
    server.shift_clock(minutes=61)
    assert sign_in_status(server, user.email, user.password, {"X-Forwarded-For": "198.51.100.1"}).status_code == 303


def switch_on_quietly(browser, user, now=None):
    browser.open("/settings/security")
    secret = re.search(r'name="secret" value="(\w+)"', browser.page).group(1)
    browser.press("switch on", code=totp.code(secret, now=now), current_password=user.password)
    return secret, re.findall(r"<li><code>([\w-]+)</code>", browser.page)


# --- 34, 36 what ends sessions and tokens ---

@pytest.mark.parametrize("how", ["password", "email", "second factor", "disable", "suspend", "all"])
def test_34_a_change_ends_sessions_and_tokens(server, how):
    user = server.user()
    browser = logged_in(server, user)
    browser.open("/settings/sessions")
    if how == "second factor":
        switch_on_quietly(logged_in(server, user), user)
    else:
        server.cli(*{"password": ["user", "reset-password", user.name], "email": ["user", "modify", user.name, "--email", f"new{user.email}"],
                     "disable": ["user", "modify", user.name, "--disable"], "suspend": ["user", "suspend", user.name],
                     "all": ["user", "end-sessions", user.name]}[how])
    user.get("/api/v1/accounts/verify_credentials", expect=(401, 403))
    browser.open("/settings/sessions", expect=(200, 403))
    assert "/auth/sign_in" in browser.path or browser.api.last.status_code == 403


def test_36_a_session_that_ended_is_dead(server, alice):
    browser = logged_in(server, alice)
    cookie = browser.api.http.cookies.get("session")
    browser.open("/settings/sessions")
    browser.press("log out")
    api = server.api()
    api.request("GET", "/settings/sessions", 302, headers={"Cookie": f"session={cookie}"})


def test_36_the_session_changes_at_the_log_in(server, alice, bob):
    """Whoever could plant a cookie before knows nothing after."""
    browser = logged_in(server, alice)
    first = browser.api.http.cookies.get("session")
    browser.open("/auth/sign_in?again=1")
    browser.log_in(bob)
    assert browser.api.http.cookies.get("session") != first
    server.api().request("GET", "/settings/sessions", 302, headers={"Cookie": f"session={first}"})
    planted = server.api()
    planted.get("/auth/sign_in", headers={"Cookie": "session=planted-by-somebody-else"})
    assert "planted" not in planted.last.headers.get("Set-Cookie", "")


# --- 37 cookies and logs ---

def test_37_cookies_over_https(own_server):
    server = own_server(url="https://a.test", federation_http=None)
    user = server.user()
    browser = Browser(server.api())
    page = browser.api.get("/auth/sign_in")
    csrf = browser.api.last.headers["Set-Cookie"]
    data = {f["name"]: f["value"] for f in Forms(page).forms[0]["fields"]} | {"email": user.email, "password": user.password}
    r = browser.api.http.post(browser.api.base + "/auth/sign_in", data=data, headers={"Cookie": csrf.split(";")[0]}, allow_redirects=False)
    assert r.status_code == 303
    for cookie in (csrf, r.headers["Set-Cookie"]):
        parts = [p.strip() for p in cookie.split(",")[0].split(";")]
        assert parts[0].startswith("__Host-") and {"Secure", "HttpOnly", "SameSite=Lax", "Path=/"} <= set(parts)
        assert not any(p.startswith("Domain") for p in parts)
    assert "max-age=" in r.headers["Strict-Transport-Security"]
    # the name without the prefix is not believed
    value = re.search(r"__Host-session=([^;]+)", r.headers["Set-Cookie"]).group(1)
    server.api().request("GET", "/settings/sessions", 302, headers={"Cookie": f"session={value}"})
    server.api().request("GET", "/settings/sessions", 200, headers={"Cookie": f"__Host-session={value}"})


def test_37_secrets_are_not_in_the_log(own_server):
    server = own_server()
    user, anon = server.user(), server.api()
    app = register(anon)
    code = code_for(server, user, app)
    token = exchange(anon, app, code)["access_token"]
    server.api().get("/api/v1/accounts/verify_credentials", access_token=token)
    at = server.mark()
    server.api().get("/api/v1/preferences", access_token=token)
    server.wait_log("http", since=at)
    log = "\n".join(server.log.lines)
    for secret in (user.password, user.token, token, code, app["client_secret"]):
        assert secret not in log


def test_37_secrets_are_not_in_the_database(own_server, postgres):
    server = own_server()
    user, anon = server.user(), server.api()
    app = register(anon)
    browser = logged_in(server, user)
    browser.open(address(app))
    code = answer(browser.press("allow"))["code"]
    token = exchange(anon, app, code)["access_token"]
    totp_secret, codes = switch_on_quietly(browser, user)
    found = [user.password, user.token, token, code, app["client_secret"], browser.api.http.cookies.get("session"), totp_secret, codes[0]]
    server.stop()
    if postgres:
        tables = [t[0] for t in query(server.config["database"], "SELECT tablename FROM pg_tables WHERE schemaname = 'public'")]
        data = json.dumps([query(server.config["database"], f"SELECT * FROM {t}") for t in tables]).encode()
    else:
        data = b"".join(p.read_bytes() for p in (server.root / "data").glob("dassie.db*"))
    for secret in found:
        assert secret.encode() not in data


# --- 38 names ---

@pytest.mark.parametrize("name", ["admin", "ADMIN", "actor", "inbox", "api", ".well-known", "root", "support", "аdmin", "ad min", "admin\u200b", "admin\n", "../x", "a@b", "a/b"])
def test_38_names_that_nobody_gets(server, name):
    body = app_api(server).post("/api/v1/accounts", person(username=name), expect=422)
    assert body["details"]["username"][0]["error"] in ("ERR_RESERVED", "ERR_INVALID")


def test_38_names_of_deleted_people_stay_theirs(own_server):
    server = own_server()
    user = server.user()
    server.cli("user", "delete", user.name, "--yes")
    anon, app = server.api(), app_api(server)

    def gone():
        server.shift_clock(hours=1)  # the row stays until other servers had time to ask for it
        anon.get("/api/v1/accounts/lookup", acct=user.name, expect=None)
        return anon.last.status_code in (404, 410)

    assert app.post("/api/v1/accounts", person(username=user.name.upper()), expect=422)["details"]["username"][0]["error"] in ("ERR_TAKEN", "ERR_RESERVED")
    server.wait_until(gone)
    assert app.post("/api/v1/accounts", person(username=user.name.upper()), expect=422)["details"]["username"][0]["error"] == "ERR_RESERVED"


# --- 39 second factors ---

def test_39_a_code_counts_once_in_its_time(own_server):
    server = own_server()
    user = server.user()
    browser, now = logged_in(server, user), time.time()
    secret, codes = switch_on_quietly(browser, user, now)

    def try_code(code):
        browser = Browser(server.api())
        browser.open("/auth/sign_in")
        browser.log_in(user)
        browser.press("log in", expect=(200, 401), code=code)
        return user.email in browser.page

    assert not try_code(totp.code(secret, now=now)), "the code that switched it on is used"
    assert not try_code(totp.code(secret, 90)) and not try_code(totp.code(secret, -90))
    server.shift_clock(minutes=5)
    code = totp.code(secret, 300)
    assert try_code(code) and not try_code(code)
    assert not try_code(totp.code(secret, 270)), "an older one, after a newer was used"
    assert try_code(codes[3]) and not try_code(codes[3])


def test_39_no_way_around_the_second_factor(own_server, tmp_path):
    with Sink(tmp_path / "mail") as sink:
        server = own_server(password_grant="yes", smtp=f"smtp://127.0.0.1:{sink.port}")
        user, anon = server.user(), server.api()
        app = register(anon)
        switch_on_quietly(logged_in(server, user), user)
        body = {"grant_type": "password", "username": user.email, "password": user.password, "scope": "read",
                "client_id": app["client_id"], "client_secret": app["client_secret"]}
        assert anon.post("/oauth/token", body, expect=400)["error"] == "invalid_grant"
        browser = Browser(server.api())
        browser.open("/auth/password/new")
        browser.press("send", email=user.email)
        browser.open(mail_to(server, sink, user.email)[2])
        browser.press("save", password="a new password")
        user.password = "a new password"
        browser.open("/auth/sign_in")
        browser.log_in(user)
        assert 'name="code"' in browser.page and user.email not in browser.page
        browser.open("/settings/sessions")
        assert "/auth/sign_in" in browser.path
        browser.open("/auth/sign_in")
        browser.log_in(user)
        ticket = re.search(r'name="ticket" value="([^"]+)"', browser.page).group(1)
        browser.press("log in", expect=401, code="000000", ticket=ticket[:-2] + ("AA" if ticket[-2:] != "AA" else "BB"))
        server.shift_clock(minutes=11)
        browser.open("/auth/sign_in")
        page = browser.page
        browser.page = page.replace('action="/auth/sign_in"', 'action="/auth/sign_in/code"')
        browser.press("log in", expect=401, code="000000", ticket=ticket)
        assert "too long" in browser.page


# --- 40 passwords ---

def test_40_long_and_odd_passwords(server):
    long = "x" * 72
    user = person(password=long + "A")
    app_api(server).post("/api/v1/accounts", user)
    assert sign_in_status(server, user["email"], long + "B").status_code == 401, "what stands behind the 72nd byte counts"
    assert sign_in_status(server, user["email"], long + "A").status_code == 303
    unicode_ = person(password="Pässwörd-ñandú-🐕")
    app_api(server).post("/api/v1/accounts", unicode_)
    assert sign_in_status(server, unicode_["email"], unicode_["password"]).status_code == 303


def test_40_a_megabyte_is_refused_at_once(server):
    app_api(server).post("/api/v1/accounts", person(password="x" * 1_000_000), expect=413)
    assert app_api(server).post("/api/v1/accounts", person(password="x" * 400_000), expect=422)["details"]["password"][0]["error"] == "ERR_TOO_LONG"
    app_api(server).post("/api/v1/accounts", person(password="nul\0inside-it"), expect=(400, 422))
    sign_in_status(server, "a@mail.test", "x" * 60_000)


def test_40_unknown_people_cost_as_much_time(server, alice):
    """A hash each: what nearly all of the time of a log-in goes into."""
    def hashed():
        return int(re.search(r"^dassie_password_hashes_total (\d+)$", server.api().get("/metrics"), re.M)[1])
    for address_ in (alice.email, "nobody@mail.test", "no address", alice.email):
        before = hashed()
        assert sign_in_status(server, address_, "wrong password").status_code == 401
        assert hashed() == before + 1, address_

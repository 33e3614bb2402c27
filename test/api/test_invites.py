"""Invites: who makes them, what they open, how they end."""
import pytest
from forms import Browser

SIGN_UP = "/api/v1/accounts"


@pytest.fixture(scope="module")
def app(server):
    """An app that signs people up."""
    anon = server.api()
    made = anon.post("/api/v1/apps", {"client_name": "Sign-up", "redirect_uris": "urn:ietf:wg:oauth:2.0:oob",
                                      "scopes": "read write"})
    token = anon.post("/oauth/token", {"grant_type": "client_credentials", "client_id": made["client_id"],
                                       "client_secret": made["client_secret"], "scope": "read write"})
    return server.api(token["access_token"])


@pytest.fixture
def mode(server):
    def set_mode(value):
        server.cli("settings", "set", "registrations", value)

    yield set_mode
    server.cli("settings", "set", "registrations", "")


def sign_up(app, name, expect=200, **more):
    return app.post(SIGN_UP, {"username": name, "email": f"{name}@example.org", "password": "correct horse",
                              "agreement": True, "locale": "en", "reason": "", **more}, expect=expect)


def test_an_invite_opens_a_closed_server_until_it_is_spent(server, alice, anon, app, mode):
    invite = alice.post("/api/v1/invites", {"max_uses": 1, "comment": "For my sister"})
    assert (invite["uses"], invite["max_uses"], invite["comment"]) == (0, 1, "For my sister")
    assert invite["url"].endswith(f"/invite/{invite['code']}") and invite["expires_at"] is None
    mode("closed")
    sign_up(app, "sister", expect=403)
    sign_up(app, "sister", expect=403, invite_code="abcd-efgh")
    found = anon.get(f"/invite/{invite['code'].upper()}", headers={"Accept": "application/json"})
    assert found["invite_code"] == invite["code"] and found["instance_api_url"].endswith("/api/v2/instance")
    token = sign_up(app, "sister", invite_code=invite["code"])["access_token"]
    assert server.api(token).get("/api/v1/accounts/verify_credentials")["username"] == "sister"
    sign_up(app, "sisters_friend", expect=403, invite_code=invite["code"])
    anon.get(f"/invite/{invite['code']}", expect=401, headers={"Accept": "application/json"})
    mine, = [i for i in alice.get("/api/v1/invites") if i["id"] == invite["id"]]
    assert mine["uses"] == 1


def test_a_refused_sign_up_does_not_spend_it(alice, app, mode):
    invite = alice.post("/api/v1/invites", {"max_uses": 1})
    mode("closed")
    sign_up(app, "x!", expect=422, invite_code=invite["code"])
    sign_up(app, "careful", invite_code=invite["code"])


def test_who_comes_with_one_follows_whoever_asked_for_it(server, app):
    host = server.user()
    invite = host.post("/api/v1/invites", {"autofollow": True})
    guest = server.api(sign_up(app, "guest", invite_code=invite["code"])["access_token"])
    me = host.get("/api/v1/accounts/verify_credentials")["id"]
    assert guest.get("/api/v1/accounts/relationships", id=[me])[0]["following"] is True
    assert [n["type"] for n in host.notifications()] == ["follow"]


def test_a_moderator_still_looks_at_new_people_unless_the_inviter_may_vouch(server, alice, app, mode):
    owner = server.user(role="Owner")
    mode("approval")
    for inviter, name, expect in (alice, "vouched_for_not", 403), (owner, "vouched_for", 200):
        invite = inviter.post("/api/v1/invites", {})
        token = sign_up(app, name, invite_code=invite["code"])["access_token"]
        server.api(token).get("/api/v1/timelines/home", expect=expect)


def test_only_its_maker_sees_and_ends_it(server, alice, bob, anon):
    invite = alice.post("/api/v1/invites", {})
    assert invite["id"] not in [i["id"] for i in bob.get("/api/v1/invites")]
    bob.delete(f"/api/v1/invites/{invite['id']}", expect=404)
    alice.delete(f"/api/v1/invites/{invite['id']}")
    alice.delete(f"/api/v1/invites/{invite['id']}", expect=404)
    anon.get(f"/invite/{invite['code']}", expect=401, headers={"Accept": "application/json"})
    anon.get("/api/v1/invites", expect=401)
    server.api(server.token(alice.name, "read")).post("/api/v1/invites", {}, expect=403)


def test_limits_and_pages(server):
    host = server.user()
    for bad in {"max_uses": -1}, {"max_uses": 1001}, {"expires_in": 1}, {"expires_in": "soon"}, {"comment": "x" * 421}:
        host.post("/api/v1/invites", bad, expect=422)
    made = [host.post("/api/v1/invites", {})["id"] for _ in range(5)]
    assert [i["id"] for i in host.pages("/api/v1/invites", limit=2)] == made[::-1]
    for _ in range(95):
        host.post("/api/v1/invites", {})
    host.post("/api/v1/invites", {}, expect=422)
    host.delete(f"/api/v1/invites/{made[0]}")
    host.post("/api/v1/invites", {})


def test_one_that_is_over_opens_nothing(own_server):
    server = own_server()
    host, anon = server.user(), server.api()
    invite = host.post("/api/v1/invites", {"expires_in": 3600})
    assert anon.get("/api/v1/instance")["invites_enabled"] is True
    server.shift_clock(hours=2)
    anon.get(f"/invite/{invite['code']}", expect=401, headers={"Accept": "application/json"})


def test_a_link_that_is_over_says_so_on_a_page(anon):
    page = anon.request("GET", "/invite/abcd-efgh", 401, headers={"Accept": "text/html", "Accept-Language": "de"})
    assert anon.last.headers["Content-Type"].startswith("text/html") and "<h1>" in page


def test_the_link_leads_a_browser_to_the_form(server, alice, mode):
    invite = alice.post("/api/v1/invites", {"max_uses": 1})
    mode("closed")
    browser = Browser(server.api())
    browser.open("/auth/sign_up", expect=403)
    browser.open(f"/invite/{invite['code']}")
    browser.press("Sign up", username="by_link", email="by_link@example.org", password="correct horse", agreement="1")
    assert server.api().lookup("by_link")["username"] == "by_link"

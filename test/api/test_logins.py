"""Sessions and the second factor through the API."""
import totp
from forms import Browser

PASSWORD = "correct horse battery"


def person(server, name):
    server.cli("user", "create", name, "--email", f"{name}@example.org", "--password", PASSWORD, "--confirmed", "--approved")
    return server.api(server.token(name))


def test_sessions_are_listed_and_ended(server):
    me, other = person(server, "logins_a"), person(server, "logins_b")
    second = server.api(server.token("logins_a"))
    sessions = me.get("/api/v1/sessions")
    assert [s["kind"] for s in sessions] == ["app", "app"] and sum(s["current"] for s in sessions) == 1
    goes = next(s for s in sessions if not s["current"])
    other.delete(f"/api/v1/sessions/{goes['id']}", expect=404)
    me.delete(f"/api/v1/sessions/{goes['id']}")
    second.get("/api/v1/sessions", expect=401)
    me.delete(f"/api/v1/sessions/{goes['id']}", expect=404)
    me.delete("/api/v1/sessions/1", expect=404)
    server.api().get("/api/v1/sessions", expect=401)
    browser = Browser(server.api())
    browser.open("/auth/sign_in")
    browser.press("Log in", email="logins_a@example.org", password=PASSWORD)
    web, = [s for s in me.get("/api/v1/sessions") if s["kind"] == "browser"]
    assert web["ip"] == "127.0.0.1" and web["name"]
    me.delete(f"/api/v1/sessions/{web['id']}")
    browser.open("/settings/sessions")
    assert "<h1>Log in</h1>" in browser.page


def test_a_second_factor_needs_the_password_and_a_code(server):
    me = person(server, "logins_c")
    other_app = server.api(server.token("logins_c"))
    path = "/api/v1/two_factor"
    assert me.get(path) == {"totp": False, "backup_codes": 0}
    me.post(path + "/totp/new", {}, expect=422)
    me.post(path + "/totp/new", {"password": "wrong"}, expect=403)
    new = me.post(path + "/totp/new", {"password": PASSWORD})
    assert new["uri"].startswith("otpauth://totp/") and new["secret"] in new["uri"]
    me.post(path + "/totp", {"password": PASSWORD, "secret": new["secret"], "code": "000000"}, expect=422)
    assert me.get(path)["totp"] is False
    codes = me.post(path + "/totp", {"password": PASSWORD, "secret": new["secret"], "code": totp.code(new["secret"])})
    assert me.get(path) == {"totp": True, "backup_codes": len(codes["backup_codes"])}
    other_app.get(path, expect=401)  # who was logged in before has to prove more now
    me.delete(path + "/totp", json={"password": "wrong"}, expect=403)
    assert me.delete(path + "/totp", json={"password": PASSWORD}) == {"totp": False, "backup_codes": 0}
    assert me.get(path)["totp"] is False

"""The history of log-ins, and the mail about one from somewhere new."""
import pytest
import totp
from forms import Browser
from server import OPEN, Server
from smtp_sink import Sink

HISTORY = "/api/v1/login/history"
HOME, PHONE = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Mozilla/5.0 (Android 15; Mobile; rv:140.0) Firefox/140.0"


@pytest.fixture(scope="module")
def sink(tmp_path_factory):
    with Sink(tmp_path_factory.mktemp("mail")) as s:
        yield s


@pytest.fixture(scope="module")
def server(tmp_path_factory, new_database, sink):
    with Server(tmp_path_factory.mktemp("server"), database=new_database(), smtp=f"smtp://127.0.0.1:{sink.port}", password_grant="yes", **OPEN) as s:
        yield s


def browser(server, agent=HOME, ip="192.0.2.7"):
    b = Browser(server.api())
    b.api.http.headers.update({"User-Agent": agent, "X-Forwarded-For": ip})
    return b


def log_in(server, me, expect=200, password=None, **where):
    b = browser(server, **where)
    b.open("/auth/sign_in")
    b.press("Log in", expect, email=me.email, password=password or me.password)
    return b


def shown(me):
    return [(x["method"], x["success"], x["ip"], x["user_agent"]) for x in me.get(HISTORY)]


def test_what_worked_and_what_did_not_is_shown_to_its_owner_alone(server, alice, bob):
    assert alice.get(HISTORY) == []
    log_in(server, alice)
    log_in(server, alice, 401, "wrong", agent=PHONE, ip="203.0.113.9")
    first, second = alice.get(HISTORY)
    assert set(first) == {"id", "success", "method", "ip", "user_agent", "created_at"} and int(first["id"]) > int(second["id"])
    assert shown(alice) == [("password", False, "203.0.113.9", PHONE), ("password", True, "192.0.2.7", HOME)]
    assert bob.get(HISTORY) == []
    server.api().get(HISTORY, expect=401)
    server.api(server.token(alice.name, "write")).get(HISTORY, expect=403)
    assert "203.0.113.9" not in str(server.api().get(f"/api/v1/accounts/{alice.id}"))


def test_the_second_factor_and_the_password_grant_stand_in_it(server, alice):
    secret = alice.post("/api/v1/two_factor/totp/new", {"password": alice.password})["secret"]
    codes = alice.post("/api/v1/two_factor/totp", {"password": alice.password, "secret": secret, "code": totp.code(secret)})["backup_codes"]
    b = log_in(server, alice)
    b.press("Log in", 401, code="000000")
    b.press("Log in", code=codes[0])
    app = alice.post("/api/v1/apps", {"client_name": "x", "redirect_uris": "urn:ietf:wg:oauth:2.0:oob", "scopes": "read"})
    grant = {"grant_type": "password", "client_id": app["client_id"], "client_secret": app["client_secret"], "username": alice.email}
    server.api().post("/oauth/token", grant | {"password": alice.password}, expect=400)
    assert [x[:2] for x in shown(alice)] == [("password", False), ("password_code", True), ("password_code", False)]


def test_an_address_of_nobody_leaves_nothing(server, alice):
    before = server.query("SELECT count(*) FROM login")
    alice.email = "nobody@nowhere.test"
    log_in(server, alice, 401)
    assert server.query("SELECT count(*) FROM login") == before and not server.query("SELECT 1 FROM login WHERE user_id IS NULL")


def mails(server, sink, person):
    return [m["data"] for m in sink.mails() if m["to"] == [person.email] and "logged in to" in m["data"].replace("=\r\n", "")]


def test_a_password_from_somewhere_new_makes_a_mail(server, sink, alice, bob):
    log_in(server, alice)  # the first of somebody new
    log_in(server, alice, agent=HOME.replace("140", "150"), ip="192.0.9.9")  # the next version, in the same network
    log_in(server, alice, 401, "wrong", agent=PHONE, ip="203.0.113.9")
    log_in(server, alice, agent=PHONE, ip="203.0.113.10")
    text, = server.wait_until(lambda: mails(server, sink, alice))
    assert "203.0.113.10" in text and "Android" in text and "/settings/security" in text
    log_in(server, alice, agent=PHONE, ip="203.0.113.10")
    secret = alice.post("/api/v1/two_factor/totp/new", {"password": alice.password})["secret"]
    codes = alice.post("/api/v1/two_factor/totp", {"password": alice.password, "secret": secret, "code": totp.code(secret)})["backup_codes"]
    log_in(server, alice, ip="198.51.100.1").press("Log in", code=codes[0])
    for ip in ("192.0.2.7", "198.51.100.2"):
        log_in(server, bob, ip=ip)
    server.wait_until(lambda: mails(server, sink, bob))
    server.wait_until(lambda: not server.unfinished())
    assert len(mails(server, sink, alice)) == 1 == len(mails(server, sink, bob))


def test_failures_push_nothing_out_and_old_ones_go(server, alice, bob):
    log_in(server, alice)
    for n in range(52):
        log_in(server, alice, 401, "wrong", ip=f"203.0.113.{n}")
    rows = shown(alice)
    assert len(rows) == 51 and sum(x[1] for x in rows) == 1 and rows[0][2] == "203.0.113.51"
    alice.post("/api/v1/login/delete_account", {"password": alice.password})
    assert not server.query("SELECT 1 FROM login WHERE ip = '203.0.113.51'")
    log_in(server, bob)
    server.shift_clock(days=366)
    server.wait_until(lambda: server.query("SELECT count(*) FROM login") == [(0,)])

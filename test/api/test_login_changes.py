"""What people do about their own log-in: another address, another password, and leaving."""
import pytest
import totp
from forms import Browser
from smtp_sink import Sink
from test_signup import mail_to

LOGIN = "/api/v1/login"


@pytest.fixture(scope="module")
def sink(tmp_path_factory):
    with Sink(tmp_path_factory.mktemp("mail") / "mail") as s:
        yield s


@pytest.fixture(scope="module")
def mailing(tmp_path_factory, new_database, sink):
    """A server with a relay for mail."""
    from server import Server
    with Server(tmp_path_factory.mktemp("mailing"), database=new_database(), smtp=f"smtp://127.0.0.1:{sink.port}") as s:
        yield s


def logged_in(server, me, expect=200):
    browser = Browser(server.api())
    browser.open("/auth/sign_in")
    browser.log_in(me, expect=expect)
    return browser


# --- e-mail address ---

def test_a_new_address_counts_once_its_link_was_used(mailing, sink):
    me, new = mailing.user(), "another@mail.test"
    other_app = mailing.api(mailing.token(me.name))
    old_browser, browser = logged_in(mailing, me), logged_in(mailing, me)
    me.post(LOGIN + "/email", {"email": new, "password": "wrong"}, expect=403)
    me.post(LOGIN + "/email", {"email": "nowhere", "password": me.password}, expect=422)
    me.post(LOGIN + "/email", {"email": me.email.upper(), "password": me.password}, expect=422)
    me.post(LOGIN + "/email/again", expect=404)
    assert me.get(LOGIN) == {"email": me.email, "unconfirmed_email": None, "totp": False}
    assert me.post(LOGIN + "/email", {"email": new, "password": me.password}) == {"email": me.email, "unconfirmed_email": new, "totp": False}
    assert "another e-mail address was given" in mail_to(mailing, sink, me.email)[1]
    first = mail_to(mailing, sink, new)[2]
    me.post(LOGIN + "/email/again")
    assert mail_to(mailing, sink, new, 2)[2] != first
    other_app.get(LOGIN)  # nothing has changed yet
    browser.open(first)
    browser.press("confirm")
    for ended in (me, other_app):
        ended.get(LOGIN, expect=401)
    browser.open("/settings/security")
    assert new in browser.page, "where the link was used one stays logged in"
    old_browser.open("/settings/security")
    assert "<h1>Log in</h1>" in old_browser.page
    logged_in(mailing, me, expect=401)
    me.email = new
    logged_in(mailing, me)


def test_a_change_of_address_is_stopped(mailing, sink):
    me, new = mailing.user(), "stopped@mail.test"
    browser = logged_in(mailing, me)
    browser.open("/settings/security")
    browser.press("^Change$", expect=403, email=new, current_password="wrong")
    browser.press("^Change$", email=new, current_password=me.password)
    link = mail_to(mailing, sink, new)[2]
    assert new in browser.page and me.get(LOGIN)["unconfirmed_email"] == new
    browser.press("Send the link again")
    mail_to(mailing, sink, new, 2)
    assert me.delete(LOGIN + "/email")["unconfirmed_email"] is None
    browser.open(link)
    browser.press("confirm", expect=422)
    assert me.get(LOGIN)["email"] == me.email


def test_nobody_learns_that_an_address_is_taken(mailing, sink):
    me, other = mailing.user(), mailing.user()
    shown = me.post(LOGIN + "/email", {"email": other.email.upper(), "password": me.password})
    assert shown["unconfirmed_email"].lower() == other.email
    subject, text, link = mail_to(mailing, sink, other.email)
    assert "given for another account" in subject and "confirmation_token" not in text and me.name not in text
    # who was free when the link was sent and is taken when it is used
    free = "race@mail.test"
    me.post(LOGIN + "/email", {"email": free, "password": me.password})
    link = mail_to(mailing, sink, free)[2]
    mailing.cli("user", "modify", other.name, "--email", free)
    browser = Browser(mailing.api())
    browser.open(link)
    browser.press("confirm", expect=422)
    assert me.get(LOGIN)["email"] == me.email


def test_without_a_relay_a_new_address_counts_at_once(server):
    me, other = server.user(), server.user()
    other_app = server.api(server.token(me.name))
    me.post(LOGIN + "/email", {"email": other.email, "password": me.password}, expect=409)
    assert me.post(LOGIN + "/email", {"email": f"new-{me.email}", "password": me.password})["email"] == f"new-{me.email}"
    other_app.get(LOGIN, expect=401)


# --- password ---

def test_a_new_password_ends_everything_else(server):
    me = server.user()
    other_app, browser = server.api(server.token(me.name)), logged_in(server, me)
    me.put(LOGIN + "/password", {"password": "wrong", "new_password": "a new password"}, expect=403)
    assert "too short" in me.put(LOGIN + "/password", {"password": me.password, "new_password": "short"}, expect=422)["error"]
    me.put(LOGIN + "/password", {"password": me.password, "new_password": "a new password"})
    other_app.get(LOGIN, expect=401)
    browser.open("/settings/security")
    assert "<h1>Log in</h1>" in browser.page
    logged_in(server, me, expect=401)
    me.password = "a new password"
    logged_in(server, me)


def test_strangers_and_small_scopes(server, anon):
    me = server.user()
    small = server.api(server.token(me.name, "read:statuses write:statuses"))
    anon.get(LOGIN, expect=401)
    small.get(LOGIN, expect=403)
    for method, path in (("post", "/email"), ("delete", "/email"), ("post", "/email/again"), ("put", "/password"), ("post", "/delete_account")):
        getattr(anon, method)(LOGIN + path, expect=401)
        getattr(small, method)(LOGIN + path, expect=403)


# --- leaving ---

def test_an_account_is_deleted_by_its_owner(mailing, sink):
    me, friend = mailing.user(), mailing.user()
    friend.follow(me)
    post = me.toot("Farewell")
    other_app, browser = mailing.api(mailing.token(me.name)), logged_in(mailing, me)
    mailing.wait_until(lambda: [s["id"] for s in friend.home()] == [post["id"]])
    me.post(LOGIN + "/delete_account", {}, expect=422)
    me.post(LOGIN + "/delete_account", {"password": "wrong"}, expect=403)
    with other_app.stream() as stream:
        assert me.post(LOGIN + "/delete_account", {"password": me.password}) == {}
        stream.wait_end()
    for ended in (me, other_app):
        ended.get(LOGIN, expect=401)
    browser.open("/settings/security")
    assert "<h1>Log in</h1>" in browser.page
    logged_in(mailing, me, expect=401)
    assert "is deleted" in mail_to(mailing, sink, me.email)[1]
    friend.get(f"/api/v1/statuses/{post['id']}", expect=404)
    assert friend.home() == [] and friend.get(f"/api/v1/accounts/{me.id}", expect=None).get("suspended", True)
    mailing.wait_until(lambda: not mailing.query(f"SELECT 1 FROM status WHERE account_id = {me.id}"))
    mailing.cli("user", "create", me.name, "--email", "x@mail.test", status=65)  # the name is not
    mailing.cli("user", "create", f"{me.name}2", "--email", me.email)


def test_the_form_asks_for_the_second_factor(server):
    me = server.user()
    new = me.post("/api/v1/two_factor/totp/new", {"password": me.password})
    codes = me.post("/api/v1/two_factor/totp", {"password": me.password, "secret": new["secret"], "code": totp.code(new["secret"])})["backup_codes"]
    me.post(LOGIN + "/delete_account", {"password": me.password}, expect=403)
    me.post(LOGIN + "/delete_account", {"password": me.password, "code": "000000"}, expect=403)
    assert me.get(LOGIN)["totp"] is True
    browser = Browser(server.api())
    browser.open("/auth/sign_in")
    browser.log_in(me)
    browser.press("log in|continue|confirm", code=codes[0])
    browser.open("/settings/delete")
    browser.press("Delete my account", expect=403, current_password=me.password, code=codes[0])  # used once
    browser.press("Delete my account", current_password=me.password, code=codes[1])
    assert "Your account is deleted" in browser.page
    me.get(LOGIN, expect=401)
    browser.open("/settings/security")
    assert "<h1>Log in</h1>" in browser.page

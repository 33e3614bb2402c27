"""Getting somebody's posts by mail without an account: asking, confirming, new posts, unsubscribing."""
import email
import re
import secrets
import sqlite3

import pytest
from forms import Browser
from postgres import query
from smtp_sink import Sink


@pytest.fixture
def sink(tmp_path):
    with Sink(tmp_path / "mail") as s:
        yield s


@pytest.fixture
def place(own_server, sink):
    """A server with a relay that permits subscriptions, and somebody who wants subscribers."""
    server = own_server(smtp=f"smtp://127.0.0.1:{sink.port}", confirm_email="no")
    server.cli("settings", "set", "email_subscriptions", "yes")
    alice = server.user()
    alice.put("/api/v1/settings", {"account:email_subscriptions": True})
    return server, alice


def address():
    return f"r{secrets.token_hex(4)}@mail.test"


def mails(sink, to):
    found = [email.message_from_string(m["data"]) for m in sink.mails() if m["to"] == [to]]
    return [(m, m.get_payload(decode=True).decode()) for m in found]


def wait_mail(server, sink, to, n=1):
    return server.wait_until(lambda: (m := mails(sink, to)) and len(m) >= n and m)[n - 1]


def link(text, path):
    return re.search(r"http://a\.test(" + re.escape(path) + r"\?token=\S+)", text).group(1)


def ask(server, alice, to, expect=200):
    return server.api().post(f"/api/v1/accounts/{alice.id}/email_subscriptions", {"email": to}, expect=expect)


def subscribe(server, sink, alice, to):
    assert ask(server, alice, to) == {}
    browser = Browser(server.api())
    browser.open(link(wait_mail(server, sink, to)[1], "/email_subscriptions/confirmation"))
    browser.press("confirm")


def subject(m):
    return str(email.header.make_header(email.header.decode_header(m["Subject"])))


def test_a_new_post_is_mailed_to_who_confirmed(place, sink):
    server, alice = place
    assert alice.get(f"/api/v1/accounts/{alice.id}")["email_subscriptions"] is True
    to, silent = address(), address()
    ask(server, alice, silent)
    subscribe(server, sink, alice, to)
    m, _ = mails(sink, to)[0]
    assert "Confirm your subscription" in subject(m)
    post = alice.toot("Hello <b>subscribers</b> & all")
    m, text = wait_mail(server, sink, to, 2)
    assert "New posts" in subject(m) and alice.get("/api/v1/accounts/verify_credentials")["username"] in subject(m)
    assert "Hello <b>subscribers</b> & all" in text and post["url"] in text
    assert m["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert re.sub(r"\s", "", m["List-Unsubscribe"]) == "<http://a.test" + link(text, "/unsubscribe") + ">"
    assert len(mails(sink, silent)) == 1, "who has not confirmed gets nothing but the question"
    log = "\n".join(server.log.lines)
    assert to not in log and silent not in log and link(text, "/unsubscribe").split("=", 1)[1] not in log


def test_to_open_the_link_is_not_to_confirm(place, sink):
    server, alice = place
    to, other = address(), address()
    subscribe(server, sink, alice, other)
    ask(server, alice, to)
    _, text = wait_mail(server, sink, to)
    Browser(server.api()).open(link(text, "/email_subscriptions/confirmation"))
    alice.toot("Nobody said yes")
    wait_mail(server, sink, other, 2)
    assert len(mails(sink, to)) == 1
    Browser(server.api()).open("/unsubscribe?token=" + "x" * 40)
    server.api().request("POST", "/unsubscribe?token=" + "x" * 40, 404)
    token = link(text, "/email_subscriptions/confirmation").split("=", 1)[1]
    server.api().request("POST", "/unsubscribe?token=" + token, 404)
    server.api().request("POST", "/email_subscriptions/confirmation?token=" + token, 403)


def test_several_posts_within_the_hour_are_one_mail(place, sink):
    server, alice = place
    to = address()
    subscribe(server, sink, alice, to)
    alice.toot("The first")
    wait_mail(server, sink, to, 2)
    alice.toot("The second")
    gone = alice.toot("The third, deleted")
    alice.toot("Something long", spoiler_text="A warning")
    alice.delete(f"/api/v1/statuses/{gone['id']}")
    fresh = address()
    subscribe(server, sink, alice, fresh)
    alice.toot("The last")
    _, text = wait_mail(server, sink, fresh, 2)
    assert "The last" in text and "The second" not in text, "a subscription begins when it is confirmed"
    assert len(mails(sink, to)) == 2, "their hour is not over"
    server.shift_clock(hours=1, minutes=1)
    _, text = wait_mail(server, sink, to, 3)
    assert text.index("The second") < text.index("A warning") < text.index("The last")
    assert "Something long" not in text and "deleted" not in text and "The first" not in text


def test_only_what_everybody_may_read_and_is_no_conversation(place, sink):
    server, alice = place
    bob = server.user()
    to = address()
    subscribe(server, sink, alice, to)
    first = bob.toot("Of Bob")
    for visibility in ("unlisted", "private", "direct"):
        alice.toot("Not for strangers: " + visibility, visibility=visibility)
    alice.toot("A reply", in_reply_to_id=first["id"])
    alice.toot("For us here", local_only=True)
    alice.post(f"/api/v1/statuses/{first['id']}/reblog")
    alice.toot("For everybody")
    _, text = wait_mail(server, sink, to, 2)
    assert "For everybody" in text
    for no in ("Not for strangers", "A reply", "For us here", "Of Bob"):
        assert no not in text


def test_an_address_gets_a_mail_an_hour_from_all_accounts_together(place, sink):
    server, alice = place
    bob = server.user()
    bob.put("/api/v1/settings", {"account:email_subscriptions": True})
    to = address()
    subscribe(server, sink, alice, to)
    assert ask(server, bob, to) == {}
    browser = Browser(server.api())
    browser.open(link(wait_mail(server, sink, to, 2)[1], "/email_subscriptions/confirmation"))
    browser.press("confirm")
    alice.toot("Of Alice")
    wait_mail(server, sink, to, 3)
    marker = address()
    subscribe(server, sink, bob, marker)
    bob.toot("Of Bob")
    wait_mail(server, sink, marker, 2)
    assert len(mails(sink, to)) == 3
    server.shift_clock(hours=1, minutes=1)
    assert "Of Bob" in wait_mail(server, sink, to, 4)[1]


def test_unsubscribing_needs_no_login_and_works_twice(place, sink):
    server, alice = place
    by_page, by_click, other = address(), address(), address()
    for to in (by_page, by_click, other):
        subscribe(server, sink, alice, to)
    alice.toot("One")
    links = {to: link(wait_mail(server, sink, to, 2)[1], "/unsubscribe") for to in (by_page, by_click, other)}
    browser = Browser(server.api())
    browser.open(links[by_page])
    browser.press("unsubscribe")
    for _ in range(2):
        server.api().request("POST", links[by_click], 200, data={"List-Unsubscribe": "One-Click"})
    server.shift_clock(hours=2)
    alice.toot("Two")
    wait_mail(server, sink, other, 3)
    assert len(mails(sink, by_page)) == len(mails(sink, by_click)) == 2
    subscribe_again = ask(server, alice, by_page)
    assert subscribe_again == {} and "confirmation" in wait_mail(server, sink, by_page, 3)[1]


def test_nobody_learns_who_is_subscribed(place, sink):
    server, alice = place
    to = address()
    subscribe(server, sink, alice, to)
    assert ask(server, alice, to) == {} == ask(server, alice, address())
    assert ask(server, alice, to.upper()) == {}
    probe = address()
    ask(server, alice, probe)
    wait_mail(server, sink, probe)
    assert len(mails(sink, to)) == 1 and not mails(sink, to.upper())


@pytest.mark.parametrize("bad, code", [("", "ERR_BLANK"), ("nowhere", "ERR_INVALID"), ("a@b.test\r\nBcc: c@d.test", "ERR_INVALID")])
def test_a_bad_address_is_refused_with_details(place, bad, code):
    server, alice = place
    answer = ask(server, alice, bad, expect=422)
    assert answer["details"]["email"][0]["error"] == code and answer["error"].startswith("Validation failed")


def test_not_found_when_it_is_off(place, own_server):
    server, alice = place
    bob = server.user()
    ask(server, bob, address(), expect=404)
    assert "email_subscriptions" not in server.api().get(f"/api/v1/accounts/{bob.id}")
    server.api().post("/api/v1/accounts/1/email_subscriptions", {"email": address()}, expect=404)
    server.cli("settings", "set", "email_subscriptions", "no")
    ask(server, alice, address(), expect=404)
    assert "email_subscriptions" not in server.api().get(f"/api/v1/accounts/{alice.id}")
    server.cli("settings", "set", "email_subscriptions", "yes")
    alice.put("/api/v1/settings", {"account:email_subscriptions": False})
    ask(server, alice, address(), expect=404)
    no_relay = own_server()
    no_relay.cli("settings", "set", "email_subscriptions", "yes")
    carol = no_relay.user()
    carol.put("/api/v1/settings", {"account:email_subscriptions": True})
    ask(no_relay, carol, address(), expect=404)
    assert "email_subscriptions" not in no_relay.api().get(f"/api/v1/accounts/{carol.id}")


def rows(server, postgres, sql="SELECT count(*) FROM email_subscription"):
    """What no answer tells: behind the server's back."""
    if postgres:
        return query(server.config["database"], sql)
    with sqlite3.connect(server.root / "data/dassie.db") as db:
        return db.execute(sql).fetchall()


def count(server, postgres):
    return int(rows(server, postgres)[0][0])


def test_who_does_not_confirm_is_forgotten(place, sink, postgres):
    server, alice = place
    to, stays = address(), address()
    subscribe(server, sink, alice, stays)
    ask(server, alice, to)
    path = link(wait_mail(server, sink, to)[1], "/email_subscriptions/confirmation")
    assert count(server, postgres) == 2
    server.shift_clock(days=7, hours=2)
    server.wait_until(lambda: count(server, postgres) == 1)
    browser = Browser(server.api())
    browser.open(path)
    browser.press("confirm", expect=422)
    alice.toot("For who said yes")
    wait_mail(server, sink, stays, 2)


def test_an_account_that_goes_takes_its_subscribers_along(place, sink, postgres):
    server, alice = place
    bob = server.user()
    bob.put("/api/v1/settings", {"account:email_subscriptions": True})
    ask(server, alice, address())
    ask(server, bob, address())
    server.cli("user", "delete", alice.get("/api/v1/accounts/verify_credentials")["username"], "--yes")
    server.wait_until(lambda: count(server, postgres) == 1)
    ask(server, alice, address(), expect=(404, 410))


def test_an_account_has_a_thousand_subscribers_at_most(place, postgres):
    server, alice = place
    last, late = address(), address()
    ask(server, alice, last)
    values = ", ".join(f"({n}, {alice.id}, 'x{n}@mail.test', 'x{n}@mail.test', 1, 1)" for n in range(1, 1001))
    rows(server, postgres, f"INSERT INTO email_subscription (id, account_id, email, email_key, created_ms, confirmed_ms) VALUES {values}")
    assert "as many subscribers" in ask(server, alice, address(), expect=422)["error"]
    assert "as many subscribers" in ask(server, alice, last, expect=422)["error"], "the same for who is among them"
    rows(server, postgres, "UPDATE email_subscription SET confirmed_ms = NULL WHERE id BETWEEN 1 AND 1000")
    ask(server, alice, late)  # a thousand who were only asked take nobody's place
    rows(server, postgres, "WITH RECURSIVE n(i) AS (SELECT 2000 UNION ALL SELECT i + 1 FROM n WHERE i < 6000) INSERT INTO email_subscription "
         f"(id, account_id, email, email_key, created_ms) SELECT i, {alice.id}, 'y' || i || '@mail.test', 'y' || i || '@mail.test', 1 FROM n")
    assert "as many subscribers" in ask(server, alice, address(), expect=422)["error"]

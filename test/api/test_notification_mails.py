"""Mails about notifications: who gets them, when, what stands in them, and how they end."""
import contextlib
import email
import email.header
import re
import sqlite3

import pytest
from forms import Browser
from postgres import query
from server import OPEN, Server
from smtp_sink import Sink
from timing import PATIENCE

AWAY = {"minutes": 100}  # longer than somebody who was just here may still be here
HOUR_MS, DAY_MS = 3600 * 1000, 86400 * 1000
BUSY, REFUSED = "busy@mail.test", "refused@mail.test"


@pytest.fixture(scope="module")
def sink(tmp_path_factory):
    with Sink(tmp_path_factory.mktemp("mail"), "--busy", BUSY, "--refuse", REFUSED) as s:
        yield s


@pytest.fixture(scope="module")
def server(tmp_path_factory, new_database, sink):
    with Server(tmp_path_factory.mktemp("server"), database=new_database(), smtp=f"smtp://127.0.0.1:{sink.port}", **OPEN) as s:
        yield s


@pytest.fixture
def mails(server, sink):
    """mails(person) are those that came: (message, text); with n, wait until there are n and give the last."""
    def get(person, n=None):
        def found():
            all_of = [email.message_from_string(m["data"]) for m in sink.mails() if m["to"] == [person.email]]
            return [(m, m.get_payload(0).get_payload(decode=True).decode()) for m in all_of if m.is_multipart()]
        return found() if n is None else server.wait_until(lambda: len(found()) >= n and found())[n - 1]
    return get


def subject(m):
    return str(email.header.make_header(email.header.decode_header(m["Subject"])))


def settings(person, **change):
    return person.patch("/api/v1/settings", {f"notification_emails:{k}": v for k, v in change.items()})


def waiting(server):
    return server.query("SELECT args, created_ms, run_at_ms, tries FROM job WHERE kind = 'mail_notifications' AND state = 0 ORDER BY id")


def user_id(server, person):
    return server.query("SELECT user_id FROM membership WHERE account_id = ?", int(person.id))[0][0]


def shift(server, **how):
    server.wait_told()
    server.shift_clock(**how)


def wait_put_off(server, person):
    """Until the job has looked, and comes again later."""
    key = f'"{user_id(server, person)}"'
    server.wait_until(lambda: any(key in args and run_at - created > HOUR_MS / 2 for args, created, run_at, _ in waiting(server)))


def write(server, sql):
    if server.config["database"]:
        query(server.config["database"], sql)
    else:
        with contextlib.closing(sqlite3.connect(server.root / "data/dassie.db", timeout=PATIENCE)) as db, db:
            db.execute(sql)


def test_who_is_away_gets_one_mail_about_all_of_it(server, mails, alice, bob, carol):
    first = bob.toot(f"@{alice.name} Hello <b>there</b> & here")
    server.wait_told()
    second = carol.toot(f"@{alice.name} the ending", spoiler_text="A warning")
    server.wait_told()
    bob.follow(alice)
    shift(server, **AWAY)
    m, text = mails(alice, 1)
    assert subject(m) == "3 new notifications - a.test" and m["Auto-Submitted"] == "auto-generated"
    assert text.index("mentioned you") < text.index("A warning") < text.index("followed you")
    assert "Hello <b>there</b> & here" in text and "the ending" not in text
    for post in (first, second):
        assert f"http://a.test/@{post['account']['acct']}/{post['id']}\n" in text.replace("\r\n", "\n")
    page = m.get_payload(1)
    assert page.get_content_type() == "text/html" and "Hello &lt;b&gt;there&lt;/b&gt; &amp; here" in page.get_payload(decode=True).decode()
    bob.toot(f"@{alice.name} again")
    shift(server, minutes=61)
    m, text = mails(alice, 2)
    assert "mentioned you" in subject(m) and "again" in text and "<b>" not in text


def test_nobody_is_mailed_while_here_or_within_the_hour(server, mails, alice, bob, carol):
    bob.toot(f"@{alice.name} one")
    shift(server, minutes=6)
    wait_put_off(server, alice)
    assert mails(alice) == []
    shift(server, minutes=94)
    mails(alice, 1)
    bob.toot(f"@{alice.name} two")
    shift(server, minutes=6)
    settings(bob, always=True)
    carol.toot(f"@{bob.name} for the one who wants everything")
    shift(server, minutes=6)
    assert "wants everything" in mails(bob, 1)[1], "who asks for it is told while here"
    assert len(mails(alice)) == 1
    shift(server, minutes=60)
    assert "two" in mails(alice, 2)[1]


def test_only_what_anybody_may_read_is_written_into_a_mail(server, mails, alice, bob):
    for visibility in ("direct", "private", "unlisted"):
        bob.toot(f"@{alice.name} text of {visibility}", visibility=visibility)
    bob.toot(f"@{alice.name} text for us here", local_only=True)
    server.wait_told()
    alice.follow(bob)  # so that messages of Bob are no request
    bob.toot(f"@{alice.name} text of another direct", visibility="direct")
    shift(server, **AWAY)
    _, text = mails(alice, 1)
    assert "text of unlisted" in text and text.count("mentioned you") == 4, "the message of a stranger waits for consent"
    for no in ("text of direct", "text of private", "text for us", "another direct"):
        assert no not in text


def test_what_is_read_muted_or_filtered_makes_no_mail(server, mails, alice, bob, carol):
    muted = alice.toot("A thread")
    alice.post(f"/api/v1/statuses/{muted['id']}/mute")
    alice.post("/api/v2/filters", {"title": "x", "context": ["notifications"], "filter_action": "hide", "keywords_attributes": [{"keyword": "spoil"}]})
    alice.post("/api/v2/filters", {"title": "y", "context": ["notifications"], "filter_action": "warn", "keywords_attributes": [{"keyword": "politics"}]})
    bob.toot(f"@{alice.name} was read")
    read, = server.wait_until(lambda: alice.notifications())
    alice.post("/api/v1/markers", {"notifications": {"last_read_id": read["id"]}})
    bob.toot(f"@{alice.name} in the thread", in_reply_to_id=muted["id"])
    bob.toot(f"@{alice.name} spoil it")
    bob.toot(f"@{alice.name} about politics")
    gone = bob.toot(f"@{alice.name} was deleted")
    server.wait_until(lambda: len(alice.notifications()) >= 4)
    bob.delete(f"/api/v1/statuses/{gone['id']}")
    alice.patch("/api/v2/notifications/policy", {"for_not_following": "filter"})
    carol.toot(f"@{alice.name} of a stranger")
    server.wait_notification(alice, "mention", carol.name)
    alice.patch("/api/v2/notifications/policy", {"for_not_following": "accept"})
    bob.toot(f"@{alice.name} was not read")
    shift(server, **AWAY)
    _, text = mails(alice, 1)
    assert text.count("mentioned you") == 2 and "was not read" in text and "politics" not in text


def test_each_kind_is_chosen(server, mails, alice, bob):
    assert {k.split(":")[1]: v for k, v in alice.get("/api/v1/settings").items() if k.startswith("notification_emails:")} == {
        "mention": True, "quote": True, "follow": True, "follow_request": True, "report": True, "pending_account": True,
        "reblog": False, "favourite": False, "always": False}
    assert not any(k.startswith("notification") for k in alice.get("/api/v1/preferences"))
    settings(alice, mention=False, favourite=True)
    alice.patch("/api/v1/accounts/update_credentials", {"locked": True})
    alice.patch("/api/v1/settings", {"notification_emails:follow": "perhaps"}, expect=422)
    post = alice.toot("A post of Alice")
    bob.toot(f"@{alice.name} not wanted")
    bob.post(f"/api/v1/statuses/{post['id']}/favourite")
    bob.post(f"/api/v1/statuses/{post['id']}/reblog")
    bob.toot("Look at this", quoted_status_id=post["id"])
    bob.follow(alice)
    shift(server, **AWAY)
    _, text = mails(alice, 1)
    assert "not wanted" not in text and "boosted" not in text
    assert all(x in text for x in ("favourited your post", "A post of Alice", "quoted your post", "Look at this", "wants to follow you", "/follow_requests"))


def test_staff_hear_of_reports_and_of_who_waits(server, mails, alice, bob):
    moderator = server.user(role="Moderator")
    server.user()
    server.cli("settings", "set", "registrations", "approval")
    server.api(server.apps[next(iter(server.apps))]).post("/api/v1/accounts", {"username": "waits", "email": "waits@mail.test", "password": "long enough", "agreement": True,
                                                                               "locale": "en", "reason": "I like it"})
    server.cli("settings", "set", "registrations", "open")
    alice.post("/api/v1/reports", {"account_id": bob.id, "comment": "spam"})
    shift(server, **AWAY)
    _, text = mails(moderator, 1)
    assert "waits signed up" in text and text.count("signed up") == 1 and f"{alice.name} sent a report" in text


def unsubscribe(text):
    return re.search(r"http://a\.test(/unsubscribe/notifications\?token=\S+)", text).group(1)


def test_the_link_ends_them_without_a_login(server, mails, alice, bob):
    for person, other in ((alice, bob), (bob, alice)):
        other.toot(f"@{person.name} hello")
    shift(server, **AWAY)
    m, text = mails(alice, 1)
    link = unsubscribe(text)
    assert m["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert re.sub(r"\s", "", m["List-Unsubscribe"]) == f"<http://a.test{link}>"
    page = Browser(server.api())
    page.open(link)
    assert alice.get("/api/v1/settings")["notification_emails:mention"] is True, "scanners open links"
    for _ in range(2):
        server.api().request("POST", link, data={"List-Unsubscribe": "One-Click"})
    assert not any(v for k, v in alice.get("/api/v1/settings").items() if k.startswith("notification_emails:"))
    page.open(unsubscribe(mails(bob, 1)[1]))
    page.press("unsubscribe")
    assert bob.get("/api/v1/settings")["notification_emails:follow"] is False
    server.api().request("POST", "/unsubscribe/notifications?token=" + "x" * 40, 404)
    server.api().request("POST", link.replace("/unsubscribe/notifications", "/unsubscribe"), 404)
    assert link.split("=", 1)[1] not in "\n".join(server.log.lines) and alice.email not in "\n".join(server.log.lines)


def test_a_mail_has_twenty_lines_and_a_day_twelve_mails(server, mails, alice, bob):
    user = user_id(server, alice)
    now, = server.query("SELECT created_ms FROM users WHERE id = ?", user)[0]
    if now % DAY_MS > 19 * HOUR_MS:
        shift(server, hours=6)  # midnight shall not come while this looks
    for n in range(22):
        bob.toot(f"@{alice.name} number {n} of many")
    shift(server, **AWAY)
    m, text = mails(alice, 1)
    assert subject(m).startswith("22 ") and text.count("of many") == 20 and "And 2 more." in text
    server.wait_until(lambda: server.query("SELECT 1 FROM notification_mail WHERE user_id = ?", user))
    write(server, f"UPDATE notification_mail SET sent_today = 12 WHERE user_id = {user}")
    bob.toot(f"@{alice.name} one too many today")
    shift(server, minutes=61)
    wait_put_off(server, alice)
    shift(server, hours=24)
    assert "one too many today" in mails(alice, 2)[1] and len(mails(alice)) == 2


def test_a_mail_that_fails_comes_again_and_one_that_is_refused_does_not(server, bob):
    people = {}
    for name, address in (("busy", BUSY), ("refused", REFUSED)):
        server.cli("user", "create", name, "--email", address, "--password", "long enough", "--confirmed", "--approved")
        people[name] = server.query("SELECT id FROM users WHERE email = ?", address)[0][0]
        bob.toot(f"@{name} hello")
    shift(server, minutes=6)
    server.wait_until(lambda: any(str(people["busy"]) in args and tries > 0 for args, _, _, tries in waiting(server)))
    server.wait_until(lambda: server.query("SELECT sent_today FROM notification_mail WHERE user_id = ?", people["refused"]))
    assert not any(str(people["refused"]) in args for args, *_ in waiting(server))
    assert not server.query("SELECT 1 FROM notification_mail WHERE user_id = ?", people["busy"])


def test_texts_are_in_the_language_of_the_reader(server, mails, alice, bob):
    alice.patch("/api/v1/settings", {"locale": "de"})
    bob.toot(f"@{alice.name} hello")
    shift(server, **AWAY)
    m, text = mails(alice, 1)
    assert "das ist neu für dich" in text and "hat dich erwähnt" in text and 'lang="de"' in m.get_payload(1).get_payload(decode=True).decode()

"""Everything somebody has, as one file: what is in it, who gets it, how often, and its end."""
import io
import json
import zipfile

import pytest
from forms import Browser
from pictures import png
from server import Server
from smtp_sink import Sink
from test_signup import mail_to

PATH = "/api/v1/archives"


def ready(server, me):
    """Ask for one, and wait for it."""
    assert me.post(PATH)["state"] == "waiting"
    return server.wait_until(lambda: [a for a in me.get(PATH) if a["state"] == "ready"])[0]


def unpacked(me, archive):
    me.request("GET", f"{PATH}/{archive['id']}/file")
    assert me.last.headers["Content-Type"] == "application/zip" and len(me.last.content) == archive["bytes"]
    assert "attachment" in me.last.headers["Content-Disposition"] and "no-store" in me.last.headers["Cache-Control"]
    z = zipfile.ZipFile(io.BytesIO(me.last.content))
    assert z.testzip() is None
    return {name: z.read(name) for name in z.namelist()}


def test_everything_is_in_it(server, anon):
    me, friend, stranger = server.user(), server.user(), server.user()
    picture = png(color=(1, 2, 3))
    media = me.post("/api/v2/media", files={"file": ("x.png", picture, "image/png")}, data={"description": "A square"})
    posts = [me.toot("Public ünïcode", media_ids=[media["id"]]), me.toot("Private", visibility="private"),
             me.toot(f"@{friend.name} direct", visibility="direct"),
             me.toot("Poll", poll={"options": ["a", "b"], "expires_in": 300})]
    posts += [me.toot(f"number {n}") for n in range(40)]  # more than a page
    theirs = friend.toot("Theirs")
    boost = me.post(f"/api/v1/statuses/{theirs['id']}/reblog")
    me.post(f"/api/v1/statuses/{theirs['id']}/favourite")
    me.post(f"/api/v1/statuses/{posts[0]['id']}/bookmark")
    me.follow(friend)
    stranger.toot("Nobody's business")
    me.patch("/api/v1/accounts/update_credentials", files={"avatar": ("a.png", png(color=(9, 9, 9)), "image/png")})
    archive = ready(server, me)
    assert (archive["posts"], archive["files"], archive["files_left_out"]) == (45, 2, 0)
    files = unpacked(me, archive)
    actor, outbox = json.loads(files["actor.json"]), json.loads(files["outbox.json"])
    assert (actor["preferredUsername"], actor["outbox"], actor["likes"]) == (me.name, "outbox.json", "likes.json")
    assert actor["icon"]["url"] == "avatar.png" and files["avatar.png"][:4] == b"\x89PNG"
    assert "privateKey" not in files["actor.json"].decode()
    items = outbox["orderedItems"]
    assert outbox["totalItems"] == len(items) == 45 and outbox["type"] == "OrderedCollection" and "@context" in outbox
    by_id = {(i["object"] if isinstance(i["object"], str) else i["object"]["id"]): i for i in items}
    assert by_id[theirs["uri"]]["type"] == "Announce" and boost["id"] in by_id[theirs["uri"]]["id"]
    first = by_id[posts[0]["uri"]]["object"]
    assert "Public ünïcode" in first["content"] and first["attachment"][0]["name"] == "A square"
    assert files[first["attachment"][0]["url"]][:4] == b"\x89PNG"
    assert {p["uri"] for p in posts} == set(by_id) - {theirs["uri"]}
    assert by_id[posts[3]["uri"]]["object"]["type"] == "Question"
    assert json.loads(files["likes.json"])["orderedItems"] == [theirs["uri"]]
    assert json.loads(files["bookmarks.json"])["orderedItems"] == [posts[0]["uri"]]
    assert friend.name in files["following.csv"].decode() and "lists.csv" in files
    assert not any(b"Nobody's business" in f for f in files.values())
    # others, and how often
    for other, status in ((anon, 401), (stranger, 404), (server.api(server.token(me.name, "write")), 403)):
        other.get(f"{PATH}/{archive['id']}/file", expect=status)
    me.get(f"{PATH}/1/file", expect=404)
    assert stranger.get(PATH) == []
    assert "7 days" in me.post(PATH, expect=422)["error"]
    part = me.request("GET", f"{PATH}/{archive['id']}/file", expect=206, headers={"Range": "bytes=0-3"})
    assert me.last.content == b"PK\x03\x04" and part


def test_of_somebody_with_nothing(server):
    me = server.user()
    files = unpacked(me, ready(server, me))
    for name in ("outbox", "likes", "bookmarks"):
        assert json.loads(files[name + ".json"])["orderedItems"] == []


@pytest.fixture
def mailing(tmp_path, new_database):
    with Sink(tmp_path / "mail") as sink, Server(tmp_path / "server", database=new_database(), smtp=f"smtp://127.0.0.1:{sink.port}") as s:
        yield s, sink


def test_a_mail_leads_to_it_and_it_ends_after_a_week_or_with_the_account(mailing):
    s, sink = mailing
    me, leaving = s.user(), s.user()
    kept = lambda: len(list((s.root / "data/media/wait").iterdir()))  # noqa: E731
    archive = ready(s, me)
    subject, _, link = mail_to(s, sink, me.email)
    assert "archive is ready" in subject and link == "/settings/archive"
    browser = Browser(s.api())
    browser.open(link)
    assert "<h1>Log in</h1>" in browser.page
    browser.log_in(me)
    browser.open(link)
    assert len(browser.api.last.content) == archive["bytes"] and browser.api.last.content[:2] == b"PK"
    # the account goes: so does its file
    ready(s, leaving)
    assert kept() == 2
    leaving.post("/api/v1/login/delete_account", {"password": leaving.password})
    s.wait_until(lambda: not s.query(f"SELECT 1 FROM archive WHERE account_id = {leaving.id}"))
    s.shift_clock(hours=2)
    s.wait_until(lambda: kept() == 1)
    s.shift_clock(days=7)
    me.get(f"{PATH}/{archive['id']}/file", expect=404)
    browser = Browser(s.api())
    browser.open("/auth/sign_in")
    browser.log_in(me)
    browser.open(link, expect=404)
    s.wait_until(lambda: kept() == 0 and me.get(PATH) == [])
    assert ready(s, me)["id"] != archive["id"]

"""Clients that others wrote, unchanged: Debian's toot and python3-mastodon, npm's masto and megalodon.  They see the server under its own URL."""
import datetime
import os
import queue
import re
import subprocess
import sys
import threading
import types
import urllib.parse

import pytest
from fedpeer import MODULES, node
from forms import Browser
from pictures import png
from push_service import Device, Push, PushService, b64, point
from server import ROOT, Server, free_port
from timing import PATIENCE

OOB = "urn:ietf:wg:oauth:2.0:oob"


@pytest.fixture(scope="module")
def push_service():
    with PushService() as s:
        yield s


@pytest.fixture(scope="module")
def site(tmp_path_factory, new_database, push_service):
    port = free_port()
    with Server(tmp_path_factory.mktemp("site"), database=new_database(), url=f"http://localhost:{port}", listen=f"127.0.0.1:{port}",
                resolve=push_service.resolve) as s:
        yield s


def agree(site, user, url):
    """What a person does in the browser to whom the client gave a URL: log in, agree, copy the code."""
    browser = Browser(site.api())
    browser.open(url.removeprefix(site.url))
    browser.log_in(user)
    if "code=" not in browser.path:
        browser.press("allow|authori[sz]e")
    code = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(browser.path).query))["code"]
    assert code in browser.page, "the page must show the code to copy"
    return code


# --- toot -------------------------------------------------------------------------------------------------------------------------


class Toot:
    def __init__(self, folder):
        folder.mkdir()
        self.env = {"PATH": os.environ["PATH"], "HOME": str(folder), "XDG_CONFIG_HOME": str(folder), "PYTHONUNBUFFERED": "1", "LANG": "C.UTF-8",
                    "NO_PROXY": "*"}

    def popen(self, *args):
        # With Debian's python, whichever else stands before it in PATH.
        return subprocess.Popen(["/usr/bin/python3", "/usr/bin/toot", *args], env=self.env, stdin=subprocess.PIPE,
                                stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)

    def __call__(self, *args, ok=True):
        p = self.popen(*args)
        out = p.communicate(timeout=PATIENCE)[0]
        assert (p.returncode == 0) == ok, f"toot {' '.join(args)}: exit status {p.returncode}\n{out}"
        return out

    def tags(self, verb):
        return ["tags_" + verb] if self.plain else ["tags", verb]

    def log_in(self, site, user):
        self.plain = ["--disable-https"] if "--disable-https" in self("login", "--help") else []  # later ones read it off the URL
        p = self.popen("login", "-i", site.host if self.plain else site.url, *self.plain)
        p.stdin.write("n\n")
        p.stdin.flush()
        seen = ""
        while not re.search(rf"{re.escape(site.url)}/oauth/authorize\S*client_id=[^\s&]+\n", seen):
            line = p.stdout.readline()
            assert line, f"toot gave no URL to log in at:\n{seen}"
            seen += line
        url = re.search(r"http://\S+/oauth/authorize\S*", seen).group()
        out = p.communicate(agree(site, user, url) + "\n", timeout=PATIENCE)[0]
        assert p.returncode == 0 and "Successfully logged in" in out, seen + out


@pytest.fixture
def toot(site, tmp_path):
    alice = site.user()
    client = Toot(tmp_path / "toot")
    client.log_in(site, alice)
    client.user = alice
    return client


def status_id(site, user, text):
    found = [s for s in user.get(f"/api/v1/accounts/{user.id}/statuses") if text in s["content"]]
    assert len(found) == 1, f"{len(found)} posts with {text!r}"
    return found[0]["id"]


def test_toot_logs_in_and_knows_who_it_is(site, toot):
    out = toot("whoami")
    assert f"@{toot.user.name}" in out
    assert "dassie" in toot("instance", *toot.plain).lower()


def test_toot_posts_with_a_picture_and_reads_home(site, toot, tmp_path):
    (tmp_path / "red.png").write_bytes(png())
    toot("post", "from the terminal #shell", "--media", str(tmp_path / "red.png"), "--description", "all red", "--visibility", "unlisted")
    post = toot.user.get(f"/api/v1/statuses/{status_id(site, toot.user, 'from the terminal')}")
    assert post["visibility"] == "unlisted" and [m["description"] for m in post["media_attachments"]] == ["all red"]
    assert "from the terminal" in toot("timeline", "--once")
    assert "from the terminal" in toot("thread", post["id"])


def test_toot_follows_and_reacts(site, toot):
    bob = site.user()
    post = bob.toot("bob was here")
    assert bob.name in toot("search", bob.name)
    toot("follow", bob.name)
    assert bob.name in toot("following", toot.user.name)
    assert "bob was here" in toot("timeline", "--once")
    for word in ("favourite", "reblog", "bookmark"):
        toot(word, post["id"])
    assert "bob was here" in toot("bookmarks")
    assert toot.user.name in toot("reblogged_by", post["id"])
    site.wait_until(lambda: {n["type"] for n in bob.notifications()} >= {"follow", "favourite", "reblog"})
    seen = bob.get(f"/api/v1/statuses/{post['id']}")
    assert (seen["favourites_count"], seen["reblogs_count"]) == (1, 1)
    for word in ("unfavourite", "unreblog", "unbookmark"):
        toot(word, post["id"])
    seen = bob.get(f"/api/v1/statuses/{post['id']}")
    assert (seen["favourites_count"], seen["reblogs_count"]) == (0, 0)
    bob.toot(f"@{toot.user.name} are you there?")
    site.wait_until(lambda: "are you there?" in toot("notifications"))
    for word in ("mute", "unmute", "block", "unblock", "unfollow"):
        toot(word, bob.name)


def test_toot_hashtags_and_deletion(site, toot):
    toot(*toot.tags("follow"), "penguins")
    assert "penguins" in toot(*toot.tags("followed")).lower()
    toot(*toot.tags("unfollow"), "penguins")
    toot("post", "soon gone")
    gone = status_id(site, toot.user, "soon gone")
    toot("pin", gone)
    toot("delete", gone)
    toot.user.get(f"/api/v1/statuses/{gone}", expect=404)
    toot("delete", gone, ok=False)


def test_toot_reads_the_timelines_of_tags_lists_and_the_server(site, toot):
    bob = site.user()
    toot.user.follow(bob)
    listed = toot.user.post("/api/v1/lists", {"title": "crew"})["id"]
    toot.user.post(f"/api/v1/lists/{listed}/accounts", {"account_ids": [bob.id]})
    tag = "t" + os.urandom(4).hex()
    bob.toot(f"with a tag #{tag}")
    toot.user.toot("mine, without one")
    for where in (["--tag", tag], ["--list", listed]):
        out = toot("timeline", "--once", *where)
        assert "with a tag" in out and "without one" not in out
    out = toot("timeline", "--once", "--public", "--local", "-c", "2")
    assert "with a tag" in out and "without one" in out and bob.name in out


def test_toot_shows_a_poll_with_its_votes(site, toot):
    bob = site.user()
    post = bob.toot("Which?", poll={"options": ["reddish", "bluish"], "expires_in": 3600})
    toot.user.post(f"/api/v1/polls/{post['poll']['id']}/votes", {"choices": [1]})
    out = toot("thread", post["id"])
    assert re.search(r"reddish.*\n.*0%|reddish.*0%|0%.*reddish", out) and re.search(r"100%.*bluish|bluish.*100%", out) and "1 vote" in out, out


def test_toot_schedules_a_post(site, toot):
    assert "scheduled" in toot("post", "in a while", "--scheduled-in", "2h").lower()
    waiting, = toot.user.get("/api/v1/scheduled_statuses")
    assert waiting["params"]["text"] == "in a while" and toot.user.get(f"/api/v1/accounts/{toot.user.id}/statuses") == []


# --- python3-mastodon -------------------------------------------------------------------------------------------------------------


@pytest.fixture
def library(site):
    mastodon = pytest.importorskip("mastodon")
    secret = mastodon.Mastodon.create_app("library", api_base_url=site.url)
    return mastodon.Mastodon(*secret, api_base_url=site.url)


def test_library_signs_somebody_up(site, library):
    name = "lib" + os.urandom(4).hex()
    token = library.create_account(name, "correct horse battery", f"{name}@mail.test", agreement=True, locale="de")
    assert token and library.me()["username"] == name
    again, details = library.create_account(name, "correct horse battery", f"{name}@mail.test", agreement=True, return_detailed_error=True)
    assert again is None
    assert {d["error"] for field in ("username", "email") for d in details["details"][field]} == {"ERR_TAKEN"}


def test_library_day(site, library, tmp_path):
    alice, bob = site.user(), site.user()
    scopes = ["read", "write", "follow", "push"]
    token = library.log_in(code=agree(site, alice, library.auth_request_url(scopes=scopes)), scopes=scopes)
    assert library.account_verify_credentials()["username"] == alice.name
    assert library.app_verify_credentials()["name"] == "library"
    assert library.instance()["title"]

    picture = tmp_path / "red.png"
    picture.write_bytes(png(320, 200))
    media = library.media_post(str(picture), "image/png", description="all red", focus=(0.5, -0.5))
    post = library.status_post("a picture for #everyone", media_ids=[media], visibility="public", language="en", idempotency_key="day")
    assert library.status_post("a picture for #everyone", idempotency_key="day")["id"] == post["id"]
    assert [t["name"] for t in post["tags"]] == ["everyone"] and post["media_attachments"][0]["meta"]["original"]["width"] == 320
    assert post["id"] in [s["id"] for s in library.timeline_home()]
    assert post["id"] in [s["id"] for s in library.timeline_hashtag("everyone")]

    theirs = bob.toot(f"@{alice.name} nice")
    site.wait_until(lambda: [n for n in library.notifications() if n["type"] == "mention"])
    reply = library.status_reply(library.status(theirs["id"]), "thank you")
    assert str(reply["in_reply_to_id"]) == theirs["id"] and f"@{bob.name}" in reply["content"].replace("<span>", "").replace("</span>", "")
    assert [str(s["id"]) for s in library.status_context(theirs["id"])["descendants"]] == [str(reply["id"])]
    boost = library.status_reblog(theirs["id"])
    assert str(boost["reblog"]["id"]) == theirs["id"]
    assert library.status_favourite(theirs["id"])["favourites_count"] == 1
    assert library.status_bookmark(theirs["id"])["bookmarked"] and [str(s["id"]) for s in library.bookmarks()] == [theirs["id"]]
    assert library.status_unreblog(theirs["id"])["reblogs_count"] == 0

    found = library.search(bob.name)
    assert [a["username"] for a in found["accounts"]] == [bob.name]
    assert library.account_follow(bob.id)["following"]
    assert [a["username"] for a in library.account_following(alice.id)] == [bob.name]
    assert library.account_relationships([bob.id])[0]["following"]
    assert library.account_mute(bob.id)["muting"] and not library.account_unmute(bob.id)["muting"]
    assert library.account_block(bob.id)["blocking"] and not library.account_unblock(bob.id)["blocking"]
    library.account_update_credentials(display_name="Alice of the library", note="hi", avatar=str(picture),
                                       fields=[("site", "https://example.org/")])
    me = bob.get(f"/api/v1/accounts/{alice.id}")
    assert me["display_name"] == "Alice of the library" and me["fields"][0]["name"] == "site" and "missing.png" not in me["avatar"]

    library.status_delete(post["id"])
    with pytest.raises(sys.modules["mastodon"].MastodonNotFoundError):
        library.status(post["id"])
    assert not [s for s in library.timeline_home() if s["id"] == post["id"]]
    library.revoke_access_token()
    site.api(token).get("/api/v1/accounts/verify_credentials", expect=401)


class Ear:
    """What python3-mastodon's listener heard, waited for by name."""

    def __init__(self, mastodon):
        self.heard, self.open = queue.SimpleQueue(), threading.Event()
        self.listener = mastodon.CallbackStreamListener(
            update_handler=self.hear("update"), delete_handler=self.hear("delete"), notification_handler=self.hear("notification"),
            status_update_handler=self.hear("status_update"), conversation_handler=self.hear("conversation"))
        self.listener.handle_heartbeat = self.open.set  # the first one says that the stream listens

    def hear(self, name):
        return lambda what: self.heard.put((name, what))

    def wait(self, *names):
        """The next events, which may come in any order."""
        got = dict(self.heard.get(timeout=PATIENCE) for _ in names)
        assert got.keys() == set(names)
        return [got[n] for n in names]


def test_library_hears_what_happens(site, library):
    alice, bob = site.user(), site.user()
    alice.follow(bob)
    library.access_token = alice.token
    assert library.stream_healthy()
    ear = Ear(sys.modules["mastodon"])
    stream = library.stream_user(ear.listener, run_async=True)
    try:
        assert ear.open.wait(PATIENCE)
        post = bob.toot(f"@{alice.name} listen")
        update, told = ear.wait("update", "notification")
        assert (str(update["id"]), told["type"], str(told["status"]["id"])) == (post["id"], "mention", post["id"])
        bob.put(f"/api/v1/statuses/{post['id']}", {"status": "listen again"})
        assert "listen again" in ear.wait("status_update")[0]["content"]
        bob.delete(f"/api/v1/statuses/{post['id']}")
        assert str(ear.wait("delete")[0]) == post["id"]
    finally:
        stream.closed = True  # its end with the server is no error; close() itself waits for the next heartbeat


def test_library_asks_and_answers_polls(site, library):
    alice, bob = site.user(), site.user()
    library.access_token = alice.token
    poll = library.make_poll(["red", "blue", "green"], 3600, multiple=True, hide_totals=True)
    asked = library.status_post("Which?", poll=poll)["poll"]
    assert asked["multiple"] and [o["votes_count"] for o in asked["options"]] == [None] * 3
    library.access_token = bob.token
    library.poll_vote(asked["id"], [0, 2])
    seen = library.poll(asked["id"])
    assert seen["own_votes"] == [0, 2] and seen["voters_count"] == 1 and seen["expires_at"].tzinfo and not seen["expired"]
    with pytest.raises(sys.modules["mastodon"].MastodonAPIError):
        library.poll_vote(asked["id"], [0])


def test_library_keeps_lists_filters_and_conversations(site, library):
    alice, bob = site.user(), site.user()
    alice.follow(bob)
    library.access_token = alice.token
    crew = library.list_create("crew")
    library.list_accounts_add(crew["id"], [bob.id])
    assert [a["username"] for a in library.list_accounts(crew["id"])] == [bob.name]
    assert [x["title"] for x in library.account_lists(bob.id)] == ["crew"]
    post = bob.toot("an anchor for the crew")
    assert [str(s["id"]) for s in library.timeline_list(crew["id"])] == [post["id"]]
    assert library.list_update(crew["id"], "old crew")["title"] == "old crew"

    anchor = library.filter_create("anchor", ["home"])
    assert [f["phrase"] for f in library.filters()] == ["anchor"]
    assert library.filters_apply(library.timeline_list(crew["id"]), [anchor], "home") == []
    assert alice.get(f"/api/v1/statuses/{post['id']}")["filtered"][0]["keyword_matches"] == ["anchor"]
    library.filter_delete(anchor["id"])
    assert library.filters() == []
    library.list_delete(crew["id"])
    assert library.lists() == []

    message = bob.toot(f"@{alice.name} between us", visibility="direct")
    talk, = site.wait_until(library.conversations)
    assert (str(talk["last_status"]["id"]), talk["unread"], [a["username"] for a in talk["accounts"]]) == (message["id"], True, [bob.name])
    library.conversations_read(talk["id"])
    assert not library.conversations()[0]["unread"]


def test_library_schedules_moves_and_cancels(site, library):
    library.access_token = site.user().token
    now = datetime.datetime.now(datetime.timezone.utc).replace(microsecond=0)
    waiting = library.status_post("later", scheduled_at=now + datetime.timedelta(hours=1))
    assert waiting["scheduled_at"] == now + datetime.timedelta(hours=1) and waiting["params"]["text"] == "later"
    moved = library.scheduled_status_update(waiting, now + datetime.timedelta(hours=2))
    assert moved["scheduled_at"] == now + datetime.timedelta(hours=2)
    assert [w["id"] for w in library.scheduled_statuses()] == [waiting["id"]]
    library.scheduled_status_delete(waiting)
    assert library.scheduled_statuses() == [] and library.timeline_home() == []


def decrypt(data, salt, key, private_key, dh, auth_secret, keylabel, version):
    """In place of the module http_ece, which Debian does not have: what python3-mastodon hands to it."""
    device = Device(standard=False)
    device.key, device.public, device.auth = private_key, point(private_key.public_key()), auth_secret
    assert (keylabel, version, len(key)) == ("P-256", "aesgcm", 65)
    return device.draft_text(Push("/", {"Content-Encoding": "aesgcm", "Encryption": f"salt={b64(salt)}", "Crypto-Key": f"dh={b64(dh)}"}, data))


def test_library_subscribes_to_push_and_reads_what_comes(site, library, push_service, monkeypatch):
    alice, bob = site.user(), site.user()
    library.access_token = alice.token
    private, public = library.push_subscription_generate_keys()
    made = library.push_subscription_set(push_service.url("library"), public, mention_events=True, favourite_events=False)
    assert made["endpoint"] == push_service.url("library") and made["alerts"]["mention"] and not made["alerts"]["favourite"]
    assert library.push_subscription()["id"] == made["id"]
    bob.toot(f"@{alice.name} do you hear me?")
    push = push_service.wait("library")
    monkeypatch.setattr(sys.modules["mastodon.push"], "IMPL_HAS_ECE", True)
    monkeypatch.setattr(sys.modules["mastodon.push"], "http_ece", types.SimpleNamespace(decrypt=decrypt), raising=False)
    told = library.push_subscription_decrypt_push(push.body, private, push.headers["Encryption"], push.headers["Crypto-Key"])
    assert told["notification_type"] == "mention" and "do you hear me?" in told["body"] and told["access_token"] == alice.token
    assert not library.push_subscription_update(mention_events=False)["alerts"]["mention"]
    library.push_subscription_delete()
    with pytest.raises(sys.modules["mastodon"].MastodonNotFoundError):
        library.push_subscription()


def test_library_edits_and_reads_the_history(site, library):
    alice = site.user()
    library.access_token = alice.token
    post = library.status_post("first")
    assert library.status_update(post["id"], "second")["edited_at"]
    assert [re.sub("<.*?>", "", v["content"]) for v in library.status_history(post["id"])] == ["first", "second"]
    assert library.status_source(post["id"])["text"] == "second"


def test_library_turns_pages(site, library):
    alice = site.user()
    library.access_token = alice.token
    for i in range(45):
        alice.toot(f"number {i}")
    first = library.timeline_home(limit=20)
    everything = library.fetch_remaining(first)
    assert [int(re.search(r"number (\d+)", s["content"]).group(1)) for s in everything] == list(range(44, -1, -1))
    newest = library.fetch_previous(library.fetch_next(first))
    assert [s["id"] for s in newest] == [s["id"] for s in first]


# --- masto and megalodon ----------------------------------------------------------------------------------------------------------


def run_node(name, **env):
    """The program of test/clients with npm's module of that name, its variables beside ours."""
    if not (MODULES / name).exists():
        pytest.skip(f"npm's {name} is not installed")
    p = subprocess.run([node(), "--test", "--test-force-exit", ROOT / f"test/clients/{name}.test.mjs"], env=os.environ | env | {"NO_PROXY": "*", "PATIENCE": str(PATIENCE)},
                       capture_output=True, text=True, timeout=3 * PATIENCE)
    assert p.returncode == 0, p.stdout[-6000:] + p.stderr[-2000:]


def test_masto(site):
    """The typed client of npm that web clients use."""
    alice, bob = site.user(), site.user()
    app = site.api().post("/api/v1/apps", {"client_name": "masto", "redirect_uris": OOB, "scopes": "read write follow push"})
    query = urllib.parse.urlencode({"response_type": "code", "client_id": app["client_id"], "redirect_uri": OOB, "scope": "read write follow push"})
    code = agree(site, alice, f"{site.url}/oauth/authorize?{query}")
    run_node("masto", SERVER=site.url, CODE=code, CLIENT_ID=app["client_id"], CLIENT_SECRET=app["client_secret"], ALICE=alice.name, BOB=bob.name,
             BOB_TOKEN=bob.token)


def test_megalodon(site):
    """npm's client for servers of several kinds, with another WebSocket than masto's."""
    alice, bob = site.user(), site.user()
    run_node("megalodon", SERVER=site.url, ALICE=alice.name, ALICE_TOKEN=alice.token, BOB=bob.name, BOB_TOKEN=bob.token)

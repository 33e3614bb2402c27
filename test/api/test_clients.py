"""Clients that others wrote, unchanged: Debian's toot and python3-mastodon, npm's masto.  They see the server under its own URL."""
import os
import re
import subprocess
import sys
import urllib.parse

import pytest
from fedpeer import MODULES, node
from forms import Browser
from pictures import png
from server import ROOT, Server, free_port

OOB = "urn:ietf:wg:oauth:2.0:oob"


@pytest.fixture(scope="module")
def site(tmp_path_factory, new_database):
    port = free_port()
    with Server(tmp_path_factory.mktemp("site"), database=new_database(), url=f"http://localhost:{port}", listen=f"127.0.0.1:{port}") as s:
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
        return subprocess.Popen(["/usr/bin/python3", "/usr/bin/toot", *args, "--no-color"], env=self.env, stdin=subprocess.PIPE,
                                stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)

    def __call__(self, *args, ok=True):
        p = self.popen(*args)
        out = p.communicate(timeout=60)[0]
        assert (p.returncode == 0) == ok, f"toot {' '.join(args)}: exit status {p.returncode}\n{out}"
        return out

    def log_in(self, site, user):
        p = self.popen("login", "-i", site.host, "--disable-https")
        p.stdin.write("n\n")
        p.stdin.flush()
        seen = ""
        while not re.search(rf"{re.escape(site.url)}/oauth/authorize\S*client_id=[^\s&]+\n", seen):
            line = p.stdout.readline()
            assert line, f"toot gave no URL to log in at:\n{seen}"
            seen += line
        url = re.search(r"http://\S+/oauth/authorize\S*", seen).group()
        out = p.communicate(agree(site, user, url) + "\n", timeout=60)[0]
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
    assert "dassie" in toot("instance", "--disable-https").lower()


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
    toot("tags_follow", "penguins")
    assert "penguins" in toot("tags_followed").lower()
    toot("tags_unfollow", "penguins")
    toot("post", "soon gone")
    gone = status_id(site, toot.user, "soon gone")
    toot("pin", gone)
    toot("delete", gone)
    toot.user.get(f"/api/v1/statuses/{gone}", expect=404)
    toot("delete", gone, ok=False)


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
    assert library.instance()["uri"]

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


# --- masto ------------------------------------------------------------------------------------------------------------------------


def test_masto(site):
    """The typed client of npm that web clients use: test/clients/masto.test.mjs."""
    if not (MODULES / "masto").exists():
        pytest.skip("npm's masto is not installed")
    alice, bob = site.user(), site.user()
    app = site.api().post("/api/v1/apps", {"client_name": "masto", "redirect_uris": OOB, "scopes": "read write follow push"})
    query = urllib.parse.urlencode({"response_type": "code", "client_id": app["client_id"], "redirect_uri": OOB, "scope": "read write follow push"})
    code = agree(site, alice, f"{site.url}/oauth/authorize?{query}")
    env = os.environ | {"SERVER": site.url, "CODE": code, "CLIENT_ID": app["client_id"], "CLIENT_SECRET": app["client_secret"], "ALICE": alice.name,
                        "BOB": bob.name, "BOB_TOKEN": bob.token, "NO_PROXY": "*"}
    p = subprocess.run([node(), "--test", ROOT / "test/clients/masto.test.mjs"], env=env, capture_output=True, text=True, timeout=120)
    assert p.returncode == 0, p.stdout[-6000:] + p.stderr[-2000:]

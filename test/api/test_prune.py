"""What goes by itself, every hour: rows that have expired, files that nobody names."""
import os
import secrets
import time

import pytest
from forms import Browser
from samples import picture
from smtp_sink import Sink
from timing import PATIENCE, prune


def files(server):
    return {p.name for p in (server.root / "data/media").glob("[0-9a-f][0-9a-f]/*")}


def leave(server, name):
    """A file as a crash leaves it: whole, and named by nobody."""
    path = server.root / "data/media" / name[:2] / name
    path.parent.mkdir(mode=0o700, exist_ok=True)
    path.write_bytes(b"left over")
    return path


@pytest.fixture
def mails(tmp_path):
    with Sink(tmp_path / "mail") as sink:
        yield sink


def test_tokens_of_mails_that_ended_go(own_server, mails):
    server = own_server(smtp=f"smtp://127.0.0.1:{mails.port}")
    user = server.user()
    browser = Browser(server.api())
    browser.open("/auth/password/new")
    browser.press("send", email=user.email)
    server.wait_until(lambda: server.query("SELECT count(*) FROM mail_token") == [(1,)])
    server.shift_clock(days=8)
    server.wait_until(lambda: server.query("SELECT count(*) FROM mail_token") == [(0,)])


def test_files_that_nobody_names_go_after_a_day_and_others_stay(own_server):
    server = own_server()
    alice = server.user()
    me = alice.request("PATCH", "/api/v1/accounts/update_credentials", files={"avatar": ("a.gif", picture("gif", 3)), "header": ("h.png", picture("png"))})
    media = alice.request("POST", "/api/v2/media", files={"file": ("x.png", picture("png"))})
    alice.toot("with a picture", media_ids=[media["id"]])
    named = files(server)
    orphans = [leave(server, f"{n:02x}" + secrets.token_hex(15) + ".jpg") for n in range(0, 256, 5)]
    young = leave(server, "ab" + secrets.token_hex(15) + ".png")
    for path in [*orphans, *((server.root / "data/media" / name[:2] / name) for name in named)]:
        os.utime(path, (time.time() - 7 * 86400,) * 2)
    os.utime(young, (time.time() + 7 * 86400,) * 2)
    writing = server.root / "data/media/tmp" / secrets.token_hex(16)
    writing.write_bytes(b"a part")
    for _ in range(24):
        prune(server, hours=1)
    assert [p.name for p in orphans if p.exists()] == []
    assert young.exists() and writing.exists()
    assert files(server) - {young.name} == named >= {os.path.basename(me[k]) for k in ("avatar", "avatar_static", "header")}
    assert {os.path.basename(media[k]) for k in ("url", "preview_url")} <= named
    assert server.api().http.get(server.base + "/media/" + os.path.basename(media["url"]), timeout=PATIENCE).status_code == 200

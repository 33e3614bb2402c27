"""Pictures of other servers: nobody but us asks for them, they go when there are too many, and come back when somebody looks."""
import os
import struct
import time
import urllib.parse
import zlib

import pytest
import requests
from samples import picture
from server import Server
from timing import PATIENCE, prune


def noise(width=520, height=400):
    """A picture that no encoder makes small: about 600 KB, and 150 KB of preview."""
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = b"".join(b"\0" + os.urandom(3 * width) for _ in range(height))
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)) + chunk(b"IDAT", zlib.compress(rows, 1))
            + chunk(b"IEND", b""))


HOSTS = ["peer.test"]


@pytest.fixture
def here(tmp_path, new_database, far):
    with Server(tmp_path / "here", database=new_database(), media_cache=1, **far.keys()) as s:
        yield s


def look(server, url, expect=200):
    """What a browser sees; it asks nobody but this server."""
    parts = urllib.parse.urlsplit(url)
    assert parts.netloc == server.host, url
    r = requests.get(server.base + parts.path, headers={"Host": server.host}, timeout=PATIENCE, allow_redirects=False)
    if r.status_code == 302:
        assert r.headers["Location"].startswith("/media/")
        r = requests.get(server.base + r.headers["Location"], headers={"Host": server.host}, timeout=PATIENCE, allow_redirects=False)
    assert r.status_code == expect, (url, r.status_code, r.text[:300])
    return r


def show(far, path, data, kind="image/png"):
    url = f"http://peer.test/{path}"
    far.answer(url, (200, {"Content-Type": kind}, data))
    return url


def test_pictures_go_and_come_back(here, far):
    here.shift_clock(ms=3600_000 - time.time_ns() // 1_000_000 % 3600_000)  # a whole hour: the hourly job has run, and is away for one
    alice, eve = here.user(), far.actor("painter")
    eve.doc["icon"] = {"type": "Image", "mediaType": "image/png", "url": show(far, "painter.png", picture("png"))}
    uri = alice.get("/api/v1/accounts/verify_credentials")["uri"]
    urls = [show(far, f"noise{n}.png", noise()) for n in range(4)]
    for n, url in enumerate(urls):
        eve.send(here, eve.create(eve.note(f"picture {n}", cc=[uri], tag=[{"type": "Mention", "href": uri}],
                                           attachment=[{"type": "Image", "mediaType": "image/png", "url": url, "name": "noise"}])))
        here.wait_until(lambda: len(alice.notifications(types=["mention"])) == n + 1)
        here.wait_until(lambda: here.query("SELECT count(*) FROM cached_file WHERE kind = 0") == [(n + 1,)])
        here.shift_clock(minutes=1)
    here.wait_until(lambda: here.query("SELECT count(*) FROM cached_file WHERE kind = 1") == [(1,)])

    def posts():
        return {n["status"]["content"]: n["status"] for n in alice.notifications(types=["mention"])}

    def first(n):
        return posts()[f"<p>picture {n}</p>" if f"<p>picture {n}</p>" in posts() else f"picture {n}"]["media_attachments"][0]

    assert all("/media/" in first(n)["url"] for n in range(4))
    here.shift_clock(minutes=20)
    look(here, first(0)["url"])  # somebody looks at the oldest
    prune(here, hours=1)
    kept = [n for n in range(4) if "/media_proxy/" not in first(n)["url"]]
    assert kept == [0], "only one of 600 KB fits into 1 MB, and it is the one that somebody looked at"
    assert sum(p.stat().st_size for p in (here.root / "data/media").glob("[0-9a-f][0-9a-f]/*")) <= 1 << 20
    gone = first(3)
    assert gone["remote_url"] == urls[3] and gone["blurhash"] and gone["meta"]["original"]["width"] == 520
    assert gone["preview_url"].endswith("/small") or "/media_proxy/" in gone["preview_url"]
    assert look(here, gone["url"]).headers["Content-Type"] == "image/png"
    assert "/media/" in first(3)["url"] and look(here, first(3)["preview_url"])


def test_an_address_is_no_invitation(here, far):
    alice, eve = here.user(), far.actor("guard")
    eve.doc["icon"] = {"type": "Image", "mediaType": "image/png", "url": "http://peer.test/missing.png"}
    far.answer("http://peer.test/missing.png", (404, {}, b""))
    eve.send(here, eve.activity("Follow", alice.get("/api/v1/accounts/verify_credentials")["uri"]))
    here.wait_notification(alice, "follow", eve.acct)
    url = alice.get("/api/v1/accounts/lookup", acct=eve.acct)["avatar"]
    assert "/media_proxy/avatar/" in url and "peer.test" not in url
    look(here, url, expect=404)  # cannot be had, and is not asked for each time
    asked = sum(far.asked.values())
    for _ in range(3):
        look(here, url, expect=404)
    assert sum(far.asked.values()) == asked
    code = url.split("/")[-2]
    for other in (url.replace(code, "0" * 16), url.replace("avatar", "header"), url.replace(code, code[:-1]), url.replace("/original", "/large"),
                  url.replace("avatar", "nothing"), url.replace("/" + code, "1/" + code)):
        look(here, other, expect=404)


def test_fetches_on_demand_are_limited(tmp_path, new_database, far):
    """What is here may be asked for as often as anybody likes; what must be fetched costs."""
    with Server(tmp_path / "limited", database=new_database(), rate_limits="on", **far.keys()) as server:
        alice, eve, urls = server.user(), far.actor("many"), []
        uri = alice.get("/api/v1/accounts/verify_credentials")["uri"]
        server.shift_clock(ms=600_000 - int(time.time() * 1000) % 600_000)  # at the begin of a window
        for post in range(2):
            pictures = [show(far, f"none{post}-{n}.png", b"") for n in range(16)]
            eve.send(server, eve.create(eve.note(f"{post}", cc=[uri], tag=[{"type": "Mention", "href": uri}], attachment=[
                {"type": "Image", "mediaType": "image/png", "url": url} for url in pictures])))
            server.wait_until(lambda: len(alice.notifications(types=["mention"])) == post + 1)
            urls += [m["url"] for m in alice.notifications(types=["mention"])[0]["status"]["media_attachments"]]
        assert len(set(urls)) == 32
        for url in urls[:30]:
            look(server, url, expect=404)
        look(server, urls[30], expect=429)

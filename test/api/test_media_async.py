"""Uploads that take longer than an answer: GIFs, films and sound."""
import contextlib
import os
import pathlib
import signal
import struct

import pytest
from samples import film, picture, sound
from timing import PATIENCE

MB = 1024 * 1024


def upload(api, name, data, version=2, expect=202, **fields):
    return api.request("POST", f"/api/v{version}/media", expect, files={"file": (name, data)}, data=fields)


def decoded(server, api, media_id):
    """The attachment once the job is done with it."""
    def look():
        got = api.get(f"/api/v1/media/{media_id}", expect=(200, 206))
        if api.last.status_code == 206:
            assert got["url"] is None and (got["preview_url"] is None or got["blurhash"])  # a thumbnail of one's own is there at once
            return None
        return got
    return server.wait_until(look)


def fetch(api, url):
    assert url.startswith(f"http://{api.host}/media/")
    r = api.http.get(api.base + url.removeprefix(f"http://{api.host}"), timeout=PATIENCE)
    assert r.status_code == 200
    return r


def waiting(server):
    return list((server.root / "data/media/wait").iterdir())


def media_children(server):
    """The decoders of this server, and nobody else's."""
    found = []
    for p in pathlib.Path("/proc").glob("[0-9]*"):
        try:
            words = (p / "cmdline").read_bytes().split(b"\0")
            parent = int((p / "stat").read_text().rsplit(")", 1)[1].split()[1])
        except OSError:
            continue
        if parent == server.process.pid and b"media-child" in words:
            found.append(int(p.name))
    return found


class Paused:
    """The decoder of pictures stopped, so that a GIF uploaded meanwhile is sure not to be done yet."""

    def __init__(self, server, api):
        upload(api, "a.png", picture("png"), expect=200)  # starts the decoder
        self.pids = media_children(server)
        assert len(self.pids) == 1

    def __enter__(self):
        os.kill(self.pids[0], signal.SIGSTOP)
        return self

    def __exit__(self, kind, value, trace):
        with contextlib.suppress(ProcessLookupError):  # a server that ended took it along
            os.kill(self.pids[0], signal.SIGCONT)


@pytest.mark.parametrize("name, data, kind, mime", [
    ("a.mp4", film(), "video", "video/mp4"), ("a.wav", sound(), "audio", "audio/mpeg"), ("a.gif", picture("gif", 5), "gifv", "video/mp4"),
    ("a.gif", picture("gif", 1), "image", "image/gif"),
], ids=["film", "sound", "moving gif", "still gif"])
def test_what_moves_or_sounds_is_decoded_later(alice, server, name, data, kind, mime):
    first = upload(alice, name, data, description="what it is", focus="0.5,-0.5")
    assert first["url"] is None and first["preview_url"] is None and first["description"] == "what it is"
    done = decoded(server, alice, first["id"])
    assert done["type"] == kind and done["description"] == "what it is"
    r = fetch(alice, done["url"])
    assert r.headers["Content-Type"] == mime and r.content != data
    if kind != "audio":
        assert done["blurhash"] and done["meta"]["original"]["width"] and fetch(alice, done["preview_url"]).content
    post = alice.toot("look", media_ids=[first["id"]])
    assert [m["url"] for m in post["media_attachments"]] == [done["url"]]
    alice.get(f"/api/v1/media/{first['id']}", expect=404)


def test_pictures_are_ready_at_once(alice):
    for version in (1, 2):
        done = upload(alice, "a.png", picture("png"), version, expect=200)
        assert done["type"] == "image" and fetch(alice, done["url"]).headers["Content-Type"] == "image/png"
    assert upload(alice, "a.gif", picture("gif", 5), version=1, expect=200)["type"] == "gifv"


def test_while_it_is_decoded(own_server):
    server = own_server()
    alice, bob = server.user(), server.user()
    with Paused(server, alice):
        first = upload(alice, "a.gif", picture("gif", 5), description="before")
        path = f"/api/v1/media/{first['id']}"
        seen = alice.get(path, expect=206)
        assert seen["url"] is None and seen["preview_url"] is None and seen["type"] == "image"
        bob.get(path, expect=404)
        error = alice.post("/api/v1/statuses", {"status": "too early", "media_ids": [first["id"]]}, expect=422)
        assert "not finished processing" in error["error"]
        kept, = waiting(server)
        assert kept.stat().st_size == len(picture("gif", 5))
        for name in (f"{kept.name}.wait", f"{kept.name}.mp4", f"wait/{kept.name}", f"..%2Fwait%2F{kept.name}"):
            alice.request("GET", f"/media/{name}", expect=(400, 404))
        assert alice.put(path, {"description": "meanwhile", "focus": "1,1"}, expect=200)["url"] is None
        gone = upload(alice, "b.gif", picture("gif", 3))
        alice.delete(f"/api/v1/media/{gone['id']}")
    done = decoded(server, alice, first["id"])
    assert (done["description"], done["meta"]["focus"]) == ("meanwhile", {"x": 1, "y": 1})
    alice.get(f"/api/v1/media/{gone['id']}", expect=404)
    server.wait_until(lambda: kept not in waiting(server))


def test_an_upload_survives_a_crash(own_server):
    server = own_server()
    alice = server.user()
    paused = Paused(server, alice)
    with paused:
        first = upload(alice, "a.gif", picture("gif", 5))
        server.kill()
    server.start()
    api = server.api(alice.token)
    api.get(f"/api/v1/media/{first['id']}", expect=(200, 206))
    server.shift_clock(minutes=11)  # the lease of the process that died
    assert decoded(server, api, first["id"])["type"] == "gifv"
    server.wait_until(lambda: not waiting(server))
    assert api.toot("there it is", media_ids=[first["id"]])["media_attachments"][0]["id"] == first["id"]


def test_a_server_that_stops_does_not_wait_for_it(own_server):
    server = own_server()
    alice = server.user()
    with Paused(server, alice):
        first = upload(alice, "a.gif", picture("gif", 5))
        server.wait_until(lambda: waiting(server))
        server.stop(30)  # a decoder may take a minute
    server.start()
    api = server.api(alice.token)
    api.get(f"/api/v1/media/{first['id']}", expect=206)
    server.shift_clock(minutes=11)
    assert decoded(server, api, first["id"])["type"] == "gifv"


@pytest.mark.parametrize("data", [film()[:200] + bytes(3000), b"GIF89a" + bytes(500), sound()[:12] + bytes(100), b"fLaC" + bytes(400)],
                         ids=["mp4", "gif", "wav", "flac"])
def test_what_cannot_be_decoded_fails(alice, server, data):
    first = upload(alice, "a.bin", data)
    path = f"/api/v1/media/{first['id']}"

    def failed():
        alice.get(path, expect=(206, 422))
        return alice.last.status_code == 422
    server.wait_until(failed)
    assert alice.get(path, expect=422)["error"]
    alice.post("/api/v1/statuses", {"status": "x", "media_ids": [first["id"]]}, expect=422)
    alice.delete(path)
    alice.get(path, expect=404)


@pytest.mark.parametrize("data", [b"", b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"%PDF-1.4", b"#!/bin/sh\n", b"\x1aE\xdf\xa3matroska"],
                         ids=["nothing", "svg", "pdf", "script", "matroska"])
def test_what_is_refused_at_once(alice, data):
    for version in (1, 2):
        assert upload(alice, "film.mp4", data, version, expect=422)["error"]


def test_sizes(alice, server):
    """A film may have 99 MiB, a picture 16; the body 116, for both at once."""
    big = film()
    big += struct.pack(">I4s", 40 * MB, b"free") + bytes(40 * MB - 8)
    first = upload(alice, "big.mp4", big)
    assert decoded(server, alice, first["id"])["type"] == "video"
    assert upload(alice, "big.png", picture("png") + bytes(17 * MB), expect=422)["error"]
    assert upload(alice, "big.mp4", film() + bytes(99 * MB), expect=422)["error"]
    upload(alice, "huge.mp4", film() + bytes(117 * MB), expect=413)


def test_uploads_that_nobody_uses_go_after_a_day(own_server):
    server = own_server()
    alice = server.user()
    with Paused(server, alice):
        late = upload(alice, "a.mp4", film())
    done = decoded(server, alice, late["id"])
    server.shift_clock(hours=25)
    server.wait_until(lambda: alice.get(f"/api/v1/media/{late['id']}", expect=(200, 404)) and alice.last.status_code == 404)

    def file_gone():
        r = alice.http.get(alice.base + done["url"].removeprefix(f"http://{alice.host}"), timeout=PATIENCE)
        return r.status_code == 404
    server.wait_until(file_gone)


@pytest.mark.parametrize("name, data", [("a.mp4", film()), ("a.wav", sound())], ids=["film", "sound"])
def test_a_thumbnail_of_ones_own_stays_when_the_file_is_decoded(alice, server, name, data):
    own = ("t.png", picture("png"))
    first = alice.request("POST", "/api/v2/media", 202, files={"file": (name, data), "thumbnail": own})
    done = decoded(server, alice, first["id"])
    assert done["blurhash"] and fetch(alice, done["preview_url"]).headers["Content-Type"] == "image/png"


def test_a_thumbnail_may_come_while_the_file_is_decoded(own_server):
    server = own_server()
    alice = server.user()
    late = upload(alice, "a.gif", picture("gif", 5))
    seen = alice.request("PUT", f"/api/v1/media/{late['id']}", 200, files={"thumbnail": ("t.png", picture("png"))})
    assert seen["blurhash"]
    done = decoded(server, alice, late["id"])
    assert done["type"] == "gifv" and done["blurhash"] == seen["blurhash"]
    assert fetch(alice, done["preview_url"]).headers["Content-Type"] == "image/png"

"""Avatars and headers: pictures that move, their description, and what becomes of files that nobody shows."""
import pytest
from samples import film, picture
from timing import PATIENCE

PATH = "/api/v1/accounts/update_credentials"


def put(api, expect=200, files=(), **fields):
    return api.request("PATCH", PATH, expect, files={name: (name, data) for name, data in dict(files).items()} or None, data=fields)


def fetch(api, url, expect=200):
    r = api.http.get(api.base + url.removeprefix(f"http://{api.host}"), timeout=PATIENCE)
    assert r.status_code == expect, url
    return r


def stored(server):
    return {p.name for p in (server.root / "data/media").glob("[0-9a-f][0-9a-f]/*")}


@pytest.mark.parametrize("which", ["avatar", "header"])
def test_a_moving_picture_has_a_still_one(alice, which):
    me = put(alice, files={which: picture("gif", 4)})
    moving, still = fetch(alice, me[which]), fetch(alice, me[f"{which}_static"])
    assert moving.headers["Content-Type"] == "image/gif" and moving.content.count(b"\x21\xf9\x04") == 4  # as many frames as it had
    assert me[which] != me[f"{which}_static"] and still.content.count(b"\x21\xf9\x04") <= 1
    me = put(alice, files={which: picture("png")})
    assert me[which] == me[f"{which}_static"] and fetch(alice, me[which]).headers["Content-Type"] == "image/png"


@pytest.mark.parametrize("which", ["avatar", "header"])
def test_its_description(alice, bob, which):
    key = f"{which}_description"
    me = put(alice, files={which: picture("png")}, **{key: "A stripe\nof colours"})
    assert me[key] == "A stripe of colours"
    assert bob.get(f"/api/v1/accounts/{alice.id}")[key] == me[key]
    assert put(alice, display_name="Alice")[key] == me[key]
    assert put(alice, **{key: ""})[key] == ""
    put(alice, expect=422, **{key: "x" * 1501})
    put(alice, **{key: "again"})
    assert alice.delete(f"/api/v1/profile/{which}")[key] == ""


@pytest.mark.parametrize("data", [b"", b"<svg/>", film(), b"\x89PNG\r\n\x1a\n" + bytes(500), picture("png") + bytes(9 << 20)],
                         ids=["nothing", "svg", "film", "broken", "large"])
def test_what_is_no_picture(alice, data):
    before = alice.get("/api/v1/accounts/verify_credentials")["avatar"]
    put(alice, expect=(413, 422) if data else (200, 422), files={"avatar": data})
    assert alice.get("/api/v1/accounts/verify_credentials")["avatar"] == before


def test_files_that_nobody_shows_are_deleted(own_server):
    server = own_server()
    alice = server.user()
    me = put(alice, files={"avatar": picture("gif", 3), "header": picture("png")})
    kept = stored(server)
    assert len(kept) == 3
    put(alice, expect=422, files={"avatar": picture("gif", 3)}, display_name="x" * 1000)
    assert kept < stored(server)
    server.shift_clock(hours=3)
    server.wait_until(lambda: stored(server) == kept)
    new = put(alice, files={"avatar": picture("png")})
    server.shift_clock(hours=3)
    server.wait_until(lambda: len(stored(server)) == 2)
    fetch(alice, me["avatar"], 404)
    fetch(alice, new["avatar"])
    fetch(alice, me["header"])

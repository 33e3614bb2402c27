"""Uploads: what is taken, what is kept, what is stripped, and who may touch it."""
import base64
import struct
import zlib

import pytest

JPEG = base64.b64decode(
    "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDABsSFBcUERsXFhceHBsgKEIrKCUlKFE6PTBCYFVlZF9VXVtqeJmBanGQc1tdhbWGkJ6jq62rZ4C8ybqmx5moq6T/"
    "2wBDARweHigjKE4rK06kbl1upKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKT/wAARCAAIABADASIAAhEBAxEB/8QA"
    "FQABAQAAAAAAAAAAAAAAAAAAAAT/xAAUEAEAAAAAAAAAAAAAAAAAAAAA/8QAFQEBAQAAAAAAAAAAAAAAAAAABAX/xAAUEQEAAAAAAAAAAAAAAAAAAAAA/9oADAMB"
    "AAIRAxEAPwCEAdYf/9k=")
PLACE = b"48 deg 51 min N"  # must not come back


def png(width=16, height=8, extra=()):
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    rows = b"".join(b"\0" + b"".join(bytes((x * 16 % 256, y * 32 % 256, 99)) for x in range(width)) for y in range(height))
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
            + b"".join(chunk(kind, data) for kind, data in extra) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))


def exif(text=PLACE):
    """A TIFF block with a GPS directory: latitude, and a text in it."""
    def entry(tag, kind, count, value):
        return struct.pack("<HHI", tag, kind, count) + value
    gps = 8 + 2 + 12 + 4
    data = gps + 2 + 3 * 12 + 4
    return (b"II*\0" + struct.pack("<I", 8)
            + struct.pack("<H", 1) + entry(0x8825, 4, 1, struct.pack("<I", gps)) + struct.pack("<I", 0)
            + struct.pack("<H", 3) + entry(1, 2, 2, b"N\0\0\0") + entry(2, 5, 3, struct.pack("<I", data))
            + entry(0x1C, 7, len(text), struct.pack("<I", data + 24)) + struct.pack("<I", 0)
            + struct.pack("<6I", 48, 1, 51, 1, 0, 1) + text)


def jpeg_with_place():
    body = b"Exif\0\0" + exif()
    return JPEG[:2] + b"\xff\xe1" + struct.pack(">H", len(body) + 2) + body + JPEG[2:]


def segments(jpeg):
    """Markers up to the picture data, as an EXIF reader walks them."""
    at = 2
    while jpeg[at + 1] != 0xDA:
        size = struct.unpack(">H", jpeg[at + 2:at + 4])[0]
        yield jpeg[at + 1], jpeg[at + 4:at + 2 + size]
        at += 2 + size


def upload(api, data=None, name="cat.png", version=2, expect=200, **fields):
    return api.request("POST", f"/api/v{version}/media", expect, files={"file": (name, png() if data is None else data)}, data=fields)


def fetch(server, url):
    """The served file, with its headers."""
    api = server.api()
    api.request("GET", url.removeprefix(server.url))
    return api.last


@pytest.mark.parametrize("version", [1, 2])
def test_upload_describe_and_show(alice, server, version):
    m = upload(alice, version=version, description="A cat", focus="0.5,-0.25")
    assert (m["type"], m["description"], m["meta"]["focus"]) == ("image", "A cat", {"x": 0.5, "y": -0.25})
    assert (m["meta"]["original"]["width"], m["meta"]["original"]["height"]) == (16, 8)
    assert m["meta"]["original"]["aspect"] == 2 and m["blurhash"] and m["remote_url"] is None
    assert alice.get(f"/api/v1/media/{m['id']}") == m
    for url in (m["url"], m["preview_url"]):
        r = fetch(server, url)
        assert r.headers["Content-Type"].startswith("image/") and r.headers["X-Content-Type-Options"] == "nosniff"
        assert "sandbox" in r.headers["Content-Security-Policy"]
    changed = alice.put(f"/api/v1/media/{m['id']}", {"description": "A dog", "focus": "-7,9"})
    assert (changed["description"], changed["meta"]["focus"]) == ("A dog", {"x": -1, "y": 1})


def test_102_place_and_notes_are_gone_from_a_jpeg(alice, server):
    before = jpeg_with_place()
    assert PLACE in before and any(kind == 0xE1 for kind, _ in segments(before))
    m = upload(alice, before, "holiday.jpg")
    for url in (m["url"], m["preview_url"]):
        after = fetch(server, url).content
        assert after[:2] == b"\xff\xd8" and PLACE not in after
        assert not [body for kind, body in segments(after) if kind in (0xE1, 0xED, 0xFE)], "EXIF, XMP, IPTC or a comment"


def test_102_place_and_notes_are_gone_from_a_png(alice, server):
    notes = [(b"tEXt", b"Comment\0" + PLACE), (b"eXIf", exif()), (b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + PLACE)]
    m = upload(alice, png(extra=notes))
    for url in (m["url"], m["preview_url"]):
        after = fetch(server, url).content
        assert after[:4] == b"\x89PNG" or url == m["preview_url"]
        assert not [word for word in (PLACE, b"tEXt", b"iTXt", b"zTXt", b"eXIf") if word in after]


@pytest.mark.parametrize("name, data", [
    ("empty.png", b""), ("note.png", b"just text"), ("page.png", b"<!DOCTYPE html><script>alert(1)</script>"),
    ("drawing.svg", b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'),
    ("half.png", png(200, 200)[:150]), ("paper.pdf", b"%PDF-1.4\n1 0 obj"), ("script.png", b"%!PS-Adobe-3.0\n"),
    ("huge.png", png()[:16] + struct.pack(">II", 65535, 65535) + png()[24:]),
])
def test_98_files_that_are_no_pictures(alice, name, data):
    assert upload(alice, data, name, expect=(413, 422))["error"]


def test_an_upload_without_a_file(alice):
    alice.request("POST", "/api/v2/media", 422, data={"description": "nothing"})
    alice.request("POST", "/api/v2/media", 422, files={"thumbnail": ("t.png", png())})


def test_42_57_limits_of_description_and_focus(alice):
    m = upload(alice, description="ä" * 10_000)
    path = f"/api/v1/media/{m['id']}"
    assert len(m["description"]) == 10_000
    upload(alice, description="ä" * 10_001, expect=422)
    alice.put(path, {"description": "ä" * 10_001}, expect=422)
    for focus in ("1", "1,2,3", "a,b", "NaN,0", "0,inf", "1e999,0", ",", "0, 0"):
        alice.put(path, {"focus": focus}, expect=422)
    assert alice.get(path)["meta"]["focus"] == {"x": 0, "y": 0}
    post = alice.toot("with a cat", media_ids=[m["id"]])
    alice.put(f"/api/v1/statuses/{post['id']}", {"status": "x", "media_ids": [m["id"]],
              "media_attributes": [{"id": m["id"], "description": "ä" * 10_001}]}, expect=422)


def test_only_the_owner_and_only_while_loose(alice, bob, anon):
    m = upload(alice)
    path = f"/api/v1/media/{m['id']}"
    for api, status in ((bob, 404), (anon, 401)):
        api.get(path, expect=status)
        api.put(path, {"description": "mine"}, expect=status)
        api.delete(path, expect=status)
    post = alice.toot("with a cat", media_ids=[m["id"]])
    assert [a["id"] for a in post["media_attachments"]] == [m["id"]]
    alice.get(path, expect=404)
    alice.put(path, {"description": "late"}, expect=404)
    alice.delete(path, expect=422)
    loose = upload(alice)
    assert alice.delete(f"/api/v1/media/{loose['id']}") == {}
    alice.get(f"/api/v1/media/{loose['id']}", expect=404)


def test_49_media_that_may_not_be_attached(alice, bob):
    own = [upload(alice)["id"] for _ in range(5)]
    other, used, deleted = upload(bob)["id"], upload(alice)["id"], upload(alice)["id"]
    alice.toot("used", media_ids=[used])
    alice.delete(f"/api/v1/media/{deleted}")
    for ids in (own, [other], [used], [deleted], [own[0], own[0]], ["1"], ["abc"], [str(2**64)], [own[0], other]):
        alice.post("/api/v1/statuses", {"status": "x", "media_ids": ids}, expect=422)
    assert [m["id"] for m in alice.toot("x", media_ids=own[3::-1])["media_attachments"]] == own[3::-1]
    assert alice.toot("", media_ids=[own[4]])["content"] == ""  # a picture needs no words


def test_edits_of_media(alice, anon):
    first, second = upload(alice, description="one"), upload(alice, description="two")
    post = alice.toot("both", media_ids=[first["id"], second["id"]])
    path = f"/api/v1/statuses/{post['id']}"
    both = [first["id"], second["id"]]
    edited = alice.put(path, {"status": "both", "media_ids": both, "media_attributes": [{"id": second["id"], "description": "zwei", "focus": "0.5,0.5"}]})
    assert [m["description"] for m in edited["media_attachments"]] == ["one", "zwei"]
    assert edited["media_attachments"][1]["meta"]["focus"] == {"x": 0.5, "y": 0.5} and edited["edited_at"]
    alice.put(path, {"status": "x", "media_ids": both, "media_attributes": [{"id": second["id"], "thumbnail": "no file"}]}, expect=422)
    edited = alice.put(path, {"status": "both", "media_ids": [second["id"]]})
    assert [m["id"] for m in edited["media_attachments"]] == [second["id"]]
    assert alice.get(f"/api/v1/media/{first['id']}")["id"] == first["id"]  # loose again
    history = anon.get(path + "/history")
    assert [[m["description"] for m in h["media_attachments"]] for h in history] == [["two"], ["zwei"], ["zwei"]]


def test_an_edit_without_files_takes_them_away(alice):
    """As Mastodon does: clients name the files that stay."""
    m = upload(alice)
    post = alice.toot("look", media_ids=[m["id"]])
    edited = alice.put(f"/api/v1/statuses/{post['id']}", {"status": "nothing to see"})
    assert edited["media_attachments"] == [] and alice.get(f"/api/v1/media/{m['id']}")["id"] == m["id"]


def test_redraft_keeps_the_picture_and_a_real_delete_does_not(alice):
    for query, status in (("", 200), ("?delete_media=true", 404)):
        m = upload(alice)
        post = alice.toot("again", media_ids=[m["id"]])
        gone = alice.delete(f"/api/v1/statuses/{post['id']}{query}")
        assert [a["id"] for a in gone["media_attachments"]] == [m["id"]]
        alice.get(f"/api/v1/media/{m['id']}", expect=status)


def size_of(server, url):
    """Width and height of the thumbnail that is served: own pictures of the tests differ in them."""
    data = fetch(server, url).content
    assert data[:4] == b"\x89PNG"
    return struct.unpack(">II", data[16:24])


@pytest.mark.parametrize("version", [1, 2])
def test_a_thumbnail_of_ones_own_comes_with_the_upload(alice, server, version):
    m = alice.request("POST", f"/api/v{version}/media", 200, files={"file": ("a.png", png()), "thumbnail": ("t.png", png(40, 20))})
    assert (m["meta"]["small"]["width"], m["meta"]["small"]["height"]) == (40, 20)
    assert (m["meta"]["original"]["width"], m["meta"]["original"]["height"]) == (16, 8)
    assert size_of(server, m["preview_url"]) == (40, 20) and m["preview_url"] != m["url"]
    assert alice.get(f"/api/v1/media/{m['id']}") == m


def test_the_last_thumbnail_counts_and_the_one_before_goes(alice, server):
    m = upload(alice)
    path = f"/api/v1/media/{m['id']}"
    first = alice.request("PUT", path, 200, files={"thumbnail": ("t.png", png(40, 20))}, data={"description": "both at once"})
    assert first["description"] == "both at once" and size_of(server, first["preview_url"]) == (40, 20)
    second = alice.request("PUT", path, 200, files={"thumbnail": ("t.png", png(30, 30))})
    assert size_of(server, second["preview_url"]) == (30, 30) and second["description"] == "both at once"
    assert len({x["preview_url"] for x in (m, first, second)}) == 3 and len({x["url"] for x in (m, first, second)}) == 1
    assert alice.get(path) == second


@pytest.mark.parametrize("data", [b"just text", b"\x00\x00\x00\x18ftypmp42" + bytes(100), png(200, 200)[:150]], ids=["text", "film", "half"])
def test_a_thumbnail_is_a_picture(alice, bob, anon, data):
    m = upload(alice)
    path = f"/api/v1/media/{m['id']}"
    alice.request("POST", "/api/v2/media", 422, files={"file": ("a.png", png()), "thumbnail": ("t.png", data)})
    alice.request("PUT", path, 422, files={"thumbnail": ("t.png", data)})
    alice.put(path, {"thumbnail": "no file"}, expect=422)
    for api, status in ((bob, 404), (anon, 401)):
        api.request("PUT", path, status, files={"thumbnail": ("t.png", png())})
    assert alice.get(path) == m


@pytest.mark.parametrize("name", ["media_attributes[0]", "media_attributes[]"])
def test_the_thumbnail_of_a_posted_file_changes_with_an_edit(alice, anon, server, name):
    first, second = upload(alice), upload(alice)
    both = [first["id"], second["id"]]
    post = alice.toot("look", media_ids=both)
    path = f"/api/v1/statuses/{post['id']}"
    edited = alice.request("PUT", path, 200, data={"status": "look", "media_ids[]": both, f"{name}[id]": second["id"]},
                           files={f"{name}[thumbnail]": ("t.png", png(40, 20))})
    assert edited["edited_at"] and edited["media_attachments"][0] == first
    assert size_of(server, edited["media_attachments"][1]["preview_url"]) == (40, 20)
    assert anon.get(path)["media_attachments"] == edited["media_attachments"]
    alice.request("PUT", path, 422, data={"status": "look", "media_ids[]": both, f"{name}[id]": second["id"]}, files={f"{name}[thumbnail]": ("t.png", b"text")})
    assert anon.get(path)["media_attachments"] == edited["media_attachments"]


def test_each_file_of_a_list_goes_to_its_own_item(alice, server):
    ids = [upload(alice)["id"] for _ in range(3)]
    post = alice.toot("look", media_ids=ids)
    edited = alice.request("PUT", f"/api/v1/statuses/{post['id']}", 200,
                           data={"media_ids[]": ids} | {f"media_attributes[{i}][id]": ids[i] for i in range(3)},
                           files={"media_attributes[2][thumbnail]": ("t.png", png(40, 20)), "media_attributes[0][thumbnail]": ("t.png", png(30, 30))})
    assert [(m["meta"]["small"]["width"]) for m in edited["media_attachments"]] == [30, 16, 40]

"""Attacks with files, numbered as in the list of what must not break (98 to 107); ELSEWHERE names tests that stood before."""
import json
import pathlib
import re
import zlib

import pytest
import requests
from numbered import check_every_number
from remote import PUBLIC, Remote
from samples import picture
from server import Server
from test_media import JPEG, fetch, png, upload
from timing import PATIENCE

MEDIA, POOL, PROBE, STORE = (f"src/media/{name}_test.c" for name in ("media", "pool", "probe", "store"))
FILES, LATER = "test/api/test_media.py", "test/api/test_media_async.py"

ELSEWHERE = {
    98: {FILES: "test_98_files_that_are_no_pictures", PROBE: "probe_knows_the_table_and_nothing_else", MEDIA: "media_two_formats_in_one_end",
         "test/api/test_pictures.py": "test_what_is_no_picture"},
    99: {STORE: "store_takes_only_its_own_keys store_follows_no_links", "src/http/multipart_test.c": "multipart_filenames"},
    100: {MEDIA: "media_bombs_are_refused_and_the_next_picture_works media_sizes_follow_the_purpose", LATER: "test_what_is_refused_at_once test_sizes"},
    101: {POOL: "pool_box_holds_a_hostile_decoder pool_starts_a_new_child_when_one_died pool_slots_are_bounded"},
    102: {FILES: "test_102_place_and_notes_are_gone_from_a_jpeg test_102_place_and_notes_are_gone_from_a_png", MEDIA: "media_every_format_becomes_clean"},
    103: {MEDIA: "media_films_name_no_other_files"},
    104: {MEDIA: "media_truncated_and_damaged_files", PROBE: "probe_survives_every_truncation", LATER: "test_what_cannot_be_decoded_fails"},
    105: {"src/http/respond_test.c": "res_file_ranges", "test/fed/test_media_cache.py": "test_an_address_is_no_invitation", FILES: "test_only_the_owner_and_only_while_loose",
          "test/api/test_pictures.py": "test_files_that_nobody_shows_are_deleted"},
    106: {"test/fed/test_media_cache.py": "test_fetches_on_demand_are_limited",
          "test/fed/test_domain_policy.py": "test_media_of_refused_hosts", "src/http/client_test.c": "client_caps_what_it_reads client_deadline_is_total"},
    107: {STORE: "store_abort_and_old_leftovers_vanish store_sweeps_old_uploads", LATER: "test_an_upload_survives_a_crash test_uploads_that_nobody_uses_go_after_a_day",
          "test/api/test_pictures.py": "test_files_that_nobody_shows_are_deleted"},
}


def test_every_number_has_its_tests():
    check_every_number(range(98, 108), ELSEWHERE, globals())


def files(server):
    return {p.name: p.stat().st_size for p in pathlib.Path(server.config["data_dir"], "media").rglob("*") if p.is_file()}


# --- 98 two kinds in one file -----------------------------------------------------------------------------------------------

SCRIPT = b"<script>alert(document.domain)</script>"


@pytest.mark.parametrize("data", [JPEG + SCRIPT, png() + b"PK\3\4" + SCRIPT, png(extra=[(b"tEXt", b"Comment\0" + SCRIPT)])],
                         ids=["page behind a jpeg", "archive behind a png", "page inside a png"])
def test_98_only_the_picture_is_kept(server, alice, data):
    got = upload(alice, data, "cat.html")
    for url in (got["url"], got["preview_url"]):
        if url:
            r = fetch(server, url)
            assert SCRIPT not in r.content and b"PK\3\4" not in r.content and r.headers["Content-Type"].startswith(("image/", "video/"))
    assert re.fullmatch(r"[0-9a-f]{32}\.\w+", got["url"].rpartition("/")[2]), "the name is ours"


@pytest.mark.parametrize("name, kind", [("x.svg", "image/svg+xml"), ("x.html", "text/html"), ("x.png.exe", "application/x-msdownload"), ("x", ""), ("x.ico", "image/png")])
def test_98_what_it_is_said_to_be_does_not_matter(server, alice, name, kind):
    got = alice.request("POST", "/api/v2/media", 200, files={"file": (name, png(), kind)})
    assert got["type"] == "image" and fetch(server, got["url"]).headers["Content-Type"] == "image/png"


# --- 99 names ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["../../../../tmp/dassie-was-here.png", "/etc/dassie-was-here.png", "a\\..\\b.png", "C:\\b.png", "CON", "x" * 4000 + ".png",
                                  ".htaccess", "%2e%2e%2fx.png", "a\u202egnp.exe", "; rm -rf x.png", "$(id).png", "a\nb.png"])
def test_99_names_of_files_are_words(server, alice, name):
    before = files(server)
    answer = alice.request("POST", "/api/v2/media", None, files={"file": (name, png())})
    assert alice.last.status_code in (200, 400, 422), answer
    new = set(files(server)) - set(before)
    assert all(re.fullmatch(r"[0-9a-f]{32}\.(png|jpg)", n) for n in new), new
    assert bool(new) == (alice.last.status_code == 200)
    assert not list(pathlib.Path("/tmp").glob("dassie-was-here*")) and not list(server.root.parent.glob("*.png"))


# --- 100 giants ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("width, height", [(65535, 65535), (2**31 - 1, 2**31 - 1), (1, 2**31 - 1), (0, 8), (8, 0), (2**32 - 1, 1)])
def test_100_sizes_in_a_head_are_not_believed_and_not_allocated(alice, width, height):
    head = width.to_bytes(4, "big") + height.to_bytes(4, "big") + b"\10\2\0\0\0"
    data = png()[:16] + head + zlib.crc32(b"IHDR" + head).to_bytes(4, "big") + png()[33:]
    assert upload(alice, data, expect=(413, 422))["error"]
    assert upload(alice)["id"], "the next one is decoded"


# --- 105 asking for files ------------------------------------------------------------------------------------------------------


def test_105_a_file_is_served_as_a_file_and_nothing_else(server, alice):
    url = upload(alice)["url"].removeprefix(server.url)

    def ask(method="GET", path=url, **headers):
        return requests.request(method, server.base + path, headers={"Host": server.host} | headers, timeout=PATIENCE, allow_redirects=False)

    whole = ask()
    assert whole.status_code == 200 and whole.headers["X-Content-Type-Options"] == "nosniff"
    policy = whole.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy and "sandbox" in policy
    head = ask("HEAD")
    assert head.status_code == 200 and head.content == b"" and head.headers["Content-Length"] == str(len(whole.content))
    part = ask(Range="bytes=2-5")
    assert part.status_code == 206 and part.content == whole.content[2:6]
    n = len(whole.content)
    for wrong in (f"bytes={n}-", f"bytes={n + 5}-{n + 9}", "bytes=99999999999999999999-"):
        r = ask(Range=wrong)
        assert r.status_code in (200, 416) and len(r.content) in (0, n) or r.status_code == 416
    many = ask(Range="bytes=" + ",".join("0-" for _ in range(1000)))
    assert many.status_code in (200, 400, 416, 431) and len(many.content) <= n + 1000, "ranges do not multiply a file"
    if "ETag" in whole.headers:
        assert ask(**{"If-None-Match": whole.headers["ETag"]}).status_code == 304
    for method in ("POST", "PUT", "DELETE", "PATCH"):
        assert ask(method).status_code in (404, 405)
    folder, _, name = url.rpartition("/")
    for path in (folder, folder + "/", f"{folder}/{'0' * 32}.png", f"{folder}/{name}.html", f"{folder}/{name[:-4]}", f"{folder}/{name[:-4]}.html",
                 f"{folder}/../{name}", f"{folder}/..%2f..%2fdassie.db", f"{folder}/%2e%2e/dassie.db", f"/media/../dassie.db", "/media//etc/passwd", f"{folder}/{name}%00.html"):
        assert ask(path=path).status_code in (400, 404), path


# --- 106 pictures of others -----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def far():
    with Remote(["peer.test", "evil.test"]) as r:
        yield r


@pytest.fixture(scope="module")
def here(tmp_path_factory, new_database, far):
    with Server(tmp_path_factory.mktemp("lookers"), database=new_database(), **far.keys() | {"allow_networks": "127.0.0.1/32"}) as s:
        yield s


def test_106_lies_about_pictures_are_not_kept(here, far):
    """Pages, drawings, redirects into the house, halves and giants under the name of a picture: the post is there, with a link and no file of ours."""
    alice, eve = here.user(), far.actor("painter")
    uri = alice.get("/api/v1/accounts/verify_credentials")["uri"]
    lies = {
        "page": (200, {"Content-Type": "image/png"}, b"<html>" + SCRIPT), "drawing": (200, {"Content-Type": "image/svg+xml"}, b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
        "inside": (302, {"Location": "http://127.0.0.2:1/x.png"}, b""), "file": (302, {"Location": "file:///etc/passwd"}, b""),
        "half": (200, {"Content-Type": "image/png"}, picture("png")[:100]), "gone": (404, {}, b""), "json": (200, {"Content-Type": "image/png"}, json.dumps(eve.doc).encode()),
        "long": (200, {"Content-Type": "image/png", "Content-Length": str(10 * 2**30)}, png()), "true": (200, {"Content-Type": "text/html"}, picture("png")),
    }

    def cut(h):  # says ten gigabytes and hangs up
        status, headers, body = lies["long"]
        h.send_response(status)
        for k, v in headers.items():
            h.send_header(k, v)
        h.end_headers()
        h.wfile.write(body)
        h.close_connection = True

    for name, what in lies.items():
        far.answer(f"http://peer.test/{name}.png", cut if name == "long" else what)
    before = files(here)
    note = eve.note("pictures", to=[PUBLIC], cc=[uri], tag=[{"type": "Mention", "href": uri}], attachment=[
        {"type": "Image", "mediaType": "image/png", "url": f"http://peer.test/{name}.png"} for name in lies])
    eve.send(here, eve.create(note))
    here.wait_until(lambda: [n for n in alice.notifications(types=["mention"]) if n["status"]["uri"] == note["id"]])
    here.wait_until(lambda: all(far.asked[f"http://peer.test/{name}.png"] for name in lies))
    here.wait_until(lambda: here.query("SELECT count(*) FROM job WHERE kind = 'fetch_media' AND (state = 1 OR state = 0 AND tries = 0)") == [(0,)])
    status = alice.notifications(types=["mention"])[0]["status"]
    assert [m["remote_url"] for m in status["media_attachments"]] == [f"http://peer.test/{name}.png" for name in lies]
    new = set(files(here)) - set(before)
    assert all(n.endswith((".png", ".webp", ".jpg", ".jpeg")) for n in new) and len(new) <= 2, new
    for m in status["media_attachments"][:-1]:
        r = requests.get(here.base + m["url"].removeprefix(here.url), headers={"Host": here.host}, timeout=PATIENCE, allow_redirects=False)
        assert r.status_code == 404, (m["remote_url"], r.status_code)


# --- 107 twice the same ---------------------------------------------------------------------------------------------------------


def test_107_two_of_the_same_are_two(server, alice, bob):
    mine, theirs = upload(alice), upload(bob)
    alice.delete(f"/api/v1/media/{mine['id']}")
    assert fetch(server, theirs["url"]).status_code == 200

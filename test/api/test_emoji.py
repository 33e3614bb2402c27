"""Custom emoji: those the operator adds, and those of other servers."""
import json
import secrets

import pytest
from remote import Remote
from samples import picture
from timing import PATIENCE


def add(server, code, data=None, *more, status=0):
    path = server.root / "emoji.bin"
    path.write_bytes(picture("png") if data is None else data)
    return server.cli("emoji", "add", code, path, *more, status=status)


def code():
    return "e" + secrets.token_hex(4)


def listed(api, name):
    return [e for e in api.get("/api/v1/custom_emojis") if e["shortcode"] == name]


def fetch(api, url):
    return api.http.get(api.base + url.removeprefix(f"http://{api.host}"), timeout=PATIENCE)


@pytest.mark.parametrize("kind, frames, mime", [("png", 1, "image/png"), ("gif", 3, "image/gif")])
def test_added_listed_removed(server, anon, kind, frames, mime):
    name = code()
    assert add(server, name, picture(kind, frames), "--category", "Leaves & trees") == f"added :{name}:\n"
    emoji, = listed(anon, name)
    assert emoji["category"] == "Leaves & trees" and emoji["visible_in_picker"] is True
    assert fetch(anon, emoji["url"]).headers["Content-Type"] == mime
    assert fetch(anon, emoji["static_url"]).headers["Content-Type"] == "image/png"
    assert [e for e in json.loads(server.cli("emoji", "list", "--json")) if e["shortcode"] == name] == [
        {"shortcode": name, "category": "Leaves & trees", "url": emoji["url"], "static_url": emoji["static_url"]}]
    assert f":{name}:" in server.cli("emoji", "list")
    assert server.cli("emoji", "remove", name) == f"removed :{name}:\n"
    assert listed(anon, name) == []
    server.cli("emoji", "remove", name, status=66)


def test_shown_wherever_people_write_it(server, alice, bob):
    name = code()
    add(server, name)
    emoji, = listed(alice, name)
    post = alice.toot(f"hello :{name}: and :unknown{name}: x:{name}:x")
    assert post["emojis"] == [emoji]
    assert f":{name}:" in post["content"]
    assert alice.toot("hi", spoiler_text=f"careful :{name}:")["emojis"] == [emoji]
    assert alice.toot("nothing")["emojis"] == []
    for change in ({"display_name": f"A :{name}:"}, {"display_name": "A", "note": f"leaf :{name}:"},
                   {"note": "", "fields_attributes": [{"name": f":{name}:", "value": "x"}]}):
        assert alice.patch("/api/v1/accounts/update_credentials", change)["emojis"] == [emoji], change
        assert bob.get(f"/api/v1/accounts/{alice.id}")["emojis"] == [emoji], change
    server.cli("emoji", "remove", name)
    assert alice.get(f"/api/v1/statuses/{post['id']}")["emojis"] == []


def test_one_code_is_one_picture(server, anon, alice):
    name = code()
    add(server, name)
    first, = listed(anon, name)
    post = alice.toot(f":{name}:")
    add(server, name, picture("gif", 3), status=65)
    assert listed(anon, name) == [first]
    add(server, name, picture("gif", 3), "--replace")
    second, = listed(anon, name)
    assert second["url"] != first["url"]
    assert alice.get(f"/api/v1/statuses/{post['id']}")["emojis"] == [second]


@pytest.mark.parametrize("name, data, exit_status", [
    ("a", None, 65), ("with-dash", None, 65), ("x" * 129, None, 65), ("../etc", None, 65), ("é9", None, 65),
    ("good1", b"<svg/>", 65), ("good2", b"", 65), ("good3", b"\x89PNG\r\n\x1a\n" + bytes(2000), 65),
    ("good4", picture("png") + bytes(257 * 1024), 65),
], ids=["short", "dash", "long", "path", "letter", "svg", "empty", "broken", "large"])
def test_what_is_refused(server, anon, name, data, exit_status):
    add(server, name, data, status=exit_status)
    assert listed(anon, name) == []


def test_a_file_that_is_not_there(server):
    server.cli("emoji", "add", "nothing", server.root / "no-such-file.png", status=66)
    server.cli("emoji", "add", "nothing", status=64)


def test_told_to_other_servers(server, alice, anon):
    name = code()
    add(server, name)
    emoji, = listed(alice, name)
    post = alice.toot(f":{name}:")
    note = anon.request("GET", post["uri"].removeprefix(server.url), headers={"Accept": "application/activity+json"})
    tag, = [t for t in note["tag"] if t["type"] == "Emoji"]
    assert tag["name"] == f":{name}:" and tag["icon"]["url"] == emoji["url"] and tag["icon"]["mediaType"] == "image/png"
    assert tag["updated"]


def test_those_of_other_servers_are_kept_here(own_server):
    with Remote() as remote:
        server = own_server(**remote.keys())
        alice = server.user()
        eve = remote.actor()
        first, second = f"{eve.origin}/leaf.png", f"{eve.origin}/leaf2.gif"
        remote.answer(first, (200, {"Content-Type": "image/png"}, picture("png")))
        remote.answer(second, (200, {"Content-Type": "image/gif"}, picture("gif", 3)))

        def note(url, code="leaf"):
            tag = {"type": "Emoji", "id": f"{eve.origin}/emojis/{code}", "name": f":{code}:", "icon": {"type": "Image", "url": url}}
            return eve.note(f"<p>:{code}: of another server</p>", tag=[tag])

        def found(n):
            return alice.find(n["id"], "statuses")

        def here(status_id):
            return server.wait_until(lambda: [e for e in alice.get(f"/api/v1/statuses/{status_id}")["emojis"]
                                              if e["url"].startswith(server.url + "/media/")])
        status = found(note(first))
        emoji, = here(status["id"])
        assert emoji["shortcode"] == "leaf" and fetch(alice, emoji["url"]).headers["Content-Type"] == "image/png"
        assert listed(alice, "leaf") == []
        again = found(note(first))
        assert again["emojis"] == [emoji] and remote.asked[first] == 1
        found(note(second))
        changed, = server.wait_until(lambda: [e for e in here(status["id"]) if e["url"] != emoji["url"]])
        assert fetch(alice, changed["url"]).headers["Content-Type"] == "image/gif"
        # What is no picture has no file here, and is asked for once; its address is not given to browsers.
        broken = f"{eve.origin}/broken.png"
        remote.answer(broken, (200, {"Content-Type": "image/png"}, b"<svg onload='alert(1)'/>"))
        bad = found(note(broken, "broken"))
        server.wait_until(lambda: remote.asked[broken] == 1)
        assert alice.get(f"/api/v1/statuses/{bad['id']}")["emojis"][0]["url"].startswith(server.url + "/media_proxy/")

"""Posts of other programs at the API: what a client gets of the shapes that src/inbox/object_test.c goes through."""
import pytest
from remote import CONTEXT
from test_inbox_effects import status_of


HOSTS = ["peer.test"]


@pytest.fixture(scope="module")
def here(tmp_path_factory, new_database, far):
    from server import Server
    with Server(tmp_path_factory.mktemp("here"), database=new_database(), **far.keys()) as s:
        yield s


@pytest.fixture(scope="module")
def alice(here):
    return here.user()


def uri(api):
    return api.get("/api/v1/accounts/verify_credentials")["uri"]


SHAPES = {
    "event": ({"type": "Event", "name": "Dance", "startTime": "2026-05-01T19:00:00Z",
               "location": {"type": "Place", "name": "Hall"}},
              {"content": ["<strong>Dance</strong>", "2026-05-01 19:00 UTC", "Hall"]}),
    "video": ({"type": "Video", "name": "Film", "mediaType": "text/markdown", "content": "**x**",
               "icon": [{"type": "Image", "url": "https://peer.test/thumb.jpg"}],
               "url": [{"type": "Link", "mediaType": "text/html", "href": "https://peer.test/w/1"},
                       {"type": "Link", "mediaType": "video/mp4", "href": "https://peer.test/1.mp4"}]},
              {"content": ["<strong>Film</strong>", "**x**", 'href="https://peer.test/w/1"'], "url": "https://peer.test/w/1",
               "media": [("image", "https://peer.test/thumb.jpg")]}),
    "audio": ({"type": "Audio", "name": "Song", "content": "<p>x</p>",
               "url": [{"type": "Link", "mimeType": "audio/ogg", "href": "https://peer.test/1.ogg"},
                       {"type": "Link", "mimeType": "text/html", "href": "https://peer.test/t/1"}]},
              {"content": ["<strong>Song</strong>"], "media": [("audio", "https://peer.test/1.ogg")]}),
    "article": ({"type": "Article", "name": "Long", "summary": "an excerpt", "content": "<p>all of it</p>"},
                {"content": ["<strong>Long</strong>", "all of it"], "spoiler_text": ""}),
    "page": ({"type": "Page", "name": "Cats", "content": "<p>x</p>", "language": {"identifier": "fr", "name": "Français"},
              "attachment": [{"type": "Link", "href": "https://news.test/1"}]},
             {"content": ["<strong>Cats</strong>", 'href="https://news.test/1"'], "language": "fr"}),
    "review": ({"type": "Review", "name": "A book", "rating": 4, "content": "<p>good</p>",
                "inReplyToBook": "https://peer.test/book/1"},
               {"content": ["★★★★☆", "good", 'href="https://peer.test/book/1"']}),
    "unknown": ({"type": "Album", "name": "Tape"}, {"content": ["<strong>Tape</strong>"]}),
    "titled note": ({"type": "Note", "name": "Hello", "content": "<p>x</p>"}, {"content": ["<strong>Hello</strong>"]}),
    "sensitive file": ({"type": "Note", "content": "x", "attachment": [
        {"type": "Document", "mediaType": "image/png", "isSensitive": True, "url": "https://peer.test/1.png", "summary": "a cat"}]},
        {"sensitive": True, "description": "a cat"}),
    "mention by name": ({"type": "Note", "content": "x", "tag": [{"type": "Mention", "name": "NAME"}]}, {"mention": True}),
    "poll": ({"type": "Question", "name": "tea?", "anyOf": [{"name": "yes", "_misskey_votes": 2}, {"name": "no"}]},
             {"content": ["tea?"], "options": [("yes", 2), ("no", 0)]}),
}


@pytest.fixture(scope="module")
def eve(far):
    return far.actor("eve")


@pytest.mark.parametrize("shape", SHAPES)
def test_a_shape_of_another_program(here, far, alice, eve, shape):
    document, want = SHAPES[shape]
    note = eve.note("", cc=[uri(alice)])
    note = {k: v for k, v in note.items() if k not in ("content", "type", "url")} | document
    for tag in document.get("tag", []):
        tag["name"] = f"@{alice.name}@" + alice.get("/api/v2/instance")["domain"] if tag["name"] == "NAME" else tag["name"]
    far.documents[note["id"]] = {"@context": CONTEXT} | note
    eve.send(here, eve.create(note))
    here.wait_until(lambda: status_of(alice, note["id"]))
    s = status_of(alice, note["id"])
    for part in want.get("content", []):
        assert part in s["content"]
    for key in ("url", "spoiler_text", "language", "sensitive"):
        assert s[key] == want.get(key, s[key])
    if "media" in want:
        assert [(m["type"], m["remote_url"]) for m in s["media_attachments"]] == want["media"]
    if "description" in want:
        assert s["media_attachments"][0]["description"] == want["description"]
    if "mention" in want:
        assert [m["username"] for m in s["mentions"]] == [alice.name]
    if "options" in want:
        assert [(o["title"], o["votes_count"]) for o in s["poll"]["options"]] == want["options"]

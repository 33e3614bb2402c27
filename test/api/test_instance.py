"""What a client asks first: the instance, its limits, and that errors look the same everywhere."""
import pytest


def test_instance_v2_describes_the_server(anon, server):
    instance = anon.get("/api/v2/instance")
    assert instance["domain"] == server.host
    assert instance["title"] and instance["version"]
    limits = instance["configuration"]
    assert limits["statuses"]["max_characters"] >= 500
    assert limits["statuses"]["max_media_attachments"] >= 4
    assert "image/png" in limits["media_attachments"]["supported_mime_types"]
    assert limits["polls"]["max_options"] >= 4
    assert limits["urls"]["streaming"].startswith(("ws://", "wss://"))
    assert instance["registrations"]["enabled"] is True


def test_instance_v1_agrees_with_v2(anon):
    old, new = anon.get("/api/v1/instance"), anon.get("/api/v2/instance")
    assert old["uri"] == new["domain"]
    assert old["version"] == new["version"]
    assert old["configuration"]["statuses"]["max_characters"] == new["configuration"]["statuses"]["max_characters"]


@pytest.mark.parametrize("path", ["/api/v1/instance", "/api/v2/instance"])
def test_an_answer_that_is_kept_knows_each_change_by_another_process(server, anon, alice, path):
    def bytes_for(api):
        api.get(path)
        return api.last.content

    server.cli("settings", "set", "contact_username", alice.name)
    anon.get(path)
    for title in ("Before", "After"):
        server.cli("settings", "set", "title", title)
        assert anon.get(path)["title"] == title
    server.cli("rule", "add", "Kept answers are not old")
    assert anon.get(path)["rules"][-1]["text"] == "Kept answers are not old"
    server.cli("rule", "remove", anon.get(path)["rules"][-1]["id"])
    assert "Kept answers are not old" not in [r["text"] for r in anon.get(path)["rules"]]
    other = server.user()

    def is_the_same_for_everybody():
        shown, tag = bytes_for(anon), anon.last.headers["ETag"]
        anon.get(path, headers={"If-None-Match": tag}, expect=(200, 304))
        return bytes_for(alice) == bytes_for(other) == shown and anon.last.status_code == 304

    server.wait_until(is_the_same_for_everybody)  # people are counted anew each minute, perhaps just now
    for name in ("title", "contact_username"):
        server.cli("settings", "set", name, "")
    assert anon.get(path)["title"] == server.host


def test_version_says_which_client_api_is_served(anon):
    """Clients switch features on by the number of the Mastodon version that we are compatible with."""
    major, minor = anon.get("/api/v2/instance")["version"].split(".")[:2]
    assert (int(major), int(minor)) >= (4, 0)
    assert anon.get("/api/v2/instance")["api_versions"]["mastodon"] == 11


def test_health(anon):
    anon.get("/health")


@pytest.mark.parametrize("method, path, status", [
    ("GET", "/api/v1/no-such-thing", 404),
    ("GET", "/api/v1/statuses/1", 404),
    ("GET", "/api/v1/statuses/abc", 404),
    ("GET", "/api/v1/accounts/verify_credentials", 401),
    ("POST", "/api/v1/statuses", 401),
])
def test_errors_are_json_with_a_text(anon, method, path, status):
    body = anon.request(method, path, status)
    assert isinstance(body["error"], str) and body["error"]


def test_wrong_token_is_told_apart_from_none(server):
    api = server.api("not-a-token")
    assert api.get("/api/v1/timelines/home", expect=401)["error"] == "The access token is invalid"
    assert api.get("/api/v1/apps/verify_credentials", expect=401)["error"] == "The access token is invalid"


def test_browsers_of_any_origin_may_call_the_api(anon):
    anon.request("OPTIONS", "/api/v1/statuses", (200, 204), headers={
        "Origin": "https://client.example", "Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "authorization"})
    allowed = {k.lower(): v for k, v in anon.last.headers.items()}
    assert allowed["access-control-allow-origin"] == "*"
    assert "POST" in allowed["access-control-allow-methods"]
    anon.get("/api/v2/instance", headers={"Origin": "https://client.example"})
    exposed = {k.lower(): v for k, v in anon.last.headers.items()}["access-control-expose-headers"].lower()
    assert "link" in exposed and "x-ratelimit-remaining" in exposed


def test_every_answer_carries_a_request_id(anon):
    anon.get("/api/v2/instance")
    first = anon.last.headers["X-Request-Id"]
    anon.get("/api/v1/no-such-thing", expect=404)
    assert first and anon.last.headers["X-Request-Id"] not in ("", first)


def test_texts_say_when_they_were_changed(own_server):
    server = own_server()
    anon = server.api()
    for path, name in (("/api/v1/instance/extended_description", "extended_description"), ("/api/v1/instance/privacy_policy", "privacy_policy")):
        assert anon.get(path)["updated_at"] is None
        server.cli("settings", "set", name, "Be **kind**")
        first = anon.get(path)
        assert "<strong>kind</strong>" in first["content"] and first["updated_at"].endswith("Z")
        server.cli("settings", "set", name, "Be **kinder**")
        assert anon.get(path)["updated_at"] > first["updated_at"]
    assert not [s for s in server.cli("settings", "list").split("\n") if "_ms" in s]


def test_long_answers_are_compressed_where_the_operator_says_so(own_server, server):
    headers = {"Accept-Encoding": "gzip"}
    compressed = own_server(gzip="yes").api()
    plain = compressed.get("/api/v2/instance", headers={"Accept-Encoding": "identity"})
    assert "Content-Encoding" not in compressed.last.headers
    size = int(compressed.last.headers["Content-Length"])
    assert compressed.get("/api/v2/instance", headers=headers) == plain
    assert compressed.last.headers["Content-Encoding"] == "gzip" and int(compressed.last.headers["Content-Length"]) < size / 2
    compressed.get("/api/v2/instance", headers=headers | {"Cookie": "a=b"})  # secrets and what strangers chose do not share a dictionary
    assert "Content-Encoding" not in compressed.last.headers
    other = server.api()
    other.get("/api/v2/instance", headers=headers)
    assert "Content-Encoding" not in other.last.headers


def test_links_and_messages_that_the_operator_sets(own_server):
    server = own_server(source_url="https://code.example/dassie")
    anon = server.api()
    server.cli("settings", "set", "status_url", "https://status.example/")
    server.cli("settings", "set", "registrations_message", "Ask **us**")
    server.cli("settings", "set", "registrations", "closed")
    assert anon.get("/api/v2/instance")["configuration"]["limited_federation"] is False
    server.cli("settings", "set", "limited_federation", "yes")
    new = anon.get("/api/v2/instance")
    assert new["source_url"] == "https://code.example/dassie" and new["configuration"]["urls"]["status"] == "https://status.example/"
    assert new["configuration"]["limited_federation"] is True
    assert "<strong>us</strong>" in new["registrations"]["message"] and new["registrations"]["url"] is None
    server.cli("settings", "set", "registrations", "open")
    assert anon.get("/api/v2/instance")["registrations"]["message"] is None
    server.cli("settings", "set", "status_url", "javascript:alert(1)", status=65)
    limits = new["configuration"]["accounts"]
    assert limits["max_avatar_description_length"] == limits["max_header_description_length"] == 150


def test_the_source_is_named_without_a_setting(anon, server):
    assert anon.get("/api/v2/instance")["source_url"].startswith(("http://", "https://"))


def test_wrapstodon_is_the_year_of_a_december(own_server):
    server = own_server()
    anon = server.api()
    days = 1
    while anon.get("/api/v2/instance")["wrapstodon"] is None:
        server.shift_clock(days=20)
        days += 20
        assert days < 400
    year = anon.get("/api/v2/instance")["wrapstodon"]
    assert isinstance(year, str) and len(year) == 4
    server.shift_clock(days=40)
    assert anon.get("/api/v2/instance")["wrapstodon"] is None


def test_languages_have_the_names_their_speakers_give_them(anon):
    names = {v["code"]: v["name"] for v in anon.get("/api/v1/instance/languages")}
    assert len(names) > 180 and list(names) == sorted(names)
    assert (names["en"], names["de"], names["fr"], names["ja"], names["he"]) == ("English", "Deutsch", "Français", "日本語", "עברית")


def test_blocked_servers_are_published_as_the_settings_say(own_server):
    import hashlib
    server = own_server()
    anon, alice = server.api(), server.user()
    path = "/api/v1/instance/domain_blocks"
    server.cli("domain", "block", "evil.example", "--public-comment", "spam")
    server.cli("domain", "limit", "loud.example", "--obfuscate")
    server.cli("domain", "limit", "noop.example", "--noop")
    for api in (anon, alice):
        api.get(path, expect=404)
    server.cli("settings", "set", "show_domain_blocks", "users")
    anon.get(path, expect=401)
    first, second = alice.get(path)
    assert first == {"domain": "evil.example", "digest": hashlib.sha256(b"evil.example").hexdigest(), "severity": "suspend"}
    assert second["severity"] == "silence" and second["digest"] == hashlib.sha256(b"loud.example").hexdigest()
    assert second["domain"] != "loud.example" and "*" in second["domain"] and len(second["domain"]) == len("loud.example")
    server.cli("settings", "set", "show_domain_blocks", "everybody")
    server.cli("settings", "set", "show_domain_blocks_rationale", "users")
    assert [b.get("comment") for b in anon.get(path)] == [None, None]
    assert [b.get("comment") for b in alice.get(path)] == ["spam", ""]
    server.cli("settings", "set", "show_domain_blocks", "all", status=65)


FEEDS = {"public": "/api/v1/timelines/public", "local": "/api/v1/timelines/public?local=true", "remote": "/api/v1/timelines/public?remote=true",
         "tag": "/api/v1/timelines/tag/feeds"}


def test_timelines_of_everybody_are_read_by_whom_the_operator_says(own_server):
    server = own_server()
    anon, alice, staff = server.api(), server.user(), server.user(role="Owner")
    post = alice.toot("hello #feeds")["id"]
    def seen(api):
        found = {}
        for name, path in FEEDS.items():
            body = api.get(path, expect=(200, 401))
            found[name] = [s["id"] for s in body] if api.last.status_code == 200 else 401
        return found
    everything = {"public": [post], "local": [post], "remote": [], "tag": [post]}
    assert seen(anon) == seen(alice) == everything
    server.cli("settings", "set", "local_live_feed_access", "authenticated")
    assert seen(anon) == everything | {"public": 401, "local": 401} and seen(alice) == everything
    access = anon.get("/api/v2/instance")["configuration"]["timelines_access"]
    assert access["live_feeds"] == {"local": "authenticated", "remote": "public"} and access["hashtag_feeds"]["local"] == "public"
    anon.request("GET", "/", 200)  # the page is there, without posts
    assert post not in anon.last.text
    server.cli("settings", "set", "local_live_feed_access", "disabled")
    assert seen(alice) == everything | {"public": [], "local": []} and seen(staff) == everything
    alice.get("/api/v1/streaming/public/local", expect=401)
    with alice.socket("public:local") as s:
        assert s.wait("error")["status"] == 401
    with staff.stream("public/local") as s:
        late = alice.toot("heard by staff")["id"]
        assert s.wait("update")["id"] == late
    server.cli("settings", "set", "local_topic_feed_access", "authenticated")
    assert seen(anon)["tag"] == 401 and seen(alice)["tag"] == [post]
    server.cli("settings", "set", "local_topic_feed_access", "disabled", status=65)


def test_pictures_of_the_server(own_server, tmp_path):
    from samples import film, picture
    server = own_server()
    anon = server.api()
    def file(name, data):
        (tmp_path / name).write_bytes(data)
        return tmp_path / name
    assert anon.get("/api/v2/instance")["icon"] == []
    server.cli("settings", "picture", "thumbnail", file("a.png", picture("png")), "--description", "Our house")
    server.cli("settings", "picture", "icon", file("a.png", picture("png")))
    new = anon.get("/api/v2/instance")
    assert new["thumbnail"]["description"] == "Our house" and new["thumbnail"]["blurhash"]
    assert new["thumbnail"]["url"] == new["thumbnail"]["versions"]["@1x"] == anon.get("/api/v1/instance")["thumbnail"]
    icon, = new["icon"]
    for url in (icon["src"], *new["thumbnail"]["versions"].values()):
        anon.request("GET", "/media/" + url.split("/media/")[1], 200)
        assert anon.last.headers["Content-Type"].startswith("image/")
    width, height = icon["size"].split("x")
    assert int(width) > 0 and int(height) > 0
    server.cli("settings", "picture", "thumbnail", file("a.mp4", film()), status=65)
    server.cli("settings", "picture", "thumbnail", file("a.gif", picture("gif", 5)), status=65)
    server.cli("settings", "picture", "icon", file("a.txt", b"text"), status=65)
    assert anon.get("/api/v2/instance")["thumbnail"] == new["thumbnail"]
    server.cli("settings", "picture", "icon")
    server.cli("settings", "picture", "thumbnail")
    bare = anon.get("/api/v2/instance")
    assert bare["icon"] == [] and "blurhash" not in bare["thumbnail"] and bare["thumbnail"]["url"]

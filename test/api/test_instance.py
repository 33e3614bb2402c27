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


def test_version_says_which_client_api_is_served(anon):
    """Clients switch features on by the number of the Mastodon version that we are compatible with."""
    major, minor = anon.get("/api/v2/instance")["version"].split(".")[:2]
    assert (int(major), int(minor)) >= (4, 0)
    assert anon.get("/api/v2/instance")["api_versions"]["mastodon"] >= 1


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

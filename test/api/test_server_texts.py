"""Terms of service, rules in several languages, and fixed addresses about the server."""
import json

import pytest

PATH = "/api/v1/instance/terms_of_service"


@pytest.fixture
def terms(server):
    def put(day, text):
        server.cli("terms", "set", day, "-", stdin=text)

    yield put
    for t in json.loads(server.cli("terms", "list", "--json")):
        server.cli("terms", "remove", t["effective_date"])


def test_without_terms_there_are_none(server, anon):
    anon.get(PATH, expect=404)
    anon.get(PATH + "/2024-01-01", expect=404)
    assert anon.get("/api/v2/instance")["configuration"]["urls"]["terms_of_service"] is None


def test_terms_follow_each_other(server, anon, terms):
    terms("2098-01-01", "Still **later**")
    assert anon.get(PATH)["effective"] is False  # better than none
    terms("2024-01-01", "# First")
    terms("2025-06-01", "Second <script>alert(1)</script>")
    now = anon.get(PATH)
    assert (now["effective_date"], now["effective"], now["succeeded_by"]) == ("2025-06-01", True, "2098-01-01")
    assert "Second" in now["content"] and "<script" not in now["content"]
    first = anon.get(PATH + "/2024-01-01")
    assert (first["succeeded_by"], first["effective"]) == ("2025-06-01", True)
    last = anon.get(PATH + "/2098-01-01")
    assert (last["succeeded_by"], last["effective"]) == (None, False)
    for other in "2024-01-02", "yesterday", "0", "-1":
        anon.get(f"{PATH}/{other}", expect=404)
    assert anon.get("/api/v2/instance")["configuration"]["urls"]["terms_of_service"].endswith("/terms-of-service")
    page = anon.request("GET", "/terms-of-service")
    assert "Second" in page and "2025-06-01" in page and "2098-01-01" in page
    assert "First" in anon.request("GET", "/terms-of-service/2024-01-01")
    terms("2024-01-01", "First again")
    assert "again" in anon.get(PATH + "/2024-01-01")["content"]


def test_what_is_no_terms(server):
    server.cli("terms", "set", "tomorrow", "-", stdin="x", status=64)
    server.cli("terms", "set", "2024-01-01", "-", stdin=" ", status=65)
    server.cli("terms", "set", "2024-01-01", "-", stdin="x" * 100001, status=65)
    server.cli("terms", "set", "2024-01-01", "/nonexistent", status=65)
    server.cli("terms", "remove", "2024-01-01", status=66)


def test_rules_have_translations(server, anon):
    server.cli("rule", "add", "Be kind", "--hint", "Always")
    rule = anon.get("/api/v1/instance/rules")[-1]
    assert rule["translations"] == {}
    server.cli("rule", "translate", rule["id"], "de", "Sei freundlich", "--hint", "Immer")
    server.cli("rule", "translate", rule["id"], "pt-BR", "Seja gentil")
    assert anon.get("/api/v1/instance/rules")[-1]["translations"] == {
        "de": {"text": "Sei freundlich", "hint": "Immer"}, "pt-BR": {"text": "Seja gentil", "hint": ""}}
    assert anon.get("/api/v2/instance")["rules"][-1]["translations"]["de"]["text"] == "Sei freundlich"
    server.cli("rule", "translate", rule["id"], "de", "")
    assert list(anon.get("/api/v1/instance/rules")[-1]["translations"]) == ["pt-BR"]
    server.cli("rule", "translate", rule["id"], "german!", "x", status=65)
    server.cli("rule", "translate", "1", "de", "x", status=66)
    server.cli("rule", "remove", rule["id"])


def test_fixed_addresses(anon):
    anon.request("GET", "/.well-known/change-password", expect=302)
    assert anon.last.headers["location"].endswith("/settings/security")
    for version in "2.0", "2.1":
        assert anon.get(f"/nodeinfo/{version}")["version"] == version
    anon.get("/nodeinfo/3.0", expect=404)

"""What the web client keeps for its person on every device."""

PATH = "/api/v1/client_settings"


def test_members_are_kept_replaced_and_taken_away(server, anon, alice, bob):
    assert alice.get(PATH) == {"settings": {}}
    deck = [{"id": "home", "path": "/home"}, {"id": "tag", "path": "/tags/ü", "wide": True}]
    assert alice.put(PATH, {"settings": {"theme": "dark", "columns": deck}})["settings"] == {"theme": "dark", "columns": deck}
    # Two devices that change different things: each keeps what the other did.
    assert alice.patch(PATH, {"settings": {"theme": None, "tone": 3, "0": ""}})["settings"] == {"columns": deck, "tone": 3, "0": ""}
    assert alice.get(PATH)["settings"] == {"columns": deck, "tone": 3, "0": ""}
    assert bob.get(PATH) == {"settings": {}}
    anon.get(PATH, expect=401)
    server.api(server.token(alice.name, "read")).put(PATH, {"settings": {}}, expect=403)
    server.api(server.token(alice.name, "write")).request("GET", PATH, expect=403)


def test_it_is_small_and_an_object(alice):
    alice.put(PATH, {"settings": {"a": 1}})
    deep = 1
    for _ in range(8):
        deep = [deep]
    bad = ({}, {"settings": None}, {"settings": [1]}, {"settings": "x"}, {"settings": {"": 1}}, {"settings": {"n" * 51: 1}}, {"settings": {"deep": deep}},
           {"settings": {"text": "x" * 16384}}, {"settings": {f"n{i}": i for i in range(50)}})
    for body in bad:
        assert alice.put(PATH, body, expect=422)["error"].startswith("Validation failed: "), body
    alice.put(PATH, {"settings": {"text": "x" * 40000}}, expect=413)
    assert alice.get(PATH) == {"settings": {"a": 1}}
    alice.put(PATH, {"settings": {"n" * 50: deep[0], "text": "x" * 16000}})
    alice.put(PATH, {"settings": {"more": "x" * 1000}}, expect=422)


def test_it_goes_with_its_person(server):
    me = server.user()
    me.put(PATH, {"settings": {"a": 1}})
    server.cli("user", "delete", me.name, "--yes")
    me.request("GET", PATH, expect=401)

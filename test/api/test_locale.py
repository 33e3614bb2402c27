"""What people read is in their language."""


def test_errors_speak_the_language_that_was_asked_for(anon):
    for language, text in ("de-AT, en;q=0.5", "Nicht gefunden"), ("fr", "Introuvable"), ("tlh", "Record not found"):
        assert anon.get("/api/v1/statuses/1", expect=404, headers={"Accept-Language": language})["error"] == text
        assert "Accept-Language" in anon.last.headers["Vary"]


def test_somebody_who_chose_a_language_gets_it_everywhere(server):
    me = server.user()
    assert me.post("/api/v1/statuses", {"status": "x" * 501}, expect=422)["error"] == "Validation failed: Text character limit of 500 exceeded"
    me.patch("/api/v1/settings", {"locale": "de"})
    said = me.post("/api/v1/statuses", {"status": "x" * 501}, expect=422)["error"]
    assert "500" in said and said != "Validation failed: Text character limit of 500 exceeded"


def test_a_parameter_is_named_in_the_language_of_the_reader(server):
    me = server.user()
    bad = ("/api/v1/statuses", {"status": "x", "visibility": "loud"})
    assert me.post(*bad, expect=422)["error"] == "Validation failed: Visibility is not included in the list"
    for language, text in (("de", "„Sichtbarkeit“ hat keinen der erlaubten Werte"), ("fr", "«\u00a0Visibilité\u00a0» n’a pas une valeur autorisée")):
        me.patch("/api/v1/settings", {"locale": language})
        assert me.post(*bad, expect=422)["error"] == text
    odd = me.post("/api/v1/statuses", {"status": "x", "sensitive": "maybe"}, expect=422)["error"]
    assert odd == "«\u00a0Sensitive\u00a0» n’est ni vrai ni faux"  # most names of parameters are not translated

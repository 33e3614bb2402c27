"""Preferences: shown as Mastodon shows them, and changed through an API of our own."""


def test_preferences_are_changed_and_kept(server):
    me = server.user()
    shown = me.get("/api/v1/preferences")
    assert shown == {"posting:default:visibility": "public", "posting:default:sensitive": False, "posting:default:language": None,
                     "posting:default:quote_policy": "public", "reading:expand:media": "default",
                     "reading:expand:spoilers": False, "reading:autoplay:gifs": False}
    assert me.get("/api/v1/settings") == {**shown, "posting:show_application": True, "account:email_subscriptions": False, "locale": "en"}
    change = {"posting:default:visibility": "private", "posting:default:language": "de", "reading:expand:media": "hide_all",
              "reading:autoplay:gifs": True}
    assert me.patch("/api/v1/settings", change) == {**shown, **change, "posting:show_application": True, "account:email_subscriptions": False, "locale": "en"}
    assert me.get("/api/v1/preferences") == {**shown, **change}
    source = me.get("/api/v1/accounts/verify_credentials")["source"]
    assert (source["privacy"], source["language"]) == ("private", "de")
    post = me.toot("Hello")
    assert (post["visibility"], post["language"]) == ("private", "de")
    me.patch("/api/v1/accounts/update_credentials", {"source": {"privacy": "unlisted"}})
    assert me.get("/api/v1/preferences") == {**shown, **change, "posting:default:visibility": "unlisted"}
    me.put("/api/v1/settings", {"posting:default:language": None})
    assert me.get("/api/v1/preferences")["posting:default:language"] is None


def test_form_fields_do_as_well(server):
    me = server.user()
    me.patch("/api/v1/settings", data={"posting:default:sensitive": "true", "reading:expand:media": "show_all"})
    shown = me.get("/api/v1/preferences")
    assert shown["posting:default:sensitive"] is True and shown["reading:expand:media"] == "show_all"


def test_one_bad_value_changes_nothing(server, anon):
    me = server.user()
    before = me.get("/api/v1/settings")
    for name, bad in {"posting:default:visibility": "direct", "posting:default:sensitive": "perhaps", "reading:expand:media": 1,
                      "posting:default:language": "not a language", "posting:default:quote_policy": [], "locale": "tlh"}.items():
        me.patch("/api/v1/settings", {"reading:autoplay:gifs": True, name: bad}, expect=422)
    assert me.get("/api/v1/settings") == before
    anon.get("/api/v1/settings", expect=401)
    server.api(server.token(me.name, "read")).patch("/api/v1/settings", {}, expect=403)
    me.patch("/api/v1/accounts/update_credentials", {"source": {"language": "not a language"}}, expect=422)


def test_the_language_of_messages(server):
    me = server.user()
    assert me.patch("/api/v1/settings", {"locale": "de"})["locale"] == "de"
    assert me.get("/api/v1/settings")["locale"] == "de"


def test_which_app_was_used_is_shown_only_to_whoever_wants_it(server):
    me = server.user()
    assert me.toot("With")["application"]["name"]
    me.patch("/api/v1/settings", {"posting:show_application": False})
    assert "application" not in me.toot("Without")

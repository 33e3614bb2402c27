"""Filters, both versions of the API: who has them, what they match, where the matches are shown."""
import secrets

import pytest
from samples import picture
from test_routes_table import TABLE, read_ours, read_table, shape

ALL = ["home", "notifications", "public", "thread", "account"]


def add(api, *keywords, **kw):
    """A filter of whole words."""
    words = [{"keyword": k} for k in keywords]
    return api.post("/api/v2/filters", {"title": "t", "context": ALL, "keywords_attributes": words} | kw)


def filtered(status):
    """What matched: {title: (keywords, statuses)}."""
    return {m["filter"]["title"]: (m["keyword_matches"], m["status_matches"]) for m in status["filtered"]}


def show(api, status):
    return api.get(f"/api/v1/statuses/{status['id']}")


# --- the second version ------------------------------------------------------------------------------------------------------

def test_create_show_list_delete(alice, bob):
    f = add(alice, "one", "two", title="Both", context=["home", "thread"], filter_action="blur", expires_in=3600)
    assert (f["title"], f["context"], f["filter_action"]) == ("Both", ["home", "thread"], "blur")
    assert [(k["keyword"], k["whole_word"]) for k in f["keywords"]] == [("one", True), ("two", True)] and f["statuses"] == []
    assert f["expires_at"] is not None
    path = f"/api/v2/filters/{f['id']}"
    assert alice.get(path) == f and alice.get("/api/v2/filters") == [f] and bob.get("/api/v2/filters") == []
    for call in (bob.get, bob.delete):
        call(path, expect=404)
    bob.put(path, {"title": "mine"}, expect=404)
    assert alice.delete(path) == {}
    alice.get(path, expect=404)
    assert alice.get("/api/v2/filters") == []


def test_update_changes_what_is_given(alice):
    f = add(alice, "keep", "change", "drop")
    keep, change, drop = f["keywords"]
    got = alice.put(f"/api/v2/filters/{f['id']}", {"title": "new", "keywords_attributes": [
        {"id": change["id"], "keyword": "changed", "whole_word": False}, {"id": drop["id"], "_destroy": True}, {"keyword": "added"},
        {"keyword": "never", "_destroy": True}]})
    assert (got["title"], got["context"], got["filter_action"]) == ("new", ALL, "warn")
    assert [(k["keyword"], k["whole_word"]) for k in got["keywords"]] == [("keep", True), ("changed", False), ("added", True)]
    assert got["keywords"][0] == keep
    got = alice.patch(f"/api/v2/filters/{f['id']}", {"filter_action": "hide", "expires_in": 60})
    assert got["filter_action"] == "hide" and got["expires_at"] and got["title"] == "new"
    assert alice.put(f"/api/v2/filters/{f['id']}", {"title": "x"})["expires_at"] == got["expires_at"]
    assert alice.put(f"/api/v2/filters/{f['id']}", {"expires_in": None})["expires_at"] is None


def test_forms_mean_the_same(alice):
    got = alice.request("POST", "/api/v2/filters", data={
        "title": "form", "context[]": ["home", "public"], "expires_in": "", "keywords_attributes[0][keyword]": "x",
        "keywords_attributes[0][whole_word]": "false", "keywords_attributes[1][keyword]": "y"})
    assert got["context"] == ["home", "public"] and got["expires_at"] is None
    assert [(k["keyword"], k["whole_word"]) for k in got["keywords"]] == [("x", False), ("y", True)]


@pytest.mark.parametrize("change", [
    {"title": ""}, {"title": "x" * 257}, {"title": None}, {"context": []}, {"context": ["nowhere"]}, {"filter_action": "explode"},
    {"expires_in": "soon"}, {"expires_in": -1}, {"keywords_attributes": [{"keyword": " "}]},
    {"keywords_attributes": [{"keyword": "x" * 513}]}, {"keywords_attributes": "x"}, {"keywords_attributes": [{"whole_word": True}]}])
def test_what_is_refused_leaves_nothing(alice, change):
    body = {"title": "t", "context": ["home"], "keywords_attributes": [{"keyword": "x"}]} | change
    assert "error" in alice.post("/api/v2/filters", body, expect=422)
    assert alice.get("/api/v2/filters") == []


def test_keywords_one_by_one(alice, bob):
    f = add(alice)
    path = f"/api/v2/filters/{f['id']}/keywords"
    k = alice.post(path, {"keyword": "word", "whole_word": False})
    assert (k["keyword"], k["whole_word"]) == ("word", False)
    alice.post(path, {"keyword": ""}, expect=422)
    bob.post(path, {"keyword": "mine"}, expect=404)
    assert alice.get(path) == [k] and alice.get(f"/api/v2/filters/keywords/{k['id']}") == k
    bob.get(path, expect=404)
    bob.get(f"/api/v2/filters/keywords/{k['id']}", expect=404)
    bob.put(f"/api/v2/filters/keywords/{k['id']}", {"keyword": "mine"}, expect=404)
    bob.delete(f"/api/v2/filters/keywords/{k['id']}", expect=404)
    assert alice.put(f"/api/v2/filters/keywords/{k['id']}", {"whole_word": True}) == k | {"whole_word": True}
    alice.put(f"/api/v2/filters/keywords/{k['id']}", {"keyword": " "}, expect=422)
    assert alice.delete(f"/api/v2/filters/keywords/{k['id']}") == {}
    alice.delete(f"/api/v2/filters/keywords/{k['id']}", expect=404)
    assert alice.get(path) == []


def test_statuses_one_by_one(alice, bob, carol):
    f = add(alice)
    path = f"/api/v2/filters/{f['id']}/statuses"
    post, secret = bob.toot("fine"), bob.toot("secret", visibility="private")
    s = alice.post(path, {"status_id": post["id"]})
    assert s["status_id"] == post["id"]
    alice.post(path, {"status_id": post["id"]}, expect=422)
    alice.post(path, {"status_id": secret["id"]}, expect=404)
    alice.post(path, {}, expect=422)
    carol.post(path, {"status_id": post["id"]}, expect=404)
    assert alice.get(path) == [s] and alice.get(f"/api/v2/filters/statuses/{s['id']}") == s
    carol.get(path, expect=404)
    carol.get(f"/api/v2/filters/statuses/{s['id']}", expect=404)
    carol.delete(f"/api/v2/filters/statuses/{s['id']}", expect=404)
    assert filtered(show(alice, post)) == {"t": (None, [post["id"]])} and show(carol, post)["filtered"] == []
    assert alice.delete(f"/api/v2/filters/statuses/{s['id']}") == s
    assert alice.get(path) == [] and show(alice, post)["filtered"] == []
    alice.post(path, {"status_id": post["id"]})
    bob.delete(f"/api/v1/statuses/{post['id']}")
    assert alice.get(path) == []  # goes with the post


def test_limits(alice):
    f = alice.post("/api/v2/filters", {"title": "many", "context": ["home"],
                                       "keywords_attributes": [{"keyword": f"{i:0128}"} for i in range(500)]})
    assert len(f["keywords"]) == 500
    words = [{"keyword": "x" * 200} for _ in range(20)]
    assert "keywords" in alice.put(f"/api/v2/filters/{f['id']}", {"keywords_attributes": words}, expect=422)["error"]
    assert len(alice.get(f"/api/v2/filters/{f['id']}/keywords")) == 500


def test_anonymous_and_other_scopes(alice, anon, server):
    for path in ("/api/v1/filters", "/api/v2/filters", "/api/v2/filters/1", "/api/v2/filters/1/keywords", "/api/v2/filters/statuses/1"):
        anon.get(path, expect=401)
    reader = server.user(scopes="profile read:statuses")
    reader.get("/api/v2/filters", expect=403)
    reader.post("/api/v2/filters", {"title": "x", "context": ["home"]}, expect=403)


# --- matching ----------------------------------------------------------------------------------------------------------------

def test_matches_words_whatever_the_case_and_the_place(alice, bob):
    add(alice, "SPOILER", title="plain")
    alice.post("/api/v2/filters", {"title": "part", "context": ["home"], "keywords_attributes": [{"keyword": "ätz", "whole_word": False}]})
    assert filtered(show(alice, bob.toot("No spoiler!"))) == {"plain": (["SPOILER"], None)}
    assert filtered(show(alice, bob.toot("No spoilers!"))) == {}
    assert filtered(show(alice, bob.toot("Das ist ABSÄTZLICH"))) == {"part": (["ätz"], None)}
    assert filtered(show(alice, bob.toot("ok", spoiler_text="a Spoiler"))) == {"plain": (["SPOILER"], None)}
    both = show(alice, bob.toot("spoiler ätzend"))
    assert set(filtered(both)) == {"plain", "part"}
    match = both["filtered"][0]["filter"]
    assert "keywords" not in match and match["context"] == ALL
    assert show(bob, both)["filtered"] == []


def test_matches_text_and_not_markup(alice, bob):
    add(alice, "mention", "nofollow", "https")
    assert show(alice, bob.toot("see https://example.org/x"))["filtered"][0]["keyword_matches"] == ["https"]
    assert show(alice, bob.toot(f"hello @{alice.name}"))["filtered"] == []


def test_boosts_match_inside_and_outside(alice, bob, carol, server):
    add(alice, "boosted", title="word")
    f = add(alice, title="post")
    post = carol.toot("to be boosted")
    alice.follow(bob)
    boost = bob.post(f"/api/v1/statuses/{post['id']}/reblog")
    alice.post(f"/api/v2/filters/{f['id']}/statuses", {"status_id": post["id"]})
    server.wait_until(lambda: [s["id"] for s in alice.home()] == [boost["id"]])
    got = alice.home()[0]
    assert filtered(got) == filtered(got["reblog"]) == {"word": (["boosted"], None), "post": (None, [post["id"]])}


def test_every_list_says_it(alice, bob, server):
    word = "w" + secrets.token_hex(4)
    add(alice, word, context=["home"], filter_action="hide")
    alice.follow(bob)
    post = bob.toot(f"@{alice.name} {word} #{word}")
    reply = bob.toot(f"more {word}", in_reply_to_id=post["id"])
    alice.post(f"/api/v1/statuses/{post['id']}/favourite")
    alice.post(f"/api/v1/statuses/{post['id']}/bookmark")
    server.wait_until(lambda: alice.notifications() and len(alice.home()) == 2)
    lists = [alice.home(), alice.get("/api/v1/timelines/public", limit=40), alice.get(f"/api/v1/timelines/tag/{word}"),
             alice.get(f"/api/v1/accounts/{bob.id}/statuses"), alice.get("/api/v1/favourites"), alice.get("/api/v1/bookmarks"),
             alice.get(f"/api/v1/statuses/{reply['id']}/context")["ancestors"], alice.get("/api/v1/statuses", id=[post["id"]]),
             [n["status"] for n in alice.notifications()]]
    for posts in lists:
        assert [filtered(s) for s in posts if s["id"] == post["id"]] == [{"t": ([word], None)}]
    assert lists[0][0]["filtered"][0]["filter"]["filter_action"] == "hide"


def test_a_change_counts_at_once(alice, bob):
    post = bob.toot("first second")
    assert show(alice, post)["filtered"] == []
    f = add(alice, "first")
    assert filtered(show(alice, post)) == {"t": (["first"], None)}
    alice.post(f"/api/v2/filters/{f['id']}/keywords", {"keyword": "second"})
    assert filtered(show(alice, post)) == {"t": (["first", "second"], None)}
    bob.put(f"/api/v1/statuses/{post['id']}", {"status": "third"})
    assert show(alice, post)["filtered"] == []
    alice.put(f"/api/v2/filters/keywords/{f['keywords'][0]['id']}", {"keyword": "third"})
    assert filtered(show(alice, post)) == {"t": (["third"], None)}
    alice.delete(f"/api/v2/filters/{f['id']}")
    assert show(alice, post)["filtered"] == []


def test_filters_end(own_server):
    s = own_server(test_clock="on")
    alice, bob = s.user(), s.user()
    post = bob.toot("temporary")
    add(alice, "temporary", expires_in=3600)
    assert len(show(alice, post)["filtered"]) == 1
    s.shift_clock(minutes=61)
    assert show(alice, post)["filtered"] == []
    assert len(alice.get("/api/v2/filters")) == 1  # kept, to be renewed


# --- the first version -------------------------------------------------------------------------------------------------------

def test_v1_sees_each_keyword(alice, bob):
    f = alice.post("/api/v1/filters", {"phrase": "old", "context": ["home", "public"], "irreversible": True, "whole_word": False})
    assert (f["phrase"], f["context"], f["irreversible"], f["whole_word"], f["expires_at"]) == ("old", ["home", "public"], True, False, None)
    assert alice.last.headers["Deprecation"] == "@1668384000"
    new = alice.get("/api/v2/filters")[0]
    assert (new["title"], new["filter_action"], new["keywords"][0]["id"]) == ("old", "hide", f["id"])
    more = alice.post(f"/api/v2/filters/{new['id']}/keywords", {"keyword": "more"})
    assert [x["phrase"] for x in alice.get("/api/v1/filters")] == ["old", "more"]
    assert alice.get(f"/api/v1/filters/{f['id']}") == f
    bob.get(f"/api/v1/filters/{f['id']}", expect=404)
    alice.put(f"/api/v1/filters/{more['id']}", {"phrase": "others", "context": ["home"]}, expect=422)
    got = alice.put(f"/api/v1/filters/{more['id']}", {"phrase": "others", "whole_word": True})
    assert (got["phrase"], got["whole_word"]) == ("others", True)
    assert alice.get("/api/v2/filters")[0]["title"] == "old"
    assert alice.delete(f"/api/v1/filters/{more['id']}") == {}
    got = alice.put(f"/api/v1/filters/{f['id']}", {"phrase": "young", "context": ["thread"], "irreversible": False, "expires_in": 60})
    assert (got["phrase"], got["context"], got["irreversible"]) == ("young", ["thread"], False) and got["expires_at"]
    bob.delete(f"/api/v1/filters/{f['id']}", expect=404)
    alice.delete(f"/api/v1/filters/{f['id']}")
    assert alice.get("/api/v2/filters") == [] and alice.get("/api/v1/filters") == []


@pytest.mark.parametrize("body", [{"context": ["home"]}, {"phrase": "", "context": ["home"]}, {"phrase": "x"}, {"phrase": "x", "context": ["y"]}])
def test_v1_refuses(alice, body):
    alice.post("/api/v1/filters", body, expect=422)
    assert alice.get("/api/v1/filters") == []


# --- deprecated routes -------------------------------------------------------------------------------------------------------

@pytest.mark.skipif(not TABLE.is_file(), reason="no table of routes")
def test_exactly_the_deprecated_routes_of_the_table_say_so():
    table, ours = read_table(), read_ours()
    for key, route in ours.items():
        assert route["deprecated"] == (table.get(key, {}).get("deprecated") == "deprecated"), key


def test_other_routes_are_not_deprecated(alice, anon):
    alice.get("/api/v2/filters")
    assert "Deprecation" not in alice.last.headers
    anon.get("/api/v1/filters", expect=401)
    assert anon.last.headers["Deprecation"].startswith("@")


# --- other parts of a post ---------------------------------------------------------------------------------------------------

def test_matches_polls_and_descriptions(alice, bob, server):
    add(alice, "hidden")
    poll = bob.toot("which?", poll={"options": ["Hidden", "seen"], "expires_in": 3600})
    assert filtered(show(alice, poll)) == {"t": (["hidden"], None)}
    media = bob.request("POST", "/api/v2/media", files={"file": ("x.png", picture("png"), "image/png")},
                        data={"description": "something hidden"}, expect=(200, 202))
    server.wait_until(lambda: bob.request("GET", f"/api/v1/media/{media['id']}", expect=(200, 206)) and bob.last.status_code == 200)
    assert filtered(show(alice, bob.toot("look", media_ids=[media["id"]]))) == {"t": (["hidden"], None)}


def test_what_is_quoted_says_its_own(alice, bob, carol):
    add(alice, "hidden")
    post = bob.toot("hidden inside")
    quote = show(alice, carol.toot("look at this", quoted_status_id=post["id"]))
    assert quote["filtered"] == [] and filtered(quote["quote"]["quoted_status"]) == {"t": (["hidden"], None)}

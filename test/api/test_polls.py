"""Polls: asking, voting, editing, and their end."""
import datetime

import pytest


def ask(api, *options, text="Which?", expires_in=3600, **kw):
    poll = {"options": list(options) or ["red", "blue"], "expires_in": expires_in}
    status = {k: kw.pop(k) for k in ("visibility", "media_ids", "spoiler_text", "in_reply_to_id") if k in kw}
    return api.toot(text, poll=poll | kw, **status)


def vote(api, poll, *choices, expect=200):
    return api.post(f"/api/v1/polls/{poll['id']}/votes", {"choices": list(choices)}, expect=expect)


def tallies(poll):
    return [o["votes_count"] for o in poll["options"]]


def when(text):
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))


# ---- asking ------------------------------------------------------------------------------------------------------------


def test_a_poll_stands_in_its_post_and_alone(alice, bob, anon):
    post = ask(alice, "red", "blue", "green")
    poll = post["poll"]
    assert [o["title"] for o in poll["options"]] == ["red", "blue", "green"] and tallies(poll) == [0, 0, 0]
    assert (poll["expired"], poll["multiple"], poll["votes_count"], poll["voters_count"], poll["emojis"]) == (False, False, 0, 0, [])
    assert (poll["voted"], poll["own_votes"]) == (True, [])  # an author has nothing to choose
    left = when(poll["expires_at"]) - when(post["created_at"])
    assert abs(left - datetime.timedelta(hours=1)) < datetime.timedelta(seconds=5)
    assert alice.get(f"/api/v1/polls/{poll['id']}") == poll
    for seen in (anon.get(f"/api/v1/polls/{poll['id']}"), anon.get(f"/api/v1/statuses/{post['id']}")["poll"]):
        assert seen["id"] == poll["id"] and "voted" not in seen and "own_votes" not in seen
    assert bob.get(f"/api/v1/polls/{poll['id']}")["voted"] is False


def test_forms_ask_too_and_blank_lines_do_not_count(alice):
    post = alice.request("POST", "/api/v1/statuses", data={
        "status": "From a form", "poll[options][]": [" yes ", "no", ""], "poll[expires_in]": "300", "poll[multiple]": "true"})
    assert [o["title"] for o in post["poll"]["options"]] == ["yes", "no"] and post["poll"]["multiple"] is True


def test_options_are_counted_as_readers_count(alice):
    family = "\U0001F468‍\U0001F469‍\U0001F467"
    assert ask(alice, family * 50, "b")["poll"]["options"][0]["title"] == family * 50
    alice.post("/api/v1/statuses", {"status": "x", "poll": {"options": [family * 51, "b"], "expires_in": 300}}, expect=422)


@pytest.mark.parametrize("poll, words", [
    ({"options": ["one"], "expires_in": 300}, "more than one item"), ({"options": ["one", " "], "expires_in": 300}, "more than one item"),
    ({"options": [], "expires_in": 300}, "more than one item"), ({"expires_in": 300}, "more than one item"),
    ({"options": list("abcde"), "expires_in": 300}, "more than 4 items"), ({"options": ["x" * 51, "b"], "expires_in": 300}, "longer than 50"),
    ({"options": ["a", "a "], "expires_in": 300}, "duplicate"), ({"options": ["a", "b"]}, "blank"),
    ({"options": ["a", "b"], "expires_in": 299}, "too soon"), ({"options": ["a", "b"], "expires_in": -5}, "too soon"),
    ({"options": ["a", "b"], "expires_in": 2629747}, "too far"), ({"options": ["a", "b"], "expires_in": "soon"}, ""),
    ({"options": ["a", "b"], "expires_in": 300, "multiple": "perhaps"}, ""), ("a,b", "invalid"), (["a", "b"], "invalid"),
])
def test_polls_that_are_refused(alice, poll, words):
    error = alice.post("/api/v1/statuses", {"status": "x", "poll": poll}, expect=422)["error"]
    assert words in error
    assert alice.get(f"/api/v1/accounts/{alice.id}/statuses") == []


def test_a_poll_needs_words(alice):
    error = alice.post("/api/v1/statuses", {"poll": {"options": ["a", "b"], "expires_in": 300}}, expect=422)["error"]
    assert "blank" in error


def test_media_and_a_poll_go_together(alice):
    from pictures import png
    media = alice.request("POST", "/api/v2/media", expect=(200, 202), files={"file": ("a.png", png(), "image/png")})
    post = ask(alice, media_ids=[media["id"]])
    assert post["poll"] and [m["id"] for m in post["media_attachments"]] == [media["id"]]


def test_the_instance_says_the_limits(anon):
    limits = anon.get("/api/v2/instance")["configuration"]["polls"]
    assert limits == {"max_options": 4, "max_characters_per_option": 50, "min_expiration": 300, "max_expiration": 2629746}


# ---- voting ------------------------------------------------------------------------------------------------------------


def test_one_vote_in_a_single_choice(alice, bob, carol):
    poll = ask(alice)["poll"]
    after = vote(bob, poll, 1)
    assert (after["voted"], after["own_votes"], tallies(after), after["votes_count"], after["voters_count"]) == (True, [1], [0, 1], 1, 1)
    vote(carol, poll, "0")
    assert tallies(alice.get(f"/api/v1/polls/{poll['id']}")) == [1, 1]
    for choices in ([1], [0]):
        assert "already voted" in vote(bob, poll, *choices, expect=422)["error"]
    assert tallies(alice.get(f"/api/v1/polls/{poll['id']}")) == [1, 1]
    home = bob.get(f"/api/v1/accounts/{alice.id}/statuses")[0]["poll"]
    assert (home["voted"], home["own_votes"], tallies(home)) == (True, [1], [1, 1])


def test_several_choices_where_they_are_allowed(alice, bob):
    poll = ask(alice, "a", "b", "c", multiple=True)["poll"]
    after = vote(bob, poll, 2, 0)
    assert (after["own_votes"], tallies(after), after["votes_count"], after["voters_count"]) == ([0, 2], [1, 0, 1], 2, 1)
    assert "already voted" in vote(bob, poll, 1, 2, expect=422)["error"]
    assert tallies(bob.get(f"/api/v1/polls/{poll['id']}")) == [1, 0, 1], "half of a refused vote was counted"
    after = vote(bob, poll, 1)
    assert (after["own_votes"], after["votes_count"], after["voters_count"]) == ([0, 1, 2], 3, 1)


def test_two_choices_in_a_single_choice_count_as_none(alice, bob):
    poll = ask(alice)["poll"]
    vote(bob, poll, 0, 1, expect=422)
    assert bob.get(f"/api/v1/polls/{poll['id']}")["votes_count"] == 0


@pytest.mark.parametrize("choices", [[2], [-1], ["x"], [99999999999999999999], []])
def test_there_is_no_such_option(alice, bob, choices):
    poll = ask(alice)["poll"]
    assert vote(bob, poll, *choices, expect=422)["error"]
    assert bob.get(f"/api/v1/polls/{poll['id']}")["voted"] is False


def test_who_may_not_vote(alice, bob, anon, server):
    poll = ask(alice)["poll"]
    assert "your own" in vote(alice, poll, 0, expect=422)["error"]
    vote(anon, poll, 0, expect=401)
    reader = server.api(server.token(bob.name, "read"))
    vote(reader, poll, 0, expect=403)
    vote(bob, {"id": "1"}, 0, expect=404)
    bob.get("/api/v1/polls/1", expect=404)
    alice.post(f"/api/v1/accounts/{bob.id}/block")
    vote(bob, poll, 0, expect=404)


def test_a_private_poll_is_for_those_who_see_the_post(alice, bob, carol, anon):
    bob.follow(alice)
    poll = ask(alice, visibility="private")["poll"]
    vote(bob, poll, 0)
    vote(carol, poll, 0, expect=404)
    for api in (carol, anon):
        api.get(f"/api/v1/polls/{poll['id']}", expect=404)


def test_hidden_totals_come_at_the_end(alice, bob, own_server):
    server = own_server()
    alice, bob = server.user(), server.user()
    poll = ask(alice, hide_totals=True, expires_in=600)["poll"]
    after = vote(bob, poll, 1)
    assert tallies(after) == [None, None] and (after["votes_count"], after["voters_count"], after["own_votes"]) == (1, 1, [1])
    server.shift_clock(seconds=601)
    assert tallies(bob.get(f"/api/v1/polls/{poll['id']}")) == [0, 1]


# ---- the end -----------------------------------------------------------------------------------------------------------


def polls_told(api):
    return [n["status"]["id"] for n in api.notifications(types=["poll"])]


def test_the_end_is_told_once_to_author_and_voters(own_server):
    server = own_server()
    alice, bob, carol = server.user(), server.user(), server.user()
    post = ask(alice, expires_in=600)
    vote(bob, post["poll"], 0)
    server.shift_clock(minutes=8)
    assert polls_told(alice) == []
    server.shift_clock(minutes=2)
    server.wait_until(lambda: polls_told(alice) == [post["id"]])
    told = bob.notifications(types=["poll"])
    assert [n["account"]["id"] for n in told] == [alice.id] and told[0]["status"]["poll"]["expired"] is True
    assert tallies(told[0]["status"]["poll"]) == [1, 0] and polls_told(carol) == []
    assert "already ended" in vote(carol, post["poll"], 0, expect=422)["error"]
    server.kill()
    server.start()
    alice.base = bob.base = server.base
    server.shift_clock(days=1)
    server.wait_until(lambda: not [j for j in server.unfinished() if "poll" in j])
    assert polls_told(alice) == polls_told(bob) == [post["id"]]


def test_a_poll_that_is_longer_now_ends_later(own_server):
    server = own_server()
    alice, bob = server.user(), server.user()
    post = ask(alice, "a", "b", expires_in=600)
    vote(bob, post["poll"], 0)
    edited = alice.put(f"/api/v1/statuses/{post['id']}", {"status": "Which?", "poll": {"options": ["a", "b"], "expires_in": 7200}})
    assert tallies(edited["poll"]) == [1, 0] and edited["poll"]["id"] == post["poll"]["id"]
    server.shift_clock(seconds=700)
    server.wait_until(lambda: not [j for j in server.unfinished() if "close_poll runs" in j])
    assert polls_told(alice) == [] and alice.get(f"/api/v1/polls/{post['poll']['id']}")["expired"] is False
    server.shift_clock(seconds=7000)
    server.wait_until(lambda: polls_told(alice) == polls_told(bob) == [post["id"]])


# ---- editing -----------------------------------------------------------------------------------------------------------


def test_other_options_lose_the_votes_and_history_keeps_them(alice, bob):
    post = ask(alice, "a", "b")
    vote(bob, post["poll"], 0)
    path = f"/api/v1/statuses/{post['id']}"
    edited = alice.put(path, {"status": "Which?", "poll": {"options": ["a", "c"], "expires_in": 3600}})
    assert [o["title"] for o in edited["poll"]["options"]] == ["a", "c"] and edited["edited_at"]
    assert (tallies(edited["poll"]), edited["poll"]["voters_count"]) == ([0, 0], 0)
    assert bob.get(path)["poll"]["voted"] is False
    assert tallies(vote(bob, edited["poll"], 1)) == [0, 1]
    history = alice.get(path + "/history")
    assert [[o["title"] for o in v["poll"]["options"]] for v in history] == [["a", "b"], ["a", "c"]]


def test_an_edit_says_again_what_is_to_stay(alice, bob):
    post = ask(alice, "a", "b")
    path = f"/api/v1/statuses/{post['id']}"
    vote(bob, post["poll"], 1)
    edited = alice.put(path, {"status": "Which one?", "poll": {"options": ["a", "b"], "expires_in": 3600}})
    assert tallies(edited["poll"]) == [0, 1] and edited["poll"]["id"] == post["poll"]["id"]
    for form in (False, True):
        body = {"status": f"No question {form}"}
        edited = alice.request("PUT", path, data=body) if form else alice.put(path, body)
        assert edited["poll"] is None
        alice.get(f"/api/v1/polls/{post['poll']['id']}", expect=404)


def test_an_edit_adds_and_takes_away(alice, bob):
    post = alice.toot("Just words")
    path = f"/api/v1/statuses/{post['id']}"
    edited = alice.put(path, {"status": "Words", "poll": {"options": ["a", "b"], "expires_in": 300}})
    assert edited["poll"]["options"][1]["title"] == "b"
    vote(bob, edited["poll"], 0)
    assert alice.put(path, {"status": "Words", "poll": None})["poll"] is None
    bob.get(f"/api/v1/polls/{edited['poll']['id']}", expect=404)
    assert [("poll" in v) for v in alice.get(path + "/history")] == [False, True, False]


def test_delete_and_redraft_gives_the_poll_back(alice):
    post = ask(alice, "a", "b", multiple=True)
    gone = alice.delete(f"/api/v1/statuses/{post['id']}")
    assert gone["text"] == "Which?" and [o["title"] for o in gone["poll"]["options"]] == ["a", "b"] and gone["poll"]["multiple"] is True
    alice.get(f"/api/v1/polls/{post['poll']['id']}", expect=404)


def test_a_boost_shows_the_poll_and_a_page_many(alice, bob):
    posts = [ask(alice, f"x{i}", "y") for i in range(5)]
    vote(bob, posts[2]["poll"], 0)
    boost = bob.post(f"/api/v1/statuses/{posts[2]['id']}/reblog")
    assert boost["reblog"]["poll"]["own_votes"] == [0]
    page = bob.get(f"/api/v1/accounts/{alice.id}/statuses")
    assert [s["poll"]["options"][0]["title"] for s in page] == ["x4", "x3", "x2", "x1", "x0"]
    assert [s["poll"]["own_votes"] for s in page] == [[], [], [0], [], []]


def test_pages_show_the_poll(alice, bob, server):
    post = ask(alice, "red & <b>", "blue")
    page = f"/@{alice.name}/{post['id']}"
    vote(bob, post["poll"], 0)
    html = server.api().get(page)
    assert "red &amp; &lt;b&gt;" in html and "100 %" in html and "0 %" in html and "vote" in html
    hidden = ask(alice, "red", "blue", hide_totals=True)
    html = server.api().get(f"/@{alice.name}/{hidden['id']}")
    assert "blue" in html and " %" not in html

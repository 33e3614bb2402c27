"""Quotes: who may, what each viewer sees of them, and how consent ends."""
import pytest
import requests

from timing import PATIENCE


def show(api, post_id):
    return api.get(f"/api/v1/statuses/{post_id}")


def quote(api, post, text="look", expect=200, **more):
    return api.post("/api/v1/statuses", {"status": text, "quoted_status_id": post["id"]} | more, expect=expect)


def kinds(api, kind):
    return [n for n in api.notifications() if n["type"] == kind]


# ---- quoting -----------------------------------------------------------------------------------------------------------------


def test_a_quote_shows_the_post_inside_and_counts(alice, bob, anon):
    post = alice.toot("look at me")
    mine = quote(bob, post)
    assert mine["quote"]["state"] == "accepted" and mine["content"] == "<p>look</p>"
    inner = mine["quote"]["quoted_status"]
    assert (inner["id"], inner["content"], inner["quotes_count"], inner["quote"]) == (post["id"], "<p>look at me</p>", 1, None)
    assert show(anon, mine["id"])["quote"]["quoted_status"]["account"]["id"] == alice.id
    assert show(alice, post["id"])["quotes_count"] == 1
    bob.delete(f"/api/v1/statuses/{mine['id']}")
    assert show(alice, post["id"])["quotes_count"] == 0


def test_the_quote_of_a_quote_is_only_an_id(alice, bob, carol):
    first = alice.toot("first")
    second = quote(bob, first)
    third = quote(carol, second)
    assert third["quote"]["quoted_status"]["quote"] == {"state": "accepted", "quoted_status_id": first["id"]}


def test_a_boost_stands_for_its_original(alice, bob, carol):
    post = alice.toot("original")
    boost = bob.post(f"/api/v1/statuses/{post['id']}/reblog")
    assert quote(carol, boost)["quote"]["quoted_status"]["id"] == post["id"]
    assert boost["quote"] is None
    again = alice.post(f"/api/v1/statuses/{quote(carol, post)['id']}/reblog")
    assert again["quote"] is None and again["reblog"]["quote"]["quoted_status"]["id"] == post["id"]


def test_a_quote_needs_no_text(alice, bob):
    post = alice.toot("words enough")
    mine = bob.post("/api/v1/statuses", {"quoted_status_id": post["id"], "spoiler_text": "careful"})
    assert mine["spoiler_text"] == "careful" and mine["quote"]["state"] == "accepted"


@pytest.mark.parametrize("visibility", ["private", "direct"])
def test_what_is_not_public_is_quoted_by_nobody_else(alice, bob, visibility):
    bob.follow(alice)
    post = alice.toot(f"@{bob.name} not for all", visibility=visibility)
    assert show(bob, post["id"])["quote_approval"]["current_user"] == "denied"
    assert quote(bob, post, expect=404)["error"]
    quote(bob, {"id": "1"}, expect=404)


def test_own_private_posts_make_the_quote_private_and_direct_ones_are_never_quoted(alice, bob):
    post = alice.toot("followers only", visibility="private")
    assert post["quote_approval"] == {"automatic": [], "manual": [], "current_user": "automatic"}
    mine = quote(alice, post, visibility="public")
    assert mine["visibility"] == "private" and mine["quote"]["state"] == "accepted"
    bob.get(f"/api/v1/statuses/{mine['id']}", expect=404)
    direct = alice.toot(f"@{bob.name} psst", visibility="direct")
    quote(alice, direct, expect=404)


def test_a_direct_message_quotes_only_its_author(alice, bob):
    post = alice.toot("public")
    quote(bob, post, f"@{alice.name}", visibility="direct", expect=422)
    assert quote(alice, post, f"@{bob.name}", visibility="direct")["quote"]["state"] == "accepted"


def test_a_followers_only_quote_is_seen_by_who_is_quoted_without_a_mention(alice, bob, carol):
    post = alice.toot("quote me")
    mine = quote(bob, post, visibility="private")
    assert mine["mentions"] == [] and show(alice, mine["id"])["quote"]["state"] == "accepted"
    carol.get(f"/api/v1/statuses/{mine['id']}", expect=404)


# ---- policies ----------------------------------------------------------------------------------------------------------------


def test_the_policy_decides_who_may_quote(alice, bob, carol, anon):
    bob.follow(alice)
    post = alice.toot("for followers", quote_approval_policy="followers")
    assert post["quote_approval"] == {"automatic": ["followers"], "manual": [], "current_user": "automatic"}
    assert show(bob, post["id"])["quote_approval"]["current_user"] == "automatic"
    assert show(carol, post["id"])["quote_approval"]["current_user"] == "denied"
    assert show(anon, post["id"])["quote_approval"]["current_user"] == "denied"
    quote(bob, post)
    quote(carol, post, expect=404)
    nobody = alice.toot("nobody", quote_approval_policy="nobody")
    assert nobody["quote_approval"] == {"automatic": [], "manual": [], "current_user": "automatic"}
    quote(bob, nobody, expect=404)
    quote(alice, nobody)
    alice.post("/api/v1/statuses", {"status": "x", "quote_approval_policy": "friends"}, expect=422)


def test_the_default_policy_is_a_setting(alice):
    assert alice.get("/api/v1/preferences")["posting:default:quote_policy"] == "public"
    assert alice.toot()["quote_approval"]["automatic"] == ["public"]
    alice.patch("/api/v1/accounts/update_credentials", {"source": {"quote_policy": "often"}}, expect=422)
    me = alice.patch("/api/v1/accounts/update_credentials", {"source": {"quote_policy": "followers"}})
    assert me["source"]["quote_policy"] == "followers" and me["source"]["privacy"] == "public"
    assert alice.get("/api/v1/preferences")["posting:default:quote_policy"] == "followers"
    assert alice.toot()["quote_approval"]["automatic"] == ["followers"]
    assert alice.toot(visibility="unlisted", quote_approval_policy="public")["quote_approval"]["automatic"] == ["public"]


def test_the_policy_of_a_post_can_change_and_old_quotes_stay(alice, bob, anon):
    post = alice.toot()
    mine = quote(bob, post)
    path = f"/api/v1/statuses/{post['id']}/interaction_policy"
    anon.put(path, {"quote_approval_policy": "nobody"}, expect=401)
    bob.put(path, {"quote_approval_policy": "nobody"}, expect=404)
    alice.put(path, {"quote_approval_policy": "all"}, expect=422)
    alice.put(path, {}, expect=422)
    changed = alice.put(path, {"quote_approval_policy": "nobody"})
    assert changed["quote_approval"]["automatic"] == [] and changed["edited_at"] is None
    quote(bob, post, expect=404)
    assert show(bob, mine["id"])["quote"]["state"] == "accepted"
    edited = alice.put(f"/api/v1/statuses/{post['id']}", {"status": "again", "quote_approval_policy": "public"})
    assert edited["quote_approval"]["automatic"] == ["public"]
    same = alice.put(f"/api/v1/statuses/{post['id']}", {"status": "again", "quote_approval_policy": "followers"})
    assert same["quote_approval"]["automatic"] == ["followers"] and same["edited_at"] == edited["edited_at"]
    private = alice.toot(visibility="private")
    kept = alice.put(f"/api/v1/statuses/{private['id']}/interaction_policy", {"quote_approval_policy": "public"})
    assert kept["quote_approval"]["automatic"] == []


# ---- who sees what is quoted -------------------------------------------------------------------------------------------------


def test_blocks_and_mutes_change_what_a_viewer_gets(alice, bob, carol, anon):
    post = alice.toot("the quoted words")
    mine = quote(bob, post)
    carol.post(f"/api/v1/accounts/{alice.id}/mute")
    muted = show(carol, mine["id"])["quote"]
    assert muted["state"] == "muted_account" and muted["quoted_status"]["id"] == post["id"]
    carol.post(f"/api/v1/accounts/{alice.id}/unmute")
    carol.post(f"/api/v1/accounts/{alice.id}/block")
    assert show(carol, mine["id"])["quote"] == {"state": "blocked_account", "quoted_status": None}
    outer = quote(bob, mine)
    assert show(carol, outer["id"])["quote"]["quoted_status"]["quote"] == {"state": "blocked_account", "quoted_status_id": None}
    carol.post(f"/api/v1/accounts/{alice.id}/unblock")
    alice.post(f"/api/v1/accounts/{carol.id}/block")
    assert show(carol, mine["id"])["quote"] == {"state": "unauthorized", "quoted_status": None}
    assert show(anon, mine["id"])["quote"]["state"] == "accepted"


def test_a_followers_only_post_inside_is_for_followers(alice, bob, carol):
    bob.follow(alice)
    post = alice.toot("inner", visibility="private")
    mine = quote(alice, post, f"@{carol.name}", visibility="private")
    assert show(bob, mine["id"])["quote"]["quoted_status"]["content"] == "<p>inner</p>"
    assert show(carol, mine["id"])["quote"] == {"state": "unauthorized", "quoted_status": None}


def test_a_block_takes_consent_back(alice, bob, anon):
    post = alice.toot()
    mine = quote(bob, post)
    alice.post(f"/api/v1/accounts/{bob.id}/block")
    assert show(anon, mine["id"])["quote"] == {"state": "revoked", "quoted_status": None}
    assert show(anon, post["id"])["quotes_count"] == 0
    alice.post(f"/api/v1/accounts/{bob.id}/unblock")
    assert show(anon, mine["id"])["quote"]["state"] == "revoked"


def test_revoking_one_quote(alice, bob, carol, anon):
    post, other = alice.toot(), alice.toot()
    mine = quote(bob, post)
    path = f"/api/v1/statuses/{post['id']}/quotes/{mine['id']}/revoke"
    anon.post(path, expect=401)
    carol.post(path, expect=403)
    alice.post(f"/api/v1/statuses/{other['id']}/quotes/{mine['id']}/revoke", expect=404)
    alice.post(f"/api/v1/statuses/{post['id']}/quotes/{other['id']}/revoke", expect=404)
    gone = alice.post(path)
    assert gone["id"] == mine["id"] and gone["quote"] == {"state": "revoked", "quoted_status": None}
    assert alice.post(path)["quote"]["state"] == "revoked"  # again changes nothing
    assert show(anon, post["id"])["quotes_count"] == 0
    assert alice.get(f"/api/v1/statuses/{post['id']}/quotes") == []


def test_the_list_of_quotes_has_pages_and_its_own_visibility(alice, bob, carol, anon):
    post = alice.toot()
    mine = [quote(bob, post, str(i))["id"] for i in range(5)]
    hidden = quote(bob, post, visibility="private")["id"]
    path = f"/api/v1/statuses/{post['id']}/quotes"
    anon.get(path, expect=401)
    carol.get("/api/v1/statuses/1/quotes", expect=404)
    assert [s["id"] for s in carol.pages(path, limit=2)] == mine[::-1]
    assert [s["id"] for s in bob.get(path)] == [hidden] + mine[::-1]
    carol.post(f"/api/v1/accounts/{bob.id}/block")
    assert carol.get(path) == []
    private = alice.toot(visibility="private")
    carol.get(f"/api/v1/statuses/{private['id']}/quotes", expect=404)


# ---- edits, deletions, history, notifications ------------------------------------------------------------------------------


def test_who_is_quoted_is_told_and_who_quotes_hears_of_edits(server, alice, bob):
    post = alice.toot("one")
    mine = quote(bob, post)
    told = server.wait_notification(alice, "quote", bob.name)
    assert told["status"]["id"] == mine["id"] and told["status"]["quote"]["quoted_status"]["id"] == post["id"]
    alice.put(f"/api/v1/statuses/{post['id']}", {"status": "two"})
    told = server.wait_notification(bob, "quoted_update", alice.name)
    assert told["status"]["id"] == mine["id"] and told["status"]["quote"]["quoted_status"]["content"] == "<p>two</p>"
    alice.post(f"/api/v1/statuses/{post['id']}/quotes/{mine['id']}/revoke")
    assert kinds(alice, "quote") == []


def test_a_quoted_post_that_is_deleted_leaves_a_placeholder(alice, bob, anon):
    post = alice.toot()
    mine = quote(bob, post)
    alice.delete(f"/api/v1/statuses/{post['id']}")
    assert show(anon, mine["id"])["quote"] == {"state": "deleted", "quoted_status": None}
    assert show(bob, mine["id"])["content"] == "<p>look</p>"


def test_a_deleted_quote_can_be_written_again(alice, bob):
    post = alice.toot()
    mine = quote(bob, post)
    alice.post(f"/api/v1/statuses/{post['id']}/quotes/{mine['id']}/revoke")
    draft = bob.delete(f"/api/v1/statuses/{mine['id']}")
    assert draft["text"] == "look" and draft["quote"]["quoted_status"]["id"] == post["id"]


def test_edits_keep_change_and_drop_the_quote(alice, bob):
    post, other = alice.toot("a"), alice.toot("b")
    mine = quote(bob, post)
    path = f"/api/v1/statuses/{mine['id']}"
    assert bob.put(path, {"status": "again"})["quote"]["quoted_status"]["id"] == post["id"]
    assert bob.put(path, {"status": "again", "quoted_status_id": None})["quote"]["quoted_status"]["id"] == post["id"]
    assert bob.put(path, {"status": "again", "quoted_status_id": other["id"]})["quote"]["quoted_status"]["id"] == other["id"]
    assert (show(alice, post["id"])["quotes_count"], show(alice, other["id"])["quotes_count"]) == (0, 1)
    bob.put(path, {"status": "again", "quoted_status_id": mine["id"]}, expect=422)
    bob.put(path, {"status": "again", "quoted_status_id": "1"}, expect=404)
    history = bob.get(path + "/history")
    assert [h["quote"] and h["quote"]["quoted_status"]["id"] for h in history] == [None, None, other["id"]]
    assert bob.put(path, {"status": "again", "quoted_status_id": ""})["quote"] is None
    assert show(alice, other["id"])["quotes_count"] == 0


def test_the_history_shows_the_quote_that_is_still_there(alice, bob):
    post = alice.toot("a")
    mine = quote(bob, post)
    bob.put(f"/api/v1/statuses/{mine['id']}", {"status": "again"})
    history = bob.get(f"/api/v1/statuses/{mine['id']}/history")
    assert [h["quote"]["quoted_status"]["id"] for h in history] == [post["id"]] * 2


def test_lists_show_quotes_too(alice, bob, anon):
    post = alice.toot("inside")
    mine = quote(bob, post)
    for page in (bob.home(), anon.get(f"/api/v1/accounts/{bob.id}/statuses"), anon.get("/api/v1/timelines/public", local=True)):
        assert [s["quote"]["quoted_status"]["id"] for s in page if s["id"] == mine["id"]] == [post["id"]]


def test_pages_show_what_is_quoted_in_a_box_and_feeds_link_to_it(server, alice, bob):
    def look(path):
        return requests.get(server.base + path, headers={"Host": server.host}, timeout=PATIENCE).text

    post = alice.toot("inside <b>")
    mine = quote(bob, post)
    page = look(f"/@{bob.name}/{mine['id']}")
    box = page[page.index('<blockquote class="quoted">'):]
    box = box[:box.index("</blockquote>")]
    assert f'href="{post["url"]}"' in box and f"@{alice.name}@" in box and "inside &lt;b&gt;" in box
    assert "quote-inline" not in page
    assert f'quote-inline"&gt;RE: &lt;a href="{post["url"]}"'.replace('"', "&quot;") in look(f"/@{bob.name}.rss")
    alice.post(f"/api/v1/statuses/{post['id']}/quotes/{mine['id']}/revoke")
    assert 'class="quoted"' not in look(f"/@{bob.name}/{mine['id']}")

"""Notifications in groups: what belongs together, how pages of them join, and what apps are shown that know less."""

import pytest

GROUPS = "/api/v2/notifications"


def groups(api, **kw):
    return api.get(GROUPS, **kw)["notification_groups"]


def favourite(post, *people):
    for p in people:
        p.post(f"/api/v1/statuses/{post}/favourite")


@pytest.fixture(scope="module")
def crowd(server):
    return [server.user() for _ in range(10)]


def test_favourites_of_one_post_are_one_group(alice, crowd):
    post, other = alice.toot("hello")["id"], alice.toot("again")["id"]
    favourite(post, *crowd)
    favourite(other, crowd[0])
    crowd[1].post(f"/api/v1/statuses/{post}/reblog")
    answer = alice.get(GROUPS)
    single = alice.notifications()
    got = {(g["type"], g["status_id"]): g for g in answer["notification_groups"]}
    assert [(g["type"], g["status_id"]) for g in answer["notification_groups"]] == [
        ("reblog", post), ("favourite", other), ("favourite", post)]
    group = got["favourite", post]
    mine = [n for n in single if n["type"] == "favourite" and n["status"]["id"] == post]
    assert group["notifications_count"] == 10
    assert group["sample_account_ids"] == [p.id for p in crowd[:1:-1]], "the newest eight, newest first"
    assert group["most_recent_notification_id"] == int(mine[0]["id"])
    assert (group["page_max_id"], group["page_min_id"]) == (mine[0]["id"], mine[-1]["id"])
    assert group["latest_page_notification_at"] == mine[0]["created_at"]
    assert {n["group_key"] for n in mine} == {group["group_key"]} and group["group_key"].startswith(f"favourite-{post}-")
    assert {s["id"] for s in answer["statuses"]} == {post, other}
    assert {a["id"] for a in answer["accounts"]} == {p.id for p in crowd}
    assert "partial_accounts" not in answer


def test_kinds_that_are_not_grouped_stand_alone(alice, bob, carol, server):
    bob.follow(alice), carol.follow(alice)
    bob.toot(f"@{alice.name} one"), bob.toot(f"@{alice.name} two")
    server.wait_until(lambda: len(alice.notifications()) == 4)
    assert [(g["type"], g["notifications_count"]) for g in groups(alice)] == [("mention", 1), ("mention", 1), ("follow", 2)]
    assert all(g["group_key"] == f"ungrouped-{g['page_max_id']}" for g in groups(alice, types=["mention"]))
    apart = groups(alice, grouped_types=["favourite"], exclude_types=["mention"])
    assert [g["notifications_count"] for g in apart] == [1, 1]
    assert all(g["group_key"].startswith("ungrouped-") for g in apart)
    assert [g["type"] for g in groups(alice, account_id=carol.id)] == ["follow"]


def test_a_group_ends_after_twelve_hours(own_server):
    server = own_server()
    alice, *fans = [server.user() for _ in range(4)]
    post = alice.toot("hello")["id"]
    for fan, hours in zip(fans, (11, 2, 0)):
        favourite(post, fan)
        server.shift_clock(hours=hours)
    got = groups(alice)
    assert [g["notifications_count"] for g in got] == [1, 2]
    assert got[1]["sample_account_ids"] == [fans[1].id, fans[0].id]


def test_pages_of_groups_join_without_holes(alice, bob, crowd, server):
    posts = [alice.toot(f"post {i}")["id"] for i in range(3)]
    for fan in crowd[:6]:
        favourite(posts[int(fan.id) % 3], fan)
        fan.toot(f"@{alice.name} hi")
    favourite(posts[0], *crowd[6:])
    server.wait_until(lambda: len(alice.notifications(types=["mention"])) == 6)
    single = alice.notifications()
    for limit in (1, 2, 3, 7):
        seen, keys, page = set(), [], alice.get(GROUPS, limit=limit)
        while page["notification_groups"]:
            found = page["notification_groups"]
            assert len(found) <= limit
            highest, lowest = max(int(g["page_max_id"]) for g in found), min(int(g["page_min_id"]) for g in found)
            seen |= {n["id"] for n in single if lowest <= int(n["id"]) <= highest}
            keys += [g["group_key"] for g in found]
            assert all(int(g["page_min_id"]) <= int(g["page_max_id"]) for g in found)
            path, query = alice.last.links["next"]["url"].split("?")
            page = alice.request("GET", GROUPS + "?" + query)
        assert seen == {n["id"] for n in single}
        assert set(keys) == {n["group_key"] for n in single}
    newer = alice.get(GROUPS, min_id=single[-1]["id"], limit=2)["notification_groups"]
    assert max(int(g["page_max_id"]) for g in newer) < int(single[0]["id"])
    assert "min_id=" in alice.last.links["prev"]["url"] and "max_id=" in alice.last.links["next"]["url"]


def test_one_group_by_its_key(alice, bob, crowd):
    post = alice.toot("hello")["id"]
    favourite(post, *crowd[:5])
    key = groups(alice)[0]["group_key"]
    got = alice.get(f"{GROUPS}/{key}")
    assert [g["notifications_count"] for g in got["notification_groups"]] == [5]
    assert "page_min_id" not in got["notification_groups"][0]
    assert got["statuses"][0]["id"] == post
    people = [a["id"] for a in alice.pages(f"{GROUPS}/{key}/accounts", limit=2)]
    assert people == [p.id for p in crowd[4::-1]]
    one = alice.notifications()[0]["id"]
    assert alice.get(f"{GROUPS}/ungrouped-{one}")["notification_groups"][0]["sample_account_ids"] == [crowd[4].id]
    for wrong in (key + "0", "favourite-1", "mention-1-2", "ungrouped-1", "x", "follow-", "favourite-1-2-3"):
        alice.get(f"{GROUPS}/{wrong}", expect=404)
        alice.get(f"{GROUPS}/{wrong}/accounts", expect=404 if wrong[0] in "mux" or wrong in ("favourite-1", "follow-", "favourite-1-2-3") else 200)
    bob.get(f"{GROUPS}/{key}", expect=404)
    bob.get(f"{GROUPS}/ungrouped-{one}", expect=404)
    assert bob.get(f"{GROUPS}/{key}/accounts") == []
    bob.post(f"{GROUPS}/{key}/dismiss")
    assert alice.get(f"{GROUPS}/{key}")["notification_groups"][0]["notifications_count"] == 5
    assert alice.post(f"{GROUPS}/{key}/dismiss") == {}
    assert alice.notifications() == []
    alice.get(f"{GROUPS}/{key}", expect=404)


def test_clearing_and_dismissing_one(alice, bob, carol):
    bob.follow(alice), carol.follow(alice)
    bob.post(f"/api/v1/statuses/{alice.toot('x')['id']}/reblog")
    newest = alice.notifications()[0]["id"]
    alice.post(f"{GROUPS}/ungrouped-{newest}/dismiss")
    assert [g["type"] for g in groups(alice)] == ["follow"]
    assert alice.post(f"{GROUPS}/clear") == {}
    assert alice.get(GROUPS) == {"accounts": [], "statuses": [], "notification_groups": []}
    assert "Link" not in alice.last.headers


def test_unread_groups_are_counted(alice, crowd):
    post = alice.toot("hello")["id"]
    favourite(post, *crowd[:3])
    for p in crowd[:3]:
        p.follow(alice)
    count = f"{GROUPS}/unread_count"
    assert alice.get(count) == {"count": 2}
    assert alice.get(count, grouped_types=["follow"]) == {"count": 4}
    assert alice.get(count, types=["follow"]) == {"count": 1}
    assert alice.get(count, limit=1) == {"count": 1}
    assert alice.get("/api/v1/notifications/unread_count", types=["follow"]) == {"count": 3}
    assert alice.get("/api/v1/notifications/unread_count", exclude_types=["follow"], account_id=crowd[0].id) == {"count": 1}
    alice.post("/api/v1/markers", {"notifications": {"last_read_id": alice.notifications()[1]["id"]}})
    assert alice.get(count) == {"count": 1}


def test_few_accounts_are_shown_whole_when_asked(alice, crowd):
    favourite(alice.toot("hello")["id"], *crowd[:4])
    got = alice.get(GROUPS, expand_accounts="partial_avatars")
    assert [a["id"] for a in got["accounts"]] == [crowd[3].id]
    partial = {a["id"]: a for a in got["partial_accounts"]}
    assert set(partial) == {p.id for p in crowd[:3]}
    assert set(partial[crowd[0].id]) == {"id", "acct", "locked", "bot", "url", "avatar", "avatar_static", "avatar_description"}
    assert "partial_accounts" not in alice.get(GROUPS, expand_accounts="full")
    alice.get(GROUPS, expand_accounts="some", expect=400)


def test_apps_that_do_not_know_a_kind_get_a_sentence(alice, bob):
    bob.patch("/api/v1/accounts/update_credentials", {"display_name": "Bob <b>"})
    bob.follow(alice)
    known, unknown = alice.notifications(supported_types=["follow"])[0], alice.notifications(supported_types=["mention"])[0]
    assert "fallback" not in known and "fallback" not in alice.notifications()[0]
    assert unknown["fallback"]["title"] == "Bob &lt;b&gt; followed you"
    german = alice.get("/api/v1/notifications", supported_types=["mention"], headers={"Accept-Language": "de"})[0]
    assert german["fallback"]["title"] == "Bob &lt;b&gt; folgt dir"
    one = f"/api/v1/notifications/{unknown['id']}"
    assert alice.get(one, supported_types=["mention"])["fallback"] == unknown["fallback"]
    assert groups(alice, supported_types=["mention"])[0]["fallback"] == unknown["fallback"]
    group = f"{GROUPS}/{unknown['group_key']}"
    assert alice.get(group, supported_types=["mention"])["notification_groups"][0]["fallback"] == unknown["fallback"]


def test_undoing_leaves_the_group_and_the_last_takes_it_along(alice, bob, carol, crowd):
    post = alice.toot("hello")["id"]
    favourite(post, bob, carol, crowd[0])
    carol.post(f"/api/v1/statuses/{post}/unfavourite")
    assert [(g["notifications_count"], g["sample_account_ids"]) for g in groups(alice)] == [(2, [crowd[0].id, bob.id])]
    crowd[0].post(f"/api/v1/accounts/{alice.id}/block")
    assert [g["sample_account_ids"] for g in groups(alice)] == [[bob.id]]
    crowd[0].post(f"/api/v1/accounts/{alice.id}/unblock")
    alice.delete(f"/api/v1/statuses/{post}")
    assert groups(alice) == []


def test_scopes(alice, anon, server):
    anon.get(GROUPS, expect=401)
    other = server.api(server.token(alice.name, "read:statuses"))
    for path in (GROUPS, f"{GROUPS}/unread_count", f"{GROUPS}/follow-1", f"{GROUPS}/follow-1/accounts"):
        other.get(path, expect=403)
    other.post(f"{GROUPS}/clear", expect=403)
    other.post(f"{GROUPS}/follow-1/dismiss", expect=403)


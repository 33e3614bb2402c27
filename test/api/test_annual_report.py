"""A year in numbers, and work that a client waits for."""
import datetime
import re

import pytest

YEAR = "/api/v1/annual_reports"


def posts(api):
    first = api.toot("The first #cats #dogs")
    api.toot("The second #cats")
    for i in range(11):
        api.toot(f"An answer {i}", in_reply_to_id=first["id"])
    return first


@pytest.fixture
def june(own_server):
    """A server in June, whenever the test runs."""
    server = own_server()
    now = server.now()
    server.shift_clock((now.replace(year=now.year + 1, month=6, day=15) - now) / datetime.timedelta(milliseconds=1))
    return server


@pytest.fixture
def december(june):
    """A server on the second of December of the year in which its people posted."""
    server = june
    alice, bob, lurker = server.user("alice"), server.user("bob"), server.user("lurker")
    first = posts(alice)
    bob.follow(alice)
    alice.follow(bob)
    bob.post(f"/api/v1/statuses/{first['id']}/reblog")
    bob.post(f"/api/v1/statuses/{first['id']}/favourite")
    year = int(first["created_at"][:4])
    days = (datetime.date(year, 12, 2) - datetime.date.fromisoformat(first["created_at"][:10])).days
    server.shift_clock(days=days)
    yield server, alice, bob, lurker, first, year


def wait_for(server, api):
    refresh = re.fullmatch(r'id="(\d+)", retry=2', api.last.headers["Mastodon-Async-Refresh"]).group(1)
    path = f"/api/v1_alpha/async_refreshes/{refresh}"
    server.wait_until(lambda: api.get(path)["async_refresh"]["status"] == "finished")
    return path


def test_a_year_is_counted_once_it_is_asked_for(december):
    server, alice, bob, lurker, first, year = december
    assert alice.get(f"{YEAR}/{year}/state") == {"state": "eligible"}
    assert alice.get(YEAR)["annual_reports"] == []
    alice.get(f"{YEAR}/{year}", expect=404)
    alice.post(f"{YEAR}/{year}/read", expect=404)
    assert alice.post(f"{YEAR}/{year}/generate", expect=202) == {}
    path = wait_for(server, alice)
    assert alice.get(path)["async_refresh"]["result_count"] == 1
    bob.get(path, expect=404)
    assert alice.get(f"{YEAR}/{year}/state") == {"state": "available"}
    assert alice.post(f"{YEAR}/{year}/generate") == {}
    assert "Mastodon-Async-Refresh" not in alice.last.headers
    wrapped = alice.get(f"{YEAR}/{year}")
    report, = wrapped["annual_reports"]
    assert (report["year"], report["account_id"]) == (year, alice.get("/api/v1/accounts/verify_credentials")["id"])
    data = report["data"]
    assert data["archetype"] == "replier"
    assert data["type_distribution"] == {"total": 13, "reblogs": 0, "replies": 11, "standalone": 2}
    assert data["top_hashtags"][0] == {"name": "cats", "count": 2}
    assert data["top_statuses"] == {k: first["id"] for k in ("by_reblogs", "by_favourites", "by_replies")}
    assert [s["id"] for s in wrapped["statuses"]] == [first["id"]]
    assert [a["username"] for a in wrapped["accounts"]] == ["alice"]
    month = data["time_series"][int(first["created_at"][5:7]) - 1]
    assert (month["statuses"], month["followers"], month["following"]) == (13, 1, 1)
    assert sum(m["statuses"] for m in data["time_series"]) == 13 and len(data["time_series"]) == 12
    assert [r["year"] for r in alice.get(YEAR)["annual_reports"]] == [year]
    assert bob.get(YEAR)["annual_reports"] == []
    alice.post(f"{YEAR}/{year}/read")
    assert alice.get(YEAR)["annual_reports"] == []
    assert alice.get(f"{YEAR}/{year}")["annual_reports"][0]["year"] == year


def test_who_did_nothing_has_no_report(december):
    server, alice, bob, lurker, first, year = december
    for api, y in (lurker, year), (alice, year + 1), (alice, year - 1), (alice, 0):
        assert api.get(f"{YEAR}/{y}/state") == {"state": "ineligible"}
        api.post(f"{YEAR}/{y}/generate", expect=422)
        api.get(f"{YEAR}/{y}", expect=404)
    bob.post(f"{YEAR}/{year}/generate", expect=202)
    path = wait_for(server, bob)
    assert bob.get(f"{YEAR}/{year}")["annual_reports"][0]["data"]["archetype"] == "lurker"
    server.shift_clock(hours=3)
    server.wait_until(lambda: bob.request("GET", path, expect=None) and bob.last.status_code == 404)


def test_before_december_there_is_none(june):
    alice = june.user()
    year = int(alice.toot("Hello")["created_at"][:4])
    assert alice.get(f"{YEAR}/{year}/state") == {"state": "ineligible"}


def test_nobody_is_asked_for_money_unless_the_operators_do(server, alice, anon):
    anon.get("/api/v1/donation_campaigns", expect=401)
    alice.get("/api/v1/donation_campaigns", expect=204)
    server.cli("settings", "set", "donation_url", "http://give.example", status=65)
    server.cli("settings", "set", "donation_url", "https://give.example/us")
    server.cli("settings", "set", "donation_message", "Servers cost money.")
    campaign = alice.get("/api/v1/donation_campaigns")
    assert campaign["donation_url"] == "https://give.example/us"
    assert (campaign["donation_message"], campaign["donation_button_text"]) == ("Servers cost money.", "Donate")
    server.cli("settings", "set", "donation_url", "")
    alice.get("/api/v1/donation_campaigns", expect=204)

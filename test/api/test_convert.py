"""`dassie convert`: a server goes on with the other engine as if nothing had happened."""
import re
import sqlite3

import pytest
from postgres import query
from samples import picture
from server import Server


def live(server):
    """People who do a little of everything, and what they see."""
    alice, bob = server.user(), server.user()
    bob.follow(alice)
    posts = [alice.toot(f"post {n} #tag") for n in range(3)]
    media = alice.request("POST", "/api/v2/media", files={"file": ("x.png", picture("png"))})
    posts.append(alice.toot("ünïcode unicode 🐘 with a picture", media_ids=[media["id"]]))
    bob.post(f"/api/v1/statuses/{posts[0]['id']}/reblog")
    bob.post(f"/api/v1/statuses/{posts[1]['id']}/favourite")
    alice.put(f"/api/v1/statuses/{posts[2]['id']}", {"status": "post 2, better"})
    server.wait_notification(alice, "favourite", bob.name)
    return (alice, bob), posts


def plain(value):
    """Without what a moment changes: addresses keep their port."""
    return re.sub(r"127\.0\.0\.1:\d+", "here", str(value))


def seen(server, api):
    again = server.api(api.token)
    return [plain(again.get(path)) for path in ("/api/v1/timelines/home", "/api/v1/notifications", "/api/v1/favourites",
                                                f"/api/v1/accounts/{api.id}/statuses", "/api/v1/accounts/verify_credentials")]


@pytest.fixture
def other(request, tmp_path, postgres):
    """An empty database of the engine that this run does not use, and one more of the one it uses."""
    if postgres is None:
        pytest.skip("needs both engines: runs with PostgreSQL")
    return postgres.database


def test_from_postgres_to_sqlite_and_back(tmp_path, other):
    first, file, last = other(), f"sqlite:{tmp_path}/moved.db", other()
    with Server(tmp_path / "server", database=first) as server:
        people, posts = live(server)
        before = [seen(server, p) for p in people]
        server.stop()
        for target in (file, last):
            said = server.cli("convert", "--to", target)
            assert re.search(r"copied \d{2,} rows of \d{2,} tables", said), said
            assert server.cli("convert", "--to", target, status=65) == "", "never into one that is not empty"
            server.config["database"] = target
            server.start()
            assert [seen(server, p) for p in people] == before
            again = server.api(people[0].token)
            fresh = again.toot(f"after the move to {target.split(':')[0]}")
            assert again.get(f"/api/v1/statuses/{fresh['id']}")["id"] == fresh["id"]
            again.delete(f"/api/v1/statuses/{fresh['id']}")
            server.shift_clock(minutes=11)  # the index of the search is made anew
            server.wait_until(lambda: [s["id"] for s in again.get("/api/v2/search", q="unicode", type="statuses")["statuses"]] == [posts[3]["id"]])
            before = [seen(server, p) for p in people]
            server.cli("check")
            server.stop()
    rows = sqlite3.connect(tmp_path / "moved.db").execute("PRAGMA foreign_key_check").fetchall()
    assert rows == [] and query(last, "SELECT count(*) FROM status WHERE reblog_of_id IS NOT NULL") == [(1,)]


def test_what_is_refused(tmp_path, new_database):
    server = Server(tmp_path / "server", database=new_database())
    server.cli("migrate")
    server.cli("convert", status=64)
    server.cli("convert", "--to", "nonsense", status=65)

"""Lists that people take with them: exports, imports, what fails, what is removed."""
import csv
import io

import pytest


def rows(api, kind):
    text = api.get(f"/api/v1/exports/{kind}")
    assert api.last.headers["Content-Type"].startswith("text/csv") and f'{kind}.csv' in api.last.headers["Content-Disposition"]
    return list(csv.reader(io.StringIO(text)))


def bring(api, kind, text, mode="merge", expect=200):
    return api.request("POST", "/api/v1/imports", expect, data={"type": kind, "mode": mode}, files={"data": (f"{kind}.csv", text)})


def finish(server, api, made):
    path = f"/api/v1/imports/{made['id']}"
    server.wait_until(lambda: api.get(path)["state"] == "finished")
    return api.get(path)


@pytest.fixture
def people(server):
    return [server.user() for _ in range(4)]


def test_what_was_exported_can_be_imported(server, people):
    me, a, b, c = people
    for other in a, b:
        me.follow(other)
    a_id, b_id, c_id = (server.api(p.token).get("/api/v1/accounts/verify_credentials")["id"] for p in (a, b, c))
    me.post(f"/api/v1/accounts/{a_id}/follow", {"reblogs": False, "notify": True, "languages": ["de", "fr"]})
    me.post(f"/api/v1/accounts/{c_id}/mute", {"notifications": False})
    post = a.toot("Worth keeping")
    me.post(f"/api/v1/statuses/{post['id']}/bookmark")
    cats = me.post("/api/v1/lists", {"title": 'Cats, "big" ones'})
    me.post(f"/api/v1/lists/{cats['id']}/accounts", {"account_ids": [b_id]})
    assert rows(me, "following") == [["Account address", "Show boosts", "Notify on new posts", "Languages"],
                                     [a.name, "false", "true", "de, fr"], [b.name, "true", "false", ""]]
    assert rows(me, "mutes") == [["Account address", "Hide notifications"], [c.name, "false"]]
    assert rows(me, "bookmarks") == [[post["uri"]]]
    assert rows(me, "lists") == [['Cats, "big" ones', b.name]]
    assert rows(a, "followers") == [[me.name]] and rows(me, "blocks") == []
    new = server.user()
    for kind in "following", "mutes", "bookmarks", "lists":
        done = finish(server, new, bring(new, kind, me.get(f"/api/v1/exports/{kind}")))
        assert (done["type"], done["failed"], done["done"]) == (kind, 0, done["rows"])
    for kind in "following", "mutes", "bookmarks", "lists":
        assert rows(new, kind) == rows(me, kind)


def test_columns_may_stand_in_any_order_and_rows_fail_one_by_one(server, people):
    me, a, b, _ = people
    text = f"\ufeffShow boosts,Account address\r\nfalse,@{a.name}@{server.host}\r\ntrue,nobody_here_of_that_name\r\ntrue,{me.name}\r\n"
    done = finish(server, me, bring(me, "following", text))
    assert (done["rows"], done["done"], done["failed"]) == (3, 3, 2)
    assert rows(me, "following")[1:] == [[a.name, "false", "false", ""]]
    failures = list(csv.reader(io.StringIO(me.get(f"/api/v1/imports/{done['id']}/failures"))))
    assert failures[0][-1] == "Error" and [r[0] for r in failures[1:]] == ["nobody_here_of_that_name", me.name]
    assert all(r[-1] for r in failures[1:])


def test_overwriting_removes_what_the_file_has_not(server, people):
    me, a, b, c = people
    for other in a, b:
        me.follow(other)
    finish(server, me, bring(me, "following", f"{b.name}\n{c.name.upper()}\n", mode="overwrite"))
    assert sorted(r[0] for r in rows(me, "following")[1:]) == sorted([b.name, c.name])
    finish(server, me, bring(me, "blocks", f"{a.name}\n"))
    finish(server, me, bring(me, "blocks", f"{c.name}\n", mode="overwrite"))
    assert rows(me, "blocks") == [[c.name]]
    assert [r[0] for r in rows(me, "following")[1:]] == [b.name]  # a block ends the follow


def test_domains(server, people):
    me = people[0]
    finish(server, me, bring(me, "domain_blocks", "#domain\nloud.example\nRUDE.example\n"))
    assert rows(me, "domain_blocks") == [["loud.example"], ["rude.example"]]
    finish(server, me, bring(me, "domain_blocks", "rude.example\nspam.example\n", mode="overwrite"))
    assert sorted(me.get("/api/v1/domain_blocks")) == ["rude.example", "spam.example"]


def test_what_is_no_import(server, people, anon):
    me = people[0]
    for kind, text in (("following", ""), ("following", "Account address\n"), ("following", "not an address!\n"),
                       ("bookmarks", "ftp://x/\n"), ("lists", "only a title\n"), ("followers", "a\n"), ("bookmarks", "https://x/" + "\x01" * 3_000_000), ("lists", "x" * 2049 + ",a\n"), ("domain_blocks", "not a domain\n"), ("nothing", "a\n"),
                       ("following", b"\xff\xfe\n"), ("following", "a\n" * 20001), ("following", "x" * (4 * 1024 * 1024 + 1))):
        bring(me, kind, text, expect=422)
    bring(me, "lists", "Title,a\n", mode="overwrite", expect=422)
    me.post("/api/v1/imports", {"type": "following"}, expect=422)
    assert me.get("/api/v1/imports") == []
    me.get("/api/v1/exports/everything", expect=404)
    for path in "/api/v1/exports/following", "/api/v1/imports":
        anon.get(path, expect=401)
    bring(server.api(server.token(me.name, "read")), "following", "a\n", expect=403)


def test_imports_are_their_owners(server, people):
    me, other, a, _ = people
    done = finish(server, me, bring(me, "following", a.name))
    for suffix in "", "/failures":
        other.get(f"/api/v1/imports/{done['id']}{suffix}", expect=404)
    other.delete(f"/api/v1/imports/{done['id']}", expect=404)
    assert [i["id"] for i in me.get("/api/v1/imports")] == [done["id"]] and other.get("/api/v1/imports") == []
    me.delete(f"/api/v1/imports/{done['id']}")
    assert me.get("/api/v1/imports") == []
    me.delete(f"/api/v1/imports/{done['id']}", expect=404)


def test_an_import_goes_on_after_a_crash(own_server):
    server = own_server()
    me = server.user()
    people = [server.user(f"person{i}") for i in range(12)]
    made = bring(me, "following", "".join(f"{p.name}\n" for p in people))
    server.kill()
    server.start()
    server.shift_clock(minutes=10)
    me = server.api(server.token(me.name))
    done = finish(server, me, made)
    assert (done["done"], done["failed"]) == (12, 0) and len(rows(me, "following")) == 13

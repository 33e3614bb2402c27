"""Accounts: showing, finding, changing a profile; what strangers may read of it."""
import base64
import re
import secrets

import pytest

PNG = base64.b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==")


def update(api, expect=200, **fields):
    return api.patch("/api/v1/accounts/update_credentials", fields, expect)


# --- showing ---------------------------------------------------------------------------------------------------------

def test_an_account_is_public(alice, anon, server):
    a = anon.get(f"/api/v1/accounts/{alice.id}")
    assert (a["id"], a["username"], a["acct"]) == (alice.id, alice.name, alice.name)
    assert a["url"] == f"{server.url}/@{alice.name}"
    assert (a["followers_count"], a["following_count"], a["statuses_count"], a["last_status_at"]) == (0, 0, 0, None)
    assert "source" not in a and "role" not in a
    assert alice.email not in anon.last.text


def test_several_accounts_at_once(alice, bob, anon):
    got = anon.get("/api/v1/accounts", id=[bob.id, alice.id, "1"])
    assert [a["id"] for a in got] == [bob.id, alice.id]
    anon.get("/api/v1/accounts", id=[alice.id] * 41, expect=422)


def test_verify_credentials_is_the_caller(alice):
    a = alice.get("/api/v1/accounts/verify_credentials")
    assert a["id"] == alice.id
    assert a["source"] == a["source"] | {"privacy": "public", "sensitive": False, "language": None, "note": "", "fields": [],
                                         "follow_requests_count": 0}
    assert (a["role"]["id"], a["role"]["collection_limit"]) == ("-99", 10)


def test_lookup_takes_every_handle_of_ours(alice, anon, server):
    for acct in (alice.name, alice.name.upper(), f"@{alice.name}", f"{alice.name}@{server.host}", f"acct:{alice.name}@{server.host}"):
        assert anon.get("/api/v1/accounts/lookup", acct=acct)["id"] == alice.id
    for acct in ("", "nobody_of_that_name", f"{alice.name}@elsewhere.test", "a b", "@", "\u0000"):
        anon.get("/api/v1/accounts/lookup", acct=acct, expect=(404, 422))


def test_search_in_every_spelling(alice, bob, server):
    name = "Zo\u00eb Unmistakable " + secrets.token_hex(4)
    update(bob, display_name=name)
    spellings = [bob.name, "@" + bob.name, f"{bob.name}@{server.host}", f"@{bob.name}@{server.host}", f"acct:{bob.name}@{server.host}",
                 f"{server.url}/@{bob.name}", f"{server.host}/@{bob.name}", bob.name[:-3], name, name.lower(), "unmistak"]
    for q in spellings:
        assert bob.id in [a["id"] for a in alice.get("/api/v1/accounts/search", q=q)], q


def test_search_does_not_take_wildcards(alice, bob):
    assert alice.get("/api/v1/accounts/search", q="%") == []
    assert alice.get("/api/v1/accounts/search", q=bob.name[:3] + "_" * 5) == []
    assert alice.get("/api/v1/accounts/search", q="") == []


def test_search_among_those_i_follow(alice, bob, carol):
    prefix = "fo" + secrets.token_hex(4)
    update(bob, display_name=prefix + " b"), update(carol, display_name=prefix + " c")
    alice.follow(bob)
    assert {a["id"] for a in alice.get("/api/v1/accounts/search", q=prefix)} == {bob.id, carol.id}
    assert [a["id"] for a in alice.get("/api/v1/accounts/search", q=prefix, following="true")] == [bob.id]
    assert len(alice.get("/api/v1/accounts/search", q=prefix, limit=1)) == 1
    assert len(alice.get("/api/v1/accounts/search", q=prefix, offset=1)) == 1


# --- statuses of an account --------------------------------------------------------------------------------------------

def ids(posts):
    return [s["id"] for s in posts]


def test_statuses_with_every_filter(alice, bob, anon):
    plain = alice.toot("plain #one")
    other = bob.toot("something")
    reply = alice.toot(f"@{bob.name} reply", in_reply_to_id=other["id"])
    own = alice.toot("to myself", in_reply_to_id=plain["id"])
    boost = alice.post(f"/api/v1/statuses/{other['id']}/reblog")
    quiet = alice.toot("quiet", visibility="unlisted")
    private = alice.toot("private", visibility="private")
    direct = alice.toot(f"@{bob.name} direct", visibility="direct")
    path = f"/api/v1/accounts/{alice.id}/statuses"
    everything = ids([direct, private, quiet, boost, own, reply, plain])
    assert ids(alice.get(path)) == everything
    assert ids(anon.get(path)) == ids([quiet, boost, own, reply, plain])
    assert ids(bob.get(path)) == ids([direct, quiet, boost, own, reply, plain])
    assert ids(bob.get(path, exclude_direct="true")) == ids([quiet, boost, own, reply, plain])
    assert ids(alice.get(path, exclude_replies="true")) == ids([direct, private, quiet, boost, own, plain])
    assert ids(alice.get(path, exclude_reblogs="true")) == [i for i in everything if i != boost["id"]]
    assert ids(anon.get(path, tagged="ONE")) == [plain["id"]]
    assert anon.get(path, only_media="true") == []
    alice.post(f"/api/v1/statuses/{plain['id']}/pin")
    assert ids(anon.get(path, pinned="true")) == [plain["id"]]


def test_statuses_page_by_page(alice, anon):
    made = ids([alice.toot(str(i)) for i in range(7)])[::-1]
    path = f"/api/v1/accounts/{alice.id}/statuses"
    assert ids(anon.pages(path, limit=3)) == made
    anon.get(path, limit=3, exclude_replies="true")
    assert "exclude_replies=" in anon.last.links["next"]["url"] and "limit=3" in anon.last.links["next"]["url"]
    assert f"min_id={made[0]}" in anon.last.links["prev"]["url"]
    assert ids(anon.get(path, min_id=made[6], limit=2)) == made[4:6]
    assert ids(anon.get(path, since_id=made[6], limit=2)) == made[:2]


# --- profile -----------------------------------------------------------------------------------------------------------

def test_update_profile(alice, bob, anon, server):
    got = update(alice, display_name="  Alice \u202e<b>  ", note=f"Hello @{bob.name} #Tag https://example.com/", locked=True, bot=True,
                 discoverable=True, indexable=True, hide_collections=True,
                 fields_attributes=[{"name": "Site", "value": "https://example.com/me"}, {"name": "", "value": ""}],
                 source={"privacy": "unlisted", "sensitive": True, "language": "de"})
    assert got["display_name"] == "Alice <b>"
    assert got["locked"] and got["bot"] and got["discoverable"] and got["indexable"] and got["hide_collections"]
    assert got["source"]["note"] == f"Hello @{bob.name} #Tag https://example.com/"
    assert (got["source"]["privacy"], got["source"]["sensitive"], got["source"]["language"]) == ("unlisted", True, "de")
    assert got["source"]["fields"][0]["value"] == "https://example.com/me"
    seen = anon.get(f"/api/v1/accounts/{alice.id}")
    assert f'href="{server.url}/@{bob.name}"' in seen["note"] and "/tags/" in seen["note"]
    assert [f["name"] for f in seen["fields"]] == ["Site"]
    assert re.search(r'<a href="https://example.com/me"[^>]* rel="[^"]*\bme\b', seen["fields"][0]["value"])
    post = alice.toot("with my defaults")
    assert (post["visibility"], post["sensitive"], post["language"]) == ("unlisted", True, "de")
    again = update(alice, locked=False)  # what is not named stays
    assert again["display_name"] == "Alice <b>" and again["fields"] and again["source"]["language"] == "de" and not again["locked"]


def test_update_with_a_form_and_numbered_fields(alice):
    got = alice.request("PATCH", "/api/v1/accounts/update_credentials", data={
        "display_name": "Form", "fields_attributes[0][name]": "a", "fields_attributes[0][value]": "1",
        "fields_attributes[1][name]": "b", "fields_attributes[1][value]": "2", "source[privacy]": "private"})
    assert [(f["name"], f["value"]) for f in got["fields"]] == [("a", "1"), ("b", "2")]
    assert got["source"]["privacy"] == "private"
    assert update(alice, fields_attributes=[])["fields"] in ([], got["fields"])


@pytest.mark.parametrize("fields", [
    {"display_name": "x" * 41}, {"note": "x" * 501}, {"fields_attributes": [{"name": "n", "value": "x" * 256}]},
    {"fields_attributes": [{"name": "x" * 256, "value": "v"}]}, {"fields_attributes": [{"name": "", "value": "v"}]},
    {"fields_attributes": [{"name": str(i), "value": "v"} for i in range(5)]}, {"source": {"privacy": "direct"}},
    {"source": {"privacy": "none"}}, {"locked": "perhaps"}, {"attribution_domains": ["not a domain"]},
    {"avatar_description": "x" * 151},
])
def test_updates_that_are_refused_change_nothing(alice, fields):
    before = alice.get("/api/v1/accounts/verify_credentials")
    assert update(alice, expect=422, **({"note": "changed"} | fields))["error"]
    assert alice.get("/api/v1/accounts/verify_credentials") == before


def test_lengths_are_counted_as_people_see_them(alice):
    family = "\U0001F468\u200D\U0001F469\u200D\U0001F467"
    assert update(alice, display_name=family * 40)["display_name"] == family * 40
    update(alice, display_name=family * 41, expect=422)
    link = "https://example.com/" + "x" * 400
    assert update(alice, note="y" * 476 + " " + link)["source"]["note"].endswith(link)


def test_avatar_and_header(alice, anon):
    empty = alice.get("/api/v1/accounts/verify_credentials")
    assert empty["avatar"].endswith("missing.png")
    got = alice.request("PATCH", "/api/v1/accounts/update_credentials",
                        files={"avatar": ("a.png", PNG, "image/png"), "header": ("h.png", PNG, "image/png")},
                        data={"avatar_description": "a dot"})
    assert not got["avatar"].endswith("missing.png") and not got["header"].endswith("missing.png")
    assert got["avatar_description"] == "a dot"
    path = got["avatar"].split("//", 1)[1].split("/", 1)[1]
    anon.request("GET", "/" + path)
    assert anon.last.headers["Content-Type"].startswith("image/")
    assert alice.delete("/api/v1/profile/avatar")["avatar"].endswith("missing.png")
    got = alice.delete("/api/v1/profile/header")
    assert got["header"].endswith("missing.png") and got["avatar_description"] == ""
    alice.request("PATCH", "/api/v1/accounts/update_credentials", files={"avatar": ("a.png", b"no picture", "image/png")}, expect=422)


def test_unlocking_accepts_those_who_wait(alice, bob):
    update(alice, locked=True)
    assert bob.follow(alice)["requested"]
    assert alice.get("/api/v1/accounts/verify_credentials")["source"]["follow_requests_count"] == 1
    update(alice, locked=False)
    rel = bob.get("/api/v1/accounts/relationships", **{"id[]": alice.id})[0]
    assert rel["following"] and not rel["requested"]


# --- odd parameters --------------------------------------------------------------------------------------

LISTS = ["/api/v1/accounts/{id}/statuses", "/api/v1/accounts/{id}/followers", "/api/v1/accounts/{id}/following",
         "/api/v1/timelines/home", "/api/v1/timelines/public", "/api/v1/timelines/tag/x", "/api/v1/notifications",
         "/api/v1/blocks", "/api/v1/mutes", "/api/v1/follow_requests", "/api/v1/followed_tags"]


@pytest.mark.parametrize("path", LISTS)
def test_c41_odd_limits_and_ids(alice, path):
    path = path.format(id=alice.id)
    for limit in ("0", "-1", "1000000000", "NaN", "1e3", "", "9" * 30, "null"):
        assert len(alice.get(path, limit=limit, expect=(200, 422)) or []) <= 200
    for cursor in ("0", "-1", "x", "18446744073709551616", "9223372036854775807", "NaN", ""):
        for name in ("max_id", "min_id", "since_id"):
            alice.get(path, **{name: cursor}, expect=(200, 422))
    alice.get(path, max_id="1", min_id="9000000000000000000")


def test_c44_the_same_in_every_encoding(alice, bob):
    path = f"/api/v1/accounts/{bob.id}/mute"
    sent = [dict(json={"notifications": False, "duration": 300}), dict(data={"notifications": "false", "duration": "300"}),
            dict(files={"notifications": (None, "0"), "duration": (None, "300")}), dict(params={"notifications": "off", "duration": 300})]
    for body in sent:
        rel = alice.request("POST", path, **body)
        assert rel["muting"] and not rel["muting_notifications"] and rel["muting_expires_at"]
        alice.post(f"/api/v1/accounts/{bob.id}/unmute")
    json_type = {"Content-Type": "application/json"}
    for raw in (b'{"duration": NaN}', b'{"duration": 1e400}', b'{"duration": 1} x', b"[" * 10000, b"[" * 20000, b'{"duration": [1]}', b'{"notifications": {}}',
                b'{"duration": "a"}', b'{"duration": -1}'):
        assert alice.request("POST", path, expect=(400, 413, 422), data=raw, headers=json_type)["error"]
    assert not alice.get("/api/v1/accounts/relationships", **{"id[]": bob.id})[0]["muting"]


def test_c58_unknown_accounts_look_alike(alice, bob, anon):
    for suffix in ("", "/statuses", "/followers", "/following"):
        answers = set()
        for unknown in ("1", "999999999999999999"):
            anon.get(f"/api/v1/accounts/{unknown}{suffix}", expect=404)
            answers.add((anon.last.text, tuple(sorted(k for k in anon.last.headers))))
        assert len(answers) == 1
    bodies = set()
    private = bob.toot("private", visibility="private")["id"]
    direct = bob.toot("direct", visibility="direct")["id"]
    gone = bob.toot("gone")["id"]
    bob.delete(f"/api/v1/statuses/{gone}")
    blocked = bob.toot("blocked")["id"]
    bob.post(f"/api/v1/accounts/{alice.id}/block")
    for status in ("1", private, direct, gone, blocked):
        for method, tail in (("GET", ""), ("GET", "/context"), ("POST", "/favourite"), ("POST", "/reblog"), ("POST", "/bookmark")):
            alice.request(method, f"/api/v1/statuses/{status}{tail}", expect=404)
            bodies.add((alice.last.text, "ETag" in alice.last.headers))
    assert len(bodies) == 1

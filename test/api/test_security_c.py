"""Input of clients: every field of every route as every JSON type, and as forms; texts that cost scanners time.  Numbered as in the list of
what must not break (46, 51, 52)."""
import json
import os
import pathlib
import random
import re

import pytest
from timing import PATIENCE

SHARED = pathlib.Path(os.environ.get("DASSIE_SHARED") or pathlib.Path(__file__).resolve().parents[3] / "shared")
OPENAPI = SHARED / "api/openapi.json"
DEEP = "[" * 60 + "]" * 60

# JSON texts that no field expects, or not there.  Bytes, as some are no JSON.
WRONG = [t if isinstance(t, bytes) else t.encode() for t in (
    "null", "true", "0", "-1", "1.5", "1e400", "9" * 40, '""', '"x"', '" "', "[]", "[null]", '[["x"]]', "{}", '{"0":"x"}', '{"a":[{}]}', '{"id":{"id":1}}', DEEP,
    '"' + "x" * 100_000 + '"', r'"a\u0000b"', r'"\ud800"', r'"‮﷽​"', b'"\xff\xfe"', b'"\xc0\xaf"', "NaN", '"%00%s%n"', '"2026-13-45T99:99:99Z"', '"-9223372036854775808"',
    json.dumps(["x" * 50] * 300), '{"%s":1}' % ("k" * 5000))]
FORMS = ["{f}[]=x", "{f}[][]=x", "{f}[a]=x", "{f}[a][b][c]=x", "{f}=%00", "{f}=%ff%fe", "{f}=x&{f}=y", "{f}=x&{f}[]=y", "{f}[a=x", "{f}]=x", "{f}=%", "{f}"]


def properties(schema, spec):
    """Names of the members that a request body may have, whatever alternative it is written as."""
    while "$ref" in schema:
        schema = spec["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]]
    names = dict(schema.get("properties", {}))
    for part in ("oneOf", "anyOf", "allOf"):
        for one in schema.get(part, []):
            names |= properties(one, spec)
    return names


def fields_of_routes(server):
    """[(method, path, [field])] of the routes that a client may send a body to; fields as published, or those of every route."""
    spec = json.loads(OPENAPI.read_text(encoding="utf-8"))
    published = {}
    for path, methods in spec["paths"].items():
        for method, call in methods.items():
            names = {p["name"].split("[")[0] for p in call.get("parameters", []) if isinstance(p, dict) and p.get("in") == "query"}
            for content in call.get("requestBody", {}).get("content", {}).values():
                names |= {n.split("[")[0] for n in properties(content["schema"], spec)}
            published[method.upper(), re.sub(r"{\w+}", "{}", path)] = sorted(names)
    common = ["id", "ids", "limit", "text", "status", "account_ids"]
    for route in server.routes():
        if route["method"] in ("POST", "PUT", "PATCH", "DELETE") and route["group"] in ("api", "oauth"):
            yield route["method"], route["path"], published.get((route["method"], re.sub(r":\w+", "{}", route["path"]))) or common


def concrete(path, other, status):
    """The path with ids that exist, where we know what the noun is."""
    known = {"accounts": other.id, "statuses": status["id"], "follow_requests": other.id, "tags": "word", "featured_tags": "1"}
    return re.sub(r"/(\w+)/:\w+", lambda m: f"/{m[1]}/{known.get(m[1], '1')}", path)


@pytest.fixture(scope="module")
def writer(server):
    return server.user()


@pytest.mark.skipif(not OPENAPI.exists(), reason="the published schema is not here")
def test_52_wrong_types_in_every_field(server):
    """No value makes a 500, and the server says the same afterwards.  Half of the bodies have fitting neighbours."""
    dice = random.Random(52)
    other, user = server.user(), server.user()
    sent = 0
    for method, path, fields in sorted(fields_of_routes(server)):
        if server.api(user.token).get("/api/v1/accounts/verify_credentials", expect=None).get("id") != user.id:
            user = server.user()  # the last route logged it out
        target = user.base + concrete(path, other, user.toot("x"))
        for field in fields:
            wrong = dice.sample(WRONG, 9)
            wrong += [b"1,%s:" % json.dumps(field).encode() + dice.choice(WRONG)]  # twice the same key
            for value in wrong:
                near = {f: "1" for f in fields if f != field and dice.random() < 0.5}
                body = json.dumps(near).encode()[:-1] + (b"," if near else b"") + json.dumps(field).encode() + b":" + value + b"}"
                r = user.http.request(method, target, data=body, headers={"Content-Type": "application/json"}, allow_redirects=False, timeout=PATIENCE)
                sent += 1
                assert r.status_code < 500, f"{method} {path} {body[:300]}: {r.status_code} {r.text[:500]}"
            for form in dice.sample(FORMS, 3):
                r = user.http.request(method, target, data=form.format(f=field), headers={"Content-Type": "application/x-www-form-urlencoded"},
                                      allow_redirects=False, timeout=PATIENCE)
                sent += 1
                assert r.status_code < 500, f"{method} {path} {form} {field}: {r.status_code} {r.text[:500]}"
        assert server.api().get("/health") == "OK"
    assert sent > 1000 and not server.log.faults()
    assert other.toot("still here")["content"] == "<p>still here</p>"


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b"1", b'"x"', b"\xef\xbb\xbf{}", b"{} {}", b"{}x", b"NaN", b'{"status":"a","status":{}}',
                                  b'{"a":' * 10_000, b"[" * 10_000, b'{"status":"\xff"}', b"{" + b",".join(b'"k%d":1' % n for n in range(5000)) + b"}"], ids=lambda b: repr(b[:12]))
def test_44_bodies_that_are_no_object(writer, body):
    r = writer.http.post(writer.base + "/api/v1/statuses", data=body, headers={"Content-Type": "application/json"}, timeout=PATIENCE)
    assert r.status_code in (400, 413, 422), r.text


def test_44_the_last_of_two_keys_or_none(writer):
    """What a reader before us took from the body is what we take; never half of each."""
    r = writer.http.post(writer.base + "/api/v1/statuses", data=b'{"status":"first","status":"second"}', headers={"Content-Type": "application/json"}, timeout=PATIENCE)
    assert r.status_code in (400, 422) or r.json()["content"] == "<p>second</p>"


WORST = {
    "mentions of dots": "@a." + "a.a" * 300_000, "at signs": "@" * 900_000, "halves of handles": "@a@" * 300_000, "hashtags": "#a" * 450_000,
    "hashes": "#" * 900_000, "links": "http://" * 120_000, "links in brackets": "https://a.test/" + "(" * 900_000, "colons": ":a" * 450_000,
    "open tags": "<" * 900_000, "open entities": "&" * 900_000, "stars": "*" * 900_000, "open brackets": "[" * 900_000, "marks": "a" + "\u0301" * 450_000,
    "joined": "\U0001F468\u200d" * 120_000, "blanks": " \n" * 450_000, "right to left": "\u202e" * 300_000,
}


@pytest.mark.parametrize("name", WORST)
def test_51_a_megabyte_of_the_worst_is_refused_or_posted_soon(server, writer, name):
    """Time grows with the length, not with its square: a square of 900,000 steps would take minutes."""
    began = server.cpu()
    writer.post("/api/v1/statuses", {"status": WORST[name]}, expect=(200, 413, 422), timeout=PATIENCE)
    writer.patch("/api/v1/accounts/update_credentials", {"note": WORST[name]}, expect=(200, 413, 422), timeout=PATIENCE)
    writer.get("/api/v2/search", q=WORST[name][:6000], expect=(200, 400, 414, 422, 431))
    assert server.cpu() - began < 20


@pytest.mark.parametrize("name", WORST)
def test_51_what_fits_into_a_post_is_fast(server, writer, name):
    limit = writer.get("/api/v2/instance")["configuration"]["statuses"]["max_characters"]
    began = server.cpu()
    for content_type in ("text/plain", "text/markdown"):
        writer.post("/api/v1/statuses", {"status": "x" + WORST[name][:limit - 1], "content_type": content_type}, expect=(200, 422))
    assert server.cpu() - began < 20


@pytest.mark.parametrize("poll", [
    {"options": ["x"], "expires_in": 300}, {"options": [f"o{n}" for n in range(9)], "expires_in": 300}, {"options": [f"o{n}" for n in range(500)], "expires_in": 300},
    {"options": [f"o{n}" for n in range(20_000)], "expires_in": 300}, {"options": ["same", "same"], "expires_in": 300}, {"options": ["same", " same "], "expires_in": 300},
    {"options": ["x" * 100_000, "b"], "expires_in": 300}, {"options": ["a", "b"], "expires_in": -1}, {"options": ["a", "b"], "expires_in": 0},
    {"options": ["a", "b"], "expires_in": 10**12}, {"options": ["a", "b"], "expires_in": 10**30}, {"options": {"a": "b"}, "expires_in": 300},
    {"options": [["a"], ["b"]], "expires_in": 300}, {"options": "ab", "expires_in": 300}, {"options": ["a", None], "expires_in": 300},
    {"options": ["\u200b", "\u200b\u200b"], "expires_in": 300}], ids=lambda p: json.dumps(p)[:60])
def test_46_odd_polls_are_refused(writer, poll):
    before = writer.get("/api/v1/accounts/verify_credentials")["statuses_count"]
    assert writer.post("/api/v1/statuses", {"status": "?", "poll": poll}, expect=(400, 413, 422))["error"]
    assert writer.get("/api/v1/accounts/verify_credentials")["statuses_count"] == before

"""Translation of posts by a service of the LibreTranslate kind, and posts inside other sites."""
import json
import re

import pytest
import requests
from remote import Remote
from server import Server
from timing import PATIENCE

LANGUAGES = [{"code": "en", "name": "English", "targets": ["de", "en"]}, {"code": "de", "name": "German", "targets": ["en", "de"]}]


@pytest.fixture(scope="module")
def service():
    """It "translates" by turning letters to capitals outside of tags, and can be told to fail."""
    with Remote(["translate.test"]) as r:
        def translate(h):
            asked = r.arrived[-1].json
            texts = [re.sub(r"(<[^>]*>|&\w+;)|[^<&]+", lambda m: m[1] or m[0].upper(), t) for t in asked["q"]]
            texts[0] += '<script>alert(1)</script><img src=x onerror=alert(1)>'
            r._write(h, (200, {"Content-Type": "application/json"}, json.dumps(
                {"translatedText": texts, "detectedLanguage": [{"language": "en", "confidence": 90}] * len(texts)}).encode()))
        r.answer("http://translate.test/languages", (200, {"Content-Type": "application/json"}, json.dumps(LANGUAGES).encode()))
        r.answer("http://translate.test/translate", translate)
        r.translate = translate
        yield r


@pytest.fixture(scope="module")
def here(tmp_path_factory, new_database, service):
    with Server(tmp_path_factory.mktemp("here"), database=new_database(), translate_url="http://translate.test", translate_key="k123",
                **service.keys()) as s:
        yield s


@pytest.fixture
def alice(here):
    return here.user()


@pytest.fixture
def bob(here):
    return here.user()


def translate(api, post, lang="de", expect=200, **kw):
    return api.post(f"/api/v1/statuses/{post['id']}/translate", {"lang": lang}, expect=expect, **kw)


def asked(service):
    return [a.json for a in service.arrived if a.path == "/translate"]


def test_every_text_of_a_post_is_translated_and_cleaned(here, service, alice, bob):
    post = alice.toot(f"hello <b> & @{bob.name} https://example.com/a", spoiler_text="careful & <i>", language="en",
                      poll={"options": ["first", "second & last"], "expires_in": 600})
    t = translate(bob, post)
    assert t["content"].startswith("<p>HELLO &lt;B&gt; &amp; ") and f'href="{here.url}/@{bob.name}"' in t["content"]
    assert "<script" not in t["content"] and "<img" not in t["content"]
    assert t["spoiler_text"] == "CAREFUL & <I>"
    assert t["poll"] == {"id": post["poll"]["id"], "options": [{"title": "FIRST"}, {"title": "SECOND & LAST"}]}
    assert (t["language"], t["detected_source_language"], t["provider"], t["media_attachments"]) == ("de", "en", "LibreTranslate", [])
    request = asked(service)[-1]
    assert (request["source"], request["target"], request["format"], request["api_key"]) == ("en", "de", "html", "k123")
    before = len(asked(service))
    assert translate(alice, post, "de-AT")["content"] == t["content"] and len(asked(service)) == before
    alice.put(f"/api/v1/statuses/{post['id']}", {"status": "other words"})
    assert translate(bob, post)["content"].startswith("<p>OTHER WORDS</p>") and len(asked(service)) == before + 1


def test_the_language_may_be_found_out(here, service, alice):
    post = alice.toot("no language told")
    t = translate(alice, post)
    assert t["detected_source_language"] == "en" and asked(service)[-1]["source"] == "auto"


def test_who_may_translate_what(here, alice, bob):
    post = alice.toot("hello", language="en")
    here.api().post(f"/api/v1/statuses/{post['id']}/translate", expect=401)
    translate(bob, post, "fr", expect=403)
    translate(bob, post, "en", expect=403)
    bob.follow(alice)
    translate(bob, alice.toot("hello", language="en", visibility="private"), expect=403)
    translate(bob, alice.toot("hello", language="en", visibility="direct"), expect=404)
    translate(bob, alice.toot("hello", language="en", local_only=True), expect=403)
    translate(bob, {"id": "1"}, expect=404)


def test_a_service_that_fails_is_no_fault_of_ours(here, service, alice):
    for bad in ((500, {}, b"no"), (200, {"Content-Type": "application/json"}, b'{"error": "no"}'), (403, {}, b"")):
        service.answer("http://translate.test/translate", bad)
        translate(alice, alice.toot(f"hello {bad[0]} {len(bad[2])}", language="en"), expect=503)
    service.answer("http://translate.test/translate", service.translate)
    translate(alice, alice.toot("hello again", language="en"))


def test_the_server_tells_its_languages(here, alice, server, anon):
    assert here.api().get("/api/v1/instance/translation_languages") == {"en": ["de"], "de": ["en"], "und": ["en", "de"]}
    assert here.api().get("/api/v2/instance")["configuration"]["translation"] == {"enabled": True}
    assert anon.get("/api/v1/instance/translation_languages") == {}
    assert anon.get("/api/v2/instance")["configuration"]["translation"] == {"enabled": False}
    carol = server.user()
    carol.post(f"/api/v1/statuses/{carol.toot('hello', language='en')['id']}/translate", {"lang": "de"}, expect=404)


# ---- posts inside other sites --------------------------------------------------------------------------------------------------


def fetch(here, path):
    return requests.get(here.base + path, headers={"Host": here.host}, timeout=PATIENCE, allow_redirects=False)


def test_a_public_post_can_be_embedded(here, alice):
    post = alice.toot("see me elsewhere")
    o = here.api().get("/api/oembed", url=post["url"], maxwidth=300, format="json")
    assert (o["type"], o["version"], o["width"], o["author_name"]) == ("rich", "1.0", 300, alice.name)
    assert f'<iframe src="{post["url"]}/embed" width="300"' in o["html"]
    assert here.api().get("/api/oembed", url=post["uri"])["html"].startswith(f'<iframe src="{post["url"]}/embed"')
    framed = fetch(here, post["url"].removeprefix(here.url) + "/embed")
    assert framed.status_code == 200 and "see me elsewhere" in framed.text
    assert "frame-ancestors *" in framed.headers["Content-Security-Policy"] and "X-Frame-Options" not in framed.headers
    page = fetch(here, post["url"].removeprefix(here.url))
    assert "frame-ancestors 'none'" in page.headers["Content-Security-Policy"]
    link = re.search(r'<link rel="alternate" type="application/json\+oembed" href="([^"]+)"', page.text)[1].replace("&amp;", "&")
    assert fetch(here, link.removeprefix(here.url)).json()["author_name"] == alice.name


def test_what_is_not_public_is_not_embedded(here, alice, bob):
    private = alice.toot("for followers", visibility="private")
    here_only = alice.toot("for us", local_only=True)
    boost = bob.post(f"/api/v1/statuses/{alice.toot('boost me')['id']}/reblog")
    for url in (private["url"], here_only["url"], boost["uri"], "https://example.com/@a/1", here.url + "/about", "x"):
        here.api().get("/api/oembed", url=url, expect=404)
        alice.get("/api/oembed", url=url, expect=404)
    here.api().get("/api/oembed", expect=422)
    here.api().get("/api/oembed", url=alice.toot()["url"], format="xml", expect=404)
    assert fetch(here, private["url"].removeprefix(here.url) + "/embed").status_code == 404
    assert fetch(here, alice.toot()["url"].removeprefix(here.url).replace(alice.name, bob.name) + "/embed").status_code == 404

"""Link previews: what a page says about itself, read once for the whole server."""
import json
import secrets

import pytest
from pictures import png
from remote import Remote
from server import Server

numbers = iter(range(1, 10000))
HTML = {"Content-Type": "text/html; charset=utf-8"}


@pytest.fixture(scope="module")
def far():
    with Remote(["peer.test", "www.site.test", "player.site.test", "evil.test"]) as r:
        yield r


@pytest.fixture(scope="module")
def here(tmp_path_factory, new_database, far):
    with Server(tmp_path_factory.mktemp("here"), database=new_database(), **far.keys()) as s:
        yield s


@pytest.fixture
def alice(here):
    return here.user()


@pytest.fixture
def bob(here):
    return here.user()


def page(far, head, host="www.site.test", headers=HTML):
    """A page with that head, served; its address."""
    url = f"http://{host}/page/{next(numbers)}"
    body = head if isinstance(head, bytes) else f"<!doctype html><html lang=en-GB><head>{head}</head><body>x</body></html>".encode()
    far.answer(url, (200, headers, body))
    return url


def card(here, api, post):
    return here.wait_until(lambda: api.get(f"/api/v1/statuses/{post['id']}")["card"])


def settled(here, api, post):
    """The card once nothing is left to do; None for none."""
    here.wait_until(lambda: not [j for j in here.unfinished() if "fetch_card" in j or "fan_out" in j])
    return api.get(f"/api/v1/statuses/{post['id']}")["card"]


def test_a_link_gets_a_card_and_its_page_is_read_once(here, far, alice, bob):
    far.answer("http://www.site.test/river.png", (200, {"Content-Type": "image/png"}, png(64, 32)))
    url = page(far, """<title>no</title><meta property="og:title" content="Low &amp; water"><meta property="og:description" content="The river">
        <meta property="og:image" content="/river.png"><meta property="og:image:alt" content="a dry bed"><meta property="og:site_name" content="Site">
        <meta name="author" content="Ines"><meta property="article:published_time" content="2026-07-07T12:00:00+02:00">""")
    post = alice.toot(f"look: {url}#part and {page(far, '<title>second</title>')}")
    seen = card(here, alice, post)
    assert (seen["title"], seen["description"], seen["type"], seen["language"]) == ("Low & water", "The river", "link", "en")
    assert (seen["provider_name"], seen["provider_url"], seen["author_name"]) == ("Site", "http://www.site.test", "Ines")
    assert seen["image"].startswith(here.url + "/media/") and seen["image_description"] == "a dry bed" and seen["blurhash"]
    assert (seen["width"], seen["height"]) == (64, 32) and seen["published_at"] == "2026-07-07T10:00:00.000Z"
    assert seen["authors"] == [{"name": "Ines", "url": "", "account": None}] and seen["missing_attribution"] is False
    assert alice.request("GET", seen["image"].removeprefix(here.url), 200) is not None
    again = bob.toot(f"me too {url}")
    assert card(here, bob, again)["title"] == "Low & water"
    settled(here, bob, again)
    assert far.asked[url] == 1


@pytest.mark.parametrize("head, headers", [
    ("", HTML), (b'{"a": 1}', {"Content-Type": "application/json"}), ("<title>  </title>", HTML), (b"x" * 1_200_000, HTML),
], ids=["empty", "json", "blank", "large"])
def test_pages_that_say_nothing_have_no_card(here, far, alice, head, headers):
    post = alice.toot("look: " + page(far, head, headers=headers))
    assert settled(here, alice, post) is None


def test_only_links_to_others_count(here, far, alice, bob):
    eve = far.actor(f"eve{next(numbers)}")
    post = alice.toot(f"@{bob.name} @{eve.acct} #tag {here.url}/@{bob.name} http://nowhere.invalid/x")
    assert settled(here, alice, post) is None
    media = alice.request("POST", "/api/v2/media", files={"file": ("a.png", png(), "image/png")}, expect=(200, 202))
    url = page(far, "<title>t</title>")
    assert settled(here, alice, alice.toot(url, media_ids=[media["id"]])) is None
    assert settled(here, alice, alice.toot(url, quoted_status_id=post["id"])) is None


def test_an_edit_is_looked_at_again(here, far, alice):
    one, two = page(far, "<title>one</title>"), page(far, "<title>two</title>")
    post = alice.toot(one)
    assert card(here, alice, post)["title"] == "one"
    alice.put(f"/api/v1/statuses/{post['id']}", {"status": two})
    here.wait_until(lambda: (alice.get(f"/api/v1/statuses/{post['id']}")["card"] or {}).get("title") == "two")
    alice.put(f"/api/v1/statuses/{post['id']}", {"status": "no link"})
    here.wait_until(lambda: alice.get(f"/api/v1/statuses/{post['id']}")["card"] is None)


def test_pages_in_other_encodings(here, far, alice):
    post = alice.toot(page(far, "<title>日本</title>".encode("shift_jis"), headers={"Content-Type": "text/html; charset=Shift_JIS"}))
    assert card(here, alice, post)["title"] == "日本"


def test_oembed_gives_a_player_of_the_same_house_only(here, far, alice):
    def player(src):
        n = next(numbers)
        far.answer(f"http://www.site.test/oembed/{n}", (200, {"Content-Type": "application/json"}, json.dumps({
            "type": "video", "version": "1.0", "title": "film", "width": "480", "height": 270, "author_name": "Ines",
            "html": f'<script>x()</script><iframe src="{src}" onload="x()"></iframe>'}).encode()))
        link = f'<title>t</title><link rel=alternate type="application/json+oembed" href="/oembed/{n}">'
        return card(here, alice, alice.toot(page(far, link)))
    good = player("https://player.site.test/1?a=1&b")
    assert (good["type"], good["width"], good["height"], good["author_name"]) == ("video", 480, 270, "Ines")
    assert good["html"].startswith('<iframe src="https://player.site.test/1?a=1&amp;b" width="480" height="270"')
    w = "w" + secrets.token_hex(6)
    alice.toot(f"{w} plain https://nowhere.invalid/x")
    again = alice.toot(f"{w} {good['url']}")["id"]
    here.wait_until(lambda: [s["id"] for s in alice.get("/api/v2/search", q=f"{w} has:embed")["statuses"]] == [again])
    assert len(alice.get("/api/v2/search", q=f"{w} has:link")["statuses"]) == 2
    # the first was indexed before its page was read
    here.wait_until(lambda: [s["card"]["type"] for s in alice.get("/api/v2/search", q="has:embed in:library")["statuses"]] == ["video"] * 2)
    assert "script>" not in good["html"] and "onload" not in good["html"] and "sandbox=" in good["html"]
    for src in ("https://evil.test/1", "http://player.site.test/1", "javascript:x()", "https://notsite.test/", "//evil.test/x"):
        bad = player(src)
        assert (bad["type"], bad["html"]) == ("link", "")


def test_an_author_counts_when_both_say_so(here, far, alice, bob):
    bob.patch("/api/v1/accounts/update_credentials", {"attribution_domains": ["site.test"]})
    url = page(far, f'<title>t</title><meta name="fediverse:creator" content="@{bob.name}@{here.host}">')
    seen = card(here, alice, alice.toot(url))
    assert [a["account"]["id"] for a in seen["authors"]] == [bob.id]
    url = page(far, f'<title>t</title><meta name="fediverse:creator" content="@{alice.name}@{here.host}">')
    post = alice.toot(url)
    assert card(here, alice, post)["missing_attribution"] is True
    assert bob.get(f"/api/v1/statuses/{post['id']}")["card"]["missing_attribution"] is False
    assert bob.get(f"/api/v1/statuses/{post['id']}")["card"]["authors"] == []


def test_the_timeline_of_a_link(here, far, alice, bob):
    url = page(far, "<title>t</title>")
    alice.patch("/api/v1/accounts/update_credentials", {"discoverable": True})
    alice.get("/api/v1/timelines/link", expect=422)
    alice.get("/api/v1/timelines/link", url=url, expect=404)
    posts = [alice.toot(f"{i} {url}") for i in range(3)]
    hidden = [bob.toot(url), alice.toot(url, visibility="unlisted")]
    for p in posts + hidden:
        card(here, alice, p)
    assert [s["id"] for s in here.api().pages("/api/v1/timelines/link", url=url + "#x", limit=2)] == [p["id"] for p in posts[::-1]]


def test_posts_of_others_wait_and_old_cards_are_read_again(own_server, far):
    here = own_server(**far.keys())
    alice, eve = here.user(), far.actor(f"eve{next(numbers)}")
    url = page(far, "<title>first</title>")
    note = eve.note(f'<p><a href="{url}">x</a></p>', tag=[{"type": "Mention", "href": alice.get("/api/v1/accounts/verify_credentials")["uri"]}],
                    cc=[alice.get("/api/v1/accounts/verify_credentials")["uri"]])
    eve.send(here, eve.create(note))
    copy = here.wait_until(lambda: alice.get("/api/v2/search", q=note["id"], resolve=True, type="statuses")["statuses"])[0]
    here.wait_until(lambda: [j for j in here.unfinished() if "fetch_card" in j] or alice.get(f"/api/v1/statuses/{copy['id']}")["card"])
    here.shift_clock(minutes=1)
    assert card(here, alice, copy)["title"] == "first"
    far.answer(url, (200, HTML, b"<title>second</title>"))
    here.shift_clock(days=15)
    post = alice.toot(url)
    here.wait_until(lambda: card(here, alice, post)["title"] == "second")

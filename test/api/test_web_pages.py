"""Public pages and feeds: what they show, what they never show, and the headers they come with."""
import html
import re
import secrets
import xml.etree.ElementTree as ET

import pytest
import requests
from timing import PATIENCE

ATOM = "{http://www.w3.org/2005/Atom}"
AP = 'application/ld+json; profile="https://www.w3.org/ns/activitystreams"'
EVIL = '<script>alert("x")</script>&\'">'


# The one script of ours: the same on every page, whatever stands on it.
BOOT = re.compile(r'<script type="module" src="/static/client/boot-\w+\.js" data-style="/static/client/style-\w+\.css"></script>')


def get(server, path, expect=200, **headers):
    """A page as a browser asks for it."""
    r = requests.get(server.base + path, headers={"Host": server.host, "Accept": "text/html,application/xhtml+xml,*/*;q=0.8"} | headers,
                     timeout=PATIENCE, allow_redirects=False)
    assert r.status_code == expect, f"{path}: {r.status_code} instead of {expect}\n{r.text[:1000]}"
    return r


def path_of(server, url):
    assert url.startswith(server.url + "/"), url
    return url[len(server.url):]


def metas(page):
    """property or name -> content, of all <meta>."""
    return {html.unescape(k): html.unescape(v) for k, v in re.findall(r'<meta (?:property|name)="([^"]*)" content="([^"]*)">', page)}


def links(page, rel):
    return [html.unescape(h) for h in re.findall(rf'<link rel="{rel}"[^>]*?href="([^"]*)"', page)]


# ---- what is shown ----


def test_profile_shows_its_person_and_posts(server, alice):
    alice.patch("/api/v1/accounts/update_credentials", {"display_name": "Ann Onym", "note": "I like rivers", "indexable": True,
                                                        "fields_attributes": [{"name": "Pronouns", "value": "she/her"}]})
    post = alice.toot("Seen on my profile")
    page = get(server, f"/@{alice.name}")
    assert page.headers["Content-Type"] == "text/html; charset=utf-8"
    text = page.text
    for wanted in ("Ann Onym", f"@{alice.acct}", "I like rivers", "Pronouns", "she/her", "Seen on my profile", post["url"]):
        assert wanted in text, wanted
    assert f"<title>Ann Onym (@{alice.acct})</title>" in text
    assert links(text, "canonical") == [f"{server.url}/@{alice.name}"]
    m = metas(text)
    assert m["og:type"] == "profile" and m["og:title"].startswith("Ann Onym") and m["og:description"] == "I like rivers"
    assert m["og:url"] == f"{server.url}/@{alice.name}" and m["fediverse:creator"] == "@" + alice.acct and m["twitter:card"] == "summary"
    assert "robots" not in m
    assert set(links(text, "alternate")) == {f"{server.url}/ap/users/{alice.id}", f"{server.url}/@{alice.name}.atom",
                                             f"{server.url}/@{alice.name}.rss"}
    for cls in ("h-card", "p-name", "u-photo", "p-note", "h-entry", "e-content", "dt-published"):
        assert re.search(rf'class="[^"]*\b{cls}\b', text), cls


def test_tabs_replies_and_media(server, alice, bob):
    first = bob.toot("The beginning")
    alice.toot("A plain one")
    alice.toot(f"@{bob.name} an answer", in_reply_to_id=first["id"])
    assert "an answer" not in get(server, f"/@{alice.name}").text
    replies = get(server, f"/@{alice.name}/with_replies").text
    assert "an answer" in replies and "A plain one" in replies and "In reply to" in replies
    assert re.search(r'with_replies" aria-current="page"', replies)
    media = get(server, f"/@{alice.name}/media").text
    assert "A plain one" not in media and "No public posts here." in media


def test_pages_of_posts_lead_through_all_of_them(server, alice):
    wanted = [alice.toot(f"Number {i} of many")["id"] for i in range(45)]
    seen, path, pages = [], f"/@{alice.name}", 0
    while path:
        text = get(server, path).text
        seen += re.findall(r'id="post-(\d+)"', text)
        older = re.search(r'rel="next" href="([^"]*)"', text)
        path, pages = older and html.unescape(older[1]), pages + 1
    assert seen == wanted[::-1] and pages == 3
    back = re.search(r'rel="prev" href="([^"]*)"', text)
    assert set(re.findall(r'id="post-(\d+)"', get(server, html.unescape(back[1])).text)) == set(wanted[5:25])
    assert "Nothing more here." in get(server, f"/@{alice.name}?max_id={wanted[0]}").text


def test_pinned_and_boosted(server, alice, bob):
    alice.patch("/api/v1/accounts/update_credentials", {"display_name": "Booster"})
    other, own = bob.toot("Worth sharing"), alice.toot("My best one")
    alice.post(f"/api/v1/statuses/{other['id']}/reblog")
    alice.post(f"/api/v1/statuses/{own['id']}/pin")
    text = get(server, f"/@{alice.name}").text
    assert text.index("Pinned") < text.index("My best one") < text.index("Worth sharing")
    assert re.search(r'Booster</bdi></a> boosted', text)
    assert text.count(other["url"]) == 1 and f'id="pinned-{own["id"]}"' in text
    ids = re.findall(r'\sid="([^"]*)"', text)
    assert len(ids) == len(set(ids))


def test_post_stands_in_its_thread(server, alice, bob):
    top = alice.toot("The question")
    mid = bob.toot(f"@{alice.name} The answer", in_reply_to_id=top["id"])
    low = alice.toot(f"@{bob.name} The thanks", in_reply_to_id=mid["id"])
    text = get(server, path_of(server, mid["url"])).text
    assert text.index("The question") < text.index("The answer", text.index("<main")) < text.index("The thanks")
    assert re.findall(r'class="post h-entry([^"]*)" id="post-(\d+)"', text) == [("", top["id"]), (" focal", mid["id"]), (" depth-1", low["id"])]
    m = metas(text)
    assert m["og:type"] == "article" and "The answer" in m["og:description"] and m["article:published_time"] == mid["created_at"]
    assert mid["uri"] in links(text, "alternate")


def test_content_warning_hides_the_text(server, alice):
    post = alice.toot("the hidden part", spoiler_text="Spiders", sensitive=True)
    text = get(server, path_of(server, post["url"])).text
    assert re.search(r"<details class=\"warning\">\s*<summary>.*Spiders.*</summary>.*the hidden part", text, re.S)
    head = text[:text.index("<body")]
    assert "Spiders" in head and "hidden part" not in head


def test_language_of_the_post_and_of_the_reader(server, alice):
    post = alice.toot("Bonjour", language="fr")
    path = path_of(server, post["url"])
    assert 'lang="fr">' in get(server, path).text
    german = get(server, path, **{"Accept-Language": "de-AT,en;q=0.5"})
    assert '<html lang="de" dir="ltr">' in german.text and "Zum Inhalt springen" in german.text and german.headers["Content-Language"] == "de"
    assert "Aller au contenu" in get(server, path, **{"Accept-Language": "fr"}).text
    assert "Hier ist nichts" in get(server, "/no/such/page", 404, **{"Accept-Language": "de"}).text


def test_front_page_tag_and_about(server, alice):
    tag = "t" + secrets.token_hex(6)
    alice.toot(f"Fresh from here #{tag}")
    front = get(server, "/").text
    assert "Fresh from here" in front and '/auth/sign_up"' in front and '/auth/sign_in' in front
    page = get(server, f"/tags/{tag.upper()}").text
    assert "Fresh from here" in page and links(page, "canonical") == [f"{server.url}/tags/{tag}"] and f"<title>#{tag}</title>" in page
    assert "No public posts here." in get(server, "/tags/" + tag + "x").text
    about = get(server, "/about").text
    assert "Everybody may sign up." in about
    assert get(server, "/about/more", 301).headers["Location"].endswith("/about")
    assert "Privacy policy" in get(server, "/privacy-policy").text


@pytest.mark.parametrize("mode,text,button", [("closed", "New accounts cannot be made", False), ("approval", "A moderator looks at", True)])
def test_front_page_says_who_may_join(own_server, mode, text, button):
    s = own_server(registrations=mode)
    page = get(s, "/").text
    assert text in page and ("/auth/sign_up" in page) == button and "Nothing has been posted yet." in page


# ---- what must never be shown ----


def test_only_public_posts_are_on_pages(server, alice, bob):
    alice.patch("/api/v1/accounts/update_credentials", {"indexable": True})
    tag = "t" + secrets.token_hex(6)
    posts = {v: alice.toot(f"the {v} one #{tag} @{bob.name}", visibility=v) for v in ("public", "unlisted", "private", "direct")}
    pages = [f"/@{alice.name}", f"/@{alice.name}/with_replies", f"/@{alice.name}.atom", f"/@{alice.name}.rss", f"/tags/{tag}",
             f"/tags/{tag}.atom", f"/tags/{tag}.rss", "/", path_of(server, posts["public"]["url"])]
    for path in pages:
        text = get(server, path).text
        assert "the private one" not in text and "the direct one" not in text, path
        assert ("the unlisted one" in text) == (path in pages[:4]), path
    unlisted = get(server, path_of(server, posts["unlisted"]["url"]))
    assert metas(unlisted.text)["robots"].startswith("noindex") and unlisted.headers["X-Robots-Tag"].startswith("noindex")
    assert "robots" not in metas(get(server, path_of(server, posts["public"]["url"])).text)


def test_private_and_unknown_are_the_same_404(server, alice):
    private = alice.toot("nobody sees this", visibility="private")
    answers = [get(server, p, 404) for p in (f"/@{alice.name}/{private['id']}", f"/@{alice.name}/1234567", "/@nobody_at_all", "/no/such/page")]
    for a in answers[1:]:
        assert a.content == answers[0].content
        assert {k for k in a.headers} == {k for k in answers[0].headers}
    assert answers[0].headers["Content-Type"] == "text/html; charset=utf-8" and answers[0].headers["Cache-Control"] == "private, no-store"
    assert "Nothing here" in answers[0].text and "nobody sees" not in answers[0].text


def test_thread_leaves_private_replies_out(server, alice, bob):
    top = alice.toot("Open question")
    bob.toot(f"@{alice.name} a secret answer", in_reply_to_id=top["id"], visibility="private")
    bob.toot(f"@{alice.name} an open answer", in_reply_to_id=top["id"])
    text = get(server, path_of(server, top["url"])).text
    assert "an open answer" in text and "a secret answer" not in text


def test_a_page_says_what_of_a_thread_it_leaves_out(server, alice):
    """40 posts above, 60 below: beyond them is a link, and a word."""
    chain = [alice.toot("one of many")]
    for _ in range(41):
        chain.append(alice.toot("one of many", in_reply_to_id=chain[-1]["id"]))
    page = get(server, path_of(server, chain[41]["url"])).text
    assert f'href="{html.escape(chain[1]["url"])}">Read what came before' in page and "There are more replies" not in page
    page = get(server, path_of(server, chain[40]["url"])).text
    assert "Read what came before" not in page and "other server" not in page
    page = get(server, path_of(server, chain[20]["url"])).text
    assert "There are more replies" in page and chain[40]["url"] in page and chain[41]["url"] not in page
    context = alice.get(f"/api/v1/statuses/{chain[20]['id']}/context")
    assert len(context["descendants"]) == 21 and context["cut"] == {"ancestors": False, "descendants": False}


def test_post_under_another_name_is_404(server, alice, bob):
    post = alice.toot("Mine")
    get(server, f"/@{bob.name}/{post['id']}", 404)


def test_suspended_is_gone(server):
    user = server.user()
    post = user.toot("Soon away")
    server.cli("user", "suspend", user.name)
    for path in (f"/@{user.name}", f"/@{user.name}/media", f"/@{user.name}.atom", f"/@{user.name}.rss", path_of(server, post["url"])):
        page = get(server, path, 410)
        assert "Soon away" not in page.text and "No longer here" in page.text


def test_noindex_until_its_person_agrees(server, alice):
    post = alice.toot("Not for search engines")
    for path in (f"/@{alice.name}", path_of(server, post["url"])):
        page = get(server, path)
        assert metas(page.text)["robots"] == "noindex, noarchive" and page.headers["X-Robots-Tag"] == "noindex, noarchive"


def test_robots_read_pages_but_not_the_api(server):
    text = get(server, "/robots.txt").text.splitlines()
    assert text[0] == "User-agent: *" and "Disallow: /api/" in text and "Disallow: /" not in text


# ---- hostile input ----


def test_hostile_names_and_posts_stay_text(server, alice):
    alice.patch("/api/v1/accounts/update_credentials", {
        "display_name": "</title>" + EVIL[:25], "note": EVIL + " https://a.example/?a=1&b=2",
        "fields_attributes": [{"name": EVIL[:50], "value": EVIL}]})
    post = alice.toot(EVIL + " {{site.origin}} {{{content_html}}} ]]>", spoiler_text="</summary>" + EVIL)
    for path in (f"/@{alice.name}", path_of(server, post["url"]), "/", f"/@{alice.name}/with_replies"):
        text = BOOT.sub("", get(server, path).text)
        assert "<script" not in text.lower() and "alert(&quot;x&quot;)" in text, path
        assert text.count("</title>") == 1 and not re.search(r"\son\w+=", text) and "<style" not in text
    assert "{{site.origin}}" in get(server, path_of(server, post["url"])).text
    for kind in ("atom", "rss"):
        ET.fromstring(get(server, f"/@{alice.name}.{kind}").content)


def test_hostile_paths(server):
    for path in ("/@%3Cscript%3E", "/tags/%3Cscript%3Ealert(1)%3C/script%3E", "/@a%22onload=x", "/tags/%22%3E%3Cimg%20src=x%3E"):
        r = requests.get(server.base + path, headers={"Host": server.host}, timeout=PATIENCE)
        assert r.status_code in (200, 400, 404), path
        assert "<script" not in BOOT.sub("", r.text) and "<img src=x" not in r.text, path


def test_nothing_loads_from_elsewhere(server, alice):
    alice.toot("https://a.example/picture.png <img src=https://b.example/x.png>")
    page = get(server, f"/@{alice.name}")
    policy = dict(p.strip().partition(" ")[::2] for p in page.headers["Content-Security-Policy"].split(";"))
    assert policy["default-src"] == "'none'" and policy["frame-ancestors"] == "'none'" and policy["base-uri"] == "'none'"
    words = {w for k in policy for w in policy[k].split() if k.endswith("-src")}
    assert words <= {"'none'", "'self'", "data:", "blob:", "ws://" + server.host} and policy.get("script-src", "'self'") == policy["style-src"] == "'self'"
    text = BOOT.sub("", page.text)
    assert "style=" not in text and "<script" not in text
    for src in re.findall(r'\s(?:src|poster)="([^"]*)"', page.text) + links(page.text, "stylesheet") + links(page.text, "icon"):
        assert src.startswith(("/", server.url + "/")) and not src.startswith("//"), src
        get(server, src[len(server.url):] if src.startswith(server.url) else src)


# ---- headers ----


def test_caching(server, alice):
    path = f"/@{alice.name}"
    page = get(server, path)
    assert page.headers["Cache-Control"] == "public, max-age=15, stale-while-revalidate=30"
    assert page.headers["Vary"] == "Accept, Accept-Language, Cookie" and page.headers["Access-Control-Allow-Origin"] == "*"
    assert "Set-Cookie" not in page.headers
    tag = page.headers["ETag"]
    assert tag.startswith('"') and get(server, path, 304, **{"If-None-Match": tag}).content == b""
    assert get(server, path, **{"If-None-Match": tag, "Accept-Language": "de"}).headers["ETag"] != tag
    alice.toot("Something new")
    get(server, path, **{"If-None-Match": tag})
    for header in ("Cookie", "Authorization", "Signature"):
        assert get(server, path, **{header: "x=1"}).headers["Cache-Control"] == "private, no-store", header
    head = requests.head(server.base + path, headers={"Host": server.host, "Accept": "text/html"}, timeout=PATIENCE)
    assert head.status_code == 200 and head.content == b"" and head.headers["ETag"]


def test_link_header_names_the_document(server, alice):
    post = alice.toot("Also as a document")
    assert f'<{server.url}/ap/users/{alice.id}>; rel="alternate"; type="application/activity+json"' in get(server, f"/@{alice.name}").headers["Link"]
    assert f'<{post["uri"]}>' in get(server, path_of(server, post["url"])).headers["Link"]


@pytest.mark.parametrize("accept", ["application/activity+json", AP, "application/ld+json, text/html;q=0.5"])
def test_activitypub_is_elsewhere(server, alice, accept):
    post = alice.toot("A note")
    private = alice.toot("A secret note", visibility="private")
    r = get(server, f"/@{alice.name}", 302, Accept=accept)
    assert r.headers["Location"] == f"{server.url}/ap/users/{alice.id}" and "Accept" in r.headers["Vary"]
    # What is private cannot be told from what does not exist: the redirect does not look.
    for id in (post["id"], private["id"], "123456"):
        assert get(server, f"/@{alice.name}/{id}", 302, Accept=accept).headers["Location"] == f"{server.url}/ap/users/{alice.id}/statuses/{id}"
    assert get(server, "/@nobody_at_all", 404, Accept=accept).headers["Content-Type"].startswith("application/json")


@pytest.mark.parametrize("accept", ["text/html", "*/*", "", "text/html, application/activity+json;q=0.9", "no;such/;;q=x"])
def test_html_for_everybody_else(server, alice, accept):
    assert get(server, f"/@{alice.name}", Accept=accept).headers["Content-Type"].startswith("text/html")


def test_names_in_other_spellings(server, alice):
    for path in (f"/@{alice.name.upper()}", f"/@{alice.name}@{server.host}", f"/@{alice.name}/"):
        assert links(get(server, path).text, "canonical") == [f"{server.url}/@{alice.name}"]


def test_too_many_requests_has_a_page(own_server):
    s = own_server(rate_limits="on", trusted_proxies="127.0.0.1/32")
    s.shift_to_midnight()
    session = requests.Session()
    headers = {"Host": s.host, "Accept": "text/html", "X-Forwarded-For": "192.0.2.7"}
    for _ in range(301):
        r = session.get(s.base + "/privacy-policy", headers=headers, timeout=PATIENCE)
    assert r.status_code == 429 and "Too many requests" in r.text and int(r.headers["Retry-After"]) > 0
    assert r.headers["Content-Type"] == "text/html; charset=utf-8"


# ---- feeds ----


def test_atom(server, alice):
    alice.patch("/api/v1/accounts/update_credentials", {"display_name": "Feed & Me", "note": "About <me>"})
    first = alice.toot("First & <b>foremost</b> #rivers", language="en")
    last = alice.toot("body text", spoiler_text="A warning")
    other = server.user().toot("boosted away")
    alice.toot("An answer", in_reply_to_id=other["id"])
    alice.post(f"/api/v1/statuses/{other['id']}/reblog")
    r = get(server, f"/@{alice.name}.atom")
    assert r.headers["Content-Type"] == "application/atom+xml; charset=utf-8" and r.headers["Cache-Control"].startswith("public, max-age=60")
    feed = ET.fromstring(r.content)
    assert feed.find(ATOM + "title").text == f"Feed & Me (@{alice.acct})" and feed.find(ATOM + "id").text == f"{server.url}/@{alice.name}"
    assert {(e.get("rel"), e.get("href")) for e in feed.findall(ATOM + "link")} == {
        ("self", f"{server.url}/@{alice.name}.atom"), ("alternate", f"{server.url}/@{alice.name}")}
    entries = feed.findall(ATOM + "entry")
    assert [e.find(ATOM + "id").text for e in entries] == [last["uri"], first["uri"]]
    assert feed.find(ATOM + "updated").text == last["created_at"] == entries[0].find(ATOM + "published").text
    assert entries[0].find(ATOM + "title").text == "A warning" and entries[0].find(ATOM + "content").text.startswith("<p><strong>A warning")
    assert entries[1].find(ATOM + "content").text == first["content"] and entries[1].find(ATOM + "content").get("type") == "html"
    assert entries[1].find(ATOM + "category").get("term") == "rivers"
    assert entries[1].get("{http://www.w3.org/XML/1998/namespace}lang") == "en"
    get(server, f"/@{alice.name}.atom", 304, **{"If-None-Match": r.headers["ETag"]})


def test_rss(server, alice):
    tag = "t" + secrets.token_hex(6)
    post = alice.toot(f"An item & more #{tag}")
    for path in (f"/@{alice.name}.rss", f"/tags/{tag}.rss"):
        r = get(server, path)
        assert r.headers["Content-Type"] == "application/rss+xml; charset=utf-8"
        channel = ET.fromstring(r.content).find("channel")
        item = channel.find("item")
        assert item.find("guid").text == post["uri"] and item.find("link").text == post["url"] and item.find("description").text == post["content"]
        assert re.fullmatch(r"\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT", item.find("pubDate").text)
        assert item.find("category").text == tag and channel.find("link").text == server.url + path[:-4]


def test_feed_of_nobody(server):
    get(server, "/@nobody_at_all.atom", 404)
    get(server, "/@nobody_at_all.rss", 404)

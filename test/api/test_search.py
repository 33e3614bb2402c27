"""Search: posts by their words and operators, what belongs to somebody's library, what nobody finds, people, hashtags, URLs."""
import datetime
import secrets
import time

import pytest
from pictures import png
from remote import Remote
from server import Server


def word():
    """One that no other test has."""
    return "w" + secrets.token_hex(6)


def find(api, q, **kw):
    kw.setdefault("type", "statuses")
    return [s["id"] for s in api.get("/api/v2/search", q=q, **kw)["statuses"]]


def until(server, api, q, want, **kw):
    """Until the search gives exactly these; posts are indexed beside the request."""
    server.wait_until(lambda: find(api, q, **kw) == want)


def indexable(server):
    a = server.user()
    a.patch("/api/v1/accounts/update_credentials", {"indexable": True})
    return a


@pytest.fixture(scope="module")
def author(server):
    """Somebody whose public posts everybody may find."""
    return indexable(server)


@pytest.fixture(scope="module")
def alice(server):
    return server.user()


@pytest.fixture(scope="module")
def bob(server):
    return server.user()


@pytest.fixture
def shy(server):
    """An indexable person of one test alone."""
    return indexable(server)


@pytest.fixture
def w():
    return word()


# --- who finds what -------------------------------------------------------------------------------------------------------

def test_an_address_that_grows_is_none(alice):
    """As A-labels the name is longer than an address may be."""
    for q in ("https://ü.example/" + (2048 - 19) * "a", "https://ü.example/" + (2048 - 22) * "a"):
        assert len(q.encode()) in (2048, 2045)
        assert alice.get("/api/v2/search", q=q, resolve=True)["statuses"] == []


def test_public_posts_of_indexable_people_are_found_newest_first(author, alice, server, w):
    first = author.toot(f"Crème {w} one")["id"]
    second = author.toot(f"{w.upper()} two")["id"]
    until(server, alice, w, [second, first])
    assert find(alice, f"{w} creme") == [first]
    assert find(alice, f"{w} -two") == [first]


def test_others_are_found_only_by_who_has_to_do_with_them(alice, bob, carol, server, w):
    mine = alice.toot(f"{w} of mine")["id"]
    until(server, alice, w, [mine])
    assert find(bob, w) == []
    told = alice.toot(f"@{bob.name} {w} for you", visibility="direct")["id"]
    until(server, bob, w, [told])
    assert find(carol, w) == []
    carol.post(f"/api/v1/statuses/{mine}/favourite")
    until(server, carol, w, [mine])
    carol.post(f"/api/v1/statuses/{mine}/unfavourite")
    assert find(carol, w) == []
    carol.post(f"/api/v1/statuses/{mine}/bookmark")
    assert find(carol, w) == [mine]
    carol.post(f"/api/v1/statuses/{mine}/unbookmark")
    carol.post(f"/api/v1/statuses/{mine}/reblog")
    assert find(carol, w) == [mine]
    carol.post(f"/api/v1/statuses/{mine}/unreblog")
    assert find(carol, w) == []


def test_scopes(author, alice, server, w):
    theirs = author.toot(f"{w} theirs")["id"]
    liked = author.toot(f"{w} liked")["id"]
    own = alice.toot(f"{w} own")["id"]
    alice.post(f"/api/v1/statuses/{liked}/favourite")
    until(server, alice, w, [own, liked, theirs])
    assert find(alice, f"{w} in:public") == [liked, theirs]
    assert find(alice, f"{w} in:library") == [own, liked]
    assert find(alice, f"{w} in:all") == [own, liked, theirs]


def test_a_library_has_all_kinds_of_shelves_and_pages(author, alice, server, w):
    own = alice.toot(f"{w} own")["id"]
    named = author.toot(f"{w} named @{alice.name}")["id"]
    touched = [author.toot(f"{w} {act}") for act in ("favourite", "bookmark", "reblog")]
    for post in touched:
        alice.post(f"/api/v1/statuses/{post['id']}/{post['content'].split()[1][:-4]}")
    asked = author.toot(f"{w} poll", poll={"options": ["a", "b"], "expires_in": 3600})
    alice.post(f"/api/v1/polls/{asked['poll']['id']}/votes", {"choices": ["0"]})
    other = author.toot(f"{w} nobody's")["id"]
    until(server, author, w, [other, asked["id"], *reversed([p["id"] for p in touched]), named])
    shelves = [asked["id"], *reversed([p["id"] for p in touched]), named, own]
    q = f"{w} in:library"
    assert find(alice, q) == shelves
    page = lambda **kw: [s["id"] for s in alice.get("/api/v2/search", q=q, type="statuses", limit=2, **kw)["statuses"]]  # noqa: E731
    assert page() == shelves[:2] and page(offset=2) == shelves[2:4] and page(offset=5) == shelves[5:]
    assert page(max_id=shelves[1]) == shelves[2:4] and page(min_id=shelves[3]) == shelves[1:3]
    assert find(alice, f"{w} nobody in:library") == []


def test_only_public_posts_are_public(shy, alice, server, w):
    public = shy.toot(f"{w} public")["id"]
    for visibility in ("unlisted", "private", "direct"):
        shy.toot(f"{w} {visibility}", visibility=visibility)
    server.wait_until(lambda: len(find(shy, w)) == 4)
    assert find(alice, w) == [public]
    alice.follow(shy)
    assert find(alice, w) == [public]


def test_nobody_finds_across_a_block_or_mute(shy, alice, bob, server, w):
    s = shy.toot(w)["id"]
    until(server, alice, w, [s])
    shy.post(f"/api/v1/accounts/{alice.id}/block")
    assert find(alice, w) == []
    assert find(bob, w) == [s]
    bob.post(f"/api/v1/accounts/{shy.id}/mute")
    assert find(bob, w) == []


def test_who_is_no_longer_indexable_is_not_found_at_once(shy, alice, bob, server, w):
    s = shy.toot(w)["id"]
    until(server, alice, w, [s])
    bob.post(f"/api/v1/statuses/{s}/favourite")
    shy.patch("/api/v1/accounts/update_credentials", {"indexable": False})
    assert find(alice, w) == []
    assert find(bob, w) == [s]
    shy.patch("/api/v1/accounts/update_credentials", {"indexable": True})
    until(server, alice, w, [s])


def test_posts_of_before_are_found_when_their_author_becomes_indexable(carol, bob, server, w):
    posts = [carol.toot(f"{w} {i}")["id"] for i in range(3)]
    until(server, carol, w, posts[::-1])
    assert find(bob, w) == []
    carol.patch("/api/v1/accounts/update_credentials", {"indexable": True})
    until(server, bob, w, posts[::-1])


def test_an_edit_is_found_by_its_new_words_only(author, alice, server, w):
    s = author.toot(f"{w} before")["id"]
    until(server, alice, f"{w} before", [s])
    author.put(f"/api/v1/statuses/{s}", {"status": f"{w} after"})
    assert find(alice, f"{w} before") == []
    until(server, alice, f"{w} after", [s])


def test_what_is_deleted_is_gone(author, alice, server, w):
    s = author.toot(w)["id"]
    until(server, alice, w, [s])
    author.delete(f"/api/v1/statuses/{s}")
    assert find(alice, w) == []
    assert server.query("SELECT count(*) FROM status_search WHERE status_id = " + s) == [(0,)]


def test_suspended_people_are_not_found(shy, alice, server, w):
    s = shy.toot(w)["id"]
    until(server, alice, w, [s])
    server.cli("user", "suspend", shy.name)
    assert find(alice, w) == []


def test_anonymous_finds_no_posts(author, alice, anon, server, w):
    s = author.toot(w)["id"]
    until(server, alice, w, [s])
    assert find(anon, w) == []


# --- what is found ---------------------------------------------------------------------------------------------------------

def test_phrases_beginnings_and_scripts(author, alice, server, w):
    s = author.toot(f"{w} the quick brown fox, 日本語の文章")["id"]
    until(server, alice, w, [s])
    for q in ('"quick brown"', "qui*", "QUICK", "日本", "本語の", "日", '"the quick" -dog', "fox"):
        assert find(alice, f"{w} {q}") == [s], q
    for q in ('"brown quick"', "quic", "日語", "-fox", "uick*"):
        assert find(alice, f"{w} {q}") == [], q
    assert find(alice, w[:7] + "*") == [s]


def test_warnings_and_descriptions_are_found(author, alice, server, w):
    image = author.request("POST", "/api/v1/media", files={"file": ("a.png", png(4, 4), "image/png")}, data={"description": f"{w} painted"})
    s = author.toot("text", spoiler_text=f"{w} warned", media_ids=[image["id"]])["id"]
    until(server, alice, f"{w} warned", [s])
    assert find(alice, f"{w} painted") == [s]
    for q in ("has:media", "has:image", "is:sensitive"):
        assert find(alice, f"{w} {q}") == [s], q
    for q in ("has:video", "-has:media", "has:audio"):
        assert find(alice, f"{w} {q}") == [], q


def test_properties(author, alice, server, w):
    plain = author.toot(f"{w} plain", language="de")["id"]
    reply = author.toot(f"{w} reply", in_reply_to_id=plain, language="pt-BR")["id"]
    link = author.toot(f"{w} https://example.org/x #Tag{w}")["id"]
    until(server, alice, w, [link, reply, plain])
    assert find(alice, f"{w} is:reply") == [reply]
    assert find(alice, f"{w} -is:reply") == [link, plain]
    assert find(alice, f"{w} has:link") == [link]
    assert find(alice, f"{w} language:de") == [plain]
    assert find(alice, f"{w} language:pt") == [reply]
    assert find(alice, f"{w} language:pt-br") == [reply] and find(alice, f"{w} language:zh-TW") == []
    assert find(alice, f"#tag{w}") == [link]
    assert find(alice, f"{w} -#tag{w}") == [reply, plain]
    assert find(alice, f"{w} has:cheese") == []


def test_authors(author, alice, bob, server, w):
    theirs = author.toot(f"{w} theirs")["id"]
    mine = alice.toot(f"{w} mine")["id"]
    until(server, alice, w, [mine, theirs])
    assert find(alice, f"{w} from:me") == [mine]
    assert find(alice, f"{w} from:{author.name}") == [theirs]
    assert find(alice, f"{w} from:@{author.name.upper()}") == [theirs]
    assert find(alice, f"{w} -from:me") == [theirs]
    assert find(alice, f"{w} from:nobody.of.that.name") == []
    assert find(alice, w, account_id=author.id) == [theirs]
    assert find(alice, f"from:{author.name}", limit=1) == [theirs]  # no words at all


def test_days(own_server):
    server = own_server()
    alice, w = server.user(), word()
    old = alice.toot(f"{w} old")["id"]
    server.shift_clock(days=10)
    new = alice.toot(f"{w} new")["id"]
    until(server, alice, w, [new, old])
    day = lambda ago: (server.now() - datetime.timedelta(days=ago)).strftime("%Y-%m-%d")  # noqa: E731
    assert find(alice, f"{w} before:{day(5)}") == [old]
    assert find(alice, f"{w} after:{day(5)}") == [new]
    assert find(alice, f"{w} after:{day(12)} before:{day(5)}") == [old]
    assert find(alice, f"in:library after:{day(5)}") == [new]
    made = alice.get(f"/api/v1/statuses/{old}")["created_at"][:10]
    assert find(alice, f"{w} during:{made}") == [old]
    assert find(alice, f"{w} before:{made}") == []
    assert find(alice, f"{w} -before:{made}") == [new, old]
    assert find(alice, "before:1970-01-01") == []


def test_whatever_is_typed_is_answered(alice):
    for q in ('"', "-", "+ -", '"" ""', "AND OR NOT", "a AND (b", "' | & ! <->", "\\", "NEAR(a b, 1)", "words:x", "=doc", "^a", "a*b*", ":*",
              "\ufffd", "🎉", "%_", "$1", "x" * 2000, "(" * 500, '"a" "b" ' * 200):
        assert set(alice.get("/api/v2/search", q=q)) == {"accounts", "statuses", "hashtags", "collections"}


def test_polls(alice, bob, author, server, w):
    s = alice.toot(f"{w} which", poll={"options": [f"red{w}", "blue"], "expires_in": 3600})
    until(server, alice, f"red{w}", [s["id"]])
    assert find(alice, f"{w} has:poll") == [s["id"]] and find(alice, f"{w} -has:poll") == []
    assert find(bob, w) == []
    bob.post(f"/api/v1/polls/{s['poll']['id']}/votes", {"choices": ["1"]})
    assert find(bob, f"{w} in:library") == [s["id"]]


# --- pages -----------------------------------------------------------------------------------------------------------------

def test_pages(author, alice, server, w):
    posts = [author.toot(f"{w} {i}")["id"] for i in range(7)][::-1]
    until(server, alice, w, posts)
    assert find(alice, w, limit=3) == posts[:3]
    assert find(alice, w, limit=3, offset=3) == posts[3:6]
    assert find(alice, w, limit=3, offset=6) == posts[6:]
    assert find(alice, w, limit=3, max_id=posts[2]) == posts[3:6]
    assert find(alice, w, limit=2, min_id=posts[4]) == posts[2:4]
    assert find(alice, w, min_id=posts[6], max_id=posts[3]) == posts[4:6]
    assert [s["id"] for s in alice.get("/api/v2/search", q=w, limit=2, offset=5)["statuses"]] == posts[:2]  # an offset needs a type


def test_numbers_and_rights(alice, anon):
    for bad in ({"limit": -1}, {"offset": -1}, {"offset": 10001}):
        alice.get("/api/v2/search", q="x", type="statuses", expect=400, **bad)
    alice.get("/api/v2/search", q="x", type="nothing", expect=422)
    alice.get("/api/v2/search", expect=(400, 422))
    anon.get("/api/v2/search", q="x", resolve="true", expect=401)
    anon.get("/api/v2/search", q="x", type="accounts", offset=1, expect=401)
    anon.get("/api/v2/search", q="x")


def test_an_app_without_the_right_is_refused(alice, server):
    server.api(server.token(alice.name, "read:accounts")).get("/api/v2/search", q="x", expect=403)


# --- people, hashtags, URLs ------------------------------------------------------------------------------------------------

def test_people_and_hashtags_beside_posts(author, alice, server, w):
    s = author.toot(f"#{w}a and more")["id"]
    until(server, alice, f"{w}a", [s])
    found = alice.get("/api/v2/search", q=f"{w}a")
    assert [t["name"] for t in found["hashtags"]] == [f"{w}a"] and [x["id"] for x in found["statuses"]] == [s]
    assert author.id in [a["id"] for a in alice.get("/api/v2/search", q=author.name)["accounts"]]
    only = alice.get("/api/v2/search", q=f"{w}a", type="hashtags")
    assert only["statuses"] == [] and len(only["hashtags"]) == 1


def test_a_url_finds_what_it_names(author, alice, w):
    s = author.toot(w, visibility="unlisted")
    for url in (s["url"], s["uri"]):
        assert [x["id"] for x in alice.get("/api/v2/search", q=url)["statuses"]] == [s["id"]]
    private = author.toot(w, visibility="private")
    assert alice.get("/api/v2/search", q=private["url"])["statuses"] == []
    assert [a["id"] for a in alice.get("/api/v2/search", q=f"{s['url'].rsplit('/', 1)[0]}")["accounts"]] == [author.id]


# --- posts of other servers ----------------------------------------------------------------------------------------------------

@pytest.fixture(scope="module")
def far():
    with Remote(["peer.test"]) as r:
        yield r


@pytest.fixture(scope="module")
def here(tmp_path_factory, new_database, far):
    with Server(tmp_path_factory.mktemp("here"), database=new_database(), **far.keys()) as s:
        yield s


def fetch(here, api, note):
    """The id under which the post of another server is known here from now on."""
    return api.find(note["id"], "statuses")["id"]


def test_posts_of_other_servers(far, here, w):
    ann, ben = here.user(), here.user()
    open_, closed = far.actor("open"), far.actor("closed")
    open_.doc["indexable"] = True
    for n in (open_.note(f"<p>{w} open</p>"), closed.note(f"<p>{w} closed</p>")):
        hidden = fetch(here, ann, n)
    mention = {"type": "Mention", "href": f"{here.url}/ap/users/{ann.id}", "name": f"@{ann.name}"}
    closed.send(here, closed.create(closed.note(f"<p>{w} told</p>", tag=[mention], cc=[mention["href"]])))
    here.wait_until(lambda: len(find(ann, w)) == 2)
    found = lambda api: sorted(s["content"][len(w) + 4:-4] for s in api.get("/api/v2/search", q=w)["statuses"])  # noqa: E731
    assert found(ann) == ["open", "told"]
    assert found(ben) == ["open"]
    ben.post(f"/api/v1/statuses/{hidden}/bookmark")
    here.wait_until(lambda: found(ben) == ["closed", "open"])
    assert found(ann) == ["open", "told"]


def test_other_servers_edit_delete_and_change_their_mind(far, here, w):
    ann, eve = here.user(), far.actor("eve")
    eve.doc["indexable"] = True
    before = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() - 60))
    notes = [eve.note(f"<p>{w} {i}</p>", published=before) for i in range(2)]
    for n in notes:
        fetch(here, ann, n)
    here.wait_until(lambda: len(find(ann, w)) == 2)
    eve.send(here, eve.activity("Update", notes[0] | {"content": f"<p>{w} edited</p>", "updated": far.now()}))
    here.wait_until(lambda: len(find(ann, f"{w} edited")) == 1)
    assert find(ann, f"{w} 0") == []
    eve.send(here, eve.activity("Delete", {"id": notes[1]["id"], "type": "Tombstone"}))
    here.wait_until(lambda: len(find(ann, w)) == 1)
    eve.doc["indexable"] = False
    eve.send(here, eve.activity("Update", eve.doc))
    here.wait_until(lambda: find(ann, w) == [])
    gone = "SELECT count(*) FROM status_search s JOIN account a ON a.id = s.account_id WHERE a.username = 'eve'"
    here.wait_until(lambda: here.query(gone) == [(0,)])

"""Threads are whole: what is missing of one that somebody opens is fetched, politely, believed only from where it belongs, and nobody is told."""
import contextlib
import re
import threading
import time

import pytest
from pair import Pair, settle
from past import Past, ago
from remote import AP, CONTEXT, PUBLIC, Remote

LONGEST = 5 * 62 + 30  # five portions of a minute, and then it ends with whatever it has

HOSTS = ["peer.test", "other.test", "blocked.test"]


@pytest.fixture(scope="module")
def far():
    with Remote(HOSTS) as r:
        r.people = [r.actor(f"p{i}", host=HOSTS[i % 2]) for i in range(6)]
        yield r


@pytest.fixture
def past(far):
    return Past(far)


def find(api, note):
    """The copy here of one foreign post, by searching for it."""
    found = api.find(note["id"], "statuses")
    assert found["uri"] == note["id"]
    return found


def context(api, post):
    c = api.get(f"/api/v1/statuses/{post['id']}/context")
    return [s["uri"] for s in c["ancestors"]], [s["uri"] for s in c["descendants"]]


def refresh(api):
    """What the last answer says of a refresh: (id, result_count), or None."""
    m = re.fullmatch(r'id="(\d+)", retry=5, result_count=(\d+)', api.last.headers.get("Mastodon-Async-Refresh", ""))
    return m and (m[1], int(m[2]))


def open_thread(here, api, post):
    """Open it and wait until it is whole: how many posts came, and the thread then."""
    context(api, post)
    running = refresh(api)
    assert running, "nothing to wait for"
    path = f"/api/v1_alpha/async_refreshes/{running[0]}"
    done = here.wait_until(lambda: (a := api.get(path)["async_refresh"])["status"] == "finished" and a, timeout=LONGEST)
    assert done["id"] == running[0]
    return done["result_count"], context(api, post)


def stored(here, note):
    return here.query("SELECT id FROM status WHERE uri = ?", note["id"]) != []


@contextlib.contextmanager
def serving(far, prefix, answer):
    """Let answer(handler) write whatever is asked for below a URL."""
    class Below(dict):
        def get(self, url, default=None):
            return answer if url.startswith(prefix) else dict.get(self, url, default)

    before, far.answers = far.answers, Below(far.answers)
    try:
        yield
    finally:
        far.answers = before


# ---- what comes --------------------------------------------------------------------------------------------------------


def test_a_thread_of_two_hundred_posts_comes_as_a_whole_and_nobody_is_told(here, far, past, alice):
    p = far.people
    top = past.post(p[0], "the beginning")
    first = [past.post(p[i % 6], f"reply {i}", top) for i in range(40)]
    second = [past.post(p[(i + 1) % 6], f"answer {i}", first[i % 20]) for i in range(100)]
    named = past.post(p[2], "hello", first[3], minutes=120, to=[PUBLIC, f"{here.url}/users/{alice.name}"],
                      tag=[{"type": "Mention", "href": alice.get("/api/v1/accounts/verify_credentials")["uri"], "name": f"@{alice.acct}"}])
    third = [past.post(p[i % 6], f"deep {i}", second[7]) for i in range(58)]
    past.publish()
    before = sum(far.asked.values())
    post = find(alice, top)
    assert context(alice, post) == ([], [])
    assert refresh(alice)[1] == 0
    begin = time.monotonic()
    with alice.stream("user") as stream, alice.stream("public") as public:
        count, (up, down) = open_thread(here, alice, post)
        last = alice.toot("the end of the wait")
        for events in (stream, public):
            assert events.all(lambda e, d: e == "update" and d["id"] == last["id"]) == []
    print(f"{count} posts in {time.monotonic() - begin:.1f} s, {sum(far.asked.values()) - before} requests")
    assert count == 199 and up == []
    assert set(down) == {n["id"] for n in [*first, *second, named, *third]}
    assert alice.notifications() == [] and [s["uri"] for s in alice.home()] == [alice.home()[0]["uri"]]
    assert here.query("SELECT count(*) FROM job WHERE kind = 'fetch_media' OR kind = 'fan_out'") == [(0,)]
    shown = [s for s in alice.get(f"/api/v1/statuses/{post['id']}/context")["descendants"] if s["uri"] == named["id"]][0]
    assert shown["created_at"][:19] == named["published"][:19]


def test_what_stands_above_comes_too(here, far, past, alice):
    p = far.people
    chain = [past.post(p[0], "top")]
    for i in range(20):
        chain.append(past.post(p[i % 6], f"step {i}", chain[-1]))
    aside = past.post(p[1], "beside", chain[2])
    past.publish()
    post = find(alice, chain[-1])
    known = len(context(here.api(), post)[0])  # nobody who is logged in: nothing begins
    assert known < 20
    count, (up, down) = open_thread(here, alice, post)
    assert up == [n["id"] for n in chain[:-1]] and down == []
    assert count == 21 - known and stored(here, aside)
    context(alice, post)
    assert refresh(alice) is None


def test_one_collection_for_the_whole_conversation_is_enough(here, far, past, alice):
    p = far.people
    top = past.post(p[0], "root", context=p[0].origin + "/contexts/1")
    tree = [top]
    for i in range(30):
        tree.append(past.post(p[i % 6], f"c{i}", tree[i // 2]))
    stranger = past.post(p[1], "something else")
    elsewhere = past.post(p[1], "an answer to that", stranger)
    past.publish()
    items = [n["id"] for n in tree[:0:-1]] + [stranger["id"], elsewhere["id"]]  # the youngest first: parents come after
    items[3] = {"id": items[3], "type": "Note", "content": "a lie", "attributedTo": p[0].id}
    past.collection(top["context"], items)
    post = find(alice, top)
    count, (_, down) = open_thread(here, alice, post)
    assert count == 30 and set(down) == {n["id"] for n in tree[1:]}
    assert not stored(here, stranger) and not stored(here, elsewhere)
    assert "a lie" not in "".join(s["content"] for s in alice.get(f"/api/v1/statuses/{post['id']}/context")["descendants"])
    assert sum(past.asked(n["id"] + "/replies") for n in tree[1:]) == 0
    assert past.asked(top["id"] + "/replies") == 1


def test_a_container_of_activities_names_posts_as_well(here, far, past, alice):
    p = far.people
    top = past.post(p[0], "root", context=p[0].origin + "/contexts/2")
    reply = past.post(p[1], "r", top)
    past.publish()
    past.collection(top["context"], [p[0].create(top), p[1].create(reply)])
    assert open_thread(here, alice, find(alice, top))[1] == ([], [reply["id"]])


def test_replies_that_stand_in_a_post_alone_come_too(here, far, past, alice):
    p = far.people
    top = past.post(p[0], "root")
    reply = past.post(p[1], "r", top)
    own = past.post(p[1], "more", reply)
    past.publish()
    reply["replies"] = {"type": "Collection", "first": {"type": "CollectionPage", "items": [own["id"]]}}
    far.documents[reply["id"]] = {"@context": CONTEXT} | reply
    assert open_thread(here, alice, find(alice, top))[1] == ([], [reply["id"], own["id"]])


# ---- when --------------------------------------------------------------------------------------------------------------


def test_a_young_thread_comes_by_itself(here, far, past, alice):
    young = past.post(far.people[0], "just now", minutes=1)
    past.post(far.people[1], "r", young, minutes=1)
    past.publish()
    post = find(alice, young)
    context(alice, post)
    assert refresh(alice) is None


def test_home_shows_it_at_its_own_time(here, far, past, alice):
    """A reply between two people whom the reader follows belongs into the home: far below, where its time is, with and without a ring."""
    p = far.people
    for who in p[:2]:
        account = alice.find(who.id)
        alice.follow(account["id"])
        request = far.wait(lambda a, who=who: a.json and a.json.get("type") == "Follow" and a.json["object"] == who.id and alice.name)
        follow = [a.json for a in far.got("Follow") if a.json["object"] == who.id][-1]
        who.send(here, who.activity("Accept", follow))
        here.wait_until(lambda account=account: alice.get("/api/v1/accounts/relationships", id=[account["id"]])[0]["following"])
    top = past.post(p[0], "top")
    reply = past.post(p[1], "reply", top)
    past.publish()
    new = alice.toot("new")
    post = find(alice, top)
    assert alice.home()[0]["id"] == new["id"]
    open_thread(here, alice, post)
    seen = [s["uri"] for s in alice.home(limit=40)]
    assert seen[0] == new["uri"] and seen.index(reply["id"]) < seen.index(top["id"])
    assert alice.home(min_id=new["id"]) == [] and alice.home(since_id=new["id"]) == []


# ---- lies --------------------------------------------------------------------------------------------------------------


def test_what_does_not_belong_is_not_stored(here, far, past, alice):
    p = far.people
    top = past.post(p[0], "honest")
    good = past.post(p[1], "good", top)
    forged = past.post(p[1], "in the name of somebody elsewhere", top, attributedTo=p[0].id)
    aside = past.post(p[1], "answers nothing")
    private = past.post(p[2], "for some", top, to=[p[2].id + "/followers"], cc=[])
    own = past.post(p[3], "answers itself")
    own["inReplyTo"] = own["id"]
    past.publish()
    named = here.user()
    secret = named.toot("ours, and private", visibility="private")
    blocked = far.actor("gone", host="blocked.test")
    refused = past.post(blocked, "from there", top)
    past.publish(refused)
    here.cli("domain", "block", "blocked.test")
    past.collection(top["id"] + "/replies", [
        good["id"], forged["id"], aside["id"], private["id"], own["id"], refused["id"], secret["uri"], here.url + "/nothing", "ftp://peer.test/x",
        "http://127.0.0.1:1/x", 7, None, {"type": "Note"}, top["id"], "http://peer.test/" + "x" * 3000,
        {"id": past.post(p[4], "only an id is taken", top)["id"], "type": "Note", "attributedTo": p[4].id, "content": "<p>forged</p>", "to": [PUBLIC]}])
    count, (_, down) = open_thread(here, alice, find(alice, top))
    assert count == 2 and len(down) == 2 and down[0] == good["id"]
    for n in (forged, aside, private, own, refused):
        assert not stored(here, n), n["content"]
    assert past.asked(refused) == 0 and not any("blocked.test" in u or here.host in u for u in far.asked)
    assert "forged" not in str(alice.get(f"/api/v1/statuses/{down[1] and find(alice, {'id': down[1]})['id']}")["content"])


def test_circles_end(here, far, past, alice):
    p = far.people
    a = past.post(p[0], "a")
    b = past.post(p[1], "b", a)
    a["inReplyTo"] = b["id"]
    past.publish()
    past.collection(a["id"] + "/replies", [b["id"], a["id"]])
    past.collection(b["id"] + "/replies", [a["id"], b["id"]])
    far.answer(a["id"] + "/replies?page=0", {"@context": CONTEXT, "id": a["id"] + "/replies?page=0", "type": "OrderedCollectionPage",
                                              "orderedItems": [b["id"]], "next": a["id"] + "/replies?page=0"})
    post = find(alice, a)
    open_thread(here, alice, post)
    assert past.asked(a["id"] + "/replies?page=0") <= 2
    up, down = context(alice, post)
    assert set(up + down) <= {a["id"], b["id"]}


def test_pages_without_end_end(here, far, past, alice):
    p = far.people
    top = past.post(p[0], "endless")
    past.publish()
    uri = top["id"] + "/replies"
    served = []

    def page(h):
        served.append(h.path)
        here_ = f"http://{h.headers['Host']}{h.path}"
        far._write(h, {"@context": CONTEXT, "id": here_, "type": "CollectionPage", "partOf": uri, "next": f"{uri}?n={len(served)}",
                       "items": [f"{p[0].origin}/nothing/{len(served)}/{i}" for i in range(40)]})

    with serving(far, uri, page):
        assert open_thread(here, alice, find(alice, top)) == (0, ([], []))
    assert len(served) <= 14, "500 items of one collection"
    assert sum(n for u, n in far.asked.items() if "/nothing/" in u) <= 500


def test_parents_without_end_end(here, far, past, alice):
    p = far.people
    base = p[0].origin + "/chain/"
    asked = []

    def parent(h):
        n = int(h.path.rsplit("/", 1)[1])
        asked.append(n)
        far._write(h, {"@context": CONTEXT, "id": f"{base}{n}", "type": "Note", "attributedTo": p[0].id, "content": f"<p>{n}</p>", "to": [PUBLIC],
                       "published": ago(days=2, seconds=n), "inReplyTo": f"{base}{n + 1}"})

    with serving(far, base, parent):
        post = find(alice, {"id": base + "0"})
        known = len(context(here.api(), post)[0])  # nobody who is logged in: nothing begins
        count, (up, _) = open_thread(here, alice, post)
    assert 50 <= count <= 51 and len(up) <= known + 51
    assert max(asked.count(n) for n in asked) == 2, "once to have it, once for its replies"


def test_a_slow_server_holds_up_nothing_but_itself(here, far, past, alice):
    p = far.people
    top = past.post(p[0], "somebody is slow")
    slow, quick = past.post(p[1], "slow", top), past.post(p[2], "quick", top)
    past.publish()
    end = threading.Event()

    def drip(h):
        h.send_response(200)
        h.send_header("Content-Type", AP)
        h.send_header("Content-Length", "1000")
        h.end_headers()
        while not end.wait(0.5):
            h.wfile.write(b" ")
            h.wfile.flush()

    far.answer(slow["id"], drip)
    post = find(alice, top)
    try:
        count, (_, down) = open_thread(here, alice, post)  # which waits until all is over, and that goes on for minutes
    finally:
        end.set()
    assert down == [quick["id"]] and past.asked(slow)


def test_what_posts_name_is_not_fetched_with_them(here, far, past, alice):
    """Names of strangers, pictures and quotes of 30 posts: none, none, and at most twenty."""
    p = far.people
    top = past.post(p[0], "many names")
    stranger, picture, quoted = "http://other.test/stranger/", "http://other.test/picture/", "http://other.test/quoted/"
    for i in range(30):
        past.post(p[i % 6], f"n{i}", top, quote=f"{quoted}{i}",
                  tag=[{"type": "Mention", "href": f"{stranger}{i}-{k}", "name": f"@s{i}-{k}"} for k in range(40)]
                  + [{"type": "Emoji", "id": f"{picture}e{i}-{k}", "name": f":e{i}x{k}:", "icon": {"type": "Image", "url": f"{picture}e{i}-{k}.png"}} for k in range(2)],
                  attachment=[{"type": "Document", "mediaType": "image/png", "url": f"{picture}{i}-{k}.png"} for k in range(8)])
    past.publish()
    assert open_thread(here, alice, find(alice, top))[0] == 30
    here.wait_until(lambda: here.query("SELECT count(*) FROM job WHERE kind = 'verify_quote' AND state = 0 AND tries = 0") == [(0,)])
    count = lambda prefix: sum(n for u, n in far.asked.items() if u.startswith(prefix))
    assert count(stranger) == 0 and count(picture) == 0 and 1 <= count(quoted) <= 21


def test_a_beginning_that_is_gone_goes_here_too(here, far, past, alice):
    top = past.post(far.people[0], "gone soon")
    reply = past.post(far.people[1], "r", top)
    past.publish()
    post = find(alice, reply)
    assert len(context(alice, post)[0]) == 1
    del far.documents[top["id"]]
    here.wait_until(lambda: not stored(here, top))
    here.wait_until(lambda: here.query("SELECT count(*) FROM async_refresh WHERE done = FALSE") == [(0,)])
    assert context(alice, post) == ([], [])


def test_pages_elsewhere_are_not_read(here, far, past, alice):
    p = far.people
    top = past.post(p[0], "leads away")
    reply = past.post(p[1], "r", top)
    past.publish()
    uri = top["id"] + "/replies"
    far.answer(uri, {"@context": CONTEXT, "id": uri, "type": "Collection", "first": "http://other.test/pages/1"})
    far.answer("http://other.test/pages/1", {"@context": CONTEXT, "id": "http://other.test/pages/1", "type": "CollectionPage", "items": [reply["id"]]})
    assert open_thread(here, alice, find(alice, top))[0] == 0
    assert far.asked["http://other.test/pages/1"] == 0


def test_numbers_from_elsewhere_are_claims(here, far, past, alice):
    top = past.post(far.people[0], "much loved", likes={"type": "Collection", "totalItems": 10**15}, shares={"type": "Collection", "totalItems": 7})
    past.publish()
    top["replies"] = {"id": top["id"] + "/replies", "type": "Collection", "totalItems": 12, "first": top["id"] + "/replies?page=0"}
    far.documents[top["id"]] = {"@context": CONTEXT} | top
    post = find(alice, top)
    assert (post["favourites_count"], post["reblogs_count"], post["replies_count"]) == (10**9, 7, 12)


# ---- time passes ---------------------------------------------------------------------------------------------------------


def test_replies_to_replies_to_ours_come(here, far, past, alice):
    """Of a thread that began here we are sent what answers us; what answers the answers we must ask for."""
    p = far.people
    ours = alice.toot("ours")
    reply = past.post(p[0], "to you", ours["uri"], to=[PUBLIC, alice.get("/api/v1/accounts/verify_credentials")["uri"]])
    further = past.post(p[1], "to the other", reply)
    past.publish()
    p[0].send(here, p[0].create(reply))
    here.wait_until(lambda: context(alice, ours)[1] == [reply["id"]])
    here.shift_clock(minutes=6)
    assert open_thread(here, alice, ours) == (1, ([], [reply["id"], further["id"]]))
    assert here.host not in "".join(far.asked)


def test_it_is_asked_for_once_and_again_after_a_while(here, far, past, alice):
    bob, anon = here.user(), here.api()
    top = past.post(far.people[0], "often read")
    reply = past.post(far.people[1], "r", top)
    past.publish()
    post = find(alice, top)
    context(anon, post)
    assert refresh(anon) is None and past.asked(reply) == 0
    context(alice, post)
    context(bob, post)
    mine, theirs = refresh(alice), refresh(bob)
    if theirs:  # it may be over by now
        assert mine[0] != theirs[0]
        bob.get(f"/api/v1_alpha/async_refreshes/{mine[0]}", expect=404)
        here.wait_until(lambda: bob.get(f"/api/v1_alpha/async_refreshes/{theirs[0]}")["async_refresh"]["status"] == "finished")
    here.wait_until(lambda: alice.get(f"/api/v1_alpha/async_refreshes/{mine[0]}")["async_refresh"]["status"] == "finished")
    asked = past.asked(top["id"] + "/replies")
    assert asked == 1
    for _ in range(3):
        assert context(alice, post) == ([], [reply["id"]]) and refresh(alice) is None
    late = past.post(far.people[2], "late", reply)
    past.publish()
    here.shift_clock(minutes=16)
    assert open_thread(here, alice, post)[0] == 0, "a post of a day ago rests for an hour"
    here.shift_clock(hours=7)
    count, (_, down) = open_thread(here, alice, post)
    assert count == 1 and down == [reply["id"], late["id"]]


# ---- servers of our own ------------------------------------------------------------------------------------------------


def test_between_servers_a_thread_is_whole_wherever_it_is_opened(tmp_path, new_database):
    names = ("a.test", "b.test", "c.test")
    with Pair(tmp_path, names, [new_database() for _ in names]) as (a, b, c):
        ann, ben, cat = a.user(), b.user(), c.user()
        top = ann.toot("top")
        at_b = find(ben, {"id": top["uri"]})
        reply = ben.toot("reply", in_reply_to_id=at_b["id"])
        a.wait_until(lambda: context(ann, top)[1] == [reply["uri"]])
        more = ben.toot("more", in_reply_to_id=reply["id"])
        settle(a, b)
        assert context(ann, top)[1] == [reply["uri"]], "nobody sent that one"
        for server in (a, b, c):
            server.shift_clock(minutes=7)
        assert open_thread(a, ann, top) == (1, ([], [reply["uri"], more["uri"]]))
        settle(a, b)
        at_c = find(cat, {"id": top["uri"]})
        assert open_thread(c, cat, at_c) == (2, ([], [reply["uri"], more["uri"]]))
        assert cat.notifications() == [] and cat.home() == []

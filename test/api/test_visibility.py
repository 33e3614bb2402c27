"""Who may see what, by every way of reading, compared with a model that is written here a second time.

Six people in random relations post, reply, boost and delete; then relations change once more.  Each post carries a word of its own,
so that whatever is read by whomever can be searched for posts that the reader may not see.
"""
import random
import re

import pytest

WORD = re.compile(r"tok[0-9]+x[0-9]+z")
ANYONE, FOLLOWERS, MENTIONED = ("public", "unlisted"), ("private",), ("direct",)


class Post:
    def __init__(self, id, author, visibility, word=None, mentions=(), parent=None, original=None, uri=None, url=None):
        self.id, self.author, self.visibility, self.word = id, author, visibility, word
        self.mentions, self.parent, self.original, self.uri, self.url = set(mentions), parent, original, uri, url


class Model:
    """Relations as sets of pairs, posts by id, and the rules."""

    def __init__(self):
        self.follows, self.blocks, self.mutes, self.ever_apart = set(), set(), set(), set()
        self.posts = {}

    def apart(self, a, b):
        return (a, b) in self.blocks or (b, a) in self.blocks

    def sees(self, viewer, post):
        if post.original is not None and not self.sees(viewer, post.original):
            return False
        if viewer == post.author:
            return True
        if viewer is not None and self.apart(viewer, post.author):
            return False
        if post.visibility in ANYONE:
            return True
        if viewer is None:
            return False
        return viewer in post.mentions or (post.visibility in FOLLOWERS and (viewer, post.author) in self.follows)

    def hears(self, viewer, post):
        """Seen, and not muted: what timelines show."""
        people = [post.author] + ([post.original.author] if post.original else [])
        return self.sees(viewer, post) and not any((viewer, p) in self.mutes for p in people)

    def names_unwanted(self, viewer, post):
        named = post.mentions | (post.original.mentions if post.original else set())
        return any((viewer, p) in self.blocks | self.mutes for p in named)

    def in_home(self, viewer, post):
        if not self.hears(viewer, post):
            return False
        if post.author == viewer:
            return True
        if self.names_unwanted(viewer, post):
            return False
        if (viewer, post.author) not in self.follows:
            return False
        if post.visibility == "direct" and viewer not in post.mentions:
            return False
        if post.parent is None:
            return True
        answered = post.parent_author
        return answered in (post.author, viewer) or (viewer, answered) in self.follows

    def thread_below(self, post):
        below = [p for p in self.posts.values() if p.parent == post.id]
        return below + [q for p in below for q in self.thread_below(p)]

    def thread_above(self, post):
        above = self.posts.get(post.parent)
        return [] if above is None else self.thread_above(above) + [above]

    def block(self, a, b):
        self.blocks.add((a, b))
        self.ever_apart |= {(a, b), (b, a)}
        self.follows -= {(a, b), (b, a)}


class Play:
    """Does the same on the server and in the model."""

    def __init__(self, server, seed):
        self.random, self.seed, self.server, self.model = random.Random(seed), seed, server, Model()
        self.people = [server.user(f"p{seed}x{i}") for i in range(6)]
        self.locked = set(self.random.sample(range(6), 2))
        for i in self.locked:
            self.people[i].patch("/api/v1/accounts/update_credentials", {"locked": True})
        self.readers = {None: server.api()} | dict(enumerate(self.people))
        self.tag = f"seed{seed}"

    def account(self, a, verb, b, **kw):
        return self.people[a].post(f"/api/v1/accounts/{self.people[b].id}/{verb}", **kw)

    def relate(self, steps):
        m = self.model
        for _ in range(steps):
            a, b = self.random.sample(range(6), 2)
            what = self.random.choices(["follow", "unfollow", "block", "unblock", "mute", "unmute"], [12, 2, 2, 1, 2, 1])[0]
            if what == "follow":
                if m.apart(a, b):
                    self.account(a, "follow", b, expect=403)
                    continue
                self.account(a, "follow", b)
                if b in self.locked and (a, b) not in m.follows:
                    if self.random.random() < 0.5:
                        continue  # waits for an answer
                    self.people[b].post(f"/api/v1/follow_requests/{self.people[a].id}/authorize")
                m.follows.add((a, b))
            elif what == "block":
                self.account(a, "block", b)
                m.block(a, b)
            elif what == "mute":
                self.account(a, "mute", b)
                m.mutes.add((a, b))
                m.ever_apart.add((a, b))
            else:
                self.account(a, what, b)
                {"unfollow": m.follows, "unblock": m.blocks, "unmute": m.mutes}[what].discard((a, b))

    def post(self):
        m, r = self.model, self.random
        author = r.randrange(6)
        visible = [p for p in m.posts.values() if p.original is None and m.sees(author, p)]
        parent = r.choice(visible) if visible and r.random() < 0.5 else None
        mentions = r.sample([i for i in range(6) if i != author], r.choice([0, 0, 1, 2]))
        visibility = r.choice(["public", "unlisted", "private", "direct"])
        word = f"tok{self.seed}x{len(m.posts)}z"
        text = " ".join([f"@{self.people[i].name}" for i in mentions] + [word, "#" + self.tag])
        body = {"visibility": visibility} | ({"in_reply_to_id": parent.id} if parent else {})
        s = self.people[author].toot(text, **body)
        p = m.posts[s["id"]] = Post(s["id"], author, visibility, word, mentions, parent.id if parent else None, None, s["uri"], s["url"])
        p.parent_author = parent.author if parent else None

    def boost(self):
        m = self.model
        author = self.random.randrange(6)
        pairs = {(p.author, p.original.id) for p in m.posts.values() if p.original}
        may = [p for p in m.posts.values() if p.original is None and m.sees(author, p) and (author, p.id) not in pairs
               and (p.visibility in ANYONE or (p.visibility == "private" and p.author == author))]
        if may:
            p = self.random.choice(may)
            s = self.people[author].post(f"/api/v1/statuses/{p.id}/reblog")
            m.posts[s["id"]] = Post(s["id"], author, s["visibility"], original=p, uri=s["uri"])

    def delete(self):
        m = self.model
        p = self.random.choice(list(m.posts.values()))
        if p.original is None:
            self.people[p.author].delete(f"/api/v1/statuses/{p.id}")
            m.posts = {i: q for i, q in m.posts.items() if q is not p and q.original is not p}
        return p

    # --- reading ---

    def read(self, viewer, path, expect=200, **kw):
        """The answer; nothing in it may be hidden from the viewer."""
        api = self.readers[viewer]
        body = api.request("GET", path, expect, **kw)
        hidden = {w for w in WORD.findall(api.last.text)} - self.words(viewer)
        assert not hidden, f"{viewer} reads {hidden} in {path}"
        return body

    def words(self, viewer):
        return {p.word for p in self.model.posts.values() if self.model.sees(viewer, p)}

    def expect(self, what, viewer, got, must, may=None):
        got, must = {s["id"] for s in got}, {p.id for p in must}
        may = must if may is None else {p.id for p in may}
        assert must <= got <= may, f"{what} of {viewer}: missing {must - got}, too much {got - may}"


@pytest.fixture(scope="module", params=[1, 2, 3])
def play(request, tmp_path_factory, new_database):
    from server import Server
    with Server(tmp_path_factory.mktemp("visibility"), database=new_database()) as server:
        p = Play(server, request.param)
        p.relate(40)
        for _ in range(30):
            p.random.choices([p.post, p.boost], [3, 1])[0]()
        for s in list(p.model.posts.values()):
            for viewer, api in enumerate(p.people):
                if s.original is None and p.model.sees(viewer, s):
                    api.post(f"/api/v1/statuses/{s.id}/favourite")
                    api.post(f"/api/v1/statuses/{s.id}/bookmark")
        p.relate(15)
        p.gone = [g for g in (p.delete() for _ in range(5)) if g.original is None and g.id not in p.model.posts]
        p.post()
        yield p


VIEWERS = [None, *range(6)]


def each(play):
    return [(v, s) for v in VIEWERS for s in play.model.posts.values()]


def test_the_play_has_both_sides(play):
    seen = [play.model.sees(v, s) for v, s in each(play)]
    assert 50 < sum(seen) < len(seen) - 50


def test_a_status_by_its_id(play):
    for viewer, s in each(play):
        sees = play.model.sees(viewer, s)
        for part in ("", "/context", "/history", "/favourited_by", "/reblogged_by"):
            play.read(viewer, f"/api/v1/statuses/{s.id}{part}", 200 if sees else 404)


def test_many_statuses_by_id(play):
    ids = list(play.model.posts)
    for viewer in VIEWERS:
        got = [s for i in range(0, len(ids), 20) for s in play.read(viewer, "/api/v1/statuses", params=[("id[]", j) for j in ids[i:i + 20]])]
        play.expect("statuses", viewer, got, [s for s in play.model.posts.values() if play.model.sees(viewer, s)])


def test_threads(play):
    for viewer, s in each(play):
        if s.original is None and play.model.sees(viewer, s):
            thread = play.read(viewer, f"/api/v1/statuses/{s.id}/context")
            for part, all_of_it in (("ancestors", play.model.thread_above(s)), ("descendants", play.model.thread_below(s))):
                play.expect(part, viewer, thread[part], [p for p in all_of_it if play.model.sees(viewer, p)])


def test_profiles(play):
    for viewer in VIEWERS:
        for author, person in enumerate(play.people):
            got = play.read(viewer, f"/api/v1/accounts/{person.id}/statuses?limit=40")
            play.expect(f"profile {author}", viewer, got,
                        [s for s in play.model.posts.values() if s.author == author and play.model.sees(viewer, s)])


def test_homes(play):
    for viewer in range(6):
        wanted = [s for s in play.model.posts.values() if play.model.in_home(viewer, s)]
        must = {s.id for s in wanted if s.original is None}
        play.server.wait_until(lambda: must <= {s["id"] for s in play.read(viewer, "/api/v1/timelines/home?limit=40")})
        play.expect("home", viewer, play.read(viewer, "/api/v1/timelines/home?limit=40"), [s for s in wanted if s.original is None], wanted)


def test_public_and_tag_timelines(play):
    for viewer in VIEWERS:
        public = [s for s in play.model.posts.values()
                  if s.original is None and s.visibility == "public" and play.model.hears(viewer, s)]
        for path in ("/api/v1/timelines/public?limit=40", "/api/v1/timelines/public?local=true&limit=40"):
            play.expect("public", viewer, play.read(viewer, path), [s for s in public if s.parent is None], public)
        play.expect("tag", viewer, play.read(viewer, f"/api/v1/timelines/tag/{play.tag}?limit=40"), public)


def test_own_lists(play):
    for viewer in range(6):
        for path in ("/api/v1/favourites", "/api/v1/bookmarks"):
            got = play.read(viewer, path + "?limit=40")
            may = [s for s in play.model.posts.values() if s.original is None and play.model.sees(viewer, s)]
            play.expect(path, viewer, got, [], may)
            for s in may:  # what was seen then and is seen now is there, unless a block in between took it away
                if s.visibility in ANYONE and (viewer, s.author) not in play.model.ever_apart and s is not list(play.model.posts.values())[-1]:
                    assert s.id in {g["id"] for g in got}, (path, viewer, s.id)


def test_notifications(play):
    m = play.model
    for viewer in range(6):
        def told():
            return {n["status"]["id"] for n in play.read(viewer, "/api/v1/notifications?limit=80&types[]=mention&include_filtered=true")}
        may = {s.id for s in m.posts.values() if viewer in s.mentions and m.sees(viewer, s)}
        must = {s.id for s in m.posts.values() if s.id in may and  # nor in the company of somebody whom the viewer shut out
                not any((viewer, other) in m.ever_apart for other in {s.author, s.parent_author} | s.mentions)}
        play.server.wait_until(lambda: must <= told())
        assert told() <= may
        play.read(viewer, "/api/v1/notifications?limit=80")


def test_search_by_url(play):
    for viewer, s in each(play):
        for q in {s.uri, s.url} - {None}:
            found = play.read(viewer, "/api/v2/search", params={"q": q})["statuses"]
            play.expect(q, viewer, found, [s] if play.model.sees(viewer, s) else [])


def test_pages_and_documents_for_everybody(play):
    activity = {"Accept": "application/activity+json"}
    for s in play.model.posts.values():
        path = s.uri.removeprefix(play.server.url)
        play.read(None, path, 200 if play.model.sees(None, s) else 404, headers=activity)
        if s.original is None:
            play.read(None, s.url.removeprefix(play.server.url), 200 if play.model.sees(None, s) else 404, headers={"Accept": "text/html"})
            for part in ("/replies", "/likes", "/shares"):
                play.read(None, path + part, 200 if play.model.sees(None, s) else 404, headers=activity)
    for person in play.people:
        for path in ("", "/with_replies", "/media", ".rss", ".atom"):
            play.read(None, f"/@{person.name}{path}")
        for path in ("/outbox?page=true", "/collections/featured"):
            play.read(None, f"/ap/users/{person.id}{path}", headers=activity)
    for path in (f"/tags/{play.tag}", f"/tags/{play.tag}.rss", f"/tags/{play.tag}.atom"):
        play.read(None, path)


def test_what_was_deleted_is_nowhere(play):
    assert play.gone
    for s in play.gone:
        for viewer in VIEWERS:
            play.read(viewer, f"/api/v1/statuses/{s.id}", 404)
            assert play.read(viewer, "/api/v2/search", params={"q": s.uri})["statuses"] == []
        play.read(None, s.url.removeprefix(play.server.url), (404, 410))
        play.read(None, s.uri.removeprefix(play.server.url), (404, 410), headers={"Accept": "application/activity+json"})

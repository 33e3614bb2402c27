"""Strangers write, and their servers are slow to say who they are: nobody else waits for that, and nobody is refused."""
import concurrent.futures
import json
import threading

from remote import AP
from timing import PATIENCE

SLOW = 20
HOSTS = ["quick.test", "crowd.test", *(f"slow{i}.test" for i in range(SLOW))]


class Held:
    """Actors whose documents are not given before the end."""

    def __init__(self, far, actors):
        self.far, self.end, self.now, self.most = far, threading.Event(), 0, 0
        for actor in actors:
            far.answer(actor.id, lambda h, doc=actor.doc: self.answer(h, doc))

    def answer(self, h, doc):
        with self.far.lock:
            self.now += 1
            self.most = max(self.most, self.now)
            self.far.lock.notify_all()
        self.end.wait(PATIENCE)
        with self.far.lock:
            self.now -= 1
        self.far._write(h, (200, {"Content-Type": AP}, json.dumps(doc).encode()))

    def wait(self, n):
        with self.far.lock:
            assert self.far.lock.wait_for(lambda: self.now >= n, PATIENCE), f"{self.now} instead of {n}"


def like(here, actor, i, post):
    return actor.send(here, actor.activity("Like", post["uri"]), expect=None, **{"X-Forwarded-For": f"198.51.100.{i + 1}"}).status_code


def test_many_slow_servers_hold_up_nobody(here, far, alice):
    post = alice.toot("hello")
    actors = [far.actor("s", f"slow{i}.test") for i in range(SLOW)]
    quick = far.actor("quick", "quick.test")
    assert like(here, far.actor("first", "quick.test"), 201, post) == 202  # our own key is made now
    held = Held(far, actors)
    with concurrent.futures.ThreadPoolExecutor(SLOW) as pool:
        answers = [pool.submit(like, here, a, i, post) for i, a in enumerate(actors)]
        held.wait(SLOW)
        assert like(here, quick, 200, post) == 202
        assert not any(a.done() for a in answers)
        held.end.set()
        assert {a.result() for a in answers} == {202}


def test_one_server_has_its_share_and_its_others_wait(here, far, alice):
    post = alice.toot("hello")
    actors = [far.actor(f"c{i}", "crowd.test") for i in range(12)]
    held = Held(far, actors)
    with concurrent.futures.ThreadPoolExecutor(len(actors)) as pool:
        answers = [pool.submit(like, here, a, i, post) for i, a in enumerate(actors)]
        held.wait(4)
        held.end.set()
        assert {a.result() for a in answers} == {202}
    assert held.most == 4

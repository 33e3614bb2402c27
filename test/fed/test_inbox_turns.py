"""Hosts share the threads that read activities: one whose answers do not come holds up its own posts, and nobody else's."""
import json
import threading
import time
import urllib.parse

from remote import AP, CONTEXT

HOSTS = ["slow.test", "quick.test"]
POSTS = 12


def test_a_slow_host_holds_up_only_its_own_posts(here, far, alice):
    uri = alice.get("/api/v1/accounts/verify_credentials")["uri"]
    inbox = urllib.parse.urlsplit(uri).path + "/inbox"  # where a post that is only named is asked for
    mallory, eve = far.actor("mallory", "slow.test"), far.actor("eve", "quick.test")
    end, lock, now, most = threading.Event(), threading.Lock(), [0], [0]
    heard = lambda: {n["status"]["uri"] for n in alice.notifications(types=["mention"], limit=80)}

    def told(actor):
        """A post whose Create names it only: who hears of it has to ask."""
        note = actor.note("hello", cc=[uri], tag=[{"type": "Mention", "href": uri}])
        return note, actor.activity("Create", note["id"], to=note["to"], cc=note["cc"])

    def held(note):
        def answer(h):
            with lock:
                now[0] += 1
                most[0] = max(most[0], now[0])
            end.wait(40)
            with lock:
                now[0] -= 1
            far._write(h, (200, {"Content-Type": AP}, json.dumps({"@context": CONTEXT} | note).encode()))
        return answer

    slow = [told(mallory) for _ in range(POSTS)]
    for note, create in slow:
        far.answer(note["id"], held(note))
        mallory.send(here, create, inbox)
    here.wait_until(lambda: now[0] > 0)
    begin = time.monotonic()
    for _ in range(3):
        note, create = told(eve)
        eve.send(here, create, inbox)
        here.wait_until(lambda: note["id"] in heard())
    took = time.monotonic() - begin
    assert not end.is_set() and took < 15, "waited for the slow one"
    assert now[0] > 0, "the slow one answered by itself"
    assert most[0] <= 2
    tries = here.query("SELECT max(tries) FROM job WHERE kind = 'process_activity'")[0][0]
    end.set()
    assert tries <= 1, "to wait for a turn is no try"
    here.wait_until(lambda: here.shift_clock(minutes=1) or {n["id"] for n, _ in slow} <= heard())

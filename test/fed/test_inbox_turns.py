"""Hosts share the threads that read activities: one whose answers do not come holds up its own posts, and nobody else's."""
import json
import threading
import urllib.parse

from remote import AP, CONTEXT

HOSTS = ["slow.test", "quick.test"]
POSTS = 12


def test_a_slow_host_holds_up_only_its_own_posts(here, far, alice):
    uri = alice.get("/api/v1/accounts/verify_credentials")["uri"]
    inbox = urllib.parse.urlsplit(uri).path + "/inbox"  # where a post that is only named is asked for
    mallory, eve = far.actor("mallory", "slow.test"), far.actor("eve", "quick.test")
    end, lock, now, most, asked = threading.Event(), threading.Lock(), [0], [0], []
    heard = lambda: {n["status"]["uri"] for n in alice.notifications(types=["mention"], limit=80)}

    def told(actor):
        """A post whose Create names it only: who hears of it has to ask."""
        note = actor.note("hello", cc=[uri], tag=[{"type": "Mention", "href": uri}])
        return note, actor.activity("Create", note["id"], to=note["to"], cc=note["cc"])

    def held(note):
        def answer(h):
            with lock:
                asked.append(note["id"])
                now[0] += 1
                most[0] = max(most[0], now[0])
            end.wait()
            with lock:
                now[0] -= 1
            far._write(h, (200, {"Content-Type": AP}, json.dumps({"@context": CONTEXT} | note).encode()))
        return answer

    slow = [told(mallory) for _ in range(POSTS)]
    for note, create in slow:
        far.answer(note["id"], held(note))
        mallory.send(here, create, inbox)
    here.wait_until(lambda: now[0] > 0)
    while True:  # a busy machine may need so long for three posts that one of the slow host is given up, and the next is asked for
        before = len(asked)
        for _ in range(3):
            note, create = told(eve)
            eve.send(here, create, inbox)
            here.wait_until(lambda: note["id"] in heard())
        assert len(asked) < POSTS, "waited for the slow one"
        if len(asked) == before:
            break
    assert most[0] <= 2
    [(again,)] = here.query("SELECT count(*) FROM job WHERE kind = 'process_activity' AND tries > 1")
    given_up = len(asked) - 2
    end.set()
    assert again <= max(given_up, 0), "to wait for a turn is no try"
    here.wait_until(lambda: here.shift_clock(minutes=1) or {n["id"] for n, _ in slow} <= heard())

"""Web Push and streaming under attack, numbered as in the list of what must not break (108 to 111).

What the other files already show is not repeated: keys that are no keys, services that are gone or in trouble, one subscription for each token
(test_push.py); what each stream gives to whom, how streams end with their token (test_streaming.py); frames one by one (http/websocket_test.c).
"""
import base64
import os
import re
import secrets
import socket
import struct
import threading

import pytest
import requests
from forms import Browser
from push_service import Device, PushService
from server import Server
from timing import PATIENCE

PATH = "/api/v1/push/subscription"


@pytest.fixture(scope="module")
def service():
    with PushService() as s:
        yield s


@pytest.fixture(scope="module")
def server(tmp_path_factory, new_database, service):
    with Server(tmp_path_factory.mktemp("g"), database=new_database(), resolve=service.resolve) as s:
        yield s


@pytest.fixture(scope="module")
def sender(server):
    return server.user()


def subscribe(api, service, name, **alerts):
    device = Device(True)
    return device, api.post(PATH, device.subscription(service.url(name), mention=True, **alerts))


# --- 108 Web Push ---


@pytest.mark.parametrize("endpoint", ["http://a.test/inbox", "HTTP://A.TEST/x", "https://127.1/x", "https://2130706433/x", "https://0x7f.1/x", "https://a.test@evil.test/",
                                      "https://push.test:0/", "https://push.test:99999/", "https:///x", "https://push.test/\r\nX: y", "file:///etc/passwd", "gopher://push.test/"])
def test_108_endpoints_that_are_refused(alice, service, endpoint):
    body = Device(True).subscription(endpoint, mention=True)
    alice.post(PATH, body, expect=422)
    alice.get(PATH, expect=404)


@pytest.mark.parametrize("endpoint", ["https://10.0.0.1/x", "https://169.254.169.254/latest/meta-data/", "https://[::1]:1/x", "https://[fd00::1]/x"])
def test_108_addresses_inside_are_never_asked(server, alice, sender, endpoint):
    """They may be named, as a name may lead there too; the client that connects looks at the address."""
    alice.post(PATH, Device(True).subscription(endpoint, mention=True))
    sender.toot(f"@{alice.name} hello")
    server.wait_until(lambda: server.query("SELECT failing_ms FROM push_subscription WHERE account_id = ?", int(alice.id))[0][0])
    server.wait_until(lambda: any("notify_push" in j and "address" in j.lower() for j in server.unfinished()))
    alice.delete(PATH)


@pytest.mark.parametrize("status, stays", [(413, True), (429, True), (500, True), (408, True), (400, False), (401, False), (302, True)])
def test_108_what_a_service_answers(server, alice, sender, service, status, stays):
    name = f"answers{status}"
    service.answer["/" + name] = status
    subscribe(alice, service, name)
    sender.toot(f"@{alice.name} hello")
    service.wait(name)
    if stays:
        service.answer.pop("/" + name)
        sender.toot(f"@{alice.name} again")
        service.wait(name)
        alice.get(PATH)
    else:
        server.wait_until(lambda: alice.get(PATH, expect=None) == {"error": "Record not found"})


def test_108_a_slow_service_holds_nobody_up(server, alice, bob, sender, service):
    service.held["/slow"] = threading.Event()
    try:
        subscribe(alice, service, "slow")
        device, made = subscribe(bob, service, "quick")
        sender.toot(f"@{alice.name} hello")
        service.wait("slow")
        sender.toot(f"@{bob.name} hello")
        assert device.read(service.wait("quick", 14), made["server_key"])["notification_type"] == "mention"  # the slow one is given up after 15 s
    finally:
        service.held.pop("/slow").set()
    alice.delete(PATH)


def test_108_private_words_travel_sealed(server, alice, sender, service):
    """The service sees sizes, and neither words nor names nor tokens."""
    alice.follow(sender)  # or the policy for strangers keeps it back
    device, made = subscribe(alice, service, "sealed")
    secret = "s" + secrets.token_hex(8)
    sender.toot(f"@{alice.name} {secret}", visibility="direct")
    push = service.wait("sealed")
    seen = push.body + str(push.headers).encode() + push.path.encode()
    for word in (secret, sender.name, alice.name, alice.token):
        assert word.encode() not in seen
    assert secret in device.read(push, made["server_key"])["body"]
    rows = server.query("SELECT * FROM push_subscription WHERE account_id = ?", int(alice.id))
    assert alice.token not in str(rows) and base64.b64encode(device.auth).decode() not in str(rows)


def test_108_a_message_whose_reader_may_not_see_it_any_more_is_not_sent(server, alice, sender, service):
    """The job looks again: what was deleted while a service was in trouble does not go out later."""
    service.answer["/later"] = 503
    subscribe(alice, service, "later")
    post = sender.toot(f"@{alice.name} not for long")["id"]
    service.wait("later")
    server.wait_until(lambda: server.query("SELECT failing_ms FROM push_subscription WHERE account_id = ?", int(alice.id))[0][0])
    sender.delete(f"/api/v1/statuses/{post}")
    service.answer.pop("/later")
    server.wait_until(lambda: not alice.notifications())
    server.shift_clock(minutes=5)
    server.wait_until(lambda: not server.unfinished())
    service.none("later")


def test_108_subscriptions_are_of_their_token(server, alice, bob, service):
    """There is no id to guess: one's own is all one can name, and an app without a person has none."""
    _, made = subscribe(alice, service, "mine")
    bob.get(PATH, expect=404)
    bob.put(PATH, {"data": {"alerts": {"follow": True}}}, expect=404)
    bob.delete(PATH)
    bob.delete(f"{PATH}/{made['id']}", expect=404)
    bob.request("DELETE", f"{PATH}?id={made['id']}", 200)
    assert alice.get(PATH) == made


def test_108_a_server_key_that_is_lost_ends_what_it_sealed(own_server, service):
    """Another key opens neither the old secrets nor the old pair; the server starts, offers a new pair, and apps subscribe again."""
    server = own_server(resolve=service.resolve)
    alice, bob = server.user(), server.user()
    subscribe(alice, service, "lost")
    before = alice.get("/api/v2/instance")["configuration"]["vapid"]["public_key"]
    server.stop()
    (server.config["data_dir"] / "server.key").unlink()
    server.expected_faults = 10
    server.start()
    for api in (alice, bob):
        api.base = server.base
    after = alice.get("/api/v2/instance")["configuration"]["vapid"]["public_key"]
    assert after != before and len(base64.urlsafe_b64decode(after)) == 65
    bob.toot(f"@{alice.name} hello")
    server.wait_until(lambda: alice.notifications())
    device, made = subscribe(alice, service, "found")
    bob.toot(f"@{alice.name} hello again")
    assert device.read(service.wait("found"), made["server_key"])["notification_type"] == "mention"


# --- 109 the end of streams ---


def ends_soon(server, api, act):
    """A stream and a socket of the token end after the act, and no new ones begin."""
    with api.stream() as events, api.socket("user") as s:
        s.sync()
        act()
        events.wait_end()
        assert s.wait_end() == 1008
    server.api(api.token).get("/api/v1/streaming/user", expect=(401, 403))


def test_109_a_session_that_is_ended_elsewhere(server, alice):
    phone = server.api(server.token(alice.name))
    goes, = [s for s in alice.get("/api/v1/sessions") if not s["current"]]
    ends_soon(server, phone, lambda: alice.delete(f"/api/v1/sessions/{goes['id']}"))
    alice.home()


def test_109_a_new_password_in_the_settings(server, alice):
    browser = Browser(server.api())
    browser.open("/auth/sign_in")
    browser.log_in(alice)
    browser.open("/settings/security")
    ends_soon(server, alice, lambda: browser.press("save", current_password=alice.password, password=secrets.token_urlsafe(12)))


def test_109_an_app_whose_access_is_taken_away(server, alice):
    browser = Browser(server.api())
    browser.open("/auth/sign_in")
    browser.log_in(alice)
    browser.open("/settings/sessions")
    ends_soon(server, alice, lambda: browser.press("take access away"))


def test_109_a_token_of_fewer_scopes_hears_no_more_than_they_say(server, alice, sender):
    """Scopes do not change under a token; a new one with fewer is another token."""
    narrow = server.api(server.token(alice.name, "read:notifications"))
    narrow.get("/api/v1/streaming/user", expect=403)
    with narrow.stream("user/notification") as events, narrow.socket() as s:
        assert s.subscribe("user").wait("error")["status"] == 401
        sender.follow(alice)
        assert events.wait("notification")["type"] == "follow"


# --- 110 who hears what ---


def test_110_lists_and_direct_posts_of_others(server, alice, bob):
    number = alice.post("/api/v1/lists", {"title": "mine"})["id"]
    for query in (f"list={number}", f"list=0{number}", f"list=+{number}", "list=1", "list=-1", "list=99999999999999999999", "list=x"):
        bob.request("GET", "/api/v1/streaming/list?" + query, (400, 401, 404))
    with bob.socket("user") as s:
        for stream, more in (("list", {"list": number}), ("list", {"list": int(number)}), ("list", {"list": [number]}), ("user:" + alice.id, {}), (f"timeline:{alice.id}", {}),
                             ("direct", {"account_id": alice.id}), ("list:" + number, {})):
            s.send({"type": "subscribe", "stream": stream} | more)
            if stream == "direct":
                s.sync()
            else:
                assert s.wait("error")["status"] in (400, 401), stream
        alice.toot(f"@{alice.name} a note to myself", visibility="direct")
        server.wait_told()
        last = bob.toot("end")["id"]
        got = s.all(lambda stream, event, p: event == "update" and p["id"] == last)
        assert not [p for _, event, p in got if event in ("update", "conversation")], got


def test_110_a_tag_gives_no_private_post(server, alice, bob):
    tag = "t" + secrets.token_hex(6)
    with alice.stream("hashtag", tag=tag) as events:
        for visibility in ("private", "direct", "unlisted"):
            bob.toot(f"#{tag} {visibility}", visibility=visibility)
        server.wait_told()
        last = bob.toot(f"#{tag} end")["id"]
        assert events.wait("update")["id"] == last


def test_110_tokens_of_addresses_are_not_in_the_log(server, alice):
    with alice.socket("user", token="query") as s:
        s.sync()
    alone = server.api()
    with alone.http.get(f"{alone.base}/api/v1/streaming/user", params={"access_token": alice.token}, stream=True, timeout=PATIENCE) as r:
        assert r.status_code == 200
    alone.request("GET", "/api/v1/streaming/user?access_token=" + alice.token[:-1] + "x", 401)
    alone.request("GET", "/api/v1/streaming/nonsense?access_token=" + alice.token, 404)
    assert not [line for line in server.log.lines if alice.token[:20] in line]


@pytest.mark.parametrize("origin", ["https://evil.test", "http://a.test", "null"])
def test_110_a_cookie_opens_no_stream(server, alice, origin):
    """A page elsewhere makes the browser send cookies along; a stream wants a token."""
    browser = Browser(server.api())
    browser.open("/auth/sign_in")
    browser.log_in(alice)
    cookies = dict(browser.api.http.cookies)
    assert cookies
    for path in ("user", "public", "direct"):
        r = requests.get(f"{server.base}/api/v1/streaming/{path}", headers={"Host": server.host, "Origin": origin}, cookies=cookies, timeout=PATIENCE)
        assert r.status_code == 401 and "Access-Control-Allow-Credentials" not in r.headers
    assert raw_status(server, f"Origin: {origin}\r\nCookie: {'; '.join(f'{k}={v}' for k, v in cookies.items())}\r\n") == 401


# --- 111 WebSocket frames and floods ---

KEY = base64.b64encode(b"0123456789abcdef").decode()


def raw_head(server, more, path="/api/v1/streaming?stream=user"):
    return (f"GET {path} HTTP/1.1\r\nHost: {server.host}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
            f"Sec-WebSocket-Key: {KEY}\r\n{more}\r\n").encode()


def raw_connect(server):
    host, port = server.base.split("//")[1].split(":")
    s = socket.create_connection((host, int(port)), timeout=PATIENCE)
    return s


def raw_status(server, more):
    with raw_connect(server) as s:
        s.sendall(raw_head(server, more))
        return int(s.recv(4096).split()[1])


class Raw:
    """A WebSocket without a library, which would not send what these tests send."""

    def __init__(self, server, api):
        self.s = raw_connect(server)
        self.s.sendall(raw_head(server, f"Authorization: Bearer {api.token}\r\n"))
        self.rest = b""
        while b"\r\n\r\n" not in self.rest:
            self.rest += self.s.recv(4096)
        head, self.rest = self.rest.split(b"\r\n\r\n", 1)
        assert head.startswith(b"HTTP/1.1 101 "), head

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.s.close()

    def send(self, op, payload=b"", fin=True, masked=True, length=None, reserved=0):
        n = len(payload) if length is None else length
        head = bytes([(0x80 if fin else 0) | reserved | op])
        flag = 0x80 if masked else 0
        head += bytes([flag | n]) if n < 126 else bytes([flag | 126]) + struct.pack(">H", n) if n < 65536 else bytes([flag | 127]) + struct.pack(">Q", n)
        mask = os.urandom(4) if masked else b""
        body = bytes(b ^ mask[i % 4] for i, b in enumerate(payload)) if masked else payload
        try:
            self.s.sendall(head + mask + body)
        except OSError:  # it has closed already
            pass

    def close_code(self):
        """Read until the server ends; the status of its Close frame, None without one."""
        code = None
        while True:
            try:
                more = self.s.recv(65536)
            except ConnectionResetError:
                more = b""
            if not more:
                return code
            self.rest += more
            while len(self.rest) >= 2:
                n, skip = self.rest[1] & 127, 2
                if n == 126:
                    n, skip = struct.unpack(">H", self.rest[2:4])[0], 4
                if len(self.rest) < skip + n:
                    break
                if self.rest[0] & 15 == 8 and n >= 2:
                    code = struct.unpack(">H", self.rest[skip:skip + 2])[0]
                self.rest = self.rest[skip + n:]


@pytest.mark.parametrize("frame, code", [
    ({"op": 1, "payload": b"{}", "masked": False}, 1002), ({"op": 1, "length": 2**63 - 1}, 1009), ({"op": 1, "length": 2**64 - 1}, (1002, 1009)),
    ({"op": 9, "payload": b"x" * 126}, 1002), ({"op": 8, "payload": b"x" * 200}, 1002), ({"op": 1, "payload": b'"\xff"'}, 1007), ({"op": 1, "payload": b"{}", "reserved": 0x40}, 1002),
    ({"op": 3, "payload": b""}, 1002), ({"op": 9, "payload": b"", "fin": False}, 1002), ({"op": 0, "payload": b"x"}, 1002), ({"op": 8, "payload": b"\x03"}, 1002),
], ids=str)
def test_111_frames_that_are_none(server, sender, frame, code):
    with Raw(server, sender) as raw:
        raw.send(**frame)
        assert raw.close_code() in (code if isinstance(code, tuple) else (code,))


def test_111_fragments_without_end_are_bounded(server, sender):
    with Raw(server, sender) as raw:
        raw.send(1, b"x" * 1000, fin=False)
        for _ in range(200):
            raw.send(0, b"x" * 1000, fin=False)
        assert raw.close_code() == 1009


def test_111_a_flood_of_pings_costs_a_bounded_queue(server, sender):
    """Who does not read the answers is cut; everybody else goes on."""
    with Raw(server, sender) as raw, sender.socket("user") as other:
        raw.s.settimeout(PATIENCE)
        raw.s.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, struct.pack("ll", 5, 0))
        flood = b"".join(bytes([0x89, 0x80 | 125]) + b"\0\0\0\0" + b"x" * 125 for _ in range(2000))
        try:
            for _ in range(400):  # 100 MB of answers, more than any buffer of the system takes
                raw.s.sendall(flood)
        except OSError:
            pass
        other.sync()
        assert sender.toot("still here")["id"]
    server.wait_until(lambda: re.search(r"dassie_stream_cut_total [1-9]", server.api().get("/metrics", expect=None)))


def test_111_a_flood_of_commands_is_slow_for_who_sends_it(server, sender):
    with sender.socket("user") as flood, sender.socket("user") as other:
        for i in range(300):
            flood.send({"type": "subscribe", "stream": "hashtag", "tag": f"t{i}"})
        other.sync()
        errors = 0
        while errors < 200:
            event, _ = flood.get()
            if event == "end":
                break
            errors += event == "error"  # a post of the test before may come too
        last = sender.toot("still here")["id"]
        while other.wait("update")["id"] != last:
            pass


def test_111_after_a_restart_not_all_come_back_at_once(server, sender):
    """Every event stream is told another time to wait before it connects again."""
    waits = set()
    for _ in range(6):
        with sender.http.get(f"{sender.base}/api/v1/streaming/user", stream=True, timeout=PATIENCE) as r:
            line = next(r.iter_lines(chunk_size=1, decode_unicode=True))
            assert line.startswith("retry: "), line
            waits.add(int(line[7:]))
    assert len(waits) > 1 and min(waits) >= 1000 and max(waits) <= 10_000

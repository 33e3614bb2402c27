"""The client API as one person (or nobody): each call says which status it expects and returns the decoded answer.

Every exchange is recorded in the folder DASSIE_RECORD, where lib/openapi.py compares it with the published schemas.
"""
import contextlib
import json
import os
import pathlib
import queue
import threading
import time
import urllib.parse

import requests
from socket_client import Socket
from timing import PATIENCE

RECORD = os.environ.get("DASSIE_RECORD")
exchanges = []


def save_exchanges():
    """At the end of a run; conftest.py calls it in each process of it."""
    if RECORD and exchanges:
        path = pathlib.Path(RECORD) / f"{os.getpid()}.json"
        path.write_text(json.dumps(exchanges), encoding="utf-8")


class Api:
    def __init__(self, base, host=None, token=None):
        self.base, self.host, self.token = base, host, token
        self.http = requests.Session()
        self.http.trust_env = False
        self.http.headers["User-Agent"] = "dassie-tests"
        if host:
            self.http.headers["Host"] = host
        if token:
            self.http.headers["Authorization"] = f"Bearer {token}"
        self.last = None  # the last answer, for its headers

    def request(self, method, path, expect=200, **kw):
        """`expect` is a status, several of them, or None for any.  Keywords as in requests; data or json for the body."""
        kw.setdefault("timeout", PATIENCE)
        kw.setdefault("allow_redirects", False)
        r = self.last = self.http.request(method, self.base + path, **kw)
        kind = r.headers.get("Content-Type", "").split(";")[0]
        body = r.json() if kind.endswith("json") and r.content else r.text
        if RECORD and kind.endswith("json") and path.startswith(("/api/", "/oauth/")):
            parts = urllib.parse.urlsplit(r.request.url)
            exchanges.append({"method": method, "path": parts.path, "query": parts.query, "status": r.status_code, "json": body})
        wanted = (expect,) if isinstance(expect, int) else expect
        assert wanted is None or r.status_code in wanted, f"{method} {path}: {r.status_code} instead of {expect}: {r.text[:2000]}"
        return body

    def get(self, path, **params):
        """Query parameters as keywords: get("/api/v1/timelines/home", limit=2)."""
        expect = params.pop("expect", 200)
        headers = params.pop("headers", None)
        return self.request("GET", path, expect, params=flat(params), headers=headers)

    def post(self, path, json=None, expect=200, **kw):
        return self.request("POST", path, expect, json=json, **kw)

    def put(self, path, json=None, expect=200, **kw):
        return self.request("PUT", path, expect, json=json, **kw)

    def patch(self, path, json=None, expect=200, **kw):
        return self.request("PATCH", path, expect, json=json, **kw)

    def delete(self, path, expect=200, **kw):
        return self.request("DELETE", path, expect, **kw)

    def pages(self, path, **params):
        """Every item of a collection, following Link: rel="next"."""
        page = self.get(path, **params)
        while True:
            yield from page
            following = self.last.links.get("next")
            if not following or not page:
                return
            parts = urllib.parse.urlsplit(following["url"])
            page = self.request("GET", parts.path + "?" + parts.query)

    def app_token(self, name, scopes):
        """A new app's own token, with which people may be signed up."""
        app = self.post("/api/v1/apps", {"client_name": name, "redirect_uris": "urn:ietf:wg:oauth:2.0:oob", "scopes": scopes})
        return self.post("/oauth/token", {"grant_type": "client_credentials", "client_id": app["client_id"],
                                          "client_secret": app["client_secret"], "scope": scopes})["access_token"]

    # --- what nearly every test does ---

    def toot(self, text="Hello", **kw):
        return self.post("/api/v1/statuses", {"status": text} | kw)

    def lookup(self, acct):
        return self.get("/api/v1/accounts/lookup", acct=acct)

    def find(self, what, kind="accounts"):
        """Somebody or something of another server, fetched when need be; asked for again when a busy machine had no time for it."""
        end = time.monotonic() + PATIENCE
        while not (found := self.get("/api/v2/search", q=what, resolve=True, type=kind)[kind]):
            assert time.monotonic() < end, f"{what} was not found"
            time.sleep(0.1)
        return found[0]

    def follow(self, other):
        return self.post(f"/api/v1/accounts/{getattr(other, 'id', other)}/follow")

    def home(self, **kw):
        return self.get("/api/v1/timelines/home", **kw)

    def notifications(self, **kw):
        return self.get("/api/v1/notifications", **kw)

    @contextlib.contextmanager
    def stream(self, name="user", **params):
        """Server-sent events of a stream: `with alice.stream() as s: … s.wait("update")`.  It listens when the block begins."""
        r = self.http.get(f"{self.base}/api/v1/streaming/{name}", params=flat(params), stream=True, timeout=PATIENCE)
        assert r.status_code == 200, r.text
        events = Events(r)
        try:
            events.wait(":)")
            yield events
        finally:
            events.close()

    def socket(self, stream=None, **kw):
        """A WebSocket of the streaming API: `with alice.socket("user") as s: … s.wait("update")`.  See lib/socket_client.py."""
        return Socket(self, stream, **kw)


class Events:
    """Events read by a thread; wait() hands them out in order."""

    def __init__(self, response):
        self.response = response
        response.encoding = "utf-8"
        self.queue = queue.Queue()
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self):
        event = None
        with contextlib.suppress(Exception):  # close() ends the reading from another thread
            for line in self.response.iter_lines(chunk_size=1, decode_unicode=True):
                if line.startswith(":)"):
                    self.queue.put((":)", ""))
                elif line.startswith("event:"):
                    event = line[6:].strip()
                elif line.startswith("data:"):
                    self.queue.put((event, line[5:].strip()))
        self.queue.put(("end", ""))

    def wait(self, event, timeout=PATIENCE):
        """The decoded payload of the next event of this kind; others before it are dropped."""
        while True:
            try:
                got, data = self.queue.get(timeout=timeout)
            except queue.Empty:
                raise AssertionError(f"no {event} in the stream within {timeout} s") from None
            if got == event:
                return json.loads(data) if data[:1] in ("{", "[") else data

    def all(self, until, timeout=PATIENCE):
        """(event, payload) of everything before the event that `until` says True of."""
        got = []
        while True:
            event, data = self.queue.get(timeout=timeout)
            payload = json.loads(data) if data[:1] in ("{", "[") else data
            if until(event, payload):
                return got
            assert event != "end", f"the stream ended after {got}"
            got.append((event, payload))

    def wait_end(self, timeout=PATIENCE):
        """Until the server ends it."""
        self.wait("end", timeout)

    def close(self):
        with contextlib.suppress(Exception):  # the socket itself: the reading thread holds everything above it
            self.response.raw._fp.fp.raw._sock.shutdown(2)
        self.response.close()


def flat(params):
    """Query parameters: True and False as words, lists as name[]."""
    out = []
    for key, value in params.items():
        if value is None:
            continue
        many = isinstance(value, (list, tuple))
        name = key + "[]" if many else key
        for v in value if many else [value]:
            out.append((name, str(v).lower() if isinstance(v, bool) else v))
    return out

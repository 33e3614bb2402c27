"""A WebSocket of the streaming API, read by a thread of its own; what came is handed out in order."""
import asyncio
import concurrent.futures
import json
import queue
import threading
import urllib.parse

from timing import PATIENCE
from websockets.exceptions import ConnectionClosed, InvalidStatusCode
from websockets.legacy.client import connect  # the one that Debian 12 and 13 both have


class Refused(Exception):
    """The server answered the handshake with this status."""

    def __init__(self, status):
        super().__init__(f"handshake refused with {status}")
        self.status = status


class Socket:
    """token: "header" (default), "query" or "protocol" says where the token goes; None: nowhere."""

    def __init__(self, api, stream=None, token="header", max_queue=None, **params):
        query = dict(params)
        if stream:
            query["stream"] = stream
        headers, where = {}, urllib.parse.urlsplit(api.base)
        protocols = None
        if token == "header":
            headers["Authorization"] = f"Bearer {api.token}"
        elif token == "query":
            query["access_token"] = api.token
        elif token == "protocol":
            protocols = [api.token]
        self.url = f"ws://{api.host or where.netloc}/api/v1/streaming?" + urllib.parse.urlencode(query)
        self.options = {"host": where.hostname, "port": where.port, "extra_headers": headers, "subprotocols": protocols, "max_size": None,
                        "ping_interval": None, "open_timeout": PATIENCE, "close_timeout": 1}  # a server that makes us wait does not read our farewell either
        self.queue = queue.Queue()
        self.code = self.socket = None
        self.opened = threading.Event()
        self.failure = None
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self):
        self.thread.start()
        assert self.opened.wait(PATIENCE), "no answer to the handshake"
        if self.failure:
            raise self.failure
        return self

    def __exit__(self, *error):
        if not self.loop.is_closed():
            self._call(self.socket.close())
        self.thread.join(PATIENCE)

    def _run(self):
        asyncio.set_event_loop(self.loop)
        try:
            self.loop.run_until_complete(self._read())
        except InvalidStatusCode as e:
            self.failure = Refused(e.status_code)
        except Exception as e:  # noqa: BLE001  whatever it is, the test is told
            self.failure = e
        self.opened.set()
        self.queue.put(("end", None))
        self.loop.close()

    async def _read(self):
        async with connect(self.url, **self.options) as self.socket:
            self.protocol = self.socket.subprotocol
            self.opened.set()
            try:
                async for text in self.socket:
                    m = json.loads(text)
                    self.queue.put(("error", m) if "error" in m else (m["event"], m))
            except ConnectionClosed:
                pass
        self.code = self.socket.close_code

    def _call(self, coroutine):
        """Its result; None when the connection has ended, which the reading thread may find at any moment."""
        try:
            future = asyncio.run_coroutine_threadsafe(coroutine, self.loop)
            for _ in range(PATIENCE * 10):
                concurrent.futures.wait([future], 0.1)
                if future.done():
                    return future.result()
                if not self.thread.is_alive():
                    coroutine.close()
                    return None
            raise AssertionError(f"the server did not take it within {PATIENCE} s")
        except (RuntimeError, ConnectionClosed):
            coroutine.close()
            return None

    def send(self, data):
        """A dictionary goes as JSON, text and bytes as they are."""
        self._call(self.socket.send(json.dumps(data) if isinstance(data, dict) else data))

    def subscribe(self, stream, **params):
        self.send({"type": "subscribe", "stream": stream} | params)
        return self

    def unsubscribe(self, stream, **params):
        self.send({"type": "unsubscribe", "stream": stream} | params)

    def sync(self, timeout=PATIENCE):
        """Until the server has read everything that was sent: it says so of a message that it does not know."""
        self.send({"type": "sync"})
        assert "message" in self.wait("error", timeout)["error"]
        return self

    def get(self, timeout=PATIENCE):
        """(event, whole frame) of what came next."""
        try:
            return self.queue.get(timeout=timeout)
        except queue.Empty:
            raise AssertionError(f"nothing came within {timeout} s") from None

    def wait(self, event, timeout=PATIENCE):
        """The payload of the next event of this kind (of an error the whole frame); others before it are dropped."""
        while True:
            got, frame = self.get(timeout)
            if got == event:
                return payload(frame) if got not in ("error", "end") else frame
            assert got != "end", f"closed with {self.code} before a {event}"

    def all(self, until, timeout=PATIENCE):
        """(stream, event, payload) of everything before that of which `until` says True."""
        got = []
        while True:
            event, frame = self.get(timeout)
            assert event != "end", f"closed with {self.code} after {got}"
            item = (":".join(frame["stream"]), event, payload(frame))
            if until(*item):
                return got
            got.append(item)

    def wait_end(self, timeout=PATIENCE):
        """Until the server closes it; the code."""
        self.wait("end", timeout)
        self.thread.join(PATIENCE)
        return self.code


def payload(frame):
    text = frame.get("payload")
    return json.loads(text) if text and text[:1] in ("{", "[") else text

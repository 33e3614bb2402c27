"""A scripted foreign server on plain http: actors with keys, signed posts of any shape, a record of what arrived, and any answer a test wants.

It has as many names as a test needs, all on one port; Remote.keys() makes them known to the server under test.
"""
import base64
import collections
import email.utils
import hashlib
import http.server
import itertools
import json
import threading
import time
import urllib.parse

import requests
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from timing import PATIENCE

AP = "application/activity+json"
CONTEXT = ["https://www.w3.org/ns/activitystreams", "https://w3id.org/security/v1"]
PUBLIC = "https://www.w3.org/ns/activitystreams#Public"

Arrival = collections.namedtuple("Arrival", "host path headers body json")
made = []  # keys of this run: to make one takes a tenth of a second, on a busy machine a whole one


def signed_9421(key, key_id, url, body):
    """Headers of a POST signed as RFC 9421 says, with an Ed25519 key."""
    digest = f"sha-256=:{base64.b64encode(hashlib.sha256(body).digest()).decode()}:"
    params = f'("@method" "@target-uri" "content-digest");created={int(time.time())};keyid="{key_id}"'
    text = f'"@method": POST\n"@target-uri": {url}\n"content-digest": {digest}\n"@signature-params": {params}'
    return {"Host": urllib.parse.urlsplit(url).netloc, "Content-Type": AP, "Content-Digest": digest, "Signature-Input": "sig1=" + params,
            "Signature": f"sig1=:{base64.b64encode(key.sign(text.encode())).decode()}:"}


class Actor:
    """A person of a Remote, with a key; .doc is what is served and may be changed."""

    def __init__(self, remote, origin, name):
        self.remote, self.origin, self.name = remote, origin, name
        self.id = f"{origin}/users/{name}"
        self.host = urllib.parse.urlsplit(origin).netloc
        self.acct = f"{name}@{self.host}"
        self.new_key()

    def new_key(self):
        self.key = self.remote.new_key()
        self.public = self.key.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo).decode()
        self.doc = {
            "@context": CONTEXT, "id": self.id, "type": "Person", "preferredUsername": self.name, "name": self.name, "summary": "",
            "inbox": self.id + "/inbox", "outbox": self.id + "/outbox", "followers": self.id + "/followers",
            "following": self.id + "/following", "url": f"{self.origin}/@{self.name}", "endpoints": {"sharedInbox": self.origin + "/inbox"},
            "publicKey": {"id": self.id + "#main-key", "owner": self.id, "publicKeyPem": self.public}}

    def sign(self, method, url, body=b"", key_id=None, date=None):
        """The headers of a request signed in the way that every server understands (draft-cavage-12)."""
        parts = urllib.parse.urlsplit(url)
        date = date or email.utils.formatdate(usegmt=True)
        digest = "SHA-256=" + base64.b64encode(hashlib.sha256(body).digest()).decode()
        path = parts.path + ("?" + parts.query if parts.query else "")
        lines = [("(request-target)", f"{method.lower()} {path}"), ("host", parts.netloc), ("date", date)]
        lines += [("digest", digest), ("content-type", AP)] if method == "POST" else []
        text = "\n".join(f"{k}: {v}" for k, v in lines).encode()
        signature = base64.b64encode(self.key.sign(text, padding.PKCS1v15(), hashes.SHA256())).decode()
        headers = {"Host": parts.netloc, "Date": date, "Signature": f'keyId="{key_id or self.id + "#main-key"}",algorithm="rsa-sha256",'
                   f'headers="{" ".join(k for k, _ in lines)}",signature="{signature}"'}
        return headers | ({"Digest": digest, "Content-Type": AP} if method == "POST" else {"Accept": AP})

    # --- activities ---

    def activity(self, kind, obj, **more):
        return {"@context": CONTEXT, "id": self.remote.new_id(self.origin, kind.lower()), "type": kind, "actor": self.id, "object": obj} | more

    def note(self, content, to=(PUBLIC,), cc=(), **more):
        """A note, served under its id from now on (tests may change remote.documents)."""
        note = {"id": self.remote.new_id(self.origin, "notes"), "type": "Note", "attributedTo": self.id, "content": content,
                "published": self.remote.now(), "to": list(to), "cc": list(cc) or [self.id + "/followers"]} | more
        self.remote.documents[note["id"]] = {"@context": CONTEXT} | note
        return note

    def create(self, note):
        return self.activity("Create", note, to=note["to"], cc=note["cc"], published=note["published"])

    def send(self, server, activity, path="/inbox", expect=202, **change):
        """Sign an activity and post it to a server's inbox; change: other headers.  The answer."""
        body = activity if isinstance(activity, bytes) else json.dumps(activity).encode()
        headers = self.sign("POST", server.url + path, body) | change
        r = requests.post(server.base + path, data=body, headers={k: v for k, v in headers.items() if v is not None}, timeout=PATIENCE)
        wanted = (expect,) if isinstance(expect, int) else expect
        assert wanted is None or r.status_code in wanted, f"POST {path}: {r.status_code} instead of {expect}: {r.text[:1000]}"
        return r


class Remote:
    def __init__(self, names=("peer.test",)):
        self.names = list(names)
        self.actors, self.documents, self.answers = {}, {}, {}
        self.arrived, self.asked = [], collections.Counter()
        self.lock = threading.Condition()
        self.numbers, self.keys_used = itertools.count(1), itertools.count()
        self.down = set()  # names that answer 503 to deliveries
        remote = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                remote._get(self)

            def do_POST(self):
                remote._post(self)

            def log_message(self, *args):
                pass

        class Http(http.server.ThreadingHTTPServer):
            daemon_threads = True
            request_queue_size = 512

            def handle_error(self, request, address):  # a client that went away is the subject of tests
                pass

        self.http = Http(("127.0.0.1", 0), Handler)
        self.port = self.http.server_address[1]
        self.thread = threading.Thread(target=self.http.serve_forever, kwargs={"poll_interval": 0.1}, daemon=True)
        self.thread.start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()

    def stop(self):
        self.http.shutdown()
        self.http.server_close()

    def keys(self):
        """Configuration of a server that knows all the names."""
        return {"resolve": [f"{name}:80:127.0.0.1:{self.port}" for name in self.names], "federation_http": "yes", "allow_networks": "127.0.0.0/8"}

    def new_key(self):
        """One that nobody else of this Remote has; those of another Remote, which is for other servers, may have it."""
        with self.lock:
            n = next(self.keys_used)
            while len(made) <= n:
                made.append(rsa.generate_private_key(65537, 2048))
        return made[n]

    def new_id(self, origin, kind):
        return f"{origin}/{kind}/{next(self.numbers)}"

    @staticmethod
    def now():
        import datetime
        return datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")

    def actor(self, name="eve", host=None):
        found = Actor(self, f"http://{host or self.names[0]}", name)
        self.actors[found.id] = found
        return found

    # --- what it serves ---

    def answer(self, url, what):
        """Let `what` answer this URL: a document, (status, headers, bytes), or a function of the handler that writes it all itself."""
        self.answers[url] = what

    def _get(self, h):
        host = h.headers.get("Host", "")
        url = f"http://{host}{h.path}"
        parts = urllib.parse.urlsplit(h.path)
        with self.lock:
            self.asked[url] += 1
            self.lock.notify_all()
        what = self.answers.get(url)
        if what is None and url in self.actors:
            what = self.actors[url].doc
        if what is None:
            what = self.documents.get(url)
        if what is None and parts.path == "/.well-known/webfinger":
            resource = dict(urllib.parse.parse_qsl(parts.query)).get("resource", "")
            found = [a for a in self.actors.values() if resource in (f"acct:{a.acct}", a.id)]
            if found:
                what = {"subject": f"acct:{found[0].acct}", "links": [{"rel": "self", "type": AP, "href": found[0].id}]}
        self._write(h, what if what is not None else (404, {}, b""))

    def _write(self, h, what):
        if callable(what):
            what(h)
            return
        if isinstance(what, dict):
            what = (200, {"Content-Type": AP}, json.dumps(what).encode())
        status, headers, body = what
        h.send_response(status)
        for key, value in headers.items():
            h.send_header(key, value)
        if not any(k.lower() == "content-length" for k in headers):
            h.send_header("Content-Length", str(len(body)))
        h.end_headers()
        h.wfile.write(body)

    def _post(self, h):
        host = h.headers.get("Host", "")
        body = h.rfile.read(int(h.headers.get("Content-Length", "0")))
        what = self.answers.get(f"http://{host}{h.path}") or ((503, {}, b"") if host in self.down else (202, {}, b""))
        try:
            parsed = json.loads(body)
        except ValueError:
            parsed = None
        accepted = not isinstance(what, tuple) or what[0] < 300
        if accepted:  # before the answer: what the sender may count on is on record
            with self.lock:
                self.arrived.append(Arrival(host, h.path, dict(h.headers.items()), body, parsed))
                self.lock.notify_all()
        self._write(h, what)

    # --- what it got ---

    def wait(self, test, timeout=PATIENCE):
        """The first delivery for which test(arrival) is true."""
        with self.lock:
            self.lock.wait_for(lambda: any(test(a) for a in self.arrived), timeout)
            found = [a for a in self.arrived if test(a)]
        assert found, f"not within {timeout} s: {[a.json and (a.json.get('type'), a.json.get('id')) for a in self.arrived][-20:]}"
        return found[0]

    def wait_kind(self, kind, timeout=PATIENCE, **fields):
        return self.wait(lambda a: a.json and a.json.get("type") == kind and all(a.json.get(k) == v for k, v in fields.items()), timeout)

    def got(self, kind=None):
        with self.lock:
            return [a for a in self.arrived if a.json and kind in (None, a.json.get("type"))]


def verify_9421(arrival, key):
    """Raises unless a delivery carries a digest of its body and an RFC 9421 signature by this Ed25519 key over all that matters."""
    headers = {k.lower(): v for k, v in arrival.headers.items()}
    params = headers["signature-input"].removeprefix("sig1=")
    assert params.startswith('("@method" "@target-uri" "content-digest"')
    assert headers["content-digest"] == f"sha-256=:{base64.b64encode(hashlib.sha256(arrival.body).digest()).decode()}:"
    values = headers | {"@method": "POST", "@target-uri": f"http://{arrival.host}{arrival.path}"}
    names = params[1:params.index(")")].replace('"', "").split()
    text = "\n".join([f'"{n}": {values[n]}' for n in names] + [f'"@signature-params": {params}'])
    key.verify(base64.b64decode(headers["signature"].removeprefix("sig1=:").removesuffix(":")), text.encode())


def signature_is_good(arrival, public_pem):
    """Whether a delivery carries a digest of its body and a draft-cavage signature of this key over all that matters."""
    headers = {k.lower(): v for k, v in arrival.headers.items()}
    fields = dict(part.split("=", 1) for part in headers["signature"].split('",')) if "signature" in headers else {}
    fields = {k.strip(): v.strip().strip('"') for k, v in fields.items()}
    names = fields.get("headers", "").split()
    if not {"(request-target)", "host", "date", "digest"} <= set(names):
        return False
    if headers.get("digest") != "SHA-256=" + base64.b64encode(hashlib.sha256(arrival.body).digest()).decode():
        return False
    values = headers | {"(request-target)": f"post {arrival.path}"}
    text = "\n".join(f"{n}: {values.get(n, '')}" for n in names).encode()
    key = serialization.load_pem_public_key(public_pem.encode())
    try:
        key.verify(base64.b64decode(fields["signature"]), text, padding.PKCS1v15(), hashes.SHA256())
    except InvalidSignature:
        return False
    return True

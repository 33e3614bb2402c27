"""A push service that keeps what it gets, and the device behind it that can read it.  RFC 8030, 8291, 8292, and the draft that older clients speak."""
import base64
import collections
import http.server
import json
import os
import queue
import threading

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, utils
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from timing import PATIENCE

Push = collections.namedtuple("Push", "path headers body")


def b64(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def unb64(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def point(key):
    return key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def load_point(data):
    return ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), data)


def hkdf(salt, ikm, info, n):
    return HKDF(hashes.SHA256(), n, salt, info).derive(ikm)


class PushService:
    """with PushService() as s: s.url("path") is an endpoint; s.wait() the next Push.  s.answer[path] is the status it gives there, 201 otherwise."""

    def __init__(self):
        self.arrived = queue.Queue()
        self.answer = {}
        self.held = {}  # path: an Event until which nothing is answered there
        service = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                if self.path in service.held:
                    service.arrived.put(Push(self.path, self.headers, body))
                    service.held[self.path].wait(PATIENCE)
                    return
                status = service.answer.get(self.path, 201)
                service.arrived.put(Push(self.path, self.headers, body))  # before the answer: what the sender is done with is on record
                self.send_response(status)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *args):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.origin = f"http://push.test:{self.server.server_port}"
        self.resolve = f"push.test:{self.server.server_port}:127.0.0.1:{self.server.server_port}"
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *error):
        self.server.shutdown()
        self.server.server_close()

    def url(self, path):
        return f"{self.origin}/{path}"

    def wait(self, path=None, timeout=PATIENCE):
        while True:
            try:
                p = self.arrived.get(timeout=timeout)
            except queue.Empty:
                raise AssertionError(f"no push message within {timeout} s") from None
            if path is None or p.path == "/" + path:
                return p

    def none(self, prefix):
        """Nothing has come for addresses that begin so."""
        while not self.arrived.empty():
            assert not self.arrived.get().path.startswith("/" + prefix)


class Device:
    """What subscribes and decrypts."""

    def __init__(self, standard):
        self.standard = standard
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.public = point(self.key.public_key())
        self.auth = os.urandom(16)

    def subscription(self, endpoint, **alerts):
        data = {k: v for k, v in alerts.items() if k == "policy"} | {"alerts": {k: v for k, v in alerts.items() if k != "policy"}}
        return {"subscription": {"endpoint": endpoint, "standard": self.standard, "keys": {"p256dh": b64(self.public), "auth": b64(self.auth)}},
                "data": data}

    def read(self, push, server_key):
        """The message, once its encryption and the server's signature are right."""
        self.check_vapid(push, server_key)
        plain = self.standard_text(push) if self.standard else self.draft_text(push)
        return json.loads(plain)

    def check_vapid(self, push, server_key):
        if self.standard:
            scheme, rest = push.headers["Authorization"].split(" ", 1)
            fields = dict(f.split("=", 1) for f in rest.split(","))
            token, key = fields["t"], fields["k"]
            assert scheme == "vapid"
        else:
            scheme, token = push.headers["Authorization"].split(" ")
            key = dict(f.split("=", 1) for f in push.headers["Crypto-Key"].split(";"))["p256ecdsa"]
            assert scheme == "WebPush"
        assert unb64(key) == unb64(server_key.rstrip("="))
        head, claims, signature = token.split(".")
        raw = unb64(signature)
        der = utils.encode_dss_signature(int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big"))
        load_point(unb64(key)).verify(der, f"{head}.{claims}".encode(), ec.ECDSA(hashes.SHA256()))
        assert json.loads(unb64(head)) == {"typ": "JWT", "alg": "ES256"}
        self.claims = json.loads(unb64(claims))

    def standard_text(self, push):
        assert push.headers["Content-Encoding"] == "aes128gcm"
        salt, n = push.body[:16], push.body[20]
        sender, cipher = push.body[21:21 + n], push.body[21 + n:]
        shared = self.key.exchange(ec.ECDH(), load_point(sender))
        ikm = hkdf(self.auth, shared, b"WebPush: info\0" + self.public + sender, 32)
        key, nonce = hkdf(salt, ikm, b"Content-Encoding: aes128gcm\0", 16), hkdf(salt, ikm, b"Content-Encoding: nonce\0", 12)
        plain = AESGCM(key).decrypt(nonce, cipher, None).rstrip(b"\0")
        assert plain[-1] == 2
        return plain[:-1]

    def draft_text(self, push):
        assert push.headers["Content-Encoding"] == "aesgcm"
        salt = unb64(push.headers["Encryption"].split("salt=")[1])
        sender = unb64(dict(f.split("=", 1) for f in push.headers["Crypto-Key"].split(";"))["dh"])
        shared = self.key.exchange(ec.ECDH(), load_point(sender))
        ikm = hkdf(self.auth, shared, b"Content-Encoding: auth\0", 32)
        context = b"P-256\0" + len(self.public).to_bytes(2, "big") + self.public + len(sender).to_bytes(2, "big") + sender
        key = hkdf(salt, ikm, b"Content-Encoding: aesgcm\0" + context, 16)
        nonce = hkdf(salt, ikm, b"Content-Encoding: nonce\0" + context, 12)
        plain = AESGCM(key).decrypt(nonce, push.body, None)
        return plain[2 + int.from_bytes(plain[:2], "big"):]

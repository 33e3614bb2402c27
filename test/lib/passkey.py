"""An authenticator in software: makes passkeys and signs with them, and lies where it is told to."""
import base64
import hashlib
import json
import os
import struct

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa

PRESENT, VERIFIED, HAS_KEY, HAS_EXTENSIONS = 1, 4, 64, 128
ES256, EDDSA, RS256 = -7, -8, -257


def b64(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def unb64(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def cbor(v):
    """Numbers, bytes, text, lists and maps (RFC 8949)."""
    def head(major, n):
        for size, code, form in ((24, None, None), (1 << 8, 24, ">B"), (1 << 16, 25, ">H"), (1 << 32, 26, ">I")):
            if n < size:
                return bytes([major << 5 | n]) if code is None else bytes([major << 5 | code]) + struct.pack(form, n)
        raise ValueError(n)
    if isinstance(v, int):
        return head(0, v) if v >= 0 else head(1, -1 - v)
    if isinstance(v, bytes):
        return head(2, len(v)) + v
    if isinstance(v, str):
        return head(3, len(v.encode())) + v.encode()
    if isinstance(v, list):
        return head(4, len(v)) + b"".join(map(cbor, v))
    return head(5, len(v)) + b"".join(cbor(k) + cbor(x) for k, x in v.items())


class Passkey:
    """One key for one site.  origin: what the browser says; rp_id: what the authenticator was told."""

    def __init__(self, origin, rp_id=None, alg=ES256, count=0):
        self.origin, self.rp_id, self.alg, self.count = origin, rp_id or origin.split("://")[1].split(":")[0], alg, count
        self.id, self.user_handle = os.urandom(32), b""
        self.private = {ES256: lambda: ec.generate_private_key(ec.SECP256R1()), EDDSA: ed25519.Ed25519PrivateKey.generate,
                        RS256: lambda: rsa.generate_private_key(65537, 2048)}[alg]()

    def cose(self):
        public = self.private.public_key()
        if self.alg == ES256:
            n = public.public_numbers()
            return {1: 2, 3: ES256, -1: 1, -2: n.x.to_bytes(32, "big"), -3: n.y.to_bytes(32, "big")}
        if self.alg == EDDSA:
            return {1: 1, 3: EDDSA, -1: 6, -2: public.public_bytes_raw() if hasattr(public, "public_bytes_raw") else raw(public)}
        n = public.public_numbers()
        return {1: 3, 3: RS256, -1: n.n.to_bytes(256, "big"), -2: n.e.to_bytes(3, "big")}

    def sign(self, data):
        if self.alg == ES256:
            return self.private.sign(data, ec.ECDSA(hashes.SHA256()))
        return self.private.sign(data) if self.alg == EDDSA else self.private.sign(data, padding.PKCS1v15(), hashes.SHA256())

    def client_data(self, kind, challenge, **more):
        return json.dumps({"type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": False} | more).encode()

    def auth_data(self, flags, key=b""):
        return hashlib.sha256(self.rp_id.encode()).digest() + bytes([flags]) + struct.pack(">I", self.count) + key

    def create(self, options, flags=PRESENT | VERIFIED, self_signed=False, **client):
        """The answer to a server's options, as the body of the request that adds the passkey."""
        self.user_handle = unb64(options["user"]["id"])
        data = self.client_data(client.pop("kind", "webauthn.create"), options["challenge"], **client)
        key = bytes(16) + struct.pack(">H", len(self.id)) + self.id + cbor(self.cose())
        auth = self.auth_data(flags | HAS_KEY, key)
        statement = {"alg": self.alg, "sig": self.sign(auth + hashlib.sha256(data).digest())} if self_signed else {}
        attestation = cbor({"fmt": "packed" if self_signed else "none", "attStmt": statement, "authData": auth})
        return {"client_data": b64(data), "attestation": b64(attestation)}

    def get(self, challenge, flags=PRESENT | VERIFIED, **client):
        """The fields of the form that logs in."""
        data = self.client_data(client.pop("kind", "webauthn.get"), challenge, **client)
        auth = self.auth_data(flags)
        return {"credential": b64(self.id), "client_data": b64(data), "auth_data": b64(auth), "user_handle": b64(self.user_handle),
                "signature": b64(self.sign(auth + hashlib.sha256(data).digest()))}


def raw(public):
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
    return public.public_bytes(Encoding.Raw, PublicFormat.Raw)

"""RFC 6238 as authenticator apps do it."""
import base64
import hashlib
import hmac
import struct
import time


def code(secret, shift_s=0, now=None):
    step = int(((now if now is not None else time.time()) + shift_s) // 30)
    digest = hmac.new(base64.b32decode(secret + "=" * (-len(secret) % 8)), struct.pack(">Q", step), hashlib.sha1).digest()
    at = digest[-1] & 15
    return "%06d" % ((struct.unpack(">I", digest[at:at + 4])[0] & 0x7FFFFFFF) % 1000000)

"""Keys: proofs on what anybody may see, new keys for our people, new keys of others, and signatures that nobody here believes."""
import hashlib
import itertools
import json

import requests
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from pair import settle
from remote import AP, signature_is_good, signed_9421, verify_9421
from test_follower_sync import followed, follows, uri
from timing import PATIENCE

ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"


HOSTS = ["peer.test", "evil.test", "modern.test", "half.test"]


numbers = itertools.count(1)


def actor(here, api):
    return here.api().get(f"/ap/users/{api.id}", headers={"Accept": AP})


def base58(text):
    number = 0
    for c in text:
        number = number * 58 + ALPHABET.index(c)
    return number.to_bytes((number.bit_length() + 7) // 8, "big")


def base58_of(data):
    number, text = int.from_bytes(data), ""
    while number:
        number, digit = divmod(number, 58)
        text = ALPHABET[digit] + text
    return text


def canonical(value):
    """RFC 8785 for documents without fractions."""
    return hashlib.sha256(json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()).digest()


def verify_proof(document, key):
    """Raises when the eddsa-jcs-2022 proof of a document is not one of this Multikey."""
    document = dict(document)
    proof = document.pop("proof")
    options = {k: v for k, v in proof.items() if k != "proofValue"}
    assert (proof["type"], proof["cryptosuite"], proof["proofPurpose"]) == ("DataIntegrityProof", "eddsa-jcs-2022", "assertionMethod")
    assert proof["verificationMethod"] == key["id"] and document["@context"][1] == "https://w3id.org/security/data-integrity/v1"
    public = base58(key["publicKeyMultibase"][1:])
    assert public[:2] == b"\xed\x01"
    Ed25519PublicKey.from_public_bytes(public[2:]).verify(base58(proof["proofValue"][1:]), canonical(options) + canonical(document))


def delivered(far, kind, object_id):
    return far.wait(lambda a: a.json["type"] == kind and (a.json["object"] == object_id or isinstance(a.json["object"], dict) and a.json["object"]["id"] == object_id))


def test_what_anybody_may_see_has_a_proof_and_nothing_else(here, far, eve):
    alice = here.user()
    follows(here, eve, alice)
    doc = actor(here, alice)
    key, = doc["assertionMethod"]
    assert key["type"] == "Multikey" and key["controller"] == doc["id"]
    public = alice.toot("für alle 🎉", visibility="unlisted")
    verify_proof(delivered(far, "Create", public["uri"]).json, key)
    alice.put(f"/api/v1/statuses/{public['id']}", {"status": "edited"})
    verify_proof(delivered(far, "Update", public["uri"]).json, key)
    boost = alice.post(f"/api/v1/statuses/{public['id']}/reblog")
    verify_proof(delivered(far, "Announce", public["uri"]).json, key)
    alice.post(f"/api/v1/statuses/{public['id']}/unreblog")
    verify_proof(far.wait(lambda a: a.json["type"] == "Undo" and a.json["object"].get("type") == "Announce" and boost["uri"].startswith(a.json["actor"])).json, key)
    alice.delete(f"/api/v1/statuses/{public['id']}")
    verify_proof(delivered(far, "Delete", public["uri"]).json, key)
    alice.patch("/api/v1/accounts/update_credentials", {"display_name": "A"})
    settle(here)
    here.shift_clock(seconds=6)
    verify_proof(delivered(far, "Update", doc["id"]).json, key)

    private = alice.toot("psst", visibility="private")
    direct = alice.toot(f"@{eve.acct} hi", visibility="direct")
    for post in (private, direct):
        assert "proof" not in delivered(far, "Create", post["uri"]).json
    assert "proof" not in far.wait(lambda a: a.json["type"] == "Accept" and a.json["actor"] == doc["id"]).json


def test_everybody_is_told_what_is_understood(here):
    alice = here.user()
    for document in (actor(here, alice), here.api().get("/actor", headers={"Accept": AP})):
        assert "https://datatracker.ietf.org/doc/html/rfc9421" in [x["href"] for x in document["generator"]["implements"]]
        assert any(isinstance(c, dict) and c.get("implements", {}).get("@id") == "https://w3id.org/fep/844e#implements" for c in document["@context"])


def test_new_keys_are_told_with_the_old_one(here, far, eve):
    alice, bob = here.user(), here.user()
    follows(here, eve, alice), follows(here, eve, bob)
    before, other = actor(here, alice), actor(here, bob)
    assert here.cli("keys", "rotate", alice.name) == "new keys for 1\n"
    here.shift_clock(seconds=1)
    told = delivered(far, "Update", before["id"])
    now = actor(here, alice)
    assert signature_is_good(told, before["publicKey"]["publicKeyPem"]) and before["publicKey"]["id"] in told.headers["Signature"]
    assert told.json["object"]["publicKey"] == now["publicKey"] and "proof" not in told.json
    assert now["publicKey"]["id"] != before["publicKey"]["id"] and now["publicKey"]["publicKeyPem"] != before["publicKey"]["publicKeyPem"]
    assert now["assertionMethod"][0]["id"] != before["assertionMethod"][0]["id"]
    assert actor(here, bob)["publicKey"] == other["publicKey"]

    here.restart()  # a running server keeps an opened key for a minute
    alice.base = here.base
    post = alice.toot("with the new one")
    got = delivered(far, "Create", post["uri"])
    assert signature_is_good(got, now["publicKey"]["publicKeyPem"]) and now["publicKey"]["id"] in got.headers["Signature"]
    verify_proof(got.json, now["assertionMethod"][0])
    assert here.query("SELECT count(*) FROM account_key_old")[0][0] == 1
    here.cli("keys", "rotate", status=64), here.cli("keys", "rotate", "nobody", status=66), here.cli("keys", "rotate", bob.name, "--all", status=64)


def with_ed25519(actor):
    """The actor publishes such a key (FEP-521a) from now on."""
    actor.ed25519 = Ed25519PrivateKey.generate()
    actor.ed25519_id = actor.id + "#ed25519"
    public = b"\xed\x01" + actor.ed25519.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    actor.doc |= {"assertionMethod": [{"id": actor.ed25519_id, "type": "Multikey", "controller": actor.id, "publicKeyMultibase": "z" + base58_of(public)}]}
    return actor


def send_ed25519(here, actor, activity):
    body = json.dumps(activity).encode()
    r = requests.post(here.base + "/inbox", data=body, headers=signed_9421(actor.ed25519, actor.ed25519_id, here.url + "/inbox", body), timeout=PATIENCE)
    assert r.status_code == 202, r.text


def how(arrival):
    """Dialect and key of a delivery."""
    headers = {k.lower(): v for k, v in arrival.headers.items()}
    dialect = "rfc9421" if "signature-input" in headers else "cavage"
    return dialect, "ed25519" if "#ed25519-key" in headers.get("signature-input", headers["signature"]) else "rsa"


def ed25519_of(document):
    return Ed25519PublicKey.from_public_bytes(base58(document["assertionMethod"][0]["publicKeyMultibase"][1:])[2:])


def test_who_signs_with_ed25519_gets_it(here, far):
    alice, bob = here.user(), here.user()
    modern = with_ed25519(far.actor("modern", "modern.test"))
    send_ed25519(here, modern, modern.activity("Follow", uri(here, alice)))
    accept = far.wait(lambda a: a.host == "modern.test" and a.json["type"] == "Accept")
    assert how(accept) == ("rfc9421", "ed25519")
    verify_9421(accept, ed25519_of(actor(here, alice)))
    # News of new keys is signed with the old RSA key; what comes after with the new one.
    modern.send(here, modern.activity("Follow", uri(here, bob)))
    far.wait(lambda a: a.host == "modern.test" and a.json["type"] == "Accept" and a.json["actor"] == uri(here, bob))
    here.cli("keys", "rotate", bob.name)
    here.shift_clock(seconds=1)
    assert how(delivered(far, "Update", uri(here, bob))) == ("rfc9421", "rsa")
    # It is known after a restart too.
    here.restart()
    alice.base, bob.base = here.base, here.base
    post = delivered(far, "Create", bob.toot("with the new one")["uri"])
    assert how(post) == ("rfc9421", "ed25519")
    verify_9421(post, ed25519_of(actor(here, bob)))
    assert here.query("SELECT dialect, no_ed25519_ms FROM host WHERE name = 'modern.test'") == [(3, 0)]


def test_who_publishes_such_keys_and_takes_rfc_9421_is_asked_once(here, far):
    """It takes RFC 9421 only, and has an Ed25519 key, for proofs as it turns out."""
    alice, tries = here.user(), []
    half = with_ed25519(far.actor("half", "half.test"))

    def inbox(h):
        headers = {k.lower(): v for k, v in h.headers.items()}
        new = "signature-input" in headers
        tries.append("ed25519" if new and "#ed25519-key" in headers["signature-input"] else "rsa" if new else "cavage")
        far._write(h, (202 if tries[-1] == "rsa" else 401, {}, b""))

    far.answer("http://half.test/users/half/inbox", inbox)
    far.answer("http://half.test/inbox", inbox)
    half.send(here, half.activity("Follow", uri(here, alice)))
    here.wait_until(lambda: tries[-1:] == ["rsa"])
    assert tries == ["cavage", "rsa"]
    settle(here)
    alice.toot("one")
    here.wait_until(lambda: tries[2:] == ["ed25519", "rsa"])
    settle(here)
    alice.toot("two")
    here.wait_until(lambda: tries[4:] == ["rsa"])
    settle(here)
    assert here.query("SELECT dialect FROM host WHERE name = 'half.test' AND no_ed25519_ms > 0") == [(2,)]


def test_a_new_key_of_the_server_itself(here, far, eve):
    def refused(n):
        """Nobody may follow the server: how it says so."""
        eve.send(here, eve.activity("Follow", here.url + "/actor"))
        far.wait(lambda _: len(answers()) == n)
        return answers()[-1]

    def answers():
        return [a for a in far.got("Reject") if a.json["actor"] == here.url + "/actor" and a.path.startswith(f"/users/{eve.name}/")]

    def key():
        return here.api().get("/actor", headers={"Accept": AP})["publicKey"]

    before = key()
    assert before["id"] == here.url + "/actor#main-key" and signature_is_good(refused(1), before["publicKeyPem"])
    assert here.cli("keys", "rotate", "--server") == "new keys for 1\n"
    now = key()
    assert now["id"].startswith(before["id"] + "-") and now["publicKeyPem"] != before["publicKeyPem"] and now["owner"] == before["owner"]
    here.restart()  # a running server keeps an opened key for a minute
    told = refused(2)
    assert signature_is_good(told, now["publicKeyPem"]) and f'keyId="{now["id"]}"' in told.headers["Signature"]
    here.cli("keys", "rotate", "--server", "--all", status=64)


def test_a_server_that_lost_its_memory_gets_our_follows_again(here, far, eve):
    alice = here.user()
    followed(here, alice, eve)
    asked = [a.json["id"] for a in far.got("Follow") if a.json["object"] == eve.id]
    eve.new_key()
    here.shift_clock(minutes=6)  # a key is not read anew all the time
    note = eve.note("I am another")
    eve.send(here, eve.create(note))
    here.wait_until(lambda: note["id"] in [s["uri"] for s in alice.home()])
    far.wait(lambda _: len([a for a in far.arrived if a.json and a.json["type"] == "Follow" and a.json["object"] == eve.id]) == 2)
    assert [a.json["id"] for a in far.got("Follow") if a.json["object"] == eve.id] == asked * 2


LD = {"type": "RsaSignature2017", "creator": "http://peer.test/users/x#main-key", "created": "2026-01-01T00:00:00Z", "signatureValue": "AAAA"}


def test_linked_data_signatures_prove_nothing_and_harm_nothing(here, far, eve):
    alice = here.user()
    followed(here, alice, eve)
    mallory = far.actor(f"mallory{next(numbers)}", "evil.test")
    forged = eve.note("never said")
    del far.documents[forged["id"]]
    mallory.send(here, eve.create(forged) | {"signature": LD | {"creator": eve.id + "#main-key"}})
    said = eve.note("said")
    eve.send(here, eve.create(said) | {"signature": LD})
    here.wait_until(lambda: said["id"] in [s["uri"] for s in alice.home()])
    settle(here)
    assert here.query("SELECT count(*) FROM status WHERE uri = ?", forged["id"])[0][0] == 0
    assert not [a for a in far.arrived if a.json and "signature" in a.json]

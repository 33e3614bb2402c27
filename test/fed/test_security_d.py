"""Attacks from other servers, numbered as in the list of what must not break (60 to 87); ELSEWHERE names tests that stood before."""
import concurrent.futures
import contextlib
import itertools
import json
import socket

import pytest
import requests
from numbered import check_every_number
from pair import Pair, settle
from remote import AP, CONTEXT, PUBLIC
from server import Server
from timing import PATIENCE

GATE, EFFECTS, FAULTS, TWO = (f"test/fed/test_{name}.py" for name in ("inbox_gate", "inbox_effects", "faults", "two_servers"))
ROWS, CHECK, SIG, READ = "src/inbox/activity_test.c", "src/ap/check_test.c", "src/ap/httpsig_test.c", "src/ap/read_test.c"
CLIENT, NET, RECEIVE = "src/http/client_test.c", "src/http/netgate_test.c", "src/service/receive_test.c"

ELSEWHERE = {
    60: {GATE: "test_a_forged_sender test_a_document_that_claims_another_id test_a_key_that_its_owner_does_not_list",
         FAULTS: "test_lies_about_ids_are_not_believed test_an_actor_that_claims_to_be_another",
         CHECK: "ids_that_may_come_in where_a_document_may_come_from owners_and_keys_of_other_origins_are_dropped"},
    61: {ROWS: "what_activities_do", FAULTS: "test_activities_only_about_what_is_theirs",
         EFFECTS: "test_nobody_edits_or_deletes_what_others_wrote test_a_pin_is_ones_own", RECEIVE: "receive_nothing_of_others"},
    62: {"test/fed/test_policy_table.py": "test_direct test_by_others"},
    63: {CHECK: "content_types", GATE: "test_content_types_that_are_taken"},
    64: {TWO: "test_a_locked_account_decides", EFFECTS: "test_only_the_followed_one_can_accept test_a_locked_account_decides", ROWS: "what_activities_do"},
    65: {EFFECTS: "test_a_direct_post_is_for_its_addressees_only test_what_one_cannot_see_one_cannot_like",
         "src/inbox/sender_test.c": "each_inbox_adds_its_reader"},
    66: {"test/api/test_visibility.py": "test_a_status_by_its_id test_homes test_public_and_tag_timelines test_search_by_url "
         "test_pages_and_documents_for_everybody test_notifications", TWO: "test_each_visibility_reaches_whom_it_may",
         "test/fed/test_documents.py": "test_unknown_and_invisible_are_the_same_404"},
    67: {"test/fed/test_quotes_between.py": "test_only_who_is_quoted_answers_and_only_with_its_own_stamp test_nobody_asks_with_the_post_of_somebody_else "
         "test_a_stamp_is_fetched_and_believed_only_when_it_says_so test_consent_that_ended_in_silence_is_noticed_after_a_week "
         "test_a_post_that_quotes_something_else_gets_no_stamp"},
    68: {"test/fed/test_threads_whole.py": "test_circles_end test_parents_without_end_end test_pages_without_end_end",
         "test/fed/test_quotes_between.py": "test_a_chain_of_quotes_is_followed_two_levels"},
    69: {SIG: "cavage_headers_good_and_bad rfc9421_headers_good_and_bad both_dialects_verify_and_any_change_spoils_them",
         GATE: "test_bad_deliveries_are_refused_and_do_nothing"},
    70: {SIG: "the_time_window_is_an_hour_wide a_host_that_is_not_ours_is_refused_whatever_the_request_says",
         GATE: "test_the_same_bytes_again test_bad_deliveries_are_refused_and_do_nothing"},
    71: {"src/ap/proof_test.c": "any_change_to_a_document_with_proof_is_noticed proofs_that_are_none_or_broken",
         "test/fed/test_keys.py": "test_linked_data_signatures_prove_nothing_and_harm_nothing", "src/inbox/process_test.c": "activities_of_wrong_types"},
    72: {"src/crypto/sign_test.c": "weak_and_broken_keys_are_refused damaged_der_never_reads_as_the_same_key rsa_wycheproof multikey_fep_521a",
         GATE: "test_keys_of_ours_and_of_odd_places test_key_servers_that_do_not_answer"},
    73: {RECEIVE: "receive_in_any_order receive_edits_in_any_order receive_at_the_same_time", EFFECTS: "test_a_deletion_before_its_post "
         "test_undone_before_it_was_done"},
    74: {RECEIVE: "receive_a_name_that_moved", GATE: "test_nobody_takes_the_name_of_another test_a_new_key",
         "src/inbox/sender_test.c": "a_server_set_up_anew", "test/fed/test_names.py": "test_of_two_who_want_a_name_the_one_has_it_whom_the_server_names"},
    75: {READ: "visibility_is_never_wider_than_told", EFFECTS: "test_visibility_is_what_the_addresses_say"},
    77: {NET: "netgate_refuses_special_v4 netgate_refuses_special_v6 netgate_knows_its_own",
         CLIENT: "client_refuses_our_own_public_addresses client_takes_other_ports_only_in_allowed_networks", GATE: "test_redirects_into_the_house"},
    78: {CLIENT: "client_refuses_loopback_however_it_is_named"},
    79: {NET: "netgate_refuses_v4_in_v6 netgate_refuses_other_families", CLIENT: "client_refuses_loopback_however_it_is_named"},
    80: {"src/base/url_test.c": "url_refuses url_takes_hosts", CLIENT: "client_refuses_loopback_however_it_is_named client_refuses_urls_that_are_not_for_it"},
    81: {CLIENT: "client_refuses_bad_redirects client_follows_three_redirects client_signs_each_hop_and_keeps_credentials_home",
         FAULTS: "test_a_redirect_into_the_machine_is_not_followed test_redirects_end"},
    82: {"src/base/url_test.c": "url_same_origin_compares", "test/fed/test_domain_policy.py": "test_what_is_no_domain_of_others test_block_and_allow"},
    83: {"src/base/json_test.c": "json_limits_hold json_many_members json_last_duplicate_wins_or_is_refused json_refuses_bad_utf8_and_bom json_surrogates",
         GATE: "test_bodies_that_are_too_large test_answers_without_end", FAULTS: "test_huge_bodies_are_cut", CLIENT: "client_stops_gzip_bombs"},
    84: {"test/fed/test_threads_whole.py": "test_what_posts_name_is_not_fetched_with_them", "src/inbox/sender_test.c": "names_below_one_domain_do_not_flood"},
    85: {"test/fed/test_polls.py": "test_a_vote_counts_once_and_is_never_a_post test_votes_that_do_not_count", ROWS: "what_activities_do"},
    86: {"test/fed/test_threads_whole.py": "test_numbers_from_elsewhere_are_claims", READ: "numbers_times_and_durations",
         EFFECTS: "test_what_one_cannot_see_one_cannot_like", GATE: "test_one_sender_may_not_fill_the_queue"},
    87: {"test/fed/test_moving.py": "test_what_is_not_proven_moves_nobody test_one_move_in_seven_days",
         "test/fed/test_follower_sync.py": "test_doubtful_lists_change_nothing test_a_list_that_is_not_the_announced_one_changes_nothing "
         "test_the_list_is_for_the_signer_and_about_its_own_people test_a_list_in_pages_is_read_to_its_end"},
}


def test_every_number_has_its_tests():
    check_every_number(range(60, 88), ELSEWHERE, globals())


HOSTS = ["peer.test", "evil.test"]


@pytest.fixture(scope="module")
def here(tmp_path_factory, new_database, far):
    """127.0.0.1 is the way to the others; all other addresses of this machine are as private as anybody's."""
    with Server(tmp_path_factory.mktemp("attacked"), database=new_database(), **far.keys() | {"allow_networks": "127.0.0.1/32"}) as s:
        yield s


numbers = itertools.count(1)


@pytest.fixture(scope="module")
def alice(here):
    """One person for all: everything is asked by its id."""
    api = here.user()
    api.uri = api.get("/api/v1/accounts/verify_credentials")["uri"]
    return api


def mention(api):
    return {"type": "Mention", "href": api.uri, "name": "@" + api.name}


def hello(alice, actor, text="hello", **more):
    return actor.create(actor.note(text, cc=[alice.uri], tag=[mention(alice)], **more))


def heard(alice):
    return [n["status"]["uri"] for n in alice.notifications(types=["mention"], include_filtered=True)]


def settled(here, alice, *actors):
    """Everything that these have sent is worked through: what had no effect by now has none."""
    for actor in actors:
        last = hello(alice, actor, "marker")
        actor.send(here, last)
        here.wait_until(lambda: last["object"]["id"] in heard(alice))
    here.wait_until(lambda: not [j for j in here.query("SELECT id FROM inbound WHERE done = FALSE")])


def stored(here, uri):
    return here.query("SELECT count(*) FROM status WHERE uri = ?", uri)[0][0]


def asked(far, prefix):
    return sum(n for url, n in far.asked.items() if url.startswith(prefix))


# --- 60, 63 what is a document ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("change", ["host", "port", "path", "letters", "slash", "escape", "query"])
def test_60_an_id_is_the_string_it_is(here, far, alice, eve, change):
    """What is served at one address and says that it is another is not stored under either, unless the other address says so too."""
    note = eve.note("who am I")
    del far.documents[note["id"]]
    served = {"host": note["id"].replace("peer.test", "evil.test"), "port": note["id"].replace("peer.test", "peer.test:8080"),
              "path": note["id"] + "0", "letters": note["id"].replace("/notes/", "/Notes/"), "slash": note["id"] + "/",
              "escape": note["id"].replace("/notes/", "/n%6ftes/"), "query": note["id"] + "?x=1"}[change]
    far.documents[served] = {"@context": CONTEXT} | note
    assert alice.get("/api/v2/search", q=served, resolve=True)["statuses"] == []
    assert stored(here, served) == 0 and stored(here, note["id"]) == 0


@pytest.mark.parametrize("kind", ["text/plain", "application/octet-stream", "application/ld+json", "application/json", "text/html",
                                  'application/ld+json; profile="https://evil.test/ns"', None])
def test_63_a_file_is_no_document(here, far, alice, eve, kind):
    note = eve.note("a file that somebody uploaded")
    far.answer(note["id"], (200, {"Content-Type": kind} if kind else {}, json.dumps({"@context": CONTEXT} | note).encode()))
    assert alice.get("/api/v2/search", q=note["id"], resolve=True)["statuses"] == []
    assert stored(here, note["id"]) == 0


def test_63_nobody_uploads_a_document_here(here, alice, eve):
    lie = json.dumps({"@context": CONTEXT} | eve.doc | {"id": here.url + "/media/x"}).encode()
    for name, kind in (("actor.json", AP), ("actor.png", "image/png"), ("actor.txt", "text/plain")):
        alice.request("POST", "/api/v2/media", 422, files={"file": (name, lie, kind)})


# --- 68, 71 documents that turn in circles or mean two things ---------------------------------------------------------------


def test_68_boosts_of_boosts_and_of_themselves_are_none(here, far, alice, eve):
    post = alice.toot("the one")
    before = here.query("SELECT count(*) FROM status WHERE reblog_of_id IS NOT NULL")
    chain = post["uri"]
    for _ in range(100):  # each is what the one after it announces
        boost = eve.activity("Announce", chain, to=[PUBLIC])
        far.documents[boost["id"]] = boost
        chain = boost["id"]
    eve.send(here, eve.activity("Announce", chain, to=[PUBLIC], cc=[alice.uri]))
    itself = eve.activity("Announce", "", to=[PUBLIC], cc=[alice.uri])
    itself["object"] = itself["id"]
    far.documents[itself["id"]] = itself
    eve.send(here, itself)
    nested = eve.activity("Announce", post["uri"], to=[PUBLIC])
    for _ in range(12):
        nested = eve.activity("Announce", nested, to=[PUBLIC], cc=[alice.uri])
    eve.send(here, nested)
    settled(here, alice, eve)
    assert here.query("SELECT count(*) FROM status WHERE reblog_of_id IS NOT NULL") == before
    assert asked(far, f"{eve.origin}/announce/") <= 20, "what one delivery may fetch"


def test_71_names_of_members_are_what_they_are(here, alice, eve):
    """No processor of linked data stands behind the door: other names for `actor`, `id` or `object` are other members."""
    post = alice.toot("not liked")
    like = eve.activity("Like", post["uri"])
    aliased = {"@context": [CONTEXT[0], {"who": "as:actor", "what": "as:object"}], "id": like["id"], "type": "Like", "who": eve.id, "what": post["uri"]}
    tricks = [
        aliased, aliased | {"actor": eve.id},
        {"@context": CONTEXT, "@graph": [like]}, {"@context": CONTEXT, "@included": [like], "id": like["id"] + "0", "type": "View", "actor": eve.id},
        {"@context": CONTEXT, "id": like["id"] + "1", "type": "View", "actor": eve.id, "object": "x", "@reverse": {"object": like}},
        {"@context": CONTEXT, "@id": like["id"], "@type": "Like", "as:actor": {"@id": eve.id}, "as:object": {"@id": post["uri"]}},
        {"@context": [CONTEXT[0], {"object": "as:target", "target": "as:object"}], "id": like["id"] + "2", "type": "Like", "actor": eve.id, "target": post["uri"]},
    ]
    for activity in tricks:
        assert eve.send(here, activity, expect=None).status_code in (202, 400, 401)
    settled(here, alice, eve)
    assert alice.get(f"/api/v1/statuses/{post['id']}")["favourites_count"] == 0


def test_71_of_two_members_with_one_name_there_is_one_meaning(here, alice, eve, far):
    """Whoever wins, the actor who is checked is the actor who acts."""
    mallory = far.actor(f"mallory{next(numbers)}", host="evil.test")
    eve.send(here, hello(alice, eve))
    post = alice.toot("liked by whom")
    for actors in (f'"actor":"{eve.id}","actor":"{mallory.id}"', f'"actor":"{mallory.id}","actor":"{eve.id}"'):
        body = f'{{"@context":"{CONTEXT[0]}","id":"http://evil.test/like/{next(numbers)}","type":"Like",{actors},"object":"{post["uri"]}"}}'
        assert mallory.send(here, body.encode(), expect=None).status_code in (202, 400, 401)
    settled(here, alice, eve, mallory)
    assert eve.acct not in [a["acct"] for a in alice.get(f"/api/v1/statuses/{post['id']}/favourited_by")]


# --- 70, 73 again, at once -------------------------------------------------------------------------------------------------


def test_70_what_was_sent_to_one_inbox_is_not_for_another(here, alice, eve):
    body = json.dumps(a := hello(alice, eve)).encode()
    path = alice.uri.removeprefix(here.url) + "/inbox"
    headers = eve.sign("POST", here.url + path, body)
    assert requests.post(here.base + "/inbox", data=body, headers=headers, timeout=PATIENCE).status_code == 401
    assert requests.post(here.base + path + "?again=1", data=body, headers=headers, timeout=PATIENCE).status_code == 401
    assert a["object"]["id"] not in heard(alice)
    assert requests.post(here.base + path, data=body, headers=headers, timeout=PATIENCE).status_code == 202
    here.wait_until(lambda: a["object"]["id"] in heard(alice))


def test_70_two_hours_and_fourteen_hours_later(here, alice, eve):
    body = json.dumps(a := hello(alice, eve)).encode()
    headers = eve.sign("POST", here.url + "/inbox", body)
    for hours in (2, 12):
        here.shift_clock(hours=hours)
        assert requests.post(here.base + "/inbox", data=body, headers=headers, timeout=PATIENCE).status_code == 401
    here.shift_clock(hours=-14)
    assert a["object"]["id"] not in heard(alice)


def test_73_one_post_fifty_times_at_once(here, alice, eve):
    a = hello(alice, eve)
    body = json.dumps(a).encode()
    own = alice.uri.removeprefix(here.url) + "/inbox"

    def send(i):
        path = ("/inbox", own, "/actor/inbox")[i % 3]
        text = body + b" " * i  # other bytes, the same activity
        return requests.post(here.base + path, data=text, headers=eve.sign("POST", here.url + path, text), timeout=PATIENCE).status_code

    with concurrent.futures.ThreadPoolExecutor(16) as threads:
        answers = list(threads.map(send, range(50)))
    assert set(answers) <= {202, 503} and 202 in answers
    settled(here, alice, eve)
    assert stored(here, a["object"]["id"]) == 1 and heard(alice).count(a["object"]["id"]) == 1


# --- 75 who may read -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("to, cc, wanted", [
    (["as:Public"], [], "public"), ([{"id": PUBLIC}], [], "public"), ([], ["Public"], "unlisted"), (["https://evil.test/Public"], [], "direct"),
    ([PUBLIC + "/"], [], "direct"), ([PUBLIC.upper()], [], "direct"), (["http://evil.test/users/x/followers"], [], "direct"), ([], [], "direct"),
    (["http://peer.test/users/%d" % i for i in range(2100)] + [PUBLIC], [], "direct"),
], ids=["alias", "object", "cc", "other", "slash", "letters", "followers of others", "nobody", "after 2000"])
def test_75_what_is_not_said_plainly_is_not_public(here, alice, eve, to, cc, wanted):
    note = eve.note("for whom", tag=[mention(alice)])
    note |= {"to": to, "cc": cc + [alice.uri] if len(to) < 100 else [alice.uri]}
    eve.send(here, eve.activity("Create", note, to=to, cc=cc))
    path = alice.uri.removeprefix(here.url) + "/inbox"
    here.wait_until(lambda: stored(here, note["id"]) or eve.send(here, eve.activity("Create", note, to=to, cc=cc), path=path) and False)
    found = [n for n in alice.notifications(types=["mention"], include_filtered=True) if n["status"]["uri"] == note["id"]]
    seen = found[0]["status"]["visibility"] if found else alice.get("/api/v2/search", q=note["id"])["statuses"][0]["visibility"]
    assert seen == wanted


@pytest.mark.parametrize("field", ["bto", "bcc", "audience"])
def test_75_public_where_nobody_reads_it(here, alice, eve, field):
    note = eve.note("hidden", tag=[mention(alice)], **{field: [PUBLIC]})
    note |= {"to": [alice.uri], "cc": []}
    eve.send(here, eve.activity("Create", note, to=[alice.uri], **{field: [PUBLIC]}))
    here.wait_until(lambda: note["id"] in heard(alice))
    told = [n for n in alice.notifications(types=["mention"], include_filtered=True) if n["status"]["uri"] == note["id"]]
    assert told[0]["status"]["visibility"] == "direct"


# --- 76 two that ask for names before they answer ---------------------------------------------------------------------------


def test_76_two_secure_servers_meet(tmp_path, new_database):
    with Pair(tmp_path, databases=[new_database(), new_database()], secure_mode="yes") as (a, b):
        alice, bob = a.user("alice"), b.user("bob")
        there = alice.find("@bob@b.test")["id"]
        alice.follow(there)
        a.wait_until(lambda: alice.get("/api/v1/accounts/relationships", id=[there])[0]["following"])
        post = bob.toot("hello, whoever you are", visibility="private")["uri"]
        a.wait_until(lambda: [s for s in alice.home() if s["uri"] == post])
        settle(a, b)


# --- 77 addresses inside the house, through every door -----------------------------------------------------------------------


@contextlib.contextmanager
def trap():
    """Somebody who listens at an address that is nobody's business; .caught() says whether anybody came."""
    with socket.socket() as s:
        s.bind(("127.0.0.2", 0))
        s.listen(64)
        s.setblocking(False)
        yield s


def nobody_came(s):
    try:
        return not s.accept()
    except BlockingIOError:
        return True


def test_77_no_address_in_a_document_leads_into_the_house(here, far, alice):
    with trap() as s:
        inside = f"http://127.0.0.2:{s.getsockname()[1]}"
        mapped = f"http://[::ffff:127.0.0.2]:{s.getsockname()[1]}"
        spy = far.actor(f"spy{next(numbers)}", host="evil.test")
        spy.doc |= {"inbox": inside + "/inbox", "outbox": inside + "/outbox", "followers": inside + "/followers", "following": inside + "/following",
                    "featured": inside + "/featured", "featuredTags": inside + "/tags", "url": inside + "/@spy", "alsoKnownAs": [inside + "/old"],
                    "endpoints": {"sharedInbox": inside + "/shared"}, "icon": {"type": "Image", "mediaType": "image/png", "url": inside + "/icon.png"},
                    "image": {"type": "Image", "mediaType": "image/png", "url": mapped + "/image.png"},
                    "attachment": [{"type": "PropertyValue", "name": "site", "value": f'<a href="{inside}/me" rel="me">me</a>'}]}
        note = spy.note(f'<p>look <a href="{inside}/page">there</a> {mapped}/page</p>', cc=[alice.uri], tag=[
            mention(alice), {"type": "Mention", "href": inside + "/actor", "name": "@x"},
            {"type": "Emoji", "id": inside + "/emoji", "name": ":spy:", "icon": {"type": "Image", "url": inside + "/emoji.png"}},
            {"type": "Link", "rel": "https://misskey-hub.net/ns#_misskey_quote", "href": inside + "/quoted", "mediaType": AP}],
            attachment=[{"type": "Document", "mediaType": "image/png", "url": inside + "/a.png"}], replies=inside + "/replies", context=inside + "/context",
            likes=inside + "/likes", shares=inside + "/shares", quote=inside + "/quoted", quoteAuthorization=inside + "/stamp", inReplyTo=inside + "/parent")
        spy.send(here, spy.create(note), expect=None)
        bare = far.actor(f"bare{next(numbers)}", host="evil.test")  # who keeps to the rules so far that all else is looked at
        bare.doc |= {k: v for k, v in spy.doc.items() if k in ("icon", "image", "featured", "featuredTags", "attachment")}
        second = note | {"id": note["id"] + "b", "attributedTo": bare.id, "cc": [alice.uri]}
        far.documents[second["id"]] = {"@context": CONTEXT} | second
        bare.send(here, bare.activity("Create", second, to=second["to"], cc=second["cc"]))
        bare.send(here, bare.activity("Move", bare.id, target=inside + "/new"))
        bare.send(here, bare.activity("Announce", inside + "/boosted", to=[PUBLIC], cc=[alice.uri]))
        bare.send(here, bare.activity("Follow", alice.uri))
        for key_id in (inside + "/key", mapped + "/key", inside + "#main-key"):
            body = json.dumps(hello(alice, bare)).encode()
            assert requests.post(here.base + "/inbox", data=body, headers=bare.sign("POST", here.url + "/inbox", body, key_id=key_id), timeout=PATIENCE).status_code in (401, 503)
        settled(here, alice, bare)
        assert stored(here, second["id"]) == 1, "the rest of the document was read"
        for url in (inside + "/x", mapped + "/x", f"@x@127.0.0.2:{s.getsockname()[1]}"):
            found = alice.get("/api/v2/search", q=url, resolve=True)
            assert found["statuses"] == found["accounts"] == []
        post = alice.toot(f"{inside}/card")  # a card is read for it
        account = alice.find(bare.acct)
        for path in ("", "/statuses", "/followers", "/following", "/featured_tags"):
            alice.get(f"/api/v1/accounts/{account['id']}{path}")
        for image in (account["avatar"], account["header"], account["avatar_static"]):
            if image.startswith(here.url):
                requests.get(here.base + image.removeprefix(here.url), headers={"Host": here.host}, timeout=PATIENCE)
        alice.post("/api/v1/push/subscription", {"subscription": {"endpoint": inside + "/push", "keys": {
            "p256dh": "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4", "auth": "BTBZMqHH6r4Tts7J_aSIgg"}},
            "data": {"alerts": {"mention": True}}}, expect=None)
        bare.send(here, hello(alice, bare, "push me"))
        settled(here, alice, bare)
        here.wait_until(lambda: here.query("SELECT count(*) FROM job WHERE state = 0 AND tries = 0 AND kind IN ('fan_out', 'fetch_card', 'push', 'verify_quote', "
                                           "'fetch_media', 'refresh_actor')") == [(0,)])
        assert alice.get(f"/api/v1/statuses/{post['id']}")["card"] is None
        assert nobody_came(s)


# --- 84, 86 one delivery and what it costs ------------------------------------------------------------------------------------


def test_84_what_one_delivery_may_make_us_fetch(here, far, alice, eve):
    """500 strangers, 1000 emoji, 100 pictures and a parent: twenty documents, sixteen files and as many emoji at most, and the post is there."""
    other = "http://evil.test/many/"
    serial = next(numbers)
    many = f"{other}{serial}/"
    tags = [mention(alice)] + [{"type": "Mention", "href": f"{many}actor/{i}", "name": f"@s{i}@evil.test"} for i in range(200)]
    tags += [{"type": "Emoji", "id": f"{many}emoji/{i}", "name": f":e{i}:", "icon": {"type": "Image", "url": f"{many}emoji/{i}.png"}} for i in range(1000)]
    note = eve.note("many", cc=[alice.uri], tag=tags, inReplyTo=f"{many}parent", quote=f"{many}quoted",
                    attachment=[{"type": "Document", "mediaType": "image/png", "url": f"{many}{i}.png"} for i in range(100)])
    eve.send(here, eve.create(note))
    here.wait_until(lambda: note["id"] in heard(alice))
    settled(here, alice, eve)
    here.wait_until(lambda: here.query("SELECT count(*) FROM job WHERE kind IN ('fetch_emoji', 'fetch_media') AND (state = 1 OR state = 0 AND tries = 0)") == [(0,)])
    files = sum(n for url, n in far.asked.items() if url.startswith(many) and url.endswith(".png"))
    assert (asked(far, many) - files <= 20 and files <= 32), (asked(far, many), files)
    assert here.query("SELECT count(*) FROM mention WHERE status_id = (SELECT id FROM status WHERE uri = ?)", note["id"])[0][0] <= 100
    assert here.query("SELECT count(*) FROM media WHERE status_id = (SELECT id FROM status WHERE uri = ?)", note["id"])[0][0] <= 16


def test_85_one_voter_a_hundred_times_at_once(here, alice, eve):
    post = alice.toot("Which?", poll={"options": ["red", "blue"], "expires_in": 600})
    eve.send(here, hello(alice, eve))

    def vote(i):
        note = {"id": f"{eve.origin}/votes/{post['id']}/{i}", "type": "Note", "attributedTo": eve.id, "name": ("red", "blue")[i % 2],
                "inReplyTo": post["uri"], "to": alice.uri}
        return eve.send(here, eve.activity("Create", note, to=alice.uri), expect=(202, 503)).status_code

    with concurrent.futures.ThreadPoolExecutor(16) as threads:
        assert 202 in list(threads.map(vote, range(100)))
    settled(here, alice, eve)
    poll = alice.get(f"/api/v1/polls/{post['poll']['id']}")
    assert (poll["votes_count"], poll["voters_count"]) == (1, 1)


def test_86_reports_are_bounded_and_their_words_are_words(here, alice, eve, far):
    mallory = far.actor(f"mallory{next(numbers)}", host="evil.test")
    post = alice.toot("reported")
    words = "<script>alert(1)</script>" + "x" * 20000
    flag = eve.activity("Flag", [alice.uri, post["uri"]] + [f"http://peer.test/nothing/{i}" for i in range(9000)], content=words)
    eve.send(here, flag)
    eve.send(here, eve.activity("Flag", [mallory.id], content="not one of yours"))
    mallory.send(here, flag | {"id": f"http://evil.test/flag/{next(numbers)}"})  # in the name of eve
    settled(here, alice, eve, mallory)
    found = here.query("SELECT comment FROM report WHERE target_id = ?", int(alice.id))  # nobody else reports her
    assert len(found) == 1 and len(found[0][0].encode()) <= 5000
    assert here.query("SELECT count(*) FROM report WHERE comment = 'not one of yours'") == [(0,)]
    assert asked(far, "http://peer.test/nothing/") <= 20


@pytest.mark.parametrize("number", [-5, 2**63, 2**63 - 1, 1.5, 1e308, "7", None, [], {}])
def test_86_numbers_that_are_none(here, far, alice, eve, number):
    note = eve.note("counted", likes={"type": "Collection", "totalItems": number}, shares={"type": "Collection", "totalItems": number},
                    replies={"type": "Collection", "totalItems": number})
    eve.doc |= {"published": "2020-01-01T00:00:00Z"}
    for collection in ("followers", "following", "outbox"):
        far.answer(eve.doc[collection], {"@context": CONTEXT, "id": eve.doc[collection], "type": "OrderedCollection", "totalItems": number})
    found = alice.find(note["id"], "statuses")
    for value in ([found[k] for k in ("favourites_count", "reblogs_count", "replies_count")]
                  + [found["account"][k] for k in ("followers_count", "following_count", "statuses_count")]):
        assert isinstance(value, int) and 0 <= value <= 10**9

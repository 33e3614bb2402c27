"""The rules that everything else between servers follows from, by number: origin, identity, owner, trust, nothing of ours from outside,
deny by default, 202 means durable, effects are sets, budgets.  ELSEWHERE names the tests that show each."""
import pytest
from numbered import check_every_number
from pair import settle

GATE, EFFECTS, FAULTS, ATTACKS = (f"test/fed/test_{name}.py" for name in ("inbox_gate", "inbox_effects", "faults", "security_d"))
CHECK, READ, RECEIVE, HISTORY = "src/ap/check_test.c", "src/ap/read_test.c", "src/service/receive_test.c", "src/inbox/history_test.c"

ELSEWHERE = {
    1: {"src/base/url_test.c": "url_same_origin_compares url_refuses url_takes_hosts", CHECK: "ids_that_may_come_in where_a_document_may_come_from",
        "test/fed/test_delivery.py": "test_shared_inbox_of_another_origin_is_not_used"},
    2: {ATTACKS: "test_60_an_id_is_the_string_it_is", CHECK: "ids_that_may_come_in",
        "test/fed/test_names.py": "test_an_actor_that_changes_its_name_stays_the_same"},
    3: {CHECK: "owners_and_keys_of_other_origins_are_dropped embedded_objects_are_believed_of_their_owner_only",
        GATE: "test_a_key_that_its_owner_does_not_list test_a_forged_sender", EFFECTS: "test_nobody_edits_or_deletes_what_others_wrote test_a_pin_is_ones_own",
        HISTORY: "nobody_changes_what_is_not_theirs", "src/inbox/rows_test.c": "no_row_of_anybody_else"},
    4: {CHECK: "where_a_document_may_come_from content_types embedded_objects_are_believed_of_their_owner_only",
        GATE: "test_a_document_that_claims_another_id", FAULTS: "test_lies_about_ids_are_not_believed test_an_actor_that_claims_to_be_another",
        "src/ap/proof_test.c": "any_change_to_a_document_with_proof_is_noticed", EFFECTS: "test_what_others_pass_on_is_fetched "
        "test_a_boosted_post_is_believed_only_from_its_own_server", ATTACKS: "test_63_a_file_is_no_document"},
    5: {GATE: "test_keys_of_ours_and_of_odd_places", CHECK: "ids_that_may_come_in"},
    6: {READ: "visibility_is_never_wider_than_told", ATTACKS: "test_75_what_is_not_said_plainly_is_not_public test_75_public_where_nobody_reads_it",
        EFFECTS: "test_visibility_is_what_the_addresses_say test_a_direct_post_is_for_its_addressees_only"},
    7: {FAULTS: "test_nothing_is_lost_and_nothing_happens_twice", GATE: "test_key_servers_that_do_not_answer test_one_sender_may_not_fill_the_queue",
        "src/queue/queue_test.c": "queue_put_belongs_to_the_transaction queue_lease_runs_out_after_a_crash queue_survives_database_failures"},
    8: {RECEIVE: "receive_in_any_order receive_edits_in_any_order receive_at_the_same_time", HISTORY: "a_history_in_any_order_ends_the_same",
        EFFECTS: "test_the_same_post_twice_is_one test_likes_and_boosts_are_sets test_undone_before_it_was_done", ATTACKS: "test_73_one_post_fifty_times_at_once"},
    9: {ATTACKS: "test_84_what_one_delivery_may_make_us_fetch", "src/inbox/sender_test.c": "names_below_one_domain_do_not_flood",
        "test/fed/test_threads_whole.py": "test_circles_end test_pages_without_end_end test_parents_without_end_end"},
}


def test_every_rule_has_its_tests():
    check_every_number(range(1, 10), ELSEWHERE, globals())


HOSTS = ["peer.test"]


def stored(here, uri):
    return here.query("SELECT uri FROM status WHERE uri = ?", uri)


@pytest.mark.parametrize("path", ["/ap/at://did:plc:abc/app.post/3k", "/blog/", "/?author=0", "/a//b", "/n#fragment", "/%7Euser/%C3%A9", "/?b=2&a=1"])
def test_2_ids_are_kept_byte_by_byte(here, far, alice, eve, path):
    """Ids as bridges and blogs make them: stored, answered and deleted under the same bytes."""
    note = eve.note("<p>odd</p>", cc=[here.url + f"/ap/users/{alice.id}"])
    del far.documents[note["id"]]
    note["id"] = f"{eve.origin}{path}{eve.name if path.endswith(('/', '=0')) is False else ''}"
    far.documents[note["id"].split("#")[0]] = note
    eve.send(here, eve.create(note))
    here.wait_until(lambda: stored(here, note["id"]))
    assert stored(here, note["id"]) == [(note["id"],)]
    assert alice.find(note["id"], "statuses")["uri"] == note["id"]
    other = note["id"].removesuffix("/") if path.endswith("/") else note["id"] + "/"
    eve.send(here, eve.activity("Delete", other))  # another id
    settle(here)
    assert stored(here, note["id"])
    eve.send(here, eve.activity("Delete", note["id"]))
    here.wait_until(lambda: not stored(here, note["id"]))


@pytest.mark.parametrize("member", ["id", "attributedTo", "actor", "activity id", "quoteAuthorization"])
def test_5_nothing_of_ours_comes_from_outside(here, far, alice, eve, member):
    """What says to be ours, or by one of ours, is dropped; to name ours as parent or addressee is fine."""
    ours = alice.toot("ours")
    me = f"{here.url}/ap/users/{alice.id}"
    note = eve.note("<p>theirs</p>", cc=[me], inReplyTo=ours["uri"])
    create = eve.create(note)
    if member == "id":
        note["id"] = ours["uri"] + "0"
    elif member == "attributedTo":
        note["attributedTo"] = me
    elif member == "actor":
        create["actor"] = me
    elif member == "activity id":
        create["id"] = ours["uri"] + "/activity"
    else:
        note |= {"quote": ours["uri"], "quoteAuthorization": f"{me}/quote_authorizations/1"}
    eve.send(here, create, expect=(202, 400, 401))
    good = eve.note("<p>fine</p>", cc=[me], inReplyTo=ours["uri"])
    eve.send(here, eve.create(good))
    here.wait_until(lambda: stored(here, good["id"]))
    settle(here)
    if member == "quoteAuthorization":
        assert not here.query("SELECT 1 FROM quote q JOIN status s ON s.id = q.status_id WHERE s.uri = ? AND q.state = 1", note["id"])
    else:
        assert not stored(here, note["id"])
    assert here.query("SELECT count(*) FROM status WHERE account_id = ?", int(alice.id))[0][0] == 1
    assert alice.get(f"/api/v1/statuses/{ours['id']}")["content"] == ours["content"]

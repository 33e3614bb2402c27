"""Posts for this server alone leave it on no path; posts that end are deleted elsewhere; where a post went, and once more."""
import pytest
from remote import PUBLIC
from server import Server

numbers = iter(range(1, 10000))


HOSTS = ["peer.test", "lost.test"]


@pytest.fixture
def here(tmp_path, new_database, far):
    with Server(tmp_path / "here", database=new_database(), **far.keys()) as s:
        yield s


def uri(api):
    return api.get("/api/v1/accounts/verify_credentials")["uri"]


def followed_by(here, api, far, host=None):
    """Somebody elsewhere who follows."""
    eve = far.actor(f"eve{next(numbers)}", host=host)
    eve.send(here, eve.activity("Follow", uri(api)))
    far.wait(lambda a: a.json and a.json["type"] == "Accept" and a.json["object"].get("actor") == eve.id)
    return eve


def about(far, text):
    return [a for a in far.got() if text in a.body.decode()]


def test_posts_for_this_server_alone_stay_here(here, alice, far):
    eve = followed_by(here, alice, far)
    bob = here.user()
    root = alice.toot("for all")
    post = alice.toot(f"secret @{eve.acct} #tag", local_only=True, poll={"options": ["a", "b"], "expires_in": 300})
    answer = alice.toot("secret answer below a public post", in_reply_to_id=root["id"], local_only=True)
    bob.post(f"/api/v1/statuses/{post['id']}/reblog")
    bob.post(f"/api/v1/polls/{post['poll']['id']}/votes", {"choices": [0]})
    alice.put(f"/api/v1/statuses/{post['id']}", {"status": f"secret again @{eve.acct}"})
    alice.post(f"/api/v1/statuses/{post['id']}/pin")
    here.shift_clock(minutes=10)  # tallies and the end of the poll
    for actor in (None, eve):
        for url in (post["uri"], post["uri"] + "/activity", answer["uri"], post["uri"] + "/replies"):
            path, headers = "/" + url.split("/", 3)[3], {"Accept": "application/activity+json"} if actor is None else actor.sign("GET", url)
            here.api().request("GET", path, expect=404, headers=headers)
    accept = {"Accept": "application/activity+json"}
    for collection in ("/outbox?page=true", "/collections/featured"):
        page = here.api().request("GET", "/" + (uri(alice) + collection).split("/", 3)[3], headers=accept)
        assert post["uri"] not in str(page) and answer["uri"] not in str(page)
    note = here.api().request("GET", "/" + root["uri"].split("/", 3)[3], headers=accept)
    replies = here.api().request("GET", "/" + (root["uri"] + "/replies?page=true").split("/", 3)[3], headers=accept)
    context = here.api().request("GET", "/" + note["context"].split("/", 3)[3] + "?page=true", headers=accept, expect=None)
    for doc in (note, replies, context):
        assert answer["uri"] not in str(doc)
    alice.delete(f"/api/v1/statuses/{post['id']}")
    last = alice.toot("the last word")
    far.wait(lambda a: a.json and a.json["type"] == "Create" and a.json["object"]["id"] == last["uri"])
    here.wait_until(lambda: not here.unfinished())
    assert about(far, post["uri"]) == [] and about(far, "secret") == [] and about(far, answer["uri"]) == []


def test_a_local_post_quotes_nobody_elsewhere(here, alice, far):
    eve = far.actor(f"eve{next(numbers)}")
    note = eve.note("quote me", interactionPolicy={"canQuote": {"automaticApproval": [PUBLIC]}})
    theirs = alice.find(note["id"], "statuses")
    alice.post("/api/v1/statuses", {"status": "look", "local_only": True, "quoted_status_id": theirs["id"]}, expect=(404, 422))


def test_a_post_that_ends_is_deleted_elsewhere(here, alice, far):
    followed_by(here, alice, far)
    post = alice.toot("short", expires_in=300)
    far.wait(lambda a: a.json and a.json["type"] == "Create" and a.json["object"]["id"] == post["uri"])
    here.shift_clock(minutes=6)
    far.wait(lambda a: a.json and a.json["type"] == "Delete" and a.json["object"].get("id") == post["uri"])


def test_a_scheduled_thread_arrives_in_order(here, alice, far):
    followed_by(here, alice, far)
    body = {"posts": [{"status": "one"}, {"status": "two"}], "scheduled_at": "2999-01-01T00:00:00Z"}
    row = alice.post("/api/v1/statuses/thread", body)
    alice.delete(f"/api/v1/scheduled_statuses/{row['id']}")
    made = alice.post("/api/v1/statuses/thread", {"posts": body["posts"]})
    for post, above in zip(made, [None, made[0]["uri"]]):
        sent = far.wait(lambda a, post=post: a.json and a.json["type"] == "Create" and a.json["object"]["id"] == post["uri"])
        assert sent.json["object"]["inReplyTo"] == above


def test_the_author_sees_where_a_post_went_and_tries_again(here, alice, far):
    followed_by(here, alice, far)
    lost = followed_by(here, alice, far, host="lost.test")
    refused = (403, {}, b"no")
    far.answer("http://lost.test/inbox", refused)
    far.answer(f"{lost.id}/inbox", refused)
    post = alice.toot("who gets it?")
    path = f"/api/v1/statuses/{post['id']}/deliveries"
    here.wait_until(lambda: {h["host"]: h["state"] for h in alice.get(path)} == {"peer.test": "delivered", "lost.test": "failed"})
    hosts = {h["host"]: h for h in alice.get(path)}
    assert hosts["lost.test"]["last_status"] == 403 and hosts["lost.test"]["failed"] == 1 and hosts["peer.test"]["delivered_at"]
    assert [h["host"] for h in alice.pages(path, limit=1)] == [h["host"] for h in alice.get(path)]
    far.answers.clear()
    assert alice.post(path + "/retry") == {"retried": 1}
    far.wait(lambda a: a.host == "lost.test" and a.json["type"] == "Create" and a.json["object"]["id"] == post["uri"])
    here.wait_until(lambda: {h["state"] for h in alice.get(path)} == {"delivered"})
    assert alice.post(path + "/retry") == {"retried": 0}

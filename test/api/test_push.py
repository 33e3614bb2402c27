"""Web Push: subscriptions, messages that only the device can read, whom they are about, and services that do not want them."""
import base64
import time

import pytest
from push_service import Device, PushService, b64
from server import Server

PATH = "/api/v1/push/subscription"


@pytest.fixture(scope="module")
def service():
    with PushService() as s:
        yield s


@pytest.fixture(scope="module")
def server(tmp_path_factory, new_database, service):
    with Server(tmp_path_factory.mktemp("push"), database=new_database(), resolve=service.resolve) as s:
        yield s


def subscribe(api, service, name, standard=True, **alerts):
    device = Device(standard)
    made = api.post(PATH, device.subscription(service.url(name), **alerts))
    return device, made


# --- subscriptions ---------------------------------------------------------------------------------------------------------------------


def test_a_subscription_is_made_shown_changed_and_ended(alice, service):
    alice.get(PATH, expect=404)
    alice.put(PATH, {"data": {}}, expect=404)
    _, made = subscribe(alice, service, "one", mention=True, policy="followed")
    assert made["endpoint"] == service.url("one") and made["standard"] is True and made["policy"] == "followed"
    assert made["alerts"]["mention"] is True and made["alerts"]["follow"] is False and made["alerts"]["admin.sign_up"] is False
    assert alice.get(PATH) == made and 0 <= made["id"] < 1 << 31, "a number, which apps read into 32 bits"
    changed = alice.put(PATH, {"data": {"alerts": {"follow": True}}})
    assert (changed["alerts"]["mention"], changed["alerts"]["follow"], changed["policy"], changed["id"]) == (False, True, "followed", made["id"])
    again = alice.request("POST", PATH, data={  # as forms, and base64 with its padding
        "subscription[endpoint]": service.url("two"), "subscription[keys][p256dh]": base64.b64encode(Device(False).public).decode(),
        "subscription[keys][auth]": base64.b64encode(b"x" * 16).decode(), "data[alerts][poll]": "true"})
    assert again["id"] != made["id"] and again["endpoint"] == service.url("two") and again["alerts"]["poll"] and again["standard"] is False
    assert alice.get(PATH) == again
    assert alice.delete(PATH) == {} and alice.delete(PATH) == {}
    alice.get(PATH, expect=404)


def test_each_token_has_its_own(server, alice, service):
    other = server.api(server.token(alice.name))
    subscribe(alice, service, "mine")
    subscribe(other, service, "theirs")
    assert (alice.get(PATH)["endpoint"], other.get(PATH)["endpoint"]) == (service.url("mine"), service.url("theirs"))
    other.delete(PATH)
    alice.get(PATH)


def test_the_key_of_the_server_is_told_everywhere_and_stays(own_server):
    server = own_server()
    key = server.api().get("/api/v2/instance")["configuration"]["vapid"]["public_key"]
    raw = base64.urlsafe_b64decode(key)
    assert len(raw) == 65 and raw[0] == 4
    app = server.api().post("/api/v1/apps", {"client_name": "x", "redirect_uris": "urn:ietf:wg:oauth:2.0:oob"})
    assert app["vapid_key"] == key
    server.restart()
    assert server.api().get("/api/v2/instance")["configuration"]["vapid"]["public_key"] == key


@pytest.mark.parametrize("change", [
    {"endpoint": ""}, {"endpoint": "nonsense"}, {"endpoint": "ftp://push.test/x"}, {"endpoint": "javascript:alert(1)"},
    {"endpoint": "https://push.test/" + "x" * 3000},
    {"p256dh": ""}, {"p256dh": "AAAA"}, {"p256dh": b64(b"\x04" + b"\x01" * 64)}, {"p256dh": "*"}, {"auth": ""}, {"auth": b64(b"x" * 15)}, {"auth": b64(b"x" * 17)}])
def test_what_is_no_subscription(alice, service, change):
    body = Device(True).subscription(service.url("x"))
    for key, value in change.items():
        (body["subscription"] if key == "endpoint" else body["subscription"]["keys"])[key] = value
    alice.post(PATH, body, expect=422)
    alice.get(PATH, expect=404)


def test_parameters_of_the_wrong_kind(alice, service):
    good = Device(True).subscription(service.url("x"))
    alice.post(PATH, {}, expect=400)
    alice.post(PATH, good | {"data": {"policy": "sometimes"}}, expect=422)
    for wrong in ("x", [1], 5):
        alice.post(PATH, {"subscription": wrong}, expect=422)
    subscribe(alice, service, "x")
    alice.put(PATH, {"data": {"policy": "sometimes"}}, expect=422)


def test_who_may(server, anon, alice, service):
    body = Device(True).subscription(service.url("x"))
    anon.post(PATH, body, expect=401)
    without = server.api(server.token(alice.name, "read write follow"))
    without.post(PATH, body, expect=403)
    without.get(PATH, expect=403)


# --- messages ----------------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("standard", [True, False])
def test_a_mention_arrives_and_only_the_device_can_read_it(server, alice, bob, service, standard):
    name = f"mention-{standard}"
    device, made = subscribe(alice, service, name, standard, mention=True)
    post = bob.toot(f"@{alice.name} come <b>here</b>", spoiler_text="")
    push = service.wait(name)
    got = device.read(push, made["server_key"])
    told = alice.notifications()[0]
    assert got == {"access_token": alice.token, "preferred_locale": got["preferred_locale"], "notification_id": int(told["id"]),
                   "notification_type": "mention", "icon": bob.get("/api/v1/accounts/verify_credentials")["avatar_static"],
                   "title": f"{bob.name} mentioned you", "body": f"@{alice.name} come <b>here</b>"}
    assert told["status"]["id"] == post["id"]
    assert push.headers["TTL"] == "172800" and push.headers["Urgency"] == "high"
    assert device.claims["aud"] == service.origin and device.claims["sub"] == server.url
    assert 0 < device.claims["exp"] - time.time() <= 24 * 3600
    assert b"come" not in push.body and alice.token.encode() not in push.body


def test_a_warning_stands_for_the_text_and_long_texts_are_cut(alice, bob, service):
    device, made = subscribe(alice, service, "cut", mention=True, favourite=True)
    mine = alice.toot("mine", spoiler_text="careful")["id"]
    bob.post(f"/api/v1/statuses/{mine}/favourite")
    push = service.wait("cut")
    got = device.read(push, made["server_key"])
    assert (got["notification_type"], got["body"], push.headers["Urgency"]) == ("favourite", "careful", "normal")
    assert push.headers["Topic"] and len(push.headers["Topic"]) <= 32
    bob.toot(f"@{alice.name} " + "ä" * 300)
    body = device.read(service.wait("cut"), made["server_key"])["body"]
    assert len(body) == 140 and body.endswith("…")


def test_the_title_is_in_the_language_of_the_reader(server, anon, bob, service):
    app = anon.post("/api/v1/apps", {"client_name": "x", "redirect_uris": "urn:ietf:wg:oauth:2.0:oob", "scopes": "read write push"})
    token = anon.post("/oauth/token", {"grant_type": "client_credentials", "client_id": app["client_id"], "client_secret": app["client_secret"],
                                       "scope": "read write push"})["access_token"]
    name = "german" + bob.name[-6:]
    reader = server.api(server.api(token).post("/api/v1/accounts", {
        "username": name, "email": f"{name}@mail.test", "password": "correct horse battery", "agreement": True, "locale": "de"})["access_token"])
    device, made = subscribe(reader, service, "german", mention=True)
    bob.toot(f"@{name} hallo")
    got = device.read(service.wait("german"), made["server_key"])
    assert (got["preferred_locale"], got["title"]) == ("de", f"{bob.name} hat dich erwähnt")


def test_only_what_is_asked_for(server, alice, bob, service):
    device, made = subscribe(alice, service, "asked", follow=True)
    bob.toot(f"@{alice.name} not asked for")
    bob.follow(alice)
    assert device.read(service.wait("asked"), made["server_key"])["notification_type"] == "follow"
    server.wait_until(lambda: not server.unfinished())
    service.none("asked")


@pytest.mark.parametrize("policy,heard", [("all", "stranger followed follower"), ("followed", "followed"), ("follower", "follower"), ("none", "")])
def test_the_policy_says_whose(server, alice, service, policy, heard):
    people = {name: server.user() for name in ("stranger", "followed", "follower")}
    alice.follow(people["followed"])
    people["follower"].follow(alice)
    server.wait_until(lambda: not server.unfinished())
    device, made = subscribe(alice, service, "policy-" + policy, mention=True, policy=policy)
    for name, api in people.items():
        api.toot(f"@{alice.name} {name}")
    server.wait_until(lambda: len(alice.notifications(types=["mention"])) == 3)
    server.wait_until(lambda: not server.unfinished())
    got = {device.read(service.wait("policy-" + policy), made["server_key"])["title"].split()[0] for _ in heard.split()}
    assert got == {people[name].name for name in heard.split()}
    service.none("policy")


def test_blocked_and_filtered_senders_are_silent(server, alice, bob, carol, service):
    subscribe(alice, service, "silent", mention=True)
    alice.post(f"/api/v1/accounts/{bob.id}/block")
    alice.patch("/api/v2/notifications/policy", {"for_not_following": "filter"})
    bob.toot(f"@{alice.name} blocked")
    carol.toot(f"@{alice.name} filtered")
    server.wait_until(lambda: alice.notifications(include_filtered=True))
    server.wait_until(lambda: not server.unfinished())
    service.none("silent")


# --- the end of a subscription ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [404, 410, 403])
def test_a_service_that_knows_the_address_no_more_ends_it(server, alice, bob, service, status):
    name = f"gone-{status}"
    service.answer["/" + name] = status
    subscribe(alice, service, name, mention=True)
    bob.toot(f"@{alice.name} hello")
    service.wait(name)
    server.wait_until(lambda: alice.get(PATH, expect=None) == {"error": "Record not found"})


def test_a_service_in_trouble_is_asked_again_and_given_up_after_a_week(own_server, service):
    server = own_server(resolve=service.resolve)
    alice, bob = server.user(), server.user()
    service.answer["/trouble"] = 503
    device, made = subscribe(alice, service, "trouble", mention=True)
    bob.toot(f"@{alice.name} hello")
    service.wait("trouble")
    server.wait_until(lambda: server.query("SELECT failing_ms FROM push_subscription")[0][0])
    service.answer["/trouble"] = 201
    server.shift_clock(minutes=10)
    assert device.read(service.wait("trouble"), made["server_key"])["notification_type"] == "mention"
    server.wait_until(lambda: server.query("SELECT failing_ms FROM push_subscription")[0][0] in (None, ""))
    service.answer["/trouble"] = 500
    bob.toot(f"@{alice.name} again")
    service.wait("trouble")
    server.wait_until(lambda: server.query("SELECT failing_ms FROM push_subscription")[0][0])
    server.shift_clock(days=8)
    bob.toot(f"@{alice.name} after a week")
    server.wait_until(lambda: server.query("SELECT count(*) FROM push_subscription")[0][0] == 0)


def test_it_ends_with_its_token_and_old_ones_make_room(server, alice, bob, service):
    apis = [server.api(server.token(alice.name)) for _ in range(21)]
    for i, api in enumerate(apis):
        subscribe(api, service, f"room{i}", mention=True)
    apis[0].get(PATH, expect=404)
    apis[1].get(PATH)
    server.cli("user", "reset-password", alice.name)
    bob.toot(f"@{alice.name} hello")
    server.wait_until(lambda: not server.unfinished())
    assert server.query("SELECT count(*) FROM push_subscription WHERE account_id = ?", int(alice.id))[0][0] == 0
    service.none("room")


def test_nothing_is_sent_into_the_own_network(own_server):
    with PushService() as service:
        server = own_server(resolve=service.resolve, allow_networks=None)
        alice, bob = server.user(), server.user()
        subscribe(alice, service, "inside", mention=True)
        bob.toot(f"@{alice.name} hello")
        server.wait_until(lambda: server.query("SELECT failing_ms FROM push_subscription")[0][0])
        assert service.arrived.empty()

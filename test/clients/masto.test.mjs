// A day with npm's masto, the client that web clients are built on.  test/api/test_clients.py starts it:
//   SERVER=http://localhost:… CODE=… CLIENT_ID=… CLIENT_SECRET=… ALICE=name BOB=name BOB_TOKEN=… node --test masto.test.mjs
import assert from "node:assert/strict";
import { test } from "node:test";
import { deflateSync, crc32 } from "node:zlib";
import { createOAuthAPIClient, createRestAPIClient } from "masto";

const { SERVER: url, CODE: code, CLIENT_ID: clientId, CLIENT_SECRET: clientSecret, ALICE, BOB, BOB_TOKEN } = process.env;
const oauth = createOAuthAPIClient({ url });
const bob = createRestAPIClient({ url, accessToken: BOB_TOKEN });
let token, alice, seen = new Set();

function png(width, height) {
  const chunk = (kind, data) => {
    const body = Buffer.concat([Buffer.from(kind), data]), out = Buffer.alloc(8 + body.length);
    out.writeUInt32BE(data.length), body.copy(out, 4), out.writeUInt32BE(crc32(body), 4 + body.length);
    return out;
  };
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width), head.writeUInt32BE(height, 4), head.set([8, 2, 0, 0, 0], 8);
  const rows = Buffer.alloc(height * (1 + 3 * width), 0x55);
  for (let y = 0; y < height; y++) rows[y * (1 + 3 * width)] = 0;
  return Buffer.concat([Buffer.from("\x89PNG\r\n\x1a\n", "latin1"), chunk("IHDR", head), chunk("IDAT", deflateSync(rows)), chunk("IEND", Buffer.alloc(0))]);
}

test("the code becomes a token", async () => {
  const got = await oauth.token.create({ grantType: "authorization_code", clientId, clientSecret, code, redirectUri: "urn:ietf:wg:oauth:2.0:oob" });
  token = got.accessToken;
  alice = createRestAPIClient({ url, accessToken: token });
  assert.equal((await alice.v1.accounts.verifyCredentials()).username, ALICE);
  assert.equal((await alice.v1.apps.verifyCredentials()).name, "masto");
});

test("the instance describes itself", async () => {
  const instance = await alice.v2.instance.fetch();
  assert.equal(instance.domain, new URL(url).host);
  assert.ok(instance.configuration.statuses.maxCharacters >= 500);
  assert.ok(instance.apiVersions.mastodon >= 1);
});

test("a post with a picture, edited, with its history", async () => {
  const media = await alice.v2.media.create({ file: new Blob([png(300, 200)], { type: "image/png" }), description: "all grey", focus: "0.25,-0.5" });
  assert.equal(media.type, "image");
  assert.ok(media.url);
  assert.deepEqual([media.meta.focus.x, media.meta.focus.y], [0.25, -0.5]);
  const post = await alice.v1.statuses.create({ status: "with a picture", mediaIds: [media.id], visibility: "public", language: "en", spoilerText: "grey" });
  assert.equal(post.spoilerText, "grey");
  assert.equal(post.mediaAttachments[0].description, "all grey");
  const served = await fetch(post.mediaAttachments[0].url);
  assert.equal(served.status, 200);
  assert.match(served.headers.get("content-type"), /^image\//);

  const edited = await alice.v1.statuses.$select(post.id).update({ status: "with the same picture", mediaIds: [media.id] });
  assert.ok(edited.editedAt);
  assert.equal(edited.mediaAttachments.length, 1);
  assert.equal((await alice.v1.statuses.$select(post.id).history.list()).length, 2);
  assert.equal((await alice.v1.statuses.$select(post.id).source.fetch()).text, "with the same picture");
});

test("talking with somebody", async () => {
  const them = await alice.v1.accounts.lookup({ acct: BOB });
  assert.equal((await alice.v1.accounts.$select(them.id).follow({ notify: true })).following, true);
  const post = await bob.v1.statuses.create({ status: `@${ALICE} hello #masto` });
  assert.ok((await alice.v1.timelines.home.list({ limit: 5 })).some((s) => s.id === post.id));
  assert.ok((await alice.v1.timelines.tag.$select("masto").list()).some((s) => s.id === post.id));

  const reply = await alice.v1.statuses.create({ status: `@${BOB} hello too`, inReplyToId: post.id });
  const { ancestors, descendants } = await alice.v1.statuses.$select(post.id).context.fetch();
  assert.deepEqual([ancestors.map((s) => s.id), descendants.map((s) => s.id)], [[], [reply.id]]);

  const one = alice.v1.statuses.$select(post.id);
  assert.equal((await one.favourite()).favouritesCount, 1);
  assert.equal((await one.reblog()).reblog.id, post.id);
  assert.equal((await one.bookmark()).bookmarked, true);
  assert.deepEqual((await one.favouritedBy.list()).map((a) => a.username), [ALICE]);
  assert.deepEqual((await one.rebloggedBy.list()).map((a) => a.username), [ALICE]);
  assert.deepEqual((await alice.v1.favourites.list()).map((s) => s.id), [post.id]);
  assert.equal((await one.unreblog()).reblogged, false);
  const kinds = async () => new Set((await bob.v1.notifications.list()).map((n) => n.type));
  const end = performance.now() + 20000;
  while (!["follow", "mention", "favourite"].every((k) => seen.has(k))) {
    assert.ok(performance.now() < end, `only ${[...seen]}`);
    seen = await kinds();
  }
  const { notificationGroups, accounts, statuses } = await bob.v2.notifications.list({ types: ["favourite", "follow"], groupedTypes: ["favourite"] });
  assert.deepEqual(notificationGroups.map((g) => [g.type, g.notificationsCount]).sort(), [["favourite", 1], ["follow", 1]]);
  assert.deepEqual([accounts.map((a) => a.username), statuses.map((s) => s.id)], [[ALICE], [post.id]]);
  const key = notificationGroups.find((g) => g.type === "favourite").groupKey;
  assert.deepEqual((await bob.v2.notifications.$select(key).accounts.list()).map((a) => a.username), [ALICE]);
  assert.ok((await bob.v2.notifications.unreadCount.fetch()).count >= 3);
  assert.equal((await bob.v2.notifications.policy.update({ forBots: "filter" })).forBots, "filter");
  await bob.v2.notifications.$select(key).dismiss();
  assert.ok(!(await kinds()).has("favourite"));
  assert.deepEqual((await alice.v2.search.list({ q: BOB, type: "accounts" })).accounts.map((a) => a.username), [BOB]);
});

test("pages follow the Link header in both directions", async () => {
  for (let i = 0; i < 9; i++) await alice.v1.statuses.create({ status: `number ${i}`, visibility: "private" });
  const me = await alice.v1.accounts.verifyCredentials();
  const numbers = [];
  for await (const page of alice.v1.accounts.$select(me.id).statuses.list({ limit: 4, excludeReplies: true }))
    numbers.push(...page.map((s) => /number (\d)/.exec(s.content)?.[1]).filter(Boolean));
  assert.deepEqual(numbers, ["8", "7", "6", "5", "4", "3", "2", "1", "0"]);
});

test("profile and preferences", async () => {
  const me = await alice.v1.accounts.updateCredentials({ displayName: "Alice of masto", note: "<b>plain</b>", locked: true, fieldsAttributes: [{ name: "a", value: "b" }] });
  assert.equal(me.displayName, "Alice of masto");
  assert.equal(me.locked, true);
  assert.equal(me.fields[0].name, "a");
  assert.ok(!me.note.includes("<b>"));
  const them = await bob.v1.accounts.lookup({ acct: ALICE });
  assert.equal((await bob.v1.accounts.$select(them.id).follow()).requested, true);
  const asked = await alice.v1.followRequests.list();
  assert.deepEqual(asked.map((a) => a.username), [BOB]);
  assert.equal((await alice.v1.followRequests.$select(asked[0].id).authorize()).followedBy, true);
  assert.equal((await alice.v1.preferences.fetch())["posting:default:visibility"], "public");
});

test("errors are told in words", async () => {
  await assert.rejects(alice.v1.statuses.create({ status: "" }), (e) => e.statusCode === 422 && e.message.length > 0);
  await assert.rejects(alice.v1.statuses.$select("1").fetch(), (e) => e.statusCode === 404);
});

test("the token ends", async () => {
  await oauth.revoke({ clientId, clientSecret, token });
  await assert.rejects(alice.v1.accounts.verifyCredentials(), (e) => e.statusCode === 401);
});

// A day with npm's masto, the client that web clients are built on.  test/api/test_clients.py starts it:
//   SERVER=http://localhost:… CODE=… CLIENT_ID=… CLIENT_SECRET=… ALICE=name BOB=name BOB_TOKEN=… PATIENCE=seconds node --test masto.test.mjs
import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { deflateSync, crc32 } from "node:zlib";
import { createOAuthAPIClient, createRestAPIClient, createStreamingAPIClient } from "masto";

const { SERVER: url, CODE: code, CLIENT_ID: clientId, CLIENT_SECRET: clientSecret, ALICE, BOB, BOB_TOKEN } = process.env;
const PATIENCE_MS = 1000 * process.env.PATIENCE;
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
  const end = performance.now() + PATIENCE_MS;
  while (!["follow", "mention", "favourite"].every((k) => seen.has(k))) {
    assert.ok(performance.now() < end, `only ${[...seen]}`);
    await sleep(50);
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

test("a poll is asked, answered and counted", async () => {
  const { poll } = await bob.v1.statuses.create({ status: "Which?", poll: { options: ["red", "blue"], expiresIn: 3600, multiple: false } });
  const voted = await alice.v1.polls.$select(poll.id).votes.create({ choices: [1] });
  assert.deepEqual([voted.voted, voted.ownVotes, voted.options.map((o) => o.votesCount)], [true, [1], [0, 1]]);
  await assert.rejects(alice.v1.polls.$select(poll.id).votes.create({ choices: [0] }), (e) => e.statusCode === 422);
  assert.equal((await bob.v1.polls.$select(poll.id).fetch()).votersCount, 1);
});

test("a quote shows what it quotes, until it is revoked", async () => {
  const post = await alice.v1.statuses.create({ status: "worth a word", visibility: "public" });
  const quote = await bob.v1.statuses.create({ status: "indeed", quotedStatusId: post.id });
  assert.deepEqual([quote.quote.state, quote.quote.quotedStatus.id], ["accepted", post.id]);
  assert.deepEqual((await alice.v1.statuses.$select(post.id).quotes.list()).map((s) => s.id), [quote.id]);
  await alice.v1.statuses.$select(post.id).quotes.$select(quote.id).revoke();
  assert.equal((await bob.v1.statuses.$select(quote.id).fetch()).quote.state, "revoked");
});

test("filters warn about words and posts", async () => {
  const post = await bob.v1.statuses.create({ status: "about rhubarb", visibility: "public" });
  const filter = await alice.v2.filters.create({ title: "kitchen", context: ["public", "account"], filterAction: "warn", keywordsAttributes: [{ keyword: "rhubarb", wholeWord: true }] });
  const found = async () => (await alice.v1.statuses.$select(post.id).fetch()).filtered.map((f) => [f.filter.title, f.keywordMatches, f.statusMatches]);
  assert.deepEqual(await found(), [["kitchen", ["rhubarb"], null]]);
  await alice.v2.filters.keywords.$select(filter.keywords[0].id).remove();
  assert.deepEqual(await found(), []);
  await alice.v2.filters.$select(filter.id).statuses.create({ statusId: post.id });
  assert.deepEqual(await found(), [["kitchen", null, [post.id]]]);
  await alice.v2.filters.$select(filter.id).remove();
  assert.deepEqual([await found(), (await alice.v2.filters.list()).length], [[], 0]);
});

test("a post can wait", async () => {
  const at = (minutes) => new Date(Math.floor(Date.now() / 1000) * 1000 + minutes * 60000).toISOString();
  const [first, second] = [at(60), at(90)];
  const waiting = await alice.v1.statuses.create({ status: "soon", visibility: "private", scheduledAt: first });
  assert.deepEqual([waiting.scheduledAt, waiting.params.text, waiting.params.visibility], [first, "soon", "private"]);
  const one = alice.v1.scheduledStatuses.$select(waiting.id);
  assert.equal((await one.update({ scheduledAt: second })).scheduledAt, second);
  assert.deepEqual((await alice.v1.scheduledStatuses.list()).map((s) => [s.id, s.scheduledAt]), [[waiting.id, second]]);
  await one.remove();
  await assert.rejects(one.fetch(), (e) => e.statusCode === 404);
});

test("a list has the posts of its members", async () => {
  const them = await alice.v1.accounts.lookup({ acct: BOB });
  const list = await alice.v1.lists.create({ title: "close", repliesPolicy: "none", exclusive: false });
  const one = alice.v1.lists.$select(list.id);
  await one.accounts.create({ accountIds: [them.id] });
  assert.deepEqual((await one.accounts.list()).map((a) => a.username), [BOB]);
  assert.deepEqual((await alice.v1.accounts.$select(them.id).lists.list()).map((l) => l.title), ["close"]);
  const post = await bob.v1.statuses.create({ status: "for the list", visibility: "unlisted" });
  assert.equal((await alice.v1.timelines.list.$select(list.id).list({ limit: 1 }))[0].id, post.id);
  await one.accounts.remove({ accountIds: [them.id] });
  assert.deepEqual(await alice.v1.timelines.list.$select(list.id).list(), []);
  await one.remove();
  assert.deepEqual(await alice.v1.lists.list(), []);
});

test("one WebSocket carries a home and the public timeline", async () => {
  const { configuration } = await alice.v2.instance.fetch();
  const socket = createStreamingAPIClient({ streamingApiUrl: configuration.urls.streaming, accessToken: token, retry: false });
  // What was asked for takes effect at some moment: posts are written until one is heard, few, as each is work for the server.
  const hear = async (subscription, write, is) => {
    const events = subscription[Symbol.asyncIterator]();
    let heard = false;
    const loop = (async () => {
      for (;;) {
        const { value, done } = await events.next();
        assert.ok(!done, "the socket was closed");
        if (is(value)) return (heard = true), value;
      }
    })();
    loop.catch(() => (heard = true));
    for (const end = performance.now() + PATIENCE_MS; !heard && performance.now() < end; ) {
      await write();
      await Promise.race([loop.catch(() => {}), sleep(250)]);
    }
    assert.ok(heard, "nothing was heard");
    return loop;
  };
  try {
    const write = (visibility) => () => bob.v1.statuses.create({ status: `@${ALICE} over the wire`, visibility });
    // Not what the tests before wrote, which may still be under way.
    const home = await hear(socket.user.subscribe(), write("private"), (e) => e.event === "update" && e.payload.content.includes("over the wire"));
    assert.deepEqual([home.stream, home.payload.visibility, home.payload.account.username], [["user"], "private", BOB]);
    const told = await hear(socket.user.notification.subscribe(), write("private"), (e) => e.event === "notification" && e.payload.type === "mention");
    assert.deepEqual([told.payload.account.username, told.payload.status.visibility], [BOB, "private"]);
    const local = await hear(socket.public.local.subscribe(), write("public"), (e) => e.event === "update" && e.stream.includes("public:local"));
    assert.equal(local.payload.visibility, "public");
  } finally {
    socket.close();
  }
});

test("errors are told in words", async () => {
  await assert.rejects(alice.v1.statuses.create({ status: "" }), (e) => e.statusCode === 422 && e.message.length > 0);
  await assert.rejects(alice.v1.statuses.$select("1").fetch(), (e) => e.statusCode === 404);
});

test("the token ends", async () => {
  await oauth.revoke({ clientId, clientSecret, token });
  await assert.rejects(alice.v1.accounts.verifyCredentials(), (e) => e.statusCode === 401);
});

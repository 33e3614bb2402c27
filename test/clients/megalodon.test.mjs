// npm's megalodon, which speaks to servers of several kinds, here as to a Mastodon.  test/api/test_clients.py starts it:
//   SERVER=http://localhost:… ALICE=name ALICE_TOKEN=… BOB=name BOB_TOKEN=… PATIENCE=seconds node --test megalodon.test.mjs
import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import megalodon from "megalodon";

const { SERVER: url, ALICE, ALICE_TOKEN, BOB, BOB_TOKEN } = process.env;
const PATIENCE_MS = 1000 * process.env.PATIENCE;
const alice = megalodon.default("mastodon", url, ALICE_TOKEN), bob = megalodon.default("mastodon", url, BOB_TOKEN);
const ids = (answer) => answer.data.map((x) => x.id);
let me, them;

test("who is who", async () => {
  assert.equal((await alice.getInstance()).data.uri, new URL(url).host);
  [me, them] = [(await alice.verifyAccountCredentials()).data, (await bob.verifyAccountCredentials()).data];
  assert.deepEqual([me.username, them.username], [ALICE, BOB]);
  assert.equal((await alice.followAccount(them.id)).data.following, true);
  assert.deepEqual((await bob.getRelationship(me.id)).data.followed_by, true);
});

test("posts, answers and marks", async () => {
  const post = (await bob.postStatus("hello #megalodon", { visibility: "public", spoiler_text: "a word" })).data;
  assert.deepEqual([post.spoiler_text, post.tags.map((t) => t.name)], ["a word", ["megalodon"]]);
  const reply = (await alice.postStatus(`@${BOB} hello`, { in_reply_to_id: post.id })).data;
  assert.deepEqual((await bob.getStatusContext(post.id)).data.descendants.map((s) => s.id), [reply.id]);
  assert.equal((await alice.favouriteStatus(post.id)).data.favourited, true);
  assert.equal((await alice.reblogStatus(post.id)).data.reblog.id, post.id);
  assert.deepEqual(ids(await alice.getFavourites()), [post.id]);
  assert.deepEqual((await bob.getStatusRebloggedBy(post.id)).data.map((a) => a.username), [ALICE]);
  assert.ok(ids(await alice.getTagTimeline("megalodon")).includes(post.id));
  assert.ok(ids(await alice.getHomeTimeline()).includes(post.id));
  assert.equal((await bob.editStatus(post.id, { status: "good bye" })).data.content, "<p>good bye</p>");
  await bob.deleteStatus(post.id);
  await assert.rejects(alice.getStatus(post.id), (e) => e.response.status === 404);
});

test("polls", async () => {
  const { poll } = (await alice.postStatus("Which?", { poll: { options: ["red", "blue"], expires_in: 600, multiple: true } })).data;
  const voted = (await bob.votePoll(poll.id, [0, 1])).data;
  assert.deepEqual([voted.voted, voted.options.map((o) => o.votes_count)], [true, [1, 1]]);
  assert.equal((await alice.getPoll(poll.id)).data.votes_count, 2);
  await assert.rejects(bob.votePoll(poll.id, [0]), (e) => e.response.status === 422);
});

test("lists, filters and messages", async () => {
  const list = (await alice.createList("crew")).data;
  await alice.addAccountsToList(list.id, [them.id]);
  assert.deepEqual(ids(await alice.getAccountsInList(list.id)), [them.id]);
  const post = (await bob.postStatus("for the crew")).data;
  assert.equal(ids(await alice.getListTimeline(list.id))[0], post.id);
  await alice.deleteAccountsFromList(list.id, [them.id]);
  assert.deepEqual(ids(await alice.getListTimeline(list.id)), []);
  await alice.deleteList(list.id);
  await assert.rejects(alice.getList(list.id), (e) => e.response.status === 404);

  const filter = (await alice.createFilter("anchor", ["home"], { whole_word: true })).data;
  assert.deepEqual((await alice.getFilters()).data.map((f) => [f.phrase, f.context]), [["anchor", ["home"]]]);
  await alice.deleteFilter(filter.id);
  assert.deepEqual((await alice.getFilters()).data, []);

  const direct = (await bob.postStatus(`@${ALICE} between us`, { visibility: "direct" })).data;
  let talk;
  for (const end = performance.now() + PATIENCE_MS; !talk && performance.now() < end; await sleep(50)) [talk] = (await alice.getConversationTimeline()).data;
  assert.deepEqual([talk.last_status.id, talk.unread, talk.accounts.map((a) => a.username)], [direct.id, true, [BOB]]);
  assert.equal((await alice.readConversation(talk.id)).data.unread, false);
});

test("a post can wait", async () => {
  const at = new Date(Math.floor(Date.now() / 1000) * 1000 + 3600000);
  const waiting = (await alice.postStatus("soon", { scheduled_at: at })).data;
  assert.equal(waiting.scheduled_at, at.toISOString());
  assert.deepEqual(ids(await alice.getScheduledStatuses()), [waiting.id]);
  await alice.cancelScheduledStatus(waiting.id);
  assert.deepEqual(ids(await alice.getScheduledStatuses()), []);
});

test("streams: a home with its notifications, and the local timeline", async () => {
  const signal = AbortSignal.timeout(PATIENCE_MS);
  const hear = (stream, event, is) => new Promise((resolve, reject) => {
    stream.on(event, (what) => is(what) && resolve(what));
    signal.addEventListener("abort", () => reject(new Error(`no ${event}`)));
  });
  const home = await alice.userStreaming(), local = await alice.localStreaming();
  try {
    // A socket that is open listens a moment later: posts are written until one is heard, few, as each is work for the server.
    let there = false;
    const both = Promise.all([home, local].map((stream) => hear(stream, "update", () => true))).finally(() => (there = true));
    while (!there) {
      await bob.postStatus("are you there?", { visibility: "public" });
      await Promise.race([both.catch(() => {}), sleep(250)]);
    }
    await both;
    const is = (s) => s.content.includes("live");
    const heard = [hear(home, "update", is), hear(home, "notification", (n) => n.type === "mention" && is(n.status)), hear(local, "update", is)];
    const post = (await bob.postStatus(`@${ALICE} live`, { visibility: "public" })).data;
    const [update, notification, shown] = await Promise.all(heard);
    assert.deepEqual([update.id, notification.status.id, shown.id], [post.id, post.id, post.id]);
    const gone = hear(home, "delete", (id) => id === post.id);
    await bob.deleteStatus(post.id);
    await gone;
  } finally {
    home.stop(), local.stop();
  }
});

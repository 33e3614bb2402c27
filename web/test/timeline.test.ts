// A timeline whose answers and stream come as they like, and what the stores keep of all that was read.
import test from 'node:test';
import assert from 'node:assert/strict';
import type { mastodon } from 'masto';
import { effect } from '@preact/signals';
import { current } from '../src/api/accounts.ts';
import { pages } from '../src/store/pages.ts';
import { person, putPerson, putRelationship, relationship } from '../src/store/people.ts';
import { peekPost, putStatus } from '../src/store/posts.ts';
import { Timeline, timeline } from '../src/store/timelines.ts';

type Status = mastodon.v1.Status;
const turn = (): Promise<void> => new Promise(done => { setTimeout(done); });

let socket: { onopen: () => void; onmessage: (e: { data: string }) => void } | undefined;
globalThis.WebSocket = class { static OPEN = 1; readyState = 0; constructor() { socket = this as never; } send(): void {} close(): void {} } as never;
current.value = { id: '1', token: 't', acct: 'ann', name: 'Ann', avatar: '' };

const status = (n: number, by = 7): Status => ({ id: String(n), account: { id: String(by), acct: `p${by}` } } as unknown as Status);
const from = (first: number, n: number): Status[] => Array.from({ length: n }, (_, i) => status(first - i));
const ids = (first: number, n: number): string[] => from(first, n).map(s => s.id);

// A timeline with posts 100 to 81 whose every further question waits for answer() or fail(), and what its stream brings.
async function open() {
  const asked: { since?: string; answer: (page: Status[]) => Promise<void>; fail: () => Promise<void> }[] = [];
  const line = new Timeline({ key: 'x', channel: { stream: 'public' }, fetch: p => new Promise((yes, no) => {
    const then = async (run: () => void): Promise<void> => { run(); await turn(); };
    asked.push({ since: p.sinceId, answer: page => then(() => yes(page)), fail: () => then(() => no(new TypeError('Failed to fetch'))) });
  }) });
  line.open();
  await turn();
  await asked.shift()!.answer(from(100, 20));
  const stream = (n: number): void => socket!.onmessage({ data: JSON.stringify({ stream: ['public'], event: 'update', payload: JSON.stringify(status(n)) }) });
  const posts = (): string[] => line.items.peek().map(i => (i.kind === 'post' ? i.id : i.kind === 'gap' ? `${i.above}…${i.below}` : ''));
  return { line, asked, stream, posts };
}

test('more than a page was missed, and the stream goes on meanwhile: nothing is lost, and one gap stands where it is', async () => {
  const { line, asked, stream, posts } = await open();
  stream(101);
  void line.catchUp();
  stream(301);
  stream(302);
  assert.equal(asked[0]!.since, '101');
  await asked.shift()!.answer(from(300, 40));
  assert.deepEqual(line.waiting.peek(), ['302', '301', ...ids(300, 40)]);
  line.show();
  assert.deepEqual(posts(), ['302', '301', ...ids(300, 40), '261…100', ...ids(100, 20)]);
  void line.fill(line.items.peek().find(i => i.kind === 'gap')!);
  await asked.shift()!.answer(from(260, 40));
  assert.equal(posts()[82], '221…100');
});

test('what is posted between the first page and the opening of the line is looked for, may the page be there yet or not', async () => {
  const { asked } = await open();
  socket!.onopen();
  assert.equal(asked[0]!.since, '100');
  const pages: { since?: string; answer: (page: Status[]) => void }[] = [];
  const other = new Timeline({ key: 'y', channel: { stream: 'public' }, fetch: p => new Promise(yes => pages.push({ since: p.sinceId, answer: yes })) });
  other.open();
  socket!.onopen();
  await turn();
  assert.deepEqual(pages.map(p => p.since), [undefined]);
  pages[0]!.answer(from(100, 20));
  await turn();
  assert.equal(pages[1]!.since, '100');
  pages[1]!.answer([status(101)]);
  await turn();
  assert.deepEqual(other.waiting.peek(), ['101']);
});

test('less than a page: what came meanwhile stands above, what waited below, each once', async () => {
  const { line, asked, stream, posts } = await open();
  stream(101);
  void line.catchUp();
  stream(105);
  await asked.shift()!.answer([status(105), status(104), status(103)]);
  assert.deepEqual(line.waiting.peek(), ['105', '104', '103', '101']);
  line.show();
  assert.deepEqual(posts().slice(0, 5), ['105', '104', '103', '101', '100']);
});

test('a look that failed is made again with the next event, from where it is known', async () => {
  const { line, asked, stream, posts } = await open();
  void line.catchUp();
  await asked.shift()!.fail();
  stream(130);
  assert.equal(asked[0]!.since, '100');
  await asked.shift()!.answer([status(130), status(129), status(101)]);
  line.show();
  assert.deepEqual(posts().slice(0, 4), ['130', '129', '101', '100']);
});

test('what is shown, or written, before the answer is there leaves a gap and no hole', async () => {
  const { line, asked, stream, posts } = await open();
  void line.catchUp();
  stream(120);
  line.show();
  await asked.shift()!.answer([status(120), status(119), status(101)]);
  assert.deepEqual([posts().slice(0, 3), line.waiting.peek()], [['120', '120…100', '100'], []]);
  void line.fill(line.items.peek().find(i => i.kind === 'gap')!);
  await asked.shift()!.answer([status(119), status(101)]);
  assert.deepEqual(posts().slice(0, 4), ['120', '119', '101', '100']);

  const other = await open();
  void other.line.catchUp();
  await other.asked.shift()!.fail();
  other.line.add(putStatus(status(140)));
  assert.deepEqual(other.posts().slice(0, 3), ['140', '140…100', '100']);
});

test('what comes by the stream while the first page is on its way is not offered when it is there', async () => {
  let answer: (page: Status[]) => void;
  const line = new Timeline({ key: 'y', channel: { stream: 'public' }, fetch: () => new Promise(yes => { answer = yes; }) });
  line.open();
  await turn();
  socket!.onmessage({ data: JSON.stringify({ stream: ['public'], event: 'update', payload: JSON.stringify(status(50)) }) });
  answer!(from(50, 20));
  await turn();
  assert.deepEqual([line.waiting.peek(), line.items.peek().length], [[], 20]);
});

test('hours of reading leave no more than there is room for: what is looked at or stands in a list stays, with who wrote it', async () => {
  const line = timeline({ key: 'z', fetch: () => Promise.resolve([{ ...status(9_000_001, 9_001), reblog: status(9_000_000, 9_000) } as Status]) });
  line.open();
  const followers = pages('followers:1', async function* () { yield [putPerson({ id: '9002', acct: 'p9002' } as mastodon.v1.Account).id]; }, page => page);
  await followers.more();
  await turn();
  putPerson({ id: '9003', acct: 'p9003' } as mastodon.v1.Account);
  putRelationship({ id: '9004', following: true } as mastodon.v1.Relationship);
  let shown = '';
  const leave = effect(() => { shown = `${person('9003')?.displayName} ${relationship('9004').value?.following}`; });
  const read = 20_000;
  for (let n = 0; n < read; n++) {
    putStatus(status(1_000_000 + n, 10_000 + n));
    putRelationship({ id: String(10_000 + n), following: false } as mastodon.v1.Relationship);
    if (n % 40 === 0) await turn();
  }
  await turn();
  const left = (known: (n: number) => unknown): number => Array.from({ length: read }, (_, n) => n).filter(known).length;
  const posts = left(n => peekPost(String(1_000_000 + n))), people = left(n => person(String(10_000 + n))), relations = left(n => relationship(String(10_000 + n)).peek());
  for (const [what, n] of Object.entries({ posts, people, relations })) assert.ok(n >= 500 && n <= 4000, `${what}: ${n}`);
  assert.ok(peekPost('9000001') && peekPost('9000000') && person('9001') && person('9000') && person('9002'));
  putPerson({ id: '9003', acct: 'p9003', displayName: 'Cy' } as mastodon.v1.Account);
  assert.equal(shown, 'Cy true');
  leave();
});

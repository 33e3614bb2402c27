// Answers that come late, or not at all: what was done since stays.
import test from 'node:test';
import assert from 'node:assert/strict';
import type { mastodon } from 'masto';
import { current } from '../src/api/accounts.ts';
import { tabs } from '../src/notification/kinds.ts';
import { Notifications } from '../src/notification/store.ts';
import { pages } from '../src/store/pages.ts';
import { follow, lookAgain, putRelationship, relationship } from '../src/store/people.ts';
import { bookmark, favourite, peekPost, putStatus } from '../src/store/posts.ts';
import { prefer, preferences } from '../src/store/preferences.ts';
import { loadSettings, startSettings } from '../src/store/synced.ts';
import { Toasts } from '../src/ui/toast.tsx';

interface Sent {
  path: string;
  method: string;
  body: unknown;
  answer: (status: number, body: unknown) => void;
}
const sent: Sent[] = [];
globalThis.fetch = ((input: Request | string, init?: RequestInit) => new Promise<Response>(done => sent.push({ path: typeof input === 'string' ? input : new URL(input.url).pathname,
  method: typeof input === 'string' ? init!.method! : input.method, body: typeof init?.body === 'string' ? JSON.parse(init.body) : null, answer: (status, body) =>
    done(new Response(JSON.stringify(body), { status, headers: { 'Content-Type': 'application/json' } })) }))) as typeof fetch;

const turn = (): Promise<void> => new Promise(done => { setTimeout(done); });
async function asked(path: string): Promise<Sent> {
  for (let i = 0; i < 200 && sent[0]?.path !== path; i++) await turn();
  assert.equal(sent[0]?.path, path);
  return sent.shift()!;
}

const account = { id: '1', acct: 'ann' };
const wire = (id: string, more: object) => ({ id, account, favourites_count: 0, reblogs_count: 0, favourited: false, reblogged: false, bookmarked: false, ...more });
const put = (id: string): string => putStatus({ id, account, favouritesCount: 0, reblogsCount: 0, favourited: false, reblogged: false, bookmarked: false } as unknown as mastodon.v1.Status);

test('how one stands to somebody is what was asked last, whichever answer comes first; a doubt is cleared up', async () => {
  const ask = '/api/v1/accounts/relationships', now = (): unknown => relationship('5').peek()?.requested ?? null, is = (requested: boolean): object => ({ id: '5', requested });
  putRelationship({ id: '5', requested: false } as mastodon.v1.Relationship);
  lookAgain('5');
  const first = await asked(ask);
  lookAgain('5');
  const second = await asked(ask);
  second.answer(200, [is(true)]);
  await turn();
  first.answer(200, [is(false)]);
  await turn();
  assert.equal(now(), true);
  const done = follow('5', false), took = await asked('/api/v1/accounts/5/unfollow');
  lookAgain('5');
  (await asked(ask)).answer(200, [is(true)]); // as it was before, or as it is since?
  await turn();
  took.answer(200, is(false));
  await done;
  assert.equal(now(), false);
  (await asked(ask)).answer(200, [is(true)]);
  await turn();
  assert.equal(now(), true);
});

test('what one does with a post is asked for one after the other, and no answer undoes the next', async () => {
  const id = put('10'), first = favourite(id), second = bookmark(id);
  assert.deepEqual([peekPost(id)!.favourited, peekPost(id)!.favouritesCount, peekPost(id)!.bookmarked], [true, 1, true]);
  (await asked('/api/v1/statuses/10/favourite')).answer(200, wire(id, { favourited: true, favourites_count: 3 }));
  await first;
  assert.deepEqual([peekPost(id)!.favouritesCount, peekPost(id)!.bookmarked], [3, true]);
  put(id); // a list that was asked for before
  assert.equal(peekPost(id)!.bookmarked, true);
  (await asked('/api/v1/statuses/10/bookmark')).answer(200, wire(id, { favourited: true, favourites_count: 3, bookmarked: true }));
  await second;
  assert.deepEqual([peekPost(id)!.favourited, peekPost(id)!.favouritesCount, peekPost(id)!.bookmarked], [true, 3, true]);
});

test('what the server refuses is taken back, and only that', async () => {
  const id = put('11'), first = favourite(id), second = bookmark(id);
  (await asked('/api/v1/statuses/11/favourite')).answer(422, { error: 'no' });
  await assert.rejects(first);
  assert.deepEqual([peekPost(id)!.favourited, peekPost(id)!.favouritesCount, peekPost(id)!.bookmarked], [false, 0, true]);
  (await asked('/api/v1/statuses/11/bookmark')).answer(200, wire(id, { bookmarked: true }));
  await second;
  assert.equal(peekPost(id)!.bookmarked, true);
});

test('a list that failed on the way goes on where it was', async () => {
  let broken = true;
  async function* start(): AsyncGenerator<string[]> {
    yield ['a', 'b'];
    if (broken) throw new Error('away');
    yield ['c'];
  }
  const list = pages('late', start, page => page), release = list.hold(x => x);
  await list.more();
  await list.more();
  assert.equal(list.state.peek(), 'failed');
  broken = false;
  await list.more();
  assert.deepEqual([list.items.peek(), list.state.peek()], [['a', 'b', 'c'], 'ready']);
  await list.more();
  assert.deepEqual([list.items.peek(), list.state.peek()], [['a', 'b', 'c'], 'end']);
  release();
});

test('a notification that was dismissed does not come back with a page that was asked for before', async () => {
  const list = new Notifications(tabs[0]!), page = { accounts: [], statuses: [], notification_groups: [{ group_key: 'x' }, { group_key: 'y' }] };
  const first = list.refresh();
  (await asked('/api/v2/notifications')).answer(200, page);
  await first;
  const again = list.refresh();
  const late = await asked('/api/v2/notifications');
  list.drop('x');
  late.answer(200, page);
  await again;
  assert.deepEqual(list.groups.peek().map(g => g.groupKey), ['y']);
});

test('a choice that the server could not take is told once, tried again, and not undone; one that it never takes is told with its reason', async () => {
  const timers: (() => void)[] = [], said = (text: string): number => JSON.stringify(Toasts()).split(text).length - 1, mine = '/api/v1/client_settings';
  const real = setTimeout;
  globalThis.setTimeout = ((run: () => void, ms?: number, ...more: []) => {
    const timer = real(run, ms, ...more) as unknown as { unref: () => void };
    if (ms) timer.unref();
    return timer;
  }) as unknown as typeof setTimeout; // nobody waits for what was said to go
  globalThis.window = { setTimeout: (run: () => void) => timers.push(run) } as never;
  const unsent = (): string | null => localStorage.getItem('dassie.preferences.unsent.1');
  const settings = async (method: string, status: number, body: unknown): Promise<unknown> => {
    const one = await asked(mine);
    assert.equal(one.method, method);
    one.answer(status, body);
    for (let i = 0; i < 5; i++) await turn();
    return one.body;
  };
  current.value = { id: '1', token: 't', acct: 'ann', name: 'Ann', avatar: '' };
  startSettings();
  await settings('GET', 200, { settings: {} });
  prefer({ theme: 'dark' });
  await settings('PUT', 503, { error: 'Later.' });
  assert.deepEqual([said('Kept in this browser for now'), unsent(), timers.length], [1, '{"theme":"dark"}', 1]);
  timers.pop()!();
  await settings('GET', 500, {});
  timers.pop()!();
  await settings('GET', 200, { settings: { theme: 'light' } });
  await settings('PUT', 500, {});
  assert.equal(said('Kept in this browser for now'), 1, 'once');
  void loadSettings(); // the stream is back
  await settings('GET', 200, { settings: { theme: 'light' } });
  assert.deepEqual(await settings('PUT', 200, {}), { settings: { theme: 'dark' } });
  assert.deepEqual([preferences.value.theme, unsent(), said('kept with your account again')], ['dark', null, 1]);
  prefer({ tone: 3 });
  await settings('PUT', 403, { error: 'Your account is frozen.' });
  assert.deepEqual([said('Your account is frozen.'), unsent(), preferences.value.tone], [1, null, 3]);
  assert.deepEqual(sent, []);
});

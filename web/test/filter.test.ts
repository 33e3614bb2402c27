// What filters do with a post, by the place in which it stands.
import test from 'node:test';
import assert from 'node:assert/strict';
import type { mastodon } from 'masto';
import { type Context, leftOut, verdict } from '../src/status/filter.ts';
import { putRelationship } from '../src/store/people.ts';
import { putStatus } from '../src/store/posts.ts';

const hit = (title: string, filterAction: string, context: string[], expiresAt: string | null = null) =>
  ({ filter: { title, filterAction, context, expiresAt } }) as unknown as Parameters<typeof verdict>[0][number];

test('a filter acts in the places it names, and nowhere else', () => {
  const hits = [hit('sport', 'hide', ['home', 'thread'])];
  for (const place of ['home', 'thread'] as const) assert.equal(verdict(hits, place).action, 'hide');
  for (const place of ['public', 'account', 'notifications', undefined] as const) assert.equal(verdict(hits, place).action, 'none');
});

test('the strongest wish wins, and only those who have it are named', () => {
  assert.deepEqual(verdict([hit('a', 'blur', ['home']), hit('b', 'warn', ['home']), hit('c', 'blur', ['home']), hit('d', 'warn', ['home'])], 'home'),
    { action: 'warn', titles: ['b', 'd'] });
  assert.deepEqual(verdict([hit('a', 'warn', ['home']), hit('b', 'hide', ['public'])], 'home'), { action: 'warn', titles: ['a'] });
  assert.deepEqual(verdict([], 'home'), { action: 'none', titles: [] });
});

test('a filter that has run out does nothing', () => {
  const hits = [hit('over', 'hide', ['home'], '2026-01-01T00:00:00Z')];
  assert.equal(verdict(hits, 'home', Date.parse('2026-01-01T00:00:00Z')).action, 'none');
  assert.equal(verdict(hits, 'home', Date.parse('2025-12-31T23:59:59Z')).action, 'hide');
});

test('who was muted or blocked is left out of timelines at once, with what they boosted; not of their own page', () => {
  const put = (id: string, by: string, reblog?: object): void => void putStatus({ id, account: { id: by, acct: `p${by}` }, reblog } as unknown as mastodon.v1.Status);
  put('1', '21');
  put('2', '22', { id: '1', account: { id: '21', acct: 'p21' } });
  put('3', '23');
  const out = (context: Context): string[] => ['1', '2', '3'].filter(id => leftOut(id, context));
  const relate = (id: string, more: object): void => putRelationship({ id, muting: false, blocking: false, domainBlocking: false, ...more } as mastodon.v1.Relationship);
  relate('21', { muting: true });
  assert.deepEqual([out('home'), out('public'), out('account'), out('thread')], [['1', '2'], ['1', '2'], [], []]);
  relate('21', {});
  relate('22', { blocking: true });
  relate('23', { domainBlocking: true });
  assert.deepEqual(out('home'), ['2', '3']);
  relate('22', {});
  relate('23', {});
  assert.deepEqual(out('home'), []);
});

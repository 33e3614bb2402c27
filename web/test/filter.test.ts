// What filters do with a post, by the place in which it stands.
import test from 'node:test';
import assert from 'node:assert/strict';
import { verdict } from '../src/status/filter.ts';

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

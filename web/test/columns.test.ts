// The columns somebody has chosen.
import assert from 'node:assert/strict';
import test from 'node:test';
import { MAX, add, initial, mayStay, move, remove, valid } from '../src/deck/columns.ts';

const of = (ids: string) => [...ids].map(id => ({ id, path: `/tags/${id}` }));
const ids = (list: readonly { id: string }[]) => list.map(c => c.id).join('');

test('a column moves before the one that stands there, and nowhere when it is there already', () => {
  assert.equal(ids(move(of('abcd'), 'a', 2)), 'bacd');
  assert.equal(ids(move(of('abcd'), 'a', 4)), 'bcda');
  assert.equal(ids(move(of('abcd'), 'd', 0)), 'dabc');
  assert.equal(ids(move(of('abcd'), 'c', -1)), 'cabd');
  const list = of('abcd');
  assert.equal(move(list, 'b', 1), list);
  assert.equal(move(list, 'b', 2), list);
  assert.equal(move(list, 'x', 0), list);
});

test('a column is added once, where it is wanted, as long as there is room', () => {
  assert.equal(ids(add(of('ab'), '/home', 'h', 1)), 'ahb');
  assert.equal(ids(add(of('ab'), '/tags/a', 'h')), 'ab');
  assert.equal(ids(add(of('ab'), '/settings', 'h')), 'ab');
  const full = Array.from({ length: MAX }, (_, i) => ({ id: String(i), path: `/tags/x${i}` }));
  assert.equal(add(full, '/home', 'h').length, MAX);
  assert.equal(ids(remove(of('abc'), 'b')), 'ac');
});

test('timelines, posts and people may stay; settings and what one writes may not', () => {
  for (const path of ['/home', '/public/local', '/notifications/mentions', '/tags/x?any=y', '/search?q=from%3Ame&type=statuses', '/lists/7', '/bookmarks/3', '/@a@example.org', '/@a/7', '/@a/media'])
    assert.ok(mayStay(path), path);
  for (const path of ['/settings', '/publish', '/notifications/settings', '/notifications/requests/1', '/lists', '/lists/7/edit', '/deck', '//example.org', '/@a/followers'])
    assert.ok(!mayStay(path), path);
});

test('what was stored is looked at before it is believed', () => {
  assert.equal(valid(undefined), initial);
  assert.deepEqual(valid([{ id: 'a', path: '/home' }, { id: 'a', path: '/public' }, { id: 'b', path: 'https://example.org/' }, null, { id: 3, path: '/home' }]), [{ id: 'a', path: '/home' }]);
  assert.deepEqual(valid([]), []);
});

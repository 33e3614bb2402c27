// Search and discovery: what stands in addresses and in the lists.
import test from 'node:test';
import assert from 'node:assert/strict';
import { points, uses } from '../src/explore/history.ts';
import { address, mixOf, names, takes } from '../src/explore/tags.ts';
import { namesOne, toggled } from '../src/search/operators.ts';
import { added } from '../src/search/recent.ts';

test('operators go in and out of a query', () => {
  assert.equal(toggled('boats', 'has:media'), 'boats has:media');
  assert.equal(toggled('boats has:media lake', 'has:media'), 'boats lake');
  assert.equal(toggled('', '"two words"'), '"two words"');
});

test('addresses and handles name one thing, words do not', () => {
  for (const q of ['https://example.org/@a/1', '@ann@example.org', 'ann@example.org']) assert.ok(namesOne(q), q);
  for (const q of ['ann', '@ann', 'from:me', 'https://a b', 'see https://example.org', 'from:@ann@example.org']) assert.ok(!namesOne(q), q);
});

test('recent searches stand once, newest first, and are few', () => {
  assert.deepEqual(added(['Cats', 'dogs'], ' cats '), ['cats', 'dogs']);
  assert.deepEqual(added(['a'], '  '), ['a']);
  assert.equal(added(Array.from({ length: 20 }, (_, i) => String(i)), 'x').length, 8);
});

test('hashtags together: as typed, in the address, and for what streams in', () => {
  assert.deepEqual(names('#cats, dogs  cats a b c'), ['cats', 'dogs', 'a', 'b']);
  const mix = { any: [], all: ['b c'.split(' ')[0]!], none: ['d'] };
  assert.equal(address('ä', mix), '/tags/%C3%A4?all=b&none=d');
  assert.deepEqual(mixOf(new URL(address('ä', mix), 'https://here.test').searchParams), mix);
  assert.equal(takes(['A', 'B'], mix), true);
  assert.equal(takes(['A'], mix), false);
  assert.equal(takes(['b', 'D'], mix), false);
});

test('usage as a number and a line; nonsense is nothing', () => {
  const h = ['2', '4', '0'].map(u => ({ uses: u }));
  assert.equal(uses(h), 6);
  assert.equal(points(h), '0,22 30,2 60,12');
  assert.equal(points([{ uses: 'x' }, { uses: '' }]), '');
  assert.equal(points(null), '');
});

// Reports and languages: what needs no document.
import test from 'node:test';
import assert from 'node:assert/strict';
import { named } from '../src/people/languages.tsx';
import { after, before, begin, mayGoOn, payload, stepsOf } from '../src/people/report-steps.ts';

test('a report asks for rules only when one was broken and the server has some', () => {
  const spam = { ...begin('1'), category: 'spam' as const }, broken = { ...begin('1', '7'), category: 'violation' as const };
  assert.deepEqual(stepsOf(spam, true), ['category', 'posts', 'comment', 'done']);
  assert.equal(after('category', broken, true), 'rules');
  assert.equal(after('category', broken, false), 'posts');
  assert.equal(before('posts', broken, true), 'rules');
  assert.equal(before('category', broken, true), null);
  assert.equal(before('done', broken, true), null);
  assert.equal(after('done', spam, true), 'done');
  assert.ok(!mayGoOn('category', begin('1')) && !mayGoOn('rules', broken) && mayGoOn('rules', { ...broken, ruleIds: ['2'] }));
});

test('a report names rules only with a violation: who changed their mind sends none', () => {
  const r = { ...begin('1', '7'), category: 'spam' as const, ruleIds: ['2'], comment: ' why ' };
  assert.deepEqual(payload(r), { account_id: '1', category: 'spam', status_ids: ['7'], comment: 'why', forward: false });
  assert.deepEqual(payload({ ...r, category: 'violation' }).rule_ids, ['2']);
});

test('languages: what is chosen and what one reads come first, each once', () => {
  const list = named(['ja'], ['de-AT', 'de', 'en-GB'], 'en');
  assert.deepEqual(list.slice(0, 3).map(l => l[0]), ['ja', 'de', 'en']);
  assert.equal(new Set(list.map(l => l[0])).size, list.length);
  assert.equal(list.find(l => l[0] === 'fr')?.[1], 'French');
});

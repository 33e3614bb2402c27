// What the server keeps of the preferences.
import assert from 'node:assert/strict';
import test from 'node:test';
import { known, ofChange } from '../src/store/kept.ts';

test('of what the server has only what this version understands is taken', () => {
  const columns = [{ id: 'a', path: '/home' }];
  assert.deepEqual(known({ theme: 'dark', contrast: 'loud', motion: 1, layout: 'columns', tone: 5, language: 'de', columns, size: 'large', constructor: 'x', later: 1 }),
    { theme: 'dark', layout: 'columns', tone: 5, language: 'de', columns });
  for (const odd of [null, 'x', 7, [], { tone: 6 }, { tone: '3' }, { columns: {} }, { language: 'x'.repeat(21) }]) assert.deepEqual(known(odd), {});
});

test('the size of the text and the columns of other accounts stay in this browser', () => {
  assert.deepEqual(ofChange({ size: 'large' }, '1'), {});
  assert.deepEqual(ofChange({ theme: 'light', size: 'large', columns: { 1: [{ id: 'a', path: '/home' }], 2: [] } }, '1'), { theme: 'light', columns: [{ id: 'a', path: '/home' }] });
  assert.deepEqual(ofChange({ columns: { 2: [] } }, '1'), {});
});

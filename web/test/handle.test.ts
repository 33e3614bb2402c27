// Names of people here and elsewhere, on a server whose names have another domain than its pages.
import test from 'node:test';
import assert from 'node:assert/strict';
import type { mastodon } from 'masto';
import { acctHere, handle } from '../src/store/handle.ts';
import { server } from '../src/store/me.ts';

test('the domain of a name is that of the names, not that of the pages', () => {
  (globalThis as { location?: unknown }).location = { host: 'social.example.org' };
  assert.equal(handle({ acct: 'dora' }), '@dora@social.example.org'); // until the server has said it
  server.value = { domain: 'example.org' } as mastodon.v2.Instance;
  assert.equal(handle({ acct: 'dora' }), '@dora@example.org');
  assert.equal(handle({ acct: 'dora@far.test' }), '@dora@far.test');
  assert.equal(acctHere('dora@Example.org'), 'dora');
  assert.equal(acctHere('dora@social.example.org'), 'dora');
  assert.equal(acctHere('dora@far.test'), 'dora@far.test');
  assert.equal(acctHere('dora'), 'dora');
});

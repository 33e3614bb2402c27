// What the service worker keeps and understands.
import test from 'node:test';
import assert from 'node:assert/strict';
import { nameOf, pathOf, read, wayOf } from '../src/worker/keep.ts';

const origin = 'https://here.test';
const way = (path: string, { method = 'GET', navigates = false, authorized = true, outlives = false } = {}): string => wayOf(method, new URL(path, origin), origin, navigates, authorized, outlives);

test('files of the client are kept, pages have a shell, a few answers are seen again, the rest is the network', () => {
  assert.equal(way('/static/client/main-ABC.js'), 'immutable');
  assert.equal(way('/@ann/1', { navigates: true }), 'page');
  assert.equal(way('/auth/sign_in', { navigates: true }), 'network');
  assert.equal(way('/signed-in?code=x', { navigates: true }), 'network');
  assert.equal(way('/api/v1/timelines/home?limit=20'), 'seen');
  assert.equal(way('/api/v1/timelines/home', { authorized: false }), 'network');
  assert.equal(way('/api/v1/statuses', { method: 'POST' }), 'network');
  assert.equal(way('/api/v1/markers', { method: 'POST', outlives: true }), 'last');
  assert.equal(way('https://elsewhere.test/', { method: 'POST', outlives: true }), 'network');
  assert.equal(way('/api/v1/statuses/12/context'), 'seen');
  assert.equal(way('/api/v1/statuses/12/source'), 'network');
  assert.equal(way('https://elsewhere.test/static/client/main.js'), 'network');
});

test('accounts do not share what was seen', () => {
  const url = new URL('/api/v1/lists?x=1', origin);
  assert.notEqual(nameOf(url, 'a'), nameOf(url, 'b'));
  assert.equal(url.search, '?x=1');
});

test('a push is read as the server writes it; anything else is none', () => {
  assert.deepEqual(read('{"access_token":"t","notification_id":12,"title":"A","body":"b","icon":"i"}'), { title: 'A', body: 'b', icon: 'i', notificationId: '12', token: 't' });
  for (const bad of ['', 'x', '[]', 'null', '{"title":{}}']) assert.equal(read(bad), null, bad);
});

test('a click leads to the post, or to who follows', () => {
  assert.equal(pathOf({ type: 'mention', status: { id: '5', account: { acct: 'a@b.c' } } }), '/@a@b.c/5');
  assert.equal(pathOf({ type: 'follow', account: { acct: 'a' } }), '/@a');
  assert.equal(pathOf(null), '/notifications');
});

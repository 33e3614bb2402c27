// The parts of the client that need no document.
import test from 'node:test';
import assert from 'node:assert/strict';
import { read } from '../src/api/accounts.ts';
import { camel, readRefresh } from '../src/api/client.ts';
import { challenge } from '../src/api/oauth.ts';
import { match } from '../src/app/router.ts';
import { mentions, narrower } from '../src/compose/draft.ts';
import { ago, fill, pick, tn, until } from '../src/i18n/index.ts';
import { diff } from '../src/status/diff.ts';
import { toggled } from '../src/status/reactions.tsx';
import { rows } from '../src/status/tree.ts';
import { type Item, close, join, newer, withMark } from '../src/store/timelines.ts';
import { isOver, shareOf } from '../src/status/poll.tsx';
import { inside } from '../src/ui/html.tsx';
import { slice } from '../src/ui/window-list.tsx';

const post = (id: string): Item => ({ kind: 'post', id });

test('a path gives the parameters of its pattern, decoded, or is another', () => {
  assert.deepEqual(match('/tags/:name', '/tags/caf%C3%A9'), { name: 'café' });
  assert.deepEqual(match('/@:acct/:id', '/@a@b.test/12'), { acct: 'a@b.test', id: '12' });
  assert.equal(match('/@:acct/:id', '/tags/x'), null);
  assert.equal(match('/tags/:name', '/tags/%zz'), null);
  assert.equal(match('/home', '/home/x'), null);
});

test('an answer names everybody once, but not who writes it, and is never more public', () => {
  assert.equal(mentions('a', ['b@x.test', 'me', 'a'], 'me'), '@a @b@x.test ');
  assert.equal(mentions('me', [], 'me'), '');
  assert.equal(narrower('public', 'private'), 'private');
  assert.equal(narrower('direct', 'unlisted'), 'direct');
});

test('newest posts meet what is there, or leave a gap', () => {
  assert.deepEqual(join([post('3'), post('2')], ['5', '4'], true), [post('5'), post('4'), post('3'), post('2')]);
  assert.deepEqual(join([post('3')], ['9', '8'], false), [post('9'), post('8'), { kind: 'gap', above: '8', below: '3' }, post('3')]);
  assert.deepEqual(join([post('3')], ['4', '3'], false), [post('4'), post('3')]);
});

test('a gap is closed, or becomes smaller', () => {
  const gap = { kind: 'gap', above: '9', below: '3' } as const;
  assert.deepEqual(close([post('9'), gap, post('3')], gap, ['8', '5'], false), [post('9'), post('8'), post('5'), post('3')]);
  assert.deepEqual(close([post('9'), gap, post('3')], gap, ['8', '7'], true), [post('9'), post('8'), post('7'), { kind: 'gap', above: '7', below: '3' }, post('3')]);
  assert.deepEqual(close([post('9'), gap, post('3')], gap, ['8', '3'], true), [post('9'), post('8'), post('3')]);
  assert.ok(newer('100', '99') && !newer('99', '100'));
});

test('who answers whom: a conversation of two stays on one level, branches step in', () => {
  const r = rows([{ id: 'a', parent: 'r' }, { id: 'b', parent: 'a' }, { id: 'c', parent: 'b' }, { id: 'd', parent: 'b' }, { id: 'e', parent: 'gone' }], 'r', 4);
  assert.deepEqual(r.map(x => [x.id, x.depth, x.joined, x.branch, x.rails]), [['a', 0, true, false, []], ['b', 0, true, false, []], ['c', 1, false, true, [true]], ['d', 1, false, true, [false]], ['e', 0, false, false, []]]);
});

test('words that came and went are found', () => {
  assert.deepEqual(diff('the old cat', 'the new cat'), [['=', 'the '], ['-', 'old'], ['+', 'new'], ['=', ' cat']]);
  assert.deepEqual(diff('', 'x'), [['+', 'x']]);
});

test('a list draws what is near the window and keeps room for the rest', () => {
  const keys = Array.from({ length: 1000 }, (_, i) => String(i)), h = { known: new Map([['0', 500]]), guess: 100 };
  const s = slice(keys, h, 10_000, 11_000);
  assert.ok(s.from >= 90 && s.to - s.from < 20);
  assert.equal(s.before, 500 + (s.from - 1) * 100);
  assert.equal(s.before + (s.to - s.from) * 100 + s.after, 500 + 999 * 100);
  assert.deepEqual(slice([], h, 0, 100), { from: 0, to: 0, before: 0, after: 0 });
});

test('a reaction comes and goes', () => {
  assert.deepEqual(toggled([], '🎉'), [{ name: '🎉', count: 1, me: true }]);
  assert.deepEqual(toggled([{ name: '🎉', count: 2, me: true }], '🎉'), [{ name: '🎉', count: 1, me: false }]);
  assert.deepEqual(toggled([{ name: '🎉', count: 1, me: true }], '🎉'), []);
});

test('shares of a poll are of the people when there are several answers', () => {
  assert.equal(shareOf({ multiple: true, votersCount: 4, votesCount: 8 }, 2), 0.5);
  assert.equal(shareOf({ multiple: false, votersCount: 4, votesCount: 4 }, 1), 0.25);
  assert.equal(shareOf({ multiple: false, votersCount: 0, votesCount: 0 }, 0), 0);
  assert.ok(isOver({ expired: false, expiresAt: '2020-01-01T00:00:00Z' }) && !isOver({ expired: false, expiresAt: null }));
});

test('links of a post lead inside where the client has the page', () => {
  const mentions = [{ acct: 'a@b.test', url: 'https://b.test/@a' }];
  assert.equal(inside({ href: 'https://b.test/@a', text: '@a', className: 'u-url mention' }, mentions), '/@a@b.test');
  assert.equal(inside({ href: 'https://b.test/tags/cats', text: '#cats', className: 'hashtag' }, []), '/tags/cats');
  assert.equal(inside({ href: 'https://here.test/@x/1', text: 'x', className: '' }, []), '/@x/1');
  assert.equal(inside({ href: 'https://c.test/', text: 'c', className: '' }, mentions), null);
});

test('what is kept is read with care, answers get the names of the entities', () => {
  assert.deepEqual(read('nonsense'), []);
  assert.deepEqual(read('[{"id":"1"},{"id":"2","token":"t"}]').map(a => a.id), ['2']);
  assert.deepEqual(camel({ in_reply_to_id: '1', tags: [{ url_x: 2 }] }), { inReplyToId: '1', tags: [{ urlX: 2 }] });
});

test('work behind an answer is read from its header, and never asked for too often', () => {
  assert.deepEqual(readRefresh('id="abc", retry=3, result_count=0'), { id: 'abc', retry: 3 });
  assert.deepEqual(readRefresh('id="abc", retry=0'), { id: 'abc', retry: 1 });
  assert.equal(readRefresh(null), null);
  assert.equal(readRefresh('retry=3'), null);
});

test('the line "read until here" stands where something new is above it', () => {
  assert.deepEqual(withMark([post('9'), post('8'), post('7')], '8').map(i => i.kind), ['post', 'mark', 'post', 'post']);
  assert.deepEqual(withMark([post('8'), post('7')], '8').map(i => i.kind), ['post', 'post']);
  assert.deepEqual(withMark([post('8')], null).map(i => i.kind), ['post']);
  assert.deepEqual(withMark([post('9'), post('8')], '5').map(i => i.kind), ['post', 'post']);
});

test('the challenge is that of RFC 7636, appendix B', async () => {
  assert.equal(await challenge('dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk'), 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM');
});

test('languages, plurals and times', () => {
  assert.equal(pick(['pt-BR', 'de-AT', 'fr']), 'de');
  assert.equal(pick(['ja']), 'en');
  assert.equal(fill('{1} and {0}', ['a', 'b']), 'b and a');
  assert.equal(tn('{0} reply', '{0} replies', 1), '1 reply');
  assert.equal(tn('{0} reply', '{0} replies', 1234), '1,234 replies');
  const now = Date.parse('2026-01-02T12:00:00Z');
  assert.equal(ago('2026-01-02T11:55:00Z', now), '5m');
  assert.equal(ago('2025-05-02T11:55:00Z', now), 'May 2, 2025');
  assert.equal(until('2026-01-04T12:00:00Z', now), 'in 2 days');
});

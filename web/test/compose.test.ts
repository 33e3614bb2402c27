// Writing: what needs no document.
import test from 'node:test';
import assert from 'node:assert/strict';
import { moved } from '../src/compose/attachments.tsx';
import { insert, ranked, tokenAt } from '../src/compose/complete.ts';
import { count } from '../src/compose/count.ts';
import { type Draft, emptyDraft, emptyPart, fingerprint, fromPosts, isEmpty, merge, params, pollSeconds, readDraft } from '../src/compose/draft.ts';
import { emojiGroups, findEmoji, inTone } from '../src/compose/emoji.ts';
import { localTime } from '../src/compose/options.tsx';
import { faultOf, limits, mayAttach, pollOptions, pollProblem } from '../src/compose/rules.ts';
import { focusAt, focusText, refuse } from '../src/compose/upload.ts';
import { shared } from '../src/compose/view.tsx';

const poll = (...options: string[]) => ({ options, seconds: 300, multiple: false, hideTotals: false });
const draft = (text: string, more: Partial<Draft> = {}) => emptyDraft({ parts: [emptyPart(text)], ...more });

test('the length is that of the server: graphemes, links as the server says, handles without their server', () => {
  assert.equal(count('👨‍👩‍👧é'), 2);
  assert.equal(count('see https://example.com/a/very/long/path/that/goes/on?x=1 now'), 4 + 23 + 4);
  assert.equal(count('see https://example.com/a now', '', 10), 4 + 10 + 4);
  assert.equal(count('hi @name@elsewhere.example!'), 'hi @name!'.length);
  assert.equal(count('mail me@elsewhere.example'), 'mail me@elsewhere.example'.length);
  assert.equal(count('text', 'warn'), 8);
});

test('a link ends before punctuation, keeps what brackets hold, and needs a name with a dot', () => {
  assert.equal(count('(https://example.com/a_(b))'), 1 + 23 + 1);
  assert.equal(count('https://example.com/long/enough/to/be/cut...'), 23 + 3);
  assert.equal(count('https://localhost/x'), 'https://localhost/x'.length);
  assert.equal(count('xhttps://example.com/path/which/is/long'), 'xhttps://example.com/path/which/is/long'.length);
  assert.equal(count('http://example.com:8080/?q=1, and'), 23 + ', and'.length);
});

test('what may be completed stands right before the caret', () => {
  assert.deepEqual(tokenAt('hello @da', 9), { kind: '@', word: 'da', from: 6 });
  assert.deepEqual(tokenAt('@a@exam', 7), { kind: '@', word: 'a@exam', from: 0 });
  assert.deepEqual(tokenAt('#Käse und', 5), { kind: '#', word: 'Käse', from: 0 });
  assert.deepEqual(tokenAt('so :smi', 7), { kind: ':', word: 'smi', from: 3 });
  for (const [text, caret] of [['mail me@da', 10], ['it is 10:30', 11], ['@da ', 4], [':s', 2], ['a#b', 3]] as const) assert.equal(tokenAt(text, caret), null, text);
});

test('a choice takes the place of what was typed, with one space after it', () => {
  assert.deepEqual(insert('hi @da', 3, 6, '@dave@x.test'), { text: 'hi @dave@x.test ', caret: 16 });
  assert.deepEqual(insert('hi @da !', 3, 6, '@dave'), { text: 'hi @dave !', caret: 9 });
  assert.deepEqual(ranked(['scat', 'category', 'cat', 'dog'], 'CAT', x => x, 2), ['cat', 'category']);
});

test('every emoji has a sign and a name in every language, and none stands twice', async () => {
  for (const lang of ['en', 'de', 'fr']) {
    const all = (await emojiGroups(lang)).flatMap(g => g.list);
    assert.ok(all.length > 1800);
    assert.deepEqual(all.filter(e => !/^[^a-z]+$/.test(e.sign) || e.name.length < 2 || (e.tones.length > 0 && new Set([e.sign, ...e.tones]).size !== 6)), []);
    assert.equal(new Set(all.map(e => e.sign)).size, all.length);
  }
});

test('an emoji is found by its name here, in English and by the short name, without accents; the tone of skin stays', async () => {
  const de = await emojiGroups('de'), fr = await emojiGroups('fr'), en = await emojiGroups('en'), first = (g: typeof de, w: string) => findEmoji(g, w, 1)[0]?.sign;
  assert.deepEqual([first(de, 'Faultier'), first(de, 'sloth'), first(de, 'möwe'), first(fr, 'éléphant'), first(fr, 'Elephant'), first(en, 'tada'), first(de, '+1'), first(en, 'no such thing')], ['🦥', '🦥', undefined, '🐘', '🐘', '🎉', '👍', undefined]);
  const wave = findEmoji(de, 'wave', 9).find(e => e.sign === '👋')!;
  assert.deepEqual([0, 1, 5].map(n => inTone(wave, n)), ['👋', '👋🏻', '👋🏿']);
  assert.equal(inTone(findEmoji(en, 'rocket', 1)[0]!, 3), '🚀');
});

test('a poll needs two different answers that are not too long; there is room for one more up to the limit', () => {
  const l = { optionCharacters: 5 };
  assert.equal(pollProblem(poll('a', ' '), l), 'few');
  assert.equal(pollProblem(poll('a', 'a '), l), 'same');
  assert.equal(pollProblem(poll('a', '123456'), l), 'long');
  assert.equal(pollProblem(poll('a', '👨‍👩‍👧👨‍👩‍👧👨‍👩‍👧👨‍👩‍👧👨‍👩‍👧'), l), null);
  assert.deepEqual(pollOptions(['a', 'b'], 4), ['a', 'b', '']);
  assert.deepEqual(pollOptions(['a', 'b', '', 'c'], 4), ['a', 'b', 'c', '']);
  assert.deepEqual(pollOptions(['a', 'b', 'c', 'd'], 4), ['a', 'b', 'c', 'd']);
  assert.deepEqual(pollOptions(['', 'b', ''], 4), ['', 'b']);
});

test('an edit does not move the end of a poll, which the API only knows as a time from now', () => {
  const now = Date.parse('2026-01-01T00:00:00Z'), p = { ...poll('a', 'b'), endsAt: '2026-01-01T02:00:00Z' };
  assert.equal(pollSeconds(p, now), 7200);
  assert.equal(pollSeconds(p, now + 3_600_000), 3600);
  assert.equal(pollSeconds(p, now + 86_400_000), 300);
  assert.equal(pollSeconds(poll('a', 'b'), now), 300);
});

test('pictures may be several, a film or a sound stands alone', () => {
  assert.ok(mayAttach([], 'video', 4) && mayAttach(['image', 'image'], 'image', 4));
  assert.ok(!mayAttach(['image'], 'video', 4) && !mayAttach(['audio'], 'image', 4) && !mayAttach(['image', 'image', 'image', 'image'], 'image', 4));
  const l = { ...limits(), types: ['image/png'], imageBytes: 10 };
  assert.equal(refuse({ name: 'a.png', type: 'image/png', size: 10 }, l), null);
  assert.match(refuse({ name: 'a.png', type: 'image/png', size: 11 }, l)!, /too large/);
  assert.match(refuse({ name: 'a.exe', type: 'application/x', size: 1 }, l)!, /kind/);
});

test('what the server would refuse is known before', () => {
  const l = limits(), now = Date.parse('2026-01-01T00:00:00Z');
  assert.equal(faultOf(draft('x'), l), null);
  assert.equal(faultOf(draft('x'.repeat(501)), l), 'long');
  assert.equal(faultOf(emptyDraft({ parts: [emptyPart('a'), emptyPart(' ')] }), l), 'empty');
  assert.equal(faultOf(emptyDraft({ parts: [{ ...emptyPart('a'), poll: poll('a', '') }] }), l), 'poll');
  assert.equal(faultOf(draft('x', { scheduledAt: '2026-01-01T00:04:00Z' }), l, now), 'time');
  assert.equal(faultOf(draft('x', { scheduledAt: '2026-01-01T00:06:00Z' }), l, now), null);
});

test('a draft goes to the server and comes back as it was', () => {
  const d = emptyDraft({ parts: [{ ...emptyPart('one'), warning: 'w', sensitive: true, poll: poll('a', 'b') }, emptyPart('two')], reply: '7', visibility: 'unlisted', quotePolicy: 'nobody', language: 'de',
    markdown: true, localOnly: true, expiresIn: 3600 });
  const back = fromPosts(params(d).map(p => ({ text: p.status as string, spoilerText: (p.spoiler_text as string) || null, sensitive: p.sensitive as boolean, visibility: p.visibility as string,
    language: p.language as string, contentType: p.content_type as string, mediaIds: null, poll: p.poll ? { options: ['a', 'b'], expiresIn: 300, multiple: false, hideTotals: false } : null,
    inReplyToId: (p.in_reply_to_id as string) ?? null, quotedStatusId: null, quoteApprovalPolicy: p.quote_approval_policy as string, expiresIn: p.expires_in as number, localOnly: p.local_only as boolean })), []);
  assert.equal(fingerprint(back), fingerprint(d));
  assert.equal(params(d)[1]!.in_reply_to_id, undefined); // the first of a thread answers, the others follow it
  assert.equal(params({ ...d, visibility: 'private' })[0]!.quote_approval_policy, undefined);
});

test('when a draft was changed in two places, nobody loses words', () => {
  assert.equal(merge('a', 'b', 'a'), 'mine');
  assert.equal(merge('a', 'a', 'b'), 'theirs');
  assert.equal(merge('a', 'b', 'b'), 'mine');
  assert.equal(merge('a', 'b', 'c'), 'both');
});

test('nothing written is nothing to keep; what is kept is read with care', () => {
  assert.ok(isEmpty(emptyDraft()) && isEmpty(draft('@a '), '@a ') && !isEmpty(draft('@a hi'), '@a '));
  assert.ok(!isEmpty(emptyDraft({ parts: [{ ...emptyPart(), poll: poll('x', '') }] })));
  assert.equal(readDraft('{'), null);
  assert.equal(readDraft('{"text":"of an older version"}'), null);
  assert.equal(readDraft('{"parts":[{"text":"x","media":[]}]}')?.visibility, 'public');
});

test('pictures: order, and the point that stays visible', () => {
  assert.deepEqual(moved(['a', 'b', 'c'], 2, 0), ['c', 'a', 'b']);
  assert.deepEqual(moved(['a', 'b', 'c'], 0, 1), ['b', 'a', 'c']);
  const box = { left: 100, top: 100, width: 200, height: 100 };
  assert.deepEqual(focusAt(200, 150, box), { x: 0, y: 0 });
  assert.deepEqual(focusAt(300, 100, box), { x: 1, y: 1 });
  assert.deepEqual(focusAt(0, 999, box), { x: -1, y: -1 });
  assert.equal(focusText({ x: 0.251, y: -0.5 }), '0.25,-0.50');
});

test('what other programs share: each thing once', () => {
  assert.equal(shared(new URLSearchParams('text=Read this https://a.test/x&url=https://a.test/x')), 'Read this https://a.test/x');
  assert.equal(shared(new URLSearchParams('title=T&text=body&url=https://a.test')), 'T\n\nbody\n\nhttps://a.test');
  assert.equal(shared(new URLSearchParams('title=same&text=same')), 'same');
  assert.equal(shared(new URLSearchParams()), '');
});

test('a time is shown and read as local time', () => {
  const iso = new Date('2026-03-01T10:30').toISOString();
  assert.equal(localTime(iso), '2026-03-01T10:30');
  assert.equal(localTime(null), '');
});

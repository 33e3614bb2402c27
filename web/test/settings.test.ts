// The form of the profile and the QR code: what needs no document.
import test from 'node:test';
import assert from 'node:assert/strict';
import { browserName } from '../src/settings/browser.ts';
import { Changes, leave } from '../src/settings/changes.ts';
import { fresh, payload as filterPayload } from '../src/settings/filter-draft.ts';
import { type Draft, moved, payload } from '../src/settings/profile-draft.ts';
import { base64url, bytes } from '../src/settings/passkey-bytes.ts';
import { pathOf, qrPath } from '../src/settings/qr.ts';
import { read, write } from '../src/settings/start-kept.ts';

test('a profile: empty fields are not sent, domains are split, switches have the names of the server', () => {
  const draft: Draft = { displayName: ' Dora ', note: 'x', fields: [{ name: 'a', value: 'b' }, { name: ' ', value: '' }], domains: 'a.test, b.test\nc.test\n',
    locked: true, discoverable: false, indexable: false, hideCollections: true, showMedia: true, showMediaReplies: false, showFeatured: true, bot: false };
  const sent = payload(draft);
  assert.deepEqual(sent.fields_attributes, [{ name: 'a', value: 'b' }]);
  assert.deepEqual(sent.attribution_domains, ['a.test', 'b.test', 'c.test']);
  assert.deepEqual([sent.display_name, sent.hide_collections, sent.show_media_replies, sent.locked], ['Dora', true, false, true]);
});

test('a field moves up, and the first stays', () => {
  const f = ['a', 'b', 'c'].map(name => ({ name, value: '' }));
  assert.deepEqual(moved(f, 2, -1).map(x => x.name), ['a', 'c', 'b']);
  assert.deepEqual(moved(f, 0, -1).map(x => x.name), ['a', 'b', 'c']);
});

test('dark squares beside each other are one run; the code has a light border', () => {
  assert.equal(pathOf([[true, true, false, true]]), 'M4 4h2v1h-2zM7 4h1v1h-1z');
  const { size, path } = qrPath('otpauth://totp/x:y@z?secret=ABCDEFGH&issuer=x');
  assert.ok((size - 8 - 17) % 4 === 0 && path.startsWith('M4 4h7v1h-7z'));
});

test('a filter: words taken out are removed at the server, the first word is the title, the end stays as it is', () => {
  const before = [{ id: '1', keyword: 'a', wholeWord: true }, { id: '2', keyword: 'b', wholeWord: false }];
  const sent = filterPayload({ ...fresh(), expiresIn: undefined, words: [before[1]!, { keyword: ' c ', wholeWord: true }, { keyword: ' ', wholeWord: true }] }, before);
  assert.deepEqual(sent.keywords_attributes, [{ id: '2', keyword: 'b', whole_word: false }, { keyword: 'c', whole_word: true }, { id: '1', _destroy: true }]);
  assert.ok(sent.title === 'b' && !('expires_in' in sent) && filterPayload(fresh()).expires_in === null);
});

test('a browser is called by its name, and anything else as it calls itself', () => {
  assert.equal(browserName('Mozilla/5.0 (X11; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0'), 'Firefox 132 · Linux');
  assert.equal(browserName('Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36 Edg/130.0.0.0'), 'Edge 130 · Windows');
  assert.equal(browserName('Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1'), 'Safari 18 · iOS');
  assert.equal(browserName('toot/0.47'), 'toot/0.47');
});

test('first steps go on where they were, for each account; what is not a step is the first', () => {
  const kept = new Map<string, string>();
  const storage = { getItem: (k: string) => kept.get(k) ?? null, setItem: (k: string, v: string) => void kept.set(k, v) };
  assert.equal(read('1', 5, storage), 0);
  write('1', 3, storage);
  kept.set('dassie.start.2', 'x');
  assert.deepEqual([read('1', 5, storage), read('2', 5, storage), read('1', 2, storage)], [3, 0, 0]);
});

test('bytes of a passkey are base64url without padding, and back', () => {
  for (const n of [0, 1, 2, 3, 32]) {
    const b = Uint8Array.from({ length: n }, (_, i) => 255 - i);
    const text = base64url(b.buffer);
    assert.ok(/^[\w-]*$/.test(text));
    assert.deepEqual(bytes(text), b);
  }
});

test('what was chosen stands until the server has answered the last of it; it is told in order; what it refuses is undone', async () => {
  const changes = new Changes<boolean>(), asked: string[] = [], answers: ((ok: boolean) => void)[] = [];
  const make = (name: string, value: boolean): Promise<void> => changes.make(name, value, () => new Promise((done, fail) => {
    asked.push(`${name} ${value}`);
    answers.push(ok => (ok ? done() : fail(new Error('no'))));
  }));
  const settle = (): Promise<void> => new Promise(r => setTimeout(r));
  const all = [make('a', true), make('b', true), make('a', false)];
  await settle();
  assert.deepEqual([asked, changes.chosen.value], [['a true'], { a: false, b: true }]);
  answers[0]!(true);
  await all[0];
  await settle();
  assert.deepEqual([asked, changes.chosen.value], [['a true', 'b true'], { a: false, b: true }], 'the answer to the first does not undo the third');
  answers[1]!(false);
  await assert.rejects(all[1]!);
  await settle();
  assert.deepEqual([asked.at(-1), changes.chosen.value], ['a false', { a: false }]);
  answers[2]!(true);
  await all[2];
  assert.deepEqual(changes.chosen.value, {});
});

test('what was chosen and not told yet is told when the page is left: of each thing the newest', async () => {
  const changes = new Changes<string>(), asked: string[] = [];
  const make = (name: string, value: string): Promise<void> => changes.make(name, value, async () => {
    asked.push(`${name} ${value}`);
    await new Promise(r => setTimeout(r, 5));
  });
  const all = [make('locale', 'de'), make('media', 'all'), make('locale', 'fr'), make('locale', 'en')];
  leave();
  assert.deepEqual(asked, ['locale de', 'media all', 'locale en']);
  await Promise.all(all);
  assert.deepEqual(changes.chosen.value, {});
  await make('media', 'none');
  leave();
  assert.deepEqual(asked.slice(3), ['media none'], 'and nothing twice');
});

// Writing in the built-in client: what a person does, in a real browser, and what the server has afterwards.
import test from 'node:test';
import assert from 'node:assert/strict';
import { accessible, becomes, count, drawn, until } from './browser.mjs';
import { api, fits, gone, kept, open as go, said, toot, turn, whoami, withClient, withoutTimers } from './client.mjs';

const { OTHER_NAME } = process.env;
const png = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64');

let me;
const latest = async () => api('GET', `/api/v1/accounts/${(me ??= await whoami()).id}/statuses?limit=5`);
const value = (page, wanted, selector = '#composer-text', what) => becomes(() => page.locator(selector).inputValue(), wanted, what);
const open = async page => {
  await page.locator('.inline-composer button').click();
  await page.locator('#composer-text').waitFor();
};
const saved = page => page.locator('.saved', { hasText: 'Draft saved' }).waitFor();

test('a picture: described after the reminder, posted with its point', () => withClient(async (page, faults) => {
  await go(page, '/home');
  await open(page);
  await page.locator('#composer-text').fill('With a picture');
  await page.locator('.composer input[type=file]').setInputFiles({ name: 'dot.png', mimeType: 'image/png', buffer: png });
  await page.locator('.attachments .describe').waitFor();
  await page.keyboard.press('Control+Enter');
  await page.locator('.reminder button').first().click();
  await page.locator('.describe-dialog textarea').fill('A single pixel');
  await page.locator('.focal-picker').focus();
  await page.keyboard.press('ArrowRight');
  await accessible(page);
  await page.locator('.describe-dialog .button.main').click();
  await page.waitForFunction(() => !document.querySelector('.describe.missing'));
  await page.locator('.composer [type=submit]').click();
  await gone(page);
  const [post] = await latest();
  assert.equal(post.media_attachments[0].description, 'A single pixel');
  assert.ok(post.media_attachments[0].meta.focus.x > 0);
  assert.deepEqual(faults, []);
}));

test('a thread with a poll is posted at once, and can be taken back', () => withClient(async (page, faults) => {
  await withoutTimers(page, 10_000, 10_000); // what offers to take it back stays
  await go(page, '/home');
  await open(page);
  await page.locator('#composer-text').fill(`First of three @${OTHER_NAME.slice(0, -1)}`);
  await page.locator('.completion [role=option]', { hasText: OTHER_NAME }).waitFor();
  await page.keyboard.press('Tab');
  await value(page, `First of three @${OTHER_NAME} `);
  await page.locator('.do-thread').click();
  await page.locator('#composer-text-1').pressSequentially('Second :tad');
  await page.locator('.completion').waitFor();
  await page.keyboard.press('Escape'); // closes the list, not the composer
  await page.locator('.composer-bar button[title=Poll]').click();
  await page.locator('.poll-answer input').nth(0).fill('yes');
  await page.locator('.poll-answer input').nth(1).fill('no');
  await page.locator('.do-emoji').click();
  await page.locator('.emoji-grid button').first().waitFor();
  await page.locator('#emoji-search').fill('rocket');
  await page.keyboard.press('Enter');
  await page.waitForFunction(() => document.querySelector('#composer-text-1').value.includes('🚀'));
  await page.locator('.do-thread').click();
  await page.locator('#composer-text-2').fill('Third');
  await accessible(page);
  await page.keyboard.press('Control+Enter');
  await gone(page);
  const posts = (await latest()).slice(0, 3).reverse();
  assert.deepEqual(posts.map(p => p.in_reply_to_id), [null, posts[0].id, posts[1].id]);
  assert.deepEqual(posts[1].poll.options.map(o => o.title), ['yes', 'no']);
  assert.equal(posts[0].mentions[0].username, OTHER_NAME);
  await page.locator('.toasts button', { hasText: 'Undo' }).click();
  await page.locator('#composer-text-2').waitFor();
  await value(page, 'Third', '#composer-text-2');
  assert.notEqual((await latest())[0].content, '<p>Third</p>');
  await page.locator('.composer-bar .menu-anchor button').click();
  await page.locator('[role=menuitem].danger').click();
  await gone(page);
  assert.deepEqual(faults, []);
}));

test('nothing typed is lost: reload, a second tab, another device; drafts stand in a list', () => withClient(async page => {
  await go(page, '/home');
  await open(page);
  await page.locator('#composer-text').fill('Half a sentence');
  await saved(page);
  const [draft] = await api('GET', '/api/v1/drafts');
  assert.equal(draft.posts[0].text, 'Half a sentence');
  const second = await page.context().newPage();
  await second.goto('/home');
  await open(second);
  await value(second, '', undefined, 'two tabs do not write at one draft');
  await second.locator('#composer-text').fill('From the second tab');
  await second.close();
  await page.goto('/home');
  await open(page);
  await until(() => page.locator('#composer-text').inputValue(), text => ['Half a sentence', 'From the second tab'].includes(text), 'what was left off');
  await page.keyboard.press('Escape');
  await gone(page);
  await page.goto('/publish/drafts');
  await page.locator('.kept li', { hasText: 'Half a sentence' }).locator('.kept-open').click();
  await value(page, 'Half a sentence');
  // Another device changes it while words are added here: both stay.
  const now = await api('GET', `/api/v1/drafts/${draft.id}`);
  await api('PUT', `/api/v1/drafts/${draft.id}`, { version: now.version, posts: [{ status: 'Half a sentence, from afar' }] });
  await page.locator('#composer-text').fill('Half a sentence, and more');
  await saved(page);
  await until(async () => (await api('GET', '/api/v1/drafts')).map(d => d.posts[0].text), all => ['Half a sentence, from afar', 'Half a sentence, and more'].every(text => all.includes(text)), 'both');
  await page.keyboard.press('Control+Enter');
  await gone(page);
  assert.equal((await latest())[0].content, '<p>Half a sentence, and more</p>');
  await kept('/api/v1/drafts', all => all.filter(d => d.posts[0].text === 'Half a sentence, and more'), []); // what is posted is no draft any more
  for (const d of await api('GET', '/api/v1/drafts')) await api('DELETE', `/api/v1/drafts/${d.id}`);
}));

test('without the server words are kept here, and posted once it is back', () => withClient(async page => {
  await go(page, '/home');
  await open(page);
  await page.route('**/api/v1/**', r => r.abort());
  await page.locator('#composer-text').fill('Written while it was away');
  await page.locator('.saved', { hasText: 'Kept in this browser' }).waitFor();
  await page.keyboard.press('Control+Enter');
  await said(page, '', true);
  await value(page, 'Written while it was away');
  await page.unroute('**/api/v1/**');
  await page.reload();
  await open(page);
  await page.keyboard.press('Control+Enter');
  await gone(page);
  assert.equal((await latest()).filter(p => p.content.includes('Written while it was away')).length, 1);
}, { serviceWorkers: 'block' }));

test('planned posts: set, moved, taken up again; what ends, what stays on this server', () => withClient(async (page, faults) => {
  await go(page, '/home');
  await page.goto('/share?text=Shared&url=https://example.com/a');
  await page.waitForFunction(() => document.querySelector('#composer-text')?.value === 'Shared\n\nhttps://example.com/a');
  await page.locator('.do-options').click();
  const at = new Date(Date.now() + 86_400_000), local = d => new Date(d - d.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
  await page.locator('.composer-options input[type=datetime-local]').fill(local(at));
  await page.locator('.composer-options label', { hasText: 'people of this server' }).locator('input').check();
  await page.locator('.composer-options label', { hasText: 'Markdown' }).locator('input').check();
  await page.locator('#composer-text').fill('Shared, **bold** https://example.com/a');
  await page.locator('.composer-bar button[title=Preview]').click();
  await page.locator('.preview strong', { hasText: 'bold' }).waitFor();
  await accessible(page);
  await page.locator('.composer [type=submit]').click();
  await gone(page);
  await page.goto('/publish/planned');
  await page.locator('.kept .actions button').first().click();
  await page.locator('.dialog input[type=datetime-local]').fill(local(new Date(+at + 3_600_000)));
  await accessible(page);
  await page.locator('.dialog .button.main').click();
  await page.waitForFunction(() => !document.querySelector('dialog'));
  const [row] = await api('GET', '/api/v1/scheduled_statuses');
  assert.equal(local(new Date(row.scheduled_at)), local(new Date(+at + 3_600_000)));
  assert.equal(row.params.content_type, 'text/markdown');
  await page.locator('.kept .actions button').nth(1).click();
  await page.locator('#composer-text').waitFor();
  await page.waitForFunction(() => document.querySelector('.empty') !== null);
  await kept('/api/v1/scheduled_statuses', all => all, []);
  await page.locator('.do-options').click();
  await page.locator('.composer-options .link').click();
  await page.locator('.composer [type=submit]').click();
  await gone(page);
  const [post] = await latest();
  assert.equal(post.local_only, true);
  assert.match(post.content, /<strong>bold<\/strong>/);
  assert.deepEqual(faults, []);
}));

test('a post is edited, deleted and written anew', () => withClient(async (page, faults) => {
  const first = await toot('Something with a tpyo', { spoiler_text: 'careful', language: 'fr' });
  await go(page, '/home');
  const menu = async item => {
    const post = page.locator(`article[data-post="${first.id}"]`);
    await post.locator('.actions-row .menu-anchor > button').last().click();
    await post.locator('[role=menuitem]', { hasText: item }).click();
  };
  await menu('Edit');
  await page.waitForFunction(() => document.querySelector('#composer-text')?.value === 'Something with a tpyo');
  await value(page, 'careful', '.composer-warning');
  await page.locator('#composer-text').fill('Something without a typo');
  await page.locator('.composer [type=submit]').click();
  await gone(page);
  const edited = await api('GET', `/api/v1/statuses/${first.id}`);
  assert.deepEqual([edited.content, edited.language, edited.spoiler_text], ['<p>Something without a typo</p>', 'fr', 'careful']);
  await menu('Delete and write anew');
  await page.locator('.dialog.small .button.danger').click();
  await page.waitForFunction(() => document.querySelector('#composer-text')?.value === 'Something without a typo');
  await page.locator('.composer [type=submit]').click();
  await gone(page);
  const [anew] = await latest();
  assert.ok(anew.id !== first.id && anew.content === '<p>Something without a typo</p>');
  assert.deepEqual(faults, []);
}));

test('the composer is usable without eyes or mouse, narrow and wide, light and dark', () => withClient(async (page, faults) => {
  await go(page, '/publish');
  for (const [width, colorScheme, language] of [[360, 'dark', 'de'], [768, 'light', 'fr'], [1440, 'light', 'en']]) {
    await page.setViewportSize({ width, height: 900 });
    await page.emulateMedia({ colorScheme });
    await page.evaluate(l => localStorage.setItem('dassie.preferences', JSON.stringify({ language: l })), language);
    await page.goto('/publish');
    await page.locator('.do-emoji').click();
    await page.locator('.emoji-grid button').first().waitFor();
    await page.locator('.do-options').click();
    await page.locator('.composer-bar .icon-button').nth(1).click();
    await accessible(page);
    await fits(page, `/publish at ${width}`);
    for (const path of ['/publish/drafts', '/publish/planned']) {
      await turn(page, path);
      await page.locator('.empty, .kept').first().waitFor();
      await accessible(page);
      await fits(page, `${path} at ${width}`);
    }
  }
  assert.deepEqual(faults, []);
}));

// What a paste or a drop brings: files by name, kind and size, and texts by kind.  true: the browser's own way goes on.
const bring = (page, how, files, texts = {}) => page.evaluate(([type, list, words]) => {
  const data = new DataTransfer();
  for (const f of list) data.items.add(new File([f.png ? Uint8Array.from(atob(f.png), c => c.charCodeAt(0)) : new Uint8Array(f.size ?? 9)], f.name, { type: f.type }));
  for (const [kind, text] of Object.entries(words)) data.setData(kind, text);
  const event = type === 'paste' ? new ClipboardEvent(type, { clipboardData: data, bubbles: true, cancelable: true }) : new DragEvent(type, { dataTransfer: data, bubbles: true, cancelable: true });
  return document.querySelector('#composer-text').dispatchEvent(event);
}, [how, files, texts]);
const pictures = (...names) => names.map(name => ({ name, type: 'image/png', png: png.toString('base64') }));

test('files are pasted and dropped, as many and as large as the server takes; words of an office program are words', () => withClient(async (page, faults) => {
  await go(page, '/home');
  await open(page);
  const { configuration: c } = await api('GET', '/api/v2/instance'), attached = n => page.locator('.attachments .describe').nth(n - 1).waitFor();
  assert.equal(await bring(page, 'paste', pictures('words.png'), { 'text/plain': 'Formatted', 'text/html': '<b>Formatted</b>' }), true);
  assert.equal(await bring(page, 'paste', pictures('page.png'), { 'text/html': '<img src="https://example.com/page.png">' }), false);
  await attached(1);
  assert.equal(await bring(page, 'drop', pictures('two.png', 'three.png')), false);
  await attached(3);
  const told = text => said(page, text, true);
  await bring(page, 'drop', [{ name: 'list.pdf', type: 'application/pdf' }]);
  await told('list.pdf is of a kind');
  await bring(page, 'paste', [{ name: 'huge.png', type: 'image/png', size: c.media_attachments.image_size_limit + 1 }]);
  await told('huge.png is too large');
  await bring(page, 'drop', pictures('four.png', 'five.png'));
  await told(`One post takes ${c.statuses.max_media_attachments} pictures`);
  await attached(4);
  await count(page.locator('.attachments li'), 4);
  await value(page, '');
  await page.locator('.composer [type=submit]').click();
  await page.locator('.reminder button').last().click();
  await gone(page);
  assert.equal((await latest())[0].media_attachments.length, 4);
  assert.deepEqual(faults, []);
}));

test('who sees it, in which language, behind which words, with which tag, about which post; and the length is that of the server', () => withClient(async (page, faults) => {
  const about = await toot('To be quoted #quotable');
  await go(page, '/home');
  await page.locator(`article[data-post="${about.id}"] .do-boost`).click();
  await page.locator('[role=menuitem]', { hasText: 'Quote' }).click();
  await page.locator('.composer-quote').waitFor();
  await page.locator('.composer-choice select').first().selectOption('unlisted');
  await page.locator('.composer-bar button[title="Content warning"]').click();
  await page.locator('.composer-warning').fill('careful');
  await page.locator('.composer select').nth(1).selectOption('fr');
  await page.locator('#composer-text').pressSequentially('See #quota');
  await page.locator('.completion [role=option]', { hasText: '#quotable' }).waitFor();
  await page.keyboard.press('Tab');
  const start = `${await until(() => page.locator('#composer-text').inputValue(), text => text.endsWith('#quotable '))}https://example.com/${'long/'.repeat(20)} @${OTHER_NAME} 👨‍👩‍👧 `;
  await page.locator('#composer-text').fill(start);
  await drawn(page);
  const left = async () => Number((await page.locator('#composer-left [aria-hidden]').textContent()).replace('−', '-')), full = start + 'x'.repeat(await left());
  await page.locator('#composer-text').fill(`${full}x`);
  await becomes(left, -1);
  await becomes(() => page.locator('.composer [type=submit]').isDisabled(), true);
  await assert.rejects(toot(`${full}x`, { spoiler_text: 'careful' }), /422/);
  await page.locator('#composer-text').fill(full);
  await becomes(left, 0);
  await page.locator('.composer [type=submit]').click();
  await gone(page);
  const [post] = await latest();
  assert.deepEqual([post.visibility, post.language, post.spoiler_text, post.tags[0].name, post.quote.quoted_status.id], ['unlisted', 'fr', 'careful', 'quotable', about.id]);
  assert.deepEqual(faults, []);
}));

test('an emoji is found by its German name, and in the tone of skin that was chosen once', () => withClient(async page => {
  await go(page, '/home');
  await page.evaluate(() => localStorage.setItem('dassie.preferences', JSON.stringify({ language: 'de' })));
  await page.goto('/home');
  await open(page);
  const pick = async (word, act) => {
    await page.locator('.do-emoji').click();
    await page.locator('.emoji-grid button').first().waitFor();
    await act?.();
    await page.locator('#emoji-search').fill(word);
    await page.keyboard.press('Enter');
    await page.locator('.emoji-picker').waitFor({ state: 'detached' });
  };
  await pick('Faultier', () => page.locator('.emoji-tones label').nth(3).click());
  await page.reload();
  await open(page);
  await pick('winkende Hand');
  await becomes(async () => (await page.locator('#composer-text').inputValue()).replaceAll(' ', ''), '🦥👋🏽');
  await page.locator('#composer-text').pressSequentially(':fäus');
  await page.locator('.completion [role=option]').first().waitFor();
  await page.keyboard.press('Escape');
  await page.locator('.composer-bar .menu-anchor button').click();
  await page.locator('[role=menuitem].danger').click();
  await gone(page);
}));

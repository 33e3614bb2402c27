// Every view of the built-in client, and everything that opens over one: usable without eyes or mouse, on a phone and on a desk, light and dark.
import test from 'node:test';
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { accessible, accessibleBothWays, focusOf } from './browser.mjs';
import { api, open, toot, turn, whoami, withClient } from './client.mjs';

const { USER_NAME: name, OTHER_NAME, OTHER_TOKEN, STATUS_URL } = process.env;
const png = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==', 'base64');

async function picture(token) {
  const form = new FormData();
  form.set('file', new Blob([png], { type: 'image/png' }), 'x.png');
  form.set('description', 'A single pixel');
  return (await fetch(new URL('/api/v2/media', process.env.BASE), { method: 'POST', body: form, headers: { Authorization: `Bearer ${token}` } })).json();
}

let made;
// Something in each list, so that rows are looked at and not only empty pages.
const things = () => made ??= (async () => {
  const other = await whoami(OTHER_TOKEN), me = await whoami();
  await api('POST', `/api/v1/accounts/${other.id}/follow`, {});
  await api('PATCH', '/api/v1/accounts/update_credentials', { locked: true }); // so that a request waits
  await api('POST', `/api/v1/accounts/${me.id}/follow`, {}, OTHER_TOKEN);
  const [list, filter] = await Promise.all([api('POST', '/api/v1/lists', { title: 'Nearby' }), api('POST', '/api/v2/filters', { title: 'Quiet', context: ['public'], filter_action: 'warn', keywords_attributes: [{ keyword: 'unquiet', whole_word: true }] })]);
  const answer = await toot('What answers', { in_reply_to_id: STATUS_URL.split('/').at(-1) });
  await api('POST', `/api/v1/statuses/${answer.id}/bookmark`, {});
  await api('POST', `/api/v1/statuses/${answer.id}/favourite`, {}, OTHER_TOKEN);
  await toot('Choose', { poll: { options: ['one', 'two'], expires_in: 3600 } }, OTHER_TOKEN);
  await toot('Behind a warning #axe', { spoiler_text: 'careful' }, OTHER_TOKEN);
  await toot(`@${name} between us`, { visibility: 'direct' }, OTHER_TOKEN);
  await toot('An unquiet word', {}, OTHER_TOKEN);
  await api('POST', '/api/v1/tags/axe/follow', {});
  const edited = await toot('Fresh rols');
  await api('PUT', `/api/v1/statuses/${edited.id}`, { status: 'Fresh rolls' });
  const pictured = await toot('With a picture', { media_ids: [(await picture(OTHER_TOKEN)).id] }, OTHER_TOKEN);
  return { list, filter, answer, edited, pictured };
})();

test('every view is usable on a phone in the light and on a desk in the dark', () => withClient(async (page, faults) => {
  const { list, filter, answer } = await things();
  const source = readFileSync(new URL('../../web/src/app/routes.ts', import.meta.url), 'utf8');
  const patterns = [...source.matchAll(/pattern: '([^']+)'/g)].map(m => m[1]);
  assert.ok(patterns.length > 50);
  const ids = { '/lists/:id': list.id, '/lists/:id/edit': list.id, '/filters/:id': filter.id, '/@:acct/:id': answer.id, ...Object.fromEntries(['reblogs', 'favourites', 'quotes'].map(w => [`/@:acct/:id/${w}`, answer.id])) };
  const of = pattern => pattern.replace(':acct', pattern.startsWith('/@:acct/:id') ? name : OTHER_NAME).replace(':id', ids[pattern] ?? '1').replace(':name', 'axe').replace(':year', '2025')
    .replace(':folder', '1').replace(':tab', pattern.startsWith('/explore') ? 'people' : 'mentions');
  const paths = [...patterns.map(of), `/search?q=${name}`, '/search?q=careful&type=statuses', '/explore/tags', '/explore/links', '/filters/new', `/@${name}`, '/no/such/view'];
  const languages = ['en', 'de', 'fr'];
  const wrong = [];
  await open(page, '/home');
  for (const [i, path] of paths.entries()) {
    if (i % 20 === 0) { // the first view of a language is loaded with it
      await page.evaluate(language => localStorage.setItem('dassie.preferences', JSON.stringify({ language })), languages[(i / 20) % 3]);
      await open(page, '/home');
    }
    await turn(page, path).then(() => accessibleBothWays(page, path)).catch(e => wrong.push(e.message));
  }
  assert.deepEqual(wrong, []);
  assert.deepEqual(faults.filter(f => !/40[34]|422/.test(f)), []); // what does not exist is asked for too
}));

// path: where it opens; by: what has the focus when Enter is pressed, or keys; then: further in; shows: what there is to see.
const overs = ({ answer, edited, pictured }) => [
  { what: 'menu of a post', path: '/public/local', by: 'article.post .actions-row > .menu-anchor:last-child button', shows: '.menu' },
  { what: 'boost or quote', path: '/public/local', by: `[data-post="${answer.id}"] .do-boost`, shows: '.menu' },
  { what: 'reactions', path: '/public/local', by: '.do-react', shows: '.picker' },
  { what: 'delete this post?', path: `/@${name}/${answer.id}`, by: '.focal .actions-row > .menu-anchor:last-child button', then: page => page.locator('.menu .danger').press('Enter'), shows: 'dialog' },
  { what: 'edits', path: `/@${name}/${edited.id}`, by: '.focal-meta button.link', shows: '.history' },
  { what: 'a picture', path: `/@${OTHER_NAME}/${pictured.id}`, by: '.tile-open', shows: '.viewer' },
  { what: 'a description', path: `/@${OTHER_NAME}/${pictured.id}`, by: 'button.alt', shows: 'dialog' },
  { what: 'writing an answer', path: `/@${name}/${answer.id}`, by: '.focal .do-reply', shows: '#composer-text', light: true },
  { what: 'everything that can be written', path: '/home', by: '.inline-composer button', shows: '.emoji-grid button', then: async page => {
    await page.locator('#composer-text').waitFor();
    for (const title of ['Poll', 'Content warning']) await page.locator(`.composer-bar button[title="${title}"]`).press('Enter');
    await page.locator('.do-options').press('Enter');
    await page.locator('.do-emoji').press('Enter');
  }, escapes: 2 },
  { what: 'menu of a person', path: `/@${OTHER_NAME}`, by: '.profile-buttons .menu-anchor button', shows: '.menu' },
  ...[['Languages', 'dialog'], ['Lists', 'dialog'], ['Mute', 'dialog'], ['Block', 'dialog'], ['Report', '.report']].map(([item, shows]) => (
    { what: item, path: `/@${OTHER_NAME}`, by: '.profile-buttons .menu-anchor button', then: page => page.locator('.menu > *', { hasText: item }).last().press('Enter'), shows })),
  { what: 'clear all notifications?', path: '/notifications', by: '.column-head .menu-anchor button', then: page => page.locator('.menu .danger').press('Enter'), shows: 'dialog' },
  { what: 'a new folder', path: '/bookmarks', by: '.column-head .menu-anchor button', then: page => page.locator('.menu > *').first().press('Enter'), shows: 'dialog' },
  { what: 'delete the filter?', path: '/filters', by: '.rows .icon-button', shows: 'dialog' },
  { what: 'delete the list?', path: '/lists', by: '.rows button.icon-button', shows: 'dialog' },
  { what: 'a new collection', path: '/collections', by: '.column-head .button, .column .button.main', shows: 'dialog' },
  { what: 'keys', path: '/home', keys: '?', by: 'article.post', shows: '.keys' },
];

test('what opens over a view is usable, Escape closes it, and the focus goes back to what opened it', () => withClient(async (page, faults) => {
  const all = overs(await things()), wrong = [];
  await open(page, '/home');
  for (const { what, path, by, keys = 'Enter', then, shows, escapes = 1 } of all) {
    await page.setViewportSize({ width: 1000, height: 780 });
    await turn(page, path);
    const opener = page.locator(`.column :is(${by})`).first();
    await opener.focus();
    await page.keyboard.press(keys);
    if (then) await then(page);
    await page.locator(shows).first().waitFor();
    await page.waitForFunction(() => !document.querySelector('dialog :is(.spinner, .bones)'));
    await accessibleBothWays(page, what).catch(e => wrong.push(e.message));
    for (let i = 0; i < escapes; i++) await page.keyboard.press('Escape');
    await page.waitForFunction(() => !document.querySelector('dialog, .menu')).catch(() => wrong.push(`${what}: Escape does not close it`));
    await focusOf(opener).catch(async () => wrong.push(`${what}: the focus is on ${await page.evaluate(() => document.activeElement.outerHTML.slice(0, 120))}`));
  }
  assert.deepEqual(wrong, []);
  await page.setViewportSize({ width: 360, height: 780 });
  const more = page.locator('.bottom > button');
  await more.press('Enter');
  await page.locator('.sheet a:focus').first().waitFor();
  await accessible(page);
  await page.keyboard.press('Escape');
  await page.locator('.sheet').waitFor({ state: 'detached' });
  await focusOf(more);
  assert.deepEqual(faults, []);
}));

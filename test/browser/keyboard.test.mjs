// The main ways through the built-in client by keys alone.  After each key something has the focus.
import test from 'node:test';
import assert from 'node:assert/strict';
import { becomes, count, hasFocus, real, until } from './browser.mjs';
import { api, gone, kept, open, toot, whoami, withClient } from './client.mjs';
import { tabTo as tabToStop, together } from './keys.mjs';

const { OTHER_NAME, OTHER_TOKEN, USER_NAME: name } = process.env;
const png = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==', 'base64');

const somewhere = () => document.activeElement && document.activeElement !== document.body;
const held = async page => await page.evaluate(somewhere) || page.waitForFunction(somewhere);

// Keys one after the other; what was pressed may take the focus away for a moment, then it is somewhere again.
async function press(page, ...keys) {
  for (const key of keys) {
    await page.keyboard.press(key);
    await held(page).catch(() => assert.fail(`after ${key} nothing has the focus`));
  }
}

const type = (page, text) => page.keyboard.type(text);
const on = (page, selector) => page.evaluate(s => document.activeElement.matches(s), selector);
const tabTo = (page, selector, key) => tabToStop(page, selector, key, press);

const wait = (page, selector, text) => page.locator(real(selector), text ? { hasText: text } : {}).first().waitFor();
const desk = { viewport: { width: 1000, height: 800 } };

test('home is read, a post is opened, answered, boosted, favourited and bookmarked', () => withClient(async (page, faults) => {
  const older = await toot('The second from above'), newer = await toot('The first from above');
  await open(page, '/home');
  await wait(page, `[data-post="${newer.id}"]`);
  await press(page, 'j');
  await hasFocus(page, `[data-post="${newer.id}"]`);
  await press(page, 'j', 'f');
  await wait(page, `[data-post="${older.id}"] .do-favourite[aria-pressed=true]`);
  await press(page, 'd', 'b');
  await wait(page, `[data-post="${older.id}"] .do-bookmark[aria-pressed=true]`);
  await wait(page, `[data-post="${older.id}"] .do-boost[aria-pressed=true]`);
  await press(page, 'Enter');
  await wait(page, '.focal-box');
  await hasFocus(page, 'h1');
  await press(page, 'j', 'r');
  await wait(page, '#composer-text:focus');
  await page.keyboard.press('Control+End');
  await type(page, 'An answer by keys');
  await press(page, 'Control+Enter');
  await wait(page, '.descendants article', 'An answer by keys'); // the stream may be quicker than the answer
  await gone(page);
  await press(page, 'Backspace');
  await hasFocus(page, `[data-post="${older.id}"]`);
  assert.deepEqual(faults, []);
}, desk));

test('a post with a warning and a picture, and a poll under it', () => withClient(async (page, faults) => {
  await open(page, '/home');
  await press(page, 'Tab', 'n');
  await wait(page, '#composer-text:focus');
  await type(page, 'Written with ten fingers');
  await tabTo(page, '.composer-bar button[title="Content warning"]');
  await press(page, 'Enter');
  await tabTo(page, '.composer-warning', 'Shift+Tab');
  await type(page, 'fingers');
  const chooser = page.waitForEvent('filechooser'); // before the way there: the page learns of it by another line than of keys
  await tabTo(page, '.composer-bar button[title^="Add pictures"]');
  await page.keyboard.press('Enter');
  await (await chooser).setFiles({ name: 'dot.png', mimeType: 'image/png', buffer: png });
  await wait(page, '.attachments .describe');
  await held(page);
  await tabTo(page, '.attachments .describe', 'Shift+Tab');
  await press(page, 'Enter');
  await wait(page, '.describe-dialog');
  if (!await on(page, '.describe-dialog textarea')) await tabTo(page, '.describe-dialog textarea');
  await type(page, 'A dot');
  await tabTo(page, '.describe-dialog .button.main');
  await press(page, 'Enter');
  await page.locator('.describe-dialog').waitFor({ state: 'detached' });
  await held(page);
  await tabTo(page, '.composer-bar .do-thread');
  await press(page, 'Enter');
  await wait(page, '#composer-text-1:focus');
  await type(page, 'And a question');
  await tabTo(page, '.composer-bar button[title=Poll]');
  await press(page, 'Enter');
  await tabTo(page, '.poll-answer input', 'Shift+Tab');
  await tabTo(page, '.poll-answer input', 'Shift+Tab');
  await type(page, 'yes');
  await tabTo(page, '.poll-answer input');
  await type(page, 'no');
  await tabTo(page, '.composer [type=submit]');
  await press(page, 'Enter');
  await page.locator('.composer').waitFor({ state: 'detached' });
  await held(page);
  const [question, first] = await api('GET', `/api/v1/accounts/${(await whoami()).id}/statuses?limit=2`);
  assert.deepEqual(question.poll.options.map(o => o.title), ['yes', 'no']);
  assert.equal(first.spoiler_text, 'fingers');
  assert.equal(first.media_attachments[0].description, 'A dot');
  assert.deepEqual(faults, []);
}, desk));

test('somebody is found, looked at and followed; the menu of a person opens and closes', () => withClient(async (page, faults) => {
  const other = await whoami(OTHER_TOKEN);
  await api('POST', `/api/v1/accounts/${other.id}/unfollow`, {});
  await open(page, '/home');
  await press(page, 'Tab', '/');
  await wait(page, '.column input[type=search]:focus');
  await type(page, OTHER_NAME);
  await press(page, 'Enter');
  await wait(page, '.person-row', OTHER_NAME);
  await tabTo(page, `.person-row a[href="/@${OTHER_NAME}"]`);
  await press(page, 'Enter');
  await wait(page, '.profile');
  await hasFocus(page, 'h1');
  await tabTo(page, '.profile-buttons .button');
  await press(page, 'Enter');
  await page.waitForFunction(() => document.querySelector('.profile-buttons .button').textContent === 'Following');
  await kept(`/api/v1/accounts/relationships?id[]=${other.id}`, ([r]) => r.following, true);
  await press(page, 'Tab', 'Enter');
  await wait(page, '.menu');
  await press(page, 'ArrowDown', 'End', 'Escape');
  await hasFocus(page, '.profile-buttons .menu-anchor button');
  await tabTo(page, '.tabs a:nth-child(2)');
  await press(page, 'Enter');
  await page.waitForURL(/with_replies$/);
  await held(page);
  assert.deepEqual(faults, []);
}, desk));

test('notifications: their tabs, one is opened, one is dismissed', () => withClient(async (page, faults) => {
  const post = await toot('Notice this');
  await toot(`@${name} noticed`, { in_reply_to_id: post.id }, OTHER_TOKEN);
  await api('POST', `/api/v1/statuses/${post.id}/favourite`, {}, OTHER_TOKEN);
  await becomes(async () => (await api('GET', '/api/v1/notifications')).filter(n => [n.status?.id, n.status?.in_reply_to_id].includes(post.id)).map(n => n.type).sort(), ['favourite', 'mention']);
  await open(page, '/home');
  await press(page, 'Tab');
  await together(page, 'g', 'n');
  await page.waitForURL('**/notifications');
  await wait(page, '.notification', 'noticed');
  await wait(page, '.notification.favourite');
  const rows = page.locator(real('.notification')), n = await rows.count();
  await tabTo(page, '.notification.favourite .notification-dismiss');
  await press(page, 'Enter');
  await count(rows, n - 1);
  await held(page);
  await tabTo(page, '.tabs a:nth-child(2)', 'Shift+Tab');
  await press(page, 'Enter');
  await page.waitForURL('**/mentions');
  await wait(page, '.notification', 'noticed');
  await press(page, 'j', 'Enter');
  await wait(page, '.focal-box');
  await press(page, 'Backspace');
  await page.waitForURL('**/mentions');
  assert.deepEqual(faults, []);
}, desk));

// What one can stop at in a page, of a group of radio buttons one.
const stops = page => page.evaluate(() => {
  const seen = new Set();
  return [...document.querySelectorAll('.column :is(a[href], button, input, select, textarea, summary, [tabindex="0"])')].filter(e => {
    if (e.disabled || e.tabIndex < 0 || !e.checkVisibility() || (e.type === 'radio' && seen.has(e.name))) return false;
    if (e.type === 'radio') seen.add(e.name);
    return true;
  }).length;
});

// What has the focus: shown, and changed by the keys that are usual for it, then back.
async function change(page) {
  const at = () => page.evaluate(() => { const e = document.activeElement; return { type: e.localName === 'input' ? e.type : e.localName, name: e.name, box: e.getBoundingClientRect().top, value: e.type === 'checkbox' ? e.checked : e.value,
    shown: getComputedStyle(e).outlineStyle !== 'none' || getComputedStyle(e.nextElementSibling ?? e).outlineStyle !== 'none' }; });
  const before = await at();
  assert.ok(before.shown, `${before.type} ${before.name} does not show the focus`);
  const keys = { checkbox: ['Space', 'Space'], radio: ['ArrowDown', 'ArrowUp'], 'select': ['ArrowDown', 'ArrowUp'], text: ['x', 'Backspace'], textarea: ['x', 'Backspace'], password: ['x', 'Backspace'], email: ['x', 'Backspace'] }[before.type];
  if (!keys) return;
  const options = before.type === 'select' ? await page.evaluate(() => [document.activeElement.options.length, document.activeElement.selectedIndex]) : [];
  if (before.type === 'select' && options[1] === options[0] - 1) keys.reverse();
  await press(page, keys[0]);
  if (options[0] !== 1) await until(async () => (await at()).value, value => value !== before.value, `${before.type} ${before.name} does not change`);
  await press(page, keys[1]);
}

const places = ['/settings', '/settings/posting', '/settings/profile', '/settings/account', '/settings/data', '/settings/invites', '/notifications/settings', '/filters/new'];
const still = { '/notifications/settings': '.push button:enabled' }; // what a page finds out after it has been drawn
const facts = () => Promise.all(['/api/v1/settings', '/api/v2/notifications/policy'].map(path => api('GET', path)));

test('settings: each control is reached by Tab, shows it, and changes', () => withClient(async (page, faults) => {
  const before = await facts();
  for (const path of places) {
    await open(page, path);
    if (still[path]) await wait(page, still[path]);
    await page.evaluate(() => document.querySelector('.column-title').focus());
    const n = await stops(page);
    assert.ok(n > 0, path);
    const reached = new Set();
    for (let i = 0; i < n + 2; i++) {
      await page.keyboard.press('Tab'); // behind the last one the focus leaves the page
      const key = await page.evaluate(() => { const e = document.activeElement; if (!e.closest('.column')) return null; globalThis.stopped ??= new Map(); const k = e.type === 'radio' ? e.name : e; return stopped.get(k) ?? (stopped.set(k, stopped.size), stopped.size - 1); });
      if (key === null) break;
      reached.add(key);
      await change(page);
    }
    assert.ok(reached.size >= n - 1 && reached.size <= n, `${path}: ${reached.size} of ${n} are reached`); // the button "back" stands before the title
    await page.waitForFunction(() => (document.documentElement.dataset.untold ?? '0') === '0'); // or what is so in between may look the same
    await becomes(facts, before, 'what was changed there and back'); // each change arrived, in the order in which it was made
  }
  assert.deepEqual(faults, []);
}, desk));

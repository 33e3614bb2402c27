// Several columns beside each other, as a person with a wide window uses them.
import test from 'node:test';
import assert from 'node:assert/strict';
import { accessible, becomes, drawn, real, until } from './browser.mjs';
import { api, live, open, quiet, toot, whoami, withClient } from './client.mjs';

const { USER_NAME: name, OTHER_TOKEN, OTHER_NAME } = process.env;
const wide = { viewport: { width: 1440, height: 900 } };
const order = page => page.locator('.deck > .column').evaluateAll(all => all.map(c => c.dataset.column));
const column = (page, id) => page.locator(`.deck > [data-column="${id}"]`);
const where = page => page.evaluate(() => document.activeElement.closest('[data-column]')?.dataset.column);

// The columns of the person of the fixture, in this page only.
async function columns(page, list, path = '/deck') {
  await page.goto('/about'); // without the client, which writes there too
  await page.evaluate(cols => {
    const id = JSON.parse(localStorage.getItem('dassie.accounts'))[0].id;
    localStorage.setItem('dassie.preferences', JSON.stringify({ layout: 'columns', columns: { [id]: cols.map(([id, path]) => ({ id, path })) } }));
  }, list);
  await page.goto(path);
  await page.locator('.deck').waitFor();
  await quiet(page);
  await live(page);
}

test('a switch in the settings makes several columns of one; they are chosen, kept and removed, and a narrow window has one', () => withClient(async (page, faults) => {
  await page.goto('/settings');
  await page.locator('input[name=layout][value=columns]').check({ force: true });
  await page.locator('.deck').waitFor();
  await becomes(() => order(page), ['', 'home', 'notifications', 'local']);
  await page.locator('.side-more').click();
  await page.locator('.column-choices button', { hasText: 'Bookmarks' }).click();
  await page.locator('.column-title:focus', { hasText: 'Bookmarks' }).waitFor();
  await page.locator('.side-more').click();
  await page.locator('dialog form').nth(0).locator('input').fill('#columns');
  await page.keyboard.press('Enter');
  await page.locator('.column-title:focus', { hasText: '#columns' }).waitFor();
  await page.locator('.side-more').click();
  await accessible(page);
  await page.locator('dialog form').nth(2).locator('input').fill(`@${OTHER_NAME}`);
  await page.keyboard.press('Enter');
  await page.locator(real('.deck .profile')).waitFor();
  const before = await until(() => order(page), all => all.length === 7, 'seven columns');
  await page.reload();
  await page.locator(real('.deck .profile')).waitFor();
  await becomes(() => order(page), before);
  await column(page, '').locator('.column-head button', { hasText: 'Close column' }).click();
  await column(page, '').waitFor({ state: 'detached' });
  await becomes(() => new URL(page.url()).pathname, '/deck');
  await accessible(page);
  await page.setViewportSize({ width: 1000, height: 800 });
  await page.locator('.deck').waitFor({ state: 'detached' });
  await page.waitForURL(url => url.pathname === '/home');
  await page.setViewportSize({ width: 1440, height: 900 });
  await page.locator('.deck').waitFor();
  assert.deepEqual(faults, []);
}, wide));

test('columns and colours follow the account to another browser, at once when it is open; the size of the text does not', () => withClient((here, faults) => withClient(async there => {
  const kept = () => api('GET', '/api/v1/client_settings');
  for (const page of [there, here]) {
    await open(page, '/settings');
    await live(page);
  }
  for (const [key, value] of [['theme', 'dark'], ['size', 'large'], ['layout', 'columns']]) await here.locator(`input[name=${key}][value=${value}]`).check({ force: true });
  for (const page of [here, there]) await page.locator('.deck').waitFor();
  await becomes(() => there.evaluate(() => ({ ...document.documentElement.dataset })), { theme: 'dark', contrast: 'auto', motion: 'auto', size: 'normal' });
  await column(here, 'local').locator('.column-head .menu-anchor > button').click();
  await here.locator('[role=menuitem]', { hasText: 'Remove column' }).click();
  await column(there, 'local').waitFor({ state: 'detached' });
  await becomes(async () => (await order(there)).filter(Boolean), ['home', 'notifications']);
  await becomes(async () => Object.keys((await kept()).settings).sort(), ['columns', 'layout', 'theme']);
  // A choice that did not arrive waits in this browser, and goes when it is next opened.
  await here.evaluate(() => localStorage.setItem(`dassie.preferences.unsent.${JSON.parse(localStorage.getItem('dassie.accounts'))[0].id}`, JSON.stringify({ contrast: 'more', theme: 'light' })));
  await here.reload();
  await there.locator('html[data-contrast=more][data-theme=light]').waitFor();
  assert.deepEqual(faults, []);
}, wide), wide));

test('a post opens beside its column, and back leads to it; what is opened can stay', () => withClient(async (page, faults) => {
  const post = await toot('Look at me closely', { visibility: 'public' }, OTHER_TOKEN);
  await columns(page, [['a', '/public/local'], ['b', '/public']]);
  await column(page, 'a').locator(`[data-post="${post.id}"] .content`).click({ position: { x: 5, y: 5 } });
  await column(page, '').locator('.focal-box', { hasText: 'Look at me closely' }).waitFor();
  await becomes(() => order(page), ['a', '', 'b']);
  await becomes(() => new URL(page.url()).pathname, `/@${OTHER_NAME}/${post.id}`);
  await page.waitForFunction(() => document.activeElement.matches('.opened .column-title'));
  await column(page, '').locator('.by-name').first().click(); // further in the same column
  await column(page, '').locator(real('.profile')).waitFor();
  await becomes(() => order(page), ['a', '', 'b']);
  await page.keyboard.press('Backspace');
  await column(page, '').locator(real('.focal-box')).waitFor();
  await page.keyboard.press('Backspace');
  await column(page, '').waitFor({ state: 'detached' });
  await page.waitForFunction(id => document.activeElement.dataset.post === id && document.activeElement.closest('[data-column=a]'), post.id);
  await page.keyboard.press('p');
  await column(page, '').locator('.column-head button', { hasText: 'Keep as a column' }).click();
  await page.locator(real('.deck > .column:not([data-column=""]) .profile')).waitFor();
  await becomes(async () => (await order(page)).length, 3);
  await page.reload();
  await page.locator(real('.deck .profile')).waitFor();
  assert.deepEqual(faults, []);
}, wide));

test('columns change places by keyboard, menu and drag, and each stays where it was read', () => withClient(async (page, faults) => {
  for (let i = 0; i < 30; i += 10) await Promise.all(Array.from({ length: 10 }, (_, k) => toot(`A line of reading ${i + k}`, {}, OTHER_TOKEN)));
  await columns(page, [['a', '/public/local'], ['b', '/public'], ['c', '/notifications'], ['d', '/favourites'], ['e', '/conversations']]);
  await column(page, 'a').locator('article.post').nth(8).waitFor();
  const scrollTo = (id, y) => column(page, id).evaluate((c, top) => { c.scrollTop = top; }, y);
  const topOf = id => column(page, id).evaluate(c => c.scrollTop);
  await scrollTo('a', 700);
  await drawn(page);
  assert.equal(await topOf('a'), 700);
  await page.keyboard.press('1');
  await becomes(() => where(page), 'a');
  await page.keyboard.press('l');
  await becomes(() => where(page), 'b');
  await page.keyboard.press('j');
  await page.keyboard.press('j');
  await becomes(() => where(page), 'b');
  const post = await until(() => page.evaluate(() => document.activeElement.dataset.post)), y = await topOf('b');
  await page.keyboard.press('Shift+H');
  await page.waitForFunction(() => document.querySelector('.deck > .column').dataset.column === 'b');
  await becomes(() => order(page), ['b', 'a', 'c', 'd', 'e']);
  await becomes(() => page.evaluate(() => document.activeElement.dataset.post), post, 'the focus moves along');
  await becomes(() => where(page), 'b');
  await until(() => topOf('b'), top => Math.abs(top - y) < 200);
  await becomes(() => topOf('a'), 700);
  await column(page, 'c').locator('.column-head .menu-anchor').last().locator('button').first().click();
  await page.locator('[role=menuitem]', { hasText: 'Move left' }).click();
  await page.waitForFunction(() => document.querySelectorAll('.deck > .column')[1].dataset.column === 'c');
  await becomes(() => topOf('a'), 700);
  await drawn(page); // what was moved has been scrolled to
  const grip = await column(page, 'b').locator('.grip').boundingBox(), goal = await column(page, 'a').boundingBox(); // dragTo() would scroll
  await page.mouse.move(grip.x + 10, grip.y + 10);
  await page.mouse.down();
  await page.mouse.move(goal.x + 200, goal.y + 40, { steps: 4 });
  await page.mouse.move(goal.x + 300, goal.y + 40);
  await page.mouse.up();
  await page.waitForFunction(() => document.querySelectorAll('.deck > .column')[2].dataset.column === 'b');
  await becomes(() => order(page), ['c', 'a', 'b', 'd', 'e']);
  await becomes(() => topOf('a'), 700);
  await page.keyboard.press('5'); // beyond the edge of the window
  await page.waitForFunction(() => { const e = document.activeElement.closest('[data-column=e]')?.getBoundingClientRect(); return e && e.right <= innerWidth + 1; });
  await page.waitForFunction(() => sessionStorage.getItem('dassie.columns.places')?.includes('700'));
  await page.reload();
  await page.waitForFunction(() => document.querySelector('.deck [data-column=a]')?.scrollTop === 700);
  await page.keyboard.press('2');
  await page.locator('[data-column=a] .column-head .menu-anchor button').last().click();
  await page.locator('[role=menuitem].danger').click();
  await column(page, 'a').waitFor({ state: 'detached' });
  await becomes(() => where(page), 'b');
  assert.deepEqual(faults, []);
}, wide));

test('every column is live, and one writes at the side', () => withClient(async (page, faults) => {
  const me = await whoami(OTHER_TOKEN);
  await api('POST', `/api/v1/accounts/${me.id}/follow`, {});
  await columns(page, [['h', '/home'], ['n', '/notifications'], ['t', '/tags/sails'], ['p', `/@${OTHER_NAME}`], ['m', '/bookmarks']]);
  const post = await toot(`@${name} three #sails`, {}, OTHER_TOKEN);
  await column(page, 'h').locator('.offer button').click();
  await column(page, 't').locator('.offer button').click();
  await page.evaluate(() => document.dispatchEvent(new Event('visibilitychange'))); // profiles have no stream: asked for once a minute
  await column(page, 'p').locator('.offer button').click();
  for (const id of ['h', 't', 'p']) await column(page, id).locator(`[data-post="${post.id}"]`).first().waitFor();
  await column(page, 'n').getByText('three').first().waitFor();
  await column(page, 'h').locator(`[data-post="${post.id}"]`).focus();
  await page.keyboard.press('d');
  await column(page, 'm').locator(`[data-post="${post.id}"]`).waitFor();
  await page.keyboard.press('r');
  await page.locator('.desk #composer-text:focus').waitFor();
  await accessible(page);
  await page.keyboard.type('and a jib');
  await page.keyboard.press('Control+Enter');
  await page.locator('.desk').waitFor({ state: 'detached' });
  await becomes(() => where(page), 'h', 'the focus goes back to what was answered');
  await page.keyboard.press('n');
  await page.locator('.desk #composer-text:focus').waitFor();
  await page.keyboard.press('Escape');
  await page.locator('.desk').waitFor({ state: 'detached' });
  await becomes(() => where(page), 'h');
  assert.deepEqual(faults, []);
}, wide));

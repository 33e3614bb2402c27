// The built-in client: what a person does with it, in a real browser.
import test from 'node:test';
import assert from 'node:assert/strict';
import { accessible, becomes, count, focusOf, real, until, withPage } from './browser.mjs';
import { anew, api, gone, live, open, scrollDown, signIn, toot, whoami, withClient } from './client.mjs';
import { together } from './keys.mjs';

const { USER_NAME: name, STATUS_URL, STATUS_TEXT, OTHER_TOKEN, OTHER_NAME, OTHER_EMAIL, OTHER_PASSWORD } = process.env;

test('signing in leads to where one wanted to go; posting, answering and reacting show at once', () => withPage(async (page, faults) => {
  await signIn(page);
  await page.locator('.inline-composer button').click();
  await page.locator('#composer-text').fill('Written in the built-in client, see https://example.com/a/long/path and @nobody@elsewhere.example');
  await becomes(() => page.locator('#composer-left [aria-hidden]').textContent(), String(500 - 'Written in the built-in client, see '.length - 23 - ' and @nobody'.length));
  await page.keyboard.press('Control+Enter');
  const post = page.locator('article.post', { hasText: 'Written in the built-in client' }).first();
  await post.waitFor();
  await post.locator('.do-favourite').click();
  await post.locator('.do-favourite[aria-pressed=true]').waitFor();
  await post.locator('.do-react').click();
  await post.locator('.picker button', { hasText: '🎉' }).click();
  await post.locator('.reactions button[aria-pressed=true]', { hasText: '🎉' }).waitFor();
  await post.locator('.do-reply').click();
  await page.locator('#composer-text').fill('An answer to it');
  await page.keyboard.press('Control+Enter');
  await page.locator('article.post', { hasText: 'An answer to it' }).first().waitFor();
  await post.locator('.content').click({ position: { x: 5, y: 5 } });
  await page.locator('.descendants article', { hasText: 'An answer to it' }).waitFor();
  await page.waitForURL(new RegExp(`/@${name}/\\d+$`));
  await page.goBack();
  await page.locator('.inline-composer').waitFor();
  assert.deepEqual(faults, []);
}));

test('a post of somebody else is offered, not pushed in', () => withClient(async (page, faults) => {
  await open(page, '/public/local');
  await page.locator('article.post').first().waitFor();
  await live(page);
  await toot('This one waits', {}, OTHER_TOKEN);
  await page.locator('.offer button').click();
  await page.locator('article.post', { hasText: 'This one waits' }).waitFor();
  assert.deepEqual(faults, []);
}));

test('what is offered in home never lies over the line where one writes, in windows of every width', () => withClient(async (page, faults) => {
  await api('POST', `/api/v1/accounts/${(await whoami(OTHER_TOKEN)).id}/follow`, {});
  for (let i = 0; i < 6; i++) await toot('Enough to scroll', {}, OTHER_TOKEN);
  await open(page, '/home');
  await live(page);
  await toot('News', {}, OTHER_TOKEN);
  await page.locator('.offer button').waitFor();
  for (const width of [360, 768, 1440]) {
    await page.setViewportSize({ width, height: 600 });
    for (const y of [0, 30, 400]) {
      const over = await page.evaluate(at => {
        scrollTo(0, at);
        const [a, b] = ['.offer button', '.inline-composer'].map(x => document.querySelector(x).getBoundingClientRect());
        return { covered: a.top < b.bottom && a.bottom > b.top, seen: a.top >= 0 && a.bottom <= innerHeight };
      }, y);
      assert.deepEqual(over, { covered: false, seen: true }, `${width} px, ${y} px down`);
    }
  }
  assert.deepEqual(faults, []);
}));

test('public pages stay as they are for visitors; with an account the client takes their place', () => withPage(async (page, faults) => {
  await page.goto(STATUS_URL);
  assert.equal(await page.locator('.bottom').count(), 0);
  await signIn(page);
  await page.goto(STATUS_URL);
  await page.locator('.focal-box article', { hasText: STATUS_TEXT }).waitFor();
  await page.goto(`/@${name}`);
  await page.locator('.profile h2').waitFor();
  await page.goto('/about');
  assert.equal(await page.locator('.bottom').count(), 0);
  assert.deepEqual(faults, []);
}));

test('a session that was ended elsewhere: the client says so, and what was typed is there after signing in', () => withPage(async (page) => {
  await signIn(page);
  await page.locator('.inline-composer button').click();
  await page.locator('#composer-text').fill('Half a thought');
  const token = await page.evaluate(() => JSON.parse(localStorage.getItem('dassie.accounts'))[0].token);
  await fetch(new URL('/oauth/revoke', process.env.BASE), { method: 'POST', body: new URLSearchParams({ client_id: 'dassie-web', token }) });
  await page.keyboard.press('Control+Enter');
  await page.locator('.compose .lost').waitFor();
  await page.keyboard.press('Escape');
  await gone(page);
  await anew(page, () => page.locator('.lost button').click());
  await page.waitForURL(url => url.pathname === '/home'); // the browser's own session lives, so no password is asked
  await page.locator('.inline-composer button').click();
  await becomes(() => page.locator('#composer-text').inputValue(), 'Half a thought');
}));

test('signing out ends the session of the browser too', () => withPage(async (page) => {
  await signIn(page, '/settings');
  await page.locator('.settings-section .button.danger').click();
  await page.waitForURL(url => url.pathname === '/');
  assert.equal(await page.evaluate(() => localStorage.getItem('dassie.accounts')), null);
  await page.goto('/home');
  await page.waitForURL(/\/auth\/sign_in/);
}));

test('the keyboard opens menus and gives the focus back', () => withClient(async (page) => {
  await toot('For the keyboard');
  await open(page, '/home');
  const more = page.locator('article.post').first().locator('.actions-row .menu-anchor').last().locator('button').first();
  await more.focus();
  await page.keyboard.press('Enter');
  await page.locator('.menu[role=menu]').waitFor();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Escape');
  await page.locator('.menu[role=menu]').waitFor({ state: 'detached' });
  await focusOf(more);
  await page.setViewportSize({ width: 360, height: 780 });
  await page.locator('.do-react').first().click();
  await page.locator('.picker button:focus').waitFor(); // it has found its place
  assert.ok((await page.locator('.picker').boundingBox()).x >= 0);
}));

test('going back lands where one was, however far down', () => withClient(async (page) => {
  for (let i = 0; i < 60; i += 20) await Promise.all(Array.from({ length: 20 }, (_, k) => toot(`Number ${i + k} ${'lorem ipsum '.repeat((i + k) % 9)}`, {}, OTHER_TOKEN)));
  await open(page, '/public/local');
  await scrollDown(page, 5000);
  const y = await page.evaluate(() => scrollY);
  await page.waitForFunction(before => Math.abs(history.state.y - before) < 50, y); // noted
  const middle = await page.evaluate(() => [...document.querySelectorAll('[data-post]')].find(e => e.getBoundingClientRect().bottom > innerHeight / 2).dataset.post);
  await page.locator(`[data-post="${middle}"] .by-when a`).click();
  await page.locator(real('.focal-box')).waitFor();
  await page.goBack();
  await page.locator(`[data-post="${middle}"]`).waitFor();
  await page.waitForFunction(before => Math.abs(scrollY - before) < 300, y);
}));

test('single keys do what the list behind ? says, and nothing while one types', () => withClient(async (page, faults) => {
  await toot('Second for the keys');
  await toot('First for the keys');
  await open(page, '/home');
  const first = page.locator('article.post', { hasText: 'First for the keys' }).first(), second = page.locator('article.post', { hasText: 'Second for the keys' }).first();
  await page.keyboard.press('j');
  await page.keyboard.press('j');
  await page.keyboard.press('f');
  await second.locator('.do-favourite[aria-pressed=true]').waitFor();
  await page.keyboard.press('k');
  await page.keyboard.press('d');
  await first.locator('.do-bookmark[aria-pressed=true]').waitFor();
  await page.keyboard.press('r');
  await page.locator('#composer-text:focus').waitFor();
  await page.keyboard.type('just words');
  await page.waitForFunction(() => document.querySelector('#composer-text').value.endsWith('just words'));
  await page.keyboard.press('Escape');
  await page.keyboard.press('?');
  await page.locator('.keys').waitFor();
  await accessible(page);
  await page.keyboard.press('Escape');
  await together(page, 'g', 'n');
  await page.waitForURL('**/notifications');
  assert.deepEqual(faults, []);
}));

test('where one stopped reading on another device is marked, and one key press away', () => withClient(async (page) => {
  const old = await toot('Read on the telephone');
  await Promise.all(Array.from({ length: 60 }, () => toot('Not read yet')));
  const last = await toot('Not read yet, the newest');
  await api('POST', '/api/v1/markers', { home: { last_read_id: old.id } });
  await becomes(async () => (await api('GET', '/api/v1/timelines/home?limit=1'))[0].id, last.id); // else the last ones are offered instead of shown
  await open(page, '/home');
  await page.locator('button.resume').click();
  await page.locator('.mark-line').waitFor();
  await page.locator('article.post', { hasText: 'Read on the telephone' }).waitFor();
  await until(async () => { // at most 40 posts each time
    await page.locator('.gap').first().press('Enter', { timeout: 1000 }).catch(() => undefined); // it may have gone meanwhile
    return page.locator('.gap').count();
  }, n => n === 0, 'the gap');
}));

test('an edit arrives while one looks, and its history can be read', () => withClient(async (page, faults) => {
  const post = await toot('Fresh rols at six', {}, OTHER_TOKEN);
  await open(page, '/public/local');
  await live(page);
  const shown = page.locator(`[data-post="${post.id}"]`);
  await shown.waitFor();
  await api('PUT', `/api/v1/statuses/${post.id}`, { status: 'Fresh rolls at six' }, OTHER_TOKEN);
  await shown.getByText('Fresh rolls at six').waitFor();
  await shown.locator('.by-when a').click();
  await page.locator('.focal-meta .link').click();
  await page.locator('.history ins', { hasText: 'rolls' }).waitFor();
  await page.locator('.history del', { hasText: 'rols' }).waitFor();
  assert.deepEqual(faults, []);
}));

test('an answer of a stranger joins the thread when one comes back to it', () => withClient(async (page, faults) => {
  const post = await toot('Who answers?');
  await open(page, `/@${name}/${post.id}`);
  await live(page);
  await toot('A stranger does', { in_reply_to_id: post.id }, OTHER_TOKEN);
  await page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')));
  await page.locator('.descendants article', { hasText: 'A stranger does' }).waitFor();
  assert.deepEqual(faults, []);
}));

test('a thread says that more of it is known than is shown', () => withClient(async (page, faults) => {
  const root = await toot('The one before'), post = await toot('Cut on both sides', { in_reply_to_id: root.id });
  await page.route('**/api/v1/statuses/*/context', async route => {
    const answer = await route.fetch(), json = await answer.json();
    assert.deepEqual(json.cut, { ancestors: false, descendants: false });
    await route.fulfill({ response: answer, json: { ...json, cut: { ancestors: true, descendants: true } } });
  });
  await open(page, `/@${name}/${post.id}`);
  await becomes(() => page.locator('.beyond').allTextContents(), ['This conversation begins earlier. Read what came before', 'There are more replies than fit here. Open one to read on.']);
  assert.equal(await page.locator('.beyond a').getAttribute('href'), `/@${name}/${root.id}`);
  assert.deepEqual(faults, []);
}, { serviceWorkers: 'block' })); // the worker would ask the server itself

test('a second account asks for its password, and one switches between them', () => withClient(async (page, faults) => {
  await open(page, '/settings');
  await page.locator('.settings-section > .button').click();
  await page.waitForURL(/\/auth\/sign_in/);
  await page.locator('input[name=email]').fill(OTHER_EMAIL);
  await page.locator('input[name=password]').fill(OTHER_PASSWORD);
  await page.keyboard.press('Enter');
  await page.waitForURL(url => url.pathname === '/settings');
  await page.locator('.side .account-corner .handle', { hasText: OTHER_NAME }).waitFor();
  await count(page.locator('.settings-section .rows > li'), 2);
  await page.locator('.side .account-corner .icon-button').click();
  await page.locator('.menu button', { hasText: `@${name}` }).click();
  await page.waitForURL(url => url.pathname === '/home');
  await page.locator('.side .account-corner .handle', { hasText: name }).waitFor();
  assert.deepEqual(faults, []);
}, { viewport: { width: 1440, height: 900 } }));

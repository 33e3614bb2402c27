// The built-in client: what a person does with it, in a real browser.
import test from 'node:test';
import assert from 'node:assert/strict';
import { accessible, withPage } from './browser.mjs';
import { api, fits, signIn, toot } from './client.mjs';

const { USER_NAME: name, STATUS_URL, STATUS_TEXT, OTHER_TOKEN } = process.env;

test('signing in leads to where one wanted to go; posting, answering and reacting show at once', () => withPage(async (page, faults) => {
  await signIn(page);
  await page.locator('.inline-composer button').click();
  await page.locator('#composer-text').fill('Written in the built-in client, see https://example.com/a/long/path and @nobody@elsewhere.example');
  assert.equal(await page.locator('#composer-left [aria-hidden]').textContent(), String(500 - 'Written in the built-in client, see '.length - 23 - ' and @nobody'.length));
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
  assert.match(page.url(), new RegExp(`/@${name}/\\d+$`));
  await page.goBack();
  await page.locator('.inline-composer').waitFor();
  assert.deepEqual(faults, []);
}));

test('a post of somebody else is offered, not pushed in', () => withPage(async (page, faults) => {
  await signIn(page, '/public/local');
  await page.locator('article.post').first().waitFor();
  await page.waitForFunction(() => !document.querySelector('.offline'));
  await toot('This one waits', {}, OTHER_TOKEN);
  await page.locator('.offer button').click();
  await page.locator('article.post', { hasText: 'This one waits' }).waitFor();
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
  await page.locator('.lost').waitFor({ state: 'attached' });
  await page.keyboard.press('Escape');
  await page.locator('.lost button').click();
  await page.waitForURL(url => url.pathname === '/home'); // the browser's own session lives, so no password is asked
  await page.locator('.inline-composer button').click();
  assert.equal(await page.locator('#composer-text').inputValue(), 'Half a thought');
}));

test('signing out ends the session of the browser too', () => withPage(async (page) => {
  await signIn(page, '/settings');
  await page.locator('.settings-section .button.danger').click();
  await page.waitForURL(url => url.pathname === '/');
  assert.equal(await page.evaluate(() => localStorage.getItem('dassie.accounts')), null);
  await page.goto('/home');
  await page.waitForURL(/\/auth\/sign_in/);
}));

test('every view is usable without eyes or mouse, narrow and wide, light and dark, in every language', () => withPage(async (page, faults) => {
  const answer = await toot('What answers', { in_reply_to_id: STATUS_URL.split('/').at(-1) });
  await toot('Choose', { poll: { options: ['one', 'two'], expires_in: 3600 } });
  await toot('Behind a warning', { spoiler_text: 'careful' });
  await signIn(page);
  const paths = ['/home', '/public', '/public/local', '/tags/none', '/notifications', '/conversations', '/bookmarks', '/favourites', '/lists', '/search', '/search?q=dora',
    '/explore', '/explore/tags', '/publish', '/settings', `/@${name}`, `/@${name}/followers`, `/@${name}/${answer.id}`];
  for (const [width, colorScheme, language] of [[360, 'light', 'de'], [1440, 'dark', 'fr']]) {
    await page.setViewportSize({ width, height: 900 });
    await page.emulateMedia({ colorScheme });
    await page.evaluate(l => localStorage.setItem('dassie.preferences', JSON.stringify({ language: l })), language);
    for (const path of paths) {
      await page.goto(path);
      await page.locator('.column-head h1').waitFor();
      await page.waitForFunction(() => !document.querySelector('.spinner'));
      await accessible(page);
      await fits(page, `${path} at ${width}`);
    }
  }
  assert.deepEqual(faults, []);
}));

test('the keyboard opens menus and gives the focus back', () => withPage(async (page) => {
  await toot('For the keyboard');
  await signIn(page);
  const more = page.locator('article.post').first().locator('.actions-row .menu-anchor').last().locator('button').first();
  await more.focus();
  await page.keyboard.press('Enter');
  await page.locator('.menu[role=menu]').waitFor();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Escape');
  assert.equal(await page.locator('.menu[role=menu]').count(), 0);
  assert.ok(await more.evaluate(e => e === document.activeElement));
}));

test('over a thousand posts the document stays small, and going back lands where one was', () => withPage(async (page) => {
  for (let i = 0; i < 120; i += 20) await Promise.all(Array.from({ length: 20 }, (_, k) => toot(`Number ${i + k} ${'lorem ipsum '.repeat((i + k) % 9)}`, {}, OTHER_TOKEN)));
  await signIn(page, '/public/local');
  await page.locator('article.post').first().waitFor();
  for (let i = 0; i < 40; i++) {
    await page.mouse.wheel(0, 2500);
    await page.waitForTimeout(60);
  }
  const rows = await page.locator('.window-list > .row').count();
  assert.ok(rows < 60, `${rows} rows are in the document`);
  const y = await page.evaluate(() => scrollY);
  assert.ok(y > 8000, `scrolled to ${y}`);
  await page.waitForTimeout(300);
  const middle = await page.evaluate(() => document.elementFromPoint(innerWidth / 2, innerHeight / 2).closest('[data-post]')?.dataset.post);
  await page.locator(`[data-post="${middle}"] .by-when a`).click();
  await page.locator('.focal-box').waitFor();
  await page.goBack();
  await page.locator(`[data-post="${middle}"]`).waitFor();
  await page.waitForFunction(before => Math.abs(scrollY - before) < 300, y);
  assert.ok((await api('GET', '/api/v1/timelines/public?local=true')).length > 0);
}));

// The first minutes of a stranger, with the keyboard alone: from the front page over the form and the steps to the first post.
import test from 'node:test';
import assert from 'node:assert/strict';
import { accessible, withPage } from './browser.mjs';
import { api, fits } from './client.mjs';
import { reach } from './keys.mjs';

async function press(page, name) {
  await reach(page, name);
  await page.keyboard.press('Enter');
}

async function type(page, name, text) {
  await reach(page, name);
  await page.keyboard.type(text);
}

const step = (page, n) => page.locator('.start', { hasText: `Step ${n} of 5` }).waitFor();

test('a stranger signs up, is led through the first steps, and posts, with the keyboard alone', () => withPage(async (page, faults) => {
  const name = `new${Date.now()}`;
  await page.goto('/');
  await press(page, 'Create an account');
  await page.waitForURL(/sign_up/);
  await accessible(page);
  await type(page, 'User name', name);
  await type(page, 'E-mail address', `${name}@mail.test`);
  await type(page, 'Password', 'correct horse battery');
  await reach(page, 'I agree');
  await page.keyboard.press('Space');
  await press(page, 'Sign up');

  await page.waitForURL(url => url.pathname === '/start');
  await step(page, 1);
  await page.locator('.start', { hasText: `@${name}@` }).waitFor();
  await accessible(page);
  await fits(page, 'the first step');
  await press(page, 'Go on');
  await step(page, 2);
  await accessible(page);
  await type(page, 'Name shown', 'Nova');
  await press(page, 'Save and go on');
  await step(page, 3);
  await type(page, 'Another hashtag', 'gardening');
  await page.keyboard.press('Enter');
  await page.locator('.chips button', { hasText: 'gardening' }).waitFor();
  await page.reload(); // where somebody was is where they go on
  await step(page, 3);
  await press(page, 'Go on');
  await step(page, 4);
  await accessible(page);
  await press(page, 'Back');
  await step(page, 3);
  await press(page, 'Go on');
  await step(page, 4);
  await press(page, 'Later');
  await press(page, 'First steps'); // where they go on: the home is empty
  await step(page, 4);
  await press(page, 'Go on');
  await step(page, 5);
  await accessible(page);
  await press(page, 'Write it');
  await page.locator('dialog[open] textarea:focus').waitFor();
  await page.keyboard.press('Control+End');
  await page.keyboard.type('hello from the keyboard');
  await page.keyboard.press('Control+Enter');
  await page.locator('dialog[open]').waitFor({ state: 'detached' });
  await press(page, 'To your home timeline');
  await page.waitForURL(url => url.pathname === '/home');
  await page.locator('article', { hasText: 'hello from the keyboard' }).waitFor();
  const me = await api('GET', `/api/v1/accounts/lookup?acct=${name}`);
  assert.deepEqual([me.display_name, me.statuses_count], ['Nova', 1]);
  assert.deepEqual(faults, []);
}, { viewport: { width: 360, height: 780 } }));

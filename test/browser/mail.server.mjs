// Settings that there are only on a server that sends mail, and the history of log-ins.
import test from 'node:test';
import assert from 'node:assert/strict';
import { accessible, until } from './browser.mjs';
import { api, fits, open, withClient } from './client.mjs';

const key = name => `notification_emails:${name}`;

test('what mails are about is chosen where notifications are, and kept at once', () => withClient(async (page, faults) => {
  await open(page, '/notifications/settings');
  const mails = page.locator('.mails'), tick = text => mails.locator('label', { hasText: text }).locator('input');
  await mails.waitFor();
  assert.deepEqual([await tick('Mentions').isChecked(), await tick('Favourites').isChecked(), await mails.locator('label', { hasText: 'Reports' }).count()], [true, false, 0]);
  await tick('Mentions').press('Space');
  await until(() => api('GET', '/api/v1/settings'), s => s[key('mention')] === false, 'no mail about mentions');
  await tick('Also while I am here').click();
  await until(() => api('GET', '/api/v1/settings'), s => s[key('always')] === true, 'always');
  await accessible(page);
  await fits(page, 'mails');
  assert.deepEqual(faults, []);
}));

test('log-ins are shown with what failed', () => withClient(async (page, faults) => {
  const form = await page.context().browser().newContext();
  try {
    const stranger = await form.newPage();
    await stranger.goto(new URL('/auth/sign_in', process.env.BASE).href);
    await stranger.locator('input[name=email]').fill(process.env.USER_EMAIL);
    await stranger.locator('input[name=password]').fill('not the password');
    await stranger.keyboard.press('Enter');
    await stranger.locator('text=is wrong').waitFor();
  } finally {
    await form.close();
  }
  await open(page, '/settings/access');
  const rows = page.locator('.logins li');
  await rows.nth(1).waitFor();
  assert.match(await rows.first().innerText(), /Chrome[^]*Failed[^]*Password · 127\.0\.0\.1/);
  assert.doesNotMatch(await rows.nth(1).innerText(), /Failed/);
  await accessible(page);
  await fits(page, 'log-ins');
  assert.deepEqual(faults, []);
}));

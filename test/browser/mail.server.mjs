// Settings that there are only on a server that sends mail, and the history of log-ins.
import test from 'node:test';
import assert from 'node:assert/strict';
import { PATIENCE, accessible, becomes, drawn, until } from './browser.mjs';
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

test('a second choice waits for the answer to the first, which does not undo it', () => withClient(async page => {
  await open(page, '/notifications/settings');
  const boxes = page.locator('.mails'), tick = text => boxes.locator('label', { hasText: text }).locator('input'), log = [], choices = ['Boosts', 'Quotes'];
  await boxes.waitFor();
  const before = await Promise.all(choices.map(x => tick(x).isChecked())), wanted = before.map(x => !x);
  let go;
  const held = new Promise(r => { go = r; });
  await page.route('**/api/v1/settings', async route => {
    if (route.request().method() !== 'PATCH') return route.continue();
    const what = Object.keys(route.request().postDataJSON())[0].split(':')[1];
    log.push(`${what} asked`);
    const response = await route.fetch();
    if (what === 'reblog') await held;
    log.push(`${what} answered`);
    return route.fulfill({ response });
  });
  for (const choice of choices) await tick(choice).click();
  await drawn(page); // whatever was not to wait has been asked
  go();
  await until(() => log.length, n => n === 4, 'both are told');
  assert.deepEqual(log, ['reblog asked', 'reblog answered', 'quote asked', 'quote answered']);
  await page.waitForFunction(() => document.documentElement.dataset.untold === '0');
  await becomes(() => Promise.all(choices.map(x => tick(x).isChecked())), wanted);
  assert.deepEqual(await api('GET', '/api/v1/settings').then(s => ['reblog', 'quote'].map(x => s[key(x)])), wanted);
}, { serviceWorkers: 'block' }));

test('log-ins are shown with what failed', () => withClient(async (page, faults) => {
  const form = await page.context().browser().newContext();
  form.setDefaultTimeout(PATIENCE);
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

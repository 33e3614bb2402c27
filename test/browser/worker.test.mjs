// The client as an app: without a network, and told of what happens while no page is open.
import test from 'node:test';
import assert from 'node:assert/strict';
import { accessible, base, until } from './browser.mjs';
import { open, toot, withClient } from './client.mjs';

const { OTHER_TOKEN, USER_NAME: name } = process.env;

test('what was seen last is there without a network, and says so', () => withClient(async page => {
  await toot('Read in the tunnel');
  await open(page, '/home');
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
  await open(page, '/home'); // through the worker now
  await page.locator('article', { hasText: 'Read in the tunnel' }).waitFor();
  await page.context().setOffline(true);
  await page.goto('/home');
  await page.locator('article', { hasText: 'Read in the tunnel' }).waitFor();
  await page.locator('.offline-bar').waitFor();
  await accessible(page);
  await page.context().setOffline(false);
  await page.locator('.offline-bar').waitFor({ state: 'detached' });
}));

test('a push becomes a notification with its words', () => withClient(async page => {
  const id = (await toot(`@${name} wake up`, {}, OTHER_TOKEN)).id;
  assert.ok(id);
  await page.context().grantPermissions(['notifications'], { origin: new URL(base).origin });
  await open(page, '/notifications/settings');
  await page.locator('.push').waitFor();
  await accessible(page);
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
  const session = await page.context().newCDPSession(page);
  const known = new Promise(tell => session.on('ServiceWorker.workerRegistrationUpdated', e => {
    const ours = e.registrations.find(r => !r.isDeleted && r.scopeURL.startsWith(new URL(base).origin));
    if (ours) tell(ours);
  }));
  await session.send('ServiceWorker.enable');
  const { registrationId } = await known;
  const push = { origin: new URL(base).origin, registrationId,
    data: JSON.stringify({ access_token: 'none', notification_id: 12, title: 'Ann mentioned you', body: 'wake up' }) };
  // Once more when nothing came of it: the browser drops what comes while the worker starts.  The same notification is shown once.
  let looks = 0;
  const notifications = async () => (looks++ % 50 === 0 && await session.send('ServiceWorker.deliverPushMessage', push), page.evaluate(async () => (await (await navigator.serviceWorker.ready).getNotifications()).map(n => [n.title, n.body, n.tag])));
  const shown = await until(notifications, all => all.length > 0, 'a notification');
  assert.deepEqual(shown, [['Ann mentioned you', 'wake up', '12']]);
}));

test('the client can be installed, and what other apps share goes to the composer', async () => {
  const manifest = await (await fetch(new URL('/manifest.webmanifest', base))).json();
  assert.equal(manifest.share_target.action, '/share');
  for (const icon of manifest.icons) {
    const answer = await fetch(new URL(icon.src, base));
    assert.equal(answer.headers.get('content-type'), icon.type);
  }
  const worker = await fetch(new URL('/sw.js', base));
  assert.match(worker.headers.get('cache-control'), /no-cache/);
  assert.match(await worker.text(), /showNotification/);
});

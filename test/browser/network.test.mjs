// The built-in client where the network is as it is: pages are left, sessions end, servers and lines go away and come back.
import test from 'node:test';
import assert from 'node:assert/strict';
import { api, open, toot, until, withClient } from './client.mjs';

const readUntil = () => api('GET', '/api/v1/markers?timeline[]=home').then(m => m.home?.last_read_id ?? '0');

// The client's own timer for this never rings, so that only the leaving can have told it.
const withoutTimers = page => page.addInitScript(() => {
  const real = window.setTimeout;
  window.setTimeout = (run, ms, ...more) => (ms >= 2000 ? 0 : real(run, ms, ...more));
});

const ways = {
  'to another view': page => page.locator('nav a[href="/search"]:visible').first().click(),
  'to a page of the server': page => page.goto('/about'),
  'to another site': page => page.goto('about:blank'),
  'by closing the tab': page => page.close(),
  'by reloading': page => page.reload(),
  'for another app': page => page.evaluate(() => {
    Object.defineProperty(document, 'visibilityState', { value: 'hidden' }); // a browser without a window has no other one to show
    document.dispatchEvent(new Event('visibilitychange'));
  }),
};

test('how far one has read is told, however one leaves', () => withClient(async page => {
  await open(page, '/home');
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined)); // what leaves goes by it
  for (const [way, leave] of Object.entries(ways)) {
    const post = await toot(`Read before leaving ${way}`), tab = await page.context().newPage();
    await withoutTimers(tab);
    await open(tab, '/home');
    await tab.locator(`[data-post="${post.id}"]`).waitFor();
    await tab.evaluate(() => new Promise(r => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(r))))); // drawn, and noticed
    assert.notEqual(await readUntil(), post.id);
    await leave(tab);
    await until(readUntil, id => id === post.id, `left ${way}`);
    await tab.close();
  }
}));

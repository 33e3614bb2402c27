// The built-in client where the network is as it is: pages are left, sessions end, servers and lines go away and come back.
import test from 'node:test';
import assert from 'node:assert/strict';
import { becomes, drawn, until, withPage } from './browser.mjs';
import { anew, api, gone, kept, live, open, said, signIn, toot, whoami, withClient, withoutTimers } from './client.mjs';

const { CONTROL, OTHER_TOKEN, OTHER_NAME, OTHER_EMAIL, OTHER_PASSWORD, USER_NAME, BASE } = process.env;

const readUntil = () => api('GET', '/api/v1/markers?timeline[]=home').then(m => m.home?.last_read_id ?? '0');

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
    await withoutTimers(tab, 400); // posts wait for the mark, and only the leaving can have told it
    await open(tab, '/home');
    await tab.locator(`[data-post="${post.id}"]`).waitFor();
    await drawn(tab); // and noticed
    assert.notEqual(await readUntil(), post.id);
    await leave(tab);
    await until(readUntil, id => id === post.id, `left ${way}`);
    await tab.close();
  }
}));

const control = what => fetch(new URL(what, CONTROL), { method: 'POST' });
const wide = { viewport: { width: 1440, height: 900 } }; // where the page says whether it is connected
const write = async (page, text) => {
  await page.locator('.inline-composer button').click();
  await page.locator('#composer-text').fill(text);
};
const png = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64');
const mine = async text => (await api('GET', `/api/v1/accounts/${(await whoami()).id}/statuses?limit=40`)).filter(p => p.content.includes(text));
const token = page => page.evaluate(() => JSON.parse(localStorage.getItem('dassie.accounts'))[0].token);
const revoke = async page => fetch(new URL('/oauth/revoke', BASE), { method: 'POST', body: new URLSearchParams({ client_id: 'dassie-web', token: await token(page), keep_session: 'true' }) });

test('a session that ends while one writes: the page says so unasked, and one writes on where one was', () => withPage(async page => {
  await signIn(page);
  const post = await toot('To answer when the session ends');
  await open(page, `/@${USER_NAME}/${post.id}`);
  await live(page);
  await page.locator('.focal-box .do-reply').click();
  await page.locator('#composer-text').fill('Half an answer');
  await revoke(page);
  await anew(page, () => page.locator('.compose .lost button').click()); // nothing was clicked: the stream was closed
  await page.waitForURL(url => url.pathname === `/@${USER_NAME}/${post.id}`);
  await page.locator('#composer-text').waitFor();
  await becomes(() => page.locator('#composer-text').inputValue(), 'Half an answer');
  await page.keyboard.press('Control+Enter');
  await gone(page);
  assert.equal((await mine('Half an answer'))[0].in_reply_to_id, post.id);
}, wide));

test('the server dies while a file is on its way: the words stay, the file goes again, and the post is there once', () => withClient(async page => {
  await open(page, '/home');
  await live(page);
  await page.locator('article').first().waitFor();
  await write(page, 'Through the power cut');
  await page.locator('.saved', { hasText: 'Draft saved' }).waitFor();
  let go;
  const held = new Promise(r => { go = r; });
  await page.route('**/api/v2/media', async route => { await held; await route.continue(); });
  await page.locator('.composer input[type=file]').setInputFiles({ name: 'dot.png', mimeType: 'image/png', buffer: png });
  await page.locator('.uploading').waitFor();
  await control('/kill');
  go();
  await page.locator('.uploading .icon-button[title="Try again"]').waitFor();
  await page.locator('.offline').waitFor();
  await page.locator('#composer-text').fill('Through the power cut, and on');
  await page.locator('.saved', { hasText: 'Kept in this browser' }).waitFor();
  await control('/start');
  const missed = await toot('Missed while it was away');
  await page.locator('.attachments .describe').waitFor(); // without a click
  await live(page);
  // The answer is lost, not the post.
  await page.route('**/publish', async route => { await route.fetch(); await route.abort(); });
  await page.locator('.composer [type=submit]').click();
  await page.locator('.reminder button').last().click();
  await said(page, '', true);
  await page.unroute('**/publish');
  await becomes(() => page.locator('#composer-text').inputValue(), 'Through the power cut, and on');
  await page.locator('.composer [type=submit]').click();
  await gone(page);
  const posted = await mine('Through the power cut');
  assert.deepEqual(posted.map(p => [p.content, p.media_attachments.length]), [['<p>Through the power cut, and on</p>', 1]]);
  await kept('/api/v1/drafts', all => all, []);
  await page.locator('.offer button').click();
  await page.locator(`[data-post="${missed.id}"]`).waitFor(); // what was missed fills the hole
}, { ...wide, serviceWorkers: 'block' }));

test('a draft whose answer was lost is not kept twice', () => withClient(async page => {
  await open(page, '/home');
  let lost = 0;
  await page.route('**/api/v1/drafts*', async route => {
    if (route.request().method() !== 'POST' || lost++ > 0) return route.continue();
    await route.fetch();
    return route.abort();
  });
  await write(page, 'Kept, but who knows');
  await page.locator('.saved', { hasText: 'Kept in this browser' }).waitFor();
  await page.locator('#composer-text').fill('Kept, but who knows. We do.');
  await page.locator('.saved', { hasText: 'Draft saved' }).waitFor();
  assert.deepEqual((await api('GET', '/api/v1/drafts')).map(d => d.posts[0].text), ['Kept, but who knows. We do.']);
  await page.keyboard.press('Control+Enter');
  await gone(page);
}, { serviceWorkers: 'block' }));

test('a request that never answers is given up, says so, and is made once', () => withClient(async page => {
  await page.addInitScript(() => {
    const stops = [];
    AbortSignal.timeout = () => { const c = new AbortController(); stops.push(c); return c.signal; };
    window.patienceEnds = () => stops.forEach(c => c.abort(new DOMException('', 'TimeoutError')));
  });
  await open(page, '/home');
  await write(page, 'Into the silence');
  await page.route('**/api/v1/statuses/thread', route => route.fetch()); // done there, never answered here
  await page.keyboard.press('Control+Enter');
  await until(() => mine('Into the silence'), p => p.length === 1, 'the post');
  await page.evaluate(() => window.patienceEnds());
  await said(page, 'The server does not answer', true);
  await page.unroute('**/api/v1/statuses/thread');
  await page.keyboard.press('Escape'); // what was closed on the way is still the same post
  await gone(page);
  await page.keyboard.press('n');
  await page.locator('#composer-text').waitFor();
  await page.keyboard.press('Control+Enter');
  await gone(page);
  assert.equal((await mine('Into the silence')).length, 1);
  await kept('/api/v1/drafts', all => all, []);
}, { serviceWorkers: 'block' }));

test('two people who follow each other see what the other does as it happens, also on a slow line', t => withClient(async page => withPage(async other => {
  const ids = {};
  for (const [who, of] of [[undefined, OTHER_NAME], [OTHER_TOKEN, USER_NAME]]) {
    ids[of] = (await api('GET', `/api/v1/accounts/lookup?acct=${of}`)).id;
    await api('POST', `/api/v1/accounts/${ids[of]}/follow`, {}, who);
  }
  await signIn(other, '/home', OTHER_EMAIL, OTHER_PASSWORD);
  for (const p of [page, other]) {
    await withoutTimers(p, 2000); // nothing is found by asking again
    await open(p, '/home');
    await live(p);
  }
  const line = await other.context().newCDPSession(other);
  await line.send('Network.enable');
  await line.send('Network.emulateNetworkConditions', { offline: false, latency: 400, downloadThroughput: 50_000, uploadThroughput: 50_000 });
  // When it stands in the page, by the page's own clock: both run on this machine.
  const seen = (where, selector) => where.evaluate(s => new Promise(tell => {
    const look = () => document.querySelector(s) && tell(Date.now());
    new MutationObserver(look).observe(document.body, { subtree: true, childList: true, characterData: true });
    look();
  }), selector);
  const asked = [];
  for (const [p, who] of [[page, 'one'], [other, 'other']]) p.on('request', r => { if (/timelines|notifications/.test(r.url()) && !r.url().includes('max_id=') && r.method() === 'GET') asked.push(`${who} ${r.url()}`); }); // older posts are no news
  const offered = seen(other, '.offer');
  await write(page, 'Do you read this?');
  const answered = page.waitForResponse('**/api/v1/statuses/thread').then(() => Date.now());
  await page.keyboard.press('Control+Enter');
  const first = await offered - await answered;
  const told = seen(page, '.side a[href="/notifications"] .badge-count');
  const { id } = (await mine('Do you read this?'))[0];
  assert.deepEqual(asked, []); // it was sent
  await other.locator('.offer button').click();
  const liked = other.waitForResponse('**/favourite').then(() => Date.now());
  await other.locator(`[data-post="${id}"] .do-favourite`).click();
  t.diagnostic(`seen ${first} ms and ${await told - await liked} ms after the answer`);
  assert.deepEqual(asked.filter(a => a.startsWith('one')), []);
}, wide), wide));

test('what happened while the line was opening is there all the same', () => withClient(async page => {
  await page.addInitScript(() => {
    const Real = WebSocket, held = new Promise(r => { window.openLine = r; });
    window.WebSocket = class {
      static OPEN = 1;
      readyState = 0;
      constructor(...how) {
        held.then(() => {
          this.line = new Real(...how);
          this.line.onopen = () => { this.readyState = 1; this.onopen(); };
          for (const on of ['onmessage', 'onclose']) this.line[on] = e => this[on](e);
        });
      }
      send(text) { this.line.send(text); }
      close() { this.line?.close(); }
    };
  });
  const tell = async text => {
    const { id } = await toot(`@${USER_NAME} ${text}`, {}, OTHER_TOKEN);
    await until(() => api('GET', '/api/v1/notifications'), all => all.some(n => n.status?.id === id), text);
    await page.evaluate(() => window.openLine());
  };
  await open(page, '/notifications');
  await tell('while it opens');
  await page.locator('.notification article', { hasText: 'while it opens' }).waitFor();
  await open(page, '/public/local');
  await tell('once more');
  await page.locator('.side a[href="/notifications"] .badge-count').waitFor();
  await page.locator('.offer button').click();
  await page.locator('article', { hasText: 'once more' }).waitFor();
}, wide));

test('a page that comes to the front while its line opens does not begin it anew', () => withClient(async (page, faults) => {
  await page.addInitScript(() => {
    window.WebSocket = class extends WebSocket {
      constructor(...how) {
        super(...how);
        if (sockets.length === 1) queueMicrotask(() => document.dispatchEvent(new Event('visibilitychange')));
      }
    };
  });
  await open(page, '/home');
  await live(page);
  assert.equal(await page.evaluate(() => sockets.length), 1);
  assert.deepEqual(faults, []);
}));

test('offline and back: what was missed is offered, and a line that broke in silence is not trusted', () => withClient(async page => {
  await open(page, '/public/local');
  await live(page);
  await page.locator('article').first().waitFor();
  await page.context().setOffline(true);
  await page.locator('.offline-bar').waitFor();
  const socket = page.waitForEvent('websocket');
  await toot('Posted while it was offline', {}, OTHER_TOKEN);
  await page.context().setOffline(false);
  await socket; // a new one, though nobody closed the old
  await page.locator('.offer button').click();
  await page.locator('article', { hasText: 'Posted while it was offline' }).waitFor();
}, { ...wide, serviceWorkers: 'block' }));

// The built-in client in a page: signing in, and what its tests need of the API.
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { base, becomes, drawn, withPage } from './browser.mjs';

export { fits } from './browser.mjs';

const { USER_EMAIL, USER_PASSWORD, TOKEN } = process.env;

// An API call as the person of the fixture, or as who has the token.
export async function api(method, path, body, token = TOKEN) {
  const answer = await fetch(new URL(path, base), { method, headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
    body: body && JSON.stringify(body) });
  assert.ok(answer.ok, `${method} ${path}: ${answer.status} ${await answer.clone().text()}`);
  return answer.json();
}

// Until a path answers what `of` makes this of it.
export const kept = (path, of, wanted, token) => becomes(async () => of(await api('GET', path, undefined, token)), wanted, path);
export const whoami = token => api('GET', '/api/v1/accounts/verify_credentials', undefined, token);

export const toot = (status, more = {}, token = TOKEN) => api('POST', '/api/v1/statuses', { status, ...more }, token);

// Through the server's own log-in, to a path of the client.
export async function signIn(page, path = '/home', email = USER_EMAIL, password = USER_PASSWORD) {
  await page.goto(path);
  await page.waitForURL(/\/auth\/sign_in/);
  await page.locator('input[name=email]').fill(email);
  await page.locator('input[name=password]').fill(password);
  await page.keyboard.press('Enter');
  await page.waitForURL(url => url.pathname === path);
  await page.locator('.column-head h1').waitFor();
}

let state; // of a browser that is signed in; made once
const followed = { theme: null, contrast: null, motion: null, layout: null, language: null, tone: null, columns: null };
// The settings of the client that follow its person begin anew in each test; one that changed the password has ended the token.
const forgetSettings = () => fetch(new URL('/api/v1/client_settings', base), { method: 'PUT', headers: { Authorization: `Bearer ${TOKEN}`, 'Content-Type': 'application/json' },
  body: JSON.stringify({ settings: followed }) }).then(r => assert.ok(r.ok || r.status === 401, `client_settings: ${r.status}`));
// fn(page, faults) with the person of the fixture signed in, in a profile of its own.
export async function withClient(fn, options = {}) {
  state ??= (async () => {
    let found;
    await withPage(async page => {
      await signIn(page);
      found = await page.context().storageState();
    });
    return found;
  })();
  await forgetSettings();
  await withPage(fn, { storageState: await state, ...options });
}

// Nothing loads, nor does what is asked for when that has been drawn, as the next page of a short list.
export const quiet = page => page.waitForFunction(() => {
  const still = () => document.querySelector('.column-title') && ![...document.querySelectorAll('.spinner, .bones')].some(e => e.checkVisibility());
  return still() && new Promise(r => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(() => r(still())))));
});

// Open a path of the client and wait until nothing loads any more.
export async function open(page, path) {
  await page.goto(path);
  await page.locator('.column-head h1').waitFor();
  await quiet(page);
}

// To another address without loading the client again, as "back" would.
export async function turn(page, path) {
  await page.evaluate(p => {
    history.pushState({ key: Math.random().toString(36), y: 0 }, '', p);
    dispatchEvent(new PopStateEvent('popstate', { state: history.state }));
  }, path);
  await quiet(page).catch(() => assert.fail(`${path} loads for ever`));
}

// The stream is open, and the server has heard all that the page wants to be told: it answers in order, also to what it does not understand.
export const live = page => page.waitForFunction(() => {
  const line = globalThis.sockets.findLast(s => s.readyState === WebSocket.OPEN);
  return line && new Promise(tell => {
    line.addEventListener('message', e => { if ('error' in JSON.parse(e.data)) tell(true); });
    line.addEventListener('close', () => tell(false));
    line.send('{}');
  });
});
// A toast has said it, may it stand there yet or not.
export const said = (page, text, bad = false) => page.waitForFunction(([words, kind]) => {
  const at = toasts.findIndex(x => x.startsWith(kind) && x.includes(words));
  return at >= 0 && toasts.splice(0, at + 1);
}, [text, bad ? 'bad: ' : '']);
// What leads to another document, perhaps at the same address, and is done when that is there.
export async function anew(page, act) {
  await page.evaluate(() => { globalThis.former = true; });
  await act();
  await page.waitForFunction(() => !globalThis.former);
}
// The client's own timers of so many milliseconds never ring: what they would end waits for the answer, however late it is.
export const withoutTimers = (page, from, to = Infinity) => page.addInitScript(([least, most]) => {
  const real = window.setTimeout;
  window.setTimeout = (run, ms, ...more) => (ms >= least && ms <= (most ?? Infinity) ? 0 : real(run, ms, ...more));
}, [from, to]);
// The composer has been closed.
export const gone = page => page.waitForFunction(() => !document.querySelector('.composer'));

// From right to left, whatever the language says.
export const fromRight = page => page.addInitScript(() => addEventListener('DOMContentLoaded', () => {
  const turned = () => { if (document.documentElement.dir !== 'rtl') document.documentElement.dir = 'rtl'; };
  new MutationObserver(turned).observe(document.documentElement, { attributes: true });
  turned();
}));

// Scroll until so many pixels are above, as fast as the list grows.
export async function scrollDown(page, to) {
  for (let y = 0; y < to;) {
    y = Math.min(to, y + 1500);
    await page.waitForFunction(at => document.documentElement.scrollHeight - innerHeight >= at, y);
    await page.evaluate(at => scrollTo(0, at), y);
    await drawn(page);
  }
}

// A code of the second factor: RFC 6238 with the usual 30 seconds, six digits.
export function code(secret) {
  const bits = [...secret].map(c => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(c).toString(2).padStart(5, '0')).join('');
  const key = Buffer.from(bits.match(/.{8}/g).map(b => parseInt(b, 2))), counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000)));
  const mac = createHmac('sha1', key).update(counter).digest(), at = mac[19] & 15;
  return String((mac.readUInt32BE(at) & 0x7fffffff) % 1_000_000).padStart(6, '0');
}

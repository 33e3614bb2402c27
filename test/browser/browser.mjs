// A page in Debian's Chromium for the tests of this folder: what went wrong on it is collected, and axe looks at it.
import { chromium } from 'playwright-core';
import axe from 'axe-core';
import assert from 'node:assert/strict';
import { after } from 'node:test';
import { isDeepStrictEqual } from 'node:util';

export const base = process.env.BASE;
// Milliseconds after which something will not happen any more, as in lib/timing.py: it says nothing about speed.
export const PATIENCE = 1000 * Number(process.env.PATIENCE ?? 90);

// Ask until the answer is right; the answer.
export async function until(ask, right = Boolean, what = String(ask)) {
  for (const end = Date.now() + PATIENCE; ;) {
    const got = await ask();
    if (right(got)) return got;
    assert.ok(Date.now() < end, `${what}: ${JSON.stringify(got)}`);
    await new Promise(r => setTimeout(r, 20)); // whoever waits must not be the load
  }
}

// Until the answer is just this.
export const becomes = (ask, wanted, what = String(ask)) => until(ask, got => isDeepStrictEqual(got, wanted), `${what} does not become ${JSON.stringify(wanted)}`);

// What a selector says, without the shapes of what still loads: those have its classes too.
export const real = selector => `:is(${selector}):not(.bones *)`;

// Until there are so many of them; until one of them has the focus, or what a selector says.
export const count = (locator, n) => becomes(() => locator.count(), n, String(locator));
export const hasFocus = (page, selector) => page.waitForFunction(s => document.activeElement?.matches(s), selector);
export const focusOf = locator => until(() => locator.evaluate(e => e === document.activeElement), Boolean, `${locator} does not have the focus`);

// Until the page has been drawn, and what follows from its being drawn has begun.
export const drawn = page => page.evaluate(() => new Promise(r => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(r)))));

// What Playwright turns off, as only the last list counts; and the suggestions of the address bar, two pages more for each window.
const off = ['AvoidUnnecessaryBeforeUnloadCheckSync', 'DestroyProfileOnBrowserClose', 'HttpsUpgrades', 'HttpsFirstBalancedModeAutoEnable', 'LensOverlay', 'MediaRouter', 'PaintHolding',
  'ThirdPartyStoragePartitioning', 'AvoidCorsURLLoaderRestartOnRedirect', 'OptimizationHints', 'NetworkTimeServiceQuerying', 'PreconnectToSearch', 'WebUIOmniboxPopup', 'WebUIOmniboxAimPopup'];
const args = ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', `--disable-features=${off}`];
if (process.env.CHROMIUM_RULES) args.push(`--host-resolver-rules=${process.env.CHROMIUM_RULES}`, '--ignore-certificate-errors');

// To find what may happen in another order: SLOW=6 divides the speed of each page by six, LATE=400 lets each answer of the API come up to 400 ms later.
const { SLOW, LATE } = process.env;
async function hinder(context) {
  if (SLOW) context.on('page', page => protocol(page).then(p => p.send('Emulation.setCPUThrottlingRate', { rate: Number(SLOW) })).catch(() => undefined)); // it may be closed
  if (LATE) await context.route('**/api/**', async route => {
    await new Promise(r => setTimeout(r, Math.random() * LATE));
    await route.continue().catch(() => undefined); // who asked may have gone
  });
}

let browser; // one for all tests of a file
export const closeBrowser = async () => (await browser)?.close();
after(closeBrowser);

// For each page, before its own scripts: the lines it opens, and what its toasts said, which go away by themselves.
function remember() {
  globalThis.sockets = [];
  globalThis.WebSocket = class extends WebSocket { constructor(...how) { super(...how); sockets.push(this); } };
  globalThis.toasts = [];
  new MutationObserver(all => {
    for (const n of all.flatMap(m => [...m.addedNodes])) if (n instanceof Element && n.matches('.toasts p')) toasts.push(`${n.className}: ${n.textContent}`);
  }).observe(document, { subtree: true, childList: true });
}

// fn(page, faults) in a fresh browser profile; faults lists errors on the console, failed requests and exceptions.
export async function withPage(fn, options = {}) {
  browser ??= chromium.launch({ executablePath: '/usr/bin/chromium', args, timeout: PATIENCE });
  const context = await (await browser).newContext({ baseURL: base, bypassCSP: false, reducedMotion: 'reduce', ...options }); // what glides is waited for, and drawn all the while
  context.setDefaultTimeout(PATIENCE);
  try {
    await context.addInitScript(remember);
    await hinder(context);
    const page = await context.newPage();
    const faults = [];
    page.on('console', m => { if (m.type() === 'error') faults.push(m.text()); });
    page.on('pageerror', e => faults.push(String(e)));
    // What leaving the page cut off is no fault.
    page.on('requestfailed', r => { if (r.failure()?.errorText !== 'net::ERR_ABORTED') faults.push(`${r.url()}: ${r.failure()?.errorText}`); });
    await fn(page, faults);
  } finally {
    await context.close();
  }
}

// Open a path; the answer has this status, nothing failed, and the page is usable without eyes or mouse.
export async function visit(page, faults, path, status = 200, look = accessible) {
  const answer = await page.goto(path);
  assert.equal(answer.status(), status, `${path}: ${answer.status()}`);
  await look(page);
  if (status < 400) assert.deepEqual(faults, [], path);
}

const sessions = new WeakMap();
// The debugging protocol of a page.  Never detached: with any session of the page its authenticators would go.
export function protocol(page) {
  if (!sessions.has(page)) sessions.set(page, page.context().newCDPSession(page));
  return sessions.get(page);
}

// axe runs through the debugging protocol, which the page's security policy does not concern.
export async function accessible(page, rules) {
  const session = await protocol(page);
  const evaluate = async expression => {
    const { result, exceptionDetails } = await session.send('Runtime.evaluate', { expression, awaitPromise: true, returnByValue: true });
    if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
    return result.value;
  };
  if (!await evaluate('Boolean(globalThis.axe?.run)')) await evaluate(axe.source + ';0');
  const found = await evaluate(`axe.run(document, { resultTypes: ['violations']${rules ? `, runOnly: ${JSON.stringify(rules)}` : ''} }).then(r => JSON.stringify(
    r.violations.map(v => v.id + ': ' + v.help + ' ' + v.nodes.map(n => n.target.join(' ')).join(', '))))`);
  assert.deepEqual(JSON.parse(found), [], page.url());
}

// What depends on colours and sizes, not on the document.
const seen = ['color-contrast', 'link-in-text-block', 'scrollable-region-focusable', 'target-size', 'landmark-unique', 'page-has-heading-one'];

// Nothing of the page is wider than the window, once what depends on its width has been drawn.
export const fits = (page, what) => until(() => page.evaluate(() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]),
  ([wide, room]) => wide <= room, `${what} in its window`);

// The same page on a phone in the light and on a desk in the dark: usable, and nothing to push sideways; the latter on a tablet too.
export async function accessibleBothWays(page, what = page.url()) {
  for (const [width, height, colorScheme, rules] of [[768, 1024, 'light', []], [360, 780, 'light'], [1440, 900, 'dark', seen]]) {
    await page.setViewportSize({ width, height });
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await fits(page, what);
    if (rules?.length !== 0) await accessible(page, rules);
  }
}

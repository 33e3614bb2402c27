// Reading in the built-in client: with the keyboard alone, from right to left, with large text, for a long time.
import test from 'node:test';
import assert from 'node:assert/strict';
import { accessible, base, becomes, count, hasFocus, protocol, real, until, withPage } from './browser.mjs';
import { api, fits, kept, open, scrollDown, toot, turn, whoami, withClient } from './client.mjs';
import { tabTo } from './keys.mjs';

const { USER_NAME: name, USER_EMAIL, USER_PASSWORD, STATUS_URL, OTHER_TOKEN, OTHER_NAME } = process.env;

const focused = page => page.evaluate(() => document.activeElement?.closest('[data-post]')?.dataset.post ?? document.activeElement?.tagName);
const at = (page, what) => becomes(() => focused(page), what, 'the focus');

test('without a mouse: sign in, read, open, answer, boost, favourite, and back to where one was', () => withPage(async (page, faults) => {
  const older = await toot('The older of two', {}), newer = await toot('The newer of two', {});
  await page.goto('/home');
  await page.locator('input[name=email]').focus();
  await page.keyboard.type(USER_EMAIL);
  await tabTo(page, 'input[name=password]');
  await page.keyboard.type(USER_PASSWORD);
  await page.keyboard.press('Enter');
  await page.locator(`[data-post="${older.id}"]`).waitFor();
  await tabTo(page, `[data-post="${newer.id}"]`);
  await tabTo(page, `[data-post="${newer.id}"] .do-favourite`);
  await page.keyboard.press('Space');
  await page.locator(`[data-post="${newer.id}"] .do-favourite[aria-pressed=true]`).waitFor();
  await page.keyboard.press('j');
  await at(page, older.id);
  await tabTo(page, `[data-post="${older.id}"] .do-boost`);
  await page.keyboard.press('Enter');
  await page.locator('.menu[role=menu]').waitFor();
  await page.keyboard.press('Enter'); // the first of its menu
  await page.locator(`[data-post="${older.id}"] .do-boost[aria-pressed=true]`).first().waitFor();
  await at(page, older.id);
  await tabTo(page, `[data-post="${older.id}"] .by-when a, [data-post="${older.id}"] .actions-row button`);
  await page.evaluate(id => document.querySelector(`[data-post="${id}"]`).focus(), older.id);
  await page.keyboard.press('Enter');
  await page.locator(real('.focal-box')).waitFor();
  await at(page, 'H1');
  await tabTo(page, '.focal-box .do-reply');
  await page.keyboard.press('Enter');
  await page.locator('#composer-text:focus').waitFor();
  await page.keyboard.type('Answered by keys alone');
  await page.keyboard.press('Control+Enter');
  await page.locator('.descendants article', { hasText: 'Answered by keys alone' }).waitFor();
  await hasFocus(page, '.do-reply');
  await page.keyboard.press('Backspace');
  await page.locator('.inline-composer').waitFor();
  await at(page, older.id);
  assert.deepEqual(faults, []);
}));

test('the focus is never lost: a post that is deleted hands it to the next, one that scrolls away to what can be seen', () => withClient(async (page, faults) => {
  for (let i = 0; i < 40; i += 10) await Promise.all(Array.from({ length: 10 }, (_, k) => toot(`To keep ${i + k}`)));
  const below = await toot('Stays here'), going = await toot('Goes away');
  await open(page, '/home');
  const more = page.locator(`[data-post="${going.id}"] .actions-row .menu-anchor`).last().locator('button').first();
  await more.focus();
  await page.keyboard.press('Enter');
  await page.locator('.menu[role=menu]').waitFor();
  await page.keyboard.press('End');
  await page.keyboard.press('Enter');
  await page.locator('dialog').waitFor();
  await tabTo(page, 'dialog .button.danger');
  await page.keyboard.press('Enter');
  await page.locator(`[data-post="${going.id}"]`).waitFor({ state: 'detached' });
  await at(page, below.id);
  await scrollDown(page, 4400);
  await until(() => focused(page), what => what !== 'BODY', 'the focus');
  await page.keyboard.press('j'); // goes on from what can be seen
  await page.waitForFunction(() => Math.abs(document.activeElement.getBoundingClientRect().top) < innerHeight);
  await until(() => focused(page), what => what !== below.id, 'the focus');
  assert.deepEqual(faults, []);
}));

test('filters act where they are meant to: left out, behind a word, pictures veiled', () => withClient(async (page, faults) => {
  const me = await whoami(OTHER_TOKEN);
  await api('POST', `/api/v1/accounts/${me.id}/follow`, {});
  const filter = (title, filter_action, context, keyword) => api('POST', '/api/v2/filters', { title, filter_action, context, keywords_attributes: [{ keyword, whole_word: true }] });
  const made = [await filter('No zebras', 'hide', ['home'], 'zebra'), await filter('Spoilers', 'warn', ['public'], 'finale')];
  try {
    const zebra = await toot('A zebra crosses', {}, OTHER_TOKEN), finale = await toot('The finale was long', {}, OTHER_TOKEN);
    await kept('/api/v1/timelines/home?limit=5', all => all.some(p => p.id === finale.id), true); // else it is offered, not shown
    await open(page, '/home');
    await page.locator(`[data-post="${finale.id}"]`, { hasText: 'was long' }).waitFor();
    await count(page.locator(`[data-post="${zebra.id}"]`), 0);
    await open(page, '/public/local');
    await page.locator(`[data-post="${zebra.id}"]`, { hasText: 'crosses' }).waitFor();
    const veiled = page.locator(`[data-post="${finale.id}"]`);
    await veiled.getByText('Spoilers').waitFor();
    await count(veiled.getByText('was long'), 0);
    await veiled.focus();
    await page.keyboard.press('x');
    await veiled.getByText('was long').waitFor();
    await at(page, finale.id);
    assert.deepEqual(faults, []);
  } finally {
    for (const f of made) await api('DELETE', `/api/v2/filters/${f.id}`);
  }
}));

// Words of a name and an address in letters from left to right, where the page runs from right to left.
const besideFace = () => [...document.querySelectorAll('main :is(.by-name, .who > span):not(.bones *)')].map(e => ['.name', '.handle'].map(s => {
  const range = document.createRange();
  if (!e.querySelector(s)) return e.getBoundingClientRect().right;
  range.selectNodeContents(e.querySelector(s));
  return range.getBoundingClientRect().right;
})).filter(([a, b]) => Math.abs(a - b) > 3);

test('from right to left, with text twice as large, at 320 px and in colours of the system nothing is cut off', () => withClient(async (page, faults) => {
  await toot('مرحبا بالعالم، هذا نص طويل بعض الشيء (dassie) ثم ينتهي.', { language: 'ar' }, OTHER_TOKEN);
  await toot('שלום https://example.com/a/path ועוד', { language: 'he', spoiler_text: 'אזהרה' }, OTHER_TOKEN);
  await toot('Which way?', { poll: { options: ['left', 'يمين'], expires_in: 3600 } }, OTHER_TOKEN);
  const known = new URL(STATUS_URL).pathname, id = known.split('/').at(-1);
  for (const what of ['reblog', 'favourite']) await api('POST', `/api/v1/statuses/${id}/${what}`, {}, OTHER_TOKEN);
  await toot('What I think of it', { quoted_status_id: id }, OTHER_TOKEN);
  await open(page, '/home');
  for (const path of ['/home', `${known}/reblogs`, `${known}/favourites`, `${known}/quotes`, '/public/local', `/@${name}`, `/@${OTHER_NAME}`, known, '/notifications', '/search', '/lists', '/publish', '/settings', '/settings/profile', '/settings/account']) {
    await page.setViewportSize({ width: 360, height: 800 });
    await page.emulateMedia({ forcedColors: 'none' });
    await turn(page, path);
    await page.evaluate(() => { document.documentElement.dir = 'rtl'; });
    await fits(page, `${path} from right to left`);
    assert.deepEqual(await page.evaluate(besideFace), [], `${path}: names and addresses that do not begin beside the face`);
    await accessible(page);
    await page.evaluate(() => { document.documentElement.style.fontSize = '200%'; });
    for (const width of [360, 768, 1280]) {
      await page.setViewportSize({ width, height: 900 });
      await fits(page, `${path} at 200 %, ${width} px`);
    }
    await page.evaluate(() => { document.documentElement.dir = 'ltr'; document.documentElement.style.fontSize = ''; });
    await page.setViewportSize({ width: 320, height: 600 });
    await page.emulateMedia({ forcedColors: 'active' });
    await fits(page, `${path} at 320 px`);
  }
  await open(page, '/public/local');
  const ways = await page.evaluate(() => [...document.querySelectorAll('article .content')].map(e => [e.lang, getComputedStyle(e).direction]));
  assert.ok(ways.some(([lang, way]) => lang === 'ar' && way === 'rtl') && ways.some(([lang, way]) => lang !== 'ar' && lang !== 'he' && way === 'ltr'), JSON.stringify(ways));
  assert.deepEqual(faults, []);
}));

test('two fingers enlarge a picture, and then one moves within it; without them a stroke goes to the next', () => withClient(async (page, faults) => {
  const bytes = await page.screenshot(), files = [];
  for (const description of ['The first', 'The second']) {
    const form = new FormData();
    form.set('file', new Blob([bytes], { type: 'image/png' }), 'x.png');
    form.set('description', description);
    files.push((await (await fetch(new URL('/api/v2/media', base), { method: 'POST', body: form, headers: { Authorization: `Bearer ${OTHER_TOKEN}` } })).json()).id);
  }
  const post = await toot('Two pictures', { media_ids: files }, OTHER_TOKEN);
  await open(page, `/@${OTHER_NAME}/${post.id}`);
  await page.locator('.tile-open').first().click();
  const shows = text => page.locator('.viewer-text', { hasText: text }).waitFor(), scale = () => page.evaluate(() => visualViewport.scale);
  await shows('The first');
  const debug = await protocol(page), touch = (type, ...points) => debug.send('Input.dispatchTouchEvent', { type, touchPoints: points.map(([x, y], id) => ({ x, y, id })) });
  const stroke = async (from, to) => {
    await touch('touchStart', [from, 300]);
    for (let i = 1; i <= 4; i++) await touch('touchMove', [from + (to - from) * i / 4, 300]);
    await touch('touchEnd');
  };
  await stroke(300, 60);
  await shows('The second');
  await stroke(60, 300);
  await shows('The first');
  const pinch = async (from, to) => { // how far each finger is from the middle
    const at = d => [[180 - d, 300], [180 + d, 300]];
    await touch('touchStart', ...at(from));
    for (let i = 1; i <= 8; i++) await touch('touchMove', ...at(from + (to - from) * i / 8));
    await touch('touchEnd');
  };
  await pinch(30, 120);
  await until(scale, s => s > 2, 'the scale');
  const left = () => page.evaluate(() => visualViewport.offsetLeft), before = await left();
  await stroke(300, 60);
  await until(left, x => x > before + 20, 'what is seen of the picture');
  await shows('The first');
  await pinch(150, 20);
  await until(scale, s => s < 1.01, 'the scale');
  await stroke(300, 60);
  await shows('The second');
  assert.deepEqual(faults, []);
}, { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true }));

test('after a thousand posts the page holds no more than after two hundred', () => withClient(async page => {
  for (let i = 0; i < 1000; i += 25) await api('POST', '/api/v1/statuses/thread', { posts: Array.from({ length: 25 }, (_, k) => ({ status: `Number ${i + k} ${'lorem ipsum '.repeat((i + k) % 9)}` })) }, OTHER_TOKEN);
  await page.route('**/api/v1/timelines/public?*', r => r.continue({ url: r.request().url().replace('limit=20', 'limit=40') })); // half the scrolling
  let pages = 0;
  page.on('response', r => { if (r.url().includes('/api/v1/timelines/public?') && !r.url().includes('since_id')) pages++; });
  await open(page, '/public/local');
  const debug = await page.context().newCDPSession(page);
  const read = async posts => {
    while (pages < posts / 40) {
      const before = pages;
      await until(async () => {
        await page.evaluate(() => scrollTo(0, document.documentElement.scrollHeight));
        return pages > before;
      });
      await page.waitForFunction(() => !document.querySelector('.spinner, .bones'));
    }
  };
  const held = async () => {
    await debug.send('HeapProfiler.collectGarbage');
    return { heap: (await debug.send('Runtime.getHeapUsage')).usedSize, nodes: (await debug.send('Memory.getDOMCounters')).nodes };
  };
  await read(200);
  let few = await held();
  await until(async () => { // an answer may still be under way: at rest it becomes no less
    const now = await held(), less = now.heap < few.heap;
    if (less) few = now;
    return !less;
  });
  await read(1000);
  await until(held, many => many.heap < few.heap * 1.6 && many.nodes < few.nodes * 1.5, `of ${JSON.stringify(few)}`);
}, { serviceWorkers: 'block' }));

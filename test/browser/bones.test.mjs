// What stands where something loads: in the places of what comes, so that nothing moves; quiet for who wants it so; told to who listens.
import test from 'node:test';
import assert from 'node:assert/strict';
import { accessible, accessibleBothWays, becomes, drawn } from './browser.mjs';
import { api, fromRight, open, quiet, toot, turn, whoami, withClient, withoutTimers } from './client.mjs';

const { USER_NAME: name, OTHER_NAME, OTHER_TOKEN } = process.env;

// Answers of the API that match wait until they may go.
async function hold(page, ...patterns) {
  let go;
  const held = new Promise(r => { go = r; });
  for (const pattern of patterns) await page.route(pattern, async route => { await held; await route.continue().catch(() => undefined); });
  return go;
}

const boxes = (page, root) => page.evaluate(r => {
  const post = document.querySelector(r), at = selector => {
    const b = post.querySelector(selector).getBoundingClientRect();
    return [document.documentElement.dir === 'rtl' ? b.right : b.left, b.top];
  };
  const why = post.querySelector('.why'), shift = why ? post.querySelector('.by').offsetTop - why.offsetTop : 0; // a pinned post says so above
  return [...at('.by-avatar > *'), ...at('.by-name .name'), ...at('.content')].map((n, i) => (i % 2 === 1 ? n - shift : n));
}, root);

// How far what was shown has moved by itself: the sum of the browser's own scores.
const watchMoves = page => page.addInitScript(() => {
  window.moves = [];
  new PerformanceObserver(list => { for (const e of list.getEntries()) window.moves.push([e.value, ...e.sources.map(s => `${s.node?.className ?? s.node?.nodeName} ${JSON.stringify(s.previousRect)} ${JSON.stringify(s.currentRect)}`)]); }).observe({ type: 'layout-shift', buffered: true });
});
const moved = async page => {
  await drawn(page);
  return page.evaluate(() => window.moves.splice(0));
};

for (const [width, dir] of [[360, 'ltr'], [1440, 'rtl']])
  test(`posts come where their shapes stood, ${width} px ${dir}`, () => withClient(async (page, faults) => {
    const me = await whoami();
    for (let i = 0; i < 6; i++) await toot(`Words that stand in one line ${i}`);
    const post = await toot('To look at by itself');
    await api('POST', '/api/v1/markers', { home: { last_read_id: post.id } });
    const pinned = await toot('Pinned above the others');
    await api('POST', `/api/v1/statuses/${pinned.id}/pin`, {});
    if (dir === 'rtl') await fromRight(page);
    await watchMoves(page);
    await withoutTimers(page, 400, 1500); // posts wait for what stands above them: the mark, announcements, what is pinned
    for (const [path, patterns, real] of [
      ['/home', ['**/api/v1/timelines/home*'], '.window-list .post'],
      [`/@${name}`, ['**/api/v1/accounts/*/statuses*'], '.post'],
      [`/@${name}/${post.id}`, [`**/api/v1/statuses/${post.id}`, `**/api/v1/statuses/${post.id}/*`], '.focal'],
    ]) {
      const go = await hold(page, ...patterns);
      await page.goto(path);
      await page.locator(`.bones ${path.endsWith(post.id) ? '.focal' : '.post'}`).first().waitFor();
      if (path === `/@${name}`) await page.locator('.profile h2').waitFor(); // the person is known first
      await page.evaluate(() => document.fonts.ready);
      const shape = await boxes(page, '.bones .post');
      await moved(page);
      go();
      await page.waitForFunction(() => !document.querySelector('.bones'));
      const there = await boxes(page, `${real}[data-post]`);
      assert.ok(there.every((n, i) => Math.abs(n - shape[i]) <= 2), `${path}: ${shape} becomes ${there}`);
      const moves = await moved(page);
      assert.ok(moves.reduce((n, [value]) => n + value, 0) < 0.01, `${path}: ${JSON.stringify(moves)}`);
      await page.unrouteAll({ behavior: 'ignoreErrors' });
    }
    await api('POST', `/api/v1/statuses/${pinned.id}/unpin`, {});
    assert.equal(me.username, name);
    assert.deepEqual(faults, []);
  }, { viewport: { width, height: 800 }, serviceWorkers: 'block' }));

// Where a row's picture and first words begin.
const rowAt = (page, row, parts) => page.evaluate(([r, all]) => {
  const one = [...document.querySelectorAll(r)].find(e => e.checkVisibility());
  return all.flatMap(selector => { const b = one.querySelector(selector).getBoundingClientRect(); return [document.documentElement.dir === 'rtl' ? b.right : b.left, b.top]; });
}, [row, parts]);

const PERSON = ['.person-row', ['.who > :first-child', '.name']], NOTICE = ['.notification', ['.notification-icon > *', '.faces img, .faces i']];
const lists = async me => {
  const post = await toot('Liked by somebody');
  for (const token of [undefined, OTHER_TOKEN]) await api('PATCH', '/api/v1/accounts/update_credentials', { note: 'A line about oneself', discoverable: true }, token);
  await api('POST', `/api/v1/statuses/${post.id}/favourite`, {}, OTHER_TOKEN);
  await api('POST', `/api/v1/accounts/${me.id}/follow`, {}, OTHER_TOKEN);
  await becomes(async () => (await api('GET', '/api/v1/notifications?types[]=favourite')).some(n => n.status.id === post.id), true);
  return [[`/@${name}/followers`, `**/api/v1/accounts/${me.id}/followers*`, PERSON], [`/@${name}/${post.id}/favourites`, '**/favourited_by*', PERSON], ['/directory', '**/api/v1/directory*', PERSON],
    [`/search?q=${OTHER_NAME}&type=accounts`, '**/api/v2/search*', PERSON], ['/notifications/favourites', '**/api/v2/notifications?*', NOTICE]];
};

for (const [width, dir] of [[360, 'ltr'], [1440, 'rtl']])
  test(`rows of people and notifications come where their shapes stood, ${width} px ${dir}`, () => withClient(async (page, faults) => {
    if (dir === 'rtl') await fromRight(page);
    for (const [path, pattern, [row, parts]] of await lists(await whoami())) {
      const go = await hold(page, pattern);
      await page.goto(path);
      await page.locator(`.bones ${row}`).first().waitFor();
      await page.locator('.column-head h1').waitFor();
      await page.locator('.window-list[aria-busy=true]').waitFor({ state: 'attached' }); // the view itself is there
      await page.evaluate(() => document.fonts.ready);
      const shape = await rowAt(page, `.bones ${row}`, parts);
      go();
      await page.waitForFunction(() => !document.querySelector('.bones'));
      const there = await rowAt(page, row, parts);
      assert.ok(there.every((n, i) => Math.abs(n - shape[i]) <= 2), `${path}: ${shape} becomes ${there}`);
      await page.unrouteAll({ behavior: 'ignoreErrors' });
    }
    assert.deepEqual(faults, []);
  }, { viewport: { width, height: 800 }, serviceWorkers: 'block' }));

test('a row of a list keeps its height when its button comes', () => withClient(async (page, faults) => {
  const me = await whoami();
  await api('POST', `/api/v1/accounts/${me.id}/follow`, {}, OTHER_TOKEN);
  await api('POST', `/api/v1/accounts/${(await whoami(OTHER_TOKEN)).id}/unfollow`, {});
  const go = await hold(page, '**/api/v1/accounts/relationships*'), row = () => page.locator('.person-row', { hasText: OTHER_NAME });
  const box = async () => page.evaluate(e => [e.offsetTop, e.offsetHeight], await row().elementHandle());
  await open(page, `/@${name}/followers`);
  await row().locator('.bone').waitFor();
  const before = await box();
  go();
  await row().locator('.button', { hasText: 'Follow back' }).waitFor();
  assert.deepEqual(await box(), before);
  assert.deepEqual(faults, []);
}, { viewport: { width: 360, height: 800 }, serviceWorkers: 'block' }));

test('while something loads the page is usable, says so once, and nothing moves for who wants less of it', () => withClient(async page => {
  const post = await toot('Slow to come', {}, OTHER_TOKEN);
  for (const [path, pattern, busy] of [['/home', '**/api/v1/timelines/home*', '.window-list[aria-busy=true]'], [`/@${OTHER_NAME}`, '**/api/v1/accounts/lookup*'],
    ['/notifications', '**/api/v2/notifications?*', '.window-list[aria-busy=true]'], ['/conversations', '**/api/v1/conversations*', '.window-list[aria-busy=true]'], ['/followed_tags', '**/api/v1/followed_tags*', '.window-list[aria-busy=true]'],
    [`/search?q=${OTHER_NAME}`, '**/api/v2/search*'], ['/settings/posting', '**/api/v1/settings'], ['/settings/account', '**/api/v1/login'],
    [`/@${OTHER_NAME}/${post.id}`, `**/api/v1/statuses/${post.id}`], [`/@${OTHER_NAME}/${post.id}`, `**/api/v1/statuses/${post.id}/context`, '.descendants[aria-busy=true]']]) {
    const go = await hold(page, pattern);
    await page.goto(path);
    await page.locator('.bones').first().waitFor();
    if (busy) await page.locator(busy).waitFor({ state: 'attached' });
    assert.deepEqual(await page.locator('.bones [role=status]').allInnerTexts(), ['Loading'], path);
    assert.equal(await page.evaluate(() => document.getAnimations().length), 0, path);
    assert.equal(await page.locator('.bones :is(a, button, [tabindex])').count(), 0);
    await accessibleBothWays(page, path);
    go();
    await page.waitForFunction(() => !document.querySelector('.bones, [aria-busy]'));
    await accessible(page);
    await page.unrouteAll({ behavior: 'ignoreErrors' });
  }
}, { serviceWorkers: 'block' }));

test('a thread whose replies could not be had says so, and asks again', () => withClient(async page => {
  const post = await toot('With an answer'), answer = await toot('The answer', { in_reply_to_id: post.id });
  await page.route(`**/api/v1/statuses/${post.id}/context`, r => r.fulfill({ status: 503, contentType: 'application/json', body: '{"error":"Not now."}' }));
  await page.goto('/home');
  await page.locator(`[data-post="${post.id}"]`).waitFor();
  await turn(page, `/@${name}/${post.id}`);
  await page.locator('.empty', { hasText: 'Not now.' }).waitFor();
  await page.unrouteAll({ behavior: 'ignoreErrors' });
  await page.locator('.empty button').click();
  await page.locator(`.descendants [data-post="${answer.id}"]`).waitFor();
}, { serviceWorkers: 'block' }));

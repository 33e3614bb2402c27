// Search, explore, hashtags, collections, folders of bookmarks, announcements.
import test from 'node:test';
import assert from 'node:assert/strict';
import { accessible, becomes, count, drawn } from './browser.mjs';
import { api, fits, open, toot, turn, whoami, withClient, withoutTimers } from './client.mjs';

const { USER_NAME: name, OTHER_TOKEN } = process.env;

test('search understands operators, remembers what was asked, and opens what has an address', () => withClient(async (page, faults) => {
  const other = await whoami(OTHER_TOKEN);
  await open(page, '/search');
  await page.locator('.operators summary').click();
  await page.locator('.chip', { hasText: 'from:me' }).click();
  await page.keyboard.press('Enter');
  await page.waitForURL(/q=from%3Ame/);
  await page.locator('article.post').first().waitFor();
  await page.locator('.tabs a[href$="type=statuses"]').click();
  await page.locator('article.post').first().waitFor();
  await accessible(page);
  await page.locator('input[name=q]').fill(`@${other.username}@${new URL(other.url).host}`);
  await page.locator('.tabs a').first().click();
  await open(page, `/search?q=${encodeURIComponent(other.url)}`);
  await page.waitForURL(url => url.pathname === `/@${other.username}`);
  await open(page, '/search');
  await page.locator('.rows a', { hasText: 'from:me' }).waitFor();
  await page.locator('.section-line .button').click();
  await count(page.locator('.rows a'), 0);
  assert.deepEqual(faults, []);
}));

test('a hashtag is followed, and looked at together with others and without them', () => withClient(async (page, faults) => {
  await toot('Only one #lichen', {}, OTHER_TOKEN);
  await toot('Both #lichen #moss', {}, OTHER_TOKEN);
  await open(page, '/tags/lichen');
  await page.locator('article', { hasText: 'Only one' }).waitFor();
  await page.locator('.column-head .button', { hasText: 'Follow' }).click();
  await page.locator('.column-head .button', { hasText: 'Unfollow' }).waitFor();
  await page.locator('.operators summary').click();
  await page.locator('input[name=none]').fill('#moss');
  await page.keyboard.press('Enter');
  await page.waitForURL(/none=moss/);
  await page.locator('article', { hasText: 'Only one' }).waitFor();
  await count(page.locator('article', { hasText: 'Both' }), 0);
  await accessible(page);
  await open(page, '/followed_tags');
  await page.locator('.tag-row', { hasText: 'lichen' }).waitFor();
  await accessible(page);
  assert.deepEqual(faults, []);
}));

test('bookmarks go into folders, people into collections', () => withClient(async (page, faults) => {
  const post = await toot('Worth keeping', {}, OTHER_TOKEN), other = await whoami(OTHER_TOKEN);
  await api('POST', `/api/v1/statuses/${post.id}/bookmark`);
  await open(page, '/bookmarks');
  await page.locator('.bookmark-folder button').first().click();
  await page.locator('.bookmark-folder .menu button').last().click();
  await page.locator('#folder-name').fill('Recipes');
  await page.keyboard.press('Enter');
  await page.locator('.tabs a', { hasText: 'Recipes' }).click();
  await page.locator('article', { hasText: 'Worth keeping' }).waitFor();
  await accessible(page);
  await api('PATCH', '/api/v1/accounts/update_credentials', { discoverable: true }, OTHER_TOKEN);
  await open(page, '/collections');
  await page.locator('.column-head .button.main').click();
  await page.locator('.dialog input[name=name]').fill('Lichen people');
  await accessible(page);
  await page.keyboard.press('Enter');
  await page.waitForURL(/\/collections\/\d+/);
  await page.locator('.collection-head .button.main').click();
  await page.locator('#add-person').fill(other.username);
  await page.locator('.dialog .who', { hasText: other.username }).click();
  await page.locator('.suggestion .person-row').waitFor();
  await accessible(page);
  await page.locator('.collection-head .button.danger').click();
  await page.locator('.dialog .button.danger').click();
  await page.waitForURL(/\/collections$/);
  assert.deepEqual(faults, []);
}));

test('an announcement stands above home until it is dismissed', () => withClient(async (page, faults) => {
  const announcement = { id: '7', content: '<p>Down on Sunday</p>', published_at: '2026-01-01T00:00:00.000Z', updated_at: '2026-01-01T00:00:00.000Z', all_day: false, read: false, mentions: [], statuses: [], tags: [], emojis: [], reactions: [{ name: '👍', count: 2, me: false }] };
  const asked = [];
  await page.route('**/api/v1/announcements**', (route, request) => {
    asked.push(`${request.method()} ${decodeURIComponent(new URL(request.url()).pathname)}`);
    return route.fulfill({ json: request.method() === 'GET' ? [announcement] : {} });
  });
  await withoutTimers(page, 600, 600); // home waits for it
  await open(page, '/home');
  await page.locator('.announcement .reactions button[aria-pressed=false]').first().click();
  await page.locator('.announcement .reactions button[aria-pressed=true]', { hasText: '3' }).waitFor();
  await accessible(page);
  await page.locator('.announcement-foot .button').click();
  await page.locator('.announcement').waitFor({ state: 'detached' });
  await becomes(() => asked.filter(a => !a.startsWith('GET')), ['PUT /api/v1/announcements/7/reactions/👍', 'POST /api/v1/announcements/7/dismiss']);
  assert.deepEqual(faults, []);
}, { serviceWorkers: 'block' }));

test('announcements that come late move nothing that is read: the head offers them', () => withClient(async (page, faults) => {
  for (let i = 0; i < 12; i++) await toot(`Words to read ${i}`);
  const one = { id: '8', content: '<p>Down on Monday</p>', published_at: '2026-01-01T00:00:00.000Z', updated_at: '2026-01-01T00:00:00.000Z', all_day: false, read: false, mentions: [], statuses: [], tags: [], emojis: [], reactions: [] };
  let go;
  const held = new Promise(r => { go = r; });
  await page.route('**/api/v1/announcements', async route => {
    await held;
    await route.fulfill({ json: [one] });
  });
  await open(page, '/home');
  await page.evaluate(() => scrollTo(0, 300));
  await drawn(page);
  const place = () => page.evaluate(() => [...document.querySelectorAll('[data-post], .inline-composer')].slice(0, 8).map(e => e.getBoundingClientRect().top));
  const before = await place();
  go();
  await page.locator('.column-head .button', { hasText: 'New announcement' }).waitFor();
  assert.deepEqual(await place(), before);
  await accessible(page);
  await page.locator('.column-head .button').click();
  await page.locator('.announcement:focus', { hasText: 'Down on Monday' }).waitFor();
  assert.equal(await page.evaluate(() => scrollY), 0);
  await count(page.locator('.column-head .button'), 0);
  assert.deepEqual(faults, []);
}, { serviceWorkers: 'block' }));

test('what is left to discover can be used narrow, dark and without eyes', () => withClient(async (page, faults) => {
  await page.setViewportSize({ width: 360, height: 800 });
  await page.emulateMedia({ colorScheme: 'dark' });
  await page.route('**/api/v1/trends/links**', route => route.fulfill({ json: [{ url: 'https://example.org/a', title: 'A story', description: 'About it', type: 'link', authors: [], history: [{ day: '1', uses: '3', accounts: '2' }] }] }));
  await page.route('**/api/v1/trends/tags**', route => route.fulfill({ json: [{ id: '1', name: 'night', url: '', following: false, history: [{ day: '2', uses: '3', accounts: '2' }, { day: '1', uses: '1', accounts: '1' }] }] }));
  await open(page, '/home');
  for (const path of ['/explore', '/explore/tags', '/explore/links', '/explore/people', '/explore/link?url=https%3A%2F%2Fexample.org%2Fa', '/annual_report/2025', `/search?q=${name}`]) {
    await turn(page, path);
    await accessible(page);
    await fits(page, path);
  }
  await page.setViewportSize({ width: 1440, height: 900 });
  await open(page, '/home');
  await page.locator('.about a[href="/about"]').click();
  await page.locator('.about-head').waitFor();
  await page.locator('.about-part summary').last().click();
  await accessible(page);
  assert.deepEqual(faults.filter(x => !x.includes('404')), []); // no such link; blocks that are not published
}, { serviceWorkers: 'block' }));

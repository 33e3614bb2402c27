// The HTML pages that anybody may read, with and without scripts.
import test from 'node:test';
import assert from 'node:assert/strict';
import { accessible, accessibleBothWays, base, hasFocus, visit, withPage } from './browser.mjs';
import { withClient } from './client.mjs';

const { USER_NAME: name, STATUS_URL: status, STATUS_TEXT: text } = process.env;

for (const javaScriptEnabled of [true, false]) {
  const how = javaScriptEnabled ? 'with scripts' : 'without scripts';

  test(`front page ${how}`, () => withPage(async (page, faults) => {
    const answer = await page.goto('/');
    assert.equal(answer.status(), 200);
    assert.deepEqual(faults, []);
    assert.ok(await page.title());
  }, { javaScriptEnabled }));

  test(`a post's page shows the post ${how}`, () => withPage(async (page, faults) => {
    await page.goto(status);
    assert.deepEqual(faults, []);
    await page.getByText(text, { exact: true }).first().waitFor();
  }, { javaScriptEnabled }));

  test(`a profile shows its posts ${how}`, () => withPage(async (page, faults) => {
    await page.goto(`/@${name}`);
    assert.deepEqual(faults, []);
    await page.getByText(text, { exact: true }).first().waitFor();
  }, { javaScriptEnabled }));
}

// Every page that the server draws, narrow and wide, light and dark: usable without eyes or mouse, and nothing to push sideways.
const drawn = ['/', `/@${name}`, `/@${name}/with_replies`, `/@${name}/media`, status, `${status}/embed`, '/tags/nothing', '/about', '/about/more', '/privacy-policy', '/terms-of-service',
  '/auth/sign_in', '/auth/sign_up', '/auth/password/new', '/auth/confirmation'];
test('public pages are accessible', () => withPage(async (page, faults) => {
  for (const path of drawn) {
    await visit(page, faults, path, 200, accessibleBothWays);
  }
  for (const [width, colorScheme] of [[360, 'dark'], [1280, 'light']])
    for (const path of ['/', `/@${name}`, status, '/auth/sign_in']) {
      await page.setViewportSize({ width, height: 800 });
      await page.emulateMedia({ colorScheme });
      await visit(page, faults, path);
    }
  assert.equal((await page.goto('/no/such/page')).status(), 404);
  await accessibleBothWays(page);
}));

test('the pages of a session are accessible', () => withClient(async (page, faults) => {
  for (const path of ['/settings/sessions', '/settings/security', '/settings/moving', '/settings/delete', process.env.AUTHORIZE_PATH]) {
    await visit(page, faults, path, 200, accessibleBothWays);
  }
}));

test('a long word and a long name do not push the page sideways', () => withPage(async (page, faults) => {
  const post = await fetch(new URL('/api/v1/statuses', base), { method: 'POST', body: new URLSearchParams({ status: 'w'.repeat(450), spoiler_text: 'v'.repeat(40) }),
    headers: { Authorization: `Bearer ${process.env.TOKEN}` } }).then(r => r.json());
  await page.goto(post.url);
  await page.locator('details.warning > summary').click();
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth));
  await accessible(page);
}, { viewport: { width: 360, height: 800 } }));

test('the keyboard goes through a profile in the order of the page, and shows where it is', () => withPage(async (page) => {
  await page.goto(`/@${name}`);
  const seen = [];
  for (let i = 0; i < 12; i++) {
    await page.keyboard.press('Tab');
    seen.push(await page.evaluate(() => {
      const e = document.activeElement, box = e.getBoundingClientRect();
      return { what: e.className || e.getAttribute('href') || e.localName, top: box.top + scrollY, outline: getComputedStyle(e).outlineStyle };
    }));
  }
  assert.equal(seen[0].what, 'skip');
  assert.ok(seen.every(s => s.outline !== 'none'), JSON.stringify(seen));
  assert.ok(seen.some(s => s.what.endsWith('/with_replies')));
  const main = seen.slice(seen.findIndex(s => s.what.includes('u-url'))).map(s => s.top);
  assert.deepEqual(main.map(Math.round).filter((top, i) => i && top < main[i - 1] - 60), [], JSON.stringify(seen));
  await page.goto(`/@${name}`);
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await hasFocus(page, '#main');
}));

test('the login page works with the keyboard alone', () => withPage(async (page) => {
  await page.goto(process.env.AUTHORIZE_PATH);
  const email = page.locator('input[type=email], input[type=text]').first();
  await email.focus();
  await page.keyboard.type(process.env.USER_EMAIL);
  await page.keyboard.press('Tab');
  await page.keyboard.type(process.env.USER_PASSWORD);
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: /allow|authori[sz]e/i }).press('Enter');
  await page.waitForURL(/[?&]code=|\/oauth\/authorize\/native/);
}));

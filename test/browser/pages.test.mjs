// The HTML pages that anybody may read, with and without scripts.
import test from 'node:test';
import assert from 'node:assert/strict';
import { visit, withPage } from './browser.mjs';

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

test('pages are accessible', () => withPage(async (page, faults) => {
  for (const path of ['/', `/@${name}`, status]) await visit(page, faults, path);
}));

test('a page that does not exist says so', () => withPage(async (page, faults) => {
  await visit(page, faults, '/no/such/page', 404);
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

// Two servers: somebody of A comes upon a profile of B, says their own address, follows at home, and B's next post arrives while they look.
import test from 'node:test';
import assert from 'node:assert/strict';
import { accessible, until, withPage } from './browser.mjs';
import { fits, live, signIn } from './client.mjs';

const { OTHER_BASE: b, OTHER_NAME: bob, OTHER_TOKEN: token, USER_NAME: alice } = process.env;

// Asked from a page of that server, as only the browser knows the name.
const ask = (page, method, path, body) => page.evaluate(async ([how, where, what, key]) => {
  const answer = await fetch(where, { method: how, headers: { Authorization: `Bearer ${key}`, 'Content-Type': 'application/json' }, body: what && JSON.stringify(what) });
  return answer.json();
}, [method, path, body, token]);

test('remote follow across two servers', () => withPage(async (page, faults) => {
  await signIn(page);
  const theirs = await page.context().newPage();
  await theirs.goto(`${b}/@${bob}`);
  await theirs.locator('details.how summary').click();
  await theirs.locator('a', { hasText: 'Follow from another server' }).click();
  await theirs.locator('#handle').waitFor();
  await accessible(theirs);
  await fits(theirs, 'the form');
  await theirs.locator('#handle').fill('nonsense');
  await theirs.keyboard.press('Enter');
  await theirs.locator('[role=alert]').waitFor();
  await theirs.locator('#handle').fill(`@${alice}@a.test`);
  await theirs.keyboard.press('Enter');
  await theirs.waitForURL(url => url.host === 'a.test' && url.pathname === '/authorize_interaction');
  await accessible(theirs);
  await theirs.locator('button', { hasText: 'Follow' }).click();
  await theirs.locator('main', { hasText: 'You follow this account' }).waitFor();
  await theirs.locator('a', { hasText: 'Show it here' }).click();
  await theirs.waitForURL(`https://a.test/@${bob}@b.test`);
  await theirs.locator('button', { hasText: /Following|Requested/ }).first().waitFor(); // the client's own profile

  await theirs.goto(`${b}/about`);
  await until(() => ask(theirs, 'GET', '/api/v1/accounts/verify_credentials'), me => me.followers_count === 1, 'the follow has arrived');
  await live(page);
  await ask(theirs, 'POST', '/api/v1/statuses', { status: 'Hello over there' });
  await page.locator('.offer button', { hasText: '1 new post' }).click(); // nothing was loaded again
  await page.locator('article .content', { hasText: 'Hello over there' }).click({ position: { x: 5, y: 5 } });
  await page.locator('.beyond a', { hasText: 'Read it at b.test' }).waitFor();
  assert.deepEqual(faults, []);
}, { viewport: { width: 360, height: 780 }, ignoreHTTPSErrors: true }));

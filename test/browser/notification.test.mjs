// Notifications and private mentions in the client.
import test from 'node:test';
import assert from 'node:assert/strict';
import { accessible, count, until } from './browser.mjs';
import { api, fits, kept, live, open, toot, whoami, withClient } from './client.mjs';

const { USER_NAME: name, OTHER_TOKEN, STATUS_URL } = process.env;

test('what happens appears at once, in its tab; a request to follow is answered where it stands', () => withClient(async (page, faults) => {
  const { id } = await whoami();
  await api('PATCH', '/api/v1/accounts/update_credentials', { locked: true });
  await open(page, '/notifications');
  await live(page);
  await api('POST', `/api/v1/statuses/${STATUS_URL.split('/').at(-1)}/favourite`, {}, OTHER_TOKEN);
  await page.locator('.notification.favourite.new .excerpt').waitFor();
  await toot(`@${name} did you see this?`, {}, OTHER_TOKEN);
  await page.locator('.notification article', { hasText: 'did you see this?' }).waitFor();
  await api('POST', `/api/v1/accounts/${id}/follow`, {}, OTHER_TOKEN);
  await page.locator('.notification.follow .row-actions .button.main').click();
  await page.locator('.notification.follow [role=status]').waitFor();
  await kept(`/api/v1/accounts/${id}/followers`, all => all.length, 1);
  await accessible(page);
  await page.locator('.tabs a[href$="/mentions"]').click();
  await page.locator('.notification article', { hasText: 'did you see this?' }).waitFor();
  await count(page.locator('.notification.favourite'), 0);
  await page.locator('.tabs a[href$="/favourites"]').click();
  await page.locator('.notification.favourite .notification-dismiss').click();
  await page.locator('.empty').waitFor();
  await page.setViewportSize({ width: 360, height: 800 });
  await fits(page, 'notifications');
  await page.locator('.column-head .menu-anchor button').first().click();
  await page.locator('.menu .danger').click();
  await page.locator('.dialog .button.danger').click();
  await page.locator('.tabs a[href="/notifications"]').click();
  await page.locator('.empty').waitFor();
  await kept('/api/v1/notifications', all => all, []);
  assert.deepEqual(faults, []);
}));

test('strangers are put aside when one wants that, and come in when they are accepted', () => withClient(async (page, faults) => {
  await open(page, '/notifications/settings');
  await accessible(page);
  await page.locator('#forNotFollowing').selectOption('filter');
  await until(() => api('GET', '/api/v2/notifications/policy'), p => p.for_not_following === 'filter', 'the policy');
  await toot(`@${name} hello from a stranger`, {}, OTHER_TOKEN);
  await until(() => api('GET', '/api/v1/notifications/requests'), r => r.length > 0, 'the request');
  await open(page, '/notifications');
  await page.locator('.filtered-line').waitFor();
  assert.equal(await page.locator('article', { hasText: 'hello from a stranger' }).count(), 0);
  await page.locator('.filtered-line').click();
  await page.locator('.request').waitFor();
  await accessible(page);
  await page.locator('.request .who').click();
  await page.locator('article', { hasText: 'hello from a stranger' }).waitFor();
  await page.goBack();
  await page.locator('.request input').check();
  await page.locator('.choose-line .button.main').click();
  await page.locator('.request').waitFor({ state: 'detached' });
  await until(() => api('GET', '/api/v1/notifications/requests/merged'), r => r.merged, 'merging');
  await open(page, '/notifications');
  await page.locator('.notification article', { hasText: 'hello from a stranger' }).waitFor();
  await api('PUT', '/api/v2/notifications/policy', { for_not_following: 'accept' });
  assert.deepEqual(faults, []);
}));

test('private mentions come while one looks, can be marked and removed', () => withClient(async (page, faults) => {
  await open(page, '/conversations');
  await live(page);
  await toot(`@${name} just between us`, { visibility: 'direct' }, OTHER_TOKEN);
  const row = page.locator('.conversation', { hasText: 'just between us' });
  await page.locator('.conversation.unread', { hasText: 'just between us' }).waitFor();
  await accessible(page);
  await row.locator('.menu-anchor button').first().click();
  await row.locator('.menu button').nth(1).click();
  await page.locator('.conversation:not(.unread)').waitFor();
  await row.locator('.menu-anchor button').first().click();
  await row.locator('.menu .danger').click();
  await page.locator('.dialog .button.danger').click();
  await row.waitFor({ state: 'detached' });
  await kept('/api/v1/conversations', all => all, []);
  assert.deepEqual(faults, []);
}));

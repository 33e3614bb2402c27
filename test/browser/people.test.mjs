// People in the built-in client: profiles, what one does with somebody, and the lists of decisions.
import test from 'node:test';
import assert from 'node:assert/strict';
import { accessible, becomes, count, until } from './browser.mjs';
import { api, fits, kept, live, open, said, toot, turn, whoami, withClient, withoutTimers } from './client.mjs';

const { USER_NAME: name, OTHER_TOKEN, MODERATOR_TOKEN } = process.env;
const other = await whoami(OTHER_TOKEN);
const relation = (of, wanted) => kept(`/api/v1/accounts/relationships?id[]=${other.id}`, ([r]) => of(r), wanted);
const dialog = page => page.locator('dialog[open]');
const choose = async (page, text) => {
  await page.locator('.profile-buttons .menu-anchor > button').click();
  await page.locator('.profile-buttons [role^=menuitem]', { hasText: text }).first().click();
};

test('a follow: languages, lists, notifications, a note, and the person among the recommended', () => withClient(async (page, faults) => {
  await withoutTimers(page, 10_000, 10_000); // what offers to undo stays
  await open(page, `/@${other.username}`);
  await page.locator('.profile-buttons .button', { hasText: 'Follow' }).click();
  await page.locator('.profile-buttons .button', { hasText: 'Following' }).waitFor();
  await choose(page, 'Languages…');
  await dialog(page).locator('label', { hasText: 'French' }).click();
  await accessible(page);
  await dialog(page).locator('button[type=submit]').click();
  await choose(page, 'Lists…');
  const written = page.waitForResponse(r => r.request().method() === 'POST' && /\/lists\/\d+\/accounts/.test(r.url()));
  await dialog(page).locator('input#list-with').fill('Close ones');
  await page.keyboard.press('Enter');
  await written;
  await becomes(() => dialog(page).locator('label', { hasText: 'Close ones' }).locator('input').isChecked(), true);
  await accessible(page);
  await page.keyboard.press('Escape');
  await choose(page, 'Notify me about new posts');
  await page.locator('.note button').click();
  await page.locator('.note textarea').fill('Met on the night train');
  await page.locator('.note button[type=submit]').click();
  await page.locator('.note .pre', { hasText: 'night train' }).waitFor();
  await Promise.all([page.waitForResponse(r => r.url().endsWith('/endorse')), choose(page, 'Feature on my profile')]);
  const whole = r => [r.following, r.notifying, r.languages, r.note, r.endorsed], wanted = [true, true, ['fr'], 'Met on the night train', true];
  await relation(whole, wanted);
  // A slip of the finger takes nothing away that is not given back.
  await page.locator('.profile-buttons .button', { hasText: 'Following' }).click();
  await page.locator('.profile-buttons .button', { hasText: /^Follow$/ }).waitFor();
  const back = page.waitForResponse(r => r.url().endsWith('/endorse'));
  await page.locator('.toasts button', { hasText: 'Undo' }).click();
  await back;
  await relation(whole, wanted);
  assert.equal((await api('GET', `/api/v1/accounts/${other.id}/lists`)).length, 1);
  await open(page, `/@${name}/about`);
  await page.locator('.person-row', { hasText: other.username }).waitFor();
  await accessible(page);
  assert.deepEqual(faults, []);
}));

test('a request that is answered, or a mute on another device, shows where the person is open', () => withClient(async (page, faults) => {
  await api('PATCH', '/api/v1/accounts/update_credentials', { locked: true }, OTHER_TOKEN);
  const me = await whoami(), button = text => page.locator('.profile-buttons .button', { hasText: text }).waitFor();
  await api('POST', `/api/v1/accounts/${other.id}/unfollow`);
  await open(page, `/@${other.username}`);
  await live(page);
  const ask = page.locator('.profile-buttons .button', { hasText: 'Ask to follow' });
  await ask.waitFor(); // the answer to what the page asks by itself
  const told = page.waitForResponse(r => r.url().includes('/accounts/relationships?')); // by the stream
  await ask.click();
  await button('Requested');
  await told;
  await api('POST', `/api/v1/follow_requests/${me.id}/authorize`, {}, OTHER_TOKEN);
  await button('Following');
  await api('POST', `/api/v1/accounts/${me.id}/remove_from_followers`, {}, OTHER_TOKEN);
  await page.locator('.profile-buttons .button', { hasText: 'Ask to follow' }).click();
  await button('Requested');
  await api('POST', `/api/v1/follow_requests/${me.id}/reject`, {}, OTHER_TOKEN);
  await button('Ask to follow');
  await api('POST', `/api/v1/accounts/${other.id}/mute`);
  await page.locator('.profile .tag', { hasText: 'Muted' }).waitFor();
  await api('POST', `/api/v1/accounts/${other.id}/unmute`);
  await api('PATCH', '/api/v1/accounts/update_credentials', { locked: false }, OTHER_TOKEN);
  assert.deepEqual(faults, []);
}));

test('a report goes step by step with the keyboard alone and names the post', () => withClient(async (page, faults) => {
  const bad = await toot('Buy my course', {}, OTHER_TOKEN);
  await open(page, `/@${other.username}`);
  await choose(page, 'Report');
  await dialog(page).locator('h3:focus').waitFor();
  await becomes(() => dialog(page).locator('button[type=submit]').isDisabled(), true);
  await page.keyboard.press('Tab');
  await page.keyboard.press('Space');
  await accessible(page);
  await page.keyboard.press('Enter');
  await dialog(page).locator('label', { hasText: 'Buy my course' }).waitFor();
  await dialog(page).locator('h3:focus').waitFor();
  await page.keyboard.press('Tab');
  await page.keyboard.press('Space');
  await page.keyboard.press('Enter');
  await dialog(page).locator('textarea').fill('The third time today');
  await dialog(page).locator('button[type=submit]').click();
  await dialog(page).locator('h3', { hasText: 'Thank you' }).waitFor();
  const told = ({ report: r }) => [r.target_account.id, r.category, r.status_ids, r.comment, r.forwarded];
  await kept('/api/v1/notifications?types[]=admin.report', all => all.map(told), [[other.id, 'spam', [bad.id], 'The third time today', false]], MODERATOR_TOKEN);
  await accessible(page);
  await page.keyboard.press('Escape');
  assert.deepEqual(faults, []);
}));

test('a profile and a post are handed to what the device shares with; where there is none their links are copied', () => withClient(async (page, faults) => {
  const post = await toot('To pass on', {}, OTHER_TOKEN), mine = await whoami(OTHER_TOKEN);
  const menu = async at => {
    await page.locator(`${at} .menu-anchor > button`).last().click();
    await page.locator('.menu[role=menu]').waitFor();
  };
  const item = text => page.locator('.menu [role^=menuitem]', { hasText: text });
  const clipboard = what => page.addInitScript(([share]) => {
    window.handed = [];
    const copy = navigator.clipboard.writeText;
    navigator.clipboard.writeText = async text => { void copy; window.handed.push({ copied: text }); };
    Object.defineProperty(Navigator.prototype, 'share', { configurable: true, writable: true, value: share === 'none' ? undefined : async what => {
      window.handed.push(what);
      if (share !== 'yes') throw new DOMException('no', share);
    } });
  }, [what]);
  const handed = wanted => becomes(() => page.evaluate(() => window.handed), wanted);
  const person = `/@${other.username}`, read = `/@${other.username}/${post.id}`;
  await clipboard('yes');
  await open(page, person);
  await menu('.profile-buttons');
  await item('Share').click();
  await handed([{ title: mine.display_name || mine.username, url: mine.url }]);
  await open(page, read);
  await menu('.focal .actions-row');
  await item('Share').click();
  await handed([{ url: post.url }]);
  for (const [why, toasts] of [['AbortError', 0], ['NotAllowedError', 1]]) { // who thinks better of it is not told of a fault
    await clipboard(why);
    await open(page, read);
    await menu('.focal .actions-row');
    await item('Share').click();
    await handed([{ url: post.url }]);
    if (toasts > 0) await said(page, '', true);
    else await count(page.locator('.toasts .bad'), 0);
  }
  await clipboard('none');
  for (const [path, at, url] of [[person, '.profile-buttons', mine.url], [read, '.focal .actions-row', post.url]]) {
    await open(page, path);
    await menu(at);
    assert.equal(await item('Share').count(), 0);
    await item('Copy link').click();
    await said(page, 'Link copied');
    await handed([{ copied: url }]);
  }
  assert.deepEqual(faults, []);
}));

test('mutes end, blocks and servers are lifted where they are listed', () => withClient(async (page, faults) => {
  await open(page, `/@${other.username}`);
  await choose(page, 'Mute');
  await dialog(page).locator('select').selectOption('3600');
  await dialog(page).locator('button[type=submit]').click();
  await page.locator('.profile .tag', { hasText: 'Muted' }).waitFor();
  await open(page, '/mutes');
  await page.locator('.person-row .more', { hasText: 'Ends' }).waitFor();
  await accessible(page);
  await page.locator('.person-row .button').click();
  await page.locator('.empty').waitFor();
  await relation(r => r.muting, false);
  await api('POST', `/api/v1/accounts/${other.id}/block`);
  await open(page, '/blocks');
  await page.locator('.person-row .button').click();
  await page.locator('.empty').waitFor();
  await open(page, '/domain_blocks');
  await page.locator('#new-domain').fill('noise.example');
  await page.keyboard.press('Enter');
  await page.locator('.person-row', { hasText: 'noise.example' }).waitFor();
  await page.locator('.person-row .button').click();
  await page.locator('.empty').waitFor();
  await kept('/api/v1/domain_blocks', all => all, []);
  assert.deepEqual(faults, []);
}));

test('a request to follow is answered; a list gets its settings and members', () => withClient(async (page, faults) => {
  await api('PATCH', '/api/v1/accounts/update_credentials', { locked: true });
  const me = await whoami();
  await api('POST', `/api/v1/accounts/${me.id}/follow`, {}, OTHER_TOKEN);
  await open(page, '/follow_requests');
  await page.locator('.answer .main').click();
  await page.locator('.empty').waitFor();
  await relation(r => r.followed_by, true);
  await api('POST', `/api/v1/accounts/${other.id}/follow`);
  const list = await api('POST', '/api/v1/lists', { title: 'Trains' });
  await open(page, `/lists/${list.id}/edit`);
  await page.locator('input[type=checkbox]').check();
  await page.locator('select').selectOption('none');
  await page.locator('form.stack button[type=submit]').click();
  await said(page, 'Saved');
  await page.locator('#member-search').fill(other.username);
  await page.keyboard.press('Enter');
  await page.locator('.person-row .button', { hasText: 'Add' }).click();
  await page.locator('.person-row .button', { hasText: 'Remove' }).waitFor();
  await accessible(page);
  await kept(`/api/v1/lists/${list.id}`, l => [l.exclusive, l.replies_policy], [true, 'none']);
  await kept(`/api/v1/lists/${list.id}/accounts`, all => all[0]?.id, other.id);
  await page.setViewportSize({ width: 360, height: 780 });
  for (const path of [`/@${other.username}`, `/@${other.username}/about`, '/directory', `/lists/${list.id}/edit`]) {
    await turn(page, path);
    await fits(page, path);
    await accessible(page);
  }
  assert.deepEqual(faults, []);
}));

test('from a post one mutes its author for a while, and reports it with what it says', () => withClient(async page => {
  const post = await toot('Something to complain about', {}, OTHER_TOKEN);
  await open(page, '/public/local');
  const choose = async item => {
    await page.locator(`[data-post="${post.id}"] .actions-row .menu-anchor > button`).last().click();
    await page.locator('[role=menuitem]', { hasText: item }).click();
  };
  await choose('Report');
  await page.locator('.report input[type=radio]').first().check();
  await page.locator('.report [type=submit]').click();
  await page.locator('.report .tick', { hasText: 'Something to complain about' }).locator('input:checked').waitFor();
  await page.locator('.report [type=submit]').click();
  await page.locator('.report textarea').fill('Look at this');
  const sent = page.waitForResponse('**/api/v1/reports');
  await page.locator('.report [type=submit]').click();
  const report = await (await sent).json();
  assert.deepEqual([report.category, report.status_ids, report.comment], ['spam', [post.id], 'Look at this']);
  await page.locator('.report [type=submit]').click();
  await choose('Mute');
  await page.locator('.dialog select').selectOption('86400');
  await page.locator('.dialog [type=submit]').click();
  await page.locator('dialog').waitFor({ state: 'detached' });
  const [muted] = await until(() => api('GET', '/api/v1/mutes'), all => all.length > 0, 'the mute');
  try {
    assert.equal(muted.id, post.account.id);
    assert.ok(Date.parse(muted.mute_expires_at) > Date.now());
  } finally {
    await api('POST', `/api/v1/accounts/${muted.id}/unmute`);
  }
}));

test('who boosted, favourited and quoted a post is one step from it; one takes one\'s own post out of a quote', () => withClient(async (page, faults) => {
  const post = await toot('Something to talk about');
  for (const what of ['favourite', 'reblog']) await api('POST', `/api/v1/statuses/${post.id}/${what}`, {}, OTHER_TOKEN);
  const quote = await toot('Look at this one', { quoted_status_id: post.id }, OTHER_TOKEN);
  await open(page, `/@${name}/${post.id}`);
  await page.locator('.focal-meta a', { hasText: '1 favourite' }).click();
  await page.locator('.person-row', { hasText: other.username }).waitFor();
  await page.locator('.tabs a', { hasText: 'Boosts' }).click();
  await page.waitForURL(/\/reblogs$/);
  await page.locator('.person-row', { hasText: other.username }).waitFor();
  await page.locator('.tabs a', { hasText: 'Quotes' }).click();
  const row = page.locator(`[data-post="${quote.id}"]`);
  await row.locator('.quoted', { hasText: 'Something to talk about' }).waitFor();
  await row.locator('.actions-row > .menu-anchor:last-child button').click();
  await page.locator('.menu > *', { hasText: 'Take my post out of this quote' }).click();
  await page.locator('dialog .button', { hasText: 'Take out' }).click();
  await row.locator('.quoted', { hasText: 'has taken it back' }).waitFor();
  assert.equal((await api('GET', `/api/v1/statuses/${quote.id}`, undefined, OTHER_TOKEN)).quote.state, 'revoked');
  assert.deepEqual(faults, []);
}));

test('who is muted leaves the timeline at once, and blocking asks first', () => withClient(async page => {
  await api('POST', `/api/v1/accounts/${other.id}/unmute`, {});
  const loud = await toot('Far too loud', {}, OTHER_TOKEN);
  await open(page, '/public/local');
  const row = page.locator(`[data-post="${loud.id}"]`), menu = async item => {
    await row.locator('.actions-row > .menu-anchor:last-child button').click();
    await page.locator('.menu > *', { hasText: item }).click();
    await page.locator('dialog').waitFor();
  };
  await menu('Block');
  await page.keyboard.press('Escape');
  await page.locator('dialog').waitFor({ state: 'detached' });
  assert.equal((await api('GET', `/api/v1/accounts/relationships?id[]=${other.id}`))[0].blocking, false);
  await menu('Mute');
  await page.locator('dialog .button.main').click();
  await row.waitFor({ state: 'detached' });
  await api('POST', `/api/v1/accounts/${other.id}/unmute`, {});
}));

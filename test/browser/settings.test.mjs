// Settings in the built-in client; what they change is asked of the API.
import test from 'node:test';
import assert from 'node:assert/strict';
import { accessible, base, becomes, count, withPage } from './browser.mjs';
import { api, code, kept, open, said, signIn, withClient } from './client.mjs';

const { USER_PASSWORD } = process.env;
const saved = page => said(page, 'Saved');

test('the profile: names, fields, a picture with its description', () => withClient(async (page, faults) => {
  await open(page, '/settings/profile');
  await page.locator('label', { hasText: 'Name shown' }).locator('input').fill('Dora D.');
  await page.locator('button', { hasText: 'Add a field' }).click();
  await page.locator('.field-row input').first().fill('Pronouns');
  await page.locator('.field-row input').nth(1).fill('they');
  await page.locator('label', { hasText: 'Media of answers too' }).click();
  await accessible(page);
  await page.locator('form.stack button[type=submit]').click();
  await saved(page);
  await page.locator('.picture.of-avatar input[type=file]').setInputFiles({ name: 'x.png', mimeType: 'image/png', buffer: await page.screenshot({ clip: { x: 0, y: 0, width: 64, height: 64 } }) });
  await page.locator('.picture.of-avatar label.field input').fill('A grey square');
  await page.locator('.picture.of-avatar label.field input').blur();
  await page.locator('.picture.of-avatar img[alt="A grey square"]').waitFor();
  await kept('/api/v1/profile', p => [p.display_name, p.fields.map(f => [f.name, f.value]), p.avatar_description], ['Dora D.', [['Pronouns', 'they']], 'A grey square']);
  assert.deepEqual(faults, []);
}));

test('posting defaults are kept by the server at once', () => withClient(async (page, faults) => {
  await open(page, '/settings/posting');
  await page.locator('label', { hasText: 'Quiet public' }).click();
  await saved(page);
  await page.locator('label', { hasText: 'Open content warnings at once' }).click();
  await accessible(page);
  await kept('/api/v1/settings', s => [s['posting:default:visibility'], s['reading:expand:spoilers']], ['unlisted', true]);
  assert.deepEqual(faults, []);
}));

test('what is chosen while an answer is on its way stays chosen, and is told in its turn', () => withClient(async page => {
  let go;
  const answer = new Promise(r => { go = r; }), told = [];
  await page.route('**/api/v1/settings', async route => {
    if (route.request().method() !== 'PATCH') return route.continue();
    told.push(Object.keys(route.request().postDataJSON())[0]);
    if (told.length === 1) await answer;
    return route.continue();
  });
  await open(page, '/settings/posting');
  const first = page.getByLabel('Mark my media as sensitive'), second = page.getByLabel('Play moving pictures at once');
  await first.check();
  await becomes(() => told.length, 1);
  await second.check();
  await first.uncheck();
  await page.evaluate(() => { // each time one of them is drawn otherwise
    window.flips = [];
    const look = () => { const now = [...document.querySelectorAll('.tick input')].map(e => e.checked).join(); if (now !== window.flips.at(-1)) window.flips.push(now); requestAnimationFrame(look); };
    look();
  });
  go();
  await kept('/api/v1/settings', s => [s['posting:default:sensitive'], s['reading:autoplay:gifs']], [false, true]);
  await saved(page);
  await becomes(() => told, ['posting:default:sensitive', 'reading:autoplay:gifs', 'posting:default:sensitive']);
  assert.deepEqual([await first.isChecked(), await second.isChecked(), (await page.evaluate(() => window.flips)).length], [false, true, 1]);
}, { serviceWorkers: 'block' }));

test('a filter is made, changed and removed', () => withClient(async (page, faults) => {
  await open(page, '/filters/new');
  await page.locator('.word-row input').first().fill('spoiler');
  await page.locator('label', { hasText: 'Profiles' }).click();
  await page.locator('label', { hasText: 'Do not show it' }).click();
  await accessible(page);
  await page.locator('form.stack .main').click();
  await page.locator('.rows li a', { hasText: 'spoiler' }).click();
  const [made] = await api('GET', '/api/v2/filters');
  assert.deepEqual([made.title, made.filter_action, made.context.sort()], ['spoiler', 'hide', ['home', 'notifications', 'public', 'thread']]);
  await page.locator('.word-row input').first().waitFor();
  await page.locator('button', { hasText: 'Remove word 1' }).click();
  await page.locator('button', { hasText: 'Add a word' }).click();
  await page.locator('.word-row input').first().fill('ending');
  await page.locator('form.stack .main').click();
  await page.locator('.rows li a', { hasText: 'ending' }).waitFor();
  await kept(`/api/v2/filters/${made.id}`, f => f.keywords.map(k => k.keyword), ['ending']);
  await page.locator('.rows .icon-button').click();
  await page.locator('dialog[open] .danger').click();
  await page.locator('.empty').waitFor();
  assert.deepEqual(faults, []);
}));

test('lists come in from a file with their progress and go out as one', () => withClient(async (page, faults) => {
  await open(page, '/settings/data');
  await page.locator('select').first().selectOption('domain_blocks');
  await page.locator('input[type=file]').setInputFiles({ name: 'x.csv', mimeType: 'text/csv', buffer: Buffer.from('#domain\nnoise.example\n') });
  await page.locator('form .main').click();
  await page.locator('.import', { hasText: 'Finished' }).waitFor();
  await accessible(page);
  const [file] = await Promise.all([page.waitForEvent('download'), page.locator('.exports button', { hasText: 'Blocked servers' }).click()]);
  assert.equal(file.suggestedFilename(), 'domain_blocks.csv');
  await kept('/api/v1/domain_blocks', all => all, ['noise.example']);
  assert.deepEqual(faults, []);
}));

test('everything is asked for as one file, and fetched when it is ready', () => withClient(async (page, faults) => {
  await open(page, '/settings/data');
  await page.locator('button', { hasText: 'Ask for an archive' }).click();
  await page.locator('.archive', { hasText: 'file' }).waitFor();
  await accessible(page);
  const [file] = await Promise.all([page.waitForEvent('download'), page.locator('.archive .main').click()]);
  assert.equal(file.suggestedFilename(), 'archive.zip');
  assert.equal((await api('GET', '/api/v1/archives'))[0].state, 'ready');
  assert.deepEqual(faults, []);
}));

test('invitations: the older ones come when they are asked for', () => withClient(async (page, faults) => {
  await Promise.all(Array.from({ length: 41 }, () => api('POST', '/api/v1/invites', { max_uses: 1 })));
  await open(page, '/settings/invites');
  await count(page.locator('.invite'), 40);
  await page.locator('button', { hasText: 'Show more' }).click();
  await page.locator('.invite').nth(40).waitFor();
  await page.locator('button', { hasText: 'Show more' }).waitFor({ state: 'detached' });
  assert.deepEqual(faults, []);
}));

test('old posts: what stays is chosen, how many would go is shown, and it begins when confirmed', () => withClient(async (page, faults) => {
  await open(page, '/settings/cleanup');
  await page.locator('[role=status]', { hasText: 'None of your posts' }).waitFor();
  await page.locator('select').selectOption({ label: '1 year' });
  await page.locator('label', { hasText: 'Polls' }).click();
  await Promise.all([page.waitForResponse(r => r.url().endsWith('/preview') && r.ok()), page.locator('input[type=number]').first().fill('5').then(() => page.keyboard.press('Tab'))]);
  await page.locator('label', { hasText: 'Delete my old posts' }).click();
  await page.locator('.main', { hasText: 'Save' }).click();
  await accessible(page);
  assert.equal((await api('GET', '/api/v1/status_cleanup')).enabled, false);
  await page.locator('dialog[open] .danger').click();
  await saved(page);
  await kept('/api/v1/status_cleanup', c => [c.enabled, c.min_status_age, c.keep_polls, c.keep_media, c.min_favs, c.min_reblogs], [true, 31556952, true, false, 5, 0]);
  assert.deepEqual(faults, []);
}));

test('a wrong password changes neither address nor password, and deletes nothing', () => withClient(async (page, faults) => {
  await open(page, '/settings/account');
  const forms = page.locator('form.stack');
  await page.locator('.login-email').waitFor();
  await forms.nth(0).locator('input[type=email]').fill('else@mail.test');
  await forms.nth(0).locator('input[type=password]').fill('wrong');
  await forms.nth(0).locator('.main').click();
  await said(page, 'The password is wrong', true);
  await forms.nth(2).locator('input[type=password]').fill('wrong');
  await forms.nth(2).locator('.danger').click();
  await accessible(page);
  await Promise.all([page.waitForResponse(r => r.url().endsWith('/delete_account') && r.status() === 403), page.locator('dialog[open] .danger').click()]);
  await page.locator('dialog[open]').waitFor({ state: 'detached' });
  const login = await api('GET', '/api/v1/login');
  assert.deepEqual([login.unconfirmed_email, login.totp], [null, false]);
  await forms.nth(1).locator('input').nth(0).fill(USER_PASSWORD);
  await forms.nth(1).locator('input').nth(1).fill(USER_PASSWORD);
  await forms.nth(1).locator('.main').click();
  await saved(page);
  assert.deepEqual(faults.filter(f => !f.includes('403')), []);
}));

test('an account is deleted: a wrong password is told, the right one ends it, and nobody signs in or finds the profile any more', () => withPage(async (page, faults) => {
  const { OTHER_NAME: name, OTHER_EMAIL: email, OTHER_PASSWORD: password } = process.env, found = async path => (await fetch(new URL(path, base))).status;
  assert.equal(await found(`/@${name}`), 200);
  await signIn(page, '/settings/account', email, password);
  const form = page.locator('form.stack', { has: page.locator('button.danger') }), leave = async word => {
    await form.locator('input[type=password]').fill(word);
    await form.locator('.danger').click();
    await page.locator('dialog[open] .danger').click();
  };
  await leave('not the password');
  await said(page, 'The password is wrong', true);
  assert.equal(await found(`/@${name}`), 200);
  await leave(password);
  await page.waitForURL(url => url.pathname === '/');
  assert.equal(await page.evaluate(() => localStorage.getItem('dassie.accounts')), null);
  assert.deepEqual(faults.filter(f => !/40[13]/.test(f)), []); // 401: what was still asked for when it was gone
  await becomes(() => found(`/@${name}`), 410);
  await kept(`/api/v1/accounts/lookup?acct=${name}`, a => [a.suspended, a.note], [true, '']);
  await page.goto('/home');
  await page.waitForURL(/\/auth\/sign_in/); // the session of the browser has ended too
  await page.locator('input[name=email]').fill(email);
  await page.locator('input[name=password]').fill(password);
  await page.keyboard.press('Enter');
  await page.locator('.wrong, .error, [role=alert]').waitFor();
}));

// The last one: it ends every other session and token of this person.
test('a second factor is set up with the key, gives codes, and is turned off again', () => withClient(async (page, faults) => {
  await open(page, '/settings/access');
  await page.locator('.session .tag').waitFor();
  await page.locator('input[type=password]').fill(USER_PASSWORD);
  await page.keyboard.press('Enter');
  await page.locator('svg.qr path').waitFor();
  await accessible(page);
  const secret = (await page.locator('.secret').textContent()).replaceAll(' ', '');
  await page.locator('input[inputmode=numeric]').fill(code(secret));
  await page.keyboard.press('Enter');
  await page.locator('.codes code').first().waitFor();
  await accessible(page);
  await page.locator('.main', { hasText: 'I have kept them' }).click();
  await page.locator('input[type=password]').fill(USER_PASSWORD);
  await page.locator('.danger', { hasText: 'Turn off' }).click();
  await page.locator('.main', { hasText: 'Set up' }).waitFor();
  assert.deepEqual(faults, []);
}));
